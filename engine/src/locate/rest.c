#include "locate/rest.h"

#include <string.h>

static const char what[] = "rest of a placement";

/* While it is made. */
typedef struct making {
  const cm_locate *p;
  const size_t *plan;
  const bool *moves;
  cm__rest *x;
  cm_locate_parts parts; /* of arrays that are freed at the end, but for the matrices */
  size_t *number;        /* of each stage that moves; of each option that is left; else CM_NONE */
  size_t *option_number, *first, *place, *operator_, *matrix;
  double *cost, *volume, *weight, *lower, *upper;
  bool *used;              /* of each facility: by what stands */
  size_t *facility_number; /* of each that options that are left need, or of one that opens with
                              such a one; else CM_NONE */
  cm_locate_arc *arc;
  size_t *join;
  cm_locate_facility *facility;
  cm_locate_point *point;
  cm_locate_need *need;
  cm_locate_entry *option_entry, *facility_entry;
  const double **place_matrix;
  double stands; /* cost of what stands */
} making;

/* ---- what stands -------------------- */

/* Facilities of stages that stand, and what such stages, their arcs and facilities cost. */
static void let_stand(making *m) {
  const cm_locate *p = m->p;
  const cm_locate_parts *q = &p->parts;
  for (size_t s = 0; s < q->stages; s++) {
    if (m->moves[s]) continue;
    size_t o = m->plan[s];
    m->stands += q->cost[o];
    for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
      m->used[q->need[k].facility] = true;
      m->volume[q->need[k].facility] += q->need[k].volume;
    }
  }
  for (size_t a = 0; a < q->arcs; a++)
    if (!m->moves[q->arc[a].from] && !m->moves[q->arc[a].to])
      m->stands += cm__arc_cost(q, &q->arc[a], m->plan[q->arc[a].from], m->plan[q->arc[a].to]);
  for (size_t f = q->facilities; f-- > 0;) {
    if (!m->used[f]) continue;
    if (q->facility[f].parent != CM_NONE) m->used[q->facility[f].parent] = true;
    m->stands += cm__facility_cost(q, f, m->volume[f]);
  }
}

/* ---- what moves -------------------- */

/* The cost of option o of stage s with its arcs to stages that stand; HUGE_VAL: it does not go
 * with them. */
static double cost_beside(const making *m, size_t s, size_t o) {
  const cm_locate_parts *q = &m->p->parts;
  const cm_chain *g = m->p->graph;
  double x = q->cost[o];
  for (size_t i = 0; i < cm__degree(g, s); i++) {
    const cm_locate_arc *arc = &q->arc[cm__arc_at(g, s, i)];
    size_t other = arc->from == s ? arc->to : arc->from;
    if (m->moves[other]) continue;
    x += arc->from == s ? cm__arc_cost(q, arc, o, m->plan[other])
                        : cm__arc_cost(q, arc, m->plan[other], o);
  }
  return x;
}

static void take_options(making *m, const bool *allowed) {
  const cm_locate_parts *q = &m->p->parts;
  cm__rest *x = m->x;
  x->started = true;
  for (size_t s = 0; s < q->stages; s++) {
    m->number[s] = CM_NONE;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) m->option_number[o] = CM_NONE;
    if (!m->moves[s]) continue;
    size_t before = x->options;
    m->first[x->stages] = before, x->start[x->stages] = CM_NONE;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      double cost = allowed[o] ? cost_beside(m, s, o) : HUGE_VAL;
      if (!(cost < HUGE_VAL)) continue;
      size_t n = x->options++;
      m->option_number[o] = n, x->option[n] = o;
      m->place[n] = q->place[o], m->operator_[n] = q->operator_[o], m->cost[n] = cost;
      if (o == m->plan[s]) x->start[x->stages] = n;
    }
    x->started = x->started && x->start[x->stages] != CM_NONE;
    x->empty = x->empty || x->options == before;
    m->number[s] = x->stages, x->stage[x->stages++] = s;
  }
  m->first[x->stages] = x->options;
}

static void take_arcs(making *m) {
  const cm_locate_parts *q = &m->p->parts;
  cm_locate_parts *to = &m->parts;
  for (size_t k = 0; k < q->place_matrices; k++) m->matrix[k] = CM_NONE;
  for (size_t a = 0; a < q->arcs; a++) {
    cm_locate_arc arc = q->arc[a];
    if (!m->moves[arc.from] || !m->moves[arc.to]) continue;
    arc.from = m->number[arc.from], arc.to = m->number[arc.to];
    if (arc.add != CM_NONE && m->matrix[arc.add] == CM_NONE) {
      m->place_matrix[to->place_matrices] = q->place_matrix[arc.add];
      m->matrix[arc.add] = to->place_matrices++;
    }
    if (arc.add != CM_NONE) arc.add = m->matrix[arc.add];
    m->arc[to->arcs++] = arc;
  }
  for (size_t j = 0; j < q->joins; j++) {
    size_t a = q->join[2 * j], b = q->join[2 * j + 1];
    if (!m->moves[a] || !m->moves[b]) continue;
    m->join[2 * to->joins] = m->number[a], m->join[2 * to->joins + 1] = m->number[b];
    to->joins++;
  }
}

/* The rest of a facility's cost of volume, from what is used on; kept concave where differences
 * have lost their digits. */
static void take_points(making *m, size_t f, cm_locate_facility *to) {
  const cm_locate_parts *q = &m->p->parts;
  const cm_locate_facility *y = &q->facility[f];
  double from = m->volume[f], cost = cm__facility_cost(q, f, from) - y->fixed, slope = HUGE_VAL;
  cm_locate_point before = {0};
  to->first_point = m->parts.points, to->points = 0;
  for (size_t k = 0; k < y->points; k++) {
    cm_locate_point at = q->point[y->first_point + k];
    bool passed = at.volume <= from * (1 + 1e-9), last = k + 1 == y->points;
    if (passed && !last) continue;
    if (passed) /* along the last line */
      at.volume = 2 * from, at.cost = cm__facility_cost(q, f, at.volume) - y->fixed;
    at.volume -= from, at.cost = fmax(before.cost, at.cost - cost);
    at.cost = fmin(at.cost, before.cost + slope * (at.volume - before.volume));
    slope = (at.cost - before.cost) / (at.volume - before.volume);
    m->point[m->parts.points++] = before = at;
    to->points++;
  }
}

static void take_facilities(making *m) {
  const cm_locate *p = m->p;
  const cm_locate_parts *q = &p->parts;
  cm_locate_parts *to = &m->parts;
  size_t *number = m->facility_number;
  for (size_t f = 0; f < q->facilities; f++) number[f] = CM_NONE;
  for (size_t k = 0; k < q->needs; k++) {
    cm_locate_need need = q->need[k];
    need.option = m->option_number[need.option];
    if (need.option == CM_NONE) continue;
    for (size_t f = need.facility; f != CM_NONE; f = q->facility[f].parent) number[f] = 0;
    m->need[to->needs++] = need;
  }
  for (size_t f = 0; f < q->facilities; f++) {
    if (number[f] == CM_NONE) continue;
    cm_locate_facility y = q->facility[f];
    if (m->used[f]) y.fixed = 0, y.capacity = fmax(0, y.capacity - m->volume[f]);
    if (y.parent != CM_NONE) y.parent = number[y.parent];
    take_points(m, f, &y);
    m->facility[number[f] = to->facilities++] = y;
  }
  for (size_t k = 0; k < to->needs; k++) m->need[k].facility = number[m->need[k].facility];
}

/* What stands counts in the measures already. */
static void take_measures(making *m) {
  const cm_locate *p = m->p;
  const cm_locate_parts *q = &p->parts;
  cm_locate_parts *to = &m->parts;
  double *counted = m->weight + q->measures;
  for (size_t r = 0; r < q->measures; r++) {
    m->weight[r] = q->weight[r];
    counted[r] = q->weight[r] != 0 ? q->weight[r] * m->stands : 0;
  }
  for (size_t k = 0; k < q->option_entries; k++) {
    cm_locate_entry e = q->option_entry[k];
    size_t s = p->stage[e.index];
    if (!m->moves[s] && m->plan[s] == e.index) counted[e.measure] += e.value;
    e.index = m->option_number[e.index];
    if (e.index != CM_NONE) m->option_entry[to->option_entries++] = e;
  }
  for (size_t k = 0; k < q->facility_entries; k++) {
    cm_locate_entry e = q->facility_entry[k];
    if (m->used[e.index]) {
      counted[e.measure] += e.value;
    } else if ((e.index = m->facility_number[e.index]) != CM_NONE) {
      m->facility_entry[to->facility_entries++] = e;
    }
  }
  for (size_t r = 0; r < q->measures; r++)
    m->lower[r] = q->lower[r] - counted[r], m->upper[r] = q->upper[r] - counted[r];
  m->x->stands = counted[0];
}

/* ---- whole -------------------- */

static cm_status make_room(making *m, cm_error *err) {
  const cm_locate_parts *q = &m->p->parts;
  cm__rest *x = m->x;
  cm_status status;
#define ROOM(list, n) CM__TRY(cm__alloc(n, sizeof *(list), what, &(list), err))
  ROOM(x->stage, q->stages);
  ROOM(x->option, q->options);
  ROOM(x->start, q->stages);
  ROOM(m->number, q->stages);
  ROOM(m->option_number, q->options);
  ROOM(m->first, q->stages + 1);
  ROOM(m->place, q->options);
  ROOM(m->operator_, q->options);
  ROOM(m->matrix, q->place_matrices);
  ROOM(m->cost, q->options);
  ROOM(m->volume, q->facilities);
  ROOM(m->weight, 2 * q->measures);
  ROOM(m->lower, q->measures);
  ROOM(m->upper, q->measures);
  ROOM(m->used, q->facilities);
  ROOM(m->facility_number, q->facilities);
  ROOM(m->arc, q->arcs);
  ROOM(m->join, 2 * q->joins);
  ROOM(m->facility, q->facilities);
  ROOM(m->point, q->points);
  ROOM(m->need, q->needs);
  ROOM(m->option_entry, q->option_entries);
  ROOM(m->facility_entry, q->facility_entries);
  ROOM(m->place_matrix, q->place_matrices);
#undef ROOM
done:
  return status;
}

static void leave_room(making *m) {
  void *const blocks[] = {m->number,    m->option_number, m->first,          m->place,
                          m->operator_, m->matrix,        m->cost,           m->volume,
                          m->weight,    m->lower,         m->upper,          m->used,
                          m->arc,       m->join,          m->facility,       m->point,
                          m->need,      m->option_entry,  m->facility_entry, m->facility_number};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  cm__free((void *)m->place_matrix);
}

cm_status cm__rest_new(const cm_locate *p, const size_t *plan, const bool *moves,
                       const bool *allowed, cm__rest **out, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  making m = {.p = p, .plan = plan, .moves = moves};
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *m.x, what, &m.x, err));
  CM__TRY(make_room(&m, err));
  let_stand(&m);
  take_options(&m, allowed);
  take_arcs(&m);
  take_facilities(&m);
  take_measures(&m);
  m.parts.maximise = q->maximise;
  m.parts.places = q->places, m.parts.operators = q->operators;
  m.parts.stages = m.x->stages, m.parts.options = m.x->options;
  m.parts.measures = q->measures;
  m.parts.operator_matrices = q->operator_matrices, m.parts.operator_matrix = q->operator_matrix;
  m.parts.first = m.first, m.parts.place = m.place, m.parts.operator_ = m.operator_;
  m.parts.cost = m.cost, m.parts.arc = m.arc, m.parts.join = m.join;
  m.parts.place_matrix = m.place_matrix, m.parts.facility = m.facility, m.parts.point = m.point;
  m.parts.need = m.need, m.parts.weight = m.weight, m.parts.lower = m.lower;
  m.parts.upper = m.upper, m.parts.option_entry = m.option_entry;
  m.parts.facility_entry = m.facility_entry;
  if (!m.x->empty) CM__TRY(cm_locate_new(&m.parts, &m.x->problem, err));
  *out = m.x;
  m.x = NULL;
done:
  leave_room(&m);
  cm__rest_release(m.x);
  return status;
}

void cm__rest_release(cm__rest *x) {
  if (!x) return;
  cm_locate_release(x->problem);
  cm__free(x->stage);
  cm__free(x->option);
  cm__free(x->start);
  cm__free(x);
}

void cm__rest_place(const cm__rest *x, const size_t *choice, size_t *whole) {
  for (size_t s = 0; s < x->stages; s++) whole[x->stage[s]] = x->option[choice[s]];
}
