/* The Leontief system: coefficients, the factor that is kept, and inverses. */
#include <math.h>

#include "table/internal.h"

cm_status cm__per_output(const cm_matrix *z, const cm_matrix *x, const char *what, cm_matrix **out,
                         cm_error *err) {
  cm_matrix *a;
  cm_status status = cm__matrix_raw(z->d.rows, z->d.cols, what, &a, err);
  if (status != CM_OK) return status;
  cm__dense_copy(a->d, z->d);
  for (size_t j = 0; j < a->d.cols; j++) {
    double *column = cm__at(a->d, 0, j), total = cm_matrix_at(x, j, 0);
    for (size_t i = 0; i < a->d.rows; i++) column[i] = total == 0.0 ? 0.0 : column[i] / total;
  }
  cm__matrix_label(a, z->axis[CM_ROWS], z->axis[CM_COLS]);
  *out = a;
  return CM_OK;
}

/* Sum of absolute values, in four sums at once so that none waits for the last. */
static double size_of(const double *v, size_t n) {
  double sum[4] = {0.0};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) sum[k] += fabs(v[i + k]);
  for (; i < n; i++) sum[0] += fabs(v[i]);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Turns a copy of z into I - z diag(1/x) in one pass; *norm is its 1-norm, and
 * *m_matrix whether no element off the diagonal is positive. */
static void leontief_matrix(cm__dense m, const cm_matrix *x, double *norm, bool *m_matrix) {
  double most = 0.0;
  bool negative = false;
  for (size_t j = 0; j < m.cols; j++) {
    double *column = cm__at(m, 0, j), total = cm_matrix_at(x, j, 0), sum;
    double own = 1.0 - (total == 0.0 ? 0.0 : column[j] / total);
    column[j] = 0.0;
    for (size_t i = 0; i < m.rows; i++) column[i] = total == 0.0 ? 0.0 : -(column[i] / total);
    for (size_t i = 0; i < m.rows; i++) negative |= column[i] > 0.0;
    sum = size_of(column, m.rows);
    column[j] = own;
    most = fmax(most, sum + fabs(own));
  }
  *norm = most;
  *m_matrix = !negative;
}

cm_status cm__leontief_factor(const cm_matrix *z, const cm_matrix *x, const cm_job *job,
                              cm_lu **out, cm_error *err) {
  cm_matrix *m = NULL;
  double norm;
  bool m_matrix;
  cm_status status;
  CM__TRY(cm_job_ask(job, z->d.rows * z->d.cols * sizeof(double), "the factor of I - A", err));
  CM__TRY(cm__matrix_raw(z->d.rows, z->d.cols, "the factor of I - A", &m, err));
  cm__dense_copy(m->d, z->d);
  cm__matrix_label(m, z->axis[CM_ROWS], z->axis[CM_COLS]);
  leontief_matrix(m->d, x, &norm, &m_matrix);
  CM__TRY(cm__lu_consume(m, norm, m_matrix, job, out, err));
done:
  cm_matrix_release(m);
  return status;
}

cm_status cm_table_factor(cm_table *t, const cm_job *job, const cm_lu **out, cm_error *err) {
  const cm_matrix *x;
  cm_status status = CM_OK;
  if (!t->lu) {
    CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
    CM__TRY(cm__leontief_factor(t->part[CM_PART_Z], x, job, &t->lu, err));
  }
  *out = t->lu;
done:
  return status;
}

/* x^-1 L x, which is (I - x^-1 Z)^-1: no second factorisation. */
static cm_status derive_ghosh(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err) {
  const cm_matrix *x, *l;
  cm_matrix *g = NULL;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm__table_part(t, CM_PART_L, job, &l, err));
  CM__TRY(cm_matrix_copy(l, &g, err));
  for (size_t j = 0; j < t->n; j++) {
    double to = cm_matrix_at(x, j, 0);
    for (size_t i = 0; i < t->n; i++) {
      double *cell = cm__at(g->d, i, j), from = cm_matrix_at(x, i, 0);
      if (i == j && to == 0.0)
        *cell = 1.0;
      else
        *cell = from == 0.0 ? 0.0 : *cell * to / from;
    }
  }
  *out = g;
done:
  return status;
}

cm_status cm__times_leontief(cm_table *t, const cm_matrix *w, const cm_job *job, cm_matrix **out,
                             cm_error *err) {
  const cm_lu *lu;
  cm_matrix *right = NULL, *solved = NULL;
  cm_status status;
  CM__TRY(cm_table_factor(t, job, &lu, err));
  CM__TRY(cm_matrix_transposed((cm_matrix *)w, &right, err));
  CM__TRY(cm_lu_solve(lu, right, true, job, &solved, err));
  CM__TRY(cm_matrix_transposed(solved, out, err));
done:
  cm_matrix_release(right);
  cm_matrix_release(solved);
  return status;
}

cm_status cm__derive_leontief(cm_table *t, cm_part part, const cm_job *job, cm_matrix **out,
                              cm_error *err) {
  const cm_matrix *x, *s;
  const cm_lu *lu;
  cm_status status;
  switch (part) {
  case CM_PART_A:
    CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
    CM__TRY(cm__per_output(t->part[CM_PART_Z], x, "A", out, err));
    break;
  case CM_PART_L:
    CM__TRY(cm_table_factor(t, job, &lu, err));
    CM__TRY(cm_lu_inverse(lu, job, out, err));
    break;
  case CM_PART_G:
    CM__TRY(derive_ghosh(t, job, out, err));
    break;
  case CM_PART_S:
    if (!t->part[CM_PART_F]) return CM_OK;
    CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
    CM__TRY(cm__per_output(t->part[CM_PART_F], x, "S", out, err));
    break;
  default: /* M */
    if (!t->part[CM_PART_F]) return CM_OK;
    CM__TRY(cm__table_part(t, CM_PART_S, job, &s, err));
    CM__TRY(cm__times_leontief(t, s, job, out, err));
    break;
  }
done:
  return status;
}
