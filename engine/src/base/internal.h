/* What the engine's own files share and its users do not see. */
#ifndef CM_BASE_INTERNAL_H
#define CM_BASE_INTERNAL_H

#include <stdint.h>

#include "capmod/base.h"

/* Fills err (which may be NULL) and returns status, so that a failure is one
 * line: return cm__fail(err, CM_SHAPE, "%zux%zu times %zux%zu", ...). */
CM_PRINTF(3, 4) cm_status cm__fail(cm_error *err, cm_status status, const char *format, ...);

/* The same, with a 1-based place and a figure. */
CM_PRINTF(6, 7)
cm_status cm__fail_at(cm_error *err, cm_status status, size_t row, size_t col, double value,
                      const char *format, ...);

/* Compilers do not see into error.c: this tells them that a failure is not CM_OK.
 * `status` is evaluated twice. */
#define cm__fail(err, status, ...) (cm__fail(err, status, __VA_ARGS__), (status))
#define cm__fail_at(err, status, ...) (cm__fail_at(err, status, __VA_ARGS__), (status))

/* *out = a * b * c, or CM_OVERFLOW. `what` names the thing being sized. */
CM_WARN_UNUSED cm_status cm__size3(size_t a, size_t b, size_t c, const char *what, size_t *out,
                                   cm_error *err);

/* A size as an int (LAPACK's and SuperLU's index), or CM_OVERFLOW. */
CM_WARN_UNUSED cm_status cm__int(size_t n, const char *what, int *out, cm_error *err);

/* n items of `size` bytes, zeroed (a size of 0 gives one byte). CM_OVERFLOW,
 * CM_BUDGET or CM_MEMORY, naming `what`, the need and the limit. */
CM_WARN_UNUSED cm_status cm__alloc(size_t n, size_t size, const char *what, void *out_ptr,
                                   cm_error *err);

/* Like cm__alloc without zeroing, for blocks that are overwritten at once. */
CM_WARN_UNUSED cm_status cm__alloc_raw(size_t n, size_t size, const char *what, void *out_ptr,
                                       cm_error *err);

/* Grows or shrinks *inout_ptr to n items, keeping what fits; on failure the
 * block is as it was. The added part is not zeroed. */
CM_WARN_UNUSED cm_status cm__grow(size_t n, size_t size, const char *what, void *inout_ptr,
                                  cm_error *err);

/* Frees a block of the three calls above; NULL is fine. */
void cm__free(void *ptr);

/* A counted block that several views share. */
typedef struct cm__buffer {
  atomic_size_t refs;
  double data[];
} cm__buffer;

CM_WARN_UNUSED cm_status cm__buffer_new(size_t n, bool zeroed, const char *what, cm__buffer **out,
                                        cm_error *err);
cm__buffer *cm__buffer_retain(cm__buffer *b);
void cm__buffer_release(cm__buffer *b);

/* "1.5 GB", for messages. */
typedef struct cm__bytes_text {
  char text[24];
} cm__bytes_text;
cm__bytes_text cm__bytes(double bytes);

#define CM__TRY(expr)                                                                              \
  do {                                                                                             \
    status = (expr);                                                                               \
    if (status != CM_OK) goto done;                                                                \
  } while (0)

#endif
