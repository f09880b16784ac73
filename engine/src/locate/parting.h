/* What a node of branch and bound is parted by: a facility that is open or closed, the state of a
 * block, or the option of a stage. */
#ifndef CM_LOCATE_PARTING_H
#define CM_LOCATE_PARTING_H

#include "locate/dual.h"

/* One of facility, block, stage is chosen, the others are CM_NONE; all are where one plan is left.
 */
typedef struct cm__parting {
  size_t facility;
  size_t block, state;  /* at `state` or not */
  size_t stage, option; /* with `option` or not; CM_NONE: with those that bear on the rules */
  bool first;           /* the likelier side, to be gone down: of a facility, whether open */
  double bound[2];      /* of a facility closed, open: what trying it has shown */
} cm__parting;

/* Learns over the nodes what a facility opened or closed does to the bound. Between trials it asks
 * whether to stop, and then makes do with what it has seen. */
typedef struct cm__parter cm__parter;
CM_WARN_UNUSED cm_status cm__parter_new(cm__dual *dual, cm__narrow *narrow,
                                        bool (*stop)(void *context), void *context,
                                        cm__parter **out, cm_error *err);
void cm__parter_release(cm__parter *x);

/* What to part what is left in v by. The dual has climbed there to `bound`; where it is tried what
 * facilities do, a side is done at `enough`, and d->best is as before. `costless`: a stage that
 * bears on the rules comes first, and no facility. */
void cm__parter_choose(cm__parter *x, cm__view *v, double bound, double target, double enough,
                       bool costless, cm__parting *out);
/* Leaves one side of it in v. */
void cm__part(const cm__parter *x, const cm__parting *how, bool likely, cm__view *v);

#endif
