/* Workbooks of before 2007: cells of every kind, and files that are cut short or changed. The
 * fixture was written by xlwt 1.3 (Python); what it holds is written out below. */
#include "support.h"

#include "archives.h"
#include "capmod/archive.h"
#include "capmod/text.h"
#include "tables.h"

#define OLD FIXTURES "/read/old.xls"
static const cm_text_options one_header = {
    .header_rows = 1, .label_cols = 1, .blank = CM_BLANK_ZERO};

static void cells_of_every_kind(void **state) {
  (void)state;
  cm_text *t = NULL;
  assert_ok(cm_text_read(OLD "/Größe", &one_header, NULL, &t, NULL));
  assert_string_equal(cm_text_header(t, 0, 0), "head");
  assert_string_equal(cm_text_header(t, 0, 2), "2000");
  const char *wide = cm_text_header(t, 0, 1); /* 4200 letters, over two records */
  assert_int_equal(strlen(wide), 8400);
  for (size_t i = 0; i < 8400; i += 2) assert_memory_equal(wide + i, "Ж", 2);
  assert_string_equal(cm_text_label(t, 1, 0), "ä row that is only here");
  const double want[2][6] = {{1.5, -3, 0.01, 123456.78, 1, 1e300}, {42, 0, 0, 0, 0, 0}};
  const cm_matrix *m = cm_text_numbers(t);
  assert_int_equal(cm_matrix_rows(m), 2);
  assert_int_equal(cm_matrix_cols(m), 6);
  for (size_t i = 0; i < 12; i++)
    assert_double_equal(cm_matrix_at(m, i / 6, i % 6), want[i / 6][i % 6], 0);
  cm_text_release(t);
}

static void sheets_are_listed_and_found(void **state) {
  (void)state;
  cm_contents *c = NULL;
  cm_text *t = NULL;
  cm_error err;
  assert_ok(cm_contents_list(OLD, &c, NULL));
  assert_int_equal(cm_contents_kind(c), CM_KIND_WORKBOOK);
  assert_string_equal(cm_contents_name(c, 0), "Größe");
  assert_string_equal(cm_contents_name(c, 1), "other");
  assert_null(cm_contents_name(c, 2));
  cm_contents_release(c);
  assert_status(cm_text_read(OLD "/third", &one_header, NULL, &t, &err), CM_MEMBER);
  assert_status(cm_text_read(OLD, &one_header, NULL, &t, &err), CM_MEMBER);
  assert_ok(cm_text_peek(OLD "/other", 3, NULL, &t, NULL));
  assert_int_equal(cm_text_header_rows(t), 3);
  assert_string_equal(cm_text_header(t, 2, 4),
                      "string 2 of many, so that they take more than one record");
  cm_text_release(t);
  cm_text_options words = {.header_rows = 0, .label_cols = 5, .blank = CM_BLANK_ZERO};
  assert_ok(cm_text_read(OLD "/other", &words, NULL, &t, NULL));
  assert_string_equal(cm_text_label(t, 299, 4),
                      "string 299 of many, so that they take more than one record");
  assert_string_equal(cm_text_label(t, 5, 3), "7");
  cm_text_release(t);
}

static void a_text_among_numbers_names_its_cell(void **state) {
  (void)state;
  cm_text *t = NULL;
  cm_error err;
  cm_text_options numbers = {.header_rows = 1, .blank = CM_BLANK_ZERO};
  assert_status(cm_text_read(OLD "/Größe", &numbers, NULL, &t, &err), CM_NOT_NUMBER);
  assert_non_null(strstr(err.message, "'row' is not a number (cell A2 of sheet 'Größe'"));
  assert_int_equal(err.row, 2);
  assert_int_equal(err.col, 1);
}

/* Reads both sheets of a file that may be anything. */
static void read_whatever(const char *path) {
  char inner[300];
  cm_contents *c = NULL;
  cm_text *t = NULL;
  cm_error err;
  if (cm_contents_list(path, &c, &err) == CM_OK && cm_contents_kind(c) == CM_KIND_WORKBOOK) {
    for (size_t i = 0; cm_contents_name(c, i); i++) {
      snprintf(inner, sizeof inner, "%s/%.60s", path, cm_contents_name(c, i));
      if (cm_text_read(inner, &one_header, NULL, &t, &err) == CM_OK) cm_text_release(t);
    }
  }
  cm_contents_release(c);
}

static void files_that_are_cut_short_are_refused(void **state) {
  (void)state;
  char path[200];
  size_t size, blocks = cm_memory_blocks();
  char *bytes = slurp_file(OLD, &size);
  cm_error err;
  cm_contents *c = NULL;
  fresh_path(path, ".xls");
  for (size_t n = 8; n < size; n += n < 1024 ? 8 : 1021) {
    write_file(path, bytes, n);
    read_whatever(path);
    if (n > size / 2) continue;
    assert_status(cm_contents_list(path, &c, &err), CM_READ);
    assert_non_null(strstr(err.message, "is no whole workbook"));
  }
  assert_int_equal(cm_memory_blocks(), blocks);
  free(bytes);
  unlink(path);
}

/* What the sanitizers see, and that nothing stays behind: single bytes and runs of them changed,
 * most of them where the file describes itself. */
static void changed_bytes_do_no_harm(void **state) {
  (void)state;
  char path[200];
  size_t size, blocks = cm_memory_blocks();
  char *bytes = slurp_file(OLD, &size), *copy = malloc(size);
  assert_non_null(copy);
  fresh_path(path, ".xls");
  for (int round = 0; round < 600; round++) {
    memcpy(copy, bytes, size);
    size_t span = round % 3 == 0 ? 512 : round % 3 == 1 ? 4096 : size;
    size_t from = round % 2 ? size - span : 0;
    for (int k = 0; k < 1 + round % 4; k++) {
      size_t at = from + (size_t)(uniform() * (double)span);
      if (at >= 8) copy[at] = round % 5 == 0 ? (char)0xff : (char)(256 * uniform());
    }
    write_file(path, copy, size);
    read_whatever(path);
  }
  assert_int_equal(cm_memory_blocks(), blocks);
  free(copy);
  free(bytes);
  unlink(path);
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  char path[] = FIXTURES "/read/air/AUS_AIR_May12.xls";
  char sheet[] = FIXTURES "/read/air/AUS_AIR_May12.xls/2011";
  cm_text_options two = {.header_rows = 1, .label_cols = 2, .blank = CM_BLANK_ZERO};
  cm_text *t = NULL;
  assert_ok(cm_text_read(sheet, &two, NULL, &t, NULL));
  assert_double_equal(cm_matrix_at(cm_text_numbers(t), 1, 1), 1200, 0);
  cm_text_release(t);
  survives_failing_allocations(list_work, path);
  char words[] = OLD "/Größe";
  survives_failing_allocations(read_work, words);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells_of_every_kind),
      cmocka_unit_test(sheets_are_listed_and_found),
      cmocka_unit_test(a_text_among_numbers_names_its_cell),
      cmocka_unit_test(files_that_are_cut_short_are_refused),
      cmocka_unit_test(changed_bytes_do_no_harm),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
