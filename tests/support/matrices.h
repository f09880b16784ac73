/* Small matrices for tests: made from numbers written as they are read, row by
 * row, and compared element by element. */
#ifndef CAPMOD_TEST_MATRICES_H
#define CAPMOD_TEST_MATRICES_H

#include "support.h"

#include "capmod/linalg.h"

#define NUMBERS(...) ((const double[]){__VA_ARGS__})
#define LABELS(...) ((const char *const[]){__VA_ARGS__})
#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline cm_matrix *matrix(size_t rows, size_t cols, const double *by_rows) {
  cm_matrix *m;
  assert_ok(cm_matrix_new(rows, cols, &m, NULL));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      assert_ok(cm_matrix_set(m, i, j, by_rows[i * cols + j], NULL));
  return m;
}

static inline cm_axis *axis(size_t n, const char *const *labels) {
  cm_axis *a;
  assert_ok(cm_axis_new(labels, n, &a, NULL));
  return a;
}

/* Labels a side of m and returns m. */
static inline cm_matrix *labelled(cm_matrix *m, cm_side side, const char *const *labels) {
  cm_axis *a = axis(side == CM_ROWS ? cm_matrix_rows(m) : cm_matrix_cols(m), labels);
  assert_ok(cm_matrix_axis_set(m, side, a, NULL));
  cm_axis_release(a);
  return m;
}

#define assert_matrix(m, rows, cols, by_rows, tol)                                                 \
  do {                                                                                             \
    assert_int_equal(cm_matrix_rows(m), rows);                                                     \
    assert_int_equal(cm_matrix_cols(m), cols);                                                     \
    for (size_t i_ = 0; i_ < (size_t)(rows); i_++)                                                 \
      for (size_t j_ = 0; j_ < (size_t)(cols); j_++)                                               \
        assert_double_equal(cm_matrix_at(m, i_, j_), (by_rows)[i_ * (size_t)(cols) + j_], tol);    \
  } while (0)

#define assert_same_matrix(a, b, tol)                                                              \
  do {                                                                                             \
    assert_int_equal(cm_matrix_rows(a), cm_matrix_rows(b));                                        \
    assert_int_equal(cm_matrix_cols(a), cm_matrix_cols(b));                                        \
    for (size_t i_ = 0; i_ < cm_matrix_rows(a); i_++)                                              \
      for (size_t j_ = 0; j_ < cm_matrix_cols(a); j_++)                                            \
        assert_double_equal(cm_matrix_at(a, i_, j_), cm_matrix_at(b, i_, j_), tol);                \
  } while (0)

#define assert_label(m, side, i, want)                                                             \
  do {                                                                                             \
    assert_non_null(cm_matrix_axis(m, side));                                                      \
    assert_string_equal(cm_axis_label(cm_matrix_axis(m, side), i), want);                          \
  } while (0)

/* The same numbers, seen as a block of a larger matrix in row-major order. */
static inline cm_matrix *awkward(const cm_matrix *m) {
  size_t rows = cm_matrix_rows(m), cols = cm_matrix_cols(m);
  cm_matrix *big, *flipped, *block;
  assert_ok(cm_matrix_new(cols + 3, rows + 2, &big, NULL));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      assert_ok(cm_matrix_set(big, j + 2, i + 1, cm_matrix_at(m, i, j), NULL));
  assert_ok(cm_matrix_transposed(big, &flipped, NULL));
  assert_ok(cm_matrix_block(flipped, 1, rows, 2, cols, &block, NULL));
  cm_matrix_release(big);
  cm_matrix_release(flipped);
  return block;
}

/* Uniform in (-1, 1), the same on every machine (Park and Miller 1988). */
static inline cm_matrix *random_matrix(size_t rows, size_t cols, unsigned seed) {
  cm_matrix *m;
  uint64_t x = seed;
  assert_ok(cm_matrix_new(rows, cols, &m, NULL));
  for (size_t j = 0; j < cols; j++)
    for (size_t i = 0; i < rows; i++) {
      x = x * 48271 % 2147483647;
      assert_ok(cm_matrix_set(m, i, j, 2.0 * (double)x / 2147483647.0 - 1.0, NULL));
    }
  return m;
}

static inline void release_all(cm_matrix *const *m, size_t n) {
  for (size_t i = 0; i < n; i++) cm_matrix_release(m[i]);
}
#define RELEASE(...)                                                                               \
  release_all((cm_matrix *const[]){__VA_ARGS__}, COUNT(((cm_matrix *const[]){__VA_ARGS__})))

#endif
