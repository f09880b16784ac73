/* capmod/table.h - the multi-region input-output table and its Leontief system.
 *
 * G countries x N sectors, n = G N nodes in country-major order. Rows sell,
 * columns buy. Everything is in the table's own currency unit; satellite rows
 * have units of their own.
 *   Z  n x n      intermediate flows
 *   Y  n x (G C)  final demand, country-major with C categories a country
 *   P  k x n      published primary-input rows (value added, taxes, margins),
 *                 and their entries under final demand, k x (G C)
 *   F  f x n      satellite rows (jobs, emissions), and f x (G C) under final demand
 * Derived (Miller and Blair 2009, ch. 2 and 12; Koopman, Wang, Wei 2014):
 *   x = Z 1 + Y 1            output is the row sum
 *   V = x' - 1' Z            value added as the residual of the column: all
 *                            primary inputs and any discrepancy
 *   A = Z diag(x)^-1         0 in the columns of nodes without output
 *   v = V diag(x)^-1         0 likewise; hence v L = 1 where x > 0
 *   L = (I - A)^-1
 *   D_sr = sum over the categories of r of Y_s,(r,c)
 *   E_sr = Z_sr 1 + D_sr for r != s, and 0 for r = s
 * Nodes without output, negative final demand, columns that cost more than they
 * bring, tables that do not balance: all are taken as they are, and measured by
 * cm_table_check. Nothing is mended.
 *
 * A table is immutable to its users. What is derived is made on first use and
 * kept in it, without a lock: one table is for one thread at a time.
 */
#ifndef CAPMOD_TABLE_H
#define CAPMOD_TABLE_H

#include "capmod/linalg.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cm_table cm_table; /* counted */

typedef struct cm_table_parts {
  const cm_axis *countries, *sectors;
  const cm_axis *categories; /* C final-demand labels; NULL: C = 1, columns "USA", not "USA.HFCE" */
  const cm_matrix *z, *y;
  const cm_matrix *primary, *primary_final; /* NULL where the table has none; row axis = names */
  const cm_matrix *satellite, *satellite_final;
  const cm_matrix *output; /* published output, 1 x n or n x 1, for the check only; or NULL */
} cm_table_parts;

/* Keeps the parts (their blocks are shared, not copied; do not write to them
 * afterwards). A side without labels gets the table's; a side with labels must
 * have them in the table's order: CM_LABELS names the part and the first that is
 * out of place. CM_SHAPE names the part and both shapes, CM_NOT_FINITE the cell,
 * CM_INVALID a missing part. */
CM_API CM_WARN_UNUSED cm_status cm_table_new(const cm_table_parts *parts, const cm_job *job,
                                             cm_table **out, cm_error *err);
CM_API cm_table *cm_table_retain(cm_table *t);
CM_API void cm_table_release(cm_table *t);

/* Borrowed. `categories` is NULL where the table has one unnamed category. */
CM_API const cm_axis *cm_table_countries(const cm_table *t);
CM_API const cm_axis *cm_table_sectors(const cm_table *t);
CM_API const cm_axis *cm_table_categories(const cm_table *t);
CM_API const cm_axis *cm_table_nodes(const cm_table *t);   /* "USA.C29" */
CM_API const cm_axis *cm_table_columns(const cm_table *t); /* "USA" or "USA.HFCE" */

/* ---- parts ---------------------------------------------------------------- */

/* Every matrix that a table has or can derive: name, letter, what it is. */
#define CM_PART_LIST(X)                                                                            \
  X(CM_PART_Z, "Z", "intermediate flows")                                                          \
  X(CM_PART_Y, "Y", "final demand by column")                                                      \
  X(CM_PART_P, "P", "published primary inputs")                                                    \
  X(CM_PART_PY, "PY", "primary inputs of final demand")                                            \
  X(CM_PART_F, "F", "satellite rows")                                                              \
  X(CM_PART_FY, "FY", "satellite rows of final demand")                                            \
  X(CM_PART_OUTPUT, "output", "published output")                                                  \
  X(CM_PART_X, "x", "output")                                                                      \
  X(CM_PART_VA, "V", "value added, residual of the column")                                        \
  X(CM_PART_V, "v", "value added per unit of output")                                              \
  X(CM_PART_D, "D", "final demand by country")                                                     \
  X(CM_PART_E, "E", "exports by node and importer")                                                \
  X(CM_PART_A, "A", "input coefficients")                                                          \
  X(CM_PART_L, "L", "Leontief inverse")                                                            \
  X(CM_PART_G, "G", "Ghosh inverse")                                                               \
  X(CM_PART_S, "S", "satellite rows per unit of output")                                           \
  X(CM_PART_M, "M", "satellite multipliers")

typedef enum cm_part {
#define CM_PART_ENUM(name, letter, text) name,
  CM_PART_LIST(CM_PART_ENUM)
#undef CM_PART_ENUM
      CM_PARTS
} cm_part;

CM_API const char *cm_part_letter(cm_part part);
CM_API const char *cm_part_text(cm_part part);

/* The part as a labelled matrix, which the caller releases and does not write
 * to; made on first use. x is n x 1; V, v 1 x n; D, E n x G; A, L, G n x n;
 * S, M f x n. *out is NULL, with CM_OK, for a part that the table was not given.
 * G = x^-1 L x (Ghosh 1958; Miller and Blair 2009, eq. 12.8), where rows and
 * columns of nodes without output are those of the identity. M = S L comes from
 * one transposed solve. CM_SINGULAR and CM_ILL_CONDITIONED for A's system,
 * CM_BUDGET, CM_CANCELLED. */
CM_API CM_WARN_UNUSED cm_status cm_table_part(cm_table *t, cm_part part, const cm_job *job,
                                              cm_matrix **out, cm_error *err);
/* The kept factor of I - A; borrowed. */
CM_API CM_WARN_UNUSED cm_status cm_table_factor(cm_table *t, const cm_job *job, const cm_lu **out,
                                                cm_error *err);

/* ---- origin ---------------------------------------------------------------- */

/* Sums of places: place i belongs to group[i] of `axis`, or to none
 * (CM_NOT_FOUND). What is grouped says how many places there are. */
typedef struct cm_grouping {
  const size_t *group;
  const cm_axis *axis;
} cm_grouping;

/* Demand to be traced, n x k, from a flow over the nodes (n x m: E, D, Y, x; NULL
 * stands for one unit of every product). `rows` groups the n nodes, `cols` the m
 * columns; for each pair (a, b) of groups one column of the result holds the
 * flow of the nodes in a to the columns in b, at the place of each node. Columns
 * run through b first, and are labelled a, b or "a.b" as the sides have several
 * groups. */
CM_API CM_WARN_UNUSED cm_status cm_table_demand(const cm_table *t, const cm_matrix *flow,
                                                cm_grouping rows, cm_grouping cols,
                                                const cm_job *job, cm_matrix **out, cm_error *err);

/* diag(w) L demand, its rows summed by `origins`: what each origin earns (or
 * employs, or emits) for each column of demand, groups x k.
 * `weights` is 1 x n (a row of S, of P over x, or the part v); NULL is v.
 * Takes as many right-hand sides as there are columns or origins, whichever is
 * fewer, and never the inverse. CM_SHAPE; statuses of cm_table_factor.
 * With demand = unit columns this is V L; with exports VBE, output VBX, final
 * demand VBY (methods of Leontief; Koopman, Wang, Wei 2014). */
CM_API CM_WARN_UNUSED cm_status cm_table_origin(cm_table *t, const cm_matrix *weights,
                                                const cm_matrix *demand, cm_grouping origins,
                                                const cm_job *job, cm_matrix **out, cm_error *err);

/* Row `row` of P or F per unit of output, 1 x n; 0 for nodes without output. */
CM_API CM_WARN_UNUSED cm_status cm_table_coefficients(cm_table *t, cm_part part, size_t row,
                                                      cm_matrix **out, cm_error *err);

/* ---- checks ---------------------------------------------------------------- */

/* A figure and where it stands (0-based nodes or columns). */
typedef struct cm_extreme {
  double value;
  size_t row, col;
} cm_extreme;

typedef struct cm_table_checks {
  bool has_output;        /* against published output: */
  cm_extreme balance;     /*   largest |row sum - published|, at a node (row) */
  double balance_mean;    /*   mean of |row sum - published| */
  double output_mean;     /*   mean published output, to judge it by */
  bool has_primary;       /* against published primary inputs: */
  cm_extreme column_gap;  /*   largest |x - 1'Z - 1'P|, at a node (col) */
  double world_primary;   /*   their sum over the nodes, to set beside world_va */
  size_t zero_output;     /* nodes without output */
  size_t negative_output; /* nodes with output below 0 */
  size_t negative_va;     /* nodes whose residual is below 0 */
  cm_extreme least_va;    /* at a node (col) */
  size_t negative_z, negative_y;
  cm_extreme least_z, least_y;
  double world_va, world_final, world_output; /* sums of V, Y, x */
  cm_extreme vl_error; /* largest |v L - 1| over nodes with output, at (col) */
  double rcond;        /* estimated, of I - A */
} cm_table_checks;

/* Measures all of it: one factorisation and one transposed solve. */
CM_API CM_WARN_UNUSED cm_status cm_table_check(cm_table *t, const cm_job *job, cm_table_checks *out,
                                               cm_error *err);

/* ---- other tables from this one --------------------------------------------- */

/* Countries and sectors summed into groups; every country and sector must go
 * somewhere (CM_RANGE). Published output is summed likewise. */
CM_API CM_WARN_UNUSED cm_status cm_table_aggregate(const cm_table *t, cm_grouping countries,
                                                   cm_grouping sectors, const cm_job *job,
                                                   cm_table **out, cm_error *err);

/* The table under changed purchases: `z` (n x n, at the present output; NULL: as
 * it is) gives new input coefficients A* = z diag(x)^-1, `y` (n x GC; NULL: as it
 * is) new final demand, and output is solved again: x* = (I - A*)^-1 y 1,
 * Z* = A* diag(x*). Held fixed: final demand (but for `y`), all coefficients but
 * those changed, primary inputs and satellites per unit of output. Value added
 * per unit follows as the residual 1 - 1'A*. Published output does not carry
 * over. Nodes without output keep none of their purchases. */
CM_API CM_WARN_UNUSED cm_status cm_table_with(cm_table *t, const cm_matrix *z, const cm_matrix *y,
                                              const cm_job *job, cm_table **out, cm_error *err);

/* Moves the share of each buyer's purchases from row from[i] to row to[i], i <
 * moves, for the `buyers` columns of Z at `buyer`, then solves as cm_table_with.
 * Value added per unit stays as it was. CM_RANGE. */
CM_API CM_WARN_UNUSED cm_status cm_table_shift(cm_table *t, const size_t *from, const size_t *to,
                                               size_t moves, const size_t *buyer, size_t buyers,
                                               double share, const cm_job *job, cm_table **out,
                                               cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
