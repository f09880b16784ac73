--- Where value compounds, a problem whose costs add up and no choice of which costs more: what
--- multipliers can price. A unit of the value of stage s at place c comes to W(s, c) in the total
--- at least, 1 of a product, else the sum over its users of the least part(c) of q times(c, d)
--- W(user, d). With L(s, c) the least value, each choice comes to at least
---
---     sum over stages of  cost W
---     + over arcs of  q add W(user, d) + L (q times W(user, d) - part)
---
--- since what is multiplied by L is not below 0, and value times W goes from user to input.

local left = require "capmod.verify.left"
local problem = require "capmod.verify.problem"

local huge, max, min = math.huge, math.max, math.min

local linear = {}

-- ---- least values, and what they are worth ------------------------------------------------------

local function cell(matrix, n, c, d, none)
  if not matrix then return none end
  return matrix[(c - 1) * n + d]
end

--- The least of what arrives over an arc at an option.
local function arrives(q, v, arc, value, option)
  local best = huge
  for _, o in ipairs(v.live[arc.from]) do
    local from = q.options[o]
    if v.allowed[o] and value[o] < huge
      and cell(arc.times, #q.places, from.place, option.place, 1) < huge then
      best = min(best, problem.arrives(q, arc, value[o], from.place, from.operator, option.place,
        option.operator))
    end
  end
  return best
end

--- least[s][c], and the one place of all that is left of a stage, or nil.
local function values(q, v)
  local value, least, only = {}, {}, {}
  for _, s in ipairs(q.order) do
    local at = {}
    for _, o in ipairs(v.live[s]) do
      if v.allowed[o] then
        local option = q.options[o]
        value[o] = option.cost
        for _, arc in ipairs(q.stages[s].inputs) do
          value[o] = value[o] + arrives(q, v, arc, value, option)
        end
        at[option.place] = min(at[option.place] or huge, value[o])
        only[s] = (only[s] == nil or only[s] == option.place) and option.place or false
      end
    end
    for c in ipairs(q.places) do at[c] = at[c] or huge end
    least[s] = at
  end
  return least, only
end

--- worth[s][c], and part[arc][c] of it.
local function worths(q, least)
  local worth, part, leaving, n = {}, {}, {}, #q.places
  for s in ipairs(q.stages) do leaving[s] = {} end
  for _, arc in ipairs(q.arcs) do table.insert(leaving[arc.from], arc) end
  for k = #q.order, 1, -1 do
    local s, sums = q.order[k], {}
    for c = 1, n do sums[c] = q.stages[s].used and 0 or 1 end
    for _, arc in ipairs(leaving[s]) do
      local one = {}
      for c = 1, n do
        local best = huge
        for d, x in ipairs(least[arc.to]) do
          local times = cell(arc.times, n, c, d, 1)
          if x < huge and times < huge then best = min(best, times * worth[arc.to][d]) end
        end
        one[c] = best < huge and arc.quantity * best or 0
        sums[c] = sums[c] + one[c]
      end
      part[arc] = one
    end
    worth[s] = sums
  end
  return worth, part
end

-- ---- arcs ---------------------------------------------------------------------------------------

--- Whether a tie binds the stages of an arc.
local function doubles(tie, arc)
  return tie[1] == arc.from and tie[2] == arc.to or tie[1] == arc.to and tie[2] == arc.from
end

--- What an arc comes to between two places; infinite where that cannot be.
local function beyond(x, arc, c, d)
  local n = #x.q.places
  local least, worth = x.least[arc.from][c], x.worth[arc.to][d]
  local times, add = cell(arc.times, n, c, d, 1), cell(arc.add, n, c, d, 0)
  for _, tie in ipairs(x.q.ties) do
    local a, b = c, d
    if tie[1] ~= arc.from then a, b = d, c end
    if doubles(tie, arc) and tie.pairs[(a - 1) * n + b] > 0 then return huge end
  end
  if not (least < huge and x.least[arc.to][d] < huge and times < huge and add < huge) then
    return huge
  end
  local more = arc.quantity * times * worth - x.part[arc][c]
  return arc.quantity * add * worth + least * max(more, 0)
end

--- An interface cost is paid at the place of the user: at the least that it is worth there.
local function faces(x, arc)
  if not arc.interface then return nil end
  local least, most, cells = huge, -huge, {}
  for d, value in ipairs(x.least[arc.to]) do
    local worth = x.worth[arc.to][d]
    if value < huge then least, most = min(least, worth), max(most, worth) end
  end
  for k, face in ipairs(arc.interface) do
    cells[k] = face < huge and least < huge and face * (face < 0 and most or least) or face
  end
  return cells
end

local function is_idle(x, arc, cells)
  local n = #x.q.places
  for c = 1, arc.interface and 0 or n do
    for d = 1, n do
      if x.least[arc.from][c] < huge and x.least[arc.to][d] < huge
        and cells[(c - 1) * n + d] ~= 0 then
        return false
      end
    end
  end
  return not arc.interface
end

--- An arc one end of which has one place is part of what the options at the other cost; whether it
--- could be made so.
local function fold(x, arc, cells)
  local from, to, n = x.only[arc.from], x.only[arc.to], #x.q.places
  if arc.interface or not (from or to) then return false end
  local function more(o)
    local place = x.q.options[o].place
    return to and cells[(place - 1) * n + to] or cells[(from - 1) * n + place]
  end
  local list = x.v.live[to and arc.from or arc.to]
  for _, o in ipairs(list) do
    if x.v.allowed[o] and more(o) == huge then return false end
  end
  for _, o in ipairs(list) do
    if x.v.allowed[o] then x.cost[o] = x.cost[o] + more(o) end
  end
  return true
end

local function make_arcs(x)
  local arcs, n = {}, #x.q.places
  for _, arc in ipairs(x.q.arcs) do
    local cells = {}
    for c = 1, n do
      for d = 1, n do cells[#cells + 1] = beyond(x, arc, c, d) end
    end
    if not is_idle(x, arc, cells) and not fold(x, arc, cells) then
      arcs[#arcs + 1] = { from = arc.from, to = arc.to, quantity = 1, add = cells,
        interface = faces(x, arc) }
    end
  end
  for _, tie in ipairs(x.q.ties) do
    local doubled = false
    for _, arc in ipairs(x.q.arcs) do doubled = doubled or doubles(tie, arc) end
    if not doubled then
      arcs[#arcs + 1] = { from = tie[1], to = tie[2], quantity = 1, add = tie.pairs }
    end
  end
  return arcs
end

-- ---- facilities ---------------------------------------------------------------------------------

--- Which facilities one stage alone needs, within their capacity: nothing else opens them.
local function own_facilities(q)
  local user, shared = {}, {}
  for _, option in ipairs(q.options) do
    for k = 1, #option.needs, 2 do
      local f = option.needs[k]
      if user[f] and user[f] ~= option.stage
        or option.needs[k + 1] > q.facilities[f].capacity then
        shared[f] = true
      end
      user[f] = option.stage
    end
  end
  for f, one in ipairs(q.facilities) do
    if one.parent then shared[f], shared[one.parent] = true, true end
  end
  for f in next, shared do user[f] = nil end -- any order
  return user
end

--- What such a facility costs and adds is of the options that need it.
local function fold_facilities(x, options)
  local q, user, facilities = x.q, own_facilities(x.q), {}
  for f, one in ipairs(q.facilities) do
    facilities[f] = not user[f] and one or { name = one.name, fixed = 0, capacity = huge,
      points = {}, adds = {} }
  end
  for o, option in ipairs(options) do
    local needs, adds = {}, table.move(option.adds, 1, #option.adds, 1, {})
    for k = 1, #option.needs, 2 do
      local f, volume = option.needs[k], option.needs[k + 1]
      local one = q.facilities[f]
      if user[f] then
        x.cost[o] = x.cost[o] + problem.facility_cost(one, volume)
        table.move(one.adds, 1, #one.adds, #adds + 1, adds)
      else
        needs[#needs + 1], needs[#needs + 2] = f, volume
      end
    end
    option.needs, option.adds = needs, adds
  end
  return facilities
end

-- ---- whole --------------------------------------------------------------------------------------

--- The problem with costs that add up below one whose value compounds.
---@param q cm.verify.Problem
---@return cm.verify.Problem
function linear.below(q)
  local x = { q = q, v = left.all(q), cost = {} }
  for _, s in ipairs(q.stages) do
    if s.sum ~= "sum" then problem.wrong "multipliers where a stage aggregates" end
  end
  for _, arc in ipairs(q.arcs) do
    for _, times in ipairs(arc.times or {}) do
      if times < 0 then problem.wrong "value that turns below 0" end
    end
  end
  left.tie(q, x.v)
  x.least, x.only = values(q, x.v)
  x.worth, x.part = worths(q, x.least)
  local options, stages = {}, {}
  for o, option in ipairs(q.options) do
    x.cost[o] = option.cost * x.worth[option.stage][option.place]
    options[o] = { stage = option.stage, place = option.place, operator = option.operator,
      needs = option.needs, adds = option.adds }
  end
  for s, one in ipairs(q.stages) do
    stages[s] = { name = one.name, first = one.first, last = one.last, sum = "sum" }
  end
  local arcs, facilities = make_arcs(x), fold_facilities(x, options)
  for o, option in ipairs(options) do option.cost = x.cost[o] end
  return { compounding = false, sign = q.sign, places = q.places, operators = q.operators,
    stages = stages, options = options, arcs = arcs, joins = q.joins, ties = {},
    facilities = facilities, measures = q.measures }
end

return linear
