/* capmod/store.h - tables kept in files: all of a table, so that it reads back equal. */
#ifndef CAPMOD_STORE_H
#define CAPMOD_STORE_H

#include "capmod/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a table into an HDF5 file: labels, every matrix that it was given, `facts` (a text of the
 * caller's), a key over all of these, and, where `factor`, the LU factors of I - A with a
 * key of their own, made if the table has none yet. Matrices are datasets of rows x columns, labels
 * lists of strings, so that other programs read them. The file is written beside and then renamed.
 * Keys are XXH3 of 128 bits (Collet 2021): they show damage, not forgery.
 * CM_OPEN, CM_WRITE, what factoring says, CM_MEMORY, CM_BUDGET, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_table_store(cm_table *t, const char *facts, bool factor,
                                               const char *path, const cm_job *job, cm_error *err);

/* Reads such a file. *facts is freed by cm_stored_text_free. The factors are taken over where they
 * are there and whole; *factored says so. CM_OPEN, CM_READ (no such file, or one that was changed
 * or cut short since it was written), statuses of cm_table_new. */
CM_API CM_WARN_UNUSED cm_status cm_table_load(const char *path, const cm_job *job, cm_table **out,
                                              char **facts, bool *factored, cm_error *err);
CM_API void cm_stored_text_free(char *text);

/* Writes a table as delimited text (UTF-8, LF), or as the sheet of that name of a workbook (xlsx):
 * the `lines` of head, a line of headings (block, row, nodes, columns of final demand), then a line
 * for each row of Z|Y, P|PY, F|FY and output. Numbers have the digits that read back equal (which
 * the 16 of common writers are not); what is not there is blank. Written beside and then renamed.
 * CM_OPEN, CM_WRITE, CM_INVALID (more columns than a sheet has), CM_MEMORY, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_table_write(cm_table *t, const char *const *head, size_t lines,
                                               const char *sheet, const char *path,
                                               const cm_job *job, cm_error *err);

/* What stands beside the numbers in a table of observations; texts are not NULL. */
typedef struct cm_observed {
  const char *period;            /* TIME_PERIOD, or "" */
  const char *comment;           /* COMMENT_DSET, in the first line */
  const char *unit, *multiplier; /* UNIT_MEASURE and UNIT_MULT of Z, Y, P and output */
  const char *const *row_unit, *const *row_multiplier; /* of each row of F; NULL without F */
} cm_observed;

/* Writes a table as delimited text with a line for each number (0 too), by rows of Z, Y, P, PY, F,
 * FY and output, under names of SDMX's concepts: MEASURE, REF_AREA, ACTIVITY, COUNTERPART_AREA,
 * COUNTERPART_ACTIVITY, TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COMMENT_DSET, OBS_VALUE. A label is
 * parted at its first dot; a row of P or F is an activity of no area. cm_text_pivot reads it.
 * Statuses of cm_table_write. */
CM_API CM_WARN_UNUSED cm_status cm_table_observe(cm_table *t, const cm_observed *facts,
                                                 const char *path, const cm_job *job,
                                                 cm_error *err);

/* Rows of a frame: what is in each cell. */
typedef struct cm_cell {
  const char *text; /* NULL: a number, or nothing where that is NaN */
  double number;
} cm_cell;
/* Writes rows x cols cells, by rows, as the one sheet of a workbook. Statuses of cm_table_write. */
CM_API CM_WARN_UNUSED cm_status cm_cells_write(const cm_cell *cells, size_t rows, size_t cols,
                                               const char *sheet, const char *path, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
