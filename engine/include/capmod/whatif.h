/* capmod/whatif.h - what follows from broken links: hypothetical extraction.
 *
 * Notation as in table.h. A link that is cut is a flow that becomes 0; what the
 * buyer needed comes from outside the system or not at all. Output and value
 * added per unit stay what they were. The system with the cut is solved from
 * the kept factor of I - A by an update of as many ranks as rows or columns are
 * cut (Woodbury 1950), or factored afresh where that is cheaper: see
 * CM_UPDATE_SHARE.
 */
#ifndef CAPMOD_WHATIF_H
#define CAPMOD_WHATIF_H

#include "capmod/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A change of rank k in a system of order n is solved from the kept factor while
 * k <= n / CM_UPDATE_SHARE, else factored afresh. By flops, k solutions with the
 * kept factor (2 n^2 k), their products (2 n k^2) and the core (2/3 k^3) meet a
 * new factor (2/3 n^3) at k = n / 3.7; a share of 5 leaves room for the five
 * solutions that estimate the condition. Measured at n = 2464 on two cores, the
 * update of rank n / 5 takes about 0.9 of the time of the new factor. */
#define CM_UPDATE_SHARE 5

/* Flows that are cut: from the nodes marked in `from` to the buyers marked in
 * `to` (both of n) and to the columns of Y marked in `final` (of G C). NULL
 * marks none. */
typedef struct cm_cut {
  const bool *from, *to, *final;
} cm_cut;

typedef enum cm_extraction {
  CM_DEMAND_DRIVEN, /* Leontief: who sells to those that buy less */
  CM_SUPPLY_DRIVEN  /* Ghosh: who buys from those that sell less */
} cm_extraction;

/* Output lost when all cuts are made, n x 1.
 * Demand-driven (Miller and Blair 2009, sect. 12.2.6; Los, Timmer, de Vries 2016
 * for exports): x - (I - A*)^-1 y* = (I - A*)^-1 f, where A*, y* are A and Y 1
 * with the cut cells 0 and f holds what each node sold over the links cut: so
 * small losses keep their digits. Supply-driven (Dietzenbacher and van der
 * Linden 1997): x' - V (I - x^-1 Z*)^-1; cut final demand has no part in it.
 * CM_SINGULAR, CM_ILL_CONDITIONED, CM_BUDGET, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_table_extract(cm_table *t, cm_extraction kind,
                                                 const cm_cut *cuts, size_t count,
                                                 const cm_job *job, cm_matrix **out, cm_error *err);

/* What is cut at a node i, in turn. Each is an update of rank 1 or 2, written out:
 *   complete  all its flows and its final demand: loss L_.i x_i / L_ii
 *   backward  its purchases: (L_.i - e_i) x_i / L_ii
 *   forward   its sales to producers, supply-driven: (L_i. # x' - x_i e_i') / L_ii
 *   exports   its sales abroad: L_.i E_i / (1 + a L_.i), a its foreign row of A
 * Backward and forward include its purchases from itself (Miller and Blair). */
typedef enum cm_node_cut {
  CM_CUT_COMPLETE,
  CM_CUT_BACKWARD,
  CM_CUT_FORWARD,
  CM_CUT_EXPORTS
} cm_node_cut;

/* Weights times the output lost, by group of nodes, for each node extracted in
 * turn: n x groups. weights: 1 x n per unit of output; NULL is output itself.
 * Forms the inverse L (once, kept), then takes 2 n^2 groups flops.
 * CM_SHAPE, CM_RANGE; statuses of cm_table_part(L). */
CM_API CM_WARN_UNUSED cm_status cm_table_extract_each(cm_table *t, cm_node_cut cut,
                                                      const cm_matrix *weights, cm_grouping groups,
                                                      const cm_job *job, cm_matrix **out,
                                                      cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
