/* The nucleolus of games too large to list. The programs of Maschler, Peleg and
 * Shapley (1979) over the coalitions found so far; then those are asked for that
 * gain more than the level and do not follow from what is fixed.
 *
 * A coalition S follows from the fixed ones when it is the sum of their rows in
 * reduced echelon form, each taken as often as S has its leading player. So it does
 * not follow where for some player j who leads no row y(S) is not 0, with y = 1 for j
 * and less the row[.][j] for the leaders. With y whole, y(S) is 1 or more, or -1 or
 * less; each is a question with a condition, which Lagrange's multiplier takes into
 * the payoffs: no such S gains more than the best under x - l y, less l. Where no l
 * will do, the players with a y are taken in or left out one by one. */
#include <math.h>
#include <string.h>

#include "internal.h"

typedef struct rows {
  cm__nucleolus w;
  cm_worth_fn worth;
  cm_best_fn best;
  void *ud;
  cm_rows_report *report;
  size_t room, limit, begun;       /* rows there were when the levels were last begun */
  size_t turn;                     /* the player with whom the next round of questions begins */
  double scale, level, open, over; /* over: what the best gains above the level */
  double *known;                   /* worths of w.search.listed in units of the scale */
  double x[CM_COALITION_PLAYERS_MAX];
  double fixed_at[CM_COALITION_PLAYERS_MAX]; /* the level of each fixed coalition */
} rows;

/* ---- the coalitions found ---------------------------------------------------------- */

static bool is_listed(const cm__search *search, cm_coalition s) {
  for (size_t k = 0; k < search->count; k++)
    if (search->listed[k] == s) return true;
  return false;
}

static cm_status ask_worth(rows *r, cm_coalition s, double *worth, cm_error *err) {
  cm_status status = r->worth(r->ud, s, worth, err);
  if (status == CM_OK && !isfinite(*worth))
    return cm__fail_at(err, CM_NOT_FINITE, 0, 0, *worth,
                       "the worth of a coalition of %zu players is not finite", cm__size(s));
  return status;
}

static cm_status add_row(rows *r, cm_coalition s, double worth, cm_error *err) {
  cm__search *search = &r->w.search;
  if (is_listed(search, s)) return CM_OK;
  if (search->count == r->room) {
    size_t room = r->room ? 2 * r->room : 128;
    cm_status status = cm__grow(room, sizeof *search->listed, "coalitions", &search->listed, err);
    if (status == CM_OK)
      status = cm__grow(room, sizeof *search->open, "coalitions", &search->open, err);
    if (status == CM_OK) status = cm__grow(room, sizeof *r->known, "coalitions", &r->known, err);
    if (status != CM_OK) return status;
    r->room = room;
  }
  search->listed[search->count] = s;
  search->open[search->count] = r->known[search->count] = worth / r->scale;
  search->count++;
  return CM_OK;
}

/* All is fixed; each player alone and all but each bound the level, whatever else is
 * fixed. */
static cm_status first_rows(rows *r, size_t n, cm_nucleolus_kind kind, cm_error *err) {
  cm_coalition all = cm__all(n);
  double total, alone[CM_COALITION_PLAYERS_MAX], others[CM_COALITION_PLAYERS_MAX];
  cm_status status;
  CM__TRY(ask_worth(r, all, &total, err));
  r->scale = fabs(total);
  for (size_t i = 0; i < n; i++) {
    CM__TRY(ask_worth(r, (cm_coalition)1 << i, &alone[i], err));
    CM__TRY(ask_worth(r, all ^ (cm_coalition)1 << i, &others[i], err));
    r->scale = fmax(r->scale, fmax(fabs(alone[i]), fabs(others[i])));
  }
  if (r->scale == 0) r->scale = 1;
  for (size_t i = 0; i < n; i++) {
    r->w.alone[i] = alone[i] / r->scale;
    CM__TRY(add_row(r, (cm_coalition)1 << i, alone[i], err));
    CM__TRY(add_row(r, all ^ (cm_coalition)1 << i, others[i], err));
  }
  r->w.search.fixed[0] = all;
  r->w.search.level[0] = total / r->scale;
  r->w.search.fixes = 1;
  if (kind == CM_NUCLEOLUS) status = cm__nucleolus_alone(&r->w, total, r->scale, err);
done:
  return status;
}

/* From the first level again: a coalition was found later than its level. */
static void begin_again(rows *r) {
  cm__search *search = &r->w.search;
  memcpy(search->open, r->known, search->count * sizeof *r->known);
  search->fixes = 1;
  r->w.span.rank = 0;
  cm__span_add(&r->w.span, cm__all(search->players));
  r->level = INFINITY;
  r->begun = search->count;
}

/* ---- questions ----------------------------------------------------------------------- */

typedef enum answer {
  OPEN,   /* not settled by this question */
  CLOSED, /* no coalition that does not follow gains more, as far as can be known */
  FOUND   /* one does, and is a row now */
} answer;

typedef struct reply {
  cm_coalition s;
  double most, gains; /* what is known of all; what s gains under r->x */
  bool follows;
  answer is;
} reply;

static double level_of(const rows *r) { return r->w.lp.p[r->w.search.players] * r->scale; }

static double at_most(const rows *r) { return level_of(r) + CM_GAME_TOLERANCE * r->scale; }

/* Whether a coalition that follows gains more than the level that settled it. */
static bool was_missed(const rows *r, cm_coalition s, double gains) {
  cm__span span = {.players = r->w.search.players};
  size_t k = 0;
  for (; k < r->w.search.fixes && !cm__span_has(&span, s); k++)
    cm__span_add(&span, r->w.search.fixed[k]);
  return k > 1 && gains > (r->fixed_at[k - 1] + CM_GAME_TOLERANCE) * r->scale;
}

/* One question under the payoffs x. */
static cm_status put(rows *r, const double *x, cm_coalition in, cm_coalition out, reply *got,
                     cm_error *err) {
  double worth;
  got->s = 0;
  got->most = INFINITY;
  got->is = OPEN;
  r->report->questions++;
  cm_status status = r->best(r->ud, x, in, out, &got->s, &got->most, err);
  if (status != CM_OK) return status;
  cm_coalition s = got->s;
  if (s > cm__all(r->w.search.players) || (s & in) != in || s & out || isnan(got->most))
    return cm__fail(err, CM_INVALID, "the callback gave a coalition other than it was asked for");
  status = ask_worth(r, s, &worth, err);
  if (status != CM_OK) return status;
  got->follows = cm__span_has(&r->w.span, s);
  got->gains = worth - cm__paid(r->x, s);
  bool missed = got->follows && got->most == INFINITY && was_missed(r, s, got->gains);
  if ((got->follows || got->gains <= at_most(r)) && !missed) return CM_OK;
  if (is_listed(&r->w.search, s)) return CM_OK;
  got->is = FOUND;
  status = add_row(r, s, worth, err);
  if (missed) begin_again(r);
  return status;
}

static bool is_enough(rows *r) {
  if (r->report->questions < r->limit) return false;
  r->open = INFINITY;
  return true;
}

/* What stays open when nothing more is asked. */
static answer leave(rows *r, double most) {
  r->open = fmax(r->open, most - level_of(r));
  return CLOSED;
}

/* A question about coalitions of which none follows, or about all. */
static cm_status ask(rows *r, cm_coalition in, cm_coalition out, answer *is, cm_error *err) {
  reply got;
  *is = CLOSED;
  if (is_enough(r)) return CM_OK;
  cm_status status = put(r, r->x, in, out, &got, err);
  if (status != CM_OK) return status;
  r->over = fmax(got.gains - level_of(r), 0);
  *is = got.is;
  if (*is == OPEN && got.most <= at_most(r)) *is = CLOSED;
  if (*is == OPEN && !got.follows) *is = leave(r, got.most);
  return CM_OK;
}

/* y of one player, its own first; `sign` says which half is looked at. */
typedef struct condition {
  size_t count, member[CM_COALITION_PLAYERS_MAX];
  double y[CM_COALITION_PLAYERS_MAX];
  double sign, whole; /* the factor that makes y whole; 0: none that is small */
} condition;

static double whole_of(const condition *by) {
  for (int q = 1; q <= 720; q++) {
    bool is = true;
    for (size_t k = 0; is && k < by->count; k++)
      is = fabs(q * by->y[k] - rint(q * by->y[k])) < 1e-7;
    if (is) return q;
  }
  return 0;
}

static condition condition_of(const cm__span *span, size_t player) {
  condition by = {.count = 1, .member = {player}, .y = {1}};
  for (size_t k = 0; k < span->rank; k++) {
    if (span->row[k][player] == 0) continue;
    by.member[by.count] = span->lead[k];
    by.y[by.count++] = -span->row[k][player];
  }
  by.whole = whole_of(&by);
  return by;
}

static double of_coalition(const condition *by, cm_coalition s) {
  double sum = 0;
  for (size_t k = 0; k < by->count; k++) sum += cm__has(s, by->member[k]) ? by->y[k] : 0;
  return rint(by->sign * by->whole * sum);
}

/* The least multiplier under which no line found is above the level: lines that fall
 * push it up (Newton's method); one that rises above the level ends it. */
static cm_status by_multiplier(rows *r, const condition *by, cm_coalition in, cm_coalition out,
                               answer *is, cm_error *err) {
  double l = r->over, x[CM_COALITION_PLAYERS_MAX];
  reply got = {.most = 0};
  *is = OPEN;
  for (int step = 0; by->whole != 0 && step < 50 && *is == OPEN; step++) {
    if (is_enough(r)) {
      *is = CLOSED;
      return CM_OK;
    }
    memcpy(x, r->x, r->w.search.players * sizeof *x);
    for (size_t k = 0; k < by->count; k++) x[by->member[k]] -= l * by->sign * by->whole * by->y[k];
    cm_status status = put(r, x, in, out, &got, err);
    if (status != CM_OK) return status;
    double slope = of_coalition(by, got.s) - 1;
    if (got.is == FOUND)
      *is = FOUND;
    else if (got.most - l <= at_most(r))
      *is = CLOSED;
    else if (got.gains + slope * l <= at_most(r))
      *is = leave(r, got.most - l);
    else if (slope >= 0)
      break;
    else
      l = fmax(l, (level_of(r) - got.gains) / slope);
  }
  if (*is == OPEN && (by->whole == 0 || got.most == INFINITY)) *is = leave(r, INFINITY);
  return CM_OK;
}

static cm_status branch(rows *r, const condition *by, size_t at, cm_coalition in, cm_coalition out,
                        double sum, answer *is, cm_error *err) {
  cm_status status = CM_OK;
  double most = sum;
  for (size_t k = at; k < by->count; k++) most += fmax(0, by->sign * by->y[k]);
  *is = CLOSED;
  if (most < 1e-9) return CM_OK;
  if (at == by->count) return ask(r, in, out, is, err);
  if (by->count > 2 && by->count - at > 1) {
    status = by_multiplier(r, by, in, out, is, err);
    if (status != CM_OK || *is != OPEN) return status;
  }
  cm_coalition one = (cm_coalition)1 << by->member[at];
  status = branch(r, by, at + 1, in | one, out, sum + by->sign * by->y[at], is, err);
  if (status != CM_OK || *is == FOUND) return status;
  return branch(r, by, at + 1, in, out | one, sum, is, err);
}

/* Whether a coalition that does not follow gains more than the level. */
static cm_status look(rows *r, answer *is, cm_error *err) {
  size_t n = r->w.search.players;
  bool leads[CM_COALITION_PLAYERS_MAX] = {false};
  r->open = 0;
  for (size_t i = 0; i < n; i++) r->x[i] = r->w.lp.p[i] * r->scale;
  for (size_t k = 0; k < r->w.span.rank; k++) leads[r->w.span.lead[k]] = true;
  cm_status status = ask(r, 0, 0, is, err);
  if (status != CM_OK || *is != OPEN) return status;
  double over = r->over;
  for (size_t k = 0, first = r->turn; k < 2 * n; k++) {
    size_t player = (first + k / 2) % n;
    if (leads[player]) continue;
    condition by = condition_of(&r->w.span, player);
    by.sign = k % 2 ? -1 : 1;
    r->turn = player;
    r->over = over;
    status = branch(r, &by, 0, 0, 0, 0, is, err);
    if (status != CM_OK || *is == FOUND) return status;
  }
  *is = CLOSED;
  return CM_OK;
}

/* ---- level by level -------------------------------------------------------------------- */

static cm_status one_program(rows *r, cm_error *err) {
  cm__search *search = &r->w.search;
  size_t n = search->players;
  answer is = CLOSED;
  cm_status status = cm__nucleolus_solve(&r->w, err);
  if (status != CM_OK) return status;
  r->report->programs++;
  double level = r->w.lp.p[n];
  if (level > r->level + CM_GAME_TOLERANCE && search->count > r->begun) {
    begin_again(r);
    return CM_OK;
  }
  status = look(r, &is, err);
  if (status != CM_OK || is == FOUND) return status;
  r->report->open = fmax(r->report->open, r->open);
  r->level = level;
  size_t before = search->fixes;
  status = cm__nucleolus_fix(&r->w, err);
  for (size_t k = before; k < search->fixes; k++) r->fixed_at[k] = level;
  for (size_t k = 0; k < search->count; k++)
    if (cm__span_has(&r->w.span, search->listed[k])) search->open[k] = -INFINITY;
  return status;
}

cm_status cm_nucleolus_by_rows(size_t players, cm_nucleolus_kind kind, cm_worth_fn worth,
                               cm_best_fn best, void *ud, size_t questions, const cm_job *job,
                               double *x, cm_rows_report *report, cm_error *err) {
  size_t n = players;
  rows r = {.worth = worth, .best = best, .ud = ud, .limit = questions, .level = INFINITY};
  cm_rows_report made = {.programs = 0};
  cm_status status;
  if (n < 2 || n > CM_COALITION_PLAYERS_MAX)
    return cm__fail(err, CM_INVALID, "a game of %zu players; one by a callback has 2 to %d", n,
                    CM_COALITION_PLAYERS_MAX);
  r.report = &made;
  r.fixed_at[0] = INFINITY;
  r.w.search = (cm__search){.players = n, .excess = true};
  CM__TRY(first_rows(&r, n, kind, err));
  CM__TRY(cm__nucleolus_start(&r.w, kind, job, err));
  while (r.w.span.rank < n) {
    CM__TRY(cm_job_step(job, "nucleolus", (double)r.w.span.rank, (double)n, err));
    CM__TRY(one_program(&r, err));
  }
  for (size_t i = 0; i < n; i++) x[i] = r.w.lp.p[i] * r.scale;
  made.coalitions = r.w.search.count;
  *report = made;
done:
  cm__nucleolus_free(&r.w);
  cm__free(r.known);
  return status;
}
