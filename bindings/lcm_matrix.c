/* Matrix: labelled dense numbers. Immutable from Lua; indices from 1, ranges
 * with both ends; a side is "row" or "col". stdlib/capmod/matrix.lua adds what
 * is written in Lua. */
#include "lcm.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { UNKNOWN_LABEL = 1201 }; /* the number that the stdlib has for it */

static void release(void *object) { cm_matrix_release(object); }

const lcm_type lcm_matrix_type = {"Matrix", release};

cm_matrix *lcm_check_matrix(lua_State *L, int arg) { return lcm_check(L, arg, &lcm_matrix_type); }

cm_matrix **lcm_new_matrix(lua_State *L) { return lcm_new(L, &lcm_matrix_type); }

/* Returns the matrix on top, which holds numbers of its own. */
static int made(lua_State *L, const cm_matrix *m) {
  lcm_account(L, cm_matrix_rows(m) * cm_matrix_cols(m) * sizeof(double));
  return 1;
}

/* ---- arguments ------------------------------------------------------------- */

CM_PRINTF(3, 4)
static _Noreturn void refuse(lua_State *L, cm_status status, const char *format, ...) {
  cm_error err = {.status = status};
  va_list args;
  va_start(args, format);
  vsnprintf(err.message, sizeof err.message, format, args);
  va_end(args);
  lcm_raise(L, &err);
}

/* One word of a list; the list ends with NULL. */
static int choice(lua_State *L, int arg, const char *what, const char *const words[]) {
  const char *word = luaL_tolstring(L, arg, NULL);
  for (int i = 0; words[i]; i++)
    if (strcmp(word, words[i]) == 0) {
      lua_pop(L, 1);
      return i;
    }
  refuse(L, CM_INVALID, "there is no %s '%s'", what, word);
}

static cm_side check_side(lua_State *L, int arg) {
  static const char *const sides[] = {"row", "col", "rows", "cols", NULL};
  return choice(L, arg, "side", sides) % 2 ? CM_COLS : CM_ROWS;
}

static size_t size_of(const cm_matrix *m, cm_side side) {
  return side == CM_ROWS ? cm_matrix_rows(m) : cm_matrix_cols(m);
}

static const char *name_of(cm_side side) { return side == CM_ROWS ? "row" : "column"; }

/* Whether the argument is a table { by = "row" | "col" }, and which. */
static bool by_side(lua_State *L, int arg, cm_side *side) {
  if (lua_isnoneornil(L, arg)) return false;
  luaL_checktype(L, arg, LUA_TTABLE);
  if (lua_getfield(L, arg, "by") == LUA_TNIL)
    refuse(L, CM_INVALID, "say by = \"row\" or by = \"col\"");
  *side = check_side(L, -1);
  lua_pop(L, 1);
  return true;
}

/* ---- making ------------------------------------------------------------------ */

/* core.matrix(rows, cols [, fill]) */
static int new_matrix(lua_State *L) {
  cm_error err;
  size_t rows = lcm_count(L, 1), cols = lcm_count(L, 2);
  double fill = luaL_optnumber(L, 3, 0.0);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_new(rows, cols, out, &err));
  size_t row_step, col_step;
  double *data = cm_matrix_data_mut(*out, &row_step, &col_step);
  if (fill != 0.0)
    for (size_t i = 0; i < rows * cols; i++) data[i] = fill;
  return made(L, *out);
}

/* core.identity(n) */
static int identity(lua_State *L) {
  cm_error err;
  size_t n = lcm_count(L, 1);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_identity(n, out, &err));
  return made(L, *out);
}

static double number_at(lua_State *L, size_t row, size_t col) {
  int is_number;
  double x = lua_tonumberx(L, -1, &is_number);
  if (!is_number || lua_type(L, -1) != LUA_TNUMBER)
    refuse(L, CM_INVALID, "row %zu, column %zu is a %s, not a number", row, col,
           luaL_typename(L, -1));
  lua_pop(L, 1);
  return x;
}

static void fill_row(lua_State *L, int arg, size_t i, cm_matrix *m) {
  size_t cols = cm_matrix_cols(m), row_step, col_step;
  double *data = cm_matrix_data_mut(m, &row_step, &col_step);
  if (lua_rawlen(L, arg) != cols)
    refuse(L, CM_SHAPE, "row %zu has %zu numbers, and row 1 has %zu", i + 1,
           (size_t)lua_rawlen(L, arg), cols);
  for (size_t j = 0; j < cols; j++) {
    lua_rawgeti(L, arg, (lua_Integer)j + 1);
    data[i * row_step + j * col_step] = number_at(L, i + 1, j + 1);
  }
}

static void check_row(lua_State *L, int arg, lua_Integer i) {
  if (lua_rawgeti(L, arg, i) == LUA_TTABLE) return;
  refuse(L, CM_INVALID, "a matrix is made of a list of rows, and element %lld is a %s",
         (long long)i, luaL_typename(L, -1));
}

static int from_rows(lua_State *L) {
  cm_error err;
  size_t rows = (size_t)lua_rawlen(L, 1), cols = 0;
  if (rows) {
    check_row(L, 1, 1);
    cols = (size_t)lua_rawlen(L, -1);
  }
  cm_matrix **out = lcm_new_matrix(L);
  int handle = lua_gettop(L);
  lcm_try(L, cm_matrix_new(rows, cols, out, &err));
  for (size_t i = 0; i < rows; i++) {
    check_row(L, 1, (lua_Integer)i + 1);
    fill_row(L, lua_gettop(L), i, *out);
    lua_settop(L, handle);
  }
  return made(L, *out);
}

/* core.matrix_from(list of rows) or (flat list, rows, cols), row by row */
static int matrix_from(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (lua_isnoneornil(L, 2)) return from_rows(L);
  cm_error err;
  size_t rows = lcm_count(L, 2), cols = lcm_count(L, 3), n = (size_t)lua_rawlen(L, 1);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_new(rows, cols, out, &err));
  if (rows * cols != n) refuse(L, CM_SHAPE, "%zu numbers for %zu x %zu", n, rows, cols);
  size_t row_step, col_step;
  double *data = cm_matrix_data_mut(*out, &row_step, &col_step);
  for (size_t k = 0; k < n; k++) {
    lua_rawgeti(L, 1, (lua_Integer)k + 1);
    data[k / cols * row_step + k % cols * col_step] = number_at(L, k / cols + 1, k % cols + 1);
  }
  return made(L, *out);
}

/* ---- reading ------------------------------------------------------------------- */

static int rows(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_matrix_rows(lcm_check_matrix(L, 1)));
  return 1;
}

static int cols(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_matrix_cols(lcm_check_matrix(L, 1)));
  return 1;
}

/* The place of a label, or of an index. */
static size_t place_of(lua_State *L, int arg, const cm_matrix *m, cm_side side) {
  const cm_axis *axis = cm_matrix_axis(m, side);
  if (!axis || lua_type(L, arg) != LUA_TSTRING)
    return lcm_index(L, arg, size_of(m, side), name_of(side));
  size_t i = cm_axis_find(axis, lua_tostring(L, arg));
  if (i != CM_NOT_FOUND) return i;
  char text[CM_MESSAGE_MAX];
  snprintf(text, sizeof text, "no %s is called '%.200s'", name_of(side), lua_tostring(L, arg));
  lcm_push_error(L, UNKNOWN_LABEL, text, "m:labels \"row\" and m:labels \"col\" list them");
  lua_error(L);
  return i;
}

/* m:get(i, j), by index or label. The one call that scripts may make for every element: the
 * metatable is compared with an upvalue instead of being looked up by name. */
static int get(lua_State *L) {
  void **handle = lua_touserdata(L, 1);
  if (handle && *handle && lua_isinteger(L, 2) && lua_isinteger(L, 3) && lua_getmetatable(L, 1) &&
      lua_topointer(L, -1) == lua_topointer(L, lua_upvalueindex(1))) {
    const cm_matrix *m = *handle;
    double x;
    size_t i = (size_t)lua_tointeger(L, 2) - 1, j = (size_t)lua_tointeger(L, 3) - 1;
    if (cm_matrix_get(m, i, j, &x, NULL) == CM_OK) {
      lua_pushnumber(L, x);
      return 1;
    }
  }
  const cm_matrix *m = lcm_check_matrix(L, 1); /* a label, or something is wrong */
  size_t row = place_of(L, 2, m, CM_ROWS);
  lua_pushnumber(L, cm_matrix_at(m, row, place_of(L, 3, m, CM_COLS)));
  return 1;
}

static int labels(lua_State *L) {
  const cm_axis *axis = cm_matrix_axis(lcm_check_matrix(L, 1), check_side(L, 2));
  if (!axis) return 0;
  size_t n = cm_axis_size(axis);
  lua_createtable(L, n < INT32_MAX ? (int)n : 0, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, cm_axis_label(axis, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* m:name(side, i) -> the label, or nil */
static int name(lua_State *L) {
  const cm_matrix *m = lcm_check_matrix(L, 1);
  cm_side side = check_side(L, 2);
  size_t i = lcm_index(L, 3, size_of(m, side), name_of(side));
  const cm_axis *axis = cm_matrix_axis(m, side);
  if (!axis) return 0;
  lua_pushstring(L, cm_axis_label(axis, i));
  return 1;
}

static int find(lua_State *L) {
  const cm_axis *axis = cm_matrix_axis(lcm_check_matrix(L, 1), check_side(L, 2));
  size_t i = axis ? cm_axis_find(axis, luaL_checkstring(L, 3)) : CM_NOT_FOUND;
  if (i == CM_NOT_FOUND) return 0;
  lua_pushinteger(L, (lua_Integer)i + 1);
  return 1;
}

/* The numbers of one row or column as a list, pushed. */
static void push_line(lua_State *L, const cm_matrix *m, cm_side side, size_t at) {
  size_t n = size_of(m, side == CM_ROWS ? CM_COLS : CM_ROWS);
  lua_createtable(L, n < INT32_MAX ? (int)n : 0, 0);
  for (size_t k = 0; k < n; k++) {
    lua_pushnumber(L, side == CM_ROWS ? cm_matrix_at(m, at, k) : cm_matrix_at(m, k, at));
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

static int row_list(lua_State *L) {
  const cm_matrix *m = lcm_check_matrix(L, 1);
  push_line(L, m, CM_ROWS, lcm_index(L, 2, cm_matrix_rows(m), "row"));
  return 1;
}

static int column_list(lua_State *L) {
  const cm_matrix *m = lcm_check_matrix(L, 1);
  push_line(L, m, CM_COLS, lcm_index(L, 2, cm_matrix_cols(m), "column"));
  return 1;
}

static int list(lua_State *L) {
  const cm_matrix *m = lcm_check_matrix(L, 1);
  size_t n = cm_matrix_rows(m);
  lua_createtable(L, n < INT32_MAX ? (int)n : 0, 0);
  for (size_t i = 0; i < n; i++) {
    push_line(L, m, CM_ROWS, i);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* ---- views and rearranged copies ------------------------------------------------- */

static cm_matrix *push_view(lua_State *L, cm_matrix *m, size_t row, size_t rows_n, size_t col,
                            size_t cols_n) {
  cm_error err;
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_block(m, row, rows_n, col, cols_n, out, &err));
  return *out;
}

static int transposed(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_transposed(m, out, &err));
  return 1;
}

/* The range in arguments arg and arg + 1, which may be one short of its begin. */
static size_t range(lua_State *L, int arg, size_t n, const char *what, size_t *first) {
  lua_Integer from = luaL_checkinteger(L, arg), to = luaL_checkinteger(L, arg + 1);
  if (from < 1 || to < from - 1 || (to >= 0 && (size_t)to > n))
    refuse(L, CM_RANGE, "%ss %lld to %lld of %zu", what, (long long)from, (long long)to, n);
  *first = (size_t)from - 1;
  return (size_t)(to - from + 1);
}

static int block(lua_State *L) {
  cm_matrix *m = lcm_check_matrix(L, 1);
  size_t row, col, rows_n = range(L, 2, cm_matrix_rows(m), "row", &row),
                   cols_n = range(L, 4, cm_matrix_cols(m), "column", &col);
  push_view(L, m, row, rows_n, col, cols_n);
  return 1;
}

static int row(lua_State *L) {
  cm_matrix *m = lcm_check_matrix(L, 1);
  push_view(L, m, lcm_index(L, 2, cm_matrix_rows(m), "row"), 1, 0, cm_matrix_cols(m));
  return 1;
}

static int col(lua_State *L) {
  cm_matrix *m = lcm_check_matrix(L, 1);
  push_view(L, m, 0, cm_matrix_rows(m), lcm_index(L, 2, cm_matrix_cols(m), "column"), 1);
  return 1;
}

static void set_labels(lua_State *L, cm_matrix *m, cm_side side, int arg) {
  cm_error err;
  size_t n;
  const char **list_of = lcm_strings(L, arg, &n);
  cm_axis *axis = NULL;
  cm_status status = cm_axis_new(list_of, n, &axis, &err);
  if (status == CM_OK) status = cm_matrix_axis_set(m, side, axis, &err);
  cm_axis_release(axis);
  if (status != CM_OK) lcm_raise(L, &err);
  lua_pop(L, 1);
}

/* One field of label{}: a list of labels, false for none, nil to leave them. */
static void label_field(lua_State *L, cm_matrix *m, cm_side side, const char *field) {
  cm_error err;
  int type = lua_getfield(L, 2, field);
  if (type == LUA_TBOOLEAN && !lua_toboolean(L, -1))
    lcm_try(L, cm_matrix_axis_set(m, side, NULL, &err));
  else if (type != LUA_TNIL)
    set_labels(L, m, side, lua_gettop(L));
  lua_pop(L, 1);
}

/* m:label{ rows = list | false, cols = list | false } -> a view with other labels */
static int label(lua_State *L) {
  cm_matrix *m = lcm_check_matrix(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  cm_matrix *view = push_view(L, m, 0, cm_matrix_rows(m), 0, cm_matrix_cols(m));
  label_field(L, view, CM_ROWS, "rows");
  label_field(L, view, CM_COLS, "cols");
  return 1;
}

static int copy(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_copy(m, out, &err));
  return made(L, *out);
}

static int take(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1);
  cm_side side = check_side(L, 2);
  size_t n, *where = lcm_indices(L, 3, size_of(m, side), false, &n);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_take(m, side, where, n, out, &err));
  return made(L, *out);
}

static int join(lua_State *L) {
  cm_error err;
  cm_matrix *a = lcm_check_matrix(L, 1), *b = lcm_check_matrix(L, 2);
  cm_side side = check_side(L, 3);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_join(a, b, side, out, &err));
  return made(L, *out);
}

/* A row or a column becomes a diagonal matrix; of any other the diagonal is taken. */
static int diag(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  if (cm_matrix_rows(m) == 1 || cm_matrix_cols(m) == 1)
    lcm_try(L, cm_matrix_diagonal(m, out, &err));
  else
    lcm_try(L, cm_matrix_diagonal_of(m, out, &err));
  return made(L, *out);
}

/* m:group(side, places, labels): element i goes to place places[i]; 0 leaves it out */
static int group(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1);
  cm_side side = check_side(L, 2);
  size_t n, groups;
  luaL_checktype(L, 4, LUA_TTABLE);
  size_t *places = lcm_indices(L, 3, (size_t)lua_rawlen(L, 4), true, &n);
  if (n != size_of(m, side))
    refuse(L, CM_SHAPE, "%zu groups for %zu %ss", n, size_of(m, side), name_of(side));
  const char **list_of = lcm_strings(L, 4, &groups);
  cm_matrix **out = lcm_new_matrix(L);
  cm_axis *axis = NULL;
  cm_status status = cm_axis_new(list_of, groups, &axis, &err);
  if (status == CM_OK) status = cm_matrix_group(m, side, places, axis, out, &err);
  cm_axis_release(axis);
  if (status != CM_OK) lcm_raise(L, &err);
  return made(L, *out);
}

/* ---- arithmetic -------------------------------------------------------------------- */

static int binary(lua_State *L, cm_binary op) {
  cm_error err;
  cm_matrix *a = lcm_test(L, 1, &lcm_matrix_type), *b = lcm_test(L, 2, &lcm_matrix_type);
  bool number_first = lua_type(L, 1) == LUA_TNUMBER, number_second = lua_type(L, 2) == LUA_TNUMBER;
  if (!(a || number_first) || !(b || number_second))
    refuse(L, CM_INVALID, "a matrix combines with a matrix or a number, not with a %s",
           luaL_typename(L, a || number_first ? 2 : 1));
  double value = number_first ? lua_tonumber(L, 1) : lua_tonumber(L, 2);
  cm_matrix **out = lcm_new_matrix(L);
  if (a && b)
    lcm_try(L, cm_matrix_binary(op, a, b, out, &err));
  else
    lcm_try(L, cm_matrix_scalar(op, a ? a : b, value, number_first, out, &err));
  return made(L, *out);
}

static int add(lua_State *L) { return binary(L, CM_ADD); }
static int sub(lua_State *L) { return binary(L, CM_SUB); }
static int times(lua_State *L) { return binary(L, CM_MUL); }
static int divide(lua_State *L) { return binary(L, CM_DIV); }
static int power(lua_State *L) { return binary(L, CM_POW); }
static int at_least(lua_State *L) { return binary(L, CM_AT_LEAST); }

static int unary(lua_State *L, cm_unary op) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_unary(op, m, out, &err));
  return made(L, *out);
}

static int negated(lua_State *L) { return unary(L, CM_NEG); }
static int absolute(lua_State *L) { return unary(L, CM_ABS); }
static int exponential(lua_State *L) { return unary(L, CM_EXP); }
static int logarithm(lua_State *L) { return unary(L, CM_LOG); }
static int root(lua_State *L) { return unary(L, CM_SQRT); }
static int reciprocal(lua_State *L) { return unary(L, CM_RECIPROCAL); }

/* ---- reductions ---------------------------------------------------------------------- */

/* One value for each row, or each column. */
static int reduced(lua_State *L, cm_reduction op, cm_side by) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_matrix_reduce(op, m, by == CM_ROWS ? CM_COLS : CM_ROWS, out, &err));
  return made(L, *out);
}

/* m:sum() -> number; m:sum{ by = "row" } -> a column, a value for each row */
static int sum(lua_State *L) {
  cm_side side;
  cm_matrix *m = lcm_check_matrix(L, 1);
  if (by_side(L, 2, &side)) return reduced(L, CM_SUM, side);
  lua_pushnumber(L, cm_matrix_sum(m));
  return 1;
}

/* m:min() -> value, row, column; m:min{ by = side }; m:min(other) element by element */
static int extreme(lua_State *L, cm_reduction op) {
  cm_error err;
  cm_side side;
  cm_matrix *m = lcm_check_matrix(L, 1);
  if (lua_type(L, 2) == LUA_TNUMBER || lua_isuserdata(L, 2))
    return binary(L, op == CM_LEAST ? CM_MIN : CM_MAX);
  if (by_side(L, 2, &side)) return reduced(L, op, side);
  double value[2];
  size_t at[2][2];
  lcm_try(L, cm_matrix_extremes(m, &value[0], &at[0][0], &at[0][1], &value[1], &at[1][0], &at[1][1],
                                &err));
  int which = op == CM_GREATEST;
  lua_pushnumber(L, value[which]);
  lua_pushinteger(L, (lua_Integer)at[which][0] + 1);
  lua_pushinteger(L, (lua_Integer)at[which][1] + 1);
  return 3;
}

static int least(lua_State *L) { return extreme(L, CM_LEAST); }
static int greatest(lua_State *L) { return extreme(L, CM_GREATEST); }

/* m:check_finite([what]) -> m, or the first place that is not */
static int check_finite(lua_State *L) {
  cm_error err;
  lcm_try(L,
          cm_matrix_check_finite(lcm_check_matrix(L, 1), luaL_optstring(L, 2, "the matrix"), &err));
  lua_settop(L, 1);
  return 1;
}

/* m:norm([1 | 2 | "inf" | "fro"]), the largest singular value by default */
static int norm(lua_State *L) {
  static const char *const words[] = {"1", "2", "inf", "fro", NULL};
  static const cm_norm_kind kinds[] = {CM_NORM_1, CM_NORM_2, CM_NORM_INF, CM_NORM_FRO};
  cm_error err;
  double x;
  cm_matrix *m = lcm_check_matrix(L, 1);
  cm_norm_kind kind = lua_isnoneornil(L, 2) ? CM_NORM_2 : kinds[choice(L, 2, "norm", words)];
  lcm_try(L, cm_norm(m, kind, lcm_job(L), &x, &err));
  lua_pushnumber(L, x);
  return 1;
}

/* ---- the type -------------------------------------------------------------------------- */

static const luaL_Reg methods[] = {
    {"rows", rows},    {"cols", cols},         {"labels", labels},
    {"name", name},    {"find", find},         {"label", label},
    {"list", list},    {"row_list", row_list}, {"column_list", column_list},
    {"T", transposed}, {"block", block},       {"row", row},
    {"col", col},      {"copy", copy},         {"take", take},
    {"join", join},    {"diag", diag},         {"group", group},
    {"abs", absolute}, {"exp", exponential},   {"log", logarithm},
    {"sqrt", root},    {"recip", reciprocal},  {"sum", sum},
    {"min", least},    {"max", greatest},      {"check_finite", check_finite},
    {"norm", norm},    {"at_least", at_least}, {NULL, NULL},
};

static const luaL_Reg operators[] = {
    {"__add", add},   {"__sub", sub},     {"__mul", times}, {"__div", divide},
    {"__pow", power}, {"__unm", negated}, {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"matrix", new_matrix},
    {"matrix_from", matrix_from},
    {"identity", identity},
    {NULL, NULL},
};

void lcm_open_matrix(lua_State *L) {
  luaL_setfuncs(L, functions, 0);
  lcm_type_open(L, &lcm_matrix_type, methods, operators);
  lua_getfield(L, -1, lcm_matrix_type.name);
  luaL_getmetatable(L, lcm_matrix_type.name);
  lua_pushcclosure(L, get, 1);
  lua_setfield(L, -2, "get");
  lua_pop(L, 1);
}
