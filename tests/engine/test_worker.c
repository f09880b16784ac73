/* Child processes: what they send, and every way in which they end. */
#include "support.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "program/internal.h"

typedef struct story {
  void (*act)(int channel);
  unsigned tags[4];
  size_t got, bytes;
  double sum;
} story;

static void run_story(void *ud, int channel) { ((story *)ud)->act(channel); }

static cm_status note(void *ud, unsigned tag, const void *data, size_t size, cm_error *err) {
  story *s = ud;
  (void)err;
  s->tags[s->got++ % 4] = tag;
  s->bytes += size;
  for (size_t k = 0; k < size; k++) s->sum += ((const unsigned char *)data)[k];
  return CM_OK;
}

static cm_status step(void *ud, const cm_job *job, cm_error *err) {
  (void)ud;
  return cm_job_step(job, "waiting", 0, 0, err);
}

static cm__ending play(story *s, double seconds, const cm_job *job, int *died_of) {
  const cm__work w = {.what = "a story",
                      .run = run_story,
                      .receive = note,
                      .step = step,
                      .ud = s,
                      .seconds = seconds};
  cm__ending ending;
  assert_ok(cm__work_run(&w, job, &ending, died_of, NULL));
  return ending;
}

static void speak(int channel) {
  static unsigned char many[300000];
  memset(many, 1, sizeof many);
  cm__send(channel, 1, "ab", 2);
  cm__send(channel, 2, NULL, 0);
  cm__send(channel, 3, many, sizeof many);
}

static void die(int channel) {
  cm__send(channel, 9, NULL, 0);
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
}

static void dawdle(int channel) {
  (void)channel;
  for (;;) pause(); /* SIGINT is ignored */
}

static void print(int channel) {
  (void)channel;
  printf("this must not be seen\n");
  fflush(stdout);
  fprintf(stderr, "nor this\n");
}

static void messages_arrive_whole_and_in_order(void **state) {
  (void)state;
  story s = {.act = speak};
  int died_of;
  assert_int_equal(play(&s, 0, NULL, &died_of), CM__DONE);
  assert_int_equal(s.got, 3);
  assert_int_equal(s.tags[0], 1);
  assert_int_equal(s.tags[1], 2);
  assert_int_equal(s.tags[2], 3);
  assert_int_equal(s.bytes, 300002);
  assert_double_equal(s.sum, 300000.0 + 'a' + 'b', 0);
}

static void a_crash_stays_in_the_child(void **state) {
  (void)state;
  story s = {.act = die};
  int died_of;
  assert_int_equal(play(&s, 0, NULL, &died_of), CM__DIED);
  assert_int_equal(s.got, 1);
  assert_true(died_of != 0);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void who_does_not_end_in_time_is_killed(void **state) {
  (void)state;
  story s = {.act = dawdle};
  int died_of;
  double begin = now();
  assert_int_equal(play(&s, 0.2, NULL, &died_of), CM__TIMED_OUT);
  assert_true(now() - begin < 2);
}

static void a_request_ends_it_soon(void **state) {
  (void)state;
  atomic_bool cancel = true;
  const cm_job job = {.cancel = &cancel};
  story s = {.act = dawdle};
  int died_of;
  double begin = now();
  assert_int_equal(play(&s, 60, &job, &died_of), CM__WITHDRAWN);
  assert_true(now() - begin < 2);
}

static void it_prints_nothing(void **state) {
  (void)state;
  story s = {.act = print};
  int died_of, fd[2], before = dup(STDOUT_FILENO), error = dup(STDERR_FILENO);
  char seen[64];
  assert_int_equal(pipe(fd), 0);
  fflush(stdout);
  dup2(fd[1], STDOUT_FILENO);
  dup2(fd[1], STDERR_FILENO);
  cm__ending ending = play(&s, 0, NULL, &died_of);
  dup2(before, STDOUT_FILENO);
  dup2(error, STDERR_FILENO);
  close(before);
  close(error);
  close(fd[1]);
  assert_int_equal(ending, CM__DONE);
  assert_int_equal(read(fd[0], seen, sizeof seen), 0);
  close(fd[0]);
}

static cm_status refuse(void *ud, unsigned tag, const void *data, size_t size, cm_error *err) {
  (void)ud, (void)tag, (void)data, (void)size;
  return cm__fail(err, CM_INTERNAL, "no");
}

static void a_message_that_is_refused_ends_it(void **state) {
  (void)state;
  story s = {.act = speak};
  const cm__work w = {
      .what = "a story", .run = run_story, .receive = refuse, .step = step, .ud = &s};
  cm__ending ending;
  int died_of;
  assert_status(cm__work_run(&w, NULL, &ending, &died_of, NULL), CM_INTERNAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_arrive_whole_and_in_order),
      cmocka_unit_test(a_crash_stays_in_the_child),
      cmocka_unit_test(who_does_not_end_in_time_is_killed),
      cmocka_unit_test(a_request_ends_it_soon),
      cmocka_unit_test(it_prints_nothing),
      cmocka_unit_test(a_message_that_is_refused_ends_it),
  };
  return run(tests);
}
