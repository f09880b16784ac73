/* Tables in files read back equal; files that were changed are refused. */
#include "support.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capmod/store.h"
#include "tables.h"

/* Of damaged files the HDF5 library asks for absurd amounts, which it is refused, and loses some
 * blocks of its own. */
#define SANITIZER __attribute__((visibility("default")))
SANITIZER const char *__asan_default_options(void);
SANITIZER const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }
SANITIZER const char *__lsan_default_suppressions(void);
SANITIZER const char *__lsan_default_suppressions(void) { return "leak:libhdf5"; }

static char path[64];

static int make_path(void **state) {
  (void)state;
  snprintf(path, sizeof path, "/tmp/capmod_store_%ld.h5", (long)getpid());
  return 0;
}

static int remove_path(void **state) {
  (void)state;
  remove(path);
  return 0;
}

static const cm_matrix *part(cm_table *t, cm_part which) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, which, NULL, &m, NULL));
  cm_matrix_release(m); /* the table keeps it */
  return m;
}

static void assert_same_bits(const cm_matrix *a, const cm_matrix *b) {
  assert_true((a == NULL) == (b == NULL));
  if (!a) return;
  assert_int_equal(cm_matrix_rows(a), cm_matrix_rows(b));
  assert_int_equal(cm_matrix_cols(a), cm_matrix_cols(b));
  for (size_t i = 0; i < cm_matrix_rows(a); i++)
    for (size_t j = 0; j < cm_matrix_cols(a); j++) {
      double x = cm_matrix_at(a, i, j), y = cm_matrix_at(b, i, j);
      assert_memory_equal(&x, &y, sizeof x);
    }
}

static cm_table *load(const char *facts, bool want_factor) {
  cm_table *t = NULL;
  char *text = NULL;
  bool factored = !want_factor;
  assert_ok(cm_table_load(path, NULL, &t, &text, &factored, NULL));
  assert_string_equal(text, facts);
  assert_int_equal(factored, want_factor);
  cm_stored_text_free(text);
  return t;
}

static void reads_back_equal(void **state) {
  (void)state;
  cm_table *t = random_table(3, 4, 0);
  for (int factor = 0; factor < 2; factor++) {
    assert_ok(cm_table_store(t, "name: x\nunit: USD", factor, path, NULL, NULL));
    cm_table *back = load("name: x\nunit: USD", factor);
    for (cm_part p = CM_PART_Z; p <= CM_PART_OUTPUT; p++)
      assert_same_bits(part(t, p), part(back, p));
    for (size_t i = 0; i < 12; i++)
      assert_string_equal(cm_axis_label(cm_table_nodes(t), i),
                          cm_axis_label(cm_table_nodes(back), i));
    assert_same_bits(part(t, CM_PART_L), part(back, CM_PART_L));
    cm_table_release(back);
  }
  cm_table_release(t);
}

static long size_of_file(void) {
  FILE *f = fopen(path, "rb");
  fseek(f, 0, SEEK_END);
  long size = ftell(f);
  fclose(f);
  return size;
}

static char at(long place, int flip) {
  FILE *f = fopen(path, "r+b");
  fseek(f, place, SEEK_SET);
  int c = fgetc(f);
  fseek(f, place, SEEK_SET);
  fputc(c ^ flip, f);
  fclose(f);
  return (char)c;
}

/* Every byte of the file turned over in turn: the file is refused, or what comes back is
 * what was saved (the byte was of no consequence, or of a factor that is then made anew). */
static void shows_every_damage(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  size_t refused = 0, dropped = 0;
  assert_ok(cm_table_store(t, "name: x", true, path, NULL, NULL));
  for (long k = 0, size = size_of_file(); k < size; k++) {
    cm_table *back = NULL;
    char *facts = NULL;
    bool factored;
    at(k, 0x10);
    if (cm_table_load(path, NULL, &back, &facts, &factored, NULL) == CM_OK) {
      assert_string_equal(facts, "name: x");
      assert_same_bits(part(t, CM_PART_Z), part(back, CM_PART_Z));
      assert_same_bits(part(t, CM_PART_Y), part(back, CM_PART_Y));
      assert_same_bits(part(t, CM_PART_L), part(back, CM_PART_L));
      dropped += !factored;
    } else {
      refused++;
    }
    cm_stored_text_free(facts);
    cm_table_release(back);
    at(k, 0x10);
  }
  assert_true(refused > 16 * 8); /* the numbers of Z at least */
  assert_true(dropped > 16 * 8); /* those of the factor */
  cm_table_release(t);
}

static void refuses_what_is_cut_short(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0), *back = NULL;
  char *facts = NULL;
  bool factored;
  assert_ok(cm_table_store(t, "", true, path, NULL, NULL));
  for (long size = size_of_file() - 1; size >= 0; size = size * 7 / 8 - 1) {
    assert_int_equal(truncate(path, size), 0);
    assert_status(cm_table_load(path, NULL, &back, &facts, &factored, NULL), CM_READ);
  }
  assert_status(cm_table_load("/nowhere/x.h5", NULL, &back, &facts, &factored, NULL), CM_OPEN);
  assert_status(cm_table_store(t, "", true, "/nowhere/x.h5", NULL, NULL), CM_OPEN);
  assert_null(back);
  cm_table_release(t);
}

/* A save that fails leaves the file that was there, and nothing beside it. */
static void keeps_what_was_there(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  atomic_bool cancel = true;
  const cm_job job = {.cancel = &cancel};
  char beside[80];
  snprintf(beside, sizeof beside, "%s.part", path);
  assert_ok(cm_table_store(t, "first", false, path, NULL, NULL));
  assert_status(cm_table_store(t, "second", false, path, &job, NULL), CM_CANCELLED);
  assert_status(cm_table_write(t, NULL, 0, NULL, path, &job, NULL), CM_CANCELLED);
  assert_status(cm_table_write(t, NULL, 0, "table", path, &job, NULL), CM_CANCELLED);
  const cm_observed facts = {"", "", "", "", NULL, NULL};
  assert_status(cm_table_observe(t, &facts, path, &job, NULL), CM_CANCELLED);
  assert_int_not_equal(access(beside, F_OK), 0);
  cm_table_release(load("first", false));
  cm_table_release(t);
}

/* In a process of its own, where files may not grow beyond 4 KB: the save fails, what was there
 * stays, and the process ends as it should (HDF5 1.10.8 crashed at exit). */
static void survives_a_full_disk(void **state) {
  (void)state;
  cm_table *t = random_table(8, 8, 0);
  int how;
  assert_ok(cm_table_store(t, "first", false, path, NULL, NULL));
  fflush(NULL); /* or both processes print it */
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    cm_status status = cm_table_store(t, "second", false, path, NULL, NULL);
    cm_table_release(t);
    exit(status == CM_WRITE ? 7 : 1);
  }
  assert_int_equal(waitpid(child, &how, 0), child);
  assert_true(WIFEXITED(how));
  assert_int_equal(WEXITSTATUS(how), 7);
  cm_table_release(load("first", false));
  cm_table_release(t);
}

static cm_status pass_with_faults(void *ud) {
  cm_table *back = NULL;
  char *facts = NULL;
  bool factored;
  cm_status status = cm_table_store(ud, "x", true, path, NULL, NULL);
  if (status == CM_OK) status = cm_table_load(path, NULL, &back, &facts, &factored, NULL);
  cm_stored_text_free(facts);
  cm_table_release(back);
  return status;
}

static cm_status write_with_faults(void *ud) {
  static const cm_cell cells[] = {{"a", 0}, {NULL, 1}};
  cm_status status = cm_table_write(ud, NULL, 0, "table", path, NULL, NULL);
  return status == CM_OK ? cm_cells_write(cells, 1, 2, "s", path, NULL) : status;
}

static void survives_lack_of_memory(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  const cm_lu *lu;
  assert_ok(cm_table_factor(t, NULL, &lu, NULL)); /* kept, so that it counts before */
  survives_failing_allocations(pass_with_faults, t);
  survives_failing_allocations(write_with_faults, t);
  cm_table_release(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(reads_back_equal, make_path, remove_path),
      cmocka_unit_test_setup_teardown(shows_every_damage, make_path, remove_path),
      cmocka_unit_test_setup_teardown(refuses_what_is_cut_short, make_path, remove_path),
      cmocka_unit_test_setup_teardown(keeps_what_was_there, make_path, remove_path),
      cmocka_unit_test_setup_teardown(survives_a_full_disk, make_path, remove_path),
      cmocka_unit_test_setup_teardown(survives_lack_of_memory, make_path, remove_path),
  };
  return run(tests);
}
