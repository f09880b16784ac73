/* LU factors that are kept, and their low-rank updates. */
#include <math.h>

#include "matrix/internal.h"

/* Either a root (factor and pivot) or an update of one: A + U V' is held as the
 * root of A, V, Z = A^-1 U and the factors of the core C = I + V' Z (Woodbury
 * 1950). An update of an update joins both into one, so a root is never far. */
struct cm_lu {
  atomic_size_t refs;
  size_t n;
  double norm, rcond; /* in the 1-norm; of an update, norm is an upper bound */
  cm_axis *axis[2];   /* of the matrix that was factored */
  cm__buffer *factor;
  int *pivot;
  cm_lu *root, *core;
  cm_matrix *v, *z;
};

cm_lu *cm_lu_retain(cm_lu *lu) {
  if (lu) atomic_fetch_add_explicit(&lu->refs, 1, memory_order_relaxed);
  return lu;
}

void cm_lu_release(cm_lu *lu) {
  if (!lu || atomic_fetch_sub_explicit(&lu->refs, 1, memory_order_acq_rel) != 1) return;
  cm_axis_release(lu->axis[CM_ROWS]);
  cm_axis_release(lu->axis[CM_COLS]);
  cm__buffer_release(lu->factor);
  cm__free(lu->pivot);
  cm_lu_release(lu->root); /* one level deep: the root and the core have neither */
  cm_lu_release(lu->core);
  cm_matrix_release(lu->v);
  cm_matrix_release(lu->z);
  cm__free(lu);
}

size_t cm_lu_order(const cm_lu *lu) { return lu->n; }
double cm_lu_rcond(const cm_lu *lu) { return lu->rcond; }

static cm_status make(size_t n, const cm_axis *rows, const cm_axis *cols, cm_lu **out,
                      cm_error *err) {
  cm_lu *lu = NULL;
  cm_status status = cm__alloc(1, sizeof *lu, "LU factors", &lu, err);
  if (status != CM_OK) return status;
  atomic_init(&lu->refs, 1);
  lu->n = n;
  lu->axis[CM_ROWS] = cm_axis_retain(rows);
  lu->axis[CM_COLS] = cm_axis_retain(cols);
  *out = lu;
  return CM_OK;
}

static size_t square_bytes(size_t n) { /* saturating: cm_job_ask refuses SIZE_MAX */
  size_t bytes;
  return __builtin_mul_overflow(n, n, &bytes) ||
                 __builtin_mul_overflow(bytes, sizeof(double), &bytes)
             ? SIZE_MAX
             : bytes;
}

bool cm__lu_parts_of(const cm_lu *lu, cm__lu_parts *out) {
  *out = (cm__lu_parts){lu->n, lu->norm, lu->rcond, lu->factor, lu->pivot};
  return lu->factor && lu->pivot;
}

cm_status cm__lu_from(const cm__lu_parts *parts, const cm_axis *rows, const cm_axis *cols,
                      cm_lu **out, cm_error *err) {
  bool sound = isfinite(parts->norm) && parts->rcond >= CM_RCOND_MIN;
  for (size_t i = 0; i < parts->n; i++)
    sound = sound && parts->pivot[i] > (int)i && (size_t)parts->pivot[i] <= parts->n;
  if (!sound || !isfinite(cm__abs_sum(parts->factor->data, parts->n * parts->n)))
    return cm__fail(err, CM_INVALID, "these are no LU factors");
  cm_status status = make(parts->n, rows, cols, out, err);
  if (status != CM_OK) return status;
  (*out)->norm = parts->norm, (*out)->rcond = parts->rcond;
  (*out)->factor = cm__buffer_retain(parts->factor);
  (*out)->pivot = parts->pivot;
  return CM_OK;
}

/* ---- factoring ---------------------------------------------------------------- */

/* Reciprocal condition of a root whose off-diagonal elements are not positive.
 * y > 0 with y' A = 1' proves that A is a nonsingular M-matrix (Berman and
 * Plemmons 1994, ch. 6), so that its inverse is not negative and has the 1-norm
 * max y: one solve, and exact. *rcond stays 0 where that fails. */
static cm_status m_matrix_rcond(const cm_lu *lu, double *rcond, cm_error *err) {
  cm_matrix *y = NULL;
  double most = 0.0;
  cm_status status;
  CM__TRY(cm__matrix_raw(lu->n, 1, "workspace", &y, err));
  for (size_t i = 0; i < lu->n; i++) y->d.data[i] = 1.0;
  CM__TRY(cm__getrs(lu->factor->data, lu->n, lu->pivot, true, y->d, err));
  for (size_t i = 0; i < lu->n; i++) {
    if (!(y->d.data[i] > 0.0)) goto done;
    if (y->d.data[i] > most) most = y->d.data[i];
  }
  if (lu->n) *rcond = 1.0 / (most * lu->norm);
done:
  cm_matrix_release(y);
  return status;
}

/* Factors what stands in lu->factor, whose norm is known, whatever its condition.
 * *zero is the first pivot that is 0 (1-based; 0: none). */
static cm_status factor_in_place(cm_lu *lu, bool estimate, bool m_matrix, size_t *zero,
                                 cm_error *err) {
  cm_status status;
  CM__TRY(cm__alloc_raw(lu->n, sizeof *lu->pivot, "LU factors", &lu->pivot, err));
  CM__TRY(cm__getrf(lu->factor->data, lu->n, lu->pivot, zero, err));
  if (!estimate || *zero || !isfinite(lu->norm)) goto done;
  if (m_matrix) CM__TRY(m_matrix_rcond(lu, &lu->rcond, err));
  if (lu->rcond == 0.0) CM__TRY(cm__gecon(lu->factor->data, lu->n, lu->norm, &lu->rcond, err));
done:
  return status;
}

static cm_status check_square(const cm_matrix *a, cm_error *err) {
  int order;
  if (a->d.rows != a->d.cols)
    return cm__fail(err, CM_SHAPE, "a square matrix is wanted, and this one is %zu x %zu",
                    a->d.rows, a->d.cols);
  return cm__int(a->d.rows, "the order of a matrix", &order, err);
}

/* Factors a copy of a. The condition is estimated where `estimate` and no pivot is 0. */
static cm_status factor(const cm_matrix *a, bool estimate, const cm_job *job, size_t *zero,
                        cm_lu **out, cm_error *err) {
  size_t n = a->d.rows;
  int threads = cm__threads_enter(job);
  cm_lu *lu = NULL;
  cm_status status;
  CM__TRY(check_square(a, err));
  CM__TRY(cm_job_ask(job, square_bytes(n), "an LU factorisation", err));
  CM__TRY(cm_job_step(job, "factoring", 0, 1, err));
  CM__TRY(make(n, a->axis[CM_ROWS], a->axis[CM_COLS], &lu, err));
  CM__TRY(cm__buffer_new(n * n, false, "LU factors", &lu->factor, err));
  cm__copy_norm1((cm__dense){lu->factor->data, n, n, 1, n}, a->d, &lu->norm);
  if (!isfinite(lu->norm)) CM__TRY(cm_matrix_check_finite(a, "the matrix", err));
  CM__TRY(factor_in_place(lu, estimate, false, zero, err));
  CM__TRY(cm_job_step(job, "factoring", 1, 1, err));
  *out = lu;
  lu = NULL;
done:
  cm_lu_release(lu);
  cm__threads_leave(threads);
  return status;
}

static cm_status singular(const cm_lu *lu, size_t zero, cm_error *err) {
  const cm_axis *cols = lu->axis[CM_COLS];
  return cm__fail_at(
      err, CM_SINGULAR, 0, zero, 0,
      "the %zu x %zu matrix is singular: column %zu%s%s%s depends on those before it", lu->n, lu->n,
      zero, cols ? " ('" : "", cols ? cm_axis_label(cols, zero - 1) : "", cols ? "')" : "");
}

/* NaN, where a factor has overflowed, counts as below the limit. */
static cm_status check_condition(size_t n, double rcond, cm_error *err) {
  if (rcond >= CM_RCOND_MIN) return CM_OK;
  return cm__fail_at(err, CM_ILL_CONDITIONED, 0, 0, rcond,
                     "the %zu x %zu matrix is close to singular: rcond is %.2g, below %.0e", n, n,
                     rcond, CM_RCOND_MIN);
}

/* Hands out factors that are neither singular nor near it. */
static cm_status accept(cm_lu **lu, size_t zero, cm_lu **out, cm_error *err) {
  if (zero) return singular(*lu, zero, err);
  cm_status status = check_condition((*lu)->n, (*lu)->rcond, err);
  if (status != CM_OK) return status;
  *out = *lu;
  *lu = NULL;
  return CM_OK;
}

cm_status cm_lu_new(const cm_matrix *a, const cm_job *job, cm_lu **out, cm_error *err) {
  size_t zero = 0;
  cm_lu *lu = NULL;
  cm_status status;
  CM__TRY(factor(a, true, job, &zero, &lu, err));
  CM__TRY(accept(&lu, zero, out, err));
done:
  cm_lu_release(lu);
  return status;
}

cm_status cm__lu_consume(const cm_matrix *m, double norm, bool m_matrix, const cm_job *job,
                         cm_lu **out, cm_error *err) {
  size_t zero = 0;
  int threads = cm__threads_enter(job);
  cm_lu *lu = NULL;
  cm_status status;
  CM__TRY(check_square(m, err));
  CM__TRY(cm_job_step(job, "factoring", 0, 1, err));
  CM__TRY(make(m->d.rows, m->axis[CM_ROWS], m->axis[CM_COLS], &lu, err));
  lu->factor = cm__buffer_retain(m->buffer);
  lu->norm = norm;
  CM__TRY(factor_in_place(lu, true, m_matrix, &zero, err));
  CM__TRY(cm_job_step(job, "factoring", 1, 1, err));
  CM__TRY(accept(&lu, zero, out, err));
done:
  cm_lu_release(lu);
  cm__threads_leave(threads);
  return status;
}

/* ---- solving -------------------------------------------------------------------- */

static cm_status solve_root(const cm_lu *lu, bool transposed, cm__dense x, cm_error *err) {
  return cm__getrs(lu->factor->data, lu->n, lu->pivot, transposed, x, err);
}

/* x := A^-1 x or A'^-1 x, x column-major. With the update,
 *   (A + U V')^-1 = A^-1 - Z C^-1 V' A^-1. */
static cm_status solve_in_place(const cm_lu *lu, bool transposed, cm__dense x, cm_error *err) {
  if (!lu->root) return solve_root(lu, transposed, x, err);
  cm__dense v = lu->v->d, z = lu->z->d;
  cm_matrix *w = NULL;
  cm_status status;
  CM__TRY(cm__matrix_raw(v.cols, x.cols, "workspace", &w, err));
  if (!transposed) CM__TRY(solve_root(lu->root, false, x, err));
  CM__TRY(cm__gemm(1.0, cm__flip(transposed ? z : v), x, 0.0, w->d, err));
  CM__TRY(solve_root(lu->core, transposed, w->d, err));
  CM__TRY(cm__gemm(-1.0, transposed ? v : z, w->d, 1.0, x, err));
  if (transposed) CM__TRY(solve_root(lu->root, true, x, err));
done:
  cm_matrix_release(w);
  return status;
}

/* A column-major copy of b with its rows in the order of `axis`. */
static cm_status right_side(const cm_lu *lu, const cm_matrix *b, const cm_axis *axis,
                            cm_matrix **out, cm_error *err) {
  if (b->d.rows != lu->n)
    return cm__fail(err, CM_SHAPE, "a system of order %zu and a right side of %zu x %zu", lu->n,
                    b->d.rows, b->d.cols);
  cm_matrix *fit = NULL;
  cm_status status;
  CM__TRY(cm_matrix_check_finite(b, "the right side", err));
  CM__TRY(
      cm__matrix_align(b, CM_ROWS, axis, "the rows of the system and its right side", &fit, err));
  CM__TRY(cm_matrix_copy(fit, out, err));
done:
  cm_matrix_release(fit);
  return status;
}

cm_status cm_lu_solve(const cm_lu *lu, const cm_matrix *b, bool transposed, const cm_job *job,
                      cm_matrix **out, cm_error *err) {
  int threads = cm__threads_enter(job);
  cm_matrix *x = NULL;
  cm_status status;
  CM__TRY(cm_job_ask(job, sizeof(double) * b->d.rows * b->d.cols, "a solution", err));
  CM__TRY(cm_job_step(job, "solving", 0, 1, err));
  CM__TRY(right_side(lu, b, lu->axis[transposed ? CM_COLS : CM_ROWS], &x, err));
  CM__TRY(solve_in_place(lu, transposed, x->d, err));
  CM__TRY(cm_matrix_axis_set(x, CM_ROWS, lu->axis[transposed ? CM_ROWS : CM_COLS], err));
  CM__TRY(cm_job_step(job, "solving", 1, 1, err));
  *out = x;
  x = NULL;
done:
  cm_matrix_release(x);
  cm__threads_leave(threads);
  return status;
}

/* ---- inverse and determinant -------------------------------------------------------- */

/* Turns packed factors of `root` into the inverse of what lu stands for. */
static cm_status invert(const cm_lu *lu, const cm_lu *root, double *factors, cm_error *err) {
  cm__dense x = {factors, lu->n, lu->n, 1, cm__max(lu->n, 1)};
  cm_matrix *w = NULL;
  cm_status status;
  CM__TRY(cm__getri(factors, lu->n, root->pivot, err));
  if (lu->root) {
    CM__TRY(cm__matrix_raw(lu->v->d.cols, lu->n, "workspace", &w, err));
    CM__TRY(cm__gemm(1.0, cm__flip(lu->v->d), x, 0.0, w->d, err));
    CM__TRY(solve_root(lu->core, false, w->d, err));
    CM__TRY(cm__gemm(-1.0, lu->z->d, w->d, 1.0, x, err));
  }
done:
  cm_matrix_release(w);
  return status;
}

cm_status cm_lu_inverse(const cm_lu *lu, const cm_job *job, cm_matrix **out, cm_error *err) {
  const cm_lu *root = lu->root ? lu->root : lu;
  int threads = cm__threads_enter(job);
  cm_matrix *x = NULL;
  cm_status status;
  CM__TRY(cm_job_ask(job, square_bytes(lu->n) + sizeof(double) * cm__getri_work(lu->n),
                     "an inverse", err));
  CM__TRY(cm_job_step(job, "inverting", 0, 1, err));
  CM__TRY(cm__matrix_raw(lu->n, lu->n, "an inverse", &x, err));
  cm__dense_copy(x->d, (cm__dense){root->factor->data, lu->n, lu->n, 1, cm__max(lu->n, 1)});
  CM__TRY(invert(lu, root, x->d.data, err));
  CM__TRY(cm_job_step(job, "inverting", 1, 1, err));
  cm__matrix_label(x, lu->axis[CM_COLS], lu->axis[CM_ROWS]);
  *out = x;
  x = NULL;
done:
  cm_matrix_release(x);
  cm__threads_leave(threads);
  return status;
}

cm_status cm_inverse(const cm_matrix *a, const cm_job *job, cm_matrix **out, cm_error *err) {
  size_t n = a->d.rows;
  int threads = cm__threads_enter(job);
  cm_lu *lu = NULL;
  cm_matrix *x = NULL;
  cm_status status;
  CM__TRY(cm_lu_new(a, job, &lu, err));
  CM__TRY(cm_job_step(job, "inverting", 0, 1, err));
  CM__TRY(invert(lu, lu, lu->factor->data, err)); /* in the copy that was factored */
  CM__TRY(cm__matrix_wrap(lu->factor, 0, n, n, 1, cm__max(n, 1), &x, err));
  CM__TRY(cm_job_step(job, "inverting", 1, 1, err));
  cm__matrix_label(x, lu->axis[CM_COLS], lu->axis[CM_ROWS]);
  *out = x;
  x = NULL;
done:
  cm_matrix_release(x);
  cm_lu_release(lu);
  cm__threads_leave(threads);
  return status;
}

static void root_det(const cm_lu *lu, double *sign, double *log_abs) {
  for (size_t i = 0; i < lu->n; i++) {
    double d = lu->factor->data[i * lu->n + i];
    if ((d < 0) != (lu->pivot[i] != (int)i + 1)) *sign = -*sign;
    *log_abs += log(fabs(d));
  }
}

cm_status cm_lu_det(const cm_lu *lu, double *sign, double *log_abs, cm_error *err) {
  double s = 1.0, l = 0.0;
  (void)err;
  root_det(lu->root ? lu->root : lu, &s, &l);
  if (lu->root) root_det(lu->core, &s, &l);
  *sign = s;
  *log_abs = l;
  return CM_OK;
}

cm_status cm_det(const cm_matrix *a, const cm_job *job, double *out, cm_error *err) {
  size_t zero = 0;
  cm_lu *lu = NULL;
  cm_status status = factor(a, false, job, &zero, &lu, err);
  if (status != CM_OK) return status;
  double det = 1.0;
  for (size_t i = 0; i < lu->n && !zero; i++)
    det *= lu->pivot[i] == (int)i + 1 ? lu->factor->data[i * lu->n + i]
                                      : -lu->factor->data[i * lu->n + i];
  *out = zero ? 0.0 : det;
  cm_lu_release(lu);
  return CM_OK;
}

cm_status cm_rcond(const cm_matrix *a, const cm_job *job, double *out, cm_error *err) {
  size_t zero = 0;
  cm_lu *lu = NULL;
  cm_status status = factor(a, true, job, &zero, &lu, err);
  if (status != CM_OK) return status;
  *out = lu->rcond; /* 0 where a pivot is 0 */
  cm_lu_release(lu);
  return CM_OK;
}

cm_status cm_solve(const cm_matrix *a, const cm_matrix *b, const cm_job *job, cm_matrix **out,
                   cm_error *err) {
  cm_lu *lu = NULL;
  cm_status status = cm_lu_new(a, job, &lu, err);
  if (status != CM_OK) return status;
  status = cm_lu_solve(lu, b, false, job, out, err);
  cm_lu_release(lu);
  return status;
}

/* ---- updates ---------------------------------------------------------------------- */

/* The part u or v of an update, rows in the order of the system. */
static cm_status update_part(const cm_lu *lu, const cm_matrix *m, cm_side side, const char *what,
                             cm_matrix **out, cm_error *err) {
  cm_status status = cm_matrix_check_finite(m, what, err);
  if (status != CM_OK) return status;
  return cm__matrix_align(m, CM_ROWS, lu->axis[side], what, out, err);
}

/* `more` beside `old` (which may be NULL), unlabelled. */
static cm_status widen(const cm_matrix *old, cm__dense more, cm_matrix **out, cm_error *err) {
  size_t had = old ? old->d.cols : 0;
  cm_matrix *m;
  cm_status status = cm__matrix_raw(more.rows, had + more.cols, "an update of LU factors", &m, err);
  if (status != CM_OK) return status;
  if (old) cm__dense_copy(cm__window(m->d, 0, more.rows, 0, had), old->d);
  cm__dense_copy(cm__window(m->d, 0, more.rows, had, more.cols), more);
  *out = m;
  return CM_OK;
}

/* Factors of the core I + V' Z. */
static cm_status make_core(cm_lu *lu, const cm_job *job, cm_error *err) {
  size_t k = lu->v->d.cols, zero = 0;
  cm_matrix *c = NULL;
  cm_status status;
  CM__TRY(cm_matrix_identity(k, &c, err));
  CM__TRY(cm__gemm(1.0, cm__flip(lu->v->d), lu->z->d, 1.0, c->d, err));
  CM__TRY(factor(c, true, job, &zero, &lu->core, err));
  double rcond = lu->root->rcond * lu->core->rcond;
  if (!(rcond >= CM_RCOND_MIN))
    status = cm__fail_at(err, CM_ILL_CONDITIONED, 0, 0, rcond,
                         "an update of rank %zu leaves no digit that can be trusted: rcond of the "
                         "factors %.2g times that of the update %.2g is below %.0e",
                         k, lu->root->rcond, lu->core->rcond, CM_RCOND_MIN);
done:
  cm_matrix_release(c);
  return status;
}

/* Estimates the condition of an updated system from solutions with it. */
static cm_status estimate(cm_lu *lu, cm_error *err) {
  size_t n = lu->n;
  if (!n) {
    lu->rcond = 1.0;
    return CM_OK;
  }
  double *v = NULL, *x = NULL, inverse_norm = 0.0;
  int *sign = NULL, kase = 0, save[3] = {0};
  cm_status status;
  CM__TRY(cm__alloc(n, sizeof *v, "workspace", &v, err));
  CM__TRY(cm__alloc(n, sizeof *x, "workspace", &x, err));
  CM__TRY(cm__alloc(n, sizeof *sign, "workspace", &sign, err));
  do {
    CM__TRY(cm__lacn2(n, v, x, sign, &inverse_norm, &kase, save, err));
    if (kase) CM__TRY(solve_in_place(lu, kase == 2, (cm__dense){x, n, 1, 1, n}, err));
  } while (kase);
  lu->rcond = inverse_norm > 0.0 ? 1.0 / inverse_norm / lu->norm : 0.0;
  status = check_condition(n, lu->rcond, err);
done:
  cm__free(v);
  cm__free(x);
  cm__free(sign);
  return status;
}

static cm_status check_update(const cm_lu *lu, const cm_matrix *u, const cm_matrix *v,
                              cm_error *err) {
  if (u->d.rows == lu->n && v->d.rows == lu->n && u->d.cols == v->d.cols) return CM_OK;
  return cm__fail(
      err, CM_SHAPE,
      "an update of order %zu takes two matrices of %zu x k, not %zu x %zu and %zu x %zu", lu->n,
      lu->n, u->d.rows, u->d.cols, v->d.rows, v->d.cols);
}

/* z := A^-1 U of the new part, and the norms that the condition needs. */
static cm_status fill_update(cm_lu *fresh, const cm_lu *lu, const cm_matrix *u, const cm_matrix *v,
                             cm_error *err) {
  cm_matrix *z = NULL;
  double u_norm = 0.0, v_norm = 0.0;
  cm_status status;
  CM__TRY(cm_norm(u, CM_NORM_1, NULL, &u_norm, err));
  CM__TRY(cm_norm(v, CM_NORM_INF, NULL, &v_norm, err));
  fresh->norm = lu->norm + u_norm * v_norm; /* |A + U V'| <= |A| + |U| |V'| */
  CM__TRY(cm_matrix_copy(u, &z, err));
  CM__TRY(solve_root(fresh->root, false, z->d, err));
  CM__TRY(widen(lu->z, z->d, &fresh->z, err));
  CM__TRY(widen(lu->v, v->d, &fresh->v, err));
done:
  cm_matrix_release(z);
  return status;
}

cm_status cm_lu_update(cm_lu *lu, const cm_matrix *u, const cm_matrix *v, const cm_job *job,
                       cm_lu **out, cm_error *err) {
  int threads = cm__threads_enter(job);
  cm_lu *fresh = NULL;
  cm_matrix *u_fit = NULL, *v_rows = NULL, *v_fit = NULL;
  cm_status status;
  CM__TRY(check_update(lu, u, v, err));
  CM__TRY(update_part(lu, u, CM_ROWS, "the left part of the update", &u_fit, err));
  CM__TRY(update_part(lu, v, CM_COLS, "the right part of the update", &v_rows, err));
  CM__TRY(cm__matrix_align(v_rows, CM_COLS, u->axis[CM_COLS], "the columns of the update", &v_fit,
                           err));
  CM__TRY(cm_job_step(job, "updating", 0, 1, err));
  CM__TRY(make(lu->n, lu->axis[CM_ROWS], lu->axis[CM_COLS], &fresh, err));
  fresh->root = cm_lu_retain(lu->root ? lu->root : lu);
  CM__TRY(fill_update(fresh, lu, u_fit, v_fit, err));
  CM__TRY(make_core(fresh, job, err));
  CM__TRY(estimate(fresh, err));
  *out = fresh;
  fresh = NULL;
done:
  cm_lu_release(fresh);
  cm_matrix_release(u_fit);
  cm_matrix_release(v_rows);
  cm_matrix_release(v_fit);
  cm__threads_leave(threads);
  return status;
}
