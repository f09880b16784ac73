/* capmod/econ.h - regressions: least squares, instruments, fixed effects, Poisson.
 *
 * A design has n rows: y (n x 1), regressors x (n x k, a constant among them where one is wanted),
 * and fixed effects, each a group number for every row. Effects are swept out (Frisch and Waugh
 * 1933; Lovell 1963) and take the place of a constant. All numbers are finite: rows with missing
 * ones are for the caller to leave out. The labels of x's columns name a regressor in errors.
 */
#ifndef CAPMOD_ECON_H
#define CAPMOD_ECON_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A regressor counts as following from those before it where less than this part of its length
 * (before effects are swept out) is its own. */
#define CM_COLLINEAR_BELOW 1e-10

typedef struct cm_effect {
  const size_t *group; /* n numbers below `groups`, each of which occurs */
  size_t groups;
} cm_effect;

typedef struct cm_design {
  const cm_matrix *y, *x;
  const cm_matrix *z; /* n x l, the exogenous regressors among them; NULL: x is exogenous */
  const cm_effect *effect;
  size_t effects;
} cm_design;

typedef struct cm_fit cm_fit; /* one owner; does not change once made */

/* Least squares by QR, or with z two-stage least squares. CM_SHAPE, CM_NOT_FINITE,
 * CM_TOO_FEW_ROWS (no more rows than regressors, or fewer instruments than those),
 * CM_COLLINEAR (col: the regressor, or the instrument where `value` is 1), CM_NOT_CONVERGED
 * (effects that do not come apart). */
CM_API CM_WARN_UNUSED cm_status cm_fit_linear(const cm_design *design, const cm_job *job,
                                              cm_fit **out, cm_error *err);

/* Poisson pseudo-maximum likelihood, E(y | x) = exp(x b + effects), y >= 0 (Gourieroux, Monfort
 * and Trognon 1984; Santos Silva and Tenreyro 2006), by reweighted least squares in which effects
 * are swept out at each step (Correia, Guimaraes and Zylkin 2020). Further: CM_INVALID (a negative
 * y, z given, or y = 0 throughout a group of an effect), CM_NO_ESTIMATE (col: a regressor that
 * follows from the others where y > 0, whose estimate need not exist: Santos Silva and Tenreyro
 * 2010). */
CM_API CM_WARN_UNUSED cm_status cm_fit_poisson(const cm_design *design, const cm_job *job,
                                               cm_fit **out, cm_error *err);
CM_API void cm_fit_release(cm_fit *fit);

typedef enum cm_fit_part {
  CM_FIT_COEFFICIENTS, /* k x 1 */
  CM_FIT_FITTED,       /* n x 1; of Poisson the mean exp(...) */
  CM_FIT_RESIDUALS     /* n x 1: y less that */
} cm_fit_part;

/* A second handle on what the fit holds, to be released. */
CM_API cm_matrix *cm_fit_take(const cm_fit *fit, cm_fit_part part);

typedef struct cm_fit_sums {
  size_t rows, regressors, steps; /* steps: of reweighting; 0 for least squares */
  double residual;                /* sum of squared residuals */
  double total, total_raw;        /* of y about its mean, and about 0 */
  double within;                  /* of y with the effects swept out; without effects total_raw */
  double deviance, deviance_null; /* of Poisson; the second with a constant alone */
  double correlation;             /* of y and what is fitted */
} cm_fit_sums;
CM_API void cm_fit_sums_of(const cm_fit *fit, cm_fit_sums *out);

typedef enum cm_errors {
  CM_CLASSICAL, /* equal variances; of Poisson: variance equal to the mean */
  CM_HC0,       /* White (1980) */
  CM_HC1,       /* n / (n - counted) times that (MacKinnon and White 1985) */
  CM_HC2,       /* squared residuals over 1 - h, the leverage */
  CM_HC3,       /* over (1 - h)^2 */
  CM_CLUSTER0,  /* sums within clusters (Liang and Zeger 1986; Arellano 1987) */
  CM_CLUSTER    /* G / (G - 1) (n - 1) / (n - counted) times that */
} cm_errors;

/* The covariance of the coefficients, k x k. `cluster` is for the last two kinds. `counted` is the
 * number of parameters that degrees of freedom are charged with. CM_INVALID for HC2 and HC3 with
 * instruments, effects or Poisson; CM_TOO_FEW_ROWS where n <= counted or there is one cluster;
 * CM_NO_ESTIMATE where HC2 or HC3 meet a row of leverage 1 (row). */
CM_API CM_WARN_UNUSED cm_status cm_fit_covariance(const cm_fit *fit, cm_errors kind,
                                                  const cm_effect *cluster, size_t counted,
                                                  cm_matrix **out, cm_error *err);

/* The number of parameters that effects stand for, each beyond those before it (`rank`, as many as
 * effects): all groups of the first, and of each later one its groups less the most connected parts
 * that it has with one before (Abowd, Creecy and Kramarz 2002): exact for two, at most too many for
 * more. */
CM_API CM_WARN_UNUSED cm_status cm_effects_rank(const cm_effect *effect, size_t effects,
                                                size_t rows, size_t *rank, cm_error *err);

/* m with effects swept out of each column, rows weighted by `weight` (n positive numbers, or NULL):
 * the residuals of least squares on the groups' dummies, by conjugate gradients on its normal
 * equations (Hestenes and Stiefel 1952), scaled, which take one step for one effect.
 * CM_NOT_CONVERGED. */
CM_API CM_WARN_UNUSED cm_status cm_sweep(const cm_matrix *m, const double *weight,
                                         const cm_effect *effect, size_t effects, const cm_job *job,
                                         cm_matrix **out, cm_error *err);

/* ---- tails of distributions: probabilities of a larger value ----------------------------------
 * df infinite stands for the normal (t) and for chi-squared over its degrees (F). Accurate to about
 * 1e-13 of the probability. NaN for parameters that are not positive. */
CM_API double cm_t_two_sided(double t, double df); /* of a larger |t| */
CM_API double cm_f_tail(double f, double df1, double df2);
CM_API double cm_chi2_tail(double x, double df);
/* The t that is exceeded in size with probability `p`, 0 < p < 1. */
CM_API double cm_t_critical(double p, double df);

#ifdef __cplusplus
}
#endif

#endif
