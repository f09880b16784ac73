/* Structural path analysis: best first, under a bound. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capmod/paths.h"
#include "table/internal.h"

/* A place in the tree of chains: `node` sells `amount` to its parent (NONE: to
 * demand). It is kept when it is met and never moved. */
typedef struct place {
  size_t node, parent;
  double amount;
} place;

/* What waits to be opened: a place, as a chain of its own (rank CHAIN) or as the
 * rank-th supplier of its node, with all behind it. */
typedef struct entry {
  double bound; /* size of what it is worth at most */
  size_t place, rank, order;
} entry;

#define NONE SIZE_MAX
#define CHAIN (SIZE_MAX - 1)

typedef struct search {
  const cm_table *t;
  size_t n;
  const double *w; /* per unit of output */
  double *m;       /* bound per unit: |w| (I - |A|)^-1, or w L */
  const cm_matrix *x;
  place *places;
  entry *heap;
  size_t n_places, room_places, n_heap, room_heap, met;
  uint32_t **ranked; /* suppliers of each node by bound, made on first use; n_ranked of them */
  uint32_t *n_ranked;
} search;

/* ---- the heap ------------------------------------------------------------------------ */

static bool before(const entry *a, const entry *b) {
  return a->bound != b->bound ? a->bound > b->bound : a->order < b->order;
}

static cm_status push(search *s, double bound, size_t at, size_t rank, cm_error *err) {
  if (!(bound > 0.0)) return CM_OK;
  if (s->n_heap == s->room_heap) {
    size_t room = s->room_heap ? 2 * s->room_heap : 1024;
    cm_status status = cm__grow(room, sizeof *s->heap, "paths", &s->heap, err);
    if (status != CM_OK) return status;
    s->room_heap = room;
  }
  entry e = {bound, at, rank, s->met++};
  size_t i = s->n_heap++;
  for (; i && before(&e, &s->heap[(i - 1) / 2]); i = (i - 1) / 2) s->heap[i] = s->heap[(i - 1) / 2];
  s->heap[i] = e;
  return CM_OK;
}

static entry pop(search *s) {
  entry top = s->heap[0], last = s->heap[--s->n_heap];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= s->n_heap) break;
    if (child + 1 < s->n_heap && before(&s->heap[child + 1], &s->heap[child])) child++;
    if (!before(&s->heap[child], &last)) break;
    s->heap[i] = s->heap[child];
    i = child;
  }
  s->heap[i] = last;
  return top;
}

/* ---- the tree -------------------------------------------------------------------------- */

static double input(const search *s, size_t i, size_t j) {
  double output = cm_matrix_at(s->x, j, 0);
  return output == 0.0 ? 0.0 : cm_matrix_at(s->t->part[CM_PART_Z], i, j) / output;
}

static cm_status add_place(search *s, size_t node, size_t parent, double amount, size_t *out,
                           cm_error *err) {
  if (s->n_places == s->room_places) {
    size_t room = s->room_places ? 2 * s->room_places : 1024;
    cm_status status = cm__grow(room, sizeof *s->places, "paths", &s->places, err);
    if (status != CM_OK) return status;
    s->room_places = room;
  }
  s->places[s->n_places] = (place){node, parent, amount};
  *out = s->n_places++;
  return CM_OK;
}

typedef struct ranked_node {
  double bound;
  uint32_t node;
} ranked_node;

static int by_bound(const void *left, const void *right) {
  const ranked_node *a = left, *b = right;
  if (a->bound != b->bound) return a->bound > b->bound ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

/* Suppliers of node j (demand, where j is n), the largest bound first. */
static cm_status rank_suppliers(search *s, size_t j, const cm_matrix *demand, cm_error *err) {
  ranked_node *list = NULL;
  size_t count = 0;
  cm_status status;
  CM__TRY(cm__alloc_raw(s->n, sizeof *list, "suppliers", &list, err));
  for (size_t i = 0; i < s->n; i++) {
    double amount = j == s->n ? cm_matrix_at(demand, i, 0) : input(s, i, j);
    double bound = fabs(amount) * s->m[i];
    if (bound > 0.0) list[count++] = (ranked_node){bound, (uint32_t)i};
  }
  qsort(list, count, sizeof *list, by_bound);
  CM__TRY(cm__alloc_raw(count, sizeof **s->ranked, "suppliers", &s->ranked[j], err));
  for (size_t i = 0; i < count; i++) s->ranked[j][i] = list[i].node;
  s->n_ranked[j] = (uint32_t)count;
done:
  cm__free(list);
  return status;
}

/* Lets the rank-th supplier of the node at a place (NONE: of demand) wait. */
static cm_status offer(search *s, size_t parent, size_t rank, const cm_matrix *demand,
                       cm_error *err) {
  size_t j = parent == NONE ? s->n : s->places[parent].node;
  cm_status status = CM_OK;
  if (!s->ranked[j]) CM__TRY(rank_suppliers(s, j, demand, err));
  if (rank >= s->n_ranked[j]) return CM_OK;
  size_t i = s->ranked[j][rank];
  double per = parent == NONE ? cm_matrix_at(demand, i, 0) : input(s, i, j);
  double amount = parent == NONE ? per : per * s->places[parent].amount;
  CM__TRY(push(s, fabs(amount) * s->m[i], parent, rank, err));
done:
  return status;
}

/* Opens a supplier: its own chain and its first supplier wait, and its next sibling. */
static cm_status open_supplier(search *s, entry e, const cm_matrix *demand, cm_error *err) {
  size_t j = e.place == NONE ? s->n : s->places[e.place].node, i = s->ranked[j][e.rank], at;
  double per = e.place == NONE ? cm_matrix_at(demand, i, 0) : input(s, i, j);
  double amount = e.place == NONE ? per : per * s->places[e.place].amount;
  cm_status status;
  CM__TRY(add_place(s, i, e.place, amount, &at, err));
  CM__TRY(push(s, fabs(s->w[i] * amount), at, CHAIN, err));
  CM__TRY(offer(s, at, 0, demand, err));
  CM__TRY(offer(s, e.place, e.rank + 1, demand, err));
done:
  return status;
}

/* ---- the bound --------------------------------------------------------------------------- */

static cm_status absolute_bound(search *s, const cm_job *job, cm_matrix **out, cm_error *err) {
  cm_matrix *a = NULL, *ones = NULL, *w = NULL;
  cm_lu *lu = NULL;
  cm_status status;
  CM__TRY(cm__matrix_raw(s->n, s->n, "the bound of paths", &a, err));
  CM__TRY(cm_matrix_new(s->n, 1, &ones, err));
  CM__TRY(cm_matrix_new(s->n, 1, &w, err));
  for (size_t j = 0; j < s->n; j++) {
    *cm__at(ones->d, j, 0) = 1.0;
    *cm__at(w->d, j, 0) = fabs(s->w[j]);
    for (size_t i = 0; i < s->n; i++) *cm__at(a->d, i, j) = fabs(input(s, i, j));
  }
  CM__TRY(cm__leontief_factor(a, ones, job, &lu, err));
  CM__TRY(cm_lu_solve(lu, w, true, job, out, err));
done:
  cm_matrix_release(a);
  cm_matrix_release(ones);
  cm_matrix_release(w);
  cm_lu_release(lu);
  return status;
}

/* m = |w| L, by the kept factor where A has no negative element. */
static cm_status make_bound(search *s, cm_table *t, const cm_job *job, cm_error *err) {
  const cm_lu *lu;
  cm_matrix *w = NULL, *m = NULL;
  bool negative = false;
  cm_status status;
  for (size_t j = 0; j < s->n; j++)
    for (size_t i = 0; i < s->n; i++) negative |= input(s, i, j) < 0.0;
  if (negative) {
    CM__TRY(absolute_bound(s, job, &m, err));
  } else {
    CM__TRY(cm_matrix_new(s->n, 1, &w, err));
    for (size_t i = 0; i < s->n; i++) *cm__at(w->d, i, 0) = fabs(s->w[i]);
    CM__TRY(cm_table_factor(t, job, &lu, err));
    CM__TRY(cm_lu_solve(lu, w, true, job, &m, err));
  }
  for (size_t i = 0; i < s->n; i++) {
    s->m[i] = cm_matrix_at(m, i, 0);
    if (s->m[i] < 0.0 && s->m[i] > -1e-12) s->m[i] = 0.0;
    if (s->m[i] < 0.0) {
      status = cm__fail_at(err, CM_NOT_CONVERGED, i + 1, 0, s->m[i],
                           "inputs of '%s' add up without end, so no chain can be bounded",
                           cm_axis_label(t->nodes, i));
      goto done;
    }
  }
done:
  cm_matrix_release(w);
  cm_matrix_release(m);
  return status;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static cm_status keep_path(const search *s, size_t at, cm_paths *out, size_t *room, cm_error *err) {
  size_t length = 0, begin = out->first[out->count];
  cm_status status = CM_OK;
  for (size_t p = at; p != NONE; p = s->places[p].parent) length++;
  if (begin + length > *room) {
    size_t more = 2 * (begin + length);
    CM__TRY(cm__grow(more, sizeof *out->node, "paths", &out->node, err));
    *room = more;
  }
  length = 0;
  for (size_t p = at; p != NONE; p = s->places[p].parent)
    out->node[begin + length++] = s->places[p].node;
  double value = s->w[s->places[at].node] * s->places[at].amount;
  out->value[out->count] = value;
  out->covered += value;
  out->first[++out->count] = begin + length;
done:
  return status;
}

static cm_status run_search(search *s, const cm_path_query *q, const cm_job *job, cm_paths *out,
                            cm_error *err) {
  size_t steps = q->steps ? q->steps : 2000000, done_steps = 0, room = 0, room_paths = 64;
  cm_status status;
  CM__TRY(cm__grow(room_paths, sizeof *out->value, "paths", &out->value, err));
  CM__TRY(cm__grow(room_paths + 1, sizeof *out->first, "paths", &out->first, err));
  out->first[0] = 0;
  CM__TRY(offer(s, NONE, 0, q->demand, err));
  while (s->n_heap && out->count < q->top && s->heap[0].bound >= q->above) {
    if (done_steps++ == steps) break;
    if (done_steps % 4096 == 0)
      CM__TRY(cm_job_step(job, "tracing paths", (double)done_steps, (double)steps, err));
    entry e = pop(s);
    if (e.rank != CHAIN) {
      CM__TRY(open_supplier(s, e, q->demand, err));
      continue;
    }
    if (out->count == room_paths) {
      room_paths *= 2;
      CM__TRY(cm__grow(room_paths, sizeof *out->value, "paths", &out->value, err));
      CM__TRY(cm__grow(room_paths + 1, sizeof *out->first, "paths", &out->first, err));
    }
    CM__TRY(keep_path(s, e.place, out, &room, err));
  }
  out->left = s->n_heap ? s->heap[0].bound : 0.0;
  out->complete = done_steps <= steps;
done:
  return status;
}

static cm_status check(const cm_table *t, const cm_path_query *q, const cm_matrix *w,
                       cm_error *err) {
  if (!q->demand || !q->top || !(q->above >= 0.0))
    return cm__fail(err, CM_INVALID, "paths need a demand, how many are wanted, and a bound >= 0");
  if (q->demand->d.rows != t->n || q->demand->d.cols != 1)
    return cm__fail(err, CM_SHAPE, "demand of %zu x %zu; %zu x 1 is due", q->demand->d.rows,
                    q->demand->d.cols, t->n);
  if (w->d.rows != 1 || w->d.cols != t->n)
    return cm__fail(err, CM_SHAPE, "weights of %zu x %zu; 1 x %zu is due", w->d.rows, w->d.cols,
                    t->n);
  if (t->n >= UINT32_MAX) return cm__fail(err, CM_OVERFLOW, "a table of %zu nodes", t->n);
  return CM_OK;
}

/* w L d. */
static cm_status total_of(cm_table *t, const cm_path_query *q, const double *w, const cm_job *job,
                          double *out, cm_error *err) {
  const cm_lu *lu;
  cm_matrix *x = NULL;
  double sum = 0.0;
  cm_status status;
  CM__TRY(cm_table_factor(t, job, &lu, err));
  CM__TRY(cm_lu_solve(lu, q->demand, false, job, &x, err));
  for (size_t i = 0; i < t->n; i++) sum += w[i] * cm_matrix_at(x, i, 0);
  *out = sum;
done:
  cm_matrix_release(x);
  return status;
}

static void release_search(search *s) {
  for (size_t j = 0; s->ranked && j <= s->n; j++) cm__free(s->ranked[j]);
  cm__free(s->ranked);
  cm__free(s->n_ranked);
  cm__free(s->m);
  cm__free(s->heap);
  cm__free(s->places);
}

void cm_paths_release(cm_paths *paths) {
  if (!paths) return;
  cm__free(paths->value);
  cm__free(paths->first);
  cm__free(paths->node);
  *paths = (cm_paths){0};
}

cm_status cm_table_paths(cm_table *t, const cm_path_query *q, const cm_job *job, cm_paths *out,
                         cm_error *err) {
  search s = {.t = t, .n = t->n};
  cm_paths found = {0};
  const cm_matrix *weights = q->weights;
  double *w = NULL;
  cm_status status;
  if (!weights) CM__TRY(cm__table_part(t, CM_PART_V, job, &weights, err));
  CM__TRY(check(t, q, weights, err));
  CM__TRY(cm__table_part(t, CM_PART_X, job, &s.x, err));
  CM__TRY(cm__alloc(t->n, sizeof *w, "paths", &w, err));
  for (size_t i = 0; i < t->n; i++) w[i] = cm_matrix_at(weights, 0, i);
  s.w = w;
  CM__TRY(cm__alloc(t->n, sizeof *s.m, "paths", &s.m, err));
  CM__TRY(cm__alloc(t->n + 1, sizeof *s.ranked, "paths", &s.ranked, err));
  CM__TRY(cm__alloc(t->n + 1, sizeof *s.n_ranked, "paths", &s.n_ranked, err));
  CM__TRY(make_bound(&s, t, job, err));
  CM__TRY(total_of(t, q, w, job, &found.total, err));
  CM__TRY(run_search(&s, q, job, &found, err));
  *out = found;
  found = (cm_paths){0};
done:
  release_search(&s);
  cm_paths_release(&found);
  cm__free(w);
  return status;
}
