/* In which order to eliminate the variables of a sum of tables, each over a few of them. */
#ifndef CM_LOCATE_ELIMINATION_H
#define CM_LOCATE_ELIMINATION_H

#include "base/internal.h"

/* Variables that are in one table are neighbours. Those with `goes` are eliminated. */
typedef struct cm__elimination {
  size_t n, words;
  uint64_t *row;   /* row v: a bit for each neighbour of v */
  double *states;  /* of each variable */
  bool *goes;      /* of each variable: still to be eliminated */
  size_t *degree;  /* neighbours */
  size_t *missing; /* pairs of neighbours that are none of each other; SIZE_MAX: too large */
  double *cells;   /* of the table that eliminating it would leave */
} cm__elimination;

/* n variables of one state that stay; release with cm__elimination_free, also after a failure. */
CM_WARN_UNUSED cm_status cm__elimination_init(cm__elimination *e, size_t n, cm_error *err);
void cm__elimination_free(cm__elimination *e);
void cm__elimination_join(cm__elimination *e, size_t u, size_t v);
/* Variables in order, and how many: next the one that adds the fewest pairs of neighbours
 * (min-fill; Bodlaender and Koster 2010, Information and Computation 208), of those the one that
 * leaves the smallest table, then the first. Ends before a table of more than `most` cells; false
 * then. */
bool cm__elimination_order(cm__elimination *e, double most, size_t *order, size_t *count);

#endif
