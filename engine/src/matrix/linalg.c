/* The only file that knows LAPACKE and CBLAS. The engine checks shapes and
 * finiteness before it comes here; sizes are checked against the library's
 * 32-bit integers here. */
#include <cblas.h>
#include <lapacke.h>
#include <string.h>

#include "matrix/internal.h"

_Static_assert(sizeof(lapack_int) == sizeof(int), "LAPACK is expected with 32-bit integers");

int cm__threads_enter(const cm_job *job) {
  int before = openblas_get_num_threads();
  if (job && job->threads && job->threads <= INT32_MAX && (int)job->threads != before)
    openblas_set_num_threads((int)job->threads);
  return before;
}

void cm__threads_leave(int before) {
  if (openblas_get_num_threads() != before) openblas_set_num_threads(before);
}

/* Argument errors are ours; everything else is for the caller to name. */
static cm_status check_info(int info, const char *routine, cm_error *err) {
  if (info >= 0) return CM_OK;
  return cm__fail(err, CM_INTERNAL, "%s refused its argument %d", routine, -info);
}

static cm_status dims(size_t a, size_t b, size_t c, int out[3], cm_error *err) {
  cm_status status = cm__int(a, "a side of a matrix", &out[0], err);
  if (status == CM_OK) status = cm__int(b, "a side of a matrix", &out[1], err);
  if (status == CM_OK) status = cm__int(c, "a side of a matrix", &out[2], err);
  return status;
}

/* ---- products --------------------------------------------------------------- */

/* A matrix as BLAS sees it: transposed or not, with a leading dimension. */
typedef struct operand {
  CBLAS_TRANSPOSE trans;
  size_t ld;
} operand;

static operand as_operand(cm__dense d) {
  bool plain = d.row_step == 1 && (d.cols <= 1 || d.col_step >= d.rows);
  if (plain) return (operand){CblasNoTrans, d.cols <= 1 ? cm__max(d.rows, 1) : d.col_step};
  return (operand){CblasTrans, d.rows <= 1 ? cm__max(d.cols, 1) : d.row_step};
}

static cm_status gemv(double alpha, cm__dense a, cm__dense x, double beta, cm__dense y,
                      cm_error *err) {
  operand oa = as_operand(a);
  bool plain = oa.trans == CblasNoTrans;
  int n[3], steps[3];
  cm_status status = dims(plain ? a.rows : a.cols, plain ? a.cols : a.rows, oa.ld, n, err);
  if (status == CM_OK) status = dims(cm__max(x.row_step, 1), cm__max(y.row_step, 1), 0, steps, err);
  if (status == CM_OK)
    cblas_dgemv(CblasColMajor, oa.trans, n[0], n[1], alpha, a.data, n[2], x.data, steps[0], beta,
                y.data, steps[1]);
  return status;
}

cm_status cm__gemm(double alpha, cm__dense a, cm__dense b, double beta, cm__dense c,
                   cm_error *err) {
  if (!c.rows || !c.cols || (!a.cols && beta == 1.0)) return CM_OK;
  if (a.cols && c.cols == 1) return gemv(alpha, a, b, beta, c, err);
  if (a.cols && c.rows == 1) return gemv(alpha, cm__flip(b), cm__flip(a), beta, cm__flip(c), err);
  operand oc = as_operand(c);
  if (oc.trans == CblasTrans) {
    cm__dense t = cm__flip(a);
    a = cm__flip(b);
    b = t;
    c = cm__flip(c);
  }
  operand oa = as_operand(a), ob = as_operand(b);
  int n[3], ld[3];
  cm_status status = dims(c.rows, c.cols, a.cols, n, err);
  if (status == CM_OK) status = dims(oa.ld, ob.ld, oc.ld, ld, err);
  if (status == CM_OK)
    cblas_dgemm(CblasColMajor, oa.trans, ob.trans, n[0], n[1], n[2], alpha, a.data, ld[0], b.data,
                ld[1], beta, c.data, ld[2]);
  return status;
}

double cm__abs_sum(const double *x, size_t n) {
  const size_t most = INT32_MAX;
  double sum = 0.0;
  for (; n > most; n -= most, x += most) sum += cblas_dasum((int)most, x, 1);
  return sum + cblas_dasum((int)n, x, 1);
}

void cm__copy_norm1(cm__dense to, cm__dense from, double *norm) {
  double most = 0.0;
  bool plain = from.row_step == 1;
  if (!plain) cm__dense_copy(to, from);
  for (size_t j = 0; j < to.cols && to.rows; j++) {
    double *column = cm__at(to, 0, j);
    if (plain) memcpy(column, cm__at(from, 0, j), to.rows * sizeof *column);
    double sum = cm__abs_sum(column, to.rows);
    if (!(sum <= most)) most = sum;
    if (most != most) break;
  }
  *norm = most;
}

/* ---- LU ------------------------------------------------------------------------ */

cm_status cm__getrf(double *a, size_t n, int *pivot, size_t *zero, cm_error *err) {
  int order;
  cm_status status = cm__int(n, "the order of a matrix", &order, err);
  if (status != CM_OK) return status;
  int info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, a, order ? order : 1, pivot);
  status = check_info(info, "dgetrf", err);
  if (status == CM_OK) *zero = (size_t)info;
  return status;
}

cm_status cm__gecon(const double *lu, size_t n, double norm, double *rcond, cm_error *err) {
  int order, *iwork = NULL;
  double *work = NULL;
  cm_status status;
  CM__TRY(cm__int(n, "the order of a matrix", &order, err));
  CM__TRY(cm__alloc_raw(4 * n, sizeof *work, "workspace", &work, err));
  CM__TRY(cm__alloc_raw(n, sizeof *iwork, "workspace", &iwork, err));
  int info = LAPACKE_dgecon_work(LAPACK_COL_MAJOR, '1', order, lu, order ? order : 1, norm, rcond,
                                 work, iwork);
  CM__TRY(check_info(info, "dgecon", err));
done:
  cm__free(work);
  cm__free(iwork);
  return status;
}

cm_status cm__getrs(const double *lu, size_t n, const int *pivot, bool transposed, cm__dense b,
                    cm_error *err) {
  int d[3];
  cm_status status = dims(n, b.cols, cm__max(b.col_step, cm__max(n, 1)), d, err);
  if (status != CM_OK || !n || !b.cols) return status;
  int info = LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, transposed ? 'T' : 'N', d[0], d[1], lu, d[0],
                                 pivot, b.data, d[2]);
  return check_info(info, "dgetrs", err);
}

size_t cm__getri_work(size_t n) {
  double best = 0.0, none = 0.0;
  int pivot = 0;
  if (n > INT32_MAX) return n;
  LAPACKE_dgetri_work(LAPACK_COL_MAJOR, (int)n, &none, n ? (int)n : 1, &pivot, &best, -1);
  return best > (double)n ? (size_t)best : n;
}

cm_status cm__getri(double *lu, size_t n, const int *pivot, cm_error *err) {
  if (!n) return CM_OK; /* dgetri would write to workspace that is not there */
  int order, size;
  double *work = NULL;
  cm_status status;
  CM__TRY(cm__int(n, "the order of a matrix", &order, err));
  CM__TRY(cm__int(cm__getri_work(n), "workspace", &size, err));
  CM__TRY(cm__alloc_raw((size_t)size, sizeof *work, "workspace of an inverse", &work, err));
  int info = LAPACKE_dgetri_work(LAPACK_COL_MAJOR, order, lu, order, pivot, work, size);
  CM__TRY(check_info(info, "dgetri", err));
done:
  cm__free(work);
  return status;
}

cm_status cm__lacn2(size_t n, double *v, double *x, int *sign, double *estimate, int *kase,
                    int save[3], cm_error *err) {
  int order;
  cm_status status = cm__int(n, "the order of a matrix", &order, err);
  if (status != CM_OK) return status;
  return check_info(LAPACKE_dlacn2_work(order, v, x, sign, estimate, kase, save), "dlacn2", err);
}

/* ---- the other factorisations ------------------------------------------------- */

cm_status cm__potrf(double *a, size_t n, cm_error *err) {
  int order;
  cm_status status = cm__int(n, "the order of a matrix", &order, err);
  if (status != CM_OK) return status;
  int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', order, a, order ? order : 1);
  if (info > 0)
    return cm__fail_at(err, CM_NOT_DEFINITE, (size_t)info, (size_t)info, 0,
                       "the leading %d x %d part of a %d x %d matrix is not positive definite",
                       info, info, order, order);
  return check_info(info, "dpotrf", err);
}

/* The workspace that a query has put into `best`. */
static cm_status workspace(double best, double **work, int *size, cm_error *err) {
  cm_status status = cm__int(best < 1.0 ? 1 : (size_t)best, "workspace", size, err);
  if (status == CM_OK)
    status = cm__alloc_raw((size_t)*size, sizeof **work, "workspace of LAPACK", work, err);
  return status;
}

static cm_status converged(int info, const char *routine, const char *what, cm_error *err) {
  if (info <= 0) return check_info(info, routine, err);
  return cm__fail(err, CM_NOT_CONVERGED, "%s: %d of them were not found", what, info);
}

cm_status cm__gelsy(cm__dense a, cm__dense b, size_t *rank, cm_error *err) {
  int d[3], ld[3], size, found = 0, *pivot = NULL;
  double best, *work = NULL, limit = 2.220446049250313e-16 * (double)cm__max(a.rows, a.cols);
  cm_status status;
  CM__TRY(dims(a.rows, a.cols, b.cols, d, err));
  CM__TRY(dims(cm__max(a.rows, 1), cm__max(b.rows, 1), 0, ld, err));
  CM__TRY(cm__alloc(a.cols, sizeof *pivot, "workspace", &pivot, err)); /* 0: all columns free */
  CM__TRY(check_info(LAPACKE_dgelsy_work(LAPACK_COL_MAJOR, d[0], d[1], d[2], a.data, ld[0], b.data,
                                         ld[1], pivot, limit, &found, &best, -1),
                     "dgelsy", err));
  CM__TRY(workspace(best, &work, &size, err));
  CM__TRY(check_info(LAPACKE_dgelsy_work(LAPACK_COL_MAJOR, d[0], d[1], d[2], a.data, ld[0], b.data,
                                         ld[1], pivot, limit, &found, work, size),
                     "dgelsy", err));
  *rank = (size_t)found;
done:
  cm__free(pivot);
  cm__free(work);
  return status;
}

/* Takes the triangle out of what dgeqrf leaves; a negative diagonal marks its row in `turn`. */
static void take_triangle(cm__dense a, double *r, bool *turn) {
  size_t n = a.cols;
  memset(r, 0, n * n * sizeof *r);
  for (size_t i = 0; i < n; i++) turn[i] = *cm__at(a, i, i) < 0;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i <= j; i++) r[i + j * n] = turn[i] ? -*cm__at(a, i, j) : *cm__at(a, i, j);
}

cm_status cm__qr(cm__dense a, double *r, cm_error *err) {
  int d[3], size;
  size_t n = a.cols;
  double need[2], *tau = NULL, *work = NULL;
  bool *turn = NULL;
  cm_status status;
  CM__TRY(dims(a.rows, n, a.col_step, d, err));
  CM__TRY(cm__alloc(n, sizeof *tau, "workspace", &tau, err));
  CM__TRY(cm__alloc(n, sizeof *turn, "workspace", &turn, err));
  int ld = d[2] > d[0] ? d[2] : d[0];
  CM__TRY(
      check_info(LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, d[0], d[1], a.data, ld, tau, &need[0], -1),
                 "dgeqrf", err));
  CM__TRY(check_info(
      LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, d[0], d[1], d[1], a.data, ld, tau, &need[1], -1),
      "dorgqr", err));
  CM__TRY(workspace(need[0] > need[1] ? need[0] : need[1], &work, &size, err));
  CM__TRY(check_info(LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, d[0], d[1], a.data, ld, tau, work, size),
                     "dgeqrf", err));
  take_triangle(a, r, turn);
  CM__TRY(check_info(
      LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, d[0], d[1], d[1], a.data, ld, tau, work, size),
      "dorgqr", err));
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; turn[j] && i < a.rows; i++) *cm__at(a, i, j) *= -1;
done:
  cm__free(tau);
  cm__free(turn);
  cm__free(work);
  return status;
}

cm_status cm__geev(double *a, size_t n, double *real, double *imaginary, double *vectors,
                   cm_error *err) {
  int order, size;
  char job = vectors ? 'V' : 'N';
  double best, *work = NULL;
  cm_status status;
  CM__TRY(cm__int(n, "the order of a matrix", &order, err));
  int ld = order ? order : 1, info;
  info = LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', job, order, a, ld, real, imaginary, NULL, 1,
                            vectors, ld, &best, -1);
  CM__TRY(check_info(info, "dgeev", err));
  CM__TRY(workspace(best, &work, &size, err));
  info = LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', job, order, a, ld, real, imaginary, NULL, 1,
                            vectors, ld, work, size);
  CM__TRY(converged(info, "dgeev", "eigenvalues", err));
done:
  cm__free(work);
  return status;
}

cm_status cm__syevd(double *a, size_t n, bool vectors, double *values, cm_error *err) {
  int order, size, isize, *iwork = NULL;
  char job = vectors ? 'V' : 'N';
  double best, *work = NULL;
  cm_status status;
  CM__TRY(cm__int(n, "the order of a matrix", &order, err));
  int ld = order ? order : 1, info;
  info =
      LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, job, 'L', order, a, ld, values, &best, -1, &isize, -1);
  CM__TRY(check_info(info, "dsyevd", err));
  CM__TRY(workspace(best, &work, &size, err));
  CM__TRY(cm__alloc_raw((size_t)isize, sizeof *iwork, "workspace of LAPACK", &iwork, err));
  info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, job, 'L', order, a, ld, values, work, size, iwork,
                             isize);
  CM__TRY(converged(info, "dsyevd", "eigenvalues", err));
done:
  cm__free(work);
  cm__free(iwork);
  return status;
}

cm_status cm__gesdd(cm__dense a, double *s, double *u, double *vt, cm_error *err) {
  int d[3], size, *iwork = NULL;
  size_t k = cm__min(a.rows, a.cols);
  char job = u ? 'S' : 'N';
  double best, *work = NULL;
  cm_status status;
  CM__TRY(dims(a.rows, a.cols, k, d, err));
  int lda = d[0] ? d[0] : 1, ldvt = d[2] ? d[2] : 1, info;
  CM__TRY(cm__alloc_raw(k, 8 * sizeof *iwork, "workspace of LAPACK", &iwork, err));
  info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, d[0], d[1], a.data, lda, s, u, lda, vt, ldvt,
                             &best, -1, iwork);
  CM__TRY(check_info(info, "dgesdd", err));
  CM__TRY(workspace(best, &work, &size, err));
  info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, d[0], d[1], a.data, lda, s, u, lda, vt, ldvt,
                             work, size, iwork);
  CM__TRY(converged(info, "dgesdd", "singular values", err));
done:
  cm__free(work);
  cm__free(iwork);
  return status;
}
