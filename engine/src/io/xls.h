/* Workbooks of before 2007, and the cells that a sheet of any kind is made of. */
#ifndef CM_IO_XLS_H
#define CM_IO_XLS_H

#include "io/internal.h"

typedef struct cm__xls cm__xls;

/* Whether the file begins as a compound file does. */
bool cm__xls_is(const char *path);
/* CM_OPEN, CM_READ, CM_EMPTY, CM_MEMORY. `path` must outlive it. */
CM_WARN_UNUSED cm_status cm__xls_open(const char *path, cm__xls **out, cm_error *err);
void cm__xls_close(cm__xls *x); /* NULL is fine */
/* The name of sheet i, NULL past the end. Borrowed. */
const char *cm__xls_sheet(const cm__xls *x, size_t i);
/* As cm__workbook_read. */
CM_WARN_UNUSED cm_status cm__xls_read(const cm__xls *x, const char *sheet,
                                      const cm_text_options *options, bool headers_only,
                                      const cm_job *job, cm_text **out, cm_error *err);

#endif
