/* What the binding files share. A binding converts, calls, and raises; it holds
 * no modelling logic and no numerics.
 *
 * The form of every function that makes something (handle first): push an
 * empty handle, let the engine fill it, raise if it could not. Lua owns the
 * handle before the engine's object exists, so nothing can be lost between. */
#ifndef LCM_H
#define LCM_H

#include <lauxlib.h>
#include <lua.h>

#include "capmod/capmod.h"

/* One of the engine's types as Lua sees it: a userdata with one pointer. */
typedef struct lcm_type {
  const char *name; /* as authors read it in messages: "Matrix" */
  void (*release)(void *object);
} lcm_type;

/* Makes the metatable (__gc, __close, __name) with `methods` as its __index
 * table and `meta` (may be NULL) as further metamethods, and leaves the table
 * of methods in core[type->name], where the stdlib adds what is written in Lua. */
void lcm_type_open(lua_State *L, const lcm_type *type, const luaL_Reg *methods,
                   const luaL_Reg *meta);

/* Pushes an empty handle; the engine fills the pointer returned. */
void *lcm_new(lua_State *L, const lcm_type *type);
/* The object at `arg`, or an argument error (also for a released one). */
void *lcm_check(lua_State *L, int arg, const lcm_type *type);
/* The same, or NULL where it is something else. */
void *lcm_test(lua_State *L, int arg, const lcm_type *type);

/* Raises *err as an error object (see stdlib/capmod/errors.lua). The only
 * place where an engine error becomes a Lua error. */
_Noreturn void lcm_raise(lua_State *L, const cm_error *err);
/* Pushes an error object of this number; a plain string where the stdlib is not loaded. */
void lcm_push_error(lua_State *L, int number, const char *message, const char *fix);
/* if (call fails) raise: lcm_try(L, cm_mul(a, b, lcm_job(L), out, &err)); needs `cm_error err`. */
#define lcm_try(L, call)                                                                           \
  do {                                                                                             \
    if ((call) != CM_OK) lcm_raise(L, &err);                                                       \
  } while (0)

/* Where Ctrl-C ended the work and left something, the script goes on with that; where an error
 * inside a progress call did, it is raised. */
void lcm_settle_request(lua_State *L);

/* The context for long work: progress, Ctrl-C, threads and budget of the program. */
const cm_job *lcm_job(lua_State *L);

/* A 1-based index up to n as a 0-based one. `what` is "row", "country", ... */
size_t lcm_index(lua_State *L, int arg, size_t n, const char *what);
/* A whole number >= 0. */
size_t lcm_count(lua_State *L, int arg);
/* A list of n strings at `arg` as an array in a userdata that is pushed (the
 * strings stay where they are); *n is its length. */
const char **lcm_strings(lua_State *L, int arg, size_t *n);
/* A list of 1-based indices, each up to `limit`, as 0-based ones; 0 becomes
 * CM_NOT_FOUND where `zero_is_none`. Pushes a userdata that holds them. */
size_t *lcm_indices(lua_State *L, int arg, size_t limit, bool zero_is_none, size_t *n);
/* A list of labels at `arg` as an axis, in a handle that is pushed. */
const cm_axis *lcm_labels(lua_State *L, int arg);
/* Sums of `places` places: at `arg` a list of group numbers (0: none), behind it
 * the groups' labels. Nil at `arg`: each place by itself. Pushes what it holds. */
cm_grouping lcm_grouping(lua_State *L, int arg, size_t places);
/* Lets the collector know of memory that it cannot see. */
void lcm_account(lua_State *L, size_t bytes);
/* The same of what the engine has taken since it held `before`. */
void lcm_account_since(lua_State *L, size_t before);

/* The state's own block, made before any other binding is opened. */
typedef struct lcm_state {
  cm_job job;
  lua_State *running; /* whom a progress call interrupts */
  int progress;       /* registry reference, or LUA_NOREF */
  bool pending;       /* an error raised inside a progress call waits in the registry */
} lcm_state;
lcm_state *lcm_state_of(lua_State *L);

extern atomic_bool lcm_interrupted; /* set by Ctrl-C and by the clock */
/* Told of every engine error, whose object is on top: notes that a limit was
 * met, and puts the object of the limit that ended the script in its place. */
void lcm_stop_on_error(lua_State *L, cm_status status);

int luaopen_capmod_core(lua_State *L);

/* Matrices, which most other types take and give. */
extern const lcm_type lcm_matrix_type, lcm_lu_type, lcm_table_type;
cm_matrix *lcm_check_matrix(lua_State *L, int arg);
cm_table *lcm_check_table(lua_State *L);  /* a method's own, at 1 */
cm_matrix **lcm_new_matrix(lua_State *L); /* an empty handle, pushed */

/* Each adds its types and functions to the table on top of the stack (core). */
void lcm_open_matrix(lua_State *L);
void lcm_open_lu(lua_State *L);
void lcm_open_table(lua_State *L);
void lcm_open_decompose(lua_State *L); /* adds to Table: after it */
void lcm_open_whatif(lua_State *L);    /* likewise */
void lcm_open_balance(lua_State *L);
void lcm_open_sparse(lua_State *L);
void lcm_open_program(lua_State *L);
void lcm_open_store(lua_State *L); /* likewise */
void lcm_open_text(lua_State *L);
void lcm_open_archive(lua_State *L);
void lcm_open_chain(lua_State *L);
void lcm_open_game(lua_State *L);
void lcm_open_locate(lua_State *L);
void lcm_open_econ(lua_State *L);

#endif
