/* Rows into delimited text (RFC 4180) or a workbook (ECMA-376, one sheet, texts in its cells). */
#include "io/rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "capmod/text.h"
#include "io/internal.h"

struct cm__rows {
  const char *path, *sheet; /* sheet NULL: delimited text */
  char *beside, *body;      /* what is written; of a workbook first its sheet */
  FILE *out;
  size_t row, col;
};

/* ---- whole or not at all -------------------------------------------------------------- */

cm_status cm__beside(const char *path, const char *ending, char **out, cm_error *err) {
  size_t size = strlen(path) + strlen(ending) + 1;
  cm_status status = cm__alloc(size, 1, "a path", out, err);
  if (status == CM_OK) snprintf(*out, size, "%s%s", path, ending);
  return status;
}

cm_status cm__settle(const char *beside, const char *path, cm_status status, cm_error *err) {
  if (status == CM_OK && rename(beside, path) != 0)
    status = cm__fail(err, CM_WRITE, "%s: %s", path, strerror(errno));
  if (status != CM_OK) remove(beside);
  return status;
}

/* ---- cells ------------------------------------------------------------------------------ */

static void begin_cell(cm__rows *r, const char *kind) {
  if (!r->sheet) {
    if (r->col++) fputc(',', r->out);
    return;
  }
  char letters[16];
  size_t at = sizeof letters - 1;
  letters[at] = 0;
  for (size_t c = ++r->col; c; c = (c - 1) / 26) letters[--at] = (char)('A' + (c - 1) % 26);
  if (r->col == 1) fputs("<row>", r->out);
  if (kind) fprintf(r->out, "<c r=\"%s%zu\"%s>", letters + at, r->row + 1, kind);
}

static void put_quoted(FILE *out, const char *text) {
  if (!strpbrk(text, ",;\t|\"\n\r")) {
    fputs(text, out);
    return;
  }
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"') fputc('"', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

static void put_xml(FILE *out, const char *text) {
  for (; *text; text++) switch (*text) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    default:
      if ((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t') fputc(*text, out);
    }
}

void cm__rows_text(cm__rows *r, const char *text) {
  begin_cell(r, " t=\"inlineStr\"");
  if (!r->sheet) {
    put_quoted(r->out, text);
    return;
  }
  fputs("<is><t xml:space=\"preserve\">", r->out);
  put_xml(r->out, text);
  fputs("</t></is></c>", r->out);
}

void cm__rows_number(cm__rows *r, double x) {
  char text[40];
  const char *stop;
  if (!isfinite(x)) {
    cm__rows_blank(r);
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    int n = snprintf(text, sizeof text, "%.*g", digits, x);
    for (char *p = text; *p; p++) /* the locale's comma */
      if (*p == ',') *p = '.';
    if (digits == 17 || cm_number_parse(text, text + n, &stop) == x) break;
  }
  begin_cell(r, "");
  if (r->sheet)
    fprintf(r->out, "<v>%s</v></c>", text);
  else
    fputs(text, r->out);
}

void cm__rows_blank(cm__rows *r) { begin_cell(r, NULL); }

void cm__rows_end(cm__rows *r) {
  if (!r->sheet)
    fputc('\n', r->out);
  else
    fputs(r->col ? "</row>" : "<row/>", r->out);
  r->col = 0;
  r->row++;
}

/* ---- files --------------------------------------------------------------------------------- */

cm_status cm__rows_open(const char *path, const char *sheet, cm__rows **out, cm_error *err) {
  cm__rows *r = NULL;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *r, "a file", &r, err));
  r->path = path, r->sheet = sheet;
  CM__TRY(cm__beside(path, ".part", &r->beside, err));
  CM__TRY(cm__beside(path, sheet ? ".sheet.part" : ".part", &r->body, err));
  r->out = fopen(r->body, "wb");
  if (!r->out) CM__TRY(cm__fail(err, CM_OPEN, "%s: %s", path, strerror(errno)));
  if (sheet)
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet "
          "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
          r->out);
  *out = r;
  r = NULL;
done:
  if (r) {
    cm__free(r->beside);
    cm__free(r->body);
    cm__free(r);
  }
  return status;
}

#define OOXML "http://schemas.openxmlformats.org/"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

/* The parts of a workbook around its one sheet. */
static cm_status zip_up(const cm__rows *r, cm_error *err) {
  char book[512], name[64];
  snprintf(name, sizeof name, "%.31s", r->sheet);
  snprintf(book, sizeof book,
           XML "<workbook xmlns=\"" OOXML "spreadsheetml/2006/main\" xmlns:r=\"" OOXML
               "officeDocument/2006/relationships\"><sheets><sheet name=\"%s\" sheetId=\"1\" "
               "r:id=\"rId1\"/></sheets></workbook>",
           name);
  const cm__zip_entry entries[] = {
      {"[Content_Types].xml",
       XML "<Types xmlns=\"" OOXML "package/2006/content-types\"><Default Extension=\"rels\" "
           "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
           "Extension=\"xml\" ContentType=\"application/xml\"/><Override "
           "PartName=\"/xl/workbook.xml\" ContentType=\"application/"
           "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override "
           "PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/"
           "vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>",
       NULL},
      {"_rels/.rels",
       XML "<Relationships xmlns=\"" OOXML "package/2006/relationships\"><Relationship Id=\"rId1\" "
           "Type=\"" OOXML "officeDocument/2006/relationships/officeDocument\" "
           "Target=\"xl/workbook.xml\"/></Relationships>",
       NULL},
      {"xl/workbook.xml", book, NULL},
      {"xl/_rels/workbook.xml.rels",
       XML "<Relationships xmlns=\"" OOXML "package/2006/relationships\"><Relationship Id=\"rId1\" "
           "Type=\"" OOXML "officeDocument/2006/relationships/worksheet\" "
           "Target=\"worksheets/sheet1.xml\"/></Relationships>",
       NULL},
      {"xl/worksheets/sheet1.xml", NULL, r->body}};
  return cm__zip_write(r->beside, entries, sizeof entries / sizeof *entries, err);
}

cm_status cm__rows_close(cm__rows *r, cm_status status, cm_error *err) {
  if (!r) return status;
  if (r->sheet) fputs("</sheetData></worksheet>", r->out);
  bool good = !ferror(r->out);
  good = fclose(r->out) == 0 && good;
  if (status == CM_OK && !good)
    status = cm__fail(err, CM_WRITE, "%s: %s", r->path, strerror(errno));
  if (status == CM_OK && r->sheet) status = zip_up(r, err);
  status = cm__settle(r->beside, r->path, status, err);
  if (r->sheet) remove(r->body);
  cm__free(r->beside);
  cm__free(r->body);
  cm__free(r);
  return status;
}
