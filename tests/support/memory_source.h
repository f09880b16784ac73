/* Text in memory as a source, in pieces of any size, for the reader's tests. */
#ifndef CAPMOD_TEST_MEMORY_SOURCE_H
#define CAPMOD_TEST_MEMORY_SOURCE_H

#include <string.h>

#include "io/internal.h"

typedef struct memory_source {
  cm__source base;
  const char *data;
  size_t size, at, piece; /* piece: the most that one read gives; 0: no limit */
} memory_source;

static inline cm_status memory_read(cm__source *source, char *into, size_t room, size_t *got,
                                    cm_error *err) {
  memory_source *m = (memory_source *)source;
  (void)err;
  size_t n = m->size - m->at;
  if (n > room) n = room;
  if (m->piece && n > m->piece) n = m->piece;
  if (n) memcpy(into, m->data + m->at, n);
  m->at += n;
  source->done = (double)m->at;
  *got = n;
  return CM_OK;
}

static inline memory_source memory_source_of(const void *data, size_t size, size_t piece) {
  return (memory_source){.base = {.read = memory_read, .name = "memory", .total = (double)size},
                         .data = data,
                         .size = size,
                         .piece = piece};
}

#endif
