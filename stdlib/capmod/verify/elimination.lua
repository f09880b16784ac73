--- The optimum of a problem without facilities and rules, by eliminating one variable after the
--- other from the sum of what is to be small (Bertele and Brioschi 1972; bucket elimination,
--- Dechter 1999), in an order of least fill found here. A variable is where a stage is, and by whom
--- where a link tells operators apart; joined stages that are told apart by nothing else share one.
--- Where value compounds, the value of a stage is a table over what its users have to agree on.

local problem = require "capmod.verify.problem"

local elimination = {}

local MOST_CELLS = 1e7 -- of one table

-- ---- tables: { vars =, steps = by variable, at = cells by rows } --------------------------------

--- Counts work before it is done.
local function spend(x, cells, each)
  x.work = x.work + cells * each
  if x.work > x.most or cells > MOST_CELLS then error({ too_wide = true }, 0) end
end

--- An empty table over variables, its number of cells spent.
local function over(x, vars, each)
  local t, size = { vars = vars, steps = {}, at = {} }, 1
  for k = #vars, 1, -1 do
    t.steps[vars[k]], size = size, size * #x.states[vars[k]]
  end
  spend(x, size, each)
  t.size = size
  return t
end

--- Walks through the cells of `t`: visit(cell, digits), digits[k] the state of vars[k] from 0, with
--- offsets[f] where the cell is in the table list[f].
local function walk(x, t, list, visit)
  local vars, digits, offsets, moves = t.vars, {}, {}, {}
  for k, v in ipairs(vars) do
    digits[k], moves[k] = 0, {}
    for f, one in ipairs(list) do moves[k][f] = one.steps[v] or 0 end
  end
  for f = 1, #list do offsets[f] = 1 end
  for cell = 1, t.size do
    visit(cell, digits, offsets)
    for k = #vars, 1, -1 do
      local n, move = #x.states[vars[k]], moves[k]
      digits[k] = digits[k] + 1
      if digits[k] < n then
        for f = 1, #list do offsets[f] = offsets[f] + move[f] end
        break
      end
      digits[k] = 0
      for f = 1, #list do offsets[f] = offsets[f] - (n - 1) * move[f] end
    end
  end
end

--- The variables of tables in order, but for one.
local function union(list, without)
  local vars, seen = {}, {}
  for _, t in ipairs(list) do
    for _, v in ipairs(t.vars) do
      if v ~= without and not seen[v] then
        seen[v], vars[#vars + 1] = true, v
      end
    end
  end
  table.sort(vars)
  return vars
end

--- The sum of tables, the least over the states of `gone` (nil: of none). What is barred in one is
--- barred.
local function sum(x, list, gone)
  local states = gone and #x.states[gone] or 1
  local t, steps = over(x, union(list, gone), states * #list), {}
  for f, one in ipairs(list) do steps[f] = gone and one.steps[gone] or 0 end
  walk(x, t, list, function(cell, _, offsets)
    local best = math.huge
    for i = 0, states - 1 do
      local total = 0
      for f, one in ipairs(list) do total = total + one.at[offsets[f] + i * steps[f]] end
      if total < best then best = total end -- not where it is no number: barred and without bound
    end
    t.at[cell] = best
  end)
  return t
end

-- ---- the order ----------------------------------------------------------------------------------

--- Who shares a table with whom.
local function neighbours(list)
  local near = {}
  for _, t in ipairs(list) do
    for _, v in ipairs(t.vars) do
      near[v] = near[v] or {}
      for _, u in ipairs(t.vars) do
        if u ~= v then near[v][u] = true end
      end
    end
  end
  return near
end

--- How many pairs of neighbours are none of each other, and the cells of what they come to.
local function fill_of(x, near, v)
  local list, missing, cells = {}, 0, 1.0
  for u in next, near[v] do
    list[#list + 1], cells = u, cells * #x.states[u]
  end
  for i = 1, #list do
    for j = i + 1, #list do
      if not near[list[i]][list[j]] then missing = missing + 1 end
    end
  end
  return missing, cells
end

--- Takes v out of the graph, its neighbours then being neighbours of each other; `weight` of those
--- around is to be found anew.
local function take_out(near, v, weight)
  for u in next, near[v] do
    near[u][v], weight[u] = nil, nil
    for w in next, near[v] do
      if w ~= u then near[u][w] = true end
    end
    for w in next, near[u] do weight[w] = nil end
  end
  near[v] = nil
end

--- The tables' sum as one table over the variables of `keep`, the others eliminated.
local function eliminate(x, list, keep)
  local near, weight, gone = neighbours(list), {}, {}
  for _, v in ipairs(union(list)) do
    if not keep[v] then gone[#gone + 1] = v end
  end
  while #gone > 0 do
    local best
    for k, v in ipairs(gone) do
      weight[v] = weight[v] or { fill_of(x, near, v) }
      local one, other = weight[v], best and weight[gone[best]]
      if not best or one[1] < other[1] or one[1] == other[1] and one[2] < other[2] then best = k end
    end
    local v, bucket, rest = table.remove(gone, best), {}, {}
    for _, t in ipairs(list) do
      local into = t.steps[v] and bucket or rest
      into[#into + 1] = t
    end
    rest[#rest + 1] = sum(x, bucket, v)
    list = rest
    take_out(near, v, weight)
  end
  return sum(x, list)
end

-- ---- variables ----------------------------------------------------------------------------------

--- Stages that joins hold together: the first of its group, of each stage.
local function groups_of(q)
  local first = {}
  local function find(s)
    while first[s] ~= s do s = first[s] end
    return s
  end
  for s in ipairs(q.stages) do first[s] = s end
  for _, join in ipairs(q.joins) do
    local a, b = find(join[1]), find(join[2])
    first[math.max(a, b)] = math.min(a, b)
  end
  for s in ipairs(q.stages) do first[s] = find(s) end
  return first
end

--- The states that a stage has: { place, operator }, operator nil where nothing tells them apart,
--- with the least of `cost` over its options; by key.
local function states_of(q, s, tells, cost)
  local list, by = {}, {}
  for o = s.first, s.last do
    local option = q.options[o]
    local key = option.place * (#q.operators + 1) + (tells and option.operator or 0)
    local state = by[key]
    if not state then
      state = { key = key, place = option.place, operator = option.operator, least = math.huge }
      by[key], list[#list + 1] = state, state
    end
    state.least = math.min(state.least, cost(option))
  end
  return list, by
end

--- Variables, each with its states and stages, and `own` of each stage: its least in each state.
--- False where joined stages have no place in common.
local function add_variables(x, q, cost)
  local first, tells, shared = groups_of(q), {}, {}
  for _, arc in ipairs(q.arcs) do
    if arc.interface then tells[arc.from], tells[arc.to] = true, true end
  end
  x.states, x.of, x.own, x.members, x.bound = {}, {}, {}, {}, {}
  local by = {}
  for s, one in ipairs(q.stages) do
    local list
    list, by[s] = states_of(q, one, tells[s], cost)
    local v = not tells[s] and shared[first[s]]
    if not v then
      v = #x.states + 1
      x.states[v], x.members[v] = list, {}
      if not tells[s] then shared[first[s]] = v end
    end
    x.of[s] = v
    table.insert(x.members[v], s)
  end
  for v, members in ipairs(x.members) do
    local kept = {}
    for _, state in ipairs(x.states[v]) do
      local all = true
      for _, s in ipairs(members) do all = all and by[s][state.key] end
      if all then kept[#kept + 1] = state end
    end
    if #kept == 0 then return false end
    x.states[v] = kept
    for _, s in ipairs(members) do
      x.own[s] = {}
      for i, state in ipairs(kept) do x.own[s][i] = by[s][state.key].least end
    end
  end
  return true
end

--- Tables that bar joined stages from being parted, where they are different variables.
local function add_joins(x, q, list)
  for _, join in ipairs(q.joins) do
    local a, b = x.of[join[1]], x.of[join[2]]
    if a ~= b then
      local t = over(x, { math.min(a, b), math.max(a, b) }, 1)
      local one, other = x.states[t.vars[1]], x.states[t.vars[2]]
      walk(x, t, {}, function(cell, digits)
        local same = one[digits[1] + 1].place == other[digits[2] + 1].place
        t.at[cell] = same and 0 or math.huge
      end)
      list[#list + 1], x.bound[a], x.bound[b] = t, true, true
    end
  end
end

--- Tables that bar what ties do.
local function add_ties(x, q, list)
  for _, tie in ipairs(q.ties) do
    local a, b = x.of[tie[1]], x.of[tie[2]]
    local t = over(x, a == b and { a } or { a, b }, 1)
    local one, other = x.states[a], x.states[b]
    walk(x, t, {}, function(cell, digits)
      local from, to = one[digits[1] + 1].place, other[digits[#digits] + 1].place
      t.at[cell] = tie.pairs[(from - 1) * #q.places + to]
    end)
    list[#list + 1], x.bound[a], x.bound[b] = t, true, true
  end
end

--- What a stage costs on its own, as a table; `value` of each figure.
local function own_table(x, s, value)
  local t = over(x, { x.of[s] }, 1)
  for i, own in ipairs(x.own[s]) do t.at[i] = value(own) end
  return t
end

--- What arrives over an arc, as a table: worth `input` (a table, nil: nothing), `value` of each
--- figure.
local function arc_table(x, q, arc, input, value)
  local a, b = x.of[arc.from], x.of[arc.to]
  local ends = { vars = a == b and { a } or { a, b } }
  local t, at = over(x, union(input and { input, ends } or { ends }), 4), {}
  for k, v in ipairs(t.vars) do at[v] = k end
  local from, to, i, j = x.states[a], x.states[b], at[a], at[b]
  walk(x, t, { input }, function(cell, digits, offsets)
    local p, u = from[digits[i] + 1], to[digits[j] + 1]
    local worth = input and input.at[offsets[1]] or 0
    t.at[cell] = worth == math.huge and worth
      or value(problem.arrives(q, arc, worth, p.place, p.operator, u.place, u.operator))
  end)
  return t
end

-- ---- where costs add up -------------------------------------------------------------------------

--- A figure times a weight that is not below 0; what is barred stays so.
local function scaled(weight)
  return function(figure) return figure == math.huge and figure or weight * figure end
end

local function same(figure) return figure end

local function additive(x, q, weight)
  local list = {}
  for s in ipairs(q.stages) do list[#list + 1] = own_table(x, s, same) end
  for _, arc in ipairs(q.arcs) do
    if arc.add or arc.interface then list[#list + 1] = arc_table(x, q, arc, nil, scaled(weight)) end
  end
  add_joins(x, q, list)
  return eliminate(x, list, {}).at[1]
end

-- ---- where value compounds ----------------------------------------------------------------------

--- The stages through which all that a stage makes has to go, as sets.
local function gates_of(q)
  local users, gates = {}, {}
  for s in ipairs(q.stages) do users[s] = {} end
  for _, arc in ipairs(q.arcs) do table.insert(users[arc.from], arc.to) end
  for k = #q.order, 1, -1 do
    local s, set = q.order[k], {}
    for g in next, users[s][1] and gates[users[s][1]] or {} do
      local all = true
      for _, u in ipairs(users[s]) do all = all and gates[u][g] end
      set[g] = all or nil
    end
    set[s] = true
    gates[s] = set
  end
  return gates
end

--- Whether a variable tells on the total through stage s alone.
local function is_settled(x, gates, v, s)
  if x.bound[v] then return false end
  for _, member in ipairs(x.members[v]) do
    if member == s or not gates[member][s] then return false end
  end
  return true
end

--- A stage's aggregate as a sum: what a part of weight w counts, and what their sum comes to. Sums
--- that are to be large are taken with the other sign.
local function sum_of(s)
  if s.sum == "sum" then
    return function() return same end, same
  elseif s.sum == "cobb_douglas" or s.sigma == 1 then
    return function(w)
      return function(figure) return w == 0 and 0 or w * math.log(figure) end
    end, math.exp
  end
  local power = 1 - s.sigma
  local sign = power > 0 and 1 or -1
  return function(w)
    return function(figure) return w == 0 and 0 or sign * w * figure ^ power end
  end, function(total) return (sign * total) ^ (1 / power) end
end

--- The value of a stage over what has to be agreed on.
local function value_of(x, q, gates, i, values)
  local s, list, rest = q.stages[i], {}, 1
  local part, whole = sum_of(s)
  for k, arc in ipairs(s.inputs) do
    local counts = part(arc.weight)
    rest = rest - arc.weight
    list[k] = arc_table(x, q, arc, values[arc.from], function(figure)
      return figure == math.huge and figure or counts(figure)
    end)
  end
  list[#list + 1] = own_table(x, i, part(math.max(0, rest)))
  local keep = {}
  for _, v in ipairs(union(list)) do keep[v] = not is_settled(x, gates, v, i) end
  local t = eliminate(x, list, keep)
  for cell, total in ipairs(t.at) do t.at[cell] = total == math.huge and total or whole(total) end
  return t
end

local function compounding(x, q, weight)
  local list, values, gates = {}, {}, gates_of(q)
  add_joins(x, q, list)
  add_ties(x, q, list)
  for _, i in ipairs(q.order) do
    values[i] = value_of(x, q, gates, i, values)
    if not q.stages[i].used then
      local t, times = values[i], scaled(weight)
      for cell, value in ipairs(t.at) do t.at[cell] = times(value) end
      list[#list + 1] = t
    end
  end
  return eliminate(x, list, {}).at[1]
end

-- ---- whole --------------------------------------------------------------------------------------

--- What an option adds to the objective beside its cost.
local function entry_of(option)
  for k = 1, #option.adds, 2 do
    if option.adds[k] == 1 then return option.adds[k + 1] end
  end
  return 0
end

--- Refuses what elimination does not count.
local function check(q)
  for k = 2, #q.measures do
    if q.measures[k].lower > -math.huge or q.measures[k].upper < math.huge then
      problem.wrong "there are rules, which elimination does not count"
    end
  end
  for _, option in ipairs(q.options) do
    if #option.needs > 0 or q.compounding and entry_of(option) ~= 0 then
      problem.wrong "there are facilities or entries, which elimination does not count"
    end
  end
end

--- The optimum in the sense of minimising, infinite where there is no plan; nil where it takes more
--- than `most` additions.
---@param q cm.verify.Problem
---@param most number
---@return number? optimum, number work
function elimination.optimum(q, most)
  check(q)
  local weight = q.sign * q.measures[1].weight
  local x = { most = most, work = 0 }
  local function cost(option)
    return q.compounding and option.cost or weight * option.cost + q.sign * entry_of(option)
  end
  if not add_variables(x, q, cost) then return math.huge, 0 end
  local ok, value = pcall(q.compounding and compounding or additive, x, q, weight)
  if ok then return value, x.work end
  if type(value) ~= "table" or not value.too_wide then error(value, 0) end
  return nil, x.work
end

return elimination
