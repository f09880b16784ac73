/* Extraction of every node against the inverse, and updates against new factors.
 *
 *   bench_extract   prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * On a made table of 44 countries x 56 sectors. Wall seconds, best of ROUNDS,
 * the two alternating. The update of rank n / CM_UPDATE_SHARE is the largest
 * that the engine takes: there it must not cost more than factoring afresh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capmod/capmod.h"
#include "lapack.h"

enum { G = 44, N = 56, ORDER = G * N, ROUNDS = 3 };

static cm_error err;
static cm_axis *numbered(char letter, size_t n) {
  char text[N][24];
  const char *labels[N];
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%02zu", letter, i);
    labels[i] = text[i];
  }
  cm_axis *axis;
  must(cm_axis_new(labels, n, &axis, &err), &err);
  return axis;
}

/* Flows that take about half of each column, most of it from home. */
static cm_table_parts make(void) {
  unsigned long long seed = 88172645463325252ull;
  cm_matrix *z, *y;
  must(cm_matrix_new(ORDER, ORDER, &z, &err), &err);
  must(cm_matrix_new(ORDER, G, &y, &err), &err);
  for (size_t j = 0; j < ORDER + G; j++)
    for (size_t i = 0; i < ORDER; i++) {
      seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
      double value = (double)(seed >> 11) / 9007199254740992.0;
      if ((j < ORDER ? j / N : j - ORDER) == i / N) value *= 40;
      must(j < ORDER ? cm_matrix_set(z, i, j, value, &err)
                     : cm_matrix_set(y, i, j - ORDER, 60 * value, &err),
           &err);
    }
  return (cm_table_parts){
      .countries = numbered('c', G), .sectors = numbered('s', N), .z = z, .y = y};
}

static cm_table *fresh(const cm_table_parts *parts) {
  cm_table *t;
  must(cm_table_new(parts, NULL, &t, &err), &err);
  return t;
}

/* Value added lost by country for every node, from Z and Y. */
static double extract_each(const cm_table_parts *parts) {
  size_t country[ORDER];
  cm_matrix *v, *m;
  double start = wall_seconds();
  cm_table *t = fresh(parts);
  for (size_t i = 0; i < ORDER; i++) country[i] = i / N;
  must(cm_table_part(t, CM_PART_V, NULL, &v, &err), &err);
  must(cm_table_extract_each(t, CM_CUT_COMPLETE, v, (cm_grouping){country, parts->countries}, NULL,
                             &m, &err),
       &err);
  cm_matrix_release(m);
  cm_matrix_release(v);
  cm_table_release(t);
  return wall_seconds() - start;
}

/* Seconds to solve with the purchases of the first k nodes cut, the factor kept. */
static double cut_columns(cm_table *t, size_t k) {
  static bool all[ORDER], to[ORDER];
  cm_matrix *m;
  for (size_t i = 0; i < ORDER; i++) all[i] = true, to[i] = i < k;
  double start = wall_seconds();
  must(cm_table_extract(t, CM_DEMAND_DRIVEN, &(cm_cut){all, to, NULL}, 1, NULL, &m, &err), &err);
  cm_matrix_release(m);
  return wall_seconds() - start;
}

static double least(double a, double b) { return a < b ? a : b; }

static int line(const char *name, double ours, double yardstick, double limit) {
  int ok = ours <= limit * yardstick;
  printf("%s\t%.3f\t%.3f\t%.2f\t%.2f\t%s\n", name, ours, yardstick, ours / yardstick, limit,
         ok ? "ok" : "MISSED");
  return !ok;
}

int main(void) {
  cm_table_parts parts = make();
  cm_table *t = fresh(&parts);
  cm_matrix *a;
  const cm_lu *lu;
  must(cm_table_factor(t, NULL, &lu, &err), &err);
  must(cm_table_part(t, CM_PART_A, NULL, &a, &err), &err);
  double *system = malloc(sizeof *system * ORDER * ORDER);
  if (!system) exit(2);
  for (size_t j = 0; j < ORDER; j++)
    for (size_t i = 0; i < ORDER; i++) system[j * ORDER + i] = (i == j) - cm_matrix_at(a, i, j);
  double yardstick = 1e9, each = 1e9, country = 1e9, most = 1e9, afresh = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    yardstick = least(yardstick, inverse_by_lapack(ORDER, system));
    each = least(each, extract_each(&parts));
    country = least(country, cut_columns(t, N));
    most = least(most, cut_columns(t, ORDER / CM_UPDATE_SHARE));
    afresh = least(afresh, cut_columns(t, ORDER / CM_UPDATE_SHARE + 1));
  }
  printf("name\tours\tyardstick\tratio\tlimit\tresult\n");
  int missed = line("extraction of each node in turn", each, yardstick, 2.0);
  missed |=
      line("extraction of a country, factor kept, against a new factor", country, afresh, 0.5);
  missed |= line("the largest update taken, against a new factor", most, afresh, 1.0);
  free(system);
  cm_matrix_release(a);
  cm_table_release(t);
  return missed;
}
