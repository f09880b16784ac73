/* Placement: memory, cancelling, ties. That the methods agree with enumeration is held by
 * tests/spec/locate_spec.lua. */
#include "support.h"

#include "capmod/locate.h"

/* Three stages in a row, two places; the middle one costs the same in both. */
static const size_t first[] = {0, 2, 4, 6}, place[] = {0, 1, 0, 1, 0, 1}, same[6];
static const double cost[] = {1, 2, 3, 3, 2, 1}, freight[] = {0, 1, 1, 0};
static const double *const matrices[] = {freight};
static const cm_locate_arc arcs[] = {{0, 1, 1, 0, 0, CM_NONE, CM_NONE},
                                     {1, 2, 1, 0, 0, CM_NONE, CM_NONE}};
static const double weight[] = {1, 0}, lower[] = {0, 1}, upper[] = {0, HUGE_VAL};
static const cm_locate_facility facilities[] = {{0.25, HUGE_VAL, CM_NONE, 0, 0}, {0.5, 2, 0, 0, 0}};
static const cm_locate_need needs[] = {{3, 1, 1}, {5, 1, 1}};
static const cm_locate_entry entries[] = {{1, 5, 1}};

static cm_locate_parts parts_of(bool coupled) {
  return (cm_locate_parts){.places = 2,
                           .operators = 1,
                           .stages = 3,
                           .options = 6,
                           .first = first,
                           .place = place,
                           .operator_ = same,
                           .cost = cost,
                           .arcs = 2,
                           .arc = arcs,
                           .place_matrices = 1,
                           .place_matrix = matrices,
                           .facilities = coupled ? 2 : 0,
                           .facility = facilities,
                           .needs = coupled ? 2 : 0,
                           .need = needs,
                           .measures = coupled ? 2 : 1,
                           .weight = weight,
                           .lower = lower,
                           .upper = upper,
                           .option_entries = coupled ? 1 : 0,
                           .option_entry = entries};
}

static cm_status solve(const cm_locate_parts *parts, cm_locate_method method, const cm_job *job,
                       double want, const size_t *choice) {
  cm_locate *p = NULL;
  cm_plan *plan = NULL;
  const cm_locate_options o = {.method = method};
  cm_status status = cm_locate_new(parts, &p, NULL);
  if (status == CM_OK) status = cm_locate_solve(p, &o, job, &plan, NULL);
  if (status == CM_OK) {
    cm_plan_figures f = cm_plan_get(plan);
    assert_double_equal(f.objective, want, 1e-9);
    for (size_t s = 0; choice && s < 3; s++) assert_int_equal(cm_plan_choice(plan)[s], choice[s]);
  }
  cm_plan_release(plan);
  cm_locate_release(p);
  return status;
}

/* By hand: 1 + 3 + 1 and one freight is 5 + 1 = 6 wherever the middle stage is; so is all at 0. */
static void breaks_ties_by_the_lowest_option(void **state) {
  (void)state;
  const size_t all_at_0[] = {0, 2, 4};
  cm_locate_parts parts = parts_of(false);
  assert_ok(solve(&parts, CM_LOCATE_DYNAMIC, NULL, 6, all_at_0));
  assert_ok(solve(&parts, CM_LOCATE_AUTO, NULL, 6, all_at_0));
}

/* The rule wants the last stage at 1, which opens both facilities: 6 + 0.75. */
static void holds_rules(void **state) {
  (void)state;
  cm_locate_parts parts = parts_of(true);
  for (int m = CM_LOCATE_BRANCH; m <= CM_LOCATE_PROGRAM; m++)
    assert_ok(solve(&parts, (cm_locate_method)m, NULL, 6.75, NULL));
  assert_status(solve(&parts, CM_LOCATE_DYNAMIC, NULL, 0, NULL), CM_INVALID);
}

static cm_status solve_forest(void *ud) {
  (void)ud;
  cm_locate_parts parts = parts_of(false);
  return solve(&parts, CM_LOCATE_DYNAMIC, NULL, 6, NULL);
}

static cm_status solve_coupled(void *ud) {
  (void)ud;
  cm_locate_parts parts = parts_of(true);
  return solve(&parts, CM_LOCATE_BRANCH, NULL, 6.75, NULL);
}

static cm_status solve_compounding(void *ud) {
  (void)ud;
  cm_locate_parts parts = parts_of(true);
  parts.compounding = true;
  return solve(&parts, CM_LOCATE_BRANCH, NULL, 6.75, NULL);
}

static void survives_lack_of_memory(void **state) {
  (void)state;
  survives_failing_allocations(solve_forest, NULL);
  survives_failing_allocations(solve_coupled, NULL);
  survives_failing_allocations(solve_compounding, NULL);
}

static cm_status make_program(void *ud) {
  cm_locate_form form = *(const cm_locate_form *)ud;
  cm_locate_parts parts = parts_of(true);
  cm_locate *p = NULL;
  cm_program *program = NULL;
  size_t column[6];
  cm_status status = cm_locate_new(&parts, &p, NULL);
  if (status == CM_OK) status = cm_locate_program(p, NULL, form, &program, column, NULL);
  if (status == CM_OK) assert_int_equal(cm_program_integers(program), 6 + 2);
  cm_program_release(program);
  cm_locate_release(p);
  return status;
}

static void makes_a_program(void **state) {
  (void)state;
  for (int k = CM_FORM_TIGHT; k <= CM_FORM_COMPACT; k++) {
    cm_locate_form form = (cm_locate_form)k;
    survives_failing_allocations(make_program, &form);
  }
}

static void keeps_what_it_has_when_stopped(void **state) {
  (void)state;
  cm_locate_parts parts = parts_of(true);
  cm_locate *p;
  cm_plan *plan;
  atomic_bool cancel = true;
  const cm_job job = {.cancel = &cancel};
  const size_t start[] = {1, 3, 5};
  const cm_locate_options o = {.method = CM_LOCATE_BRANCH, .start = start};
  assert_ok(cm_locate_new(&parts, &p, NULL));
  assert_ok(cm_locate_solve(p, &o, &job, &plan, NULL));
  cm_plan_figures f = cm_plan_get(plan);
  assert_int_equal(f.outcome, CM_STOPPED);
  assert_int_equal(f.stop, CM_STOP_REQUEST);
  assert_double_equal(f.objective, 2 + 3 + 1 + 0.75, 1e-12);
  assert_true(f.bound <= 6.75);
  cm_plan_release(plan);
  cm_locate_release(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(breaks_ties_by_the_lowest_option), cmocka_unit_test(holds_rules),
      cmocka_unit_test(survives_lack_of_memory),          cmocka_unit_test(makes_a_program),
      cmocka_unit_test(keeps_what_it_has_when_stopped),
  };
  return run(tests);
}
