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

/* The Banzhaf value of that airport: i brings its need less the largest need below
 * its own among those drawn, where nobody above is drawn: at 2^-(n - i). */
static double banzhaf_of_runway(size_t i) {
  double value = 0, p = 0.5;
  for (size_t k = i - 1; k >= 1; k--, p /= 2) value += p * (double)(i - k);
  value += 2 * p * (double)i;
  return ldexp(value, -(int)(ROUTES - i));
}

static void drawn_coalitions_stay_within_their_bound(void **state) {
  (void)state;
  double x[60], again[60], bound, of_sum, sum = 0, exact = 0;
  bool proven;
  size_t calls = 0;
  cm_sampling how = {.pairs = 4000, .seed = 7, .stream = "banzhaf", .range = ROUTES, .risk = 0.05};
  assert_double_equal(banzhaf_of_runway(ROUTES), 2 - ldexp(1, 1 - ROUTES), 1e-12);
  assert_ok(
      cm_banzhaf_sample(ROUTES, runway, &calls, &how, NULL, x, &bound, &of_sum, &proven, NULL));
  assert_true(proven);
  assert_double_equal(bound, ROUTES * sqrt(log(2 * (ROUTES + 1) / 0.05) / 8000), 1e-14);
  assert_double_equal(of_sum, sqrt(ROUTES) * bound, 1e-12);
  assert_true(calls > 0 && calls <= 1 + 4 * 4000 * ROUTES);
  for (size_t i = 0; i < ROUTES; i++) {
    sum += x[i];
    exact += banzhaf_of_runway(i + 1);
    assert_true(fabs(x[i] - banzhaf_of_runway(i + 1)) < bound / 4); /* far within, this seed */
  }
  assert_true(fabs(sum - exact) < of_sum / 4);
  assert_ok(
      cm_banzhaf_sample(ROUTES, runway, &calls, &how, NULL, again, &bound, &of_sum, &proven, NULL));
  for (size_t i = 0; i < ROUTES; i++) assert_true(x[i] == again[i]);
  how = (cm_sampling){.pairs = 2, .seed = 1, .risk = 0.1};
  assert_ok(cm_banzhaf_sample(60, heads, NULL, &how, NULL, again, &bound, &of_sum, &proven, NULL));
  assert_true(!proven && again[59] == 3 && bound == 0);
  assert_status(cm_banzhaf_sample(5, broken, NULL, &how, NULL, x, &bound, &of_sum, &proven, NULL),
                CM_NOT_FINITE);
  assert_status(cm_banzhaf_sample(5, stopped, NULL, &how, NULL, x, &bound, &of_sum, &proven, NULL),
                CM_CANCELLED);
  assert_status(cm_banzhaf_sample(0, heads, NULL, &how, NULL, x, &bound, &of_sum, &proven, NULL),
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

/* ---- the nucleolus of many --------------------------------------------------------------- */

/* A game with a formula: the worth of a coalition, and the best within bounds. */
typedef struct formula {
  size_t n, left; /* left gloves come first */
  double need[40], estate;
  const cm_game *game;
} formula;

static cm_status costs(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)err;
  const formula *f = ud;
  *worth = 0;
  for (; s; s &= s - 1) *worth = fmin(*worth, -f->need[__builtin_ctzll(s)]);
  return CM_OK;
}

/* What a coalition gains apart, by its worth. */
static double gain(cm_worth_fn worth, formula *f, const double *x, cm_coalition s) {
  double by;
  assert_ok(worth(f, s, &by, NULL));
  for (; s; s &= s - 1) by -= x[__builtin_ctzll(s)];
  return by;
}

static void keep_better(cm_worth_fn worth, formula *f, const double *x, cm_coalition s,
                        cm_coalition *best, double *most) {
  double by = gain(worth, f, x, s);
  if (by > *most) {
    *most = by;
    *best = s;
  }
}

/* Needs rise: up to the dearest member, everyone who pays is welcome. */
static cm_status best_on_runway(void *ud, const double *x, cm_coalition in, cm_coalition out,
                                cm_coalition *s, double *most, cm_error *err) {
  (void)err;
  formula *f = ud;
  cm_coalition welcome = in;
  *most = -INFINITY;
  keep_better(costs, f, x, in, s, most);
  for (size_t i = 0; i < f->n; i++) {
    if (out >> i & 1) continue;
    if (x[i] < 0) welcome |= (cm_coalition)1 << i;
    keep_better(costs, f, x, welcome | (cm_coalition)1 << i, s, most);
  }
  return CM_OK;
}

/* Littlechild (1974): the classes pay alike up to that with the least of these. */
static void littlechild(const formula *f, double *x) {
  double pays = 0, covered = 0;
  for (size_t from = 0; from < f->n;) {
    double least = INFINITY;
    size_t to = from;
    for (size_t i = from; i < f->n; i++) {
      double part = (f->need[i] - covered + pays) / (double)(i + 1 - from + (i + 1 < f->n));
      if (part <= least) {
        least = part;
        to = i;
      }
    }
    for (size_t i = from; i <= to; i++) x[i] = -least;
    covered = f->need[to];
    pays = least;
    from = to + 1;
  }
}

static void assert_nucleolus(formula *f, cm_worth_fn worth, cm_best_fn best, const double *want) {
  for (int kind = 0; kind < 2; kind++) {
    double x[40];
    cm_rows_report report;
    assert_ok(cm_nucleolus_by_rows(f->n, (cm_nucleolus_kind)kind, worth, best, f, 100000, NULL, x,
                                   &report, NULL));
    for (size_t i = 0; i < f->n; i++) assert_double_equal(x[i], want[i], 1e-7);
    assert_double_equal(report.open, 0, 0);
    assert_true(report.programs >= 1 && report.questions < 1000 && report.coalitions < 100);
  }
}

static void a_long_runway_is_shared_as_littlechild_has_it(void **state) {
  (void)state;
  double x[40];
  formula small = {.n = 4, .need = {8, 11, 13, 18}};
  littlechild(&small, x); /* Littlechild and Owen 1973, by hand */
  for (size_t i = 0; i < 4; i++) assert_double_equal(x[i], i < 3 ? -3.25 : -8.25, 1e-12);
  assert_nucleolus(&small, costs, best_on_runway, x);
  for (size_t n = 25; n <= 40; n += 15) {
    formula f = {.n = n};
    uint64_t seed = n;
    for (size_t i = 0; i < n; i++)
      f.need[i] = (i ? f.need[i - 1] : 5) + floor(6 * next_random(&seed)) * (double)(1 + i / 4);
    littlechild(&f, x);
    assert_nucleolus(&f, costs, best_on_runway, x);
  }
}

static cm_status left_over(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)err;
  const formula *f = ud;
  double left = f->estate;
  for (size_t i = 0; i < f->n; i++) left -= s >> i & 1 ? 0 : f->need[i];
  *worth = fmax(0, left);
  return CM_OK;
}

/* Nothing is left, and who costs nothing is welcome; or who claims more than it gets. */
static cm_status best_of_claims(void *ud, const double *x, cm_coalition in, cm_coalition out,
                                cm_coalition *s, double *most, cm_error *err) {
  (void)err;
  formula *f = ud;
  cm_coalition poor = in, dear = in;
  for (size_t i = 0; i < f->n; i++) {
    if (out >> i & 1) continue;
    if (x[i] < 0) poor |= (cm_coalition)1 << i;
    if (x[i] < f->need[i]) dear |= (cm_coalition)1 << i;
  }
  *most = -INFINITY;
  keep_better(left_over, f, x, poor, s, most);
  keep_better(left_over, f, x, dear, s, most);
  return CM_OK;
}

/* Equal awards of the half claims, or equal losses of them (Aumann and Maschler
 * 1985); the level by bisection. */
static void contested_garment(const formula *f, double *x) {
  double half = 0, low = 0, high = f->estate;
  for (size_t i = 0; i < f->n; i++) half += f->need[i] / 2;
  bool losses = f->estate > half;
  double to_share = losses ? 2 * half - f->estate : f->estate;
  for (int k = 0; k < 200; k++) {
    double level = (low + high) / 2, sum = 0;
    for (size_t i = 0; i < f->n; i++) sum += fmin(f->need[i] / 2, level);
    *(sum < to_share ? &low : &high) = level;
  }
  for (size_t i = 0; i < f->n; i++) {
    double part = fmin(f->need[i] / 2, low);
    x[i] = losses ? f->need[i] - part : part;
  }
}

static void an_estate_is_shared_as_the_talmud_has_it(void **state) {
  (void)state;
  double x[40];
  formula talmud = {.n = 3, .need = {100, 200, 300}, .estate = 200};
  contested_garment(&talmud, x);
  for (size_t i = 0; i < 3; i++) assert_double_equal(x[i], i ? 75 : 50, 1e-9);
  assert_nucleolus(&talmud, left_over, best_of_claims, x);
  for (int k = 1; k < 4; k++) {
    formula f = {.n = 30};
    for (size_t i = 0; i < f.n; i++) {
      f.need[i] = (double)(10 + 3 * i);
      f.estate += f.need[i] * k / 4;
    }
    contested_garment(&f, x);
    assert_nucleolus(&f, left_over, best_of_claims, x);
  }
}

static cm_status pairs(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)err;
  const formula *f = ud;
  int all = __builtin_popcountll(s), left = __builtin_popcountll(s & (SETS(f->left) - 1));
  *worth = left < all - left ? left : all - left;
  return CM_OK;
}

/* The cheapest of one side who is not in or out. */
static cm_coalition cheapest(const double *x, size_t from, size_t to, cm_coalition taken) {
  size_t best = to;
  for (size_t i = from; i < to; i++)
    if (!(taken >> i & 1) && (best == to || x[i] < x[best])) best = i;
  return best == to ? 0 : (cm_coalition)1 << best;
}

static cm_status best_pairs(void *ud, const double *x, cm_coalition in, cm_coalition out,
                            cm_coalition *s, double *most, cm_error *err) {
  (void)err;
  formula *f = ud;
  *most = -INFINITY;
  cm_coalition lefts = in;
  for (size_t l = 0; l <= f->left; l++) {
    cm_coalition both = lefts;
    for (size_t k = 0; k <= f->n - f->left; k++) {
      keep_better(pairs, f, x, both, s, most);
      both |= cheapest(x, f->left, f->n, both | out);
    }
    lefts |= cheapest(x, 0, f->left, lefts | out);
  }
  return CM_OK;
}

static void gloves_go_to_the_short_side(void **state) {
  (void)state;
  double x[40];
  formula even = {.n = 26, .left = 13}, odd = {.n = 25, .left = 12};
  for (size_t i = 0; i < 26; i++) x[i] = 0.5;
  assert_nucleolus(&even, pairs, best_pairs, x);
  for (size_t i = 0; i < 25; i++) x[i] = i < 12;
  assert_nucleolus(&odd, pairs, best_pairs, x);
}

static cm_status listed_worth(void *ud, cm_coalition s, double *worth, cm_error *err) {
  (void)err;
  *worth = cm_game_worth(((formula *)ud)->game, s);
  return CM_OK;
}

static cm_status best_listed(void *ud, const double *x, cm_coalition in, cm_coalition out,
                             cm_coalition *s, double *most, cm_error *err) {
  (void)err;
  formula *f = ud;
  *most = -INFINITY;
  for (cm_coalition k = 0; k < SETS(f->n); k++)
    if ((k & in) == in && !(k & out)) keep_better(listed_worth, f, x, k, s, most);
  return CM_OK;
}

static void rows_as_they_are_found_give_the_nucleolus(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 24; seed++) {
    double v[SETS(12)], x[12], want[12], weights[12] = {5, 4, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1};
    formula f = {.n = 4 + seed % 9};
    cm_nucleolus_kind kind = seed % 2 ? CM_NUCLEOLUS : CM_PRENUCLEOLUS;
    bool good;
    cm_game *g;
    cm_rows_report report;
    random_worths(f.n, seed, v);
    if (seed % 3 == 0) voting_worths(f.n, weights, 9, v);
    if (seed % 3 == 1) /* many equal excesses */
      for (size_t s = 0; s < SETS(f.n); s++) v[s] = floor(v[s]);
    assert_ok(cm_game_new(f.n, v, &g, NULL));
    f.game = g;
    cm_status status = cm_game_nucleolus(g, kind, NULL, want, NULL, NULL);
    assert_status(cm_nucleolus_by_rows(f.n, kind, listed_worth, best_listed, &f, 100000, NULL, x,
                                       &report, NULL),
                  status);
    if (status == CM_OK) {
      for (size_t i = 0; i < f.n; i++) assert_double_equal(x[i], want[i], 1e-7);
      assert_ok(cm_game_kohlberg(g, kind, x, NULL, &good, NULL));
      assert_true(good && report.open == 0);
    }
    cm_game_release(g);
  }
}

/* Knows of no bound, and on the first level of nothing but the players asked for. */
static cm_status late(void *ud, const double *x, cm_coalition in, cm_coalition out, cm_coalition *s,
                      double *most, cm_error *err) {
  formula *f = ud;
  cm_status status = CM_OK;
  *s = in;
  if (f->left) f->left--;
  if (!f->left) status = best_listed(ud, x, in, out, s, most, err);
  *most = INFINITY;
  return status;
}

static void what_is_found_late_begins_the_levels_again(void **state) {
  size_t woke = 0;
  (void)state;
  for (uint64_t seed = 1; seed <= 8; seed++) {
    enum { N = 7 };
    double v[SETS(N)], x[N], want[N];
    formula f = {.n = N, .left = 2 * N};
    cm_rows_report report;
    cm_game *g;
    random_worths(N, seed, v);
    assert_ok(cm_game_new(N, v, &g, NULL));
    f.game = g;
    assert_ok(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, want, NULL, NULL));
    assert_ok(cm_nucleolus_by_rows(N, CM_PRENUCLEOLUS, listed_worth, late, &f, 100000, NULL, x,
                                   &report, NULL));
    assert_true(report.open == INFINITY);
    bool awake = report.questions >= 2 * N; /* before all was settled */
    woke += awake;
    for (size_t i = 0; awake && i < N; i++) assert_double_equal(x[i], want[i], 1e-7);
    assert_ok(cm_nucleolus_by_rows(N, CM_PRENUCLEOLUS, listed_worth, best_listed, &f, 3, NULL, x,
                                   &report, NULL));
    assert_true(report.open == INFINITY && report.questions == 3);
    cm_game_release(g);
  }
  assert_true(woke >= 2);
}

static cm_status outside(void *ud, const double *x, cm_coalition in, cm_coalition out,
                         cm_coalition *s, double *most, cm_error *err) {
  (void)ud;
  (void)x;
  (void)in;
  (void)err;
  *s = out | 1;
  *most = 1;
  return CM_OK;
}

static void nucleoli_of_many_refuse_what_means_nothing(void **state) {
  (void)state;
  double x[61];
  cm_error err;
  cm_rows_report report;
  formula f = {.n = 5, .need = {1, 2, 3, 4, 5}};
  assert_status(
      cm_nucleolus_by_rows(61, CM_NUCLEOLUS, costs, best_on_runway, &f, 9, NULL, x, &report, &err),
      CM_INVALID);
  assert_status(cm_nucleolus_by_rows(3, CM_PRENUCLEOLUS, broken, best_on_runway, &f, 9, NULL, x,
                                     &report, &err),
                CM_NOT_FINITE);
  assert_status(
      cm_nucleolus_by_rows(5, CM_NUCLEOLUS, stopped, best_on_runway, &f, 9, NULL, x, &report, &err),
      CM_CANCELLED);
  assert_status(
      cm_nucleolus_by_rows(5, CM_NUCLEOLUS, costs, outside, &f, 999, NULL, x, &report, &err),
      CM_INVALID);
}

static cm_status small_nucleolus(void *ud) {
  double x[6];
  cm_rows_report report;
  return cm_nucleolus_by_rows(6, CM_NUCLEOLUS, costs, best_on_runway, ud, 1000, NULL, x, &report,
                              NULL);
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
  formula f = {.n = 6, .need = {1, 2, 3, 5, 8, 13}};
  survives_failing_allocations(small_rows, NULL);
  survives_failing_allocations(small_nucleolus, &f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(drawn_orders_stay_within_their_bound),
      cmocka_unit_test(drawn_coalitions_stay_within_their_bound),
      cmocka_unit_test(sampling_refuses_what_means_nothing),
      cmocka_unit_test(rows_as_they_are_found_give_the_least_core),
      cmocka_unit_test(forty_players_are_not_too_many),
      cmocka_unit_test(a_long_runway_is_shared_as_littlechild_has_it),
      cmocka_unit_test(an_estate_is_shared_as_the_talmud_has_it),
      cmocka_unit_test(gloves_go_to_the_short_side),
      cmocka_unit_test(rows_as_they_are_found_give_the_nucleolus),
      cmocka_unit_test(what_is_found_late_begins_the_levels_again),
      cmocka_unit_test(nucleoli_of_many_refuse_what_means_nothing),
      cmocka_unit_test(failing_allocations_are_survived),
  };
  return run(tests);
}
