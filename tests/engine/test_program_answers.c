/* What is said about programs: ranges, conflicts, files. */
#include "support.h"

#include "capmod/program.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static unsigned next(unsigned *seed) { return (*seed = *seed * 1103515245u + 12345u) >> 16; }
static double draw(unsigned *seed, double low, double high) {
  return low + (high - low) * (double)(next(seed) % 1000) / 999;
}

/* Dense parts for small programs: element (i, j) at a[i * cols + j]. */
typedef struct dense {
  size_t row[64], col[64];
  cm_program_parts parts;
} dense;

static cm_program *made(dense *d, size_t rows, size_t cols, const double *a) {
  for (size_t k = 0; k < rows * cols; k++) d->row[k] = k / cols, d->col[k] = k % cols;
  d->parts.rows = rows;
  d->parts.cols = cols;
  d->parts.entries = rows * cols;
  d->parts.row = d->row;
  d->parts.col = d->col;
  d->parts.value = a;
  cm_program *p;
  assert_ok(cm_program_new(&d->parts, &p, NULL));
  return p;
}

static cm_solution *solved(const cm_program *p) {
  cm_solution *s;
  assert_ok(cm_program_solve(p, NULL, NULL, &s, NULL));
  return s;
}

/* ---- ranging -------------------------------------------------------------------- */

static void ranges_are_those_of_the_textbook(void **state) {
  (void)state;
  /* Hillier and Lieberman, ch. 3 and 6: 0 <= c1 <= 7.5, c2 >= 2; b1 >= 2, 6 <= b2 <= 18,
   * 12 <= b3 <= 24. */
  const double a[] = {1, 0, 0, 2, 3, 2}, cost[] = {3, 5}, right[] = {4, 12, 18};
  dense d = {.parts = {.maximise = true, .cost = cost, .row_upper = right}};
  cm_program *p = made(&d, 3, 2, a);
  cm_solution *s = solved(p);
  double cf[2], ct[2], sf[3], st[3];
  const cm_ranging r = {cf, ct, sf, st};
  assert_ok(cm_solution_range(p, s, NULL, &r, NULL));
  const double want_cost[2][2] = {{0, 7.5}, {2, HUGE_VAL}};
  const double want_side[3][2] = {{2, HUGE_VAL}, {6, 18}, {12, 24}};
  for (size_t j = 0; j < 2; j++) {
    assert_double_equal(cf[j], want_cost[j][0], 1e-9);
    assert_true(isinf(want_cost[j][1]) ? isinf(ct[j]) : fabs(ct[j] - want_cost[j][1]) < 1e-9);
  }
  for (size_t i = 0; i < 3; i++) {
    assert_double_equal(sf[i], want_side[i][0], 1e-9);
    assert_true(isinf(want_side[i][1]) ? isinf(st[i]) : fabs(st[i] - want_side[i][1]) < 1e-9);
  }
  cm_solution_release(s);
  cm_program_release(p);
}

enum { ROWS = 4, COLS = 6 };

typedef struct sample {
  double a[ROWS * COLS], cost[COLS], upper[COLS], right[ROWS];
  bool maximise;
} sample;

static cm_program *sample_program(sample *x) {
  dense d = {.parts = {.maximise = x->maximise, .cost = x->cost, .upper = x->upper}};
  if (x->maximise)
    d.parts.row_upper = x->right;
  else
    d.parts.row_lower = x->right;
  return made(&d, ROWS, COLS, x->a);
}

static double sample_optimum(sample *x) {
  cm_program *p = sample_program(x);
  cm_solution *s = solved(p);
  assert_int_equal(cm_solution_get(s).outcome, CM_OPTIMAL);
  double objective = cm_solution_get(s).objective;
  cm_solution_release(s);
  cm_program_release(p);
  return objective;
}

/* Within a cost's range the values stay optimal; within a side's the dual is the slope. */
static void ranges_hold_when_solved_again(void **state) {
  (void)state;
  unsigned seed = 11;
  size_t costs = 0, sides = 0;
  for (int round = 0; round < 8; round++) {
    sample x = {.maximise = round % 2};
    for (size_t k = 0; k < ROWS * COLS; k++) x.a[k] = floor(draw(&seed, 1, 9));
    for (size_t j = 0; j < COLS; j++) x.cost[j] = draw(&seed, 2, 9), x.upper[j] = 3;
    for (size_t i = 0; i < ROWS; i++) x.right[i] = draw(&seed, 20, 40);
    cm_program *p = sample_program(&x);
    cm_solution *s = solved(p);
    double objective = cm_solution_get(s).objective, cf[COLS], ct[COLS], sf[ROWS], st[ROWS];
    const cm_ranging r = {cf, ct, sf, st};
    assert_ok(cm_solution_range(p, s, NULL, &r, NULL));
    for (size_t j = 0; j < COLS; j++) {
      double was = x.cost[j], value = cm_solution_part_of(s, CM_VALUES)[j];
      assert_true(cf[j] <= was + 1e-9 && was <= ct[j] + 1e-9);
      for (int up = 0; up < 2; up++) {
        double end = up ? ct[j] : cf[j];
        x.cost[j] = isinf(end) ? was + (up ? 5 : -5) : end;
        assert_double_equal(sample_optimum(&x), objective + (x.cost[j] - was) * value, 1e-7);
        costs++;
        if (isinf(end)) continue;
        x.cost[j] = end + (up ? 0.5 : -0.5); /* beyond it they are not optimal */
        double kept = objective + (x.cost[j] - was) * value, best = sample_optimum(&x);
        assert_true(x.maximise ? best >= kept - 1e-9 : best <= kept + 1e-9);
      }
      x.cost[j] = was;
    }
    for (size_t i = 0; i < ROWS; i++) {
      double was = x.right[i], dual = cm_solution_part_of(s, CM_DUALS)[i];
      assert_true(sf[i] <= was + 1e-9 && was <= st[i] + 1e-9);
      for (int up = 0; up < 2; up++) {
        double end = up ? st[i] : sf[i];
        x.right[i] = isinf(end) ? was + (up ? 1 : -1) : end;
        assert_double_equal(sample_optimum(&x), objective + (x.right[i] - was) * dual, 1e-7);
        sides++;
      }
      x.right[i] = was;
    }
    cm_solution_release(s);
    cm_program_release(p);
  }
  assert_true(costs > 50 && sides > 50);
}

static void ranges_need_a_linear_optimum(void **state) {
  (void)state;
  const double a[] = {1}, cost[] = {1}, lower[] = {1};
  const bool whole[] = {true};
  double c[2], s2[2];
  const cm_ranging r = {c, c + 1, s2, s2 + 1};
  dense d = {.parts = {.cost = cost, .row_lower = lower, .integer = whole}};
  cm_program *p = made(&d, 1, 1, a);
  cm_solution *s = solved(p);
  assert_status(cm_solution_range(p, s, NULL, &r, NULL), CM_INVALID);
  cm_solution_release(s);
  cm_program_release(p);
  const double upper[] = {0};
  d.parts.integer = NULL;
  d.parts.upper = upper;
  p = made(&d, 1, 1, a);
  s = solved(p);
  assert_int_equal(cm_solution_get(s).outcome, CM_INFEASIBLE);
  assert_status(cm_solution_range(p, s, NULL, &r, NULL), CM_INVALID);
  cm_solution_release(s);
  cm_program_release(p);
}

/* ---- conflicts -------------------------------------------------------------------- */

static bool holds(const cm_conflict *c, cm_limit_kind kind, size_t index) {
  for (size_t k = 0; k < cm_conflict_size(c); k++)
    if (cm_conflict_kind(c, k) == kind && cm_conflict_index(c, k) == index) return true;
  return false;
}

static void a_conflict_names_the_rows_that_clash_and_no_others(void **state) {
  (void)state;
  /* x + y >= 10 against x <= 4 (a bound) and y <= 5 (a row); two rows have no part. */
  const double a[] = {1, 1, 0, 1, 1, -1, 1, 0}, lower[] = {10, -HUGE_VAL, -HUGE_VAL, 1},
               upper[] = {HUGE_VAL, 5, 50, HUGE_VAL}, top[] = {4, 100};
  dense d = {.parts = {.upper = top, .row_lower = lower, .row_upper = upper}};
  cm_program *p = made(&d, 4, 2, a);
  cm_conflict *c;
  assert_ok(cm_program_conflict(p, NULL, NULL, &c, NULL));
  assert_int_equal(cm_conflict_size(c), 3);
  assert_true(cm_conflict_minimal(c));
  assert_true(holds(c, CM_ROW_LOWER, 0) && holds(c, CM_ROW_UPPER, 1) && holds(c, CM_COL_UPPER, 0));
  cm_conflict_release(c);
  cm_program_release(p);
}

static void a_conflict_of_whole_numbers_says_so(void **state) {
  (void)state;
  /* 2x + 2y = 3 with x, y whole. */
  const double a[] = {2, 2}, side[] = {3}, top[] = {9, 9};
  const bool whole[] = {true, true};
  dense d = {.parts = {.upper = top, .row_lower = side, .row_upper = side, .integer = whole}};
  cm_program *p = made(&d, 1, 2, a);
  cm_conflict *c;
  assert_ok(cm_program_conflict(p, NULL, NULL, &c, NULL));
  assert_int_equal(cm_conflict_size(c), 4);
  assert_true(holds(c, CM_WHOLE, 0) && holds(c, CM_WHOLE, 1));
  assert_true(holds(c, CM_ROW_LOWER, 0) && holds(c, CM_ROW_UPPER, 0));
  cm_conflict_release(c);
  cm_program_release(p);
}

static void bounds_that_cross_are_their_own_conflict(void **state) {
  (void)state;
  const double a[] = {1}, lower[] = {3}, upper[] = {2};
  dense d = {.parts = {.lower = lower, .upper = upper}};
  cm_program *p = made(&d, 1, 1, a);
  cm_conflict *c;
  assert_ok(cm_program_conflict(p, NULL, NULL, &c, NULL));
  assert_int_equal(cm_conflict_size(c), 2);
  assert_true(holds(c, CM_COL_LOWER, 0) && holds(c, CM_COL_UPPER, 0) && cm_conflict_minimal(c));
  cm_conflict_release(c);
  cm_program_release(p);
}

static void what_is_feasible_has_no_conflict(void **state) {
  (void)state;
  const double a[] = {1}, lower[] = {3};
  dense d = {.parts = {.row_lower = lower}};
  cm_program *p = made(&d, 1, 1, a);
  cm_conflict *c = NULL;
  assert_status(cm_program_conflict(p, NULL, NULL, &c, NULL), CM_INVALID);
  assert_null(c);
  cm_program_release(p);
}

/* Every conflict found: infeasible by itself, feasible without any one of its limits. */
static void conflicts_of_random_programs_are_irreducible(void **state) {
  (void)state;
  unsigned seed = 5;
  int found = 0;
  for (int round = 0; round < 30; round++) {
    double a[6 * 4], lower[6], upper[6], top[4];
    for (size_t k = 0; k < COUNT(a); k++) a[k] = (double)(next(&seed) % 7) - 3;
    for (size_t i = 0; i < 6; i++) {
      lower[i] = i % 2 ? -HUGE_VAL : draw(&seed, 0, 12);
      upper[i] = i % 2 ? draw(&seed, -2, 6) : HUGE_VAL;
    }
    for (size_t j = 0; j < 4; j++) top[j] = draw(&seed, 1, 5);
    dense d = {.parts = {.upper = top, .row_lower = lower, .row_upper = upper}};
    cm_program *p = made(&d, 6, 4, a);
    cm_conflict *c;
    cm_status status = cm_program_conflict(p, NULL, NULL, &c, NULL);
    cm_program_release(p);
    if (status == CM_INVALID) continue;
    assert_ok(status);
    assert_true(cm_conflict_minimal(c));
    found++;
    for (size_t without = 0; without <= cm_conflict_size(c); without++) {
      double rl[6], ru[6], cl[4], cu[4];
      for (size_t i = 0; i < 6; i++) rl[i] = -HUGE_VAL, ru[i] = HUGE_VAL;
      for (size_t j = 0; j < 4; j++) cl[j] = -HUGE_VAL, cu[j] = HUGE_VAL;
      for (size_t k = 0; k < cm_conflict_size(c); k++) {
        size_t at = cm_conflict_index(c, k);
        cm_limit_kind kind = cm_conflict_kind(c, k);
        if (k == without) continue;
        if (kind == CM_ROW_LOWER) rl[at] = lower[at];
        if (kind == CM_ROW_UPPER) ru[at] = upper[at];
        if (kind == CM_COL_LOWER) cl[at] = 0;
        if (kind == CM_COL_UPPER) cu[at] = top[at];
      }
      dense e = {.parts = {.lower = cl, .upper = cu, .row_lower = rl, .row_upper = ru}};
      cm_program *part = made(&e, 6, 4, a);
      cm_solution *s = solved(part);
      bool all = without == cm_conflict_size(c);
      assert_int_equal(cm_solution_get(s).outcome, all ? CM_INFEASIBLE : CM_OPTIMAL);
      cm_solution_release(s);
      cm_program_release(part);
    }
    cm_conflict_release(c);
  }
  assert_true(found >= 5);
}

/* ---- files ------------------------------------------------------------------------- */

static char *written(const cm_program *p, cm_program_format format) {
  char *text;
  size_t size;
  assert_ok(cm_program_write(p, format, &text, &size, NULL));
  assert_int_equal(strlen(text), size);
  return text;
}

/* max 2x + 3y + 1, 1 <= x + y <= 4, y whole and at most 3, x free */
static cm_program *mixed(const char *const *cols, const char *const *rows) {
  static const double a[] = {1, 1}, cost[] = {2, 3}, lower[] = {-HUGE_VAL, 0},
                      upper[] = {HUGE_VAL, 3}, low[] = {1}, high[] = {4};
  static const bool whole[] = {false, true};
  dense d = {.parts = {.name = "mixed",
                       .maximise = true,
                       .constant = 1,
                       .cost = cost,
                       .lower = lower,
                       .upper = upper,
                       .integer = whole,
                       .row_lower = low,
                       .row_upper = high,
                       .col_names = cols,
                       .row_names = rows}};
  return made(&d, 1, 2, a);
}

static void files_say_what_the_program_says(void **state) {
  (void)state;
  const char *const cols[] = {"x[a,b]", "y"}, *const rows[] = {"capacity[CHN]"};
  cm_program *p = mixed(cols, rows);
  char *mps = written(p, CM_FORMAT_MPS), *lp = written(p, CM_FORMAT_LP);
  assert_string_equal(
      mps, "* mixed, written by capmod\n"
           "* The program maximises; the format does not: the objective is "
           "turned.\nNAME capmod\nROWS\n N objective#\n G capacity[CHN]\n"
           "COLUMNS\n x[a,b] objective# -2\n x[a,b] capacity[CHN] 1\n"
           " MARKER 'MARKER' 'INTORG'\n y objective# -3\n y capacity[CHN] 1\n"
           " MARKER 'MARKER' 'INTEND'\n constant# objective# -1\nRHS\n"
           " right capacity[CHN] 1\nRANGES\n range capacity[CHN] 3\nBOUNDS\n"
           " FX bound constant# 1\n FR bound x[a,b]\n LO bound y 0\n UP bound y 3\nENDATA\n");
  assert_string_equal(lp, "\\ mixed, written by capmod\nMaximize\n objective#: + 2 x(a,b) + 3 y"
                          " + 1 constant#\nSubject To\n"
                          " capacity(CHN): + 1 x(a,b) + 1 y >= 1\n"
                          " capacity(CHN)#upper: + 1 x(a,b) + 1 y <= 4\nBounds\n"
                          " constant# = 1\n x(a,b) free\n 0 <= y <= 3\nGenerals\n y\nEnd\n");
  cm_program_text_free(mps);
  cm_program_text_free(lp);
  cm_program_release(p);
}

static void names_that_a_format_cannot_hold_are_replaced_with_a_map(void **state) {
  (void)state;
  const char *const cols[] = {"hot steel", "3rd"}, *const rows[] = {"a#b"};
  cm_program *p = mixed(cols, rows);
  char *mps = written(p, CM_FORMAT_MPS), *lp = written(p, CM_FORMAT_LP);
  assert_non_null(strstr(mps, "* R1# = a#b\n* C1# = hot steel\n* "));
  assert_non_null(strstr(mps, " 3rd R1# 1\n"));
  assert_non_null(strstr(lp, "\\ R1# = a#b\n\\ C1# = hot steel\n\\ C2# = 3rd\n"));
  assert_non_null(strstr(lp, " R1#: + 1 C1# + 1 C2# >= 1\n"));
  cm_program_text_free(mps);
  cm_program_text_free(lp);
  char *none = NULL;
  size_t size;
  assert_status(cm_program_write(p, (cm_program_format)7, &none, &size, NULL), CM_INVALID);
  cm_program_release(p);
}

/* ---- failing allocations --------------------------------------------------------------- */

static cm_status range_work(void *ud) {
  (void)ud;
  static const double a[] = {1, 2, 3, 1}, cost[] = {1, 1}, low[] = {4, 5};
  double c[4], side[4];
  const cm_ranging r = {c, c + 2, side, side + 2};
  fail_never(); /* the program and its solution have tests of their own */
  dense d = {.parts = {.cost = cost, .row_lower = low}};
  cm_program *p = made(&d, 2, 2, a);
  cm_solution *s = solved(p);
  fail_from(*(long *)ud);
  cm_error err;
  cm_status status = cm_solution_range(p, s, NULL, &r, &err);
  fail_never();
  cm_solution_release(s);
  cm_program_release(p);
  return status;
}

static cm_status conflict_work(void *ud) {
  static const double a[] = {1, 1, 1, 1}, low[] = {4, -HUGE_VAL}, high[] = {HUGE_VAL, 3};
  fail_never();
  dense d = {.parts = {.row_lower = low, .row_upper = high}};
  cm_program *p = made(&d, 2, 2, a);
  fail_from(*(long *)ud);
  cm_conflict *c = NULL;
  cm_status status = cm_program_conflict(p, NULL, NULL, &c, NULL);
  fail_never();
  cm_conflict_release(c);
  cm_program_release(p);
  return status;
}

static cm_status write_work(void *ud) {
  fail_never();
  cm_program *p = mixed(NULL, NULL);
  fail_from(*(long *)ud);
  char *text = NULL;
  size_t size;
  cm_status status = cm_program_write(p, CM_FORMAT_LP, &text, &size, NULL);
  fail_never();
  cm_program_text_free(text);
  cm_program_release(p);
  return status;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  cm_status (*const works[])(void *) = {range_work, conflict_work, write_work};
  for (size_t w = 0; w < COUNT(works); w++) {
    long k = 1;
    size_t blocks = cm_memory_blocks();
    for (;; k++) {
      cm_status status = works[w](&k);
      assert_int_equal(cm_memory_blocks(), blocks);
      if (status == CM_OK) break;
      assert_status(status, CM_MEMORY);
      assert_true(k < 1000);
    }
    assert_true(k > 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranges_are_those_of_the_textbook),
      cmocka_unit_test(ranges_hold_when_solved_again),
      cmocka_unit_test(ranges_need_a_linear_optimum),
      cmocka_unit_test(a_conflict_names_the_rows_that_clash_and_no_others),
      cmocka_unit_test(a_conflict_of_whole_numbers_says_so),
      cmocka_unit_test(bounds_that_cross_are_their_own_conflict),
      cmocka_unit_test(what_is_feasible_has_no_conflict),
      cmocka_unit_test(conflicts_of_random_programs_are_irreducible),
      cmocka_unit_test(files_say_what_the_program_says),
      cmocka_unit_test(names_that_a_format_cannot_hold_are_replaced_with_a_map),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
