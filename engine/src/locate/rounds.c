/* Branch and bound by several threads, the same in every run: in each round the nodes of the least
 * bounds are dealt out, every thread goes on below its own for so much work, knowing the best plan
 * as the round began, and what it leaves is taken back in the order of the threads. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "locate/tree.h"

static const char what[] = "branch and bound by threads";

enum { DEALT = 4 }; /* nodes for each thread in a round, at most */

/* A thread beside the one that called. */
typedef struct member {
  cm__tree tree;
  cm_locate_options options;
  cm_job job;
  cm_error err;
  double work; /* of the whole search, as the round began */
  size_t moves, nodes;
  pthread_t thread;
  cm_status status;
} member;

typedef struct rounds {
  cm__tree *t;
  const cm_job *outer; /* of who called */
  cm_job job;          /* of the calling thread */
  atomic_bool halt;    /* progress of who called said so */
  member *member;
  size_t members;
} rounds;

/* ---- stopping -------------------- */

/* The calling thread's progress: a refusal is for all. */
static bool relay(void *ud, const char *text, double done, double total) {
  rounds *x = ud;
  bool on = !x->outer->progress || x->outer->progress(x->outer->ud, text, done, total);
  if (!on) atomic_store(&x->halt, true);
  return on;
}

static bool goes_on(void *ud, const char *text, double done, double total) {
  (void)text, (void)done, (void)total;
  return !atomic_load_explicit((atomic_bool *)ud, memory_order_relaxed);
}

/* ---- a round -------------------- */

/* Makes the other threads' part, as many as there is memory for. */
static cm_status make_members(rounds *x, size_t count) {
  cm__tree *t = x->t;
  cm_status status = cm__alloc(count, sizeof *x->member, what, &x->member, NULL);
  for (size_t k = 0; status == CM_OK && k < count; k++) {
    member *m = &x->member[k];
    m->options = *t->options, m->options.nodes = 0;
    m->options.seed += (k + 1) * UINT64_C(0x94d049bb133111eb); /* other random moves */
    m->job = *x->outer, m->job.progress = goes_on, m->job.ud = &x->halt;
    m->tree = (cm__tree){.p = t->p,
                         .options = &m->options,
                         .job = &m->job,
                         .err = &m->err,
                         .at_large = t->at_large,
                         .root = t->root,
                         .root_bound = t->root_bound,
                         .begin = t->begin,
                         .cutoff = t->cutoff,
                         .first_moves = t->first_moves,
                         .held = t->held};
    status = cm__tree_open(&m->tree);
    x->members = k + 1;
  }
  if (status != CM_OK && x->members) cm__tree_close(&x->member[--x->members].tree);
  return status == CM_BUDGET || status == CM_MEMORY ? CM_OK : status;
}

static void take_plan(cm__local *to, const cm__local *from) {
  if (!(from->best_value < to->best_value)) return;
  to->best_value = from->best_value;
  memcpy(to->best, from->best, from->p->parts.stages * sizeof *to->best);
}

/* What a thread knows as a round begins. */
static void inform(member *m, const cm__tree *t, double work, size_t nodes) {
  cm__tree *w = &m->tree;
  take_plan(w->search, t->search);
  w->dual->work = m->work = t->dual->work;
  w->search->moves = m->moves = t->search->moves;
  w->placed = t->polish->moves;
  w->nodes = m->nodes = t->nodes;
  w->most_nodes = t->nodes + nodes;
  w->closed_bound = HUGE_VAL;
  w->assist.bound = t->assist.bound;
  if (t->r->homes) (void)cm__relax_settle(w->r);
  w->until = cm__tree_work(w) + work;
}

/* Deals out nodes of the least bounds in turn, the calling thread's first. */
static void deal(rounds *x) {
  cm__tree *t = x->t;
  cm__waiting kept[DEALT];
  size_t mine = 0;
  for (size_t k = 0; t->queue.count && k < DEALT * (x->members + 1); k++) {
    cm__waiting n = cm__queue_pop(&t->queue);
    size_t who = k % (x->members + 1);
    cm__queue *w = who ? &x->member[who - 1].tree.queue : NULL;
    if (w && cm__queue_reserve(w, w->count + 1, NULL) == CM_OK) {
      n.number = w->made++;
      cm__queue_put(w, n);
      t->lent = fmin(t->lent, n.bound);
    } else if (mine < DEALT) {
      kept[mine++] = n;
    } else {
      cm__queue_put(&t->queue, n);
      break;
    }
  }
  while (mine) cm__queue_put(&t->queue, kept[--mine]);
}

static void *explore(void *ud) {
  member *m = ud;
  m->status = cm__tree_explore(&m->tree);
  return NULL;
}

/* All threads at once; signals stay with the one that called. */
static cm_status run(rounds *x) {
  sigset_t all, before;
  size_t started = 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (started < x->members &&
         !pthread_create(&x->member[started].thread, NULL, explore, &x->member[started]))
    started++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  cm_status status = cm__tree_explore(x->t);
  for (size_t k = started; k < x->members; k++) (void)explore(&x->member[k]);
  for (size_t k = 0; k < started; k++) (void)pthread_join(x->member[k].thread, NULL);
  for (size_t k = 0; status == CM_OK && k < x->members; k++) {
    status = x->member[k].status;
    if (status != CM_OK && x->t->err) *x->t->err = x->member[k].err;
  }
  return status;
}

/* Puts back what a thread left. Where there is no room its bound counts, and the search ends. */
static void put_back(cm__tree *t, cm__waiting n) {
  if (cm__queue_reserve(&t->queue, t->queue.count + 1, NULL) == CM_OK) {
    n.number = t->queue.made++;
    cm__queue_put(&t->queue, n);
    return;
  }
  t->closed_bound = fmin(t->closed_bound, n.bound);
  t->stop = t->stop == CM_STOP_NONE ? CM_STOP_MEMORY : t->stop;
  cm__waiting_forget(&n);
}

static void take_back(rounds *x) {
  cm__tree *t = x->t;
  t->lent = HUGE_VAL;
  for (size_t k = 0; k < x->members; k++) {
    member *m = &x->member[k];
    cm__tree *w = &m->tree;
    take_plan(t->search, w->search);
    t->closed_bound = fmin(t->closed_bound, w->closed_bound);
    t->dual->work += w->dual->work - m->work;
    t->search->moves += w->search->moves - m->moves;
    t->nodes += w->nodes - m->nodes;
    if (t->stop == CM_STOP_NONE) t->stop = w->stop;
    if (w->next.bits) put_back(t, w->next);
    w->next.bits = NULL;
    while (w->queue.count) put_back(t, cm__queue_pop(&w->queue));
  }
}

/* ---- all of them -------------------- */

static cm_status take_round(rounds *x) {
  cm__tree *t = x->t;
  size_t left = t->options->nodes ? t->options->nodes - t->nodes : SIZE_MAX,
         share = left / (x->members + 1);
  double work = fmax(2e7, 300 * t->r->size);
  t->until = cm__tree_work(t) + work;
  cm__tree_settle(t);
  if (!t->judged && t->r->unused && share > CM__TREE_JUDGED / (x->members + 1))
    share = CM__TREE_JUDGED / (x->members + 1) + 1;
  if (!share || !x->members) { /* the last ones, by one thread */
    t->most_nodes = SIZE_MAX;
    return cm__tree_explore(t);
  }
  t->most_nodes = share < SIZE_MAX - t->nodes ? t->nodes + share : SIZE_MAX;
  for (size_t k = 0; k < x->members; k++) inform(&x->member[k], t, work, t->most_nodes - t->nodes);
  deal(x);
  cm_status status = run(x);
  take_back(x);
  return status;
}

cm_status cm__tree_rounds(cm__tree *t, size_t threads) {
  rounds x = {.t = t, .outer = t->job};
  cm_status status;
  x.job = *t->job, x.job.progress = relay, x.job.ud = &x;
  t->job = &x.job;
  t->most_nodes = 1; /* the root is one thread's */
  CM__TRY(cm__tree_explore(t));
  if (t->queue.count || t->next.bits) CM__TRY(make_members(&x, threads - 1));
  while (t->stop == CM_STOP_NONE && (t->queue.count || t->next.bits)) CM__TRY(take_round(&x));
done:
  for (size_t k = 0; k < x.members; k++) cm__tree_close(&x.member[k].tree);
  cm__free(x.member);
  t->job = x.outer;
  return status;
}
