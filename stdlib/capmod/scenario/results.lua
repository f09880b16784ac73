--- Results of scenarios: named outputs and where they come from. Internal to scenarios.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local frame = require "capmod.frame"
local json = require "capmod.json"
local package = require "capmod.frame.package"
local parameters = require "capmod.scenario.parameters"
local text = require "capmod.text"

local results = {}

local RESULT = {}
local SHOWN = { number = true, string = true, boolean = true }

---@class cm.Result
local Result = { __name = "cm.Result" }

-- What a result answers besides its outputs.
local TAKEN = { save = true, report = true, provenance = true, scenario = true }

--- The outputs of a recipe, checked: a table with names. CM3006.
function results.check(object, outputs)
  local why
  if type(outputs) ~= "table" or getmetatable(outputs) then
    why = outputs == nil and "nothing" or "a " .. args.kind(outputs)
  else
    for name in each(outputs) do
      if type(name) ~= "string" then why = "outputs without names" end
      if TAKEN[name] then why = ("an output '%s', which is a name of its own"):format(name) end
    end
  end
  if not why then return outputs end
  errors.raise(3006, {
    message = ("%s: the recipe returns %s"):format(object, why), object = object,
    fix = "end it by return { name = value }",
  })
end

---@param name string of the scenario
---@param outputs table<string, any>
---@param provenance table
---@return cm.Result
function results.new(name, outputs, provenance)
  local copy = {}
  for output, value in pairs(outputs) do copy[output] = value end -- any order
  return setmetatable({ [RESULT] = { name = name, outputs = copy, provenance = provenance } },
    Result)
end

function results.is(x)
  return getmetatable(x) == Result
end

--- The name of the scenario and the outputs.
---@return string name, table<string, any> outputs
function results.parts(result)
  local parts = rawget(result, RESULT)
  return parts.name, parts.outputs
end

--- A file name for an output that no other file of the folder has.
local function file_apart(name, taken)
  local stem = name:gsub("[/%c]", "-")
  local file, n = stem, 1
  while taken[file] do
    n = n + 1
    file = ("%s-%d"):format(stem, n)
  end
  taken[file] = true
  return file .. ".csv"
end

--- Saves a result in a folder that is there: result.csv the outputs that fit in a cell, one csv
--- file a frame, provenance.json where they come from, and datapackage.json, which describes the
--- other files to programs that read Frictionless data packages. CM1510.
---@param result cm.Result
---@param folder string
---@return cm.Result result
local function save(result, folder)
  args.one(folder, "save", "folder", "string")
  folder = folder:gsub("/*$", "/")
  local parts, rows, resources = rawget(result, RESULT), {}, {}
  local taken = { result = true }
  for name, value in each(parts.outputs) do
    if frame.is(value) then
      local file = file_apart(name, taken)
      resources[#resources + 1] = export.write_resource(value, folder, file, {})
    elseif SHOWN[type(value)] then
      rows[#rows + 1] = { output = name, value = value }
    end
  end
  resources[#resources + 1] = export.write_resource(
    frame{ cols = { "output", "value" }, rows = rows }, folder, "result.csv", { wide = true })
  export.write_file(folder .. "provenance.json", json.encode(parts.provenance) .. "\n")
  resources[#resources + 1] = { name = "provenance", path = "provenance.json", format = "json",
    mediatype = "application/json" }
  export.write_file(folder .. "datapackage.json", package.descriptor(parts.name, resources))
  return result
end

--- Writes a result as a page of HTML that is complete in itself: parameters, outputs, tables,
--- charts, provenance and how to cite it: s:run():report "shoes.html". CM1510.
---@param result cm.Result
---@param path string
---@return cm.Result result
local function report(result, path)
  args.one(path, "report", "path", "string")
  local name = rawget(result, RESULT).name
  require "capmod.report".save(path, name, { { name = name, value = result } })
  return result
end

--- An output by its name; `save`, `report`, `provenance`; `scenario`, its name. Anything else is
--- CM3010.
function Result.__index(result, field)
  local parts = rawget(result, RESULT)
  if parts.outputs[field] ~= nil then return parts.outputs[field] end
  if field == "save" then return save end
  if field == "report" then return report end
  if field == "provenance" then return parts.provenance end
  if field == "scenario" then return parts.name end
  local names = {}
  for name in each(parts.outputs) do names[#names + 1] = name end
  errors.raise(3010, {
    message = ("result of '%s' has no output '%s'"):format(parts.name, tostring(field)),
    object = "result", field = tostring(field),
    fix = errors.did_you_mean(tostring(field), names,
      "its outputs are " .. table.concat(names, ", ")),
  })
end

function Result.__newindex(result, field)
  errors.raise(3009, {
    message = ("result of '%s' does not change"):format(rawget(result, RESULT).name),
    object = "result", field = tostring(field), fix = "return it from the recipe",
  })
end

--- `for name, output in pairs(result)`, in order of the names.
function Result.__pairs(result)
  return each(rawget(result, RESULT).outputs)
end

function Result.__tostring(result)
  local parts = rawget(result, RESULT)
  local rows, cells = {}, {}
  for name, value in each(parts.outputs) do
    local cell = parameters.cell(value)
    rows[#rows + 1] = { output = name, value = cell }
    cells[#rows] = cell
  end
  local value = parameters.style(cells, #rows, 4)
  value.name = "value"
  return tostring(frame{ title = ("result of '%s'"):format(parts.name), keys = { "output" },
    cols = { { name = "output" }, value }, rows = rows })
end

-- ---- sweeps -------------------------------------------------------------------------------------

local function refuse_name(name, output)
  errors.raise(3006, {
    message = ("scenario '%s': output '%s' bears the name of a parameter"):format(name, output),
    object = ("scenario '%s'"):format(name), field = output, fix = "rename the output",
  })
end

--- The columns of a sweep: what was varied, then the outputs that fit in a cell, by name.
local function sweep_columns(name, names, runs)
  local columns, outputs, is_varied = {}, {}, {}
  for _, varied in ipairs(names) do columns[varied], is_varied[varied] = {}, true end
  for i, run in ipairs(runs) do
    for _, varied in ipairs(names) do columns[varied][i] = parameters.cell(run[1][varied]) end
    for output, value in each(run[2]) do
      if SHOWN[type(value)] then
        if is_varied[output] then refuse_name(name, output) end
        columns[output] = columns[output] or {}
        columns[output][i], outputs[output] = value, true
      end
    end
  end
  return columns, outputs
end

--- The frame of a sweep.
---@param name string of the scenario
---@param names string[] of the parameters varied, in order
---@param runs table[] { values varied, outputs }
---@return cm.Frame
function results.sweep(name, names, runs)
  local columns, outputs = sweep_columns(name, names, runs)
  local cols, n = {}, #runs
  for i, parameter in ipairs(names) do
    cols[i] = { name = parameter, digits = text.exact_digits(columns[parameter], n) }
  end
  for output in each(outputs) do
    local style = parameters.style(columns[output], n, 3)
    cols[#cols + 1] = { name = output, digits = style.digits }
  end
  return frame{ title = ("sweep of '%s': %s"):format(name, text.count(n, "run")), keys = names,
    cols = cols, columns = columns, n = n, bar = false }
end

--- The frame of a sample: as that of a sweep, with what was drawn at about four figures.
---@param note string[]
---@return cm.Frame
function results.sample(name, names, runs, note)
  local columns, outputs = sweep_columns(name, names, runs)
  local cols, n = {}, #runs
  for i, parameter in ipairs(names) do cols[i] = { name = parameter } end
  for output in each(outputs) do cols[#cols + 1] = { name = output } end
  for _, col in ipairs(cols) do
    local style = parameters.style(columns[col.name], n, 3)
    col.digits, col.format = style.digits, style.format
  end
  return frame{ title = ("sample of '%s': %s"):format(name, text.count(n, "run")), keys = names,
    cols = cols, columns = columns, n = n, note = note, bar = false }
end

return results
