/* What the engine's cmocka tests share. Include it first. */
#ifndef CAPMOD_TEST_SUPPORT_H
#define CAPMOD_TEST_SUPPORT_H

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capmod/base.h"

#define assert_status(expr, want)                                                                  \
  do {                                                                                             \
    int got_ = (int)(expr);                                                                        \
    if (got_ != (int)(want))                                                                       \
      fail_msg("%s gave %d (%s), not %d", #expr, got_, cm_status_text((cm_status)got_),            \
               (int)(want));                                                                       \
  } while (0)
#define assert_ok(expr) assert_status(expr, CM_OK)

/* |a - b| <= tol * max(1, |a|, |b|); cmocka 1.1.5 has no check for doubles. */
#define assert_double_equal(a, b, tol)                                                             \
  do {                                                                                             \
    double a_ = (a), b_ = (b);                                                                     \
    if (!(fabs(a_ - b_) <= (tol)*fmax(1.0, fmax(fabs(a_), fabs(b_)))))                             \
      fail_msg("%s = %.17g, not %.17g", #a, a_, b_);                                               \
  } while (0)

/* Faults: from the k-th allocation on (k = 1 is the next), all fail. Sticky,
 * since a single failure that is retried would prove nothing. */
static long allocations_left = LONG_MAX;

static void *faulty_realloc(void *ud, void *ptr, size_t old_size, size_t new_size) {
  (void)ud;
  (void)old_size;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  if (allocations_left <= 1) return NULL;
  if (allocations_left != LONG_MAX) allocations_left--;
  return realloc(ptr, new_size);
}

static inline void fail_from(long k) { allocations_left = k; }
static inline void fail_never(void) { allocations_left = LONG_MAX; }

/* Runs `work` with the 1st, 2nd, ... allocation failing until it succeeds. Each
 * failure must be CM_MEMORY and leave as many blocks as there were. `work`
 * returns its status and releases what it made. */
static inline void survives_failing_allocations(cm_status (*work)(void *ud), void *ud) {
  size_t blocks = cm_memory_blocks();
  long k = 1;
  for (;; k++) {
    fail_from(k);
    cm_status status = work(ud);
    fail_never();
    if (cm_memory_blocks() != blocks)
      fail_msg("%zu blocks left after allocation %ld failed", cm_memory_blocks() - blocks, k);
    if (status == CM_OK) break;
    assert_status(status, CM_MEMORY);
    if (k > 100000) fail_msg("never succeeds");
  }
  if (k == 1) fail_msg("allocates nothing, so the test proves nothing");
}

#define run(tests)                                                                                 \
  (cm_allocator_set(faulty_realloc, NULL), cmocka_run_group_tests(tests, NULL, NULL))

#endif
