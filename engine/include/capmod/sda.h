/* capmod/sda.h - structural decomposition of the change between two tables.
 *
 * An indicator q = w L y, summed over groups of nodes, is a product of factors:
 *   w          value added, jobs, ... per unit of output (absent for output itself)
 *   L          the Leontief inverse, or A = technology x sourcing: with k the
 *              product and r its country, technology_kj = sum over r of A_rk,j and
 *              sourcing_rk,j = A_rk,j / technology_kj
 *   y          final demand, or level x mix x sourcing: for a destination s,
 *              level_s = sum of D_.s, mix_ks = sum over r of D_rk,s / level_s, and
 *              sourcing_rk,s = D_rk,s / sum over r of D_rk,s
 * (Dietzenbacher and Los 1998; with sourcing apart Xu and Dietzenbacher 2014.)
 * A share of nothing is that of the other table, so that a product that is new
 * is no change of its sourcing. Where parts cancel to nothing (stock changes),
 * the cell is taken as sourcing alone. Each effect is in the indicator's unit;
 * they sum to the change. Both tables are taken as they are: deflation is the
 * caller's.
 */
#ifndef CAPMOD_SDA_H
#define CAPMOD_SDA_H

#include "capmod/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_sda_method {
  CM_SDA_POLAR, /* mean of the two polar orders (Dietzenbacher and Los 1998) */
  CM_SDA_ALL,   /* mean of all orders of the factors, as weighted sums over the 2^m states */
  CM_SDA_LMDI   /* additive logarithmic mean Divisia index I (Ang 2004), element by element */
} cm_sda_method;

typedef struct cm_sda {
  cm_table *from, *to;                        /* of the same countries and sectors */
  const cm_matrix *from_weights, *to_weights; /* 1 x n; both NULL: output */
  bool split_inputs, split_final;             /* A and final demand into their factors */
  cm_grouping by;                             /* of the nodes where q arises */
  cm_sda_method method;
} cm_sda;

/* groups x (2 + m): columns "from", "to", then an effect for each of "v" (where
 * there are weights), "L" or "technology", "sourcing", and "Y" or "level", "mix",
 * "final_sourcing". Factors I - A twice, four times where inputs are split; LMDI
 * takes both inverses and n^2 G elements. In LMDI a product whose factors become
 * 0 or change sign is shared equally among them (the limit of small values: Ang
 * and Liu 2007); inputs cannot be split (CM_INVALID), for L is no product of them.
 * CM_LABELS for tables that differ, CM_SHAPE, CM_RANGE; statuses of
 * cm_table_factor. */
CM_API CM_WARN_UNUSED cm_status cm_sda_decompose(const cm_sda *sda, const cm_job *job,
                                                 cm_matrix **out, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
