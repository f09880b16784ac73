#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

/* Work in a child process: ended at any moment, whatever it calls; what it breaks
 * stays there. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "program/internal.h"

enum {
  TICK_MS = 50,        /* how soon a request to end is seen */
  LEAST_OVER_MS = 500, /* from the limit to the kill, where a tenth of it is less */
  NO_MEMORY_EXIT = 77,
  PROBE = 16 << 20 /* what a child near its budget cannot map */
};

typedef struct header {
  uint32_t tag;
  uint64_t size;
} header;

/* ---- in the child -------------------------------------------------------------- */

void cm__send(int channel, unsigned tag, const void *data, size_t size) {
  header h;
  memset(&h, 0, sizeof h); /* its padding goes through the pipe too */
  h.tag = tag;
  h.size = size;
  const char *part[] = {(const char *)&h, data};
  size_t left[] = {sizeof h, size};
  for (int k = 0; k < 2; k++) {
    while (left[k]) {
      ssize_t n = write(channel, part[k], left[k]);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) _exit(1);
      part[k] += n;
      left[k] -= (size_t)n;
    }
  }
}

/* C++ aborts where an allocation fails and nobody catches it. POSIX does not list mmap among the
 * functions that a handler may call; it is a bare system call on every system that has it. */
static void on_abort(int signum) {
  // NOLINTNEXTLINE(bugprone-signal-handler)
  void *probe = mmap(NULL, PROBE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) _exit(NO_MEMORY_EXIT);
  signal(signum, SIG_DFL);
  raise(signum);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

#ifdef SANITIZED /* its shadow takes terabytes of addresses */
static void limit_memory(size_t bytes) { (void)bytes; }
#else
/* The bytes of address space in use, or 0 where the system does not say. */
static size_t address_space(void) {
  char text[64];
  unsigned long pages = 0;
  int fd = open("/proc/self/statm", O_RDONLY);
  if (fd < 0) return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return 0;
  text[n] = '\0';
  for (const char *c = text; *c >= '0' && *c <= '9'; c++)
    pages = pages * 10 + (unsigned long)(*c - '0');
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void limit_memory(size_t bytes) {
  size_t now = address_space();
  if (!bytes || !now || bytes > SIZE_MAX - now) return;
  struct rlimit limit = {.rlim_cur = now + bytes, .rlim_max = now + bytes};
  setrlimit(RLIMIT_AS, &limit);
}
#endif

/* Nothing of the parent's reaches the terminal twice; Ctrl-C is for the parent. */
static void be_child(pid_t parent, size_t memory) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(1);
  static const int standard[] = {SIGALRM, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD};
  for (size_t k = 0; k < sizeof standard / sizeof *standard; k++) signal(standard[k], SIG_DFL);
  signal(SIGINT, SIG_IGN);
  signal(SIGABRT, on_abort);
  int null = open("/dev/null", O_RDWR);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO) close(null);
  }
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  limit_memory(memory);
}

/* ---- in the parent --------------------------------------------------------------- */

typedef struct reading {
  char *data;
  size_t used, room;
} reading;

/* Hands whole messages on and keeps what is left of the last one. */
static cm_status deliver(const cm__work *w, reading *r, cm_error *err) {
  size_t at = 0;
  header h;
  while (r->used - at >= sizeof h) {
    memcpy(&h, r->data + at, sizeof h);
    if (r->used - at - sizeof h < h.size) break;
    cm_status status = w->receive(w->ud, h.tag, r->data + at + sizeof h, (size_t)h.size, err);
    if (status != CM_OK) return status;
    at += sizeof h + (size_t)h.size;
  }
  if (at) memmove(r->data, r->data + at, r->used - at);
  r->used -= at;
  return CM_OK;
}

/* Reads what there is; *open becomes false at the end. */
static cm_status receive(const cm__work *w, int fd, reading *r, bool *open, cm_error *err) {
  static const size_t CHUNK = 1 << 16;
  cm_status status = CM_OK;
  if (r->room - r->used < CHUNK) {
    size_t room = r->room ? 2 * r->room : 2 * CHUNK;
    status = cm__grow(room, 1, "a message", &r->data, err);
    if (status != CM_OK) return status;
    r->room = room;
  }
  ssize_t n = read(fd, r->data + r->used, CHUNK);
  if (n < 0) return errno == EINTR || errno == EAGAIN ? CM_OK : (*open = false, CM_OK);
  *open = n > 0;
  r->used += (size_t)n;
  return deliver(w, r, err);
}

static double clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

typedef struct watch {
  pid_t child;
  double soft, hard; /* when the child is asked to end, and killed; infinite for never */
  bool asked, killed, withdrawn;
} watch;

/* Asks the child to end by SIGINT, for which CBC has a handler, and kills it later. */
static void keep_time(watch *v, double now) {
  if (now >= v->soft && !v->asked) {
    kill(v->child, SIGINT);
    v->asked = true;
  }
  if (now >= v->hard && !v->killed) {
    kill(v->child, SIGKILL);
    v->killed = true;
  }
}

static cm_status attend(const cm__work *w, const cm_job *job, int fd, watch *v, cm_error *err) {
  reading r = {0};
  bool open = true;
  cm_status status = CM_OK;
  while (open && status == CM_OK) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = poll(&wait, 1, TICK_MS);
    if (ready > 0) status = receive(w, fd, &r, &open, err);
    if (status != CM_OK) break;
    if (!v->withdrawn && w->step(w->ud, job, err) != CM_OK) {
      double now = clock_ms();
      v->withdrawn = true;
      v->soft = now;
      v->hard = fmin(v->hard, now + w->grace_ms);
    }
    keep_time(v, clock_ms());
  }
  cm__free(r.data);
  return status;
}

static cm__ending ending_of(const watch *v, int wait_status, int *died_of) {
  *died_of = 0;
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0)
    return v->withdrawn ? CM__WITHDRAWN : CM__DONE;
  if (v->withdrawn) return CM__WITHDRAWN;
  if (v->killed) return CM__TIMED_OUT;
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == NO_MEMORY_EXIT) return CM__NO_MEMORY;
  *died_of = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  return CM__DIED;
}

/* A fork during which no signal of the parent's is handled by the child. */
static pid_t quiet_fork(pid_t parent, const cm__work *w, int fd[2]) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child == 0) {
    close(fd[0]);
    be_child(parent, w->memory);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    w->run(w->ud, fd[1]);
    _exit(0);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return child;
}

cm_status cm__work_run(const cm__work *w, const cm_job *job, cm__ending *ending, int *died_of,
                       cm_error *err) {
  int fd[2], wait_status = 0;
  if (pipe(fd) != 0) return cm__fail(err, CM_SOLVER, "%s: no pipe: %s", w->what, strerror(errno));
  fcntl(fd[0], F_SETFD, FD_CLOEXEC);
  fcntl(fd[1], F_SETFD, FD_CLOEXEC);
  fcntl(fd[0], F_SETFL, O_NONBLOCK);
  pid_t child = quiet_fork(getpid(), w, fd);
  int why = errno;
  close(fd[1]);
  if (child < 0) {
    close(fd[0]);
    return cm__fail(err, CM_SOLVER, "%s: no child process: %s", w->what, strerror(why));
  }
  double start = clock_ms(), limit = w->seconds * 1e3;
  watch v = {.child = child, .soft = HUGE_VAL, .hard = HUGE_VAL};
  if (limit > 0) {
    v.soft = start + limit;
    v.hard = start + fmax(1.1 * limit, limit + LEAST_OVER_MS);
  }
  cm_status status = attend(w, job, fd[0], &v, err);
  if (status != CM_OK) kill(child, SIGKILL);
  close(fd[0]);
  while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR) {
  }
  if (status == CM_OK) *ending = ending_of(&v, wait_status, died_of);
  return status;
}
