/* Krylov methods with right preconditioning, one right-hand side at a time.
 * Sums run in a fixed order, so that the same input gives the same bytes. */
#include <math.h>
#include <string.h>

#include "matrix/sparse_internal.h"

/* ---- vectors -------------------------------------------------------------------- */

static double dot(size_t n, const double *x, const double *y) {
  double sum[4] = {0.0};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) sum[k] += x[i + k] * y[i + k];
  for (; i < n; i++) sum[0] += x[i] * y[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static double norm(size_t n, const double *x) { return sqrt(dot(n, x, x)); }

/* y += factor * x */
static void add(size_t n, double factor, const double *x, double *y) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

static void product(const cm_sparse *a, const double *x, double *y) {
  memset(y, 0, a->rows * sizeof *y);
  cm__sparse_apply(a, false, 1.0, x, y);
}

/* z = M^-1 x */
static void precondition(const cm__krylov *k, const double *x, double *z) {
  const cm_sparse *a = k->a;
  size_t n = a->cols;
  memcpy(z, x, n * sizeof *z);
  if (k->precond == CM_PRECOND_JACOBI)
    for (size_t i = 0; i < n; i++) z[i] *= k->diagonal[i];
  if (k->precond != CM_PRECOND_ILU0) return;
  for (size_t j = 0; j < n; j++)
    for (size_t p = k->pivot[j] + 1; p < a->start[j + 1]; p++) z[a->row[p]] -= k->factor[p] * z[j];
  for (size_t j = n; j-- > 0;) {
    z[j] /= k->factor[k->pivot[j]];
    for (size_t p = a->start[j]; p < k->pivot[j]; p++) z[a->row[p]] -= k->factor[p] * z[j];
  }
}

/* r = b - A x; its size relative to that of b. */
static double residual(const cm__krylov *k, double b_norm, const double *b, const double *x,
                       double *r) {
  memcpy(r, b, k->a->rows * sizeof *r);
  cm__sparse_apply(k->a, false, -1.0, x, r);
  return norm(k->a->rows, r) / b_norm;
}

static cm_status step(cm__krylov *k, const char *what, cm_error *err) {
  k->iterations++;
  return cm_job_step(k->job, what, (double)k->iterations, (double)k->max, err);
}

/* Whether another start from x is worth it: the residual above tol, iterations
 * left, and the last start not in vain. */
static bool go_on(const cm__krylov *k, double before) {
  return k->residual > k->tol && k->iterations < k->max && k->residual <= 0.99 * before;
}

/* Keeps the better of two solutions: a start that went wrong is undone. */
static void settle(cm__krylov *k, double now, double *x, const double *trial) {
  if (!(now < k->residual)) return;
  k->residual = now;
  memcpy(x, trial, k->a->cols * sizeof *x);
}

/* ---- BiCGSTAB (van der Vorst 1992) ------------------------------------------------- */

typedef struct bicgstab {
  double *x, *r, *shadow, *p, *v, *s, *t, *y, *z;
} bicgstab;

enum { BICGSTAB_VECTORS = 9 };

/* One start from w->x, whose residual is w->r. Ends by tolerance, iterations or breakdown. */
static cm_status bicgstab_start(cm__krylov *k, const bicgstab *w, double b_norm, cm_error *err) {
  size_t n = k->a->cols;
  double rho = 1.0, alpha = 1.0, omega = 1.0;
  memcpy(w->shadow, w->r, n * sizeof(double));
  memset(w->p, 0, n * sizeof(double));
  memset(w->v, 0, n * sizeof(double));
  while (k->iterations < k->max) {
    cm_status status = step(k, "BiCGSTAB", err);
    if (status != CM_OK) return status;
    double next = dot(n, w->shadow, w->r), beta = next / rho * (alpha / omega);
    if (next == 0.0 || !isfinite(beta)) return CM_OK;
    rho = next;
    for (size_t i = 0; i < n; i++) w->p[i] = w->r[i] + beta * (w->p[i] - omega * w->v[i]);
    precondition(k, w->p, w->y);
    product(k->a, w->y, w->v);
    alpha = rho / dot(n, w->shadow, w->v);
    if (!isfinite(alpha)) return CM_OK;
    memcpy(w->s, w->r, n * sizeof(double));
    add(n, -alpha, w->v, w->s);
    add(n, alpha, w->y, w->x);
    precondition(k, w->s, w->z);
    product(k->a, w->z, w->t);
    double size = dot(n, w->t, w->t);
    omega = size > 0.0 ? dot(n, w->t, w->s) / size : 0.0;
    add(n, omega, w->z, w->x);
    memcpy(w->r, w->s, n * sizeof(double));
    add(n, -omega, w->t, w->r);
    if (norm(n, w->r) <= k->tol * b_norm || omega == 0.0) return CM_OK;
  }
  return CM_OK;
}

cm_status cm__bicgstab(cm__krylov *k, const double *b, double *x, cm_error *err) {
  size_t n = k->a->cols;
  double *block = NULL, b_norm = norm(n, b), before;
  cm_status status;
  CM__TRY(cm__alloc(n, BICGSTAB_VECTORS * sizeof(double), "BiCGSTAB", &block, err));
  bicgstab w = {block,         block + n,     block + 2 * n, block + 3 * n, block + 4 * n,
                block + 5 * n, block + 6 * n, block + 7 * n, block + 8 * n};
  k->residual = residual(k, b_norm, b, x, w.r);
  do {
    before = k->residual;
    if (before <= k->tol) break;
    memcpy(w.x, x, n * sizeof *x);
    CM__TRY(bicgstab_start(k, &w, b_norm, err));
    settle(k, residual(k, b_norm, b, w.x, w.r), x, w.x);
  } while (go_on(k, before));
  status = CM_OK;
done:
  cm__free(block);
  return status;
}

/* ---- GMRES (Saad, Schultz 1986) ------------------------------------------------------ */

typedef struct gmres {
  size_t m;
  double *x, *basis, *z, *w;     /* m + 1 basis vectors of n */
  double *h, *cosine, *sine, *g; /* h: m + 1 by m, by columns, made triangular */
} gmres;

/* Turns column j of h by the rotations so far and by a new one. */
static void rotate(gmres *w, size_t j) {
  double *h = w->h + j * (w->m + 1);
  for (size_t i = 0; i < j; i++) {
    double upper = w->cosine[i] * h[i] + w->sine[i] * h[i + 1];
    h[i + 1] = w->cosine[i] * h[i + 1] - w->sine[i] * h[i];
    h[i] = upper;
  }
  double size = hypot(h[j], h[j + 1]);
  w->cosine[j] = size > 0.0 ? h[j] / size : 1.0;
  w->sine[j] = size > 0.0 ? h[j + 1] / size : 0.0;
  h[j] = size;
  w->g[j + 1] = -w->sine[j] * w->g[j];
  w->g[j] *= w->cosine[j];
}

/* Appends a basis vector; false where the space is exhausted. */
static bool expand(const cm__krylov *k, gmres *w, size_t j) {
  size_t n = k->a->cols;
  double *h = w->h + j * (w->m + 1), *next = w->basis + (j + 1) * n;
  precondition(k, w->basis + j * n, w->z);
  product(k->a, w->z, next);
  double size = norm(n, next);
  for (size_t i = 0; i <= j; i++) {
    h[i] = dot(n, w->basis + i * n, next);
    add(n, -h[i], w->basis + i * n, next);
  }
  for (size_t i = 0; i <= j; i++) { /* once more: the first pass leaves rounding behind */
    double left = dot(n, w->basis + i * n, next);
    h[i] += left;
    add(n, -left, w->basis + i * n, next);
  }
  h[j + 1] = norm(n, next);
  bool more = h[j + 1] > 1e-15 * size;
  if (more)
    for (size_t i = 0; i < n; i++) next[i] /= h[j + 1];
  return more;
}

/* x += M^-1 V y with H y = g, for the first m columns. */
static void update(const cm__krylov *k, gmres *w, size_t m) {
  size_t n = k->a->cols;
  for (size_t i = m; i-- > 0;) {
    for (size_t j = i + 1; j < m; j++) w->g[i] -= w->h[j * (w->m + 1) + i] * w->g[j];
    double pivot = w->h[i * (w->m + 1) + i];
    w->g[i] = pivot != 0.0 ? w->g[i] / pivot : 0.0;
  }
  memset(w->w, 0, n * sizeof(double));
  for (size_t i = 0; i < m; i++) add(n, w->g[i], w->basis + i * n, w->w);
  precondition(k, w->w, w->z);
  add(n, 1.0, w->z, w->x);
}

/* One cycle from w->x, whose residual stands in the first basis vector. */
static cm_status gmres_start(cm__krylov *k, gmres *w, double b_norm, cm_error *err) {
  size_t n = k->a->cols, m = 0;
  w->g[0] = norm(n, w->basis);
  for (size_t i = 0; i < n; i++) w->basis[i] /= w->g[0];
  while (m < w->m && k->iterations < k->max) {
    cm_status status = step(k, "GMRES", err);
    if (status != CM_OK) return status;
    bool more = expand(k, w, m);
    rotate(w, m++);
    if (!more || fabs(w->g[m]) <= k->tol * b_norm) break;
  }
  update(k, w, m);
  return CM_OK;
}

cm_status cm__gmres(cm__krylov *k, const double *b, double *x, cm_error *err) {
  size_t n = k->a->cols, m = cm__max(1, cm__min(k->restart, n));
  double *vectors = NULL, *small = NULL, b_norm = norm(n, b), before;
  cm_status status;
  CM__TRY(cm__alloc(n, (m + 4) * sizeof(double), "GMRES", &vectors, err));
  CM__TRY(cm__alloc(m + 1, (m + 3) * sizeof(double), "GMRES", &small, err));
  gmres w = {m, vectors, vectors + 3 * n, vectors + n, vectors + 2 * n, NULL, NULL, NULL, NULL};
  w.h = small;
  w.cosine = small + m * (m + 1);
  w.sine = w.cosine + m + 1;
  w.g = w.sine + m + 1;
  k->residual = residual(k, b_norm, b, x, w.basis);
  do {
    before = k->residual;
    if (before <= k->tol) break;
    memcpy(w.x, x, n * sizeof *x);
    CM__TRY(gmres_start(k, &w, b_norm, err));
    settle(k, residual(k, b_norm, b, w.x, w.basis), x, w.x);
  } while (go_on(k, before));
  status = CM_OK;
done:
  cm__free(vectors);
  cm__free(small);
  return status;
}
