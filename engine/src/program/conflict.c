/* Which limits cannot hold together: a deletion filter in a child process. */
#include <string.h>
#include <time.h>

#include "program/internal.h"

typedef struct limit {
  uint64_t index;
  uint32_t kind, needed;
} limit;

struct cm_conflict {
  size_t n;
  bool minimal;
  limit *limits;
};

/* The program as it is being thinned out, and the limits that are left to try. */
typedef struct filter {
  const cm_program *p;
  cm__order order;
  double *cost, *lower, *upper, *row_lower, *row_upper;
  bool *integer;
  cm__answer answer;
  limit *limits;
  size_t n, tried;
  double until; /* on the wall clock; infinite for no limit */
  bool minimal, mixed;
  cm_program_options options;
  int channel;
  /* the parent's */
  cm_conflict *found;
  bool feasible, undecided;
} filter;

enum { TRIED, FOUND, FEASIBLE, UNDECIDED };
enum { NODES = 1000 };

/* ---- limits, let go and put back ------------------------------------------------- */

static void set_limit(filter *f, const limit *l, bool hold) {
  const cm_program *p = f->p;
  size_t k = (size_t)l->index;
  switch ((cm_limit_kind)l->kind) {
  case CM_ROW_LOWER:
    f->row_lower[k] = hold ? p->row_lower[k] : -HUGE_VAL;
    break;
  case CM_ROW_UPPER:
    f->row_upper[k] = hold ? p->row_upper[k] : HUGE_VAL;
    break;
  case CM_COL_LOWER:
    f->lower[k] = hold ? p->lower[k] : -HUGE_VAL;
    break;
  case CM_COL_UPPER:
    f->upper[k] = hold ? p->upper[k] : HUGE_VAL;
    break;
  case CM_WHOLE:
    f->integer[k] = hold;
    f->lower[k] = hold ? p->lower[k] : -HUGE_VAL;
    f->upper[k] = hold ? p->upper[k] : HUGE_VAL;
    break;
  }
}

static void set_limits(filter *f, size_t from, size_t to, bool hold) {
  for (size_t k = from; k < to; k++) set_limit(f, &f->limits[k], hold);
}

static void add(filter *f, cm_limit_kind kind, size_t index, bool there) {
  if (there) f->limits[f->n++] = (limit){index, (uint32_t)kind, 0};
}

/* All limits, in the order in which they are tried: what an author explains with
 * first, the rows, comes last. A whole number and its bounds are one limit: without
 * bounds, a search may not end. */
static void list_limits(filter *f) {
  const cm_program *p = f->p;
  f->n = 0;
  for (size_t j = 0; j < p->a->cols; j++) {
    bool whole = f->mixed && p->integer[j];
    add(f, CM_WHOLE, j, whole);
    add(f, CM_COL_LOWER, j, !whole && isfinite(p->lower[j]));
    add(f, CM_COL_UPPER, j, !whole && isfinite(p->upper[j]));
  }
  for (size_t i = 0; i < p->a->rows; i++) {
    add(f, CM_ROW_LOWER, i, isfinite(p->row_lower[i]));
    add(f, CM_ROW_UPPER, i, isfinite(p->row_upper[i]));
  }
}

/* ---- in the child -------------------------------------------------------------------- */

static double clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* CM__IMPOSSIBLE, CM__SOLVED (there is a solution), or CM__CUT. */
static cm__verdict ask(filter *f) {
  cm__answer *r = &f->answer;
  double left = f->until - clock_s(), done[] = {(double)f->tried, (double)f->n};
  if (left <= 0) return CM__CUT;
  cm__send(f->channel, TRIED, done, sizeof done);
  f->order.seconds = isfinite(left) ? left : 0;
  f->order.integer = f->mixed ? f->integer : NULL;
  *r = (cm__answer){.x = r->x,
                    .dual = r->dual,
                    .reduced = r->reduced,
                    .ray = r->ray,
                    .farkas = r->farkas,
                    .basis = r->basis};
  cm__coin.solve(&f->order, r);
  if (r->verdict == CM__IMPOSSIBLE) return CM__IMPOSSIBLE;
  return r->verdict == CM__SOLVED || r->has_x ? CM__SOLVED : CM__CUT;
}

/* Lets go of what it can of limits from..to: all at once where the rest is still
 * infeasible, else each half by itself. */
static void thin(filter *f, size_t from, size_t to) {
  if (from == to) return;
  set_limits(f, from, to, false);
  cm__verdict verdict = ask(f);
  if (verdict == CM__IMPOSSIBLE) {
    f->tried += to - from;
    return;
  }
  set_limits(f, from, to, true);
  if (to - from == 1) {
    f->limits[from].needed = 1;
    if (verdict == CM__CUT) f->minimal = false;
    f->tried++;
    return;
  }
  size_t middle = from + (to - from) / 2;
  thin(f, from, middle);
  thin(f, middle, to);
}

static bool in_support(const filter *f, const limit *l, const double *price, double least) {
  size_t k = (size_t)l->index;
  const cm_sparse *a = f->p->a;
  if (l->kind == CM_ROW_LOWER || l->kind == CM_ROW_UPPER) return fabs(price[k]) > least;
  if (l->kind == CM_WHOLE) return false;
  double sum = 0, size = 0;
  for (size_t e = a->start[k]; e < a->start[k + 1]; e++) {
    sum += a->value[e] * price[a->row[e]];
    size = fmax(size, fabs(a->value[e] * price[a->row[e]]));
  }
  return fabs(sum) > 1e-9 * fmax(size, least);
}

/* Keeps only what the certificate of infeasibility stands on; all of it again
 * where that does not prove to be enough. */
static void keep_support(filter *f) {
  double most = 0;
  size_t kept = 0;
  double *price = f->answer.farkas;
  for (size_t i = 0; i < f->p->a->rows; i++) most = fmax(most, fabs(price[i]));
  limit *all = NULL;
  if (cm__alloc(f->n + 1, sizeof *all, "limits", &all, NULL) != CM_OK) return;
  memcpy(all, f->limits, f->n * sizeof *all);
  for (size_t k = 0; k < f->n; k++) {
    if (in_support(f, &all[k], price, 1e-9 * most))
      f->limits[kept++] = all[k];
    else
      set_limit(f, &all[k], false);
  }
  size_t n = f->n;
  f->n = kept;
  if (ask(f) != CM__IMPOSSIBLE) {
    memcpy(f->limits, all, n * sizeof *all);
    f->n = n;
    set_limits(f, 0, n, true);
  }
  cm__free(all);
}

static void run(void *ud, int channel) {
  filter *f = ud;
  f->channel = channel;
  f->mixed = false;
  cm__verdict verdict = ask(f);
  if (verdict == CM__IMPOSSIBLE && f->answer.has_farkas) keep_support(f);
  if (verdict == CM__SOLVED && f->p->integers) {
    f->mixed = true;
    list_limits(f);
    verdict = ask(f);
  }
  if (verdict != CM__IMPOSSIBLE) {
    cm__send(channel, verdict == CM__SOLVED ? FEASIBLE : UNDECIDED, NULL, 0);
    return;
  }
  f->minimal = true;
  thin(f, 0, f->n);
  size_t n = 0;
  for (size_t k = 0; k < f->n; k++)
    if (f->limits[k].needed) f->limits[n++] = f->limits[k];
  f->limits[n] = (limit){.needed = f->minimal};
  cm__send(channel, FOUND, f->limits, (n + 1) * sizeof *f->limits);
}

/* ---- in the parent ---------------------------------------------------------------------- */

static cm_status make(const limit *limits, size_t n, bool minimal, cm_conflict **out,
                      cm_error *err) {
  cm_status status;
  cm_conflict *c = NULL;
  CM__TRY(cm__alloc(1, sizeof *c, "a conflict", &c, err));
  CM__TRY(cm__alloc_raw(n, sizeof *c->limits, "limits", &c->limits, err));
  memcpy(c->limits, limits, n * sizeof *limits);
  c->n = n;
  c->minimal = minimal;
  *out = c;
  return CM_OK;
done:
  cm_conflict_release(c);
  return status;
}

static cm_status receive(void *ud, unsigned tag, const void *data, size_t size, cm_error *err) {
  filter *f = ud;
  f->feasible |= tag == FEASIBLE;
  f->undecided |= tag == UNDECIDED;
  if (tag == TRIED && size == 2 * sizeof(double)) {
    double done[2];
    memcpy(done, data, sizeof done);
    f->tried = (size_t)done[0];
    f->n = (size_t)done[1];
    return CM_OK;
  }
  if (tag != FOUND) return CM_OK;
  size_t n = size / sizeof *f->limits - 1;
  memcpy(f->limits, data, size);
  return make(f->limits, n, f->limits[n].needed, &f->found, err);
}

static cm_status step(void *ud, const cm_job *job, cm_error *err) {
  const filter *f = ud;
  return cm_job_step(job, "finding what conflicts", (double)f->tried, (double)f->n, err);
}

/* A row or column whose own two limits cross. */
static bool crossing(const cm_program *p, limit found[2]) {
  for (size_t j = 0; j < p->a->cols; j++) {
    if (p->lower[j] <= p->upper[j]) continue;
    found[0] = (limit){j, CM_COL_LOWER, 1};
    found[1] = (limit){j, CM_COL_UPPER, 1};
    return true;
  }
  for (size_t i = 0; i < p->a->rows; i++) {
    if (p->row_lower[i] <= p->row_upper[i]) continue;
    found[0] = (limit){i, CM_ROW_LOWER, 1};
    found[1] = (limit){i, CM_ROW_UPPER, 1};
    return true;
  }
  return false;
}

static cm_status copied(const double *from, size_t n, double **out, cm_error *err) {
  cm_status status = cm__alloc_raw(n, sizeof **out, "limits", out, err);
  if (status == CM_OK) memcpy(*out, from, n * sizeof **out);
  return status;
}

static cm_status prepare(filter *f, cm_error *err) {
  const cm_program *p = f->p;
  size_t n = p->a->cols, m = p->a->rows;
  cm_status status;
  CM__TRY(cm__alloc(n, sizeof *f->cost, "costs", &f->cost, err)); /* nothing to minimise */
  CM__TRY(copied(p->lower, n, &f->lower, err));
  CM__TRY(copied(p->upper, n, &f->upper, err));
  CM__TRY(copied(p->row_lower, m, &f->row_lower, err));
  CM__TRY(copied(p->row_upper, m, &f->row_upper, err));
  CM__TRY(cm__alloc(n, sizeof *f->integer, "integrality", &f->integer, err));
  memcpy(f->integer, p->integer, n * sizeof *f->integer);
  CM__TRY(cm__alloc(2 * n + 2 * m + 1, sizeof *f->limits, "limits", &f->limits, err));
  CM__TRY(cm__answer_new(p, &f->answer, err));
  list_limits(f);
  f->order = (cm__order){.p = p,
                         .cost = f->cost,
                         .lower = f->lower,
                         .upper = f->upper,
                         .row_lower = f->row_lower,
                         .row_upper = f->row_upper,
                         .gap = 1e-6,
                         .nodes = f->options.nodes ? f->options.nodes : NODES};
  f->until = f->options.time > 0 ? clock_s() + f->options.time : HUGE_VAL;
done:
  return status;
}

static void release(filter *f) {
  cm__free(f->cost);
  cm__free(f->lower);
  cm__free(f->upper);
  cm__free(f->row_lower);
  cm__free(f->row_upper);
  cm__free(f->integer);
  cm__free(f->limits);
  cm__answer_free(&f->answer);
}

static cm_status judge(filter *f, cm__ending ending, int died_of, cm_error *err) {
  if (f->feasible)
    return cm__fail(err, CM_INVALID, "the program has a solution: nothing conflicts");
  if (ending == CM__WITHDRAWN)
    return cm__fail(err, CM_CANCELLED, "finding what conflicts was interrupted");
  if (f->undecided || ending == CM__TIMED_OUT)
    return cm__fail(err, CM_NOT_CONVERGED,
                    "the limits of time and nodes ended it before anything was proven");
  if (ending == CM__NO_MEMORY)
    return cm__fail(err, CM_BUDGET, "the solver needs more memory than is free");
  return cm__fail(err, CM_SOLVER, "the solver's process died (%d)", died_of);
}

cm_status cm_program_conflict(const cm_program *p, const cm_program_options *options,
                              const cm_job *job, cm_conflict **out, cm_error *err) {
  filter f = {.p = p};
  limit pair[2];
  cm_status status;
  cm__ending ending;
  int died_of;
  if (options) f.options = *options;
  CM__TRY(cm__options_check(p, &f.options, err));
  if (crossing(p, pair)) return make(pair, 2, true, out, err);
  CM__TRY(prepare(&f, err));
  cm__work w = {.what = "finding what conflicts",
                .run = run,
                .receive = receive,
                .step = step,
                .ud = &f,
                .seconds = f.options.time,
                .memory = cm__budget(job)};
  CM__TRY(cm__work_run(&w, job, &ending, &died_of, err));
  if (!f.found) CM__TRY(judge(&f, ending, died_of, err));
  *out = f.found;
  f.found = NULL;
done:
  cm_conflict_release(f.found);
  release(&f);
  return status;
}

void cm_conflict_release(cm_conflict *c) {
  if (!c) return;
  cm__free(c->limits);
  cm__free(c);
}

size_t cm_conflict_size(const cm_conflict *c) { return c->n; }
cm_limit_kind cm_conflict_kind(const cm_conflict *c, size_t k) {
  return (cm_limit_kind)c->limits[k].kind;
}
size_t cm_conflict_index(const cm_conflict *c, size_t k) { return (size_t)c->limits[k].index; }
bool cm_conflict_minimal(const cm_conflict *c) { return c->minimal; }
