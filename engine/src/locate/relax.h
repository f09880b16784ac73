/* The Lagrangian relaxation of an additive placement problem (Geoffrion 1974; Guignard and Kim
 * 1987), which falls into three parts that are each solved exactly:
 *
 *   the forest      dynamic programming over blocks of stages that stand together;
 *   loose links     that would close a circle: the best pair of places of each, the copies of the
 *                   places held together by multipliers (dual decomposition);
 *   facilities      open or not, with what they cost and save, and for those that share out one
 *                   demand a covering knapsack; once they are used, homes with the sets of blocks
 *                   that fit them (homes.h).
 *
 * Multipliers, one array: of pairs (stage, facility) for "a stage needs it, so it is open"; of
 * facilities whose volume counts; of rules; of the states at both ends of loose links; of bonds.
 * Whatever they are, the value is a lower bound in the sense of minimising. */
#ifndef CM_LOCATE_RELAX_H
#define CM_LOCATE_RELAX_H

#include "locate/homes.h"
#include "locate/internal.h"
#include "locate/left.h"

/* Blocks a and b, a the one passed from; cost[states of a][states of b], times scale. */
typedef struct cm__relax_link {
  size_t a, b;
  const double *cost;
  double scale;
  bool against;            /* it runs against its arc */
  size_t multiplier;       /* loose ones: of a's states, then of b's */
  size_t state_a, state_b; /* loose ones: the best pair */
  const double *parted;    /* cost without pairs of states at one home, where bonds are added */
  const double *bond;      /* of each home; NULL: there are none */
} cm__relax_link;

/* What is left to choose at a node. */
typedef struct cm__view {
  bool *allowed;         /* of each option */
  signed char *facility; /* 1 open, 0 closed, -1 free */
} cm__view;

typedef struct cm__relax {
  const cm_locate *p;
  double size; /* additions for a value, about */
  double sign; /* 1 to minimise, -1 to maximise */
  /* blocks and their states */
  size_t blocks, groups, states;
  size_t *block;       /* of each stage */
  size_t *first_state; /* blocks + 1 */
  size_t *state_place, *state_operator;
  size_t *state;                 /* of each option; CM_NONE: not every stage of its block can */
  size_t *slot;                  /* of each stage: its place in best_option for state 0 of block */
  size_t *group;                 /* of each stage: those joined with it, blocks of one place */
  size_t *member_begin, *member; /* of each group: its stages, the first leads */
  double *inner;                 /* of each state: arcs inside the block */
  /* links: the forest's first, those that pass from a block before those that pass to it */
  cm__relax_link *links;
  size_t forest, loose;
  size_t *passed;  /* of each forest link: its place in `message` */
  double **matrix; /* owned */
  size_t matrices;
  /* multipliers */
  size_t pairs, prices, multipliers; /* prices: of volumes and rules, after the pairs */
  size_t *pair;                      /* of each need, as p->parts.need */
  size_t *pair_stage, *pair_facility;
  size_t *volume_multiplier; /* of each facility, or CM_NONE */
  size_t *rule_multiplier;   /* of each measure, or CM_NONE */
  size_t *family;            /* of each facility: those that share out one demand; CM_NONE */
  size_t families;
  size_t *user_begin, *user; /* of each facility: the stages with an option that needs it */
  size_t *facility_entry_begin, *facility_entry; /* of each facility: its entries */
  bool cost_in_rules;
  cm__homes *homes;  /* NULL: none are used */
  cm__homes *unused; /* made, and used once cm__relax_settle says so */
  size_t room;       /* multipliers, where they are */
  size_t first_bond; /* multipliers of them: by link and home */
  bool costless;     /* to be set: nothing is minimised, a value above 0 proves that
                        the rules cannot be kept */
  /* of the view */
  double *most;             /* of each facility: the volume it can be asked for */
  double *demand, *covered; /* of each family; what covers its demand comes to, of the value */
  bool *live_pair, *live;   /* of each pair; of each facility */
  cm__left *left;
  /* of the last value */
  double weight;      /* of cost */
  double value;       /* HUGE_VAL: nothing is left */
  double *own;        /* of each option */
  double *base, *sum; /* of each state that is counted: alone; with what arrives */
  double *message;
  size_t *best_option; /* of each stage and state of its block that is counted */
  double *best_own;
  size_t *picked;                /* of each block: the number of its state */
  size_t *chosen_state, *chosen; /* of each block: its state, from its first; of each stage */
  double *reduced;               /* of each facility, with its dependents */
  double *volume;                /* of each facility */
  bool *open;
  double *opening; /* of each facility: what it costs more to have it open */
  double *work;    /* states, or facilities */
  double *delta;   /* of each state that is counted */
  /* to be set, NULL allowed: whether what works with it is to end early; asked often */
  bool (*stop)(void *context);
  void *context;
} cm__relax;

/* Whether homes take care of facility f. */
static inline bool cm__relax_housed(const cm__relax *r, size_t f) {
  return r->homes && r->homes->of_facility[f] != CM_NONE;
}

/* What follows from what is gone or open (narrow.c); false where nothing is left. */
typedef struct cm__narrow cm__narrow;
CM_WARN_UNUSED cm_status cm__narrow_new(const cm_locate *p, cm__narrow **out, cm_error *err);
void cm__narrow_release(cm__narrow *n);
bool cm__narrow_view(cm__narrow *n, cm__view *v);
/* Strikes out options in whose place another one of the stage can stand in any plan, for no more
 * and by the same rules. */
void cm__narrow_dominated(const cm_locate *p, bool *allowed);

CM_WARN_UNUSED cm_status cm__relax_new(const cm_locate *p, cm__relax **out, cm_error *err);
void cm__relax_release(cm__relax *r);
/* Makes homes where there are some, to be used later: r->room multipliers are to have room. */
CM_WARN_UNUSED cm_status cm__relax_house(cm__relax *r, cm_error *err);
/* From now on uses homes where there are some: a better bound for more work. Whether it does. */
bool cm__relax_settle(cm__relax *r);
/* Does without them again. */
void cm__relax_unsettle(cm__relax *r);

/* Takes in what is left; false where a stage has nothing left or a facility that is to be open
 * cannot be. Before cm__relax_value. */
bool cm__relax_enter(cm__relax *r, const cm__view *v);
/* The bound at multipliers m, and what attains it, in r. */
double cm__relax_value(cm__relax *r, const cm__view *v, const double *m);
/* A subgradient there. */
void cm__relax_slope(cm__relax *r, const double *m, double *slope);
/* At the last value: how much more it costs to take each option, by state of its block and the
 * facilities it opens, what is above `room` about. Kept in r->delta (states); out: options. */
void cm__relax_marginals(cm__relax *r, const cm__view *v, double room, double *out);
/* At the last value: how much more it costs to have facility f open, closed. */
double cm__relax_probe(cm__relax *r, const cm__view *v, size_t f, bool open);
/* The size of what each multiplier prices, so that slopes compare. */
void cm__relax_units(const cm__relax *r, double *unit);
/* Whether each multiplier is bound to one side: +1 not below 0, -1 not above, 0 free. */
void cm__relax_sides(const cm__relax *r, signed char *side);

#endif
