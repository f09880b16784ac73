/* What the two files of structural decomposition share. */
#ifndef CM_TABLE_SDA_H
#define CM_TABLE_SDA_H

#include "capmod/sda.h"
#include "table/internal.h"

enum { CM__SDA_MOST = 6 }; /* factors */

/* A column over the nodes in two tables as totals by product and shares of countries. */
typedef struct cm__split {
  size_t countries, sectors;
  double *total[2], *share[2]; /* by product; by node */
  bool *odd;                   /* by product: parts that cancel */
  double level[2];
  const double *column[2];
} cm__split;

CM_WARN_UNUSED cm_status cm__split_new(size_t countries, size_t sectors, cm__split *out,
                                       cm_error *err);
void cm__split_release(cm__split *s);
void cm__split_column(cm__split *s, const double *from, const double *to);
/* Share of product k in the total of state p. */
double cm__split_mix(const cm__split *s, size_t k, int p);

/* Adds the effects of LMDI to the groups' rows of `out`, from column `first` on. */
CM_WARN_UNUSED cm_status cm__sda_lmdi(const cm_sda *sda, size_t first, const cm_job *job,
                                      cm__dense out, cm_error *err);

#endif
