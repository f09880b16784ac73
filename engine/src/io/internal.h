/* What the files of io share. */
#ifndef CM_IO_INTERNAL_H
#define CM_IO_INTERNAL_H

#include "base/internal.h"
#include "capmod/text.h"

/* ---- numbers ------------------------------------------------------------- */

/* Bits of the double nearest to the decimal digits (a '.' among them is passed
 * over) from `digits` to `end`, times 10^exponent, ties to even. `guess` is
 * where the search begins: any number of the right order of magnitude will do,
 * a near one is quick. */
uint64_t cm__nearest_double(const char *digits, const char *end, int64_t exponent, uint64_t guess);

#endif
