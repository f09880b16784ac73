--- A placement as a mixed-integer program with the author's names, for other solvers.
---
--- A stage is at a spot, a place with an operator. Its value is at its spot; what goes to a user
--- flows from spot to spot, the number of flows 0 or 1 (z), the value with it (w) at most M z, so
--- that what trade takes of the value is linear. M is more than any choice can make of the stage.

local choices = require "capmod.plan.choices"
local core = require "capmod.core"
local each = require "capmod.each"

local program = {}

-- ---- columns, rows, entries ---------------------------------------------------------------------

local function builder()
  return { cols = {}, rows = {}, lower = {}, upper = {}, cost = {},
    integer = {}, row_lower = {}, row_upper = {}, i = {}, j = {}, value = {},
    cols_of = {}, rows_of = {} }
end

--- A name of its own that files can hold: words joined by _; a second one of the same is numbered.
local function own(taken, words)
  local name = words:gsub("[%s+#()%[%]-]+", "_"):gsub("_$", "")
  taken[name] = (taken[name] or 0) + 1
  return taken[name] == 1 and name or ("%s_%d"):format(name, taken[name])
end

local function col(b, name, lower, upper, integer)
  local j = #b.cols + 1
  b.cols[j], b.lower[j], b.upper[j] = own(b.cols_of, name), lower, upper
  b.integer[j], b.cost[j] = integer or false, 0
  return j
end

local function row(b, name, lower, upper)
  local i = #b.rows + 1
  b.rows[i], b.row_lower[i], b.row_upper[i] = own(b.rows_of, name), lower, upper
  return i
end

local function put(b, i, j, value)
  if value == 0 then return end
  local k = #b.i + 1
  b.i[k], b.j[k], b.value[k] = i, j, value
end

-- ---- options and spots --------------------------------------------------------------------------

--- The options of each stage by spot: spots[s] = list of { place, operator, name, options }.
local function spots_of(q, names)
  local spots, at = {}, {}
  for o, s in ipairs(q.parts.stage) do
    local key = ("%d %d %d"):format(s, q.parts.place[o], q.parts.operator[o])
    if not at[key] then
      spots[s] = spots[s] or {}
      at[key] = { place = q.parts.place[o], operator = q.parts.operator[o], options = {},
        name = ("%s at %s"):format(names[s], choices.label(q.parts.list[o])) }
      table.insert(spots[s], at[key])
    end
    table.insert(at[key].options, o)
  end
  return spots
end

local function largest(list)
  local most = 0
  for _, x in ipairs(list or {}) do
    if math.abs(x) < math.huge then most = math.max(most, math.abs(x)) end
  end
  return most
end

--- More than the value of each stage can be, and the stages in order.
local function bounds(t)
  local most, order = {}, core.graph(#t.count, t.arcs.from, t.arcs.to, t.arcs.quantity):order()
  for s = 1, #t.count do most[s] = 0 end
  for o, s in ipairs(t.stage) do most[s] = math.max(most[s], math.abs(t.cost[o])) end
  for _, s in ipairs(order) do
    for a, from in ipairs(t.arcs.from) do
      if t.arcs.to[a] == s then
        most[s] = most[s] + largest((t.operator_matrices or {})[t.arcs.interface[a]])
          + t.arcs.quantity[a] * (most[from] * math.max(1, largest(
            t.place_matrices[t.arcs.times[a]])) + largest(t.place_matrices[t.arcs.add[a]]))
      end
    end
  end
  return most
end

local function add_options(b, q, names, spots)
  local t = q.parts
  b.option, b.spot_value = {}, {}
  for s, list in ipairs(spots) do
    local one = row(b, "one way of " .. names[s], 1, 1)
    for _, spot in ipairs(list) do
      spot.value = col(b, "value of " .. spot.name, -math.huge, math.huge)
      spot.row = row(b, "value of " .. spot.name, 0, 0)
      put(b, spot.row, spot.value, -1)
      for _, o in ipairs(spot.options) do
        b.option[o] = col(b, ("do %s at %s"):format(names[s], choices.label(t.list[o])), 0, 1, true)
        put(b, one, b.option[o], 1)
        put(b, spot.row, b.option[o], t.cost[o])
      end
    end
  end
end

-- ---- arcs ---------------------------------------------------------------------------------------

local function cell(matrix, n, from, to, without)
  return matrix and matrix[(from - 1) * n + to] or without
end

--- For each spot of one end of an arc two rows: flows less what is chosen, and for the input its
--- value less what flows.
local function ends(b, list, text)
  for _, spot in ipairs(list) do
    spot.flow = row(b, text .. spot.name, 0, 0)
    for _, o in ipairs(spot.options) do put(b, spot.flow, b.option[o], -1) end
  end
end

local function add_arc(b, t, a, spots, most)
  local arcs = t.arcs
  local froms, tos, quantity = spots[arcs.from[a]], spots[arcs.to[a]], arcs.quantity[a]
  local times, add = t.place_matrices[arcs.times[a]], t.place_matrices[arcs.add[a]]
  local face = (t.operator_matrices or {})[arcs.interface[a]]
  ends(b, froms, "from ")
  ends(b, tos, "into ")
  for _, from in ipairs(froms) do
    local carried = row(b, "all of " .. from.name, 0, 0)
    put(b, carried, from.value, -1)
    for _, to in ipairs(tos) do
      local beside = cell(add, t.places, from.place, to.place, 0) * quantity
        + cell(face, t.operators, from.operator, to.operator, 0)
      if beside < math.huge then
        local name, limit = ("%s to %s"):format(from.name, to.name), most[arcs.from[a]]
        local z = col(b, "flow " .. name, 0, 1)
        local w = col(b, "value flow " .. name, -math.huge, math.huge)
        put(b, from.flow, z, 1)
        put(b, to.flow, z, 1)
        put(b, carried, w, 1)
        put(b, to.row, w, quantity * cell(times, t.places, from.place, to.place, 1))
        put(b, to.row, z, beside)
        for _, side in ipairs{ 1, -1 } do
          local held = row(b, ("%s %s"):format(side > 0 and "most" or "least", name), -math.huge, 0)
          put(b, held, w, side)
          put(b, held, z, -limit)
        end
      end
    end
  end
end

local function add_joins(b, t, names)
  for k = 1, #(t.joins or {}), 2 do
    local one, other = t.joins[k], t.joins[k + 1]
    local rows = {}
    for o, s in ipairs(t.stage) do
      if s == one or s == other then
        local place = t.place[o]
        rows[place] = rows[place] or row(b, ("join %s with %s at %s"):format(names[one],
          names[other], t.list[o].at), 0, 0)
        put(b, rows[place], b.option[o], s == one and 1 or -1)
      end
    end
  end
end

--- A stage is at a place only where one that it is tied to is at one that goes with it.
local function add_ties(b, t, names)
  local function bind(one, other, goes)
    local rows = {}
    for o, s in ipairs(t.stage) do
      local place = t.place[o]
      if s == one and not rows[place] then
        rows[place] = row(b, ("tie %s at %s to %s"):format(names[one], t.list[o].at, names[other]),
          -math.huge, 0)
        for p, u in ipairs(t.stage) do
          if u == other and goes(place, t.place[p]) then put(b, rows[place], b.option[p], -1) end
        end
      end
      if s == one then put(b, rows[place], b.option[o], 1) end
    end
  end
  local n = t.places
  for k, from in ipairs(t.ties.from) do
    local to, m = t.ties.to[k], t.place_matrices[t.ties.pairs[k]]
    bind(from, to, function(p, q) return m[(p - 1) * n + q] == 0 end)
    bind(to, from, function(p, q) return m[(q - 1) * n + p] == 0 end)
  end
end

-- ---- facilities ---------------------------------------------------------------------------------

--- Straight lines of a concave cost, one of which is taken: volume v <= end z, cost by the line.
local function add_lines(b, t, f, first, name, total)
  local y, before, paid, most = t.facilities, 0, 0, 0
  local volume, taken = row(b, "volume of " .. name, 0, 0), row(b, "line of " .. name, 0, 0)
  put(b, taken, b.facility[f], -1)
  for k, o in ipairs(t.needs.option) do
    if t.needs.facility[k] == f then
      put(b, volume, b.option[o], t.needs.volume[k])
      most = most + t.needs.volume[k]
    end
  end
  local last = first + y.points[f] - 1
  for k = first, last do
    local slope = (y.cost[k] - paid) / (y.volume[k] - before)
    local label = ("%s line %d"):format(name, k - first + 1)
    local v, z = col(b, "volume of " .. label, 0, math.huge), col(b, label, 0, 1, true)
    total[v], total[z] = slope, paid - slope * before
    put(b, volume, v, -1)
    put(b, taken, z, 1)
    local held = row(b, "top of " .. label, -math.huge, 0)
    put(b, held, v, 1)
    put(b, held, z, -(k == last and math.max(most, y.volume[k]) or y.volume[k]))
    before, paid = y.volume[k], y.cost[k]
  end
end

--- A facility is open where an option needs it, and within its capacity.
local function add_needs(b, t, f, name)
  local y, held, opens = t.facilities, nil, {}
  if y.capacity[f] < math.huge then
    held = row(b, "capacity of " .. name, -math.huge, 0)
    put(b, held, b.facility[f], -y.capacity[f])
  end
  for k, o in ipairs(t.needs.option) do
    if t.needs.facility[k] == f then
      if held then put(b, held, b.option[o], t.needs.volume[k]) end
      if not opens[o] then
        opens[o] = row(b, ("%s to %s"):format(name, b.cols[b.option[o]]), -math.huge, 0)
        put(b, opens[o], b.option[o], 1)
        put(b, opens[o], b.facility[f], -1)
      end
    end
  end
end

local function add_facilities(b, t, total)
  local y, first, names = t.facilities, 1, {}
  b.facility = {}
  for f, fixed in ipairs(y.fixed) do
    names[f] = "open " .. choices.facility(t.built[f] or {})
    b.facility[f] = col(b, names[f], 0, 1, true)
    total[b.facility[f]] = fixed
  end
  for f, name in ipairs(names) do
    add_needs(b, t, f, name)
    if y.points[f] > 0 then add_lines(b, t, f, first, name, total) end
    first = first + y.points[f]
  end
end

-- ---- measures -----------------------------------------------------------------------------------

--- What counts in a measure: a weight of the total cost, and entries of options and facilities.
local function add_measures(b, t, total)
  local m, names, rows = t.measures, {}, {}
  for name, n in each(m.named) do names[n] = name end
  for n = 2, #m.weight do
    rows[n] = row(b, names[n] and "rule " .. names[n] or "rule " .. n, m.lower[n], m.upper[n])
  end
  local function count(n, j, value)
    if n == 1 then b.cost[j] = b.cost[j] + value else put(b, rows[n], j, value) end
  end
  for n, weight in ipairs(m.weight) do
    for j, value in each(weight ~= 0 and total or {}) do count(n, j, weight * value) end
  end
  for _, kind in ipairs{ "option", "facility" } do
    local list = t[kind .. "_entries"]
    for k, n in ipairs(list.measure) do count(n, b[kind][list.index[k]], list.value[k]) end
  end
end

--- Repeated entries of one row and column become one.
local function merged(b)
  local at, i, j, value = {}, {}, {}, {}
  for k, r in ipairs(b.i) do
    local key = r * (#b.cols + 1) + b.j[k]
    if at[key] then
      value[at[key]] = value[at[key]] + b.value[k]
    else
      at[key] = #i + 1
      i[#i + 1], j[#j + 1], value[#value + 1] = r, b.j[k], b.value[k]
    end
  end
  return i, j, value
end

--- A placement as a program of the core, whose optimum is the plan's.
---@param p table  the inside of a plan
---@return capmod.Program
function program.of(p)
  local t, names, total = p.problem.parts, {}, {}
  local b = builder()
  for s in ipairs(t.count) do
    local one = p.problem.chain.list[s]
    names[s] = not one and "market" or one.weight and ("%s in %s"):format(one.name, one.at[1])
      or one.name
  end
  local spots, most, used = spots_of(p.problem, names), bounds(t), {}
  add_options(b, p.problem, names, spots)
  for a, from in ipairs(t.arcs.from) do
    used[from] = true
    add_arc(b, t, a, spots, most)
  end
  add_joins(b, t, names)
  add_ties(b, t, names)
  add_facilities(b, t, total)
  for s, list in ipairs(spots) do
    for _, spot in ipairs(used[s] and {} or list) do total[spot.value] = 1 end
  end
  add_measures(b, t, total)
  local i, j, value = merged(b)
  return core.program{ name = p.chain.name, maximise = t.maximise, cols = b.cols, rows = b.rows,
    lower = b.lower, upper = b.upper, cost = b.cost, integer = b.integer,
    row_lower = b.row_lower, row_upper = b.row_upper, i = i, j = j, value = value }
end

return program
