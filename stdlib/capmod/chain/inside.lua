--- What stands behind a chain that authors hold; for the modules of its verbs.

local args = require "capmod.args"
local each = require "capmod.each"
local store = require "capmod.frame.store"

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

--- Makes the verbs of a module print the note of a chain over every frame that they give.
---@param methods table<string, function>
---@param chain_of fun(object: any): table?  the inside of the chain that an object is about
function inside.noted(methods, chain_of)
  for name, method in each(methods) do
    methods[name] = function(self, ...)
      local found = table.pack(method(self, ...))
      local chain = chain_of(self)
      for i = 1, chain and chain.note and found.n or 0 do
        if store.is_frame(found[i]) then found[i] = inside.with_note(chain, found[i]) end
      end
      return table.unpack(found, 1, found.n)
    end
  end
end

--- The notes of a chain and one more, which may be nil or among them.
---@param chain table
---@param note string?
---@return string[]?
function inside.notes(chain, note)
  local notes = table.move(chain.note or {}, 1, #(chain.note or {}), 1, {})
  for _, known in ipairs(notes) do
    if known == note then return notes end
  end
  notes[#notes + 1] = note
  return #notes > 0 and notes or nil
end

--- A frame with the note of a chain over its own.
---@param chain table
---@param frame cm.Frame
---@return cm.Frame
function inside.with_note(chain, frame)
  if not chain.note then return frame end
  local spec = frame:spec()
  local notes = table.move(chain.note, 1, #chain.note, 1, {})
  if spec.note[1] == notes[1] then return frame end
  return frame:with{ note = table.move(spec.note, 1, #spec.note, #notes + 1, notes) }
end

--- A chain as it is placed, with what trade and facilities take: see locate.settled and landing.
---@param chain cm.Chain
---@param price number|false
---@param stages table<string, table>
---@param landing table[]
---@return cm.Chain
function inside.settle(chain, price, stages, landing)
  local settled = chain:with{ price = price, rest = false, modes = false, stages = stages }
  inside.all[settled].landing = landing
  return settled
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
