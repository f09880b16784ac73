/* core.text and core.peek: delimited text as headings, labels and a Matrix. */
#include <stdint.h>
#include <string.h>

#include "lcm.h"

static void release(void *text) { cm_text_release(text); }

static const lcm_type text_type = {"Text", release};

static cm_text *check_text(lua_State *L) { return lcm_check(L, 1, &text_type); }

/* ---- reading --------------------------------------------------------------- */

static size_t count_field(lua_State *L, const char *name) {
  size_t n = lua_getfield(L, 1, name) == LUA_TNIL ? 0 : lcm_count(L, lua_gettop(L));
  lua_pop(L, 1);
  return n;
}

static char delimiter_of(lua_State *L, int arg) {
  size_t size;
  if (lua_isnoneornil(L, arg)) return 0;
  const char *s = luaL_checklstring(L, arg, &size);
  luaL_argcheck(L, size == 1, arg, "a delimiter is one character");
  return *s;
}

static cm_blank blank_of(lua_State *L) {
  static const char *const names[] = {"error", "zero", "nan", NULL};
  static const cm_blank blanks[] = {CM_BLANK_ERROR, CM_BLANK_ZERO, CM_BLANK_NAN};
  lua_getfield(L, 1, "blank");
  cm_blank chosen = blanks[luaL_checkoption(L, -1, "error", names)];
  lua_pop(L, 1);
  return chosen;
}

static int read_text(lua_State *L) {
  cm_error err;
  lua_getfield(L, 1, "delimiter");
  cm_text_options o = {.delimiter = delimiter_of(L, -1),
                       .header_rows = count_field(L, "header_rows"),
                       .label_cols = count_field(L, "label_cols"),
                       .blank = blank_of(L)};
  if (lua_getfield(L, 1, "missing") != LUA_TNIL) o.missing = luaL_checkstring(L, -1);
  lua_getfield(L, 1, "path");
  const char *path = luaL_checkstring(L, -1);
  cm_text **out = lcm_new(L, &text_type);
  lcm_try(L, cm_text_read(path, &o, lcm_job(L), out, &err));
  const cm_matrix *m = cm_text_numbers(*out);
  lcm_account(L, cm_matrix_rows(m) * cm_matrix_cols(m) * sizeof(double));
  return 1;
}

static void push_header(lua_State *L, const cm_text *text, size_t row) {
  size_t n = cm_text_header_cols(text, row);
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, cm_text_header(text, row, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static int peek_text(lua_State *L) {
  cm_error err;
  const char *path = luaL_checkstring(L, 1);
  size_t lines = lcm_count(L, 2);
  cm_text_options o = {.delimiter = delimiter_of(L, 3)};
  cm_text **out = lcm_new(L, &text_type);
  lcm_try(L, cm_text_peek(path, lines, &o, out, &err));
  size_t n = cm_text_header_rows(*out);
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    push_header(L, *out, i);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  cm_text_release(*out);
  *out = NULL;
  return 1;
}

/* Calls `work` with the arguments there are; an error object that it raises gets
 * the path, which an argument keeps alive. */
static int with_path(lua_State *L, lua_CFunction work, const char *path) {
  int n = lua_gettop(L);
  lua_pushcfunction(L, work);
  for (int i = 1; i <= n; i++) lua_pushvalue(L, i);
  if (lua_pcall(L, n, 1, 0) == LUA_OK) return 1;
  if (lua_istable(L, -1)) {
    lua_pushstring(L, path);
    lua_setfield(L, -2, "path");
  }
  return lua_error(L);
}

/* core.text{ path =, delimiter =, header_rows =, label_cols =, blank =, missing = } -> Text */
static int text(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_getfield(L, 1, "path");
  return with_path(L, read_text, luaL_checkstring(L, -1));
}

/* core.peek(path, lines [, delimiter]) -> a list of the lines, each a list of fields */
static int peek(lua_State *L) {
  lua_settop(L, 3);
  return with_path(L, peek_text, luaL_checkstring(L, 1));
}

/* ---- methods --------------------------------------------------------------- */

/* text:header(row) -> list of fields */
static int header(lua_State *L) {
  const cm_text *t = check_text(L);
  push_header(L, t, lcm_index(L, 2, cm_text_header_rows(t), "header row"));
  return 1;
}

/* text:labels(col) -> list, one for each row of numbers */
static int labels(lua_State *L) {
  const cm_text *t = check_text(L);
  size_t col = lcm_index(L, 2, cm_text_label_cols(t), "label column");
  size_t n = cm_matrix_rows(cm_text_numbers(t));
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, cm_text_label(t, i, col));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* text:numbers() -> Matrix, which shares what was read */
static int numbers(lua_State *L) {
  const cm_text *t = check_text(L);
  cm_matrix **out = lcm_new_matrix(L);
  *out = cm_matrix_retain(cm_text_numbers(t));
  return 1;
}

/* text:blank([rows [, cols]]) -> row and column of the first blank number, all or
 * among the first rows x cols of a text read with blank = "nan"; or nothing */
static int blank(lua_State *L) {
  const cm_text *t = check_text(L);
  size_t row, col;
  if (lua_isnoneornil(L, 2)) {
    if (!cm_text_blank(t, &row, &col)) return 0;
  } else {
    size_t cols = lua_isnoneornil(L, 3) ? SIZE_MAX : lcm_count(L, 3);
    if (!cm_text_blank_within(t, lcm_count(L, 2), cols, &row, &col)) return 0;
  }
  lua_pushinteger(L, (lua_Integer)row);
  lua_pushinteger(L, (lua_Integer)col);
  return 2;
}

/* text:zero_blanks(): makes zeros of them, before the numbers are used */
static int zero_blanks(lua_State *L) {
  cm_text_zero_blanks(check_text(L));
  return 0;
}

/* text:pivot(block, { row columns }, { column columns }) -> Matrix, or nothing */
static int pivot(lua_State *L) {
  cm_error err;
  size_t n, m;
  const cm_text *t = check_text(L);
  const char *block = luaL_checkstring(L, 2);
  size_t *rows = lcm_indices(L, 3, cm_text_label_cols(t), false, &n);
  size_t *cols = lcm_indices(L, 4, cm_text_label_cols(t), false, &m);
  luaL_argcheck(L, n == 2 && m == 2, 3, "two columns name a row, and two a column");
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_text_pivot(t, block, rows, cols, out, &err));
  if (!*out) return 0;
  lcm_account(L, cm_matrix_rows(*out) * cm_matrix_cols(*out) * sizeof(double));
  return 1;
}

/* text:delimiter() -> the character that parts fields */
static int delimiter(lua_State *L) {
  char c = cm_text_delimiter(check_text(L));
  lua_pushlstring(L, &c, 1);
  return 1;
}

void lcm_open_text(lua_State *L) {
  static const luaL_Reg methods[] = {{"header", header},
                                     {"labels", labels},
                                     {"numbers", numbers},
                                     {"blank", blank},
                                     {"zero_blanks", zero_blanks},
                                     {"delimiter", delimiter},
                                     {"pivot", pivot},
                                     {NULL, NULL}};
  static const luaL_Reg functions[] = {{"text", text}, {"peek", peek}, {NULL, NULL}};
  lcm_type_open(L, &text_type, methods, NULL);
  luaL_setfuncs(L, functions, 0);
}
