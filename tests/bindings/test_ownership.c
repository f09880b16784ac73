/* Whatever allocation fails, in Lua or in the engine, closing the state leaves
 * nothing of the engine behind: no error jumps over what it holds. */
#include "support.h"

#include <lualib.h>
#include <unistd.h>

#include "../../bindings/lcm.h"

static void *lua_faulty(void *ud, void *ptr, size_t old_size, size_t new_size) {
  return faulty_realloc(ud, ptr, old_size, new_size);
}

static char text_path[] = "/tmp/capmod_test_XXXXXX";

static const char prelude[] =
    "local core, path = ...\n"
    "core.on_error(function(number, fields) fields.number = number return fields end)\n"
    "local a = core.matrix_from{ { 4, 1, 0 }, { 1, 5, 2 }, { 0, 2, 6 } }\n"
    "a = a:label{ rows = { 'p', 'q', 'r' }, cols = { 'p', 'q', 'r' } }\n"
    "local b = core.matrix_from({ 1, 2, 3 }, 3, 1)\n"
    "local countries, sectors = { 'A', 'B' }, { 'x', 'y' }\n"
    "local function table_of()\n"
    "  return core.table{ countries = countries, sectors = sectors,\n"
    "    Z = core.matrix_from{ { 1, 2, 1, 0 }, { 2, 1, 0, 1 }, { 1, 0, 3, 1 }, { 0, 1, 1, 2 } },\n"
    "    Y = core.matrix_from{ { 9, 2 }, { 8, 1 }, { 1, 7 }, { 2, 9 } },\n"
    "    P = core.matrix_from{ { 1, 1, 1, 1 } } }\n"
    "end\n";

/* One chunk a type; each runs with every allocation failing in turn. */
static const char *const chunks[] = {
    "local m = core.matrix(3, 3, 1) + core.identity(3)\n"
    "m = (a * m - a / 2) ^ 2 + -a\n"
    "m = m:T():block(1, 2, 1, 3):copy():join(a:row(1), 'row'):take('col', { 3, 1 })\n"
    "m:group('row', { 1, 2, 1 }, { 'one', 'two' }):sum{ by = 'row' }:diag()\n"
    "return a:abs():sqrt():max(1), a:min(), a:list(), a:labels 'row', a:find('row', 'q')\n",

    "local lu = a:lu()\n"
    "local more = lu:update(b, b)\n"
    "more:solve(b, true) more:inverse() lu:det()\n"
    "a:mul(b) a:solve(b) a:inv() a:cholesky() a:lstsq(b) a:eig() a:eigsym() a:svd()\n"
    "return a:rcond(), a:det(), a:norm(1), a:norm(2)\n",

    "local s = core.sparse{ rows = { 'p', 'q' }, cols = 2, i = { 1, 2 }, j = { 1, 2 },\n"
    "  value = { 2, 4 } }\n"
    "local right = core.matrix_from({ 1, 2 }, 2, 1)\n"
    "for _, method in ipairs{ 'direct', 'bicgstab', 'gmres' } do\n"
    "  s:solve{ b = right, method = method }\n"
    "end\n"
    "s:lu():solve(right) s:T():mul(right) s:scale('row', right):sum{ by = 'col' }\n"
    "return s:identity_minus():dense():sparse():labels 'row', s:labels 'row'\n",

    "local t = table_of()\n"
    "for _, letter in ipairs{ 'A', 'L', 'v', 'x', 'E', 'G' } do t:part(letter) end\n"
    "t:check() t:with(nil, t:edited('Y', { 1 }, { 2 }, { 5 }))\n"
    "t:shift({ 1 }, { 3 }, { 1, 2 }, 0.5)\n"
    "t:aggregate({ 1, 1 }, { 'W' }, { 1, 2 }, sectors)\n"
    "local groups = { 1, 1, 2, 2 }\n"
    "local d = t:demand(t:part 'Y', groups, countries, { 1, 2 }, countries)\n"
    "return t:origin(nil, d, groups, countries), t:coefficients('P', 1)\n",

    "local t = table_of()\n"
    "for _, method in ipairs{ 'bm_src', 'bm_snk', 'bm_src_terms', 'bm_snk_terms', 'wwz', 'kww' } "
    "do\n"
    "  t:decompose(method, { 1, 2 }, countries, nil, nil, { 1, 1 }, { 'all' })\n"
    "end\n"
    "return t:decompose('bm_src')\n",

    "local t = core.text{ path = path, header_rows = 1, label_cols = 1 }\n"
    "core.peek(path, 2)\n"
    "return t:numbers():sum(), t:labels(1), t:header(1)\n",

    /* what a progress call raises, of its own or for want of memory */
    "core.progress(function(what, done) return #(what .. done) > 0 end)\n"
    "table_of():part 'L' a:inv()\n"
    "core.progress(function(what) error{ what } end)\n"
    "local ok, e = pcall(function() return a:lu() end)\n"
    "core.progress(nil)\n"
    "assert(not ok and (e[1] or e))\n"
    "return ('x'):rep(100) .. tostring(ok)\n",

    /* errors of the engine */
    "local calls = { function() return a + core.matrix(2, 2) end,\n"
    "  function() return (a * 0):lu() end, function() return a:take('row', { 9 }) end,\n"
    "  function() return a:label{ rows = { 'p', 'p', 'p' } } end,\n"
    "  function() return core.text{ path = '/nowhere' } end,\n"
    "  function() return a:group('row', { 1, 1, 1 }, { 'g', 'g' }) end }\n"
    "for i, call in ipairs(calls) do assert(not pcall(call), i) end\n"
    "return ('x'):rep(100) .. #calls\n",
};

static lua_State *open_state(void) {
  lua_State *L = lua_newstate(lua_faulty, NULL);
  assert_non_null(L);
  luaL_openlibs(L);
  luaL_requiref(L, "capmod.core", luaopen_capmod_core, 0);
  return L;
}

static int loads(lua_State *L, const char *code) {
  lua_pushstring(L, prelude);
  lua_pushstring(L, code);
  lua_concat(L, 2);
  int result = luaL_loadstring(L, lua_tostring(L, -1));
  lua_remove(L, -2);
  return result;
}

/* Runs a chunk with the k-th allocation and all later ones failing. Returns the
 * result of pcall; *left is how many blocks the engine still held at the end. */
static int run_chunk(const char *code, long k, size_t *left) {
  lua_State *L = open_state();
  assert_int_equal(loads(L, code), LUA_OK);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "capmod.core");
  lua_remove(L, -2);
  lua_pushstring(L, text_path);
  lua_gc(L, LUA_GCSTOP); /* Lua drops a finalizer that it has no memory to call */
  fail_from(k);
  int result = lua_pcall(L, 2, 0, 0);
  fail_never();
  if (result == LUA_ERRRUN && k == LONG_MAX) fail_msg("%s\n%s", lua_tostring(L, -1), code);
  lua_close(L);
  *left = cm_memory_blocks();
  return result;
}

static void survives_everywhere(const char *code) {
  size_t left;
  assert_int_equal(run_chunk(code, LONG_MAX, &left), LUA_OK);
  for (long k = 1;; k++) {
    int result = run_chunk(code, k, &left);
    if (left) fail_msg("%zu blocks left after allocation %ld failed in\n%s", left, k, code);
    if (result == LUA_OK) break;
    if (k > 100000) fail_msg("never succeeds");
  }
}

static void leaves_nothing_behind_whatever_allocation_fails(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) survives_everywhere(chunks[i]);
}

/* ---- the control: a binding in the wrong order is found -------------------- */

static cm_matrix *made;

static int object_before_handle(lua_State *L) {
  if (cm_matrix_new(2, 2, &made, NULL) != CM_OK) return luaL_error(L, "no matrix");
  (void)lua_newuserdatauv(L, sizeof made, 0); /* raises: nobody owns what was made */
  cm_matrix_release(made);
  return 0;
}

static void sees_an_object_that_is_made_before_its_handle(void **state) {
  (void)state;
  size_t leaks = 0;
  int result = LUA_ERRMEM;
  for (long k = 1; result != LUA_OK; k++) {
    lua_State *L = open_state();
    lua_pushcfunction(L, object_before_handle);
    fail_from(k);
    result = lua_pcall(L, 0, 0, 0);
    fail_never();
    lua_close(L);
    if (cm_memory_blocks() == 0) continue;
    leaks++;
    cm_matrix_release(made);
  }
  assert_true(leaks > 0);
}

static void write_text(void) {
  static const char rows[] = "name,one,two\nfirst,1,2\nsecond,3,4\n";
  int file = mkstemp(text_path);
  if (file < 0 || write(file, rows, sizeof rows - 1) != (ssize_t)sizeof rows - 1) exit(1);
  close(file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(leaves_nothing_behind_whatever_allocation_fails),
      cmocka_unit_test(sees_an_object_that_is_made_before_its_handle),
  };
  write_text();
  int failed = run(tests);
  unlink(text_path);
  return failed;
}
