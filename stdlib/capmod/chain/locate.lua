--- A chain as a placement problem of the core: options, trade, rules; see plan.lua for what comes
--- of it. What arrives over an arc is value and freight with the importer's duty on both, so that
--- costs compound along the chain (Antras and de Gortari 2020); a market is a stage of its own.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local facilities = require "capmod.chain.facilities"
local insides = require "capmod.chain.inside"
local measures = require "capmod.chain.measures"
local stage = require "capmod.chain.stage"
local trades = require "capmod.chain.trade"

local locate = {}

local FIELDS = {
  minimise = { "string", about = "\"cost\" (default), or a value: \"value.ETH\"" },
  maximise = { "string", about = "\"value.ETH\": what is added in a place for a unit of product" },
  subject = { "table", about = "rules: { cost = { max = 210 }, [\"jobs.ETH\"] = { min = 400 } }" },
  trade = { "table", about = "instead of the chain's: { freight = 0.05, tariff = ... }" },
  market = { "string", about = "where the product is sold, if not the chain's" },
  time = { "number", about = "seconds after which the best plan so far is taken" },
  gap = { "number", about = "how near to the optimum is near enough: 1e-6" },
  nodes = { "integer", about = "limit of branch and bound, the same in every run" },
}

-- ---- places and options -------------------------------------------------------------------------

local function indexer()
  local list, at = {}, {}
  return list, function(code)
    if not at[code] then
      list[#list + 1] = code
      at[code] = #list
    end
    return at[code]
  end
end

--- A stage in shares of several places has no one place to trade from.
local function refuse_shares(chain, found)
  for _, s in ipairs(chain.list) do
    if s.at.share and #s.at > 1 then
      found:add(2040, {
        message = ("'%s': the stage '%s' is in shares of %s: it has no one place"):format(
          chain.name, s.name, table.concat(s.at, ", ")),
        object = ("stage '%s'"):format(s.name), field = "at",
        fix = "make it a stage for each place, or a list of candidates",
      })
    end
  end
end

local function bought(s)
  local sum = 0
  for _, purchase in ipairs(s.buys) do sum = sum + purchase[2] end
  return sum
end

--- The ways to do a stage: places in the order of `at`, operators in that of `by`. Those that fall
--- short of its tier are left out, or marked `short` where no other is left.
local function ways_of(s)
  local ways, short = {}, {}
  local function add(way)
    way.owners = way.terms and way.terms.owners
    local list = facilities.is_short(s, way.party) and short or ways
    list[#list + 1] = way
  end
  for _, way in ipairs(s.ways or {}) do
    add{ at = way.at, by = way.by, party = way.party, terms = way.terms, raw = way.raw,
      mode = way.label, config = way.config }
  end
  local labels = s.by and (s.by.share and not s.by.open and { s.by[1] } or s.by)
  for _, at in ipairs(s.ways and {} or s.at) do
    for _, by in ipairs(labels or { at }) do
      add{ at = at, by = s.by and by, party = stage.party(s, by), terms = s.terms,
        mode = s.terms and s.terms.name }
    end
  end
  if #ways > 0 then return ways, short end
  for _, way in ipairs(short) do way.short = true end
  return short, {}
end

--- The options of every stage, and in `barred` those that fall short of its tier.
local function options_of(chain, dropped, place_at, operator_at)
  local t = { count = {}, place = {}, operator = {}, cost = {}, list = {}, stage = {},
    barred = {} }
  for i, s in ipairs(chain.list) do
    local ways, short = ways_of(s)
    if dropped["tier of " .. s.name] then table.move(short, 1, #short, #ways + 1, ways) end
    t.count[i], t.barred[i] = #ways, short
    for _, way in ipairs(ways) do
      local o = #t.list + 1
      local figure = stage.whole(s, way.at, way.party, way.terms)
      way.figure, way.adds = figure, figure.total
      way.short = way.short and not dropped["tier of " .. s.name]
      t.list[o], t.stage[o] = way, i
      t.place[o], t.operator[o] = place_at(way.at), operator_at(stage.party_text(way.party))
      t.cost[o] = figure.total + (figure.materials or 0) + bought(s)
    end
  end
  return t
end

-- ---- trade --------------------------------------------------------------------------------------

--- What the importer takes on an arc, given the options at its two ends.
local function duty_of(terms, input, user, s)
  local rule = user.claim and terms.origin[user.at]
  if rule and input.at ~= user.at then return rule.duty end
  return terms.tariff(input.at, user.at, s)
end

--- One matrix of factors for each stage that goes somewhere: (1 + freight) (1 + duty). Places are
--- the options' own; `claims` has those that stand for a market where an origin is claimed.
local function add_trade(t, chain, places, terms, claims)
  t.place_matrices = {}
  for i, s in ipairs(chain.list) do
    local m = {}
    for _, from in ipairs(places) do
      for _, to in ipairs(places) do
        local user = { at = claims[to] or to, claim = claims[to] }
        local input = { at = claims[from] or from }
        m[#m + 1] = (1 + terms.freight(input.at, user.at)) * (1 + duty_of(terms, input, user, s))
      end
    end
    t.place_matrices[i] = m
  end
end

--- What it costs where operators meet: one matrix for all arcs.
local function add_interface(t, operators, party_of, terms)
  if not terms.meets then return end
  local m = {}
  for _, one in ipairs(operators) do
    for _, other in ipairs(operators) do
      m[#m + 1] = one ~= other and party_of[one] and party_of[other]
        and terms.interface(party_of[one], party_of[other]) or 0
    end
  end
  t.operator_matrices = { m }
  for a in ipairs(t.arcs.from) do
    t.arcs.interface[a] = t.arcs.to[a] ~= t.market and 1 or 0
  end
end

-- ---- arcs ---------------------------------------------------------------------------------------

local MARKET = "\0market" -- the operator of a market, who meets nobody

--- The market as a stage of its own: it buys, or buys what claims a lower duty by its origin.
local function add_market(t, chain, market, terms, claims, place_at, operator_at)
  t.market = #chain.list + 1
  local function option(place, claim)
    local o = #t.list + 1
    t.list[o] = { at = market, adds = 0, claim = claim }
    t.place[o], t.operator[o], t.cost[o] = place_at(place), operator_at(MARKET), 0
    t.stage[o] = t.market
    t.count[t.market] = (t.count[t.market] or 0) + 1
    return o
  end
  option(market)
  if terms.origin[market] then
    claims["\0claim"] = market
    t.claim = option("\0claim", true)
  end
end

local function add_arcs(t, chain)
  local number, used = {}, {}
  local arcs = { from = {}, to = {}, quantity = {}, times = {}, interface = {} }
  local function arc(from, to, quantity)
    if quantity == 0 then return end
    local n = #arcs.from + 1
    arcs.from[n], arcs.to[n], arcs.quantity[n], arcs.times[n] = from, to, quantity, from
    arcs.interface[n] = 0
  end
  for i, s in ipairs(chain.list) do number[s.name] = i end
  for i, s in ipairs(chain.list) do
    for _, use in ipairs(s.uses) do
      used[use[1]] = true
      arc(number[use[1]], i, use[2])
    end
  end
  for i, s in ipairs(t.market and chain.list or {}) do
    arc(i, t.market, s.demand or used[s.name] and 0 or 1)
  end
  t.arcs, t.is_used = arcs, used
  return number
end

local function add_joins(t, chain, number, dropped)
  t.joins = {}
  for g, group in ipairs(chain.colocate or {}) do
    for k = 2, dropped["colocate " .. g] and 0 or #group do
      t.joins[#t.joins + 1] = number[group[1]]
      t.joins[#t.joins + 1] = number[group[k]]
    end
  end
end

-- ---- modes --------------------------------------------------------------------------------------

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
  local first, rows = {}, {}
  for o, option in ipairs(t.list) do
    local c = option.terms and option.terms.whole and option.config
    if c then
      local s = t.stage[o]
      first[c] = first[c] or s
      rows[c] = rows[c] or {}
      rows[c][s] = rows[c][s] or {}
      table.insert(rows[c][s], o)
    end
  end
  for c, stages in each(rows) do
    for s, options in each(stages) do
      local n = s ~= first[c] and measures.row(t, 0, 0, 0)
      for _, o in ipairs(n and options or {}) do measures.add(t, n, o, 1) end
      for _, o in ipairs(n and stages[first[c]] or {}) do measures.add(t, n, o, -1) end
    end
  end
end

-- ---- rules of origin ----------------------------------------------------------------------------

--- More than any choice can cost: every option at its dearest, over every arc at its dearest.
local function most_cost(t)
  local worth, arcs = {}, t.arcs
  local graph = core.graph(#t.count, arcs.from, arcs.to, arcs.quantity)
  local meeting = 0
  for _, x in ipairs(t.operator_matrices and t.operator_matrices[1] or {}) do
    meeting = math.max(meeting, x)
  end
  for o, s in ipairs(t.stage) do worth[s] = math.max(worth[s] or 0, t.cost[o]) end
  local leaving = {}
  for a, from in ipairs(arcs.from) do
    leaving[from] = leaving[from] or {}
    table.insert(leaving[from], a)
  end
  local total = 0
  for _, s in ipairs(graph:order()) do
    for _, a in ipairs(leaving[s] or {}) do
      local factor = 1
      for _, x in ipairs(t.place_matrices[arcs.times[a]]) do factor = math.max(factor, x) end
      worth[arcs.to[a]] = worth[arcs.to[a]] + arcs.quantity[a] * worth[s] * factor + meeting
    end
    total = math.max(total, worth[s])
  end
  for _, fixed in ipairs(t.facilities.fixed) do total = total + fixed end
  for _, paid in ipairs(t.facilities.cost) do total = total + paid end
  return total
end

--- Whoever claims a lower duty needs content of the members, as a share of the landed value; goods
--- from elsewhere cannot be part of it.
local function add_origin(t, chain, terms, market)
  local rule = t.claim and terms.origin[market]
  if not rule then return end
  local n = measures.row(t, -rule.min, 0, math.huge)
  for o, option in ipairs(t.list) do
    local s = chain.list[t.stage[o]]
    if not s and o ~= t.claim then measures.add(t, n, o, rule.min * most_cost(t)) end
    local value = 0
    for _, code in ipairs(s and rule.of or {}) do
      value = value + measures.value(s, option, code)
    end
    if s and not rule.is_of[market] then value = value + measures.value(s, option, market) end
    measures.add(t, n, o, value)
  end
  for a, to in ipairs(t.arcs.to) do
    if to == t.market then t.arcs.add[a] = #t.place_matrices + 1 end
  end
  local forbid = {}
  for _, from in ipairs(t.codes) do
    for _, to in ipairs(t.codes) do
      local barred = to == "\0claim" and from ~= market and not rule.is_of[from]
      forbid[#forbid + 1] = barred and math.huge or 0
    end
  end
  t.place_matrices[#t.place_matrices + 1] = forbid
end

-- ---- the problem --------------------------------------------------------------------------------

--- The rules of a problem as they may be left out, each as an author would name it.
---@param chain table
---@param given table
---@return { key: string, text: string }[]
function locate.rules(chain, given)
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
---@return table problem { core =, parts =, trade =, market =, objective =, number = }
function locate.problem(chain, given, dropped)
  local found = errors.findings()
  args.check("locate", given, FIELDS, found)
  refuse_shares(chain, found)
  found:raise()
  dropped = dropped or {}
  local places, place_at = indexer()
  local operators, operator_at = indexer()
  local t = options_of(chain, dropped, place_at, operator_at)
  local terms = given.trade and trades.read(insides.copy(given.trade), chain.list, found)
    or chain.trade
  local market = given.market and stage.place(given.market, found, "locate", "market")
    or chain.market
  local claims, party_of = {}, {}
  for _, option in ipairs(t.list) do party_of[stage.party_text(option.party)] = option.party end
  if market then
    add_market(t, chain, market, terms, claims, place_at, operator_at)
  else
    refuse_demand(chain, found)
  end
  local number = add_arcs(t, chain)
  t.codes, t.arcs.add = places, {}
  for a in ipairs(t.arcs.from) do t.arcs.add[a] = 0 end
  add_trade(t, chain, places, terms, claims)
  add_interface(t, operators, party_of, terms)
  add_joins(t, chain, number, dropped)
  facilities.add(t, chain, dropped)
  local objective = measures.read(t, chain, given, dropped, found)
  found:raise()
  add_modes(t, chain)
  add_origin(t, chain, terms, market)
  t.places, t.operators, t.compounding = #places, #operators, true
  return { core = core.locate(t), parts = t, trade = terms, market = market,
    objective = objective, number = number }
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
    worth[i] = sold * sums.values[i]
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

--- What trade and facilities cost in a plan, as records of value for one unit of the product:
--- freight of nobody's, duties the importer's, entry and set-up the place's where they are spent.
---@param chain table
---@param problem table
---@param choice integer[]
---@return table[] records, table[] opened  see facilities.opened
function locate.landing(chain, problem, choice)
  local t, records = problem.parts, {}
  local sums = problem.core:evaluate(choice)
  for a, from in ipairs(t.arcs.from) do
    local to = t.arcs.to[a]
    local input, user = t.list[choice[from]], t.list[choice[to]]
    local s, source = chain.list[to], chain.list[from]
    local times = s and s.per_unit or 1
    local units = t.arcs.quantity[a] * times * sums.values[from]
    local freight = problem.trade.freight(input.at, user.at)
    local duty = duty_of(problem.trade, input, user, source)
    records[#records + 1] = charge(source.name, "freight", "(freight)", units * freight)
    records[#records + 1] = charge(source.name, "duty", user.at, units * (1 + freight) * duty)
    if t.arcs.interface[a] == 1 and input.party ~= user.party
      and stage.party_text(input.party) ~= stage.party_text(user.party) then
      records[#records + 1] = charge(source.name, "interface", "(interface)",
        times * problem.trade.interface(input.party, user.party))
    end
  end
  add_margin(records, chain, t, choice, sums)
  local opened = facilities.opened(t, choice, sums.volumes)
  for _, one in ipairs(opened) do
    local place, volume = one.to or one.at, chain.world.volume
    local label = one.class and ("(%s: %s)"):format(one.label, one.class)
      or ("(%s)"):format(one.label)
    records[#records + 1] = charge(label, one.label, place, one.investment / volume)
    for code, share in each(one.payers) do
      local record = charge(label, "scale", place, one.scale / volume * share)
      record.owner = code
      records[#records + 1] = record
    end
  end
  return records, opened
end

return locate
