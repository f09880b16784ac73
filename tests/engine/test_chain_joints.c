/* Parts, joints, gates, cuts, blocks and treewidth of chains, against brute force. */
#include "graphs.h"

static size_t pieces_without(const graph *g, unsigned without, size_t among) {
  ways w = ways_of(g, without, true), all = ways_of(g, 0, true);
  size_t n = 0;
  for (size_t s = 0; s < g->n; s++) {
    if ((without >> s & 1) || !all.way[s][among]) continue;
    bool first = true;
    for (size_t t = 0; t < s; t++) first &= !w.way[t][s];
    n += first;
  }
  return n;
}

static void finds_parts_and_joints(void **state) {
  (void)state;
  for (int trial = 0; trial < 500; trial++) {
    graph g = draw_graph(5 + draw(40), trial % 2);
    ways w = ways_of(&g, 0, true);
    size_t part[MOST], count, pieces[MOST];
    bool bridge[MOST * MOST];
    assert_ok(cm_chain_parts(g.chain, part, &count, NULL));
    assert_ok(cm_chain_joints(g.chain, pieces, bridge, NULL));
    size_t highest = 0;
    for (size_t s = 0; s < g.n; s++) {
      for (size_t t = 0; t < g.n; t++) assert_int_equal(part[s] == part[t], w.way[s][t]);
      assert_int_equal(pieces[s], pieces_without(&g, 1u << s, s));
      assert_true(part[s] <= highest + 1);
      if (part[s] > highest) highest = part[s];
    }
    assert_int_equal(count, highest + 1);
    for (size_t a = 0; a < g.arcs; a++) {
      graph less = g;
      less.arc[a] = less.arc[--less.arcs];
      ways v = ways_of(&less, 0, true);
      assert_int_equal(bridge[a], !v.way[g.arc[a].from][g.arc[a].to]);
    }
    cm_chain_release(g.chain);
  }
}

static void end_stages(const graph *g, bool *first, bool *last) {
  for (size_t s = 0; s < g->n; s++) first[s] = last[s] = true;
  for (size_t a = 0; a < g->arcs; a++) first[g->arc[a].to] = last[g->arc[a].from] = false;
}

static void finds_what_every_way_passes(void **state) {
  (void)state;
  size_t found = 0;
  for (int trial = 0; trial < 500; trial++) {
    graph g = draw_graph(20 + draw(60), false);
    bool gate[MOST], first[MOST], last[MOST];
    end_stages(&g, first, last);
    assert_ok(cm_chain_gates(g.chain, gate, NULL));
    for (size_t s = 0; s < g.n; s++) {
      ways w = ways_of(&g, 1u << s, false);
      bool passed = false;
      for (size_t i = 0; i < g.n; i++)
        for (size_t j = 0; j < g.n; j++) passed |= first[i] && last[j] && w.way[i][j];
      assert_int_equal(gate[s], !passed);
      found += gate[s];
    }
    cm_chain_release(g.chain);
  }
  assert_true(found > 100);
}

/* ---- cuts -------------------------------------------------------------------------------- */

static bool parts_them(const graph *g, unsigned cut, unsigned from, unsigned to) {
  ways w = ways_of(g, cut, false);
  for (size_t i = 0; i < g->n; i++)
    for (size_t j = 0; j < g->n; j++)
      if ((from >> i & 1) && (to >> j & 1) && w.way[i][j]) return false;
  return true;
}

static double weight_of(const double *weight, unsigned cut) {
  double sum = 0;
  for (size_t s = 0; s < MOST; s++)
    if (cut >> s & 1) sum += weight[s];
  return sum;
}

static void cuts_as_cheaply_as_any_set_of_stages(void **state) {
  (void)state;
  size_t uncut = 0;
  for (int trial = 0; trial < 200; trial++) {
    graph g = draw_graph(10 + draw(50), trial % 2);
    double weight[MOST] = {0}, value, best = INFINITY;
    const size_t from[] = {draw(g.n), draw(g.n)}, to[] = {draw(g.n), draw(g.n)};
    unsigned a = 1u << from[0] | 1u << from[1], b = 1u << to[0] | 1u << to[1], chosen = 0;
    bool cut[MOST];
    for (size_t s = 0; s < g.n; s++) weight[s] = draw(4) ? (double)draw(6) : INFINITY;
    assert_ok(cm_chain_cut(g.chain, weight, from, 2, to, 2, &value, cut, NULL));
    for (unsigned set = 0; set < 1u << g.n; set++)
      if (weight_of(weight, set) < best && parts_them(&g, set, a, b)) best = weight_of(weight, set);
    assert_true(value == best);
    for (size_t s = 0; s < g.n; s++) chosen |= (unsigned)cut[s] << s;
    if (isinf(value)) {
      uncut++;
      assert_int_equal(chosen, 0);
    } else {
      assert_true(parts_them(&g, chosen, a, b));
      assert_double_equal(weight_of(weight, chosen), value, 0);
    }
    cm_chain_release(g.chain);
  }
  assert_in_range(uncut, 10, 150);
}

static void refuses_cuts_that_mean_nothing(void **state) {
  (void)state;
  const cm_arc arc = {0, 1, 1};
  cm_chain *g = graph_of(2, &arc, 1);
  const size_t here = 0, nowhere = 2;
  const double below[] = {1, -1}, no_number[] = {NAN, 1};
  double value;
  bool cut[2];
  assert_status(cm_chain_cut(g, NULL, &here, 1, &nowhere, 1, &value, cut, NULL), CM_RANGE);
  assert_status(cm_chain_cut(g, NULL, &nowhere, 1, &here, 1, &value, cut, NULL), CM_RANGE);
  assert_status(cm_chain_cut(g, below, &here, 1, &here, 1, &value, cut, NULL), CM_INVALID);
  assert_status(cm_chain_cut(g, no_number, &here, 1, &here, 1, &value, cut, NULL), CM_INVALID);
  cm_chain_release(g);
}

/* ---- blocks ------------------------------------------------------------------------------- */

static void joins_stages_and_keeps_why(void **state) {
  (void)state;
  for (int trial = 0; trial < 500; trial++) {
    graph joined = draw_graph(5 + draw(20), true); /* its arcs are the joins */
    ways w = ways_of(&joined, 0, true);
    cm_join joins[MOST * MOST];
    size_t block[MOST], blocks, path[MOST * MOST], length, n = joined.n, merges = 0;
    bool merged[MOST * MOST];
    for (size_t k = 0; k < joined.arcs; k++)
      joins[k] = (cm_join){joined.arc[k].from, joined.arc[k].to};
    assert_ok(cm_chain_blocks(n, joins, joined.arcs, block, &blocks, merged, NULL));
    for (size_t k = 0; k < joined.arcs; k++) merges += merged[k];
    assert_int_equal(merges, n - blocks);
    size_t a = draw(n), b = draw(n);
    for (size_t s = 0; s < n; s++)
      for (size_t t = 0; t < n; t++) assert_int_equal(block[s] == block[t], w.way[s][t]);
    assert_ok(cm_chain_joined(n, joins, joined.arcs, a, b, path, &length, NULL));
    assert_int_equal(length > 0, a != b && block[a] == block[b]);
    for (size_t i = 0; i < length; i++) { /* from a, each join goes on where the last one led */
      assert_true(joins[path[i]].a == a || joins[path[i]].b == a);
      a = joins[path[i]].a == a ? joins[path[i]].b : joins[path[i]].a;
    }
    if (length) assert_int_equal(a, b);
    cm_chain_release(joined.chain);
  }
}

/* hull -> fit -> trial, with hull and trial at one yard: the hull leaves the yard
 * for its fittings and comes back. */
static void shows_what_leaves_a_block_and_comes_back(void **state) {
  (void)state;
  const cm_arc arcs[] = {{0, 1, 2}, {1, 2, 3}, {3, 1, 1}, {3, 2, 4}};
  const cm_join yard = {0, 2};
  cm_chain *ship = graph_of(4, arcs, 4), *contracted;
  size_t block[4], blocks, n;
  assert_ok(cm_chain_blocks(4, &yard, 1, block, &blocks, NULL, NULL));
  assert_int_equal(blocks, 3);
  assert_ok(cm_chain_contract(ship, block, blocks, &contracted, NULL));
  (void)cm_chain_circle(contracted, &n);
  assert_int_equal(n, 2);
  const cm_arc *out;
  assert_int_equal(cm_chain_arcs(contracted, &out), 4);
  cm_chain_release(contracted);
  const size_t pair[] = {0, 0, 0, 1}; /* all but the last: parallel arcs become one */
  assert_ok(cm_chain_contract(ship, pair, 2, &contracted, NULL));
  assert_int_equal(cm_chain_arcs(contracted, &out), 1);
  assert_double_equal(out[0].quantity, 5, 0);
  cm_chain_release(contracted);
  const size_t wrong[] = {0, 0, 2, 1};
  assert_status(cm_chain_contract(ship, wrong, 2, &contracted, NULL), CM_RANGE);
  cm_chain_release(ship);
}

static void refuses_joins_of_stages_that_are_not(void **state) {
  (void)state;
  const cm_join far = {0, 2};
  size_t block[2], blocks, path[1], length;
  assert_status(cm_chain_blocks(2, &far, 1, block, &blocks, NULL, NULL), CM_RANGE);
  assert_status(cm_chain_joined(2, &far, 1, 0, 1, path, &length, NULL), CM_RANGE);
  assert_status(cm_chain_joined(2, NULL, 0, 0, 2, path, &length, NULL), CM_RANGE);
}

/* ---- treewidth ------------------------------------------------------------------------------ */

/* Stages outside `gone` that s reaches through stages of `gone`. */
static size_t reach_through(const unsigned *near, size_t n, unsigned gone, size_t s) {
  unsigned seen = 1u << s, found = 0;
  for (bool more = true; more;) {
    more = false;
    for (size_t v = 0; v < n; v++) {
      if (!(seen >> v & 1)) continue;
      unsigned next = near[v] & ~seen;
      found |= next & ~gone;
      if (next & gone) more = true;
      seen |= next & gone;
    }
  }
  return (size_t)__builtin_popcount(found & ~(1u << s));
}

/* Exactly, over all orders, by subsets (Bodlaender and others 2012). */
static size_t exact_width(const graph *g) {
  static size_t width[1 << MOST];
  unsigned near[MOST] = {0};
  for (size_t a = 0; a < g->arcs; a++) {
    near[g->arc[a].from] |= 1u << g->arc[a].to;
    near[g->arc[a].to] |= 1u << g->arc[a].from;
  }
  width[0] = 0;
  for (unsigned set = 1; set < 1u << g->n; set++) {
    width[set] = SIZE_MAX;
    for (size_t s = 0; s < g->n; s++) {
      if (!(set >> s & 1)) continue;
      unsigned before = set & ~(1u << s);
      size_t d = reach_through(near, g->n, before, s);
      if (width[before] > d) d = width[before];
      if (d < width[set]) width[set] = d;
    }
  }
  return width[(1u << g->n) - 1];
}

/* The width that an elimination order gives. */
static size_t width_of_order(const graph *g, const size_t *order) {
  unsigned near[MOST] = {0}, gone = 0;
  size_t width = 0;
  for (size_t a = 0; a < g->arcs; a++) {
    near[g->arc[a].from] |= 1u << g->arc[a].to;
    near[g->arc[a].to] |= 1u << g->arc[a].from;
  }
  for (size_t i = 0; i < g->n; i++) {
    assert_false(gone >> order[i] & 1);
    size_t d = reach_through(near, g->n, gone, order[i]);
    if (d > width) width = d;
    gone |= 1u << order[i];
  }
  return width;
}

static void bounds_the_treewidth_from_both_sides(void **state) {
  (void)state;
  size_t tight = 0;
  for (int trial = 0; trial < 400; trial++) {
    graph g = draw_graph(5 + draw(70), trial % 2);
    cm_width width;
    size_t order[MOST], exact = exact_width(&g);
    assert_ok(cm_chain_width(g.chain, NULL, &width, order, NULL));
    assert_true(width.lower <= exact);
    assert_true(width.min_degree >= exact);
    assert_true(width.min_fill >= exact);
    size_t best = width.min_fill < width.min_degree ? width.min_fill : width.min_degree;
    assert_int_equal(width_of_order(&g, order), best);
    tight += best == exact;
    cm_chain_release(g.chain);
  }
  assert_true(tight > 380); /* so small, the heuristics nearly always meet the optimum */
}

/* A grid of k x k has treewidth k; wider than a word of bits. */
static void knows_the_width_of_a_grid(void **state) {
  (void)state;
  enum { K = 9 };
  cm_arc arcs[2 * K * K];
  size_t count = 0;
  for (size_t i = 0; i < K; i++)
    for (size_t j = 0; j < K; j++) {
      if (i + 1 < K) arcs[count++] = (cm_arc){i * K + j, (i + 1) * K + j, 1};
      if (j + 1 < K) arcs[count++] = (cm_arc){i * K + j, i * K + j + 1, 1};
    }
  cm_chain *grid = graph_of(K * K, arcs, count);
  cm_width width;
  assert_ok(cm_chain_width(grid, NULL, &width, NULL, NULL));
  assert_in_range(width.lower, 3, K);
  assert_in_range(width.min_degree, K, 2 * K);
  assert_in_range(width.min_fill, K, 2 * K);
  cm_chain_release(grid);
}

static void stops_when_told(void **state) {
  (void)state;
  atomic_bool stop = true;
  const cm_job job = {.cancel = &stop};
  const cm_arc arcs[] = {{0, 1, 1}, {1, 2, 1}, {0, 2, 1}};
  cm_chain *g = graph_of(3, arcs, 3);
  cm_width width;
  assert_status(cm_chain_width(g, &job, &width, NULL, NULL), CM_CANCELLED);
  const cm_job small = {.memory = 8};
  assert_status(cm_chain_width(g, &small, &width, NULL, NULL), CM_BUDGET);
  cm_chain_release(g);
}

/* ---- failing allocations -----------------------------------------------------------------------
 */

static cm_status work(void *ud) {
  const cm_chain *g = ud;
  const size_t from = 0, to = 3;
  const cm_join joins[] = {{0, 1}, {2, 1}};
  cm_chain *contracted = NULL;
  size_t a[4], n, order[4];
  bool marks[5];
  double value;
  cm_width width;
  cm_status status = cm_chain_parts(g, a, &n, NULL);
  if (status == CM_OK) status = cm_chain_joints(g, a, marks, NULL);
  if (status == CM_OK) status = cm_chain_gates(g, marks, NULL);
  if (status == CM_OK) status = cm_chain_cut(g, NULL, &from, 1, &to, 1, &value, marks, NULL);
  if (status == CM_OK) status = cm_chain_width(g, NULL, &width, order, NULL);
  if (status == CM_OK) status = cm_chain_joined(4, joins, 2, 0, 2, a, &n, NULL);
  if (status == CM_OK) status = cm_chain_blocks(4, joins, 2, a, &n, marks, NULL);
  if (status == CM_OK) status = cm_chain_contract(g, a, n, &contracted, NULL);
  cm_chain_release(contracted);
  return status;
}

static void survives_a_lack_of_memory(void **state) {
  (void)state;
  const cm_arc arcs[] = {{0, 1, 1}, {0, 2, 1}, {1, 3, 1}, {2, 3, 1}, {1, 2, 1}};
  cm_chain *g = graph_of(4, arcs, 5);
  survives_failing_allocations(work, g);
  cm_chain_release(g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_parts_and_joints),
      cmocka_unit_test(finds_what_every_way_passes),
      cmocka_unit_test(cuts_as_cheaply_as_any_set_of_stages),
      cmocka_unit_test(refuses_cuts_that_mean_nothing),
      cmocka_unit_test(joins_stages_and_keeps_why),
      cmocka_unit_test(shows_what_leaves_a_block_and_comes_back),
      cmocka_unit_test(refuses_joins_of_stages_that_are_not),
      cmocka_unit_test(bounds_the_treewidth_from_both_sides),
      cmocka_unit_test(knows_the_width_of_a_grid),
      cmocka_unit_test(stops_when_told),
      cmocka_unit_test(survives_a_lack_of_memory),
  };
  return run(tests);
}
