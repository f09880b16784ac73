/* Dynamic programming along the links of a chain (Bertele and Brioschi 1972): the value of each
 * option of a stage is its own cost and, for each input, the least of what arrives. Where costs
 * add up, the stages must form a forest of links. Compounding values go from inputs to users as the
 * arcs say, where a stage with several users may be wanted in different options: then the total is
 * a lower bound, as it is where stages are tied. */
#include <math.h>
#include <string.h>

#include "locate/aggregate.h"
#include "locate/internal.h"
#include "locate/minplus.h"

/* An arc or a join as it is passed over: from the stage whose values are known to the other. */
typedef struct link {
  const cm_locate_arc *arc; /* NULL: a join */
  size_t from, to;
  bool turned; /* `from` is the arc's user */
  bool joined; /* both ends at one place */
} link;

struct cm__dynamic {
  const cm_locate *p;
  link *links; /* passed over in order */
  size_t count;
  size_t *order;       /* stages: the ends of links before the stages they lead to */
  size_t *links_begin; /* links that lead to order[i]: [begin[i], begin[i + 1]) */
  bool *top;           /* of each stage: no link leads away */
  bool exact;
  double *value;                /* of each option */
  double *best, *passed, *work; /* operators x places */
};

/* ---- the forest of links -------------------------------------------------------------- */

static size_t find(size_t *root, size_t s) {
  while (root[s] != s) s = root[s] = root[root[s]];
  return s;
}

/* Compounding: every arc leads on, joins only where they double an arc. */
static void links_of_value(cm__dynamic *d) {
  const cm_locate_parts *q = &d->p->parts;
  const cm_chain *g = d->p->graph;
  size_t n = 0;
  memcpy(d->order, g->order, q->stages * sizeof *d->order);
  for (size_t i = 0; i < q->stages; i++) {
    size_t s = d->order[i];
    d->links_begin[i] = n;
    for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++)
      d->links[n++] = (link){.arc = &q->arc[g->in[k]], .from = q->arc[g->in[k]].from, .to = s};
    d->top[s] = cm__is_product(d->p, s);
    if (g->out_begin[s + 1] - g->out_begin[s] > 1) d->exact = false;
  }
  d->links_begin[q->stages] = d->count = n;
  if (q->ties) d->exact = false;
  for (size_t j = 0; j < q->joins; j++) {
    bool doubled = false;
    for (size_t k = 0; k < n; k++)
      if ((d->links[k].from == q->join[2 * j] && d->links[k].to == q->join[2 * j + 1]) ||
          (d->links[k].to == q->join[2 * j] && d->links[k].from == q->join[2 * j + 1]))
        d->links[k].joined = doubled = true;
    if (!doubled && q->join[2 * j] != q->join[2 * j + 1]) d->exact = false;
  }
}

/* Additive: the links as a forest, or not exact where they close a circle. */
static cm_status links_of_sum(cm__dynamic *d, cm_error *err) {
  const cm_locate_parts *q = &d->p->parts;
  size_t n = 0, edges = q->joins + q->arcs, *root = NULL, *begin = NULL, *at = NULL, *up = NULL;
  link *all = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(edges, sizeof *all, "placement", &all, err));
  CM__TRY(cm__alloc(q->stages, sizeof *root, "placement", &root, err));
  CM__TRY(cm__alloc(q->stages + 2, sizeof *begin, "placement", &begin, err));
  CM__TRY(cm__alloc(2 * edges, sizeof *at, "placement", &at, err));
  CM__TRY(cm__alloc(q->stages, sizeof *up, "placement", &up, err));
  for (size_t s = 0; s < q->stages; s++) root[s] = s, up[s] = CM_NONE;
  for (size_t k = 0; k < edges; k++) {
    const cm_locate_arc *arc = k < q->joins ? NULL : &q->arc[k - q->joins];
    size_t a = arc ? arc->from : q->join[2 * k], b = arc ? arc->to : q->join[2 * k + 1];
    link l = {.arc = arc, .from = a, .to = b, .joined = !arc};
    size_t ra = find(root, a), rb = find(root, b);
    if (ra == rb) {
      if (a != b) d->exact = false;
      continue;
    }
    root[ra] = rb;
    all[n++] = l;
    begin[a + 1]++, begin[b + 1]++;
  }
  for (size_t s = 0; s < q->stages; s++) begin[s + 1] += begin[s];
  for (size_t k = n; k-- > 0;) at[--begin[all[k].from + 1]] = k, at[--begin[all[k].to + 1]] = k;
  for (size_t s = 0; s < q->stages; s++) begin[s] = begin[s + 1];
  begin[q->stages] = 2 * n;
  /* breadth first from the last stage of each tree, then turned round */
  size_t filled = 0;
  for (size_t s = q->stages; s-- > 0;) {
    if (root[s] == CM_NONE) continue;
    size_t head = filled;
    d->order[filled++] = s, root[s] = CM_NONE, d->top[s] = true;
    for (; head < filled; head++)
      for (size_t k = begin[d->order[head]]; k < begin[d->order[head] + 1]; k++) {
        link *l = &all[at[k]];
        size_t other = l->from == d->order[head] ? l->to : l->from;
        if (root[other] == CM_NONE) continue;
        root[other] = CM_NONE, up[other] = at[k];
        d->order[filled++] = other;
      }
  }
  for (size_t i = 0; i < q->stages / 2; i++) {
    size_t swap = d->order[i];
    d->order[i] = d->order[q->stages - 1 - i], d->order[q->stages - 1 - i] = swap;
  }
  n = 0;
  for (size_t i = 0; i < q->stages; i++) {
    size_t s = d->order[i];
    d->links_begin[i] = n;
    for (size_t k = begin[s]; k < begin[s + 1]; k++) {
      link l = all[at[k]];
      if (at[k] == up[s]) continue;
      if (l.to != s) l.turned = l.arc != NULL, l.from = l.to, l.to = s;
      d->links[n++] = l;
    }
  }
  d->links_begin[q->stages] = d->count = n;
done:
  cm__free(all);
  cm__free(root);
  cm__free(begin);
  cm__free(at);
  cm__free(up);
  return status;
}

/* ---- the object ------------------------------------------------------------------------- */

cm_status cm__dynamic_new(const cm_locate *p, cm__dynamic **out, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  cm__dynamic *d = NULL;
  cm_status status = CM_OK;
  size_t cells, edges = q->arcs + q->joins;
  CM__TRY(cm__size3(q->places, q->operators, 1, "placement", &cells, err));
  CM__TRY(cm__alloc(1, sizeof *d, "placement", &d, err));
  d->p = p, d->exact = true;
  CM__TRY(cm__alloc(edges, sizeof *d->links, "placement", &d->links, err));
  CM__TRY(cm__alloc(q->stages, sizeof *d->order, "placement", &d->order, err));
  CM__TRY(cm__alloc(q->stages + 1, sizeof *d->links_begin, "placement", &d->links_begin, err));
  CM__TRY(cm__alloc(q->stages, sizeof *d->top, "placement", &d->top, err));
  CM__TRY(cm__alloc(q->options, sizeof *d->value, "placement", &d->value, err));
  CM__TRY(cm__alloc(3 * cells, sizeof *d->best, "placement", &d->best, err));
  d->passed = d->best + cells, d->work = d->passed + cells;
  if (q->compounding)
    links_of_value(d);
  else
    CM__TRY(links_of_sum(d, err));
  *out = d;
  d = NULL;
done:
  cm__dynamic_release(d);
  return status;
}

void cm__dynamic_release(cm__dynamic *d) {
  if (!d) return;
  cm__free(d->links);
  cm__free(d->order);
  cm__free(d->links_begin);
  cm__free(d->top);
  cm__free(d->value);
  cm__free(d->best);
  cm__free(d);
}

bool cm__dynamic_exact(const cm__dynamic *d) { return d->exact; }

/* ---- one pass ------------------------------------------------------------------------------ */

/* What a link adds between two options: to the value that arrives, given that at `from`. */
static double over(const cm__dynamic *d, const link *l, size_t o_from, size_t o_to, double value,
                   double weight) {
  const cm_locate_parts *q = &d->p->parts;
  size_t c0 = q->place[o_from], c1 = q->place[o_to], f0 = q->operator_[o_from],
         f1 = q->operator_[o_to];
  if (l->joined && c0 != c1) return HUGE_VAL;
  if (!l->arc) return value;
  const cm_locate_arc *arc = l->arc;
  if (l->turned) {
    size_t c = c0, f = f0;
    c0 = c1, c1 = c, f0 = f1, f1 = f;
  }
  double add = arc->add == CM_NONE ? 0 : q->place_matrix[arc->add][c0 * q->places + c1];
  double face =
      arc->interface == CM_NONE ? 0 : q->operator_matrix[arc->interface][f0 * q->operators + f1];
  if (!(add < HUGE_VAL) || !(face < HUGE_VAL)) return HUGE_VAL;
  if (!q->compounding) return value + weight * (arc->quantity * add + face);
  double times = arc->times == CM_NONE ? 1 : q->place_matrix[arc->times][c0 * q->places + c1];
  return times < HUGE_VAL ? arc->quantity * (times * value + add) + face : HUGE_VAL;
}

/* Where option o of a stage stands among places, or operators x places where `wide`. */
static size_t cell_of(const cm_locate_parts *q, size_t o, bool wide) {
  return wide ? q->operator_[o] * q->places + q->place[o] : q->place[o];
}

/* The least value at each place (and operator) of a stage's allowed options. */
static void gather(cm__dynamic *d, size_t s, const bool *allowed, bool wide) {
  const cm_locate_parts *q = &d->p->parts;
  size_t cells = wide ? q->operators * q->places : q->places;
  for (size_t k = 0; k < cells; k++) d->best[k] = HUGE_VAL;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (allowed && !allowed[o]) continue;
    double *cell = &d->best[cell_of(q, o, wide)];
    if (d->value[o] < *cell) *cell = d->value[o];
  }
}

/* passed[c] = min over places c' of what comes from c' to c, of one operator. */
static void pass_places(cm__dynamic *d, const link *l, double weight, double *best,
                        double *passed) {
  const cm_locate_parts *q = &d->p->parts;
  size_t n = q->places;
  const cm_locate_arc *arc = l->arc;
  const double *add = arc && arc->add != CM_NONE ? q->place_matrix[arc->add] : NULL;
  const double *times = arc && arc->times != CM_NONE ? q->place_matrix[arc->times] : NULL;
  double scale = !arc ? 0 : q->compounding ? arc->quantity : weight * arc->quantity;
  if (q->compounding && arc)
    for (size_t c = 0; c < n; c++) best[c] *= arc->quantity;
  if (l->joined) {
    for (size_t c = 0; c < n; c++) {
      double x = best[c] * (times ? times[c * n + c] : 1) + (add ? scale * add[c * n + c] : 0);
      passed[c] = best[c] < HUGE_VAL && x < HUGE_VAL ? x : HUGE_VAL;
    }
  } else if (times) {
    cm__min_times(best, times, add, scale, n, n, passed);
  } else if (add && l->turned) {
    cm__min_plus_turned(best, add, scale, n, n, passed);
  } else if (add) {
    cm__min_plus(best, add, scale, n, n, passed);
  } else {
    double least = HUGE_VAL;
    for (size_t c = 0; c < n; c++) least = best[c] < least ? best[c] : least;
    for (size_t c = 0; c < n; c++) passed[c] = least;
  }
}

/* passed[f', c] <- min over operators f of passed[f, c] + interface[f, f']. */
static void pass_operators(cm__dynamic *d, const link *l, double weight) {
  const cm_locate_parts *q = &d->p->parts;
  const double *face = q->operator_matrix[l->arc->interface];
  size_t m = q->operators, n = q->places;
  double scale = q->compounding ? 1 : weight;
  memcpy(d->work, d->passed, n * m * sizeof *d->work);
  for (size_t to = 0; to < m; to++) {
    double *restrict out = d->passed + to * n;
    for (size_t c = 0; c < n; c++) out[c] = HUGE_VAL;
    for (size_t f = 0; f < m; f++) {
      double pay = face[l->turned ? to * m + f : f * m + to];
      if (!(pay < HUGE_VAL)) continue;
      for (size_t c = 0; c < n; c++) {
        double x = d->work[f * n + c] + scale * pay;
        out[c] = x < out[c] ? x : out[c];
      }
    }
  }
}

/* What arrives over link l at each place (and operator); returns whether operators count. */
static bool pass(cm__dynamic *d, const link *l, const bool *allowed, double weight) {
  const cm_locate_parts *q = &d->p->parts;
  bool wide = l->arc && l->arc->interface != CM_NONE;
  gather(d, l->from, allowed, wide);
  for (size_t f = 0; f < (wide ? q->operators : 1); f++)
    pass_places(d, l, weight, d->best + f * q->places, d->passed + f * q->places);
  if (wide) pass_operators(d, l, weight);
  return wide;
}

/* The values of the options of the i-th stage. */
static void take_stage(cm__dynamic *d, size_t i, const bool *allowed, double weight,
                       const double *extra) {
  const cm_locate_parts *q = &d->p->parts;
  size_t s = d->order[i], begin = q->first[s], end = q->first[s + 1];
  cm_aggregator kind = cm__aggregator_of(q, s);
  double power = cm__power_of(q, s), rest = 1;
  for (size_t k = d->links_begin[i]; kind != CM_AGGREGATE_SUM && k < d->links_begin[i + 1]; k++)
    rest -= d->links[k].arc->weight;
  for (size_t o = begin; o < end; o++) {
    double own = (q->compounding ? 1 : weight) * q->cost[o] + (extra ? extra[o] : 0);
    d->value[o] = cm__part_of(kind, fmax(rest, 0), power, own);
  }
  for (size_t k = d->links_begin[i]; k < d->links_begin[i + 1]; k++) {
    const link *l = &d->links[k];
    bool wide = pass(d, l, allowed, weight);
    double w = l->arc ? l->arc->weight : 0;
    for (size_t o = begin; o < end; o++) {
      double x = d->passed[cell_of(q, o, wide)];
      d->value[o] = x < HUGE_VAL ? d->value[o] + cm__part_of(kind, w, power, x) : HUGE_VAL;
    }
  }
  if (kind == CM_AGGREGATE_SUM) return;
  for (size_t o = begin; o < end; o++)
    if (d->value[o] < HUGE_VAL) d->value[o] = cm__whole_of(kind, power, d->value[o]);
}

/* The first allowed option of stage s with the least value. */
static size_t least_option(const cm__dynamic *d, size_t s, const bool *allowed) {
  const cm_locate_parts *q = &d->p->parts;
  size_t best = CM_NONE;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
    if (!allowed || allowed[o])
      if (best == CM_NONE || d->value[o] < d->value[best]) best = o;
  return best;
}

/* The first allowed option at the beginning of l with the least of what arrives at option `to`. */
static size_t least_arriving(const cm__dynamic *d, const link *l, size_t to, const bool *allowed,
                             double weight) {
  const cm_locate_parts *q = &d->p->parts;
  size_t best = CM_NONE, begin = q->first[l->from], end = q->first[l->from + 1];
  double least = HUGE_VAL;
  const cm_locate_arc *arc = l->joined ? NULL : l->arc;
  bool plain =
      arc && arc->interface == CM_NONE &&
      (q->compounding ? arc->add == CM_NONE && arc->times != CM_NONE : arc->add != CM_NONE);
  if (plain) { /* as below, without what chains of thousands of stages would feel */
    size_t c = q->place[to], step = l->turned ? 1 : q->places;
    const double *m =
        q->place_matrix[q->compounding ? arc->times : arc->add] + (l->turned ? c * q->places : c);
    double scale = weight * arc->quantity;
    for (size_t o = begin; o < end; o++) {
      double v = d->value[o], y = m[step * q->place[o]], x = q->compounding ? v * y : v + scale * y;
      if (x < least && (!allowed || allowed[o])) least = x, best = o;
    }
  } else {
    for (size_t o = begin; o < end; o++) {
      double x = over(d, l, o, to, d->value[o], weight);
      if (x < least && (!allowed || allowed[o])) least = x, best = o;
    }
  }
  return best != CM_NONE ? best : least_option(d, l->from, allowed);
}

/* Reads the choice off the values, users before their inputs. */
static size_t trace(cm__dynamic *d, const bool *allowed, double weight, size_t *choice) {
  const cm_locate_parts *q = &d->p->parts;
  size_t conflict = CM_NONE;
  for (size_t s = 0; s < q->stages; s++) choice[s] = CM_NONE;
  for (size_t i = q->stages; i-- > 0;) {
    size_t s = d->order[i];
    if (choice[s] == CM_NONE) choice[s] = least_option(d, s, allowed);
    for (size_t k = d->links_begin[i]; k < d->links_begin[i + 1]; k++) {
      const link *l = &d->links[k];
      size_t want = least_arriving(d, l, choice[s], allowed, weight);
      if (choice[l->from] == CM_NONE)
        choice[l->from] = want;
      else if (choice[l->from] != want && conflict == CM_NONE)
        conflict = l->from;
    }
  }
  for (size_t j = 0; j < q->joins && conflict == CM_NONE; j++)
    if (q->place[choice[q->join[2 * j]]] != q->place[choice[q->join[2 * j + 1]]])
      conflict = q->join[2 * j];
  for (size_t k = 0; k < q->ties && conflict == CM_NONE; k++)
    if (cm__barred(q, &q->tie[k], choice[q->tie[k].from], choice[q->tie[k].to]))
      conflict = q->tie[k].from;
  return conflict;
}

double cm__dynamic_run(cm__dynamic *d, const bool *allowed, double weight, const double *extra,
                       size_t *choice, size_t *conflict) {
  const cm_locate_parts *q = &d->p->parts;
  double total = 0;
  for (size_t i = 0; i < q->stages; i++) {
    size_t s = d->order[i];
    take_stage(d, i, allowed, weight, extra);
    if (!d->top[s]) continue;
    double least = HUGE_VAL;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      if ((!allowed || allowed[o]) && d->value[o] < least) least = d->value[o];
    total += least;
  }
  if (q->compounding) total *= weight;
  if (choice && total < HUGE_VAL) {
    size_t found = trace(d, allowed, weight, choice);
    if (conflict) *conflict = found;
  }
  return total;
}
