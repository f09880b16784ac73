/* Delimited text, from memory in blocks of every size and from files. */
#include "support.h"

#include <unistd.h>
#include <zlib.h>

#include "capmod/text.h"
#include "memory_source.h"

static const char nobody[] = "memory";

static cm_status parse(const char *text, cm_text_options o, size_t block, cm_text **out,
                       cm_error *err) {
  memory_source m = memory_source_of(text, strlen(text), block / 2);
  m.base.name = nobody;
  return cm__text_parse(&m.base, &o, false, block, NULL, out, err);
}

/* The same text in blocks of 1, 2, 3, ... bytes; every one must give `want`. */
static void check_numbers(const char *text, cm_text_options o, size_t rows, size_t cols,
                          const double *want) {
  for (size_t block = 1; block <= strlen(text) + 2; block++) {
    cm_text *t = NULL;
    cm_error err;
    if (parse(text, o, block, &t, &err) != CM_OK)
      fail_msg("blocks of %zu: %s in: %s", block, err.message, text);
    const cm_matrix *m = cm_text_numbers(t);
    assert_int_equal(cm_matrix_rows(m), rows);
    assert_int_equal(cm_matrix_cols(m), cols);
    for (size_t i = 0; i < rows * cols; i++) {
      double got = cm_matrix_at(m, i / cols, i % cols);
      if (memcmp(&got, &want[i], sizeof got) != 0 && !(isnan(got) && isnan(want[i])))
        fail_msg("blocks of %zu: element %zu is %g, not %g in: %s", block, i, got, want[i], text);
    }
    cm_text_release(t);
  }
}

static void check_error(const char *text, cm_text_options o, cm_status status, size_t row,
                        size_t col, const char *words) {
  size_t blocks = cm_memory_blocks();
  for (size_t block = 1; block <= strlen(text) + 2; block++) {
    cm_text *t = NULL;
    cm_error err = {0};
    assert_status(parse(text, o, block, &t, &err), status);
    if (err.row != row || err.col != col || !strstr(err.message, words))
      fail_msg("blocks of %zu: row %zu, column %zu, '%s' in: %s", block, err.row, err.col,
               err.message, text);
    assert_null(t);
  }
  assert_int_equal(cm_memory_blocks(), blocks);
}

#define NUMBERS(...) ((const double[]){__VA_ARGS__})
#define PLAIN ((cm_text_options){0})

static void lines_end_as_they_like(void **state) {
  (void)state;
  const double *want = NUMBERS(1.5, -2, 3e3, 0.25);
  check_numbers("1.5,-2\n3e3,.25\n", PLAIN, 2, 2, want);
  check_numbers("1.5,-2\n3e3,.25", PLAIN, 2, 2, want);
  check_numbers("1.5,-2\r\n3e3,.25\r\n", PLAIN, 2, 2, want);
  check_numbers("1.5,-2\r\n3e3,.25\r", PLAIN, 2, 2, want);
  check_numbers("\xef\xbb\xbf"
                "1.5,-2\n3e3,.25\n\n\r\n\n",
                PLAIN, 2, 2, want);
  check_numbers("7", PLAIN, 1, 1, NUMBERS(7));
  check_numbers("7\n8\n", PLAIN, 2, 1, NUMBERS(7, 8));
}

static void numbers_may_be_quoted_and_padded(void **state) {
  (void)state;
  check_numbers("\"1.5\", 2 ,\"  3\"\n 4,\t5,\"6\" \r\n", (cm_text_options){.delimiter = ','}, 2, 3,
                NUMBERS(1.5, 2, 3, 4, 5, 6));
}

static void delimiters_are_found(void **state) {
  (void)state;
  const double *want = NUMBERS(1, 2, 3, 4);
  check_numbers("1;2\n3;4\n", PLAIN, 2, 2, want);
  check_numbers("1\t2\n3\t4\n", PLAIN, 2, 2, want);
  check_numbers("1|2\n3|4\n", PLAIN, 2, 2, want);
  cm_text_options head = {.header_rows = 1};
  check_numbers("Hunting, fishing, forestry\tMining\n1\t2\n3\t4\n", head, 2, 2, want);
  check_numbers("\"a;b;c\",d\n1,2\n3,4\n", head, 2, 2, want);
  check_numbers("\"a;b\nc;d;e\",f\n1,2\n3,4\n", head, 2, 2, want);
  check_numbers("1:2\n3:4\n", (cm_text_options){.delimiter = ':'}, 2, 2, want);
  cm_error err;
  cm_text *t = NULL;
  assert_status(parse("1", (cm_text_options){.delimiter = '.'}, 9, &t, &err), CM_INVALID);
  assert_null(t);
}

static void blanks_are_read_as_told(void **state) {
  (void)state;
  const char *text = "1,,3\n,\"\", \n";
  check_numbers(text, (cm_text_options){.blank = CM_BLANK_ZERO}, 2, 3, NUMBERS(1, 0, 3, 0, 0, 0));
  check_numbers(text, (cm_text_options){.blank = CM_BLANK_NAN}, 2, 3,
                NUMBERS(1, NAN, 3, NAN, NAN, NAN));
  cm_text *t = NULL;
  size_t row = 0, col = 0;
  assert_ok(parse("h,h\n1,2\n3,\n,4\n", (cm_text_options){.header_rows = 1, .blank = CM_BLANK_NAN},
                  99, &t, NULL));
  assert_true(cm_text_blank(t, &row, &col));
  assert_int_equal(row, 3);
  assert_int_equal(col, 2);
  cm_text_release(t);
  assert_ok(parse("1,2\n", (cm_text_options){.blank = CM_BLANK_ZERO}, 99, &t, NULL));
  assert_false(cm_text_blank(t, &row, &col));
  assert_int_equal(row, 3);
  cm_text_release(t);
  check_error(text, PLAIN, CM_NOT_NUMBER, 1, 2, "a blank where a number is expected");
  check_error("1,2\n3,", PLAIN, CM_NOT_NUMBER, 2, 2, "blank");
}

static void headings_and_labels_are_kept(void **state) {
  (void)state;
  const char *text = "\"a \"\"b\"\"\",c,\n"
                     "only\n"
                     "AUS,\"x, y\",1,2\n"
                     "\"two\nlines\",z,3,4\n";
  for (size_t block = 1; block < 60; block++) {
    cm_text *t = NULL;
    assert_ok(parse(text, (cm_text_options){.header_rows = 2, .label_cols = 2}, block, &t, NULL));
    assert_int_equal(cm_text_delimiter(t), ',');
    assert_int_equal(cm_text_header_rows(t), 2);
    assert_int_equal(cm_text_header_cols(t, 0), 3);
    assert_int_equal(cm_text_header_cols(t, 1), 1);
    assert_int_equal(cm_text_header_cols(t, 2), 0);
    assert_string_equal(cm_text_header(t, 0, 0), "a \"b\"");
    assert_string_equal(cm_text_header(t, 0, 2), "");
    assert_null(cm_text_header(t, 0, 3));
    assert_string_equal(cm_text_header(t, 1, 0), "only");
    assert_int_equal(cm_text_label_cols(t), 2);
    assert_string_equal(cm_text_label(t, 0, 1), "x, y");
    assert_string_equal(cm_text_label(t, 1, 0), "two\nlines");
    assert_null(cm_text_label(t, 2, 0));
    assert_null(cm_text_label(t, 0, 2));
    assert_double_equal(cm_matrix_at(cm_text_numbers(t), 1, 1), 4, 0);
    cm_text_release(t);
  }
  cm_text_release(NULL);
}

static void a_file_of_labels_has_no_columns(void **state) {
  (void)state;
  check_numbers("a\nb\n", (cm_text_options){.label_cols = 1}, 2, 0, NUMBERS(0));
}

static void errors_name_row_and_column(void **state) {
  (void)state;
  cm_text_options two = {.header_rows = 1, .label_cols = 1};
  check_error("h,a,b\nx,1,2\ny,1,2x\n", two, CM_NOT_NUMBER, 3, 3, "'2x' is not a number");
  check_error("h,a,b\n\"x\nx\",1,2\ny,?,2\n", two, CM_NOT_NUMBER, 4, 2, "'?' is not a number");
  check_error("1,nan\n", PLAIN, CM_NOT_NUMBER, 1, 2, "'nan' is not a number");
  check_error("1,-inf\n", PLAIN, CM_NOT_NUMBER, 1, 2, "'-inf' is not a number");
  check_error("1,2\n1e400,2\n", PLAIN, CM_NOT_NUMBER, 2, 1, "1e400 is too large");
  check_error("1 2,3\n", PLAIN, CM_NOT_NUMBER, 1, 1, "'1 2' is not a number");
  check_error("1,2\n3\r4,5\n", PLAIN, CM_NOT_NUMBER, 2, 1, "is not a number");
  check_error("1,2\n3,4,5\n", PLAIN, CM_FIELDS, 2, 0, "3 fields, where the rows above have 2");
  check_error("1,2\n3\n", PLAIN, CM_FIELDS, 2, 0, "1 fields, where the rows above have 2");
  check_error("h\na,1\nb\n", two, CM_FIELDS, 3, 0, "1 fields, where the rows above have 2");
  check_error("a,b,1\nc\n", (cm_text_options){.label_cols = 2}, CM_FIELDS, 2, 0,
              "1 fields, of which 2 should be labels");
  check_error("1,2\n\n3,4\n", PLAIN, CM_FIELDS, 2, 0, "a blank line between rows");
  check_error("1,2\n3,\"4\n", PLAIN, CM_FIELDS, 2, 2, "not closed");
  check_error("1,2\n3,\"4\"5\n", PLAIN, CM_FIELDS, 2, 2, "text follows the closing quote");
  check_error("", PLAIN, CM_EMPTY, 0, 0, "is empty");
  check_error("\xef\xbb\xbf", PLAIN, CM_EMPTY, 0, 0, "is empty");
  check_error("a,b\n", two, CM_EMPTY, 1, 0, "ends before its first row of data");
  check_error("a,b\n", (cm_text_options){.header_rows = 2}, CM_EMPTY, 1, 0, "ends in its heading");
  check_error("\n\n", PLAIN, CM_EMPTY, 2, 0, "ends before its first row of data");
}

static void binary_files_are_refused(void **state) {
  (void)state;
  memory_source m = memory_source_of("PK\3\4\0\0,1\n", 9, 0);
  cm_text *t = NULL;
  cm_error err;
  assert_status(
      cm__text_parse(&m.base, &(cm_text_options){.label_cols = 1}, false, 64, NULL, &t, &err),
      CM_READ);
  assert_non_null(strstr(err.message, "not a text file"));
  assert_null(t);
}

static void a_field_without_end_is_refused(void **state) {
  (void)state;
  size_t size = (size_t)17 << 20;
  char *text = malloc(size);
  assert_non_null(text);
  memset(text, 'x', size);
  memcpy(text, "1,\"", 3);
  memory_source m = memory_source_of(text, size, 0);
  cm_text *t = NULL;
  cm_error err;
  assert_status(cm__text_parse(&m.base, &PLAIN, false, 1 << 16, NULL, &t, &err), CM_FIELDS);
  assert_int_equal(err.row, 1);
  assert_int_equal(err.col, 2);
  free(text);
}

/* ---- files -------------------------------------------------------------------- */

static char path[] = "/tmp/capmod_text_XXXXXX";

static int make_file(void **state) {
  (void)state;
  int fd = mkstemp(path);
  return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state) {
  (void)state;
  return unlink(path);
}

static void write_file(const char *mode, const void *data, size_t size) {
  gzFile f = gzopen(path, mode);
  assert_non_null(f);
  assert_int_equal(gzwrite(f, data, (unsigned)size), (int)size);
  assert_int_equal(gzclose(f), Z_OK);
}

enum { ROWS = 700, COLS = 900 };

/* Values with an element of its own each: i * COLS + j, in quarters. */
static char *big_text(size_t *size) {
  char *text = malloc((size_t)ROWS * COLS * 12), *at = text;
  assert_non_null(text);
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < COLS; j++)
      at += sprintf(at, "%.2f%c", (i * COLS + j) / 4.0, j + 1 < COLS ? ',' : '\n');
  *size = (size_t)(at - text);
  return text;
}

static void check_big(const cm_text *t) {
  const cm_matrix *m = cm_text_numbers(t);
  assert_int_equal(cm_matrix_rows(m), ROWS);
  assert_int_equal(cm_matrix_cols(m), COLS);
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLS; j++)
      if (cm_matrix_at(m, i, j) != (double)(i * COLS + j) / 4.0)
        fail_msg("element %zu, %zu is %g", i, j, cm_matrix_at(m, i, j));
}

static void plain_and_gzip_give_the_same(void **state) {
  (void)state;
  size_t size, blocks = cm_memory_blocks(), held = cm_memory_held();
  char *text = big_text(&size);
  static const char *const modes[] = {"wbT", "wb6"};
  for (int k = 0; k < 2; k++) {
    write_file(modes[k], text, size);
    cm_text *t = NULL;
    cm_memory_peak_reset();
    assert_ok(cm_text_read(path, &PLAIN, NULL, &t, NULL));
    check_big(t);
    /* the numbers once, the block, and a little: no second copy */
    assert_in_range(cm_memory_peak() - held, 8 * ROWS * COLS, 8 * ROWS * COLS * 3 / 2);
    cm_matrix *numbers = cm_matrix_retain(cm_text_numbers(t));
    cm_text_release(t);
    assert_in_range(cm_memory_held() - held, 8 * ROWS * COLS, 8 * ROWS * COLS + 1000);
    assert_double_equal(cm_matrix_at(numbers, 1, 2), (COLS + 2) / 4.0, 0); /* outlives the text */
    cm_matrix_release(numbers);
  }
  free(text);
  assert_int_equal(cm_memory_blocks(), blocks);
}

static void a_damaged_gzip_file_is_reported_with_its_row(void **state) {
  (void)state;
  size_t size;
  char *text = big_text(&size);
  cm_error err;
  cm_text *t = NULL;
  write_file("wb6", text, size);
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  size_t packed = fread(text, 1, size, f);
  fclose(f);
  write_file("wbT", text, packed / 2);
  assert_status(cm_text_read(path, &PLAIN, NULL, &t, &err), CM_READ);
  assert_non_null(strstr(err.message, "cut short"));
  assert_in_range(err.row, ROWS / 4, ROWS * 3 / 4);
  text[packed / 2] ^= 0x55;
  text[packed / 2 + 1] ^= 0x55;
  write_file("wbT", text, packed);
  cm_status status = cm_text_read(path, &PLAIN, NULL, &t, &err);
  assert_true(status == CM_READ || status == CM_NOT_NUMBER || status == CM_FIELDS);
  assert_in_range(err.row, ROWS / 4, ROWS * 3 / 4);
  text[packed / 2] ^= 0x55;
  text[packed / 2 + 1] ^= 0x55;
  text[packed - 5] ^= 1; /* the check sum's last bytes and the length lie here */
  write_file("wbT", text, packed);
  assert_status(cm_text_read(path, &PLAIN, NULL, &t, &err), CM_READ);
  assert_non_null(strstr(err.message, "damaged"));
  assert_null(t);
  free(text);
}

static void what_cannot_be_opened(void **state) {
  (void)state;
  cm_text *t = NULL;
  cm_error err;
  assert_status(cm_text_read("/nowhere/x.csv", &PLAIN, NULL, &t, &err), CM_OPEN);
  assert_non_null(strstr(err.message, "/nowhere/x.csv: No such file"));
  assert_status(cm_text_read("/tmp", &PLAIN, NULL, &t, &err), CM_OPEN);
  assert_status(cm_text_peek("/nowhere/x.csv", 1, NULL, &t, &err), CM_OPEN);
  assert_null(t);
}

static void a_peek_reads_lines_of_any_length(void **state) {
  (void)state;
  write_file("wb", "a,b\n1,2,3\n4\n", 12);
  cm_text *t = NULL;
  assert_ok(cm_text_peek(path, 2, NULL, &t, NULL));
  assert_int_equal(cm_text_header_rows(t), 2);
  assert_int_equal(cm_text_header_cols(t, 1), 3);
  assert_string_equal(cm_text_header(t, 1, 2), "3");
  assert_null(cm_text_numbers(t));
  assert_null(cm_text_label(t, 0, 0));
  cm_text_release(t);
  assert_ok(cm_text_peek(path, 9, &PLAIN, &t, NULL));
  assert_int_equal(cm_text_header_rows(t), 3);
  cm_text_release(t);
}

static bool stop_at_half(void *ud, const char *what, double done, double total) {
  assert_string_equal(what, "reading");
  assert_true(done <= total);
  ++*(int *)ud;
  return done < total / 2;
}

static void a_job_reports_stops_and_limits(void **state) {
  (void)state;
  size_t size;
  char *text = big_text(&size);
  write_file("wbT", text, size);
  free(text);
  cm_error err;
  cm_text *t = NULL;
  int calls = 0;
  atomic_bool cancel = false;
  cm_job job = {.progress = stop_at_half, .ud = &calls, .cancel = &cancel};
  assert_status(cm_text_read(path, &PLAIN, &job, &t, &err), CM_CANCELLED);
  assert_true(calls > 3);
  calls = 0;
  atomic_store(&cancel, true);
  assert_status(cm_text_read(path, &PLAIN, &job, &t, &err), CM_CANCELLED);
  assert_int_equal(calls, 0);
  cm_job small = {.memory = 8 * ROWS * COLS / 2};
  assert_status(cm_text_read(path, &PLAIN, &small, &t, &err), CM_BUDGET);
  assert_null(t);
  size_t limit = cm_memory_limit();
  cm_memory_limit_set(cm_memory_held() + 8 * ROWS * COLS / 2);
  assert_status(cm_text_read(path, &PLAIN, NULL, &t, &err), CM_BUDGET);
  assert_null(t);
  cm_memory_limit_set(cm_memory_held() + 8 * ROWS * COLS + 600 * 1024);
  assert_ok(cm_text_read(path, &PLAIN, NULL, &t, &err)); /* no room for a generous guess */
  cm_memory_limit_set(limit);
  check_big(t);
  cm_text_release(t);
}

static cm_status read_small(void *ud) {
  cm_text *t = NULL;
  cm_error err;
  (void)ud;
  cm_status status =
      cm_text_read(path, &(cm_text_options){.header_rows = 1, .label_cols = 1}, NULL, &t, &err);
  if (status == CM_OK) cm_text_release(t);
  return status;
}

static cm_status peek_small(void *ud) {
  cm_text *t = NULL;
  (void)ud;
  cm_status status = cm_text_peek(path, 3, NULL, &t, NULL);
  if (status == CM_OK) cm_text_release(t);
  return status;
}

static cm_status pivot_small(void *ud) {
  const size_t rows[] = {1, 2}, cols[] = {3, 3};
  cm_text *t = NULL;
  cm_matrix *m = NULL;
  (void)ud;
  cm_status status =
      cm_text_read(path, &(cm_text_options){.header_rows = 1, .label_cols = 4}, NULL, &t, NULL);
  if (status == CM_OK) status = cm_text_pivot(t, "Z", rows, cols, &m, NULL);
  cm_matrix_release(m);
  cm_text_release(t);
  return status;
}

/* Lines of two blocks in no order: cells where they belong, zeros elsewhere. */
static void pivots_observations(void **state) {
  (void)state;
  const char *text = "h,r,s,c,v\nZ,a,x,_Z,1\nY,a,x,k,9\nZ,_Z,y,k,2\nZ,a,x,k,3\nZ,b,_Z,k,4\n";
  const size_t rows[] = {1, 2}, cols[] = {3, 3}, wrong[] = {1, 4};
  cm_text *t;
  cm_matrix *m;
  write_file("wb", text, strlen(text));
  assert_ok(
      cm_text_read(path, &(cm_text_options){.header_rows = 1, .label_cols = 4}, NULL, &t, NULL));
  assert_ok(cm_text_pivot(t, "Z", rows, cols, &m, NULL));
  const double expected[3][2] = {{1, 3}, {0, 2}, {0, 4}};
  const char *names[] = {"a.x", "y", "b"};
  assert_int_equal(cm_matrix_rows(m), 3);
  assert_int_equal(cm_matrix_cols(m), 2);
  for (size_t i = 0; i < 3; i++) {
    assert_string_equal(cm_axis_label(cm_matrix_axis(m, CM_ROWS), i), names[i]);
    for (size_t j = 0; j < 2; j++) assert_double_equal(cm_matrix_at(m, i, j), expected[i][j], 0);
  }
  assert_string_equal(cm_axis_label(cm_matrix_axis(m, CM_COLS), 0), "_Z");
  assert_string_equal(cm_axis_label(cm_matrix_axis(m, CM_COLS), 1), "k.k");
  cm_matrix_release(m);
  assert_ok(cm_text_pivot(t, "P", rows, cols, &m, NULL));
  assert_null(m);
  assert_status(cm_text_pivot(t, "Z", rows, wrong, &m, NULL), CM_RANGE);
  cm_text_release(t);
  survives_failing_allocations(pivot_small, NULL);
}

static void finds_many_names(void **state) {
  (void)state;
  enum { N = 500 };
  static char text[N * 40];
  const size_t rows[] = {1, 1}, cols[] = {2, 2};
  size_t size = (size_t)sprintf(text, "h,r,c,v\n");
  for (int k = 0; k < N; k++) /* 7 and N have no common factor: every row once */
    size += (size_t)sprintf(text + size, "Z,r%d,c%d,%d\n", 7 * k % N, 3 * k % N, k + 1);
  cm_text *t;
  cm_matrix *m;
  write_file("wb", text, size);
  assert_ok(
      cm_text_read(path, &(cm_text_options){.header_rows = 1, .label_cols = 3}, NULL, &t, NULL));
  assert_ok(cm_text_pivot(t, "Z", rows, cols, &m, NULL));
  assert_int_equal(cm_matrix_rows(m), N);
  for (size_t k = 0; k < N; k++)
    for (size_t j = 0; j < N; j++)
      assert_double_equal(cm_matrix_at(m, k, j), j == k ? (double)k + 1 : 0, 0);
  cm_matrix_release(m);
  cm_text_release(t);
}

static void failing_allocations_lose_nothing(void **state) {
  (void)state;
  char text[40000] = "h,a,b\n";
  for (int i = 0; i < 2000; i++) strcat(text + (size_t)i * 8, "row,1,2\n");
  write_file("wb", text, strlen(text));
  survives_failing_allocations(read_small, NULL);
  survives_failing_allocations(peek_small, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_end_as_they_like),
      cmocka_unit_test(numbers_may_be_quoted_and_padded),
      cmocka_unit_test(delimiters_are_found),
      cmocka_unit_test(blanks_are_read_as_told),
      cmocka_unit_test(headings_and_labels_are_kept),
      cmocka_unit_test(a_file_of_labels_has_no_columns),
      cmocka_unit_test(errors_name_row_and_column),
      cmocka_unit_test(binary_files_are_refused),
      cmocka_unit_test(a_field_without_end_is_refused),
      cmocka_unit_test(plain_and_gzip_give_the_same),
      cmocka_unit_test(a_damaged_gzip_file_is_reported_with_its_row),
      cmocka_unit_test(what_cannot_be_opened),
      cmocka_unit_test(a_peek_reads_lines_of_any_length),
      cmocka_unit_test(a_job_reports_stops_and_limits),
      cmocka_unit_test(failing_allocations_lose_nothing),
      cmocka_unit_test(pivots_observations),
      cmocka_unit_test(finds_many_names),
  };
  cm_allocator_set(faulty_realloc, NULL);
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
