/* Table:decompose - gross exports by term (capmod/decompose.h). */
#include <string.h>

#include "lcm.h"

static const char *const methods[] = {"bm_src", "bm_snk", "bm_src_terms", "bm_snk_terms", "wwz",
                                      "kww",    NULL};
static const cm_method method_of[] = {CM_BM_SOURCE,     CM_BM_SINK, CM_BM_SOURCE_TERMS,
                                      CM_BM_SINK_TERMS, CM_WWZ,     CM_KWW};

/* t:decompose(method, blocks, block_labels, exporters, exporter_labels, sectors,
 * sector_labels, importers, importer_labels) -> Matrix: a row for each triple of
 * groups (exporter, sector, importer; the last running first), a column a term.
 * nil, nil for a side of which every member stands by itself. */
static int table_decompose(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check(L, 1, &lcm_table_type);
  cm_method method = method_of[luaL_checkoption(L, 2, NULL, methods)];
  lua_settop(L, 10);
  size_t countries = cm_axis_size(cm_table_countries(t));
  cm_flows flows = {.blocks = lcm_grouping(L, 3, countries)};
  size_t blocks = flows.blocks.group ? cm_axis_size(flows.blocks.axis) : countries;
  flows.exporters = lcm_grouping(L, 5, blocks);
  flows.sectors = lcm_grouping(L, 7, cm_axis_size(cm_table_sectors(t)));
  flows.importers = lcm_grouping(L, 9, blocks);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_decompose(t, method, &flows, lcm_job(L), out, &err));
  size_t now = cm_memory_held();
  if (now > before) lcm_account(L, now - before);
  return 1;
}

void lcm_open_decompose(lua_State *L) {
  lua_getfield(L, -1, lcm_table_type.name);
  lua_pushcfunction(L, table_decompose);
  lua_setfield(L, -2, "decompose");
  lua_pop(L, 1);
}
