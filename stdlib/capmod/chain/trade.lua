--- What it costs to ship between places and to hand over between operators.
---
---     trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35, vehicles = 0.2 } },
---       interface = 1.5, origin_rule = { BRA = { of = { "ARG", "BRA" }, min = 0.4, duty = 0 } } }
---
--- Freight and duties are shares of the value that is shipped. A duty is named by the stage that
--- ships, or by its `duty_class`. Errors CM2002, CM2041, CM2060.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"
local terms = require "capmod.chain.terms"

local trade = {}

local FIELDS = {
  freight = { "number", "table", about = "share of the value, or { CHN = { BRA = 0.05 } }" },
  tariff = { "table", about = "importer's duties: { BRA = 0.1, USA = { assembly = 0.25 } }" },
  interface = { "number", "table",
    about = "cost where two operators meet, for one unit: 2, or { CHN = { FRA = 2 } }" },
  origin_rule = { "table",
    about = "{ BRA = { of = { \"ARG\" }, min = 0.4, duty = 0 } }: a lower duty for local content" },
}

local function rate(value, found, field, fix)
  if type(value) == "number" and value >= 0 and value < math.huge then return value end
  found:add(2041, { message = ("locate: %s is %s; a rate is a number from 0"):format(field,
    tostring(value)), object = "locate", field = field,
    fix = fix or "write shares of the value: 0.05 for 5 per cent" })
  return 0
end

--- A number for all pairs, or one for each pair, either way round: function(from, to).
local function pairs_of(given, field, found, fix)
  local name = "trade." .. field
  local form = ("%s = { CHN = { BRA = 0.05 } }"):format(field)
  if type(given[field]) ~= "table" then
    local flat = rate(given[field] or 0, found, name, fix)
    return function(from, to) return from == to and 0 or flat end
  end
  given[field] = terms.canonical(given[field], found, "locate", name, form)
  for from, row in each(given[field]) do
    local here = ("%s.%s"):format(name, from)
    args.check("locate", { [here] = row }, { [here] = { "table", about = form } }, found)
    given[field][from] = type(row) == "table" and terms.canonical(row, found, "locate", here, form)
      or {}
    for to, value in each(given[field][from]) do
      rate(value, found, ("%s.%s"):format(here, to), fix)
    end
  end
  local rates = given[field]
  return function(from, to)
    return from == to and 0 or (rates[from] or {})[to] or (rates[to] or {})[from] or 0
  end
end

local function check_duties(row, code, list, found, absent)
  local known, is_known = {}, {}
  for _, s in ipairs(list) do
    for _, name in ipairs{ s.name, s.duty_class } do
      if not is_known[name] then known[#known + 1] = name end
      is_known[name] = true
    end
  end
  for name, value in each(row) do
    local field = ("trade.tariff.%s"):format(code)
    if not is_known[name] and not absent[name] then
      found:add(2002, { message = ("locate: %s names '%s', which is no stage and no duty_class")
        :format(field, tostring(name)), object = "locate", field = field,
        fix = errors.did_you_mean(name, known, "there are " .. table.concat(known, ", ")) })
    end
    rate(value, found, ("%s.%s"):format(field, tostring(name)))
  end
end

--- By which duties a stage pays, as a key: of the importers that tell stages apart, the name that
--- holds.
local function duties_key(rates)
  local rows = {}
  for _, row in each(rates) do
    if type(row) == "table" then rows[#rows + 1] = row end
  end
  return function(s)
    local names = {}
    for i, row in ipairs(rows) do
      names[i] = row[s.name] and "stage " .. s.name
        or s.duty_class and row[s.duty_class] and "class " .. s.duty_class or ""
    end
    return table.concat(names, "\0")
  end
end

--- Duties of importers: function(from, to, stage), and function(stage) -> key.
local function tariff_of(given, list, found, absent)
  given.tariff = terms.canonical(given.tariff or {}, found, "locate", "trade.tariff",
    "tariff = { BRA = { assembly = 0.35 } }")
  for code, row in each(given.tariff) do
    if type(row) == "table" then
      check_duties(row, code, list, found, absent)
    else
      rate(row, found, "trade.tariff." .. code)
    end
  end
  local rates = given.tariff
  return function(from, to, s)
    local row = from ~= to and rates[to] or 0
    if type(row) == "number" then return row end
    return row[s.name] or row[s.duty_class] or 0
  end, duties_key(rates)
end

local ORIGIN = {
  of = { "list", required = true, about = "{ \"ARG\", \"BRA\" }: whose content counts" },
  min = { "number", required = true, least = 0, most = 1, about = "share of the landed value" },
  duty = { "number", least = 0, about = "what it then pays instead of the tariff; 0" },
}

--- Rules of origin by importer: { of = codes, is_of = set, min =, duty = }.
local function origin_of(given, found)
  if type(given.origin_rule) ~= "table" then return {} end
  given.origin_rule = terms.canonical(given.origin_rule, found, "locate", "trade.origin_rule")
  local rules = {}
  for code, rule in each(given.origin_rule) do
    local name, before = "trade.origin_rule." .. code, #found
    args.check(name, rule, ORIGIN, found)
    if #found == before then
      local members, is_of = {}, {}
      for i, member in ipairs(rule.of) do
        members[i] = stage.place(member, found, "locate", name) or member
        is_of[members[i]] = true
      end
      terms.check_number(rule.min, ORIGIN.min, name .. ".min", found)
      terms.check_number(rule.duty or 0, ORIGIN.duty, name .. ".duty", found)
      rules[code] = { of = members, is_of = is_of, min = rule.min, duty = rule.duty or 0 }
    end
  end
  return rules
end

--- Reads trade; codes in `given` become canonical.
---@param given table?
---@param list table[]  the stages
---@param found cm.Findings
---@param absent? table<string, boolean>  stages of recipes that are not taken
---@return table { freight = function(from, to), tariff = function(from, to, stage),
---  duties_of = function(stage) -> key, the same of all that pay the same duties,
---  interface = function(party, party), origin = rules by importer, meets = any interface cost }
function trade.read(given, list, found, absent)
  given = given or {}
  local before = #found
  args.check("trade", given, FIELDS, found)
  if #found > before then given = {} end
  local meeting = pairs_of(given, "interface", found, "write a cost: 2")
  local freight = pairs_of(given, "freight", found)
  local tariff, duties_of = tariff_of(given, list, found, absent or {})
  return {
    freight = freight, tariff = tariff, duties_of = duties_of,
    origin = origin_of(given, found), meets = given.interface ~= nil,
    interface = function(one, other)
      local sum = 0
      for _, f in ipairs(one) do
        for _, g in ipairs(other) do
          sum = sum + one.share[f] * other.share[g] * meeting(f, g)
        end
      end
      return sum
    end,
  }
end

return trade
