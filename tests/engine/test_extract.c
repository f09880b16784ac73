/* Hypothetical extraction: worked by hand, and against systems factored anew. */
#include "support.h"

#include "capmod/whatif.h"
#include "tables.h"

static double at(const cm_matrix *m, size_t i, size_t j) { return cm_matrix_at(m, i, j); }

static cm_matrix *part(cm_table *t, cm_part p) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, p, NULL, &m, NULL));
  return m;
}

/* Two sectors of one country: Z = [150 500; 200 100], f = (350, 1700), x = (1000,
 * 2000), A = [.15 .25; .20 .05] (Miller and Blair 2009, table 2.3). */
static cm_table *two_sectors(void) {
  const double z[] = {150, 200, 500, 100}, y[] = {350, 1700};
  cm_axis *country = letters('C', 1), *sectors = letters('S', 2);
  cm_matrix *zm, *ym;
  cm_table *t;
  assert_ok(cm_matrix_from(z, 2, 2, 2, &zm, NULL));
  assert_ok(cm_matrix_from(y, 2, 1, 2, &ym, NULL));
  cm_table_parts parts = {.countries = country, .sectors = sectors, .z = zm, .y = ym};
  assert_ok(cm_table_new(&parts, NULL, &t, NULL));
  cm_axis_release(country);
  cm_axis_release(sectors);
  cm_matrix_release(zm);
  cm_matrix_release(ym);
  return t;
}

static void has_the_figures_worked_by_hand(void **state) {
  (void)state;
  cm_table *t = two_sectors();
  const bool first[] = {true, false}, second[] = {false, true}, both[] = {true, true};
  const bool home[] = {true};
  cm_matrix *loss;
  /* without sector 1, sector 2 makes 1700 / (1 - .05) */
  const cm_cut all[] = {{first, both, home}, {second, first, NULL}};
  assert_ok(cm_table_extract(t, CM_DEMAND_DRIVEN, all, 2, NULL, &loss, NULL));
  assert_double_equal(at(loss, 0, 0), 1000, 1e-12);
  assert_double_equal(at(loss, 1, 0), 2000 - 1700 / .95, 1e-12);
  cm_matrix_release(loss);
  /* sector 1 buys nothing: x2 = 1700 / .95, x1 = 350 + .25 x2 */
  const cm_cut purchases = {both, first, NULL};
  assert_ok(cm_table_extract(t, CM_DEMAND_DRIVEN, &purchases, 1, NULL, &loss, NULL));
  assert_double_equal(at(loss, 1, 0), 2000 - 1700 / .95, 1e-12);
  assert_double_equal(at(loss, 0, 0), 1000 - 350 - .25 * 1700 / .95, 1e-12);
  cm_matrix_release(loss);
  /* sector 1 sells nothing to producers; V = (650, 1400), B = [.15 .5; .1 .05]:
   * x1 = 650 + .1 x2, x2 = 1400 / .95 */
  const cm_cut sales = {first, both, NULL};
  assert_ok(cm_table_extract(t, CM_SUPPLY_DRIVEN, &sales, 1, NULL, &loss, NULL));
  assert_double_equal(at(loss, 1, 0), 2000 - 1400 / .95, 1e-12);
  assert_double_equal(at(loss, 0, 0), 1000 - 650 - .1 * 1400 / .95, 1e-12);
  cm_matrix_release(loss);
  cm_table_release(t);
}

static void loses_nothing_without_a_cut(void **state) {
  (void)state;
  cm_table *t = random_table(3, 4, 0);
  const bool none[12] = {false};
  const cm_cut cut = {none, none, NULL};
  cm_matrix *loss;
  assert_ok(cm_table_extract(t, CM_DEMAND_DRIVEN, &cut, 1, NULL, &loss, NULL));
  for (size_t i = 0; i < 12; i++) assert_true(at(loss, i, 0) == 0.0);
  cm_matrix_release(loss);
  cm_table_release(t);
}

/* x - (I - A*)^-1 y*, everything made anew; supply: x' - V (I - x^-1 Z*)^-1. */
static void brute_force(cm_table *t, const cm_cut *cut, bool supply, double *loss) {
  cm_matrix *z = part(t, CM_PART_Z), *y = part(t, CM_PART_Y), *x = part(t, CM_PART_X);
  cm_matrix *va = part(t, CM_PART_VA), *system, *right, *after;
  size_t n = cm_matrix_rows(z);
  assert_ok(cm_matrix_identity(n, &system, NULL));
  assert_ok(cm_matrix_new(n, 1, &right, NULL));
  for (size_t i = 0; i < n; i++) {
    double demand = supply ? at(va, 0, i) : 0;
    for (size_t c = 0; c < cm_matrix_cols(y) && !supply; c++)
      if (!(cut->final && cut->final[c] && cut->from[i])) demand += at(y, i, c);
    assert_ok(cm_matrix_set(right, i, 0, demand, NULL));
    for (size_t j = 0; j < n; j++) {
      double flow = cut->from[i] && cut->to[j] ? 0 : at(z, i, j);
      double per = at(x, supply ? i : j, 0), value = (i == j) - (per == 0 ? 0 : flow / per);
      assert_ok(cm_matrix_set(system, supply ? j : i, supply ? i : j, value, NULL));
    }
  }
  assert_ok(cm_solve(system, right, NULL, &after, NULL));
  for (size_t i = 0; i < n; i++) loss[i] = at(x, i, 0) - at(after, i, 0);
  cm_matrix *all[] = {z, y, x, va, system, right, after};
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) cm_matrix_release(all[k]);
}

/* Cuts of a few rows, of a few columns, and of so many that it factors afresh. */
static void equals_the_system_factored_anew(void **state) {
  (void)state;
  const unsigned traits[] = {0, DEAD_NODE, SILENT_COUNTRY | NEGATIVE_DEMAND};
  const size_t sizes[][2] = {{2, 24}, {24, 3}, {3, 2}, {15, 15}, {24, 24}};
  for (size_t k = 0; k < 3; k++)
    for (size_t s = 0; s < 5; s++)
      for (int supply = 0; supply < 2; supply++) {
        cm_table *t = random_table(4, 6, traits[k]);
        bool from[24] = {false}, to[24] = {false}, final[4] = {true, false, true, false};
        for (size_t i = 0; i < sizes[s][0]; i++) from[(7 * i + 3) % 24] = true;
        for (size_t j = 0; j < sizes[s][1]; j++) to[(5 * j + 1) % 24] = true;
        cm_cut cut = {from, to, final};
        double want[24];
        cm_matrix *loss;
        assert_ok(cm_table_extract(t, supply ? CM_SUPPLY_DRIVEN : CM_DEMAND_DRIVEN, &cut, 1, NULL,
                                   &loss, NULL));
        brute_force(t, &cut, supply, want);
        for (size_t i = 0; i < 24; i++) assert_double_equal(at(loss, i, 0), want[i], 1e-10);
        cm_matrix_release(loss);
        cm_table_release(t);
      }
}

/* What cut `kind` removes at node i. */
static size_t cuts_at(const cm_table *t, cm_node_cut kind, size_t i, size_t sectors, bool *here,
                      bool *others, bool *all, bool *abroad, bool *finals, cm_cut *cuts) {
  size_t n = cm_axis_size(cm_table_nodes(t)), g = cm_axis_size(cm_table_countries(t));
  for (size_t j = 0; j < n; j++) {
    here[j] = j == i;
    others[j] = j != i;
    all[j] = true;
    abroad[j] = j / sectors != i / sectors;
  }
  for (size_t r = 0; r < g; r++) finals[r] = kind == CM_CUT_COMPLETE || r != i / sectors;
  switch (kind) {
  case CM_CUT_COMPLETE:
    cuts[0] = (cm_cut){here, all, finals};
    cuts[1] = (cm_cut){others, here, NULL};
    return 2;
  case CM_CUT_BACKWARD:
    cuts[0] = (cm_cut){all, here, NULL};
    return 1;
  case CM_CUT_FORWARD:
    cuts[0] = (cm_cut){here, all, NULL};
    return 1;
  default:
    cuts[0] = (cm_cut){here, abroad, finals};
    return 1;
  }
}

static void takes_each_node_as_if_alone(void **state) {
  (void)state;
  cm_table *t = random_table(4, 6, DEAD_NODE);
  size_t country[24];
  for (size_t i = 0; i < 24; i++) country[i] = i / 6;
  cm_grouping by = {country, cm_table_countries(t)};
  cm_matrix *v = part(t, CM_PART_V);
  for (int kind = CM_CUT_COMPLETE; kind <= CM_CUT_EXPORTS; kind++)
    for (int weighted = 0; weighted < 2; weighted++) {
      cm_matrix *each;
      assert_ok(
          cm_table_extract_each(t, (cm_node_cut)kind, weighted ? v : NULL, by, NULL, &each, NULL));
      for (size_t i = 0; i < 24; i++) {
        bool here[24], others[24], all[24], abroad[24], finals[4];
        cm_cut cuts[2];
        size_t count = cuts_at(t, (cm_node_cut)kind, i, 6, here, others, all, abroad, finals, cuts);
        cm_matrix *loss;
        assert_ok(cm_table_extract(t, kind == CM_CUT_FORWARD ? CM_SUPPLY_DRIVEN : CM_DEMAND_DRIVEN,
                                   cuts, count, NULL, &loss, NULL));
        for (size_t c = 0; c < 4; c++) {
          double want = 0;
          for (size_t j = 6 * c; j < 6 * c + 6; j++)
            want += at(loss, j, 0) * (weighted ? at(v, 0, j) : 1);
          assert_double_equal(at(each, i, c), want, 1e-11);
        }
        cm_matrix_release(loss);
      }
      cm_matrix_release(each);
    }
  cm_matrix_release(v);
  cm_table_release(t);
}

/* A table changed in one column, solved by an update, and from scratch. */
static void with_solves_a_few_columns_as_all_of_them(void **state) {
  (void)state;
  for (int few = 0; few < 2; few++) {
    cm_table *t = random_table(4, 6, DEAD_NODE), *changed;
    cm_matrix *z = part(t, CM_PART_Z), *x = part(t, CM_PART_X), *y = part(t, CM_PART_Y), *fresh;
    cm_matrix *system, *demand, *want, *got;
    assert_ok(cm_matrix_copy(z, &fresh, NULL));
    assert_ok(cm_matrix_identity(24, &system, NULL));
    for (size_t j = 0; j < 23; j++)
      for (size_t i = 0; i < 24; i++) {
        if (few ? j == 5 || j == 9 : (i + j) % 3 == 0)
          assert_ok(cm_matrix_set(fresh, i, j, at(z, i, j) / 2, NULL));
        double a = at(x, j, 0) == 0 ? 0 : at(fresh, i, j) / at(x, j, 0);
        assert_ok(cm_matrix_set(system, i, j, (i == j) - a, NULL));
      }
    assert_ok(cm_matrix_reduce(CM_SUM, y, CM_COLS, &demand, NULL));
    assert_ok(cm_solve(system, demand, NULL, &want, NULL));
    assert_ok(cm_table_with(t, fresh, NULL, NULL, &changed, NULL));
    got = part(changed, CM_PART_X);
    for (size_t i = 0; i < 24; i++) assert_double_equal(at(got, i, 0), at(want, i, 0), 1e-10);
    cm_matrix *all[] = {z, x, y, fresh, system, demand, want, got};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) cm_matrix_release(all[k]);
    cm_table_release(t);
    cm_table_release(changed);
  }
}

static void refuses_what_does_not_fit(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  const size_t wrong[] = {0, 1, 2, 0};
  cm_matrix *m = NULL, *out = NULL;
  assert_ok(cm_matrix_new(1, 3, &m, NULL));
  cm_grouping by = {wrong, cm_table_countries(t)};
  assert_status(cm_table_extract_each(t, CM_CUT_COMPLETE, NULL, by, NULL, &out, NULL), CM_RANGE);
  assert_status(cm_table_extract_each(t, CM_CUT_COMPLETE, m, by, NULL, &out, NULL), CM_SHAPE);
  by.group = NULL;
  assert_status(cm_table_extract_each(t, CM_CUT_COMPLETE, NULL, by, NULL, &out, NULL), CM_INVALID);
  const cm_job small = {.memory = 64};
  assert_status(cm_table_extract(t, CM_DEMAND_DRIVEN, NULL, 0, &small, &out, NULL), CM_BUDGET);
  assert_null(out);
  cm_matrix_release(m);
  cm_table_release(t);
}

typedef struct work {
  cm_table_parts parts;
} work;

static cm_status extract_with_faults(void *ud) {
  work *w = ud;
  bool from[12] = {true}, to[12] = {false, true, true};
  size_t groups[12] = {0};
  cm_cut cut = {from, to, NULL};
  cm_table *t = NULL;
  cm_matrix *loss = NULL, *each = NULL;
  cm_status status = cm_table_new(&w->parts, NULL, &t, NULL);
  if (status == CM_OK) status = cm_table_extract(t, CM_DEMAND_DRIVEN, &cut, 1, NULL, &loss, NULL);
  cm_grouping by = {groups, w->parts.countries};
  if (status == CM_OK)
    status = cm_table_extract_each(t, CM_CUT_EXPORTS, NULL, by, NULL, &each, NULL);
  cm_matrix_release(loss);
  cm_matrix_release(each);
  cm_table_release(t);
  return status;
}

static void leaves_nothing_behind_when_memory_ends(void **state) {
  (void)state;
  cm_table *t = random_table(2, 6, 0);
  cm_matrix *z = part(t, CM_PART_Z), *y = part(t, CM_PART_Y);
  work w = {{.countries = cm_table_countries(t), .sectors = cm_table_sectors(t), .z = z, .y = y}};
  survives_failing_allocations(extract_with_faults, &w);
  cm_matrix_release(z);
  cm_matrix_release(y);
  cm_table_release(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_figures_worked_by_hand),
      cmocka_unit_test(loses_nothing_without_a_cut),
      cmocka_unit_test(equals_the_system_factored_anew),
      cmocka_unit_test(takes_each_node_as_if_alone),
      cmocka_unit_test(with_solves_a_few_columns_as_all_of_them),
      cmocka_unit_test(refuses_what_does_not_fit),
      cmocka_unit_test(leaves_nothing_behind_when_memory_ends),
  };
  return run(tests);
}
