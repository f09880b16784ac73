/* What follows from the order: levels, quantities, the schedule, who depends on whom. */
#include <math.h>
#include <string.h>

#include "chain/graph.h"

cm_status cm_chain_levels(const cm_chain *chain, size_t *level, cm_error *err) {
  cm_status status = cm__chain_ordered(chain, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < chain->stages; i++) {
    size_t s = chain->order[i];
    level[s] = 0;
    for (size_t k = chain->in_begin[s]; k < chain->in_begin[s + 1]; k++) {
      size_t below = level[chain->arc[chain->in[k]].from] + 1;
      if (below > level[s]) level[s] = below;
    }
  }
  return CM_OK;
}

/* Results go to scratch first: a figure may turn out to be too large. */
cm_status cm_chain_quantities(const cm_chain *chain, const double *wanted, double *made,
                              cm_error *err) {
  double *sum = NULL;
  cm_status status;
  CM__TRY(cm__chain_ordered(chain, err));
  CM__TRY(cm__alloc_raw(chain->stages, sizeof *sum, "the quantities of a chain", &sum, err));
  for (size_t i = chain->stages; i-- > 0;) {
    size_t s = chain->order[i];
    sum[s] = wanted[s];
    for (size_t k = chain->out_begin[s]; k < chain->out_begin[s + 1]; k++) {
      const cm_arc *arc = &chain->arc[chain->out[k]];
      sum[s] += arc->quantity * sum[arc->to];
    }
    if (!isfinite(sum[s])) {
      status = cm__fail(err, CM_NOT_FINITE, "the quantity of stage %zu is not finite", s + 1);
      goto done;
    }
  }
  if (chain->stages) memcpy(made, sum, chain->stages * sizeof *sum);
done:
  cm__free(sum);
  return status;
}

/* ---- the schedule ------------------------------------------------------------------ */

static cm_status check_times(const double *time, size_t n, const char *what, cm_error *err) {
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(time[i]))
      return cm__fail(err, CM_NOT_FINITE, "the time of %s %zu is not finite", what, i + 1);
    if (time[i] < 0)
      return cm__fail_at(err, CM_INVALID, 0, 0, time[i], "the time of %s %zu is %g, below 0", what,
                         i + 1, time[i]);
  }
  return CM_OK;
}

/* The earliest starts; before[s] is the input that s waits for longest, plus 1. */
static double start_early(const cm_chain *g, const double *time, const double *delay, double *start,
                          size_t *before) {
  double length = 0;
  for (size_t i = 0; i < g->stages; i++) {
    size_t s = g->order[i];
    start[s] = 0;
    before[s] = 0;
    for (size_t k = g->in_begin[s]; k < g->in_begin[s + 1]; k++) {
      size_t a = g->in[k], input = g->arc[a].from;
      double ready = start[input] + time[input] + (delay ? delay[a] : 0);
      if (before[s] && ready <= start[s]) continue;
      start[s] = ready;
      before[s] = input + 1;
    }
    if (start[s] + time[s] > length) length = start[s] + time[s];
  }
  return length;
}

/* slack = latest start - earliest start. */
static void find_slack(const cm_chain *g, const double *time, const double *delay,
                       const double *start, double length, double *slack) {
  for (size_t i = g->stages; i-- > 0;) {
    size_t s = g->order[i];
    slack[s] = length - time[s] - start[s];
    for (size_t k = g->out_begin[s]; k < g->out_begin[s + 1]; k++) {
      size_t a = g->out[k], user = g->arc[a].to;
      double wait = start[user] - (start[s] + time[s] + (delay ? delay[a] : 0));
      if (slack[user] + wait < slack[s]) slack[s] = slack[user] + wait;
    }
    if (slack[s] < 0) slack[s] = 0; /* rounding */
  }
}

/* The way back from the stage that finishes last; of several the lowest. */
static size_t trace(const cm_chain *g, const double *time, const double *start,
                    const size_t *before, size_t *path) {
  size_t last = 0, n = 0;
  if (!g->stages) return 0;
  for (size_t s = 1; s < g->stages; s++)
    if (start[s] + time[s] > start[last] + time[last]) last = s;
  for (size_t s = last + 1; s; s = before[s - 1]) path[n++] = s - 1;
  for (size_t i = 0; i < n / 2; i++) {
    size_t other = path[i];
    path[i] = path[n - 1 - i];
    path[n - 1 - i] = other;
  }
  return n;
}

cm_status cm_chain_schedule(const cm_chain *chain, const double *time, const double *delay,
                            cm_schedule *out, cm_error *err) {
  size_t *before = NULL;
  cm_status status;
  CM__TRY(cm__chain_ordered(chain, err));
  CM__TRY(check_times(time, chain->stages, "stage", err));
  if (delay) CM__TRY(check_times(delay, chain->arcs, "arc", err));
  CM__TRY(cm__alloc_raw(chain->stages, sizeof *before, "the schedule of a chain", &before, err));
  out->length = start_early(chain, time, delay, out->start, before);
  find_slack(chain, time, delay, out->start, out->length, out->slack);
  out->path_length = trace(chain, time, out->start, before, out->path);
done:
  cm__free(before);
  return status;
}

/* ---- who depends on whom ---------------------------------------------------------------- */

cm_status cm_chain_reach(const cm_chain *chain, const size_t *from, size_t count,
                         cm_direction direction, bool *reached, cm_error *err) {
  bool down = direction == CM_DOWNSTREAM;
  const size_t *begin = down ? chain->out_begin : chain->in_begin;
  const size_t *list = down ? chain->out : chain->in;
  size_t *stack = NULL, n = 0;
  cm_status status;
  CM__TRY(cm__chain_known(chain->stages, from, count, err));
  CM__TRY(cm__alloc_raw(chain->stages, sizeof *stack, "a walk through a chain", &stack, err));
  for (size_t s = 0; s < chain->stages; s++) reached[s] = false;
  for (size_t i = 0; i < count; i++) {
    if (!reached[from[i]]) stack[n++] = from[i];
    reached[from[i]] = true;
  }
  while (n) {
    size_t s = stack[--n];
    for (size_t k = begin[s]; k < begin[s + 1]; k++) {
      const cm_arc *arc = &chain->arc[list[k]];
      size_t next = down ? arc->to : arc->from;
      if (!reached[next]) stack[n++] = next;
      reached[next] = true;
    }
  }
done:
  cm__free(stack);
  return status;
}

/* One bit for each of 64 last stages, from `first` on; returns where it stopped. */
static size_t serve(const cm_chain *g, size_t first, uint64_t *into) {
  size_t bit = 0, s = first;
  memset(into, 0, g->stages * sizeof *into);
  for (; s < g->stages && bit < 64; s++)
    if (g->out_begin[s] == g->out_begin[s + 1]) into[s] = (uint64_t)1 << bit++;
  if (!bit) return g->stages;
  for (size_t i = g->stages; i-- > 0;) {
    size_t from = g->order[i];
    for (size_t k = g->out_begin[from]; k < g->out_begin[from + 1]; k++)
      into[from] |= into[g->arc[g->out[k]].to];
  }
  return s;
}

cm_status cm_chain_serves(const cm_chain *chain, size_t *products, cm_error *err) {
  uint64_t *into = NULL;
  cm_status status;
  CM__TRY(cm__chain_ordered(chain, err));
  CM__TRY(cm__alloc_raw(chain->stages, sizeof *into, "the products of a chain", &into, err));
  for (size_t s = 0; s < chain->stages; s++) products[s] = 0;
  for (size_t first = 0; first < chain->stages;) {
    first = serve(chain, first, into);
    for (size_t s = 0; s < chain->stages; s++) products[s] += (size_t)__builtin_popcountll(into[s]);
  }
done:
  cm__free(into);
  return status;
}
