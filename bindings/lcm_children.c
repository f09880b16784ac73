/* What a sweep needs of the system: child processes that each compute one text,
 * and a journal to which whole texts are added. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

#define POOL "capmod.pool"
#define JOURNAL "capmod.journal"

enum { MOST_CHILDREN = 1024, FAILED = 1 };

/* ---- the pool ------------------------------------------------------------ */

typedef struct child {
  lua_Integer id; /* as the script calls it; its text grows as a buffer in C */
  pid_t pid;
  int fd;
  char *text;
  size_t size, room;
} child;

typedef struct pool {
  int running;
  child children[MOST_CHILDREN];
} pool;

static pool *pool_at(lua_State *L) { return luaL_checkudata(L, 1, POOL); }

static int pool_new(lua_State *L) {
  pool *p = lua_newuserdatauv(L, sizeof *p, 0);
  p->running = 0;
  luaL_setmetatable(L, POOL);
  return 1;
}

static void write_all(int fd, const char *text, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, text, size);
    if (n < 0 && errno != EINTR) _exit(FAILED);
    if (n > 0) text += n, size -= (size_t)n;
  }
}

/* The child: calls the function on top and sends its text. It ends with its
 * parent, prints nowhere, and leaves what it has open to the system. */
static void be_child(lua_State *L, const pool *p, pid_t parent, int fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(FAILED);
  for (int i = 0; i < p->running; i++) close(p->children[i].fd);
  int nowhere = open("/dev/null", O_RDWR);
  if (nowhere < 0) _exit(FAILED);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  if (lua_pcall(L, 0, 1, 0) != LUA_OK) _exit(FAILED);
  size_t size;
  const char *text = lua_tolstring(L, -1, &size);
  if (!text) _exit(FAILED);
  write_all(fd, text, size);
  _exit(0);
}

/* pool:start(id, f): a child process calls f, whose text is what :next returns */
static int pool_start(lua_State *L) {
  pool *p = pool_at(L);
  lua_Integer id = luaL_checkinteger(L, 2);
  luaL_checktype(L, 3, LUA_TFUNCTION);
  lua_settop(L, 3);
  luaL_argcheck(L, p->running < MOST_CHILDREN, 1, "too many children");
  int fd[2];
  if (pipe(fd) != 0) return luaL_error(L, "no pipe: %s", strerror(errno));
  fcntl(fd[0], F_SETFD, FD_CLOEXEC);
  fcntl(fd[1], F_SETFD, FD_CLOEXEC);
  fflush(NULL); /* so that nothing is written twice */
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    close(fd[0]);
    be_child(L, p, parent, fd[1]);
  }
  int why = errno;
  close(fd[1]);
  if (pid < 0) {
    close(fd[0]);
    return luaL_error(L, "no child process: %s", strerror(why));
  }
  p->children[p->running++] = (child){.id = id, .pid = pid, .fd = fd[0]};
  return 0;
}

/* pool:running() -> how many children there are */
static int pool_running(lua_State *L) {
  lua_pushinteger(L, pool_at(L)->running);
  return 1;
}

static int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

static void forget(pool *p, int at) {
  close(p->children[at].fd);
  free(p->children[at].text);
  p->children[at] = p->children[--p->running];
}

/* Reads what a child has sent; whether it has closed its end. */
static bool has_ended(lua_State *L, child *c) {
  if (c->room - c->size < 4096) {
    size_t room = 2 * c->room + 8192;
    char *text = realloc(c->text, room);
    if (!text) luaL_error(L, "not enough memory");
    c->text = text, c->room = room;
  }
  ssize_t n = read(c->fd, c->text + c->size, c->room - c->size);
  if (n > 0) c->size += (size_t)n;
  return n == 0 || (n < 0 && errno != EINTR);
}

/* Pushes id, text | nil, how it died. */
static int give(lua_State *L, pool *p, int at) {
  child *c = &p->children[at];
  int status = wait_for(c->pid);
  lua_pushinteger(L, c->id);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    lua_pushlstring(L, c->text ? c->text : "", c->size);
    lua_pushnil(L);
  } else {
    lua_pushnil(L);
    if (WIFSIGNALED(status))
      lua_pushfstring(L, "its process was ended by signal %d", WTERMSIG(status));
    else
      lua_pushfstring(L, "its process ended with status %d", WEXITSTATUS(status));
  }
  forget(p, at);
  return 3;
}

/* pool:next() -> id, text, nil | id, nil, how it died, of the next child that
 * ends; nothing after a signal, so that Ctrl-C is heard. */
static int pool_next(lua_State *L) {
  pool *p = pool_at(L);
  struct pollfd ends[MOST_CHILDREN];
  while (p->running > 0) {
    int n = p->running;
    for (int i = 0; i < n; i++) ends[i] = (struct pollfd){p->children[i].fd, POLLIN, 0};
    if (poll(ends, (nfds_t)n, -1) < 0) return 0;
    for (int i = 0; i < n; i++)
      if (ends[i].revents && has_ended(L, &p->children[i])) return give(L, p, i);
  }
  return 0;
}

/* pool:close(), also when it goes out of scope: ends the children that still run */
static int pool_close(lua_State *L) {
  pool *p = pool_at(L);
  for (int i = 0; i < p->running; i++) kill(p->children[i].pid, SIGKILL);
  while (p->running > 0) {
    wait_for(p->children[p->running - 1].pid);
    forget(p, p->running - 1);
  }
  return 0;
}

/* cores() -> how many cores there are */
static int cores(lua_State *L) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  lua_pushinteger(L, n > 0 ? n : 1);
  return 1;
}

/* ---- the journal --------------------------------------------------------- */

typedef struct journal {
  int fd;
  off_t size;
} journal;

static journal *journal_at(lua_State *L) {
  journal *j = luaL_checkudata(L, 1, JOURNAL);
  luaL_argcheck(L, j->fd >= 0, 1, "closed");
  return j;
}

/* journal(path) -> a journal, or nil and "locked" or the reason. It is locked
 * against other processes until it is closed. */
static int journal_open(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  journal *j = lua_newuserdatauv(L, sizeof *j, 0);
  j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  luaL_setmetatable(L, JOURNAL);
  struct stat info;
  bool locked = j->fd >= 0 && flock(j->fd, LOCK_EX | LOCK_NB) != 0;
  if (j->fd >= 0 && !locked && fstat(j->fd, &info) == 0) {
    j->size = info.st_size;
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, locked && errno == EWOULDBLOCK ? "locked" : strerror(errno));
  return 2;
}

/* Pushes true, or nil and the reason. */
static int outcome(lua_State *L, bool good) {
  if (good) {
    lua_pushboolean(L, true);
    return 1;
  }
  int why = errno;
  lua_pushnil(L);
  lua_pushstring(L, strerror(why));
  return 2;
}

/* journal:truncate(size) -> true | nil, reason */
static int journal_truncate(lua_State *L) {
  journal *j = journal_at(L);
  j->size = (off_t)luaL_checkinteger(L, 2);
  return outcome(L, ftruncate(j->fd, j->size) == 0);
}

/* journal:append(text) -> true | nil, reason, and then nothing of it is there */
static int journal_append(lua_State *L) {
  journal *j = journal_at(L);
  size_t size;
  const char *text = luaL_checklstring(L, 2, &size);
  for (size_t done = 0; done < size;) {
    ssize_t n = write(j->fd, text + done, size - done);
    if (n < 0 && errno != EINTR) {
      int why = errno;
      if (ftruncate(j->fd, j->size) != 0) errno = why;
      errno = why;
      return outcome(L, false);
    }
    if (n > 0) done += (size_t)n;
  }
  j->size += (off_t)size;
  return outcome(L, true);
}

/* journal:sync() -> true | nil, reason: what was added is on the disk */
static int journal_sync(lua_State *L) { return outcome(L, fdatasync(journal_at(L)->fd) == 0); }

static int journal_close(lua_State *L) {
  journal *j = luaL_checkudata(L, 1, JOURNAL);
  if (j->fd >= 0) close(j->fd);
  j->fd = -1;
  return 0;
}

/* ---- for the scripts ----------------------------------------------------- */

static void make_class(lua_State *L, const char *name, const luaL_Reg *methods) {
  luaL_newmetatable(L, name);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}

void program_open_children(lua_State *L) {
  static const luaL_Reg pools[] = {
      {"start", pool_start}, {"next", pool_next},     {"running", pool_running},
      {"close", pool_close}, {"__close", pool_close}, {"__gc", pool_close},
      {NULL, NULL}};
  static const luaL_Reg journals[] = {{"append", journal_append},
                                      {"sync", journal_sync},
                                      {"truncate", journal_truncate},
                                      {"close", journal_close},
                                      {"__close", journal_close},
                                      {"__gc", journal_close},
                                      {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"pool", pool_new}, {"journal", journal_open}, {"cores", cores}, {NULL, NULL}};
  make_class(L, POOL, pools);
  make_class(L, JOURNAL, journals);
  luaL_setfuncs(L, functions, 0);
}
