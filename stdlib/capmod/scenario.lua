--- Scenarios: parameters and a recipe that makes results of them.
---
---     local s = cm.scenario{
---       name = "shoes",
---       params = { tariff = { 0.17, min = 0, max = 1, unit = "ad valorem",
---                             about = "importer's duty" }, n = 3 },
---       run = function(p) return { cost = p.n * (1 + p.tariff) } end,
---     }
---     print(s:run().cost)
---     print(s:with{ name = "free trade", tariff = 0 }:run())
---     print(s:sweep{ tariff = cm.range(0, 0.3, 0.1), n = { 3, 4 } })
---
--- A scenario never changes. Errors CM30xx.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local parameters = require "capmod.scenario.parameters"
local results = require "capmod.scenario.results"
local sampling = require "capmod.scenario.sampling"

local getinfo = debug.getinfo -- kept: a sandboxed script has no debug
local scenario = {}

local SCENARIO = {} -- the key that a scenario's parts stand behind
local Scenario = { __name = "cm.Scenario" }
local methods = {}

---@class cm.ScenarioData
---@field name string
---@field about string?
---@field object string "scenario 'shoes'"
---@field declared table<string, cm.Parameter>
---@field values table<string, any>
---@field run function
---@field model table? the definition that it was made from

local function of(s)
  args.object(getmetatable(s) == Scenario, "scenario")
  return rawget(s, SCENARIO)
end

---@param parts cm.ScenarioData
local function new(parts)
  parts.object = ("scenario '%s'"):format(parts.name)
  return setmetatable({ [SCENARIO] = parts }, Scenario)
end

--- Whether a value is a scenario.
---@return boolean
function scenario.is(x)
  return getmetatable(x) == Scenario
end

local FIELDS = {
  name = { "string", required = true, about = "what results are called by" },
  about = { "string" },
  params = { "table", about = "name = value, or { value, unit =, min =, max =, about = }" },
  run = { "callable", required = true, about = "function(p) ... return { output = value } end" },
}

local function create(t)
  local object = type(t) == "table" and type(t.name) == "string"
    and ("scenario '%s'"):format(t.name) or "scenario"
  args.check(object, t, FIELDS)
  local declared = parameters.declare(object, t.params or {})
  return new{ name = t.name, about = t.about, declared = declared,
    values = parameters.defaults(declared), run = t.run }
end

-- ---- what a scenario answers --------------------------------------------------------------------

--- The name, the description, or the value of a parameter.
function Scenario.__index(s, field)
  if methods[field] then return methods[field] end
  local parts = of(s)
  if field == "name" or field == "about" or field == "model" then return parts[field] end
  parameters.known(parts.object, parts.declared, field)
  return parts.values[field]
end

function Scenario.__newindex(s, field)
  errors.raise(3009, {
    message = ("%s does not change"):format(of(s).object), object = of(s).object,
    field = tostring(field), fix = ("make another: s:with{ %s = ... }"):format(tostring(field)),
  })
end

function Scenario.__tostring(s)
  return tostring(s:params())
end

--- The parameters: value, unit, what each is about.
---@return cm.Frame
function methods:params()
  local parts = of(self)
  return parameters.frame(parts.object, parts.about, parts.declared, parts.values)
end

--- The same scenario with other values: s:with{ name = "free trade", tariff = 0 }. CM3001 unknown
--- parameter, CM3002 out of range, CM3003 wrong type; all findings together.
---@param changes table<string, any> also name and about
---@return cm.Scenario
function methods:with(changes)
  local parts = of(self)
  args.one(changes, "with", "changes", "table")
  local values, found = parameters.copy(parts.values), errors.findings()
  for name, value in each(changes) do
    if name == "name" or name == "about" then
      args.one(value, "with", name, "string")
    elseif parameters.check(found, parts.object, parts.declared, name, value) then
      values[name] = value
    end
  end
  found:raise()
  return new{ name = changes.name or parts.name, about = changes.about or parts.about,
    declared = parts.declared, values = values, run = parts.run, model = parts.model }
end

-- ---- running ------------------------------------------------------------------------------------

local function describe(values)
  local list = {}
  for name, value in each(values) do list[#list + 1] = ("%s = %s"):format(name, tostring(value)) end
  return #list > 0 and (" (%s)"):format(table.concat(list, ", ")) or ""
end

--- The first line of an inner error, and its fix.
local function inner(e)
  if not errors.is(e) then return tostring(e), nil end
  local findings = e.findings
  if findings then
    local texts = {}
    for i, finding in ipairs(findings) do texts[i] = tostring(finding):match "^[^\n]*" end
    return table.concat(texts, "\n  "), findings[1].fix
  end
  return tostring(e):match "^[^\n]*", e.fix
end

--- The file of a recipe and the line that it begins on.
local function begin_of(run)
  while type(run) == "table" do run = getmetatable(run).__call end
  local info = getinfo(run, "S")
  return info.source:gsub("^@", ""), info.linedefined
end

--- Runs the recipe. What it raises is raised again with the scenario's name and the values that
--- brought it about; the error object keeps the inner one as `cause`. An interruption or a limit
--- that was reached passes as it is.
local function outputs_of(parts, values, told)
  local given = parameters.strict(parts.object, parts.declared, values)
  local ok, outputs = pcall(parts.run, given)
  if not ok then
    if errors.is(outputs) and outputs.number:find "^CM6" then error(outputs, 0) end
    local message, fix = inner(outputs)
    local file, line = errors.place()
    if not file then file, line = begin_of(parts.run) end
    errors.raise(3005, {
      message = ("%s%s failed: %s"):format(parts.object, describe(told), message),
      object = parts.object, fix = fix, cause = outputs, file = file, line = line,
    })
  end
  return results.check(parts.object, outputs)
end

local function provenance_of(parts)
  local model, script = parts.model, begin_of(parts.run)
  return {
    capmod = core.version,
    scenario = parts.name,
    model = model and model.name .. (model.version and " " .. model.version or "") or nil,
    cite = model and model.cite or nil,
    script = script,
    parameters = parameters.copy(parts.values),
  }
end

--- Runs the recipe and gives its results. CM3004 a parameter without a value, CM3005 the recipe
--- failed, CM3006 it gave no named results.
---@return cm.Result
function methods:run()
  local parts = of(self)
  parameters.complete(parts.object, parts.declared, parts.values)
  return results.new(parts.name, outputs_of(parts, parts.values, {}), provenance_of(parts))
end

--- Runs the recipe with values that stand in for the scenario's own.
local function run_case(parts, told)
  local values = parameters.copy(parts.values)
  for name, value in pairs(told) do values[name] = value end -- any order
  parameters.complete(parts.object, parts.declared, values)
  return outputs_of(parts, values, told)
end

---@return table[] runs { values, outputs }
local function run_cases(parts, cases)
  local runs = {}
  for i, told in ipairs(cases) do runs[i] = { told, run_case(parts, told) } end
  return runs
end

local function combinations(parts, lists)
  args.one(lists, "sweep", "lists", "table")
  local names, plan = parameters.plan(parts.object, parts.declared, lists)
  local cases = {}
  for told in parameters.combinations(names, plan) do cases[#cases + 1] = told end
  return names, cases
end

--- Every combination of some values, one row a run: s:sweep{ tariff = cm.range(0, 0.3, 0.1),
--- wage = { 60, 90 } }. The runs are in order of the parameters' names, the last one changing
--- fastest. Outputs that are numbers, texts or true and false are kept. CM3001-3008.
---@param lists table<string, any[]|any>
---@return cm.Frame
function methods:sweep(lists)
  local parts = of(self)
  local names, cases = combinations(parts, lists)
  return results.sweep(parts.name, names, run_cases(parts, cases))
end

--- Draws of some parameters, one row a run: s:sample{ n = 1000, seed = 42, method = "latin", wage =
--- cm.normal(90, 10), mode = { "export", "joint" } }. What a list holds is as likely each. The
--- method is `random`, or `latin` for a Latin hypercube (McKay, Beckman and Conover 1979): one draw
--- in each of n equally likely parts of every parameter. Each parameter has its own stream of the
--- seed, so that one more does not move the others; with random draws the first runs of a longer
--- sample are those of a shorter one. All draws are checked before the first run. A parameter that
--- is called n, seed or method stands in `params`. `runs:quantiles{}` and `runs:tornado{}` say what
--- came out. CM3001-3008.
---@param t table<string, any>
---@return cm.Frame
function methods:sample(t)
  local parts = of(self)
  local names, draws, how = sampling.draws(parts.object, parts.declared, t)
  return results.sample(parts.name, names, run_cases(parts, draws), how.note)
end

--- How far each parameter moves each output when it goes to its low and its high value and the
--- others stay (Eschenbach 1992, Interfaces 22, 40-46): s:tornado{ wage = cm.normal(90, 10), tariff
--- = { 0, 0.3 }, output = "cost" }. Distributions go to their quantiles `low` and `high` (0.1 and
--- 0.9), lists to their least and greatest number. The parameter with the greatest swing comes
--- first. A parameter that is called low, high or output stands in `params`. CM3001-3008.
---
---     print(s:tornado{ tariff = { 0, 0.3 }, output = "cost" }:chart{ kind = "tornado" })
---@param t table<string, any>
---@return cm.Frame
function methods:tornado(t)
  local parts = of(self)
  local moves, output, note = sampling.moves(parts.object, parts.declared, t)
  local cases = { {} }
  for _, move in ipairs(moves) do
    cases[#cases + 1] = { [move.name] = move.low }
    cases[#cases + 1] = { [move.name] = move.high }
  end
  local runs = run_cases(parts, cases)
  for k, move in ipairs(moves) do
    move.at_low, move.at_high = runs[2 * k][2], runs[2 * k + 1][2]
  end
  return sampling.tornado(parts, runs[1][2], moves, output, note)
end

-- ---- case by case, for the program --------------------------------------------------------------

--- The cases of a sweep, or with `how` (n, seed, method) those of a sample: the parameters that
--- vary, the values of each case, and the function that makes a frame of what the cases gave.
---@param s cm.Scenario
---@param lists table<string, any>
---@param how? { n: integer, seed: integer, method: string? }
---@return string[] names, table[] cases, fun(runs: table[]): cm.Frame
function scenario.cases(s, lists, how)
  local parts = of(s)
  if not how then
    local names, cases = combinations(parts, lists)
    return names, cases, function(runs) return results.sweep(parts.name, names, runs) end
  end
  local names, cases, made = sampling.draws(parts.object, parts.declared,
    { n = how.n, seed = how.seed, method = how.method, params = lists })
  return names, cases, function(runs)
    return results.sample(parts.name, names, runs, made.note)
  end
end

--- The outputs of one case.
---@param s cm.Scenario
---@param values table<string, any>
---@return table<string, any> outputs
function scenario.case(s, values) return run_case(of(s), values) end

--- Where results of a scenario come from, as `result.provenance` says it.
---@param s cm.Scenario
---@return table
function scenario.provenance(s) return provenance_of(of(s)) end

-- ---- models -------------------------------------------------------------------------------------

local MODEL = {}
local Model = { __name = "cm.Model" }

--- What cm.define.model gives: a function from values to a scenario,
--- learning{ name = "Ethiopia", start = 1.6 }.
---@param definition table
function scenario.model(definition)
  local object = ("model '%s'"):format(definition.name)
  return setmetatable({ [MODEL] = {
    definition = definition, object = object,
    declared = parameters.declare(object, definition.params, true),
  } }, Model)
end

function Model.__index(model, field)
  return rawget(model, MODEL).definition[field]
end

function Model.__newindex(model, field, value)
  rawget(model, MODEL).definition[field] = value -- raises: a definition does not change
end

function Model.__call(model, t)
  local m = rawget(model, MODEL)
  args.one(t or {}, m.object, "values", "table")
  return new{ name = m.definition.name, declared = m.declared, run = m.definition.run,
    values = parameters.defaults(m.declared), model = m.definition }:with(t or {})
end

function Model.__tostring(model)
  local m = rawget(model, MODEL)
  local title = m.object .. (m.definition.version and " " .. m.definition.version or "")
  return tostring(parameters.frame(title, m.definition.about, m.declared,
    parameters.defaults(m.declared)))
end

return setmetatable(scenario, {
  __name = "capmod.scenario",
  --- Makes a scenario.
  __call = function(_, t) return create(t) end,
})
