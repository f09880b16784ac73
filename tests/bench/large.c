/* The largest published layout: 49 regions x 163 sectors (EXIOBASE 3), n = 7987.
 *
 *   bench_large [FILE]     prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * All WWZ and Borin-Mancini source terms of every flow, from Z and Y made here at
 * random (the size is what counts). Memory in GB against 16. Speed as the flops
 * of LU and inverse, 2 n^3, over all of the wall seconds, against the rate of a
 * product of two 4000 x 4000 matrices in the same run. FILE is not used. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "capmod/capmod.h"

enum { G = 49, N = 163, ORDER = G * N, PRODUCT = 4000 };

static cm_error err;
static uint64_t state = 88172645463325252u;
static double uniform(void) { /* xorshift (Marsaglia 2003) */
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

static cm_matrix *random_matrix(size_t rows, size_t cols, double scale) {
  cm_matrix *m;
  size_t row_step, col_step;
  must(cm_matrix_new(rows, cols, &m, &err), &err);
  double *data = cm_matrix_data_mut(m, &row_step, &col_step);
  for (size_t i = 0; i < rows * cols; i++) data[i] = scale * uniform();
  return m;
}

static cm_axis *numbered(char letter, size_t n) {
  static char text[N][8];
  const char *labels[N];
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%03zu", letter, i % 1000);
    labels[i] = text[i];
  }
  cm_axis *axis;
  must(cm_axis_new(labels, n, &axis, &err), &err);
  return axis;
}

static double product_rate(void) {
  cm_matrix *a = random_matrix(PRODUCT, PRODUCT, 1), *b = random_matrix(PRODUCT, PRODUCT, 1), *c;
  double best = 1e9;
  for (int round = 0; round < 3; round++) {
    double start = wall_seconds();
    must(cm_mul(a, b, NULL, &c, &err), &err);
    if (wall_seconds() - start < best) best = wall_seconds() - start;
    cm_matrix_release(c);
  }
  cm_matrix_release(a);
  cm_matrix_release(b);
  return 2.0 * PRODUCT * PRODUCT * (double)PRODUCT / best * 1e-9;
}

int main(void) {
  double peak_rate = product_rate();
  cm_matrix *z = random_matrix(ORDER, ORDER, 1), *y = random_matrix(ORDER, G, ORDER / (double)G);
  cm_table_parts parts = {
      .countries = numbered('c', G), .sectors = numbered('s', N), .z = z, .y = y};
  double start = wall_seconds();
  cm_table *t;
  must(cm_table_new(&parts, NULL, &t, &err), &err);
  for (int round = 0; round < 2; round++) {
    cm_matrix *m;
    must(cm_table_decompose(t, round ? CM_BM_SOURCE : CM_WWZ, &(cm_flows){0}, NULL, &m, &err),
         &err);
    cm_matrix_release(m);
  }
  double seconds = wall_seconds() - start, gb = (double)cm_memory_peak() * 1e-9;
  double rate = 2.0 * ORDER * ORDER * (double)ORDER / seconds * 1e-9;
  printf("name\tours\tyardstick\tratio\tlimit\tresult\n");
  printf("n = %d, memory in GB\t%.2f\t16\t%.2f\t1.00\t%s\n", ORDER, gb, gb / 16,
         gb <= 16 ? "ok" : "MISSED");
  printf("n = %d, GF/s (%.1f s) of a product's (>=)\t%.1f\t%.1f\t%.2f\t0.50\t%s\n", ORDER, seconds,
         rate, peak_rate, rate / peak_rate, rate >= 0.5 * peak_rate ? "ok" : "MISSED");
  return gb > 16 || rate < 0.5 * peak_rate;
}
