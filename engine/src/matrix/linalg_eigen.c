/* Eigenvalues and singular values. */
#include <math.h>
#include <stdlib.h>

#include "matrix/internal.h"

/* A copy that LAPACK may overwrite, after the checks that all three need. */
static cm_status working_copy(const cm_matrix *a, bool square, size_t copies, const char *what,
                              const cm_job *job, cm_matrix **out, cm_error *err) {
  size_t bytes;
  cm_status status = CM_OK;
  if (square && a->d.rows != a->d.cols)
    CM__TRY(cm__fail(err, CM_SHAPE, "a square matrix is wanted, and this one is %zu x %zu",
                     a->d.rows, a->d.cols));
  CM__TRY(cm_matrix_check_finite(a, "the matrix", err));
  CM__TRY(cm__size3(a->d.rows, a->d.cols, copies * sizeof(double), what, &bytes, err));
  CM__TRY(cm_job_ask(job, bytes, what, err));
  CM__TRY(cm_job_step(job, what, 0, 1, err));
  CM__TRY(cm_matrix_copy(a, out, err));
done:
  return status;
}

typedef struct ranked {
  double size;
  size_t place;
} ranked;

/* By decreasing size; equal ones, such as a complex pair, keep their order. */
static int compare(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->size != y->size) return x->size > y->size ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

/* The rows of `values` (n x 2) by decreasing absolute value, as places. */
static cm_status rank_values(const cm_matrix *values, size_t **out, cm_error *err) {
  size_t n = values->d.rows, *order;
  ranked *rank = NULL;
  cm_status status;
  CM__TRY(cm__alloc_raw(n, sizeof *rank, "eigenvalues", &rank, err));
  CM__TRY(cm__alloc_raw(n, sizeof *order, "eigenvalues", &order, err));
  for (size_t i = 0; i < n; i++)
    rank[i] = (ranked){hypot(*cm__at(values->d, i, 0), *cm__at(values->d, i, 1)), i};
  qsort(rank, n, sizeof *rank, compare);
  for (size_t i = 0; i < n; i++) order[i] = rank[i].place;
  *out = order;
done:
  cm__free(rank);
  return status;
}

cm_status cm_eig(const cm_matrix *a, const cm_job *job, cm_matrix **values, cm_matrix **vectors,
                 cm_error *err) {
  size_t n = a->d.rows, *order = NULL;
  int threads = cm__threads_enter(job);
  cm_matrix *work = NULL, *w = NULL, *v = NULL, *w_sorted = NULL, *v_sorted = NULL;
  cm_status status;
  CM__TRY(working_copy(a, true, vectors ? 3 : 1, "eigenvalues", job, &work, err));
  CM__TRY(cm__matrix_raw(n, 2, "eigenvalues", &w, err));
  if (vectors) CM__TRY(cm__matrix_raw(n, n, "eigenvectors", &v, err));
  CM__TRY(cm__geev(work->d.data, n, w->d.data, w->d.data + n, v ? v->d.data : NULL, err));
  CM__TRY(rank_values(w, &order, err));
  CM__TRY(cm_matrix_take(w, CM_ROWS, order, n, &w_sorted, err));
  if (v) CM__TRY(cm_matrix_take(v, CM_COLS, order, n, &v_sorted, err));
  CM__TRY(cm_job_step(job, "eigenvalues", 1, 1, err));
  if (v) cm__matrix_label(v_sorted, a->axis[CM_ROWS], NULL);
  *values = w_sorted;
  if (vectors) *vectors = v_sorted;
  w_sorted = v_sorted = NULL;
done:
  cm__free(order);
  cm_matrix_release(work);
  cm_matrix_release(w);
  cm_matrix_release(v);
  cm_matrix_release(w_sorted);
  cm_matrix_release(v_sorted);
  cm__threads_leave(threads);
  return status;
}

/* Reverses the order of the columns. */
static void reverse(cm__dense d) {
  for (size_t j = 0; j < d.cols / 2; j++)
    for (size_t i = 0; i < d.rows; i++) {
      double *x = cm__at(d, i, j), *y = cm__at(d, i, d.cols - 1 - j), t = *x;
      *x = *y;
      *y = t;
    }
}

cm_status cm_eigsym(const cm_matrix *a, const cm_job *job, cm_matrix **values, cm_matrix **vectors,
                    cm_error *err) {
  size_t n = a->d.rows;
  int threads = cm__threads_enter(job);
  cm_matrix *v = NULL, *w = NULL;
  cm_status status;
  CM__TRY(working_copy(a, true, vectors ? 3 : 1, "eigenvalues", job, &v, err));
  CM__TRY(cm__matrix_raw(n, 1, "eigenvalues", &w, err));
  CM__TRY(cm__syevd(v->d.data, n, vectors != NULL, w->d.data, err));
  CM__TRY(cm_matrix_axis_set(v, CM_COLS, NULL, err));
  CM__TRY(cm_job_step(job, "eigenvalues", 1, 1, err));
  reverse(cm__flip(w->d));
  reverse(v->d);
  *values = w;
  w = NULL;
  if (vectors) {
    *vectors = v;
    v = NULL;
  }
done:
  cm_matrix_release(v);
  cm_matrix_release(w);
  cm__threads_leave(threads);
  return status;
}

cm_status cm_svd(const cm_matrix *a, const cm_job *job, cm_matrix **u, cm_matrix **s,
                 cm_matrix **vt, cm_error *err) {
  size_t m = a->d.rows, n = a->d.cols, k = cm__min(m, n);
  bool both = u && vt;
  int threads = cm__threads_enter(job);
  cm_matrix *work = NULL, *left = NULL, *sizes = NULL, *right = NULL;
  cm_status status = CM_OK;
  if (!both && (u || vt))
    CM__TRY(cm__fail(err, CM_INVALID, "singular vectors are given on both sides or on neither"));
  CM__TRY(working_copy(a, false, both ? 3 : 1, "singular values", job, &work, err));
  CM__TRY(cm__matrix_raw(k, 1, "singular values", &sizes, err));
  if (both) CM__TRY(cm__matrix_raw(m, k, "singular vectors", &left, err));
  if (both) CM__TRY(cm__matrix_raw(k, n, "singular vectors", &right, err));
  if (k)
    CM__TRY(cm__gesdd(work->d, sizes->d.data, both ? left->d.data : NULL,
                      both ? right->d.data : NULL, err));
  CM__TRY(cm_job_step(job, "singular values", 1, 1, err));
  *s = sizes;
  sizes = NULL;
  if (both) {
    cm__matrix_label(left, a->axis[CM_ROWS], NULL);
    cm__matrix_label(right, NULL, a->axis[CM_COLS]);
    *u = left;
    *vt = right;
    left = right = NULL;
  }
done:
  cm_matrix_release(work);
  cm_matrix_release(left);
  cm_matrix_release(sizes);
  cm_matrix_release(right);
  cm__threads_leave(threads);
  return status;
}
