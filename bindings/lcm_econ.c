/* Fit: regressions (capmod/econ.h). Effects and clusters cross as lists of group numbers, one a
 * row, counted from 1; every number up to the largest occurs. */
#include "lcm.h"

static void release(void *object) { cm_fit_release(object); }
static const lcm_type fit_type = {"Fit", release};

static cm_fit *check_fit(lua_State *L) { return lcm_check(L, 1, &fit_type); }

/* The group numbers at `arg`, in a userdata that is pushed. */
static cm_effect check_effect(lua_State *L, int arg, size_t rows) {
  size_t n;
  cm_effect effect = {.group = lcm_indices(L, arg, rows, false, &n)};
  luaL_argcheck(L, n == rows, arg, "a group number for every row is due");
  for (size_t i = 0; i < n; i++)
    if (effect.group[i] >= effect.groups) effect.groups = effect.group[i] + 1;
  return effect;
}

/* The list of such lists at `arg`, in a userdata that is pushed on top of what they hold. */
static const cm_effect *check_effects(lua_State *L, int arg, size_t rows, size_t *count) {
  luaL_checktype(L, arg, LUA_TTABLE);
  size_t n = lua_rawlen(L, arg);
  luaL_argcheck(L, n <= 16, arg, "at most 16 effects");
  luaL_checkstack(L, 2 * (int)n + 4, NULL);
  cm_effect *list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
  for (size_t e = 0; e < n; e++) {
    lua_rawgeti(L, arg, (lua_Integer)e + 1);
    list[e] = check_effect(L, lua_gettop(L), rows);
  }
  *count = n;
  return list;
}

/* fit(y, x, instruments or nil, effects) */
static int fit(lua_State *L, bool poisson) {
  cm_error err;
  cm_design d = {.y = lcm_check_matrix(L, 1), .x = lcm_check_matrix(L, 2)};
  if (!lua_isnil(L, 3)) d.z = lcm_check_matrix(L, 3);
  lua_settop(L, 4);
  d.effect = check_effects(L, 4, cm_matrix_rows(d.x), &d.effects);
  cm_fit **out = lcm_new(L, &fit_type);
  if (poisson)
    lcm_try(L, cm_fit_poisson(&d, lcm_job(L), out, &err));
  else
    lcm_try(L, cm_fit_linear(&d, lcm_job(L), out, &err));
  lcm_account(L, cm_matrix_rows(d.x) * (cm_matrix_cols(d.x) + 3) * sizeof(double));
  return 1;
}

static int fit_linear(lua_State *L) { return fit(L, false); }
static int fit_poisson(lua_State *L) { return fit(L, true); }

static int take(lua_State *L, cm_fit_part part) {
  cm_fit *f = check_fit(L);
  cm_matrix **out = lcm_new_matrix(L);
  *out = cm_fit_take(f, part);
  return 1;
}

static int fit_coefficients(lua_State *L) { return take(L, CM_FIT_COEFFICIENTS); }
static int fit_fitted(lua_State *L) { return take(L, CM_FIT_FITTED); }
static int fit_residuals(lua_State *L) { return take(L, CM_FIT_RESIDUALS); }

static void set(lua_State *L, const char *name, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static int fit_sums(lua_State *L) {
  cm_fit_sums sums;
  cm_fit_sums_of(check_fit(L), &sums);
  lua_createtable(L, 0, 10);
  lua_pushinteger(L, (lua_Integer)sums.rows);
  lua_setfield(L, -2, "rows");
  lua_pushinteger(L, (lua_Integer)sums.steps);
  lua_setfield(L, -2, "steps");
  set(L, "residual", sums.residual);
  set(L, "total", sums.total);
  set(L, "total_raw", sums.total_raw);
  set(L, "within", sums.within);
  set(L, "deviance", sums.deviance);
  set(L, "deviance_null", sums.deviance_null);
  set(L, "correlation", sums.correlation);
  return 1;
}

/* fit:covariance(kind, counted [, clusters]) -> Matrix */
static int fit_covariance(lua_State *L) {
  static const char *const kinds[] = {"classical", "HC0",      "HC1",     "HC2",
                                      "HC3",       "cluster0", "cluster", NULL};
  cm_error err;
  cm_fit *f = check_fit(L);
  cm_errors kind = (cm_errors)luaL_checkoption(L, 2, NULL, kinds);
  size_t counted = lcm_count(L, 3);
  cm_fit_sums sums;
  cm_fit_sums_of(f, &sums);
  bool grouped = kind == CM_CLUSTER0 || kind == CM_CLUSTER;
  lua_settop(L, 4);
  cm_effect cluster = {.groups = 0};
  if (grouped) cluster = check_effect(L, 4, sums.rows);
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_fit_covariance(f, kind, grouped ? &cluster : NULL, counted, out, &err));
  return 1;
}

/* core.effects_rank(effects, rows) -> list */
static int effects_rank(lua_State *L) {
  cm_error err;
  size_t n, rows = lcm_count(L, 2), rank[16];
  lua_settop(L, 2);
  const cm_effect *effect = check_effects(L, 1, rows, &n);
  lcm_try(L, cm_effects_rank(effect, n, rows, rank, &err));
  lua_createtable(L, (int)n, 0);
  for (size_t e = 0; e < n; e++) {
    lua_pushinteger(L, (lua_Integer)rank[e]);
    lua_rawseti(L, -2, (lua_Integer)e + 1);
  }
  return 1;
}

static int number(lua_State *L, double x) {
  lua_pushnumber(L, x);
  return 1;
}

static int t_two_sided(lua_State *L) {
  return number(L, cm_t_two_sided(luaL_checknumber(L, 1), luaL_checknumber(L, 2)));
}

static int t_critical(lua_State *L) {
  return number(L, cm_t_critical(luaL_checknumber(L, 1), luaL_checknumber(L, 2)));
}

static int chi2_tail(lua_State *L) {
  return number(L, cm_chi2_tail(luaL_checknumber(L, 1), luaL_checknumber(L, 2)));
}

static int f_tail(lua_State *L) {
  return number(L,
                cm_f_tail(luaL_checknumber(L, 1), luaL_checknumber(L, 2), luaL_checknumber(L, 3)));
}

void lcm_open_econ(lua_State *L) {
  static const luaL_Reg methods[] = {{"coefficients", fit_coefficients}, {"fitted", fit_fitted},
                                     {"residuals", fit_residuals},       {"sums", fit_sums},
                                     {"covariance", fit_covariance},     {NULL, NULL}};
  static const luaL_Reg functions[] = {{"fit_linear", fit_linear},
                                       {"fit_poisson", fit_poisson},
                                       {"effects_rank", effects_rank},
                                       {"t_two_sided", t_two_sided},
                                       {"t_critical", t_critical},
                                       {"chi2_tail", chi2_tail},
                                       {"f_tail", f_tail},
                                       {NULL, NULL}};
  lcm_type_open(L, &fit_type, methods, NULL);
  luaL_setfuncs(L, functions, 0);
}
