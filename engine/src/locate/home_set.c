/* The best set of blocks for a home: a knapsack with bonds between items and costs that items
 * share, by search in depth. Half of a bond counts with each of its items until one of them is
 * decided; the room that is left is priced, and the price is moved to the next breakpoint where the
 * bound is not enough (Lagrangian bound of the knapsack; Gallo, Hammer and Simeone 1980 for pairs).
 */
#include <limits.h>
#include <string.h>

#include "locate/homes.h"
#include "locate/relax.h"

enum { MOST_STEPS = 500 }; /* of the search for one set; then its bound is taken */

typedef cm__bag bag;

/* What items from i on can add at the most, with so much room left and children in use, at a price
 * of room. *slope: how that grows with the price. */
static double added_at(const bag *k, size_t i, double left, uint64_t used, bool any, double theta,
                       double *slope) {
  const size_t kinds = k->kinds;
  double sum[64], size[64], most = 0, alone = -HUGE_VAL;
  for (size_t c = 0; c < kinds; c++) sum[c] = size[c] = 0;
  for (size_t j = i; j < k->items; j++) {
    double x = k->worth[j] - theta * k->size[j];
    sum[k->kind[j]] += x > 0 ? x : 0;
    size[k->kind[j]] += x > 0 ? k->size[j] : 0;
  }
  *slope = left;
  for (size_t c = 0; c < kinds; c++) {
    double x = sum[c] - (used >> c & 1 ? 0 : k->cost[c]);
    if (x > 0) most += x, *slope -= size[c];
    if (x > alone) alone = x;
  }
  return (any || most > 0 ? most : alone) + theta * left;
}

/* The price next below or above theta at which another item is worth its room, or none. */
static double next_price(const bag *k, size_t i, double theta, bool below) {
  double low = 0, high = HUGE_VAL;
  for (size_t j = i; j < k->items; j++) {
    double at = k->worth[j] * k->per[j];
    if (at > theta) high = at < high ? at : high;
    if (at < theta) low = at > low ? at : low;
  }
  return below ? low : high;
}

/* What they can add, no more than `enough` or at the better of two prices: *theta and the next that
 * may be better, which it becomes where it is. */
static double most_added(const bag *k, size_t i, double left, uint64_t used, bool any,
                         double enough, double *theta) {
  double slope, best = added_at(k, i, left, used, any, *theta, &slope);
  if (best <= enough || slope == 0 || (slope > 0 && *theta <= 0)) return best;
  double at = next_price(k, i, *theta, slope > 0);
  if (!(at < HUGE_VAL)) return best;
  double x = added_at(k, i, left, used, any, at, &slope);
  if (x < best) best = x, *theta = at;
  return best;
}

static double cost_of_children(const bag *k, uint64_t children) {
  double sum = 0;
  for (; children; children &= children - 1) sum += k->cost[__builtin_ctzll(children)];
  return sum;
}

/* What is worth deciding item i changes for later ones, by so much of each bond. */
static void shift(bag *k, size_t i, double by) {
  for (size_t e = k->first[i]; e < k->first[i + 1]; e++) k->worth[k->to[e]] += by * k->half[e];
}

/* What taking item i brings, with its bonds to those taken before. */
static double gain_of(const bag *k, size_t i, uint64_t used) {
  double x = k->worth[i] - cost_of_children(k, k->children[i] & ~used);
  for (size_t e = k->first[i]; e < k->first[i + 1]; e++) x -= k->half[e];
  return x;
}

/* Decides items from i on. */
static void fill(bag *k, size_t i, double left, double got, uint64_t taken, uint64_t used,
                 double theta) {
  if (taken && got > k->best) k->best = got, k->kept = taken;
  if (i == k->items) return;
  double bound = got + most_added(k, i, left, used, taken != 0, k->best + 1e-9 - got, &theta);
  if (bound <= k->best + 1e-9 || !k->steps) {
    k->cut = fmax(k->cut, bound);
    return;
  }
  k->steps--;
  if (k->size[i] <= left) {
    double gain = gain_of(k, i, used);
    shift(k, i, 1);
    fill(k, i + 1, left - k->size[i], got + gain, taken | UINT64_C(1) << k->block[i],
         used | k->children[i], theta);
    shift(k, i, -1);
  }
  shift(k, i, -1);
  fill(k, i + 1, left, got, taken, used, theta);
  shift(k, i, 1);
}

/* The set found before, as far as it is left, to begin with. */
static void try_set(bag *k, uint64_t set) {
  double left = k->room, got = 0;
  uint64_t taken = 0, used = 0;
  bool in[CM__HOME_BLOCKS];
  for (size_t i = 0; i < k->items; i++) {
    in[i] = (set >> k->block[i] & 1) && k->size[i] <= left;
    if (in[i]) {
      got += gain_of(k, i, used);
      left -= k->size[i], taken |= UINT64_C(1) << k->block[i], used |= k->children[i];
    }
    shift(k, i, in[i] ? 1 : -1);
  }
  for (size_t i = k->items; i-- > 0;) shift(k, i, in[i] ? -1 : 1);
  if (taken && got > k->best) k->best = got, k->kept = taken;
}

/* The price of room with which the bound on all is the least, about; that bound. */
static double price_room(bag *k) {
  return most_added(k, 0, k->room, 0, false, -HUGE_VAL, &k->theta);
}

/* What children cost without copies. */
static void price_children(const cm__relax *r, const cm__view *v, size_t home, bag *k) {
  const cm__homes *h = r->homes;
  size_t begin = h->child_begin[home], n = h->child_begin[home + 1] - begin;
  k->kinds = n + 1, k->sunk = 0, k->cost[n] = 0;
  for (size_t c = 0; c < n; c++) {
    size_t f = h->child[begin + c];
    bool forced = v->facility[f] == 1;
    double x = r->live[f] ? r->reduced[f] : 0;
    if (forced || x < 0) k->sunk += x;
    k->cost[c] = forced ? 0 : fmax(0, x);
  }
}

/* What each block that is left earns alone, and with all of its bonds. */
static void price_blocks(const cm__relax *r, size_t home, const double *m, double *alone,
                         double *whole) {
  const cm__homes *h = r->homes;
  size_t mu = r->volume_multiplier[h->root[home]];
  uint64_t left = h->left[home];
  for (size_t b = 0; b < h->blocks; b++) {
    size_t cell = b * h->homes + home;
    if (!(left >> b & 1)) continue;
    alone[b] = mu == CM_NONE ? 0 : m[mu] * h->most[cell];
    for (size_t e = h->pair_begin[cell]; e < h->pair_begin[cell + 1]; e++)
      alone[b] += m[h->pair[e]];
    whole[b] = alone[b];
  }
  for (size_t e = 0; e < r->forest + r->loose; e++) {
    size_t a = r->links[e].a, b = r->links[e].b;
    double x = h->bond[e * h->homes + home];
    if (x > 0 && (left >> a & 1) && (left >> b & 1)) whole[a] += x, whole[b] += x;
  }
}

/* Bonds between items. */
static void tie_items(const cm__relax *r, size_t home, bag *k) {
  const cm__homes *h = r->homes;
  unsigned char at[CM__HOME_BLOCKS];
  memset(at, UCHAR_MAX, sizeof at);
  for (size_t i = 0; i < k->items; i++) at[k->block[i]] = (unsigned char)i;
  size_t low[2 * CM__HOME_LINKS], n = 0, count[CM__HOME_BLOCKS + 1] = {0};
  double x[CM__HOME_LINKS];
  for (size_t e = 0; e < r->forest + r->loose; e++) {
    size_t i = at[r->links[e].a], j = at[r->links[e].b];
    double y = h->bond[e * h->homes + home];
    if (y <= 0 || i == UCHAR_MAX || j == UCHAR_MAX) continue;
    low[2 * n] = i < j ? i : j, low[2 * n + 1] = i < j ? j : i, x[n++] = y / 2;
    count[(i < j ? i : j) + 1]++;
  }
  for (size_t i = 0; i < k->items; i++) count[i + 1] += count[i];
  memcpy(k->first, count, (k->items + 1) * sizeof *count);
  for (size_t e = 0; e < n; e++) {
    size_t to = count[low[2 * e]]++;
    k->to[to] = (unsigned char)low[2 * e + 1], k->half[to] = x[e];
  }
}

/* The set that was found. */
static void keep(cm__relax *r, size_t home) {
  cm__homes *h = r->homes;
  size_t root = h->root[home];
  h->set[home] = h->bag[home].kept, h->used[home] = 0;
  r->volume[root] = 0;
  for (size_t b = 0; b < h->blocks; b++) {
    if (!(h->set[home] >> b & 1)) continue;
    h->used[home] |= h->children[b * h->homes + home];
    r->volume[root] += h->most[b * h->homes + home];
  }
}

/* Lists what may be taken, those that earn the most first, and the best block alone. */
static void list_items(const cm__homes *h, size_t home, const double *alone, const double *whole,
                       bag *k) {
  k->items = 0, k->best = k->cut = -HUGE_VAL, k->kept = 0;
  for (size_t b = 0; b < h->blocks; b++) {
    size_t cell = b * h->homes + home, i = k->items;
    if (!(h->left[home] >> b & 1)) continue;
    double one = alone[b] - cost_of_children(k, h->children[cell]);
    if (one > k->best) k->best = one, k->kept = UINT64_C(1) << b;
    if (whole[b] <= 0) continue;
    for (; i > 0 && whole[k->block[i - 1]] < whole[b]; i--) k->block[i] = k->block[i - 1];
    k->block[i] = (unsigned char)b, k->items++;
  }
  for (size_t i = 0; i < k->items; i++) {
    size_t b = k->block[i], cell = b * h->homes + home, none = k->kinds - 1;
    k->worth[i] = (alone[b] + whole[b]) / 2;
    k->size[i] = h->least[cell], k->per[i] = 1 / fmax(1e-9, h->least[cell]);
    k->children[i] = h->children[cell];
    k->kind[i] = (unsigned char)(k->children[i] ? (size_t)__builtin_ctzll(k->children[i]) : none);
  }
}

double cm__home_bound(cm__relax *r, const cm__view *v, size_t home, const double *m) {
  cm__homes *h = r->homes;
  bag *k = &h->bag[home];
  double alone[CM__HOME_BLOCKS] = {0}, whole[CM__HOME_BLOCKS] = {0};
  price_children(r, v, home, k);
  price_blocks(r, home, m, alone, whole);
  list_items(h, home, alone, whole, k);
  tie_items(r, home, k);
  h->solved[home] = k->items < 2;
  h->bound[home] = k->sunk - (k->items < 2 ? k->best : fmax(k->best, price_room(k)));
  if (h->solved[home]) keep(r, home);
  return h->bound[home];
}

double cm__home_value(cm__relax *r, size_t home) {
  cm__homes *h = r->homes;
  bag *k = &h->bag[home];
  k->steps = MOST_STEPS;
  try_set(k, h->set[home]);
  fill(k, 0, k->room, 0, 0, 0, k->theta);
  h->solved[home] = true;
  keep(r, home);
  return h->bound[home] = fmax(h->bound[home], k->sunk - fmax(k->best, k->cut));
}

double cm__home_extra(cm__relax *r, size_t home, size_t block, double room) {
  const cm__homes *h = r->homes;
  bag *k = &h->bag[home];
  size_t i = 0;
  while (i < k->items && k->block[i] != block) i++;
  if (i == k->items) return 0;
  /* a reward that no set does without, to be beaten by what is within the room */
  double value = k->sunk - h->bound[home], reward = 2 * (fabs(value) + k->worth[i]) + room + 1;
  k->best = value - room + reward, k->cut = -HUGE_VAL, k->steps = MOST_STEPS;
  k->worth[i] += reward;
  fill(k, 0, k->room, 0, 0, 0, k->theta);
  k->worth[i] -= reward;
  return fmax(0, value + reward - fmax(k->best, k->cut));
}
