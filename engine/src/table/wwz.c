/* Wang, Wei, Zhu (2013): sixteen terms for every flow, with one pass over Z once
 * B is there. In the vectors below, sums over t are over the blocks that the
 * paper's equation names, written with what is formed once for all flows. */
#include <string.h>

#include "table/accounts.h"

/* The vectors that A_sr multiplies. */
enum {
  HOME,    /* B_rr Y_rr */
  THIRD,   /* sum over t != s, r of B_rt Y_tt */
  RE_FIN,  /* B_rr, sum over t != s, r of Y_rt */
  RE_INT,  /* sum over t != s, r of B_rt, over u != s, t of Y_tu */
  BACK,    /* B_rr Y_rs */
  BACK_3,  /* sum over t != s, r of B_rt Y_ts */
  BACK_I,  /* B_rs Y_ss */
  BACK_E,  /* B_rs, sum over t != s of Y_st */
  LY_HOME, /* L_rr Y_rr */
  LY_EXP,  /* L_rr E_r */
  VECTORS
};

enum { TERMS = 16 };

/* Formed once: columns k of n x k arrays, and vectors over n. */
typedef struct work {
  double *block;
  double *bd, *bx; /* n x k: B_rs Y_ss and B_rs Yx_s, Yx_s = sum over t != s of Y_st */
  double *ry;      /* n x k: B_rr Y_rs */
  double *sd, *sx; /* n: sums of bd and bx over s */
  double *le;      /* n: L_rr E_r */
  double *yx;      /* n: Yx */
  double *own, *again, *foreign, *partner; /* widest, ..., k x widest */
  double *room;                            /* n */
  double *w, *p, *terms;
} work;

static cm_status work_new(const cm__accounts *a, work *w, cm_error *err) {
  size_t n = a->n, k = a->k, m = a->widest;
  size_t sizes[] = {n * k, n * k, n * k, n, n,           n,           n,        m,
                    m,     m,     k * m, n, m * VECTORS, m * VECTORS, m * TERMS};
  double **const to[] = {&w->bd,      &w->bx,   &w->ry,  &w->sd,    &w->sx,
                         &w->le,      &w->yx,   &w->own, &w->again, &w->foreign,
                         &w->partner, &w->room, &w->w,   &w->p,     &w->terms};
  size_t total = 0, count = sizeof sizes / sizeof *sizes;
  for (size_t i = 0; i < count; i++) total += sizes[i];
  cm_status status = cm__alloc(total, sizeof(double), "a decomposition", &w->block, err);
  if (status != CM_OK) return status;
  double *at = w->block;
  for (size_t i = 0; i < count; at += sizes[i++]) *to[i] = at;
  return CM_OK;
}

static cm_status block_times(const cm__accounts *a, size_t s, const double *vector, double *to,
                             cm_error *err) {
  size_t m = cm__width(a, s);
  return cm__gemm(1.0, cm__window(a->b, 0, a->n, a->first[s], m),
                  (cm__dense){(double *)vector, m, 1, 1, m}, 0.0, (cm__dense){to, a->n, 1, 1, a->n},
                  err);
}

static cm_status prepare(const cm__accounts *a, work *w, cm_error *err) {
  cm_status status = CM_OK;
  size_t n = a->n;
  for (size_t s = 0; s < a->k; s++) {
    size_t at = a->first[s], m = cm__width(a, s);
    for (size_t r = 0; r < a->k; r++)
      for (size_t i = at; i < at + m; i++) {
        if (r != s) w->yx[i] += a->y[r * n + i];
        w->le[i] += a->e[r * n + i];
      }
    CM__TRY(cm__own_solve(a, s, false, w->le + at, 1, m, err));
    CM__TRY(block_times(a, s, cm__part_of(a, a->y, s, s), w->bd + s * n, err));
    CM__TRY(block_times(a, s, w->yx + at, w->bx + s * n, err));
    CM__TRY(cm__gemm(1.0, cm__window(a->b, at, m, at, m), (cm__dense){a->y + at, m, a->k, 1, n},
                     0.0, (cm__dense){w->ry + at, m, a->k, 1, n}, err));
    for (size_t i = 0; i < n; i++) {
      w->sd[i] += w->bd[s * n + i];
      w->sx[i] += w->bx[s * n + i];
    }
  }
done:
  return status;
}

static void vectors(const cm__accounts *a, size_t s, size_t r, const work *w, double *v) {
  size_t m = cm__width(a, r), n = a->n;
  for (size_t q = 0; q < m; q++) {
    size_t i = a->first[r] + q, to_s = s * n + i, to_r = r * n + i;
    double third_s = a->by[to_s] - w->bd[to_s] - w->ry[to_s]; /* sum over t != s, r of B_rt Y_ts */
    double rx = a->rx[i];
    v[HOME * m + q] = rx * w->bd[to_r];
    v[THIRD * m + q] = rx * (w->sd[i] - w->bd[to_r] - w->bd[to_s]);
    v[RE_FIN * m + q] = rx * (w->bx[to_r] - w->ry[to_s]);
    v[RE_INT * m + q] = rx * (w->sx[i] - w->bx[to_r] - w->bx[to_s] - third_s);
    v[BACK * m + q] = rx * w->ry[to_s];
    v[BACK_3 * m + q] = rx * third_s;
    v[BACK_I * m + q] = rx * w->bd[to_s];
    v[BACK_E * m + q] = rx * w->bx[to_s];
    v[LY_HOME * m + q] = rx * a->ly[to_r];
    v[LY_EXP * m + q] = rx * w->le[i];
  }
}

static void flow(const cm__accounts *a, size_t s, size_t r, const work *w, double *t) {
  size_t m = cm__width(a, s);
  const double *e = cm__part_of(a, a->e, s, r), *y = cm__part_of(a, a->y, s, r);
  for (size_t i = 0; i < m; i++, t++) {
    const double *p = w->p + i;
    double vl = a->vl[a->first[s] + i], importer = w->partner[r * m + i];
    double other = w->foreign[i] - importer;
    t[0 * m] = w->own[i] * y[i];
    for (size_t q = HOME; q <= BACK_E; q++) t[(q + 1) * m] = vl * p[q * m];
    t[9 * m] = w->again[i] * (e[i] - y[i]);
    t[10 * m] = importer * y[i];
    t[11 * m] = importer * p[LY_HOME * m];
    t[12 * m] = importer * p[LY_EXP * m];
    t[13 * m] = other * y[i];
    t[14 * m] = other * p[LY_HOME * m];
    t[15 * m] = other * p[LY_EXP * m];
  }
}

cm_status cm__decompose_wwz(cm__accounts *a, cm_method method, const cm__receiver *to,
                            const cm_job *job, cm_error *err) {
  (void)method;
  work w = {0};
  cm_status status;
  CM__TRY(cm__accounts_inverse(a, job, err));
  CM__TRY(cm__accounts_absorbed(a, job, err));
  CM__TRY(work_new(a, &w, err));
  CM__TRY(prepare(a, &w, err));
  for (size_t s = 0; s < a->k; s++) {
    size_t m = cm__width(a, s);
    if (!to->wanted[s]) continue;
    CM__TRY(cm_job_step(job, "decomposing exports", (double)s, (double)a->k, err));
    CM__TRY(cm__contents(a, s, cm__window(a->b, 0, a->n, a->first[s], m), w.own, w.again, w.foreign,
                         w.partner, w.room, err));
    for (size_t r = 0; r < a->k; r++) {
      size_t mr = cm__width(a, r);
      if (r == s) continue;
      vectors(a, s, r, &w, w.w);
      CM__TRY(cm__gemm(1.0, cm__z_block(a, s, r), (cm__dense){w.w, mr, VECTORS, 1, mr}, 0.0,
                       (cm__dense){w.p, m, VECTORS, 1, m}, err));
      flow(a, s, r, &w, w.terms);
      to->take(to->ud, s, r, w.terms);
    }
  }
done:
  cm__free(w.block);
  return status;
}
