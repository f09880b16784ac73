/* Where costs compound a unit of the value of stage s at place c comes to at least W_s(c) in the
 * total: 1 of a product, else the sum over its users u of the least of q times(c, c') W_u(c'). With
 * V_s(c) the least value of what is made at c, found forwards,
 *
 *   V q times(c, c') W_u(c') = V W + V (q times W_u - W) >= V W + V_s(c) (q times W_u - W)
 *
 * for any V that comes about, W here being the part of u in W_s(c): what is left depends on one
 * option or on the places at the ends of one arc, and adds up. On a forest without interfaces the
 * least choice costs the same in both, since it is made of least values (a reduction of the
 * multiplicative cost by the potentials of its dynamic program), so that prices on rules and
 * facilities begin where the bound without them ends. */
#include "locate/linear.h"

#include <math.h>
#include <string.h>

static const char what[] = "linear bound of a placement";

typedef struct making {
  const cm_locate *p;
  const bool *allowed;
  double *value; /* of each option: the least value */
  double *least; /* of each stage and place: the least of those */
  double *worth; /* of each stage and place: W */
  double *part;  /* of each arc and place of its input: the part of its user in W */
  size_t *only;  /* of each stage: the place of all it can take, or CM_NONE */
  double *cost;  /* of each option */
  double *cells; /* of each arc: places x places */
  double *faces; /* of each arc: operators x operators */
  cm_locate_arc *arc;
  const double **place_matrix, **operator_matrix;
  bool *shared; /* of each facility */
  size_t *user; /* of each facility: the one stage that needs it; CM_NONE where it is not alone */
  cm_locate_need *need;
  cm_locate_entry *option_entry, *facility_entry;
} making;

static double cell(const double *const *list, size_t m, size_t k, double none) {
  return m == CM_NONE ? none : list[m][k];
}

/* ---- least values and what they are worth ------------------------------------------------- */

/* The least of what arrives over an arc at option `to`. */
static double arrives(const making *x, const cm_locate_arc *arc, size_t to) {
  const cm_locate_parts *q = &x->p->parts;
  double best = HUGE_VAL;
  for (size_t o = q->first[arc->from]; o < q->first[arc->from + 1]; o++) {
    size_t at = q->place[o] * q->places + q->place[to];
    if (!x->allowed[o] || !(x->value[o] < HUGE_VAL)) continue;
    double times = cell(q->place_matrix, arc->times, at, 1);
    double face = cell(q->operator_matrix, arc->interface,
                       q->operator_[o] * q->operators + q->operator_[to], 0);
    if (!(times < HUGE_VAL)) continue;
    double all = times * x->value[o] + cell(q->place_matrix, arc->add, at, 0);
    best = fmin(best, arc->quantity * all + face);
  }
  return best;
}

static void values(making *x) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_chain *g = x->p->graph;
  for (size_t k = 0; k < q->stages * q->places; k++) x->least[k] = HUGE_VAL;
  for (size_t i = 0; i < q->stages; i++) {
    size_t s = g->order[i];
    x->only[s] = CM_NONE;
    bool several = false;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      x->value[o] = HUGE_VAL;
      if (!x->allowed[o]) continue;
      several = several || (x->only[s] != CM_NONE && x->only[s] != q->place[o]);
      x->only[s] = q->place[o];
      x->value[o] = q->cost[o];
      for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++)
        x->value[o] += arrives(x, &q->arc[g->in[k]], o);
      double *least = &x->least[s * q->places + q->place[o]];
      *least = fmin(*least, x->value[o]);
    }
    if (several) x->only[s] = CM_NONE;
  }
}

/* W of stage s at its places, given those of its users; 0 where nothing can be made there. */
static void weigh(making *x, size_t s) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_chain *g = x->p->graph;
  size_t n = q->places;
  for (size_t c = 0; c < n; c++) {
    double sum = cm__is_product(x->p, s);
    for (size_t k = g->out_begin[s]; k < g->out_begin[s + 1]; k++) {
      const cm_locate_arc *arc = &q->arc[g->out[k]];
      double part = HUGE_VAL;
      for (size_t d = 0; d < n; d++)
        if (x->least[arc->to * n + d] < HUGE_VAL)
          part = fmin(part,
                      cell(q->place_matrix, arc->times, c * n + d, 1) * x->worth[arc->to * n + d]);
      part *= arc->quantity;
      if (!(part < HUGE_VAL)) part = 0;
      x->part[g->out[k] * n + c] = part;
      sum += part;
    }
    x->worth[s * n + c] = sum;
  }
}

/* ---- the additive problem -------------------------------------------------------------------- */

/* What an arc comes to in the total beyond what its input's worth says, between two places. */
static double beyond(const making *x, size_t a, size_t c, size_t d) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_arc *arc = &q->arc[a];
  size_t n = q->places;
  double least = x->least[arc->from * n + c], worth = x->worth[arc->to * n + d];
  double times = cell(q->place_matrix, arc->times, c * n + d, 1);
  double add = cell(q->place_matrix, arc->add, c * n + d, 0);
  if (!(least < HUGE_VAL) || !(x->least[arc->to * n + d] < HUGE_VAL) || !(times < HUGE_VAL) ||
      !(add < HUGE_VAL))
    return HUGE_VAL;
  double more = arc->quantity * times * worth - x->part[a * n + c];
  return arc->quantity * add * worth + least * fmax(more, 0);
}

/* Whether a tie binds the two stages of an arc. */
static bool doubles(const cm_locate_tie *tie, const cm_locate_arc *arc) {
  return (tie->from == arc->from && tie->to == arc->to) ||
         (tie->from == arc->to && tie->to == arc->from);
}

/* What ties bar of the places at the ends of an arc, the arc bars. */
static void bar_tied(making *x, size_t a) {
  const cm_locate_parts *q = &x->p->parts;
  size_t n = q->places;
  for (size_t k = 0; k < q->ties; k++) {
    const double *pairs = q->place_matrix[q->tie[k].pairs];
    if (!doubles(&q->tie[k], &q->arc[a])) continue;
    bool turned = q->tie[k].from != q->arc[a].from;
    for (size_t c = 0; c < n; c++)
      for (size_t d = 0; d < n; d++)
        if (!(pairs[turned ? d * n + c : c * n + d] < HUGE_VAL))
          x->cells[(a * n + c) * n + d] = HUGE_VAL;
  }
}

/* Ties that double no arc become arcs behind `arcs` others; returns how many there are then. */
static size_t turn_ties(making *x, size_t arcs) {
  const cm_locate_parts *q = &x->p->parts;
  for (size_t k = 0; k < q->ties; k++) {
    bool doubled = false;
    for (size_t a = 0; a < q->arcs; a++) doubled = doubled || doubles(&q->tie[k], &q->arc[a]);
    x->place_matrix[q->arcs + k] = q->place_matrix[q->tie[k].pairs];
    if (doubled) continue;
    x->arc[arcs++] = (cm_locate_arc){.from = q->tie[k].from,
                                     .to = q->tie[k].to,
                                     .quantity = 1,
                                     .add = q->arcs + k,
                                     .times = CM_NONE,
                                     .interface = CM_NONE};
  }
  return arcs;
}

/* Whether an arc comes to nothing. */
static bool is_idle(const making *x, size_t a) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_arc *arc = &q->arc[a];
  size_t n = q->places;
  if (arc->interface != CM_NONE) return false;
  for (size_t c = 0; c < n; c++)
    for (size_t d = 0; d < n; d++)
      if (x->least[arc->from * n + c] < HUGE_VAL && x->least[arc->to * n + d] < HUGE_VAL &&
          x->cells[(a * n + c) * n + d] != 0)
        return false;
  return true;
}

/* An arc one end of which has one place is part of what the options at the other cost. */
static bool fold(making *x, size_t a) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_arc *arc = &q->arc[a];
  size_t from = x->only[arc->from], to = x->only[arc->to], n = q->places;
  if (arc->interface != CM_NONE || (from == CM_NONE && to == CM_NONE)) return false;
  size_t s = to != CM_NONE ? arc->from : arc->to;
  const double *cells = &x->cells[a * n * n];
  for (int pass = 0; pass < 2; pass++)
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      double more = to != CM_NONE ? cells[q->place[o] * n + to] : cells[from * n + q->place[o]];
      if (!x->allowed[o]) continue;
      if (!(more < HUGE_VAL)) return false; /* in the first pass */
      if (pass) x->cost[o] += more;
    }
  return true;
}

static void turn_arc(making *x, size_t a) {
  const cm_locate_parts *q = &x->p->parts;
  const cm_locate_arc *arc = &q->arc[a];
  size_t n = q->places, m = q->operators;
  double worth = HUGE_VAL;
  for (size_t c = 0; c < n; c++)
    for (size_t d = 0; d < n; d++) x->cells[(a * n + c) * n + d] = beyond(x, a, c, d);
  bar_tied(x, a);
  x->arc[a] = *arc;
  x->arc[a].quantity = 1, x->arc[a].add = a, x->arc[a].times = CM_NONE;
  if (arc->interface == CM_NONE) return;
  for (size_t d = 0; d < n; d++)
    if (x->least[arc->to * n + d] < HUGE_VAL) worth = fmin(worth, x->worth[arc->to * n + d]);
  for (size_t k = 0; k < m * m; k++) {
    double face = q->operator_matrix[arc->interface][k];
    x->faces[a * m * m + k] = face < HUGE_VAL && worth < HUGE_VAL ? face * worth : face;
  }
  x->arc[a].interface = a;
}

/* Which facilities one stage alone needs, no option twice, nor beyond their capacity. */
static void find_users(making *x) {
  const cm_locate *p = x->p;
  const cm_locate_parts *q = &p->parts;
  bool *shared = x->shared;
  for (size_t f = 0; f < q->facilities; f++) x->user[f] = CM_NONE;
  for (size_t k = 0; k < q->needs; k++) {
    size_t f = q->need[k].facility, s = p->stage[q->need[k].option];
    bool again = k > 0 && q->need[k - 1].option == q->need[k].option;
    if ((x->user[f] != CM_NONE && x->user[f] != s) || q->need[k].volume > q->facility[f].capacity)
      shared[f] = true;
    for (size_t j = k; again && j-- > p->need_begin[q->need[k].option];)
      if (q->need[j].facility == f) shared[f] = true;
    x->user[f] = s;
  }
  for (size_t f = 0; f < q->facilities; f++)
    if (q->facility[f].parent != CM_NONE) shared[f] = shared[q->facility[f].parent] = true;
  for (size_t f = 0; f < q->facilities; f++)
    if (shared[f]) x->user[f] = CM_NONE;
}

/* What a facility of one stage costs and adds is of the options that need it. */
static void fold_facilities(making *x, cm_locate_parts *q) {
  const cm_locate_parts *from = &x->p->parts;
  find_users(x);
  q->needs = q->facility_entries = 0;
  for (size_t k = 0; k < from->needs; k++) {
    cm_locate_need need = from->need[k];
    if (x->user[need.facility] == CM_NONE)
      x->need[q->needs++] = need;
    else
      x->cost[need.option] += cm__facility_cost(from, need.facility, need.volume);
  }
  if (from->option_entries)
    memcpy(x->option_entry, from->option_entry, from->option_entries * sizeof *x->option_entry);
  for (size_t k = 0; k < from->facility_entries; k++) {
    cm_locate_entry e = from->facility_entry[k];
    size_t f = e.index, s = x->user[f];
    if (s == CM_NONE) x->facility_entry[q->facility_entries++] = e;
    for (size_t i = s == CM_NONE ? 0 : x->p->need_begin[from->first[s]];
         s != CM_NONE && i < x->p->need_begin[from->first[s + 1]]; i++)
      if (from->need[i].facility == f)
        x->option_entry[q->option_entries++] =
            (cm_locate_entry){e.measure, from->need[i].option, e.value};
  }
  q->need = x->need, q->option_entry = x->option_entry, q->facility_entry = x->facility_entry;
}

static cm_status make(making *x, cm_locate **out, cm_error *err) {
  const cm_locate *p = x->p;
  cm_locate_parts q = p->parts;
  size_t n = q.places, arcs = 0;
  values(x);
  for (size_t i = q.stages; i-- > 0;) weigh(x, p->graph->order[i]);
  for (size_t s = 0; s < q.stages; s++)
    for (size_t o = q.first[s]; o < q.first[s + 1]; o++)
      x->cost[o] = q.cost[o] * x->worth[s * n + q.place[o]];
  for (size_t a = 0; a < q.arcs; a++) {
    turn_arc(x, a);
    x->place_matrix[a] = &x->cells[a * n * n];
    x->operator_matrix[a] = &x->faces[a * q.operators * q.operators];
    if (!is_idle(x, a) && !fold(x, a)) x->arc[arcs++] = x->arc[a];
  }
  arcs = turn_ties(x, arcs);
  q.compounding = false, q.cost = x->cost, q.aggregator = NULL, q.sigma = NULL;
  q.place_matrices = q.arcs + q.ties, q.operator_matrices = q.arcs, q.ties = 0;
  q.arc = x->arc, q.arcs = arcs;
  q.place_matrix = x->place_matrix, q.operator_matrix = x->operator_matrix;
  fold_facilities(x, &q);
  return cm_locate_new(&q, out, err);
}

static cm_status additive(const cm_locate *p, const bool *allowed, cm_locate **out, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  size_t n = q->places, spots = q->stages * n;
  making x = {.p = p, .allowed = allowed};
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(2 * q->options, sizeof *x.value, what, &x.value, err));
  CM__TRY(cm__alloc(2 * spots + q->arcs * n, sizeof *x.least, what, &x.least, err));
  CM__TRY(cm__alloc(q->stages, sizeof *x.only, what, &x.only, err));
  CM__TRY(cm__alloc(q->arcs * n * n, sizeof *x.cells, what, &x.cells, err));
  CM__TRY(cm__alloc(q->arcs * q->operators * q->operators, sizeof *x.faces, what, &x.faces, err));
  CM__TRY(cm__alloc(q->arcs + q->ties, sizeof *x.arc, what, &x.arc, err));
  CM__TRY(cm__alloc(2 * q->arcs + q->ties, sizeof *x.place_matrix, what, &x.place_matrix, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *x.user, what, &x.user, err));
  for (size_t k = 0; k < q->needs; k++) x.user[q->need[k].facility]++;
  size_t entries = q->option_entries;
  for (size_t k = 0; k < q->facility_entries; k++) entries += x.user[q->facility_entry[k].index];
  CM__TRY(cm__alloc(q->facilities, sizeof *x.shared, what, &x.shared, err));
  CM__TRY(cm__alloc(q->needs, sizeof *x.need, what, &x.need, err));
  CM__TRY(cm__alloc(entries, sizeof *x.option_entry, what, &x.option_entry, err));
  CM__TRY(cm__alloc(q->facility_entries, sizeof *x.facility_entry, what, &x.facility_entry, err));
  x.cost = x.value + q->options, x.worth = x.least + spots, x.part = x.worth + spots;
  x.operator_matrix = x.place_matrix + q->arcs + q->ties;
  CM__TRY(make(&x, out, err));
done:
  cm__free(x.value);
  cm__free(x.least);
  cm__free(x.only);
  cm__free(x.cells);
  cm__free(x.faces);
  cm__free(x.arc);
  cm__free(x.place_matrix);
  cm__free(x.user);
  cm__free(x.shared);
  cm__free(x.need);
  cm__free(x.option_entry);
  cm__free(x.facility_entry);
  return status;
}

/* ---- the object ------------------------------------------------------------------------------ */

/* Whether every stage sums, and what is made is no larger than some millions of cells. */
static bool suits(const cm_locate *p) {
  const cm_locate_parts *q = &p->parts;
  double wide = (double)q->places * (double)q->places + (double)q->operators * (double)q->operators;
  for (size_t s = 0; q->aggregator && s < q->stages; s++)
    if (q->aggregator[s] != CM_AGGREGATE_SUM) return false;
  return (double)(q->arcs + q->ties) * wide <= 4e6;
}

cm_status cm__linear_new(const cm_locate *p, const bool *allowed, cm__linear **out, cm_error *err) {
  cm__linear *x = NULL;
  cm_status status = CM_OK;
  *out = NULL;
  if (!suits(p)) return CM_OK;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  CM__TRY(additive(p, allowed, &x->p, err));
  CM__TRY(cm__relax_new(x->p, &x->r, err));
  if (!x->r->multipliers) goto done;
  CM__TRY(cm__dual_new(x->r, &x->dual, err));
  CM__TRY(cm__local_new(x->r, allowed, 0, &x->search, err));
  CM__TRY(cm__alloc(p->parts.facilities, 1, what, &x->view.facility, err));
  memset(x->view.facility, -1, p->parts.facilities);
  *out = x;
  x = NULL;
done:
  cm__linear_release(x);
  return status;
}

void cm__linear_release(cm__linear *x) {
  if (!x) return;
  cm__local_release(x->search);
  cm__dual_release(x->dual);
  cm__relax_release(x->r);
  cm_locate_release(x->p);
  cm__free(x->view.facility);
  cm__free(x);
}
