/* Stages that share a place of limited room, and what parts them: a stronger facility part of the
 * relaxation. A home is a facility of limited capacity with those that hang on it. Where each
 * state of a block takes all of its options to one home, or to none, the facility part chooses for
 * each home a set of blocks that fits it: what the copies of its blocks earn, and for each link
 * with both ends in the set a bond, less what the facilities of the set cost. The bonds are paid
 * where the forest, or a loose link, has both ends at that home. Since a set that fits cannot hold
 * all linked blocks together, the bound knows that links between homes must be paid (capacitated
 * graph partitioning: Ferreira, Martin, de Souza, Weismantel and Wolsey 1998). */
#ifndef CM_LOCATE_HOMES_H
#define CM_LOCATE_HOMES_H

#include "locate/internal.h"

struct cm__relax;
struct cm__view;

/* The most with which homes are used. */
enum { CM__HOME_BLOCKS = 40, CM__HOME_LINKS = 120 };

/* What a home can take in. Items in the order in which they are decided. */
typedef struct cm__bag {
  size_t items, kinds, steps;
  double per[CM__HOME_BLOCKS];                          /* 1 / size */
  double size[CM__HOME_BLOCKS], worth[CM__HOME_BLOCKS]; /* half of open bonds in it */
  uint64_t children[CM__HOME_BLOCKS];
  unsigned char block[CM__HOME_BLOCKS], kind[CM__HOME_BLOCKS]; /* the first child that it needs */
  /* bonds of item i to later ones: first[i] .. first[i + 1] - 1 */
  size_t first[CM__HOME_BLOCKS + 1];
  unsigned char *to;
  double *half;
  double cost[64]; /* of children; of none */
  double room, theta;
  double sunk;      /* what children cost in any case */
  double best, cut; /* the best; the most that was not looked at */
  uint64_t kept;
} cm__bag;

/* Tables by block and home are [block * homes + home]. */
typedef struct cm__homes {
  size_t homes, blocks;
  size_t *root;                /* of each home */
  size_t *of_facility;         /* the home of each facility, or CM_NONE */
  size_t *state;               /* by block and home: the block's state there, or CM_NONE */
  size_t *state_home;          /* of each state, or CM_NONE */
  double *least, *most;        /* by block and home: of its room, by what options the stages take */
  size_t *pair_begin, *pair;   /* by block and home: multipliers of its copies */
  size_t *child_begin, *child; /* of each home: what hangs on it, without the root */
  uint64_t *children;          /* by block and home: a bit for each child that it needs */
  double **parted;             /* owned: costs of links without pairs of states at one home */
  size_t matrices;
  /* of the view */
  uint64_t *left; /* of each home: blocks that can be there */
  /* of the last value */
  double *bond;         /* by link and home */
  uint64_t *set, *used; /* of each home: its blocks; its children */
  double *bound;        /* of each home: what it costs at least beyond its root, once it is open */
  double *extra;        /* by block and home: of the last marginals */
  bool *seen;           /* of each home, for use within a function */
  bool *solved;         /* of each home: the bound is the value, its set is known */
  cm__bag *bag;         /* of each home */
  double *half;
  unsigned char *to;
} cm__homes;

/* *out stays NULL where the problem has no homes, or more than CM__HOME_BLOCKS blocks. */
CM_WARN_UNUSED cm_status cm__homes_new(const struct cm__relax *r, cm__homes **out, cm_error *err);
void cm__homes_release(cm__homes *h);

/* ---- of the relaxation that uses them -------------------- */

/* Takes in what is left; false where a home that is to be open has no block that fits it. */
bool cm__homes_enter(struct cm__relax *r, const struct cm__view *v);
/* Adds to the root of each home what it costs at least. */
void cm__homes_bound(struct cm__relax *r, const struct cm__view *v, const double *m);
/* Finds the sets of homes (those that are open, or all); whether there were any to find. */
bool cm__homes_solve(struct cm__relax *r, bool all);
/* Children of homes that are open: those that the set needs, and those that earn. */
void cm__homes_open(struct cm__relax *r, const struct cm__view *v);
/* Sets of homes against what the forest and loose links choose. */
void cm__homes_slope(const struct cm__relax *r, double *slope);
/* How much more homes cost with each block, once they are open. */
void cm__homes_price(struct cm__relax *r, double room);

/* ---- of one home (home_set.c) -------------------- */

/* What a home costs at least beyond its root, once it is open, by what r->reduced says of its
 * children without copies. */
double cm__home_bound(struct cm__relax *r, const struct cm__view *v, size_t home, const double *m);
/* The least that it costs, and its set; after the bound. */
double cm__home_value(struct cm__relax *r, size_t home);
/* How much more it costs with block in its set, or `room` where that is less; after the value. */
double cm__home_extra(struct cm__relax *r, size_t home, size_t block, double room);

#endif
