/* The text reader and the number parser on any bytes. Besides what the
 * sanitizers see: the size of the blocks must not matter, and every number must
 * be strtod's. The first byte chooses the options. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capmod/text.h"
#include "memory_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void number(const char *text, size_t size) {
  const char *stop;
  char *copy = malloc(size + 1), *want_stop;
  if (!copy) return;
  memcpy(copy, text, size);
  copy[size] = '\0';
  double got = cm_number_parse(copy, copy + size, &stop);
  const char *digits = copy + (*copy == '-' || *copy == '+');
  bool ours = isdigit((unsigned char)*digits) || *digits == '.'; /* no spaces, inf, nan */
  bool hex = *digits == '0' && (digits[1] | 32) == 'x';
  if (ours && !hex) {
    double want = strtod(copy, &want_stop);
    if (stop != want_stop || memcmp(&got, &want, sizeof got) != 0) abort();
  } else if (!ours && stop != copy) {
    abort();
  }
  free(copy);
}

static cm_status parse(const uint8_t *data, size_t size, const cm_text_options *o, bool head,
                       size_t block, cm_text **out, cm_error *err) {
  memory_source m = memory_source_of(data, size, block);
  return cm__text_parse(&m.base, o, head, block, NULL, out, err);
}

static void same_strings(const cm_text *a, const cm_text *b) {
  if (cm_text_header_rows(a) != cm_text_header_rows(b)) abort();
  for (size_t i = 0; i < cm_text_header_rows(a); i++) {
    if (cm_text_header_cols(a, i) != cm_text_header_cols(b, i)) abort();
    for (size_t j = 0; j < cm_text_header_cols(a, i); j++)
      if (strcmp(cm_text_header(a, i, j), cm_text_header(b, i, j)) != 0) abort();
  }
  for (size_t i = 0; cm_text_label(a, i, 0); i++)
    for (size_t j = 0; j < cm_text_label_cols(a); j++)
      if (strcmp(cm_text_label(a, i, j), cm_text_label(b, i, j)) != 0) abort();
}

static void same_numbers(const cm_matrix *a, const cm_matrix *b) {
  if (!a || !b) {
    if (a != b) abort();
    return;
  }
  if (cm_matrix_rows(a) != cm_matrix_rows(b) || cm_matrix_cols(a) != cm_matrix_cols(b)) abort();
  for (size_t i = 0; i < cm_matrix_rows(a); i++)
    for (size_t j = 0; j < cm_matrix_cols(a); j++) {
      double x = cm_matrix_at(a, i, j), y = cm_matrix_at(b, i, j);
      if (memcmp(&x, &y, sizeof x) != 0) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  unsigned pick = data[0];
  cm_text_options o = {.delimiter = (char)(pick & 1 ? 0 : ','),
                       .header_rows = pick >> 1 & 3,
                       .label_cols = pick >> 3 & 3,
                       .blank = (cm_blank)((pick >> 5 & 3) % 3)};
  bool head = pick >> 7;
  data++;
  size--;
  number((const char *)data, size);
  cm_text *a = NULL, *b = NULL;
  cm_error e = {0}, f = {0};
  cm_status one = parse(data, size, &o, head, 1 + size / 7, &a, &e);
  cm_status two = parse(data, size, &o, head, CM__TEXT_BLOCK, &b, &f);
  if (one != two || e.row != f.row || e.col != f.col) abort();
  if (one == CM_OK) {
    same_strings(a, b);
    same_numbers(cm_text_numbers(a), cm_text_numbers(b));
  }
  cm_text_release(a);
  cm_text_release(b);
  if (cm_memory_blocks() != 0) abort();
  return 0;
}
