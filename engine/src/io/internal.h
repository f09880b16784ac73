/* What the files of io share. */
#ifndef CM_IO_INTERNAL_H
#define CM_IO_INTERNAL_H

#include "base/internal.h"
#include "capmod/text.h"

/* ---- numbers ------------------------------------------------------------- */

/* Bits of the double nearest to the decimal digits (a '.' among them is passed
 * over) from `digits` to `end`, times 10^exponent, ties to even. `guess` is
 * where the search begins: any number of the right order of magnitude will do,
 * a near one is quick. */
uint64_t cm__nearest_double(const char *digits, const char *end, int64_t exponent, uint64_t guess);

/* ---- sources: where bytes come from -------------------------------------- */

typedef struct cm__source cm__source;
struct cm__source {
  /* Puts up to `room` bytes at `into`; *got is 0 only at the end. */
  cm_status (*read)(cm__source *source, char *into, size_t room, size_t *got, cm_error *err);
  const char *name;   /* for messages */
  double done, total; /* in bytes of the file; total 0: not known */
};

/* A file, plain or gzip. CM_OPEN, CM_MEMORY. Its read gives CM_READ where the
 * file is damaged or cut short. */
CM_WARN_UNUSED cm_status cm__file_open(const char *path, cm__source **out, cm_error *err);
void cm__file_close(cm__source *source);

/* ---- delimited text ------------------------------------------------------ */

enum { CM__TEXT_BLOCK = 256 * 1024 };

/* What cm_text_read and cm_text_peek do, on any source and in blocks of any
 * size (a field that does not fit makes the block grow). Stops after the header
 * lines if `headers_only`. */
CM_WARN_UNUSED cm_status cm__text_parse(cm__source *source, const cm_text_options *options,
                                        bool headers_only, size_t block, const cm_job *job,
                                        cm_text **out, cm_error *err);

#endif
