/* Bargaining: closed forms, and agreements over instruments against calculus. */
#include "support.h"

#include "matrices.h"

#include "capmod/game.h"

static void free_transfers_split_what_is_left_by_weight(void **state) {
  (void)state;
  double x[2];
  cm_error err;
  assert_ok(cm_nash_transfers(2, 100, NUMBERS(20, 30), NUMBERS(1, 1), x, NULL));
  assert_double_equal(x[0], 45, 1e-14);
  assert_double_equal(x[1], 55, 1e-14);
  assert_ok(cm_nash_transfers(2, 100, NUMBERS(20, 30), NUMBERS(1, 4), x, NULL));
  assert_double_equal(x[0], 30, 1e-14);
  assert_double_equal(x[1], 70, 1e-14);
  assert_status(cm_nash_transfers(2, 40, NUMBERS(20, 30), NUMBERS(1, 1), x, &err), CM_NO_AGREEMENT);
  assert_double_equal(err.value, 10, 0);
  assert_status(cm_nash_transfers(2, 100, NUMBERS(20, 30), NUMBERS(1, 0), x, &err), CM_INVALID);
  assert_status(cm_nash_transfers(2, NAN, NUMBERS(20, 30), NUMBERS(1, 1), x, &err), CM_NOT_FINITE);
}

/* One transfer t from 0 to 100: u = (100 - t, t) is free division again. */
static const cm_instruments transfer = {.players = 2,
                                        .count = 1,
                                        .lower = (const double[]){0},
                                        .upper = (const double[]){100},
                                        .base = (const double[]){100, 0},
                                        .payoff = (const double[]){-1, 1}};

static void a_transfer_is_free_division(void **state) {
  (void)state;
  double z[1], u[2], ideal[2], gap;
  assert_ok(
      cm_bargain_nash(&transfer, NUMBERS(20, 30), NUMBERS(1, 4), 1e-10, NULL, z, u, &gap, NULL));
  assert_double_equal(u[0], 30, 1e-4); /* the product is flat at its top */
  assert_double_equal(u[1], 70, 1e-4);
  assert_true(gap <= 1e-10);
  assert_ok(cm_bargain_kalai(&transfer, NUMBERS(20, 30), NULL, z, u, ideal, NULL));
  assert_double_equal(u[0], 45, 1e-9);
  assert_double_equal(ideal[0], 70, 1e-9);
  assert_double_equal(ideal[1], 80, 1e-9);
}

/* Equity e in [0, 0.5] and a tax s in [0, 10] whose sum costs: u1 = 10 - 12 e - 1.5 s,
 * u2 = 10 e + s. Equity carries more (10/12 > 1/1.5), so it is used first; along it
 * log(10 - 12 e) + log(10 e) has its top at e = 5/12, inside the limits. Under the
 * rule e <= 0.2 the tax comes in: u1 = 7.6 - 1.5 s, u2 = 2 + s: s = (7.6 - 3) / 3. */
static void costly_instruments_are_used_in_order(void **state) {
  (void)state;
  cm_instruments over = {.players = 2,
                         .count = 2,
                         .lower = (const double[]){0, 0},
                         .upper = (const double[]){0.5, 10},
                         .base = (const double[]){10, 0},
                         .payoff = (const double[]){-12, -1.5, 10, 1}};
  double z[2], u[2], gap;
  assert_ok(cm_bargain_nash(&over, NUMBERS(0, 0), NUMBERS(1, 1), 1e-10, NULL, z, u, &gap, NULL));
  assert_double_equal(z[0], 5.0 / 12, 1e-4);
  assert_double_equal(z[1], 0, 1e-4);
  assert_double_equal(u[0], 5, 1e-4);
  over.rules = 1;
  over.rule = (const double[]){1, 0};
  over.limit = (const double[]){0.2};
  assert_ok(cm_bargain_nash(&over, NUMBERS(0, 0), NUMBERS(1, 1), 1e-10, NULL, z, u, &gap, NULL));
  assert_double_equal(z[0], 0.2, 1e-9);
  assert_double_equal(z[1], 4.6 / 3, 1e-4);
}

/* The hull of (0,0), (4,0), (3,3), (0,4) as weights that sum to at most 1. Ideals 4
 * and 4: the agreement of Kalai and Smorodinsky, and Nash's, is the corner (3,3).
 * With d = (0,2) on the edge from (3,3) to (0,4), y = 4 - x/3: Nash x (2 - x/3) has
 * its top at x = 3, the corner; ideal gains there are 10/3 and 2, so that
 * x / (10/3) = (2 - x/3) / 2 gives x = 15/7. */
static void a_frontier_of_points_is_a_polytope(void **state) {
  (void)state;
  const cm_instruments over = {.players = 2,
                               .count = 3,
                               .rules = 1,
                               .lower = (const double[]){0, 0, 0},
                               .upper = (const double[]){1, 1, 1},
                               .base = (const double[]){0, 0},
                               .payoff = (const double[]){4, 3, 0, 0, 3, 4},
                               .rule = (const double[]){1, 1, 1},
                               .limit = (const double[]){1}};
  double z[3], u[2], ideal[2], gap;
  assert_ok(cm_bargain_kalai(&over, NUMBERS(0, 0), NULL, z, u, ideal, NULL));
  assert_double_equal(u[0], 3, 1e-9);
  assert_double_equal(u[1], 3, 1e-9);
  assert_double_equal(ideal[1], 4, 1e-9);
  assert_ok(cm_bargain_nash(&over, NUMBERS(0, 0), NUMBERS(1, 1), 1e-10, NULL, z, u, &gap, NULL));
  assert_double_equal(u[0], 3, 1e-4);
  assert_ok(cm_bargain_kalai(&over, NUMBERS(0, 2), NULL, z, u, ideal, NULL));
  assert_double_equal(ideal[0], 10.0 / 3, 1e-9);
  assert_double_equal(u[0], 15.0 / 7, 1e-9);
  assert_double_equal(u[1], 4 - 5.0 / 7, 1e-9);
  assert_ok(cm_bargain_nash(&over, NUMBERS(0, 2), NUMBERS(1, 1), 1e-10, NULL, z, u, &gap, NULL));
  assert_double_equal(u[0], 3, 1e-4);
}

/* Over the same hull each gains 3; with weights 1 and 2 the gains x and 2x meet the edge
 * y = 4 - x/3 at x = 12/7. A third party that only a fourth instrument serves keeps the
 * others at what the least is worth, and of what is left the sum is largest. */
static void the_least_gain_is_made_largest(void **state) {
  (void)state;
  cm_instruments over = {.players = 2,
                         .count = 3,
                         .rules = 1,
                         .lower = (const double[]){0, 0, 0},
                         .upper = (const double[]){1, 1, 1},
                         .base = (const double[]){0, 0},
                         .payoff = (const double[]){4, 3, 0, 0, 3, 4},
                         .rule = (const double[]){1, 1, 1},
                         .limit = (const double[]){1}};
  double z[3], u[2];
  cm_error err;
  assert_ok(cm_bargain_max_min(&over, NUMBERS(0, 0), NUMBERS(1, 1), NULL, z, u, NULL));
  assert_double_equal(u[0], 3, 1e-7);
  assert_double_equal(u[1], 3, 1e-7);
  assert_ok(cm_bargain_max_min(&over, NUMBERS(0, 0), NUMBERS(1, 2), NULL, z, u, NULL));
  assert_double_equal(u[0], 12.0 / 7, 1e-7);
  assert_double_equal(u[1], 24.0 / 7, 1e-7);
  assert_status(cm_bargain_max_min(&over, NUMBERS(5, 0), NUMBERS(1, 1), NULL, z, u, &err),
                CM_NO_AGREEMENT);
  assert_status(cm_bargain_max_min(&over, NUMBERS(0, 0), NUMBERS(1, 0), NULL, z, u, &err),
                CM_INVALID);
  /* party 2 gains 1 at most, from the first instrument; the second serves party 1 alone */
  over = (cm_instruments){.players = 2,
                          .count = 2,
                          .lower = (const double[]){0, 0},
                          .upper = (const double[]){1, 1},
                          .base = (const double[]){0, 0},
                          .payoff = (const double[]){1, 5, 1, 0}};
  assert_ok(cm_bargain_max_min(&over, NUMBERS(0, 0), NUMBERS(1, 1), NULL, z, u, NULL));
  assert_double_equal(u[0], 6, 1e-7);
  assert_double_equal(u[1], 1, 1e-7);
}

static void where_nobody_can_gain_there_is_no_agreement(void **state) {
  (void)state;
  cm_error err;
  double z[1], u[2], gap;
  assert_status(
      cm_bargain_nash(&transfer, NUMBERS(60, 50), NUMBERS(1, 1), 1e-8, NULL, z, u, &gap, &err),
      CM_NO_AGREEMENT);
  assert_status(cm_bargain_kalai(&transfer, NUMBERS(50, 50), NULL, z, u, NULL, &err),
                CM_NO_AGREEMENT);
  assert_status(
      cm_bargain_nash(&transfer, NUMBERS(0, 0), NUMBERS(1, -1), 1e-8, NULL, z, u, &gap, &err),
      CM_INVALID);
  assert_status(
      cm_bargain_nash(&transfer, NUMBERS(NAN, 0), NUMBERS(1, 1), 1e-8, NULL, z, u, &gap, &err),
      CM_NOT_FINITE);
  cm_instruments odd = transfer;
  odd.upper = (const double[]){-1};
  assert_status(cm_bargain_kalai(&odd, NUMBERS(0, 0), NULL, z, u, NULL, &err), CM_INVALID);
  atomic_bool yes = true;
  cm_job job = {.cancel = &yes};
  assert_status(cm_bargain_kalai(&transfer, NUMBERS(0, 0), &job, z, u, NULL, &err), CM_CANCELLED);
}

static cm_status both(void *ud) {
  double z[1], u[2], gap;
  (void)ud;
  cm_status status = cm_bargain_kalai(&transfer, NUMBERS(20, 30), NULL, z, u, NULL, NULL);
  if (status == CM_OK)
    status = cm_bargain_max_min(&transfer, NUMBERS(20, 30), NUMBERS(1, 1), NULL, z, u, NULL);
  if (status == CM_OK)
    status =
        cm_bargain_nash(&transfer, NUMBERS(20, 30), NUMBERS(1, 1), 1e-8, NULL, z, u, &gap, NULL);
  return status;
}

static void failing_allocations_are_survived(void **state) {
  (void)state;
  survives_failing_allocations(both, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(free_transfers_split_what_is_left_by_weight),
      cmocka_unit_test(a_transfer_is_free_division),
      cmocka_unit_test(costly_instruments_are_used_in_order),
      cmocka_unit_test(a_frontier_of_points_is_a_polytope),
      cmocka_unit_test(the_least_gain_is_made_largest),
      cmocka_unit_test(where_nobody_can_gain_there_is_no_agreement),
      cmocka_unit_test(failing_allocations_are_survived),
  };
  return run(tests);
}
