--- A chain as a placement problem of the core: options, trade, rules; see plan.lua for what comes
--- of it. What arrives over an arc is value and freight with the importer's duty on both, so that
--- costs compound along the chain (Antras and de Gortari 2020); a market is a stage of its own.

local args = require "capmod.args"
local combine = require "capmod.chain.combine"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local facilities = require "capmod.chain.facilities"
local insides = require "capmod.chain.inside"
local links = require "capmod.chain.links"
local measures = require "capmod.chain.measures"
local recipes = require "capmod.chain.recipes"
local spread = require "capmod.chain.spread"
local stage = require "capmod.chain.stage"
local trades = require "capmod.chain.trade"

local locate = {}

--- What chain:locate may be asked.
locate.fields = {
  minimise = { "string", about = "\"cost\" (default), or a value: \"value.ETH\"" },
  maximise = { "string", about = "\"value.ETH\": what is added in a place for a unit of product" },
  subject = { "table", about = "rules: { cost = { max = 210 }, [\"jobs.ETH\"] = { min = 400 } }" },
  trade = { "table", about = "instead of the chain's: { freight = 0.05, tariff = ... }" },
  market = { "string", about = "where the product is sold, if not the chain's" },
  time = { "number", about = "seconds, for all of it; the best plan so far is then taken" },
  gap = { "number", about = "how near to the optimum is near enough: 1e-6" },
  nodes = { "integer", about = "limit of branch and bound, the same in every run" },
  seed = { "integer", about = "of the random moves in the search for plans, from 0; 0" },
  threads = { "integer", about = "of branch and bound where costs add up, from 1; as --threads" },
  method = { "string", about = "dynamic, junction, branch or program; chosen by what couples" },
  solver = { "string", about = "of the program: \"highs\" on the PATH, or a path of it; else CBC" },
  form = { "string", about = "of the program: \"tight\", or \"compact\", smaller and weaker" },
  exchange = { "boolean", about = "of branch: what its root leaves goes to CBC too" },
  certificate = { "boolean", about = "keep what proves the bound: plan:save \"x.certificate\"" },
}

local MOST_THREADS = 256

local METHODS = { "dynamic", "junction", "branch", "program" }
local FORMS = { "tight", "compact" }

--- Limits of the search are numbers from 0; a solver and a form are those of the program.
local function check_search(given, found)
  if given.method ~= nil then args.choice(given.method, "method", METHODS, "locate") end
  if given.form ~= nil then args.choice(given.form, "form", FORMS, "locate") end
  if given.exchange and (given.method or "branch") ~= "branch" then
    found:add(1004, { message = ("locate: method = \"%s\" has nothing to exchange"):format(
      given.method), object = "locate", field = "exchange", fix = "method = \"branch\"" })
  end
  if given.exchange and given.certificate then
    found:add(1004, { message = "locate: what CBC proves has no certificate", object = "locate",
      field = "exchange", fix = "certificate = true, or exchange = true" })
  end
  for field, noun in each{ form = "form", solver = "other solver" } do
    local fits = given.exchange and "branch" or "program"
    if given[field] and (given.method or fits) ~= fits and given.method ~= "program" then
      found:add(1004, { message = ("locate: method = \"%s\" has no %s"):format(given.method, noun),
        object = "locate", field = field, fix = ("method = \"program\", or no %s"):format(field) })
    end
  end
  for _, field in ipairs{ "time", "gap", "nodes", "seed", "threads" } do
    local value, least = given[field], field == "threads" and 1 or 0
    if type(value) == "number" and (value ~= value or value < least
      or field == "threads" and value > MOST_THREADS) then
      found:add(1004, { message = ("locate: %s = %s is no number from %d%s"):format(field,
        tostring(value), least, field == "threads" and " to " .. MOST_THREADS or ""),
        object = "locate", field = field,
        fix = ("%s: %s"):format(field, locate.fields[field].about) })
    end
  end
end

-- ---- places and options -------------------------------------------------------------------------

local function bought(s)
  local sum = 0
  for _, purchase in ipairs(s.buys) do sum = sum + purchase[2] end
  return sum
end

--- The ways in which a stage, or one of its recipes, may be done: places in the order of `at`,
--- operators in that of `by`.
local function add_ways(s, variant, add)
  for _, way in ipairs(s.ways or {}) do
    add{ at = way.at, by = way.by, party = way.party, terms = way.terms, raw = way.raw,
      mode = way.label, config = way.config, variant = variant }
  end
  local labels = s.by and (s.by.share and not s.by.open and { s.by[1] } or s.by)
  for _, at in ipairs(s.ways and {} or s.at) do
    for _, by in ipairs(labels or { at }) do
      add{ at = at, by = s.by and by, party = stage.party(s, by), terms = s.terms,
        mode = s.terms and s.terms.name, variant = variant }
    end
  end
end

--- The ways to do a stage, by each of its recipes, or not at all where it is part of one. Those
--- that lack the tier or a plant are left out, or barred by that where no other is left.
local function ways_of(s, dropped)
  local ways, lacking = {}, {}
  for _, one in ipairs(s.variants or { s }) do
    add_ways(one, s.variants and one, function(way)
      way.owners, way.recipe = way.terms and way.terms.owners, one.recipe
      way.lacks = facilities.lack(one, way, dropped)
      local list = way.lacks and lacking or ways
      list[#list + 1] = way
    end)
  end
  if s.part then ways[#ways + 1] = { at = recipes.nowhere, adds = 0, none = true } end
  if #ways > 0 then return ways, lacking end
  return lacking, {}
end

--- The options of every stage, and in `barred` those that lack something.
local function options_of(chain, dropped, place_at, operator_at)
  local t = { count = {}, place = {}, operator = {}, cost = {}, list = {}, stage = {},
    barred = {} }
  for i, s in ipairs(chain.list) do
    local ways, lacking = ways_of(s, dropped)
    t.count[i], t.barred[i] = #ways, lacking
    for _, way in ipairs(ways) do
      local o, one = #t.list + 1, way.variant or s
      way.shares = s.weight and not way.none and stage.places_text(s.whole.at) or nil
      t.list[o], t.stage[o] = way, i
      t.place[o] = place_at{ code = way.at, none = way.none, recipe = s.variants and way.recipe }
      t.operator[o], t.cost[o] = operator_at(way.party), 0
      if not way.none then
        local figure = stage.whole(one.whole or one, way.at, way.party, way.terms)
        way.figure, way.adds = figure, figure.total
        t.cost[o] = figure.total + (figure.materials or 0) + bought(one)
      end
    end
  end
  return t
end

--- Buyers that are nowhere in particular, where what is sold is in shares and no market is named:
--- they buy it by its shares, and nothing comes on top.
local function add_buyers(t, chain, place_at, operator_at)
  local used, any = {}, false
  for _, s in ipairs(chain.list) do
    for _, use in ipairs(s.uses) do used[use[1]] = true end
  end
  for _, s in ipairs(chain.list) do any = any or s.weight and not used[s.name] end
  if not any then return end
  local o = #t.list + 1
  t.market, t.list[o] = #chain.list + 1, { at = recipes.nowhere, adds = 0, none = true }
  t.place[o], t.operator[o] = place_at{ code = recipes.nowhere, none = true }, operator_at(nil)
  t.cost[o], t.stage[o], t.count[t.market] = 0, t.market, 1
end

--- The market as a stage of its own: it buys, or buys what claims a lower duty by its origin.
local function add_market(t, chain, market, terms, place_at, operator_at)
  t.market = #chain.list + 1
  local function option(claim)
    local o = #t.list + 1
    t.list[o] = { at = market, adds = 0, claim = claim }
    t.place[o], t.operator[o] = place_at{ code = market, claim = claim }, operator_at(nil)
    t.cost[o], t.stage[o], t.count[t.market] = 0, t.market, (t.count[t.market] or 0) + 1
    return o
  end
  option()
  if terms.origin[market] then t.claim = option(true) end
end

-- ---- what may not be parted ---------------------------------------------------------------------

--- Options of a stage by the place where they are.
local function options_by_place(t, i)
  local at = {}
  for o, option in ipairs(t.list) do
    if t.stage[o] == i and not option.none then
      at[option.at] = at[option.at] or {}
      table.insert(at[option.at], o)
    end
  end
  return at
end

--- Where recipes are open, a stage at a place is there only if the first of its group is.
local function add_implied(t, chain, group, number)
  local first
  for _, name in ipairs(group) do
    local s = chain.list[number[name]]
    if not first or first.part and not s.part then first = s end
  end
  local there = options_by_place(t, number[first.name])
  for _, name in ipairs(group) do
    local s = chain.list[number[name]]
    local other = first.part and s.part and first.part.recipe ~= s.part.recipe
    for at, options in each(s ~= first and not other and options_by_place(t, number[name]) or {}) do
      local n = measures.row(t, 0, -math.huge, 0)
      for _, o in ipairs(options) do measures.add(t, n, o, 1) end
      for _, o in ipairs(there[at] or {}) do measures.add(t, n, o, -1) end
    end
  end
end

--- Groups that may not be parted: as joins of the core, or as rules where recipes are open.
local function add_joins(t, chain, number, dropped)
  t.joins, t.implied = {}, {}
  for g, group in ipairs(chain.colocate or {}) do
    local is_open = false
    for _, name in ipairs(group) do
      local s = chain.list[number[name]]
      is_open = is_open or s.part or s.variants
    end
    local holds = not dropped["colocate " .. g] and not spread.is_settled(chain, group)
    if holds and is_open then
      t.implied[#t.implied + 1] = group
    elseif holds then
      for k = 2, #group do
        t.joins[#t.joins + 1] = number[group[1]]
        t.joins[#t.joins + 1] = number[group[k]]
      end
    end
  end
end

--- The parts of a stage in shares are done by one operator and by one recipe.
local function add_parts(t, chain)
  local first = {}
  for o, i in ipairs(t.stage) do first[i] = first[i] or o end
  for i, s in ipairs(chain.list) do
    local lead = s.weight and chain.numbers[s.name][1]
    for k = 0, lead and lead ~= i and t.count[i] > 1 and t.count[i] - 1 or -1 do
      local n = measures.row(t, 0, 0, 0)
      measures.add(t, n, first[i] + k, 1)
      measures.add(t, n, first[lead] + k, -1)
    end
  end
end

-- ---- modes --------------------------------------------------------------------------------------

--- Stage i takes a mode if, and only if, the first stage of the block takes it; a stage that is not
--- made need not.
local function add_whole(t, chain, i, options, first)
  local n = measures.row(t, 0, 0, math.huge)
  local most = measures.row(t, 0, -math.huge, 0)
  for _, row in ipairs{ n, most } do
    for _, o in ipairs(options) do measures.add(t, row, o, 1) end
    for _, o in ipairs(first) do measures.add(t, row, o, -1) end
  end
  for o, option in ipairs(chain.list[i].part and t.list or {}) do
    if t.stage[o] == i and option.none then measures.add(t, n, o, 1) end
  end
end

--- One mode for the chain where it says so, and none by halves where a mode moves a whole block.
local function add_modes(t, chain)
  if not chain.modes then return end
  if chain.modes.per == "chain" then
    local n = measures.row(t, 0, 0, 1)
    for f, facility in ipairs(t.built) do
      if facility.label == "mode" then measures.add_facility(t, n, f, 1) end
    end
    return
  end
  local first, moved = {}, {}
  for o, option in ipairs(t.list) do
    local c, i = option.terms and option.terms.whole and option.config, t.stage[o]
    if c then
      moved[c] = moved[c] or {}
      moved[c][i] = moved[c][i] or {}
      table.insert(moved[c][i], o)
      if not first[c] or chain.list[first[c]].part and not chain.list[i].part then first[c] = i end
    end
  end
  for c, stages in each(moved) do
    for i, options in each(stages) do
      if i ~= first[c] then add_whole(t, chain, i, options, stages[first[c]]) end
    end
  end
end

-- ---- rules of origin ----------------------------------------------------------------------------

--- Whoever claims a lower duty needs content of the members, as a share of the landed value; goods
--- from elsewhere cannot be part of it.
local function add_origin(t, chain, terms, market)
  local rule = t.claim and terms.origin[market]
  if not rule then return end
  local n = measures.row(t, -rule.min, 0, math.huge)
  for o, option in ipairs(t.list) do
    local s, value = option.variant or chain.list[t.stage[o]], 0
    if not s and o ~= t.claim then measures.add(t, n, o, rule.min * links.most(t)) end
    for _, code in ipairs(s and option.figure and rule.of or {}) do
      value = value + measures.value(s, option, code)
    end
    if s and option.figure and not rule.is_of[market] then
      value = value + measures.value(s, option, market)
    end
    measures.add(t, n, o, value)
  end
end

-- ---- the problem --------------------------------------------------------------------------------

--- The rules of a problem as they may be left out, each as an author would name it.
---@param chain table
---@param given table
---@param trade table  see trade.read
---@return { key: string, text: string }[]
function locate.rules(chain, given, trade)
  local rules = {}
  for name, rule in each(given.subject or {}) do
    local sides = {}
    if rule.min then sides[#sides + 1] = "at least " .. stage.figure_text(rule.min) end
    if rule.max then sides[#sides + 1] = "at most " .. stage.figure_text(rule.max) end
    rules[#rules + 1] = { key = "subject " .. name,
      text = ("%s %s"):format(name, table.concat(sides, " and ")) }
  end
  for g, group in ipairs(chain.colocate or {}) do
    rules[#rules + 1] = { key = "colocate " .. g,
      text = "not parted: " .. table.concat(group, ", ") }
  end
  for n, rule in ipairs(chain.nearby) do
    rules[#rules + 1] = { key = "nearby " .. n, text = rule.text }
  end
  table.move(trade.bars, 1, #trade.bars, #rules + 1, rules)
  local more = facilities.rules(chain)
  return table.move(more, 1, #more, #rules + 1, rules)
end

--- What leaves the chain in quantities leaves it for a market.
local function refuse_demand(chain, found)
  for _, s in ipairs(chain.list) do
    if s.demand then
      found:add(1002, { message = ("locate: '%s' has a demand, but there is no market"):format(
        s.name), object = "locate", field = "market",
        fix = "say where it is sold: market = \"USA\"" })
      return
    end
  end
end

--- Checks what locate is asked, all findings at once, and makes the problem.
---@param chain table  the inside of a chain
---@param given table
---@param dropped? table<string, boolean>  rules left out
---@return table problem { core =, valued =, parts =, trade =, market =, objective =, number =,
---  chain = }: `valued` has costs that compound; `core` too, or costs that add up where none does;
---  stages by number are those of `chain`, spread over the places of their shares
function locate.problem(chain, given, dropped)
  local found = errors.findings()
  args.check("locate", given, locate.fields, found)
  check_search(given, found)
  chain = spread.of(chain, found)
  found:raise()
  dropped = dropped or {}
  local nodes, place_at = links.nodes()
  local parties, operator_at = links.parties()
  local t = options_of(chain, dropped, place_at, operator_at)
  local terms = given.trade and trades.read(insides.copy(given.trade), chain.list, found,
    chain.absent, chain.world.places) or chain.trade
  local market = given.market and stage.place(given.market, found, "locate", "market")
    or chain.market
  found:raise()
  if market then
    add_market(t, chain, market, terms, place_at, operator_at)
  else
    refuse_demand(chain, found)
    add_buyers(t, chain, place_at, operator_at)
  end
  local number = links.add(t, chain, dropped)
  links.add_trade(t, chain, nodes, terms)
  links.add_interfaces(t, chain, nodes, parties, terms, dropped)
  add_joins(t, chain, number, dropped)
  facilities.add(t, chain, dropped)
  combine.check(t, chain, found)
  local objective = measures.read(t, chain, given, dropped, found)
  found:raise()
  for _, group in ipairs(t.implied) do add_implied(t, chain, group, number) end
  add_parts(t, chain)
  add_modes(t, chain)
  add_origin(t, chain, terms, market)
  combine.apply(t, chain)
  t.places, t.operators, t.compounding = #nodes, #parties, true
  local valued, sum = core.locate(t), links.added(t, chain)
  return { core = sum and core.locate(sum) or valued, valued = valued, chain = chain, parts = t,
    lists = sum or t, trade = terms, market = market, objective = objective, number = number }
end

-- ---- what a plan pays beside its stages ---------------------------------------------------------

--- What the price leaves over the landed cost of a chain whose costs are stated: it goes to whoever
--- gets the rest, or else to the owners of what is sold, by what it is worth.
local function add_margin(records, chain, t, choice, sums)
  local costed, total, worth = false, 0, {}
  for _, s in ipairs(chain.list) do costed = costed or s.costed end
  if not chain.price or not costed then return end
  for i, s in ipairs(chain.list) do
    local sold = s.demand or (t.is_used[s.name] and 0 or 1)
    worth[i] = sold * (s.weight or 1) * sums.values[i]
    total = total + worth[i]
  end
  local margin = chain.price - sums.cost
  if chain.rest then
    records[#records + 1] = { country = chain.rest, owner = chain.rest, stage = "(rest)",
      sector = "(rest)", component = "(rest)", value = margin }
    return
  end
  for i, s in ipairs(chain.list) do
    local option = t.list[choice[i]]
    local owners = option.owners or option.party
    for _, code in ipairs(worth[i] > 0 and owners or {}) do
      records[#records + 1] = { country = option.at, owner = code, stage = s.name,
        sector = s.sector or "(no sector)", component = "profit",
        value = margin * worth[i] / total * owners.share[code] }
    end
  end
end

local function charge(stage_name, component, place, amount)
  return { country = place, owner = place, stage = stage_name, sector = "(trade)",
    component = component, value = amount }
end

--- What changes in the stages of a chain so that it is settled as chosen; see chain:with.
---@param problem table
---@param choice integer[]
---@return table<string, table>
function locate.settled(problem, choice)
  local stages = {}
  for i, s in ipairs(problem.chain.list) do
    local option = problem.parts.list[choice[i]]
    if not option.none then
      stages[s.name] = { at = not s.weight and option.at or nil,
        by = s.by and option.party.share or nil, recipe = s.variants and option.recipe or nil }
      if s.ways then
        stages[s.name].mode, stages[s.name].options = option.raw or false, false
        stages[s.name].modes = false
      end
    end
  end
  combine.settle(problem, choice, stages)
  return stages
end

--- What trade and facilities cost in a plan, as records of value for one unit of the product:
--- freight of nobody's, duties the importer's, entry and set-up the place's where they are spent.
---@param problem table
---@param choice integer[]
---@return table[] records, table[] opened  see facilities.opened
function locate.landing(problem, choice)
  local chain, t, records = problem.chain, problem.parts, {}
  local sums = problem.valued:evaluate(choice)
  local flows = combine.flows(t, chain, choice, sums.values)
  for a, from in ipairs(t.arcs.from) do
    local source, user = chain.list[from].name, t.list[choice[t.arcs.to[a]]]
    local freight, duty, face = links.paid(t, chain, problem.trade, a, choice, sums.values,
      flows)
    records[#records + 1] = charge(source, "freight", "(freight)", freight)
    records[#records + 1] = charge(source, "duty", user.at, duty)
    records[#records + 1] = charge(source, "interface", "(interface)", face)
  end
  add_margin(records, chain, t, choice, sums)
  local opened = facilities.opened(t, choice, sums.volumes)
  for _, one in ipairs(opened) do
    local place, volume = one.to or one.at, chain.world.volume
    local label = one.class and ("(%s: %s)"):format(one.label, one.class)
      or ("(%s)"):format(one.label)
    records[#records + 1] = charge(label, one.label, place, one.charged / volume)
    for code, share in each(one.payers) do
      local record = charge(label, "scale", place, one.scale / volume * share)
      record.owner = code
      records[#records + 1] = record
    end
  end
  return records, opened
end

return locate
