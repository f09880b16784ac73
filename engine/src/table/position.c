/* Measures of nodes: upstreamness, downstreamness, production lengths, and
 * participation by value added, by final output and by gross output. */
#include <string.h>

#include "capmod/position.h"
#include "table/accounts.h"

/* The columns, in the order of CM_MEASURE_LIST. */
enum {
  UP,
  DOWN,
  OUTPUT,
  FINAL,
  VALUE,
  EXPORTED,
  F_HOME,
  F_TRADE,
  F_SIMPLE,
  F_COMPLEX,
  F_HOME_L,
  F_TRADE_L,
  F_DOM_L,
  F_ABROAD_L,
  B_HOME,
  B_TRADE,
  B_SIMPLE,
  B_COMPLEX,
  B_HOME_L,
  B_TRADE_L,
  B_DOM_L,
  B_ABROAD_L,
  X_HOME,
  X_FORWARD,
  X_BACKWARD,
  X_IMPORTED,
  X_DOMESTIC,
  MEASURES
};

typedef struct work {
  double *block;
  double *yd, *ym;           /* final output for home and for others */
  double *ld, *lm;           /* L yd, L ym */
  double *le, *q, *lq;       /* L_rr E_r; A_m le; L A_m le */
  double *sent, *rest;       /* L A_m x; x - L yd, then L A_m of it */
  double *bx, *sent_bx;      /* B x; L A_m B x */
  double *vll, *in, *simple; /* v L L; u A_m L = v (B - L); v L A_m L */
  double *complex;           /* v (B - L) A_m L */
  double *room;
  cm_matrix *later; /* 2 x n: v L L A_m B; v (B - L) B */
} work;

static cm_status work_new(const cm__accounts *a, work *w, cm_error *err) {
  double **const to[] = {&w->yd, &w->ym,     &w->ld,      &w->lm,  &w->le,      &w->q,
                         &w->lq, &w->sent,   &w->rest,    &w->bx,  &w->sent_bx, &w->vll,
                         &w->in, &w->simple, &w->complex, &w->room};
  size_t count = sizeof to / sizeof *to;
  cm_status status = cm__alloc(a->n * count, sizeof(double), "positions", &w->block, err);
  for (size_t i = 0; status == CM_OK && i < count; i++) *to[i] = w->block + i * a->n;
  return status;
}

static void fill_demand(const cm__accounts *a, work *w) {
  for (size_t s = 0; s < a->k; s++)
    for (size_t i = a->first[s]; i < a->first[s + 1]; i++) {
      w->yd[i] = a->y[s * a->n + i];
      w->ld[i] = a->ly[s * a->n + i];
      for (size_t r = 0; r < a->k; r++) {
        w->le[i] += a->e[r * a->n + i];
        if (r != s) {
          w->ym[i] += a->y[r * a->n + i];
          w->lm[i] += a->ly[r * a->n + i];
        }
      }
    }
}

/* What is sold on: forward. */
static cm_status fill_forward(cm__accounts *a, work *w, const cm_job *job, cm_error *err) {
  cm_matrix *x = NULL, *bx = NULL;
  cm_status status;
  CM__TRY(cm_matrix_from(a->x, a->n, 1, a->n, &x, err));
  CM__TRY(cm__accounts_solve(a, x, job, &bx, err));
  for (size_t i = 0; i < a->n; i++) {
    w->bx[i] = cm_matrix_at(bx, i, 0);
    w->room[i] = a->x[i] - w->ld[i];
  }
  CM__TRY(cm__sent_on(a, a->x, NULL, w->sent, err));
  CM__TRY(cm__sent_on(a, w->room, NULL, w->rest, err));
  CM__TRY(cm__sent_on(a, w->bx, NULL, w->sent_bx, err));
  CM__TRY(cm__own_solve_all(a, false, w->le, err));
  CM__TRY(cm__sent_out(a, w->le, NULL, w->q, err));
  memcpy(w->lq, w->q, a->n * sizeof *w->lq);
  CM__TRY(cm__own_solve_all(a, false, w->lq, err));
done:
  cm_matrix_release(x);
  cm_matrix_release(bx);
  return status;
}

/* What is bought in: backward. */
static cm_status fill_backward(cm__accounts *a, work *w, const cm_job *job, cm_error *err) {
  cm_matrix *rows = NULL;
  cm_status status;
  memcpy(w->vll, a->vl, a->n * sizeof *w->vll);
  CM__TRY(cm__own_solve_all(a, true, w->vll, err));
  for (size_t i = 0; i < a->n; i++) w->room[i] = 1.0;
  CM__TRY(cm__carried_in(a, w->room, w->in, err));
  CM__TRY(cm__carried_in(a, a->vl, w->simple, err));
  CM__TRY(cm__carried_in(a, w->in, w->complex, err));
  CM__TRY(cm__drawn_in(a, w->vll, w->room, err));
  CM__TRY(cm_matrix_new(2, a->n, &rows, err));
  for (size_t i = 0; i < a->n; i++) {
    *cm__at(rows->d, 0, i) = w->room[i];
    *cm__at(rows->d, 1, i) = w->in[i];
  }
  CM__TRY(cm__accounts_times(a, rows, job, &w->later, err));
done:
  cm_matrix_release(rows);
  return status;
}

static void set(cm__dense out, size_t column, size_t i, double value) {
  *cm__at(out, i, column) = value;
}

static cm_status put_forward(const cm__accounts *a, work *w, cm__dense out, cm_error *err) {
  double *const lengths[] = {w->ld, w->lm, w->sent};
  cm_status status = CM_OK;
  for (size_t i = 0; i < a->n; i++) {
    double v = a->v[i];
    set(out, EXPORTED, i, v * w->le[i]);
    set(out, F_HOME, i, v * w->ld[i]);
    set(out, F_TRADE, i, v * w->lm[i]);
    set(out, F_COMPLEX, i, v * w->rest[i]);
    set(out, F_SIMPLE, i, v * (w->sent[i] - w->rest[i]));
    set(out, F_ABROAD_L, i, v * w->sent_bx[i]);
    set(out, X_HOME, i, a->vl[i] * w->yd[i]);
    set(out, X_FORWARD, i, a->vl[i] * w->q[i]);
    set(out, X_DOMESTIC, i, a->vl[i] * (w->lq[i] - w->q[i]));
    double back = w->in[i] * (w->yd[i] + w->ym[i]) - w->simple[i] * w->yd[i];
    set(out, X_BACKWARD, i, back);
    set(out, X_IMPORTED, i, w->in[i] * a->x[i] - w->simple[i] * (w->ld[i] - w->yd[i]) - back);
  }
  for (size_t q = 0; q < 3; q++) {
    CM__TRY(cm__own_solve_all(a, false, lengths[q], err));
    for (size_t i = 0; i < a->n; i++) set(out, F_HOME_L + q, i, a->v[i] * lengths[q][i]);
  }
done:
  return status;
}

static void put_backward(const cm__accounts *a, const work *w, cm__dense out) {
  for (size_t i = 0; i < a->n; i++) {
    double yd = w->yd[i], ym = w->ym[i], y = yd + ym;
    double home = cm_matrix_at(w->later, 0, i), abroad = cm_matrix_at(w->later, 1, i);
    set(out, UP, i, w->bx[i] * a->rx[i]);
    set(out, DOWN, i, w->vll[i] + home + abroad);
    set(out, OUTPUT, i, a->x[i]);
    set(out, FINAL, i, y);
    set(out, VALUE, i, a->v[i] * a->x[i]);
    set(out, B_HOME, i, a->vl[i] * yd);
    set(out, B_TRADE, i, a->vl[i] * ym);
    set(out, B_SIMPLE, i, w->simple[i] * yd);
    set(out, B_COMPLEX, i, w->in[i] * ym + w->complex[i] * yd);
    set(out, B_HOME_L, i, w->vll[i] * yd);
    set(out, B_TRADE_L, i, w->vll[i] * ym);
    set(out, B_DOM_L, i, home * y);
    set(out, B_ABROAD_L, i, abroad * y);
  }
}

cm_status cm_table_position(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err) {
#define MEASURE_NAME(name, text) name,
  static const char *const names[] = {CM_MEASURE_LIST(MEASURE_NAME)};
#undef MEASURE_NAME
  _Static_assert(sizeof names / sizeof *names == MEASURES, "a column a measure");
  cm__accounts *a = NULL;
  cm_matrix *m = NULL;
  work w = {0};
  cm_status status;
  CM__TRY(cm__accounts_of(t, (cm_grouping){NULL, NULL}, job, &a, err));
  CM__TRY(work_new(a, &w, err));
  fill_demand(a, &w);
  CM__TRY(fill_forward(a, &w, job, err));
  CM__TRY(fill_backward(a, &w, job, err));
  CM__TRY(cm__sums_new(a->n, names, MEASURES, &m, err));
  put_backward(a, &w, m->d);
  CM__TRY(put_forward(a, &w, m->d, err));
  CM__TRY(cm_matrix_axis_set(m, CM_ROWS, t->nodes, err));
  *out = m;
  m = NULL;
done:
  cm__free(w.block);
  cm_matrix_release(w.later);
  cm_matrix_release(m);
  return status;
}

cm_status cm_table_mirrored(const cm_table *t, const cm_matrix *m, cm_matrix **out, cm_error *err) {
  cm_matrix *mirrored = NULL;
  size_t count = t->n_sectors;
  cm_status status;
  if (m->d.rows != t->n || m->d.cols != t->g)
    return cm__fail(err, CM_SHAPE, "%zu x %zu, where nodes by countries, %zu x %zu, are due",
                    m->d.rows, m->d.cols, t->n, t->g);
  CM__TRY(cm__matrix_raw(t->n, t->g, "a mirrored matrix", &mirrored, err));
  for (size_t r = 0; r < t->g; r++)
    for (size_t i = 0; i < t->n; i++)
      *cm__at(mirrored->d, i, r) = cm_matrix_at(m, r * count + i % count, i / count);
  cm__matrix_label(mirrored, t->nodes, t->countries);
  *out = mirrored;
done:
  return status;
}
