/* capmod/sparse.h - sparse matrices, direct and iterative solution.
 *
 * A cm_sparse is immutable, counted and compressed by columns (CSC), with row
 * indices ascending within a column and every value finite. Either size is at
 * most INT_MAX. It may carry an axis of labels on each side, which results
 * inherit and which pair with others as matrix.h says.
 */
#ifndef CAPMOD_SPARSE_H
#define CAPMOD_SPARSE_H

#include "capmod/linalg.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- making and reading -------------------------------------------------- */

typedef struct cm_sparse cm_sparse;

/* From k triplets (i, j, value); the values of one place are added up in the
 * order given, and a sum of 0 keeps its place. CM_RANGE and CM_NOT_FINITE name
 * the triplet. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_new(size_t rows, size_t cols, size_t k, const size_t *i,
                                              const size_t *j, const double *value, cm_sparse **out,
                                              cm_error *err);
/* The elements of a dense matrix whose size is above `drop` (0: all that are not zero). */
CM_API CM_WARN_UNUSED cm_status cm_sparse_from_matrix(const cm_matrix *m, double drop,
                                                      cm_sparse **out, cm_error *err);
CM_API cm_sparse *cm_sparse_retain(cm_sparse *s);
CM_API void cm_sparse_release(cm_sparse *s);

CM_API size_t cm_sparse_rows(const cm_sparse *s);
CM_API size_t cm_sparse_cols(const cm_sparse *s);
CM_API size_t cm_sparse_nnz(const cm_sparse *s);   /* places held */
CM_API size_t cm_sparse_bytes(const cm_sparse *s); /* memory they take */
/* 0 where no place is held. CM_RANGE. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_get(const cm_sparse *s, size_t i, size_t j, double *out,
                                              cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_sparse_to_matrix(const cm_sparse *s, cm_matrix **out,
                                                    cm_error *err);
/* Axis of a side, or NULL; borrowed. */
CM_API const cm_axis *cm_sparse_axis(const cm_sparse *s, cm_side side);
/* Labels a matrix that nobody else holds yet; CM_SHAPE if the sizes differ. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_axis_set(cm_sparse *s, cm_side side, const cm_axis *axis,
                                                   cm_error *err);

/* ---- arithmetic ----------------------------------------------------------- */

CM_API CM_WARN_UNUSED cm_status cm_sparse_transpose(const cm_sparse *s, cm_sparse **out,
                                                    cm_error *err);
/* s b, or s' b when `transposed`; b is dense. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_mul(const cm_sparse *s, bool transposed,
                                              const cm_matrix *b, const cm_job *job,
                                              cm_matrix **out, cm_error *err);
/* Row i (CM_ROWS) or column i (CM_COLS) times element i of a vector (n x 1 or
 * 1 x n), whose labels, where it has them, are put in the order of that side. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_scale(const cm_sparse *s, cm_side side,
                                                const cm_matrix *vector, cm_sparse **out,
                                                cm_error *err);
/* I - s, of a square s; every place of the diagonal is held. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_identity_minus(const cm_sparse *s, cm_sparse **out,
                                                         cm_error *err);
/* Over the side named: CM_ROWS adds up the rows and gives 1 x cols. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_sum(const cm_sparse *s, cm_side over, cm_matrix **out,
                                              cm_error *err);

/* ---- sparse LU factors that are kept --------------------------------------
 *
 * By SuperLU (Demmel, Eisenstat, Gilbert, Li, Liu 1999): columns in COLAMD
 * order, partial pivoting. Before it starts, the size of the factors is bounded
 * by the Cholesky factor of A'A (George, Ng 1985; counted as Gilbert, Ng,
 * Peyton 1994), which holds whatever the pivots are, and CM_BUDGET refuses what
 * does not fit.
 *
 * What remains outside the engine's promises: SuperLU has its own allocator,
 * which cm_allocator_set does not reach and cm_memory_held does not count, and
 * which ends the process should the system refuse memory that the budget
 * allowed; and one factorisation cannot be interrupted. */

typedef struct cm_sparse_lu cm_sparse_lu; /* counted */

/* CM_SHAPE; CM_SINGULAR with the column; CM_ILL_CONDITIONED with rcond;
 * CM_BUDGET; CM_OVERFLOW where the factors may pass SuperLU's 2^31 elements. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_lu_new(const cm_sparse *a, const cm_job *job,
                                                 cm_sparse_lu **out, cm_error *err);
CM_API cm_sparse_lu *cm_sparse_lu_retain(cm_sparse_lu *lu);
CM_API void cm_sparse_lu_release(cm_sparse_lu *lu);
CM_API size_t cm_sparse_lu_order(const cm_sparse_lu *lu);
/* Estimated reciprocal condition number in the 1-norm (SuperLU dgscon). */
CM_API double cm_sparse_lu_rcond(const cm_sparse_lu *lu);
CM_API size_t cm_sparse_lu_nnz(const cm_sparse_lu *lu);   /* elements of both factors */
CM_API size_t cm_sparse_lu_bytes(const cm_sparse_lu *lu); /* memory they take */
/* Solves A x = b, or A' x = b when `transposed`, for all columns of b. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_lu_solve(const cm_sparse_lu *lu, const cm_matrix *b,
                                                   bool transposed, const cm_job *job,
                                                   cm_matrix **out, cm_error *err);

/* ---- one call, direct or iterative ----------------------------------------- */

typedef enum cm_sparse_method {
  CM_SPARSE_AUTO,     /* direct where its bounds allow, else iterative */
  CM_SPARSE_DIRECT,   /* cm_sparse_lu_new */
  CM_SPARSE_BICGSTAB, /* van der Vorst 1992 */
  CM_SPARSE_GMRES     /* Saad, Schultz 1986, restarted */
} cm_sparse_method;

/* All applied from the right, so that the residual is that of the system itself. */
typedef enum cm_precond {
  CM_PRECOND_AUTO,   /* ILU(0), or Jacobi where that meets a zero pivot */
  CM_PRECOND_ILU0,   /* incomplete factors in the places of A (Meijerink, van der Vorst 1977) */
  CM_PRECOND_JACOBI, /* the diagonal */
  CM_PRECOND_NONE
} cm_precond;

/* A zeroed one is valid. */
typedef struct cm_sparse_options {
  cm_sparse_method method;
  cm_precond precond;
  double tol;     /* on the residual; 0: 1e-12 */
  size_t max;     /* iterations for one column of b; 0: 1000 */
  size_t restart; /* of GMRES; 0: 50 */
} cm_sparse_options;

typedef struct cm_sparse_report {
  cm_sparse_method method; /* the one that gave the result */
  cm_precond precond;      /* CM_PRECOND_NONE for the direct method */
  size_t iterations;       /* most over the columns of b; 0 for the direct method */
  double residual;         /* greatest ||b - A x|| / ||b|| over the columns, computed anew */
} cm_sparse_report;

/* CM_SPARSE_AUTO factors where the bound on the factors fits the budget and
 * the bound on the work is below this many operations (seconds), since
 * neither can be stopped half way; else it takes BiCGSTAB, then GMRES. */
#define CM_SPARSE_DIRECT_WORK 1e10

/* Solves A x = b for all columns of b. `options` and `report` may be NULL. The
 * same bytes come out for the same input and options, whatever else runs.
 * CM_NOT_CONVERGED says how far the residual came and carries it as the value;
 * CM_SINGULAR where CM_PRECOND_ILU0 or _JACOBI was asked for by name and meets
 * a zero pivot; and what cm_sparse_lu_new says. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_solve(const cm_sparse *a, const cm_matrix *b,
                                                const cm_sparse_options *options, const cm_job *job,
                                                cm_matrix **out, cm_sparse_report *report,
                                                cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
