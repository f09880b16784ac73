/* capmod/position.h - measures of nodes: place in the chains, participation.
 * Notation as in table.h and decompose.h; u is a row of ones, yd_s = Y_ss,
 * ym_s = sum over r != s of Y_sr, y = yd + ym. */
#ifndef CAPMOD_POSITION_H
#define CAPMOD_POSITION_H

#include "capmod/decompose.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The measures, in order: name, what it is. All but the first three are values that
 * may be summed over nodes; a length is a ratio of such sums. 0 for nodes without
 * output where the measure is a ratio.
 *
 * Upstreamness is (I - x^-1 Z)^-1 1 = (B x) / x (Antras, Chor, Fally, Hillberry 2012),
 * row sums of Ghosh's inverse; downstreamness u B (Antras, Chor 2013), column sums of
 * Leontief's.
 *
 * Wang, Wei, Yu, Zhu (2017, NBER w23222, w23261; from memory, held by the identities):
 * V B Y = V L Yd + V L Ym + V L A_m B Y, and what crosses borders in inputs is simple
 * (V L A_m L Yd: absorbed by its first buyer abroad) or complex. Forward sums rows and
 * adds up to value added, backward sums columns and adds up to final output. Lengths
 * count value added at every step: V L L Yd, V L L Ym, V L L A_m B Y (at home),
 * V L A_m B B Y (abroad); they add up to V B B Y, so that the mean length is
 * upstreamness (forward) and downstreamness (backward).
 *
 * Output (Borin, Mancini, Taglioni 2025, as gvcAnalyzer 0.1.1 computes it), with
 * q = sum over r != s of A_sr L_rr E_r and m = sum over t != s of vL_t A_ts L_ss:
 * domestic vL # yd; pure forward vL # q; pure backward (u - vL) # y - m # yd; two-sided
 * by imported inputs (u - vL) # x - m # (A_ss L_ss yd) - pure backward, and by domestic
 * ones vL # (A_ss L_ss q). The rest of output is traditional trade. */
#define CM_MEASURE_LIST(X)                                                                         \
  X("upstreamness", "mean distance of output from final demand")                                   \
  X("downstreamness", "mean number of stages before output")                                       \
  X("output", "gross output")                                                                      \
  X("final", "final output")                                                                       \
  X("value_added", "value added")                                                                  \
  X("exported", "value added in all exports of the country")                                       \
  X("forward_domestic", "value added that never crosses a border")                                 \
  X("forward_traditional", "value added in final goods that cross one border")                     \
  X("forward_simple", "value added in inputs absorbed by the first buyer abroad")                  \
  X("forward_complex", "value added in inputs that cross further borders")                         \
  X("forward_domestic_length", "the first, times its stages")                                      \
  X("forward_traditional_length", "the second, times its stages")                                  \
  X("forward_home_length", "the simple and complex, times stages at home")                         \
  X("forward_abroad_length", "the simple and complex, times stages after the border")              \
  X("backward_domestic", "in final output: value that never crossed a border")                     \
  X("backward_traditional", "in final output for export: value added at home")                     \
  X("backward_simple", "in final output for home: value of the first sellers abroad")              \
  X("backward_complex", "in final output: value that crossed borders more often")                  \
  X("backward_domestic_length", "the first, times its stages")                                     \
  X("backward_traditional_length", "the second, times its stages")                                 \
  X("backward_home_length", "the simple and complex, times stages before the border")              \
  X("backward_abroad_length", "the simple and complex, times stages after it")                     \
  X("output_domestic", "output for home alone")                                                    \
  X("output_pure_forward", "pure forward participation")                                           \
  X("output_pure_backward", "pure backward participation")                                         \
  X("output_two_sided_imported", "two-sided, by imported inputs")                                  \
  X("output_two_sided_domestic", "two-sided, by domestic inputs")

/* All of them, n x measures, by one solve and two transposed ones, and never the
 * inverse. Statuses of cm_table_factor. */
CM_API CM_WARN_UNUSED cm_status cm_table_position(cm_table *t, const cm_job *job, cm_matrix **out,
                                                  cm_error *err);

/* Value added in a unit of each node's exports, n x 6: own (vB: all domestic
 * content), again (vB - vL: that comes back), foreign (vF), once (vL), direct (v_i
 * L_ii: the node's own), indirect (vL - direct). By 2 G right-hand sides. */
CM_API CM_WARN_UNUSED cm_status cm_table_multipliers(cm_table *t, const cm_job *job,
                                                     cm_matrix **out, cm_error *err);

/* What partner r sells of the same product where m holds what s sells to r: m is
 * n x G, element ((s, i), r) of the result is ((r, i), s) of m. CM_SHAPE. */
CM_API CM_WARN_UNUSED cm_status cm_table_mirrored(const cm_table *t, const cm_matrix *m,
                                                  cm_matrix **out, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
