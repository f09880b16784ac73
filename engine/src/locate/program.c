/* The problem as a mixed-integer program: u for each option, y for each facility, and what arcs
 * cost in one of two forms. Tight: for each arc the flow between the places (and the operators) of
 * its two ends, whose sums are those of the options: the local polytope, which on a forest without
 * rules is exact (Wainwright, Jaakkola and Willsky 2005). Compact: for each arc its cost alone, at
 * least that of each place of one end (Kaufman and Broeckx 1978). Concave costs are lines between
 * points, each with a binary of its own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "locate/internal.h"

/* A program as it grows. */
typedef struct build {
  const cm_locate *p;
  const bool *allowed;
  size_t cols, rows, entries, room_cols, room_rows, room_entries;
  double *lower, *upper, *cost, *total; /* of each column; total: in the total cost */
  bool *integer;
  double *row_lower, *row_upper;
  size_t *row, *col;
  double *value;
  size_t *option_col, *facility_col;
  /* compact: the column of each stage at each place, by each operator; CM_NONE: never there */
  size_t *at, *by;
  cm_locate_form form;
  cm_error *err;
} build;

static cm_status room_for(size_t have, size_t size, void *block, cm_error *err) {
  return cm__grow(have ? 2 * have : 64, size, "a program", block, err);
}

/* Doubles every array of a kind at once; *room is set last. */
static cm_status add_col(build *b, double lower, double upper, bool integer, size_t *at) {
  cm_status status = CM_OK;
  if (b->cols == b->room_cols) {
    CM__TRY(room_for(b->cols, sizeof(double), &b->lower, b->err));
    CM__TRY(room_for(b->cols, sizeof(double), &b->upper, b->err));
    CM__TRY(room_for(b->cols, sizeof(double), &b->cost, b->err));
    CM__TRY(room_for(b->cols, sizeof(double), &b->total, b->err));
    CM__TRY(room_for(b->cols, sizeof(bool), &b->integer, b->err));
    b->room_cols = b->room_cols ? 2 * b->room_cols : 64;
  }
  b->lower[b->cols] = lower, b->upper[b->cols] = upper, b->integer[b->cols] = integer;
  b->cost[b->cols] = b->total[b->cols] = 0;
  *at = b->cols++;
done:
  return status;
}

static cm_status add_row(build *b, double lower, double upper) {
  cm_status status = CM_OK;
  if (b->rows == b->room_rows) {
    CM__TRY(room_for(b->rows, sizeof(double), &b->row_lower, b->err));
    CM__TRY(room_for(b->rows, sizeof(double), &b->row_upper, b->err));
    b->room_rows = b->room_rows ? 2 * b->room_rows : 64;
  }
  b->row_lower[b->rows] = lower, b->row_upper[b->rows++] = upper;
done:
  return status;
}

static cm_status add_to(build *b, size_t row, size_t col, double value) {
  cm_status status = CM_OK;
  if (b->entries == b->room_entries) {
    CM__TRY(room_for(b->entries, sizeof(size_t), &b->row, b->err));
    CM__TRY(room_for(b->entries, sizeof(size_t), &b->col, b->err));
    CM__TRY(room_for(b->entries, sizeof(double), &b->value, b->err));
    b->room_entries = b->room_entries ? 2 * b->room_entries : 64;
  }
  b->row[b->entries] = row, b->col[b->entries] = col, b->value[b->entries++] = value;
done:
  return status;
}

/* ---- options and facilities ------------------------------------------------------------------ */

static cm_status add_options(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status =
      cm__alloc(q->options, sizeof *b->option_col, "a program", &b->option_col, b->err);
  for (size_t s = 0; status == CM_OK && s < q->stages; s++) {
    CM__TRY(add_row(b, 1, 1));
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      CM__TRY(add_col(b, 0, b->allowed[o] ? 1 : 0, true, &b->option_col[o]));
      b->total[b->option_col[o]] = q->cost[o];
      CM__TRY(add_to(b, b->rows - 1, b->option_col[o], 1));
    }
  }
done:
  return status;
}

/* V = sum of volumes = sum of v_g, v_g <= volume_g z_g, sum of z_g = y; cost by the lines. */
static cm_status add_points(build *b, size_t f) {
  const cm_locate_parts *q = &b->p->parts;
  const cm_locate_facility *y = &q->facility[f];
  double before = 0, paid = 0, most = 0;
  size_t v, z, volume = b->rows, sum;
  cm_status status = CM_OK;
  for (size_t k = 0; k < q->needs; k++) most += q->need[k].volume;
  CM__TRY(add_row(b, 0, 0)); /* volumes less v */
  for (size_t k = 0; k < q->needs; k++)
    if (q->need[k].facility == f)
      CM__TRY(add_to(b, volume, b->option_col[q->need[k].option], q->need[k].volume));
  sum = b->rows;
  CM__TRY(add_row(b, 0, 0)); /* z less y */
  CM__TRY(add_to(b, sum, b->facility_col[f], -1));
  for (size_t k = y->first_point; k < y->first_point + y->points; k++) {
    double end =
        k + 1 == y->first_point + y->points ? fmax(most, q->point[k].volume) : q->point[k].volume;
    double slope = (q->point[k].cost - paid) / (q->point[k].volume - before);
    CM__TRY(add_col(b, 0, HUGE_VAL, false, &v));
    CM__TRY(add_col(b, 0, 1, true, &z));
    b->total[v] = slope, b->total[z] = paid - slope * before;
    CM__TRY(add_to(b, volume, v, -1));
    CM__TRY(add_to(b, sum, z, 1));
    CM__TRY(add_row(b, -HUGE_VAL, 0));
    CM__TRY(add_to(b, b->rows - 1, v, 1));
    CM__TRY(add_to(b, b->rows - 1, z, -end));
    before = q->point[k].volume, paid = q->point[k].cost;
  }
done:
  return status;
}

static cm_status add_facilities(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  for (size_t f = 0; f < q->facilities; f++) {
    CM__TRY(add_col(b, 0, 1, true, &b->facility_col[f]));
    b->total[b->facility_col[f]] = q->facility[f].fixed;
    if (q->facility[f].parent != CM_NONE) {
      CM__TRY(add_row(b, -HUGE_VAL, 0));
      CM__TRY(add_to(b, b->rows - 1, b->facility_col[f], 1));
      CM__TRY(add_to(b, b->rows - 1, b->facility_col[q->facility[f].parent], -1));
    }
  }
  for (size_t f = 0; f < q->facilities; f++)
    if (q->facility[f].points) CM__TRY(add_points(b, f));
done:
  return status;
}

/* The options of a stage that need a facility open it: one row for all of them. */
static cm_status add_needs(build *b) {
  const cm_locate *p = b->p;
  const cm_locate_parts *q = &p->parts;
  cm_status status = CM_OK;
  for (size_t f = 0; f < q->facilities; f++) {
    size_t filled = CM_NONE, of = CM_NONE;
    for (size_t k = 0; k < q->needs; k++) { /* sorted by option, hence by stage */
      if (q->need[k].facility != f) continue;
      if (filled == CM_NONE || p->stage[q->need[k].option] != of) {
        filled = b->rows, of = p->stage[q->need[k].option];
        CM__TRY(add_row(b, -HUGE_VAL, 0));
        CM__TRY(add_to(b, filled, b->facility_col[f], -1));
      }
      if (k && q->need[k - 1].facility == f && q->need[k - 1].option == q->need[k].option) continue;
      CM__TRY(add_to(b, filled, b->option_col[q->need[k].option], 1));
    }
    if (!(q->facility[f].capacity < HUGE_VAL)) continue;
    CM__TRY(add_row(b, -HUGE_VAL, 0));
    CM__TRY(add_to(b, b->rows - 1, b->facility_col[f], -q->facility[f].capacity));
    for (size_t k = 0; k < q->needs; k++)
      if (q->need[k].facility == f)
        CM__TRY(add_to(b, b->rows - 1, b->option_col[q->need[k].option], q->need[k].volume));
  }
done:
  return status;
}

/* ---- spots -------------------- */

/* What a stage takes in each place, or by each operator, as a column: that of its option where
 * there is only one, else a whole number too, on which to branch before the modes of a place. */
static cm_status add_spots(build *b, const size_t *of, size_t n, size_t **out) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = cm__alloc(q->stages * n, sizeof **out, "a program", out, b->err);
  for (size_t k = 0; status == CM_OK && k < q->stages * n; k++) (*out)[k] = CM_NONE;
  for (size_t s = 0; status == CM_OK && s < q->stages; s++) {
    size_t *col = *out + s * n, first_row = b->rows, made = b->cols;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      size_t *mine = &col[of[o]], z;
      if (!b->allowed[o]) continue;
      if (*mine == CM_NONE) {
        *mine = b->option_col[o];
        continue;
      }
      if (*mine < made) { /* a second one: what they come to */
        CM__TRY(add_row(b, 0, 0));
        CM__TRY(add_to(b, b->rows - 1, *mine, -1));
        CM__TRY(add_col(b, 0, 1, true, &z));
        CM__TRY(add_to(b, b->rows - 1, z, 1));
        *mine = z;
      }
      CM__TRY(add_to(b, first_row + (*mine - made), b->option_col[o], -1));
    }
  }
done:
  return status;
}

/* ---- arcs, tight -------------------- */

/* An arc between the spots of its ends; n x n costs, HUGE_VAL: forbidden. */
typedef struct link {
  size_t n;
  const size_t *from, *to; /* columns of the spots */
  const double *matrix;
  double scale;
} link;

static link link_of(const build *b, const cm_locate_arc *arc, bool places) {
  const cm_locate_parts *q = &b->p->parts;
  size_t n = places ? q->places : q->operators;
  const size_t *spot = places ? b->at : b->by;
  return (link){.n = n,
                .from = spot + arc->from * n,
                .to = spot + arc->to * n,
                .matrix = places ? q->place_matrix[arc->add] : q->operator_matrix[arc->interface],
                .scale = places ? arc->quantity : 1};
}

/* One row for each spot of a stage: flows less it; begin[c] is the row. */
static cm_status add_side(build *b, const size_t *spot, size_t n, size_t *begin) {
  cm_status status = CM_OK;
  for (size_t c = 0; c < n; c++) {
    begin[c] = CM_NONE;
    if (spot[c] == CM_NONE) continue;
    begin[c] = b->rows;
    CM__TRY(add_row(b, 0, 0));
    CM__TRY(add_to(b, begin[c], spot[c], -1));
  }
done:
  return status;
}

static cm_status add_flows(build *b, const link *w) {
  size_t *out = NULL, n = w->n, z;
  cm_status status = cm__alloc(2 * n, sizeof *out, "a program", &out, b->err);
  if (status != CM_OK) return status;
  size_t *in = out + n;
  CM__TRY(add_side(b, w->from, n, out));
  CM__TRY(add_side(b, w->to, n, in));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double d = w->matrix[i * n + j];
      if (out[i] == CM_NONE || in[j] == CM_NONE || !(d < HUGE_VAL)) continue;
      CM__TRY(add_col(b, 0, 1, false, &z));
      b->total[z] = w->scale * d;
      CM__TRY(add_to(b, out[i], z, 1));
      CM__TRY(add_to(b, in[j], z, 1));
    }
done:
  cm__free(out);
  return status;
}

/* ---- arcs, compact -------------------- */

/* What an arc costs: the least of each spot, which is the spot's own whatever the other end takes,
 * and what is left; HUGE_VAL for pairs that are not there, and spots without any. */
typedef struct rest {
  double *cost, *from, *to; /* n x n; n; n. Owned by cost */
} rest;

static cm_status rest_of(const build *b, const link *w, rest *out) {
  size_t n = w->n;
  cm_status status = cm__alloc(n * n + 2 * n, sizeof(double), "a program", &out->cost, b->err);
  if (status != CM_OK) return status;
  out->from = out->cost + n * n, out->to = out->from + n;
  for (size_t k = 0; k < 2 * n; k++) out->from[k] = HUGE_VAL;
  for (size_t k = 0; k < n * n; k++) {
    bool there = w->from[k / n] != CM_NONE && w->to[k % n] != CM_NONE;
    out->cost[k] = there ? w->matrix[k] : HUGE_VAL;
    out->from[k / n] = fmin(out->from[k / n], out->cost[k]);
  }
  for (size_t k = 0; k < n * n; k++)
    if (out->cost[k] < HUGE_VAL) {
      out->cost[k] -= out->from[k / n];
      out->to[k % n] = fmin(out->to[k % n], out->cost[k]);
    }
  for (size_t k = 0; k < n * n; k++)
    if (out->cost[k] < HUGE_VAL) out->cost[k] -= out->to[k % n];
  return CM_OK;
}

static void charge_least(build *b, const link *w, const size_t *spot, const double *least) {
  for (size_t i = 0; i < w->n; i++) {
    if (spot[i] == CM_NONE) continue;
    if (least[i] < HUGE_VAL)
      b->total[spot[i]] += w->scale * least[i];
    else
      b->upper[spot[i]] = 0;
  }
}

/* Column t is at least what spot i makes of the spots at the other end, unless it is not taken:
 *   t >= sum of d_ij x_j - M (1 - x_i),   M the most that is still allowed of d_ij. */
static cm_status add_most(build *b, const link *w, const double *cost, bool turned, size_t i,
                          size_t t) {
  const size_t *mine = turned ? w->to : w->from, *other = turned ? w->from : w->to;
  size_t n = w->n, first = turned ? i : i * n, step = turned ? n : 1;
  double most = 0;
  cm_status status = CM_OK;
  for (size_t j = 0; j < n; j++)
    if (cost[first + j * step] < HUGE_VAL) most = fmax(most, cost[first + j * step]);
  if (!(most > 0)) return CM_OK;
  CM__TRY(add_row(b, -HUGE_VAL, most));
  CM__TRY(add_to(b, b->rows - 1, t, -1));
  CM__TRY(add_to(b, b->rows - 1, mine[i], most));
  for (size_t j = 0; j < n; j++) {
    double d = cost[first + j * step];
    if (d > 0 && d < HUGE_VAL) CM__TRY(add_to(b, b->rows - 1, other[j], d));
  }
done:
  return status;
}

/* Spot i excludes what it is forbidden with. */
static cm_status add_forbidden(build *b, const link *w, size_t i) {
  cm_status status = CM_OK;
  bool any = false;
  for (size_t j = 0; w->from[i] != CM_NONE && j < w->n; j++) {
    if (w->to[j] == CM_NONE || w->matrix[i * w->n + j] < HUGE_VAL) continue;
    if (!any) {
      CM__TRY(add_row(b, -HUGE_VAL, 1));
      CM__TRY(add_to(b, b->rows - 1, w->from[i], 1));
      any = true;
    }
    CM__TRY(add_to(b, b->rows - 1, w->to[j], 1));
  }
done:
  return status;
}

static cm_status add_compact(build *b, const link *w) {
  rest r = {0};
  size_t t;
  cm_status status = CM_OK;
  CM__TRY(rest_of(b, w, &r));
  charge_least(b, w, w->from, r.from);
  charge_least(b, w, w->to, r.to);
  CM__TRY(add_col(b, 0, HUGE_VAL, false, &t));
  b->total[t] = w->scale;
  for (size_t i = 0; i < w->n; i++) {
    CM__TRY(add_most(b, w, r.cost, false, i, t));
    CM__TRY(add_most(b, w, r.cost, true, i, t));
    CM__TRY(add_forbidden(b, w, i));
  }
done:
  cm__free(r.cost);
  return status;
}

/* ---- arcs in either form -------------------- */

static cm_status add_arcs(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  if (q->place_matrices || q->joins) CM__TRY(add_spots(b, q->place, q->places, &b->at));
  if (q->operator_matrices) CM__TRY(add_spots(b, q->operator_, q->operators, &b->by));
  for (size_t k = 0; k < 2 * q->arcs; k++) {
    const cm_locate_arc *arc = &q->arc[k / 2];
    if ((k % 2 ? arc->interface : arc->add) == CM_NONE) continue;
    link w = link_of(b, arc, !(k % 2));
    CM__TRY((b->form == CM_FORM_COMPACT ? add_compact : add_flows)(b, &w));
  }
done:
  return status;
}

static cm_status add_joins(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  for (size_t j = 0; j < q->joins; j++)
    for (size_t c = 0; c < q->places; c++) {
      size_t one = b->at[q->join[2 * j] * q->places + c];
      size_t other = b->at[q->join[2 * j + 1] * q->places + c];
      if (one == other) continue; /* neither is ever there */
      CM__TRY(add_row(b, 0, 0));
      if (one != CM_NONE) CM__TRY(add_to(b, b->rows - 1, one, 1));
      if (other != CM_NONE) CM__TRY(add_to(b, b->rows - 1, other, -1));
    }
done:
  return status;
}

/* ---- measures -------------------- */

static cm_status add_measures(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  size_t first = b->rows;
  for (size_t r = 1; r < q->measures; r++) {
    CM__TRY(add_row(b, q->lower[r], q->upper[r]));
    for (size_t c = 0; q->weight[r] != 0 && c < b->cols; c++)
      if (b->total[c] != 0) CM__TRY(add_to(b, first + r - 1, c, q->weight[r] * b->total[c]));
  }
  for (size_t c = 0; c < b->cols; c++) b->cost[c] = q->weight[0] * b->total[c];
  for (int kind = 0; kind < 2; kind++) {
    const cm_locate_entry *list = kind ? q->facility_entry : q->option_entry;
    const size_t *col = kind ? b->facility_col : b->option_col;
    for (size_t k = 0; k < (kind ? q->facility_entries : q->option_entries); k++) {
      if (list[k].measure == 0)
        b->cost[col[list[k].index]] += list[k].value;
      else
        CM__TRY(add_to(b, first + list[k].measure - 1, col[list[k].index], list[k].value));
    }
  }
done:
  return status;
}

static void free_build(build *b) {
  void *const blocks[] = {b->lower,      b->upper,        b->cost, b->total, b->integer,
                          b->row_lower,  b->row_upper,    b->row,  b->col,   b->value,
                          b->option_col, b->facility_col, b->at,   b->by};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
}

static cm_status build_all(build *b) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->facilities, sizeof(size_t), "a program", &b->facility_col, b->err));
  CM__TRY(add_options(b));
  CM__TRY(add_facilities(b));
  CM__TRY(add_needs(b));
  CM__TRY(add_arcs(b));
  CM__TRY(add_joins(b));
  CM__TRY(add_measures(b));
done:
  return status;
}

static cm_status make(build *b, cm_program **out) {
  const cm_locate_parts *q = &b->p->parts;
  cm_status status = build_all(b);
  if (status != CM_OK) return status;
  cm_program_parts parts = {.name = "placement",
                            .maximise = q->maximise,
                            .cols = b->cols,
                            .rows = b->rows,
                            .entries = b->entries,
                            .lower = b->lower,
                            .upper = b->upper,
                            .cost = b->cost,
                            .integer = b->integer,
                            .row_lower = b->row_lower,
                            .row_upper = b->row_upper,
                            .row = b->row,
                            .col = b->col,
                            .value = b->value};
  return cm_program_new(&parts, out, b->err);
}

cm_status cm_locate_program(const cm_locate *p, const bool *allowed, cm_locate_form form,
                            cm_program **out, size_t *column, cm_error *err) {
  build b = {.p = p, .form = form, .err = err};
  bool *all = NULL;
  cm_status status = CM_OK;
  if (p->parts.compounding)
    return cm__fail(err, CM_INVALID, "costs that compound make no linear program");
  CM__TRY(cm__alloc(p->parts.options, sizeof *all, "a program", &all, err));
  for (size_t o = 0; o < p->parts.options; o++) all[o] = !allowed || allowed[o];
  b.allowed = all;
  CM__TRY(make(&b, out));
  for (size_t o = 0; column && o < p->parts.options; o++) column[o] = b.option_col[o];
done:
  free_build(&b);
  cm__free(all);
  return status;
}

/* ---- solving -------------------- */

void cm__program_choice(const cm_locate *p, const double *x, const size_t *column, size_t *choice) {
  for (size_t s = 0; s < p->parts.stages; s++) {
    size_t best = p->parts.first[s];
    for (size_t o = best; o < p->parts.first[s + 1]; o++)
      if (x[column[o]] > x[column[best]]) best = o;
    choice[s] = best;
  }
}

cm_status cm__by_program(const cm_locate *p, const cm_locate_options *options, const bool *allowed,
                         const cm_job *job, cm_plan *plan, cm_error *err) {
  cm_program *program = NULL;
  cm_solution *solution = NULL;
  size_t *column = NULL;
  cm_status status;
  CM__TRY(cm__alloc(p->parts.options, sizeof *column, "a program", &column, err));
  CM__TRY(cm_locate_program(p, allowed, options->form, &program, column, err));
  const cm_program_options o = {.time = options->time,
                                .gap = options->gap,
                                .nodes = options->nodes,
                                .solver = options->solver};
  status = cm_program_solve(program, &o, job, &solution, err);
  if (status == CM_SOLVER) { /* CBC breaks down on some small programs: it is ours to finish */
    status = cm__lagrange(p, options, allowed, job, plan, err);
    goto done;
  }
  if (status != CM_OK) goto done;
  cm_solution_figures f = cm_solution_get(solution);
  const double *x = cm_solution_part_of(solution, CM_VALUES);
  plan->figures.outcome = f.outcome;
  plan->figures.stop = f.stop;
  plan->figures.bound = f.bound;
  plan->figures.nodes = f.nodes;
  plan->figures.method = options->solver ? "HiGHS" : "CBC";
  if (!x || f.outcome == CM_INFEASIBLE) goto done;
  CM__TRY(cm__alloc(p->parts.stages, sizeof *plan->choice, "plan", &plan->choice, err));
  cm__program_choice(p, x, column, plan->choice);
done:
  cm__free(column);
  cm_program_release(program);
  cm_solution_release(solution);
  return status;
}
