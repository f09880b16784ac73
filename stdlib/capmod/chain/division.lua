--- How a chain divides the work: into how many modules, places and operators, and how much of what
--- is made is handed over on the way.

local args = require "capmod.args"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local stage = require "capmod.chain.stage"
local value = require "capmod.chain.value"

local division = { methods = {} }

local function operator_of(s) return stage.party_text(stage.party(s, (s.by or s.at)[1])) end

local function place_of(s) return stage.places_text(s.at) end

--- The root of a set, with the ways to it made short.
local function root(parent, i)
  while parent[i] ~= i do
    parent[i] = parent[parent[i]]
    i = parent[i]
  end
  return i
end

local function count_set(list, label)
  local seen, n = {}, 0
  for _, s in ipairs(list) do
    local key = label(s)
    if not seen[key] then
      seen[key] = true
      n = n + 1
    end
  end
  return n
end

--- What links hand over, in one unit of the product: across borders, between operators, either.
local function handed(g)
  local t = { border = 0, firm = 0, either = 0, borders = 0, firms = 0, modules = g.n }
  local parent = {}
  for i = 1, g.n do parent[i] = i end
  for k, i in ipairs(g.from) do
    local s, u = g.chain.list[i], g.chain.list[g.to[k]]
    local worth = g.quantity[k] * u.per_unit * g.worth[i]
    local border = place_of(s) ~= place_of(u)
    local firm = operator_of(s) ~= operator_of(u)
    if border then t.border, t.borders = t.border + worth, t.borders + 1 end
    if firm then t.firm, t.firms = t.firm + worth, t.firms + 1 end
    if border or firm then
      t.either = t.either + worth
    else
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
    { what = "places", count = count_set(chain.list, place_of) },
    { what = "operators", count = count_set(chain.list, operator_of) },
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
