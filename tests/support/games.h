/* Games for tests and their bench: small ones written in the order of the
 * literature, rules for large ones, and random ones that are the same everywhere. */
#ifndef CAPMOD_TEST_GAMES_H
#define CAPMOD_TEST_GAMES_H

#include <stdint.h>
#include <stdlib.h>

#include "capmod/game.h"

#define SETS(n) ((size_t)1 << (n))

/* Worths given by size of the coalition, within a size lexicographically (1, 2, 3,
 * 12, 13, 23, 123), to the order of bits. */
static inline void by_bits(size_t n, const double *by_size, double *out) {
  out[0] = 0;
  for (size_t size = 1; size <= n; size++) {
    size_t member[32];
    for (size_t k = 0; k < size; k++) member[k] = k;
    for (;;) {
      size_t set = 0, k = size;
      for (size_t j = 0; j < size; j++) set |= (size_t)1 << member[j];
      out[set] = *by_size++;
      while (k > 0 && member[k - 1] == n - size + k - 1) k--;
      if (k == 0) break;
      member[k - 1]++;
      for (size_t j = k; j < size; j++) member[j] = member[j - 1] + 1;
    }
  }
}

/* splitmix64 to [0, 1). */
static inline double next_random(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static inline void random_worths(size_t n, uint64_t seed, double *out) {
  out[0] = 0;
  for (size_t s = 1; s < SETS(n); s++) {
    double size = (double)__builtin_popcountll(s);
    out[s] = size * size * (0.5 + next_random(&seed));
  }
}

/* Wins with weights of the members above or at the quota. */
static inline void voting_worths(size_t n, const double *weights, double quota, double *out) {
  for (size_t s = 0; s < SETS(n); s++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += s >> i & 1 ? weights[i] : 0;
    out[s] = sum >= quota;
  }
}

/* What is left for a coalition when the others have been paid their claims
 * (Aumann and Maschler 1985). */
static inline void claims_worths(size_t n, const double *claims, double estate, double *out) {
  for (size_t s = 0; s < SETS(n); s++) {
    double left = estate;
    for (size_t i = 0; i < n; i++) left -= s >> i & 1 ? 0 : claims[i];
    out[s] = left > 0 ? left : 0;
  }
}

/* The largest need of a member: sign -1 for the costs of a runway (Littlechild and
 * Owen 1973), 1 for Ibn Ezra's inheritance (Aumann 2010). */
static inline void largest_need(size_t n, const double *needs, double sign, double *out) {
  for (size_t s = 0; s < SETS(n); s++) {
    double most = 0;
    for (size_t i = 0; i < n; i++)
      if (s >> i & 1 && needs[i] > most) most = needs[i];
    out[s] = most > 0 ? sign * most : 0;
  }
}

#endif
