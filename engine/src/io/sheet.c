/* A sheet's cells (ECMA-376 part 1, 18.3) as headings, labels and numbers.
 *
 * The size of a sheet is known when all of it is read, and what it claims before
 * is not to be trusted: values are kept cell by cell, then put in their places. */
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/internal.h"
#include "matrix/internal.h"

enum { MOST_ROWS = 1 << 20, MOST_COLS = 1 << 14 };

typedef struct number {
  double value;
  unsigned row, col; /* 1-based, as all rows and columns here */
} number;

typedef struct word {
  size_t string;
  unsigned row, col;
} word;

typedef enum cell_type { NUMBER, SHARED, TEXT, TRUTH, FAULT } cell_type;

typedef struct cm__cells {
  const cm__strings *shared;
  const char *shown;
  const cm_text_options *options;
  cm_error *err;
  bool headers_only, enough;
  unsigned row, col; /* of the cell being read */
  cell_type type;
  bool in_cell, in_value;
  unsigned aside;
  char *value; /* of that cell */
  size_t size, room;
  unsigned rows, cols; /* of what has values */
  number *numbers;
  size_t n, places;
  word *words;
  size_t n_words, word_places;
  cm__strings strings; /* of headings and labels */
} sheet;

/* ---- places -------------------------------------------------------------------- */

cm__cell_text cm__cell_name(size_t row, size_t col) {
  cm__cell_text t;
  char letters[8];
  size_t n = sizeof letters - 1;
  letters[n] = '\0';
  for (; col > 0 && n > 0; col = (col - 1) / 26) letters[--n] = (char)('A' + (col - 1) % 26);
  snprintf(t.text, sizeof t.text, "%s%u", letters + n, (unsigned)row);
  return t;
}

CM_PRINTF(3, 4) static cm_status fail(sheet *s, cm_status status, const char *format, ...) {
  char what[200];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  return cm__fail_at(s->err, status, s->row, s->col, 0.0, "%s (cell %s of %s)", what,
                     cm__cell_name(s->row, s->col).text, s->shown);
}

/* "F7" as a place. */
static bool read_place(const char *text, unsigned *row, unsigned *col) {
  unsigned r = 0, c = 0;
  for (; *text >= 'A' && *text <= 'Z' && c <= MOST_COLS; text++)
    c = 26 * c + (unsigned)(*text - 'A' + 1);
  for (; *text >= '0' && *text <= '9' && r <= MOST_ROWS; text++)
    r = 10 * r + (unsigned)(*text - '0');
  *row = r;
  *col = c;
  return !*text && r && c && r <= MOST_ROWS && c <= MOST_COLS;
}

static bool read_row(const char *text, unsigned *row) {
  unsigned r = 0;
  for (; *text >= '0' && *text <= '9' && r <= MOST_ROWS; text++)
    r = 10 * r + (unsigned)(*text - '0');
  *row = r;
  return !*text && r && r <= MOST_ROWS;
}

/* ---- cells --------------------------------------------------------------------- */

static cm_status keep_number(sheet *s, double value) {
  cm_status status = CM_OK;
  if (s->n == s->places) {
    CM__TRY(
        cm__grow(2 * s->n + 1024, sizeof *s->numbers, "the cells of a sheet", &s->numbers, s->err));
    s->places = 2 * s->n + 1024;
  }
  s->numbers[s->n++] = (number){value, s->row, s->col};
done:
  return status;
}

static cm_status keep_word(sheet *s, const char *text, size_t size) {
  cm_status status = CM_OK;
  if (s->n_words == s->word_places) {
    CM__TRY(cm__grow(2 * s->n_words + 64, sizeof *s->words, "the labels of a sheet", &s->words,
                     s->err));
    s->word_places = 2 * s->n_words + 64;
  }
  s->words[s->n_words++] = (word){s->strings.n, s->row, s->col};
  CM__TRY(cm__strings_add(&s->strings, text, size, s->err));
done:
  return status;
}

/* A text where numbers are expected: none at all if it is blank, a number if it
 * is one that was entered as text. */
static cm_status number_in(sheet *s, const char *p, size_t size) {
  const char *end = p + size, *stop, *missing = s->options->missing;
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\n')) p++;
  while (p < end && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n')) end--;
  if (p == end) return CM_OK;
  if (missing && strlen(missing) == (size_t)(end - p) && !memcmp(missing, p, (size_t)(end - p)))
    return CM_OK;
  double value = cm_number_parse(p, end, &stop);
  if (stop != end)
    return fail(s, CM_NOT_NUMBER, "'%.*s' is not a number", end - p > 60 ? 60 : (int)(end - p), p);
  if (!(fabs(value) <= DBL_MAX))
    return fail(s, CM_NOT_NUMBER, "%.*s is too large for a number",
                end - p > 60 ? 60 : (int)(end - p), p);
  return keep_number(s, value);
}

/* What the cell holds, as text. */
static cm_status content_of(sheet *s, const char **text, size_t *size) {
  *text = s->value;
  *size = s->size;
  if (s->type != SHARED || !s->size) return CM_OK;
  const char *stop, *end = s->value + s->size;
  double at = cm_number_parse(s->value, end, &stop);
  if (stop != end || !(at >= 0 && at < (double)s->shared->n))
    return fail(s, CM_READ, "the workbook has no shared string %.*s",
                s->size > 20 ? 20 : (int)s->size, s->value);
  *text = cm__strings_get(s->shared, (size_t)at);
  *size = strlen(*text);
  return CM_OK;
}

static bool is_word(const sheet *s) {
  return s->row <= s->options->header_rows || s->col <= s->options->label_cols;
}

/* The sheet reaches at least to this cell. */
static void reach(sheet *s) {
  if (s->row > s->rows) s->rows = s->row;
  if (s->col > s->cols) s->cols = s->col;
}

static cm_status keep_text(sheet *s, const char *text, size_t size) {
  cm_status status = CM_OK;
  size_t before = s->n + s->n_words;
  if (!size) return CM_OK;
  CM__TRY(is_word(s) ? keep_word(s, text, size) : number_in(s, text, size));
  if (s->n + s->n_words > before) reach(s);
done:
  return status;
}

static cm_status end_cell(sheet *s) {
  const char *text;
  size_t size;
  cm_status status;
  CM__TRY(content_of(s, &text, &size));
  CM__TRY(keep_text(s, text, size));
done:
  return status;
}

/* ---- elements ------------------------------------------------------------------- */

static cell_type type_of(const char *t) {
  if (!t || strcmp(t, "n") == 0) return NUMBER;
  if (strcmp(t, "s") == 0) return SHARED;
  if (strcmp(t, "b") == 0) return TRUTH;
  if (strcmp(t, "e") == 0) return FAULT;
  return TEXT; /* str, inlineStr, d */
}

static cm_status start_row(sheet *s, const char **attributes) {
  const char *r = cm__xml_attribute(attributes, "r", false);
  s->col = 0;
  s->row++;
  if (r && !read_row(r, &s->row)) return fail(s, CM_READ, "a row cannot be '%.20s'", r);
  if (s->row > MOST_ROWS) return fail(s, CM_READ, "more rows than a sheet has");
  s->enough = s->headers_only && s->row > s->options->header_rows;
  return CM_OK;
}

static cm_status start_cell(sheet *s, const char **attributes) {
  const char *r = cm__xml_attribute(attributes, "r", false);
  s->col++;
  if (r && !read_place(r, &s->row, &s->col)) return fail(s, CM_READ, "a cell cannot be '%.20s'", r);
  if (s->col > MOST_COLS || !s->row) return fail(s, CM_READ, "a cell outside the rows");
  s->type = type_of(cm__xml_attribute(attributes, "t", false));
  s->in_cell = true;
  s->size = 0;
  return CM_OK;
}

static cm_status on_start(void *ud, const char *name, const char **attributes, cm_error *err) {
  sheet *s = ud;
  (void)err;
  if (strcmp(name, "row") == 0) return start_row(s, attributes);
  if (strcmp(name, "c") == 0) return start_cell(s, attributes);
  if (strcmp(name, "rPh") == 0) s->aside++;
  bool value = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
  s->in_value = s->in_cell && !s->aside && value;
  return CM_OK;
}

static cm_status on_text(void *ud, const char *text, size_t size, cm_error *err) {
  sheet *s = ud;
  cm_status status = CM_OK;
  if (!s->in_value) return CM_OK;
  if (s->size + size > s->room) {
    CM__TRY(cm__grow(2 * (s->size + size) + 64, 1, "a cell", &s->value, err));
    s->room = 2 * (s->size + size) + 64;
  }
  memcpy(s->value + s->size, text, size);
  s->size += size;
done:
  return status;
}

static cm_status on_end(void *ud, const char *name, cm_error *err) {
  sheet *s = ud;
  (void)err;
  s->in_value = false;
  if (strcmp(name, "rPh") == 0 && s->aside) s->aside--;
  if (strcmp(name, "sheetData") == 0) s->enough = true;
  if (strcmp(name, "c") != 0 || !s->in_cell) return CM_OK;
  s->in_cell = false;
  return end_cell(s);
}

/* ---- putting them in their places ------------------------------------------------- */

/* The words of headings (rows first .. last) or labels, line by line over `cols`
 * columns, blanks where there is none. `places` has room for rows x cols. */
static cm_status put_words(const sheet *s, unsigned first, unsigned last, unsigned cols,
                           cm__strings *to, cm_error *err) {
  size_t rows = last - first + 1, *places = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(rows * cols, sizeof *places, "labels", &places, err));
  for (size_t i = 0; i < s->n_words; i++) {
    const word *w = &s->words[i];
    if (w->row < first || w->row > last || w->col > cols) continue;
    places[(size_t)(w->row - first) * cols + w->col - 1] = w->string + 1;
  }
  for (size_t i = 0; i < rows * cols; i++) {
    const char *text = places[i] ? cm__strings_get(&s->strings, places[i] - 1) : "";
    CM__TRY(cm__strings_add(to, text, strlen(text), err));
  }
done:
  cm__free(places);
  return status;
}

static cm_status put_headers(const sheet *s, cm_text *t, cm_error *err) {
  unsigned rows = (unsigned)s->options->header_rows;
  cm_status status = CM_OK;
  if (s->headers_only && rows > s->rows) rows = s->rows;
  CM__TRY(cm__alloc(rows + 1, sizeof *t->header_first, "headings", &t->header_first, err));
  if (rows) CM__TRY(put_words(s, 1, rows, s->cols, &t->headers, err));
  for (size_t i = 0; i <= rows; i++) t->header_first[i] = i * s->cols;
  t->header_rows = rows;
done:
  return status;
}

/* Fills what no cell gave, and notes the first such place. */
static cm_status fill_blanks(sheet *s, const bool *given, size_t rows, size_t width, double *to) {
  double fill = s->options->blank == CM_BLANK_ZERO ? 0.0 : NAN;
  bool noted = false;
  for (size_t i = 0; i < rows * width; i++) {
    if (given[i]) continue;
    to[i] = fill;
    if (noted) continue;
    noted = true;
    s->row = (unsigned)(s->options->header_rows + i / width + 1);
    s->col = (unsigned)(s->options->label_cols + i % width + 1);
    if (s->options->blank == CM_BLANK_ERROR)
      return fail(s, CM_NOT_NUMBER, "a blank where a number is expected");
  }
  if (!noted) s->row = s->col = 0;
  return CM_OK;
}

static cm_status put_numbers(sheet *s, cm_text *t, cm_error *err) {
  size_t header = s->options->header_rows, labels = s->options->label_cols;
  size_t rows = s->rows - header, width = s->cols > labels ? s->cols - labels : 0, size;
  cm__buffer *buffer = NULL;
  bool *given = NULL;
  cm_status status;
  CM__TRY(cm__size3(rows, width, sizeof(double), "the table", &size, err));
  CM__TRY(cm__buffer_new(rows * width, false, "the table", &buffer, err));
  CM__TRY(cm__alloc(rows * width, sizeof *given, "the table", &given, err));
  for (size_t i = 0; i < s->n; i++) {
    const number *c = &s->numbers[i];
    size_t at = (c->row - 1 - header) * width + (c->col - 1 - labels);
    buffer->data[at] = c->value;
    given[at] = true;
  }
  CM__TRY(fill_blanks(s, given, rows, width, buffer->data));
  t->blank_row = s->row;
  t->blank_col = s->col;
  CM__TRY(cm__matrix_wrap(buffer, 0, rows, width, cm__max(width, 1), 1, &t->numbers, err));
done:
  cm__buffer_release(buffer);
  cm__free(given);
  return status;
}

static cm_status put(sheet *s, cm_text **out, cm_error *err) {
  cm_text *t = NULL;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *t, "a sheet", &t, err));
  t->delimiter = '\t';
  t->label_cols = s->options->label_cols;
  CM__TRY(put_headers(s, t, err));
  if (!s->headers_only) {
    unsigned first = (unsigned)s->options->header_rows + 1;
    if (t->label_cols)
      CM__TRY(put_words(s, first, s->rows, (unsigned)t->label_cols, &t->labels, err));
    CM__TRY(put_numbers(s, t, err));
  }
  *out = t;
  t = NULL;
done:
  cm_text_release(t);
  return status;
}

static void free_parts(sheet *s) {
  cm__free(s->value);
  cm__free(s->numbers);
  cm__free(s->words);
  cm__strings_free(&s->strings);
}

/* What all cells make, once the last has come. */
static cm_status finish(sheet *s, cm_text **out) {
  if (s->rows == 0) return cm__fail(s->err, CM_EMPTY, "%s is empty", s->shown);
  if (!s->headers_only && s->rows <= s->options->header_rows)
    return cm__fail_at(s->err, CM_EMPTY, s->rows, 0, 0, "%s ends before its first row of data",
                       s->shown);
  return put(s, out, s->err);
}

static cm_status check_options(const cm_text_options *options, cm_error *err) {
  if (options->label_cols <= MOST_COLS) return CM_OK;
  return cm__fail(err, CM_INVALID, "a sheet has no %zu columns", options->label_cols);
}

cm_status cm__sheet_parse(cm__source *source, const cm__strings *shared, const char *shown,
                          const cm_text_options *options, bool headers_only, const cm_job *job,
                          cm_text **out, cm_error *err) {
  cm_status status;
  sheet s = {.shared = shared,
             .shown = shown,
             .options = options,
             .err = err,
             .headers_only = headers_only};
  cm__xml calls = {
      .start = on_start, .end = on_end, .text = on_text, .ud = &s, .enough = &s.enough};
  CM__TRY(check_options(options, err));
  CM__TRY(cm__xml_parse(source, &calls, job, err));
  CM__TRY(finish(&s, out));
done:
  free_parts(&s);
  return status;
}

/* ---- cells that come one by one ----------------------------------------------------- */

cm_status cm__cells_new(const char *shown, const cm_text_options *options, bool headers_only,
                        cm__cells **out, cm_error *err) {
  cm__cells *s = NULL;
  cm_status status;
  CM__TRY(check_options(options, err));
  CM__TRY(cm__alloc(1, sizeof *s, "a sheet", &s, err));
  *s = (cm__cells){.shown = shown, .options = options, .err = err, .headers_only = headers_only};
  *out = s;
done:
  return status;
}

void cm__cells_free(cm__cells *s) {
  if (!s) return;
  free_parts(s);
  cm__free(s);
}

cm_status cm__cells_text(cm__cells *s, unsigned row, unsigned col, const char *text, size_t size) {
  s->row = row;
  s->col = col;
  if (row > MOST_ROWS || col > MOST_COLS || !row || !col)
    return fail(s, CM_READ, "a cell outside the sheet");
  return keep_text(s, text, size);
}

/* Among headings and labels a number stands as the shortest text that means it. */
cm_status cm__cells_number(cm__cells *s, unsigned row, unsigned col, double value) {
  char text[40];
  const char *stop;
  s->row = row;
  s->col = col;
  if (row > MOST_ROWS || col > MOST_COLS || !row || !col)
    return fail(s, CM_READ, "a cell outside the sheet");
  if (!(fabs(value) <= DBL_MAX)) return fail(s, CM_NOT_NUMBER, "no finite number");
  if (!is_word(s)) {
    reach(s);
    return keep_number(s, value);
  }
  for (int digits = 15; digits <= 17; digits++) {
    int n = snprintf(text, sizeof text, "%.*g", digits, value);
    for (char *p = text; *p; p++)
      if (*p == ',') *p = '.'; /* of the locale */
    if (cm_number_parse(text, text + n, &stop) == value) break;
  }
  return keep_text(s, text, strlen(text));
}

cm_status cm__cells_end(cm__cells *s, cm_text **out) { return finish(s, out); }
