/* Solving: one child process, and its answer checked row by row. */
#include <stdio.h>
#include <string.h>

#include "program/internal.h"

struct cm_solution {
  atomic_size_t refs;
  cm_solution_figures figures;
  double *x, *activity, *dual, *reduced, *ray; /* NULL where there is none */
  unsigned char *basis;
};

static const double FEASIBLE = 1e-6; /* of a row, relative to the size of its terms */

/* ---- what the child sends --------------------------------------------------------- */

enum { TOLD, FIGURES, VALUES, DUALS, REDUCED, RAY, BASIS };

typedef struct figures {
  double verdict, bound, nodes, iterations, out_of_nodes;
} figures;

/* What both sides of the pipe know. */
typedef struct task {
  const cm_program *p;
  const cm__solver *solver;
  cm__order order;
  cm__answer answer; /* in the parent: as received */
  bool answered;
  int channel;                    /* the child's */
  double objective, bound, nodes; /* the last told; NAN: not known */
} task;

static void tell(void *ud, double objective, double bound, double nodes) {
  const task *t = ud;
  double told[] = {objective, bound, nodes};
  cm__send(t->channel, TOLD, told, sizeof told);
}

static void run(void *ud, int channel) {
  task *t = ud;
  const cm_sparse *a = t->p->a;
  cm__answer *r = &t->answer;
  t->channel = channel;
  t->order.tell = tell;
  t->order.ud = t;
  t->solver->solve(&t->order, r);
  if (r->has_x) cm__send(channel, VALUES, r->x, a->cols * sizeof(double));
  if (r->has_dual) cm__send(channel, DUALS, r->dual, a->rows * sizeof(double));
  if (r->has_dual) cm__send(channel, REDUCED, r->reduced, a->cols * sizeof(double));
  if (r->has_ray) cm__send(channel, RAY, r->ray, a->cols * sizeof(double));
  if (r->has_basis) cm__send(channel, BASIS, r->basis, a->cols + a->rows);
  figures f = {r->verdict, r->bound, r->nodes, r->iterations, r->out_of_nodes};
  cm__send(channel, FIGURES, &f, sizeof f);
}

static cm_status receive(void *ud, unsigned tag, const void *data, size_t size, cm_error *err) {
  task *t = ud;
  const cm_sparse *a = t->p->a;
  cm__answer *r = &t->answer;
  figures f;
  double told[3];
  struct {
    unsigned tag;
    void *to;
    size_t size;
    bool *has;
  } parts[] = {
      {VALUES, r->x, a->cols * sizeof(double), &r->has_x},
      {DUALS, r->dual, a->rows * sizeof(double), &r->has_dual},
      {REDUCED, r->reduced, a->cols * sizeof(double), &r->has_dual},
      {RAY, r->ray, a->cols * sizeof(double), &r->has_ray},
      {BASIS, r->basis, a->cols + a->rows, &r->has_basis},
  };
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    if (parts[k].tag != tag || parts[k].size != size) continue;
    memcpy(parts[k].to, data, size);
    *parts[k].has = true;
    return CM_OK;
  }
  if (tag == TOLD && size == sizeof told) {
    memcpy(told, data, sizeof told);
    t->objective = told[0];
    t->bound = told[1];
    t->nodes = told[2];
    return CM_OK;
  }
  if (tag != FIGURES || size != sizeof f)
    return cm__fail(err, CM_INTERNAL, "the solver's process sent message %u of %zu bytes", tag,
                    size);
  memcpy(&f, data, sizeof f);
  r->verdict = (cm__verdict)f.verdict;
  r->bound = f.bound;
  r->nodes = f.nodes;
  r->iterations = f.iterations;
  r->out_of_nodes = f.out_of_nodes != 0;
  t->answered = true;
  return CM_OK;
}

/* The sign of the author's objective, from the one that is minimised. */
static double in_sense(const cm_program *p, double cost) {
  return (p->maximise ? -cost : cost) + p->constant;
}

static double gap_of(double objective, double bound) {
  return fabs(objective - bound) / fmax(1e-9, fabs(objective));
}

static cm_status step(void *ud, const cm_job *job, cm_error *err) {
  const task *t = ud;
  char what[120] = "solving";
  double objective = in_sense(t->p, t->objective), bound = in_sense(t->p, t->bound);
  if (!isnan(objective) && !isnan(bound))
    snprintf(what, sizeof what, "solving: found %.6g, bound %.6g, gap %.2g %%", objective, bound,
             100 * gap_of(objective, bound));
  else if (!isnan(objective))
    snprintf(what, sizeof what, "solving: found %.6g", objective);
  return cm_job_step(job, what, isnan(t->nodes) ? 0 : t->nodes, 0, err);
}

/* ---- checking an answer --------------------------------------------------------------- */

/* By how much x misses a limit, relative to `scale`. */
static double missed(double x, double lower, double upper, double scale) {
  return fmax(0, fmax(lower - x, x - upper)) / fmax(1, scale);
}

/* The activities of x, and the most that it misses any limit by. */
static cm_status measure(const cm_program *p, const double *x, double *activity, double *most,
                         cm_error *err) {
  const cm_sparse *a = p->a;
  double *scale, worst = 0;
  cm_status status = cm__alloc(a->rows, sizeof *scale, "activities", &scale, err);
  if (status != CM_OK) return status;
  memset(activity, 0, a->rows * sizeof *activity);
  for (size_t j = 0; j < a->cols; j++) {
    worst = fmax(worst, missed(x[j], p->lower[j], p->upper[j], fabs(x[j])));
    if (p->integer[j]) worst = fmax(worst, fabs(x[j] - round(x[j])));
    for (size_t k = a->start[j]; k < a->start[j + 1]; k++) {
      activity[a->row[k]] += a->value[k] * x[j];
      scale[a->row[k]] = fmax(scale[a->row[k]], fabs(a->value[k] * x[j]));
    }
  }
  for (size_t i = 0; i < a->rows; i++)
    worst = fmax(worst, missed(activity[i], p->row_lower[i], p->row_upper[i], scale[i]));
  cm__free(scale);
  *most = worst;
  return CM_OK;
}

static double cost_of(const cm_program *p, const double *x) {
  double sum = 0;
  for (size_t j = 0; j < p->a->cols; j++) sum += p->cost[j] * x[j];
  return sum + p->constant;
}

/* Whole numbers are whole: what is within 1e-6 of one becomes it. */
static void round_wholes(const cm_program *p, double *x) {
  for (size_t j = 0; j < p->a->cols; j++)
    if (p->integer[j] && fabs(x[j] - round(x[j])) <= FEASIBLE) x[j] = round(x[j]) + 0.0;
}

/* ---- the solution ---------------------------------------------------------------------- */

static void turn(double *values, size_t n) {
  for (size_t k = 0; k < n; k++) values[k] = 0.0 - values[k];
}

/* Takes over an array of the answer. */
static double *taken(double **array, bool has) {
  if (!has) return NULL;
  double *mine = *array;
  *array = NULL;
  return mine;
}

static cm_status take_values(cm_solution *s, const cm_program *p, task *t, cm_error *err) {
  cm__answer *r = &t->answer;
  size_t n = p->a->cols, m = p->a->rows;
  if (!r->has_x && t->order.start && (r->verdict == CM__CUT || !t->answered)) {
    memcpy(r->x, t->order.start, n * sizeof(double)); /* no worse than nothing, if it fits */
    r->has_x = true;
  }
  if (!r->has_x) return CM_OK;
  round_wholes(p, r->x);
  cm_status status = cm__alloc(m, sizeof(double), "activities", &s->activity, err);
  if (status == CM_OK) status = measure(p, r->x, s->activity, &s->figures.violation, err);
  if (status != CM_OK) return status;
  bool fits = s->figures.violation <= FEASIBLE * 10;
  if (!fits && r->verdict == CM__SOLVED)
    return cm__fail(err, CM_SOLVER, "the solver's answer misses a row or bound by %.3g",
                    s->figures.violation);
  if (!fits) {
    s->figures.violation = NAN;
    cm__free(s->activity);
    s->activity = NULL;
    return CM_OK;
  }
  s->figures.objective = cost_of(p, r->x);
  s->x = taken(&r->x, true);
  if (p->maximise) turn(r->dual, m), turn(r->reduced, n);
  s->dual = taken(&r->dual, r->has_dual);
  s->reduced = taken(&r->reduced, r->has_dual);
  if (r->has_basis) s->basis = r->basis, r->basis = NULL;
  return CM_OK;
}

static cm_outcome outcome_of(const cm_solution *s, const task *t, cm_stop stop) {
  const cm__answer *r = &t->answer;
  bool proven = t->answered && r->verdict != CM__CUT;
  if (proven && r->verdict == CM__IMPOSSIBLE) return CM_INFEASIBLE;
  if (proven && r->verdict == CM__ENDLESS) return CM_UNBOUNDED;
  if (!s->x) return CM_UNKNOWN;
  if (proven || s->figures.gap <= t->order.gap) return CM_OPTIMAL;
  return stop == CM_STOP_NODES ? CM_FEASIBLE : CM_STOPPED;
}

static cm_stop stop_of(const task *t, cm__ending ending) {
  if (t->answered && t->answer.verdict != CM__CUT) return CM_STOP_NONE;
  if (ending == CM__WITHDRAWN) return CM_STOP_REQUEST;
  return t->answered && t->answer.out_of_nodes ? CM_STOP_NODES : CM_STOP_TIME;
}

static cm_status make_solution(const cm_program *p, task *t, cm__ending ending, cm_solution **out,
                               cm_error *err) {
  cm_solution *s = NULL;
  cm__answer *r = &t->answer;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *s, "a solution", &s, err));
  atomic_init(&s->refs, 1);
  s->figures = (cm_solution_figures){.objective = NAN, .gap = NAN, .violation = NAN};
  cm_solution_figures *f = &s->figures;
  CM__TRY(take_values(s, p, t, err));
  double bound = t->answered ? r->bound : isnan(t->bound) ? -HUGE_VAL : t->bound;
  bool bounded = fabs(bound) < 1e49 && r->verdict != CM__IMPOSSIBLE && r->verdict != CM__ENDLESS;
  f->bound = in_sense(p, bounded ? bound : -HUGE_VAL);
  if (s->x) f->gap = gap_of(f->objective, f->bound);
  f->nodes = (size_t)fmax(0, t->answered ? r->nodes : isnan(t->nodes) ? 0 : t->nodes);
  f->iterations = (size_t)fmax(0, r->iterations);
  f->solver = p->integers ? t->solver->mixed : t->solver->linear;
  f->stop = stop_of(t, ending);
  f->outcome = outcome_of(s, t, f->stop);
  s->ray = taken(&r->ray, f->outcome == CM_UNBOUNDED && r->has_ray);
  *out = s;
  s = NULL;
done:
  cm_solution_release(s);
  return status;
}

/* ---- solving ------------------------------------------------------------------------------ */

cm_status cm__options_check(const cm_program *p, const cm_program_options *options, cm_error *err) {
  if (!(options->time >= 0) || !(options->gap >= 0))
    return cm__fail(err, CM_INVALID, "a limit of %g s and a gap of %g: neither may be negative",
                    options->time, options->gap);
  for (size_t j = 0; options->start && j < p->a->cols; j++)
    if (!isfinite(options->start[j]))
      return cm__fail_at(err, CM_INVALID, j + 1, 0, options->start[j], "start %zu is %g", j + 1,
                         options->start[j]);
  return CM_OK;
}

static cm_status judge(const task *t, cm__ending ending, int died_of, size_t memory,
                       cm_error *err) {
  if (ending == CM__NO_MEMORY)
    return cm__fail(err, CM_BUDGET, "the solver needs more than the %s that are free",
                    cm__bytes((double)memory).text);
  if (ending == CM__DIED)
    return cm__fail(err, CM_SOLVER, "the solver's process died (%d)", died_of);
  if (t->answered && t->answer.verdict == CM__STARVED)
    return cm__fail(err, CM_MEMORY, "the solver's process has no memory left");
  if (t->answered && t->answer.verdict == CM__MUTE)
    return cm__fail(err, CM_SOLVER,
                    "%s gave no answer: can it be run, and is it a version that "
                    "writes solution files?",
                    t->order.program);
  if (t->answered && t->answer.verdict == CM__FAILED)
    return cm__fail(err, CM_SOLVER, "the solver gave up: figures of very different sizes?");
  if (ending == CM__WITHDRAWN && !t->answer.has_x && !t->order.start)
    return cm__fail(err, CM_CANCELLED, "solving was interrupted before a solution was found");
  if (ending == CM__DONE && !t->answered)
    return cm__fail(err, CM_INTERNAL, "the solver's process said nothing");
  return CM_OK;
}

size_t cm__budget(const cm_job *job) {
  size_t limit = cm_memory_limit(), held = cm_memory_held();
  size_t room = !limit ? 0 : limit > held ? limit - held : 1;
  return job && job->memory && (!room || job->memory < room) ? job->memory : room;
}

cm_status cm_program_solve(const cm_program *p, const cm_program_options *options,
                           const cm_job *job, cm_solution **out, cm_error *err) {
  static const cm_program_options none = {0};
  const cm_program_options *o = options ? options : &none;
  task t = {.p = p, .solver = &cm__coin, .objective = NAN, .bound = NAN, .nodes = NAN};
  char program[CM__PATH], folder[CM__PATH] = "";
  double *cost = NULL;
  cm_status status;
  cm__ending ending;
  int died_of;
  CM__TRY(cm__options_check(p, o, err));
  if (o->solver) {
    t.solver = &cm__highs;
    CM__TRY(cm__highs_find(o->solver, program, sizeof program, err));
    CM__TRY(cm__highs_folder(folder, sizeof folder, err));
  }
  CM__TRY(cm__minimised(p, &cost, err));
  CM__TRY(cm__answer_new(p, &t.answer, err));
  t.order = (cm__order){.p = p,
                        .cost = cost ? cost : p->cost,
                        .lower = p->lower,
                        .upper = p->upper,
                        .row_lower = p->row_lower,
                        .row_upper = p->row_upper,
                        .integer = p->integers ? p->integer : NULL,
                        .seconds = o->time,
                        .gap = o->gap > 0 ? o->gap : 1e-6,
                        .nodes = o->nodes,
                        .start = o->start,
                        .program = program,
                        .folder = folder};
  size_t memory = cm__budget(job);
  cm__work w = {.what = "solving",
                .run = run,
                .receive = receive,
                .step = step,
                .ud = &t,
                .seconds = o->time,
                .memory = memory,
                .grace_ms = p->integers ? 1000 : 0};
  CM__TRY(cm__work_run(&w, job, &ending, &died_of, err));
  CM__TRY(judge(&t, ending, died_of, memory, err));
  CM__TRY(make_solution(p, &t, ending, out, err));
done:
  cm__highs_clear(folder);
  cm__answer_free(&t.answer);
  cm__free(cost);
  return status;
}

/* ---- reading -------------------------------------------------------------------------------- */

cm_solution *cm_solution_retain(cm_solution *s) {
  if (s) atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
  return s;
}

void cm_solution_release(cm_solution *s) {
  if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1) return;
  cm__free(s->x);
  cm__free(s->activity);
  cm__free(s->dual);
  cm__free(s->reduced);
  cm__free(s->ray);
  cm__free(s->basis);
  cm__free(s);
}

cm_solution_figures cm_solution_get(const cm_solution *s) { return s->figures; }

const char *cm_outcome_text(cm_outcome outcome) {
  static const char *const text[] = {"optimal",   "feasible", "infeasible",
                                     "unbounded", "stopped",  "unknown"};
  return (size_t)outcome < sizeof text / sizeof *text ? text[outcome] : "";
}

const double *cm_solution_part_of(const cm_solution *s, cm_solution_part part) {
  const double *parts[] = {s->x, s->activity, s->dual, s->reduced, s->ray};
  return (size_t)part < sizeof parts / sizeof *parts ? parts[part] : NULL;
}

const unsigned char *cm__solution_basis(const cm_solution *s) { return s->basis; }
