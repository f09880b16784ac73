/* HDF5 files. Sole user of the HDF5 library. */
#include "io/h5.h"

#include <errno.h>
#include <hdf5.h>
#include <string.h>
#include <sys/stat.h>

struct cm__h5 {
  hid_t file;
  const char *path;
  bool write;
};

/* ---- opening and closing ------------------------------------------------------------ */

cm_status cm__h5_open(const char *path, bool write, cm__h5 **out, cm_error *err) {
  cm__h5 *h = NULL;
  struct stat about;
  /* at exit the library would write once more what a full disk refused, and crash on it */
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* the library prints nothing */
  if (!write && stat(path, &about) != 0)
    return cm__fail(err, CM_OPEN, "%s: %s", path, strerror(errno));
  cm_status status = cm__alloc(1, sizeof *h, "an HDF5 file", &h, err);
  if (status != CM_OK) return status;
  h->path = path, h->write = write;
  errno = 0;
  h->file = write ? H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)
                  : H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (h->file < 0) {
    cm__free(h);
    if (write) return cm__fail(err, CM_OPEN, "%s: %s", path, errno ? strerror(errno) : "refused");
    return cm__fail(err, CM_READ, "%s is no HDF5 file, or is cut short", path);
  }
  *out = h;
  return CM_OK;
}

cm_status cm__h5_close(cm__h5 *h, cm_error *err) {
  if (!h) return CM_OK;
  bool good = !h->write || H5Fflush(h->file, H5F_SCOPE_GLOBAL) >= 0;
  good = H5Fclose(h->file) >= 0 && good;
  cm_status status = CM_OK;
  if (!good && h->write)
    status = cm__fail(err, CM_WRITE, "%s could not be written to the end", h->path);
  cm__free(h);
  return status;
}

bool cm__h5_has(const cm__h5 *h, const char *name) {
  return H5Lexists(h->file, name, H5P_DEFAULT) > 0;
}

/* ---- one dataset ------------------------------------------------------------------------ */

static cm_status put(cm__h5 *h, const char *name, hid_t type, hid_t space, const void *data,
                     cm_error *err) {
  hid_t set = H5Dcreate2(h->file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool good = set >= 0 && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
  if (set >= 0) good = H5Dclose(set) >= 0 && good;
  if (good) return CM_OK;
  return cm__fail(err, CM_WRITE, "%s: '%s' could not be written", h->path, name);
}

static cm_status damaged(const cm__h5 *h, const char *name, cm_error *err) {
  return cm__fail(err, CM_READ, "%s: '%s' is missing, damaged or of another kind", h->path, name);
}

/* The dataset's extent; -1 where it is not there or has other than `rank` dimensions. */
static hid_t look(cm__h5 *h, const char *name, int rank, hsize_t *extent) {
  hid_t set = cm__h5_has(h, name) ? H5Dopen2(h->file, name, H5P_DEFAULT) : -1;
  if (set < 0) return -1;
  hid_t space = H5Dget_space(set);
  bool good = space >= 0 && H5Sget_simple_extent_ndims(space) == rank &&
              H5Sget_simple_extent_dims(space, extent, NULL) == rank;
  if (space >= 0) H5Sclose(space);
  if (good) return set;
  H5Dclose(set);
  return -1;
}

cm_status cm__h5_put(cm__h5 *h, const char *name, const double *data, size_t rows, size_t cols,
                     cm_error *err) {
  hid_t space = H5Screate_simple(2, (hsize_t[]){rows, cols}, NULL);
  cm_status status = put(h, name, H5T_NATIVE_DOUBLE, space, data, err);
  H5Sclose(space);
  return status;
}

cm_status cm__h5_shape(cm__h5 *h, const char *name, size_t *rows, size_t *cols, cm_error *err) {
  hsize_t extent[2];
  hid_t set = look(h, name, 2, extent);
  if (set < 0) return damaged(h, name, err);
  H5Dclose(set);
  *rows = extent[0], *cols = extent[1];
  return CM_OK;
}

cm_status cm__h5_get(cm__h5 *h, const char *name, double *data, cm_error *err) {
  hsize_t extent[2];
  hid_t set = look(h, name, 2, extent);
  if (set < 0) return damaged(h, name, err);
  bool good = H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
  H5Dclose(set);
  return good ? CM_OK : damaged(h, name, err);
}

cm_status cm__h5_put_ints(cm__h5 *h, const char *name, const int *data, size_t n, cm_error *err) {
  hid_t space = H5Screate_simple(1, (hsize_t[]){n}, NULL);
  cm_status status = put(h, name, H5T_NATIVE_INT, space, data, err);
  H5Sclose(space);
  return status;
}

cm_status cm__h5_get_ints(cm__h5 *h, const char *name, int *data, size_t n, cm_error *err) {
  hsize_t extent;
  hid_t set = look(h, name, 1, &extent);
  if (set < 0) return damaged(h, name, err);
  bool good = extent == n && H5Dread(set, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
  H5Dclose(set);
  return good ? CM_OK : damaged(h, name, err);
}

/* ---- texts ------------------------------------------------------------------------------------
 */

static hid_t text_type(size_t width) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
      H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

cm_status cm__h5_put_texts(cm__h5 *h, const char *name, const char *texts, size_t n, size_t width,
                           cm_error *err) {
  hid_t type = text_type(width), space = H5Screate_simple(1, (hsize_t[]){n}, NULL);
  cm_status status = put(h, name, type, space, texts, err);
  if (type >= 0) H5Tclose(type);
  H5Sclose(space);
  return status;
}

cm_status cm__h5_get_texts(cm__h5 *h, const char *name, char **texts, size_t *n, size_t *width,
                           cm_error *err) {
  hsize_t extent;
  char *block = NULL;
  cm_status status = CM_OK;
  hid_t set = look(h, name, 1, &extent), type = -1, stored = -1;
  size_t bytes = 0, size = 0;
  if (set >= 0) stored = H5Dget_type(set);
  if (stored >= 0 && H5Tget_class(stored) == H5T_STRING && H5Tis_variable_str(stored) == 0)
    size = H5Tget_size(stored);
  /* what the file says of its sizes is believed only as far as it holds the bytes */
  if (!size || H5Dget_storage_size(set) / size < extent) CM__TRY(damaged(h, name, err));
  CM__TRY(cm__size3(extent, size, 1, "texts", &bytes, err));
  CM__TRY(cm__alloc(bytes + 1, 1, "texts", &block, err));
  type = text_type(size);
  if (type < 0 || H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) < 0)
    CM__TRY(damaged(h, name, err));
  *texts = block, *n = extent, *width = size;
  block = NULL;
done:
  if (type >= 0) H5Tclose(type);
  if (stored >= 0) H5Tclose(stored);
  if (set >= 0) H5Dclose(set);
  cm__free(block);
  return status;
}
