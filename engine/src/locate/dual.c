/* The volume algorithm (Barahona and Anbil 2000): steps from the best multipliers known, along a
 * mean of the slopes met so far that gives the latest little weight. */
#include "locate/dual.h"

#include <math.h>
#include <string.h>

#include "locate/wide.h"

/* Prices of volumes and rules fall on many stages at once, so their steps are shorter: the size of
 * what each prices becomes half the norm of what the stages can take of it. */
static cm_status scale(cm__dual *d, cm_error *err) {
  const cm__relax *r = d->r;
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  double *most = NULL, *square = NULL;
  size_t first = r->pairs, last = r->pairs + r->prices;
  cm_status status;
  CM__TRY(cm__alloc(last, sizeof *most, "bound of a placement", &most, err));
  CM__TRY(cm__alloc(last, sizeof *square, "bound of a placement", &square, err));
  for (size_t s = 0; s < q->stages; s++) {
    for (size_t k = first; k < last; k++) most[k] = 0;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
        size_t price = r->volume_multiplier[q->need[k].facility];
        if (price != CM_NONE) most[price] = fmax(most[price], q->need[k].volume);
      }
      for (size_t k = p->entry_begin[o]; k < p->entry_begin[o + 1]; k++) {
        size_t price = r->rule_multiplier[q->option_entry[k].measure];
        if (price != CM_NONE) most[price] = fmax(most[price], fabs(q->option_entry[k].value));
      }
    }
    for (size_t k = first; k < last; k++) square[k] += most[k] * most[k];
  }
  for (size_t k = first; k < last; k++)
    if (square[k] > 0) d->unit[k] = sqrt(square[k]) / 2;
done:
  cm__free(most);
  cm__free(square);
  return status;
}

cm_status cm__dual_new(cm__relax *r, cm__dual **out, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  static const char what[] = "bound of a placement";
  cm__dual *d = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *d, what, &d, err));
  d->r = r;
  CM__TRY(cm__alloc(8 * r->room, sizeof *d->best, what, &d->best, err));
  d->at = d->best + r->room;
  d->slope = d->at + r->room;
  d->direction = d->slope + r->room;
  d->unit = d->direction + r->room;
  d->per = d->unit + r->room, d->low = d->per + r->room, d->high = d->low + r->room;
  CM__TRY(cm__alloc(r->room, sizeof *d->side, what, &d->side, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *d->share_open, what, &d->share_open, err));
  CM__TRY(cm__alloc(r->states, sizeof *d->share_state, what, &d->share_state, err));
  cm__relax_sides(r, d->side);
  cm__relax_units(r, d->unit);
  CM__TRY(scale(d, err));
  for (size_t k = 0; k < r->room; k++) {
    d->per[k] = 1 / d->unit[k];
    d->low[k] = d->side[k] > 0 ? 0 : -d->per[k], d->high[k] = d->side[k] < 0 ? 0 : d->per[k];
  }
  *out = d;
  d = NULL;
done:
  cm__dual_release(d);
  return status;
}

void cm__dual_release(cm__dual *d) {
  if (!d) return;
  cm__free(d->best);
  cm__free(d->side);
  cm__free(d->share_open);
  cm__free(d->share_state);
  cm__free(d);
}

/* Running shares of what the relaxation chooses: what a fractional solution would say. */
static void average(cm__dual *d, double keep) {
  const cm__relax *r = d->r;
  for (size_t f = 0; f < r->p->parts.facilities; f++)
    d->share_open[f] = keep * d->share_open[f] + (r->open[f] ? 1 - keep : 0);
  for (size_t i = 0; i < r->states; i++) d->share_state[i] *= keep;
  for (size_t b = 0; b < r->blocks; b++)
    d->share_state[r->first_state[b] + r->chosen_state[b]] += 1 - keep;
}

/* ---- steps -------------------- */

#define SUM(x) (((x)[0] + (x)[1]) + ((x)[2] + (x)[3]))

/* The square of a direction x where it may be followed from a multiplier m; else 0. */
static inline double follow(double x, double m, double low, double high) {
  return (x < 0 && m > low) || (x > 0 && m < high) ? x * x : 0;
}

/* The square of the norm of the direction that may be followed from the best multipliers. */
WIDE static double norm_of(size_t n, const double *direction, const double *best, const double *low,
                           const double *high, double limit) {
  cm__wide sum = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    cm__wide x = WIDE_AT(direction, i), m = WIDE_AT(best, i);
    cm__mask down = (x < 0) & (m > limit * WIDE_AT(low, i)),
             up = (x > 0) & (m < limit * WIDE_AT(high, i));
    sum += (cm__wide)((cm__mask)(x * x) & (down | up));
  }
  double total = SUM(sum);
  for (; i < n; i++) total += follow(direction[i], best[i], limit * low[i], limit * high[i]);
  return total;
}

/* What a multiplier prices comes to no more than `limit`: beyond it sums would lose the value in
 * rounding. Multipliers are kept in single precision, so that those that are recorded are the
 * same. */
WIDE static void step(size_t n, const double *best, double length, const double *direction,
                      const double *per, const double *low, const double *high, double limit,
                      double *restrict at) {
  for (size_t k = 0; k < n; k++) {
    double x = best[k] + length * direction[k] * per[k];
    x = GREATER(x, limit * low[k]);
    x = LESSER(x, limit * high[k]);
    at[k] = (double)(float)x;
  }
}

WIDE static void multiply(size_t n, const double *by, double *restrict x) {
  for (size_t k = 0; k < n; k++) x[k] *= by[k];
}

static void find_slope(cm__dual *d, double *slope) {
  cm__relax_slope(d->r, d->at, slope);
  multiply(d->r->multipliers, d->per, slope);
}

typedef struct products {
  double gg, gw, ww;
} products;

WIDE static products multiply_all(size_t n, const double *g, const double *w) {
  cm__wide gg = {0}, gw = {0}, ww = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    cm__wide x = WIDE_AT(g, i), y = WIDE_AT(w, i);
    gg += x * x, gw += x * y, ww += y * y;
  }
  products p = {SUM(gg), SUM(gw), SUM(ww)};
  for (; i < n; i++) p.gg += g[i] * g[i], p.gw += g[i] * w[i], p.ww += w[i] * w[i];
  return p;
}

WIDE static void approach(size_t n, double share, const double *to, double *restrict x) {
  for (size_t k = 0; k < n; k++) x[k] += share * (to[k] - x[k]);
}

/* Mixes the slope into the direction so that it is short, with a weight of at most `most`; whether
 * the two agree. */
static bool mix(cm__dual *d, double most) {
  products p = multiply_all(d->r->multipliers, d->slope, d->direction);
  double apart = p.gg - 2 * p.gw + p.ww, share = apart > 0 ? (p.ww - p.gw) / apart : most;
  share = fmin(most, fmax(share, most / 10));
  approach(d->r->multipliers, share, d->slope, d->direction);
  return p.gw >= 0;
}

double cm__dual_climb(cm__dual *d, const cm__view *v, cm__climb *how,
                      bool (*look)(void *context, size_t step), void *context) {
  size_t n = d->r->multipliers, bytes = n * sizeof *d->at, stalled = 0;
  double factor = 0.1, weight = 0.1, before = -HUGE_VAL;
  memcpy(d->at, d->best, bytes);
  d->best_value = cm__relax_value(d->r, v, d->at);
  if (!(d->best_value < HUGE_VAL)) return HUGE_VAL;
  average(d, 0);
  find_slope(d, d->direction);
  double limit = 1e4 * fmax(fmax(1, fabs(d->best_value)),
                            fabs(how->target) < HUGE_VAL ? fabs(how->target) : 0);
  for (size_t k = 0; k < how->steps && factor > how->least; k++) {
    if (d->best_value >= how->enough || (look && !look(context, k))) break;
    double norm = norm_of(n, d->direction, d->best, d->low, d->high, limit),
           size = fmax(1, fabs(d->best_value)), reach = how->target - d->best_value;
    if (!(norm > 1e-24)) break;
    double length = factor * (reach > 0 ? fmax(reach, 0.0005 * size) : 0.02 * size) / norm;
    step(n, d->best, length, d->direction, d->per, d->low, d->high, limit, d->at);
    double value = cm__relax_value(d->r, v, d->at);
    d->work += d->r->size;
    if (!(value < HUGE_VAL)) return d->best_value = HUGE_VAL;
    average(d, 0.9);
    find_slope(d, d->slope);
    bool along = mix(d, weight);
    if (value > d->best_value) {
      d->best_value = value, stalled = 0;
      memcpy(d->best, d->at, bytes);
      if (along) factor = fmin(2, 1.1 * factor);
    } else if (++stalled >= how->patience) {
      stalled = 0, factor *= 0.66;
    }
    if (k % 100 < 99) continue;
    if (d->best_value < before + 0.01 * fabs(before)) weight = fmax(2e-3, weight / 2);
    before = d->best_value;
  }
  return cm__relax_value(d->r, v, d->best);
}

/* The direction shortened by the slope, and by what the sides leave free; its norm (Gilbert 1966).
 * Of multipliers from first to last - 1. */
static double shorten(cm__dual *d, size_t first, size_t last) {
  double along = 0, apart = 0, norm = 0;
  for (size_t k = first; k < last; k++) {
    double w = d->direction[k], x = w - d->slope[k];
    along += w * x, apart += x * x;
  }
  double share = apart > 0 ? fmin(1, fmax(0, along / apart)) : 0;
  for (size_t k = first; k < last; k++) {
    double x = d->direction[k] + share * (d->slope[k] - d->direction[k]);
    if ((d->side[k] > 0 && x < 0) || (d->side[k] < 0 && x > 0)) x = 0;
    d->direction[k] = x;
    norm += x * x;
  }
  return sqrt(norm);
}

/* Whether multipliers from first to last - 1 alone prove it; from d->at on. */
static bool refutes(cm__dual *d, const cm__view *v, size_t steps, size_t first, size_t last) {
  const cm__relax *r = d->r;
  for (size_t k = 0; k < steps; k++) {
    if (k % 8 == 7 && r->stop && r->stop(r->context)) return false;
    double value = cm__relax_value(d->r, v, d->at), size = 1;
    d->work += d->r->size;
    for (size_t j = 0; j < d->r->multipliers; j++) size += fabs(d->at[j]) * d->unit[j];
    average(d, k ? 0.9 : 0);
    if (value > 1e-8 * size) return true;
    find_slope(d, d->slope);
    if (!k) memcpy(d->direction, d->slope, d->r->multipliers * sizeof *d->slope);
    double norm = shorten(d, first, last);
    if (!(norm > 1e-9)) return false;
    for (size_t j = first; j < last; j++)
      d->at[j] = (double)(float)(d->direction[j] / norm * d->per[j]);
  }
  return false;
}

bool cm__dual_refutes(cm__dual *d, const cm__view *v, size_t steps) {
  const cm__relax *r = d->r;
  size_t bytes = r->multipliers * sizeof *d->at, few = r->pairs, most = r->pairs + r->prices;
  d->r->costless = true;
  memset(d->at, 0, bytes);
  bool refuted = refutes(d, v, steps, few, most);
  if (!refuted) {
    memcpy(d->at, d->best, bytes);
    refuted = refutes(d, v, steps, 0, r->multipliers);
  }
  memcpy(d->best, d->at, bytes);
  d->r->costless = false;
  return refuted;
}
