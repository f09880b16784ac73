/* Text with a line for each observation as the matrices that it holds. */
#include <string.h>

#include "io/internal.h"

static const char *const what = "observations";

/* ---- distinct names -------------------------------------------------------------------------- */

/* Names in the order in which they came; found by open addressing over FNV-1a (Fowler, Noll and Vo
 * 1991). */
typedef struct names {
  cm__strings list;
  size_t *slot, slots; /* one more than the place of a name, 0: free */
  size_t last;         /* found or added last: lines of a table come in order */
} names;

static size_t slot_of(const names *x, const char *name, size_t size) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (size_t k = 0; k < size; k++) h = (h ^ (unsigned char)name[k]) * UINT64_C(1099511628211);
  size_t i = (size_t)h & (x->slots - 1);
  while (x->slot[i] && strcmp(cm__strings_get(&x->list, x->slot[i] - 1), name) != 0)
    i = (i + 1) & (x->slots - 1);
  return i;
}

static cm_status grow(names *x, cm_error *err) {
  if (x->slots && 2 * x->list.n < x->slots) return CM_OK;
  size_t slots = x->slots ? 2 * x->slots : 64;
  cm__free(x->slot);
  x->slot = NULL, x->slots = 0;
  cm_status status = cm__alloc(slots, sizeof *x->slot, what, &x->slot, err);
  if (status != CM_OK) return status;
  x->slots = slots;
  for (size_t k = 0; k < x->list.n; k++) {
    const char *name = cm__strings_get(&x->list, k);
    x->slot[slot_of(x, name, strlen(name))] = k + 1;
  }
  return CM_OK;
}

/* The place of a name, which is added where it is new. */
static cm_status place_of(names *x, const char *name, size_t *out, cm_error *err) {
  size_t n = x->list.n;
  for (size_t k = 0; n && k < 2; k++) { /* the same as before, or the next one */
    size_t at = (x->last + k) % n;
    if (strcmp(cm__strings_get(&x->list, at), name) == 0) {
      *out = x->last = at;
      return CM_OK;
    }
  }
  cm_status status = grow(x, err);
  if (status != CM_OK) return status;
  size_t size = strlen(name), i = slot_of(x, name, size);
  if (!x->slot[i]) {
    status = cm__strings_add(&x->list, name, size, err);
    if (status != CM_OK) return status;
    x->slot[i] = x->list.n;
  }
  *out = x->last = x->slot[i] - 1;
  return CM_OK;
}

static void forget(names *x) {
  cm__strings_free(&x->list);
  cm__free(x->slot);
}

static cm_status axis_of(const names *x, cm_axis **out, cm_error *err) {
  const char **labels = NULL;
  cm_status status = cm__alloc(x->list.n, sizeof *labels, what, &labels, err);
  if (status != CM_OK) return status;
  for (size_t k = 0; k < x->list.n; k++) labels[k] = cm__strings_get(&x->list, k);
  status = cm_axis_new(labels, x->list.n, out, err);
  cm__free(labels);
  return status;
}

/* ---- one matrix --------------------------------------------------------------------------------
 */

typedef struct pivot {
  const cm_text *text;
  names side[2];
  char *name; /* room for one */
  size_t room;
  size_t *line, *at[2], n; /* the lines of the block, with their places */
} pivot;

/* The label of a line on one side: both parts with a dot between, or the one that is there. */
static cm_status name_of(pivot *x, size_t line, const size_t *cols, cm_error *err) {
  const char *a = cm_text_label(x->text, line, cols[0]);
  const char *b = cm_text_label(x->text, line, cols[1]);
  bool has_a = strcmp(a, CM_TEXT_ABSENT) != 0, has_b = strcmp(b, CM_TEXT_ABSENT) != 0;
  size_t la = has_a ? strlen(a) : 0, lb = has_b ? strlen(b) : 0, size = 0;
  if (la + lb + sizeof CM_TEXT_ABSENT > x->room) {
    size_t room = 2 * (la + lb + sizeof CM_TEXT_ABSENT);
    cm_status status = cm__grow(room, 1, what, &x->name, err);
    if (status != CM_OK) return status;
    x->room = room;
  }
  memcpy(x->name, a, la);
  size = la;
  if (has_a && has_b) x->name[size++] = '.';
  memcpy(x->name + size, b, lb);
  x->name[size + lb] = '\0';
  if (!has_a && !has_b) memcpy(x->name, CM_TEXT_ABSENT, sizeof CM_TEXT_ABSENT);
  return CM_OK;
}

static cm_status find_lines(pivot *x, const char *block, const size_t *rows, const size_t *cols,
                            cm_error *err) {
  size_t lines = cm_matrix_rows(x->text->numbers);
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(3 * lines, sizeof *x->line, what, &x->line, err));
  x->at[0] = x->line + lines, x->at[1] = x->at[0] + lines;
  for (size_t i = 0; i < lines; i++) {
    if (strcmp(cm_text_label(x->text, i, 0), block) != 0) continue;
    CM__TRY(name_of(x, i, rows, err));
    CM__TRY(place_of(&x->side[0], x->name, &x->at[0][x->n], err));
    CM__TRY(name_of(x, i, cols, err));
    CM__TRY(place_of(&x->side[1], x->name, &x->at[1][x->n], err));
    x->line[x->n++] = i;
  }
done:
  return status;
}

static cm_status fill(const pivot *x, cm_matrix *m, cm_error *err) {
  size_t rows = cm_matrix_rows(m), row_step, col_step, cols = cm_matrix_cols(m);
  size_t last = cm_matrix_cols(x->text->numbers) - 1;
  double *data = cm_matrix_data_mut(m, &row_step, &col_step);
  bool *taken = NULL;
  cm_status status = cm__alloc(rows * cols, sizeof *taken, what, &taken, err);
  for (size_t k = 0; status == CM_OK && k < x->n; k++) {
    size_t i = x->at[0][k], j = x->at[1][k];
    if (taken[i * cols + j])
      status =
          cm__fail_at(err, CM_DUPLICATE, x->line[k] + x->text->header_rows + 1, 0, 0.0,
                      "a second observation of %s and %s", cm__strings_get(&x->side[0].list, i),
                      cm__strings_get(&x->side[1].list, j));
    taken[i * cols + j] = true;
    data[i * row_step + j * col_step] = cm_matrix_at(x->text->numbers, x->line[k], last);
  }
  cm__free(taken);
  return status;
}

cm_status cm_text_pivot(const cm_text *text, const char *block, const size_t *rows,
                        const size_t *cols, cm_matrix **out, cm_error *err) {
  pivot x = {.text = text};
  cm_axis *axis[2] = {NULL, NULL};
  cm_matrix *m = NULL;
  cm_status status = CM_OK;
  for (size_t k = 0; k < 2; k++)
    if (rows[k] >= text->label_cols || cols[k] >= text->label_cols)
      return cm__fail(err, CM_RANGE, "the text has %zu columns of labels", text->label_cols);
  CM__TRY(find_lines(&x, block, rows, cols, err));
  if (x.n > 0) {
    CM__TRY(cm_matrix_new(x.side[0].list.n, x.side[1].list.n, &m, err));
    CM__TRY(fill(&x, m, err));
    for (size_t k = 0; k < 2; k++) CM__TRY(axis_of(&x.side[k], &axis[k], err));
    CM__TRY(cm_matrix_axis_set(m, CM_ROWS, axis[0], err));
    CM__TRY(cm_matrix_axis_set(m, CM_COLS, axis[1], err));
  }
  *out = m;
  m = NULL;
done:
  for (size_t k = 0; k < 2; k++) {
    forget(&x.side[k]);
    cm_axis_release(axis[k]);
  }
  cm_matrix_release(m);
  cm__free(x.name);
  cm__free(x.line);
  return status;
}
