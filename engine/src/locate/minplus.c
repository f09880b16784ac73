/* Four rows at a time, so that what is the least so far is read and written once for four. */
#include "locate/minplus.h"

#include <math.h>

#include "locate/wide.h"

enum { ROWS = 4 };

/* The next rows whose value is finite, ROWS at most, from *i on; returns how many. */
static size_t next_rows(const double *v, size_t n, size_t *i, size_t *row) {
  size_t count = 0;
  for (; *i < n && count < ROWS; ++*i)
    if (v[*i] < HUGE_VAL) row[count++] = *i;
  return count;
}

WIDE void cm__min_plus(const double *v, const double *m, double scale, size_t n, size_t width,
                       double *restrict out) {
  size_t row[ROWS], i = 0, count;
  for (size_t j = 0; j < width; j++) out[j] = HUGE_VAL;
  while ((count = next_rows(v, n, &i, row))) {
    for (size_t k = count; k < ROWS; k++) row[k] = row[0];
    const double a = v[row[0]], b = v[row[1]], c = v[row[2]], d = v[row[3]];
    const double *restrict ma = m + row[0] * width, *restrict mb = m + row[1] * width,
                           *restrict mc = m + row[2] * width, *restrict md = m + row[3] * width;
    for (size_t j = 0; j < width; j++) {
      double least = out[j], x = a + scale * ma[j], y = b + scale * mb[j], z = c + scale * mc[j],
             w = d + scale * md[j];
      least = LESSER(x, least);
      least = LESSER(y, least);
      least = LESSER(z, least);
      out[j] = LESSER(w, least);
    }
  }
}

WIDE void cm__min_plus_turned(const double *v, const double *m, double scale, size_t n,
                              size_t width, double *restrict out) {
  for (size_t j = 0; j < width; j++) {
    const double *restrict row = m + j * n;
    double least = HUGE_VAL;
    size_t i = 0;
    cm__wide all = {HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL}, other = all;
    for (; i + (size_t)2 * LANES <= n; i += (size_t)2 * LANES) {
      cm__wide x = WIDE_AT(v, i) + scale * WIDE_AT(row, i),
               y = WIDE_AT(v, i + LANES) + scale * WIDE_AT(row, i + LANES);
      all = LESSER_WIDE(x, all), other = LESSER_WIDE(y, other);
    }
    all = LESSER_WIDE(other, all);
    for (; i < n; i++) {
      double x = v[i] + scale * row[i];
      least = LESSER(x, least);
    }
    for (size_t k = 0; k < LANES; k++) least = LESSER(all[k], least);
    out[j] = least;
  }
}

WIDE static void times_only(const double *v, const double *t, size_t n, size_t width,
                            double *restrict out) {
  size_t row[ROWS], i = 0, count;
  while ((count = next_rows(v, n, &i, row))) {
    for (size_t k = count; k < ROWS; k++) row[k] = row[0];
    const double a = v[row[0]], b = v[row[1]], c = v[row[2]], d = v[row[3]];
    const double *restrict ta = t + row[0] * width, *restrict tb = t + row[1] * width,
                           *restrict tc = t + row[2] * width, *restrict td = t + row[3] * width;
    for (size_t j = 0; j < width; j++) {
      double least = out[j], x = a * ta[j], y = b * tb[j], z = c * tc[j], w = d * td[j];
      least = LESSER(x, least);
      least = LESSER(y, least);
      least = LESSER(z, least);
      out[j] = LESSER(w, least);
    }
  }
}

WIDE static void times_and_plus(const double *v, const double *t, const double *m, double scale,
                                size_t n, size_t width, double *restrict out) {
  for (size_t i = 0; i < n; i++) {
    const double a = v[i], *restrict ti = t + i * width, *restrict mi = m + i * width;
    if (!(a < HUGE_VAL)) continue;
    for (size_t j = 0; j < width; j++) {
      double x = a * ti[j] + scale * mi[j];
      out[j] = LESSER(x, out[j]);
    }
  }
}

void cm__min_times(const double *v, const double *t, const double *m, double scale, size_t n,
                   size_t width, double *out) {
  for (size_t j = 0; j < width; j++) out[j] = HUGE_VAL;
  if (m)
    times_and_plus(v, t, m, scale, n, width, out);
  else
    times_only(v, t, n, width, out);
}
