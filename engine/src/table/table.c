/* Tables: the parts given, and what follows from them by sums alone. */
#include <string.h>

#include "table/accounts.h"

/* ---- making ----------------------------------------------------------------- */

static const char *const part_letter[] = {
#define LETTER(name, letter, text) letter,
    CM_PART_LIST(LETTER)
#undef LETTER
};
static const char *const part_text[] = {
#define TEXT(name, letter, text) text,
    CM_PART_LIST(TEXT)
#undef TEXT
};

const char *cm_part_letter(cm_part part) { return part < CM_PARTS ? part_letter[part] : ""; }
const char *cm_part_text(cm_part part) { return part < CM_PARTS ? part_text[part] : ""; }

/* The labels of one side must be `want`, in its order; what has none gets them. */
static cm_status label_side(cm_matrix *m, cm_side side, const cm_axis *want, cm_part part,
                            cm_error *err) {
  const cm_axis *have = cm_matrix_axis(m, side);
  if (!want) return CM_OK;
  if (!have) return cm_matrix_axis_set(m, side, want, err);
  for (size_t i = 0; i < cm_axis_size(want) && have != want; i++) {
    const char *is = cm_axis_label(have, i), *should = cm_axis_label(want, i);
    if (strcmp(is, should) != 0)
      return cm__fail_at(err, CM_LABELS, side == CM_ROWS ? i + 1 : 0, side == CM_COLS ? i + 1 : 0,
                         0, "%s (%s): %s %zu is '%s', where the table has '%s'", part_letter[part],
                         part_text[part], side == CM_ROWS ? "row" : "column", i + 1, is, should);
  }
  return CM_OK;
}

/* A cell that is not finite, by its labels. */
static cm_status check_cells(const cm_matrix *m, cm_part part, cm_error *err) {
  cm_error found = {0};
  cm_status status = cm_matrix_check_finite(m, part_text[part], &found);
  if (status == CM_OK) return CM_OK;
  const cm_axis *rows = cm_matrix_axis(m, CM_ROWS), *cols = cm_matrix_axis(m, CM_COLS);
  if (status != CM_NOT_FINITE || !rows || !cols) {
    if (err) *err = found;
    return status;
  }
  return cm__fail_at(err, status, found.row, found.col, found.value,
                     "%s (%s) is %g at row '%s', column '%s'", part_letter[part], part_text[part],
                     found.value, cm_axis_label(rows, found.row - 1),
                     cm_axis_label(cols, found.col - 1));
}

/* Takes a given part in: its own handle on the same block, with the table's labels. */
static cm_status take_part(cm_table *t, cm_part part, const cm_matrix *given, size_t rows,
                           const cm_axis *row_axis, const cm_axis *col_axis, cm_error *err) {
  cm_matrix *m = NULL;
  cm_status status;
  if (!given) return CM_OK;
  size_t cols = col_axis ? cm_axis_size(col_axis) : 1;
  if (given->d.rows != rows || given->d.cols != cols)
    return cm__fail(err, CM_SHAPE,
                    "%s (%s) is %zu x %zu, but %zu x %zu is due (countries: %zu, sectors: %zu)",
                    part_letter[part], part_text[part], given->d.rows, given->d.cols, rows, cols,
                    t->g, t->n_sectors);
  CM__TRY(cm_matrix_block((cm_matrix *)given, 0, rows, 0, cols, &m, err));
  CM__TRY(label_side(m, CM_ROWS, row_axis, part, err));
  CM__TRY(label_side(m, CM_COLS, col_axis, part, err));
  CM__TRY(check_cells(m, part, err));
  t->part[part] = m;
  m = NULL;
done:
  cm_matrix_release(m);
  return status;
}

/* Rows over the nodes, and over the columns of final demand under the same names. */
static cm_status take_rows(cm_table *t, cm_part part, const cm_matrix *rows, cm_part final_part,
                           const cm_matrix *final, cm_error *err) {
  cm_status status;
  if (final && !rows)
    return cm__fail(err, CM_INVALID, "%s (%s) is given without %s", part_letter[final_part],
                    part_text[final_part], part_letter[part]);
  if (!rows) return CM_OK;
  CM__TRY(take_part(t, part, rows, rows->d.rows, NULL, t->nodes, err));
  CM__TRY(take_part(t, final_part, final, rows->d.rows, rows->axis[CM_ROWS], t->final, err));
done:
  return status;
}

static cm_status take_output(cm_table *t, const cm_matrix *output, cm_error *err) {
  cm_matrix *column = NULL;
  cm_status status;
  if (!output) return CM_OK;
  if (output->d.cols != 1 || output->d.rows != t->n) {
    CM__TRY(cm_matrix_transposed((cm_matrix *)output, &column, err));
    CM__TRY(cm_matrix_axis_set(column, CM_COLS, NULL, err));
    output = column;
  }
  CM__TRY(take_part(t, CM_PART_OUTPUT, output, t->n, t->nodes, NULL, err));
done:
  cm_matrix_release(column);
  return status;
}

static cm_status make_axes(cm_table *t, const cm_table_parts *parts, cm_error *err) {
  cm_status status;
  t->countries = cm_axis_retain(parts->countries);
  t->sectors = cm_axis_retain(parts->sectors);
  t->categories = cm_axis_retain(parts->categories);
  t->g = cm_axis_size(t->countries);
  t->n_sectors = cm_axis_size(t->sectors);
  CM__TRY(cm_axis_product(t->countries, t->sectors, &t->nodes, err));
  t->n = cm_axis_size(t->nodes);
  if (t->categories)
    CM__TRY(cm_axis_product(t->countries, t->categories, &t->final, err));
  else
    t->final = cm_axis_retain(t->countries);
  t->columns = cm_axis_size(t->final);
  status = CM_OK;
done:
  return status;
}

static cm_status check_parts(const cm_table_parts *parts, cm_error *err) {
  if (!parts->countries || !cm_axis_size(parts->countries))
    return cm__fail(err, CM_INVALID, "a table needs countries");
  if (!parts->sectors || !cm_axis_size(parts->sectors))
    return cm__fail(err, CM_INVALID, "a table needs sectors");
  if (parts->categories && !cm_axis_size(parts->categories))
    return cm__fail(err, CM_INVALID, "a list of final-demand categories must not be empty");
  if (!parts->z || !parts->y)
    return cm__fail(err, CM_INVALID, "a table needs %s (%s)", parts->z ? "Y" : "Z",
                    part_text[parts->z ? CM_PART_Y : CM_PART_Z]);
  return CM_OK;
}

cm_status cm_table_new(const cm_table_parts *parts, const cm_job *job, cm_table **out,
                       cm_error *err) {
  cm_table *t = NULL;
  cm_status status;
  CM__TRY(check_parts(parts, err));
  CM__TRY(cm_job_step(job, "table", 0, 1, err));
  CM__TRY(cm__alloc(1, sizeof *t, "a table", &t, err));
  atomic_init(&t->refs, 1);
  CM__TRY(make_axes(t, parts, err));
  CM__TRY(take_part(t, CM_PART_Z, parts->z, t->n, t->nodes, t->nodes, err));
  CM__TRY(take_part(t, CM_PART_Y, parts->y, t->n, t->nodes, t->final, err));
  CM__TRY(take_rows(t, CM_PART_P, parts->primary, CM_PART_PY, parts->primary_final, err));
  CM__TRY(take_rows(t, CM_PART_F, parts->satellite, CM_PART_FY, parts->satellite_final, err));
  CM__TRY(take_output(t, parts->output, err));
  *out = t;
  t = NULL;
done:
  cm_table_release(t);
  return status;
}

cm_table *cm_table_retain(cm_table *t) {
  if (t) atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
  return t;
}

void cm_table_release(cm_table *t) {
  if (!t || atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) != 1) return;
  cm_axis_release(t->countries);
  cm_axis_release(t->sectors);
  cm_axis_release(t->categories);
  cm_axis_release(t->nodes);
  cm_axis_release(t->final);
  for (size_t i = 0; i < CM_PARTS; i++) cm_matrix_release(t->part[i]);
  cm_lu_release(t->lu);
  cm__accounts_release(t->accounts);
  cm__free(t);
}

const cm_axis *cm_table_countries(const cm_table *t) { return t->countries; }
const cm_axis *cm_table_sectors(const cm_table *t) { return t->sectors; }
const cm_axis *cm_table_categories(const cm_table *t) { return t->categories; }
const cm_axis *cm_table_nodes(const cm_table *t) { return t->nodes; }
const cm_axis *cm_table_columns(const cm_table *t) { return t->final; }

/* ---- what follows by sums ----------------------------------------------------- */

static cm_status derive_output(cm_table *t, cm_matrix **out, cm_error *err) {
  cm_matrix *z = NULL, *y = NULL;
  cm_status status;
  CM__TRY(cm_matrix_reduce(CM_SUM, t->part[CM_PART_Z], CM_COLS, &z, err));
  CM__TRY(cm_matrix_reduce(CM_SUM, t->part[CM_PART_Y], CM_COLS, &y, err));
  CM__TRY(cm_matrix_binary(CM_ADD, z, y, out, err));
done:
  cm_matrix_release(z);
  cm_matrix_release(y);
  return status;
}

static cm_status derive_value_added(cm_table *t, const cm_job *job, cm_matrix **out,
                                    cm_error *err) {
  const cm_matrix *x;
  cm_matrix *m = NULL;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm_matrix_reduce(CM_SUM, t->part[CM_PART_Z], CM_ROWS, &m, err));
  for (size_t j = 0; j < t->n; j++) {
    double *cell = cm__at(m->d, 0, j);
    *cell = cm_matrix_at(x, j, 0) - *cell;
  }
  *out = m;
done:
  return status;
}

static cm_status derive_coefficient(cm_table *t, const cm_job *job, cm_matrix **out,
                                    cm_error *err) {
  const cm_matrix *x, *va;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_X, job, &x, err));
  CM__TRY(cm__table_part(t, CM_PART_VA, job, &va, err));
  CM__TRY(cm__per_output(va, x, "value added per unit", out, err));
done:
  return status;
}

/* Sums the columns of m over countries, each of which has `width` of them. */
static cm_status by_country(const cm_table *t, const cm_matrix *m, size_t width, cm_matrix **out,
                            cm_error *err) {
  size_t *group, cols = t->g * width;
  cm_status status = cm__alloc_raw(cols, sizeof *group, "groups", &group, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < cols; j++) group[j] = j / width;
  status = cm_matrix_group(m, CM_COLS, group, t->countries, out, err);
  cm__free(group);
  return status;
}

static cm_status derive_exports(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err) {
  const cm_matrix *d;
  cm_matrix *z = NULL, *e = NULL;
  cm_status status;
  CM__TRY(cm__table_part(t, CM_PART_D, job, &d, err));
  CM__TRY(by_country(t, t->part[CM_PART_Z], t->n_sectors, &z, err));
  CM__TRY(cm_matrix_binary(CM_ADD, z, d, &e, err));
  for (size_t i = 0; i < t->n; i++) *cm__at(e->d, i, i / t->n_sectors) = 0.0;
  *out = e;
done:
  cm_matrix_release(z);
  return status;
}

static cm_status derive(cm_table *t, cm_part part, const cm_job *job, cm_matrix **out,
                        cm_error *err) {
  switch (part) {
  case CM_PART_X:
    return derive_output(t, out, err);
  case CM_PART_VA:
    return derive_value_added(t, job, out, err);
  case CM_PART_V:
    return derive_coefficient(t, job, out, err);
  case CM_PART_D:
    return by_country(t, t->part[CM_PART_Y], t->columns / t->g, out, err);
  case CM_PART_E:
    return derive_exports(t, job, out, err);
  case CM_PART_A:
  case CM_PART_L:
  case CM_PART_G:
  case CM_PART_S:
  case CM_PART_M:
    return cm__derive_leontief(t, part, job, out, err);
  default: /* a part that was not given */
    *out = NULL;
    return CM_OK;
  }
}

cm_status cm_table_part(cm_table *t, cm_part part, const cm_job *job, cm_matrix **out,
                        cm_error *err) {
  if (part >= CM_PARTS) return cm__fail(err, CM_INVALID, "a table has no part %d", (int)part);
  if (!t->part[part]) {
    cm_matrix *m = NULL;
    cm_status status = derive(t, part, job, &m, err);
    if (status != CM_OK) return status;
    t->part[part] = m;
  }
  *out = cm_matrix_retain(t->part[part]);
  return CM_OK;
}

cm_status cm__table_part(cm_table *t, cm_part part, const cm_job *job, const cm_matrix **out,
                         cm_error *err) {
  cm_matrix *m;
  cm_status status = cm_table_part(t, part, job, &m, err);
  if (status != CM_OK) return status;
  if (!m)
    return cm__fail(err, CM_INVALID, "the table has no %s (%s)", part_text[part],
                    part_letter[part]);
  cm_matrix_release(m); /* the table keeps it */
  *out = m;
  return CM_OK;
}
