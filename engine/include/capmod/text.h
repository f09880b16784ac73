/* capmod/text.h - delimited text, plain or gzip, as labels and numbers.
 *
 * A file is read once, streamed, into three parts: the first `header_rows`
 * lines as fields, the first `label_cols` fields of each later line as labels,
 * and all the rest as one matrix. A reader of a published table then takes
 * blocks of that matrix without copying it. Quotes follow RFC 4180. Every
 * error carries the row and the column of the file, 1-based.
 */
#ifndef CAPMOD_TEXT_H
#define CAPMOD_TEXT_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_blank { CM_BLANK_ERROR, CM_BLANK_ZERO, CM_BLANK_NAN } cm_blank;

typedef struct cm_text_options {
  char delimiter;     /* 0: found from the first line (comma, semicolon, tab, bar) */
  size_t header_rows; /* lines that are read as fields */
  size_t label_cols;  /* leading fields of a line that are read as labels */
  cm_blank blank;     /* what an empty number field means */
} cm_text_options;

typedef struct cm_text cm_text; /* counted */

/* CM_OPEN, CM_READ, CM_NOT_NUMBER, CM_FIELDS (a line longer or shorter than the
 * first of its kind), CM_EMPTY, CM_BUDGET, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_text_read(const char *path, const cm_text_options *options,
                                             const cm_job *job, cm_text **out, cm_error *err);
CM_API void cm_text_release(cm_text *text);
CM_API char cm_text_delimiter(const cm_text *text);
/* Field `col` of header line `row`, and label `col` of data line `row`; NULL
 * past the end. Borrowed. */
CM_API size_t cm_text_header_cols(const cm_text *text, size_t row);
CM_API const char *cm_text_header(const cm_text *text, size_t row, size_t col);
CM_API const char *cm_text_label(const cm_text *text, size_t row, size_t col);
/* The numbers, data lines x (fields - label_cols); borrowed. */
CM_API cm_matrix *cm_text_numbers(const cm_text *text);

/* The first `lines` lines as fields, for finding out what a file is. Reads no
 * further than it must. header_rows of `options` is ignored. */
CM_API CM_WARN_UNUSED cm_status cm_text_peek(const char *path, size_t lines,
                                             const cm_text_options *options, cm_text **out,
                                             cm_error *err);

/* The double nearest to the decimal number that begins at `p` and ends before
 * `end`, bit for bit what strtod gives, whatever the locale; *stop is the first
 * character not used (p itself if there is no number). */
CM_API double cm_number_parse(const char *p, const char *end, const char **stop);

#ifdef __cplusplus
}
#endif

#endif
