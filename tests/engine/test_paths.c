/* Structural paths: worked by hand, and against all chains enumerated. */
#include "support.h"

#include "capmod/paths.h"
#include "tables.h"

static double at(const cm_matrix *m, size_t i, size_t j) { return cm_matrix_at(m, i, j); }

static cm_matrix *part(cm_table *t, cm_part p) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, p, NULL, &m, NULL));
  return m;
}

static cm_matrix *unit(size_t n, size_t k, double amount) {
  cm_matrix *m;
  assert_ok(cm_matrix_new(n, 1, &m, NULL));
  assert_ok(cm_matrix_set(m, k, 0, amount, NULL));
  return m;
}

/* A = [.15 .25; .20 .05] (Miller and Blair 2009, table 2.3); one job a unit of the
 * first sector, none in the second; 100 units of the second. The chains are 1-2
 * with 25, 1-1-2 with 3.75, 1-2-2 with 1.25, 1-1-1-2 with .5625, 1-2-1-2 with
 * .25 .2 .25 100 = 1.25 (met after 1-2-2 or before: they are equal). */
static void has_the_figures_worked_by_hand(void **state) {
  (void)state;
  const double z[] = {150, 200, 500, 100}, y[] = {350, 1700}, w[] = {1, 0};
  cm_axis *country = letters('C', 1), *sectors = letters('S', 2);
  cm_matrix *zm, *ym, *wm, *demand = unit(2, 1, 100);
  cm_table *t;
  assert_ok(cm_matrix_from(z, 2, 2, 2, &zm, NULL));
  assert_ok(cm_matrix_from(y, 2, 1, 2, &ym, NULL));
  assert_ok(cm_matrix_from(w, 1, 2, 1, &wm, NULL));
  cm_table_parts parts = {.countries = country, .sectors = sectors, .z = zm, .y = ym};
  assert_ok(cm_table_new(&parts, NULL, &t, NULL));
  cm_paths p;
  cm_path_query query = {.weights = wm, .demand = demand, .top = 5};
  assert_ok(cm_table_paths(t, &query, NULL, &p, NULL));
  const double want[] = {25, 3.75, 1.25, 1.25, .5625};
  assert_int_equal(p.count, 5);
  for (size_t i = 0; i < 5; i++) assert_double_equal(p.value[i], want[i], 1e-14);
  assert_int_equal(p.first[1] - p.first[0], 2);
  assert_int_equal(p.node[0], 0);
  assert_int_equal(p.node[1], 1);
  assert_int_equal(p.first[2] - p.first[1], 3);
  /* L_12 = .25 / (.85 .95 - .25 .20) */
  assert_double_equal(p.total, 100 * .25 / (.85 * .95 - .05), 1e-13);
  assert_double_equal(p.covered, 31.8125, 1e-14);
  assert_true(p.complete && p.left <= .5625);
  cm_paths_release(&p);
  query.top = 1000;
  query.above = 1;
  assert_ok(cm_table_paths(t, &query, NULL, &p, NULL));
  assert_int_equal(p.count, 4);
  assert_true(p.complete && p.left < 1);
  cm_paths_release(&p);
  query.above = 0;
  query.steps = 10;
  assert_ok(cm_table_paths(t, &query, NULL, &p, NULL));
  assert_false(p.complete);
  cm_paths_release(&p);
  cm_matrix_release(zm);
  cm_matrix_release(ym);
  cm_matrix_release(wm);
  cm_matrix_release(demand);
  cm_axis_release(country);
  cm_axis_release(sectors);
  cm_table_release(t);
}

enum { MOST = 100000 };
static double all_values[MOST];
static size_t all_count;

/* Every chain whose bound |m| amount is at least `least`. */
static void enumerate(const cm_matrix *a, const cm_matrix *w, const double *m, size_t node,
                      double amount, double least) {
  if (fabs(amount) * m[node] < least) return;
  assert_true(all_count < MOST);
  all_values[all_count++] = at(w, 0, node) * amount;
  for (size_t i = 0; i < cm_matrix_rows(a); i++)
    enumerate(a, w, m, i, amount * at(a, i, node), least);
}

static int by_size(const void *a, const void *b) {
  double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
  return x > y ? -1 : x < y;
}

/* Negative weights too: then the bound is on sizes. */
static void finds_the_largest_of_all_chains(void **state) {
  (void)state;
  for (int negative = 0; negative < 2; negative++) {
    cm_table *t = random_table(2, 3, DEAD_NODE);
    cm_matrix *a = part(t, CM_PART_A), *v = part(t, CM_PART_V), *l = part(t, CM_PART_L), *w;
    cm_matrix *demand = unit(6, 1, 10);
    double m[6] = {0};
    assert_ok(cm_matrix_copy(v, &w, NULL));
    if (negative) assert_ok(cm_matrix_set(w, 0, 2, -at(w, 0, 2), NULL));
    for (size_t j = 0; j < 6; j++)
      for (size_t i = 0; i < 6; i++) m[j] += fabs(at(w, 0, i)) * at(l, i, j);
    all_count = 0;
    enumerate(a, w, m, 1, 10, 1e-4);
    qsort(all_values, all_count, sizeof *all_values, by_size);
    cm_paths p;
    cm_path_query query = {.weights = w, .demand = demand, .top = MOST, .above = 1e-3};
    assert_ok(cm_table_paths(t, &query, NULL, &p, NULL));
    assert_true(p.count > 20 && p.complete);
    for (size_t i = 0; i < p.count; i++) {
      assert_double_equal(fabs(p.value[i]), fabs(all_values[i]), 1e-13);
      double value = 10;
      for (size_t k = p.first[i + 1] - 1; k > p.first[i]; k--)
        value *= at(a, p.node[k - 1], p.node[k]);
      assert_double_equal(value * at(w, 0, p.node[p.first[i]]), p.value[i], 1e-13);
      assert_int_equal(p.node[p.first[i + 1] - 1], 1);
    }
    assert_true(fabs(all_values[p.count]) < 1e-3);
    cm_paths_release(&p);
    cm_matrix *all[] = {a, v, l, w, demand};
    for (size_t k = 0; k < 5; k++) cm_matrix_release(all[k]);
    cm_table_release(t);
  }
}

/* All chains together are w L d: what is found and what is left tend to it. */
static void covers_the_whole_in_the_end(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  cm_matrix *d = part(t, CM_PART_D), *demand;
  assert_ok(cm_matrix_reduce(CM_SUM, d, CM_COLS, &demand, NULL));
  cm_paths p;
  cm_path_query query = {.demand = demand, .top = 200000, .above = 1e-6};
  assert_ok(cm_table_paths(t, &query, NULL, &p, NULL));
  assert_double_equal(p.covered, p.total, 1e-3);
  double world = 0;
  for (size_t i = 0; i < 4; i++) world += at(demand, i, 0);
  assert_double_equal(p.total, world, 1e-12); /* v L = 1 */
  cm_paths_release(&p);
  cm_matrix_release(d);
  cm_matrix_release(demand);
  cm_table_release(t);
}

static void refuses_what_does_not_fit(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  cm_matrix *three = unit(3, 0, 1), *four = unit(4, 0, 1);
  cm_paths p = {0};
  assert_status(cm_table_paths(t, &(cm_path_query){.demand = four}, NULL, &p, NULL), CM_INVALID);
  assert_status(cm_table_paths(t, &(cm_path_query){.top = 1}, NULL, &p, NULL), CM_INVALID);
  assert_status(cm_table_paths(t, &(cm_path_query){.demand = three, .top = 1}, NULL, &p, NULL),
                CM_SHAPE);
  assert_status(cm_table_paths(t, &(cm_path_query){.demand = four, .weights = four, .top = 1}, NULL,
                               &p, NULL),
                CM_SHAPE);
  assert_null(p.value);
  cm_matrix_release(three);
  cm_matrix_release(four);
  cm_table_release(t);
}

static cm_status trace_with_faults(void *ud) {
  const cm_table_parts *parts = ud;
  cm_table *t = NULL;
  cm_matrix *demand = NULL;
  cm_paths p = {0};
  cm_status status = cm_table_new(parts, NULL, &t, NULL);
  if (status == CM_OK) status = cm_matrix_new(6, 1, &demand, NULL);
  if (status == CM_OK) status = cm_matrix_set(demand, 2, 0, 1, NULL);
  if (status == CM_OK)
    status = cm_table_paths(t, &(cm_path_query){.demand = demand, .top = 300}, NULL, &p, NULL);
  cm_paths_release(&p);
  cm_matrix_release(demand);
  cm_table_release(t);
  return status;
}

static void leaves_nothing_behind_when_memory_ends(void **state) {
  (void)state;
  cm_table *t = random_table(2, 3, 0);
  cm_matrix *z = part(t, CM_PART_Z), *y = part(t, CM_PART_Y);
  cm_table_parts parts = {
      .countries = cm_table_countries(t), .sectors = cm_table_sectors(t), .z = z, .y = y};
  survives_failing_allocations(trace_with_faults, &parts);
  cm_matrix_release(z);
  cm_matrix_release(y);
  cm_table_release(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_figures_worked_by_hand),
      cmocka_unit_test(finds_the_largest_of_all_chains),
      cmocka_unit_test(covers_the_whole_in_the_end),
      cmocka_unit_test(refuses_what_does_not_fit),
      cmocka_unit_test(leaves_nothing_behind_when_memory_ends),
  };
  return run(tests);
}
