/* Nodes of branch and bound that wait, the least bound first. */
#ifndef CM_LOCATE_WAITING_H
#define CM_LOCATE_WAITING_H

#include "locate/relax.h"

/* Multipliers that the two sides of a node share. */
typedef struct cm__shared {
  atomic_size_t users; /* the sides may be in two threads */
  bool costless;       /* found while nothing was minimised */
  float value[];
} cm__shared;

/* One bit an option, a byte a facility. */
typedef struct cm__waiting {
  double bound;
  size_t number, depth, record; /* its number in the record */
  unsigned char *bits;          /* NULL: no node */
  signed char *facility;
  cm__shared *from;
} cm__waiting;

typedef struct cm__queue {
  cm__waiting *heap;
  size_t count, room, made;
} cm__queue;

/* Makes room for n nodes in all. */
CM_WARN_UNUSED cm_status cm__queue_reserve(cm__queue *w, size_t n, cm_error *err);
/* A node of what is left in v; it goes into the queue by cm__queue_put, which does not fail. */
CM_WARN_UNUSED cm_status cm__queue_make(cm__queue *w, const cm_locate_parts *q, const cm__view *v,
                                        double bound, cm__shared *from, cm__waiting *out,
                                        cm_error *err);
void cm__queue_put(cm__queue *w, cm__waiting n);
cm__waiting cm__queue_pop(cm__queue *w);
/* What is left in a node, into v. */
void cm__waiting_open(const cm__waiting *n, const cm_locate_parts *q, cm__view *v);
void cm__waiting_forget(cm__waiting *n);
void cm__queue_release(cm__queue *w);

#endif
