--- A chain as a placement problem of the core: options, trade, rules; see plan.lua for what comes
--- of it. What arrives over an arc is value and freight with the importer's duty on both, so that
--- costs compound along the chain (Antras and de Gortari 2020); a market is a stage of its own.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"

local locate = {}

local FIELDS = {
  minimise = { "string", about = "\"cost\" (default), or a value: \"value.ETH\"" },
  maximise = { "string", about = "\"value.ETH\": what is added in a place for a unit of product" },
  subject = { "table", about = "rules: { cost = { max = 210 }, [\"value.ETH\"] = { min = 40 } }" },
  trade = { "table", about = "{ freight = 0.05, tariff = { BRA = { assembly = 0.35 } } }" },
  market = { "string", about = "where the product is sold, if not the chain's" },
  time = { "number", about = "seconds after which the best plan so far is taken" },
  gap = { "number", about = "how near to the optimum is near enough: 1e-6" },
  nodes = { "integer", about = "limit of branch and bound, the same in every run" },
}

local TRADE = {
  freight = { "number", "table", about = "share of the value, or { CHN = { BRA = 0.05 } }" },
  tariff = { "table", about = "importer's duties: { BRA = 0.1, USA = { assembly = 0.25 } }" },
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
    for _, field in ipairs{ "at", "by" } do
      if s[field] and s[field].share and #s[field] > 1 then
        found:add(2040, {
          message = ("'%s': the stage '%s' is in shares of %s: it has no one place"):format(
            chain.name, s.name, table.concat(s[field], ", ")),
          object = ("stage '%s'"):format(s.name), field = field,
          fix = "make it a stage for each place, or a list of candidates",
        })
      end
    end
  end
end

local function bought(s)
  local sum = 0
  for _, purchase in ipairs(s.buys) do sum = sum + purchase[2] end
  return sum
end

--- The options of every stage: places in the order of `at`, operators in that of `by`.
local function options_of(chain, place_at, operator_at)
  local t = { count = {}, place = {}, operator = {}, cost = {}, list = {}, stage = {} }
  for i, s in ipairs(chain.list) do
    t.count[i] = 0
    for _, at in ipairs(s.at) do
      for _, by in ipairs(s.by or { at }) do
        local o = #t.list + 1
        local figure = stage.figure(s, at, by)
        t.list[o] = { at = at, by = s.by and by, adds = figure.total }
        t.place[o], t.operator[o] = place_at(at), operator_at(by)
        t.cost[o], t.stage[o] = figure.total + bought(s), i
        t.count[i] = t.count[i] + 1
      end
    end
  end
  return t
end

-- ---- trade --------------------------------------------------------------------------------------

local function rate(value, found, field)
  if type(value) == "number" and value >= 0 and value < math.huge then return value end
  found:add(2041, { message = ("locate: %s is %s; a rate is a number from 0"):format(field,
    tostring(value)), object = "locate", field = field,
    fix = "write shares of the value: 0.05 for 5 per cent" })
  return 0
end

local function place_of(code, found, field)
  return stage.place(code, found, "locate", field) or code
end

--- Freight between places: function(from, to).
local function freight_of(given, found)
  if type(given) ~= "table" then
    local flat = rate(given or 0, found, "trade.freight")
    return function(from, to) return from == to and 0 or flat end
  end
  local rates = {}
  for from, row in each(given) do
    local code = place_of(from, found, "trade.freight")
    rates[code] = {}
    args.one(row, "locate", "trade.freight." .. tostring(from), "table")
    for to, value in each(row) do
      rates[code][place_of(to, found, "trade.freight")] = rate(value, found,
        ("trade.freight.%s.%s"):format(from, to))
    end
  end
  return function(from, to)
    local row = rates[from] or {}
    return from == to and 0 or row[to] or (rates[to] or {})[from] or 0
  end
end

--- Duties of importers by stage: function(from, to, name of the stage).
local function tariff_of(given, chain, found)
  local rates = {}
  for importer, row in each(given or {}) do
    local code = place_of(importer, found, "trade.tariff")
    local field = "trade.tariff." .. tostring(importer)
    if type(row) ~= "table" then
      local flat = rate(row, found, field)
      rates[code] = setmetatable({}, { __index = function() return flat end })
    else
      rates[code] = {}
      for name, value in each(row) do
        require "capmod.chain.graph".find(chain.list, name, found, "locate", field)
        rates[code][name] = rate(value, found, field .. "." .. tostring(name))
      end
    end
  end
  return function(from, to, name)
    return from == to and 0 or (rates[to] or {})[name] or 0
  end
end

--- One matrix of factors for each stage that goes somewhere: (1 + freight) (1 + duty).
local function add_trade(t, chain, places, trade, found)
  args.check("trade", trade or {}, TRADE, found)
  trade = trade or {}
  local freight, tariff = freight_of(trade.freight, found), tariff_of(trade.tariff, chain, found)
  t.place_matrices = {}
  for i, s in ipairs(chain.list) do
    local m = {}
    for _, from in ipairs(places) do
      for _, to in ipairs(places) do
        m[#m + 1] = (1 + freight(from, to)) * (1 + tariff(from, to, s.name))
      end
    end
    t.place_matrices[i] = m
  end
  return freight, tariff
end

-- ---- arcs ---------------------------------------------------------------------------------------

local function add_arcs(t, chain, market, place_at, operator_at)
  local number, used, arcs = {}, {}, { from = {}, to = {}, quantity = {}, times = {} }
  local function arc(from, to, quantity)
    if quantity == 0 then return end
    local n = #arcs.from + 1
    arcs.from[n], arcs.to[n], arcs.quantity[n], arcs.times[n] = from, to, quantity, from
  end
  for i, s in ipairs(chain.list) do number[s.name] = i end
  for i, s in ipairs(chain.list) do
    for _, use in ipairs(s.uses) do
      used[use[1]] = true
      arc(number[use[1]], i, use[2])
    end
  end
  if market then
    local last, o = #chain.list + 1, #t.list + 1
    t.list[o] = { at = market, adds = 0 }
    t.place[o], t.operator[o], t.cost[o] = place_at(market), operator_at(market), 0
    t.count[last], t.stage[o] = 1, last
    for i, s in ipairs(chain.list) do
      arc(i, last, s.demand or used[s.name] and 0 or 1)
    end
  end
  t.arcs = arcs
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

-- ---- measures -----------------------------------------------------------------------------------

--- Adds a measure: "cost", or "value.PLACE", what is added there for a unit of the product.
local function add_measure(t, chain, name, lower, upper, found)
  local m, n = t.measures, #t.measures.weight + 1
  m.weight[n], m.lower[n], m.upper[n] = name == "cost" and 1 or 0, lower, upper
  if name == "cost" then return end
  local code = tostring(name):match "^value%.(.+)$"
  code = code and stage.place(code, found, "locate", tostring(name))
  if not code then
    found:add(2042, { message = ("locate: there is no measure '%s'"):format(tostring(name)),
      object = "locate", field = tostring(name),
      fix = "measures are \"cost\" and \"value.\" with a place: \"value.ETH\"" })
    return
  end
  local e = t.option_entries
  for o, option in ipairs(t.list) do
    local s = chain.list[t.stage[o]]
    if s and option.at == code and option.adds ~= 0 then
      local k = #e.measure + 1
      e.measure[k], e.index[k], e.value[k] = n, o, s.per_unit * option.adds
    end
  end
end

local function add_measures(t, chain, given, dropped, found)
  t.measures = { weight = {}, lower = {}, upper = {} }
  t.option_entries = { measure = {}, index = {}, value = {} }
  if given.minimise and given.maximise then
    found:add(1004, { message = "locate: minimise and maximise exclude each other",
      object = "locate", field = "maximise", fix = "make one of them a rule in subject" })
  end
  local objective = given.maximise or given.minimise or "cost"
  t.maximise = given.maximise ~= nil
  if t.maximise and objective == "cost" then
    found:add(2042, { message = "locate: a cost is not maximised", object = "locate",
      field = "maximise", fix = "minimise = \"cost\"" })
  end
  add_measure(t, chain, objective, 0, 0, found)
  for name, rule in each(given.subject or {}) do
    args.one(rule, "locate", "subject." .. tostring(name), "table")
    args.check("subject." .. tostring(name), rule, { min = { "number" }, max = { "number" } },
      found)
    if name == "cost" and rule.min then
      found:add(2042, { message = "locate: a cost has no least value", object = "locate",
        field = "subject.cost", fix = "subject = { cost = { max = ... } }" })
    elseif not dropped["subject " .. tostring(name)] then
      add_measure(t, chain, name, rule.min or -math.huge, rule.max or math.huge, found)
    end
  end
  return objective
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
  return rules
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
---@return table problem { core =, parts =, places =, freight =, tariff =, objective =, number = }
function locate.problem(chain, given, dropped)
  local found = errors.findings()
  args.check("locate", given, FIELDS, found)
  refuse_shares(chain, found)
  found:raise()
  local places, place_at = indexer()
  local operators, operator_at = indexer()
  local t = options_of(chain, place_at, operator_at)
  local market = given.market and place_of(given.market, found, "market") or chain.market
  if not market then refuse_demand(chain, found) end
  local number = add_arcs(t, chain, market, place_at, operator_at)
  local freight, tariff = add_trade(t, chain, places, given.trade, found)
  add_joins(t, chain, number, dropped or {})
  local objective = add_measures(t, chain, given, dropped or {}, found)
  found:raise()
  t.places, t.operators, t.compounding = #places, #operators, true
  return { core = core.locate(t), parts = t, freight = freight, tariff = tariff, market = market,
    objective = objective, number = number }
end

--- What trade costs in a plan: records { stage =, place = or nil, amount = } of freight (no place)
--- and duties (the importer's), for one unit of the product.
---@param chain table
---@param problem table
---@param choice integer[]
---@return table[]
function locate.landing(chain, problem, choice)
  local t, records = problem.parts, {}
  local values = problem.core:evaluate(choice).values
  for a, from in ipairs(t.arcs.from) do
    local to = t.arcs.to[a]
    local input, user = t.list[choice[from]], t.list[choice[to]]
    local s = chain.list[to]
    local units = t.arcs.quantity[a] * (s and s.per_unit or 1) * values[from]
    local name = chain.list[from].name
    local freight = problem.freight(input.at, user.at)
    local duty = problem.tariff(input.at, user.at, name)
    records[#records + 1] = { stage = name, amount = units * freight }
    records[#records + 1] = { stage = name, place = user.at, amount = units * (1 + freight) * duty }
  end
  return records
end

return locate
