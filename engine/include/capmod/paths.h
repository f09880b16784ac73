/* capmod/paths.h - structural path analysis: the supply chains that carry most.
 *
 * What a demand d takes of an origin's value, jobs, ... is a sum over chains of
 * suppliers (Defourny and Thorbecke 1984; Treloar 1997):
 *   w L d = sum over k of w_k d_k + w_i A_ik d_k + w_h A_hi A_ik d_k + ...
 * The chain (h, i, k) is worth w_h A_hi A_ik d_k. What all chains that end in
 * (i, k) are worth together is m_i A_ik d_k with m = w L, which bounds each of
 * them: the search opens the largest bound first and stops when no chain left
 * can matter. Where w or A have negative elements the bound is that of their
 * absolute values.
 */
#ifndef CAPMOD_PATHS_H
#define CAPMOD_PATHS_H

#include "capmod/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_path_query {
  const cm_matrix *weights; /* 1 x n per unit of output; NULL: v */
  const cm_matrix *demand;  /* n x 1 */
  size_t top;               /* the most chains wanted, > 0 */
  double above;             /* only chains worth at least this, in size; >= 0 */
  size_t steps;             /* the most that are opened; 0: 2000000 */
} cm_path_query;

/* Chains by decreasing size; equal ones in the order of their search, which is
 * the same on every run. Chain i is node[first[i]] (where the value arises) to
 * node[first[i + 1] - 1] (the product demanded). */
typedef struct cm_paths {
  size_t count;
  double *value;
  size_t *first, *node;
  double total;   /* w L d: what all chains are worth */
  double covered; /* what these are worth */
  double left;    /* no other chain is larger than this, in size */
  bool complete;  /* all that were asked for; false: `steps` ended it */
} cm_paths;

/* CM_INVALID where nothing is asked for, CM_SHAPE; statuses of cm_table_factor;
 * CM_SINGULAR and CM_ILL_CONDITIONED also for the system of absolute values. */
CM_API CM_WARN_UNUSED cm_status cm_table_paths(cm_table *t, const cm_path_query *query,
                                               const cm_job *job, cm_paths *out, cm_error *err);
CM_API void cm_paths_release(cm_paths *paths);

#ifdef __cplusplus
}
#endif

#endif
