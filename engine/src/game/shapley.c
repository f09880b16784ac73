#include <math.h>
#include <string.h>

#include "internal.h"

/* A sum that keeps the digits each addition loses (Neumaier 1974). */
typedef struct sum {
  double total, lost;
} sum;

static void add(sum *s, double x) {
  double t = s->total + x;
  s->lost += fabs(s->total) >= fabs(x) ? (s->total - t) + x : (x - t) + s->total;
  s->total = t;
}

/* What player i brings, by the size of the coalition joined, averaged: `with` has
 * the worths of coalitions with i, `without` those without. */
static double value_of(const cm_game *with, const cm_game *without, size_t i) {
  size_t n = with->players;
  sum by_size[CM_GAME_PLAYERS_MAX] = {{0, 0}}, mean = {0, 0};
  cm_coalition bit = (cm_coalition)1 << i, below = bit - 1;
  for (cm_coalition k = 0; k < (cm_coalition)1 << (n - 1); k++) {
    cm_coalition s = (k & below) | (k & ~below) << 1;
    add(&by_size[cm__size(s)], with->worth[s | bit] - without->worth[s]);
  }
  double ways = 1; /* coalitions of `size` among the other n - 1 */
  for (size_t size = 0; size < n; size++) {
    add(&mean, (by_size[size].total + by_size[size].lost) / (ways * (double)n));
    ways = ways * (double)(n - 1 - size) / (double)(size + 1);
  }
  return mean.total + mean.lost;
}

cm_status cm_game_shapley(const cm_game *low, const cm_game *high, double *out_low,
                          double *out_high, cm_error *err) {
  if (!high) high = low;
  if (high->players != low->players)
    return cm__fail(err, CM_SHAPE, "lower ends for %zu players, upper ends for %zu", low->players,
                    high->players);
  for (cm_coalition s = 0; s <= cm__all(low->players); s++)
    if (low->worth[s] > high->worth[s])
      return cm__fail_at(err, CM_INVALID, (size_t)s + 1, 0, low->worth[s],
                         "coalition %llu: %g is above %g", (unsigned long long)s, low->worth[s],
                         high->worth[s]);
  for (size_t i = 0; i < low->players; i++) {
    double least = value_of(low, high, i);
    if (out_high) out_high[i] = low == high ? least : value_of(high, low, i);
    out_low[i] = least;
  }
  return CM_OK;
}

void cm_game_banzhaf(const cm_game *game, double *swings) {
  for (size_t i = 0; i < game->players; i++) {
    sum s = {0, 0};
    cm_coalition bit = (cm_coalition)1 << i;
    for (cm_coalition c = 0; c <= cm__all(game->players); c++)
      if (c & bit) add(&s, game->worth[c] - game->worth[c ^ bit]);
    swings[i] = s.total + s.lost;
  }
}

/* ---- drawn orders, and coalitions ------------------------------------------------------ */

/* xoshiro256** 1.0 (Blackman and Vigna 2021), filled by splitmix64 from the seed and
 * a hash of the stream's name (FNV-1a), as cm.random is. */
typedef struct stream {
  uint64_t s[4];
} stream;

static uint64_t rotate(uint64_t x, unsigned k) { return x << k | x >> (64 - k); }

static stream stream_new(uint64_t seed, const char *name) {
  uint64_t x = seed;
  stream r;
  if (name && *name) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    x ^= hash;
  }
  for (size_t i = 0; i < 4; i++) {
    uint64_t z = x += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    r.s[i] = z ^ z >> 31;
  }
  return r;
}

static uint64_t bits(stream *r) {
  uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

/* 0 to n - 1, each as likely. */
static size_t below(stream *r, size_t n) {
  uint64_t last = UINT64_MAX - (UINT64_MAX % n + 1) % n, x;
  do x = bits(r);
  while (x > last);
  return (size_t)(x % n);
}

typedef struct sampler {
  size_t players;
  cm_worth_fn worth;
  void *ud;
  double all; /* the worth of all, which every order ends with */
  sum value[CM_COALITION_PLAYERS_MAX];
  double least[CM_COALITION_PLAYERS_MAX], most[CM_COALITION_PLAYERS_MAX];
  size_t order[CM_COALITION_PLAYERS_MAX];
} sampler;

static cm_status worth_of(const sampler *s, cm_coalition c, double *worth, cm_error *err) {
  cm_status status = s->worth(s->ud, c, worth, err);
  if (status == CM_OK && !isfinite(*worth))
    return cm__fail_at(err, CM_NOT_FINITE, 0, 0, *worth, "the worth of a coalition of %zu is %g",
                       cm__size(c), *worth);
  return status;
}

static void count_in(sampler *s, size_t i, double brings) {
  add(&s->value[i], brings);
  s->least[i] = fmin(s->least[i], brings);
  s->most[i] = fmax(s->most[i], brings);
}

/* All join in the order, or in its reverse. */
static cm_status walk(sampler *s, bool reverse, cm_error *err) {
  cm_coalition c = 0;
  double before = 0, after;
  for (size_t k = 0; k < s->players; k++) {
    size_t i = s->order[reverse ? s->players - 1 - k : k];
    c |= (cm_coalition)1 << i;
    after = s->all;
    cm_status status = k + 1 < s->players ? worth_of(s, c, &after, err) : CM_OK;
    if (status != CM_OK) return status;
    count_in(s, i, after - before);
    before = after;
  }
  return CM_OK;
}

static void shuffle(sampler *s, stream *r) {
  for (size_t k = s->players; k > 1; k--) {
    size_t j = below(r, k), held = s->order[k - 1];
    s->order[k - 1] = s->order[j];
    s->order[j] = held;
  }
}

static cm_status check_sampling(size_t players, const cm_sampling *how, cm_error *err) {
  if (players < 1 || players > CM_COALITION_PLAYERS_MAX)
    return cm__fail(err, CM_INVALID, "a game of %zu players; one by a callback has 1 to %d",
                    players, CM_COALITION_PLAYERS_MAX);
  if (how->pairs < 1) return cm__fail(err, CM_INVALID, "no order is drawn");
  if (!(how->risk > 0 && how->risk < 1))
    return cm__fail(err, CM_INVALID, "a risk of %g; it lies between 0 and 1", how->risk);
  if (!(how->range >= 0 && isfinite(how->range)))
    return cm__fail(err, CM_INVALID, "a range of %g; it is finite and not negative", how->range);
  return CM_OK;
}

/* A sampler before its first draw, and the worth of all. */
static cm_status begin(size_t players, cm_worth_fn worth, void *ud, const cm_sampling *how,
                       sampler *s, cm_error *err) {
  cm_status status = check_sampling(players, how, err);
  if (status != CM_OK) return status;
  *s = (sampler){.players = players, .worth = worth, .ud = ud};
  for (size_t i = 0; i < players; i++) {
    s->order[i] = i;
    s->least[i] = INFINITY;
    s->most[i] = -INFINITY;
  }
  return worth_of(s, cm__all(players), &s->all, err);
}

/* The means of what the players brought, and how far off one is at most (Hoeffding
 * 1963) where one of `count` events may fail. */
static double finish(const sampler *s, const cm_sampling *how, size_t count, double *out,
                     bool *proven) {
  double range = 0, pairs = (double)how->pairs;
  for (size_t i = 0; i < s->players; i++) {
    out[i] = (s->value[i].total + s->value[i].lost) / (2 * pairs);
    range = fmax(range, s->most[i] - s->least[i]);
  }
  *proven = how->range > 0;
  if (*proven) range = how->range;
  return range * sqrt(log(2 * (double)count / how->risk) / (2 * pairs));
}

cm_status cm_shapley_sample(size_t players, cm_worth_fn worth, void *ud, const cm_sampling *how,
                            const cm_job *job, double *out, double *bound, bool *proven,
                            cm_error *err) {
  sampler s;
  cm_status status = begin(players, worth, ud, how, &s, err);
  if (status != CM_OK) return status;
  stream r = stream_new(how->seed, how->stream);
  for (size_t k = 0; k < how->pairs && status == CM_OK; k++) {
    status = cm_job_step(job, "drawing orders", (double)k, (double)how->pairs, err);
    shuffle(&s, &r);
    if (status == CM_OK) status = walk(&s, false, err);
    if (status == CM_OK) status = walk(&s, true, err);
  }
  if (status == CM_OK) *bound = finish(&s, how, players, out, proven);
  return status;
}

/* Player i joins a coalition of others. */
static cm_status join(sampler *s, size_t i, cm_coalition c, cm_error *err) {
  double without = 0, with = s->all;
  cm_coalition joined = c | (cm_coalition)1 << i;
  cm_status status = c ? worth_of(s, c, &without, err) : CM_OK;
  if (status == CM_OK && joined != cm__all(s->players)) status = worth_of(s, joined, &with, err);
  if (status == CM_OK) count_in(s, i, with - without);
  return status;
}

cm_status cm_banzhaf_sample(size_t players, cm_worth_fn worth, void *ud, const cm_sampling *how,
                            const cm_job *job, double *out, double *bound, double *sum_bound,
                            bool *proven, cm_error *err) {
  sampler s;
  cm_status status = begin(players, worth, ud, how, &s, err);
  if (status != CM_OK) return status;
  stream r = stream_new(how->seed, how->stream);
  for (size_t k = 0; k < how->pairs && status == CM_OK; k++) {
    status = cm_job_step(job, "drawing coalitions", (double)k, (double)how->pairs, err);
    for (size_t i = 0; i < players && status == CM_OK; i++) {
      cm_coalition others = cm__all(players) & ~((cm_coalition)1 << i), c = bits(&r) & others;
      status = join(&s, i, c, err);
      if (status == CM_OK) status = join(&s, i, others & ~c, err);
    }
  }
  if (status != CM_OK) return status;
  *bound = finish(&s, how, players + 1, out, proven);
  *sum_bound = sqrt((double)players) * *bound;
  return CM_OK;
}
