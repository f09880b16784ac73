/* capmod/linalg.h - products, factorisations and decompositions, on LAPACK.
 *
 * Shapes are named in every error. A system whose reciprocal condition number
 * is below CM_RCOND_MIN is refused with CM_ILL_CONDITIONED and the figure.
 * Input that is not finite is refused with CM_NOT_FINITE and its place.
 * Labels: rows of a result carry the labels of the rows it came from, columns
 * likewise; the inner sides of a product and the two sides of a system are
 * aligned as matrix.h says.
 */
#ifndef CAPMOD_LINALG_H
#define CAPMOD_LINALG_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Below this a solution of a linear system has no digit that can be trusted. */
#define CM_RCOND_MIN 1e-14

/* a (m x k) times b (k x n). CM_NOT_FINITE also where finite factors overflow. */
CM_API CM_WARN_UNUSED cm_status cm_mul(const cm_matrix *a, const cm_matrix *b, const cm_job *job,
                                       cm_matrix **out, cm_error *err);

/* ---- LU factors that are kept -------------------------------------------- */

typedef struct cm_lu cm_lu; /* counted */

/* Factors a square matrix with partial pivoting; a itself is not changed.
 * CM_SHAPE, CM_SINGULAR, CM_ILL_CONDITIONED, CM_NOT_FINITE, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_lu_new(const cm_matrix *a, const cm_job *job, cm_lu **out,
                                          cm_error *err);
CM_API cm_lu *cm_lu_retain(cm_lu *lu);
CM_API void cm_lu_release(cm_lu *lu);
CM_API size_t cm_lu_order(const cm_lu *lu);
/* Estimated reciprocal condition number in the 1-norm (LAPACK dgecon). */
CM_API double cm_lu_rcond(const cm_lu *lu);
/* Solves A x = b, or A' x = b when `transposed`, for all columns of b. */
CM_API CM_WARN_UNUSED cm_status cm_lu_solve(const cm_lu *lu, const cm_matrix *b, bool transposed,
                                            const cm_job *job, cm_matrix **out, cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_lu_inverse(const cm_lu *lu, const cm_job *job, cm_matrix **out,
                                              cm_error *err);
/* Determinant as sign and natural logarithm of its size, which do not overflow. */
CM_API CM_WARN_UNUSED cm_status cm_lu_det(const cm_lu *lu, double *sign, double *log_abs,
                                          cm_error *err);
/* Factors of A + u v' (u, v: n x k, k small) from the kept ones by Woodbury
 * (1950): k solves and a k x k factorisation. They solve, invert, give their
 * determinant and can be updated again as others do; their rcond rests on an
 * upper bound of the norm. CM_ILL_CONDITIONED when rcond of the factors times
 * rcond of the k x k core is below CM_RCOND_MIN, which bounds the digits that
 * the formula loses (Yip 1986); the caller then factors afresh. */
CM_API CM_WARN_UNUSED cm_status cm_lu_update(cm_lu *lu, const cm_matrix *u, const cm_matrix *v,
                                             const cm_job *job, cm_lu **out, cm_error *err);

/* ---- one call each ------------------------------------------------------- */

CM_API CM_WARN_UNUSED cm_status cm_solve(const cm_matrix *a, const cm_matrix *b, const cm_job *job,
                                         cm_matrix **out, cm_error *err);
CM_API CM_WARN_UNUSED cm_status cm_inverse(const cm_matrix *a, const cm_job *job, cm_matrix **out,
                                           cm_error *err);
/* 0 for a singular matrix. Overflows to infinity; cm_lu_det does not. */
CM_API CM_WARN_UNUSED cm_status cm_det(const cm_matrix *a, const cm_job *job, double *out,
                                       cm_error *err);
/* 0 for a singular matrix. */
CM_API CM_WARN_UNUSED cm_status cm_rcond(const cm_matrix *a, const cm_job *job, double *out,
                                         cm_error *err);
/* Lower triangle L with L L' = a (a symmetric; the lower triangle is read). */
CM_API CM_WARN_UNUSED cm_status cm_cholesky(const cm_matrix *a, const cm_job *job, cm_matrix **out,
                                            cm_error *err);
/* Least squares of smallest norm by complete orthogonal factorisation (dgelsy);
 * *rank (may be NULL) is the numerical rank. */
CM_API CM_WARN_UNUSED cm_status cm_lstsq(const cm_matrix *a, const cm_matrix *b, const cm_job *job,
                                         cm_matrix **out, size_t *rank, cm_error *err);
/* a = q r, thin, for as many rows as columns or more (else CM_SHAPE): q has orthonormal columns,
 * r is upper triangular with nothing negative on its diagonal, which makes the factors of a matrix
 * of full rank unique. Columns keep their order: |r_jj| is what column j has beyond those before.
 */
CM_API CM_WARN_UNUSED cm_status cm_qr(const cm_matrix *a, const cm_job *job, cm_matrix **q,
                                      cm_matrix **r, cm_error *err);
/* Eigenvalues as n x 2 (real, imaginary) and right eigenvectors, n x n; a
 * complex pair takes two columns (real, imaginary part), as LAPACK dgeev gives
 * them. Ordered by decreasing absolute value. `vectors` may be NULL. */
CM_API CM_WARN_UNUSED cm_status cm_eig(const cm_matrix *a, const cm_job *job, cm_matrix **values,
                                       cm_matrix **vectors, cm_error *err);
/* Symmetric: eigenvalues n x 1, decreasing, and orthonormal eigenvectors. */
CM_API CM_WARN_UNUSED cm_status cm_eigsym(const cm_matrix *a, const cm_job *job, cm_matrix **values,
                                          cm_matrix **vectors, cm_error *err);
/* a = u diag(s) vt, thin; s decreasing, k x 1. `u` and `vt` may both be NULL. */
CM_API CM_WARN_UNUSED cm_status cm_svd(const cm_matrix *a, const cm_job *job, cm_matrix **u,
                                       cm_matrix **s, cm_matrix **vt, cm_error *err);

typedef enum cm_norm_kind { CM_NORM_1, CM_NORM_2, CM_NORM_INF, CM_NORM_FRO } cm_norm_kind;
CM_API CM_WARN_UNUSED cm_status cm_norm(const cm_matrix *a, cm_norm_kind kind, const cm_job *job,
                                        double *out, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
