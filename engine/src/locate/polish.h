/* Plans improved by whole placements: facilities are closed, opened and taken for one another one
 * at a time, the chain placed anew for each set by dynamic programming. Where stages must move
 * together, single moves do not find it. */
#ifndef CM_LOCATE_POLISH_H
#define CM_LOCATE_POLISH_H

#include "locate/dual.h"
#include "locate/search.h"

typedef struct cm__polish {
  cm__dual *dual;
  cm__local *search;
  cm__view view; /* what may be chosen at all */
  double *m;     /* multipliers to place by; those of pairs are set for each set of facilities */
  bool *open;    /* of each facility: in the set that is tried */
  bool *kept;    /* in the set in hand */
  double now;    /* what the plan in hand comes to, with what it misses */
  size_t begun;  /* starts */
  size_t f, g;   /* the next facility to turn over, or to exchange f for */
  bool more;     /* something helped in this pass */
  int presses;
  double work;  /* additions made, about */
  size_t moves; /* of the search, among them */
} cm__polish;

/* `allowed`: of each option, to be kept up to date by the caller. */
CM_WARN_UNUSED cm_status cm__polish_new(cm__dual *dual, cm__local *search, bool *allowed,
                                        cm__polish **out, cm_error *err);
void cm__polish_release(cm__polish *x);
/* Goes on, or begins with the best plan, by multipliers m, until its work comes to `most` or `stop`
 * says so. Better plans are kept by the search. The relaxation
 * is left at another view. */
void cm__polish_some(cm__polish *x, const double *m, double most, bool (*stop)(void *context),
                     void *context);

#endif
