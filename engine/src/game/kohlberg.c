/* Kohlberg's criterion in the form of his property I: whatever side payments d with
 * d(N) = 0 do not take from a coalition at or above a level, they do not give to
 * one either. A linear program looks for payments that do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Excesses closer than this, in units of the scale, are one level. */
static const double LEVEL = 1e-8, GIVES = 1e-6;

typedef struct ranked {
  double excess;
  cm_coalition s;
} ranked;

static int by_excess(const void *a, const void *b) {
  const ranked *p = a, *q = b;
  if (p->excess != q->excess) return p->excess > q->excess ? -1 : 1;
  return p->s < q->s ? -1 : p->s > q->s;
}

/* The payments: -1 <= d_i <= 1, 0 for the coalitions settled before, not negative
 * for those of the level and for the players at their minimum. */
typedef struct level {
  size_t players, count, settled_count;
  const cm_coalition *members;
  cm_coalition settled[CM_GAME_PLAYERS_MAX];
  cm_coalition at_minimum;
} level;

static void put(const level *at, cm_coalition s, double sign, double h, cm__condition *out) {
  for (size_t i = 0; i < at->players; i++) out->g[i] = cm__has(s, i) ? sign : 0;
  out->h = h;
  out->key = s;
}

static double broken(void *ud, const double *d, double f, cm__condition *out) {
  const level *at = ud;
  double most = 0;
  for (size_t i = 0; i < at->players; i++) {
    cm_coalition one = (cm_coalition)1 << i;
    if (fabs(d[i]) - f > most) {
      most = fabs(d[i]) - f;
      put(at, one, d[i] > 0 ? 1 : -1, 1, out);
    }
    if (at->at_minimum & one && -d[i] > most) {
      most = -d[i];
      put(at, one, -1, 0, out);
    }
  }
  for (size_t k = 0; k < at->settled_count; k++) {
    double gets = cm__paid(d, at->settled[k]);
    if (fabs(gets) > most) {
      most = fabs(gets);
      put(at, at->settled[k], gets > 0 ? 1 : -1, 0, out);
    }
  }
  for (size_t k = 0; k < at->count; k++) {
    double gets = cm__paid(d, at->members[k]);
    if (-gets > most) {
      most = -gets;
      put(at, at->members[k], -1, 0, out);
    }
  }
  return most;
}

/* Whether no payments give something to a coalition of the level. */
static cm_status balanced(level *at, const cm_job *job, bool *out, cm_error *err) {
  double c[CM_GAME_PLAYERS_MAX] = {0}, largest = 0;
  cm__lp lp = {0};
  cm__lp_outcome outcome;
  cm_status status;
  for (size_t k = 0; k < at->count; k++)
    for (cm_coalition s = at->members[k]; s; s &= s - 1) c[cm__first(s)]++;
  for (size_t i = 0; i < at->players; i++) largest = fmax(largest, c[i]);
  for (size_t i = 0; i < at->players; i++) c[i] /= largest;
  CM__TRY(cm__lp_new(at->players, &lp, err));
  lp.c = c;
  lp.broken = broken;
  lp.ud = at;
  lp.job = job;
  CM__TRY(cm__lp_solve(&lp, &outcome, err));
  if (outcome != CM__LP_OPTIMAL) {
    status = cm__fail(err, CM_NOT_CONVERGED, "Kohlberg's criterion was lost to rounding");
    goto done;
  }
  *out = true;
  for (size_t k = 0; k < at->count; k++)
    if (cm__paid(lp.p, at->members[k]) > GIVES) *out = false;
done:
  cm__lp_free(&lp);
  return status;
}

/* Efficient, and for the nucleolus nobody below what it is worth alone. */
static bool allowed(const cm_game *game, cm_nucleolus_kind kind, const double *x, level *at) {
  double slack = LEVEL * game->scale;
  cm_coalition all = cm__all(game->players);
  if (!(fabs(cm__paid(x, all) - game->worth[all]) <= slack)) return false;
  for (size_t i = 0; kind == CM_NUCLEOLUS && i < game->players; i++) {
    double over = x[i] - game->worth[(size_t)1 << i];
    if (over < -slack) return false;
    if (over <= slack) at->at_minimum |= (cm_coalition)1 << i;
  }
  return true;
}

static cm_status rank_coalitions(const cm_game *game, const double *x, ranked **out,
                                 cm_error *err) {
  size_t n = (size_t)1 << game->players;
  ranked *list;
  cm_status status = cm__alloc_raw(n, sizeof *list, "coalitions", &list, err);
  if (status != CM_OK) return status;
  for (size_t s = 1; s + 1 < n; s++)
    list[s - 1] = (ranked){(game->worth[s] - cm__paid(x, s)) / game->scale, s};
  qsort(list, n - 2, sizeof *list, by_excess);
  *out = list;
  return CM_OK;
}

/* The next level from `from` on: its coalitions that do not follow from the span. */
static size_t next_level(const cm__span *span, const ranked *list, size_t n, size_t from,
                         cm_coalition *members, size_t *count) {
  size_t k = from;
  *count = 0;
  do {
    if (!cm__span_has(span, list[k].s)) members[(*count)++] = list[k].s;
    k++;
  } while (k < n && list[k - 1].excess - list[k].excess <= LEVEL);
  return k;
}

cm_status cm_game_kohlberg(const cm_game *game, cm_nucleolus_kind kind, const double *x,
                           const cm_job *job, bool *out, cm_error *err) {
  size_t n = game->players, all = (size_t)1 << n;
  cm__span span = {.players = n};
  level at = {.players = n};
  ranked *list = NULL;
  cm_coalition *members = NULL;
  bool good = allowed(game, kind, x, &at);
  cm_status status = CM_OK;
  CM__TRY(rank_coalitions(game, x, &list, err));
  CM__TRY(cm__alloc_raw(all, sizeof *members, "coalitions", &members, err));
  cm__span_add(&span, all - 1);
  at.settled[at.settled_count++] = all - 1;
  at.members = members;
  for (size_t k = 0; good && span.rank < n;) {
    CM__TRY(cm_job_step(job, "Kohlberg's criterion", (double)span.rank, (double)n, err));
    k = next_level(&span, list, all - 2, k, members, &at.count);
    if (at.count == 0) continue;
    CM__TRY(balanced(&at, job, &good, err));
    for (size_t j = 0; j < at.count; j++)
      if (cm__span_add(&span, members[j])) at.settled[at.settled_count++] = members[j];
  }
  *out = good;
done:
  cm__free(list);
  cm__free(members);
  return status;
}
