#include "internal.h"

cm_status cm_job_ask(const cm_job *job, size_t bytes, const char *what, cm_error *err) {
  size_t limit = cm_memory_limit(), held = cm_memory_held();
  size_t room = !limit ? SIZE_MAX : limit > held ? limit - held : 0;
  if (job && job->memory && job->memory < room) room = job->memory;
  if (bytes <= room) return CM_OK;
  return cm__fail(err, CM_BUDGET, "%s needs %s; %s are free under the memory limit", what,
                  cm__bytes((double)bytes).text, cm__bytes((double)room).text);
}

cm_status cm_job_step(const cm_job *job, const char *what, double done, double total,
                      cm_error *err) {
  if (!job) return CM_OK;
  bool stop = job->cancel && atomic_load_explicit(job->cancel, memory_order_relaxed);
  if (!stop && job->progress) stop = !job->progress(job->ud, what, done, total);
  return stop ? cm__fail(err, CM_CANCELLED, "%s was interrupted", what) : CM_OK;
}
