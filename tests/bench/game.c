/* Sharing among many: exact Shapley value and nucleolus once the worths are known.
 *
 *   bench_game [PLAYERS]   prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * The yardstick is the second that is promised for 15 players; times are seconds
 * of the process, the best of 3. */
#include <stdio.h>
#include <stdlib.h>

#include "../support/games.h"
#include "bench.h"

static double once(const cm_game *g) {
  double x[CM_GAME_PLAYERS_MAX], start = cpu_seconds();
  must(cm_game_shapley(g, NULL, x, NULL, NULL), NULL);
  must(cm_game_nucleolus(g, CM_PRENUCLEOLUS, NULL, x, NULL, NULL), NULL);
  return cpu_seconds() - start;
}

static void measure(const char *name, size_t n, const double *worths) {
  cm_game *g;
  double best = 1e9;
  must(cm_game_new(n, worths, &g, NULL), NULL);
  for (int k = 0; k < 3; k++) {
    double took = once(g);
    if (took < best) best = took;
  }
  cm_game_release(g);
  printf("%s_%zu\t%.4f\t1\t%.4f\t1\t%s\n", name, n, best, best, best <= 1 ? "ok" : "MISSED");
}

int main(int argc, char **argv) {
  size_t n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 15;
  if (n < 2 || n > CM_GAME_PLAYERS_MAX) return 2;
  double *worths = malloc(SETS(n) * sizeof *worths), weights[CM_GAME_PLAYERS_MAX], total = 0;
  if (!worths) return 2;
  random_worths(n, 1, worths);
  measure("game_random", n, worths);
  for (size_t i = 0; i < n; i++) total += weights[i] = i < n / 3 ? 7 : 1;
  voting_worths(n, weights, total * 0.75, worths);
  measure("game_votes", n, worths);
  for (size_t i = 0; i < n; i++) weights[i] = (double)(10 + i * i);
  largest_need(n, weights, -1, worths);
  measure("game_airport", n, worths);
  free(worths);
  return 0;
}
