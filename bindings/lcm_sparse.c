/* Sparse and SparseLU: matrices of which few places are held, and their factors. */
#include "lcm.h"

static void release_sparse(void *object) { cm_sparse_release(object); }
static void release_lu(void *object) { cm_sparse_lu_release(object); }

static const lcm_type sparse_type = {"Sparse", release_sparse};
static const lcm_type lu_type = {"SparseLU", release_lu};

static cm_sparse *check_sparse(lua_State *L) { return lcm_check(L, 1, &sparse_type); }

static int made(lua_State *L, const cm_sparse *s) {
  lcm_account(L, cm_sparse_bytes(s));
  return 1;
}

static int made_matrix(lua_State *L, const cm_matrix *m) {
  lcm_account(L, cm_matrix_rows(m) * cm_matrix_cols(m) * sizeof(double));
  return 1;
}

static cm_side check_side(lua_State *L, int arg) {
  static const char *const names[] = {"row", "col", NULL};
  return luaL_checkoption(L, arg, NULL, names) ? CM_COLS : CM_ROWS;
}

/* ---- making -------------------------------------------------------------------- */

/* Field `rows` or `cols` of the table at 1: a size, or the labels, whose array is
 * left on the stack (else nil). */
static size_t size_field(lua_State *L, const char *name, const char ***labels) {
  size_t n;
  *labels = NULL;
  lua_getfield(L, 1, name);
  if (lua_istable(L, -1)) {
    *labels = lcm_strings(L, lua_gettop(L), &n);
    return n;
  }
  n = lcm_count(L, lua_gettop(L));
  lua_pushnil(L);
  return n;
}

static size_t *indices_field(lua_State *L, const char *name, size_t limit, size_t *n) {
  lua_getfield(L, 1, name);
  return lcm_indices(L, lua_gettop(L), limit, false, n);
}

/* Field `value` as an array in a userdata that is pushed. */
static double *values_field(lua_State *L, size_t *n) {
  lua_getfield(L, 1, "value");
  int list = lua_gettop(L);
  luaL_checktype(L, list, LUA_TTABLE);
  *n = (size_t)lua_rawlen(L, list);
  double *value = lua_newuserdatauv(L, (*n + 1) * sizeof *value, 0);
  for (size_t k = 0; k < *n; k++) {
    lua_rawgeti(L, list, (lua_Integer)k + 1);
    value[k] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return value;
}

static void set_labels(lua_State *L, cm_sparse *s, cm_side side, const char **labels, size_t n) {
  cm_error err;
  cm_axis *axis;
  if (!labels) return;
  lcm_try(L, cm_axis_new(labels, n, &axis, &err));
  cm_status status = cm_sparse_axis_set(s, side, axis, &err);
  cm_axis_release(axis);
  if (status != CM_OK) lcm_raise(L, &err);
}

/* core.sparse{ rows =, cols = (a size or a list of labels), i =, j =, value = (lists) } */
static int sparse_new(lua_State *L) {
  cm_error err;
  const char **row_labels, **col_labels;
  size_t ni, nj, n;
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t rows = size_field(L, "rows", &row_labels), cols = size_field(L, "cols", &col_labels);
  const size_t *i = indices_field(L, "i", rows, &ni), *j = indices_field(L, "j", cols, &nj);
  const double *value = values_field(L, &n);
  luaL_argcheck(L, ni == n && nj == n, 1, "i, j and value must be of one length");
  cm_sparse **out = lcm_new(L, &sparse_type);
  lcm_try(L, cm_sparse_new(rows, cols, n, i, j, value, out, &err));
  set_labels(L, *out, CM_ROWS, row_labels, rows);
  set_labels(L, *out, CM_COLS, col_labels, cols);
  return made(L, *out);
}

/* m:sparse([drop]): what is above drop in size */
static int sparse_from_matrix(lua_State *L) {
  cm_error err;
  const cm_matrix *m = lcm_check_matrix(L, 1);
  double drop = luaL_optnumber(L, 2, 0.0);
  cm_sparse **out = lcm_new(L, &sparse_type);
  lcm_try(L, cm_sparse_from_matrix(m, drop, out, &err));
  return made(L, *out);
}

/* ---- reading -------------------------------------------------------------------- */

static int sparse_rows(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_sparse_rows(check_sparse(L)));
  return 1;
}

static int sparse_cols(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_sparse_cols(check_sparse(L)));
  return 1;
}

static int sparse_nnz(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_sparse_nnz(check_sparse(L)));
  return 1;
}

static int sparse_get(lua_State *L) {
  cm_error err;
  double x;
  const cm_sparse *s = check_sparse(L);
  size_t i = lcm_index(L, 2, cm_sparse_rows(s), "row");
  size_t j = lcm_index(L, 3, cm_sparse_cols(s), "column");
  lcm_try(L, cm_sparse_get(s, i, j, &x, &err));
  lua_pushnumber(L, x);
  return 1;
}

/* s:labels "row" -> list, or nil */
static int sparse_labels(lua_State *L) {
  const cm_axis *axis = cm_sparse_axis(check_sparse(L), check_side(L, 2));
  if (!axis) {
    lua_pushnil(L);
    return 1;
  }
  lua_newtable(L);
  for (size_t i = 0; i < cm_axis_size(axis); i++) {
    lua_pushstring(L, cm_axis_label(axis, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int sparse_dense(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sparse_to_matrix(s, out, &err));
  return made_matrix(L, *out);
}

/* ---- arithmetic ------------------------------------------------------------------ */

static int sparse_transpose(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  cm_sparse **out = lcm_new(L, &sparse_type);
  lcm_try(L, cm_sparse_transpose(s, out, &err));
  return made(L, *out);
}

/* s:mul(b [, transposed]) */
static int sparse_mul(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  const cm_matrix *b = lcm_check_matrix(L, 2);
  bool transposed = lua_toboolean(L, 3);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sparse_mul(s, transposed, b, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

/* s:scale("row" | "col", vector) */
static int sparse_scale(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  cm_side side = check_side(L, 2);
  const cm_matrix *vector = lcm_check_matrix(L, 3);
  cm_sparse **out = lcm_new(L, &sparse_type);
  lcm_try(L, cm_sparse_scale(s, side, vector, out, &err));
  return made(L, *out);
}

/* s:identity_minus() -> I - s */
static int sparse_identity_minus(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  cm_sparse **out = lcm_new(L, &sparse_type);
  lcm_try(L, cm_sparse_identity_minus(s, out, &err));
  return made(L, *out);
}

/* s:sum{ by = "row" | "col" } -> a value for each */
static int sparse_sum(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_getfield(L, 2, "by");
  cm_side over = check_side(L, lua_gettop(L)) == CM_ROWS ? CM_COLS : CM_ROWS;
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sparse_sum(s, over, out, &err));
  return made_matrix(L, *out);
}

/* ---- solving ----------------------------------------------------------------------- */

static const char *const methods[] = {"auto", "direct", "bicgstab", "gmres", NULL};
static const char *const preconds[] = {"auto", "ilu0", "jacobi", "none", NULL};

static int choice_field(lua_State *L, const char *name, const char *const words[]) {
  lua_getfield(L, 2, name);
  int choice = luaL_checkoption(L, lua_gettop(L), words[0], words);
  lua_pop(L, 1);
  return choice;
}

static size_t count_field(lua_State *L, const char *name) {
  lua_getfield(L, 2, name);
  size_t n = lua_isnil(L, -1) ? 0 : lcm_count(L, lua_gettop(L));
  lua_pop(L, 1);
  return n;
}

static void push_report(lua_State *L, const cm_sparse_report *r) {
  lua_createtable(L, 0, 4);
  lua_pushstring(L, methods[r->method]);
  lua_setfield(L, -2, "method");
  lua_pushstring(L, preconds[r->precond]);
  lua_setfield(L, -2, "precond");
  lua_pushinteger(L, (lua_Integer)r->iterations);
  lua_setfield(L, -2, "iterations");
  lua_pushnumber(L, r->residual);
  lua_setfield(L, -2, "residual");
}

/* s:solve{ b =, method =, precond =, tol =, max =, restart = }
 * -> Matrix, { method =, precond =, iterations =, residual = } */
static int sparse_solve(lua_State *L) {
  cm_error err;
  cm_sparse_report report;
  const cm_sparse *s = check_sparse(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  cm_sparse_options o = {.method = (cm_sparse_method)choice_field(L, "method", methods),
                         .precond = (cm_precond)choice_field(L, "precond", preconds),
                         .max = count_field(L, "max"),
                         .restart = count_field(L, "restart")};
  lua_getfield(L, 2, "tol");
  o.tol = luaL_optnumber(L, -1, 0.0);
  lua_getfield(L, 2, "b");
  const cm_matrix *b = lcm_check_matrix(L, lua_gettop(L));
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sparse_solve(s, b, &o, lcm_job(L), out, &report, &err));
  made_matrix(L, *out);
  push_report(L, &report);
  return 2;
}

/* ---- factors that are kept ----------------------------------------------------------- */

static const cm_sparse_lu *check_lu(lua_State *L) { return lcm_check(L, 1, &lu_type); }

static int sparse_lu(lua_State *L) {
  cm_error err;
  const cm_sparse *s = check_sparse(L);
  cm_sparse_lu **out = lcm_new(L, &lu_type);
  lcm_try(L, cm_sparse_lu_new(s, lcm_job(L), out, &err));
  lcm_account(L, cm_sparse_lu_bytes(*out));
  return 1;
}

/* lu:solve(b [, transposed]) */
static int lu_solve(lua_State *L) {
  cm_error err;
  const cm_sparse_lu *lu = check_lu(L);
  const cm_matrix *b = lcm_check_matrix(L, 2);
  bool transposed = lua_toboolean(L, 3);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_sparse_lu_solve(lu, b, transposed, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

static int lu_order(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_sparse_lu_order(check_lu(L)));
  return 1;
}

static int lu_rcond(lua_State *L) {
  lua_pushnumber(L, cm_sparse_lu_rcond(check_lu(L)));
  return 1;
}

static int lu_nnz(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_sparse_lu_nnz(check_lu(L)));
  return 1;
}

/* ---- the types -------------------------------------------------------------------------- */

void lcm_open_sparse(lua_State *L) {
  static const luaL_Reg sparse_methods[] = {
      {"rows", sparse_rows},     {"cols", sparse_cols},
      {"nnz", sparse_nnz},       {"get", sparse_get},
      {"labels", sparse_labels}, {"dense", sparse_dense},
      {"T", sparse_transpose},   {"mul", sparse_mul},
      {"scale", sparse_scale},   {"identity_minus", sparse_identity_minus},
      {"sum", sparse_sum},       {"solve", sparse_solve},
      {"lu", sparse_lu},         {NULL, NULL},
  };
  static const luaL_Reg lu_methods[] = {
      {"solve", lu_solve}, {"order", lu_order}, {"rcond", lu_rcond}, {"nnz", lu_nnz}, {NULL, NULL},
  };
  lcm_type_open(L, &sparse_type, sparse_methods, NULL);
  lcm_type_open(L, &lu_type, lu_methods, NULL);
  lua_pushcfunction(L, sparse_new);
  lua_setfield(L, -2, "sparse");
  lua_getfield(L, -1, lcm_matrix_type.name);
  lua_pushcfunction(L, sparse_from_matrix);
  lua_setfield(L, -2, "sparse");
  lua_pop(L, 1);
}
