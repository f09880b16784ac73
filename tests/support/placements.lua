--- Random small placement problems as lists of core.locate, and their optima by enumeration.

local placements = {}

local draw

local function int(low, high) return low + math.floor(draw() * (high - low + 1)) end

--- A square matrix by rows; one pair in ten is forbidden.
local function matrix(n, base, span)
  local m = {}
  for i = 1, n * n do m[i] = draw() < 0.1 and math.huge or base + span * draw() end
  return m
end

local function columns(...)
  local t = {}
  for _, name in ipairs{ ... } do t[name] = {} end
  return t
end

local function push(t, row)
  local n = #t[next(t)] + 1
  for name, value in pairs(row) do t[name][n] = value end
end

local function add_options(t, stages)
  for s = 1, stages do
    t.count[s] = 0
    for place = 1, t.places do
      for operator = 1, t.operators do
        if draw() < 0.8 or t.count[s] == 0 then
          t.count[s] = t.count[s] + 1
          local o = #t.place + 1
          t.place[o], t.operator[o], t.cost[o] = place, operator, 1 + 10 * draw()
        end
      end
    end
  end
end

local function add_arcs(t, stages, kind)
  local there = {}
  local function arc(from, to)
    if from == to or there[from .. ">" .. to] then return end
    there[from .. ">" .. to] = true
    push(t.arcs, { from = from, to = to, quantity = 0.5 + draw(), add = 1,
      times = kind.compounding and 2 or 0, interface = draw() < 0.5 and 1 or 0,
      weight = kind.aggregate and 0.8 / stages or 0 })
  end
  for s = 1, stages - 1 do arc(s, kind.dag and s + 1 or int(s + 1, stages)) end
  if kind.dag then arc(1, stages) end
end

local function add_facilities(t)
  local f = t.facilities
  for _ = 1, t.places do
    push(f, { fixed = 5 * draw(), capacity = 2 + 3 * draw(), parent = 0, points = 0 })
  end
  f.volume, f.cost = {}, {}
  for c = 1, t.places do
    local n = t.places + c
    f.fixed[n], f.capacity[n], f.parent[n], f.points[n] = 3 * draw(), math.huge, c, 2
    table.move({ 1, 3 }, 1, 2, #f.volume + 1, f.volume)
    table.move({ 2, 3 }, 1, 2, #f.cost + 1, f.cost)
  end
  for o = 1, #t.place do
    push(t.needs, { option = o, facility = t.place[o], volume = draw() })
    push(t.needs, { option = o, facility = t.places + t.place[o], volume = 2 * draw() })
  end
end

local function add_rules(t, stages)
  push(t.measures, { weight = 0, lower = 0.5 * stages, upper = math.huge })
  push(t.measures, { weight = 1, lower = -math.huge, upper = 12 * stages })
  for o = 1, #t.place do
    push(t.option_entries, { measure = 2, index = o, value = draw() })
    push(t.option_entries, { measure = 1, index = o, value = draw() - 0.5 })
  end
end

--- Two pairs of stages whose places go together or not: as arcs that cost nothing where costs add
--- up.
local function add_ties(t, stages)
  local m = {}
  for i = 1, t.places * t.places do m[i] = draw() < 0.4 and math.huge or 0 end
  t.place_matrices[3], t.ties = m, t.compounding and columns("from", "to", "pairs") or nil
  for _ = 1, 2 do
    local from, to = int(1, stages - 1), stages
    if draw() < 0.5 then from, to = to, from end
    local list, there = t.ties or t.arcs, false
    for k, one in ipairs(list.from) do
      there = there or one == from and list.to[k] == to or one == to and list.to[k] == from
    end
    if not there and t.ties then
      push(t.ties, { from = from, to = to, pairs = 3 })
    elseif not there then
      push(t.arcs, { from = from, to = to, quantity = 1, add = 3, times = 0, interface = 0,
        weight = 0 })
    end
  end
end

--- A problem of a kind: compounding, aggregate, join, tie, dag, facility, rule, maximise, at least
--- `stages` stages (2); `from` draws numbers from 0 to 1.
function placements.problem(kind, from)
  draw = from
  local least = kind.stages or 2
  local stages = int(least, least + 3)
  local t = { places = int(2, 3), operators = int(1, 2), compounding = kind.compounding,
    count = {}, place = {}, operator = {}, cost = {}, joins = kind.join and { 1, stages } or {},
    arcs = columns("from", "to", "quantity", "add", "times", "interface", "weight"),
    facilities = columns("fixed", "capacity", "parent", "points"),
    needs = columns("option", "facility", "volume"),
    measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } },
    option_entries = columns("measure", "index", "value") }
  add_options(t, stages)
  t.place_matrices = { matrix(t.places, 0, 5), matrix(t.places, 1, 0.5) }
  t.operator_matrices = { matrix(t.operators, 0, 2) }
  add_arcs(t, stages, kind)
  if kind.aggregate then
    t.aggregator, t.sigma = {}, {}
    for s = 1, stages do
      t.aggregator[s] = ({ "sum", "cobb_douglas", "ces" })[int(1, 3)]
      t.sigma[s] = ({ 0.5, 2 })[int(1, 2)]
    end
  end
  if kind.tie then add_ties(t, stages) end
  if kind.facility then add_facilities(t) end
  if kind.rule then add_rules(t, stages) end
  if kind.maximise then t.maximise, t.measures.weight[1] = true, -1 end
  return t
end

--- The best objective of all choices that keep the rules; infinite where there is none.
function placements.enumerate(p, t)
  local sign = t.maximise and -1 or 1
  local best, choice, first = math.huge, {}, { 0 }
  for s, n in ipairs(t.count) do first[s + 1] = first[s] + n end
  local function go(s)
    if s > #t.count then
      local e = p:evaluate(choice)
      if e.violation <= 1e-7 then best = math.min(best, sign * e.objective) end
      return
    end
    for k = 1, t.count[s] do
      choice[s] = first[s] + k
      go(s + 1)
    end
  end
  go(1)
  return sign * best
end

placements.columns, placements.push, placements.matrix = columns, push, matrix

return placements
