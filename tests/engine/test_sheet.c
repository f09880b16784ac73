/* Workbooks: cells of every kind, in their places; what is damaged or too large. */
#include "support.h"

#include "archives.h"
#include "capmod/archive.h"
#include "memory_source.h"

static const cm_text_options one_header = {
    .header_rows = 1, .label_cols = 1, .blank = CM_BLANK_ZERO};

static cm_status parse(const char *xml, cm_text_options o, bool head, cm_text **out,
                       cm_error *err) {
  cm__strings shared = {.bytes = NULL};
  memory_source m = memory_source_of(xml, strlen(xml), 7);
  cm_status status = cm__strings_add(&shared, "first", 5, err);
  if (status == CM_OK) status = cm__strings_add(&shared, "42", 2, err);
  if (status == CM_OK) status = cm__sheet_parse(&m.base, &shared, "it", &o, head, NULL, out, err);
  cm__strings_free(&shared);
  return status;
}

#define SHEET(rows) "<x:worksheet><x:sheetData>" rows "</x:sheetData></x:worksheet>"

static void check_numbers(const char *xml, cm_text_options o, size_t rows, size_t cols,
                          const double *want) {
  cm_text *t = NULL;
  cm_error err;
  if (parse(xml, o, false, &t, &err) != CM_OK) fail_msg("%s in: %s", err.message, xml);
  const cm_matrix *m = cm_text_numbers(t);
  assert_int_equal(cm_matrix_rows(m), rows);
  assert_int_equal(cm_matrix_cols(m), cols);
  for (size_t i = 0; i < rows * cols; i++)
    assert_double_equal(cm_matrix_at(m, i / cols, i % cols), want[i], 0);
  cm_text_release(t);
}

static void check_error(const char *xml, cm_text_options o, cm_status status, const char *words) {
  cm_text *t = NULL;
  cm_error err = {0};
  assert_status(parse(xml, o, false, &t, &err), status);
  if (!strstr(err.message, words)) fail_msg("'%s' in: %s", err.message, xml);
  assert_null(t);
}

static const cm_text_options plain = {.blank = CM_BLANK_ERROR};

static void values_of_every_kind_are_numbers(void **state) {
  (void)state;
  check_numbers(SHEET("<x:row><x:c><x:v>1.5</x:v></x:c><x:c t='n'><x:v>-2E-3</x:v></x:c></x:row>"
                      "<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c t='b'><x:v>1</x:v></x:c></x:row>"
                      "<x:row><x:c t='str'><x:f>A1</x:f><x:v> 7 </x:v></x:c>"
                      "<x:c t='inlineStr'><x:is><x:t>8</x:t></x:is></x:c></x:row>"),
                plain, 3, 2, (const double[]){1.5, -2e-3, 42, 1, 7, 8});
}

static void cells_stand_where_they_say(void **state) {
  (void)state;
  cm_text_options zeros = {.blank = CM_BLANK_ZERO};
  check_numbers(SHEET("<row r='2'><c r='C2'><v>5</v></c><c><v>6</v></c></row>"
                      "<row r='1'><c r='A1'><v>1</v></c></row>"),
                zeros, 2, 4, (const double[]){1, 0, 0, 0, 0, 0, 5, 6});
  cm_text *t = NULL;
  assert_ok(parse(SHEET("<row r='1'><c r='AB1' t='s'><v>0</v></c></row>"
                        "<row r='2'><c r='A2'><v>2000</v></c><c r='AB2'><v>3</v></c></row>"),
                  (cm_text_options){.header_rows = 1, .label_cols = 1, .blank = CM_BLANK_NAN},
                  false, &t, NULL));
  size_t row, col;
  assert_int_equal(cm_text_header_cols(t, 0), 28);
  assert_string_equal(cm_text_header(t, 0, 0), "");
  assert_string_equal(cm_text_header(t, 0, 27), "first");
  assert_string_equal(cm_text_label(t, 0, 0), "2000");
  assert_true(isnan(cm_matrix_at(cm_text_numbers(t), 0, 0)));
  assert_double_equal(cm_matrix_at(cm_text_numbers(t), 0, 26), 3, 0);
  assert_true(cm_text_blank(t, &row, &col));
  assert_int_equal(row, 2);
  assert_int_equal(col, 2);
  cm_text_release(t);
}

static void errors_name_the_cell(void **state) {
  (void)state;
  check_error(SHEET("<row><c><v>1</v></c><c t='str'><v>n.a.</v></c></row>"), plain, CM_NOT_NUMBER,
              "'n.a.' is not a number (cell B1 of it)");
  check_error(SHEET("<row r='3'><c r='ZZ3' t='e'><v>#N/A</v></c></row>"), plain, CM_NOT_NUMBER,
              "(cell ZZ3 of it)");
  check_error(SHEET("<row><c><v>1e999</v></c></row>"), plain, CM_NOT_NUMBER, "too large");
  check_error(SHEET("<row><c r='B1'><v>1</v></c></row>"), plain, CM_NOT_NUMBER,
              "a blank where a number is expected (cell A1 of it)");
  check_error(SHEET("<row><c t='s'><v>2</v></c></row>"), plain, CM_READ, "no shared string 2");
  check_error(SHEET("<row><c t='s'><v>-1</v></c></row>"), plain, CM_READ, "no shared string -1");
  check_error(SHEET("<row><c r='1B'><v>2</v></c></row>"), plain, CM_READ, "cannot be '1B'");
  check_error(SHEET("<row><c r='XFE1'><v>2</v></c></row>"), plain, CM_READ, "cannot be");
  check_error(SHEET("<row r='1048577'/>"), plain, CM_READ, "cannot be");
  check_error(SHEET("<row r='0'/>"), plain, CM_READ, "cannot be");
  check_error(SHEET("<row r='1048576'/><row/>"), plain, CM_READ, "more rows");
  check_error(SHEET(""), plain, CM_EMPTY, "it is empty");
  check_error(SHEET("<row><c t='str'><v>h</v></c></row>"), one_header, CM_EMPTY, "ends before");
  check_error("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" SHEET(""), plain, CM_READ, "document type");
  check_error("not XML", plain, CM_READ, "is damaged");
  check_error(SHEET("<row>"), plain, CM_READ, "is damaged");
}

static void what_stands_for_a_blank_is_one(void **state) {
  (void)state;
  cm_text_options dots = {.blank = CM_BLANK_ZERO, .missing = "..."};
  check_numbers(SHEET("<row><c t='str'><v>...</v></c><c><v>2</v></c></row>"), dots, 1, 2,
                (const double[]){0, 2});
  check_error(SHEET("<row><c t='str'><v>....</v></c></row>"), dots, CM_NOT_NUMBER, "'....'");
}

static void a_sheet_cut_short_is_refused(void **state) {
  (void)state;
  const char *whole = SHEET_XML, *last = strstr(whole, "</sheetData>");
  size_t blocks = cm_memory_blocks();
  for (size_t n = 0; n < (size_t)(last - whole); n++) {
    memory_source m = memory_source_of(whole, n, 0);
    cm__strings none = {.bytes = NULL};
    cm_text *t = NULL;
    cm_error err;
    assert_status(cm__sheet_parse(&m.base, &none, "it", &one_header, false, NULL, &t, &err),
                  CM_READ);
  }
  assert_int_equal(cm_memory_blocks(), blocks);
}

/* ---- workbooks --------------------------------------------------------------------- */

typedef struct place {
  char path[200], full[300];
} place;

static place in_workbook(const entry *entries, const char *sheet) {
  place p;
  fresh_path(p.path, ".xlsx");
  write_zip(p.path, entries, false);
  snprintf(p.full, sizeof p.full, "%s/%s", p.path, sheet);
  return p;
}

static void a_sheet_of_a_workbook_is_read(void **state) {
  (void)state;
  place p = in_workbook(WORKBOOK, "A & B");
  cm_text *t = NULL;
  size_t row, col;
  assert_ok(cm_text_read(p.full, &one_header, NULL, &t, NULL));
  assert_int_equal(cm_text_header_cols(t, 0), 3);
  assert_string_equal(cm_text_header(t, 0, 0), "row");
  assert_string_equal(cm_text_header(t, 0, 2), "c");
  assert_string_equal(cm_text_label(t, 0, 0), "one two");
  assert_string_equal(cm_text_label(t, 1, 0), "");
  assert_string_equal(cm_text_label(t, 2, 0), "last");
  const double want[] = {1.5, 1, 0, 0, 0, 12.5};
  for (size_t i = 0; i < 6; i++)
    assert_double_equal(cm_matrix_at(cm_text_numbers(t), i / 2, i % 2), want[i], 0);
  assert_true(cm_text_blank(t, &row, &col));
  assert_int_equal(row, 3);
  assert_int_equal(col, 2);
  cm_text_release(t);
  assert_ok(cm_text_peek(p.full, 2, NULL, &t, NULL));
  assert_int_equal(cm_text_header_rows(t), 2);
  assert_string_equal(cm_text_header(t, 1, 1), "1.5");
  cm_text_release(t);
  unlink(p.path);
}

static void a_workbook_lists_its_sheets(void **state) {
  (void)state;
  place p = in_workbook(WORKBOOK, "other");
  cm_contents *c = NULL;
  cm_text *t = NULL;
  cm_error err;
  assert_ok(cm_contents_list(p.path, &c, NULL));
  assert_int_equal(cm_contents_kind(c), CM_KIND_WORKBOOK);
  assert_string_equal(cm_contents_name(c, 1), "A & B");
  assert_null(cm_contents_name(c, 2));
  cm_contents_release(c);
  assert_status(cm_text_read(p.full, &one_header, NULL, &t, &err), CM_MEMBER);
  assert_non_null(strstr(err.message, "no sheet 'other'"));
  assert_status(cm_text_read(p.path, &one_header, NULL, &t, &err), CM_MEMBER);
  assert_non_null(strstr(err.message, "2 sheets: notes, A & B"));
  unlink(p.path);
}

static void an_incomplete_workbook_is_refused(void **state) {
  (void)state;
  for (size_t left_out = 1; left_out < 5; left_out++) {
    entry some[6];
    size_t n = 0;
    for (size_t i = 0; WORKBOOK[i].name; i++)
      if (i != left_out) some[n++] = WORKBOOK[i];
    some[n] = (entry){NULL, NULL};
    place p = in_workbook(some, left_out == 3 ? "notes" : "A & B");
    cm_text *t = NULL;
    cm_status want = left_out == 3 || left_out == 4 ? CM_MEMBER : CM_READ;
    assert_status(cm_text_read(p.full, &one_header, NULL, &t, NULL), want);
    unlink(p.path);
  }
}

/* One cell far out claims more than memory holds: refused before it is taken. */
static void a_swelling_sheet_is_refused_by_the_limit(void **state) {
  (void)state;
  cm_text *t = NULL;
  cm_error err;
  cm_memory_limit_set(1 << 24);
  cm_status status = parse(SHEET("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
                           (cm_text_options){.blank = CM_BLANK_ZERO}, false, &t, &err);
  assert_status(status, CM_BUDGET);
  size_t size = 40 << 20; /* packs to 40 kB */
  char *text = malloc(size + 1);
  assert_non_null(text);
  memset(text, ' ', size);
  memcpy(text, "<worksheet><sheetData><row><c t='str'><v>", 41);
  text[size] = '\0';
  place p = in_workbook((const entry[]){{"xl/workbook.xml", BOOK_XML},
                                        {"xl/_rels/workbook.xml.rels", RELATIONS_XML},
                                        {"xl/sharedStrings.xml", SHARED_XML},
                                        {"xl/worksheets/sheet2.xml", text},
                                        {NULL, NULL}},
                        "A & B");
  status = cm_text_read(p.full, &one_header, NULL, &t, &err);
  cm_memory_limit_set(0);
  assert_status(status, CM_BUDGET);
  assert_null(t);
  free(text);
  unlink(p.path);
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  place p = in_workbook(WORKBOOK, "A & B");
  survives_failing_allocations(read_work, p.full);
  unlink(p.path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_of_every_kind_are_numbers),
      cmocka_unit_test(cells_stand_where_they_say),
      cmocka_unit_test(errors_name_the_cell),
      cmocka_unit_test(what_stands_for_a_blank_is_one),
      cmocka_unit_test(a_sheet_cut_short_is_refused),
      cmocka_unit_test(a_sheet_of_a_workbook_is_read),
      cmocka_unit_test(a_workbook_lists_its_sheets),
      cmocka_unit_test(an_incomplete_workbook_is_refused),
      cmocka_unit_test(a_swelling_sheet_is_refused_by_the_limit),
      cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return run(tests);
}
