/* Which method solves a problem, and the plan that comes of it. */
#include <math.h>
#include <stdio.h>

#include "locate/record.h"

void cm__progress_text(char *text, double sign, double best, double bound) {
  if (best < HUGE_VAL && bound > -HUGE_VAL)
    (void)snprintf(text, CM__PROGRESS, "placing: best %.6g, bound %.6g, gap %.2f %%, nodes",
                   sign * best, sign * bound, 100 * (best - bound) / fmax(1e-9, fabs(best)));
}

/* ---- dynamic programming alone --------------------------------------------------------- */

cm_status cm__dynamic_solve(const cm_locate *p, const cm_locate_options *options,
                            const bool *allowed, const cm_job *job, cm_plan *plan, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  cm__dynamic *d = NULL;
  double *extra = NULL, sign = q->maximise ? -1 : 1, value;
  size_t conflict;
  cm_status status;
  (void)options;
  (void)job;
  CM__TRY(cm__dynamic_new(p, &d, err));
  CM__TRY(cm__alloc(q->options, sizeof *extra, "placement", &extra, err));
  CM__TRY(cm__alloc(q->stages, sizeof *plan->choice, "plan", &plan->choice, err));
  for (size_t k = 0; k < q->option_entries; k++)
    if (q->option_entry[k].measure == 0)
      extra[q->option_entry[k].index] += sign * q->option_entry[k].value;
  value = cm__dynamic_run(d, allowed, sign * q->weight[0], extra, plan->choice, &conflict);
  plan->figures.method = "dynamic programming";
  plan->figures.outcome = value < HUGE_VAL ? CM_OPTIMAL : CM_INFEASIBLE;
  plan->figures.bound = plan->figures.certified = sign * value;
  if (!(value < HUGE_VAL)) {
    cm__free(plan->choice);
    plan->choice = NULL;
  }
done:
  cm__free(extra);
  cm__dynamic_release(d);
  return status;
}

/* ---- choosing ------------------------------------------------------------------------------ */

static cm_status is_forest(const cm_locate *p, bool *out, cm_error *err) {
  cm__dynamic *d;
  cm_status status = cm__dynamic_new(p, &d, err);
  if (status != CM_OK) return status;
  *out = cm__dynamic_exact(d);
  cm__dynamic_release(d);
  return CM_OK;
}

static cm_status choose(const cm_locate *p, cm_locate_method wanted, cm__method **out,
                        cm_error *err) {
  cm__method *branch = p->parts.compounding ? cm__branch : cm__lagrange;
  bool forest, coupled = cm__coupled(p);
  cm_status status = is_forest(p, &forest, err);
  if (status != CM_OK) return status;
  if (wanted == CM_LOCATE_DYNAMIC && (!forest || coupled))
    return cm__fail(err, CM_INVALID,
                    "dynamic programming alone needs a forest without rules and facilities");
  if (wanted == CM_LOCATE_JUNCTION && coupled)
    return cm__fail(err, CM_INVALID, "a junction tree needs a chain without rules and facilities");
  if (wanted == CM_LOCATE_PROGRAM && p->parts.compounding)
    return cm__fail(err, CM_INVALID, "costs that compound make no linear program");
  switch (wanted) {
  case CM_LOCATE_DYNAMIC:
    *out = cm__dynamic_solve;
    break;
  case CM_LOCATE_JUNCTION:
    *out = cm__junction_solve;
    break;
  case CM_LOCATE_BRANCH:
    *out = branch;
    break;
  case CM_LOCATE_PROGRAM:
    *out = cm__by_program;
    break;
  default:
    *out = coupled ? branch : forest ? cm__dynamic_solve : cm__junction_or_branch;
  }
  return CM_OK;
}

static cm_status check_options(const cm_locate *p, const cm_locate_options *o, cm_error *err) {
  if (!(o->time >= 0) || !(o->gap >= 0) || (unsigned)o->method > CM_LOCATE_JUNCTION)
    return cm__fail(err, CM_INVALID, "a limit of the search is no number");
  if (o->exchange && p->parts.compounding)
    return cm__fail(err, CM_INVALID, "costs that compound make no program to exchange");
  for (size_t s = 0; o->start && s < p->parts.stages; s++)
    if (o->start[s] < p->parts.first[s] || o->start[s] >= p->parts.first[s + 1])
      return cm__fail_at(err, CM_RANGE, s + 1, 0, 0.0, "option %zu is none of stage %zu",
                         o->start[s] + 1, s + 1);
  return CM_OK;
}

/* The objective of the choice, by separate code, and the gap to the bound. */
static cm_status judge(const cm_locate *p, cm_plan *plan, cm_error *err) {
  cm_plan_figures *f = &plan->figures;
  cm_locate_sum sum;
  f->objective = f->gap = NAN;
  if (!plan->choice) return CM_OK;
  cm_status status = cm_locate_evaluate(p, plan->choice, &sum, NULL, NULL, NULL, err);
  if (status != CM_OK) return status;
  if (!(sum.violation <= 1e-5))
    return cm__fail_at(err, CM_SOLVER, 0, 0, sum.violation,
                       "the plan that %s found misses a rule by %g", f->method, sum.violation);
  f->objective = sum.objective;
  f->gap = fabs(f->objective - f->bound) / fmax(1e-9, fabs(f->objective));
  return CM_OK;
}

cm_status cm_locate_solve(const cm_locate *p, const cm_locate_options *options, const cm_job *job,
                          cm_plan **out, cm_error *err) {
  static const cm_locate_options none = {0};
  const cm_locate_options *o = options ? options : &none;
  const cm_locate_parts *q = &p->parts;
  cm_plan *plan = NULL;
  bool *allowed = NULL;
  cm__method *method;
  cm_status status;
  CM__TRY(check_options(p, o, err));
  CM__TRY(choose(p, o->method, &method, err));
  CM__TRY(cm__alloc(1, sizeof *plan, "plan", &plan, err));
  plan->figures.certified = q->maximise ? HUGE_VAL : -HUGE_VAL;
  CM__TRY(cm__alloc(q->options, sizeof *allowed, "plan", &allowed, err));
  for (size_t k = 0; k < q->options; k++) allowed[k] = !o->allowed || o->allowed[k];
  bool left = true;
  for (size_t s = 0; s < q->stages; s++) {
    bool any = false;
    for (size_t k = q->first[s]; k < q->first[s + 1]; k++) any = any || allowed[k];
    left = left && any;
  }
  if (left) {
    CM__TRY(method(p, o, allowed, job, plan, err));
  } else {
    plan->figures.outcome = CM_INFEASIBLE;
    plan->figures.bound = plan->figures.certified = q->maximise ? -HUGE_VAL : HUGE_VAL;
    plan->figures.method = "no option left";
  }
  CM__TRY(judge(p, plan, err));
  *out = plan;
  plan = NULL;
done:
  cm__free(allowed);
  cm_plan_release(plan);
  return status;
}

void cm_plan_release(cm_plan *plan) {
  if (!plan) return;
  cm__free(plan->choice);
  cm__record_release(plan->record);
  cm__free(plan);
}

cm_plan_figures cm_plan_get(const cm_plan *plan) { return plan->figures; }
const size_t *cm_plan_choice(const cm_plan *plan) { return plan->choice; }
const cm_record *cm_plan_record(const cm_plan *plan) {
  return plan->record ? &plan->record->parts : NULL;
}
