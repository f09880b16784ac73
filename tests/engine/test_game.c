/* Games: known divisions of the literature, properties, and independent ways. */
#include "support.h"

#include "games.h"
#include "matrices.h"

static cm_game *game_of(size_t n, const double *worths) {
  cm_game *g;
  assert_ok(cm_game_new(n, worths, &g, NULL));
  return g;
}

static cm_game *game(size_t n, const double *by_size) {
  double *worths = malloc(SETS(n) * sizeof *worths);
  by_bits(n, by_size, worths);
  cm_game *g = game_of(n, worths);
  free(worths);
  return g;
}

static cm_game *random_game(size_t n, uint64_t seed) {
  double *worths = malloc(SETS(n) * sizeof *worths);
  random_worths(n, seed, worths);
  cm_game *g = game_of(n, worths);
  free(worths);
  return g;
}

#define assert_division(got, n, want, tol)                                                         \
  do {                                                                                             \
    for (size_t i_ = 0; i_ < (n); i_++) assert_double_equal((got)[i_], (want)[i_], tol);           \
  } while (0)

static void assert_shapley(cm_game *g, const double *want) {
  double x[CM_GAME_PLAYERS_MAX];
  assert_ok(cm_game_shapley(g, NULL, x, NULL, NULL));
  assert_division(x, cm_game_players(g), want, 1e-12);
}

/* The nucleolus of the kind, which has to pass Kohlberg's criterion; anything a
 * little beside it must not. */
static void assert_kohlberg(cm_game *g, cm_nucleolus_kind kind, double *x) {
  bool good;
  size_t n = cm_game_players(g);
  assert_ok(cm_game_kohlberg(g, kind, x, NULL, &good, NULL));
  assert_true(good);
  double step = 1e-3 * (fabs(x[0]) + 1);
  x[0] += step;
  x[n - 1] -= step;
  assert_ok(cm_game_kohlberg(g, kind, x, NULL, &good, NULL));
  assert_true(!good);
  x[0] -= step;
  x[n - 1] += step;
}

static void assert_nucleolus(cm_game *g, cm_nucleolus_kind kind, const double *want) {
  double x[CM_GAME_PLAYERS_MAX];
  size_t programs, n = cm_game_players(g);
  assert_ok(cm_game_nucleolus(g, kind, NULL, x, &programs, NULL));
  assert_division(x, n, want, 1e-9);
  assert_in_range(programs, 1, n - 1);
  assert_kohlberg(g, kind, x);
}

/* ---- the literature -------------------------------------------------------------------- */

/* Littlechild and Owen 1973: landing fees; worths are costs with the other sign. */
static void an_airport_shares_its_runway(void **state) {
  (void)state;
  double v[16];
  largest_need(4, NUMBERS(8, 11, 13, 18), -1, v);
  cm_game *g = game_of(4, v);
  assert_shapley(g, NUMBERS(-2, -3, -4, -9));
  assert_nucleolus(g, CM_NUCLEOLUS, NUMBERS(-3.25, -3.25, -3.25, -8.25));
  assert_nucleolus(g, CM_PRENUCLEOLUS, NUMBERS(-3.25, -3.25, -3.25, -8.25));
  cm_game_release(g);
}

/* Claims of 100, 200, 300 on three estates: Aumann and Maschler 1985; CoopGame. */
static void the_talmud_divides_three_estates(void **state) {
  (void)state;
  const double claims[] = {100, 200, 300};
  const double third = 100.0 / 3;
  const struct {
    double estate, shapley[3], nucleolus[3];
  } cases[] = {{100, {third, third, third}, {third, third, third}},
               {200, {third, 250.0 / 3, 250.0 / 3}, {50, 75, 75}},
               {300, {50, 100, 150}, {50, 100, 150}}};
  for (size_t k = 0; k < COUNT(cases); k++) {
    double v[8];
    claims_worths(3, claims, cases[k].estate, v);
    cm_game *g = game_of(3, v);
    assert_shapley(g, cases[k].shapley);
    assert_nucleolus(g, CM_NUCLEOLUS, cases[k].nucleolus);
    assert_nucleolus(g, CM_PRENUCLEOLUS, cases[k].nucleolus);
    cm_game_release(g);
  }
}

/* One left glove, two right ones (CoopGame). */
static void a_left_glove_takes_all_in_the_nucleolus(void **state) {
  (void)state;
  cm_game *g = game(3, NUMBERS(0, 0, 0, 1, 1, 0, 1));
  double epsilon, least, most;
  assert_shapley(g, NUMBERS(2.0 / 3, 1.0 / 6, 1.0 / 6));
  assert_nucleolus(g, CM_NUCLEOLUS, NUMBERS(1, 0, 0));
  assert_ok(cm_game_least_core(g, NULL, &epsilon, NULL, NULL));
  assert_double_equal(epsilon, 0, 1e-12);
  assert_ok(cm_game_core_range(g, 0, NULL, &least, &most, NULL)); /* the core is that point */
  assert_double_equal(least, 1, 1e-9);
  assert_double_equal(most, 1, 1e-9);
  cm_game_release(g);
}

/* 5 permanent members with 7 votes, 10 others with 1, quota 39: Owen 1995. */
static void the_security_council_votes(void **state) {
  (void)state;
  double weights[15], *v = malloc(SETS(15) * sizeof *v), x[15], total = 0;
  for (size_t i = 0; i < 15; i++) weights[i] = i < 5 ? 7 : 1;
  voting_worths(15, weights, 39, v);
  cm_game *g = game_of(15, v);
  assert_ok(cm_game_shapley(g, NULL, x, NULL, NULL));
  for (size_t i = 0; i < 15; i++) assert_double_equal(x[i], (i < 5 ? 421 : 4) / 2145.0, 1e-15);
  cm_game_banzhaf(g, x);
  for (size_t i = 0; i < 15; i++) total += x[i];
  for (size_t i = 0; i < 15; i++) assert_double_equal(x[i], i < 5 ? 848 : 84, 0);
  assert_double_equal(x[0] / total, 0.16693, 5e-6);
  assert_double_equal(x[14] / total, 0.016535, 5e-7);
  /* Those with a veto share everything in the core, whose centre is the nucleolus. */
  assert_ok(cm_game_nucleolus(g, CM_NUCLEOLUS, NULL, x, NULL, NULL));
  for (size_t i = 0; i < 15; i++) assert_double_equal(x[i], i < 5 ? 0.2 : 0, 1e-9);
  cm_game_release(g);
  free(v);
}

static void the_games_of_CoopGame_and_Ferguson(void **state) {
  (void)state;
  cm_game *four = game(4, NUMBERS(0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21));
  assert_nucleolus(four, CM_NUCLEOLUS, NUMBERS(3.5, 4.5, 5.5, 7.5));
  cm_game *poor = game(3, NUMBERS(0, 0, 0, 10, 0, 0, 2));
  assert_nucleolus(poor, CM_PRENUCLEOLUS, NUMBERS(3, 3, -4));
  assert_nucleolus(poor, CM_NUCLEOLUS, NUMBERS(1, 1, 0));
  cm_game *ferguson = game(3, NUMBERS(-1, 0, 1, 3, 4, 2, 5));
  assert_nucleolus(ferguson, CM_NUCLEOLUS, NUMBERS(8.0 / 3, 2.0 / 3, 5.0 / 3));
  cm_game_release(four);
  cm_game_release(poor);
  cm_game_release(ferguson);
}

/* Claims of all, half, third and quarter of 120 (Aumann 2010). */
static void ibn_ezra_divides_an_inheritance(void **state) {
  (void)state;
  double v[16];
  largest_need(4, NUMBERS(120, 60, 40, 30), 1, v);
  cm_game *g = game_of(4, v);
  assert_shapley(g, NUMBERS(80 + 5.0 / 6, 20 + 5.0 / 6, 10 + 5.0 / 6, 7.5));
  cm_game_release(g);
}

/* The power plant of the examples; ranges of the core worked by hand: CHN gets at
 * most what the plant loses without it, 110, and at least nothing. */
static void a_power_plant_has_a_core(void **state) {
  (void)state;
  cm_game *g = game(3, NUMBERS(0, 0, 0, 0, 260, 240, 350));
  double x[3], least, most;
  const double top[] = {110, 90, 350}, low[] = {0, 0, 150};
  assert_shapley(g, NUMBERS(80, 70, 200));
  assert_true(cm_game_in_core(g, NUMBERS(80, 70, 200)));
  assert_true(!cm_game_in_core(g, NUMBERS(80, 70, 199)));
  for (size_t i = 0; i < 3; i++) {
    assert_ok(cm_game_core_range(g, i, NULL, &least, &most, NULL));
    assert_double_equal(least, low[i], 1e-9);
    assert_double_equal(most, top[i], 1e-9);
  }
  cm_coalition s[10];
  double excess[10];
  size_t found;
  const double proportional[] = {350 * 370.0 / 650, 350 * 240.0 / 650, 350 * 40.0 / 650};
  assert_true(!cm_game_in_core(g, proportional));
  assert_ok(cm_game_excesses(g, proportional, 10, s, excess, &found, NULL));
  assert_int_equal(found, 6);
  assert_int_equal(s[0], 6); /* FRA + KEN, then CHN + KEN */
  assert_double_equal(excess[0], 240 - 350 * 280.0 / 650, 1e-12);
  assert_int_equal(s[1], 5);
  assert_double_equal(excess[1], 260 - 350 * 410.0 / 650, 1e-12);
  assert_ok(cm_game_excesses(g, NUMBERS(0, 0, 0), 4, s, excess, &found, NULL));
  assert_int_equal(found, 4);
  assert_int_equal(s[2], 1); /* equal ones: the smaller, then the first */
  assert_int_equal(s[3], 2);
  assert_ok(cm_game_nucleolus(g, CM_NUCLEOLUS, NULL, x, NULL, NULL));
  assert_kohlberg(g, CM_NUCLEOLUS, x);
  cm_game_release(g);
}

/* ---- properties ------------------------------------------------------------------------ */

/* The average over all n! orders, one by one (Heap's algorithm). */
static void by_all_orders(const cm_game *g, double *out) {
  size_t n = cm_game_players(g), order[8], count[8] = {0}, orders = 0;
  for (size_t i = 0; i < n; i++) {
    order[i] = i;
    out[i] = 0;
  }
  for (size_t k = 0; k < n;) {
    if (k == 0) {
      cm_coalition s = 0;
      for (size_t j = 0; j < n; j++) {
        double before = cm_game_worth(g, s);
        s |= (cm_coalition)1 << order[j];
        out[order[j]] += cm_game_worth(g, s) - before;
      }
      orders++;
      k = 1;
    }
    if (count[k] < k) {
      size_t j = k % 2 ? count[k] : 0, held = order[j];
      order[j] = order[k];
      order[k] = held;
      count[k]++;
      k = 0;
    } else {
      count[k++] = 0;
    }
  }
  for (size_t i = 0; i < n; i++) out[i] /= (double)orders;
}

static void the_shapley_value_is_the_average_over_orders(void **state) {
  (void)state;
  for (size_t n = 2; n <= 7; n++)
    for (uint64_t seed = 1; seed <= 5; seed++) {
      cm_game *g = random_game(n, seed);
      double want[8];
      by_all_orders(g, want);
      assert_shapley(g, want);
      cm_game_release(g);
    }
}

static void values_are_efficient_and_additive(void **state) {
  (void)state;
  enum { N = 12 };
  double *a = malloc(SETS(N) * sizeof *a), *b = malloc(SETS(N) * sizeof *b), x[N], y[N], z[N];
  random_worths(N, 3, a);
  random_worths(N, 4, b);
  cm_game *ga = game_of(N, a), *gb = game_of(N, b);
  for (size_t s = 0; s < SETS(N); s++) b[s] = 2 * a[s] - 3 * b[s];
  cm_game *gc = game_of(N, b);
  assert_ok(cm_game_shapley(ga, NULL, x, NULL, NULL));
  assert_ok(cm_game_shapley(gb, NULL, y, NULL, NULL));
  assert_ok(cm_game_shapley(gc, NULL, z, NULL, NULL));
  double sum = 0;
  for (size_t i = 0; i < N; i++) {
    assert_double_equal(z[i], 2 * x[i] - 3 * y[i], 1e-12);
    sum += x[i];
  }
  assert_double_equal(sum, a[SETS(N) - 1], 1e-13);
  cm_game_release(ga);
  cm_game_release(gb);
  cm_game_release(gc);
  free(a);
  free(b);
}

/* Player 4 adds its 0.25 and nothing else; 0 and 1 are interchangeable. */
static void a_dummy_gets_its_own_and_equals_get_the_same(void **state) {
  (void)state;
  enum { N = 5 };
  double v[SETS(N)], small[SETS(N - 1)], x[N];
  random_worths(N - 1, 9, small);
  for (size_t s = 0; s < SETS(N); s++) {
    size_t core = s & (SETS(N - 1) - 1),
           swapped = (core & ~(size_t)3) | (core & 1) << 1 | (core >> 1 & 1);
    v[s] = (small[core] + small[swapped]) / 2 + (s >> 4 & 1 ? 0.25 : 0);
  }
  cm_game *g = game_of(N, v);
  assert_ok(cm_game_shapley(g, NULL, x, NULL, NULL));
  assert_double_equal(x[4], 0.25, 1e-13);
  assert_double_equal(x[0], x[1], 1e-13);
  assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, NULL));
  assert_double_equal(x[0], x[1], 1e-9);
  cm_game_release(g);
}

static void random_nucleoli_pass_kohlbergs_criterion(void **state) {
  (void)state;
  for (size_t n = 2; n <= 9; n++)
    for (uint64_t seed = 1; seed <= 12; seed++) {
      cm_game *g = random_game(n, seed * 100 + n);
      double x[9];
      assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, NULL));
      assert_kohlberg(g, CM_PRENUCLEOLUS, x);
      cm_status status = cm_game_nucleolus(g, CM_NUCLEOLUS, NULL, x, NULL, NULL);
      if (status != CM_NO_IMPUTATION) {
        assert_ok(status);
        assert_kohlberg(g, CM_NUCLEOLUS, x);
      }
      cm_game_release(g);
    }
}

/* The nucleolus is in the core where there is one; a division of the least core
 * leaves nobody more than epsilon; no division does better (its largest excess,
 * found by weights on coalitions that balance: here, by all pairs S and N - S). */
static void the_least_core_is_least(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    enum { N = 6 };
    cm_game *g = random_game(N, seed);
    double epsilon, x[N], nucleolus[N], excess[1], bound = -INFINITY;
    cm_coalition worst[1], all = SETS(N) - 1;
    size_t found;
    assert_ok(cm_game_least_core(g, NULL, &epsilon, x, NULL));
    assert_ok(cm_game_excesses(g, x, 1, worst, excess, &found, NULL));
    assert_double_equal(excess[0], epsilon, 1e-9);
    assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, nucleolus, NULL, NULL));
    assert_ok(cm_game_excesses(g, nucleolus, 1, worst, excess, &found, NULL));
    assert_double_equal(excess[0], epsilon, 1e-9);
    assert_int_equal(cm_game_in_core(g, nucleolus), epsilon <= 0);
    for (cm_coalition s = 1; s < all; s++)
      bound = fmax(bound,
                   (cm_game_worth(g, s) + cm_game_worth(g, all - s) - cm_game_worth(g, all)) / 2);
    assert_true(epsilon >= bound - 1e-9);
    cm_game_release(g);
  }
}

static void kinds_of_games_have_witnesses(void **state) {
  (void)state;
  bool is;
  cm_coalition one, other;
  double v[8];
  claims_worths(3, NUMBERS(100, 200, 300), 300, v);
  cm_game *talmud = game_of(3, v);
  for (int kind = CM_GAME_MONOTONE; kind <= CM_GAME_CONVEX; kind++) {
    assert_ok(cm_game_is(talmud, (cm_game_kind)kind, NULL, &is, NULL, NULL, NULL));
    assert_true(is);
  }
  cm_game *glove = game(3, NUMBERS(0, 0, 0, 1, 1, 0, 1));
  assert_ok(cm_game_is(glove, CM_GAME_SUPERADDITIVE, NULL, &is, NULL, NULL, NULL));
  assert_true(is);
  assert_ok(cm_game_is(glove, CM_GAME_CONVEX, NULL, &is, &one, &other, NULL));
  assert_true(!is);
  assert_int_equal(one, 3); /* left with either right, who share the left */
  assert_int_equal(other, 5);
  cm_game *poor = game(3, NUMBERS(0, 0, 0, 10, 0, 0, 2));
  assert_ok(cm_game_is(poor, CM_GAME_MONOTONE, NULL, &is, &one, &other, NULL));
  assert_true(!is);
  assert_int_equal(one, 7);
  assert_int_equal(other, 3);
  assert_ok(cm_game_is(poor, CM_GAME_SUPERADDITIVE, NULL, &is, &one, &other, NULL));
  assert_true(!is);
  assert_int_equal(one | other, 7);
  cm_game_release(talmud);
  cm_game_release(glove);
  cm_game_release(poor);
}

/* Intervals by signs: the ends are those of the game with the worths that suit or
 * hurt a player, and every game between lies between. */
static void worths_in_intervals_give_values_in_intervals(void **state) {
  (void)state;
  enum { N = 4 };
  double low[SETS(N)], high[SETS(N)], mid[SETS(N)], from[N], to[N], x[N];
  uint64_t seed = 5;
  random_worths(N, 5, low);
  for (size_t s = 0; s < SETS(N); s++) {
    high[s] = low[s] + (s ? next_random(&seed) : 0);
    mid[s] = low[s] + 0.3 * (high[s] - low[s]);
  }
  cm_game *gl = game_of(N, low), *gh = game_of(N, high), *gm = game_of(N, mid);
  assert_ok(cm_game_shapley(gl, gh, from, to, NULL));
  assert_ok(cm_game_shapley(gm, NULL, x, NULL, NULL));
  for (size_t i = 0; i < N; i++) assert_true(from[i] < x[i] && x[i] < to[i]);
  for (size_t s = 0; s < SETS(N); s++) mid[s] = s & 1 ? low[s] : high[s];
  mid[0] = 0;
  cm_game *against = game_of(N, mid);
  assert_ok(cm_game_shapley(against, NULL, x, NULL, NULL));
  assert_double_equal(from[0], x[0], 1e-13);
  cm_error err;
  assert_status(cm_game_shapley(gh, gl, from, to, &err), CM_INVALID);
  cm_game *three = game(3, NUMBERS(0, 0, 0, 1, 1, 1, 3));
  assert_status(cm_game_shapley(gl, three, from, to, &err), CM_SHAPE);
  cm_game_release(gl);
  cm_game_release(gh);
  cm_game_release(gm);
  cm_game_release(against);
  cm_game_release(three);
}

static void what_is_no_game_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_game *g = NULL;
  double x[3];
  assert_status(cm_game_new(0, NUMBERS(0), &g, &err), CM_INVALID);
  assert_status(cm_game_new(21, NUMBERS(0), &g, &err), CM_INVALID);
  assert_status(cm_game_new(1, NUMBERS(1, 2), &g, &err), CM_INVALID);
  assert_status(cm_game_new(2, NUMBERS(0, 1, NAN, 2), &g, &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 3);
  assert_null(g);
  g = game(3, NUMBERS(5, 5, 5, 10, 10, 10, 12));
  assert_status(cm_game_nucleolus(g, CM_NUCLEOLUS, NULL, x, NULL, &err), CM_NO_IMPUTATION);
  assert_double_equal(err.value, 3, 0);
  assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, &err));
  assert_division(x, 3, NUMBERS(4, 4, 4), 1e-9);
  assert_status(cm_game_core_range(g, 3, NULL, x, x, &err), CM_RANGE);
  cm_game_release(g);
  cm_game_release(NULL);
}

static void one_player_gets_all(void **state) {
  (void)state;
  cm_game *g = game(1, NUMBERS(7));
  double x[1], least, most;
  bool good;
  assert_shapley(g, NUMBERS(7));
  assert_ok(cm_game_nucleolus(g, CM_NUCLEOLUS, NULL, x, NULL, NULL));
  assert_double_equal(x[0], 7, 0);
  assert_ok(cm_game_kohlberg(g, CM_NUCLEOLUS, x, NULL, &good, NULL));
  assert_true(good);
  assert_ok(cm_game_least_core(g, NULL, &least, x, NULL));
  assert_true(isinf(least) && least < 0);
  assert_ok(cm_game_core_range(g, 0, NULL, &least, &most, NULL));
  assert_double_equal(least, 7, 0);
  cm_game_release(g);
}

static void cancelled_work_ends(void **state) {
  (void)state;
  atomic_bool yes = true;
  cm_job job = {.cancel = &yes};
  cm_game *g = random_game(6, 1);
  double x[6], e;
  bool good;
  assert_status(cm_game_nucleolus(g, CM_PRENUCLEOLUS, &job, x, NULL, NULL), CM_CANCELLED);
  assert_status(cm_game_least_core(g, &job, &e, x, NULL), CM_CANCELLED);
  assert_status(cm_game_is(g, CM_GAME_CONVEX, &job, &good, NULL, NULL, NULL), CM_CANCELLED);
  assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, NULL));
  assert_status(cm_game_kohlberg(g, CM_PRENUCLEOLUS, x, &job, &good, NULL), CM_CANCELLED);
  cm_game_release(g);
}

static cm_status all_of_it(void *ud) {
  double v[16], x[4], e, least, most;
  bool good;
  cm_game *g = NULL;
  cm_coalition s[4];
  size_t found;
  (void)ud;
  random_worths(4, 1, v);
  cm_status status = cm_game_new(4, v, &g, NULL);
  if (status == CM_OK) status = cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, NULL);
  if (status == CM_OK) status = cm_game_kohlberg(g, CM_PRENUCLEOLUS, x, NULL, &good, NULL);
  if (status == CM_OK) status = cm_game_least_core(g, NULL, &e, x, NULL);
  if (status == CM_OK) status = cm_game_core_range(g, 1, NULL, &least, &most, NULL);
  if (status == CM_OK) status = cm_game_excesses(g, x, 4, s, x, &found, NULL);
  cm_game_release(g);
  return status;
}

static void failing_allocations_are_survived(void **state) {
  (void)state;
  survives_failing_allocations(all_of_it, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_airport_shares_its_runway),
      cmocka_unit_test(the_talmud_divides_three_estates),
      cmocka_unit_test(a_left_glove_takes_all_in_the_nucleolus),
      cmocka_unit_test(the_security_council_votes),
      cmocka_unit_test(the_games_of_CoopGame_and_Ferguson),
      cmocka_unit_test(ibn_ezra_divides_an_inheritance),
      cmocka_unit_test(a_power_plant_has_a_core),
      cmocka_unit_test(the_shapley_value_is_the_average_over_orders),
      cmocka_unit_test(values_are_efficient_and_additive),
      cmocka_unit_test(a_dummy_gets_its_own_and_equals_get_the_same),
      cmocka_unit_test(random_nucleoli_pass_kohlbergs_criterion),
      cmocka_unit_test(the_least_core_is_least),
      cmocka_unit_test(kinds_of_games_have_witnesses),
      cmocka_unit_test(worths_in_intervals_give_values_in_intervals),
      cmocka_unit_test(what_is_no_game_is_refused),
      cmocka_unit_test(one_player_gets_all),
      cmocka_unit_test(cancelled_work_ends),
      cmocka_unit_test(failing_allocations_are_survived),
  };
  return run(tests);
}
