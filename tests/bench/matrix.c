/* capmod's linear algebra against the same LAPACK and BLAS calls.
 *
 *   bench_matrix [ORDER [THREADS]]   prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * The yardstick is what a careful program would write by hand: it makes its own
 * copies and results, and estimates the condition where capmod does. Times are
 * the best of alternating runs, in seconds; on one thread (the default) of the
 * process, so that a busy machine matters little, on several of the clock. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "capmod/linalg.h"

enum { ROUNDS = 15 };
static const double LIMIT = 1.05;

typedef struct setting {
  size_t n;
  clockid_t clock;
  cm_matrix *a, *b, *one; /* n x n; symmetric positive definite in `a`; one column */
  const double *a_data, *b_data, *one_data;
  cm_lu *lu;
  double *factor; /* the yardstick's kept factors */
  int *pivot;
} setting;

static void check_info(int info) {
  if (info == 0) return;
  fprintf(stderr, "bench_matrix: LAPACK gave %d\n", info);
  exit(2);
}

static void *grab(size_t bytes) {
  void *p = malloc(bytes);
  if (!p) exit(2);
  return p;
}

static double *copy_of(const double *data, size_t n, size_t cols) {
  double *c = grab(n * cols * sizeof *c);
  memcpy(c, data, n * cols * sizeof *c);
  return c;
}

/* ---- ours -------------------------------------------------------------------- */

static void our_product(setting *s) {
  cm_matrix *m;
  must(cm_mul(s->a, s->b, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

static void our_factors(setting *s) {
  cm_lu *lu;
  must(cm_lu_new(s->b, NULL, &lu, NULL), NULL);
  cm_lu_release(lu);
}

static void our_inverse(setting *s) {
  cm_matrix *m;
  must(cm_inverse(s->b, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

static void our_solution(setting *s) {
  cm_matrix *m;
  must(cm_solve(s->b, s->one, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

static void our_solutions(setting *s) {
  cm_matrix *m;
  must(cm_solve(s->b, s->a, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

static void our_kept(setting *s) {
  cm_matrix *m;
  must(cm_lu_solve(s->lu, s->a, false, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

static void our_cholesky(setting *s) {
  cm_matrix *m;
  must(cm_cholesky(s->a, NULL, &m, NULL), NULL);
  cm_matrix_release(m);
}

/* ---- the yardstick -------------------------------------------------------------- */

static void their_product(setting *s) {
  int n = (int)s->n;
  double *c = grab(s->n * s->n * sizeof *c);
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, s->a_data, n, s->b_data, n,
              0.0, c, n);
  free(c);
}

static double *factored(setting *s, int *pivot) {
  int n = (int)s->n;
  double rcond, *f = copy_of(s->b_data, s->n, s->n);
  double norm = LAPACKE_dlange(LAPACK_COL_MAJOR, '1', n, n, s->b_data, n);
  check_info(LAPACKE_dgetrf(LAPACK_COL_MAJOR, n, n, f, n, pivot));
  check_info(LAPACKE_dgecon(LAPACK_COL_MAJOR, '1', n, f, n, norm, &rcond));
  return f;
}

static void their_factors(setting *s) {
  int *pivot = grab(s->n * sizeof *pivot);
  free(factored(s, pivot));
  free(pivot);
}

static void their_inverse(setting *s) {
  int *pivot = grab(s->n * sizeof *pivot);
  double *f = factored(s, pivot);
  check_info(LAPACKE_dgetri(LAPACK_COL_MAJOR, (int)s->n, f, (int)s->n, pivot));
  free(f);
  free(pivot);
}

static void solve_by_dgesv(setting *s, const double *right, size_t k) {
  int n = (int)s->n, *pivot = grab(s->n * sizeof *pivot);
  double rcond, *f = copy_of(s->b_data, s->n, s->n), *x = copy_of(right, s->n, k);
  double norm = LAPACKE_dlange(LAPACK_COL_MAJOR, '1', n, n, s->b_data, n);
  check_info(LAPACKE_dgesv(LAPACK_COL_MAJOR, n, (int)k, f, n, pivot, x, n));
  check_info(LAPACKE_dgecon(LAPACK_COL_MAJOR, '1', n, f, n, norm, &rcond));
  free(f);
  free(x);
  free(pivot);
}

static void their_solution(setting *s) { solve_by_dgesv(s, s->one_data, 1); }
static void their_solutions(setting *s) { solve_by_dgesv(s, s->a_data, s->n); }

static void their_kept(setting *s) {
  int n = (int)s->n;
  double *x = copy_of(s->a_data, s->n, s->n);
  check_info(LAPACKE_dgetrs(LAPACK_COL_MAJOR, 'N', n, n, s->factor, n, s->pivot, x, n));
  free(x);
}

static void their_cholesky(setting *s) {
  int n = (int)s->n;
  double *f = copy_of(s->a_data, s->n, s->n);
  check_info(LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', n, f, n));
  free(f);
}

/* ---- the run ----------------------------------------------------------------------- */

static double timed(setting *s, void (*work)(setting *), double least) {
  double begin = seconds_of(s->clock);
  work(s);
  return fmin(least, seconds_of(s->clock) - begin);
}

static bool compare(setting *s, const char *name, void (*ours)(setting *),
                    void (*theirs)(setting *)) {
  double mine = INFINITY, yardstick = INFINITY;
  for (int i = 0; i < ROUNDS; i++) {
    mine = timed(s, ours, mine);
    yardstick = timed(s, theirs, yardstick);
  }
  bool ok = mine <= LIMIT * yardstick;
  printf("%s n=%zu\t%.5f\t%.5f\t%.3f\t%.2f\t%s\n", name, s->n, mine, yardstick, mine / yardstick,
         LIMIT, ok ? "ok" : "MISSED");
  return ok;
}

/* I - A of an input-output system: `b`; a symmetric positive definite matrix: `a`. */
static void fill(setting *s) {
  size_t n = s->n, row_step, col_step;
  unsigned long long x = 1;
  must(cm_matrix_new(n, n, &s->a, NULL), NULL);
  must(cm_matrix_new(n, n, &s->b, NULL), NULL);
  must(cm_matrix_new(n, 1, &s->one, NULL), NULL);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      x = x * 48271 % 2147483647;
      double u = (double)x / 2147483647.0, on = i == j;
      must(cm_matrix_set(s->b, i, j, on - 0.5 * u * 2.0 / (double)n, NULL), NULL);
      must(cm_matrix_set(s->a, i, j, on + 1.0 / (double)(i + j + 2), NULL), NULL);
    }
  for (size_t i = 0; i < n; i++)
    must(cm_matrix_set(s->one, i, 0, 1.0 + (double)(i % 7), NULL), NULL);
  s->a_data = cm_matrix_data(s->a, &row_step, &col_step);
  s->b_data = cm_matrix_data(s->b, &row_step, &col_step);
  s->one_data = cm_matrix_data(s->one, &row_step, &col_step);
  must(cm_lu_new(s->b, NULL, &s->lu, NULL), NULL);
  s->pivot = grab(n * sizeof *s->pivot);
  s->factor = factored(s, s->pivot);
}

int main(int argc, char **argv) {
  setting s = {.n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000};
  int threads = argc > 2 ? atoi(argv[2]) : 1;
  s.clock = threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  openblas_set_num_threads(threads);
  fill(&s);
  bool ok = compare(&s, "product", our_product, their_product);
  ok &= compare(&s, "LU factors and rcond", our_factors, their_factors);
  ok &= compare(&s, "inverse", our_inverse, their_inverse);
  ok &= compare(&s, "solution, one column", our_solution, their_solution);
  ok &= compare(&s, "solution, n columns", our_solutions, their_solutions);
  ok &= compare(&s, "solution from kept factors", our_kept, their_kept);
  ok &= compare(&s, "Cholesky factor", our_cholesky, their_cholesky);
  cm_matrix_release(s.a);
  cm_matrix_release(s.b);
  cm_matrix_release(s.one);
  cm_lu_release(s.lu);
  free(s.factor);
  free(s.pivot);
  return ok ? 0 : 1;
}
