/* What the files of engine/src/game share. */
#ifndef CM_GAME_INTERNAL_H
#define CM_GAME_INTERNAL_H

#include "base/internal.h"
#include "capmod/game.h"

struct cm_game {
  size_t players;
  double scale; /* largest absolute worth, or 1 */
  double worth[];
};

static inline cm_coalition cm__all(size_t players) { return ((cm_coalition)1 << players) - 1; }
static inline bool cm__has(cm_coalition s, size_t player) { return s >> player & 1; }
static inline size_t cm__size(cm_coalition s) { return (size_t)__builtin_popcountll(s); }
/* The first player of a coalition that is not empty. */
static inline size_t cm__first(cm_coalition s) { return (size_t)__builtin_ctzll(s); }

/* What the members of a coalition get; the same for all 2^n at once. */
double cm__paid(const double *x, cm_coalition s);
void cm__paid_all(const double *x, size_t players, double *paid);

/* ---- linear programs of few unknowns and many conditions ------------------------ */

/* The condition g p <= h (g: m numbers), and what the caller knows it by. */
typedef struct cm__condition {
  double *g, h;
  uint64_t key;
} cm__condition;

/* Fills *out with the condition that p breaks most when right-hand sides count
 * f (0 or 1) times, and returns g p - f h; 0 or less where none is broken. */
typedef double (*cm__broken_fn)(void *ud, const double *p, double f, cm__condition *out);

/* Maximises c p under conditions that `broken` knows. Solved through the dual, min
 * h l with G' l = c, l >= 0, by the revised simplex method: m rows, an inverse that
 * is kept and renewed, and one column for each condition, never stored. The
 * conditions should be of order 1 in g and h, and have to bound p. */
typedef struct cm__lp {
  size_t m;
  const double *c;
  cm__broken_fn broken;
  void *ud;
  const cm_job *job;
  /* results: the solution (m), the m conditions that settle it with their
   * multipliers (0: one that need not hold with equality; key CM__NO_KEY: none) */
  double *p, *multiplier;
  uint64_t *key;
} cm__lp;

#define CM__NO_KEY UINT64_MAX
#define CM__LP_TOLERANCE 1e-10

typedef enum cm__lp_outcome {
  CM__LP_OPTIMAL,
  CM__LP_INFEASIBLE, /* no p meets the conditions */
  CM__LP_UNBOUNDED   /* they leave c p without a bound, or there is no p */
} cm__lp_outcome;

/* Room for the results of programs with m unknowns. */
CM_WARN_UNUSED cm_status cm__lp_new(size_t m, cm__lp *out, cm_error *err);
void cm__lp_free(cm__lp *lp);
CM_WARN_UNUSED cm_status cm__lp_solve(cm__lp *lp, cm__lp_outcome *outcome, cm_error *err);

/* Conditions in a list, for programs whose conditions are few. */
typedef struct cm__conditions {
  size_t m, n, room;
  double *g, *h; /* n x m by rows, n */
} cm__conditions;

/* Appends g p <= h, divided by the largest entry of g. */
CM_WARN_UNUSED cm_status cm__conditions_add(cm__conditions *list, const double *g, double h,
                                            cm_error *err);
double cm__conditions_broken(void *ud, const double *p, double f, cm__condition *out);

/* ---- what follows linearly from given coalitions --------------------------------- */

/* Rows of 0 and 1 in reduced echelon form, and their leading players. */
typedef struct cm__span {
  size_t players, rank;
  double row[CM_COALITION_PLAYERS_MAX][CM_COALITION_PLAYERS_MAX];
  size_t lead[CM_COALITION_PLAYERS_MAX];
} cm__span;

/* Adds a coalition; false where it follows from those that are in. */
bool cm__span_add(cm__span *span, cm_coalition s);
bool cm__span_has(const cm__span *span, cm_coalition s);
/* A vector whose sum over a coalition is 0 where the coalition follows from the
 * span, and otherwise hardly ever: cm__span_has has the last word. */
void cm__span_probe(const cm__span *span, double *w);

/* ---- divisions under which no listed coalition gains much -------------------------- */

/* Conditions on payoffs (and behind them, where `excess`, the largest excess e):
 * x(S) + e >= open[S]; x(T) = level for the fixed; x_i >= alone[i] unless NULL. */
typedef struct cm__search {
  size_t players, fixes, count;
  bool excess;
  cm_coalition *listed; /* the `count` coalitions there are; NULL: all 2^n, in their order */
  double *open;         /* of each; minus infinity where it makes no condition */
  cm_coalition fixed[CM_COALITION_PLAYERS_MAX];
  double level[CM_COALITION_PLAYERS_MAX];
  const double *alone;
} cm__search;

/* Keys of conditions: a coalition that is open, or with these marks one that is
 * fixed or a player who gets at least what it is worth alone. */
#define CM__FIXED ((uint64_t)1 << 62)
#define CM__ALONE ((uint64_t)1 << 61)

/* All coalitions of a game open but nobody and all, which is fixed; in units of
 * the game's scale. */
CM_WARN_UNUSED cm_status cm__search_new(const cm_game *game, bool excess, cm__search *out,
                                        cm_error *err);
void cm__search_free(cm__search *search);
double cm__search_broken(void *ud, const double *p, double f, cm__condition *out);

/* ---- the nucleolus, level by level --------------------------------------------------- */

/* What is fixed so far, and the program for what is not; in units of a scale. */
typedef struct cm__nucleolus {
  cm__search search;
  cm__span span;
  cm__lp lp;
  double c[CM_COALITION_PLAYERS_MAX + 1], alone[CM_COALITION_PLAYERS_MAX];
} cm__nucleolus;

/* For a search that is there: room for the program, of which only all is fixed. */
CM_WARN_UNUSED cm_status cm__nucleolus_start(cm__nucleolus *w, cm_nucleolus_kind kind,
                                             const cm_job *job, cm_error *err);
void cm__nucleolus_free(cm__nucleolus *w);
/* CM_NO_IMPUTATION where the players (w->alone) have more than `all`. */
CM_WARN_UNUSED cm_status cm__nucleolus_alone(const cm__nucleolus *w, double all, double scale,
                                             cm_error *err);
/* Solves the program of the level; then fixes what every solution of it has to meet
 * with equality. CM_NOT_CONVERGED. */
CM_WARN_UNUSED cm_status cm__nucleolus_solve(cm__nucleolus *w, cm_error *err);
CM_WARN_UNUSED cm_status cm__nucleolus_fix(cm__nucleolus *w, cm_error *err);

#endif
