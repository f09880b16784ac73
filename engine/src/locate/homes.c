/* Homes: which facilities are some, and the best set of blocks for each. */
#include "locate/homes.h"

#include <string.h>

#include "locate/relax.h"

static const char what[] = "homes of stages";

/* ---- which there are ---------------------------------------------------------------------- */

static size_t root_of(const cm_locate_parts *q, size_t f) {
  while (q->facility[f].parent != CM_NONE) f = q->facility[f].parent;
  return f;
}

/* Facilities that may be homes are numbered; others are CM_NONE. */
static cm_status number_homes(cm__homes *h, const cm_locate_parts *q, cm_error *err) {
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->facilities, sizeof *h->of_facility, what, &h->of_facility, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *h->root, what, &h->root, err));
  CM__TRY(cm__alloc(q->facilities + 1, sizeof *h->child_begin, what, &h->child_begin, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *h->child, what, &h->child, err));
  for (size_t f = 0; f < q->facilities; f++) {
    const cm_locate_facility *y = &q->facility[f];
    bool fits = y->parent == CM_NONE && y->capacity < HUGE_VAL && !y->points;
    h->of_facility[f] = CM_NONE;
    if (fits) h->of_facility[f] = h->homes, h->root[h->homes++] = f;
    if (y->parent != CM_NONE) h->of_facility[f] = h->of_facility[root_of(q, f)];
  }
  for (size_t k = 0, n = 0; k < h->homes; k++) {
    for (size_t f = 0; f < q->facilities; f++)
      if (h->of_facility[f] == k && f != h->root[k]) h->child[n++] = f;
    h->child_begin[k + 1] = n;
  }
done:
  return status;
}

/* The home that option o is at; false where it is at two, or its facilities hang deeper. */
static bool home_of_option(const cm__homes *h, const cm_locate *p, size_t o, size_t *home) {
  const cm_locate_parts *q = &p->parts;
  *home = CM_NONE;
  for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
    size_t f = q->need[k].facility, parent = q->facility[f].parent, at = h->of_facility[f];
    if (at == CM_NONE) continue;
    if (*home != CM_NONE && *home != at) return false;
    if (parent != CM_NONE && q->facility[parent].parent != CM_NONE) return false;
    *home = at;
  }
  return true;
}

/* Children that option o needs, a bit each; false: there are too many. The last bit stands for
 * none of them. */
static bool children_of(const cm__homes *h, const cm_locate *p, size_t o, size_t home,
                        uint64_t *bits) {
  size_t begin = h->child_begin[home], n = h->child_begin[home + 1] - begin;
  *bits = 0;
  if (n > 63) return false;
  for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
    for (size_t c = 0; c < n; c++)
      if (h->child[begin + c] == p->parts.need[k].facility) *bits |= UINT64_C(1) << c;
  return true;
}

static double room_of(const cm_locate *p, size_t o, size_t root) {
  double sum = 0;
  for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
    if (p->parts.need[k].facility == root) sum += p->parts.need[k].volume;
  return sum;
}

/* Takes in the options of stage s; false where they do not fit. */
static bool take_stage(cm__homes *h, const cm__relax *r, size_t s) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  size_t b = r->block[s];
  double least[2] = {0};
  for (size_t i = r->first_state[b]; i < r->first_state[b + 1]; i++) {
    size_t home = CM_NONE;
    uint64_t needs = 0, bits = 0;
    bool any = false;
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      size_t at;
      if (r->state[o] != i) continue;
      if (!home_of_option(h, p, o, &at) || (any && at != home)) return false;
      home = at;
      if (at == CM_NONE) continue;
      if (!children_of(h, p, o, at, &bits) || (any && bits != needs)) return false;
      double room = room_of(p, o, h->root[at]);
      least[0] = any ? fmin(least[0], room) : room, least[1] = any ? fmax(least[1], room) : room;
      needs = bits, any = true;
    }
    size_t cell = b * h->homes + home;
    if (h->state_home[i] != CM_NONE - 1 && h->state_home[i] != home) return false;
    h->state_home[i] = home;
    if (home == CM_NONE) continue;
    if (h->state[cell] != CM_NONE && h->state[cell] != i) return false;
    h->state[cell] = i, h->children[cell] |= needs;
    h->least[cell] += least[0], h->most[cell] += least[1];
  }
  return true;
}

/* The pairs of each block and home. */
static cm_status list_pairs(cm__homes *h, const cm__relax *r, cm_error *err) {
  size_t cells = h->blocks * h->homes, *begin;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(cells + 2, sizeof *h->pair_begin, what, &h->pair_begin, err));
  CM__TRY(cm__alloc(r->pairs, sizeof *h->pair, what, &h->pair, err));
  begin = h->pair_begin;
  for (int fill = 0; fill < 2; fill++) {
    for (size_t k = 0; k < r->pairs; k++) {
      size_t home = h->of_facility[r->pair_facility[k]];
      if (home == CM_NONE) continue;
      size_t cell = r->block[r->pair_stage[k]] * h->homes + home;
      if (fill)
        h->pair[begin[cell + 1]++] = k;
      else
        begin[cell + 2]++;
    }
    for (size_t c = 1; !fill && c < cells + 2; c++) begin[c] += begin[c - 1];
  }
done:
  return status;
}

/* Costs of links without the pairs of states at one home. */
static cm_status part_links(cm__homes *h, const cm__relax *r, cm_error *err) {
  size_t links = r->forest + r->loose;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(links, sizeof *h->parted, what, &h->parted, err));
  for (size_t k = 0; k < links; k++) {
    const cm__relax_link *l = &r->links[k];
    size_t n = r->first_state[l->a + 1] - r->first_state[l->a],
           width = r->first_state[l->b + 1] - r->first_state[l->b];
    CM__TRY(cm__alloc(n * width, sizeof **h->parted, what, &h->parted[k], err));
    h->matrices = k + 1;
    memcpy(h->parted[k], l->cost, n * width * sizeof **h->parted);
    for (size_t y = 0; y < h->homes; y++) {
      size_t i = h->state[l->a * h->homes + y], j = h->state[l->b * h->homes + y];
      if (i == CM_NONE || j == CM_NONE) continue;
      h->parted[k][(i - r->first_state[l->a]) * width + j - r->first_state[l->b]] = HUGE_VAL;
    }
  }
done:
  return status;
}

static cm_status make_room(cm__homes *h, const cm__relax *r, cm_error *err) {
  size_t cells = h->blocks * h->homes, links = r->forest + r->loose;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(cells, sizeof *h->state, what, &h->state, err));
  CM__TRY(cm__alloc(r->states, sizeof *h->state_home, what, &h->state_home, err));
  CM__TRY(cm__alloc(cells, sizeof *h->least, what, &h->least, err));
  CM__TRY(cm__alloc(cells, sizeof *h->most, what, &h->most, err));
  CM__TRY(cm__alloc(cells, sizeof *h->children, what, &h->children, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->left, what, &h->left, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->set, what, &h->set, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->used, what, &h->used, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->bound, what, &h->bound, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->solved, what, &h->solved, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->seen, what, &h->seen, err));
  CM__TRY(cm__alloc(cells, sizeof *h->extra, what, &h->extra, err));
  CM__TRY(cm__alloc(h->homes, sizeof *h->bag, what, &h->bag, err));
  CM__TRY(cm__alloc(h->homes * links, sizeof *h->half, what, &h->half, err));
  CM__TRY(cm__alloc(h->homes * links, 1, what, &h->to, err));
  for (size_t k = 0; k < h->homes; k++) {
    h->bag[k].half = h->half + k * links, h->bag[k].to = h->to + k * links;
    h->bag[k].room = r->p->parts.facility[h->root[k]].capacity * (1 + 1e-12) + 1e-9;
  }
  CM__TRY(cm__alloc(links * h->homes, sizeof *h->bond, what, &h->bond, err));
done:
  return status;
}

static cm_status make(cm__homes *h, const cm__relax *r, bool *some, cm_error *err) {
  size_t cells = h->blocks * h->homes;
  cm_status status = CM_OK;
  CM__TRY(make_room(h, r, err));
  for (size_t k = 0; k < cells; k++) h->state[k] = CM_NONE;
  for (size_t i = 0; i < r->states; i++) h->state_home[i] = CM_NONE - 1; /* not yet known */
  *some = true;
  for (size_t s = 0; *some && s < r->p->parts.stages; s++) *some = take_stage(h, r, s);
  if (!*some) goto done;
  CM__TRY(list_pairs(h, r, err));
  CM__TRY(part_links(h, r, err));
done:
  return status;
}

cm_status cm__homes_new(const cm__relax *r, cm__homes **out, cm_error *err) {
  cm__homes *h = NULL;
  bool some = false;
  cm_status status = CM_OK;
  if (r->blocks > CM__HOME_BLOCKS || r->forest + r->loose > CM__HOME_LINKS || r->cost_in_rules)
    return CM_OK;
  CM__TRY(cm__alloc(1, sizeof *h, what, &h, err));
  h->blocks = r->blocks;
  CM__TRY(number_homes(h, &r->p->parts, err));
  if (h->homes > 1) CM__TRY(make(h, r, &some, err));
  if (some) *out = h, h = NULL;
done:
  cm__homes_release(h);
  return status;
}

void cm__homes_release(cm__homes *h) {
  if (!h) return;
  for (size_t k = 0; k < h->matrices; k++) cm__free(h->parted[k]);
  void *const blocks[] = {h->root,     h->of_facility, h->state, h->state_home,  h->least,
                          h->most,     h->pair_begin,  h->pair,  h->child_begin, h->child,
                          h->children, h->parted,      h->left,  h->bond,        h->set,
                          h->used,     h->bound,       h->extra, h->solved,      h->seen,
                          h->bag,      h->half,        h->to};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  cm__free(h);
}

/* ---- in use --------------------------------------------------------------------------------- */

cm_status cm__relax_house(cm__relax *r, cm_error *err) {
  cm_status status = cm__homes_new(r, &r->unused, err);
  if (r->unused) r->room += (r->forest + r->loose) * r->unused->homes;
  return status;
}

/* What homes add to the additions for a value, about. */
static double size_of_homes(const cm__homes *h) { return 100 * (double)(h->homes * h->blocks); }

bool cm__relax_settle(cm__relax *r) {
  cm__homes *h = r->unused;
  if (!h) return false;
  r->homes = h, r->unused = NULL;
  r->first_bond = r->multipliers, r->multipliers = r->room;
  r->size += size_of_homes(h);
  for (size_t k = 0; k < r->forest + r->loose; k++) {
    r->links[k].parted = h->parted[k];
    r->links[k].bond = h->bond + k * h->homes;
  }
  return true;
}

void cm__relax_unsettle(cm__relax *r) {
  r->unused = r->homes, r->homes = NULL;
  r->multipliers = r->first_bond;
  r->size -= size_of_homes(r->unused);
  for (size_t k = 0; k < r->forest + r->loose; k++) r->links[k].parted = r->links[k].bond = NULL;
}

/* ---- what is left, and what it comes to --------------------------------------------------- */

bool cm__homes_enter(cm__relax *r, const cm__view *v) {
  cm__homes *h = r->homes;
  const cm_locate_parts *q = &r->p->parts;
  for (size_t y = 0; y < h->homes; y++) h->left[y] = (UINT64_C(1) << h->blocks) - 1;
  for (size_t s = 0; s < q->stages; s++) {
    uint64_t bit = UINT64_C(1) << r->block[s];
    memset(h->seen, 0, h->homes);
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      if (v->allowed[o] && r->state[o] != CM_NONE && h->state_home[r->state[o]] != CM_NONE)
        h->seen[h->state_home[r->state[o]]] = true;
    for (size_t y = 0; y < h->homes; y++)
      if (!h->seen[y]) h->left[y] &= ~bit;
  }
  for (size_t y = 0; y < h->homes; y++) {
    size_t root = h->root[y];
    for (size_t b = 0; b < h->blocks; b++)
      if (h->least[b * h->homes + y] > h->bag[y].room) h->left[y] &= ~(UINT64_C(1) << b);
    if (h->left[y]) continue;
    if (v->facility[root] == 1) return false;
    r->live[root] = false;
  }
  return true;
}

void cm__homes_bound(cm__relax *r, const cm__view *v, const double *m) {
  const cm__homes *h = r->homes;
  for (size_t y = 0; y < h->homes; y++)
    if (r->live[h->root[y]]) r->reduced[h->root[y]] += cm__home_bound(r, v, y, m);
}

bool cm__homes_solve(cm__relax *r, bool all) {
  const cm__homes *h = r->homes;
  bool some = false;
  for (size_t y = 0; y < h->homes; y++) {
    size_t root = h->root[y];
    if (!r->live[root] || h->solved[y] || !(all || r->open[root])) continue;
    double before = h->bound[y];
    r->reduced[root] += cm__home_value(r, y) - before;
    some = true;
  }
  return some;
}

void cm__homes_open(cm__relax *r, const cm__view *v) {
  const cm__homes *h = r->homes;
  for (size_t y = 0; y < h->homes; y++)
    for (size_t c = h->child_begin[y]; c < h->child_begin[y + 1]; c++) {
      size_t f = h->child[c];
      bool used = h->used[y] >> (c - h->child_begin[y]) & 1;
      r->open[f] =
          r->live[f] && r->open[h->root[y]] && (v->facility[f] == 1 || used || r->reduced[f] < 0);
    }
}

void cm__homes_slope(const cm__relax *r, double *slope) {
  const cm__homes *h = r->homes;
  for (size_t y = 0; y < h->homes; y++)
    for (size_t b = 0; r->open[h->root[y]] && b < h->blocks; b++)
      for (size_t e = h->pair_begin[b * h->homes + y];
           (h->set[y] >> b & 1) && e < h->pair_begin[b * h->homes + y + 1]; e++)
        slope[h->pair[e]] = -1;
  for (size_t k = 0; k < r->forest + r->loose; k++) {
    const cm__relax_link *l = &r->links[k];
    bool loose = k >= r->forest;
    size_t i = loose ? l->state_a : r->chosen_state[l->a],
           j = loose ? l->state_b : r->chosen_state[l->b];
    size_t home = h->state_home[r->first_state[l->a] + i];
    double *to = slope + r->first_bond + k * h->homes;
    if (home != CM_NONE && h->state_home[r->first_state[l->b] + j] == home) to[home] += 1;
    for (size_t y = 0; y < h->homes; y++)
      if (r->open[h->root[y]] && (h->set[y] >> l->a & 1) && (h->set[y] >> l->b & 1)) to[y] -= 1;
  }
}

void cm__homes_price(cm__relax *r, double room) {
  const cm__homes *h = r->homes;
  for (size_t y = 0; y < h->homes; y++) {
    double left = room - r->opening[h->root[y]];
    for (size_t b = 0; b < h->blocks; b++) {
      bool can = r->live[h->root[y]] && left > 0 && (h->left[y] >> b & 1);
      bool in = r->open[h->root[y]] && (h->set[y] >> b & 1);
      h->extra[b * h->homes + y] = can && !in ? cm__home_extra(r, y, b, left) : 0;
    }
  }
}
