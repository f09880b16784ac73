/* capmod/program.h - general linear and mixed-integer programs.
 *
 *     minimise or maximise   constant + sum_j cost_j x_j
 *     subject to             row_lower_i <= sum_j a_ij x_j <= row_upper_i
 *                            lower_j <= x_j <= upper_j, some x_j whole numbers
 *
 * A cm_program and a cm_solution are immutable and counted. An infinite bound is
 * +-HUGE_VAL. Indices are 0-based; columns are variables, rows are constraints.
 *
 * Solving is the work of COIN-OR Clp (linear) and CBC (mixed-integer) in a child
 * process of its own: it can be ended at any moment, and what it breaks stays
 * there. The child needs fork(2). One thread, fixed seeds: the same program gives
 * the same bytes unless time, Ctrl-C or memory cut the work.
 */
#ifndef CAPMOD_PROGRAM_H
#define CAPMOD_PROGRAM_H

#include <stdint.h>

#include "capmod/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the model ----------------------------------------------------------- */

typedef struct cm_program cm_program;

/* A whole model as arrays, which are copied. NULL means: no names, lower 0, no
 * upper, cost 0, nothing integer; rows without that side. */
typedef struct cm_program_parts {
  const char *name; /* "" where NULL */
  bool maximise;
  double constant;
  size_t cols, rows, entries;
  const char *const *col_names, *const *row_names;
  const double *lower, *upper, *cost;
  const bool *integer;
  const double *row_lower, *row_upper;
  const size_t *row, *col; /* of each entry; those of one place are added up */
  const double *value;
} cm_program_parts;

/* CM_RANGE and CM_NOT_FINITE name the entry; CM_NOT_FINITE also for a cost or
 * bound that is no number; CM_DUPLICATE for a name given twice. Bounds that
 * cross make a program that is infeasible, not an error. */
CM_API CM_WARN_UNUSED cm_status cm_program_new(const cm_program_parts *parts, cm_program **out,
                                               cm_error *err);
CM_API cm_program *cm_program_retain(cm_program *p);
CM_API void cm_program_release(cm_program *p);

CM_API size_t cm_program_cols(const cm_program *p);
CM_API size_t cm_program_rows(const cm_program *p);
CM_API size_t cm_program_entries(const cm_program *p);
CM_API size_t cm_program_integers(const cm_program *p);
CM_API size_t cm_program_bytes(const cm_program *p);

/* ---- solving -------------------------------------------------------------- */

typedef enum cm_outcome {
  CM_OPTIMAL,    /* gap at most what was asked */
  CM_FEASIBLE,   /* a limit on nodes met, a solution in hand */
  CM_INFEASIBLE, /* proven: nothing satisfies all rows and bounds */
  CM_UNBOUNDED,  /* proven for the linear relaxation: the objective has no limit */
  CM_STOPPED,    /* by time, by request or for lack of memory, a solution in hand */
  CM_UNKNOWN     /* a limit met before any solution */
} cm_outcome;

typedef enum cm_stop {
  CM_STOP_NONE,
  CM_STOP_TIME,
  CM_STOP_NODES,
  CM_STOP_REQUEST,
  CM_STOP_MEMORY /* of the search of cm_locate_solve; a program then is CM_BUDGET */
} cm_stop;

/* A zeroed one is valid. */
typedef struct cm_program_options {
  double time;         /* wall seconds; 0: no limit. The child is killed at 1.1 times it */
  double gap;          /* |objective - bound| / |objective| to reach; 0: 1e-6 */
  size_t nodes;        /* of branch and bound; 0: no limit. Unlike time, the same in every run */
  const double *start; /* a value a column: a solution to begin with, NULL for none */
  const char *solver;  /* NULL: Clp and CBC. "highs": HiGHS, a program on the PATH, or the path of
                          one with a '/' */
} cm_program_options;

typedef struct cm_solution cm_solution;

typedef struct cm_solution_figures {
  cm_outcome outcome;
  cm_stop stop;
  double objective; /* of the values, computed anew; NAN where there are none */
  double bound;     /* nothing is better; -+HUGE_VAL where none is known */
  double gap;       /* |objective - bound| / max(1e-9, |objective|) */
  double violation; /* the most that a row, bound or integrality is missed by */
  size_t nodes, iterations;
  const char *solver; /* "Clp", "CBC", "HiGHS", or "" where no solver was needed */
} cm_solution_figures;

/* Solves. A job's cancel flag and a false of its progress end the work with what
 * is known so far (CM_STOP_REQUEST), or with CM_CANCELLED where that is nothing.
 * job->memory (else the engine's limit) is the child's budget: CM_BUDGET. CM_SOLVER
 * where the solver died, gave up for numerical reasons, or its answer fails
 * our own check of every row. CM_INVALID: a limit or start that is no number. CM_NO_SOLVER:
 * the solver asked for is not there. */
CM_API CM_WARN_UNUSED cm_status cm_program_solve(const cm_program *p,
                                                 const cm_program_options *options,
                                                 const cm_job *job, cm_solution **out,
                                                 cm_error *err);
CM_API cm_solution *cm_solution_retain(cm_solution *s);
CM_API void cm_solution_release(cm_solution *s);

CM_API cm_solution_figures cm_solution_get(const cm_solution *s);
/* "optimal", "feasible", ... */
CM_API const char *cm_outcome_text(cm_outcome outcome);

/* Arrays of a solution, borrowed; NULL where there is none of the kind. */
typedef enum cm_solution_part {
  CM_VALUES,        /* a number a column */
  CM_ACTIVITIES,    /* a number a row: sum_j a_ij x_j */
  CM_DUALS,         /* a row: how the objective changes with one more on its right */
  CM_REDUCED_COSTS, /* a column: how the objective changes with one more of it */
  CM_RAY            /* unbounded: the direction in which it is, a number a column */
} cm_solution_part;

/* The duals and reduced costs of a mixed-integer program are those of the linear
 * program that is left when the whole numbers are held at their values. */
CM_API const double *cm_solution_part_of(const cm_solution *s, cm_solution_part part);

/* ---- ranging --------------------------------------------------------------- */

/* How far one figure may change, all others as they are, while the optimal basis
 * stays optimal: costs while the values stay, sides while the duals stay. These
 * are the ranges of the basis found: where the optimum is degenerate they may be
 * narrower than those of the values and duals themselves. */
typedef struct cm_ranging {
  double *cost_from, *cost_to; /* a number a column, in the author's sense */
  double *side_from, *side_to; /* a row; of a row that does not bind: its free side */
} cm_ranging;

/* The arrays are the caller's. CM_INVALID where the program has integers or the
 * solution is not optimal; what the factorisation of the basis says. */
CM_API CM_WARN_UNUSED cm_status cm_solution_range(const cm_program *p, const cm_solution *s,
                                                  const cm_job *job, const cm_ranging *out,
                                                  cm_error *err);

/* ---- why there is no solution ------------------------------------------------ */

typedef enum cm_limit_kind {
  CM_ROW_LOWER,
  CM_ROW_UPPER,
  CM_COL_LOWER,
  CM_COL_UPPER,
  CM_WHOLE /* that a column is a whole number within its bounds */
} cm_limit_kind;

/* A set of limits that cannot hold together. */
typedef struct cm_conflict cm_conflict;

/* Finds one of an infeasible program by a deletion filter (Chinneck and Dravnieks
 * 1991): from the support of a Farkas certificate where the linear relaxation is
 * infeasible, else from all rows, by mixed-integer solves of at most
 * options->nodes nodes each (0: 1000). options->time is for all of it. CM_INVALID
 * where the program has a solution. */
CM_API CM_WARN_UNUSED cm_status cm_program_conflict(const cm_program *p,
                                                    const cm_program_options *options,
                                                    const cm_job *job, cm_conflict **out,
                                                    cm_error *err);
CM_API void cm_conflict_release(cm_conflict *c);
CM_API size_t cm_conflict_size(const cm_conflict *c);
/* The limit at place k: its kind, and the row or column. */
CM_API cm_limit_kind cm_conflict_kind(const cm_conflict *c, size_t k);
CM_API size_t cm_conflict_index(const cm_conflict *c, size_t k);
/* Whether each of them was shown to be needed: without any one, the rest holds. */
CM_API bool cm_conflict_minimal(const cm_conflict *c);

/* ---- files -------------------------------------------------------------------- */

typedef enum cm_program_format { CM_FORMAT_MPS, CM_FORMAT_LP } cm_program_format;

/* The program as text: free MPS, or the LP format of CPLEX. Names are the author's;
 * one that the format cannot hold is replaced, and comments on top say by what.
 * *out is freed by cm_program_text_free. */
CM_API CM_WARN_UNUSED cm_status cm_program_write(const cm_program *p, cm_program_format format,
                                                 char **out, size_t *size, cm_error *err);
CM_API void cm_program_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
