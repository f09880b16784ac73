/* What HiGHS says: its log, line by line as it runs, and the files that it leaves. */
#ifndef CM_PROGRAM_HIGHS_H
#define CM_PROGRAM_HIGHS_H

#include "program/internal.h"

/* The figures of a log so far; NAN where none was read. */
typedef struct cm__highs_log {
  double objective, bound, nodes; /* of the table of the search */
  double last_bound;              /* of the report at its end */
  double iterations;
  bool no_memory; /* C++ said that it had none */
  bool faulty; /* version 1.14.0: its presolve may lose the optimum of a mixed-integer program and
                  call another solution optimal (HiGHS issues 3043 and 3073; mended in 1.15.0) */
} cm__highs_log;

void cm__highs_log_begin(cm__highs_log *log);
/* Takes one line without its end; whether the table's figures are new. */
bool cm__highs_log_line(cm__highs_log *log, const char *line);

/* The rows that HiGHS is given: not those without a limit, which readers of MPS leave out, nor
 * those without a number, on which some of its versions abort. */
typedef struct cm__highs_rows {
  size_t written;
  size_t *turn; /* of each row of the order among them; CM__NOT_WRITTEN */
} cm__highs_rows;

enum { CM__NOT_WRITTEN = -1 }; /* as size_t */

/* Verdict, values, duals and basis of the solution file at `path`; false where there is no whole
 * one. */
bool cm__highs_solution(const cm__order *o, const cm__highs_rows *rows, const char *path,
                        cm__answer *out);
/* The last whole one of the better and better solutions at `path`. */
bool cm__highs_improving(const cm__order *o, const char *path, cm__answer *out);

#endif
