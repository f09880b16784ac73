--- What stands behind a chain that authors hold; for the modules of its verbs.

local args = require "capmod.args"

local inside = {}

--- The inside of each chain; chain.lua fills it.
inside.all = setmetatable({}, { __mode = "k" })

--- The inside of a chain, as chain.lua reads it. CM1003 where a verb has no chain.
---@param chain cm.Chain
---@return table
function inside.of(chain)
  args.object(inside.all[chain] ~= nil, "chain")
  return inside.all[chain]
end

--- A deep copy of what an author wrote; objects of capmod stay as they are.
---@param given any
---@return any
function inside.copy(given)
  if type(given) ~= "table" or getmetatable(given) then return given end
  local new = {}
  for key, field in pairs(given) do new[key] = inside.copy(field) end -- any order
  return new
end

return inside
