/* capmod/locate.h - which stage where, by whom, in which mode: placing a chain.
 *
 * Every stage takes one of its options. An option is a way to do the stage: a place,
 * an operator, and whatever else tells it from the others (partner, mode), which the
 * engine need not know. An arc carries what one stage makes to the next; what that
 * costs depends on the places and the operators at its two ends. A facility is paid
 * once for all options that need it: entry into a country, the set-up of a class of
 * stages there, the transfer of a block. Rules bound sums over all choices: local
 * content, employment, a budget.
 *
 *   minimise or maximise    measure 0
 *   subject to              lower_r <= measure r <= upper_r    (the rules, r >= 1)
 *                           one option a stage; joined stages at one place, tied ones at two
 *                           places that go together
 *                           an option opens the facilities it needs, they their parents
 *                           volume of a facility <= its capacity
 *   measure r = weight_r * total cost + sum of its entries over what is chosen and open
 *
 * Total cost comes in one of two forms. Additive: what is chosen is for all that is made,
 *
 *   cost = sum over stages of cost_o + sum over arcs of
 *          quantity * add[c_k, c_s] + interface[f_k, f_s] + cost of the facilities.
 *
 * Compounding, where duties and losses in transit fall on the value that arrives (Antras and
 * de Gortari 2020): V is the cost of one unit of a stage,
 *
 *   V_s(o) = cost_o + sum over arcs k -> s of
 *            quantity * (times[c_k, c_s] * V_k(o_k) + add[c_k, c_s]) + interface[f_k, f_s]
 *
 * or the aggregate of its own cost and the inputs that the stage names, and the total is the sum
 * of V over the products (stages without user) and of what the facilities cost.
 */
#ifndef CAPMOD_LOCATE_H
#define CAPMOD_LOCATE_H

#include <stdint.h>

#include "capmod/base.h"
#include "capmod/program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the problem ---------------------------------------------------------- */

/* How a stage's own cost and its inputs make its value. */
typedef enum cm_aggregator {
  CM_AGGREGATE_SUM,          /* own + sum of inputs */
  CM_AGGREGATE_COBB_DOUGLAS, /* own^(1 - sum w) * product of inputs^w */
  CM_AGGREGATE_CES           /* ((1 - sum w) own^r + sum w input^r)^(1/r), r = 1 - sigma */
} cm_aggregator;

/* Stands for no matrix, no facility, no option. */
#define CM_NONE SIZE_MAX

typedef struct cm_locate_arc {
  size_t from, to;  /* the input, its user */
  double quantity;  /* of what arrives; > 0 */
  double weight;    /* w of Cobb-Douglas and CES */
  size_t add;       /* place matrix: freight and the like for each unit; CM_NONE: 0 */
  size_t times;     /* place matrix: on the input's value, > 0, compounding; CM_NONE: 1 */
  size_t interface; /* operator matrix, once for the arc; CM_NONE: 0 */
} cm_locate_arc;

/* Two stages whose places have to go together, whatever passes between them: HUGE_VAL in the place
 * matrix `pairs`, whose other entries are 0, bars a pair. One tie for two stages. Only where value
 * compounds; where costs add up, an arc says the same. */
typedef struct cm_locate_tie {
  size_t from, to, pairs;
} cm_locate_tie;

/* A concave cost of volume: 0 at 0, straight lines between points, the last line on. */
typedef struct cm_locate_point {
  double volume, cost;
} cm_locate_point;

typedef struct cm_locate_facility {
  double fixed;               /* paid once it is open */
  double capacity;            /* most volume, HUGE_VAL: no limit */
  size_t parent;              /* opens with it, or CM_NONE; a lower number than its own */
  size_t first_point, points; /* its cost of volume; 0 points: none */
} cm_locate_facility;

/* An option opens a facility and takes `volume` of it. */
typedef struct cm_locate_need {
  size_t option, facility;
  double volume;
} cm_locate_need;

/* What an option, or a facility once open, adds to a measure. */
typedef struct cm_locate_entry {
  size_t measure, index;
  double value;
} cm_locate_entry;

/* A whole problem as arrays, which are copied. Matrices are n x n by rows, [from][to];
 * HUGE_VAL in one forbids the pair. */
typedef struct cm_locate_parts {
  bool compounding;
  size_t places, operators, stages, options;
  const size_t *first; /* stages + 1: the options of stage s are first[s] .. first[s + 1] - 1 */
  const size_t *place, *operator_; /* of each option */
  const double *cost;              /* of each option */
  const cm_aggregator *aggregator; /* of each stage; NULL: all sums */
  const double *sigma;             /* of each stage, CES; NULL without */
  size_t arcs, joins, ties;
  const cm_locate_arc *arc;
  const size_t *join; /* 2 x joins stages */
  const cm_locate_tie *tie;
  size_t place_matrices, operator_matrices;
  const double *const *place_matrix, *const *operator_matrix;
  size_t facilities, points, needs;
  const cm_locate_facility *facility;
  const cm_locate_point *point;
  const cm_locate_need *need;
  size_t measures; /* 1 + rules */
  bool maximise;
  const double *weight;        /* of total cost in each measure */
  const double *lower, *upper; /* of each measure; those of measure 0 do not count */
  size_t option_entries, facility_entries;
  const cm_locate_entry *option_entry, *facility_entry;
} cm_locate_parts;

typedef struct cm_locate cm_locate; /* immutable, counted */

/* Copies the parts and checks them: CM_RANGE for an index, CM_NOT_FINITE, CM_INVALID for a
 * stage without options, stages in a circle, a cost of volume that is not concave, a figure below
 * 0 where value is aggregated, a tie where costs add up, twice, or whose matrix holds a cost, a
 * measure with cost that would not be bounded by cost. */
CM_API CM_WARN_UNUSED cm_status cm_locate_new(const cm_locate_parts *parts, cm_locate **out,
                                              cm_error *err);
CM_API cm_locate *cm_locate_retain(cm_locate *p);
CM_API void cm_locate_release(cm_locate *p);
CM_API const cm_locate_parts *cm_locate_parts_of(const cm_locate *p); /* borrowed */

/* A rule, capacity or join that is missed by no more than this is kept. */
#define CM_LOCATE_TOLERANCE 1e-7

/* ---- what a choice comes to ------------------------------------------------- */

typedef struct cm_locate_sum {
  double cost;      /* the total */
  double objective; /* measure 0 */
  double violation; /* the most that a rule, a capacity or a join is missed by;
                       HUGE_VAL where a pair is forbidden */
} cm_locate_sum;

/* Adds up one choice (an option a stage) from the parts alone. The arrays, NULL allowed, are
 * filled: `measure` (measures), `volume` (facilities; negative where not open), `value` (stages;
 * compounding only). */
CM_API CM_WARN_UNUSED cm_status cm_locate_evaluate(const cm_locate *p, const size_t *choice,
                                                   cm_locate_sum *out, double *measure,
                                                   double *volume, double *value, cm_error *err);

/* ---- solving ------------------------------------------------------------------ */

typedef enum cm_locate_method {
  CM_LOCATE_AUTO,
  CM_LOCATE_DYNAMIC, /* dynamic programming: a forest, nothing that couples its branches */
  CM_LOCATE_BRANCH,  /* branch and bound over it: by Lagrangian relaxation where costs add up */
  CM_LOCATE_PROGRAM, /* a mixed-integer program, by CBC: no ad valorem costs or aggregators */
  CM_LOCATE_JUNCTION /* over a junction tree: nothing that couples stages beside arcs and joins;
                        CM_BUDGET where the chain is too wide for the memory */
} cm_locate_method;

/* How the mixed-integer program says what arcs cost. */
typedef enum cm_locate_form {
  CM_FORM_TIGHT,  /* flows between the places of the two ends: places^2 columns an arc */
  CM_FORM_COMPACT /* a column an arc, with a row for each place: a weaker bound */
} cm_locate_form;

/* A zeroed one is valid. */
typedef struct cm_locate_options {
  double time;             /* wall seconds; 0: no limit */
  double gap;              /* to reach; 0: 1e-6 */
  size_t nodes;            /* of branch and bound; 0: no limit */
  uint64_t seed;           /* of the random moves by which plans are sought, where costs add up */
  cm_locate_method method; /* CM_INVALID where it does not fit the problem */
  const bool *allowed;     /* of each option; NULL: all */
  const size_t *start;     /* a choice to begin with; NULL: none. Where costs compound the plan is
                              the same as without it, unless the search is cut short */
  const char *solver;      /* of programs: as in cm_program_options */
  cm_locate_form form;     /* of programs */
  bool exchange;           /* branch and bound gives what its root leaves to a mixed-integer solver
                              too; not with `record`, since what a solver proves has no certificate.
                              CM_INVALID where costs compound */
  bool record;             /* keep what proves the bound: cm_plan_record. By a junction tree then
                              only where its tables take few additions, and
                              by a tree with the weaker of two bounds, that without homes */
} cm_locate_options;

typedef struct cm_plan cm_plan; /* immutable */

typedef struct cm_plan_figures {
  cm_outcome outcome;
  cm_stop stop;
  double objective, bound, gap; /* NAN, +-HUGE_VAL, NAN where there are none */
  double certified;             /* the best bound that is our own; +-HUGE_VAL: none */
  size_t nodes;
  const char *method; /* "dynamic programming", "Lagrangian branch and bound", ... */
} cm_plan_figures;

/* Solves. A problem without plan is CM_OK with that outcome. A job's cancel flag and a false of its
 * progress end the work with what is known so far; so does lack of memory once a Lagrangian tree
 * grows (CM_STOP_MEMORY), which leaves a 32nd of the limit free and takes no more than job->memory.
 * The Lagrangian tree is searched by job->threads threads, by one where it is recorded; the same
 * number gives the same answer, unless time, memory or a request ends it.
 * Of plans of one objective, the one whose options have the lower numbers, stage by stage, where
 * dynamic programming alone solves. */
CM_API CM_WARN_UNUSED cm_status cm_locate_solve(const cm_locate *p,
                                                const cm_locate_options *options, const cm_job *job,
                                                cm_plan **out, cm_error *err);
CM_API void cm_plan_release(cm_plan *plan);
CM_API cm_plan_figures cm_plan_get(const cm_plan *plan);
CM_API const size_t *cm_plan_choice(const cm_plan *plan); /* an option a stage; NULL: none */

/* ---- what was proven -------------------------------------------------------------- */

/* What a multiplier of the Lagrangian relaxation prices. */
typedef enum cm_price_kind {
  CM_PRICE_NEED,   /* that facility `of` is open where stage `stage` needs it; >= 0 */
  CM_PRICE_VOLUME, /* that the volume of facility `of` is what its users take */
  CM_PRICE_RULE,   /* the bound of measure `of`: above 0 the upper one, below 0 the lower */
  CM_PRICE_FROM,   /* that block and loose link `of` agree on a state, at its first end */
  CM_PRICE_TO      /* the same at its second end */
} cm_price_kind;

typedef struct cm_record_price {
  cm_price_kind kind;
  size_t of, stage, place, operator_; /* a state is a place, of some blocks with an operator */
} cm_record_price;

/* A node of the tree: what was not chosen before is left, and struck out where a round shows that
 * no better plan has it. CM_NONE for what there is not. */
typedef struct cm_record_node {
  size_t child;    /* the first of its two sides; the other is the next number */
  size_t facility; /* open in the first side, closed in the other */
  size_t stage;    /* in one of `options` options in the first side, in none of them in the other */
  size_t first_option, options;
  size_t first_round, rounds;
} cm_record_node;

/* A bound on what is left at a node. */
typedef struct cm_record_round {
  double value;            /* in the sense of minimising */
  bool costless;           /* of nothing but the rules: above 0 no plan keeps them */
  size_t first_multiplier; /* CM_NONE: a bound without multipliers */
} cm_record_round;

/* What proves a bound: the parts into which the relaxation falls, where costs compound that of an
 * additive problem below, and the tree, node 0 its root. */
typedef struct cm_record {
  size_t stages, links, facilities, multipliers;
  size_t *block;          /* of each stage; those of one block are joined to be at one place */
  size_t *link;           /* 2 x links: blocks whose arcs are not in the forest */
  size_t *cover;          /* of each facility: those that share out one demand; CM_NONE */
  cm_record_price *price; /* of each multiplier */
  double size;            /* the largest sum of multipliers times what they price, for rounding */
  size_t nodes, rounds, options, values;
  cm_record_node *node;
  cm_record_round *round;
  size_t *option;
  float *value; /* multipliers of rounds, one round after the other */
} cm_record;

/* What proves the plan's bound, or NULL: it was not asked for, had no room, or there is no tree
 * (dynamic programming, a junction tree, CBC). Borrowed. */
CM_API const cm_record *cm_plan_record(const cm_plan *plan);

/* The problem as a mixed-integer program over the allowed options (NULL: all), for export and for
 * other solvers: tight, in local-polytope form (Wainwright, Jaakkola and Willsky 2005), or compact
 * (Kaufman and Broeckx 1978). `column` (options, NULL allowed) is filled with the column of each
 * option. CM_INVALID where costs compound. */
CM_API CM_WARN_UNUSED cm_status cm_locate_program(const cm_locate *p, const bool *allowed,
                                                  cm_locate_form form, cm_program **out,
                                                  size_t *column, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
