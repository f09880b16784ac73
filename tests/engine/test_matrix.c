/* Matrices: storage, views, labels, elementwise arithmetic and reductions. */
#include "support.h"

#include "matrices.h"
#include "matrix/internal.h"

#define TWO_BY_THREE NUMBERS(1, 2, 3, 4, 5, 6)

/* ---- making and reading --------------------------------------------------- */

static void a_new_matrix_is_zero_and_column_major(void **state) {
  (void)state;
  size_t row_step, col_step;
  cm_matrix *m;
  assert_ok(cm_matrix_new(2, 3, &m, NULL));
  assert_matrix(m, 2, 3, NUMBERS(0, 0, 0, 0, 0, 0), 0);
  assert_ok(cm_matrix_set(m, 1, 2, 7.0, NULL));
  double *data = cm_matrix_data_mut(m, &row_step, &col_step);
  assert_int_equal(row_step, 1);
  assert_int_equal(col_step, 2);
  assert_double_equal(data[1 + 2 * 2], 7.0, 0);
  assert_ptr_equal(cm_matrix_data(m, &row_step, &col_step), data);
  cm_matrix_release(m);
  cm_matrix_release(NULL);
}

static void data_is_copied_with_its_leading_dimension(void **state) {
  (void)state;
  cm_error err;
  const double columns[] = {1, 4, -9, 2, 5, -9};
  cm_matrix *m = NULL;
  assert_ok(cm_matrix_from(columns, 2, 2, 3, &m, NULL));
  assert_matrix(m, 2, 2, NUMBERS(1, 2, 4, 5), 0);
  cm_matrix_release(m);
  m = NULL;
  assert_status(cm_matrix_from(columns, 2, 2, 1, &m, &err), CM_INVALID);
  assert_null(m);
}

static void reading_outside_names_the_place(void **state) {
  (void)state;
  cm_error err;
  double x = 42;
  cm_matrix *m = matrix(2, 3, TWO_BY_THREE);
  assert_ok(cm_matrix_get(m, 1, 2, &x, &err));
  assert_double_equal(x, 6, 0);
  assert_status(cm_matrix_get(m, 2, 0, &x, &err), CM_RANGE);
  assert_string_equal(err.message, "row 3, column 1 of a matrix of 2 rows and 3 columns");
  assert_status(cm_matrix_get(m, 0, 3, &x, &err), CM_RANGE);
  assert_double_equal(x, 6, 0);
  assert_status(cm_matrix_set(m, 2, 0, 1, &err), CM_RANGE);
  cm_matrix_release(m);
}

static void sizes_that_cannot_be_are_refused(void **state) {
  (void)state;
  cm_matrix *m = NULL;
  assert_status(cm_matrix_new(SIZE_MAX / 4, 8, &m, NULL), CM_OVERFLOW);
  assert_status(cm_matrix_new((size_t)1 << 30, (size_t)1 << 20, &m, NULL), CM_BUDGET);
  assert_null(m);
}

static void empty_matrices_are_matrices(void **state) {
  (void)state;
  cm_matrix *none = matrix(0, 3, NULL), *t, *copy, *sum, *joined, *block, *added;
  assert_ok(cm_matrix_transposed(none, &t, NULL));
  assert_int_equal(cm_matrix_rows(t), 3);
  assert_ok(cm_matrix_copy(t, &copy, NULL));
  assert_ok(cm_matrix_reduce(CM_SUM, none, CM_ROWS, &sum, NULL));
  assert_matrix(sum, 1, 3, NUMBERS(0, 0, 0), 0);
  assert_double_equal(cm_matrix_sum(none), 0, 0);
  assert_double_equal(cm_matrix_sum(t), 0, 0);
  assert_ok(cm_matrix_join(none, sum, CM_ROWS, &joined, NULL));
  assert_matrix(joined, 1, 3, NUMBERS(0, 0, 0), 0);
  assert_ok(cm_matrix_block(joined, 1, 0, 1, 2, &block, NULL));
  assert_int_equal(cm_matrix_rows(block), 0);
  assert_ok(cm_matrix_binary(CM_ADD, none, none, &added, NULL));
  assert_int_equal(cm_matrix_cols(added), 3);
  RELEASE(none, t, copy, sum, joined, block, added);
}

/* ---- views ------------------------------------------------------------------ */

static void views_share_and_outlive_their_parent(void **state) {
  (void)state;
  cm_matrix *m = matrix(2, 3, TWO_BY_THREE), *t, *block, *row;
  assert_ok(cm_matrix_transposed(m, &t, NULL));
  assert_ok(cm_matrix_block(t, 1, 2, 0, 2, &block, NULL));
  assert_ok(cm_matrix_block(block, 1, 1, 0, 2, &row, NULL));
  assert_ok(cm_matrix_set(m, 1, 2, 60.0, NULL));
  cm_matrix_release(m);
  cm_matrix_release(t);
  assert_matrix(block, 2, 2, NUMBERS(2, 5, 3, 60), 0);
  cm_matrix_release(block);
  assert_matrix(row, 1, 2, NUMBERS(3, 60), 0);
  cm_matrix_release(row);
}

static void a_second_handle_keeps_the_matrix(void **state) {
  (void)state;
  cm_matrix *m = matrix(1, 1, NUMBERS(5)), *again = cm_matrix_retain(m);
  cm_matrix_release(m);
  assert_double_equal(cm_matrix_at(again, 0, 0), 5, 0);
  cm_matrix_release(again);
  assert_null(cm_matrix_retain(NULL));
}

static void a_view_takes_no_numbers_of_its_own(void **state) {
  (void)state;
  cm_matrix *m = random_matrix(100, 100, 1), *t, *b;
  size_t held = cm_memory_held();
  assert_ok(cm_matrix_transposed(m, &t, NULL));
  assert_ok(cm_matrix_block(m, 0, 50, 0, 50, &b, NULL));
  assert_true(cm_memory_held() - held < 500);
  RELEASE(m, t, b);
}

static void a_buffer_in_row_order_becomes_a_matrix(void **state) {
  (void)state;
  cm__buffer *buffer;
  cm_matrix *m;
  assert_ok(cm__buffer_new(7, true, "a test", &buffer, NULL));
  for (size_t i = 0; i < 6; i++) buffer->data[i + 1] = (double)(i + 1);
  assert_ok(cm__matrix_wrap(buffer, 1, 2, 3, 3, 1, &m, NULL));
  cm__buffer_release(buffer);
  assert_matrix(m, 2, 3, TWO_BY_THREE, 0);
  cm_matrix_release(m);
}

static void a_block_outside_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = matrix(2, 3, TWO_BY_THREE), *b = NULL;
  assert_status(cm_matrix_block(m, 1, 2, 0, 3, &b, &err), CM_RANGE);
  assert_string_equal(err.message, "rows 2 to 3 of 2");
  assert_status(cm_matrix_block(m, 0, 2, 4, 0, &b, &err), CM_RANGE);
  assert_status(cm_matrix_block(m, 0, 2, 2, SIZE_MAX, &b, &err), CM_RANGE);
  assert_null(b);
  cm_matrix_release(m);
}

static void a_copy_is_packed_and_apart(void **state) {
  (void)state;
  cm_matrix *m = random_matrix(70, 45, 2), *odd = awkward(m), *copy;
  size_t row_step, col_step;
  assert_ok(cm_matrix_copy(odd, &copy, NULL));
  assert_same_matrix(copy, m, 0);
  (void)cm_matrix_data(copy, &row_step, &col_step);
  assert_int_equal(row_step, 1);
  assert_int_equal(col_step, 70);
  assert_ok(cm_matrix_set(copy, 0, 0, 9, NULL));
  assert_double_equal(cm_matrix_at(odd, 0, 0), cm_matrix_at(m, 0, 0), 0);
  RELEASE(m, odd, copy);
}

static void views_carry_their_labels(void **state) {
  (void)state;
  cm_matrix *m = labelled(labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b")), CM_COLS,
                          LABELS("x", "y", "z"));
  cm_matrix *t, *b, *c;
  assert_ok(cm_matrix_transposed(m, &t, NULL));
  assert_label(t, CM_ROWS, 2, "z");
  assert_label(t, CM_COLS, 1, "b");
  assert_ok(cm_matrix_block(t, 1, 2, 1, 1, &b, NULL));
  assert_label(b, CM_ROWS, 0, "y");
  assert_label(b, CM_COLS, 0, "b");
  assert_ok(cm_matrix_copy(b, &c, NULL));
  assert_label(c, CM_ROWS, 1, "z");
  RELEASE(m, t, b, c);
}

static void an_axis_must_have_the_size_of_its_side(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = matrix(2, 3, TWO_BY_THREE);
  cm_axis *a = axis(2, LABELS("a", "b"));
  assert_status(cm_matrix_axis_set(m, CM_COLS, a, &err), CM_SHAPE);
  assert_string_equal(err.message, "2 labels for 3 columns");
  assert_ok(cm_matrix_axis_set(m, CM_ROWS, a, NULL));
  assert_ok(cm_matrix_axis_set(m, CM_ROWS, NULL, NULL));
  assert_null(cm_matrix_axis(m, CM_ROWS));
  cm_axis_release(a);
  cm_matrix_release(m);
}

/* ---- rearranging -------------------------------------------------------------- */

static void rows_and_columns_are_taken_in_any_order(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = labelled(labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b")), CM_COLS,
                          LABELS("x", "y", "z"));
  cm_matrix *r, *c, *none, *bad = NULL;
  assert_ok(cm_matrix_take(m, CM_ROWS, (const size_t[]){1, 0, 1}, 3, &r, NULL));
  assert_matrix(r, 3, 3, NUMBERS(4, 5, 6, 1, 2, 3, 4, 5, 6), 0);
  assert_null(cm_matrix_axis(r, CM_ROWS)); /* b would stand twice */
  assert_label(r, CM_COLS, 0, "x");
  assert_ok(cm_matrix_take(m, CM_COLS, (const size_t[]){2, 0}, 2, &c, NULL));
  assert_matrix(c, 2, 2, NUMBERS(3, 1, 6, 4), 0);
  assert_label(c, CM_COLS, 0, "z");
  assert_label(c, CM_ROWS, 0, "a");
  assert_ok(cm_matrix_take(m, CM_COLS, NULL, 0, &none, NULL));
  assert_int_equal(cm_matrix_cols(none), 0);
  assert_status(cm_matrix_take(m, CM_COLS, (const size_t[]){0, 3}, 2, &bad, &err), CM_RANGE);
  assert_string_equal(err.message, "column 4 of 3");
  assert_null(bad);
  RELEASE(m, r, c, none);
}

static void matrices_are_joined_along_either_side(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *a = labelled(labelled(matrix(1, 2, NUMBERS(1, 2)), CM_ROWS, LABELS("a")), CM_COLS,
                          LABELS("x", "y"));
  cm_matrix *b = labelled(labelled(matrix(1, 2, NUMBERS(4, 3)), CM_ROWS, LABELS("b")), CM_COLS,
                          LABELS("y", "x"));
  cm_matrix *under, *beside, *bad = NULL, *tall = matrix(3, 1, NUMBERS(1, 2, 3));
  assert_ok(cm_matrix_join(a, b, CM_ROWS, &under, NULL)); /* y, x comes into the order x, y */
  assert_matrix(under, 2, 2, NUMBERS(1, 2, 3, 4), 0);
  assert_label(under, CM_ROWS, 1, "b");
  assert_label(under, CM_COLS, 1, "y");
  assert_ok(cm_matrix_join(a, a, CM_COLS, &beside, NULL));
  assert_matrix(beside, 1, 4, NUMBERS(1, 2, 1, 2), 0);
  assert_null(cm_matrix_axis(beside, CM_COLS));
  assert_status(cm_matrix_join(a, tall, CM_ROWS, &bad, &err), CM_SHAPE);
  assert_string_equal(err.message, "a 3 x 1 matrix does not fit under a 1 x 2 one");
  assert_status(cm_matrix_join(a, tall, CM_COLS, &bad, &err), CM_SHAPE);
  assert_null(bad);
  RELEASE(a, b, under, beside, tall);
}

static void diagonals_are_made_and_read(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *row = labelled(matrix(1, 2, NUMBERS(3, 4)), CM_COLS, LABELS("x", "y")), *d, *back;
  cm_matrix *m = matrix(2, 3, TWO_BY_THREE), *main_of, *bad = NULL;
  assert_ok(cm_matrix_diagonal(row, &d, NULL));
  assert_matrix(d, 2, 2, NUMBERS(3, 0, 0, 4), 0);
  assert_label(d, CM_ROWS, 1, "y");
  assert_ok(cm_matrix_diagonal_of(d, &back, NULL));
  assert_matrix(back, 2, 1, NUMBERS(3, 4), 0);
  assert_label(back, CM_ROWS, 0, "x");
  assert_ok(cm_matrix_diagonal_of(m, &main_of, NULL));
  assert_matrix(main_of, 2, 1, NUMBERS(1, 5), 0);
  assert_status(cm_matrix_diagonal(m, &bad, &err), CM_SHAPE);
  assert_null(bad);
  RELEASE(row, d, back, m, main_of);
}

/* ---- elementwise ----------------------------------------------------------------- */

static void the_eight_operations_on_numbers(void **state) {
  (void)state;
  cm_matrix *a = matrix(1, 3, NUMBERS(6, -4, 2)), *b = matrix(1, 3, NUMBERS(3, 2, -1)), *r;
  const struct {
    cm_binary op;
    double want[3];
  } cases[] = {
      {CM_ADD, {9, -2, 1}},  {CM_SUB, {3, -6, 3}},     {CM_MUL, {18, -8, -2}},
      {CM_DIV, {2, -2, -2}}, {CM_POW, {216, 16, .5}},  {CM_MIN, {3, -4, -1}},
      {CM_MAX, {6, 2, 2}},   {CM_AT_LEAST, {1, 0, 1}},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_ok(cm_matrix_binary(cases[i].op, a, b, &r, NULL));
    assert_matrix(r, 1, 3, cases[i].want, 1e-15);
    cm_matrix_release(r);
  }
  RELEASE(a, b);
}

static void division_by_zero_is_ieee(void **state) {
  (void)state;
  cm_matrix *a = matrix(1, 2, NUMBERS(1, 0)), *z = matrix(1, 2, NUMBERS(0, 0)), *r, *low, *high;
  assert_ok(cm_matrix_binary(CM_DIV, a, z, &r, NULL));
  assert_true(isinf(cm_matrix_at(r, 0, 0)));
  assert_true(isnan(cm_matrix_at(r, 0, 1)));
  assert_ok(cm_matrix_binary(CM_MIN, a, r, &low, NULL));
  assert_true(isnan(cm_matrix_at(low, 0, 1)));
  assert_ok(cm_matrix_binary(CM_MAX, r, a, &high, NULL));
  assert_true(isnan(cm_matrix_at(high, 0, 1)));
  RELEASE(a, z, r, low, high);
}

static void storage_does_not_change_results(void **state) {
  (void)state;
  cm_matrix *a = random_matrix(130, 70, 3), *b = random_matrix(130, 70, 4), *x, *y, *s, *t;
  cm_matrix *odd_a = awkward(a), *odd_b = awkward(b);
  assert_ok(cm_matrix_binary(CM_SUB, a, b, &x, NULL));
  assert_ok(cm_matrix_binary(CM_SUB, odd_a, odd_b, &y, NULL));
  assert_same_matrix(x, y, 0);
  assert_double_equal(cm_matrix_at(x, 129, 69), cm_matrix_at(a, 129, 69) - cm_matrix_at(b, 129, 69),
                      0);
  for (cm_side side = CM_ROWS; side <= CM_COLS; side++) {
    assert_ok(cm_matrix_reduce(CM_SUM, a, side, &s, NULL));
    assert_ok(cm_matrix_reduce(CM_SUM, odd_a, side, &t, NULL));
    assert_memory_equal(cm__at(s->d, 0, 0), cm__at(t->d, 0, 0), s->d.rows * s->d.cols * 8);
    RELEASE(s, t);
  }
  assert_true(cm_matrix_sum(a) == cm_matrix_sum(odd_a));
  RELEASE(a, b, x, y, odd_a, odd_b);
}

static void rows_columns_and_single_elements_are_repeated(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b"));
  cm_matrix *row = labelled(matrix(1, 3, NUMBERS(10, 20, 30)), CM_ROWS, LABELS("total"));
  cm_matrix *col = matrix(2, 1, NUMBERS(100, 200)), *one = matrix(1, 1, NUMBERS(1000)), *r, *s;
  assert_ok(cm_matrix_binary(CM_ADD, m, row, &r, NULL));
  assert_matrix(r, 2, 3, NUMBERS(11, 22, 33, 14, 25, 36), 0);
  assert_label(r, CM_ROWS, 0, "a");
  cm_matrix_release(r);
  assert_ok(cm_matrix_binary(CM_SUB, col, m, &r, NULL));
  assert_matrix(r, 2, 3, NUMBERS(99, 98, 97, 196, 195, 194), 0);
  assert_label(r, CM_ROWS, 1, "b");
  cm_matrix_release(r);
  assert_ok(cm_matrix_binary(CM_ADD, row, col, &r, NULL));
  assert_matrix(r, 2, 3, NUMBERS(110, 120, 130, 210, 220, 230), 0);
  assert_ok(cm_matrix_binary(CM_ADD, one, r, &s, NULL));
  assert_double_equal(cm_matrix_at(s, 1, 2), 1230, 0);
  cm_matrix *bad = NULL, *two = matrix(1, 2, NUMBERS(1, 2));
  assert_status(cm_matrix_binary(CM_ADD, m, two, &bad, &err), CM_SHAPE);
  assert_string_equal(err.message, "2 x 3 and 1 x 2, element by element");
  assert_null(bad);
  RELEASE(m, row, col, one, r, s, two);
}

static void labels_in_another_order_are_aligned(void **state) {
  (void)state;
  cm_matrix *a = labelled(labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b")), CM_COLS,
                          LABELS("x", "y", "z"));
  cm_matrix *b =
      labelled(labelled(matrix(2, 3, NUMBERS(60, 40, 50, 30, 10, 20)), CM_ROWS, LABELS("b", "a")),
               CM_COLS, LABELS("z", "x", "y"));
  cm_matrix *r, *s, *plain = matrix(2, 3, TWO_BY_THREE);
  assert_ok(cm_matrix_binary(CM_ADD, a, b, &r, NULL));
  assert_matrix(r, 2, 3, NUMBERS(11, 22, 33, 44, 55, 66), 0);
  assert_label(r, CM_COLS, 0, "x");
  cm_matrix_release(r);
  assert_ok(cm_matrix_binary(CM_ADD, b, a, &r, NULL)); /* the first side's order holds */
  assert_matrix(r, 2, 3, NUMBERS(66, 44, 55, 33, 11, 22), 0);
  assert_label(r, CM_ROWS, 0, "b");
  assert_ok(cm_matrix_binary(CM_SUB, plain, a, &s, NULL)); /* no labels: fits as it is */
  assert_matrix(s, 2, 3, NUMBERS(0, 0, 0, 0, 0, 0), 0);
  assert_label(s, CM_ROWS, 0, "a");
  RELEASE(a, b, r, s, plain);
}

static void different_labels_are_refused_and_named(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *a = labelled(matrix(2, 1, NUMBERS(1, 2)), CM_ROWS, LABELS("KOR", "JPN"));
  cm_matrix *b = labelled(matrix(2, 1, NUMBERS(1, 2)), CM_ROWS, LABELS("KOR", "DEU")), *r = NULL;
  assert_status(cm_matrix_binary(CM_ADD, a, b, &r, &err), CM_LABELS);
  assert_string_equal(
      err.message, "rows differ in their labels: 'JPN' only on the left, 'DEU' only on the right");
  assert_null(r);
  RELEASE(a, b);
}

static void single_elements_of_different_names_combine(void **state) {
  (void)state;
  cm_matrix *a = labelled(matrix(1, 1, NUMBERS(6)), CM_ROWS, LABELS("price"));
  cm_matrix *b = labelled(matrix(1, 1, NUMBERS(3)), CM_ROWS, LABELS("cost")), *r;
  assert_ok(cm_matrix_binary(CM_DIV, a, b, &r, NULL));
  assert_double_equal(cm_matrix_at(r, 0, 0), 2, 0);
  assert_null(cm_matrix_axis(r, CM_ROWS)); /* neither name would be true */
  RELEASE(a, b, r);
}

static void numbers_stand_on_either_side(void **state) {
  (void)state;
  cm_matrix *m = labelled(matrix(1, 2, NUMBERS(2, 4)), CM_COLS, LABELS("x", "y")), *r;
  assert_ok(cm_matrix_scalar(CM_SUB, m, 1, false, &r, NULL));
  assert_matrix(r, 1, 2, NUMBERS(1, 3), 0);
  assert_label(r, CM_COLS, 1, "y");
  cm_matrix_release(r);
  assert_ok(cm_matrix_scalar(CM_DIV, m, 1, true, &r, NULL));
  assert_matrix(r, 1, 2, NUMBERS(.5, .25), 0);
  RELEASE(m, r);
}

static void the_six_functions_of_one_matrix(void **state) {
  (void)state;
  cm_matrix *m = labelled(matrix(1, 2, NUMBERS(4, 0)), CM_COLS, LABELS("x", "y")), *r;
  const struct {
    cm_unary op;
    double want[2];
  } cases[] = {
      {CM_NEG, {-4, 0}}, {CM_ABS, {4, 0}},          {CM_EXP, {54.598150033144236, 1}},
      {CM_SQRT, {2, 0}}, {CM_RECIPROCAL, {.25, 0}},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_ok(cm_matrix_unary(cases[i].op, m, &r, NULL));
    assert_matrix(r, 1, 2, cases[i].want, 1e-15);
    assert_label(r, CM_COLS, 0, "x");
    cm_matrix_release(r);
  }
  assert_ok(cm_matrix_unary(CM_LOG, m, &r, NULL));
  assert_double_equal(cm_matrix_at(r, 0, 0), 1.3862943611198906, 1e-15); /* 2 ln 2 */
  assert_true(cm_matrix_at(r, 0, 1) == -INFINITY);
  RELEASE(m, r);
}

/* ---- reductions --------------------------------------------------------------------- */

static void sums_least_and_greatest_over_either_side(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = labelled(matrix(2, 3, NUMBERS(1, -5, 3, 4, 2, 0)), CM_COLS, LABELS("x", "y", "z"));
  cm_matrix *r, *none = matrix(0, 2, NULL), *bad = NULL;
  assert_double_equal(cm_matrix_sum(m), 5, 0);
  assert_ok(cm_matrix_reduce(CM_SUM, m, CM_ROWS, &r, NULL));
  assert_matrix(r, 1, 3, NUMBERS(5, -3, 3), 0);
  assert_label(r, CM_COLS, 2, "z");
  cm_matrix_release(r);
  assert_ok(cm_matrix_reduce(CM_SUM, m, CM_COLS, &r, NULL));
  assert_matrix(r, 2, 1, NUMBERS(-1, 6), 0);
  cm_matrix_release(r);
  assert_ok(cm_matrix_reduce(CM_LEAST, m, CM_COLS, &r, NULL));
  assert_matrix(r, 2, 1, NUMBERS(-5, 0), 0);
  cm_matrix_release(r);
  assert_ok(cm_matrix_reduce(CM_GREATEST, m, CM_ROWS, &r, NULL));
  assert_matrix(r, 1, 3, NUMBERS(4, 2, 3), 0);
  assert_status(cm_matrix_reduce(CM_LEAST, none, CM_ROWS, &bad, &err), CM_INVALID);
  assert_null(bad);
  RELEASE(m, r, none);
}

static void pairwise_sums_lose_next_to_nothing(void **state) {
  (void)state;
  enum { N = 1000000 };
  cm_matrix *m;
  assert_ok(cm_matrix_new(N, 1, &m, NULL));
  size_t row_step, col_step;
  double *data = cm_matrix_data_mut(m, &row_step, &col_step);
  for (size_t i = 0; i < N; i++) data[i] = 0.1;
  /* Added one after another the error is 1.3e-6; pairwise below 1e-9 (Higham 1993). */
  assert_true(fabs(cm_matrix_sum(m) - 100000.0) < 1e-9);
  cm_matrix_release(m);
}

static void extremes_know_their_place(void **state) {
  (void)state;
  double low, high;
  size_t i, j, k, l;
  cm_matrix *m = matrix(2, 3, NUMBERS(1, 9, -5, 9, 2, -5)), *none = matrix(2, 0, NULL);
  assert_ok(cm_matrix_extremes(m, &low, &i, &j, &high, &k, &l, NULL));
  assert_double_equal(low, -5, 0);
  assert_int_equal(i, 0);
  assert_int_equal(j, 2);
  assert_double_equal(high, 9, 0); /* the first in column order */
  assert_int_equal(k, 1);
  assert_int_equal(l, 0);
  assert_ok(cm_matrix_set(m, 1, 1, NAN, NULL));
  assert_ok(cm_matrix_extremes(m, &low, &i, &j, &high, &k, &l, NULL));
  assert_true(isnan(low) && isnan(high));
  assert_int_equal(k, 1);
  assert_int_equal(l, 1);
  assert_status(cm_matrix_extremes(none, &low, &i, &j, &high, &k, &l, NULL), CM_INVALID);
  RELEASE(m, none);
}

static void groups_are_added_up(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b")), *r, *bad = NULL;
  cm_axis *two = axis(2, LABELS("EU", "none"));
  assert_ok(cm_matrix_group(m, CM_COLS, (const size_t[]){0, CM_NOT_FOUND, 0}, two, &r, NULL));
  assert_matrix(r, 2, 2, NUMBERS(4, 0, 10, 0), 0);
  assert_label(r, CM_COLS, 0, "EU");
  assert_label(r, CM_ROWS, 1, "b");
  cm_matrix_release(r);
  assert_ok(cm_matrix_group(m, CM_ROWS, (const size_t[]){1, 1}, two, &r, NULL));
  assert_matrix(r, 2, 3, NUMBERS(0, 0, 0, 5, 7, 9), 0);
  assert_status(cm_matrix_group(m, CM_ROWS, (const size_t[]){0, 2}, two, &bad, &err), CM_RANGE);
  assert_string_equal(err.message, "element 2 goes to group 3 of 2");
  assert_status(cm_matrix_group(m, CM_ROWS, (const size_t[]){0, 0}, NULL, &bad, &err), CM_INVALID);
  assert_null(bad);
  RELEASE(m, r);
  cm_axis_release(two);
}

static void the_first_place_that_is_not_finite_is_named(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("KOR", "USA")), *t;
  assert_ok(cm_matrix_check_finite(m, "Z", &err));
  assert_ok(cm_matrix_set(m, 0, 2, NAN, NULL));
  assert_ok(cm_matrix_set(m, 1, 1, -INFINITY, NULL));
  assert_status(cm_matrix_check_finite(m, "Z", &err), CM_NOT_FINITE);
  assert_string_equal(err.message, "Z: row 2 USA, column 2 is -inf");
  assert_int_equal(err.row, 2);
  assert_int_equal(err.col, 2);
  assert_ok(cm_matrix_transposed(m, &t, NULL));
  assert_status(cm_matrix_check_finite(t, "Z", &err), CM_NOT_FINITE);
  assert_int_equal(err.row, 3); /* the first column of the transpose is KOR's row */
  assert_int_equal(err.col, 1);
  RELEASE(m, t);
}

/* ---- memory ----------------------------------------------------------------------- */

static cm_status everything(void *ud) {
  cm_matrix *const *m = ud, *r[10] = {NULL};
  cm_status status;
  CM__TRY(cm_matrix_copy(m[0], &r[0], NULL));
  CM__TRY(cm_matrix_block(r[0], 0, 1, 0, 2, &r[1], NULL));
  CM__TRY(cm_matrix_transposed(r[0], &r[2], NULL));
  CM__TRY(cm_matrix_take(m[0], CM_ROWS, (const size_t[]){1, 0}, 2, &r[3], NULL));
  CM__TRY(cm_matrix_join(m[0], m[1], CM_COLS, &r[4], NULL));
  CM__TRY(cm_matrix_binary(CM_ADD, m[0], m[1], &r[5], NULL));
  CM__TRY(cm_matrix_scalar(CM_ADD, m[0], 1, false, &r[6], NULL));
  CM__TRY(cm_matrix_unary(CM_ABS, m[0], &r[7], NULL));
  CM__TRY(cm_matrix_reduce(CM_SUM, m[0], CM_ROWS, &r[8], NULL));
  CM__TRY(cm_matrix_group(m[0], CM_ROWS, (const size_t[]){0, 1}, cm_matrix_axis(m[0], CM_ROWS),
                          &r[9], NULL));
done:
  release_all(r, COUNT(r));
  return status;
}

static void matrices_survive_failing_allocations(void **state) {
  (void)state;
  cm_matrix *m[] = {labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("a", "b")),
                    labelled(matrix(2, 3, TWO_BY_THREE), CM_ROWS, LABELS("b", "a"))};
  survives_failing_allocations(everything, m);
  RELEASE(m[0], m[1]);
}

static cm_status make(void *ud) {
  (void)ud;
  cm_matrix *m = NULL, *one = NULL, *from = NULL, *d = NULL, *of = NULL;
  cm_status status;
  CM__TRY(cm_matrix_new(2, 2, &m, NULL));
  CM__TRY(cm_matrix_identity(3, &one, NULL));
  CM__TRY(cm_matrix_from(NUMBERS(1, 2), 1, 2, 1, &from, NULL));
  CM__TRY(cm_matrix_diagonal(from, &d, NULL));
  CM__TRY(cm_matrix_diagonal_of(d, &of, NULL));
  assert_matrix(of, 2, 1, NUMBERS(1, 2), 0);
done:
  RELEASE(m, one, from, d, of);
  return status;
}

static void making_survives_failing_allocations(void **state) {
  (void)state;
  survives_failing_allocations(make, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_matrix_is_zero_and_column_major),
      cmocka_unit_test(data_is_copied_with_its_leading_dimension),
      cmocka_unit_test(reading_outside_names_the_place),
      cmocka_unit_test(sizes_that_cannot_be_are_refused),
      cmocka_unit_test(empty_matrices_are_matrices),
      cmocka_unit_test(views_share_and_outlive_their_parent),
      cmocka_unit_test(a_second_handle_keeps_the_matrix),
      cmocka_unit_test(a_view_takes_no_numbers_of_its_own),
      cmocka_unit_test(a_buffer_in_row_order_becomes_a_matrix),
      cmocka_unit_test(a_block_outside_is_refused),
      cmocka_unit_test(a_copy_is_packed_and_apart),
      cmocka_unit_test(views_carry_their_labels),
      cmocka_unit_test(an_axis_must_have_the_size_of_its_side),
      cmocka_unit_test(rows_and_columns_are_taken_in_any_order),
      cmocka_unit_test(matrices_are_joined_along_either_side),
      cmocka_unit_test(diagonals_are_made_and_read),
      cmocka_unit_test(the_eight_operations_on_numbers),
      cmocka_unit_test(division_by_zero_is_ieee),
      cmocka_unit_test(storage_does_not_change_results),
      cmocka_unit_test(rows_columns_and_single_elements_are_repeated),
      cmocka_unit_test(labels_in_another_order_are_aligned),
      cmocka_unit_test(different_labels_are_refused_and_named),
      cmocka_unit_test(single_elements_of_different_names_combine),
      cmocka_unit_test(numbers_stand_on_either_side),
      cmocka_unit_test(the_six_functions_of_one_matrix),
      cmocka_unit_test(sums_least_and_greatest_over_either_side),
      cmocka_unit_test(pairwise_sums_lose_next_to_nothing),
      cmocka_unit_test(extremes_know_their_place),
      cmocka_unit_test(groups_are_added_up),
      cmocka_unit_test(the_first_place_that_is_not_finite_is_named),
      cmocka_unit_test(matrices_survive_failing_allocations),
      cmocka_unit_test(making_survives_failing_allocations),
  };
  return run(tests);
}
