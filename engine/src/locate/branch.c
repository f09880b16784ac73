/* Branch and bound over dynamic programming where costs compound: at every node each stage has some
 * of its options left; the bound is the least total of the chain, in which an option bears its
 * share of the facilities it needs, plus what the facilities that can no longer be avoided cost,
 * and a rule that nothing left can meet closes the node, or the bound with prices on rules and
 * facilities (linear.h). Depth first, the cheaper side first, so
 * that the same problem takes the same steps in every run. A start is a cutoff: nodes no better
 * than it are not looked into, and the plan is the one that is met without it, among equals too,
 * since what is parted next does not depend on plans found. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "locate/linear.h"
#include "locate/record.h"

/* What sums in another order differ by, as a part of their value. */
#define ROUNDING 1e-12

typedef struct branching {
  const cm_locate *p;
  double sign; /* 1 to minimise, -1 to maximise */
  const cm_locate_options *options;
  const cm_job *job;
  cm_error *err;
  cm__dynamic *dynamic;
  double *low, *high; /* of each measure: what can still be reached */
  double *forced;     /* of each facility: least volume, negative where it can be avoided */
  size_t *users;      /* of each facility: stages with an option left that needs it */
  double *most;       /* of each option: the most that a unit of its cost is in the total */
  double *share;      /* of each option: of what its facilities cost */
  size_t *last;       /* of each facility: the last stage that was counted */
  size_t *choice;     /* of the node */
  size_t *best;       /* incumbent */
  double best_value;  /* in the sense of minimising */
  double start_value; /* that of the start; HUGE_VAL without */
  size_t *start;      /* the start: as given, or a better one that was come upon */
  cm__linear *linear; /* for a bound with prices; NULL: none */
  double target;      /* of it: the best plan that was come upon at the root */
  bool doubtful;      /* there was none: prices then are to show that no plan keeps the rules */
  double open_bound;  /* the least bound among nodes that were given up */
  double waiting;     /* the least bound among sides that wait */
  char progress[CM__PROGRESS]; /* how far the search is */
  size_t nodes;
  struct timespec begin;
  cm_stop stop;
  cm__record *record;
} branching;

bool cm__coupled(const cm_locate *p) {
  const cm_locate_parts *q = &p->parts;
  for (size_t r = 1; r < q->measures; r++)
    if (q->lower[r] > -HUGE_VAL || q->upper[r] < HUGE_VAL) return true;
  if (q->needs) return true;
  if (!q->compounding) return false;
  for (size_t k = 0; k < q->option_entries; k++)
    if (q->option_entry[k].measure == 0) return true;
  return q->weight[0] == 0;
}

/* ---- what is left to choose -------------------------------------------------------------- */

static double min_max(double a, double b, bool low) { return low ? fmin(a, b) : fmax(a, b); }

/* low[r] and high[r]: what the entries of measure r can sum to. */
static void reach(branching *b, const bool *allowed, bool low, double *out) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  for (size_t r = 0; r < q->measures; r++) out[r] = 0;
  for (size_t s = 0; s < q->stages; s++) {
    for (size_t r = 0; r < q->measures; r++) {
      double end = low ? HUGE_VAL : -HUGE_VAL;
      for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
        if (!allowed[o]) continue;
        double x = 0;
        for (size_t k = p->entry_begin[o]; k < p->entry_begin[o + 1]; k++)
          if (q->option_entry[k].measure == r) x += q->option_entry[k].value;
        end = min_max(end, x, low);
      }
      out[r] += end;
    }
  }
  for (size_t k = 0; k < q->facility_entries; k++) {
    const cm_locate_entry *e = &q->facility_entry[k];
    bool must = b->forced[e->index] >= 0;
    out[e->measure] += must ? e->value : min_max(0, e->value, low);
  }
}

/* Of each facility the least volume that what is left must take of it. */
static void force(branching *b, const bool *allowed) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  for (size_t f = 0; f < q->facilities; f++) b->forced[f] = -1;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t f = 0; f < q->facilities; f++) {
      double least = HUGE_VAL;
      for (size_t o = q->first[s]; o < q->first[s + 1] && least >= 0; o++) {
        if (!allowed[o]) continue;
        double x = -1;
        for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
          if (q->need[k].facility == f) x = fmax(x, 0) + q->need[k].volume;
        least = fmin(least, x);
      }
      if (least >= 0 && least < HUGE_VAL) b->forced[f] = fmax(b->forced[f], 0) + least;
    }
  for (size_t f = q->facilities; f-- > 0;)
    if (b->forced[f] >= 0 && q->facility[f].parent != CM_NONE)
      b->forced[q->facility[f].parent] = fmax(b->forced[q->facility[f].parent], 0);
}

static double slack_of(double bound) { return 1e-9 * fmax(1, fabs(bound)); }

/* Whether the rules and capacities can still be met. `cost` is the least total cost. */
static bool can_hold(branching *b, const bool *allowed, double cost) {
  const cm_locate_parts *q = &b->p->parts;
  for (size_t f = 0; f < q->facilities; f++)
    if (b->forced[f] > q->facility[f].capacity + slack_of(q->facility[f].capacity)) return false;
  reach(b, allowed, true, b->low);
  reach(b, allowed, false, b->high);
  for (size_t r = 1; r < q->measures; r++) {
    double low = b->low[r], high = b->high[r];
    if (q->weight[r] > 0) low += q->weight[r] * cost, high = HUGE_VAL;
    if (q->weight[r] < 0) high += q->weight[r] * cost, low = -HUGE_VAL;
    if (low > q->upper[r] + slack_of(q->upper[r]) || high < q->lower[r] - slack_of(q->lower[r]))
      return false;
  }
  return true;
}

/* ---- what an option bears of its facilities ------------------------------------------------ */

/* most[o]: the most that one unit of the cost of option o comes to in the total, over the choices
 * of allowed options of the users; HUGE_VAL where an aggregate makes it depend on more. */
static void magnify(branching *b, const bool *allowed) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  for (size_t i = q->stages; i-- > 0;) {
    size_t s = p->graph->order[i];
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      b->most[o] = cm__is_product(p, s);
      for (size_t k = p->graph->out_begin[s]; k < p->graph->out_begin[s + 1]; k++) {
        const cm_locate_arc *arc = &q->arc[p->graph->out[k]];
        const double *times = arc->times == CM_NONE ? NULL : q->place_matrix[arc->times];
        double largest = 0;
        for (size_t u = q->first[arc->to]; u < q->first[arc->to + 1]; u++) {
          double x = times ? times[q->place[o] * q->places + q->place[u]] : 1;
          if (allowed[u] && x < HUGE_VAL) largest = fmax(largest, x * b->most[u]);
        }
        b->most[o] += arc->quantity * largest;
      }
    }
    if (!q->aggregator || q->aggregator[s] == CM_AGGREGATE_SUM) continue;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) b->most[o] = HUGE_VAL;
  }
}

/* users[f]: how many stages have an option left that needs facility f. */
static void count_users(branching *b, const bool *allowed) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  for (size_t f = 0; f < q->facilities; f++) b->users[f] = 0, b->last[f] = CM_NONE;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      for (size_t k = p->need_begin[o]; allowed[o] && k < p->need_begin[o + 1]; k++) {
        size_t f = q->need[k].facility;
        if (b->last[f] != s) b->last[f] = s, b->users[f]++;
      }
}

/* share[o]: what option o bears of the facilities that it needs and that can yet be avoided, in its
 * own cost, so that it comes to no more in the total. What n stages may need costs at least the
 * mean of what it costs for each of them alone. */
static void spread(branching *b, const bool *allowed) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  count_users(b, allowed);
  for (size_t o = 0; o < q->options; o++) {
    double sum = 0;
    for (size_t k = p->need_begin[o]; allowed[o] && k < p->need_begin[o + 1]; k++) {
      size_t f = q->need[k].facility;
      bool twice = false;
      for (size_t j = p->need_begin[o]; j < k; j++) twice = twice || q->need[j].facility == f;
      if (b->forced[f] < 0 && !twice)
        sum += cm__facility_cost(q, f, q->need[k].volume) / (double)b->users[f];
    }
    b->share[o] = b->most[o] > 0 ? sum / b->most[o] : 0;
  }
}

/* The bound of a node, HUGE_VAL where nothing is left; its choice without regard to rules. */
static double bound_of(branching *b, const bool *allowed, size_t *conflict) {
  const cm_locate_parts *q = &b->p->parts;
  double weight = b->sign * q->weight[0], facilities = 0;
  *conflict = CM_NONE;
  force(b, allowed);
  spread(b, allowed);
  for (size_t f = 0; f < q->facilities; f++)
    if (b->forced[f] >= 0) facilities += cm__facility_cost(q, f, b->forced[f]);
  double cost = facilities + cm__dynamic_run(b->dynamic, allowed, 1, b->share, b->choice, conflict);
  if (!(cost < HUGE_VAL) || !can_hold(b, allowed, cost)) return HUGE_VAL;
  return weight * cost + (b->sign > 0 ? b->low[0] : -b->high[0]);
}

/* ---- plans found -------------------- */

/* A choice that keeps the rules and is better than the start takes its place. */
static cm_status start_from(branching *b, const size_t *choice) {
  cm_locate_sum sum;
  cm_status status = cm_locate_evaluate(b->p, choice, &sum, NULL, NULL, NULL, b->err);
  if (status != CM_OK || !(sum.violation <= CM_LOCATE_TOLERANCE)) return status;
  if (!(b->sign * sum.objective < b->start_value)) return CM_OK;
  b->start_value = b->sign * sum.objective;
  memcpy(b->start, choice, b->p->parts.stages * sizeof *b->start);
  return CM_OK;
}

static cm_status try_choice(branching *b, const size_t *choice) {
  cm_locate_sum sum;
  cm_status status = cm_locate_evaluate(b->p, choice, &sum, NULL, NULL, NULL, b->err);
  if (status != CM_OK || !(sum.violation <= CM_LOCATE_TOLERANCE)) return status;
  if (!(b->sign * sum.objective < b->best_value)) return CM_OK;
  b->best_value = b->sign * sum.objective;
  memcpy(b->best, choice, b->p->parts.stages * sizeof *b->best);
  return CM_OK;
}

/* ---- the tree -------------------- */

static double gap_wanted(const cm_locate_options *o) { return o->gap > 0 ? o->gap : 1e-6; }

static double margin(const branching *b, double value) {
  return gap_wanted(b->options) * fmax(1e-9, fabs(value));
}

/* The bound with which a node is closed. The start closes nodes that are worse than it by twice the
 * gap, so that no plan within the gap of the best is missed. */
static double enough(const branching *b) {
  double best = b->best_value, start = b->start_value;
  if (best < HUGE_VAL) best -= margin(b, best);
  if (start < HUGE_VAL) start += 2 * margin(b, start);
  return fmin(best, start);
}

static bool closed(const branching *b, double bound) { return bound >= enough(b); }

/* How far the search is: the plan in hand, the bound, the gap; written anew now and then. */
static void write_progress(branching *b, double above) {
  double best = fmin(b->best_value, b->start_value),
         bound = fmin(fmin(b->open_bound, b->waiting), fmin(above, best));
  if (b->nodes < 16 || b->nodes % 16 == 0) cm__progress_text(b->progress, b->sign, best, bound);
}

/* What may end even the work on a node, at any step. */
static bool is_cut(void *context) {
  branching *b = context;
  struct timespec now;
  if (b->stop != CM_STOP_NONE) return true;
  if (b->options->time > 0) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    double spent =
        (double)(now.tv_sec - b->begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - b->begin.tv_nsec);
    if (spent >= b->options->time) b->stop = CM_STOP_TIME;
  }
  if (cm_job_step(b->job, b->progress, (double)b->nodes, 0, NULL) != CM_OK)
    b->stop = CM_STOP_REQUEST;
  return b->stop != CM_STOP_NONE;
}

static bool must_stop(branching *b, double above) {
  if (b->stop == CM_STOP_NONE && b->options->nodes && b->nodes >= b->options->nodes)
    b->stop = CM_STOP_NODES;
  write_progress(b, above);
  return is_cut(b);
}

/* The stage to part: that of a conflict, else the one with the fewest options left, more than one.
 */
static size_t stage_to_part(const branching *b, const bool *allowed, size_t conflict) {
  const cm_locate_parts *q = &b->p->parts;
  size_t best = CM_NONE, fewest = SIZE_MAX;
  for (size_t s = 0; s < q->stages; s++) {
    size_t left = 0;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) left += allowed[o];
    if (left < 2) continue;
    if (s == conflict) return s;
    if (left < fewest) fewest = left, best = s;
  }
  return best;
}

/* ---- prices on rules and facilities -------------------- */

/* A plan from what the relaxation chose, as a start. */
static void look_for_start(branching *b, const double *prices, size_t shakes) {
  cm__linear *x = b->linear;
  cm__local_price(x->search, prices);
  bool better = cm__local_from(x->search, x->r->chosen);
  for (size_t k = 0; k < shakes; k++) better = cm__local_from(x->search, NULL) || better;
  if (better) (void)start_from(b, x->search->best);
}

static bool look(void *context, size_t step) {
  branching *b = context;
  if (step % 25 == 0) look_for_start(b, b->linear->dual->at, 0);
  return !is_cut(b);
}

/* Whether prices are found that show that no plan keeps the rules; they go to `prices`. */
static bool refuted(branching *b, size_t record, double *prices, size_t steps) {
  cm__linear *x = b->linear;
  bool found = cm__dual_refutes(x->dual, &x->view, steps);
  memcpy(prices, x->dual->best, x->r->multipliers * sizeof *prices);
  if (found) cm__record_round(b->record, record, HUGE_VAL, prices, true);
  return found;
}

/* The bound of a node with prices, begun from those in `prices`, which become its own. They depend
 * on the node and the root alone, not on plans found. */
static double priced(branching *b, const bool *allowed, size_t record, double *prices, bool root) {
  cm__linear *x = b->linear;
  size_t bytes = x->r->multipliers * sizeof *prices;
  x->view.allowed = (bool *)(uintptr_t)allowed; /* not written to */
  if (!cm__relax_enter(x->r, &x->view)) return HUGE_VAL;
  cm__climb how = {.steps = root ? 200 : 24,
                   .patience = root ? 10 : 4,
                   .least = 1e-3,
                   .target = root ? -HUGE_VAL : b->target,
                   .enough = enough(b)};
  memcpy(x->dual->best, prices, bytes);
  if (b->doubtful) return refuted(b, record, prices, 40) ? HUGE_VAL : -HUGE_VAL;
  double bound = cm__dual_climb(x->dual, &x->view, &how, root ? look : NULL, b);
  memcpy(prices, x->dual->best, bytes);
  cm__record_round(b->record, record, bound, prices, false);
  if (!(bound < HUGE_VAL) || closed(b, bound)) return bound;
  if (!root) {
    (void)start_from(b, x->r->chosen);
    return bound;
  }
  look_for_start(b, prices, 8);
  b->target = x->search->best_value;
  if (b->target < HUGE_VAL) return bound;
  b->doubtful = true;
  memset(x->dual->best, 0, bytes);
  return refuted(b, record, prices, 1000) ? HUGE_VAL : bound;
}

static cm_status explore(branching *b, const bool *allowed, double above, size_t record,
                         const double *prices);

/* One side of a node: stage s at the place of `option` (or, where only one place is left, in that
 * option), or everything else. */
static cm_status explore_side(branching *b, const bool *allowed, size_t s, size_t option,
                              bool inside, double bound, size_t *record, const double *prices) {
  const cm_locate_parts *q = &b->p->parts;
  bool *side, by_place = false;
  cm_status status = cm__alloc_raw(q->options, sizeof *side, "branch and bound", &side, b->err);
  if (status != CM_OK) return status;
  memcpy(side, allowed, q->options * sizeof *side);
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
    if (allowed[o] && q->place[o] != q->place[option]) by_place = true;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    bool same = by_place ? q->place[o] == q->place[option] : o == option;
    if (same != inside) side[o] = false;
  }
  *record = inside ? cm__record_part(b->record, *record, CM_NONE, s, side) : *record + 1;
  cm__narrow_ties(b->p, side);
  status = explore(b, side, bound, *record, prices);
  cm__free(side);
  return status;
}

/* Both sides of a node that is not closed. */
static cm_status explore_sides(branching *b, const bool *allowed, size_t s, double bound,
                               size_t record, const double *prices) {
  size_t option = b->choice[s];
  double waiting = b->waiting;
  b->waiting = fmin(waiting, bound);
  cm_status status = explore_side(b, allowed, s, option, true, bound, &record, prices);
  b->waiting = waiting;
  if (status != CM_OK) return status;
  return explore_side(b, allowed, s, option, false, bound, &record, prices);
}

/* `prices`: of the node above; NULL: this is the root. */
static cm_status explore(branching *b, const bool *allowed, double above, size_t record,
                         const double *prices) {
  size_t conflict, count = b->linear ? b->linear->r->multipliers : 0;
  double *own = NULL;
  cm_status status = CM_OK;
  if (must_stop(b, above)) {
    b->open_bound = fmin(b->open_bound, above);
    return CM_OK;
  }
  b->nodes++;
  double bound = fmax(above, bound_of(b, allowed, &conflict));
  if (count && !closed(b, bound)) {
    CM__TRY(cm__alloc(count, sizeof *own, "branch and bound", &own, b->err));
    if (prices) memcpy(own, prices, count * sizeof *own);
    bound = fmax(bound, priced(b, allowed, record, own, !prices));
  }
  cm__record_round(b->record, record, bound, NULL, false);
  if (!closed(b, bound)) CM__TRY(try_choice(b, b->choice));
  if (closed(b, bound)) {
    if (bound < HUGE_VAL) b->open_bound = fmin(b->open_bound, bound);
    goto done;
  }
  size_t s = stage_to_part(b, allowed, conflict);
  if (s == CM_NONE) goto done; /* one choice was left, and it was tried */
  status = explore_sides(b, allowed, s, bound, record, own);
done:
  cm__free(own);
  return status;
}

/* ---- the method -------------------- */

static cm_status allocate(branching *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  cm_error *err = b->err;
  CM__TRY(cm__dynamic_new(b->p, &b->dynamic, err));
  CM__TRY(cm__alloc(2 * q->measures, sizeof *b->low, "branch and bound", &b->low, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *b->forced, "branch and bound", &b->forced, err));
  CM__TRY(cm__alloc(3 * q->stages, sizeof *b->choice, "branch and bound", &b->choice, err));
  CM__TRY(cm__alloc(2 * q->facilities, sizeof *b->users, "branch and bound", &b->users, err));
  CM__TRY(cm__alloc(2 * q->options, sizeof *b->most, "branch and bound", &b->most, err));
  b->last = b->users + q->facilities;
  b->share = b->most + q->options;
  b->high = b->low + q->measures;
  b->best = b->choice + q->stages, b->start = b->best + q->stages;
done:
  return status;
}

static cm_status take_start(branching *b, const bool *allowed) {
  const size_t *start = b->options->start;
  if (!start) return CM_OK;
  for (size_t s = 0; s < b->p->parts.stages; s++)
    if (!allowed[start[s]]) return CM_OK;
  return start_from(b, start);
}

/* What has not been searched to its end has the start to fall back on. */
static cm_status report(branching *b, cm_plan *plan) {
  if (b->start_value < b->best_value && (b->stop != CM_STOP_NONE || !(b->best_value < HUGE_VAL))) {
    b->best_value = b->start_value;
    memcpy(b->best, b->start, b->p->parts.stages * sizeof *b->best);
  }
  bool found = b->best_value < HUGE_VAL;
  double sign = b->sign, bound = fmin(b->open_bound, b->best_value);
  cm_plan_figures *f = &plan->figures;
  if (bound >= b->best_value - ROUNDING * fabs(b->best_value)) bound = b->best_value;
  if (b->stop == CM_STOP_NONE)
    f->outcome = found ? CM_OPTIMAL : CM_INFEASIBLE;
  else if (!found)
    f->outcome = CM_UNKNOWN;
  else
    f->outcome = b->stop == CM_STOP_NODES ? CM_FEASIBLE : CM_STOPPED;
  f->stop = b->stop;
  f->nodes = b->nodes;
  f->method = "branch and bound";
  f->bound = f->certified = sign * bound;
  if (!found) return CM_OK;
  size_t bytes = b->p->parts.stages * sizeof *b->best;
  cm_status status = cm__alloc(1, bytes, "plan", &plan->choice, b->err);
  if (status == CM_OK) memcpy(plan->choice, b->best, bytes);
  return status;
}

cm_status cm__branch(const cm_locate *p, const cm_locate_options *options, const bool *allowed,
                     const cm_job *job, cm_plan *plan, cm_error *err) {
  branching b = {.p = p, .options = options, .job = job, .err = err, .progress = "placing"};
  bool *left = NULL;
  cm_status status = CM_OK;
  b.sign = p->parts.maximise ? -1 : 1;
  b.best_value = b.start_value = b.open_bound = b.waiting = HUGE_VAL;
  clock_gettime(CLOCK_MONOTONIC, &b.begin);
  CM__TRY(allocate(&b));
  CM__TRY(cm__alloc_raw(p->parts.options, sizeof *left, "branch and bound", &left, err));
  memcpy(left, allowed, p->parts.options * sizeof *left);
  cm__narrow_ties(p, left);
  magnify(&b, left);
  CM__TRY(take_start(&b, left));
  if (cm__coupled(p)) CM__TRY(cm__linear_new(p, left, &b.linear, err));
  if (b.linear) b.linear->r->stop = is_cut, b.linear->r->context = &b;
  if (options->record) b.record = cm__record_new(p, b.linear ? b.linear->r : NULL);
  CM__TRY(explore(&b, left, -HUGE_VAL, 0, NULL));
  CM__TRY(report(&b, plan));
  plan->record = b.record, b.record = NULL;
done:
  cm__record_release(b.record);
  cm__free(left);
  cm__linear_release(b.linear);
  cm__dynamic_release(b.dynamic);
  cm__free(b.low);
  cm__free(b.forced);
  cm__free(b.users);
  cm__free(b.most);
  cm__free(b.choice);
  return status;
}
