/* Tables as observations: a line for each number, under the names of SDMX's concepts. */
#include <string.h>

#include "capmod/store.h"
#include "capmod/text.h"
#include "io/rows.h"
#include "table/internal.h"

static const char *const CONCEPTS[] = {
    "MEASURE",     "REF_AREA",     "ACTIVITY",  "COUNTERPART_AREA", "COUNTERPART_ACTIVITY",
    "TIME_PERIOD", "UNIT_MEASURE", "UNIT_MULT", "COMMENT_DSET",     "OBS_VALUE"};

/* Labels parted at their first dots. */
typedef struct parted {
  char *bytes;
  const char **area, **activity;
} parted;

static void release(parted *x) {
  cm__free(x->bytes);
  cm__free(x->area);
}

static cm_status part(const cm_axis *axis, parted *out, cm_error *err) {
  size_t n = cm_axis_size(axis), bytes = 0;
  cm_status status = CM_OK;
  for (size_t k = 0; k < n; k++) bytes += strlen(cm_axis_label(axis, k)) + 1;
  CM__TRY(cm__alloc(bytes, 1, "labels", &out->bytes, err));
  CM__TRY(cm__alloc(2 * n, sizeof *out->area, "labels", &out->area, err));
  out->activity = out->area + n;
  char *p = out->bytes;
  for (size_t k = 0; k < n; k++) {
    const char *label = cm_axis_label(axis, k);
    size_t size = strlen(label) + 1;
    memcpy(p, label, size);
    char *dot = strchr(p, '.');
    out->area[k] = p, out->activity[k] = dot ? dot + 1 : CM_TEXT_ABSENT;
    if (dot) *dot = '\0';
    p += size;
  }
done:
  return status;
}

/* ---- writing -----------------------------------------------------------------------------------
 */

typedef struct writer {
  cm__rows *out;
  const cm_observed *facts;
  const cm_job *job;
  parted nodes, final;
  bool begun;
} writer;

static void put_line(writer *w, const char *block, const char *const *row, const char *const *col,
                     const char *const *unit, double x) {
  cm__rows_text(w->out, block);
  for (size_t k = 0; k < 2; k++) cm__rows_text(w->out, row[k]);
  for (size_t k = 0; k < 2; k++) cm__rows_text(w->out, col[k]);
  cm__rows_text(w->out, w->facts->period);
  for (size_t k = 0; k < 2; k++) cm__rows_text(w->out, unit[k]);
  cm__rows_text(w->out, w->begun ? "" : w->facts->comment);
  cm__rows_number(w->out, x);
  cm__rows_end(w->out);
  w->begun = true;
}

/* `rows`: the rows are nodes; else each is named by its own label. `cols`: NULL where a column is
 * of nothing. */
static cm_status put_block(writer *w, const char *block, const cm_matrix *m, const parted *rows,
                           const parted *cols, bool units, cm_error *err) {
  const char *unit[2] = {w->facts->unit, w->facts->multiplier};
  const char *col[2] = {CM_TEXT_ABSENT, CM_TEXT_ABSENT};
  size_t n = m ? cm_matrix_rows(m) : 0;
  for (size_t i = 0; i < n; i++) {
    const char *row[2] = {CM_TEXT_ABSENT, CM_TEXT_ABSENT};
    cm_status status = cm_job_step(w->job, "saving", (double)i, (double)n, err);
    if (status != CM_OK) return status;
    if (rows)
      row[0] = rows->area[i], row[1] = rows->activity[i];
    else
      row[1] = cm_axis_label(cm_matrix_axis(m, CM_ROWS), i);
    if (units) unit[0] = w->facts->row_unit[i], unit[1] = w->facts->row_multiplier[i];
    for (size_t j = 0; j < cm_matrix_cols(m); j++) {
      if (cols) col[0] = cols->area[j], col[1] = cols->activity[j];
      put_line(w, block, row, col, unit, cm_matrix_at(m, i, j));
    }
  }
  return CM_OK;
}

static cm_status put_all(writer *w, cm_table *t, cm_error *err) {
  const parted *nodes = &w->nodes, *final = &w->final;
  cm_status status = CM_OK;
  for (size_t k = 0; k < sizeof CONCEPTS / sizeof *CONCEPTS; k++)
    cm__rows_text(w->out, CONCEPTS[k]);
  cm__rows_end(w->out);
  CM__TRY(put_block(w, "Z", t->part[CM_PART_Z], nodes, nodes, false, err));
  CM__TRY(put_block(w, "Y", t->part[CM_PART_Y], nodes, final, false, err));
  CM__TRY(put_block(w, "P", t->part[CM_PART_P], NULL, nodes, false, err));
  CM__TRY(put_block(w, "PY", t->part[CM_PART_PY], NULL, final, false, err));
  CM__TRY(put_block(w, "F", t->part[CM_PART_F], NULL, nodes, true, err));
  CM__TRY(put_block(w, "FY", t->part[CM_PART_FY], NULL, final, true, err));
  CM__TRY(put_block(w, "output", t->part[CM_PART_OUTPUT], nodes, NULL, false, err));
done:
  return status;
}

cm_status cm_table_observe(cm_table *t, const cm_observed *facts, const char *path,
                           const cm_job *job, cm_error *err) {
  writer w = {.facts = facts, .job = job};
  cm_status status = CM_OK;
  CM__TRY(part(t->nodes, &w.nodes, err));
  CM__TRY(part(t->final, &w.final, err));
  CM__TRY(cm__rows_open(path, NULL, &w.out, err));
  status = put_all(&w, t, err);
  status = cm__rows_close(w.out, status, err);
done:
  release(&w.nodes);
  release(&w.final);
  return status;
}
