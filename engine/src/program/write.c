/* Programs as text: free MPS, which minimises, and the LP format of CPLEX. Numbers
 * are written so that they read back exactly. A constant of the objective is a fixed
 * column: readers of MPS differ in the sign of one on the objective's right. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "program/internal.h"

enum { NAME_MAX_MPS = 255, NAME_MAX_LP = 255, LINE = 78 };

typedef struct text {
  char *data;
  size_t size, room, line; /* where the current line begins */
  cm_status status;
  cm_error *err;
} text;

typedef struct writer {
  text t;
  const cm_program *p;
  cm_program_format format;
  cm_sparse *by_row; /* A', whose columns are the rows */
} writer;

/* ---- text --------------------------------------------------------------------------- */

static void put_bytes(text *t, const char *bytes, size_t n) {
  if (t->status != CM_OK) return;
  if (t->room - t->size <= n) {
    size_t room = 2 * t->room + n + 4096;
    t->status = cm__grow(room, 1, "a file", &t->data, t->err);
    if (t->status != CM_OK) return;
    t->room = room;
  }
  memcpy(t->data + t->size, bytes, n);
  t->size += n;
  t->data[t->size] = '\0';
}

static void put(text *t, const char *s) {
  put_bytes(t, s, strlen(s));
  const char *end = strrchr(s, '\n');
  if (end) t->line = t->size - strlen(end + 1);
}

/* The shortest decimal that reads back as x. */
static void put_number(text *t, double x) {
  char s[40];
  for (int digits = 15; digits <= 17; digits++) {
    double back = 0;
    snprintf(s, sizeof s, "%.*g", digits, x);
    if (sscanf(s, "%lf", &back) == 1 && back == x) break;
  }
  for (char *c = s; *c; c++)
    if (*c == ',') *c = '.'; /* whatever the locale */
  put(t, s);
}

/* ---- names ---------------------------------------------------------------------------- */

/* What the LP format lets stand in a name; brackets are not among it. */
static bool lp_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c && strchr("!\"#$%&(),.;?@_'`{}~", c));
}

/* Whether a reader might take the name for a number, or for a word of the format. */
static bool lp_start(const char *name) {
  static const char *const words[] = {"free", "inf", "infinity", "end", "st", "s.t."};
  if (strchr("0123456789.eE", *name)) return false;
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strcmp(name, words[k]) == 0) return false;
  return true;
}

/* The author's name with brackets as the LP format can write them: x[a,b] as x(a,b). */
static bool as_lp(const char *name, char *out, size_t size) {
  size_t n = strlen(name);
  if (n == 0 || n > NAME_MAX_LP || n >= size || !lp_start(name)) return false;
  for (size_t k = 0; k <= n; k++) {
    char c = name[k] == '[' ? '(' : name[k] == ']' ? ')' : name[k];
    if (c && !lp_letter(c)) return false;
    out[k] = c;
  }
  return true;
}

static bool as_mps(const char *name, char *out, size_t size) {
  size_t n = strlen(name);
  if (n == 0 || n > NAME_MAX_MPS || n >= size || strchr("$*", *name)) return false;
  for (size_t k = 0; k <= n; k++) {
    if (name[k] && (unsigned char)name[k] <= ' ') return false;
    out[k] = name[k];
  }
  return true;
}

typedef struct name_text {
  char text[NAME_MAX_MPS + 1];
  bool replaced;
} name_text;

/* The name of a row or column in this format. What is made up has a '#', which
 * names that are kept do not have: they are distinct among themselves. */
static name_text name_of(const writer *w, cm_side side, size_t k) {
  name_text n = {.replaced = true};
  const cm_axis *axis = w->p->a->axis[side];
  const char *name = axis ? cm_axis_label(axis, k) : "";
  bool lp = w->format == CM_FORMAT_LP;
  bool fits = (lp ? as_lp : as_mps)(name, n.text, sizeof n.text);
  if (fits && !strpbrk(name, lp ? "#()" : "#")) {
    n.replaced = false;
    return n;
  }
  n.replaced = axis != NULL;
  snprintf(n.text, sizeof n.text, "%c%zu%s", side == CM_ROWS ? 'R' : 'C', k + 1, axis ? "#" : "");
  return n;
}

static void put_name(writer *w, cm_side side, size_t k) {
  name_text n = name_of(w, side, k);
  put(&w->t, n.text);
}

/* A name in a comment: no line breaks. */
static void put_plain(text *t, const char *name) {
  for (; *name; name++) {
    char c[2] = {(unsigned char)*name < ' ' ? ' ' : *name, 0};
    put(t, c);
  }
}

static void put_map(writer *w, const char *comment, cm_side side, size_t count) {
  for (size_t k = 0; k < count; k++) {
    name_text n = name_of(w, side, k);
    if (!n.replaced) continue;
    put(&w->t, comment);
    put(&w->t, n.text);
    put(&w->t, " = ");
    put_plain(&w->t, cm_axis_label(w->p->a->axis[side], k));
    put(&w->t, "\n");
  }
}

static void put_head(writer *w, const char *comment) {
  const cm_program *p = w->p;
  put(&w->t, comment);
  put_plain(&w->t, *p->name ? p->name : "a program");
  put(&w->t, ", written by capmod\n");
  put_map(w, comment, CM_ROWS, p->a->rows);
  put_map(w, comment, CM_COLS, p->a->cols);
}

/* ---- MPS --------------------------------------------------------------------------------- */

static bool ranged(const cm_program *p, size_t i) {
  return isfinite(p->row_lower[i]) && isfinite(p->row_upper[i]) &&
         p->row_lower[i] != p->row_upper[i];
}

static char sense_of(const cm_program *p, size_t i) {
  if (p->row_lower[i] == p->row_upper[i]) return 'E';
  if (isfinite(p->row_lower[i])) return 'G'; /* a ranged row: with a RANGES entry */
  return isfinite(p->row_upper[i]) ? 'L' : 'N';
}

static double side_of(const cm_program *p, size_t i) {
  char sense = sense_of(p, i);
  return sense == 'N' ? 0 : sense == 'L' ? p->row_upper[i] : p->row_lower[i];
}

/* " SET row value" and the like. */
static void mps_entry(writer *w, const char *set, cm_side side, size_t k, double value) {
  put(&w->t, set);
  put_name(w, side, k);
  put(&w->t, " ");
  put_number(&w->t, value);
  put(&w->t, "\n");
}

static void mps_column(writer *w, size_t j) {
  const cm_sparse *a = w->p->a;
  name_text name = name_of(w, CM_COLS, j);
  char set[sizeof name.text + 8];
  snprintf(set, sizeof set, " %s ", name.text);
  put(&w->t, set); /* the cost always: so a column without entries is there too */
  put(&w->t, "objective# ");
  put_number(&w->t, w->p->maximise ? 0.0 - w->p->cost[j] : w->p->cost[j]);
  put(&w->t, "\n");
  for (size_t k = a->start[j]; k < a->start[j + 1]; k++)
    if (a->value[k] != 0) mps_entry(w, set, CM_ROWS, (size_t)a->row[k], a->value[k]);
}

static void mps_columns(writer *w) {
  bool whole = false;
  put(&w->t, "COLUMNS\n");
  for (size_t j = 0; j < w->p->a->cols; j++) {
    if (w->p->integer[j] != whole)
      put(&w->t, whole ? " MARKER 'MARKER' 'INTEND'\n" : " MARKER 'MARKER' 'INTORG'\n");
    whole = w->p->integer[j];
    mps_column(w, j);
  }
  if (whole) put(&w->t, " MARKER 'MARKER' 'INTEND'\n");
  if (w->p->constant != 0)
    put(&w->t, w->p->maximise ? " constant# objective# -1\n" : " constant# objective# 1\n");
}

/* All bounds of whole numbers are written: readers differ in what they take for granted. */
static void mps_bounds(writer *w) {
  const cm_program *p = w->p;
  put(&w->t, "BOUNDS\n");
  if (p->constant != 0) {
    put(&w->t, " FX bound constant# ");
    put_number(&w->t, p->constant);
    put(&w->t, "\n");
  }
  for (size_t j = 0; j < p->a->cols; j++) {
    double lower = p->lower[j], upper = p->upper[j];
    const char *word = isinf(lower) && isinf(upper) ? " FR bound "
                       : isinf(lower)               ? " MI bound "
                                                    : NULL;
    if (word) {
      put(&w->t, word);
      put_name(w, CM_COLS, j);
      put(&w->t, "\n");
    } else if (lower == upper) {
      mps_entry(w, " FX bound ", CM_COLS, j, lower);
      continue;
    } else if (lower != 0 || upper < 0 || p->integer[j]) {
      mps_entry(w, " LO bound ", CM_COLS, j, lower);
    }
    if (isfinite(upper)) {
      mps_entry(w, " UP bound ", CM_COLS, j, upper);
    } else if (p->integer[j] && !word) {
      put(&w->t, " PL bound ");
      put_name(w, CM_COLS, j);
      put(&w->t, "\n");
    }
  }
}

static void write_mps(writer *w) {
  const cm_program *p = w->p;
  put_head(w, "* ");
  if (p->maximise)
    put(&w->t, "* The program maximises; the format does not: the objective is turned.\n");
  put(&w->t, "NAME capmod\n");
  put(&w->t, "ROWS\n N objective#\n");
  for (size_t i = 0; i < p->a->rows; i++) {
    char sense[] = {' ', sense_of(p, i), ' ', 0};
    put(&w->t, sense);
    put_name(w, CM_ROWS, i);
    put(&w->t, "\n");
  }
  mps_columns(w);
  put(&w->t, "RHS\n");
  for (size_t i = 0; i < p->a->rows; i++)
    if (side_of(p, i) != 0) mps_entry(w, " right ", CM_ROWS, i, side_of(p, i));
  put(&w->t, "RANGES\n");
  for (size_t i = 0; i < p->a->rows; i++)
    if (ranged(p, i)) mps_entry(w, " range ", CM_ROWS, i, p->row_upper[i] - p->row_lower[i]);
  mps_bounds(w);
  put(&w->t, "ENDATA\n");
}

/* ---- LP ------------------------------------------------------------------------------------ */

/* " + 3 x", a new line where this one is full. */
static void lp_term(writer *w, double value, size_t j) {
  text *t = &w->t;
  if (t->size - t->line > LINE - 30) put(t, "\n  ");
  put(t, value < 0 ? " - " : " + ");
  put_number(t, fabs(value));
  put(t, " ");
  put_name(w, CM_COLS, j);
}

static void lp_objective(writer *w) {
  const cm_program *p = w->p;
  bool empty = p->constant == 0;
  put(&w->t, p->maximise ? "Maximize\n objective#:" : "Minimize\n objective#:");
  for (size_t j = 0; j < p->a->cols; j++) {
    if (p->cost[j] == 0) continue;
    lp_term(w, p->cost[j], j);
    empty = false;
  }
  if (p->constant != 0) put(&w->t, " + 1 constant#");
  if (empty && p->a->cols) lp_term(w, 0, 0); /* the format wants one term */
  put(&w->t, "\n");
}

static void lp_row(writer *w, size_t i, const char *tail, const char *sense, double side) {
  const cm_sparse *rows = w->by_row;
  put(&w->t, " ");
  put_name(w, CM_ROWS, i);
  put(&w->t, tail);
  put(&w->t, ":");
  for (size_t k = rows->start[i]; k < rows->start[i + 1]; k++)
    lp_term(w, rows->value[k], (size_t)rows->row[k]);
  if (rows->start[i] == rows->start[i + 1] && w->p->a->cols) lp_term(w, 0, 0);
  put(&w->t, sense);
  put_number(&w->t, side);
  put(&w->t, "\n");
}

static void lp_rows(writer *w) {
  const cm_program *p = w->p;
  put(&w->t, "Subject To\n");
  for (size_t i = 0; i < p->a->rows; i++) {
    bool two = ranged(p, i);
    if (p->row_lower[i] == p->row_upper[i]) {
      lp_row(w, i, "", " = ", p->row_lower[i]);
      continue;
    }
    if (isfinite(p->row_lower[i])) lp_row(w, i, "", " >= ", p->row_lower[i]);
    if (isfinite(p->row_upper[i])) lp_row(w, i, two ? "#upper" : "", " <= ", p->row_upper[i]);
  }
}

static void lp_bound(writer *w, size_t j) {
  double lower = w->p->lower[j], upper = w->p->upper[j];
  if (lower == 0 && isinf(upper)) return;
  put(&w->t, " ");
  if (isinf(lower) && isinf(upper)) {
    put_name(w, CM_COLS, j);
    put(&w->t, " free\n");
    return;
  }
  if (isinf(lower))
    put(&w->t, "-inf");
  else
    put_number(&w->t, lower);
  put(&w->t, " <= ");
  put_name(w, CM_COLS, j);
  if (isfinite(upper)) {
    put(&w->t, " <= ");
    put_number(&w->t, upper);
  }
  put(&w->t, "\n");
}

static void write_lp(writer *w) {
  const cm_program *p = w->p;
  put_head(w, "\\ ");
  lp_objective(w);
  lp_rows(w);
  put(&w->t, "Bounds\n");
  if (p->constant != 0) {
    put(&w->t, " constant# = ");
    put_number(&w->t, p->constant);
    put(&w->t, "\n");
  }
  for (size_t j = 0; j < p->a->cols; j++) lp_bound(w, j);
  if (p->integers) put(&w->t, "Generals\n");
  for (size_t j = 0; j < p->a->cols; j++) {
    if (!p->integer[j]) continue;
    put(&w->t, " ");
    put_name(w, CM_COLS, j);
    put(&w->t, "\n");
  }
  put(&w->t, "End\n");
}

cm_status cm_program_write(const cm_program *p, cm_program_format format, char **out, size_t *size,
                           cm_error *err) {
  writer w = {.p = p, .format = format, .t = {.err = err}};
  cm_status status;
  if (format != CM_FORMAT_MPS && format != CM_FORMAT_LP)
    return cm__fail(err, CM_INVALID, "no format has number %d", (int)format);
  CM__TRY(cm_sparse_transpose(p->a, &w.by_row, err));
  (format == CM_FORMAT_MPS ? write_mps : write_lp)(&w);
  CM__TRY(w.t.status);
  *out = w.t.data;
  *size = w.t.size;
  w.t.data = NULL;
done:
  cm__free(w.t.data);
  cm_sparse_release(w.by_row);
  return status;
}

void cm_program_text_free(char *written) { cm__free(written); }
