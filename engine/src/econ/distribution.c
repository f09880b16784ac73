/* Tails of the t, F and chi-squared distributions, by the incomplete beta and gamma functions
 * (Abramowitz and Stegun 1964, 26.5.8, 6.5.29, 6.5.31), continued fractions by Lentz (1976). */
#include <float.h>
#include <math.h>

#include "capmod/econ.h"

enum { TERMS = 100000 };
#define TINY 1e-300

/* The fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x) {
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (fabs(d) < TINY) d = TINY;
  d = 1 / d;
  double h = d;
  for (int m = 1; m < TERMS; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (int part = 0; part < 2; part++) {
      double term = part ? odd : even;
      d = 1 + term * d;
      c = 1 + term / c;
      if (fabs(d) < TINY) d = TINY;
      if (fabs(c) < TINY) c = TINY;
      d = 1 / d;
      step = c * d;
      h *= step;
    }
    if (fabs(step - 1) < DBL_EPSILON) break;
  }
  return h;
}

/* I_x(a, b), the part of the beta function below x; `y` is 1 - x, given apart for its digits. */
static double beta_part(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, y) / b;
}

/* Q(a, x), the part of the gamma function above x. */
static double gamma_above(double a, double x) {
  if (x <= 0) return 1;
  double front = exp(a * log(x) - x - lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < TERMS && term > sum * DBL_EPSILON; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  double b = x + 1 - a, c = 1 / TINY, d = 1 / b, h = d;
  for (int i = 1; i < TERMS; i++) {
    double term = -i * (i - a);
    b += 2;
    d = term * d + b;
    c = b + term / c;
    if (fabs(d) < TINY) d = TINY;
    if (fabs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= c * d;
    if (fabs(c * d - 1) < DBL_EPSILON) break;
  }
  return front * h;
}

double cm_t_two_sided(double t, double df) {
  if (!(df > 0) || isnan(t)) return NAN;
  if (isinf(df)) return erfc(fabs(t) / sqrt(2.0));
  if (isinf(t)) return 0;
  double whole = df + t * t;
  return beta_part(df / 2, 0.5, df / whole, t * t / whole);
}

double cm_chi2_tail(double x, double df) {
  if (!(df > 0) || isnan(x)) return NAN;
  return gamma_above(df / 2, x / 2);
}

double cm_f_tail(double f, double df1, double df2) {
  if (!(df1 > 0) || !(df2 > 0) || isnan(f)) return NAN;
  if (f <= 0) return 1;
  if (isinf(df2)) return cm_chi2_tail(f * df1, df1);
  if (isinf(f)) return 0;
  double whole = df2 + df1 * f;
  return beta_part(df2 / 2, df1 / 2, df2 / whole, df1 * f / whole);
}

double cm_t_critical(double p, double df) {
  if (!(p > 0 && p < 1) || !(df > 0)) return NAN;
  double low = 0, high = 1;
  while (cm_t_two_sided(high, df) > p && high < 1e300) high *= 2;
  for (int i = 0; i < 200 && high - low > DBL_EPSILON * high; i++) {
    double middle = low + (high - low) / 2;
    if (cm_t_two_sided(middle, df) > p)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}
