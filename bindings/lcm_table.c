/* Table: the multi-region input-output table as Lua sees it. stdlib/capmod/mrio
 * gives it names, labels and questions; here only handles and indices cross. */
#include <string.h>

#include "lcm.h"

static void release_table(void *object) { cm_table_release(object); }
const lcm_type lcm_table_type = {"Table", release_table};

cm_table *lcm_check_table(lua_State *L) { return lcm_check(L, 1, &lcm_table_type); }

/* ---- making -------------------------------------------------------------------- */

/* The labels in field `name` of the table at 1; NULL if absent. */
static const cm_axis *labels_field(lua_State *L, const char *name) {
  if (lua_getfield(L, 1, name) == LUA_TNIL) return NULL;
  return lcm_labels(L, lua_gettop(L));
}

static const cm_matrix *matrix_field(lua_State *L, const char *name) {
  if (lua_getfield(L, 1, name) == LUA_TNIL) return NULL;
  return lcm_check(L, lua_gettop(L), &lcm_matrix_type); /* field 1 keeps it alive */
}

/* core.table{ countries =, sectors =, categories =, Z =, Y =, P =, PY =, F =, FY =,
 * output = } -> Table. The lists hold labels, the rest are matrices. */
static int table_new(lua_State *L) {
  cm_error err;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_checkstack(L, 24, NULL);
  cm_table_parts parts = {.countries = labels_field(L, "countries"),
                          .sectors = labels_field(L, "sectors"),
                          .categories = labels_field(L, "categories"),
                          .z = matrix_field(L, "Z"),
                          .y = matrix_field(L, "Y"),
                          .primary = matrix_field(L, "P"),
                          .primary_final = matrix_field(L, "PY"),
                          .satellite = matrix_field(L, "F"),
                          .satellite_final = matrix_field(L, "FY"),
                          .output = matrix_field(L, "output")};
  cm_table **out = lcm_new(L, &lcm_table_type);
  lcm_try(L, cm_table_new(&parts, lcm_job(L), out, &err));
  return 1;
}

/* ---- parts ---------------------------------------------------------------------- */

static cm_part check_part(lua_State *L, int arg) {
  const char *letter = luaL_checkstring(L, arg);
  for (int part = 0; part < CM_PARTS; part++)
    if (strcmp(letter, cm_part_letter((cm_part)part)) == 0) return (cm_part)part;
  return (cm_part)luaL_argerror(L, arg, "a table has no such part");
}

/* t:part "Z" -> Matrix, or nil where the table was not given that part. */
static int table_part(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_part part = check_part(L, 2);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_part(t, part, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  if (!*out) lua_pushnil(L);
  return 1;
}

/* core.table_parts() -> { { letter =, about = }, ... } in the engine's order. */
static int table_parts(lua_State *L) {
  lua_createtable(L, CM_PARTS, 0);
  for (int part = 0; part < CM_PARTS; part++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, cm_part_letter((cm_part)part));
    lua_setfield(L, -2, "letter");
    lua_pushstring(L, cm_part_text((cm_part)part));
    lua_setfield(L, -2, "about");
    lua_rawseti(L, -2, part + 1);
  }
  return 1;
}

/* t:edited("Z", rows, cols, values) -> a copy of the part with those cells set. */
static int table_edited(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_part part = check_part(L, 2);
  size_t n_rows, n_cols;
  cm_matrix **given = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_part(t, part, lcm_job(L), given, &err));
  luaL_argcheck(L, *given, 2, "the table has no such part");
  size_t *rows = lcm_indices(L, 3, cm_matrix_rows(*given), false, &n_rows);
  size_t *cols = lcm_indices(L, 4, cm_matrix_cols(*given), false, &n_cols);
  luaL_checktype(L, 5, LUA_TTABLE);
  luaL_argcheck(L, n_cols == n_rows && lua_rawlen(L, 5) == n_rows, 5, "one value a cell");
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_matrix_copy(*given, out, &err));
  lcm_account(L, cm_matrix_rows(*out) * cm_matrix_cols(*out) * sizeof(double));
  for (size_t k = 0; k < n_rows; k++) {
    lua_rawgeti(L, 5, (lua_Integer)k + 1);
    lcm_try(L, cm_matrix_set(*out, rows[k], cols[k], luaL_checknumber(L, -1), &err));
    lua_pop(L, 1);
  }
  return 1;
}

/* t:labels "nodes" -> list; also countries, sectors, categories (nil where the
 * table has one unnamed category), columns. */
static int table_labels(lua_State *L) {
  static const char *const which[] = {"countries", "sectors", "categories",
                                      "nodes",     "columns", NULL};
  static const cm_axis *(*const get[])(const cm_table *) = {
      cm_table_countries, cm_table_sectors, cm_table_categories, cm_table_nodes, cm_table_columns};
  cm_table *t = lcm_check_table(L);
  const cm_axis *axis = get[luaL_checkoption(L, 2, NULL, which)](t);
  if (!axis) {
    lua_pushnil(L);
    return 1;
  }
  lua_createtable(L, (int)cm_axis_size(axis), 0);
  for (size_t i = 0; i < cm_axis_size(axis); i++) {
    lua_pushstring(L, cm_axis_label(axis, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* ---- questions -------------------------------------------------------------------- */

static size_t nodes_of(const cm_table *t) { return cm_axis_size(cm_table_nodes(t)); }

/* t:demand(flow | nil, row_groups, row_labels, col_groups, col_labels) -> Matrix n x k */
static int table_demand(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  const cm_matrix *flow = lua_isnil(L, 2) ? NULL : lcm_check(L, 2, &lcm_matrix_type);
  cm_grouping rows = lcm_grouping(L, 3, nodes_of(t));
  cm_grouping cols = lcm_grouping(L, 5, flow ? cm_matrix_cols(flow) : 1);
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_demand(t, flow, rows, cols, lcm_job(L), out, &err));
  lcm_account(L, nodes_of(t) * cm_matrix_cols(*out) * sizeof(double));
  return 1;
}

/* t:origin(weights | nil, demand, groups, labels) -> Matrix, origins x columns */
static int table_origin(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  const cm_matrix *weights = lua_isnil(L, 2) ? NULL : lcm_check(L, 2, &lcm_matrix_type);
  const cm_matrix *demand = lcm_check(L, 3, &lcm_matrix_type);
  cm_grouping origins = lcm_grouping(L, 4, nodes_of(t));
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_origin(t, weights, demand, origins, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* t:coefficients("P" | "F", row) -> Matrix 1 x n */
static int table_coefficients(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_part part = check_part(L, 2);
  size_t row = (size_t)luaL_checkinteger(L, 3) - 1;
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_coefficients(t, part, row, out, &err));
  return 1;
}

static void set_number(lua_State *L, const char *field, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, field);
}

static void set_count(lua_State *L, const char *field, size_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, field);
}

/* field = { value =, row = label, col = label } */
static void set_extreme(lua_State *L, const char *field, cm_extreme e, const cm_axis *rows,
                        const cm_axis *cols) {
  lua_createtable(L, 0, 3);
  set_number(L, "value", e.value);
  if (rows) {
    lua_pushstring(L, cm_axis_label(rows, e.row));
    lua_setfield(L, -2, "row");
  }
  if (cols) {
    lua_pushstring(L, cm_axis_label(cols, e.col));
    lua_setfield(L, -2, "col");
  }
  lua_setfield(L, -2, field);
}

/* t:check() -> the fields of cm_table_checks; places are labels. `balance` and
 * `column_gap` are absent where nothing was published to compare with. */
static int table_check(lua_State *L) {
  cm_error err;
  cm_table_checks c;
  cm_table *t = lcm_check_table(L);
  const cm_axis *nodes = cm_table_nodes(t);
  size_t before = cm_memory_held();
  lcm_try(L, cm_table_check(t, lcm_job(L), &c, &err));
  lcm_account_since(L, before);
  lua_createtable(L, 0, 20);
  if (c.has_output) {
    set_extreme(L, "balance", c.balance, nodes, NULL);
    set_number(L, "balance_mean", c.balance_mean);
    set_number(L, "output_mean", c.output_mean);
  }
  if (c.has_primary) {
    set_extreme(L, "column_gap", c.column_gap, NULL, nodes);
    set_number(L, "world_primary", c.world_primary);
  }
  set_count(L, "zero_output", c.zero_output);
  set_count(L, "negative_output", c.negative_output);
  set_count(L, "negative_va", c.negative_va);
  set_count(L, "negative_z", c.negative_z);
  set_count(L, "negative_y", c.negative_y);
  set_extreme(L, "least_va", c.least_va, NULL, nodes);
  set_extreme(L, "least_z", c.least_z, nodes, nodes);
  set_extreme(L, "least_y", c.least_y, nodes, cm_table_columns(t));
  set_extreme(L, "vl_error", c.vl_error, NULL, nodes);
  set_number(L, "world_va", c.world_va);
  set_number(L, "world_final", c.world_final);
  set_number(L, "world_output", c.world_output);
  set_number(L, "rcond", c.rcond);
  return 1;
}

/* ---- other tables ------------------------------------------------------------------ */

/* t:aggregate(country_groups, country_labels, sector_groups, sector_labels) -> Table */
static int table_aggregate(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_grouping countries = lcm_grouping(L, 2, cm_axis_size(cm_table_countries(t)));
  cm_grouping sectors = lcm_grouping(L, 4, cm_axis_size(cm_table_sectors(t)));
  size_t before = cm_memory_held();
  cm_table **out = lcm_new(L, &lcm_table_type);
  lcm_try(L, cm_table_aggregate(t, countries, sectors, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* t:with(Z | nil, Y | nil) -> Table with output solved again */
static int table_with(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  const cm_matrix *z = lua_isnoneornil(L, 2) ? NULL : lcm_check(L, 2, &lcm_matrix_type);
  const cm_matrix *y = lua_isnoneornil(L, 3) ? NULL : lcm_check(L, 3, &lcm_matrix_type);
  size_t before = cm_memory_held();
  cm_table **out = lcm_new(L, &lcm_table_type);
  lcm_try(L, cm_table_with(t, z, y, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* t:shift(from, to, buyers, share) -> Table with output solved again */
static int table_shift(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  size_t moves, goals, buyers, before = cm_memory_held();
  const size_t *from = lcm_indices(L, 2, nodes_of(t), false, &moves);
  const size_t *to = lcm_indices(L, 3, nodes_of(t), false, &goals);
  const size_t *buyer = lcm_indices(L, 4, nodes_of(t), false, &buyers);
  luaL_argcheck(L, moves == goals, 3, "one goal a source is due");
  double share = luaL_checknumber(L, 5);
  cm_table **out = lcm_new(L, &lcm_table_type);
  lcm_try(L, cm_table_shift(t, from, to, moves, buyer, buyers, share, lcm_job(L), out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* ---- the type ------------------------------------------------------------------------ */

void lcm_open_table(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"part", table_part},
      {"edited", table_edited},
      {"labels", table_labels},
      {"demand", table_demand},
      {"origin", table_origin},
      {"coefficients", table_coefficients},
      {"check", table_check},
      {"with", table_with},
      {"shift", table_shift},
      {"aggregate", table_aggregate},
      {NULL, NULL},
  };
  lcm_type_open(L, &lcm_table_type, methods, NULL);
  lua_pushcfunction(L, table_new);
  lua_setfield(L, -2, "table");
  lua_pushcfunction(L, table_parts);
  lua_setfield(L, -2, "table_parts");
}
