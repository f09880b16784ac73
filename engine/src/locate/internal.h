/* The placement problem as its own files see it. */
#ifndef CM_LOCATE_INTERNAL_H
#define CM_LOCATE_INTERNAL_H

#include <math.h>

#include "base/internal.h"
#include "capmod/locate.h"
#include "chain/graph.h"

struct cm_locate {
  atomic_size_t refs;
  cm_locate_parts parts; /* of arrays that are owned */
  size_t *stage;         /* of each option */
  cm_chain *graph;       /* of the arcs, in their order */
  /* entries and needs by option: those of option o are [begin[o], begin[o + 1]) */
  size_t *entry_begin, *need_begin;
};

struct cm_plan {
  cm_plan_figures figures;
  size_t *choice;            /* or NULL */
  struct cm__record *record; /* or NULL */
};

/* ---- dynamic programming (dynamic.c) --------------------------------------- */

typedef struct cm__dynamic cm__dynamic;

CM_WARN_UNUSED cm_status cm__dynamic_new(const cm_locate *p, cm__dynamic **out, cm_error *err);
void cm__dynamic_release(cm__dynamic *d);
/* Whether what it finds is the optimum where nothing but the arcs couples: a forest. */
bool cm__dynamic_exact(const cm__dynamic *d);
/* The least total of weight * (arcs and own costs) + extra over the choices of allowed options
 * (`extra`, of each option, NULL allowed, which compounds as own costs do), for additive problems
 * only where exact. HUGE_VAL where there is none. `choice` attains it where exact;
 * *conflict is the first stage whose users would have it in different options, else CM_NONE. */
double cm__dynamic_run(cm__dynamic *d, const bool *allowed, double weight, const double *extra,
                       size_t *choice, size_t *conflict);

/* ---- methods ------------------------------------------------------------------ */

/* Each fills plan->choice and what it knows of the figures: outcome, stop, bound, nodes, method. */
typedef cm_status cm__method(const cm_locate *p, const cm_locate_options *options,
                             const bool *allowed, const cm_job *job, cm_plan *plan, cm_error *err);
cm__method cm__dynamic_solve, cm__junction_solve, cm__branch, cm__lagrange, cm__by_program;
/* Over a junction tree where that is cheap, else by branch and bound. */
cm__method cm__junction_or_branch;

/* What an arc adds where costs add up; HUGE_VAL: it is forbidden. */
static inline double cm__arc_cost(const cm_locate_parts *q, const cm_locate_arc *arc, size_t from,
                                  size_t to) {
  double x = 0;
  if (arc->add != CM_NONE)
    x = arc->quantity * q->place_matrix[arc->add][q->place[from] * q->places + q->place[to]];
  if (arc->interface == CM_NONE) return x;
  return x +
         q->operator_matrix[arc->interface][q->operator_[from] * q->operators + q->operator_[to]];
}

/* Whether a tie bars the two options at its ends. */
static inline bool cm__barred(const cm_locate_parts *q, const cm_locate_tie *tie, size_t from,
                              size_t to) {
  return !(q->place_matrix[tie->pairs][q->place[from] * q->places + q->place[to]] < HUGE_VAL);
}
/* Strikes out options with which none goes that a tie leaves, until nothing follows. */
void cm__narrow_ties(const cm_locate *p, bool *allowed);

/* The choice that a solution of cm_locate_program stands for. */
void cm__program_choice(const cm_locate *p, const double *x, const size_t *column, size_t *choice);

/* Says the plan in hand, the bound and the gap, minimising; leaves the text where one is not known.
 */
enum { CM__PROGRESS = 96 };
void cm__progress_text(char *text, double sign, double best, double bound);
/* Whether rules, facilities, or what an objective adds to compounding costs couple stages. */
bool cm__coupled(const cm_locate *p);
/* The cost of facility f at a volume. */
double cm__facility_cost(const cm_locate_parts *q, size_t f, double volume);

/* Whether a stage is a product: nobody uses it. */
static inline bool cm__is_product(const cm_locate *p, size_t s) {
  return p->graph->out_begin[s] == p->graph->out_begin[s + 1];
}

#endif
