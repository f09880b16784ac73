/* What the places of a sparse matrix alone say about its factors. */
#include <math.h>

#include "matrix/sparse_internal.h"

enum { NONE = -1 };

/* ---- a row for each column (Duff 1981) ------------------------------------------- */

typedef struct matching {
  const cm_sparse *a;
  int *column_of;          /* row -> the column it is given to */
  size_t *cheap;           /* column -> first place not yet tried for a free row */
  size_t *next;            /* column -> place of the search */
  int *stack, *row, *seen; /* path of columns, the row taken by each; column -> last search */
} matching;

/* Takes a free row of column j if there is one. */
static bool take_free(matching *m, int j, int *row) {
  for (size_t *p = &m->cheap[j]; *p < m->a->start[j + 1];) {
    int i = m->a->row[(*p)++];
    if (m->column_of[i] != NONE) continue;
    *row = i;
    return true;
  }
  return false;
}

/* The next column to displace from column j, which no search of `root` has seen. */
static bool displace(matching *m, int j, int root, int *row) {
  for (size_t *p = &m->next[j]; *p < m->a->start[j + 1];) {
    int i = m->a->row[(*p)++];
    if (m->seen[m->column_of[i]] == root) continue;
    *row = i;
    return true;
  }
  return false;
}

/* Looks, depth first, for a chain of displacements that ends at a free row. */
static bool augment(matching *m, int root) {
  int depth = 0;
  m->stack[0] = root;
  m->seen[root] = root;
  m->next[root] = m->a->start[root];
  while (depth >= 0) {
    int j = m->stack[depth];
    if (take_free(m, j, &m->row[depth])) {
      for (; depth >= 0; depth--) m->column_of[m->row[depth]] = m->stack[depth];
      return true;
    }
    if (!displace(m, j, root, &m->row[depth])) {
      depth--;
      continue;
    }
    int k = m->column_of[m->row[depth]];
    m->stack[++depth] = k;
    m->seen[k] = root;
    m->next[k] = m->a->start[k];
  }
  return false;
}

cm_status cm__sparse_matching(const cm_sparse *a, cm_error *err) {
  matching m = {.a = a};
  size_t n = a->cols;
  cm_status status;
  CM__TRY(cm__alloc_raw(n, sizeof *m.column_of, "a check of rank", &m.column_of, err));
  CM__TRY(cm__alloc_raw(n, sizeof *m.cheap, "a check of rank", &m.cheap, err));
  CM__TRY(cm__alloc_raw(n, sizeof *m.next, "a check of rank", &m.next, err));
  CM__TRY(cm__alloc_raw(n, sizeof *m.stack, "a check of rank", &m.stack, err));
  CM__TRY(cm__alloc_raw(n, sizeof *m.row, "a check of rank", &m.row, err));
  CM__TRY(cm__alloc_raw(n, sizeof *m.seen, "a check of rank", &m.seen, err));
  for (size_t j = 0; j < n; j++) {
    m.column_of[j] = m.seen[j] = NONE;
    m.cheap[j] = a->start[j];
  }
  for (size_t j = 0; j < n; j++) {
    if (augment(&m, (int)j)) continue;
    status = cm__fail_at(err, CM_SINGULAR, 0, j + 1, 0,
                         "column %zu has elements only in rows that other columns need", j + 1);
    break;
  }
done:
  cm__free(m.column_of);
  cm__free(m.cheap);
  cm__free(m.next);
  cm__free(m.stack);
  cm__free(m.row);
  cm__free(m.seen);
  return status;
}

/* ---- column counts (Gilbert, Ng, Peyton 1994) --------------------------------------
 *
 * In A'A every row of A joins all its columns to one another. Joining each to
 * the first of them alone gives the same factor, so that A'A is never formed.
 * Row i of the factor is a subtree of the elimination tree; a column's count is
 * the number of subtrees that hold it, which is found from their leaves alone. */

typedef struct counting {
  const int *parent;
  int *first;     /* column -> its first descendant */
  int *max_first; /* row subtree -> greatest `first` of its leaves so far */
  int *leaf;      /* row subtree -> its last leaf */
  int *ancestor;  /* union-find over finished subtrees */
  int *count;     /* weights, then counts */
} counting;

static int find_root(int *ancestor, int j) {
  int root = j;
  while (ancestor[root] != root) root = ancestor[root];
  for (int up; ancestor[j] != root; j = up) {
    up = ancestor[j];
    ancestor[j] = root;
  }
  return root;
}

/* Column j holds an element in row i > j of A'A's stand-in. */
static void count_element(counting *c, int j, int i) {
  if (c->max_first[i] >= c->first[j]) return; /* no leaf of row subtree i */
  c->max_first[i] = c->first[j];
  c->count[j]++;
  if (c->leaf[i] != NONE) c->count[find_root(c->ancestor, c->leaf[i])]--;
  c->leaf[i] = j;
}

static void start_counting(counting *c, int n) {
  for (int j = 0; j < n; j++) {
    c->first[j] = c->max_first[j] = c->leaf[j] = NONE;
    c->ancestor[j] = j;
  }
  for (int j = 0; j < n; j++) {
    c->count[j] = c->first[j] == NONE; /* a leaf of the tree */
    for (int k = j; k < n && c->first[k] == NONE; k = c->parent[k]) c->first[k] = j;
  }
}

/* Lists the rows of A by the first column that they meet in `order`:
 * head[j] is a row or NONE, next[row] the following one. */
static void list_rows(const cm_sparse *a, const int *order, int *head, int *next, bool *listed) {
  for (size_t j = 0; j < a->cols; j++) {
    head[j] = NONE;
    for (size_t p = a->start[order[j]]; p < a->start[order[j] + 1]; p++) {
      int row = a->row[p];
      if (listed[row]) continue;
      listed[row] = true;
      next[row] = head[j];
      head[j] = row;
    }
  }
}

/* Rows as lists of places in `order`: row i is held at start[i] ... */
static void places_by_row(const cm_sparse *a, const int *order, size_t *start, int *place) {
  for (size_t p = 0; p < a->nnz; p++) start[a->row[p] + 2]++;
  for (size_t i = 1; i <= a->rows; i++) start[i + 1] += start[i];
  for (size_t j = 0; j < a->cols; j++)
    for (size_t p = a->start[order[j]]; p < a->start[order[j] + 1]; p++)
      place[start[a->row[p] + 1]++] = (int)j;
}

static void count_columns(counting *c, int n, const int *head, const int *next, const size_t *start,
                          const int *place) {
  start_counting(c, n);
  for (int j = 0; j < n; j++) {
    int up = c->parent[j];
    if (up < n) c->count[up]--;
    for (int row = head[j]; row != NONE; row = next[row])
      for (size_t p = start[row]; p < start[row + 1]; p++)
        if (place[p] > j) count_element(c, j, place[p]);
    if (up < n) c->ancestor[j] = up;
  }
  for (int j = 0; j < n; j++)
    if (c->parent[j] < n) c->count[c->parent[j]] += c->count[j];
}

cm_status cm__sparse_fill(const cm_sparse *a, const int *order, const int *parent, double *nnz,
                          double *squares, cm_error *err) {
  size_t n = a->cols, *start = NULL;
  int *work = NULL, *place = NULL;
  bool *listed = NULL;
  cm_status status;
  CM__TRY(cm__alloc_raw(n, 7 * sizeof *work, "a bound on the fill", &work, err));
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *place, "a bound on the fill", &place, err));
  CM__TRY(cm__alloc(a->rows + 2, sizeof *start, "a bound on the fill", &start, err));
  CM__TRY(cm__alloc(a->rows, sizeof *listed, "a bound on the fill", &listed, err));
  counting c = {parent, work, work + n, work + 2 * n, work + 3 * n, work + 4 * n};
  int *head = work + 5 * n, *next = work + 6 * n;
  list_rows(a, order, head, next, listed);
  places_by_row(a, order, start, place);
  count_columns(&c, (int)n, head, next, start, place);
  *nnz = *squares = 0.0;
  for (size_t j = 0; j < n; j++) {
    *nnz += c.count[j];
    *squares += (double)c.count[j] * c.count[j];
  }
done:
  cm__free(work);
  cm__free(place);
  cm__free(start);
  cm__free(listed);
  return status;
}
