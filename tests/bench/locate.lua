--- Placement on instances in the JSON of the generator: one tab-separated line each.
---
---     scripts/bench locate FILE.json ... [--time S] [--gap G] [--method branch|program]
---       [--form tight|compact] [--solver highs] [--exchange yes]
---       [--against program]
---
--- prints  name, status, objective, bound, gap, cpu_s  (`-` for what is absent; CPU seconds over
--- the process and its children). `--against` solves each instance by that method too, within the
--- same limits, on a line of its own, and ends with status 1 where that leaves the smaller gap.
--- Without files it measures itself against CBC, as the other benches do: name, ours, yardstick,
--- ratio, limit, ok|MISSED.

local core = require "capmod.core"
local json = require "capmod.json"
local random = require "capmod.random"

--- The columns of core.locate from an instance.
local function problem(i)
  local places, modes = i.countries, i.modes
  local t = {
    places = places, operators = 1, count = {}, place = {}, operator = {}, cost = {},
    arcs = { from = {}, to = {}, quantity = {}, add = {} }, place_matrices = {},
    facilities = { fixed = {}, capacity = {}, parent = {} },
    needs = { option = {}, facility = {}, volume = {} },
    measures = { weight = { 1, 0, 0 }, lower = { -math.huge, i.content, i.employment },
      upper = { math.huge, math.huge, math.huge } },
    option_entries = { measure = {}, index = {}, value = {} },
  }
  local function add(list, ...)
    for k, column in ipairs(list) do column[#column + 1] = (select(k, ...)) end
  end
  local y = t.facilities
  for c = 1, places do add({ y.fixed, y.capacity, y.parent }, i.entry[c], i.capacity[c], 0) end
  for _, setup in ipairs(i.setup) do
    for c = 1, places do add({ y.fixed, y.capacity, y.parent }, setup[c], math.huge, c) end
  end
  local n, e = t.needs, t.option_entries
  for s = 1, i.stages do
    local before = #t.cost
    for c = 1, places do
      for m = 1, i.cost[s][c] and modes or 0 do
        add({ t.place, t.operator, t.cost }, c, 1, i.cost[s][c][m])
        local o = #t.cost
        add({ n.option, n.facility, n.volume }, o, c, i.labour[s])
        add({ n.option, n.facility, n.volume }, o, places * (i.cls[s] + 1) + c, 0)
        if c == i.host + 1 then
          add({ e.measure, e.index, e.value }, 2, o, i.share[m] * i.value_added[s])
          add({ e.measure, e.index, e.value }, 3, o, i.labour[s])
        end
      end
    end
    t.count[s] = #t.cost - before
  end
  for k, edge in ipairs(i.edges) do
    local d = {}
    for a = 1, places do
      for b = 1, places do d[#d + 1] = edge.D[a][b] or math.huge end
    end
    t.place_matrices[k] = d
    add({ t.arcs.from, t.arcs.to, t.arcs.quantity, t.arcs.add }, edge.a + 1, edge.b + 1, 1, k)
  end
  return core.locate(t)
end

--- CPU seconds of the process and of its children that have ended.
local function cpu_seconds()
  local file = io.open("/proc/self/stat", "r")
  if not file then return os.clock() end
  local fields = {}
  for word in file:read "a":match("%) (.*)"):gmatch("%S+") do fields[#fields + 1] = word end
  file:close()
  return (fields[12] + fields[13] + fields[14] + fields[15]) / 100
end

local function solve(p, asked)
  local begin = cpu_seconds()
  local figures = p:solve(asked):figures()
  return figures, cpu_seconds() - begin
end

local function show(x, form)
  return x and x == x and math.abs(x) < math.huge and form:format(x) or "-"
end

--- Solves an instance by a method and prints its line; the gap, and whether it was enough.
local function run_one(name, p, method, options)
  local asked = { method = method, time = tonumber(options.time),
    gap = tonumber(options.gap or 1e-4) }
  asked.exchange = options.exchange == "yes"
  if method == "program" then asked.form, asked.solver = options.form, options.solver end
  local f, spent = solve(p, asked)
  print(table.concat({ name, f.status, show(f.objective, "%.4f"), show(f.bound, "%.4f"),
    show(f.gap, "%.6f"), ("%.2f"):format(spent) }, "\t"))
  local proven = f.status == "optimal" or f.status == "infeasible"
  return proven and 0 or f.gap or math.huge
end

local function run_files(files, options)
  local worse = false
  print("name\tstatus\tobjective\tbound\tgap\tcpu_s")
  for _, path in ipairs(files) do
    local file = assert(io.open(path, "rb"))
    local p, name = problem(json.decode(file:read "a")), path:match("([^/]+)%.json$") or path
    file:close()
    local gap = run_one(name, p, options.method or "auto", options)
    local against = options.against
    worse = against and run_one(name .. " by " .. against, p, against, options) < gap or worse
  end
  if worse then os.exit(1) end
end

--- An instance of the same form: a tree of stages, two classes to set up, three modes.
local function instance(seed, stages, places)
  local stream = random{ seed = seed }
  local function between(a, b) return stream:uniform(a, b) end
  local function list(n, f)
    local t = {}
    for k = 1, n do t[k] = f(k) end
    return t
  end
  local labour = list(stages, function() return between(1, 10) end)
  local sum = 0
  for _, x in ipairs(labour) do sum = sum + x end
  local wage = list(places, function() return between(0.15, 1) end)
  local i = { stages = stages, countries = places, modes = 3, host = 0, labour = labour,
    value_added = labour, share = { 1, 0.45, 0.75 }, content = 0.2 * sum, employment = 0.1 * sum,
    entry = list(places, function() return between(10, 30) end),
    capacity = list(places, function() return between(0.3, 0.6) * sum end) }
  i.cls = list(stages, function(s) return s % 2 end)
  i.setup = list(2, function() return list(places, function() return between(3, 9) end) end)
  i.cost = list(stages, function(s)
    return list(places, function(c)
      local own = labour[s] * wage[c] * between(0.7, 1.3) + 3
      return { own, 1.08 * own, 1.03 * own }
    end)
  end)
  i.edges = list(stages - 1, function(s)
    local q = between(0.5, 5)
    return { a = math.floor(between(math.max(0, s - 4), s)), b = s, D = list(places, function(a)
      return list(places, function(b) return a == b and 0 or q * (0.15 + 0.1 * math.abs(a - b)) end)
    end) }
  end)
  return i
end

--- Ours against CBC alone, on instances that both prove.
local function compare()
  local ours, theirs, ok = 0, 0, true
  for seed = 1, 3 do
    local p = problem(instance(seed, 12, 8))
    local a, spent = solve(p, { method = "branch", gap = 1e-4 })
    local b, yardstick = solve(p, { method = "program", gap = 1e-4 })
    ours, theirs = ours + spent, theirs + yardstick
    ok = ok and math.abs(a.objective - b.objective) <= 2.1e-4 * math.abs(b.objective)
  end
  ok = ok and ours <= theirs
  print(("placement, CPU s, against CBC\t%.2f\t%.2f\t%.2f\t1\t%s"):format(ours, theirs,
    ours / theirs, ok and "ok" or "MISSED"))
  if not ok then os.exit(1) end
end

local files, options, at = {}, {}, 1
while arg[at] do
  local name = arg[at]:match("^%-%-(%a+)$")
  if name then options[name], at = arg[at + 1], at + 1 else files[#files + 1] = arg[at] end
  at = at + 1
end
if #files > 0 then run_files(files, options) else compare() end
