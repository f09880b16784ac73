/* Facilities by pseudo-costs that are first made reliable by trials (Achterberg, Koch and Martin
 * 2005), then places. */
#include "locate/parting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  reliable = 2,      /* trials of a facility before what they have shown is believed */
  most_tried = 12,   /* facilities looked at in a node */
  most_idle = 5,     /* of them in a row without a better one */
  steps_a_trial = 15 /* of the bound, for either side */
};

/* What closing or opening has added to the bound, in all, by unit of what was undecided. */
typedef struct gain {
  double sum;
  size_t trials;
} gain;

typedef struct candidate {
  size_t facility;
  double share, score;
} candidate;

struct cm__parter {
  cm__dual *dual;
  cm__narrow *narrow;
  bool (*stop)(void *context);
  void *context;
  gain *gains, all[2]; /* of each facility closed, open; of all */
  candidate *list;
  double *multiplier, *share_open, *share_state; /* of the dual, while it tries */
  cm__view whole;                                /* likewise what is left */
};

cm_status cm__parter_new(cm__dual *dual, cm__narrow *narrow, bool (*stop)(void *context),
                         void *context, cm__parter **out, cm_error *err) {
  static const char what[] = "parting of nodes";
  const cm__relax *r = dual->r;
  const cm_locate_parts *q = &r->p->parts;
  cm__parter *x = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  x->dual = dual, x->narrow = narrow, x->stop = stop, x->context = context;
  CM__TRY(cm__alloc(2 * q->facilities, sizeof *x->gains, what, &x->gains, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *x->list, what, &x->list, err));
  CM__TRY(cm__alloc(r->room, sizeof *x->multiplier, what, &x->multiplier, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *x->share_open, what, &x->share_open, err));
  CM__TRY(cm__alloc(r->states, sizeof *x->share_state, what, &x->share_state, err));
  CM__TRY(cm__alloc(q->options, sizeof *x->whole.allowed, what, &x->whole.allowed, err));
  CM__TRY(cm__alloc(q->facilities, 1, what, &x->whole.facility, err));
  *out = x;
  x = NULL;
done:
  cm__parter_release(x);
  return status;
}

void cm__parter_release(cm__parter *x) {
  if (!x) return;
  void *const blocks[] = {x->gains,       x->list,          x->multiplier,    x->share_open,
                          x->share_state, x->whole.allowed, x->whole.facility};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  cm__free(x);
}

/* ---- what a facility does to the bound -------------------- */

static double expected(const cm__parter *x, const candidate *c, bool open) {
  const gain *g = &x->gains[2 * c->facility + open];
  if (!g->trials) g = &x->all[open];
  return (g->trials ? g->sum / (double)g->trials : 1) * (open ? 1 - c->share : c->share);
}

static void learn(cm__parter *x, const candidate *c, bool open, double by) {
  gain *g = &x->gains[2 * c->facility + open];
  by /= fmax(0.1, open ? 1 - c->share : c->share);
  g->sum += by, g->trials++;
  x->all[open].sum += by, x->all[open].trials++;
}

static bool is_known(const cm__parter *x, size_t f) {
  return x->gains[2 * f].trials >= reliable && x->gains[2 * f + 1].trials >= reliable;
}

/* Both sides are to raise the bound. */
static double score_of(double closed, double open, double bound) {
  double least = 1e-6 * fmax(1, fabs(bound));
  return fmax(closed, least) * fmax(open, least);
}

static double score_expected(const cm__parter *x, const candidate *c, double bound) {
  return score_of(expected(x, c, false), expected(x, c, true), bound);
}

/* The bound after some steps with the facility closed or open. */
static double try_side(cm__parter *x, cm__view *v, size_t f, bool open, const cm__climb *how) {
  cm__dual *d = x->dual;
  cm__climb climb = *how;
  double bound = HUGE_VAL;
  v->facility[f] = (signed char)open;
  memcpy(d->best, x->multiplier, d->r->multipliers * sizeof *d->best);
  if (cm__narrow_view(x->narrow, v) && cm__relax_enter(d->r, v))
    bound = cm__dual_climb(d, v, &climb, NULL, NULL);
  memcpy(v->allowed, x->whole.allowed, d->r->p->parts.options * sizeof *v->allowed);
  memcpy(v->facility, x->whole.facility, d->r->p->parts.facilities);
  return bound;
}

static void set_aside(cm__parter *x, const cm__view *v) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  memcpy(x->multiplier, x->dual->best, r->multipliers * sizeof *x->multiplier);
  memcpy(x->share_open, x->dual->share_open, q->facilities * sizeof *x->share_open);
  memcpy(x->share_state, x->dual->share_state, r->states * sizeof *x->share_state);
  memcpy(x->whole.allowed, v->allowed, q->options * sizeof *v->allowed);
  memcpy(x->whole.facility, v->facility, q->facilities);
}

static void bring_back(cm__parter *x, const cm__view *v) {
  cm__relax *r = x->dual->r;
  memcpy(x->dual->best, x->multiplier, r->multipliers * sizeof *x->multiplier);
  memcpy(x->dual->share_open, x->share_open, r->p->parts.facilities * sizeof *x->share_open);
  memcpy(x->dual->share_state, x->share_state, r->states * sizeof *x->share_state);
  if (cm__relax_enter(r, v)) (void)cm__relax_value(r, v, x->dual->best);
}

/* Tries both sides; what they score. */
static double try_both(cm__parter *x, cm__view *v, const candidate *c, double bound,
                       const cm__climb *how, double *sides) {
  double by[2];
  for (int open = 0; open < 2; open++) {
    sides[open] = try_side(x, v, c->facility, open, how);
    by[open] = fmin(fmin(sides[open], how->enough) - bound, fabs(bound));
    by[open] = fmax(0, by[open]);
    learn(x, c, open, by[open]);
  }
  return score_of(by[0], by[1], bound);
}

/* ---- facilities -------------------- */

static bool used_by_choice(const cm__relax *r, size_t f) {
  const cm_locate *p = r->p;
  for (size_t k = r->user_begin[f]; k < r->user_begin[f + 1]; k++) {
    size_t o = r->chosen[r->user[k]];
    for (size_t j = p->need_begin[o]; j < p->need_begin[o + 1]; j++)
      if (p->parts.need[j].facility == f) return true;
  }
  return false;
}

static int by_score(const void *x, const void *y) {
  const candidate *a = x, *b = y;
  if (a->score != b->score) return a->score > b->score ? -1 : 1;
  return (a->facility > b->facility) - (a->facility < b->facility);
}

/* The undecided ones, the best expected first; those that others hang on count for more as long as
 * nothing is known of them. */
static size_t list_undecided(cm__parter *x, const cm__view *v, double bound) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  size_t n = 0;
  for (size_t f = 0; f < q->facilities; f++) {
    if (v->facility[f] >= 0 || !r->live[f]) continue;
    bool root = q->facility[f].parent == CM_NONE;
    candidate c = {.facility = f, .share = x->dual->share_open[f]};
    if (!root) c.share = 0.5 * (c.share + used_by_choice(r, f));
    if (fmin(c.share, 1 - c.share) * (root ? 4 : 1) <= 0.02) continue;
    c.score = score_expected(x, &c, bound) * (root && !x->gains[2 * f].trials ? 4 : 1);
    x->list[n++] = c;
  }
  qsort(x->list, n, sizeof *x->list, by_score);
  return n;
}

/* False where none is undecided. */
static bool choose_facility(cm__parter *x, cm__view *v, double bound, double target, double enough,
                            cm__parting *out) {
  cm__climb how = {.steps = steps_a_trial,
                   .patience = steps_a_trial,
                   .least = 1e-3,
                   .target = target,
                   .enough = enough};
  size_t n = list_undecided(x, v, bound);
  double best = -1;
  bool tried = false, done = false;
  for (size_t k = 0, idle = 0; k < n && k < most_tried && idle < most_idle && !done; k++, idle++) {
    const candidate *c = &x->list[k];
    double sides[2] = {-HUGE_VAL, -HUGE_VAL}, score;
    if (is_known(x, c->facility)) {
      score = score_expected(x, c, bound);
    } else {
      if (tried && x->stop(x->context)) break;
      if (!tried) set_aside(x, v);
      tried = true;
      score = try_both(x, v, c, bound, &how, sides);
      done = sides[0] >= enough || sides[1] >= enough;
    }
    if (!done && score <= best) continue;
    best = score, idle = 0;
    out->facility = c->facility, out->first = c->share >= 0.5;
    out->bound[0] = sides[0], out->bound[1] = sides[1];
  }
  if (tried) bring_back(x, v);
  return n > 0;
}

/* ---- stages and their places -------------------- */

/* The block whose state is the least settled, and its likeliest state. */
static bool choose_state(const cm__dual *d, cm__parting *out) {
  const cm__relax *r = d->r;
  double least = 2;
  for (size_t b = 0; b < r->blocks; b++) {
    size_t left = 0, top = r->first_state[b];
    for (size_t i = r->first_state[b]; i < r->first_state[b + 1]; i++) {
      if (!r->left->alive[i]) continue;
      if (!left++ || d->share_state[i] > d->share_state[top]) top = i;
    }
    if (left > 1 && d->share_state[top] < least)
      least = d->share_state[top], out->block = b, out->state = top;
  }
  return out->block != CM_NONE;
}

/* How much an option weighs in the rules. */
static double bearing(const cm__dual *d, size_t o) {
  const cm_locate *p = d->r->p;
  double sum = 0;
  for (size_t k = p->entry_begin[o]; k < p->entry_begin[o + 1]; k++) {
    const cm_locate_entry *e = &p->parts.option_entry[k];
    size_t rule = d->r->rule_multiplier[e->measure];
    if (rule != CM_NONE) sum += fabs(e->value) / d->unit[rule];
  }
  return sum;
}

/* The stage that may still bear on the rules or not, and the most: where plans are rare. */
static bool choose_bearing(const cm__dual *d, const cm__view *v, cm__parting *out) {
  const cm_locate_parts *q = &d->r->p->parts;
  double most_of_all = 0;
  for (size_t s = 0; s < q->stages; s++) {
    double least = HUGE_VAL, most = 0;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      if (!v->allowed[o]) continue;
      least = fmin(least, bearing(d, o)), most = fmax(most, bearing(d, o));
    }
    if (least <= 0 && most > most_of_all) most_of_all = most, out->stage = s;
  }
  return out->stage != CM_NONE;
}

static void choose_option(const cm__dual *d, const cm__view *v, cm__parting *out) {
  const cm_locate_parts *q = &d->r->p->parts;
  for (size_t s = 0; s < q->stages && out->stage == CM_NONE; s++) {
    size_t left = 0;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) left += v->allowed[o];
    if (left > 1) out->stage = s, out->option = d->r->chosen[s];
  }
}

/* ---- whole -------------------- */

void cm__parter_choose(cm__parter *x, cm__view *v, double bound, double target, double enough,
                       bool costless, cm__parting *out) {
  *out = (cm__parting){.facility = CM_NONE,
                       .block = CM_NONE,
                       .stage = CM_NONE,
                       .option = CM_NONE,
                       .first = true,
                       .bound = {-HUGE_VAL, -HUGE_VAL}};
  if (costless ? choose_bearing(x->dual, v, out)
               : choose_facility(x, v, bound, target, enough, out))
    return;
  if (!choose_state(x->dual, out)) choose_option(x->dual, v, out);
}

void cm__part(const cm__parter *x, const cm__parting *how, bool likely, cm__view *v) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  if (how->facility != CM_NONE) {
    v->facility[how->facility] = (signed char)(likely == how->first);
    return;
  }
  bool by_state = how->block != CM_NONE;
  size_t begin = by_state ? 0 : q->first[how->stage],
         end = by_state ? q->options : q->first[how->stage + 1];
  for (size_t o = begin; o < end; o++) {
    if (by_state &&
        (r->state[o] < r->first_state[how->block] || r->state[o] >= r->first_state[how->block + 1]))
      continue;
    bool same = by_state                 ? r->state[o] == how->state
                : how->option == CM_NONE ? bearing(x->dual, o) > 0
                                         : o == how->option;
    if (same != likely) v->allowed[o] = false;
  }
}
