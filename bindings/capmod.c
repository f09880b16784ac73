/* The program: makes a Lua state, loads the core and runs scripts/main.lua. */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <lualib.h>

#include "program.h"

/* ---- where capmod's Lua files are ---------------------------------------- */

/* <prefix>/share/capmod, where the program is <prefix>/bin/capmod: holds for an
 * installed prefix, a moved one, and the build tree (which links to the sources). */
static bool find_home(char *home, size_t size) {
  const char *set = getenv("CAPMOD_HOME");
  if (set && *set) return snprintf(home, size, "%s", set) < (int)size;
  char exe[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n <= 0) return false;
  exe[n] = '\0';
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(exe, '/');
    if (!slash) return false;
    *slash = '\0';
  }
  return snprintf(home, size, "%s/share/capmod", exe) < (int)size;
}

/* ---- running ------------------------------------------------------------- */

/* isatty(0 | 1 | 2) */
static int on_terminal(lua_State *L) {
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

/* columns() -> the width of the terminal that stdout is, or nil */
static int columns(lua_State *L) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 0;
  lua_pushinteger(L, size.ws_col);
  return 1;
}

/* clock() -> seconds that pass on a wall clock, from some start */
static int wall_clock(lua_State *L) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec * 1e-9);
  return 1;
}

/* make_folders(path) -> whether the folder is there now, made with its parents if need be */
static int make_folders(lua_State *L) {
  char path[PATH_MAX];
  struct stat info;
  int size = snprintf(path, sizeof path, "%s", luaL_checkstring(L, 1));
  if (size < 1 || size >= (int)sizeof path) return 0;
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0755); /* what matters is what stands at the end */
    *slash = '/';
  }
  mkdir(path, 0755);
  lua_pushboolean(L, stat(path, &info) == 0 && S_ISDIR(info.st_mode));
  return 1;
}

/* What only the program's own scripts are given. */
static void push_program(lua_State *L) {
  static const luaL_Reg functions[] = {{"isatty", on_terminal},
                                       {"columns", columns},
                                       {"clock", wall_clock},
                                       {"make_folders", make_folders},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  program_open_stop(L);
  program_open_edit(L);
  program_open_children(L);
}

static int run(lua_State *L) {
  const char *home = lua_touserdata(L, 1);
  luaL_openlibs(L);
  luaL_requiref(L, "capmod.core", luaopen_capmod_core, 0);
  lua_pushstring(L, home);
  lua_setfield(L, -2, "home");
  lua_pushfstring(L, "%s/scripts/main.lua", home);
  if (luaL_loadfilex(L, lua_tostring(L, -1), "t") != LUA_OK) return lua_error(L);
  lua_getglobal(L, "arg");
  push_program(L);
  lua_call(L, 2, 1);
  return 1;
}

static void push_arguments(lua_State *L, int argc, char **argv) {
  lua_createtable(L, argc, 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i);
  }
  lua_setglobal(L, "arg");
}

static int with_trace(lua_State *L) {
  const char *text = luaL_tolstring(L, 1, NULL);
  if (lua_type(L, 1) == LUA_TSTRING) luaL_traceback(L, L, text, 1);
  return 1;
}

/* Output that could not be written must not pass for success; a reader that
 * went away (capmod ... | head) is no error. */
static int close_output(int status) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  if (errno == EPIPE) return status;
  fprintf(stderr, "capmod: cannot write the results: %s\n", strerror(errno));
  return status ? status : 1;
}

int main(int argc, char **argv) {
  char home[PATH_MAX];
  setlocale(LC_CTYPE, "");
  if (!find_home(home, sizeof home)) {
    fputs("capmod: cannot find its own files; set CAPMOD_HOME to the folder share/capmod\n",
          stderr);
    return 1;
  }
  lua_State *L = program_new_state();
  if (!L) {
    fputs("capmod: out of memory\n", stderr);
    return 125;
  }
  push_arguments(L, argc, argv);
  program_catch_signals(L);
  lua_pushcfunction(L, with_trace);
  lua_pushcfunction(L, run);
  lua_pushlightuserdata(L, home);
  int status = 1;
  if (lua_pcall(L, 1, 1, 1) == LUA_OK)
    status = (int)lua_tointeger(L, -1);
  else
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
  lua_close(L);
  return close_output(status);
}
