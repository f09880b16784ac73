/* How a stage's own cost and what arrives make its value, part by part. */
#ifndef CM_LOCATE_AGGREGATE_H
#define CM_LOCATE_AGGREGATE_H

#include <math.h>

#include "locate/internal.h"

static inline cm_aggregator cm__aggregator_of(const cm_locate_parts *q, size_t s) {
  return q->compounding && q->aggregator ? q->aggregator[s] : CM_AGGREGATE_SUM;
}

/* The power r of a CES aggregate, 0 of a Cobb-Douglas. */
static inline double cm__power_of(const cm_locate_parts *q, size_t s) {
  return cm__aggregator_of(q, s) == CM_AGGREGATE_CES ? 1 - (q->sigma ? q->sigma[s] : 0) : 0;
}

/* The part that x with the weight w makes; sums are parts themselves. HUGE_VAL of HUGE_VAL. */
static inline double cm__part_of(cm_aggregator kind, double w, double power, double x) {
  if (kind == CM_AGGREGATE_SUM) return x;
  if (!(x < HUGE_VAL)) return HUGE_VAL;
  if (w == 0) return 0;
  return power == 0 ? w * log(x) : w * pow(x, power);
}

/* The value that the parts sum to. */
static inline double cm__whole_of(cm_aggregator kind, double power, double sum) {
  if (kind == CM_AGGREGATE_SUM) return sum;
  return power == 0 ? exp(sum) : pow(sum, 1 / power);
}

#endif
