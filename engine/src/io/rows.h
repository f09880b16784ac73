/* Rows of texts and numbers on their way into a file: delimited text, or a workbook of one sheet.
 * Numbers have the fewest digits that read back equal. The file is written beside, and takes
 * its place once it is complete. */
#ifndef CM_IO_ROWS_H
#define CM_IO_ROWS_H

#include "base/internal.h"

typedef struct cm__rows cm__rows;

/* `sheet` names the sheet of a workbook; NULL: delimited text. Both texts are kept by the caller.
 */
CM_WARN_UNUSED cm_status cm__rows_open(const char *path, const char *sheet, cm__rows **out,
                                       cm_error *err);
void cm__rows_text(cm__rows *r, const char *text);
void cm__rows_number(cm__rows *r, double x);
void cm__rows_blank(cm__rows *r);
void cm__rows_end(cm__rows *r);
/* Closes; where `status` is CM_OK all is put in its place, and CM_WRITE says that it could not.
 * Returns status or that. NULL is fine. */
CM_WARN_UNUSED cm_status cm__rows_close(cm__rows *r, cm_status status, cm_error *err);

/* The path under which a file is written until it is complete: path and ending; cm__free. */
CM_WARN_UNUSED cm_status cm__beside(const char *path, const char *ending, char **out,
                                    cm_error *err);
/* Puts it in its place, or takes it away where `status` is a failure. */
CM_WARN_UNUSED cm_status cm__settle(const char *beside, const char *path, cm_status status,
                                    cm_error *err);

#endif
