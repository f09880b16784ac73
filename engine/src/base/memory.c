#define _DEFAULT_SOURCE /* madvise */

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/* Every block carries its size in front, so that the allocator is told the old
 * size and the held bytes can be counted. 16 bytes keep malloc's alignment. */
enum { HEADER = 16 };

/* Blocks from here on ask for large pages: else the first touch of each small one is
 * half the cost of copying a matrix into them. */
enum { LARGE = 8 << 20 };

static void want_large_pages(char *block, size_t size) {
#ifdef MADV_HUGEPAGE
  long page = sysconf(_SC_PAGESIZE);
  size_t skip = page > 0 ? (size_t)page - (uintptr_t)block % (size_t)page : size;
  if (size >= LARGE) (void)madvise(block + skip, size - skip, MADV_HUGEPAGE);
#else
  (void)block, (void)size;
#endif
}

static void *standard_realloc(void *ud, void *ptr, size_t old_size, size_t new_size) {
  (void)ud;
  (void)old_size;
  if (new_size) {
    char *block = realloc(ptr, new_size);
    if (block) want_large_pages(block, new_size);
    return block;
  }
  free(ptr);
  return NULL;
}

static struct {
  cm_realloc_fn realloc;
  void *ud;
  atomic_size_t limit; /* 0: none; UNSET: physical memory */
  atomic_size_t held, blocks, peak;
} heap = {.realloc = standard_realloc, .limit = SIZE_MAX};

static size_t physical_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || size <= 0) return 0;
  return (size_t)pages * (size_t)size;
}

void cm_allocator_set(cm_realloc_fn fn, void *ud) {
  heap.realloc = fn ? fn : standard_realloc;
  heap.ud = fn ? ud : NULL;
}

void cm_memory_limit_set(size_t bytes) { atomic_store(&heap.limit, bytes); }

size_t cm_memory_limit(void) {
  size_t limit = atomic_load(&heap.limit);
  if (limit == SIZE_MAX) {
    limit = physical_memory();
    atomic_store(&heap.limit, limit);
  }
  return limit;
}

size_t cm_memory_held(void) { return atomic_load(&heap.held); }
size_t cm_memory_blocks(void) { return atomic_load(&heap.blocks); }
size_t cm_memory_peak(void) { return atomic_load(&heap.peak); }
void cm_memory_peak_reset(void) { atomic_store(&heap.peak, atomic_load(&heap.held)); }

cm__bytes_text cm__bytes(double bytes) {
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  size_t u = 0;
  while (bytes >= 999.5 && u + 1 < sizeof units / sizeof *units) {
    bytes /= 1000;
    u++;
  }
  cm__bytes_text t;
  snprintf(t.text, sizeof t.text, u && bytes < 9.95 ? "%.1f %s" : "%.0f %s", bytes, units[u]);
  return t;
}

cm_status cm__size3(size_t a, size_t b, size_t c, const char *what, size_t *out, cm_error *err) {
  size_t ab, abc;
  if (__builtin_mul_overflow(a, b, &ab) || __builtin_mul_overflow(ab, c, &abc) || abc > PTRDIFF_MAX)
    return cm__fail(err, CM_OVERFLOW, "%s of %zu x %zu is more than this machine can address", what,
                    a, b);
  *out = abc;
  return CM_OK;
}

cm_status cm__int(size_t n, const char *what, int *out, cm_error *err) {
  if (n > INT_MAX)
    return cm__fail(err, CM_OVERFLOW, "%s: %zu is more than the library's limit of %d", what, n,
                    INT_MAX);
  *out = (int)n;
  return CM_OK;
}

static void note_peak(size_t held) {
  size_t peak = atomic_load(&heap.peak);
  while (held > peak && !atomic_compare_exchange_weak(&heap.peak, &peak, held)) {
  }
}

/* Checks the budget for growing from `old` to `new` bytes. */
static cm_status allow(size_t old, size_t size, const char *what, cm_error *err) {
  size_t limit = cm_memory_limit(), held = cm_memory_held();
  if (size <= old || !limit) return CM_OK;
  if (size - old <= limit && held <= limit - (size - old)) return CM_OK;
  return cm__fail(err, CM_BUDGET, "%s needs %s; %s of the %s allowed are in use", what,
                  cm__bytes((double)size).text, cm__bytes((double)held).text,
                  cm__bytes((double)limit).text);
}

static cm_status resize(void **block, size_t size, const char *what, cm_error *err) {
  char *base = *block ? (char *)*block - HEADER : NULL;
  size_t old = 0;
  if (base) memcpy(&old, base, sizeof old);
  cm_status status = allow(old, size, what, err);
  if (status != CM_OK) return status;
  char *fresh = heap.realloc(heap.ud, base, base ? old + HEADER : 0, size + HEADER);
  if (!fresh)
    return cm__fail(err, CM_MEMORY, "%s needs %s, and the system has none left", what,
                    cm__bytes((double)size).text);
  memcpy(fresh, &size, sizeof size);
  if (!base) atomic_fetch_add(&heap.blocks, 1);
  note_peak(atomic_fetch_add(&heap.held, size - old) + (size - old)); /* wraps when shrinking */
  *block = fresh + HEADER;
  return CM_OK;
}

static cm_status sized(size_t n, size_t size, const char *what, size_t *bytes, cm_error *err) {
  cm_status status = cm__size3(n, size, 1, what, bytes, err);
  if (status == CM_OK && *bytes > PTRDIFF_MAX - HEADER)
    return cm__fail(err, CM_OVERFLOW, "%s is more than this machine can address", what);
  if (status == CM_OK && *bytes == 0) *bytes = 1;
  return status;
}

cm_status cm__alloc_raw(size_t n, size_t size, const char *what, void *out_ptr, cm_error *err) {
  size_t bytes;
  void *block = NULL;
  cm_status status = sized(n, size, what, &bytes, err);
  if (status == CM_OK) status = resize(&block, bytes, what, err);
  if (status == CM_OK) memcpy(out_ptr, &block, sizeof block);
  return status;
}

cm_status cm__alloc(size_t n, size_t size, const char *what, void *out_ptr, cm_error *err) {
  cm_status status = cm__alloc_raw(n, size, what, out_ptr, err);
  if (status == CM_OK) {
    void *block;
    memcpy(&block, out_ptr, sizeof block);
    memset(block, 0, n * size);
  }
  return status;
}

cm_status cm__grow(size_t n, size_t size, const char *what, void *inout_ptr, cm_error *err) {
  size_t bytes;
  void *block;
  memcpy(&block, inout_ptr, sizeof block);
  cm_status status = sized(n, size, what, &bytes, err);
  if (status == CM_OK) status = resize(&block, bytes, what, err);
  if (status == CM_OK) memcpy(inout_ptr, &block, sizeof block);
  return status;
}

void cm__free(void *ptr) {
  if (!ptr) return;
  char *base = (char *)ptr - HEADER;
  size_t size;
  memcpy(&size, base, sizeof size);
  atomic_fetch_sub(&heap.held, size);
  atomic_fetch_sub(&heap.blocks, 1);
  heap.realloc(heap.ud, base, size + HEADER, 0);
}

cm_status cm__buffer_new(size_t n, bool zeroed, const char *what, cm__buffer **out, cm_error *err) {
  size_t bytes;
  cm_status status = cm__size3(n, sizeof(double), 1, what, &bytes, err);
  cm__buffer *b;
  if (status == CM_OK)
    status = (zeroed ? cm__alloc : cm__alloc_raw)(sizeof *b + bytes, 1, what, &b, err);
  if (status != CM_OK) return status;
  atomic_init(&b->refs, 1);
  *out = b;
  return CM_OK;
}

cm__buffer *cm__buffer_retain(cm__buffer *b) {
  if (b) atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
  return b;
}

void cm__buffer_release(cm__buffer *b) {
  if (b && atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1) cm__free(b);
}
