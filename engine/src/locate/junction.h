/* Dynamic programming over a junction tree: what the links of a chain couple is eliminated block by
 * block (Bertele and Brioschi 1972, Nonserial Dynamic Programming; Dechter 1999, Bucket
 * elimination, Artificial Intelligence 113), each time leaving a table over the blocks that it was
 * linked with. Work and memory grow with the states to the power of the width of the chain.
 *
 * Additive costs are one sum of tables. Where value compounds, the value of each stage is a table
 * over its own block and those blocks upstream that other stages still ask for; it never falls as
 * what arrives rises, so that a block is eliminated where the last stage that depends on it is
 * made, there within a sum again (of the parts of the aggregate). */
#ifndef CM_LOCATE_JUNCTION_H
#define CM_LOCATE_JUNCTION_H

#include "locate/relax.h"

typedef enum cm__factor_kind {
  CM__FACTOR_OWN,     /* additive: of a block; compounding: of a stage */
  CM__FACTOR_LINK,    /* of a link of the relaxation; additive */
  CM__FACTOR_JOIN,    /* 0 where two blocks are at one place; compounding */
  CM__FACTOR_TIE,     /* 0 where the places of two blocks go together; compounding */
  CM__FACTOR_ARC,     /* what an arc brings to its user; compounding */
  CM__FACTOR_MESSAGE, /* the least of a sum over the states of a block */
  CM__FACTOR_VALUE    /* a sum, and of a stage (CM_NONE: of all) the value made of it */
} cm__factor_kind;

/* A table over blocks of more than one state, in its own order, the last one's states side by
 * side. It is made of those before it. */
typedef struct cm__factor {
  cm__factor_kind kind;
  size_t index;         /* which block, link, join, tie, arc; for a message the block that goes */
  size_t scope, vars;   /* its blocks: scope[scope .. scope + vars - 1] */
  size_t input, inputs; /* likewise the factors that it is made of */
  size_t size;          /* cells */
  size_t next;          /* while it is planned: the next of its bucket */
  double scale;         /* of data */
  const double *data;
  double *owned; /* data, or NULL */
} cm__factor;

typedef struct cm__junction {
  const cm_locate *p;
  cm__relax *r; /* blocks and their states; the links of additive costs */
  cm__factor *factor;
  size_t factors;
  size_t *scope, scopes;
  size_t *input, inputs;
  size_t room_factor, room_scope, room_input;
  size_t *rank;      /* of each block: the order of scopes, that of elimination if additive */
  double most_bytes; /* that the tables may take, and additions */
  double most_work;
  double bytes, work; /* that they take */
  size_t width;       /* the most blocks in a table with the one that goes */
  bool too_large;     /* planning was given up */
} cm__junction;

static inline size_t cm__junction_states(const cm__junction *j, size_t block) {
  return j->r->first_state[block + 1] - j->r->first_state[block];
}

/* Which tables are made of which, and what they take; too_large where that is beyond the limits.
 * No figure of the problem counts but how many states there are. */
CM_WARN_UNUSED cm_status cm__junction_new(const cm_locate *p, double most_bytes, double most_work,
                                          cm__junction **out, cm_error *err);
void cm__junction_release(cm__junction *j);

#endif
