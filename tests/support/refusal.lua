--- What is refused: calls f and gives the number of its error, the text, and the error itself.
---
---     local refusal = dofile "tests/support/refusal.lua"
---     assert.equal("CM1002", (refusal(cm.chain, {})))

local errors = require "capmod.errors"

return function(f, ...)
  local ok, err = pcall(f, ...)
  assert(not ok, "it was not refused")
  assert(errors.is(err), tostring(err))
  return err.number, tostring(err), err
end
