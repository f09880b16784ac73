/* Proofs are checked, not believed: Clp's dual simplex has been seen to call a
 * feasible program with free variables infeasible. */
#include "program/internal.h"

static const double SLIGHT = 1e-9; /* relative to the largest term of a sum */

/* The least or greatest of c x over lower..upper, where c is 0 within rounding. */
static double extreme(double c, double scale, double lower, double upper, bool most) {
  if (fabs(c) <= SLIGHT * scale) return 0;
  return (c > 0) == most ? c * upper : c * lower;
}

/* Whether y'A x < y'r for every x within its bounds and every r within the sides. */
bool cm__proves_infeasible(const cm__order *o, const double *y) {
  const cm_sparse *a = o->p->a;
  double most = 0, least = 0, largest = 0, price = 0;
  for (size_t i = 0; i < a->rows; i++) price = fmax(price, fabs(y[i]));
  if (!(price > 0) || isinf(price)) return false;
  for (size_t i = 0; i < a->rows; i++) {
    double term = extreme(y[i], price, o->row_lower[i], o->row_upper[i], false);
    least += term;
    largest = fmax(largest, fabs(term));
  }
  for (size_t j = 0; j < a->cols; j++) {
    double sum = 0, size = 0;
    for (size_t k = a->start[j]; k < a->start[j + 1]; k++) {
      double term = a->value[k] * y[a->row[k]];
      sum += term;
      size = fmax(size, fabs(term));
    }
    double term = extreme(sum, size, o->lower[j], o->upper[j], true);
    most += term;
    largest = fmax(largest, fabs(term));
  }
  return isfinite(most) && isfinite(least) && least - most > SLIGHT * largest;
}

/* Whether a step of d along an unlimited side, else of 0, keeps within the limits. */
static bool recedes(double d, double scale, double lower, double upper) {
  if (fabs(d) <= 1e-7 * scale) return true;
  return d > 0 ? isinf(upper) : isinf(lower);
}

/* Whether x + t d stays feasible for every t > 0 and gains without end. */
bool cm__proves_unbounded(const cm__order *o, const double *d, double *rows) {
  const cm_sparse *a = o->p->a;
  double gain = 0, size = 0;
  for (size_t j = 0; j < a->cols; j++) size = fmax(size, fabs(d[j]));
  for (size_t i = 0; i < a->rows; i++) rows[i] = 0;
  for (size_t j = 0; j < a->cols; j++) {
    gain -= o->cost[j] * d[j];
    if (!recedes(d[j], size, o->lower[j], o->upper[j])) return false;
    for (size_t k = a->start[j]; k < a->start[j + 1]; k++) rows[a->row[k]] += a->value[k] * d[j];
  }
  for (size_t i = 0; i < a->rows; i++)
    if (!recedes(rows[i], size, o->row_lower[i], o->row_upper[i])) return false;
  return gain > 0;
}
