/* What the files of engine/src/table share. */
#ifndef CM_TABLE_INTERNAL_H
#define CM_TABLE_INTERNAL_H

#include "capmod/table.h"
#include "matrix/internal.h"

struct cm_table {
  atomic_size_t refs;
  size_t g, n_sectors, n, columns; /* G, N, G N, G C */
  cm_axis *countries, *sectors, *categories, *nodes, *final;
  cm_matrix *part[CM_PARTS];     /* given, or derived and kept */
  cm_lu *lu;                     /* of I - A, once used */
  struct cm__accounts *accounts; /* by country, once used (accounts.h) */
};

/* The part, borrowed; CM_INVALID where the table has none. */
CM_WARN_UNUSED cm_status cm__table_part(cm_table *t, cm_part part, const cm_job *job,
                                        const cm_matrix **out, cm_error *err);

/* Packed z diag(1/x): columns over output, 0 where that is 0. Any number of rows. */
CM_WARN_UNUSED cm_status cm__per_output(const cm_matrix *z, const cm_matrix *x, const char *what,
                                        cm_matrix **out, cm_error *err);

/* The factor of I - z diag(1/x). */
CM_WARN_UNUSED cm_status cm__leontief_factor(const cm_matrix *z, const cm_matrix *x,
                                             const cm_job *job, cm_lu **out, cm_error *err);

/* The parts of leontief.c: A, L, G, S, M. */
CM_WARN_UNUSED cm_status cm__derive_leontief(cm_table *t, cm_part part, const cm_job *job,
                                             cm_matrix **out, cm_error *err);

/* w L for w m x n, by a transposed solve. */
CM_WARN_UNUSED cm_status cm__times_leontief(cm_table *t, const cm_matrix *w, const cm_job *job,
                                            cm_matrix **out, cm_error *err);

#endif
