/* Countries and sectors summed into groups. */
#include "table/internal.h"

/* Groupings of the nodes and of the columns of final demand that follow from
 * those of countries and sectors. */
typedef struct plan {
  size_t *node, *column;
  cm_axis *nodes, *columns;
} plan;

static cm_status check_all(cm_grouping by, const cm_axis *of, const char *what, cm_error *err) {
  if (!by.group || !by.axis) return cm__fail(err, CM_INVALID, "%s need groups and labels", what);
  for (size_t i = 0; i < cm_axis_size(of); i++)
    if (by.group[i] >= cm_axis_size(by.axis))
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "%s: '%s' goes to none of the %zu groups",
                         what, cm_axis_label(of, i), cm_axis_size(by.axis));
  return CM_OK;
}

static void product(size_t *to, cm_grouping outer, size_t n_outer, cm_grouping inner,
                    size_t n_inner) {
  size_t width = inner.axis ? cm_axis_size(inner.axis) : n_inner;
  for (size_t i = 0; i < n_outer; i++)
    for (size_t j = 0; j < n_inner; j++)
      to[i * n_inner + j] = outer.group[i] * width + (inner.group ? inner.group[j] : j);
}

static cm_status make_plan(const cm_table *t, cm_grouping countries, cm_grouping sectors, plan *p,
                           cm_error *err) {
  cm_status status;
  CM__TRY(cm__alloc_raw(t->n, sizeof *p->node, "groups", &p->node, err));
  CM__TRY(cm__alloc_raw(t->columns, sizeof *p->column, "groups", &p->column, err));
  CM__TRY(cm_axis_product(countries.axis, sectors.axis, &p->nodes, err));
  if (t->categories)
    CM__TRY(cm_axis_product(countries.axis, t->categories, &p->columns, err));
  else
    p->columns = cm_axis_retain(countries.axis);
  product(p->node, countries, t->g, sectors, t->n_sectors);
  product(p->column, countries, t->g, (cm_grouping){0}, t->columns / t->g);
done:
  return status;
}

/* Sums rows by (rows, row_axis) and columns likewise; NULL leaves a side alone. */
static cm_status fold(const cm_matrix *m, const size_t *rows, const cm_axis *row_axis,
                      const size_t *cols, const cm_axis *col_axis, const cm_job *job,
                      cm_matrix **out, cm_error *err) {
  cm_matrix *half = NULL;
  cm_status status = CM_OK;
  if (!m) return CM_OK;
  CM__TRY(cm_job_step(job, "aggregating", 0, 0, err));
  if (rows && cols) {
    CM__TRY(cm_matrix_group(m, CM_ROWS, rows, row_axis, &half, err));
    CM__TRY(cm_matrix_group(half, CM_COLS, cols, col_axis, out, err));
  } else {
    CM__TRY(cm_matrix_group(m, rows ? CM_ROWS : CM_COLS, rows ? rows : cols,
                            rows ? row_axis : col_axis, out, err));
  }
done:
  cm_matrix_release(half);
  return status;
}

cm_status cm_table_aggregate(const cm_table *t, cm_grouping countries, cm_grouping sectors,
                             const cm_job *job, cm_table **out, cm_error *err) {
  plan p = {0};
  cm_matrix *m[CM_PART_OUTPUT + 1] = {0};
  cm_matrix *const *of = t->part;
  cm_status status;
  CM__TRY(check_all(countries, t->countries, "countries", err));
  CM__TRY(check_all(sectors, t->sectors, "sectors", err));
  CM__TRY(make_plan(t, countries, sectors, &p, err));
  CM__TRY(fold(of[CM_PART_Z], p.node, p.nodes, p.node, p.nodes, job, &m[CM_PART_Z], err));
  CM__TRY(fold(of[CM_PART_Y], p.node, p.nodes, p.column, p.columns, job, &m[CM_PART_Y], err));
  CM__TRY(fold(of[CM_PART_P], NULL, NULL, p.node, p.nodes, job, &m[CM_PART_P], err));
  CM__TRY(fold(of[CM_PART_F], NULL, NULL, p.node, p.nodes, job, &m[CM_PART_F], err));
  CM__TRY(fold(of[CM_PART_PY], NULL, NULL, p.column, p.columns, job, &m[CM_PART_PY], err));
  CM__TRY(fold(of[CM_PART_FY], NULL, NULL, p.column, p.columns, job, &m[CM_PART_FY], err));
  CM__TRY(fold(of[CM_PART_OUTPUT], p.node, p.nodes, NULL, NULL, job, &m[CM_PART_OUTPUT], err));
  CM__TRY(cm_table_new(&(cm_table_parts){.countries = countries.axis,
                                         .sectors = sectors.axis,
                                         .categories = t->categories,
                                         .z = m[CM_PART_Z],
                                         .y = m[CM_PART_Y],
                                         .primary = m[CM_PART_P],
                                         .primary_final = m[CM_PART_PY],
                                         .satellite = m[CM_PART_F],
                                         .satellite_final = m[CM_PART_FY],
                                         .output = m[CM_PART_OUTPUT]},
                       job, out, err));
done:
  for (size_t i = 0; i <= CM_PART_OUTPUT; i++) cm_matrix_release(m[i]);
  cm__free(p.node);
  cm__free(p.column);
  cm_axis_release(p.nodes);
  cm_axis_release(p.columns);
  return status;
}
