/* Corners and imports against their definitions, with inverses of cut systems. */
#include "support.h"

#include "capmod/corners.h"
#include "plain.h"

static size_t each_node[NODES], each_country[G], country_of[NODES];
static cm_axis *nodes, *countries;

static int set_up(void **state) {
  (void)state;
  nodes = letters('N', NODES);
  countries = letters('C', G);
  for (size_t i = 0; i < NODES; i++) {
    each_node[i] = i;
    country_of[i] = i / N;
  }
  for (size_t i = 0; i < G; i++) each_country[i] = i;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  cm_axis_release(nodes);
  cm_axis_release(countries);
  return 0;
}

static cm_corners all_sides(bool once) {
  return (cm_corners){.origins = {each_node, nodes},
                      .exporters = {each_node, nodes},
                      .importers = {each_country, countries},
                      .destinations = {each_country, countries},
                      .once = once};
}

/* E_sr,k at sector i of s. */
static double absorbed(const plain *p, size_t s, size_t r, size_t k, size_t i) {
  double w[N];
  for (size_t j = 0; j < N; j++) {
    w[j] = 0;
    for (size_t q = 0; q < NODES; q++) w[j] += p->b[r * N + j][q] * p->y[q][k];
  }
  return uses(p, s, r, i, w) + (k == r ? p->y[s * N + i][r] : 0);
}

static void cut_country(const plain *p, size_t s, double b[NODES][NODES]) {
  double a[NODES][NODES];
  memcpy(a, p->a, sizeof a);
  for (size_t i = s * N; i < (s + 1) * N; i++)
    for (size_t j = 0; j < NODES; j++)
      if (j / N != s) a[i][j] = 0;
  inverse_of_i_minus((const double(*)[NODES])a, b);
}

static void corners_follow_their_definition(void **state) {
  (void)state;
  static const unsigned traits[] = {0, DEAD_NODE | NEGATIVE_DEMAND};
  for (size_t q = 0; q < 2; q++) {
    cm_table *t = random_table(G, N, traits[q]);
    cm_corners sides = all_sides(false), once = all_sides(true);
    cm_matrix *m, *first;
    plain p;
    read_plain(t, &p);
    assert_ok(cm_table_corners(t, NULL, &sides, NULL, &m, NULL));
    assert_ok(cm_table_corners(t, NULL, &once, NULL, &first, NULL));
    for (size_t s = 0; s < G; s++) {
      double b[NODES][NODES];
      cut_country(&p, s, b);
      for (size_t j = 0; j < N; j++)
        for (size_t r = 0; r < G; r++)
          for (size_t k = 0; r != s && k < G; k++) {
            size_t row = ((s * N + j) * G + r) * G + k;
            double flow = absorbed(&p, s, r, k, j);
            for (size_t o = 0; o < NODES; o++) {
              assert_double_equal(cm_matrix_at(m, row, o), p.v[o] * p.b[o][s * N + j] * flow,
                                  1e-12);
              assert_double_equal(cm_matrix_at(first, row, o), p.v[o] * b[o][s * N + j] * flow,
                                  1e-12);
            }
          }
    }
    cm_matrix_release(m);
    cm_matrix_release(first);
    cm_table_release(t);
  }
}

static void corners_add_up_to_what_is_known(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  cm_corners sides = all_sides(true);
  cm_matrix *m, *bm;
  sides.origins = (cm_grouping){country_of, countries}; /* few: solved for without the inverse */
  assert_ok(cm_table_corners(t, NULL, &sides, NULL, &m, NULL));
  assert_ok(cm_table_decompose(t, CM_BM_SOURCE, &(cm_flows){0}, NULL, &bm, NULL));
  size_t dva = cm_axis_find(cm_matrix_axis(bm, CM_COLS), "DVA");
  size_t fva = cm_axis_find(cm_matrix_axis(bm, CM_COLS), "FVA");
  size_t ref = cm_axis_find(cm_matrix_axis(bm, CM_COLS), "REF");
  for (size_t flow = 0; flow < NODES * G; flow++) {
    size_t s = flow / (N * G);
    double own = 0, others = 0;
    for (size_t k = 0; k < G; k++)
      for (size_t o = 0; o < G; o++) *(o == s ? &own : &others) += cm_matrix_at(m, flow * G + k, o);
    assert_double_equal(own, cm_matrix_at(bm, flow, dva), 1e-12);
    assert_double_equal(others, cm_matrix_at(bm, flow, fva), 1e-12);
    assert_double_equal(cm_matrix_at(m, flow * G + s, s), cm_matrix_at(bm, flow, ref), 1e-12);
  }
  cm_matrix_release(m);
  cm_matrix_release(bm);
  cm_table_release(t);
}

static void groups_are_sums_and_weights_are_taken(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  const size_t none = CM_NOT_FOUND;
  size_t to[G] = {none, 1, 1, 0}, ends[G] = {0, 0, none, 1}, from[NODES];
  cm_axis *two = letters('X', 2);
  cm_corners sides = all_sides(false), summed = all_sides(false);
  cm_matrix *weights, *m, *full;
  for (size_t i = 0; i < NODES; i++) from[i] = i < 2 * N ? i % 2 : none;
  assert_ok(cm_matrix_new(1, NODES, &weights, NULL));
  for (size_t i = 0; i < NODES; i++) assert_ok(cm_matrix_set(weights, 0, i, 1.0 + (double)i, NULL));
  summed.origins = (cm_grouping){from, two};
  summed.exporters = (cm_grouping){from, two};
  summed.importers = (cm_grouping){to, two};
  summed.destinations = (cm_grouping){ends, two};
  assert_ok(cm_table_corners(t, weights, &sides, NULL, &full, NULL));
  assert_ok(cm_table_corners(t, weights, &summed, NULL, &m, NULL));
  assert_int_equal(cm_matrix_rows(m), 8);
  double want[8][2] = {{0}};
  for (size_t i = 0; i < NODES; i++)
    for (size_t r = 0; r < G; r++)
      for (size_t k = 0; k < G; k++)
        for (size_t o = 0; o < NODES; o++) {
          if (from[i] == none || to[r] == none || ends[k] == none || from[o] == none) continue;
          want[(from[i] * 2 + to[r]) * 2 + ends[k]][from[o]] +=
              cm_matrix_at(full, (i * G + r) * G + k, o);
        }
  for (size_t row = 0; row < 8; row++)
    for (size_t o = 0; o < 2; o++)
      assert_double_equal(cm_matrix_at(m, row, o), want[row][o], 1e-12);
  cm_axis_release(two);
  cm_matrix_release(weights);
  cm_matrix_release(m);
  cm_matrix_release(full);
  cm_table_release(t);
}

/* ---- imports ------------------------------------------------------------------------ */

static void imports_enter_once(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, DEAD_NODE);
  cm_matrix *m;
  plain p;
  read_plain(t, &p);
  assert_ok(cm_table_imports(t, (cm_grouping){NULL, NULL}, (cm_grouping){NULL, NULL},
                             (cm_grouping){NULL, NULL}, NULL, &m, NULL));
  for (size_t r = 0; r < G; r++) {
    double a[NODES][NODES], b[NODES][NODES], h[NODES] = {0}, bd[NODES] = {0}, total = 0, d = 0;
    memcpy(a, p.a, sizeof a);
    for (size_t i = 0; i < NODES; i++)
      for (size_t j = r * N; j < (r + 1) * N; j++)
        if (i / N != r) a[i][j] = 0;
    inverse_of_i_minus((const double(*)[NODES])a, b);
    for (size_t i = 0; i < NODES; i++) {
      d += p.e[i][r];
      for (size_t j = 0; j < NODES; j++) bd[i] += p.b[i][j] * p.e[j][r];
    }
    for (size_t i = 0; i < NODES; i++)
      for (size_t j = r * N; i / N != r && j < (r + 1) * N; j++) h[i] += p.a[i][j] * bd[j];
    for (size_t i = 0; i < NODES; i++) {
      double va = 0, dc = 0;
      for (size_t j = 0; j < NODES; j++) {
        va += p.v[i] * b[i][j] * p.e[j][r];
        dc += p.v[i] * b[i][j] * h[j];
      }
      assert_double_equal(cm_matrix_at(m, r * NODES + i, 0), va, 1e-12);
      assert_double_equal(cm_matrix_at(m, r * NODES + i, 1), dc, 1e-11);
      total += va + dc;
    }
    assert_double_equal(total, d, 1e-12);
  }
  cm_matrix_release(m);
  cm_table_release(t);
}

static void a_region_imports_as_one(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  size_t block[G] = {1, 0, 1, 2}, only[3] = {CM_NOT_FOUND, 0, CM_NOT_FOUND};
  cm_axis *blocks = letters('B', 3), *one = letters('X', 1);
  cm_matrix *m;
  double total = 0, d = 0;
  plain p;
  read_plain(t, &p);
  assert_ok(cm_table_imports(t, (cm_grouping){block, blocks}, (cm_grouping){only, one},
                             (cm_grouping){country_of, countries}, NULL, &m, NULL));
  assert_int_equal(cm_matrix_rows(m), G);
  for (size_t o = 0; o < G; o++) total += cm_matrix_at(m, o, 0) + cm_matrix_at(m, o, 1);
  for (size_t i = 0; i < NODES; i++)
    for (size_t r = 0; r < G; r++)
      if (block[r] == 1 && block[i / N] != 1) d += p.e[i][r];
  assert_double_equal(total, d, 1e-12);
  cm_axis_release(blocks);
  cm_axis_release(one);
  cm_matrix_release(m);
  cm_table_release(t);
}

/* ---- what is refused ------------------------------------------------------------------ */

static void wrong_questions_are_refused(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  cm_corners sides = all_sides(false);
  cm_matrix *weights, *m = NULL;
  cm_error err;
  size_t wrong[NODES] = {[3] = 99};
  assert_ok(cm_matrix_new(1, 2, &weights, NULL));
  assert_status(cm_table_corners(t, weights, &sides, NULL, &m, &err), CM_SHAPE);
  sides.importers.group = NULL;
  assert_status(cm_table_corners(t, NULL, &sides, NULL, &m, &err), CM_INVALID);
  sides = all_sides(false);
  sides.origins.group = wrong;
  assert_status(cm_table_corners(t, NULL, &sides, NULL, &m, &err), CM_RANGE);
  cm_grouping none = {NULL, NULL}, bad = {wrong, countries};
  assert_status(cm_table_imports(t, none, none, bad, NULL, &m, &err), CM_RANGE);
  assert_status(cm_table_imports(t, bad, none, none, NULL, &m, &err), CM_RANGE);
  assert_null(m);
  cm_matrix_release(weights);
  cm_table_release(t);
}

typedef struct question {
  cm_table *table;
  bool imports, once;
} question;

static cm_status ask(void *ud) {
  const question *q = ud;
  cm_matrix *m;
  cm_grouping none = {NULL, NULL};
  cm_corners sides = all_sides(q->once);
  sides.origins = (cm_grouping){country_of, countries};
  cm_status status = q->imports ? cm_table_imports(q->table, none, none, none, NULL, &m, NULL)
                                : cm_table_corners(q->table, NULL, &sides, NULL, &m, NULL);
  if (status == CM_OK) cm_matrix_release(m);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  static const question questions[] = {
      {NULL, true, false}, {NULL, false, false}, {NULL, false, true}};
  for (size_t i = 0; i < 3; i++) {
    question q = questions[i];
    q.table = random_table(G, N, 0);
    assert_ok(ask(&q)); /* kept parts stay */
    survives_failing_allocations(ask, &q);
    cm_table_release(q.table);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(corners_follow_their_definition),
      cmocka_unit_test(corners_add_up_to_what_is_known),
      cmocka_unit_test(groups_are_sums_and_weights_are_taken),
      cmocka_unit_test(imports_enter_once),
      cmocka_unit_test(a_region_imports_as_one),
      cmocka_unit_test(wrong_questions_are_refused),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  cm_allocator_set(faulty_realloc, NULL);
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
