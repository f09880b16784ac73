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

/* ---- what was read ------------------------------------------------------- */

/* Strings in one block, found by their offsets. */
typedef struct cm__strings {
  char *bytes;
  size_t used, room;
  size_t *at, n, places;
} cm__strings;

CM_WARN_UNUSED cm_status cm__strings_add(cm__strings *s, const char *text, size_t size,
                                         cm_error *err);
/* NULL past the end. */
const char *cm__strings_get(const cm__strings *s, size_t i);
void cm__strings_free(cm__strings *s);

struct cm_text {
  char delimiter;
  cm__strings headers, labels;
  size_t *header_first; /* of each header line, and one past the last */
  size_t header_rows, label_cols;
  size_t blank_row, blank_col; /* of the first blank number; 0: none */
  cm_matrix *numbers;
};

/* ---- sources: where bytes come from -------------------------------------- */

typedef struct cm__source cm__source;
struct cm__source {
  /* Puts up to `room` bytes at `into`; *got is 0 only at the end. */
  cm_status (*read)(cm__source *source, char *into, size_t room, size_t *got, cm_error *err);
  void (*close)(cm__source *source); /* frees it */
  const char *name;                  /* for messages */
  double done, total;                /* in bytes of the file; total 0: not known */
};

/* A file, plain or gzip. CM_OPEN, CM_MEMORY. Its read gives CM_READ where the
 * file is damaged or cut short. `path` must outlive the source. */
CM_WARN_UNUSED cm_status cm__file_open(const char *path, cm__source **out, cm_error *err);
void cm__source_close(cm__source *source); /* NULL is fine */

/* ---- zip archives (zip.c, the only user of libzip) -------------------------- */

typedef struct cm__zip cm__zip;

/* Whether the file begins as a zip archive does. */
bool cm__zip_is(const char *path);
/* CM_OPEN, CM_READ (damaged, cut short), CM_MEMORY. `path` must outlive it. */
/* A member of an archive that is written: its text, or the file whose content it takes. */
typedef struct cm__zip_entry {
  const char *name, *text, *file;
} cm__zip_entry;
/* Writes a whole archive. CM_WRITE, CM_MEMORY. */
CM_WARN_UNUSED cm_status cm__zip_write(const char *path, const cm__zip_entry *entries, size_t count,
                                       cm_error *err);
CM_WARN_UNUSED cm_status cm__zip_open(const char *path, cm__zip **out, cm_error *err);
void cm__zip_close(cm__zip *zip); /* NULL is fine */
size_t cm__zip_count(const cm__zip *zip);
/* NULL where the name is not UTF-8 or the member is a folder. Borrowed. */
const char *cm__zip_name(const cm__zip *zip, size_t i);
bool cm__zip_has(const cm__zip *zip, const char *name);
/* Member `name`, unpacked as it is read, with its check sum held at the end.
 * `shown` is the source's name and outlives it. With `owned` the archive is
 * closed with the source, also where this fails. CM_MEMBER, CM_READ. */
CM_WARN_UNUSED cm_status cm__zip_member(cm__zip *zip, const char *name, const char *shown,
                                        bool owned, cm__source **out, cm_error *err);

/* ---- XML (xml.c, the only user of expat) ------------------------------------ */

/* What is called on the way through a document; names are without their prefix.
 * A status other than CM_OK ends the reading with it. NULL for what is not wanted. */
typedef struct cm__xml {
  cm_status (*start)(void *ud, const char *name, const char **attributes, cm_error *err);
  cm_status (*end)(void *ud, const char *name, cm_error *err);
  cm_status (*text)(void *ud, const char *text, size_t size, cm_error *err);
  void *ud;
  const bool *enough; /* set on the way: the rest is not read */
} cm__xml;

/* CM_READ for what is no XML or declares a document type, and what the source
 * and the calls give. */
CM_WARN_UNUSED cm_status cm__xml_parse(cm__source *source, const cm__xml *calls, const cm_job *job,
                                       cm_error *err);
/* The value of an attribute, its name without prefix; `prefixed`: only one that has one. */
const char *cm__xml_attribute(const char **attributes, const char *name, bool prefixed);

/* ---- workbooks --------------------------------------------------------------- */

/* The names of the sheets in the workbook's order; closes nothing. */
CM_WARN_UNUSED cm_status cm__workbook_sheets(cm__zip *zip, const char *path, cm__strings *out,
                                             cm_error *err);
/* The sheet of that name as cm_text_read gives it; only its header lines if
 * `headers_only`. CM_MEMBER and the statuses of cm_text_read. */
CM_WARN_UNUSED cm_status cm__workbook_read(cm__zip *zip, const char *path, const char *sheet,
                                           const cm_text_options *options, bool headers_only,
                                           const cm_job *job, cm_text **out, cm_error *err);
/* The part of that which reads the sheet's own XML, from any source. `shared`
 * are the workbook's shared strings, `shown` names the sheet in messages. */
CM_WARN_UNUSED cm_status cm__sheet_parse(cm__source *source, const cm__strings *shared,
                                         const char *shown, const cm_text_options *options,
                                         bool headers_only, const cm_job *job, cm_text **out,
                                         cm_error *err);
/* The same from cells that come one by one, from A1 = (1, 1): numbers and texts in any order, then
 * cm__cells_end. `shown` and `options` outlive them; errors go to the `err` of cm__cells_new. */
typedef struct cm__cells cm__cells;
CM_WARN_UNUSED cm_status cm__cells_new(const char *shown, const cm_text_options *options,
                                       bool headers_only, cm__cells **out, cm_error *err);
CM_WARN_UNUSED cm_status cm__cells_number(cm__cells *cells, unsigned row, unsigned col,
                                          double value);
CM_WARN_UNUSED cm_status cm__cells_text(cm__cells *cells, unsigned row, unsigned col,
                                        const char *text, size_t size);
CM_WARN_UNUSED cm_status cm__cells_end(cm__cells *cells, cm_text **out);
void cm__cells_free(cm__cells *cells); /* NULL is fine */
/* "F7"; columns beyond 16384 do not occur. */
typedef struct cm__cell_text {
  char text[16];
} cm__cell_text;
cm__cell_text cm__cell_name(size_t row, size_t col);

/* ---- delimited text ------------------------------------------------------ */

enum { CM__TEXT_BLOCK = 256 * 1024 };

/* What cm_text_read and cm_text_peek do, on any source and in blocks of any
 * size (a field that does not fit makes the block grow). Stops after the header
 * lines if `headers_only`. */
CM_WARN_UNUSED cm_status cm__text_parse(cm__source *source, const cm_text_options *options,
                                        bool headers_only, size_t block, const cm_job *job,
                                        cm_text **out, cm_error *err);

#endif
