/* Decompositions against their definitions, computed the long way: an inverse
 * for every exporter, sums over all partners as the papers write them. */
#include "support.h"

#include "capmod/decompose.h"
#include "plain.h"

/* sum over t of B_rt Y_tu for the t and u that `take` accepts. */
typedef bool take_fn(size_t s, size_t r, size_t t, size_t u);
static void served(const plain *p, size_t s, size_t r, take_fn *take, double *out) {
  double y[N];
  memset(out, 0, N * sizeof *out);
  for (size_t t = 0; t < G; t++)
    for (size_t u = 0; u < G; u++) {
      if (!take(s, r, t, u)) continue;
      final_demand(p, t, u, y);
      add_block(p->b, r, t, y, out);
    }
}

static cm_matrix *decompose(cm_table *t, cm_method method) {
  cm_matrix *m;
  assert_ok(cm_table_decompose(t, method, &(cm_flows){0}, NULL, &m, NULL));
  return m;
}

static double term(const cm_matrix *m, const char *name, size_t s, size_t i, size_t r) {
  size_t column = cm_axis_find(cm_matrix_axis(m, CM_COLS), name);
  assert_true(column != CM_NOT_FOUND);
  return cm_matrix_at(m, (s * N + i) * G + r, column);
}

/* ---- Wang, Wei, Zhu: equation by equation ------------------------------------------ */

static bool t2(size_t s, size_t r, size_t t, size_t u) { return (void)s, t == r && u == r; }
static bool t3(size_t s, size_t r, size_t t, size_t u) { return t != s && t != r && u == t; }
static bool t4(size_t s, size_t r, size_t t, size_t u) { return t == r && u != s && u != r; }
static bool t5(size_t s, size_t r, size_t t, size_t u) {
  return t != s && t != r && u != s && u != t;
}
static bool t6(size_t s, size_t r, size_t t, size_t u) { return t == r && u == s; }
static bool t7(size_t s, size_t r, size_t t, size_t u) { return t != s && t != r && u == s; }
static bool t8(size_t s, size_t r, size_t t, size_t u) { return (void)r, t == s && u == s; }
static bool t9(size_t s, size_t r, size_t t, size_t u) { return (void)r, t == s && u != s; }

static void check_wwz(const plain *p, const cm_matrix *m, size_t s, size_t r, size_t i) {
  static const struct {
    const char *name;
    take_fn *take;
  } domestic[] = {{"DVA_INT", t2}, {"DVA_INTrexI1", t3}, {"DVA_INTrexF", t4}, {"DVA_INTrexI2", t5},
                  {"RDV_FIN", t6}, {"RDV_FIN2", t7},     {"RDV_INT", t8},     {"DDC_FIN", t9}};
  double w[N], y[N], ly[N] = {0}, le[N] = {0}, er[N] = {0};
  double own = content(p, s, s, p->b, i), vl = content(p, s, s, p->l, i);
  double mine = content(p, r, s, p->b, i), other = foreign(p, s, p->b, i) - mine;
  for (size_t q = 0; q < sizeof domestic / sizeof *domestic; q++) {
    served(p, s, r, domestic[q].take, w);
    assert_double_equal(term(m, domestic[q].name, s, i, r), vl * uses(p, s, r, i, w), 1e-12);
  }
  for (size_t j = 0; j < N; j++)
    for (size_t k = 0; k < G; k++) er[j] += p->e[r * N + j][k];
  final_demand(p, r, r, y);
  add_block(p->l, r, r, y, ly);
  add_block(p->l, r, r, er, le);
  double fin = p->y[s * N + i][r], home = uses(p, s, r, i, ly), on = uses(p, s, r, i, le);
  assert_double_equal(term(m, "DVA_FIN", s, i, r), own * fin, 1e-12);
  assert_double_equal(term(m, "DDC_INT", s, i, r), (own - vl) * (p->e[s * N + i][r] - fin), 1e-12);
  assert_double_equal(term(m, "MVA_FIN", s, i, r), mine * fin, 1e-12);
  assert_double_equal(term(m, "MVA_INT", s, i, r), mine * home, 1e-12);
  assert_double_equal(term(m, "MDC", s, i, r), mine * on, 1e-12);
  assert_double_equal(term(m, "OVA_FIN", s, i, r), other * fin, 1e-12);
  assert_double_equal(term(m, "OVA_INT", s, i, r), other * home, 1e-12);
  assert_double_equal(term(m, "ODC", s, i, r), other * on, 1e-12);
}

/* ---- Borin and Mancini: with an inverse of its own for the exporter ------------------- */

static void cut_system(const plain *p, size_t s, double b[NODES][NODES], double x[NODES][G]) {
  double a[NODES][NODES], y[NODES][G];
  memcpy(a, p->a, sizeof a);
  memcpy(y, p->y, sizeof y);
  for (size_t i = s * N; i < (s + 1) * N; i++) {
    for (size_t j = 0; j < NODES; j++)
      if (j / N != s) a[i][j] = 0;
    for (size_t k = 0; k < G; k++)
      if (k != s) y[i][k] = 0;
  }
  inverse_of_i_minus(a, b);
  for (size_t i = 0; i < NODES; i++)
    for (size_t k = 0; k < G; k++) {
      x[i][k] = 0;
      for (size_t j = 0; j < NODES; j++) x[i][k] += b[i][j] * y[j][k];
    }
}

/* Phi^k_sr of Borin and Mancini (2019, eq. 28 to 39) at sector i of s. */
static double reached(const plain *p, double x[NODES][G], size_t s, size_t r, size_t k, size_t i) {
  double inner[N], w[N] = {0};
  for (size_t j = 0; j < N; j++) {
    inner[j] = p->y[r * N + j][k];
    for (size_t q = 0; q < NODES; q++)
      if (q / N != r) inner[j] += p->a[r * N + j][q] * x[q][k];
  }
  add_block(p->l, r, r, inner, w);
  return (k == r ? p->y[s * N + i][r] : 0) + uses(p, s, r, i, w);
}

static void check_bm(const plain *p, const cm_matrix *source, const cm_matrix *sink, size_t s,
                     size_t r, size_t i, double b[NODES][NODES], double x[NODES][G]) {
  double own = content(p, s, s, p->b, i), vf = foreign(p, s, p->b, i);
  double vl = content(p, s, s, p->l, i), cut = foreign(p, s, (const double(*)[NODES])b, i);
  double e = p->e[s * N + i][r], phi = 0, back[N], y[N], ly[N] = {0};
  for (size_t k = 0; k < G; k++) phi += reached(p, x, s, r, k, i);
  for (size_t j = 0; j < N; j++) {
    back[j] = 0;
    for (size_t q = 0; q < NODES; q++) back[j] += p->b[r * N + j][q] * p->y[q][s];
  }
  final_demand(p, r, r, y);
  add_block(p->l, r, r, y, ly);
  assert_double_equal(term(source, "GEXP", s, i, r), e, 1e-12);
  assert_double_equal(term(source, "DVA", s, i, r), vl * e, 1e-12);
  assert_double_equal(term(source, "DDC", s, i, r), (own - vl) * e, 1e-12);
  assert_double_equal(term(source, "FC", s, i, r), vf * e, 1e-12);
  assert_double_equal(term(source, "FVA", s, i, r), cut * e, 1e-12);
  assert_double_equal(term(source, "REF", s, i, r), vl * uses(p, s, r, i, back), 1e-12);
  assert_double_equal(term(source, "DAVAX", s, i, r),
                      vl * (p->y[s * N + i][r] + uses(p, s, r, i, ly)), 1e-12);
  assert_double_equal(term(sink, "DVA", s, i, r), own * phi, 1e-12);
  assert_double_equal(term(sink, "FVA", s, i, r), vf * phi, 1e-12);
  assert_double_equal(term(sink, "REF", s, i, r), own * reached(p, x, s, r, s, i), 1e-12);
  assert_double_equal(term(sink, "VAXIM", s, i, r), own * reached(p, x, s, r, r, i), 1e-12);
}

static void terms_follow_their_definitions(void **state) {
  (void)state;
  static const unsigned traits[] = {0, DEAD_NODE, SILENT_COUNTRY, NEGATIVE_DEMAND,
                                    DEAD_NODE | SILENT_COUNTRY | NEGATIVE_DEMAND};
  for (size_t q = 0; q < sizeof traits / sizeof *traits; q++) {
    cm_table *t = random_table(G, N, traits[q]);
    plain p;
    read_plain(t, &p);
    cm_matrix *wwz = decompose(t, CM_WWZ);
    cm_matrix *source = decompose(t, CM_BM_SOURCE), *sink = decompose(t, CM_BM_SINK);
    for (size_t s = 0; s < G; s++) {
      double b[NODES][NODES], x[NODES][G];
      cut_system(&p, s, b, x);
      for (size_t r = 0; r < G; r++)
        for (size_t i = 0; r != s && i < N; i++) {
          check_wwz(&p, wwz, s, r, i);
          check_bm(&p, source, sink, s, r, i, b, x);
        }
    }
    cm_matrix_release(wwz);
    cm_matrix_release(source);
    cm_matrix_release(sink);
    cm_table_release(t);
  }
}

/* ---- identities ------------------------------------------------------------------------ */

static double row_total(const cm_matrix *m, size_t row) {
  double sum = 0;
  for (size_t j = 0; j < cm_matrix_cols(m); j++) sum += cm_matrix_at(m, row, j);
  return sum;
}

static void terms_add_up_to_exports(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, DEAD_NODE | NEGATIVE_DEMAND);
  cm_matrix *source = decompose(t, CM_BM_SOURCE);
  static const cm_method methods[] = {CM_BM_SOURCE_TERMS, CM_BM_SINK_TERMS, CM_WWZ, CM_KWW};
  for (size_t q = 0; q < sizeof methods / sizeof *methods; q++) {
    cm_matrix *m = decompose(t, methods[q]);
    for (size_t row = 0; row < cm_matrix_rows(m); row++)
      assert_double_equal(row_total(m, row), cm_matrix_at(source, row, 0), 1e-12);
    cm_matrix_release(m);
  }
  cm_matrix_release(source);
  cm_table_release(t);
}

static void twelve_terms_add_up_to_the_standard_ones(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  for (int sink = 0; sink < 2; sink++) {
    cm_matrix *all = decompose(t, sink ? CM_BM_SINK : CM_BM_SOURCE);
    cm_matrix *parts = decompose(t, sink ? CM_BM_SINK_TERMS : CM_BM_SOURCE_TERMS);
    for (size_t s = 0; s < G; s++)
      for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < G; r++) {
          double vax = term(parts, "VAX_FIN", s, i, r) + term(parts, "VAX_INT", s, i, r) +
                       term(parts, "VAX_REX_FIN", s, i, r) + term(parts, "VAX_REX_INT", s, i, r);
          double ref = term(parts, "REF_FIN", s, i, r) + term(parts, "REF_INT", s, i, r);
          double fva = term(parts, "FVA_FIN", s, i, r) + term(parts, "FVA_INT", s, i, r) +
                       term(parts, "FVA_REX_FIN", s, i, r) + term(parts, "FVA_REX_INT", s, i, r);
          assert_double_equal(vax, term(all, "VAX", s, i, r), 1e-12);
          assert_double_equal(ref, term(all, "REF", s, i, r), 1e-12);
          assert_double_equal(fva, term(all, "FVA", s, i, r), 1e-12);
          assert_double_equal(term(parts, "DDC", s, i, r), term(all, "DDC", s, i, r), 1e-12);
        }
    cm_matrix_release(all);
    cm_matrix_release(parts);
  }
  cm_table_release(t);
}

/* ---- what is asked for -------------------------------------------------------------------- */

static const size_t none = CM_NOT_FOUND;

static void one_exporter_is_solved_for_without_the_inverse(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  size_t only[G] = {none, none, 0, none}, all[G] = {0, 0, 0, 0}, sectors[N] = {0, 0, 0};
  cm_axis *one = letters('X', 1);
  cm_flows flows = {.exporters = {only, one}, .sectors = {sectors, one}, .importers = {all, one}};
  for (cm_method q = CM_BM_SOURCE; q <= CM_KWW; q++) {
    cm_matrix *m, *full;
    assert_ok(cm_table_decompose(t, q, &flows, NULL, &m, NULL));
    assert_int_equal(cm_matrix_rows(m), 1);
    full = decompose(t, q);
    for (size_t j = 0; j < cm_matrix_cols(m); j++) {
      double sum = 0;
      for (size_t row = 2 * N * G; row < 3 * N * G; row++) sum += cm_matrix_at(full, row, j);
      assert_double_equal(cm_matrix_at(m, 0, j), sum, 1e-12);
    }
    cm_matrix_release(m);
    cm_matrix_release(full);
  }
  cm_axis_release(one);
  cm_table_release(t);
}

/* A region of two countries is what one country is in the table in which the two
 * are one, with twice the sectors: here compared by the identities that tell a
 * region apart, and with the exports left after trade inside it. */
static void a_region_trades_as_one(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  plain p;
  read_plain(t, &p);
  size_t block[G] = {1, 0, 1, 2}, only[3] = {none, 0, none};
  cm_axis *blocks = letters('B', 3), *one = letters('X', 1);
  cm_flows flows = {.blocks = {block, blocks}, .exporters = {only, one}};
  cm_matrix *m, *wwz;
  assert_ok(cm_table_decompose(t, CM_BM_SOURCE, &flows, NULL, &m, NULL));
  assert_ok(cm_table_decompose(t, CM_WWZ, &flows, NULL, &wwz, NULL));
  assert_int_equal(cm_matrix_rows(m), N * 3);
  double a[NODES][NODES], b[NODES][NODES], exports = 0, dva = 0, gdp = 0, cut = 0;
  memcpy(a, p.a, sizeof a);
  for (size_t i = 0; i < NODES; i++)
    for (size_t j = 0; j < NODES; j++)
      if (block[i / N] == 1 && block[j / N] != 1) a[i][j] = 0;
  inverse_of_i_minus((const double(*)[NODES])a, b);
  for (size_t i = 0; i < NODES; i++) {
    double output = 0;
    for (size_t j = 0; j < NODES; j++)
      for (size_t k = 0; k < G; k++)
        if (block[j / N] != 1 || block[k] == 1) output += b[i][j] * p.y[j][k];
    if (block[i / N] != 1) continue;
    gdp += p.v[i] * p.x[i];
    cut += p.v[i] * output;
    for (size_t r = 0; r < G; r++)
      if (block[r] != 1) exports += p.e[i][r];
  }
  double total = 0, sixteen = 0;
  for (size_t row = 0; row < N * 3; row++) {
    total += cm_matrix_at(m, row, 0);
    dva += cm_matrix_at(m, row, 2);
    sixteen += row_total(wwz, row);
  }
  assert_double_equal(total, exports, 1e-12);
  assert_double_equal(sixteen, exports, 1e-12);
  /* Los, Timmer, de Vries (2016): what GDP is lost when the exports are cut */
  assert_double_equal(dva, gdp - cut, 1e-11);
  cm_matrix_release(m);
  cm_matrix_release(wwz);
  cm_axis_release(blocks);
  cm_axis_release(one);
  cm_table_release(t);
}

static void odd_tables_are_taken(void **state) {
  (void)state;
  static const size_t shapes[][2] = {{1, 3}, {5, 1}, {1, 1}, {2, 1}};
  for (size_t q = 0; q < sizeof shapes / sizeof *shapes; q++) {
    cm_table *t = random_table(shapes[q][0], shapes[q][1], 0);
    for (cm_method method = CM_BM_SOURCE; method <= CM_KWW; method++) {
      cm_matrix *m = decompose(t, method);
      for (size_t row = 0; row < cm_matrix_rows(m); row++) assert_true(isfinite(row_total(m, row)));
      cm_matrix_release(m);
    }
    cm_table_release(t);
  }
}

static void wrong_groups_are_refused(void **state) {
  (void)state;
  cm_error err;
  cm_matrix *m = NULL;
  cm_table *t = random_table(G, N, 0);
  size_t bad[G] = {0, 0, 7, 0}, gap[G] = {0, none, 0, 0};
  cm_axis *one = letters('X', 1);
  cm_flows exporters = {.exporters = {bad, one}}, blocks = {.blocks = {gap, one}};
  assert_status(cm_table_decompose(t, CM_WWZ, &exporters, NULL, &m, &err), CM_RANGE);
  assert_int_equal(err.row, 3);
  assert_status(cm_table_decompose(t, CM_WWZ, &blocks, NULL, &m, &err), CM_RANGE);
  assert_status(cm_table_decompose(t, (cm_method)99, &(cm_flows){0}, NULL, &m, &err), CM_INVALID);
  assert_null(m);
  cm_axis_release(one);
  cm_table_release(t);
}

static cm_table *shared;
static cm_status decompose_shared(void *ud) {
  cm_matrix *m;
  cm_status status = cm_table_decompose(shared, *(cm_method *)ud, &(cm_flows){0}, NULL, &m, NULL);
  if (status == CM_OK) cm_matrix_release(m);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  shared = random_table(2, 2, 0);
  cm_matrix *l;
  assert_ok(cm_table_part(shared, CM_PART_L, NULL, &l, NULL)); /* kept parts stay */
  cm_matrix_release(l);
  for (cm_method method = CM_BM_SOURCE; method <= CM_KWW; method++) {
    cm_matrix *m = decompose(shared, method);
    cm_matrix_release(m);
    survives_failing_allocations(decompose_shared, &method);
  }
  cm_table_release(shared);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(terms_follow_their_definitions),
      cmocka_unit_test(terms_add_up_to_exports),
      cmocka_unit_test(twelve_terms_add_up_to_the_standard_ones),
      cmocka_unit_test(one_exporter_is_solved_for_without_the_inverse),
      cmocka_unit_test(a_region_trades_as_one),
      cmocka_unit_test(odd_tables_are_taken),
      cmocka_unit_test(wrong_groups_are_refused),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  return run(tests);
}
