/* Program and Solution: linear and mixed-integer programs. */
#include <string.h>

#include "lcm.h"

static void release_program(void *object) { cm_program_release(object); }
static void release_solution(void *object) { cm_solution_release(object); }
static void release_conflict(void *object) { cm_conflict_release(object); }
static void release_text(void *object) { cm_program_text_free(object); }

static const lcm_type program_type = {"Program", release_program};
static const lcm_type solution_type = {"Solution", release_solution};
static const lcm_type conflict_type = {"Conflict", release_conflict};
static const lcm_type text_type = {"ProgramText", release_text};

static cm_program *check_program(lua_State *L, int arg) { return lcm_check(L, arg, &program_type); }
static cm_solution *check_solution(lua_State *L) { return lcm_check(L, 1, &solution_type); }

/* ---- making -------------------------------------------------------------------- */

/* Field `name` of the table at 1, a list of n numbers, as an array in a userdata
 * that is pushed; NULL (and nil) where the field is absent. */
static double *numbers_field(lua_State *L, const char *name, size_t n) {
  lua_getfield(L, 1, name);
  int list = lua_gettop(L);
  if (lua_isnil(L, list)) return NULL;
  luaL_checktype(L, list, LUA_TTABLE);
  if ((size_t)lua_rawlen(L, list) != n)
    luaL_error(L, "%s has %d numbers, not %d", name, (int)lua_rawlen(L, list), (int)n);
  double *value = lua_newuserdatauv(L, (n + 1) * sizeof *value, 0);
  for (size_t k = 0; k < n; k++) {
    lua_rawgeti(L, list, (lua_Integer)k + 1);
    value[k] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return value;
}

static bool *flags_field(lua_State *L, const char *name, size_t n) {
  lua_getfield(L, 1, name);
  int list = lua_gettop(L);
  if (lua_isnil(L, list)) return NULL;
  luaL_checktype(L, list, LUA_TTABLE);
  bool *value = lua_newuserdatauv(L, n + 1, 0);
  for (size_t k = 0; k < n; k++) {
    lua_rawgeti(L, list, (lua_Integer)k + 1);
    value[k] = lua_toboolean(L, -1);
    lua_pop(L, 1);
  }
  return value;
}

static const char **names_field(lua_State *L, const char *name, size_t *n) {
  lua_getfield(L, 1, name);
  return lcm_strings(L, lua_gettop(L), n);
}

static size_t *indices_field(lua_State *L, const char *name, size_t limit, size_t *n) {
  lua_getfield(L, 1, name);
  return lcm_indices(L, lua_gettop(L), limit, false, n);
}

/* core.program{ name =, maximise =, constant =, cols =, rows = (names), lower =, upper =, cost =,
 * integer =, row_lower =, row_upper =, i =, j =, value = (lists) } */
static int program_new(lua_State *L) {
  cm_error err;
  size_t ni, nj;
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkstack(L, 40, NULL);
  cm_program_parts p = {0};
  lua_getfield(L, 1, "name");
  p.name = lua_tostring(L, -1);
  lua_getfield(L, 1, "maximise");
  p.maximise = lua_toboolean(L, -1);
  lua_getfield(L, 1, "constant");
  p.constant = luaL_optnumber(L, -1, 0);
  p.col_names = names_field(L, "cols", &p.cols);
  p.row_names = names_field(L, "rows", &p.rows);
  p.lower = numbers_field(L, "lower", p.cols);
  p.upper = numbers_field(L, "upper", p.cols);
  p.cost = numbers_field(L, "cost", p.cols);
  p.integer = flags_field(L, "integer", p.cols);
  p.row_lower = numbers_field(L, "row_lower", p.rows);
  p.row_upper = numbers_field(L, "row_upper", p.rows);
  p.row = indices_field(L, "i", p.rows, &ni);
  p.col = indices_field(L, "j", p.cols, &nj);
  luaL_argcheck(L, ni == nj, 1, "i, j and value must be of one length");
  p.entries = ni;
  p.value = numbers_field(L, "value", ni);
  luaL_argcheck(L, p.value, 1, "i, j and value must be of one length");
  cm_program **out = lcm_new(L, &program_type);
  lcm_try(L, cm_program_new(&p, out, &err));
  lcm_account(L, cm_program_bytes(*out));
  return 1;
}

/* p:size() -> columns, rows, entries, whole numbers */
static int program_size(lua_State *L) {
  const cm_program *p = check_program(L, 1);
  lua_pushinteger(L, (lua_Integer)cm_program_cols(p));
  lua_pushinteger(L, (lua_Integer)cm_program_rows(p));
  lua_pushinteger(L, (lua_Integer)cm_program_entries(p));
  lua_pushinteger(L, (lua_Integer)cm_program_integers(p));
  return 4;
}

/* ---- solving ---------------------------------------------------------------------- */

/* The options in the table at `arg`; pushes what they hold. */
static cm_program_options check_options(lua_State *L, int arg, size_t cols) {
  cm_program_options o = {0};
  if (lua_isnoneornil(L, arg)) return o;
  luaL_checktype(L, arg, LUA_TTABLE);
  lua_getfield(L, arg, "time");
  o.time = luaL_optnumber(L, -1, 0);
  lua_getfield(L, arg, "gap");
  o.gap = luaL_optnumber(L, -1, 0);
  lua_getfield(L, arg, "nodes");
  o.nodes = lua_isnil(L, -1) ? 0 : lcm_count(L, lua_gettop(L));
  lua_getfield(L, arg, "solver");
  o.solver = luaL_optstring(L, -1, NULL);
  lua_getfield(L, arg, "start");
  if (lua_isnil(L, -1)) return o;
  int list = lua_gettop(L);
  double *start = lua_newuserdatauv(L, (cols + 1) * sizeof *start, 0);
  for (size_t j = 0; j < cols; j++) {
    lua_rawgeti(L, list, (lua_Integer)j + 1);
    start[j] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  o.start = start;
  return o;
}

/* p:solve{ time =, gap =, nodes =, start = list, solver = } */
static int program_solve(lua_State *L) {
  cm_error err;
  const cm_program *p = check_program(L, 1);
  cm_program_options options = check_options(L, 2, cm_program_cols(p));
  cm_solution **out = lcm_new(L, &solution_type);
  lcm_try(L, cm_program_solve(p, &options, lcm_job(L), out, &err));
  if (cm_solution_get(*out).stop == CM_STOP_REQUEST) lcm_settle_request(L);
  lcm_account(L, 4 * (cm_program_cols(p) + cm_program_rows(p)) * sizeof(double));
  return 1;
}

/* p:conflict{ time =, nodes = } -> list of { kind =, index = }, whether none can be left out */
static int program_conflict(lua_State *L) {
  static const char *const kinds[] = {"row_lower", "row_upper", "lower", "upper", "whole"};
  cm_error err;
  const cm_program *p = check_program(L, 1);
  cm_program_options options = check_options(L, 2, cm_program_cols(p));
  cm_conflict **out = lcm_new(L, &conflict_type);
  lcm_try(L, cm_program_conflict(p, &options, lcm_job(L), out, &err));
  const cm_conflict *c = *out;
  lua_newtable(L);
  for (size_t k = 0; k < cm_conflict_size(c); k++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, kinds[cm_conflict_kind(c, k)]);
    lua_setfield(L, -2, "kind");
    lua_pushinteger(L, (lua_Integer)cm_conflict_index(c, k) + 1);
    lua_setfield(L, -2, "index");
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_pushboolean(L, cm_conflict_minimal(c));
  return 2;
}

/* p:write "mps" | "lp" -> text */
static int program_write(lua_State *L) {
  static const char *const formats[] = {"mps", "lp", NULL};
  cm_error err;
  const cm_program *p = check_program(L, 1);
  int format = luaL_checkoption(L, 2, NULL, formats);
  size_t size;
  char **out = lcm_new(L, &text_type);
  lcm_try(L, cm_program_write(p, format ? CM_FORMAT_LP : CM_FORMAT_MPS, out, &size, &err));
  lua_pushlstring(L, *out, size);
  return 1;
}

/* ---- solutions --------------------------------------------------------------------- */

static void set_number(lua_State *L, const char *field, double value) {
  if (value != value) return;
  lua_pushnumber(L, value);
  lua_setfield(L, -2, field);
}

/* s:figures() -> { status =, stop =, objective =, bound =, gap =, violation =, nodes =,
 * iterations =, solver = } */
static int solution_figures(lua_State *L) {
  static const char *const stops[] = {NULL, "time", "nodes", "request"};
  cm_solution_figures f = cm_solution_get(check_solution(L));
  lua_newtable(L);
  lua_pushstring(L, cm_outcome_text(f.outcome));
  lua_setfield(L, -2, "status");
  lua_pushstring(L, stops[f.stop]);
  lua_setfield(L, -2, "stop");
  lua_pushstring(L, f.solver);
  lua_setfield(L, -2, "solver");
  set_number(L, "objective", f.objective);
  set_number(L, "bound", f.bound);
  set_number(L, "gap", f.gap);
  set_number(L, "violation", f.violation);
  lua_pushinteger(L, (lua_Integer)f.nodes);
  lua_setfield(L, -2, "nodes");
  lua_pushinteger(L, (lua_Integer)f.iterations);
  lua_setfield(L, -2, "iterations");
  return 1;
}

static void push_numbers(lua_State *L, const double *value, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t k = 0; k < n; k++) {
    lua_pushnumber(L, value[k]);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

/* s:part("values" | "activities" | "duals" | "reduced" | "ray", p) -> list, or nil */
static int solution_part(lua_State *L) {
  static const char *const names[] = {"values", "activities", "duals", "reduced", "ray", NULL};
  const cm_solution *s = check_solution(L);
  cm_solution_part part = (cm_solution_part)luaL_checkoption(L, 2, NULL, names);
  const cm_program *p = check_program(L, 3);
  const double *value = cm_solution_part_of(s, part);
  bool of_rows = part == CM_ACTIVITIES || part == CM_DUALS;
  if (!value) return 0;
  push_numbers(L, value, of_rows ? cm_program_rows(p) : cm_program_cols(p));
  return 1;
}

/* s:range(p) -> lists: cost from, to; side from, to */
static int solution_range(lua_State *L) {
  cm_error err;
  const cm_solution *s = check_solution(L);
  const cm_program *p = check_program(L, 2);
  size_t n = cm_program_cols(p), m = cm_program_rows(p);
  double *all = lua_newuserdatauv(L, 2 * (n + m + 1) * sizeof *all, 0);
  memset(all, 0, 2 * (n + m + 1) * sizeof *all);
  const cm_ranging r = {all, all + n, all + 2 * n, all + 2 * n + m};
  lcm_try(L, cm_solution_range(p, s, lcm_job(L), &r, &err));
  push_numbers(L, r.cost_from, n);
  push_numbers(L, r.cost_to, n);
  push_numbers(L, r.side_from, m);
  push_numbers(L, r.side_to, m);
  return 4;
}

void lcm_open_program(lua_State *L) {
  static const luaL_Reg program_methods[] = {{"size", program_size},
                                             {"solve", program_solve},
                                             {"conflict", program_conflict},
                                             {"write", program_write},
                                             {NULL, NULL}};
  static const luaL_Reg solution_methods[] = {{"figures", solution_figures},
                                              {"part", solution_part},
                                              {"range", solution_range},
                                              {NULL, NULL}};
  static const luaL_Reg none[] = {{NULL, NULL}};
  lcm_type_open(L, &program_type, program_methods, NULL);
  lcm_type_open(L, &solution_type, solution_methods, NULL);
  lcm_type_open(L, &conflict_type, none, NULL);
  lcm_type_open(L, &text_type, none, NULL);
  lua_pushcfunction(L, program_new);
  lua_setfield(L, -2, "program");
}
