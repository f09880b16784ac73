/* Wang, Wei, Zhu's terms in which a third country takes part, by that country. */
#include <string.h>

#include "table/accounts.h"

static const char *const NAMES[] = {"DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2", "RDV_FIN2"};
enum { TERMS = 4 };

typedef struct work {
  double *block;
  double *bd, *bx, *ry; /* n x k: B_rt Y_tt; B_rt, sum over u != t of Y_tu; B_rr Y_rt */
  double *bs;           /* n x k: B_rt Y_ts of the exporter at hand */
  double *yx;           /* n */
  double *w, *p;        /* widest x (TERMS k), twice */
} work;

typedef struct sums {
  cm_grouping exporters, sectors, importers, thirds;
  size_t n_sectors, n_importers, n_thirds; /* groups */
  cm__dense out;
} sums;

static cm_status work_new(const cm__accounts *a, work *w, cm_error *err) {
  size_t n = a->n, k = a->k, m = a->widest;
  size_t sizes[] = {n * k, n * k, n * k, n * k, n, m * TERMS * k, m * TERMS * k}, total = 0;
  double **const to[] = {&w->bd, &w->bx, &w->ry, &w->bs, &w->yx, &w->w, &w->p};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) total += sizes[i];
  cm_status status = cm__alloc(total, sizeof(double), "a decomposition", &w->block, err);
  if (status != CM_OK) return status;
  double *at = w->block;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; at += sizes[i++]) *to[i] = at;
  return CM_OK;
}

/* Column t of `to` becomes B_.t times the vector of block t. */
static cm_status columns_times(const cm__accounts *a, size_t t, const double *vector, double *to,
                               cm_error *err) {
  size_t m = cm__width(a, t);
  return cm__gemm(1.0, cm__window(a->b, 0, a->n, a->first[t], m),
                  (cm__dense){(double *)vector, m, 1, 1, m}, 0.0,
                  (cm__dense){to + t * a->n, a->n, 1, 1, a->n}, err);
}

static cm_status prepare(const cm__accounts *a, work *w, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t t = 0; t < a->k; t++) {
    size_t at = a->first[t], m = cm__width(a, t);
    for (size_t u = 0; u < a->k; u++)
      for (size_t i = at; i < at + m; i++)
        if (u != t) w->yx[i] += a->y[u * a->n + i];
    CM__TRY(columns_times(a, t, cm__part_of(a, a->y, t, t), w->bd, err));
    CM__TRY(columns_times(a, t, w->yx + at, w->bx, err));
    CM__TRY(cm__gemm(1.0, cm__window(a->b, at, m, at, m), (cm__dense){a->y + at, m, a->k, 1, a->n},
                     0.0, (cm__dense){w->ry + at, m, a->k, 1, a->n}, err));
  }
done:
  return status;
}

/* The products with A_sr of all vectors of all third blocks t, four by four. */
static cm_status products(const cm__accounts *a, size_t s, size_t r, work *w, cm_error *err) {
  size_t m = cm__width(a, s), mr = cm__width(a, r);
  for (size_t t = 0; t < a->k; t++)
    for (size_t i = 0; i < mr; i++) {
      size_t q = t * a->n + a->first[r] + i;
      double rx = a->rx[a->first[r] + i], *to = w->w + t * TERMS * mr + i;
      to[0] = rx * w->bd[q];
      to[mr] = rx * w->ry[q];
      to[2 * mr] = rx * (w->bx[q] - w->bs[q]);
      to[3 * mr] = rx * w->bs[q];
    }
  return cm__gemm(1.0, cm__z_block(a, s, r), (cm__dense){w->w, mr, TERMS * a->k, 1, mr}, 0.0,
                  (cm__dense){w->p, m, TERMS * a->k, 1, m}, err);
}

static void add(const cm__accounts *a, size_t s, size_t r, const work *w, const sums *to) {
  size_t m = cm__width(a, s), sector_count = a->table->n_sectors;
  size_t es = cm__group_of(to->exporters, s), ir = cm__group_of(to->importers, r);
  for (size_t t = 0; t < a->k; t++) {
    size_t third = cm__group_of(to->thirds, t);
    if (t == s || t == r || ir == CM_NOT_FOUND || third == CM_NOT_FOUND) continue;
    for (size_t i = 0; i < m; i++) {
      size_t sector = cm__group_of(to->sectors, i % sector_count);
      if (sector == CM_NOT_FOUND) continue;
      size_t row = ((es * to->n_sectors + sector) * to->n_importers + ir) * to->n_thirds + third;
      for (size_t q = 0; q < TERMS; q++)
        *cm__at(to->out, row, q) += a->vl[a->first[s] + i] * w->p[(t * TERMS + q) * m + i];
    }
  }
}

static cm_status exporter(const cm__accounts *a, size_t s, const sums *to, work *w, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t t = 0; t < a->k; t++)
    CM__TRY(columns_times(a, t, cm__part_of(a, a->y, t, s), w->bs, err));
  for (size_t r = 0; r < a->k; r++) {
    if (r == s) continue;
    CM__TRY(products(a, s, r, w, err));
    add(a, s, r, w, to);
  }
done:
  return status;
}

static cm_status room_for(const cm__accounts *a, sums *to, cm_matrix **out, cm_error *err) {
  size_t pairs, rows;
  cm_status status;
  CM__TRY(cm__size3(cm__groups(to->exporters, a->k), to->n_sectors, to->n_importers, "the flows",
                    &pairs, err));
  CM__TRY(cm__size3(pairs, to->n_thirds, 1, "the flows", &rows, err));
  CM__TRY(cm__sums_new(rows, NAMES, TERMS, out, err));
  to->out = (*out)->d;
done:
  return status;
}

cm_status cm_table_decompose_third(cm_table *t, const cm_flows *flows, cm_grouping thirds,
                                   const cm_job *job, cm_matrix **out, cm_error *err) {
  cm__accounts *a = NULL;
  cm_matrix *m = NULL;
  work w = {0};
  cm_status status;
  CM__TRY(cm__accounts_of(t, flows->blocks, job, &a, err));
  CM__TRY(cm__check_groups(flows->exporters, a->k, "exporter", err));
  CM__TRY(cm__check_groups(flows->importers, a->k, "importer", err));
  CM__TRY(cm__check_groups(flows->sectors, t->n_sectors, "sector", err));
  CM__TRY(cm__check_groups(thirds, a->k, "third country", err));
  sums to = {.exporters = flows->exporters,
             .sectors = flows->sectors,
             .importers = flows->importers,
             .thirds = thirds,
             .n_sectors = cm__groups(flows->sectors, t->n_sectors),
             .n_importers = cm__groups(flows->importers, a->k),
             .n_thirds = cm__groups(thirds, a->k)};
  CM__TRY(room_for(a, &to, &m, err));
  CM__TRY(cm__accounts_inverse(a, job, err));
  CM__TRY(work_new(a, &w, err));
  CM__TRY(prepare(a, &w, err));
  for (size_t s = 0; s < a->k; s++) {
    if (cm__group_of(flows->exporters, s) == CM_NOT_FOUND) continue;
    CM__TRY(cm_job_step(job, "decomposing exports", (double)s, (double)a->k, err));
    CM__TRY(exporter(a, s, &to, &w, err));
  }
  *out = m;
  m = NULL;
done:
  cm__free(w.block);
  cm_matrix_release(m);
  cm__accounts_done(a);
  return status;
}
