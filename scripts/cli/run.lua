--- capmod run FILE: runs a script; what it returns, a scenario or a list of
--- them, is run too and its result printed.

local program = ...
local core = require "capmod.core"
local errors = require "capmod.errors"
local load = require "capmod.load"
local options, report = program.use "options", program.use "report"
local paths = program.use "paths"

local verb = {
  name = "run",
  synopsis = {
    "capmod run [OPTIONS] FILE [ARGUMENTS]", "capmod [OPTIONS] FILE [ARGUMENTS]",
    "capmod [OPTIONS] -e CODE [ARGUMENTS]",
    "capmod [OPTIONS] - [ARGUMENTS]        (the script is on stdin)",
  },
  about = "Runs a script. Where it returns a scenario, or a list of them, each is run and printed.",
  options = {
    { "execute", short = "e", value = "CODE", about = "run this code; cm is there already" },
    { "set", value = "NAME=VALUE", many = true,
      about = "change a parameter of the scenario; may also follow FILE" },
    { "output", short = "o", value = "FOLDER", about = "save the results there as well" },
    { "time", value = "60s", about = "end the script after so long, with status 124" },
    { "memory", value = "2G", about = "end the script when it needs more, with status 125" },
    { "threads", value = "N", about = "threads of the linear algebra" },
  },
}

--- Parts "--set NAME=VALUE" from the arguments behind FILE, up to "--".
local function take_sets(arguments, sets)
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

--- { "tariff=0.1", ... } as fields for :with.
local function parameters(sets)
  local fields = {}
  for _, text in ipairs(sets) do
    local name, value = text:match "^([^=]+)=(.*)$"
    if not name then
      options.fail(("--set %s: NAME=VALUE is needed"):format(text), "--set tariff=0.1", verb)
    end
    local typed = words[value]
    if typed == nil then typed = math.tointeger(value) or tonumber(value) or value end
    fields[name] = typed
  end
  return fields
end

local function is_scenario(value)
  local kind = type(value)
  if kind ~= "table" and kind ~= "userdata" then return false end
  local ok, run, name = pcall(function() return value.run, value.name end)
  return ok and type(run) == "function" and type(name) == "string"
end

--- The scenarios that a script returned, or nil.
local function scenarios(value)
  if is_scenario(value) then return { value } end
  if type(value) ~= "table" or #value == 0 then return nil end
  for _, item in ipairs(value) do
    if not is_scenario(item) then return nil end
  end
  return value
end

local function file_name(name) return (name:gsub("[/%c]", "-")) end

--- Runs one scenario and prints its result; returns the exit status.
local function perform(scenario, fields, folder)
  if next(fields) ~= nil then scenario = scenario:with(fields) end
  local result = scenario:run()
  print(result)
  if folder then
    program.make_folders(folder)
    result:save(folder)
    io.stderr:write("saved in ", folder, "\n")
  end
  local known, status = pcall(function() return result.status end)
  return known and (status == "infeasible" or status == "unknown") and 3 or 0
end

local function perform_all(returned, fields, folder)
  local list = scenarios(returned)
  if not list then
    if next(fields) ~= nil then
      errors.raise(6105, {
        message = "--set changes a scenario, and this script returns none",
        fix = "end the script with: return cm.scenario{ params = { ... }, run = ... }",
      })
    end
    return 0
  end
  local status = 0
  for _, scenario in ipairs(list) do
    local place = folder and #list > 1 and folder .. "/" .. file_name(scenario.name) or folder
    status = math.max(status, perform(scenario, fields, place))
  end
  return status
end

--- The chunk that -e, "-" or FILE stands for, and what `arg[0]` is.
local function compile(given, rest)
  if given.execute then
    paths.set(nil)
    _G.cm = require "capmod"
    return load.text(given.execute, "=(command line)", _G), "-e"
  end
  local file = table.remove(rest, 1)
  if not file then options.fail("a file is needed", "capmod run FILE", verb) end
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

local function threads(text)
  local n = text and math.tointeger(tonumber(text))
  if text and (not n or n < 1) then
    options.fail(("--threads: '%s' is no number of threads"):format(text), nil, verb)
  end
  return n
end

function verb.run(given, rest)
  local sets = given.set or {}
  local n = threads(given.threads)
  if n then core.threads(n) end
  local seconds, bytes = options.seconds(given.time, verb), options.bytes(given.memory, verb)
  local ok, result, ended = program.protect(function()
    program.limit(seconds, bytes)
    if program.isatty(2) then core.progress(program.use "progress") end
    local chunk, name = compile(given, rest)
    local arguments = take_sets(rest, sets)
    local fields = parameters(sets)
    _G.arg = { [0] = name, table.unpack(arguments) }
    return perform_all(chunk(table.unpack(arguments)), fields, given.output)
  end, report.handler)
  if ok then return result end
  report.print(result)
  return ended or report.status(result)
end

return verb
