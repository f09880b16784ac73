--- capmod verify FILE ...: checks certificates of placements.

local program = ...
local options = program.use "options"

local verb = {
  name = "verify",
  synopsis = { "capmod verify FILE ..." },
  about = [[
Checks certificates of placements (plan:save "x.certificate") by code of its own.
The plan is held to every rule and its cost added up anew; the tree that proves the bound is
walked node by node: what each multiplier says of the bound is computed, the sides of every
branching are gone into, every leaf must be closed. Status 0 if all that each file claims
holds, else 1.]],
  options = {},
}

function verb.run(_, rest)
  if #rest == 0 then options.fail("a file is needed", "capmod verify FILE", verb) end
  local verify, status = require "capmod.verify", 0
  for _, path in ipairs(rest) do
    local result = verify(path)
    print(result)
    if not result.pass then status = 1 end
  end
  return status
end

return verb
