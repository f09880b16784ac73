/* Decimal text to the nearest double, in three steps of rising cost:
 *
 * 1. Clinger, "How to read floating point numbers accurately", PLDI 1990: a
 *    number of at most 53 bits times or over an exact power of ten is one
 *    operation with one rounding.
 * 2. Lemire, "Number parsing at a gigabyte per second", Software: Practice and
 *    Experience 51 (2021): 64 bits of digits times 128 bits of a power of five
 *    settle nearly all of the rest.
 * 3. What is left, and texts of more than 19 digits on which step 2 cannot tell
 *    one double from the next, is settled by exact comparison (decimal.c).
 */
#include <string.h>

#include "internal.h"
#include "powers_of_five.h"

__extension__ typedef unsigned __int128 wide;

#define INFINITE ((uint64_t)0x7ff << 52)

typedef struct decimal {
  uint64_t digits;  /* the first 19 that count */
  int64_t exponent; /* of ten, for `digits` */
  bool negative;
  bool cut; /* more digits followed */
  const char *first, *last;
  int64_t whole_exponent; /* of ten, for all digits of first .. last */
} decimal;

static const uint64_t ten_to[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static inline bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

/* Eight digits at once: bytes that hold 0 .. 9, the first digit lowest. */
static inline uint64_t eight_digits(uint64_t bytes) {
  const uint64_t mask = 0x000000ff000000ff;
  bytes = bytes * 10 + (bytes >> 8);
  return ((bytes & mask) * (100 + (1000000ULL << 32)) +
          ((bytes >> 16) & mask) * (1 + (10000ULL << 32))) >>
         32;
}

/* Appends the digits at p to *sum (which may wrap; the caller counts them). */
static inline const char *eat_digits(const char *p, const char *end, uint64_t *sum) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  while (end - p >= 8) {
    uint64_t bytes;
    memcpy(&bytes, p, 8);
    bytes ^= 0x3030303030303030;
    uint64_t other = (((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | bytes) &
                     0x8080808080808080; /* a set top bit: not 0 .. 9 */
    if (other) {
      unsigned n = (unsigned)__builtin_ctzll(other) / 8;
      if (n == 0) return p;
      *sum = *sum * ten_to[n] + eight_digits(bytes << (64 - 8 * n));
      return p + n;
    }
    *sum = *sum * ten_to[8] + eight_digits(bytes);
    p += 8;
  }
#endif
  for (; p < end && is_digit(*p); p++) *sum = *sum * 10 + (uint64_t)(*p - '0');
  return p;
}

/* Passes over an exponent if there is a whole one. */
static const char *eat_exponent(const char *p, const char *end, int64_t *exponent) {
  const char *q = p + 1;
  bool negative = q < end && *q == '-';
  if (q < end && (*q == '-' || *q == '+')) q++;
  if (q == end || !is_digit(*q)) return p;
  int64_t e = 0;
  for (; q < end && is_digit(*q); q++)
    if (e < INT64_MAX / 100) e = e * 10 + (*q - '0');
  *exponent += negative ? -e : e;
  return q;
}

/* The first 19 digits that count, where there are more. */
static void cut_digits(decimal *d) {
  const char *p = d->first;
  while (p < d->last && (*p == '0' || *p == '.')) p++;
  d->first = p;
  int64_t left = 0; /* digits from p on */
  for (const char *q = p; q < d->last; q++) left += *q != '.';
  d->digits = 0;
  size_t n = 0;
  for (; p < d->last && n < 19; p++) {
    if (*p == '.') continue;
    d->digits = d->digits * 10 + (uint64_t)(*p - '0');
    n++;
    left--;
  }
  d->exponent += left;
  d->cut = left > 0;
}

static inline const char *scan(const char *p, const char *end, decimal *d) {
  const char *q = p;
  d->negative = q < end && *q == '-';
  if (q < end && (*q == '-' || *q == '+')) q++;
  d->first = q;
  d->digits = 0;
  q = eat_digits(q, end, &d->digits);
  ptrdiff_t count = q - d->first;
  d->exponent = 0;
  if (q < end && *q == '.') {
    const char *fraction = ++q;
    q = eat_digits(q, end, &d->digits);
    d->exponent = fraction - q;
    count += q - fraction;
  }
  if (count == 0) return p;
  d->last = q;
  if (q < end && (*q | 32) == 'e') q = eat_exponent(q, end, &d->exponent);
  d->cut = false;
  d->whole_exponent = d->exponent;
  if (count > 19) cut_digits(d);
  return q;
}

static inline bool exact(const decimal *d, double *value) {
  static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (d->digits > (uint64_t)1 << 53 || d->exponent < -22 || d->exponent > 22 || d->cut)
    return false;
  double v = (double)d->digits;
  *value = d->exponent < 0 ? v / tens[-d->exponent] : v * tens[d->exponent];
  return true;
}

/* Lemire 2021, algorithm 1: bits of the double nearest to w * 10^q. False where
 * 128 bits of 5^q do not settle it; *bits is then next to the answer. */
static bool lemire(uint64_t w, int64_t q, uint64_t *bits) {
  *bits = 0;
  if (w == 0 || q < POWER_FIRST) return true;
  *bits = INFINITE;
  if (q > POWER_LAST) return true;
  int zeros = __builtin_clzll(w);
  const uint64_t *power = power_of_five[q - POWER_FIRST];
  wide product = (wide)(w << zeros) * power[0];
  if (((uint64_t)(product >> 64) & 0x1ff) == 0x1ff)
    product += (uint64_t)((wide)(w << zeros) * power[1] >> 64);
  uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
  bool settled = low != UINT64_MAX || (q >= -27 && q <= 55);

  int top = (int)(high >> 63);
  int shift = top + 9; /* leaves 53 bits and one for rounding */
  uint64_t m = high >> shift;
  /* 217706 / 65536 is log2(10); exact for these q. */
  int e = (int)(((152170 + 65536) * q) >> 16) + 63 + top - zeros + 1023;
  if (e <= 0) { /* subnormal; no ties here, so halves round up */
    m = -e + 1 >= 64 ? 0 : m >> (-e + 1);
    *bits = (m + (m & 1)) >> 1; /* a carry makes the least normal number */
    return settled;
  }
  if (low <= 1 && q >= -4 && q <= 23 && (m & 3) == 1 && m << shift == high)
    m &= ~(uint64_t)1; /* a tie goes to the even one */
  m = (m + (m & 1)) >> 1;
  *bits = ((uint64_t)(e - 1) << 52) + m; /* m's own top bit adds 1 to e - 1 */
  if (*bits > INFINITE) *bits = INFINITE;
  return settled;
}

static double from_bits(uint64_t bits, bool negative) {
  bits |= (uint64_t)negative << 63;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double hard(const decimal *d) {
  uint64_t bits, next;
  bool settled = lemire(d->digits, d->exponent, &bits);
  if (d->cut) settled = lemire(d->digits + 1, d->exponent, &next) && settled && next == bits;
  if (!settled) bits = cm__nearest_double(d->first, d->last, d->whole_exponent, bits);
  return from_bits(bits, d->negative);
}

double cm_number_parse(const char *p, const char *end, const char **stop) {
  decimal d;
  double value;
  *stop = scan(p, end, &d);
  if (*stop == p) return 0.0;
  if (exact(&d, &value)) return d.negative ? -value : value;
  return hard(&d);
}
