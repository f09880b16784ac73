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

/* ---- options that another is never worse than -------------------- */

/* What the difference of two options of a stage adds to measure k, the costs that count in it
 * with it. */
static double difference(const cm_locate *p, size_t k, size_t a, size_t b) {
  const cm_locate_parts *q = &p->parts;
  double x = q->weight[k] != 0 ? q->weight[k] * (q->cost[a] - q->cost[b]) : 0;
  for (size_t i = p->entry_begin[a]; i < p->entry_begin[a + 1]; i++)
    if (q->option_entry[i].measure == k) x += q->option_entry[i].value;
  for (size_t i = p->entry_begin[b]; i < p->entry_begin[b + 1]; i++)
    if (q->option_entry[i].measure == k) x -= q->option_entry[i].value;
  return x;
}

/* Whether a can stand for b in every plan, at no loss: at one place, by one operator, with the
 * same needs. */
static bool stands_for(const cm_locate *p, size_t a, size_t b) {
  const cm_locate_parts *q = &p->parts;
  size_t needs = p->need_begin[a + 1] - p->need_begin[a];
  if (q->place[a] != q->place[b] || q->operator_[a] != q->operator_[b]) return false;
  if (p->need_begin[b + 1] - p->need_begin[b] != needs) return false;
  for (size_t k = 0; k < needs; k++) {
    const cm_locate_need *x = &q->need[p->need_begin[a] + k], *y = &q->need[p->need_begin[b] + k];
    if (x->facility != y->facility || x->volume != y->volume) return false;
  }
  double loss = (q->maximise ? -1 : 1) * difference(p, 0, a, b);
  if (!(loss < 0 || (loss == 0 && a < b))) return false;
  for (size_t k = 1; k < q->measures; k++) {
    double x = difference(p, k, a, b);
    if ((x > 0 && q->upper[k] < HUGE_VAL) || (x < 0 && q->lower[k] > -HUGE_VAL)) return false;
  }
  return true;
}

void cm__narrow_dominated(const cm_locate *p, bool *allowed) {
  const cm_locate_parts *q = &p->parts;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      for (size_t k = q->first[s]; allowed[o] && k < q->first[s + 1]; k++)
        if (k != o && allowed[k] && stands_for(p, k, o)) allowed[o] = false;
}

/* ---- activities: rows of the capacities of facilities, and of rules, that can be missed --- */

struct cm__narrow {
  const cm_locate *p;
  size_t rows;
  size_t *facility_row, *measure_row; /* of each; CM_NONE: nothing bounds it */
  double *lower, *upper;              /* of each row: what it must keep to */
  double *least, *most;               /* of each row: what stages and facilities add to it */
  double *low, *high;                 /* of each stage and row: what it adds */
  size_t *counted;                    /* of each stage: options of which they are true */
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
  CM__TRY(cm__alloc(5 * most, sizeof *n->lower, what, &n->lower, err));
  CM__TRY(cm__alloc(2 * most + p->parts.stages, sizeof *n->hits, what, &n->hits, err));
  n->facility_row = n->hits + most, n->measure_row = n->facility_row + p->parts.facilities;
  n->counted = n->hits + 2 * most;
  n->upper = n->lower + most, n->least = n->upper + most, n->most = n->least + most;
  n->now = n->most + most;
  number_rows(n);
  CM__TRY(cm__alloc(2 * p->parts.stages, n->rows * sizeof *n->low, what, &n->low, err));
  n->high = n->low + p->parts.stages * n->rows;
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
  cm__free(n->low);
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

static void reach(cm__narrow *n, double *low, double *high, size_t row) {
  double x = row == CM_NONE ? 0 : n->now[row];
  if (x == 0) return;
  low[row] = lesser(low[row], x), high[row] = greater(high[row], x);
  n->hits[row]++, n->now[row] = 0;
}

/* The least and the most that stage s adds to each row. Options only go: where there are as many
 * as before, they are the same. */
static void bound_stage(cm__narrow *n, const cm__view *v, size_t s) {
  const cm_locate_parts *q = &n->p->parts;
  double *low = n->low + s * n->rows, *high = n->high + s * n->rows;
  size_t left = 0;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) left += v->allowed[o];
  if (left == n->counted[s]) return;
  n->counted[s] = left;
  for (size_t r = 0; r < n->rows; r++) low[r] = HUGE_VAL, high[r] = -HUGE_VAL, n->hits[r] = 0;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (!v->allowed[o]) continue;
    lay(n, o, true);
    for (size_t k = n->p->need_begin[o]; k < n->p->need_begin[o + 1]; k++)
      reach(n, low, high, n->facility_row[q->need[k].facility]);
    for (size_t k = n->p->entry_begin[o]; k < n->p->entry_begin[o + 1]; k++)
      reach(n, low, high, n->measure_row[q->option_entry[k].measure]);
  }
  for (size_t r = 0; r < n->rows; r++)
    if (n->hits[r] < left) low[r] = lesser(low[r], 0), high[r] = greater(high[r], 0);
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
    const double *low = n->low + s * n->rows, *high = n->high + s * n->rows;
    for (size_t r = 0; r < n->rows; r++) n->least[r] += low[r], n->most[r] += high[r];
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

/* Whether row r can be kept with what is laid for stage s. */
static bool fits(const cm__narrow *n, size_t s, size_t r) {
  size_t k = s * n->rows + r;
  double x = n->now[r];
  return kept(n, r, n->least[r] - n->low[k] + x, n->most[r] - n->high[k] + x);
}

/* Strikes out options of stage s with which a row cannot be kept; how many. */
static size_t strike(cm__narrow *n, const cm__view *v, size_t s) {
  const cm_locate *p = n->p;
  const cm_locate_parts *q = &p->parts;
  size_t struck = 0;
  for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
    if (!v->allowed[o]) continue;
    bool fit = true;
    lay(n, o, true);
    for (size_t k = p->need_begin[o]; fit && k < p->need_begin[o + 1]; k++) {
      size_t row = n->facility_row[q->need[k].facility];
      fit = row == CM_NONE || fits(n, s, row);
    }
    for (size_t m = 1; fit && m < q->measures; m++)
      fit = n->measure_row[m] == CM_NONE || fits(n, s, n->measure_row[m]);
    lay(n, o, false);
    if (!fit) v->allowed[o] = false, struck++;
  }
  return struck;
}

bool cm__narrow_view(cm__narrow *n, cm__view *v) {
  for (size_t s = 0; s < n->p->parts.stages; s++) n->counted[s] = CM_NONE;
  for (int round = 0;; round++) {
    size_t struck = 0;
    if (!follow(n->p, v)) return false;
    if (round == 4) return true;
    if (!bound_rows(n, v)) return false;
    for (size_t s = 0; s < n->p->parts.stages; s++) struck += strike(n, v, s);
    if (!struck) return true;
  }
}
