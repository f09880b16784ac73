/* Systems that differ from a table's own in a few rows and columns. */
#ifndef CM_TABLE_LOWRANK_H
#define CM_TABLE_LOWRANK_H

#include "capmod/whatif.h"
#include "table/internal.h"

/* The factor of I - z diag(1/x), where the flows z equal Z in all cells outside
 * the rows and the columns marked (n each) and x is the table's output: an update
 * of the kept factor where these lines are few enough, else a new one. */
CM_WARN_UNUSED cm_status cm__changed_factor(cm_table *t, const cm_matrix *z, const bool *rows,
                                            const bool *cols, const cm_job *job, cm_lu **out,
                                            cm_error *err);

/* Marks the rows or the columns in which two matrices of one shape differ,
 * whichever are fewer; the other side is left unmarked. Both arrays start clear. */
void cm__changed_lines(const cm_matrix *before, const cm_matrix *after, bool *rows, bool *cols);

#endif
