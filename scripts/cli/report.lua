--- capmod report FILE: what a script returns, as one page of HTML that is complete in itself.

local program = ...
local chart = require "capmod.frame.chart"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local failure, script = program.use "failure", program.use "script"
local options = program.use "options"

local verb = {
  name = "report",
  synopsis = { "capmod report FILE -o FOLDER [OPTIONS] [-- ARGUMENTS]" },
  about = "Writes what a script returns, scenarios, frames or charts, as one page of HTML.",
  options = {
    { "output", short = "o", value = "FOLDER", about = "for report.html; or a name in .html" },
    { "set", value = "NAME=VALUE", many = true, about = "change a parameter of each scenario" },
    { "title", value = "TEXT", about = "of the page" },
    { "time", value = "60s", about = "end the script after so long, with status 124" },
    { "memory", value = "2G", about = "end the script when it needs more, with status 125" },
    { "threads", value = "N", about = "threads of linear algebra, and of placing" },
  },
}

local function of_scenarios(list, fields)
  local items = {}
  for i, one in ipairs(list) do
    local set = next(fields) ~= nil and one:with(fields) or one
    items[i] = { name = set.name, value = set:run(), scenario = set }
  end
  return items
end

--- The name of what has none of its own.
local function name_of(value, key)
  if type(key) == "string" then return key end
  if type(value) == "table" then
    local ok, name = pcall(function() return value.scenario or value.title or value.name end)
    if ok and type(name) == "string" then return name end
  end
  return chart.is(value) and ("chart %d"):format(key) or ("part %d"):format(key)
end

--- What the page shows: the results of scenarios, or the values that the script returned.
---@return cm.ReportItem[]
local function items_of(returned, fields)
  local list = script.scenarios(returned)
  if list then return of_scenarios(list, fields) end
  if next(fields) ~= nil or returned == nil then
    errors.raise(6105, {
      message = returned == nil and "this script returns nothing that could be reported"
        or "--set changes a scenario, and this script returns none",
      fix = "end the script with: return cm.scenario{ params = { ... }, run = ... }",
    })
  end
  local items = {}
  local many = type(returned) == "table" and not getmetatable(returned)
  for key, value in each(many and returned or { returned }) do
    items[#items + 1] = { name = name_of(value, key), value = value }
  end
  return items
end

--- Where the page goes; its folders are made.
local function place(output)
  if not output then
    options.fail("where does the page go?", "capmod report FILE -o FOLDER", verb)
  end
  local path = output:find "%.html?$" and output or output:gsub("/*$", "") .. "/report.html"
  local folder = path:match "^(.*)/[^/]*$"
  if folder and folder ~= "" and not program.make_folders(folder) then
    errors.raise(1510, { message = ("cannot make the folder '%s'"):format(folder), object = folder,
      fix = "check that its parents may be written" })
  end
  return path
end

function verb.run(given, rest)
  local file, arguments
  given, file, arguments = script.options_around(verb, given, rest)
  local n = script.count(given.threads, "threads", "threads", verb)
  if n then core.threads(n) end
  local fields = script.parameters(given.set or {}, verb)
  local seconds, bytes = options.seconds(given.time, verb), options.bytes(given.memory, verb)
  local ok, result, ended = program.protect(function()
    local chunk, name = script.compile(file, verb)
    local path = place(given.output)
    program.limit(seconds, bytes)
    if program.isatty(2) then core.progress(program.use "progress") end
    _G.arg = { [0] = name, table.unpack(arguments) }
    local items = items_of(chunk(table.unpack(arguments)), fields)
    local title = given.title or #items == 1 and items[1].name
      or name:match "([^/]*)$":gsub("%.lua$", "")
    require "capmod.report".save(path, title, items)
    io.stderr:write("saved in ", path, "\n")
    return 0
  end, failure.handler)
  if ok then return result end
  failure.print(result)
  return ended or failure.status(result)
end

return verb
