/* Where value, jobs or emissions in a demand come from. */
#include "table/internal.h"

/* ---- demand ------------------------------------------------------------------- */

static cm_status check_grouping(cm_grouping by, size_t places, const char *what, cm_error *err) {
  if (!by.group || !by.axis || !cm_axis_size(by.axis))
    return cm__fail(err, CM_INVALID, "%s need groups and their labels", what);
  for (size_t i = 0; i < places; i++)
    if (by.group[i] != CM_NOT_FOUND && by.group[i] >= cm_axis_size(by.axis))
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "%s: place %zu goes to group %zu of %zu", what,
                         i + 1, by.group[i] + 1, cm_axis_size(by.axis));
  return CM_OK;
}

static cm_status demand_labels(const cm_axis *rows, const cm_axis *cols, cm_axis **out,
                               cm_error *err) {
  if (cm_axis_size(rows) > 1 && cm_axis_size(cols) > 1)
    return cm_axis_product(rows, cols, out, err);
  *out = cm_axis_retain(cm_axis_size(cols) > 1 ? cols : rows);
  return CM_OK;
}

/* One unit of every product, in one column. */
static cm_status unit_flow(const cm_table *t, cm_matrix **out, cm_error *err) {
  cm_status status = cm__matrix_raw(t->n, 1, "demand", out, err);
  for (size_t i = 0; status == CM_OK && i < t->n; i++) *cm__at((*out)->d, i, 0) = 1.0;
  return status;
}

cm_status cm_table_demand(const cm_table *t, const cm_matrix *flow, cm_grouping rows,
                          cm_grouping cols, const cm_job *job, cm_matrix **out, cm_error *err) {
  cm_matrix *units = NULL, *grouped = NULL, *m = NULL;
  cm_axis *labels = NULL;
  cm_status status;
  if (!flow) {
    CM__TRY(unit_flow(t, &units, err));
    flow = units;
  }
  if (flow->d.rows != t->n) {
    status =
        cm__fail(err, CM_SHAPE, "demand of %zu rows for a table of %zu nodes", flow->d.rows, t->n);
    goto done;
  }
  CM__TRY(check_grouping(rows, t->n, "the rows of demand", err));
  CM__TRY(check_grouping(cols, flow->d.cols, "the columns of demand", err));
  size_t width = cm_axis_size(cols.axis), k, bytes;
  CM__TRY(cm__size3(cm_axis_size(rows.axis), width, 1, "demand", &k, err));
  CM__TRY(cm__size3(t->n, k, sizeof(double), "demand", &bytes, err));
  CM__TRY(cm_job_ask(job, bytes, "demand", err));
  CM__TRY(cm_matrix_group(flow, CM_COLS, cols.group, cols.axis, &grouped, err));
  CM__TRY(demand_labels(rows.axis, cols.axis, &labels, err));
  CM__TRY(cm_matrix_new(t->n, k, &m, err));
  for (size_t i = 0; i < t->n; i++)
    for (size_t b = 0; b < width && rows.group[i] != CM_NOT_FOUND; b++)
      *cm__at(m->d, i, rows.group[i] * width + b) = cm_matrix_at(grouped, i, b);
  cm__matrix_label(m, t->nodes, labels);
  *out = m;
done:
  cm_matrix_release(units);
  cm_matrix_release(grouped);
  cm_axis_release(labels);
  return status;
}

/* ---- origin ------------------------------------------------------------------- */

/* Few columns: solve L D, weigh the rows, add them up. */
static cm_status by_columns(cm_table *t, const cm_matrix *weights, const cm_matrix *demand,
                            cm_grouping origins, const cm_job *job, cm_matrix **out,
                            cm_error *err) {
  const cm_lu *lu;
  cm_matrix *m = NULL;
  cm_status status;
  CM__TRY(cm_table_factor(t, job, &lu, err));
  CM__TRY(cm_lu_solve(lu, demand, false, job, &m, err));
  for (size_t j = 0; j < m->d.cols; j++)
    for (size_t i = 0; i < t->n; i++) *cm__at(m->d, i, j) *= cm_matrix_at(weights, 0, i);
  CM__TRY(cm_matrix_group(m, CM_ROWS, origins.group, origins.axis, out, err));
done:
  cm_matrix_release(m);
  return status;
}

/* Few origins: W L by a transposed solve, one row an origin, then times D. */
static cm_status by_origins(cm_table *t, const cm_matrix *weights, const cm_matrix *demand,
                            cm_grouping origins, const cm_job *job, cm_matrix **out,
                            cm_error *err) {
  cm_matrix *w = NULL, *multipliers = NULL;
  cm_status status;
  CM__TRY(cm_matrix_new(cm_axis_size(origins.axis), t->n, &w, err));
  for (size_t i = 0; i < t->n; i++)
    if (origins.group[i] != CM_NOT_FOUND)
      *cm__at(w->d, origins.group[i], i) = cm_matrix_at(weights, 0, i);
  cm__matrix_label(w, origins.axis, t->nodes);
  CM__TRY(cm__times_leontief(t, w, job, &multipliers, err));
  CM__TRY(cm_mul(multipliers, demand, job, out, err));
done:
  cm_matrix_release(w);
  cm_matrix_release(multipliers);
  return status;
}

cm_status cm_table_origin(cm_table *t, const cm_matrix *weights, const cm_matrix *demand,
                          cm_grouping origins, const cm_job *job, cm_matrix **out, cm_error *err) {
  size_t bytes, k = demand->d.cols;
  cm_status status;
  if (!weights) CM__TRY(cm__table_part(t, CM_PART_V, job, &weights, err));
  if (weights->d.rows != 1 || weights->d.cols != t->n)
    return cm__fail(err, CM_SHAPE, "weights of %zu x %zu for a table of %zu nodes; 1 x %zu is due",
                    weights->d.rows, weights->d.cols, t->n, t->n);
  if (demand->d.rows != t->n)
    return cm__fail(err, CM_SHAPE, "demand of %zu x %zu for a table of %zu nodes", demand->d.rows,
                    k, t->n);
  CM__TRY(check_grouping(origins, t->n, "origins", err));
  bool columns_first = k <= cm_axis_size(origins.axis);
  CM__TRY(cm__size3(columns_first ? k : 2 * cm_axis_size(origins.axis), t->n, sizeof(double),
                    "value by origin", &bytes, err));
  CM__TRY(cm_job_ask(job, bytes, "value by origin", err));
  CM__TRY((columns_first ? by_columns : by_origins)(t, weights, demand, origins, job, out, err));
done:
  return status;
}

cm_status cm_table_coefficients(cm_table *t, cm_part part, size_t row, cm_matrix **out,
                                cm_error *err) {
  const cm_matrix *rows, *x;
  cm_matrix *one = NULL;
  cm_status status;
  if (part != CM_PART_P && part != CM_PART_F)
    return cm__fail(err, CM_INVALID, "coefficients come from P or F");
  CM__TRY(cm__table_part(t, part, NULL, &rows, err));
  CM__TRY(cm__table_part(t, CM_PART_X, NULL, &x, err));
  if (row >= rows->d.rows)
    return cm__fail_at(err, CM_RANGE, row + 1, 0, 0, "row %zu of %s, which has %zu", row + 1,
                       cm_part_letter(part), rows->d.rows);
  CM__TRY(cm_matrix_block((cm_matrix *)rows, row, 1, 0, t->n, &one, err));
  CM__TRY(cm__per_output(one, x, "coefficients", out, err));
done:
  cm_matrix_release(one);
  return status;
}
