/* Making a placement problem: copies, checks, what every method looks up. */
#include <math.h>
#include <string.h>

#include "locate/internal.h"

/* ---- copies --------------------------------------------------------------------- */

static cm_status copy(size_t n, size_t size, const void *from, void *out_ptr, cm_error *err) {
  void *block;
  *(void **)out_ptr = NULL;
  if (!from && n) return CM_OK;
  cm_status status = cm__alloc(n, size, "placement problem", &block, err);
  if (status != CM_OK) return status;
  if (n) memcpy(block, from, n * size);
  *(void **)out_ptr = block;
  return CM_OK;
}

static cm_status copy_matrices(size_t n, size_t side, const double *const *from,
                               const double *const **out, cm_error *err) {
  double **list;
  *out = NULL;
  cm_status status = cm__alloc(n, sizeof *list, "placement problem", &list, err);
  if (status != CM_OK) return status;
  *out = (const double *const *)list;
  for (size_t m = 0; m < n; m++)
    if ((status = copy(side * side, sizeof **list, from[m], &list[m], err)) != CM_OK) return status;
  return CM_OK;
}

static cm_status copy_parts(const cm_locate_parts *from, cm_locate_parts *to, cm_error *err) {
  cm_status status = CM_OK;
  *to = (cm_locate_parts){0};
  cm_locate_parts all = *from;
#define COPY(field, n) CM__TRY(copy(n, sizeof *from->field, from->field, &to->field, err))
  COPY(first, all.stages + 1);
  COPY(place, all.options);
  COPY(operator_, all.options);
  COPY(cost, all.options);
  COPY(aggregator, all.stages);
  COPY(sigma, all.stages);
  COPY(arc, all.arcs);
  COPY(join, 2 * all.joins);
  COPY(tie, all.ties);
  COPY(facility, all.facilities);
  COPY(point, all.points);
  COPY(need, all.needs);
  COPY(weight, all.measures);
  COPY(lower, all.measures);
  COPY(upper, all.measures);
  COPY(option_entry, all.option_entries);
  COPY(facility_entry, all.facility_entries);
#undef COPY
  to->place_matrices = all.place_matrices;
  CM__TRY(copy_matrices(all.place_matrices, all.places, all.place_matrix, &to->place_matrix, err));
  to->operator_matrices = all.operator_matrices;
  CM__TRY(copy_matrices(all.operator_matrices, all.operators, all.operator_matrix,
                        &to->operator_matrix, err));
  to->compounding = all.compounding;
  to->maximise = all.maximise;
  to->places = all.places, to->operators = all.operators, to->stages = all.stages;
  to->options = all.options, to->arcs = all.arcs, to->joins = all.joins, to->ties = all.ties;
  to->facilities = all.facilities, to->points = all.points, to->needs = all.needs;
  to->measures = all.measures;
  to->option_entries = all.option_entries, to->facility_entries = all.facility_entries;
done:
  return status;
}

static void free_matrices(const double *const *list, size_t n) {
  for (size_t m = 0; list && m < n; m++) cm__free((void *)(uintptr_t)list[m]);
  cm__free((void *)(uintptr_t)list);
}

static void free_parts(cm_locate_parts *q) {
  const void *const blocks[] = {
      q->first,  q->place, q->operator_, q->cost,         q->aggregator,    q->sigma,
      q->arc,    q->join,  q->tie,       q->facility,     q->point,         q->need,
      q->weight, q->lower, q->upper,     q->option_entry, q->facility_entry};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++)
    cm__free((void *)(uintptr_t)blocks[k]);
  free_matrices(q->place_matrix, q->place_matrices);
  free_matrices(q->operator_matrix, q->operator_matrices);
}

/* ---- checks ------------------------------------------------------------------------ */

static cm_status known(size_t index, size_t limit, const char *what, size_t row, cm_error *err) {
  if (index < limit) return CM_OK;
  return cm__fail_at(err, CM_RANGE, row, 0, 0.0, "%s %zu of %zu", what, index + 1, limit);
}

static cm_status check_options(const cm_locate_parts *q, cm_error *err) {
  cm_status status = CM_OK;
  if (!q->measures) return cm__fail(err, CM_INVALID, "a problem needs an objective");
  if (q->first[0] != 0 || q->first[q->stages] != q->options)
    return cm__fail(err, CM_RANGE, "the options of the stages are not 1 to %zu", q->options);
  for (size_t s = 0; s < q->stages; s++)
    if (q->first[s + 1] <= q->first[s])
      return cm__fail_at(err, CM_INVALID, s + 1, 0, 0.0, "stage %zu has no option", s + 1);
  for (size_t o = 0; o < q->options; o++) {
    CM__TRY(known(q->place[o], q->places, "place", o + 1, err));
    CM__TRY(known(q->operator_[o], q->operators, "operator", o + 1, err));
    if (!isfinite(q->cost[o]))
      return cm__fail_at(err, CM_NOT_FINITE, o + 1, 0, 0.0, "the cost of option %zu", o + 1);
    if (q->compounding && q->cost[o] < 0)
      return cm__fail_at(err, CM_INVALID, o + 1, 0, q->cost[o],
                         "the cost of option %zu is %g; value that compounds is not below 0", o + 1,
                         q->cost[o]);
  }
done:
  return status;
}

static cm_status check_matrix(const double *m, size_t n, double least, size_t number,
                              cm_error *err) {
  for (size_t k = 0; k < n * n; k++) {
    if (isnan(m[k]) || m[k] == -HUGE_VAL)
      return cm__fail_at(err, CM_NOT_FINITE, k / n + 1, k % n + 1, 0.0,
                         "matrix %zu holds what is no number", number + 1);
    if (m[k] < least)
      return cm__fail_at(err, CM_INVALID, k / n + 1, k % n + 1, m[k],
                         "matrix %zu holds %g, below %g", number + 1, m[k], least);
  }
  return CM_OK;
}

static cm_status check_arcs(const cm_locate_parts *q, cm_error *err) {
  cm_status status = CM_OK;
  double least = q->compounding ? 0 : -HUGE_VAL;
  for (size_t a = 0; a < q->arcs; a++) {
    const cm_locate_arc *arc = &q->arc[a];
    CM__TRY(known(arc->from, q->stages, "stage", a + 1, err));
    CM__TRY(known(arc->to, q->stages, "stage", a + 1, err));
    if (arc->add != CM_NONE) CM__TRY(known(arc->add, q->place_matrices, "matrix", a + 1, err));
    if (arc->times != CM_NONE) CM__TRY(known(arc->times, q->place_matrices, "matrix", a + 1, err));
    if (arc->interface != CM_NONE)
      CM__TRY(known(arc->interface, q->operator_matrices, "matrix", a + 1, err));
    if (!isfinite(arc->quantity) || arc->quantity <= 0 || !isfinite(arc->weight))
      return cm__fail_at(err, CM_INVALID, a + 1, 0, arc->quantity, "the quantity of arc %zu is %g",
                         a + 1, arc->quantity);
    if (arc->from == arc->to)
      return cm__fail_at(err, CM_INVALID, a + 1, 0, 0.0, "arc %zu leads a stage to itself", a + 1);
    if (arc->times != CM_NONE && !q->compounding)
      return cm__fail_at(err, CM_INVALID, a + 1, 0, 0.0,
                         "arc %zu has ad valorem costs, which an additive problem has not", a + 1);
  }
  for (size_t m = 0; m < q->place_matrices; m++)
    CM__TRY(check_matrix(q->place_matrix[m], q->places, least, m, err));
  for (size_t m = 0; m < q->operator_matrices; m++)
    CM__TRY(check_matrix(q->operator_matrix[m], q->operators, least, m, err));
  for (size_t k = 0; k < 2 * q->joins; k++)
    CM__TRY(known(q->join[k], q->stages, "stage", k / 2 + 1, err));
done:
  return status;
}

static cm_status check_ties(const cm_locate_parts *q, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t k = 0; k < q->ties; k++) {
    const cm_locate_tie *tie = &q->tie[k];
    CM__TRY(known(tie->from, q->stages, "stage", k + 1, err));
    CM__TRY(known(tie->to, q->stages, "stage", k + 1, err));
    CM__TRY(known(tie->pairs, q->place_matrices, "matrix", k + 1, err));
    if (!q->compounding || tie->from == tie->to)
      return cm__fail_at(err, CM_INVALID, k + 1, 0, 0.0,
                         q->compounding ? "tie %zu binds a stage to itself"
                                        : "tie %zu is an arc where costs add up",
                         k + 1);
    for (size_t j = 0; j < k; j++)
      if ((q->tie[j].from == tie->from && q->tie[j].to == tie->to) ||
          (q->tie[j].from == tie->to && q->tie[j].to == tie->from))
        return cm__fail_at(err, CM_INVALID, k + 1, 0, 0.0, "ties %zu and %zu bind the same stages",
                           j + 1, k + 1);
    for (size_t i = 0; i < q->places * q->places; i++)
      if (q->place_matrix[tie->pairs][i] != 0 && q->place_matrix[tie->pairs][i] != HUGE_VAL)
        return cm__fail_at(err, CM_INVALID, k + 1, i + 1, q->place_matrix[tie->pairs][i],
                           "tie %zu has a pair that costs %g", k + 1,
                           q->place_matrix[tie->pairs][i]);
  }
done:
  return status;
}

static cm_status check_points(const cm_locate_parts *q, size_t f, cm_error *err) {
  const cm_locate_facility *y = &q->facility[f];
  double volume = 0, cost = 0, slope = HUGE_VAL;
  if (y->first_point > q->points || y->points > q->points - y->first_point)
    return cm__fail_at(err, CM_RANGE, f + 1, 0, 0.0, "the points of facility %zu", f + 1);
  for (size_t k = y->first_point; k < y->first_point + y->points; k++) {
    double next = (q->point[k].cost - cost) / (q->point[k].volume - volume);
    if (!(q->point[k].volume > volume) || !isfinite(next) || !(next >= 0) ||
        next > slope + 1e-12 * fabs(slope))
      return cm__fail_at(err, CM_INVALID, f + 1, 0, q->point[k].volume,
                         "the cost of facility %zu is not concave in volume at %g", f + 1,
                         q->point[k].volume);
    volume = q->point[k].volume, cost = q->point[k].cost, slope = next;
  }
  return CM_OK;
}

static cm_status check_facilities(const cm_locate_parts *q, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t f = 0; f < q->facilities; f++) {
    const cm_locate_facility *y = &q->facility[f];
    if (!isfinite(y->fixed) || y->fixed < 0 || !(y->capacity >= 0))
      return cm__fail_at(err, CM_INVALID, f + 1, 0, y->fixed,
                         "facility %zu costs %g and has the capacity %g", f + 1, y->fixed,
                         y->capacity);
    if (y->parent != CM_NONE) CM__TRY(known(y->parent, f, "parent facility", f + 1, err));
    CM__TRY(check_points(q, f, err));
  }
  for (size_t k = 0; k < q->needs; k++) {
    CM__TRY(known(q->need[k].option, q->options, "option", k + 1, err));
    CM__TRY(known(q->need[k].facility, q->facilities, "facility", k + 1, err));
    if (!isfinite(q->need[k].volume) || q->need[k].volume < 0)
      return cm__fail_at(err, CM_INVALID, k + 1, 0, q->need[k].volume, "the volume of need %zu",
                         k + 1);
  }
done:
  return status;
}

static cm_status check_entries(const cm_locate_parts *q, const cm_locate_entry *list, size_t n,
                               size_t limit, const char *what, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t k = 0; k < n; k++) {
    CM__TRY(known(list[k].measure, q->measures, "measure", k + 1, err));
    CM__TRY(known(list[k].index, limit, what, k + 1, err));
    if (!isfinite(list[k].value))
      return cm__fail_at(err, CM_NOT_FINITE, k + 1, 0, 0.0, "entry %zu of a measure", k + 1);
  }
done:
  return status;
}

static cm_status check_measures(const cm_locate_parts *q, cm_error *err) {
  for (size_t r = 0; r < q->measures; r++) {
    if (!isfinite(q->weight[r]) || isnan(q->lower[r]) || isnan(q->upper[r]))
      return cm__fail_at(err, CM_NOT_FINITE, r + 1, 0, 0.0, "measure %zu", r + 1);
    if (r == 0 ? (q->maximise ? q->weight[0] > 0 : q->weight[0] < 0)
               : (q->weight[r] < 0 && q->upper[r] < HUGE_VAL) ||
                     (q->weight[r] > 0 && q->lower[r] > -HUGE_VAL))
      return cm__fail_at(err, CM_INVALID, r + 1, 0, q->weight[r],
                         "measure %zu would gain from a higher total cost", r + 1);
  }
  return CM_OK;
}

/* ---- what is looked up ---------------------------------------------------------------- */

/* Sorts n items by option, keeping their order: begin has options + 1 places. */
static cm_status sort_by_option(size_t n, size_t size, size_t options, size_t offset, void *items,
                                size_t **begin, cm_error *err) {
  char *sorted = NULL, *list = items;
  cm_status status = cm__alloc(options + 2, sizeof **begin, "placement problem", begin, err);
  if (status == CM_OK) status = cm__alloc_raw(n, size, "placement problem", &sorted, err);
  if (status != CM_OK) return status;
  size_t *at = *begin + 1;
#define OPTION_OF(k) (*(const size_t *)(const void *)(list + (k)*size + offset))
  for (size_t k = 0; k < n; k++) at[OPTION_OF(k) + 1]++;
  for (size_t o = 0; o < options; o++) at[o + 1] += at[o];
  for (size_t k = 0; k < n; k++) memcpy(sorted + size * at[OPTION_OF(k)]++, list + k * size, size);
#undef OPTION_OF
  if (n) memcpy(items, sorted, n * size);
  cm__free(sorted);
  return CM_OK;
}

/* The graph of the arcs; where value compounds it must have an order. */
static cm_status make_graph(cm_locate *p, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  cm_arc *list = NULL;
  size_t circle;
  cm_status status;
  CM__TRY(cm__alloc(q->arcs, sizeof *list, "placement problem", &list, err));
  for (size_t a = 0; a < q->arcs; a++)
    list[a] = (cm_arc){q->arc[a].from, q->arc[a].to, q->arc[a].quantity};
  CM__TRY(cm_chain_new(q->stages, list, q->arcs, &p->graph, err));
  cm_chain_circle(p->graph, &circle);
  if (circle && q->compounding)
    status = cm__fail(err, CM_INVALID, "%zu stages use each other in a circle", circle);
done:
  cm__free(list);
  return status;
}

static cm_status look_up(cm_locate *p, cm_error *err) {
  cm_locate_parts *q = &p->parts;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->options, sizeof *p->stage, "placement problem", &p->stage, err));
  for (size_t s = 0; s < q->stages; s++)
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) p->stage[o] = s;
  CM__TRY(make_graph(p, err));
  CM__TRY(sort_by_option(q->option_entries, sizeof *q->option_entry, q->options,
                         offsetof(cm_locate_entry, index), (void *)(uintptr_t)q->option_entry,
                         &p->entry_begin, err));
  CM__TRY(sort_by_option(q->needs, sizeof *q->need, q->options, offsetof(cm_locate_need, option),
                         (void *)(uintptr_t)q->need, &p->need_begin, err));
done:
  return status;
}

/* ---- the object --------------------------------------------------------------------------- */

cm_status cm_locate_new(const cm_locate_parts *parts, cm_locate **out, cm_error *err) {
  cm_locate *p = NULL;
  cm_status status = CM_OK;
  CM__TRY(check_options(parts, err));
  CM__TRY(check_arcs(parts, err));
  CM__TRY(check_ties(parts, err));
  CM__TRY(check_facilities(parts, err));
  CM__TRY(check_entries(parts, parts->option_entry, parts->option_entries, parts->options, "option",
                        err));
  CM__TRY(check_entries(parts, parts->facility_entry, parts->facility_entries, parts->facilities,
                        "facility", err));
  CM__TRY(check_measures(parts, err));
  CM__TRY(cm__alloc(1, sizeof *p, "placement problem", &p, err));
  atomic_init(&p->refs, 1);
  CM__TRY(copy_parts(parts, &p->parts, err));
  CM__TRY(look_up(p, err));
  *out = p;
  p = NULL;
done:
  cm_locate_release(p);
  return status;
}

cm_locate *cm_locate_retain(cm_locate *p) {
  atomic_fetch_add(&p->refs, 1);
  return p;
}

void cm_locate_release(cm_locate *p) {
  if (!p || atomic_fetch_sub(&p->refs, 1) != 1) return;
  free_parts(&p->parts);
  cm__free(p->stage);
  cm_chain_release(p->graph);
  cm__free(p->entry_begin);
  cm__free(p->need_begin);
  cm__free(p);
}

const cm_locate_parts *cm_locate_parts_of(const cm_locate *p) { return &p->parts; }
