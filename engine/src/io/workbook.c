/* Workbooks (.xlsx, ECMA-376 part 1): which sheets there are, the strings that
 * they share, and where in the archive each one lies. */
#include <stdio.h>
#include <string.h>

#include "io/internal.h"

#define BOOK "xl/workbook.xml"
#define RELATIONS "xl/_rels/workbook.xml.rels"

typedef struct book {
  const char *path;
  cm__strings names, ids;         /* of the sheets, in order */
  cm__strings targets, of, kinds; /* of the relations: where, its id, its type */
} book;

static void free_book(book *b) {
  cm__strings_free(&b->names);
  cm__strings_free(&b->ids);
  cm__strings_free(&b->targets);
  cm__strings_free(&b->of);
  cm__strings_free(&b->kinds);
}

static cm_status add(cm__strings *to, const char *text, cm_error *err) {
  if (!text) text = "";
  return cm__strings_add(to, text, strlen(text), err);
}

static cm_status on_sheet(void *ud, const char *name, const char **attributes, cm_error *err) {
  book *b = ud;
  cm_status status = CM_OK;
  if (strcmp(name, "sheet") != 0) return CM_OK;
  CM__TRY(add(&b->names, cm__xml_attribute(attributes, "name", false), err));
  CM__TRY(add(&b->ids, cm__xml_attribute(attributes, "id", true), err));
done:
  return status;
}

static cm_status on_relation(void *ud, const char *name, const char **attributes, cm_error *err) {
  book *b = ud;
  cm_status status = CM_OK;
  if (strcmp(name, "Relationship") != 0) return CM_OK;
  CM__TRY(add(&b->of, cm__xml_attribute(attributes, "Id", false), err));
  CM__TRY(add(&b->kinds, cm__xml_attribute(attributes, "Type", false), err));
  CM__TRY(add(&b->targets, cm__xml_attribute(attributes, "Target", false), err));
done:
  return status;
}

static cm_status parse_member(cm__zip *zip, const char *member, const char *path,
                              const cm__xml *calls, const cm_job *job, cm_error *err) {
  cm__source *source = NULL;
  char shown[300];
  snprintf(shown, sizeof shown, "%s in %s", member, path);
  cm_status status = cm__zip_member(zip, member, shown, false, &source, err);
  if (status == CM_MEMBER)
    return cm__fail(err, CM_READ, "%s is no whole workbook: it has no %s", path, member);
  if (status == CM_OK) status = cm__xml_parse(source, calls, job, err);
  cm__source_close(source);
  return status;
}

static cm_status read_book(cm__zip *zip, const char *path, book *b, cm_error *err) {
  cm_status status;
  *b = (book){.path = path};
  CM__TRY(parse_member(zip, BOOK, path, &(cm__xml){.start = on_sheet, .ud = b}, NULL, err));
  CM__TRY(parse_member(zip, RELATIONS, path, &(cm__xml){.start = on_relation, .ud = b}, NULL, err));
  if (b->names.n == 0) status = cm__fail(err, CM_EMPTY, "%s has no sheets", path);
done:
  return status;
}

cm_status cm__workbook_sheets(cm__zip *zip, const char *path, cm__strings *out, cm_error *err) {
  book b;
  cm_status status = read_book(zip, path, &b, err);
  if (status == CM_OK) {
    *out = b.names;
    b.names = (cm__strings){.bytes = NULL};
  }
  free_book(&b);
  return status;
}

/* ---- the strings of the workbook ------------------------------------------------- */

typedef struct shared {
  cm__strings *strings;
  char *text; /* of the item being read */
  size_t size, room;
  bool in_item, in_text;
  unsigned aside; /* depth within phonetic guides, which are not text */
} shared;

static cm_status shared_start(void *ud, const char *name, const char **attributes, cm_error *err) {
  shared *s = ud;
  (void)attributes, (void)err;
  if (strcmp(name, "si") == 0) {
    s->in_item = true;
    s->size = 0;
  }
  if (strcmp(name, "rPh") == 0) s->aside++;
  s->in_text = s->in_item && !s->aside && strcmp(name, "t") == 0;
  return CM_OK;
}

static cm_status shared_text(void *ud, const char *text, size_t size, cm_error *err) {
  shared *s = ud;
  cm_status status = CM_OK;
  if (!s->in_text) return CM_OK;
  if (s->size + size > s->room) {
    CM__TRY(cm__grow(2 * (s->size + size), 1, "a shared string", &s->text, err));
    s->room = 2 * (s->size + size);
  }
  memcpy(s->text + s->size, text, size);
  s->size += size;
done:
  return status;
}

static cm_status shared_end(void *ud, const char *name, cm_error *err) {
  shared *s = ud;
  s->in_text = false;
  if (strcmp(name, "rPh") == 0 && s->aside) s->aside--;
  if (strcmp(name, "si") != 0 || !s->in_item) return CM_OK;
  s->in_item = false;
  return cm__strings_add(s->strings, s->text, s->size, err);
}

/* The member of a relation: its target, from the folder xl unless it begins with /. */
static void member_of(const char *target, char *member, size_t room) {
  if (*target == '/')
    snprintf(member, room, "%s", target + 1);
  else
    snprintf(member, room, "xl/%s", target);
}

static bool ends_in(const char *text, const char *ending) {
  size_t n = strlen(text), k = strlen(ending);
  return n >= k && strcmp(text + n - k, ending) == 0;
}

static cm_status read_shared(cm__zip *zip, const book *b, const cm_job *job, cm__strings *out,
                             cm_error *err) {
  char member[300] = "";
  shared s = {.strings = out};
  for (size_t i = 0; i < b->kinds.n; i++)
    if (ends_in(cm__strings_get(&b->kinds, i), "/sharedStrings"))
      member_of(cm__strings_get(&b->targets, i), member, sizeof member);
  if (!*member) return CM_OK;
  cm__xml calls = {.start = shared_start, .end = shared_end, .text = shared_text, .ud = &s};
  cm_status status = parse_member(zip, member, b->path, &calls, job, err);
  cm__free(s.text);
  return status;
}

/* ---- a sheet ------------------------------------------------------------------------ */

static cm_status find_sheet(const book *b, const char *sheet, char *member, size_t room,
                            cm_error *err) {
  const char *id = NULL;
  for (size_t i = 0; i < b->names.n && !id; i++)
    if (strcmp(cm__strings_get(&b->names, i), sheet) == 0) id = cm__strings_get(&b->ids, i);
  if (!id) return cm__fail(err, CM_MEMBER, "%s has no sheet '%s'", b->path, sheet);
  for (size_t i = 0; i < b->of.n; i++)
    if (strcmp(cm__strings_get(&b->of, i), id) == 0) {
      member_of(cm__strings_get(&b->targets, i), member, room);
      return CM_OK;
    }
  return cm__fail(err, CM_READ, "%s does not say where its sheet '%s' is", b->path, sheet);
}

cm_status cm__workbook_read(cm__zip *zip, const char *path, const char *sheet,
                            const cm_text_options *options, bool headers_only, const cm_job *job,
                            cm_text **out, cm_error *err) {
  book b;
  char member[300], shown[400];
  cm__source *source = NULL;
  cm__strings strings = {.bytes = NULL};
  cm_status status;
  CM__TRY(read_book(zip, path, &b, err));
  CM__TRY(find_sheet(&b, sheet, member, sizeof member, err));
  CM__TRY(read_shared(zip, &b, job, &strings, err));
  snprintf(shown, sizeof shown, "sheet '%s' of %s", sheet, path);
  CM__TRY(cm__zip_member(zip, member, shown, false, &source, err));
  CM__TRY(cm__sheet_parse(source, &strings, shown, options, headers_only, job, out, err));
done:
  cm__source_close(source);
  cm__strings_free(&strings);
  free_book(&b);
  return status;
}
