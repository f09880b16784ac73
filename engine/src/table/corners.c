/* Exports by origin and destination, and imports by origin. */
#include <string.h>

#include "capmod/corners.h"
#include "table/accounts.h"

/* ---- four corners ------------------------------------------------------------------- */

typedef struct corners {
  const cm_corners *sides;
  size_t origins, importers, destinations; /* groups */
  const double *weights;                   /* n */
  cm_matrix *times;   /* origins x n: weights times B, where it was solved for */
  double *absorbed;   /* n x destinations: B Y by group */
  double *multiplier; /* widest x origins */
  double *flow, *p;   /* widest x destinations x importers; widest x destinations */
  double *scaled;     /* widest x destinations */
  double *bss;        /* widest^2 */
  int *pivot;
  cm__dense out; /* rows x origins */
} corners;

static cm_status check_sides(const cm_table *t, const cm_corners *sides, cm_error *err) {
  const cm_grouping all[] = {sides->origins, sides->exporters, sides->importers,
                             sides->destinations};
  const char *const what[] = {"origin", "exporter", "importer", "destination"};
  for (size_t i = 0; i < 4; i++) {
    if (!all[i].group || !all[i].axis || !cm_axis_size(all[i].axis))
      return cm__fail(err, CM_INVALID, "every %s needs a group and its label", what[i]);
    cm_status status = cm__check_groups(all[i], i < 2 ? t->n : t->g, what[i], err);
    if (status != CM_OK) return status;
  }
  return CM_OK;
}

static void corners_free(corners *c) {
  void *const blocks[] = {c->absorbed, c->multiplier, c->flow, c->p, c->scaled, c->bss, c->pivot};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) cm__free(blocks[i]);
  cm_matrix_release(c->times);
}

static cm_status corners_new(const cm__accounts *a, corners *c, cm_error *err) {
  size_t m = a->widest, d = c->destinations;
  cm_status status;
  CM__TRY(cm__alloc(a->n * d, sizeof(double), "corners", &c->absorbed, err));
  CM__TRY(cm__alloc_raw(m * c->origins, sizeof(double), "corners", &c->multiplier, err));
  CM__TRY(cm__alloc_raw(m * d * c->importers, sizeof(double), "corners", &c->flow, err));
  CM__TRY(cm__alloc_raw(m * d, sizeof(double), "corners", &c->p, err));
  CM__TRY(cm__alloc_raw(m * d, sizeof(double), "corners", &c->scaled, err));
  CM__TRY(cm__alloc_raw(m * m, sizeof(double), "corners", &c->bss, err));
  CM__TRY(cm__alloc_raw(m, sizeof *c->pivot, "corners", &c->pivot, err));
  for (size_t k = 0; k < a->k; k++) {
    size_t to = c->sides->destinations.group[k];
    for (size_t i = 0; to != CM_NOT_FOUND && i < a->n; i++)
      c->absorbed[to * a->n + i] += a->by[k * a->n + i];
  }
done:
  return status;
}

/* Origins are few: their rows times B by a transposed solve. */
static cm_status solve_origins(cm__accounts *a, corners *c, const cm_job *job, cm_error *err) {
  cm_matrix *w = NULL;
  cm_status status;
  CM__TRY(cm_matrix_new(c->origins, a->n, &w, err));
  for (size_t i = 0; i < a->n; i++) {
    size_t o = c->sides->origins.group[i];
    if (o != CM_NOT_FOUND) *cm__at(w->d, o, i) = c->weights[i];
  }
  CM__TRY(cm__accounts_times(a, w, job, &c->times, err));
done:
  cm_matrix_release(w);
  return status;
}

/* The multiplier of each origin for the products of s, width x origins. */
static void fill_multiplier(const cm__accounts *a, size_t s, corners *c) {
  size_t m = cm__width(a, s), at = a->first[s];
  const size_t *origin = c->sides->origins.group;
  memset(c->multiplier, 0, m * c->origins * sizeof *c->multiplier);
  for (size_t j = 0; j < m; j++) {
    for (size_t o = 0; c->times && o < c->origins; o++)
      c->multiplier[o * m + j] = cm_matrix_at(c->times, o, at + j);
    for (size_t i = 0; !c->times && i < a->n; i++)
      if (origin[i] != CM_NOT_FOUND)
        c->multiplier[origin[i] * m + j] += c->weights[i] * *cm__at(a->b, i, at + j);
  }
}

/* Times B_ss^-1 L_ss from the right. */
static cm_status count_once(cm__accounts *a, size_t s, corners *c, const cm_job *job,
                            cm_error *err) {
  size_t m = cm__width(a, s), zero;
  cm_matrix *hold = NULL;
  cm__dense bs, to = {c->multiplier, m, c->origins, 1, m};
  cm_status status;
  CM__TRY(cm__accounts_columns(a, s, job, &bs, &hold, err));
  cm__dense_copy((cm__dense){c->bss, m, m, 1, m}, cm__window(bs, a->first[s], m, 0, m));
  CM__TRY(cm__getrf(c->bss, m, c->pivot, &zero, err));
  if (zero) {
    status =
        cm__fail(err, CM_SINGULAR, "the inverse's own block of exporter %zu is singular", s + 1);
    goto done;
  }
  CM__TRY(cm__getrs(c->bss, m, c->pivot, true, to, err));
  CM__TRY(cm__own_solve(a, s, true, c->multiplier, c->origins, m, err));
done:
  cm_matrix_release(hold);
  return status;
}

/* flow (width x destinations, for each group of importers): E_sr,k. */
static cm_status fill_flow(const cm__accounts *a, size_t s, corners *c, cm_error *err) {
  size_t m = cm__width(a, s), d = c->destinations;
  cm_status status = CM_OK;
  memset(c->flow, 0, m * d * c->importers * sizeof *c->flow);
  for (size_t r = 0; r < a->k; r++) {
    size_t mr = cm__width(a, r), to = c->sides->importers.group[r];
    size_t home = c->sides->destinations.group[r];
    if (r == s || to == CM_NOT_FOUND) continue;
    double *flow = c->flow + to * m * d;
    for (size_t k = 0; k < d; k++)
      for (size_t i = 0; i < mr; i++)
        c->scaled[k * mr + i] = a->rx[a->first[r] + i] * c->absorbed[k * a->n + a->first[r] + i];
    CM__TRY(cm__gemm(1.0, cm__z_block(a, s, r), (cm__dense){c->scaled, mr, d, 1, mr}, 1.0,
                     (cm__dense){flow, m, d, 1, m}, err));
    const double *y = cm__part_of(a, a->y, s, r);
    for (size_t i = 0; home != CM_NOT_FOUND && i < m; i++) flow[home * m + i] += y[i];
  }
done:
  return status;
}

static void add_products(const cm__accounts *a, size_t s, corners *c) {
  size_t m = cm__width(a, s), d = c->destinations;
  for (size_t j = 0; j < m; j++) {
    size_t exporter = c->sides->exporters.group[a->first[s] + j];
    if (exporter == CM_NOT_FOUND) continue;
    for (size_t q = 0; q < c->importers * d; q++) {
      double flow = c->flow[q * m + j];
      size_t row = exporter * c->importers * d + q;
      for (size_t o = 0; flow != 0.0 && o < c->origins; o++)
        *cm__at(c->out, row, o) += flow * c->multiplier[o * m + j];
    }
  }
}

/* How many nodes are among the exporters, and whether any of s is. */
static bool exports(const cm__accounts *a, size_t s, const size_t *group) {
  for (size_t i = a->first[s]; i < a->first[s + 1]; i++)
    if (group[i] != CM_NOT_FOUND) return true;
  return false;
}

static cm_status corner_weights(cm_table *t, const cm_matrix *weights, const cm_job *job,
                                double **out, cm_error *err) {
  cm_status status = CM_OK;
  if (!weights) CM__TRY(cm__table_part(t, CM_PART_V, job, &weights, err));
  if (weights->d.rows != 1 || weights->d.cols != t->n)
    return cm__fail(err, CM_SHAPE, "weights of %zu x %zu for a table of %zu nodes; 1 x %zu is due",
                    weights->d.rows, weights->d.cols, t->n, t->n);
  CM__TRY(cm__alloc_raw(t->n, sizeof **out, "corners", out, err));
  for (size_t i = 0; i < t->n; i++) (*out)[i] = cm_matrix_at(weights, 0, i);
done:
  return status;
}

cm_status cm_table_corners(cm_table *t, const cm_matrix *weights, const cm_corners *sides,
                           const cm_job *job, cm_matrix **out, cm_error *err) {
  cm__accounts *a = NULL;
  cm_matrix *flipped = NULL, *m = NULL;
  double *w = NULL;
  size_t rows;
  corners c = {.sides = sides};
  cm_status status;
  CM__TRY(check_sides(t, sides, err));
  c.origins = cm_axis_size(sides->origins.axis);
  c.importers = cm_axis_size(sides->importers.axis);
  c.destinations = cm_axis_size(sides->destinations.axis);
  CM__TRY(cm__size3(cm_axis_size(sides->exporters.axis), c.importers, c.destinations, "corners",
                    &rows, err));
  CM__TRY(corner_weights(t, weights, job, &w, err));
  c.weights = w;
  CM__TRY(cm__accounts_of(t, (cm_grouping){NULL, NULL}, job, &a, err));
  if (c.origins > t->n / 4) CM__TRY(cm__accounts_inverse(a, job, err));
  CM__TRY(cm__accounts_absorbed(a, job, err));
  if (!a->b.data) CM__TRY(solve_origins(a, &c, job, err));
  CM__TRY(corners_new(a, &c, err));
  CM__TRY(cm_matrix_new(c.origins, rows, &flipped, err)); /* the origins of a row together */
  CM__TRY(cm_matrix_transposed(flipped, &m, err));
  CM__TRY(cm_matrix_axis_set(m, CM_COLS, (cm_axis *)sides->origins.axis, err));
  c.out = m->d;
  for (size_t s = 0; s < a->k; s++) {
    if (!exports(a, s, sides->exporters.group)) continue;
    CM__TRY(cm_job_step(job, "tracing exports", (double)s, (double)a->k, err));
    fill_multiplier(a, s, &c);
    if (sides->once) CM__TRY(count_once(a, s, &c, job, err));
    CM__TRY(fill_flow(a, s, &c, err));
    add_products(a, s, &c);
  }
  *out = m;
  m = NULL;
done:
  corners_free(&c);
  cm__free(w);
  cm_matrix_release(flipped);
  cm_matrix_release(m);
  return status;
}

/* ---- imports ------------------------------------------------------------------------- */

/* VA and DC of the imports of r, node by node: f and g; q = (B d)_. (n). */
static cm_status imports_of(const cm__accounts *a, size_t r, cm__dense br, const double *bd,
                            double *va, double *dc, cm_error *err) {
  size_t m = cm__width(a, r), at = a->first[r], zero;
  double *brr = NULL, *c = NULL;
  int *pivot = NULL;
  cm_status status;
  CM__TRY(cm__alloc_raw(m * m, sizeof *brr, "imports", &brr, err));
  CM__TRY(cm__alloc_raw(m, sizeof *c, "imports", &c, err));
  CM__TRY(cm__alloc_raw(m, sizeof *pivot, "imports", &pivot, err));
  cm__dense_copy((cm__dense){brr, m, m, 1, m}, cm__window(br, at, m, 0, m));
  memcpy(c, bd + at, m * sizeof *c);
  CM__TRY(cm__getrf(brr, m, pivot, &zero, err));
  if (zero) {
    status =
        cm__fail(err, CM_SINGULAR, "the inverse's own block of importer %zu is singular", r + 1);
    goto done;
  }
  CM__TRY(cm__getrs(brr, m, pivot, false, (cm__dense){c, m, 1, 1, m}, err));
  CM__TRY(
      cm__gemm(1.0, br, (cm__dense){c, m, 1, 1, m}, 0.0, (cm__dense){dc, a->n, 1, 1, a->n}, err));
  CM__TRY(cm__own_solve(a, r, false, c, 1, m, err));
  for (size_t i = 0; i < a->n; i++) va[i] = bd[i] - dc[i];
  for (size_t i = 0; i < m; i++) {
    va[at + i] = c[i];
    dc[at + i] = bd[at + i] - c[i];
  }
done:
  cm__free(brr);
  cm__free(c);
  cm__free(pivot);
  return status;
}

static void add_imports(const cm__accounts *a, cm_grouping origins, size_t importer,
                        const double *va, const double *dc, cm__dense out) {
  size_t count = cm__groups(origins, a->n);
  for (size_t i = 0; i < a->n; i++) {
    size_t o = cm__group_of(origins, cm__in_table(a, i));
    if (o == CM_NOT_FOUND) continue;
    *cm__at(out, importer * count + o, 0) += a->v[i] * va[i];
    *cm__at(out, importer * count + o, 1) += a->v[i] * dc[i];
  }
}

cm_status cm_table_imports(cm_table *t, cm_grouping blocks, cm_grouping importers,
                           cm_grouping origins, const cm_job *job, cm_matrix **out, cm_error *err) {
  static const char *const names[] = {"VA", "DC"};
  cm__accounts *a = NULL;
  cm_matrix *e = NULL, *be = NULL, *m = NULL, *hold = NULL;
  double *va = NULL;
  size_t rows;
  cm_status status;
  CM__TRY(cm__accounts_of(t, blocks, job, &a, err));
  CM__TRY(cm__check_groups(importers, a->k, "importer", err));
  CM__TRY(cm__check_groups(origins, t->n, "origin", err));
  CM__TRY(
      cm__size3(cm__groups(importers, a->k), cm__groups(origins, t->n), 1, "imports", &rows, err));
  CM__TRY(cm__sums_new(rows, names, 2, &m, err));
  CM__TRY(cm__alloc_raw(2 * a->n, sizeof *va, "imports", &va, err));
  CM__TRY(cm_matrix_from(a->e, a->n, a->k, a->n, &e, err));
  CM__TRY(cm__accounts_solve(a, e, job, &be, err));
  for (size_t r = 0; r < a->k; r++) {
    size_t importer = cm__group_of(importers, r);
    cm__dense br;
    if (importer == CM_NOT_FOUND) continue;
    CM__TRY(cm_job_step(job, "tracing imports", (double)r, (double)a->k, err));
    CM__TRY(cm__accounts_columns(a, r, job, &br, &hold, err));
    CM__TRY(imports_of(a, r, br, cm__at(be->d, 0, r), va, va + a->n, err));
    add_imports(a, origins, importer, va, va + a->n, m->d);
    cm_matrix_release(hold);
    hold = NULL;
  }
  *out = m;
  m = NULL;
done:
  cm_matrix_release(e);
  cm_matrix_release(be);
  cm_matrix_release(m);
  cm_matrix_release(hold);
  cm__free(va);
  cm__accounts_done(a);
  return status;
}
