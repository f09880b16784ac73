/* One verb for sparse systems: which method, which preconditioner, how well. */
#include <math.h>
#include <string.h>

#include "matrix/sparse_internal.h"

#define DEFAULT_TOL 1e-12
enum { DEFAULT_MAX = 1000, DEFAULT_RESTART = 50 };

/* ---- preconditioners ------------------------------------------------------------ */

typedef struct workshop {
  double *diagonal, *factor;
  size_t *pivot;
} workshop;

static void close_workshop(workshop *w) {
  cm__free(w->diagonal);
  cm__free(w->factor);
  cm__free(w->pivot);
  *w = (workshop){NULL};
}

static cm_status zero_pivot(size_t j, const char *what, cm_error *err) {
  return cm__fail_at(err, CM_SINGULAR, j + 1, j + 1, 0, "%s meets a zero pivot in column %zu", what,
                     j + 1);
}

static cm_status build_jacobi(const cm_sparse *a, workshop *w, cm_error *err) {
  cm_status status =
      cm__alloc_raw(a->cols, sizeof *w->diagonal, "a preconditioner", &w->diagonal, err);
  for (size_t j = 0; j < a->cols && status == CM_OK; j++) {
    double d;
    status = cm_sparse_get(a, j, j, &d, err);
    if (status == CM_OK && !isfinite(1.0 / d))
      return zero_pivot(j, "the Jacobi preconditioner", err);
    if (status == CM_OK) w->diagonal[j] = 1.0 / d;
  }
  return status;
}

/* Eliminates in column j what lies above its diagonal; at[i] is 1 + the place
 * of row i where it lies in this column. */
static bool factor_column(const cm_sparse *a, workshop *w, const size_t *at, size_t j) {
  size_t p = a->start[j], end = a->start[j + 1];
  for (; p < end && (size_t)a->row[p] < j; p++) {
    size_t k = (size_t)a->row[p];
    for (size_t q = w->pivot[k] + 1; q < a->start[k + 1]; q++) {
      size_t place = at[a->row[q]];
      if (place > a->start[j]) w->factor[place - 1] -= w->factor[q] * w->factor[p];
    }
  }
  if (p == end || (size_t)a->row[p] != j || !isfinite(1.0 / w->factor[p])) return false;
  w->pivot[j] = p;
  for (size_t q = p + 1; q < end; q++) w->factor[q] /= w->factor[p];
  return true;
}

static cm_status build_ilu0(const cm_sparse *a, workshop *w, cm_error *err) {
  size_t *at = NULL;
  cm_status status;
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *w->factor, "a preconditioner", &w->factor, err));
  CM__TRY(cm__alloc_raw(a->cols, sizeof *w->pivot, "a preconditioner", &w->pivot, err));
  CM__TRY(cm__alloc(a->rows, sizeof *at, "a preconditioner", &at, err));
  memcpy(w->factor, a->value, a->nnz * sizeof *w->factor);
  for (size_t j = 0; j < a->cols; j++) { /* places of earlier columns lie before this one's */
    for (size_t p = a->start[j]; p < a->start[j + 1]; p++) at[a->row[p]] = p + 1;
    if (factor_column(a, w, at, j)) continue;
    status = zero_pivot(j, "the ILU(0) preconditioner", err);
    break;
  }
done:
  cm__free(at);
  return status;
}

static cm_status build(const cm_sparse *a, cm_precond precond, workshop *w, cm_error *err) {
  if (precond == CM_PRECOND_ILU0) return build_ilu0(a, w, err);
  if (precond == CM_PRECOND_JACOBI) return build_jacobi(a, w, err);
  return CM_OK;
}

/* Sets *precond to the one that was built: the first that meets no zero pivot for AUTO. */
static cm_status equip(const cm_sparse *a, cm_precond *precond, workshop *w, cm_error *err) {
  if (*precond != CM_PRECOND_AUTO) return build(a, *precond, w, err);
  cm_status status = CM_SINGULAR;
  for (*precond = CM_PRECOND_ILU0; status == CM_SINGULAR; ++*precond) {
    close_workshop(w);
    status = build(a, *precond, w, err);
    if (status != CM_SINGULAR) break;
  }
  return status;
}

/* ---- iterative solution --------------------------------------------------------- */

static double greatest(size_t n, const double *x) {
  double most = 0.0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
  return most;
}

/* By k's methods in turn, until one reaches the tolerance; *method is the last. */
static cm_status run_methods(cm__krylov *k, bool both, const double *b, double *x,
                             cm_sparse_method *method, cm_error *err) {
  cm_status status = CM_OK;
  if (*method == CM_SPARSE_BICGSTAB) status = cm__bicgstab(k, b, x, err);
  if (status != CM_OK) return status;
  bool short_of_it = *method == CM_SPARSE_BICGSTAB && both && k->residual > k->tol;
  if (*method == CM_SPARSE_GMRES || short_of_it) {
    *method = CM_SPARSE_GMRES;
    k->max *= short_of_it ? 2 : 1;
    status = cm__gmres(k, b, x, err);
  }
  return status;
}

/* One column of b, which is used up, into x, which is zero. */
static cm_status solve_column(cm__krylov k, bool both, double *b, double *x, size_t column,
                              cm_sparse_report *report, cm_error *err) {
  size_t n = k.a->cols;
  cm_sparse_method method = report->method;
  int exponent;
  double most = greatest(n, b);
  if (most == 0.0) return CM_OK;
  frexp(most, &exponent); /* a power of two: sums of squares stay in range, digits as they are */
  for (size_t i = 0; i < n; i++) b[i] = ldexp(b[i], -exponent);
  cm_status status = run_methods(&k, both, b, x, &method, err);
  if (status != CM_OK) return status;
  if (!(k.residual <= k.tol))
    return cm__fail_at(
        err, CM_NOT_CONVERGED, 0, column + 1, k.residual,
        "%s, right-hand side %zu: residual %.2e after %zu iterations, %.0e asked for",
        method == CM_SPARSE_GMRES ? "GMRES" : "BiCGSTAB", column + 1, k.residual, k.iterations,
        k.tol);
  for (size_t i = 0; i < n; i++) x[i] = ldexp(x[i], exponent);
  report->method = method == CM_SPARSE_GMRES ? method : report->method;
  report->iterations = cm__max(report->iterations, k.iterations);
  report->residual = fmax(report->residual, k.residual);
  return CM_OK;
}

static cm_status iterate(const cm_sparse *a, cm_matrix *b, const cm_sparse_options *o,
                         const cm_job *job, cm_matrix *x, cm_sparse_report *report, cm_error *err) {
  bool both = o->method == CM_SPARSE_AUTO;
  workshop w = {NULL};
  cm_precond precond = o->precond;
  cm_sparse_method first = both ? CM_SPARSE_BICGSTAB : o->method;
  cm_status status;
  *report = (cm_sparse_report){.method = first};
  CM__TRY(equip(a, &precond, &w, err));
  report->precond = precond;
  cm__krylov k = {a,      precond,    w.diagonal, w.factor, w.pivot, o->tol,
                  o->max, o->restart, job,        0,        0.0};
  for (size_t j = 0; j < b->d.cols; j++)
    CM__TRY(solve_column(k, both, cm__at(b->d, 0, j), cm__at(x->d, 0, j), j, report, err));
done:
  close_workshop(&w);
  return status;
}

/* ---- direct solution -------------------------------------------------------------- */

/* Greatest ||b - A x|| / ||b||, b used up. */
static double worst_residual(const cm_sparse *a, cm_matrix *b, const cm_matrix *x) {
  double worst = 0.0;
  for (size_t j = 0; j < b->d.cols; j++) {
    double *r = cm__at(b->d, 0, j), before = 0.0, after = 0.0, most = greatest(a->rows, r);
    if (most == 0.0) continue;
    for (size_t i = 0; i < a->rows; i++) before += (r[i] / most) * (r[i] / most);
    cm__sparse_apply(a, false, -1.0, cm__at(x->d, 0, j), r);
    for (size_t i = 0; i < a->rows; i++) after += (r[i] / most) * (r[i] / most);
    worst = fmax(worst, sqrt(after / before));
  }
  return worst;
}

static cm_status direct(const cm_sparse *a, cm_matrix *b, double work, const cm_job *job,
                        cm_matrix **x, cm_sparse_report *report, cm_error *err) {
  cm_sparse_lu *lu = NULL;
  cm_status status;
  CM__TRY(cm__sparse_lu_within(a, work, job, &lu, err));
  CM__TRY(cm_sparse_lu_solve(lu, b, false, job, x, err));
  *report = (cm_sparse_report){CM_SPARSE_DIRECT, CM_PRECOND_NONE, 0, worst_residual(a, b, *x)};
done:
  cm_sparse_lu_release(lu);
  return status;
}

/* ---- the verb ---------------------------------------------------------------------- */

static cm_status settle_options(const cm_sparse_options *given, cm_sparse_options *o,
                                cm_error *err) {
  *o = given ? *given : (cm_sparse_options){.method = CM_SPARSE_AUTO};
  if (o->method > CM_SPARSE_GMRES || o->precond > CM_PRECOND_NONE)
    return cm__fail(err, CM_INVALID, "no such method or preconditioner");
  if (!(o->tol >= 0.0 && o->tol < 1.0))
    return cm__fail(err, CM_INVALID, "a tolerance of %g is not between 0 and 1", o->tol);
  if (o->tol == 0.0) o->tol = DEFAULT_TOL;
  if (!o->max) o->max = DEFAULT_MAX;
  if (!o->restart) o->restart = DEFAULT_RESTART;
  return CM_OK;
}

cm_status cm_sparse_solve(const cm_sparse *a, const cm_matrix *b, const cm_sparse_options *options,
                          const cm_job *job, cm_matrix **out, cm_sparse_report *report,
                          cm_error *err) {
  cm_sparse_options o;
  cm_sparse_report r;
  cm_matrix *rhs = NULL, *x = NULL;
  cm_status status;
  CM__TRY(settle_options(options, &o, err));
  CM__TRY(cm__sparse_square(a, "a sparse system", err));
  CM__TRY(cm__sparse_rhs(b, a->cols, a->axis[CM_ROWS], &rhs, err));
  status = CM_BUDGET;
  if (o.method == CM_SPARSE_DIRECT || o.method == CM_SPARSE_AUTO)
    status = direct(a, rhs, o.method == CM_SPARSE_AUTO ? CM_SPARSE_DIRECT_WORK : INFINITY, job, &x,
                    &r, err);
  if (o.method != CM_SPARSE_DIRECT && (status == CM_BUDGET || status == CM_OVERFLOW)) {
    CM__TRY(cm_matrix_new(a->cols, rhs->d.cols, &x, err));
    cm__matrix_label(x, a->axis[CM_COLS], rhs->axis[CM_COLS]);
    CM__TRY(iterate(a, rhs, &o, job, x, &r, err));
  }
  if (status != CM_OK) goto done;
  *out = x;
  x = NULL;
  if (report) *report = r;
done:
  cm_matrix_release(rhs);
  cm_matrix_release(x);
  return status;
}
