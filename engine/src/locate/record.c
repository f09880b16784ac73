/* Recording a tree of branch and bound. */
#include "locate/record.h"

#include <math.h>
#include <string.h>

static const char what[] = "record of a search";

/* ---- beginning -------------------- */

static cm_status copy(size_t n, const size_t *from, size_t **out) {
  cm_status status = cm__alloc_raw(n, sizeof **out, what, out, NULL);
  if (status == CM_OK && n) memcpy(*out, from, n * sizeof **out);
  return status;
}

static void price_ends(const cm__relax *r, size_t k, cm_record_price *price) {
  const cm__relax_link *l = &r->links[r->forest + k];
  size_t n = l->multiplier;
  for (size_t i = r->first_state[l->a]; i < r->first_state[l->a + 1]; i++)
    price[n++] =
        (cm_record_price){CM_PRICE_FROM, k, CM_NONE, r->state_place[i], r->state_operator[i]};
  for (size_t j = r->first_state[l->b]; j < r->first_state[l->b + 1]; j++)
    price[n++] =
        (cm_record_price){CM_PRICE_TO, k, CM_NONE, r->state_place[j], r->state_operator[j]};
}

/* What the relaxation is made of. */
static cm_status describe(cm_record *q, const cm__relax *r) {
  const cm_locate_parts *parts = &r->p->parts;
  cm_status status = CM_OK;
  q->links = r->loose, q->multipliers = r->multipliers;
  CM__TRY(copy(q->stages, r->block, &q->block));
  CM__TRY(copy(q->facilities, r->family, &q->cover));
  CM__TRY(cm__alloc(2 * r->loose, sizeof *q->link, what, &q->link, NULL));
  CM__TRY(cm__alloc(r->multipliers, sizeof *q->price, what, &q->price, NULL));
  for (size_t k = 0; k < r->pairs; k++)
    q->price[k] =
        (cm_record_price){CM_PRICE_NEED, r->pair_facility[k], r->pair_stage[k], CM_NONE, CM_NONE};
  for (size_t f = 0; f < parts->facilities; f++)
    if (r->volume_multiplier[f] != CM_NONE)
      q->price[r->volume_multiplier[f]] =
          (cm_record_price){CM_PRICE_VOLUME, f, CM_NONE, CM_NONE, CM_NONE};
  for (size_t m = 0; m < parts->measures; m++)
    if (r->rule_multiplier[m] != CM_NONE)
      q->price[r->rule_multiplier[m]] =
          (cm_record_price){CM_PRICE_RULE, m, CM_NONE, CM_NONE, CM_NONE};
  for (size_t k = 0; k < r->loose; k++) {
    q->link[2 * k] = r->links[r->forest + k].a, q->link[2 * k + 1] = r->links[r->forest + k].b;
    price_ends(r, k, q->price);
  }
done:
  return status;
}

static void lose(cm__record *x) {
  cm_record *q = &x->parts;
  void *const blocks[] = {q->block, q->link,  q->cover,  q->price,
                          q->node,  q->round, q->option, q->value};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  *q = (cm_record){0};
}

void cm__record_release(cm__record *x) {
  if (!x) return;
  lose(x);
  cm__free(x->unit);
  cm__free(x);
}

static const cm_record_node no_node = {.child = CM_NONE, .facility = CM_NONE, .stage = CM_NONE};

cm__record *cm__record_new(const cm_locate *p, const cm__relax *r) {
  cm__record *x = NULL;
  cm_status status = CM_OK;
  size_t limit = cm_memory_limit(), held = cm_memory_held();
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, NULL));
  x->most = !limit ? SIZE_MAX : limit > held ? (limit - held) / 2 : 0;
  x->first = p->parts.first, x->r = r;
  x->parts.stages = p->parts.stages, x->parts.facilities = p->parts.facilities;
  if (r) {
    CM__TRY(describe(&x->parts, r));
    CM__TRY(cm__alloc_raw(r->multipliers, sizeof *x->unit, what, &x->unit, NULL));
    cm__relax_units(r, x->unit);
  }
  CM__TRY(cm__alloc(16, sizeof *x->parts.node, what, &x->parts.node, NULL));
  x->node_room = 16, x->parts.nodes = 1;
  x->parts.node[0] = no_node;
done:
  if (status == CM_OK) return x;
  cm__record_release(x);
  return NULL;
}

/* ---- going on -------------------- */

static bool is_lost(const cm__record *x) { return !x || !x->parts.nodes; }

/* Makes room for n more of what `count` are held, in a list that doubles; false, and the record
 * lost, where there is none. */
static bool make_room(cm__record *x, size_t n, size_t count, size_t size, size_t *room,
                      void *list) {
  const cm_record *q = &x->parts;
  if (count + n <= *room) return true;
  size_t wanted = 2 * *room + n + 16;
  double bytes = (double)q->nodes * sizeof *q->node + (double)q->rounds * sizeof *q->round +
                 (double)q->options * sizeof *q->option + (double)q->values * sizeof *q->value;
  if (bytes + (double)wanted * (double)size <= (double)x->most &&
      cm__grow(wanted, size, what, list, NULL) == CM_OK) {
    *room = wanted;
    return true;
  }
  lose(x);
  return false;
}

/* Multipliers that price nothing that is left say nothing. */
static void drop_idle(const cm__relax *r, float *m) {
  for (size_t k = 0; k < r->pairs; k++)
    if (!r->live_pair[k]) m[k] = 0;
  for (size_t k = r->forest; k < r->forest + r->loose; k++) {
    const cm__relax_link *l = &r->links[k];
    size_t i0 = r->first_state[l->a], n = r->first_state[l->a + 1] - i0;
    size_t j0 = r->first_state[l->b], width = r->first_state[l->b + 1] - j0;
    for (size_t i = 0; i < n; i++)
      if (!r->left->alive[i0 + i]) m[l->multiplier + i] = 0;
    for (size_t j = 0; j < width; j++)
      if (!r->left->alive[j0 + j]) m[l->multiplier + n + j] = 0;
  }
}

void cm__record_round(cm__record *x, size_t node, double value, const double *m, bool costless) {
  if (is_lost(x)) return;
  cm_record *q = &x->parts;
  if (!make_room(x, 1, q->rounds, sizeof *q->round, &x->round_room, &q->round)) return;
  if (m &&
      !make_room(x, q->multipliers, q->values, sizeof *q->value, &x->multiplier_room, &q->value))
    return;
  cm_record_node *n = &q->node[node];
  if (!n->rounds++) n->first_round = q->rounds;
  q->round[q->rounds++] = (cm_record_round){value, costless, m ? q->values : CM_NONE};
  if (!m) return;
  for (size_t k = 0; k < q->multipliers; k++) q->value[q->values + k] = (float)m[k];
  drop_idle(x->r, q->value + q->values);
  double size = 0;
  for (size_t k = 0; k < q->multipliers; k++)
    size += fabs((double)q->value[q->values + k]) * x->unit[k];
  q->size = fmax(q->size, size);
  q->values += q->multipliers;
}

size_t cm__record_part(cm__record *x, size_t node, size_t f, size_t s, const bool *inside) {
  if (is_lost(x)) return 0;
  cm_record *q = &x->parts;
  size_t begin = f == CM_NONE ? x->first[s] : 0, end = f == CM_NONE ? x->first[s + 1] : 0;
  if (!make_room(x, 2, q->nodes, sizeof *q->node, &x->node_room, &q->node) ||
      !make_room(x, end - begin, q->options, sizeof *q->option, &x->option_room, &q->option))
    return 0;
  cm_record_node *n = &q->node[node];
  n->child = q->nodes, n->facility = f, n->stage = f == CM_NONE ? s : CM_NONE;
  n->first_option = q->options;
  for (size_t o = begin; o < end; o++)
    if (inside[o]) q->option[q->options++] = o;
  n->options = q->options - n->first_option;
  for (int side = 0; side < 2; side++) q->node[q->nodes++] = no_node;
  return n->child;
}
