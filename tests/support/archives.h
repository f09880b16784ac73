/* Zip archives and workbooks made for tests. */
#ifndef CAPMOD_TEST_ARCHIVES_H
#define CAPMOD_TEST_ARCHIVES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "capmod/archive.h"
#include "capmod/text.h"

typedef struct entry {
  const char *name, *text;
} entry;

/* A name in /tmp that no other test has. */
static inline void fresh_path(char *path, const char *ending) {
  static int made;
  sprintf(path, "/tmp/capmod_test_%ld_%d%s", (long)getpid(), made++, ending);
}

/* Reading and listing what a path leads to, for survives_failing_allocations. */
static inline cm_status read_work(void *path) {
  const cm_text_options o = {.header_rows = 1, .label_cols = 1, .blank = CM_BLANK_ZERO};
  cm_text *t = NULL;
  cm_status status = cm_text_read(path, &o, NULL, &t, NULL);
  cm_text_release(t);
  return status;
}

static inline cm_status list_work(void *path) {
  cm_contents *c = NULL;
  cm_status status = cm_contents_list(path, &c, NULL);
  cm_contents_release(c);
  return status;
}

/* An archive of these members, the last one without a name. Not compressed where `plain`. */
static inline void write_zip(const char *path, const entry *entries, bool plain) {
  int code;
  zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
  assert_non_null(z);
  for (; entries->name; entries++) {
    zip_source_t *s = zip_source_buffer(z, entries->text, strlen(entries->text), 0);
    zip_int64_t at = zip_file_add(z, entries->name, s, ZIP_FL_ENC_UTF_8);
    assert_true(at >= 0);
    if (plain) zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0);
  }
  assert_int_equal(zip_close(z), 0);
}

static inline char *slurp_file(const char *path, size_t *size) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  fseek(f, 0, SEEK_END);
  *size = (size_t)ftell(f);
  rewind(f);
  char *bytes = malloc(*size + 1);
  assert_non_null(bytes);
  assert_int_equal(fread(bytes, 1, *size, f), *size);
  fclose(f);
  return bytes;
}

static inline void write_file(const char *path, const char *bytes, size_t size) {
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(bytes, 1, size, f), size);
  fclose(f);
}

#define BOOK_XML                                                                                   \
  "<workbook xmlns:r='x'><sheets><sheet name='notes' sheetId='1' r:id='rId1'/>"                    \
  "<sheet name='A &amp; B' sheetId='2' r:id='rId2'/></sheets></workbook>"
#define RELATIONS_XML                                                                              \
  "<Relationships><Relationship Id='rId1' Type='a/worksheet' Target='worksheets/sheet1.xml'/>"     \
  "<Relationship Id='rId2' Type='a/worksheet' Target='/xl/worksheets/sheet2.xml'/>"                \
  "<Relationship Id='rId3' Type='a/sharedStrings' Target='sharedStrings.xml'/></Relationships>"
#define SHARED_XML                                                                                 \
  "<sst><si><t>row</t></si><si><r><t>one</t></r><r><t> two</t></r><rPh><t>no</t></rPh></si>"       \
  "<si><t>12.5</t></si></sst>"
#define SHEET_XML                                                                                  \
  "<worksheet><dimension ref='A1:XFD1048576'/><sheetData>"                                         \
  "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='inlineStr'><is><t>c</t></is></c></row>"     \
  "<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2'><v>1.5</v></c><c r='C2' t='b'><v>1</v></c>"    \
  "</row><row r='4'><c r='A4' t='str'><f>x</f><v>last</v></c><c r='C4' t='s'><v>2</v></c>"         \
  "<c r='F4' s='3'/></row></sheetData></worksheet>"
#define WORKBOOK                                                                                   \
  ((const entry[]){{"xl/workbook.xml", BOOK_XML},                                                  \
                   {"xl/_rels/workbook.xml.rels", RELATIONS_XML},                                  \
                   {"xl/sharedStrings.xml", SHARED_XML},                                           \
                   {"xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>"},            \
                   {"xl/worksheets/sheet2.xml", SHEET_XML},                                        \
                   {NULL, NULL}})

#endif
