/* Least squares and two-stage least squares; the covariances of coefficients. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "econ/internal.h"

/* ---- checks -----------------------------------------------------------------------------------
 */

static cm_status check_effect(const cm_effect *effect, size_t rows, cm_error *err) {
  for (size_t i = 0; i < rows; i++)
    if (effect->group[i] >= effect->groups)
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "row %zu is of group %zu of %zu", i + 1,
                         effect->group[i] + 1, effect->groups);
  return CM_OK;
}

cm_status cm__design_check(const cm_design *design, cm_error *err) {
  const cm_matrix *y = design->y, *x = design->x, *z = design->z;
  size_t n = x->d.rows, k = x->d.cols;
  if (y->d.rows != n || y->d.cols != 1 || (z && z->d.rows != n))
    return cm__fail(err, CM_SHAPE, "y is %zu x %zu, and there are %zu rows of regressors",
                    y->d.rows, y->d.cols, n);
  if (n <= k || !n) return cm__fail(err, CM_TOO_FEW_ROWS, "%zu rows for %zu regressors", n, k);
  if (z && z->d.cols < k)
    return cm__fail(err, CM_TOO_FEW_ROWS,
                    "%zu instruments, the exogenous regressors included, "
                    "for %zu regressors",
                    z->d.cols, k);
  if (z && n <= z->d.cols)
    return cm__fail(err, CM_TOO_FEW_ROWS, "%zu rows for %zu instruments", n, z->d.cols);
  cm_status status = cm_matrix_check_finite(y, "y", err);
  if (status == CM_OK) status = cm_matrix_check_finite(x, "the regressors", err);
  if (status == CM_OK && z) status = cm_matrix_check_finite(z, "the instruments", err);
  for (size_t e = 0; status == CM_OK && e < design->effects; e++)
    status = check_effect(&design->effect[e], n, err);
  return status;
}

/* ---- columns that follow from others ------------------------------------------------------------
 */

cm_status cm__lengths(const cm_matrix *m, double **out, cm_error *err) {
  double *length;
  cm_status status = cm__alloc(m->d.cols, sizeof *length, "lengths", &length, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < m->d.cols; j++) {
    double sum = 0;
    for (size_t i = 0; i < m->d.rows; i++) sum += *cm__at(m->d, i, j) * *cm__at(m->d, i, j);
    length[j] = sqrt(sum);
  }
  *out = length;
  return CM_OK;
}

cm_status cm__qr_ranked(const cm_matrix *x, const double *length, const cm_job *job, cm_matrix **q,
                        cm_matrix **r, size_t *culprit, cm_error *err) {
  cm_status status = cm_qr(x, job, q, r, err);
  if (status != CM_OK) return status;
  *culprit = CM_NOT_FOUND;
  for (size_t j = x->d.cols; j-- > 0;)
    if (!(*cm__at((*r)->d, j, j) > CM_COLLINEAR_BELOW * length[j])) *culprit = j;
  return CM_OK;
}

static void column_name(const cm_matrix *x, size_t j, char *out, size_t room) {
  const cm_axis *axis = cm_matrix_axis(x, CM_COLS);
  if (axis)
    snprintf(out, room, "'%.60s'", cm_axis_label(axis, j));
  else
    snprintf(out, room, "column %zu", j + 1);
}

/* "'a', 'b'": the columns before `culprit` whose multiples add up to it. */
static void sources(const cm_matrix *x, const cm_matrix *r, const double *length, size_t culprit,
                    double *c, char *out, size_t room) {
  size_t used = 0;
  out[0] = 0;
  for (size_t i = culprit; i-- > 0;) {
    c[i] = *cm__at(r->d, i, culprit);
    for (size_t j = i + 1; j < culprit; j++) c[i] -= *cm__at(r->d, i, j) * c[j];
    c[i] /= *cm__at(r->d, i, i);
  }
  for (size_t i = 0; i < culprit; i++) {
    char name[72];
    if (fabs(c[i]) * length[i] <= 1e-7 * length[culprit]) continue;
    column_name(x, i, name, sizeof name);
    int wrote = snprintf(out + used, room - used, "%s%s", used ? ", " : "", name);
    if (wrote < 0 || (size_t)wrote >= room - used) return;
    used += (size_t)wrote;
  }
}

cm_status cm__blame(const cm_matrix *x, const cm_matrix *r, const double *length, size_t culprit,
                    bool instrument, cm_status blame, cm_error *err) {
  double *c;
  char name[72], from[256];
  cm_status status = cm__alloc(culprit, sizeof *c, "workspace", &c, err);
  if (status != CM_OK) return status;
  column_name(x, culprit, name, sizeof name);
  sources(x, r, length, culprit, c, from, sizeof from);
  cm__free(c);
  const char *kind = instrument ? "instrument" : "regressor";
  const char *where = blame == CM_NO_ESTIMATE ? " where y is not 0" : "";
  if (from[0])
    status = cm__fail_at(err, blame, 0, culprit + 1, instrument, "%s %s follows from %s%s", kind,
                         name, from, where);
  else
    status = cm__fail_at(err, blame, 0, culprit + 1, instrument,
                         "nothing is left of %s %s%s: it is 0, or settled by the fixed effects",
                         kind, name, where);
  return status;
}

/* ---- solving
 * ------------------------------------------------------------------------------------- */

void cm__back_substitute(const cm_matrix *r, cm_matrix *c) {
  size_t n = r->d.rows;
  for (size_t col = 0; col < c->d.cols; col++)
    for (size_t i = n; i-- > 0;) {
      double sum = *cm__at(c->d, i, col);
      for (size_t j = i + 1; j < n; j++) sum -= *cm__at(r->d, i, j) * *cm__at(c->d, j, col);
      *cm__at(c->d, i, col) = sum / *cm__at(r->d, i, i);
    }
}

/* What z's columns span of x: q q' x. */
static cm_status project(const cm_matrix *z, const double *length, const cm_matrix *x,
                         const cm_job *job, cm_matrix **out, cm_error *err) {
  cm_matrix *q = NULL, *r = NULL, *part = NULL, *hat = NULL;
  size_t culprit;
  cm_status status;
  CM__TRY(cm__qr_ranked(z, length, job, &q, &r, &culprit, err));
  if (culprit != CM_NOT_FOUND) CM__TRY(cm__blame(z, r, length, culprit, true, CM_COLLINEAR, err));
  CM__TRY(cm_matrix_new(z->d.cols, x->d.cols, &part, err));
  CM__TRY(cm_matrix_copy(x, &hat, err));
  CM__TRY(cm__gemm(1, cm__flip(q->d), x->d, 0, part->d, err));
  CM__TRY(cm__gemm(1, q->d, part->d, 0, hat->d, err));
  *out = hat;
  hat = NULL;
done:
  cm_matrix_release(q);
  cm_matrix_release(r);
  cm_matrix_release(part);
  cm_matrix_release(hat);
  return status;
}

void cm_fit_release(cm_fit *fit) {
  if (!fit) return;
  cm_matrix_release(fit->coefficients);
  cm_matrix_release(fit->fitted);
  cm_matrix_release(fit->residuals);
  cm_matrix_release(fit->q);
  cm_matrix_release(fit->r);
  cm__free(fit->score);
  cm__free(fit);
}

cm_matrix *cm_fit_take(const cm_fit *fit, cm_fit_part part) {
  return cm_matrix_retain(part == CM_FIT_COEFFICIENTS ? fit->coefficients
                          : part == CM_FIT_FITTED     ? fit->fitted
                                                      : fit->residuals);
}

void cm_fit_sums_of(const cm_fit *fit, cm_fit_sums *out) { *out = fit->sums; }

void cm__fit_measure(cm_fit *fit, const double *y) {
  size_t n = fit->sums.rows;
  const double *e = fit->residuals->d.data, *f = fit->fitted->d.data;
  double mean = 0, mean_f = 0, cross = 0, total_f = 0;
  for (size_t i = 0; i < n; i++) mean += y[i] / (double)n, mean_f += f[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    fit->sums.residual += e[i] * e[i];
    fit->sums.total += (y[i] - mean) * (y[i] - mean);
    fit->sums.total_raw += y[i] * y[i];
    total_f += (f[i] - mean_f) * (f[i] - mean_f);
    cross += (y[i] - mean) * (f[i] - mean_f);
  }
  double lengths = sqrt(fit->sums.total) * sqrt(total_f);
  fit->sums.correlation = lengths > 0 ? cross / lengths : 0;
}

static cm_status sweep_design(const cm_design *d, const cm_job *job, cm__swept *out,
                              cm_error *err) {
  cm_status status;
  CM__TRY(cm_sweep(d->y, NULL, d->effect, d->effects, job, &out->y, err));
  CM__TRY(cm_sweep(d->x, NULL, d->effect, d->effects, job, &out->x, err));
  if (d->z) CM__TRY(cm_sweep(d->z, NULL, d->effect, d->effects, job, &out->z, err));
done:
  return status;
}

/* Coefficients, then residuals of the swept y, which are those of y itself. */
static cm_status solve(cm_fit *fit, const cm_design *design, const cm__swept *swept,
                       cm_error *err) {
  size_t n = swept->x->d.rows, k = swept->x->d.cols;
  cm_status status;
  CM__TRY(cm_matrix_new(k, 1, &fit->coefficients, err));
  CM__TRY(cm_matrix_copy(swept->y, &fit->residuals, err));
  CM__TRY(cm_matrix_copy(design->y, &fit->fitted, err));
  CM__TRY(cm__alloc(n, sizeof *fit->score, "scores", &fit->score, err));
  double *e = fit->residuals->d.data, *f = fit->fitted->d.data;
  for (size_t i = 0; i < n; i++) fit->sums.within += e[i] * e[i];
  if (k) {
    CM__TRY(cm__gemm(1, cm__flip(fit->q->d), swept->y->d, 0, fit->coefficients->d, err));
    cm__back_substitute(fit->r, fit->coefficients);
    CM__TRY(cm__gemm(-1, swept->x->d, fit->coefficients->d, 1, fit->residuals->d, err));
  }
  for (size_t i = 0; i < n; i++) fit->score[i] = e[i], f[i] -= e[i];
  cm__matrix_label(fit->coefficients, design->x->axis[CM_COLS], NULL);
done:
  return status;
}

cm_status cm_fit_linear(const cm_design *design, const cm_job *job, cm_fit **out, cm_error *err) {
  cm__swept swept = {.y = NULL};
  cm_fit *fit = NULL;
  cm_matrix *hat = NULL, *y = NULL;
  double *length = NULL, *length_z = NULL;
  size_t culprit = CM_NOT_FOUND;
  cm_status status;
  CM__TRY(cm__design_check(design, err));
  CM__TRY(cm__alloc(1, sizeof *fit, "a fit", &fit, err));
  CM__TRY(cm__lengths(design->x, &length, err));
  CM__TRY(sweep_design(design, job, &swept, err));
  if (design->z) {
    CM__TRY(cm__lengths(design->z, &length_z, err));
    CM__TRY(project(swept.z, length_z, swept.x, job, &hat, err));
  } else
    hat = cm_matrix_retain(swept.x);
  CM__TRY(cm__qr_ranked(hat, length, job, &fit->q, &fit->r, &culprit, err));
  if (culprit != CM_NOT_FOUND)
    CM__TRY(cm__blame(design->x, fit->r, length, culprit, false, CM_COLLINEAR, err));
  fit->one_stage = !design->z && !design->effects;
  fit->sums.rows = design->x->d.rows;
  fit->sums.regressors = design->x->d.cols;
  CM__TRY(solve(fit, design, &swept, err));
  CM__TRY(cm_matrix_copy(design->y, &y, err));
  cm__fit_measure(fit, y->d.data);
  *out = fit;
  fit = NULL;
done:
  cm_fit_release(fit);
  cm_matrix_release(swept.y);
  cm_matrix_release(swept.x);
  cm_matrix_release(swept.z);
  cm_matrix_release(hat);
  cm_matrix_release(y);
  cm__free(length);
  cm__free(length_z);
  return status;
}

/* ---- covariances
 * ----------------------------------------------------------------------------------- */

/* What the squared score of row i is multiplied by. */
static cm_status leverage_factor(const cm_fit *fit, cm_errors kind, size_t i, double *out,
                                 cm_error *err) {
  double h = 0;
  for (size_t j = 0; j < fit->q->d.cols; j++) {
    double x = *cm__at(fit->q->d, i, j);
    h += x * x;
  }
  if (h > 1 - 1e-12)
    return cm__fail_at(err, CM_NO_ESTIMATE, i + 1, 0, h,
                       "row %zu has leverage 1: it alone settles a coefficient", i + 1);
  *out = kind == CM_HC2 ? 1 / sqrt(1 - h) : 1 / (1 - h);
  return CM_OK;
}

/* Rows of scores in the basis of q; with clusters the sum of each. */
static cm_status scores(const cm_fit *fit, cm_errors kind, const cm_effect *cluster,
                        cm_matrix **out, cm_error *err) {
  size_t n = fit->sums.rows, k = fit->sums.regressors;
  bool grouped = kind == CM_CLUSTER0 || kind == CM_CLUSTER;
  cm_matrix *s = NULL;
  cm_status status = cm_matrix_new(grouped ? cluster->groups : n, k, &s, err);
  for (size_t i = 0; status == CM_OK && i < n; i++) {
    double factor = 1;
    if (kind == CM_HC2 || kind == CM_HC3) status = leverage_factor(fit, kind, i, &factor, err);
    for (size_t j = 0; status == CM_OK && j < k; j++)
      *cm__at(s->d, grouped ? cluster->group[i] : i, j) +=
          factor * fit->score[i] * *cm__at(fit->q->d, i, j);
  }
  if (status == CM_OK)
    *out = s;
  else
    cm_matrix_release(s);
  return status;
}

static cm_status check_covariance(const cm_fit *fit, cm_errors kind, const cm_effect *cluster,
                                  size_t counted, cm_error *err) {
  size_t n = fit->sums.rows;
  if ((kind == CM_HC2 || kind == CM_HC3) && !fit->one_stage)
    return cm__fail(err, CM_INVALID, "HC2 and HC3 are for least squares alone");
  bool charged = kind == CM_HC1 || kind == CM_CLUSTER || (kind == CM_CLASSICAL && !fit->poisson);
  if (charged && n <= counted)
    return cm__fail(err, CM_TOO_FEW_ROWS, "%zu rows for %zu parameters", n, counted);
  if (kind != CM_CLUSTER && kind != CM_CLUSTER0) return CM_OK;
  if (!cluster || cluster->groups < 2)
    return cm__fail(err, CM_TOO_FEW_ROWS, "clustered errors of fewer than two clusters");
  return check_effect(cluster, n, err);
}

static double correction(const cm_fit *fit, cm_errors kind, const cm_effect *cluster,
                         size_t counted) {
  double n = (double)fit->sums.rows, left = n - (double)counted;
  if (kind == CM_CLASSICAL) return fit->poisson ? 1 : fit->sums.residual / left;
  if (kind == CM_HC1) return n / left;
  if (kind != CM_CLUSTER) return 1;
  double groups = (double)cluster->groups;
  return groups / (groups - 1) * (n - 1) / left;
}

/* meat := r^-1 meat r^-T, symmetric. */
static void between_triangles(const cm_matrix *r, cm_matrix *meat) {
  size_t k = r->d.rows;
  for (int side = 0; side < 2; side++) {
    cm__back_substitute(r, meat);
    for (size_t j = 0; j < k; j++)
      for (size_t i = 0; i < j; i++) {
        double *a = cm__at(meat->d, i, j), *b = cm__at(meat->d, j, i), t = *a;
        *a = *b;
        *b = t;
      }
  }
  for (size_t j = 0; j < k; j++)
    for (size_t i = 0; i < j; i++) *cm__at(meat->d, i, j) = *cm__at(meat->d, j, i);
}

cm_status cm_fit_covariance(const cm_fit *fit, cm_errors kind, const cm_effect *cluster,
                            size_t counted, cm_matrix **out, cm_error *err) {
  cm_matrix *s = NULL, *v = NULL;
  size_t k = fit->sums.regressors;
  cm_status status;
  CM__TRY(check_covariance(fit, kind, cluster, counted, err));
  CM__TRY(cm_matrix_identity(k, &v, err));
  if (kind != CM_CLASSICAL && k) {
    CM__TRY(scores(fit, kind, cluster, &s, err));
    CM__TRY(cm__gemm(1, cm__flip(s->d), s->d, 0, v->d, err));
  }
  between_triangles(fit->r, v);
  double factor = correction(fit, kind, cluster, counted);
  for (size_t i = 0; i < k * k; i++) v->d.data[i] *= factor;
  const cm_axis *axis = fit->coefficients->axis[CM_ROWS];
  cm__matrix_label(v, axis, axis);
  *out = v;
  v = NULL;
done:
  cm_matrix_release(s);
  cm_matrix_release(v);
  return status;
}
