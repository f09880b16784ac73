#include "locate/left.h"

#include <string.h>

#include "locate/relax.h"

static const char what[] = "bound of a placement";

/* Numbers of costs of links that are drawn together at most. */
enum { MOST_ROOM = 4000000 };

/* ---- made once -------------------- */

/* Multipliers that price an option: of its needs and of its entries in rules. */
static cm_status make_terms(const cm__relax *r, cm__left *x, cm_error *err) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  size_t n = 0, most = 2 * q->needs + q->option_entries;
  cm_status status;
  CM__TRY(cm__alloc(q->options + 1, sizeof *x->term_begin, what, &x->term_begin, err));
  CM__TRY(cm__alloc(most, sizeof *x->term, what, &x->term, err));
  CM__TRY(cm__alloc(most, sizeof *x->by, what, &x->by, err));
  CM__TRY(cm__alloc(q->options, sizeof *x->own, what, &x->own, err));
  for (size_t o = 0; o < q->options; o++) {
    for (size_t k = p->entry_begin[o]; k < p->entry_begin[o + 1]; k++) {
      const cm_locate_entry *e = &q->option_entry[k];
      size_t rule = r->rule_multiplier[e->measure];
      if (e->measure == 0)
        x->own[o] += r->sign * e->value;
      else if (rule != CM_NONE)
        x->term[n] = rule, x->by[n++] = e->value;
    }
    for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
      size_t volume = r->volume_multiplier[q->need[k].facility];
      if (r->pair[k] != CM_NONE) x->term[n] = r->pair[k], x->by[n++] = 1;
      if (volume != CM_NONE && q->need[k].volume != 0)
        x->term[n] = volume, x->by[n++] = q->need[k].volume;
    }
    x->term_begin[o + 1] = n;
  }
done:
  return status;
}

static size_t states_of(const cm__relax *r, size_t b) {
  return r->first_state[b + 1] - r->first_state[b];
}

static cm_status make_room(const cm__relax *r, cm__left *x, cm_error *err) {
  size_t links = r->forest + r->loose, room = 0;
  cm_status status;
  CM__TRY(cm__alloc(2 * links, sizeof *x->room_at, what, &x->room_at, err));
  x->drawn_at = x->room_at + links;
  CM__TRY(cm__alloc(2 * links, sizeof *x->cost, what, &x->cost, err));
  x->drawn = x->cost + links;
  for (size_t k = 0; k < links; k++) {
    size_t size = states_of(r, r->links[k].a) * states_of(r, r->links[k].b);
    x->room_at[k] = room;
    if (size > MOST_ROOM - room) return CM_OK;
    room += size;
  }
  CM__TRY(cm__alloc_raw(room, sizeof *x->room, what, &x->room, err));
done:
  return status;
}

cm_status cm__left_new(const cm__relax *r, cm__left **out, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  cm__left *x = NULL;
  cm_status status;
  CM__TRY(cm__alloc(1, sizeof *x, what, &x, err));
  CM__TRY(cm__alloc(r->states, sizeof *x->alive, what, &x->alive, err));
  CM__TRY(cm__alloc(2 * r->blocks, sizeof *x->count, what, &x->count, err));
  x->since = x->count + r->blocks;
  CM__TRY(cm__alloc(2 * r->states, sizeof *x->state, what, &x->state, err));
  x->at = x->state + r->states;
  CM__TRY(cm__alloc(q->stages + 1, sizeof *x->option_begin, what, &x->option_begin, err));
  CM__TRY(cm__alloc(2 * q->options, sizeof *x->option, what, &x->option, err));
  x->number = x->option + q->options;
  CM__TRY(cm__alloc(q->facilities + r->pairs, sizeof *x->facility, what, &x->facility, err));
  x->pair = x->facility + q->facilities;
  CM__TRY(make_terms(r, x, err));
  CM__TRY(make_room(r, x, err));
  *out = x;
  x = NULL;
done:
  cm__left_release(x);
  return status;
}

void cm__left_release(cm__left *x) {
  if (!x) return;
  void *const blocks[] = {x->alive,  x->count,    x->state,      x->option_begin,
                          x->option, x->facility, x->term_begin, x->term,
                          x->by,     x->own,      x->room,       x->room_at};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  cm__free((void *)x->cost);
  cm__free(x);
}

/* ---- at a node -------------------- */

/* The states at which every stage of a block has an option. */
static void find_alive(const cm__relax *r, cm__left *x) {
  const cm_locate_parts *q = &r->p->parts;
  for (size_t i = 0; i < r->states; i++) x->alive[i] = r->inner[i] < HUGE_VAL, x->at[i] = CM_NONE;
  for (size_t s = 0; s < q->stages; s++) {
    size_t b = r->block[s];
    for (size_t k = x->option_begin[s]; k < x->option_begin[s + 1]; k++)
      x->at[r->state[x->option[k]]] = s;
    for (size_t i = r->first_state[b]; i < r->first_state[b + 1]; i++)
      x->alive[i] = x->alive[i] && x->at[i] == s;
  }
}

/* Numbers the states of block b that are counted; false where none is alive. */
static bool count_states(const cm__relax *r, cm__left *x, size_t b) {
  size_t begin = r->first_state[b], n = states_of(r, b), alive = 0, count = 0;
  bool same = true;
  for (size_t i = begin; i < begin + n; i++) alive += x->alive[i];
  bool all = !x->room || 10 * alive > 9 * n;
  for (size_t i = begin; i < begin + n; i++) {
    bool counted = all || x->alive[i];
    x->at[i] = counted ? count : CM_NONE;
    if (!counted) continue;
    same = same && count < x->count[b] && x->state[begin + count] == i;
    x->state[begin + count++] = i;
  }
  if (!same || count != x->count[b]) x->count[b] = count, x->since[b] = ++x->changes;
  return alive > 0;
}

/* Options in states that are alive, and the numbers of those states. */
static void keep_options(const cm__relax *r, cm__left *x) {
  size_t n = 0, begin = 0;
  for (size_t s = 0; s < r->p->parts.stages; s++) {
    size_t end = x->option_begin[s + 1];
    for (size_t k = begin; k < end; k++) {
      size_t o = x->option[k];
      if (!x->alive[r->state[o]]) continue;
      x->number[n] = x->at[r->state[o]], x->option[n++] = o;
    }
    begin = end, x->option_begin[s + 1] = n;
  }
}

/* The costs of link k between states that are counted. */
static void draw_together(const cm__relax *r, cm__left *x, size_t k) {
  const cm__relax_link *l = &r->links[k];
  const size_t *from = x->state + r->first_state[l->a], *to = x->state + r->first_state[l->b];
  const double *whole = l->bond ? l->parted : l->cost;
  size_t n = x->count[l->a], width = x->count[l->b], all = states_of(r, l->b);
  if (n == states_of(r, l->a) && width == all) {
    x->cost[k] = whole, x->drawn[k] = NULL;
    return;
  }
  double *out = x->room + x->room_at[k];
  size_t since = x->since[l->a] > x->since[l->b] ? x->since[l->a] : x->since[l->b];
  if (x->drawn[k] == whole && x->drawn_at[k] >= since) return;
  x->cost[k] = out, x->drawn[k] = whole, x->drawn_at[k] = x->changes;
  for (size_t i = 0; i < n; i++) {
    const double *row = whole + (from[i] - r->first_state[l->a]) * all;
    for (size_t j = 0; j < width; j++) *out++ = row[to[j] - r->first_state[l->b]];
  }
}

bool cm__left_enter(cm__relax *r) {
  cm__left *x = r->left;
  bool whole = true;
  find_alive(r, x);
  for (size_t b = 0; b < r->blocks; b++) whole = count_states(r, x, b) && whole;
  if (!whole) return false;
  keep_options(r, x);
  for (size_t k = 0; k < r->forest + r->loose; k++) draw_together(r, x, k);
  memset(r->open, 0, r->p->parts.facilities * sizeof *r->open);
  x->facilities = x->pairs = 0;
  for (size_t f = 0; f < r->p->parts.facilities; f++)
    if (r->live[f]) x->facility[x->facilities++] = f;
  for (size_t k = 0; k < r->pairs; k++)
    if (r->live_pair[k] && !cm__relax_housed(r, r->pair_facility[k])) x->pair[x->pairs++] = k;
  return true;
}
