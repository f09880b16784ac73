--- A deal: members, what each coalition of them could gain on its own, and how to share it.
---
---     local deal = cm.cooperation{ members = { "A", "B" },
---       worth = { A = 0, B = 1, ["A + B"] = 5 } }
---     local deal = cm.cooperation{ chain = plant, members = { "CHN", "FRA", "KEN" } }
---     print(deal:coalitions())   print(deal:divide{ rule = "shapley" })
---
--- Worths are given, or come from a chain with a price: what the price leaves over the cheapest
--- way in which the members alone can do every stage, and 0 where they cannot; who is no member
--- of the coalition takes no part. A stage is done by its operator `by`, or where it has none by
--- the place where it is. Deals do not change. Errors CM2201, CM2202, CM2210 to CM2213.

local args = require "capmod.args"
local core = require "capmod.core"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local locate = require "capmod.chain.locate"

---@class cm.Cooperation
---@field name string
---@field members string[]
---@field unit string?
local methods = {}

local Deal = { __name = "cm.Cooperation" }
local inside = setmetatable({}, { __mode = "k" })

local MOST = 20 -- members whose coalitions can all be listed

local FIELDS = {
  members = { "list", required = true, about = "{ \"CHN\", \"FRA\", \"KEN\" }" },
  name = { "string" }, unit = { "string", about = "of the worths" },
  worth = { "table", "function", about = "{ A = 0, [\"A + B\"] = 5 }, or function(members)" },
  chain = { "Chain", about = "a chain with a price, instead of worths" },
  price = { "number", about = "what the product brings, if not the chain's price" },
  trade = { "table", about = "freight and tariffs, as chain:locate takes them" },
}

-- ---- coalitions ---------------------------------------------------------------------------------

local function members_of(members, coalition)
  local list = {}
  for i, name in ipairs(members) do
    if coalition >> (i - 1) & 1 == 1 then list[#list + 1] = name end
  end
  return list
end

local function label_of(members, coalition)
  return table.concat(members_of(members, coalition), " + ")
end

local function refuse_worth(message, field, fix)
  errors.raise(2210, { message = "cooperation: " .. message, object = "cooperation", field = field,
    fix = fix or "give every coalition its worth: { A = 0, B = 0, [\"A + B\"] = 5 }" })
end

--- The coalition that a label such as "A + B" names, in any order.
local function coalition_of(label, place)
  local coalition = 0
  for name in (tostring(label) .. "+"):gmatch "%s*(.-)%s*%+" do
    local i = place[name]
    if not i then
      local known = {}
      for member in each(place) do known[#known + 1] = member end
      refuse_worth(("'%s' names '%s', who is no member"):format(tostring(label), name), "worth",
        errors.did_you_mean(name, known, "the members are " .. table.concat(known, ", ")))
    end
    coalition = coalition | 1 << (i - 1)
  end
  return coalition
end

local function number_of(value, label)
  if type(value) ~= "number" or value ~= value or math.abs(value) == math.huge then
    refuse_worth(("the worth of %s is %s, not a finite number"):format(label, tostring(value)),
      "worth", "worths are numbers in one unit")
  end
  return value
end

--- Worths by a table: every coalition once.
local function listed(members, place, given)
  local worths, n = {}, (1 << #members) - 1
  for label, value in each(given) do
    local coalition = coalition_of(label, place)
    if worths[coalition] then
      refuse_worth(("%s is given twice"):format(label_of(members, coalition)), "worth")
    end
    worths[coalition] = number_of(value, tostring(label))
  end
  for coalition = 1, n do
    if not worths[coalition] then
      refuse_worth(("the worth of %s is missing"):format(label_of(members, coalition)), "worth")
    end
  end
  return worths, "worth as given"
end

local function called(members, given)
  local worths = {}
  for coalition = 1, (1 << #members) - 1 do
    worths[coalition] = number_of(given(members_of(members, coalition)),
      label_of(members, coalition))
  end
  return worths, "worth by the author's function"
end

-- ---- worth of a chain ---------------------------------------------------------------------------

--- Which options a coalition has: those whose operators, or place, are of it; a market is open.
local function allowed_to(problem, place, coalition)
  local allowed = {}
  for o, option in ipairs(problem.parts.list) do
    allowed[o] = true
    for _, name in ipairs(option.party or {}) do
      local i = place[name]
      allowed[o] = allowed[o] and i ~= nil and coalition >> (i - 1) & 1 == 1
    end
  end
  return allowed
end

local function of_chain(given, members, place)
  local chain = require "capmod.chain".inside(given.chain)
  local price = given.price or chain.price
  if not price then
    errors.raise(2211, { message = ("cooperation: chain '%s' has no price, so nothing is left to "
      .. "share"):format(chain.name), object = "cooperation", field = "price",
      fix = "cm.cooperation{ chain = ..., price = 1000 }" })
  end
  local problem = locate.problem(chain, { trade = given.trade })
  local worths, work = {}, {}
  for coalition = 1, (1 << #members) - 1 do
    local found = problem.core:solve{ allowed = allowed_to(problem, place, coalition) }
    local cost = found:figures().objective
    worths[coalition] = cost and math.max(0, price - cost) or 0
    if coalition == (1 << #members) - 1 and cost then
      for _, name in ipairs(members) do work[name] = 0 end
      local choice = found:choice(problem.core)
      for i, s in ipairs(chain.list) do
        local option = problem.parts.list[choice[i]]
        for _, who in ipairs(option.party) do
          work[who] = (work[who] or 0) + s.per_unit * option.adds * option.party.share[who]
        end
      end
    end
  end
  return worths, "worth = what the price leaves over the members' cheapest way, outsiders absent",
    next(work) and work
end

-- ---- rules --------------------------------------------------------------------------------------

local function scaled(weights, total)
  local sum, x = 0, {}
  for _, w in ipairs(weights) do sum = sum + w end
  for i, w in ipairs(weights) do x[i] = sum ~= 0 and total * w / sum or total / #weights end
  return x
end

local function alone_of(d)
  local alone = {}
  for i = 1, #d.members do alone[i] = d.game:worth(1 << (i - 1)) end
  return alone
end

--- Each takes the deal and gives payoffs in the order of the members.
local RULES = {
  shapley = function(d) return (d.game:shapley()) end,
  nucleolus = function(d) return (d.game:nucleolus "nucleolus") end,
  prenucleolus = function(d) return (d.game:nucleolus "prenucleolus") end,
  nash = function(d)
    local weights = {}
    for i = 1, #d.members do weights[i] = 1 end
    return core.nash(d.total, alone_of(d), weights)
  end,
  banzhaf = function(d) return scaled(d.game:banzhaf(), d.total) end,
  equal = function(d)
    local x = {}
    for i = 1, #d.members do x[i] = d.total / #d.members end
    return x
  end,
  proportional = function(d)
    local weights = {}
    for i, name in ipairs(d.members) do
      weights[i] = d.work and d.work[name] or d.game:worth(1 << (i - 1))
    end
    return scaled(weights, d.total)
  end,
}

--- An author's rule gets the members, a function worth(list or "A + B"), and the total; it gives
--- payoffs by member or in their order.
local function by_author(d, rule)
  local given = rule.divide({ members = table.move(d.members, 1, #d.members, 1, {}),
    total = d.total, work = d.work, worth = function(who)
      local label = type(who) == "table" and table.concat(who, " + ") or who
      return d.game:worth(coalition_of(label, d.place))
    end })
  local x = {}
  for i, name in ipairs(d.members) do
    x[i] = type(given) == "table" and (given[name] or given[i])
    if type(x[i]) ~= "number" then
      errors.raise(2213, { message = ("rule '%s' gives %s no payoff"):format(rule.name, name),
        object = "divide", field = "rule", fix = "give a number for each of game.members" })
    end
  end
  return x
end

local function payoffs(d, name)
  if RULES[name] then return RULES[name](d) end
  for _, rule in ipairs(define.registry "rule") do
    if rule.name == name then return by_author(d, rule) end
  end
  local known = {}
  for rule in each(RULES) do known[#known + 1] = rule end
  for _, rule in ipairs(define.registry "rule") do known[#known + 1] = rule.name end
  errors.raise(2212, { message = ("divide: there is no rule '%s'"):format(tostring(name)),
    object = "divide", field = "rule",
    fix = errors.did_you_mean(tostring(name), known, "rules are " .. table.concat(known, ", ")) })
end

-- ---- asking -------------------------------------------------------------------------------------

local function of(self)
  args.object(inside[self] ~= nil, "cooperation")
  return inside[self]
end

local function is_country(members)
  for _, name in ipairs(members) do
    if not pcall(require "capmod.codes".country, name) then return nil end
  end
  return "country"
end

--- What each coalition could gain on its own, smaller ones first.
---@return cm.Frame  coalition, worth
function methods:coalitions()
  local d = of(self)
  local rows = {}
  for coalition = 1, (1 << #d.members) - 1 do
    local list = members_of(d.members, coalition)
    rows[coalition] = { coalition = table.concat(list, " + "), worth = d.game:worth(coalition),
      size = #list, order = coalition }
  end
  table.sort(rows, function(a, b)
    if a.size ~= b.size then return a.size < b.size end
    return a.order < b.order
  end)
  for _, row in ipairs(rows) do row.size, row.order = nil, nil end
  return frame{ title = ("'%s': what each coalition could make on its own"):format(d.name),
    unit = d.unit, keys = { "coalition" }, rows = rows, bar = false, note = d.definition,
    cols = { { name = "coalition" }, { name = "worth", digits = 2 } } }
end

--- Whether a division leaves no coalition better off apart, and who would be, in words.
local function stability(d, x)
  local text = ("total gain %.2f"):format(d.total)
  if #d.members == 1 or d.game:in_core(x) then
    return text .. "; stable: no coalition does better apart"
  end
  local coalitions, excesses = d.game:excesses(x, 1)
  if excesses[1] and excesses[1] > 0 then
    return ("%s; NOT stable: %s would do better apart by %.2f"):format(text,
      label_of(d.members, coalitions[1]), excesses[1])
  end
  return text .. "; NOT stable: it does not hand out just what all gain"
end

--- Shares the gain of all by a rule: shapley (Shapley 1953), nucleolus (Schmeidler 1969),
--- prenucleolus, nash (1950, free transfers, equal weights), banzhaf (1965, scaled to the total),
--- proportional (to the work of each, or to what each is worth alone), equal, or one of
--- cm.define.rule. Under the shares stands whether a coalition would do better apart. CM2201,
--- CM2202, CM2212, CM2213.
---@param t { rule: string? }?  shapley by default
---@return cm.Frame  member, work (of a chain), alone, gains, share
function methods:divide(t)
  local d = of(self)
  t = args.check("divide", t or {}, { rule = { "string" } })
  local name = t.rule or "shapley"
  local x, rows = payoffs(d, name), {}
  for i, member in ipairs(d.members) do
    rows[i] = { member = member, work = d.work and d.work[member], gains = x[i],
      alone = d.game:worth(1 << (i - 1)), share = d.total ~= 0 and x[i] / d.total or 0 }
  end
  local cols = { { name = "member", kind = is_country(d.members) } }
  if d.work then cols[2] = { name = "work", digits = 2 } end
  for _, col in ipairs{ "alone", "gains" } do cols[#cols + 1] = { name = col, digits = 2 } end
  cols[#cols + 1] = { name = "share", format = "percent" }
  return frame{ title = ("'%s': gains shared by %s"):format(d.name, name), unit = d.unit,
    keys = { "member" }, cols = cols, rows = rows, bar = "share", check = stability(d, x),
    note = d.definition }
end

--- The range of what each member can get so that no coalition does better apart: the core; where it
--- is empty, the least core (Maschler, Peleg and Shapley 1979), and by how much coalitions must
--- give way.
---@return cm.Frame  member, least, most
function methods:offer()
  local d = of(self)
  local epsilon, rows = d.game:least_core(), {}
  for i, member in ipairs(d.members) do
    local least, most = d.game:core_range(i)
    rows[i] = { member = member, least = least, most = most }
  end
  local empty = epsilon > 1e-9 * math.max(1, math.abs(d.total))
  return frame{ title = ("'%s': what each can get and all accept"):format(d.name), unit = d.unit,
    keys = { "member" }, rows = rows, bar = false, note = d.definition,
    cols = { { name = "member", kind = is_country(d.members) }, { name = "least", digits = 2 },
      { name = "most", digits = 2 } },
    check = empty and ("no division suits all: coalitions must give way by %.2f"):format(epsilon)
      or "within these ranges together no coalition does better apart" }
end

-- ---- the object ---------------------------------------------------------------------------------

local PROPERTIES = { name = true, members = true, unit = true }

function Deal:__index(key)
  if methods[key] then return methods[key] end
  local d = inside[self]
  if PROPERTIES[key] then
    return key == "members" and table.move(d.members, 1, #d.members, 1, {}) or d[key]
  end
  local known = {}
  for _, set in ipairs{ methods, PROPERTIES } do
    for name in each(set) do known[#known + 1] = name end
  end
  errors.raise(1001, { message = ("cooperation '%s' has no '%s'"):format(d.name, tostring(key)),
    object = d.name, field = tostring(key),
    fix = errors.did_you_mean(key, known, "it has " .. table.concat(known, ", ")) })
end

function Deal:__tostring() return tostring(self:coalitions()) end

local function check_members(given)
  local place = {}
  for i, name in ipairs(given) do
    args.one(name, "cooperation", "members", "string")
    if place[name] or name:find "+" or name == "" then
      refuse_worth(("the member '%s' %s"):format(name, place[name] and "is there twice"
        or "has a name that cannot be told from a coalition"), "members", "rename the member")
    end
    place[name] = i
  end
  if #given == 0 or #given > MOST then
    refuse_worth(("%d members; 1 to %d can be"):format(#given, MOST), "members",
      "join members into groups")
  end
  return place
end

local function make(given)
  given = args.check("cooperation", given, FIELDS)
  if (given.worth == nil) == (given.chain == nil) then
    refuse_worth("either worth or a chain is wanted", "worth")
  end
  local members = table.move(given.members, 1, #given.members, 1, {})
  local place = check_members(members)
  local worths, definition, work
  if given.chain then worths, definition, work = of_chain(given, members, place)
  elseif type(given.worth) == "table" then
    worths, definition = listed(members, place, given.worth)
  else worths, definition = called(members, given.worth) end
  local d = { members = members, place = place, definition = definition, work = work,
    name = given.name or given.chain and given.chain.name or "deal",
    unit = given.unit or given.chain and given.chain.unit,
    game = core.game(#members, worths), total = worths[#worths] }
  local object = setmetatable({}, Deal)
  inside[object] = d
  return object
end

return setmetatable({}, {
  __name = "capmod.cooperation",
  --- Makes a deal. CM1001-1003 fields, CM2210 members and worths, CM2211 no price.
  __call = function(_, t) return make(t) end,
})
