/* Loops over figures that are compiled for wide vectors too, and the wider form chosen as the
 * program starts. Sums are kept in parts, so that both forms come to the same. */
#ifndef CM_LOCATE_WIDE_H
#define CM_LOCATE_WIDE_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* Four figures at a time, wherever they are. */
enum { LANES = 4 };
typedef double cm__wide __attribute__((vector_size(32), aligned(8), may_alias));
typedef long long cm__mask __attribute__((vector_size(32), aligned(8)));
#define WIDE_AT(list, i) (*(const cm__wide *)((list) + (i)))

/* NaN never wins: as the minimum instructions of vectors have it. */
#define LESSER(x, least) ((x) < (least) ? (x) : (least))
#define LESSER_WIDE(x, least)                                                                      \
  ((cm__wide)(((cm__mask)(x) & ((x) < (least))) | ((cm__mask)(least) & ~((x) < (least)))))
#define GREATER(x, most) ((x) > (most) ? (x) : (most))

#endif
