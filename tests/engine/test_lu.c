/* LU factors: solved, inverted, updated, refused. Numbers are identities or
 * worked by hand as the comments say. */
#include "support.h"

#include "matrices.h"
#include "matrix/internal.h"

/* [2 1 1; 4 3 3; 8 7 9]: Trefethen and Bau 1997, lecture 20; det = 4. */
#define TREFETHEN NUMBERS(2, 1, 1, 4, 3, 3, 8, 7, 9)

static cm_lu *lu_of(const cm_matrix *a) {
  cm_lu *lu;
  assert_ok(cm_lu_new(a, NULL, &lu, NULL));
  return lu;
}

static void a_system_is_solved_both_ways(void **state) {
  (void)state;
  cm_matrix *a = matrix(3, 3, TREFETHEN), *x, *y;
  cm_matrix *b = matrix(3, 2, NUMBERS(4, 1, 10, 4, 24, 8)); /* first: A (1,1,1)' */
  cm_lu *lu = lu_of(a);
  assert_int_equal(cm_lu_order(lu), 3);
  assert_ok(cm_lu_solve(lu, b, false, NULL, &x, NULL));
  for (size_t i = 0; i < 3; i++) assert_double_equal(cm_matrix_at(x, i, 0), 1.0, 1e-13);
  assert_ok(cm_mul(a, x, NULL, &y, NULL));
  assert_same_matrix(y, b, 1e-13);
  cm_matrix_release(x);
  cm_matrix_release(y);
  cm_matrix *row_sums = matrix(3, 1, NUMBERS(14, 11, 13)); /* A' (1,1,1)' */
  assert_ok(cm_lu_solve(lu, row_sums, true, NULL, &x, NULL));
  assert_matrix(x, 3, 1, NUMBERS(1, 1, 1), 1e-13);
  RELEASE(a, b, x, row_sums);
  cm_lu_release(lu);
  cm_lu_release(NULL);
}

static void storage_does_not_matter(void **state) {
  (void)state;
  cm_matrix *a = random_matrix(20, 20, 1), *b = random_matrix(20, 3, 2), *x, *y, *inv, *inv2;
  cm_matrix *odd_a = awkward(a), *odd_b = awkward(b);
  assert_ok(cm_solve(a, b, NULL, &x, NULL));
  assert_ok(cm_solve(odd_a, odd_b, NULL, &y, NULL));
  assert_same_matrix(x, y, 0);
  assert_ok(cm_inverse(a, NULL, &inv, NULL));
  assert_ok(cm_inverse(odd_a, NULL, &inv2, NULL));
  assert_same_matrix(inv, inv2, 0);
  RELEASE(a, b, x, y, inv, inv2, odd_a, odd_b);
}

static void a_matrix_times_its_inverse_is_the_identity(void **state) {
  (void)state;
  cm_matrix *a = random_matrix(60, 60, 3), *inv, *one, *product;
  cm_lu *lu = lu_of(a);
  assert_ok(cm_matrix_identity(60, &one, NULL));
  assert_ok(cm_lu_inverse(lu, NULL, &inv, NULL));
  assert_ok(cm_mul(a, inv, NULL, &product, NULL));
  assert_same_matrix(product, one, 1e-11);
  cm_matrix_release(inv);
  cm_matrix_release(product);
  assert_ok(cm_inverse(a, NULL, &inv, NULL));
  assert_ok(cm_mul(inv, a, NULL, &product, NULL));
  assert_same_matrix(product, one, 1e-11);
  RELEASE(a, inv, one, product);
  cm_lu_release(lu);
}

static void a_one_call_inverse_takes_one_matrix_of_memory(void **state) {
  (void)state;
  cm_matrix *a = random_matrix(200, 200, 4), *inv;
  size_t held = cm_memory_held();
  cm_memory_peak_reset();
  assert_ok(cm_inverse(a, NULL, &inv, NULL));
  size_t used = cm_memory_peak() - held;
  assert_true(used < 200 * 200 * sizeof(double) * 3 / 2); /* and LAPACK's workspace */
  RELEASE(a, inv);
}

static void determinants_by_hand(void **state) {
  (void)state;
  double det, sign, log_abs;
  cm_matrix *a = matrix(3, 3, TREFETHEN), *swap = matrix(2, 2, NUMBERS(0, 1, 1, 0));
  assert_ok(cm_det(a, NULL, &det, NULL));
  assert_double_equal(det, 4.0, 1e-13);
  assert_ok(cm_det(swap, NULL, &det, NULL));
  assert_double_equal(det, -1.0, 0);
  cm_lu *lu = lu_of(swap);
  assert_ok(cm_lu_det(lu, &sign, &log_abs, NULL));
  assert_double_equal(sign, -1.0, 0);
  assert_double_equal(log_abs, 0.0, 0);
  cm_lu_release(lu);
  RELEASE(a, swap);
}

static void a_determinant_beyond_doubles_has_a_logarithm(void **state) {
  (void)state;
  double sign, log_abs, det;
  cm_matrix *big = random_matrix(400, 1, 5), *a;
  for (size_t i = 0; i < 400; i++) assert_ok(cm_matrix_set(big, i, 0, i % 2 ? -10 : 10, NULL));
  assert_ok(cm_matrix_diagonal(big, &a, NULL));
  cm_lu *lu = lu_of(a);
  assert_ok(cm_lu_det(lu, &sign, &log_abs, NULL));
  assert_double_equal(sign, 1.0, 0);
  assert_double_equal(log_abs, 400 * log(10), 1e-12);
  assert_ok(cm_det(a, NULL, &det, NULL));
  assert_true(isinf(det));
  RELEASE(big, a);
  cm_lu_release(lu);
}

static void the_condition_is_estimated(void **state) {
  (void)state;
  double rcond;
  cm_matrix *d = matrix(2, 2, NUMBERS(1, 0, 0, 1e-5)); /* exact for a diagonal matrix */
  assert_ok(cm_rcond(d, NULL, &rcond, NULL));
  assert_double_equal(rcond / 1e-5, 1.0, 1e-12);
  cm_lu *lu = lu_of(d);
  assert_double_equal(cm_lu_rcond(lu) / 1e-5, 1.0, 1e-12);
  cm_lu_release(lu);
  cm_matrix *s = matrix(2, 2, NUMBERS(1, 2, 2, 4));
  assert_ok(cm_rcond(s, NULL, &rcond, NULL));
  assert_double_equal(rcond, 0.0, 0);
  double det;
  assert_ok(cm_det(s, NULL, &det, NULL));
  assert_double_equal(det, 0.0, 0);
  RELEASE(d, s);
}

static void singular_and_nearly_singular_are_refused_with_figures(void **state) {
  (void)state;
  cm_error err;
  cm_lu *lu = NULL;
  cm_matrix *s = labelled(matrix(2, 2, NUMBERS(1, 2, 2, 4)), CM_COLS, LABELS("coal", "steel"));
  assert_status(cm_lu_new(s, NULL, &lu, &err), CM_SINGULAR);
  assert_string_equal(err.message, "the 2 x 2 matrix is singular: column 2 ('steel') depends on "
                                   "those before it");
  assert_int_equal(err.col, 2);
  cm_matrix *n = matrix(2, 2, NUMBERS(1, 1, 1, 1 + 1e-15)), *out = NULL;
  assert_status(cm_lu_new(n, NULL, &lu, &err), CM_ILL_CONDITIONED);
  assert_true(err.value > 0 && err.value < CM_RCOND_MIN);
  assert_non_null(strstr(err.message, "rcond is"));
  assert_status(cm_inverse(n, NULL, &out, &err), CM_ILL_CONDITIONED);
  assert_status(cm_solve(n, n, NULL, &out, &err), CM_ILL_CONDITIONED);
  assert_null(lu);
  assert_null(out);
  RELEASE(s, n);
}

static void what_is_not_square_not_finite_or_does_not_fit_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_lu *lu = NULL;
  cm_matrix *wide = matrix(2, 3, NUMBERS(1, 2, 3, 4, 5, 6)), *out = NULL;
  assert_status(cm_lu_new(wide, NULL, &lu, &err), CM_SHAPE);
  assert_non_null(strstr(err.message, "2 x 3"));
  cm_matrix *bad = matrix(2, 2, NUMBERS(1, 2, INFINITY, NAN));
  assert_status(cm_lu_new(bad, NULL, &lu, &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 2);
  assert_int_equal(err.col, 1);
  assert_true(isinf(err.value));
  cm_matrix *one = matrix(2, 2, NUMBERS(1, 0, 0, 1));
  lu = lu_of(one);
  cm_matrix *three = matrix(3, 1, NUMBERS(1, 2, 3)), *nan = matrix(2, 1, NUMBERS(1, NAN));
  assert_status(cm_lu_solve(lu, three, false, NULL, &out, &err), CM_SHAPE);
  assert_non_null(strstr(err.message, "3 x 1"));
  assert_status(cm_lu_solve(lu, nan, false, NULL, &out, &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 2);
  assert_null(out);
  RELEASE(wide, bad, one, three, nan);
  cm_lu_release(lu);
}

static void finite_numbers_whose_sum_overflows_are_not_called_infinite(void **state) {
  (void)state;
  cm_error err;
  cm_lu *lu;
  cm_matrix *a = matrix(2, 2, NUMBERS(1.5e308, 0, 1.5e308, 1.5e308));
  assert_status(cm_lu_new(a, NULL, &lu, &err), CM_ILL_CONDITIONED);
  cm_matrix_release(a);
}

static void orders_zero_and_one_work(void **state) {
  (void)state;
  double det, sign, log_abs;
  cm_matrix *none = matrix(0, 0, NULL), *one = matrix(1, 1, NUMBERS(-4)), *x;
  cm_lu *lu = lu_of(none);
  assert_ok(cm_lu_solve(lu, none, false, NULL, &x, NULL));
  assert_int_equal(cm_matrix_rows(x), 0);
  cm_matrix_release(x);
  assert_ok(cm_lu_inverse(lu, NULL, &x, NULL));
  assert_int_equal(cm_matrix_cols(x), 0);
  assert_ok(cm_lu_det(lu, &sign, &log_abs, NULL));
  assert_double_equal(sign * exp(log_abs), 1.0, 0);
  cm_lu_release(lu);
  cm_matrix_release(x);
  assert_ok(cm_inverse(one, NULL, &x, NULL));
  assert_matrix(x, 1, 1, NUMBERS(-0.25), 0);
  assert_ok(cm_det(one, NULL, &det, NULL));
  assert_double_equal(det, -4.0, 0);
  RELEASE(none, one, x);
}

static void labels_follow_through_a_system(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *a = labelled(labelled(matrix(2, 2, NUMBERS(2, 1, 0, 4)), CM_ROWS, LABELS("r", "s")),
                          CM_COLS, LABELS("x", "y"));
  cm_matrix *b = labelled(labelled(matrix(2, 1, NUMBERS(8, 4)), CM_ROWS, LABELS("s", "r")), CM_COLS,
                          LABELS("b"));
  cm_matrix *x, *inv, *bad = labelled(matrix(2, 1, NUMBERS(1, 2)), CM_ROWS, LABELS("r", "q"));
  assert_ok(cm_solve(a, b, NULL, &x, NULL)); /* 2x + y = 4, 4y = 8 */
  assert_matrix(x, 2, 1, NUMBERS(1, 2), 1e-15);
  assert_label(x, CM_ROWS, 0, "x");
  assert_label(x, CM_COLS, 0, "b");
  assert_ok(cm_inverse(a, NULL, &inv, NULL));
  assert_label(inv, CM_ROWS, 1, "y");
  assert_label(inv, CM_COLS, 0, "r");
  cm_matrix *none = NULL;
  assert_status(cm_solve(a, bad, NULL, &none, &err), CM_LABELS);
  assert_non_null(strstr(err.message, "'s' only on the left, 'q' only on the right"));
  assert_null(none);
  RELEASE(a, b, x, inv, bad);
}

/* ---- updates ------------------------------------------------------------------ */

/* a + u v' */
static cm_matrix *changed(const cm_matrix *a, cm_matrix *u, cm_matrix *v) {
  cm_matrix *vt, *uv, *sum;
  assert_ok(cm_matrix_transposed(v, &vt, NULL));
  assert_ok(cm_mul(u, vt, NULL, &uv, NULL));
  assert_ok(cm_matrix_binary(CM_ADD, a, uv, &sum, NULL));
  RELEASE(vt, uv);
  return sum;
}

/* That lu answers as the matrix a does. */
static void assert_factors(const cm_lu *lu, cm_matrix *a, double tol) {
  size_t n = cm_matrix_rows(a);
  double sign, log_abs, det;
  cm_matrix *b = random_matrix(n, 2, 77), *x, *back, *at, *one, *inv;
  assert_ok(cm_matrix_identity(n, &one, NULL));
  assert_ok(cm_matrix_transposed(a, &at, NULL));
  assert_ok(cm_lu_solve(lu, b, false, NULL, &x, NULL));
  assert_ok(cm_mul(a, x, NULL, &back, NULL));
  assert_same_matrix(back, b, tol);
  RELEASE(x, back);
  assert_ok(cm_lu_solve(lu, b, true, NULL, &x, NULL));
  assert_ok(cm_mul(at, x, NULL, &back, NULL));
  assert_same_matrix(back, b, tol);
  RELEASE(x, back);
  assert_ok(cm_lu_inverse(lu, NULL, &inv, NULL));
  assert_ok(cm_mul(inv, a, NULL, &back, NULL));
  assert_same_matrix(back, one, tol);
  assert_ok(cm_lu_det(lu, &sign, &log_abs, NULL));
  assert_ok(cm_det(a, NULL, &det, NULL));
  assert_double_equal(sign * exp(log_abs) / det, 1.0, tol);
  RELEASE(b, back, at, one, inv);
}

static void an_update_answers_as_the_changed_matrix_and_again(void **state) {
  (void)state;
  cm_matrix *a = random_matrix(30, 30, 10), *u = random_matrix(30, 2, 11),
            *v = random_matrix(30, 2, 12), *u2 = random_matrix(30, 1, 13),
            *v2 = random_matrix(30, 1, 14);
  cm_lu *lu = lu_of(a), *once, *twice;
  assert_ok(cm_lu_update(lu, u, v, NULL, &once, NULL));
  cm_lu_release(lu); /* the update keeps what it needs */
  cm_matrix *b = changed(a, u, v), *c = changed(b, u2, v2);
  assert_factors(once, b, 1e-10);
  assert_ok(cm_lu_update(once, u2, v2, NULL, &twice, NULL));
  cm_lu_release(once);
  assert_int_equal(cm_lu_order(twice), 30);
  assert_factors(twice, c, 1e-10);
  double rcond;
  assert_ok(cm_rcond(c, NULL, &rcond, NULL));
  assert_true(cm_lu_rcond(twice) <= rcond * 1.0001); /* its norm is an upper bound */
  assert_true(cm_lu_rcond(twice) > rcond / 100);
  cm_lu_release(twice);
  RELEASE(a, u, v, u2, v2, b, c);
}

static void an_update_to_singularity_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *one = matrix(2, 2, NUMBERS(1, 0, 0, 1)), *u = matrix(2, 1, NUMBERS(-1, 0)),
            *v = matrix(2, 1, NUMBERS(1, 0)), *near = matrix(2, 1, NUMBERS(1 - 1e-15, 0));
  cm_lu *lu = lu_of(one), *out = NULL;
  assert_status(cm_lu_update(lu, u, v, NULL, &out, &err), CM_ILL_CONDITIONED); /* det = 0 */
  assert_status(cm_lu_update(lu, u, near, NULL, &out, &err), CM_ILL_CONDITIONED);
  assert_true(err.value < CM_RCOND_MIN);
  assert_null(out);
  cm_lu_release(lu);
  RELEASE(one, u, v, near);
}

static void an_update_must_fit(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *one = labelled(matrix(2, 2, NUMBERS(1, 0, 0, 1)), CM_ROWS, LABELS("a", "b"));
  cm_matrix *u = labelled(matrix(2, 1, NUMBERS(0, 1)), CM_ROWS, LABELS("b", "a")),
            *v = matrix(2, 1, NUMBERS(0, 3)), *two = matrix(2, 2, NUMBERS(1, 2, 3, 4)),
            *bad = matrix(2, 1, NUMBERS(1, NAN)),
            *other = labelled(matrix(2, 1, NUMBERS(0, 1)), CM_ROWS, LABELS("b", "c")), *inv;
  cm_lu *lu = lu_of(one), *out = NULL;
  assert_status(cm_lu_update(lu, u, two, NULL, &out, &err), CM_SHAPE);
  assert_non_null(strstr(err.message, "2 x 1 and 2 x 2"));
  assert_status(cm_lu_update(lu, u, bad, NULL, &out, &err), CM_NOT_FINITE);
  assert_status(cm_lu_update(lu, other, v, NULL, &out, &err), CM_LABELS);
  assert_null(out);
  /* u is (1, 0) in the order a, b: the matrix becomes [1 3; 0 1] */
  assert_ok(cm_lu_update(lu, u, v, NULL, &out, NULL));
  assert_ok(cm_lu_inverse(out, NULL, &inv, NULL));
  assert_matrix(inv, 2, 2, NUMBERS(1, -3, 0, 1), 1e-15);
  cm_lu_release(lu);
  cm_lu_release(out);
  RELEASE(one, u, v, two, bad, other, inv);
}

/* ---- jobs and memory ------------------------------------------------------------- */

static void the_budget_is_asked_and_cancelling_works(void **state) {
  (void)state;
  cm_error err;
  atomic_bool cancel = false;
  cm_job small = {.memory = 1000}, stopped = {.cancel = &cancel}, one = {.threads = 1};
  cm_matrix *a = random_matrix(20, 20, 6), *out = NULL;
  cm_lu *lu = NULL;
  assert_status(cm_lu_new(a, &small, &lu, &err), CM_BUDGET);
  assert_non_null(strstr(err.message, "3.2 kB")); /* 20 x 20 x 8 bytes */
  assert_ok(cm_lu_new(a, &one, &lu, &err));
  assert_status(cm_lu_inverse(lu, &small, &out, &err), CM_BUDGET);
  assert_status(cm_lu_solve(lu, a, false, &small, &out, &err), CM_BUDGET);
  atomic_store(&cancel, true);
  assert_status(cm_lu_solve(lu, a, false, &stopped, &out, &err), CM_CANCELLED);
  assert_status(cm_lu_inverse(lu, &stopped, &out, &err), CM_CANCELLED);
  assert_status(cm_inverse(a, &stopped, &out, &err), CM_CANCELLED);
  assert_null(out);
  cm_lu_release(lu);
  cm_matrix_release(a);
}

static cm_status everything(void *ud) {
  cm_matrix *const *m = ud, *x = NULL, *y = NULL, *z = NULL;
  cm_lu *lu = NULL, *updated = NULL;
  double det;
  cm_status status;
  CM__TRY(cm_lu_new(m[0], NULL, &lu, NULL));
  CM__TRY(cm_lu_update(lu, m[1], m[1], NULL, &updated, NULL));
  CM__TRY(cm_lu_solve(updated, m[1], true, NULL, &x, NULL));
  CM__TRY(cm_lu_inverse(updated, NULL, &y, NULL));
  CM__TRY(cm_inverse(m[0], NULL, &z, NULL));
  CM__TRY(cm_det(m[0], NULL, &det, NULL));
  CM__TRY(cm_rcond(m[0], NULL, &det, NULL));
done:
  cm_lu_release(lu);
  cm_lu_release(updated);
  RELEASE(x, y, z);
  return status;
}

static void factors_survive_failing_allocations(void **state) {
  (void)state;
  cm_matrix *m[] = {random_matrix(5, 5, 8), random_matrix(5, 2, 9)};
  survives_failing_allocations(everything, m);
  RELEASE(m[0], m[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_system_is_solved_both_ways),
      cmocka_unit_test(storage_does_not_matter),
      cmocka_unit_test(a_matrix_times_its_inverse_is_the_identity),
      cmocka_unit_test(a_one_call_inverse_takes_one_matrix_of_memory),
      cmocka_unit_test(determinants_by_hand),
      cmocka_unit_test(a_determinant_beyond_doubles_has_a_logarithm),
      cmocka_unit_test(the_condition_is_estimated),
      cmocka_unit_test(singular_and_nearly_singular_are_refused_with_figures),
      cmocka_unit_test(what_is_not_square_not_finite_or_does_not_fit_is_refused),
      cmocka_unit_test(finite_numbers_whose_sum_overflows_are_not_called_infinite),
      cmocka_unit_test(orders_zero_and_one_work),
      cmocka_unit_test(labels_follow_through_a_system),
      cmocka_unit_test(an_update_answers_as_the_changed_matrix_and_again),
      cmocka_unit_test(an_update_to_singularity_is_refused),
      cmocka_unit_test(an_update_must_fit),
      cmocka_unit_test(the_budget_is_asked_and_cancelling_works),
      cmocka_unit_test(factors_survive_failing_allocations),
  };
  return run(tests);
}
