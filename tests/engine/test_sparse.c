/* Sparse matrices: making, reading, arithmetic, against dense sums and hand-made cases. */
#include "support.h"

#include "base/internal.h"
#include "random_sparse.h"

static const char *const firms[] = {"farm", "mill", "shop"};

/*     farm mill shop
 * farm  0    2    0
 * mill  0    0.5  3    */
static cm_sparse *small(void) {
  const size_t i[] = {1, 0, 1, 1}, j[] = {2, 1, 1, 2};
  const double value[] = {1, 2, 0.5, 2};
  cm_sparse *s = NULL;
  assert_ok(cm_sparse_new(2, 3, 4, i, j, value, &s, NULL));
  return s;
}

static void assert_dense(const cm_sparse *s, const double *by_row) {
  for (size_t i = 0; i < cm_sparse_rows(s); i++)
    for (size_t j = 0; j < cm_sparse_cols(s); j++) {
      double x = -1;
      assert_ok(cm_sparse_get(s, i, j, &x, NULL));
      assert_double_equal(x, by_row[i * cm_sparse_cols(s) + j], 0);
    }
}

static void triplets_of_one_place_are_added_up(void **state) {
  (void)state;
  cm_sparse *s = small();
  assert_int_equal(cm_sparse_rows(s), 2);
  assert_int_equal(cm_sparse_cols(s), 3);
  assert_int_equal(cm_sparse_nnz(s), 3);
  assert_dense(s, (double[]){0, 2, 0, 0, 0.5, 3});
  cm_sparse *again = cm_sparse_retain(s);
  cm_sparse_release(s);
  assert_dense(again, (double[]){0, 2, 0, 0, 0.5, 3});
  cm_sparse_release(again);
  cm_sparse_release(NULL);
}

static void triplets_outside_or_not_finite_are_named(void **state) {
  (void)state;
  cm_sparse *s = NULL;
  cm_error err;
  const size_t i[] = {0, 2}, j[] = {0, 1};
  assert_status(cm_sparse_new(2, 2, 2, i, j, (double[]){1, 1}, &s, &err), CM_RANGE);
  assert_int_equal(err.row, 3);
  assert_int_equal(err.col, 2);
  assert_non_null(strstr(err.message, "triplet 2"));
  assert_status(cm_sparse_new(3, 2, 2, i, j, (double[]){1, NAN}, &s, &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 3);
  const size_t one[] = {0, 0};
  assert_status(cm_sparse_new(1, 1, 2, one, one, (double[]){1e308, 1e308}, &s, &err),
                CM_NOT_FINITE);
  assert_status(cm_sparse_new((size_t)INT_MAX + 1, 1, 0, NULL, NULL, NULL, &s, &err), CM_OVERFLOW);
  assert_null(s);
}

static void a_place_outside_is_refused(void **state) {
  (void)state;
  cm_sparse *s = small();
  cm_error err;
  double x = 7;
  assert_status(cm_sparse_get(s, 2, 0, &x, &err), CM_RANGE);
  assert_int_equal(err.row, 3);
  assert_double_equal(x, 7, 0);
  cm_sparse_release(s);
}

static void an_empty_matrix_is_a_matrix(void **state) {
  (void)state;
  cm_sparse *s = NULL, *t = NULL;
  cm_matrix *b = NULL, *y = NULL;
  assert_ok(cm_sparse_new(0, 3, 0, NULL, NULL, NULL, &s, NULL));
  assert_ok(cm_sparse_transpose(s, &t, NULL));
  assert_int_equal(cm_sparse_rows(t), 3);
  assert_ok(cm_matrix_new(0, 2, &b, NULL));
  assert_ok(cm_sparse_mul(t, false, b, NULL, &y, NULL));
  assert_int_equal(cm_matrix_rows(y), 3);
  assert_double_equal(cm_matrix_sum(y), 0, 0);
  cm_matrix_release(b);
  cm_matrix_release(y);
  cm_sparse_release(s);
  cm_sparse_release(t);
}

static void dense_and_back_drops_what_is_small(void **state) {
  (void)state;
  cm_matrix *m = NULL, *back = NULL;
  cm_sparse *all = NULL, *some = NULL;
  cm_error err;
  assert_ok(cm_matrix_from((double[]){1, 0, -0.01, 3}, 2, 2, 2, &m, NULL));
  assert_ok(cm_sparse_from_matrix(m, 0, &all, NULL));
  assert_int_equal(cm_sparse_nnz(all), 3);
  assert_ok(cm_sparse_to_matrix(all, &back, NULL));
  assert_matrix_near(back, m, 0);
  assert_ok(cm_sparse_from_matrix(m, 0.01, &some, NULL));
  assert_int_equal(cm_sparse_nnz(some), 2);
  cm_sparse *out = NULL;
  assert_status(cm_sparse_from_matrix(m, -1, &out, &err), CM_INVALID);
  assert_ok(cm_matrix_set(m, 1, 0, NAN, NULL));
  assert_status(cm_sparse_from_matrix(m, 0, &out, &err), CM_NOT_FINITE);
  assert_null(out);
  cm_matrix_release(m);
  cm_matrix_release(back);
  cm_sparse_release(all);
  cm_sparse_release(some);
}

/* op(s) b by its definition, element by element. */
static cm_matrix *plain_product(const cm_sparse *s, bool transposed, const cm_matrix *b) {
  size_t rows = transposed ? cm_sparse_cols(s) : cm_sparse_rows(s);
  cm_matrix *y = NULL;
  assert_ok(cm_matrix_new(rows, cm_matrix_cols(b), &y, NULL));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cm_matrix_cols(b); j++) {
      double sum = 0.0, x = 0.0;
      for (size_t k = 0; k < cm_matrix_rows(b); k++) {
        assert_ok(cm_sparse_get(s, transposed ? k : i, transposed ? i : k, &x, NULL));
        sum += x * cm_matrix_at(b, k, j);
      }
      assert_ok(cm_matrix_set(y, i, j, sum, NULL));
    }
  return y;
}

static void products_equal_their_definition(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 5; seed++) {
    cm_sparse *s = random_sparse(17, 11, 60, seed), *t = NULL;
    cm_matrix *b = random_matrix(11, 3, seed), *c = random_matrix(3, 17, seed + 9), *ct = NULL;
    cm_matrix *y = NULL, *z = NULL, *w = NULL;
    assert_ok(cm_matrix_transposed(c, &ct, NULL)); /* a view whose rows lie apart */
    assert_ok(cm_sparse_mul(s, false, b, NULL, &y, NULL));
    assert_ok(cm_sparse_mul(s, true, ct, NULL, &z, NULL));
    assert_ok(cm_sparse_transpose(s, &t, NULL));
    assert_ok(cm_sparse_mul(t, false, ct, NULL, &w, NULL));
    cm_matrix *plain = plain_product(s, false, b), *plain_t = plain_product(s, true, ct);
    assert_matrix_near(y, plain, 1e-15);
    assert_matrix_near(z, plain_t, 1e-15);
    assert_matrix_near(w, plain_t, 1e-15);
    cm_sparse_release(s);
    cm_sparse_release(t);
    cm_matrix *made[] = {b, c, ct, y, z, w, plain, plain_t};
    for (size_t k = 0; k < sizeof made / sizeof *made; k++) cm_matrix_release(made[k]);
  }
}

static void a_product_that_does_not_fit_names_both_shapes(void **state) {
  (void)state;
  cm_sparse *s = small();
  cm_matrix *b = random_matrix(2, 2, 1), *y = NULL;
  cm_error err;
  assert_status(cm_sparse_mul(s, false, b, NULL, &y, &err), CM_SHAPE);
  assert_non_null(strstr(err.message, "2 x 3 times 2 x 2"));
  assert_ok(cm_sparse_mul(s, true, b, NULL, &y, &err));
  cm_matrix_release(y);
  cm_matrix_release(b);
  cm_sparse_release(s);
}

static void the_transpose_of_the_transpose_is_the_same(void **state) {
  (void)state;
  cm_sparse *s = random_sparse(9, 14, 40, 3), *t = NULL, *u = NULL;
  cm_matrix *a = NULL, *b = NULL;
  assert_ok(cm_sparse_transpose(s, &t, NULL));
  assert_ok(cm_sparse_transpose(t, &u, NULL));
  assert_ok(cm_sparse_to_matrix(s, &a, NULL));
  assert_ok(cm_sparse_to_matrix(u, &b, NULL));
  assert_matrix_near(a, b, 0);
  assert_int_equal(cm_sparse_nnz(s), cm_sparse_nnz(u));
  cm_matrix_release(a);
  cm_matrix_release(b);
  cm_sparse_release(s);
  cm_sparse_release(t);
  cm_sparse_release(u);
}

static void rows_and_columns_are_scaled(void **state) {
  (void)state;
  cm_sparse *s = small(), *t = NULL;
  cm_matrix *two = NULL, *three = NULL;
  cm_error err;
  assert_ok(cm_matrix_from((double[]){10, 100}, 2, 1, 2, &two, NULL));
  assert_ok(cm_matrix_from((double[]){1, 2, 4}, 1, 3, 1, &three, NULL));
  assert_ok(cm_sparse_scale(s, CM_ROWS, two, &t, NULL));
  assert_dense(t, (double[]){0, 20, 0, 0, 50, 300});
  cm_sparse_release(t);
  assert_ok(cm_sparse_scale(s, CM_COLS, three, &t, NULL));
  assert_dense(t, (double[]){0, 4, 0, 0, 1, 12});
  cm_sparse_release(t);
  assert_status(cm_sparse_scale(s, CM_ROWS, three, &t, &err), CM_SHAPE);
  assert_ok(cm_matrix_set(two, 0, 0, INFINITY, NULL));
  assert_status(cm_sparse_scale(s, CM_ROWS, two, &t, &err), CM_NOT_FINITE);
  cm_matrix_release(two);
  cm_matrix_release(three);
  cm_sparse_release(s);
}

static void identity_minus_holds_the_whole_diagonal(void **state) {
  (void)state;
  const size_t i[] = {2, 0, 1}, j[] = {0, 1, 1};
  cm_sparse *s = NULL, *t = NULL, *wide = small();
  cm_error err;
  assert_ok(cm_sparse_new(3, 3, 3, i, j, (double[]){0.25, 0.5, 1}, &s, NULL));
  assert_ok(cm_sparse_identity_minus(s, &t, NULL));
  assert_dense(t, (double[]){1, -0.5, 0, 0, 0, 0, -0.25, 0, 1});
  assert_int_equal(cm_sparse_nnz(t), 5);
  cm_sparse_release(t);
  assert_status(cm_sparse_identity_minus(wide, &t, &err), CM_SHAPE);
  cm_sparse_release(s);
  cm_sparse_release(wide);
}

static void sums_run_over_the_side_named(void **state) {
  (void)state;
  cm_sparse *s = small();
  cm_matrix *m = NULL;
  assert_ok(cm_sparse_sum(s, CM_ROWS, &m, NULL));
  assert_int_equal(cm_matrix_rows(m), 1);
  assert_double_equal(cm_matrix_at(m, 0, 0), 0, 0);
  assert_double_equal(cm_matrix_at(m, 0, 1), 2.5, 0);
  assert_double_equal(cm_matrix_at(m, 0, 2), 3, 0);
  cm_matrix_release(m);
  assert_ok(cm_sparse_sum(s, CM_COLS, &m, NULL));
  assert_int_equal(cm_matrix_cols(m), 1);
  assert_double_equal(cm_matrix_at(m, 1, 0), 3.5, 0);
  cm_matrix_release(m);
  cm_sparse_release(s);
}

static cm_sparse *labelled(void) {
  cm_sparse *s = small();
  cm_axis *rows = NULL, *cols = NULL;
  assert_ok(cm_axis_new(firms, 2, &rows, NULL));
  assert_ok(cm_axis_new(firms, 3, &cols, NULL));
  assert_status(cm_sparse_axis_set(s, CM_ROWS, cols, NULL), CM_SHAPE);
  assert_ok(cm_sparse_axis_set(s, CM_ROWS, rows, NULL));
  assert_ok(cm_sparse_axis_set(s, CM_COLS, cols, NULL));
  cm_axis_release(rows);
  cm_axis_release(cols);
  return s;
}

static void labels_follow_and_align(void **state) {
  (void)state;
  static const char *const turned[] = {"shop", "farm", "mill"}, *const wrong[] = {"shop", "x", "y"};
  cm_sparse *s = labelled(), *t = NULL, *scaled = NULL;
  cm_matrix *b = NULL, *y = NULL;
  cm_axis *axis = NULL, *bad = NULL;
  cm_error err;
  assert_ok(cm_matrix_from((double[]){1, 10, 100}, 3, 1, 3, &b, NULL));
  assert_ok(cm_axis_new(turned, 3, &axis, NULL));
  assert_ok(cm_axis_new(wrong, 3, &bad, NULL));
  assert_ok(cm_matrix_axis_set(b, CM_ROWS, axis, NULL));
  assert_ok(cm_sparse_mul(s, false, b, NULL, &y, NULL)); /* farm 10, mill 100, shop 1 */
  assert_double_equal(cm_matrix_at(y, 0, 0), 200, 0);
  assert_double_equal(cm_matrix_at(y, 1, 0), 53, 0);
  assert_string_equal(cm_axis_label(cm_matrix_axis(y, CM_ROWS), 1), "mill");
  assert_ok(cm_sparse_scale(s, CM_COLS, b, &scaled, NULL));
  assert_dense(scaled, (double[]){0, 200, 0, 0, 50, 3});
  assert_ok(cm_sparse_transpose(s, &t, NULL));
  assert_string_equal(cm_axis_label(cm_sparse_axis(t, CM_ROWS), 2), "shop");
  cm_matrix_release(y);
  assert_ok(cm_matrix_axis_set(b, CM_ROWS, bad, NULL));
  assert_status(cm_sparse_mul(s, false, b, NULL, &y, &err), CM_LABELS);
  cm_axis_release(axis);
  cm_axis_release(bad);
  cm_matrix_release(b);
  cm_sparse_release(s);
  cm_sparse_release(t);
  cm_sparse_release(scaled);
}

static bool stop(void *ud, const char *what, double done, double total) {
  (void)ud;
  (void)what;
  return done < total / 2;
}

static void a_product_can_be_stopped(void **state) {
  (void)state;
  cm_sparse *s = small();
  cm_matrix *b = random_matrix(3, 4, 1), *y = NULL;
  cm_job job = {.progress = stop};
  assert_status(cm_sparse_mul(s, false, b, &job, &y, NULL), CM_CANCELLED);
  assert_null(y);
  cm_matrix_release(b);
  cm_sparse_release(s);
}

/* One of each operation, with labels; releases what it made. */
static cm_status everything(void *ud) {
  cm_sparse *given = ud, *made[5] = {NULL};
  const size_t at[] = {0, 1};
  cm_matrix *m[3] = {NULL};
  cm_status status;
  CM__TRY(cm_sparse_new(2, 2, 2, at, at, (double[]){1, 2}, &made[0], NULL));
  CM__TRY(cm_sparse_transpose(given, &made[1], NULL));
  CM__TRY(cm_sparse_to_matrix(given, &m[0], NULL));
  CM__TRY(cm_sparse_from_matrix(m[0], 0, &made[2], NULL));
  CM__TRY(cm_sparse_mul(given, true, m[0], NULL, &m[1], NULL));
  CM__TRY(cm_sparse_sum(made[0], CM_ROWS, &m[2], NULL));
  CM__TRY(cm_sparse_scale(made[0], CM_ROWS, m[2], &made[3], NULL));
  CM__TRY(cm_sparse_identity_minus(made[0], &made[4], NULL));
done:
  for (size_t k = 0; k < 5; k++) cm_sparse_release(made[k]);
  for (size_t k = 0; k < 3; k++) cm_matrix_release(m[k]);
  return status;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  cm_sparse *s = labelled();
  survives_failing_allocations(everything, s);
  cm_sparse_release(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(triplets_of_one_place_are_added_up),
      cmocka_unit_test(triplets_outside_or_not_finite_are_named),
      cmocka_unit_test(a_place_outside_is_refused),
      cmocka_unit_test(an_empty_matrix_is_a_matrix),
      cmocka_unit_test(dense_and_back_drops_what_is_small),
      cmocka_unit_test(products_equal_their_definition),
      cmocka_unit_test(a_product_that_does_not_fit_names_both_shapes),
      cmocka_unit_test(the_transpose_of_the_transpose_is_the_same),
      cmocka_unit_test(rows_and_columns_are_scaled),
      cmocka_unit_test(identity_minus_holds_the_whole_diagonal),
      cmocka_unit_test(sums_run_over_the_side_named),
      cmocka_unit_test(labels_follow_and_align),
      cmocka_unit_test(a_product_can_be_stopped),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
