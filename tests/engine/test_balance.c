/* RAS and GRAS: worked by hand, by their definitions, and refusals. */
#include "support.h"

#include "capmod/balance.h"

static double at(const cm_matrix *m, size_t i, size_t j) { return cm_matrix_at(m, i, j); }

static cm_matrix *of(const double *data, size_t rows, size_t cols) { /* as written, by rows */
  cm_matrix *m;
  assert_ok(cm_matrix_new(rows, cols, &m, NULL));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) assert_ok(cm_matrix_set(m, i, j, data[i * cols + j], NULL));
  return m;
}

static cm_status balance(const double *data, size_t rows, size_t cols, const double *u,
                         const double *v, size_t steps, cm_matrix **out, cm_balance_report *r) {
  cm_matrix *m = of(data, rows, cols), *um = of(u, rows, 1), *vm = of(v, 1, cols);
  cm_balance_options o = {.tolerance = 1e-12, .steps = steps};
  cm_status status = cm_balance(m, um, vm, &o, NULL, out, r, NULL);
  cm_matrix_release(m);
  cm_matrix_release(um);
  cm_matrix_release(vm);
  return status;
}

/* [1 2; 3 4] to margins (5, 5): r m s keeps the cross ratio m11 m22 / m12 m21 = 2/3,
 * so x^2 / (5 - x)^2 = 2/3. */
static void ras_keeps_the_cross_ratio(void **state) {
  (void)state;
  const double m[] = {1, 2, 3, 4}, five[] = {5, 5};
  cm_matrix *out;
  cm_balance_report r;
  assert_ok(balance(m, 2, 2, five, five, 0, &out, &r));
  assert_true(r.converged && r.gap <= 1e-12);
  double x = 5 * sqrt(2 / 3.) / (1 + sqrt(2 / 3.));
  assert_double_equal(at(out, 0, 0), x, 1e-11);
  assert_double_equal(at(out, 0, 1), 5 - x, 1e-11);
  assert_double_equal(at(out, 1, 1), x, 1e-11);
  cm_matrix_release(out);
}

static void gras_meets_margins_with_negative_elements(void **state) {
  (void)state;
  const double m[] = {7, -2, 3, 4, 0, -1, 2, 5, -3, 8, 1, 2};
  const double u[] = {9, 6, 12}, v[] = {12, 3, 4, 8};
  cm_matrix *out;
  cm_balance_report r;
  assert_ok(balance(m, 3, 4, u, v, 0, &out, &r));
  assert_true(r.converged);
  double row[3] = {0}, col[4] = {0};
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 4; j++) {
      row[i] += at(out, i, j);
      col[j] += at(out, i, j);
      double sign = m[4 * i + j];
      assert_true(sign > 0 ? at(out, i, j) > 0 : sign < 0 ? at(out, i, j) < 0 : at(out, i, j) == 0);
    }
  for (size_t i = 0; i < 3; i++) assert_double_equal(row[i], u[i], 1e-10);
  for (size_t j = 0; j < 4; j++) assert_double_equal(col[j], v[j], 1e-10);
  /* the form of the solution: log(x / m) is log r_i + log s_j for positive elements and
   * the negative of it for negative ones; rows 1 and 3, columns 1 (+ -) and 2 (- +) */
  double a = log(at(out, 0, 0) / 7), b = -log(at(out, 0, 1) / -2);
  double c = -log(at(out, 2, 0) / -3), d = log(at(out, 2, 1) / 8);
  assert_double_equal(a - b, c - d, 1e-9);
  cm_matrix_release(out);
}

static void leaves_a_balanced_matrix_alone(void **state) {
  (void)state;
  const double m[] = {1, -2, 3, 4}, u[] = {-1, 7}, v[] = {4, 2};
  cm_matrix *out;
  cm_balance_report r;
  assert_ok(balance(m, 2, 2, u, v, 0, &out, &r));
  assert_true(r.converged && r.steps == 0);
  for (size_t i = 0; i < 4; i++) assert_true(at(out, i / 2, i % 2) == m[i]);
  cm_matrix_release(out);
}

/* Zeros that stand in the way: [1 1; 0 1] cannot have margins (1, 2) and (2, 1). */
static void says_that_it_did_not_converge(void **state) {
  (void)state;
  const double m[] = {1, 1, 0, 1}, u[] = {1, 2}, v[] = {2, 1};
  cm_matrix *out;
  cm_balance_report r;
  assert_ok(balance(m, 2, 2, u, v, 50, &out, &r));
  assert_true(!r.converged && r.steps == 50 && r.gap > 0.1);
  cm_matrix_release(out);
}

static void refuses_margins_that_cannot_be_met(void **state) {
  (void)state;
  const double m[] = {1, 2, 0, 0}, u[] = {3, 1}, v[] = {2, 2}, fits[] = {1, 2}, odd[] = {3, 0};
  const double negative[] = {-1, 4}, full[] = {1, 2, 3, 4}, nan_[] = {1, 2, 3, NAN};
  cm_matrix *out = NULL;
  cm_balance_report r;
  assert_status(balance(m, 2, 2, u, v, 0, &out, &r), CM_INVALID); /* an empty row */
  assert_status(balance(full, 2, 2, negative, fits, 0, &out, &r), CM_INVALID);
  assert_status(balance(m, 2, 2, odd, v, 0, &out, &r), CM_INVALID); /* 3 and 4 */
  assert_status(balance(nan_, 2, 2, u, v, 0, &out, &r), CM_NOT_FINITE);
  cm_matrix *a = of(full, 2, 2), *b = of(full, 1, 3);
  cm_balance_options o = {0};
  assert_status(cm_balance(a, b, b, &o, NULL, &out, &r, NULL), CM_SHAPE);
  assert_null(out);
  cm_matrix_release(a);
  cm_matrix_release(b);
}

static cm_status balance_with_faults(void *ud) {
  cm_matrix *const *m = ud;
  cm_matrix *out = NULL;
  cm_balance_report r;
  cm_balance_options o = {0};
  cm_status status = cm_balance(m[0], m[1], m[1], &o, NULL, &out, &r, NULL);
  cm_matrix_release(out);
  return status;
}

static void leaves_nothing_behind_when_memory_ends(void **state) {
  (void)state;
  const double full[] = {1, 2, 3, 4}, five[] = {5, 5};
  cm_matrix *m[] = {of(full, 2, 2), of(five, 2, 1)};
  survives_failing_allocations(balance_with_faults, m);
  cm_matrix_release(m[0]);
  cm_matrix_release(m[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ras_keeps_the_cross_ratio),
      cmocka_unit_test(gras_meets_margins_with_negative_elements),
      cmocka_unit_test(leaves_a_balanced_matrix_alone),
      cmocka_unit_test(says_that_it_did_not_converge),
      cmocka_unit_test(refuses_margins_that_cannot_be_met),
      cmocka_unit_test(leaves_nothing_behind_when_memory_ends),
  };
  return run(tests);
}
