/* Iterative solution of sparse systems, and the verb that chooses a method. */
#include "support.h"

#include "random_sparse.h"

static const cm_sparse_method iterative[] = {CM_SPARSE_BICGSTAB, CM_SPARSE_GMRES};

static cm_sparse *square(size_t n, size_t k, const size_t *i, const size_t *j, const double *v) {
  cm_sparse *s = NULL;
  assert_ok(cm_sparse_new(n, n, k, i, j, v, &s, NULL));
  return s;
}

/* An upper bidiagonal matrix: 1 on the diagonal, `above` over it. */
static cm_sparse *chain(size_t n, double above) {
  size_t *i = malloc(2 * n * sizeof *i), *j = malloc(2 * n * sizeof *j), k = 0;
  double *v = malloc(2 * n * sizeof *v);
  for (size_t c = 0; c < n; c++) {
    i[k] = j[k] = c;
    v[k++] = 1;
    if (!c) continue;
    i[k] = c - 1;
    j[k] = c;
    v[k++] = above;
  }
  cm_sparse *s = square(n, k, i, j, v);
  free(i);
  free(j);
  free(v);
  return s;
}

static void every_method_and_preconditioner_reaches_the_tolerance(void **state) {
  (void)state;
  cm_sparse *a = firm_network(500, 8, 0, 2);
  cm_matrix *b = random_matrix(500, 3, 4), *x = NULL;
  for (size_t m = 0; m < 2; m++)
    for (int p = CM_PRECOND_AUTO; p <= CM_PRECOND_NONE; p++) {
      cm_sparse_options o = {.method = iterative[m], .precond = (cm_precond)p, .restart = 7};
      cm_sparse_report r;
      assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, &r, NULL));
      assert_int_equal(r.method, iterative[m]);
      assert_int_equal(r.precond, p == CM_PRECOND_AUTO ? CM_PRECOND_ILU0 : (cm_precond)p);
      assert_true(r.iterations > 1 && r.iterations < 100);
      assert_true(r.residual <= 1e-12);
      /* The report's figure is the one that a sum of our own gives. */
      assert_double_equal(residual_of(a, false, x, b), r.residual, 1e-14);
      cm_matrix_release(x);
    }
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void a_hand_made_system_gives_its_solution(void **state) {
  (void)state;
  /* 4x + y = 6, x + 3y = 7  ->  1, 2 */
  cm_sparse *a =
      square(2, 4, (size_t[]){0, 0, 1, 1}, (size_t[]){0, 1, 0, 1}, (double[]){4, 1, 1, 3});
  cm_matrix *b = NULL, *x = NULL;
  assert_ok(cm_matrix_from((double[]){6, 7}, 2, 1, 2, &b, NULL));
  for (int m = CM_SPARSE_AUTO; m <= CM_SPARSE_GMRES; m++) {
    cm_sparse_options o = {.method = (cm_sparse_method)m, .precond = CM_PRECOND_NONE};
    assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, NULL, NULL));
    assert_double_equal(cm_matrix_at(x, 0, 0), 1, 1e-12);
    assert_double_equal(cm_matrix_at(x, 1, 0), 2, 1e-12);
    cm_matrix_release(x);
  }
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void incomplete_factors_of_a_triangle_are_exact(void **state) {
  (void)state;
  cm_sparse *a = chain(200, -0.9);
  cm_matrix *b = random_matrix(200, 1, 1), *x = NULL;
  for (size_t m = 0; m < 2; m++) {
    cm_sparse_options o = {.method = iterative[m], .precond = CM_PRECOND_ILU0};
    cm_sparse_report r;
    assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, &r, NULL));
    assert_int_equal(r.iterations, 1);
    cm_matrix_release(x);
  }
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void large_and_small_figures_keep_their_digits(void **state) {
  (void)state;
  cm_sparse *a = firm_network(200, 5, 0, 3);
  cm_matrix *b = random_matrix(200, 1, 5), *huge = NULL, *x = NULL, *y = NULL;
  cm_sparse_options o = {.method = CM_SPARSE_BICGSTAB};
  assert_ok(cm_matrix_scalar(CM_MUL, b, 0x1p900, false, &huge, NULL));
  assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, NULL, NULL));
  assert_ok(cm_sparse_solve(a, huge, &o, NULL, &y, NULL, NULL));
  for (size_t i = 0; i < 200; i++)
    assert_true(cm_matrix_at(y, i, 0) == cm_matrix_at(x, i, 0) * 0x1p900);
  cm_matrix_release(b);
  cm_matrix_release(huge);
  cm_matrix_release(x);
  cm_matrix_release(y);
  cm_sparse_release(a);
}

static void nothing_asked_gives_nothing(void **state) {
  (void)state;
  cm_sparse *a = firm_network(50, 3, 0, 1), *none = square(0, 0, NULL, NULL, NULL);
  cm_matrix *b = NULL, *empty = NULL, *x = NULL;
  cm_sparse_options o = {.method = CM_SPARSE_GMRES};
  cm_sparse_report r;
  assert_ok(cm_matrix_new(50, 2, &b, NULL));
  assert_ok(cm_matrix_new(0, 2, &empty, NULL));
  assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, &r, NULL));
  assert_double_equal(cm_matrix_sum(x), 0, 0);
  assert_int_equal(r.iterations, 0);
  cm_matrix_release(x);
  for (int m = CM_SPARSE_AUTO; m <= CM_SPARSE_GMRES; m++) {
    o.method = (cm_sparse_method)m;
    assert_ok(cm_sparse_solve(none, empty, &o, NULL, &x, &r, NULL));
    assert_int_equal(cm_matrix_rows(x), 0);
    cm_matrix_release(x);
  }
  cm_matrix_release(b);
  cm_matrix_release(empty);
  cm_sparse_release(a);
  cm_sparse_release(none);
}

static void no_convergence_says_how_far_it_came(void **state) {
  (void)state;
  cm_sparse *a = firm_network(500, 8, 0, 2);
  cm_matrix *b = random_matrix(500, 1, 4), *x = NULL;
  for (size_t m = 0; m < 2; m++) {
    cm_sparse_options o = {.method = iterative[m], .max = 3};
    cm_sparse_report r = {.iterations = 77};
    cm_error err;
    assert_status(cm_sparse_solve(a, b, &o, NULL, &x, &r, &err), CM_NOT_CONVERGED);
    assert_true(err.value > 1e-12 && err.value < 1);
    assert_int_equal(err.col, 1);
    assert_non_null(strstr(err.message, "after 3 iterations, 1e-12 asked for"));
    assert_int_equal(r.iterations, 77);
    assert_null(x);
  }
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void a_matrix_that_only_turns_is_left_to_gmres(void **state) {
  (void)state;
  /* A cycle of n firms: GMRES of full length solves it in n steps, and no
   * shorter space holds the solution (Nachtigal, Reddy, Trefethen 1992). */
  enum { N = 12 };
  size_t i[N], j[N];
  double v[N];
  for (size_t c = 0; c < N; c++) {
    j[c] = c;
    i[c] = (c + 1) % N;
    v[c] = 1;
  }
  cm_sparse *a = square(N, N, i, j, v);
  cm_matrix *b = NULL, *x = NULL;
  cm_sparse_report r;
  cm_error err;
  assert_ok(cm_matrix_new(N, 1, &b, NULL));
  assert_ok(cm_matrix_set(b, 0, 0, 1, NULL));
  cm_sparse_options o = {.method = CM_SPARSE_GMRES};
  assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, &r, NULL));
  assert_int_equal(r.iterations, N);
  assert_int_equal(r.precond, CM_PRECOND_NONE); /* no diagonal to build one on */
  assert_double_equal(cm_matrix_at(x, N - 1, 0), 1, 1e-15);
  cm_matrix_release(x);
  x = NULL;
  o.restart = N / 2;
  assert_status(cm_sparse_solve(a, b, &o, NULL, &x, &r, &err), CM_NOT_CONVERGED);
  assert_double_equal(err.value, 1, 1e-15);
  o.restart = 0;
  o.precond = CM_PRECOND_ILU0;
  assert_status(cm_sparse_solve(a, b, &o, NULL, &x, &r, &err), CM_SINGULAR);
  o.precond = CM_PRECOND_JACOBI;
  assert_status(cm_sparse_solve(a, b, &o, NULL, &x, &r, &err), CM_SINGULAR);
  assert_int_equal(err.col, 1);
  assert_null(x);
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void a_singular_system_is_refused_by_auto(void **state) {
  (void)state;
  cm_sparse *a = square(3, 3, (size_t[]){0, 1, 1}, (size_t[]){0, 1, 2}, (double[]){1, 1, 1});
  cm_matrix *b = random_matrix(3, 1, 1), *x = NULL;
  cm_error err;
  assert_status(cm_sparse_solve(a, b, NULL, NULL, &x, NULL, &err), CM_SINGULAR);
  assert_int_equal(err.col, 3);
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static void options_and_shapes_are_checked(void **state) {
  (void)state;
  cm_sparse *a = firm_network(6, 2, 0, 1), *wide = random_sparse(6, 7, 9, 1);
  cm_matrix *b = random_matrix(6, 1, 1), *short_of_it = random_matrix(5, 1, 1), *x = NULL;
  cm_sparse_options bad[] = {{.tol = -1}, {.tol = 1}, {.tol = NAN}, {.method = 9}, {.precond = 9}};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
    assert_status(cm_sparse_solve(a, b, &bad[k], NULL, &x, NULL, NULL), CM_INVALID);
  assert_status(cm_sparse_solve(wide, b, NULL, NULL, &x, NULL, NULL), CM_SHAPE);
  assert_status(cm_sparse_solve(a, short_of_it, NULL, NULL, &x, NULL, NULL), CM_SHAPE);
  assert_ok(cm_matrix_set(b, 2, 0, NAN, NULL));
  assert_status(cm_sparse_solve(a, b, NULL, NULL, &x, NULL, NULL), CM_NOT_FINITE);
  assert_null(x);
  cm_matrix_release(b);
  cm_matrix_release(short_of_it);
  cm_sparse_release(a);
  cm_sparse_release(wide);
}

static void auto_factors_what_fills_little_and_iterates_on_the_rest(void **state) {
  (void)state;
  enum { N = 20000 };
  cm_sparse *near = firm_network(2000, 5, 10, 6), *far = firm_network(N, 10, 0, 6);
  cm_matrix *b = random_matrix(2000, 2, 1), *c = random_matrix(N, 2, 2), *x = NULL;
  cm_sparse_report r;
  assert_ok(cm_sparse_solve(near, b, NULL, NULL, &x, &r, NULL));
  assert_int_equal(r.method, CM_SPARSE_DIRECT);
  assert_int_equal(r.iterations, 0);
  assert_true(residual_of(near, false, x, b) < 1e-12);
  cm_matrix_release(x);
  assert_ok(cm_sparse_solve(far, c, NULL, NULL, &x, &r, NULL));
  assert_int_equal(r.method, CM_SPARSE_BICGSTAB);
  assert_int_equal(r.precond, CM_PRECOND_ILU0);
  assert_true(residual_of(far, false, x, c) <= 1e-12);
  cm_matrix_release(x);
  /* Where the budget does not hold the factors, the small one is iterated on too. */
  cm_job poor = {.memory = 1000000};
  assert_ok(cm_sparse_solve(near, b, NULL, &poor, &x, &r, NULL));
  assert_int_equal(r.method, CM_SPARSE_BICGSTAB);
  cm_matrix_release(x);
  cm_matrix_release(b);
  cm_matrix_release(c);
  cm_sparse_release(near);
  cm_sparse_release(far);
}

static void sparse_and_dense_solutions_agree(void **state) {
  (void)state;
  cm_sparse *a = firm_network(150, 6, 0, 11);
  cm_matrix *dense = NULL, *b = random_matrix(150, 2, 3), *x = NULL, *y = NULL;
  assert_ok(cm_sparse_to_matrix(a, &dense, NULL));
  assert_ok(cm_solve(dense, b, NULL, &y, NULL));
  for (int m = CM_SPARSE_AUTO; m <= CM_SPARSE_GMRES; m++) {
    cm_sparse_options o = {.method = (cm_sparse_method)m};
    assert_ok(cm_sparse_solve(a, b, &o, NULL, &x, NULL, NULL));
    assert_matrix_near(x, y, 1e-11);
    cm_matrix_release(x);
  }
  cm_matrix_release(dense);
  cm_matrix_release(b);
  cm_matrix_release(y);
  cm_sparse_release(a);
}

static void the_same_input_gives_the_same_bytes(void **state) {
  (void)state;
  cm_sparse *a = firm_network(3000, 8, 0, 5);
  cm_matrix *b = random_matrix(3000, 1, 3), *x[2] = {NULL};
  cm_sparse_options o = {.method = CM_SPARSE_BICGSTAB};
  for (int turn = 0; turn < 2; turn++)
    assert_ok(cm_sparse_solve(a, b, &o, NULL, &x[turn], NULL, NULL));
  for (size_t i = 0; i < 3000; i++)
    assert_true(cm_matrix_at(x[0], i, 0) == cm_matrix_at(x[1], i, 0));
  cm_matrix_release(x[0]);
  cm_matrix_release(x[1]);
  cm_matrix_release(b);
  cm_sparse_release(a);
}

static bool stop_at_third(void *ud, const char *what, double done, double total) {
  (void)what;
  (void)total;
  return ++*(int *)ud && done < 3;
}

static void an_iteration_can_be_stopped(void **state) {
  (void)state;
  cm_sparse *a = firm_network(500, 8, 0, 2);
  cm_matrix *b = random_matrix(500, 1, 4), *x = NULL;
  for (size_t m = 0; m < 2; m++) {
    int calls = 0;
    cm_job job = {.progress = stop_at_third, .ud = &calls};
    cm_sparse_options o = {.method = iterative[m]};
    assert_status(cm_sparse_solve(a, b, &o, &job, &x, NULL, NULL), CM_CANCELLED);
    assert_int_equal(calls, 3);
    assert_null(x);
  }
  cm_matrix_release(b);
  cm_sparse_release(a);
}

typedef struct given {
  cm_sparse *a;
  cm_matrix *b;
  cm_sparse_options o;
} given;

static cm_status solve(void *ud) {
  given *g = ud;
  cm_matrix *x = NULL;
  cm_status status = cm_sparse_solve(g->a, g->b, &g->o, NULL, &x, NULL, NULL);
  cm_matrix_release(x);
  return status;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  given g = {firm_network(40, 3, 0, 1), random_matrix(40, 2, 1), {.method = CM_SPARSE_AUTO}};
  for (int m = CM_SPARSE_AUTO; m <= CM_SPARSE_GMRES; m++)
    for (int p = CM_PRECOND_AUTO; p <= CM_PRECOND_NONE; p++) {
      g.o = (cm_sparse_options){.method = (cm_sparse_method)m, .precond = (cm_precond)p};
      survives_failing_allocations(solve, &g);
    }
  cm_sparse_release(g.a);
  cm_matrix_release(g.b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_method_and_preconditioner_reaches_the_tolerance),
      cmocka_unit_test(a_hand_made_system_gives_its_solution),
      cmocka_unit_test(incomplete_factors_of_a_triangle_are_exact),
      cmocka_unit_test(large_and_small_figures_keep_their_digits),
      cmocka_unit_test(nothing_asked_gives_nothing),
      cmocka_unit_test(no_convergence_says_how_far_it_came),
      cmocka_unit_test(a_matrix_that_only_turns_is_left_to_gmres),
      cmocka_unit_test(a_singular_system_is_refused_by_auto),
      cmocka_unit_test(options_and_shapes_are_checked),
      cmocka_unit_test(auto_factors_what_fills_little_and_iterates_on_the_rest),
      cmocka_unit_test(sparse_and_dense_solutions_agree),
      cmocka_unit_test(the_same_input_gives_the_same_bytes),
      cmocka_unit_test(an_iteration_can_be_stopped),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
