/* Decomposing all exports against the inverse that it stands on.
 *
 *   bench_decompose FILE   prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * FILE is a plain csv [Z|Y] of 44 countries x 56 sectors with 5 categories of
 * final demand. The yardstick is LAPACK's dgetrf + dgetri of I - A at the same
 * order and threads; ours starts from Z and Y, on a table made afresh. Wall
 * seconds, best of ROUNDS, the two alternating. Memory is in n^2 doubles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capmod/capmod.h"
#include "lapack.h"

enum { G = 44, N = 56, C = 5, ORDER = G * N, ROUNDS = 5 };

static cm_error err;
static cm_axis *numbered(char letter, size_t n) {
  char text[G + N][8];
  const char *labels[G + N];
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%02zu", letter, i);
    labels[i] = text[i];
  }
  cm_axis *axis;
  must(cm_axis_new(labels, n, &axis, &err), &err);
  return axis;
}

static cm_table_parts read_parts(const char *path) {
  cm_text *text;
  cm_matrix *z, *y;
  must(cm_text_read(path, &(cm_text_options){0}, NULL, &text, &err), &err);
  must(cm_matrix_block(cm_text_numbers(text), 0, ORDER, 0, ORDER, &z, &err), &err);
  must(cm_matrix_block(cm_text_numbers(text), 0, ORDER, ORDER, G * C, &y, &err), &err);
  cm_text_release(text);
  return (cm_table_parts){.countries = numbered('c', G),
                          .sectors = numbered('s', N),
                          .categories = numbered('f', C),
                          .z = z,
                          .y = y};
}

static cm_table *fresh(const cm_table_parts *parts) {
  cm_table *t;
  must(cm_table_new(parts, NULL, &t, &err), &err);
  return t;
}

/* I - A, packed. */
static double *system_of(const cm_table_parts *parts) {
  cm_table *t = fresh(parts);
  cm_matrix *a;
  must(cm_table_part(t, CM_PART_A, NULL, &a, &err), &err);
  double *m = malloc(sizeof *m * ORDER * ORDER);
  if (!m) exit(2);
  for (size_t j = 0; j < ORDER; j++)
    for (size_t i = 0; i < ORDER; i++) m[j * ORDER + i] = (i == j) - cm_matrix_at(a, i, j);
  cm_matrix_release(a);
  cm_table_release(t);
  return m;
}

static void decompose(cm_table *t, cm_method method, const cm_flows *flows) {
  cm_matrix *m;
  must(cm_table_decompose(t, method, flows, NULL, &m, &err), &err);
  cm_matrix_release(m);
}

static double least(double a, double b) { return a < b ? a : b; }

static int line(const char *name, double ours, double yardstick, double limit) {
  int ok = ours <= limit * yardstick;
  printf("%s\t%.3f\t%.3f\t%.2f\t%.2f\t%s\n", name, ours, yardstick, ours / yardstick, limit,
         ok ? "ok" : "MISSED");
  return !ok;
}

int main(int argc, char **argv) {
  if (argc != 2) return fputs("usage: bench_decompose FILE\n", stderr), 2;
  cm_table_parts parts = read_parts(argv[1]);
  double *system = system_of(&parts), square = sizeof(double) * (double)ORDER * ORDER;
  double yardstick = 1e9, source = 1e9, sink = 1e9, one = 1e9, peak = 0;
  size_t only[G], all[G];
  for (size_t c = 0; c < G; c++) only[c] = c == 3 ? 0 : CM_NOT_FOUND, all[c] = 0;
  cm_axis *single = numbered('x', 1);
  cm_flows exporter = {.exporters = {only, single}, .importers = {all, single}};
  for (int round = 0; round < ROUNDS; round++) {
    yardstick = least(yardstick, inverse_by_lapack(ORDER, system));
    cm_memory_peak_reset();
    double start = wall_seconds();
    cm_table *t = fresh(&parts);
    decompose(t, CM_WWZ, &(cm_flows){0});
    decompose(t, CM_BM_SOURCE, &(cm_flows){0});
    source = least(source, wall_seconds() - start);
    peak = (double)cm_memory_peak() / square;
    decompose(t, CM_BM_SINK, &(cm_flows){0});
    sink = least(sink, wall_seconds() - start);
    cm_table_release(t);
    start = wall_seconds();
    t = fresh(&parts);
    decompose(t, CM_BM_SOURCE, &exporter);
    one = least(one, wall_seconds() - start);
    cm_table_release(t);
  }
  printf("name\tours\tyardstick\tratio\tlimit\tresult\n");
  int missed = line("16 WWZ and 13 BM source terms of every flow", source, yardstick, 1.35);
  missed |= line("the same and BM sink", sink, yardstick, 1.6);
  missed |= line("BM source of one exporter", one, yardstick, 0.6);
  missed |= line("peak memory of the first, in n^2 doubles", peak, 1, 4);
  return missed;
}
