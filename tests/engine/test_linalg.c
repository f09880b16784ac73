/* Products and decompositions. Numbers are identities (a decomposition gives
 * its matrix back) or small cases worked by hand. */
#include "support.h"

#include "matrices.h"
#include "matrix/internal.h"

/* ---- products ------------------------------------------------------------------ */

static void a_product_by_hand(void **state) {
  (void)state;
  cm_matrix *a = matrix(2, 3, NUMBERS(1, 2, 3, 4, 5, 6)), *p;
  cm_matrix *b = matrix(3, 2, NUMBERS(7, 8, 9, 10, 11, 12));
  assert_ok(cm_mul(a, b, NULL, &p, NULL));
  assert_matrix(p, 2, 2, NUMBERS(58, 64, 139, 154), 0);
  RELEASE(a, b, p);
}

static double dot(const cm_matrix *a, size_t i, const cm_matrix *b, size_t j) {
  double sum = 0;
  for (size_t k = 0; k < cm_matrix_cols(a); k++)
    sum += cm_matrix_at(a, i, k) * cm_matrix_at(b, k, j);
  return sum;
}

static void products_of_every_shape_and_storage_agree_with_the_definition(void **state) {
  (void)state;
  const size_t shapes[][3] = {{1, 1, 1}, {5, 7, 3}, {1, 9, 4},   {6, 9, 1},
                              {1, 8, 1}, {4, 1, 5}, {70, 40, 33}};
  for (size_t s = 0; s < COUNT(shapes); s++) {
    size_t m = shapes[s][0], k = shapes[s][1], n = shapes[s][2];
    cm_matrix *a = random_matrix(m, k, 1), *b = random_matrix(k, n, 2);
    cm_matrix *left[] = {a, awkward(a)}, *right[] = {b, awkward(b)}, *p;
    for (size_t v = 0; v < 4; v++) {
      assert_ok(cm_mul(left[v / 2], right[v % 2], NULL, &p, NULL));
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
          assert_double_equal(cm_matrix_at(p, i, j), dot(a, i, b, j), 1e-13);
      cm_matrix_release(p);
    }
    RELEASE(left[0], left[1], right[0], right[1]);
  }
}

static void empty_products_are_zero(void **state) {
  (void)state;
  cm_matrix *a = matrix(2, 0, NULL), *b = matrix(0, 3, NULL), *c = matrix(0, 2, NULL), *p;
  assert_ok(cm_mul(a, b, NULL, &p, NULL));
  assert_matrix(p, 2, 3, NUMBERS(0, 0, 0, 0, 0, 0), 0);
  cm_matrix_release(p);
  assert_ok(cm_mul(c, a, NULL, &p, NULL));
  assert_int_equal(cm_matrix_rows(p), 0);
  RELEASE(a, b, c, p);
}

static void a_product_aligns_its_inner_sides(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *a = labelled(labelled(matrix(1, 2, NUMBERS(1, 2)), CM_ROWS, LABELS("r")), CM_COLS,
                          LABELS("x", "y"));
  cm_matrix *b = labelled(labelled(matrix(2, 1, NUMBERS(10, 3)), CM_ROWS, LABELS("y", "x")),
                          CM_COLS, LABELS("c"));
  cm_matrix *p, *bad = NULL,
                *other = labelled(matrix(2, 1, NUMBERS(1, 2)), CM_ROWS, LABELS("x", "z"));
  assert_ok(cm_mul(a, b, NULL, &p, NULL)); /* 1 * 3 + 2 * 10 */
  assert_matrix(p, 1, 1, NUMBERS(23), 0);
  assert_label(p, CM_ROWS, 0, "r");
  assert_label(p, CM_COLS, 0, "c");
  assert_status(cm_mul(a, other, NULL, &bad, &err), CM_LABELS);
  assert_non_null(strstr(err.message, "inner sides of a product"));
  assert_status(cm_mul(b, b, NULL, &bad, &err), CM_SHAPE);
  assert_string_equal(err.message, "a 2 x 1 matrix times a 2 x 1 one");
  assert_null(bad);
  RELEASE(a, b, p, other);
}

/* Even where the other factor is zero: a BLAS that skips zeros would hide it. */
static void a_factor_that_is_not_finite_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *p = NULL, *huge = matrix(1, 1, NUMBERS(1e200));
  for (size_t n = 1; n <= 40; n += 13) {
    cm_matrix *zero, *bad = random_matrix(n, n, 3);
    assert_ok(cm_matrix_new(n, n, &zero, NULL));
    assert_ok(cm_matrix_set(bad, n - 1, n / 2, NAN, NULL));
    assert_status(cm_mul(zero, bad, NULL, &p, &err), CM_NOT_FINITE);
    assert_non_null(strstr(err.message, "right factor"));
    assert_status(cm_mul(bad, zero, NULL, &p, &err), CM_NOT_FINITE);
    assert_non_null(strstr(err.message, "left factor"));
    assert_int_equal(err.row, n);
    assert_int_equal(err.col, n / 2 + 1);
    RELEASE(zero, bad);
  }
  assert_status(cm_mul(huge, huge, NULL, &p, &err), CM_NOT_FINITE);
  assert_non_null(strstr(err.message, "product of finite factors"));
  assert_null(p);
  cm_matrix_release(huge);
}

/* ---- Cholesky and least squares ---------------------------------------------------- */

static void cholesky_by_hand(void **state) {
  (void)state;
  cm_error err;
  /* [4 2; 2 5] = [2 0; 1 2] [2 1; 0 2]; the upper triangle is not read */
  cm_matrix *a = labelled(matrix(2, 2, NUMBERS(4, NAN, 2, 5)), CM_ROWS, LABELS("a", "b")), *l;
  cm_matrix *bad = matrix(2, 2, NUMBERS(1, 2, 2, 1)), *wide = matrix(1, 2, NUMBERS(1, 2)),
            *nan = matrix(2, 2, NUMBERS(1, 0, NAN, 1)), *none = NULL;
  assert_ok(cm_cholesky(a, NULL, &l, NULL));
  assert_matrix(l, 2, 2, NUMBERS(2, 0, 1, 2), 1e-15);
  assert_label(l, CM_ROWS, 1, "b");
  assert_status(cm_cholesky(bad, NULL, &none, &err), CM_NOT_DEFINITE); /* eigenvalue -1 */
  assert_non_null(strstr(err.message, "leading 2 x 2"));
  assert_status(cm_cholesky(wide, NULL, &none, &err), CM_SHAPE);
  assert_status(cm_cholesky(nan, NULL, &none, &err), CM_NOT_FINITE);
  assert_null(none);
  RELEASE(a, l, bad, wide, nan);
}

static void a_line_through_points_by_hand(void **state) {
  (void)state;
  cm_error err;
  size_t rank;
  /* y = c + d t at t = 0, 1, 2 with y = 1, 0, 2: normal equations give
   * d = 3/6, c = 1 - 1/2 (mean of y less d times mean of t). */
  cm_matrix *a = labelled(matrix(3, 2, NUMBERS(1, 0, 1, 1, 1, 2)), CM_COLS, LABELS("c", "d"));
  cm_matrix *y = matrix(3, 1, NUMBERS(1, 0, 2)), *x, *bad = NULL,
            *two = matrix(2, 1, NUMBERS(1, 2));
  assert_ok(cm_lstsq(a, y, NULL, &x, &rank, NULL));
  assert_matrix(x, 2, 1, NUMBERS(.5, .5), 1e-14);
  assert_label(x, CM_ROWS, 1, "d");
  assert_int_equal(rank, 2);
  assert_status(cm_lstsq(a, two, NULL, &bad, NULL, &err), CM_SHAPE);
  assert_null(bad);
  RELEASE(a, y, x, two);
}

static void an_underdetermined_system_gives_the_shortest_solution(void **state) {
  (void)state;
  size_t rank = 9;
  cm_matrix *a = matrix(1, 2, NUMBERS(3, 4)), *b = matrix(1, 1, NUMBERS(25)), *x;
  assert_ok(cm_lstsq(a, b, NULL, &x, &rank, NULL));
  assert_matrix(x, 2, 1, NUMBERS(3, 4), 1e-14); /* along (3, 4): 9 + 16 = 25 */
  assert_int_equal(rank, 1);
  cm_matrix_release(x);
  cm_matrix *none = matrix(0, 2, NULL), *right = matrix(0, 1, NULL);
  assert_ok(cm_lstsq(none, right, NULL, &x, &rank, NULL));
  assert_matrix(x, 2, 1, NUMBERS(0, 0), 0);
  assert_int_equal(rank, 0);
  RELEASE(a, b, x, none, right);
}

/* ---- eigenvalues and singular values ------------------------------------------------- */

static void eigenvalues_by_hand(void **state) {
  (void)state;
  cm_error err;
  /* companion of x^3 - 6 x^2 + 11 x - 6 = (x - 1)(x - 2)(x - 3) */
  cm_matrix *a = matrix(3, 3, NUMBERS(6, -11, 6, 1, 0, 0, 0, 1, 0)), *w, *v, *av;
  assert_ok(cm_eig(a, NULL, &w, &v, NULL));
  assert_matrix(w, 3, 2, NUMBERS(3, 0, 2, 0, 1, 0), 1e-13);
  assert_ok(cm_mul(a, v, NULL, &av, NULL));
  for (size_t j = 0; j < 3; j++)
    for (size_t i = 0; i < 3; i++)
      assert_double_equal(cm_matrix_at(av, i, j), cm_matrix_at(w, j, 0) * cm_matrix_at(v, i, j),
                          1e-13);
  RELEASE(w, v, av, a);
  /* a quarter turn has i and -i; beside it -5, which comes first */
  a = matrix(3, 3, NUMBERS(0, -1, 0, 1, 0, 0, 0, 0, -5));
  assert_ok(cm_eig(a, NULL, &w, NULL, NULL));
  assert_matrix(w, 3, 2, NUMBERS(-5, 0, 0, 1, 0, -1), 1e-14);
  cm_matrix *wide = matrix(1, 2, NUMBERS(1, 2)), *nan = matrix(1, 1, NUMBERS(NAN)), *none = NULL;
  assert_status(cm_eig(wide, NULL, &none, NULL, &err), CM_SHAPE);
  assert_status(cm_eig(nan, NULL, &none, NULL, &err), CM_NOT_FINITE);
  assert_null(none);
  RELEASE(a, w, wide, nan);
}

static void symmetric_eigenvectors_give_the_matrix_back(void **state) {
  (void)state;
  cm_matrix *r = random_matrix(25, 25, 5), *rt, *a, *w, *v, *vt, *d, *vd, *back, *alone;
  assert_ok(cm_matrix_transposed(r, &rt, NULL));
  assert_ok(cm_matrix_binary(CM_ADD, r, rt, &a, NULL));
  assert_ok(cm_eigsym(a, NULL, &w, &v, NULL));
  for (size_t i = 1; i < 25; i++) assert_true(cm_matrix_at(w, i - 1, 0) >= cm_matrix_at(w, i, 0));
  assert_ok(cm_matrix_diagonal(w, &d, NULL));
  assert_ok(cm_matrix_transposed(v, &vt, NULL));
  assert_ok(cm_mul(v, d, NULL, &vd, NULL));
  assert_ok(cm_mul(vd, vt, NULL, &back, NULL));
  assert_same_matrix(back, a, 1e-12);
  assert_ok(cm_eigsym(a, NULL, &alone, NULL, NULL));
  assert_same_matrix(alone, w, 1e-12);
  RELEASE(r, rt, a, w, v, vt, d, vd, back, alone);
}

static void singular_vectors_give_the_matrix_back(void **state) {
  (void)state;
  cm_error err;
  const size_t shapes[][2] = {{9, 4}, {4, 9}, {5, 5}, {1, 1}, {3, 0}};
  for (size_t k = 0; k < COUNT(shapes); k++) {
    cm_matrix *a = random_matrix(shapes[k][0], shapes[k][1], 6), *u, *s, *vt, *d, *us, *back;
    assert_ok(cm_svd(a, NULL, &u, &s, &vt, NULL));
    assert_ok(cm_matrix_diagonal(s, &d, NULL));
    assert_ok(cm_mul(u, d, NULL, &us, NULL));
    assert_ok(cm_mul(us, vt, NULL, &back, NULL));
    assert_same_matrix(back, a, 1e-13);
    for (size_t i = 1; i < cm_matrix_rows(s); i++)
      assert_true(cm_matrix_at(s, i - 1, 0) >= cm_matrix_at(s, i, 0));
    RELEASE(a, u, s, vt, d, us, back);
  }
  cm_matrix *a = matrix(1, 2, NUMBERS(3, 4)), *s = NULL, *u = NULL;
  assert_status(cm_svd(a, NULL, &u, &s, NULL, &err), CM_INVALID);
  assert_null(s);
  assert_ok(cm_svd(a, NULL, NULL, &s, NULL, NULL));
  assert_matrix(s, 1, 1, NUMBERS(5), 1e-15);
  RELEASE(a, s);
}

static void nothing_decomposes_into_nothing(void **state) {
  (void)state;
  cm_matrix *none = matrix(0, 0, NULL), *l, *w, *v, *ws, *vs;
  assert_ok(cm_cholesky(none, NULL, &l, NULL));
  assert_ok(cm_eig(none, NULL, &w, &v, NULL));
  assert_ok(cm_eigsym(none, NULL, &ws, &vs, NULL));
  assert_int_equal(cm_matrix_rows(l) + cm_matrix_rows(w) + cm_matrix_rows(v), 0);
  assert_int_equal(cm_matrix_rows(ws) + cm_matrix_cols(vs), 0);
  RELEASE(none, l, w, v, ws, vs);
}

static void norms_by_hand(void **state) {
  (void)state;
  cm_error err;
  double x = 0;
  const struct {
    cm_norm_kind kind;
    double want;
  } cases[] = {{CM_NORM_1, 8},
               {CM_NORM_INF, 7},
               {CM_NORM_FRO, 7.0710678118654755}, /* sqrt 50 */
               {CM_NORM_2, 6.3245553203367587}};  /* A A' = [25 15; 15 25]: eigenvalues 40, 10 */
  cm_matrix *a = matrix(2, 2, NUMBERS(3, 4, 5, 0)), *odd = awkward(a), *none = matrix(0, 3, NULL);
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_ok(cm_norm(a, cases[i].kind, NULL, &x, NULL));
    assert_double_equal(x, cases[i].want, 1e-15);
    assert_ok(cm_norm(odd, cases[i].kind, NULL, &x, NULL));
    assert_double_equal(x, cases[i].want, 1e-15);
    assert_ok(cm_norm(none, cases[i].kind, NULL, &x, NULL));
    assert_double_equal(x, 0, 0);
  }
  cm_matrix *huge = matrix(1, 2, NUMBERS(3e200, 4e200)), *nan = matrix(1, 1, NUMBERS(NAN));
  assert_ok(cm_norm(huge, CM_NORM_FRO, NULL, &x, NULL));
  assert_double_equal(x / 5e200, 1, 1e-15);
  assert_status(cm_norm(nan, CM_NORM_FRO, NULL, &x, &err), CM_NOT_FINITE);
  assert_status(cm_norm(a, (cm_norm_kind)9, NULL, &x, &err), CM_INVALID);
  RELEASE(a, odd, none, huge, nan);
}

/* ---- jobs and memory -------------------------------------------------------------------- */

static void every_call_asks_and_can_be_stopped(void **state) {
  (void)state;
  cm_error err;
  atomic_bool cancel = true;
  cm_job small = {.memory = 100}, stopped = {.cancel = &cancel};
  cm_matrix *a = random_matrix(9, 9, 7), *x = NULL;
  const cm_job *jobs[] = {&small, &stopped};
  const cm_status want[] = {CM_BUDGET, CM_CANCELLED};
  for (size_t i = 0; i < 2; i++) {
    assert_status(cm_mul(a, a, jobs[i], &x, &err), want[i]);
    assert_status(cm_cholesky(a, jobs[i], &x, &err), want[i]);
    assert_status(cm_lstsq(a, a, jobs[i], &x, NULL, &err), want[i]);
    assert_status(cm_eig(a, jobs[i], &x, NULL, &err), want[i]);
    assert_status(cm_eigsym(a, jobs[i], &x, NULL, &err), want[i]);
    assert_status(cm_svd(a, jobs[i], NULL, &x, NULL, &err), want[i]);
  }
  assert_null(x);
  cm_matrix_release(a);
}

static void a_jobs_threads_hold_for_its_call_only(void **state) {
  (void)state;
  cm_job one = {.threads = 1};
  int before = cm__threads_enter(NULL);
  assert_int_equal(cm__threads_enter(&one), before);
  assert_int_equal(cm__threads_enter(NULL), 1);
  cm__threads_leave(before);
  assert_int_equal(cm__threads_enter(NULL), before);
}

static cm_status everything(void *ud) {
  cm_matrix *const *m = ud, *r[9] = {NULL};
  cm_status status;
  CM__TRY(cm_mul(m[0], m[1], NULL, &r[0], NULL));
  CM__TRY(cm_cholesky(m[1], NULL, &r[1], NULL));
  CM__TRY(cm_lstsq(m[0], m[0], NULL, &r[2], NULL, NULL));
  CM__TRY(cm_eig(m[1], NULL, &r[3], &r[4], NULL));
  CM__TRY(cm_eigsym(m[1], NULL, &r[5], NULL, NULL));
  CM__TRY(cm_svd(m[0], NULL, &r[6], &r[7], &r[8], NULL));
done:
  release_all(r, COUNT(r));
  return status;
}

static void decompositions_survive_failing_allocations(void **state) {
  (void)state;
  cm_matrix *m[] = {random_matrix(3, 2, 8), matrix(2, 2, NUMBERS(2, 1, 1, 2))};
  survives_failing_allocations(everything, m);
  RELEASE(m[0], m[1]);
}

/* Columns of lengths 5 and, beyond the first, 2: r is unique, q orthonormal. */
static void qr_takes_columns_in_their_order(void **state) {
  (void)state;
  cm_matrix *a = labelled(matrix(3, 2, NUMBERS(3, 6, 0, -2, 4, 8)), CM_COLS, LABELS("x", "y"));
  cm_matrix *q, *r, *back, *turned, *wide = matrix(1, 2, NUMBERS(1, 2));
  assert_ok(cm_qr(a, NULL, &q, &r, NULL));
  assert_matrix(r, 2, 2, NUMBERS(5, 10, 0, 2), 1e-14);
  assert_matrix(q, 3, 2, NUMBERS(0.6, 0, 0, -1, 0.8, 0), 1e-14);
  assert_label(r, CM_COLS, 1, "y");
  assert_ok(cm_mul(q, r, NULL, &back, NULL));
  assert_same_matrix(back, a, 1e-14);
  cm_matrix_release(r);
  cm_matrix_release(q);
  q = NULL;
  assert_status(cm_qr(wide, NULL, &q, &r, NULL), CM_SHAPE);
  assert_ok(cm_matrix_transposed(wide, &turned, NULL)); /* a view stored by rows */
  assert_ok(cm_qr(turned, NULL, &q, &r, NULL));
  assert_matrix(r, 1, 1, NUMBERS(sqrt(5.0)), 1e-15);
  cm_matrix *all[] = {a, q, r, back, turned, wide};
  for (size_t i = 0; i < COUNT(all); i++) cm_matrix_release(all[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(qr_takes_columns_in_their_order),
      cmocka_unit_test(a_product_by_hand),
      cmocka_unit_test(products_of_every_shape_and_storage_agree_with_the_definition),
      cmocka_unit_test(empty_products_are_zero),
      cmocka_unit_test(a_product_aligns_its_inner_sides),
      cmocka_unit_test(a_factor_that_is_not_finite_is_refused),
      cmocka_unit_test(cholesky_by_hand),
      cmocka_unit_test(a_line_through_points_by_hand),
      cmocka_unit_test(an_underdetermined_system_gives_the_shortest_solution),
      cmocka_unit_test(eigenvalues_by_hand),
      cmocka_unit_test(symmetric_eigenvectors_give_the_matrix_back),
      cmocka_unit_test(singular_vectors_give_the_matrix_back),
      cmocka_unit_test(nothing_decomposes_into_nothing),
      cmocka_unit_test(norms_by_hand),
      cmocka_unit_test(every_call_asks_and_can_be_stopped),
      cmocka_unit_test(a_jobs_threads_hold_for_its_call_only),
      cmocka_unit_test(decompositions_survive_failing_allocations),
  };
  return run(tests);
}
