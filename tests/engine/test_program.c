/* Linear and mixed-integer programs: textbook optima, enumeration, limits. */
#include "support.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "capmod/program.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Hillier and Lieberman, Introduction to Operations Research, ch. 3: Wyndor Glass.
 * max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6), duals 0, 3/2, 1. */
static cm_program *wyndor(void) {
  const double cost[] = {3, 5}, right[] = {4, 12, 18}, value[] = {1, 2, 3, 2};
  const size_t row[] = {0, 1, 2, 2}, col[] = {0, 1, 0, 1};
  const char *const cols[] = {"doors", "windows"}, *const rows[] = {"p1", "p2", "p3"};
  const cm_program_parts parts = {.name = "wyndor",
                                  .maximise = true,
                                  .cols = 2,
                                  .rows = 3,
                                  .entries = 4,
                                  .cost = cost,
                                  .row_upper = right,
                                  .row = row,
                                  .col = col,
                                  .value = value,
                                  .col_names = cols,
                                  .row_names = rows};
  cm_program *p;
  assert_ok(cm_program_new(&parts, &p, NULL));
  return p;
}

/* One row: sum_j weight_j x_j within the sides, the columns within 0 and 1. */
static cm_program *one_row(size_t n, const double *cost, const double *weight, double lower,
                           double upper, bool whole, bool maximise) {
  size_t row[64] = {0}, col[64];
  double ones[64];
  bool integer[64];
  for (size_t j = 0; j < n; j++) col[j] = j, ones[j] = 1, integer[j] = whole;
  const cm_program_parts parts = {.maximise = maximise,
                                  .cols = n,
                                  .rows = 1,
                                  .entries = n,
                                  .cost = cost,
                                  .upper = ones,
                                  .integer = integer,
                                  .row_lower = &lower,
                                  .row_upper = &upper,
                                  .row = row,
                                  .col = col,
                                  .value = weight};
  cm_program *p;
  assert_ok(cm_program_new(&parts, &p, NULL));
  return p;
}

static cm_solution *solved(const cm_program *p, const cm_program_options *options) {
  cm_solution *s;
  cm_error err;
  cm_status status = cm_program_solve(p, options, NULL, &s, &err);
  if (status != CM_OK) fail_msg("%d: %s", status, err.message);
  return s;
}

static unsigned next(unsigned *seed) { return (*seed = *seed * 1103515245u + 12345u) >> 16; }

/* ---- tests --------------------------------------------------------------------- */

static void a_textbook_program_has_its_optimum_and_duals(void **state) {
  (void)state;
  cm_program *p = wyndor();
  assert_int_equal(cm_program_cols(p), 2);
  assert_int_equal(cm_program_rows(p), 3);
  assert_int_equal(cm_program_entries(p), 4);
  assert_int_equal(cm_program_integers(p), 0);
  cm_solution *s = solved(p, NULL);
  cm_solution_figures f = cm_solution_get(s);
  assert_int_equal(f.outcome, CM_OPTIMAL);
  assert_string_equal(cm_outcome_text(f.outcome), "optimal");
  assert_string_equal(f.solver, "Clp");
  assert_double_equal(f.objective, 36.0, 1e-12);
  assert_double_equal(f.bound, 36.0, 1e-12);
  assert_true(f.gap < 1e-12 && f.violation < 1e-12);
  const double x[] = {2, 6}, activity[] = {2, 12, 18}, dual[] = {0, 1.5, 1};
  for (size_t j = 0; j < 2; j++) {
    assert_double_equal(cm_solution_part_of(s, CM_VALUES)[j], x[j], 1e-12);
    assert_double_equal(cm_solution_part_of(s, CM_REDUCED_COSTS)[j], 0.0, 1e-12);
  }
  for (size_t i = 0; i < 3; i++) {
    assert_double_equal(cm_solution_part_of(s, CM_ACTIVITIES)[i], activity[i], 1e-12);
    assert_double_equal(cm_solution_part_of(s, CM_DUALS)[i], dual[i], 1e-12);
  }
  assert_null(cm_solution_part_of(s, CM_RAY));
  cm_solution_release(cm_solution_retain(s));
  cm_solution_release(s);
  cm_program_release(p);
}

static void knapsacks_agree_with_enumeration(void **state) {
  (void)state;
  unsigned seed = 7;
  for (int round = 0; round < 12; round++) {
    enum { N = 10 };
    double worth[N], weight[N], room = 0, best = 0;
    for (size_t j = 0; j < N; j++) {
      worth[j] = 1 + next(&seed) % 50;
      weight[j] = 1 + next(&seed) % 40;
      room += weight[j] / 2;
    }
    room = floor(room);
    for (unsigned set = 0; set < 1u << N; set++) {
      double w = 0, v = 0;
      for (size_t j = 0; j < N; j++)
        if (set >> j & 1) w += weight[j], v += worth[j];
      if (w <= room && v > best) best = v;
    }
    cm_program *p = one_row(N, worth, weight, -HUGE_VAL, room, true, true);
    cm_solution *s = solved(p, NULL);
    cm_solution_figures f = cm_solution_get(s);
    assert_int_equal(f.outcome, CM_OPTIMAL);
    assert_double_equal(f.objective, best, 1e-12);
    assert_true(f.bound >= f.objective && f.gap <= 1e-6);
    for (size_t j = 0; j < N; j++) {
      double x = cm_solution_part_of(s, CM_VALUES)[j];
      assert_true(x == 0 || x == 1);
    }
    cm_solution_release(s);
    cm_program_release(p);
  }
}

static void the_infeasible_and_the_unbounded_are_told_apart(void **state) {
  (void)state;
  const double cost[] = {1, 1}, weight[] = {1, 1}, uneven[] = {2, 2};
  cm_program *p = one_row(2, cost, weight, 3, 4, false, false);
  cm_solution *s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_INFEASIBLE);
  assert_true(isnan(cm_solution_get(s).objective));
  assert_null(cm_solution_part_of(s, CM_VALUES));
  cm_solution_release(s);
  cm_program_release(p);

  p = one_row(2, cost, uneven, 1, 1, true, false); /* 2x + 2y = 1 in whole numbers */
  s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_INFEASIBLE);
  cm_solution_release(s);
  cm_program_release(p);

  /* min -x - y, x - y <= 1: along (1, 1) without end. */
  const double gain[] = {-1, -1}, value[] = {1, -1}, right = 1;
  const size_t row[] = {0, 0}, col[] = {0, 1};
  for (int whole = 0; whole < 2; whole++) {
    const bool integer[] = {whole, whole};
    const cm_program_parts parts = {.cols = 2,
                                    .rows = 1,
                                    .entries = 2,
                                    .cost = gain,
                                    .integer = integer,
                                    .row_upper = &right,
                                    .row = row,
                                    .col = col,
                                    .value = value};
    assert_ok(cm_program_new(&parts, &p, NULL));
    s = solved(p, NULL);
    assert_int_equal(cm_solution_get(s).outcome, CM_UNBOUNDED);
    const double *ray = cm_solution_part_of(s, CM_RAY);
    assert_non_null(ray);
    assert_true(ray[0] >= 0 && ray[1] >= 0 && ray[0] - ray[1] <= 1e-9 && ray[0] + ray[1] > 0);
    cm_solution_release(s);
    cm_program_release(p);
  }
}

/* Clp 1.17's dual simplex calls this infeasible: (-8, -40, 0, -31.5) satisfies it. */
static void a_false_proof_of_the_solver_is_not_believed(void **state) {
  (void)state;
  const double value[] = {-1, -3, 1, 2, 1, -2, 3, -2, -1, 2}, inf = HUGE_VAL,
               low[] = {8.43243, 4.15616, -inf}, high[] = {inf, inf, -1.7037},
               lower[] = {-inf, -inf, 0, -inf};
  const size_t row[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2}, col[] = {1, 2, 3, 0, 1, 3, 0, 1, 2, 3};
  const cm_program_parts parts = {.cols = 4,
                                  .rows = 3,
                                  .entries = COUNT(value),
                                  .lower = lower,
                                  .row_lower = low,
                                  .row_upper = high,
                                  .row = row,
                                  .col = col,
                                  .value = value};
  cm_program *p;
  assert_ok(cm_program_new(&parts, &p, NULL));
  cm_solution *s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_OPTIMAL);
  cm_solution_release(s);
  cm_program_release(p);
}

static void bounds_that_cross_are_infeasible(void **state) {
  (void)state;
  const double lower[] = {2}, upper[] = {1};
  const cm_program_parts parts = {.cols = 1, .lower = lower, .upper = upper};
  cm_program *p;
  assert_ok(cm_program_new(&parts, &p, NULL));
  cm_solution *s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_INFEASIBLE);
  cm_solution_release(s);
  cm_program_release(p);
}

static void programs_without_rows_or_columns_are_solved(void **state) {
  (void)state;
  cm_program *p;
  const cm_program_parts empty = {.constant = 5};
  assert_ok(cm_program_new(&empty, &p, NULL));
  cm_solution *s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_OPTIMAL);
  assert_double_equal(cm_solution_get(s).objective, 5.0, 0);
  cm_solution_release(s);
  cm_program_release(p);
  const double cost[] = {2, -3}, upper[] = {9, 4};
  const bool integer[] = {true, false};
  const cm_program_parts free_parts = {.cols = 2, .cost = cost, .upper = upper, .integer = integer};
  assert_ok(cm_program_new(&free_parts, &p, NULL));
  s = solved(p, NULL);
  assert_int_equal(cm_solution_get(s).outcome, CM_OPTIMAL);
  assert_double_equal(cm_solution_get(s).objective, -12.0, 1e-12);
  cm_solution_release(s);
  cm_program_release(p);
}

static void bad_parts_are_refused_by_place(void **state) {
  (void)state;
  cm_error err;
  cm_program *p = NULL;
  const double one[] = {1}, nan[] = {NAN}, infinite[] = {HUGE_VAL};
  const size_t zero[] = {0}, five[] = {5};
  const char *const twice[] = {"x", "x"};
  cm_program_parts parts = {
      .cols = 1, .rows = 1, .entries = 1, .row = zero, .col = zero, .value = nan};
  assert_status(cm_program_new(&parts, &p, &err), CM_NOT_FINITE);
  parts.value = one;
  parts.col = five;
  assert_status(cm_program_new(&parts, &p, &err), CM_RANGE);
  parts.col = zero;
  parts.cost = infinite;
  assert_status(cm_program_new(&parts, &p, &err), CM_NOT_FINITE);
  parts.cost = one;
  parts.lower = nan;
  assert_status(cm_program_new(&parts, &p, &err), CM_NOT_FINITE);
  parts.lower = NULL;
  parts.constant = NAN;
  assert_status(cm_program_new(&parts, &p, &err), CM_NOT_FINITE);
  parts = (cm_program_parts){.cols = 2, .col_names = twice};
  assert_status(cm_program_new(&parts, &p, &err), CM_DUPLICATE);
  assert_null(p);
}

static void bad_options_are_refused(void **state) {
  (void)state;
  cm_program *p = wyndor();
  cm_solution *s = NULL;
  cm_error err;
  const double start[] = {1, NAN};
  const cm_program_options bad[] = {{.time = -1}, {.gap = NAN}, {.start = start}};
  for (size_t k = 0; k < COUNT(bad); k++)
    assert_status(cm_program_solve(p, &bad[k], NULL, &s, &err), CM_INVALID);
  assert_null(s);
  cm_program_release(p);
}

/* A market split problem (Cornuejols and Dawande 1998): no branch and bound ends
 * it within the time of a test. Slacks make every point feasible. */
static cm_program *market_split(size_t rows, size_t n) {
  size_t entries = rows * (n + 2), k = 0, cols = n + 2 * rows;
  size_t row[512], col[512];
  double value[512], cost[128] = {0}, upper[128], right[8];
  bool integer[128] = {false};
  unsigned seed = 3;
  assert_true(entries <= COUNT(row) && cols <= COUNT(cost));
  for (size_t j = 0; j < cols; j++) upper[j] = j < n ? 1 : HUGE_VAL, integer[j] = j < n;
  for (size_t i = 0; i < rows; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++, k++)
      row[k] = i, col[k] = j, value[k] = next(&seed) % 100, sum += value[k];
    for (size_t side = 0; side < 2; side++, k++) {
      row[k] = i, col[k] = n + 2 * i + side, value[k] = side ? -1 : 1;
      cost[col[k]] = 1;
    }
    right[i] = floor(sum / 2);
  }
  const cm_program_parts parts = {.cols = cols,
                                  .rows = rows,
                                  .entries = entries,
                                  .cost = cost,
                                  .upper = upper,
                                  .integer = integer,
                                  .row_lower = right,
                                  .row_upper = right,
                                  .row = row,
                                  .col = col,
                                  .value = value};
  cm_program *p;
  assert_ok(cm_program_new(&parts, &p, NULL));
  return p;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void time_ends_a_search_with_the_best_so_far(void **state) {
  (void)state;
  cm_program *p = market_split(4, 40);
  cm_solution *s = NULL;
  cm_solution_figures f = {.outcome = CM_UNKNOWN};
  double took = 0, time = 1;
  while (f.outcome == CM_UNKNOWN && time < 16) { /* a busy machine finds nothing in 2 s */
    double begin = now();
    cm_solution_release(s);
    s = solved(p, &(cm_program_options){.time = time *= 2});
    took = now() - begin;
    f = cm_solution_get(s);
  }
  assert_int_equal(f.outcome, CM_STOPPED);
  assert_int_equal(f.stop, CM_STOP_TIME);
  assert_true(took < 3 * time); /* left alone it takes minutes; others may keep the machine busy */
  assert_true(f.bound <= f.objective && f.gap > 1e-6);
  assert_non_null(cm_solution_part_of(s, CM_VALUES));
  cm_solution_release(s);
  cm_program_release(p);
}

static void a_limit_on_nodes_is_the_same_in_every_run(void **state) {
  (void)state;
  cm_program *p = market_split(3, 30);
  cm_solution *s[2];
  for (size_t k = 0; k < 2; k++) s[k] = solved(p, &(cm_program_options){.nodes = 50});
  cm_solution_figures f = cm_solution_get(s[0]), g = cm_solution_get(s[1]);
  assert_int_equal(f.outcome, CM_FEASIBLE);
  assert_int_equal(f.stop, CM_STOP_NODES);
  assert_true(f.objective == g.objective && f.bound == g.bound && f.nodes == g.nodes);
  assert_memory_equal(cm_solution_part_of(s[0], CM_VALUES), cm_solution_part_of(s[1], CM_VALUES),
                      cm_program_cols(p) * sizeof(double));
  cm_solution_release(s[0]);
  cm_solution_release(s[1]);
  cm_program_release(p);
}

/* Stops once the words of progress tell of a solution. */
static bool stop_at_first_solution(void *ud, const char *what, double done, double total) {
  (void)done, (void)total;
  bool *seen = ud;
  if (strstr(what, "found")) *seen = true;
  return !*seen;
}

static void a_request_ends_a_search_with_the_best_so_far(void **state) {
  (void)state;
  bool seen = false;
  cm_program *p = market_split(4, 40);
  cm_solution *s = NULL;
  cm_error err;
  const cm_job job = {.progress = stop_at_first_solution, .ud = &seen};
  assert_ok(cm_program_solve(p, &(cm_program_options){.time = 20}, &job, &s, &err));
  assert_true(seen);
  assert_int_equal(cm_solution_get(s).outcome, CM_STOPPED);
  assert_int_equal(cm_solution_get(s).stop, CM_STOP_REQUEST);
  assert_non_null(cm_solution_part_of(s, CM_VALUES));
  cm_solution_release(s);
  cm_program_release(p);
}

static void a_request_before_any_solution_is_an_interruption(void **state) {
  (void)state;
  atomic_bool cancel = true;
  const cm_job job = {.cancel = &cancel};
  cm_program *p = market_split(4, 40);
  cm_solution *s = NULL;
  cm_error err;
  cm_status status = cm_program_solve(p, NULL, &job, &s, &err);
  if (status == CM_OK)
    cm_solution_release(s); /* it found one before it was told */
  else
    assert_status(status, CM_CANCELLED);
  cm_program_release(p);
}

static void a_start_is_kept_where_nothing_else_is_found(void **state) {
  (void)state;
  cm_program *p = market_split(4, 40);
  size_t n = cm_program_cols(p);
  double start[128] = {0};
  cm_solution *s = solved(p, &(cm_program_options){.nodes = 5});
  memcpy(start, cm_solution_part_of(s, CM_VALUES), n * sizeof(double));
  double known = cm_solution_get(s).objective;
  cm_solution_release(s);
  s = solved(p, &(cm_program_options){.nodes = 5, .start = start});
  assert_true(cm_solution_get(s).objective <= known + 1e-9);
  cm_solution_release(s);
  cm_program_release(p);
}

static void a_child_that_needs_too_much_is_refused(void **state) {
  (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip(); /* the sanitizer's own memory cannot be told from the solver's */
#else
  cm_program *p = market_split(4, 40);
  cm_solution *s = NULL;
  cm_error err;
  const cm_job job = {.memory = 1 << 16};
  assert_status(cm_program_solve(p, NULL, &job, &s, &err), CM_BUDGET);
  assert_null(s);
  cm_program_release(p);
#endif
}

static cm_status work(void *ud) {
  const double cost[] = {3, 5}, value[] = {1, 2}, right[] = {4, 12};
  const size_t at[] = {0, 1};
  const char *const names[] = {"a", "b"};
  const bool whole[] = {*(bool *)ud, false};
  const cm_program_parts parts = {.name = "test",
                                  .maximise = true,
                                  .cols = 2,
                                  .rows = 2,
                                  .entries = 2,
                                  .cost = cost,
                                  .row_upper = right,
                                  .row = at,
                                  .col = at,
                                  .value = value,
                                  .integer = whole,
                                  .col_names = names,
                                  .row_names = names};
  cm_program *p = NULL;
  cm_solution *s = NULL;
  cm_error err;
  cm_status status = cm_program_new(&parts, &p, &err);
  if (status == CM_OK) status = cm_program_solve(p, NULL, NULL, &s, &err);
  if (status == CM_OK) assert_double_equal(cm_solution_get(s).objective, 42.0, 1e-9);
  cm_solution_release(s);
  cm_program_release(p);
  return status;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  bool whole = false;
  survives_failing_allocations(work, &whole);
  whole = true;
  survives_failing_allocations(work, &whole);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_textbook_program_has_its_optimum_and_duals),
      cmocka_unit_test(knapsacks_agree_with_enumeration),
      cmocka_unit_test(the_infeasible_and_the_unbounded_are_told_apart),
      cmocka_unit_test(a_false_proof_of_the_solver_is_not_believed),
      cmocka_unit_test(bounds_that_cross_are_infeasible),
      cmocka_unit_test(programs_without_rows_or_columns_are_solved),
      cmocka_unit_test(bad_parts_are_refused_by_place),
      cmocka_unit_test(bad_options_are_refused),
      cmocka_unit_test(time_ends_a_search_with_the_best_so_far),
      cmocka_unit_test(a_limit_on_nodes_is_the_same_in_every_run),
      cmocka_unit_test(a_request_ends_a_search_with_the_best_so_far),
      cmocka_unit_test(a_request_before_any_solution_is_an_interruption),
      cmocka_unit_test(a_start_is_kept_where_nothing_else_is_found),
      cmocka_unit_test(a_child_that_needs_too_much_is_refused),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
