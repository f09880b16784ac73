/* Tables in HDF5 files: what is written, in which order, and under which key. */
#include "capmod/store.h"

#include <stdio.h>
#include <string.h>

#include "io/h5.h"
#include "io/key.h"
#include "io/rows.h"
#include "table/internal.h"

/* A file as it is written or read, with the key of what has passed so far. */
typedef struct passage {
  cm__h5 *file;
  cm__key *key;
  const cm_job *job;
} passage;

/* The parts that a table may have been given. */
static const cm_part stored_parts[] = {CM_PART_Z, CM_PART_Y,  CM_PART_P,     CM_PART_PY,
                                       CM_PART_F, CM_PART_FY, CM_PART_OUTPUT};
enum { STORED = sizeof stored_parts / sizeof *stored_parts };

static const char *const FORMAT = "capmod table 1";

/* ---- writing ------------------------------------------------------------------------ */

static cm_status put_text(passage *w, const char *name, const char *text, cm_error *err) {
  size_t size = strlen(text);
  cm__key_add(w->key, text, size);
  return cm__h5_put_texts(w->file, name, size ? text : "\0", 1, size ? size : 1, err);
}

static cm_status put_axis(passage *w, const char *name, const cm_axis *axis, cm_error *err) {
  size_t n, width = 1;
  char *block = NULL;
  if (!axis) return CM_OK;
  n = cm_axis_size(axis);
  for (size_t i = 0; i < n; i++) width = cm__max(width, strlen(cm_axis_label(axis, i)));
  cm_status status = cm__alloc(n * width, 1, "labels", &block, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < n; i++) {
    const char *label = cm_axis_label(axis, i);
    for (size_t k = 0; label[k]; k++) block[i * width + k] = label[k]; /* zeros fill the rest */
  }
  cm__key_add(w->key, block, n * width);
  status = cm__h5_put_texts(w->file, name, block, n, width, err);
  cm__free(block);
  return status;
}

/* By rows: as it stands where it is stored that way, else a copy. */
static cm_status put_matrix(passage *w, const char *name, const cm_matrix *m, cm_error *err) {
  size_t rows = m->d.rows, cols = m->d.cols;
  const double *data = m->d.data;
  cm_matrix *copy = NULL;
  cm_status status = CM_OK;
  if (m->d.col_step != 1 || m->d.row_step != cols) {
    CM__TRY(cm__matrix_raw(cols, rows, "a copy for saving", &copy, err));
    cm__dense_copy((cm__dense){copy->d.data, rows, cols, cols, 1}, m->d);
    data = copy->d.data;
  }
  cm__key_add(w->key, data, rows * cols * sizeof *data);
  CM__TRY(cm__h5_put(w->file, name, data, rows, cols, err));
  CM__TRY(cm_job_step(w->job, "saving", 0, 0, err));
done:
  cm_matrix_release(copy);
  return status;
}

static cm_status put_table(passage *w, cm_table *t, const char *facts, cm_error *err) {
  char name[16], key[CM_KEY_SIZE];
  cm_status status;
  CM__TRY(put_text(w, "format", FORMAT, err));
  CM__TRY(put_text(w, "facts", facts, err));
  CM__TRY(put_axis(w, "countries", t->countries, err));
  CM__TRY(put_axis(w, "sectors", t->sectors, err));
  CM__TRY(put_axis(w, "categories", t->categories, err));
  for (size_t k = 0; k < STORED; k++) {
    const cm_matrix *m = t->part[stored_parts[k]];
    if (!m) continue;
    const char *letter = cm_part_letter(stored_parts[k]);
    CM__TRY(put_matrix(w, letter, m, err));
    if (stored_parts[k] == CM_PART_P || stored_parts[k] == CM_PART_F) {
      snprintf(name, sizeof name, "%s_rows", letter);
      CM__TRY(put_axis(w, name, cm_matrix_axis(m, CM_ROWS), err));
    }
  }
  cm__key_text(w->key, key);
  CM__TRY(put_text(w, "key", key, err));
done:
  return status;
}

static cm_status put_factor(passage *w, cm_table *t, cm_error *err) {
  const cm_lu *lu;
  cm__lu_parts f;
  char key[CM_KEY_SIZE];
  cm_status status;
  status = cm_table_factor(t, w->job, &lu, err);
  if (status == CM_SINGULAR || status == CM_ILL_CONDITIONED) return CM_OK; /* it has none */
  if (status != CM_OK || !cm__lu_parts_of(lu, &f)) return status;
  double figures[] = {f.norm, f.rcond};
  CM__TRY(cm__h5_put(w->file, "factor", f.factor->data, f.n, f.n, err));
  CM__TRY(cm__h5_put_ints(w->file, "factor_pivots", f.pivot, f.n, err));
  CM__TRY(cm__h5_put(w->file, "factor_norm_rcond", figures, 1, 2, err));
  cm__key_add(w->key, f.factor->data, f.n * f.n * sizeof(double));
  cm__key_add(w->key, f.pivot, f.n * sizeof *f.pivot);
  cm__key_add(w->key, figures, sizeof figures);
  cm__key_text(w->key, key);
  CM__TRY(put_text(w, "factor_key", key, err));
done:
  return status;
}

cm_status cm_table_store(cm_table *t, const char *facts, bool factor, const char *path,
                         const cm_job *job, cm_error *err) {
  passage w = {.job = job};
  char *beside = NULL;
  cm_status status, closed;
  bool opened = false;
  CM__TRY(cm__key_new(&w.key, err));
  CM__TRY(cm__beside(path, ".part", &beside, err));
  CM__TRY(cm__h5_open(beside, true, &w.file, err));
  opened = true;
  CM__TRY(put_table(&w, t, facts, err));
  if (factor) CM__TRY(put_factor(&w, t, err));
done:
  closed = cm__h5_close(w.file, status == CM_OK ? err : NULL);
  if (status == CM_OK) status = closed;
  if (opened) status = cm__settle(beside, path, status, err);
  cm__free(beside);
  cm__key_free(w.key);
  return status;
}

/* ---- reading ------------------------------------------------------------------------------ */

static cm_status get_text(passage *r, const char *name, bool keyed, char **out, cm_error *err) {
  size_t n, width;
  cm_status status = cm__h5_get_texts(r->file, name, out, &n, &width, err);
  if (status != CM_OK) return status;
  if (keyed) cm__key_add(r->key, *out, strlen(*out));
  return CM_OK;
}

static cm_status get_axis(passage *r, const char *name, cm_axis **out, cm_error *err) {
  char *block = NULL, *ended = NULL;
  const char **labels = NULL;
  size_t n, width;
  cm_status status = CM_OK;
  if (!cm__h5_has(r->file, name)) return CM_OK;
  CM__TRY(cm__h5_get_texts(r->file, name, &block, &n, &width, err));
  cm__key_add(r->key, block, n * width);
  CM__TRY(cm__alloc(n, sizeof *labels, "labels", &labels, err));
  CM__TRY(cm__alloc(n * (width + 1), 1, "labels", &ended, err));
  for (size_t i = 0; i < n; i++) {
    labels[i] = memcpy(ended + i * (width + 1), block + i * width, width);
  }
  CM__TRY(cm_axis_new(labels, n, out, err));
done:
  cm__free(block);
  cm__free(ended);
  cm__free(labels);
  return status;
}

static cm_status get_buffer(passage *r, const char *name, cm__buffer **out, size_t *rows,
                            size_t *cols, cm_error *err) {
  cm__buffer *buffer = NULL;
  size_t cells;
  cm_status status;
  CM__TRY(cm__h5_shape(r->file, name, rows, cols, err));
  CM__TRY(cm__size3(*rows, *cols, 1, "a matrix", &cells, err));
  CM__TRY(cm_job_ask(r->job, cells > SIZE_MAX / 8 ? SIZE_MAX : 8 * cells, "a saved table", err));
  CM__TRY(cm__buffer_new(cells, false, "a saved table", &buffer, err));
  CM__TRY(cm__h5_get(r->file, name, buffer->data, err));
  cm__key_add(r->key, buffer->data, cells * sizeof(double));
  CM__TRY(cm_job_step(r->job, "loading", 0, 0, err));
  *out = buffer;
  buffer = NULL;
done:
  cm__buffer_release(buffer);
  return status;
}

static cm_status get_matrix(passage *r, cm_part part, cm_matrix **out, cm_error *err) {
  const char *letter = cm_part_letter(part);
  char name[16];
  cm__buffer *buffer = NULL;
  cm_axis *axis = NULL;
  size_t rows, cols;
  cm_status status = CM_OK;
  if (!cm__h5_has(r->file, letter)) return CM_OK;
  CM__TRY(get_buffer(r, letter, &buffer, &rows, &cols, err));
  CM__TRY(cm__matrix_wrap(buffer, 0, rows, cols, cols, 1, out, err));
  if (part != CM_PART_P && part != CM_PART_F) goto done;
  snprintf(name, sizeof name, "%s_rows", letter);
  CM__TRY(get_axis(r, name, &axis, err));
  if (axis) CM__TRY(cm_matrix_axis_set(*out, CM_ROWS, axis, err));
done:
  cm__buffer_release(buffer);
  cm_axis_release(axis);
  return status;
}

/* Whether what has passed has the key that the file names. */
static cm_status check_key(passage *r, const char *name, bool *same, cm_error *err) {
  char is[CM_KEY_SIZE], *should = NULL;
  cm__key_text(r->key, is);
  cm_status status = get_text(r, name, true, &should, err);
  if (status != CM_OK) return status;
  *same = strcmp(is, should) == 0;
  cm__free(should);
  return CM_OK;
}

static cm_status get_parts(passage *r, cm_table_parts *parts, cm_matrix **part, cm_axis **axis,
                           char **facts, cm_error *err) {
  char *format = NULL;
  bool same = false;
  cm_status status;
  CM__TRY(get_text(r, "format", true, &format, err));
  if (strcmp(format, FORMAT) != 0)
    CM__TRY(cm__fail(err, CM_READ, "the file holds '%.40s', not '%s'", format, FORMAT));
  CM__TRY(get_text(r, "facts", true, facts, err));
  CM__TRY(get_axis(r, "countries", &axis[0], err));
  CM__TRY(get_axis(r, "sectors", &axis[1], err));
  CM__TRY(get_axis(r, "categories", &axis[2], err));
  for (size_t k = 0; k < STORED; k++) CM__TRY(get_matrix(r, stored_parts[k], &part[k], err));
  CM__TRY(check_key(r, "key", &same, err));
  if (!same)
    CM__TRY(cm__fail(err, CM_READ, "the file is not as capmod wrote it: its key does not fit"));
  *parts = (cm_table_parts){axis[0], axis[1], axis[2], part[0], part[1],
                            part[2], part[3], part[4], part[5], part[6]};
done:
  cm__free(format);
  return status;
}

/* Takes the factors over where they are there, whole, and of this table. */
static cm_status get_factor(passage *r, cm_table *t, bool *factored, cm_error *err) {
  cm__lu_parts f = {.n = t->n};
  cm__buffer *figures = NULL;
  size_t rows, cols;
  bool same = false;
  cm_status status = CM_OK;
  *factored = false;
  if (!cm__h5_has(r->file, "factor")) return CM_OK;
  CM__TRY(get_buffer(r, "factor", &f.factor, &rows, &cols, err));
  if (rows != t->n || cols != t->n) goto done;
  CM__TRY(cm__alloc(t->n, sizeof *f.pivot, "LU factors", &f.pivot, err));
  CM__TRY(cm__h5_get_ints(r->file, "factor_pivots", f.pivot, t->n, err));
  cm__key_add(r->key, f.pivot, t->n * sizeof *f.pivot);
  CM__TRY(get_buffer(r, "factor_norm_rcond", &figures, &rows, &cols, err));
  CM__TRY(check_key(r, "factor_key", &same, err));
  if (!same || rows != 1 || cols != 2) goto done;
  f.norm = figures->data[0], f.rcond = figures->data[1];
  status = cm__lu_from(&f, t->nodes, t->nodes, &t->lu, err);
  *factored = status == CM_OK;
  if (*factored) f.pivot = NULL;
done:
  cm__buffer_release(f.factor);
  cm__buffer_release(figures);
  cm__free(f.pivot);
  /* a factor that is damaged is made again at the first question */
  return status == CM_READ || status == CM_INVALID ? CM_OK : status;
}

cm_status cm_table_load(const char *path, const cm_job *job, cm_table **out, char **facts,
                        bool *factored, cm_error *err) {
  passage r = {.job = job};
  cm_table_parts parts;
  cm_matrix *part[STORED] = {NULL};
  cm_axis *axis[3] = {NULL};
  cm_table *t = NULL;
  char *text = NULL;
  cm_status status;
  CM__TRY(cm__key_new(&r.key, err));
  CM__TRY(cm__h5_open(path, false, &r.file, err));
  CM__TRY(get_parts(&r, &parts, part, axis, &text, err));
  CM__TRY(cm_table_new(&parts, job, &t, err));
  CM__TRY(get_factor(&r, t, factored, err));
  *out = t, *facts = text;
  t = NULL, text = NULL;
done:
  if (cm__h5_close(r.file, NULL) != CM_OK && status == CM_OK) status = CM_READ;
  cm__key_free(r.key);
  for (size_t k = 0; k < STORED; k++) cm_matrix_release(part[k]);
  for (size_t k = 0; k < 3; k++) cm_axis_release(axis[k]);
  cm_table_release(t);
  cm__free(text);
  return status;
}

void cm_stored_text_free(char *text) { cm__free(text); }
