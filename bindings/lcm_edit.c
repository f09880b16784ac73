/* Line editing at the prompt by libedit. Where it was not compiled in, or input
 * or output is no terminal, lines are read plainly. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>
#include <wchar.h>

#include "program.h"

#ifdef CM_HAVE_LIBEDIT
#include <histedit.h>

enum { HISTORY_SIZE = 2000 };

static struct {
  EditLine *el;
  History *history;
  char *path; /* of the history, or NULL */
  char prompt[32];
  lua_State *L; /* who answers the Tab key */
  int complete; /* registry reference */
  bool interrupted;
  int fd; /* the terminal, opened anew so as not to block: Ctrl-C empties its queue */
} edit = {.complete = LUA_NOREF, .fd = STDIN_FILENO};

static char *prompt(EditLine *el) {
  (void)el;
  return edit.prompt;
}

/* Waits for a byte; -1 on Ctrl-C, which is let through only here, so that none
 * is lost between looking and waiting. */
static int wait_for_byte(void) {
  sigset_t without, before;
  sigemptyset(&without);
  sigaddset(&without, SIGINT);
  sigprocmask(SIG_BLOCK, &without, &before);
  int ready;
  for (;;) {
    edit.interrupted = program_interrupts() > 0;
    if (edit.interrupted) {
      ready = -1;
      break;
    }
    fd_set input;
    FD_ZERO(&input);
    FD_SET(edit.fd, &input);
    ready = pselect(edit.fd + 1, &input, NULL, NULL, NULL, &before);
    if (ready >= 0 || errno != EINTR) break;
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  return ready;
}

/* One character, from as many bytes as it takes. */
static int read_char(EditLine *el, wchar_t *out) {
  (void)el;
  mbstate_t state;
  memset(&state, 0, sizeof state);
  for (;;) {
    char byte;
    if (wait_for_byte() < 0) return -1;
    ssize_t n = read(edit.fd, &byte, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return (int)n;
    size_t used = mbrtowc(out, &byte, 1, &state);
    if (used == (size_t)-1) memset(&state, 0, sizeof state); /* not text: dropped */
    if (used <= 1) return 1;
  }
}

/* Tab: Lua is asked with the line up to the cursor, and answers how many bytes
 * before the cursor go, what comes in their place, and what to list. */
static unsigned char complete(EditLine *el, int key) {
  (void)key;
  const LineInfo *line = el_line(el);
  lua_State *L = edit.L;
  int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, edit.complete);
  lua_pushlstring(L, line->buffer, (size_t)(line->cursor - line->buffer));
  unsigned char answer = CC_REFRESH_BEEP;
  if (lua_pcall(L, 1, 3, 0) == LUA_OK) {
    const char *text = lua_tostring(L, -2), *list = lua_tostring(L, -1);
    el_deletestr(el, (int)lua_tointeger(L, -3));
    if (text && *text && el_insertstr(el, text) == 0) answer = CC_REFRESH;
    if (list) {
      printf("\n%s\n", list);
      fflush(stdout);
      answer = CC_REDISPLAY;
    }
  }
  lua_settop(L, top);
  return answer;
}

static void history_open(const char *path) {
  HistEvent event;
  edit.history = history_init();
  if (!edit.history) return;
  history(edit.history, &event, H_SETSIZE, HISTORY_SIZE);
  history(edit.history, &event, H_SETUNIQUE, 1);
  el_set(edit.el, EL_HIST, history, edit.history);
  if (!path) return;
  history(edit.history, &event, H_LOAD, path); /* a missing file is a short history */
  edit.path = strdup(path);
}

/* edit_open(history path | nil, complete) -> true where lines can be edited */
static int edit_open(lua_State *L) {
  const char *path = luaL_optstring(L, 1, NULL);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  if (edit.el || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return 0;
  edit.el = el_init("capmod", stdin, stdout, stderr);
  if (!edit.el) return 0;
  const char *name = ttyname(STDIN_FILENO);
  int fd = name ? open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
  edit.fd = fd >= 0 ? fd : STDIN_FILENO;
  lua_settop(L, 2);
  edit.complete = luaL_ref(L, LUA_REGISTRYINDEX);
  el_set(edit.el, EL_EDITOR, "emacs");
  el_set(edit.el, EL_SIGNAL, 1);
  el_set(edit.el, EL_PROMPT, prompt);
  el_set(edit.el, EL_GETCFN, read_char);
  el_wset(edit.el, EL_ADDFN, L"capmod-complete", L"complete names", complete); /* el_set leaks */
  el_set(edit.el, EL_BIND, "^I", "capmod-complete", NULL);
  el_set(edit.el, EL_BIND, "^R", "em-inc-search-prev", NULL);
  history_open(path);
  el_source(edit.el, NULL); /* the user's own ~/.editrc */
  lua_pushboolean(L, true);
  return 1;
}

static int edited_line(lua_State *L, const char *text) {
  snprintf(edit.prompt, sizeof edit.prompt, "%s", text);
  edit.L = L;
  edit.interrupted = false;
  int n = 0;
  const char *line = el_gets(edit.el, &n);
  if (edit.interrupted) {
    el_reset(edit.el);
    fputs("^C\n", stdout);
    lua_pushboolean(L, false);
  } else if (!line || n <= 0) {
    putchar('\n');
    lua_pushnil(L);
  } else {
    if (line[n - 1] == '\n') n--;
    lua_pushlstring(L, line, (size_t)n);
  }
  return 1;
}

/* Writes one entry as libedit reads it: a line, white space and backslashes as \ooo. */
static void append_entry(FILE *file, const char *text) {
  if (fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0) fputs("_HiStOrY_V2_\n", file);
  for (const char *c = text; *c; c++) {
    if (*c == '\\' || (*c >= 0 && *c <= ' '))
      fprintf(file, "\\%03o", (unsigned)*c);
    else
      putc(*c, file);
  }
  putc('\n', file);
}

/* edit_remember(text): into the history, and to the end of its file. */
static int edit_remember(lua_State *L) {
  const char *text = luaL_checkstring(L, 1);
  HistEvent event;
  if (!edit.history) return 0;
  history(edit.history, &event, H_ENTER, text);
  int fd = edit.path ? open(edit.path, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;
  FILE *file = fd >= 0 ? fdopen(fd, "a") : NULL;
  if (!file) return 0; /* a history that cannot be kept is no reason to complain */
  append_entry(file, text);
  fclose(file);
  return 0;
}

static int edit_close(lua_State *L) {
  (void)L;
  if (edit.history) history_end(edit.history);
  if (edit.el) el_end(edit.el);
  free(edit.path);
  if (edit.fd != STDIN_FILENO) close(edit.fd);
  edit.fd = STDIN_FILENO;
  edit.el = NULL;
  edit.history = NULL;
  edit.path = NULL;
  return 0;
}

#else

static int edit_nothing(lua_State *L) {
  (void)L;
  return 0;
}
#define edit_open edit_nothing
#define edit_remember edit_nothing
#define edit_close edit_nothing

#endif

/* A line without editing; false where Ctrl-C came first. */
static int plain_line(lua_State *L, const char *text) {
  fputs(text, stdout);
  fflush(stdout);
  luaL_Buffer line;
  luaL_buffinit(L, &line);
  char part[512];
  bool any = false;
  while (fgets(part, sizeof part, stdin)) {
    size_t n = strlen(part);
    any = true;
    bool end = n && part[n - 1] == '\n';
    luaL_addlstring(&line, part, n - end);
    if (end) break;
  }
  luaL_pushresult(&line);
  if (any) return 1;
  if (program_interrupts()) {
    clearerr(stdin);
    lua_pushboolean(L, false);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

/* edit_line(prompt) -> line | false after Ctrl-C | nil at the end */
static int edit_line(lua_State *L) {
  const char *text = luaL_checkstring(L, 1);
#ifdef CM_HAVE_LIBEDIT
  if (edit.el) return edited_line(L, text);
#endif
  return plain_line(L, text);
}

void program_open_edit(lua_State *L) {
  static const luaL_Reg functions[] = {{"edit_open", edit_open},
                                       {"edit_line", edit_line},
                                       {"edit_remember", edit_remember},
                                       {"edit_close", edit_close},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
