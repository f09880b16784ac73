/* Files as sources: plain, or gzip by what they begin with. Sole user of zlib. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "internal.h"

typedef struct file {
  cm__source base;
  gzFile gz;
} file;

/* What was read before the damage is handed over first, so that the error comes
 * with the row where the file ends. */
static cm_status read_file(cm__source *source, char *into, size_t room, size_t *got,
                           cm_error *err) {
  file *f = (file *)source;
  if (room > 1 << 30) room = 1 << 30;
  errno = 0;
  int n = gzread(f->gz, into, (unsigned)room);
  if (n <= 0) {
    int code;
    const char *why = gzerror(f->gz, &code);
    if (code == Z_MEM_ERROR) return cm__fail(err, CM_MEMORY, "no memory for unpacking gzip");
    if (code == Z_BUF_ERROR) return cm__fail(err, CM_READ, "the gzip file is cut short");
    if (code == Z_ERRNO) return cm__fail(err, CM_READ, "%s", strerror(errno));
    if (code < 0) return cm__fail(err, CM_READ, "the gzip file is damaged (%s)", why);
  }
  *got = n > 0 ? (size_t)n : 0;
  source->done = (double)gzoffset(f->gz);
  return CM_OK;
}

static void close_file(cm__source *source) {
  gzclose(((file *)source)->gz);
  cm__free(source);
}

cm_status cm__file_open(const char *path, cm__source **out, cm_error *err) {
  cm_status status = CM_OK;
  file *f = NULL;
  struct stat about;
  if (stat(path, &about) != 0) return cm__fail(err, CM_OPEN, "%s: %s", path, strerror(errno));
  if (S_ISDIR(about.st_mode)) return cm__fail(err, CM_OPEN, "%s is a folder", path);
  CM__TRY(cm__alloc(1, sizeof *f, "a file", &f, err));
  f->base = (cm__source){
      .read = read_file, .close = close_file, .name = path, .total = (double)about.st_size};
  errno = 0;
  f->gz = gzopen(path, "rb");
  if (!f->gz)
    CM__TRY(errno ? cm__fail(err, CM_OPEN, "%s: %s", path, strerror(errno))
                  : cm__fail(err, CM_MEMORY, "no memory for reading %s", path));
  *out = &f->base;
  f = NULL;
done:
  cm__free(f);
  return status;
}

void cm__source_close(cm__source *source) {
  if (source) source->close(source);
}
