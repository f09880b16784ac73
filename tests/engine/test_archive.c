/* Zip archives: members as text, what is damaged, paths that lead nowhere. */
#include "support.h"

#include <sys/stat.h>

#include "archives.h"
#include "capmod/archive.h"
#include "capmod/text.h"

static const cm_text_options one_header = {.header_rows = 1, .label_cols = 1};
static const entry members[] = {
    {"folder/", ""}, {"folder/a.csv", ",x,y\nr,1,2\n"}, {"b.csv", "h,x\nq,3\n"}, {NULL, NULL}};

/* An archive in a file of its own; `inner` names what is read of it. */
typedef struct place {
  char path[200], full[300];
} place;

static place in_archive(const entry *entries, const char *inner) {
  place p;
  fresh_path(p.path, ".zip");
  write_zip(p.path, entries, false);
  snprintf(p.full, sizeof p.full, "%s%s%s", p.path, *inner ? "/" : "", inner);
  return p;
}

static void a_member_is_read_as_a_file_is(void **state) {
  (void)state;
  place p = in_archive(members, "folder/a.csv");
  cm_text *t = NULL;
  assert_ok(cm_text_read(p.full, &one_header, NULL, &t, NULL));
  assert_string_equal(cm_text_header(t, 0, 2), "y");
  assert_string_equal(cm_text_label(t, 0, 0), "r");
  assert_double_equal(cm_matrix_at(cm_text_numbers(t), 0, 1), 2, 0);
  cm_text_release(t);
  assert_ok(cm_text_peek(p.full, 1, NULL, &t, NULL));
  assert_int_equal(cm_text_header_cols(t, 0), 3);
  cm_text_release(t);
  unlink(p.path);
}

static void a_single_member_need_not_be_named(void **state) {
  (void)state;
  place p = in_archive(members + 2, "");
  cm_text *t = NULL;
  assert_ok(cm_text_read(p.path, &one_header, NULL, &t, NULL));
  assert_double_equal(cm_matrix_at(cm_text_numbers(t), 0, 0), 3, 0);
  cm_text_release(t);
  unlink(p.path);
  p = in_archive(members, "");
  cm_error err;
  t = NULL;
  assert_status(cm_text_read(p.path, &one_header, NULL, &t, &err), CM_MEMBER);
  assert_non_null(strstr(err.message, "2 files: folder/a.csv, b.csv"));
  assert_null(t);
  unlink(p.path);
}

static void an_error_names_the_member_and_its_line(void **state) {
  (void)state;
  place p = in_archive((const entry[]){{"bad.csv", "h,x\nq,3\nr,n.a.\n"}, {NULL, NULL}}, "");
  cm_error err;
  cm_text *t = NULL;
  assert_status(cm_text_read(p.path, &one_header, NULL, &t, &err), CM_NOT_NUMBER);
  assert_int_equal(err.row, 3);
  assert_int_equal(err.col, 2);
  assert_non_null(strstr(err.message, "/bad.csv)"));
  unlink(p.path);
}

static void check_open(const char *path, cm_status want) {
  cm_text *t = NULL;
  assert_status(cm_text_read(path, &one_header, NULL, &t, NULL), want);
  assert_null(t);
}

static void paths_that_lead_nowhere_are_refused(void **state) {
  (void)state;
  place p = in_archive(members, "c.csv");
  check_open(p.full, CM_MEMBER);
  check_open("/tmp/no such folder/c.csv", CM_OPEN);
  cm_contents *c = NULL;
  assert_status(cm_contents_list("/tmp/no such folder/c.csv", &c, NULL), CM_OPEN);
  check_open("no such file", CM_OPEN);
  check_open("/tmp", CM_OPEN);
  check_open("", CM_OPEN);
  unlink(p.path);
  write_file(p.path, "1,2\n", 4);
  check_open(p.full, CM_OPEN);
  unlink(p.path);
}

static void an_archive_that_is_cut_short_is_refused(void **state) {
  (void)state;
  place p = in_archive(members, "b.csv");
  size_t size, blocks = cm_memory_blocks();
  char *bytes = slurp_file(p.path, &size);
  for (size_t n = 4; n < size; n++) {
    cm_text *t = NULL;
    write_file(p.path, bytes, n);
    assert_status(cm_text_read(p.full, &one_header, NULL, &t, NULL), CM_READ);
    assert_null(t);
  }
  assert_int_equal(cm_memory_blocks(), blocks);
  free(bytes);
  unlink(p.path);
}

static void a_changed_byte_of_a_member_is_noticed(void **state) {
  (void)state;
  place p;
  cm_text *t = NULL;
  cm_error err;
  size_t size;
  fresh_path(p.path, ".zip");
  write_zip(p.path, members + 2, true);
  char *bytes = slurp_file(p.path, &size), *at = strstr(bytes + 30, "h,x\nq,3\n");
  assert_non_null(at); /* behind the member's 30 bytes of heading, with their zeros, and its name */
  at[6] = '4';
  write_file(p.path, bytes, size);
  assert_status(cm_text_read(p.path, &one_header, NULL, &t, &err), CM_READ);
  assert_non_null(strstr(err.message, "damaged"));
  free(bytes);
  unlink(p.path);
}

static void contents_are_listed(void **state) {
  (void)state;
  place p = in_archive(members, "x/y");
  cm_contents *c = NULL;
  assert_ok(cm_contents_list(p.full, &c, NULL));
  assert_int_equal(cm_contents_kind(c), CM_KIND_ARCHIVE);
  assert_string_equal(cm_contents_path(c), p.path);
  assert_string_equal(cm_contents_inner(c), "x/y");
  assert_string_equal(cm_contents_name(c, 0), "folder/a.csv");
  assert_string_equal(cm_contents_name(c, 1), "b.csv");
  assert_null(cm_contents_name(c, 2));
  cm_contents_release(c);
  unlink(p.path);
  fresh_path(p.path, "");
  mkdir(p.path, 0700);
  snprintf(p.full, sizeof p.full, "%s/b", p.path);
  write_file(p.full, "1", 1);
  assert_ok(cm_contents_list(p.full, &c, NULL));
  assert_int_equal(cm_contents_kind(c), CM_KIND_FILE);
  assert_null(cm_contents_name(c, 0));
  cm_contents_release(c);
  snprintf(p.full, sizeof p.full, "%s/a", p.path);
  mkdir(p.full, 0700);
  assert_ok(cm_contents_list(p.path, &c, NULL));
  assert_int_equal(cm_contents_kind(c), CM_KIND_FOLDER);
  assert_string_equal(cm_contents_name(c, 0), "a");
  assert_string_equal(cm_contents_name(c, 1), "b");
  cm_contents_release(c);
  rmdir(p.full);
  snprintf(p.full, sizeof p.full, "%s/b", p.path);
  unlink(p.full);
  rmdir(p.path);
  cm_contents_release(NULL);
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  place p = in_archive(members + 2, "");
  survives_failing_allocations(read_work, p.path);
  survives_failing_allocations(list_work, p.path);
  unlink(p.path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_member_is_read_as_a_file_is),
      cmocka_unit_test(a_single_member_need_not_be_named),
      cmocka_unit_test(an_error_names_the_member_and_its_line),
      cmocka_unit_test(paths_that_lead_nowhere_are_refused),
      cmocka_unit_test(an_archive_that_is_cut_short_is_refused),
      cmocka_unit_test(a_changed_byte_of_a_member_is_noticed),
      cmocka_unit_test(contents_are_listed),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
