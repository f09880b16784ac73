/* Sparse matrices: making, reading, arithmetic. */
#include <math.h>
#include <string.h>

#include "matrix/sparse_internal.h"

static cm_side other(cm_side side) { return side == CM_ROWS ? CM_COLS : CM_ROWS; }

static size_t side_size(const cm_sparse *s, cm_side side) {
  return side == CM_ROWS ? s->rows : s->cols;
}

/* ---- making ----------------------------------------------------------------- */

/* Room for nnz elements; start is zero. */
static cm_status make(size_t rows, size_t cols, size_t nnz, cm_sparse **out, cm_error *err) {
  cm_sparse *s = NULL;
  cm_status status;
  int limit;
  CM__TRY(cm__int(rows, "rows of a sparse matrix", &limit, err));
  CM__TRY(cm__int(cols, "columns of a sparse matrix", &limit, err));
  CM__TRY(cm__alloc(1, sizeof *s, "a sparse matrix", &s, err));
  atomic_init(&s->refs, 1);
  s->rows = rows;
  s->cols = cols;
  s->nnz = nnz;
  CM__TRY(cm__alloc(cols + 1, sizeof *s->start, "a sparse matrix", &s->start, err));
  CM__TRY(cm__alloc_raw(nnz, sizeof *s->row, "a sparse matrix", &s->row, err));
  CM__TRY(cm__alloc_raw(nnz, sizeof *s->value, "a sparse matrix", &s->value, err));
  *out = s;
  s = NULL;
done:
  cm_sparse_release(s);
  return status;
}

cm_sparse *cm_sparse_retain(cm_sparse *s) {
  if (s) atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
  return s;
}

void cm_sparse_release(cm_sparse *s) {
  if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1) return;
  cm_axis_release(s->axis[CM_ROWS]);
  cm_axis_release(s->axis[CM_COLS]);
  cm__free(s->start);
  cm__free(s->row);
  cm__free(s->value);
  cm__free(s);
}

static void label(cm_sparse *s, const cm_axis *rows, const cm_axis *cols) {
  s->axis[CM_ROWS] = cm_axis_retain(rows);
  s->axis[CM_COLS] = cm_axis_retain(cols);
}

/* start[j] holds the number of elements of column j - 1: makes places of them. */
static void add_up(size_t *start, size_t n) {
  for (size_t j = 0; j < n; j++) start[j + 1] += start[j];
}

/* Sums and products of finite numbers may overflow. */
static cm_status check_finite(const cm_sparse *s, cm_error *err) {
  for (size_t j = 0; j < s->cols; j++)
    for (size_t p = s->start[j]; p < s->start[j + 1]; p++)
      if (!isfinite(s->value[p]))
        return cm__fail_at(err, CM_NOT_FINITE, (size_t)s->row[p] + 1, j + 1, s->value[p],
                           "row %d, column %zu of a sparse matrix is %g", s->row[p] + 1, j + 1,
                           s->value[p]);
  return CM_OK;
}

static cm_status check_triplets(size_t rows, size_t cols, size_t k, const size_t *i,
                                const size_t *j, const double *value, cm_error *err) {
  for (size_t t = 0; t < k; t++) {
    if (i[t] >= rows || j[t] >= cols)
      return cm__fail_at(err, CM_RANGE, i[t] + 1, j[t] + 1, 0,
                         "triplet %zu: row %zu, column %zu of a matrix of %zu rows and %zu columns",
                         t + 1, i[t] + 1, j[t] + 1, rows, cols);
    if (!isfinite(value[t]))
      return cm__fail_at(err, CM_NOT_FINITE, i[t] + 1, j[t] + 1, value[t],
                         "triplet %zu: row %zu, column %zu is %g", t + 1, i[t] + 1, j[t] + 1,
                         value[t]);
  }
  return CM_OK;
}

/* The triplets `from` (NULL: 0, 1, ...) in ascending order of key < keys, those
 * of one key as they came. */
static cm_status sort_by(const size_t *key, size_t keys, const size_t *from, size_t k, size_t *to,
                         cm_error *err) {
  size_t *next;
  cm_status status = cm__alloc(keys + 1, sizeof *next, "sorting triplets", &next, err);
  if (status != CM_OK) return status;
  for (size_t t = 0; t < k; t++) next[key[t] + 1]++;
  add_up(next, keys);
  for (size_t t = 0; t < k; t++) {
    size_t which = from ? from[t] : t;
    to[next[key[which]]++] = which;
  }
  cm__free(next);
  return CM_OK;
}

/* Fills s from sorted triplets, adding up those of one place. */
static void compress(cm_sparse *s, size_t k, const size_t *order, const size_t *i, const size_t *j,
                     const double *value) {
  size_t n = 0;
  for (size_t t = 0; t < k; t++) {
    size_t which = order[t], before = t ? order[t - 1] : 0;
    if (t && i[which] == i[before] && j[which] == j[before]) {
      s->value[n - 1] += value[which];
      continue;
    }
    s->row[n] = (int)i[which];
    s->value[n++] = value[which];
    s->start[j[which] + 1]++;
  }
  add_up(s->start, s->cols);
  s->nnz = n;
}

cm_status cm_sparse_new(size_t rows, size_t cols, size_t k, const size_t *i, const size_t *j,
                        const double *value, cm_sparse **out, cm_error *err) {
  cm_sparse *s = NULL;
  size_t *by_row = NULL, *order = NULL;
  cm_status status;
  CM__TRY(make(rows, cols, k, &s, err));
  CM__TRY(check_triplets(rows, cols, k, i, j, value, err));
  CM__TRY(cm__alloc_raw(k, sizeof *by_row, "sorting triplets", &by_row, err));
  CM__TRY(cm__alloc_raw(k, sizeof *order, "sorting triplets", &order, err));
  CM__TRY(sort_by(i, rows, NULL, k, by_row, err));
  CM__TRY(sort_by(j, cols, by_row, k, order, err));
  compress(s, k, order, i, j, value);
  CM__TRY(check_finite(s, err));
  *out = s;
  s = NULL;
done:
  cm__free(by_row);
  cm__free(order);
  cm_sparse_release(s);
  return status;
}

static size_t count_above(cm__dense d, double drop) {
  size_t n = 0;
  for (size_t j = 0; j < d.cols; j++)
    for (size_t i = 0; i < d.rows; i++) n += fabs(*cm__at(d, i, j)) > drop;
  return n;
}

cm_status cm_sparse_from_matrix(const cm_matrix *m, double drop, cm_sparse **out, cm_error *err) {
  cm_sparse *s = NULL;
  cm_status status;
  if (!(drop >= 0)) return cm__fail(err, CM_INVALID, "a drop tolerance of %g is below 0", drop);
  CM__TRY(cm_matrix_check_finite(m, "the matrix", err));
  CM__TRY(make(m->d.rows, m->d.cols, count_above(m->d, drop), &s, err));
  size_t n = 0;
  for (size_t j = 0; j < s->cols; j++) {
    for (size_t i = 0; i < s->rows; i++) {
      double x = *cm__at(m->d, i, j);
      if (!(fabs(x) > drop)) continue;
      s->row[n] = (int)i;
      s->value[n++] = x;
    }
    s->start[j + 1] = n;
  }
  label(s, m->axis[CM_ROWS], m->axis[CM_COLS]);
  *out = s;
done:
  return status;
}

/* ---- reading ---------------------------------------------------------------- */

size_t cm_sparse_rows(const cm_sparse *s) { return s->rows; }
size_t cm_sparse_cols(const cm_sparse *s) { return s->cols; }
size_t cm_sparse_nnz(const cm_sparse *s) { return s->nnz; }

size_t cm_sparse_bytes(const cm_sparse *s) {
  return s->nnz * (sizeof *s->row + sizeof *s->value) + (s->cols + 1) * sizeof *s->start;
}

cm_status cm_sparse_get(const cm_sparse *s, size_t i, size_t j, double *out, cm_error *err) {
  if (i >= s->rows || j >= s->cols)
    return cm__fail_at(err, CM_RANGE, i + 1, j + 1, 0,
                       "row %zu, column %zu of a matrix of %zu rows and %zu columns", i + 1, j + 1,
                       s->rows, s->cols);
  size_t low = s->start[j], high = s->start[j + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if ((size_t)s->row[middle] < i)
      low = middle + 1;
    else
      high = middle;
  }
  bool held = low < s->start[j + 1] && (size_t)s->row[low] == i;
  *out = held ? s->value[low] : 0.0;
  return CM_OK;
}

cm_status cm_sparse_to_matrix(const cm_sparse *s, cm_matrix **out, cm_error *err) {
  cm_matrix *m;
  cm_status status = cm_matrix_new(s->rows, s->cols, &m, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < s->cols; j++)
    for (size_t p = s->start[j]; p < s->start[j + 1]; p++)
      *cm__at(m->d, (size_t)s->row[p], j) = s->value[p];
  cm__matrix_label(m, s->axis[CM_ROWS], s->axis[CM_COLS]);
  *out = m;
  return CM_OK;
}

const cm_axis *cm_sparse_axis(const cm_sparse *s, cm_side side) { return s->axis[side]; }

cm_status cm_sparse_axis_set(cm_sparse *s, cm_side side, const cm_axis *axis, cm_error *err) {
  if (axis && cm_axis_size(axis) != side_size(s, side))
    return cm__fail(err, CM_SHAPE, "%zu labels for %zu %s", cm_axis_size(axis), side_size(s, side),
                    side == CM_ROWS ? "rows" : "columns");
  cm_axis *old = s->axis[side];
  s->axis[side] = cm_axis_retain(axis);
  cm_axis_release(old);
  return CM_OK;
}

/* ---- arithmetic --------------------------------------------------------------- */

cm_status cm_sparse_transpose(const cm_sparse *s, cm_sparse **out, cm_error *err) {
  cm_sparse *t = NULL;
  size_t *next = NULL;
  cm_status status;
  CM__TRY(make(s->cols, s->rows, s->nnz, &t, err));
  CM__TRY(cm__alloc_raw(s->rows, sizeof *next, "a transpose", &next, err));
  for (size_t p = 0; p < s->nnz; p++) t->start[s->row[p] + 1]++;
  add_up(t->start, t->cols);
  memcpy(next, t->start, s->rows * sizeof *next);
  for (size_t j = 0; j < s->cols; j++)
    for (size_t p = s->start[j]; p < s->start[j + 1]; p++) {
      size_t q = next[s->row[p]]++;
      t->row[q] = (int)j;
      t->value[q] = s->value[p];
    }
  label(t, s->axis[CM_COLS], s->axis[CM_ROWS]);
  *out = t;
  t = NULL;
done:
  cm__free(next);
  cm_sparse_release(t);
  return status;
}

void cm__sparse_apply(const cm_sparse *a, bool transposed, double factor, const double *x,
                      double *y) {
  for (size_t j = 0; j < a->cols; j++) {
    if (transposed) {
      double sum = 0.0;
      for (size_t p = a->start[j]; p < a->start[j + 1]; p++) sum += a->value[p] * x[a->row[p]];
      y[j] += factor * sum;
    } else {
      double xj = factor * x[j];
      for (size_t p = a->start[j]; p < a->start[j + 1]; p++) y[a->row[p]] += a->value[p] * xj;
    }
  }
}

/* m with its columns packed: itself, retained, where they are. */
static cm_status packed_columns(cm_matrix *m, cm_matrix **out, cm_error *err) {
  if (m->d.row_step != 1) return cm_matrix_copy(m, out, err);
  *out = cm_matrix_retain(m);
  return CM_OK;
}

cm_status cm_sparse_mul(const cm_sparse *s, bool transposed, const cm_matrix *b, const cm_job *job,
                        cm_matrix **out, cm_error *err) {
  cm_side to = transposed ? CM_COLS : CM_ROWS;
  size_t m = side_size(s, to), inner = side_size(s, other(to));
  if (b->d.rows != inner)
    return cm__fail(err, CM_SHAPE, "sparse %zu x %zu times %zu x %zu", m, inner, b->d.rows,
                    b->d.cols);
  cm_matrix *fit = NULL, *x = NULL, *y = NULL;
  cm_status status;
  CM__TRY(
      cm__matrix_align(b, CM_ROWS, s->axis[other(to)], "the inner sides of a product", &fit, err));
  CM__TRY(packed_columns(fit, &x, err));
  CM__TRY(cm_matrix_new(m, b->d.cols, &y, err));
  for (size_t j = 0; j < b->d.cols; j++) {
    CM__TRY(cm_job_step(job, "a sparse product", (double)j, (double)b->d.cols, err));
    cm__sparse_apply(s, transposed, 1.0, cm__at(x->d, 0, j), cm__at(y->d, 0, j));
  }
  cm__matrix_label(y, s->axis[to], b->axis[CM_COLS]);
  *out = y;
  y = NULL;
done:
  cm_matrix_release(fit);
  cm_matrix_release(x);
  cm_matrix_release(y);
  return status;
}

static cm_status copy(const cm_sparse *s, cm_sparse **out, cm_error *err) {
  cm_status status = make(s->rows, s->cols, s->nnz, out, err);
  if (status != CM_OK) return status;
  memcpy((*out)->start, s->start, (s->cols + 1) * sizeof *s->start);
  memcpy((*out)->row, s->row, s->nnz * sizeof *s->row);
  memcpy((*out)->value, s->value, s->nnz * sizeof *s->value);
  label(*out, s->axis[CM_ROWS], s->axis[CM_COLS]);
  return CM_OK;
}

cm_status cm_sparse_scale(const cm_sparse *s, cm_side side, const cm_matrix *vector,
                          cm_sparse **out, cm_error *err) {
  size_t n = side_size(s, side);
  cm_side along = vector->d.cols == 1 && vector->d.rows == n ? CM_ROWS : CM_COLS;
  if (along == CM_COLS && (vector->d.rows != 1 || vector->d.cols != n))
    return cm__fail(err, CM_SHAPE, "a %zu x %zu vector for %zu %s", vector->d.rows, vector->d.cols,
                    n, side == CM_ROWS ? "rows" : "columns");
  cm_matrix *fit = NULL;
  cm_sparse *t = NULL;
  cm_status status;
  CM__TRY(cm__matrix_align(vector, along, s->axis[side],
                           side == CM_ROWS ? "rows and vector" : "columns and vector", &fit, err));
  CM__TRY(copy(s, &t, err));
  size_t step = along == CM_ROWS ? fit->d.row_step : fit->d.col_step;
  for (size_t j = 0; j < t->cols; j++)
    for (size_t p = t->start[j]; p < t->start[j + 1]; p++)
      t->value[p] *= fit->d.data[step * (side == CM_ROWS ? (size_t)t->row[p] : j)];
  CM__TRY(check_finite(t, err));
  *out = t;
  t = NULL;
done:
  cm_matrix_release(fit);
  cm_sparse_release(t);
  return status;
}

cm_status cm__sparse_square(const cm_sparse *a, const char *what, cm_error *err) {
  if (a->rows == a->cols) return CM_OK;
  return cm__fail(err, CM_SHAPE, "%s takes a square matrix, not %zu x %zu", what, a->rows, a->cols);
}

cm_status cm_sparse_identity_minus(const cm_sparse *s, cm_sparse **out, cm_error *err) {
  cm_sparse *t;
  cm_status status;
  size_t n = 0;
  CM__TRY(cm__sparse_square(s, "I - A", err));
  CM__TRY(make(s->rows, s->cols, s->nnz + s->cols, &t, err));
  for (size_t j = 0; j < s->cols; j++) {
    size_t p = s->start[j], end = s->start[j + 1];
    for (; p < end && (size_t)s->row[p] < j; p++, n++) {
      t->row[n] = s->row[p];
      t->value[n] = -s->value[p];
    }
    t->row[n] = (int)j;
    t->value[n++] = p < end && (size_t)s->row[p] == j ? 1.0 - s->value[p++] : 1.0;
    for (; p < end; p++, n++) {
      t->row[n] = s->row[p];
      t->value[n] = -s->value[p];
    }
    t->start[j + 1] = n;
  }
  t->nnz = n;
  label(t, s->axis[CM_ROWS], s->axis[CM_COLS]);
  *out = t;
done:
  return status;
}

cm_status cm_sparse_sum(const cm_sparse *s, cm_side over, cm_matrix **out, cm_error *err) {
  cm_matrix *m;
  bool down = over == CM_ROWS;
  cm_status status = cm_matrix_new(down ? 1 : s->rows, down ? s->cols : 1, &m, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < s->cols; j++)
    for (size_t p = s->start[j]; p < s->start[j + 1]; p++)
      *cm__at(m->d, down ? 0 : (size_t)s->row[p], down ? j : 0) += s->value[p];
  cm__matrix_label(m, down ? NULL : s->axis[CM_ROWS], down ? s->axis[CM_COLS] : NULL);
  *out = m;
  return CM_OK;
}

/* ---- what the solvers share ------------------------------------------------------ */

cm_status cm__sparse_rhs(const cm_matrix *b, size_t n, const cm_axis *axis, cm_matrix **out,
                         cm_error *err) {
  cm_matrix *fit = NULL;
  cm_status status;
  if (b->d.rows != n)
    return cm__fail(err, CM_SHAPE, "a system of order %zu and a right-hand side of %zu x %zu", n,
                    b->d.rows, b->d.cols);
  CM__TRY(cm_matrix_check_finite(b, "the right-hand side", err));
  CM__TRY(cm__matrix_align(b, CM_ROWS, axis, "the system and the right-hand side", &fit, err));
  CM__TRY(cm_matrix_copy(fit, out, err));
done:
  cm_matrix_release(fit);
  return status;
}
