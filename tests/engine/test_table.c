/* Tables and their Leontief system. Worked figures: Miller and Blair (2009),
 * Input-Output Analysis, 2nd ed., section 2.3 (the 2 x 2 table, L, the second
 * final demand) and section 12.1 (the Ghosh inverse of the same table). */
#include "support.h"

#include "capmod/table.h"

static cm_axis *axis_of(const char *const *labels, size_t n) {
  cm_axis *a;
  assert_ok(cm_axis_new(labels, n, &a, NULL));
  return a;
}

/* "c0", "c1", ... */
static cm_axis *numbered(char letter, size_t n) {
  char text[64][24];
  const char *labels[64];
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%zu", letter, i);
    labels[i] = text[i];
  }
  return axis_of(labels, n);
}

/* From numbers written row by row. */
static cm_matrix *grid(size_t rows, size_t cols, const double *by_row) {
  cm_matrix *flipped, *m;
  assert_ok(cm_matrix_from(by_row, cols, rows, cols, &flipped, NULL));
  assert_ok(cm_matrix_transposed(flipped, &m, NULL));
  cm_matrix_release(flipped);
  return m;
}

static cm_table *table_of(size_t g, size_t n, const double *z, const double *y) {
  cm_axis *countries = numbered('c', g), *sectors = numbered('s', n);
  cm_matrix *mz = grid(g * n, g * n, z), *my = grid(g * n, g, y);
  cm_table *t;
  assert_ok(
      cm_table_new(&(cm_table_parts){.countries = countries, .sectors = sectors, .z = mz, .y = my},
                   NULL, &t, NULL));
  cm_axis_release(countries);
  cm_axis_release(sectors);
  cm_matrix_release(mz);
  cm_matrix_release(my);
  return t;
}

/* The Miller-Blair table as two countries of one sector; all final demand at home. */
static cm_table *miller_blair(void) {
  return table_of(2, 1, (double[]){150, 500, 200, 100}, (double[]){350, 0, 0, 1700});
}

static double cell(cm_table *t, cm_part part, size_t i, size_t j) {
  cm_matrix *m;
  double value;
  assert_ok(cm_table_part(t, part, NULL, &m, NULL));
  assert_ok(cm_matrix_get(m, i, j, &value, NULL));
  cm_matrix_release(m);
  return value;
}

static double total(cm_table *t, cm_part part) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, part, NULL, &m, NULL));
  double sum = cm_matrix_sum(m);
  cm_matrix_release(m);
  return sum;
}

static const size_t places[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
static const size_t zeros[24];

static cm_grouping each_node(const cm_table *t) { return (cm_grouping){places, cm_table_nodes(t)}; }
static cm_grouping each_country(const cm_table *t) {
  return (cm_grouping){places, cm_table_countries(t)};
}

/* ---- worked figures ------------------------------------------------------------ */

static void derives_the_worked_table(void **state) {
  (void)state;
  cm_table *t = miller_blair();
  assert_double_equal(cell(t, CM_PART_X, 0, 0), 1000, 1e-15);
  assert_double_equal(cell(t, CM_PART_X, 1, 0), 2000, 1e-15);
  assert_double_equal(cell(t, CM_PART_VA, 0, 0), 650, 1e-15);
  assert_double_equal(cell(t, CM_PART_V, 0, 1), 0.7, 1e-15);
  assert_double_equal(cell(t, CM_PART_A, 0, 1), 0.25, 1e-15);
  assert_double_equal(cell(t, CM_PART_A, 1, 0), 0.20, 1e-15);
  assert_double_equal(cell(t, CM_PART_L, 0, 0), 1.254, 5e-4);
  assert_double_equal(cell(t, CM_PART_L, 0, 1), 0.330, 5e-4);
  assert_double_equal(cell(t, CM_PART_L, 1, 0), 0.264, 5e-4);
  assert_double_equal(cell(t, CM_PART_L, 1, 1), 0.85 / 0.7575, 1e-14);
  assert_double_equal(cell(t, CM_PART_G, 0, 1), 0.5 / 0.7575, 1e-14);
  assert_double_equal(cell(t, CM_PART_G, 1, 0), 0.1 / 0.7575, 1e-14);
  assert_double_equal(cell(t, CM_PART_E, 0, 1), 500, 1e-15);
  assert_double_equal(cell(t, CM_PART_E, 0, 0), 0, 0);
  cm_table_release(t);
}

static void solves_the_worked_final_demand(void **state) {
  (void)state;
  cm_table *t = miller_blair(), *changed;
  cm_matrix *y = grid(2, 2, (double[]){600, 0, 0, 1500});
  assert_ok(cm_table_with(t, NULL, y, NULL, &changed, NULL));
  assert_double_equal(cell(changed, CM_PART_X, 0, 0), 1247.5, 1e-4);
  assert_double_equal(cell(changed, CM_PART_X, 1, 0), 1841.6, 1e-4);
  assert_double_equal(cell(changed, CM_PART_A, 0, 1), 0.25, 1e-14);
  assert_double_equal(cell(changed, CM_PART_Y, 1, 1), 1500, 0);
  assert_double_equal(cell(t, CM_PART_X, 0, 0), 1000, 0);
  cm_matrix_release(y);
  cm_table_release(t);
  cm_table_release(changed);
}

/* One unit of product 1: 0.65 l11 from country 1 and 0.7 l21 from country 2. */
static void traces_a_product_to_its_origins(void **state) {
  (void)state;
  cm_table *t = miller_blair();
  cm_axis *one = numbered('p', 1);
  const size_t first[] = {0, CM_NOT_FOUND};
  cm_matrix *unit, *all, *by_node, *wide;
  assert_ok(cm_table_demand(t, NULL, (cm_grouping){first, one}, (cm_grouping){zeros, one}, NULL,
                            &unit, NULL));
  assert_ok(cm_table_origin(t, NULL, unit, each_node(t), NULL, &by_node, NULL));
  assert_double_equal(cm_matrix_at(by_node, 0, 0), 0.65 * 0.95 / 0.7575, 1e-14);
  assert_double_equal(cm_matrix_at(by_node, 1, 0), 0.7 * 0.20 / 0.7575, 1e-14);
  assert_string_equal(cm_axis_label(cm_matrix_axis(by_node, CM_ROWS), 0), "c0.s0");
  assert_string_equal(cm_axis_label(cm_matrix_axis(by_node, CM_COLS), 0), "p0");
  /* three columns, two origins: the transposed way */
  cm_matrix *demand = grid(2, 3, (double[]){1, 0, 2, 0, 1, 2});
  assert_ok(cm_table_origin(t, NULL, demand, each_node(t), NULL, &wide, NULL));
  assert_double_equal(cm_matrix_at(wide, 0, 0), 0.65 * 0.95 / 0.7575, 1e-14);
  assert_double_equal(cm_matrix_at(wide, 0, 2), 2 * 0.65 * (0.95 + 0.25) / 0.7575, 1e-14);
  /* all into one group: what every unit of demand pays for */
  assert_ok(cm_table_origin(t, NULL, demand, (cm_grouping){zeros, one}, NULL, &all, NULL));
  assert_double_equal(cm_matrix_at(all, 0, 2), 4, 1e-14);
  cm_axis_release(one);
  cm_matrix_release(unit);
  cm_matrix_release(all);
  cm_matrix_release(by_node);
  cm_matrix_release(wide);
  cm_matrix_release(demand);
  cm_table_release(t);
}

/* Country 2's sales of 200 to country 1 halved: a21 = 0.1, a11 = 0.25, and
 * x* solves [0.75 -0.25; -0.10 0.95] x = (350, 1700). */
static void moves_purchases_and_solves_output_again(void **state) {
  (void)state;
  cm_table *t = miller_blair(), *s;
  assert_ok(
      cm_table_shift(t, (size_t[]){1}, (size_t[]){0}, 1, (size_t[]){0}, 1, 0.5, NULL, &s, NULL));
  double det = 0.75 * 0.95 - 0.25 * 0.10;
  double x0 = (0.95 * 350 + 0.25 * 1700) / det, x1 = (0.10 * 350 + 0.75 * 1700) / det;
  assert_double_equal(cell(s, CM_PART_X, 0, 0), x0, 1e-13);
  assert_double_equal(cell(s, CM_PART_X, 1, 0), x1, 1e-13);
  assert_double_equal(cell(s, CM_PART_Z, 1, 0), 0.1 * x0, 1e-13);
  assert_double_equal(cell(s, CM_PART_V, 0, 0), 0.65, 1e-13);
  assert_double_equal(cell(s, CM_PART_V, 0, 1), 0.70, 1e-13);
  cm_table_release(t);
  cm_table_release(s);
}

static void sums_countries_and_sectors(void **state) {
  (void)state;
  const double z[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  const double y[] = {100, 1, 100, 2, 3, 100, 4, 100};
  cm_table *t = table_of(2, 2, z, y), *world, *merged;
  cm_axis *one = numbered('w', 1);
  cm_grouping same = {places, cm_table_sectors(t)};
  assert_ok(cm_table_aggregate(t, (cm_grouping){zeros, one}, same, NULL, &world, NULL));
  assert_double_equal(cell(world, CM_PART_Z, 0, 0), 1 + 3 + 9 + 11, 0);
  assert_double_equal(cell(world, CM_PART_Z, 0, 1), 2 + 4 + 10 + 12, 0);
  assert_double_equal(cell(world, CM_PART_Y, 1, 0), 100 + 2 + 4 + 100, 0);
  assert_double_equal(cell(world, CM_PART_E, 0, 0), 0, 0);
  assert_string_equal(cm_axis_label(cm_table_nodes(world), 1), "w0.s1");
  assert_ok(cm_table_aggregate(t, each_country(t), (cm_grouping){zeros, one}, NULL, &merged, NULL));
  assert_double_equal(cell(merged, CM_PART_Z, 0, 1), 3 + 4 + 7 + 8, 0);
  assert_double_equal(cell(merged, CM_PART_Y, 1, 0), 3 + 4, 0);
  assert_double_equal(total(merged, CM_PART_X), total(t, CM_PART_X), 1e-15);
  const size_t lost[] = {0, CM_NOT_FOUND};
  cm_table *none;
  cm_error err;
  assert_status(cm_table_aggregate(t, (cm_grouping){lost, one}, same, NULL, &none, &err), CM_RANGE);
  assert_non_null(strstr(err.message, "'c1'"));
  cm_axis_release(one);
  cm_table_release(t);
  cm_table_release(world);
  cm_table_release(merged);
}

/* ---- categories, primary rows, satellites --------------------------------------- */

typedef struct full {
  cm_axis *countries, *sectors, *categories, *inputs, *satellites;
  cm_matrix *z, *y, *p, *py, *f, *fy, *output;
  cm_table_parts parts;
} full;

/* The worked table with two categories, value added in two rows that leave 10 of
 * column 1 open, published output that is 5 too high in row 2, and jobs. */
static void full_make(full *b) {
  b->countries = numbered('c', 2);
  b->sectors = numbered('s', 1);
  b->categories = axis_of((const char *const[]){"house", "stock"}, 2);
  b->inputs = axis_of((const char *const[]){"VA", "tax"}, 2);
  b->satellites = axis_of((const char *const[]){"jobs"}, 1);
  b->z = grid(2, 2, (double[]){150, 500, 200, 100});
  b->y = grid(2, 4, (double[]){400, -50, 0, 0, 0, 0, 1500, 200});
  b->p = grid(2, 2, (double[]){600, 1300, 40, 100});
  b->py = grid(2, 4, (double[]){0, 0, 0, 0, 3, 0, 4, 0});
  b->f = grid(1, 2, (double[]){50, 20});
  b->fy = grid(1, 4, (double[]){1, 0, 0, 0});
  b->output = grid(1, 2, (double[]){1000, 2005});
  assert_ok(cm_matrix_axis_set(b->p, CM_ROWS, b->inputs, NULL));
  assert_ok(cm_matrix_axis_set(b->f, CM_ROWS, b->satellites, NULL));
  b->parts = (cm_table_parts){b->countries, b->sectors, b->categories, b->z,  b->y,
                              b->p,         b->py,      b->f,          b->fy, b->output};
}

static void full_release(full *b) {
  cm_axis *axes[] = {b->countries, b->sectors, b->categories, b->inputs, b->satellites};
  cm_matrix *all[] = {b->z, b->y, b->p, b->py, b->f, b->fy, b->output};
  for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) cm_axis_release(axes[i]);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) cm_matrix_release(all[i]);
}

static void keeps_categories_rows_and_satellites(void **state) {
  (void)state;
  full b;
  cm_table *t;
  cm_matrix *va;
  full_make(&b);
  assert_ok(cm_table_new(&b.parts, NULL, &t, NULL));
  assert_string_equal(cm_axis_label(cm_table_columns(t), 3), "c1.stock");
  assert_double_equal(cell(t, CM_PART_D, 0, 0), 350, 0);
  assert_double_equal(cell(t, CM_PART_D, 1, 1), 1700, 0);
  assert_double_equal(cell(t, CM_PART_S, 0, 0), 0.05, 1e-16);
  /* m = s L = (0.05 0.95 + 0.01 0.2, 0.05 0.25 + 0.01 0.85) / 0.7575 */
  assert_double_equal(cell(t, CM_PART_M, 0, 0), 0.0495 / 0.7575, 1e-14);
  assert_double_equal(cell(t, CM_PART_M, 0, 1), 0.021 / 0.7575, 1e-14);
  assert_ok(cm_table_coefficients(t, CM_PART_P, 0, &va, NULL));
  assert_double_equal(cm_matrix_at(va, 0, 0), 0.6, 1e-16);
  assert_double_equal(cm_matrix_at(va, 0, 1), 0.65, 1e-16);
  assert_string_equal(cm_part_letter(CM_PART_FY), "FY");
  cm_matrix_release(va);
  cm_table_release(t);
  full_release(&b);
}

static void measures_what_does_not_balance(void **state) {
  (void)state;
  full b;
  cm_table *t;
  cm_table_checks c;
  full_make(&b);
  assert_ok(cm_table_new(&b.parts, NULL, &t, NULL));
  assert_ok(cm_table_check(t, NULL, &c, NULL));
  assert_true(c.has_output && c.has_primary);
  assert_double_equal(c.balance.value, 5, 0);
  assert_int_equal(c.balance.row, 1);
  assert_double_equal(c.balance_mean, 2.5, 0);
  assert_double_equal(c.column_gap.value, 10, 0);
  assert_int_equal(c.column_gap.col, 0);
  assert_double_equal(c.world_primary, 2040, 0);
  assert_int_equal(c.negative_y, 1);
  assert_double_equal(c.least_y.value, -50, 0);
  assert_int_equal(c.least_y.col, 1);
  assert_int_equal(c.negative_z + c.negative_va + c.zero_output + c.negative_output, 0);
  assert_double_equal(c.least_va.value, 650, 0);
  assert_double_equal(c.world_va, 2050, 0);
  assert_double_equal(c.world_final, 2050, 0);
  assert_true(c.vl_error.value < 1e-14);
  assert_true(c.rcond > 0.1 && c.rcond <= 1);
  cm_table_release(t);
  full_release(&b);
}

/* Sums within the satellites and the published output follow their nodes. */
static void aggregates_every_part(void **state) {
  (void)state;
  full b;
  cm_table *t, *w;
  cm_axis *one = numbered('w', 1);
  full_make(&b);
  assert_ok(cm_table_new(&b.parts, NULL, &t, NULL));
  assert_ok(cm_table_aggregate(t, (cm_grouping){zeros, one},
                               (cm_grouping){places, cm_table_sectors(t)}, NULL, &w, NULL));
  assert_double_equal(cell(w, CM_PART_Y, 0, 1), 150, 0);
  assert_double_equal(cell(w, CM_PART_P, 1, 0), 140, 0);
  assert_double_equal(cell(w, CM_PART_PY, 1, 0), 7, 0);
  assert_double_equal(cell(w, CM_PART_F, 0, 0), 70, 0);
  assert_double_equal(cell(w, CM_PART_OUTPUT, 0, 0), 3005, 0);
  cm_axis_release(one);
  cm_table_release(t);
  cm_table_release(w);
  full_release(&b);
}

static void scales_primary_rows_with_output(void **state) {
  (void)state;
  full b;
  cm_table *t, *changed;
  cm_matrix *none;
  full_make(&b);
  assert_ok(cm_table_new(&b.parts, NULL, &t, NULL));
  cm_matrix *y = grid(2, 4, (double[]){800, -100, 0, 0, 0, 0, 3000, 400});
  assert_ok(cm_table_with(t, NULL, y, NULL, &changed, NULL));
  assert_double_equal(cell(changed, CM_PART_X, 1, 0), 4000, 1e-14);
  assert_double_equal(cell(changed, CM_PART_P, 0, 1), 2600, 1e-14);
  assert_double_equal(cell(changed, CM_PART_F, 0, 0), 100, 1e-14);
  assert_ok(cm_table_part(changed, CM_PART_OUTPUT, NULL, &none, NULL));
  assert_null(none);
  cm_matrix_release(y);
  cm_table_release(t);
  cm_table_release(changed);
  full_release(&b);
}

/* ---- edges ---------------------------------------------------------------------- */

static void takes_one_country_with_one_sector(void **state) {
  (void)state;
  cm_table *t = table_of(1, 1, (double[]){20}, (double[]){80});
  assert_double_equal(cell(t, CM_PART_L, 0, 0), 1.25, 1e-15);
  assert_double_equal(cell(t, CM_PART_G, 0, 0), 1.25, 1e-15);
  assert_double_equal(cell(t, CM_PART_V, 0, 0), 0.8, 1e-15);
  assert_double_equal(cell(t, CM_PART_E, 0, 0), 0, 0);
  cm_table_release(t);
}

/* Node 1 neither makes nor buys; node 0 buys more than it sells. */
static void takes_nodes_without_output_and_with_losses(void **state) {
  (void)state;
  const double z[] = {10, 0, 20, 0, 0, 0, 90, 0, 5};
  const double y[] = {50, 0, 10, 0, 0, 0, 30, 0, 40};
  cm_table *t = table_of(3, 1, z, y);
  cm_table_checks c;
  assert_double_equal(cell(t, CM_PART_X, 1, 0), 0, 0);
  assert_double_equal(cell(t, CM_PART_V, 0, 1), 0, 0);
  assert_double_equal(cell(t, CM_PART_L, 1, 1), 1, 0);
  assert_double_equal(cell(t, CM_PART_G, 1, 1), 1, 0);
  assert_double_equal(cell(t, CM_PART_G, 0, 1), 0, 0);
  assert_ok(cm_table_check(t, NULL, &c, NULL));
  assert_int_equal(c.zero_output, 1);
  assert_int_equal(c.negative_va, 1);
  assert_double_equal(c.least_va.value, -10, 0);
  assert_int_equal(c.least_va.col, 0);
  assert_true(c.vl_error.value < 1e-14);
  assert_false(c.has_output || c.has_primary);
  cm_table_release(t);
}

/* Column 1 costs exactly what it brings and buys only of itself: I - A is singular. */
static void refuses_a_singular_system(void **state) {
  (void)state;
  cm_table *t = table_of(2, 1, (double[]){10, 0, 0, 5}, (double[]){0, 0, 0, 5});
  cm_matrix *l;
  cm_error err;
  assert_status(cm_table_part(t, CM_PART_L, NULL, &l, &err), CM_SINGULAR);
  assert_non_null(strstr(err.message, "c0.s0"));
  cm_table_release(t);
}

static void shares_the_blocks_it_is_given(void **state) {
  (void)state;
  full b;
  cm_table *t;
  cm_matrix *z;
  size_t row, col;
  full_make(&b);
  assert_ok(cm_table_new(&b.parts, NULL, &t, NULL));
  assert_ok(cm_table_part(t, CM_PART_Z, NULL, &z, NULL));
  assert_ptr_equal(cm_matrix_data(z, &row, &col), cm_matrix_data(b.z, &row, &col));
  cm_table *again = cm_table_retain(t);
  cm_table_release(t);
  cm_table_release(again);
  full_release(&b);
  assert_double_equal(cm_matrix_at(z, 0, 1), 500, 0); /* outlives the table */
  cm_matrix_release(z);
}

/* ---- refusals --------------------------------------------------------------------- */

static void refused(const full *b, cm_status want, const char *text) {
  cm_table *t = NULL;
  cm_error err = {0};
  assert_status(cm_table_new(&b->parts, NULL, &t, &err), want);
  assert_null(t);
  if (!strstr(err.message, text)) fail_msg("'%s' does not speak of '%s'", err.message, text);
}

static void names_the_part_that_does_not_fit(void **state) {
  (void)state;
  full b;
  full_make(&b);
  cm_axis *wrong = axis_of((const char *const[]){"c1.s0", "c0.s0"}, 2);
  b.parts.y = b.z;
  refused(&b, CM_SHAPE, "Y (final demand by column) is 2 x 2");
  refused(&b, CM_SHAPE, "2 x 4 is due");
  b.parts.y = b.y;
  assert_ok(cm_matrix_axis_set(b.z, CM_ROWS, wrong, NULL));
  refused(&b, CM_LABELS, "row 1 is 'c1.s0', where the table has 'c0.s0'");
  assert_ok(cm_matrix_axis_set(b.z, CM_ROWS, NULL, NULL));
  assert_ok(cm_matrix_set(b.z, 0, 1, (double)NAN, NULL));
  refused(&b, CM_NOT_FINITE, "row 'c0.s0', column 'c1.s0'");
  assert_ok(cm_matrix_set(b.z, 0, 1, 500, NULL));
  b.parts.z = NULL;
  refused(&b, CM_INVALID, "needs Z");
  b.parts.z = b.z;
  b.parts.primary = NULL;
  refused(&b, CM_INVALID, "PY");
  b.parts.sectors = NULL;
  refused(&b, CM_INVALID, "sectors");
  cm_axis_release(wrong);
  full_release(&b);
}

static void names_shapes_and_places_of_questions(void **state) {
  (void)state;
  cm_table *t = miller_blair(), *none;
  cm_matrix *m, *three = grid(3, 1, (double[]){1, 2, 3});
  cm_error err;
  assert_status(cm_table_origin(t, NULL, three, each_node(t), NULL, &m, &err), CM_SHAPE);
  assert_status(cm_table_origin(t, three, three, each_node(t), NULL, &m, &err), CM_SHAPE);
  assert_status(cm_table_demand(t, three, each_node(t), each_node(t), NULL, &m, &err), CM_SHAPE);
  assert_status(cm_table_demand(t, NULL, (cm_grouping){0}, each_node(t), NULL, &m, &err),
                CM_INVALID);
  const size_t far[] = {9, 9};
  assert_status(
      cm_table_demand(t, NULL, (cm_grouping){far, cm_table_nodes(t)}, each_node(t), NULL, &m, &err),
      CM_RANGE);
  assert_status(cm_table_coefficients(t, CM_PART_P, 0, &m, &err), CM_INVALID);
  assert_status(cm_table_coefficients(t, CM_PART_Z, 0, &m, &err), CM_INVALID);
  assert_status(cm_table_part(t, CM_PARTS, NULL, &m, &err), CM_INVALID);
  assert_status(cm_table_with(t, three, NULL, NULL, &none, &err), CM_SHAPE);
  assert_status(cm_table_with(t, NULL, three, NULL, &none, &err), CM_SHAPE);
  assert_status(cm_table_shift(t, far, zeros, 1, zeros, 1, 1, NULL, &none, &err), CM_RANGE);
  assert_non_null(strstr(err.message, "node 10 of 2"));
  cm_matrix_release(three);
  cm_table_release(t);
}

static bool stop(void *ud, const char *what, double done, double all) {
  (void)ud, (void)what, (void)done, (void)all;
  return false;
}

static void asks_the_budget_and_the_cancel_flag_first(void **state) {
  (void)state;
  cm_table *t = miller_blair(), *none;
  cm_matrix *m;
  cm_error err;
  cm_job small = {.memory = 16}, stopped = {.progress = stop};
  assert_status(cm_table_part(t, CM_PART_L, &small, &m, &err), CM_BUDGET);
  assert_non_null(strstr(err.message, "the factor of I - A"));
  assert_status(cm_table_demand(t, NULL, each_node(t), (cm_grouping){zeros, cm_table_nodes(t)},
                                &small, &m, &err),
                CM_BUDGET);
  assert_status(cm_table_with(t, NULL, NULL, &stopped, &none, &err), CM_CANCELLED);
  cm_table_release(t);
}

/* ---- failing allocations ----------------------------------------------------------- */

static cm_status use_all(void *ud) {
  const full *b = ud;
  cm_table *t = NULL, *w = NULL, *s = NULL;
  cm_matrix *m[CM_PARTS] = {0}, *demand = NULL, *origin = NULL;
  cm_table_checks c;
  cm_status status = cm_table_new(&b->parts, NULL, &t, NULL);
  for (int part = 0; status == CM_OK && part < CM_PARTS; part++)
    status = cm_table_part(t, (cm_part)part, NULL, &m[part], NULL);
  if (status == CM_OK)
    status = cm_table_demand(t, m[CM_PART_D], each_node(t), each_country(t), NULL, &demand, NULL);
  if (status == CM_OK) status = cm_table_origin(t, NULL, demand, each_node(t), NULL, &origin, NULL);
  if (status == CM_OK) status = cm_table_check(t, NULL, &c, NULL);
  if (status == CM_OK)
    status =
        cm_table_aggregate(t, each_country(t), (cm_grouping){places, b->sectors}, NULL, &w, NULL);
  if (status == CM_OK)
    status = cm_table_shift(t, places, places + 1, 1, places, 1, 0.5, NULL, &s, NULL);
  for (size_t i = 0; i < CM_PARTS; i++) cm_matrix_release(m[i]);
  cm_matrix_release(demand);
  cm_matrix_release(origin);
  cm_table_release(t);
  cm_table_release(w);
  cm_table_release(s);
  return status;
}

/* A single column, so that it is solved for; in use_all origins are the fewer. */
static cm_status use_column(void *ud) {
  cm_table *t = NULL;
  cm_matrix *y = NULL, *origin = NULL, *row = NULL;
  const full *b = ud;
  cm_status status = cm_table_new(&b->parts, NULL, &t, NULL);
  if (status == CM_OK) status = cm_table_coefficients(t, CM_PART_P, 1, &row, NULL);
  if (status == CM_OK) status = cm_matrix_reduce(CM_SUM, b->y, CM_COLS, &y, NULL);
  if (status == CM_OK) status = cm_table_origin(t, row, y, each_node(t), NULL, &origin, NULL);
  cm_matrix_release(row);
  cm_matrix_release(y);
  cm_matrix_release(origin);
  cm_table_release(t);
  return status;
}

static void survives_every_failing_allocation(void **state) {
  (void)state;
  full b;
  full_make(&b);
  survives_failing_allocations(use_all, &b);
  survives_failing_allocations(use_column, &b);
  full_release(&b);
}

static void releases_everything(void **state) {
  (void)state;
  assert_int_equal(cm_memory_blocks(), 0);
  cm_table_release(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(derives_the_worked_table),
      cmocka_unit_test(solves_the_worked_final_demand),
      cmocka_unit_test(traces_a_product_to_its_origins),
      cmocka_unit_test(moves_purchases_and_solves_output_again),
      cmocka_unit_test(sums_countries_and_sectors),
      cmocka_unit_test(keeps_categories_rows_and_satellites),
      cmocka_unit_test(measures_what_does_not_balance),
      cmocka_unit_test(aggregates_every_part),
      cmocka_unit_test(scales_primary_rows_with_output),
      cmocka_unit_test(takes_one_country_with_one_sector),
      cmocka_unit_test(takes_nodes_without_output_and_with_losses),
      cmocka_unit_test(refuses_a_singular_system),
      cmocka_unit_test(shares_the_blocks_it_is_given),
      cmocka_unit_test(names_the_part_that_does_not_fit),
      cmocka_unit_test(names_shapes_and_places_of_questions),
      cmocka_unit_test(asks_the_budget_and_the_cancel_flag_first),
      cmocka_unit_test(survives_every_failing_allocation),
      cmocka_unit_test(releases_everything),
  };
  return run(tests);
}
