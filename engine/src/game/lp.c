/* The revised simplex method for few rows and many columns (Dantzig; Chvatal 1983,
 * chapters 7 and 8). The right-hand sides of sharing are almost all 0, so that
 * every step would be degenerate: c is perturbed, and the perturbation is taken
 * back at the end, which changes multipliers but neither p nor its feasibility. */
#include <math.h>
#include <string.h>

#include "internal.h"

enum { RENEW_AFTER = 40 };
static const double PIVOT_MIN = 1e-8, NEGATIVE = -1e-7;

/* Perturbations to try: too large a one shows as a negative multiplier, without any
 * the steps may circle. */
static const double PERTURBATION[] = {1e-7, 1e-9, 3e-6, 0};
enum { TRIES = sizeof PERTURBATION / sizeof *PERTURBATION };

typedef struct state {
  cm__lp *lp;
  size_t m, steps;
  double *c;              /* perturbed */
  double *inverse;        /* of the basis, by rows */
  double *basis, *h;      /* its columns (conditions), and their right-hand sides */
  double *value, *column; /* multipliers; the entering column in terms of the basis */
  double *work;           /* m x 2m */
  bool *artificial;
  cm__condition in;
} state;

cm_status cm__lp_new(size_t m, cm__lp *out, cm_error *err) {
  cm__lp lp = {.m = m};
  cm_status status;
  CM__TRY(cm__alloc(m, sizeof *lp.p, "a linear program", &lp.p, err));
  CM__TRY(cm__alloc(m, sizeof *lp.multiplier, "a linear program", &lp.multiplier, err));
  CM__TRY(cm__alloc(m, sizeof *lp.key, "a linear program", &lp.key, err));
done:
  if (status == CM_OK)
    *out = lp;
  else
    cm__lp_free(&lp);
  return status;
}

void cm__lp_free(cm__lp *lp) {
  cm__free(lp->p);
  cm__free(lp->multiplier);
  cm__free(lp->key);
  lp->p = lp->multiplier = NULL;
  lp->key = NULL;
}

static void state_free(state *s) {
  cm__free(s->c);
  cm__free(s->artificial);
}

static cm_status state_new(cm__lp *lp, state *s, cm_error *err) {
  size_t m = lp->m;
  *s = (state){.lp = lp, .m = m};
  cm_status status;
  CM__TRY(cm__alloc(5 * m + 4 * m * m, sizeof *s->c, "a linear program", &s->c, err));
  CM__TRY(cm__alloc(m, sizeof *s->artificial, "a linear program", &s->artificial, err));
  s->h = s->c + m;
  s->value = s->h + m;
  s->column = s->value + m;
  s->in.g = s->column + m;
  s->inverse = s->in.g + m;
  s->basis = s->inverse + m * m;
  s->work = s->basis + m * m;
done:
  if (status != CM_OK) state_free(s);
  return status;
}

/* Every condition out, an artificial column of its own in each row. */
static void start(state *s, double perturbation) {
  size_t m = s->m;
  memset(s->inverse, 0, m * m * sizeof *s->inverse);
  memset(s->basis, 0, m * m * sizeof *s->basis);
  s->steps = 0;
  for (size_t i = 0; i < m; i++) {
    double spread = fmod((double)(i + 1) * 0.6180339887498949, 1.0);
    s->c[i] = s->lp->c[i] + perturbation * (1 + spread);
    double sign = s->c[i] < 0 ? -1 : 1;
    s->inverse[i * m + i] = s->basis[i * m + i] = sign;
    s->value[i] = fabs(s->c[i]);
    s->h[i] = 0;
    s->artificial[i] = true;
    s->lp->key[i] = CM__NO_KEY;
  }
}

static void multiply(const state *s, const double *v, double *out) {
  for (size_t i = 0; i < s->m; i++) {
    double sum = 0;
    for (size_t k = 0; k < s->m; k++) sum += s->inverse[i * s->m + k] * v[k];
    out[i] = sum;
  }
}

/* p of the present basis: what makes its conditions hold with equality. */
static void price(state *s, bool first_phase) {
  size_t m = s->m;
  double *p = s->lp->p;
  memset(p, 0, m * sizeof *p);
  for (size_t i = 0; i < m; i++) {
    double cost = first_phase ? (double)s->artificial[i] : s->h[i];
    if (cost == 0) continue;
    for (size_t k = 0; k < m; k++) p[k] += cost * s->inverse[i * m + k];
  }
}

/* Gauss and Jordan on [a | inverse], a by rows with 2m columns. */
static bool eliminate(double *a, size_t m) {
  size_t width = 2 * m;
  for (size_t k = 0; k < m; k++) {
    size_t best = k;
    for (size_t i = k + 1; i < m; i++)
      if (fabs(a[i * width + k]) > fabs(a[best * width + k])) best = i;
    if (fabs(a[best * width + k]) < 1e-13) return false;
    for (size_t j = 0; best != k && j < width; j++) {
      double held = a[k * width + j];
      a[k * width + j] = a[best * width + j];
      a[best * width + j] = held;
    }
    double pivot = a[k * width + k];
    for (size_t j = k; j < width; j++) a[k * width + j] /= pivot;
    for (size_t i = 0; i < m; i++) {
      double factor = a[i * width + k];
      if (i == k || factor == 0) continue;
      for (size_t j = k; j < width; j++) a[i * width + j] -= factor * a[k * width + j];
    }
  }
  return true;
}

/* The inverse afresh from the basis, without the rounding of many steps. */
static bool renew(state *s) {
  size_t m = s->m;
  for (size_t i = 0; i < m; i++)
    for (size_t k = 0; k < m; k++) {
      s->work[i * 2 * m + k] = s->basis[k * m + i];
      s->work[i * 2 * m + m + k] = i == k;
    }
  if (!eliminate(s->work, m)) return false;
  for (size_t i = 0; i < m; i++)
    memcpy(s->inverse + i * m, s->work + i * 2 * m + m, m * sizeof *s->inverse);
  multiply(s, s->c, s->value);
  return true;
}

/* The row that leaves, m for none: the first whose multiplier would turn negative,
 * of nearly equal ones that with the largest pivot. Behind the first phase the
 * artificial columns have to stay at 0. */
static size_t leaving(const state *s, bool first_phase) {
  double least = INFINITY, largest = 0;
  size_t row = s->m;
  for (size_t pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < s->m; i++) {
      bool pinned = !first_phase && s->artificial[i];
      double w = pinned ? fabs(s->column[i]) : s->column[i];
      if (w <= PIVOT_MIN) continue;
      double ratio = pinned ? 0 : fmax(0, s->value[i]) / w;
      if (pass == 0) {
        least = fmin(least, (ratio * w + 1e-12) / w);
      } else if (ratio <= least && w > largest) {
        largest = w;
        row = i;
      }
    }
  return row;
}

static void pivot(state *s, size_t row) {
  size_t m = s->m;
  double *lead = s->inverse + row * m, by = s->column[row];
  for (size_t k = 0; k < m; k++) lead[k] /= by;
  s->value[row] /= by;
  for (size_t i = 0; i < m; i++) {
    double factor = s->column[i];
    if (i == row || factor == 0) continue;
    for (size_t k = 0; k < m; k++) s->inverse[i * m + k] -= factor * lead[k];
    s->value[i] -= factor * s->value[row];
  }
  memcpy(s->basis + row * m, s->in.g, m * sizeof *s->basis);
  s->h[row] = s->in.h;
  s->lp->key[row] = s->in.key;
  s->artificial[row] = false;
}

typedef enum phase_end { DONE, NO_ROW, LOST } phase_end;

static cm_status phase(state *s, bool first_phase, phase_end *end, cm_error *err) {
  size_t limit = 2000 + 200 * s->m;
  for (size_t step = 0;; step++) {
    if (step % 32 == 0) {
      cm_status status = cm_job_step(s->lp->job, "linear program", (double)step, 0, err);
      if (status != CM_OK) return status;
    }
    price(s, first_phase);
    double by = s->lp->broken(s->lp->ud, s->lp->p, first_phase ? 0 : 1, &s->in);
    *end = step < limit ? DONE : LOST;
    if (by <= CM__LP_TOLERANCE || step >= limit) return CM_OK;
    multiply(s, s->in.g, s->column);
    size_t row = leaving(s, first_phase);
    *end = NO_ROW;
    if (row == s->m) return CM_OK;
    pivot(s, row);
    *end = LOST;
    if (++s->steps % RENEW_AFTER == 0 && !renew(s)) return CM_OK;
  }
}

/* Whether the multipliers hold without the perturbation. */
static bool settle(state *s) {
  if (!renew(s)) return false;
  price(s, false);
  multiply(s, s->lp->c, s->lp->multiplier);
  for (size_t i = 0; i < s->m; i++) {
    if (s->lp->multiplier[i] < NEGATIVE) return false;
    if (s->lp->multiplier[i] < 0 || s->artificial[i]) s->lp->multiplier[i] = 0;
  }
  return true;
}

/* One try; *again where rounding or the perturbation got in the way. */
static cm_status attempt(state *s, double perturbation, cm__lp_outcome *outcome, bool *again,
                         cm_error *err) {
  phase_end end;
  double left = 0;
  *again = false;
  start(s, perturbation);
  cm_status status = phase(s, true, &end, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < s->m; i++)
    if (s->artificial[i]) left += fabs(s->value[i]);
  *outcome = CM__LP_UNBOUNDED;
  *again = end != DONE;
  if (*again || left > 1e-8 + 10 * perturbation) return CM_OK;
  status = phase(s, false, &end, err);
  if (status != CM_OK) return status;
  *outcome = end == NO_ROW ? CM__LP_INFEASIBLE : CM__LP_OPTIMAL;
  *again = end == LOST || (end == DONE && !settle(s));
  return CM_OK;
}

cm_status cm__lp_solve(cm__lp *lp, cm__lp_outcome *outcome, cm_error *err) {
  state s;
  bool again = true;
  cm_status status = state_new(lp, &s, err);
  if (status != CM_OK) return status;
  for (size_t k = 0; k < TRIES && again; k++)
    CM__TRY(attempt(&s, PERTURBATION[k], outcome, &again, err));
  if (again)
    status =
        cm__fail(err, CM_NOT_CONVERGED,
                 "a linear program of %zu unknowns was not settled in %zu steps", lp->m, s.steps);
done:
  state_free(&s);
  return status;
}

/* ---- conditions in a list ---------------------------------------------------------- */

cm_status cm__conditions_add(cm__conditions *list, const double *g, double h, cm_error *err) {
  if (list->n == list->room) {
    size_t room = list->room ? 2 * list->room : 16, size;
    cm_status status = cm__size3(room, list->m, sizeof *list->g, "conditions", &size, err);
    if (status == CM_OK) status = cm__grow(size, 1, "conditions", &list->g, err);
    if (status == CM_OK) status = cm__grow(room, sizeof *list->h, "conditions", &list->h, err);
    if (status != CM_OK) return status;
    list->room = room;
  }
  double largest = 0, *row = list->g + list->n * list->m;
  for (size_t k = 0; k < list->m; k++) largest = fmax(largest, fabs(g[k]));
  if (largest == 0) largest = 1;
  for (size_t k = 0; k < list->m; k++) row[k] = g[k] / largest;
  list->h[list->n++] = h / largest;
  return CM_OK;
}

double cm__conditions_broken(void *ud, const double *p, double f, cm__condition *out) {
  const cm__conditions *list = ud;
  double most = 0;
  size_t which = 0;
  for (size_t i = 0; i < list->n; i++) {
    double by = -f * list->h[i];
    for (size_t k = 0; k < list->m; k++) by += list->g[i * list->m + k] * p[k];
    if (by > most) {
      most = by;
      which = i;
    }
  }
  if (most > 0) {
    memcpy(out->g, list->g + which * list->m, list->m * sizeof *out->g);
    out->h = list->h[which];
    out->key = which;
  }
  return most;
}
