/* The graph of a chain and what follows from its order: worked by hand, and
 * against brute force on random small graphs. */
#include "graphs.h"

/* Bolts go into axles and into the car; a car has 4 tyres and 2 axles. */
enum { BOLT, TYRE, AXLE, CAR };
static const cm_arc car_arcs[] = {
    {BOLT, TYRE, 5}, {BOLT, AXLE, 8}, {TYRE, CAR, 4}, {AXLE, CAR, 2}, {BOLT, CAR, 10}};

static void counts_a_car_by_hand(void **state) {
  (void)state;
  cm_chain *car = graph_of(4, car_arcs, 5);
  const double wanted[] = {0, 0, 0, 1};
  double made[4];
  assert_ok(cm_chain_quantities(car, wanted, made, NULL));
  assert_double_equal(made[CAR], 1, 0);
  assert_double_equal(made[TYRE], 4, 0);
  assert_double_equal(made[BOLT], 4 * 5 + 2 * 8 + 10, 0);
  size_t level[4];
  assert_ok(cm_chain_levels(car, level, NULL));
  assert_int_equal(level[CAR], 2);
  assert_int_equal(level[BOLT], 0);
  cm_chain_release(car);
}

/* Bolts take 2 days, tyres 5, axles 3, the car 1; axles travel 4 days: the axle
 * is there after 9, the tyre after 7, the car after 10. */
static void schedules_a_car_by_hand(void **state) {
  (void)state;
  cm_chain *car = graph_of(4, car_arcs, 5);
  const double time[] = {2, 5, 3, 1}, delay[] = {0, 0, 0, 4, 0};
  double start[4], slack[4];
  size_t path[4];
  cm_schedule plan = {.start = start, .slack = slack, .path = path};
  assert_ok(cm_chain_schedule(car, time, delay, &plan, NULL));
  assert_double_equal(plan.length, 10, 0);
  assert_int_equal(plan.path_length, 3);
  const size_t want[] = {BOLT, AXLE, CAR};
  assert_memory_equal(path, want, sizeof want);
  assert_double_equal(slack[TYRE], 2, 0);
  assert_double_equal(slack[AXLE], 0, 0);
  assert_double_equal(start[CAR], 9, 0);
  assert_ok(cm_chain_schedule(car, time, NULL, &plan, NULL));
  assert_double_equal(plan.length, 8, 0); /* now by the tyre */
  cm_chain_release(car);
}

static void takes_the_first_stage_that_can_come_next(void **state) {
  (void)state;
  const cm_arc arcs[] = {{3, 1, 1}, {4, 0, 1}};
  cm_chain *g = graph_of(5, arcs, 2);
  const size_t want[] = {2, 3, 1, 4, 0};
  assert_memory_equal(cm_chain_order(g), want, sizeof want);
  cm_chain_release(g);
}

static void names_a_circle_along_the_arcs(void **state) {
  (void)state;
  /* 1 -> 3 -> 2 -> 1 is the circle; 0 feeds it and 4 uses it */
  const cm_arc arcs[] = {{0, 3, 1}, {1, 3, 1}, {3, 2, 1}, {2, 1, 1}, {2, 4, 1}};
  cm_chain *g = graph_of(5, arcs, 5);
  size_t n, level[5];
  const size_t want[] = {1, 3, 2}, *circle = cm_chain_circle(g, &n);
  assert_int_equal(n, 3);
  assert_memory_equal(circle, want, sizeof want);
  assert_null(cm_chain_order(g));
  assert_status(cm_chain_levels(g, level, NULL), CM_INVALID);
  cm_chain_release(g);
  const cm_arc itself = {0, 0, 1};
  g = graph_of(1, &itself, 1);
  (void)cm_chain_circle(g, &n);
  assert_int_equal(n, 1);
  cm_chain_release(g);
}

static void refuses_what_is_no_graph(void **state) {
  (void)state;
  cm_chain *g = (cm_chain *)&g, *before = g;
  cm_error err;
  const cm_arc far[] = {{0, 1, 1}, {1, 2, 1}}, twice[] = {{0, 1, 1}, {1, 2, 1}, {0, 1, 2}};
  const cm_arc below = {0, 1, -1}, no_number = {0, 1, NAN};
  assert_status(cm_chain_new(2, far, 2, &g, &err), CM_RANGE);
  assert_int_equal(err.row, 2);
  assert_status(cm_chain_new(3, twice, 3, &g, &err), CM_DUPLICATE);
  assert_int_equal(err.row, 3);
  assert_status(cm_chain_new(2, &below, 1, &g, &err), CM_INVALID);
  assert_status(cm_chain_new(2, &no_number, 1, &g, &err), CM_NOT_FINITE);
  assert_ptr_equal(g, before);
}

static void refuses_figures_that_cannot_be(void **state) {
  (void)state;
  cm_chain *car = graph_of(4, car_arcs, 5);
  double wanted[] = {0, 0, 0, 1e308}, made[] = {7, 7, 7, 7}, time[] = {1, -1, 1, 1};
  bool marks[4];
  assert_status(cm_chain_quantities(car, wanted, made, NULL), CM_NOT_FINITE);
  assert_double_equal(made[CAR], 7, 0); /* untouched */
  double start[4], slack[4];
  size_t path[4], nobody = 4;
  cm_schedule plan = {.start = start, .slack = slack, .path = path};
  assert_status(cm_chain_schedule(car, time, NULL, &plan, NULL), CM_INVALID);
  time[1] = INFINITY;
  assert_status(cm_chain_schedule(car, time, NULL, &plan, NULL), CM_NOT_FINITE);
  assert_status(cm_chain_reach(car, &nobody, 1, CM_UPSTREAM, marks, NULL), CM_RANGE);
  cm_chain_release(car);
}

static void may_have_no_stages(void **state) {
  (void)state;
  cm_chain *g = graph_of(0, NULL, 0);
  cm_schedule plan = {0};
  cm_width width;
  size_t parts;
  assert_ok(cm_chain_schedule(g, NULL, NULL, &plan, NULL));
  assert_int_equal(plan.path_length, 0);
  assert_ok(cm_chain_parts(g, NULL, &parts, NULL));
  assert_int_equal(parts, 0);
  assert_ok(cm_chain_width(g, NULL, &width, NULL, NULL));
  assert_int_equal(width.lower + width.min_degree + width.min_fill, 0);
  cm_chain_release(g);
}

/* ---- against brute force --------------------------------------------------------------- */

static void orders_or_finds_a_circle(void **state) {
  (void)state;
  size_t circles = 0;
  for (int trial = 0; trial < 2000; trial++) {
    graph g = draw_graph(5 + draw(35), true);
    size_t n, position[MOST];
    const size_t *order = cm_chain_order(g.chain), *circle = cm_chain_circle(g.chain, &n);
    assert_true((order == NULL) == (circle != NULL));
    for (size_t i = 0; order && i < g.n; i++) position[order[i]] = i;
    for (size_t a = 0; order && a < g.arcs; a++)
      assert_true(position[g.arc[a].from] < position[g.arc[a].to]);
    for (size_t i = 0; i < n; i++) {
      bool there = false;
      for (size_t a = 0; a < g.arcs; a++)
        there |= g.arc[a].from == circle[i] && g.arc[a].to == circle[(i + 1) % n];
      assert_true(there);
    }
    circles += n > 0;
    cm_chain_release(g.chain);
  }
  assert_in_range(circles, 200, 1800);
}

/* Every way from s on, tried one after the other: the arcs of the longest, the
 * time of the longest, the product of quantities summed over ways to `to`. */
static void try_ways(const graph *g, size_t s, const double *time, size_t *arcs, double *length) {
  *arcs = 0;
  *length = time[s];
  for (size_t a = 0; a < g->arcs; a++) {
    size_t more;
    double rest;
    if (g->arc[a].from != s) continue;
    try_ways(g, g->arc[a].to, time, &more, &rest);
    if (more + 1 > *arcs) *arcs = more + 1;
    if (time[s] + rest > *length) *length = time[s] + rest;
  }
}

static double count_ways(const graph *g, size_t s, size_t to) {
  double sum = s == to;
  for (size_t a = 0; a < g->arcs; a++)
    if (g->arc[a].from == s) sum += g->arc[a].quantity * count_ways(g, g->arc[a].to, to);
  return sum;
}

static void agrees_with_every_way_tried(void **state) {
  (void)state;
  for (int trial = 0; trial < 300; trial++) {
    graph g = draw_graph(10 + draw(50), false);
    double time[MOST], start[MOST], slack[MOST], wanted[MOST] = {0}, made[MOST], longest = 0;
    size_t path[MOST], level[MOST], deepest = 0, top = 0;
    cm_schedule plan = {.start = start, .slack = slack, .path = path};
    for (size_t s = 0; s < g.n; s++) time[s] = (double)draw(10);
    assert_ok(cm_chain_schedule(g.chain, time, NULL, &plan, NULL));
    assert_ok(cm_chain_levels(g.chain, level, NULL));
    for (size_t s = 0; s < g.n; s++) {
      size_t arcs;
      double behind;
      try_ways(&g, s, time, &arcs, &behind);
      assert_double_equal(slack[s], plan.length - start[s] - behind, 1e-12);
      if (behind > longest) longest = behind;
      if (arcs > deepest) deepest = arcs;
      if (level[s] > top) top = level[s];
      wanted[s] = 1;
      assert_ok(cm_chain_quantities(g.chain, wanted, made, NULL));
      for (size_t to = 0; to < g.n; to++) assert_double_equal(made[to], count_ways(&g, to, s), 0);
      wanted[s] = 0;
    }
    assert_double_equal(plan.length, longest, 0);
    assert_int_equal(top, deepest);
    double along = 0;
    for (size_t i = 0; i < plan.path_length; i++) along += time[path[i]];
    assert_double_equal(along, plan.length, 0);
    cm_chain_release(g.chain);
  }
}

static void reaches_what_depends_on_what(void **state) {
  (void)state;
  for (int trial = 0; trial < 300; trial++) {
    graph g = draw_graph(5 + draw(40), trial % 2);
    ways w = ways_of(&g, 0, false);
    const size_t from[] = {draw(g.n), draw(g.n)};
    bool up[MOST], down[MOST];
    assert_ok(cm_chain_reach(g.chain, from, 2, CM_UPSTREAM, up, NULL));
    assert_ok(cm_chain_reach(g.chain, from, 2, CM_DOWNSTREAM, down, NULL));
    for (size_t s = 0; s < g.n; s++) {
      assert_int_equal(up[s], w.way[s][from[0]] || w.way[s][from[1]]);
      assert_int_equal(down[s], w.way[from[0]][s] || w.way[from[1]][s]);
    }
    cm_chain_release(g.chain);
  }
}

static void counts_the_last_stages_that_each_goes_into(void **state) {
  (void)state;
  for (int trial = 0; trial < 300; trial++) {
    graph g = draw_graph(5 + draw(30), false);
    ways w = ways_of(&g, 0, false);
    size_t serves[MOST];
    assert_ok(cm_chain_serves(g.chain, serves, NULL));
    for (size_t s = 0; s < g.n; s++) {
      size_t n = 0;
      for (size_t t = 0; t < g.n; t++) {
        bool last = true;
        for (size_t a = 0; a < g.arcs; a++) last &= g.arc[a].from != t;
        n += last && w.way[s][t];
      }
      assert_int_equal(serves[s], n);
    }
    cm_chain_release(g.chain);
  }
  /* more last stages than fit one pass: a star of 200 */
  cm_arc arcs[200];
  size_t serves[201];
  for (size_t i = 0; i < 200; i++) arcs[i] = (cm_arc){0, i + 1, 1};
  cm_chain *star = graph_of(201, arcs, 200);
  assert_ok(cm_chain_serves(star, serves, NULL));
  assert_int_equal(serves[0], 200);
  assert_int_equal(serves[200], 1);
  cm_chain_release(star);
}

/* ---- failing allocations ------------------------------------------------------------------- */

static cm_status work(void *ud) {
  (void)ud;
  cm_chain *car = NULL;
  double made[4], start[4], slack[4], wanted[] = {0, 0, 0, 1}, time[] = {2, 5, 3, 1};
  size_t path[4], serves[4], from = CAR;
  bool marks[4];
  cm_schedule plan = {.start = start, .slack = slack, .path = path};
  cm_status status = cm_chain_new(4, car_arcs, 5, &car, NULL);
  if (status == CM_OK) status = cm_chain_quantities(car, wanted, made, NULL);
  if (status == CM_OK) status = cm_chain_schedule(car, time, NULL, &plan, NULL);
  if (status == CM_OK) status = cm_chain_reach(car, &from, 1, CM_UPSTREAM, marks, NULL);
  if (status == CM_OK) status = cm_chain_serves(car, serves, NULL);
  cm_chain_release(car);
  return status;
}

static void survives_a_lack_of_memory(void **state) {
  (void)state;
  survives_failing_allocations(work, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_a_car_by_hand),
      cmocka_unit_test(schedules_a_car_by_hand),
      cmocka_unit_test(takes_the_first_stage_that_can_come_next),
      cmocka_unit_test(names_a_circle_along_the_arcs),
      cmocka_unit_test(refuses_what_is_no_graph),
      cmocka_unit_test(refuses_figures_that_cannot_be),
      cmocka_unit_test(may_have_no_stages),
      cmocka_unit_test(orders_or_finds_a_circle),
      cmocka_unit_test(agrees_with_every_way_tried),
      cmocka_unit_test(reaches_what_depends_on_what),
      cmocka_unit_test(counts_the_last_stages_that_each_goes_into),
      cmocka_unit_test(survives_a_lack_of_memory),
  };
  return run(tests);
}
