/* Laying out a table by blocks, and the pieces that every decomposition takes. */
#include <string.h>

#include "table/accounts.h"

/* ---- blocks ------------------------------------------------------------------- */

static cm_status check_blocks(const cm_table *t, cm_grouping blocks, size_t k, cm_error *err) {
  for (size_t c = 0; blocks.group && c < t->g; c++)
    if (blocks.group[c] >= k)
      return cm__fail_at(err, CM_RANGE, c + 1, 0, 0, "country %zu belongs to no block", c + 1);
  return CM_OK;
}

/* Places by block, countries of a block in their order. *same: nothing moves. */
static bool lay_out(const cm_table *t, cm_grouping blocks, size_t k, size_t *first, size_t *node) {
  bool same = true;
  size_t at = 0, width = t->n_sectors;
  for (size_t b = 0; b < k; b++) {
    first[b] = at;
    for (size_t c = 0; c < t->g; c++) {
      if ((blocks.group ? blocks.group[c] : c) != b) continue;
      for (size_t i = 0; i < width; i++) node[at + i] = c * width + i;
      same = same && at == c * width;
      at += width;
    }
  }
  first[k] = at;
  return same;
}

/* d's rows and columns in the order of node. */
static cm_status reorder(cm__dense d, const size_t *node, size_t n, const char *what,
                         cm_matrix **own, cm__dense *out, cm_error *err) {
  cm_status status = cm__matrix_raw(n, n, what, own, err);
  if (status != CM_OK) return status;
  *out = (*own)->d;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) *cm__at(*out, i, j) = *cm__at(d, node[i], node[j]);
  return CM_OK;
}

/* ---- vectors ------------------------------------------------------------------ */

static cm_status fill_vectors(cm__accounts *a, const cm_job *job, cm_error *err) {
  const cm_matrix *x, *v;
  cm_status status;
  CM__TRY(cm__table_part(a->table, CM_PART_X, job, &x, err));
  CM__TRY(cm__table_part(a->table, CM_PART_V, job, &v, err));
  for (size_t i = 0; i < a->n; i++) {
    a->x[i] = cm_matrix_at(x, cm__in_table(a, i), 0);
    a->rx[i] = a->x[i] == 0.0 ? 0.0 : 1.0 / a->x[i];
    a->v[i] = cm_matrix_at(v, 0, cm__in_table(a, i));
  }
done:
  return status;
}

/* Sums of the columns of m (by country) over blocks, rows in this order. */
static void by_block(const cm__accounts *a, const cm_matrix *m, cm_grouping blocks, double *to) {
  for (size_t c = 0; c < a->table->g; c++) {
    double *column = to + (blocks.group ? blocks.group[c] : c) * a->n;
    for (size_t i = 0; i < a->n; i++) column[i] += cm_matrix_at(m, cm__in_table(a, i), c);
  }
}

static cm_status fill_trade(cm__accounts *a, cm_grouping blocks, const cm_job *job, cm_error *err) {
  const cm_matrix *d, *e;
  cm_status status;
  CM__TRY(cm__table_part(a->table, CM_PART_D, job, &d, err));
  CM__TRY(cm__table_part(a->table, CM_PART_E, job, &e, err));
  by_block(a, d, blocks, a->y);
  by_block(a, e, blocks, a->e);
  for (size_t s = 0; s < a->k; s++) /* trade inside a block is no export */
    memset(cm__part_of(a, a->e, s, s), 0, cm__width(a, s) * sizeof *a->e);
done:
  return status;
}

/* ---- the systems of the blocks by themselves ----------------------------------- */

static double *own_factor(const cm__accounts *a, size_t s) {
  size_t at = 0;
  for (size_t b = 0; b < s; b++) at += cm__width(a, b) * cm__width(a, b);
  return a->lu + at;
}

cm_status cm__own_solve(const cm__accounts *a, size_t s, bool transposed, double *rhs, size_t cols,
                        size_t step, cm_error *err) {
  size_t m = cm__width(a, s);
  cm__dense b = {rhs, m, cols, 1, step};
  return cm__getrs(own_factor(a, s), m, a->pivot + a->first[s], transposed, b, err);
}

static cm_status factor_own(cm__accounts *a, size_t s, cm_error *err) {
  size_t m = cm__width(a, s), zero;
  double *f = own_factor(a, s);
  for (size_t j = 0; j < m; j++) {
    double r = a->rx[a->first[s] + j];
    for (size_t i = 0; i < m; i++)
      f[j * m + i] = (i == j) - *cm__at(a->z, a->first[s] + i, a->first[s] + j) * r;
  }
  cm_status status = cm__getrf(f, m, a->pivot + a->first[s], &zero, err);
  if (status == CM_OK && zero)
    return cm__fail(err, CM_SINGULAR, "the domestic system of block %zu is singular", s + 1);
  return status;
}

/* vl = v_s L_ss and ly = L_ss Y_s. */
static cm_status fill_own(cm__accounts *a, cm_error *err) {
  cm_status status = CM_OK;
  memcpy(a->vl, a->v, a->n * sizeof *a->vl);
  memcpy(a->ly, a->y, a->n * a->k * sizeof *a->ly);
  for (size_t s = 0; s < a->k; s++) {
    CM__TRY(factor_own(a, s, err));
    CM__TRY(cm__own_solve(a, s, true, a->vl + a->first[s], 1, a->n, err));
    CM__TRY(cm__own_solve(a, s, false, a->ly + a->first[s], a->k, a->n, err));
  }
done:
  return status;
}

/* ---- making and releasing ------------------------------------------------------- */

void cm__accounts_release(cm__accounts *a) {
  if (!a) return;
  void *const blocks[] = {a->first, a->node, a->x,  a->rx, a->v,     a->vl,
                          a->y,     a->e,    a->ly, a->lu, a->pivot, a->by};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) cm__free(blocks[i]);
  cm_matrix_release(a->z_own);
  cm_matrix_release(a->b_own);
  cm__free(a);
}

static cm_status make_room(cm__accounts *a, cm_error *err) {
  static const char what[] = "the trade accounts";
  size_t squares = 0;
  cm_status status = CM_OK;
  for (size_t s = 0; s < a->k; s++) {
    squares += cm__width(a, s) * cm__width(a, s);
    a->widest = cm__max(a->widest, cm__width(a, s));
  }
  double **const vectors[] = {&a->x, &a->rx, &a->v, &a->vl};
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
    CM__TRY(cm__alloc_raw(a->n, sizeof(double), what, vectors[i], err));
  CM__TRY(cm__alloc(a->n * a->k, sizeof(double), what, &a->y, err));
  CM__TRY(cm__alloc(a->n * a->k, sizeof(double), what, &a->e, err));
  CM__TRY(cm__alloc_raw(a->n * a->k, sizeof(double), what, &a->ly, err));
  CM__TRY(cm__alloc_raw(squares, sizeof(double), what, &a->lu, err));
  CM__TRY(cm__alloc_raw(a->n, sizeof *a->pivot, what, &a->pivot, err));
done:
  return status;
}

static cm_status accounts_new(cm_table *t, cm_grouping blocks, const cm_job *job,
                              cm__accounts **out, cm_error *err) {
  cm__accounts *a = NULL;
  cm_status status;
  size_t k = blocks.group ? cm_axis_size(blocks.axis) : t->g;
  CM__TRY(check_blocks(t, blocks, k, err));
  CM__TRY(cm__alloc(1, sizeof *a, "the trade accounts", &a, err));
  a->table = t;
  a->n = t->n;
  a->k = k;
  CM__TRY(cm__alloc(k + 1, sizeof *a->first, "the trade accounts", &a->first, err));
  CM__TRY(cm__alloc(t->n, sizeof *a->node, "the trade accounts", &a->node, err));
  a->z = t->part[CM_PART_Z]->d;
  if (lay_out(t, blocks, k, a->first, a->node)) {
    cm__free(a->node);
    a->node = NULL;
  } else {
    CM__TRY(reorder(a->z, a->node, a->n, "Z by blocks", &a->z_own, &a->z, err));
  }
  CM__TRY(make_room(a, err));
  CM__TRY(fill_vectors(a, job, err));
  CM__TRY(fill_trade(a, blocks, job, err));
  CM__TRY(fill_own(a, err));
  *out = a;
  a = NULL;
done:
  cm__accounts_release(a);
  return status;
}

cm_status cm__accounts_of(cm_table *t, cm_grouping blocks, const cm_job *job, cm__accounts **out,
                          cm_error *err) {
  if (blocks.group) return accounts_new(t, blocks, job, out, err);
  if (!t->accounts) {
    cm_status status = accounts_new(t, blocks, job, &t->accounts, err);
    if (status != CM_OK) return status;
  }
  *out = t->accounts;
  return CM_OK;
}

void cm__accounts_done(cm__accounts *a) {
  if (a && a != a->table->accounts) cm__accounts_release(a);
}

/* ---- the whole system ------------------------------------------------------------ */

cm_status cm__accounts_inverse(cm__accounts *a, const cm_job *job, cm_error *err) {
  const cm_matrix *l;
  if (a->b.data) return CM_OK;
  cm_status status = cm__table_part(a->table, CM_PART_L, job, &l, err);
  if (status != CM_OK) return status;
  if (a->node) return reorder(l->d, a->node, a->n, "L by blocks", &a->b_own, &a->b, err);
  a->b = l->d;
  return CM_OK;
}

cm_status cm__accounts_solve(cm__accounts *a, const cm_matrix *rhs, const cm_job *job,
                             cm_matrix **out, cm_error *err) {
  const cm_lu *lu;
  cm_matrix *m = NULL, *fit = NULL;
  cm_status status;
  CM__TRY(cm_table_factor(a->table, job, &lu, err));
  if (!a->node) {
    CM__TRY(cm_lu_solve(lu, rhs, false, job, out, err));
    goto done;
  }
  CM__TRY(cm__matrix_raw(a->n, rhs->d.cols, "right-hand sides", &fit, err));
  for (size_t j = 0; j < rhs->d.cols; j++)
    for (size_t i = 0; i < a->n; i++) *cm__at(fit->d, a->node[i], j) = *cm__at(rhs->d, i, j);
  CM__TRY(cm_lu_solve(lu, fit, false, job, &m, err));
  for (size_t j = 0; j < rhs->d.cols; j++)
    for (size_t i = 0; i < a->n; i++) *cm__at(fit->d, i, j) = *cm__at(m->d, a->node[i], j);
  *out = fit;
  fit = NULL;
done:
  cm_matrix_release(m);
  cm_matrix_release(fit);
  return status;
}

cm_status cm__accounts_absorbed(cm__accounts *a, const cm_job *job, cm_error *err) {
  cm_matrix *y = NULL, *by = NULL;
  cm_status status = CM_OK;
  if (a->by) return CM_OK;
  CM__TRY(cm__alloc_raw(a->n * a->k, sizeof(double), "B Y", &a->by, err));
  if (a->b.data) {
    cm__dense d = {a->y, a->n, a->k, 1, a->n}, to = {a->by, a->n, a->k, 1, a->n};
    CM__TRY(cm__gemm(1.0, a->b, d, 0.0, to, err));
    goto done;
  }
  CM__TRY(cm_matrix_from(a->y, a->n, a->k, a->n, &y, err));
  CM__TRY(cm__accounts_solve(a, y, job, &by, err));
  cm__dense_copy((cm__dense){a->by, a->n, a->k, 1, a->n}, by->d);
done:
  cm_matrix_release(y);
  cm_matrix_release(by);
  if (status != CM_OK) {
    cm__free(a->by);
    a->by = NULL;
  }
  return status;
}

cm_status cm__accounts_columns(cm__accounts *a, size_t s, const cm_job *job, cm__dense *out,
                               cm_matrix **hold, cm_error *err) {
  cm_matrix *units = NULL;
  cm_status status = CM_OK;
  if (a->b.data) {
    *out = cm__window(a->b, 0, a->n, a->first[s], cm__width(a, s));
    goto done;
  }
  CM__TRY(cm_matrix_new(a->n, cm__width(a, s), &units, err));
  for (size_t j = 0; j < cm__width(a, s); j++) *cm__at(units->d, a->first[s] + j, j) = 1.0;
  CM__TRY(cm__accounts_solve(a, units, job, hold, err));
  *out = (*hold)->d;
done:
  cm_matrix_release(units);
  return status;
}

cm_status cm__uses_abroad(const cm__accounts *a, size_t s, double *to, cm_error *err) {
  size_t m = cm__width(a, s);
  cm_status status = cm__gemm(1.0, (cm__dense){a->vl + a->first[s], 1, m, m, 1},
                              cm__window(a->z, a->first[s], m, 0, a->n), 0.0,
                              (cm__dense){to, 1, a->n, a->n, 1}, err);
  for (size_t j = 0; j < a->n; j++) to[j] *= a->rx[j];
  memset(to + a->first[s], 0, m * sizeof *to);
  return status;
}

/* to (1 x width) = the row vector v times rows first .. first + rows of b. */
static cm_status row_times(const double *v, cm__dense b, size_t first, size_t rows, double *to,
                           cm_error *err) {
  return cm__gemm(1.0, (cm__dense){(double *)v + first, 1, rows, cm__max(rows, 1), 1},
                  cm__window(b, first, rows, 0, b.cols), 0.0,
                  (cm__dense){to, 1, b.cols, cm__max(b.cols, 1), 1}, err);
}

cm_status cm__contents(const cm__accounts *a, size_t s, cm__dense bs, double *own, double *again,
                       double *foreign, double *partner, double *room, cm_error *err) {
  size_t m = cm__width(a, s), after = a->first[s + 1];
  cm_status status;
  CM__TRY(cm__uses_abroad(a, s, room, err));
  CM__TRY(row_times(room, bs, 0, a->n, again, err));
  CM__TRY(row_times(a->v, bs, 0, a->first[s], foreign, err));
  CM__TRY(row_times(a->v, bs, after, a->n - after, own, err));
  for (size_t t = 0; partner && t < a->k; t++)
    CM__TRY(row_times(a->v, bs, a->first[t], cm__width(a, t), partner + t * m, err));
  for (size_t j = 0; j < m; j++) {
    foreign[j] += own[j];
    own[j] = a->vl[a->first[s] + j] + again[j];
  }
done:
  return status;
}
