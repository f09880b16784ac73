/* RAS and GRAS: one scaling of rows and columns for both. */
#include <math.h>

#include "capmod/balance.h"
#include "matrix/internal.h"

typedef struct margins {
  cm__dense m;
  double *row, *col;   /* totals wanted */
  double *r, *s;       /* scales */
  double *plus, *less; /* per row: what its positive and negative elements weigh */
  double scale;        /* mean size of the totals */
} margins;

/* The r that brings r plus - less / r to the total: the positive root of
 * plus r^2 - total r - less = 0, written so that nothing cancels. */
static double scale_for(double plus, double less, double total) {
  if (plus == 0.0 && less == 0.0) return 1.0;
  if (less == 0.0) return total / plus;
  if (plus == 0.0) return -less / total;
  double root = sqrt(total * total + 4.0 * plus * less);
  return total >= 0.0 ? (total + root) / (2.0 * plus) : 2.0 * less / (root - total);
}

/* Weights of the elements of row i as columns are scaled, for every i. */
static void weigh_rows(margins *b) {
  for (size_t i = 0; i < b->m.rows; i++) b->plus[i] = b->less[i] = 0.0;
  for (size_t j = 0; j < b->m.cols; j++)
    for (size_t i = 0; i < b->m.rows; i++) {
      double value = *cm__at(b->m, i, j);
      if (value > 0.0) b->plus[i] += value * b->s[j];
      if (value < 0.0) b->less[i] -= value / b->s[j];
    }
}

static void weigh_column(const margins *b, size_t j, double *plus, double *less) {
  *plus = *less = 0.0;
  for (size_t i = 0; i < b->m.rows; i++) {
    double value = *cm__at(b->m, i, j);
    if (value > 0.0) *plus += value * b->r[i];
    if (value < 0.0) *less -= value / b->r[i];
  }
}

static double total_of(double plus, double less, double scale) {
  return scale * plus - less / scale;
}

static void note_gap(cm_balance_report *report, double gap, bool row, size_t at) {
  if (gap <= report->gap) return;
  report->gap = gap;
  report->gap_in_row = row;
  report->gap_at = at;
}

/* The largest gap as rows and columns are scaled now; leaves the rows' weights. */
static void measure(margins *b, cm_balance_report *report) {
  double plus, less;
  report->gap = 0.0;
  weigh_rows(b);
  for (size_t i = 0; i < b->m.rows; i++)
    note_gap(report, fabs(total_of(b->plus[i], b->less[i], b->r[i]) - b->row[i]) / b->scale, true,
             i);
  for (size_t j = 0; j < b->m.cols; j++) {
    weigh_column(b, j, &plus, &less);
    note_gap(report, fabs(total_of(plus, less, b->s[j]) - b->col[j]) / b->scale, false, j);
  }
}

/* A scale of 0 (a total of 0 over positive elements) would take its sign from
 * negative ones: it stays a tiny positive number. */
static double kept_positive(double scale) { return scale > 1e-300 ? scale : 1e-300; }

static cm_status scale_all(margins *b, const cm_balance_options *o, const cm_job *job,
                           cm_balance_report *report, cm_error *err) {
  size_t steps = o->steps ? o->steps : 1000;
  double tolerance = o->tolerance > 0.0 ? o->tolerance : 1e-9, plus, less;
  cm_status status;
  measure(b, report);
  for (report->steps = 0; report->gap > tolerance && report->steps < steps; report->steps++) {
    CM__TRY(cm_job_step(job, "balancing", (double)report->steps, (double)steps, err));
    for (size_t i = 0; i < b->m.rows; i++)
      b->r[i] = kept_positive(scale_for(b->plus[i], b->less[i], b->row[i]));
    for (size_t j = 0; j < b->m.cols; j++) {
      weigh_column(b, j, &plus, &less);
      b->s[j] = kept_positive(scale_for(plus, less, b->col[j]));
    }
    measure(b, report);
  }
  report->converged = report->gap <= tolerance;
  status = CM_OK;
done:
  return status;
}

/* ---- what can be met at all -------------------------------------------------------- */

static cm_status check_line(double plus, double less, double total, const char *what, size_t at,
                            const cm_axis *axis, cm_error *err) {
  bool empty = plus == 0.0 && less == 0.0 && total != 0.0;
  bool wrong = (less == 0.0 && total < 0.0) || (plus == 0.0 && total > 0.0);
  if (!empty && !wrong) return CM_OK;
  return cm__fail_at(err, CM_INVALID, 0, 0, total, "%s %zu%s%s%s %s, but its total is %g", what,
                     at + 1, axis ? " ('" : "", axis ? cm_axis_label(axis, at) : "",
                     axis ? "')" : "",
                     empty  ? "is empty"
                     : less ? "has only negative elements"
                            : "has no negative element",
                     total);
}

static cm_status check_totals(margins *b, const cm_matrix *m, double tolerance, cm_error *err) {
  double rows = 0.0, cols = 0.0, plus, less;
  cm_status status;
  weigh_rows(b);
  for (size_t i = 0; i < b->m.rows; i++) {
    rows += b->row[i];
    CM__TRY(check_line(b->plus[i], b->less[i], b->row[i], "row", i, m->axis[CM_ROWS], err));
  }
  for (size_t j = 0; j < b->m.cols; j++) {
    cols += b->col[j];
    weigh_column(b, j, &plus, &less);
    CM__TRY(check_line(plus, less, b->col[j], "column", j, m->axis[CM_COLS], err));
  }
  status = CM_OK;
  if (fabs(rows - cols) > tolerance * b->scale)
    status = cm__fail_at(err, CM_INVALID, 0, 0, rows - cols,
                         "the row totals sum to %.10g and the column totals to %.10g", rows, cols);
done:
  return status;
}

/* ---- the call -------------------------------------------------------------------------- */

static cm_status take_totals(const cm_matrix *from, size_t n, const char *what, double *to,
                             cm_error *err) {
  bool row = from->d.rows == 1 && from->d.cols == n;
  if (!row && (from->d.cols != 1 || from->d.rows != n))
    return cm__fail(err, CM_SHAPE, "%s totals of %zu x %zu for %zu %ss", what, from->d.rows,
                    from->d.cols, n, what);
  for (size_t i = 0; i < n; i++) to[i] = row ? cm_matrix_at(from, 0, i) : cm_matrix_at(from, i, 0);
  return cm_matrix_check_finite(from, "a total", err);
}

static cm_status make_margins(const cm_matrix *m, const cm_matrix *rows, const cm_matrix *cols,
                              margins *b, cm_error *err) {
  size_t n_rows = m->d.rows, n_cols = m->d.cols;
  double *all;
  cm_status status;
  CM__TRY(cm_matrix_check_finite(m, "the matrix", err));
  CM__TRY(cm__alloc(4 * n_rows + 2 * n_cols, sizeof *all, "margins", &all, err));
  *b = (margins){m->d,
                 all,
                 all + 4 * n_rows,
                 all + n_rows,
                 all + 4 * n_rows + n_cols,
                 all + 2 * n_rows,
                 all + 3 * n_rows,
                 0.0};
  CM__TRY(take_totals(rows, n_rows, "row", b->row, err));
  CM__TRY(take_totals(cols, n_cols, "column", b->col, err));
  for (size_t i = 0; i < n_rows; i++) {
    b->r[i] = 1.0;
    b->scale += fabs(b->row[i]);
  }
  for (size_t j = 0; j < n_cols; j++) {
    b->s[j] = 1.0;
    b->scale += fabs(b->col[j]);
  }
  b->scale = b->scale > 0.0 ? b->scale / (double)(n_rows + n_cols) : 1.0;
done:
  return status;
}

static void apply(const margins *b, cm__dense out) {
  for (size_t j = 0; j < out.cols; j++)
    for (size_t i = 0; i < out.rows; i++) {
      double value = *cm__at(b->m, i, j);
      *cm__at(out, i, j) = value > 0.0   ? b->r[i] * value * b->s[j]
                           : value < 0.0 ? value / (b->r[i] * b->s[j])
                                         : 0.0;
    }
}

cm_status cm_balance(const cm_matrix *m, const cm_matrix *rows, const cm_matrix *cols,
                     const cm_balance_options *options, const cm_job *job, cm_matrix **out,
                     cm_balance_report *report, cm_error *err) {
  margins b = {0};
  cm_matrix *result = NULL;
  cm_balance_report found = {0};
  cm_status status;
  CM__TRY(make_margins(m, rows, cols, &b, err));
  CM__TRY(check_totals(&b, m, options->tolerance > 1e-9 ? options->tolerance : 1e-9, err));
  CM__TRY(scale_all(&b, options, job, &found, err));
  CM__TRY(cm__matrix_raw(m->d.rows, m->d.cols, "a balanced matrix", &result, err));
  apply(&b, result->d);
  cm__matrix_label(result, m->axis[CM_ROWS], m->axis[CM_COLS]);
  *out = result;
  *report = found;
done:
  cm__free(b.row);
  return status;
}
