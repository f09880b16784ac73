/* Game: worths of all coalitions and how to share them (capmod/game.h). Worths
 * cross as one list; players count from 1, coalitions are the bits of an integer,
 * of which the first stands for player 1. */
#include "lcm.h"

#include <string.h>

static void release(void *object) { cm_game_release(object); }
static const lcm_type game_type = {"Game", release};

static cm_game *check_game(lua_State *L) { return lcm_check(L, 1, &game_type); }

/* n numbers in a userdata that is pushed. */
static double *room(lua_State *L, size_t n) {
  return lua_newuserdatauv(L, (n + 1) * sizeof(double), 0);
}

/* The list of n numbers at `arg`, in a userdata that is pushed. */
static double *numbers(lua_State *L, int arg, size_t n) {
  luaL_checktype(L, arg, LUA_TTABLE);
  luaL_argcheck(L, lua_rawlen(L, arg) == n, arg, "a list of another length");
  double *list = room(L, n);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    list[i] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return list;
}

/* A list of numbers in the field of the table at `arg`, in a userdata that is
 * pushed; *n is its length, or what it has to be where that is not 0. */
static double *field(lua_State *L, int arg, const char *name, size_t *n) {
  luaL_checkstack(L, 4, NULL);
  lua_getfield(L, arg, name);
  luaL_argcheck(L, lua_istable(L, -1), arg, name);
  if (!*n) *n = lua_rawlen(L, -1);
  double *list = numbers(L, lua_gettop(L), *n);
  lua_remove(L, -2);
  return list;
}

static int push_list(lua_State *L, const double *list, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushnumber(L, list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static cm_nucleolus_kind check_kind(lua_State *L, int arg) {
  static const char *const kinds[] = {"nucleolus", "prenucleolus", NULL};
  return (cm_nucleolus_kind)luaL_checkoption(L, arg, "nucleolus", kinds);
}

/* ---- games ------------------------------------------------------------------------- */

/* core.game(players, worths) -> Game; worths of {1}, {2}, {1,2}, {3}, ... */
static int game(lua_State *L) {
  cm_error err;
  size_t n = lcm_count(L, 1);
  luaL_argcheck(L, n >= 1 && n <= CM_GAME_PLAYERS_MAX, 1, "1 to 20 players");
  size_t sets = (size_t)1 << n;
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_argcheck(L, lua_rawlen(L, 2) == sets - 1, 2, "a list of another length");
  double *worths = room(L, sets);
  worths[0] = 0;
  for (size_t s = 1; s < sets; s++) {
    lua_rawgeti(L, 2, (lua_Integer)s);
    worths[s] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  cm_game **out = lcm_new(L, &game_type);
  lcm_try(L, cm_game_new(n, worths, out, &err));
  lcm_account(L, sets * sizeof(double));
  return 1;
}

static int game_players(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_game_players(check_game(L)));
  return 1;
}

static int game_worth(lua_State *L) {
  lua_pushnumber(L, cm_game_worth(check_game(L), (cm_coalition)luaL_checkinteger(L, 2)));
  return 1;
}

/* g:is(kind) -> boolean, and where false the two coalitions that show it */
static int game_is(lua_State *L) {
  static const char *const kinds[] = {"monotone", "superadditive", "convex", NULL};
  cm_error err;
  cm_game *g = check_game(L);
  cm_game_kind kind = (cm_game_kind)luaL_checkoption(L, 2, NULL, kinds);
  bool is;
  cm_coalition one = 0, other = 0;
  lcm_try(L, cm_game_is(g, kind, lcm_job(L), &is, &one, &other, &err));
  lua_pushboolean(L, is);
  if (is) return 1;
  lua_pushinteger(L, (lua_Integer)one);
  lua_pushinteger(L, (lua_Integer)other);
  return 3;
}

/* g:shapley([upper ends]) -> list, or two of them */
static int game_shapley(lua_State *L) {
  cm_error err;
  cm_game *low = check_game(L);
  cm_game *high = lua_isnoneornil(L, 2) ? NULL : lcm_check(L, 2, &game_type);
  size_t n = cm_game_players(low);
  double from[CM_GAME_PLAYERS_MAX], to[CM_GAME_PLAYERS_MAX];
  lcm_try(L, cm_game_shapley(low, high, from, to, &err));
  push_list(L, from, n);
  return high ? 1 + push_list(L, to, n) : 1;
}

static int game_banzhaf(lua_State *L) {
  cm_game *g = check_game(L);
  double swings[CM_GAME_PLAYERS_MAX];
  cm_game_banzhaf(g, swings);
  return push_list(L, swings, cm_game_players(g));
}

/* g:excesses(x, count) -> coalitions, excesses */
static int game_excesses(lua_State *L) {
  cm_error err;
  cm_game *g = check_game(L);
  size_t n = cm_game_players(g), count = lcm_count(L, 3), found;
  if (count > (size_t)1 << n) count = (size_t)1 << n;
  lua_settop(L, 3);
  const double *x = numbers(L, 2, n);
  double *excess = room(L, count);
  cm_coalition *sets = lua_newuserdatauv(L, (count + 1) * sizeof *sets, 0);
  lcm_try(L, cm_game_excesses(g, x, count, sets, excess, &found, &err));
  lua_createtable(L, (int)found, 0);
  for (size_t k = 0; k < found; k++) {
    lua_pushinteger(L, (lua_Integer)sets[k]);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  return 1 + push_list(L, excess, found);
}

static int game_in_core(lua_State *L) {
  cm_game *g = check_game(L);
  lua_pushboolean(L, cm_game_in_core(g, numbers(L, 2, cm_game_players(g))));
  return 1;
}

/* g:least_core() -> epsilon, list */
static int game_least_core(lua_State *L) {
  cm_error err;
  cm_game *g = check_game(L);
  double epsilon, x[CM_GAME_PLAYERS_MAX];
  lcm_try(L, cm_game_least_core(g, lcm_job(L), &epsilon, x, &err));
  lua_pushnumber(L, epsilon);
  return 1 + push_list(L, x, cm_game_players(g));
}

/* g:core_range(player) -> least, most */
static int game_core_range(lua_State *L) {
  cm_error err;
  cm_game *g = check_game(L);
  size_t player = lcm_index(L, 2, cm_game_players(g), "player");
  double least, most;
  lcm_try(L, cm_game_core_range(g, player, lcm_job(L), &least, &most, &err));
  lua_pushnumber(L, least);
  lua_pushnumber(L, most);
  return 2;
}

/* g:nucleolus([kind]) -> list, number of linear programs */
static int game_nucleolus(lua_State *L) {
  cm_error err;
  cm_game *g = check_game(L);
  cm_nucleolus_kind kind = check_kind(L, 2);
  double x[CM_GAME_PLAYERS_MAX];
  size_t programs;
  lcm_try(L, cm_game_nucleolus(g, kind, lcm_job(L), x, &programs, &err));
  push_list(L, x, cm_game_players(g));
  lua_pushinteger(L, (lua_Integer)programs);
  return 2;
}

/* g:kohlberg(x [, kind]) -> boolean */
static int game_kohlberg(lua_State *L) {
  cm_error err;
  cm_game *g = check_game(L);
  cm_nucleolus_kind kind = check_kind(L, 3);
  bool good;
  lcm_try(L, cm_game_kohlberg(g, kind, numbers(L, 2, cm_game_players(g)), lcm_job(L), &good, &err));
  lua_pushboolean(L, good);
  return 1;
}

/* ---- functions of Lua that the engine asks -------------------------------------------- */

/* The function stands at `at`; what is handed to it, and what it gives back. */
typedef struct question {
  lua_State *L;
  int at;
  size_t players;
  const double *x; /* NULL: a coalition is handed over */
  cm_coalition coalition, in, out;
  bool within; /* in and out are handed over, too */
  double worth;
} question;

static int ask(lua_State *L) {
  question *q = lua_touserdata(L, 2);
  lua_settop(L, 1);
  if (q->x)
    push_list(L, q->x, q->players);
  else
    lua_pushinteger(L, (lua_Integer)q->coalition);
  if (q->within) {
    lua_pushinteger(L, (lua_Integer)q->in);
    lua_pushinteger(L, (lua_Integer)q->out);
  }
  lua_call(L, q->within ? 3 : 1, 2);
  if (q->x) q->coalition = (cm_coalition)luaL_checkinteger(L, -2);
  q->worth = luaL_checknumber(L, q->x ? -1 : -2);
  return 0;
}

/* Protected: nothing may jump over the engine (see report in lcm_aux.c). */
static cm_status put(question *q, cm_error *err) {
  lua_State *L = q->L;
  lcm_state *state = lcm_state_of(L);
  lua_pushcfunction(L, ask);
  lua_pushvalue(L, q->at);
  lua_pushlightuserdata(L, q);
  int result = lua_pcall(L, 2, 0, 0);
  state->running = L;
  if (result == LUA_OK) return CM_OK;
  lua_rawsetp(L, LUA_REGISTRYINDEX, state);
  state->pending = true;
  *err = (cm_error){.status = CM_CANCELLED};
  return CM_CANCELLED;
}

static cm_status worth_in_lua(void *ud, cm_coalition s, double *worth, cm_error *err) {
  question *q = ud;
  q->coalition = s;
  cm_status status = put(q, err);
  *worth = q->worth;
  return status;
}

static cm_status worst_in_lua(void *ud, const double *x, cm_coalition *s, double *worth,
                              cm_error *err) {
  question *q = ud;
  q->x = x;
  cm_status status = put(q, err);
  *s = q->coalition;
  *worth = q->worth;
  return status;
}

/* Of a nucleolus by rows: what a coalition is worth, and which is best. */
typedef struct questions {
  question worth, best; /* worth first: worth_in_lua takes it as it is */
} questions;

static cm_status best_in_lua(void *ud, const double *x, cm_coalition in, cm_coalition out,
                             cm_coalition *s, double *most, cm_error *err) {
  question *q = &((questions *)ud)->best;
  q->in = in;
  q->out = out;
  return worst_in_lua(q, x, s, most, err);
}

/* players, worth, { pairs =, seed =, stream =, range =, risk = } at 1 to 3. */
static size_t check_sampling(lua_State *L, cm_sampling *how) {
  size_t n = lcm_count(L, 1);
  luaL_argcheck(L, n >= 1 && n <= CM_COALITION_PLAYERS_MAX, 1, "1 to 60 players");
  luaL_checktype(L, 2, LUA_TFUNCTION);
  luaL_checktype(L, 3, LUA_TTABLE);
  lua_settop(L, 3);
  lua_getfield(L, 3, "pairs");
  how->pairs = lcm_count(L, -1);
  lua_getfield(L, 3, "seed");
  how->seed = (uint64_t)luaL_checkinteger(L, -1);
  lua_getfield(L, 3, "stream");
  how->stream = luaL_optstring(L, -1, NULL);
  lua_getfield(L, 3, "range");
  how->range = luaL_optnumber(L, -1, 0);
  lua_getfield(L, 3, "risk");
  how->risk = luaL_checknumber(L, -1);
  luaL_checkstack(L, 8, NULL);
  return n;
}

/* core.shapley_sample(players, worth, { pairs =, seed =, stream =, range =, risk = })
 * -> list, bound, whether it is proven */
static int shapley_sample(lua_State *L) {
  cm_error err;
  cm_sampling how;
  size_t n = check_sampling(L, &how);
  double x[CM_COALITION_PLAYERS_MAX], bound;
  bool proven;
  question q = {.L = L, .at = 2, .players = n};
  lcm_try(L, cm_shapley_sample(n, worth_in_lua, &q, &how, lcm_job(L), x, &bound, &proven, &err));
  push_list(L, x, n);
  lua_pushnumber(L, bound);
  lua_pushboolean(L, proven);
  return 3;
}

/* core.banzhaf_sample(players, worth, the same) -> list, bound, bound of the sum,
 * whether they are proven */
static int banzhaf_sample(lua_State *L) {
  cm_error err;
  cm_sampling how;
  size_t n = check_sampling(L, &how);
  double x[CM_COALITION_PLAYERS_MAX], bound, sum_bound;
  bool proven;
  question q = {.L = L, .at = 2, .players = n};
  lcm_try(L, cm_banzhaf_sample(n, worth_in_lua, &q, &how, lcm_job(L), x, &bound, &sum_bound,
                               &proven, &err));
  push_list(L, x, n);
  lua_pushnumber(L, bound);
  lua_pushnumber(L, sum_bound);
  lua_pushboolean(L, proven);
  return 4;
}

/* core.least_core(total, alone, worst [, rounds]) -> epsilon, list, calls */
static int least_core(lua_State *L) {
  cm_error err;
  double total = luaL_checknumber(L, 1), epsilon, x[CM_COALITION_PLAYERS_MAX];
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TFUNCTION);
  size_t n = lua_rawlen(L, 2), rounds = lua_isnoneornil(L, 4) ? 10000 : lcm_count(L, 4), calls;
  luaL_argcheck(L, n >= 2 && n <= CM_COALITION_PLAYERS_MAX, 2, "2 to 60 players");
  lua_settop(L, 4);
  const double *alone = numbers(L, 2, n);
  luaL_checkstack(L, 8, NULL);
  question q = {.L = L, .at = 3, .players = n};
  lcm_try(L, cm_least_core_by_rows(n, total, alone, worst_in_lua, &q, rounds, lcm_job(L), &epsilon,
                                   x, &calls, &err));
  lua_pushnumber(L, epsilon);
  push_list(L, x, n);
  lua_pushinteger(L, (lua_Integer)calls);
  return 3;
}

/* core.nucleolus(players, kind, worth, best, questions) -> list, { programs =, questions =,
 * coalitions =, open = }; worth(coalition) -> number, best(list, in, out) -> coalition, most */
static int nucleolus_by_rows(lua_State *L) {
  cm_error err;
  size_t n = lcm_count(L, 1), most = lcm_count(L, 5);
  cm_nucleolus_kind kind = check_kind(L, 2);
  double x[CM_COALITION_PLAYERS_MAX];
  cm_rows_report report;
  luaL_argcheck(L, n >= 2 && n <= CM_COALITION_PLAYERS_MAX, 1, "2 to 60 players");
  luaL_checktype(L, 3, LUA_TFUNCTION);
  luaL_checktype(L, 4, LUA_TFUNCTION);
  lua_settop(L, 5);
  luaL_checkstack(L, 8, NULL);
  questions q = {.worth = {.L = L, .at = 3, .players = n},
                 .best = {.L = L, .at = 4, .players = n, .within = true}};
  lcm_try(L, cm_nucleolus_by_rows(n, kind, worth_in_lua, best_in_lua, &q, most, lcm_job(L), x,
                                  &report, &err));
  push_list(L, x, n);
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, (lua_Integer)report.programs);
  lua_setfield(L, -2, "programs");
  lua_pushinteger(L, (lua_Integer)report.questions);
  lua_setfield(L, -2, "questions");
  lua_pushinteger(L, (lua_Integer)report.coalitions);
  lua_setfield(L, -2, "coalitions");
  lua_pushnumber(L, report.open);
  lua_setfield(L, -2, "open");
  return 2;
}

/* ---- bargaining ---------------------------------------------------------------------------- */

/* core.nash(total, alone, weights) -> list */
static int nash(lua_State *L) {
  cm_error err;
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = lua_rawlen(L, 2);
  lua_settop(L, 3);
  const double *d = numbers(L, 2, n), *weights = numbers(L, 3, n);
  double *x = room(L, n);
  lcm_try(L, cm_nash_transfers(n, luaL_checknumber(L, 1), d, weights, x, &err));
  return push_list(L, x, n);
}

/* core.bargain("nash" | "kalai" | "max_min", { lower =, upper =, base =, alone =, payoff = (by
 * parties), rule =, limit =, weights =, gap = }) -> instruments, payoffs, gap | ideals */
static int bargain(lua_State *L) {
  static const char *const kinds[] = {"nash", "kalai", "max_min", NULL};
  cm_error err;
  int kind = luaL_checkoption(L, 1, NULL, kinds);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  cm_instruments over = {.players = 0};
  over.lower = field(L, 2, "lower", &over.count);
  over.upper = field(L, 2, "upper", &over.count);
  over.base = field(L, 2, "base", &over.players);
  const double *d = field(L, 2, "alone", &over.players);
  size_t cells = over.players * over.count;
  over.payoff = field(L, 2, "payoff", &cells);
  over.limit = field(L, 2, "limit", &over.rules);
  size_t rule_cells = over.rules * over.count;
  over.rule = field(L, 2, "rule", &rule_cells);
  const double *weights = field(L, 2, "weights", &over.players);
  double *z = room(L, over.count), *u = room(L, over.players), *ideal = room(L, over.players), gap;
  lua_getfield(L, 2, "gap");
  double wanted = luaL_optnumber(L, -1, 1e-9);
  if (kind == 1)
    lcm_try(L, cm_bargain_kalai(&over, d, lcm_job(L), z, u, ideal, &err));
  else if (kind == 2)
    lcm_try(L, cm_bargain_max_min(&over, d, weights, lcm_job(L), z, u, &err));
  else
    lcm_try(L, cm_bargain_nash(&over, d, weights, wanted, lcm_job(L), z, u, &gap, &err));
  push_list(L, z, over.count);
  push_list(L, u, over.players);
  if (kind == 1) return 2 + push_list(L, ideal, over.players);
  if (kind == 2) return 2;
  lua_pushnumber(L, gap);
  return 3;
}

void lcm_open_game(lua_State *L) {
  static const luaL_Reg methods[] = {{"players", game_players},
                                     {"worth", game_worth},
                                     {"is", game_is},
                                     {"shapley", game_shapley},
                                     {"banzhaf", game_banzhaf},
                                     {"excesses", game_excesses},
                                     {"in_core", game_in_core},
                                     {"least_core", game_least_core},
                                     {"core_range", game_core_range},
                                     {"nucleolus", game_nucleolus},
                                     {"kohlberg", game_kohlberg},
                                     {NULL, NULL}};
  static const luaL_Reg functions[] = {{"game", game},
                                       {"shapley_sample", shapley_sample},
                                       {"banzhaf_sample", banzhaf_sample},
                                       {"least_core", least_core},
                                       {"nucleolus", nucleolus_by_rows},
                                       {"nash", nash},
                                       {"bargain", bargain},
                                       {NULL, NULL}};
  lcm_type_open(L, &game_type, methods, NULL);
  luaL_setfuncs(L, functions, 0);
}
