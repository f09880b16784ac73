/* What is left of an additive placement problem once some stages stand as in a plan. */
#ifndef CM_LOCATE_REST_H
#define CM_LOCATE_REST_H

#include "locate/internal.h"

typedef struct cm__rest {
  cm_locate *problem;
  size_t stages, options;
  size_t *stage;  /* of each stage that moves: its number in the whole */
  size_t *option; /* of each option that is left: its number in the whole */
  size_t *start;  /* the plan, in options that are left */
  bool started;   /* they are all left */
  bool empty;     /* a stage has no option left, and there is no problem */
  double stands;  /* the part of the objective that what stands makes alone */
} cm__rest;

/* The problem of the stages that `moves` names, by allowed options; stages, arcs, facilities and
 * entries of the others as the plan has them. Joined stages are to move together. */
CM_WARN_UNUSED cm_status cm__rest_new(const cm_locate *p, const size_t *plan, const bool *moves,
                                      const bool *allowed, cm__rest **out, cm_error *err);
void cm__rest_release(cm__rest *x);
/* Writes a choice of the rest into one of the whole. */
void cm__rest_place(const cm__rest *x, const size_t *choice, size_t *whole);

#endif
