/* What was read of a text or a sheet: headings, labels, numbers. */
#include <math.h>
#include <string.h>

#include "io/internal.h"
#include "matrix/internal.h"

cm_status cm__strings_add(cm__strings *s, const char *text, size_t size, cm_error *err) {
  cm_status status = CM_OK;
  if (s->n == s->places) {
    CM__TRY(cm__grow(2 * s->n + 64, sizeof *s->at, "labels", &s->at, err));
    s->places = 2 * s->n + 64;
  }
  size_t need = s->used + size + 1;
  if (need > s->room) {
    CM__TRY(cm__grow(2 * need + 256, 1, "labels", &s->bytes, err));
    s->room = 2 * need + 256;
  }
  if (size) memcpy(s->bytes + s->used, text, size);
  s->bytes[s->used + size] = '\0';
  s->at[s->n++] = s->used;
  s->used = need;
done:
  return status;
}

const char *cm__strings_get(const cm__strings *s, size_t i) {
  return i < s->n ? s->bytes + s->at[i] : NULL;
}

void cm__strings_free(cm__strings *s) {
  cm__free(s->bytes);
  cm__free(s->at);
  *s = (cm__strings){.bytes = NULL};
}

void cm_text_release(cm_text *text) {
  if (!text) return;
  cm__strings_free(&text->headers);
  cm__strings_free(&text->labels);
  cm__free(text->header_first);
  cm_matrix_release(text->numbers);
  cm__free(text);
}

char cm_text_delimiter(const cm_text *text) { return text->delimiter; }

size_t cm_text_header_rows(const cm_text *text) { return text->header_rows; }

size_t cm_text_header_cols(const cm_text *text, size_t row) {
  if (row >= text->header_rows) return 0;
  return text->header_first[row + 1] - text->header_first[row];
}

const char *cm_text_header(const cm_text *text, size_t row, size_t col) {
  if (col >= cm_text_header_cols(text, row)) return NULL;
  return cm__strings_get(&text->headers, text->header_first[row] + col);
}

size_t cm_text_label_cols(const cm_text *text) { return text->label_cols; }

const char *cm_text_label(const cm_text *text, size_t row, size_t col) {
  if (col >= text->label_cols) return NULL;
  return cm__strings_get(&text->labels, row * text->label_cols + col);
}

bool cm_text_blank(const cm_text *text, size_t *row, size_t *col) {
  if (!text->blank_row) return false;
  *row = text->blank_row;
  *col = text->blank_col;
  return true;
}

bool cm_text_blank_within(const cm_text *text, size_t rows, size_t cols, size_t *row, size_t *col) {
  const cm_matrix *m = text->numbers;
  size_t header = text->header_rows, labels = text->label_cols;
  if (!text->blank_row || !m) return false;
  for (size_t i = 0; i < cm__min(rows, m->d.rows); i++)
    for (size_t j = 0; j < cm__min(cols, m->d.cols); j++)
      if (isnan(cm_matrix_at(m, i, j))) {
        *row = header + i + 1;
        *col = labels + j + 1;
        return true;
      }
  return false;
}

void cm_text_zero_blanks(cm_text *text) {
  cm_matrix *m = text->numbers;
  if (!text->blank_row || !m) return;
  double *cell = m->d.data, *end = cell + m->d.rows * m->d.cols; /* packed, row by row */
  for (; cell < end; cell++)
    if (isnan(*cell)) *cell = 0.0;
}

cm_matrix *cm_text_numbers(const cm_text *text) { return text->numbers; }
