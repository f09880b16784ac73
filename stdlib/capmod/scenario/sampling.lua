--- Draws of parameters, and runs with one parameter moved at a time. Internal to scenarios.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local parameters = require "capmod.scenario.parameters"
local random = require "capmod.random"
local sample = require "capmod.sample"
local spread = require "capmod.frame.spread"
local text = require "capmod.text"

local sampling = {}

local MOST = 1000000
local BELOW_ONE = 1 - 0x1p-53

--- The fields of a question and the parameters that stand beside them. `params` holds those
--- parameters that bear the name of a field.
local function split(object, t, fields)
  args.one(t, object, "fields", "table")
  local own, given = {}, {}
  for name, value in each(t) do
    if fields[name] then own[name] = value else given[name] = value end
  end
  args.check(object, own, fields)
  for name, value in each(own.params or {}) do given[name] = value end
  if next(given) == nil then
    errors.raise(3008, { message = object .. ": no parameter is given", object = object,
      fix = "for example wage = cm.normal(90, 10)" })
  end
  return own, given
end

local function refuse(object, name, message, fix)
  errors.raise(3008, { message = ("%s: %s %s"):format(object, name, message), object = object,
    field = name, fix = fix })
end

-- ---- draws --------------------------------------------------------------------------------------

local SAMPLE = {
  n = { "integer", required = true, about = "the number of runs" },
  seed = { "integer", required = true, about = "a whole number; same seed, same draws" },
  method = { "string", about = "random, or latin for a Latin hypercube" },
  params = { "table", about = "parameters whose names are those of other fields" },
}

--- Numbers between 0 and 1, one a run. With `latin` there is one in each of n parts of the same
--- width, in random order (McKay, Beckman and Conover 1979, Technometrics 21, 239-245).
local function probabilities(stream, n, latin)
  local list = {}
  if not latin then
    for i = 1, n do list[i] = stream:uniform() end
    return list
  end
  for i = 1, n do list[i] = i - 1 end
  list = stream:shuffle(list)
  for i = 1, n do list[i] = math.min((list[i] + stream:uniform()) / n, BELOW_ONE) end
  return list
end

--- From a number between 0 and 1 to a value: the quantile, or one of a list, each as likely.
local function chooser(object, name, given)
  if sample.is_distribution(given) then return function(p) return given:quantile(p) end end
  local list = (type(given) ~= "table" or getmetatable(given)) and { given } or given
  if #list == 0 then
    refuse(object, name, "has no values to draw from",
      ("write %s = cm.uniform(low, high), or a list"):format(name))
  end
  return function(p) return list[math.floor(p * #list) + 1] end
end

local function described(given)
  if sample.is_distribution(given) then return tostring(given) end
  if type(given) ~= "table" then return text.short(given) end
  local list = {}
  for i, value in ipairs(given) do list[i] = text.short(value) end
  return "one of " .. table.concat(list, ", ")
end

--- The draws of a sample: the names drawn, a table of values for each run, and what was done.
---@param object string
---@param declared table<string, cm.Parameter>
---@param t table
---@return string[] names, table[] draws, { method: string, note: string[] } how
function sampling.draws(object, declared, t)
  local own, given = split("sample", t, SAMPLE)
  local n, method = math.tointeger(own.n), own.method or "random"
  args.choice(method, "method", { "random", "latin" }, "sample")
  if n < 1 or n > MOST then
    errors.raise(1004, { message = ("sample: n = %d is not from 1 to %d"):format(n, MOST),
      object = "sample", field = "n", fix = "n is the number of runs" })
  end
  local streams, found = random{ seed = own.seed }, errors.findings()
  local names, draws, parts = {}, {}, {}
  for i = 1, n do draws[i] = {} end
  for name, one in each(given) do
    local choose = chooser(object, name, one)
    names[#names + 1], parts[#parts + 1] = name, ("%s from %s"):format(name, described(one))
    local ps = probabilities(streams:stream(name), n, method == "latin")
    for i = 1, n do
      draws[i][name] = choose(ps[i])
      if not parameters.check(found, object, declared, name, draws[i][name]) then break end
    end
  end
  found:raise()
  local way = method == "latin" and "Latin hypercube" or "random draws"
  return names, draws, { method = way,
    note = { ("%s, seed %d: %s"):format(way, own.seed, table.concat(parts, ", ")) } }
end

-- ---- one at a time ------------------------------------------------------------------------------

local TORNADO = {
  low = { "number", about = "the quantile of distributions taken as low, 0.1 if left out" },
  high = { "number", about = "the quantile taken as high, 0.9 if left out" },
  output = { "string", "list", about = "which outputs; all numbers if left out" },
  params = SAMPLE.params,
}

--- The low and the high value of a parameter: quantiles, or the least and the greatest of a list.
local function ends(object, name, given, low, high)
  if sample.is_distribution(given) then return given:quantile(low), given:quantile(high) end
  local list = type(given) == "table" and not getmetatable(given) and given or { given }
  local least, greatest = math.huge, -math.huge
  for _, value in ipairs(list) do
    if type(value) ~= "number" then
      local meant = sample.meant(value)
      refuse(object, name, ("= %s has no low and high"):format(text.short(value)),
        meant and ("write %s = %s"):format(name, meant) or "give numbers or a distribution")
    end
    least, greatest = math.min(least, value), math.max(greatest, value)
  end
  if least >= greatest then
    refuse(object, name, "needs a low and a high value",
      ("write %s = { low, high } or cm.uniform(low, high)"):format(name))
  end
  return least, greatest
end

local function check_quantiles(low, high)
  if low >= 0 and low < high and high <= 1 then return end
  errors.raise(3008, {
    message = ("tornado: low = %s and high = %s are no two quantiles"):format(text.short(low),
      text.short(high)), object = "tornado", field = "low", fix = "low = 0.1, high = 0.9" })
end

--- What moves: { name, low, high } for each parameter, checked; and the outputs that are wanted.
---@return { name: string, low: number, high: number }[] moves, string|string[]|nil output
---@return string[] note
function sampling.moves(object, declared, t)
  local own, given = split("tornado", t, TORNADO)
  local low, high, found = own.low or 0.1, own.high or 0.9, errors.findings()
  check_quantiles(low, high)
  local moves, any = {}, false
  for name, one in each(given) do
    local a, b = ends(object, name, one, low, high)
    any = any or sample.is_distribution(one)
    moves[#moves + 1] = { name = name, low = a, high = b }
    if parameters.check(found, object, declared, name, a) then
      parameters.check(found, object, declared, name, b)
    end
  end
  found:raise()
  return moves, own.output, { "one parameter at a time, the others as the scenario has them" .. (any
    and ("; distributions at their quantiles %s and %s"):format(text.short(low), text.short(high))
    or "") }
end

--- CM3006: an output that there is not, or that is no number.
local function refuse_output(object, base, name)
  local message, fix = "%s: output '%s' is no number", "name outputs that are numbers"
  if base[name] == nil then
    local known = {}
    for output in each(base) do known[#known + 1] = output end
    message = "%s: there is no output '%s'"
    fix = errors.did_you_mean(tostring(name), known, "there are " .. table.concat(known, ", "))
  end
  errors.raise(3006, { message = message:format(object, tostring(name)), object = object,
    field = tostring(name), fix = fix })
end

--- Which outputs are shown: those asked for, or all that are numbers in the base run.
local function wanted(object, base, output)
  local list = type(output) == "table" and output or { output }
  if #list == 0 then
    for name, value in each(base) do
      if type(value) == "number" then list[#list + 1] = name end
    end
  end
  for _, name in ipairs(list) do
    if type(base[name]) ~= "number" then
      refuse_output(object, base, name)
    end
  end
  return list
end

local function number(value) return type(value) == "number" and value or nil end

--- The frame of a tornado.
---@param parts cm.ScenarioData
---@param base table<string, any> outputs
---@param moves table[] with the outputs `at_low` and `at_high`
---@return cm.Frame
function sampling.tornado(parts, base, moves, output, note)
  local rows = {}
  for _, name in ipairs(wanted(parts.object, base, output)) do
    local list = {}
    for k, move in ipairs(moves) do
      list[k] = { output = name, parameter = move.name, low = move.low, high = move.high,
        at_low = number(move.at_low[name]), base = base[name],
        at_high = number(move.at_high[name]) }
    end
    spread.order(list, rows)
  end
  return frame{ title = ("tornado of '%s'"):format(parts.name), rows = rows, bar = false,
    keys = { "parameter", "output" }, note = note,
    cols = { "parameter", "output", { name = "low", format = "mixed" },
      { name = "high", format = "mixed" }, table.unpack(spread.columns) } }
end

return sampling
