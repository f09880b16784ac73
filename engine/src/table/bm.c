/* Borin and Mancini (2019, 2023), exporter perspective, source and sink. */
#include <string.h>

#include "table/accounts.h"

/* The vectors that A_sr multiplies, and their products, in this order. */
enum {
  LY_OWN,     /* L_rr Y_rr */
  LY_ABROAD,  /* L_rr, sum over j != r of Y_rj */
  LY_BACK,    /* L_rr Y_rs */
  BY_BACK,    /* (B Y)_rs */
  CUT_ALL,    /* X~ of r, all absorbers: with the exports of s cut */
  CUT_BACK,   /* X~ of r, absorbed by s */
  CUT_DIRECT, /* X~ of r, absorbed by r */
  VECTORS
};

enum { MOST_TERMS = 13 };

typedef struct work {
  double *block;                   /* all of the following */
  double *own, *again, *foreign;   /* vB, vB - vL, vF: width */
  double *dva, *ddc, *fva;         /* multipliers of these, in the perimeter: width */
  double *bss, *reached;           /* width^2; width x k: B_ss^-1 (...) */
  double *back, *row;              /* width^2, width: a flow and what returns of it */
  double *cut, *cut_back, *abroad; /* n: X~, X~ absorbed by s; LY_ABROAD of all r */
  double *w, *p, *terms;           /* widest x VECTORS, twice; widest x MOST_TERMS */
  int *pivot;
} work;

static cm_status work_new(const cm__accounts *a, work *w, cm_error *err) {
  size_t m = a->widest, n = a->n;
  size_t sizes[] = {m,     m, m, m, m, m,           m * m,       m * a->k,
                    m * m, m, n, n, n, m * VECTORS, m * VECTORS, m * MOST_TERMS};
  double **const to[] = {&w->own,    &w->again,   &w->foreign, &w->dva,  &w->ddc, &w->fva,
                         &w->bss,    &w->reached, &w->back,    &w->row,  &w->cut, &w->cut_back,
                         &w->abroad, &w->w,       &w->p,       &w->terms};
  size_t total = 0, count = sizeof sizes / sizeof *sizes;
  for (size_t i = 0; i < count; i++) total += sizes[i];
  cm_status status = cm__alloc_raw(total, sizeof(double), "a decomposition", &w->block, err);
  if (status != CM_OK) return status;
  double *at = w->block;
  for (size_t i = 0; i < count; at += sizes[i++]) *to[i] = at;
  return cm__alloc_raw(m, sizeof *w->pivot, "a decomposition", &w->pivot, err);
}

static void fill_abroad(const cm__accounts *a, double *abroad) {
  memset(abroad, 0, a->n * sizeof *abroad);
  for (size_t r = 0; r < a->k; r++)
    for (size_t j = 0; j < a->k; j++) {
      const double *ly = cm__part_of(a, a->ly, r, j);
      for (size_t i = 0; j != r && i < cm__width(a, r); i++) abroad[a->first[r] + i] += ly[i];
    }
}

/* ---- once an exporter ---------------------------------------------------------- */

static cm_status cut_exports(const cm__accounts *a, size_t s, cm__dense bs, work *w,
                             cm_error *err) {
  size_t m = cm__width(a, s);
  double *c = w->reached, *total = w->p; /* p is not in use yet */
  cm_status status;
  for (size_t k = 0; k < a->k; k++) memcpy(c + k * m, cm__part_of(a, a->by, s, k), m * sizeof *c);
  for (size_t i = 0; i < m; i++) c[s * m + i] -= cm__part_of(a, a->ly, s, s)[i];
  CM__TRY(cm__getrs(w->bss, m, w->pivot, false, (cm__dense){c, m, a->k, 1, m}, err));
  memset(total, 0, m * sizeof *total);
  for (size_t k = 0; k < a->k; k++)
    for (size_t i = 0; i < m; i++) total[i] += c[k * m + i];
  memcpy(w->cut, a->x, a->n * sizeof *w->cut);
  memcpy(w->cut_back, a->by + s * a->n, a->n * sizeof *w->cut_back);
  CM__TRY(cm__gemm(-1.0, bs, (cm__dense){total, m, 1, 1, m}, 1.0,
                   (cm__dense){w->cut, a->n, 1, 1, a->n}, err));
  CM__TRY(cm__gemm(-1.0, bs, (cm__dense){c + s * m, m, 1, 1, m}, 1.0,
                   (cm__dense){w->cut_back, a->n, 1, 1, a->n}, err));
done:
  return status;
}

/* dva, ddc and fva for what leaves s once: country s is the perimeter. */
static cm_status cut_country(const cm__accounts *a, size_t s, work *w, cm_error *err) {
  size_t m = cm__width(a, s);
  cm_status status;
  memcpy(w->dva, a->vl + a->first[s], m * sizeof *w->dva);
  memcpy(w->ddc, w->again, m * sizeof *w->ddc);
  memcpy(w->fva, w->foreign, m * sizeof *w->fva);
  CM__TRY(cm__getrs(w->bss, m, w->pivot, true, (cm__dense){w->fva, m, 1, 1, m}, err));
  CM__TRY(cm__own_solve(a, s, true, w->fva, 1, m, err));
done:
  return status;
}

static cm_status prepare(const cm__accounts *a, size_t s, cm__dense bs, bool sink, work *w,
                         cm_error *err) {
  size_t m = cm__width(a, s), zero;
  cm__dense bss = {w->bss, m, m, 1, m};
  cm_status status;
  CM__TRY(cm__contents(a, s, bs, w->own, w->again, w->foreign, NULL, w->cut, err));
  cm__dense_copy(bss, cm__window(bs, a->first[s], m, 0, m));
  CM__TRY(cm__getrf(w->bss, m, w->pivot, &zero, err));
  if (zero) {
    status =
        cm__fail(err, CM_SINGULAR, "the inverse's own block of exporter %zu is singular", s + 1);
    goto done;
  }
  CM__TRY(sink ? cut_exports(a, s, bs, w, err) : cut_country(a, s, w, err));
done:
  return status;
}

/* ---- perimeters other than the country (Borin and Mancini 2019, section 4) --------- */

/* Of product i of s sold to the nodes first .. first + count, what comes back to i:
 * sum over these j of A_ij B_ji. */
static double returned(const cm__accounts *a, size_t s, size_t i, cm__dense bs, size_t first,
                       size_t count) {
  double sum = 0.0;
  for (size_t j = first; j < first + count; j++)
    sum += *cm__at(a->z, a->first[s] + i, j) * a->rx[j] * *cm__at(bs, j, i);
  return sum;
}

/* The row of one product is cut: to everybody abroad, or to r alone. */
static void cut_row(size_t i, double back, work *w) {
  w->dva[i] = w->own[i] / (1.0 + back);
  w->ddc[i] = w->dva[i] * back;
  w->fva[i] = w->foreign[i] / (1.0 + back);
}

static void cut_products(const cm__accounts *a, size_t s, cm__dense bs, work *w) {
  size_t after = a->first[s + 1];
  for (size_t i = 0; i < cm__width(a, s); i++)
    cut_row(i, returned(a, s, i, bs, 0, a->first[s]) + returned(a, s, i, bs, after, a->n - after),
            w);
}

static void cut_products_to(const cm__accounts *a, size_t s, size_t r, cm__dense bs, work *w) {
  for (size_t i = 0; i < cm__width(a, s); i++)
    cut_row(i, returned(a, s, i, bs, a->first[r], cm__width(a, r)), w);
}

/* The block s -> r is cut: multipliers (I + A_sr B_rs)^-1 from the right. */
static cm_status cut_partner(const cm__accounts *a, size_t s, size_t r, cm__dense bs, work *w,
                             cm_error *err) {
  size_t m = cm__width(a, s), mr = cm__width(a, r), zero;
  cm__dense brs = cm__window(bs, a->first[r], mr, 0, m), scaled = {w->back, mr, m, 1, mr};
  cm_status status;
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; i < mr; i++)
      *cm__at(scaled, i, j) = a->rx[a->first[r] + i] * *cm__at(brs, i, j);
  memset(w->bss, 0, m * m * sizeof *w->bss);
  for (size_t j = 0; j < m; j++) w->bss[j * m + j] = 1.0;
  CM__TRY(cm__gemm(1.0, cm__z_block(a, s, r), scaled, 1.0, (cm__dense){w->bss, m, m, 1, m}, err));
  CM__TRY(cm__getrf(w->bss, m, w->pivot, &zero, err));
  if (zero) {
    status = cm__fail(err, CM_SINGULAR, "what returns of the flow of %zu to %zu is no part of it",
                      s + 1, r + 1);
    goto done;
  }
  memcpy(w->dva, w->own, m * sizeof *w->dva);
  memcpy(w->fva, w->foreign, m * sizeof *w->fva);
  CM__TRY(cm__getrs(w->bss, m, w->pivot, true, (cm__dense){w->dva, m, 1, 1, m}, err));
  CM__TRY(cm__getrs(w->bss, m, w->pivot, true, (cm__dense){w->fva, m, 1, 1, m}, err));
  /* dva A_sr B_rs is what dva lacks of vB, without a difference of near equals */
  CM__TRY(cm__gemm(1.0, (cm__dense){w->dva, 1, m, m, 1}, cm__z_block(a, s, r), 0.0,
                   (cm__dense){w->row, 1, mr, mr, 1}, err));
  CM__TRY(cm__gemm(1.0, (cm__dense){w->row, 1, mr, mr, 1}, scaled, 0.0,
                   (cm__dense){w->ddc, 1, m, m, 1}, err));
done:
  return status;
}

/* ---- once a pair ----------------------------------------------------------------- */

/* X~_rr = (B Y)_rr - B_rs B_ss^-1 (...)_r */
static cm_status cut_direct(const cm__accounts *a, size_t s, size_t r, cm__dense bs, work *w,
                            double *to, cm_error *err) {
  size_t m = cm__width(a, s), mr = cm__width(a, r);
  memcpy(to, cm__part_of(a, a->by, r, r), mr * sizeof *to);
  return cm__gemm(-1.0, cm__window(bs, a->first[r], mr, 0, m),
                  (cm__dense){w->reached + r * m, m, 1, 1, m}, 1.0, (cm__dense){to, mr, 1, 1, mr},
                  err);
}

static cm_status products(const cm__accounts *a, size_t s, size_t r, cm__dense bs, bool sink,
                          work *w, cm_error *err) {
  size_t mr = cm__width(a, r), vectors = sink ? VECTORS : CUT_ALL;
  const double *from[VECTORS] = {cm__part_of(a, a->ly, r, r), w->abroad + a->first[r],
                                 cm__part_of(a, a->ly, r, s), cm__part_of(a, a->by, r, s),
                                 w->cut + a->first[r],        w->cut_back + a->first[r],
                                 w->w + CUT_DIRECT * mr};
  if (sink) {
    cm_status status = cut_direct(a, s, r, bs, w, w->w + CUT_DIRECT * mr, err);
    if (status != CM_OK) return status;
  }
  for (size_t q = 0; q < vectors; q++)
    for (size_t i = 0; i < mr; i++) w->w[q * mr + i] = from[q][i] * a->rx[a->first[r] + i];
  return cm__gemm(1.0, cm__z_block(a, s, r), (cm__dense){w->w, mr, vectors, 1, mr}, 0.0,
                  (cm__dense){w->p, cm__width(a, s), vectors, 1, cm__width(a, s)}, err);
}

/* Twelve terms of one flow: domestic and foreign multiplier, final exports, and
 * the intermediate ones by what becomes of them; the rest is counted twice. */
static void twelve(double *t, size_t m, double domestic, double foreign, double dc, double fc,
                   const double part[6]) {
  for (size_t q = 0; q < 6; q++) t[q * m] = domestic * part[q];
  t[6 * m] = foreign * part[0];
  t[7 * m] = foreign * part[1];
  t[8 * m] = foreign * (part[2] + part[4]);
  t[9 * m] = foreign * (part[3] + part[5]);
  t[10 * m] = dc;
  t[11 * m] = fc;
}

static void source_terms(const cm__accounts *a, size_t s, size_t i, double e, double y,
                         const work *w, double *t) {
  size_t m = cm__width(a, s);
  const double *p = w->p + i;
  double fva = w->fva[i];
  double back = p[BY_BACK * m] - p[LY_BACK * m];
  double part[6] = {y,
                    p[LY_OWN * m],
                    p[LY_ABROAD * m] - p[LY_BACK * m],
                    e - y - p[LY_OWN * m] - p[LY_ABROAD * m] - back,
                    p[LY_BACK * m],
                    back};
  twelve(t, m, w->dva[i], fva, w->ddc[i] * e, (w->foreign[i] - fva) * e, part);
}

static void sink_terms(const cm__accounts *a, size_t s, size_t i, double e, double y, const work *w,
                       double *t) {
  size_t m = cm__width(a, s);
  const double *p = w->p + i;
  double back = p[CUT_BACK * m] - p[LY_BACK * m], twice = e - y - p[CUT_ALL * m];
  double part[6] = {y,
                    p[LY_OWN * m],
                    p[LY_ABROAD * m] - p[LY_BACK * m],
                    p[CUT_ALL * m] - p[LY_OWN * m] - p[LY_ABROAD * m] - back,
                    p[LY_BACK * m],
                    back};
  twelve(t, m, w->own[i], w->foreign[i], w->own[i] * twice, w->foreign[i] * twice, part);
}

static void source(const cm__accounts *a, size_t s, size_t i, double e, double y, const work *w,
                   double *t) {
  size_t m = cm__width(a, s);
  const double *p = w->p + i;
  double dc = w->own[i] * e, dva = w->dva[i] * e, vax = w->dva[i] * (e - p[BY_BACK * m]);
  double davax = w->dva[i] * (y + p[LY_OWN * m]), fc = w->foreign[i] * e, fva = w->fva[i] * e;
  double ddc = w->ddc[i] * e, ref = w->dva[i] * p[BY_BACK * m];
  double all[MOST_TERMS] = {e,  dc,  dva,      vax,       davax,    ref,        ddc,
                            fc, fva, fc - fva, e - davax, fc + ddc, dva - davax};
  for (size_t q = 0; q < MOST_TERMS; q++) t[q * m] = all[q];
}

static void sink(const cm__accounts *a, size_t s, size_t i, double e, double y, const work *w,
                 double *t) {
  size_t m = cm__width(a, s);
  const double *p = w->p + i;
  double reached = y + p[CUT_ALL * m], twice = e - reached;
  double dc = w->own[i] * e, dva = w->own[i] * reached, ref = w->own[i] * p[CUT_BACK * m];
  double vaxim = w->own[i] * (y + p[CUT_DIRECT * m]), fc = w->foreign[i] * e;
  double all[10] = {e,
                    dc,
                    dva,
                    dva - ref,
                    vaxim,
                    ref,
                    w->own[i] * twice,
                    fc,
                    w->foreign[i] * reached,
                    w->foreign[i] * twice};
  for (size_t q = 0; q < 10; q++) t[q * m] = all[q];
}

typedef void terms_fn(const cm__accounts *a, size_t s, size_t i, double e, double y, const work *w,
                      double *t);

static cm_status exporter(cm__accounts *a, size_t s, bool cut, terms_fn *terms,
                          const cm__receiver *to, const cm_job *job, work *w, cm_error *err) {
  cm_matrix *hold = NULL;
  cm__dense bs;
  cm_status status;
  CM__TRY(cm__accounts_columns(a, s, job, &bs, &hold, err));
  CM__TRY(prepare(a, s, bs, cut, w, err));
  if (to->perimeter == CM_PERIMETER_SECTOR) cut_products(a, s, bs, w);
  for (size_t r = 0; r < a->k; r++) {
    if (r == s) continue;
    if (to->perimeter == CM_PERIMETER_BILATERAL) CM__TRY(cut_partner(a, s, r, bs, w, err));
    if (to->perimeter == CM_PERIMETER_SECTOR_BILATERAL) cut_products_to(a, s, r, bs, w);
    CM__TRY(products(a, s, r, bs, cut, w, err));
    const double *e = cm__part_of(a, a->e, s, r), *y = cm__part_of(a, a->y, s, r);
    for (size_t i = 0; i < cm__width(a, s); i++) terms(a, s, i, e[i], y[i], w, w->terms + i);
    to->take(to->ud, s, r, w->terms);
  }
done:
  cm_matrix_release(hold);
  return status;
}

cm_status cm__decompose_bm(cm__accounts *a, cm_method method, const cm__receiver *to,
                           const cm_job *job, cm_error *err) {
  static terms_fn *const fill[] = {[CM_BM_SOURCE] = source,
                                   [CM_BM_SINK] = sink,
                                   [CM_BM_SOURCE_TERMS] = source_terms,
                                   [CM_BM_SINK_TERMS] = sink_terms};
  bool cut = method == CM_BM_SINK || method == CM_BM_SINK_TERMS;
  size_t columns = 0;
  work w = {0};
  cm_status status;
  for (size_t s = 0; s < a->k; s++) columns += to->wanted[s] ? cm__width(a, s) : 0;
  /* n right-hand sides cost three times what the inverse does by itself */
  if (columns > a->n / 4) CM__TRY(cm__accounts_inverse(a, job, err));
  CM__TRY(cm__accounts_absorbed(a, job, err));
  CM__TRY(work_new(a, &w, err));
  fill_abroad(a, w.abroad);
  for (size_t s = 0; s < a->k; s++) {
    if (!to->wanted[s]) continue;
    CM__TRY(cm_job_step(job, "decomposing exports", (double)s, (double)a->k, err));
    CM__TRY(exporter(a, s, cut, fill[method], to, job, &w, err));
  }
done:
  cm__free(w.block);
  cm__free(w.pivot);
  return status;
}
