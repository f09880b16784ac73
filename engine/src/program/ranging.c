/* How far costs and sides may change while the optimal basis stays optimal.
 *
 * With r = A x the program's variables are v = (x, r), M v = 0 for M = [A, -I], and
 * B the columns of M that are basic. Where the cost of basic j changes by t, the
 * reduced cost of a nonbasic q changes by -t (B^-T e_j)' M_q; where the side of a
 * binding row i changes by t, the basic variables change by t B^-1 e_i. Each range
 * ends at the first sign or bound that breaks (Chvatal 1983, ch. 10). */
#include <string.h>

#include "program/internal.h"

enum { BLOCK = 32 }; /* right-hand sides solved together */

static const double ZERO = 1e-9; /* what is smaller does not move */

typedef struct basis {
  const cm_program *p;
  const unsigned char *place;
  const double *x, *activity, *dual, *reduced; /* the last two as minimised */
  size_t *head;                                /* m basic variables: columns, then cols + rows */
  cm_sparse_lu *lu;
} basis;

typedef struct range {
  double from, to; /* changes */
} range;

/* ---- one range --------------------------------------------------------------------- */

/* Cuts r where value + t * slope leaves lower..upper. */
static void cut(range *r, double value, double slope, double lower, double upper) {
  if (fabs(slope) <= ZERO) return;
  double down = (lower - value) / slope, up = (upper - value) / slope;
  if (slope < 0) {
    double swap = down;
    down = up;
    up = swap;
  }
  r->from = fmax(r->from, fmin(0, down));
  r->to = fmin(r->to, fmax(0, up));
}

static double limit_of(const cm_program *p, size_t v, bool upper) {
  size_t n = p->a->cols;
  if (v < n) return upper ? p->upper[v] : p->lower[v];
  return upper ? p->row_upper[v - n] : p->row_lower[v - n];
}

static double value_of(const basis *b, size_t v) {
  size_t n = b->p->a->cols;
  return v < n ? b->x[v] : b->activity[v - n];
}

/* Whether v stands at its upper limit rather than at its lower one. */
static bool at_upper(const basis *b, size_t v) {
  double x = value_of(b, v);
  return fabs(limit_of(b->p, v, true) - x) < fabs(x - limit_of(b->p, v, false));
}

/* The signs that the reduced cost of nonbasic v may have, as limits. */
static range signs_of(const basis *b, size_t v) {
  double lower = limit_of(b->p, v, false), upper = limit_of(b->p, v, true);
  if (lower == upper) return (range){-HUGE_VAL, HUGE_VAL};
  if (isinf(lower) && isinf(upper)) return (range){0, 0};
  return at_upper(b, v) ? (range){-HUGE_VAL, 0} : (range){0, HUGE_VAL};
}

/* ---- costs --------------------------------------------------------------------------- */

/* Of a basic column, by its row of the tableau: y = B^-T e. */
static range basic_cost(const basis *b, const double *y) {
  const cm_sparse *a = b->p->a;
  range r = {-HUGE_VAL, HUGE_VAL};
  for (size_t q = 0; q < a->cols + a->rows; q++) {
    if (b->place[q] == CM__BASIC) continue;
    double slope = 0, d = q < a->cols ? b->reduced[q] : b->dual[q - a->cols];
    if (q >= a->cols)
      slope = y[q - a->cols];
    else
      for (size_t k = a->start[q]; k < a->start[q + 1]; k++) slope -= a->value[k] * y[a->row[k]];
    range sign = signs_of(b, q);
    cut(&r, d, slope, sign.from, sign.to);
  }
  return r;
}

/* Of a column that stands at a bound: it enters where its reduced cost turns. */
static range nonbasic_cost(const basis *b, size_t j) {
  range r = {-HUGE_VAL, HUGE_VAL}, sign = signs_of(b, j);
  cut(&r, b->reduced[j], 1, sign.from, sign.to);
  return r;
}

static void put_cost(const basis *b, size_t j, range r, const cm_ranging *out) {
  double c = b->p->cost[j];
  if (b->p->maximise) r = (range){-r.to, -r.from};
  out->cost_from[j] = c + r.from;
  out->cost_to[j] = c + r.to;
}

/* ---- sides ------------------------------------------------------------------------------ */

/* Of a binding row, by its column of the tableau: z = B^-1 e_i. */
static void put_side(const basis *b, size_t i, const double *z, const cm_ranging *out) {
  range r = {-HUGE_VAL, HUGE_VAL};
  size_t m = b->p->a->rows, v = b->p->a->cols + i;
  for (size_t k = 0; k < m; k++) {
    size_t basic = b->head[k];
    cut(&r, value_of(b, basic), z[k], limit_of(b->p, basic, false), limit_of(b->p, basic, true));
  }
  double side = limit_of(b->p, v, at_upper(b, v));
  out->side_from[i] = side + r.from;
  out->side_to[i] = side + r.to;
}

/* Of a row that does not bind: until it does. */
static void put_free_side(const basis *b, size_t i, const cm_ranging *out) {
  bool upper = isfinite(b->p->row_upper[i]);
  out->side_from[i] = upper ? b->activity[i] : -HUGE_VAL;
  out->side_to[i] = upper ? HUGE_VAL : b->activity[i];
}

/* ---- all of them --------------------------------------------------------------------------- */

/* The basic columns of M, factored. */
static cm_status factor(basis *b, const cm_job *job, cm_error *err) {
  const cm_sparse *a = b->p->a;
  size_t m = a->rows, basic = 0, entries = 0, *row = NULL, *col = NULL;
  double *value = NULL;
  cm_sparse *matrix = NULL;
  cm_status status;
  for (size_t v = 0; v < a->cols + m; v++)
    if (b->place[v] == CM__BASIC) {
      if (basic < m) b->head[basic] = v;
      basic++;
      entries += v < a->cols ? a->start[v + 1] - a->start[v] : 1;
    }
  if (basic != m)
    return cm__fail(err, CM_SOLVER, "the solver gave no basis: %zu of %zu are basic", basic, m);
  CM__TRY(cm__alloc_raw(entries, sizeof *row, "a basis", &row, err));
  CM__TRY(cm__alloc_raw(entries, sizeof *col, "a basis", &col, err));
  CM__TRY(cm__alloc_raw(entries, sizeof *value, "a basis", &value, err));
  size_t e = 0;
  for (size_t k = 0; k < m; k++) {
    size_t v = b->head[k];
    if (v >= a->cols) {
      row[e] = v - a->cols, col[e] = k, value[e++] = -1;
      continue;
    }
    for (size_t at = a->start[v]; at < a->start[v + 1]; at++)
      row[e] = (size_t)a->row[at], col[e] = k, value[e++] = a->value[at];
  }
  CM__TRY(cm_sparse_new(m, m, entries, row, col, value, &matrix, err));
  CM__TRY(cm_sparse_lu_new(matrix, job, &b->lu, err));
done:
  cm_sparse_release(matrix);
  cm__free(row);
  cm__free(col);
  cm__free(value);
  return status;
}

/* Solves for unit vectors e_at[0..n-1] and hands each solution to its range. */
static cm_status block(basis *b, const size_t *at, const size_t *owner, size_t n, bool transposed,
                       const cm_job *job, const cm_ranging *out, cm_error *err) {
  size_t m = b->p->a->rows;
  cm_matrix *unit = NULL, *solution = NULL;
  cm_status status;
  CM__TRY(cm_matrix_new(m, n, &unit, err));
  for (size_t k = 0; k < n; k++) CM__TRY(cm_matrix_set(unit, at[k], k, 1, err));
  CM__TRY(cm_sparse_lu_solve(b->lu, unit, transposed, job, &solution, err));
  size_t row_step, col_step;
  const double *z = cm_matrix_data(solution, &row_step, &col_step); /* new: column by column */
  for (size_t k = 0; k < n; k++) {
    if (transposed)
      put_cost(b, owner[k], basic_cost(b, z + k * col_step), out);
    else
      put_side(b, owner[k], z + k * col_step, out);
  }
done:
  cm_matrix_release(unit);
  cm_matrix_release(solution);
  return status;
}

/* The ranges that need the factors: basic columns (transposed) or binding rows. */
static cm_status solve_ranges(basis *b, bool transposed, const cm_job *job, const cm_ranging *out,
                              cm_error *err) {
  size_t at[BLOCK], owner[BLOCK], n = 0, m = b->p->a->rows, cols = b->p->a->cols;
  for (size_t k = 0; k < m; k++) {
    bool wanted = transposed ? b->head[k] < cols : b->place[cols + k] != CM__BASIC;
    if (wanted) at[n] = k, owner[n++] = transposed ? b->head[k] : k;
    if (n < BLOCK && !(k + 1 == m && n)) continue;
    cm_status status = cm_job_step(job, "ranging", (double)k, (double)m, err);
    if (status == CM_OK) status = block(b, at, owner, n, transposed, job, out, err);
    if (status != CM_OK) return status;
    n = 0;
  }
  return CM_OK;
}

/* Duals and reduced costs of the author's sense, as those of a minimum. */
static cm_status minimised(const cm_program *p, const double *from, size_t n, double **out,
                           cm_error *err) {
  cm_status status = cm__alloc_raw(n, sizeof **out, "reduced costs", out, err);
  for (size_t k = 0; status == CM_OK && k < n; k++) (*out)[k] = p->maximise ? -from[k] : from[k];
  return status;
}

cm_status cm_solution_range(const cm_program *p, const cm_solution *s, const cm_job *job,
                            const cm_ranging *out, cm_error *err) {
  size_t n = p->a->cols, m = p->a->rows;
  basis b = {.p = p,
             .place = cm__solution_basis(s),
             .x = cm_solution_part_of(s, CM_VALUES),
             .activity = cm_solution_part_of(s, CM_ACTIVITIES)};
  double *dual = NULL, *reduced = NULL;
  cm_status status;
  if (p->integers) return cm__fail(err, CM_INVALID, "a program with whole numbers has no ranges");
  if (!b.x) return cm__fail(err, CM_INVALID, "ranges are those of an optimal solution");
  if (!b.place) return cm__fail(err, CM_INVALID, "ranges need a basis: the solver gave none");
  CM__TRY(minimised(p, cm_solution_part_of(s, CM_DUALS), m, &dual, err));
  CM__TRY(minimised(p, cm_solution_part_of(s, CM_REDUCED_COSTS), n, &reduced, err));
  CM__TRY(cm__alloc(m, sizeof *b.head, "a basis", &b.head, err));
  b.dual = dual;
  b.reduced = reduced;
  if (m) CM__TRY(factor(&b, job, err));
  CM__TRY(solve_ranges(&b, true, job, out, err));
  CM__TRY(solve_ranges(&b, false, job, out, err));
  for (size_t j = 0; j < n; j++)
    if (b.place[j] != CM__BASIC) put_cost(&b, j, nonbasic_cost(&b, j), out);
  for (size_t i = 0; i < m; i++)
    if (b.place[n + i] == CM__BASIC) put_free_side(&b, i, out);
done:
  cm_sparse_lu_release(b.lu);
  cm__free(b.head);
  cm__free(dual);
  cm__free(reduced);
  return status;
}
