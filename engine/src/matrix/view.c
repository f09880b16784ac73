/* Views that share storage, and rearranged copies. */
#include <string.h>

#include "matrix/internal.h"

static cm_status view(const cm_matrix *m, cm__dense d, cm_matrix **out, cm_error *err) {
  size_t offset = (size_t)(m->d.data - m->buffer->data);
  cm_matrix *v;
  cm_status status =
      cm__matrix_wrap(m->buffer, offset, d.rows, d.cols, d.row_step, d.col_step, &v, err);
  if (status != CM_OK) return status;
  v->d = d;
  *out = v;
  return CM_OK;
}

static cm_status check_span(size_t first, size_t n, size_t size, const char *what, cm_error *err) {
  if (first <= size && n <= size - first) return CM_OK;
  return cm__fail(err, CM_RANGE, "%s %zu to %zu of %zu", what, first + 1, first + n, size);
}

static cm_status slice_axis(const cm_matrix *m, cm_side side, size_t first, size_t n, cm_axis **out,
                            cm_error *err) {
  if (m->axis[side]) return cm__axis_slice(m->axis[side], first, n, out, err);
  *out = NULL;
  return CM_OK;
}

cm_status cm_matrix_block(cm_matrix *m, size_t row, size_t rows, size_t col, size_t cols,
                          cm_matrix **out, cm_error *err) {
  cm_matrix *v = NULL;
  cm_status status;
  CM__TRY(check_span(row, rows, m->d.rows, "rows", err));
  CM__TRY(check_span(col, cols, m->d.cols, "columns", err));
  CM__TRY(view(m,
               rows && cols ? cm__window(m->d, row, rows, col, cols)
                            : (cm__dense){m->d.data, rows, cols, 1, cm__max(rows, 1)},
               &v, err));
  CM__TRY(slice_axis(m, CM_ROWS, row, rows, &v->axis[CM_ROWS], err));
  CM__TRY(slice_axis(m, CM_COLS, col, cols, &v->axis[CM_COLS], err));
  *out = v;
  v = NULL;
done:
  cm_matrix_release(v);
  return status;
}

cm_status cm_matrix_transposed(cm_matrix *m, cm_matrix **out, cm_error *err) {
  cm_matrix *v;
  cm_status status = view(m, cm__flip(m->d), &v, err);
  if (status != CM_OK) return status;
  cm__matrix_label(v, m->axis[CM_COLS], m->axis[CM_ROWS]);
  *out = v;
  return CM_OK;
}

/* ---- copies in another order ------------------------------------------------ */

static cm__dense by_rows(cm__dense d, cm_side side) { return side == CM_ROWS ? d : cm__flip(d); }

static void gather(cm__dense to, cm__dense from, const size_t *where) {
  for (size_t j = 0; j < to.cols; j++)
    for (size_t i = 0; i < to.rows; i++) *cm__at(to, i, j) = *cm__at(from, where[i], j);
}

/* The labels at `where`, or none where one would stand twice. */
static cm_status take_axis(const cm_axis *axis, const size_t *where, size_t n, cm_axis **out,
                           cm_error *err) {
  *out = NULL;
  if (!axis) return CM_OK;
  cm_status status = cm_axis_take(axis, where, n, out, err);
  return status == CM_DUPLICATE ? CM_OK : status;
}

cm_status cm_matrix_take(const cm_matrix *m, cm_side side, const size_t *where, size_t n,
                         cm_matrix **out, cm_error *err) {
  size_t size = by_rows(m->d, side).rows;
  cm_side other = side == CM_ROWS ? CM_COLS : CM_ROWS;
  for (size_t i = 0; i < n; i++)
    if (where[i] >= size)
      return cm__fail_at(err, CM_RANGE, side == CM_ROWS ? where[i] + 1 : 0,
                         side == CM_COLS ? where[i] + 1 : 0, 0, "%s %zu of %zu",
                         side == CM_ROWS ? "row" : "column", where[i] + 1, size);
  cm_matrix *t = NULL;
  cm_status status;
  CM__TRY(cm__matrix_raw(side == CM_ROWS ? n : m->d.rows, side == CM_COLS ? n : m->d.cols,
                         "a selection", &t, err));
  CM__TRY(take_axis(m->axis[side], where, n, &t->axis[side], err));
  t->axis[other] = cm_axis_retain(m->axis[other]);
  if (side == CM_ROWS)
    gather(t->d, m->d, where);
  else
    for (size_t j = 0; j < n; j++)
      cm__dense_copy(cm__window(t->d, 0, t->d.rows, j, 1),
                     cm__window(m->d, 0, m->d.rows, where[j], 1));
  *out = t;
  t = NULL;
done:
  cm_matrix_release(t);
  return status;
}

cm_status cm__matrix_align(const cm_matrix *m, cm_side side, const cm_axis *axis, const char *what,
                           cm_matrix **out, cm_error *err) {
  size_t *order;
  cm_status status = cm__axis_align(axis, m->axis[side], what, &order, err);
  if (status != CM_OK) return status;
  if (!order) {
    *out = cm_matrix_retain((cm_matrix *)m);
    return CM_OK;
  }
  status = cm_matrix_take(m, side, order, cm_axis_size(axis), out, err);
  cm__free(order);
  return status;
}

static cm_status join_axes(const cm_matrix *a, const cm_matrix *b, cm_side side, cm_axis **out,
                           cm_error *err) {
  *out = NULL;
  if (!a->axis[side] || !b->axis[side]) return CM_OK;
  cm_status status = cm__axis_concat(a->axis[side], b->axis[side], out, err);
  return status == CM_DUPLICATE ? CM_OK : status;
}

cm_status cm_matrix_join(const cm_matrix *a, const cm_matrix *b, cm_side side, cm_matrix **out,
                         cm_error *err) {
  cm_side other = side == CM_ROWS ? CM_COLS : CM_ROWS;
  cm__dense da = by_rows(a->d, side), db = by_rows(b->d, side);
  if (da.cols != db.cols)
    return cm__fail(err, CM_SHAPE, "a %zu x %zu matrix does not fit %s a %zu x %zu one", b->d.rows,
                    b->d.cols, side == CM_ROWS ? "under" : "beside", a->d.rows, a->d.cols);
  cm_matrix *t = NULL, *fit = NULL;
  cm_status status;
  CM__TRY(
      cm__matrix_align(b, other, a->axis[other], side == CM_ROWS ? "columns" : "rows", &fit, err));
  size_t n = da.rows + db.rows; /* both are in memory, so the sum is no overflow */
  CM__TRY(cm__matrix_raw(side == CM_ROWS ? n : da.cols, side == CM_ROWS ? da.cols : n, "a join", &t,
                         err));
  CM__TRY(join_axes(a, b, side, &t->axis[side], err));
  t->axis[other] = cm_axis_retain(a->axis[other] ? a->axis[other] : b->axis[other]);
  cm__dense dt = by_rows(t->d, side);
  cm__dense_copy(cm__window(dt, 0, da.rows, 0, dt.cols), da);
  cm__dense_copy(cm__window(dt, da.rows, db.rows, 0, dt.cols), by_rows(fit->d, side));
  *out = t;
  t = NULL;
done:
  cm_matrix_release(fit);
  cm_matrix_release(t);
  return status;
}

/* ---- diagonals --------------------------------------------------------------- */

cm_status cm_matrix_diagonal(const cm_matrix *vector, cm_matrix **out, cm_error *err) {
  if (vector->d.rows != 1 && vector->d.cols != 1)
    return cm__fail(err, CM_SHAPE, "a diagonal is made of one row or one column, not %zu x %zu",
                    vector->d.rows, vector->d.cols);
  cm_side side = vector->d.cols == 1 ? CM_ROWS : CM_COLS;
  cm__dense v = by_rows(vector->d, side);
  cm_matrix *m;
  cm_status status = cm_matrix_new(v.rows, v.rows, &m, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < v.rows; i++) *cm__at(m->d, i, i) = *cm__at(v, i, 0);
  cm__matrix_label(m, vector->axis[side], vector->axis[side]);
  *out = m;
  return CM_OK;
}

cm_status cm_matrix_diagonal_of(const cm_matrix *m, cm_matrix **out, cm_error *err) {
  size_t n = cm__min(m->d.rows, m->d.cols);
  cm_matrix *v;
  cm_status status = cm__matrix_raw(n, 1, "a diagonal", &v, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < n; i++) *cm__at(v->d, i, 0) = *cm__at(m->d, i, i);
  cm__matrix_label(v, m->axis[n == m->d.rows ? CM_ROWS : CM_COLS], NULL);
  *out = v;
  return CM_OK;
}
