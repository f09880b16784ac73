/* The measured state of a table. */
#include <math.h>

#include "table/internal.h"

static void check_output(const cm_table *t, const cm_matrix *x, cm_table_checks *c) {
  const cm_matrix *published = t->part[CM_PART_OUTPUT];
  c->has_output = published != NULL;
  for (size_t i = 0; published && i < t->n; i++) {
    double gap = fabs(cm_matrix_at(x, i, 0) - cm_matrix_at(published, i, 0));
    if (gap > c->balance.value) c->balance = (cm_extreme){gap, i, 0};
    c->balance_mean += gap / (double)t->n;
    c->output_mean += cm_matrix_at(published, i, 0) / (double)t->n;
  }
}

static cm_status check_primary(const cm_table *t, const cm_matrix *va, cm_table_checks *c,
                               cm_error *err) {
  const cm_matrix *primary = t->part[CM_PART_P];
  cm_matrix *sums;
  c->has_primary = primary != NULL;
  if (!primary) return CM_OK;
  cm_status status = cm_matrix_reduce(CM_SUM, primary, CM_ROWS, &sums, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < t->n; j++) {
    double gap = fabs(cm_matrix_at(va, 0, j) - cm_matrix_at(sums, 0, j));
    if (gap > c->column_gap.value) c->column_gap = (cm_extreme){gap, 0, j};
  }
  c->world_primary = cm_matrix_sum(primary);
  cm_matrix_release(sums);
  return CM_OK;
}

/* Least element and how many are below 0. */
static cm_status check_negative(const cm_matrix *m, size_t *count, cm_extreme *least,
                                cm_error *err) {
  double greatest;
  size_t row, col;
  cm_status status =
      cm_matrix_extremes(m, &least->value, &least->row, &least->col, &greatest, &row, &col, err);
  if (status != CM_OK || least->value >= 0) return status;
  cm__dense d = m->d.row_step == 1 ? m->d : cm__flip(m->d);
  for (size_t j = 0; j < d.cols; j++)
    for (size_t i = 0; i < d.rows; i++) *count += *cm__at(d, i, j) < 0;
  return CM_OK;
}

static void check_nodes(const cm_table *t, const cm_matrix *x, const cm_matrix *vl,
                        cm_table_checks *c) {
  for (size_t j = 0; j < t->n; j++) {
    double output = cm_matrix_at(x, j, 0), error = fabs(cm_matrix_at(vl, 0, j) - 1.0);
    c->zero_output += output == 0.0;
    c->negative_output += output < 0.0;
    if (output != 0.0 && error > c->vl_error.value) c->vl_error = (cm_extreme){error, 0, j};
  }
}

cm_status cm_table_check(cm_table *t, const cm_job *job, cm_table_checks *out, cm_error *err) {
  cm_table_checks c = {0};
  const cm_matrix *x, *va, *v;
  const cm_lu *lu;
  cm_matrix *vl = NULL;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm__table_part(t, CM_PART_VA, job, &va, err));
  CM__TRY(cm__table_part(t, CM_PART_V, job, &v, err));
  CM__TRY(cm_table_factor(t, job, &lu, err));
  CM__TRY(cm__times_leontief(t, v, job, &vl, err));
  check_output(t, x, &c);
  CM__TRY(check_primary(t, va, &c, err));
  CM__TRY(check_negative(va, &c.negative_va, &c.least_va, err));
  CM__TRY(check_negative(t->part[CM_PART_Z], &c.negative_z, &c.least_z, err));
  CM__TRY(check_negative(t->part[CM_PART_Y], &c.negative_y, &c.least_y, err));
  check_nodes(t, x, vl, &c);
  c.world_va = cm_matrix_sum(va);
  c.world_final = cm_matrix_sum(t->part[CM_PART_Y]);
  c.world_output = cm_matrix_sum(x);
  c.rcond = cm_lu_rcond(lu);
  *out = c;
done:
  cm_matrix_release(vl);
  return status;
}
