/* Making the graph of a chain: both directions, the order, a circle. */
#include "chain/graph.h"

#include <math.h>

/* ---- checks -------------------------------------------------------------------- */

static cm_status check_arc(size_t stages, const cm_arc *arc, size_t i, cm_error *err) {
  size_t bad = arc->from >= stages ? arc->from : arc->to;
  if (bad >= stages)
    return cm__fail_at(err, CM_RANGE, i + 1, 0, 0.0, "arc %zu names stage %zu of %zu", i + 1,
                       bad + 1, stages);
  if (!isfinite(arc->quantity))
    return cm__fail_at(err, CM_NOT_FINITE, i + 1, 0, 0.0, "the quantity of arc %zu is not finite",
                       i + 1);
  if (arc->quantity < 0)
    return cm__fail_at(err, CM_INVALID, i + 1, 0, arc->quantity,
                       "the quantity of arc %zu is %g, below 0", i + 1, arc->quantity);
  return CM_OK;
}

cm_status cm__chain_known(size_t stages, const size_t *list, size_t count, cm_error *err) {
  for (size_t i = 0; i < count; i++)
    if (list[i] >= stages) return cm__fail(err, CM_RANGE, "stage %zu of %zu", list[i] + 1, stages);
  return CM_OK;
}

cm_status cm__chain_ordered(const cm_chain *chain, cm_error *err) {
  if (!chain->circle_length) return CM_OK;
  return cm__fail(err, CM_INVALID, "%zu stages form a circle, so there is no order",
                  chain->circle_length);
}

/* Marks whose input was seen last; a second arc between the same two shows. */
static cm_status check_twice(const cm_chain *g, size_t *user, cm_error *err) {
  for (size_t s = 0; s < g->stages; s++) {
    for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++) {
      size_t from = g->arc[g->in[k]].from;
      if (user[from] == s + 1)
        return cm__fail_at(err, CM_DUPLICATE, g->in[k] + 1, 0, 0.0,
                           "arc %zu from stage %zu to stage %zu is there twice", g->in[k] + 1,
                           from + 1, s + 1);
      user[from] = s + 1;
    }
  }
  return CM_OK;
}

/* ---- both directions --------------------------------------------------------------- */

static void sort_arcs(const cm_chain *g, bool by_user, size_t *begin, size_t *list) {
  for (size_t a = 0; a < g->arcs; a++) begin[(by_user ? g->arc[a].to : g->arc[a].from) + 1]++;
  for (size_t s = 0; s < g->stages; s++) begin[s + 1] += begin[s];
  for (size_t a = 0; a < g->arcs; a++) list[begin[by_user ? g->arc[a].to : g->arc[a].from]++] = a;
  for (size_t s = g->stages; s > 0; s--) begin[s] = begin[s - 1];
  begin[0] = 0;
}

/* ---- order ---------------------------------------------------------------------------- */

static void sift_up(size_t *heap, size_t i) {
  for (; i > 0 && heap[(i - 1) / 2] > heap[i]; i = (i - 1) / 2) {
    size_t parent = heap[(i - 1) / 2];
    heap[(i - 1) / 2] = heap[i];
    heap[i] = parent;
  }
}

static size_t take_least(size_t *heap, size_t *n) {
  size_t least = heap[0], last = heap[--*n], i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= *n) break;
    if (child + 1 < *n && heap[child + 1] < heap[child]) child++;
    if (heap[child] >= last) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = last;
  return least;
}

/* Kahn's order with a heap of what could come next; `waits` counts the inputs
 * still to come. Returns how many stages it reached. */
static size_t sort_stages(cm_chain *g, size_t *waits, size_t *heap) {
  size_t n = 0, done = 0;
  for (size_t s = 0; s < g->stages; s++) {
    waits[s] = g->in_begin[s + 1] - g->in_begin[s];
    if (!waits[s]) heap[n++] = s; /* ascending: a heap already */
  }
  while (n) {
    size_t s = take_least(heap, &n);
    g->position[s] = done;
    g->order[done++] = s;
    for (size_t k = g->out_begin[s]; k < g->out_begin[s + 1]; k++) {
      size_t user = g->arc[g->out[k]].to;
      if (--waits[user]) continue;
      heap[n] = user;
      sift_up(heap, n++);
    }
  }
  return done;
}

/* From a stage that waits one comes back, going to an input that waits, to one
 * seen before. The circle is written along the arcs from its lowest stage. */
static void find_circle(cm_chain *g, const size_t *waits, size_t *seen) {
  size_t s = 0, steps = 0;
  while (!waits[s]) s++;
  while (!seen[s]) {
    seen[s] = ++steps;
    size_t k = g->in_begin[s];
    while (!waits[g->arc[g->in[k]].from]) k++;
    g->circle[steps - 1] = s;
    s = g->arc[g->in[k]].from;
  }
  size_t first = seen[s] - 1, n = steps - first, *walk = g->circle + first, lowest = 0;
  for (size_t i = 1; i < n; i++)
    if (walk[i] < walk[lowest]) lowest = i;
  for (size_t i = 0; i < n; i++) seen[i] = walk[(lowest + n - i) % n];
  for (size_t i = 0; i < n; i++) g->circle[i] = seen[i];
  g->circle_length = n;
}

static cm_status arrange(cm_chain *g, cm_error *err) {
  size_t n = g->stages, *scratch = NULL;
  cm_status status;
  CM__TRY(cm__alloc(2 * n, sizeof *scratch, "the order of a chain", &scratch, err));
  CM__TRY(check_twice(g, scratch, err));
  if (sort_stages(g, scratch, scratch + n) < n) {
    for (size_t s = 0; s < n; s++) scratch[n + s] = 0;
    find_circle(g, scratch, scratch + n);
  }
done:
  cm__free(scratch);
  return status;
}

/* ---- making ------------------------------------------------------------------------------ */

static cm_status allocate(cm_chain *g, cm_error *err) {
  const char *what = "the graph of a chain";
  cm_status status;
  CM__TRY(cm__alloc_raw(g->arcs, sizeof *g->arc, what, &g->arc, err));
  CM__TRY(cm__alloc_raw(g->arcs, sizeof *g->in, what, &g->in, err));
  CM__TRY(cm__alloc_raw(g->arcs, sizeof *g->out, what, &g->out, err));
  CM__TRY(cm__alloc(g->stages + 1, sizeof *g->in_begin, what, &g->in_begin, err));
  CM__TRY(cm__alloc(g->stages + 1, sizeof *g->out_begin, what, &g->out_begin, err));
  CM__TRY(cm__alloc(g->stages, sizeof *g->order, what, &g->order, err));
  CM__TRY(cm__alloc(g->stages, sizeof *g->position, what, &g->position, err));
  CM__TRY(cm__alloc(g->stages, sizeof *g->circle, what, &g->circle, err));
done:
  return status;
}

cm_status cm_chain_new(size_t stages, const cm_arc *arcs, size_t count, cm_chain **out,
                       cm_error *err) {
  cm_chain *g = NULL;
  cm_status status;
  for (size_t i = 0; i < count; i++) {
    status = check_arc(stages, &arcs[i], i, err);
    if (status != CM_OK) return status;
  }
  CM__TRY(cm__alloc(1, sizeof *g, "the graph of a chain", &g, err));
  g->stages = stages;
  g->arcs = count;
  CM__TRY(allocate(g, err));
  for (size_t i = 0; i < count; i++) g->arc[i] = arcs[i];
  sort_arcs(g, true, g->in_begin, g->in);
  sort_arcs(g, false, g->out_begin, g->out);
  CM__TRY(arrange(g, err));
  *out = g;
  g = NULL;
done:
  cm_chain_release(g);
  return status;
}

void cm_chain_release(cm_chain *chain) {
  if (!chain) return;
  cm__free(chain->arc);
  cm__free(chain->in);
  cm__free(chain->out);
  cm__free(chain->in_begin);
  cm__free(chain->out_begin);
  cm__free(chain->order);
  cm__free(chain->position);
  cm__free(chain->circle);
  cm__free(chain);
}

size_t cm_chain_stages(const cm_chain *chain) { return chain->stages; }

size_t cm_chain_arcs(const cm_chain *chain, const cm_arc **arcs) {
  if (arcs) *arcs = chain->arc;
  return chain->arcs;
}

const size_t *cm_chain_order(const cm_chain *chain) {
  return chain->circle_length ? NULL : chain->order;
}

const size_t *cm_chain_circle(const cm_chain *chain, size_t *length) {
  *length = chain->circle_length;
  return chain->circle_length ? chain->circle : NULL;
}
