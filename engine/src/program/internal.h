/* What the files of programs share. */
#ifndef CM_PROGRAM_INTERNAL_H
#define CM_PROGRAM_INTERNAL_H

#include <math.h>

#include "base/internal.h"
#include "capmod/program.h"
#include "matrix/sparse_internal.h"

struct cm_program {
  atomic_size_t refs;
  size_t integers;
  bool maximise;
  double constant;
  double *lower, *upper, *cost;
  double *row_lower, *row_upper;
  bool *integer;
  cm_sparse *a; /* rows x cols; its axes hold the names, NULL for none */
  char *name;   /* "" for none */
};

/* ---- a solver, as the child process calls it ------------------------------- */

/* What is asked of a solver. It always minimises `cost`; the limits may differ
 * from the program's, and integrality may be let go. */
typedef struct cm__order {
  const cm_program *p;
  const double *cost; /* p->cost, with its sign turned where p maximises */
  const double *lower, *upper, *row_lower, *row_upper;
  const bool *integer;          /* NULL: the linear relaxation */
  double seconds, gap;          /* 0: no limit; the gap is a fraction */
  size_t nodes;                 /* 0: no limit */
  const double *start;          /* NULL: none */
  const char *program, *folder; /* of a solver that is a program of its own: its path, and where
                                   its files go */
  /* Told of each better solution and bound, as far as known (NAN: not). */
  void (*tell)(void *ud, double objective, double bound, double nodes);
  void *ud;
} cm__order;

typedef enum cm__verdict {
  CM__SOLVED,     /* proven, within the gap */
  CM__IMPOSSIBLE, /* infeasible */
  CM__ENDLESS,    /* unbounded */
  CM__CUT,        /* a limit was met */
  CM__FAILED,     /* numerical trouble */
  CM__STARVED,    /* no memory for the adapter itself */
  CM__MUTE        /* a program of its own that could not be run, or gave no answer */
} cm__verdict;

/* What comes back. The caller owns the arrays, which are there before the call;
 * `has` says which of them were filled. */
typedef struct cm__answer {
  cm__verdict verdict;
  bool has_x, has_dual, has_basis, has_ray, has_farkas, out_of_nodes;
  double bound; /* on the minimised cost, without the constant */
  double nodes, iterations;
  double *x, *dual, *reduced; /* cols, rows, cols; of the minimised cost */
  double *ray;                /* cols */
  double *farkas;             /* rows */
  unsigned char *basis;       /* cols + rows, by cm__place */
} cm__answer;

/* Where a variable stands in a basis. */
enum cm__place { CM__FREE, CM__BASIC, CM__AT_UPPER, CM__AT_LOWER, CM__SUPERBASIC, CM__FIXED };

/* One library behind one adapter file. Called in a child process only: it may
 * print, abort, throw and leak. */
typedef struct cm__solver {
  const char *linear, *mixed; /* its names */
  void (*solve)(const cm__order *order, cm__answer *answer);
} cm__solver;

extern const cm__solver cm__coin, cm__highs;

/* For other adapters: with the whole numbers held at those of the answer, the values anew and
 * their duals; the linear relaxation alone. */
void cm__coin_polish(const cm__order *o, cm__answer *out);
void cm__coin_relaxed(const cm__order *o, cm__answer *out);

enum { CM__PATH = 1024 };

/* The path of HiGHS: `solver` where it has a '/', else "highs" on the PATH. CM_NO_SOLVER. */
CM_WARN_UNUSED cm_status cm__highs_find(const char *solver, char *path, size_t size, cm_error *err);
/* A new folder for its files, CM_SOLVER and "" where there can be none; and all that is in it, and
 * itself, gone. */
CM_WARN_UNUSED cm_status cm__highs_folder(char *folder, size_t size, cm_error *err);
void cm__highs_clear(const char *folder);

/* The arrays of an answer to p, zeroed. */
CM_WARN_UNUSED cm_status cm__answer_new(const cm_program *p, cm__answer *out, cm_error *err);
void cm__answer_free(cm__answer *a);

/* Whether y, a number a row, proves that no x satisfies the order's limits (Farkas 1902). */
bool cm__proves_infeasible(const cm__order *o, const double *y);
/* Whether the order's cost falls without end along d; `rows` is for its own use. */
bool cm__proves_unbounded(const cm__order *o, const double *d, double *rows);

/* The costs as they are minimised, or NULL where p->cost serves as it is. */
CM_WARN_UNUSED cm_status cm__minimised(const cm_program *p, double **out, cm_error *err);

/* The options' limits and start are numbers: CM_INVALID. */
CM_WARN_UNUSED cm_status cm__options_check(const cm_program *p, const cm_program_options *options,
                                           cm_error *err);

/* The bytes that a child process may take; 0: no limit. */
size_t cm__budget(const cm_job *job);

/* The basis of an optimal linear program (cols + rows places), or NULL. */
const unsigned char *cm__solution_basis(const cm_solution *s);

/* ---- a child process that works --------------------------------------------- */

typedef struct cm__work {
  const char *what; /* for messages */
  /* In the child. What it sends arrives at `receive` in the parent. */
  void (*run)(void *ud, int channel);
  /* In the parent, for each message, in order. */
  cm_status (*receive)(void *ud, unsigned tag, const void *data, size_t size, cm_error *err);
  /* In the parent, about ten times a second: cm_job_step, in words of its own. */
  cm_status (*step)(void *ud, const cm_job *job, cm_error *err);
  void *ud;
  double seconds;  /* 0: no limit; asked to end then, killed at 1.1 times that */
  double grace_ms; /* from a request to end to the kill */
  size_t memory;   /* bytes that the child may take beyond the parent's; 0: no limit */
} cm__work;

typedef enum cm__ending {
  CM__DONE,
  CM__TIMED_OUT, /* killed */
  CM__WITHDRAWN, /* by the job: it was asked to end; what it sent until then arrived */
  CM__NO_MEMORY,
  CM__DIED
} cm__ending;

/* Runs w in a child process. `died_of` is the signal or exit status of CM__DIED. */
CM_WARN_UNUSED cm_status cm__work_run(const cm__work *w, const cm_job *job, cm__ending *ending,
                                      int *died_of, cm_error *err);

/* In the child: sends a message; ends the process if nobody listens any more. */
void cm__send(int channel, unsigned tag, const void *data, size_t size);

#endif
