/* The tree of the Lagrangian branch and bound: what it leaves when memory ends, and its seed. */
#include "drawn.h"
#include "support.h"

#include "locate/tree.h"

enum { STAGES = 14, PLACES = 5, OPTIONS = STAGES * PLACES };

/* A chain of stages in a row, each in one of five places that are paid once and full after three or
 * four stages; figures of a linear congruence, so that they are the same everywhere. */
typedef struct drawn {
  size_t first[STAGES + 1], place[OPTIONS], operator_[OPTIONS];
  double cost[OPTIONS], freight[PLACES * PLACES];
  const double *matrix[1];
  cm_locate_arc arc[STAGES - 1];
  cm_locate_facility facility[PLACES];
  cm_locate_need need[OPTIONS];
  double weight[1], lower[1], upper[1];
} drawn;

/* The first place has at most so much `room`. */
static cm_locate *make_with(unsigned seed, double room) {
  static drawn d;
  cm_locate *p;
  for (size_t s = 0; s <= STAGES; s++) d.first[s] = s * PLACES;
  for (size_t o = 0; o < OPTIONS; o++) {
    d.place[o] = o % PLACES;
    d.cost[o] = 1 + 4 * draw(&seed);
    d.need[o] = (cm_locate_need){o, o % PLACES, 0.5 + draw(&seed)};
  }
  for (size_t k = 0; k < PLACES * PLACES; k++)
    d.freight[k] = k % (PLACES + 1) ? 0.2 + 0.8 * draw(&seed) : 0;
  for (size_t s = 0; s + 1 < STAGES; s++)
    d.arc[s] = (cm_locate_arc){s, s + 1, 1, 0, 0, CM_NONE, CM_NONE};
  for (size_t f = 0; f < PLACES; f++)
    d.facility[f] = (cm_locate_facility){2 + 3 * draw(&seed), 3 + draw(&seed), CM_NONE, 0, 0};
  d.facility[0].capacity = fmin(room, d.facility[0].capacity);
  d.matrix[0] = d.freight, d.weight[0] = 1, d.lower[0] = -HUGE_VAL, d.upper[0] = HUGE_VAL;
  const cm_locate_parts parts = {.places = PLACES,
                                 .operators = 1,
                                 .stages = STAGES,
                                 .options = OPTIONS,
                                 .first = d.first,
                                 .place = d.place,
                                 .operator_ = d.operator_,
                                 .cost = d.cost,
                                 .arcs = STAGES - 1,
                                 .arc = d.arc,
                                 .place_matrices = 1,
                                 .place_matrix = d.matrix,
                                 .facilities = PLACES,
                                 .facility = d.facility,
                                 .needs = OPTIONS,
                                 .need = d.need,
                                 .measures = 1,
                                 .weight = d.weight,
                                 .lower = d.lower,
                                 .upper = d.upper};
  assert_ok(cm_locate_new(&parts, &p, NULL));
  return p;
}

static cm_locate *make(unsigned seed) { return make_with(seed, HUGE_VAL); }

static cm_plan *solve(const cm_locate *p, const cm_locate_options *o, const cm_job *job) {
  cm_locate_options branch = *o;
  cm_plan *plan;
  branch.method = CM_LOCATE_BRANCH, branch.gap = 1e-9;
  assert_ok(cm_locate_solve(p, &branch, job, &plan, NULL));
  return plan;
}

/* By the mixed-integer program, which shares no code with the tree. */
static double optimum(const cm_locate *p) {
  cm_plan *plan;
  const cm_locate_options o = {.method = CM_LOCATE_PROGRAM};
  assert_ok(cm_locate_solve(p, &o, NULL, &plan, NULL));
  cm_plan_figures f = cm_plan_get(plan);
  assert_int_equal(f.outcome, CM_OPTIMAL);
  cm_plan_release(plan);
  return f.objective;
}

/* Whether what was left when memory ended is true; that it ended. */
static bool holds(const cm_plan *plan, double best) {
  cm_plan_figures f = cm_plan_get(plan);
  assert_true(f.bound <= best + 1e-6);
  if (f.stop == CM_STOP_NONE) {
    assert_int_equal(f.outcome, CM_OPTIMAL);
    assert_double_equal(f.objective, best, 1e-6);
    return false;
  }
  assert_int_equal(f.stop, CM_STOP_MEMORY);
  assert_int_equal(f.outcome, cm_plan_choice(plan) ? CM_STOPPED : CM_UNKNOWN);
  if (!cm_plan_choice(plan)) return true;
  assert_true(f.objective >= best - 1e-6);
  assert_double_equal(f.gap, (f.objective - f.bound) / f.objective, 1e-12);
  return true;
}

static void keeps_its_plan_where_the_budget_ends(void **state) {
  (void)state;
  cm_locate *p = make(3);
  double best = optimum(p);
  size_t stops = 0, blocks = cm_memory_blocks();
  for (size_t bytes = 1 << 10; bytes <= 1 << 22; bytes += bytes / 3) {
    const cm_job job = {.memory = bytes};
    const cm_locate_options o = {0};
    cm_plan *plan = solve(p, &o, &job);
    stops += holds(plan, best);
    cm_plan_release(plan);
  }
  assert_true(stops > 2);
  assert_int_equal(cm_memory_blocks(), blocks);
  cm_locate_release(p);
}

/* Under the engine's limit making the relaxation may fail, which is CM_BUDGET; after that there is
 * a plan, without a record where that was lost. */
static void keeps_its_plan_where_the_limit_ends(void **state) {
  (void)state;
  cm_locate *p = make(6);
  double best = optimum(p);
  size_t refused = 0, stopped = 0, lost = 0, limit = cm_memory_limit(), blocks = cm_memory_blocks();
  for (size_t bytes = 1 << 12; bytes <= 1 << 22; bytes += bytes / 6) {
    const cm_locate_options o = {.method = CM_LOCATE_BRANCH, .gap = 1e-9, .record = true};
    cm_plan *plan = NULL;
    cm_memory_limit_set(cm_memory_held() + bytes);
    cm_status status = cm_locate_solve(p, &o, NULL, &plan, NULL);
    cm_memory_limit_set(limit);
    if (status == CM_OK) {
      const cm_record *q = cm_plan_record(plan);
      stopped += holds(plan, best), lost += !q || !q->nodes;
    } else {
      assert_status(status, CM_BUDGET);
      refused++;
    }
    cm_plan_release(plan);
  }
  assert_true(refused && stopped && lost);
  assert_int_equal(cm_memory_blocks(), blocks);
  cm_locate_release(p);
}

static void takes_a_seed(void **state) {
  (void)state;
  cm_locate *p = make(5);
  double best = optimum(p);
  for (uint64_t seed = 0; seed < 4; seed++) {
    const cm_locate_options o = {.seed = seed};
    cm_plan *a = solve(p, &o, NULL), *b = solve(p, &o, NULL);
    assert_memory_equal(cm_plan_choice(a), cm_plan_choice(b), STAGES * sizeof(size_t));
    assert_int_equal(cm_plan_get(a).nodes, cm_plan_get(b).nodes);
    assert_double_equal(cm_plan_get(a).objective, best, 1e-6);
    cm_plan_release(a);
    cm_plan_release(b);
  }
  cm_locate_release(p);
}

/* By threads the same in every run, with a plan as good; nodes are limited alike. */
static void takes_threads(void **state) {
  (void)state;
  for (unsigned draw = 3; draw < 5; draw++) {
    cm_locate *p = make(draw);
    double best = optimum(p);
    for (unsigned threads = 2; threads <= 3; threads++)
      for (size_t nodes = 0; nodes <= 20; nodes += 20) {
        const cm_job job = {.threads = threads};
        const cm_locate_options o = {.nodes = nodes};
        cm_plan *a = solve(p, &o, &job), *b = solve(p, &o, &job);
        cm_plan_figures f = cm_plan_get(a), g = cm_plan_get(b);
        assert_int_equal(f.nodes, g.nodes);
        assert_true(f.bound == g.bound && f.objective == g.objective);
        assert_memory_equal(cm_plan_choice(a), cm_plan_choice(b), STAGES * sizeof(size_t));
        assert_true(f.bound <= best + 1e-6 && f.objective >= best - 1e-6);
        if (!nodes) assert_double_equal(f.objective, best, 1e-6);
        if (nodes) assert_true(f.nodes <= nodes);
        cm_plan_release(a);
        cm_plan_release(b);
      }
    cm_locate_release(p);
  }
}

static bool refuses_later(void *ud, const char *text, double done, double total) {
  (void)text, (void)total;
  return done < *(const double *)ud;
}

static void stops_all_threads(void **state) {
  (void)state;
  cm_locate *p = make(3);
  double best = optimum(p), most = 8;
  atomic_bool cancel = true;
  const cm_job jobs[] = {{.threads = 3, .progress = refuses_later, .ud = &most},
                         {.threads = 3, .cancel = &cancel}};
  for (size_t k = 0; k < 2; k++) {
    const cm_locate_options o = {0};
    cm_plan *plan = solve(p, &o, &jobs[k]);
    cm_plan_figures f = cm_plan_get(plan);
    assert_int_equal(f.stop, CM_STOP_REQUEST);
    assert_true(f.bound <= best + 1e-6);
    cm_plan_release(plan);
  }
  cm_locate_release(p);
}

static bool counts_within(void *ud, const char *text, double done, double total) {
  (void)text, (void)total;
  *(size_t *)ud += done == 1;
  return *(size_t *)ud < 2;
}

/* A search for plans asks as it goes whether to stop, and asks no more once it was told so. */
static void stops_within_a_node(void **state) {
  (void)state;
  cm_locate *p = make(3);
  size_t asked = 0;
  const cm_job job = {.progress = counts_within, .ud = &asked};
  const cm_locate_options o = {.nodes = 1}; /* which would end it, with steps of the bound */
  cm_plan *plan = solve(p, &o, &job);
  assert_int_equal(asked, 2);
  assert_int_equal(cm_plan_get(plan).stop, CM_STOP_REQUEST);
  cm_plan_release(plan);
  cm_locate_release(p);
}

/* ---- a tree alone -------------------- */

/* A tree with its root in the queue, whose search for plans moves no stage: it knows what the nodes
 * choose. */
static void open_tree(cm__tree *t, const cm_locate *p) {
  static const cm_locate_options options = {.gap = 1e-9};
  static bool at_large[OPTIONS];
  cm__waiting root;
  *t = (cm__tree){.p = p, .options = &options, .at_large = at_large, .cutoff = HUGE_VAL};
  memset(at_large, 1, sizeof at_large);
  assert_ok(cm__tree_open(t));
  t->root = test_calloc(t->r->room, sizeof *t->root);
  t->search->stopped = true;
  t->search->moves = SIZE_MAX / 2; /* more than its share */
  memset(t->view.allowed, 1, OPTIONS);
  memset(t->view.facility, -1, PLACES);
  assert_ok(cm__queue_make(&t->queue, &p->parts, &t->view, 0, NULL, &root, NULL));
  cm__queue_put(&t->queue, root);
}

static void close_tree(cm__tree *t) {
  test_free(t->root);
  cm__tree_close(t);
}

/* Where all but one plan is struck out, it is tried. */
static void tries_the_last_plan(void **state) {
  (void)state;
  for (unsigned draw = 1; draw <= 6; draw++) {
    cm_locate *p = make(draw);
    cm__tree t;
    open_tree(&t, p);
    assert_ok(cm__tree_explore(&t));
    assert_double_equal(t.search->best_value, optimum(p), 1e-8);
    close_tree(&t);
    cm_locate_release(p);
  }
}

/* Without memory for a tree with homes, the one that there is goes on. */
static void keeps_nodes_where_homes_have_no_room(void **state) {
  (void)state;
  cm_locate *p = make(3);
  const cm_locate_options o = {0};
  cm_plan *plan = solve(p, &o, NULL);
  cm__tree t;
  open_tree(&t, p);
  assert_true(cm__local_try(t.search, cm_plan_choice(plan)));
  for (int lack = 1; lack >= 0; lack--) {
    t.nodes = CM__TREE_JUDGED, t.judged = false; /* the bound is 0 after so many nodes */
    if (lack) fail_from(1);
    cm__tree_settle(&t);
    fail_never();
    assert_true(t.judged);
    assert_int_equal(t.queue.count, 1);
    assert_int_equal(t.r->homes != NULL, !lack);
    assert_int_equal(t.anew, !lack);
  }
  close_tree(&t);
  cm_plan_release(plan);
  cm_locate_release(p);
}

static bool is_patient(void *ud, const char *text, double done, double total) {
  (void)text, (void)done, (void)total;
  return ++*(size_t *)ud < 100000;
}

/* What is missed at a place without room costs so much that sums lose digits beside it. */
static void ends_where_a_place_has_no_room(void **state) {
  (void)state;
  for (unsigned draw = 1; draw <= 6; draw++) {
    cm_locate *p = make_with(draw, 0);
    size_t asked = 0;
    const cm_job job = {.progress = is_patient, .ud = &asked};
    const cm_locate_options o = {0};
    cm_plan *plan = solve(p, &o, &job);
    assert_double_equal(cm_plan_get(plan).objective, optimum(p), 1e-6);
    cm_plan_release(plan);
    cm_locate_release(p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tries_the_last_plan),
      cmocka_unit_test(keeps_nodes_where_homes_have_no_room),
      cmocka_unit_test(ends_where_a_place_has_no_room),
      cmocka_unit_test(takes_threads),
      cmocka_unit_test(stops_all_threads),
      cmocka_unit_test(stops_within_a_node),
      cmocka_unit_test(keeps_its_plan_where_the_budget_ends),
      cmocka_unit_test(keeps_its_plan_where_the_limit_ends),
      cmocka_unit_test(takes_a_seed),
  };
  return run(tests);
}
