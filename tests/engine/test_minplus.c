/* Products with minima for sums, against plain loops, at every number of rows left over. */
#include "support.h"

#include "locate/minplus.h"

enum { MOST = 37 };

static double draw(void) {
  static uint64_t state = 7;
  state = state * 6364136223846793005u + 1442695040888963407u; /* Knuth 1998, MMIX */
  double x = (double)(state >> 11) * 0x1p-53;
  return x < 0.15 ? HUGE_VAL : x;
}

static double by_hand(const double *v, const double *t, const double *m, double scale, size_t n,
                      size_t width, size_t j, bool turned) {
  double least = HUGE_VAL;
  for (size_t i = 0; i < n; i++) {
    size_t at = turned ? j * n + i : i * width + j;
    if (!(v[i] < HUGE_VAL) || (t && !(t[at] < HUGE_VAL)) || (m && !(m[at] < HUGE_VAL))) continue;
    least = fmin(least, v[i] * (t ? t[at] : 1) + (m ? scale * m[at] : 0));
  }
  return least;
}

/* A scale of 0 meets infinite entries: no number, which is never a minimum. */
static void agrees_with_plain_loops(void **state) {
  (void)state;
  static double v[MOST], t[MOST * MOST], m[MOST * MOST], out[MOST];
  for (size_t n = 0; n <= MOST; n++)
    for (size_t width = 1; width <= MOST; width += 4)
      for (size_t k = 0; k < 2; k++) {
        double scale = k ? 0.75 : 0;
        for (size_t i = 0; i < n; i++) v[i] = draw();
        for (size_t i = 0; i < n * width; i++) t[i] = draw(), m[i] = draw();
        cm__min_plus(v, m, scale, n, width, out);
        for (size_t j = 0; j < width; j++)
          assert_true(out[j] == by_hand(v, NULL, m, scale, n, width, j, false));
        cm__min_plus_turned(v, m, scale, n, width, out);
        for (size_t j = 0; j < width; j++)
          assert_true(out[j] == by_hand(v, NULL, m, scale, n, width, j, true));
        cm__min_times(v, t, m, scale, n, width, out);
        for (size_t j = 0; j < width; j++)
          assert_true(out[j] == by_hand(v, t, m, scale, n, width, j, false));
        cm__min_times(v, t, NULL, scale, n, width, out);
        for (size_t j = 0; j < width; j++)
          assert_true(out[j] == by_hand(v, t, NULL, scale, n, width, j, false));
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_plain_loops)};
  return run(tests);
}
