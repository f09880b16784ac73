/* capmod/matrix.h - labelled dense matrices of doubles and their linear algebra.
 *
 * A cm_matrix is a counted handle on a block of doubles, column-major, and may
 * carry an axis of labels for its rows, its columns, or both. Views (blocks,
 * rows, columns, the transpose) share the block: releasing a parent leaves its
 * views valid, and writing through one shows in the others. Whatever computes
 * returns a new matrix; nothing changes its arguments.
 *
 * Labels: an operation that pairs two axes (the rows of a + b, the inner sides
 * of a product) takes equal labels as they are, puts the second side in the
 * order of the first when the labels are the same set, and refuses with
 * CM_LABELS otherwise. A side without labels, or of one element, fits any side
 * of its size.
 */
#ifndef CAPMOD_MATRIX_H
#define CAPMOD_MATRIX_H

#include "capmod/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- axes: ordered, distinct labels; immutable and counted --------------- */

typedef struct cm_axis cm_axis;

#define CM_NOT_FOUND ((size_t)-1)

/* Copies n labels (UTF-8, not empty). CM_DUPLICATE names the label and both places. */
CM_API CM_WARN_UNUSED cm_status cm_axis_new(const char *const *labels, size_t n, cm_axis **out,
                                            cm_error *err);
/* The axis of country-major nodes "COUNTRY.SECTOR". */
CM_API CM_WARN_UNUSED cm_status cm_axis_product(const cm_axis *outer, const cm_axis *inner,
                                                cm_axis **out, cm_error *err);
CM_API cm_axis *cm_axis_retain(const cm_axis *axis);
CM_API void cm_axis_release(cm_axis *axis);
CM_API size_t cm_axis_size(const cm_axis *axis);
CM_API const char *cm_axis_label(const cm_axis *axis, size_t i);
/* The place of a label, or CM_NOT_FOUND. Constant time. */
CM_API size_t cm_axis_find(const cm_axis *axis, const char *label);
/* The labels at `where`, in that order. */
CM_API CM_WARN_UNUSED cm_status cm_axis_take(const cm_axis *axis, const size_t *where, size_t n,
                                             cm_axis **out, cm_error *err);
/* Same labels in the same order (two NULLs are equal, one NULL is not). */
CM_API bool cm_axis_equal(const cm_axis *a, const cm_axis *b);

/* ---- making and reading matrices ---------------------------------------- */

typedef struct cm_matrix cm_matrix;

typedef enum cm_side { CM_ROWS, CM_COLS } cm_side;

/* rows x cols zeros. Either size may be 0. CM_OVERFLOW, CM_BUDGET, CM_MEMORY. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_new(size_t rows, size_t cols, cm_matrix **out,
                                              cm_error *err);
/* A copy of column-major data whose columns lie `ld` >= rows apart. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_from(const double *data, size_t rows, size_t cols,
                                               size_t ld, cm_matrix **out, cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_matrix_identity(size_t n, cm_matrix **out, cm_error *err);
/* A second handle on the same matrix. */
CM_API cm_matrix *cm_matrix_retain(cm_matrix *m);
CM_API void cm_matrix_release(cm_matrix *m);

CM_API size_t cm_matrix_rows(const cm_matrix *m);
CM_API size_t cm_matrix_cols(const cm_matrix *m);
/* No check of the index: for loops whose bounds are known. */
CM_API double cm_matrix_at(const cm_matrix *m, size_t i, size_t j);
CM_API CM_WARN_UNUSED cm_status cm_matrix_get(const cm_matrix *m, size_t i, size_t j, double *out,
                                              cm_error *err);
/* For filling a matrix that nobody else holds yet. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_set(cm_matrix *m, size_t i, size_t j, double value,
                                              cm_error *err);
/* Element (i, j) lies at data[i * row_step + j * col_step]; one of the steps is 1. */
CM_API const double *cm_matrix_data(const cm_matrix *m, size_t *row_step, size_t *col_step);
CM_API double *cm_matrix_data_mut(cm_matrix *m, size_t *row_step, size_t *col_step);

/* Axis of a side, or NULL; borrowed. */
CM_API const cm_axis *cm_matrix_axis(const cm_matrix *m, cm_side side);
/* Attaches an axis (NULL removes it) to this handle; CM_SHAPE if the sizes differ. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_axis_set(cm_matrix *m, cm_side side, const cm_axis *axis,
                                                   cm_error *err);

/* ---- views and copies --------------------------------------------------- */

CM_API CM_WARN_UNUSED cm_status cm_matrix_block(cm_matrix *m, size_t row, size_t rows, size_t col,
                                                size_t cols, cm_matrix **out, cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_matrix_transposed(cm_matrix *m, cm_matrix **out, cm_error *err);
/* A packed, column-major copy. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_copy(const cm_matrix *m, cm_matrix **out, cm_error *err);
/* A copy of the rows (or columns) at `where`, which may repeat. Labels follow
 * where they stay distinct and are dropped otherwise. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_take(const cm_matrix *m, cm_side side,
                                               const size_t *where, size_t n, cm_matrix **out,
                                               cm_error *err);
/* b under (CM_ROWS) or beside (CM_COLS) a, the sides that meet aligned by label.
 * Labels along the join follow where both have them and they stay distinct. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_join(const cm_matrix *a, const cm_matrix *b, cm_side side,
                                               cm_matrix **out, cm_error *err);
/* A square matrix with the elements of a vector (n x 1 or 1 x n) on its
 * diagonal; and the diagonal of a matrix as a column. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_diagonal(const cm_matrix *vector, cm_matrix **out,
                                                   cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_matrix_diagonal_of(const cm_matrix *m, cm_matrix **out,
                                                      cm_error *err);

/* ---- elementwise -------------------------------------------------------- */

typedef enum cm_binary {
  CM_ADD,
  CM_SUB,
  CM_MUL,
  CM_DIV,
  CM_POW,
  CM_MIN,
  CM_MAX,
  CM_AT_LEAST /* 1 where a >= b, else 0 */
} cm_binary;
typedef enum cm_unary { CM_NEG, CM_ABS, CM_EXP, CM_LOG, CM_SQRT, CM_RECIPROCAL } cm_unary;

/* a op b, element by element, aligned by label. A row, a column or a 1 x 1
 * is repeated along the side of size 1. IEEE: 1/0 is infinite, 0/0 is nan, and
 * the least and the greatest of a nan and a number are nan. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_binary(cm_binary op, const cm_matrix *a,
                                                 const cm_matrix *b, cm_matrix **out,
                                                 cm_error *err);
/* m op value, or value op m when `value_first`. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_scalar(cm_binary op, const cm_matrix *m, double value,
                                                 bool value_first, cm_matrix **out, cm_error *err);
/* CM_RECIPROCAL leaves 0 where the element is 0, as input-output work wants it. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_unary(cm_unary op, const cm_matrix *m, cm_matrix **out,
                                                cm_error *err);

/* ---- reductions (sums are pairwise, in a fixed order) -------------------- */

typedef enum cm_reduction { CM_SUM, CM_LEAST, CM_GREATEST } cm_reduction;

CM_API double cm_matrix_sum(const cm_matrix *m);
/* Over the side named: CM_ROWS adds up the rows and gives 1 x cols. CM_LEAST
 * and CM_GREATEST of nothing are CM_INVALID. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_reduce(cm_reduction op, const cm_matrix *m, cm_side over,
                                                 cm_matrix **out, cm_error *err);
/* Sums over groups: row i of m is added to row group[i] of the result, which
 * has as many rows as `axis` labels (columns likewise with CM_COLS).
 * group[i] == CM_NOT_FOUND leaves a row out. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_group(const cm_matrix *m, cm_side side,
                                                const size_t *group, const cm_axis *axis,
                                                cm_matrix **out, cm_error *err);
/* Place of the first least and greatest element in column order (of the first
 * nan, if there is one); CM_INVALID for an empty matrix. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_extremes(const cm_matrix *m, double *least,
                                                   size_t *least_row, size_t *least_col,
                                                   double *greatest, size_t *greatest_row,
                                                   size_t *greatest_col, cm_error *err);
/* CM_NOT_FINITE with the first place in column order; `what` names the matrix. */
CM_API CM_WARN_UNUSED cm_status cm_matrix_check_finite(const cm_matrix *m, const char *what,
                                                       cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
