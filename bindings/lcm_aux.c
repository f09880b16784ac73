#include "lcm.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WRONG_KIND = 1003 }; /* the number that the stdlib has for it */

atomic_bool lcm_interrupted;

/* ---- types --------------------------------------------------------------- */

static int release(lua_State *L) {
  const lcm_type *type = lua_touserdata(L, lua_upvalueindex(1));
  void **handle = luaL_checkudata(L, 1, type->name);
  void *object = *handle;
  *handle = NULL; /* idempotent: __close and __gc may both come */
  if (object) type->release(object);
  return 0;
}

void lcm_type_open(lua_State *L, const lcm_type *type, const luaL_Reg *methods,
                   const luaL_Reg *meta) {
  luaL_newmetatable(L, type->name);
  if (meta) luaL_setfuncs(L, meta, 0);
  lua_pushlightuserdata(L, (void *)(uintptr_t)type);
  lua_pushcclosure(L, release, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__gc");
  lua_setfield(L, -2, "__close");
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_setfield(L, -3, type->name);
  lua_pop(L, 1);
}

void *lcm_new(lua_State *L, const lcm_type *type) {
  void **handle = lua_newuserdatauv(L, sizeof *handle, 1);
  *handle = NULL;
  luaL_setmetatable(L, type->name);
  return handle;
}

void *lcm_test(lua_State *L, int arg, const lcm_type *type) {
  void **handle = luaL_testudata(L, arg, type->name);
  return handle ? *handle : NULL;
}

/* ---- errors -------------------------------------------------------------- */

static void set_count(lua_State *L, const char *field, size_t value) {
  if (!value) return;
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, field);
}

/* { number =, message =, fix =, row =, col =, value = }, which errors.lua turns
 * into an error object; a plain string where the stdlib is not loaded. */
static void push_object(lua_State *L, int number, const cm_error *err, const char *fix) {
  lua_getfield(L, LUA_REGISTRYINDEX, "capmod.errors.new");
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushfstring(L, "CM%d: %s", number, err->message);
    return;
  }
  lua_pushinteger(L, number);
  lua_createtable(L, 0, 5);
  lua_pushstring(L, err->message);
  lua_setfield(L, -2, "message");
  lua_pushstring(L, fix);
  lua_setfield(L, -2, "fix");
  set_count(L, "row", err->row);
  set_count(L, "col", err->col);
  lua_pushnumber(L, err->value);
  lua_setfield(L, -2, "value");
  lua_call(L, 2, 1);
}

static _Noreturn void raise(lua_State *L) {
  lua_error(L);
  for (;;) { /* lua_error does not return, but is not declared so */
  }
}

void lcm_push_error(lua_State *L, int number, const char *message, const char *fix) {
  cm_error err = {.status = CM_INTERNAL};
  snprintf(err.message, sizeof err.message, "%s", message);
  push_object(L, number, &err, fix);
}

void lcm_raise(lua_State *L, const cm_error *err) {
  lcm_state *state = lcm_state_of(L);
  if (err->status == CM_CANCELLED && state->pending) {
    state->pending = false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, state);
    lua_pushboolean(L, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, state);
  } else {
    push_object(L, (int)err->status, err, cm_status_fix(err->status));
  }
  lcm_stop_on_error(L, err->status);
  raise(L);
}

/* As luaL_typeerror, with a number. */
static _Noreturn void refuse_kind(lua_State *L, int arg, const char *wanted) {
  char text[CM_MESSAGE_MAX], is[64] = "is missing";
  lua_Debug ar = {.name = NULL};
  if (lua_getstack(L, 0, &ar)) lua_getinfo(L, "n", &ar);
  bool method = ar.namewhat && strcmp(ar.namewhat, "method") == 0;
  if (!lua_isnone(L, arg)) snprintf(is, sizeof is, "is a %.32s", luaL_typename(L, arg));
  snprintf(text, sizeof text, "%s: argument %d %s; a %s is due", ar.name ? ar.name : "?",
           arg - method, is, wanted);
  lcm_push_error(L, WRONG_KIND, text, method ? "" : "write a colon: object:verb(...)");
  raise(L);
}

void *lcm_check(lua_State *L, int arg, const lcm_type *type) {
  void **handle = luaL_testudata(L, arg, type->name);
  if (!handle) refuse_kind(L, arg, type->name);
  luaL_argcheck(L, *handle, arg, "has been closed");
  return *handle;
}

/* ---- jobs ---------------------------------------------------------------- */

lcm_state *lcm_state_of(lua_State *L) {
  lcm_state *state;
  memcpy(&state, lua_getextraspace(L), sizeof(void *));
  return state;
}

typedef struct news {
  const char *what;
  double done, total;
} news;

/* Calls the author's function with the news at 1. */
static int tell(lua_State *L) {
  const news *n = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, lcm_state_of(L)->progress);
  lua_pushstring(L, n->what);
  lua_pushnumber(L, n->done);
  lua_pushnumber(L, n->total);
  lua_call(L, 3, 1);
  return 1;
}

/* Nothing may jump over the engine: what can raise, also for want of memory, is
 * called protected, and an error waits in a place of the registry that is there. */
static bool report(void *ud, const char *what, double done, double total) {
  lcm_state *state = ud;
  lua_State *L = state->running;
  if (state->progress == LUA_NOREF || !lua_checkstack(L, 3)) return true;
  news n = {what, done, total};
  lua_pushcfunction(L, tell);
  lua_pushlightuserdata(L, &n);
  int result = lua_pcall(L, 1, 1, 0);
  state->running = L; /* the function may have begun and ended other work */
  if (result != LUA_OK) {
    lua_rawsetp(L, LUA_REGISTRYINDEX, state);
    state->pending = true;
    return false;
  }
  bool go_on = lua_isnil(L, -1) || lua_toboolean(L, -1);
  lua_pop(L, 1);
  return go_on;
}

void lcm_settle_request(lua_State *L) {
  if (lcm_state_of(L)->pending) {
    const cm_error err = {.status = CM_CANCELLED};
    lcm_raise(L, &err);
  }
  atomic_store(&lcm_interrupted, false);
}

const cm_job *lcm_job(lua_State *L) {
  lcm_state *state = lcm_state_of(L);
  state->running = L;
  return &state->job;
}

/* core.progress(function(what, done, total) end | nil): called during long
 * work; returning false ends it. */
static int progress(lua_State *L) {
  lcm_state *state = lcm_state_of(L);
  luaL_unref(L, LUA_REGISTRYINDEX, state->progress);
  state->progress = LUA_NOREF;
  if (lua_isnoneornil(L, 1)) return 0;
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  state->progress = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

/* core.step(what, done, total): news of work that is done in Lua; CM6003 as in the engine */
static int step(lua_State *L) {
  cm_error err;
  const char *what = luaL_checkstring(L, 1);
  double done = luaL_checknumber(L, 2), total = luaL_checknumber(L, 3);
  lcm_try(L, cm_job_step(lcm_job(L), what, done, total, &err));
  return 0;
}

/* core.clock() -> seconds that pass on a wall clock, from some start */
static int wall_clock(lua_State *L) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec * 1e-9);
  return 1;
}

/* core.threads(n): how many threads the linear algebra takes; 0 its own choice. */
static int threads(lua_State *L) {
  lcm_state_of(L)->job.threads = (unsigned)lcm_count(L, 1);
  return 0;
}

/* core.memory() -> bytes and blocks that the engine holds, the most it held, the limit. */
static int memory(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_memory_held());
  lua_pushinteger(L, (lua_Integer)cm_memory_blocks());
  lua_pushinteger(L, (lua_Integer)cm_memory_peak());
  lua_pushinteger(L, (lua_Integer)cm_memory_limit());
  return 4;
}

/* core.on_error(function(number, fields) return error_object end) */
static int on_error(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "capmod.errors.new");
  return 0;
}

/* core.statuses() -> { [number] = { text =, fix = } }, the engine's own list. */
static int statuses(lua_State *L) {
  static const cm_status list[] = {
#define LIST_STATUS(name, number, text, fix) name,
      CM_STATUS_LIST(LIST_STATUS)
#undef LIST_STATUS
  };
  lua_newtable(L);
  for (size_t i = 1; i < sizeof list / sizeof *list; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, cm_status_text(list[i]));
    lua_setfield(L, -2, "text");
    lua_pushstring(L, cm_status_fix(list[i]));
    lua_setfield(L, -2, "fix");
    lua_rawseti(L, -2, (lua_Integer)list[i]);
  }
  return 1;
}

/* ---- arguments ----------------------------------------------------------- */

size_t lcm_index(lua_State *L, int arg, size_t n, const char *what) {
  lua_Integer i = luaL_checkinteger(L, arg);
  if (i >= 1 && (size_t)i <= n) return (size_t)i - 1;
  cm_error err = {.status = CM_RANGE};
  snprintf(err.message, sizeof err.message, "%s %lld is not among the %zu there are", what,
           (long long)i, n);
  lcm_raise(L, &err);
}

size_t lcm_count(lua_State *L, int arg) {
  lua_Integer n = luaL_checkinteger(L, arg);
  if (n >= 0) return (size_t)n;
  cm_error err = {.status = CM_INVALID};
  snprintf(err.message, sizeof err.message, "%lld is below 0, and a size or a count is not",
           (long long)n);
  lcm_raise(L, &err);
}

const char **lcm_strings(lua_State *L, int arg, size_t *n) {
  luaL_checktype(L, arg, LUA_TTABLE);
  *n = (size_t)lua_rawlen(L, arg);
  const char **list = lua_newuserdatauv(L, (*n + 1) * sizeof *list, 0);
  for (size_t i = 0; i < *n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    if (lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, arg, "a list of strings is needed");
    list[i] = lua_tostring(L, -1); /* the list keeps it alive */
    lua_pop(L, 1);
  }
  return list;
}

size_t *lcm_indices(lua_State *L, int arg, size_t limit, bool zero_is_none, size_t *n) {
  luaL_checktype(L, arg, LUA_TTABLE);
  *n = (size_t)lua_rawlen(L, arg);
  size_t *list = lua_newuserdatauv(L, (*n + 1) * sizeof *list, 0);
  for (size_t i = 0; i < *n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    int at = lua_gettop(L);
    bool none = zero_is_none && lua_tointeger(L, at) == 0;
    list[i] = none ? CM_NOT_FOUND : lcm_index(L, at, limit, "index");
    lua_pop(L, 1);
  }
  return list;
}

static void release_axis(void *axis) { cm_axis_release(axis); }
static const lcm_type axis_type = {"Axis", release_axis};

const cm_axis *lcm_labels(lua_State *L, int arg) {
  cm_error err;
  size_t n;
  luaL_checkstack(L, 3, NULL);
  const char **labels = lcm_strings(L, arg, &n);
  cm_axis **axis = lcm_new(L, &axis_type);
  lcm_try(L, cm_axis_new(labels, n, axis, &err));
  return *axis;
}

cm_grouping lcm_grouping(lua_State *L, int arg, size_t places) {
  size_t n;
  if (lua_isnoneornil(L, arg)) return (cm_grouping){NULL, NULL};
  const cm_axis *axis = lcm_labels(L, arg + 1);
  size_t *group = lcm_indices(L, arg, cm_axis_size(axis), true, &n);
  luaL_argcheck(L, n == places, arg, "one group a place is due");
  return (cm_grouping){group, axis};
}

void lcm_account(lua_State *L, size_t bytes) {
  size_t kb = bytes / 1024;
  if (kb) lua_gc(L, LUA_GCSTEP, (int)(kb < 1 << 20 ? kb : 1 << 20));
}

void lcm_account_since(lua_State *L, size_t before) {
  size_t now = cm_memory_held();
  if (now > before) lcm_account(L, now - before);
}

/* ---- the module ---------------------------------------------------------- */

static void state_open(lua_State *L) {
  lcm_state *state = lua_newuserdatauv(L, sizeof *state, 0);
  *state = (lcm_state){.progress = LUA_NOREF};
  state->job.progress = report;
  state->job.ud = state;
  state->job.cancel = &lcm_interrupted;
  lua_setfield(L, LUA_REGISTRYINDEX, "capmod.state");
  lua_pushboolean(L, false); /* the place for an error in a progress call */
  lua_rawsetp(L, LUA_REGISTRYINDEX, state);
  memcpy(lua_getextraspace(L), &state, sizeof(void *));
}

int luaopen_capmod_core(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"progress", progress}, {"step", step},         {"clock", wall_clock},  {"threads", threads},
      {"memory", memory},     {"on_error", on_error}, {"statuses", statuses}, {NULL, NULL},
  };
  state_open(L);
  luaL_newlib(L, functions);
  lua_pushstring(L, cm_version());
  lua_setfield(L, -2, "version");
  lcm_type_open(L, &axis_type, (const luaL_Reg[]){{NULL, NULL}}, NULL);
  lcm_open_matrix(L);
  lcm_open_lu(L);
  lcm_open_table(L);
  lcm_open_decompose(L);
  lcm_open_whatif(L);
  lcm_open_balance(L);
  lcm_open_store(L);
  lcm_open_sparse(L);
  lcm_open_program(L);
  lcm_open_text(L);
  lcm_open_archive(L);
  lcm_open_chain(L);
  lcm_open_game(L);
  lcm_open_locate(L);
  lcm_open_econ(L);
  return 1;
}
