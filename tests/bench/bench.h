/* What the benches share: clocks, and the end where a call fails. */
#ifndef CM_BENCH_H
#define CM_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "capmod/base.h"

static inline double seconds_of(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of all threads of the process. */
static inline double cpu_seconds(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
static inline double wall_seconds(void) { return seconds_of(CLOCK_MONOTONIC); }

/* `err`, NULL allowed, says more. */
static inline void must(cm_status status, const cm_error *err) {
  if (status == CM_OK) return;
  fprintf(stderr, "bench: %s\n", err ? err->message : cm_status_text(status));
  exit(2);
}

#endif
