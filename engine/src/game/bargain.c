#include <math.h>
#include <string.h>

#include "internal.h"

static cm_status check_weights(size_t players, const double *weights, double *sum, cm_error *err) {
  for (size_t i = 0; i < players; i++) {
    if (!(weights[i] > 0 && isfinite(weights[i])))
      return cm__fail_at(err, CM_INVALID, i + 1, 0, weights[i],
                         "weight %zu is %g; weights are positive", i + 1, weights[i]);
    *sum += weights[i];
  }
  return CM_OK;
}

cm_status cm_nash_transfers(size_t players, double total, const double *d, const double *weights,
                            double *x, cm_error *err) {
  double left = total, weight = 0, scale = fabs(total);
  cm_status status = check_weights(players, weights, &weight, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < players; i++) {
    left -= d[i];
    scale = fmax(scale, fabs(d[i]));
  }
  if (!isfinite(left))
    return cm__fail(err, CM_NOT_FINITE, "the total or what a party has alone is not finite");
  if (left < -CM_GAME_TOLERANCE * scale)
    return cm__fail_at(err, CM_NO_AGREEMENT, 0, 0, -left,
                       "together there is %g, %g less than what they have without agreement", total,
                       -left);
  for (size_t i = 0; i < players; i++) x[i] = d[i] + weights[i] / weight * left;
  return CM_OK;
}

/* ---- over instruments ---------------------------------------------------------------------- */

/* Unknowns: instruments as parts of their ranges, then one value each party, in
 * units of `scale` where it is money. */
typedef struct table {
  const cm_instruments *over;
  cm__conditions list;
  double *row, *part; /* one condition; payoff of a whole range, players x count */
  double *gain0;      /* base at the lower ends, less d */
  double scale;
} table;

static void table_free(table *t) {
  cm__free(t->list.g);
  cm__free(t->list.h);
  cm__free(t->row);
  cm__free(t->part);
  cm__free(t->gain0);
  *t = (table){0};
}

static cm_status check(const cm_instruments *over, const double *d, cm_error *err) {
  if (over->players < 1 || over->count < 1)
    return cm__fail(err, CM_INVALID, "bargaining takes a party and an instrument");
  for (size_t k = 0; k < over->count; k++)
    if (!(isfinite(over->lower[k]) && isfinite(over->upper[k]) && over->lower[k] <= over->upper[k]))
      return cm__fail_at(err, CM_INVALID, k + 1, 0, over->lower[k],
                         "instrument %zu runs from %g to %g", k + 1, over->lower[k],
                         over->upper[k]);
  for (size_t i = 0; i < over->players; i++)
    if (!isfinite(d[i]) || !isfinite(over->base[i]))
      return cm__fail_at(err, CM_NOT_FINITE, i + 1, 0, d[i], "party %zu: a payoff is not finite",
                         i + 1);
  for (size_t k = 0; k < over->players * over->count; k++)
    if (!isfinite(over->payoff[k]))
      return cm__fail(err, CM_NOT_FINITE, "what an instrument pays is not finite");
  return CM_OK;
}

static double range(const cm_instruments *over, size_t k) {
  return over->upper[k] - over->lower[k];
}

/* lower + range * part between 0 and 1, and the rules. */
static cm_status add_limits(table *t, cm_error *err) {
  const cm_instruments *over = t->over;
  cm_status status = CM_OK;
  for (size_t k = 0; k < over->count; k++)
    for (int sign = -1; sign <= 1; sign += 2) {
      memset(t->row, 0, t->list.m * sizeof *t->row);
      t->row[k] = sign;
      CM__TRY(cm__conditions_add(&t->list, t->row, sign > 0, err));
    }
  for (size_t j = 0; j < over->rules; j++) {
    double h = over->limit[j];
    memset(t->row, 0, t->list.m * sizeof *t->row);
    for (size_t k = 0; k < over->count; k++) {
      double a = over->rule[j * over->count + k];
      h -= a * over->lower[k];
      t->row[k] = a * range(over, k);
    }
    CM__TRY(cm__conditions_add(&t->list, t->row, h, err));
  }
done:
  return status;
}

/* slope * (value of party i, an unknown) + shift <= its gain in units of scale;
 * where slope is 0, only that the gain is at least shift. */
static cm_status add_gain(table *t, size_t i, double slope, double shift, cm_error *err) {
  size_t count = t->over->count;
  memset(t->row, 0, t->list.m * sizeof *t->row);
  for (size_t k = 0; k < count; k++) t->row[k] = -t->part[i * count + k];
  if (slope != 0) t->row[t->list.m == count + 1 ? count : count + i] = slope;
  return cm__conditions_add(&t->list, t->row, t->gain0[i] - shift, err);
}

static cm_status table_new(const cm_instruments *over, const double *d, size_t values, table *t,
                           cm_error *err) {
  size_t n = over->players, count = over->count;
  *t = (table){.over = over, .list = {.m = count + values}};
  cm_status status = check(over, d, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__alloc(count + values, sizeof *t->row, "bargaining", &t->row, err));
  CM__TRY(cm__alloc(n * count, sizeof *t->part, "bargaining", &t->part, err));
  CM__TRY(cm__alloc(n, sizeof *t->gain0, "bargaining", &t->gain0, err));
  for (size_t i = 0; i < n; i++) {
    t->gain0[i] = over->base[i] - d[i];
    for (size_t k = 0; k < count; k++) {
      t->gain0[i] += over->payoff[i * count + k] * over->lower[k];
      t->part[i * count + k] = over->payoff[i * count + k] * range(over, k);
      t->scale = fmax(t->scale, fabs(t->part[i * count + k]));
    }
    t->scale = fmax(t->scale, fabs(t->gain0[i]));
  }
  if (t->scale == 0) t->scale = 1;
  for (size_t i = 0; i < n; i++) t->gain0[i] /= t->scale;
  for (size_t k = 0; k < n * count; k++) t->part[k] /= t->scale;
  CM__TRY(add_limits(t, err));
done:
  if (status != CM_OK) table_free(t);
  return status;
}

static double gain(const table *t, size_t i, const double *p) {
  double sum = t->gain0[i];
  for (size_t k = 0; k < t->over->count; k++) sum += t->part[i * t->over->count + k] * p[k];
  return sum;
}

static void read_out(const table *t, const double *p, double *z, double *u) {
  const cm_instruments *over = t->over;
  for (size_t k = 0; k < over->count; k++)
    z[k] = fmin(over->upper[k], fmax(over->lower[k], over->lower[k] + p[k] * range(over, k)));
  for (size_t i = 0; i < over->players; i++) {
    u[i] = over->base[i];
    for (size_t k = 0; k < over->count; k++) u[i] += over->payoff[i * over->count + k] * z[k];
  }
}

static cm_status maximise(table *t, const double *c, const cm_job *job, cm__lp *lp, cm_error *err) {
  cm__lp_outcome outcome;
  lp->c = c;
  lp->broken = cm__conditions_broken;
  lp->ud = &t->list;
  lp->job = job;
  cm_status status = cm__lp_solve(lp, &outcome, err);
  if (status == CM_OK && outcome != CM__LP_OPTIMAL)
    return cm__fail(
        err, CM_NO_AGREEMENT,
        "no instruments within their limits give everyone what it has without agreement");
  return status;
}

/* What each could gain at most while nobody loses (in units of scale). */
static cm_status ideal_gains(const cm_instruments *over, const double *d, const cm_job *job,
                             double *best, cm_error *err) {
  table t;
  cm__lp lp = {0};
  cm_status status = table_new(over, d, 0, &t, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__lp_new(over->count, &lp, err));
  for (size_t i = 0; i < over->players; i++) CM__TRY(add_gain(&t, i, 0, 0, err));
  for (size_t i = 0; i < over->players; i++) {
    CM__TRY(maximise(&t, t.part + i * over->count, job, &lp, err));
    best[i] = fmax(0, gain(&t, i, lp.p));
    if (best[i] <= CM_GAME_TOLERANCE) {
      status = cm__fail_at(err, CM_NO_AGREEMENT, i + 1, 0, best[i] * t.scale,
                           "party %zu can gain nothing while nobody loses", i + 1);
      goto done;
    }
  }
done:
  cm__lp_free(&lp);
  table_free(&t);
  return status;
}

/* The most that all gain at once, in parts `part` of it; *common in units of scale. */
static cm_status in_parts(const cm_instruments *over, const double *d, const double *part,
                          const cm_job *job, double *z, double *u, double *common, double *scale,
                          cm_error *err) {
  table t;
  cm__lp lp = {0};
  double *c = NULL;
  cm_status status = table_new(over, d, 1, &t, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__alloc(t.list.m, sizeof *c, "bargaining", &c, err));
  CM__TRY(cm__lp_new(t.list.m, &lp, err));
  for (size_t i = 0; i < over->players; i++) CM__TRY(add_gain(&t, i, part[i], 0, err));
  c[over->count] = 1;
  CM__TRY(maximise(&t, c, job, &lp, err));
  read_out(&t, lp.p, z, u);
  *common = lp.p[over->count];
  *scale = t.scale;
done:
  cm__lp_free(&lp);
  table_free(&t);
  cm__free(c);
  return status;
}

cm_status cm_bargain_kalai(const cm_instruments *over, const double *d, const cm_job *job,
                           double *z, double *u, double *ideal, cm_error *err) {
  double *best, common, scale;
  cm_status status = cm__alloc(over->players + 1, sizeof *best, "bargaining", &best, err);
  if (status != CM_OK) return status;
  CM__TRY(ideal_gains(over, d, job, best, err));
  CM__TRY(in_parts(over, d, best, job, z, u, &common, &scale, err));
  for (size_t i = 0; ideal && i < over->players; i++) ideal[i] = d[i] + best[i] * scale;
done:
  cm__free(best);
  return status;
}

/* The largest sum of payoffs where each gains its part of `common` at least. */
static cm_status largest_sum(const cm_instruments *over, const double *d, const double *part,
                             double common, const cm_job *job, double *z, double *u,
                             cm_error *err) {
  table t;
  cm__lp lp = {0};
  double *c = NULL;
  cm_status status = table_new(over, d, 0, &t, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__alloc(over->count, sizeof *c, "bargaining", &c, err));
  CM__TRY(cm__lp_new(over->count, &lp, err));
  for (size_t i = 0; i < over->players; i++) {
    CM__TRY(add_gain(&t, i, 0, part[i] * common - CM_GAME_TOLERANCE, err));
    for (size_t k = 0; k < over->count; k++) c[k] += t.part[i * over->count + k];
  }
  CM__TRY(maximise(&t, c, job, &lp, err));
  read_out(&t, lp.p, z, u);
done:
  cm__lp_free(&lp);
  table_free(&t);
  cm__free(c);
  return status;
}

cm_status cm_bargain_max_min(const cm_instruments *over, const double *d, const double *weights,
                             const cm_job *job, double *z, double *u, cm_error *err) {
  double *part = NULL, sum = 0, common, scale;
  cm_status status = check_weights(over->players, weights, &sum, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__alloc(over->players + 1, sizeof *part, "bargaining", &part, err));
  for (size_t i = 0; i < over->players; i++) part[i] = weights[i] / sum;
  CM__TRY(in_parts(over, d, part, job, z, u, &common, &scale, err));
  if (common < -CM_GAME_TOLERANCE) {
    status = cm__fail_at(err, CM_NO_AGREEMENT, 0, 0, -common * scale,
                         "whatever is agreed, somebody has less than without agreement");
    goto done;
  }
  CM__TRY(largest_sum(over, d, part, common, job, z, u, err));
done:
  cm__free(part);
  return status;
}

/* log g <= log at + (g - at) / at: value i <= (gain i - at) / at + log at. */
static cm_status add_tangent(table *t, size_t i, double at, cm_error *err) {
  return add_gain(t, i, at, at - at * log(at), err);
}

/* The value of the best point so far against the bound of the tangents. */
static double nash_value(const table *t, const double *w, const double *p) {
  double sum = 0;
  for (size_t i = 0; i < t->over->players; i++) sum += w[i] * log(gain(t, i, p));
  return sum;
}

typedef struct nash {
  table t;
  cm__lp lp;
  double *c, *best, *start, weight, value, bound;
} nash;

/* One program over the tangents there are, and a tangent more for each party. */
static cm_status tangent_round(nash *w, const double *weights, const cm_job *job, cm_error *err) {
  size_t n = w->t.over->players, count = w->t.over->count;
  cm_status status;
  CM__TRY(maximise(&w->t, w->c, job, &w->lp, err));
  w->bound = 0;
  for (size_t i = 0; i < n; i++) w->bound += w->c[count + i] * w->lp.p[count + i];
  double value = nash_value(&w->t, weights, w->lp.p) / w->weight;
  if (value > w->value) {
    w->value = value;
    memcpy(w->best, w->lp.p, count * sizeof *w->best);
  }
  for (size_t i = 0; i < n; i++) {
    double at = gain(&w->t, i, w->lp.p);
    CM__TRY(add_tangent(&w->t, i, fmax(at, 1e-3 * w->start[i]), err));
  }
done:
  return status;
}

/* Starts from Kalai and Smorodinsky's agreement, where everyone gains. */
static cm_status nash_start(nash *w, const cm_instruments *over, const double *d,
                            const double *weights, const cm_job *job, double *z, double *u,
                            cm_error *err) {
  size_t n = over->players, count = over->count;
  cm_status status;
  CM__TRY(cm_bargain_kalai(over, d, job, z, u, NULL, err));
  CM__TRY(table_new(over, d, n, &w->t, err));
  CM__TRY(cm__alloc(2 * (count + n) + n, sizeof *w->c, "bargaining", &w->c, err));
  CM__TRY(cm__lp_new(count + n, &w->lp, err));
  w->best = w->c + count + n;
  w->start = w->best + count + n;
  for (size_t k = 0; k < count; k++)
    w->best[k] = range(over, k) > 0 ? (z[k] - over->lower[k]) / range(over, k) : 0;
  for (size_t i = 0; i < n; i++) {
    w->start[i] = gain(&w->t, i, w->best);
    if (!(w->start[i] > CM_GAME_TOLERANCE)) {
      status = cm__fail_at(err, CM_NO_AGREEMENT, i + 1, 0, w->start[i] * w->t.scale,
                           "nothing gives all %zu parties a gain at once", n);
      goto done;
    }
    w->c[count + i] = weights[i] / w->weight;
    double at = w->start[i] / 64;
    while (at < 2) {
      CM__TRY(add_tangent(&w->t, i, at, err));
      at *= 2;
    }
  }
  w->value = nash_value(&w->t, weights, w->best) / w->weight;
done:
  return status;
}

cm_status cm_bargain_nash(const cm_instruments *over, const double *d, const double *weights,
                          double gap, const cm_job *job, double *z, double *u, double *reached,
                          cm_error *err) {
  enum { ROUNDS = 200 };
  nash w = {.bound = INFINITY};
  cm_status status = CM_OK;
  CM__TRY(check_weights(over->players, weights, &w.weight, err));
  CM__TRY(nash_start(&w, over, d, weights, job, z, u, err));
  for (size_t k = 0; k < ROUNDS && w.bound - w.value > gap; k++)
    CM__TRY(tangent_round(&w, weights, job, err));
  if (w.bound - w.value > gap) {
    status = cm__fail_at(err, CM_NOT_CONVERGED, 0, 0, w.bound - w.value,
                         "the agreement was reached within %g, not %g", w.bound - w.value, gap);
    goto done;
  }
  read_out(&w.t, w.best, z, u);
  *reached = fmax(0, w.bound - w.value);
done:
  cm__lp_free(&w.lp);
  table_free(&w.t);
  cm__free(w.c);
  return status;
}
