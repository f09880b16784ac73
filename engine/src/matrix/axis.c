/* Axes: ordered, distinct labels in one block, found by hashing. */
#include <stdio.h>
#include <string.h>

#include "matrix/internal.h"

struct cm_axis {
  atomic_size_t refs;
  size_t n, mask;
  const char **label; /* into text */
  size_t *slot;       /* open addressing: place + 1, or 0 where free */
  char *text;
};

static uint64_t hash(const char *s) { /* FNV-1a */
  uint64_t h = 14695981039346656037u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h ^ (h >> 32);
}

/* A block for n labels of `text` bytes in all, terminators included. */
static cm_status reserve(size_t n, size_t text, cm_axis **out, cm_error *err) {
  size_t slots = 4, bytes;
  cm_status status = cm__size3(n, sizeof(char *) + 4 * sizeof(size_t), 1, "an axis", &bytes, err);
  if (status != CM_OK) return status;
  while (slots < 2 * n) slots *= 2;
  size_t fixed = sizeof(cm_axis) + n * sizeof(char *) + slots * sizeof(size_t);
  if (text > PTRDIFF_MAX - fixed)
    return cm__fail(err, CM_OVERFLOW, "the labels of an axis need more than can be addressed");
  cm_axis *axis;
  status = cm__alloc(fixed + text, 1, "an axis", &axis, err);
  if (status != CM_OK) return status;
  atomic_init(&axis->refs, 1);
  axis->n = n;
  axis->mask = slots - 1;
  axis->label = (const char **)(axis + 1);
  axis->slot = (size_t *)(axis->label + n);
  axis->text = (char *)(axis->slot + slots);
  *out = axis;
  return CM_OK;
}

/* Enters the labels into the table of places. On failure the axis is freed. */
static cm_status finish(cm_axis *axis, cm_axis **out, cm_error *err) {
  for (size_t i = 0; i < axis->n; i++) {
    size_t s = (size_t)hash(axis->label[i]) & axis->mask;
    for (; axis->slot[s]; s = (s + 1) & axis->mask) {
      size_t other = axis->slot[s];
      if (strcmp(axis->label[other - 1], axis->label[i]) != 0) continue;
      cm_status status =
          cm__fail_at(err, CM_DUPLICATE, i + 1, 0, (double)other,
                      "label '%s' stands at %zu and again at %zu", axis->label[i], other, i + 1);
      cm__free(axis);
      return status;
    }
    axis->slot[s] = i + 1;
  }
  *out = axis;
  return CM_OK;
}

/* Appends a label (with `tail` after a dot unless NULL) as number i. */
static void append(cm_axis *axis, size_t i, char **end, const char *label, const char *tail) {
  axis->label[i] = *end;
  size_t n = strlen(label);
  memcpy(*end, label, n);
  *end += n;
  if (tail) {
    n = strlen(tail);
    *(*end)++ = '.';
    memcpy(*end, tail, n);
    *end += n;
  }
  *(*end)++ = '\0';
}

cm_status cm_axis_new(const char *const *labels, size_t n, cm_axis **out, cm_error *err) {
  size_t text = 0;
  for (size_t i = 0; i < n; i++) {
    if (!labels[i] || !*labels[i])
      return cm__fail_at(err, CM_INVALID, i + 1, 0, 0, "label %zu is empty", i + 1);
    text += strlen(labels[i]) + 1;
  }
  cm_axis *axis;
  cm_status status = reserve(n, text, &axis, err);
  if (status != CM_OK) return status;
  char *end = axis->text;
  for (size_t i = 0; i < n; i++) append(axis, i, &end, labels[i], NULL);
  return finish(axis, out, err);
}

static size_t text_of(const cm_axis *axis) {
  if (!axis->n) return 0;
  const char *last = axis->label[axis->n - 1];
  return (size_t)(last - axis->text) + strlen(last) + 1;
}

cm_status cm_axis_product(const cm_axis *outer, const cm_axis *inner, cm_axis **out,
                          cm_error *err) {
  size_t n, outer_text, inner_text;
  cm_axis *axis;
  cm_status status;
  CM__TRY(cm__size3(outer->n, inner->n, 1, "an axis", &n, err));
  CM__TRY(cm__size3(text_of(outer), inner->n, 1, "an axis", &outer_text, err));
  CM__TRY(cm__size3(text_of(inner), outer->n, 1, "an axis", &inner_text, err));
  CM__TRY(reserve(n, outer_text + inner_text, &axis, err));
  char *end = axis->text;
  for (size_t i = 0; i < n; i++)
    append(axis, i, &end, outer->label[i / inner->n], inner->label[i % inner->n]);
  status = finish(axis, out, err);
done:
  return status;
}

cm_status cm_axis_take(const cm_axis *axis, const size_t *where, size_t n, cm_axis **out,
                       cm_error *err) {
  size_t text = 0;
  for (size_t i = 0; i < n; i++) {
    if (where[i] >= axis->n)
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "place %zu of an axis of %zu", where[i] + 1,
                         axis->n);
    text += strlen(axis->label[where[i]]) + 1;
  }
  cm_axis *taken;
  cm_status status = reserve(n, text, &taken, err);
  if (status != CM_OK) return status;
  char *end = taken->text;
  for (size_t i = 0; i < n; i++) append(taken, i, &end, axis->label[where[i]], NULL);
  return finish(taken, out, err);
}

cm_status cm__axis_slice(const cm_axis *axis, size_t first, size_t n, cm_axis **out,
                         cm_error *err) {
  if (n == axis->n) {
    *out = cm_axis_retain(axis);
    return CM_OK;
  }
  return cm_axis_new(axis->label + first, n, out, err);
}

cm_status cm__axis_concat(const cm_axis *a, const cm_axis *b, cm_axis **out, cm_error *err) {
  cm_axis *axis;
  cm_status status = reserve(a->n + b->n, text_of(a) + text_of(b), &axis, err);
  if (status != CM_OK) return status;
  char *end = axis->text;
  for (size_t i = 0; i < a->n; i++) append(axis, i, &end, a->label[i], NULL);
  for (size_t i = 0; i < b->n; i++) append(axis, a->n + i, &end, b->label[i], NULL);
  return finish(axis, out, err);
}

cm_axis *cm_axis_retain(const cm_axis *axis) {
  cm_axis *a = (cm_axis *)axis; /* only the count changes */
  if (a) atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
  return a;
}

void cm_axis_release(cm_axis *axis) {
  if (axis && atomic_fetch_sub_explicit(&axis->refs, 1, memory_order_acq_rel) == 1) cm__free(axis);
}

size_t cm_axis_size(const cm_axis *axis) { return axis->n; }

const char *cm_axis_label(const cm_axis *axis, size_t i) {
  return i < axis->n ? axis->label[i] : NULL;
}

size_t cm_axis_find(const cm_axis *axis, const char *label) {
  for (size_t s = (size_t)hash(label) & axis->mask; axis->slot[s]; s = (s + 1) & axis->mask)
    if (strcmp(axis->label[axis->slot[s] - 1], label) == 0) return axis->slot[s] - 1;
  return CM_NOT_FOUND;
}

bool cm_axis_equal(const cm_axis *a, const cm_axis *b) {
  if (a == b) return true;
  if (!a || !b || a->n != b->n) return false;
  for (size_t i = 0; i < a->n; i++)
    if (strcmp(a->label[i], b->label[i]) != 0) return false;
  return true;
}

/* ---- alignment ------------------------------------------------------------- */

enum { NAMED = 3 };

typedef struct naming {
  char text[200];
} naming;

/* "'KOR', 'JPN', 'DEU' and 4 more": the labels of a that b lacks. */
static naming only_in(const cm_axis *a, const cm_axis *b) {
  naming t = {""};
  size_t used = 0, count = 0;
  for (size_t i = 0; i < a->n; i++) {
    if (cm_axis_find(b, a->label[i]) != CM_NOT_FOUND) continue;
    if (count++ >= NAMED) continue;
    int wrote = snprintf(t.text + used, sizeof t.text - used, "%s'%.40s'", count > 1 ? ", " : "",
                         a->label[i]);
    if (wrote > 0) used += (size_t)wrote;
  }
  if (count > NAMED) snprintf(t.text + used, sizeof t.text - used, " and %zu more", count - NAMED);
  return t;
}

cm_status cm__axis_align(const cm_axis *a, const cm_axis *b, const char *what, size_t **order,
                         cm_error *err) {
  if (!a || !b || a->n <= 1 || cm_axis_equal(a, b)) {
    *order = NULL;
    return CM_OK;
  }
  size_t *places;
  cm_status status = cm__alloc_raw(a->n, sizeof *places, "an alignment by label", &places, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < a->n; i++) {
    places[i] = cm_axis_find(b, a->label[i]);
    if (places[i] != CM_NOT_FOUND) continue;
    cm__free(places);
    return cm__fail_at(err, CM_LABELS, i + 1, 0, 0,
                       "%s differ in their labels: %s only on the left, %s only on the right", what,
                       only_in(a, b).text, only_in(b, a).text);
  }
  *order = places;
  return CM_OK;
}
