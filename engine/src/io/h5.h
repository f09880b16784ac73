/* An HDF5 file as a list of named numbers and texts; see hdf5.c. */
#ifndef CM_IO_H5_H
#define CM_IO_H5_H

#include "base/internal.h"

typedef struct cm__h5 cm__h5;

/* `path` is kept by the caller. CM_OPEN, CM_READ (not HDF5, or cut short), CM_MEMORY. */
CM_WARN_UNUSED cm_status cm__h5_open(const char *path, bool write, cm__h5 **out, cm_error *err);
/* Also says whether all has reached the file: CM_WRITE. NULL is fine. */
CM_WARN_UNUSED cm_status cm__h5_close(cm__h5 *h, cm_error *err);

bool cm__h5_has(const cm__h5 *h, const char *name);
/* rows x cols doubles by rows. Where reading, the shape must be known: see cm__h5_shape. */
CM_WARN_UNUSED cm_status cm__h5_put(cm__h5 *h, const char *name, const double *data, size_t rows,
                                    size_t cols, cm_error *err);
CM_WARN_UNUSED cm_status cm__h5_get(cm__h5 *h, const char *name, double *data, cm_error *err);
CM_WARN_UNUSED cm_status cm__h5_shape(cm__h5 *h, const char *name, size_t *rows, size_t *cols,
                                      cm_error *err);
CM_WARN_UNUSED cm_status cm__h5_put_ints(cm__h5 *h, const char *name, const int *data, size_t n,
                                         cm_error *err);
CM_WARN_UNUSED cm_status cm__h5_get_ints(cm__h5 *h, const char *name, int *data, size_t n,
                                         cm_error *err);
/* n texts, each padded with zeros to `width` bytes; read: *texts is freed by cm__free and has a
 * zero behind the last one. */
CM_WARN_UNUSED cm_status cm__h5_put_texts(cm__h5 *h, const char *name, const char *texts, size_t n,
                                          size_t width, cm_error *err);
CM_WARN_UNUSED cm_status cm__h5_get_texts(cm__h5 *h, const char *name, char **texts, size_t *n,
                                          size_t *width, cm_error *err);

#endif
