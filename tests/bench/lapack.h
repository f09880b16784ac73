/* The yardstick of benches that form an inverse. */
#ifndef CM_BENCH_LAPACK_H
#define CM_BENCH_LAPACK_H

#include <lapacke.h>
#include <string.h>

#include "bench.h"

/* Wall seconds that LAPACK takes for the inverse of n x n figures. */
static inline double inverse_by_lapack(size_t n, const double *system) {
  lapack_int order = (lapack_int)n;
  double *m = malloc(sizeof *m * n * n);
  lapack_int *pivot = malloc(sizeof *pivot * n);
  if (!m || !pivot) exit(2);
  memcpy(m, system, sizeof *m * n * n);
  double start = wall_seconds();
  if (LAPACKE_dgetrf(LAPACK_COL_MAJOR, order, order, m, order, pivot) ||
      LAPACKE_dgetri(LAPACK_COL_MAJOR, order, m, order, pivot))
    exit(2);
  double seconds = wall_seconds() - start;
  free(m);
  free(pivot);
  return seconds;
}

#endif
