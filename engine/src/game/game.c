#include <math.h>
#include <string.h>

#include "internal.h"

cm_status cm_game_new(size_t players, const double *worths, cm_game **out, cm_error *err) {
  if (players < 1 || players > CM_GAME_PLAYERS_MAX)
    return cm__fail(err, CM_INVALID,
                    "a game of %zu players; one whose worths are listed has 1 to %d", players,
                    CM_GAME_PLAYERS_MAX);
  size_t n = (size_t)1 << players;
  if (worths[0] != 0)
    return cm__fail_at(err, CM_INVALID, 1, 0, worths[0], "nobody gains %g; it has to be 0",
                       worths[0]);
  double scale = 0;
  for (size_t s = 0; s < n; s++) {
    if (!isfinite(worths[s]))
      return cm__fail_at(err, CM_NOT_FINITE, s + 1, 0, worths[s],
                         "the worth of coalition %zu is %g", s, worths[s]);
    scale = fmax(scale, fabs(worths[s]));
  }
  cm_game *game;
  cm_status status = cm__alloc_raw(sizeof *game + n * sizeof *worths, 1, "a game", &game, err);
  if (status != CM_OK) return status;
  game->players = players;
  game->scale = scale > 0 ? scale : 1;
  memcpy(game->worth, worths, n * sizeof *worths);
  *out = game;
  return CM_OK;
}

void cm_game_release(cm_game *game) { cm__free(game); }
size_t cm_game_players(const cm_game *game) { return game->players; }

double cm_game_worth(const cm_game *game, cm_coalition coalition) {
  return game->worth[coalition & cm__all(game->players)];
}

double cm__paid(const double *x, cm_coalition s) {
  double sum = 0;
  for (; s; s &= s - 1) sum += x[cm__first(s)];
  return sum;
}

void cm__paid_all(const double *x, size_t players, double *paid) {
  paid[0] = 0;
  for (size_t i = 0; i < players; i++) {
    size_t half = (size_t)1 << i;
    for (size_t s = 0; s < half; s++) paid[half + s] = paid[s] + x[i];
  }
}

/* ---- kinds ------------------------------------------------------------------------- */

typedef struct witness {
  bool found;
  cm_coalition one, other;
} witness;

static double slack(const cm_game *g) { return CM_GAME_TOLERANCE * g->scale; }

/* The smallest cases say it for all: one player more. */
static void find_fall(const cm_game *g, cm_coalition s, witness *w) {
  for (size_t i = 0; i < g->players && !w->found; i++) {
    cm_coalition larger = s | (cm_coalition)1 << i;
    if (larger != s && g->worth[larger] < g->worth[s] - slack(g)) *w = (witness){true, larger, s};
  }
}

static void find_loss(const cm_game *g, cm_coalition s, witness *w) {
  for (cm_coalition part = (s - 1) & s; part > s - part && !w->found; part = (part - 1) & s)
    if (g->worth[part] + g->worth[s - part] > g->worth[s] + slack(g))
      *w = (witness){true, s - part, part};
}

/* Two players who join one coalition: enough for all pairs of coalitions. */
static void find_dent(const cm_game *g, cm_coalition s, witness *w) {
  for (size_t i = 0; i < g->players; i++) {
    cm_coalition a = s | (cm_coalition)1 << i;
    for (size_t j = i + 1; j < g->players && a != s && !w->found; j++) {
      cm_coalition b = s | (cm_coalition)1 << j;
      if (b != s && g->worth[a] + g->worth[b] > g->worth[a | b] + g->worth[s] + slack(g))
        *w = (witness){true, a, b};
    }
  }
}

cm_status cm_game_is(const cm_game *game, cm_game_kind kind, const cm_job *job, bool *out,
                     cm_coalition *one, cm_coalition *other, cm_error *err) {
  witness w = {false, 0, 0};
  cm_coalition all = cm__all(game->players);
  for (cm_coalition s = 0; s <= all && !w.found; s++) {
    if (s % 1024 == 0) {
      cm_status status = cm_job_step(job, "looking at coalitions", (double)s, (double)all, err);
      if (status != CM_OK) return status;
    }
    if (kind == CM_GAME_MONOTONE)
      find_fall(game, s, &w);
    else if (kind == CM_GAME_SUPERADDITIVE)
      find_loss(game, s, &w);
    else
      find_dent(game, s, &w);
  }
  *out = !w.found;
  if (w.found && one) *one = w.one;
  if (w.found && other) *other = w.other;
  return CM_OK;
}

/* ---- excesses ------------------------------------------------------------------------ */

/* Excess in steps of the tolerance, so that rounding does not order equal ones. */
typedef struct ranked {
  double steps;
  cm_coalition s;
} ranked;

static bool comes_before(ranked a, ranked b) {
  if (a.steps != b.steps) return a.steps > b.steps;
  if (cm__size(a.s) != cm__size(b.s)) return cm__size(a.s) < cm__size(b.s);
  return a.s < b.s;
}

cm_status cm_game_excesses(const cm_game *game, const double *x, size_t count,
                           cm_coalition *coalitions, double *excess, size_t *found, cm_error *err) {
  cm_coalition all = cm__all(game->players);
  size_t held = 0, most = count < all - 1 ? count : (size_t)all - 1;
  ranked *best;
  cm_status status = cm__alloc(most + 1, sizeof *best, "coalitions", &best, err);
  if (status != CM_OK) return status;
  for (cm_coalition s = 1; s < all && most; s++) {
    ranked r = {rint((game->worth[s] - cm__paid(x, s)) / slack(game)), s};
    if (held == most && !comes_before(r, best[most - 1])) continue;
    size_t at = held < most ? held++ : most - 1;
    for (; at && comes_before(r, best[at - 1]); at--) best[at] = best[at - 1];
    best[at] = r;
  }
  for (size_t k = 0; k < held; k++) {
    coalitions[k] = best[k].s;
    excess[k] = game->worth[best[k].s] - cm__paid(x, best[k].s);
  }
  *found = held;
  cm__free(best);
  return CM_OK;
}

bool cm_game_in_core(const cm_game *game, const double *x) {
  cm_coalition all = cm__all(game->players);
  if (!(fabs(cm__paid(x, all) - game->worth[all]) <= slack(game))) return false;
  for (cm_coalition s = 1; s < all; s++)
    if (!(game->worth[s] - cm__paid(x, s) <= slack(game))) return false;
  return true;
}
