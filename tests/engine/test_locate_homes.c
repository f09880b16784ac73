/* The relaxation, with what is left at a node drawn together, and with homes, its stronger facility
 * part: against the enumeration of all choices. */
#include "drawn.h"
#include "support.h"

#include <string.h>

#include "locate/dual.h"

enum { PLACES = 3, MODES = 2, MOST_STAGES = 12, MOST_PLACES = 6 };

/* Stages with links that close circles, places of limited room, two classes that are set up at
 * each, a rule; figures of a linear congruence, so that they are the same everywhere. */
typedef struct drawn {
  size_t first[MOST_STAGES + 1], place[MOST_STAGES * MOST_PLACES * MODES],
      operator_[MOST_STAGES * MOST_PLACES * MODES];
  double cost[MOST_STAGES * MOST_PLACES * MODES], freight[MOST_PLACES * MOST_PLACES];
  const double *matrix[1];
  cm_locate_arc arc[2 * MOST_STAGES];
  cm_locate_facility facility[3 * MOST_PLACES];
  cm_locate_need need[2 * MOST_STAGES * MOST_PLACES * MODES];
  cm_locate_entry entry[MOST_STAGES * MOST_PLACES * MODES], opening[MOST_PLACES];
  double weight[2], lower[2], upper[2];
} drawn;

/* `room`: of each place, in stages. `opening`: what setting up the first class adds to the rule.
 * `scale`: of all costs. */
static cm_locate *make_with(unsigned seed, size_t stages, size_t places, double room,
                            double opening, double scale) {
  static drawn d;
  cm_locate *p;
  size_t options = 0, needs = 0, arcs = 0;
  for (size_t s = 0; s < stages; s++) {
    double size = 0.5 + draw(&seed), class_ = draw(&seed);
    d.first[s] = options;
    for (size_t c = 0; c < places; c++)
      for (size_t m = 0; m < MODES; m++, options++) {
        d.place[options] = c;
        d.cost[options] = scale * (1 + 2 * draw(&seed));
        d.need[needs++] = (cm_locate_need){options, c, size * (1 + 0.1 * draw(&seed))};
        d.need[needs++] = (cm_locate_need){options, places + 2 * c + (class_ < 0.5), 0};
        d.entry[options] = (cm_locate_entry){1, options, c == 0 ? draw(&seed) : 0};
      }
  }
  d.first[stages] = options;
  for (size_t k = 0; k < places * places; k++)
    d.freight[k] = k % (places + 1) ? scale * (1 + 2 * draw(&seed)) : 0;
  for (size_t s = 0; s + 1 < stages; s++)
    d.arc[arcs++] = (cm_locate_arc){s, s + 1, 1, 0, 0, CM_NONE, CM_NONE};
  for (size_t s = 0; s + 3 < stages; s += 2)
    d.arc[arcs++] = (cm_locate_arc){s, s + 3, 0.5, 0, 0, CM_NONE, CM_NONE};
  for (size_t c = 0; c < places; c++) {
    double fixed = scale * (1 + 2 * draw(&seed));
    d.facility[c] = (cm_locate_facility){fixed, room + draw(&seed), CM_NONE, 0, 0};
    for (size_t k = 0; k < 2; k++)
      d.facility[places + 2 * c + k] =
          (cm_locate_facility){scale * (0.5 + draw(&seed)), HUGE_VAL, c, 0, 0};
    d.opening[c] = (cm_locate_entry){1, places + 2 * c, opening};
  }
  d.matrix[0] = d.freight, d.weight[0] = 1;
  d.lower[0] = -HUGE_VAL, d.upper[0] = d.upper[1] = HUGE_VAL, d.lower[1] = 0.5;
  const cm_locate_parts parts = {.places = places,
                                 .operators = 1,
                                 .stages = stages,
                                 .options = options,
                                 .first = d.first,
                                 .place = d.place,
                                 .operator_ = d.operator_,
                                 .cost = d.cost,
                                 .arcs = arcs,
                                 .arc = d.arc,
                                 .place_matrices = 1,
                                 .place_matrix = d.matrix,
                                 .facilities = 3 * places,
                                 .facility = d.facility,
                                 .needs = needs,
                                 .need = d.need,
                                 .measures = 2,
                                 .option_entries = options,
                                 .option_entry = d.entry,
                                 .facility_entries = places,
                                 .facility_entry = d.opening,
                                 .weight = d.weight,
                                 .lower = d.lower,
                                 .upper = d.upper};
  assert_ok(cm_locate_new(&parts, &p, NULL));
  return p;
}

static cm_locate *make(unsigned seed, size_t stages, size_t places, double room) {
  return make_with(seed, stages, places, room, 0, 1);
}

enum { STAGES = 5, OPTIONS = STAGES * PLACES * MODES, FACILITIES = 3 * PLACES };

/* The least of all choices, and of those with each option; [f][0], [f][1]: with facility f closed,
 * open. The last f: as it may be. */
typedef struct least {
  double all[FACILITIES + 1][2], with[FACILITIES + 1][2][OPTIONS];
} least;

static void enumerate(const cm_locate *p, least *x) {
  const cm_locate_parts *q = cm_locate_parts_of(p);
  size_t choice[STAGES], count = 1;
  for (size_t s = 0; s < STAGES; s++) count *= PLACES * MODES;
  for (size_t f = 0; f <= FACILITIES; f++)
    for (size_t k = 0; k < 2; k++) {
      x->all[f][k] = HUGE_VAL;
      for (size_t o = 0; o < OPTIONS; o++) x->with[f][k][o] = HUGE_VAL;
    }
  for (size_t k = 0; k < count; k++) {
    cm_locate_sum sum;
    double volume[FACILITIES];
    for (size_t s = 0, left = k; s < STAGES; s++, left /= PLACES * MODES)
      choice[s] = q->first[s] + left % (PLACES * MODES);
    assert_ok(cm_locate_evaluate(p, choice, &sum, NULL, volume, NULL, NULL));
    if (sum.violation > CM_LOCATE_TOLERANCE) continue;
    for (size_t f = 0; f <= FACILITIES; f++) {
      size_t open = f < FACILITIES && volume[f] >= 0;
      x->all[f][open] = fmin(x->all[f][open], sum.objective);
      for (size_t s = 0; s < STAGES; s++) {
        double *with = &x->with[f][open][choice[s]];
        *with = fmin(*with, sum.objective);
      }
    }
  }
}

typedef struct bounds {
  cm__relax *r;
  cm__dual *dual;
  cm__narrow *narrow;
  cm__view view;
  bool allowed[OPTIONS];
  signed char facility[FACILITIES];
} bounds;

static void open_bounds(bounds *b, const cm_locate *p) {
  assert_ok(cm__relax_new(p, &b->r, NULL));
  assert_ok(cm__relax_house(b->r, NULL));
  assert_ok(cm__dual_new(b->r, &b->dual, NULL));
  assert_ok(cm__narrow_new(p, &b->narrow, NULL));
  b->view = (cm__view){b->allowed, b->facility};
}

static void close_bounds(bounds *b) {
  cm__narrow_release(b->narrow);
  cm__dual_release(b->dual);
  cm__relax_release(b->r);
}

/* The bound after so many steps, with a facility (CM_NONE: none) closed or open. */
static double climb(bounds *b, size_t facility, int open, double target, size_t steps) {
  cm__climb how = {steps, 20, 1e-5, target, HUGE_VAL};
  memset(b->allowed, 1, sizeof b->allowed);
  memset(b->facility, -1, sizeof b->facility);
  if (facility != CM_NONE) b->facility[facility] = (signed char)open;
  if (!cm__narrow_view(b->narrow, &b->view) || !cm__relax_enter(b->r, &b->view)) return HUGE_VAL;
  return cm__dual_climb(b->dual, &b->view, &how, NULL, NULL);
}

/* What marginals would strike out is in no plan that is better. */
static void check_marginals(bounds *b, const double *with, double all, double value) {
  double marginal[OPTIONS], room = all - value + 0.7;
  cm__relax_marginals(b->r, &b->view, room, marginal);
  for (size_t o = 0; o < OPTIONS; o++)
    assert_true(value + fmin(marginal[o], room) <= with[o] + 1e-7);
}

static void is_below_every_choice(void **state) {
  double without = 0, with = 0, best = 0;
  (void)state;
  for (unsigned seed = 1; seed <= 12; seed++) {
    cm_locate *p = make(seed, STAGES, PLACES, 2);
    bounds b;
    least x;
    enumerate(p, &x);
    open_bounds(&b, p);
    double all = x.all[FACILITIES][0];
    if (all < HUGE_VAL) {
      without += climb(&b, CM_NONE, 0, all, 1000);
      assert_true(cm__relax_settle(b.r));
      double value = climb(&b, CM_NONE, 0, all, 1000);
      assert_true(value <= all + 1e-7);
      with += value, best += all;
      check_marginals(&b, x.with[FACILITIES][0], all, value);
      for (size_t f = 0; f < FACILITIES; f++)
        for (int open = 0; open < 2; open++) {
          value = climb(&b, f, open, all, 60);
          assert_true(value <= x.all[f][open] + 1e-7);
          if (x.all[f][open] < HUGE_VAL)
            check_marginals(&b, x.with[f][open], x.all[f][open], value);
        }
    }
    close_bounds(&b);
    cm_locate_release(p);
  }
  assert_true(best - with < 0.5 * (best - without)); /* what it is for */
}

static void draw_multipliers(const cm__dual *d, unsigned *seed, double *m) {
  for (size_t j = 0; j < d->r->multipliers; j++) {
    double y = 2 * draw(seed) - 1;
    m[j] = d->side[j] > 0 ? fmax(0, y) : d->side[j] < 0 ? fmin(0, y) : y;
  }
}

/* Whatever the multipliers are. */
static void is_a_bound_at_any_multipliers(void **state) {
  unsigned draws = 7;
  (void)state;
  for (unsigned seed = 30; seed < 34; seed++) {
    cm_locate *p = make(seed, STAGES, PLACES, 2);
    bounds b;
    least x;
    enumerate(p, &x);
    open_bounds(&b, p);
    assert_true(cm__relax_settle(b.r));
    double all = x.all[FACILITIES][0];
    for (int k = 0; k < 200; k++) {
      draw_multipliers(b.dual, &draws, b.dual->best);
      assert_true(climb(&b, CM_NONE, 0, all, 0) <= all + 1e-7);
    }
    close_bounds(&b);
    cm_locate_release(p);
  }
}

/* Costs in other money, at multipliers in it, are not above what they were. */
static void is_a_bound_in_any_money(void **state) {
  const double scale = 1e-9;
  (void)state;
  for (unsigned seed = 30; seed < 34; seed++) {
    bounds b[2];
    cm_locate *p[2];
    for (int k = 0; k < 2; k++) {
      p[k] = make_with(seed, STAGES, PLACES, 2, 0, k ? scale : 1);
      open_bounds(&b[k], p[k]);
      assert_true(cm__relax_settle(b[k].r));
    }
    double value = climb(&b[0], CM_NONE, 0, 30, 200);
    for (size_t j = 0; j < b[0].r->multipliers; j++)
      b[1].dual->best[j] = scale * b[0].dual->best[j];
    assert_true(climb(&b[1], CM_NONE, 0, 30, 0) <= scale * (value + 1e-7));
    for (int k = 0; k < 2; k++) {
      close_bounds(&b[k]);
      cm_locate_release(p[k]);
    }
  }
}

/* The value is concave: nowhere above what the slope at one place says of another. Set-ups add to a
 * rule, so that some pay by themselves. */
static void has_slopes_above_it(void **state) {
  unsigned draws = 11;
  (void)state;
  for (unsigned seed = 40; seed < 44; seed++) {
    cm_locate *p = make_with(seed, STAGES, PLACES, 2, 2, 1);
    bounds b;
    open_bounds(&b, p);
    assert_true(cm__relax_settle(b.r));
    for (int k = 0; k < 100; k++) {
      draw_multipliers(b.dual, &draws, b.dual->best);
      double above = climb(&b, CM_NONE, 0, 10, 0);
      cm__relax_slope(b.r, b.dual->best, b.dual->slope);
      draw_multipliers(b.dual, &draws, b.dual->at);
      for (size_t j = 0; j < b.r->multipliers; j++) {
        double by = 0.02 * (b.dual->at[j] - b.dual->best[j]); /* near, where it is all but met */
        b.dual->at[j] = b.dual->best[j] + by, above += by * b.dual->slope[j];
      }
      assert_true(cm__relax_value(b.r, &b.view, b.dual->at) <= above + 1e-7);
    }
    close_bounds(&b);
    cm_locate_release(p);
  }
}

/* Two stages at two places with so many set-ups each: a set of them has a bit for each, and one. */
static bool has_homes(size_t children) {
  enum { MOST = 64 };
  static const size_t first[] = {0, 2, 4}, place[] = {0, 1, 0, 1}, operator_[4];
  static const double cost[] = {1, 2, 1, 2}, weight[] = {1}, lower[] = {-1}, upper[] = {1};
  cm_locate_facility facility[2 + 2 * MOST] = {{1, 2, CM_NONE, 0, 0}, {1, 2, CM_NONE, 0, 0}};
  cm_locate_need need[8];
  for (size_t k = 0; k < 2 * children; k++)
    facility[2 + k] = (cm_locate_facility){1, HUGE_VAL, k % 2, 0, 0};
  for (size_t o = 0; o < 4; o++) {
    need[2 * o] = (cm_locate_need){o, o % 2, 1};
    need[2 * o + 1] = (cm_locate_need){o, 2 * children + o % 2, 0}; /* the last set-up there */
  }
  const cm_locate_parts parts = {.places = 2,
                                 .operators = 1,
                                 .stages = 2,
                                 .options = 4,
                                 .first = first,
                                 .place = place,
                                 .operator_ = operator_,
                                 .cost = cost,
                                 .facilities = 2 + 2 * children,
                                 .facility = facility,
                                 .needs = 8,
                                 .need = need,
                                 .measures = 1,
                                 .weight = weight,
                                 .lower = lower,
                                 .upper = upper};
  cm_locate *p;
  cm__relax *r;
  assert_ok(cm_locate_new(&parts, &p, NULL));
  assert_ok(cm__relax_new(p, &r, NULL));
  assert_ok(cm__relax_house(r, NULL));
  bool some = cm__relax_settle(r);
  cm__relax_release(r);
  cm_locate_release(p);
  return some;
}

static void counts_set_ups(void **state) {
  (void)state;
  assert_true(has_homes(63));
  assert_false(has_homes(64));
}

/* Two stages that stand together, 0.1 and 0.2 of a room of 0.3: their sum is a little more. */
static void fits_what_rounding_does_not_fit(void **state) {
  static const size_t first[] = {0, 2, 4}, place[] = {0, 1, 0, 1}, operator_[4], join[] = {0, 1};
  static const double cost[] = {1, 2, 1, 2}, weight[] = {1}, lower[] = {-1}, upper[] = {1};
  static const cm_locate_facility facility[] = {{1, 0.3, CM_NONE, 0, 0}, {1, 0.3, CM_NONE, 0, 0}};
  static const cm_locate_need need[] = {{0, 0, 0.1}, {1, 1, 0.1}, {2, 0, 0.2}, {3, 1, 0.2}};
  const cm_locate_parts parts = {.places = 2,
                                 .operators = 1,
                                 .stages = 2,
                                 .options = 4,
                                 .first = first,
                                 .place = place,
                                 .operator_ = operator_,
                                 .cost = cost,
                                 .joins = 1,
                                 .join = join,
                                 .facilities = 2,
                                 .facility = facility,
                                 .needs = 4,
                                 .need = need,
                                 .measures = 1,
                                 .weight = weight,
                                 .lower = lower,
                                 .upper = upper};
  cm_locate *p;
  bounds b;
  (void)state;
  assert_ok(cm_locate_new(&parts, &p, NULL));
  open_bounds(&b, p);
  assert_true(cm__relax_settle(b.r));
  assert_true(climb(&b, CM_NONE, 0, 3, 100) <= 3 + 1e-9);
  close_bounds(&b);
  cm_locate_release(p);
}

/* Given up, the bound is the one before. */
static void is_given_up(void **state) {
  cm_locate *p = make(3, STAGES, PLACES, 2);
  bounds b;
  (void)state;
  open_bounds(&b, p);
  size_t before = b.r->multipliers;
  double first = climb(&b, CM_NONE, 0, 30, 200);
  assert_true(cm__relax_settle(b.r));
  assert_false(cm__relax_settle(b.r));
  assert_true(b.r->multipliers > before);
  cm__relax_unsettle(b.r);
  assert_int_equal(b.r->multipliers, before);
  assert_double_equal(climb(&b, CM_NONE, 0, 30, 0), first, 1e-12);
  close_bounds(&b);
  cm_locate_release(p);
}

/* `nodes`: at most, of a recorded tree; 0: solved to the end. */
static cm_plan_figures solve(const cm_locate *p, cm_locate_method method, size_t nodes,
                             unsigned threads) {
  cm_plan *plan;
  const cm_locate_options o = {.method = method, .record = nodes != 0, .nodes = nodes, .gap = 1e-6};
  const cm_job job = {.threads = threads};
  assert_ok(cm_locate_solve(p, &o, &job, &plan, NULL));
  cm_plan_figures f = cm_plan_get(plan);
  assert_int_equal(f.outcome, nodes ? CM_FEASIBLE : CM_OPTIMAL);
  cm_plan_release(plan);
  return f;
}

/* A tree that would take many nodes begins anew with homes; one that is recorded does not. */
static void takes_fewer_nodes(void **state) {
  cm_locate *p = make(3, 10, 6, 1.6);
  (void)state;
  cm_plan_figures homes = solve(p, CM_LOCATE_BRANCH, 0, 1),
                  threads = solve(p, CM_LOCATE_BRANCH, 0, 2),
                  again = solve(p, CM_LOCATE_BRANCH, 0, 2),
                  program = solve(p, CM_LOCATE_PROGRAM, 0, 1);
  assert_true(fabs(homes.objective - program.objective) < 1e-4);
  assert_true(fabs(threads.objective - program.objective) < 1e-4);
  assert_true(homes.bound <= program.objective + 1e-4 && threads.bound <= program.objective + 1e-4);
  assert_int_equal(threads.nodes, again.nodes);
  (void)solve(p, CM_LOCATE_BRANCH, 3 * homes.nodes, 1); /* not done by then */
  (void)solve(p, CM_LOCATE_BRANCH, 2 * threads.nodes, 1);
  cm_locate_release(p);
}

/* ---- what is left at a node -------------------- */

typedef struct answer {
  double value, marginal[OPTIONS], *slope;
} answer;

static void ask(bounds *b, answer *x) {
  assert_true(cm__relax_enter(b->r, &b->view));
  x->value = cm__relax_value(b->r, &b->view, b->dual->best);
  cm__relax_slope(b->r, b->dual->best, x->slope);
  cm__relax_marginals(b->r, &b->view, 100, x->marginal);
}

static void is_same(const bounds *b, const answer *x, const answer *y) {
  assert_double_equal(x->value, y->value, 1e-12);
  for (size_t k = 0; k < b->r->multipliers; k++)
    assert_double_equal(x->slope[k], y->slope[k], 1e-12);
  for (size_t o = 0; o < OPTIONS; o++) {
    assert_true((x->marginal[o] < HUGE_VAL) == (y->marginal[o] < HUGE_VAL));
    if (x->marginal[o] < HUGE_VAL) assert_double_equal(x->marginal[o], y->marginal[o], 1e-12);
  }
}

/* Options at random, at least one a stage; those left are entered one set after the other. */
static void is_the_same_drawn_together(void **state) {
  unsigned draws = 5;
  (void)state;
  for (unsigned seed = 1; seed <= 6; seed++) {
    cm_locate *p = make(seed, STAGES, PLACES, 2);
    bounds b;
    answer x, y;
    open_bounds(&b, p);
    if (seed % 2) assert_true(cm__relax_settle(b.r));
    x.slope = test_malloc(b.r->multipliers * sizeof *x.slope);
    y.slope = test_malloc(b.r->multipliers * sizeof *y.slope);
    double *room = b.r->left->room;
    size_t fewer = 0;
    for (int k = 0; k < 60; k++) {
      memset(b.facility, -1, sizeof b.facility);
      for (size_t o = 0; o < OPTIONS; o++)
        b.allowed[o] = o % (PLACES * MODES) < MODES || draw(&draws) < 0.5;
      for (size_t j = 0; j < b.r->multipliers; j++) {
        double m = 2 * draw(&draws) - 1;
        b.dual->best[j] = b.dual->side[j] > 0 ? fmax(0, m) : b.dual->side[j] < 0 ? fmin(0, m) : m;
      }
      b.r->left->room = room;
      ask(&b, &x);
      for (size_t s = 0; s < b.r->blocks; s++) fewer += b.r->left->count[s] < PLACES;
      b.r->left->room = NULL; /* as where there is no room: all states are counted */
      ask(&b, &y);
      is_same(&b, &x, &y);
    }
    assert_true(fewer > 60);
    b.r->left->room = room;
    test_free(x.slope);
    test_free(y.slope);
    close_bounds(&b);
    cm_locate_release(p);
  }
}

/* Options that another stands for are struck out, and the least choice is as good as before. */
static void leaves_the_least(void **state) {
  size_t struck = 0;
  (void)state;
  for (unsigned seed = 1; seed <= 12; seed++) {
    cm_locate *p = make(seed, STAGES, PLACES, 2);
    const cm_locate_parts *q = cm_locate_parts_of(p);
    bool allowed[OPTIONS];
    least x;
    enumerate(p, &x);
    memset(allowed, 1, sizeof allowed);
    cm_locate_parts same = *q; /* volumes that do not tell the modes apart */
    cm_locate_need need[2 * OPTIONS];
    memcpy(need, q->need, q->needs * sizeof *need);
    for (size_t k = 0; k < q->needs; k++) need[k].volume = k % 2 ? 0 : 0.7;
    same.need = need;
    cm_locate *alike;
    assert_ok(cm_locate_new(&same, &alike, NULL));
    cm__narrow_dominated(p, allowed);
    for (size_t o = 0; o < OPTIONS; o++) assert_true(allowed[o]); /* volumes differ */
    cm__narrow_dominated(alike, allowed);
    enumerate(alike, &x);
    for (size_t s = 0; s < STAGES; s++) {
      double all = HUGE_VAL;
      for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
        size_t twin = o % MODES ? o - 1 : o + 1;
        if (allowed[o]) all = fmin(all, x.with[FACILITIES][0][o]);
        if (allowed[o]) continue;
        struck++;
        assert_true(allowed[twin] && q->cost[twin] <= q->cost[o]);
        assert_true(q->option_entry[twin].value >= q->option_entry[o].value);
      }
      assert_true(all <= x.all[FACILITIES][0]);
    }
    cm_locate_release(alike);
    cm_locate_release(p);
  }
  assert_true(struck >= 12 * STAGES * (PLACES - 1)); /* one of two, but for the place of the rule */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_below_every_choice),
      cmocka_unit_test(is_a_bound_at_any_multipliers),
      cmocka_unit_test(is_a_bound_in_any_money),
      cmocka_unit_test(has_slopes_above_it),
      cmocka_unit_test(counts_set_ups),
      cmocka_unit_test(fits_what_rounding_does_not_fit),
      cmocka_unit_test(is_given_up),
      cmocka_unit_test(takes_fewer_nodes),
      cmocka_unit_test(is_the_same_drawn_together),
      cmocka_unit_test(leaves_the_least),
  };
  return run(tests);
}
