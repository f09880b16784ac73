/* Sums, extremes and groups. Sums are pairwise (Higham 1993), in an order that
 * depends on the shape alone and not on how the matrix is stored. */
#include <math.h>
#include <string.h>

#include "matrix/internal.h"

enum { WIDTH = 16, RUN = 32 };

/* acc[j] = sum over rows at[lo .. lo + n) (all rows where at is NULL) of the w
 * columns of d, by halves down to runs of RUN rows. */
static void sum_strip(cm__dense d, const size_t *at, size_t lo, size_t n, size_t w, double *acc) {
  if (n > RUN) {
    double upper[WIDTH];
    size_t half = n / 2;
    sum_strip(d, at, lo, half, w, acc);
    sum_strip(d, at, lo + half, n - half, w, upper);
    for (size_t j = 0; j < w; j++) acc[j] += upper[j];
    return;
  }
  memset(acc, 0, w * sizeof *acc);
  if (d.row_step == 1 && w > 1) {
    for (size_t j = 0; j < w; j++)
      for (size_t i = lo; i < lo + n; i++) acc[j] += *cm__at(d, at ? at[i] : i, j);
    return;
  }
  for (size_t i = lo; i < lo + n; i++) {
    const double *row = cm__at(d, at ? at[i] : i, 0);
    for (size_t j = 0; j < w; j++) acc[j] += row[j * d.col_step];
  }
}

/* The row of column sums over the chosen rows, into the row `to`. */
static void sum_rows(cm__dense d, const size_t *at, size_t n, cm__dense to) {
  double acc[WIDTH];
  for (size_t j = 0; j < d.cols; j += WIDTH) {
    size_t w = cm__min(WIDTH, d.cols - j);
    sum_strip(cm__window(d, 0, d.rows, j, w), at, 0, n, w, acc);
    for (size_t k = 0; k < w; k++) *cm__at(to, 0, j + k) = acc[k];
  }
}

static double total(cm__dense d) {
  if (d.cols > WIDTH) {
    size_t half = (d.cols / 2 + WIDTH - 1) / WIDTH * WIDTH;
    return total(cm__window(d, 0, d.rows, 0, half)) +
           total(cm__window(d, 0, d.rows, half, d.cols - half));
  }
  double acc[WIDTH], sum = 0.0;
  sum_strip(d, NULL, 0, d.rows, d.cols, acc);
  for (size_t j = 0; j < d.cols; j++) sum += acc[j];
  return sum;
}

double cm_matrix_sum(const cm_matrix *m) { return m->d.rows ? total(m->d) : 0.0; }

/* ---- over one side ---------------------------------------------------------- */

static double extreme(double best, double x, int sign) {
  return isnan(best) || sign * best >= sign * x ? best : x;
}

/* Least (sign -1) or greatest (1) of each column; a nan wins. */
static void extreme_rows(cm__dense d, int sign, cm__dense to) {
  for (size_t j = 0; j < d.cols; j++) *cm__at(to, 0, j) = *cm__at(d, 0, j);
  for (size_t i = 1; i < d.rows; i++)
    for (size_t j = 0; j < d.cols; j++) {
      double *best = cm__at(to, 0, j);
      *best = extreme(*best, *cm__at(d, i, j), sign);
    }
}

cm_status cm_matrix_reduce(cm_reduction op, const cm_matrix *m, cm_side over, cm_matrix **out,
                           cm_error *err) {
  cm__dense d = over == CM_ROWS ? m->d : cm__flip(m->d);
  if (op != CM_SUM && !d.rows && d.cols)
    return cm__fail(err, CM_INVALID, "nothing is the least or greatest of no elements");
  cm_matrix *r;
  cm_status status = cm__matrix_raw(over == CM_ROWS ? 1 : d.cols, over == CM_ROWS ? d.cols : 1,
                                    "a reduction", &r, err);
  if (status != CM_OK) return status;
  cm__dense to = over == CM_ROWS ? r->d : cm__flip(r->d);
  if (op == CM_SUM)
    sum_rows(d, NULL, d.rows, to);
  else
    extreme_rows(d, op == CM_LEAST ? -1 : 1, to);
  cm__matrix_label(r, over == CM_ROWS ? NULL : m->axis[CM_ROWS],
                   over == CM_ROWS ? m->axis[CM_COLS] : NULL);
  *out = r;
  return CM_OK;
}

/* ---- groups ------------------------------------------------------------------ */

/* Sorts the places 0 .. n - 1 by group: members of group g are
 * member[start[g]] up to member[start[g + 1]]. `start` has groups + 1 zeros. */
static void collect(const size_t *group, size_t n, size_t groups, size_t *start, size_t *member) {
  for (size_t i = 0; i < n; i++)
    if (group[i] != CM_NOT_FOUND) start[group[i] + 1]++;
  for (size_t g = 0; g < groups; g++) start[g + 1] += start[g];
  for (size_t i = 0; i < n; i++)
    if (group[i] != CM_NOT_FOUND) member[start[group[i]]++] = i;
  for (size_t g = groups; g > 0; g--) start[g] = start[g - 1];
  start[0] = 0;
}

static cm_status check_groups(const size_t *group, size_t n, size_t groups, cm_error *err) {
  for (size_t i = 0; i < n; i++)
    if (group[i] != CM_NOT_FOUND && group[i] >= groups)
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "element %zu goes to group %zu of %zu", i + 1,
                         group[i] + 1, groups);
  return CM_OK;
}

cm_status cm_matrix_group(const cm_matrix *m, cm_side side, const size_t *group,
                          const cm_axis *axis, cm_matrix **out, cm_error *err) {
  if (!axis) return cm__fail(err, CM_INVALID, "groups need labels");
  cm__dense d = side == CM_ROWS ? m->d : cm__flip(m->d);
  size_t groups = cm_axis_size(axis), *start = NULL, *member = NULL;
  cm_matrix *r;
  cm_status status;
  CM__TRY(check_groups(group, d.rows, groups, err));
  CM__TRY(cm__alloc(groups + 1, sizeof *start, "groups", &start, err));
  CM__TRY(cm__alloc(d.rows, sizeof *member, "groups", &member, err));
  CM__TRY(cm__matrix_raw(side == CM_ROWS ? groups : d.cols, side == CM_ROWS ? d.cols : groups,
                         "a grouped matrix", &r, err));
  collect(group, d.rows, groups, start, member);
  cm__dense to = side == CM_ROWS ? r->d : cm__flip(r->d);
  for (size_t g = 0; g < groups; g++)
    sum_rows(d, member + start[g], start[g + 1] - start[g], cm__window(to, g, 1, 0, to.cols));
  cm__matrix_label(r, side == CM_ROWS ? axis : m->axis[CM_ROWS],
                   side == CM_ROWS ? m->axis[CM_COLS] : axis);
  *out = r;
done:
  cm__free(start);
  cm__free(member);
  return status;
}

/* ---- the whole matrix --------------------------------------------------------- */

typedef struct place {
  double value;
  size_t row, col;
} place;

static place find_extreme(cm__dense d, int sign) {
  place best = {*d.data, 0, 0};
  for (size_t j = 0; j < d.cols && !isnan(best.value); j++)
    for (size_t i = 0; i < d.rows; i++) {
      double x = *cm__at(d, i, j);
      if (!(sign * x > sign * best.value) && !isnan(x)) continue;
      best = (place){x, i, j};
      if (isnan(x)) break;
    }
  return best;
}

cm_status cm_matrix_extremes(const cm_matrix *m, double *least, size_t *least_row,
                             size_t *least_col, double *greatest, size_t *greatest_row,
                             size_t *greatest_col, cm_error *err) {
  if (!m->d.rows || !m->d.cols)
    return cm__fail(err, CM_INVALID, "a matrix of %zu rows and %zu columns has no extremes",
                    m->d.rows, m->d.cols);
  place low = find_extreme(m->d, -1), high = find_extreme(m->d, 1);
  *least = low.value;
  *least_row = low.row;
  *least_col = low.col;
  *greatest = high.value;
  *greatest_row = high.row;
  *greatest_col = high.col;
  return CM_OK;
}

/* In the order of storage, by sums of sizes: fast, and never wrong where it says
 * yes (finite numbers may add up to infinity; the slow look then finds none). */
static bool surely_finite(cm__dense d) {
  if (d.row_step != 1) d = cm__flip(d);
  if (d.row_step == 1 && d.col_step == d.rows)
    return isfinite(cm__abs_sum(d.data, d.rows * d.cols));
  for (size_t j = 0; j < d.cols; j++)
    if (d.row_step != 1 || !isfinite(cm__abs_sum(cm__at(d, 0, j), d.rows))) return false;
  return true;
}

cm_status cm_matrix_check_finite(const cm_matrix *m, const char *what, cm_error *err) {
  if (surely_finite(m->d)) return CM_OK;
  for (size_t j = 0; j < m->d.cols; j++)
    for (size_t i = 0; i < m->d.rows; i++) {
      double x = *cm__at(m->d, i, j);
      if (isfinite(x)) continue;
      const char *row = m->axis[CM_ROWS] ? cm_axis_label(m->axis[CM_ROWS], i) : "";
      const char *col = m->axis[CM_COLS] ? cm_axis_label(m->axis[CM_COLS], j) : "";
      return cm__fail_at(err, CM_NOT_FINITE, i + 1, j + 1, x,
                         "%s: row %zu%s%s, column %zu%s%s is %g", what, i + 1, *row ? " " : "", row,
                         j + 1, *col ? " " : "", col, x);
    }
  return CM_OK;
}
