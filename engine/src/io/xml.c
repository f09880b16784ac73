/* XML from a source, streamed. Sole user of expat. */
#include <expat.h>
#include <string.h>

#include "io/internal.h"

enum { BLOCK = 64 * 1024 };

typedef struct parser {
  const cm__xml *calls;
  cm__source *source;
  XML_Parser expat;
  cm_status status; /* of a call that failed */
  cm_error *err;
} parser;

static void *allocate(size_t size) {
  void *block = NULL;
  return cm__alloc_raw(size, 1, "XML", &block, NULL) == CM_OK ? block : NULL;
}

static void *reallocate(void *block, size_t size) {
  return cm__grow(size, 1, "XML", &block, NULL) == CM_OK ? block : NULL;
}

static const char *local_name(const char *name) {
  const char *colon = strchr(name, ':');
  return colon ? colon + 1 : name;
}

static void settle(parser *p, cm_status status) {
  bool over = p->calls->enough && *p->calls->enough;
  if (status == CM_OK && !over) return;
  if (p->status == CM_OK) p->status = status;
  XML_StopParser(p->expat, XML_FALSE);
}

static void XMLCALL on_start(void *ud, const XML_Char *name, const XML_Char **attributes) {
  parser *p = ud;
  if (p->status != CM_OK || !p->calls->start) return;
  settle(p, p->calls->start(p->calls->ud, local_name(name), attributes, p->err));
}

static void XMLCALL on_end(void *ud, const XML_Char *name) {
  parser *p = ud;
  if (p->status != CM_OK || !p->calls->end) return;
  settle(p, p->calls->end(p->calls->ud, local_name(name), p->err));
}

static void XMLCALL on_text(void *ud, const XML_Char *text, int size) {
  parser *p = ud;
  if (p->status != CM_OK || !p->calls->text) return;
  settle(p, p->calls->text(p->calls->ud, text, (size_t)size, p->err));
}

/* Neither workbooks nor their parts declare one; what does may be meant to swell. */
static void XMLCALL on_doctype(void *ud, const XML_Char *name, const XML_Char *system,
                               const XML_Char *pub, int subset) {
  parser *p = ud;
  (void)name, (void)system, (void)pub, (void)subset;
  settle(p, cm__fail(p->err, CM_READ, "%s declares a document type, which workbooks never do",
                     p->source->name));
}

static cm_status why(const parser *p) {
  enum XML_Error code = XML_GetErrorCode(p->expat);
  if (p->status != CM_OK || code == XML_ERROR_ABORTED) return p->status;
  if (code == XML_ERROR_NO_MEMORY)
    return cm__fail(p->err, CM_MEMORY, "no memory for reading %s", p->source->name);
  return cm__fail(p->err, CM_READ, "%s is damaged (%s, line %lu)", p->source->name,
                  XML_ErrorString(code), (unsigned long)XML_GetCurrentLineNumber(p->expat));
}

cm_status cm__xml_parse(cm__source *source, const cm__xml *calls, const cm_job *job,
                        cm_error *err) {
  static const XML_Memory_Handling_Suite memory = {allocate, reallocate, cm__free};
  parser p = {.calls = calls, .source = source, .err = err};
  cm_error unread;
  cm_status status = CM_OK;
  p.expat = XML_ParserCreate_MM(NULL, &memory, NULL);
  if (!p.expat) return cm__fail(err, CM_MEMORY, "no memory for reading %s", source->name);
  XML_SetUserData(p.expat, &p);
  XML_SetElementHandler(p.expat, on_start, on_end);
  XML_SetCharacterDataHandler(p.expat, on_text);
  XML_SetStartDoctypeDeclHandler(p.expat, on_doctype);
  for (bool last = false; !last;) {
    size_t got = 0;
    CM__TRY(cm_job_step(job, "reading", source->done, source->total, err));
    void *block = XML_GetBuffer(p.expat, BLOCK);
    if (!block) {
      status = why(&p);
      goto done;
    }
    status = source->read(source, block, BLOCK, &got, &unread);
    if (status != CM_OK) {
      status = cm__fail(err, status, "%s (%s)", unread.message, source->name);
      goto done;
    }
    last = got == 0;
    if (XML_ParseBuffer(p.expat, (int)got, last) != XML_STATUS_OK) {
      status = why(&p);
      goto done;
    }
  }
done:
  XML_ParserFree(p.expat);
  return status;
}

const char *cm__xml_attribute(const char **attributes, const char *name, bool prefixed) {
  for (; *attributes; attributes += 2) {
    if (prefixed && !strchr(*attributes, ':')) continue;
    if (strcmp(local_name(*attributes), name) == 0) return attributes[1];
  }
  return NULL;
}
