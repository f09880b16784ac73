/* Table: extraction (capmod/whatif.h), structural decomposition (capmod/sda.h),
 * paths (capmod/paths.h). */
#include <string.h>

#include "lcm.h"

static size_t nodes_of(const cm_table *t) { return cm_axis_size(cm_table_nodes(t)); }

/* Field `name` of the table on top, a list of places up to n, as marks that a
 * userdata left under it holds; NULL where the field is absent. */
static const bool *marks_field(lua_State *L, const char *name, size_t n) {
  size_t count;
  luaL_checkstack(L, 8, NULL);
  if (lua_getfield(L, -1, name) == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  const size_t *places = lcm_indices(L, lua_gettop(L), n, false, &count);
  bool *marks = lua_newuserdatauv(L, n ? n * sizeof *marks : 1, 0);
  memset(marks, 0, n * sizeof *marks);
  for (size_t i = 0; i < count; i++) marks[places[i]] = true;
  lua_insert(L, -4); /* marks, table, list, places */
  lua_pop(L, 2);
  return marks;
}

/* t:extract("demand" | "supply", { { from =, to =, final = }, ... }) -> Matrix n x 1:
 * output lost without those flows. The lists hold places of nodes, and of columns of Y. */
static int table_extract(lua_State *L) {
  static const char *const kinds[] = {"demand", "supply", NULL};
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_extraction kind = (cm_extraction)luaL_checkoption(L, 2, NULL, kinds);
  luaL_checktype(L, 3, LUA_TTABLE);
  size_t count = lua_rawlen(L, 3), columns = cm_axis_size(cm_table_columns(t));
  cm_cut *cuts = lua_newuserdatauv(L, (count + 1) * sizeof *cuts, 0);
  for (size_t k = 0; k < count; k++) {
    lua_rawgeti(L, 3, (lua_Integer)k + 1);
    luaL_argcheck(L, lua_istable(L, -1), 3, "a cut is a table");
    cuts[k].from = marks_field(L, "from", nodes_of(t));
    cuts[k].to = marks_field(L, "to", nodes_of(t));
    cuts[k].final = marks_field(L, "final", columns);
  }
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_table_extract(t, kind, cuts, count, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* t:extract_each("complete" | "backward" | "forward" | "exports", weights | nil, groups,
 * labels) -> Matrix n x groups: weights times output lost, each node in turn. */
static int table_extract_each(lua_State *L) {
  static const char *const kinds[] = {"complete", "backward", "forward", "exports", NULL};
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_node_cut kind = (cm_node_cut)luaL_checkoption(L, 2, NULL, kinds);
  const cm_matrix *weights = lua_isnil(L, 3) ? NULL : lcm_check(L, 3, &lcm_matrix_type);
  luaL_checktype(L, 4, LUA_TTABLE);
  lua_settop(L, 5);
  cm_grouping groups = lcm_grouping(L, 4, nodes_of(t));
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_table_extract_each(t, kind, weights, groups, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* t:sda(to, method, weights | nil, weights of `to` | nil, split inputs?, split final?,
 * groups, labels) -> Matrix groups x (from, to, effects) */
static int table_sda(lua_State *L) {
  static const char *const kinds[] = {"polar", "all", "lmdi", NULL};
  cm_error err;
  cm_sda sda = {.from = lcm_check_table(L), .to = lcm_check(L, 2, &lcm_table_type)};
  sda.method = (cm_sda_method)luaL_checkoption(L, 3, NULL, kinds);
  sda.from_weights = lua_isnil(L, 4) ? NULL : lcm_check(L, 4, &lcm_matrix_type);
  sda.to_weights = lua_isnil(L, 5) ? NULL : lcm_check(L, 5, &lcm_matrix_type);
  sda.split_inputs = lua_toboolean(L, 6);
  sda.split_final = lua_toboolean(L, 7);
  luaL_checktype(L, 8, LUA_TTABLE);
  lua_settop(L, 9);
  sda.by = lcm_grouping(L, 8, nodes_of(sda.from));
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sda_decompose(&sda, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* ---- paths -------------------------------------------------------------------------- */

static int release_paths(lua_State *L) {
  cm_paths_release(lua_touserdata(L, 1));
  return 0;
}

/* Pushes a userdata that releases what the engine puts into it. */
static cm_paths *new_paths(lua_State *L) {
  cm_paths *paths = lua_newuserdatauv(L, sizeof *paths, 0);
  *paths = (cm_paths){0};
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, release_paths);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  return paths;
}

static void push_path(lua_State *L, const cm_paths *p, size_t i) {
  lua_createtable(L, (int)(p->first[i + 1] - p->first[i]), 1);
  for (size_t k = p->first[i]; k < p->first[i + 1]; k++) {
    lua_pushinteger(L, (lua_Integer)p->node[k] + 1);
    lua_rawseti(L, -2, (lua_Integer)(k - p->first[i]) + 1);
  }
  lua_pushnumber(L, p->value[i]);
  lua_setfield(L, -2, "value");
}

/* t:paths(weights | nil, demand, top, above, steps | nil) -> list of { node, ..., value = },
 * with the fields total, covered, left, complete */
static int table_paths(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_path_query q = {.weights = lua_isnil(L, 2) ? NULL : lcm_check(L, 2, &lcm_matrix_type),
                     .demand = lcm_check(L, 3, &lcm_matrix_type),
                     .top = lcm_count(L, 4),
                     .above = luaL_checknumber(L, 5)};
  q.steps = lua_isnoneornil(L, 6) ? 0 : lcm_count(L, 6);
  cm_paths *p = new_paths(L);
  lcm_try(L, cm_table_paths(t, &q, lcm_job(L), p, &err));
  lua_createtable(L, (int)p->count, 4);
  for (size_t i = 0; i < p->count; i++) {
    push_path(L, p, i);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushnumber(L, p->total);
  lua_setfield(L, -2, "total");
  lua_pushnumber(L, p->covered);
  lua_setfield(L, -2, "covered");
  lua_pushnumber(L, p->left);
  lua_setfield(L, -2, "left");
  lua_pushboolean(L, p->complete);
  lua_setfield(L, -2, "complete");
  return 1;
}

void lcm_open_whatif(lua_State *L) {
  static const luaL_Reg methods[] = {{"extract", table_extract},
                                     {"extract_each", table_extract_each},
                                     {"sda", table_sda},
                                     {"paths", table_paths},
                                     {NULL, NULL}};
  lua_getfield(L, -1, lcm_table_type.name);
  luaL_setfuncs(L, methods, 0);
  lua_pop(L, 1);
}
