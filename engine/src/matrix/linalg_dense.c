/* Products, Cholesky factors, least squares and norms. */
#include <math.h>
#include <string.h>

#include "matrix/internal.h"

static cm_status ask(const cm_job *job, size_t rows, size_t cols, const char *what, cm_error *err) {
  size_t bytes;
  cm_status status = cm__size3(rows, cols, sizeof(double), what, &bytes, err);
  return status == CM_OK ? cm_job_ask(job, bytes, what, err) : status;
}

/* A term that is not finite makes every element that it enters not finite, so
 * one look at the product (which is read anyway) stands for one at both factors. */
static cm_status check_product(const cm_matrix *a, const cm_matrix *b, const cm_matrix *product,
                               cm_error *err) {
  if (cm_matrix_check_finite(product, "the product", NULL) == CM_OK) return CM_OK;
  cm_status status;
  CM__TRY(cm_matrix_check_finite(a, "the left factor", err));
  CM__TRY(cm_matrix_check_finite(b, "the right factor", err));
  CM__TRY(cm_matrix_check_finite(product, "the product of finite factors", err));
done:
  return status;
}

cm_status cm_mul(const cm_matrix *a, const cm_matrix *b, const cm_job *job, cm_matrix **out,
                 cm_error *err) {
  if (a->d.cols != b->d.rows)
    return cm__fail(err, CM_SHAPE, "a %zu x %zu matrix times a %zu x %zu one", a->d.rows, a->d.cols,
                    b->d.rows, b->d.cols);
  int threads = cm__threads_enter(job);
  cm_matrix *fit = NULL, *m = NULL;
  cm_status status;
  CM__TRY(ask(job, a->d.rows, b->d.cols, "a product", err));
  CM__TRY(cm_job_step(job, "multiplying", 0, 1, err));
  CM__TRY(
      cm__matrix_align(b, CM_ROWS, a->axis[CM_COLS], "the inner sides of a product", &fit, err));
  CM__TRY(cm__matrix_raw(a->d.rows, b->d.cols, "a product", &m, err));
  CM__TRY(cm__gemm(1.0, a->d, fit->d, 0.0, m->d, err));
  CM__TRY(check_product(a, b, m, err));
  CM__TRY(cm_job_step(job, "multiplying", 1, 1, err));
  cm__matrix_label(m, a->axis[CM_ROWS], b->axis[CM_COLS]);
  *out = m;
  m = NULL;
done:
  cm_matrix_release(fit);
  cm_matrix_release(m);
  cm__threads_leave(threads);
  return status;
}

/* The lower triangle, and 0 above it. */
static void copy_lower(cm__dense to, cm__dense from) {
  for (size_t j = 0; j < to.cols; j++) {
    memset(cm__at(to, 0, j), 0, j * sizeof(double));
    cm__dense_copy(cm__window(to, j, to.rows - j, j, 1), cm__window(from, j, to.rows - j, j, 1));
  }
}

cm_status cm_cholesky(const cm_matrix *a, const cm_job *job, cm_matrix **out, cm_error *err) {
  size_t n = a->d.rows;
  int threads = cm__threads_enter(job);
  cm_matrix *m = NULL;
  cm_status status = CM_OK;
  if (n != a->d.cols)
    CM__TRY(cm__fail(err, CM_SHAPE, "a square matrix is wanted, and this one is %zu x %zu", n,
                     a->d.cols));
  CM__TRY(ask(job, n, n, "a Cholesky factor", err));
  CM__TRY(cm_job_step(job, "factoring", 0, 1, err));
  CM__TRY(cm__matrix_raw(n, n, "a Cholesky factor", &m, err));
  cm__matrix_label(m, a->axis[CM_ROWS], a->axis[CM_COLS]);
  copy_lower(m->d, a->d);
  CM__TRY(cm_matrix_check_finite(m, "the matrix", err));
  CM__TRY(cm__potrf(m->d.data, n, err));
  CM__TRY(cm_job_step(job, "factoring", 1, 1, err));
  *out = m;
  m = NULL;
done:
  cm_matrix_release(m);
  cm__threads_leave(threads);
  return status;
}

cm_status cm_lstsq(const cm_matrix *a, const cm_matrix *b, const cm_job *job, cm_matrix **out,
                   size_t *rank, cm_error *err) {
  size_t m = a->d.rows, n = a->d.cols, k = b->d.cols, found = 0;
  int threads = cm__threads_enter(job);
  cm_matrix *factor = NULL, *fit = NULL, *tall = NULL, *x = NULL;
  cm_status status = CM_OK;
  if (m != b->d.rows)
    CM__TRY(cm__fail(err, CM_SHAPE, "least squares of %zu equations and a right side of %zu x %zu",
                     m, b->d.rows, k));
  CM__TRY(cm_matrix_check_finite(a, "the matrix", err));
  CM__TRY(cm_matrix_check_finite(b, "the right side", err));
  CM__TRY(ask(job, cm__max(m, n), n + k, "a least squares solution", err));
  CM__TRY(cm_job_step(job, "fitting", 0, 1, err));
  CM__TRY(cm__matrix_align(b, CM_ROWS, a->axis[CM_ROWS], "the equations and their right side", &fit,
                           err));
  CM__TRY(cm_matrix_copy(a, &factor, err));
  CM__TRY(cm_matrix_new(cm__max(m, n), k, &tall, err));
  CM__TRY(cm_matrix_new(n, k, &x, err));
  cm__dense_copy(cm__window(tall->d, 0, m, 0, k), fit->d);
  if (m && n && k) {
    CM__TRY(cm__gelsy(factor->d, tall->d, &found, err));
    cm__dense_copy(x->d, cm__window(tall->d, 0, n, 0, k));
  }
  CM__TRY(cm_job_step(job, "fitting", 1, 1, err));
  cm__matrix_label(x, a->axis[CM_COLS], b->axis[CM_COLS]);
  if (rank) *rank = found;
  *out = x;
  x = NULL;
done:
  cm_matrix_release(factor);
  cm_matrix_release(fit);
  cm_matrix_release(tall);
  cm_matrix_release(x);
  cm__threads_leave(threads);
  return status;
}

cm_status cm_qr(const cm_matrix *a, const cm_job *job, cm_matrix **q, cm_matrix **r,
                cm_error *err) {
  size_t m = a->d.rows, n = a->d.cols;
  int threads = cm__threads_enter(job);
  cm_matrix *left = NULL, *right = NULL;
  cm_status status = CM_OK;
  if (m < n)
    CM__TRY(cm__fail(err, CM_SHAPE,
                     "QR factors of %zu rows and %zu columns: fewer rows than columns", m, n));
  CM__TRY(cm_matrix_check_finite(a, "the matrix", err));
  CM__TRY(ask(job, m, 2 * n, "QR factors", err));
  CM__TRY(cm_job_step(job, "factoring", 0, 1, err));
  CM__TRY(cm_matrix_copy(a, &left, err));
  CM__TRY(cm__matrix_raw(n, n, "QR factors", &right, err));
  if (n) CM__TRY(cm__qr(left->d, right->d.data, err));
  CM__TRY(cm_job_step(job, "factoring", 1, 1, err));
  CM__TRY(cm_matrix_axis_set(left, CM_COLS, NULL, err));
  cm__matrix_label(right, NULL, a->axis[CM_COLS]);
  *q = left;
  *r = right;
  left = right = NULL;
done:
  cm_matrix_release(left);
  cm_matrix_release(right);
  cm__threads_leave(threads);
  return status;
}

/* ---- norms --------------------------------------------------------------------- */

static double largest_column_sum(cm__dense d) {
  double most = 0.0;
  for (size_t j = 0; j < d.cols; j++) {
    double sum = 0.0;
    for (size_t i = 0; i < d.rows; i++) sum += fabs(*cm__at(d, i, j));
    most = fmax(most, sum);
  }
  return most;
}

/* Scaled by the largest element, so that squares neither overflow nor vanish. */
static double frobenius(cm__dense d) {
  double most = 0.0, sum = 0.0;
  for (size_t j = 0; j < d.cols; j++)
    for (size_t i = 0; i < d.rows; i++) most = fmax(most, fabs(*cm__at(d, i, j)));
  for (size_t j = 0; j < d.cols && most > 0.0; j++)
    for (size_t i = 0; i < d.rows; i++) {
      double x = *cm__at(d, i, j) / most;
      sum += x * x;
    }
  return most * sqrt(sum);
}

static cm_status spectral(const cm_matrix *a, const cm_job *job, double *out, cm_error *err) {
  cm_matrix *s;
  cm_status status = cm_svd(a, job, NULL, &s, NULL, err);
  if (status != CM_OK) return status;
  *out = s->d.rows ? *s->d.data : 0.0;
  cm_matrix_release(s);
  return CM_OK;
}

cm_status cm_norm(const cm_matrix *a, cm_norm_kind kind, const cm_job *job, double *out,
                  cm_error *err) {
  cm_status status = cm_matrix_check_finite(a, "the matrix", err);
  if (status != CM_OK) return status;
  switch (kind) {
  case CM_NORM_1:
    *out = largest_column_sum(a->d);
    return CM_OK;
  case CM_NORM_INF:
    *out = largest_column_sum(cm__flip(a->d));
    return CM_OK;
  case CM_NORM_FRO:
    *out = frobenius(a->d.row_step == 1 ? a->d : cm__flip(a->d));
    return CM_OK;
  case CM_NORM_2:
    return spectral(a, job, out, err);
  }
  return cm__fail(err, CM_INVALID, "there is no norm number %d", (int)kind);
}
