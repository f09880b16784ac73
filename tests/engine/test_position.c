/* Measures of nodes against their definitions: matrices multiplied out. */
#include "support.h"

#include "capmod/position.h"
#include "plain.h"

typedef double square[NODES][NODES];

static void multiply(const square a, const square b, square out) {
  square c = {{0}};
  for (size_t i = 0; i < NODES; i++)
    for (size_t k = 0; k < NODES; k++)
      for (size_t j = 0; j < NODES; j++) c[i][j] += a[i][k] * b[k][j];
  memcpy(out, c, sizeof c);
}

static double measure(const cm_matrix *m, const char *name, size_t i) {
  size_t column = cm_axis_find(cm_matrix_axis(m, CM_COLS), name);
  assert_true(column != CM_NOT_FOUND);
  return cm_matrix_at(m, i, column);
}

/* Row sums (forward) or column sums (backward) of diag(v) m diag(y) against a measure. */
static void check_sums(const plain *p, const cm_matrix *found, const char *name, bool forward,
                       const square m, const double *y) {
  for (size_t i = 0; i < NODES; i++) {
    double sum = 0;
    for (size_t j = 0; j < NODES; j++)
      sum += forward ? p->v[i] * m[i][j] * y[j] : p->v[j] * m[j][i] * y[i];
    assert_double_equal(measure(found, name, i), sum, 1e-11);
  }
}

static void demand(const plain *p, double *yd, double *ym, double *y) {
  for (size_t i = 0; i < NODES; i++) {
    yd[i] = p->y[i][i / N];
    ym[i] = -yd[i];
    for (size_t r = 0; r < G; r++) ym[i] += p->y[i][r];
    y[i] = yd[i] + ym[i];
  }
}

/* V B Y by what crosses borders, and each part times its stages. */
static void chains_follow_their_definitions(void **state) {
  (void)state;
  static const unsigned traits[] = {0, DEAD_NODE | SILENT_COUNTRY | NEGATIVE_DEMAND};
  for (size_t q = 0; q < 2; q++) {
    cm_table *t = random_table(G, N, traits[q]);
    square am = {{0}}, ll, lab, lal, llab, labb, rest;
    double yd[NODES], ym[NODES], y[NODES];
    cm_matrix *m;
    plain p;
    read_plain(t, &p);
    demand(&p, yd, ym, y);
    for (size_t i = 0; i < NODES; i++)
      for (size_t j = 0; j < NODES; j++)
        if (i / N != j / N) am[i][j] = p.a[i][j];
    multiply(p.l, p.l, ll);
    multiply(p.l, am, lab);
    multiply(lab, p.l, lal);
    multiply(lab, p.b, lab);
    multiply(p.l, lab, llab);
    multiply(lab, p.b, labb);
    for (size_t i = 0; i < NODES; i++)
      for (size_t j = 0; j < NODES; j++) rest[i][j] = lab[i][j] - lal[i][j];
    assert_ok(cm_table_position(t, NULL, &m, NULL));
    for (int forward = 0; forward < 2; forward++) {
      const char *side = forward ? "forward" : "backward";
      char name[40];
#define CHECK(what, by, over)                                                                      \
  snprintf(name, sizeof name, "%s_%s", side, what);                                                \
  check_sums(&p, m, name, forward, (const double(*)[NODES])by, over)
      CHECK("domestic", p.l, yd);
      CHECK("traditional", p.l, ym);
      CHECK("simple", lal, yd);
      CHECK("domestic_length", ll, yd);
      CHECK("traditional_length", ll, ym);
      CHECK("home_length", llab, y);
      CHECK("abroad_length", labb, y);
#undef CHECK
      for (size_t i = 0; i < NODES; i++) { /* complex: L A_m B ym + (L A_m B - L A_m L) yd */
        double sum = 0;
        for (size_t j = 0; j < NODES; j++)
          sum += forward ? p.v[i] * (lab[i][j] * ym[j] + rest[i][j] * yd[j])
                         : p.v[j] * (lab[j][i] * ym[i] + rest[j][i] * yd[i]);
        assert_double_equal(measure(m, forward ? "forward_complex" : "backward_complex", i), sum,
                            1e-11);
      }
    }
    cm_matrix_release(m);
    cm_table_release(t);
  }
}

static double four(const cm_matrix *m, const char *const names[4], size_t i) {
  return measure(m, names[0], i) + measure(m, names[1], i) + measure(m, names[2], i) +
         measure(m, names[3], i);
}

static void chains_add_up_and_lengths_are_positions(void **state) {
  (void)state;
  static const char *const forward[] = {"forward_domestic", "forward_traditional", "forward_simple",
                                        "forward_complex"};
  static const char *const backward[] = {"backward_domestic", "backward_traditional",
                                         "backward_simple", "backward_complex"};
  static const char *const up[] = {"forward_domestic_length", "forward_traditional_length",
                                   "forward_home_length", "forward_abroad_length"};
  static const char *const down[] = {"backward_domestic_length", "backward_traditional_length",
                                     "backward_home_length", "backward_abroad_length"};
  cm_table *t = random_table(G, N, DEAD_NODE);
  cm_matrix *m, *ghosh;
  plain p;
  read_plain(t, &p);
  assert_ok(cm_table_part(t, CM_PART_G, NULL, &ghosh, NULL));
  assert_ok(cm_table_position(t, NULL, &m, NULL));
  for (size_t i = 0; i < NODES; i++) {
    double rows = 0, columns = 0;
    for (size_t j = 0; j < NODES; j++) {
      rows += cm_matrix_at(ghosh, i, j);
      columns += p.b[j][i];
    }
    assert_double_equal(four(m, forward, i), measure(m, "value_added", i), 1e-12);
    assert_double_equal(four(m, backward, i), measure(m, "final", i), 1e-12);
    assert_double_equal(four(m, up, i),
                        measure(m, "value_added", i) * measure(m, "upstreamness", i), 1e-12);
    assert_double_equal(four(m, down, i), measure(m, "final", i) * measure(m, "downstreamness", i),
                        1e-12);
    if (p.x[i] == 0) continue;
    assert_double_equal(measure(m, "upstreamness", i), rows, 1e-12);
    assert_double_equal(measure(m, "downstreamness", i), columns, 1e-12);
  }
  cm_matrix_release(ghosh);
  cm_matrix_release(m);
  cm_table_release(t);
}

/* Pure forward and backward output are the complex chains of a country in all. */
static void output_measures_are_chains(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  cm_matrix *m;
  assert_ok(cm_table_position(t, NULL, &m, NULL));
  for (size_t s = 0; s < G; s++) {
    double pf = 0, complex_forward = 0, domestic = 0, home = 0;
    for (size_t i = s * N; i < (s + 1) * N; i++) {
      assert_double_equal(measure(m, "output_pure_backward", i), measure(m, "backward_complex", i),
                          1e-12);
      pf += measure(m, "output_pure_forward", i);
      complex_forward += measure(m, "forward_complex", i);
      domestic += measure(m, "output_domestic", i);
      home += measure(m, "forward_domestic", i);
    }
    assert_double_equal(pf, complex_forward, 1e-12);
    assert_double_equal(domestic, home, 1e-12);
  }
  cm_matrix_release(m);
  cm_table_release(t);
}

static void multipliers_are_contents(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, DEAD_NODE);
  cm_matrix *m;
  plain p;
  read_plain(t, &p);
  assert_ok(cm_table_multipliers(t, NULL, &m, NULL));
  for (size_t i = 0; i < NODES; i++) {
    size_t s = i / N, j = i % N;
    double own = content(&p, s, s, p.b, j), once = content(&p, s, s, p.l, j);
    assert_double_equal(measure(m, "own", i), own, 1e-12);
    assert_double_equal(measure(m, "again", i), own - once, 1e-12);
    assert_double_equal(measure(m, "foreign", i), foreign(&p, s, p.b, j), 1e-12);
    assert_double_equal(measure(m, "once", i), once, 1e-12);
    assert_double_equal(measure(m, "direct", i), p.v[i] * p.l[i][i], 1e-12);
    assert_double_equal(measure(m, "indirect", i), once - p.v[i] * p.l[i][i], 1e-12);
  }
  cm_matrix_release(m);
  cm_table_release(t);
}

static void a_mirror_shows_the_partner(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  cm_matrix *e, *m, *back;
  cm_error err;
  assert_ok(cm_table_part(t, CM_PART_E, NULL, &e, NULL));
  assert_ok(cm_table_mirrored(t, e, &m, NULL));
  for (size_t i = 0; i < NODES; i++)
    for (size_t r = 0; r < G; r++)
      assert_true(cm_matrix_at(m, i, r) == cm_matrix_at(e, r * N + i % N, i / N));
  assert_ok(cm_table_mirrored(t, m, &back, NULL));
  for (size_t i = 0; i < NODES; i++) assert_true(cm_matrix_at(back, i, 1) == cm_matrix_at(e, i, 1));
  cm_matrix_release(m);
  m = NULL;
  cm_matrix *wrong;
  assert_ok(cm_matrix_new(NODES, G + 1, &wrong, NULL));
  assert_status(cm_table_mirrored(t, wrong, &m, &err), CM_SHAPE);
  assert_null(m);
  cm_matrix_release(wrong);
  cm_matrix_release(back);
  cm_matrix_release(e);
  cm_table_release(t);
}

typedef cm_status matrix_fn(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err);
typedef struct question {
  cm_table *table;
  matrix_fn *fn;
} question;

static cm_status ask(void *ud) {
  const question *q = ud;
  cm_matrix *m;
  cm_status status = q->fn(q->table, NULL, &m, NULL);
  if (status == CM_OK) cm_matrix_release(m);
  return status;
}

static cm_status mirrored(cm_table *t, const cm_job *job, cm_matrix **out, cm_error *err) {
  cm_matrix *e;
  cm_status status = cm_table_part(t, CM_PART_E, job, &e, err);
  if (status != CM_OK) return status;
  status = cm_table_mirrored(t, e, out, err);
  cm_matrix_release(e);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  static matrix_fn *const functions[] = {cm_table_position, cm_table_multipliers, mirrored};
  for (size_t i = 0; i < 3; i++) {
    question q = {random_table(2, 2, 0), functions[i]};
    assert_ok(ask(&q)); /* kept parts stay */
    survives_failing_allocations(ask, &q);
    cm_table_release(q.table);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chains_follow_their_definitions),
      cmocka_unit_test(chains_add_up_and_lengths_are_positions),
      cmocka_unit_test(output_measures_are_chains),
      cmocka_unit_test(multipliers_are_contents),
      cmocka_unit_test(a_mirror_shows_the_partner),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  return run(tests);
}
