/* Methods whose terms are multipliers times a few vectors, none of which takes
 * more of B than some of its columns or rows: world perspective, tripartite
 * participation, OECD's TiVA. And the pieces that they share. */
#include <string.h>

#include "capmod/position.h"
#include "table/accounts.h"

/* ---- pieces ---------------------------------------------------------------------- */

cm_status cm__accounts_times(cm__accounts *a, const cm_matrix *w, const cm_job *job, cm_matrix **to,
                             cm_error *err) {
  cm_matrix *fit = NULL, *m = NULL;
  size_t rows = w->d.rows;
  cm_status status;
  if (!a->node) return cm__times_leontief(a->table, w, job, to, err);
  CM__TRY(cm__matrix_raw(rows, a->n, "multipliers", &fit, err));
  for (size_t j = 0; j < a->n; j++)
    for (size_t i = 0; i < rows; i++) *cm__at(fit->d, i, a->node[j]) = *cm__at(w->d, i, j);
  CM__TRY(cm__times_leontief(a->table, fit, job, &m, err));
  for (size_t j = 0; j < a->n; j++)
    for (size_t i = 0; i < rows; i++) *cm__at(fit->d, i, j) = cm_matrix_at(m, i, a->node[j]);
  *to = fit;
  fit = NULL;
done:
  cm_matrix_release(fit);
  cm_matrix_release(m);
  return status;
}

cm_status cm__own_solve_all(const cm__accounts *a, bool transposed, double *x, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t s = 0; s < a->k && status == CM_OK; s++)
    status = cm__own_solve(a, s, transposed, x + a->first[s], 1, cm__width(a, s), err);
  return status;
}

cm_status cm__drawn_in(const cm__accounts *a, const double *w, double *to, cm_error *err) {
  cm_status status = CM_OK;
  memset(to, 0, a->n * sizeof *to);
  for (size_t s = 0; s < a->k; s++) {
    size_t m = cm__width(a, s), before = a->first[s], after = a->first[s + 1];
    cm__dense row = {to + before, 1, m, m, 1};
    CM__TRY(cm__gemm(1.0, (cm__dense){(double *)w, 1, before, cm__max(before, 1), 1},
                     cm__window(a->z, 0, before, before, m), 1.0, row, err));
    CM__TRY(cm__gemm(1.0, (cm__dense){(double *)w + after, 1, a->n - after, a->n, 1},
                     cm__window(a->z, after, a->n - after, before, m), 1.0, row, err));
  }
  for (size_t j = 0; j < a->n; j++) to[j] *= a->rx[j];
done:
  return status;
}

cm_status cm__carried_in(const cm__accounts *a, const double *w, double *to, cm_error *err) {
  cm_status status = cm__drawn_in(a, w, to, err);
  return status == CM_OK ? cm__own_solve_all(a, true, to, err) : status;
}

cm_status cm__sent_out(const cm__accounts *a, const double *x, const double *rhs, double *to,
                       cm_error *err) {
  double *per;
  cm_status status = cm__alloc_raw(a->n, sizeof *per, "uses abroad", &per, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j < a->n; j++) {
    per[j] = x[j] * a->rx[j];
    to[j] = rhs ? rhs[j] : 0.0;
  }
  for (size_t r = 0; r < a->k; r++) {
    size_t m = cm__width(a, r), first = a->first[r], after = a->first[r + 1];
    cm__dense part = {to + first, m, 1, 1, m};
    CM__TRY(cm__gemm(1.0, cm__window(a->z, first, m, 0, first),
                     (cm__dense){per, first, 1, 1, cm__max(first, 1)}, 1.0, part, err));
    CM__TRY(cm__gemm(1.0, cm__window(a->z, first, m, after, a->n - after),
                     (cm__dense){per + after, a->n - after, 1, 1, a->n}, 1.0, part, err));
  }
done:
  cm__free(per);
  return status;
}

cm_status cm__sent_on(const cm__accounts *a, const double *x, const double *rhs, double *to,
                      cm_error *err) {
  cm_status status = cm__sent_out(a, x, rhs, to, err);
  return status == CM_OK ? cm__own_solve_all(a, false, to, err) : status;
}

cm_status cm__uses(const cm__accounts *a, size_t s, size_t r, const double *const *from,
                   size_t count, double *w, double *p, cm_error *err) {
  size_t m = cm__width(a, s), mr = cm__width(a, r);
  for (size_t q = 0; q < count; q++)
    for (size_t i = 0; i < mr; i++) w[q * mr + i] = from[q][i] * a->rx[a->first[r] + i];
  return cm__gemm(1.0, cm__z_block(a, s, r), (cm__dense){w, mr, count, 1, mr}, 0.0,
                  (cm__dense){p, m, count, 1, m}, err);
}

/* ---- room and multipliers ---------------------------------------------------------- */

enum { MOST_TERMS = 9, MOST_VECTORS = 3 };

typedef struct work {
  double *block;
  double *own, *again, *foreign; /* n: vB, vB - vL, vF of each exporter in its places */
  double *once, *direct, *other; /* n: carried_in; v_i L_ii; vL less that */
  double *le, *on, *sum;         /* n: L_rr E_r; what world/sink sends on; sums of flows */
  double *w, *p, *terms;         /* widest x MOST_VECTORS, twice; widest x MOST_TERMS */
  cm_matrix *partner;            /* k x n: v_t B_tj */
} work;

static void work_free(work *w) {
  cm__free(w->block);
  cm_matrix_release(w->partner);
}

static cm_status work_new(const cm__accounts *a, work *w, cm_error *err) {
  size_t m = a->widest, n = a->n;
  size_t sizes[] = {n, n, n, n, n, n, n, n, n, m * MOST_VECTORS, m * MOST_VECTORS, m * MOST_TERMS};
  double **const to[] = {&w->own, &w->again, &w->foreign, &w->once, &w->direct, &w->other,
                         &w->le,  &w->on,    &w->sum,     &w->w,    &w->p,      &w->terms};
  size_t total = 0, count = sizeof sizes / sizeof *sizes;
  for (size_t i = 0; i < count; i++) total += sizes[i];
  cm_status status = cm__alloc(total, sizeof(double), "a decomposition", &w->block, err);
  if (status != CM_OK) return status;
  double *at = w->block;
  for (size_t i = 0; i < count; at += sizes[i++]) *to[i] = at;
  return CM_OK;
}

/* own, again, foreign and partner: 2 k right-hand sides, and no inverse. */
static cm_status multipliers(cm__accounts *a, work *w, const cm_job *job, cm_error *err) {
  cm_matrix *rows = NULL, *found = NULL;
  size_t k = a->k;
  cm_status status;
  CM__TRY(cm_matrix_new(2 * k, a->n, &rows, err));
  for (size_t s = 0; s < k; s++) {
    CM__TRY(cm__uses_abroad(a, s, w->sum, err));
    for (size_t j = 0; j < a->n; j++) *cm__at(rows->d, s, j) = w->sum[j];
    for (size_t j = a->first[s]; j < a->first[s + 1]; j++) *cm__at(rows->d, k + s, j) = a->v[j];
  }
  CM__TRY(cm__accounts_times(a, rows, job, &found, err));
  for (size_t s = 0; s < k; s++)
    for (size_t j = a->first[s]; j < a->first[s + 1]; j++) {
      w->again[j] = cm_matrix_at(found, s, j);
      w->own[j] = a->vl[j] + w->again[j];
      w->foreign[j] = 0.0;
      for (size_t t = 0; t < k; t++)
        if (t != s) w->foreign[j] += cm_matrix_at(found, k + t, j);
    }
  CM__TRY(cm_matrix_block(found, k, k, 0, a->n, &w->partner, err));
done:
  cm_matrix_release(rows);
  cm_matrix_release(found);
  return status;
}

static void add_exports(const cm__accounts *a, double *to) {
  memset(to, 0, a->n * sizeof *to);
  for (size_t r = 0; r < a->k; r++)
    for (size_t i = 0; i < a->n; i++) to[i] += a->e[r * a->n + i];
}

/* le = L_rr E_r */
static cm_status fill_le(const cm__accounts *a, work *w, cm_error *err) {
  add_exports(a, w->le);
  return cm__own_solve_all(a, false, w->le, err);
}

/* ---- flow by flow -------------------------------------------------------------------- */

typedef cm_status flow_fn(const cm__accounts *a, cm_method method, size_t s, size_t r, work *w,
                          cm_error *err);

static cm_status each_flow(const cm__accounts *a, cm_method method, flow_fn *flow, work *w,
                           const cm__receiver *to, const cm_job *job, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t s = 0; s < a->k; s++) {
    if (!to->wanted[s]) continue;
    CM__TRY(cm_job_step(job, "decomposing exports", (double)s, (double)a->k, err));
    for (size_t r = 0; r < a->k; r++) {
      if (r == s) continue;
      CM__TRY(flow(a, method, s, r, w, err));
      to->take(to->ud, s, r, w->terms);
    }
  }
done:
  return status;
}

static void put(double *terms, size_t m, size_t i, const double *values, size_t count) {
  for (size_t q = 0; q < count; q++) terms[q * m + i] = values[q];
}

/* World perspective: DVA and VAX as in the source approach, foreign value added
 * where it leaves its country first (source, eq. 52: once) or where it is sent on
 * last (sink, eq. 54). */
static cm_status world_flow(const cm__accounts *a, cm_method method, size_t s, size_t r, work *w,
                            cm_error *err) {
  size_t m = cm__width(a, s), at = a->first[s];
  const double *from[] = {cm__part_of(a, a->by, r, s), cm__part_of(a, a->ly, r, r),
                          w->on + a->first[r]};
  const double *e = cm__part_of(a, a->e, s, r), *y = cm__part_of(a, a->y, s, r);
  bool sink = method == CM_BM_WORLD_SINK;
  cm_status status = cm__uses(a, s, r, from, sink ? 3 : 1, w->w, w->p, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < m; i++) {
    double vl = a->vl[at + i], ref = vl * w->p[i], dva = vl * e[i];
    double fc = w->foreign[at + i] * e[i], fva = w->once[at + i] * e[i];
    if (sink)
      fva = w->foreign[at + i] * (y[i] + w->p[m + i]) +
            cm_matrix_at(w->partner, r, at + i) * w->p[2 * m + i];
    put(w->terms, m, i,
        (double[]){e[i], w->own[at + i] * e[i], dva, dva - ref, ref, w->again[at + i] * e[i], fc,
                   fva, fc - fva},
        9);
  }
  return CM_OK;
}

cm_status cm__decompose_world(cm__accounts *a, cm_method method, const cm__receiver *to,
                              const cm_job *job, cm_error *err) {
  work w = {0};
  cm_status status;
  CM__TRY(cm__accounts_absorbed(a, job, err));
  CM__TRY(work_new(a, &w, err));
  CM__TRY(multipliers(a, &w, job, err));
  if (method == CM_BM_WORLD_SOURCE) {
    CM__TRY(cm__carried_in(a, a->vl, w.once, err));
  } else { /* L_rr, sum over j != r of (Y_rj + A_rj L_jj Y_jj) */
    memset(w.sum, 0, a->n * sizeof *w.sum);
    for (size_t r = 0; r < a->k; r++)
      for (size_t i = a->first[r]; i < a->first[r + 1]; i++) {
        w.le[i] = a->ly[r * a->n + i];
        for (size_t j = 0; j < a->k; j++) w.sum[i] += j == r ? 0.0 : a->y[j * a->n + i];
      }
    CM__TRY(cm__sent_on(a, w.le, w.sum, w.on, err));
  }
  CM__TRY(each_flow(a, method, world_flow, &w, to, job, err));
done:
  work_free(&w);
  return status;
}

/* Borin, Mancini, Taglioni (2025): inputs from abroad at face value (u = 1'). */
static cm_status tripartite_flow(const cm__accounts *a, cm_method method, size_t s, size_t r,
                                 work *w, cm_error *err) {
  (void)method;
  size_t m = cm__width(a, s), at = a->first[s];
  const double *from[] = {cm__part_of(a, a->ly, r, r), w->le + a->first[r]};
  const double *e = cm__part_of(a, a->e, s, r), *y = cm__part_of(a, a->y, s, r);
  cm_status status = cm__uses(a, s, r, from, 2, w->w, w->p, err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < m; i++) {
    double vl = a->vl[at + i], in = w->once[at + i], home = y[i] + w->p[i], on = w->p[m + i];
    put(w->terms, m, i, (double[]){e[i], vl * home, e[i] - vl * home, vl * on, in * on, in * home},
        6);
  }
  return CM_OK;
}

cm_status cm__decompose_tripartite(cm__accounts *a, cm_method method, const cm__receiver *to,
                                   const cm_job *job, cm_error *err) {
  work w = {0};
  cm_status status;
  CM__TRY(work_new(a, &w, err));
  for (size_t i = 0; i < a->n; i++) w.sum[i] = 1.0;
  CM__TRY(cm__carried_in(a, w.sum, w.once, err));
  CM__TRY(fill_le(a, &w, err));
  CM__TRY(each_flow(a, method, tripartite_flow, &w, to, job, err));
done:
  work_free(&w);
  return status;
}

/* direct = v_i L_ii; other = sum over the other j of the block of v_j L_ji. */
static cm_status fill_direct(const cm__accounts *a, work *w, cm_error *err) {
  cm_status status = CM_OK;
  double *l = NULL;
  CM__TRY(cm__alloc_raw(a->widest * a->widest, sizeof *l, "domestic inverses", &l, err));
  for (size_t s = 0; s < a->k; s++) {
    size_t m = cm__width(a, s), at = a->first[s];
    memset(l, 0, m * m * sizeof *l);
    for (size_t i = 0; i < m; i++) l[i * m + i] = 1.0;
    CM__TRY(cm__own_solve(a, s, false, l, m, m, err));
    for (size_t i = 0; i < m; i++) {
      w->direct[at + i] = a->v[at + i] * l[i * m + i];
      w->other[at + i] = 0.0;
      for (size_t j = 0; j < m; j++)
        if (j != i) w->other[at + i] += a->v[at + j] * l[i * m + j];
    }
  }
done:
  cm__free(l);
  return status;
}

static cm_status oecd_flow(const cm__accounts *a, cm_method method, size_t s, size_t r, work *w,
                           cm_error *err) {
  (void)method;
  (void)err;
  size_t m = cm__width(a, s), at = a->first[s];
  const double *e = cm__part_of(a, a->e, s, r);
  for (size_t i = 0; i < m; i++)
    put(w->terms, m, i,
        (double[]){e[i], w->own[at + i] * e[i], w->direct[at + i] * e[i], w->other[at + i] * e[i],
                   w->again[at + i] * e[i], w->foreign[at + i] * e[i]},
        6);
  return CM_OK;
}

cm_status cm__decompose_oecd(cm__accounts *a, cm_method method, const cm__receiver *to,
                             const cm_job *job, cm_error *err) {
  work w = {0};
  cm_status status;
  CM__TRY(work_new(a, &w, err));
  CM__TRY(multipliers(a, &w, job, err));
  CM__TRY(fill_direct(a, &w, err));
  CM__TRY(each_flow(a, method, oecd_flow, &w, to, job, err));
done:
  work_free(&w);
  return status;
}

cm_status cm_table_multipliers(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err) {
  static const char *const names[] = {"own", "again", "foreign", "once", "direct", "indirect"};
  cm__accounts *a = NULL;
  cm_matrix *m = NULL;
  work w = {0};
  cm_status status;
  CM__TRY(cm__accounts_of(t, (cm_grouping){NULL, NULL}, job, &a, err));
  CM__TRY(work_new(a, &w, err));
  CM__TRY(multipliers(a, &w, job, err));
  CM__TRY(fill_direct(a, &w, err));
  CM__TRY(cm__sums_new(a->n, names, 6, &m, err));
  const double *const from[] = {w.own, w.again, w.foreign, a->vl, w.direct, w.other};
  for (size_t q = 0; q < 6; q++)
    for (size_t i = 0; i < a->n; i++) *cm__at(m->d, i, q) = from[q][i];
  CM__TRY(cm_matrix_axis_set(m, CM_ROWS, t->nodes, err));
  *out = m;
  m = NULL;
done:
  cm_matrix_release(m);
  work_free(&w);
  return status;
}
