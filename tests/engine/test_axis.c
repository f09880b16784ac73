/* Axes: labels that are found, refused, combined and aligned. */
#include "support.h"

#include "matrices.h"
#include "matrix/internal.h"

static void labels_are_kept_in_order_and_found(void **state) {
  (void)state;
  cm_axis *a = axis(3, LABELS("KOR", "JPN", "DEU"));
  assert_int_equal(cm_axis_size(a), 3);
  assert_string_equal(cm_axis_label(a, 1), "JPN");
  assert_null(cm_axis_label(a, 3));
  assert_int_equal(cm_axis_find(a, "DEU"), 2);
  assert_true(cm_axis_find(a, "FRA") == CM_NOT_FOUND);
  assert_true(cm_axis_find(a, "") == CM_NOT_FOUND);
  cm_axis_release(a);
  cm_axis_release(NULL);
}

static void thousands_of_labels_are_all_found(void **state) {
  (void)state;
  enum { N = 5000 };
  static char text[N][8];
  static const char *labels[N];
  for (size_t i = 0; i < N; i++) {
    snprintf(text[i], sizeof text[i], "n%zu", i * 7 % N);
    labels[i] = text[i];
  }
  cm_axis *a = axis(N, labels);
  for (size_t i = 0; i < N; i++) assert_int_equal(cm_axis_find(a, text[i]), i);
  cm_axis_release(a);
}

static void an_axis_may_be_empty(void **state) {
  (void)state;
  cm_axis *a = axis(0, NULL), *none;
  assert_int_equal(cm_axis_size(a), 0);
  assert_true(cm_axis_find(a, "x") == CM_NOT_FOUND);
  assert_ok(cm_axis_product(a, a, &none, NULL));
  assert_int_equal(cm_axis_size(none), 0);
  cm_axis_release(none);
  cm_axis_release(a);
}

static void a_label_given_twice_or_empty_is_refused(void **state) {
  (void)state;
  cm_error err;
  cm_axis *a = NULL;
  assert_status(cm_axis_new(LABELS("A", "B", "A"), 3, &a, &err), CM_DUPLICATE);
  assert_string_equal(err.message, "label 'A' stands at 1 and again at 3");
  assert_int_equal(err.row, 3);
  assert_status(cm_axis_new(LABELS("A", ""), 2, &a, &err), CM_INVALID);
  assert_string_equal(err.message, "label 2 is empty");
  assert_null(a);
}

static void a_product_is_country_major(void **state) {
  (void)state;
  cm_axis *c = axis(2, LABELS("USA", "KOR")), *s = axis(3, LABELS("A", "C29", "M")), *p;
  assert_ok(cm_axis_product(c, s, &p, NULL));
  assert_int_equal(cm_axis_size(p), 6);
  assert_string_equal(cm_axis_label(p, 0), "USA.A");
  assert_string_equal(cm_axis_label(p, 4), "KOR.C29");
  assert_int_equal(cm_axis_find(p, "USA.M"), 2);
  cm_axis_release(p);
  cm_axis_release(c);
  cm_axis_release(s);
}

static void a_product_whose_labels_collide_is_refused(void **state) {
  (void)state;
  cm_axis *x = axis(2, LABELS("A", "A.B")), *y = axis(2, LABELS("B.C", "C")), *p = NULL;
  assert_status(cm_axis_product(x, y, &p, NULL), CM_DUPLICATE);
  assert_null(p);
  cm_axis_release(x);
  cm_axis_release(y);
}

static void labels_are_taken_in_any_order_but_once(void **state) {
  (void)state;
  cm_error err;
  cm_axis *a = axis(3, LABELS("A", "B", "C")), *t;
  assert_ok(cm_axis_take(a, (const size_t[]){2, 0}, 2, &t, NULL));
  assert_string_equal(cm_axis_label(t, 0), "C");
  assert_int_equal(cm_axis_find(t, "A"), 1);
  cm_axis_release(t);
  assert_status(cm_axis_take(a, (const size_t[]){1, 1}, 2, &t, NULL), CM_DUPLICATE);
  assert_status(cm_axis_take(a, (const size_t[]){0, 3}, 2, &t, &err), CM_RANGE);
  assert_string_equal(err.message, "place 4 of an axis of 3");
  cm_axis_release(a);
}

static void equality_is_of_labels_and_order(void **state) {
  (void)state;
  cm_axis *a = axis(2, LABELS("A", "B")), *b = axis(2, LABELS("A", "B")),
          *c = axis(2, LABELS("B", "A"));
  assert_true(cm_axis_equal(a, a));
  assert_true(cm_axis_equal(a, b));
  assert_true(cm_axis_equal(NULL, NULL));
  assert_false(cm_axis_equal(a, NULL));
  assert_false(cm_axis_equal(a, c));
  cm_axis_release(a);
  cm_axis_release(b);
  cm_axis_release(c);
}

static void alignment_names_the_first_three_that_differ(void **state) {
  (void)state;
  cm_error err;
  size_t *order;
  cm_axis *a = axis(5, LABELS("A", "B", "C", "D", "E")),
          *b = axis(5, LABELS("E", "W", "X", "Y", "Z"));
  assert_status(cm__axis_align(a, b, "rows", &order, &err), CM_LABELS);
  assert_string_equal(err.message, "rows differ in their labels: 'A', 'B', 'C' and 1 more only on "
                                   "the left, 'W', 'X', 'Y' and 1 more only on the right");
  cm_axis_release(a);
  cm_axis_release(b);
}

static void a_very_long_label_is_cut_in_messages(void **state) {
  (void)state;
  cm_error err;
  size_t *order;
  char long_label[300];
  memset(long_label, 'x', sizeof long_label - 1);
  long_label[sizeof long_label - 1] = '\0';
  cm_axis *a = axis(2, LABELS(long_label, "B")), *b = axis(2, LABELS("C", "D"));
  assert_status(cm__axis_align(a, b, "rows", &order, &err), CM_LABELS);
  assert_non_null(strstr(err.message, "only on the right"));
  cm_axis_release(a);
  cm_axis_release(b);
}

static cm_status make_and_combine(void *ud) {
  (void)ud;
  cm_axis *a = NULL, *b = NULL, *p = NULL, *t = NULL;
  cm_status status;
  CM__TRY(cm_axis_new(LABELS("A", "B"), 2, &a, NULL));
  CM__TRY(cm_axis_new(LABELS("C", "D"), 2, &b, NULL));
  CM__TRY(cm_axis_product(a, b, &p, NULL));
  CM__TRY(cm_axis_take(p, (const size_t[]){3}, 1, &t, NULL));
  assert_string_equal(cm_axis_label(t, 0), "B.D");
done:
  cm_axis_release(a);
  cm_axis_release(b);
  cm_axis_release(p);
  cm_axis_release(t);
  return status;
}

static void axes_survive_failing_allocations(void **state) {
  (void)state;
  survives_failing_allocations(make_and_combine, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_are_kept_in_order_and_found),
      cmocka_unit_test(thousands_of_labels_are_all_found),
      cmocka_unit_test(an_axis_may_be_empty),
      cmocka_unit_test(a_label_given_twice_or_empty_is_refused),
      cmocka_unit_test(a_product_is_country_major),
      cmocka_unit_test(a_product_whose_labels_collide_is_refused),
      cmocka_unit_test(labels_are_taken_in_any_order_but_once),
      cmocka_unit_test(equality_is_of_labels_and_order),
      cmocka_unit_test(alignment_names_the_first_three_that_differ),
      cmocka_unit_test(a_very_long_label_is_cut_in_messages),
      cmocka_unit_test(axes_survive_failing_allocations),
  };
  return run(tests);
}
