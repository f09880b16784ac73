/* Keys of content. Sole user of xxHash. */
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "io/key.h"

struct cm__key {
  XXH3_state_t *state;
};

cm_status cm__key_new(cm__key **out, cm_error *err) {
  cm__key *key = NULL;
  cm_status status = cm__alloc(1, sizeof *key, "a key", &key, err);
  if (status != CM_OK) return status;
  key->state = XXH3_createState();
  if (!key->state) {
    cm__free(key);
    return cm__fail(err, CM_MEMORY, "no memory for a key");
  }
  XXH3_128bits_reset(key->state);
  *out = key;
  return CM_OK;
}

void cm__key_add(cm__key *key, const void *bytes, size_t size) {
  unsigned long long length = size; /* so that "ab", "c" is not "a", "bc" */
  XXH3_128bits_update(key->state, &length, sizeof length);
  if (size) XXH3_128bits_update(key->state, bytes, size);
}

void cm__key_text(cm__key *key, char out[CM_KEY_SIZE]) {
  XXH128_hash_t hash = XXH3_128bits_digest(key->state);
  snprintf(out, CM_KEY_SIZE, "%016llx%016llx", (unsigned long long)hash.high64,
           (unsigned long long)hash.low64);
}

void cm__key_free(cm__key *key) {
  if (!key) return;
  XXH3_freeState(key->state);
  cm__free(key);
}
