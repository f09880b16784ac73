/* What Table answers about trade: decompositions, corners, imports, positions
 * (capmod/decompose.h, corners.h, position.h). Groups are given as a list of
 * numbers, one a place, 0 for none, and the labels of the groups behind it; nil,
 * nil where every place stands by itself. */
#include <string.h>

#include "lcm.h"

static const char *const methods[] = {
    "bm_src",       "bm_snk",       "bm_src_terms", "bm_snk_terms", "wwz", "kww",
    "bm_world_src", "bm_world_snk", "tripartite",   "oecd",         NULL};
static const cm_method method_of[] = {
    CM_BM_SOURCE, CM_BM_SINK,         CM_BM_SOURCE_TERMS, CM_BM_SINK_TERMS, CM_WWZ,
    CM_KWW,       CM_BM_WORLD_SOURCE, CM_BM_WORLD_SINK,   CM_TRIPARTITE,    CM_OECD};
static const char *const perimeters[] = {"country", "sector", "bilateral", "sector-bilateral",
                                         NULL};

/* Tells the collector what the table has kept since `before`. */
static int made(lua_State *L, size_t before) {
  lcm_account_since(L, before);
  return 1;
}

/* Four sides behind `arg`: blocks, exporters, sectors, importers. */
static cm_flows check_flows(lua_State *L, int arg, const cm_table *t) {
  size_t countries = cm_axis_size(cm_table_countries(t));
  cm_flows flows = {.blocks = lcm_grouping(L, arg, countries)};
  size_t blocks = flows.blocks.group ? cm_axis_size(flows.blocks.axis) : countries;
  flows.exporters = lcm_grouping(L, arg + 2, blocks);
  flows.sectors = lcm_grouping(L, arg + 4, cm_axis_size(cm_table_sectors(t)));
  flows.importers = lcm_grouping(L, arg + 6, blocks);
  return flows;
}

/* t:decompose(method, blocks, block_labels, exporters, exporter_labels, sectors,
 * sector_labels, importers, importer_labels, perimeter) -> Matrix: a row for each
 * triple of groups (exporter, sector, importer; the last running first), a column
 * a term. */
static int table_decompose(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  cm_method method = method_of[luaL_checkoption(L, 2, NULL, methods)];
  lua_settop(L, 11);
  cm_perimeter perimeter = (cm_perimeter)luaL_checkoption(L, 11, "country", perimeters);
  cm_flows flows = check_flows(L, 3, t);
  flows.perimeter = perimeter;
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_decompose(t, method, &flows, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:decompose_third(blocks, block_labels, exporters, exporter_labels, sectors,
 * sector_labels, importers, importer_labels, thirds, third_labels) -> Matrix */
static int table_decompose_third(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  lua_settop(L, 11);
  cm_flows flows = check_flows(L, 2, t);
  size_t countries = cm_axis_size(cm_table_countries(t));
  cm_grouping thirds =
      lcm_grouping(L, 10, flows.blocks.group ? cm_axis_size(flows.blocks.axis) : countries);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_decompose_third(t, &flows, thirds, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:corners(weights | nil, once, origins, labels, exporters, labels, importers,
 * labels, destinations, labels) -> Matrix: a row for each triple of groups
 * (exporter, importer, destination), a column an origin. */
static int table_corners(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  lua_settop(L, 11);
  const cm_matrix *weights = lua_isnil(L, 2) ? NULL : lcm_check_matrix(L, 2);
  size_t nodes = cm_axis_size(cm_table_nodes(t)), countries = cm_axis_size(cm_table_countries(t));
  cm_corners sides = {.once = lua_toboolean(L, 3)};
  sides.origins = lcm_grouping(L, 4, nodes);
  sides.exporters = lcm_grouping(L, 6, nodes);
  sides.importers = lcm_grouping(L, 8, countries);
  sides.destinations = lcm_grouping(L, 10, countries);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_corners(t, weights, &sides, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:imports(blocks, block_labels, importers, labels, origins, labels) -> Matrix: a
 * row for each pair of groups (importer, origin), columns VA and DC. */
static int table_imports(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  lua_settop(L, 7);
  size_t countries = cm_axis_size(cm_table_countries(t));
  cm_grouping blocks = lcm_grouping(L, 2, countries);
  cm_grouping importers = lcm_grouping(L, 4, blocks.group ? cm_axis_size(blocks.axis) : countries);
  cm_grouping origins = lcm_grouping(L, 6, cm_axis_size(cm_table_nodes(t)));
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_imports(t, blocks, importers, origins, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:position() -> Matrix: nodes by measures */
static int table_position(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_position(t, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:multipliers() -> Matrix: nodes by own, again, foreign, once, direct, indirect */
static int table_multipliers(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  size_t before = cm_memory_held();
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_multipliers(t, lcm_job(L), out, &err));
  return made(L, before);
}

/* t:mirrored(Matrix) -> Matrix: what the partner sells where the argument holds
 * what is sold to it */
static int table_mirrored(lua_State *L) {
  cm_error err;
  cm_table *t = lcm_check_table(L);
  const cm_matrix *m = lcm_check_matrix(L, 2);
  cm_matrix **out = lcm_new(L, &lcm_matrix_type);
  lcm_try(L, cm_table_mirrored(t, m, out, &err));
  return 1;
}

void lcm_open_decompose(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"decompose", table_decompose}, {"decompose_third", table_decompose_third},
      {"corners", table_corners},     {"imports", table_imports},
      {"position", table_position},   {"multipliers", table_multipliers},
      {"mirrored", table_mirrored},   {NULL, NULL}};
  lua_getfield(L, -1, lcm_table_type.name);
  luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
