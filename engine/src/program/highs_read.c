/* Reading HiGHS: solution files in raw style, with the basis as version 1 or 2 writes it, and the
 * log of a search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/highs.h"

/* What the digits of the log leave open: 12 in the report, 9 in the table. */
static const double REPORT_DIGITS = 1e-11, TABLE_DIGITS = 1e-8;

/* ---- the log -------------------------------------------------------------------------------- */

static bool begins(const char *line, const char *word) {
  return strncmp(line, word, strlen(word)) == 0;
}

void cm__highs_log_begin(cm__highs_log *log) {
  *log = (cm__highs_log){.objective = NAN, .bound = NAN, .nodes = NAN, .last_bound = NAN};
}

/* A figure of the report at the end. */
static bool figure(const char *line, const char *name, double *out) {
  if (!begins(line, name)) return false;
  char *end;
  double x = strtod(line + strlen(name), &end);
  if (end == line + strlen(name)) return false;
  *out = x;
  return true;
}

/* The next number and what is stuck to it: 0.5%, 12k. */
static bool number(const char **at, double *x, char *unit) {
  char *end;
  *x = strtod(*at, &end);
  if (end == *at) return false;
  *unit = strchr("%k", *end) ? *end : '\0';
  if (*unit) end++;
  *at = end;
  return *end == '\0' || *end == ' ';
}

/* "L  12  3  4  0.50%  101.5  110  ...": who found it, nodes, open, leaves, part explored, bound,
 * best. */
static bool table_line(cm__highs_log *log, const char *line) {
  double x[6];
  char unit[6];
  if (*line && strchr("-+.0123456789", *line) == NULL && line[1] == ' ') line++;
  for (int k = 0; k < 6; k++)
    if (!number(&line, &x[k], &unit[k]) || (unit[k] == '%') != (k == 3)) return false;
  log->nodes = unit[0] == 'k' ? 1e3 * x[0] : x[0];
  log->bound = isfinite(x[4]) ? x[4] - TABLE_DIGITS * fabs(x[4]) : NAN;
  log->objective = isfinite(x[5]) ? x[5] : NAN;
  return true;
}

bool cm__highs_log_line(cm__highs_log *log, const char *line) {
  double bound;
  line += strspn(line, " ");
  log->faulty |= begins(line, "Running HiGHS 1.14.0 ");
  log->no_memory |= strstr(line, "bad_alloc") != NULL;
  if (figure(line, "Dual bound", &bound)) {
    if (isfinite(bound)) log->last_bound = bound - REPORT_DIGITS * fabs(bound);
    return false;
  }
  if (figure(line, "Nodes", &log->nodes) || figure(line, "LP iterations", &log->iterations) ||
      figure(line, "Simplex   iterations:", &log->iterations))
    return false;
  return table_line(log, line);
}

/* ---- files -------------------------------------------------------------------------------- */

/* A text that is read line by line. */
typedef struct lines {
  char *text, *next;
} lines;

static bool read_lines(const char *path, lines *l) {
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

static bool is_head(lines *l, const char *title, size_t n) {
  const char *line = line_of(l);
  return line && begins(line, title) && strtoull(line + strlen(title), NULL, 10) == n;
}

/* The last number of the next line. */
static bool last_number(lines *l, double *x) {
  const char *line = line_of(l), *last = line ? strrchr(line, ' ') : NULL;
  if (!last) return false;
  char *end;
  *x = strtod(last + 1, &end);
  return end != last + 1 && isfinite(*x);
}

/* "# Columns n" and n lines that each end in a number. */
static bool read_numbers(lines *l, const char *title, size_t n, double *out) {
  if (!is_head(l, title, n)) return false;
  for (size_t k = 0; k < n; k++)
    if (!last_number(l, &out[k])) return false;
  return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool is_written(const cm__highs_rows *rows, size_t i) {
  return rows->turn[i] != (size_t)CM__NOT_WRITTEN;
}

/* From the written rows in front to all n of them, in place. */
static void spread(const cm__highs_rows *rows, size_t n, double *row) {
  for (size_t i = n; i-- > 0;) row[i] = is_written(rows, i) ? row[rows->turn[i]] : 0;
}

/* ---- the solution ------------------------------------------------------------------------- */

/* The columns and rows of one section, where it says that it has any. */
static bool read_section(lines *l, const cm__order *o, const cm__highs_rows *rows, double *col,
                         double *row) {
  const char *line = line_of(l);
  if (!line || strcmp(line, "Feasible") != 0) return false;
  if (begins(l->next, "Objective")) line_of(l);
  if (!read_numbers(l, "# Columns", o->p->a->cols, col) ||
      !read_numbers(l, "# Rows", rows->written, row))
    return false;
  spread(rows, o->p->a->rows, row);
  return true;
}

static bool place_of(double code, unsigned char *out) {
  static const unsigned char places[] = {CM__AT_LOWER, CM__BASIC, CM__AT_UPPER, CM__FREE,
                                         CM__SUPERBASIC};
  if (!(code >= 0 && code < (double)sizeof places)) return false;
  *out = places[(size_t)code];
  return true;
}

/* The places of one side: n lines that end in one, or (version 1) all of them in one line. */
static bool read_places(lines *l, const char *title, size_t n, bool one_line, unsigned char *out) {
  if (!is_head(l, title, n)) return false;
  char *at = one_line ? line_of(l) : NULL, *end;
  for (size_t k = 0; k < n; k++) {
    double code;
    if (!one_line) {
      if (!last_number(l, &code) || !place_of(code, &out[k])) return false;
      continue;
    }
    if (!at) return false;
    code = strtod(at, &end);
    if (end == at || !place_of(code, &out[k])) return false;
    at = end;
  }
  return true;
}

static bool read_basis(lines *l, const cm__order *o, const cm__highs_rows *rows,
                       unsigned char *basis) {
  size_t n = o->p->a->cols, m = o->p->a->rows, basic = 0;
  const char *version = line_of(l), *valid = line_of(l);
  if (!version || !valid || strcmp(valid, "Valid") != 0) return false;
  bool one_line = strcmp(version, "HiGHS v1") == 0;
  if (!read_places(l, "# Columns", n, one_line, basis) ||
      !read_places(l, "# Rows", rows->written, one_line, basis + n))
    return false;
  for (size_t i = m; i-- > 0;)
    basis[n + i] = is_written(rows, i) ? basis[n + rows->turn[i]] : CM__BASIC;
  for (size_t k = 0; k < n + m; k++) basic += basis[k] == CM__BASIC;
  return basic == m;
}

static cm__verdict verdict_of(const char *status) {
  if (!strcmp(status, "Optimal") || !strcmp(status, "Empty")) return CM__SOLVED;
  if (!strcmp(status, "Infeasible")) return CM__IMPOSSIBLE;
  if (strstr(status, "nbounded")) return CM__ENDLESS; /* or infeasible */
  if (begins(status, "Memory")) return CM__STARVED;
  return strstr(status, "limit") || begins(status, "Interrupted") ? CM__CUT : CM__FAILED;
}

bool cm__highs_solution(const cm__order *o, const cm__highs_rows *rows, const char *path,
                        cm__answer *out) {
  double *activity = NULL;
  lines l = {0};
  out->verdict = CM__MUTE;
  bool has = read_lines(path, &l) &&
             cm__alloc(o->p->a->rows, sizeof *activity, "an answer", &activity, NULL) == CM_OK;
  for (char *line; has && (line = line_of(&l));) {
    if (!strcmp(line, "Model status")) {
      const char *status = line_of(&l);
      if (!status) break;
      out->verdict = verdict_of(status);
      out->out_of_nodes = o->nodes && !strstr(status, "Time");
    } else if (!strcmp(line, "# Primal solution values")) {
      out->has_x = read_section(&l, o, rows, out->x, activity);
    } else if (!strcmp(line, "# Dual solution values")) {
      out->has_dual = read_section(&l, o, rows, out->reduced, out->dual);
    } else if (!strcmp(line, "# Basis")) {
      out->has_basis = read_basis(&l, o, rows, out->basis);
    }
  }
  cm__free(activity);
  cm__free(l.text);
  if (out->verdict == CM__SOLVED && !out->has_x && o->p->a->cols) out->verdict = CM__MUTE;
  return out->verdict != CM__MUTE;
}

/* "# Columns -k" (0 for none) and k lines of name, value and place: what is not listed is 0. */
static bool read_sparse(lines *l, size_t cols, double *x) {
  static const char title[] = "# Columns ";
  const char *line = line_of(l);
  long n = line && begins(line, title) ? strtol(line + strlen(title), NULL, 10) : 1;
  if (n > 0) return false; /* not sparse */
  memset(x, 0, cols * sizeof *x);
  for (; n; n++) {
    char *end;
    line = line_of(l);
    line = line ? strchr(line, ' ') : NULL;
    if (!line) return false;
    double value = strtod(line, &end);
    size_t j = strtoull(end, NULL, 10);
    if (end == line || *end != ' ' || !isfinite(value) || j >= cols) return false;
    x[j] = value;
  }
  return l->next > l->text && l->next[-1] == '\0'; /* its last line was written to its end */
}

bool cm__highs_improving(const cm__order *o, const char *path, cm__answer *out) {
  lines l = {0};
  double *x = NULL;
  size_t cols = o->p->a->cols;
  bool found = false,
       has = read_lines(path, &l) && cm__alloc(cols, sizeof *x, "an answer", &x, NULL) == CM_OK;
  for (const char *line; has && (line = line_of(&l));) {
    if (!begins(line, "Objective")) continue;
    if (!read_sparse(&l, cols, x)) break;
    memcpy(out->x, x, cols * sizeof *x);
    found = true;
  }
  cm__free(x);
  cm__free(l.text);
  return found;
}
