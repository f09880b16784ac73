--- The parameters of scenarios and models: their declaration, their checks, their combinations.
--- Internal to scenarios.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local sample = require "capmod.sample"
local text = require "capmod.text"

local parameters = {}

---@class cm.Parameter
---@field default any
---@field unit string?
---@field min number?
---@field max number?
---@field about string?
---@field choices any[]?

local DECLARATION = {
  unit = { "string" },
  min = { "number" },
  max = { "number" },
  about = { "string" },
  choices = { "list", about = "the values that it may take" },
}

local TAKEN = { name = true, about = true, model = true, run = true, with = true, sweep = true,
  params = true, sample = true, tornado = true }

local function refuse_declaration(object, name, why, fix)
  errors.raise(3007, {
    message = ("%s: parameter '%s' %s"):format(object, tostring(name), why), object = object,
    field = tostring(name), fix = fix,
  })
end

local function read_declaration(object, name, given)
  if type(given) ~= "table" or getmetatable(given) then return { default = given } end
  if given[2] ~= nil then
    refuse_declaration(object, name, "has two values",
      "a list as a value has its own braces: { { 1, 2 }, about = ... }")
  end
  local one = parameters.copy(given)
  one[1] = nil
  args.check(("%s, parameter '%s'"):format(object, name), one, DECLARATION)
  one.default = given[1]
  return one
end

--- Reads a declaration of parameters: a value, or { value, unit =, min =, max =, about =,
--- choices = }. CM3007 where it is none; the defaults are checked as values are.
---@param object string
---@param given table<string, any>
---@param open boolean? whether a parameter may be without a value (in models)
---@return table<string, cm.Parameter>
function parameters.declare(object, given, open)
  local declared, found = {}, errors.findings()
  for name, one in each(given) do
    if type(name) ~= "string" or TAKEN[name] then
      refuse_declaration(object, name, "needs another name",
        type(name) == "string" and "scenarios use this name themselves" or "write name = value")
    end
    declared[name] = read_declaration(object, name, one)
    if declared[name].default ~= nil then
      parameters.check(found, object, declared, name, declared[name].default)
    elseif not open then
      refuse_declaration(object, name, "has no value", "{ value, unit =, min =, max =, about = }")
    end
  end
  found:raise()
  return declared
end

---@return table<string, any>
function parameters.defaults(declared)
  local values = {}
  for name, one in pairs(declared) do values[name] = one.default end -- any order
  return values
end

function parameters.copy(values)
  local copy = {}
  for name, value in pairs(values) do copy[name] = value end -- any order
  return copy
end

local function unknown(object, declared, name)
  local names = {}
  for known in each(declared) do names[#names + 1] = known end
  return {
    message = ("%s has no parameter '%s'"):format(object, tostring(name)), object = object,
    field = tostring(name),
    fix = errors.did_you_mean(tostring(name), names, #names > 0
      and "its parameters are " .. table.concat(names, ", ") or "it has no parameters"),
  }
end

--- CM3001 where no parameter has this name.
function parameters.known(object, declared, name)
  if not declared[name] then errors.raise(3001, unknown(object, declared, name)) end
end

-- ---- checks of values ---------------------------------------------------------------------------

local function outside(one, value)
  local low, high = one.min, one.max
  if type(value) ~= "number" then return nil end
  if value == value and value >= (low or value) and value <= (high or value) then return nil end
  if low and high then return ("outside %s … %s"):format(text.short(low), text.short(high)) end
  if low or high then
    return ("%s %s"):format(low and "below" or "above", text.short(low or high))
  end
  return "not a number"
end

local function type_wanted(one)
  if one.default ~= nil then return args.kind(one.default) end
  return (one.min or one.max) and "number" or nil
end

local function is_choice(one, value)
  for _, choice in ipairs(one.choices or { value }) do
    if choice == value then return true end
  end
  return false
end

local function shown(value)
  return type(value) == "string" and ("'%s'"):format(value) or text.short(value)
end

--- What is there, for "is ..., not a number": nothing that differs from run to run.
local function said(name, value)
  local kind = args.kind(value)
  local is_plain = kind == "string" or kind == "boolean" or kind == "number"
  return is_plain and ("%s = %s is a %s"):format(name, shown(value), kind)
    or ("%s is a %s"):format(name, kind)
end

local function finding(one, name, value)
  local wanted = type_wanted(one)
  if wanted and args.kind(value) ~= wanted then
    return 3003, ("%s, not a %s"):format(said(name, value), wanted)
  end
  local where = outside(one, value)
  if where then return 3002, ("%s = %s is %s"):format(name, text.short(value), where) end
  if not is_choice(one, value) then
    local list = {}
    for i, choice in ipairs(one.choices) do list[i] = shown(choice) end
    return 3002, ("%s = %s is not among %s"):format(name, shown(value), table.concat(list, ", "))
  end
end

--- How to mend it: the distribution that was meant, else what the parameter is.
local function fix_of(one, name, value, number)
  local meant = type_wanted(one) == "number" and sample.meant(value)
  if meant then return ("for draws write %s = %s"):format(name, meant) end
  if sample.is_distribution(value) then return "draws are of s:sample{ n =, seed =, ... }" end
  local is_wanted = one.about or (one.unit and "in " .. one.unit)
  if is_wanted then return ("%s: %s"):format(name, is_wanted) end
  if one.default == nil then return nil end
  return number == 3003 and ("a %s, as %s is"):format(type_wanted(one), shown(one.default))
    or ("left out, it is %s"):format(shown(one.default))
end

--- Checks one value; what is wrong goes to `found`. Whether all is well is returned.
---@return boolean
function parameters.check(found, object, declared, name, value)
  local one = declared[name]
  if not one then
    found:add(3001, unknown(object, declared, name))
    return false
  end
  local number, message = finding(one, name, value)
  if not number then return true end
  found:add(number, {
    message = ("%s: %s"):format(object, message), object = object, field = name,
    value = type(value) == "number" and value or nil, fix = fix_of(one, name, value, number),
  })
  return false
end

--- CM3004 where a parameter has no value yet; all of them in one report.
function parameters.complete(object, declared, values)
  local found = errors.findings()
  for name, one in each(declared) do
    if values[name] == nil then
      found:add(3004, {
        message = ("%s: parameter '%s' has no value"):format(object, name), object = object,
        field = name, fix = one.about and ("%s: %s"):format(name, one.about)
          or ("say %s = ..."):format(name),
      })
    end
  end
  found:raise()
end

--- The values as the recipe sees them: a name that is no parameter is CM3001.
function parameters.strict(object, declared, values)
  return setmetatable(parameters.copy(values), {
    __index = function(_, name) parameters.known(object, declared, name) end,
    __newindex = function(_, name) parameters.known(object, declared, name) end,
    __pairs = function(t)
      local plain = {}
      for name, value in next, t do plain[name] = value end
      return each(plain)
    end,
  })
end

-- ---- combinations -------------------------------------------------------------------------------

--- The names of a sweep in order, and the list of each, checked. A single value is a list of one.
---@return string[] names, table<string, any[]> plan
function parameters.plan(object, declared, lists)
  local names, plan, found = {}, {}, errors.findings()
  for name, given in each(lists) do
    local list = (type(given) ~= "table" or getmetatable(given)) and { given } or given
    names[#names + 1], plan[name] = name, list
    if #list == 0 then
      found:add(3008, {
        message = ("%s: the sweep has no values for '%s'"):format(object, name), object = object,
        field = name, fix = ("write %s = { 1, 2 } or cm.range(from, to, step)"):format(name),
      })
    end
    for _, value in ipairs(list) do
      if not parameters.check(found, object, declared, name, value) then break end
    end
  end
  found:raise()
  return names, plan
end

--- Every combination, the last name changing fastest, each as a table of its own.
function parameters.combinations(names, plan)
  local at, started = {}, false
  for k = 1, #names do at[k] = 1 end
  local function advance()
    for k = #names, 1, -1 do
      at[k] = at[k] + 1
      if at[k] <= #plan[names[k]] then return true end
      at[k] = 1
    end
    return false
  end
  return function()
    if started and not advance() then return nil end
    started = true
    local values = {}
    for k, name in ipairs(names) do values[name] = plan[name][at[k]] end
    return values
  end
end

-- ---- printing -----------------------------------------------------------------------------------

--- A value as a cell: numbers, texts, true and false as they are, what else by its kind.
function parameters.cell(value)
  if value == nil or type(value) == "number" or type(value) == "string"
    or type(value) == "boolean" then
    return value
  end
  if frame.is(value) or type(value) == "table" and not getmetatable(value) then return "<table>" end
  local mt = getmetatable(value)
  return type(mt) == "table" and mt.__tostring and args.kind(value) == "Distribution"
    and tostring(value) or ("<%s>"):format(args.kind(value))
end

--- How a column of values of different things is written: `digits` decimals where the largest is
--- below 1000, each number with its own where one number of decimals would hide the small ones.
---@param cells any[]
---@param count integer
---@param digits integer
---@return table fields of a column
function parameters.style(cells, count, digits)
  local largest, integral = 0, true
  for i = 1, count do
    local v = cells[i]
    if type(v) == "number" and v == v and v < math.huge and v > -math.huge then
      largest = math.max(largest, math.abs(v))
      integral = integral and v % 1 == 0
    end
  end
  if integral and math.type(largest) == "integer" then return {} end
  if largest >= 1000 or largest < 0.01 and largest > 0 then return { format = "mixed" } end
  return { digits = digits }
end

---@return cm.Frame
function parameters.frame(title, about, declared, values)
  local rows, cells = {}, {}
  for name, one in each(declared) do
    local cell = parameters.cell(values[name])
    rows[#rows + 1] = { parameter = name, value = cell, unit = one.unit or "",
      about = one.about or "" }
    cells[#rows] = cell
  end
  local value = parameters.style(cells, #rows, 4)
  value.name = "value"
  return frame{ title = title, note = about, keys = { "parameter" }, rows = rows,
    cols = { { name = "parameter" }, value, { name = "unit" }, { name = "about" } } }
end

return parameters
