/* What is left of a placement problem at a node of its tree, drawn together: the options, the
 * states of blocks, what links between those cost, the facilities and pairs that can be. Values of
 * the relaxation run over that alone. */
#ifndef CM_LOCATE_LEFT_H
#define CM_LOCATE_LEFT_H

#include "locate/internal.h"

struct cm__relax;

typedef struct cm__left {
  bool *alive; /* of each state: every stage of its block has an option that is left there */
  /* States that are counted: those alive, or all of a block where few are gone. Figures of the
   * states of block b are at r->first_state[b] and the next count[b] - 1 places. */
  size_t *count, *state;
  size_t *at;              /* of each state: its number among those counted of its block; CM_NONE */
  size_t *option_begin;    /* of each stage: its options that are left, in states that are alive */
  size_t *option, *number; /* each; its state's number */
  const double **cost;     /* of each link: [counted at a][counted at b] */
  size_t *facility, facilities, *pair, pairs; /* live ones; pairs without those of homes */
  /* what prices an option, wherever it is left */
  size_t *term_begin, *term; /* of each option: multipliers */
  double *by;                /* that count so much */
  double *own;               /* of each option: what it adds to the objective beside its cost */
  /* kept from node to node */
  double *room;         /* for costs of links; NULL: it would be too much, all states are counted */
  size_t *room_at;      /* of each link */
  const double **drawn; /* of each link: the whole costs that are drawn together in it */
  size_t *drawn_at;     /* of each link: what `changes` was then */
  size_t *since, changes; /* of each block: what it was when its states changed last */
} cm__left;

/* For a relaxation that has its links and multipliers. */
CM_WARN_UNUSED cm_status cm__left_new(const struct cm__relax *r, cm__left **out, cm_error *err);
void cm__left_release(cm__left *x);
/* From the options that are listed in r->left; false where a block has no state. Takes in the
 * facilities and pairs that are live, and links as they are now, with homes or without. */
bool cm__left_enter(struct cm__relax *r);

#endif
