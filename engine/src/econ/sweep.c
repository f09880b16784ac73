/* Fixed effects swept out of columns, and what they take in degrees of freedom. */
#include <math.h>
#include <string.h>

#include "econ/internal.h"

/* Steps after which effects are said not to come apart, and the part of a column's length below
 * which what is left along the dummies counts as nothing. */
enum { SWEEP_STEPS = 20000 };
#define SWEEP_LEFT 1e-13

/* The weighted dummies: row i of effect e has weight[i] scale[offset + group], columns of length 1.
 */
typedef struct dummies {
  const cm_effect *effect;
  size_t effects, rows, columns;
  double *weight; /* n, square roots of the weights */
  double *scale;  /* one for each group of each effect */
} dummies;

static void times(const dummies *d, const double *g, double *out) {
  memset(out, 0, d->rows * sizeof *out);
  const double *scale = d->scale;
  for (size_t e = 0; e < d->effects; scale += d->effect[e].groups, g += d->effect[e].groups, e++) {
    const size_t *group = d->effect[e].group;
    for (size_t i = 0; i < d->rows; i++) out[i] += scale[group[i]] * g[group[i]];
  }
  for (size_t i = 0; i < d->rows; i++) out[i] *= d->weight[i];
}

static void transposed_times(const dummies *d, const double *r, double *out) {
  memset(out, 0, d->columns * sizeof *out);
  const double *scale = d->scale;
  for (size_t e = 0; e < d->effects; e++) {
    const size_t *group = d->effect[e].group, groups = d->effect[e].groups;
    for (size_t i = 0; i < d->rows; i++) out[group[i]] += d->weight[i] * r[i];
    for (size_t g = 0; g < groups; g++) out[g] *= scale[g];
    scale += groups;
    out += groups;
  }
}

static double squares(const double *x, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  return sum;
}

static cm_status dummies_new(const double *weight, const cm_effect *effect, size_t effects,
                             size_t rows, dummies *out, cm_error *err) {
  dummies d = {.effect = effect, .effects = effects, .rows = rows};
  for (size_t e = 0; e < effects; e++) d.columns += effect[e].groups;
  cm_status status;
  CM__TRY(cm__alloc(rows, sizeof(double), "weights", &d.weight, err));
  CM__TRY(cm__alloc(d.columns, sizeof(double), "fixed effects", &d.scale, err));
  for (size_t i = 0; i < rows; i++) d.weight[i] = weight ? sqrt(weight[i]) : 1;
  double *scale = d.scale;
  for (size_t e = 0; e < effects; scale += effect[e].groups, e++) {
    for (size_t i = 0; i < rows; i++) scale[effect[e].group[i]] += d.weight[i] * d.weight[i];
    for (size_t g = 0; g < effect[e].groups; g++) scale[g] = scale[g] > 0 ? 1 / sqrt(scale[g]) : 0;
  }
  *out = d;
  return CM_OK;
done:
  cm__free(d.weight);
  cm__free(d.scale);
  return status;
}

/* Conjugate gradients for the residual r of x on the dummies (CGLS). work: 2 columns + rows. */
static cm_status sweep_column(const dummies *d, double *x, double *work, const cm_job *job,
                              cm_error *err) {
  size_t n = d->rows, m = d->columns;
  double *s = work, *p = work + m, *q = work + 2 * m;
  for (size_t i = 0; i < n; i++) x[i] *= d->weight[i];
  double limit = SWEEP_LEFT * SWEEP_LEFT * squares(x, n);
  transposed_times(d, x, s);
  memcpy(p, s, m * sizeof *p);
  double gamma = squares(s, m);
  for (size_t step = 0; gamma > limit; step++) {
    if (step == SWEEP_STEPS)
      return cm__fail(err, CM_NOT_CONVERGED, "fixed effects do not come apart in %d steps",
                      (int)SWEEP_STEPS);
    cm_status status = cm_job_step(job, "sweeping out effects", (double)step, 0, err);
    if (status != CM_OK) return status;
    times(d, p, q);
    double length = squares(q, n);
    if (length == 0) break;
    for (size_t i = 0; i < n; i++) x[i] -= gamma / length * q[i];
    transposed_times(d, x, s);
    double next = squares(s, m);
    for (size_t i = 0; i < m; i++) p[i] = s[i] + next / gamma * p[i];
    gamma = next;
  }
  for (size_t i = 0; i < n; i++) x[i] = d->weight[i] > 0 ? x[i] / d->weight[i] : 0;
  return CM_OK;
}

cm_status cm_sweep(const cm_matrix *m, const double *weight, const cm_effect *effect,
                   size_t effects, const cm_job *job, cm_matrix **out, cm_error *err) {
  dummies d = {.columns = 0};
  cm_matrix *swept = NULL;
  double *work = NULL;
  cm_status status;
  CM__TRY(cm_matrix_check_finite(m, "the matrix", err));
  CM__TRY(cm_matrix_copy(m, &swept, err));
  if (effects) {
    CM__TRY(dummies_new(weight, effect, effects, m->d.rows, &d, err));
    CM__TRY(cm__alloc(2 * d.columns + d.rows, sizeof *work, "fixed effects", &work, err));
    for (size_t j = 0; j < m->d.cols; j++)
      CM__TRY(sweep_column(&d, cm__at(swept->d, 0, j), work, job, err));
  }
  *out = swept;
  swept = NULL;
done:
  cm_matrix_release(swept);
  cm__free(d.weight);
  cm__free(d.scale);
  cm__free(work);
  return status;
}

/* ---- degrees of freedom -------------------------------------------------------------------- */

static size_t root(size_t *parent, size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

/* Connected parts of the groups of two effects, joined by the rows. */
static size_t connected(const cm_effect *a, const cm_effect *b, size_t rows, size_t *parent) {
  size_t n = a->groups + b->groups, parts = n;
  for (size_t i = 0; i < n; i++) parent[i] = i;
  for (size_t i = 0; i < rows; i++) {
    size_t one = root(parent, a->group[i]), other = root(parent, a->groups + b->group[i]);
    if (one == other) continue;
    parent[one] = other;
    parts--;
  }
  return parts;
}

cm_status cm_effects_rank(const cm_effect *effect, size_t effects, size_t rows, size_t *rank,
                          cm_error *err) {
  size_t most = 0, *parent = NULL;
  for (size_t e = 0; e < effects; e++) most = cm__max(most, effect[e].groups);
  cm_status status = cm__alloc(2 * most, sizeof *parent, "fixed effects", &parent, err);
  if (status != CM_OK) return status;
  for (size_t e = 0; e < effects; e++) {
    size_t lost = 0;
    for (size_t before = 0; before < e; before++)
      lost = cm__max(lost, connected(&effect[before], &effect[e], rows, parent));
    rank[e] = effect[e].groups - lost;
  }
  cm__free(parent);
  return CM_OK;
}
