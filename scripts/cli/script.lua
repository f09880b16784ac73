--- Scripts on the command line: their chunk, the scenarios that they return, and the parameters
--- that are set for these.

local program = ...
local errors = require "capmod.errors"
local load = require "capmod.load"
local options, paths = program.use "options", program.use "paths"

local script = {}

--- Takes `--set NAME=VALUE` from the arguments behind FILE, up to "--"; the others are those of
--- the script.
---@param arguments string[]
---@param sets string[] where they go
---@param verb table
---@return string[] rest
function script.take_sets(arguments, sets, verb)
  local rest, i = {}, 1
  while i <= #arguments do
    local text = arguments[i]
    if text == "--" then
      table.move(arguments, i + 1, #arguments, #rest + 1, rest)
      break
    end
    local joined = text:match "^%-%-set=(.*)$"
    if text == "--set" then
      i = i + 1
      joined = arguments[i] or options.fail("option '--set' needs a value: NAME=VALUE", nil, verb)
    end
    if joined then
      sets[#sets + 1] = joined
    else
      rest[#rest + 1] = text
    end
    i = i + 1
  end
  return rest
end

local words = { ["true"] = true, ["false"] = false }

--- A value as it is written on the command line: a number, true or false, or a text.
---@param value string
---@return number|boolean|string
function script.value(value)
  if words[value] ~= nil then return words[value] end
  return math.tointeger(value) or tonumber(value) or value
end

--- { "tariff=0.1", ... } as fields for :with.
---@param sets string[]
---@param verb table
---@return table<string, any>
function script.parameters(sets, verb)
  local fields = {}
  for _, text in ipairs(sets) do
    local name, value = text:match "^([^=]+)=(.*)$"
    if not name then
      options.fail(("--set %s: NAME=VALUE is needed"):format(text), "--set tariff=0.1", verb)
    end
    fields[name] = script.value(value)
  end
  return fields
end

local function is_scenario(value)
  local kind = type(value)
  if kind ~= "table" and kind ~= "userdata" then return false end
  local ok, run, name = pcall(function() return value.run, value.name end)
  return ok and type(run) == "function" and type(name) == "string"
end

--- A model is taken with the values that it has.
local function made(value)
  local meta = getmetatable(value)
  return type(meta) == "table" and meta.__name == "cm.Model" and value{} or value
end

--- The scenarios that a script returned, or models, as scenarios; or nil.
function script.scenarios(value)
  if is_scenario(value) then return { made(value) } end
  if type(value) ~= "table" or #value == 0 then return nil end
  local list = {}
  for k, item in ipairs(value) do
    if not is_scenario(item) then return nil end
    list[k] = made(item)
  end
  return list
end

--- The chunk of a file, or of stdin for "-", and what `arg[0]` is.
---@param file string?
---@param verb table
function script.compile(file, verb)
  if not file then
    options.fail("a file is needed", ("capmod %s FILE"):format(verb.name), verb)
  end
  if file == "-" then
    paths.set(nil)
    return load.text(io.stdin:read "a", "=stdin"), "-"
  end
  local exists = io.open(file)
  if exists then
    exists:close()
  elseif not file:find "[./]" then
    options.fail(("there is no verb and no file '%s'"):format(file),
      errors.did_you_mean(file, program.verbs), { name = "help" })
  end
  paths.set(paths.folder(file))
  return load.file(file), file
end

--- Options that stand before or behind FILE: the options, FILE, and the script's own arguments.
---@param verb table
---@param given table
---@param rest string[]
---@return table given, string? file, string[] arguments
function script.options_around(verb, given, rest)
  local file = table.remove(rest, 1)
  local more, arguments = options.parse(verb, rest)
  for name, value in pairs(more) do -- any order
    local list = given[name]
    if type(list) == "table" then
      table.move(value, 1, #value, #list + 1, list)
    else
      given[name] = value
    end
  end
  return given, file, arguments
end

--- A whole number of at least 1 that an option was given; nil where it was not.
---@param text string?
---@param option string
---@param what string
---@param verb table
---@return integer?
function script.count(text, option, what, verb)
  local n = text and math.tointeger(tonumber(text))
  if text and (not n or n < 1) then
    options.fail(("--%s: '%s' is no number of %s"):format(option, text, what), nil, verb)
  end
  return n
end

return script
