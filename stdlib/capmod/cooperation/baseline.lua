--- What there is without the deal, from which a saving or a surplus over a chain counts.

local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local insides = require "capmod.chain.inside"
local locate = require "capmod.chain.locate"

local baseline = {}

local function refuse(message, field, fix)
  errors.raise(2214, { message = "cooperation: " .. message, object = "cooperation", field = field,
    fix = fix })
end

--- What falls to the place of an option for one unit of the product, weighted; its bit, or 0.
---@param q cm.Placing
---@param s table?  the stage; nil of a market
---@param option table
---@return number, integer
function baseline.falling(q, s, option)
  local i = s and q.place[option.at]
  if not i then return 0, 0 end
  local sum = 0
  for kind, pays in each(q.pays) do
    sum = sum + q.weight(kind, option.at) * pays(s, option)
  end
  return sum, 1 << (i - 1)
end

--- The cheapest way with some of the options: cost, and the options chosen.
local function cheapest(problem, solver, allow)
  local allowed = {}
  for o, option in ipairs(problem.parts.list) do
    allowed[o] = not option.party or allow(option, o)
  end
  local found = solver:solve{ allowed = allowed }
  return found:figures().objective, found:choice(solver)
end

--- One country makes everything at home and ships it, for what it asks at arm's length.
local function export_of(q)
  local t, parts, seen, best, by, chosen = q.problem.parts, {}, {}, nil, nil, nil
  for field, value in pairs(t) do parts[field] = value end -- any order
  parts.cost = {}
  for o, option in ipairs(t.list) do
    parts.cost[o] = t.cost[o]
    for _, who in ipairs(option.party or {}) do
      parts.cost[o] = parts.cost[o] + q.margin(who) * option.adds * option.party.share[who]
    end
  end
  local solver = core.locate(parts)
  for _, exporter in ipairs(t.list) do
    local code = exporter.at
    if not seen[code] then
      seen[code] = true
      local cost, choice = cheapest(q.problem, solver, function(option)
        return option.at == code and #option.party == 1 and option.party[1] == code
      end)
      if cost and (not best or cost < best) then best, by, chosen = cost, code, choice end
    end
  end
  if not best then
    refuse("no one country can do all stages at home, so there is no export to compare with",
      "baseline", "name the chain of today: baseline = cm.chain{ ... }, or \"today\"")
  end
  return best, "export from " .. by, chosen
end

--- What is first among the candidates of each stage.
local function today_of(q)
  local t, first = q.problem.parts, {}
  for o in ipairs(t.list) do first[o] = t.stage[o] ~= t.stage[o - 1] end
  local cost, choice = cheapest(q.problem, q.problem.core, function(_, o) return first[o] end)
  if not cost then
    refuse("the first places of all stages cannot go together", "baseline",
      "write the place of today first among the candidates of each stage")
  end
  return cost, "today (the first place and operator of each stage)", choice
end

local function chain_of(q, given)
  local chain = insides.of(given)
  local aside = next(q.pays) and ", what falls to members there not counted" or ""
  if chain.price then return chain.price, ("'%s' at its price%s"):format(chain.name, aside) end
  local found = locate.problem(chain, { trade = q.trade }).core:solve()
  local cost = found:figures().objective
  if not cost then
    refuse(("the chain '%s' cannot be placed"):format(chain.name), "baseline",
      "give it a price, or look at its plan: chain:locate()")
  end
  return cost, ("'%s'%s"):format(chain.name, aside)
end

local BASELINES = { export = export_of, today = today_of }

--- Weighted payoffs of each member in the plan of the baseline, for one unit of the product.
local function falls_of(q, choice)
  local falls = {}
  for i in ipairs(q.members) do falls[i] = 0 end
  for k, o in ipairs(choice or {}) do
    local s, option = q.chain.list[k], q.problem.parts.list[o]
    local i = s and q.place[option.at]
    if i then falls[i] = falls[i] + baseline.falling(q, s, option) end
  end
  return falls
end

--- What is to be left over, and the words for the definition.
---@param q cm.Placing
---@param given table
---@return number, { worth: string, baseline: string }
function baseline.top(q, given)
  local is_saving = given.worth == "saving"
  local price = not is_saving and (given.price or q.chain.price)
  if not is_saving and not price then
    errors.raise(2211, { message = ("cooperation: chain '%s' has no price, so nothing is left to "
      .. "share"):format(q.chain.name), object = "cooperation", field = "price",
      fix = "cm.cooperation{ chain = ..., price = 1000 }, or worth = \"saving\"" })
  end
  local wanted = given.baseline or is_saving and "export" or "none"
  if wanted == "none" then
    if is_saving then
      refuse("a saving is against a baseline, and it is \"none\"", "baseline",
        "baseline = \"export\", \"today\", or a chain")
    end
    return price, { worth = ("surplus, the price of %g less the members' cheapest way, 0 where "
      .. "they have none"):format(price), baseline = "none" }
  end
  local find = BASELINES[wanted] or type(wanted) ~= "string" and chain_of
  if not find then
    refuse(("there is no baseline '%s'"):format(wanted), "baseline", errors.did_you_mean(wanted,
      { "none", "export", "today" }, "baselines are none, export, today, or a chain"))
  end
  local cost, text, choice = find(q, wanted)
  q.falls = falls_of(q, choice)
  text = ("%s, at a cost of %.6g"):format(text, cost)
  if is_saving then
    return cost, { worth = "saving, the cost of the baseline less the members' cheapest way, "
      .. "0 where they have none", baseline = text }
  end
  return math.min(price, cost), { worth = ("surplus, the price of %g or the cost of the "
    .. "baseline, whichever is lower, less the members' cheapest way"):format(price),
    baseline = text }
end

return baseline
