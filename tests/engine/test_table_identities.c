/* Identities of the Leontief system on random tables. */
#include "support.h"

#include "tables.h"

static double cell(cm_table *t, cm_part part, size_t i, size_t j) {
  cm_matrix *m;
  double value;
  assert_ok(cm_table_part(t, part, NULL, &m, NULL));
  assert_ok(cm_matrix_get(m, i, j, &value, NULL));
  cm_matrix_release(m);
  return value;
}

static const size_t places[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
static const size_t zeros[24];

static cm_grouping each_node(const cm_table *t) { return (cm_grouping){places, cm_table_nodes(t)}; }
static cm_grouping each_country(const cm_table *t) {
  return (cm_grouping){places, cm_table_countries(t)};
}

static cm_matrix *trace(cm_table *t, cm_part flow, cm_grouping rows, cm_grouping cols,
                        cm_grouping origins) {
  cm_matrix *f, *demand, *m;
  assert_ok(cm_table_part(t, flow, NULL, &f, NULL));
  assert_ok(cm_table_demand(t, f, rows, cols, NULL, &demand, NULL));
  assert_ok(cm_table_origin(t, NULL, demand, origins, NULL, &m, NULL));
  cm_matrix_release(f);
  cm_matrix_release(demand);
  return m;
}

/* VBY has value added as its row sums and final demand as its column sums; VBE
 * and VBX have exports and output as column sums (methods of Leontief). */
static void holds_the_identities(void **state) {
  (void)state;
  const size_t shapes[][2] = {{4, 6}, {12, 2}, {1, 5}, {5, 1}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    size_t g = shapes[s][0], n = shapes[s][1], nodes = g * n;
    cm_table *t = random_table(g, n, NEGATIVE_DEMAND);
    cm_axis *all = letters('a', 1);
    cm_grouping one = {zeros, all};
    cm_matrix *vby = trace(t, CM_PART_D, one, each_country(t), each_node(t));
    cm_matrix *vbe = trace(t, CM_PART_E, each_node(t), one, each_node(t));
    cm_matrix *vbx = trace(t, CM_PART_X, each_node(t), one, each_node(t));
    double va_gap = 0, e_gap = 0, x_gap = 0, ghosh_gap = 0;
    for (size_t i = 0; i < nodes; i++) {
      double va = 0, e = 0, x = 0, exports = 0, ghosh = 0, output = cell(t, CM_PART_X, i, 0);
      for (size_t r = 0; r < g; r++) {
        va += cm_matrix_at(vby, i, r);
        exports += cell(t, CM_PART_E, i, r);
      }
      for (size_t k = 0; k < nodes; k++) {
        e += cm_matrix_at(vbe, k, i);
        x += cm_matrix_at(vbx, k, i);
        ghosh += cell(t, CM_PART_VA, 0, k) * cell(t, CM_PART_G, k, i);
      }
      va_gap = fmax(va_gap, fabs(va / cell(t, CM_PART_VA, 0, i) - 1));
      e_gap = fmax(e_gap, fabs(e - exports) / output);
      x_gap = fmax(x_gap, fabs(x / output - 1));
      ghosh_gap = fmax(ghosh_gap, fabs(ghosh / output - 1));
    }
    assert_true(va_gap < 1e-11 && e_gap < 1e-11 && x_gap < 1e-11 && ghosh_gap < 1e-11);
    cm_axis_release(all);
    cm_matrix_release(vby);
    cm_matrix_release(vbe);
    cm_matrix_release(vbx);
    cm_table_release(t);
  }
}

/* Fewer columns or fewer origins: two ways to one answer. */
static void gives_the_same_by_columns_and_by_origins(void **state) {
  (void)state;
  cm_table *t = random_table(4, 6, 0);
  size_t country[24];
  for (size_t i = 0; i < 24; i++) country[i] = i / 6;
  cm_grouping origins = {country, cm_table_countries(t)};
  cm_matrix *wide = trace(t, CM_PART_X, each_node(t), (cm_grouping){zeros, cm_table_countries(t)},
                          origins); /* 96 columns, of which every fourth is filled */
  for (size_t p = 0; p < 24; p += 5) {
    size_t only[24];
    for (size_t i = 0; i < 24; i++) only[i] = i == p ? 0 : CM_NOT_FOUND;
    cm_axis *one = letters('p', 1);
    cm_matrix *narrow =
        trace(t, CM_PART_X, (cm_grouping){only, one}, (cm_grouping){zeros, one}, origins);
    for (size_t c = 0; c < 4; c++)
      assert_double_equal(cm_matrix_at(narrow, c, 0), cm_matrix_at(wide, c, p * 4), 1e-12);
    cm_axis_release(one);
    cm_matrix_release(narrow);
  }
  cm_matrix_release(wide);
  cm_table_release(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(holds_the_identities),
      cmocka_unit_test(gives_the_same_by_columns_and_by_origins),
  };
  return run(tests);
}
