/* Arithmetic element by element, aligned by label. */
#include <math.h>

#include "matrix/internal.h"

enum { TILE = 64 };

/* dst[i] = a[i] op b[i] for n elements; a step of 0 repeats one element. */
typedef struct lane {
  const double *data;
  size_t step;
} lane;

#define EACH(let, expr)                                                                            \
  for (size_t i = 0; i < n; i++) {                                                                 \
    let;                                                                                           \
    dst[i] = (expr);                                                                               \
  }                                                                                                \
  break
#define BOTH(expr) EACH(double x = a.data[i * a.step]; double y = b.data[i * b.step], expr)
#define ONE(expr) EACH(double x = a.data[i * a.step], expr)

static void binary_lane(cm_binary op, size_t n, double *dst, lane a, lane b) {
  switch (op) {
  case CM_ADD:
    BOTH(x + y);
  case CM_SUB:
    BOTH(x - y);
  case CM_MUL:
    BOTH((x) * (y));
  case CM_DIV:
    BOTH(x / y);
  case CM_POW:
    BOTH(pow(x, y));
  case CM_MIN:
    BOTH(x < y || isnan(x) ? x : y);
  case CM_MAX:
    BOTH(x > y || isnan(x) ? x : y);
  case CM_AT_LEAST:
    BOTH(x >= y ? 1.0 : 0.0);
  }
}

static void unary_lane(cm_unary op, size_t n, double *dst, lane a) {
  switch (op) {
  case CM_NEG:
    ONE(-x);
  case CM_ABS:
    ONE(fabs(x));
  case CM_EXP:
    ONE(exp(x));
  case CM_LOG:
    ONE(log(x));
  case CM_SQRT:
    ONE(sqrt(x));
  case CM_RECIPROCAL:
    ONE(x == 0.0 ? 0.0 : 1.0 / x);
  }
}

/* The columns of a tile of `to` as lanes of the operands. */
static lane lane_of(cm__dense d, size_t i, size_t j) { return (lane){cm__at(d, i, j), d.row_step}; }

static void binary_tiles(cm_binary op, cm__dense to, cm__dense a, cm__dense b) {
  for (size_t j0 = 0; j0 < to.cols; j0 += TILE)
    for (size_t i0 = 0; i0 < to.rows; i0 += TILE) {
      size_t n = cm__min(TILE, to.rows - i0), j1 = cm__min(j0 + TILE, to.cols);
      for (size_t j = j0; j < j1; j++)
        binary_lane(op, n, cm__at(to, i0, j), lane_of(a, i0, j), lane_of(b, i0, j));
    }
}

static void unary_tiles(cm_unary op, cm__dense to, cm__dense a) {
  for (size_t j0 = 0; j0 < to.cols; j0 += TILE)
    for (size_t i0 = 0; i0 < to.rows; i0 += TILE) {
      size_t n = cm__min(TILE, to.rows - i0), j1 = cm__min(j0 + TILE, to.cols);
      for (size_t j = j0; j < j1; j++) unary_lane(op, n, cm__at(to, i0, j), lane_of(a, i0, j));
    }
}

/* d seen as rows x cols, a side of size 1 repeated by a step of 0. */
static cm__dense repeated(cm__dense d, size_t rows, size_t cols) {
  if (d.rows == 1) d.row_step = d.row_step * (rows == 1);
  if (d.cols == 1) d.col_step = d.col_step * (cols == 1);
  d.rows = rows;
  d.cols = cols;
  return d;
}

static bool sizes_fit(size_t a, size_t b, size_t *out) {
  *out = a == 1 ? b : a;
  return a == b || a == 1 || b == 1;
}

/* The axis of a result: of the side that is not repeated; of two sides of size
 * one, a label that both bear or that only one has. */
static const cm_axis *result_axis(const cm_matrix *a, const cm_matrix *b, cm_side side, size_t na,
                                  size_t nb) {
  const cm_axis *x = a->axis[side], *y = b->axis[side];
  if (na != nb) return na == 1 ? y : x;
  if (na == 1 && x && y && !cm_axis_equal(x, y)) return NULL;
  return x ? x : y;
}

/* b with the sides that are not repeated in the order of a. */
static cm_status pair(const cm_matrix *a, const cm_matrix *b, cm_matrix **out, cm_error *err) {
  cm_matrix *half = NULL;
  cm_status status;
  bool rows = a->d.rows == b->d.rows, cols = a->d.cols == b->d.cols;
  CM__TRY(cm__matrix_align(b, CM_ROWS, rows ? a->axis[CM_ROWS] : NULL, "rows", &half, err));
  CM__TRY(cm__matrix_align(half, CM_COLS, cols ? a->axis[CM_COLS] : NULL, "columns", out, err));
done:
  cm_matrix_release(half);
  return status;
}

cm_status cm_matrix_binary(cm_binary op, const cm_matrix *a, const cm_matrix *b, cm_matrix **out,
                           cm_error *err) {
  size_t rows, cols;
  if (!sizes_fit(a->d.rows, b->d.rows, &rows) || !sizes_fit(a->d.cols, b->d.cols, &cols))
    return cm__fail(err, CM_SHAPE, "%zu x %zu and %zu x %zu, element by element", a->d.rows,
                    a->d.cols, b->d.rows, b->d.cols);
  cm_matrix *fit = NULL, *m;
  cm_status status;
  CM__TRY(pair(a, b, &fit, err));
  CM__TRY(cm__matrix_raw(rows, cols, "a matrix", &m, err));
  binary_tiles(op, m->d, repeated(a->d, rows, cols), repeated(fit->d, rows, cols));
  cm__matrix_label(m, result_axis(a, b, CM_ROWS, a->d.rows, b->d.rows),
                   result_axis(a, b, CM_COLS, a->d.cols, b->d.cols));
  *out = m;
done:
  cm_matrix_release(fit);
  return status;
}

cm_status cm_matrix_scalar(cm_binary op, const cm_matrix *m, double value, bool value_first,
                           cm_matrix **out, cm_error *err) {
  cm_matrix *r;
  cm_status status = cm__matrix_raw(m->d.rows, m->d.cols, "a matrix", &r, err);
  if (status != CM_OK) return status;
  cm__dense v = {&value, m->d.rows, m->d.cols, 0, 0};
  binary_tiles(op, r->d, value_first ? v : m->d, value_first ? m->d : v);
  cm__matrix_label(r, m->axis[CM_ROWS], m->axis[CM_COLS]);
  *out = r;
  return CM_OK;
}

cm_status cm_matrix_unary(cm_unary op, const cm_matrix *m, cm_matrix **out, cm_error *err) {
  cm_matrix *r;
  cm_status status = cm__matrix_raw(m->d.rows, m->d.cols, "a matrix", &r, err);
  if (status != CM_OK) return status;
  unary_tiles(op, r->d, m->d);
  cm__matrix_label(r, m->axis[CM_ROWS], m->axis[CM_COLS]);
  *out = r;
  return CM_OK;
}
