/* The graph of a chain as its own files see it. */
#ifndef CM_CHAIN_GRAPH_H
#define CM_CHAIN_GRAPH_H

#include "base/internal.h"
#include "capmod/chain.h"

struct cm_chain {
  size_t stages, arcs;
  cm_arc *arc;
  /* The arcs into stage s are in[in_begin[s]] to in[in_begin[s + 1] - 1], in the
   * order in which they were given; likewise those out of it. */
  size_t *in_begin, *in, *out_begin, *out;
  size_t *order, *position; /* position[order[i]] == i; no meaning with a circle */
  size_t *circle, circle_length;
};

/* CM_OK, or CM_INVALID where a circle leaves no order. */
CM_WARN_UNUSED cm_status cm__chain_ordered(const cm_chain *chain, cm_error *err);

/* CM_OK, or CM_RANGE where one of `list` is no stage. */
CM_WARN_UNUSED cm_status cm__chain_known(size_t stages, const size_t *list, size_t count,
                                         cm_error *err);

/* The other end of an arc. */
static inline size_t cm__other_end(const cm_arc *arc, size_t stage) {
  return arc->from == stage ? arc->to : arc->from;
}

/* Arc i of those at a stage, both ways: first the ones in, then the ones out;
 * cm__degree of them. */
static inline size_t cm__degree(const cm_chain *g, size_t s) {
  return g->in_begin[s + 1] - g->in_begin[s] + g->out_begin[s + 1] - g->out_begin[s];
}
static inline size_t cm__arc_at(const cm_chain *g, size_t s, size_t i) {
  size_t inputs = g->in_begin[s + 1] - g->in_begin[s];
  return i < inputs ? g->in[g->in_begin[s] + i] : g->out[g->out_begin[s] + i - inputs];
}

#endif
