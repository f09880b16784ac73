/* What branch and bound did, kept so that others can check it: see cm_record in capmod/locate.h.
 * A record takes at most half of the memory that is left when it begins; where that does not do it
 * is lost, and the search goes on as without it. All of this is for x == NULL too. */
#ifndef CM_LOCATE_RECORD_H
#define CM_LOCATE_RECORD_H

#include "locate/relax.h"

typedef struct cm__record {
  cm_record parts; /* of arrays that are owned */
  size_t node_room, round_room, option_room, multiplier_room;
  size_t most;         /* bytes it may take */
  const size_t *first; /* of the problem, while it lasts */
  double *unit;        /* of each multiplier: the size of what it prices */
  const cm__relax *r;  /* likewise, at the multipliers that are recorded; NULL: there are none */
} cm__record;

/* Begins a record with its root, node 0; r (NULL: a search without multipliers) says what the
 * multipliers price. NULL where it does not fit. */
cm__record *cm__record_new(const cm_locate *p, const cm__relax *r);
void cm__record_release(cm__record *x);
/* The node in hand has this bound at these multipliers, of single precision (NULL: none). */
void cm__record_round(cm__record *x, size_t node, double value, const double *m, bool costless);
/* A node is parted: returns the number of its first side, where facility f is open (CM_NONE: where
 * stage s takes one of its options that are true in `inside`); the next number is the other. */
size_t cm__record_part(cm__record *x, size_t node, size_t f, size_t s, const bool *inside);

#endif
