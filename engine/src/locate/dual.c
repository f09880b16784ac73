/* Deflected subgradients with Polyak's step (Camerini, Fratta and Maffioli 1975; Held, Wolfe and
 * Crowder 1974). */
#include "locate/dual.h"

#include <math.h>
#include <string.h>

cm_status cm__dual_new(cm__relax *r, cm__dual **out, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  static const char what[] = "bound of a placement";
  cm__dual *d = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *d, what, &d, err));
  d->r = r;
  CM__TRY(cm__alloc(5 * r->multipliers, sizeof *d->best, what, &d->best, err));
  d->at = d->best + r->multipliers;
  d->slope = d->at + r->multipliers;
  d->direction = d->slope + r->multipliers;
  d->unit = d->direction + r->multipliers;
  CM__TRY(cm__alloc(r->multipliers, sizeof *d->side, what, &d->side, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *d->share_open, what, &d->share_open, err));
  CM__TRY(cm__alloc(r->states, sizeof *d->share_state, what, &d->share_state, err));
  cm__relax_sides(r, d->side);
  cm__relax_units(r, d->unit);
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

/* Multipliers are kept in single precision, so that those that are recorded are the same. */
static double project(int side, double x) {
  return (side > 0 && x < 0) || (side < 0 && x > 0) ? 0 : (double)(float)x;
}

/* One step from d->at; false where the slope is zero. What a multiplier prices comes to no more
 * than `limit`: beyond it sums would lose the value in rounding. */
static bool step(cm__dual *d, double length, double limit) {
  double norm = 0;
  for (size_t k = 0; k < d->r->multipliers; k++) {
    double x = 0.3 * d->slope[k] / d->unit[k] + 0.7 * d->direction[k];
    if ((d->side[k] > 0 && d->at[k] <= 0 && x < 0) || (d->side[k] < 0 && d->at[k] >= 0 && x > 0))
      x = 0;
    d->direction[k] = x;
    norm += x * x;
  }
  if (!(norm > 1e-24)) return false;
  for (size_t k = 0; k < d->r->multipliers; k++) {
    double x = d->at[k] + length / norm * d->direction[k] / d->unit[k];
    d->at[k] = project(d->side[k], fmin(fmax(x, -limit / d->unit[k]), limit / d->unit[k]));
  }
  return true;
}

double cm__dual_climb(cm__dual *d, const cm__view *v, const cm__climb *how,
                      bool (*look)(void *context, size_t step), void *context) {
  size_t bytes = d->r->multipliers * sizeof *d->at, stalled = 0;
  double factor = 1, target = how->target;
  memcpy(d->at, d->best, bytes);
  memset(d->direction, 0, bytes);
  d->best_value = -HUGE_VAL;
  for (size_t k = 0; k < how->steps && factor > how->least; k++) {
    double value = cm__relax_value(d->r, v, d->at);
    if (!(value < HUGE_VAL)) return d->best_value = HUGE_VAL;
    d->work += d->r->size;
    average(d, k ? 0.9 : 0);
    if (value > d->best_value + 1e-7 * fmax(1, fabs(d->best_value))) stalled = 0;
    if (value > d->best_value) {
      d->best_value = value;
      memcpy(d->best, d->at, bytes);
    }
    if (value >= how->enough) return value;
    if (++stalled > how->patience) {
      stalled = 0, factor *= how->cut;
      memcpy(d->at, d->best, bytes);
    }
    if (look && !look(context, k)) break;
    cm__relax_slope(d->r, d->at, d->slope);
    if (!(target - d->best_value > 0)) target = d->best_value + 0.05 * fmax(1, fabs(value));
    double length = factor * fmin(target - value, 2 * (target - d->best_value));
    if (!step(d, length, 1e4 * fmax(1, fabs(target)))) break;
  }
  return cm__relax_value(d->r, v, d->best);
}

bool cm__dual_refutes(cm__dual *d, const cm__view *v, size_t steps) {
  cm__climb how = {.steps = steps, .patience = 12, .cut = 0.7, .least = 1e-2};
  double size = 1;
  d->r->costless = true;
  how.target = 1, how.enough = 0.5;
  double value = cm__dual_climb(d, v, &how, NULL, NULL);
  d->r->costless = false;
  for (size_t k = 0; k < d->r->multipliers; k++) size += fabs(d->best[k]) * d->unit[k];
  return value > 1e-8 * size;
}
