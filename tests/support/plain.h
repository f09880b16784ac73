/* A random table's pieces as plain arrays, to compute definitions the long way:
 * inverses, and sums over all partners as the papers write them. */
#ifndef CAPMOD_TEST_PLAIN_H
#define CAPMOD_TEST_PLAIN_H

#include "tables.h"

enum { G = 4, N = 3, NODES = G * N };

/* The definitions' pieces of one table, as plain arrays. */
typedef struct plain {
  double a[NODES][NODES], b[NODES][NODES], l[NODES][NODES]; /* l: block diagonal */
  double y[NODES][G], x[NODES], v[NODES], e[NODES][G];
} plain;

static inline void inverse_of_i_minus(const double (*a)[NODES], double (*out)[NODES]) {
  cm_matrix *m, *inverse;
  assert_ok(cm_matrix_new(NODES, NODES, &m, NULL));
  for (size_t i = 0; i < NODES; i++)
    for (size_t j = 0; j < NODES; j++) assert_ok(cm_matrix_set(m, i, j, (i == j) - a[i][j], NULL));
  assert_ok(cm_inverse(m, NULL, &inverse, NULL));
  for (size_t i = 0; i < NODES; i++)
    for (size_t j = 0; j < NODES; j++) out[i][j] = cm_matrix_at(inverse, i, j);
  cm_matrix_release(m);
  cm_matrix_release(inverse);
}

static inline void read_part(cm_table *t, cm_part part, double *to, size_t rows, size_t cols) {
  cm_matrix *m;
  assert_ok(cm_table_part(t, part, NULL, &m, NULL));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) to[i * cols + j] = cm_matrix_at(m, i, j);
  cm_matrix_release(m);
}

static inline void read_plain(cm_table *t, plain *p) {
  double own[NODES][NODES] = {{0}};
  read_part(t, CM_PART_A, &p->a[0][0], NODES, NODES);
  read_part(t, CM_PART_D, &p->y[0][0], NODES, G);
  read_part(t, CM_PART_X, p->x, NODES, 1);
  read_part(t, CM_PART_V, p->v, 1, NODES);
  for (size_t i = 0; i < NODES; i++)
    for (size_t j = 0; j < NODES; j++)
      if (i / N == j / N) own[i][j] = p->a[i][j];
  inverse_of_i_minus(p->a, p->b);
  inverse_of_i_minus(own, p->l);
  memset(p->e, 0, sizeof p->e);
  for (size_t i = 0; i < NODES; i++)
    for (size_t r = 0; r < G; r++) {
      if (r == i / N) continue;
      p->e[i][r] = p->y[i][r];
      for (size_t j = r * N; j < (r + 1) * N; j++) p->e[i][r] += p->a[i][j] * p->x[j];
    }
}

/* Row vectors over the sectors of s, as functions of a sector. */
static inline double content(const plain *p, size_t t, size_t s, const double m[NODES][NODES],
                             size_t i) {
  double sum = 0;
  for (size_t j = t * N; j < (t + 1) * N; j++) sum += p->v[j] * m[j][s * N + i];
  return sum;
}

static inline double foreign(const plain *p, size_t s, const double m[NODES][NODES], size_t i) {
  double sum = 0;
  for (size_t t = 0; t < G; t++)
    if (t != s) sum += content(p, t, s, m, i);
  return sum;
}

/* The i-th element of A_sr vector (over the sectors of r). */
static inline double uses(const plain *p, size_t s, size_t r, size_t i, const double *vector) {
  double sum = 0;
  for (size_t j = 0; j < N; j++) sum += p->a[s * N + i][r * N + j] * vector[j];
  return sum;
}

/* out = M_rt vector, added. */
static inline void add_block(const double m[NODES][NODES], size_t r, size_t t, const double *vector,
                             double *out) {
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++) out[i] += m[r * N + i][t * N + j] * vector[j];
}

static inline void final_demand(const plain *p, size_t t, size_t u, double *to) {
  for (size_t i = 0; i < N; i++) to[i] = p->y[t * N + i][u];
}

#endif
