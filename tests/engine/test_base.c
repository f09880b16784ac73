/* Memory, errors and jobs: the ground that everything else stands on. */
#include "support.h"

#include "base/internal.h"

static void an_error_carries_status_place_and_message(void **state) {
  (void)state;
  cm_error err;
  assert_int_equal(cm__fail_at(&err, CM_NOT_NUMBER, 3, 7, 1.5, "'%s' is no number", "x"),
                   CM_NOT_NUMBER);
  assert_int_equal(err.status, CM_NOT_NUMBER);
  assert_int_equal(err.row, 3);
  assert_int_equal(err.col, 7);
  assert_double_equal(err.value, 1.5, 0);
  assert_string_equal(err.message, "'x' is no number");
  assert_int_equal(cm__fail(NULL, CM_SHAPE, "nobody listens"), CM_SHAPE);
}

static void a_message_may_quote_the_error_it_replaces(void **state) {
  (void)state;
  cm_error err;
  (void)cm__fail(&err, CM_READ, "inner");
  (void)cm__fail(&err, CM_OPEN, "outer: %s", err.message);
  assert_string_equal(err.message, "outer: inner");
}

static void a_long_message_is_cut_not_overrun(void **state) {
  (void)state;
  cm_error err;
  (void)cm__fail(&err, CM_READ, "%0600d", 1);
  assert_int_equal(strlen(err.message), CM_MESSAGE_MAX - 1);
}

static void every_status_has_a_text(void **state) {
  (void)state;
#define HAS_TEXT(name, number, text, fix) assert_string_equal(cm_status_text(name), text);
  CM_STATUS_LIST(HAS_TEXT)
#undef HAS_TEXT
  assert_string_equal(cm_status_text((cm_status)12345), "");
  assert_string_equal(cm_status_fix((cm_status)12345), "");
}

static void blocks_are_counted_and_grown(void **state) {
  (void)state;
  size_t held = cm_memory_held(), blocks = cm_memory_blocks();
  double *p;
  assert_ok(cm__alloc(100, sizeof *p, "a test", &p, NULL));
  assert_int_equal(cm_memory_held() - held, 800);
  assert_int_equal(cm_memory_blocks() - blocks, 1);
  for (size_t i = 0; i < 100; i++) assert_true(p[i] == 0.0);
  p[99] = 4.0;
  assert_ok(cm__grow(200, sizeof *p, "a test", &p, NULL));
  assert_true(p[99] == 4.0);
  assert_ok(cm__grow(1, sizeof *p, "a test", &p, NULL));
  assert_int_equal(cm_memory_held() - held, 8);
  cm__free(p);
  cm__free(NULL);
  assert_int_equal(cm_memory_held(), held);
  assert_int_equal(cm_memory_blocks(), blocks);
}

static void sizes_that_overflow_are_refused(void **state) {
  (void)state;
  cm_error err;
  size_t out = 7;
  void *p = &out;
  assert_status(cm__size3(SIZE_MAX, 2, 1, "a thing", &out, &err), CM_OVERFLOW);
  assert_int_equal(out, 7);
  assert_status(cm__alloc(SIZE_MAX / 4, 8, "a thing", &p, &err), CM_OVERFLOW);
  assert_ptr_equal(p, &out);
  int i = 7;
  assert_status(cm__int((size_t)INT_MAX + 1, "a thing", &i, &err), CM_OVERFLOW);
  assert_int_equal(i, 7);
}

static void the_limit_refuses_before_allocating(void **state) {
  (void)state;
  cm_error err;
  void *p = NULL;
  size_t old = cm_memory_limit();
  assert_true(old > 0);
  cm_memory_limit_set(1000);
  assert_status(cm__alloc(2000, 1, "a large thing", &p, &err), CM_BUDGET);
  assert_non_null(strstr(err.message, "a large thing needs 2.0 kB"));
  assert_status(cm_job_ask(NULL, 2000, "a plan", &err), CM_BUDGET);
  assert_ok(cm_job_ask(NULL, 900, "a plan", &err));
  assert_ok(cm__alloc(900, 1, "a small thing", &p, &err));
  assert_status(cm__grow(1100, 1, "a thing that grows", &p, &err), CM_BUDGET);
  cm__free(p);
  cm_memory_limit_set(0);
  assert_ok(cm_job_ask(NULL, SIZE_MAX / 2, "anything", &err));
  cm_memory_limit_set(old);
}

static void an_allocation_that_fails_is_reported(void **state) {
  (void)state;
  size_t blocks = cm_memory_blocks();
  void *p = NULL;
  fail_from(1);
  assert_status(cm__alloc(1, 1, "a byte", &p, NULL), CM_MEMORY);
  fail_never();
  assert_null(p);
  assert_int_equal(cm_memory_blocks(), blocks);
}

static bool stop_at_half(void *ud, const char *what, double done, double total) {
  assert_string_equal(what, "work");
  ++*(int *)ud;
  return done < total / 2;
}

static void a_job_reports_and_stops(void **state) {
  (void)state;
  cm_error err;
  int calls = 0;
  atomic_bool cancel = false;
  cm_job job = {.progress = stop_at_half, .ud = &calls, .cancel = &cancel, .memory = 50};
  assert_ok(cm_job_step(NULL, "work", 1, 2, &err));
  assert_ok(cm_job_step(&job, "work", 0, 10, &err));
  assert_status(cm_job_step(&job, "work", 5, 10, &err), CM_CANCELLED);
  assert_int_equal(calls, 2);
  atomic_store(&cancel, true);
  assert_status(cm_job_step(&job, "work", 0, 10, &err), CM_CANCELLED);
  assert_int_equal(calls, 2);
  assert_status(cm_job_ask(&job, 51, "work", &err), CM_BUDGET);
}

static void a_shared_buffer_lives_as_long_as_its_last_holder(void **state) {
  (void)state;
  size_t blocks = cm_memory_blocks();
  cm__buffer *b;
  assert_ok(cm__buffer_new(3, true, "a buffer", &b, NULL));
  cm__buffer *second = cm__buffer_retain(b);
  cm__buffer_release(b);
  assert_true(second->data[2] == 0.0);
  cm__buffer_release(second);
  cm__buffer_release(NULL);
  assert_int_equal(cm_memory_blocks(), blocks);
}

static void bytes_read_as_a_person_writes_them(void **state) {
  (void)state;
  assert_string_equal(cm__bytes(999).text, "999 B");
  assert_string_equal(cm__bytes(1500).text, "1.5 kB");
  assert_string_equal(cm__bytes(768320000).text, "768 MB");
  assert_string_equal(cm__bytes(1.54e9).text, "1.5 GB");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_error_carries_status_place_and_message),
      cmocka_unit_test(a_message_may_quote_the_error_it_replaces),
      cmocka_unit_test(a_long_message_is_cut_not_overrun),
      cmocka_unit_test(every_status_has_a_text),
      cmocka_unit_test(blocks_are_counted_and_grown),
      cmocka_unit_test(sizes_that_overflow_are_refused),
      cmocka_unit_test(the_limit_refuses_before_allocating),
      cmocka_unit_test(an_allocation_that_fails_is_reported),
      cmocka_unit_test(a_job_reports_and_stops),
      cmocka_unit_test(a_shared_buffer_lives_as_long_as_its_last_holder),
      cmocka_unit_test(bytes_read_as_a_person_writes_them),
  };
  return run(tests);
}
