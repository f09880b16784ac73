/* Neighbourhoods of a plan: what is left once some stages stand, and what is found in it. */
#include "drawn.h"
#include "support.h"

#include "locate/near.h"
#include "locate/rest.h"
#include "locate/tree.h"

enum {
  STAGES = 10,
  PLACES = 5,
  OPERATORS = 2,
  OPTIONS = STAGES * PLACES * OPERATORS,
  CLASSES = 2,
  ARCS = STAGES + 2,
  FACILITIES = PLACES * (1 + CLASSES),
  NEEDS = 2 * OPTIONS,
  CHOICES = 40
};

/* Stages in a row with some arcs more, the first two at one place; places that are entered and,
 * for one of two classes, set up; volumes at concave cost in place 1; a rule on what is done in
 * place 0, to which entering place 2 adds. Figures of a linear congruence. */
typedef struct drawn {
  size_t first[STAGES + 1], place[OPTIONS], operator_[OPTIONS], join[2];
  double cost[OPTIONS], freight[PLACES * PLACES], interface[OPERATORS * OPERATORS];
  const double *matrix[1], *between[1];
  cm_locate_arc arc[ARCS];
  cm_locate_facility facility[FACILITIES];
  cm_locate_point point[2];
  cm_locate_need need[NEEDS];
  cm_locate_entry entry[OPTIONS / PLACES], opening[1];
  double weight[2], lower[2], upper[2];
} drawn;

static size_t below(unsigned *x, size_t n) { return (size_t)(draw(x) * (double)n); }

static void draw_arcs(drawn *d, unsigned *seed) {
  static const size_t more[][2] = {{0, 4}, {2, 6}, {5, 9}};
  for (size_t k = 0; k < ARCS; k++)
    d->arc[k] = (cm_locate_arc){k < STAGES - 1 ? k : more[k - STAGES + 1][0],
                                k < STAGES - 1 ? k + 1 : more[k - STAGES + 1][1],
                                0.5 + draw(seed),
                                0,
                                0,
                                CM_NONE,
                                k % 3 ? CM_NONE : 0};
  for (size_t k = 0; k < PLACES * PLACES; k++)
    d->freight[k] = k % (PLACES + 1) ? 0.2 + 0.8 * draw(seed) : 0;
  d->freight[1 * PLACES + 3] = HUGE_VAL;
  d->interface[1] = 0.1, d->interface[2] = 0.2;
}

static void draw_options(drawn *d, unsigned *seed) {
  for (size_t s = 0; s <= STAGES; s++) d->first[s] = s * PLACES * OPERATORS;
  for (size_t o = 0, e = 0; o < OPTIONS; o++) {
    size_t s = o / (PLACES * OPERATORS), c = o % PLACES;
    d->place[o] = c, d->operator_[o] = o / PLACES % OPERATORS;
    d->cost[o] = 1 + 4 * draw(seed);
    d->need[2 * o] = (cm_locate_need){o, c, 0.5 + draw(seed)};
    d->need[2 * o + 1] = (cm_locate_need){o, PLACES * (1 + s % CLASSES) + c, 0};
    if (c == 0) d->entry[e++] = (cm_locate_entry){1, o, 1};
  }
  for (size_t f = 0; f < FACILITIES; f++)
    d->facility[f] =
        (cm_locate_facility){1 + 2 * draw(seed), f < PLACES ? 4 + draw(seed) : HUGE_VAL,
                             f < PLACES ? CM_NONE : f % PLACES, 0, f == 1 ? 2 : 0};
  d->point[0] = (cm_locate_point){1, 1}, d->point[1] = (cm_locate_point){2.5, 2};
  d->opening[0] = (cm_locate_entry){1, 2, 0.5};
}

static cm_locate *make(unsigned seed) {
  static drawn d;
  cm_locate *p;
  draw_arcs(&d, &seed);
  draw_options(&d, &seed);
  d.matrix[0] = d.freight, d.between[0] = d.interface, d.join[1] = 1;
  d.weight[0] = 1, d.lower[1] = 2, d.upper[1] = HUGE_VAL;
  const cm_locate_parts parts = {.places = PLACES,
                                 .operators = OPERATORS,
                                 .stages = STAGES,
                                 .options = OPTIONS,
                                 .first = d.first,
                                 .place = d.place,
                                 .operator_ = d.operator_,
                                 .cost = d.cost,
                                 .arcs = ARCS,
                                 .arc = d.arc,
                                 .joins = 1,
                                 .join = d.join,
                                 .place_matrices = 1,
                                 .place_matrix = d.matrix,
                                 .operator_matrices = 1,
                                 .operator_matrix = d.between,
                                 .facilities = FACILITIES,
                                 .facility = d.facility,
                                 .points = 2,
                                 .point = d.point,
                                 .needs = NEEDS,
                                 .need = d.need,
                                 .measures = 2,
                                 .weight = d.weight,
                                 .lower = d.lower,
                                 .upper = d.upper,
                                 .option_entries = OPTIONS / PLACES,
                                 .option_entry = d.entry,
                                 .facility_entries = 1,
                                 .facility_entry = d.opening};
  assert_ok(cm_locate_new(&parts, &p, NULL));
  return p;
}

/* ---- what is left -------------------- */

static void agrees(const cm_locate *p, const cm__rest *x, const size_t *plan, unsigned *seed) {
  const cm_locate_parts *q = cm_locate_parts_of(x->problem);
  size_t choice[STAGES], whole[STAGES];
  cm_locate_sum part, all;
  memcpy(whole, plan, sizeof whole);
  for (size_t s = 0; s < x->stages; s++)
    choice[s] = q->first[s] + below(seed, q->first[s + 1] - q->first[s]);
  cm__rest_place(x, choice, whole);
  assert_ok(cm_locate_evaluate(x->problem, choice, &part, NULL, NULL, NULL, NULL));
  assert_ok(cm_locate_evaluate(p, whole, &all, NULL, NULL, NULL, NULL));
  if (!(part.violation < HUGE_VAL) || !(all.violation < HUGE_VAL)) {
    assert_true(part.violation == all.violation);
    return;
  }
  assert_double_equal(part.objective + x->stands, all.objective, 1e-9);
  assert_double_equal(part.violation, all.violation, 1e-9);
}

/* Whatever stands, a choice of the rest comes to what the whole comes to, rules included. */
static void adds_up(void **state) {
  (void)state;
  size_t problems = 0;
  for (unsigned n = 1; n <= 30; n++) {
    unsigned seed = 77 * n;
    cm_locate *p = make(n);
    size_t plan[STAGES];
    bool moves[STAGES], allowed[OPTIONS];
    cm_locate_sum sum;
    cm__rest *x;
    do { /* what stands keeps the rules */
      for (size_t s = 0; s < STAGES; s++)
        plan[s] = PLACES * OPERATORS * s + below(&seed, PLACES * OPERATORS);
      assert_ok(cm_locate_evaluate(p, plan, &sum, NULL, NULL, NULL, NULL));
    } while (sum.violation > 0);
    for (size_t s = 0; s < STAGES; s++) moves[s] = below(&seed, 2);
    moves[1] = moves[0];
    for (size_t o = 0; o < OPTIONS; o++) allowed[o] = below(&seed, 4) > 0;
    assert_ok(cm__rest_new(p, plan, moves, allowed, &x, NULL));
    for (size_t k = 0; x->stages && !x->empty && k < CHOICES; k++) agrees(p, x, plan, &seed);
    problems += x->stages && !x->empty;
    cm__rest_release(x);
    cm_locate_release(p);
  }
  assert_true(problems >= 20);
}

static void says_that_nothing_is_left(void **state) {
  (void)state;
  cm_locate *p = make(1);
  size_t plan[STAGES];
  bool moves[STAGES] = {true, true}, allowed[OPTIONS] = {false};
  cm__rest *x;
  for (size_t s = 0; s < STAGES; s++) plan[s] = PLACES * OPERATORS * s;
  assert_ok(cm__rest_new(p, plan, moves, allowed, &x, NULL));
  assert_true(x->empty && !x->started && !x->problem);
  cm__rest_release(x);
  cm_locate_release(p);
}

static cm_status make_rest(void *ud) {
  size_t plan[STAGES];
  bool moves[STAGES] = {true, true, false, true}, allowed[OPTIONS];
  cm__rest *x;
  for (size_t s = 0; s < STAGES; s++) plan[s] = PLACES * OPERATORS * s;
  for (size_t o = 0; o < OPTIONS; o++) allowed[o] = true;
  cm_status status = cm__rest_new(ud, plan, moves, allowed, &x, NULL);
  if (status == CM_OK) cm__rest_release(x);
  return status;
}

static void survives_lack_of_memory(void **state) {
  (void)state;
  cm_locate *p = make(1);
  survives_failing_allocations(make_rest, p);
  cm_locate_release(p);
}

/* What stands takes a facility to just below, or above, where its cost of volume bends. */
static void keeps_costs_concave(void **state) {
  static const size_t first[] = {0, 1, 2, 3}, place[3], operator_[3], plan[] = {0, 1, 2};
  static const bool moves[] = {false, false, true}, allowed[] = {true, true, true};
  static const double cost[] = {1, 1, 1}, weight[] = {1}, lower[] = {-1}, upper[] = {1};
  (void)state;
  for (int a = 1; a < 10; a++)
    for (int b = 1; b < 10; b++) {
      double bend = (a + b) / 10.0;
      const cm_locate_facility facility[] = {{100, HUGE_VAL, CM_NONE, 0, 3}};
      const cm_locate_need need[] = {{0, 0, a / 10.0}, {1, 0, b / 10.0}, {2, 0, 1}};
      const cm_locate_point point[] = {{bend, 0.7}, {bend + 0.3, 0.8}, {bend + 0.6, 0.9}};
      const cm_locate_parts parts = {.places = 1,
                                     .operators = 1,
                                     .stages = 3,
                                     .options = 3,
                                     .first = first,
                                     .place = place,
                                     .operator_ = operator_,
                                     .cost = cost,
                                     .facilities = 1,
                                     .facility = facility,
                                     .points = 3,
                                     .point = point,
                                     .needs = 3,
                                     .need = need,
                                     .measures = 1,
                                     .weight = weight,
                                     .lower = lower,
                                     .upper = upper};
      cm_locate *p;
      cm__rest *x;
      cm_locate_sum part, all;
      size_t only = 0;
      assert_ok(cm_locate_new(&parts, &p, NULL));
      assert_ok(cm__rest_new(p, plan, moves, allowed, &x, NULL));
      assert_ok(cm_locate_evaluate(x->problem, &only, &part, NULL, NULL, NULL, NULL));
      assert_ok(cm_locate_evaluate(p, plan, &all, NULL, NULL, NULL, NULL));
      assert_double_equal(part.objective + x->stands, all.objective, 1e-8);
      cm__rest_release(x);
      cm_locate_release(p);
    }
}

/* ---- what is found -------------------- */

static bool never(void *context) {
  (void)context;
  return false;
}

/* By the mixed-integer program, which shares no code with the neighbourhoods. */
static double optimum(const cm_locate *p) {
  const cm_locate_options o = {.method = CM_LOCATE_PROGRAM};
  cm_plan *plan;
  assert_ok(cm_locate_solve(p, &o, NULL, &plan, NULL));
  cm_plan_figures f = cm_plan_get(plan);
  assert_int_equal(f.outcome, CM_OPTIMAL);
  cm_plan_release(plan);
  return f.objective;
}

/* All that neighbourhoods need. */
typedef struct around {
  cm__relax *r;
  cm__dual *dual;
  cm__local *search;
  cm__near *x;
  bool allowed[OPTIONS];
} around;

static void open_around(around *a, const cm_locate *p, unsigned seed) {
  assert_ok(cm__relax_new(p, &a->r, NULL));
  assert_ok(cm__dual_new(a->r, &a->dual, NULL));
  for (size_t o = 0; o < OPTIONS; o++) a->allowed[o] = a->r->state[o] != CM_NONE;
  assert_ok(cm__local_new(a->r, a->allowed, seed, &a->search, NULL));
  assert_ok(cm__near_new(a->dual, a->search, a->allowed, &a->x, NULL));
}

static void close_around(around *a) {
  cm__near_release(a->x);
  cm__local_release(a->search);
  cm__dual_release(a->dual);
  cm__relax_release(a->r);
}

/* From a plan by lot to the optimum, and never below it. */
static void finds_better_plans(void **state) {
  (void)state;
  enum { PROBLEMS = 3 };
  for (unsigned n = 1; n <= PROBLEMS; n++) {
    unsigned seed = n;
    cm_locate *p = make(100 + n);
    around a;
    size_t plan[STAGES];
    open_around(&a, p, n);
    cm__local *search = a.search;
    cm__near *x = a.x;
    cm__near_some(x, 1e-6, 1e6, never, NULL); /* nothing to begin with */
    assert_true(x->work == 0);
    do {
      for (size_t s = 0; s < STAGES; s++)
        plan[s] = PLACES * OPERATORS * s + below(&seed, PLACES * OPERATORS);
    } while (!cm__local_try(search, plan));
    double begun = search->best_value, least = optimum(p);
    for (int k = 1; k <= 20 && search->best_value > least + 1e-6; k++) {
      cm__near_some(x, 1e-6, 1e7 * k, never, NULL);
      assert_true(x->work >= 1e7 * k && !x->over);
    }
    assert_true(search->best_value < begun);
    assert_double_equal(search->best_value, least, 1e-6);
    close_around(&a);
    cm_locate_release(p);
  }
}

/* Where no neighbourhood reaches all stages, it does not grow for ever. */
static void takes_no_more_stages_than_there_are(void **state) {
  (void)state;
  cm_locate *whole = make(1), *p;
  cm_locate_parts parts = *cm_locate_parts_of(whole);
  around a;
  size_t plan[STAGES];
  parts.arcs = parts.joins = parts.facilities = parts.needs = parts.points = 0;
  parts.measures = 1, parts.option_entries = parts.facility_entries = 0;
  assert_ok(cm_locate_new(&parts, &p, NULL));
  for (size_t s = 0; s < STAGES; s++) plan[s] = PLACES * OPERATORS * s;
  open_around(&a, p, 1);
  assert_true(cm__local_try(a.search, plan));
  cm__near_some(a.x, 1e-6, 1e6, never, NULL);
  assert_true(a.x->work >= 1e6 && a.x->stages <= STAGES);
  close_around(&a);
  cm_locate_release(p);
  cm_locate_release(whole);
}

static bool refuses(void *ud, const char *text, double done, double total) {
  (void)text, (void)done, (void)total;
  ++*(size_t *)ud;
  return false;
}

static void stops_while_sets_are_compared(void **state) {
  (void)state;
  cm_locate *p = make(2);
  size_t asked = 0;
  const cm_job job = {.progress = refuses, .ud = &asked};
  double bound, work = 0, least = optimum(p), all = 0;
  assert_ok(cm__lagrange_glance(p, 1000, least, NULL, &bound, &all));
  assert_true(bound <= least + 1e-7);
  assert_ok(cm__lagrange_glance(p, 1000, least, &job, &bound, &work));
  assert_true(bound <= least + 1e-7);
  assert_int_equal(asked, 1);
  assert_true(work < all);
  cm_locate_release(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adds_up),
      cmocka_unit_test(says_that_nothing_is_left),
      cmocka_unit_test(keeps_costs_concave),
      cmocka_unit_test(survives_lack_of_memory),
      cmocka_unit_test(takes_no_more_stages_than_there_are),
      cmocka_unit_test(stops_while_sets_are_compared),
      cmocka_unit_test(finds_better_plans),
  };
  return run(tests);
}
