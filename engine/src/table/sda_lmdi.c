/* Additive LMDI: every product w_i L_ij y_js apart, its change shared out by the
 * logarithms of its factors (Ang 2004, 2005). */
#include <math.h>

#include "table/sda.h"

/* A factor in both tables and the logarithm of its ratio, where it keeps its sign. */
typedef struct pair {
  double old, new, log;
  bool smooth;
} pair;

static pair make_pair(double old, double new) {
  pair p = {old, new, 0.0, old *new > 0.0};
  if (p.smooth) p.log = log(new / old);
  return p;
}

/* Final demand of node j in destination s: level, mix and sourcing, or itself. */
typedef struct demand {
  size_t parts, columns;
  pair *at; /* parts x n x columns */
} demand;

static cm_status aggregate_demand(const cm_sda *sda, const cm_matrix *const d[2], demand *out,
                                  cm_error *err) {
  size_t n = sda->from->n;
  cm_status status = cm__alloc(n, sizeof *out->at, "final demand", &out->at, err);
  if (status != CM_OK) return status;
  out->parts = out->columns = 1;
  for (size_t i = 0; i < n; i++) {
    double sum[2] = {0.0, 0.0};
    for (int p = 0; p < 2; p++)
      for (size_t r = 0; r < d[p]->d.cols; r++) sum[p] += cm_matrix_at(d[p], i, r);
    out->at[i] = make_pair(sum[0], sum[1]);
  }
  return CM_OK;
}

static cm_status split_demand(const cm_sda *sda, const cm_matrix *const d[2], demand *out,
                              cm_error *err) {
  const cm_table *t = sda->from;
  cm__split s = {0};
  size_t cells;
  cm_status status;
  out->parts = 3;
  out->columns = t->g;
  CM__TRY(cm__size3(t->n, t->g, 3, "final demand", &cells, err));
  CM__TRY(cm__alloc(cells, sizeof *out->at, "final demand", &out->at, err));
  CM__TRY(cm__split_new(t->g, t->n_sectors, &s, err));
  for (size_t r = 0; r < t->g; r++) {
    cm__split_column(&s, cm__at(d[0]->d, 0, r), cm__at(d[1]->d, 0, r));
    for (size_t i = 0; i < t->n; i++) {
      pair *at = out->at + 3 * (r * t->n + i);
      size_t k = i % t->n_sectors;
      bool odd = s.odd[k];
      at[0] = odd ? make_pair(1.0, 1.0) : make_pair(s.level[0], s.level[1]);
      at[1] =
          odd ? make_pair(1.0, 1.0) : make_pair(cm__split_mix(&s, k, 0), cm__split_mix(&s, k, 1));
      at[2] =
          odd ? make_pair(s.column[0][i], s.column[1][i]) : make_pair(s.share[0][i], s.share[1][i]);
    }
  }
done:
  cm__split_release(&s);
  return status;
}

/* Shares the change of a product of factors out among them. */
static void share_out(const pair *const *factor, size_t m, double *effect) {
  double old = 1.0, new = 1.0, logs = 0.0;
  size_t broken = 0;
  for (size_t k = 0; k < m; k++) {
    old *= factor[k]->old;
    new *= factor[k]->new;
    logs += factor[k]->log;
    broken += !factor[k]->smooth;
  }
  if (old == 0.0 && new == 0.0) return;
  double change = new - old;
  if (broken) {
    for (size_t k = 0; k < m; k++)
      if (!factor[k]->smooth) effect[k] += change / (double)broken;
    return;
  }
  double mean = logs == 0.0 ? old : change / logs; /* the logarithmic mean */
  for (size_t k = 0; k < m; k++) effect[k] += mean * factor[k]->log;
}

/* All products of one element of L. */
static void element(const pair *w, const pair *l, const demand *y, size_t n, size_t j,
                    double *effect) {
  const pair *factor[5];
  size_t m = 0;
  if (w) factor[m++] = w;
  factor[m++] = l;
  for (size_t r = 0; r < y->columns; r++) {
    const pair *at = y->at + y->parts * (r * n + j);
    for (size_t k = 0; k < y->parts; k++) factor[m + k] = at + k;
    share_out(factor, m + y->parts, effect);
  }
}

static cm_status make_weights(const cm_sda *sda, pair **out, cm_error *err) {
  size_t n = sda->from->n;
  if (!sda->from_weights) return CM_OK;
  cm_status status = cm__alloc(n, sizeof **out, "weights", out, err);
  for (size_t i = 0; status == CM_OK && i < n; i++)
    (*out)[i] =
        make_pair(cm_matrix_at(sda->from_weights, 0, i), cm_matrix_at(sda->to_weights, 0, i));
  return status;
}

cm_status cm__sda_lmdi(const cm_sda *sda, size_t first, const cm_job *job, cm__dense out,
                       cm_error *err) {
  const cm_matrix *d[2], *l[2];
  cm_table *t[2] = {sda->from, sda->to};
  size_t n = sda->from->n;
  demand y = {0};
  pair *w = NULL;
  cm_status status;
  for (int p = 0; p < 2; p++) {
    CM__TRY(cm__table_part(t[p], CM_PART_D, job, &d[p], err));
    CM__TRY(cm__table_part(t[p], CM_PART_L, job, &l[p], err));
  }
  CM__TRY((sda->split_final ? split_demand : aggregate_demand)(sda, d, &y, err));
  CM__TRY(make_weights(sda, &w, err));
  for (size_t j = 0; j < n; j++) {
    CM__TRY(cm_job_step(job, "decomposing a change", (double)j, (double)n, err));
    for (size_t i = 0; i < n; i++) {
      size_t g = sda->by.group[i];
      double effect[5] = {0.0};
      if (g == CM_NOT_FOUND) continue;
      pair ratio = make_pair(cm_matrix_at(l[0], i, j), cm_matrix_at(l[1], i, j));
      element(w ? w + i : NULL, &ratio, &y, n, j, effect);
      for (size_t k = 0; first + k < out.cols; k++) *cm__at(out, g, first + k) += effect[k];
    }
  }
done:
  cm__free(y.at);
  cm__free(w);
  return status;
}
