/* What the files of engine/src/econ share. */
#ifndef CM_ECON_INTERNAL_H
#define CM_ECON_INTERNAL_H

#include "capmod/econ.h"
#include "matrix/internal.h"

struct cm_fit {
  cm_matrix *coefficients, *fitted, *residuals;
  cm_matrix *q, *r; /* of the regressors as they were solved for, swept, projected, weighted */
  double *score;    /* n; row i of q times score[i] is its score in the basis of q */
  bool one_stage;   /* least squares without effects: leverages are the rows of q */
  bool poisson;
  cm_fit_sums sums;
};

/* y, x and z as they came, but packed and with the effects swept out. */
typedef struct cm__swept {
  cm_matrix *y, *x, *z; /* z: NULL without */
} cm__swept;

/* Shapes, finite numbers, groups in range. */
CM_WARN_UNUSED cm_status cm__design_check(const cm_design *design, cm_error *err);

/* Thin QR; *culprit is the first column of which hardly anything is left, measured against its
 * `length`, or CM_NOT_FOUND. */
CM_WARN_UNUSED cm_status cm__qr_ranked(const cm_matrix *x, const double *length, const cm_job *job,
                                       cm_matrix **q, cm_matrix **r, size_t *culprit,
                                       cm_error *err);
/* Lengths of the columns of m, in a block to be freed. */
CM_WARN_UNUSED cm_status cm__lengths(const cm_matrix *m, double **out, cm_error *err);
/* Says what column `culprit` follows from: status (CM_COLLINEAR or CM_NO_ESTIMATE) with its place.
 */
CM_WARN_UNUSED cm_status cm__blame(const cm_matrix *x, const cm_matrix *r, const double *length,
                                   size_t culprit, bool instrument, cm_status blame, cm_error *err);

/* Solves r b = c for upper triangular r (n x n) and n x m columns, in place. */
void cm__back_substitute(const cm_matrix *r, cm_matrix *c);

/* Fills total, total_raw, residual and correlation from y, fitted and residuals. */
void cm__fit_measure(cm_fit *fit, const double *y);

#endif
