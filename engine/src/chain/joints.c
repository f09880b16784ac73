/* How a chain hangs together: parts, articulation points, bridges, gates. */
#include <string.h>

#include "chain/graph.h"

static void spread(const cm_chain *g, size_t from, size_t number, size_t *part, size_t *stack) {
  size_t n = 0;
  part[from] = number;
  stack[n++] = from;
  while (n) {
    size_t s = stack[--n];
    for (size_t i = 0; i < cm__degree(g, s); i++) {
      size_t next = cm__other_end(&g->arc[cm__arc_at(g, s, i)], s);
      if (part[next] != SIZE_MAX) continue;
      part[next] = number;
      stack[n++] = next;
    }
  }
}

cm_status cm_chain_parts(const cm_chain *chain, size_t *part, size_t *count, cm_error *err) {
  size_t *stack = NULL, parts = 0;
  cm_status status;
  CM__TRY(cm__alloc_raw(chain->stages, sizeof *stack, "the parts of a chain", &stack, err));
  for (size_t s = 0; s < chain->stages; s++) part[s] = SIZE_MAX;
  for (size_t s = 0; s < chain->stages; s++)
    if (part[s] == SIZE_MAX) spread(chain, s, parts++, part, stack);
  *count = parts;
done:
  cm__free(stack);
  return status;
}

/* ---- articulation points and bridges --------------------------------------------------- */

typedef struct visit {
  size_t found; /* when it was reached, from 1; 0: not yet */
  size_t low;   /* the earliest stage that it and those behind it lead back to */
  size_t next;  /* which of its arcs comes next */
  size_t by;    /* the arc by which it was reached, SIZE_MAX for a root */
} visit;

/* Goes back from s to the stage that led to it. */
static size_t go_back(const cm_chain *g, visit *v, size_t s, size_t *pieces, bool *bridge) {
  size_t by = v[s].by, parent = cm__other_end(&g->arc[by], s);
  if (v[s].low < v[parent].low) v[parent].low = v[s].low;
  if (v[s].low >= v[parent].found) pieces[parent]++;
  if (bridge && v[s].low > v[parent].found) bridge[by] = true;
  return parent;
}

static void walk(const cm_chain *g, size_t root, visit *v, size_t *clock, size_t *pieces,
                 bool *bridge) {
  size_t s = root;
  v[s].found = v[s].low = ++*clock;
  v[s].by = SIZE_MAX;
  pieces[s] = 0; /* a root is the parent of all its pieces */
  for (;;) {
    if (v[s].next == cm__degree(g, s)) {
      if (s == root) return;
      s = go_back(g, v, s, pieces, bridge);
      continue;
    }
    size_t a = cm__arc_at(g, s, v[s].next++), to = cm__other_end(&g->arc[a], s);
    if (a == v[s].by) continue;
    if (v[to].found) {
      if (v[to].found < v[s].low) v[s].low = v[to].found;
      continue;
    }
    v[to].found = v[to].low = ++*clock;
    v[to].by = a;
    s = to;
  }
}

cm_status cm_chain_joints(const cm_chain *chain, size_t *pieces, bool *bridge, cm_error *err) {
  visit *v = NULL;
  size_t clock = 0;
  cm_status status;
  CM__TRY(cm__alloc(chain->stages, sizeof *v, "the joints of a chain", &v, err));
  for (size_t s = 0; s < chain->stages; s++) pieces[s] = 1; /* the piece that leads to it */
  if (bridge && chain->arcs) memset(bridge, 0, chain->arcs * sizeof *bridge);
  for (size_t s = 0; s < chain->stages; s++)
    if (!v[s].found) walk(chain, s, v, &clock, pieces, bridge);
done:
  cm__free(v);
  return status;
}

/* ---- gates ------------------------------------------------------------------------------ */

/* A stage is a gate where no arc leads past it in the order, the ways into first
 * stages and out of last ones counted as arcs. */
cm_status cm_chain_gates(const cm_chain *chain, bool *gate, cm_error *err) {
  size_t n = chain->stages, passing = 0;
  size_t *begins = NULL, *ends = NULL;
  cm_status status;
  CM__TRY(cm__chain_ordered(chain, err));
  CM__TRY(cm__alloc(n + 1, sizeof *begins, "the gates of a chain", &begins, err));
  CM__TRY(cm__alloc(n + 1, sizeof *ends, "the gates of a chain", &ends, err));
  for (size_t a = 0; a < chain->arcs; a++) {
    begins[chain->position[chain->arc[a].from] + 1]++;
    ends[chain->position[chain->arc[a].to]]++;
  }
  for (size_t s = 0; s < n; s++) {
    size_t at = chain->position[s];
    if (chain->in_begin[s] == chain->in_begin[s + 1]) begins[0]++, ends[at]++;
    if (chain->out_begin[s] == chain->out_begin[s + 1]) begins[at + 1]++;
  }
  for (size_t i = 0; i < n; i++) {
    passing += begins[i];
    passing -= ends[i];
    gate[chain->order[i]] = passing == 0;
  }
done:
  cm__free(begins);
  cm__free(ends);
  return status;
}
