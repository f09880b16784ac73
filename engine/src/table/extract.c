/* Hypothetical extraction: what is lost where links are cut. */
#include <string.h>

#include "table/lowrank.h"

static bool marked(const bool *marks, size_t i) { return marks && marks[i]; }

/* Sets the cut cells of `z` to 0, marks the lines that hold them and adds what
 * they held, by row and by column. */
static void cut_cells(const cm_table *t, const cm_cut *cut, cm_matrix *z, bool *rows, bool *cols,
                      double *by_row, double *by_col) {
  size_t from = 0, to = 0, n = t->n;
  for (size_t i = 0; i < n; i++) {
    from += marked(cut->from, i);
    to += marked(cut->to, i);
  }
  for (size_t j = 0; j < n; j++) {
    if (!marked(cut->to, j)) continue;
    for (size_t i = 0; i < n; i++) {
      double *cell = cm__at(z->d, i, j);
      if (!marked(cut->from, i) || *cell == 0.0) continue;
      by_row[i] += *cell;
      by_col[j] += *cell;
      *cell = 0.0;
      (from <= to ? rows : cols)[from <= to ? i : j] = true;
    }
  }
}

/* Adds the final demand that is cut, each cell once. */
static void cut_final(const cm_table *t, const cm_cut *cuts, size_t count, double *by_row) {
  for (size_t c = 0; c < t->columns; c++)
    for (size_t i = 0; i < t->n; i++) {
      bool cut = false;
      for (size_t k = 0; k < count && !cut; k++)
        cut = marked(cuts[k].final, c) && marked(cuts[k].from, i);
      if (cut) by_row[i] += cm_matrix_at(t->part[CM_PART_Y], i, c);
    }
}

/* Supply-driven, the loss per unit of output is 1'(A - A*) (I - A*)^-1, here from
 * and back to output: column i times x_i, or over it. */
static void per_unit(const cm_matrix *x, cm_matrix *m, bool back) {
  for (size_t i = 0; i < m->d.rows; i++) {
    double output = cm_matrix_at(x, i, 0), *cell = cm__at(m->d, i, 0);
    *cell = output == 0.0 ? 0.0 : back ? *cell * output : *cell / output;
  }
}

cm_status cm_table_extract(cm_table *t, cm_extraction kind, const cm_cut *cuts, size_t count,
                           const cm_job *job, cm_matrix **out, cm_error *err) {
  const cm_matrix *x;
  cm_matrix *z = NULL, *sold = NULL, *bought = NULL, *loss = NULL;
  bool *rows = NULL, *cols = NULL, supply = kind == CM_SUPPLY_DRIVEN;
  cm_lu *lu = NULL;
  cm_status status;
  CM__TRY(cm_job_ask(job, 2 * t->n * t->n * sizeof(double), "an extraction", err));
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm_matrix_copy(t->part[CM_PART_Z], &z, err));
  CM__TRY(cm_matrix_new(t->n, 1, &sold, err));
  CM__TRY(cm_matrix_new(t->n, 1, &bought, err));
  CM__TRY(cm__alloc(t->n, sizeof *rows, "an extraction", &rows, err));
  CM__TRY(cm__alloc(t->n, sizeof *cols, "an extraction", &cols, err));
  for (size_t k = 0; k < count; k++)
    cut_cells(t, &cuts[k], z, rows, cols, sold->d.data, bought->d.data);
  cut_final(t, cuts, count, sold->d.data);
  CM__TRY(cm__changed_factor(t, z, rows, cols, job, &lu, err));
  per_unit(x, bought, false);
  CM__TRY(cm_lu_solve(lu, supply ? bought : sold, supply, job, &loss, err));
  if (supply) per_unit(x, loss, true);
  *out = loss;
  loss = NULL;
done:
  cm_matrix_release(z);
  cm_matrix_release(sold);
  cm_matrix_release(bought);
  cm_matrix_release(loss);
  cm__free(rows);
  cm__free(cols);
  cm_lu_release(lu);
  return status;
}

/* ---- each node in turn ------------------------------------------------------------ */

/* Foreign sales of node i, and how much of them its own output asks back: a L_.i. */
static void abroad(const cm_table *t, const cm_matrix *l, const cm_matrix *x, const cm_matrix *e,
                   size_t i, double *exports, double *back) {
  size_t first = i / t->n_sectors * t->n_sectors;
  *exports = *back = 0.0;
  for (size_t r = 0; r < t->g; r++) *exports += cm_matrix_at(e, i, r);
  for (size_t j = 0; j < t->n; j++) {
    double output = cm_matrix_at(x, j, 0);
    if ((j < first || j >= first + t->n_sectors) && output != 0.0)
      *back += cm_matrix_at(t->part[CM_PART_Z], i, j) / output * cm_matrix_at(l, j, i);
  }
}

/* Turns what a unit of final demand for i carries (rows of `out`, by group) into
 * what is lost without i. */
static cm_status scale(cm_table *t, cm_node_cut cut, const cm_matrix *weights, cm_grouping groups,
                       const cm_matrix *l, const cm_job *job, cm_matrix *out, cm_error *err) {
  const cm_matrix *x, *e = NULL;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  if (cut == CM_CUT_EXPORTS) CM__TRY(cm__table_part(t, CM_PART_E, job, &e, err));
  for (size_t i = 0; i < t->n; i++) {
    double output = cm_matrix_at(x, i, 0), times = output, over = cm_matrix_at(l, i, i), back;
    if (cut == CM_CUT_EXPORTS) {
      abroad(t, l, x, e, i, &times, &back);
      over = 1.0 + back;
    } else if (cut == CM_CUT_FORWARD) {
      times = 1.0;
    }
    double own = weights ? cm_matrix_at(weights, 0, i) : 1.0;
    if (cut == CM_CUT_FORWARD) own *= output;
    if ((cut == CM_CUT_BACKWARD || cut == CM_CUT_FORWARD) && groups.group[i] != CM_NOT_FOUND)
      *cm__at(out->d, i, groups.group[i]) -= own;
    for (size_t g = 0; g < out->d.cols; g++) *cm__at(out->d, i, g) *= times / over;
  }
done:
  return status;
}

/* groups x n: the weight of each node in its group's row, times output where `x`. */
static cm_status weigh(const cm_table *t, const cm_matrix *weights, const cm_matrix *x,
                       cm_grouping groups, cm_matrix **out, cm_error *err) {
  cm_status status = cm_matrix_new(cm_axis_size(groups.axis), t->n, out, err);
  for (size_t i = 0; status == CM_OK && i < t->n; i++)
    if (groups.group[i] != CM_NOT_FOUND)
      *cm__at((*out)->d, groups.group[i], i) =
          (weights ? cm_matrix_at(weights, 0, i) : 1.0) * (x ? cm_matrix_at(x, i, 0) : 1.0);
  return status;
}

static cm_status check_each(const cm_table *t, const cm_matrix *weights, cm_grouping groups,
                            cm_error *err) {
  if (!groups.group || !groups.axis)
    return cm__fail(err, CM_INVALID, "extraction needs groups and their labels");
  if (weights && (weights->d.rows != 1 || weights->d.cols != t->n))
    return cm__fail(err, CM_SHAPE, "weights of %zu x %zu for a table of %zu nodes; 1 x %zu is due",
                    weights->d.rows, weights->d.cols, t->n, t->n);
  for (size_t i = 0; i < t->n; i++)
    if (groups.group[i] != CM_NOT_FOUND && groups.group[i] >= cm_axis_size(groups.axis))
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "node %zu goes to group %zu of %zu", i + 1,
                         groups.group[i] + 1, cm_axis_size(groups.axis));
  return CM_OK;
}

cm_status cm_table_extract_each(cm_table *t, cm_node_cut cut, const cm_matrix *weights,
                                cm_grouping groups, const cm_job *job, cm_matrix **out,
                                cm_error *err) {
  const cm_matrix *l, *x;
  cm_matrix *w = NULL, *m = NULL;
  bool forward = cut == CM_CUT_FORWARD;
  cm_status status;
  CM__TRY(check_each(t, weights, groups, err));
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm__table_part(t, CM_PART_L, job, &l, err));
  CM__TRY(weigh(t, weights, forward ? x : NULL, groups, &w, err));
  CM__TRY(cm_job_step(job, "extracting", 0, 1, err));
  CM__TRY(cm__matrix_raw(t->n, w->d.rows, "an extraction", &m, err));
  /* row i: weights times L_.i, or for `forward` L_i. times weights */
  CM__TRY(cm__gemm(1.0, forward ? l->d : cm__flip(l->d), cm__flip(w->d), 0.0, m->d, err));
  CM__TRY(scale(t, cut, weights, groups, l, job, m, err));
  cm__matrix_label(m, t->nodes, groups.axis);
  *out = m;
  m = NULL;
done:
  cm_matrix_release(w);
  cm_matrix_release(m);
  return status;
}
