/* Dynamic programming along the forest of a chain's links, once the problem is built.
 *
 *   bench_dynamic      prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * The yardstick is what cannot be left out, as a plain loop: for each link the least sum of a
 * vector and the columns of its matrix, over the same matrices. Ours is a whole run: values, least
 * total, and the choice read off (aimed at: 0.2 ms for 400 stages x 40 places, 60 ms for 10,000 x
 * 200). Times are seconds of the process, the best of several. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "locate/internal.h"

enum { MATRICES = 4 };

static void *room(size_t n, size_t size) {
  void *block = calloc(n, size);
  if (!block) exit(2);
  return block;
}

/* Numbers of a linear congruential generator (Knuth 1998, MMIX), in [0, 1). */
static double draw(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(state >> 11) * 0x1p-53;
}

/* A forest of `stages` with an option at each place: every stage but the last goes into one of the
 * eight that follow it. */
static cm_locate *make(size_t stages, size_t places, bool compounding) {
  size_t options = stages * places, cells = places * places;
  size_t *first = room(stages + 1, sizeof *first), *place = room(options, sizeof *place),
         *operator_ = room(options, sizeof *operator_);
  double *cost = room(options, sizeof *cost), *matrix[MATRICES], weight = 1, lower = 0, upper = 0;
  cm_locate_arc *arc = room(stages, sizeof *arc);
  for (size_t o = 0; o < options; o++) place[o] = o % places, cost[o] = 1 + draw();
  for (size_t s = 0; s <= stages; s++) first[s] = s * places;
  for (size_t m = 0; m < MATRICES; m++) {
    matrix[m] = room(cells, sizeof *matrix[m]);
    for (size_t k = 0; k < cells; k++)
      matrix[m][k] = (k / places == k % places ? 0 : draw()) + (compounding ? 1 : 0);
  }
  for (size_t s = 0; s + 1 < stages; s++) {
    size_t left = stages - s - 1, m = s % MATRICES;
    arc[s] = (cm_locate_arc){.from = s,
                             .to = s + 1 + (size_t)(draw() * (double)(left < 8 ? left : 8)),
                             .quantity = 0.5 * (1 + draw()),
                             .add = compounding ? CM_NONE : m,
                             .times = compounding ? m : CM_NONE,
                             .interface = CM_NONE};
  }
  cm_locate_parts parts = {.compounding = compounding,
                           .places = places,
                           .operators = 1,
                           .stages = stages,
                           .options = options,
                           .first = first,
                           .place = place,
                           .operator_ = operator_,
                           .cost = cost,
                           .arcs = stages - 1,
                           .arc = arc,
                           .place_matrices = MATRICES,
                           .place_matrix = (const double *const *)matrix,
                           .measures = 1,
                           .weight = &weight,
                           .lower = &lower,
                           .upper = &upper};
  cm_locate *p;
  must(cm_locate_new(&parts, &p, NULL), NULL);
  for (size_t m = 0; m < MATRICES; m++) free(matrix[m]);
  free(first), free(place), free(operator_), free(cost), free(arc);
  return p;
}

/* The yardstick: out[j] = min over i of v[i] + m[i][j], for each link. */
static double plain(const cm_locate *p, double *v, double *out) {
  const cm_locate_parts *q = cm_locate_parts_of(p);
  size_t n = q->places;
  for (size_t j = 0; j < n; j++) v[j] = 0;
  for (size_t a = 0; a < q->arcs; a++) {
    const double *m = q->place_matrix[a % MATRICES];
    for (size_t j = 0; j < n; j++) out[j] = HUGE_VAL;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) {
        double x = v[i] + m[i * n + j];
        out[j] = x < out[j] ? x : out[j];
      }
    double *swap = v;
    v = out, out = swap;
  }
  return v[0];
}

static void measure(const char *name, size_t stages, size_t places, bool compounding) {
  cm_locate *p = make(stages, places, compounding);
  cm__dynamic *d;
  must(cm__dynamic_new(p, &d, NULL), NULL);
  size_t *choice = room(stages, sizeof *choice), conflict, times = stages > 1000 ? 5 : 200;
  double *work = room(2 * places, sizeof *work), ours = HUGE_VAL, yard = HUGE_VAL, sum = 0;
  for (size_t k = 0; k < times; k++) {
    double begin = cpu_seconds();
    sum += cm__dynamic_run(d, NULL, 1, NULL, choice, &conflict);
    double middle = cpu_seconds();
    sum += plain(p, work, work + places);
    double end = cpu_seconds();
    ours = fmin(ours, middle - begin), yard = fmin(yard, end - middle);
  }
  if (!isfinite(sum)) exit(2);
  double ratio = ours / yard, limit = stages > 1000 ? 1 : 1.5;
  printf("%s_%zux%zu\t%.6f\t%.6f\t%.2f\t%.2f\t%s\n", name, stages, places, ours, yard, ratio, limit,
         ratio <= limit ? "ok" : "MISSED");
  free(choice), free(work);
  cm__dynamic_release(d);
  cm_locate_release(p);
}

int main(void) {
  measure("dynamic_sum", 400, 40, false);
  measure("dynamic_sum", 10000, 200, false);
  measure("dynamic_compounding", 400, 40, true);
  measure("dynamic_compounding", 10000, 200, true);
  return 0;
}
