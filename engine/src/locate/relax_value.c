/* The value of the relaxation: forest, loose links, facilities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/minplus.h"
#include "locate/relax.h"

/* ---- what is left at a node ---------------------------------------------------------------- */

bool cm__relax_enter(cm__relax *r, const cm__view *v) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  memset(r->live_pair, 0, r->pairs * sizeof *r->live_pair);
  for (size_t f = 0; f < q->facilities; f++) r->most[f] = 0, r->live[f] = false;
  for (size_t y = 0; y < r->families; y++) r->demand[y] = 0;
  double *most = r->work;
  size_t left = 0;
  for (size_t f = 0; f < q->facilities; f++) most[f] = 0;
  for (size_t s = 0; s < q->stages; s++) {
    bool any = false;
    double *least = r->work + (r->states > q->facilities ? r->states : q->facilities);
    for (size_t y = 0; y < r->families; y++) least[y] = HUGE_VAL;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      if (!v->allowed[o] || r->state[o] == CM_NONE) continue;
      any = true, r->left->option[left++] = o;
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
        size_t f = q->need[k].facility;
        double volume = 0;
        for (size_t j = k; j < p->need_begin[o + 1]; j++)
          if (q->need[j].facility == f) volume += q->need[j].volume;
        most[f] = fmax(most[f], volume);
        r->live[f] = true;
        if (r->pair[k] != CM_NONE) r->live_pair[r->pair[k]] = true;
      }
      for (size_t y = 0; y < r->families; y++) {
        double volume = 0;
        for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
          if (r->family[q->need[k].facility] == y) volume += q->need[k].volume;
        least[y] = fmin(least[y], volume);
      }
    }
    if (!any) return false;
    r->left->option_begin[s + 1] = left;
    for (size_t y = 0; y < r->families; y++) r->demand[y] += least[y];
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
        size_t f = q->need[k].facility;
        r->most[f] += most[f], most[f] = 0;
      }
  }
  for (size_t f = q->facilities; f-- > 0;) {
    r->most[f] = fmin(r->most[f], q->facility[f].capacity);
    if (v->facility[f] == 1) r->live[f] = true;
    if (v->facility[f] == 0) r->live[f] = false;
    if (r->live[f] && q->facility[f].parent != CM_NONE) r->live[q->facility[f].parent] = true;
  }
  return (!r->homes || cm__homes_enter(r, v)) && cm__left_enter(r);
}

/* ---- prices of options -------------------- */

static double rule_price(const cm__relax *r, const double *m, size_t measure) {
  if (measure == 0) return r->costless ? 0 : r->sign;
  return r->rule_multiplier[measure] == CM_NONE ? 0 : m[r->rule_multiplier[measure]];
}

static void price_options(cm__relax *r, const double *m) {
  const cm_locate_parts *q = &r->p->parts;
  const cm__left *x = r->left;
  const double whole = r->costless ? 0 : 1;
  for (size_t i = 0; i < x->option_begin[q->stages]; i++) {
    size_t o = x->option[i];
    double price = r->weight * q->cost[o] + whole * x->own[o];
    for (size_t k = x->term_begin[o]; k < x->term_begin[o + 1]; k++)
      price += x->by[k] * m[x->term[k]];
    r->own[o] = price;
  }
}

/* The least of each stage in each state, and their sums over the stages of a block. */
static void gather(cm__relax *r) {
  const cm_locate_parts *q = &r->p->parts;
  const cm__left *x = r->left;
  for (size_t b = 0; b < r->blocks; b++)
    for (size_t i = r->first_state[b]; i < r->first_state[b] + x->count[b]; i++) {
      double inner = r->inner[x->state[i]];
      r->base[i] = inner < HUGE_VAL ? r->weight * inner : HUGE_VAL;
    }
  for (size_t s = 0; s < q->stages; s++) {
    size_t n = x->count[r->block[s]];
    double *best = r->best_own + r->slot[s], *base = r->base + r->first_state[r->block[s]];
    size_t *option = r->best_option + r->slot[s];
    for (size_t i = 0; i < n; i++) best[i] = HUGE_VAL;
    for (size_t k = x->option_begin[s]; k < x->option_begin[s + 1]; k++) {
      size_t o = x->option[k], i = x->number[k];
      if (r->own[o] < best[i]) best[i] = r->own[o], option[i] = o;
    }
    for (size_t i = 0; i < n; i++) base[i] += best[i];
  }
}

/* ---- the forest -------------------- */

/* States by their numbers among those counted at the ends of link k. */
static double link_cost(const cm__relax *r, size_t k, size_t i, size_t j) {
  const cm__relax_link *l = &r->links[k];
  double x = r->left->cost[k][i * r->left->count[l->b] + j];
  if (l->bond && r->homes) {
    const size_t *home = r->homes->state_home, *state = r->left->state;
    size_t from = state[r->first_state[l->a] + i], to = state[r->first_state[l->b] + j];
    if (home[from] != CM_NONE && home[to] == home[from]) {
      from -= r->first_state[l->a], to -= r->first_state[l->b];
      x = l->cost[from * (r->first_state[l->b + 1] - r->first_state[l->b]) + to];
      return x < HUGE_VAL ? x * r->weight * l->scale + l->bond[home[from]] : HUGE_VAL;
    }
  }
  return x < HUGE_VAL ? x * (r->weight * l->scale) : HUGE_VAL;
}

/* Adds the pairs of states at one home to what has passed without them. */
static void pass_homes(const cm__relax *r, size_t k, const double *value, double *out) {
  const cm__homes *h = r->homes;
  const cm__relax_link *l = &r->links[k];
  for (size_t y = 0; h && y < h->homes; y++) {
    size_t i = h->state[l->a * h->homes + y], j = h->state[l->b * h->homes + y];
    if (i == CM_NONE || j == CM_NONE) continue;
    i = r->left->at[i], j = r->left->at[j];
    if (i == CM_NONE || j == CM_NONE) continue;
    if (value[i] < HUGE_VAL) out[j] = fmin(out[j], value[i] + link_cost(r, k, i, j));
  }
}

/* out[j] = min over i of value[i] + what link k costs from i to j, whatever the weight. */
static void pass_link(const cm__relax *r, size_t k, const double *value, double *out) {
  const cm__relax_link *l = &r->links[k];
  size_t n = r->left->count[l->a], width = r->left->count[l->b];
  if (r->weight > 0) {
    cm__min_plus(value, r->left->cost[k], r->weight * l->scale, n, width, out);
    if (l->bond) pass_homes(r, k, value, out);
    return;
  }
  for (size_t j = 0; j < width; j++) {
    out[j] = HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
      double x = link_cost(r, k, i, j);
      if (x < HUGE_VAL && value[i] < HUGE_VAL) out[j] = fmin(out[j], value[i] + x);
    }
  }
}

static size_t least(const double *value, size_t n) {
  size_t best = 0;
  for (size_t i = 1; i < n; i++)
    if (value[i] < value[best]) best = i;
  return best;
}

/* The best state at the first end of link k, by `value`, with state j at the second. */
static size_t least_with(const cm__relax *r, size_t k, const double *value, size_t j) {
  size_t n = r->left->count[r->links[k].a], best = 0;
  double least_sum = HUGE_VAL;
  for (size_t i = 0; i < n; i++) {
    double x = value[i];
    if (x < HUGE_VAL) x += link_cost(r, k, i, j);
    if (x < least_sum) least_sum = x, best = i;
  }
  return best;
}

static double forest_value(cm__relax *r) {
  double total = 0;
  memcpy(r->sum, r->base, r->states * sizeof *r->sum);
  for (size_t k = 0; k < r->forest; k++) {
    const cm__relax_link *l = &r->links[k];
    double *out = r->message + r->passed[k], *to = r->sum + r->first_state[l->b];
    pass_link(r, k, r->sum + r->first_state[l->a], out);
    for (size_t j = 0; j < r->left->count[l->b]; j++) to[j] += out[j];
  }
  for (size_t b = 0; b < r->blocks; b++) r->picked[b] = 0;
  for (size_t k = 0; k < r->forest; k++) r->picked[r->links[k].a] = CM_NONE;
  for (size_t b = 0; b < r->blocks; b++) {
    if (r->picked[b] == CM_NONE) continue;
    r->picked[b] = least(r->sum + r->first_state[b], r->left->count[b]);
    total += r->sum[r->first_state[b] + r->picked[b]];
  }
  return total;
}

/* Reads the choice off the sums, from the roots on. */
static void trace(cm__relax *r) {
  const cm_locate_parts *q = &r->p->parts;
  for (size_t k = r->forest; k-- > 0;) {
    const cm__relax_link *l = &r->links[k];
    r->picked[l->a] = least_with(r, k, r->sum + r->first_state[l->a], r->picked[l->b]);
  }
  for (size_t b = 0; b < r->blocks; b++)
    r->chosen_state[b] = r->left->state[r->first_state[b] + r->picked[b]] - r->first_state[b];
  for (size_t s = 0; s < q->stages; s++)
    r->chosen[s] = r->best_option[r->slot[s] + r->picked[r->block[s]]];
}

/* ---- loose links -------------------- */

/* The copies' multipliers are paid at the blocks and earned here. */
static double loose_value(cm__relax *r, const double *m) {
  double total = 0, *from = r->work, *out = r->work + r->states;
  for (size_t k = r->forest; k < r->forest + r->loose; k++) {
    cm__relax_link *l = &r->links[k];
    size_t i0 = r->first_state[l->a], n = r->left->count[l->a];
    size_t j0 = r->first_state[l->b], width = r->left->count[l->b];
    const size_t *a = r->left->state + i0, *b = r->left->state + j0;
    const double *alpha = m + l->multiplier, *beta = alpha + (r->first_state[l->a + 1] - i0);
    for (size_t i = 0; i < n; i++)
      from[i] = r->base[i0 + i] < HUGE_VAL ? -alpha[a[i] - i0] : HUGE_VAL;
    pass_link(r, k, from, out);
    for (size_t j = 0; j < width; j++)
      out[j] = r->base[j0 + j] < HUGE_VAL ? out[j] - beta[b[j] - j0] : HUGE_VAL;
    size_t to = least(out, width);
    total += out[to];
    l->state_b = b[to] - j0;
    l->state_a = a[least_with(r, k, from, to)] - i0;
  }
  return total;
}

static void pay_copies(cm__relax *r, const double *m) {
  for (size_t k = r->forest; k < r->forest + r->loose; k++) {
    const cm__relax_link *l = &r->links[k];
    size_t i0 = r->first_state[l->a], j0 = r->first_state[l->b];
    const size_t *a = r->left->state + i0, *b = r->left->state + j0;
    const double *alpha = m + l->multiplier, *beta = alpha + (r->first_state[l->a + 1] - i0);
    for (size_t i = 0; i < r->left->count[l->a]; i++) r->base[i0 + i] += alpha[a[i] - i0];
    for (size_t j = 0; j < r->left->count[l->b]; j++) r->base[j0 + j] += beta[b[j] - j0];
  }
}

/* ---- facilities -------------------- */

/* The least that the volume of facility f costs less what it earns, once f is open. */
static double price_volume(cm__relax *r, size_t f, const double *m) {
  const cm_locate_parts *q = &r->p->parts;
  const cm_locate_facility *y = &q->facility[f];
  r->volume[f] = 0;
  if (r->volume_multiplier[f] == CM_NONE) return 0;
  double mu = m[r->volume_multiplier[f]], best = 0;
  for (size_t k = 0; k <= y->points; k++) {
    double at = r->most[f];
    if (k < y->points) at = fmin(at, q->point[y->first_point + k].volume);
    double cost = y->points ? cm__facility_cost(q, f, at) - y->fixed : 0;
    double x = r->weight * cost - mu * at;
    if (x < best) best = x, r->volume[f] = at;
  }
  return best;
}

typedef struct knapsack {
  const double *weight, *size; /* items in the order of weight / size */
  size_t items, steps;
  double best;
  bool *taken, *kept;
} knapsack;

/* Takes items from i on until `need` is covered, at the least weight (Horowitz and Sahni 1974). */
static void cover(knapsack *k, size_t i, double need, double spent) {
  if (need <= 0) {
    if (spent < k->best) k->best = spent, memcpy(k->kept, k->taken, k->items * sizeof *k->kept);
    return;
  }
  double bound = spent, left = need;
  size_t j = i;
  for (; j < k->items && left > k->size[j]; j++) bound += k->weight[j], left -= k->size[j];
  if (j == k->items || bound + k->weight[j] * left / k->size[j] >= k->best || !k->steps) return;
  k->steps--;
  k->taken[i] = true;
  cover(k, i + 1, need - k->size[i], spent + k->weight[i]);
  k->taken[i] = false;
  cover(k, i + 1, need, spent);
}

typedef struct item {
  size_t facility;
  double ratio;
} item;

static int by_ratio(const void *x, const void *y) {
  const item *a = x, *b = y;
  if (a->ratio != b->ratio) return a->ratio < b->ratio ? -1 : 1;
  return (a->facility > b->facility) - (a->facility < b->facility);
}

enum { most_items = 256 };

/* Facilities of a family that must cover its demand: what they cost together. Where the search for
 * the best is too long, the bound of its linear relaxation. */
static double family_value(cm__relax *r, const cm__view *v, size_t family) {
  double need = r->demand[family] * (1 - 1e-12), total = 0, size[most_items], weight[most_items];
  bool taken[most_items] = {false}, kept[most_items] = {false};
  item list[most_items];
  size_t n = 0;
  for (size_t k = 0; k < r->left->facilities; k++) {
    size_t f = r->left->facility[k];
    if (r->family[f] != family || !r->live[f]) continue;
    r->open[f] = v->facility[f] == 1 || r->reduced[f] < 0;
    if (r->open[f])
      total += r->reduced[f], need -= r->most[f];
    else if (r->most[f] > 0 && n < most_items)
      list[n++] = (item){f, r->reduced[f] / r->most[f]};
    else if (r->most[f] > 0)
      need = 0; /* too many to ask for a cover */
  }
  if (need <= 0) return total;
  qsort(list, n, sizeof *list, by_ratio);
  double left = need, linear = 0;
  for (size_t k = 0; k < n; k++) {
    size[k] = r->most[list[k].facility], weight[k] = r->reduced[list[k].facility];
    linear += weight[k] * fmin(1, fmax(left, 0) / size[k]);
    left -= size[k];
  }
  if (left > 1e-9 * fmax(1, r->demand[family])) return HUGE_VAL;
  knapsack all = {weight, size, n, 20000, HUGE_VAL, taken, kept};
  cover(&all, 0, need, 0);
  for (size_t k = 0; k < n; k++) r->open[list[k].facility] = kept[k];
  return total + (all.steps && all.best < HUGE_VAL ? all.best : linear);
}

/* Which facilities are open at the least cost; it. */
static double open_facilities(cm__relax *r, const cm__view *v) {
  const cm_locate_parts *q = &r->p->parts;
  double total = 0;
  for (size_t k = 0; k < r->left->facilities; k++) {
    size_t f = r->left->facility[k], parent = q->facility[f].parent;
    r->open[f] = v->facility[f] == 1 || r->reduced[f] < 0;
    if (parent != CM_NONE)
      r->open[f] = r->open[f] && r->open[parent];
    else if (r->family[f] == CM_NONE && r->open[f])
      total += r->reduced[f];
  }
  for (size_t y = 0; y < r->families; y++) total += r->covered[y] = family_value(r, v, y);
  return total;
}

/* Dependents of what only the cover opened. */
static void open_dependents(cm__relax *r, const cm__view *v) {
  const cm_locate_parts *q = &r->p->parts;
  for (size_t k = 0; k < r->left->facilities; k++) {
    size_t f = r->left->facility[k], parent = q->facility[f].parent;
    if (parent != CM_NONE)
      r->open[f] = r->open[parent] && (v->facility[f] == 1 || r->reduced[f] < 0);
  }
}

static double facility_value(cm__relax *r, const cm__view *v, const double *m) {
  const cm_locate_parts *q = &r->p->parts;
  double total = 0;
  for (size_t f = 0; f < q->facilities; f++) r->reduced[f] = 0;
  for (size_t k = 0; k < q->facility_entries; k++)
    r->reduced[q->facility_entry[k].index] +=
        rule_price(r, m, q->facility_entry[k].measure) * q->facility_entry[k].value;
  for (size_t i = 0; i < r->left->pairs; i++) {
    size_t k = r->left->pair[i];
    r->reduced[r->pair_facility[k]] -= m[k];
  }
  for (size_t k = r->left->facilities; k-- > 0;) {
    size_t f = r->left->facility[k], parent = q->facility[f].parent;
    r->reduced[f] += r->weight * q->facility[f].fixed;
    if (parent != CM_NONE || !cm__relax_housed(r, f)) r->reduced[f] += price_volume(r, f, m);
    if (cm__relax_housed(r, f)) continue;
    if (parent != CM_NONE && (v->facility[f] == 1 || r->reduced[f] < 0))
      r->reduced[parent] += r->reduced[f];
  }
  if (r->homes) cm__homes_bound(r, v, m);
  do {
    total = open_facilities(r, v);
  } while (r->homes && cm__homes_solve(r, false));
  if (r->families) open_dependents(r, v);
  if (r->homes) cm__homes_open(r, v);
  return total;
}

double cm__relax_probe(cm__relax *r, const cm__view *v, size_t f, bool open) {
  const cm_locate_parts *q = &r->p->parts;
  signed char was = v->facility[f];
  size_t y = r->family[f];
  if (!r->live[f] || q->facility[f].parent != CM_NONE || was >= 0) return 0;
  if (y == CM_NONE) return open ? fmax(0, r->reduced[f]) : fmax(0, -r->reduced[f]);
  v->facility[f] = open;
  r->live[f] = open;
  double after = family_value(r, v, y);
  v->facility[f] = was;
  r->live[f] = true;
  (void)family_value(r, v, y); /* opens what it did */
  return fmax(0, after - r->covered[y]);
}

/* ---- whole -------------------- */

double cm__relax_value(cm__relax *r, const cm__view *v, const double *m) {
  const cm_locate_parts *q = &r->p->parts;
  double total = 0;
  r->weight = r->costless ? 0 : r->sign * q->weight[0];
  for (size_t k = 1; k < q->measures; k++) {
    if (r->rule_multiplier[k] == CM_NONE) continue;
    double x = m[r->rule_multiplier[k]];
    if (q->weight[k] != 0) r->weight += x * q->weight[k];
    if (x != 0) total -= x * (x > 0 ? q->upper[k] : q->lower[k]);
  }
  if (r->homes)
    memcpy(r->homes->bond, m + r->first_bond,
           (r->multipliers - r->first_bond) * sizeof *r->homes->bond);
  price_options(r, m);
  gather(r);
  total += loose_value(r, m);
  pay_copies(r, m);
  total += forest_value(r);
  r->value = HUGE_VAL;
  if (!(total < HUGE_VAL)) return HUGE_VAL;
  trace(r);
  r->value = total + facility_value(r, v, m);
  return r->value;
}

/* ---- the subgradient -------------------- */

/* The cost of what attains the value, for rules on cost. */
static double cost_of(const cm__relax *r) {
  const cm_locate_parts *q = &r->p->parts;
  double total = 0;
  for (size_t s = 0; s < q->stages; s++) total += q->cost[r->chosen[s]];
  for (size_t b = 0; b < r->blocks; b++) total += r->inner[r->first_state[b] + r->chosen_state[b]];
  for (size_t k = 0; k < r->forest + r->loose; k++) {
    const cm__relax_link *l = &r->links[k];
    size_t width = r->first_state[l->b + 1] - r->first_state[l->b];
    bool loose = k >= r->forest;
    size_t i = loose ? l->state_a : r->chosen_state[l->a],
           j = loose ? l->state_b : r->chosen_state[l->b];
    total += l->scale * l->cost[i * width + j];
  }
  for (size_t f = 0; f < q->facilities; f++)
    if (r->open[f]) total += cm__facility_cost(q, f, r->volume[f]);
  return total;
}

static void slope_of_rules(cm__relax *r, const double *m, double *slope) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  double cost = r->cost_in_rules ? cost_of(r) : 0;
  for (size_t k = 1; k < q->measures; k++)
    if (r->rule_multiplier[k] != CM_NONE) slope[r->rule_multiplier[k]] = q->weight[k] * cost;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t k = p->entry_begin[r->chosen[s]]; k < p->entry_begin[r->chosen[s] + 1]; k++) {
      size_t rule = r->rule_multiplier[q->option_entry[k].measure];
      if (rule != CM_NONE) slope[rule] += q->option_entry[k].value;
    }
  for (size_t k = 0; k < q->facility_entries; k++) {
    size_t rule = r->rule_multiplier[q->facility_entry[k].measure];
    if (rule != CM_NONE && r->open[q->facility_entry[k].index])
      slope[rule] += q->facility_entry[k].value;
  }
  for (size_t k = 1; k < q->measures; k++) {
    size_t rule = r->rule_multiplier[k];
    if (rule == CM_NONE) continue;
    double x = slope[rule];
    if (m[rule] > 0 || (m[rule] == 0 && x > q->upper[k]))
      slope[rule] = x - q->upper[k];
    else if (m[rule] < 0 || x < q->lower[k])
      slope[rule] = x - q->lower[k];
    else
      slope[rule] = 0;
  }
}

void cm__relax_slope(cm__relax *r, const double *m, double *slope) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  memset(slope, 0, r->multipliers * sizeof *slope);
  for (size_t i = 0; i < r->left->pairs; i++) {
    size_t k = r->left->pair[i];
    if (r->open[r->pair_facility[k]]) slope[k] = -1;
  }
  if (r->homes) cm__homes_slope(r, slope);
  for (size_t k = 0; k < r->left->facilities; k++) {
    size_t f = r->left->facility[k];
    if (r->volume_multiplier[f] != CM_NONE && r->open[f])
      slope[r->volume_multiplier[f]] = -r->volume[f];
  }
  for (size_t s = 0; s < q->stages; s++)
    for (size_t k = p->need_begin[r->chosen[s]]; k < p->need_begin[r->chosen[s] + 1]; k++) {
      size_t f = q->need[k].facility;
      if (r->pair[k] != CM_NONE) slope[r->pair[k]] += 1;
      if (r->volume_multiplier[f] != CM_NONE) slope[r->volume_multiplier[f]] += q->need[k].volume;
    }
  slope_of_rules(r, m, slope);
  for (size_t k = r->forest; k < r->forest + r->loose; k++) {
    const cm__relax_link *l = &r->links[k];
    size_t n = r->first_state[l->a + 1] - r->first_state[l->a];
    double *alpha = slope + l->multiplier, *beta = alpha + n;
    alpha[r->chosen_state[l->a]] += 1, alpha[l->state_a] -= 1;
    beta[r->chosen_state[l->b]] += 1, beta[l->state_b] -= 1;
  }
}

/* ---- min-marginals -------------------- */

/* How much more it costs to have each facility open, with those above it. */
static void price_opening(cm__relax *r, const cm__view *v) {
  const cm_locate_parts *q = &r->p->parts;
  for (size_t f = 0; f < q->facilities; f++) {
    size_t parent = q->facility[f].parent;
    r->opening[f] = 0;
    if (r->open[f] || !r->live[f]) continue;
    if (parent != CM_NONE)
      r->opening[f] = (cm__relax_housed(r, f) ? 0 : fmax(0, r->reduced[f])) + r->opening[parent];
    else
      r->opening[f] = cm__relax_probe(r, v, f, true);
  }
}

/* out[i] = min over j of rest[j] + what link k costs from i to j. */
static void pass_back(const cm__relax *r, size_t k, const double *rest, double *out) {
  const cm__relax_link *l = &r->links[k];
  size_t n = r->left->count[l->a], width = r->left->count[l->b];
  if (r->weight > 0 && !l->bond) {
    cm__min_plus_turned(rest, r->left->cost[k], r->weight * l->scale, width, n, out);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    out[i] = HUGE_VAL;
    for (size_t j = 0; j < width; j++) {
      double x = link_cost(r, k, i, j);
      if (x < HUGE_VAL && rest[j] < HUGE_VAL) out[i] = fmin(out[i], x + rest[j]);
    }
  }
}

/* From the roots on: delta[i] = the least total with state i, less the least. */
static void find_deltas(cm__relax *r) {
  for (size_t b = 0; b < r->blocks; b++) {
    const double *sum = r->sum + r->first_state[b];
    for (size_t i = 0; i < r->left->count[b]; i++)
      r->delta[r->first_state[b] + i] = sum[i] - sum[r->picked[b]];
  }
  for (size_t k = r->forest; k-- > 0;) {
    const cm__relax_link *l = &r->links[k];
    double *to = r->delta + r->first_state[l->a], *rest = r->work, *up = r->work + r->states;
    const double *from = r->delta + r->first_state[l->b], *sum = r->sum + r->first_state[l->a];
    for (size_t j = 0; j < r->left->count[l->b]; j++)
      rest[j] = from[j] < HUGE_VAL ? from[j] - r->message[r->passed[k] + j] : HUGE_VAL;
    pass_back(r, k, rest, up);
    for (size_t i = 0; i < r->left->count[l->a]; i++)
      to[i] = sum[i] < HUGE_VAL && up[i] < HUGE_VAL ? sum[i] + up[i] : HUGE_VAL;
  }
}

void cm__relax_marginals(cm__relax *r, const cm__view *v, double room, double *out) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  const cm__left *x = r->left;
  find_deltas(r);
  if (r->homes) (void)cm__homes_solve(r, true);
  price_opening(r, v);
  if (r->homes) cm__homes_price(r, room);
  for (size_t o = 0; o < q->options; o++) out[o] = HUGE_VAL;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t i = x->option_begin[s]; i < x->option_begin[s + 1]; i++) {
      size_t o = x->option[i];
      double delta = r->delta[r->first_state[r->block[s]] + x->number[i]], extra = 0;
      if (!(delta < HUGE_VAL)) continue;
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
        extra = fmax(extra, r->opening[q->need[k].facility]);
      size_t home = r->homes ? r->homes->state_home[r->state[o]] : CM_NONE;
      if (home != CM_NONE) extra += r->homes->extra[r->block[s] * r->homes->homes + home];
      out[o] = fmax(0, delta) + r->own[o] - r->best_own[r->slot[s] + x->number[i]] + extra;
    }
}
