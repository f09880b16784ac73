/* Small graphs of chains for tests: drawn, and held as a matrix to try things on. */
#ifndef CAPMOD_TEST_GRAPHS_H
#define CAPMOD_TEST_GRAPHS_H

#include "support.h"

#include "capmod/chain.h"

enum { MOST = 9 }; /* stages of a random graph: brute force tries all subsets */

typedef struct graph {
  size_t n, arcs;
  cm_arc arc[MOST * MOST];
  cm_chain *chain;
} graph;

static uint64_t drawn = 1;

/* A number below n, the same in every run (xorshift64*). */
static inline size_t draw(size_t n) {
  drawn ^= drawn >> 12;
  drawn ^= drawn << 25;
  drawn ^= drawn >> 27;
  return (size_t)((drawn * 0x2545F4914F6CDD1DULL) >> 33) % n;
}

/* Arcs run along a random order of the stages, or (circles) either way. */
static inline graph draw_graph(size_t percent, bool circles) {
  graph g = {.n = 1 + draw(MOST)};
  size_t at[MOST];
  for (size_t i = 0; i < g.n; i++) at[i] = i;
  for (size_t i = g.n; i-- > 1;) {
    size_t j = draw(i + 1), other = at[i];
    at[i] = at[j];
    at[j] = other;
  }
  for (size_t i = 0; i < g.n; i++)
    for (size_t j = 0; j < g.n; j++)
      if (i != j && (circles || i < j) && draw(100) < percent)
        g.arc[g.arcs++] = (cm_arc){at[i], at[j], (double)(1 + draw(4))};
  assert_ok(cm_chain_new(g.n, g.arc, g.arcs, &g.chain, NULL));
  return g;
}

static inline cm_chain *graph_of(size_t n, const cm_arc *arcs, size_t count) {
  cm_chain *chain;
  assert_ok(cm_chain_new(n, arcs, count, &chain, NULL));
  return chain;
}

/* way[i][j]: whether arcs lead from i to j without the stages of `without` (a set
 * of bits); a stage that is there leads to itself. */
typedef struct ways {
  bool way[MOST][MOST];
} ways;

static inline ways ways_of(const graph *g, unsigned without, bool both_ways) {
  ways w = {0};
  for (size_t i = 0; i < g->n; i++) w.way[i][i] = !(without >> i & 1);
  for (size_t a = 0; a < g->arcs; a++) {
    size_t i = g->arc[a].from, j = g->arc[a].to;
    if ((without >> i & 1) || (without >> j & 1)) continue;
    w.way[i][j] = true;
    if (both_ways) w.way[j][i] = true;
  }
  for (size_t k = 0; k < g->n; k++)
    for (size_t i = 0; i < g->n; i++)
      for (size_t j = 0; j < g->n; j++)
        if (w.way[i][k] && w.way[k][j]) w.way[i][j] = true;
  return w;
}

#endif
