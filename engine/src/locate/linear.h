/* A bound with prices on rules and facilities where costs compound: an additive problem over the
 * same options, no choice of which costs more than it does, by Lagrangian relaxation. */
#ifndef CM_LOCATE_LINEAR_H
#define CM_LOCATE_LINEAR_H

#include "locate/dual.h"
#include "locate/search.h"

typedef struct cm__linear {
  cm_locate *p; /* the additive problem */
  cm__relax *r;
  cm__dual *dual;
  cm__local *search;
  cm__view view; /* of any allowed options; facilities are free */
} cm__linear;

/* The additive problem below a compounding one, over the allowed options; *out stays NULL where
 * a stage aggregates, where it would be large, or where nothing would be priced. `allowed` is
 * borrowed. */
CM_WARN_UNUSED cm_status cm__linear_new(const cm_locate *p, const bool *allowed, cm__linear **out,
                                        cm_error *err);
void cm__linear_release(cm__linear *x);

#endif
