/* What follows for options and facilities from those that are gone or open: activities of the rows
 * of capacities and rules, as mixed-integer programs are presolved (Savelsbergh 1994). */
#include <math.h>
#include <string.h>

#include "locate/relax.h"

/* Closed facilities take their dependents and options with them; options that one facility is left
 * for open it. False where a stage has nothing left. */
static bool follow(const cm_locate *p, cm__view *v) {
  const cm_locate_parts *q = &p->parts;
  for (size_t f = 0; f < q->facilities; f++)
    if (q->facility[f].parent != CM_NONE && v->facility[q->facility[f].parent] == 0) {
      if (v->facility[f] == 1) return false;
      v->facility[f] = 0;
    }
  for (size_t f = q->facilities; f-- > 0;)
    if (q->facility[f].parent != CM_NONE && v->facility[f] == 1)
      v->facility[q->facility[f].parent] = 1;
  for (size_t s = 0; s < q->stages; s++) {
    size_t left = 0, one = CM_NONE;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      for (size_t k = p->need_begin[o]; v->allowed[o] && k < p->need_begin[o + 1]; k++)
        if (v->facility[q->need[k].facility] == 0) v->allowed[o] = false;
      if (v->allowed[o]) left++, one = o;
    }
    if (!left) return false;
    for (size_t k = p->need_begin[one]; left == 1 && k < p->need_begin[one + 1]; k++)
      for (size_t f = q->need[k].facility; f != CM_NONE; f = q->facility[f].parent)
        v->facility[f] = 1;
  }
  return true;
}

/* Strikes out the options at one end of a tie with which no option at the other goes; whether any.
 */
static bool strike_end(const cm_locate_parts *q, const cm_locate_tie *tie, bool turned,
                       bool *allowed) {
  size_t a = turned ? tie->to : tie->from, b = turned ? tie->from : tie->to;
  bool struck = false;
  for (size_t o = q->first[a]; o < q->first[a + 1]; o++) {
    bool goes = false;
    for (size_t k = q->first[b]; allowed[o] && !goes && k < q->first[b + 1]; k++)
      goes = allowed[k] && !cm__barred(q, tie, turned ? k : o, turned ? o : k);
    if (allowed[o] && !goes) allowed[o] = false, struck = true;
  }
  return struck;
}

void cm__narrow_ties(const cm_locate *p, bool *allowed) {
  const cm_locate_parts *q = &p->parts;
  for (bool again = true; again;) {
    again = false;
    for (size_t k = 0; k < q->ties; k++)
      for (int end = 0; end < 2; end++) again = strike_end(q, &q->tie[k], end, allowed) || again;
  }
}

/* ---- activities: rows of the capacities of facilities, and of rules, that can be missed --- */

struct cm__narrow {
  const cm_locate *p;
  size_t rows;
  size_t *facility_row, *measure_row; /* of each; CM_NONE: nothing bounds it */
  double *lower, *upper;              /* of each row: what it must keep to */
  double *least, *most;               /* of each row: what stages and facilities add to it */
  double *low, *high;                 /* what the stage in hand adds */
  double *now;                        /* what the option in hand adds */
  size_t *hits;                       /* options of the stage in hand that add to it */
};

static const char what[] = "activities of rows";

static double lesser(double x, double y) { return x < y ? x : y; }
static double greater(double x, double y) { return x > y ? x : y; }

/* Numbers the rows that are bounded. */
static void number_rows(cm__narrow *n) {
  const cm_locate_parts *q = &n->p->parts;
  for (size_t f = 0; f < q->facilities; f++) {
    n->facility_row[f] = q->facility[f].capacity < HUGE_VAL ? n->rows : CM_NONE;
    if (n->facility_row[f] == CM_NONE) continue;
    n->lower[n->rows] = -HUGE_VAL, n->upper[n->rows++] = q->facility[f].capacity;
  }
  for (size_t m = 0; m < q->measures; m++) {
    bool bounded = q->lower[m] > -HUGE_VAL || q->upper[m] < HUGE_VAL;
    n->measure_row[m] = m && q->weight[m] == 0 && bounded ? n->rows : CM_NONE;
    if (n->measure_row[m] == CM_NONE) continue;
    n->lower[n->rows] = q->lower[m], n->upper[n->rows++] = q->upper[m];
  }
}

cm_status cm__narrow_new(const cm_locate *p, cm__narrow **out, cm_error *err) {
  size_t most = p->parts.facilities + p->parts.measures;
  cm__narrow *n = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *n, what, &n, err));
  n->p = p;
  CM__TRY(cm__alloc(7 * most, sizeof *n->lower, what, &n->lower, err));
  CM__TRY(cm__alloc(2 * most, sizeof *n->hits, what, &n->hits, err));
  n->facility_row = n->hits + most, n->measure_row = n->facility_row + p->parts.facilities;
  n->upper = n->lower + most, n->least = n->upper + most, n->most = n->least + most;
  n->low = n->most + most, n->high = n->low + most, n->now = n->high + most;
  number_rows(n);
  *out = n;
  n = NULL;
done:
  cm__narrow_release(n);
  return status;
}

void cm__narrow_release(cm__narrow *n) {
  if (!n) return;
  cm__free(n->lower);
  cm__free(n->hits);
  cm__free(n);
}

/* Lays what option o adds into `now`, or takes it out. */
static void lay(cm__narrow *n, size_t o, bool in) {
  const cm_locate_parts *q = &n->p->parts;
  for (size_t k = n->p->need_begin[o]; k < n->p->need_begin[o + 1]; k++) {
    size_t row = n->facility_row[q->need[k].facility];
    if (row != CM_NONE) n->now[row] = in ? n->now[row] + q->need[k].volume : 0;
  }
  for (size_t k = n->p->entry_begin[o]; k < n->p->entry_begin[o + 1]; k++) {
    size_t row = n->measure_row[q->option_entry[k].measure];
    if (row != CM_NONE) n->now[row] = in ? n->now[row] + q->option_entry[k].value : 0;
  }
}

static void reach(cm__narrow *n, size_t row) {
  double x = row == CM_NONE ? 0 : n->now[row];
  if (x == 0) return;
  n->low[row] = lesser(n->low[row], x), n->high[row] = greater(n->high[row], x);
  n->hits[row]++, n->now[row] = 0;
}

/* The least and the most that stage s adds to each row. */
static void bound_stage(cm__narrow *n, const cm__view *v, size_t s) {
  const cm_locate_parts *q = &n->p->parts;
  size_t left = 0;
  for (size_t r = 0; r < n->rows; r++) n->low[r] = HUGE_VAL, n->high[r] = -HUGE_VAL, n->hits[r] = 0;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (!v->allowed[o]) continue;
    left++;
    lay(n, o, true);
    for (size_t k = n->p->need_begin[o]; k < n->p->need_begin[o + 1]; k++)
      reach(n, n->facility_row[q->need[k].facility]);
    for (size_t k = n->p->entry_begin[o]; k < n->p->entry_begin[o + 1]; k++)
      reach(n, n->measure_row[q->option_entry[k].measure]);
  }
  for (size_t r = 0; r < n->rows; r++)
    if (n->hits[r] < left) n->low[r] = lesser(n->low[r], 0), n->high[r] = greater(n->high[r], 0);
}

/* Whether a row can be kept where it comes to between least and most. */
static bool kept(const cm__narrow *n, size_t r, double least, double most) {
  double slack = CM_LOCATE_TOLERANCE + 1e-9 * greater(fabs(least), fabs(most));
  return least <= n->upper[r] + slack && most >= n->lower[r] - slack;
}

/* The least and the most of each row; false where one cannot be kept. */
static bool bound_rows(cm__narrow *n, const cm__view *v) {
  const cm_locate_parts *q = &n->p->parts;
  for (size_t r = 0; r < n->rows; r++) n->least[r] = n->most[r] = 0;
  for (size_t s = 0; s < q->stages; s++) {
    bound_stage(n, v, s);
    for (size_t r = 0; r < n->rows; r++) n->least[r] += n->low[r], n->most[r] += n->high[r];
  }
  for (size_t k = 0; k < q->facility_entries; k++) {
    size_t f = q->facility_entry[k].index, r = n->measure_row[q->facility_entry[k].measure];
    double x = q->facility_entry[k].value;
    if (v->facility[f] == 0 || r == CM_NONE) continue;
    n->least[r] += v->facility[f] == 1 ? x : lesser(0, x);
    n->most[r] += v->facility[f] == 1 ? x : greater(0, x);
  }
  for (size_t r = 0; r < n->rows; r++)
    if (!kept(n, r, n->least[r], n->most[r])) return false;
  return true;
}

static bool fits(const cm__narrow *n, size_t r) {
  double x = n->now[r];
  return kept(n, r, n->least[r] - n->low[r] + x, n->most[r] - n->high[r] + x);
}

/* Strikes out options of stage s with which a row cannot be kept; how many. */
static size_t strike(cm__narrow *n, const cm__view *v, size_t s) {
  const cm_locate *p = n->p;
  const cm_locate_parts *q = &p->parts;
  size_t struck = 0;
  bound_stage(n, v, s);
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (!v->allowed[o]) continue;
    bool fit = true;
    lay(n, o, true);
    for (size_t k = p->need_begin[o]; fit && k < p->need_begin[o + 1]; k++) {
      size_t row = n->facility_row[q->need[k].facility];
      fit = row == CM_NONE || fits(n, row);
    }
    for (size_t m = 1; fit && m < q->measures; m++)
      fit = n->measure_row[m] == CM_NONE || fits(n, n->measure_row[m]);
    lay(n, o, false);
    if (!fit) v->allowed[o] = false, struck++;
  }
  return struck;
}

bool cm__narrow_view(cm__narrow *n, cm__view *v) {
  for (int round = 0;; round++) {
    size_t struck = 0;
    if (!follow(n->p, v)) return false;
    if (round == 4) return true;
    if (!bound_rows(n, v)) return false;
    for (size_t s = 0; s < n->p->parts.stages; s++) struck += strike(n, v, s);
    if (!struck) return true;
  }
}
