/* What the sparse files share. */
#ifndef CM_SPARSE_INTERNAL_H
#define CM_SPARSE_INTERNAL_H

#include "capmod/sparse.h"
#include "matrix/internal.h"

struct cm_sparse {
  atomic_size_t refs;
  size_t rows, cols, nnz;
  size_t *start; /* column j is held at start[j] .. start[j + 1] - 1 */
  int *row;      /* as SuperLU wants them */
  double *value;
  cm_axis *axis[2]; /* by cm_side */
};

/* y += A x and y -= A x, or with A', over packed vectors. */
void cm__sparse_apply(const cm_sparse *a, bool transposed, double factor, const double *x,
                      double *y);

/* The columns of b with their rows in the order of `axis`, packed column-major,
 * to be solved in place; `n` is the order of the system, for the message. */
CM_WARN_UNUSED cm_status cm__sparse_rhs(const cm_matrix *b, size_t n, const cm_axis *axis,
                                        cm_matrix **out, cm_error *err);

/* CM_SHAPE unless a is square. */
CM_WARN_UNUSED cm_status cm__sparse_square(const cm_sparse *a, const char *what, cm_error *err);

/* CM_SINGULAR with the first column that cannot be given a row of its own, in
 * which case every matrix with these places is singular. */
CM_WARN_UNUSED cm_status cm__sparse_matching(const cm_sparse *a, cm_error *err);

/* Elements of the Cholesky factor of A'A, and the square sum of its column
 * counts, for the columns of A in the order of `order` (place -> column) and
 * its column elimination tree in postorder (parent n: a root). */
CM_WARN_UNUSED cm_status cm__sparse_fill(const cm_sparse *a, const int *order, const int *parent,
                                         double *nnz, double *squares, cm_error *err);

/* cm_sparse_lu_new that also refuses, with CM_BUDGET, more work than `work`. */
CM_WARN_UNUSED cm_status cm__sparse_lu_within(const cm_sparse *a, double work, const cm_job *job,
                                              cm_sparse_lu **out, cm_error *err);

/* One iterative solution: what it works on, and how far it came. */
typedef struct cm__krylov {
  const cm_sparse *a;
  cm_precond precond;     /* none of AUTO */
  const double *diagonal; /* Jacobi: its reciprocals */
  const double *factor;   /* ILU(0): L and U in the places of A */
  const size_t *pivot;    /* the place of each diagonal element */
  double tol;
  size_t max, restart;
  const cm_job *job;
  size_t iterations;
  double residual;
} cm__krylov;

/* x (packed, the first guess on entry) for one right-hand side. CM_OK also
 * where the residual stays above tol: the caller looks at k->residual. */
CM_WARN_UNUSED cm_status cm__bicgstab(cm__krylov *k, const double *b, double *x, cm_error *err);
CM_WARN_UNUSED cm_status cm__gmres(cm__krylov *k, const double *b, double *x, cm_error *err);

#endif
