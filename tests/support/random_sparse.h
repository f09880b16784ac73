/* Sparse matrices for tests, the same in every run. Include after support.h. */
#ifndef CAPMOD_RANDOM_SPARSE_H
#define CAPMOD_RANDOM_SPARSE_H

#include "capmod/sparse.h"

/* Numbers in [0, 1) by a 64-bit linear congruence (Knuth's MMIX). */
typedef struct dice {
  uint64_t state;
} dice;

static inline double throw_dice(dice *d) {
  d->state = d->state * 6364136223846793005u + 1442695040888963407u;
  return (double)(d->state >> 11) / 9007199254740992.0;
}

static inline size_t throw_index(dice *d, size_t n) { return (size_t)(throw_dice(d) * (double)n); }

/* k triplets at random places with values in [-0.5, 0.5); places may repeat. */
static inline cm_sparse *random_sparse(size_t rows, size_t cols, size_t k, uint64_t seed) {
  dice d = {seed};
  size_t *i = malloc((k + 1) * sizeof *i), *j = malloc((k + 1) * sizeof *j);
  double *value = malloc((k + 1) * sizeof *value);
  cm_sparse *s = NULL;
  for (size_t t = 0; t < k; t++) {
    i[t] = throw_index(&d, rows);
    j[t] = throw_index(&d, cols);
    value[t] = throw_dice(&d) - 0.5;
  }
  assert_ok(cm_sparse_new(rows, cols, k, i, j, value, &s, NULL));
  free(i);
  free(j);
  free(value);
  return s;
}

/* I - A of a network of n firms: each buys from `suppliers` others, at random
 * (reach 0) or within `reach` places of its own, for 60 % of its output in all. */
static inline cm_sparse *firm_network(size_t n, size_t suppliers, size_t reach, uint64_t seed) {
  dice d = {seed};
  size_t k = n * suppliers, *i = malloc(k * sizeof *i), *j = malloc(k * sizeof *j);
  double *value = malloc(k * sizeof *value);
  cm_sparse *a = NULL, *s = NULL;
  for (size_t t = 0; t < k; t++) {
    j[t] = t / suppliers;
    i[t] = reach ? (j[t] + n - reach + throw_index(&d, 2 * reach + 1)) % n : throw_index(&d, n);
    value[t] = 0.6 / (double)suppliers;
  }
  assert_ok(cm_sparse_new(n, n, k, i, j, value, &a, NULL));
  assert_ok(cm_sparse_identity_minus(a, &s, NULL));
  cm_sparse_release(a);
  free(i);
  free(j);
  free(value);
  return s;
}

static inline cm_matrix *random_matrix(size_t rows, size_t cols, uint64_t seed) {
  dice d = {seed};
  cm_matrix *m = NULL;
  assert_ok(cm_matrix_new(rows, cols, &m, NULL));
  for (size_t j = 0; j < cols; j++)
    for (size_t i = 0; i < rows; i++) assert_ok(cm_matrix_set(m, i, j, throw_dice(&d) - 0.5, NULL));
  return m;
}

/* Greatest ||b - op(A) x|| / ||b|| over the columns, counted element by element. */
static inline double residual_of(const cm_sparse *a, bool transposed, const cm_matrix *x,
                                 const cm_matrix *b) {
  cm_matrix *ax = NULL;
  double worst = 0.0;
  assert_ok(cm_sparse_mul(a, transposed, x, NULL, &ax, NULL));
  for (size_t j = 0; j < cm_matrix_cols(b); j++) {
    double r = 0.0, s = 0.0;
    for (size_t i = 0; i < cm_matrix_rows(b); i++) {
      double gap = cm_matrix_at(b, i, j) - cm_matrix_at(ax, i, j);
      r += gap * gap;
      s += cm_matrix_at(b, i, j) * cm_matrix_at(b, i, j);
    }
    worst = fmax(worst, sqrt(r / s));
  }
  cm_matrix_release(ax);
  return worst;
}

/* |a - b| <= tol everywhere, with equal shapes. */
static inline void assert_matrix_near(const cm_matrix *a, const cm_matrix *b, double tol) {
  assert_int_equal(cm_matrix_rows(a), cm_matrix_rows(b));
  assert_int_equal(cm_matrix_cols(a), cm_matrix_cols(b));
  for (size_t j = 0; j < cm_matrix_cols(a); j++)
    for (size_t i = 0; i < cm_matrix_rows(a); i++)
      assert_double_equal(cm_matrix_at(a, i, j), cm_matrix_at(b, i, j), tol);
}

#endif
