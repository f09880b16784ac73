/* The same table under other purchases, its output solved again. */
#include "table/lowrank.h"

/* Packed copy of m with column j times to[j] / from[j] (times to[j] where `from`
 * is NULL), 0 where from[j] is 0. */
static cm_status rescaled(const cm_matrix *m, const cm_matrix *to, const cm_matrix *from,
                          cm_matrix **out, cm_error *err) {
  if (!m) return CM_OK;
  cm_matrix *r;
  cm_status status = cm_matrix_copy(m, &r, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < r->d.cols; j++) {
    double before = from ? cm_matrix_at(from, j, 0) : 1.0, after = cm_matrix_at(to, j, 0);
    for (size_t i = 0; i < r->d.rows; i++) {
      double *cell = cm__at(r->d, i, j);
      *cell = before == 0.0 ? 0.0 : *cell / before * after;
    }
  }
  *out = r;
  return CM_OK;
}

/* A* and its factor, an update of the kept one where few lines of z are new; both
 * are the table's own where z is NULL. */
static cm_status coefficients(cm_table *t, const cm_matrix *z, const cm_job *job, cm_matrix **a,
                              cm_lu **lu, cm_error *err) {
  const cm_matrix *x;
  const cm_lu *kept;
  bool *rows = NULL, *cols = NULL;
  cm_status status;
  if (!z) {
    CM__TRY(cm_table_factor(t, job, &kept, err));
    *lu = cm_lu_retain(t->lu);
    CM__TRY(cm_table_part(t, CM_PART_A, job, a, err));
    goto done;
  }
  CM__TRY(cm_job_ask(job, 3 * t->n * t->n * sizeof(double), "the changed table", err));
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm__per_output(z, x, "A", a, err));
  CM__TRY(cm__alloc(t->n, sizeof *rows, "the changed table", &rows, err));
  CM__TRY(cm__alloc(t->n, sizeof *cols, "the changed table", &cols, err));
  cm__changed_lines(t->part[CM_PART_Z], z, rows, cols);
  CM__TRY(cm__changed_factor(t, z, rows, cols, job, lu, err));
done:
  cm__free(rows);
  cm__free(cols);
  return status;
}

static cm_status check_shape(const cm_matrix *m, const cm_matrix *as, const char *what,
                             cm_error *err) {
  if (!m || (m->d.rows == as->d.rows && m->d.cols == as->d.cols)) return CM_OK;
  return cm__fail(err, CM_SHAPE, "the new %s is %zu x %zu and the table's %zu x %zu", what,
                  m->d.rows, m->d.cols, as->d.rows, as->d.cols);
}

cm_status cm_table_with(cm_table *t, const cm_matrix *z, const cm_matrix *y, const cm_job *job,
                        cm_table **out, cm_error *err) {
  const cm_matrix *before;
  cm_matrix *a = NULL, *demand = NULL, *x = NULL, *flows = NULL, *p = NULL, *f = NULL;
  cm_lu *lu = NULL;
  cm_table *fresh = NULL;
  cm_status status;
  CM__TRY(check_shape(z, t->part[CM_PART_Z], "Z", err));
  CM__TRY(check_shape(y, t->part[CM_PART_Y], "Y", err));
  if (!y) y = t->part[CM_PART_Y];
  CM__TRY(cm__table_part(t, CM_PART_X, job, &before, err));
  CM__TRY(coefficients(t, z, job, &a, &lu, err));
  CM__TRY(cm_matrix_reduce(CM_SUM, y, CM_COLS, &demand, err));
  CM__TRY(cm_lu_solve(lu, demand, false, job, &x, err));
  CM__TRY(rescaled(a, x, NULL, &flows, err));
  CM__TRY(rescaled(t->part[CM_PART_P], x, before, &p, err));
  CM__TRY(rescaled(t->part[CM_PART_F], x, before, &f, err));
  CM__TRY(cm_table_new(&(cm_table_parts){.countries = t->countries,
                                         .sectors = t->sectors,
                                         .categories = t->categories,
                                         .z = flows,
                                         .y = y,
                                         .primary = p,
                                         .primary_final = t->part[CM_PART_PY],
                                         .satellite = f,
                                         .satellite_final = t->part[CM_PART_FY]},
                       job, &fresh, err));
  fresh->lu = lu;
  lu = NULL;
  *out = fresh;
done:
  cm_matrix_release(a);
  cm_matrix_release(demand);
  cm_matrix_release(x);
  cm_matrix_release(flows);
  cm_matrix_release(p);
  cm_matrix_release(f);
  cm_lu_release(lu);
  return status;
}

static cm_status check_places(const size_t *places, size_t count, const cm_table *t,
                              const char *what, cm_error *err) {
  for (size_t i = 0; i < count; i++)
    if (places[i] >= t->n)
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "%s %zu is node %zu of %zu", what, i + 1,
                         places[i] + 1, t->n);
  return CM_OK;
}

cm_status cm_table_shift(cm_table *t, const size_t *from, const size_t *to, size_t moves,
                         const size_t *buyer, size_t buyers, double share, const cm_job *job,
                         cm_table **out, cm_error *err) {
  cm_matrix *z = NULL;
  cm_status status;
  CM__TRY(check_places(from, moves, t, "source", err));
  CM__TRY(check_places(to, moves, t, "goal", err));
  CM__TRY(check_places(buyer, buyers, t, "buyer", err));
  CM__TRY(cm_matrix_copy(t->part[CM_PART_Z], &z, err));
  for (size_t j = 0; j < buyers; j++)
    for (size_t i = 0; i < moves; i++) {
      double moved = share * cm_matrix_at(t->part[CM_PART_Z], from[i], buyer[j]);
      *cm__at(z->d, from[i], buyer[j]) -= moved;
      *cm__at(z->d, to[i], buyer[j]) += moved;
    }
  CM__TRY(cm_table_with(t, z, NULL, job, out, err));
done:
  cm_matrix_release(z);
  return status;
}
