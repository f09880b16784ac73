/* Figures by a linear congruence (Knuth and Lewis), the same on every machine. */
#ifndef CM_TEST_DRAWN_H
#define CM_TEST_DRAWN_H

/* From 0 to below 1. */
static inline double draw(unsigned *x) {
  *x = *x * 1664525u + 1013904223u;
  return (*x >> 8) / (double)(1 << 24);
}

#endif
