--- What it costs to ship between places and to hand over between operators.
---
---     trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35, vehicles = 0.2 } },
---       interface = 1.5, origin_rule = { BRA = { of = { "ARG", "BRA" }, min = 0.4, duty = 0 } } }
---
--- Freight that is infinite says that nothing is shipped between two places.
--- Freight and duties are shares of the value that is shipped. A duty is named by the stage that
--- ships, else by its `duty_class`, else by its `sector`, else it is that of `others`; those of
--- single exporters stand in `from` and go before: USA = { others = 0.03, shirts = 0.165, from = {
--- MEX = 0, CHN = { shirts = 0.3 } } }. Errors CM2002, CM2041, CM2060, CM2063.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"
local terms = require "capmod.chain.terms"

local trade = {}

trade.fields = {
  freight = { "number", "table",
    about = "share of the value, or { CHN = { BRA = 0.05 } }; math.huge: no way" },
  tariff = { "table", about = "importer's duties: { BRA = 0.1, USA = { assembly = 0.25 } }" },
  interface = { "number", "table",
    about = "cost where two operators meet, for one unit: 2, or { CHN = { FRA = 2 } }" },
  origin_rule = { "table",
    about = "{ BRA = { of = { \"ARG\" }, min = 0.4, duty = 0 } }: a lower duty for local content" },
}

local function rate(value, found, field, fix, infinite)
  if type(value) == "number" and value >= 0 and (infinite or value < math.huge) then
    return value
  end
  found:add(2041, { message = ("locate: %s is %s; a rate is a number from 0"):format(field,
    type(value) == "table" and "a table" or type(value) == "string" and ("'%s'"):format(value)
      or tostring(value)), object = "locate", field = field,
    fix = fix or "write shares of the value: 0.05 for 5 per cent" })
  return 0
end

--- A number for all pairs, or one for each pair, either way round: function(from, to), of which the
--- second value names the cell.
local function pairs_of(given, field, found, fix, infinite)
  local name = "trade." .. field
  local form = ("%s = { CHN = { BRA = 0.05 } }"):format(field)
  if type(given[field]) ~= "table" then
    local flat = rate(given[field] or 0, found, name, fix, infinite)
    return function(from, to)
      if from == to then return 0 end
      return flat, field
    end
  end
  given[field] = terms.canonical(given[field], found, "locate", name, form)
  for from, row in each(given[field]) do
    local here = ("%s.%s"):format(name, from)
    args.check("locate", { [here] = row }, { [here] = { "table", about = form } }, found)
    given[field][from] = type(row) == "table" and terms.canonical(row, found, "locate", here, form)
      or {}
    for to, value in each(given[field][from]) do
      rate(value, found, ("%s.%s"):format(here, to), fix, infinite)
    end
  end
  local rates = given[field]
  return function(from, to)
    if from == to then return 0 end
    local row = rates[from] and rates[from][to] and from or to
    local col = row == from and to or from
    return (rates[row] or {})[col] or 0, ("%s %s %s"):format(field, row, col)
  end
end

--- Freight as a share of value, function(from, to); the name of the rule by which there is no way,
--- function(from, to), nil where there is one; and these rules as they may be left out.
local function freight_of(given, found)
  local cell, rules = pairs_of(given, "freight", found, nil, true), {}
  if given.freight == math.huge then
    rules[1] = { key = "freight", text = "nothing is shipped: freight is infinite" }
  end
  for from, row in each(type(given.freight) == "table" and given.freight or {}) do
    for to, value in each(row) do
      if value == math.huge then
        rules[#rules + 1] = { key = ("freight %s %s"):format(from, to),
          text = ("no way between %s and %s: freight is infinite"):format(from, to) }
      end
    end
  end
  return function(from, to)
    local share = cell(from, to)
    return share < math.huge and share or 0
  end, function(from, to)
    local share, key = cell(from, to)
    return share == math.huge and key or nil
  end, rules
end

--- The duty that a row has for what a stage ships, or nil.
local function duty_in(row, s)
  if type(row) ~= "table" then return row end
  local duty = row[s.name]
  if type(duty) ~= "number" then
    duty = row[s.duty_class] or row[s.sector] or row.others -- a stage may have the name "from"
  end
  return duty
end

--- The names by which duties may be asked for: those of stages and classes, and all with sectors.
local function duty_names(list)
  local classes, all, is_name = {}, {}, { others = true }
  for _, s in ipairs(list) do
    for _, field in ipairs{ "name", "duty_class", "sector" } do
      local name = s[field]
      if name and not is_name[name] then
        all[#all + 1], is_name[name] = name, true
        if field ~= "sector" then classes[#classes + 1] = name end
      end
    end
  end
  return classes, all, is_name
end

--- Reads an importer's duties, and those `from` single exporters; `check` is asked of each name.
local function read_duties(row, field, check, found, of_one)
  if type(row) ~= "table" then return rate(row, found, field) end
  for name, value in each(row) do
    local here = ("%s.%s"):format(field, tostring(name))
    if name == "from" and type(value) == "table" and not of_one then
      row.from = terms.canonical(value, found, "locate", here, "from = { MEX = 0 }")
      for code, part in each(row.from) do
        read_duties(part, ("%s.%s"):format(here, code), check, found, true)
      end
    elseif type(name) ~= "string" then
      found:add(1003, { message = ("locate: '%s' is a list, not a table of duties"):format(field),
        object = "locate", field = field, fix = "{ others = 0.03, shirts = 0.165 }, or a number" })
    else
      check(name, field)
      rate(value, found, here)
    end
  end
end

--- Rows of duties, those of single exporters among them, in a fixed order.
local function rows_of(rates)
  local rows = {}
  for _, row in each(rates) do
    if type(row) == "table" then
      rows[#rows + 1] = row
      local from = type(row.from) == "table" and row.from or {}
      for _, part in each(from) do rows[#rows + 1] = part end
    end
  end
  return rows
end

--- What `trade` says of importers goes before what their places say, whose duties may name what
--- only other chains make.
local function importers_of(given, list, found, absent, places)
  local classes, all, is_name = duty_names(list)
  given.tariff = terms.canonical(given.tariff or {}, found, "locate", "trade.tariff",
    "tariff = { BRA = { assembly = 0.35 } }")
  local rates = {}
  for code, row in each(given.tariff) do
    rates[code] = row
    read_duties(row, "trade.tariff." .. code, function(name, field)
      if is_name[name] or absent[name] then return end
      found:add(2002, { message = ("locate: %s names '%s', which is no stage, no duty_class and no "
        .. "sector"):format(field, tostring(name)), object = "locate", field = field,
        fix = errors.did_you_mean(name, all, "there are " .. table.concat(all, ", ")) })
    end, found)
  end
  for code, place in each(places) do
    if place.tariff ~= nil and rates[code] == nil then
      rates[code] = place.tariff
      read_duties(place.tariff, ("places.%s.tariff"):format(code), function(name, field)
        local near = not is_name[name] and not absent[name] and errors.suggest(name, classes)
        if not near then return end
        found:add(2063, { message = ("locate: %s names '%s', which no stage has"):format(field,
          name), object = "locate", field = field, fix = ("did you mean '%s'?"):format(near) })
      end, found)
    end
  end
  return rates
end

--- Duties of importers: function(from, to, stage), and function(stage) -> key, by which those that
--- pay the same have one.
local function tariff_of(rates)
  local rows = rows_of(rates)
  return function(from, to, s)
    local row = from ~= to and rates[to] or 0
    local part = type(row) == "table" and type(row.from) == "table" and row.from[from]
    return part and duty_in(part, s) or duty_in(row, s) or 0
  end, function(s)
    local duties = {}
    for i, row in ipairs(rows) do
      local duty = duty_in(row, s)
      duties[i] = duty and ("%.17g"):format(duty) or ""
    end
    return table.concat(duties, " ")
  end
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
        members[i] = stage.place(member, found, "locate", name) or tostring(member)
        is_of[members[i]] = true
      end
      terms.check_number(rule.min, ORIGIN.min, name .. ".min", found)
      terms.check_number(rule.duty or 0, ORIGIN.duty, name .. ".duty", found)
      rules[code] = { of = members, is_of = is_of, min = rule.min, duty = rule.duty or 0 }
    end
  end
  return rules
end

--- The figures of a table of rates that are 2 and more, with their dotted names.
local function large(rates, name, list)
  if type(rates) == "table" then
    for key, value in each(rates) do large(value, ("%s.%s"):format(name, key), list) end
  elseif type(rates) == "number" and rates >= 2 and rates < math.huge then
    list[#list + 1] = ("%s = %s"):format(name, stage.figure_text(rates))
  end
end

--- A line over results where rates are 200 % and more, and so may have been meant in per cent.
local function note_of(given, tariffs, places)
  local list = {}
  large(given.freight, "freight", list)
  large(tariffs, "tariff", list)
  large(given.origin_rule, "origin_rule", list)
  for code, place in each(places) do large(place.tax, "tax." .. code, list) end
  if #list == 0 then return nil end
  if #list > 4 then list = { list[1], list[2], list[3], ("%d more"):format(#list - 3) } end
  return ("200 %% and more, since rates are shares (0.2 is 20 %%): %s"):format(
    table.concat(list, ", "))
end

--- Reads trade; codes in `given` become canonical.
---@param given table?
---@param list table[]  the stages
---@param found cm.Findings
---@param absent? table<string, boolean>  stages of recipes that are not taken
---@param places? table<string, table>  whose `tariff` holds where `trade` has no duty of theirs
---@return table { freight = function(from, to), bar = function(from, to) -> key of the rule by
---  which there is no way, bars = these rules, tariff = function(from, to, stage),
---  duties_of = function(stage) -> key, the same of all that pay the same duties,
---  interface = function(party, party), origin = rules by importer, meets = any interface cost,
---  note = a line for results, on rates that look like per cent }
function trade.read(given, list, found, absent, places)
  given = given or {}
  local before = #found
  args.check("trade", given, trade.fields, found)
  if #found > before then given = {} end
  local meeting = pairs_of(given, "interface", found, "write a cost: 2")
  local freight, bar, bars = freight_of(given, found)
  local tariffs = importers_of(given, list, found, absent or {}, places or {})
  local tariff, duties_of = tariff_of(tariffs)
  return {
    note = #found == before and note_of(given, tariffs, places or {}) or nil,
    freight = freight, bar = bar, bars = bars, tariff = tariff, duties_of = duties_of,
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
