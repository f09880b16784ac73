--- What a chain says of places, operators, scale and learning, brought to one form.
---
---     places    = { CHN = { wage = { skilled = 9, unskilled = 4 }, productivity = 1, tier = 3 } }
---     operators = { CHN = { abroad = 0.9, experience = { turbines = 400 } } }
---     scale     = { modules = { { 100, 9 }, { 1000, 6 } } }    learning = { modules = 0.15 }
---
--- All that is read stands under canonical codes. Errors CM2060, CM2063.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"

local terms = {}

--- What may be said of a place; `least`, `above` and `most` bound the figure.
terms.places = {
  wage = { "number", "table", least = 0, about = "per unit of labour; by skill: { skilled = 9 }" },
  productivity = { "number", above = 0, about = "of its firms, by which labour is divided; 1" },
  tier = { "number", about = "technology tier of its firms" },
  capacity = { "number", "table", least = 0,
    about = "labour there is for all that is made; by class: units that can be made" },
  entry = { "number", least = 0, about = "paid once by each operator from elsewhere" },
  setup = { "table", least = 0, about = "paid once for a class of stages: { modules = 40 }" },
  standing = { "table", least = 0, about = "of the plant of a class, while `volume` is made" },
  closing = { "table", about = "paid when the plant of a class closes; below 0: its scrap value" },
  lag = { "table", least = 0, whole = true, about = "years it takes to build: { modules = 2 }" },
  subsidy = { "number", least = 0, most = 1, about = "share of wages and capital it pays" },
  tax = { "number", least = 0, about = "on capital and profit: 0.25" },
  tariff = { "number", "table", apart = true, -- trade.lua reads it
    about = "its duties where trade.tariff has none of it: { shirts = 0.1, from = { MEX = 0 } }" },
  outside = { "number", about = "what it has without a deal of which it is a member" },
  note = { "string" },
}

terms.operators = {
  productivity = { "number", above = 0, about = "where it is not that of its country's firms" },
  tier = { "number", about = "where it is not that of its country's firms" },
  abroad = { "number", above = 0, most = 1, about = "efficiency kept away from home; 1" },
  joint = { "number", above = 0, most = 1,
    about = "the same beside a partner of the place; halfway from abroad to 1" },
  outside = { "number", about = "what it has without a deal of which it is a member" },
  experience = { "table", least = 0, about = "units made before, by class: { turbines = 400 }" },
  note = { "string" },
}

--- The terms on which a stage is done, which a mode gives and its field `mode` holds.
terms.of_mode = {
  name = { "string", required = true, about = "of the mode" },
  owners = { "string", "table", about = "who earns capital and profit, if not who operates" },
  abroad = terms.operators.abroad, joint = terms.operators.joint,
  productivity = { "number", above = 0, about = "instead of all that makes efficiency" },
  learned = { "number", above = 0, about = "efficiency at the end, of which half the way counts" },
  royalty = { "number", "table", least = 0, most = 1,
    about = "{ rate = 0.03, to = \"CHN\" }: of own value" },
  setup = { "boolean", about = "whether set-up is paid; true" },
  entry = { "boolean", about = "whether entry is paid; true" },
  paid = { "list", about = "paid once: { { \"licence\", 30, to = \"CHN\" } }" },
  whole = { "boolean", about = "only if all stages that the mode moves take it" },
  learns = { "number", least = 0, most = 1, about = "part of a gap the host closes in a year" },
}

local ROYALTY = { rate = { "number", required = true, least = 0, most = 1 }, to = { "string",
  required = true, about = "who gets it: \"CHN\"" } }
local PAID = { [1] = { "string", required = true, about = "what for" },
  [2] = { "number", required = true, least = 0, about = "how much" },
  to = { "string", about = "where it is spent; else the place of the stage" } }

local text = stage.figure_text

local function bound_text(rule)
  local sides = {}
  if rule.above then sides[#sides + 1] = "above " .. text(rule.above) end
  if rule.least then sides[#sides + 1] = "at least " .. text(rule.least) end
  if rule.most then sides[#sides + 1] = "at most " .. text(rule.most) end
  if rule.whole then sides[#sides + 1] = "whole" end
  return #sides > 0 and table.concat(sides, " and ") or "finite"
end

--- The field that a dotted name is of: wage of "places.CHN.wage.skilled", equity of "mode
--- 'joint'.equity.1".
local function field_in(name)
  return name:match "^places%.[^.]+%.([^.]+)" or name:match "^operators%.[^.]+%.([^.]+)"
    or name:match "([%a_]+)$" or name:match "([%a_]+)%.%d+$" or name
end

--- Whether x is a finite number within the bounds of a rule; CM2060 where it is not.
---@param x any
---@param rule table
---@param name string   its dotted name
---@param found cm.Findings
---@return boolean
function terms.check_number(x, rule, name, found)
  if type(x) == "number" and x == x and math.abs(x) < math.huge
    and not (rule.above and x <= rule.above) and not (rule.least and x < rule.least)
    and not (rule.most and x > rule.most) and not (rule.whole and x % 1 ~= 0) then
    return true
  end
  local bounds = bound_text(rule)
  found:add(2060, { message = ("%s is %s, not a %snumber %s"):format(name,
    type(x) == "number" and tostring(x) or "a " .. type(x),
    x == math.huge and bounds ~= "finite" and "finite " or "", bounds), object = name, field = name,
    value = type(x) == "number" and x or nil,
    fix = rule.about and ("%s: %s"):format(field_in(name), rule.about) or "a number " .. bounds })
  return false
end

local function check_leaves(value, rule, name, found)
  if type(value) ~= "table" then return terms.check_number(value, rule, name, found) end
  for key, leaf in each(value) do
    terms.check_number(leaf, rule, ("%s.%s"):format(name, tostring(key)), found)
  end
end

--- Rewrites the keys of a table as codes of places. A code that comes twice is refused.
---@param given table
---@param found cm.Findings
---@param object string
---@param field string
---@param fix? string  where it is a list
---@return table
function terms.canonical(given, found, object, field, fix)
  local new = {}
  if given[1] ~= nil then
    found:add(1003, { message = ("%s: '%s' is a list, not a table by place"):format(object, field),
      object = object, field = field, fix = fix })
    return new
  end
  for name, value in each(given) do
    local code = stage.place(name, found, object, field) or name
    if new[code] ~= nil then
      found:add(2004, { message = ("%s: %s names %s twice"):format(object, field, code),
        object = object, field = field, fix = "name each place once" })
    end
    new[code] = value
  end
  return new
end

--- A country of cm.model.country says what a chain asks of a place, or of an operator.
local MODELS = { places = "place", operators = "operator" }

local function read_group(given, kind, found, object)
  if type(given[kind]) ~= "table" then return {} end
  given[kind] = terms.canonical(given[kind], found, object, kind, kind .. " = { CHN = { ... } }")
  for code, row in each(given[kind]) do
    if args.kind(row) == "Country" then
      row = row[MODELS[kind]](row)
      given[kind][code] = row
    end
    local name = ("%s.%s"):format(kind, code)
    if type(row) ~= "table" then
      args.check(object, { [name] = row }, { [name] = { "table", about = kind .. " = { CHN = "
        .. "{ ... } }" } }, found)
      given[kind][code] = {}
    else
      local before = #found
      args.check(name, row, terms[kind], found)
      for field, value in each(#found == before and row or {}) do
        if type(value) ~= "string" and not terms[kind][field].apart then
          check_leaves(value, terms[kind][field], ("%s.%s.%s"):format(kind, code, field), found)
        end
      end
      if #found > before then given[kind][code] = {} end
    end
  end
  return given[kind]
end

-- ---- scale and learning -------------------------------------------------------------------------

local SCALE = "scale = { modules = { { 100, 9 }, { 1000, 6 } } }: volume, unit cost"

--- { volume, unit cost } points as volume and whole cost, which must be concave from 0 on.
local function read_scale(given, found, object)
  local scale = {}
  for class, points in each(type(given.scale) == "table" and given.scale or {}) do
    local name, volume, cost, slope, list = "scale." .. tostring(class), 0, 0, math.huge, {}
    for k, point in ipairs(type(points) == "table" and points or {}) do
      if type(point) ~= "table" then
        found:add(2060, { message = ("%s: point %d is a %s, not a volume and a unit cost"):format(
          name, k, type(point)), object = object, field = "scale", fix = SCALE })
        break
      end
      local v, unit = point[1], point[2]
      if not terms.check_number(v, { above = volume }, ("%s.%d.volume"):format(name, k), found)
        or not terms.check_number(unit, { least = 0 }, ("%s.%d.cost"):format(name, k), found) then
        break
      end
      local next_slope = (v * unit - cost) / (v - volume)
      if next_slope < 0 or next_slope > slope * (1 + 1e-12) then
        found:add(2060, { message = ("%s: what %s units cost is not concave in volume"):format(
          name, text(v)), object = object, field = "scale",
          fix = "each further unit costs no more than the ones before, and not less than 0" })
        break
      end
      volume, cost, slope = v, v * unit, next_slope
      list[k] = { volume = v, cost = cost }
    end
    if #list == 0 and #found == 0 then
      found:add(2060, { message = name .. " has no points", object = object, field = "scale",
        fix = SCALE })
    end
    scale[class] = list
  end
  return scale
end

local LEARNING = {
  rate = { "number", required = true, least = 0, most = 0.99, about = "fall at each doubling" },
  at = { "number", above = 0, about = "units made before, for which labour is stated; 1" },
}

local function read_learning(given, found)
  local learning = {}
  for class, rule in each(type(given.learning) == "table" and given.learning or {}) do
    local name = "learning." .. tostring(class)
    local full = type(rule) == "table" and rule or { rate = rule }
    local before = #found
    args.check(name, full, LEARNING, found)
    for field, value in each(#found == before and full or {}) do
      terms.check_number(value, LEARNING[field], ("%s.%s"):format(name, field), found)
    end
    learning[class] = { rate = full.rate, at = full.at or 1 }
  end
  return learning
end

--- A class that no stage has may belong to another chain; one that is nearly a stage's is a slip.
local function refuse_slips(world, classes, found, object)
  local known, is_known = {}, {}
  for class in each(classes) do
    known[#known + 1], is_known[class] = class, true
  end
  local function check(class, field)
    local near = not is_known[class] and errors.suggest(tostring(class), known)
    if not near then return end
    found:add(2063, { message = ("%s: %s names the class '%s', which no stage has"):format(object,
      field, tostring(class)), object = object, field = field,
      fix = ("did you mean '%s'?"):format(near) })
  end
  for class in each(world.scale) do check(class, "scale") end
  for class in each(world.learning) do check(class, "learning") end
  for code, place in each(world.places) do
    for _, field in ipairs{ "setup", "standing", "closing", "lag" } do
      for class in each(place[field] or {}) do check(class, ("%s.%s"):format(field, code)) end
    end
    for class in each(type(place.capacity) == "table" and place.capacity or {}) do
      check(class, "capacity." .. code)
    end
  end
  for code, operator in each(world.operators) do
    for class in each(operator.experience or {}) do check(class, "experience." .. code) end
  end
end

--- Reads what a chain says besides its stages; codes in `given` become canonical.
---@param given table
---@param list table[]  the stages as read
---@param found cm.Findings
---@param object string
---@return table world { places =, operators =, scale =, learning =, tier_step =, volume =, home = }
function terms.read(given, list, found, object)
  local world = {
    places = read_group(given, "places", found, object),
    operators = read_group(given, "operators", found, object),
    volume = given.volume or 1, tier_step = given.tier_step,
  }
  if type(given.volume) == "number" then
    terms.check_number(given.volume, { above = 0 }, "volume", found)
  end
  if type(given.tier_step) == "number" then
    terms.check_number(given.tier_step, { least = 0 }, "tier_step", found)
  end
  world.home = given.home and stage.place(given.home, found, object, "home")
  world.scale, world.learning = read_scale(given, found, object), read_learning(given, found)
  local classes = {}
  for _, s in ipairs(list) do
    for _, one in ipairs(s.variants or { s }) do classes[one.class] = true end
  end
  refuse_slips(world, classes, found, object)
  return world
end

--- The terms of a mode, checked, with codes. CM2060 and those of fields and places.
---@param given table
---@param object string
---@param found cm.Findings
---@return table
function terms.mode(given, object, found)
  local name, before, t = object .. ": mode", #found, {}
  args.check(name, given, terms.of_mode, found)
  if #found > before then return t end
  for field, value in each(given) do
    t[field] = value
    if type(value) == "number" then
      terms.check_number(value, terms.of_mode[field], ("%s: %s"):format(object, field), found)
    end
  end
  local royalty = given.royalty
  if royalty ~= nil then
    args.check(name .. ".royalty", type(royalty) == "table" and royalty or { rate = royalty },
      ROYALTY, found)
    if #found == before then
      terms.check_number(royalty.rate, ROYALTY.rate, "royalty.rate", found)
      t.royalty = { rate = royalty.rate, to = stage.place(royalty.to, found, object, "royalty") }
    end
  end
  t.owners = given.owners and stage.read_party(given.owners, found, object, "owners") or nil
  t.paid = {}
  for i, item in ipairs(given.paid or {}) do
    local here, clean = ("%s.paid.%d"):format(name, i), #found
    args.check(here, item, PAID, found)
    if #found == clean then
      terms.check_number(item[2], PAID[2], here, found)
      t.paid[i] = { item[1], item[2], to = item.to and stage.place(item.to, found, object, "paid") }
    end
  end
  return t
end

return terms
