--- capmod sweep FILE: runs the scenario of a script for many values of its parameters, each case
--- in a process of its own that begins where the script ended. What a case gives therefore hangs
--- neither on the others nor on how many run at a time.

local program = ...
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local load = require "capmod.load"
local parameters = require "capmod.scenario.parameters"
local random = require "capmod.random"
local results = require "capmod.scenario.results"
local sample = require "capmod.sample"
local scenario = require "capmod.scenario"
local options, report = program.use "options", program.use "failure"
local journal, script = program.use "journal", program.use "script"

local verb = {
  name = "sweep",
  synopsis = { "capmod sweep FILE --param NAME=VALUES ... [OPTIONS] [-- ARGUMENTS]" },
  about = "Runs a script's scenario for many values, on several cores; goes on where it ended.",
  options = {
    { "param", value = "NAME=VALUES", many = true,
      about = "0:0.3:0.05, or 60,90,120, or (with --n) normal(90,10)" },
    { "n", value = "N", about = "draw so many cases instead of all combinations" },
    { "seed", value = "SEED", about = "of the draws, 1 if left out" },
    { "method", value = "METHOD", about = "of the draws: random, or latin for a Latin hypercube" },
    { "set", value = "NAME=VALUE", many = true, about = "change a parameter in every case" },
    { "scenario", value = "NAME", about = "which, where the script returns several" },
    { "output", short = "o", value = "FOLDER",
      about = "save there; the same command goes on after an interruption" },
    { "jobs", short = "j", value = "N", about = "cases at a time; all cores if left out" },
    { "time", value = "60s", about = "give a case up after so long" },
    { "memory", value = "2G", about = "give a case up when it needs more" },
    { "threads", value = "N", about = "threads of the linear algebra of each case, 1 if left out" },
  },
}

local MOST_JOBS = 1024

-- ---- what is asked ------------------------------------------------------------------------------

local DISTRIBUTIONS = { normal = 2, uniform = 2, triangular = 3 }

local function numbers_in(text, separator)
  local list = {}
  for part in (text .. separator):gmatch("%s*(.-)%s*%" .. separator) do
    list[#list + 1] = tonumber(part) or false
  end
  return list
end

local function all_numbers(list, count)
  for _, value in ipairs(list) do
    if not value then return false end
  end
  return not count or #list == count
end

--- The values of "0:0.3:0.05", "60,90,120", "normal(90,10)" or "true".
local function values_of(text)
  local kind, inside = text:match "^(%a+)%((.*)%)$"
  if kind then
    local list = numbers_in(inside, ",")
    if not DISTRIBUTIONS[kind] or not all_numbers(list, DISTRIBUTIONS[kind]) then
      options.fail(("--param: '%s' is no distribution"):format(text),
        "normal(mean,sd), uniform(low,high) or triangular(low,mode,high)", verb)
    end
    return sample[kind](table.unpack(list))
  end
  local range = text:find ":" and numbers_in(text, ":")
  if range and all_numbers(range) and #range <= 3 then
    for k, value in ipairs(range) do range[k] = math.tointeger(value) or value end
    return sample.range(table.unpack(range))
  end
  local list = {}
  for part in (text .. ","):gmatch "(.-)," do list[#list + 1] = script.value(part) end
  return list
end

local function lists_of(params, how)
  local lists = {}
  for _, text in ipairs(params or {}) do
    local name, values = text:match "^([^=]+)=(.+)$"
    if not name then
      options.fail(("--param %s: NAME=VALUES is needed"):format(text), "--param tariff=0:0.3:0.05",
        verb)
    elseif lists[name] then
      options.fail(("--param: '%s' is given twice"):format(name), "write one list", verb)
    end
    lists[name] = values_of(values)
    if sample.is_distribution(lists[name]) and not how then
      options.fail(("--param %s: draws, but not how many"):format(text), "--n 1000", verb)
    end
  end
  if next(lists) == nil then
    options.fail("nothing varies", "--param tariff=0:0.3:0.05", verb)
  end
  return lists
end

local function integer(text, option, fallback)
  local value = text and math.tointeger(tonumber(text)) or not text and fallback
  return value or options.fail(("--%s: '%s' is no whole number"):format(option, text), nil, verb)
end

--- How cases are drawn; nil where all combinations run.
local function how_of(given)
  if not given.n then
    if given.seed or given.method then
      options.fail("--seed and --method are of draws", "say how many: --n 1000", verb)
    end
    return nil
  end
  return { n = integer(given.n, "n"), seed = integer(given.seed, "seed", 1),
    method = given.method }
end

local function choose(returned, name)
  local list = script.scenarios(returned)
  if not list then
    errors.raise(6105, { message = "this script returns no scenario, so nothing can vary",
      fix = "end the script with: return cm.scenario{ params = { ... }, run = ... }" })
  end
  local names = {}
  for i, one in ipairs(list) do
    names[i] = one.name
    if one.name == name or not name and #list == 1 then return one end
  end
  options.fail(name and ("the script returns no scenario '%s'"):format(name)
    or ("the script returns %d scenarios"):format(#list),
    "--scenario NAME, one of " .. table.concat(names, ", "), verb)
end

-- ---- the cases ----------------------------------------------------------------------------------

local SHOWN = { number = true, string = true, boolean = true }

--- In the child: what is sent of a case, "+" and the line of the journal, or "-" and why it failed.
local function compute(chosen, case, limits)
  core.progress(nil)
  local ok, outputs = program.protect(function()
    program.limit(limits.seconds, limits.bytes)
    return scenario.case(chosen, case)
  end, report.handler)
  if not ok then return "-" .. tostring(outputs) end
  local kept = {}
  for name, value in each(outputs) do
    if SHOWN[type(value)] then kept[name] = value end
  end
  return "+" .. journal.line(case, kept)
end

local function show_progress(done, total, started, fresh)
  local text = ("sweep: %d of %d cases"):format(done, total)
  if fresh > 0 and done < total then
    local left = (program.clock() - started) / fresh * (total - done)
    text = ("%s, %.0f s left"):format(text, left)
  end
  io.stderr:write("\27[K", text, "\r")
  io.stderr:flush()
end

--- Runs the cases that are missing, `jobs` at a time; `take(i, text)` is given what each sends.
local function run_missing(missing, jobs, start, take)
  local pool <close> = program.pool()
  local at = 0
  while at < #missing or pool:running() > 0 do
    while at < #missing and pool:running() < jobs do
      at = at + 1
      local i = missing[at]
      pool:start(i, function() return start(i) end)
    end
    local i, text, died = pool:next()
    if i then take(i, text or "-" .. died) end
  end
end

--- What has no line yet, each case once; how many different cases there are.
local function missing_of(cases, done)
  local list, seen, count = {}, {}, 0
  for i, case in ipairs(cases) do
    local key = journal.key(case)
    if not seen[key] then
      seen[key], count = true, count + 1
      if not done[key] then list[#list + 1] = i end
    end
  end
  return list, count
end

-- ---- what comes of it ---------------------------------------------------------------------------

local function first_line(text) return (text:match "^[^\n]*") end

--- Says which cases failed, and why.
local function tell_failures(cases, failed)
  local count = 0
  for i in each(failed) do
    count = count + 1
    if count <= 3 then io.stderr:write(first_line(failed[i]), "\n") end
  end
  if count == 0 then return 0 end
  io.stderr:write(("%d of %d cases failed; the same command tries them again\n"):format(count,
    #cases))
  return count
end

local function has_numbers(runs)
  for _, run in ipairs(runs) do
    for _, value in each(run[2]) do
      if type(value) == "number" then return true end
    end
  end
  return false
end

local function described(lists)
  local varied = {}
  for name, list in each(lists) do
    varied[name] = sample.is_distribution(list) and tostring(list) or list
  end
  return varied
end

--- The results of the sweep: the runs, and of draws how they are spread and what moves them.
local function result_of(chosen, sweep, runs, failed)
  local outputs = { runs = sweep.frame(runs), cases = #runs, failed = failed }
  if sweep.how and has_numbers(runs) then
    outputs.quantiles = outputs.runs:quantiles()
    for _, list in each(sweep.lists) do
      local number = sample.is_distribution(list) or type(list[1]) == "number"
      if number then outputs.tornado = outputs.runs:tornado() break end
    end
  end
  local provenance = scenario.provenance(chosen)
  provenance.varied, provenance.draws = described(sweep.lists), sweep.how
  provenance.script_key = sweep.key
  for name in each(sweep.lists) do provenance.parameters[name] = nil end
  return results.new(chosen.name, outputs, provenance)
end

local function show(result)
  print(result.runs)
  for name, value in each(result) do
    if name == "quantiles" or name == "tornado" then print(value) end
  end
end

--- The head of the journal: what the results hang on besides the case.
local function head_of(chosen, sweep)
  local provenance, fixed = scenario.provenance(chosen), {}
  for name, value in each(provenance.parameters) do
    if sweep.lists[name] == nil then fixed[name] = parameters.cell(value) end
  end
  return { scenario = chosen.name, script = sweep.key, capmod = core.version, parameters = fixed }
end

local function open_journal(chosen, sweep, folder)
  if not folder then return nil, {} end
  if not program.make_folders(folder) then
    errors.raise(1510, { message = ("cannot make the folder '%s'"):format(folder), object = folder,
      fix = "check that its parents may be written" })
  end
  local log = journal.open(folder .. "/cases.jsonl", head_of(chosen, sweep))
  return log, log.done
end

--- Which frame rows are made of: what is done, or why it failed.
local function runs_of(cases, done, failed)
  local runs, why = {}, {}
  for i, text in pairs(failed) do why[journal.key(cases[i])] = first_line(text) end -- any order
  for i, case in ipairs(cases) do
    local key = journal.key(case)
    runs[i] = { case, done[key] or { error = why[key] } }
  end
  return runs
end

local function perform(chosen, sweep, given, limits)
  local log, done = open_journal(chosen, sweep, given.output)
  local missing, count = missing_of(sweep.cases, done)
  if #missing < count then
    io.stderr:write(("%d of %d cases are there already\n"):format(count - #missing, count))
  end
  local failed, fresh, started, on_screen = {}, 0, program.clock(), program.isatty(2)
  sweep.kept = log and count - #missing
  local function take(i, text)
    fresh = fresh + 1
    if text:sub(1, 1) == "+" then
      local line, case = text:sub(2), sweep.cases[i]
      if log then
        log:add(case, line)
        sweep.kept = sweep.kept + 1
      else
        done[journal.key(case)] = journal.outputs(line)
      end
    else
      failed[i] = text:sub(2)
    end
    if on_screen then show_progress(count - #missing + fresh, count, started, fresh) end
  end
  run_missing(missing, limits.jobs, function(i)
    if log then log:close() end
    return compute(chosen, sweep.cases[i], limits)
  end, take)
  if on_screen then io.stderr:write "\27[K" end
  if log then log:settle(sweep.cases) end
  local runs = runs_of(sweep.cases, done, failed)
  local result = result_of(chosen, sweep, runs, tell_failures(sweep.cases, failed))
  show(result)
  if given.output then
    result:save(given.output)
    io.stderr:write("saved in ", given.output, "\n")
  end
  if log then log:close() end
  return next(failed) and 1 or 0
end

local function limits_of(given)
  local jobs = script.count(given.jobs, "jobs", "jobs", verb) or program.cores()
  if jobs > MOST_JOBS then
    options.fail(("--jobs: %d is more than %d"):format(jobs, MOST_JOBS), nil, verb)
  end
  core.threads(script.count(given.threads, "threads", "threads", verb) or 1)
  return { jobs = jobs, seconds = options.seconds(given.time, verb),
    bytes = options.bytes(given.memory, verb) }
end

function verb.run(given, rest)
  local file, arguments
  given, file, arguments = script.options_around(verb, given, rest)
  options.folder(given.output, verb)
  local limits, how = limits_of(given), how_of(given)
  local lists = lists_of(given.param, how)
  local fields = script.parameters(given.set or {}, verb)
  local sweep = { lists = lists, how = how }
  local ok, result, ended = program.protect(function()
    if program.isatty(2) then core.progress(program.use "progress") end
    local chunk, name = script.compile(file, verb)
    _G.arg = { [0] = name, table.unpack(arguments) }
    local chosen = choose(chunk(table.unpack(arguments)), given.scenario):with(fields)
    sweep.key = ("%016x"):format(random.hash(table.concat(load.sources, "\0")))
    sweep.names, sweep.cases, sweep.frame = scenario.cases(chosen, lists, how)
    return perform(chosen, sweep, given, limits)
  end, report.handler)
  if ok then return result end
  report.print(result)
  if sweep.kept then
    io.stderr:write(("%d cases are kept in %s; the same command goes on\n"):format(sweep.kept,
      given.output))
  end
  return ended or report.status(result)
end

return verb
