/* The adapter to COIN-OR: Clp for linear programs, CBC for mixed-integer ones. The
 * only file that includes their headers; runs in a child process only (CBC is not
 * safe in threads, overshoots its time limit, and ends the process as it likes). */
#include <Cbc_C_Interface.h>
#include <Clp_C_Interface.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "program/internal.h"

enum { CLP_OPTIMAL, CLP_INFEASIBLE, CLP_UNBOUNDED }; /* of Clp_status */
enum { SOLUTION = 4, SOLUTION_HEURISTIC = 12, SOLUTION_SEARCH = 16, STATUS = 10 }; /* messages */

/* The part of the gap that the search may use, so that rounding keeps within it. */
static const double GAP_USED = 0.999;

/* The part of the time, so that there is some left for handing over. */
static const double TIME_USED = 0.97;

/* The matrix with the index type of these libraries. */
static bool starts_of(const cm_sparse *a, CoinBigIndex **out) {
  if (cm__alloc_raw(a->cols + 1, sizeof **out, "columns", out, NULL) != CM_OK) return false;
  for (size_t j = 0; j <= a->cols; j++) (*out)[j] = (CoinBigIndex)a->start[j];
  return true;
}

/* ---- linear ---------------------------------------------------------------------- */

static Clp_Simplex *linear_model(const cm__order *o, CoinBigIndex *start) {
  const cm_sparse *a = o->p->a;
  Clp_Simplex *m = Clp_newModel();
  Clp_setLogLevel(m, 0);
  Clp_loadProblem(m, (int)a->cols, (int)a->rows, start, a->row, a->value, o->lower, o->upper,
                  o->cost, o->row_lower, o->row_upper);
  Clp_setOptimizationDirection(m, 1.0);
  if (o->seconds > 0) Clp_setMaximumSeconds(m, o->seconds);
  return m;
}

static void take_linear(Clp_Simplex *m, const cm_sparse *a, cm__answer *out) {
  memcpy(out->x, Clp_primalColumnSolution(m), a->cols * sizeof(double));
  memcpy(out->dual, Clp_dualRowSolution(m), a->rows * sizeof(double));
  memcpy(out->reduced, Clp_dualColumnSolution(m), a->cols * sizeof(double));
  for (size_t j = 0; j < a->cols; j++)
    out->basis[j] = (unsigned char)Clp_getColumnStatus(m, (int)j);
  for (size_t i = 0; i < a->rows; i++)
    out->basis[a->cols + i] = (unsigned char)Clp_getRowStatus(m, (int)i);
  out->has_x = out->has_dual = out->has_basis = true;
}

/* Copies a certificate of n numbers, where there is one. */
static bool copy_ray(double *ray, Clp_Simplex *m, size_t n, double *out) {
  if (!ray) return false;
  memcpy(out, ray, n * sizeof *out);
  Clp_freeRay(m, ray);
  return true;
}

/* A certificate of either sign: Clp has turned it between versions. */
static bool take_farkas(Clp_Simplex *m, const cm__order *o, cm__answer *out) {
  size_t rows = o->p->a->rows;
  if (!copy_ray(Clp_infeasibilityRay(m), m, rows, out->farkas)) return false;
  for (int sign = 0; sign < 2; sign++) {
    if (cm__proves_infeasible(o, out->farkas)) return true;
    for (size_t i = 0; i < rows; i++) out->farkas[i] = -out->farkas[i];
  }
  return false;
}

static bool take_direction(Clp_Simplex *m, const cm__order *o, cm__answer *out) {
  return copy_ray(Clp_unboundedRay(m), m, o->p->a->cols, out->ray) &&
         cm__proves_unbounded(o, out->ray, out->dual);
}

/* Presolved first. Where that ends without an optimum or a proof, the primal simplex
 * has the word, and the dual one may add the proof. `o` holds the model's limits. */
static void run_linear(Clp_Simplex *m, const cm__order *o, cm__answer *out) {
  Clp_initialSolve(m);
  out->iterations += Clp_numberIterations(m);
  int status = Clp_status(m);
  if (status == CLP_INFEASIBLE) out->has_farkas = take_farkas(m, o, out);
  if ((status == CLP_INFEASIBLE && !out->has_farkas) || status == CLP_UNBOUNDED) {
    Clp_primal(m, 0);
    out->iterations += Clp_numberIterations(m);
    status = Clp_status(m);
    if (status == CLP_INFEASIBLE) {
      Clp_dual(m, 0);
      out->has_farkas = Clp_status(m) == CLP_INFEASIBLE && take_farkas(m, o, out);
    }
  }
  if (status == CLP_OPTIMAL) {
    out->verdict = CM__SOLVED;
    take_linear(m, o->p->a, out);
    out->bound = Clp_objectiveValue(m);
  } else if (status == CLP_INFEASIBLE) {
    out->verdict = CM__IMPOSSIBLE;
  } else if (status == CLP_UNBOUNDED) {
    out->verdict = CM__ENDLESS;
    out->has_ray = take_direction(m, o, out);
  } else {
    out->verdict = status == 3 ? CM__CUT : CM__FAILED;
  }
}

void cm__coin_relaxed(const cm__order *o, cm__answer *out) {
  CoinBigIndex *start;
  out->verdict = CM__STARVED;
  if (!starts_of(o->p->a, &start)) return;
  Clp_Simplex *m = linear_model(o, start);
  run_linear(m, o, out);
  Clp_deleteModel(m);
  cm__free(start);
}

/* ---- mixed-integer ------------------------------------------------------------------ */

/* The one search that this child process runs, for the callback, which has no
 * pointer of its own. */
static struct {
  const cm__order *order;
  double objective, bound, nodes;
  volatile sig_atomic_t ended; /* on request */
} search;

static void on_message(Cbc_Model *model, int number, int reals, const double *real, int wholes,
                       const int *whole, int texts, char **text) {
  (void)model, (void)texts, (void)text;
  if (search.ended) return; /* its bounds hold no more */
  bool better = number == SOLUTION || number == SOLUTION_HEURISTIC || number == SOLUTION_SEARCH;
  if (better && reals >= 1) {
    search.objective = real[0];
  } else if (number == STATUS && reals >= 2 && wholes >= 1) {
    if (fabs(real[0]) < 1e49) search.objective = real[0];
    search.bound = real[1];
    search.nodes = whole[0];
  } else {
    return;
  }
  const cm__order *o = search.order;
  if (o->tell) o->tell(o->ud, search.objective, search.bound, search.nodes);
}

static void on_request(int signum) {
  (void)signum;
  search.ended = 1;
}

/* Called in every round of cuts. CBC's little searches share the message handler,
 * silence it, and leave it so: it speaks again. And where the search is to end, two
 * cuts that exclude each other close every node that is left, which is the one way
 * that the C interface has to end it and keep what was found. */
static void on_cuts(void *solver, void *cuts, void *model) {
  static const int column = 0;
  static const double one = 1;
  Cbc_setLogLevel(model, 1);
  if (!search.ended || Osi_getNumCols(solver) == 0) return;
  double middle = floor(Osi_getColSolution(solver)[0]);
  OsiCuts_addRowCut(cuts, 1, &column, &one, 'G', middle + 1);
  OsiCuts_addRowCut(cuts, 1, &column, &one, 'L', middle);
}

static void set_number(Cbc_Model *m, const char *name, double value) {
  char text[40];
  snprintf(text, sizeof text, "%.17g", value);
  Cbc_setParameter(m, name, text);
}

static void set_limits(Cbc_Model *m, const cm__order *o) {
  Cbc_setLogLevel(m, 1); /* messages reach the callback from this level on */
  Cbc_setParameter(m, "threads", "0");
  Cbc_setParameter(m, "randomSeed", "1234567");
  Cbc_setParameter(m, "randomCbcSeed", "1234567");
  Cbc_setParameter(m, "timeMode", "elapsed");
  set_number(m, "ratioGap", GAP_USED * o->gap);
  set_number(m, "allowableGap", 1e-10);
  if (o->seconds > 0) set_number(m, "seconds", TIME_USED * o->seconds);
  if (o->nodes) set_number(m, "maxNodes", (double)o->nodes);
}

static void set_start(Cbc_Model *m, const cm__order *o) {
  size_t n = o->p->a->cols;
  int count = 0;
  char name[24];
  int *column = NULL;
  double *value = NULL;
  if (cm__alloc(n, sizeof *column, "a start", &column, NULL) == CM_OK &&
      cm__alloc(n, sizeof *value, "a start", &value, NULL) == CM_OK) {
    for (size_t j = 0; j < n; j++) {
      snprintf(name, sizeof name, "c%zu", j);
      Cbc_setColName(m, (int)j, name); /* by which CBC finds them again */
      if (!o->integer[j]) continue;
      column[count] = (int)j;
      value[count++] = round(o->start[j]);
    }
    Cbc_setMIPStartI(m, count, column, value);
  }
  cm__free(column);
  cm__free(value);
}

static Cbc_Model *mixed_model(const cm__order *o, CoinBigIndex *start) {
  const cm_sparse *a = o->p->a;
  Cbc_Model *m = Cbc_newModel();
  Cbc_loadProblem(m, (int)a->cols, (int)a->rows, start, a->row, a->value, o->lower, o->upper,
                  o->cost, o->row_lower, o->row_upper);
  Cbc_setObjSense(m, 1.0);
  for (size_t j = 0; j < a->cols; j++)
    if (o->integer[j]) Cbc_setInteger(m, (int)j);
  set_limits(m, o);
  if (o->start) set_start(m, o);
  return m;
}

/* A bound that holds: what CBC cut off because it was within the gap of the best
 * solution is not below objective less gap. */
static double honest_bound(const cm__order *o, double bound, double objective) {
  return fmin(bound, objective - GAP_USED * o->gap * fabs(objective));
}

static void run_mixed(Cbc_Model *m, const cm__order *o, cm__answer *out) {
  Cbc_registerCallBack(m, on_message);
  Cbc_addCutCallback(m, on_cuts, "progress", m);
  search.order = o;
  search.objective = search.bound = search.nodes = NAN;
  signal(SIGINT, on_request);
  Cbc_solve(m);
  signal(SIGINT, SIG_IGN);
  const double *best = Cbc_bestSolution(m);
  out->nodes = Cbc_getNodeCount(m);
  out->iterations += Cbc_getIterationCount(m);
  out->bound = Cbc_getBestPossibleObjValue(m);
  out->out_of_nodes = Cbc_isNodeLimitReached(m) != 0;
  if (best) {
    memcpy(out->x, best, o->p->a->cols * sizeof *out->x);
    out->has_x = true;
  }
  if (search.ended) {
    out->verdict = CM__CUT;
    out->bound = isnan(search.bound) ? -HUGE_VAL : search.bound;
  } else if (Cbc_isProvenOptimal(m) && best) {
    out->verdict = CM__SOLVED;
    out->bound = honest_bound(o, out->bound, Cbc_getObjValue(m));
  } else if (Cbc_isContinuousUnbounded(m)) {
    out->verdict = CM__ENDLESS;
  } else if (Cbc_isProvenInfeasible(m)) {
    out->verdict = CM__IMPOSSIBLE;
  } else {
    out->verdict = Cbc_isAbandoned(m) ? CM__FAILED : CM__CUT;
  }
}

/* With the whole numbers held at their values the rest is a linear program, whose
 * solution is exact and has duals. What was found stays where that fails. */
void cm__coin_polish(const cm__order *o, cm__answer *out) {
  size_t n = o->p->a->cols;
  double *lower = NULL, *upper = NULL;
  cm__answer exact = {0};
  if (cm__alloc_raw(n, sizeof *lower, "bounds", &lower, NULL) != CM_OK ||
      cm__alloc_raw(n, sizeof *upper, "bounds", &upper, NULL) != CM_OK ||
      cm__answer_new(o->p, &exact, NULL) != CM_OK)
    goto done;
  for (size_t j = 0; j < n; j++) {
    lower[j] = o->integer[j] ? round(out->x[j]) : o->lower[j];
    upper[j] = o->integer[j] ? lower[j] : o->upper[j];
  }
  cm__order held = *o;
  held.lower = lower;
  held.upper = upper;
  cm__coin_relaxed(&held, &exact);
  if (exact.verdict == CM__SOLVED) {
    memcpy(out->x, exact.x, n * sizeof *out->x);
    memcpy(out->reduced, exact.reduced, n * sizeof *out->reduced);
    memcpy(out->dual, exact.dual, o->p->a->rows * sizeof *out->dual);
    out->has_dual = true;
  }
done:
  cm__answer_free(&exact);
  cm__free(lower);
  cm__free(upper);
}

static void solve_mixed(const cm__order *o, cm__answer *out) {
  CoinBigIndex *start;
  out->verdict = CM__STARVED;
  if (!starts_of(o->p->a, &start)) return;
  Cbc_Model *m = mixed_model(o, start);
  run_mixed(m, o, out);
  Cbc_deleteModel(m);
  cm__free(start);
  if (out->has_x) cm__coin_polish(o, out);
  if (out->verdict != CM__IMPOSSIBLE && out->verdict != CM__ENDLESS) return;
  /* Which of the two, and the certificate, is the relaxation's to say. */
  bool impossible = out->verdict == CM__IMPOSSIBLE;
  cm__coin_relaxed(o, out);
  if (impossible && out->verdict != CM__ENDLESS) out->verdict = CM__IMPOSSIBLE;
  out->has_x = out->has_dual = out->has_basis = false;
}

static void solve(const cm__order *o, cm__answer *out) {
  bool mixed = false;
  for (size_t j = 0; o->integer && j < o->p->a->cols; j++) mixed |= o->integer[j];
  if (mixed)
    solve_mixed(o, out);
  else
    cm__coin_relaxed(o, out);
}

const cm__solver cm__coin = {"Clp", "CBC", solve};
