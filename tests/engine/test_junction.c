/* Junction trees: their widths, memory, cancelling. That they find the optimum is held by
 * tests/spec/junction_spec.lua. */
#include "support.h"

#include "capmod/locate.h"
#include "locate/elimination.h"
#include "locate/junction.h"

/* ---- orders ------------------------------------------------------------------------------ */

/* A circle of six, of which the last stays: whatever goes has two neighbours, the last of them
 * one. */
static void eliminates_a_circle(void **state) {
  (void)state;
  enum { N = 6 };
  cm__elimination e;
  size_t order[N], count;
  for (int k = 0; k < 2; k++) {
    assert_ok(cm__elimination_init(&e, N, NULL));
    for (size_t v = 0; v < N; v++) {
      cm__elimination_join(&e, v, (v + 1) % N);
      e.states[v] = 10, e.goes[v] = v + 1 < N;
    }
    assert_int_equal(cm__elimination_order(&e, k ? 99 : 100, order, &count), k == 0);
    assert_int_equal(count, k ? 0 : N - 1);
    cm__elimination_free(&e);
  }
  for (size_t v = 0; v + 1 < N; v++)
    for (size_t u = 0; u < v; u++) assert_true(order[u] != order[v] && order[v] != N - 1);
}

/* Two stars of four that share two leaves: min-fill takes single leaves first, a hub never while
 * it has more than two neighbours. */
static void takes_what_adds_fewest_pairs(void **state) {
  (void)state;
  enum { N = 8 };
  static const size_t edge[][2] = {{0, 2}, {0, 3}, {0, 4}, {0, 5}, {1, 4}, {1, 5}, {1, 6}, {1, 7}};
  static const size_t want[N] = {2, 3, 6, 7, 0, 1, 4, 5};
  cm__elimination e;
  size_t order[N], count;
  assert_ok(cm__elimination_init(&e, N, NULL));
  for (size_t k = 0; k < sizeof edge / sizeof *edge; k++)
    cm__elimination_join(&e, edge[k][0], edge[k][1]);
  for (size_t v = 0; v < N; v++) e.states[v] = 2, e.goes[v] = true;
  assert_true(cm__elimination_order(&e, 1e9, order, &count));
  assert_int_equal(count, N);
  for (size_t v = 0; v < N; v++) assert_int_equal(order[v], want[v]);
  cm__elimination_free(&e);
}

/* ---- a square of stages --------------------------------------------------------------------- */

static const size_t first[] = {0, 2, 4, 6, 8}, place[] = {0, 1, 0, 1, 0, 1, 0, 1}, same[8],
                    join[] = {1, 2};
static const double cost[] = {1, 1, 2, 1, 1, 2, 1, 1}, freight[] = {0, 3, 3, 0},
                    factor[] = {1, 1.5, 1.5, 1};
static const double *const matrices[] = {freight, factor};
static const double weight[] = {1}, bound[] = {0};

/* 0 -> 1, 0 -> 2, 1 -> 3, 2 -> 3; stages 1 and 2 are joined. */
static cm_locate *square(bool compounding, bool joined) {
  size_t times = compounding ? 1 : CM_NONE;
  const cm_locate_arc arcs[] = {{0, 1, 1, 0, 0, times, CM_NONE},
                                {0, 2, 1, 0, 0, times, CM_NONE},
                                {1, 3, 1, 0, 0, times, CM_NONE},
                                {2, 3, 1, 0, 0, times, CM_NONE}};
  const cm_locate_parts parts = {.compounding = compounding,
                                 .places = 2,
                                 .operators = 1,
                                 .stages = 4,
                                 .options = 8,
                                 .first = first,
                                 .place = place,
                                 .operator_ = same,
                                 .cost = cost,
                                 .arcs = 4,
                                 .arc = arcs,
                                 .joins = joined,
                                 .join = join,
                                 .place_matrices = 2,
                                 .place_matrix = matrices,
                                 .measures = 1,
                                 .weight = weight,
                                 .lower = bound,
                                 .upper = bound};
  cm_locate *p = NULL;
  return cm_locate_new(&parts, &p, NULL) == CM_OK ? p : NULL;
}

/* A circle of links is three blocks wide, and a line once two of them are one. */
static void knows_how_wide_it_is(void **state) {
  (void)state;
  for (int joined = 0; joined < 2; joined++) {
    cm_locate *p = square(false, joined);
    cm__junction *j;
    assert_ok(cm__junction_new(p, HUGE_VAL, HUGE_VAL, &j, NULL));
    assert_int_equal(j->width, joined ? 2 : 3);
    assert_false(j->too_large);
    cm__junction_release(j);
    assert_ok(cm__junction_new(p, 8, HUGE_VAL, &j, NULL));
    assert_true(j->too_large);
    cm__junction_release(j);
    cm_locate_release(p);
  }
}

/* By hand: all at one place, since a border costs 3 and saves 1: 1 + 2 + 1 + 1 = 5; compounding,
 * the first stage counts twice: 3 + 2 + 1 = 6. */
static cm_status solve_square(void *ud) {
  bool compounding = *(bool *)ud;
  cm_status status = CM_MEMORY;
  cm_locate *p = square(compounding, true);
  cm_plan *plan = NULL;
  const cm_locate_options o = {.method = CM_LOCATE_JUNCTION};
  if (p) status = cm_locate_solve(p, &o, NULL, &plan, NULL);
  if (status == CM_OK) {
    assert_double_equal(cm_plan_get(plan).objective, compounding ? 6 : 5, 1e-12);
    assert_double_equal(cm_plan_get(plan).bound, compounding ? 6 : 5, 1e-12);
    assert_string_equal(cm_plan_get(plan).method, "junction tree");
  }
  cm_plan_release(plan);
  cm_locate_release(p);
  return status;
}

static void survives_lack_of_memory(void **state) {
  (void)state;
  bool compounding[] = {false, true};
  survives_failing_allocations(solve_square, &compounding[0]);
  survives_failing_allocations(solve_square, &compounding[1]);
}

static void stops_when_asked(void **state) {
  (void)state;
  cm_locate *p = square(false, false);
  cm_plan *plan;
  atomic_bool cancel = true;
  const cm_job job = {.cancel = &cancel};
  const cm_locate_options o = {.method = CM_LOCATE_JUNCTION};
  assert_ok(cm_locate_solve(p, &o, &job, &plan, NULL));
  cm_plan_figures f = cm_plan_get(plan);
  assert_int_equal(f.outcome, CM_UNKNOWN);
  assert_int_equal(f.stop, CM_STOP_REQUEST);
  assert_true(f.bound == -HUGE_VAL);
  assert_null(cm_plan_choice(plan));
  cm_plan_release(plan);
  cm_locate_release(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(eliminates_a_circle),  cmocka_unit_test(takes_what_adds_fewest_pairs),
      cmocka_unit_test(knows_how_wide_it_is), cmocka_unit_test(survives_lack_of_memory),
      cmocka_unit_test(stops_when_asked),
  };
  return run(tests);
}
