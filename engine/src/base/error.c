#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#undef cm__fail
#undef cm__fail_at

typedef struct status_row {
  cm_status status;
  const char *text, *fix;
} status_row;

static const status_row rows[] = {
#define STATUS_ROW(name, number, text, fix) {name, text, fix},
    CM_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

static const status_row *find(cm_status status) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].status == status) return &rows[i];
  return NULL;
}

const char *cm_status_text(cm_status status) {
  const status_row *row = find(status);
  return row ? row->text : "";
}

const char *cm_status_fix(cm_status status) {
  const status_row *row = find(status);
  return row ? row->fix : "";
}

const char *cm_version(void) { return CM_VERSION; }

static void fill(cm_error *err, cm_status status, size_t row, size_t col, double value,
                 const char *format, va_list args) {
  if (!err) return;
  char message[CM_MESSAGE_MAX]; /* args may point into *err */
  vsnprintf(message, sizeof message, format, args);
  *err = (cm_error){.status = status, .row = row, .col = col, .value = value};
  memcpy(err->message, message, sizeof message);
}

cm_status(cm__fail)(cm_error *err, cm_status status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fill(err, status, 0, 0, 0.0, format, args);
  va_end(args);
  return status;
}

cm_status(cm__fail_at)(cm_error *err, cm_status status, size_t row, size_t col, double value,
                       const char *format, ...) {
  va_list args;
  va_start(args, format);
  fill(err, status, row, col, value, format, args);
  va_end(args);
  return status;
}
