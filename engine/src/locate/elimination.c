#include "locate/elimination.h"

#include <string.h>

cm_status cm__elimination_init(cm__elimination *e, size_t n, cm_error *err) {
  static const char what[] = "an elimination order";
  size_t cells;
  cm_status status;
  *e = (cm__elimination){.n = n, .words = (n + 63) / 64};
  CM__TRY(cm__size3(n, e->words, 1, what, &cells, err));
  CM__TRY(cm__alloc(cells, sizeof *e->row, what, &e->row, err));
  CM__TRY(cm__alloc(n, sizeof *e->states, what, &e->states, err));
  CM__TRY(cm__alloc(n, sizeof *e->goes, what, &e->goes, err));
  CM__TRY(cm__alloc(n, sizeof *e->degree, what, &e->degree, err));
  CM__TRY(cm__alloc(n, sizeof *e->missing, what, &e->missing, err));
  CM__TRY(cm__alloc(n, sizeof *e->cells, what, &e->cells, err));
  for (size_t v = 0; v < n; v++) e->states[v] = 1;
done:
  return status;
}

void cm__elimination_free(cm__elimination *e) {
  void *const blocks[] = {e->row, e->states, e->goes, e->degree, e->missing, e->cells};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
}

static uint64_t *row(const cm__elimination *e, size_t v) { return e->row + v * e->words; }

void cm__elimination_join(cm__elimination *e, size_t u, size_t v) {
  if (u == v || row(e, u)[v / 64] >> (v % 64) & 1) return;
  row(e, u)[v / 64] |= (uint64_t)1 << (v % 64);
  row(e, v)[u / 64] |= (uint64_t)1 << (u % 64);
  e->degree[u]++, e->degree[v]++;
}

/* The first neighbour of v from u on, n where there is none. */
static size_t next(const cm__elimination *e, size_t v, size_t u) {
  if (u >= e->n) return e->n;
  size_t w = u / 64;
  uint64_t m = row(e, v)[w] >> (u % 64) << (u % 64);
  while (!m && ++w < e->words) m = row(e, v)[w];
  return m ? w * 64 + (size_t)__builtin_ctzll(m) : e->n;
}

/* For each neighbour u of v; row v may not change meanwhile. */
#define FOR_EACH(e, v, u) for (size_t(u) = next(e, v, 0); (u) < (e)->n; (u) = next(e, v, (u) + 1))

static void weigh(cm__elimination *e, size_t v, double most) {
  size_t pairs = 0;
  e->cells[v] = 1, e->missing[v] = SIZE_MAX;
  FOR_EACH(e, v, u) if (e->cells[v] <= most) e->cells[v] *= e->states[u];
  if (e->cells[v] > most) return;
  FOR_EACH(e, v, u) {
    size_t common = 0;
    for (size_t w = 0; w < e->words; w++)
      common += (size_t)__builtin_popcountll(row(e, v)[w] & row(e, u)[w]);
    pairs += e->degree[v] - 1 - common;
  }
  e->missing[v] = pairs / 2;
}

static bool is_before(const cm__elimination *e, size_t u, size_t v) {
  if (e->missing[u] != e->missing[v]) return e->missing[u] < e->missing[v];
  return e->cells[u] < e->cells[v];
}

/* Takes v out and makes its neighbours neighbours of each other; weighs anew what that concerns. */
static void eliminate(cm__elimination *e, size_t v, double most) {
  bool filled = e->missing[v] > 0;
  FOR_EACH(e, v, u) {
    row(e, u)[v / 64] &= ~((uint64_t)1 << (v % 64));
    e->degree[u]--;
  }
  if (filled) FOR_EACH(e, v, u) FOR_EACH(e, v, t) cm__elimination_join(e, u, t);
  FOR_EACH(e, v, u) {
    if (e->goes[u]) weigh(e, u, most);
    if (!filled) continue;
    FOR_EACH(e, u, t) if (e->goes[t]) weigh(e, t, most);
  }
}

bool cm__elimination_order(cm__elimination *e, double most, size_t *order, size_t *count) {
  size_t left = 0;
  *count = 0;
  for (size_t v = 0; v < e->n; v++) left += e->goes[v];
  for (size_t v = 0; v < e->n; v++)
    if (e->goes[v]) weigh(e, v, most);
  while (left--) {
    size_t best = SIZE_MAX;
    for (size_t v = 0; v < e->n; v++)
      if (e->goes[v] && (best == SIZE_MAX || is_before(e, v, best))) best = v;
    if (e->missing[best] == SIZE_MAX) return false;
    e->goes[best] = false;
    order[(*count)++] = best;
    eliminate(e, best, most);
  }
  return true;
}
