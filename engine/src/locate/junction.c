/* Filling the tables of a junction tree, and reading the choice off them. */
#include "locate/junction.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "locate/aggregate.h"
#include "locate/minplus.h"

static const char what[] = "junction tree";

typedef struct run {
  cm__junction *j;
  const cm_locate_options *options;
  const cm_job *job;
  const bool *allowed;
  double weight;       /* of total cost, not below 0 */
  const double *extra; /* of each option; additive */
  double *row, *table; /* of the most states, and their square */
  double done;
  struct timespec begin;
  cm_stop stop;
} run;

/* ---- what stages cost on their own ------------------------------------------------------------
 */

/* The least of each stage in each state of its block; additive, their sums over a block. */
static void gather(run *x) {
  cm__relax *r = x->j->r;
  const cm_locate_parts *q = &x->j->p->parts;
  for (size_t i = 0; i < r->states; i++)
    r->base[i] = r->inner[i] < HUGE_VAL ? x->weight * r->inner[i] : HUGE_VAL;
  for (size_t s = 0; s < q->stages; s++) {
    size_t begin = r->first_state[r->block[s]], n = r->first_state[r->block[s] + 1] - begin;
    double *best = r->best_own + r->slot[s];
    size_t *option = r->best_option + r->slot[s];
    for (size_t i = 0; i < n; i++) best[i] = HUGE_VAL, option[i] = q->first[s];
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      if (!x->allowed[o] || r->state[o] == CM_NONE) continue;
      double own = q->compounding ? q->cost[o] : x->weight * q->cost[o] + x->extra[o];
      size_t i = r->state[o] - begin;
      if (own < best[i]) best[i] = own, option[i] = o;
    }
    for (size_t i = 0; i < n; i++) r->base[begin + i] += best[i];
  }
}

/* ---- reading tables -----------------------------------------------------------------------------
 */

static double cell(const cm__factor *f, size_t at) {
  double x = f->data[at];
  return f->scale == 1 ? x : x < HUGE_VAL ? f->scale * x : HUGE_VAL;
}

/* How far apart neighbouring states of a block are in a factor; 0: it is not over the block. */
static size_t step_of(const cm__junction *j, const cm__factor *f, size_t block) {
  size_t step = 1;
  for (size_t k = f->vars; k-- > 0;) {
    if (j->scope[f->scope + k] == block) return step;
    step *= cm__junction_states(j, j->scope[f->scope + k]);
  }
  return 0;
}

/* Goes through the states of the blocks of a factor but the last, the last of them fastest, with
 * where that is in each of its inputs. */
typedef struct walk {
  size_t outer, inputs;
  size_t *digit, *states; /* of each outer block */
  size_t *at;             /* of each input */
  size_t *step;           /* inputs x outer */
} walk;

static cm_status walk_new(const cm__junction *j, const cm__factor *f, walk *w, cm_error *err) {
  size_t *room;
  *w = (walk){.outer = f->vars ? f->vars - 1 : 0, .inputs = f->inputs};
  cm_status status =
      cm__alloc(2 * w->outer + w->inputs * (1 + w->outer), sizeof *room, what, &room, err);
  if (status != CM_OK) return status;
  w->digit = room, w->states = room + w->outer, w->at = w->states + w->outer;
  w->step = w->at + w->inputs;
  for (size_t d = 0; d < w->outer; d++) {
    size_t block = j->scope[f->scope + d];
    w->states[d] = cm__junction_states(j, block);
    for (size_t i = 0; i < w->inputs; i++)
      w->step[i * w->outer + d] = step_of(j, &j->factor[j->input[f->input + i]], block);
  }
  return CM_OK;
}

static bool walk_on(walk *w) {
  for (size_t d = w->outer; d-- > 0;) {
    bool carries = ++w->digit[d] == w->states[d];
    for (size_t i = 0; i < w->inputs; i++) {
      size_t step = w->step[i * w->outer + d];
      w->at[i] = carries ? w->at[i] - step * (w->states[d] - 1) : w->at[i] + step;
    }
    if (!carries) return true;
    w->digit[d] = 0;
  }
  return false;
}

static size_t last_block(const cm__junction *j, const cm__factor *f) {
  return f->vars ? j->scope[f->scope + f->vars - 1] : CM_NONE;
}

static size_t last_states(const cm__junction *j, const cm__factor *f) {
  return f->vars ? cm__junction_states(j, last_block(j, f)) : 1;
}

/* ---- messages ----------------------------------------------------------------------------------
 */

/* table[i][k] += the cells of an input from `at` on, i over n states, k over width. */
static void add_table(const cm__factor *f, size_t at, size_t step_i, size_t step_k, size_t n,
                      size_t width, double *restrict table) {
  for (size_t i = 0; i < n; i++) {
    const double *from = f->data + at + i * step_i;
    double *restrict to = table + i * width;
    if (f->scale == 1 && step_k == 1)
      for (size_t k = 0; k < width; k++) to[k] += from[k];
    else
      for (size_t k = 0; k < width; k++) to[k] += cell(f, at + i * step_i + k * step_k);
  }
}

/* out[k] = the least over the states of the block that goes, at one place of a walk. */
static void send(run *x, const cm__factor *f, const walk *w, double *out) {
  const cm__junction *j = x->j;
  const cm__factor *both = NULL;
  size_t last = last_block(j, f), width = last_states(j, f), n = cm__junction_states(j, f->index);
  size_t tables = 0, at = 0, step_i = 0, step_k = 0;
  memset(x->row, 0, n * sizeof *x->row);
  for (size_t i = 0; i < f->inputs; i++) {
    const cm__factor *in = &j->factor[j->input[f->input + i]];
    size_t goes = step_of(j, in, f->index), stays = last == CM_NONE ? 0 : step_of(j, in, last);
    if (stays)
      tables++, both = in, at = w->at[i], step_i = goes, step_k = stays;
    else
      add_table(in, w->at[i], goes, 0, n, 1, x->row);
  }
  if (tables == 1 && step_i == width && step_k == 1) {
    cm__min_plus(x->row, both->data + at, both->scale, n, width, out);
  } else if (tables == 1 && step_i == 1 && step_k == n) {
    cm__min_plus_turned(x->row, both->data + at, both->scale, n, width, out);
  } else {
    memset(x->table, 0, n * width * sizeof *x->table);
    for (size_t i = 0; i < f->inputs; i++) {
      const cm__factor *in = &j->factor[j->input[f->input + i]];
      size_t stays = last == CM_NONE ? 0 : step_of(j, in, last);
      if (stays) add_table(in, w->at[i], step_of(j, in, f->index), stays, n, width, x->table);
    }
    cm__min_plus(x->row, x->table, 1, n, width, out);
  }
}

/* ---- values that compound ---------------------------------------------------------------------
 */

/* Which way the parts of a stage's aggregate go: -1 where more of one makes less of the whole. */
static double sign_of(const cm_locate_parts *q, size_t s) {
  return cm__power_of(q, s) < 0 ? -1 : 1;
}

static double signed_part(const cm_locate_parts *q, size_t s, double w, double x) {
  double part = cm__part_of(cm__aggregator_of(q, s), w, cm__power_of(q, s), x);
  return x < HUGE_VAL ? sign_of(q, s) * part : HUGE_VAL;
}

static void fill_own(run *x, const cm__factor *f, double *out) {
  const cm_locate *p = x->j->p;
  size_t s = f->index;
  double rest = 1;
  for (size_t k = p->graph->in_begin[s]; k < p->graph->in_begin[s + 1]; k++)
    rest -= p->parts.arc[p->graph->in[k]].weight;
  for (size_t i = 0; i < f->size; i++)
    out[i] = signed_part(&p->parts, s, fmax(rest, 0), x->j->r->best_own[x->j->r->slot[s] + i]);
}

/* What an arc brings for one unit of its user, given the value of its input. */
static double bring(const cm__junction *j, const cm_locate_arc *arc, size_t from, size_t to,
                    double value) {
  const cm_locate_parts *q = &j->p->parts;
  size_t at = j->r->state_place[from] * q->places + j->r->state_place[to];
  double add = arc->add == CM_NONE ? 0 : q->place_matrix[arc->add][at], face = 0;
  double times = arc->times == CM_NONE ? 1 : q->place_matrix[arc->times][at];
  if (arc->interface != CM_NONE)
    face = q->operator_matrix[arc->interface]
                             [j->r->state_operator[from] * q->operators + j->r->state_operator[to]];
  if (!(add < HUGE_VAL) || !(face < HUGE_VAL) || !(times < HUGE_VAL) || !(value < HUGE_VAL))
    return HUGE_VAL;
  return arc->quantity * (times * value + add) + face;
}

static void fill_arc(run *x, const cm__factor *f, walk *w, double *out) {
  const cm__junction *j = x->j;
  const cm_locate_parts *q = &j->p->parts;
  const cm_locate_arc *arc = &q->arc[f->index];
  const cm__factor *value = &j->factor[j->input[f->input]];
  size_t block[2] = {j->r->block[arc->from], j->r->block[arc->to]}, first[2], step[2], state[2];
  size_t last = last_block(j, f), width = last_states(j, f);
  size_t stride = last == CM_NONE ? 0 : step_of(j, value, last);
  for (size_t e = 0; e < 2; e++) first[e] = j->r->first_state[block[e]], step[e] = block[e] == last;
  do {
    for (size_t e = 0; e < 2; e++) state[e] = first[e];
    for (size_t d = 0; d < w->outer; d++)
      for (size_t e = 0; e < 2; e++)
        if (j->scope[f->scope + d] == block[e]) state[e] += w->digit[d];
    for (size_t k = 0; k < width; k++) {
      double v = value->data[w->at[0] + k * stride];
      double y = bring(j, arc, state[0] + k * step[0], state[1] + k * step[1], v);
      *out++ = signed_part(q, arc->to, arc->weight, y);
    }
  } while (walk_on(w));
}

static void fill_join(const cm__junction *j, const cm__factor *f, double *out) {
  const size_t *pair = j->p->parts.join + 2 * f->index;
  size_t a = j->r->block[pair[0]], b = j->r->block[pair[1]];
  for (size_t i = j->r->first_state[a]; i < j->r->first_state[a + 1]; i++)
    for (size_t k = j->r->first_state[b]; k < j->r->first_state[b + 1]; k++)
      *out++ = j->r->state_place[i] == j->r->state_place[k] ? 0 : HUGE_VAL;
}

static void fill_tie(const cm__junction *j, const cm__factor *f, double *out) {
  const cm_locate_parts *q = &j->p->parts;
  const cm__relax *r = j->r;
  const cm_locate_tie *tie = &q->tie[f->index];
  size_t a = r->block[tie->from], b = r->block[tie->to];
  for (size_t i = r->first_state[a]; i < r->first_state[a + 1]; i++)
    for (size_t k = r->first_state[b]; k < r->first_state[b + 1]; k++)
      if (a != b || i == k)
        *out++ = q->place_matrix[tie->pairs][r->state_place[i] * q->places + r->state_place[k]];
}

static void fill_value(run *x, const cm__factor *f, walk *w, double *out) {
  const cm__junction *j = x->j;
  const cm_locate_parts *q = &j->p->parts;
  size_t last = last_block(j, f), width = last_states(j, f), s = f->index;
  memset(out, 0, f->size * sizeof *out);
  do {
    for (size_t i = 0; i < f->inputs; i++) {
      const cm__factor *in = &j->factor[j->input[f->input + i]];
      add_table(in, w->at[i], 0, last == CM_NONE ? 0 : step_of(j, in, last), 1, width, out);
    }
    for (size_t k = 0; s != CM_NONE && k < width; k++)
      out[k] = out[k] < HUGE_VAL ? cm__whole_of(cm__aggregator_of(q, s), cm__power_of(q, s),
                                                sign_of(q, s) * out[k])
                                 : HUGE_VAL;
    out += width;
  } while (walk_on(w));
}

/* ---- all tables --------------------------------------------------------------------------------
 */

/* Whether to go on: once in a while within large tables. */
static bool goes_on(run *x, double work) {
  struct timespec now;
  x->done += work;
  if (cm_job_step(x->job, "placing over a junction tree", x->done, x->j->work, NULL) != CM_OK)
    x->stop = CM_STOP_REQUEST;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double spent =
      (double)(now.tv_sec - x->begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - x->begin.tv_nsec);
  if (x->options->time > 0 && spent >= x->options->time) x->stop = CM_STOP_TIME;
  return x->stop == CM_STOP_NONE;
}

static void fill_message(run *x, const cm__factor *f, walk *w, double *out) {
  const double enough = 1e7; /* additions between two looks at the clock */
  size_t width = last_states(x->j, f);
  double each = (double)width * (double)cm__junction_states(x->j, f->index) * (double)f->inputs,
         work = 0;
  do {
    send(x, f, w, out);
    out += width;
    if ((work += each) < enough) continue;
    if (!goes_on(x, work)) return;
    work = 0;
  } while (walk_on(w));
  x->done += work;
}

static cm_status fill(run *x, cm__factor *f, cm_error *err) {
  const cm__junction *j = x->j;
  walk w = {0};
  cm_status status = CM_OK;
  if (f->kind == CM__FACTOR_LINK) {
    f->data = j->r->links[f->index].cost, f->scale = x->weight * j->r->links[f->index].scale;
    return CM_OK;
  }
  if (f->kind == CM__FACTOR_OWN && !j->p->parts.compounding) {
    f->data = j->r->base + j->r->first_state[f->index];
    return CM_OK;
  }
  CM__TRY(cm__alloc_raw(f->size, sizeof *f->owned, what, &f->owned, err));
  f->data = f->owned;
  CM__TRY(walk_new(j, f, &w, err));
  if (f->kind == CM__FACTOR_OWN)
    fill_own(x, f, f->owned);
  else if (f->kind == CM__FACTOR_JOIN)
    fill_join(j, f, f->owned);
  else if (f->kind == CM__FACTOR_TIE)
    fill_tie(j, f, f->owned);
  else if (f->kind == CM__FACTOR_ARC)
    fill_arc(x, f, &w, f->owned);
  else if (f->kind == CM__FACTOR_MESSAGE)
    fill_message(x, f, &w, f->owned);
  else
    fill_value(x, f, &w, f->owned);
done:
  cm__free(w.digit);
  return status;
}

/* Fills tables until the last, the sum of all. */
static cm_status fill_all(run *x, cm_error *err) {
  cm__junction *j = x->j;
  size_t most = 1;
  cm_status status = CM_OK;
  for (size_t b = 0; b < j->r->blocks; b++)
    if (cm__junction_states(j, b) > most) most = cm__junction_states(j, b);
  CM__TRY(cm__alloc(most, sizeof *x->row, what, &x->row, err));
  CM__TRY(cm__alloc(most * most, sizeof *x->table, what, &x->table, err));
  gather(x);
  for (size_t f = 0; f < j->factors && goes_on(x, 0); f++) CM__TRY(fill(x, &j->factor[f], err));
done:
  cm__free(x->row);
  cm__free(x->table);
  return status;
}

/* ---- the choice
 * ------------------------------------------------------------------------------------ */

/* The states of blocks in the turn opposite to that in which they went: of each the first with the
 * least of what its message is made of. */
static void trace(const cm__junction *j, size_t *state) {
  for (size_t b = 0; b < j->r->blocks; b++) state[b] = 0;
  for (size_t k = j->factors; k-- > 0;) {
    const cm__factor *f = &j->factor[k];
    double least = HUGE_VAL;
    if (f->kind != CM__FACTOR_MESSAGE) continue;
    size_t best = 0;
    for (size_t i = 0; i < cm__junction_states(j, f->index); i++) {
      double sum = 0;
      state[f->index] = i;
      for (size_t l = 0; l < f->inputs; l++) {
        const cm__factor *in = &j->factor[j->input[f->input + l]];
        size_t at = 0;
        for (size_t v = 0; v < in->vars; v++) {
          size_t block = j->scope[in->scope + v];
          at = at * cm__junction_states(j, block) + state[block];
        }
        sum += cell(in, at);
      }
      if (sum < least) least = sum, best = i;
    }
    state[f->index] = best;
  }
}

static cm_status choose(const cm__junction *j, size_t **out, cm_error *err) {
  const cm_locate_parts *q = &j->p->parts;
  const cm__relax *r = j->r;
  size_t *state = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(r->blocks, sizeof *state, what, &state, err));
  CM__TRY(cm__alloc(q->stages, sizeof **out, "plan", out, err));
  trace(j, state);
  for (size_t s = 0; s < q->stages; s++)
    (*out)[s] = r->best_option[r->slot[s] + state[r->block[s]]];
done:
  cm__free(state);
  return status;
}

static bool has_empty_block(const cm__junction *j) {
  for (size_t b = 0; b < j->r->blocks; b++)
    if (cm__junction_states(j, b) == 0) return true;
  return false;
}

static cm_status conclude(run *x, cm_plan *plan, cm_error *err) {
  const cm__junction *j = x->j;
  const cm_locate_parts *q = &j->p->parts;
  double sign = q->maximise ? -1 : 1, value = HUGE_VAL;
  plan->figures.method = "junction tree";
  plan->figures.stop = x->stop;
  if (x->stop != CM_STOP_NONE) {
    plan->figures.outcome = CM_UNKNOWN;
    plan->figures.bound = plan->figures.certified = -sign * HUGE_VAL;
    return CM_OK;
  }
  if (!has_empty_block(j)) value = j->factor[j->factors - 1].data[0];
  if (q->compounding) value *= x->weight;
  plan->figures.outcome = value < HUGE_VAL ? CM_OPTIMAL : CM_INFEASIBLE;
  plan->figures.bound = plan->figures.certified = sign * value;
  return value < HUGE_VAL ? choose(j, &plan->choice, err) : CM_OK;
}

/* ---- solving
 * ----------------------------------------------------------------------------------------- */

static cm_status solve(cm__junction *j, const cm_locate_options *options, const bool *allowed,
                       const cm_job *job, cm_plan *plan, cm_error *err) {
  const cm_locate_parts *q = &j->p->parts;
  double *extra = NULL, sign = q->maximise ? -1 : 1;
  run x = {.j = j, .options = options, .job = job, .allowed = allowed};
  cm_status status = CM_OK;
  clock_gettime(CLOCK_MONOTONIC, &x.begin);
  CM__TRY(cm__alloc(q->options, sizeof *extra, what, &extra, err));
  for (size_t k = 0; k < q->option_entries; k++)
    if (q->option_entry[k].measure == 0)
      extra[q->option_entry[k].index] += sign * q->option_entry[k].value;
  x.extra = extra, x.weight = sign * q->weight[0];
  if (!has_empty_block(j)) CM__TRY(fill_all(&x, err));
  CM__TRY(conclude(&x, plan, err));
done:
  cm__free(extra);
  return status;
}

/* What the engine may still take. */
static double free_bytes(const cm_job *job) {
  double limit = cm_memory_limit() ? (double)cm_memory_limit() : HUGE_VAL;
  if (job && job->memory) limit = fmin(limit, (double)cm_memory_held() + (double)job->memory);
  return fmax(0, limit - (double)cm_memory_held());
}

cm_status cm__junction_solve(const cm_locate *p, const cm_locate_options *options,
                             const bool *allowed, const cm_job *job, cm_plan *plan, cm_error *err) {
  cm__junction *j;
  double bytes = free_bytes(job);
  cm_status status = cm__junction_new(p, bytes, HUGE_VAL, &j, err);
  if (status != CM_OK) return status;
  if (j->too_large)
    status = cm__fail(err, CM_BUDGET,
                      "the tables of a junction tree take more than the %s that are left; leave "
                      "the method to the solver",
                      cm__bytes(bytes).text);
  else
    status = solve(j, options, allowed, job, plan, err);
  cm__junction_release(j);
  return status;
}

/* Whether few nodes of branch and bound decide a problem whose costs compound: they do where hardly
 * any stage is wanted in two places. */
static cm_status try_branch(const cm_locate *p, const cm_locate_options *options,
                            const bool *allowed, const cm_job *job, cm_plan *plan, bool *decided,
                            cm_error *err) {
  cm_locate_options few = *options;
  few.start = NULL; /* which of equal plans is found does not depend on it */
  if (!few.nodes || few.nodes > 100) few.nodes = 100;
  cm_status status = cm__branch(p, &few, allowed, job, plan, err);
  if (status != CM_OK) return status;
  *decided = plan->figures.stop != CM_STOP_NODES || few.nodes == options->nodes;
  if (*decided) return CM_OK;
  cm__free(plan->choice);
  *plan = (cm_plan){.figures = {.certified = p->parts.maximise ? HUGE_VAL : -HUGE_VAL}};
  return CM_OK;
}

cm_status cm__junction_or_branch(const cm_locate *p, const cm_locate_options *options,
                                 const bool *allowed, const cm_job *job, cm_plan *plan,
                                 cm_error *err) {
  /* a second or two, and less where less is allowed; the same in every run. What is to be proven is
   * done again by who checks it, so that it is to be little */
  const double bytes = 2e9, little = 1e7, work = options->record ? little : 4e9;
  bool compounding = p->parts.compounding, decided = false;
  cm__junction *j;
  cm_status status =
      cm__junction_new(p, fmin(bytes, free_bytes(job) / 2),
                       options->time > 0 ? fmin(work, 2e9 * options->time) : work, &j, err);
  if (status != CM_OK) return status;
  bool too_large = j->too_large;
  if (!too_large && compounding && j->work > little)
    status = try_branch(p, options, allowed, job, plan, &decided, err);
  if (status == CM_OK && !too_large && !decided)
    status = solve(j, options, allowed, job, plan, err);
  cm__junction_release(j);
  if (status != CM_OK || !too_large) return status;
  return (compounding ? cm__branch : cm__lagrange)(p, options, allowed, job, plan, err);
}
