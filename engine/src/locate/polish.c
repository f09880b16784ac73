#include "locate/polish.h"

#include <math.h>
#include <string.h>

enum { most_presses = 8, kicks = 2 };
static const double far = 0.03; /* a placement that is so much worse before it is improved is not */

cm_status cm__polish_new(cm__dual *dual, cm__local *search, bool *allowed, cm__polish **out,
                         cm_error *err) {
  static const char what[] = "whole placements";
  const cm__relax *r = dual->r;
  size_t facilities = r->p->parts.facilities;
  cm__polish *x = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  x->dual = dual, x->search = search, x->view.allowed = allowed;
  CM__TRY(cm__alloc(r->room, sizeof *x->m, what, &x->m, err));
  CM__TRY(cm__alloc(2 * facilities, sizeof *x->open, what, &x->open, err));
  x->kept = x->open + facilities;
  CM__TRY(cm__alloc(facilities, 1, what, &x->view.facility, err));
  memset(x->view.facility, -1, facilities);
  *out = x;
  x = NULL;
done:
  cm__polish_release(x);
  return status;
}

void cm__polish_release(cm__polish *x) {
  if (!x) return;
  cm__free(x->m);
  cm__free(x->open);
  cm__free(x->view.facility);
  cm__free(x);
}

/* Facilities that are open are free; each stage that needs a closed one pays for it and for those
 * above it. */
static void charge(cm__polish *x, const bool *open) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  for (size_t k = 0; k < r->pairs; k++) {
    x->m[k] = 0;
    for (size_t f = r->pair_facility[k]; f != CM_NONE; f = q->facility[f].parent)
      if (!open[f]) x->m[k] += fabs(q->weight[0]) * q->facility[f].fixed;
  }
}

/* The best placement for the open facilities, improved; what it comes to. */
static double place_for(cm__polish *x, const bool *open) {
  cm__relax *r = x->dual->r;
  size_t moves = x->search->moves;
  double total = HUGE_VAL;
  charge(x, open);
  if (cm__relax_value(r, &x->view, x->m) < HUGE_VAL)
    total = cm__local_settle(x->search, r->chosen, x->now + far * fabs(x->now));
  moves = x->search->moves - moves;
  x->moves += moves, x->work += r->size + 100 * (double)moves;
  return total;
}

/* The set of the plan in hand. */
static void keep_set(cm__polish *x) {
  for (size_t f = 0; f < x->dual->r->p->parts.facilities; f++) x->kept[f] = x->search->users[f] > 0;
}

/* Places for the set that is tried, and stays there where that is better. */
static void attempt(cm__polish *x) {
  double then = place_for(x, x->open);
  if (then < x->now - 1e-9 * fmax(1, fabs(x->now))) {
    x->now = then, x->more = true;
    keep_set(x);
  }
  memcpy(x->open, x->kept, x->dual->r->p->parts.facilities * sizeof *x->open);
}

static void turn(cm__polish *x, size_t f) {
  size_t parent = x->dual->r->p->parts.facility[f].parent;
  x->open[f] = !x->open[f];
  if (x->open[f] && parent != CM_NONE) x->open[parent] = true;
  attempt(x);
}

/* Facility g takes the place of f, its dependents that of those of f, in their order. */
static void exchange(cm__polish *x, size_t f, size_t g) {
  const cm_locate_parts *q = &x->dual->r->p->parts;
  size_t h = g;
  for (size_t k = f; k < q->facilities && h < q->facilities; k++) {
    if (k != f && q->facility[k].parent != f) continue;
    if (k != f)
      for (h++; h < q->facilities && q->facility[h].parent != g; h++) {
      }
    if (h == q->facilities) break;
    x->open[h] = x->open[h] || x->open[k], x->open[k] = false;
  }
  attempt(x);
}

/* One set is tried, the next in turn: facilities turned over (g == CM_NONE), then exchanges; false
 * at the end of either. */
static bool try_next(cm__polish *x) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  if (x->g == CM_NONE) {
    while (x->f < q->facilities && !r->live[x->f]) x->f++;
    if (x->f == q->facilities) return false;
    turn(x, x->f++);
    return true;
  }
  for (; x->f < q->facilities; x->f++, x->g = 0) {
    if (!x->kept[x->f] || q->facility[x->f].parent != CM_NONE) continue;
    while (x->g < q->facilities &&
           (x->kept[x->g] || !r->live[x->g] || q->facility[x->g].parent != CM_NONE))
      x->g++;
    if (x->g == q->facilities) continue;
    exchange(x, x->f, x->g++);
    return true;
  }
  return false;
}

/* The placement for the set in hand, whatever it comes to. */
static void place_kept(cm__polish *x) {
  x->now = HUGE_VAL;
  x->now = place_for(x, x->kept);
}

/* The plan of the search, which comes to `now`, is in hand. */
static void hold(cm__polish *x, double now) {
  x->now = now;
  keep_set(x);
  memcpy(x->open, x->kept, x->dual->r->p->parts.facilities * sizeof *x->open);
}

/* Goes on from the best plan, improved at the prices of now. */
static void hold_best(cm__polish *x) {
  size_t moves = x->search->moves;
  hold(x, cm__local_settle(x->search, x->search->best, HUGE_VAL));
  moves = x->search->moves - moves;
  x->moves += moves, x->work += 100 * (double)moves;
}

/* Turns over some facilities of the set in hand, the first one that others hang on. */
static void kick(cm__polish *x) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  for (size_t k = 0; k < kicks; k++) {
    size_t f = cm__local_draw(x->search, q->facilities);
    while (k == 0 && q->facility[f].parent != CM_NONE) f = q->facility[f].parent;
    size_t parent = q->facility[f].parent;
    x->open[f] = r->live[f] && !x->open[f];
    if (x->open[f] && parent != CM_NONE) x->open[parent] = true;
  }
  x->now = HUGE_VAL;
  double then = place_for(x, x->open);
  if (then < HUGE_VAL)
    hold(x, then);
  else
    hold_best(x);
}

/* From the best plan; what is missed costs more at one start than at another, and from the second
 * on the plan is changed at random. */
static void begin(cm__polish *x) {
  static const double start[] = {3, 1, 6, 2, 10};
  cm__local_unpress(x->search, start[x->begun % (sizeof start / sizeof *start)]);
  hold_best(x);
  x->f = 0, x->g = CM_NONE, x->more = false, x->presses = 0;
  if (x->begun++) kick(x);
}

/* What the plan in hand misses costs more from now on. Exchanges come where nothing else helps,
 * then a new start. */
static void end_pass(cm__polish *x) {
  bool more = x->more, turned = x->g == CM_NONE;
  x->f = 0, x->g = CM_NONE, x->more = false;
  place_kept(x);
  if (x->presses < most_presses && cm__local_press(x->search)) {
    x->presses++;
    place_kept(x);
  } else if (!more && turned) {
    x->g = 0;
  } else if (!more) {
    begin(x);
  }
}

void cm__polish_some(cm__polish *x, const double *m, double most, bool (*stop)(void *context),
                     void *context) {
  const cm__relax *r = x->dual->r;
  if (!r->p->parts.facilities || !(x->search->best_value < HUGE_VAL)) return;
  if (!cm__relax_enter(x->dual->r, &x->view)) return;
  memcpy(x->m, m, r->multipliers * sizeof *m);
  if (!x->begun) begin(x);
  while (x->work < most && !stop(context))
    if (!try_next(x)) end_pass(x);
}
