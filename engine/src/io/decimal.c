/* Exact comparison of a decimal text with the midpoint between two doubles. */
#include <string.h>

#include "internal.h"

__extension__ typedef unsigned __int128 wide;

#define FRACTION (((uint64_t)1 << 52) - 1)
#define INFINITE ((uint64_t)0x7ff << 52)

/* A midpoint of doubles has at most 767 digits; beyond them it only matters
 * whether anything follows. 768 digits are 2552 bits, and the two sides of a
 * comparison are shifted to about the same length. */
enum { DIGITS = 768, LIMBS = 64 };

typedef struct big {
  size_t n;
  uint64_t limb[LIMBS]; /* lowest first */
} big;

static void times_plus(big *b, uint64_t factor, uint64_t carry) {
  for (size_t i = 0; i < b->n; i++) {
    wide x = (wide)b->limb[i] * factor + carry;
    b->limb[i] = (uint64_t)x;
    carry = (uint64_t)(x >> 64);
  }
  if (carry && b->n < LIMBS) b->limb[b->n++] = carry;
}

static void times_five_to(big *b, uint64_t n) {
  const uint64_t most = 7450580596923828125; /* 5^27 */
  for (; n >= 27; n -= 27) times_plus(b, most, 0);
  for (; n > 0; n--) times_plus(b, 5, 0);
}

static void shift_left(big *b, uint64_t bits) {
  size_t limbs = bits / 64;
  times_plus(b, (uint64_t)1 << bits % 64, 0);
  if (limbs > LIMBS - b->n) limbs = LIMBS - b->n;
  memmove(b->limb + limbs, b->limb, b->n * sizeof *b->limb);
  memset(b->limb, 0, limbs * sizeof *b->limb);
  b->n += limbs;
}

static int compare(const big *a, const big *b) {
  if (a->n != b->n) return a->n < b->n ? -1 : 1;
  for (size_t i = a->n; i-- > 0;)
    if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
  return 0;
}

/* The digits as a whole number; *exponent counts those that are left out. */
static void read_digits(const char *p, const char *end, big *number, int64_t *exponent) {
  *number = (big){.n = 0};
  size_t n = 0;
  bool more = false;
  for (; p < end; p++) {
    if (*p == '.') continue;
    if (n < DIGITS) {
      times_plus(number, 10, (uint64_t)(*p - '0'));
      n += number->n > 0; /* leading zeros do not count */
    } else {
      more = more || *p != '0';
      ++*exponent;
    }
  }
  if (more) { /* one more digit stands for all that follow */
    times_plus(number, 10, 1);
    --*exponent;
  }
}

/* The sign of digits * 10^exponent minus the midpoint of `bits` and the double
 * after it. */
static int against_midpoint(const big *digits, int64_t exponent, uint64_t bits) {
  int64_t two = (int64_t)(bits >> 52);
  uint64_t m = bits & FRACTION;
  if (two)
    m |= FRACTION + 1;
  else
    two = 1;
  two -= 1076; /* the midpoint is (2m + 1) 2^two */
  big a = *digits, b = {.n = 1, .limb = {2 * m + 1}};
  if (exponent >= 0)
    times_five_to(&a, (uint64_t)exponent);
  else
    times_five_to(&b, (uint64_t)-exponent);
  if (exponent > two)
    shift_left(&a, (uint64_t)(exponent - two));
  else
    shift_left(&b, (uint64_t)(two - exponent));
  return compare(&a, &b);
}

uint64_t cm__nearest_double(const char *digits, const char *end, int64_t exponent, uint64_t guess) {
  big number;
  read_digits(digits, end, &number, &exponent);
  for (uint64_t x = guess;;) {
    int above = x == INFINITE ? -1 : against_midpoint(&number, exponent, x);
    if (above > 0 || (above == 0 && (x & 1))) {
      x++;
      continue;
    }
    int below = x == 0 ? 1 : against_midpoint(&number, exponent, x - 1);
    if (below > 0 || (below == 0 && !(x & 1))) return x;
    x--;
  }
}
