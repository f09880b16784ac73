/* Graph - the graph of a chain (capmod/chain.h). Lists cross as a whole; stages,
 * arcs and joins count from 1. */
#include "lcm.h"

static void release_chain(void *object) { cm_chain_release(object); }
static const lcm_type graph_type = {"Graph", release_chain};

static cm_chain *check_graph(lua_State *L) { return lcm_check(L, 1, &graph_type); }

/* n items in a userdata that is pushed. */
static void *room(lua_State *L, size_t n, size_t size) {
  return lua_newuserdatauv(L, (n ? n : 1) * size, 0);
}

/* ---- lists ------------------------------------------------------------------------ */

/* The list of n numbers at `arg`, in a userdata that is pushed. */
static double *check_numbers(lua_State *L, int arg, size_t n) {
  luaL_checktype(L, arg, LUA_TTABLE);
  luaL_argcheck(L, lua_rawlen(L, arg) == n, arg, "a list of another length");
  double *list = room(L, n, sizeof *list);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    list[i] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return list;
}

static void push_indices(lua_State *L, const size_t *list, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)list[i] + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_counts(lua_State *L, const size_t *list, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_numbers(lua_State *L, const double *list, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushnumber(L, list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* The places that are marked. */
static void push_marked(lua_State *L, const bool *marks, size_t n) {
  lua_newtable(L);
  lua_Integer at = 0;
  for (size_t i = 0; i < n; i++) {
    if (!marks[i]) continue;
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_rawseti(L, -2, ++at);
  }
}

/* ---- making ------------------------------------------------------------------------- */

/* core.graph(stages, from, to, quantities) -> Graph */
static int graph(lua_State *L) {
  cm_error err;
  size_t stages = lcm_count(L, 1), n, m;
  lua_settop(L, 4);
  const size_t *from = lcm_indices(L, 2, stages, false, &n);
  const size_t *to = lcm_indices(L, 3, stages, false, &m);
  luaL_argcheck(L, n == m, 3, "a list of another length");
  const double *quantity = check_numbers(L, 4, n);
  cm_arc *arcs = room(L, n, sizeof *arcs);
  for (size_t i = 0; i < n; i++) arcs[i] = (cm_arc){from[i], to[i], quantity[i]};
  size_t before = cm_memory_held();
  cm_chain **out = lcm_new(L, &graph_type);
  lcm_try(L, cm_chain_new(stages, arcs, n, out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* g:contract(block of each stage, blocks) -> Graph */
static int contract(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t blocks = lcm_count(L, 3), n;
  const size_t *block = lcm_indices(L, 2, blocks, false, &n);
  luaL_argcheck(L, n == cm_chain_stages(g), 2, "a list of another length");
  cm_chain **out = lcm_new(L, &graph_type);
  lcm_try(L, cm_chain_contract(g, block, blocks, out, &err));
  return 1;
}

/* ---- along the arcs ------------------------------------------------------------------- */

/* g:order() -> list, or nil where there is a circle */
static int order(lua_State *L) {
  const cm_chain *g = check_graph(L);
  const size_t *list = cm_chain_order(g);
  if (!list) return 0;
  push_indices(L, list, cm_chain_stages(g));
  return 1;
}

/* g:circle() -> list along the arcs, or nil */
static int circle(lua_State *L) {
  size_t n;
  const size_t *list = cm_chain_circle(check_graph(L), &n);
  if (!list) return 0;
  push_indices(L, list, n);
  return 1;
}

/* g:arcs() -> list from, list to, list of quantities */
static int arcs(lua_State *L) {
  const cm_arc *list;
  size_t n = cm_chain_arcs(check_graph(L), &list);
  for (int part = 0; part < 3; part++) {
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
      if (part == 2)
        lua_pushnumber(L, list[i].quantity);
      else
        lua_pushinteger(L, (lua_Integer)(part ? list[i].to : list[i].from) + 1);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
  }
  return 3;
}

/* g:levels() -> list */
static int levels(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), *level = room(L, n, sizeof *level);
  lcm_try(L, cm_chain_levels(g, level, &err));
  push_counts(L, level, n);
  return 1;
}

/* g:quantities(wanted) -> list */
static int quantities(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g);
  const double *wanted = check_numbers(L, 2, n);
  double *made = room(L, n, sizeof *made);
  lcm_try(L, cm_chain_quantities(g, wanted, made, &err));
  push_numbers(L, made, n);
  return 1;
}

/* g:schedule(times [, delays]) -> length, path, starts, slack */
static int schedule(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g);
  lua_settop(L, 3);
  const double *time = check_numbers(L, 2, n);
  const double *delay = lua_isnil(L, 3) ? NULL : check_numbers(L, 3, cm_chain_arcs(g, NULL));
  cm_schedule plan = {.start = room(L, n, sizeof *plan.start)};
  plan.slack = room(L, n, sizeof *plan.slack);
  plan.path = room(L, n, sizeof *plan.path);
  lcm_try(L, cm_chain_schedule(g, time, delay, &plan, &err));
  lua_pushnumber(L, plan.length);
  push_indices(L, plan.path, plan.path_length);
  push_numbers(L, plan.start, n);
  push_numbers(L, plan.slack, n);
  return 4;
}

/* g:reach("up" | "down", stages) -> list of those reached, themselves among them */
static int reach(lua_State *L) {
  static const char *const ways[] = {"up", "down", NULL};
  cm_error err;
  const cm_chain *g = check_graph(L);
  cm_direction way = luaL_checkoption(L, 2, NULL, ways) ? CM_DOWNSTREAM : CM_UPSTREAM;
  size_t n = cm_chain_stages(g), count;
  const size_t *from = lcm_indices(L, 3, n, false, &count);
  bool *marks = room(L, n, sizeof *marks);
  lcm_try(L, cm_chain_reach(g, from, count, way, marks, &err));
  push_marked(L, marks, n);
  return 1;
}

/* g:serves() -> how many last stages each goes into */
static int serves(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), *products = room(L, n, sizeof *products);
  lcm_try(L, cm_chain_serves(g, products, &err));
  push_counts(L, products, n);
  return 1;
}

/* ---- how it hangs together ----------------------------------------------------------------- */

/* g:parts() -> the part of each stage, how many */
static int parts(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), *part = room(L, n, sizeof *part), count;
  lcm_try(L, cm_chain_parts(g, part, &count, &err));
  push_indices(L, part, n);
  lua_pushinteger(L, (lua_Integer)count);
  return 2;
}

/* g:joints() -> pieces without each stage, list of arcs that are bridges */
static int joints(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), m = cm_chain_arcs(g, NULL), *pieces = room(L, n, sizeof *pieces);
  bool *bridge = room(L, m, sizeof *bridge);
  lcm_try(L, cm_chain_joints(g, pieces, bridge, &err));
  push_counts(L, pieces, n);
  push_marked(L, bridge, m);
  return 2;
}

/* g:gates() -> list of stages */
static int gates(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g);
  bool *gate = room(L, n, sizeof *gate);
  lcm_try(L, cm_chain_gates(g, gate, &err));
  push_marked(L, gate, n);
  return 1;
}

/* g:cut(from, to [, weights]) -> value, list of stages */
static int cut(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), from_count, to_count;
  lua_settop(L, 4);
  const size_t *from = lcm_indices(L, 2, n, false, &from_count);
  const size_t *to = lcm_indices(L, 3, n, false, &to_count);
  const double *weight = lua_isnil(L, 4) ? NULL : check_numbers(L, 4, n);
  bool *marks = room(L, n, sizeof *marks);
  double value;
  lcm_try(L, cm_chain_cut(g, weight, from, from_count, to, to_count, &value, marks, &err));
  lua_pushnumber(L, value);
  push_marked(L, marks, n);
  return 2;
}

/* g:width() -> lower bound, upper bounds by least degree and least fill, order */
static int width(lua_State *L) {
  cm_error err;
  const cm_chain *g = check_graph(L);
  size_t n = cm_chain_stages(g), *list = room(L, n, sizeof *list);
  cm_width bounds;
  lcm_try(L, cm_chain_width(g, lcm_job(L), &bounds, list, &err));
  lua_pushinteger(L, (lua_Integer)bounds.lower);
  lua_pushinteger(L, (lua_Integer)bounds.min_degree);
  lua_pushinteger(L, (lua_Integer)bounds.min_fill);
  push_indices(L, list, n);
  return 4;
}

/* ---- blocks -----------------------------------------------------------------------------------
 */

/* The lists of both ends at `arg` and behind it as joins, in a userdata that is pushed. */
static const cm_join *check_joins(lua_State *L, int arg, size_t stages, size_t *n) {
  size_t m;
  const size_t *a = lcm_indices(L, arg, stages, false, n);
  const size_t *b = lcm_indices(L, arg + 1, stages, false, &m);
  luaL_argcheck(L, *n == m, arg + 1, "a list of another length");
  cm_join *joins = room(L, m, sizeof *joins);
  for (size_t k = 0; k < m; k++) joins[k] = (cm_join){a[k], b[k]};
  return joins;
}

/* core.blocks(stages, a, b) -> the block of each stage, how many, list of joins that merged */
static int blocks(lua_State *L) {
  cm_error err;
  size_t stages = lcm_count(L, 1), n, count;
  lua_settop(L, 3);
  const cm_join *joins = check_joins(L, 2, stages, &n);
  size_t *block = room(L, stages, sizeof *block);
  bool *merged = room(L, n, sizeof *merged);
  lcm_try(L, cm_chain_blocks(stages, joins, n, block, &count, merged, &err));
  push_indices(L, block, stages);
  lua_pushinteger(L, (lua_Integer)count);
  push_marked(L, merged, n);
  return 3;
}

/* core.joined(stages, a, b, one, other) -> list of joins that lead from one to the other */
static int joined(lua_State *L) {
  cm_error err;
  size_t stages = lcm_count(L, 1), n, length;
  lua_settop(L, 5);
  size_t one = lcm_index(L, 4, stages, "stage"), other = lcm_index(L, 5, stages, "stage");
  const cm_join *joins = check_joins(L, 2, stages, &n);
  size_t *path = room(L, n, sizeof *path);
  lcm_try(L, cm_chain_joined(stages, joins, n, one, other, path, &length, &err));
  push_indices(L, path, length);
  return 1;
}

void lcm_open_chain(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"contract", contract}, {"order", order},   {"circle", circle},
      {"arcs", arcs},         {"levels", levels}, {"quantities", quantities},
      {"schedule", schedule}, {"reach", reach},   {"serves", serves},
      {"parts", parts},       {"joints", joints}, {"gates", gates},
      {"cut", cut},           {"width", width},   {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"graph", graph}, {"blocks", blocks}, {"joined", joined}, {NULL, NULL}};
  lcm_type_open(L, &graph_type, methods, NULL);
  luaL_setfuncs(L, functions, 0);
}
