/* Poisson pseudo-maximum likelihood by iteratively reweighted least squares. */
#include <math.h>
#include <string.h>

#include "econ/internal.h"

enum { POISSON_STEPS = 500, HALVINGS = 30, SETTLED = 2 };
/* Changes of the deviance, as parts of itself and of the sum of y, that count as none. */
#define SETTLED_BELOW 1e-9
#define SETTLED_NOISE 1e-14
/* Means below this are taken for it, so that all can be divided by. */
#define LEAST_MEAN 1e-300

typedef struct iteration {
  const cm_design *design;
  const cm_job *job;
  size_t n, k;
  cm_matrix *y;
  double *length, *eta, *before, *mu;
  double sum, deviance;
} iteration;

/* ---- what may have no estimate -----------------------------------------------------------------
 */

static cm_status check_y(const iteration *it, cm_error *err) {
  const double *y = it->y->d.data;
  for (size_t i = 0; i < it->n; i++)
    if (y[i] < 0)
      return cm__fail_at(err, CM_INVALID, i + 1, 0, y[i],
                         "y is %g in row %zu, and not to be negative", y[i], i + 1);
  if (!(it->sum > 0)) return cm__fail(err, CM_INVALID, "y is 0 in every row");
  for (size_t e = 0; e < it->design->effects; e++) {
    const cm_effect *effect = &it->design->effect[e];
    double *total;
    cm_status status = cm__alloc(effect->groups, sizeof *total, "sums", &total, err);
    if (status != CM_OK) return status;
    for (size_t i = 0; i < it->n; i++) total[effect->group[i]] += y[i];
    size_t empty = 0;
    while (empty < effect->groups && total[empty] > 0) empty++;
    bool all = empty == effect->groups;
    cm__free(total);
    if (!all)
      return cm__fail(err, CM_INVALID, "y is 0 throughout group %zu of effect %zu", empty + 1,
                      e + 1);
  }
  return CM_OK;
}

/* Whether the columns of x (rows `where`, their effects in `effect`) are independent. */
static cm_status check_columns(const iteration *it, const size_t *where, size_t rows,
                               const cm_effect *effect, cm_status blame, cm_error *err) {
  cm_matrix *x = NULL, *swept = NULL, *q = NULL, *r = NULL;
  size_t culprit;
  cm_status status;
  if (rows <= it->k)
    return cm__fail(err, CM_TOO_FEW_ROWS, "%zu rows with y above 0 for %zu regressors", rows,
                    it->k);
  CM__TRY(cm_matrix_take(it->design->x, CM_ROWS, where, rows, &x, err));
  CM__TRY(cm_sweep(x, NULL, effect, it->design->effects, it->job, &swept, err));
  CM__TRY(cm__qr_ranked(swept, it->length, it->job, &q, &r, &culprit, err));
  if (culprit != CM_NOT_FOUND)
    CM__TRY(cm__blame(it->design->x, r, it->length, culprit, false, blame, err));
done:
  cm_matrix_release(x);
  cm_matrix_release(swept);
  cm_matrix_release(q);
  cm_matrix_release(r);
  return status;
}

/* All rows first (CM_COLLINEAR), then those with y above 0 (CM_NO_ESTIMATE). */
static cm_status check_rank(const iteration *it, cm_error *err) {
  size_t effects = it->design->effects, *where = NULL, *group = NULL, rows = 0;
  cm_effect *effect = NULL;
  cm_status status;
  CM__TRY(cm__alloc(it->n, sizeof *where, "rows", &where, err));
  CM__TRY(cm__alloc(it->n * effects, sizeof *group, "groups", &group, err));
  CM__TRY(cm__alloc(effects, sizeof *effect, "effects", &effect, err));
  for (size_t i = 0; i < it->n; i++) where[i] = i;
  CM__TRY(check_columns(it, where, it->n, it->design->effect, CM_COLLINEAR, err));
  for (size_t i = 0; i < it->n; i++)
    if (it->y->d.data[i] > 0) where[rows++] = i;
  for (size_t e = 0; e < effects; e++) {
    for (size_t i = 0; i < rows; i++) group[e * it->n + i] = it->design->effect[e].group[where[i]];
    effect[e] = (cm_effect){group + e * it->n, it->design->effect[e].groups};
  }
  CM__TRY(check_columns(it, where, rows, effect, CM_NO_ESTIMATE, err));
done:
  cm__free(where);
  cm__free(group);
  cm__free(effect);
  return status;
}

/* ---- the iteration
 * --------------------------------------------------------------------------------- */

static double deviance_of(const double *y, const double *mu, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (y[i] > 0 ? y[i] * log(y[i] / mu[i]) : 0) - (y[i] - mu[i]);
  return 2 * sum;
}

/* The means of eta, and their deviance. */
static void evaluate(iteration *it) {
  for (size_t i = 0; i < it->n; i++) it->mu[i] = fmax(exp(it->eta[i]), LEAST_MEAN);
  it->deviance = deviance_of(it->y->d.data, it->mu, it->n);
}

/* Working y and regressors beside each other, effects swept out under weights mu: residuals of
 * the weighted regression in `z`, q and r of the weighted regressors. */
static cm_status weighted(const iteration *it, cm_fit *fit, cm_matrix **z, cm_error *err) {
  cm_matrix *work = NULL, *swept = NULL, *x = NULL, *scaled = NULL, *rest = NULL;
  size_t n = it->n, k = it->k, culprit;
  const cm_design *d = it->design;
  cm_status status;
  CM__TRY(cm_matrix_new(n, k + 1, &work, err));
  for (size_t i = 0; i < n; i++)
    *cm__at(work->d, i, 0) = it->eta[i] + (it->y->d.data[i] - it->mu[i]) / it->mu[i];
  cm__dense_copy(cm__window(work->d, 0, n, 1, k), d->x->d);
  CM__TRY(cm_sweep(work, it->mu, d->effect, d->effects, it->job, &swept, err));
  CM__TRY(cm_matrix_copy(swept, &scaled, err));
  for (size_t j = 0; j <= k; j++)
    for (size_t i = 0; i < n; i++) *cm__at(scaled->d, i, j) *= sqrt(it->mu[i]);
  CM__TRY(cm_matrix_block(scaled, 0, n, 1, k, &x, err));
  cm_matrix_release(fit->q);
  cm_matrix_release(fit->r);
  fit->q = fit->r = NULL;
  for (size_t j = 0; j < k; j++) it->length[j] = 0;
  CM__TRY(cm__qr_ranked(x, it->length, it->job, &fit->q, &fit->r, &culprit, err));
  if (culprit != CM_NOT_FOUND)
    CM__TRY(cm__fail_at(err, CM_NO_ESTIMATE, 0, culprit + 1, 0,
                        "column %zu goes to infinity in Poisson regression", culprit + 1));
  CM__TRY(cm_matrix_new(n, 1, &rest, err));
  cm__dense_copy(rest->d, cm__window(swept->d, 0, n, 0, 1));
  if (k) {
    CM__TRY(cm__gemm(1, cm__flip(fit->q->d), cm__window(scaled->d, 0, n, 0, 1), 0,
                     fit->coefficients->d, err));
    cm__back_substitute(fit->r, fit->coefficients);
    CM__TRY(cm__gemm(-1, cm__window(swept->d, 0, n, 1, k), fit->coefficients->d, 1, rest->d, err));
  }
  *z = rest;
  rest = NULL;
done:
  cm_matrix_release(work);
  cm_matrix_release(swept);
  cm_matrix_release(x);
  cm_matrix_release(scaled);
  cm_matrix_release(rest);
  return status;
}

/* One step; halved until the deviance does not rise (`first`: until it is finite). */
static cm_status step(iteration *it, cm_fit *fit, bool first, cm_error *err) {
  cm_matrix *rest;
  double last = it->deviance;
  cm_status status = weighted(it, fit, &rest, err);
  if (status != CM_OK) return status;
  memcpy(it->before, it->eta, it->n * sizeof *it->eta);
  for (size_t i = 0; i < it->n; i++)
    it->eta[i] += (it->y->d.data[i] - it->mu[i]) / it->mu[i] - rest->d.data[i];
  cm_matrix_release(rest);
  evaluate(it);
  double most = first ? HUGE_VAL : last + 1e-10 * fabs(last) + SETTLED_NOISE * it->sum;
  for (int i = 0; !(it->deviance < HUGE_VAL && it->deviance <= most) && i < HALVINGS; i++) {
    for (size_t j = 0; j < it->n; j++) it->eta[j] = (it->eta[j] + it->before[j]) / 2;
    evaluate(it);
  }
  return CM_OK;
}

static cm_status iterate(iteration *it, cm_fit *fit, cm_error *err) {
  double mean = it->sum / (double)it->n;
  for (size_t i = 0; i < it->n; i++) it->eta[i] = log((it->y->d.data[i] + mean) / 2);
  evaluate(it);
  size_t settled = 0;
  for (size_t count = 1; settled < SETTLED; count++) {
    if (count > POISSON_STEPS)
      return cm__fail(err, CM_NOT_CONVERGED, "Poisson regression does not settle in %d steps",
                      (int)POISSON_STEPS);
    double last = it->deviance;
    cm_status status = cm_job_step(it->job, "Poisson regression", (double)count, 0, err);
    if (status == CM_OK) status = step(it, fit, count == 1, err);
    if (status != CM_OK) return status;
    double change = fabs(it->deviance - last);
    bool still = change <= SETTLED_BELOW * fabs(it->deviance) + SETTLED_NOISE * it->sum;
    settled = still ? settled + 1 : 0;
    fit->sums.steps = count;
  }
  return CM_OK;
}

/* Fills what a fit holds from the means that the iteration ended with. */
static cm_status finish(iteration *it, cm_fit *fit, cm_error *err) {
  size_t n = it->n;
  const double *y = it->y->d.data;
  cm_matrix *last = NULL;
  cm_status status;
  CM__TRY(weighted(it, fit, &last, err));
  CM__TRY(cm_matrix_copy(it->y, &fit->fitted, err));
  CM__TRY(cm_matrix_copy(it->y, &fit->residuals, err));
  CM__TRY(cm__alloc(n, sizeof *fit->score, "scores", &fit->score, err));
  for (size_t i = 0; i < n; i++) {
    fit->fitted->d.data[i] = it->mu[i];
    fit->residuals->d.data[i] = y[i] - it->mu[i];
    fit->score[i] = (y[i] - it->mu[i]) / sqrt(it->mu[i]);
  }
  cm__fit_measure(fit, y);
  fit->sums.deviance = it->deviance;
  for (size_t i = 0; i < n; i++) it->mu[i] = it->sum / (double)n;
  fit->sums.deviance_null = deviance_of(y, it->mu, n);
  cm__matrix_label(fit->coefficients, it->design->x->axis[CM_COLS], NULL);
done:
  cm_matrix_release(last);
  return status;
}

static cm_status start(const cm_design *design, iteration *it, cm_fit *fit, cm_error *err) {
  cm_status status;
  if (design->z) return cm__fail(err, CM_INVALID, "Poisson regression takes no instruments");
  CM__TRY(cm__design_check(design, err));
  CM__TRY(cm_matrix_copy(design->y, &it->y, err));
  CM__TRY(cm__lengths(design->x, &it->length, err));
  CM__TRY(cm__alloc(it->n, sizeof(double), "predictors", &it->eta, err));
  CM__TRY(cm__alloc(it->n, sizeof(double), "predictors", &it->before, err));
  CM__TRY(cm__alloc(it->n, sizeof(double), "means", &it->mu, err));
  CM__TRY(cm_matrix_new(it->k, 1, &fit->coefficients, err));
  for (size_t i = 0; i < it->n; i++) it->sum += it->y->d.data[i];
  fit->poisson = true;
  fit->sums.rows = it->n;
  fit->sums.regressors = it->k;
  CM__TRY(check_y(it, err));
  CM__TRY(check_rank(it, err));
done:
  return status;
}

cm_status cm_fit_poisson(const cm_design *design, const cm_job *job, cm_fit **out, cm_error *err) {
  iteration it = {.design = design, .job = job, .n = design->x->d.rows, .k = design->x->d.cols};
  cm_fit *fit;
  cm_status status = cm__alloc(1, sizeof *fit, "a fit", &fit, err);
  if (status != CM_OK) return status;
  CM__TRY(start(design, &it, fit, err));
  CM__TRY(iterate(&it, fit, err));
  CM__TRY(finish(&it, fit, err));
  *out = fit;
  fit = NULL;
done:
  cm_fit_release(fit);
  cm_matrix_release(it.y);
  cm__free(it.length);
  cm__free(it.eta);
  cm__free(it.before);
  cm__free(it.mu);
  return status;
}
