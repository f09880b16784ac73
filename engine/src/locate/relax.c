/* Making the relaxation: blocks of stages, their states, the forest of links, the multipliers. */
#include "locate/relax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char what[] = "relaxed placement";

static size_t find(size_t *root, size_t s) {
  while (root[s] != s) s = root[s] = root[root[s]];
  return s;
}

/* Lists `n` items by key[i] < keys: those of key k are list[begin[k]] to list[begin[k + 1] - 1], in
 * their order. */
static cm_status index_by(size_t keys, size_t n, const size_t *key, size_t **begin, size_t **list,
                          cm_error *err) {
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(keys + 2, sizeof **begin, what, begin, err));
  CM__TRY(cm__alloc(n, sizeof **list, what, list, err));
  for (size_t i = 0; i < n; i++) (*begin)[key[i] + 2]++;
  for (size_t k = 1; k < keys + 2; k++) (*begin)[k] += (*begin)[k - 1];
  for (size_t i = 0; i < n; i++) (*list)[(*begin)[key[i] + 1]++] = i;
done:
  return status;
}

/* ---- blocks and states ------------------------------------------------------------------- */

/* Whether operators at the ends of stage s matter. */
static bool has_interface(const cm_locate *p, size_t s) {
  const cm_chain *g = p->graph;
  for (size_t i = 0; i < cm__degree(g, s); i++)
    if (p->parts.arc[cm__arc_at(g, s, i)].interface != CM_NONE) return true;
  return false;
}

/* Numbers the sets of stages that joins (those of `fit` stages, NULL: all) hold together. */
static size_t number_sets(const cm_locate_parts *q, const bool *fit, size_t *root, size_t *set) {
  size_t n = 0;
  for (size_t s = 0; s < q->stages; s++) root[s] = s;
  for (size_t j = 0; j < q->joins; j++) {
    size_t a = q->join[2 * j], b = q->join[2 * j + 1];
    if (fit && (!fit[a] || !fit[b])) continue;
    a = find(root, a), b = find(root, b);
    root[a > b ? a : b] = a > b ? b : a;
  }
  for (size_t s = 0; s < q->stages; s++) set[s] = root[s] == s ? n++ : set[find(root, s)];
  return n;
}

/* Joined stages are one block, but for those whose operators matter. */
static cm_status make_blocks(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  size_t *root = NULL;
  bool *fit = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->stages, sizeof *root, what, &root, err));
  CM__TRY(cm__alloc(q->stages, sizeof *fit, what, &fit, err));
  CM__TRY(cm__alloc(q->stages, sizeof *r->block, what, &r->block, err));
  CM__TRY(cm__alloc(q->stages, sizeof *r->group, what, &r->group, err));
  for (size_t s = 0; s < q->stages; s++) fit[s] = !has_interface(r->p, s);
  r->blocks = number_sets(q, fit, root, r->block);
  r->groups = number_sets(q, NULL, root, r->group);
done:
  cm__free(root);
  cm__free(fit);
  return status;
}

/* The cell of an option among places, or places x operators where operators matter. */
static size_t cell_of(const cm_locate *p, size_t o, bool wide) {
  const cm_locate_parts *q = &p->parts;
  return wide ? q->place[o] * q->operators + q->operator_[o] : q->place[o];
}

/* The states of block b, of the stages member[0 .. members - 1]: the cells at which all of them
 * have an option. `seen`: of each cell how many of them do. */
static void states_of(cm__relax *r, size_t b, const size_t *member, size_t members, size_t *seen,
                      size_t *mark) {
  const cm_locate_parts *q = &r->p->parts;
  size_t cells;
  bool wide = false;
  for (size_t i = 0; i < members; i++) wide = wide || has_interface(r->p, member[i]);
  cells = wide ? q->places * q->operators : q->places;
  for (size_t c = 0; c < cells; c++) seen[c] = 0, mark[c] = CM_NONE;
  for (size_t i = 0; i < members; i++) {
    size_t s = member[i];
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++) {
      size_t c = cell_of(r->p, o, wide);
      if (mark[c] != s) seen[c]++, mark[c] = s;
    }
  }
  for (size_t c = 0; c < cells; c++) {
    mark[c] = CM_NONE;
    if (seen[c] < members) continue;
    r->state_place[r->states] = wide ? c / q->operators : c;
    r->state_operator[r->states] = wide ? c % q->operators : 0;
    mark[c] = r->states++;
  }
  r->first_state[b + 1] = r->states;
  for (size_t i = 0; i < members; i++)
    for (size_t o = q->first[member[i]]; o < q->first[member[i] + 1]; o++)
      r->state[o] = mark[cell_of(r->p, o, wide)];
}

static cm_status make_states(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  size_t *work = NULL, *begin = NULL, *member = NULL, cells = q->places * q->operators, n = 0;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(2 * cells, sizeof *work, what, &work, err));
  CM__TRY(cm__alloc(r->blocks + 1, sizeof *r->first_state, what, &r->first_state, err));
  CM__TRY(cm__alloc(q->options, sizeof *r->state_place, what, &r->state_place, err));
  CM__TRY(cm__alloc(q->options, sizeof *r->state_operator, what, &r->state_operator, err));
  CM__TRY(cm__alloc(q->options, sizeof *r->state, what, &r->state, err));
  CM__TRY(cm__alloc(q->stages, sizeof *r->slot, what, &r->slot, err));
  CM__TRY(index_by(r->blocks, q->stages, r->block, &begin, &member, err));
  for (size_t b = 0; b < r->blocks; b++)
    states_of(r, b, member + begin[b], begin[b + 1] - begin[b], work, work + cells);
  for (size_t s = 0; s < q->stages; s++) {
    r->slot[s] = n;
    n += r->first_state[r->block[s] + 1] - r->first_state[r->block[s]];
  }
  CM__TRY(cm__alloc(n, sizeof *r->best_option, what, &r->best_option, err));
  CM__TRY(cm__alloc(n, sizeof *r->best_own, what, &r->best_own, err));
done:
  cm__free(work);
  cm__free(begin);
  cm__free(member);
  return status;
}

/* ---- links --------------------------------------------------------------------------------- */

/* An arc or a join (arc == CM_NONE) between two blocks, low < high. */
typedef struct tie {
  size_t low, high, arc;
  bool turned; /* the arc leads from high to low */
} tie;

/* Ties of the same two blocks, and what parting them can cost. */
typedef struct bundle {
  size_t begin, end;
  double spread;
} bundle;

static int by_blocks(const void *x, const void *y) {
  const tie *a = x, *b = y;
  if (a->low != b->low) return a->low < b->low ? -1 : 1;
  if (a->high != b->high) return a->high < b->high ? -1 : 1;
  return (a->arc > b->arc) - (a->arc < b->arc);
}

static int by_spread(const void *x, const void *y) {
  const bundle *a = x, *b = y;
  if (a->spread != b->spread) return a->spread > b->spread ? -1 : 1;
  return (a->begin > b->begin) - (a->begin < b->begin);
}

/* What an arc costs between two states, without the weight of cost. */
static double arc_cost(const cm__relax *r, const cm_locate_arc *arc, size_t from, size_t to) {
  const cm_locate_parts *q = &r->p->parts;
  double x = 0;
  if (arc->add != CM_NONE)
    x = q->place_matrix[arc->add][r->state_place[from] * q->places + r->state_place[to]];
  if (!(x < HUGE_VAL)) return HUGE_VAL;
  x *= arc->quantity;
  if (arc->interface == CM_NONE) return x;
  return x + q->operator_matrix[arc->interface]
                               [r->state_operator[from] * q->operators + r->state_operator[to]];
}

static double tie_cost(const cm__relax *r, const tie *t, size_t low, size_t high) {
  if (t->arc == CM_NONE) return r->state_place[low] == r->state_place[high] ? 0 : HUGE_VAL;
  const cm_locate_arc *arc = &r->p->parts.arc[t->arc];
  return t->turned ? arc_cost(r, arc, high, low) : arc_cost(r, arc, low, high);
}

static double bundle_cost(const cm__relax *r, const tie *ties, const bundle *u, size_t low,
                          size_t high) {
  double x = 0;
  for (size_t k = u->begin; k < u->end; k++) x += tie_cost(r, &ties[k], low, high);
  return x;
}

static size_t states_at(const cm__relax *r, size_t b) {
  return r->first_state[b + 1] - r->first_state[b];
}

/* How much the places at the ends of a bundle change what it costs; joins before all. */
static double spread_of(const cm__relax *r, const tie *ties, const bundle *u) {
  size_t a = ties[u->begin].low, b = ties[u->begin].high;
  double least = HUGE_VAL, most = -HUGE_VAL;
  if (ties[u->end - 1].arc == CM_NONE) return HUGE_VAL;
  for (size_t i = r->first_state[a]; i < r->first_state[a + 1]; i++)
    for (size_t j = r->first_state[b]; j < r->first_state[b + 1]; j++) {
      double x = bundle_cost(r, ties, u, i, j);
      least = fmin(least, x);
      if (x < HUGE_VAL) most = fmax(most, x);
    }
  return most > least ? most - least : 0;
}

static size_t collect_ties(cm__relax *r, tie *ties) {
  const cm_locate_parts *q = &r->p->parts;
  size_t n = 0;
  for (size_t k = 0; k < q->arcs + q->joins; k++) {
    size_t arc = k < q->arcs ? k : CM_NONE, j = k - q->arcs;
    size_t a = r->block[arc != CM_NONE ? q->arc[k].from : q->join[2 * j]];
    size_t b = r->block[arc != CM_NONE ? q->arc[k].to : q->join[2 * j + 1]];
    if (arc != CM_NONE && q->arc[k].add == CM_NONE && q->arc[k].interface == CM_NONE) continue;
    if (a != b)
      ties[n++] = (tie){a < b ? a : b, a < b ? b : a, arc, a > b};
    else if (arc != CM_NONE)
      for (size_t i = r->first_state[a]; i < r->first_state[a + 1]; i++)
        r->inner[i] += arc_cost(r, &q->arc[k], i, i);
  }
  qsort(ties, n, sizeof *ties, by_blocks);
  return n;
}

/* The matrix of a bundle from block a to block b, one for all arcs that only differ in quantity. */
static cm_status make_matrix(cm__relax *r, const tie *ties, const bundle *u, cm__relax_link *l,
                             size_t *twin, cm_error *err) {
  const tie *t = &ties[u->begin];
  size_t na = states_at(r, l->a), nb = states_at(r, l->b), i0 = r->first_state[l->a],
         j0 = r->first_state[l->b];
  bool turned = l->a != t->low;
  const cm_locate_arc *arc =
      u->end == u->begin + 1 && t->arc != CM_NONE ? &r->p->parts.arc[t->arc] : NULL;
  bool plain = arc && arc->interface == CM_NONE;
  l->against = turned != t->turned;
  l->scale = plain ? arc->quantity : 1;
  if (plain && twin[arc->add] != CM_NONE) {
    const cm__relax_link *other = &r->links[twin[arc->add]];
    bool same = states_at(r, other->a) == na && states_at(r, other->b) == nb;
    for (size_t i = 0; same && i < na; i++)
      same = r->state_place[r->first_state[other->a] + i] == r->state_place[i0 + i];
    for (size_t j = 0; same && j < nb; j++)
      same = r->state_place[r->first_state[other->b] + j] == r->state_place[j0 + j];
    if (same && l->against == other->against) {
      l->cost = other->cost;
      return CM_OK;
    }
  }
  double *cost;
  cm_status status = cm__alloc_raw(na * nb, sizeof *cost, what, &cost, err);
  if (status != CM_OK) return status;
  r->matrix[r->matrices++] = cost;
  for (size_t i = 0; i < na; i++)
    for (size_t j = 0; j < nb; j++) {
      double x = turned ? bundle_cost(r, ties, u, j0 + j, i0 + i)
                        : bundle_cost(r, ties, u, i0 + i, j0 + j);
      cost[i * nb + j] = x / l->scale;
    }
  l->cost = cost;
  if (plain) twin[arc->add] = (size_t)(l - r->links);
  return CM_OK;
}

/* Blocks from the leaves to the roots of the forest: order[i] hangs on above[order[i]] by bundle
 * by[order[i]], CM_NONE for roots. `end`: the two blocks of each bundle of the forest. */
static cm_status hang(const cm__relax *r, const size_t *end, const size_t *tree, size_t count,
                      size_t *order, size_t *by, size_t *above, bool *seen, cm_error *err) {
  size_t n = 0, *begin = NULL, *list = NULL;
  cm_status status = CM_OK;
  CM__TRY(index_by(r->blocks, 2 * count, end, &begin, &list, err));
  for (size_t b = 0; b < r->blocks; b++) {
    if (seen[b]) continue;
    size_t head = n;
    seen[b] = true, by[b] = CM_NONE, order[n++] = b;
    for (; head < n; head++)
      for (size_t at = order[head], k = begin[at]; k < begin[at + 1]; k++) {
        size_t next = end[list[k] ^ 1];
        if (seen[next]) continue;
        seen[next] = true, by[next] = tree[list[k] / 2], above[next] = at, order[n++] = next;
      }
  }
done:
  cm__free(begin);
  cm__free(list);
  return status;
}

static cm_status make_links(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  size_t most = q->arcs + q->joins, count = 0, *work = NULL, *twin = NULL, message = 0, n = 0;
  tie *ties = NULL;
  bundle *bundles = NULL;
  bool *used = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(most, sizeof *ties, what, &ties, err));
  CM__TRY(cm__alloc(most, sizeof *bundles, what, &bundles, err));
  CM__TRY(cm__alloc(most + r->blocks, sizeof *used, what, &used, err));
  CM__TRY(cm__alloc(4 * r->blocks + 3 * most, sizeof *work, what, &work, err));
  CM__TRY(cm__alloc(q->place_matrices, sizeof *twin, what, &twin, err));
  CM__TRY(cm__alloc(most, sizeof *r->links, what, &r->links, err));
  CM__TRY(cm__alloc(most, sizeof *r->passed, what, &r->passed, err));
  CM__TRY(cm__alloc(most, sizeof *r->matrix, what, &r->matrix, err));
  CM__TRY(cm__alloc(r->states, sizeof *r->inner, what, &r->inner, err));
  size_t ends = collect_ties(r, ties);
  for (size_t k = 0; k < ends; k++) {
    bool next = count && ties[k].low == ties[k - 1].low && ties[k].high == ties[k - 1].high;
    if (next)
      bundles[count - 1].end = k + 1;
    else
      bundles[count++] = (bundle){.begin = k, .end = k + 1};
  }
  for (size_t k = 0; k < count; k++) bundles[k].spread = spread_of(r, ties, &bundles[k]);
  qsort(bundles, count, sizeof *bundles, by_spread);
  size_t *order = work, *by = order + r->blocks, *above = by + r->blocks, *root = above + r->blocks,
         *tree = root + r->blocks, *end = tree + most, trees = 0;
  for (size_t b = 0; b < r->blocks; b++) root[b] = b;
  for (size_t k = 0; k < count; k++) {
    const tie *t = &ties[bundles[k].begin];
    size_t a = find(root, t->low), b = find(root, t->high);
    if (a == b) continue;
    end[2 * trees] = t->low, end[2 * trees + 1] = t->high;
    root[a] = b, used[k] = true, tree[trees++] = k;
  }
  CM__TRY(hang(r, end, tree, trees, order, by, above, used + most, err));
  for (size_t m = 0; m < q->place_matrices; m++) twin[m] = CM_NONE;
  for (size_t i = r->blocks; i-- > 0;) {
    size_t b = order[i];
    if (by[b] == CM_NONE) continue;
    r->links[n] = (cm__relax_link){.a = b, .b = above[b]};
    CM__TRY(make_matrix(r, ties, &bundles[by[b]], &r->links[n], twin, err));
    r->passed[n++] = message;
    message += states_at(r, above[b]);
  }
  r->forest = n;
  for (size_t k = 0; k < count; k++) {
    if (used[k]) continue;
    const tie *t = &ties[bundles[k].begin];
    r->links[n] = (cm__relax_link){.a = t->low, .b = t->high};
    CM__TRY(make_matrix(r, ties, &bundles[k], &r->links[n], twin, err));
    n++;
  }
  r->loose = n - r->forest;
  CM__TRY(cm__alloc(message, sizeof *r->message, what, &r->message, err));
done:
  cm__free(ties);
  cm__free(bundles);
  cm__free(used);
  cm__free(work);
  cm__free(twin);
  return status;
}

/* ---- multipliers ---------------------------------------------------------------------------- */

/* Whether another need of option o opens the facility of need k in any case. */
static bool implied(const cm_locate *p, size_t o, size_t k) {
  const cm_locate_parts *q = &p->parts;
  for (size_t j = p->need_begin[o]; j < p->need_begin[o + 1]; j++) {
    size_t f = q->need[j].facility;
    if (j < k && f == q->need[k].facility) return true;
    while (q->facility[f].parent != CM_NONE)
      if ((f = q->facility[f].parent) == q->need[k].facility) return true;
  }
  return false;
}

static cm_status make_pairs(cm__relax *r, cm_error *err) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  size_t *last = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->facilities, sizeof *last, what, &last, err));
  CM__TRY(cm__alloc(q->needs, sizeof *r->pair, what, &r->pair, err));
  CM__TRY(cm__alloc(q->needs, sizeof *r->pair_stage, what, &r->pair_stage, err));
  CM__TRY(cm__alloc(q->needs, sizeof *r->pair_facility, what, &r->pair_facility, err));
  for (size_t f = 0; f < q->facilities; f++) last[f] = CM_NONE;
  for (size_t s = 0; s < q->stages; s++)
    for (size_t o = q->first[s]; o < q->first[s + 1]; o++)
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++) {
        size_t f = q->need[k].facility;
        r->pair[k] = CM_NONE;
        if (implied(p, o, k)) continue;
        if (last[f] == CM_NONE || r->pair_stage[last[f]] != s) {
          r->pair_stage[r->pairs] = s, r->pair_facility[r->pairs] = f;
          last[f] = r->pairs++;
        }
        r->pair[k] = last[f];
      }
done:
  cm__free(last);
  return status;
}

/* Facilities of a limited capacity that no option needs together share out one demand. */
static cm_status make_families(cm__relax *r, cm_error *err) {
  const cm_locate *p = r->p;
  const cm_locate_parts *q = &p->parts;
  size_t *clash = NULL;
  cm_status status = cm__alloc(q->facilities, sizeof *clash, what, &clash, err);
  if (status != CM_OK) return status;
  for (size_t f = 0; f < q->facilities; f++) {
    r->family[f] = CM_NONE;
    if (!(q->facility[f].capacity < HUGE_VAL) || q->facility[f].parent != CM_NONE) continue;
    for (size_t g = 0; g < q->facilities; g++) clash[g] = 0;
    for (size_t o = 0; o < q->options; o++) {
      bool needed = false;
      for (size_t k = p->need_begin[o]; k < p->need_begin[o + 1]; k++)
        needed = needed || q->need[k].facility == f;
      for (size_t k = p->need_begin[o]; needed && k < p->need_begin[o + 1]; k++) {
        size_t g = q->need[k].facility;
        if (g < f && r->family[g] != CM_NONE) clash[r->family[g]] = 1;
      }
    }
    size_t family = 0;
    while (family < r->families && clash[family]) family++;
    r->family[f] = family;
    if (family == r->families) r->families++;
  }
  cm__free(clash);
  return CM_OK;
}

static cm_status make_lists(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  size_t *of = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(q->facility_entries, sizeof *of, what, &of, err));
  for (size_t k = 0; k < q->facility_entries; k++) of[k] = q->facility_entry[k].index;
  CM__TRY(index_by(r->groups, q->stages, r->group, &r->member_begin, &r->member, err));
  CM__TRY(index_by(q->facilities, r->pairs, r->pair_facility, &r->user_begin, &r->user, err));
  for (size_t k = 0; k < r->pairs; k++) r->user[k] = r->pair_stage[r->user[k]];
  CM__TRY(index_by(q->facilities, q->facility_entries, of, &r->facility_entry_begin,
                   &r->facility_entry, err));
done:
  cm__free(of);
  return status;
}

static cm_status make_multipliers(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  cm_status status = CM_OK;
  CM__TRY(make_pairs(r, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->volume_multiplier, what, &r->volume_multiplier, err));
  CM__TRY(cm__alloc(q->measures, sizeof *r->rule_multiplier, what, &r->rule_multiplier, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->family, what, &r->family, err));
  CM__TRY(make_families(r, err));
  CM__TRY(cm__alloc(2 * r->families, sizeof *r->demand, what, &r->demand, err));
  r->covered = r->demand + r->families;
  size_t n = r->pairs;
  for (size_t f = 0; f < q->facilities; f++) {
    bool counts = q->facility[f].points || q->facility[f].capacity < HUGE_VAL;
    r->volume_multiplier[f] = counts ? n++ : CM_NONE;
  }
  for (size_t k = 0; k < q->measures; k++) {
    bool rule = k && (q->lower[k] > -HUGE_VAL || q->upper[k] < HUGE_VAL);
    r->rule_multiplier[k] = rule ? n++ : CM_NONE;
    if (rule && q->weight[k] != 0) r->cost_in_rules = true;
  }
  r->prices = n - r->pairs;
  for (size_t k = r->forest; k < r->forest + r->loose; k++) {
    r->links[k].multiplier = n;
    n += states_at(r, r->links[k].a) + states_at(r, r->links[k].b);
  }
  r->multipliers = r->room = n;
done:
  return status;
}

void cm__relax_sides(const cm__relax *r, signed char *side) {
  const cm_locate_parts *q = &r->p->parts;
  memset(side, 0, r->multipliers);
  memset(side, 1, r->pairs);
  memset(side + r->multipliers, 1, r->room - r->multipliers); /* bonds */
  for (size_t f = 0; f < q->facilities; f++)
    if (r->volume_multiplier[f] != CM_NONE) side[r->volume_multiplier[f]] = !q->facility[f].points;
  for (size_t m = 0; m < q->measures; m++) {
    bool above = q->lower[m] > -HUGE_VAL, below = q->upper[m] < HUGE_VAL;
    if (r->rule_multiplier[m] != CM_NONE)
      side[r->rule_multiplier[m]] = (signed char)(below - above);
  }
}

void cm__relax_units(const cm__relax *r, double *unit) {
  const cm_locate_parts *q = &r->p->parts;
  for (size_t k = 0; k < r->room; k++) unit[k] = 1;
  for (size_t f = 0; f < q->facilities; f++) {
    double size = q->facility[f].capacity;
    if (r->volume_multiplier[f] != CM_NONE && size > 0 && size < HUGE_VAL)
      unit[r->volume_multiplier[f]] = size;
  }
  for (size_t m = 0; m < q->measures; m++) {
    double size = fmax(q->lower[m] > -HUGE_VAL ? fabs(q->lower[m]) : 0,
                       q->upper[m] < HUGE_VAL ? fabs(q->upper[m]) : 0);
    if (r->rule_multiplier[m] != CM_NONE) unit[r->rule_multiplier[m]] = size;
  }
  for (size_t k = 0; k < q->option_entries; k++) {
    size_t rule = r->rule_multiplier[q->option_entry[k].measure];
    if (rule != CM_NONE) unit[rule] = fmax(unit[rule], fabs(q->option_entry[k].value));
  }
  for (size_t k = 0; k < r->multipliers; k++)
    if (!(unit[k] > 0)) unit[k] = 1;
}

/* ---- whole ---------------------------------------------------------------------------------- */

static cm_status make_room(cm__relax *r, cm_error *err) {
  const cm_locate_parts *q = &r->p->parts;
  cm_status status = CM_OK;
  size_t longest = r->states > q->facilities ? r->states : q->facilities;
  CM__TRY(cm__alloc(q->options, sizeof *r->own, what, &r->own, err));
  CM__TRY(cm__alloc(r->states, sizeof *r->base, what, &r->base, err));
  CM__TRY(cm__alloc(r->states, sizeof *r->sum, what, &r->sum, err));
  CM__TRY(cm__alloc(r->states, sizeof *r->delta, what, &r->delta, err));
  CM__TRY(cm__alloc(2 * longest, sizeof *r->work, what, &r->work, err));
  CM__TRY(cm__alloc(2 * r->blocks, sizeof *r->chosen_state, what, &r->chosen_state, err));
  r->picked = r->chosen_state + r->blocks;
  CM__TRY(cm__alloc(q->stages, sizeof *r->chosen, what, &r->chosen, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->most, what, &r->most, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->live, what, &r->live, err));
  CM__TRY(cm__alloc(r->pairs, sizeof *r->live_pair, what, &r->live_pair, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->reduced, what, &r->reduced, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->volume, what, &r->volume, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->open, what, &r->open, err));
  CM__TRY(cm__alloc(q->facilities, sizeof *r->opening, what, &r->opening, err));
done:
  return status;
}

cm_status cm__relax_new(const cm_locate *p, cm__relax **out, cm_error *err) {
  cm__relax *r = NULL;
  cm_status status = CM_OK;
  CM__TRY(cm__alloc(1, sizeof *r, what, &r, err));
  r->p = p;
  r->sign = p->parts.maximise ? -1 : 1;
  CM__TRY(make_blocks(r, err));
  CM__TRY(make_states(r, err));
  CM__TRY(make_links(r, err));
  CM__TRY(make_multipliers(r, err));
  CM__TRY(make_lists(r, err));
  r->size = 8 * (double)p->parts.options + 3 * (double)r->multipliers;
  for (size_t k = 0; k < r->forest + r->loose; k++)
    r->size += (double)(states_at(r, r->links[k].a) * states_at(r, r->links[k].b)) / 2;
  CM__TRY(make_room(r, err));
  CM__TRY(cm__left_new(r, &r->left, err));
  *out = r;
  r = NULL;
done:
  cm__relax_release(r);
  return status;
}

void cm__relax_release(cm__relax *r) {
  if (!r) return;
  cm__homes_release(r->homes);
  cm__homes_release(r->unused);
  cm__left_release(r->left);
  for (size_t k = 0; k < r->matrices; k++) cm__free(r->matrix[k]);
  void *const blocks[] = {r->block,
                          r->first_state,
                          r->state_place,
                          r->state_operator,
                          r->state,
                          r->slot,
                          r->inner,
                          r->links,
                          r->passed,
                          r->matrix,
                          r->pair,
                          r->pair_stage,
                          r->pair_facility,
                          r->volume_multiplier,
                          r->rule_multiplier,
                          r->family,
                          r->most,
                          r->demand,
                          r->live_pair,
                          r->live,
                          r->own,
                          r->base,
                          r->sum,
                          r->message,
                          r->best_option,
                          r->best_own,
                          r->chosen_state,
                          r->chosen,
                          r->reduced,
                          r->volume,
                          r->open,
                          r->work,
                          r->delta,
                          r->opening,
                          r->group,
                          r->member_begin,
                          r->member,
                          r->user_begin,
                          r->user,
                          r->facility_entry_begin,
                          r->facility_entry};
  for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) cm__free(blocks[k]);
  cm__free(r);
}
