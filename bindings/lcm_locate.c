/* Locate and Plan: where the stages of a chain are placed. */
#include <math.h>

#include "lcm.h"

static void release_locate(void *object) { cm_locate_release(object); }
static void release_plan(void *object) { cm_plan_release(object); }

static const lcm_type locate_type = {"Locate", release_locate};
static const lcm_type plan_type = {"Plan", release_plan};

static cm_locate *check_locate(lua_State *L) { return lcm_check(L, 1, &locate_type); }

/* ---- lists in fields ------------------------------------------------------------------ */

/* Field `name` of the table at `from` as numbers in a userdata that is pushed; NULL where absent.
 */
static double *numbers(lua_State *L, int from, const char *name, size_t *n) {
  *n = 0;
  luaL_checkstack(L, LUA_MINSTACK, "lists of a placement"); /* the userdata stay on the stack */
  if (lua_getfield(L, from, name) == LUA_TNIL) return NULL;
  luaL_checktype(L, -1, LUA_TTABLE);
  int list = lua_gettop(L);
  *n = (size_t)lua_rawlen(L, list);
  double *value = lua_newuserdatauv(L, (*n + 1) * sizeof *value, 0);
  for (size_t k = 0; k < *n; k++) {
    lua_rawgeti(L, list, (lua_Integer)k + 1);
    value[k] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return value;
}

/* The same, of a length that is due. */
static double *numbers_of(lua_State *L, int from, const char *name, size_t n) {
  size_t got;
  double *value = numbers(L, from, name, &got);
  if (value && got != n) luaL_error(L, "'%s' has %d numbers, not %d", name, (int)got, (int)n);
  if (!value) {
    value = lua_newuserdatauv(L, (n + 1) * sizeof *value, 0);
    for (size_t k = 0; k < n; k++) value[k] = 0;
  }
  return value;
}

/* 1-based indices, 0 for none; CM_NONE in the array. The engine checks their ends. */
static size_t *indices(lua_State *L, int from, const char *name, size_t n) {
  const double *value = numbers_of(L, from, name, n);
  size_t *index = lua_newuserdatauv(L, (n + 1) * sizeof *index, 0);
  for (size_t k = 0; k < n; k++) index[k] = value[k] >= 1 ? (size_t)value[k] - 1 : CM_NONE;
  return index;
}

static size_t length_of(lua_State *L, int from, const char *name) {
  size_t n = lua_getfield(L, from, name) == LUA_TTABLE ? (size_t)lua_rawlen(L, -1) : 0;
  lua_pop(L, 1);
  return n;
}

static size_t count_field(lua_State *L, int from, const char *name) {
  lua_getfield(L, from, name);
  size_t n = lcm_count(L, lua_gettop(L));
  lua_pop(L, 1);
  return n;
}

/* The table in field `name` of that at 1, pushed; an empty one where absent. */
static int table_field(lua_State *L, const char *name) {
  if (lua_getfield(L, 1, name) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  luaL_checktype(L, -1, LUA_TTABLE);
  return lua_gettop(L);
}

static const double *const *matrices(lua_State *L, const char *name, size_t side, size_t *n) {
  int from = table_field(L, name);
  *n = (size_t)lua_rawlen(L, from);
  const double **list = lua_newuserdatauv(L, (*n + 1) * sizeof *list, 0);
  for (size_t k = 0; k < *n; k++) {
    lua_newtable(L); /* so that the list has a name */
    lua_rawgeti(L, from, (lua_Integer)k + 1);
    lua_setfield(L, -2, "matrix");
    list[k] = numbers_of(L, lua_gettop(L), "matrix", side * side);
  }
  return (const double *const *)list;
}

/* ---- making ------------------------------------------------------------------------------ */

static void read_arcs(lua_State *L, cm_locate_parts *q) {
  int from = table_field(L, "arcs");
  size_t n = q->arcs = length_of(L, from, "from");
  size_t *begin = indices(L, from, "from", n), *end = indices(L, from, "to", n),
         *add = indices(L, from, "add", n), *times = indices(L, from, "times", n),
         *interface = indices(L, from, "interface", n);
  double *quantity = numbers_of(L, from, "quantity", n), *weight = numbers_of(L, from, "weight", n);
  cm_locate_arc *arc = lua_newuserdatauv(L, (n + 1) * sizeof *arc, 0);
  for (size_t a = 0; a < n; a++)
    arc[a] =
        (cm_locate_arc){begin[a], end[a], quantity[a], weight[a], add[a], times[a], interface[a]};
  q->arc = arc;
}

static void read_ties(lua_State *L, cm_locate_parts *q) {
  int from = table_field(L, "ties");
  size_t n = q->ties = length_of(L, from, "from");
  size_t *begin = indices(L, from, "from", n), *end = indices(L, from, "to", n),
         *pairs = indices(L, from, "pairs", n);
  cm_locate_tie *tie = lua_newuserdatauv(L, (n + 1) * sizeof *tie, 0);
  for (size_t k = 0; k < n; k++) tie[k] = (cm_locate_tie){begin[k], end[k], pairs[k]};
  q->tie = tie;
}

static void read_facilities(lua_State *L, cm_locate_parts *q) {
  size_t n_cost;
  int from = table_field(L, "facilities");
  size_t n = q->facilities = length_of(L, from, "fixed");
  double *fixed = numbers_of(L, from, "fixed", n), *capacity = numbers_of(L, from, "capacity", n);
  size_t *parent = indices(L, from, "parent", n);
  double *points = numbers_of(L, from, "points", n);
  double *volume = numbers(L, from, "volume", &q->points);
  double *cost = numbers(L, from, "cost", &n_cost);
  luaL_argcheck(L, n_cost == q->points, 1, "volume and cost must be of one length");
  cm_locate_facility *list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
  cm_locate_point *point = lua_newuserdatauv(L, (q->points + 1) * sizeof *point, 0);
  size_t first = 0;
  for (size_t f = 0; f < n; f++) {
    size_t count = points[f] > 0 ? (size_t)points[f] : 0;
    list[f] = (cm_locate_facility){fixed[f], capacity[f], parent[f], first, count};
    first += count;
  }
  for (size_t k = 0; k < q->points; k++) point[k] = (cm_locate_point){volume[k], cost[k]};
  q->facility = list;
  q->point = point;
  from = table_field(L, "needs");
  n = q->needs = length_of(L, from, "option");
  size_t *option = indices(L, from, "option", n), *facility = indices(L, from, "facility", n);
  double *takes = numbers_of(L, from, "volume", n);
  cm_locate_need *need = lua_newuserdatauv(L, (n + 1) * sizeof *need, 0);
  for (size_t k = 0; k < n; k++) need[k] = (cm_locate_need){option[k], facility[k], takes[k]};
  q->need = need;
}

static const cm_locate_entry *entries(lua_State *L, const char *name, size_t *n) {
  int from = table_field(L, name);
  *n = length_of(L, from, "measure");
  size_t *measure = indices(L, from, "measure", *n), *index = indices(L, from, "index", *n);
  double *value = numbers_of(L, from, "value", *n);
  cm_locate_entry *list = lua_newuserdatauv(L, (*n + 1) * sizeof *list, 0);
  for (size_t k = 0; k < *n; k++) list[k] = (cm_locate_entry){measure[k], index[k], value[k]};
  return list;
}

static const cm_aggregator *aggregators(lua_State *L, size_t n) {
  static const char *const names[] = {"sum", "cobb_douglas", "ces", NULL};
  if (lua_getfield(L, 1, "aggregator") == LUA_TNIL) return NULL;
  luaL_checktype(L, -1, LUA_TTABLE);
  int from = lua_gettop(L);
  cm_aggregator *list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
  for (size_t s = 0; s < n; s++) {
    lua_rawgeti(L, from, (lua_Integer)s + 1);
    list[s] = (cm_aggregator)luaL_checkoption(L, -1, "sum", names);
    lua_pop(L, 1);
  }
  return list;
}

static void read_stages(lua_State *L, cm_locate_parts *q) {
  const double *count = numbers(L, 1, "count", &q->stages);
  luaL_argcheck(L, count, 1, "count is missing");
  size_t *first = lua_newuserdatauv(L, (q->stages + 1) * sizeof *first, 0);
  first[0] = 0;
  for (size_t s = 0; s < q->stages; s++)
    first[s + 1] = first[s] + (count[s] >= 0 ? (size_t)count[s] : 0);
  q->first = first;
  q->options = first[q->stages];
  q->place = indices(L, 1, "place", q->options);
  q->operator_ = indices(L, 1, "operator", q->options);
  q->cost = numbers_of(L, 1, "cost", q->options);
  q->aggregator = aggregators(L, q->stages);
  q->sigma = numbers_of(L, 1, "sigma", q->stages);
}

/* core.locate{ see stdlib/meta/locate.lua } -> Locate */
static int locate_new(lua_State *L) {
  cm_error err;
  cm_locate_parts q = {0};
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_checkstack(L, 100, NULL);
  q.places = count_field(L, 1, "places");
  q.operators = count_field(L, 1, "operators");
  lua_getfield(L, 1, "compounding");
  q.compounding = lua_toboolean(L, -1);
  lua_getfield(L, 1, "maximise");
  q.maximise = lua_toboolean(L, -1);
  read_stages(L, &q);
  read_arcs(L, &q);
  q.joins = length_of(L, 1, "joins") / 2;
  q.join = indices(L, 1, "joins", 2 * q.joins);
  read_ties(L, &q);
  q.place_matrix = matrices(L, "place_matrices", q.places, &q.place_matrices);
  q.operator_matrix = matrices(L, "operator_matrices", q.operators, &q.operator_matrices);
  read_facilities(L, &q);
  int from = table_field(L, "measures");
  q.measures = length_of(L, from, "weight");
  q.weight = numbers_of(L, from, "weight", q.measures);
  q.lower = numbers_of(L, from, "lower", q.measures);
  q.upper = numbers_of(L, from, "upper", q.measures);
  q.option_entry = entries(L, "option_entries", &q.option_entries);
  q.facility_entry = entries(L, "facility_entries", &q.facility_entries);
  size_t before = cm_memory_held();
  cm_locate **out = lcm_new(L, &locate_type);
  lcm_try(L, cm_locate_new(&q, out, &err));
  lcm_account_since(L, before);
  return 1;
}

/* ---- asking -------------------------------------------------------------------------------- */

static void push_list(lua_State *L, const char *field, const double *value, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t k = 0; k < n; k++) {
    lua_pushnumber(L, value[k]);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_setfield(L, -2, field);
}

/* p:evaluate(choice) -> { cost =, objective =, violation =, measures =, volumes =, values = } */
static int locate_evaluate(lua_State *L) {
  cm_error err;
  const cm_locate *p = check_locate(L);
  const cm_locate_parts *q = cm_locate_parts_of(p);
  size_t n;
  size_t *choice = lcm_indices(L, 2, q->options, false, &n);
  luaL_argcheck(L, n == q->stages, 2, "an option for each stage is wanted");
  double *work =
      lua_newuserdatauv(L, (q->measures + q->facilities + q->stages + 1) * sizeof *work, 0);
  double *volume = work + q->measures, *value = volume + q->facilities;
  cm_locate_sum sum;
  lcm_try(L, cm_locate_evaluate(p, choice, &sum, work, volume, value, &err));
  lua_newtable(L);
  lua_pushnumber(L, sum.cost);
  lua_setfield(L, -2, "cost");
  lua_pushnumber(L, sum.objective);
  lua_setfield(L, -2, "objective");
  lua_pushnumber(L, sum.violation);
  lua_setfield(L, -2, "violation");
  push_list(L, "measures", work, q->measures);
  push_list(L, "volumes", volume, q->facilities);
  push_list(L, "values", value, q->stages);
  return 1;
}

/* A list of n truths at field `name` of the table at 2, or NULL. */
static const bool *truths(lua_State *L, const char *name, size_t n) {
  if (lua_getfield(L, 2, name) == LUA_TNIL) return NULL;
  luaL_checktype(L, -1, LUA_TTABLE);
  int from = lua_gettop(L);
  bool *list = lua_newuserdatauv(L, n + 1, 0);
  for (size_t k = 0; k < n; k++) {
    lua_rawgeti(L, from, (lua_Integer)k + 1);
    list[k] = lua_toboolean(L, -1);
    lua_pop(L, 1);
  }
  return list;
}

/* p:solve{ time =, gap =, nodes =, seed =, threads =, method =, solver =, form =,
 * exchange =, allowed =, start =, record = } -> Plan */
static int locate_solve(lua_State *L) {
  static const char *const methods[] = {"auto", "dynamic", "branch", "program", "junction", NULL};
  static const char *const forms[] = {"tight", "compact", NULL};
  cm_error err;
  size_t n;
  const cm_locate *p = check_locate(L);
  const cm_locate_parts *q = cm_locate_parts_of(p);
  cm_locate_options o = {0};
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    lua_newtable(L);
  }
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_getfield(L, 2, "time");
  o.time = luaL_optnumber(L, -1, 0);
  lua_getfield(L, 2, "gap");
  o.gap = luaL_optnumber(L, -1, 0);
  if (lua_getfield(L, 2, "nodes") != LUA_TNIL) o.nodes = lcm_count(L, lua_gettop(L));
  lua_getfield(L, 2, "seed");
  o.seed = (uint64_t)luaL_optinteger(L, -1, 0);
  lua_getfield(L, 2, "method");
  o.method = (cm_locate_method)luaL_checkoption(L, -1, "auto", methods);
  lua_getfield(L, 2, "solver");
  o.solver = luaL_optstring(L, -1, NULL);
  lua_getfield(L, 2, "exchange");
  o.exchange = lua_toboolean(L, -1);
  lua_getfield(L, 2, "form");
  o.form = (cm_locate_form)luaL_checkoption(L, -1, "tight", forms);
  o.allowed = truths(L, "allowed", q->options);
  lua_getfield(L, 2, "record");
  o.record = lua_toboolean(L, -1);
  cm_job job = *lcm_job(L);
  if (lua_getfield(L, 2, "threads") != LUA_TNIL)
    job.threads = (unsigned)lcm_count(L, lua_gettop(L));
  if (lua_getfield(L, 2, "start") != LUA_TNIL) {
    o.start = lcm_indices(L, lua_gettop(L), q->options, false, &n);
    luaL_argcheck(L, n == q->stages, 2, "start has an option for each stage");
  }
  size_t before = cm_memory_held();
  cm_plan **out = lcm_new(L, &plan_type);
  lcm_try(L, cm_locate_solve(p, &o, &job, out, &err));
  lcm_account_since(L, before);
  if (cm_plan_get(*out).stop == CM_STOP_REQUEST) lcm_settle_request(L);
  return 1;
}

static void set_number(lua_State *L, const char *field, double value) {
  if (isnan(value)) return;
  lua_pushnumber(L, value);
  lua_setfield(L, -2, field);
}

/* plan:figures() -> { status =, stop =, objective =, bound =, certified =, gap =, nodes =, method =
 * } */
static int plan_figures(lua_State *L) {
  static const char *const stops[] = {NULL, "time", "nodes", "request", "memory"};
  cm_plan_figures f = cm_plan_get(lcm_check(L, 1, &plan_type));
  lua_newtable(L);
  lua_pushstring(L, cm_outcome_text(f.outcome));
  lua_setfield(L, -2, "status");
  lua_pushstring(L, stops[f.stop]);
  lua_setfield(L, -2, "stop");
  lua_pushstring(L, f.method);
  lua_setfield(L, -2, "method");
  set_number(L, "objective", f.objective);
  set_number(L, "bound", f.bound);
  set_number(L, "certified", f.certified);
  set_number(L, "gap", f.gap);
  lua_pushinteger(L, (lua_Integer)f.nodes);
  lua_setfield(L, -2, "nodes");
  return 1;
}

/* plan:choice(p) -> list of options, or nil */
static int plan_choice(lua_State *L) {
  const size_t *choice = cm_plan_choice(lcm_check(L, 1, &plan_type));
  const cm_locate *p = lcm_check(L, 2, &locate_type);
  size_t n = cm_locate_parts_of(p)->stages;
  if (!choice) return 0;
  lua_createtable(L, (int)n, 0);
  for (size_t s = 0; s < n; s++) {
    lua_pushinteger(L, (lua_Integer)choice[s] + 1);
    lua_rawseti(L, -2, (lua_Integer)s + 1);
  }
  return 1;
}

/* ---- what was proven ---------------------------------------------------------------------- */

/* Pushes a list of indices from 1, 0 for none. */
static void push_indices(lua_State *L, const size_t *index, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t k = 0; k < n; k++) {
    lua_pushinteger(L, index[k] == CM_NONE ? 0 : (lua_Integer)index[k] + 1);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

static void set_index(lua_State *L, const char *field, size_t index) {
  if (index == CM_NONE) return;
  lua_pushinteger(L, (lua_Integer)index + 1);
  lua_setfield(L, -2, field);
}

static void push_prices(lua_State *L, const cm_record *q) {
  static const char *const kinds[] = {"need", "volume", "rule", "from", "to"};
  lua_createtable(L, (int)q->multipliers, 0);
  for (size_t k = 0; k < q->multipliers; k++) {
    const cm_record_price *x = &q->price[k];
    lua_newtable(L);
    lua_pushstring(L, kinds[x->kind]);
    lua_setfield(L, -2, "kind");
    set_index(L, "of", x->of);
    set_index(L, "stage", x->stage);
    set_index(L, "place", x->place);
    set_index(L, "operator", x->operator_);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

/* plan:record() -> { nodes =, block =, link =, cover =, price =, size = } or nil */
static int plan_record(lua_State *L) {
  const cm_record *q = cm_plan_record(lcm_check(L, 1, &plan_type));
  if (!q || !q->nodes) return 0;
  lua_newtable(L);
  lua_pushinteger(L, (lua_Integer)q->nodes);
  lua_setfield(L, -2, "nodes");
  push_indices(L, q->block, q->block ? q->stages : 0);
  lua_setfield(L, -2, "block");
  push_indices(L, q->link, 2 * q->links);
  lua_setfield(L, -2, "link");
  push_indices(L, q->cover, q->cover ? q->facilities : 0);
  lua_setfield(L, -2, "cover");
  push_prices(L, q);
  lua_setfield(L, -2, "price");
  lua_pushnumber(L, q->size);
  lua_setfield(L, -2, "size");
  return 1;
}

static void push_rounds(lua_State *L, const cm_record *q, const cm_record_node *n) {
  lua_createtable(L, (int)n->rounds, 0);
  for (size_t k = 0; k < n->rounds; k++) {
    const cm_record_round *x = &q->round[n->first_round + k];
    lua_newtable(L);
    lua_pushnumber(L, x->value);
    lua_setfield(L, -2, "value");
    lua_pushboolean(L, x->costless);
    lua_setfield(L, -2, "costless");
    size_t count = x->first_multiplier == CM_NONE ? 0 : q->multipliers;
    lua_createtable(L, (int)count, 0);
    for (size_t j = 0; j < count; j++) {
      lua_pushnumber(L, (lua_Number)q->value[x->first_multiplier + j]);
      lua_rawseti(L, -2, (lua_Integer)j + 1);
    }
    lua_setfield(L, -2, "multipliers");
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

/* plan:node(k) -> { child =, facility =, stage =, options =, rounds = } */
static int plan_node(lua_State *L) {
  const cm_record *q = cm_plan_record(lcm_check(L, 1, &plan_type));
  size_t k = lcm_count(L, 2);
  luaL_argcheck(L, q && k >= 1 && k <= q->nodes, 2, "there is no such node");
  const cm_record_node *n = &q->node[k - 1];
  lua_newtable(L);
  set_index(L, "child", n->child);
  set_index(L, "facility", n->facility);
  set_index(L, "stage", n->stage);
  push_indices(L, q->option + n->first_option, n->options);
  lua_setfield(L, -2, "options");
  push_rounds(L, q, n);
  lua_setfield(L, -2, "rounds");
  return 1;
}

void lcm_open_locate(lua_State *L) {
  static const luaL_Reg locate_methods[] = {
      {"evaluate", locate_evaluate}, {"solve", locate_solve}, {NULL, NULL}};
  static const luaL_Reg plan_methods[] = {{"figures", plan_figures},
                                          {"choice", plan_choice},
                                          {"record", plan_record},
                                          {"node", plan_node},
                                          {NULL, NULL}};
  lcm_type_open(L, &locate_type, locate_methods, NULL);
  lcm_type_open(L, &plan_type, plan_methods, NULL);
  lua_pushcfunction(L, locate_new);
  lua_setfield(L, -2, "locate");
}
