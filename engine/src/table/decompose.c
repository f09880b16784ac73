/* Names of the terms, and the sums of flows that are asked for. */
#include "table/accounts.h"

#define NAMES(...)                                                                                 \
  (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static const struct {
  cm__method_fn *decompose;
  const char *const *names;
  size_t count;
} methods[] = {
    [CM_BM_SOURCE] = {cm__decompose_bm, NAMES("GEXP", "DC", "DVA", "VAX", "DAVAX", "REF", "DDC",
                                              "FC", "FVA", "FDC", "GVC", "GVCB", "GVCF")},
    [CM_BM_SINK] = {cm__decompose_bm,
                    NAMES("GEXP", "DC", "DVA", "VAX", "VAXIM", "REF", "DDC", "FC", "FVA", "FDC")},
    [CM_BM_SOURCE_TERMS] = {cm__decompose_bm,
                            NAMES("VAX_FIN", "VAX_INT", "VAX_REX_FIN", "VAX_REX_INT", "REF_FIN",
                                  "REF_INT", "FVA_FIN", "FVA_INT", "FVA_REX_FIN", "FVA_REX_INT",
                                  "DDC", "FDC")},
    [CM_BM_SINK_TERMS] = {cm__decompose_bm,
                          NAMES("VAX_FIN", "VAX_INT", "VAX_REX_FIN", "VAX_REX_INT", "REF_FIN",
                                "REF_INT", "FVA_FIN", "FVA_INT", "FVA_REX_FIN", "FVA_REX_INT",
                                "DDC", "FDC")},
    [CM_WWZ] = {cm__decompose_wwz,
                NAMES("DVA_FIN", "DVA_INT", "DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2",
                      "RDV_FIN", "RDV_FIN2", "RDV_INT", "DDC_FIN", "DDC_INT", "MVA_FIN", "MVA_INT",
                      "MDC", "OVA_FIN", "OVA_INT", "ODC")},
    [CM_KWW] = {cm__decompose_wwz, NAMES("DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN", "RDV_INT",
                                         "DDC", "FVA_FIN", "FVA_INT", "FDC")},
    [CM_BM_WORLD_SOURCE] = {cm__decompose_world,
                            NAMES("GEXP", "DC", "DVA", "VAX", "REF", "DDC", "FC", "FVA", "FDC")},
    [CM_BM_WORLD_SINK] = {cm__decompose_world,
                          NAMES("GEXP", "DC", "DVA", "VAX", "REF", "DDC", "FC", "FVA", "FDC")},
    [CM_TRIPARTITE] = {cm__decompose_tripartite,
                       NAMES("GEXP", "DAVAX", "GVC", "GVC_PF", "GVC_TS", "GVC_PB")},
    [CM_OECD] = {cm__decompose_oecd,
                 NAMES("EXGR", "EXGR_DVA", "EXGR_DDC", "EXGR_IDC", "EXGR_RIM", "EXGR_FVA")},
};
enum { METHODS = sizeof methods / sizeof *methods, WWZ_TERMS = 16 };

/* Which of KWW's terms a term of WWZ belongs to (their table E2). */
static const size_t kww_of[WWZ_TERMS] = {0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 6, 7, 8};

static cm_status check_method(cm_method method, cm_error *err) {
  if ((size_t)method < METHODS) return CM_OK;
  return cm__fail(err, CM_INVALID, "%d is no method of decomposition", (int)method);
}

static cm_status check_perimeter(cm_method method, cm_perimeter perimeter, cm_error *err) {
  bool any = method == CM_BM_SOURCE || method == CM_BM_SOURCE_TERMS;
  if (perimeter == CM_PERIMETER_COUNTRY || (any && perimeter <= CM_PERIMETER_SECTOR_BILATERAL))
    return CM_OK;
  return cm__fail(err, CM_INVALID, "perimeter %d is not one of this method", (int)perimeter);
}

cm_status cm_method_terms(cm_method method, cm_axis **out, cm_error *err) {
  cm_status status = check_method(method, err);
  if (status != CM_OK) return status;
  return cm_axis_new(methods[method].names, methods[method].count, out, err);
}

/* ---- sums of flows ---------------------------------------------------------------- */

typedef struct sums {
  const cm__accounts *a;
  cm_grouping exporters, sectors, importers;
  size_t n_sectors, n_importers; /* groups */
  size_t terms;                  /* that the method gives */
  const size_t *term_of;         /* column of each of them; NULL: its own */
  cm__dense out;
} sums;

static void take(void *ud, size_t s, size_t r, const double *terms) {
  sums *to = ud;
  size_t m = cm__width(to->a, s), sector_count = to->a->table->n_sectors;
  size_t es = cm__group_of(to->exporters, s), ir = cm__group_of(to->importers, r);
  if (ir == CM_NOT_FOUND) return;
  for (size_t i = 0; i < m; i++) {
    size_t sector = cm__group_of(to->sectors, i % sector_count);
    if (sector == CM_NOT_FOUND) continue;
    double *row = cm__at(to->out, (es * to->n_sectors + sector) * to->n_importers + ir, 0);
    for (size_t q = 0; q < to->terms; q++)
      row[to->term_of ? to->term_of[q] : q] += terms[q * m + i];
  }
}

cm_status cm__check_groups(cm_grouping by, size_t n, const char *what, cm_error *err) {
  for (size_t i = 0; by.group && i < n; i++)
    if (by.group[i] != CM_NOT_FOUND && by.group[i] >= cm_axis_size(by.axis))
      return cm__fail_at(err, CM_RANGE, i + 1, 0, 0, "%s %zu goes to group %zu of %zu", what, i + 1,
                         by.group[i] + 1, cm_axis_size(by.axis));
  return CM_OK;
}

cm_status cm__sums_new(size_t rows, const char *const *names, size_t count, cm_matrix **out,
                       cm_error *err) {
  cm_axis *axis = NULL;
  cm_matrix *flipped = NULL, *m = NULL;
  cm_status status;
  CM__TRY(cm_axis_new(names, count, &axis, err));
  CM__TRY(cm_matrix_new(count, rows, &flipped, err)); /* a row's terms together */
  CM__TRY(cm_matrix_transposed(flipped, &m, err));
  CM__TRY(cm_matrix_axis_set(m, CM_COLS, axis, err));
  *out = m;
  m = NULL;
done:
  cm_axis_release(axis);
  cm_matrix_release(flipped);
  cm_matrix_release(m);
  return status;
}

static cm_status result(sums *to, cm_method method, cm_matrix **out, cm_error *err) {
  size_t rows;
  cm_status status;
  CM__TRY(cm__size3(cm__groups(to->exporters, to->a->k), to->n_sectors, to->n_importers,
                    "the flows", &rows, err));
  CM__TRY(cm__sums_new(rows, methods[method].names, methods[method].count, out, err));
  to->out = (*out)->d;
done:
  return status;
}

cm_status cm_table_decompose(cm_table *t, cm_method method, const cm_flows *flows,
                             const cm_job *job, cm_matrix **out, cm_error *err) {
  cm__accounts *a = NULL;
  cm_matrix *m = NULL;
  bool *wanted = NULL;
  cm_status status;
  CM__TRY(check_method(method, err));
  CM__TRY(check_perimeter(method, flows->perimeter, err));
  CM__TRY(cm__accounts_of(t, flows->blocks, job, &a, err));
  CM__TRY(cm__check_groups(flows->exporters, a->k, "exporter", err));
  CM__TRY(cm__check_groups(flows->importers, a->k, "importer", err));
  CM__TRY(cm__check_groups(flows->sectors, t->n_sectors, "sector", err));
  sums to = {.a = a,
             .exporters = flows->exporters,
             .sectors = flows->sectors,
             .importers = flows->importers,
             .n_sectors = cm__groups(flows->sectors, t->n_sectors),
             .n_importers = cm__groups(flows->importers, a->k),
             .terms = method == CM_KWW ? WWZ_TERMS : methods[method].count,
             .term_of = method == CM_KWW ? kww_of : NULL};
  CM__TRY(result(&to, method, &m, err));
  CM__TRY(cm__alloc(a->k, sizeof *wanted, "the flows", &wanted, err));
  for (size_t s = 0; s < a->k; s++) wanted[s] = cm__group_of(flows->exporters, s) != CM_NOT_FOUND;
  CM__TRY(methods[method].decompose(a, method, &(cm__receiver){take, &to, wanted, flows->perimeter},
                                    job, err));
  *out = m;
  m = NULL;
done:
  cm_matrix_release(m);
  cm__free(wanted);
  cm__accounts_done(a);
  return status;
}
