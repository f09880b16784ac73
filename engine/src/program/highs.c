#define _DEFAULT_SOURCE /* mkdtemp */

/* The adapter to HiGHS (Huangfu and Hall 2018, Mathematical Programming Computation 10), which is
 * a program of its own: the model goes to it as MPS, the answer comes back as its solution file
 * in raw style, the bound of a search from its log. Runs in a child process, as all solvers do;
 * HiGHS is a child of that and ends with it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "program/internal.h"

/* The part of the gap and of the time that the search may use: some is left for rounding and for
 * handing over. */
static const double GAP_USED = 0.999, TIME_USED = 0.97;

/* What the digits of a log leave open of a figure. */
static const double LOG_DIGITS = 1e-11;

static const char *const files[] = {"model.mps", "options", "solution", "log"};
enum { MODEL, OPTIONS, SOLUTION, LOG, FILES };

/* ---- its place and its files ------------------------------------------------------------- */

static bool is_program(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

cm_status cm__highs_find(const char *solver, char *path, size_t size, cm_error *err) {
  if (strchr(solver, '/')) {
    if (is_program(solver) && (size_t)snprintf(path, size, "%s", solver) < size) return CM_OK;
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

void cm__highs_clear(const char *folder) {
  char path[CM__PATH];
  if (!folder[0]) return;
  for (int k = 0; k < FILES; k++) {
    path_of(folder, k, path, sizeof path);
    unlink(path);
  }
  rmdir(folder);
}

/* ---- what it is given -------------------------------------------------------------------- */

/* The order as a program without names: columns and rows keep their turn. */
static cm_status program_of(const cm__order *o, cm_program **out) {
  const cm_sparse *a = o->p->a;
  size_t *row = NULL, *col = NULL;
  cm_status status = CM_OK;
  cm_program_parts parts = {.cols = a->cols,
                            .rows = a->rows,
                            .entries = a->nnz,
                            .cost = o->cost,
                            .lower = o->lower,
                            .upper = o->upper,
                            .row_lower = o->row_lower,
                            .row_upper = o->row_upper,
                            .integer = o->integer,
                            .value = a->value};
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *row, "a model", &row, NULL));
  CM__TRY(cm__alloc_raw(a->nnz, sizeof *col, "a model", &col, NULL));
  for (size_t j = 0; j < a->cols; j++)
    for (size_t k = (size_t)a->start[j]; k < (size_t)a->start[j + 1]; k++)
      row[k] = (size_t)a->row[k], col[k] = j;
  parts.row = row, parts.col = col;
  CM__TRY(cm_program_new(&parts, out, NULL));
done:
  cm__free(row);
  cm__free(col);
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

static bool write_model(const cm__order *o) {
  cm_program *p = NULL;
  char *text = NULL;
  size_t size = 0;
  bool done = program_of(o, &p) == CM_OK &&
              cm_program_write(p, CM_FORMAT_MPS, &text, &size, NULL) == CM_OK &&
              write_file(o, MODEL, text, size);
  cm__free(text);
  cm_program_release(p);
  return done;
}

/* One thread and no start from the clock: the same steps in every run. */
static bool write_options(const cm__order *o) {
  char text[600];
  int n = snprintf(text, sizeof text,
                   "parallel = off\nthreads = 1\nrandom_seed = 0\nwrite_solution_style = 0\n"
                   "mip_rel_gap = %.17g\nmip_abs_gap = 1e-10\n",
                   GAP_USED * o->gap);
  if (o->seconds > 0)
    n +=
        snprintf(text + n, sizeof text - (size_t)n, "time_limit = %.17g\n", TIME_USED * o->seconds);
  if (o->nodes) n += snprintf(text + n, sizeof text - (size_t)n, "mip_max_nodes = %zu\n", o->nodes);
  return write_file(o, OPTIONS, text, (size_t)n);
}

/* ---- running it ----------------------------------------------------------------------------- */

static void become_highs(const cm__order *o, pid_t parent) {
  char model[CM__PATH], options[CM__PATH], solution[CM__PATH], log[CM__PATH];
  path_of(o->folder, MODEL, model, sizeof model);
  path_of(o->folder, OPTIONS, options, sizeof options);
  path_of(o->folder, SOLUTION, solution, sizeof solution);
  path_of(o->folder, LOG, log, sizeof log);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(1);
  int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd >= 0) dup2(fd, STDOUT_FILENO);
  const char *const words[] = {o->program, "--model_file",    model,    "--options_file",
                               options,    "--solution_file", solution, NULL};
  execv(o->program, (char *const *)(uintptr_t)words);
  _exit(127);
}

static bool run_highs(const cm__order *o) {
  pid_t parent = getpid(), child = fork();
  int status = 0;
  if (child == 0) become_highs(o, parent);
  if (child < 0) return false;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status);
}

/* ---- what it answers ---------------------------------------------------------------------------
 */

/* A text that is read line by line. */
typedef struct lines {
  char *text, *next;
} lines;

static bool read_lines(const cm__order *o, int file, lines *l) {
  char path[CM__PATH];
  path_of(o->folder, file, path, sizeof path);
  *l = (lines){0};
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
  bool done = size >= 0 && fseek(f, 0, SEEK_SET) == 0 &&
              cm__alloc((size_t)size + 1, 1, "an answer", &l->text, NULL) == CM_OK &&
              fread(l->text, 1, (size_t)size, f) == (size_t)size;
  fclose(f);
  l->next = l->text;
  return done;
}

/* The next line, without its end; NULL after the last. */
static char *line_of(lines *l) {
  if (!l->next || !*l->next) return NULL;
  char *line = l->next, *end = line + strcspn(line, "\n");
  l->next = *end ? end + 1 : end;
  *end = '\0';
  if (end > line && end[-1] == '\r') end[-1] = '\0';
  return line;
}

static bool begins(const char *line, const char *word) {
  return strncmp(line, word, strlen(word)) == 0;
}

/* "# Columns n" and n lines that each end in a number. */
static bool read_numbers(lines *l, const char *title, size_t n, double *out) {
  char *line = line_of(l), *end;
  if (!line || !begins(line, title) || strtoull(line + strlen(title), NULL, 10) != n) return false;
  for (size_t k = 0; k < n; k++) {
    line = line_of(l);
    const char *last = line ? strrchr(line, ' ') : NULL;
    if (!last) return false;
    out[k] = strtod(last + 1, &end);
    if (end == last + 1 || !isfinite(out[k])) return false;
  }
  return true;
}

/* The columns and rows of one section, where it says that it has any. */
static bool read_section(lines *l, size_t cols, double *col, size_t rows, double *row) {
  const char *line = line_of(l);
  if (!line || strcmp(line, "Feasible") != 0) return false;
  if (begins(l->next, "Objective")) line_of(l);
  return read_numbers(l, "# Columns", cols, col) && read_numbers(l, "# Rows", rows, row);
}

static cm__verdict verdict_of(const char *status) {
  if (!strcmp(status, "Optimal") || !strcmp(status, "Empty")) return CM__SOLVED;
  if (!strcmp(status, "Infeasible")) return CM__IMPOSSIBLE;
  if (strstr(status, "nbounded")) return CM__ENDLESS; /* or infeasible */
  return strstr(status, "limit") || begins(status, "Interrupted") ? CM__CUT : CM__FAILED;
}

static bool read_solution(const cm__order *o, cm__answer *out) {
  const cm_sparse *a = o->p->a;
  double *activity = NULL;
  lines l = {0};
  out->verdict = CM__MUTE;
  bool has = read_lines(o, SOLUTION, &l) &&
             cm__alloc(a->rows, sizeof *activity, "an answer", &activity, NULL) == CM_OK;
  for (char *line; has && (line = line_of(&l));) {
    if (!strcmp(line, "Model status")) {
      const char *status = line_of(&l);
      if (!status) break;
      out->verdict = verdict_of(status);
      out->out_of_nodes = o->nodes && !strstr(status, "Time");
    } else if (!strcmp(line, "# Primal solution values")) {
      out->has_x = read_section(&l, a->cols, out->x, a->rows, activity);
    } else if (!strcmp(line, "# Dual solution values")) {
      out->has_dual = read_section(&l, a->cols, out->reduced, a->rows, out->dual);
    }
  }
  cm__free(activity);
  cm__free(l.text);
  if (out->verdict == CM__SOLVED && !out->has_x && a->cols) out->verdict = CM__MUTE;
  return out->verdict != CM__MUTE;
}

/* A figure of the report at the end of the log. */
static void read_figure(const char *line, const char *name, double *out) {
  line += strspn(line, " ");
  if (!begins(line, name)) return;
  char *end;
  double x = strtod(line + strlen(name), &end);
  if (end != line + strlen(name)) *out = x;
}

static void read_log(const cm__order *o, cm__answer *out) {
  lines l;
  double bound = NAN;
  if (read_lines(o, LOG, &l)) {
    for (const char *line; (line = line_of(&l));) {
      read_figure(line, "Dual bound", &bound);
      read_figure(line, "Nodes", &out->nodes);
      read_figure(line, "LP iterations", &out->iterations);
      read_figure(line, "Simplex   iterations:", &out->iterations);
    }
    if (isfinite(bound)) out->bound = bound - LOG_DIGITS * fabs(bound);
  }
  cm__free(l.text);
}

static double cost_of(const cm__order *o, const double *x) {
  double sum = 0;
  for (size_t j = 0; j < o->p->a->cols; j++) sum += o->cost[j] * x[j];
  return sum;
}

static void solve(const cm__order *o, cm__answer *out) {
  bool mixed = false;
  for (size_t j = 0; o->integer && j < o->p->a->cols; j++) mixed |= o->integer[j];
  out->verdict = CM__MUTE;
  if (!write_model(o) || !write_options(o) || !run_highs(o) || !read_solution(o, out)) return;
  read_log(o, out);
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
  if (mixed && out->has_x) cm__coin_polish(o, out);
}

const cm__solver cm__highs = {"HiGHS", "HiGHS", solve};
