/* Stages that may not be parted: blocks, why they are one, the graph of blocks. */
#include <string.h>

#include "chain/graph.h"

static size_t find(size_t *root, size_t s) {
  while (root[s] != s) {
    root[s] = root[root[s]];
    s = root[s];
  }
  return s;
}

static cm_status check_joins(size_t stages, const cm_join *joins, size_t count, cm_error *err) {
  for (size_t k = 0; k < count; k++) {
    const size_t ends[] = {joins[k].a, joins[k].b};
    cm_status status = cm__chain_known(stages, ends, 2, err);
    if (status != CM_OK) return status;
  }
  return CM_OK;
}

cm_status cm_chain_blocks(size_t stages, const cm_join *joins, size_t count, size_t *block,
                          size_t *blocks, bool *merged, cm_error *err) {
  size_t *root = NULL, n = 0;
  cm_status status;
  CM__TRY(check_joins(stages, joins, count, err));
  CM__TRY(cm__alloc_raw(stages, sizeof *root, "the blocks of a chain", &root, err));
  for (size_t s = 0; s < stages; s++) root[s] = s;
  for (size_t k = 0; k < count; k++) {
    size_t a = find(root, joins[k].a), b = find(root, joins[k].b);
    if (merged) merged[k] = a != b;
    if (a < b) root[b] = a; /* the lowest stage stays the root */
    if (b < a) root[a] = b;
  }
  for (size_t s = 0; s < stages; s++) {
    size_t r = find(root, s);
    block[s] = r == s ? n++ : block[r];
  }
  *blocks = n;
done:
  cm__free(root);
  return status;
}

/* ---- why two stages are one block ------------------------------------------------------ */

/* Joins as a graph: the arcs of a chain whose order nobody asks for. Joins of a
 * stage with itself lead nowhere; of two with the same ends the first counts. */
typedef struct steps {
  size_t *begin, *join, *by, *queue;
} steps;

static cm_status list_joins(size_t stages, const cm_join *joins, size_t count, steps *out,
                            cm_error *err) {
  const char *what = "the joins of a chain";
  cm_status status;
  CM__TRY(cm__alloc(stages + 1, sizeof *out->begin, what, &out->begin, err));
  CM__TRY(cm__alloc_raw(2 * count, sizeof *out->join, what, &out->join, err));
  CM__TRY(cm__alloc_raw(stages, sizeof *out->by, what, &out->by, err));
  CM__TRY(cm__alloc_raw(stages, sizeof *out->queue, what, &out->queue, err));
  for (size_t k = 0; k < count; k++) out->begin[joins[k].a + 1]++, out->begin[joins[k].b + 1]++;
  for (size_t s = 0; s < stages; s++) out->begin[s + 1] += out->begin[s];
  for (size_t k = 0; k < count; k++) {
    out->join[out->begin[joins[k].a]++] = k;
    out->join[out->begin[joins[k].b]++] = k;
  }
  for (size_t s = stages; s > 0; s--) out->begin[s] = out->begin[s - 1];
  out->begin[0] = 0;
done:
  return status;
}

/* By breadth from b, so that the way back from a leads forward. by[s] is the join
 * by which s was reached, SIZE_MAX where it was not. */
static void search(const cm_join *joins, const steps *at, size_t b) {
  size_t head = 0, n = 0;
  at->queue[n++] = b;
  while (head < n) {
    size_t s = at->queue[head++];
    for (size_t i = at->begin[s]; i < at->begin[s + 1]; i++) {
      const cm_join *join = &joins[at->join[i]];
      size_t next = join->a == s ? join->b : join->a;
      if (next == b || at->by[next] != SIZE_MAX) continue;
      at->by[next] = at->join[i];
      at->queue[n++] = next;
    }
  }
}

cm_status cm_chain_joined(size_t stages, const cm_join *joins, size_t count, size_t a, size_t b,
                          size_t *path, size_t *length, cm_error *err) {
  const size_t ends[] = {a, b};
  steps at = {0};
  cm_status status;
  CM__TRY(cm__chain_known(stages, ends, 2, err));
  CM__TRY(check_joins(stages, joins, count, err));
  CM__TRY(list_joins(stages, joins, count, &at, err));
  for (size_t s = 0; s < stages; s++) at.by[s] = SIZE_MAX;
  search(joins, &at, b);
  size_t n = 0;
  while (a != b && at.by[a] != SIZE_MAX) {
    const cm_join *join = &joins[at.by[a]];
    path[n++] = at.by[a];
    a = join->a == a ? join->b : join->a;
  }
  *length = n;
done:
  cm__free(at.begin);
  cm__free(at.join);
  cm__free(at.by);
  cm__free(at.queue);
  return status;
}

/* ---- the graph of the blocks --------------------------------------------------------------- */

/* Arcs between blocks, those into one block next to each other: place[from] is
 * where the arc from that block into `to` stands, plus 1. */
static size_t merge_arcs(const cm_chain *g, const size_t *block, const size_t *member,
                         const size_t *begin, size_t blocks, size_t *place, cm_arc *out) {
  size_t n = 0;
  for (size_t to = 0; to < blocks; to++) {
    size_t first = n;
    for (size_t i = begin[to]; i < begin[to + 1]; i++) {
      size_t s = member[i];
      for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++) {
        const cm_arc *arc = &g->arc[g->in[k]];
        size_t from = block[arc->from];
        if (from == to) continue;
        if (place[from] <= first) {
          out[n] = (cm_arc){from, to, 0};
          place[from] = ++n;
        }
        out[place[from] - 1].quantity += arc->quantity;
      }
    }
  }
  return n;
}

static void list_members(const size_t *block, size_t stages, size_t blocks, size_t *begin,
                         size_t *member) {
  for (size_t s = 0; s < stages; s++) begin[block[s] + 1]++;
  for (size_t b = 0; b < blocks; b++) begin[b + 1] += begin[b];
  for (size_t s = 0; s < stages; s++) member[begin[block[s]]++] = s;
  for (size_t b = blocks; b > 0; b--) begin[b] = begin[b - 1];
  begin[0] = 0;
}

cm_status cm_chain_contract(const cm_chain *chain, const size_t *block, size_t blocks,
                            cm_chain **out, cm_error *err) {
  size_t *begin = NULL, *member = NULL, *place = NULL;
  cm_arc *arcs = NULL;
  cm_status status;
  CM__TRY(cm__chain_known(blocks, block, chain->stages, err));
  CM__TRY(cm__alloc(blocks + 1, sizeof *begin, "the blocks of a chain", &begin, err));
  CM__TRY(cm__alloc(chain->stages, sizeof *member, "the blocks of a chain", &member, err));
  CM__TRY(cm__alloc(blocks, sizeof *place, "the blocks of a chain", &place, err));
  CM__TRY(cm__alloc(chain->arcs, sizeof *arcs, "the blocks of a chain", &arcs, err));
  list_members(block, chain->stages, blocks, begin, member);
  size_t count = merge_arcs(chain, block, member, begin, blocks, place, arcs);
  CM__TRY(cm_chain_new(blocks, arcs, count, out, err));
done:
  cm__free(begin);
  cm__free(member);
  cm__free(place);
  cm__free(arcs);
  return status;
}
