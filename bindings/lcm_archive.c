/* core.contents: what a folder, an archive or a workbook holds. */
#include "lcm.h"

static void release(void *contents) { cm_contents_release(contents); }

static const lcm_type contents_type = {"Contents", release};

/* core.contents(path) -> kind ("file", "folder", "archive", "workbook"), the path of
 * that itself, what follows it in the path given ("" for nothing), list of names */
static int contents(lua_State *L) {
  static const char *const kinds[] = {"file", "folder", "archive", "workbook"};
  cm_error err;
  const char *path = luaL_checkstring(L, 1), *name;
  cm_contents **out = lcm_new(L, &contents_type);
  lcm_try(L, cm_contents_list(path, out, &err));
  lua_pushstring(L, kinds[cm_contents_kind(*out)]);
  lua_pushstring(L, cm_contents_path(*out));
  lua_pushstring(L, cm_contents_inner(*out));
  lua_newtable(L);
  for (size_t i = 0; (name = cm_contents_name(*out, i)) != NULL; i++) {
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  cm_contents_release(*out);
  *out = NULL;
  return 4;
}

void lcm_open_archive(lua_State *L) {
  static const luaL_Reg none[] = {{NULL, NULL}};
  lcm_type_open(L, &contents_type, none, NULL);
  lua_pushnil(L); /* authors have no use for the type itself */
  lua_setfield(L, -2, contents_type.name);
  lua_pushcfunction(L, contents);
  lua_setfield(L, -2, "contents");
}
