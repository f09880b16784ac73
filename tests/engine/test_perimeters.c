/* Perimeters, the world's perspective, tripartite participation, TiVA, and WWZ by
 * third country, against their definitions. */
#include "support.h"

#include "capmod/decompose.h"
#include "plain.h"

static cm_matrix *decompose(cm_table *t, cm_method method, cm_perimeter perimeter) {
  cm_matrix *m;
  cm_flows flows = {.perimeter = perimeter};
  assert_ok(cm_table_decompose(t, method, &flows, NULL, &m, NULL));
  return m;
}

static double term(const cm_matrix *m, const char *name, size_t s, size_t i, size_t r) {
  size_t column = cm_axis_find(cm_matrix_axis(m, CM_COLS), name);
  assert_true(column != CM_NOT_FOUND);
  return cm_matrix_at(m, (s * N + i) * G + r, column);
}

/* ---- perimeters ------------------------------------------------------------------ */

/* The system with the sales of s (of product i of it, where i < N) to r (to all
 * abroad, where r == G) cut. */
static void cut(const plain *p, size_t s, size_t i, size_t r, double b[NODES][NODES]) {
  double a[NODES][NODES];
  memcpy(a, p->a, sizeof a);
  for (size_t row = s * N; row < (s + 1) * N; row++)
    for (size_t j = 0; j < NODES; j++) {
      bool to = r == G ? j / N != s : j / N == r;
      if (to && (i == N || row == s * N + i)) a[row][j] = 0;
    }
  inverse_of_i_minus((const double(*)[NODES])a, b);
}

static void check_cut(const plain *p, const cm_matrix *m, double b[NODES][NODES], size_t s,
                      size_t i, size_t r) {
  const double(*cut_b)[NODES] = (const double(*)[NODES])b;
  double e = p->e[s * N + i][r];
  double own = content(p, s, s, p->b, i), dva = content(p, s, s, cut_b, i);
  assert_double_equal(term(m, "DVA", s, i, r), dva * e, 1e-12);
  assert_double_equal(term(m, "DDC", s, i, r), (own - dva) * e, 1e-11);
  assert_double_equal(term(m, "FVA", s, i, r), foreign(p, s, cut_b, i) * e, 1e-12);
  assert_double_equal(term(m, "VAX", s, i, r) + term(m, "REF", s, i, r), dva * e, 1e-12);
}

static void perimeters_cut_what_they_say(void **state) {
  (void)state;
  static const unsigned traits[] = {0, DEAD_NODE | SILENT_COUNTRY | NEGATIVE_DEMAND};
  for (size_t q = 0; q < 2; q++) {
    cm_table *t = random_table(G, N, traits[q]);
    double b[NODES][NODES];
    plain p;
    read_plain(t, &p);
    cm_matrix *sector = decompose(t, CM_BM_SOURCE, CM_PERIMETER_SECTOR);
    cm_matrix *partner = decompose(t, CM_BM_SOURCE, CM_PERIMETER_BILATERAL);
    cm_matrix *both = decompose(t, CM_BM_SOURCE, CM_PERIMETER_SECTOR_BILATERAL);
    for (size_t s = 0; s < G; s++)
      for (size_t r = 0; r < G; r++)
        for (size_t i = 0; r != s && i < N; i++) {
          cut(&p, s, i, G, b);
          check_cut(&p, sector, b, s, i, r);
          cut(&p, s, N, r, b);
          check_cut(&p, partner, b, s, i, r);
          cut(&p, s, i, r, b);
          check_cut(&p, both, b, s, i, r);
        }
    cm_matrix_release(sector);
    cm_matrix_release(partner);
    cm_matrix_release(both);
    cm_table_release(t);
  }
}

static void a_smaller_perimeter_counts_less_twice(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  cm_matrix *of[4], *terms;
  for (size_t q = 0; q < 4; q++) of[q] = decompose(t, CM_BM_SOURCE, (cm_perimeter)q);
  for (size_t s = 0; s < G; s++)
    for (size_t i = 0; i < N; i++)
      for (size_t r = 0; r < G; r++) {
        if (r == s || term(of[0], "GEXP", s, i, r) == 0) continue;
        assert_true(term(of[0], "DDC", s, i, r) > term(of[1], "DDC", s, i, r));
        assert_true(term(of[1], "DDC", s, i, r) > term(of[3], "DDC", s, i, r));
        assert_true(term(of[0], "DDC", s, i, r) > term(of[2], "DDC", s, i, r));
        assert_true(term(of[2], "DDC", s, i, r) > term(of[3], "DDC", s, i, r));
      }
  for (size_t q = 0; q < 4; q++) {
    terms = decompose(t, CM_BM_SOURCE_TERMS, (cm_perimeter)q);
    for (size_t row = 0; row < cm_matrix_rows(terms); row++) {
      double sum = 0;
      for (size_t j = 0; j < cm_matrix_cols(terms); j++) sum += cm_matrix_at(terms, row, j);
      assert_double_equal(sum, cm_matrix_at(of[q], row, 0), 1e-12);
    }
    cm_matrix_release(terms);
    cm_matrix_release(of[q]);
  }
  cm_table_release(t);
}

/* ---- the world's perspective ------------------------------------------------------- */

/* L_rr times a vector over the sectors of r, added to out. */
static void through(const plain *p, size_t r, const double *vector, double *out) {
  add_block(p->l, r, r, vector, out);
}

/* v_t L_tt A_ts L_ss at sector i, over all t != s (eq. 52). */
static double first_time(const plain *p, size_t s, size_t i) {
  double sum = 0;
  for (size_t t = 0; t < G; t++)
    for (size_t j = 0; t != s && j < N; j++)
      for (size_t h = 0; h < N; h++)
        sum += content(p, t, t, p->l, j) * p->a[t * N + j][s * N + h] * p->l[s * N + h][s * N + i];
  return sum;
}

/* What of s's exports to r ends there, and what r sends on for the last time (eq. 54). */
static double last_time(const plain *p, size_t s, size_t r, size_t i) {
  double home[N] = {0}, on[N] = {0}, inner[N] = {0}, y[N];
  final_demand(p, r, r, y);
  through(p, r, y, home);
  for (size_t j = 0; j < G; j++) {
    double ly[N] = {0};
    if (j == r) continue;
    final_demand(p, j, j, y);
    through(p, j, y, ly);
    for (size_t h = 0; h < N; h++) inner[h] += p->y[r * N + h][j] + uses(p, r, j, h, ly);
  }
  through(p, r, inner, on);
  return foreign(p, s, p->b, i) * (p->y[s * N + i][r] + uses(p, s, r, i, home)) +
         content(p, r, s, p->b, i) * uses(p, s, r, i, on);
}

static void the_world_counts_foreign_value_once(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, DEAD_NODE);
  double total[2] = {0};
  plain p;
  read_plain(t, &p);
  cm_matrix *source = decompose(t, CM_BM_WORLD_SOURCE, CM_PERIMETER_COUNTRY);
  cm_matrix *sink = decompose(t, CM_BM_WORLD_SINK, CM_PERIMETER_COUNTRY);
  cm_matrix *country = decompose(t, CM_BM_SOURCE, CM_PERIMETER_COUNTRY);
  static const char *const same[] = {"GEXP", "DC", "DVA", "VAX", "REF", "DDC", "FC"};
  for (size_t s = 0; s < G; s++)
    for (size_t r = 0; r < G; r++)
      for (size_t i = 0; r != s && i < N; i++) {
        assert_double_equal(term(source, "FVA", s, i, r), first_time(&p, s, i) * p.e[s * N + i][r],
                            1e-12);
        assert_double_equal(term(sink, "FVA", s, i, r), last_time(&p, s, r, i), 1e-12);
        total[0] += term(source, "FVA", s, i, r);
        total[1] += term(sink, "FVA", s, i, r);
        for (size_t q = 0; q < sizeof same / sizeof *same; q++) {
          assert_double_equal(term(source, same[q], s, i, r), term(country, same[q], s, i, r),
                              1e-12);
          assert_double_equal(term(sink, same[q], s, i, r), term(country, same[q], s, i, r), 1e-12);
        }
      }
  assert_double_equal(total[0], total[1], 1e-12);
  cm_matrix_release(source);
  cm_matrix_release(sink);
  cm_matrix_release(country);
  cm_table_release(t);
}

/* ---- participation and TiVA ---------------------------------------------------------- */

static void three_parts_make_participation(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, 0);
  plain p;
  read_plain(t, &p);
  cm_matrix *m = decompose(t, CM_TRIPARTITE, CM_PERIMETER_COUNTRY);
  cm_matrix *bm = decompose(t, CM_BM_SOURCE, CM_PERIMETER_COUNTRY);
  for (size_t s = 0; s < G; s++)
    for (size_t r = 0; r < G; r++)
      for (size_t i = 0; r != s && i < N; i++) {
        double e[N] = {0}, le[N] = {0}, in = 0;
        for (size_t j = 0; j < N; j++)
          for (size_t k = 0; k < G; k++) e[j] += p.e[r * N + j][k];
        through(&p, r, e, le);
        for (size_t j = 0; j < NODES; j++)
          for (size_t h = 0; j / N != s && h < N; h++)
            in += p.a[j][s * N + h] * p.l[s * N + h][s * N + i];
        double on = uses(&p, s, r, i, le);
        assert_double_equal(term(m, "GVC_PF", s, i, r), content(&p, s, s, p.l, i) * on, 1e-12);
        assert_double_equal(term(m, "GVC_TS", s, i, r), in * on, 1e-12);
        assert_double_equal(term(m, "DAVAX", s, i, r), term(bm, "DAVAX", s, i, r), 1e-12);
        assert_double_equal(term(m, "GVC", s, i, r), term(bm, "GVC", s, i, r), 1e-12);
        assert_double_equal(term(m, "GVC_PF", s, i, r) + term(m, "GVC_TS", s, i, r) +
                                term(m, "GVC_PB", s, i, r),
                            term(m, "GVC", s, i, r), 1e-12);
      }
  cm_matrix_release(m);
  cm_matrix_release(bm);
  cm_table_release(t);
}

static void tiva_splits_domestic_content(void **state) {
  (void)state;
  cm_table *t = random_table(G, N, DEAD_NODE);
  plain p;
  read_plain(t, &p);
  cm_matrix *m = decompose(t, CM_OECD, CM_PERIMETER_COUNTRY);
  for (size_t s = 0; s < G; s++)
    for (size_t r = 0; r < G; r++)
      for (size_t i = 0; r != s && i < N; i++) {
        size_t at = s * N + i;
        double e = p.e[at][r], direct = p.v[at] * p.l[at][at] * e;
        double once = content(&p, s, s, p.l, i) * e, own = content(&p, s, s, p.b, i) * e;
        assert_double_equal(term(m, "EXGR", s, i, r), e, 1e-12);
        assert_double_equal(term(m, "EXGR_DVA", s, i, r), own, 1e-12);
        assert_double_equal(term(m, "EXGR_DDC", s, i, r), direct, 1e-12);
        assert_double_equal(term(m, "EXGR_IDC", s, i, r), once - direct, 1e-12);
        assert_double_equal(term(m, "EXGR_RIM", s, i, r), own - once, 1e-11);
        assert_double_equal(term(m, "EXGR_FVA", s, i, r), foreign(&p, s, p.b, i) * e, 1e-12);
      }
  cm_matrix_release(m);
  cm_table_release(t);
}

/* ---- by third country ------------------------------------------------------------------ */

/* vL_s A_sr B_rx Y_xu at sector i of s, over the u that are not excluded. */
static double served(const plain *p, size_t s, size_t r, size_t i, size_t from, size_t u,
                     bool others) {
  double y[N] = {0}, w[N] = {0};
  for (size_t h = 0; h < N; h++)
    for (size_t k = 0; k < G; k++)
      if (others ? k != s && k != from : k == u) y[h] += p->y[from * N + h][k];
  add_block(p->b, r, from, y, w);
  return content(p, s, s, p->l, i) * uses(p, s, r, i, w);
}

static void thirds_add_up_to_the_sixteen(void **state) {
  (void)state;
  static const char *const names[] = {"DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2", "RDV_FIN2"};
  cm_table *t = random_table(G, N, DEAD_NODE | NEGATIVE_DEMAND);
  cm_matrix *m, *wwz = decompose(t, CM_WWZ, CM_PERIMETER_COUNTRY);
  plain p;
  read_plain(t, &p);
  assert_ok(cm_table_decompose_third(t, &(cm_flows){0}, (cm_grouping){NULL, NULL}, NULL, &m, NULL));
  assert_int_equal(cm_matrix_rows(m), NODES * G * G);
  for (size_t s = 0; s < G; s++)
    for (size_t r = 0; r < G; r++)
      for (size_t i = 0; r != s && i < N; i++) {
        double sum[4] = {0};
        for (size_t k = 0; k < G; k++) {
          size_t row = ((s * N + i) * G + r) * G + k;
          bool third = k != s && k != r;
          double want[4] = {third ? served(&p, s, r, i, k, k, false) : 0,
                            third ? served(&p, s, r, i, r, k, false) : 0,
                            third ? served(&p, s, r, i, k, 0, true) : 0,
                            third ? served(&p, s, r, i, k, s, false) : 0};
          for (size_t q = 0; q < 4; q++) {
            assert_double_equal(cm_matrix_at(m, row, q), want[q], 1e-12);
            sum[q] += cm_matrix_at(m, row, q);
          }
        }
        for (size_t q = 0; q < 4; q++)
          assert_double_equal(sum[q], term(wwz, names[q], s, i, r), 1e-12);
      }
  cm_matrix_release(m);
  cm_matrix_release(wwz);
  cm_table_release(t);
}

/* ---- what is asked for -------------------------------------------------------------------- */

/* Every method for blocks in another order is the same, flow by flow. */
static void the_order_of_countries_does_not_matter(void **state) {
  (void)state;
  static const cm_method methods[] = {CM_BM_WORLD_SOURCE, CM_BM_WORLD_SINK, CM_TRIPARTITE, CM_OECD};
  cm_table *t = random_table(G, N, 0);
  size_t place[G] = {2, 0, 3, 1};
  cm_axis *labels = letters('B', G);
  for (size_t q = 0; q < sizeof methods / sizeof *methods; q++) {
    cm_matrix *plain_order = decompose(t, methods[q], CM_PERIMETER_COUNTRY), *m;
    cm_flows flows = {.blocks = {place, labels}};
    assert_ok(cm_table_decompose(t, methods[q], &flows, NULL, &m, NULL));
    for (size_t s = 0; s < G; s++)
      for (size_t r = 0; r < G; r++)
        for (size_t row = 0; row < N; row++)
          for (size_t j = 0; j < cm_matrix_cols(m); j++)
            assert_double_equal(cm_matrix_at(m, (place[s] * N + row) * G + place[r], j),
                                cm_matrix_at(plain_order, (s * N + row) * G + r, j), 1e-11);
    cm_matrix_release(m);
    cm_matrix_release(plain_order);
  }
  cm_axis_release(labels);
  cm_table_release(t);
}

static void a_perimeter_needs_its_method(void **state) {
  (void)state;
  cm_table *t = random_table(2, 2, 0);
  cm_flows flows = {.perimeter = CM_PERIMETER_SECTOR};
  cm_matrix *m = NULL;
  cm_error err;
  assert_status(cm_table_decompose(t, CM_BM_SINK, &flows, NULL, &m, &err), CM_INVALID);
  assert_status(cm_table_decompose(t, CM_WWZ, &flows, NULL, &m, &err), CM_INVALID);
  flows.perimeter = (cm_perimeter)9;
  assert_status(cm_table_decompose(t, CM_BM_SOURCE, &flows, NULL, &m, &err), CM_INVALID);
  size_t wrong[2] = {0, 5};
  cm_axis *one = letters('X', 1);
  assert_status(
      cm_table_decompose_third(t, &(cm_flows){0}, (cm_grouping){wrong, one}, NULL, &m, &err),
      CM_RANGE);
  assert_null(m);
  cm_axis_release(one);
  cm_table_release(t);
}

typedef struct question {
  cm_table *table;
  cm_method method;
  cm_perimeter perimeter;
  bool third;
} question;

static cm_status ask(void *ud) {
  const question *q = ud;
  cm_matrix *m;
  cm_flows flows = {.perimeter = q->perimeter};
  cm_status status = q->third ? cm_table_decompose_third(q->table, &flows,
                                                         (cm_grouping){NULL, NULL}, NULL, &m, NULL)
                              : cm_table_decompose(q->table, q->method, &flows, NULL, &m, NULL);
  if (status == CM_OK) cm_matrix_release(m);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  static const question questions[] = {
      {NULL, CM_BM_SOURCE, CM_PERIMETER_SECTOR, false},
      {NULL, CM_BM_SOURCE, CM_PERIMETER_BILATERAL, false},
      {NULL, CM_BM_SOURCE, CM_PERIMETER_SECTOR_BILATERAL, false},
      {NULL, CM_BM_WORLD_SOURCE, CM_PERIMETER_COUNTRY, false},
      {NULL, CM_BM_WORLD_SINK, CM_PERIMETER_COUNTRY, false},
      {NULL, CM_TRIPARTITE, CM_PERIMETER_COUNTRY, false},
      {NULL, CM_OECD, CM_PERIMETER_COUNTRY, false},
      {NULL, CM_WWZ, CM_PERIMETER_COUNTRY, true},
  };
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
    question q = questions[i];
    q.table = random_table(2, 2, 0);
    assert_ok(ask(&q)); /* kept parts stay */
    survives_failing_allocations(ask, &q);
    cm_table_release(q.table);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(perimeters_cut_what_they_say),
      cmocka_unit_test(a_smaller_perimeter_counts_less_twice),
      cmocka_unit_test(the_world_counts_foreign_value_once),
      cmocka_unit_test(three_parts_make_participation),
      cmocka_unit_test(tiva_splits_domestic_content),
      cmocka_unit_test(thirds_add_up_to_the_sixteen),
      cmocka_unit_test(the_order_of_countries_does_not_matter),
      cmocka_unit_test(a_perimeter_needs_its_method),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  return run(tests);
}
