/* The model: whole arrays, checked once. */
#include <string.h>

#include "program/internal.h"

/* ---- making ----------------------------------------------------------------- */

/* A copy of n numbers, or n times `fill`. Infinities only where `open`. */
static cm_status copied(const double *from, size_t n, double fill, bool open, const char *what,
                        double **out, cm_error *err) {
  for (size_t k = 0; from && k < n; k++)
    if (isnan(from[k]) || (!open && isinf(from[k])))
      return cm__fail_at(err, CM_NOT_FINITE, k + 1, 0, from[k], "%s %zu is %g", what, k + 1,
                         from[k]);
  cm_status status = cm__alloc_raw(n, sizeof **out, what, out, err);
  if (status != CM_OK) return status;
  for (size_t k = 0; k < n; k++) (*out)[k] = from ? from[k] : fill;
  return CM_OK;
}

static cm_status copy_limits(cm_program *p, const cm_program_parts *parts, cm_error *err) {
  cm_status status;
  size_t n = parts->cols, m = parts->rows;
  CM__TRY(copied(parts->lower, n, 0.0, true, "lower bound", &p->lower, err));
  CM__TRY(copied(parts->upper, n, HUGE_VAL, true, "upper bound", &p->upper, err));
  CM__TRY(copied(parts->cost, n, 0.0, false, "cost", &p->cost, err));
  CM__TRY(copied(parts->row_lower, m, -HUGE_VAL, true, "lower side", &p->row_lower, err));
  CM__TRY(copied(parts->row_upper, m, HUGE_VAL, true, "upper side", &p->row_upper, err));
  CM__TRY(cm__alloc(n, sizeof *p->integer, "integrality", &p->integer, err));
  for (size_t j = 0; parts->integer && j < n; j++)
    if (parts->integer[j]) p->integer[j] = true, p->integers++;
done:
  return status;
}

static cm_status copy_name(cm_program *p, const char *name, cm_error *err) {
  size_t size = strlen(name ? name : "") + 1;
  cm_status status = cm__alloc(size, 1, "a name", &p->name, err);
  if (status == CM_OK && name) memcpy(p->name, name, size);
  return status;
}

static cm_status set_names(cm_sparse *a, cm_side side, const char *const *names, size_t n,
                           cm_error *err) {
  cm_axis *axis;
  if (!names) return CM_OK;
  cm_status status = cm_axis_new(names, n, &axis, err);
  if (status != CM_OK) return status;
  status = cm_sparse_axis_set(a, side, axis, err);
  cm_axis_release(axis);
  return status;
}

cm_status cm_program_new(const cm_program_parts *parts, cm_program **out, cm_error *err) {
  cm_program *p = NULL;
  cm_status status;
  int unused;
  if (!isfinite(parts->constant))
    return cm__fail(err, CM_NOT_FINITE, "the constant of the objective is %g", parts->constant);
  CM__TRY(cm__int(parts->entries, "the entries of a program", &unused, err));
  CM__TRY(cm__alloc(1, sizeof *p, "a program", &p, err));
  atomic_init(&p->refs, 1);
  p->maximise = parts->maximise;
  p->constant = parts->constant;
  CM__TRY(copy_name(p, parts->name, err));
  CM__TRY(copy_limits(p, parts, err));
  CM__TRY(cm_sparse_new(parts->rows, parts->cols, parts->entries, parts->row, parts->col,
                        parts->value, &p->a, err));
  CM__TRY(set_names(p->a, CM_ROWS, parts->row_names, parts->rows, err));
  CM__TRY(set_names(p->a, CM_COLS, parts->col_names, parts->cols, err));
  *out = p;
  p = NULL;
done:
  cm_program_release(p);
  return status;
}

cm_program *cm_program_retain(cm_program *p) {
  if (p) atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
  return p;
}

void cm_program_release(cm_program *p) {
  if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1) return;
  cm__free(p->lower);
  cm__free(p->upper);
  cm__free(p->cost);
  cm__free(p->row_lower);
  cm__free(p->row_upper);
  cm__free(p->integer);
  cm__free(p->name);
  cm_sparse_release(p->a);
  cm__free(p);
}

/* ---- reading ------------------------------------------------------------------ */

size_t cm_program_cols(const cm_program *p) { return p->a->cols; }
size_t cm_program_rows(const cm_program *p) { return p->a->rows; }
size_t cm_program_entries(const cm_program *p) { return p->a->nnz; }
size_t cm_program_integers(const cm_program *p) { return p->integers; }

size_t cm_program_bytes(const cm_program *p) {
  return sizeof *p + (3 * p->a->cols + 2 * p->a->rows) * sizeof(double) + p->a->cols +
         cm_sparse_bytes(p->a);
}

cm_status cm__minimised(const cm_program *p, double **out, cm_error *err) {
  *out = NULL;
  if (!p->maximise) return CM_OK;
  cm_status status = cm__alloc_raw(p->a->cols, sizeof **out, "costs", out, err);
  for (size_t j = 0; status == CM_OK && j < p->a->cols; j++) (*out)[j] = -p->cost[j];
  return status;
}

/* ---- what a solver answers ------------------------------------------------------ */

cm_status cm__answer_new(const cm_program *p, cm__answer *out, cm_error *err) {
  cm_status status;
  size_t n = p->a->cols, m = p->a->rows;
  cm__answer a = {.bound = -HUGE_VAL};
  CM__TRY(cm__alloc(n, sizeof *a.x, "values", &a.x, err));
  CM__TRY(cm__alloc(n, sizeof *a.reduced, "reduced costs", &a.reduced, err));
  CM__TRY(cm__alloc(n, sizeof *a.ray, "a ray", &a.ray, err));
  CM__TRY(cm__alloc(m, sizeof *a.dual, "duals", &a.dual, err));
  CM__TRY(cm__alloc(m, sizeof *a.farkas, "a certificate", &a.farkas, err));
  CM__TRY(cm__alloc(n + m, 1, "a basis", &a.basis, err));
  *out = a;
  return CM_OK;
done:
  cm__answer_free(&a);
  return status;
}

void cm__answer_free(cm__answer *a) {
  cm__free(a->x);
  cm__free(a->reduced);
  cm__free(a->ray);
  cm__free(a->dual);
  cm__free(a->farkas);
  cm__free(a->basis);
}
