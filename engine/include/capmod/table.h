/* capmod/table.h - the multi-region input-output table and its Leontief system.
 *
 * G countries x N sectors, n = G N nodes in country-major order. Rows sell,
 * columns buy. Everything is in the table's own currency unit.
 *   Z  n x n      intermediate flows
 *   Y  n x (G C)  final demand, country-major with C categories a country
 *   P  k x n      published primary-input rows (value added, taxes, margins),
 *                 and their entries under final demand, k x (G C)
 *   F  f x n      satellite rows (jobs, emissions), and f x (G C) under final demand
 * Derived (Miller and Blair 2009, ch. 2; Koopman, Wang, Wei 2014):
 *   x = Z 1 + Y 1            output is the row sum
 *   va = x' - 1' Z           value added as the residual of the column
 *   A = Z diag(x)^-1         0 in the columns of nodes without output
 *   v = va / x               0 likewise, so v L = 1 where x > 0
 *   L = (I - A)^-1, E_s = sum over r != s of A_sr x_r + Y_sr
 * A table is immutable; the factor of I - A and L are made on first use and kept.
 */
#ifndef CAPMOD_TABLE_H
#define CAPMOD_TABLE_H

#include "capmod/linalg.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_table cm_table; /* counted */

typedef struct cm_table_parts {
  const cm_axis *countries, *sectors, *categories; /* categories: C final-demand labels */
  const cm_matrix *z, *y;
  const cm_matrix *primary, *primary_final; /* NULL where the table has none; row axis = names */
  const cm_matrix *satellite, *satellite_final;
  const cm_matrix *output; /* published output, 1 x n or n x 1, for the check only; or NULL */
} cm_table_parts;

/* Keeps the parts (their blocks are shared, not copied; do not write to them
 * afterwards). CM_SHAPE names the part and both shapes, CM_NOT_FINITE the cell. */
CM_API CM_WARN_UNUSED cm_status cm_table_new(const cm_table_parts *parts, const cm_job *job,
                                             cm_table **out, cm_error *err);
CM_API cm_table *cm_table_retain(cm_table *t);
CM_API void cm_table_release(cm_table *t);

#ifdef __cplusplus
}
#endif

#endif
