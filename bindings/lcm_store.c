/* Tables in files: Table:store, Table:write, core.load_table. */
#include <math.h>

#include "lcm.h"

static void release_text(void *text) { cm_stored_text_free(text); }
static const lcm_type text_type = {"StoredText", release_text};

/* t:store(path, facts, factor) */
static int table_store(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  const char *path = luaL_checkstring(L, 2), *facts = luaL_checkstring(L, 3);
  lcm_try(L, cm_table_store(t, facts, lua_toboolean(L, 4), path, lcm_job(L), &err));
  return 0;
}

/* t:write(path, list of lines, sheet or nil) */
static int table_write(lua_State *L) {
  cm_error err;
  size_t lines;
  cm_table *t = lcm_check_table(L);
  const char *path = luaL_checkstring(L, 2), *sheet = luaL_optstring(L, 4, NULL);
  const char **head = lcm_strings(L, 3, &lines);
  lcm_try(L, cm_table_write(t, head, lines, sheet, path, lcm_job(L), &err));
  return 0;
}

static size_t satellites_of(lua_State *L, cm_table *t) {
  cm_error err;
  cm_matrix **f = lcm_new_matrix(L);
  lcm_try(L, cm_table_part(t, CM_PART_F, lcm_job(L), f, &err));
  return *f ? cm_matrix_rows(*f) : 0;
}

/* t:observe(path, { period =, comment =, unit =, multiplier = }, units of F, multipliers of F) */
static int table_observe(lua_State *L) {
  static const char *const names[] = {"period", "comment", "unit", "multiplier"};
  cm_error err;
  size_t units, multipliers;
  cm_table *t = lcm_check_table(L);
  const char *path = luaL_checkstring(L, 2), *text[4];
  luaL_checktype(L, 3, LUA_TTABLE);
  for (size_t k = 0; k < 4; k++) {
    lua_getfield(L, 3, names[k]); /* the table keeps it */
    text[k] = luaL_checkstring(L, -1);
  }
  cm_observed facts = {text[0],
                       text[1],
                       text[2],
                       text[3],
                       lcm_strings(L, 4, &units),
                       lcm_strings(L, 5, &multipliers)};
  luaL_argcheck(L, units == multipliers && units == satellites_of(L, t), 4,
                "each row of F has a unit");
  lcm_try(L, cm_table_observe(t, &facts, path, lcm_job(L), &err));
  return 0;
}

/* core.write_sheet(path, sheet, rows): each row a list of `cols` texts, numbers and false (blank)
 */
static int write_sheet(lua_State *L) {
  cm_error err;
  const char *path = luaL_checkstring(L, 1), *sheet = luaL_checkstring(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  size_t rows = lua_rawlen(L, 3), cols = lcm_count(L, 4);
  cm_cell *cells = lua_newuserdatauv(L, (rows * cols + 1) * sizeof *cells, 0);
  for (size_t i = 0; i < rows; i++) {
    lua_rawgeti(L, 3, (lua_Integer)i + 1);
    luaL_checktype(L, -1, LUA_TTABLE);
    for (size_t j = 0; j < cols; j++) {
      cm_cell *cell = &cells[i * cols + j];
      int type = lua_rawgeti(L, -1, (lua_Integer)j + 1);
      *cell = (cm_cell){.number = NAN};
      if (type == LUA_TNUMBER) cell->number = lua_tonumber(L, -1);
      if (type == LUA_TSTRING) cell->text = lua_tostring(L, -1); /* the row keeps it */
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  lcm_try(L, cm_cells_write(cells, rows, cols, sheet, path, &err));
  return 0;
}

/* core.load_table(path) -> Table, facts, whether its factor came along */
static int load_table(lua_State *L) {
  cm_error err;
  const char *path = luaL_checkstring(L, 1);
  size_t before = cm_memory_held();
  bool factored = false;
  cm_table **out = lcm_new(L, &lcm_table_type);
  char **facts = lcm_new(L, &text_type);
  lcm_try(L, cm_table_load(path, lcm_job(L), out, facts, &factored, &err));
  lcm_account_since(L, before);
  lua_pushstring(L, *facts);
  lua_remove(L, -2);
  lua_pushboolean(L, factored);
  return 3;
}

void lcm_open_store(lua_State *L) {
  static const luaL_Reg none[] = {{NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"store", table_store}, {"write", table_write}, {"observe", table_observe}, {NULL, NULL}};
  lcm_type_open(L, &text_type, none, NULL);
  lua_getfield(L, -1, lcm_table_type.name);
  luaL_setfuncs(L, methods, 0);
  lua_pop(L, 1);
  lua_pushcfunction(L, load_table);
  lua_setfield(L, -2, "load_table");
  lua_pushcfunction(L, write_sheet);
  lua_setfield(L, -2, "write_sheet");
}
