/* capmod/game.h - sharing what a group can gain together.
 *
 * A game has n players, 0 to n-1. A coalition is a set of them, a cm_coalition
 * whose bit i stands for player i; its worth is what its members can gain on
 * their own. Worths are given for all 2^n coalitions in the order of the bits
 * (nobody, {0}, {1}, {0,1}, {2}, ...), in one unit; nobody is worth 0. A
 * division is a list of n payoffs; it is efficient when they sum to the worth
 * of all. The excess of a coalition under a division is its worth less what its
 * members get; a coalition with a positive one would do better apart.
 *
 * What is called equal is so within CM_GAME_TOLERANCE times the largest worth.
 * Games do not change once made; every function may be called from any thread.
 */
#ifndef CAPMOD_GAME_H
#define CAPMOD_GAME_H

#include <stdint.h>

#include "capmod/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CM_GAME_TOLERANCE 1e-9

/* Most players of a game whose worths are all listed, and of one that a
 * callback describes. */
enum { CM_GAME_PLAYERS_MAX = 20, CM_COALITION_PLAYERS_MAX = 60 };

typedef uint64_t cm_coalition;

typedef struct cm_game cm_game;

/* Copies 2^n worths. CM_INVALID (no player, too many, or somebody gains from
 * nobody), CM_NOT_FINITE (row: 1 + the coalition). */
CM_API CM_WARN_UNUSED cm_status cm_game_new(size_t players, const double *worths, cm_game **out,
                                            cm_error *err);
CM_API void cm_game_release(cm_game *game);
CM_API size_t cm_game_players(const cm_game *game);
/* The worth of a coalition; what is no player of the game is left out of it. */
CM_API double cm_game_worth(const cm_game *game, cm_coalition coalition);

/* ---- what kind of game ---------------------------------------------------- */

typedef enum cm_game_kind {
  CM_GAME_MONOTONE,      /* a larger coalition is not worth less */
  CM_GAME_SUPERADDITIVE, /* two that join lose nothing; 3^n steps */
  CM_GAME_CONVEX         /* who joins brings more to a larger coalition (Shapley 1971) */
} cm_game_kind;

/* Whether the game is of the kind. Where it is not, `one` and `other` (NULL
 * allowed) are the first two coalitions that show it: a larger one that is worth
 * less than the other; two that lose by joining; two whose worths exceed those of
 * what they have together and in common. */
CM_API CM_WARN_UNUSED cm_status cm_game_is(const cm_game *game, cm_game_kind kind,
                                           const cm_job *job, bool *out, cm_coalition *one,
                                           cm_coalition *other, cm_error *err);

/* ---- values: one division, always ------------------------------------------ */

/* The Shapley value (1953): what each player brings, averaged over the orders in
 * which all may join. O(n 2^n), sums compensated (Neumaier 1974). Where worths
 * are known as intervals, `low` holds their lower ends and `high` (else NULL) their
 * upper ends, and the value of each player is an interval: out_low has the lower
 * end for coalitions with the player, the upper end for those without; out_high
 * the other way round. out_high may be NULL where `high` is. CM_SHAPE where the
 * games differ in players, CM_INVALID where a lower end is above its upper one. */
CM_API CM_WARN_UNUSED cm_status cm_game_shapley(const cm_game *low, const cm_game *high,
                                                double *out_low, double *out_high, cm_error *err);

/* The sum of what a player brings to every coalition without it: in a game of
 * votes (worths 0 and 1) the number of its swings (Banzhaf 1965). Over 2^(n-1)
 * the Banzhaf value; over their sum the normalised index. */
CM_API void cm_game_banzhaf(const cm_game *game, double *swings);

/* The worth of a coalition that a program computes. CM_OK, or what ends the work. */
typedef cm_status (*cm_worth_fn)(void *ud, cm_coalition coalition, double *worth, cm_error *err);

typedef struct cm_sampling {
  size_t pairs;       /* orders (or coalitions) drawn, each taken both ways round */
  uint64_t seed;      /* with `stream`, settles the draws: the same on every platform */
  const char *stream; /* name of the stream of numbers; NULL: none */
  double range;       /* most that one player's contributions differ by; 0: not known */
  double risk;        /* how probable a larger error may be, 0 < risk < 1 */
} cm_sampling;

/* The Shapley value from drawn orders, each followed by its reverse (antithetic),
 * for up to CM_COALITION_PLAYERS_MAX players. With probability 1 - risk no player's
 * value is further off than *bound = r sqrt(log(2n / risk) / (2 pairs)) (Hoeffding
 * 1963, over all players at once), where r is the range given. Without one r is
 * the widest range met among the draws, so that the bound is an estimate and
 * *proven is false. Efficient up to rounding. CM_INVALID, CM_NOT_FINITE, what the
 * callback returns, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_shapley_sample(size_t players, cm_worth_fn worth, void *ud,
                                                  const cm_sampling *how, const cm_job *job,
                                                  double *out, double *bound, bool *proven,
                                                  cm_error *err);

/* The Banzhaf value (1965), what a player brings to a coalition of the others drawn
 * with all alike, from drawn coalitions, each followed by its complement among the
 * others (antithetic), `pairs` of them for each player on its own. With
 * probability 1 - risk no player's value is further off than *bound =
 * r sqrt(log(2 (n + 1) / risk) / (2 pairs)), nor their sum than *sum_bound =
 * sqrt(n) *bound (Hoeffding 1963, over all n + 1 at once), r being as above;
 * Bachrach et al. (2010) draw indices of votes so. CM_INVALID, CM_NOT_FINITE, what
 * the callback returns, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_banzhaf_sample(size_t players, cm_worth_fn worth, void *ud,
                                                  const cm_sampling *how, const cm_job *job,
                                                  double *out, double *bound, double *sum_bound,
                                                  bool *proven, cm_error *err);

/* ---- the core ---------------------------------------------------------------- */

/* The `count` coalitions (neither nobody nor all) with the largest excess under x,
 * largest first; among equals the smaller, then the one earlier in the order of
 * bits. *found is how many there are of them: fewer in a small game. */
CM_API CM_WARN_UNUSED cm_status cm_game_excesses(const cm_game *game, const double *x, size_t count,
                                                 cm_coalition *coalitions, double *excess,
                                                 size_t *found, cm_error *err);

/* Whether x is efficient and no coalition has a positive excess. */
CM_API bool cm_game_in_core(const cm_game *game, const double *x);

/* The least core (Maschler, Peleg and Shapley 1979): the smallest *epsilon for
 * which some efficient x leaves no coalition an excess above it, and such an x
 * (NULL allowed). The core is empty where it is positive. A game of one player
 * has no coalition to object: epsilon is minus infinity. */
CM_API CM_WARN_UNUSED cm_status cm_game_least_core(const cm_game *game, const cm_job *job,
                                                   double *epsilon, double *x, cm_error *err);

/* The least and the most that `player` gets in the core, or, where that is empty,
 * in the least core. */
CM_API CM_WARN_UNUSED cm_status cm_game_core_range(const cm_game *game, size_t player,
                                                   const cm_job *job, double *least, double *most,
                                                   cm_error *err);

typedef enum cm_nucleolus_kind {
  CM_NUCLEOLUS,   /* among divisions that give everyone what it is worth alone */
  CM_PRENUCLEOLUS /* among all efficient divisions */
} cm_nucleolus_kind;

/* The division whose excesses, largest first, are lexicographically least
 * (Schmeidler 1969), by a sequence of linear programs (Maschler, Peleg and Shapley
 * 1979): what a program settles is fixed with all that follows from it linearly,
 * so that there are fewer than n; *programs (NULL allowed) is their number.
 * CM_NO_IMPUTATION where the members are worth more alone than all together. */
CM_API CM_WARN_UNUSED cm_status cm_game_nucleolus(const cm_game *game, cm_nucleolus_kind kind,
                                                  const cm_job *job, double *x, size_t *programs,
                                                  cm_error *err);

/* Whether x is the nucleolus, by Kohlberg's criterion (1971): at every level of
 * excess, the coalitions at or above it are balanced (with the players who get
 * just what they are worth alone, for the nucleolus). Levels that bring nothing
 * independent are passed over, so that there are fewer than n checks (Benedek,
 * Fliege and Nguyen 2021). Shares no code with cm_game_nucleolus but the solver
 * of linear programs. */
CM_API CM_WARN_UNUSED cm_status cm_game_kohlberg(const cm_game *game, cm_nucleolus_kind kind,
                                                 const double *x, const cm_job *job, bool *out,
                                                 cm_error *err);

/* The coalition of largest excess under x (neither nobody nor all) and its worth. */
typedef cm_status (*cm_worst_fn)(void *ud, const double *x, cm_coalition *coalition, double *worth,
                                 cm_error *err);

/* The least core of a game too large to list: coalitions are added as the callback
 * finds them. `total` is the worth of all, `alone` that of each player alone (n).
 * Ends when the callback's best excess is at most *epsilon, or with
 * CM_NOT_CONVERGED after `rounds` calls. *found is the number of calls made. */
CM_API CM_WARN_UNUSED cm_status cm_least_core_by_rows(size_t players, double total,
                                                      const double *alone, cm_worst_fn worst,
                                                      void *ud, size_t rounds, const cm_job *job,
                                                      double *epsilon, double *x, size_t *found,
                                                      cm_error *err);

/* Of the coalitions that hold every player of `in` and none of `out`, nobody and all
 * among them, one with the largest excess under x, and what the excess of none of them
 * is above: *most, infinity where the callback cannot know. */
typedef cm_status (*cm_best_fn)(void *ud, const double *x, cm_coalition in, cm_coalition out,
                                cm_coalition *coalition, double *most, cm_error *err);

typedef struct cm_rows_report {
  size_t programs, questions, coalitions; /* solved, put to the callback, found */
  double open; /* how much more than its level a coalition may gain that was not found;
                  0: none does, and the division is proven; infinity: not known */
} cm_rows_report;

/* The nucleolus of a game too large to list: at each level coalitions are added until
 * the callback has none that gains more, apart from those that follow from the levels
 * before. Whether any is left is asked under changed payoffs and with players in and
 * out, some 2n questions a level; behind `questions` of them the rest is left open, and
 * of a callback that knows no bound all is. Where a coalition turns up later than its
 * level, the levels are begun again with it. CM_INVALID, CM_NOT_FINITE,
 * CM_NO_IMPUTATION, CM_NOT_CONVERGED, what a callback returns, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_nucleolus_by_rows(size_t players, cm_nucleolus_kind kind,
                                                     cm_worth_fn worth, cm_best_fn best, void *ud,
                                                     size_t questions, const cm_job *job, double *x,
                                                     cm_rows_report *report, cm_error *err);

/* ---- bargaining ----------------------------------------------------------------- */

/* Nash (1950) with free transfers: each gets d_i and the part w_i / sum w of what
 * `total` leaves over the sum of d. Kalai and Smorodinsky's is that of equal
 * weights. CM_INVALID where weights are not positive, CM_NO_AGREEMENT where
 * `total` is below the sum of d. */
CM_API CM_WARN_UNUSED cm_status cm_nash_transfers(size_t players, double total, const double *d,
                                                  const double *weights, double *x, cm_error *err);

/* What the parties can agree on: instruments z with lower <= z <= upper and rule z
 * <= limit give the payoffs base + payoff z. Matrices are stored by rows. */
typedef struct cm_instruments {
  size_t players, count, rules;
  const double *lower, *upper; /* count, finite */
  const double *base;          /* players */
  const double *payoff;        /* players x count */
  const double *rule, *limit;  /* rules x count, rules; NULL without rules */
} cm_instruments;

/* Nash's agreement: the largest sum of w_i log(u_i - d_i), by linear programs over
 * tangents of the logarithms until the bound is within `gap` (relative to the sum of the
 * weights) of what was found; *reached says how near it is. z (count) and u (players) are
 * filled. CM_NO_AGREEMENT where no z gives everyone more than d, CM_NOT_CONVERGED. */
CM_API CM_WARN_UNUSED cm_status cm_bargain_nash(const cm_instruments *over, const double *d,
                                                const double *weights, double gap,
                                                const cm_job *job, double *z, double *u,
                                                double *reached, cm_error *err);

/* Kalai and Smorodinsky's (1975): the most that gives all the same part of their
 * ideal gain, which is the most a player could get while nobody gets less than d
 * (ideal: players; NULL allowed). */
CM_API CM_WARN_UNUSED cm_status cm_bargain_kalai(const cm_instruments *over, const double *d,
                                                 const cm_job *job, double *z, double *u,
                                                 double *ideal, cm_error *err);

/* The most that the least of the gains over d can be, each divided by its weight
 * (egalitarian: Kalai 1977), and of what gives that, the largest sum of payoffs.
 * CM_NO_AGREEMENT where somebody must lose. */
CM_API CM_WARN_UNUSED cm_status cm_bargain_max_min(const cm_instruments *over, const double *d,
                                                   const double *weights, const cm_job *job,
                                                   double *z, double *u, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
