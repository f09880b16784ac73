/* cm_number_parse against strtod, bit for bit. The midpoints of doubles are
 * written out through long double, which holds them where it has 64 bits. */
#include "support.h"

#include <float.h>
#include <locale.h>

#include "capmod/text.h"
#include "io/internal.h"

static uint64_t seed = 88172645463325252u;

static uint64_t any(void) { /* xorshift64, Marsaglia 2003 */
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* Parses `text` once with nothing behind it and once with the next field behind
 * it, since the bytes up to `end` decide how digits are taken up. */
static void same_as_strtod(const char *text) {
  char *want_stop;
  double want = strtod(text, &want_stop);
  char copy[2048];
  size_t size = strlen(text);
  assert_in_range(size, 0, sizeof copy - 20);
  memcpy(copy, text, size);
  memcpy(copy + size, ",123456789012345678", 20);
  for (size_t behind = 0; behind <= 19; behind += 19) {
    const char *stop;
    double got = cm_number_parse(copy, copy + size + behind, &stop);
    if (bits_of(got) != bits_of(want))
      fail_msg("%s: %.17g (%016llx), strtod says %.17g (%016llx)", text, got,
               (unsigned long long)bits_of(got), want, (unsigned long long)bits_of(want));
    if (stop - copy != want_stop - text)
      fail_msg("%s: stops after %td characters, strtod after %td", text, stop - copy,
               want_stop - text);
  }
}

static void known_hard_numbers(void **state) {
  (void)state;
  static const char *const texts[] = {
      "0",
      "-0",
      "0.0",
      "-0.0e5",
      "+1",
      "5.",
      ".5",
      "-.5e-2",
      "1e",
      "1e+",
      "1e-x",
      "1.5e3,7",
      "1..2",
      "00000000000000000000000000000012.50",
      "0.00000000000000000000000000000000000012345678901234567",
      "9007199254740992",
      "9007199254740993",
      "9007199254740993.0000000000000000000000000000000001",
      "9007199254740991e22",
      "9007199254740993e-22",
      "1e22",
      "1e23",
      "8.5e22",
      "1e-22",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "1e308",
      "1e309",
      "1e400",
      "-1e400",
      "1e99999999999999999999",
      "1e-99999999999999999999",
      "0e99999999999999999999",
      "4.9e-324",
      "2.4703282292062327e-324",
      "2.4703282292062328e-324",
      "1e-400",
      "2.2250738585072011e-308",
      "2.2250738585072012e-308",
      "2.2250738585072014e-308",
      "6.631236846766476e-316",
      "3.237883913302901289588352412501532174863037669423108059901e-319",
      "2."
      "22507385850720113605740979670913197593481954635164564802342610972482222202107694551652952390"
      "81350879141491589130396211068700864386945946455275"
      "45e-308",
      "17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797"
      "7587207096330286416692887910946555547851940402630657"
      "48867150582068190890200070838367627385484581771153176447573027006985557136695962284291481986"
      "0834936475292719074168444365510704342711559699508093"
      "04288e-308",
      "1.00000000000000011102230246251565404236316680908203125",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126",
      "100000000000000016777215",
      "100000000000000016777216",
      "1090544144181609348835077142190",
      "89255.0e-22",
      "104110013277974872254e-225",
      "7.3177701707893310e15",
      "8.988465674311579539e307",
      "5e-320",
      "1.2345678901234567890123456789e-310",
      "9355950000000000000.00000000000000000000000000000000001844674407370955161600000184467440737",
      "3.1415926535897932384626433832795028841971693993751058209749445923078164062862089986"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) same_as_strtod(texts[i]);
}

static void every_power_of_ten_with_few_and_with_many_digits(void **state) {
  (void)state;
  static const char *const digits[] = {"1",
                                       "9",
                                       "123456789012345678",
                                       "9999999999999999999",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "12345678901234567890123"};
  char text[64];
  for (int q = -380; q <= 330; q++)
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
      snprintf(text, sizeof text, "%se%d", digits[i], q);
      same_as_strtod(text);
    }
}

static void random_doubles_in_all_lengths(void **state) {
  (void)state;
  char text[64];
  for (int i = 0; i < 600000; i++) {
    double x = double_of(any());
    if (!isfinite(x)) continue;
    snprintf(text, sizeof text, "%.*e", (int)(any() % 21), x);
    same_as_strtod(text);
  }
}

static void random_digits_with_a_point_and_an_exponent(void **state) {
  (void)state;
  for (int i = 0; i < 600000; i++) {
    char text[64];
    size_t n = 1 + any() % 30, at = 0;
    size_t point = any() % (n + 1);
    if (any() % 4 == 0) text[at++] = any() % 2 ? '-' : '+';
    for (size_t k = 0; k < n; k++) {
      if (k == point) text[at++] = '.';
      text[at++] = (char)('0' + (any() % 3 ? any() % 10 : 0));
    }
    text[at] = '\0';
    if (any() % 2) snprintf(text + at, sizeof text - at, "e%d", (int)(any() % 660) - 340);
    same_as_strtod(text);
  }
}

static void numbers_as_tables_print_them(void **state) {
  (void)state;
  char text[64];
  for (int i = 0; i < 1000000; i++) {
    double x = (double)(any() % 100000000000000u) / 1e6;
    snprintf(text, sizeof text, "%.*f", (int)(any() % 9), x);
    same_as_strtod(text);
  }
}

/* The midpoint above x in full, a shade more, a shade less. */
static void around_the_midpoint(double x) {
  char text[1600];
  long double half = ((long double)x + (long double)nextafter(x, INFINITY)) / 2;
  snprintf(text, sizeof text, "%.800Le", half);
  char *e = strchr(text, 'e'), tail[16];
  snprintf(tail, sizeof tail, "%s", e);
  same_as_strtod(text);
  snprintf(e, 32, "%s%s", any() % 2 ? "1" : "000000000001", tail);
  same_as_strtod(text);
  char *last = e - 1;
  while (*last == '0') last--;
  if (*last == '.') return;
  --*last;
  same_as_strtod(text);
  snprintf(last + 1, 32, "999999%s", tail);
  same_as_strtod(text);
}

static void midpoints_and_their_neighbours(void **state) {
  (void)state;
  if (LDBL_MANT_DIG < 64) skip();
  around_the_midpoint(0.0);
  around_the_midpoint(DBL_MIN);
  around_the_midpoint(double_of(bits_of(DBL_MIN) - 1));
  around_the_midpoint(double_of(bits_of(DBL_MAX) - 1));
  for (int i = 0; i < 6000; i++) {
    uint64_t bits = any() & INT64_MAX;
    if (i % 3 == 0) bits &= ((uint64_t)1 << 53) - 1; /* least normal and subnormal */
    if (i % 3 == 1) bits = bits % ((uint64_t)53 << 52) + ((uint64_t)1000 << 52); /* short ones */
    if (i % 7 == 1) bits &= ~(uint64_t)0 << 40; /* few bits, so that ties have few digits */
    double x = double_of(bits);
    if (isfinite(nextafter(x, INFINITY))) around_the_midpoint(x);
  }
}

/* The last step alone, from guesses that are off: the fast steps hide it. */
static void exact_comparison_needs_no_good_guess(void **state) {
  (void)state;
  char text[64];
  for (int i = 0; i < 20000; i++) {
    uint64_t want = any() & INT64_MAX;
    if (i % 2) want &= ((uint64_t)1 << 53) - 1;
    if (!isfinite(double_of(want))) continue;
    snprintf(text, sizeof text, "%.16e", double_of(want));
    char *e = strchr(text, 'e');
    int64_t exponent = strtol(e + 1, NULL, 10) - 16;
    uint64_t guess = any() % 2 ? want + any() % 5 : want > 5 ? want - any() % 5 : 0;
    if (guess > bits_of(INFINITY)) guess = bits_of(INFINITY);
    assert_true(cm__nearest_double(text, e, exponent, guess) == want);
  }
}

static void a_very_long_text_of_digits_is_exact(void **state) {
  (void)state;
  static char text[200002];
  const char *stop;
  memset(text, '0', sizeof text);
  text[0] = '1';
  text[1] = '.';
  memcpy(text + 2, "00000000000000011102230246251565404236316680908203125", 53);
  size_t n = sizeof text - 1;
  double one = 1.0, next = nextafter(1.0, 2.0);
  assert_true(cm_number_parse(text, text + n, &stop) == one); /* the tie goes to the even one */
  assert_ptr_equal(stop, text + n);
  text[n - 1] = '1';
  assert_true(cm_number_parse(text, text + n, &stop) == next);
  memset(text, '0', sizeof text);
  text[1] = '.';
  memcpy(text + n - 10, "15e199989", 9); /* 0.00...015 in 199991 places, times 10^199989 */
  double got = cm_number_parse(text, text + n - 1, &stop);
  assert_true(got == 0.15);
}

static void what_is_no_number_uses_no_character(void **state) {
  (void)state;
  static const char *const texts[] = {"",      "-",   "+",   ".",    "-.",  "e5",     ".e5", "abc",
                                      ",1",    "inf", "nan", "-inf", "INF", "NaN",    " 1",  "--1",
                                      "\"1\"", "/",   ":",   "x1",   "+-1", "1234567"};
  for (size_t i = 0; i + 1 < sizeof texts / sizeof *texts; i++) {
    const char *stop;
    cm_number_parse(texts[i], texts[i] + strlen(texts[i]), &stop);
    if (stop != texts[i]) fail_msg("'%s' is taken for a number", texts[i]);
  }
  const char *stop, *hex = "0x10";
  assert_true(cm_number_parse(hex, hex + 4, &stop) == 0.0);
  assert_ptr_equal(stop, hex + 1);
  const char *seven = texts[sizeof texts / sizeof *texts - 1];
  assert_true(cm_number_parse(seven, seven + 3, &stop) == 123.0); /* `end` is kept */
}

static void the_locale_does_not_matter(void **state) {
  (void)state;
  static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "pt_BR.UTF-8"};
  size_t i = 0;
  while (i < sizeof names / sizeof *names && !setlocale(LC_NUMERIC, names[i])) i++;
  const char *stop, *text = "1.00000000000000011102230246251565404236316680908203126";
  double got = cm_number_parse(text, text + strlen(text), &stop);
  setlocale(LC_NUMERIC, "C");
  assert_true(got == nextafter(1.0, 2.0));
  assert_int_equal(*stop, '\0');
  if (i == sizeof names / sizeof *names) skip(); /* nothing but the C locale here */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_hard_numbers),
      cmocka_unit_test(every_power_of_ten_with_few_and_with_many_digits),
      cmocka_unit_test(random_doubles_in_all_lengths),
      cmocka_unit_test(random_digits_with_a_point_and_an_exponent),
      cmocka_unit_test(numbers_as_tables_print_them),
      cmocka_unit_test(midpoints_and_their_neighbours),
      cmocka_unit_test(exact_comparison_needs_no_good_guess),
      cmocka_unit_test(a_very_long_text_of_digits_is_exact),
      cmocka_unit_test(what_is_no_number_uses_no_character),
      cmocka_unit_test(the_locale_does_not_matter),
  };
  return run(tests);
}
