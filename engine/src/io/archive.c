/* Paths that lead into archives and workbooks, and reading at their ends. */
#include "capmod/archive.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/internal.h"
#include "io/xls.h"

struct cm_contents {
  cm_kind kind;
  char *path; /* of the file, then a zero byte and what follows it */
  const char *inner;
  cm__strings names;
  cm__zip *zip; /* open, where it is an archive or a workbook */
  cm__xls *xls; /* the same of a workbook of before 2007 */
};

/* ---- which file a path means ------------------------------------------------------ */

/* Cuts the path at the first file on its way: "a.zip/b" is "a.zip" and "b". */
static cm_status split(const char *path, cm_contents *c, cm_error *err) {
  struct stat about;
  size_t size = strlen(path);
  cm_status status = CM_OK;
  CM__TRY(cm__alloc_raw(size + 1, 1, "a path", &c->path, err));
  memcpy(c->path, path, size + 1);
  c->inner = c->path + size;
  errno = 0;
  while (stat(c->path, &about) != 0) {
    int why = errno;
    char *slash = why == ENOTDIR ? strrchr(c->path, '/') : NULL;
    if (!slash || slash == c->path)
      return cm__fail(err, CM_OPEN, "%s: %s", path, strerror(why == ENOTDIR ? ENOENT : why));
    if (*c->inner) c->path[strlen(c->path)] = '/'; /* what was cut before goes with it */
    *slash = '\0';
    c->inner = slash + 1;
  }
  if (S_ISDIR(about.st_mode))
    c->kind = CM_KIND_FOLDER;
  else if (S_ISREG(about.st_mode) && cm__zip_is(c->path))
    c->kind = CM_KIND_ARCHIVE;
  else if (S_ISREG(about.st_mode) && cm__xls_is(c->path))
    c->kind = CM_KIND_WORKBOOK;
done:
  return status;
}

static cm_status locate(const char *path, cm_contents **out, cm_error *err) {
  cm_contents *c = NULL;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *c, "a path", &c, err));
  CM__TRY(split(path, c, err));
  if (c->kind == CM_KIND_ARCHIVE) {
    CM__TRY(cm__zip_open(c->path, &c->zip, err));
    if (cm__zip_has(c->zip, "xl/workbook.xml")) c->kind = CM_KIND_WORKBOOK;
  } else if (c->kind == CM_KIND_WORKBOOK) {
    CM__TRY(cm__xls_open(c->path, &c->xls, err));
  } else if (*c->inner) {
    CM__TRY(cm__fail(err, CM_OPEN, "%s is neither an archive nor a workbook", c->path));
  }
  *out = c;
  c = NULL;
done:
  cm_contents_release(c);
  return status;
}

void cm_contents_release(cm_contents *c) {
  if (!c) return;
  cm__zip_close(c->zip);
  cm__xls_close(c->xls);
  cm__strings_free(&c->names);
  cm__free(c->path);
  cm__free(c);
}

cm_kind cm_contents_kind(const cm_contents *c) { return c->kind; }
const char *cm_contents_path(const cm_contents *c) { return c->path; }
const char *cm_contents_inner(const cm_contents *c) { return c->inner; }
const char *cm_contents_name(const cm_contents *c, size_t i) {
  return cm__strings_get(&c->names, i);
}

/* ---- what it holds ------------------------------------------------------------------ */

static int by_bytes(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int shown(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static cm_status list_folder(cm_contents *c, cm_error *err) {
  struct dirent **entries = NULL;
  errno = 0;
  int n = scandir(c->path, &entries, shown, by_bytes);
  if (n < 0) return cm__fail(err, CM_OPEN, "%s: %s", c->path, strerror(errno));
  cm_status status = CM_OK;
  for (int i = 0; i < n; i++) {
    const char *name = entries[i]->d_name;
    if (status == CM_OK) status = cm__strings_add(&c->names, name, strlen(name), err);
    free(entries[i]);
  }
  free(entries);
  return status;
}

static cm_status list_archive(cm_contents *c, cm_error *err) {
  cm_status status = CM_OK;
  for (size_t i = 0; i < cm__zip_count(c->zip); i++) {
    const char *name = cm__zip_name(c->zip, i);
    if (name) CM__TRY(cm__strings_add(&c->names, name, strlen(name), err));
  }
done:
  return status;
}

static cm_status list_sheets(cm_contents *c, cm_error *err) {
  const char *name;
  cm_status status = CM_OK;
  if (!c->xls) return cm__workbook_sheets(c->zip, c->path, &c->names, err);
  for (size_t i = 0; (name = cm__xls_sheet(c->xls, i)) != NULL; i++)
    CM__TRY(cm__strings_add(&c->names, name, strlen(name), err));
done:
  return status;
}

static cm_status list(cm_contents *c, cm_error *err) {
  if (c->kind == CM_KIND_FOLDER) return list_folder(c, err);
  if (c->kind == CM_KIND_ARCHIVE) return list_archive(c, err);
  if (c->kind == CM_KIND_WORKBOOK) return list_sheets(c, err);
  return CM_OK;
}

cm_status cm_contents_list(const char *path, cm_contents **out, cm_error *err) {
  cm_contents *c = NULL;
  cm_status status;
  CM__TRY(locate(path, &c, err));
  CM__TRY(list(c, err));
  *out = c;
  c = NULL;
done:
  cm_contents_release(c);
  return status;
}

/* ---- reading at the end of a path --------------------------------------------------- */

/* The member or sheet meant: the one named, or the only one. */
static cm_status choose(cm_contents *c, const char **out, cm_error *err) {
  cm_status status = CM_OK;
  if (*c->inner) {
    *out = c->inner;
    return CM_OK;
  }
  CM__TRY(list(c, err));
  if (c->names.n == 1) {
    *out = cm__strings_get(&c->names, 0);
    return CM_OK;
  }
  char some[300] = "";
  for (size_t i = 0, used = 0; i < c->names.n && used < 200; i++) {
    int n = snprintf(some + used, sizeof some - used, "%s%.60s", i ? ", " : ": ",
                     cm__strings_get(&c->names, i));
    if (n > 0) used += (size_t)n;
  }
  status = cm__fail(err, CM_MEMBER, "%s holds %zu %s%s%s", c->path, c->names.n,
                    c->kind == CM_KIND_WORKBOOK ? "sheets" : "files", some,
                    strlen(some) >= 200 ? ", ..." : "");
done:
  return status;
}

static cm_status read_at(const char *path, const cm_text_options *options, bool headers_only,
                         size_t block, const cm_job *job, cm_text **out, cm_error *err) {
  cm_contents *c = NULL;
  cm__source *source = NULL;
  const char *inner, *name = path;
  char *longer = NULL;
  cm_status status;
  CM__TRY(locate(path, &c, err));
  if (!c->zip && !c->xls) {
    CM__TRY(cm__file_open(path, &source, err));
  } else {
    CM__TRY(choose(c, &inner, err));
    if (c->kind == CM_KIND_WORKBOOK) {
      status =
          c->xls ? cm__xls_read(c->xls, inner, options, headers_only, job, out, err)
                 : cm__workbook_read(c->zip, c->path, inner, options, headers_only, job, out, err);
      goto done;
    }
    if (!*c->inner) {
      size_t room = strlen(path) + strlen(inner) + 2;
      CM__TRY(cm__alloc(room, 1, "a path", &longer, err));
      snprintf(longer, room, "%s/%s", path, inner);
      name = longer;
    }
    CM__TRY(cm__zip_member(c->zip, inner, name, false, &source, err));
  }
  CM__TRY(cm__text_parse(source, options, headers_only, block, job, out, err));
done:
  cm__source_close(source);
  cm_contents_release(c);
  cm__free(longer);
  return status;
}

cm_status cm_text_read(const char *path, const cm_text_options *options, const cm_job *job,
                       cm_text **out, cm_error *err) {
  return read_at(path, options, false, CM__TEXT_BLOCK, job, out, err);
}

cm_status cm_text_peek(const char *path, size_t lines, const cm_text_options *options,
                       cm_text **out, cm_error *err) {
  cm_text_options head = options ? *options : (cm_text_options){0};
  head.header_rows = lines;
  return read_at(path, &head, true, 1 << 14, NULL, out, err);
}
