/* Branch and bound over the Lagrangian relaxation: facilities are opened or closed, then stages
 * parted; the node of the least bound first, and from it down. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "locate/tree.h"

static const char what[] = "branch and bound";

typedef cm__tree tree;

static double gap_wanted(const tree *t) { return t->options->gap > 0 ? t->options->gap : 1e-6; }

/* What a node must reach to be done. */
static double enough(const tree *t) {
  double best = fmin(t->search->best_value, t->cutoff);
  return best < HUGE_VAL ? best - gap_wanted(t) * fmax(1e-9, fabs(best)) : HUGE_VAL;
}

static double seconds(const tree *t) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - t->begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - t->begin.tv_nsec);
}

/* What the tree itself proves. */
static double own_bound(const tree *t) {
  double bound = fmin(fmin(t->closed_bound, t->lent), t->search->best_value);
  if (t->next.bits) bound = fmin(bound, t->next.bound);
  return t->queue.count ? fmin(bound, t->queue.heap[0].bound) : bound;
}

static double least_bound(const tree *t) {
  return fmin(t->search->best_value, fmax(own_bound(t), t->assist.bound));
}

/* Says how far the search is: the plan in hand, the bound, the gap. */
static bool report_progress(const tree *t) {
  char text[CM__PROGRESS] = "placing";
  cm__progress_text(text, t->r->sign, t->search->best_value,
                    fmin(least_bound(t), fmax(t->in_hand, t->root_bound)));
  return cm_job_step(t->job, text, (double)t->nodes, 0, NULL) == CM_OK;
}

/* What may end even the work on a node, at any step. */
static bool is_cut(void *context) {
  tree *t = context;
  if (t->stop != CM_STOP_NONE) return true;
  if (t->cutoff < HUGE_VAL && cm__tree_work(t) >= t->until) t->stop = CM_STOP_NODES;
  if (t->options->time > 0 && seconds(t) >= t->options->time) t->stop = CM_STOP_TIME;
  if (!report_progress(t)) t->stop = CM_STOP_REQUEST;
  return t->stop != CM_STOP_NONE;
}

static bool must_stop(tree *t) {
  if (t->stop == CM_STOP_NONE && t->options->nodes && t->nodes >= t->options->nodes)
    t->stop = CM_STOP_NODES;
  return is_cut(t);
}

/* ---- nodes that wait -------------------- */

/* Whether nodes may take no more memory: some of the limit is left for what comes after the search,
 * and for the script that watches it. */
static bool memory_is_short(const tree *t) {
  size_t limit = cm_memory_limit(), held = cm_memory_held();
  bool over = t->job && t->job->memory && held > t->held && held - t->held > t->job->memory;
  return over || (limit && held > limit - limit / 32);
}

/* Lets the node in v wait, or be the next. */
static cm_status put(tree *t, const cm__view *v, double bound, size_t depth, cm__shared *from,
                     bool next) {
  cm__waiting n;
  cm_status status = cm__queue_make(&t->queue, &t->p->parts, v, bound, from, &n, t->err);
  if (status != CM_OK) return status;
  n.depth = depth, n.record = t->side;
  if (next)
    t->next = n;
  else
    cm__queue_put(&t->queue, n);
  return CM_OK;
}

/* ---- what is left -------------------- */

static void close_node(tree *t, double bound) {
  if (bound < HUGE_VAL) t->closed_bound = fmin(t->closed_bound, bound);
}

/* Strikes out what cannot be in a better plan. False where nothing is left. */
static bool fix(tree *t) {
  const cm_locate_parts *q = &t->p->parts;
  cm__view *v = &t->view;
  double room = enough(t) - t->r->value;
  if (!(room < HUGE_VAL)) return true;
  bool struck = false;
  cm__relax_marginals(t->r, v, room, t->marginal);
  for (size_t o = 0; o < q->options; o++)
    if (v->allowed[o] && t->marginal[o] > room) v->allowed[o] = false, struck = true;
  for (size_t f = 0; f < q->facilities; f++) {
    if (v->facility[f] >= 0 || !t->r->live[f]) continue;
    /* closed, it may take with it those above it */
    double closing = q->facility[f].parent == CM_NONE ? HUGE_VAL
                     : t->r->open[f]                  ? -t->r->reduced[f]
                                                      : 0;
    for (size_t g = f; closing > room && g != CM_NONE; g = q->facility[g].parent)
      if (v->facility[g] < 0)
        closing =
            fmin(closing, q->facility[g].parent == CM_NONE ? cm__relax_probe(t->r, v, g, false)
                                                           : fmax(0, -t->r->reduced[g]));
    bool must = closing > room;
    if (t->r->opening[f] > room)
      v->facility[f] = 0, struck = true;
    else if (must)
      v->facility[f] = 1, struck = true;
  }
  if (struck) close_node(t, enough(t));
  return cm__narrow_view(t->narrow, &t->view);
}

/* ---- a node -------------------- */

/* Moves of stages but for those of whole placements. */
static size_t moves(const tree *t) {
  return t->search->moves - (t->polish ? t->polish->moves : t->placed);
}

double cm__tree_work(const tree *t) {
  return t->dual->work + 100 * (double)moves(t) + (t->polish ? t->polish->work : 0) +
         (t->near ? t->near->work : 0);
}

/* Whether neighbourhoods have begun: they find more for the same work. */
static bool is_near(const tree *t) { return t->near && t->near->work > 0; }

/* Whether plans have had less than their share of the work: 300,000 moves of a stage at the start,
 * then as much as a ninth of what the bounds take, a 15th beside neighbourhoods (a move counts as
 * 100 additions). */
static bool may_search(const tree *t) {
  return (double)moves(t) < t->first_moves + t->dual->work / (is_near(t) ? 1500 : 900);
}

static bool look(void *context, size_t step) {
  tree *t = context;
  if (t->stop == CM_STOP_TIME || t->stop == CM_STOP_REQUEST) return false;
  if (step % 64 == 63 && must_stop(t)) return false;
  if (t->nodes == 1 && step % 100 == 99 && may_search(t)) {
    cm__local_price(t->search, t->dual->at);
    (void)cm__local_from(t->search, t->r->chosen);
  }
  t->climb.target = fmin(t->climb.target, t->search->best_value);
  t->climb.enough = enough(t);
  return true;
}

/* For a climb between nodes. */
static bool look_again(void *context, size_t step) { return step % 64 < 63 || !must_stop(context); }

/* One side of the node in hand: keeps what is there in v. */
static cm_status push_side(tree *t, double bound, size_t depth, cm__shared *from,
                           const cm__view *whole, bool next) {
  cm_status status = CM_OK;
  if (cm__narrow_view(t->narrow, &t->view)) status = put(t, &t->view, bound, depth, from, next);
  memcpy(t->view.allowed, whole->allowed, t->p->parts.options * sizeof *whole->allowed);
  memcpy(t->view.facility, whole->facility, t->p->parts.facilities);
  return status;
}

/* That the node in hand is parted: by a facility, or by what a stage, or the first of a block,
 * takes in the side in t->view. */
static size_t record_parting(tree *t, const cm__parting *how) {
  size_t s = how->stage;
  for (size_t i = t->p->parts.stages; how->block != CM_NONE && i-- > 0;)
    if (t->r->block[i] == how->block) s = i;
  return cm__record_part(t->record, t->here, how->facility, s, t->view.allowed);
}

static double guess_target(const tree *t, double bound) {
  double best = fmin(t->search->best_value, t->cutoff);
  if (best < HUGE_VAL) return best;
  return bound > -HUGE_VAL ? bound + 0.1 * fmax(1, fabs(bound)) : HUGE_VAL;
}

static cm_status branch(tree *t, double bound, size_t depth, cm__view *whole, bool costless) {
  const cm_locate_parts *q = &t->p->parts;
  cm__view *v = &t->view;
  cm__parting how;
  cm__shared *from = NULL;
  cm_status status = CM_OK;
  cm__parter_choose(t->parter, v, bound, guess_target(t, bound), enough(t), costless, &how);
  if (how.facility == CM_NONE && how.block == CM_NONE && how.stage == CM_NONE) {
    (void)cm__local_try(t->search, t->r->chosen); /* the one plan that is left */
    return CM_OK;
  }
  if (memory_is_short(t)) CM__TRY(cm__fail(t->err, CM_BUDGET, "no room for nodes"));
  CM__TRY(
      cm__alloc(1, sizeof *from + t->r->multipliers * sizeof *from->value, what, &from, t->err));
  atomic_init(&from->users, 1);
  from->costless = costless;
  for (size_t k = 0; k < t->r->multipliers; k++) from->value[k] = (float)t->dual->best[k];
  memcpy(whole->allowed, v->allowed, q->options * sizeof *v->allowed);
  memcpy(whole->facility, v->facility, q->facilities);
  for (size_t side = 0, first = 0; side < 2; side++) {
    bool likely = side == 0;
    cm__part(t->parter, &how, likely, v);
    if (likely) first = record_parting(t, &how);
    double known = bound; /* what trials have shown is not in the record */
    if (how.facility == CM_NONE) {
      t->side = first + side;
    } else {
      bool open = v->facility[how.facility];
      t->side = first + !open;
      if (!t->record) known = fmax(bound, how.bound[open]);
    }
    CM__TRY(push_side(t, known, depth + 1, from, whole, likely));
  }
done:
  if (status != CM_OK) close_node(t, bound);
  if (from && --from->users == 0) cm__free(from);
  return status;
}

static bool stops(void *context) { return must_stop(context); }

/* Whole placements take up to half of the work of the bounds, a tenth beside neighbourhoods. */
static bool polish(tree *t) {
  double was = t->search->best_value, most = t->dual->work / (is_near(t) ? 10 : 2);
  double now = fmin(most, t->polish->work + t->until - cm__tree_work(t));
  if (t->polish->work < 0.8 * most) cm__polish_some(t->polish, t->root, now, stops, t);
  return t->search->best_value < was;
}

/* Neighbourhoods take as much work as the bounds while they help, once these have had some; a third
 * of that where they have not for long, a tenth where stages are few, which single moves serve. */
static bool look_near(tree *t) {
  const cm__near *x = t->near;
  if (!x) return false;
  double share = x->gained > x->work / 2 ? 1 : t->r->blocks < 40 ? 0.1 : 0.3;
  double was = t->search->best_value, most = share * t->dual->work - 1e8;
  if (x->work > 0.8 * most) return false;
  double now = fmin(most, x->work + t->until - cm__tree_work(t));
  cm__near_some(t->near, fmax(gap_wanted(t), 1e-4), now, stops, t);
  return t->search->best_value < was;
}

/* Both; whether the best plan is better. */
static bool improve(tree *t) {
  bool better = t->polish && polish(t);
  return look_near(t) || better;
}

/* Goes on from the multipliers of the root. */
static void restart(tree *t) {
  memcpy(t->dual->best, t->root, t->r->multipliers * sizeof *t->root);
}

/* Before there are multipliers. */
static void first_plans(tree *t) {
  if (t->search->best_value < HUGE_VAL) return;
  if (!(cm__relax_value(t->r, &t->view, t->dual->best) < HUGE_VAL)) return;
  cm__local_price(t->search, t->dual->best);
  (void)cm__local_from(t->search, t->r->chosen);
  for (size_t k = 0; k < 20 && !(t->search->best_value < HUGE_VAL); k++)
    (void)cm__local_from(t->search, NULL);
}

/* From what the relaxation chose last. */
static void try_plans(tree *t, bool root) {
  cm__local_price(t->search, t->dual->best);
  if (root || may_search(t)) (void)cm__local_from(t->search, t->r->chosen);
  for (size_t k = root ? 200 : 1; k-- > 0 && may_search(t) && !must_stop(t);)
    (void)cm__local_from(t->search, NULL);
}

/* Bounds, strikes out, tries; then closes or parts the node in t->view. */
static cm_status take_node(tree *t, double above, size_t depth, cm__view *whole) {
  bool root = t->nodes == 1 || t->anew;
  size_t inner = t->r->blocks < 20 ? 20 : t->r->blocks > 80 ? 80 : t->r->blocks; /* steps */
  const cm_locate_parts *q = &t->p->parts;
  for (int round = 0;; round++) {
    if (!cm__relax_enter(t->r, &t->view)) return CM_OK;
    if (root && round == 0) first_plans(t);
    if (!(fmin(t->search->best_value, t->cutoff) < HUGE_VAL)) {
      if (cm__dual_refutes(t->dual, &t->view, root ? 1000 : 80)) {
        cm__record_round(t->record, t->here, HUGE_VAL, t->dual->best, true);
        return CM_OK;
      }
      (void)(cm__local_try(t->search, t->r->chosen) || cm__local_from(t->search, t->r->chosen));
      if (!root && !(t->search->best_value < HUGE_VAL))
        return branch(t, above, depth, whole, true); /* first of all a plan */
      restart(t);
    }
    bool brief = t->cutoff < HUGE_VAL;
    t->climb = (cm__climb){.steps = root ? brief ? 600 : 10000 : inner,
                           .patience = root ? 20 : inner / 10 + 2,
                           .least = root && !t->anew ? 1e-5 : 1e-3,
                           .target = guess_target(t, above),
                           .enough = enough(t)};
    if (!(t->climb.target < HUGE_VAL)) t->climb.target = 1;
    double bound = fmax(above, cm__dual_climb(t->dual, &t->view, &t->climb, look, t));
    cm__record_round(t->record, t->here, bound, t->dual->best, false);
    if (t->stop != CM_STOP_NONE && !(bound >= enough(t))) {
      if (root) t->root_bound = bound;
      close_node(t, bound);
      return CM_OK;
    }
    if (!(bound < HUGE_VAL)) return CM_OK;
    (void)cm__local_try(t->search, t->r->chosen);
    if (bound < enough(t)) try_plans(t, root && round == 0);
    if (root) {
      if (!t->anew) t->first_bound = bound;
      t->root_bound = bound;
      memcpy(t->root, t->dual->best, t->r->multipliers * sizeof *t->root);
    }
    if (bound >= enough(t)) {
      close_node(t, bound);
      return CM_OK;
    }
    size_t before_fix = 0, after = 0;
    for (size_t o = 0; o < q->options; o++) before_fix += t->view.allowed[o];
    if (!fix(t)) return CM_OK;
    for (size_t o = 0; o < q->options; o++) after += t->view.allowed[o];
    if (root) memcpy(t->at_large, t->view.allowed, q->options * sizeof *t->at_large);
    above = bound;
    bool repays = root ? !brief : t->r->homes != NULL; /* to climb again where much is gone */
    if (repays && round < 3 && (double)after < 0.8 * (double)before_fix) continue;
    if (root && round < (brief ? 1 : 6) && improve(t)) continue;
    if (!cm__relax_enter(t->r, &t->view)) return CM_OK;
    if (!(cm__relax_value(t->r, &t->view, t->dual->best) < HUGE_VAL)) return CM_OK;
    return branch(t, bound, depth, whole, false);
  }
}

/* A mixed-integer solver works on what the root left. */
static cm_status ask_for_help(tree *t) {
  const cm_locate_options *o = t->options;
  bool open = t->queue.count || t->next.bits;
  double left = o->time > 0 ? o->time - seconds(t) : 0;
  if (!o->exchange || o->record || t->nodes > 1 || t->stop != CM_STOP_NONE || !open) return CM_OK;
  if (o->time > 0 && left < 1) return CM_OK;
  cm_status status = cm__assist_ask(&t->assist, t->search, t->at_large, enough(t), left, t->err);
  if (t->assist.stop != CM_STOP_NONE) t->stop = t->assist.stop;
  return status;
}

/* Whether a bound is less than so much of the way from the first one to the best plan. */
static bool is_short(const tree *t, double bound, double share) {
  double whole = enough(t) - t->first_bound;
  return whole < HUGE_VAL && bound - t->first_bound < share * whole;
}

/* Whether homes raise the bound of the root far enough to be worth their work; they are used then,
 * from multipliers that are the root's from now on. */
static bool try_homes(tree *t) {
  cm__climb how = {.steps = 3000,
                   .patience = 20,
                   .least = 1e-4,
                   .target = t->search->best_value,
                   .enough = enough(t)};
  if (!cm__relax_settle(t->r)) return false;
  restart(t);
  if (!cm__relax_enter(t->r, &t->view)) return true;
  double bound = cm__dual_climb(t->dual, &t->view, &how, look_again, t);
  if (t->stop == CM_STOP_NONE && !is_short(t, bound, 0.4)) {
    memcpy(t->root, t->dual->best, t->r->multipliers * sizeof *t->root);
    return true;
  }
  cm__relax_unsettle(t->r);
  return false;
}

void cm__tree_settle(tree *t) {
  const cm_locate_parts *q = &t->p->parts;
  cm__waiting root;
  if (t->judged || t->nodes < CM__TREE_JUDGED || t->stop != CM_STOP_NONE) return;
  t->judged = true;
  if (!is_short(t, own_bound(t), 0.3)) return;
  memcpy(t->view.allowed, t->at_large, q->options * sizeof *t->at_large);
  memset(t->view.facility, -1, q->facilities);
  if (!cm__narrow_view(t->narrow, &t->view)) return;
  /* first of all: without room for it, the nodes that wait must stay */
  if (cm__queue_make(&t->queue, q, &t->view, t->root_bound, NULL, &root, NULL) != CM_OK) return;
  if (!try_homes(t)) {
    cm__waiting_forget(&root);
    return;
  }
  if (t->next.bits) cm__waiting_forget(&t->next);
  t->next.bits = NULL;
  while (t->queue.count) {
    cm__waiting n = cm__queue_pop(&t->queue);
    cm__waiting_forget(&n);
  }
  t->anew = true;
  restart(t);
  cm__queue_put(&t->queue, root);
}

cm_status cm__tree_explore(tree *t) {
  const cm_locate_parts *q = &t->p->parts;
  cm_status status = CM_OK;
  while (status == CM_OK && (t->queue.count || t->next.bits) && t->nodes < t->most_nodes &&
         cm__tree_work(t) < t->until && !must_stop(t)) {
    cm__waiting n = t->next.bits ? t->next : cm__queue_pop(&t->queue);
    t->next.bits = NULL;
    if (fmax(n.bound, t->assist.bound) >= enough(t)) {
      close_node(t, n.bound);
      cm__waiting_forget(&n);
      continue;
    }
    cm__waiting_open(&n, q, &t->view);
    for (size_t o = 0; o < q->options && t->nodes; o++)
      t->view.allowed[o] = t->view.allowed[o] && t->at_large[o];
    bool found = t->search->best_value < HUGE_VAL;
    if (n.from && n.from->costless && found)
      restart(t);
    else
      for (size_t k = 0; n.from && k < t->r->multipliers; k++)
        t->dual->best[k] = (double)n.from->value[k];
    if (t->nodes) (void)improve(t);
    t->nodes++;
    t->in_hand = n.bound, t->here = n.record;
    if (cm__narrow_view(t->narrow, &t->view)) status = take_node(t, n.bound, n.depth, &t->whole);
    t->anew = false;
    cm__waiting_forget(&n);
    if (status == CM_OK && t->stop == CM_STOP_NONE) status = ask_for_help(t);
    if (status == CM_OK && t->alone) cm__tree_settle(t);
    if (status == CM_BUDGET || status == CM_MEMORY) t->stop = CM_STOP_MEMORY, status = CM_OK;
  }
  return status;
}

/* ---- its parts -------------------- */

cm_status cm__tree_open(tree *t) {
  const cm_locate_parts *q = &t->p->parts;
  cm_status status = CM_OK;
  t->closed_bound = t->lent = t->until = HUGE_VAL, t->most_nodes = SIZE_MAX;
  t->assist = (cm__assist){.p = t->p, .options = t->options, .job = t->job, .bound = -HUGE_VAL};
  CM__TRY(cm__relax_new(t->p, &t->r, t->err));
  t->r->stop = is_cut, t->r->context = t;
  bool plain = t->options->record || t->cutoff < HUGE_VAL; /* without homes */
  if (!plain) CM__TRY(cm__relax_house(t->r, t->err));
  CM__TRY(cm__narrow_new(t->p, &t->narrow, t->err));
  CM__TRY(cm__dual_new(t->r, &t->dual, t->err));
  CM__TRY(cm__parter_new(t->dual, t->narrow, stops, t, &t->parter, t->err));
  CM__TRY(cm__alloc(2 * q->options, sizeof *t->view.allowed, what, &t->view.allowed, t->err));
  t->whole.allowed = t->view.allowed + q->options;
  CM__TRY(cm__alloc(2 * q->facilities, 1, what, &t->view.facility, t->err));
  t->whole.facility = t->view.facility + q->facilities;
  CM__TRY(cm__alloc(q->options, sizeof *t->marginal, what, &t->marginal, t->err));
  CM__TRY(cm__local_new(t->r, t->at_large, t->options->seed, &t->search, t->err));
done:
  return status;
}

void cm__tree_close(tree *t) {
  if (t->next.bits) cm__waiting_forget(&t->next);
  cm__queue_release(&t->queue);
  cm__near_release(t->near);
  cm__polish_release(t->polish);
  cm__local_release(t->search);
  cm__parter_release(t->parter);
  cm__dual_release(t->dual);
  cm__narrow_release(t->narrow);
  cm__relax_release(t->r);
  cm__record_release(t->record);
  cm__free(t->view.allowed);
  cm__free(t->view.facility);
  cm__free(t->marginal);
}

/* ---- the method -------------------- */

static void report(tree *t, cm_plan *plan) {
  const cm_locate_parts *q = &t->p->parts;
  bool found = t->search->best_value < HUGE_VAL;
  double sign = t->r->sign, bound = least_bound(t);
  cm_plan_figures *f = &plan->figures;
  if (t->stop == CM_STOP_NONE)
    f->outcome = found ? CM_OPTIMAL : CM_INFEASIBLE;
  else if (!found)
    f->outcome = CM_UNKNOWN;
  else
    f->outcome = t->stop == CM_STOP_NODES ? CM_FEASIBLE : CM_STOPPED;
  f->stop = t->stop;
  f->nodes = t->nodes;
  bool helped = t->assist.bound > own_bound(t) && t->assist.bound > t->root_bound;
  f->method = !helped              ? "Lagrangian branch and bound"
              : t->options->solver ? "Lagrangian branch and bound, HiGHS"
                                   : "Lagrangian branch and bound, CBC";
  if (!found && t->stop != CM_STOP_NONE) bound = t->root_bound;
  f->bound = sign * bound;
  f->certified = sign * fmin(bound, own_bound(t));
  if (found) {
    memcpy(plan->choice, t->search->best, q->stages * sizeof *plan->choice);
  } else {
    cm__free(plan->choice);
    plan->choice = NULL;
  }
}

cm_status cm__lagrange_glance(const cm_locate *p, size_t steps, double target, const cm_job *job,
                              double *bound, double *work) {
  static const cm_locate_options none = {0};
  tree t = {.p = p, .options = &none, .job = job, .cutoff = target};
  cm__climb how = {
      .steps = steps, .patience = 8, .least = 1e-3, .target = target, .enough = target};
  cm_status status;
  CM__TRY(cm__tree_open(&t));
  for (size_t o = 0; o < p->parts.options; o++) t.view.allowed[o] = t.r->state[o] != CM_NONE;
  memset(t.view.facility, -1, p->parts.facilities);
  *bound = HUGE_VAL;
  if (cm__narrow_view(t.narrow, &t.view) && cm__relax_enter(t.r, &t.view))
    *bound = cm__dual_climb(t.dual, &t.view, &how, look_again, &t);
  *work += cm__tree_work(&t);
done:
  cm__tree_close(&t);
  return status;
}

static cm_status solve(const cm_locate *p, const cm_locate_options *options, const bool *allowed,
                       const cm_job *job, double cutoff, double most_work, cm_plan *plan,
                       double *work, cm_error *err) {
  bool rest = cutoff < HUGE_VAL;
  const cm_locate_parts *q = &p->parts;
  tree t = {.p = p, .options = options, .job = job, .err = err, .held = cm_memory_held()};
  size_t threads = job && job->threads && !options->record ? job->threads : 1, most = 256;
  cm_status status = CM_OK;
  t.root_bound = t.first_bound = -HUGE_VAL;
  t.alone = threads == 1;
  t.cutoff = cutoff;
  t.first_moves = rest ? 1e4 : 3e5;
  clock_gettime(CLOCK_MONOTONIC, &t.begin);
  CM__TRY(cm__alloc(q->options, sizeof *t.at_large, what, &t.at_large, err));
  CM__TRY(cm__tree_open(&t));
  t.until = most_work;
  CM__TRY(cm__alloc(t.r->room, sizeof *t.root, what, &t.root, err));
  for (size_t o = 0; o < q->options; o++)
    t.at_large[o] = (!allowed || allowed[o]) && t.r->state[o] != CM_NONE;
  if (!options->record) cm__narrow_dominated(p, t.at_large); /* a verifier knows nothing of it */
  memcpy(t.view.allowed, t.at_large, q->options * sizeof *t.at_large);
  memset(t.view.facility, -1, q->facilities);
  CM__TRY(cm__polish_new(t.dual, t.search, t.at_large, &t.polish, err));
  if (!rest) CM__TRY(cm__near_new(t.dual, t.search, t.at_large, &t.near, err));
  CM__TRY(cm__alloc(q->stages, sizeof *plan->choice, "plan", &plan->choice, err));
  if (options->start) (void)cm__local_try(t.search, options->start);
  if (options->record) t.record = cm__record_new(p, t.r);
  if (cm__narrow_view(t.narrow, &t.view)) CM__TRY(put(&t, &t.view, -HUGE_VAL, 0, NULL, false));
  CM__TRY(threads > 1 ? cm__tree_rounds(&t, threads < most ? threads : most)
                      : cm__tree_explore(&t));
  report(&t, plan);
  plan->record = t.record, t.record = NULL;
  *work += cm__tree_work(&t);
done:
  cm__tree_close(&t);
  cm__free(t.at_large);
  cm__free(t.root);
  return status;
}

cm_status cm__lagrange(const cm_locate *p, const cm_locate_options *options, const bool *allowed,
                       const cm_job *job, cm_plan *plan, cm_error *err) {
  double work = 0;
  return solve(p, options, allowed, job, HUGE_VAL, HUGE_VAL, plan, &work, err);
}

cm_status cm__lagrange_rest(const cm_locate *p, const cm_locate_options *options, double cutoff,
                            double most, const cm_job *job, cm_plan *plan, double *work) {
  return solve(p, options, NULL, job, cutoff, most, plan, work, NULL);
}
