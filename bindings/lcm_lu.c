/* Linear algebra on matrices, and LU: factors that are kept to be solved with
 * again. Each call may take long, so each gets the job of the program. */
#include "lcm.h"

#include <math.h>

static void release(void *object) { cm_lu_release(object); }

const lcm_type lcm_lu_type = {"LU", release};

static cm_lu *check_lu(lua_State *L, int arg) { return lcm_check(L, arg, &lcm_lu_type); }

static int made(lua_State *L, size_t rows, size_t cols) {
  lcm_account(L, rows * cols * sizeof(double));
  return 1;
}

static int made_matrix(lua_State *L, const cm_matrix *m) {
  return made(L, cm_matrix_rows(m), cm_matrix_cols(m));
}

/* ---- methods of Matrix ------------------------------------------------------- */

static int mul(lua_State *L) {
  cm_error err;
  cm_matrix *a = lcm_check_matrix(L, 1), *b = lcm_check_matrix(L, 2), **out = lcm_new_matrix(L);
  lcm_try(L, cm_mul(a, b, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

static int matrix_solve(lua_State *L) {
  cm_error err;
  cm_matrix *a = lcm_check_matrix(L, 1), *b = lcm_check_matrix(L, 2), **out = lcm_new_matrix(L);
  lcm_try(L, cm_solve(a, b, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

static int matrix_inverse(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_inverse(m, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

static int cholesky(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **out = lcm_new_matrix(L);
  lcm_try(L, cm_cholesky(m, lcm_job(L), out, &err));
  return made_matrix(L, *out);
}

/* a:lstsq(b) -> x, rank */
static int lstsq(lua_State *L) {
  cm_error err;
  size_t rank;
  cm_matrix *a = lcm_check_matrix(L, 1), *b = lcm_check_matrix(L, 2), **out = lcm_new_matrix(L);
  lcm_try(L, cm_lstsq(a, b, lcm_job(L), out, &rank, &err));
  made_matrix(L, *out);
  lua_pushinteger(L, (lua_Integer)rank);
  return 2;
}

/* m:eig() -> values (n x 2: real, imaginary), vectors */
static int eig(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **values = lcm_new_matrix(L),
            **vectors = lcm_new_matrix(L);
  lcm_try(L, cm_eig(m, lcm_job(L), values, vectors, &err));
  made_matrix(L, *vectors);
  return 2;
}

static int eigsym(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **values = lcm_new_matrix(L),
            **vectors = lcm_new_matrix(L);
  lcm_try(L, cm_eigsym(m, lcm_job(L), values, vectors, &err));
  made_matrix(L, *vectors);
  return 2;
}

/* m:svd() -> u, s, vt */
static int svd(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **u = lcm_new_matrix(L), **s = lcm_new_matrix(L),
            **vt = lcm_new_matrix(L);
  lcm_try(L, cm_svd(m, lcm_job(L), u, s, vt, &err));
  made_matrix(L, *u);
  made_matrix(L, *vt);
  return 3;
}

/* m:qr() -> q, r */
static int qr(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1), **q = lcm_new_matrix(L), **r = lcm_new_matrix(L);
  lcm_try(L, cm_qr(m, lcm_job(L), q, r, &err));
  made_matrix(L, *q);
  made_matrix(L, *r);
  return 2;
}

static int matrix_rcond(lua_State *L) {
  cm_error err;
  double x;
  lcm_try(L, cm_rcond(lcm_check_matrix(L, 1), lcm_job(L), &x, &err));
  lua_pushnumber(L, x);
  return 1;
}

static int matrix_det(lua_State *L) {
  cm_error err;
  double x;
  lcm_try(L, cm_det(lcm_check_matrix(L, 1), lcm_job(L), &x, &err));
  lua_pushnumber(L, x);
  return 1;
}

/* m:lu() */
static int factor(lua_State *L) {
  cm_error err;
  cm_matrix *m = lcm_check_matrix(L, 1);
  cm_lu **out = lcm_new(L, &lcm_lu_type);
  lcm_try(L, cm_lu_new(m, lcm_job(L), out, &err));
  return made(L, cm_lu_order(*out), cm_lu_order(*out));
}

/* ---- methods of LU ------------------------------------------------------------ */

/* lu:solve(b [, transposed]) */
static int solve(lua_State *L) {
  cm_error err;
  cm_lu *lu = check_lu(L, 1);
  bool transposed = lua_toboolean(L, 3); /* read before the handle takes its place */
  cm_matrix *b = lcm_check_matrix(L, 2), **out = lcm_new_matrix(L);
  lcm_try(L, cm_lu_solve(lu, b, transposed, lcm_job(L), out, &err));
  return made(L, cm_matrix_rows(b), cm_matrix_cols(b));
}

static int inverse(lua_State *L) {
  cm_error err;
  cm_lu *lu = check_lu(L, 1);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_lu_inverse(lu, lcm_job(L), out, &err));
  return made(L, cm_lu_order(lu), cm_lu_order(lu));
}

/* lu:update(u, v): factors of A + u v' */
static int update(lua_State *L) {
  cm_error err;
  cm_lu *lu = check_lu(L, 1);
  cm_matrix *u = lcm_check_matrix(L, 2), *v = lcm_check_matrix(L, 3);
  cm_lu **out = lcm_new(L, &lcm_lu_type);
  lcm_try(L, cm_lu_update(lu, u, v, lcm_job(L), out, &err));
  return made(L, cm_lu_order(lu), 2 * cm_matrix_cols(u));
}

static int order(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)cm_lu_order(check_lu(L, 1)));
  return 1;
}

static int rcond(lua_State *L) {
  lua_pushnumber(L, cm_lu_rcond(check_lu(L, 1)));
  return 1;
}

/* lu:det() -> determinant, its sign, the logarithm of its size */
static int det(lua_State *L) {
  cm_error err;
  double sign, log_abs;
  lcm_try(L, cm_lu_det(check_lu(L, 1), &sign, &log_abs, &err));
  lua_pushnumber(L, sign * exp(log_abs));
  lua_pushnumber(L, sign);
  lua_pushnumber(L, log_abs);
  return 3;
}

void lcm_open_lu(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"solve", solve}, {"inverse", inverse}, {"update", update}, {"order", order},
      {"rcond", rcond}, {"det", det},         {NULL, NULL},
  };
  static const luaL_Reg of_matrix[] = {
      {"mul", mul},     {"solve", matrix_solve}, {"inv", matrix_inverse}, {"lu", factor},
      {"eig", eig},     {"cholesky", cholesky},  {"eigsym", eigsym},      {"svd", svd},
      {"lstsq", lstsq}, {"rcond", matrix_rcond}, {"det", matrix_det},     {"qr", qr},
      {NULL, NULL},
  };
  lcm_type_open(L, &lcm_lu_type, methods, NULL);
  lua_getfield(L, -1, lcm_matrix_type.name);
  luaL_setfuncs(L, of_matrix, 0);
  lua_pop(L, 1);
}
