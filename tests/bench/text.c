/* Reading a table against strtod on the same bytes, and against the bare parse of its numbers.
 *
 *   bench_text FILE     prints  name, ours, yardstick, ratio, limit, ok|MISSED
 *
 * FILE is the csv of 60 MB that make_table.lua writes. Times are
 * seconds of process time, the best of five, so that a busy machine matters little. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "capmod/table.h"
#include "capmod/text.h"

enum { ROUNDS = 5, COUNTRIES = 44, SECTORS = 56, CATEGORIES = 5, ORDER = COUNTRIES * SECTORS };

typedef struct input {
  const char *path;
  char *bytes; /* with a zero byte behind the last */
  size_t size;
} input;

static void slurp(const char *path, input *in) {
  FILE *f = fopen(path, "rb");
  in->path = path;
  if (!f || fseek(f, 0, SEEK_END) != 0) {
    perror(path);
    exit(2);
  }
  in->size = (size_t)ftell(f);
  rewind(f);
  in->bytes = malloc(in->size + 1);
  if (!in->bytes || fread(in->bytes, 1, in->size, f) != in->size) exit(2);
  in->bytes[in->size] = '\0';
  fclose(f);
}

/* All the numbers of the file, each with the character behind it, added up so
 * that no call can be left out. */
static double sum_strtod(const input *in) {
  double sum = 0;
  char *stop;
  for (const char *p = in->bytes, *end = p + in->size; p < end; p = stop + 1)
    sum += strtod(p, &stop);
  return sum;
}

static double sum_parse(const input *in) {
  double sum = 0;
  const char *stop;
  for (const char *p = in->bytes, *end = p + in->size; p < end; p = stop + 1)
    sum += cm_number_parse(p, end, &stop);
  return sum;
}

static cm_error err;

static cm_text *read_text(const input *in) {
  cm_text_options o = {0};
  cm_text *t;
  must(cm_text_read(in->path, &o, NULL, &t, &err), &err);
  return t;
}

static double read_all(const input *in) {
  cm_text *t = read_text(in);
  double last = cm_matrix_at(cm_text_numbers(t), cm_matrix_rows(cm_text_numbers(t)) - 1, 0);
  cm_text_release(t);
  return last;
}

static cm_axis *numbered(char letter, size_t n) {
  char text[SECTORS][8];
  const char *labels[SECTORS];
  cm_axis *axis;
  for (size_t i = 0; i < n; i++) {
    snprintf(text[i], sizeof text[i], "%c%02u", letter, (unsigned)i);
    labels[i] = text[i];
  }
  must(cm_axis_new(labels, n, &axis, &err), &err);
  return axis;
}

/* To a table whose shape, labels and numbers are checked, ready for questions. */
static double make_ready(const input *in) {
  cm_text *text = read_text(in);
  cm_matrix *z, *y, *numbers = cm_text_numbers(text);
  cm_table *t;
  cm_axis *countries = numbered('c', COUNTRIES), *sectors = numbered('s', SECTORS),
          *categories = numbered('f', CATEGORIES);
  must(cm_matrix_block(numbers, 0, ORDER, 0, ORDER, &z, &err), &err);
  must(cm_matrix_block(numbers, 0, ORDER, ORDER, COUNTRIES * CATEGORIES, &y, &err), &err);
  cm_table_parts parts = {
      .countries = countries, .sectors = sectors, .categories = categories, .z = z, .y = y};
  must(cm_table_new(&parts, NULL, &t, &err), &err);
  cm_text_release(text);
  cm_matrix_release(z);
  cm_matrix_release(y);
  cm_axis_release(countries);
  cm_axis_release(sectors);
  cm_axis_release(categories);
  double size = (double)cm_axis_size(cm_table_nodes(t));
  cm_table_release(t);
  return size;
}

static double best(double (*work)(const input *), const input *in, double *result) {
  double least = INFINITY;
  for (int i = 0; i < ROUNDS; i++) {
    double begin = cpu_seconds();
    *result = work(in);
    least = fmin(least, cpu_seconds() - begin);
  }
  return least;
}

static int row(const char *name, double ours, double yardstick, double ratio, double limit,
               int ok) {
  printf("%s\t%.4f\t%.4f\t%.2f\t%.2f\t%s\n", name, ours, yardstick, ratio, limit,
         ok ? "ok" : "MISSED");
  return !ok;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  input in;
  slurp(argv[1], &in);
  double a, b, c;
  double slow = best(sum_strtod, &in, &a), parse = best(sum_parse, &in, &b);
  double whole = best(read_all, &in, &c), ready = best(make_ready, &in, &c);
  if (a != b) {
    fprintf(stderr, "the sums differ: %.17g, %.17g\n", a, b);
    return 1;
  }
  int missed = 0;
  printf("name\tours\tyardstick\tratio\tlimit\tverdict\n");
  missed +=
      row("numbers, times strtod's rate (>=)", parse, slow, slow / parse, 1.8, slow / parse >= 1.8);
  missed += row("whole read, times strtod's rate (>=)", whole, slow, slow / whole, 1.8,
                slow / whole >= 1.8);
  missed += row("whole read over its numbers (<=)", whole, parse, whole / parse, 1.5,
                whole / parse <= 1.5);
  missed += row("table read, checked and ready over its numbers (<=)", ready, parse, ready / parse,
                1.5, ready / parse <= 1.5);
  free(in.bytes);
  return missed > 0;
}
