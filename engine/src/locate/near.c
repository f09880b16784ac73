#include "locate/near.h"

#include <math.h>
#include <string.h>

#include "locate/rest.h"
#include "locate/tree.h"

static const char what[] = "neighbourhoods of a plan";

enum {
  PATIENCE = 10,    /* attempts that fail before places change */
  CANDIDATES = 12,  /* sets of places that are compared */
  GLANCE = 150,     /* steps of their bounds */
  ELSEWHERE = 3000, /* steps that going there takes, about */
  NODES = 60,       /* of an attempt */
  WIDER = 4         /* times as many stages, where the bound names them */
};
static const double least_work = 3e7; /* of an attempt, where it needs so much */
static const double far = 0.03;       /* a plan at other places may come to so much more at first */

cm_status cm__near_new(const cm__dual *dual, cm__local *search, const bool *allowed, cm__near **out,
                       cm_error *err) {
  const cm__relax *r = dual->r;
  const cm_locate_parts *q = &r->p->parts;
  cm__near *x = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  x->r = r, x->dual = dual, x->search = search, x->allowed = allowed;
  x->stages = 24, x->value = HUGE_VAL;
  CM__TRY(cm__alloc(q->stages, sizeof *x->moves, what, &x->moves, err));
  CM__TRY(cm__alloc(3 * q->places, sizeof *x->at, what, &x->at, err));
  x->start = x->at + q->places, x->likely = x->start + q->places;
  CM__TRY(cm__alloc(q->options, sizeof *x->left, what, &x->left, err));
  CM__TRY(cm__alloc(3 * q->stages, sizeof *x->line, what, &x->line, err));
  CM__TRY(cm__alloc(q->stages, sizeof *x->share, what, &x->share, err));
  x->plan = x->line + q->stages, x->other = x->plan + q->stages;
  *out = x;
  x = NULL;
done:
  cm__near_release(x);
  return status;
}

void cm__near_release(cm__near *x) {
  if (!x) return;
  cm__free(x->moves);
  cm__free(x->at);
  cm__free(x->left);
  cm__free(x->line);
  cm__free(x->share);
  cm__free(x);
}

/* ---- stages that move -------------------- */

/* Stage s and those joined with it move; they go to the end of the line. */
static size_t move(cm__near *x, size_t s, size_t count) {
  const cm__relax *r = x->r;
  size_t b = r->group[s];
  if (x->moves[s]) return count;
  for (size_t i = r->member_begin[b]; i < r->member_begin[b + 1]; i++) {
    x->moves[r->member[i]] = true;
    x->line[count++] = r->member[i];
  }
  return count;
}

/* Stages linked to those in line, until there are `most`. */
static size_t spread(cm__near *x, size_t count, size_t most) {
  const cm_locate *p = x->r->p;
  for (size_t i = 0; i < count && count < most; i++) {
    size_t s = x->line[i], n = cm__degree(p->graph, s), from = n ? cm__local_draw(x->search, n) : 0;
    for (size_t k = 0; k < n && count < most; k++) {
      const cm_locate_arc *arc = &p->parts.arc[cm__arc_at(p->graph, s, (from + k) % n)];
      count = move(x, arc->from == s ? arc->to : arc->from, count);
    }
  }
  return count;
}

/* Stages that could use a facility that the plan has. */
static size_t users(cm__near *x, size_t count, size_t most) {
  const cm__relax *r = x->r;
  size_t facilities = r->p->parts.facilities;
  for (size_t tries = 0; tries < 20 && count < most; tries++) {
    size_t f = cm__local_draw(x->search, facilities), n = r->user_begin[f + 1] - r->user_begin[f];
    if (!x->search->users[f] || !n) continue;
    size_t from = cm__local_draw(x->search, n);
    for (size_t k = 0; k < n && count < most; k++)
      count = move(x, r->user[r->user_begin[f] + (from + k) % n], count);
  }
  return count;
}

/* How often the bound had stage s of late where the plan has it, and a bit of luck. */
static double settled(cm__near *x, size_t s) {
  double luck = (double)cm__local_draw(x->search, 1000) / 3000;
  return x->dual->share_state[x->r->state[x->plan[s]]] + luck;
}

/* Stages that the bound has elsewhere, or now here, now there (relaxation induced neighbourhoods:
 * Danna, Rothberg and Le Pape 2005). */
static size_t unsettled(cm__near *x, size_t most) {
  size_t stages = x->r->p->parts.stages, count = 0;
  for (size_t s = 0; s < stages; s++) x->share[s] = settled(x, s);
  while (count < most) {
    size_t next = CM_NONE;
    for (size_t s = 0; s < stages; s++)
      if (!x->moves[s] && (next == CM_NONE || x->share[s] < x->share[next])) next = s;
    count = move(x, next, count);
  }
  return count;
}

/* Chooses them; whether by the bound. */
static bool choose_stages(cm__near *x) {
  const cm_locate_parts *q = &x->r->p->parts;
  size_t count = 0, most = (size_t)x->stages, way = cm__local_draw(x->search, 3);
  memset(x->moves, 0, q->stages * sizeof *x->moves);
  if (most > q->stages) most = q->stages;
  if (way == 0) {
    size_t wide = WIDER * most, half = q->stages / 2 + 1;
    return unsettled(x, wide < half ? wide : half) > 0;
  }
  if (way == 1 && q->facilities) count = users(x, 0, most / 2 + 1);
  if (!count) count = move(x, cm__local_draw(x->search, q->stages), 0);
  (void)spread(x, count, most);
  return false;
}

/* ---- places -------------------- */

/* Marks the places of a plan; how many. */
static size_t mark_places(cm__near *x, const size_t *plan, bool *at) {
  const cm_locate_parts *q = &x->r->p->parts;
  size_t count = 0;
  memset(at, 0, q->places * sizeof *at);
  for (size_t s = 0; s < q->stages; s++) {
    bool *here = &at[q->place[plan[s]]];
    count += !*here, *here = true;
  }
  return count;
}

/* Marks or unmarks a place by lot. */
static void turn_place(cm__near *x, bool on) {
  size_t places = x->r->p->parts.places, c = cm__local_draw(x->search, places);
  for (size_t k = 0; k < places && x->at[c] == on; k++) c = (c + 1) % places;
  x->at[c] = on;
}

/* Options at the places that are marked. */
static void choose_options(cm__near *x) {
  const cm_locate_parts *q = &x->r->p->parts;
  for (size_t o = 0; o < q->options; o++) x->left[o] = x->allowed[o] && x->at[q->place[o]];
}

/* Some places are left or taken. */
static void change_places(cm__near *x) {
  static const struct {
    size_t in, out;
  } change[] = {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 0}, {0, 1}, {2, 2}, {2, 1}, {1, 2}};
  size_t k = cm__local_draw(x->search, sizeof change / sizeof *change);
  for (size_t i = 0; i < change[k].in; i++) turn_place(x, true);
  for (size_t i = 0; i < change[k].out; i++) turn_place(x, false);
}

/* Remembers the set that is marked; whether it was there. */
static bool tested(cm__near *x) {
  uint64_t key = UINT64_C(0x9e3779b97f4a7c15);
  for (size_t c = 0; c < x->r->p->parts.places; c++) {
    key = (key ^ x->at[c]) * UINT64_C(0xbf58476d1ce4e5b9);
    key ^= key >> 29;
  }
  uint64_t *where = &x->tested[key % CM__NEAR_TESTED];
  bool was = *where == key;
  *where = key;
  return was;
}

/* ---- an attempt -------------------- */

typedef struct patience {
  bool (*stop)(void *context);
  void *context;
} patience;

static bool goes_on(void *ud, const char *text, double done, double total) {
  const patience *wait = ud;
  (void)text, (void)done, (void)total;
  return !wait->stop(wait->context);
}

static cm_job job_of(patience *wait) {
  return (cm_job){.progress = goes_on, .ud = wait, .threads = 1};
}

static void hold(cm__near *x, const size_t *plan, double value) {
  memcpy(x->plan, plan, x->r->p->parts.stages * sizeof *plan);
  x->value = value, x->failed = 0;
}

/* The part that moves, placed by options that are left for less than `cutoff`; takes the plan in
 * hand where there is one. */
static cm_status place(cm__near *x, patience *wait, double gap, double cutoff) {
  cm__rest *rest = NULL;
  cm_plan plan = {0};
  cm_status status;
  x->work += 20 * (double)x->r->p->parts.options;
  CM__TRY(cm__rest_new(x->r->p, x->plan, x->moves, x->left, &rest, NULL));
  if (rest->empty) goto done;
  double sign = x->search->sign, value = cutoff - sign * rest->stands;
  const cm_job job = job_of(wait);
  const cm_locate_options options = {.gap = gap * fabs(cutoff) / fmax(1e-9, fabs(value)),
                                     .nodes = NODES,
                                     .seed = cm__local_draw(x->search, UINT64_MAX),
                                     .start = rest->started ? rest->start : NULL};
  double most = fmax(x->most - x->work, least_work);
  CM__TRY(cm__lagrange_rest(rest->problem, &options, value, most, &job, &plan, &x->work));
  if (rest->stages < x->r->p->parts.stages)
    x->stages = fmin(fmax(8, x->stages * (plan.figures.stop == CM_STOP_NODES ? 0.95 : 1.05)),
                     (double)x->r->p->parts.stages);
  if (!plan.choice) goto done;
  cm_locate_sum sum;
  memcpy(x->other, x->plan, x->r->p->parts.stages * sizeof *x->other);
  cm__rest_place(rest, plan.choice, x->other);
  (void)cm__local_try(x->search, x->other);
  CM__TRY(cm_locate_evaluate(x->r->p, x->other, &sum, NULL, NULL, NULL, NULL));
  if (sum.violation <= CM_LOCATE_TOLERANCE && sign * sum.objective < x->value)
    hold(x, x->other, sign * sum.objective);
done:
  cm__free(plan.choice);
  cm__rest_release(rest);
  return status;
}

/* A bound on plans at the places that are marked. */
static cm_status bound_of(cm__near *x, patience *wait, double *bound) {
  const cm_job job = job_of(wait);
  cm__rest *rest = NULL;
  cm_status status;
  *bound = HUGE_VAL;
  choose_options(x);
  x->work += 20 * (double)x->r->p->parts.options;
  CM__TRY(cm__rest_new(x->r->p, x->plan, x->moves, x->left, &rest, NULL));
  if (!rest->empty)
    CM__TRY(
        cm__lagrange_glance(rest->problem, GLANCE, x->search->best_value, &job, bound, &x->work));
done:
  cm__rest_release(rest);
  return status;
}

/* Goes to another set of places: the least bound of some. */
static cm_status go_elsewhere(cm__near *x, patience *wait, double gap) {
  const cm_locate_parts *q = &x->r->p->parts;
  double least = HUGE_VAL, best = x->search->best_value;
  cm_status status = CM_OK;
  for (size_t s = 0; s < q->stages; s++) x->moves[s] = true;
  hold(x, x->search->best, best);
  size_t count = mark_places(x, x->search->best, x->start);
  double size = x->r->size * (double)count / (double)q->places;
  if (2 * count > q->places) return CM_OK; /* no set to find */
  if (x->most - x->work < ELSEWHERE * size) return CM_OK;
  for (size_t k = 0, tries = 0; k < CANDIDATES && tries < 100; tries++) {
    double bound;
    memcpy(x->at, x->start, q->places * sizeof *x->at);
    change_places(x);
    if (tested(x)) continue;
    CM__TRY(bound_of(x, wait, &bound));
    if (bound < HUGE_VAL) k++;
    if (bound < least) {
      least = bound;
      memcpy(x->likely, x->at, q->places * sizeof *x->at);
    }
    if (wait->stop(wait->context)) return CM_OK;
  }
  if (!(least < best)) return CM_OK;
  memcpy(x->at, x->likely, q->places * sizeof *x->at);
  choose_options(x);
  x->value = HUGE_VAL;
  CM__TRY(place(x, wait, gap, best + far * fabs(best)));
  if (!(x->value < HUGE_VAL)) hold(x, x->search->best, best);
done:
  return status;
}

static cm_status attempt(cm__near *x, patience *wait, double gap) {
  const cm_locate_parts *q = &x->r->p->parts;
  if (!(x->value < HUGE_VAL)) hold(x, x->search->best, x->search->best_value);
  if (x->failed++ >= PATIENCE) return go_elsewhere(x, wait, gap);
  cm__local_try(x->search, x->plan); /* its facilities are in hand */
  bool by_bound = choose_stages(x);
  mark_places(x, x->plan, x->at);
  if (!cm__local_draw(x->search, 3)) turn_place(x, true);
  choose_options(x);
  for (size_t o = 0; by_bound && o < q->options; o++) /* and those that the bound had of late */
    x->left[o] = x->allowed[o] && (x->left[o] || x->dual->share_state[x->r->state[o]] > 1e-3);
  return place(x, wait, gap, x->value);
}

void cm__near_some(cm__near *x, double gap, double most, bool (*stop)(void *context),
                   void *context) {
  patience wait = {stop, context};
  if (!(x->search->best_value < HUGE_VAL)) return;
  x->most = most;
  while (!x->over && x->work < most && !stop(context)) {
    double was = x->search->best_value;
    x->over = attempt(x, &wait, gap) != CM_OK;
    if (x->search->best_value < was) x->gained = x->work;
  }
}
