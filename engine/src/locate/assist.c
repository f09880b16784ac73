/* What the tree leaves, to a mixed-integer solver: plans and bounds exchanged with it. */
#include <math.h>

#include "locate/assist.h"

enum { NODES = 20000 }; /* the most that it takes, the same in every run */

/* Of the time that is left: a child process may live for 1.1 times its limit, or 0.5 s longer. */
static double limit_of(double seconds) { return fmin(seconds / 1.1, seconds - 0.5); }

static void take(cm__assist *a, const cm_solution *s, const size_t *column, size_t *choice,
                 cm__local *search, double enough) {
  cm_solution_figures f = cm_solution_get(s);
  const double *x = cm_solution_part_of(s, CM_VALUES);
  double bound = f.outcome == CM_INFEASIBLE ? enough : search->sign * f.bound;
  a->bound = fmin(bound, enough);
  if (f.stop == CM_STOP_TIME || f.stop == CM_STOP_REQUEST) a->stop = f.stop;
  if (!x || f.outcome == CM_INFEASIBLE) return;
  cm__program_choice(a->p, x, column, choice);
  (void)cm__local_try(search, choice);
}

cm_status cm__assist_ask(cm__assist *a, cm__local *search, const bool *allowed, double enough,
                         double seconds, cm_error *err) {
  const cm_locate_parts *q = &a->p->parts;
  cm_program *program = NULL;
  cm_solution *solution = NULL;
  size_t *column = NULL, *choice = NULL;
  const cm_program_options o = {.time = seconds > 0 ? limit_of(seconds) : 0,
                                .gap = a->options->gap,
                                .nodes = NODES,
                                .solver = a->options->solver};
  cm_status status;
  CM__TRY(cm__alloc(q->options, sizeof *column, "a program", &column, NULL));
  CM__TRY(cm__alloc(q->stages, sizeof *choice, "a program", &choice, NULL));
  CM__TRY(cm_locate_program(a->p, allowed, a->options->form, &program, column, NULL));
  status = cm_program_solve(program, &o, a->job, &solution, err);
  if (status == CM_CANCELLED) a->stop = CM_STOP_REQUEST;
  if (status == CM_OK) take(a, solution, column, choice, search, enough);
done:
  cm__free(column);
  cm__free(choice);
  cm_program_release(program);
  cm_solution_release(solution);
  return status == CM_NO_SOLVER ? status : CM_OK;
}
