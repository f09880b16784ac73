/* Tables as delimited text or a sheet: labels and numbers that read back equal. */
#include <string.h>

#include "capmod/store.h"
#include "io/rows.h"
#include "table/internal.h"

enum { SHEET_COLS = 16384, SHEET_ROWS = 1048576 }; /* of a sheet, as ECMA-376 programs have it */

static void put_cells(cm__rows *out, const cm_matrix *m, size_t row, size_t cols) {
  for (size_t j = 0; j < cols; j++) {
    if (m)
      cm__rows_number(out, cm_matrix_at(m, row, j));
    else
      cm__rows_blank(out);
  }
}

/* The rows of a block over the nodes, and of that over final demand. */
static cm_status put_block(cm__rows *out, cm_table *t, const char *name, const cm_matrix *m,
                           const cm_matrix *final, const cm_job *job, cm_error *err) {
  for (size_t i = 0; m && i < m->d.rows; i++) {
    const cm_axis *axis = cm_matrix_axis(m, CM_ROWS);
    cm_status status = cm_job_step(job, "saving", (double)i, (double)m->d.rows, err);
    if (status != CM_OK) return status;
    cm__rows_text(out, name);
    cm__rows_text(out, axis ? cm_axis_label(axis, i) : "");
    put_cells(out, m, i, t->n);
    put_cells(out, final, i, t->columns);
    cm__rows_end(out);
  }
  return CM_OK;
}

static void put_head(cm__rows *out, cm_table *t, const char *const *head, size_t lines) {
  for (size_t i = 0; i < lines; i++) {
    cm__rows_text(out, head[i]);
    cm__rows_end(out);
  }
  cm__rows_text(out, "block");
  cm__rows_text(out, "row");
  for (size_t j = 0; j < t->n; j++) cm__rows_text(out, cm_axis_label(t->nodes, j));
  for (size_t j = 0; j < t->columns; j++) cm__rows_text(out, cm_axis_label(t->final, j));
  cm__rows_end(out);
}

static cm_status put_all(cm__rows *out, cm_table *t, const cm_job *job, cm_error *err) {
  cm_matrix *output = NULL;
  cm_status status = CM_OK;
  CM__TRY(put_block(out, t, "Z", t->part[CM_PART_Z], t->part[CM_PART_Y], job, err));
  CM__TRY(put_block(out, t, "P", t->part[CM_PART_P], t->part[CM_PART_PY], job, err));
  CM__TRY(put_block(out, t, "F", t->part[CM_PART_F], t->part[CM_PART_FY], job, err));
  if (!t->part[CM_PART_OUTPUT]) goto done;
  CM__TRY(cm_matrix_transposed(t->part[CM_PART_OUTPUT], &output, err));
  CM__TRY(cm_matrix_axis_set(output, CM_ROWS, NULL, err));
  CM__TRY(put_block(out, t, "output", output, NULL, job, err));
done:
  cm_matrix_release(output);
  return status;
}

cm_status cm_table_write(cm_table *t, const char *const *head, size_t lines, const char *sheet,
                         const char *path, const cm_job *job, cm_error *err) {
  cm__rows *out = NULL;
  size_t cols = 2 + t->n + t->columns;
  if (sheet && (cols > SHEET_COLS || t->n + lines + 1 > SHEET_ROWS))
    return cm__fail(err, CM_INVALID,
                    "a sheet has room for %d columns, and the table takes %zu; HDF5 has room",
                    SHEET_COLS, cols);
  cm_status status = cm__rows_open(path, sheet, &out, err);
  if (status != CM_OK) return status;
  put_head(out, t, head, lines);
  status = put_all(out, t, job, err);
  return cm__rows_close(out, status, err);
}

cm_status cm_cells_write(const cm_cell *cells, size_t rows, size_t cols, const char *sheet,
                         const char *path, cm_error *err) {
  cm__rows *out = NULL;
  if (cols > SHEET_COLS || rows > SHEET_ROWS)
    return cm__fail(err, CM_INVALID, "a sheet has room for %d rows and %d columns, not %zu and %zu",
                    SHEET_ROWS, SHEET_COLS, rows, cols);
  cm_status status = cm__rows_open(path, sheet, &out, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < cols; j++) {
      const cm_cell *cell = &cells[i * cols + j];
      if (cell->text)
        cm__rows_text(out, cell->text);
      else
        cm__rows_number(out, cell->number);
    }
    cm__rows_end(out);
  }
  return cm__rows_close(out, CM_OK, err);
}
