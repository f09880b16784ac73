/* The cheapest cut between two sets of stages, by maximum flow (Dinic 1970).
 *
 * Stage s is split: what comes in at node 2s goes out at node 2s + 1 through an
 * edge as wide as the stage is dear to cut. All other edges are as wide as any. */
#include <math.h>

#include "chain/graph.h"

typedef struct edge {
  size_t to, next; /* next edge from the same node, SIZE_MAX at the end */
  double room;
} edge;

typedef struct flow {
  size_t nodes, edges, source, sink;
  edge *edge; /* edge e and its reverse e ^ 1 */
  size_t *first, *level, *current, *queue;
} flow;

static void add_edge(flow *f, size_t from, size_t to, double room) {
  f->edge[f->edges] = (edge){to, f->first[from], room};
  f->first[from] = f->edges++;
  f->edge[f->edges] = (edge){from, f->first[to], 0};
  f->first[to] = f->edges++;
}

/* Levels by breadth; false where the sink is out of reach. */
static bool find_levels(flow *f) {
  size_t head = 0, n = 0;
  for (size_t v = 0; v < f->nodes; v++) f->level[v] = SIZE_MAX;
  f->level[f->source] = 0;
  f->queue[n++] = f->source;
  while (head < n) {
    size_t v = f->queue[head++];
    for (size_t e = f->first[v]; e != SIZE_MAX; e = f->edge[e].next) {
      size_t to = f->edge[e].to;
      if (!(f->edge[e].room > 0) || f->level[to] != SIZE_MAX) continue;
      f->level[to] = f->level[v] + 1;
      f->queue[n++] = to;
    }
  }
  return f->level[f->sink] != SIZE_MAX;
}

/* An edge from v to the next level with room, from the one tried last on. */
static size_t find_edge(flow *f, size_t v) {
  for (size_t e = f->current[v]; e != SIZE_MAX; e = f->edge[e].next) {
    f->current[v] = e;
    if (f->edge[e].room > 0 && f->level[f->edge[e].to] == f->level[v] + 1) return e;
  }
  f->current[v] = SIZE_MAX;
  return SIZE_MAX;
}

/* A way of edges to the sink in `way`; its length, 0 where there is none left. */
static size_t find_way(flow *f, size_t *way) {
  size_t v = f->source, n = 0;
  while (v != f->sink) {
    size_t e = find_edge(f, v);
    if (e != SIZE_MAX) {
      way[n++] = e;
      v = f->edge[e].to;
    } else if (n == 0) {
      return 0;
    } else { /* a dead end: back, and past the edge that led here */
      e = way[--n];
      v = f->edge[e ^ 1].to;
      f->current[v] = f->edge[e].next;
    }
  }
  return n;
}

static double push(flow *f, const size_t *way, size_t n) {
  double least = INFINITY;
  for (size_t i = 0; i < n; i++)
    if (f->edge[way[i]].room < least) least = f->edge[way[i]].room;
  if (isinf(least)) return least;
  for (size_t i = 0; i < n; i++) {
    f->edge[way[i]].room -= least;
    f->edge[way[i] ^ 1].room += least;
  }
  return least;
}

/* The maximum flow; INFINITY as soon as one way has no limit. */
static double saturate(flow *f, size_t *way) {
  double total = 0;
  while (find_levels(f)) {
    for (size_t v = 0; v < f->nodes; v++) f->current[v] = f->first[v];
    for (size_t n = find_way(f, way); n; n = find_way(f, way)) {
      total += push(f, way, n);
      if (isinf(total)) return total;
    }
  }
  return total;
}

static cm_status check_weights(const double *weight, size_t n, cm_error *err) {
  for (size_t s = 0; weight && s < n; s++)
    if (!(weight[s] >= 0))
      return cm__fail_at(err, CM_INVALID, 0, 0, weight[s],
                         "the weight of stage %zu is %g, not 0 or more", s + 1, weight[s]);
  return CM_OK;
}

static cm_status flow_new(const cm_chain *g, size_t ends, flow *f, cm_error *err) {
  const char *what = "the cut of a chain";
  cm_status status;
  f->nodes = 2 * g->stages + 2;
  f->source = 2 * g->stages;
  f->sink = f->source + 1;
  CM__TRY(cm__alloc(2 * (g->stages + g->arcs + ends), sizeof *f->edge, what, &f->edge, err));
  CM__TRY(cm__alloc(f->nodes, 4 * sizeof *f->first, what, &f->first, err));
  f->level = f->first + f->nodes;
  f->current = f->level + f->nodes;
  f->queue = f->current + f->nodes;
  for (size_t v = 0; v < f->nodes; v++) f->first[v] = SIZE_MAX;
done:
  return status;
}

cm_status cm_chain_cut(const cm_chain *chain, const double *weight, const size_t *from,
                       size_t from_count, const size_t *to, size_t to_count, double *value,
                       bool *cut, cm_error *err) {
  flow f = {0};
  size_t *way = NULL;
  cm_status status;
  CM__TRY(cm__chain_known(chain->stages, from, from_count, err));
  CM__TRY(cm__chain_known(chain->stages, to, to_count, err));
  CM__TRY(check_weights(weight, chain->stages, err));
  CM__TRY(flow_new(chain, from_count + to_count, &f, err));
  CM__TRY(cm__alloc_raw(f.nodes, sizeof *way, "the cut of a chain", &way, err));
  for (size_t s = 0; s < chain->stages; s++) add_edge(&f, 2 * s, 2 * s + 1, weight ? weight[s] : 1);
  for (size_t a = 0; a < chain->arcs; a++)
    add_edge(&f, 2 * chain->arc[a].from + 1, 2 * chain->arc[a].to, INFINITY);
  for (size_t i = 0; i < from_count; i++) add_edge(&f, f.source, 2 * from[i], INFINITY);
  for (size_t i = 0; i < to_count; i++) add_edge(&f, 2 * to[i] + 1, f.sink, INFINITY);
  *value = saturate(&f, way);
  for (size_t s = 0; s < chain->stages; s++)
    cut[s] = isfinite(*value) && f.level[2 * s] != SIZE_MAX && f.level[2 * s + 1] == SIZE_MAX;
done:
  cm__free(f.edge);
  cm__free(f.first);
  cm__free(way);
  return status;
}
