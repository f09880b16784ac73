#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "matrix/internal.h"

enum { FIRST_ROOM = 1024, FIELD_MAX = 16 << 20 };

/* Reads on from a source: what is not yet taken lies at p .. end of the block,
 * which is moved to the front when more is needed. */
typedef struct reader {
  cm__source *source;
  const cm_text_options *options;
  const cm_job *job;
  cm_error *err;
  char *block, *p, *end;
  size_t size;
  bool last;    /* the source has no more */
  double taken; /* bytes that the source gave */
  char delimiter;
  size_t row, col; /* of the field at p, 1-based */
  cm_text *text;
  cm__buffer *buffer; /* the numbers so far */
  size_t n, room;
  size_t rows, width; /* width counts numbers; SIZE_MAX before the first row */
} reader;

typedef struct field {
  char *at;
  size_t size;
  size_t row, col;
  bool quoted, over; /* over: it is the last of its line */
} field;

/* ---- errors ---------------------------------------------------------------- */

CM_PRINTF(5, 6)
static cm_status fail(reader *r, cm_status status, size_t row, size_t col, const char *format,
                      ...) {
  char what[200], column[32] = "";
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  if (col) snprintf(column, sizeof column, ", column %zu", col);
  return cm__fail_at(r->err, status, row, col, 0.0, "%s (row %zu%s of %s)", what, row, column,
                     r->source->name);
}

static cm_status add_string(reader *r, cm__strings *s, const field *f) {
  if (memchr(f->at, '\0', f->size))
    return fail(r, CM_READ, f->row, f->col, "a zero byte; this is not a text file");
  return cm__strings_add(s, f->at, f->size, r->err);
}

/* ---- the block --------------------------------------------------------------- */

/* Reads on behind what is not yet taken; sets `last` where there is no more. */
static cm_status more(reader *r) {
  cm_status status = CM_OK;
  size_t left = (size_t)(r->end - r->p), got = 0;
  memmove(r->block, r->p, left);
  r->p = r->block;
  r->end = r->p + left;
  if (left == r->size) {
    if (left >= FIELD_MAX)
      return fail(r, CM_FIELDS, r->row, r->col,
                  "a field of more than 16 MB; is a quote left open?");
    CM__TRY(cm__grow(2 * r->size, 1, "a long field", &r->block, r->err));
    r->size *= 2;
    r->p = r->block;
    r->end = r->p + left;
  }
  CM__TRY(cm_job_step(r->job, "reading", r->source->done, r->source->total, r->err));
  cm_error why;
  status = r->source->read(r->source, r->end, r->size - left, &got, &why);
  if (status != CM_OK) return fail(r, status, r->row, 0, "%s", why.message);
  r->last = got == 0;
  r->taken += (double)got;
  r->end += got;
done:
  return status;
}

static cm_status is_more(reader *r, bool *yes) {
  cm_status status = CM_OK;
  while (r->p == r->end && !r->last) CM__TRY(more(r));
  *yes = r->p < r->end;
done:
  return status;
}

static cm_status skip_mark(reader *r) {
  cm_status status = CM_OK;
  while (r->end - r->p < 3 && !r->last) CM__TRY(more(r));
  if (r->end - r->p >= 3 && memcmp(r->p, "\xef\xbb\xbf", 3) == 0) r->p += 3;
done:
  return status;
}

/* A tab wins wherever there is one, since headings hold commas; else what is
 * most frequent outside quotes in the first line. *whole: all of it was seen. */
static char likely_delimiter(const char *p, const char *end, bool *whole) {
  size_t commas = 0, semicolons = 0, bars = 0, tabs = 0;
  bool quoted = false;
  for (; p < end && (quoted || *p != '\n'); p++) {
    if (*p == '"') quoted = !quoted;
    if (quoted) continue;
    commas += *p == ',';
    semicolons += *p == ';';
    bars += *p == '|';
    tabs += *p == '\t';
  }
  *whole = p < end;
  if (tabs) return '\t';
  if (semicolons >= commas && semicolons >= bars && semicolons) return ';';
  return bars > commas ? '|' : ',';
}

static cm_status find_delimiter(reader *r) {
  cm_status status = CM_OK;
  r->delimiter = r->options->delimiter;
  for (bool found = r->delimiter; !found;) {
    size_t seen = cm__min((size_t)(r->end - r->p), CM__TEXT_BLOCK);
    r->delimiter = likely_delimiter(r->p, r->p + seen, &found);
    found = found || r->last || seen == CM__TEXT_BLOCK;
    if (!found) CM__TRY(more(r));
  }
done:
  return status;
}

/* ---- fields ------------------------------------------------------------------ */

/* Behind the closing quote of the field at p, or NULL if it is not in the block. */
static char *closing_quote(const reader *r) {
  for (char *q = r->p + 1;; q += 2) {
    q = memchr(q, '"', (size_t)(r->end - q));
    if (!q || (q + 1 == r->end && !r->last)) return NULL;
    if (q + 1 == r->end || q[1] != '"') return q + 1;
  }
}

/* Takes the field at p if all of it, and what ends it, is in the block. */
static bool whole_field(reader *r, field *f, const char **rest) {
  char *q = r->p;
  *f = (field){.at = r->p, .row = r->row, .col = r->col};
  f->quoted = q < r->end && *q == '"';
  if (f->quoted) {
    q = closing_quote(r);
    if (!q) return false;
    f->at++;
    f->size = (size_t)(q - 1 - f->at);
  }
  *rest = q;
  while (q < r->end && *q != r->delimiter && *q != '\n') q++;
  if (q == r->end && !r->last) return false;
  f->over = q == r->end || *q == '\n';
  r->p = q + (q < r->end);
  if (f->over && q > *rest && q[-1] == '\r') q--;
  if (!f->quoted) {
    f->size = (size_t)(q - f->at);
    *rest = q;
  }
  while (*rest < q && **rest == ' ') ++*rest;
  if (*rest == q) *rest = NULL;
  return true;
}

/* Doubled quotes become one, in place; lines inside the field are counted. */
static void unquote(reader *r, field *f) {
  char *to = f->at;
  for (const char *from = f->at, *end = from + f->size; from < end; from++) {
    if (*from == '\n') r->row++;
    *to++ = *from;
    if (*from == '"') from++;
  }
  f->size = (size_t)(to - f->at);
}

static cm_status next_field(reader *r, field *f) {
  cm_status status = CM_OK;
  const char *rest;
  while (!whole_field(r, f, &rest)) {
    if (r->last)
      return fail(r, CM_FIELDS, r->row, r->col, "the quote that opens here is not closed");
    CM__TRY(more(r));
  }
  if (rest) return fail(r, CM_FIELDS, f->row, f->col, "text follows the closing quote of a field");
  if (f->quoted) unquote(r, f);
  r->row += f->over;
  r->col = f->over ? 1 : r->col + 1;
done:
  return status;
}

/* ---- numbers ----------------------------------------------------------------- */

/* How many numbers to make room for: twice as many until a twentieth of the
 * file is read, then what the rest should hold by its size, then a quarter more. */
static size_t wanted_room(const reader *r) {
  double used = r->taken - (double)(r->end - r->p), n = (double)r->n, want = 2 * n;
  if (r->source->done > 0 && r->source->done * 20 > r->source->total) {
    double size = r->taken * r->source->total / r->source->done;
    want = 1.02 * n * size / used;
    if (!(want > 1.25 * n)) want = 1.25 * n;
  }
  return want < (double)(SIZE_MAX / 64) ? (size_t)want : SIZE_MAX / 64;
}

static cm_status resize(reader *r, size_t room) {
  cm_status status = CM_OK;
  size_t bytes;
  CM__TRY(cm__size3(room, sizeof(double), 1, "the table", &bytes, r->err));
  if (r->job && r->job->memory && bytes > r->job->memory)
    return cm__fail(r->err, CM_BUDGET, "the table needs %s or more; the budget is %s",
                    cm__bytes((double)bytes).text, cm__bytes((double)r->job->memory).text);
  CM__TRY(cm__grow(sizeof(cm__buffer) + bytes, 1, "the table", &r->buffer, r->err));
  r->room = room;
done:
  return status;
}

/* A guess that the budget does not allow is brought down before giving up. */
static cm_status make_room(reader *r) {
  size_t least = r->n + FIRST_ROOM, want = cm__max(wanted_room(r), least);
  cm_status status;
  while ((status = resize(r, want)) == CM_BUDGET && want > least) want = least + (want - least) / 2;
  return status;
}

/* What an empty field, or the text that stands for one, is read as. */
static cm_status blank_of(reader *r, const field *f, double *value) {
  if (r->options->blank == CM_BLANK_ERROR)
    return fail(r, CM_NOT_NUMBER, f->row, f->col, "a blank where a number is expected");
  if (!r->text->blank_row) {
    r->text->blank_row = f->row;
    r->text->blank_col = f->col;
  }
  *value = r->options->blank == CM_BLANK_ZERO ? 0.0 : NAN;
  return CM_OK;
}

static cm_status number_of(reader *r, const field *f, double *value) {
  const char *p = f->at, *end = p + f->size, *stop;
  while (p < end && (*p == ' ' || *p == '\t')) p++;
  while (p < end && (end[-1] == ' ' || end[-1] == '\t')) end--;
  if (p == end) return blank_of(r, f, value);
  double v = cm_number_parse(p, end, &stop);
  const char *missing = r->options->missing;
  if (missing && strlen(missing) == (size_t)(end - p) && memcmp(missing, p, strlen(missing)) == 0)
    return blank_of(r, f, value);
  int shown = end - p > 60 ? 60 : (int)(end - p);
  if (stop != end)
    return fail(r, CM_NOT_NUMBER, f->row, f->col, "'%.*s' is not a number", shown, p);
  if (!(fabs(v) <= DBL_MAX))
    return fail(r, CM_NOT_NUMBER, f->row, f->col, "%.*s is too large for a number", shown, p);
  *value = v;
  return CM_OK;
}

/* Takes the plain numbers at p for as long as they are whole in the block and
 * there is room. True at the end of the line. */
static bool plain_numbers(reader *r) {
  const char *p = r->p, *end = r->end, *stop;
  double *to = r->buffer->data + r->n, *full = r->buffer->data + r->room;
  const char delimiter = r->delimiter;
  bool over = false;
  while (!over && to < full) {
    double v = cm_number_parse(p, end, &stop);
    if (stop == p || stop == end || !(fabs(v) <= DBL_MAX)) break;
    if (*stop != delimiter) {
      if (*stop == '\r' && end - stop > 1) stop++;
      if (*stop != '\n') break;
      over = true;
    }
    *to++ = v;
    p = stop + 1;
  }
  r->p += p - r->p;
  r->n = (size_t)(to - r->buffer->data);
  return over;
}

static cm_status numbers_of_line(reader *r) {
  cm_status status = CM_OK;
  size_t start = r->n;
  for (;;) {
    if (plain_numbers(r)) {
      r->row++;
      break;
    }
    if (r->n == r->room) {
      CM__TRY(make_room(r));
      continue;
    }
    field f;
    r->col = r->options->label_cols + (r->n - start) + 1;
    CM__TRY(next_field(r, &f));
    CM__TRY(number_of(r, &f, &r->buffer->data[r->n]));
    r->n++;
    if (f.over) break;
  }
  r->col = 1;
done:
  return status;
}

/* ---- lines ------------------------------------------------------------------- */

static cm_status header_line(reader *r) {
  cm_status status = CM_OK;
  cm_text *t = r->text;
  CM__TRY(
      cm__grow(t->header_rows + 2, sizeof *t->header_first, "headings", &t->header_first, r->err));
  t->header_first[t->header_rows] = t->headers.n;
  for (field f = {.over = false}; !f.over;) {
    CM__TRY(next_field(r, &f));
    CM__TRY(add_string(r, &t->headers, &f));
  }
  t->header_first[++t->header_rows] = t->headers.n;
done:
  return status;
}

static cm_status data_line(reader *r) {
  cm_status status = CM_OK;
  size_t row = r->row, start = r->n, labels = r->options->label_cols;
  field f = {.over = false};
  for (size_t i = 0; i < labels; i++) {
    if (f.over)
      return fail(r, CM_FIELDS, row, 0, "%zu fields, of which %zu should be labels", i, labels);
    CM__TRY(next_field(r, &f));
    CM__TRY(add_string(r, &r->text->labels, &f));
  }
  if (!f.over) CM__TRY(numbers_of_line(r));
  size_t width = r->n - start;
  if (r->width == SIZE_MAX) r->width = width;
  if (width != r->width)
    return fail(r, CM_FIELDS, row, 0, "%zu fields, where the rows above have %zu", labels + width,
                labels + r->width);
  r->rows++;
done:
  return status;
}

/* Passes over blank lines, which may only stand at the end. */
static cm_status skip_blank_lines(reader *r, bool *is_line) {
  cm_status status = CM_OK;
  size_t first = r->row;
  for (;;) {
    CM__TRY(is_more(r, is_line));
    if (!*is_line) break;
    if (*r->p == '\r' && r->p + 1 == r->end && !r->last) {
      CM__TRY(more(r));
      continue;
    }
    bool cr = *r->p == '\r';
    if (cr && r->p + 1 < r->end && r->p[1] != '\n') break;
    if (!cr && *r->p != '\n') break;
    r->p += cr && r->p + 1 < r->end ? 2 : 1;
    r->row++;
  }
  if (*is_line && r->row > first) return fail(r, CM_FIELDS, first, 0, "a blank line between rows");
done:
  return status;
}

static cm_status read_headers(reader *r, bool headers_only) {
  cm_status status = CM_OK;
  bool yes;
  CM__TRY(is_more(r, &yes));
  if (!yes) return cm__fail(r->err, CM_EMPTY, "%s is empty", r->source->name);
  for (size_t i = 0; i < r->options->header_rows; i++) {
    CM__TRY(is_more(r, &yes));
    if (yes)
      CM__TRY(header_line(r));
    else if (headers_only)
      break;
    else
      return fail(r, CM_EMPTY, r->row - 1, 0, "the file ends in its heading");
  }
done:
  return status;
}

static cm_status read_data(reader *r) {
  cm_status status = CM_OK;
  bool yes;
  CM__TRY(cm__buffer_new(FIRST_ROOM, false, "the table", &r->buffer, r->err));
  r->room = FIRST_ROOM;
  for (;;) {
    CM__TRY(skip_blank_lines(r, &yes));
    if (!yes) break;
    CM__TRY(data_line(r));
  }
  if (r->rows == 0)
    return fail(r, CM_EMPTY, r->row - 1, 0, "the file ends before its first row of data");
  CM__TRY(resize(r, r->n));
  CM__TRY(cm__matrix_wrap(r->buffer, 0, r->rows, r->width, cm__max(r->width, 1), 1,
                          &r->text->numbers, r->err));
  CM__TRY(cm_job_step(r->job, "reading", r->source->total, r->source->total, r->err));
done:
  return status;
}

/* ---- all of it --------------------------------------------------------------- */

static cm_status check_options(const cm_text_options *options, cm_error *err) {
  if (options->delimiter && strchr("0123456789.+-eE\"\r\n ", options->delimiter))
    return cm__fail(err, CM_INVALID, "'%c' cannot be a delimiter", options->delimiter);
  return CM_OK;
}

cm_status cm__text_parse(cm__source *source, const cm_text_options *options, bool headers_only,
                         size_t block, const cm_job *job, cm_text **out, cm_error *err) {
  cm_status status = CM_OK;
  cm_error unseen = {.status = CM_OK};
  reader r = {.source = source,
              .options = options,
              .job = job,
              .err = err ? err : &unseen,
              .size = block,
              .row = 1,
              .col = 1,
              .width = SIZE_MAX};
  CM__TRY(check_options(options, err));
  CM__TRY(cm__alloc(1, sizeof *r.text, "a text", &r.text, err));
  CM__TRY(cm__alloc_raw(block, 1, "a block of the file", &r.block, err));
  r.p = r.end = r.block;
  CM__TRY(skip_mark(&r));
  CM__TRY(find_delimiter(&r));
  r.text->delimiter = r.delimiter;
  r.text->label_cols = options->label_cols;
  CM__TRY(read_headers(&r, headers_only));
  if (!headers_only) CM__TRY(read_data(&r));
  *out = r.text;
  r.text = NULL;
done:
  cm_text_release(r.text);
  cm__buffer_release(r.buffer);
  cm__free(r.block);
  return status;
}
