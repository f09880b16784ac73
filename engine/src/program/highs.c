#define _DEFAULT_SOURCE /* mkdtemp */

/* The adapter to HiGHS (Huangfu and Hall 2018, Mathematical Programming Computation 10), which is
 * a program of its own: the model goes to it as MPS, the answer comes back as its solution file
 * in raw style, the bound of a search from its log, which is read as it is written. Runs in a child
 * process, as all solvers do; HiGHS is a child of that and ends with it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "program/highs.h"

/* The part of the gap and of the time that the search may use: some is left for rounding and for
 * handing over. */
static const double GAP_USED = 0.999, TIME_USED = 0.97;

static const char *const files[] = {"model.mps", "options", "start", "solution", "improving"};
enum { MODEL, OPTIONS, START, SOLUTION, IMPROVING };

/* What a row without a number may miss 0 by. */
static const double EMPTY_ROW = 1e-9;

enum { TICK_MS = 100 }; /* how soon a request to end is seen at the latest */

/* ---- its place and its files ------------------------------------------------------------- */

static bool is_program(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

cm_status cm__highs_find(const char *solver, char *path, size_t size, cm_error *err) {
  if (strchr(solver, '/')) {
    char *whole = is_program(solver) ? realpath(solver, NULL) : NULL; /* it runs elsewhere */
    bool fits = whole && (size_t)snprintf(path, size, "%s", whole) < size;
    free(whole); // NOLINT: realpath's own
    if (fits) return CM_OK;
    return cm__fail(err, CM_NO_SOLVER, "'%s' is no program that can be run", solver);
  }
  if (strcmp(solver, "highs") != 0)
    return cm__fail(err, CM_NO_SOLVER, "there is no solver '%s': \"highs\", or a path to it",
                    solver);
  const char *list = getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nobody sets it
  for (const char *at = list ? list : ""; *at;) {
    size_t n = strcspn(at, ":");
    if (n && (size_t)snprintf(path, size, "%.*s/highs", (int)n, at) < size && is_program(path))
      return CM_OK;
    at += n + (at[n] == ':');
  }
  return cm__fail(err, CM_NO_SOLVER, "HiGHS is not installed: no 'highs' on the PATH");
}

cm_status cm__highs_folder(char *folder, size_t size, cm_error *err) {
  const char *base = getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): nobody sets it
  int n = snprintf(folder, size, "%s/capmod-XXXXXX", base && *base ? base : "/tmp");
  if (n < 0 || (size_t)n >= size || !mkdtemp(folder)) {
    folder[0] = '\0';
    return cm__fail(err, CM_SOLVER, "no folder for the files of the solver: %s", strerror(errno));
  }
  return CM_OK;
}

static void path_of(const char *folder, int file, char *path, size_t size) {
  snprintf(path, size, "%s/%s", folder, files[file]);
}

/* Whatever is in it: versions of HiGHS differ in what they leave where they run. */
void cm__highs_clear(const char *folder) {
  char path[CM__PATH + 256];
  DIR *d = folder[0] ? opendir(folder) : NULL;
  if (!d) return;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this call's own
  for (const struct dirent *e; (e = readdir(d));) {
    int n = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    if (n > 0 && (size_t)n < sizeof path) unlink(path); /* not a folder, "." and ".." */
  }
  closedir(d);
  rmdir(folder);
}

/* ---- what it is given -------------------------------------------------------------------- */

/* Which rows are written; false where one that is not cannot hold, or memory ends (verdict). */
static bool choose_rows(const cm__order *o, cm__highs_rows *rows, cm__answer *out) {
  const cm_sparse *a = o->p->a;
  out->verdict = CM__STARVED;
  if (cm__alloc(a->rows, sizeof *rows->turn, "a model", &rows->turn, NULL) != CM_OK) return false;
  for (size_t k = 0; k < a->nnz; k++)
    if (a->value[k] != 0) rows->turn[a->row[k]] = 1; /* has a number */
  for (size_t i = 0; i < a->rows; i++) {
    double lower = o->row_lower[i], upper = o->row_upper[i];
    out->verdict = CM__IMPOSSIBLE;
    if (!rows->turn[i] && (lower > EMPTY_ROW || upper < -EMPTY_ROW)) return false;
    bool written = rows->turn[i] && (isfinite(lower) || isfinite(upper));
    rows->turn[i] = written ? rows->written++ : (size_t)CM__NOT_WRITTEN;
  }
  out->verdict = CM__MUTE;
  return true;
}

/* The order as a program without names: columns and rows keep their turn. */
static cm_status program_of(const cm__order *o, const cm__highs_rows *rows, cm_program **out) {
  const cm_sparse *a = o->p->a;
  size_t *row = NULL, *col = NULL, n = 0;
  double *lower = NULL, *upper = NULL, *value = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *row, "a model", &row, NULL));
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *col, "a model", &col, NULL));
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *value, "a model", &value, NULL));
  CM__TRY(cm__alloc_raw(rows->written, sizeof *lower, "a model", &lower, NULL));
  CM__TRY(cm__alloc_raw(rows->written, sizeof *upper, "a model", &upper, NULL));
  for (size_t i = 0; i < a->rows; i++)
    if (rows->turn[i] != (size_t)CM__NOT_WRITTEN)
      lower[rows->turn[i]] = o->row_lower[i], upper[rows->turn[i]] = o->row_upper[i];
  for (size_t j = 0; j < a->cols; j++)
    for (size_t k = (size_t)a->start[j]; k < (size_t)a->start[j + 1]; k++)
      if (rows->turn[a->row[k]] != (size_t)CM__NOT_WRITTEN)
        row[n] = rows->turn[a->row[k]], col[n] = j, value[n++] = a->value[k];
  cm_program_parts parts = {.cols = a->cols,
                            .rows = rows->written,
                            .entries = n,
                            .cost = o->cost,
                            .lower = o->lower,
                            .upper = o->upper,
                            .row_lower = lower,
                            .row_upper = upper,
                            .integer = o->integer,
                            .row = row,
                            .col = col,
                            .value = value};
  CM__TRY(cm_program_new(&parts, out, NULL));
done:
  cm__free(row);
  cm__free(col);
  cm__free(value);
  cm__free(lower);
  cm__free(upper);
  return status;
}

static bool write_file(const cm__order *o, int file, const char *text, size_t size) {
  char path[CM__PATH];
  path_of(o->folder, file, path, sizeof path);
  FILE *f = fopen(path, "wb");
  if (!f) return false;
  bool whole = fwrite(text, 1, size, f) == size;
  return fclose(f) == 0 && whole;
}

static bool write_model(const cm__order *o, const cm__highs_rows *rows) {
  cm_program *p = NULL;
  char *text = NULL;
  size_t size = 0;
  bool done = program_of(o, rows, &p) == CM_OK &&
              cm_program_write(p, CM_FORMAT_MPS, &text, &size, NULL) == CM_OK &&
              write_file(o, MODEL, text, size);
  cm__free(text);
  cm_program_release(p);
  return done;
}

/* One thread and no start from the clock: the same steps in every run. */
static bool write_options(const cm__order *o, bool presolve) {
  char text[800];
  int n = snprintf(text, sizeof text,
                   "parallel = off\nthreads = 1\nrandom_seed = 0\nwrite_solution_style = 0\n"
                   "mip_rel_gap = %.17g\nmip_abs_gap = 1e-10\n",
                   GAP_USED * o->gap);
  if (o->integer)
    n += snprintf(text + n, sizeof text - (size_t)n,
                  "mip_improving_solution_save = true\nmip_improving_solution_file = %s\n"
                  "mip_improving_solution_report_sparse = true\n",
                  files[IMPROVING]);
  if (!presolve) n += snprintf(text + n, sizeof text - (size_t)n, "presolve = off\n");
  if (o->seconds > 0)
    n +=
        snprintf(text + n, sizeof text - (size_t)n, "time_limit = %.17g\n", TIME_USED * o->seconds);
  if (o->nodes) n += snprintf(text + n, sizeof text - (size_t)n, "mip_max_nodes = %zu\n", o->nodes);
  return write_file(o, OPTIONS, text, (size_t)n);
}

/* The start as a solution file of columns alone. */
static bool write_start(const cm__order *o) {
  char path[CM__PATH];
  path_of(o->folder, START, path, sizeof path);
  FILE *f = fopen(path, "wb");
  if (!f) return false;
  fprintf(f,
          "Model status\nUnknown\n\n# Primal solution values\nFeasible\nObjective 0\n"
          "# Columns %zu\n",
          o->p->a->cols);
  for (size_t j = 0; j < o->p->a->cols; j++) fprintf(f, "C%zu %.17g\n", j + 1, o->start[j]);
  return fclose(f) == 0;
}

/* ---- running it ----------------------------------------------------------------------------- */

/* The child that becomes HiGHS, and the pipe by which its log comes. */
typedef struct running {
  pid_t child;
  int log;
  bool wary; /* a faulty version is broken off at once */
  char line[512];
  size_t used;
  cm__highs_log figures;
} running;

static volatile sig_atomic_t requested; /* to end: this process runs one search */

static void on_request(int signum) {
  (void)signum;
  requested = 1;
}

static void become_highs(const cm__order *o, int log, pid_t parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(1);
  signal(SIGINT, SIG_IGN);
  setpgid(0, 0); /* what it starts ends with it */
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (chdir(o->folder) != 0) _exit(127);
  const char *words[] = {
      o->program,        "--model_file",  files[MODEL], "--options_file", files[OPTIONS],
      "--solution_file", files[SOLUTION], NULL,         files[START],     NULL};
  if (o->start && o->integer) words[7] = "--read_solution_file";
  execv(o->program, (char *const *)(uintptr_t)words);
  _exit(127);
}

static bool start_highs(const cm__order *o, running *r) {
  int fd[2];
  pid_t parent = getpid();
  if (pipe(fd) != 0) return false;
  fcntl(fd[0], F_SETFD, FD_CLOEXEC);
  fcntl(fd[1], F_SETFD, FD_CLOEXEC);
  r->log = fd[0];
  r->child = fork();
  if (r->child == 0) become_highs(o, fd[1], parent);
  close(fd[1]);
  if (r->child > 0) {
    setpgid(r->child, r->child); /* whoever is first */
    return true;
  }
  close(fd[0]);
  return false;
}

/* Lines that are longer than `line` are cut: none that matters is. */
static void take_log(const cm__order *o, running *r, const char *text, size_t n) {
  for (size_t k = 0; k < n; k++) {
    if (text[k] != '\n') {
      if (r->used + 1 < sizeof r->line) r->line[r->used++] = text[k];
      continue;
    }
    r->line[r->used] = '\0';
    r->used = 0;
    if (cm__highs_log_line(&r->figures, r->line) && o->tell)
      o->tell(o->ud, r->figures.objective, r->figures.bound, r->figures.nodes);
  }
}

/* Until the log ends or it is to be broken off: true where HiGHS ended by itself. */
static bool attend(const cm__order *o, running *r) {
  char text[4096];
  while (!requested && !(r->wary && r->figures.faulty)) {
    struct pollfd wait = {.fd = r->log, .events = POLLIN};
    if (poll(&wait, 1, TICK_MS) <= 0) continue;
    ssize_t n = read(r->log, text, sizeof text);
    if (n > 0) take_log(o, r, text, (size_t)n);
    if (n == 0 || (n < 0 && errno != EINTR)) return true;
  }
  return false;
}

typedef enum ending { ENDED, OUT_OF_MEMORY, BROKEN_OFF } ending;

/* What HiGHS dies of this process dies of too, so that it is said by its number. */
static ending ending_of(const running *r, int status) {
  if (WIFEXITED(status)) return ENDED;
  if (r->figures.no_memory) return OUT_OF_MEMORY;
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  return ENDED;
}

static ending run_highs(const cm__order *o, running *r) {
  int status = 0;
  bool ended = attend(o, r);
  if (!ended) kill(-r->child, SIGKILL);
  while (waitpid(r->child, &status, 0) < 0 && errno == EINTR)
    if (requested) kill(-r->child, SIGKILL);
  close(r->log);
  return ended ? ending_of(r, status) : BROKEN_OFF;
}

/* ---- what it answers ------------------------------------------------------------------------ */

static double cost_of(const cm__order *o, const double *x) {
  double sum = 0;
  for (size_t j = 0; j < o->p->a->cols; j++) sum += o->cost[j] * x[j];
  return sum;
}

/* Ended by request: the best that it had written by then. */
static void take_rest(const cm__order *o, const running *r, cm__answer *out) {
  char path[CM__PATH];
  path_of(o->folder, IMPROVING, path, sizeof path);
  out->verdict = CM__CUT;
  out->has_x = cm__highs_improving(o, path, out);
  out->bound = isnan(r->figures.bound) ? -HUGE_VAL : r->figures.bound;
}

static bool take_answer(const cm__order *o, const cm__highs_rows *rows, const running *r,
                        ending how, cm__answer *out) {
  char path[CM__PATH];
  path_of(o->folder, SOLUTION, path, sizeof path);
  out->nodes = isnan(r->figures.nodes) ? 0 : r->figures.nodes;
  out->iterations = r->figures.iterations;
  if (how == BROKEN_OFF) {
    take_rest(o, r, out);
    return true;
  }
  if (how == OUT_OF_MEMORY) out->verdict = CM__STARVED;
  if (how != ENDED || !cm__highs_solution(o, rows, path, out)) return false;
  if (!isnan(r->figures.last_bound)) out->bound = r->figures.last_bound;
  return true;
}

/* Runs it on the files; once more without presolve where that is not to be trusted. */
static bool answer(const cm__order *o, const cm__highs_rows *rows, bool mixed, cm__answer *out) {
  running r = {.child = -1, .wary = mixed};
  cm__highs_log_begin(&r.figures);
  if (!write_options(o, true) || !start_highs(o, &r)) return false;
  ending how = run_highs(o, &r);
  if (mixed && r.figures.faulty && !requested) {
    r = (running){.child = -1};
    cm__highs_log_begin(&r.figures);
    if (!write_options(o, false) || !start_highs(o, &r)) return false;
    how = run_highs(o, &r);
  }
  return take_answer(o, rows, &r, how, out);
}

/* Gives it the files and takes what comes back; false where that is no answer. */
static bool ask(const cm__order *o, bool mixed, cm__answer *out) {
  cm__highs_rows rows = {0};
  bool answered = choose_rows(o, &rows, out) && write_model(o, &rows) &&
                  (!o->start || write_start(o)) && answer(o, &rows, mixed, out);
  cm__free(rows.turn);
  return answered;
}

static void solve(const cm__order *o, cm__answer *out) {
  bool mixed = false;
  struct sigaction ours = {.sa_handler = on_request};
  for (size_t j = 0; o->integer && j < o->p->a->cols; j++) mixed |= o->integer[j];
  sigaction(SIGINT, &ours, NULL); /* from here on; nothing is waited for after the answer */
  if (!ask(o, mixed, out)) return;
  if (out->verdict == CM__IMPOSSIBLE || out->verdict == CM__ENDLESS) {
    bool endless = out->verdict == CM__ENDLESS;
    out->has_x = out->has_dual = false;
    if (endless) cm__coin_relaxed(o, out); /* or infeasible: Clp says which, with its proof */
    return;
  }
  if (out->verdict == CM__SOLVED && out->has_x) {
    double value = cost_of(o, out->x);
    if (!mixed) out->bound = value;
    if (!(out->bound > -HUGE_VAL)) out->bound = value - o->gap * fabs(value);
  }
  out->has_basis = out->has_basis && out->verdict == CM__SOLVED;
  if (mixed && out->has_x) cm__coin_polish(o, out);
}

const cm__solver cm__highs = {"HiGHS", "HiGHS", solve};
