/* Products of a vector and a matrix in which sums are minima (min, +) or (min, x): the inner loops
 * of dynamic programming, in vectors of doubles where the machine has them. No fused operations,
 * so that every machine gives the same bytes. What is infinite or no number is never a minimum. */
#ifndef CM_LOCATE_MINPLUS_H
#define CM_LOCATE_MINPLUS_H

#include <stddef.h>

/* out[j] = min over i < n of v[i] + scale * m[i][j], j < width; HUGE_VAL where there is none. */
void cm__min_plus(const double *v, const double *m, double scale, size_t n, size_t width,
                  double *out);
/* The same of the transpose: out[j] = min over i < n of v[i] + scale * m[j][i]. */
void cm__min_plus_turned(const double *v, const double *m, double scale, size_t n, size_t width,
                         double *out);
/* out[j] = min over i < n of v[i] * t[i][j] + scale * m[i][j] (m NULL: 0); v not below 0. */
void cm__min_times(const double *v, const double *t, const double *m, double scale, size_t n,
                   size_t width, double *out);

#endif
