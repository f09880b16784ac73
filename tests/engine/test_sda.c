/* Structural decomposition: worked by hand, and against all orders enumerated. */
#include "support.h"

#include "capmod/sda.h"
#include "tables.h"

static const size_t zeros[24];
static double at(const cm_matrix *m, size_t i, size_t j) { return cm_matrix_at(m, i, j); }

static cm_matrix *part(cm_table *t, cm_part p) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, p, NULL, &m, NULL));
  return m;
}

static cm_matrix *decompose(const cm_sda *sda) {
  cm_matrix *m;
  cm_error err;
  cm_status status = cm_sda_decompose(sda, NULL, &m, &err);
  if (status != CM_OK) fail_msg("%s", err.message);
  return m;
}

/* One country, one sector: x = y / (1 - a), and V = v x with v = 1 - a. */
static cm_table *scalar(double z, double y) {
  cm_axis *country = letters('C', 1), *sector = letters('S', 1);
  cm_matrix *zm, *ym;
  cm_table *t;
  assert_ok(cm_matrix_from(&z, 1, 1, 1, &zm, NULL));
  assert_ok(cm_matrix_from(&y, 1, 1, 1, &ym, NULL));
  cm_table_parts parts = {.countries = country, .sectors = sector, .z = zm, .y = ym};
  assert_ok(cm_table_new(&parts, NULL, &t, NULL));
  cm_axis_release(country);
  cm_axis_release(sector);
  cm_matrix_release(zm);
  cm_matrix_release(ym);
  return t;
}

/* a: .5 -> .6, so L: 2 -> 2.5; y: 10 -> 20; jobs per unit w: 3 -> 2.
 * q = w L y: 60 -> 100. */
static void has_the_figures_worked_by_hand(void **state) {
  (void)state;
  cm_table *from = scalar(10, 10), *to = scalar(30, 20);
  const double w[] = {3, 2};
  cm_matrix *w0, *w1;
  cm_axis *all = letters('a', 1);
  assert_ok(cm_matrix_from(&w[0], 1, 1, 1, &w0, NULL));
  assert_ok(cm_matrix_from(&w[1], 1, 1, 1, &w1, NULL));
  cm_sda sda = {from, to, w0, w1, false, false, {zeros, all}, CM_SDA_POLAR};
  cm_matrix *m = decompose(&sda);
  const double polar[] = {60, 100, (-1 * 2 * 10 + -1 * 2.5 * 20) / 2,
                          (2 * .5 * 10 + 3 * .5 * 20) / 2, (2 * 2.5 * 10 + 3 * 2 * 10) / 2};
  for (size_t k = 0; k < 5; k++) assert_double_equal(at(m, 0, k), polar[k], 1e-12);
  cm_matrix_release(m);
  /* all six orders: dw is taken at (L, y) old-old and new-new twice, at each mixed once */
  sda.method = CM_SDA_ALL;
  m = decompose(&sda);
  const double every[] = {-1 * (2 * 20 + 2 * 50 + 40 + 25) / 6.,
                          .5 * (2 * 30 + 2 * 40 + 60 + 20) / 6.,
                          10 * (2 * 6 + 2 * 5 + 7.5 + 4) / 6.};
  for (size_t k = 0; k < 3; k++) assert_double_equal(at(m, 0, 2 + k), every[k], 1e-12);
  cm_matrix_release(m);
  sda.method = CM_SDA_LMDI;
  m = decompose(&sda);
  double mean = (100 - 60) / log(100 / 60.);
  assert_double_equal(at(m, 0, 2), mean * log(2 / 3.), 1e-12);
  assert_double_equal(at(m, 0, 3), mean * log(2.5 / 2), 1e-12);
  assert_double_equal(at(m, 0, 4), mean * log(2), 1e-12);
  cm_matrix_release(m);
  cm_matrix_release(w0);
  cm_matrix_release(w1);
  cm_axis_release(all);
  cm_table_release(from);
  cm_table_release(to);
}

static double change_of(const cm_matrix *m, size_t g) {
  double sum = 0;
  for (size_t k = 2; k < cm_matrix_cols(m); k++) sum += at(m, g, k);
  return sum;
}

/* With dead nodes, demand below 0 and every way of splitting. */
static void effects_sum_to_the_change(void **state) {
  (void)state;
  const unsigned traits[] = {0, DEAD_NODE | NEGATIVE_DEMAND, SILENT_COUNTRY};
  size_t country[12];
  for (size_t i = 0; i < 12; i++) country[i] = i / 4;
  for (size_t k = 0; k < 3; k++)
    for (int method = CM_SDA_POLAR; method <= CM_SDA_LMDI; method++)
      for (int split = 0; split < 4; split++) {
        if (method == CM_SDA_LMDI && (split & 1)) continue;
        cm_table *from = random_table(3, 4, traits[k]), *to = random_table(3, 4, 0);
        cm_matrix *v0 = part(from, CM_PART_V), *v1 = part(to, CM_PART_V);
        cm_matrix *va0 = part(from, CM_PART_VA), *va1 = part(to, CM_PART_VA);
        cm_sda sda = {from,
                      to,
                      v0,
                      v1,
                      split & 1,
                      split >> 1,
                      {country, cm_table_countries(from)},
                      (cm_sda_method)method};
        cm_matrix *m = decompose(&sda);
        assert_int_equal(cm_matrix_cols(m), 2 + 1 + 1 + (split & 1) + 1 + 2 * (split >> 1));
        for (size_t c = 0; c < 3; c++) {
          double gdp[2] = {0, 0};
          for (size_t i = 4 * c; i < 4 * c + 4; i++) {
            gdp[0] += at(va0, 0, i);
            gdp[1] += at(va1, 0, i);
          }
          assert_double_equal(at(m, c, 0), gdp[0], 1e-11);
          assert_double_equal(at(m, c, 1), gdp[1], 1e-11);
          assert_double_equal(change_of(m, c), gdp[1] - gdp[0], 1e-10);
        }
        cm_matrix *all[] = {v0, v1, va0, va1, m};
        for (size_t j = 0; j < 5; j++) cm_matrix_release(all[j]);
        cm_table_release(from);
        cm_table_release(to);
      }
}

/* ---- all orders, one state at a time --------------------------------------------- */

/* q with each factor of output = L(technology, sourcing) y(level, mix, sourcing)
 * old or new, straight from the definitions, everything made anew. */
static double state_of(cm_table *const t[2], const int bit[5], size_t g, size_t n) {
  size_t nodes = g * n;
  double q = 0;
  cm_matrix *a[2], *d[2], *system, *right, *x;
  for (int p = 0; p < 2; p++) {
    a[p] = part(t[p], CM_PART_A);
    d[p] = part(t[p], CM_PART_D);
  }
  assert_ok(cm_matrix_identity(nodes, &system, NULL));
  assert_ok(cm_matrix_new(nodes, 1, &right, NULL));
  for (size_t i = 0; i < nodes; i++) {
    double demand = 0;
    for (size_t j = 0; j < nodes + g; j++) {
      bool final = j >= nodes;
      double total[2] = {0, 0}, level[2] = {0, 0};
      for (int p = 0; p < 2; p++)
        for (size_t k = 0; k < nodes; k++) {
          double cell = final ? at(d[p], k, j - nodes) : at(a[p], k, j);
          level[p] += cell;
          if (k % n == i % n) total[p] += cell;
        }
      if (final) {
        int h = bit[4];
        demand += level[bit[2]] * total[bit[3]] / level[bit[3]] * at(d[h], i, j - nodes) / total[h];
      } else {
        double value = total[bit[0]] * at(a[bit[1]], i, j) / total[bit[1]];
        assert_ok(cm_matrix_set(system, i, j, (i == j) - value, NULL));
      }
    }
    assert_ok(cm_matrix_set(right, i, 0, demand, NULL));
  }
  assert_ok(cm_solve(system, right, NULL, &x, NULL));
  for (size_t i = 0; i < nodes; i++) q += at(x, i, 0);
  cm_matrix *all[] = {a[0], a[1], d[0], d[1], system, right, x};
  for (size_t k = 0; k < 7; k++) cm_matrix_release(all[k]);
  return q;
}

/* Adds the effects of every order of the factors in `left`, from `bit` on. */
static void walk(cm_table *const t[2], int bit[5], size_t depth, double *effect) {
  double before = state_of(t, bit, 2, 2);
  for (size_t k = 0; k < 5; k++) {
    if (bit[k]) continue;
    bit[k] = 1;
    double orders[] = {24, 6, 2, 1, 1}; /* of the factors that follow */
    double step = state_of(t, bit, 2, 2) - before;
    effect[k] += step * orders[depth];
    walk(t, bit, depth + 1, effect);
    bit[k] = 0;
  }
}

static void mean_of_all_orders_is_that_of_120(void **state) {
  (void)state;
  cm_table *t[2] = {NULL, NULL};
  for (int p = 0; p < 2; p++) { /* a table in which every product is bought from somewhere */
    double z[16], y[8];
    cm_matrix *zm, *ym;
    cm_axis *countries = letters('C', 2), *sectors = letters('S', 2);
    for (size_t i = 0; i < 16; i++) z[i] = 1 + 5 * uniform();
    for (size_t i = 0; i < 8; i++) y[i] = 3 + 20 * uniform();
    assert_ok(cm_matrix_from(z, 4, 4, 4, &zm, NULL));
    assert_ok(cm_matrix_from(y, 4, 2, 4, &ym, NULL));
    cm_table_parts parts = {.countries = countries, .sectors = sectors, .z = zm, .y = ym};
    assert_ok(cm_table_new(&parts, NULL, &t[p], NULL));
    cm_axis_release(countries);
    cm_axis_release(sectors);
    cm_matrix_release(zm);
    cm_matrix_release(ym);
  }
  cm_axis *one = letters('a', 1);
  cm_sda sda = {t[0], t[1], NULL, NULL, true, true, {zeros, one}, CM_SDA_ALL};
  cm_matrix *m = decompose(&sda);
  double effect[5] = {0};
  int bit[5] = {0};
  walk(t, bit, 0, effect);
  for (size_t k = 0; k < 5; k++) assert_double_equal(at(m, 0, 2 + k), effect[k] / 120, 1e-10);
  cm_matrix_release(m);
  cm_axis_release(one);
  cm_table_release(t[0]);
  cm_table_release(t[1]);
}

static void refuses_tables_that_differ(void **state) {
  (void)state;
  cm_table *from = random_table(2, 3, 0), *to = random_table(3, 2, 0),
           *same = random_table(2, 3, 0);
  cm_axis *all = letters('a', 1);
  cm_matrix *m = NULL, *w = part(from, CM_PART_V), *wide;
  assert_ok(cm_matrix_new(1, 7, &wide, NULL));
  cm_sda sda = {from, to, NULL, NULL, true, true, {zeros, all}, CM_SDA_ALL};
  assert_status(cm_sda_decompose(&sda, NULL, &m, NULL), CM_LABELS);
  sda.to = same;
  sda.from_weights = w;
  assert_status(cm_sda_decompose(&sda, NULL, &m, NULL), CM_INVALID);
  sda.to_weights = wide;
  assert_status(cm_sda_decompose(&sda, NULL, &m, NULL), CM_SHAPE);
  sda.to_weights = w;
  sda.method = CM_SDA_LMDI;
  assert_status(cm_sda_decompose(&sda, NULL, &m, NULL), CM_INVALID);
  const size_t far[6] = {0, 0, 1, 0, 0, 0};
  sda.by.group = far;
  assert_status(cm_sda_decompose(&sda, NULL, &m, NULL), CM_RANGE);
  assert_null(m);
  cm_matrix_release(w);
  cm_matrix_release(wide);
  cm_axis_release(all);
  cm_table_release(from);
  cm_table_release(to);
  cm_table_release(same);
}

typedef struct work {
  cm_table_parts from, to;
  cm_sda_method method;
} work;

static cm_status decompose_with_faults(void *ud) {
  work *w = ud;
  cm_table *from = NULL, *to = NULL;
  cm_matrix *m = NULL;
  cm_status status = cm_table_new(&w->from, NULL, &from, NULL);
  if (status == CM_OK) status = cm_table_new(&w->to, NULL, &to, NULL);
  cm_sda sda = {
      from, to, NULL, NULL, w->method != CM_SDA_LMDI, true, {zeros, w->from.countries}, w->method};
  if (status == CM_OK) status = cm_sda_decompose(&sda, NULL, &m, NULL);
  cm_matrix_release(m);
  cm_table_release(from);
  cm_table_release(to);
  return status;
}

static void leaves_nothing_behind_when_memory_ends(void **state) {
  (void)state;
  cm_table *t[2] = {random_table(2, 3, 0), random_table(2, 3, 0)};
  work w = {.method = CM_SDA_ALL};
  cm_table_parts *parts[] = {&w.from, &w.to};
  for (int p = 0; p < 2; p++)
    *parts[p] = (cm_table_parts){.countries = cm_table_countries(t[p]),
                                 .sectors = cm_table_sectors(t[p]),
                                 .z = part(t[p], CM_PART_Z),
                                 .y = part(t[p], CM_PART_Y)};
  survives_failing_allocations(decompose_with_faults, &w);
  w.method = CM_SDA_LMDI;
  survives_failing_allocations(decompose_with_faults, &w);
  for (int p = 0; p < 2; p++) {
    cm_matrix_release((cm_matrix *)parts[p]->z);
    cm_matrix_release((cm_matrix *)parts[p]->y);
    cm_table_release(t[p]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_figures_worked_by_hand),
      cmocka_unit_test(effects_sum_to_the_change),
      cmocka_unit_test(mean_of_all_orders_is_that_of_120),
      cmocka_unit_test(refuses_tables_that_differ),
      cmocka_unit_test(leaves_nothing_behind_when_memory_ends),
  };
  return run(tests);
}
