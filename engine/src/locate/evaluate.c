/* What a choice comes to, from the parts alone: shares no code with any method that solves. */
#include <math.h>

#include "locate/internal.h"

double cm__facility_cost(const cm_locate_parts *q, size_t f, double volume) {
  const cm_locate_facility *y = &q->facility[f];
  double v0 = 0, c0 = 0, v1 = 0, c1 = 0;
  if (!y->points) return y->fixed;
  for (size_t k = y->first_point; k < y->first_point + y->points; k++) {
    v0 = v1, c0 = c1;
    v1 = q->point[k].volume, c1 = q->point[k].cost;
    if (volume <= v1) break;
  }
  return y->fixed + c0 + (c1 - c0) * (volume - v0) / (v1 - v0);
}

/* What arrives over an arc for one unit of its user, given the value of the input. */
static double arrival(const cm_locate_parts *q, const cm_locate_arc *arc, size_t from, size_t to,
                      double value) {
  size_t at = q->place[from] * q->places + q->place[to];
  double sum = arc->add == CM_NONE ? 0 : q->place_matrix[arc->add][at];
  if (q->compounding) sum += (arc->times == CM_NONE ? 1 : q->place_matrix[arc->times][at]) * value;
  sum *= arc->quantity;
  if (arc->interface == CM_NONE) return sum;
  return sum +
         q->operator_matrix[arc->interface][q->operator_[from] * q->operators + q->operator_[to]];
}

/* The value of a stage from its own cost and what arrives. */
static double aggregate(const cm_locate *p, size_t s, double own, const double *arrived) {
  const cm_locate_parts *q = &p->parts;
  cm_aggregator kind = q->aggregator ? q->aggregator[s] : CM_AGGREGATE_SUM;
  double sum = 0, weights = 0, power = 0;
  if (kind == CM_AGGREGATE_CES) power = 1 - (q->sigma ? q->sigma[s] : 0);
  bool geometric = kind == CM_AGGREGATE_COBB_DOUGLAS || (kind == CM_AGGREGATE_CES && power == 0);
  for (size_t k = p->graph->in_begin[s]; k < p->graph->in_begin[s + 1]; k++) {
    size_t a = p->graph->in[k];
    double w = q->arc[a].weight;
    weights += w;
    if (!(arrived[a] < HUGE_VAL)) return HUGE_VAL; /* forbidden, though others could replace it */
    if (kind == CM_AGGREGATE_SUM)
      sum += arrived[a];
    else if (geometric)
      sum += w * log(arrived[a]);
    else
      sum += w * pow(arrived[a], power);
  }
  if (kind == CM_AGGREGATE_SUM) return own + sum;
  if (geometric) return exp(sum + (weights < 1 ? (1 - weights) * log(own) : 0));
  return pow(sum + (weights < 1 ? (1 - weights) * pow(own, power) : 0), 1 / power);
}

/* The total without facilities, additive: every stage and every arc once. */
static double sum_cost(const cm_locate_parts *q, const size_t *choice, double *value) {
  double total = 0;
  for (size_t s = 0; s < q->stages; s++) total += value[s] = q->cost[choice[s]];
  for (size_t a = 0; a < q->arcs; a++)
    total += arrival(q, &q->arc[a], choice[q->arc[a].from], choice[q->arc[a].to], 0);
  return total;
}

/* The same, compounding: the values of the products. */
static double compound_cost(const cm_locate *p, const size_t *choice, double *value,
                            double *arrived) {
  const cm_locate_parts *q = &p->parts;
  const cm_chain *g = p->graph;
  double total = 0;
  for (size_t i = 0; i < q->stages; i++) {
    size_t s = g->order[i];
    for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++) {
      const cm_locate_arc *arc = &q->arc[g->in[k]];
      arrived[g->in[k]] = arrival(q, arc, choice[arc->from], choice[s], value[arc->from]);
    }
    value[s] = aggregate(p, s, q->cost[choice[s]], arrived);
    if (cm__is_product(p, s)) total += value[s];
  }
  return total;
}

/* Opens what the choice needs and its parents; returns what that costs. */
static double open_facilities(const cm_locate *p, const size_t *choice, double *volume,
                              double *violation) {
  const cm_locate_parts *q = &p->parts;
  double total = 0;
  for (size_t f = 0; f < q->facilities; f++) volume[f] = -1;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t k = p->need_begin[choice[s]]; k < p->need_begin[choice[s] + 1]; k++) {
      double *v = &volume[q->need[k].facility];
      *v = fmax(*v, 0) + q->need[k].volume;
    }
  for (size_t f = q->facilities; f-- > 0;) {
    const cm_locate_facility *y = &q->facility[f];
    if (volume[f] < 0) continue;
    if (y->parent != CM_NONE) volume[y->parent] = fmax(volume[y->parent], 0);
    *violation = fmax(*violation, volume[f] - y->capacity);
    total += cm__facility_cost(q, f, volume[f]);
  }
  return total;
}

static void add_measures(const cm_locate *p, const size_t *choice, const double *volume,
                         double cost, double *measure) {
  const cm_locate_parts *q = &p->parts;
  for (size_t r = 0; r < q->measures; r++) measure[r] = q->weight[r] != 0 ? q->weight[r] * cost : 0;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t k = p->entry_begin[choice[s]]; k < p->entry_begin[choice[s] + 1]; k++)
      measure[q->option_entry[k].measure] += q->option_entry[k].value;
  for (size_t k = 0; k < q->facility_entries; k++)
    if (volume[q->facility_entry[k].index] >= 0)
      measure[q->facility_entry[k].measure] += q->facility_entry[k].value;
}

static cm_status check_choice(const cm_locate *p, const size_t *choice, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  for (size_t s = 0; s < q->stages; s++)
    if (choice[s] < q->first[s] || choice[s] >= q->first[s + 1])
      return cm__fail_at(err, CM_RANGE, s + 1, 0, 0.0, "option %zu is none of stage %zu",
                         choice[s] + 1, s + 1);
  return CM_OK;
}

cm_status cm_locate_evaluate(const cm_locate *p, const size_t *choice, cm_locate_sum *out,
                             double *measure, double *volume, double *value, cm_error *err) {
  const cm_locate_parts *q = &p->parts;
  double *work = NULL;
  cm_status status = CM_OK;
  CM__TRY(check_choice(p, choice, err));
  CM__TRY(cm__alloc(q->stages + q->arcs + q->facilities + q->measures, sizeof *work,
                    "evaluation of a plan", &work, err));
  double *v = work, *arrived = v + q->stages, *open = arrived + q->arcs,
         *sums = open + q->facilities;
  cm_locate_sum sum = {0};
  sum.cost = q->compounding ? compound_cost(p, choice, v, arrived) : sum_cost(q, choice, v);
  if (!isfinite(sum.cost)) sum.violation = HUGE_VAL;
  sum.cost += open_facilities(p, choice, open, &sum.violation);
  for (size_t j = 0; j < q->joins; j++)
    if (q->place[choice[q->join[2 * j]]] != q->place[choice[q->join[2 * j + 1]]])
      sum.violation = fmax(sum.violation, 1);
  for (size_t k = 0; k < q->ties; k++)
    if (cm__barred(q, &q->tie[k], choice[q->tie[k].from], choice[q->tie[k].to]))
      sum.violation = HUGE_VAL;
  add_measures(p, choice, open, sum.cost, sums);
  for (size_t r = 1; r < q->measures; r++) {
    double slack = fmax(q->lower[r] - sums[r], sums[r] - q->upper[r]);
    sum.violation = fmax(sum.violation, slack);
  }
  sum.objective = sums[0];
  *out = sum;
  for (size_t s = 0; value && s < q->stages; s++) value[s] = v[s];
  for (size_t f = 0; volume && f < q->facilities; f++) volume[f] = open[f];
  for (size_t r = 0; measure && r < q->measures; r++) measure[r] = sums[r];
done:
  cm__free(work);
  return status;
}
