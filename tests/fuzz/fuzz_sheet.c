/* The XML of a sheet, any bytes. Besides what the sanitizers see: nothing stays
 * behind, and the sizes that come in pieces do not matter. The first byte
 * chooses the options. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cm_status parse(const uint8_t *data, size_t size, const cm_text_options *o, bool head,
                       size_t piece, cm_text **out, cm_error *err) {
  cm__strings shared = {.bytes = NULL};
  memory_source m = memory_source_of(data, size, piece);
  cm_status status = cm__strings_add(&shared, "shared", 6, err);
  if (status == CM_OK)
    status = cm__sheet_parse(&m.base, &shared, "a sheet", o, head, NULL, out, err);
  cm__strings_free(&shared);
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  unsigned pick = data[0];
  cm_text_options o = {.header_rows = pick & 3,
                       .label_cols = pick >> 2 & 3,
                       .blank = (cm_blank)((pick >> 4 & 3) % 3)};
  bool head = pick >> 7;
  cm_text *a = NULL, *b = NULL;
  cm_error e = {0}, f = {0};
  cm_memory_limit_set(1 << 26);
  cm_status one = parse(data + 1, size - 1, &o, head, 1 + size / 5, &a, &e);
  cm_status two = parse(data + 1, size - 1, &o, head, 0, &b, &f);
  if (one != two || e.row != f.row || e.col != f.col) abort();
  cm_text_release(a);
  cm_text_release(b);
  if (cm_memory_blocks() != 0) abort();
  return 0;
}
