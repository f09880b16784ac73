/* The best bound that the relaxation gives: ascent by the volume algorithm. */
#ifndef CM_LOCATE_DUAL_H
#define CM_LOCATE_DUAL_H

#include "locate/relax.h"

typedef struct cm__dual {
  cm__relax *r;
  double *best; /* multipliers of the best value, each a number of single precision */
  double best_value;
  double *at, *slope, *direction;
  double *unit, *per;  /* of each multiplier: what one step's slope is measured in; 1 / unit */
  double *low, *high;  /* of each multiplier: its range, in limits of what it prices */
  signed char *side;   /* of each multiplier */
  double work;         /* additions made, about */
  double *share_open;  /* of each facility: how often it was open of late */
  double *share_state; /* of each state: how often it was chosen of late */
} cm__dual;

/* How long to climb. */
typedef struct cm__climb {
  size_t steps;    /* at most */
  size_t patience; /* steps without progress before the length is cut */
  double least;    /* the length at which to stop, of that which would reach the target */
  double target;   /* a value of some plan, or a guess above the bound; `look` may lower it */
  double enough;   /* a value with which the node is done */
} cm__climb;

CM_WARN_UNUSED cm_status cm__dual_new(cm__relax *r, cm__dual **out, cm_error *err);
void cm__dual_release(cm__dual *d);
/* Climbs from d->best. Leaves the relaxation at d->best; returns its value (HUGE_VAL: nothing is
 * left). `look`, NULL allowed, is called with each choice of the relaxation. */
double cm__dual_climb(cm__dual *d, const cm__view *v, cm__climb *how,
                      bool (*look)(void *context, size_t step), void *context);
/* Whether multipliers are found that prove that no plan keeps the rules (Farkas 1902), in so many
 * steps; they are left in d->best, and the relaxation at them, costless. */
bool cm__dual_refutes(cm__dual *d, const cm__view *v, size_t steps);

#endif
