/* Plans improved in their neighbourhoods: some stages are placed anew, by branch and bound, while
 * the others stand (large neighbourhood search, Shaw 1998), stages near each other or those that
 * the bound has elsewhere; where that no longer helps, all stages go to another set of places, the
 * one of the least bound among some that differ little. */
#ifndef CM_LOCATE_NEAR_H
#define CM_LOCATE_NEAR_H

#include "locate/dual.h"
#include "locate/search.h"

enum { CM__NEAR_TESTED = 4096 }; /* sets of places that are remembered */

typedef struct cm__near {
  const cm__relax *r;
  const cm__dual *dual; /* on r, where it was last */
  cm__local *search;
  const bool *allowed;       /* of each option */
  size_t *plan, *other;      /* in hand; one that is tried */
  double value;              /* of it; HUGE_VAL: none */
  size_t failed;             /* attempts since it was last improved */
  double stages;             /* how many are placed anew */
  bool *moves;               /* of each stage */
  bool *at, *start, *likely; /* of each place */
  bool *left;                /* of each option */
  size_t *line;              /* stages, as they are taken in */
  double *share;             /* of each stage: how settled it is */
  uint64_t tested[CM__NEAR_TESTED];
  double work;   /* additions made, about */
  double most;   /* where it is to rest */
  double gained; /* what it was when the best plan was last bettered */
  bool over;     /* there is no room for it */
} cm__near;

/* `allowed`: of each option, to be kept up to date by the caller. */
CM_WARN_UNUSED cm_status cm__near_new(const cm__dual *dual, cm__local *search, const bool *allowed,
                                      cm__near **out, cm_error *err);
void cm__near_release(cm__near *x);
/* Goes on until its work comes to `most` or `stop` says so; an improvement by less than `gap` of
 * the objective is not looked for. Better plans are kept by the search. */
void cm__near_some(cm__near *x, double gap, double most, bool (*stop)(void *context),
                   void *context);

#endif
