/* Which tables a junction tree is made of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/elimination.h"
#include "locate/junction.h"

static const char what[] = "junction tree";

/* ---- lists that grow ------------------------------------------------------------------- */

static cm_status fit(size_t n, size_t size, size_t *room, void *list_ptr, cm_error *err) {
  if (n <= *room) return CM_OK;
  size_t more = n > 2 * *room ? n : 2 * *room;
  cm_status status = cm__grow(more, size, what, list_ptr, err);
  if (status == CM_OK) *room = more;
  return status;
}

static cm_status push_input(cm__junction *j, size_t f, cm_error *err) {
  cm_status status = fit(j->inputs + 1, sizeof *j->input, &j->room_input, &j->input, err);
  if (status == CM_OK) j->input[j->inputs++] = f;
  return status;
}

/* Adds a block to the scope that is being written, where it has more than one state and is not
 * there yet. */
static cm_status push_scope(cm__junction *j, size_t begin, size_t block, cm_error *err) {
  if (cm__junction_states(j, block) < 2) return CM_OK;
  for (size_t k = begin; k < j->scopes; k++)
    if (j->scope[k] == block) return CM_OK;
  cm_status status = fit(j->scopes + 1, sizeof *j->scope, &j->room_scope, &j->scope, err);
  if (status == CM_OK) j->scope[j->scopes++] = block;
  return status;
}

/* Sorts the scope from `begin` by rank: it has few blocks. */
static void sort_scope(cm__junction *j, size_t begin) {
  for (size_t k = begin + 1; k < j->scopes; k++) {
    size_t block = j->scope[k], i = k;
    for (; i > begin && j->rank[j->scope[i - 1]] > j->rank[block]; i--)
      j->scope[i] = j->scope[i - 1];
    j->scope[i] = block;
  }
}

/* Closes a factor whose scope and inputs were written since; `work`: additions a cell. */
static cm_status push_factor(cm__junction *j, cm__factor_kind kind, size_t index, size_t scope,
                             size_t input, double work, cm_error *err) {
  double size = 1;
  for (size_t k = scope; k < j->scopes; k++) size *= (double)cm__junction_states(j, j->scope[k]);
  if (kind != CM__FACTOR_LINK) j->bytes += 8 * size;
  j->work += size * work;
  if (j->bytes > j->most_bytes || j->work > j->most_work) j->too_large = true;
  cm_status status = fit(j->factors + 1, sizeof *j->factor, &j->room_factor, &j->factor, err);
  if (status != CM_OK) return status;
  j->factor[j->factors++] = (cm__factor){.kind = kind,
                                         .index = index,
                                         .scope = scope,
                                         .vars = j->scopes - scope,
                                         .input = input,
                                         .inputs = j->inputs - input,
                                         .size = j->too_large ? 0 : (size_t)size,
                                         .next = CM_NONE,
                                         .scale = 1};
  return CM_OK;
}

/* A factor over one or two blocks. */
static cm_status push_plain(cm__junction *j, cm__factor_kind kind, size_t index, size_t a, size_t b,
                            cm_error *err) {
  size_t scope = j->scopes;
  cm_status status = push_scope(j, scope, a, err);
  if (status == CM_OK && b != CM_NONE) status = push_scope(j, scope, b, err);
  return status == CM_OK ? push_factor(j, kind, index, scope, j->inputs, 1, err) : status;
}

/* The blocks of a factor's inputs, but for one, in order of rank. */
static cm_status push_union(cm__junction *j, size_t input, size_t without, cm_error *err) {
  size_t begin = j->scopes;
  cm_status status = CM_OK;
  for (size_t i = input; i < j->inputs; i++)
    for (size_t k = 0; k < j->factor[j->input[i]].vars; k++) {
      size_t block = j->scope[j->factor[j->input[i]].scope + k];
      if (block != without) CM__TRY(push_scope(j, begin, block, err));
    }
  sort_scope(j, begin);
done:
  return status;
}

/* ---- eliminating blocks of a sum --------------------------------------------------------- */

/* A sum of factors while blocks are eliminated from it. */
typedef struct sum {
  size_t *list, n; /* the factors; then what is left of them */
  size_t *order;   /* blocks that go */
  size_t goes;
  size_t *place; /* of each block: its number in `order`, else CM_NONE */
  size_t *head;  /* of each in `order`: the first factor of its bucket */
} sum;

/* Puts a factor into the bucket of the block in it that goes first, or back to the list. */
static void put(cm__junction *j, sum *x, size_t f) {
  cm__factor *it = &j->factor[f];
  size_t first = CM_NONE;
  for (size_t k = 0; k < it->vars; k++) {
    size_t place = x->place[j->scope[it->scope + k]];
    if (place < first) first = place;
  }
  if (first == CM_NONE)
    x->list[x->n++] = f;
  else
    it->next = x->head[first], x->head[first] = f;
}

static cm_status eliminate(cm__junction *j, sum *x, cm_error *err) {
  size_t n = x->n;
  cm_status status = CM_OK;
  for (size_t i = 0; i < x->goes; i++) x->place[x->order[i]] = i, x->head[i] = CM_NONE;
  x->n = 0;
  for (size_t i = 0; i < n; i++) put(j, x, x->list[i]);
  for (size_t i = 0; i < x->goes && !j->too_large; i++) {
    size_t block = x->order[i], input = j->inputs, scope = j->scopes;
    for (size_t f = x->head[i]; f != CM_NONE; f = j->factor[f].next) CM__TRY(push_input(j, f, err));
    CM__TRY(push_union(j, input, block, err));
    if (j->scopes - scope + 1 > j->width) j->width = j->scopes - scope + 1;
    CM__TRY(push_factor(j, CM__FACTOR_MESSAGE, block, scope, input,
                        (double)(j->inputs - input) * (double)cm__junction_states(j, block), err));
    put(j, x, j->factors - 1);
  }
done:
  for (size_t i = 0; i < x->goes; i++) x->place[x->order[i]] = CM_NONE;
  return status;
}

/* The order in which those blocks of the sum go that `goes` marks. `local`, of each block, is
 * room. */
static cm_status find_order(cm__junction *j, sum *x, const bool *goes, size_t *local, size_t *block,
                            cm_error *err) {
  cm__elimination e;
  size_t n = 0;
  cm_status status = CM_OK;
  for (size_t i = 0; i < x->n; i++)
    for (size_t k = 0; k < j->factor[x->list[i]].vars; k++) {
      size_t b = j->scope[j->factor[x->list[i]].scope + k];
      if (local[b] == CM_NONE) local[b] = n, block[n++] = b;
    }
  CM__TRY(cm__elimination_init(&e, n, err));
  for (size_t v = 0; v < n; v++)
    e.states[v] = (double)cm__junction_states(j, block[v]), e.goes[v] = goes[block[v]];
  for (size_t i = 0; i < x->n; i++) {
    const cm__factor *f = &j->factor[x->list[i]];
    for (size_t k = 0; k < f->vars; k++)
      for (size_t l = 0; l < k; l++)
        cm__elimination_join(&e, local[j->scope[f->scope + k]], local[j->scope[f->scope + l]]);
  }
  if (!cm__elimination_order(&e, j->most_bytes / 8, x->order, &x->goes)) j->too_large = true;
  for (size_t i = 0; i < x->goes; i++) x->order[i] = block[x->order[i]];
done:
  for (size_t v = 0; v < n; v++) local[block[v]] = CM_NONE;
  cm__elimination_free(&e);
  return status;
}

/* ---- whole problems ----------------------------------------------------------------------------
 */

/* Room for planning, each of blocks or of as many items as a sum can have. */
typedef struct planner {
  sum sum;
  bool *goes;
  size_t *local, *block, *pending, *value, *users;
  bool *here, *applied;
} planner;

static cm_status close_sum(cm__junction *j, planner *w, size_t stage, cm_error *err) {
  size_t input = j->inputs, scope = j->scopes;
  cm_status status = CM_OK;
  for (size_t i = 0; i < w->sum.n; i++) CM__TRY(push_input(j, w->sum.list[i], err));
  CM__TRY(push_union(j, input, CM_NONE, err));
  CM__TRY(push_factor(j, CM__FACTOR_VALUE, stage, scope, input, (double)(j->inputs - input), err));
done:
  return status;
}

static cm_status plan_additive(cm__junction *j, planner *w, cm_error *err) {
  const cm__relax *r = j->r;
  cm_status status = CM_OK;
  for (size_t b = 0; b < r->blocks; b++) {
    w->goes[b] = true;
    CM__TRY(push_plain(j, CM__FACTOR_OWN, b, b, CM_NONE, err));
  }
  for (size_t k = 0; k < r->forest + r->loose; k++)
    CM__TRY(push_plain(j, CM__FACTOR_LINK, k, r->links[k].a, r->links[k].b, err));
  for (size_t f = 0; f < j->factors; f++) w->sum.list[w->sum.n++] = f;
  CM__TRY(find_order(j, &w->sum, w->goes, w->local, w->block, err));
  for (size_t i = 0; i < w->sum.goes; i++) j->rank[w->sum.order[i]] = i;
  if (!j->too_large) CM__TRY(eliminate(j, &w->sum, err));
  CM__TRY(close_sum(j, w, CM_NONE, err));
done:
  return status;
}

/* Adds to the sum the joins and ties whose blocks are both in it, or all that are left. */
static cm_status add_joins(cm__junction *j, planner *w, bool all, cm_error *err) {
  const cm_locate_parts *q = &j->p->parts;
  cm_status status = CM_OK;
  for (size_t k = 0; k < q->joins; k++) {
    size_t a = j->r->block[q->join[2 * k]], b = j->r->block[q->join[2 * k + 1]];
    if (a == b || w->applied[k] || (!all && (!w->here[a] || !w->here[b]))) continue;
    w->applied[k] = true;
    w->pending[a]--, w->pending[b]--;
    CM__TRY(push_plain(j, CM__FACTOR_JOIN, k, a, b, err));
    w->sum.list[w->sum.n++] = j->factors - 1;
  }
  for (size_t k = 0; k < q->ties; k++) {
    size_t a = j->r->block[q->tie[k].from], b = j->r->block[q->tie[k].to];
    if (w->applied[q->joins + k] || (!all && (!w->here[a] || !w->here[b]))) continue;
    w->applied[q->joins + k] = true;
    w->pending[a]--, w->pending[b]--;
    CM__TRY(push_plain(j, CM__FACTOR_TIE, k, a, b, err));
    w->sum.list[w->sum.n++] = j->factors - 1;
  }
done:
  return status;
}

/* What arrives over the arcs of stage s, and its own cost. */
static cm_status add_inputs(cm__junction *j, planner *w, size_t s, cm_error *err) {
  const cm_chain *g = j->p->graph;
  size_t own = j->r->block[s];
  cm_status status = CM_OK;
  CM__TRY(push_plain(j, CM__FACTOR_OWN, s, own, CM_NONE, err));
  w->sum.list[w->sum.n++] = j->factors - 1;
  w->pending[own]--;
  for (size_t i = g->in_begin[s]; i < g->in_begin[s + 1]; i++) {
    size_t from = g->arc[g->in[i]].from, input = j->inputs, scope = j->scopes;
    CM__TRY(push_input(j, w->value[from], err));
    CM__TRY(push_union(j, input, CM_NONE, err));
    CM__TRY(push_scope(j, scope, own, err));
    sort_scope(j, scope);
    CM__TRY(push_factor(j, CM__FACTOR_ARC, g->in[i], scope, input, 8, err));
    w->sum.list[w->sum.n++] = j->factors - 1;
    const cm__factor *value = &j->factor[w->value[from]];
    if (--w->users[from] == 0)
      for (size_t k = 0; k < value->vars; k++) w->pending[j->scope[value->scope + k]]--;
  }
done:
  return status;
}

/* Eliminates from the sum what nothing else asks for, and makes the value of it. `keep`: a block
 * that stays. */
static cm_status settle(cm__junction *j, planner *w, size_t stage, size_t keep, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t i = 0; i < w->sum.n; i++)
    for (size_t k = 0; k < j->factor[w->sum.list[i]].vars; k++) {
      size_t b = j->scope[j->factor[w->sum.list[i]].scope + k];
      w->goes[b] = w->pending[b] == 0 && b != keep;
    }
  CM__TRY(find_order(j, &w->sum, w->goes, w->local, w->block, err));
  if (!j->too_large) CM__TRY(eliminate(j, &w->sum, err));
  CM__TRY(close_sum(j, w, stage, err));
done:
  return status;
}

static cm_status plan_compounding(cm__junction *j, planner *w, cm_error *err) {
  const cm_locate_parts *q = &j->p->parts;
  const cm_chain *g = j->p->graph;
  cm_status status = CM_OK;
  for (size_t b = 0; b < j->r->blocks; b++)
    j->rank[b] = b, w->here[b] = cm__junction_states(j, b) < 2;
  for (size_t s = 0; s < q->stages; s++) {
    w->pending[j->r->block[s]]++;
    w->users[s] = g->out_begin[s + 1] - g->out_begin[s];
  }
  for (size_t k = 0; k < q->joins; k++) {
    size_t a = j->r->block[q->join[2 * k]], b = j->r->block[q->join[2 * k + 1]];
    if (a != b) w->pending[a]++, w->pending[b]++;
  }
  for (size_t k = 0; k < q->ties; k++)
    w->pending[j->r->block[q->tie[k].from]]++, w->pending[j->r->block[q->tie[k].to]]++;
  for (size_t i = 0; i < q->stages && !j->too_large; i++) {
    size_t s = g->order[i];
    w->sum.n = 0;
    CM__TRY(add_inputs(j, w, s, err));
    for (int mark = 1; mark >= 0; mark--) {
      for (size_t l = 0; l < w->sum.n; l++)
        for (size_t k = 0; k < j->factor[w->sum.list[l]].vars; k++)
          w->here[j->scope[j->factor[w->sum.list[l]].scope + k]] = mark;
      if (mark) CM__TRY(add_joins(j, w, false, err));
    }
    CM__TRY(settle(j, w, s, w->users[s] ? j->r->block[s] : CM_NONE, err));
    const cm__factor *value = &j->factor[w->value[s] = j->factors - 1];
    for (size_t k = 0; k < value->vars; k++) w->pending[j->scope[value->scope + k]]++;
  }
  if (j->too_large) goto done;
  w->sum.n = 0;
  for (size_t s = 0; s < q->stages; s++)
    if (cm__is_product(j->p, s)) w->sum.list[w->sum.n++] = w->value[s];
  CM__TRY(add_joins(j, w, true, err));
  for (size_t b = 0; b < j->r->blocks; b++) w->pending[b] = 0;
  CM__TRY(settle(j, w, CM_NONE, CM_NONE, err));
done:
  return status;
}

static cm_status plan(cm__junction *j, cm_error *err) {
  const cm_locate_parts *q = &j->p->parts;
  size_t blocks = j->r->blocks, most = 2 * blocks + q->stages + q->arcs + q->joins + q->ties;
  planner w = {0};
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(most, sizeof *w.sum.list, what, &w.sum.list, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.sum.order, what, &w.sum.order, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.sum.place, what, &w.sum.place, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.sum.head, what, &w.sum.head, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.goes, what, &w.goes, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.local, what, &w.local, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.block, what, &w.block, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.pending, what, &w.pending, err));
  CM__TRY(cm__alloc(blocks, sizeof *w.here, what, &w.here, err));
  CM__TRY(cm__alloc(q->stages, sizeof *w.value, what, &w.value, err));
  CM__TRY(cm__alloc(q->stages, sizeof *w.users, what, &w.users, err));
  CM__TRY(cm__alloc(q->joins + q->ties, sizeof *w.applied, what, &w.applied, err));
  for (size_t b = 0; b < blocks; b++) w.local[b] = w.sum.place[b] = CM_NONE;
  CM__TRY(q->compounding ? plan_compounding(j, &w, err) : plan_additive(j, &w, err));
done:;
  void *const room[] = {w.sum.list, w.sum.order, w.sum.place, w.sum.head, w.goes,  w.local,
                        w.block,    w.pending,   w.here,      w.value,    w.users, w.applied};
  for (size_t k = 0; k < sizeof room / sizeof *room; k++) cm__free(room[k]);
  return status;
}

/* ---- the object ----------------------------------------------------------------------------- */

cm_status cm__junction_new(const cm_locate *p, double most_bytes, double most_work,
                           cm__junction **out, cm_error *err) {
  cm__junction *j = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *j, what, &j, err));
  j->p = p, j->most_bytes = most_bytes, j->most_work = most_work;
  CM__TRY(cm__relax_new(p, &j->r, err));
  CM__TRY(cm__alloc(j->r->blocks, sizeof *j->rank, what, &j->rank, err));
  CM__TRY(plan(j, err));
  *out = j;
  j = NULL;
done:
  cm__junction_release(j);
  return status;
}

void cm__junction_release(cm__junction *j) {
  if (!j) return;
  for (size_t f = 0; f < j->factors; f++) cm__free(j->factor[f].owned);
  cm__free(j->factor);
  cm__free(j->scope);
  cm__free(j->input);
  cm__free(j->rank);
  cm__relax_release(j->r);
  cm__free(j);
}
