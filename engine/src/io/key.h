/* A key of content: 128 bits by XXH3, in hexadecimals. The same bytes give the same key; other
 * bytes another one, but for chance. It is no seal: who wants to can make bytes to a key. */
#ifndef CM_IO_KEY_H
#define CM_IO_KEY_H

#include "base/internal.h"

enum { CM_KEY_SIZE = 33 };

typedef struct cm__key cm__key;

CM_WARN_UNUSED cm_status cm__key_new(cm__key **out, cm_error *err);
void cm__key_add(cm__key *key, const void *bytes, size_t size);
void cm__key_text(cm__key *key, char out[CM_KEY_SIZE]); /* of all that was added so far */
void cm__key_free(cm__key *key);

#endif
