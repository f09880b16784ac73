/* Help for branch and bound from a mixed-integer solver: what the root of the tree leaves, as a
 * program of its own, solved in a child process (CBC, or HiGHS where it is asked for). It is asked
 * once, after the root and for a number of nodes, so that the search is the same in every run that
 * time does not cut. */
#ifndef CM_LOCATE_ASSIST_H
#define CM_LOCATE_ASSIST_H

#include "locate/search.h"

typedef struct cm__assist {
  const cm_locate *p;
  const cm_locate_options *options;
  const cm_job *job;
  double bound; /* minimising: nothing that was left is better; -HUGE_VAL: nothing was learnt */
  cm_stop stop; /* whether time or a request cut it */
} cm__assist;

/* Asks for the best plan of allowed options, in at most so many seconds (0: no limit). Options that
 * are not allowed are in no plan that comes to less than `enough`. What is found and keeps all
 * rules may become the best of the search. What the solver breaks down on, or has no memory for, is
 * no help and no error. CM_NO_SOLVER. */
CM_WARN_UNUSED cm_status cm__assist_ask(cm__assist *a, cm__local *search, const bool *allowed,
                                        double enough, double seconds, cm_error *err);

#endif
