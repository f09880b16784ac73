--- How a chain divides the work: into how many modules, places and operators, and how much of what
--- is made is handed over on the way.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local spread = require "capmod.chain.spread"
local stage = require "capmod.chain.stage"
local value = require "capmod.chain.value"

local division = { methods = {} }

--- Where a stage is, by share.
local function places_of(s) return s.at.share or { [s.at[1]] = 1 } end

--- Who does it: its party, or where nobody is named the firms of each place.
local function operators_of(s)
  if not s.by then return places_of(s) end
  return { [stage.party_text(stage.party(s, s.by[1]))] = 1 }
end

--- What part of what passes from one to the other changes places, or hands.
local function passing(one, other)
  local part = 1
  for label, share in each(one) do part = part - share * (other[label] or 0) end
  return part > 1e-12 and part or 0
end

--- The root of a set, with the ways to it made short.
local function root(parent, i)
  while parent[i] ~= i do
    parent[i] = parent[parent[i]]
    i = parent[i]
  end
  return i
end

local function count_set(list, labels_of)
  local seen, n = {}, 0
  for _, s in ipairs(list) do
    for label, share in each(labels_of(s)) do
      if share > 0 and not seen[label] then
        seen[label] = true
        n = n + 1
      end
    end
  end
  return n
end

--- What links hand over, in one unit of the product: across borders, between operators, either.
local function handed(g)
  local wide = spread.of(g.chain, errors.findings())
  local t = { border = 0, either = 0, borders = 0, firms = 0, modules = g.n }
  local parent = {}
  for i = 1, g.n do parent[i] = i end
  for k, i in ipairs(g.from) do
    local s, u = g.chain.list[i], g.chain.list[g.to[k]]
    local worth = g.quantity[k] * u.per_unit * g.worth[i]
    local beside = spread.is_beside(wide, s, u)
    local border = beside and 0 or passing(places_of(s), places_of(u))
    local firm = beside and not s.by and not u.by and 0
      or passing(operators_of(s), operators_of(u))
    t.border, t.either = t.border + border * worth, t.either + math.max(border, firm) * worth
    if border > 0 then t.borders = t.borders + 1 end
    if firm > 0 then t.firms = t.firms + 1 end
    if border == 0 and firm == 0 then
      local a, b = root(parent, i), root(parent, g.to[k])
      if a ~= b then
        parent[a] = b
        t.modules = t.modules - 1
      end
    end
  end
  return t
end

--- The division of labour in a settled chain. A module is a set of linked stages of one operator at
--- one place; what passes from one to another is an intermediate. Shares are of the value made, the
--- final product with the intermediates counted; freight and duties are not in it. CM2006.
---@return cm.Frame  columns: what, count, share
function division.methods:division()
  local chain = insides.of(self)
  args.object(chain ~= nil, "chain")
  value.refuse_open(chain)
  local g, final = net.of(chain), 0
  for _, s in ipairs(chain.list) do
    local adds, buys = value.of_stage(s)
    final = final + s.per_unit * (adds + buys)
  end
  local t = handed(g)
  local made = final + t.either
  local function share(x) return made ~= 0 and x / made or 0 end
  local rows = {
    { what = "stages", count = g.n }, { what = "modules", count = t.modules },
    { what = "places", count = count_set(chain.list, places_of) },
    { what = "operators", count = count_set(chain.list, operators_of) },
    { what = "links across borders", count = t.borders },
    { what = "links between operators", count = t.firms },
    { what = "intermediates", share = share(t.either) },
    { what = "crosses borders", share = share(t.border) },
  }
  return frame{ title = ("%s: division of labour"):format(chain.name), keys = { "what" },
    rows = rows, bar = false,
    cols = { "what", { "count", digits = 0 }, { "share", format = "percent" } } }
end

return division
