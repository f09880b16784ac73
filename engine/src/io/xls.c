/* Workbooks as they were before 2007 (.xls): a compound file ([MS-CFB]) that holds a stream of
 * records, BIFF8 ([MS-XLS]). Cells and their strings are read, nothing else. A file may claim
 * anything: every place is checked before it is read, every chain ends by its length. */
#include "io/xls.h"

#include <stdio.h>
#include <string.h>

typedef unsigned char byte;

enum {
  HEADER = 512,
  ENTRY = 128,           /* of the directory */
  MOST_FILE = 512 << 20, /* an .xls has at most 65536 rows; this is far beyond */
  IN_HEADER = 109        /* sectors of the allocation table that the header names */
};
#define LAST 0xfffffffau /* sector numbers from here on are marks */

struct cm__xls {
  const char *path;
  byte *file, *book; /* the whole file; the stream of records */
  size_t size, book_size;
  size_t sector; /* bytes */
  uint32_t *fat; /* sectors of the allocation table */
  size_t fat_sectors;
  cm__strings names; /* of the sheets */
  uint32_t *starts;  /* of each in the stream */
  cm__strings shared;
};

static unsigned u16(const byte *p) { return p[0] | (unsigned)p[1] << 8; }
static uint32_t u32(const byte *p) { return u16(p) | (uint32_t)u16(p + 2) << 16; }

static double f64(const byte *p) {
  uint64_t bits = u32(p) | (uint64_t)u32(p + 4) << 32;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static cm_status damaged(const cm__xls *x, const char *what, cm_error *err) {
  return cm__fail(err, CM_READ, "%s is no whole workbook: %s", x->path, what);
}

/* ---- the compound file --------------------------------------------------------- */

bool cm__xls_is(const char *path) {
  static const byte mark[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
  byte begin[8];
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  size_t n = fread(begin, 1, sizeof begin, file);
  fclose(file);
  return n == sizeof begin && memcmp(begin, mark, sizeof mark) == 0;
}

static cm_status read_all(cm__xls *x, cm_error *err) {
  cm__source *source = NULL;
  size_t room = 0, got = 1;
  cm_status status;
  CM__TRY(cm__file_open(x->path, &source, err));
  while (got > 0) {
    if (x->size == room) {
      room = room ? 2 * room : 1 << 16;
      if (room > MOST_FILE) CM__TRY(damaged(x, "it is larger than such files are", err));
      CM__TRY(cm__grow(room, 1, "a workbook", &x->file, err));
    }
    CM__TRY(source->read(source, (char *)x->file + x->size, room - x->size, &got, err));
    x->size += got;
  }
done:
  cm__source_close(source);
  return status;
}

/* Where sector `i` begins, or NULL where it is not in the file. */
static const byte *sector_at(const cm__xls *x, uint32_t i) {
  size_t at = ((size_t)i + 1) * x->sector;
  return i < LAST && at + x->sector <= x->size ? x->file + at : NULL;
}

static uint32_t next_of(const cm__xls *x, uint32_t i) {
  size_t per = x->sector / 4, k = i / per;
  const byte *table = k < x->fat_sectors ? sector_at(x, x->fat[k]) : NULL;
  return table ? u32(table + 4 * (i % per)) : LAST;
}

/* The sectors of the allocation table: named in the header, then in a chain of their own. */
static cm_status read_fat(cm__xls *x, cm_error *err) {
  size_t n = u32(x->file + 44), per = x->sector / 4;
  cm_status status = CM_OK;
  if (n > x->size / x->sector) return damaged(x, "its allocation table is cut short", err);
  CM__TRY(cm__alloc(n + 1, sizeof *x->fat, "a workbook", &x->fat, err));
  for (size_t i = 0; i < IN_HEADER && x->fat_sectors < n; i++)
    x->fat[x->fat_sectors++] = u32(x->file + 76 + 4 * i);
  for (uint32_t at = u32(x->file + 68); x->fat_sectors < n;) {
    const byte *more = sector_at(x, at);
    if (!more) return damaged(x, "its allocation table is cut short", err);
    for (size_t i = 0; i + 1 < per && x->fat_sectors < n; i++)
      x->fat[x->fat_sectors++] = u32(more + 4 * i);
    at = u32(more + 4 * (per - 1));
  }
done:
  return status;
}

/* All sectors of a chain, one after another. */
static cm_status read_chain(const cm__xls *x, uint32_t first, byte **out, size_t *size,
                            cm_error *err) {
  size_t most = x->size / x->sector, n = 0;
  cm_status status = CM_OK;
  for (uint32_t i = first; i < LAST; i = next_of(x, i))
    if (++n > most || !sector_at(x, i)) return damaged(x, "a chain of it leads nowhere", err);
  CM__TRY(cm__alloc_raw(n * x->sector, 1, "a workbook", out, err));
  *size = n * x->sector;
  n = 0;
  for (uint32_t i = first; i < LAST; i = next_of(x, i), n++)
    memcpy(*out + n * x->sector, sector_at(x, i), x->sector);
done:
  return status;
}

/* A stream that lies in pieces of 64 bytes within the root's. */
static cm_status read_small(const cm__xls *x, const byte *root, uint32_t first, size_t wanted,
                            byte **out, cm_error *err) {
  byte *pieces = NULL, *table = NULL;
  size_t size = 0, entries = 0, piece = (size_t)1 << u16(x->file + 32), n = 0;
  cm_status status;
  CM__TRY(read_chain(x, u32(root + 116), &pieces, &size, err));
  CM__TRY(read_chain(x, u32(x->file + 60), &table, &entries, err));
  CM__TRY(cm__alloc(wanted + piece, 1, "a workbook", out, err));
  for (uint32_t i = first; n < wanted; i = u32(table + 4 * (size_t)i), n += piece) {
    if (4 * (size_t)i + 4 > entries || ((size_t)i + 1) * piece > size)
      CM__TRY(damaged(x, "a chain of it leads nowhere", err));
    memcpy(*out + n, pieces + i * piece, piece);
  }
done:
  cm__free(pieces);
  cm__free(table);
  return status;
}

static bool is_named(const byte *entry, const char *name) {
  size_t n = strlen(name);
  if (u16(entry + 64) != 2 * (n + 1)) return false;
  for (size_t i = 0; i < n; i++)
    if (u16(entry + 2 * i) != (byte)name[i]) return false;
  return true;
}

static cm_status find_book(cm__xls *x, cm_error *err) {
  byte *folder = NULL;
  const byte *root = NULL, *book = NULL;
  size_t size = 0;
  cm_status status;
  CM__TRY(read_chain(x, u32(x->file + 48), &folder, &size, err));
  for (const byte *e = folder; e + ENTRY <= folder + size; e += ENTRY) {
    if (e[66] == 5) root = e;
    if (is_named(e, "Workbook")) book = e;
    if (is_named(e, "Book"))
      CM__TRY(cm__fail(err, CM_READ, "%s is of before Excel 97: save it as .xlsx", x->path));
  }
  if (!book || !root) CM__TRY(damaged(x, "it holds no sheets", err));
  x->book_size = u32(book + 120);
  if (x->book_size > x->size) CM__TRY(damaged(x, "it is cut short", err));
  if (x->book_size < u32(x->file + 56)) {
    CM__TRY(read_small(x, root, u32(book + 116), x->book_size, &x->book, err));
  } else {
    CM__TRY(read_chain(x, u32(book + 116), &x->book, &size, err));
    if (size < x->book_size) CM__TRY(damaged(x, "it is cut short", err));
  }
done:
  cm__free(folder);
  return status;
}

/* ---- records -------------------------------------------------------------------- */

enum {
  FORMULA = 0x06,
  END = 0x0a,
  PROTECTED = 0x2f,
  CONTINUE = 0x3c,
  SHEET = 0x85,
  MANY_RK = 0xbd,
  RICH = 0xd6,
  STRINGS = 0xfc,
  SHARED = 0xfd,
  NUMBER = 0x203,
  LABEL = 0x204,
  TRUTH = 0x205,
  TEXT = 0x207,
  RK = 0x27e,
  BEGIN = 0x809
};

typedef struct record {
  unsigned kind;
  const byte *data;
  size_t size, at; /* bytes of data; where the record begins */
} record;

static bool next_record(const cm__xls *x, size_t *at, record *r) {
  if (*at + 4 > x->book_size) return false;
  r->at = *at;
  r->kind = u16(x->book + *at);
  r->size = u16(x->book + *at + 2);
  r->data = x->book + *at + 4;
  *at += 4 + r->size;
  return *at <= x->book_size;
}

/* Characters of one or two bytes as UTF-8, at most 3 bytes each; lone surrogates become '?'. */
static size_t put_utf8(char *to, unsigned c) {
  if (c < 0x80) return *to = (char)c, 1;
  if (c < 0x800) return to[0] = (char)(0xc0 | c >> 6), to[1] = (char)(0x80 | (c & 63)), 2;
  if (c >= 0xd800 && c < 0xe000) return *to = '?', 1;
  to[0] = (char)(0xe0 | c >> 12);
  to[1] = (char)(0x80 | (c >> 6 & 63));
  to[2] = (char)(0x80 | (c & 63));
  return 3;
}

/* Reads across the records that continue one. */
typedef struct cursor {
  const cm__xls *x;
  size_t next; /* the record after */
  const byte *p, *end;
  char *text;
  size_t room;
} cursor;

static bool refill(cursor *c) {
  record r;
  while (c->p == c->end) {
    size_t at = c->next;
    if (!next_record(c->x, &at, &r) || r.kind != CONTINUE) return false;
    c->next = at;
    c->p = r.data;
    c->end = r.data + r.size;
  }
  return true;
}

static bool skip(cursor *c, size_t n) {
  while (n > 0) {
    if (!refill(c)) return false;
    size_t here = (size_t)(c->end - c->p) < n ? (size_t)(c->end - c->p) : n;
    c->p += here;
    n -= here;
  }
  return true;
}

/* The characters of a string; where they go on in another record, that begins with a byte that
 * says anew how wide they are. */
static bool take_text(cursor *c, size_t count, bool wide, size_t *size) {
  for (*size = 0; count > 0;) {
    if (c->p == c->end) {
      if (!refill(c)) return false;
      wide = *c->p++ & 1;
    }
    size_t each = wide ? 2 : 1, here = (size_t)(c->end - c->p) / each;
    if (here == 0 && c->p != c->end) return false;
    for (size_t i = 0; i < here && count > 0; i++, count--, c->p += each)
      *size += put_utf8(c->text + *size, wide ? u16(c->p) : *c->p);
  }
  return true;
}

/* One string with a length of `lengths` bytes before it. */
static cm_status take_string(cursor *c, size_t lengths, size_t *size, cm_error *err) {
  cm_status status = CM_OK;
  if (!refill(c) || (size_t)(c->end - c->p) < lengths + 1) return damaged(c->x, "a string", err);
  size_t count = lengths == 2 ? u16(c->p) : *c->p, after = 0;
  unsigned how = c->p[lengths];
  c->p += lengths + 1;
  if (how & 8) {
    if ((size_t)(c->end - c->p) < 2) return damaged(c->x, "a string", err);
    after += 4 * (size_t)u16(c->p);
    c->p += 2;
  }
  if (how & 4) {
    if ((size_t)(c->end - c->p) < 4) return damaged(c->x, "a string", err);
    after += u32(c->p);
    c->p += 4;
  }
  if (3 * count + 1 > c->room) {
    CM__TRY(cm__grow(3 * count + 64, 1, "a string", &c->text, err));
    c->room = 3 * count + 64;
  }
  if (!take_text(c, count, how & 1, size) || !skip(c, after))
    return damaged(c->x, "a string is cut short", err);
done:
  return status;
}

static cm_status read_shared(cm__xls *x, const record *r, size_t next, cm_error *err) {
  cursor c = {.x = x, .next = next, .p = r->data + 8, .end = r->data + r->size};
  cm_status status = CM_OK;
  if (r->size < 8) return damaged(x, "its strings", err);
  size_t count = u32(r->data + 4), size;
  if (count > x->book_size) return damaged(x, "its strings", err);
  for (size_t i = 0; i < count; i++) {
    CM__TRY(take_string(&c, 2, &size, err));
    CM__TRY(cm__strings_add(&x->shared, c.text ? c.text : "", size, err));
  }
done:
  cm__free(c.text);
  return status;
}

static cm_status add_sheet(cm__xls *x, const record *r, cm_error *err) {
  cursor c = {.x = x, .next = x->book_size, .p = r->data + 6, .end = r->data + r->size};
  size_t size;
  cm_status status = CM_OK;
  if (r->size < 8) return damaged(x, "the list of its sheets", err);
  if (r->data[5] != 0) return CM_OK; /* a chart or a macro */
  CM__TRY(take_string(&c, 1, &size, err));
  CM__TRY(cm__grow(x->names.n + 1, sizeof *x->starts, "sheets", &x->starts, err));
  x->starts[x->names.n] = u32(r->data);
  CM__TRY(cm__strings_add(&x->names, c.text ? c.text : "", size, err));
done:
  cm__free(c.text);
  return status;
}

static cm_status read_globals(cm__xls *x, cm_error *err) {
  size_t at = 0;
  record r;
  cm_status status = CM_OK;
  if (!next_record(x, &at, &r) || r.kind != BEGIN || r.size < 4 || u16(r.data) != 0x600)
    return damaged(x, "it is of another version", err);
  while (status == CM_OK && next_record(x, &at, &r) && r.kind != END) {
    if (r.kind == PROTECTED)
      status = cm__fail(err, CM_READ, "%s is protected by a password", x->path);
    else if (r.kind == SHEET)
      status = add_sheet(x, &r, err);
    else if (r.kind == STRINGS)
      status = read_shared(x, &r, at, err);
  }
  if (status == CM_OK && x->names.n == 0)
    status = cm__fail(err, CM_EMPTY, "%s has no sheets", x->path);
  return status;
}

cm_status cm__xls_open(const char *path, cm__xls **out, cm_error *err) {
  cm__xls *x = NULL;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *x, "a workbook", &x, err));
  x->path = path;
  CM__TRY(read_all(x, err));
  if (x->size < HEADER) CM__TRY(damaged(x, "it is cut short", err));
  unsigned shift = u16(x->file + 30);
  if ((shift != 9 && shift != 12) || u16(x->file + 32) != 6) CM__TRY(damaged(x, "its header", err));
  x->sector = (size_t)1 << shift;
  CM__TRY(read_fat(x, err));
  CM__TRY(find_book(x, err));
  CM__TRY(read_globals(x, err));
  *out = x;
  x = NULL;
done:
  cm__xls_close(x);
  return status;
}

void cm__xls_close(cm__xls *x) {
  if (!x) return;
  cm__free(x->file);
  cm__free(x->book);
  cm__free(x->fat);
  cm__free(x->starts);
  cm__strings_free(&x->names);
  cm__strings_free(&x->shared);
  cm__free(x);
}

const char *cm__xls_sheet(const cm__xls *x, size_t i) { return cm__strings_get(&x->names, i); }

/* ---- cells ------------------------------------------------------------------------ */

/* Numbers in 30 bits: a whole one, or the upper half of a double; perhaps a hundredth. */
static double from_rk(uint32_t rk) {
  double value;
  if (rk & 2) {
    uint32_t bits = rk >> 2;
    value = bits & 1u << 29 ? (double)bits - (double)(1u << 30) : (double)bits;
  } else {
    uint64_t high = (uint64_t)(rk & ~3u) << 32;
    memcpy(&value, &high, sizeof value);
  }
  return rk & 1 ? value / 100 : value;
}

static cm_status put_fault(cm__cells *cells, unsigned row, unsigned col, unsigned code) {
  const char *text = code == 0x00   ? "#NULL!"
                     : code == 0x07 ? "#DIV/0!"
                     : code == 0x0f ? "#VALUE!"
                     : code == 0x17 ? "#REF!"
                     : code == 0x1d ? "#NAME?"
                     : code == 0x24 ? "#NUM!"
                                    : "#N/A";
  return cm__cells_text(cells, row, col, text, strlen(text));
}

/* What a formula gave; its text stands in a record of its own behind it. */
static cm_status put_formula(cm__cells *cells, unsigned row, unsigned col, const byte *value,
                             bool *text_follows) {
  if (value[6] != 0xff || value[7] != 0xff) return cm__cells_number(cells, row, col, f64(value));
  *text_follows = value[0] == 0;
  if (value[0] == 1) return cm__cells_number(cells, row, col, value[2] != 0);
  if (value[0] == 2) return put_fault(cells, row, col, value[2]);
  return CM_OK;
}

/* A record that holds a string, from `skip` bytes on. */
static cm_status put_string(const cm__xls *x, const record *r, size_t next, size_t skipped,
                            unsigned row, unsigned col, cm__cells *cells, cm_error *err) {
  cursor c = {.x = x, .next = next, .p = r->data + skipped, .end = r->data + r->size};
  size_t size;
  cm_status status;
  CM__TRY(take_string(&c, 2, &size, err));
  CM__TRY(cm__cells_text(cells, row, col, c.text ? c.text : "", size));
done:
  cm__free(c.text);
  return status;
}

static cm_status put_many(const record *r, unsigned row, unsigned col, cm__cells *cells) {
  cm_status status = CM_OK;
  for (size_t i = 4; status == CM_OK && i + 8 <= r->size; i += 6, col++)
    status = cm__cells_number(cells, row, col, from_rk(u32(r->data + i + 2)));
  return status;
}

static cm_status put_shared(const cm__xls *x, const record *r, unsigned row, unsigned col,
                            cm__cells *cells, cm_error *err) {
  const char *text = cm__strings_get(&x->shared, u32(r->data + 6));
  if (!text) return damaged(x, "a string is missing", err);
  return cm__cells_text(cells, row, col, text, strlen(text));
}

/* The least size of the records with cells; 0 for others. */
static size_t least_size(unsigned kind) {
  switch (kind) {
  case FORMULA:
  case NUMBER:
    return 14;
  case MANY_RK:
  case RK:
  case SHARED:
    return 10;
  case LABEL:
  case RICH:
    return 9;
  case TRUTH:
    return 8;
  default:
    return 0;
  }
}

static cm_status read_cells(const cm__xls *x, size_t at, unsigned rows, cm__cells *cells,
                            const cm_job *job, cm_error *err) {
  record r;
  unsigned row = 0, col = 0;
  bool text_follows = false;
  cm_status status = CM_OK;
  if (!next_record(x, &at, &r) || r.kind != BEGIN) return damaged(x, "a sheet", err);
  for (size_t n = 0; next_record(x, &at, &r) && r.kind != END; n++) {
    if (n % 4096 == 0) CM__TRY(cm_job_step(job, "reading", (double)at, (double)x->book_size, err));
    if (r.kind == TEXT && text_follows && row <= rows)
      CM__TRY(put_string(x, &r, at, 0, row, col, cells, err));
    if (!least_size(r.kind) || r.size < least_size(r.kind)) continue;
    text_follows = false;
    row = u16(r.data) + 1;
    col = u16(r.data + 2) + 1;
    if (row > rows) continue;
    if (r.kind == NUMBER) CM__TRY(cm__cells_number(cells, row, col, f64(r.data + 6)));
    if (r.kind == RK) CM__TRY(cm__cells_number(cells, row, col, from_rk(u32(r.data + 6))));
    if (r.kind == MANY_RK) CM__TRY(put_many(&r, row, col, cells));
    if (r.kind == SHARED) CM__TRY(put_shared(x, &r, row, col, cells, err));
    if (r.kind == LABEL || r.kind == RICH) CM__TRY(put_string(x, &r, at, 6, row, col, cells, err));
    if (r.kind == FORMULA) CM__TRY(put_formula(cells, row, col, r.data + 6, &text_follows));
    if (r.kind == TRUTH)
      CM__TRY(r.data[7] ? put_fault(cells, row, col, r.data[6])
                        : cm__cells_number(cells, row, col, r.data[6] != 0));
  }
done:
  return status;
}

cm_status cm__xls_read(const cm__xls *x, const char *sheet, const cm_text_options *options,
                       bool headers_only, const cm_job *job, cm_text **out, cm_error *err) {
  char shown[400];
  cm__cells *cells = NULL;
  size_t i = 0;
  cm_status status;
  while (i < x->names.n && strcmp(cm__strings_get(&x->names, i), sheet) != 0) i++;
  if (i == x->names.n) return cm__fail(err, CM_MEMBER, "%s has no sheet '%s'", x->path, sheet);
  snprintf(shown, sizeof shown, "sheet '%s' of %s", sheet, x->path);
  unsigned rows =
      headers_only && options->header_rows < 65536 ? (unsigned)options->header_rows : 65536;
  CM__TRY(cm__cells_new(shown, options, headers_only, &cells, err));
  CM__TRY(read_cells(x, x->starts[i], rows, cells, job, err));
  CM__TRY(cm__cells_end(cells, out));
done:
  cm__cells_free(cells);
  return status;
}
