/* capmod/corners.h - exports by where value is added and where it ends, and imports.
 * Notation as in table.h and decompose.h. */
#ifndef CAPMOD_CORNERS_H
#define CAPMOD_CORNERS_H

#include "capmod/decompose.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The four corners of a flow. Every one needs groups and their labels. */
typedef struct cm_corners {
  cm_grouping origins;      /* of nodes: where value is added */
  cm_grouping exporters;    /* of nodes: whose exports */
  cm_grouping importers;    /* of countries: who buys them */
  cm_grouping destinations; /* of countries: whose final demand they end in */
  bool once;                /* leave out what has left the exporter before */
} cm_corners;

/* For product i of exporter s, sold to importer r, ending in the final demand of k:
 *   absorbed  E_sr,k = [k = r] Y_sr + A_sr (B Y)_rk, whose sum over k is E_sr;
 *   content   w_o B_o,i of each unit: what origin o has added to it, whose sum over
 *             all origins is 1 where w is v;
 *   once      w_o B_os B_ss^-1 L_ss instead: o's part in what leaves s for the first
 *             time. With w = v this is v_s L_ss of s itself, and all origins add up
 *             to DVA + FVA of the source approach (CM_BM_SOURCE).
 * The result holds the product of the two, summed by groups: a row for each
 * (exporters, importers, destinations), the last running first, and a column for
 * each group of origins. `weights` is 1 x n; NULL is v. Hence, with all origins,
 * E_sr,k; with all destinations, the origins of E_sr (cm_table_origin); the part of
 * s in what s absorbs itself is REF of the source approach if counted once.
 * CM_INVALID without groups, CM_RANGE, CM_SHAPE; statuses of cm_table_part(L). */
CM_API CM_WARN_UNUSED cm_status cm_table_corners(cm_table *t, const cm_matrix *weights,
                                                 const cm_corners *sides, const cm_job *job,
                                                 cm_matrix **out, cm_error *err);

/* Value added in the imports of r, once, by origin (Borin and Mancini 2019, eq. 51):
 * A~ is A without A_tr, t != r, so that nothing enters r twice; with d = E_.r,
 *   VA = v # (I - A~)^-1 d,  DC = v # (I - A~)^-1 h,  h_t = A_tr (B d)_r, h_r = 0,
 * and 1'VA + 1'DC = imports. Both follow from c = B_rr^-1 (B d)_r: for t != r,
 * DC_t = v_t # B_tr c and VA_t = v_t # (B d)_t - DC_t; VA_r = v_r # L_rr c. A row for
 * each (importer group, origin group), the latter running first; columns VA, DC.
 * `importers` is of blocks (see cm_flows), `origins` of nodes. */
CM_API CM_WARN_UNUSED cm_status cm_table_imports(cm_table *t, cm_grouping blocks,
                                                 cm_grouping importers, cm_grouping origins,
                                                 const cm_job *job, cm_matrix **out, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
