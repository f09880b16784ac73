/* capmod/chain.h - the graph of a supply chain: stages, and what goes into what.
 *
 * An arc (from, to, quantity) says that `quantity` units of stage `from` go into
 * one unit of stage `to`. A stage without inputs is a first stage, one that
 * nobody uses a last one. Arrays are the caller's: one place for each stage, or
 * for each arc in the order in which the arcs were given. Unless said otherwise
 * a function takes time and memory in proportion to stages and arcs.
 *
 * A graph with a circle can be made, so that the circle can be named; what needs
 * an order (marked *) refuses it with CM_INVALID.
 */
#ifndef CAPMOD_CHAIN_H
#define CAPMOD_CHAIN_H

#include "capmod/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_arc {
  size_t from, to;
  double quantity;
} cm_arc;

typedef struct cm_chain cm_chain;

/* Copies the arcs. CM_RANGE (an end that is no stage; row is the arc, 1-based),
 * CM_DUPLICATE (an arc given twice), CM_NOT_FINITE or CM_INVALID (a quantity
 * that is not finite, or negative), CM_OVERFLOW, CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_new(size_t stages, const cm_arc *arcs, size_t count,
                                             cm_chain **out, cm_error *err);
CM_API void cm_chain_release(cm_chain *chain);
CM_API size_t cm_chain_stages(const cm_chain *chain);
CM_API size_t cm_chain_arcs(const cm_chain *chain, const cm_arc **arcs);

/* The stages, inputs before their users, or NULL where there is a circle. Of the
 * stages that could come next the one with the lowest number does. Borrowed. */
CM_API const size_t *cm_chain_order(const cm_chain *chain);
/* A circle, each stage going into the next and the last into the first; NULL
 * and 0 where there is none. Borrowed. */
CM_API const size_t *cm_chain_circle(const cm_chain *chain, size_t *length);

/* ---- along the arcs -------------------------------------------------------- */

/* * The most arcs on a way from a first stage to each stage. */
CM_API CM_WARN_UNUSED cm_status cm_chain_levels(const cm_chain *chain, size_t *level,
                                                cm_error *err);

/* * How often each stage is made where `wanted` units of each leave the chain.
 * CM_NOT_FINITE (a figure of `wanted`, or a result past the largest number). */
CM_API CM_WARN_UNUSED cm_status cm_chain_quantities(const cm_chain *chain, const double *wanted,
                                                    double *made, cm_error *err);

/* When work starts if all of it starts as early as it can: `time` for each stage,
 * `delay` on each arc (NULL: none). */
typedef struct cm_schedule {
  double *start, *slack; /* slack: how much later it may start without delaying the end */
  size_t *path;          /* stages on one longest path, first to last; room for all stages */
  size_t path_length;
  double length; /* from the first start to the last finish */
} cm_schedule;
/* * CM_NOT_FINITE, CM_INVALID (a time below 0), CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_schedule(const cm_chain *chain, const double *time,
                                                  const double *delay, cm_schedule *out,
                                                  cm_error *err);

typedef enum cm_direction { CM_UPSTREAM, CM_DOWNSTREAM } cm_direction;
/* Marks the stages of `from` and all that they depend on (upstream), or all that
 * depends on them (downstream). CM_RANGE, CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_reach(const cm_chain *chain, const size_t *from,
                                               size_t count, cm_direction direction, bool *reached,
                                               cm_error *err);

/* * How many last stages each stage goes into, itself counted. Takes a pass over
 * the graph for every 64 last stages. */
CM_API CM_WARN_UNUSED cm_status cm_chain_serves(const cm_chain *chain, size_t *products,
                                                cm_error *err);

/* ---- how it hangs together --------------------------------------------------- */

/* The part of each stage, arcs taken both ways; parts are numbered by their
 * lowest stage. CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_parts(const cm_chain *chain, size_t *part, size_t *count,
                                               cm_error *err);

/* pieces[s]: into how many pieces its part falls without s (2 and more: an
 * articulation point; 0: it stood alone). bridge[a], NULL allowed: without the
 * arc its part falls in two. Arcs are taken both ways (Hopcroft and Tarjan 1973,
 * CACM 16:372). CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_joints(const cm_chain *chain, size_t *pieces, bool *bridge,
                                                cm_error *err);

/* * Marks the stages through which every way from a first to a last stage passes. */
CM_API CM_WARN_UNUSED cm_status cm_chain_gates(const cm_chain *chain, bool *gate, cm_error *err);

/* The cheapest set of stages without which no way leads along the arcs from one
 * of `from` to one of `to`; they may be of these themselves. `weight` >= 0 is
 * what a stage costs to cut, INFINITY where it may not be; NULL: 1 each. *value
 * is their sum, INFINITY (and nothing marked) where there is no cut. Of several
 * the one nearest to `from`. By maximum flow (Dinic 1970), O(stages^2 arcs) at
 * worst. CM_RANGE, CM_INVALID, CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_cut(const cm_chain *chain, const double *weight,
                                             const size_t *from, size_t from_count,
                                             const size_t *to, size_t to_count, double *value,
                                             bool *cut, cm_error *err);

/* ---- stages that may not be parted --------------------------------------------- */

typedef struct cm_join {
  size_t a, b;
} cm_join;

/* The block of each stage where each join puts two stages into one; blocks are
 * numbered by their lowest stage. merged[k], NULL allowed: join k made one block
 * of two, so that the joins merged say why each block is one. CM_RANGE,
 * CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_blocks(size_t stages, const cm_join *joins, size_t count,
                                                size_t *block, size_t *blocks, bool *merged,
                                                cm_error *err);

/* The fewest joins that lead from stage a to stage b, in order, in path (room for
 * `count`); *length is 0 where none do or a is b. CM_RANGE, CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_joined(size_t stages, const cm_join *joins, size_t count,
                                                size_t a, size_t b, size_t *path, size_t *length,
                                                cm_error *err);

/* The graph of the blocks: arcs within a block go, parallel ones become one with
 * the sum of their quantities. It may have a circle where the first had none:
 * what leaves a block and comes back to it. CM_RANGE, CM_MEMORY, CM_BUDGET. */
CM_API CM_WARN_UNUSED cm_status cm_chain_contract(const cm_chain *chain, const size_t *block,
                                                  size_t blocks, cm_chain **out, cm_error *err);

/* Bounds of the treewidth, arcs taken both ways. */
typedef struct cm_width {
  size_t lower;      /* minor-min-width (Gogate and Dechter 2004) */
  size_t min_degree; /* upper bounds by elimination in these orders (Bodlaender */
  size_t min_fill;   /* and Koster 2010, Information and Computation 208) */
} cm_width;
/* `order`, NULL allowed: the stages in the better elimination order. Trees are
 * peeled off first; the rest takes a bit for each pair of its stages, and time
 * in proportion to what the eliminations fill in. CM_MEMORY, CM_BUDGET, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_chain_width(const cm_chain *chain, const cm_job *job,
                                               cm_width *out, size_t *order, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
