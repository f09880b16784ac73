/* Games that a callback describes: drawn orders, and coalitions as they are found. */
#include "support.h"

#include "games.h"
#include "matrices.h"

enum { ROUTES = 30 };

/* An airport with needs 1, 2, ..., n: each step of the runway is shared by those
 * who need it, so that player i gets the sum of 1 / (n - k) for k <= i. */
static cm_status runway(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)err;
  size_t *calls = ud;
  ++*calls;
  *worth = s ? (double)(64 - __builtin_clzll(s)) : 0;
  return CM_OK;
}

static void drawn_orders_stay_within_their_bound(void **state) {
  (void)state;
  double x[ROUTES], again[ROUTES], bound, same, share = 0, sum = 0;
  bool proven;
  size_t calls = 0;
  cm_sampling how = {.pairs = 4000, .seed = 42, .stream = "shapley", .range = ROUTES, .risk = 0.05};
  assert_ok(cm_shapley_sample(ROUTES, runway, &calls, &how, NULL, x, &bound, &proven, NULL));
  assert_true(proven);
  assert_double_equal(bound, ROUTES * sqrt(log(2 * ROUTES / 0.05) / 8000), 1e-14);
  assert_int_equal(calls, 1 + 2 * 4000 * (ROUTES - 1));
  for (size_t i = 0; i < ROUTES; i++) {
    share += 1.0 / (double)(ROUTES - i);
    sum += x[i];
    assert_true(fabs(x[i] - share) < bound);
  }
  assert_double_equal(sum, ROUTES, 1e-12);
  assert_ok(cm_shapley_sample(ROUTES, runway, &calls, &how, NULL, again, &same, &proven, NULL));
  for (size_t i = 0; i < ROUTES; i++) assert_true(x[i] == again[i]);
  how.stream = "other";
  how.range = 0;
  assert_ok(cm_shapley_sample(ROUTES, runway, &calls, &how, NULL, again, &same, &proven, NULL));
  assert_true(!proven && x[0] != again[0]);
}

/* Where everyone always brings the same, one pair of orders says it all. */
static cm_status heads(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)ud;
  (void)err;
  *worth = 3 * (double)__builtin_popcountll(s);
  return CM_OK;
}

static cm_status broken(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)ud;
  (void)err;
  *worth = __builtin_popcountll(s) == 2 ? NAN : 1;
  return CM_OK;
}

static cm_status stopped(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)ud;
  (void)s;
  (void)worth;
  (void)err;
  return CM_CANCELLED;
}

static void sampling_refuses_what_means_nothing(void **state) {
  (void)state;
  double x[60], bound;
  bool proven;
  cm_error err;
  cm_sampling how = {.pairs = 1, .seed = 1, .risk = 0.1};
  assert_ok(cm_shapley_sample(60, heads, NULL, &how, NULL, x, &bound, &proven, &err));
  for (size_t i = 0; i < 60; i++) assert_double_equal(x[i], 3, 0);
  assert_double_equal(bound, 0, 0);
  assert_status(cm_shapley_sample(5, broken, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_NOT_FINITE);
  assert_status(cm_shapley_sample(5, stopped, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_CANCELLED);
  assert_status(cm_shapley_sample(61, heads, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_INVALID);
  how.risk = 1;
  assert_status(cm_shapley_sample(5, heads, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_INVALID);
  how = (cm_sampling){.pairs = 0, .risk = 0.1};
  assert_status(cm_shapley_sample(5, heads, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_INVALID);
  how = (cm_sampling){.pairs = 1, .risk = 0.1, .range = -1};
  assert_status(cm_shapley_sample(5, heads, NULL, &how, NULL, x, &bound, &proven, &err),
                CM_INVALID);
}

/* ---- coalitions as they are found -------------------------------------------------------- */

static cm_status worst_listed(void *ud, const double *x, cm_coalition *s, double *worth,
                              cm_error *err) {
  double excess;
  size_t found;
  cm_status status = cm_game_excesses(ud, x, 1, s, &excess, &found, err);
  if (status == CM_OK) *worth = cm_game_worth(ud, *s);
  return status;
}

static void rows_as_they_are_found_give_the_least_core(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 10; seed++) {
    enum { N = 8 };
    double v[SETS(N)], alone[N], x[N], want, epsilon;
    size_t calls;
    random_worths(N, seed, v);
    for (size_t i = 0; i < N; i++) alone[i] = v[SETS(i)];
    cm_game *g;
    assert_ok(cm_game_new(N, v, &g, NULL));
    assert_ok(cm_game_least_core(g, NULL, &want, NULL, NULL));
    assert_ok(cm_least_core_by_rows(N, v[SETS(N) - 1], alone, worst_listed, g, 500, NULL, &epsilon,
                                    x, &calls, NULL));
    assert_double_equal(epsilon, want, 1e-8);
    assert_true(calls < 60); /* of 254 coalitions */
    cm_error err;
    assert_status(cm_least_core_by_rows(N, v[SETS(N) - 1], alone, worst_listed, g, 1, NULL,
                                        &epsilon, x, &calls, &err),
                  CM_NOT_CONVERGED);
    cm_game_release(g);
  }
}

/* 40 players who are worth 1 in a majority: epsilon is 1/2 - the worst 20 or 21 of
 * an equal split, worked by hand: 21 players get 21/40, so epsilon = 19/40. */
static cm_status majority(void *ud, const double *x, cm_coalition *s, double *worth,
                          cm_error *err) {
  (void)ud;
  (void)err;
  bool in[40] = {false};
  *s = 0;
  for (size_t k = 0; k < 21; k++) {
    size_t cheapest = 40;
    for (size_t i = 0; i < 40; i++)
      if (!in[i] && (cheapest == 40 || x[i] < x[cheapest])) cheapest = i;
    in[cheapest] = true;
    *s |= (cm_coalition)1 << cheapest;
  }
  *worth = 1;
  return CM_OK;
}

static cm_status nobody(void *ud, const double *x, cm_coalition *s, double *worth, cm_error *err) {
  (void)ud;
  (void)x;
  (void)err;
  *s = 0;
  *worth = 1;
  return CM_OK;
}

static void forty_players_are_not_too_many(void **state) {
  (void)state;
  double alone[40] = {0}, x[40], epsilon;
  size_t calls;
  cm_error err;
  assert_ok(
      cm_least_core_by_rows(40, 1, alone, majority, NULL, 3000, NULL, &epsilon, x, &calls, NULL));
  assert_double_equal(epsilon, 19.0 / 40, 1e-8);
  assert_status(
      cm_least_core_by_rows(40, 1, alone, nobody, NULL, 9, NULL, &epsilon, x, &calls, &err),
      CM_INVALID);
  assert_status(
      cm_least_core_by_rows(1, 1, alone, majority, NULL, 9, NULL, &epsilon, x, &calls, &err),
      CM_INVALID);
  alone[3] = NAN;
  assert_status(
      cm_least_core_by_rows(40, 1, alone, majority, NULL, 9, NULL, &epsilon, x, &calls, &err),
      CM_NOT_FINITE);
}

static cm_status small_rows(void *ud) {
  double x[8], epsilon, v[SETS(4)], alone[4];
  size_t calls;
  (void)ud;
  random_worths(4, 3, v);
  for (size_t i = 0; i < 4; i++) alone[i] = v[SETS(i)];
  cm_game *g;
  cm_status status = cm_game_new(4, v, &g, NULL);
  if (status != CM_OK) return status;
  status =
      cm_least_core_by_rows(4, v[15], alone, worst_listed, g, 100, NULL, &epsilon, x, &calls, NULL);
  cm_game_release(g);
  return status;
}

static void failing_allocations_are_survived(void **state) {
  (void)state;
  survives_failing_allocations(small_rows, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(drawn_orders_stay_within_their_bound),
      cmocka_unit_test(sampling_refuses_what_means_nothing),
      cmocka_unit_test(rows_as_they_are_found_give_the_least_core),
      cmocka_unit_test(forty_players_are_not_too_many),
      cmocka_unit_test(failing_allocations_are_survived),
  };
  return run(tests);
}
