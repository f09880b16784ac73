/* capmod/base.h - status and error, memory, and the context of long work.
 *
 * Conventions that hold in every header of the engine:
 *  - A function that can fail returns a cm_status and takes a last
 *    `cm_error *err` that the caller owns (NULL is allowed). On failure no
 *    out-parameter has been touched.
 *  - Indices are 0-based, sizes are size_t, numbers are double.
 *  - `cm_<noun>_release` accepts NULL. Objects are counted where the header
 *    says so; everything else has one owner.
 *  - The engine never exits, aborts, prints or long-jumps.
 */
#ifndef CAPMOD_BASE_H
#define CAPMOD_BASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CM_API __attribute__((visibility("default")))
#define CM_WARN_UNUSED __attribute__((warn_unused_result))
#define CM_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define CM_API
#define CM_WARN_UNUSED
#define CM_PRINTF(fmt, args)
#endif

/* ---- status and error --------------------------------------------------- */

/* The one list of the engine's outcomes: name, stable number (what
 * `capmod explain CMnnnn` documents; never reused), text, and the usual fix. */
#define CM_STATUS_LIST(X)                                                                          \
  X(CM_OK, 0, "ok", "")                                                                            \
  X(CM_LABELS, 1203, "labels differ", "give both sides the same labels")                           \
  X(CM_INVALID, 1301, "invalid argument", "see the function's help")                               \
  X(CM_SHAPE, 1302, "shapes do not fit", "check which way round each one is")                      \
  X(CM_RANGE, 1303, "index out of range", "indices start at 1")                                    \
  X(CM_NOT_FINITE, 1304, "not a finite number",                                                    \
    "find where the division by zero or the missing value came from")                              \
  X(CM_OVERFLOW, 1305, "size too large to address", "ask for less at once")                        \
  X(CM_DUPLICATE, 1306, "label given twice", "give every row its own label")                       \
  X(CM_NO_IMPUTATION, 2201, "the members are worth more alone than together",                      \
    "use the prenucleolus, or look again at what each is worth alone")                             \
  X(CM_NO_AGREEMENT, 2202, "nothing on the table leaves everyone better off",                      \
    "add an instrument, widen its limits, or look again at what each has without agreement")       \
  X(CM_COLLINEAR, 2401, "a regressor follows from the others", "leave one of them out")            \
  X(CM_TOO_FEW_ROWS, 2402, "too few rows to estimate from", "use more rows or fewer regressors")   \
  X(CM_NO_ESTIMATE, 2403, "the data leave a coefficient without an estimate",                      \
    "leave that regressor out, or the rows that it singles out")                                   \
  X(CM_SINGULAR, 4001, "the matrix is singular",                                                   \
    "look for a row or column that depends on the others")                                         \
  X(CM_ILL_CONDITIONED, 4002, "the matrix is close to singular",                                   \
    "the answer would have no correct digits; check units and empty rows")                         \
  X(CM_NOT_CONVERGED, 4003, "no convergence", "allow more steps or a looser tolerance")            \
  X(CM_NOT_DEFINITE, 4004, "the matrix is not positive definite",                                  \
    "use lu, or check the symmetry of the input")                                                  \
  X(CM_SOLVER, 4101, "the solver failed", "check the sizes of the figures in the program")         \
  X(CM_NO_SOLVER, 4102, "the solver is not installed",                                             \
    "install HiGHS, or leave `solver` out: Clp and CBC are always there")                          \
  X(CM_OPEN, 5001, "cannot open the file", "check the path and its permissions")                   \
  X(CM_READ, 5002, "cannot read the file", "the file may be damaged or cut short")                 \
  X(CM_NOT_NUMBER, 5003, "not a number", "correct the cell, or say how blanks are read")           \
  X(CM_FIELDS, 5004, "wrong number of fields", "check the delimiter and the quotes")               \
  X(CM_EMPTY, 5005, "nothing to read", "check that the file is complete")                          \
  X(CM_MEMBER, 5006, "not one file", "name one of what it holds")                                  \
  X(CM_WRITE, 5203, "cannot write the file", "check the space and the permissions there")          \
  X(CM_MEMORY, 6001, "out of memory", "close other programs or use a smaller table")               \
  X(CM_BUDGET, 6002, "the memory budget does not allow it",                                        \
    "raise --memory or use a smaller table")                                                       \
  X(CM_CANCELLED, 6003, "interrupted", "")                                                         \
  X(CM_INTERNAL, 9001, "a fault in capmod", "please report it, with this file")

typedef enum cm_status {
#define CM_STATUS_ENUM(name, number, text, fix) name = (number),
  CM_STATUS_LIST(CM_STATUS_ENUM)
#undef CM_STATUS_ENUM
} cm_status;

enum { CM_MESSAGE_MAX = 480 };

/* What went wrong. Fixed size, no heap, owned by the caller.
 * row and col are 1-based, as a person counts them (0: not about a place);
 * value is the figure the message speaks of, such as rcond (0: none). */
typedef struct cm_error {
  cm_status status;
  size_t row, col;
  double value;
  char message[CM_MESSAGE_MAX];
} cm_error;

/* The text and the usual fix of a status; "" for a number that is none. */
CM_API const char *cm_status_text(cm_status status);
CM_API const char *cm_status_fix(cm_status status);

/* The engine's version, "major.minor.patch". */
CM_API const char *cm_version(void);

/* ---- memory ------------------------------------------------------------- */

/* realloc and free in one, in the shape of lua_Alloc: new_size 0 frees and
 * returns NULL; NULL otherwise means failure and leaves ptr as it was. Safe in
 * threads, where a job asks for several. */
typedef void *(*cm_realloc_fn)(void *ud, void *ptr, size_t old_size, size_t new_size);

/* Replaces the allocator. Call once, before any other call of the engine. */
CM_API void cm_allocator_set(cm_realloc_fn fn, void *ud);

/* The most that the engine may hold at once, in bytes; 0 removes the limit.
 * A request beyond it is refused with CM_BUDGET before anything is allocated.
 * Without a call the limit is the machine's physical memory. */
CM_API void cm_memory_limit_set(size_t bytes);
CM_API size_t cm_memory_limit(void);

/* What the engine holds now: bytes, and blocks (0 when all is released). */
CM_API size_t cm_memory_held(void);
CM_API size_t cm_memory_blocks(void);
CM_API size_t cm_memory_peak(void); /* most bytes held since the last reset */
CM_API void cm_memory_peak_reset(void);

/* ---- the context of long work ------------------------------------------- */

/* Passed as `const cm_job *job` to whatever may take long; NULL means: no
 * progress, no cancelling, the library's number of threads, no budget of its
 * own. A zeroed job is valid. */
typedef struct cm_job {
  /* Called now and then, never from two threads at once, with what is being
   * done and how far it is (total 0: not known). Return false to stop. */
  bool (*progress)(void *ud, const char *what, double done, double total);
  void *ud;
  const atomic_bool *cancel; /* checked often; true ends the work: CM_CANCELLED */
  unsigned threads;          /* 0: as many as the BLAS library was told; 1 in a search */
  size_t memory;             /* bytes this piece of work may take; 0: no limit */
} cm_job;

/* Asks whether `bytes` more may be allocated for `what`. CM_BUDGET says how
 * much is needed and how much is allowed; nothing is reserved. */
CM_API CM_WARN_UNUSED cm_status cm_job_ask(const cm_job *job, size_t bytes, const char *what,
                                           cm_error *err);

/* Reports progress and looks at the cancel flag. CM_CANCELLED on either stop. */
CM_API CM_WARN_UNUSED cm_status cm_job_step(const cm_job *job, const char *what, double done,
                                            double total, cm_error *err);

#ifdef __cplusplus
}
#endif

#endif
