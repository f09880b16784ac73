/* A table laid out for decomposing trade: countries gathered into blocks that
 * trade with each other, and the pieces that every method takes. */
#ifndef CM_TABLE_ACCOUNTS_H
#define CM_TABLE_ACCOUNTS_H

#include "capmod/decompose.h"
#include "table/internal.h"

typedef struct cm__accounts {
  cm_table *table;  /* borrowed */
  size_t n, k;      /* nodes, blocks */
  size_t widest;    /* nodes of the largest block */
  size_t *first;    /* k + 1: where a block begins */
  size_t *node;     /* place in the table of each node here; NULL: the same */
  cm_matrix *z_own; /* Z in this order, where it differs */
  cm__dense z;
  double *x, *rx, *v, *vl; /* n: output, 1 / x (0 where x is), v, v_s L_ss */
  double *y, *e, *ly;      /* n x k: Y_sr, E_sr, L_ss Y_sr */
  double *lu;              /* the factors of I - A_ss, block behind block */
  int *pivot;
  cm_matrix *b_own; /* B in this order, where it differs and was asked for */
  cm__dense b;      /* data NULL until cm__accounts_inverse */
  double *by;       /* n x k: (B Y)_.k, NULL until cm__accounts_absorbed */
} cm__accounts;

/* The accounts by country, which the table keeps, where blocks has no group; else
 * new ones. cm__accounts_done releases the latter. */
CM_WARN_UNUSED cm_status cm__accounts_of(cm_table *t, cm_grouping blocks, const cm_job *job,
                                         cm__accounts **out, cm_error *err);
void cm__accounts_done(cm__accounts *a);
void cm__accounts_release(cm__accounts *a);

/* Makes a->b, all of it. */
CM_WARN_UNUSED cm_status cm__accounts_inverse(cm__accounts *a, const cm_job *job, cm_error *err);
/* Makes a->by, from a->b if it is there and by k solves if not. */
CM_WARN_UNUSED cm_status cm__accounts_absorbed(cm__accounts *a, const cm_job *job, cm_error *err);
/* B_.s, n x width: a window on a->b, or solved for. *hold is to be released. */
CM_WARN_UNUSED cm_status cm__accounts_columns(cm__accounts *a, size_t s, const cm_job *job,
                                              cm__dense *out, cm_matrix **hold, cm_error *err);

/* The place in the table of node i here. */
static inline size_t cm__in_table(const cm__accounts *a, size_t i) {
  return a->node ? a->node[i] : i;
}

static inline size_t cm__width(const cm__accounts *a, size_t s) {
  return a->first[s + 1] - a->first[s];
}

/* Column r of an n x k array, from block s on. */
static inline double *cm__part_of(const cm__accounts *a, double *array, size_t s, size_t r) {
  return array + r * a->n + a->first[s];
}

static inline cm__dense cm__z_block(const cm__accounts *a, size_t s, size_t r) {
  return cm__window(a->z, a->first[s], cm__width(a, s), a->first[r], cm__width(a, r));
}

/* x (n) becomes L_ss x_s in the places of every s, or L_ss' x_s. */
CM_WARN_UNUSED cm_status cm__own_solve_all(const cm__accounts *a, bool transposed, double *x,
                                           cm_error *err);
/* rhs (width of s, in place, columns `step` apart) becomes L_ss rhs, or L_ss' rhs. */
CM_WARN_UNUSED cm_status cm__own_solve(const cm__accounts *a, size_t s, bool transposed,
                                       double *rhs, size_t cols, size_t step, cm_error *err);

/* ---- what the methods share ------------------------------------------------- */

/* Takes the terms of the flow s -> r: count values a term, term behind term. */
typedef struct cm__receiver {
  void (*take)(void *ud, size_t s, size_t r, const double *terms);
  void *ud;
  const bool *wanted; /* k: exporters whose flows are taken */
  cm_perimeter perimeter;
} cm__receiver;

typedef cm_status cm__method_fn(cm__accounts *a, cm_method method, const cm__receiver *to,
                                const cm_job *job, cm_error *err);
cm__method_fn cm__decompose_bm, cm__decompose_wwz, cm__decompose_world, cm__decompose_tripartite,
    cm__decompose_oecd;

/* The multipliers of decompose.h from B_.s: own is vB, again its part that comes
 * back, vB - vL = vL M_s (formed as that product, so that nothing cancels),
 * foreign is vF, and partner (k x width, or NULL) gets v_t B_ts for every t.
 * room: n doubles. */
CM_WARN_UNUSED cm_status cm__contents(const cm__accounts *a, size_t s, cm__dense bs, double *own,
                                      double *again, double *foreign, double *partner, double *room,
                                      cm_error *err);

/* B times rhs (n x cols, rows in this order), by the kept factor. */
CM_WARN_UNUSED cm_status cm__accounts_solve(cm__accounts *a, const cm_matrix *rhs,
                                            const cm_job *job, cm_matrix **out, cm_error *err);

/* to (n) = vl_s A_sj for j != s, and 0 for j = s. */
CM_WARN_UNUSED cm_status cm__uses_abroad(const cm__accounts *a, size_t s, double *to,
                                         cm_error *err);

/* to (rows x n, in this order) = w L for w rows x n, packed, by a transposed solve. */
CM_WARN_UNUSED cm_status cm__accounts_times(cm__accounts *a, const cm_matrix *w, const cm_job *job,
                                            cm_matrix **to, cm_error *err);

/* to (n) = sum over t != s of w_t A_ts, in the places of s. */
CM_WARN_UNUSED cm_status cm__drawn_in(const cm__accounts *a, const double *w, double *to,
                                      cm_error *err);
/* The same times L_ss: what the inputs from abroad carry of w, once. */
CM_WARN_UNUSED cm_status cm__carried_in(const cm__accounts *a, const double *w, double *to,
                                        cm_error *err);

/* to (n) = sum over j != r of A_rj x_j, plus rhs (NULL: 0), in the places of r. */
CM_WARN_UNUSED cm_status cm__sent_out(const cm__accounts *a, const double *x, const double *rhs,
                                      double *to, cm_error *err);
/* L_rr times the same. */
CM_WARN_UNUSED cm_status cm__sent_on(const cm__accounts *a, const double *x, const double *rhs,
                                     double *to, cm_error *err);

/* p (width of s x count) = A_sr times `count` vectors over the nodes of r; w has
 * their room. */
CM_WARN_UNUSED cm_status cm__uses(const cm__accounts *a, size_t s, size_t r,
                                  const double *const *from, size_t count, double *w, double *p,
                                  cm_error *err);

/* ---- sums of flows -------------------------------------------------------------- */

static inline size_t cm__group_of(cm_grouping by, size_t i) { return by.group ? by.group[i] : i; }
static inline size_t cm__groups(cm_grouping by, size_t n) {
  return by.group ? cm_axis_size(by.axis) : n;
}
/* CM_RANGE where one of n members goes to a group that is none. */
CM_WARN_UNUSED cm_status cm__check_groups(cm_grouping by, size_t n, const char *what,
                                          cm_error *err);
/* rows x columns named so, zero, its rows together in memory. */
CM_WARN_UNUSED cm_status cm__sums_new(size_t rows, const char *const *names, size_t count,
                                      cm_matrix **out, cm_error *err);

#endif
