--- Near-by rules: which places of two stages go together, whether or not one buys from the other.
---
---     nearby = {
---       { "seats", "assembly", within = 500, why = "delivered in sequence" },   -- kilometres
---       { "cells", "pack", within = "region" },
---       { "mill", "spinning", within = { "EU27", "ASEAN" } },
---       { "plant", "spare plant", apart = "subregion" },
---       { "fab", "test", forbid = { TWN = "CHN" } } }
---
--- A place is near itself. Stages that have to be at one place are those of `colocate`. Errors
--- CM2002, CM2012, CM2013.

local args = require "capmod.args"
local codes = require "capmod.codes"
local each = require "capmod.each"
local errors = require "capmod.errors"
local graph = require "capmod.chain.graph"
local spread = require "capmod.chain.spread"
local stage = require "capmod.chain.stage"
local text = require "capmod.text"

local nearby = {}

---@class cm.Nearby
---@field [integer] string   the stages, every two of which it binds
---@field label string       "within one region"
---@field text string        as an author would name it
---@field goes fun(a: string, b: string): boolean  whether two places go together, in that order

local PLACES = "places that are near: \"region\", \"subregion\", kilometres, a group \"ASEAN\", or "
  .. "regions { \"EU27\", pact = { \"CHN\", \"VNM\" } }"
local FIELDS = {
  within = { "string", "number", "table", about = PLACES },
  apart = { "boolean", "string", "number", "table",
    about = "true (not at one place), or " .. PLACES },
  pairs = { "table", about = "the only pairs of places: { CHN = { \"VNM\", \"KHM\" } }" },
  forbid = { "table", about = "pairs of places that may not be: { TWN = \"CHN\" }" },
  why = { "string", about = "said beside the rule" },
}
local KINDS = { "within", "apart", "pairs", "forbid" }

local function refuse(r, field, message, fix)
  r.found:add(2013, { message = ("%s: %s"):format(r.object, message), object = r.object,
    field = field, fix = fix or FIELDS[field] and ("%s: %s"):format(field, FIELDS[field].about) })
end

-- ---- what is near -------------------------------------------------------------------------------

local REGIONS = { region = { "Africa", "Americas", "Asia", "Europe", "Oceania" },
  subregion = { "Northern Africa", "Sub-Saharan Africa", "Latin America and the Caribbean",
    "Northern America", "Central Asia", "Eastern Asia", "South-eastern Asia", "Southern Asia",
    "Western Asia", "Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe",
    "Australia and New Zealand", "Melanesia", "Micronesia (region)", "Polynesia" } }

--- The members of a region, as a set; nil and a finding where it names what there is not.
local function members(r, field, expression)
  local ok, chosen = pcall(codes.select, expression, { object = r.object })
  if not ok then
    if not errors.is(chosen) then error(chosen, 0) end
    chosen.message = ("%s: %s: %s"):format(r.object, field, chosen.message)
    chosen.object, chosen.field = r.object, field
    r.found[#r.found + 1] = chosen
    return nil
  end
  local set = {}
  for _, code in ipairs(chosen.codes) do set[code] = true end
  return set
end

--- Whether two places are in one of some regions.
local function in_one(sets)
  return function(a, b)
    for _, set in ipairs(sets) do
      if set[a] and set[b] then return true end
    end
    return false
  end
end

--- Regions as an author gives them: sets of codes, and their names.
local function regions_of(r, field, given)
  local sets, names = {}, {}
  for key, region in each(given) do
    sets[#sets + 1] = members(r, field, region)
    names[#names + 1] = type(key) == "string" and key
      or type(region) == "table" and table.concat(region, " + ") or tostring(region)
  end
  if #names == 0 then refuse(r, field, field .. " names no region") end
  return sets, names
end

--- Great-circle distances between the places of some stages, by the shipped coordinates.
local function distances_of(r, field, places)
  local model, known = require "capmod.model".country, {}
  for _, code in ipairs(places) do
    local ok, country = pcall(model, code)
    if ok and country.latitude and country.longitude then
      known[code] = country
    else
      refuse(r, field, ("there is no distance from %s: no coordinates of it are known"):format(
        code), ("name regions, or the pairs: %s = { \"EU27\", ... }, or pairs = { CHN = { ... } }")
        :format(field))
    end
  end
  return function(a, b) return known[a] and known[b] and known[a]:distance(known[b]) or 0 end
end

--- function(a, b), whether two different places are near each other, and how that is said.
local function near_of(r, field, given, places)
  if type(given) == "number" then
    if not (given >= 0 and given < math.huge) then
      refuse(r, field, ("%s = %s is no distance in kilometres"):format(field, tostring(given)))
      return nil
    end
    local distance = distances_of(r, field, places)
    return function(a, b) return distance(a, b) <= given end, text.short(given) .. " km"
  end
  if REGIONS[given] then
    local sets = {}
    for k, name in ipairs(REGIONS[given]) do sets[k] = members(r, field, name) end
    return in_one(sets), "one " .. given
  end
  local sets, names = regions_of(r, field, type(given) == "string" and { given } or given)
  return in_one(sets), (#names > 1 and "one of " or "") .. table.concat(names, ", ")
end

-- ---- pairs of places ----------------------------------------------------------------------------

--- Pairs as an author gives them: whether a pair is among them, and how that is said.
local function listed(r, field, given)
  local sets, words = {}, {}
  for from, others in each(given) do
    local list, texts = type(others) == "table" and others or { others }, {}
    local code = type(from) == "string" and stage.place(from, r.found, r.object, field)
    if not code then
      if type(from) ~= "string" then refuse(r, field, field .. " is no table by place") end
    else
      sets[code] = sets[code] or {}
      for k, other in ipairs(list) do
        local to = stage.place(other, r.found, r.object, field)
        if to then sets[code][to], texts[k] = true, to end
      end
      words[#words + 1] = ("%s with %s"):format(code, table.concat(texts, " or "))
    end
  end
  return function(a, b) return (sets[a] or {})[b] or false end, table.concat(words, "; ")
end

-- ---- reading ------------------------------------------------------------------------------------

--- All places where some stages may be.
local function places_of(stages)
  local list, seen = {}, {}
  for _, s in ipairs(stages) do
    for _, one in ipairs(s.variants or { s }) do
      for _, code in ipairs(one.at or {}) do
        if not seen[code] then seen[code], list[#list + 1] = true, code end
      end
    end
  end
  return list
end

--- Gives a rule its test, its label and its text.
local function settle(r, rule, kind, given, stages)
  if kind == "pairs" or kind == "forbid" then
    if #rule ~= 2 then
      refuse(r, kind, ("%s binds two stages, the first at the left; there are %d"):format(kind,
        #rule), "write a rule for each two")
    end
    local among, words = listed(r, kind, given)
    local wanted = kind == "pairs"
    rule.goes = function(a, b) return among(a, b) == wanted end
    rule.label = (wanted and "" or "not ") .. words
  elseif given == true then
    rule.goes = function(a, b) return a ~= b end
    rule.label = "not at one place"
  elseif given == false then
    refuse(r, kind, "apart = false asks for nothing")
  else
    local near, words = near_of(r, kind, given, type(given) == "number" and places_of(stages) or {})
    local wanted = kind == "within"
    rule.goes = function(a, b) return (a == b or near and near(a, b) or false) == wanted end
    rule.label = ("%s %s"):format(wanted and "within" or "not within", words or "")
  end
  local is_near = kind == "within" or kind == "pairs"
  rule.text = ("%s: %s (%s)"):format(is_near and "near by" or "apart", table.concat(rule, ", "),
    rule.label)
end

--- The one of within, apart, pairs and forbid that a rule says.
local function kind_of(r, given)
  local kind, count = nil, 0
  for _, name in ipairs(KINDS) do
    if given[name] ~= nil then kind, count = name, count + 1 end
  end
  if count == 1 then return kind end
  refuse(r, kind or "within", ("a near-by rule says one of %s; there are %d"):format(
    table.concat(KINDS, ", "), count), kind and "write two rules" or "within: " .. PLACES)
end

--- The stages that a rule names, each once; those of recipes that are not taken are left out.
local function stages_of(r, given, rule, list, absent)
  local stages, seen = {}, {}
  for _, name in ipairs(given) do
    local s = not absent[name] and graph.find(list, name, r.found, r.object, "nearby")
    if seen[name] then refuse(r, "nearby", ("it names '%s' twice"):format(name), "name it once") end
    if s then stages[#stages + 1], rule[#rule + 1], seen[name] = s, s.name, true end
  end
  if #given < 2 then
    refuse(r, "nearby", "a near-by rule binds two stages or more",
      "nearby = { { \"body\", \"assembly\", within = \"region\" } }")
  end
  return stages
end

--- The place of a stage that is settled at one.
local function settled(s)
  return s.at and #s.at == 1 and not s.variants and not s.ways and s.at[1] or nil
end

--- Stages that are settled already keep the rule, or it can never be kept. CM2012.
local function check_settled(r, rule, stages)
  for i, s in ipairs(stages) do
    for j = i + 1, #stages do
      local a, b = settled(s), settled(stages[j])
      if a and b and not rule.goes(a, b) then
        r.found:add(2012, { message = ("%s: '%s' is at %s and '%s' at %s, against: %s"):format(
          r.object, s.name, a, stages[j].name, b, rule.text), object = r.object, field = "nearby",
          fix = "settle one of them elsewhere, or leave it open" })
      end
    end
  end
end

local function read_one(r, given, list, absent)
  local fields, before = {}, #r.found
  for key, value in each(given) do
    if math.type(key) ~= "integer" then fields[key] = value end
  end
  args.check(r.object, fields, FIELDS, r.found)
  local rule = {}
  local stages = stages_of(r, given, rule, list, absent)
  if #r.found > before then return nil end
  local kind = kind_of(r, given)
  if not kind or #stages < 2 then return nil end
  settle(r, rule, kind, given[kind], stages)
  if #r.found > before then return nil end
  if given.why then rule.text = ("%s, %s"):format(rule.text, given.why) end
  check_settled(r, rule, stages)
  return rule
end

--- Reads the field nearby: one rule, or a list of them.
---@param given any
---@param list table[]  the stages
---@param found cm.Findings
---@param object string
---@param absent table<string, boolean>  stages of recipes that are not taken
---@return cm.Nearby[]
function nearby.read(given, list, found, object, absent)
  if type(given) ~= "table" or next(given) == nil then return {} end
  local rules = {}
  for n, one in ipairs(type(given[1]) == "table" and given or { given }) do
    local r = { found = found, object = ("%s, nearby %d"):format(object, n) }
    if type(one) == "table" then
      rules[#rules + 1] = read_one(r, one, list, absent)
    else
      refuse(r, "nearby", ("the rule is a %s, not a table"):format(type(one)),
        "nearby = { { \"body\", \"assembly\", within = \"region\" } }")
    end
  end
  return rules
end

-- ---- what they bind -----------------------------------------------------------------------------

--- What near-by rules bind in a chain as spread.of gives it: a list of pairs of numbers of stages,
--- each once; and function(i, j) -> goes(a, b) by all rules on the two, and a key of these; nil
--- where there are none.
---@param chain table
---@param dropped table<string, boolean>
---@return integer[][], fun(i: integer, j: integer): function?, string?
function nearby.bound(chain, dropped)
  local list, at, n = {}, {}, #chain.list + 1
  local function bind(rule, number, i, j)
    local s, u = chain.list[i], chain.list[j]
    if spread.is_beside(chain, s, u, dropped) and s.at[1] ~= u.at[1] then return end
    local low, high = math.min(i, j), math.max(i, j)
    local key = low * n + high
    if not at[key] then
      at[key] = {}
      list[#list + 1] = { low, high }
    end
    table.insert(at[key], { goes = rule.goes, number = number, from = i })
  end
  for number, rule in ipairs(chain.nearby or {}) do
    for x = 1, dropped["nearby " .. number] and 0 or #rule do
      for y = x + 1, #rule do
        for _, i in ipairs(chain.numbers[rule[x]]) do
          for _, j in ipairs(chain.numbers[rule[y]]) do bind(rule, number, i, j) end
        end
      end
    end
  end
  return list, function(i, j)
    local rules = at[math.min(i, j) * n + math.max(i, j)]
    if not rules then return nil end
    local words = {}
    for k, one in ipairs(rules) do words[k] = (one.from == i and "" or "-") .. one.number end
    return function(a, b)
      for _, one in ipairs(rules) do
        local goes
        if one.from == i then goes = one.goes(a, b) else goes = one.goes(b, a) end
        if not goes then return false end
      end
      return true
    end, table.concat(words, " ")
  end
end

return nearby
