/* Local search for plans of an additive placement problem: stages move, facilities close and
 * open, rules that are missed cost more and more until they are kept. */
#ifndef CM_LOCATE_SEARCH_H
#define CM_LOCATE_SEARCH_H

#include "locate/relax.h"

typedef struct cm__local {
  const cm_locate *p;
  const cm__relax *r;
  const bool *allowed; /* of each option */
  double sign;
  /* the plan in hand and what it comes to, kept up to date */
  size_t *choice;
  size_t *users;   /* of each facility: options that need it and open dependents */
  double *volume;  /* of each facility */
  double *measure; /* of each measure: entries alone */
  double cost, penalty;
  double barred;                       /* arcs between places that are forbidden to it */
  double *capacity_price, *rule_price; /* of each unit missed */
  double *first_price;                 /* the same, as each search begins */
  double barred_price, first_barred;   /* likewise, of each forbidden arc */
  struct {
    size_t stage; /* that was set last; CM_NONE */
    double arcs, barred;
  } at_last;    /* what its arcs cost where it is */
  size_t moves; /* how often a stage was set: the work done */
  size_t asked; /* moves when r->stop was asked last */
  bool stopped; /* as it said: nothing moves any more */
  uint64_t random;
  /* the best plan that keeps all rules */
  size_t *best;
  double best_value; /* HUGE_VAL: none */
  /* room */
  size_t *before, *start;
} cm__local;

CM_WARN_UNUSED cm_status cm__local_new(const cm__relax *r, const bool *allowed, uint64_t seed,
                                       cm__local **out, cm_error *err);
void cm__local_release(cm__local *x);
/* What a unit missed costs at first: twice the multipliers, or what makes the objective feel it. */
void cm__local_price(cm__local *x, const double *m);
/* Keeps `choice` as it is where it is better than the best; whether it was. */
bool cm__local_try(cm__local *x, const size_t *choice);
/* Moves stages of `choice` while that helps and keeps the plan where it is the best; what it comes
 * to, with what it misses. HUGE_VAL: it comes to more than `most` as it is. It stays in hand. */
double cm__local_settle(cm__local *x, const size_t *choice, double most);
/* What the plan in hand misses costs more from now on; false where it misses nothing. */
bool cm__local_press(cm__local *x);
/* It costs so many times what it did at first. */
void cm__local_unpress(cm__local *x, double times);
/* A number below n, of the search's own random ones. */
uint64_t cm__local_draw(cm__local *x, uint64_t n);
/* Improves `choice` (NULL: the best plan, changed at random) and keeps what is better than the
 * best; whether it was. */
bool cm__local_from(cm__local *x, const size_t *choice);

#endif
