/* capmod/decompose.h - gross exports decomposed by where value is added.
 *
 * Every method splits the exports E_sr of exporter s to importer r, sector by
 * sector, into terms that add up to them. Notation as in table.h; besides
 *   L_ss = (I - A_ss)^-1, v_t B_ts = row block t, column block s of v L,
 *   vB = v_s B_ss, vF = sum over t != s of v_t B_ts, vL = v_s L_ss
 * (row vectors over the sectors of s). Methods and their sources:
 *   BM   Borin and Mancini 2019 (World Bank WPS 8804), 2023 (Econ. Systems
 *        Research 35(4)), exporter perspective, source and sink approach
 *   WWZ  Wang, Wei, Zhu 2013 (NBER w19677), 16 terms
 *   KWW  Koopman, Wang, Wei 2014 (AER 104(2), eq. 36), 9 terms, as sums of WWZ's
 *
 * What makes them fast: with M_s = sum over j != s of A_sj B_js one has
 *   I + M_s = (I - A_ss) B_ss,
 * so the system with the exports of s cut, B^{/s} = (I - A^{/s})^-1, needs no
 * inverse of its own:
 *   sum over t != s of v_t B^{/s}_ts = vF B_ss^-1 L_ss
 *   output absorbed by k under the cut: X~_k = (B Y)_k - B_.s B_ss^-1 ((B Y)_sk - [k = s] L_ss
 * Y_ss) and for r != s: L_rr (Y_rk + sum over j != r of A_rj X~_jk) = X~_rk, whence each term is
 * A_sr times a vector. docs/methods.md derives them.
 */
#ifndef CAPMOD_DECOMPOSE_H
#define CAPMOD_DECOMPOSE_H

#include "capmod/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cm_method {
  CM_BM_SOURCE,       /* GEXP DC DVA VAX DAVAX REF DDC FC FVA FDC GVC GVCB GVCF */
  CM_BM_SINK,         /* GEXP DC DVA VAX VAXIM REF DDC FC FVA FDC */
  CM_BM_SOURCE_TERMS, /* VAX_FIN VAX_INT VAX_REX_FIN VAX_REX_INT REF_FIN REF_INT FVA_FIN
                         FVA_INT FVA_REX_FIN FVA_REX_INT DDC FDC: add up to GEXP */
  CM_BM_SINK_TERMS,   /* the same twelve */
  CM_WWZ,             /* the sixteen: DVA_FIN ... ODC */
  CM_KWW,             /* the nine: DVA_FIN DVA_INT DVA_INTrex RDV_FIN RDV_INT DDC FVA_FIN FVA_INT
                         FDC; only their sums over importers and sectors have a meaning */
  CM_BM_WORLD_SOURCE, /* GEXP DC DVA VAX REF DDC FC FVA FDC: BM 2019 eq. 52 and 54, where value */
  CM_BM_WORLD_SINK,   /* added counts once in the world; sums over importers and sectors only */
  CM_TRIPARTITE,      /* GEXP DAVAX GVC GVC_PF GVC_TS GVC_PB: Borin, Mancini, Taglioni 2025 */
  CM_OECD             /* EXGR EXGR_DVA EXGR_DDC EXGR_IDC EXGR_RIM EXGR_FVA: TiVA indicators */
} cm_method;

/* Within which the first crossing counts and any other is double counting: all
 * exports of a country; those of one product; those to one partner; those of one
 * product to one partner (Borin and Mancini 2019, section 4; Los and Timmer 2018).
 * All but the first are for CM_BM_SOURCE and CM_BM_SOURCE_TERMS, and DVA grows
 * as the perimeter shrinks. With A_sr B_rs (or what it leaves on the diagonal)
 * the part of a flow that comes back: DVA = vB (I + A_sr B_rs)^-1 E_sr. */
typedef enum cm_perimeter {
  CM_PERIMETER_COUNTRY,
  CM_PERIMETER_SECTOR,
  CM_PERIMETER_BILATERAL,
  CM_PERIMETER_SECTOR_BILATERAL
} cm_perimeter;

/* Which flows, and how they are summed. A grouping without a group is: each by
 * itself, all kept. */
typedef struct cm_flows {
  cm_grouping blocks;    /* of countries: those of one block are one region, which trades with the
                            others as a country does; every country belongs to one */
  cm_grouping exporters; /* of blocks */
  cm_grouping sectors;   /* of the exporter's sectors */
  cm_grouping importers; /* of blocks */
  cm_perimeter perimeter;
} cm_flows;

/* The terms of a method, in order. */
CM_API CM_WARN_UNUSED cm_status cm_method_terms(cm_method method, cm_axis **out, cm_error *err);

/* One row for each triple (exporter group, sector group, importer group), the
 * last running first; one column a term. Flows of a block to itself are 0.
 * CM_RANGE for a group that is none, CM_INVALID for a perimeter that the method
 * has not; statuses of cm_table_part(L) and, where the exporters are few and the
 * method allows, of cm_table_factor alone. */
CM_API CM_WARN_UNUSED cm_status cm_table_decompose(cm_table *t, cm_method method,
                                                   const cm_flows *flows, const cm_job *job,
                                                   cm_matrix **out, cm_error *err);

/* Four of WWZ's terms by the third block t that they sum over: DVA_INTrexI1
 * (B_rt Y_tt), DVA_INTrexF (B_rr Y_rt), DVA_INTrexI2 (B_rt, sum over u != s, t of
 * Y_tu), RDV_FIN2 (B_rt Y_ts). One row for each (exporter group, sector group,
 * importer group, third group), the last running first; `thirds` is of blocks.
 * Statuses as above. */
CM_API CM_WARN_UNUSED cm_status cm_table_decompose_third(cm_table *t, const cm_flows *flows,
                                                         cm_grouping thirds, const cm_job *job,
                                                         cm_matrix **out, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
