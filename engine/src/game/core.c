#include <math.h>
#include <string.h>

#include "internal.h"

/* ---- conditions of all coalitions ------------------------------------------------------ */

cm_status cm__search_new(const cm_game *game, bool excess, cm__search *out, cm_error *err) {
  size_t n = (size_t)1 << game->players;
  cm__search s = {.players = game->players, .excess = excess};
  cm_status status = cm__alloc_raw(n, sizeof *s.open, "coalitions", &s.open, err);
  if (status != CM_OK) return status;
  s.count = n;
  for (size_t k = 0; k < n; k++) s.open[k] = game->worth[k] / game->scale;
  s.open[0] = -INFINITY;
  s.fixed[0] = n - 1;
  s.level[0] = s.open[n - 1];
  s.fixes = 1;
  s.open[n - 1] = -INFINITY;
  *out = s;
  return CM_OK;
}

void cm__search_free(cm__search *search) {
  cm__free(search->open);
  cm__free(search->listed);
  search->open = NULL;
  search->listed = NULL;
}

static double fill(const cm__search *s, uint64_t key, double sign, double h, cm__condition *out) {
  cm_coalition members = key & ~(CM__FIXED | CM__ALONE);
  if (key & CM__ALONE) members = (cm_coalition)1 << members;
  for (size_t i = 0; i < s->players; i++) out->g[i] = cm__has(members, i) ? sign : 0;
  if (s->excess) out->g[s->players] = key & (CM__FIXED | CM__ALONE) ? 0 : -1;
  out->h = h;
  out->key = key;
  return 0;
}

/* The open coalition that gains most, in two halves of the players so that the
 * sums stay small: x(S) is that of its high players plus that of its low ones. */
static double worst_of_all(const cm__search *s, const double *p, double f, size_t *worst) {
  size_t low = s->players / 2, high = s->players - low;
  double of_low[1 << (CM_GAME_PLAYERS_MAX / 2)], of_high[1 << (CM_GAME_PLAYERS_MAX / 2)];
  cm__paid_all(p, low, of_low);
  cm__paid_all(p + low, high, of_high);
  double most = -INFINITY, e = s->excess ? p[s->players] : 0;
  for (size_t k = 0; k < (size_t)1 << high; k++) {
    const double *open = s->open + (k << low);
    double base = of_high[k] + e;
    for (size_t l = 0; l < (size_t)1 << low; l++) {
      double worth = f != 0 || open[l] == -INFINITY ? open[l] : 0;
      double by = worth - base - of_low[l];
      if (by > most) {
        most = by;
        *worst = (k << low) + l;
      }
    }
  }
  return most;
}

static double worst_listed(const cm__search *s, const double *p, double f, size_t *worst) {
  double most = -INFINITY, e = s->excess ? p[s->players] : 0;
  for (size_t k = 0; k < s->count; k++) {
    if (s->open[k] == -INFINITY) continue;
    double by = (f != 0 ? s->open[k] : 0) - e - cm__paid(p, s->listed[k]);
    if (by > most) {
      most = by;
      *worst = k;
    }
  }
  return most;
}

double cm__search_broken(void *ud, const double *p, double f, cm__condition *out) {
  const cm__search *s = ud;
  size_t worst = 0;
  double most = (s->listed ? worst_listed : worst_of_all)(s, p, f, &worst), sign = -1, h = 0;
  uint64_t key = s->listed ? s->listed[worst] : worst;
  if (most > 0) h = -s->open[worst];
  for (size_t k = 0; k < s->fixes; k++) {
    double by = cm__paid(p, s->fixed[k]) - f * s->level[k];
    if (fabs(by) > most) {
      most = fabs(by);
      sign = by > 0 ? 1 : -1;
      h = sign * s->level[k];
      key = CM__FIXED | s->fixed[k];
    }
  }
  for (size_t i = 0; s->alone && i < s->players; i++)
    if (f * s->alone[i] - p[i] > most) {
      most = f * s->alone[i] - p[i];
      sign = -1;
      h = -s->alone[i];
      key = CM__ALONE | i;
    }
  if (most > 0) fill(s, key, sign, h, out);
  return most;
}

/* ---- the core ------------------------------------------------------------------------------ */

static cm_status solved(cm__lp *lp, const char *what, cm_error *err) {
  cm__lp_outcome outcome;
  cm_status status = cm__lp_solve(lp, &outcome, err);
  if (status == CM_OK && outcome != CM__LP_OPTIMAL)
    return cm__fail(err, CM_NOT_CONVERGED, "%s was lost to rounding", what);
  return status;
}

cm_status cm_game_least_core(const cm_game *game, const cm_job *job, double *epsilon, double *x,
                             cm_error *err) {
  size_t n = game->players;
  cm__search search = {0};
  cm__lp lp = {0};
  double c[CM_GAME_PLAYERS_MAX + 1] = {0};
  cm_status status = CM_OK;
  if (n == 1) {
    *epsilon = -INFINITY;
    if (x) x[0] = game->worth[1];
    return CM_OK;
  }
  c[n] = -1;
  CM__TRY(cm__search_new(game, true, &search, err));
  CM__TRY(cm__lp_new(n + 1, &lp, err));
  lp.c = c;
  lp.broken = cm__search_broken;
  lp.ud = &search;
  lp.job = job;
  CM__TRY(solved(&lp, "the least core", err));
  *epsilon = lp.p[n] * game->scale;
  for (size_t i = 0; x && i < n; i++) x[i] = lp.p[i] * game->scale;
done:
  cm__lp_free(&lp);
  cm__search_free(&search);
  return status;
}

cm_status cm_game_core_range(const cm_game *game, size_t player, const cm_job *job, double *least,
                             double *most, cm_error *err) {
  size_t n = game->players;
  cm__search search = {0};
  cm__lp lp = {0};
  double c[CM_GAME_PLAYERS_MAX] = {0}, end[2], epsilon;
  if (player >= n)
    return cm__fail(err, CM_RANGE, "player %zu is not among the %zu there are", player + 1, n);
  if (n == 1) {
    *least = *most = game->worth[1];
    return CM_OK;
  }
  cm_status status = cm_game_least_core(game, job, &epsilon, NULL, err);
  if (status != CM_OK) return status;
  CM__TRY(cm__search_new(game, false, &search, err));
  CM__TRY(cm__lp_new(n, &lp, err));
  /* Where the least core is one point, a little room keeps it from being lost. */
  double room = fmax(0, epsilon / game->scale) + 1e-12;
  for (size_t s = 0; s < (size_t)1 << n; s++) search.open[s] -= room;
  lp.c = c;
  lp.broken = cm__search_broken;
  lp.ud = &search;
  lp.job = job;
  for (size_t k = 0; k < 2; k++) {
    c[player] = k ? 1 : -1;
    CM__TRY(solved(&lp, "a range of the core", err));
    end[k] = lp.p[player] * game->scale;
  }
  *least = fmin(end[0], end[1]);
  *most = fmax(end[0], end[1]);
done:
  cm__lp_free(&lp);
  cm__search_free(&search);
  return status;
}

/* ---- rows as they are found ------------------------------------------------------------------ */

static cm_status add_coalition(cm__conditions *list, size_t n, cm_coalition s, double worth,
                               bool fixed, double sign, cm_error *err) {
  double g[CM_COALITION_PLAYERS_MAX + 1];
  for (size_t i = 0; i < n; i++) g[i] = cm__has(s, i) ? sign : 0;
  g[n] = fixed ? 0 : -1;
  return cm__conditions_add(list, g, sign * worth, err);
}

/* All is fixed; every player alone bounds e from the start. */
static cm_status first_rows(cm__conditions *list, size_t n, double total, const double *alone,
                            cm_error *err) {
  cm_status status;
  CM__TRY(add_coalition(list, n, cm__all(n), total, true, 1, err));
  CM__TRY(add_coalition(list, n, cm__all(n), total, true, -1, err));
  for (size_t i = 0; i < n; i++)
    CM__TRY(add_coalition(list, n, (cm_coalition)1 << i, alone[i], false, -1, err));
done:
  return status;
}

static cm_status check_rows(size_t n, double total, const double *alone, double *scale,
                            cm_error *err) {
  if (n < 2 || n > CM_COALITION_PLAYERS_MAX)
    return cm__fail(err, CM_INVALID, "a game of %zu players; one by a callback has 2 to %d", n,
                    CM_COALITION_PLAYERS_MAX);
  *scale = fabs(total);
  for (size_t i = 0; i < n; i++) *scale = fmax(*scale, fabs(alone[i]));
  if (!isfinite(*scale) || isnan(total))
    return cm__fail(err, CM_NOT_FINITE, "the worth of all or of one alone is not finite");
  for (size_t i = 0; i < n; i++)
    if (isnan(alone[i]))
      return cm__fail_at(err, CM_NOT_FINITE, i + 1, 0, alone[i], "player %zu alone is worth nan",
                         i + 1);
  if (*scale == 0) *scale = 1;
  return CM_OK;
}

/* One call: solves over the rows there are and asks for one more. */
static cm_status one_round(cm__lp *lp, cm__conditions *list, double scale, cm_worst_fn worst,
                           void *ud, double *x, bool *more, cm_error *err) {
  size_t n = list->m - 1;
  cm_coalition s = 0;
  double worth = 0;
  cm_status status = solved(lp, "the least core", err);
  if (status != CM_OK) return status;
  for (size_t i = 0; i < n; i++) x[i] = lp->p[i] * scale;
  status = worst(ud, x, &s, &worth, err);
  if (status != CM_OK) return status;
  if (s == 0 || s >= cm__all(n) || !isfinite(worth))
    return cm__fail(err, CM_INVALID, "the callback gave no coalition, all of them, or no worth");
  *more = worth - cm__paid(x, s) > (lp->p[n] + CM_GAME_TOLERANCE) * scale;
  return *more ? add_coalition(list, n, s, worth / scale, false, -1, err) : CM_OK;
}

cm_status cm_least_core_by_rows(size_t players, double total, const double *alone,
                                cm_worst_fn worst, void *ud, size_t rounds, const cm_job *job,
                                double *epsilon, double *x, size_t *found, cm_error *err) {
  double scale, c[CM_COALITION_PLAYERS_MAX + 1] = {0}, own[CM_COALITION_PLAYERS_MAX],
                                             payoff[CM_COALITION_PLAYERS_MAX];
  cm_status status = check_rows(players, total, alone, &scale, err);
  if (status != CM_OK) return status;
  cm__conditions list = {.m = players + 1};
  cm__lp lp = {0};
  bool more = true;
  size_t calls = 0;
  c[players] = -1;
  for (size_t i = 0; i < players; i++) own[i] = alone[i] / scale;
  CM__TRY(first_rows(&list, players, total / scale, own, err));
  CM__TRY(cm__lp_new(players + 1, &lp, err));
  lp.c = c;
  lp.broken = cm__conditions_broken;
  lp.ud = &list;
  lp.job = job;
  for (; more && calls < rounds; calls++)
    CM__TRY(one_round(&lp, &list, scale, worst, ud, payoff, &more, err));
  if (more) {
    status = cm__fail(err, CM_NOT_CONVERGED, "the least core was not reached in %zu calls", rounds);
    goto done;
  }
  *epsilon = lp.p[players] * scale;
  *found = calls;
  memcpy(x, payoff, players * sizeof *x);
done:
  cm__lp_free(&lp);
  cm__free(list.g);
  cm__free(list.h);
  return status;
}
