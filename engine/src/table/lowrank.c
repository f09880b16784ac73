/* Low-rank changes of the Leontief system, from the kept factor. */
#include "table/lowrank.h"

static size_t count(const bool *marks, size_t n) {
  size_t k = 0;
  for (size_t i = 0; i < n; i++) k += marks[i];
  return k;
}

/* What input (i, j) per unit is less after than before. */
static double change(const cm_matrix *before, const cm_matrix *after, const cm_matrix *x, size_t i,
                     size_t j) {
  double output = cm_matrix_at(x, j, 0);
  return output == 0.0 ? 0.0 : (cm_matrix_at(before, i, j) - cm_matrix_at(after, i, j)) / output;
}

/* I - A* = (I - A) + U V': for a marked column j, U has (A - A*)_.j and V has e_j;
 * for a marked row i, U has e_i and V what the marked columns do not hold. */
static void fill_update(const cm_matrix *before, const cm_matrix *after, const cm_matrix *x,
                        const bool *rows, const bool *cols, cm_matrix *u, cm_matrix *v) {
  size_t n = before->d.rows, at = 0;
  for (size_t j = 0; j < n; j++) {
    if (!cols[j]) continue;
    for (size_t i = 0; i < n; i++) *cm__at(u->d, i, at) = change(before, after, x, i, j);
    *cm__at(v->d, j, at++) = 1.0;
  }
  for (size_t i = 0; i < n; i++) {
    if (!rows[i]) continue;
    for (size_t j = 0; j < n; j++)
      if (!cols[j]) *cm__at(v->d, j, at) = change(before, after, x, i, j);
    *cm__at(u->d, i, at++) = 1.0;
  }
}

static cm_status update(cm_table *t, const cm_matrix *z, const cm_matrix *x, const bool *rows,
                        const bool *cols, size_t k, const cm_job *job, cm_lu **out, cm_error *err) {
  const cm_lu *kept;
  cm_matrix *u = NULL, *v = NULL;
  cm_status status;
  CM__TRY(cm_table_factor(t, job, &kept, err));
  CM__TRY(cm_matrix_new(t->n, k, &u, err));
  CM__TRY(cm_matrix_new(t->n, k, &v, err));
  fill_update(t->part[CM_PART_Z], z, x, rows, cols, u, v);
  CM__TRY(cm_lu_update(t->lu, u, v, job, out, err));
done:
  cm_matrix_release(u);
  cm_matrix_release(v);
  return status;
}

cm_status cm__changed_factor(cm_table *t, const cm_matrix *z, const bool *rows, const bool *cols,
                             const cm_job *job, cm_lu **out, cm_error *err) {
  size_t k = count(rows, t->n) + count(cols, t->n);
  const cm_matrix *x;
  const cm_lu *kept;
  cm_error own = {0};
  cm_status status = cm__table_part(t, CM_PART_X, job, &x, err);
  if (status != CM_OK) return status;
  if (k > t->n / CM_UPDATE_SHARE) return cm__leontief_factor(z, x, job, out, err);
  if (k == 0) {
    status = cm_table_factor(t, job, &kept, err);
    if (status == CM_OK) *out = cm_lu_retain(t->lu);
    return status;
  }
  status = update(t, z, x, rows, cols, k, job, out, &own);
  /* The formula loses digits that the system has: then the system itself. */
  if (status == CM_ILL_CONDITIONED || status == CM_SINGULAR)
    return cm__leontief_factor(z, x, job, out, err);
  if (status != CM_OK && err) *err = own;
  return status;
}

void cm__changed_lines(const cm_matrix *before, const cm_matrix *after, bool *rows, bool *cols) {
  size_t n_rows = before->d.rows, n_cols = before->d.cols;
  for (size_t j = 0; j < n_cols; j++)
    for (size_t i = 0; i < n_rows; i++)
      if (cm_matrix_at(before, i, j) != cm_matrix_at(after, i, j)) rows[i] = cols[j] = true;
  bool by_row = count(rows, n_rows) < count(cols, n_cols);
  bool *unused = by_row ? cols : rows;
  for (size_t i = 0; i < (by_row ? n_cols : n_rows); i++) unused[i] = false;
}
