/* Nodes that wait: a binary heap, of equal bounds the older first. */
#include "locate/waiting.h"

#include <string.h>

static const char what[] = "branch and bound";

static bool before(const cm__waiting *a, const cm__waiting *b) {
  return a->bound != b->bound ? a->bound < b->bound : a->number < b->number;
}

static void sink(cm__queue *w, size_t i) {
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= w->count) return;
    if (child + 1 < w->count && before(&w->heap[child + 1], &w->heap[child])) child++;
    if (!before(&w->heap[child], &w->heap[i])) return;
    cm__waiting x = w->heap[i];
    w->heap[i] = w->heap[child], w->heap[child] = x;
    i = child;
  }
}

cm_status cm__queue_reserve(cm__queue *w, size_t n, cm_error *err) {
  if (n <= w->room) return CM_OK;
  size_t room = n + w->room + 15;
  cm_status status = cm__grow(room, sizeof *w->heap, what, &w->heap, err);
  if (status == CM_OK) w->room = room;
  return status;
}

cm_status cm__queue_make(cm__queue *w, const cm_locate_parts *q, const cm__view *v, double bound,
                         cm__shared *from, cm__waiting *out, cm_error *err) {
  size_t bytes = (q->options + 7) / 8;
  cm__waiting n = {.bound = bound, .number = w->made++, .from = from};
  cm_status status = CM_OK;
  CM__TRY(cm__queue_reserve(w, w->count + 1, err));
  CM__TRY(cm__alloc(bytes + q->facilities, 1, what, &n.bits, err));
  n.facility = (signed char *)n.bits + bytes;
  for (size_t o = 0; o < q->options; o++)
    if (v->allowed[o]) n.bits[o / 8] |= (unsigned char)(1u << (o % 8));
  memcpy(n.facility, v->facility, q->facilities);
  if (from) from->users++;
  *out = n;
done:
  return status;
}

void cm__queue_put(cm__queue *w, cm__waiting n) {
  size_t i = w->count++;
  for (; i && before(&n, &w->heap[(i - 1) / 2]); i = (i - 1) / 2) w->heap[i] = w->heap[(i - 1) / 2];
  w->heap[i] = n;
}

cm__waiting cm__queue_pop(cm__queue *w) {
  cm__waiting n = w->heap[0];
  w->heap[0] = w->heap[--w->count];
  sink(w, 0);
  return n;
}

void cm__waiting_open(const cm__waiting *n, const cm_locate_parts *q, cm__view *v) {
  for (size_t o = 0; o < q->options; o++) v->allowed[o] = n->bits[o / 8] >> (o % 8) & 1;
  memcpy(v->facility, n->facility, q->facilities);
}

void cm__waiting_forget(cm__waiting *n) {
  cm__free(n->bits);
  if (n->from && --n->from->users == 0) cm__free(n->from);
}

void cm__queue_release(cm__queue *w) {
  while (w->count) cm__waiting_forget(&w->heap[--w->count]);
  cm__free(w->heap);
}
