/* Sparse LU factors. The only file that knows SuperLU. */
#include <math.h>
#include <string.h>

#include <slu_ddefs.h>

#include "matrix/sparse_internal.h"

/* SuperLU's questions to sp_ienv. */
enum { PANEL = 1, RELAXED = 2, LARGEST_SUPERNODE = 3, ROW_BLOCK = 4, FILL = 6 };

/* Right-hand sides are solved in groups whose elements SuperLU can count in an int. */
enum { GROUP_ELEMENTS = 1 << 22 };

struct cm_sparse_lu {
  atomic_size_t refs;
  size_t n, nnz, bytes;
  double rcond;
  SuperMatrix l, u;
  int *row_order, *col_order; /* perm_r and perm_c */
  cm_axis *axis[2];
};

/* What a factorisation holds while it runs. SuperLU's A is a borrowed view. */
typedef struct factoring {
  const cm_sparse *a;
  int n;
  int *start, *tree, *order; /* order: place -> column */
  NCformat store;
  SuperMatrix matrix, permuted;
  superlu_options_t options;
  double l_bound, u_bound, bytes, work;
} factoring;

cm_sparse_lu *cm_sparse_lu_retain(cm_sparse_lu *lu) {
  if (lu) atomic_fetch_add_explicit(&lu->refs, 1, memory_order_relaxed);
  return lu;
}

void cm_sparse_lu_release(cm_sparse_lu *lu) {
  if (!lu || atomic_fetch_sub_explicit(&lu->refs, 1, memory_order_acq_rel) != 1) return;
  if (lu->l.Store) Destroy_SuperNode_Matrix(&lu->l);
  if (lu->u.Store) Destroy_CompCol_Matrix(&lu->u);
  cm_axis_release(lu->axis[CM_ROWS]);
  cm_axis_release(lu->axis[CM_COLS]);
  cm__free(lu->row_order);
  cm__free(lu->col_order);
  cm__free(lu);
}

size_t cm_sparse_lu_order(const cm_sparse_lu *lu) { return lu->n; }
double cm_sparse_lu_rcond(const cm_sparse_lu *lu) { return lu->rcond; }
size_t cm_sparse_lu_nnz(const cm_sparse_lu *lu) { return lu->nnz; }
size_t cm_sparse_lu_bytes(const cm_sparse_lu *lu) { return lu->bytes; }

/* ---- before the factorisation ------------------------------------------------------ */

/* SuperLU's own first request and its indices must fit an int. */
static cm_status check_size(const cm_sparse *a, cm_error *err) {
  int first;
  return cm__int(a->nnz * (size_t)sp_ienv(FILL), "the first estimate of the factors", &first, err);
}

/* SuperLU's view of a: shares its rows and values. */
static cm_status view(factoring *f, cm_error *err) {
  const cm_sparse *a = f->a;
  cm_status status =
      cm__alloc_raw(a->cols + 1, sizeof *f->start, "a sparse factorisation", &f->start, err);
  if (status != CM_OK) return status;
  for (size_t j = 0; j <= a->cols; j++) f->start[j] = (int)a->start[j]; /* nnz fits: checked */
  f->store =
      (NCformat){.nnz = (int)a->nnz, .nzval = a->value, .rowind = a->row, .colptr = f->start};
  f->matrix = (SuperMatrix){SLU_NC, SLU_D, SLU_GE, f->n, f->n, &f->store};
  return CM_OK;
}

/* Orders the columns, and bounds what the factors take: a supernode stores
 * what its columns hold in common, and up to RELAXED columns at the foot of the
 * tree are stored as one. SuperLU grows its arrays by half, with the old one
 * still held. */
static cm_status plan(factoring *f, int *col_order, cm_error *err) {
  double nnz, squares, panel = sp_ienv(PANEL), relaxed = sp_ienv(RELAXED) * (double)f->a->nnz;
  set_default_options(&f->options);
  f->options.PrintStat = NO;
  get_perm_c(COLAMD, &f->matrix, col_order);
  sp_preorder(&f->options, &f->matrix, col_order, f->tree, &f->permuted);
  for (int j = 0; j < f->n; j++) f->order[col_order[j]] = j;
  cm_status status = cm__sparse_fill(f->a, f->order, f->tree, &nnz, &squares, err);
  if (status != CM_OK) return status;
  f->l_bound = nnz + relaxed;
  f->u_bound = nnz;
  double item = sizeof(double) + sizeof(int);
  double grown = 2.5 * item * (f->l_bound + f->u_bound);
  double first = 2.5 * item * sp_ienv(FILL) * (double)f->a->nnz;
  f->bytes = fmax(grown, first) + f->n * panel * (sizeof(double) + 4 * sizeof(int));
  f->work = 2.0 * squares;
  return CM_OK;
}

/* Whether the bounds allow a start. */
static cm_status permit(const factoring *f, double work, const cm_job *job, cm_error *err) {
  static const char what[] = "a sparse factorisation";
  if (1.5 * f->l_bound > INT_MAX || 1.5 * f->u_bound > INT_MAX)
    return cm__fail(err, CM_OVERFLOW, "%s may fill to %.3g elements, more than can be indexed",
                    what, f->l_bound + f->u_bound);
  if (f->work > work)
    return cm__fail(err, CM_BUDGET, "%s may take %.2g operations; %.2g are allowed", what, f->work,
                    work);
  return cm_job_ask(job, (size_t)f->bytes, what, err);
}

/* ---- the factorisation -------------------------------------------------------------- */

static double norm_1(const cm_sparse *a) {
  double most = 0.0;
  for (size_t j = 0; j < a->cols; j++) {
    double sum = 0.0;
    for (size_t p = a->start[j]; p < a->start[j + 1]; p++) sum += fabs(a->value[p]);
    most = fmax(most, sum);
  }
  return most;
}

/* info of dgstrf: 0, a column whose pivot is zero, or n + the bytes it lacked. */
static cm_status read_info(const factoring *f, int info, cm_error *err) {
  if (info == 0) return CM_OK;
  if (info < 0) return cm__fail(err, CM_INTERNAL, "dgstrf rejects its argument %d", -info);
  if (info > f->n)
    return cm__fail(err, CM_MEMORY, "a sparse factorisation needs %s, and the system has none left",
                    cm__bytes(f->bytes).text);
  size_t column = (size_t)f->order[info - 1] + 1;
  return cm__fail_at(err, CM_SINGULAR, 0, column, 0, "column %zu depends on the others", column);
}

static cm_status check_condition(cm_sparse_lu *lu, const cm_sparse *a, SuperLUStat_t *stat,
                                 cm_error *err) {
  int info;
  char kind[] = "1";
  dgscon(kind, &lu->l, &lu->u, norm_1(a), &lu->rcond, stat, &info);
  if (info != 0) return cm__fail(err, CM_INTERNAL, "dgscon rejects its argument %d", -info);
  if (lu->rcond >= CM_RCOND_MIN) return CM_OK;
  return cm__fail_at(err, CM_ILL_CONDITIONED, 0, 0, lu->rcond,
                     "a sparse system of order %zu has rcond = %.3g, below %.0e", lu->n, lu->rcond,
                     CM_RCOND_MIN);
}

static void measure(cm_sparse_lu *lu) {
  mem_usage_t used;
  dQuerySpace(&lu->l, &lu->u, &used);
  lu->bytes = (size_t)used.for_lu;
  const SCformat *l = lu->l.Store;
  const NCformat *u = lu->u.Store;
  lu->nnz = (size_t)l->nnz + (size_t)u->nnz;
}

static cm_status factor(factoring *f, cm_sparse_lu *lu, cm_error *err) {
  SuperLUStat_t stat;
  GlobalLU_t global;
  int info = 0;
  StatInit(&stat);
  dgstrf(&f->options, &f->permuted, sp_ienv(RELAXED), sp_ienv(PANEL), f->tree, NULL, 0,
         lu->col_order, lu->row_order, &lu->l, &lu->u, &global, &stat, &info);
  cm_status status = read_info(f, info, err);
  if (status == CM_OK) {
    measure(lu);
    status = check_condition(lu, f->a, &stat, err);
  }
  StatFree(&stat);
  return status;
}

static cm_status prepare(factoring *f, cm_sparse_lu *lu, cm_error *err) {
  cm_status status;
  CM__TRY(cm__int(lu->n, "order of a sparse system", &f->n, err));
  CM__TRY(cm__alloc_raw(lu->n, sizeof(int), "a row order", &lu->row_order, err));
  CM__TRY(cm__alloc_raw(lu->n, sizeof(int), "a column order", &lu->col_order, err));
  CM__TRY(cm__alloc_raw(lu->n, sizeof(int), "a column order", &f->order, err));
  CM__TRY(cm__alloc_raw(lu->n, sizeof(int), "an elimination tree", &f->tree, err));
  lu->axis[CM_ROWS] = cm_axis_retain(f->a->axis[CM_ROWS]);
  lu->axis[CM_COLS] = cm_axis_retain(f->a->axis[CM_COLS]);
done:
  return status;
}

cm_status cm__sparse_lu_within(const cm_sparse *a, double work, const cm_job *job,
                               cm_sparse_lu **out, cm_error *err) {
  factoring f = {.a = a};
  cm_sparse_lu *lu = NULL;
  cm_status status;
  CM__TRY(cm__sparse_square(a, "a sparse factorisation", err));
  CM__TRY(cm__alloc(1, sizeof *lu, "sparse factors", &lu, err));
  atomic_init(&lu->refs, 1);
  lu->n = a->cols;
  lu->rcond = 1.0;
  CM__TRY(prepare(&f, lu, err));
  if (lu->n) { /* SuperLU does not take an order of 0 */
    CM__TRY(cm__sparse_matching(a, err));
    CM__TRY(check_size(a, err));
    CM__TRY(view(&f, err));
    CM__TRY(cm_job_step(job, "a sparse factorisation", 0, 0, err));
    CM__TRY(plan(&f, lu->col_order, err));
    CM__TRY(permit(&f, work, job, err));
    CM__TRY(cm_job_step(job, "a sparse factorisation", 0, 0, err));
    CM__TRY(factor(&f, lu, err));
  }
  *out = lu;
  lu = NULL;
done:
  if (f.permuted.Store) Destroy_CompCol_Permuted(&f.permuted);
  cm__free(f.start);
  cm__free(f.tree);
  cm__free(f.order);
  cm_sparse_lu_release(lu);
  return status;
}

cm_status cm_sparse_lu_new(const cm_sparse *a, const cm_job *job, cm_sparse_lu **out,
                           cm_error *err) {
  return cm__sparse_lu_within(a, INFINITY, job, out, err);
}

/* ---- solving -------------------------------------------------------------------------- */

/* cols right-hand sides in x, which the solutions replace. dgstrs reads the
 * factors only, but does not say so. */
static cm_status solve_group(const cm_sparse_lu *lu, bool transposed, double *x, size_t cols,
                             cm_error *err) {
  cm_sparse_lu *f = (cm_sparse_lu *)lu;
  SuperLUStat_t stat;
  DNformat store = {.lda = (int)lu->n, .nzval = x};
  SuperMatrix b = {SLU_DN, SLU_D, SLU_GE, (int)lu->n, (int)cols, &store};
  int info;
  StatInit(&stat);
  dgstrs(transposed ? TRANS : NOTRANS, &f->l, &f->u, f->col_order, f->row_order, &b, &stat, &info);
  StatFree(&stat);
  if (info == 0) return CM_OK;
  return cm__fail(err, CM_INTERNAL, "dgstrs rejects its argument %d", -info);
}

cm_status cm_sparse_lu_solve(const cm_sparse_lu *lu, const cm_matrix *b, bool transposed,
                             const cm_job *job, cm_matrix **out, cm_error *err) {
  cm_side from = transposed ? CM_COLS : CM_ROWS, to = transposed ? CM_ROWS : CM_COLS;
  cm_matrix *x = NULL;
  cm_status status;
  CM__TRY(cm__sparse_rhs(b, lu->n, lu->axis[from], &x, err));
  size_t group = cm__max(1, GROUP_ELEMENTS / cm__max(lu->n, 1)), cols = lu->n ? x->d.cols : 0;
  for (size_t j = 0; j < cols; j += group) {
    size_t w = cm__min(group, cols - j);
    CM__TRY(cm_job_step(job, "a sparse solve", (double)j, (double)cols, err));
    CM__TRY(cm_job_ask(job, (w + 2) * lu->n * sizeof(double), "a sparse solve", err));
    CM__TRY(solve_group(lu, transposed, cm__at(x->d, 0, j), w, err));
  }
  CM__TRY(cm_matrix_axis_set(x, CM_ROWS, lu->axis[to], err));
  *out = x;
  x = NULL;
done:
  cm_matrix_release(x);
  return status;
}
