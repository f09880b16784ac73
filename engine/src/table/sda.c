/* Structural decomposition by the states of the factors: with m of them each old
 * or new, there are 2^m, and every order of changing them is a path through these. */
#include <math.h>
#include <string.h>

#include "table/sda.h"

/* ---- a column as totals and shares -------------------------------------------------- */

/* Parts whose sum is this much smaller than they are have no shares to speak of. */
static const double CANCELS = 1e-9;

cm_status cm__split_new(size_t countries, size_t sectors, cm__split *out, cm_error *err) {
  cm__split s = {.countries = countries, .sectors = sectors};
  cm_status status = CM_OK;
  for (int p = 0; p < 2; p++) {
    CM__TRY(cm__alloc(sectors, sizeof(double), "shares", &s.total[p], err));
    CM__TRY(cm__alloc(countries * sectors, sizeof(double), "shares", &s.share[p], err));
  }
  CM__TRY(cm__alloc(sectors, sizeof *s.odd, "shares", &s.odd, err));
  *out = s;
  return CM_OK;
done:
  cm__split_release(&s);
  return status;
}

void cm__split_release(cm__split *s) {
  for (int p = 0; p < 2; p++) {
    cm__free(s->total[p]);
    cm__free(s->share[p]);
  }
  cm__free(s->odd);
}

static bool cancels(double sum, double size) { return size > 0.0 && fabs(sum) <= CANCELS * size; }

void cm__split_column(cm__split *s, const double *from, const double *to) {
  const double *column[2] = {from, to};
  double size[2] = {0.0, 0.0};
  s->level[0] = s->level[1] = 0.0;
  memset(s->odd, 0, s->sectors * sizeof *s->odd);
  for (int p = 0; p < 2; p++) {
    s->column[p] = column[p];
    for (size_t k = 0; k < s->sectors; k++) {
      double sum = 0.0, parts = 0.0;
      for (size_t r = 0; r < s->countries; r++) {
        sum += column[p][r * s->sectors + k];
        parts += fabs(column[p][r * s->sectors + k]);
      }
      s->odd[k] |= cancels(sum, parts);
      s->total[p][k] = sum;
      s->level[p] += sum;
      size[p] += fabs(sum);
    }
  }
  bool no_level = cancels(s->level[0], size[0]) || cancels(s->level[1], size[1]);
  for (size_t k = 0; k < s->sectors; k++) {
    s->odd[k] |= no_level;
    for (int p = 0; p < 2; p++) {
      int q = s->total[p][k] != 0.0 ? p : !p; /* a share of nothing is the other's */
      for (size_t i = k; i < s->countries * s->sectors; i += s->sectors)
        s->share[p][i] = s->total[q][k] != 0.0 ? column[q][i] / s->total[q][k] : 0.0;
    }
  }
}

double cm__split_mix(const cm__split *s, size_t k, int p) {
  int q = s->level[p] != 0.0 ? p : !p;
  return s->level[q] != 0.0 ? s->total[q][k] / s->level[q] : 0.0;
}

/* The column with its totals in state `total` and its shares in state `share`. */
static void mix_inputs(const cm__split *s, int total, int share, double *out) {
  for (size_t i = 0; i < s->countries * s->sectors; i++) {
    size_t k = i % s->sectors;
    out[i] = s->odd[k] ? s->column[share][i] : s->total[total][k] * s->share[share][i];
  }
}

/* Adds the column with its level, mix and shares each in a state. */
static void add_final(const cm__split *s, int level, int mix, int share, double *out) {
  for (size_t i = 0; i < s->countries * s->sectors; i++) {
    size_t k = i % s->sectors;
    out[i] += s->odd[k] ? s->column[share][i]
                        : s->level[level] * cm__split_mix(s, k, mix) * s->share[share][i];
  }
}

/* ---- the states --------------------------------------------------------------------- */

typedef struct states {
  const cm_sda *sda;
  size_t n, groups, inputs, finals; /* states of L and of y: 2 or 4, 2 or 8 */
  cm_matrix *demand;                /* n x finals */
  double *q;                        /* groups x 2^m, state by state */
} states;

static const cm_table *of(const cm_sda *sda, int p) { return p ? sda->to : sda->from; }

/* Demand in each state: with final demand split, bit 0 of the column is its level,
 * bit 1 its mix, bit 2 its sourcing. */
static cm_status make_demand(states *st, const cm_job *job, cm_error *err) {
  const cm_matrix *d[2];
  const cm_table *t = of(st->sda, 0);
  cm__split s = {0};
  cm_status status;
  for (int p = 0; p < 2; p++)
    CM__TRY(cm__table_part((cm_table *)of(st->sda, p), CM_PART_D, job, &d[p], err));
  CM__TRY(cm_matrix_new(st->n, st->finals, &st->demand, err));
  CM__TRY(cm__split_new(t->g, t->n_sectors, &s, err));
  for (size_t r = 0; r < t->g; r++) {
    const double *from = cm__at(d[0]->d, 0, r), *to = cm__at(d[1]->d, 0, r);
    if (st->sda->split_final) cm__split_column(&s, from, to);
    for (size_t f = 0; f < st->finals; f++) {
      double *out = cm__at(st->demand->d, 0, f);
      if (st->sda->split_final)
        add_final(&s, f & 1, f >> 1 & 1, f >> 2 & 1, out);
      else
        for (size_t i = 0; i < st->n; i++) out[i] += (f ? to : from)[i];
    }
  }
done:
  cm__split_release(&s);
  return status;
}

/* The factor of I - A with its technology and its sourcing each in a state. */
static cm_status mixed_factor(const states *st, int technology, int sourcing, const cm_job *job,
                              cm_lu **out, cm_error *err) {
  const cm_matrix *a[2];
  const cm_table *t = of(st->sda, 0);
  cm_matrix *mixed = NULL, *ones = NULL;
  cm__split s = {0};
  cm_status status;
  for (int p = 0; p < 2; p++)
    CM__TRY(cm__table_part((cm_table *)of(st->sda, p), CM_PART_A, job, &a[p], err));
  CM__TRY(cm__matrix_raw(st->n, st->n, "mixed coefficients", &mixed, err));
  CM__TRY(cm_matrix_new(st->n, 1, &ones, err));
  CM__TRY(cm__split_new(t->g, t->n_sectors, &s, err));
  for (size_t j = 0; j < st->n; j++) {
    *cm__at(ones->d, j, 0) = 1.0;
    cm__split_column(&s, cm__at(a[0]->d, 0, j), cm__at(a[1]->d, 0, j));
    mix_inputs(&s, technology, sourcing, cm__at(mixed->d, 0, j));
  }
  CM__TRY(cm__leontief_factor(mixed, ones, job, out, err));
done:
  cm__split_release(&s);
  cm_matrix_release(mixed);
  cm_matrix_release(ones);
  return status;
}

/* Bit 0 of an input state is technology (or all of A), bit 1 sourcing. */
static cm_status input_factor(const states *st, size_t input, const cm_job *job, cm_lu **out,
                              cm_error *err) {
  const cm_lu *kept;
  bool pure = input == 0 || input == st->inputs - 1;
  if (!pure) return mixed_factor(st, input & 1, input >> 1 & 1, job, out, err);
  cm_table *t = (cm_table *)of(st->sda, input != 0);
  cm_status status = cm_table_factor(t, job, &kept, err);
  if (status == CM_OK) *out = cm_lu_retain(t->lu);
  return status;
}

static const cm_matrix *weights_of(const cm_sda *sda, size_t p) {
  return p ? sda->to_weights : sda->from_weights;
}

/* q in every state with this input state, for old and new weights: the state's
 * bits are weights (if any), inputs, finals, from the lowest. */
static void measure(states *st, size_t input, const cm_matrix *x) {
  size_t weights = st->sda->from_weights ? 2 : 1;
  for (size_t f = 0; f < st->finals; f++)
    for (size_t w = 0; w < weights; w++) {
      double *q = st->q + ((f * st->inputs + input) * weights + w) * st->groups;
      const cm_matrix *row = weights_of(st->sda, w);
      for (size_t i = 0; i < st->n; i++) {
        size_t g = st->sda->by.group[i];
        if (g != CM_NOT_FOUND)
          q[g] += (row ? cm_matrix_at(row, 0, i) : 1.0) * cm_matrix_at(x, i, f);
      }
    }
}

static cm_status make_states(states *st, size_t factors, const cm_job *job, cm_error *err) {
  cm_lu *lu = NULL;
  cm_matrix *x = NULL;
  cm_status status;
  CM__TRY(cm__alloc(st->groups << factors, sizeof *st->q, "states", &st->q, err));
  CM__TRY(make_demand(st, job, err));
  for (size_t input = 0; input < st->inputs; input++) {
    CM__TRY(input_factor(st, input, job, &lu, err));
    CM__TRY(cm_lu_solve(lu, st->demand, false, job, &x, err));
    measure(st, input, x);
    cm_lu_release(lu);
    cm_matrix_release(x);
    lu = NULL;
    x = NULL;
  }
done:
  cm_lu_release(lu);
  cm_matrix_release(x);
  return status;
}

/* ---- effects ------------------------------------------------------------------------ */

/* Adds weight times the change of q as factor k changes in a state. */
static void add_step(const states *st, size_t state, size_t k, double weight, double *effect,
                     size_t step) {
  const double *before = st->q + state * st->groups;
  const double *after = st->q + (state | (size_t)1 << k) * st->groups;
  for (size_t g = 0; g < st->groups; g++) effect[g * step] += weight * (after[g] - before[g]);
}

static void polar(const states *st, size_t factors, size_t k, double *effect, size_t step) {
  size_t all = ((size_t)1 << factors) - 1, below = ((size_t)1 << k) - 1;
  add_step(st, below, k, 0.5, effect, step);
  add_step(st, all & ~(below | (size_t)1 << k), k, 0.5, effect, step);
}

/* Of all orders, |S|! (m - |S| - 1)! change k when exactly S is new. */
static void every_order(const states *st, size_t factors, size_t k, double *effect, size_t step) {
  double factorial[CM__SDA_MOST + 1] = {1.0};
  for (size_t i = 1; i <= factors; i++) factorial[i] = factorial[i - 1] * (double)i;
  for (size_t state = 0; state < (size_t)1 << factors; state++) {
    if (state >> k & 1) continue;
    size_t changed = 0;
    for (size_t i = 0; i < factors; i++) changed += state >> i & 1;
    double orders = factorial[changed] * factorial[factors - changed - 1];
    add_step(st, state, k, orders / factorial[factors], effect, step);
  }
}

static cm_status check(const cm_sda *sda, cm_error *err) {
  const cm_table *a = sda->from, *b = sda->to;
  if (!cm_axis_equal(a->countries, b->countries) || !cm_axis_equal(a->sectors, b->sectors))
    return cm__fail(err, CM_LABELS, "the two tables have other %s, or in another order",
                    cm_axis_equal(a->countries, b->countries) ? "sectors" : "countries");
  if (!sda->from_weights != !sda->to_weights || !sda->by.group || !sda->by.axis)
    return cm__fail(err, CM_INVALID, "weights for both tables and groups are due");
  for (size_t p = 0; p < 2; p++) {
    const cm_matrix *w = weights_of(sda, p);
    if (w && (w->d.rows != 1 || w->d.cols != a->n))
      return cm__fail(err, CM_SHAPE, "weights of %zu x %zu; 1 x %zu is due", w->d.rows, w->d.cols,
                      a->n);
  }
  for (size_t i = 0; i < a->n; i++)
    if (sda->by.group[i] != CM_NOT_FOUND && sda->by.group[i] >= cm_axis_size(sda->by.axis))
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "node %zu goes to group %zu of %zu", i + 1,
                         sda->by.group[i] + 1, cm_axis_size(sda->by.axis));
  if (sda->method == CM_SDA_LMDI && sda->split_inputs)
    return cm__fail(err, CM_INVALID, "L is no product of technology and sourcing, as LMDI needs");
  return CM_OK;
}

static size_t name_columns(const cm_sda *sda, const char **names) {
  size_t m = 0;
  names[m++] = "from";
  names[m++] = "to";
  if (sda->from_weights) names[m++] = "v";
  names[m++] = sda->split_inputs ? "technology" : "L";
  if (sda->split_inputs) names[m++] = "sourcing";
  names[m++] = sda->split_final ? "level" : "Y";
  if (sda->split_final) {
    names[m++] = "mix";
    names[m++] = "final_sourcing";
  }
  return m;
}

/* Columns from, to, and for the methods by states the effects. */
static void fill(const states *st, size_t factors, cm__dense out) {
  size_t last = ((size_t)1 << factors) - 1;
  for (size_t g = 0; g < st->groups; g++) {
    *cm__at(out, g, 0) = st->q[g];
    *cm__at(out, g, 1) = st->q[last * st->groups + g];
  }
  if (st->sda->method == CM_SDA_LMDI) return;
  for (size_t k = 0; k < factors; k++)
    (st->sda->method == CM_SDA_POLAR ? polar : every_order)(st, factors, k, cm__at(out, 0, 2 + k),
                                                            out.row_step);
}

cm_status cm_sda_decompose(const cm_sda *sda, const cm_job *job, cm_matrix **out, cm_error *err) {
  const char *names[2 + CM__SDA_MOST];
  cm_axis *columns = NULL;
  cm_matrix *m = NULL;
  states st = {.sda = sda};
  cm_status status;
  CM__TRY(check(sda, err));
  size_t count = name_columns(sda, names), factors = count - 2;
  st.n = sda->from->n;
  st.groups = cm_axis_size(sda->by.axis);
  st.inputs = sda->split_inputs ? 4 : 2;
  st.finals = sda->split_final ? 8 : 2;
  CM__TRY(make_states(&st, factors, job, err));
  CM__TRY(cm_axis_new(names, count, &columns, err));
  CM__TRY(cm_matrix_new(st.groups, count, &m, err));
  fill(&st, factors, m->d);
  if (sda->method == CM_SDA_LMDI) CM__TRY(cm__sda_lmdi(sda, 2, job, m->d, err));
  cm__matrix_label(m, sda->by.axis, columns);
  *out = m;
  m = NULL;
done:
  cm_axis_release(columns);
  cm_matrix_release(m);
  cm_matrix_release(st.demand);
  cm__free(st.q);
  return status;
}
