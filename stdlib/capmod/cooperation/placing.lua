--- Worths from a chain: what a coalition leaves of the price, or saves, by the cheapest way in
--- which its members can do every stage.
---
--- Who is in a coalition settles what an option costs: whether its operator is a member or paid at
--- a price, whether the place where it is done counts what falls to it. So an option becomes one
--- version or more, each with the members it needs and those it must do without; one problem then
--- serves all coalitions.

local args = require "capmod.args"
local baseline = require "capmod.cooperation.baseline"
local coalition = require "capmod.cooperation.coalition"
local combine = require "capmod.chain.combine"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local graph = require "capmod.chain.graph"
local insides = require "capmod.chain.inside"
local listing = require "capmod.cooperation.listing"
local locate = require "capmod.chain.locate"
local measures = require "capmod.chain.measures"
local worth = require "capmod.cooperation.worth"

local placing = {}

local NEVER = 1 << 62 -- needed by what no coalition has

---@class cm.Placing
---@field chain table
---@field problem table        as locate.problem has it
---@field versions table       lists over versions: option, cost, needs, without, extra
---@field core capmod.Locate   over versions
---@field top number           what is left of it when every stage is paid is the worth
---@field buyer integer        the coalition of the buyer; 0: none
---@field falls number[]       weighted payoffs of each member in the baseline
---@field limits table         time, gap, nodes
---@field source cm.Chain      as the author gave it
---@field whole table          of all members: the choice of versions, and the ends of the worth

-- ---- payoffs other than money -------------------------------------------------------------------

local function check_amounts(kind, by_stage, chain, found)
  local field = "payoffs." .. tostring(kind)
  args.one(by_stage, "cooperation", field, "table", "string")
  for name, given in each(by_stage) do
    graph.find(chain.list, name, found, "cooperation", field)
    for _, amount in each(type(given) == "table" and given or { given }) do
      if type(amount) ~= "number" or amount ~= amount or math.abs(amount) == math.huge then
        found:add(2215, { message = ("cooperation: %s of '%s' is %s, not a number"):format(field,
          tostring(name), tostring(amount)), object = "cooperation", field = field,
          fix = "payoffs = { jobs = { assembly = 120, works = { KEN = 300, CHN = 80 } } }" })
      end
    end
  end
end

--- By kind, what an option pays to its place for one unit of the product: function(s, option).
local function payers_of(payoffs, chain)
  local found, pays = errors.findings(), {}
  for kind, given in each(payoffs) do
    if type(given) == "string" then
      local falling = measures.falling(chain, given, found)
      pays[kind] = function(s, option) return falling(option.variant or s, option) end
    else
      check_amounts(kind, given, chain, found)
      pays[kind] = function(s, option)
        local amount = given[s.name]
        if type(amount) == "table" then amount = amount[option.at] end
        return s.per_unit * (amount or 0)
      end
    end
  end
  found:raise()
  return pays
end

--- The weight that a member gives to a kind. CM2215.
local function weigher(weights, pays, place)
  local table_of = {}
  for kind, weight in each(weights) do
    if not pays[kind] then
      worth.refuse_weights(("'%s' has a weight, but nothing pays it"):format(tostring(kind)),
        "weights are of the kinds in payoffs")
    end
    local own = type(weight) == "table" and {}
    for member, w in each(own and weight or { weight }) do
      if type(w) ~= "number" or w ~= w or math.abs(w) == math.huge then
        worth.refuse_weights(("the weight of '%s' is %s, not a number"):format(kind, tostring(w)),
          ("weights = { %s = 0.05 }, or { %s = { KEN = 0.05 } }"):format(kind, kind))
      end
      if own then own[coalition.place(member, place, "weights." .. kind)] = w end
    end
    table_of[kind] = own or setmetatable({}, { __index = function() return weight end })
  end
  for kind in each(pays) do
    if not table_of[kind] then
      worth.refuse_weights(("payoffs of the kind '%s' have no weight"):format(tostring(kind)),
        ("say what one is worth: weights = { %s = 0.05 }, or { %s = { KEN = 0.05 } }"):format(kind,
          kind))
    end
  end
  return function(kind, member) return table_of[kind][place[member]] or 0 end
end

-- ---- versions of options ------------------------------------------------------------------------

local function add_version(v, o, t)
  v.option[#v.option + 1] = o
  for _, field in ipairs{ "needs", "without", "cost", "extra" } do
    table.insert(v[field], t[field])
  end
end

--- Versions of one option by who of its party is a member; the others are paid a price. A market,
--- and a stage of a recipe that is not taken, have no party.
local function doers_of(q, o, option)
  local list = { { needs = 0, without = 0, cost = q.problem.parts.cost[o] } }
  for _, who in ipairs(option.party or {}) do
    local i, longer = q.place[who], {}
    local bit, dearer = i and 1 << (i - 1), q.margin(who) * option.adds * option.party.share[who]
    for _, one in ipairs(list) do
      if i then
        longer[#longer + 1] = { needs = one.needs | bit, without = one.without, cost = one.cost }
      end
      if q.at_price then
        longer[#longer + 1] = { needs = one.needs, without = one.without | (bit or 0),
          cost = one.cost + dearer }
      end
    end
    list = longer
  end
  return list
end

local function versions_of(q)
  local t = q.problem.parts
  local v = { option = {}, needs = {}, without = {}, cost = {}, extra = {}, count = {} }
  local o = 0
  for i, count in ipairs(t.count) do
    local s, before = q.chain.list[i], #v.option
    for _ = 1, count do
      o = o + 1
      local extra, host = baseline.falling(q, s, t.list[o])
      for _, version in ipairs(doers_of(q, o, t.list[o])) do
        local needs, without, cost = version.needs, version.without, version.cost
        if extra == 0 or without & host ~= 0 then
          add_version(v, o, { needs = needs, without = without, cost = cost, extra = 0 })
        else
          add_version(v, o, { needs = needs | host, without = without, cost = cost, extra = extra })
          if needs & host == 0 then
            add_version(v, o, { needs = needs, without = without | host, cost = cost, extra = 0 })
          end
        end
      end
    end
    if #v.option == before then
      add_version(v, o, { needs = NEVER, without = 0, cost = t.cost[o], extra = 0 })
    end
    v.count[i] = #v.option - before
  end
  return v
end

--- What a problem says of options, said of their versions.
local function over_versions(of_option, list)
  local new = {}
  for field in each(list or {}) do new[field] = {} end
  local key = new.option and "option" or "index"
  for k, o in ipairs((list or {})[key] or {}) do
    for _, version in ipairs(of_option[o] or {}) do
      for field, values in each(list) do
        table.insert(new[field], field == key and version or values[k])
      end
    end
  end
  return new
end

--- Whether no arc costs anything, so that nothing compounds.
local function is_free(t)
  if t.operator_matrices or #t.ties.from > 0 then return false end
  for _, add in ipairs(t.arcs.add or {}) do
    if add ~= 0 then return false end
  end
  for _, matrix in ipairs(t.place_matrices) do
    for _, factor in ipairs(matrix) do
      if factor ~= 1 then return false end
    end
  end
  return true
end

--- Costs of all that is made, which may be below 0.
local function add_up(q, parts)
  parts.compounding, parts.arcs, parts.place_matrices = false, nil, nil
  for k, o in ipairs(q.versions.option) do
    local s = q.chain.list[q.problem.parts.stage[o]]
    parts.cost[k] = (s and s.per_unit or 1) * parts.cost[k] - q.versions.extra[k]
  end
end

--- What falls to places, beside a cost that compounds.
local function set_beside(q, entries)
  for _, field in ipairs{ "measure", "index", "value" } do entries[field] = entries[field] or {} end
  for k, extra in ipairs(q.versions.extra) do
    if extra ~= 0 then
      table.insert(entries.measure, 1)
      table.insert(entries.index, k)
      table.insert(entries.value, -extra)
    end
  end
end

--- The problem over versions.
---@param q table
---@param more (fun(parts: table))?  changes the parts
---@return capmod.Locate
function placing.core(q, more)
  local t, v, parts, of_option = q.problem.parts, q.versions, {}, {}
  for field, value in pairs(t) do parts[field] = value end -- any order
  parts.count, parts.cost, parts.place, parts.operator = v.count, {}, {}, {}
  for k, o in ipairs(v.option) do
    of_option[o] = of_option[o] or {}
    table.insert(of_option[o], k)
    parts.place[k], parts.operator[k], parts.cost[k] = t.place[o], t.operator[o], v.cost[k]
  end
  parts.option_entries = over_versions(of_option, t.option_entries)
  parts.needs = over_versions(of_option, t.needs)
  if is_free(t) then add_up(q, parts) else set_beside(q, parts.option_entries) end
  if more then more(parts) end
  return core.locate(parts)
end

-- ---- solving ------------------------------------------------------------------------------------

--- Places the chain with a coalition's versions: figures of the solve, and the choice of versions.
---@param p cm.Placing
---@param s integer
---@param start integer[]?
---@return table figures, integer[]? choice
local function solve(p, s, start)
  local v, allowed = p.versions, {}
  for k, needs in ipairs(v.needs) do allowed[k] = needs & ~s == 0 and v.without[k] & s == 0 end
  local limits = p.limits
  local found = p.core:solve{ allowed = allowed, time = limits.time, gap = limits.gap,
    nodes = limits.nodes, start = start }
  return found:figures(), found:choice(p.core)
end

--- The ends of the worth that a solve proves.
local function ends_of(p, s, figures)
  local top = p.top - coalition.sum(p.falls, s)
  if figures.status == "infeasible" or s & p.buyer ~= p.buyer then return 0, 0 end
  local low = figures.objective and math.max(0, top - figures.objective) or 0
  if figures.status == "optimal" then return low, low end
  local high = figures.bound and math.max(0, top - figures.bound) or math.huge
  if high == math.huge then
    errors.raise(2216, { message = ("cooperation: nothing is known of what %s can do: the solver "
      .. "was stopped before it had a plan or a bound"):format(coalition.label(p.members, s)),
      object = "cooperation", field = "time", fix = "give it more time or nodes" })
  end
  return low, math.max(low, high)
end

--- Whether larger coalitions are never worth less: they can do what smaller ones can, unless
--- something that falls to members counts against them.
local function is_monotone(p)
  for _, extra in ipairs(p.versions.extra) do
    if extra < 0 then return false end
  end
  for _, f in ipairs(p.falls) do
    if f ~= 0 then return false end
  end
  return true
end

--- What a coalition can do; a plan only where larger coalitions may start from it, which is where a
--- search had to branch.
---@param p cm.Placing
---@param s integer
---@param start integer[]?
---@return cm.Placed placed, integer[]? choice
local function placed(p, s, start)
  local figures, choice = solve(p, s, start)
  local low, high = ends_of(p, s, figures)
  local of_use = choice and figures.method ~= "dynamic programming" and p.one_version
  return { low = low, high = high, cost = of_use and figures.objective or nil,
    choice = of_use and choice or nil, stopped = figures.stop == "request" }, choice
end

-- ---- what the deal is about ---------------------------------------------------------------------

local function margins(given, found)
  local function check(value, field)
    if type(value) ~= "number" or not (value >= 0 and value < math.huge) then
      found:add(2041, { message = ("cooperation: %s is %s; a margin is a number from 0"):format(
        field, tostring(value)), object = "cooperation", field = field,
        fix = "margin = 0.2 is a fifth over what the work adds" })
    end
  end
  if type(given) ~= "table" then
    check(given, "margin")
    return function() return given end, ("%g %%"):format(100 * given)
  end
  local texts, by_code = {}, {}
  for who, value in each(given) do
    check(value, "margin." .. tostring(who))
    by_code[coalition.code(who)] = value
    texts[#texts + 1] = type(value) == "number" and ("%s %g %%"):format(who, 100 * value)
  end
  return function(who) return by_code[who] or 0 end, table.concat(texts, ", ")
end

local function weights_text(q)
  local texts = {}
  for kind in each(q.pays) do
    local weight = q.weights[kind]
    if type(weight) == "number" then
      texts[#texts + 1] = ("%s %g"):format(kind, weight)
    else
      for member, own in each(weight) do
        texts[#texts + 1] = ("%s %g (%s)"):format(kind, own, member)
      end
    end
  end
  return #texts > 0 and "weights: " .. table.concat(texts, ", ") or nil
end

--- What is in force, in lines that stand above every table.
local function definition_of(q, given, texts, margin_text)
  local lines, who = { "worth: " .. texts.worth }, ("outsiders: %s%s"):format(
    q.at_price and ("at price, %s over what they add"):format(margin_text) or "absent",
    given.buyer and "; buyer: " .. given.buyer or "")
  local without = "baseline: " .. texts.baseline
  if #who + #without < 90 then
    lines[2] = ("%s; %s"):format(who, without)
  else
    lines[2], lines[3] = who, without
  end
  lines[#lines + 1] = weights_text(q)
  return lines
end

--- Work, and payoffs by kind and member, in the plan of all.
local function plan_of(p, w, choice)
  if not choice then return end
  w.work, w.falls = {}, {}
  for _, name in ipairs(p.members) do w.work[name], w.falls[name] = 0, {} end
  for i, s in ipairs(p.chain.list) do
    local option = p.problem.parts.list[p.versions.option[choice[i]]]
    for _, who in ipairs(option.party or {}) do
      w.work[who] = (w.work[who] or 0) + s.per_unit * option.adds * option.party.share[who]
    end
    for kind, pays in each(p.place[option.at] and p.pays or {}) do
      local list = w.falls[option.at]
      list[kind] = (list[kind] or 0) + pays(s, option)
    end
  end
end

--- The options of a choice of versions; those of outsiders cost their margin more, which stands in
--- records of value for one unit of the product.
local function priced(p, s, choice)
  local t, options, asked = p.problem.parts, {}, {}
  local cost = table.move(t.cost, 1, #t.cost, 1, {})
  for i, version in ipairs(choice) do
    local o, stage = p.versions.option[version], p.chain.list[i]
    local option = t.list[o]
    options[i] = o
    for _, who in ipairs(p.at_price and option.party or {}) do
      local member = p.place[who]
      local dearer = p.margin(who) * option.adds * option.party.share[who]
      if dearer ~= 0 and not (member and coalition.has(s, member)) then
        cost[o] = cost[o] + dearer
        asked[#asked + 1] = { country = option.at, owner = who, stage = stage.name,
          sector = stage.sector or "(no sector)", component = "margin",
          value = stage.per_unit * dearer }
      end
    end
  end
  return options, cost, asked
end

--- The chain as a coalition does it, settled, with what trade takes and outsiders ask; and the ends
--- of what it leaves. Nil where the members have no way.
---@param p cm.Placing
---@param s integer
---@return cm.Chain? chain, number? low, number? high
function placing.settled(p, s)
  local choice, low, high = p.whole.choice, p.whole.low, p.whole.high
  if s ~= coalition.all(#p.members) then
    local figures
    figures, choice = solve(p, s)
    low, high = ends_of(p, s, figures)
  end
  if not choice then return nil end
  local options, cost, asked = priced(p, s, choice)
  local unpriced = setmetatable({ price = false }, { __index = p.chain }) -- the rest is shared
  local problem = setmetatable({ chain = unpriced }, { __index = p.problem })
  if #asked > 0 then
    problem.parts = { cost = cost }
    for field, value in pairs(p.problem.parts) do -- any order
      problem.parts[field] = problem.parts[field] or value
    end
    problem.valued = core.locate(problem.parts)
  end
  local records = locate.landing(problem, options)
  table.move(asked, 1, #asked, #records + 1, records)
  return insides.settle(p.source, false, locate.settled(p.problem, options), records), low, high
end

--- The stages that a coalition cannot do, in the order of the chain: it has no version of them.
---@param p cm.Placing
---@param s integer
---@return string[]
function placing.lacking(p, s)
  local v, can, named, names = p.versions, {}, {}, {}
  for k, needs in ipairs(v.needs) do
    if needs & ~s == 0 and v.without[k] & s == 0 then
      can[p.problem.parts.stage[v.option[k]]] = true
    end
  end
  for j, one in ipairs(p.chain.list) do
    if not can[j] and not named[one.name] then
      names[#names + 1], named[one.name] = one.name, true
    end
  end
  return names
end

--- What coalitions can make of a chain. CM2049 where inputs replace one another, CM2211 no price,
--- CM2214 baselines, CM2215 payoffs.
---@param given table   the fields of the deal
---@param members string[]
---@param place table<string, integer>
---@param listed boolean   all worths at once
---@return cm.Worths
function placing.worths(given, members, place, listed)
  local chain, found = insides.of(given.chain), errors.findings()
  local margin, margin_text = margins(given.margin or 0, found)
  if combine.names(chain.list) then
    combine.refuse(found, chain, "shares of the gain count what members make",
      "stages by a fixed recipe, combine = \"sum\", or a deal over plan.chain")
  end
  found:raise()
  local p = { chain = chain, source = given.chain, members = members, place = place,
    pays = payers_of(given.payoffs or {}, chain),
    weights = given.weights or {}, margin = margin, trade = given.trade, falls = {},
    at_price = given.outsiders == "at_price",
    buyer = given.buyer and 1 << (coalition.place(given.buyer, place, "buyer") - 1) or 0,
    limits = { time = given.time, gap = given.gap, nodes = given.nodes } }
  p.weight = weigher(p.weights, p.pays, place)
  p.problem = locate.problem(chain, { trade = given.trade })
  p.chain = p.problem.chain
  for i in ipairs(members) do p.falls[i] = 0 end
  local texts
  p.top, texts = baseline.top(p, given)
  p.versions = versions_of(p)
  p.core, p.monotone = placing.core(p), is_monotone(p)
  p.one_version = not p.at_price and next(p.pays) == nil
  local whole, choice = placed(p, coalition.all(#members))
  p.whole = { choice = choice, low = whole.low, high = whole.high }
  local w = listed and listing.all(#members, given.jobs or 1, function(s, start)
    return (placed(p, s, start))
  end, whole, p.monotone) or { low = {}, high = {} }
  w.value = function(s) return ends_of(p, s, (solve(p, s))) end
  plan_of(p, w, choice)
  w.placing, w.weight, w.baseline_falls = p, p.weight, p.falls
  w.definition = definition_of(p, given, texts, margin_text)
  table.insert(w.definition, w.stopped)
  if next(p.pays) then
    w.kinds = {}
    for kind in each(p.pays) do w.kinds[#w.kinds + 1] = kind end
  end
  return w
end

return placing
