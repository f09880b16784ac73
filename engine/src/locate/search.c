/* Local search with penalties, begun from what the relaxation chooses. */
#include "locate/search.h"

#include <math.h>
#include <string.h>

static const char what[] = "search for plans";

/* ---- the plan in hand ---------------------------------------------------------------------- */

static double missed(double x, double low, double high) {
  double over = fmax(low - x, x - high);
  return over > CM_LOCATE_TOLERANCE / 2 ? over : 0;
}

static double rule_missed(const cm__local *x, size_t k) {
  const cm_locate_parts *q = &x->p->parts;
  double at = x->measure[k] + (q->weight[k] != 0 ? q->weight[k] * x->cost : 0);
  return missed(at, q->lower[k], q->upper[k]);
}

static double penalty_of_rules(const cm__local *x) {
  double total = 0;
  for (size_t k = 1; k < x->p->parts.measures; k++)
    if (x->r->rule_multiplier[k] != CM_NONE) total += x->rule_price[k] * rule_missed(x, k);
  return total;
}

static double facility_penalty(const cm__local *x, size_t f) {
  return x->capacity_price[f] * missed(x->volume[f], 0, x->p->parts.facility[f].capacity);
}

static double objective(const cm__local *x) {
  return x->sign * (x->p->parts.weight[0] * x->cost + x->measure[0]);
}

static double total_of(const cm__local *x) {
  return objective(x) + x->penalty + penalty_of_rules(x) + x->barred_price * x->barred;
}

static void facility_counts(cm__local *x, size_t f, double way) {
  const cm_locate_parts *q = &x->p->parts;
  for (size_t k = x->r->facility_entry_begin[f]; k < x->r->facility_entry_begin[f + 1]; k++) {
    const cm_locate_entry *e = &q->facility_entry[x->r->facility_entry[k]];
    x->measure[e->measure] += way * e->value;
  }
}

/* One user more of facility f, with `volume` of it. */
static void join_facility(cm__local *x, size_t f, double volume) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_facility *y = &q->facility[f];
  x->penalty -= facility_penalty(x, f);
  if (x->users[f]++ == 0) {
    x->cost += cm__facility_cost(q, f, x->volume[f] = volume);
    facility_counts(x, f, 1);
    if (y->parent != CM_NONE) join_facility(x, y->parent, 0);
  } else if (y->points) {
    double was = cm__facility_cost(q, f, x->volume[f]);
    x->cost += cm__facility_cost(q, f, x->volume[f] += volume) - was;
  } else {
    x->volume[f] += volume;
  }
  x->penalty += facility_penalty(x, f);
}

static void leave_facility(cm__local *x, size_t f, double volume) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_facility *y = &q->facility[f];
  x->penalty -= facility_penalty(x, f);
  if (y->points || x->users[f] == 1) x->cost -= cm__facility_cost(q, f, x->volume[f]);
  x->volume[f] -= volume;
  if (--x->users[f] == 0) {
    x->volume[f] = 0;
    facility_counts(x, f, -1);
    if (y->parent != CM_NONE) leave_facility(x, y->parent, 0);
  } else if (y->points) {
    x->cost += cm__facility_cost(q, f, x->volume[f]);
  }
  x->penalty += facility_penalty(x, f);
}

/* What the arcs at stage s cost with option o there; those that are forbidden are counted. */
static double arcs_at(const cm__local *x, size_t s, size_t o, double *barred) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_chain *g = x->p->graph;
  double total = 0;
  for (size_t i = 0; i < cm__degree(g, s); i++) {
    const cm_locate_arc *arc = &q->arc[cm__arc_at(g, s, i)];
    size_t from = arc->from == s ? o : x->choice[arc->from];
    size_t to = arc->to == s ? o : x->choice[arc->to];
    double cost = cm__arc_cost(q, arc, from, to);
    if (cost < HUGE_VAL)
      total += cost;
    else
      ++*barred;
  }
  return total;
}

static void option_counts(cm__local *x, size_t o, double way) {
  const cm_locate_parts *q = &x->p->parts;
  for (size_t k = x->p->entry_begin[o]; k < x->p->entry_begin[o + 1]; k++)
    x->measure[q->option_entry[k].measure] += way * q->option_entry[k].value;
}

/* Stage s takes option o. */
static void set(cm__local *x, size_t s, size_t o) {
  const cm_locate *p = x->p;
  const cm_locate_parts *q = &p->parts;
  size_t was = x->choice[s];
  if (was == o) return;
  x->moves++;
  bool again = x->at_last.stage == s;
  double before = again ? x->at_last.barred : 0, after = 0;
  double old = again ? x->at_last.arcs : arcs_at(x, s, was, &before),
         now = arcs_at(x, s, o, &after);
  x->at_last.stage = s, x->at_last.arcs = now, x->at_last.barred = after;
  x->cost += now - old + q->cost[o] - q->cost[was];
  x->barred += after - before;
  for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
    join_facility(x, q->need[k].facility, q->need[k].volume);
  for (size_t k = p->need_begin[was]; k < p->need_begin[was + 1]; k++)
    leave_facility(x, q->need[k].facility, q->need[k].volume);
  option_counts(x, was, -1);
  option_counts(x, o, 1);
  x->choice[s] = o;
}

/* Takes a whole choice, adding up from nothing. */
static void take(cm__local *x, const size_t *choice) {
  const cm_locate *p = x->p;
  const cm_locate_parts *q = &p->parts;
  if (choice != x->choice) memcpy(x->choice, choice, q->stages * sizeof *choice);
  memset(x->users, 0, q->facilities * sizeof *x->users);
  memset(x->volume, 0, q->facilities * sizeof *x->volume);
  memset(x->measure, 0, q->measures * sizeof *x->measure);
  x->cost = x->penalty = x->barred = 0;
  x->at_last.stage = CM_NONE;
  double arcs = 0;
  for (size_t s = 0; s < q->stages; s++) {
    size_t o = x->choice[s];
    x->cost += q->cost[o];
    arcs += arcs_at(x, s, o, &x->barred);
    option_counts(x, o, 1);
    for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
      join_facility(x, q->need[k].facility, q->need[k].volume);
  }
  x->cost += arcs / 2, x->barred /= 2;
}

/* ---- moves -------------------- */

/* Whether the search is to end; asked anew now and then. */
static bool halted(cm__local *x) {
  enum { between = 500 };
  if (!x->r->stop || x->stopped || x->moves - x->asked < between) return x->stopped;
  x->asked = x->moves;
  return x->stopped = x->r->stop(x->r->context);
}

static bool better(double now, double than) { return now < than - 1e-9 * fmax(1, fabs(than)); }

static bool usable(const cm__local *x, size_t o) {
  return x->allowed[o] && x->r->state[o] != CM_NONE;
}

/* Joined stages move together: the first leads. */
static bool leads(const cm__local *x, size_t s) {
  return x->r->member[x->r->member_begin[x->r->group[s]]] == s;
}

/* Sets stage s to option o and those joined with it to their best at its place; false where one of
 * them has none. */
static bool set_group(cm__local *x, size_t s, size_t o) {
  const cm__relax *r = x->r;
  const cm_locate_parts *q = &x->p->parts;
  size_t b = r->group[s];
  set(x, s, o);
  for (size_t i = r->member_begin[b]; i < r->member_begin[b + 1]; i++) {
    size_t t = r->member[i], found = CM_NONE;
    double least = HUGE_VAL;
    if (t == s || q->place[x->choice[t]] == q->place[o]) continue;
    for (size_t k = q->first[t]; k < q->first[t + 1]; k++) {
      if (!usable(x, k) || q->place[k] != q->place[o]) continue;
      set(x, t, k);
      double now = total_of(x);
      if (now < least) least = now, found = k;
    }
    if (found == CM_NONE) return false;
    set(x, t, found);
  }
  return true;
}

static void restore(cm__local *x, const size_t *choice) {
  for (size_t s = 0; s < x->p->parts.stages; s++) set(x, s, choice[s]);
}

/* Stage s and those joined with it go back. */
static void back(cm__local *x, size_t s, const size_t *members) {
  const cm__relax *r = x->r;
  size_t b = r->group[s];
  for (size_t i = r->member_begin[b]; i < r->member_begin[b + 1]; i++)
    set(x, r->member[i], members[r->member[i]]);
}

/* Whether option o needs facility f. */
static bool needs(const cm__local *x, size_t o, size_t f) {
  const cm_locate *p = x->p;
  for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
    if (p->parts.need[k].facility == f) return true;
  return false;
}

/* Moves stage s to its best option among all, those with facility f, or those without;
 * where `must`, even if that is worse. */
typedef enum which { ALL, WITH, WITHOUT } which;
static bool move_stage(cm__local *x, size_t s, which kind, size_t f, bool must) {
  const cm_locate_parts *q = &x->p->parts;
  size_t was = x->choice[s], best = was, *members = x->before;
  double least = must ? HUGE_VAL : total_of(x);
  bool whole = x->r->member_begin[x->r->group[s] + 1] > x->r->member_begin[x->r->group[s]] + 1;
  if (halted(x)) return false;
  if (whole) memcpy(members, x->choice, q->stages * sizeof *members);
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (o == was || !usable(x, o)) continue;
    if (kind != ALL && needs(x, o, f) != (kind == WITH)) continue;
    bool same_place = q->place[o] == q->place[was];
    if (!same_place && !leads(x, s)) continue;
    bool fits = true;
    if (same_place)
      set(x, s, o);
    else
      fits = set_group(x, s, o);
    double now = fits ? total_of(x) : HUGE_VAL;
    if (better(now, least)) least = now, best = o;
    if (whole) back(x, s, members);
  }
  if (whole && q->place[best] != q->place[was])
    (void)set_group(x, s, best); /* as it was before */
  else
    set(x, s, best);
  return best != was;
}

/* Closes facility f: its stages go elsewhere. */
static bool close_facility(cm__local *x, size_t f) {
  const cm_locate_parts *q = &x->p->parts;
  double was = total_of(x);
  memcpy(x->start, x->choice, q->stages * sizeof *x->start);
  for (size_t s = 0; s < q->stages; s++)
    if (needs(x, x->choice[s], f) && !move_stage(x, s, WITHOUT, f, true)) break;
  if (better(total_of(x), was)) return true;
  restore(x, x->start);
  return false;
}

/* Stages move to facility f where that pays once it is open. */
static void draw_to(cm__local *x, size_t f) {
  join_facility(x, f, 0);
  for (size_t k = x->r->user_begin[f]; k < x->r->user_begin[f + 1]; k++)
    (void)move_stage(x, x->r->user[k], WITH, f, false);
  leave_facility(x, f, 0);
}

static bool open_facility(cm__local *x, size_t f) {
  const cm_locate_parts *q = &x->p->parts;
  double was = total_of(x);
  memcpy(x->start, x->choice, q->stages * sizeof *x->start);
  join_facility(x, f, 0);
  for (size_t g = f + 1; g < q->facilities; g++)
    if (q->facility[g].parent == f && x->r->live[g]) draw_to(x, g);
  draw_to(x, f);
  leave_facility(x, f, 0);
  if (better(total_of(x), was)) return true;
  restore(x, x->start);
  return false;
}

/* Stage s goes to its best option at `place`, even if that is worse. */
static bool move_to(cm__local *x, size_t s, size_t place) {
  const cm_locate_parts *q = &x->p->parts;
  size_t was = x->choice[s], best = CM_NONE;
  double least = HUGE_VAL;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (q->place[o] != place || !usable(x, o)) continue;
    set(x, s, o);
    double now = total_of(x);
    if (best == CM_NONE || now < least) least = now, best = o;
  }
  set(x, s, best == CM_NONE ? was : best);
  return best != CM_NONE;
}

static bool alone(const cm__local *x, size_t s) {
  size_t g = x->r->group[s];
  return x->r->member_begin[g + 1] == x->r->member_begin[g] + 1;
}

/* Two stages change places where that helps. */
static bool swap_stages(cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  bool more = false;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t t = s + 1; t < q->stages && alone(x, s) && !halted(x); t++) {
      size_t a = x->choice[s], b = x->choice[t];
      double was = total_of(x);
      if (q->place[a] == q->place[b] || !alone(x, t)) continue;
      if (move_to(x, s, q->place[b]) && move_to(x, t, q->place[a]) && better(total_of(x), was)) {
        more = true;
        continue;
      }
      set(x, s, a), set(x, t, b);
    }
  return more;
}

static bool keeps_rules(const cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  if (x->barred > 0) return false;
  for (size_t f = 0; f < q->facilities; f++)
    if (missed(x->volume[f], 0, q->facility[f].capacity) > 0) return false;
  for (size_t k = 1; k < q->measures; k++)
    if (x->r->rule_multiplier[k] != CM_NONE && rule_missed(x, k) > 0) return false;
  return true;
}

/* Whether the plan in hand, added up anew, comes to less than `was`, which becomes what it comes
 * to: sums that are kept up to date lose digits beside what is missed at a high price. */
static bool falls(cm__local *x, double *was) {
  take(x, x->choice);
  double before = *was;
  *was = total_of(x);
  return better(*was, before);
}

/* Until nothing helps. */
static void descend(cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  double was = total_of(x);
  for (bool more = true; more; more = more && falls(x, &was)) {
    more = false;
    for (size_t s = 0; s < q->stages; s++) more = move_stage(x, s, ALL, 0, false) || more;
    if (more) continue;
    for (size_t f = 0; f < q->facilities; f++)
      if (x->users[f]) more = close_facility(x, f) || more;
    for (size_t f = 0; f < q->facilities; f++)
      if (!x->users[f] && x->r->live[f]) more = open_facility(x, f) || more;
    if (!more && (q->stages <= 40 || !keeps_rules(x))) more = swap_stages(x);
  }
}

/* ---- from a start to a plan -------------------- */

uint64_t cm__local_draw(cm__local *x, uint64_t n) { /* splitmix64 (Steele, Lea and Flood 2014) */
  uint64_t z = x->random += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return (z ^ (z >> 31)) % n;
}

/* Some stages elsewhere, or a facility closed. */
static void shake(cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  size_t used = 0;
  for (size_t f = 0; f < q->facilities; f++) used += x->users[f] > 0;
  if (used && cm__local_draw(x, 2)) {
    size_t pick = cm__local_draw(x, used), f = 0;
    for (; x->users[f] == 0 || pick; f++) pick -= x->users[f] > 0;
    for (size_t s = 0; s < q->stages; s++)
      if (needs(x, x->choice[s], f)) (void)move_stage(x, s, WITHOUT, f, true);
    return;
  }
  for (size_t k = 2 + cm__local_draw(x, 2 + q->stages / 10); k-- > 0;) {
    size_t s = cm__local_draw(x, q->stages),
           o = q->first[s] + cm__local_draw(x, q->first[s + 1] - q->first[s]);
    size_t was = x->choice[s];
    memcpy(x->before, x->choice, q->stages * sizeof *x->before);
    if (!usable(x, o) || (!leads(x, s) && q->place[o] != q->place[was])) continue;
    if (q->place[o] == q->place[was])
      set(x, s, o);
    else if (!set_group(x, s, o))
      back(x, s, x->before);
  }
}

bool cm__local_press(cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  if (keeps_rules(x)) return false;
  if (x->barred > 0) x->barred_price *= 2.5;
  for (size_t f = 0; f < q->facilities; f++)
    if (missed(x->volume[f], 0, q->facility[f].capacity) > 0) x->capacity_price[f] *= 2.5;
  for (size_t k = 1; k < q->measures; k++)
    if (x->r->rule_multiplier[k] != CM_NONE && rule_missed(x, k) > 0) x->rule_price[k] *= 2.5;
  take(x, x->choice);
  return true;
}

static bool keeps_joins(const cm__local *x) {
  const cm_locate_parts *q = &x->p->parts;
  for (size_t j = 0; j < q->joins; j++)
    if (q->place[x->choice[q->join[2 * j]]] != q->place[x->choice[q->join[2 * j + 1]]])
      return false;
  return true;
}

/* Keeps the plan in hand where it is the best so far. */
static bool keep(cm__local *x) {
  take(x, x->choice);
  if (!keeps_rules(x) || !keeps_joins(x) || !(objective(x) < x->best_value)) return false;
  x->best_value = objective(x);
  memcpy(x->best, x->choice, x->p->parts.stages * sizeof *x->best);
  return true;
}

bool cm__local_try(cm__local *x, const size_t *choice) {
  take(x, choice);
  return keep(x);
}

double cm__local_settle(cm__local *x, const size_t *choice, double most) {
  const cm_locate_parts *q = &x->p->parts;
  take(x, choice);
  double was = total_of(x);
  if (was > most) return HUGE_VAL;
  for (bool more = true; more; more = more && falls(x, &was)) {
    more = false;
    for (size_t s = 0; s < q->stages; s++) more = move_stage(x, s, ALL, 0, false) || more;
  }
  double total = total_of(x);
  (void)keep(x);
  return total;
}

void cm__local_unpress(cm__local *x, double times) {
  const cm_locate_parts *q = &x->p->parts;
  for (size_t k = 0; k < q->facilities + q->measures; k++)
    x->capacity_price[k] = times * x->first_price[k];
  x->barred_price = times * x->first_barred;
}

bool cm__local_from(cm__local *x, const size_t *choice) {
  enum { presses = 12 };
  bool again = false;
  cm__local_unpress(x, 1);
  if (!choice) choice = x->best_value < HUGE_VAL ? x->best : x->choice, again = true;
  take(x, choice);
  if (again) shake(x);
  descend(x);
  for (size_t k = 0; k < presses && !halted(x) && cm__local_press(x); k++) descend(x);
  return keep(x);
}

/* ---- making one -------------------- */

void cm__local_price(cm__local *x, const double *m) {
  const cm_locate_parts *q = &x->p->parts;
  double size = fabs(x->r->value) < HUGE_VAL ? fmax(1, fabs(x->r->value)) : 1;
  x->first_barred = 0.02 * size;
  for (size_t f = 0; f < q->facilities; f++) {
    size_t k = x->r->volume_multiplier[f];
    double unit = size / (10 * fmax(1e-9, fabs(q->facility[f].capacity)));
    if (k != CM_NONE) x->first_price[f] = fmax(2 * fabs(m[k]), 0.1 * unit);
  }
  for (size_t k = 1; k < q->measures; k++) {
    size_t rule = x->r->rule_multiplier[k];
    double bound = q->lower[k] > -HUGE_VAL ? q->lower[k] : q->upper[k];
    if (rule != CM_NONE)
      x->first_price[q->facilities + k] =
          fmax(2 * fabs(m[rule]), 0.01 * size / fmax(1e-9, fabs(bound)));
  }
}

cm_status cm__local_new(const cm__relax *r, const bool *allowed, uint64_t seed, cm__local **out,
                        cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  cm__local *x = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  x->p = r->p, x->r = r, x->allowed = allowed, x->sign = r->sign, x->best_value = HUGE_VAL;
  x->random = seed, x->at_last.stage = CM_NONE;
  CM__TRY(cm__alloc(4 * q->stages, sizeof *x->choice, what, &x->choice, err));
  x->best = x->choice + q->stages, x->before = x->best + q->stages,
  x->start = x->before + q->stages;
  CM__TRY(cm__alloc(q->facilities, sizeof *x->users, what, &x->users, err));
  size_t sums = q->facilities + q->measures;
  CM__TRY(cm__alloc(3 * sums, sizeof *x->volume, what, &x->volume, err));
  x->measure = x->volume + q->facilities;
  x->capacity_price = x->volume + sums;
  x->rule_price = x->capacity_price + q->facilities;
  x->first_price = x->capacity_price + sums;
  *out = x;
  x = NULL;
done:
  cm__local_release(x);
  return status;
}

void cm__local_release(cm__local *x) {
  if (!x) return;
  cm__free(x->choice);
  cm__free(x->users);
  cm__free(x->volume);
  cm__free(x);
}
