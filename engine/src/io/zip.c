/* Zip archives as sources. Sole user of libzip. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "io/internal.h"

struct cm__zip {
  zip_t *archive;
  const char *path;
};

typedef struct member {
  cm__source base;
  zip_file_t *file;
  cm__zip *owned;
} member;

bool cm__zip_is(const char *path) {
  char first[4] = "";
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  size_t n = fread(first, 1, sizeof first, f);
  fclose(f);
  return n == 4 && (memcmp(first, "PK\3\4", 4) == 0 || memcmp(first, "PK\5\6", 4) == 0);
}

cm_status cm__zip_open(const char *path, cm__zip **out, cm_error *err) {
  int code = 0;
  cm__zip *zip = NULL;
  cm_status status = cm__alloc(1, sizeof *zip, "an archive", &zip, err);
  if (status != CM_OK) return status;
  zip->path = path;
  errno = 0;
  zip->archive = zip_open(path, ZIP_RDONLY, &code);
  if (zip->archive) {
    *out = zip;
    return CM_OK;
  }
  cm__free(zip);
  if (code == ZIP_ER_MEMORY) return cm__fail(err, CM_MEMORY, "no memory for reading %s", path);
  if (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN)
    return cm__fail(err, CM_OPEN, "%s: %s", path, errno ? strerror(errno) : "cannot be opened");
  zip_error_t why;
  zip_error_init_with_code(&why, code);
  status = cm__fail(err, CM_READ, "%s is damaged or cut short, or not a zip archive (%s)", path,
                    zip_error_strerror(&why));
  zip_error_fini(&why);
  return status;
}

void cm__zip_close(cm__zip *zip) {
  if (!zip) return;
  zip_discard(zip->archive);
  cm__free(zip);
}

size_t cm__zip_count(const cm__zip *zip) { return (size_t)zip_get_num_entries(zip->archive, 0); }

const char *cm__zip_name(const cm__zip *zip, size_t i) {
  const char *name = zip_get_name(zip->archive, i, 0);
  size_t size = name ? strlen(name) : 0;
  return size && name[size - 1] != '/' ? name : NULL;
}

bool cm__zip_has(const cm__zip *zip, const char *name) {
  return zip_name_locate(zip->archive, name, 0) >= 0;
}

/* What was read before the damage is handed over first. */
static cm_status read_member(cm__source *source, char *into, size_t room, size_t *got,
                             cm_error *err) {
  member *m = (member *)source;
  zip_int64_t n = zip_fread(m->file, into, room);
  if (n < 0) {
    zip_error_t *why = zip_file_get_error(m->file);
    if (zip_error_code_zip(why) == ZIP_ER_MEMORY)
      return cm__fail(err, CM_MEMORY, "no memory for unpacking");
    return cm__fail(err, CM_READ, "the archive is damaged (%s)", zip_error_strerror(why));
  }
  *got = (size_t)n;
  source->done += (double)n;
  return CM_OK;
}

static void close_member(cm__source *source) {
  member *m = (member *)source;
  if (m->file) zip_fclose(m->file);
  cm__zip_close(m->owned);
  cm__free(m);
}

cm_status cm__zip_member(cm__zip *zip, const char *name, const char *shown, bool owned,
                         cm__source **out, cm_error *err) {
  zip_stat_t about;
  member *m = NULL;
  cm_status status = cm__alloc(1, sizeof *m, "a member of an archive", &m, err);
  if (status != CM_OK) {
    if (owned) cm__zip_close(zip);
    return status;
  }
  m->base = (cm__source){.read = read_member, .close = close_member, .name = shown};
  m->owned = owned ? zip : NULL;
  if (zip_stat(zip->archive, name, 0, &about) != 0)
    CM__TRY(cm__fail(err, CM_MEMBER, "%s holds no '%s'", zip->path, name));
  if (about.valid & ZIP_STAT_SIZE) m->base.total = (double)about.size;
  m->file = zip_fopen_index(zip->archive, about.index, 0);
  if (!m->file)
    status = cm__fail(err, CM_READ, "'%s' in %s cannot be unpacked (%s)", name, zip->path,
                      zip_strerror(zip->archive));
done:
  if (status == CM_OK)
    *out = &m->base;
  else
    close_member(&m->base);
  return status;
}

cm_status cm__zip_write(const char *path, const cm__zip_entry *entries, size_t count,
                        cm_error *err) {
  int code = 0;
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!zip) return cm__fail(err, CM_WRITE, "%s: %s", path, strerror(errno));
  for (size_t i = 0; i < count; i++) {
    const cm__zip_entry *e = &entries[i];
    zip_source_t *source = e->text ? zip_source_buffer(zip, e->text, strlen(e->text), 0)
                                   : zip_source_file(zip, e->file, 0, -1);
    zip_int64_t at = source ? zip_file_add(zip, e->name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
      if (source) zip_source_free(source);
      zip_discard(zip);
      return cm__fail(err, CM_MEMORY, "no memory for packing %s", path);
    }
    zip_file_set_mtime(zip, (zip_uint64_t)at, 315532800, 0); /* 1980: the same bytes each time */
  }
  if (zip_close(zip) == 0) return CM_OK;
  cm_status status = cm__fail(err, CM_WRITE, "%s cannot be packed (%s)", path, zip_strerror(zip));
  zip_discard(zip);
  return status;
}
