/* Regressions: worked by hand, by their definitions with dummies, by closed forms of the tails,
 * and refusals. */
#include "matrices.h"

#include "capmod/econ.h"

/* y on a constant and 1..5: slope 8/10, intercept 3 - 2.4; residuals -.4 .8 -1 1.2 -.6; leverages
 * 1/5 + (x - 3)^2 / 10 = .6 .3 .2 .3 .6. The slope's variances follow by hand. */
static const double FIVE[] = {1, 1, 1, 2, 1, 3, 1, 4, 1, 5}, FIVE_Y[] = {1, 3, 2, 5, 4};

static cm_fit *five(void) {
  cm_matrix *x = matrix(5, 2, FIVE), *y = matrix(5, 1, FIVE_Y);
  cm_design d = {.y = y, .x = x};
  cm_fit *fit;
  assert_ok(cm_fit_linear(&d, NULL, &fit, NULL));
  cm_matrix_release(x);
  cm_matrix_release(y);
  return fit;
}

static double slope_variance(const cm_fit *fit, cm_errors kind, const cm_effect *cluster) {
  cm_matrix *v;
  assert_ok(cm_fit_covariance(fit, kind, cluster, 2, &v, NULL));
  assert_double_equal(cm_matrix_at(v, 0, 1), cm_matrix_at(v, 1, 0), 0);
  double variance = cm_matrix_at(v, 1, 1);
  cm_matrix_release(v);
  return variance;
}

static void least_squares_are_those_of_hand(void **state) {
  (void)state;
  cm_fit *fit = five();
  cm_matrix *b = cm_fit_take(fit, CM_FIT_COEFFICIENTS), *e = cm_fit_take(fit, CM_FIT_RESIDUALS);
  assert_matrix(b, 2, 1, NUMBERS(0.6, 0.8), 1e-14);
  assert_matrix(e, 5, 1, NUMBERS(-0.4, 0.8, -1, 1.2, -0.6), 1e-14);
  cm_fit_sums sums;
  cm_fit_sums_of(fit, &sums);
  assert_double_equal(sums.residual, 3.6, 1e-14);
  assert_double_equal(sums.total, 10, 1e-14);
  assert_double_equal(sums.total_raw, 55, 1e-14);
  assert_double_equal(sums.correlation, 0.8, 1e-14);
  const size_t group[] = {0, 1, 0, 1, 2};
  const cm_effect cluster = {group, 3};
  assert_double_equal(slope_variance(fit, CM_CLASSICAL, NULL), 1.2 / 10, 1e-14);
  assert_double_equal(slope_variance(fit, CM_HC0, NULL), 0.0416, 1e-14);
  assert_double_equal(slope_variance(fit, CM_HC1, NULL), 0.0416 * 5 / 3, 1e-14);
  assert_double_equal(slope_variance(fit, CM_HC2, NULL),
                      (0.64 / 0.4 + 0.64 / 0.7 + 1.44 / 0.7 + 1.44 / 0.4) / 100, 1e-14);
  assert_double_equal(slope_variance(fit, CM_HC3, NULL),
                      (0.64 / 0.16 + 0.64 / 0.49 + 1.44 / 0.49 + 1.44 / 0.16) / 100, 1e-14);
  /* sums of (x - 3) e in the clusters: .8, .4, -1.2 */
  assert_double_equal(slope_variance(fit, CM_CLUSTER0, &cluster), 2.24 / 100, 1e-14);
  assert_double_equal(slope_variance(fit, CM_CLUSTER, &cluster), 2.24 / 100 * 1.5 * 4 / 3, 1e-14);
  cm_matrix_release(b);
  cm_matrix_release(e);
  cm_fit_release(fit);
}

/* A binary instrument gives (mean y | 1 - mean y | 0) / (mean x | 1 - mean x | 0) (Wald 1940). */
static void one_instrument_is_walds_ratio(void **state) {
  (void)state;
  cm_matrix *y = matrix(6, 1, NUMBERS(1, 4, 2, 6, 9, 7));
  cm_matrix *x = matrix(6, 2, NUMBERS(1, 1, 1, 3, 1, 2, 1, 5, 1, 4, 1, 7));
  cm_matrix *z = matrix(6, 2, NUMBERS(1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1));
  cm_design d = {.y = y, .x = x, .z = z};
  cm_fit *fit;
  assert_ok(cm_fit_linear(&d, NULL, &fit, NULL));
  cm_matrix *b = cm_fit_take(fit, CM_FIT_COEFFICIENTS), *v;
  double slope = (18.0 / 3 - 11.0 / 3) / (13.0 / 3 - 9.0 / 3);
  assert_matrix(b, 2, 1, NUMBERS(29.0 / 6 - slope * 22 / 6, slope), 1e-13);
  assert_status(cm_fit_covariance(fit, CM_HC3, NULL, 2, &v, NULL), CM_INVALID);
  cm_matrix_release(b);
  cm_fit_release(fit);
  cm_matrix *none = matrix(6, 1, NUMBERS(1, 1, 1, 1, 1, 1));
  cm_error err;
  d.z = none;
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_TOO_FEW_ROWS);
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_matrix_release(z);
  cm_matrix_release(none);
}

/* ---- effects: against regressions that hold the dummies
 * ------------------------------------------ */

enum { ROWS = 14, GROUPS = 4, TIMES = 5 };
static const size_t WHO[ROWS] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3};
static const size_t WHEN[ROWS] = {0, 1, 2, 3, 0, 2, 4, 1, 2, 3, 4, 0, 3, 4};
static const double PANEL_Y[ROWS] = {3, 4, 6, 5, 9, 2, 7, 1, 8, 0, 6, 5, 3, 12};
static const double PANEL_X[ROWS] = {1, 5, 2, 2, 7, 3, 3, 8, 1, 4, 6, 2, 9, 5};

static cm_matrix *with_dummies(void) {
  cm_matrix *x;
  assert_ok(cm_matrix_new(ROWS, 1 + GROUPS + TIMES - 1, &x, NULL));
  for (size_t i = 0; i < ROWS; i++) {
    assert_ok(cm_matrix_set(x, i, 0, PANEL_X[i], NULL));
    assert_ok(cm_matrix_set(x, i, 1 + WHO[i], 1, NULL));
    if (WHEN[i]) assert_ok(cm_matrix_set(x, i, GROUPS + WHEN[i], 1, NULL));
  }
  return x;
}

static void compare_fits(const cm_design *swept, const cm_design *dummies, bool poisson) {
  cm_fit *one, *other;
  cm_status (*fit)(const cm_design *, const cm_job *, cm_fit **, cm_error *) =
      poisson ? cm_fit_poisson : cm_fit_linear;
  assert_ok(fit(swept, NULL, &one, NULL));
  assert_ok(fit(dummies, NULL, &other, NULL));
  cm_matrix *b = cm_fit_take(one, CM_FIT_COEFFICIENTS),
            *c = cm_fit_take(other, CM_FIT_COEFFICIENTS);
  cm_matrix *f = cm_fit_take(one, CM_FIT_FITTED), *g = cm_fit_take(other, CM_FIT_FITTED), *v, *w;
  assert_double_equal(cm_matrix_at(b, 0, 0), cm_matrix_at(c, 0, 0), 1e-10);
  assert_same_matrix(f, g, 1e-9);
  for (int kind = CM_CLASSICAL; kind <= CM_HC1; kind++) {
    assert_ok(cm_fit_covariance(one, (cm_errors)kind, NULL, 9, &v, NULL));
    assert_ok(cm_fit_covariance(other, (cm_errors)kind, NULL, 9, &w, NULL));
    assert_double_equal(cm_matrix_at(v, 0, 0), cm_matrix_at(w, 0, 0), 1e-9);
    cm_matrix_release(v);
    cm_matrix_release(w);
  }
  assert_status(cm_fit_covariance(one, CM_HC2, NULL, 9, &v, NULL), CM_INVALID);
  cm_matrix_release(b);
  cm_matrix_release(c);
  cm_matrix_release(f);
  cm_matrix_release(g);
  cm_fit_release(one);
  cm_fit_release(other);
}

static void effects_are_dummies_swept_out(void **state) {
  (void)state;
  const cm_effect effects[] = {{WHO, GROUPS}, {WHEN, TIMES}};
  cm_matrix *y = matrix(ROWS, 1, PANEL_Y), *x = matrix(ROWS, 1, PANEL_X), *all = with_dummies();
  cm_design swept = {.y = y, .x = x, .effect = effects, .effects = 2};
  cm_design dummies = {.y = y, .x = all};
  compare_fits(&swept, &dummies, false);
  compare_fits(&swept, &dummies, true);
  size_t rank[2];
  assert_ok(cm_effects_rank(effects, 2, ROWS, rank, NULL));
  assert_int_equal(rank[0], GROUPS);
  assert_int_equal(rank[1], TIMES - 1);
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_matrix_release(all);
}

/* Two parts that no row joins: one more parameter is redundant. */
static void effects_apart_count_their_parts(void **state) {
  (void)state;
  const size_t a[] = {0, 0, 1, 2, 2}, b[] = {0, 1, 1, 2, 3};
  const cm_effect effects[] = {{a, 3}, {b, 4}};
  size_t rank[2];
  assert_ok(cm_effects_rank(effects, 2, 5, rank, NULL));
  assert_int_equal(rank[0], 3);
  assert_int_equal(rank[1], 2);
}

/* A constant and a dummy: logarithms of means and of their ratio, whatever the distribution. */
static void poisson_meets_the_means_of_groups(void **state) {
  (void)state;
  cm_matrix *y = matrix(5, 1, NUMBERS(0, 3, 2.5, 7, 0.5));
  cm_matrix *x = matrix(5, 2, NUMBERS(1, 0, 1, 0, 1, 1, 1, 1, 1, 0));
  cm_design d = {.y = y, .x = x};
  cm_fit *fit;
  assert_ok(cm_fit_poisson(&d, NULL, &fit, NULL));
  cm_matrix *b = cm_fit_take(fit, CM_FIT_COEFFICIENTS), *v;
  double low = 3.5 / 3, high = 9.5 / 2;
  assert_matrix(b, 2, 1, NUMBERS(log(low), log(high / low)), 1e-13);
  assert_ok(cm_fit_covariance(fit, CM_CLASSICAL, NULL, 2, &v, NULL));
  assert_double_equal(cm_matrix_at(v, 0, 0), 1 / 3.5, 1e-12); /* one over the sum of a group */
  assert_double_equal(cm_matrix_at(v, 1, 1), 1 / 3.5 + 1 / 9.5, 1e-12);
  cm_fit_sums sums;
  cm_fit_sums_of(fit, &sums);
  double mean = 13.0 / 5, null = 0;
  const double ys[] = {0, 3, 2.5, 7, 0.5};
  for (size_t i = 0; i < 5; i++) null += (ys[i] > 0 ? ys[i] * log(ys[i] / mean) : 0) - ys[i] + mean;
  assert_double_equal(sums.deviance_null, 2 * null, 1e-13);
  cm_matrix_release(b);
  cm_matrix_release(v);
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_fit_release(fit);
}

/* ---- refusals
 * ---------------------------------------------------------------------------------------- */

static void what_follows_from_others_is_named(void **state) {
  (void)state;
  cm_matrix *y = matrix(5, 1, FIVE_Y);
  cm_matrix *x = labelled(matrix(5, 3, NUMBERS(1, 1, 3, 1, 2, 5, 1, 3, 7, 1, 4, 9, 1, 5, 11)),
                          CM_COLS, LABELS("one", "t", "double"));
  cm_design d = {.y = y, .x = x};
  cm_fit *fit = NULL;
  cm_error err;
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_COLLINEAR);
  assert_string_equal(err.message, "regressor 'double' follows from 'one', 't'");
  assert_int_equal(err.col, 3);
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_COLLINEAR);
  assert_null(fit);
  const size_t each[] = {0, 0, 1, 1, 1};
  const cm_effect effect = {each, 2};
  cm_matrix *within = labelled(matrix(5, 1, NUMBERS(2, 2, 9, 9, 9)), CM_COLS, LABELS("fixed"));
  d = (cm_design){.y = y, .x = within, .effect = &effect, .effects = 1};
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_COLLINEAR);
  assert_non_null(strstr(err.message, "'fixed'"));
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_matrix_release(within);
}

/* A dummy that is 1 only where y is 0 sends its coefficient to minus infinity. */
static void poisson_refuses_what_has_no_estimate(void **state) {
  (void)state;
  cm_matrix *y = matrix(6, 1, NUMBERS(0, 0, 2, 3, 0, 1));
  cm_matrix *x = matrix(6, 2, NUMBERS(1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0));
  cm_matrix *minus = matrix(6, 1, NUMBERS(0, 0, 2, -3, 0, 1)), *zero = matrix(6, 1, (double[6]){0});
  const size_t groups[] = {0, 0, 1, 1, 1, 1}, beyond[] = {0, 0, 1, 1, 1, 2};
  const cm_effect empty = {groups, 2}, wrong = {beyond, 2};
  cm_design d = {.y = y, .x = x};
  cm_fit *fit = NULL;
  cm_error err;
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_NO_ESTIMATE);
  assert_int_equal(err.col, 2);
  d.y = minus;
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_INVALID);
  assert_int_equal(err.row, 4);
  d.y = zero;
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_INVALID);
  d = (cm_design){.y = y, .x = x, .z = x};
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_INVALID);
  d = (cm_design){.y = y, .x = x, .effect = &empty, .effects = 1};
  assert_status(cm_fit_poisson(&d, NULL, &fit, &err), CM_INVALID);
  d.effect = &wrong;
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_RANGE);
  assert_null(fit);
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_matrix_release(minus);
  cm_matrix_release(zero);
}

static void shapes_rows_and_numbers_are_checked(void **state) {
  (void)state;
  cm_matrix *y = matrix(2, 1, FIVE_Y), *x = matrix(2, 2, FIVE), *long_x = matrix(5, 2, FIVE);
  cm_matrix *nan = matrix(5, 1, NUMBERS(1, 2, NAN, 4, 5)),
            *single = matrix(5, 2, NUMBERS(1, 0, 1, 0, 1, 0, 1, 0, 1, 1));
  cm_matrix *five_y = matrix(5, 1, FIVE_Y), *v;
  cm_fit *fit = NULL;
  cm_error err;
  cm_design d = {.y = y, .x = x};
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_TOO_FEW_ROWS);
  d.x = long_x;
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_SHAPE);
  d.y = nan;
  assert_status(cm_fit_linear(&d, NULL, &fit, &err), CM_NOT_FINITE);
  assert_null(fit);
  fit = five();
  assert_status(cm_fit_covariance(fit, CM_HC1, NULL, 5, &v, &err), CM_TOO_FEW_ROWS);
  const size_t one[] = {0, 0, 0, 0, 0};
  const cm_effect all = {one, 1};
  assert_status(cm_fit_covariance(fit, CM_CLUSTER, &all, 2, &v, &err), CM_TOO_FEW_ROWS);
  cm_fit_release(fit);
  d = (cm_design){.y = five_y, .x = single}; /* the last row alone settles the second column */
  assert_ok(cm_fit_linear(&d, NULL, &fit, NULL));
  assert_status(cm_fit_covariance(fit, CM_HC3, NULL, 2, &v, &err), CM_NO_ESTIMATE);
  assert_int_equal(err.row, 5);
  cm_fit_release(fit);
  cm_matrix *list[] = {y, x, long_x, nan, single, five_y};
  for (size_t i = 0; i < COUNT(list); i++) cm_matrix_release(list[i]);
}

/* ---- tails: where they have closed forms
 * -------------------------------------------------------------- */

static void tails_meet_their_closed_forms(void **state) {
  (void)state;
  const double pi = acos(-1.0), ts[] = {0.01, 0.5, 1, 3, 12, 400};
  for (size_t i = 0; i < COUNT(ts); i++) {
    double t = ts[i];
    assert_double_equal(cm_t_two_sided(t, 1) * pi / 2 / atan(1 / t), 1, 1e-12);
    double two = 2 / (sqrt(2 + t * t) * (sqrt(2 + t * t) + t)); /* 1 - t / sqrt(2 + t^2) */
    assert_double_equal(cm_t_two_sided(-t, 2) / two, 1, 1e-12);
    assert_double_equal(cm_f_tail(t, 2, 7) / pow(1 + 2 * t / 7, -3.5), 1, 1e-12);
    assert_double_equal(cm_f_tail(t * t, 1, 9), cm_t_two_sided(t, 9), 1e-13);
    assert_double_equal(cm_chi2_tail(t, 2), exp(-t / 2), 1e-13);
    assert_double_equal(cm_chi2_tail(t, 1), erfc(sqrt(t / 2)), 1e-13);
    assert_double_equal(cm_chi2_tail(t, 4), exp(-t / 2) * (1 + t / 2), 1e-13);
    assert_double_equal(cm_t_two_sided(t, HUGE_VAL), erfc(t / sqrt(2)), 0);
    assert_double_equal(cm_f_tail(t, 4, HUGE_VAL), cm_chi2_tail(4 * t, 4), 0);
  }
  /* Printed tables: Student 2.228 at 10, 1.96 at infinity, 5 % */
  assert_double_equal(cm_t_critical(0.05, 10), 2.228, 0.0005);
  assert_double_equal(cm_t_critical(0.05, HUGE_VAL), 1.959963984540054, 1e-13);
  assert_double_equal(cm_t_two_sided(cm_t_critical(1e-6, 3), 3), 1e-6, 1e-13);
  assert_double_equal(cm_t_two_sided(0, 5), 1, 0);
  assert_double_equal(cm_f_tail(-1, 2, 3), 1, 0);
  assert_true(isnan(cm_t_two_sided(1, 0)) && isnan(cm_f_tail(1, 0, 1)));
  assert_true(isnan(cm_chi2_tail(NAN, 1)) && isnan(cm_t_critical(0, 1)));
}

/* ---- what stops the work
 * -------------------------------------------------------------------------------- */

static cm_status all_of_it(void *ud) {
  (void)ud;
  const cm_effect effects[] = {{WHO, GROUPS}, {WHEN, TIMES}};
  cm_matrix *y = NULL, *x = NULL, *z = NULL, *v = NULL;
  cm_fit *fit = NULL, *poisson = NULL;
  size_t rank[2];
  cm_status status;
  double two[2 * ROWS];
  for (size_t i = 0; i < ROWS; i++)
    two[i] = PANEL_Y[i] * PANEL_X[i], two[ROWS + i] = PANEL_X[i] * PANEL_X[i];
  if ((status = cm_matrix_from(PANEL_Y, ROWS, 1, ROWS, &y, NULL)) != CM_OK) goto done;
  if ((status = cm_matrix_from(PANEL_X, ROWS, 1, ROWS, &x, NULL)) != CM_OK) goto done;
  if ((status = cm_matrix_from(two, ROWS, 2, ROWS, &z, NULL)) != CM_OK) goto done;
  cm_design d = {.y = y, .x = x, .z = z, .effect = effects, .effects = 2};
  if ((status = cm_fit_linear(&d, NULL, &fit, NULL)) != CM_OK) goto done;
  d.z = NULL;
  if ((status = cm_fit_poisson(&d, NULL, &poisson, NULL)) != CM_OK) goto done;
  if ((status = cm_effects_rank(effects, 2, ROWS, rank, NULL)) != CM_OK) goto done;
  status = cm_fit_covariance(fit, CM_CLUSTER, &effects[0], 2, &v, NULL);
done:
  cm_matrix_release(y);
  cm_matrix_release(x);
  cm_matrix_release(z);
  cm_matrix_release(v);
  cm_fit_release(fit);
  cm_fit_release(poisson);
  return status;
}

static void nothing_is_lost_when_memory_ends(void **state) {
  (void)state;
  survives_failing_allocations(all_of_it, NULL);
}

static void work_can_be_cancelled(void **state) {
  (void)state;
  atomic_bool cancel = true;
  cm_job job = {.cancel = &cancel};
  cm_matrix *x = matrix(5, 2, FIVE), *y = matrix(5, 1, FIVE_Y);
  cm_design d = {.y = y, .x = x};
  cm_fit *fit = NULL;
  assert_status(cm_fit_linear(&d, &job, &fit, NULL), CM_CANCELLED);
  assert_status(cm_fit_poisson(&d, &job, &fit, NULL), CM_CANCELLED);
  assert_null(fit);
  cm_matrix_release(x);
  cm_matrix_release(y);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(least_squares_are_those_of_hand),
      cmocka_unit_test(one_instrument_is_walds_ratio),
      cmocka_unit_test(effects_are_dummies_swept_out),
      cmocka_unit_test(effects_apart_count_their_parts),
      cmocka_unit_test(poisson_meets_the_means_of_groups),
      cmocka_unit_test(what_follows_from_others_is_named),
      cmocka_unit_test(poisson_refuses_what_has_no_estimate),
      cmocka_unit_test(shapes_rows_and_numbers_are_checked),
      cmocka_unit_test(tails_meet_their_closed_forms),
      cmocka_unit_test(nothing_is_lost_when_memory_ends),
      cmocka_unit_test(work_can_be_cancelled),
  };
  return run(tests);
}
