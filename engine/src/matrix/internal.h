/* What the files of engine/src/matrix share, and what readers use to hand over
 * storage that they have filled. */
#ifndef CM_MATRIX_INTERNAL_H
#define CM_MATRIX_INTERNAL_H

#include "base/internal.h"
#include "capmod/linalg.h"

/* A borrowed window on doubles: element (i, j) at data[i * row_step + j * col_step]. */
typedef struct cm__dense {
  double *data;
  size_t rows, cols, row_step, col_step;
} cm__dense;

struct cm_matrix {
  atomic_size_t refs;
  cm__buffer *buffer;
  cm__dense d;
  cm_axis *axis[2]; /* by cm_side */
};

static inline double *cm__at(cm__dense d, size_t i, size_t j) {
  return d.data + i * d.row_step + j * d.col_step;
}

static inline cm__dense cm__flip(cm__dense d) {
  return (cm__dense){d.data, d.cols, d.rows, d.col_step, d.row_step};
}

static inline cm__dense cm__window(cm__dense d, size_t row, size_t rows, size_t col, size_t cols) {
  return (cm__dense){cm__at(d, row, col), rows, cols, d.row_step, d.col_step};
}

static inline size_t cm__min(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t cm__max(size_t a, size_t b) { return a > b ? a : b; }

/* A matrix over part of a buffer, which it retains: the caller still releases
 * its own reference. One of the steps is 1. */
CM_WARN_UNUSED cm_status cm__matrix_wrap(cm__buffer *buffer, size_t offset, size_t rows,
                                         size_t cols, size_t row_step, size_t col_step,
                                         cm_matrix **out, cm_error *err);

/* rows x cols, column-major and packed, not yet written to. */
CM_WARN_UNUSED cm_status cm__matrix_raw(size_t rows, size_t cols, const char *what, cm_matrix **out,
                                        cm_error *err);

/* Gives a fresh matrix its axes (either may be NULL), whose sizes are known to fit. */
void cm__matrix_label(cm_matrix *m, const cm_axis *rows, const cm_axis *cols);

/* Copies in tiles, so that a change of storage order costs little. Same shapes. */
void cm__dense_copy(cm__dense to, cm__dense from);

/* Labels first .. first + n - 1. */
CM_WARN_UNUSED cm_status cm__axis_slice(const cm_axis *axis, size_t first, size_t n, cm_axis **out,
                                        cm_error *err);
/* The labels of a, then those of b. */
CM_WARN_UNUSED cm_status cm__axis_concat(const cm_axis *a, const cm_axis *b, cm_axis **out,
                                         cm_error *err);

/* How to bring axis b (of the size of a) into the order of a: *order is NULL
 * where nothing is to be done, else the places in b, to be freed. CM_LABELS
 * names up to three labels of each that the other lacks; `what` says where. */
CM_WARN_UNUSED cm_status cm__axis_align(const cm_axis *a, const cm_axis *b, const char *what,
                                        size_t **order, cm_error *err);

/* m with a side brought into the order of `axis`: m itself, retained, where the
 * order is the same already. The sizes are known to fit. */
CM_WARN_UNUSED cm_status cm__matrix_align(const cm_matrix *m, cm_side side, const cm_axis *axis,
                                          const char *what, cm_matrix **out, cm_error *err);

/* Factors m, which is packed and finite, in its own storage: its holder releases
 * it and reads it no more. `norm` is its largest column sum of sizes; `m_matrix`
 * says that no element off the diagonal is positive, which makes the condition
 * exact and cheap. Statuses of cm_lu_new. */
CM_WARN_UNUSED cm_status cm__lu_consume(const cm_matrix *m, double norm, bool m_matrix,
                                        const cm_job *job, cm_lu **out, cm_error *err);

/* The factors of a root as they are kept: column-major, pivots as LAPACK numbers them. */
typedef struct cm__lu_parts {
  size_t n;
  double norm, rcond;
  cm__buffer *factor;
  int *pivot;
} cm__lu_parts;

/* Borrowed; false where lu is an update and has none of its own. */
bool cm__lu_parts_of(const cm_lu *lu, cm__lu_parts *out);
/* Factors from parts: retains the buffer, takes the pivots over (cm__free). CM_INVALID, with the
 * pivots left to the caller, where they cannot be factors of a matrix that may be solved. */
CM_WARN_UNUSED cm_status cm__lu_from(const cm__lu_parts *parts, const cm_axis *rows,
                                     const cm_axis *cols, cm_lu **out, cm_error *err);

/* ---- the thin layer over LAPACKE and CBLAS (linalg.c, its only user) -------- */

/* Sets the number of threads that the job asks for; leave restores it. */
int cm__threads_enter(const cm_job *job);
void cm__threads_leave(int before);

/* c = alpha a b + beta c, each stored either way round. c has no part in a or b. */
CM_WARN_UNUSED cm_status cm__gemm(double alpha, cm__dense a, cm__dense b, double beta, cm__dense c,
                                  cm_error *err);

/* All that follows is column-major. `n` is an order, `pivot` has n places.
 * A status other than CM_OK is CM_MEMORY, CM_BUDGET, CM_OVERFLOW or what is said. */

/* The sum of sizes; finite only where every one of the n numbers is. */
double cm__abs_sum(const double *x, size_t n);

/* Copies into packed storage; *norm is the largest column sum of sizes, and not
 * finite where an element is not. */
void cm__copy_norm1(cm__dense to, cm__dense from, double *norm);
/* *zero is the first pivot that is exactly 0, 1-based, or 0 if there is none. */
CM_WARN_UNUSED cm_status cm__getrf(double *a, size_t n, int *pivot, size_t *zero, cm_error *err);
CM_WARN_UNUSED cm_status cm__gecon(const double *lu, size_t n, double norm, double *rcond,
                                   cm_error *err);
CM_WARN_UNUSED cm_status cm__getrs(const double *lu, size_t n, const int *pivot, bool transposed,
                                   cm__dense b, cm_error *err);
CM_WARN_UNUSED cm_status cm__getri(double *lu, size_t n, const int *pivot, cm_error *err);
/* One step of estimating the 1-norm of an operator (Higham 1988): begin with
 * *kase = 0; 1 asks for x := B x, 2 for x := B' x, 0 ends. v, x, sign: n. */
CM_WARN_UNUSED cm_status cm__lacn2(size_t n, double *v, double *x, int *sign, double *estimate,
                                   int *kase, int save[3], cm_error *err);
/* CM_NOT_DEFINITE with the order of the minor. Only the lower triangle is used. */
CM_WARN_UNUSED cm_status cm__potrf(double *a, size_t n, cm_error *err);
/* a is overwritten; b has max(rows, cols) rows and holds the solution on top. */
CM_WARN_UNUSED cm_status cm__gelsy(cm__dense a, cm__dense b, size_t *rank, cm_error *err);
/* a (rows >= cols) becomes Q of its thin QR factors; r (cols x cols, packed) the
 * upper triangle, with 0 below and nothing negative on its diagonal. */
CM_WARN_UNUSED cm_status cm__qr(cm__dense a, double *r, cm_error *err);
/* a is overwritten; vectors (n x n) may be NULL. CM_NOT_CONVERGED. */
CM_WARN_UNUSED cm_status cm__geev(double *a, size_t n, double *real, double *imaginary,
                                  double *vectors, cm_error *err);
/* a becomes the eigenvectors if wanted; values ascend. CM_NOT_CONVERGED. */
CM_WARN_UNUSED cm_status cm__syevd(double *a, size_t n, bool vectors, double *values,
                                   cm_error *err);
/* a is overwritten; u (rows x k) and vt (k x cols) may both be NULL, k the
 * smaller side. CM_NOT_CONVERGED. */
CM_WARN_UNUSED cm_status cm__gesdd(cm__dense a, double *s, double *u, double *vt, cm_error *err);
/* Doubles of workspace that dgetri takes at its best. */
size_t cm__getri_work(size_t n);

#endif
