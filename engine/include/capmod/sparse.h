/* capmod/sparse.h - sparse matrices, direct and iterative solution.
 *
 * A cm_sparse is immutable, counted, compressed by columns (CSC), with row
 * indices ascending within a column.
 */
#ifndef CAPMOD_SPARSE_H
#define CAPMOD_SPARSE_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_sparse cm_sparse;

/* From k triplets (i, j, value); the values of one place are added up.
 * CM_RANGE names the triplet that lies outside rows x cols. */
CM_API CM_WARN_UNUSED cm_status cm_sparse_new(size_t rows, size_t cols, size_t k, const size_t *i,
                                              const size_t *j, const double *value, cm_sparse **out,
                                              cm_error *err);
/* The elements of a dense matrix whose size is above `drop` (0: all that are not zero). */
CM_API CM_WARN_UNUSED cm_status cm_sparse_from_matrix(const cm_matrix *m, double drop,
                                                      cm_sparse **out, cm_error *err);
CM_API cm_sparse *cm_sparse_retain(cm_sparse *s);
CM_API void cm_sparse_release(cm_sparse *s);

#ifdef __cplusplus
}
#endif

#endif
