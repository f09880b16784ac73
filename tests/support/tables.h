/* Random tables for the engine's tests. Include after support.h. */
#ifndef CAPMOD_TEST_TABLES_H
#define CAPMOD_TEST_TABLES_H

#include "capmod/table.h"

/* xorshift (Marsaglia 2003): the same numbers everywhere. */
static uint64_t random_state = 88172645463325252u;
static inline double uniform(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (double)(random_state >> 11) / 9007199254740992.0;
}

static inline cm_axis *letters(char letter, size_t n) {
  char text[26][24];
  const char *labels[26];
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%02zu", letter, i);
    labels[i] = text[i];
  }
  cm_axis *a;
  assert_ok(cm_axis_new(labels, n, &a, NULL));
  return a;
}

enum { DEAD_NODE = 1, SILENT_COUNTRY = 2, NEGATIVE_DEMAND = 4 };

/* g countries x n sectors whose coefficients leave some value added. `traits`
 * add a node without output, a country that exports nothing, negative demand. */
static inline cm_table *random_table(size_t g, size_t n, unsigned traits) {
  size_t nodes = g * n;
  cm_matrix *z, *y;
  assert_ok(cm_matrix_new(nodes, nodes, &z, NULL));
  assert_ok(cm_matrix_new(nodes, g, &y, NULL));
  for (size_t i = 0; i < nodes; i++) {
    for (size_t j = 0; j < nodes + g; j++) {
      bool final = j >= nodes;
      size_t to = final ? j - nodes : j / n;
      double value = uniform() * (final ? 20 : 2) * (to == i / n ? 4 : 1) * (uniform() < 0.8);
      if ((traits & SILENT_COUNTRY) && i / n == 0 && to != 0) value = 0;
      if ((traits & DEAD_NODE) && (i == nodes - 1 || j == nodes - 1)) value = 0;
      if ((traits & NEGATIVE_DEMAND) && final && uniform() < 0.1) value = -value / 10;
      assert_ok(final ? cm_matrix_set(y, i, to, value, NULL) : cm_matrix_set(z, i, j, value, NULL));
    }
  }
  cm_axis *countries = letters('C', g), *sectors = letters('S', n);
  cm_table *t;
  cm_table_parts parts = {.countries = countries, .sectors = sectors, .z = z, .y = y};
  assert_ok(cm_table_new(&parts, NULL, &t, NULL));
  cm_axis_release(countries);
  cm_axis_release(sectors);
  cm_matrix_release(z);
  cm_matrix_release(y);
  return t;
}

#endif
