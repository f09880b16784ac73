--- capmod run FILE: runs a script; what it returns, a scenario or a list of
--- them, is run too and its result printed.

local program = ...
local core = require "capmod.core"
local errors = require "capmod.errors"
local load = require "capmod.load"
local options, report = program.use "options", program.use "failure"
local paths, script = program.use "paths", program.use "script"

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
    { "threads", value = "N", about = "threads of linear algebra, and of placing" },
  },
}

local function file_name(name) return (name:gsub("[/%c]", "-")) end

local OPEN = { infeasible = true, unknown = true }

--- Whether an output is a plan or a solution that has no answer.
local function is_open(output)
  local meta = debug.getmetatable(output)
  local kind = type(meta) == "table" and meta.__name
  return (kind == "cm.Plan" or kind == "cm.Solution") and OPEN[output.status]
end

--- 3 where a result, or a plan or a solution in it, is infeasible or unknown.
local function status_of(result)
  local known, status = pcall(function() return result.status end)
  local open = known and OPEN[status]
  for _, output in pairs(type(result) == "table" and result or {}) do -- any order
    open = open or is_open(output)
  end
  return open and 3 or 0
end

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
  return status_of(result)
end

local function perform_all(returned, fields, folder)
  local list = script.scenarios(returned)
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
  return script.compile(table.remove(rest, 1), verb)
end

function verb.run(given, rest)
  local sets = given.set or {}
  local n = script.count(given.threads, "threads", "threads", verb)
  if n then core.threads(n) end
  options.folder(given.output, verb)
  local seconds, bytes = options.seconds(given.time, verb), options.bytes(given.memory, verb)
  local ok, result, ended = program.protect(function()
    program.limit(seconds, bytes)
    if program.isatty(2) then core.progress(program.use "progress") end
    local chunk, name = compile(given, rest)
    local arguments = script.take_sets(rest, sets, verb)
    local fields = script.parameters(sets, verb)
    _G.arg = { [0] = name, table.unpack(arguments) }
    return perform_all(chunk(table.unpack(arguments)), fields, given.output)
  end, report.handler)
  if ok then return result end
  report.print(result)
  return ended or report.status(result)
end

return verb
