/* capmod/text.h - delimited text and sheets of workbooks as labels and numbers.
 *
 * Text may be plain or gzip, or lie in a zip archive; see capmod/archive.h for
 * the paths of members and sheets. A file is read once, streamed, into three parts: the first
 * `header_rows` lines as fields, the first `label_cols` fields of each later line as labels, and
 * all the rest as one matrix. A reader of a published table then takes blocks of that matrix
 * without copying it. Quotes follow RFC 4180; lines end in LF or CRLF; a UTF-8 byte order mark and
 * blank lines at the end are passed over. Every error carries the row (the line, as an editor
 * counts) and the column (the field) of the file, 1-based; the message names a cell of a sheet as
 * "cell F7".
 *
 * A sheet is read the same way: rows and columns are those of the sheet from A1
 * on, as far as there are values; headings are as wide as that. Formulas count
 * as the values kept with them, dates as their numbers, true and false as 1 and
 * 0; a number among headings and labels is given as it is written in the file.
 */
#ifndef CAPMOD_TEXT_H
#define CAPMOD_TEXT_H

#include "capmod/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_blank { CM_BLANK_ERROR, CM_BLANK_ZERO, CM_BLANK_NAN } cm_blank;

typedef struct cm_text_options {
  char delimiter;      /* 0: found from the first line (comma, semicolon, tab, bar) */
  size_t header_rows;  /* lines that are read as fields, of any number */
  size_t label_cols;   /* leading fields of a line that are read as labels */
  cm_blank blank;      /* what an empty number field means */
  const char *missing; /* a text that stands for an empty number, such as "..."; or NULL */
} cm_text_options;

typedef struct cm_text cm_text;

/* Numbers may be quoted and have spaces around them. Infinities and NaN are no
 * numbers in a file, nor is what overflows to one.
 * CM_INVALID (delimiter), CM_OPEN, CM_MEMBER (a path into an archive, workbook
 * or folder that leads to no one file), CM_READ (damaged, cut short, not text),
 * CM_NOT_NUMBER, CM_FIELDS (a line of another length than the first one, a
 * blank line between rows, a quote left open), CM_EMPTY, CM_MEMORY, CM_BUDGET,
 * CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_text_read(const char *path, const cm_text_options *options,
                                             const cm_job *job, cm_text **out, cm_error *err);
CM_API void cm_text_release(cm_text *text);
CM_API char cm_text_delimiter(const cm_text *text);
/* Field `col` of header line `row`, and label `col` of data line `row`; NULL
 * past the end. Borrowed. */
CM_API size_t cm_text_header_rows(const cm_text *text);
CM_API size_t cm_text_label_cols(const cm_text *text);
CM_API size_t cm_text_header_cols(const cm_text *text, size_t row);
CM_API const char *cm_text_header(const cm_text *text, size_t row, size_t col);
CM_API const char *cm_text_label(const cm_text *text, size_t row, size_t col);
/* Where the first blank number was, as an editor counts; false if there was none.
 * Tables leave the corners of their totals blank, and nothing else. */
CM_API bool cm_text_blank(const cm_text *text, size_t *row, size_t *col);
/* The same among the first `rows` x `cols` numbers of a text that was read with
 * CM_BLANK_NAN, as a place of the sheet, or of a file whose headings have no
 * line breaks within quotes. */
CM_API bool cm_text_blank_within(const cm_text *text, size_t rows, size_t cols, size_t *row,
                                 size_t *col);
/* Makes zeros of the blanks of such a text: once, before its numbers are used. */
CM_API void cm_text_zero_blanks(cm_text *text);
/* The numbers, data lines x (fields - label_cols); borrowed. NULL after a peek. */
CM_API cm_matrix *cm_text_numbers(const cm_text *text);

/* Where an area or an activity does not apply, in the code lists of SDMX. */
#define CM_TEXT_ABSENT "_Z"

/* A text with a line for each observation as matrices: of the lines whose first label is `block`,
 * the last number at the row that label columns rows[0] and rows[1] name, and the column of
 * cols[0], cols[1]: both with a dot between, or the one that applies. Rows and columns in the order
 * in which they come first; 0 where there is no line. *out is NULL where no line is of the block.
 * CM_RANGE a column, CM_DUPLICATE a second observation (with its line, if no quotes hold line
 * breaks), CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_text_pivot(const cm_text *text, const char *block,
                                              const size_t *rows, const size_t *cols,
                                              cm_matrix **out, cm_error *err);

/* The first `lines` lines (or as many as there are) as header lines, for finding
 * out what a file is. Reads little further than it must. `options` may be NULL;
 * its header_rows is ignored. */
CM_API CM_WARN_UNUSED cm_status cm_text_peek(const char *path, size_t lines,
                                             const cm_text_options *options, cm_text **out,
                                             cm_error *err);

/* The double nearest to the decimal number that begins at `p` and ends before
 * `end`, bit for bit what strtod gives, whatever the locale; *stop is the first
 * character not used (p itself if there is no number). Spaces are not passed
 * over; "inf", "nan" and hexadecimals are no numbers; "1e400" is infinite. */
CM_API double cm_number_parse(const char *p, const char *end, const char **stop);

#ifdef __cplusplus
}
#endif

#endif
