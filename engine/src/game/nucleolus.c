/* Maschler, Peleg and Shapley 1979; the rank reduction as in Benedek, Fliege and
 * Nguyen 2021: a coalition that follows linearly from the fixed ones has the same
 * excess in every division that is left, so it makes no condition any more. */
#include <math.h>
#include <string.h>

#include "internal.h"

/* Multipliers are ratios of determinants of 0 and 1: far above rounding. */
static const double HELD = 1e-7;

static void fix(cm__nucleolus *w, cm_coalition s, double level) {
  if (!cm__span_add(&w->span, s)) return;
  w->search.fixed[w->search.fixes] = s;
  w->search.level[w->search.fixes++] = level;
}

static double worth_of(const cm__search *search, cm_coalition s) {
  size_t k = (size_t)s;
  if (search->listed)
    for (k = 0; search->listed[k] != s;) k++;
  return search->open[k];
}

cm_status cm__nucleolus_start(cm__nucleolus *w, cm_nucleolus_kind kind, const cm_job *job,
                              cm_error *err) {
  size_t n = w->search.players;
  w->span.players = n;
  cm__span_add(&w->span, cm__all(n));
  if (kind == CM_NUCLEOLUS) w->search.alone = w->alone;
  cm_status status = cm__lp_new(n + 1, &w->lp, err);
  if (status != CM_OK) return status;
  w->c[n] = -1;
  w->lp.c = w->c;
  w->lp.broken = cm__search_broken;
  w->lp.ud = &w->search;
  w->lp.job = job;
  if (n == 1) w->lp.p[0] = w->search.level[0];
  return CM_OK;
}

void cm__nucleolus_free(cm__nucleolus *w) {
  cm__lp_free(&w->lp);
  cm__search_free(&w->search);
}

cm_status cm__nucleolus_alone(const cm__nucleolus *w, double all, double scale, cm_error *err) {
  double sum = 0;
  for (size_t i = 0; i < w->search.players; i++) sum += w->alone[i] * scale;
  if (sum <= all + CM_GAME_TOLERANCE * scale) return CM_OK;
  return cm__fail_at(err, CM_NO_IMPUTATION, 0, 0, sum - all,
                     "alone the members gain %g, together %g: no division gives each its own", sum,
                     all);
}

static cm_status lost(const cm__nucleolus *w, cm_error *err) {
  return cm__fail(err, CM_NOT_CONVERGED,
                  "the nucleolus was lost to rounding with %zu of %zu conditions settled",
                  w->span.rank, w->search.players);
}

cm_status cm__nucleolus_solve(cm__nucleolus *w, cm_error *err) {
  cm__lp_outcome outcome;
  cm_status status = cm__lp_solve(&w->lp, &outcome, err);
  return status == CM_OK && outcome != CM__LP_OPTIMAL ? lost(w, err) : status;
}

cm_status cm__nucleolus_fix(cm__nucleolus *w, cm_error *err) {
  size_t n = w->search.players, before = w->span.rank;
  for (size_t k = 0; k <= n; k++) {
    uint64_t key = w->lp.key[k];
    if (w->lp.multiplier[k] <= HELD || key == CM__NO_KEY || key & CM__FIXED) continue;
    if (key & CM__ALONE)
      fix(w, (cm_coalition)1 << (key & ~CM__ALONE), w->alone[key & ~CM__ALONE]);
    else
      fix(w, key, worth_of(&w->search, key) - w->lp.p[n]);
  }
  return w->span.rank > before ? CM_OK : lost(w, err);
}

/* Closes what follows from the fixed coalitions. */
static void close_followers(cm__nucleolus *w) {
  double probe[CM_GAME_PLAYERS_MAX], of_low[1 << (CM_GAME_PLAYERS_MAX / 2)],
      of_high[1 << (CM_GAME_PLAYERS_MAX / 2)];
  size_t n = w->search.players, low = n / 2;
  cm__span_probe(&w->span, probe);
  cm__paid_all(probe, low, of_low);
  cm__paid_all(probe + low, n - low, of_high);
  for (cm_coalition s = 1; s <= cm__all(n); s++) {
    double sum = of_low[s & cm__all(low)] + of_high[s >> low];
    if (w->search.open[s] != -INFINITY && fabs(sum) < 1e-7 && cm__span_has(&w->span, s))
      w->search.open[s] = -INFINITY;
  }
}

cm_status cm_game_nucleolus(const cm_game *game, cm_nucleolus_kind kind, const cm_job *job,
                            double *x, size_t *programs, cm_error *err) {
  size_t n = game->players, rounds = 0;
  cm__nucleolus w = {.search = {.players = n}};
  cm_status status = CM_OK;
  for (size_t i = 0; i < n; i++) w.alone[i] = game->worth[(size_t)1 << i] / game->scale;
  if (kind == CM_NUCLEOLUS)
    CM__TRY(cm__nucleolus_alone(&w, game->worth[cm__all(n)], game->scale, err));
  CM__TRY(cm__search_new(game, true, &w.search, err));
  CM__TRY(cm__nucleolus_start(&w, kind, job, err));
  for (; w.span.rank < n; rounds++) {
    CM__TRY(cm_job_step(job, "nucleolus", (double)w.span.rank, (double)n, err));
    CM__TRY(cm__nucleolus_solve(&w, err));
    CM__TRY(cm__nucleolus_fix(&w, err));
    close_followers(&w);
  }
  for (size_t i = 0; i < n; i++) x[i] = w.lp.p[i] * game->scale;
  if (programs) *programs = rounds;
done:
  cm__nucleolus_free(&w);
  return status;
}
