/* capmod/balance.h - matrices brought to known margins. */
#ifndef CAPMOD_BALANCE_H
#define CAPMOD_BALANCE_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_balance_options {
  double tolerance; /* largest gap of a row or column, over the mean size of the margins; 0: 1e-9 */
  size_t steps;     /* 0: 1000; one is a pass over the rows and one over the columns */
} cm_balance_options;

typedef struct cm_balance_report {
  bool converged;
  size_t steps;
  double gap;      /* the largest that is left, as tolerance counts it */
  bool gap_in_row; /* and where */
  size_t gap_at;
} cm_balance_report;

/* The matrix nearest to `m` (m x n) with the row totals `rows` (m) and the column
 * totals `cols` (n; each a row or a column). Without negative elements this is
 * RAS (Stone 1961; Bacharach 1970): r_i m_ij s_j. With them GRAS (Junius and
 * Oosterhaven 2003, in the form of Lenzen, Wood, Gallego 2007 and Temurshoev,
 * Miller, Bouwmeester 2013): with P the positive part of m and N the size of the
 * negative one, r_i P_ij s_j - N_ij / (r_i s_j), signs and zeros kept.
 * A table that does not converge is given as far as it came, with the report.
 * CM_SHAPE, CM_NOT_FINITE; CM_INVALID names a row or column that is empty but has
 * a total, one whose total has a sign that its elements cannot have, and margins
 * whose sums differ by more than the tolerance. */
CM_API CM_WARN_UNUSED cm_status cm_balance(const cm_matrix *m, const cm_matrix *rows,
                                           const cm_matrix *cols, const cm_balance_options *options,
                                           const cm_job *job, cm_matrix **out,
                                           cm_balance_report *report, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
