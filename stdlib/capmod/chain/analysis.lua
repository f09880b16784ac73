--- What the graph of a chain says: order, lead times, what depends on what, where it is weak.
---
---     print(car:summary())
---     print(car:schedule())   print(car:upstream "assembly")   print(car:failures())

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local net = require "capmod.chain.net"
local text = require "capmod.text"

local analysis = { methods = {} }

local function short(x) return ("%.6g"):format(x) end

local function titled(g, what, ...)
  return ("%s: %s"):format(g.chain.name, what:format(...))
end

local function of(chain) return net.of(insides.of(chain)) end

-- ---- order and time -----------------------------------------------------------------------------

--- The stages in an order in which inputs stand before their users; of those that could come next
--- the one that was written first.
---@return cm.Frame  columns: step, stage, level (the most links from a first stage), inputs, users,
---  products (how many final products it goes into), times (how many in one unit of the product)
function analysis.methods:order()
  local g, rows = of(self), {}
  local levels, serves, deepest = g.graph:levels(), g.graph:serves(), 0
  for step, i in ipairs(g.graph:order()) do
    local s = g.chain.list[i]
    deepest = math.max(deepest, levels[i])
    rows[step] = { step = step, stage = s.name, level = levels[i], inputs = g.inputs[i],
      users = g.users[i], products = serves[i], times = s.per_unit }
  end
  return frame{
    title = titled(g, "%s in order, on %s", text.count(g.n, "stage"),
      text.count(deepest + 1, "level")),
    keys = { "stage" }, rows = rows, bar = false,
    cols = { "step", "stage", "level", "inputs", "users", "products", { "times", digits = 2 } },
  }
end

--- The lead time of each stage: the author's for this question, or the stage's own.
local function times_of(g, given)
  local times, silent = {}, {}
  for i, s in ipairs(g.chain.list) do
    times[i] = given[s.name] or s.lead_time or 0
    if not given[s.name] and not s.lead_time then silent[#silent + 1] = s.name end
  end
  return times, #silent > 0 and "no lead time is stated, so 0 days: " .. net.some(silent) or nil
end

local function check_days(g, days, what)
  if type(days) == "number" and days >= 0 and days < math.huge then return days end
  errors.raise(2020, {
    message = ("'%s':schedule: %s takes %s days; a time is a number, not negative"):format(
      g.chain.name, what, tostring(days)), object = g.chain.name,
    fix = "give days, such as lead_time = { assembly = 5 }",
  })
end

local function given_times(g, given)
  local names = {}
  for name in require "capmod.each"(given) do names[#names + 1] = name end
  for _, name in ipairs(names) do
    net.places(g, name, "schedule", "lead_time")
    check_days(g, given[name], ("stage '%s'"):format(name))
  end
  return given
end

local function delays_of(g, delay)
  if not delay then return nil end
  local list = {}
  for k, i in ipairs(g.from) do
    local a, b = g.chain.list[i].name, g.chain.list[g.to[k]].name
    local days = type(delay) == "number" and delay or delay(a, b) or 0
    list[k] = check_days(g, days, ("the way from '%s' to '%s'"):format(a, b))
  end
  return list
end

local SCHEDULE = {
  lead_time = { "table", about = "days of some stages, instead of their own: { assembly = 5 }" },
  delay = { "number", "callable",
    about = "days that each way takes, or function(from, to) of two names of stages" },
}

--- The answer of the engine to a question: lengths, path, starts and slack.
local function plan(g, question)
  question = args.check("schedule", question or {}, SCHEDULE)
  local times, note = times_of(g, given_times(g, question.lead_time or {}))
  local length, path, starts, slack = g.graph:schedule(times, delays_of(g, question.delay))
  return { length = length, path = path, starts = starts, slack = slack, times = times,
    note = note }
end

local function path_text(g, path)
  local names = net.names(g, path)
  if #names > 8 then
    table.move(names, #names - 2, #names, 6)
    names[5] = "…"
    for i = #names, 9, -1 do names[i] = nil end
  end
  return table.concat(names, " → ")
end

--- When each stage starts and ends if everything starts as early as it can, and how much later it
--- may start without delaying the end (slack). Lead times in days are the stages' `lead_time`, or
--- given here. CM2002, CM2020.
---@param question? { lead_time?: table<string, number>, delay?: number|function }
---@return cm.Frame  columns: stage, start, lead_time, finish, slack, critical
function analysis.methods:schedule(question)
  local g, rows = of(self), {}
  local p = plan(g, question)
  for step, i in ipairs(g.graph:order()) do
    rows[step] = { stage = g.chain.list[i].name, start = p.starts[i], lead_time = p.times[i],
      finish = p.starts[i] + p.times[i], slack = p.slack[i],
      critical = p.slack[i] <= 1e-9 * p.length }
  end
  return frame{
    title = titled(g, "schedule, %s days from the first start to the last end", short(p.length)),
    unit = "days", keys = { "stage" }, rows = rows, bar = false, note = p.note,
    cols = { "stage", "start", "lead_time", "finish", "slack", { "critical", kind = "boolean" } },
    check = "critical path: " .. path_text(g, p.path),
  }
end

--- The stages of one longest way through the chain in time, first to last.
---@param question? { lead_time?: table<string, number>, delay?: number|function }
---@return cm.Frame  columns: stage, start, lead_time, finish, share (of the whole time)
function analysis.methods:critical_path(question)
  local g, rows = of(self), {}
  local p = plan(g, question)
  for step, i in ipairs(p.path) do
    rows[step] = { stage = g.chain.list[i].name, start = p.starts[i], lead_time = p.times[i],
      finish = p.starts[i] + p.times[i], share = p.length > 0 and p.times[i] / p.length or 0 }
  end
  return frame{
    title = titled(g, "critical path, %s days in %s", short(p.length),
      text.count(#rows, "stage")), unit = "days", keys = { "stage" }, rows = rows, note = p.note,
    cols = { "stage", "start", "lead_time", "finish", { "share", format = "percent" } },
  }
end

-- ---- what depends on what -----------------------------------------------------------------------

local function unit_vector(n, at)
  local list = {}
  for i = 1, n do list[i] = i == at and 1 or 0 end
  return list
end

--- The levels of stages that a question reaches, without the stage itself, in the chain's order.
local function reached(g, way, i)
  local set, list = net.set(g.graph:reach(way, { i })), {}
  for _, j in ipairs(g.graph:order()) do
    if set[j] and j ~= i then list[#list + 1] = j end
  end
  return list
end

local function asked(self, name, verb)
  local g = of(self)
  args.one(name, verb, "stage", "string")
  return g, net.places(g, name, verb, "stage")[1]
end

local function share_of(part, whole) return whole ~= 0 and part / whole or 0 end

--- All that a stage depends on: how many of each go into one unit of it, and what they add.
---@param stage string
---@return cm.Frame  columns: stage, level, times, value (chain's unit), share (of its worth)
function analysis.methods:upstream(stage)
  local g, i = asked(self, stage, "upstream")
  local levels, times = g.graph:levels(), g.graph:quantities(unit_vector(g.n, i))
  local rows, own, worth = {}, g.own, g.worth
  for k, j in ipairs(reached(g, "up", i)) do
    rows[k] = { stage = g.chain.list[j].name, level = levels[j], times = times[j],
      value = times[j] * own[j], share = share_of(times[j] * own[j], worth[i]) }
  end
  return frame{
    title = titled(g, "'%s' depends on %s", stage, text.count(#rows, "stage")),
    unit = g.chain.unit, keys = { "stage" }, rows = rows, note = g.notes,
    cols = { "stage", "level", { "times", digits = 2, unit = "1" }, { "value", digits = 2 },
      { "share", format = "percent" } },
    check = ("one unit of '%s' is worth %s, of which it adds %s itself"):format(stage,
      short(worth[i]), short(own[i])),
  }
end

--- All that depends on a stage: how many of it go into one unit of each, and the share of their
--- worth that it adds.
---@param stage string
---@return cm.Frame  columns: stage, level, times, share
function analysis.methods:downstream(stage)
  local g, i = asked(self, stage, "downstream")
  local own, worth = g.own, g.worth
  local levels, times = g.graph:levels(), g.back:quantities(unit_vector(g.n, i))
  local rows, products = {}, 0
  for k, j in ipairs(reached(g, "down", i)) do
    if g.users[j] == 0 then products = products + 1 end
    rows[k] = { stage = g.chain.list[j].name, level = levels[j], times = times[j],
      share = share_of(times[j] * own[i], worth[j]) }
  end
  return frame{
    title = titled(g, "%s on '%s'", #rows == 1 and "1 stage depends"
      or #rows .. " stages depend", stage), keys = { "stage" }, rows = rows, note = g.notes,
    cols = { "stage", "level", { "times", digits = 2 }, { "share", format = "percent" } },
    check = ("among them %s of %d"):format(text.count(products, "final product"), #g.last),
  }
end

-- ---- how it hangs together ----------------------------------------------------------------------

--- The parts of a chain that no link joins.
---@return cm.Frame  columns: part, stages, links, products, members
function analysis.methods:parts()
  local g = of(self)
  local part, count = g.graph:parts()
  local rows, members = {}, {}
  for k = 1, count do
    rows[k], members[k] = { part = k, stages = 0, links = 0, products = 0 }, {}
  end
  for i, k in ipairs(part) do
    local row = rows[k]
    row.stages = row.stages + 1
    row.products = row.products + (g.users[i] == 0 and 1 or 0)
    table.insert(members[k], g.chain.list[i].name)
  end
  for _, i in ipairs(g.from) do rows[part[i]].links = rows[part[i]].links + 1 end
  for k, row in ipairs(rows) do row.members = net.some(members[k]) end
  return frame{
    title = count == 1 and titled(g, "all hangs together")
      or titled(g, "it falls into %d parts", count),
    keys = { "part" }, rows = rows, cols = { "part", "stages", "links", "products", "members" },
    bar = false,
  }
end

--- The stages without which the chain falls apart (articulation points of the graph, links taken
--- both ways: Hopcroft and Tarjan 1973) or through which every way to a product leads (gates).
---@return cm.Frame  columns: stage, pieces (that its part falls into), gate
function analysis.methods:articulation()
  local g, rows = of(self), {}
  local pieces, bridges = g.graph:joints()
  local gates = net.set(g.graph:gates())
  for _, i in ipairs(g.graph:order()) do
    if pieces[i] > 1 or gates[i] then
      rows[#rows + 1] = { stage = g.chain.list[i].name, pieces = pieces[i],
        gate = gates[i] or false }
    end
  end
  return frame{
    title = titled(g, "%s at which it would fall apart or stop", text.count(#rows, "stage")),
    keys = { "stage" }, rows = rows, cols = { "stage", "pieces", { "gate", kind = "boolean" } },
    check = ("%d of %s are bridges: without one of them its part falls in two"):format(#bridges,
      text.count(#g.from, "link")),
  }
end

local TREEWIDTH = {
  { "lower", "minor-min-width", "Gogate and Dechter 2004" },
  { "upper", "elimination by least degree", "Bodlaender and Koster 2010" },
  { "upper", "elimination by least fill", "Bodlaender and Koster 2010" },
}

--- Bounds of the treewidth, links taken both ways: 1 is a tree; how hard an exact placement is
--- grows with it.
---@return cm.Frame  columns: bound, value, method, source
function analysis.methods:treewidth()
  local g, rows = of(self), {}
  local found = { g.graph:width() }
  for k, row in ipairs(TREEWIDTH) do
    rows[k] = { bound = row[1], value = found[k], method = row[2], source = row[3] }
  end
  local upper = math.min(found[2], found[3])
  return frame{
    title = titled(g, "treewidth"), rows = rows, keys = { "method" }, bar = false,
    cols = { "bound", "value", "method", "source" },
    check = found[1] == upper and ("it is %d"):format(upper)
      or ("it is from %d to %d"):format(found[1], upper),
  }
end

-- ---- cut sets -----------------------------------------------------------------------------------

local CUT = {
  from = { "string", "list", about = "stages; all without inputs if left out" },
  to = { "string", "list", about = "stages; all final products if left out" },
  weight = { "string", "table",
    about = "what it costs to lose a stage: \"value\", or { assembly = 3 }; else 1 each" },
  keep = { "string", "list", about = "stages that may not be lost" },
}

local function refuse_weight(g, name, weight)
  errors.raise(2021, {
    message = ("'%s':cut_set: the weight of '%s' is %s, not a number from 0 on"):format(
      g.chain.name, tostring(name), tostring(weight)), object = g.chain.name, field = "weight",
    fix = "weight = { assembly = 3 }; others weigh 1",
  })
end

local function weights_of(g, t)
  local list = {}
  if type(t.weight) == "string" then args.choice(t.weight, "weight", { "value" }, "cut_set") end
  for i, s in ipairs(g.chain.list) do
    list[i] = t.weight == "value" and s.per_unit * g.own[i] or 1
  end
  for name, weight in require "capmod.each"(type(t.weight) == "table" and t.weight or {}) do
    local i = net.places(g, name, "cut_set", "weight")[1]
    list[i] = weight
  end
  for _, i in ipairs(net.places(g, t.keep or {}, "cut_set", "keep")) do list[i] = math.huge end
  for i, weight in ipairs(list) do
    if type(weight) ~= "number" or weight ~= weight or weight < 0 then
      refuse_weight(g, g.chain.list[i].name, weight)
    end
  end
  return list
end

--- The cheapest set of stages whose loss parts some stages from others (a least vertex cut, by
--- maximum flow: Dinic 1970). CM2002, CM2021.
---@param question? { from?: string|string[], to?: string|string[],
---  weight?: "value"|table<string, number>, keep?: string|string[] }
---@return cm.Frame  columns: stage, weight; no rows where no set parts them
function analysis.methods:cut_set(question)
  local g, rows = of(self), {}
  local t = args.check("cut_set", question or {}, CUT)
  local weights = weights_of(g, t)
  local from = t.from and net.places(g, t.from, "cut_set", "from") or g.first
  local to = t.to and net.places(g, t.to, "cut_set", "to") or g.last
  local total, stages = g.graph:cut(from, to, weights)
  for k, i in ipairs(stages) do
    rows[k] = { stage = g.chain.list[i].name, weight = weights[i] }
  end
  local between = ("%s from %s"):format(t.to and net.some(net.names(g, to)) or "all products",
    t.from and net.some(net.names(g, from)) or "all first stages")
  return frame{
    title = titled(g, "least cut that parts %s", between), rows = rows, keys = { "stage" },
    unit = t.weight == "value" and g.chain.unit or nil, bar = false,
    note = t.weight == "value" and g.notes or nil,
    cols = { "stage", "weight" },
    check = total == math.huge and "no set of stages that may be lost parts them"
      or ("%s, %s together"):format(text.count(#rows, "stage"), short(total)),
  }
end

return analysis
