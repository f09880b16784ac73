/* core.balance (capmod/balance.h). */
#include "lcm.h"

/* core.balance(m, rows, cols, tolerance | nil, steps | nil) -> Matrix, { converged =, steps =,
 * gap =, side = "row" | "column", at = } */
static int balance(lua_State *L) {
  cm_error err;
  cm_balance_report report;
  const cm_matrix *m = lcm_check_matrix(L, 1);
  const cm_matrix *rows = lcm_check_matrix(L, 2), *cols = lcm_check_matrix(L, 3);
  cm_balance_options options = {.tolerance = luaL_optnumber(L, 4, 0.0),
                                .steps = lua_isnoneornil(L, 5) ? 0 : lcm_count(L, 5)};
  cm_matrix **out = lcm_new_matrix(L);
  lcm_try(L, cm_balance(m, rows, cols, &options, lcm_job(L), out, &report, &err));
  lcm_account(L, cm_matrix_rows(*out) * cm_matrix_cols(*out) * sizeof(double));
  lua_createtable(L, 0, 5);
  lua_pushboolean(L, report.converged);
  lua_setfield(L, -2, "converged");
  lua_pushinteger(L, (lua_Integer)report.steps);
  lua_setfield(L, -2, "steps");
  lua_pushnumber(L, report.gap);
  lua_setfield(L, -2, "gap");
  lua_pushstring(L, report.gap_in_row ? "row" : "column");
  lua_setfield(L, -2, "side");
  lua_pushinteger(L, (lua_Integer)report.gap_at + 1);
  lua_setfield(L, -2, "at");
  return 2;
}

void lcm_open_balance(lua_State *L) {
  lua_pushcfunction(L, balance);
  lua_setfield(L, -2, "balance");
}
