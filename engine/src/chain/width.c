/* Bounds of the treewidth. Stages with one neighbour are peeled off; what is left
 * stands as a matrix of bits, on which stages are eliminated or contracted. */
#include <string.h>

#include "chain/graph.h"

typedef struct bits {
  size_t n, words;
  uint64_t *row;  /* row s: the neighbours of s */
  size_t *degree; /* SIZE_MAX: gone */
  size_t *fill;   /* pairs of neighbours that are not neighbours */
} bits;

static uint64_t *row(const bits *b, size_t s) { return b->row + s * b->words; }
static bool has(const bits *b, size_t s, size_t t) { return row(b, s)[t / 64] >> (t % 64) & 1; }
static void set(bits *b, size_t s, size_t t) { row(b, s)[t / 64] |= (uint64_t)1 << (t % 64); }
static void clear(bits *b, size_t s, size_t t) { row(b, s)[t / 64] &= ~((uint64_t)1 << (t % 64)); }

/* The first neighbour of s from t on, n where there is none. */
static size_t next(const bits *b, size_t s, size_t t) {
  if (t >= b->n) return b->n;
  size_t w = t / 64;
  uint64_t m = row(b, s)[w] >> (t % 64) << (t % 64);
  while (!m && ++w < b->words) m = row(b, s)[w];
  return m ? w * 64 + (size_t)__builtin_ctzll(m) : b->n;
}

/* For each neighbour t of s; row s may not change meanwhile. */
#define FOR_EACH(b, s, t) for (size_t(t) = next(b, s, 0); (t) < (b)->n; (t) = next(b, s, (t) + 1))

static size_t common(const bits *b, size_t s, size_t t) {
  size_t n = 0;
  for (size_t w = 0; w < b->words; w++)
    n += (size_t)__builtin_popcountll(row(b, s)[w] & row(b, t)[w]);
  return n;
}

static size_t least(const bits *b, const size_t *key) {
  size_t best = SIZE_MAX;
  for (size_t s = 0; s < b->n; s++)
    if (b->degree[s] != SIZE_MAX && (best == SIZE_MAX || key[s] < key[best])) best = s;
  return best;
}

static void connect(bits *b, size_t s, size_t t) {
  set(b, s, t);
  set(b, t, s);
  b->degree[s]++;
  b->degree[t]++;
}

static void take_out(bits *b, size_t s) {
  FOR_EACH(b, s, t) {
    clear(b, t, s);
    b->degree[t]--;
  }
  b->degree[s] = SIZE_MAX;
}

/* ---- upper bounds: elimination ----------------------------------------------------------- */

static void count_fill(bits *b) {
  for (size_t s = 0; s < b->n; s++) {
    size_t d = b->degree[s], pairs = 0;
    FOR_EACH(b, s, t) pairs += d - 1 - common(b, s, t);
    b->fill[s] = pairs / 2;
  }
}

/* Connects two neighbours of the stage that goes, and keeps the counts right:
 * stages next to both lose a missing pair; the two gain one for each neighbour
 * that the other lacks. */
static void connect_counted(bits *b, size_t s, size_t t) {
  size_t both = 0;
  for (size_t w = 0; w < b->words; w++) {
    uint64_t m = row(b, s)[w] & row(b, t)[w];
    both += (size_t)__builtin_popcountll(m);
    for (; m; m &= m - 1) b->fill[w * 64 + (size_t)__builtin_ctzll(m)]--;
  }
  b->fill[s] += b->degree[s] - both;
  b->fill[t] += b->degree[t] - both;
  connect(b, s, t);
}

static void eliminate(bits *b, size_t s, bool counted) {
  FOR_EACH(b, s, t) {
    for (size_t w = 0; w < b->words; w++) {
      uint64_t lacking = row(b, s)[w] & ~row(b, t)[w];
      for (; lacking; lacking &= lacking - 1) {
        size_t u = w * 64 + (size_t)__builtin_ctzll(lacking);
        if (u <= t) continue; /* t itself, or a pair met before */
        if (counted)
          connect_counted(b, t, u);
        else
          connect(b, t, u);
      }
    }
  }
  if (counted) /* pairs of s and what t has besides the others and s are no longer missing */
    FOR_EACH(b, s, t) b->fill[t] -= b->degree[t] - 1 - common(b, s, t);
  take_out(b, s);
}

static cm_status eliminate_all(bits *b, bool by_fill, const cm_job *job, size_t *order,
                               size_t *width, cm_error *err) {
  *width = 0;
  if (by_fill) count_fill(b);
  for (size_t i = 0; i < b->n; i++) {
    size_t s = least(b, by_fill ? b->fill : b->degree);
    if (b->degree[s] > *width) *width = b->degree[s];
    order[i] = s;
    eliminate(b, s, by_fill);
    cm_status status = cm_job_step(job, "estimating the treewidth", (double)i, (double)b->n, err);
    if (status != CM_OK) return status;
  }
  return CM_OK;
}

/* ---- lower bound: contraction ---------------------------------------------------------------- */

/* The least degree of a minor bounds the treewidth: the stage of least degree is
 * contracted into its neighbour of least degree, again and again. */
static size_t contract_all(bits *b) {
  size_t width = 0;
  for (size_t i = 0; i < b->n; i++) {
    size_t s = least(b, b->degree), into = SIZE_MAX;
    if (b->degree[s] > width) width = b->degree[s];
    FOR_EACH(b, s, t) if (into == SIZE_MAX || b->degree[t] < b->degree[into]) into = t;
    if (into != SIZE_MAX) FOR_EACH(b, s, t) if (t != into && !has(b, into, t)) connect(b, into, t);
    take_out(b, s);
  }
  return width;
}

/* ---- the core ------------------------------------------------------------------------------ */

/* Takes stages with one neighbour off until none is left; `index` becomes the
 * number of each stage in the core, SIZE_MAX where it went. Returns how many
 * went; `order` begins with them. */
static size_t peel(const cm_chain *g, size_t *index, size_t *order) {
  size_t n = 0, core = 0;
  for (size_t s = 0; s < g->stages; s++) index[s] = cm__degree(g, s);
  for (size_t s = 0; s < g->stages; s++)
    if (index[s] <= 1) order[n++] = s;
  for (size_t i = 0; i < n; i++) {
    size_t s = order[i];
    index[s] = SIZE_MAX;
    for (size_t k = 0; k < cm__degree(g, s); k++) {
      size_t t = cm__other_end(&g->arc[cm__arc_at(g, s, k)], s);
      if (index[t] == SIZE_MAX || index[t] == 0) continue;
      if (--index[t] == 1) order[n++] = t;
    }
  }
  for (size_t s = 0; s < g->stages; s++)
    if (index[s] != SIZE_MAX) index[s] = core++;
  return n;
}

static void fill_bits(const cm_chain *g, const size_t *index, bits *b) {
  if (b->n) memset(b->row, 0, b->n * b->words * sizeof *b->row);
  for (size_t s = 0; s < b->n; s++) b->degree[s] = 0;
  for (size_t a = 0; a < g->arcs; a++) {
    size_t s = index[g->arc[a].from], t = index[g->arc[a].to];
    if (s == SIZE_MAX || t == SIZE_MAX || s == t || has(b, s, t)) continue;
    connect(b, s, t);
  }
}

static cm_status bits_new(size_t n, const cm_job *job, bits *b, cm_error *err) {
  const char *what = "the treewidth of a chain";
  size_t cells, bytes;
  cm_status status;
  b->n = n;
  b->words = (n + 63) / 64;
  CM__TRY(cm__size3(n, b->words, 1, what, &cells, err));
  CM__TRY(cm__size3(cells, sizeof *b->row, 1, what, &bytes, err));
  CM__TRY(cm_job_ask(job, bytes, what, err));
  CM__TRY(cm__alloc_raw(cells, sizeof *b->row, what, &b->row, err));
  CM__TRY(cm__alloc_raw(n, 2 * sizeof *b->degree, what, &b->degree, err));
  b->fill = b->degree + n;
done:
  return status;
}

static cm_status bound(const cm_chain *g, const size_t *index, bits *b, const cm_job *job,
                       cm_width *out, size_t *by_degree, size_t *by_fill, cm_error *err) {
  cm_status status;
  fill_bits(g, index, b);
  CM__TRY(eliminate_all(b, false, job, by_degree, &out->min_degree, err));
  fill_bits(g, index, b);
  CM__TRY(eliminate_all(b, true, job, by_fill, &out->min_fill, err));
  fill_bits(g, index, b);
  out->lower = contract_all(b);
done:
  return status;
}

static bool is_linked(const cm_chain *g) {
  for (size_t a = 0; a < g->arcs; a++)
    if (g->arc[a].from != g->arc[a].to) return true;
  return false;
}

static void at_least(cm_width *width, size_t n) {
  if (width->lower < n) width->lower = n;
  if (width->min_degree < n) width->min_degree = n;
  if (width->min_fill < n) width->min_fill = n;
}

cm_status cm_chain_width(const cm_chain *chain, const cm_job *job, cm_width *out, size_t *order,
                         cm_error *err) {
  size_t n = chain->stages, *scratch = NULL, peeled = 0;
  bits b = {0};
  cm_width width = {0};
  cm_status status;
  CM__TRY(cm__alloc(n, 4 * sizeof *scratch, "the treewidth of a chain", &scratch, err));
  size_t *index = scratch, *whole = index + n, *by_degree = whole + n, *by_fill = by_degree + n;
  peeled = peel(chain, index, whole);
  CM__TRY(bits_new(n - peeled, job, &b, err));
  CM__TRY(bound(chain, index, &b, job, &width, by_degree, by_fill, err));
  at_least(&width, is_linked(chain) ? 1 : 0); /* what was peeled off had a neighbour */
  *out = width;
  if (order) {
    const size_t *best = width.min_fill <= width.min_degree ? by_fill : by_degree;
    size_t *stage = index; /* core number -> stage: never above where index is still read */
    for (size_t s = 0; s < n; s++)
      if (index[s] != SIZE_MAX) stage[index[s]] = s;
    for (size_t i = 0; i < n; i++) order[i] = i < peeled ? whole[i] : stage[best[i - peeled]];
  }
done:
  cm__free(b.row);
  cm__free(b.degree);
  cm__free(scratch);
  return status;
}
