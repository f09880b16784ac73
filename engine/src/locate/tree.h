/* Lagrangian branch and bound: a tree, or what one of several threads has of it. */
#ifndef CM_LOCATE_TREE_H
#define CM_LOCATE_TREE_H

#include <time.h>

#include "locate/assist.h"
#include "locate/near.h"
#include "locate/parting.h"
#include "locate/polish.h"
#include "locate/record.h"
#include "locate/waiting.h"

enum { CM__TREE_JUDGED = 500 }; /* nodes after which homes are thought of */

typedef struct cm__tree {
  const cm_locate *p;
  const cm_locate_options *options;
  const cm_job *job;
  cm_error *err;
  cm__relax *r;
  cm__narrow *narrow;
  cm__dual *dual;
  cm__local *search;
  cm__polish *polish; /* NULL: another thread has it */
  cm__near *near;     /* the same, or the problem is the rest of one */
  double cutoff;      /* what a plan must come to less than */
  double first_moves; /* of stages, before bounds have had any work */
  size_t placed;      /* then: how many of search->moves were its */
  cm__parter *parter; /* what it has learnt is of its own nodes */
  cm__assist assist;
  cm__view view;    /* of the node in hand */
  cm__view whole;   /* of it, while it is parted */
  bool *at_large;   /* of each option: what the root leaves */
  double *marginal; /* of each option */
  cm__queue queue;
  cm__waiting next;    /* the likelier side of the last node, where bits is not NULL */
  double closed_bound; /* the least bound among nodes that were closed or given up */
  double root_bound;
  double first_bound; /* the same, without homes */
  bool alone;         /* it is the only thread: it may settle by itself */
  bool judged;        /* whether homes are worth their work has been asked */
  bool anew;          /* the node in hand is the root again, with homes */
  double in_hand;     /* the bound of the node in hand */
  double *root;       /* the multipliers there */
  size_t nodes;
  size_t most_nodes; /* where it rests */
  double until;      /* the work at which it rests */
  double lent;       /* the least bound of nodes that other threads have */
  cm__climb climb;   /* of the node in hand */
  struct timespec begin;
  size_t held; /* bytes, as it began */
  cm_stop stop;
  cm__record *record;
  size_t here, side; /* numbers in the record: of the node in hand, of the one that is made */
} cm__tree;

/* Makes what a thread needs for itself; t->p, t->options, t->err and t->at_large are there. */
CM_WARN_UNUSED cm_status cm__tree_open(cm__tree *t);
/* Frees it; not at_large and root. */
void cm__tree_close(cm__tree *t);
/* Takes nodes until none is left, t->until or t->most_nodes is met, or the search must stop. */
CM_WARN_UNUSED cm_status cm__tree_explore(cm__tree *t);
/* After some hundred nodes that do little for the bound: begins anew with homes, where there are
 * some. */
void cm__tree_settle(cm__tree *t);
/* Additions made, about. */
double cm__tree_work(const cm__tree *t);
/* Seeks plans of a smaller problem that come to less than `cutoff`, in the sense of minimising, by
 * `most` work, about; adds to the work. */
CM_WARN_UNUSED cm_status cm__lagrange_rest(const cm_locate *p, const cm_locate_options *options,
                                           double cutoff, double most, const cm_job *job,
                                           cm_plan *plan, double *work);
/* A bound on it after so many steps toward `target`, HUGE_VAL where it has no plan. */
CM_WARN_UNUSED cm_status cm__lagrange_glance(const cm_locate *p, size_t steps, double target,
                                             const cm_job *job, double *bound, double *work);
/* The same as cm__tree_explore by so many threads (rounds.c). */
CM_WARN_UNUSED cm_status cm__tree_rounds(cm__tree *t, size_t threads);

#endif
