/* Matrices: making, reading, labelling, copying. */
#include <string.h>

#include "matrix/internal.h"

cm_status cm__matrix_wrap(cm__buffer *buffer, size_t offset, size_t rows, size_t cols,
                          size_t row_step, size_t col_step, cm_matrix **out, cm_error *err) {
  cm_matrix *m;
  cm_status status = cm__alloc(1, sizeof *m, "a matrix", &m, err);
  if (status != CM_OK) return status;
  atomic_init(&m->refs, 1);
  m->buffer = cm__buffer_retain(buffer);
  m->d = (cm__dense){buffer->data + offset, rows, cols, row_step, col_step};
  *out = m;
  return CM_OK;
}

static cm_status make(size_t rows, size_t cols, bool zeroed, const char *what, cm_matrix **out,
                      cm_error *err) {
  size_t bytes;
  cm__buffer *buffer;
  cm_status status = cm__size3(rows, cols, sizeof(double), what, &bytes, err);
  if (status == CM_OK) status = cm__buffer_new(rows * cols, zeroed, what, &buffer, err);
  if (status != CM_OK) return status;
  status = cm__matrix_wrap(buffer, 0, rows, cols, 1, cm__max(rows, 1), out, err);
  cm__buffer_release(buffer);
  return status;
}

cm_status cm__matrix_raw(size_t rows, size_t cols, const char *what, cm_matrix **out,
                         cm_error *err) {
  return make(rows, cols, false, what, out, err);
}

cm_status cm_matrix_new(size_t rows, size_t cols, cm_matrix **out, cm_error *err) {
  return make(rows, cols, true, "a matrix", out, err);
}

cm_status cm_matrix_from(const double *data, size_t rows, size_t cols, size_t ld, cm_matrix **out,
                         cm_error *err) {
  if (ld < rows)
    return cm__fail(err, CM_INVALID, "columns of %zu elements cannot lie %zu apart", rows, ld);
  cm_matrix *m;
  cm_status status = cm__matrix_raw(rows, cols, "a matrix", &m, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < cols && rows; j++)
    memcpy(cm__at(m->d, 0, j), data + j * ld, rows * sizeof *data);
  *out = m;
  return CM_OK;
}

cm_status cm_matrix_identity(size_t n, cm_matrix **out, cm_error *err) {
  cm_matrix *m;
  cm_status status = cm_matrix_new(n, n, &m, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < n; i++) *cm__at(m->d, i, i) = 1.0;
  *out = m;
  return CM_OK;
}

cm_matrix *cm_matrix_retain(cm_matrix *m) {
  if (m) atomic_fetch_add_explicit(&m->refs, 1, memory_order_relaxed);
  return m;
}

void cm_matrix_release(cm_matrix *m) {
  if (!m || atomic_fetch_sub_explicit(&m->refs, 1, memory_order_acq_rel) != 1) return;
  cm_axis_release(m->axis[CM_ROWS]);
  cm_axis_release(m->axis[CM_COLS]);
  cm__buffer_release(m->buffer);
  cm__free(m);
}

size_t cm_matrix_rows(const cm_matrix *m) { return m->d.rows; }
size_t cm_matrix_cols(const cm_matrix *m) { return m->d.cols; }
double cm_matrix_at(const cm_matrix *m, size_t i, size_t j) { return *cm__at(m->d, i, j); }

static cm_status inside(const cm_matrix *m, size_t i, size_t j, cm_error *err) {
  if (i < m->d.rows && j < m->d.cols) return CM_OK;
  return cm__fail_at(err, CM_RANGE, i + 1, j + 1, 0,
                     "row %zu, column %zu of a matrix of %zu rows and %zu columns", i + 1, j + 1,
                     m->d.rows, m->d.cols);
}

cm_status cm_matrix_get(const cm_matrix *m, size_t i, size_t j, double *out, cm_error *err) {
  cm_status status = inside(m, i, j, err);
  if (status == CM_OK) *out = *cm__at(m->d, i, j);
  return status;
}

cm_status cm_matrix_set(cm_matrix *m, size_t i, size_t j, double value, cm_error *err) {
  cm_status status = inside(m, i, j, err);
  if (status == CM_OK) *cm__at(m->d, i, j) = value;
  return status;
}

const double *cm_matrix_data(const cm_matrix *m, size_t *row_step, size_t *col_step) {
  *row_step = m->d.row_step;
  *col_step = m->d.col_step;
  return m->d.data;
}

double *cm_matrix_data_mut(cm_matrix *m, size_t *row_step, size_t *col_step) {
  *row_step = m->d.row_step;
  *col_step = m->d.col_step;
  return m->d.data;
}

const cm_axis *cm_matrix_axis(const cm_matrix *m, cm_side side) { return m->axis[side]; }

cm_status cm_matrix_axis_set(cm_matrix *m, cm_side side, const cm_axis *axis, cm_error *err) {
  size_t size = side == CM_ROWS ? m->d.rows : m->d.cols;
  if (axis && cm_axis_size(axis) != size)
    return cm__fail(err, CM_SHAPE, "%zu labels for %zu %s", cm_axis_size(axis), size,
                    side == CM_ROWS ? "rows" : "columns");
  cm_axis *old = m->axis[side];
  m->axis[side] = cm_axis_retain(axis);
  cm_axis_release(old);
  return CM_OK;
}

void cm__matrix_label(cm_matrix *m, const cm_axis *rows, const cm_axis *cols) {
  m->axis[CM_ROWS] = cm_axis_retain(rows);
  m->axis[CM_COLS] = cm_axis_retain(cols);
}

/* ---- copies ---------------------------------------------------------------- */

enum { TILE = 32 };

static void copy_tiled(cm__dense to, cm__dense from) {
  for (size_t j0 = 0; j0 < to.cols; j0 += TILE)
    for (size_t i0 = 0; i0 < to.rows; i0 += TILE) {
      size_t i1 = cm__min(i0 + TILE, to.rows), j1 = cm__min(j0 + TILE, to.cols);
      for (size_t j = j0; j < j1; j++)
        for (size_t i = i0; i < i1; i++) *cm__at(to, i, j) = *cm__at(from, i, j);
    }
}

void cm__dense_copy(cm__dense to, cm__dense from) {
  if (!to.rows || !to.cols) return;
  if (to.row_step != 1) {
    to = cm__flip(to);
    from = cm__flip(from);
  }
  if (from.row_step != 1) {
    copy_tiled(to, from);
    return;
  }
  for (size_t j = 0; j < to.cols; j++)
    memcpy(cm__at(to, 0, j), cm__at(from, 0, j), to.rows * sizeof(double));
}

cm_status cm_matrix_copy(const cm_matrix *m, cm_matrix **out, cm_error *err) {
  cm_matrix *c;
  cm_status status = cm__matrix_raw(m->d.rows, m->d.cols, "a copy", &c, err);
  if (status != CM_OK) return status;
  cm__dense_copy(c->d, m->d);
  cm__matrix_label(c, m->axis[CM_ROWS], m->axis[CM_COLS]);
  *out = c;
  return CM_OK;
}
