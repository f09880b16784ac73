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
  most_blocks = 2,   /* blocks looked at in a node */
  steps_a_trial = 15 /* of the bound, for either side */
};

/* A block is to do more than a facility, which parts what is left more evenly. */
static const double block_counts = 0.5;
/* Of the work of bounds: what trials of blocks may take; then what they have shown on average is
 * believed. */
static const double block_share = 0.2;

/* What closing or opening has added to the bound, in all, by unit of what was undecided. */
typedef struct gain {
  double sum;
  size_t trials;
} gain;

/* A facility, open or not, or a state of a block, taken or not. */
typedef struct candidate {
  size_t facility; /* or CM_NONE */
  size_t block, state;
  double share, score; /* share: how often it was open, or taken, of late */
} candidate;

struct cm__parter {
  cm__dual *dual;
  cm__narrow *narrow;
  bool (*stop)(void *context);
  void *context;
  gain *gains, all[4]; /* of each facility closed, open, of each block elsewhere, there; of all */
  candidate *list;
  double spent;                                  /* work on trials of blocks */
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
  CM__TRY(cm__alloc(2 * (q->facilities + r->blocks), sizeof *x->gains, what, &x->gains, err));
  CM__TRY(cm__alloc(q->facilities + r->blocks, sizeof *x->list, what, &x->list, err));
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

/* ---- what a candidate does to the bound -------------------- */

static gain *gains_of(cm__parter *x, const candidate *c) {
  size_t facilities = x->dual->r->p->parts.facilities;
  return &x->gains[2 * (c->facility != CM_NONE ? c->facility : facilities + c->block)];
}

static gain *gains_of_all(cm__parter *x, const candidate *c) {
  return &x->all[c->facility != CM_NONE ? 0 : 2];
}

static double expected(cm__parter *x, const candidate *c, bool yes) {
  const gain *g = &gains_of(x, c)[yes];
  if (!g->trials) g = &gains_of_all(x, c)[yes];
  return (g->trials ? g->sum / (double)g->trials : 1) * (yes ? 1 - c->share : c->share);
}

static void learn(cm__parter *x, const candidate *c, bool yes, double by) {
  gain *both[] = {&gains_of(x, c)[yes], &gains_of_all(x, c)[yes]};
  by /= fmax(0.1, yes ? 1 - c->share : c->share);
  for (int k = 0; k < 2; k++) both[k]->sum += by, both[k]->trials++;
}

static bool is_known(cm__parter *x, const candidate *c) {
  const gain *g = gains_of(x, c);
  return g[0].trials >= reliable && g[1].trials >= reliable;
}

/* Both sides are to raise the bound. */
static double score_of(double closed, double open, double bound) {
  double least = 1e-6 * fmax(1, fabs(bound));
  return fmax(closed, least) * fmax(open, least);
}

static double score_expected(cm__parter *x, const candidate *c, double bound) {
  return score_of(expected(x, c, false), expected(x, c, true), bound);
}

static cm__parting parting_by(const candidate *c) {
  return (cm__parting){.facility = c->facility,
                       .block = c->facility == CM_NONE ? c->block : CM_NONE,
                       .state = c->state,
                       .stage = CM_NONE,
                       .option = CM_NONE,
                       .first = true,
                       .bound = {-HUGE_VAL, -HUGE_VAL}};
}

/* The bound after some steps with it open, or taken, or not. */
static double try_side(cm__parter *x, cm__view *v, const candidate *c, bool yes,
                       const cm__climb *how) {
  const cm__parting by = parting_by(c);
  cm__dual *d = x->dual;
  cm__climb climb = *how;
  double bound = HUGE_VAL;
  cm__part(x, &by, yes, v);
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
  for (int yes = 0; yes < 2; yes++) {
    sides[yes] = try_side(x, v, c, yes, how);
    by[yes] = fmin(fmin(sides[yes], how->enough) - bound, fabs(bound));
    by[yes] = fmax(0, by[yes]);
    learn(x, c, yes, by[yes]);
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
  if (a->facility != b->facility) return a->facility < b->facility ? -1 : 1;
  return (a->block > b->block) - (a->block < b->block);
}

/* Whether facility f costs nothing and adds to no rule: it may be open in every plan, and only what
 * its capacity holds matters, which places part better. */
static bool is_free(const cm__relax *r, size_t f) {
  const cm_locate_facility *y = r->p->parts.facility;
  for (; f != CM_NONE; f = y[f].parent)
    if (y[f].fixed != 0 || y[f].points ||
        r->facility_entry_begin[f + 1] > r->facility_entry_begin[f])
      return false;
  return true;
}

/* The undecided ones, the best expected first; those that others hang on count for more as long as
 * nothing is known of them. */
static size_t list_undecided(cm__parter *x, const cm__view *v, double bound) {
  const cm__relax *r = x->dual->r;
  const cm_locate_parts *q = &r->p->parts;
  size_t n = 0;
  for (size_t f = 0; f < q->facilities; f++) {
    if (v->facility[f] >= 0 || !r->live[f] || is_free(r, f)) continue;
    bool root = q->facility[f].parent == CM_NONE;
    candidate c = {.facility = f, .block = CM_NONE, .share = x->dual->share_open[f]};
    if (!root) c.share = 0.5 * (c.share + used_by_choice(r, f));
    if (fmin(c.share, 1 - c.share) * (root ? 4 : 1) <= 0.02) continue;
    c.score = score_expected(x, &c, bound) * (root && !x->gains[2 * f].trials ? 4 : 1);
    x->list[n++] = c;
  }
  qsort(x->list, n, sizeof *x->list, by_score);
  return n;
}

/* The likeliest state of a block; false where only one is left. */
static bool likeliest(const cm__dual *d, size_t b, size_t *top) {
  const cm__relax *r = d->r;
  size_t left = 0;
  for (size_t i = r->first_state[b]; i < r->first_state[b + 1]; i++) {
    if (!r->left->alive[i]) continue;
    if (!left++ || d->share_state[i] > d->share_state[*top]) *top = i;
  }
  return left > 1;
}

/* Blocks that are not settled, each at its likeliest state, the best expected first; they come
 * to list[0 .. n - 1]. */
static size_t list_unsettled(cm__parter *x, candidate *list, double bound) {
  const cm__dual *d = x->dual;
  const cm__relax *r = d->r;
  size_t n = 0;
  for (size_t b = 0; b < r->blocks; b++) {
    candidate c = {.facility = CM_NONE, .block = b};
    if (!likeliest(d, b, &c.state)) continue;
    c.share = d->share_state[c.state];
    if (fmin(c.share, 1 - c.share) <= 0.02) continue;
    c.score = score_expected(x, &c, bound);
    list[n++] = c;
  }
  qsort(list, n, sizeof *list, by_score);
  return n;
}

/* The search among candidates. */
typedef struct trials {
  double bound;
  cm__climb how;
  double best;
  bool tried, done; /* done: one side of the best is */
} trials;

static void look_at(cm__parter *x, cm__view *v, const candidate *list, size_t n, size_t most,
                    size_t most_worse, trials *t, cm__parting *out) {
  for (size_t k = 0, idle = 0; k < n && k < most && idle < most_worse && !t->done; k++, idle++) {
    const candidate *c = &list[k];
    double sides[2] = {-HUGE_VAL, -HUGE_VAL}, score;
    bool block = c->facility == CM_NONE;
    if (block && block_counts * c->score < t->best) break;
    if (is_known(x, c) || (block && x->spent > block_share * x->dual->work)) {
      score = score_expected(x, c, t->bound);
    } else {
      if (t->tried && x->stop(x->context)) break;
      if (!t->tried) set_aside(x, v);
      t->tried = true;
      double before = x->dual->work;
      score = try_both(x, v, c, t->bound, &t->how, sides);
      if (block) x->spent += x->dual->work - before;
      t->done = sides[0] >= t->how.enough || sides[1] >= t->how.enough;
    }
    if (block) score *= block_counts;
    if (!t->done && score <= t->best) continue;
    t->best = score, idle = 0;
    *out = parting_by(c);
    out->first = c->facility == CM_NONE || c->share >= 0.5;
    out->bound[0] = sides[0], out->bound[1] = sides[1];
  }
}

/* False where nothing is undecided. */
static bool choose_best(cm__parter *x, cm__view *v, double bound, double target, double enough,
                        cm__parting *out) {
  trials t = {.bound = bound,
              .how = {.steps = steps_a_trial,
                      .patience = steps_a_trial,
                      .least = 1e-3,
                      .target = target,
                      .enough = enough},
              .best = -1};
  size_t n = list_undecided(x, v, bound), m = list_unsettled(x, x->list + n, bound);
  look_at(x, v, x->list, n, most_tried, most_idle, &t, out);
  look_at(x, v, x->list + n, m, most_blocks, most_blocks, &t, out);
  if (t.tried) bring_back(x, v);
  return out->facility != CM_NONE || out->block != CM_NONE;
}

/* ---- stages and their places -------------------- */

/* The block whose state is the least settled, and its likeliest state. */
static bool choose_state(const cm__dual *d, cm__parting *out) {
  double least = 2;
  for (size_t b = 0, top = 0; b < d->r->blocks; b++)
    if (likeliest(d, b, &top) && d->share_state[top] < least)
      least = d->share_state[top], out->block = b, out->state = top;
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
  if (costless ? choose_bearing(x->dual, v, out) : choose_best(x, v, bound, target, enough, out))
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
