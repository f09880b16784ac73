--- Checks of named fields. Every constructor and verb that takes a table of
--- fields goes through here, so that a slip of the pen is an error, not a default.

local each = require "capmod.each"
local errors = require "capmod.errors"

local args = {}

--- "a string", "an integer": a kind as a person says it.
local function an(kind)
  if kind:match "^an? " then return kind end
  return (kind:match "^[aeiou]" and "an " or "a ") .. kind
end

local tests = {
  any = function() return true end,
  integer = function(v) return type(v) == "number" and math.tointeger(v) ~= nil end,
  callable = function(v)
    return type(v) == "function" or (getmetatable(v) or {}).__call ~= nil
  end,
  list = function(v)
    if type(v) ~= "table" then return false end
    local n = #v
    return n > 0 or next(v) == nil
  end,
}

--- The kind of a value, as messages name it.
---@param value any
---@return string
function args.kind(value)
  local mt = getmetatable(value)
  if type(mt) == "table" and mt.__name then return (mt.__name:gsub("^cm%.", "")) end
  return type(value)
end

local function fits(value, kinds)
  for _, kind in ipairs(kinds) do
    local test = tests[kind]
    if test and test(value) or not test and (type(value) == kind or args.kind(value) == kind) then
      return true
    end
  end
  return false
end

local function names_of(spec)
  local names = {}
  for name in each(spec) do names[#names + 1] = type(name) == "string" and name or nil end
  return names
end

local function check_known(found, object, given, spec)
  for name in each(given) do
    if spec[name] == nil then
      local known = names_of(spec)
      found:add(1001, {
        message = ("%s has no field '%s'"):format(object, tostring(name)), object = object,
        field = tostring(name),
        fix = errors.did_you_mean(name, known, "its fields are " .. table.concat(known, ", ")),
      })
    end
  end
end

--- How values of a kind are written, for whoever wrote another.
local FORMS = { string = "a text in quotes", number = "a number without quotes",
  integer = "a whole number", boolean = "true or false", list = "{ \"a\", \"b\" }",
  table = "{ name = value }", ["function"] = "function(...) ... end",
  callable = "function(...) ... end", Country = "cm.model.country \"CHN\"",
  Chain = "cm.chain{ ... }", Cooperation = "cm.cooperation{ ... }", Frame = "cm.frame{ ... }",
  Matrix = "cm.matrix{ ... }", Mrio = "cm.mrio{ ... } or cm.read \"FILE\"",
  Plan = "chain:locate{ ... }", Program = "cm.program{ ... }",
  Scenario = "cm.scenario{ ... }", Complexity = "cm.complexity{ ... }" }

local function written(kinds)
  local forms = {}
  for _, kind in ipairs(kinds) do forms[#forms + 1] = FORMS[kind] end
  return #forms > 0 and "write " .. table.concat(forms, ", or ") or nil
end

local function check_value(found, object, name, value, rule)
  if value == nil then
    if rule.required then
      found:add(1002, {
        message = ("%s needs the field '%s'"):format(object, name), object = object, field = name,
        fix = rule.about and ("%s: %s"):format(name, rule.about) or written(rule),
      })
    end
  elseif not fits(value, rule) then
    local kinds = {}
    for i, kind in ipairs(rule) do kinds[i] = an(kind) end
    found:add(1003, {
      message = ("%s: '%s' is %s, not %s"):format(object, name, an(args.kind(value)),
        table.concat(kinds, " or ")),
      object = object, field = name,
      fix = rule.about and ("%s: %s"):format(name, rule.about) or written(rule),
    })
  end
end

--- Checks a table of named fields against a description of them.
---
---     args.check("frame", t, {
---       title = { "string" },
---       columns = { "table", required = true, about = "a list for each column" },
---     })
---
--- A kind is a Lua type, `integer`, `list`, `callable`, `any`, or the name of
--- one of capmod's types ("Matrix", "Frame"). All findings are raised together:
--- CM1001 unknown field, CM1002 missing, CM1003 wrong kind.
---@param object string  how messages name it: "frame", "stage 'assembly'"
---@param given table
---@param spec table<string, table>
---@param found? cm.Findings  where to collect instead of raising
---@return table given
function args.check(object, given, spec, found)
  if type(given) ~= "table" then
    errors.raise(1003, {
      message = ("%s takes a table of fields, not %s"):format(object, an(args.kind(given))),
      object = object, fix = ("write %s{ field = value }"):format(object),
    })
  end
  local mine = found or errors.findings()
  check_known(mine, object, given, spec)
  for name, rule in each(spec) do check_value(mine, object, name, given[name], rule) end
  if not found then mine:raise() end
  return given
end

--- Checks that a value is one of a few. CM1004.
---@param value any
---@param field string
---@param allowed string[]
---@param object string
---@return any value
function args.choice(value, field, allowed, object)
  for _, candidate in ipairs(allowed) do
    if value == candidate then return value end
  end
  errors.raise(1004, {
    message = ("%s: %s = '%s' is not one of %s"):format(object, field, tostring(value),
      table.concat(allowed, ", ")),
    object = object, field = field,
    fix = errors.did_you_mean(value, allowed, ("%s = \"%s\""):format(field, allowed[1])),
  })
end

--- Checks one positional argument. CM1003.
---@param value any
---@param object string
---@param name string
---@param ... string  kinds
---@return any value
function args.one(value, object, name, ...)
  local found = errors.findings()
  check_value(found, object, name, value, { required = true, ... })
  found:raise()
  return value
end

--- Checks that a verb has its object, which `frame.sort "value"`, with a dot, forgets. CM1003.
---@param is_there boolean
---@param noun string
function args.object(is_there, noun)
  if is_there then return end
  errors.raise(1003, {
    message = ("a verb of a %s was called without the %s"):format(noun, noun),
    fix = ("write a colon: %s:verb(...), not %s.verb(...)"):format(noun, noun),
  })
end

--- Refuses a name that an object does not have, with those it has. CM1001.
---@param subject string  "a country", "chain 'bus'"
---@param key any
---@param object string
---@param ... table  what it has: lists of names, or tables by name
function args.no_such(subject, key, object, ...)
  local known = {}
  for _, set in ipairs{ ... } do
    for k, v in each(set) do known[#known + 1] = math.type(k) and v or k end
  end
  errors.raise(1001, { message = ("%s has no '%s'"):format(subject, tostring(key)),
    object = object, field = tostring(key),
    fix = errors.did_you_mean(key, known, "it has " .. table.concat(known, ", ")) })
end

return args
