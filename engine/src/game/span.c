#include <math.h>
#include <string.h>

#include "internal.h"

/* Rows of 0 and 1 reduce to fractions of small integers. */
static const double ZERO = 1e-9;

static void reduce(const cm__span *span, cm_coalition s, double *v) {
  for (size_t i = 0; i < span->players; i++) v[i] = (double)cm__has(s, i);
  for (size_t r = 0; r < span->rank; r++) {
    double factor = v[span->lead[r]];
    for (size_t i = 0; factor != 0 && i < span->players; i++) v[i] -= factor * span->row[r][i];
  }
}

static size_t largest(const double *v, size_t n) {
  size_t at = 0;
  for (size_t i = 1; i < n; i++)
    if (fabs(v[i]) > fabs(v[at])) at = i;
  return at;
}

bool cm__span_has(const cm__span *span, cm_coalition s) {
  double v[CM_COALITION_PLAYERS_MAX] = {0};
  reduce(span, s, v);
  return fabs(v[largest(v, span->players)]) < ZERO;
}

bool cm__span_add(cm__span *span, cm_coalition s) {
  double v[CM_COALITION_PLAYERS_MAX] = {0};
  size_t n = span->players;
  reduce(span, s, v);
  size_t lead = largest(v, n);
  double by = v[lead];
  if (fabs(by) < ZERO) return false;
  for (size_t i = 0; i < n; i++) v[i] = fabs(v[i]) < ZERO ? 0 : v[i] / by;
  for (size_t r = 0; r < span->rank; r++) {
    double factor = span->row[r][lead];
    for (size_t i = 0; factor != 0 && i < n; i++) span->row[r][i] -= factor * v[i];
  }
  memcpy(span->row[span->rank], v, n * sizeof *v);
  span->lead[span->rank++] = lead;
  return true;
}

void cm__span_probe(const cm__span *span, double *w) {
  bool leads[CM_COALITION_PLAYERS_MAX] = {false};
  for (size_t r = 0; r < span->rank; r++) leads[span->lead[r]] = true;
  for (size_t i = 0; i < span->players; i++)
    w[i] = leads[i] ? 0 : 1 + fmod((double)(i + 1) * 0.6180339887498949, 1.0);
  for (size_t r = 0; r < span->rank; r++) {
    double sum = 0;
    for (size_t i = 0; i < span->players; i++)
      if (!leads[i]) sum += span->row[r][i] * w[i];
    w[span->lead[r]] = -sum;
  }
}
