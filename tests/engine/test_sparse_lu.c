/* Sparse LU: known systems, the dense factors, what cannot be solved, the bound on the fill. */
#include "support.h"

#include "matrix/sparse_internal.h"
#include "random_sparse.h"

/* Five-point Laplacian on a k x k grid. */
static cm_sparse *grid(size_t k) {
  size_t n = k * k, count = 0, *i = malloc(5 * n * sizeof *i), *j = malloc(5 * n * sizeof *j);
  double *value = malloc(5 * n * sizeof *value);
  cm_sparse *s = NULL;
  for (size_t c = 0; c < n; c++) {
    size_t near[] = {c, c - 1, c + 1, c - k, c + k};
    bool is[] = {true, c % k > 0, c % k + 1 < k, c >= k, c + k < n};
    for (size_t t = 0; t < 5; t++) {
      if (!is[t]) continue;
      i[count] = near[t];
      j[count] = c;
      value[count++] = t ? -1 : 4;
    }
  }
  assert_ok(cm_sparse_new(n, n, count, i, j, value, &s, NULL));
  free(i);
  free(j);
  free(value);
  return s;
}

static void a_small_system_is_solved_both_ways(void **state) {
  (void)state;
  /* 2 1 0     4      rows: 2x + y = 4, 3z = 9, x - z = -2  ->  1, 2, 3
   * 0 0 3  x  9
   * 1 0 -1   -2 */
  const size_t i[] = {0, 0, 1, 2, 2}, j[] = {0, 1, 2, 0, 2};
  cm_sparse *a = NULL;
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = NULL, *x = NULL;
  assert_ok(cm_sparse_new(3, 3, 5, i, j, (double[]){2, 1, 3, 1, -1}, &a, NULL));
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_int_equal(cm_sparse_lu_order(lu), 3);
  assert_ok(cm_matrix_from((double[]){4, 9, -2}, 3, 1, 3, &b, NULL));
  assert_ok(cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL));
  for (size_t k = 0; k < 3; k++) assert_double_equal(cm_matrix_at(x, k, 0), (double)(k + 1), 1e-15);
  cm_matrix_release(x);
  /* A' x = b with x = (1, 2, 3): columns (2, 0, 1), (1, 0, 0), (0, 3, -1) */
  cm_matrix_release(b);
  assert_ok(cm_matrix_from((double[]){5, 1, 3}, 3, 1, 3, &b, NULL));
  assert_ok(cm_sparse_lu_solve(lu, b, true, NULL, &x, NULL));
  for (size_t k = 0; k < 3; k++) assert_double_equal(cm_matrix_at(x, k, 0), (double)(k + 1), 1e-15);
  cm_matrix_release(x);
  cm_matrix_release(b);
  cm_sparse_release(a);
  cm_sparse_lu *again = cm_sparse_lu_retain(lu);
  cm_sparse_lu_release(lu);
  cm_sparse_lu_release(again);
  cm_sparse_lu_release(NULL);
}

static void factors_are_kept_and_solve_again(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 4; seed++) {
    cm_sparse *a = firm_network(300, 6, 0, seed);
    cm_sparse_lu *lu = NULL;
    cm_matrix *b = random_matrix(300, 5, seed + 20), *x = NULL;
    assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
    for (int turn = 0; turn < 4; turn++) {
      assert_ok(cm_sparse_lu_solve(lu, b, turn % 2, NULL, &x, NULL));
      assert_true(residual_of(a, turn % 2, x, b) < 1e-13);
      cm_matrix_release(x);
    }
    cm_matrix_release(b);
    cm_sparse_lu_release(lu);
    cm_sparse_release(a);
  }
}

static void sparse_and_dense_factors_agree(void **state) {
  (void)state;
  cm_sparse *a = firm_network(120, 5, 0, 7);
  cm_matrix *dense = NULL, *b = random_matrix(120, 3, 8), *x = NULL, *y = NULL;
  cm_sparse_lu *lu = NULL;
  cm_lu *dense_lu = NULL;
  assert_ok(cm_sparse_to_matrix(a, &dense, NULL));
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_ok(cm_lu_new(dense, NULL, &dense_lu, NULL));
  assert_ok(cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL));
  assert_ok(cm_lu_solve(dense_lu, b, false, NULL, &y, NULL));
  assert_matrix_near(x, y, 1e-13);
  /* Both are estimates from below of the same figure. */
  assert_double_equal(cm_sparse_lu_rcond(lu) / cm_lu_rcond(dense_lu), 1, 0.5);
  cm_lu_release(dense_lu);
  cm_sparse_lu_release(lu);
  cm_matrix_release(dense);
  cm_matrix_release(b);
  cm_matrix_release(x);
  cm_matrix_release(y);
  cm_sparse_release(a);
}

static cm_sparse *square(size_t n, size_t k, const size_t *i, const size_t *j, const double *v) {
  cm_sparse *s = NULL;
  assert_ok(cm_sparse_new(n, n, k, i, j, v, &s, NULL));
  return s;
}

static void a_singular_matrix_names_a_column(void **state) {
  (void)state;
  cm_error err;
  cm_sparse_lu *lu = NULL;
  /* Places alone: columns 2 and 3 hold only row 3. */
  cm_sparse *a =
      square(3, 4, (size_t[]){0, 1, 2, 2}, (size_t[]){0, 0, 1, 2}, (double[]){1, 1, 5, 6});
  assert_status(cm_sparse_lu_new(a, NULL, &lu, &err), CM_SINGULAR);
  assert_int_equal(err.col, 3);
  cm_sparse_release(a);
  /* Values: every place is held, the second column is twice the first. */
  a = square(2, 4, (size_t[]){0, 1, 0, 1}, (size_t[]){0, 0, 1, 1}, (double[]){1, 2, 2, 4});
  assert_status(cm_sparse_lu_new(a, NULL, &lu, &err), CM_SINGULAR);
  assert_true(err.col == 1 || err.col == 2);
  cm_sparse_release(a);
  /* An empty column, and explicit zeros only. */
  a = square(2, 2, (size_t[]){0, 1}, (size_t[]){0, 0}, (double[]){1, 2});
  assert_status(cm_sparse_lu_new(a, NULL, &lu, &err), CM_SINGULAR);
  assert_int_equal(err.col, 2);
  cm_sparse_release(a);
  a = square(2, 2, (size_t[]){0, 1}, (size_t[]){0, 1}, (double[]){1, 0});
  assert_status(cm_sparse_lu_new(a, NULL, &lu, &err), CM_SINGULAR);
  assert_int_equal(err.col, 2);
  cm_sparse_release(a);
  assert_null(lu);
}

static void a_nearly_singular_matrix_gives_its_rcond(void **state) {
  (void)state;
  cm_error err;
  cm_sparse_lu *lu = NULL;
  cm_sparse *a =
      square(2, 4, (size_t[]){0, 1, 0, 1}, (size_t[]){0, 0, 1, 1}, (double[]){1, 1, 1, 1 + 4e-16});
  assert_status(cm_sparse_lu_new(a, NULL, &lu, &err), CM_ILL_CONDITIONED);
  assert_true(err.value > 0 && err.value < CM_RCOND_MIN);
  cm_sparse_release(a);
}

static void shapes_are_checked(void **state) {
  (void)state;
  cm_error err;
  cm_sparse *wide = random_sparse(3, 4, 9, 1), *a = firm_network(6, 2, 0, 1);
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = random_matrix(5, 1, 1), *x = NULL;
  assert_status(cm_sparse_lu_new(wide, NULL, &lu, &err), CM_SHAPE);
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_status(cm_sparse_lu_solve(lu, b, false, NULL, &x, &err), CM_SHAPE);
  assert_non_null(strstr(err.message, "order 6"));
  cm_matrix_release(b);
  b = random_matrix(6, 1, 1);
  assert_ok(cm_matrix_set(b, 3, 0, INFINITY, NULL));
  assert_status(cm_sparse_lu_solve(lu, b, false, NULL, &x, &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 4);
  cm_matrix_release(b);
  cm_sparse_lu_release(lu);
  cm_sparse_release(a);
  cm_sparse_release(wide);
}

static void order_zero_is_a_system(void **state) {
  (void)state;
  cm_sparse *a = square(0, 0, NULL, NULL, NULL);
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = random_matrix(0, 2, 1), *x = NULL;
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_ok(cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL));
  assert_int_equal(cm_matrix_cols(x), 2);
  cm_matrix_release(b);
  cm_matrix_release(x);
  cm_sparse_lu_release(lu);
  cm_sparse_release(a);
}

/* Column counts of the Cholesky factor of A'A by eliminating its places. */
static void plain_counts(const cm_sparse *a, double *nnz, double *squares) {
  size_t n = a->cols;
  bool *full = calloc(n * n, 1);
  for (size_t c = 0; c < n; c++)
    for (size_t d = 0; d < n; d++)
      for (size_t p = a->start[c]; p < a->start[c + 1]; p++)
        for (size_t q = a->start[d]; q < a->start[d + 1]; q++)
          if (a->row[p] == a->row[q]) full[c * n + d] = true;
  *nnz = *squares = 0;
  for (size_t k = 0; k < n; k++) {
    double count = 1;
    for (size_t i = k + 1; i < n; i++) {
      if (!full[i * n + k]) continue;
      count++;
      for (size_t j = k + 1; j < n; j++)
        if (full[j * n + k]) full[i * n + j] = true;
    }
    *nnz += count;
    *squares += count * count;
  }
  free(full);
}

static void the_count_of_fill_equals_elimination(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 6; seed++) {
    /* A chain: every column meets the next, so that the tree is a path. */
    size_t n = 30, k = 3 * n, i[90], j[90];
    double value[90], nnz = 0, squares = 0, plain = 0, plain_squares = 0;
    int order[30], parent[30];
    dice d = {seed};
    for (size_t t = 0; t < k; t++) {
      j[t] = t / 3;
      i[t] = t % 3 == 0 ? j[t] : t % 3 == 1 ? (j[t] + 1) % n : throw_index(&d, n);
      value[t] = 1;
    }
    for (size_t t = 0; t < n; t++) {
      order[t] = (int)t;
      parent[t] = (int)t + 1;
    }
    cm_sparse *a = square(n, k, i, j, value);
    assert_ok(cm__sparse_fill(a, order, parent, &nnz, &squares, NULL));
    plain_counts(a, &plain, &plain_squares);
    assert_double_equal(nnz, plain, 0);
    assert_double_equal(squares, plain_squares, 0);
    cm_sparse_release(a);
  }
}

static void two_separate_blocks_fill_apart(void **state) {
  (void)state;
  /* Dense 2 x 2 and 3 x 3 blocks: 3 + 6 elements, a forest of two paths. */
  size_t i[13], j[13], k = 0;
  double value[13], nnz = 0, squares = 0;
  const int order[] = {0, 1, 2, 3, 4}, parent[] = {1, 5, 3, 4, 5};
  for (size_t c = 0; c < 5; c++)
    for (size_t r = c < 2 ? 0 : 2; r < (c < 2 ? 2 : 5); r++) {
      i[k] = r;
      j[k] = c;
      value[k++] = 1;
    }
  cm_sparse *a = square(5, k, i, j, value);
  assert_ok(cm__sparse_fill(a, order, parent, &nnz, &squares, NULL));
  assert_double_equal(nnz, 3 + 6, 0);
  assert_double_equal(squares, 4 + 1 + 9 + 4 + 1, 0);
  cm_sparse_release(a);
}

static void what_does_not_fit_is_refused_before_it_starts(void **state) {
  (void)state;
  cm_sparse *a = grid(60);
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = random_matrix(3600, 2, 5), *x = NULL;
  cm_error err;
  cm_job poor = {.memory = 100000};
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_true(cm_sparse_lu_nnz(lu) > cm_sparse_nnz(a));
  assert_true(cm_sparse_lu_bytes(lu) >= cm_sparse_lu_nnz(lu) * sizeof(double));
  assert_ok(cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL));
  assert_true(residual_of(a, false, x, b) < 1e-13);
  cm_sparse_lu_release(lu);
  lu = NULL;
  assert_status(cm_sparse_lu_new(a, &poor, &lu, &err), CM_BUDGET);
  assert_non_null(strstr(err.message, "a sparse factorisation needs"));
  assert_status(cm__sparse_lu_within(a, 1000, NULL, &lu, &err), CM_BUDGET);
  assert_non_null(strstr(err.message, "operations"));
  assert_null(lu);
  cm_matrix_release(b);
  cm_matrix_release(x);
  cm_sparse_release(a);
}

static void the_bound_is_not_below_what_the_factors_take(void **state) {
  (void)state;
  cm_sparse *given[] = {grid(40), firm_network(400, 5, 0, 1), firm_network(3000, 4, 8, 2)};
  for (size_t k = 0; k < sizeof given / sizeof *given; k++) {
    cm_sparse_lu *lu = NULL;
    assert_ok(cm_sparse_lu_new(given[k], NULL, &lu, NULL));
    cm_job just_short = {.memory = cm_sparse_lu_bytes(lu) - 1};
    cm_sparse_lu_release(lu);
    assert_status(cm_sparse_lu_new(given[k], &just_short, &lu, NULL), CM_BUDGET);
    cm_sparse_release(given[k]);
  }
}

static void labels_pair_the_sides_of_a_system(void **state) {
  (void)state;
  static const char *const buys[] = {"p", "q"}, *const makes[] = {"r", "s"},
                           *const turned[] = {"q", "p"};
  cm_sparse *a = square(2, 2, (size_t[]){0, 1}, (size_t[]){0, 1}, (double[]){2, 4});
  cm_axis *rows = NULL, *cols = NULL, *other = NULL;
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = NULL, *x = NULL;
  assert_ok(cm_axis_new(buys, 2, &rows, NULL));
  assert_ok(cm_axis_new(makes, 2, &cols, NULL));
  assert_ok(cm_axis_new(turned, 2, &other, NULL));
  assert_ok(cm_sparse_axis_set(a, CM_ROWS, rows, NULL));
  assert_ok(cm_sparse_axis_set(a, CM_COLS, cols, NULL));
  assert_ok(cm_matrix_from((double[]){40, 2}, 2, 1, 2, &b, NULL));
  assert_ok(cm_matrix_axis_set(b, CM_ROWS, other, NULL)); /* q 40, p 2 */
  assert_ok(cm_sparse_lu_new(a, NULL, &lu, NULL));
  assert_ok(cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL));
  assert_double_equal(cm_matrix_at(x, 0, 0), 1, 0);
  assert_double_equal(cm_matrix_at(x, 1, 0), 10, 0);
  assert_string_equal(cm_axis_label(cm_matrix_axis(x, CM_ROWS), 0), "r");
  cm_matrix_release(x);
  x = NULL;
  assert_status(cm_sparse_lu_solve(lu, b, true, NULL, &x, NULL), CM_LABELS);
  assert_null(x);
  cm_axis_release(rows);
  cm_axis_release(cols);
  cm_axis_release(other);
  cm_matrix_release(b);
  cm_sparse_lu_release(lu);
  cm_sparse_release(a);
}

static void a_stop_before_the_factorisation_is_heard(void **state) {
  (void)state;
  atomic_bool cancel = true;
  cm_job job = {.cancel = &cancel};
  cm_sparse *a = grid(4);
  cm_sparse_lu *lu = NULL;
  assert_status(cm_sparse_lu_new(a, &job, &lu, NULL), CM_CANCELLED);
  assert_null(lu);
  cm_sparse_release(a);
}

static cm_status factor_and_solve(void *ud) {
  cm_sparse_lu *lu = NULL;
  cm_matrix *b = ((void **)ud)[1], *x = NULL;
  cm_status status = cm_sparse_lu_new(((void **)ud)[0], NULL, &lu, NULL);
  if (status == CM_OK) status = cm_sparse_lu_solve(lu, b, false, NULL, &x, NULL);
  cm_matrix_release(x);
  cm_sparse_lu_release(lu);
  return status;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  void *given[] = {grid(5), random_matrix(25, 2, 1)};
  survives_failing_allocations(factor_and_solve, given);
  cm_sparse_release(given[0]);
  cm_matrix_release(given[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_system_is_solved_both_ways),
      cmocka_unit_test(factors_are_kept_and_solve_again),
      cmocka_unit_test(sparse_and_dense_factors_agree),
      cmocka_unit_test(a_singular_matrix_names_a_column),
      cmocka_unit_test(a_nearly_singular_matrix_gives_its_rcond),
      cmocka_unit_test(shapes_are_checked),
      cmocka_unit_test(order_zero_is_a_system),
      cmocka_unit_test(the_count_of_fill_equals_elimination),
      cmocka_unit_test(two_separate_blocks_fill_apart),
      cmocka_unit_test(what_does_not_fit_is_refused_before_it_starts),
      cmocka_unit_test(the_bound_is_not_below_what_the_factors_take),
      cmocka_unit_test(labels_pair_the_sides_of_a_system),
      cmocka_unit_test(a_stop_before_the_factorisation_is_heard),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
