/* What ends a computation before its time: Ctrl-C, --time and --memory.
 *
 * A signal handler arms a hook on every Lua thread that runs (a coroutine and
 * those that wait for it), which raises at the next instruction, and sets the
 * flag that the engine looks at. Until then there is no hook, so that limits
 * cost nothing. What a limit ended stays ended: the hook raises again after
 * each pcall that swallows it, until program.protect returns. Where no Lua
 * instruction comes (a pattern, a call of LAPACK) the second alarm ends the
 * process. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "program.h"

enum {
  TIME_UP = 124,
  MEMORY_OUT = 125,
  INTERRUPTED = 130,
  GRACE_SECONDS = 2,
  RESERVE = 4 << 20, /* bytes beyond the limit, in which an ended script is unwound */
  CM_TIME_UP = 6101  /* the number of the program's own error */
};

/* The Lua threads that run now, the innermost first; each is in the C frame
 * that resumed it. */
typedef struct runner {
  lua_State *L;
  struct runner *waiting;
} runner;

static struct {
  runner main;
  runner *volatile innermost;
  pthread_t thread; /* that Lua runs in */
  volatile sig_atomic_t interrupts;
  volatile sig_atomic_t ending; /* 0, TIME_UP or MEMORY_OUT */
  bool interactive;
  double seconds, budget; /* as they were given */
  size_t limit, held;     /* bytes of Lua's objects; 0: no limit */
  const void *refused_block;
  size_t refused_size;
} stop;

/* ---- the hook ------------------------------------------------------------ */

static void set_hooks(lua_Hook hook, int mask) {
  for (runner *r = stop.innermost; r; r = r->waiting) lua_sethook(r->L, hook, mask, mask ? 1 : 0);
}

static void disarm(void) { set_hooks(NULL, 0); }

/* Pushes the same error object each time: it names the place where the script was. */
static void push_ending(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &stop) != LUA_TNIL) return;
  lua_pop(L, 1);
  char text[CM_MESSAGE_MAX];
  if (stop.ending == TIME_UP) {
    snprintf(text, sizeof text, "time is up: --time allows %g s", stop.seconds);
    lcm_push_error(L, CM_TIME_UP, text, "allow more time, or solve a smaller case");
  } else {
    snprintf(text, sizeof text, "out of memory: --memory allows %.0f MB", stop.budget / 1e6);
    lcm_push_error(L, CM_BUDGET, text, cm_status_fix(CM_BUDGET));
  }
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &stop);
}

static void on_instruction(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (stop.ending) {
    push_ending(L);
    lua_error(L);
  }
  if (!atomic_load(&lcm_interrupted) && stop.interrupts < 2) {
    lua_sethook(L, NULL, 0, 0); /* the engine saw it first */
    return;
  }
  if (stop.interrupts < 2) disarm();
  cm_error err = {.status = CM_CANCELLED, .message = "interrupted"};
  lcm_raise(L, &err);
}

static void arm(void) { set_hooks(on_instruction, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT); }

void lcm_stop_on_error(lua_State *L, cm_status status) {
  if (stop.ending) {
    push_ending(L);
    lua_replace(L, -2);
  } else if (stop.limit && (status == CM_BUDGET || status == CM_MEMORY)) {
    stop.ending = MEMORY_OUT;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &stop);
    arm();
  } else {
    atomic_store(&lcm_interrupted, false);
  }
}

/* ---- signals ------------------------------------------------------------- */

/* A signal may come to a thread of the BLAS library, which can arm nothing and
 * wakes nobody; it is handed on. */
static bool handed_on(int signum) {
  if (pthread_equal(pthread_self(), stop.thread)) return false;
  pthread_kill(stop.thread, signum);
  return true;
}

static void on_interrupt(int signum) {
  if (handed_on(signum)) return;
  stop.interrupts++;
  if (stop.interrupts > 1 && !stop.interactive) _exit(INTERRUPTED);
  atomic_store(&lcm_interrupted, true);
  arm();
}

static void on_alarm(int signum) {
  if (handed_on(signum)) return;
  static const char text[] = "capmod: time is up\n";
  if (stop.ending == TIME_UP) {
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(TIME_UP);
    _exit(TIME_UP);
  }
  stop.ending = TIME_UP;
  atomic_store(&lcm_interrupted, true);
  arm();
}

void program_catch_signals(lua_State *L) {
  stop.thread = pthread_self();
  stop.main.L = L;
  stop.innermost = &stop.main;
  struct sigaction action = {.sa_handler = on_interrupt};
  sigaction(SIGINT, &action, NULL);
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
}

int program_interrupts(void) {
  int n = stop.interrupts;
  stop.interrupts = 0;
  atomic_store(&lcm_interrupted, false);
  return n;
}

/* ---- memory -------------------------------------------------------------- */

/* What is left of the budget after Lua's part is the engine's. */
static void share_budget(void) {
  cm_memory_limit_set(stop.limit > stop.held ? stop.limit - stop.held : 1);
}

static bool fits(size_t more) {
  size_t used = stop.held + cm_memory_held();
  size_t limit = stop.limit + (stop.ending ? RESERVE : 0);
  return used <= limit && more <= limit - used;
}

static void end_for_memory(void) {
  if (stop.ending) return;
  stop.ending = MEMORY_OUT;
  arm();
}

/* Whether `size` bytes for `block` are allowed. Lua collects garbage and asks
 * once more where it was refused, so a first refusal settles nothing; the same
 * request again, or another one in its stead, shows that there was no room. */
static bool allowed(const void *block, size_t old, size_t size) {
  bool again = stop.refused_size == size && stop.refused_block == block;
  if (stop.refused_size && !again) end_for_memory();
  stop.refused_size = 0;
  if (fits(size - old)) return true;
  if (again) end_for_memory();
  stop.refused_block = block;
  stop.refused_size = again ? 0 : size;
  return false;
}

static void *count_realloc(void *ud, void *block, size_t old_size, size_t size) {
  (void)ud;
  size_t old = block ? old_size : 0; /* without a block, old_size is a type */
  if (stop.limit && size > old && !allowed(block, old, size)) return NULL;
  void *fresh = NULL;
  if (size)
    fresh = realloc(block, size);
  else
    free(block);
  if (size && !fresh) return NULL;
  stop.held += size - old; /* wraps when shrinking */
  if (stop.limit) share_budget();
  return fresh;
}

lua_State *program_new_state(void) { return lua_newstate(count_realloc, NULL); }

/* ---- coroutines ---------------------------------------------------------- */

/* As coroutine.resume of Lua 5.4, and it notes who runs. Returns the number of
 * results on L, or -1 with the error on L. */
static int resume(lua_State *L, lua_State *co, int n) {
  if (!lua_checkstack(co, n)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, n);
  runner here = {co, stop.innermost};
  stop.innermost = &here;
  if (stop.ending) arm();
  int results, status = lua_resume(co, L, n, &results);
  stop.innermost = here.waiting;
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, results);
  return results;
}

static int co_resume(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  int n = resume(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, n >= 0);
  if (n < 0) n = 1;
  lua_insert(L, -(n + 1));
  return n + 1;
}

static int wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int n = resume(L, co, lua_gettop(L));
  if (n >= 0) return n;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) lua_resetthread(co);
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int co_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

/* ---- for the scripts ----------------------------------------------------- */

/* protect(f, handler, ...) -> true, results | false, error, status: calls f as
 * one computation, which Ctrl-C and the limits end. status is 124 or 125 where
 * a limit ended it, also if the function swallowed the error. */
static int protect(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  program_interrupts();
  lua_pushvalue(L, 2);
  lua_insert(L, 1); /* handler f handler args */
  lua_remove(L, 3);
  int result = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
  if (stop.refused_size) end_for_memory();
  disarm();
  program_interrupts();
  if (stop.ending) {
    struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, NULL);
    stop.limit = 0; /* what follows only tells of it */
    lua_settop(L, 1);
    lua_pushboolean(L, false);
    push_ending(L);
    lua_pushinteger(L, stop.ending);
    return 3;
  }
  lua_pushboolean(L, result == LUA_OK);
  lua_replace(L, 1);
  return lua_gettop(L);
}

/* limit(seconds | nil, bytes | nil) */
static int limit(lua_State *L) {
  lua_Number seconds = luaL_optnumber(L, 1, 0), bytes = luaL_optnumber(L, 2, 0);
  luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "out of range");
  luaL_argcheck(L, bytes >= 0 && bytes < 1e18, 2, "out of range");
  if (seconds > 0) {
    stop.seconds = seconds;
    double whole;
    long micro = (long)(modf(seconds, &whole) * 1e6);
    struct itimerval timer = {{GRACE_SECONDS, 0}, {(time_t)whole, whole > 0 ? micro : micro + 1}};
    setitimer(ITIMER_REAL, &timer, NULL);
  }
  if (bytes > 0) {
    stop.limit = (size_t)bytes;
    stop.budget = bytes;
    share_budget();
  }
  return 0;
}

/* interactive(): Ctrl-C returns to the prompt however often it is pressed. */
static int interactive(lua_State *L) {
  (void)L;
  stop.interactive = true;
  return 0;
}

void program_open_stop(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"protect", protect}, {"limit", limit}, {"interactive", interactive}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  lua_getglobal(L, "coroutine");
  lua_pushcfunction(L, co_resume);
  lua_setfield(L, -2, "resume");
  lua_pushcfunction(L, co_wrap);
  lua_setfield(L, -2, "wrap");
  lua_pop(L, 1);
}
