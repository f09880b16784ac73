--- Bounds where value compounds: the least value of every option of a stage follows from those of
--- its inputs, each user taking them as it likes; facilities that what is left cannot avoid are
--- paid, of others an option bears its part; and where what is left cannot keep a rule, there is
--- nothing.

local problem = require "capmod.verify.problem"

local compound = {}

--- The least value at each place and operator of what is left of a stage.
local function spots(q, v, s, value)
  local list, seen = {}, {}
  for o = s.first, s.last do
    if v.allowed[o] then
      local option = q.options[o]
      local key = option.place * (#q.operators + 1) + option.operator
      local spot = seen[key]
      if not spot then
        spot = { place = option.place, operator = option.operator, value = math.huge }
        seen[key], list[#list + 1] = spot, spot
      end
      spot.value = math.min(spot.value, value[o])
    end
  end
  return list
end

--- What arrives over an arc at a place and operator at least: problem.arrives, of which most of the
--- time goes here, written out.
local function least(q, arc, list, joined, place, operator)
  local add, times, face, quantity = arc.add, arc.times, arc.interface, arc.quantity
  local n, m, best = #q.places, #q.operators, math.huge
  for k = 1, #list do
    local spot = list[k]
    if not joined or spot.place == place then
      local cell = (spot.place - 1) * n + place
      local x = quantity * ((add and add[cell] or 0) + (times and times[cell] or 1) * spot.value)
        + (face and face[(spot.operator - 1) * m + operator] or 0)
      if x < best then best = x end
    end
  end
  return best
end

local function is_joined(q, arc)
  for _, join in ipairs(q.joins) do
    if join[1] == arc.from and join[2] == arc.to or join[2] == arc.from and join[1] == arc.to then
      return true
    end
  end
  return false
end

--- The least total of the products.
local function chain(q, v, share)
  local value, total, list = {}, 0, {}
  for _, i in ipairs(q.order) do
    local s, best, known = q.stages[i], math.huge, {}
    for o = s.first, s.last do
      if v.allowed[o] then
        local option, arrived = q.options[o], {}
        local key = option.place * (#q.operators + 1) + option.operator
        if not known[key] then
          for k, arc in ipairs(s.inputs) do
            arrived[k] = least(q, arc, list[arc.from], is_joined(q, arc), option.place,
              option.operator)
          end
          known[key] = arrived
        end
        value[o] = problem.aggregate(s, option.cost + share[o], known[key])
        best = math.min(best, value[o])
      end
    end
    list[i] = spots(q, v, s, value)
    if not s.used then total = total + best end
  end
  return total
end

--- The most that a unit of the cost of each option comes to in the total; infinite where an
--- aggregate makes it depend on more. Once for a problem.
local function magnified(q)
  if q.most then return q.most end
  local most, leaving, n = {}, {}, #q.places
  for _, arc in ipairs(q.arcs) do
    leaving[arc.from] = leaving[arc.from] or {}
    table.insert(leaving[arc.from], arc)
  end
  for k = #q.order, 1, -1 do
    local s = q.stages[q.order[k]]
    for o = s.first, s.last do
      most[o] = s.used and 0 or 1
      for _, arc in ipairs(leaving[q.order[k]] or {}) do
        local largest, user = 0, q.stages[arc.to]
        for u = user.first, user.last do
          local cell = (q.options[o].place - 1) * n + q.options[u].place
          local x = arc.times and arc.times[cell] or 1
          if x < math.huge then largest = math.max(largest, x * most[u]) end
        end
        most[o] = most[o] + arc.quantity * largest
      end
      if s.sum ~= "sum" then most[o] = math.huge end
    end
  end
  q.most = most
  return most
end

--- What each option bears, in its own cost, of facilities that can yet be avoided: what n stages
--- may need costs at least the mean of what it costs for each of them alone.
local function shares(q, v, volume)
  local users, last, share, most = {}, {}, {}, magnified(q)
  for o, option in ipairs(q.options) do
    for k = 1, v.allowed[o] and #option.needs or 0, 2 do
      local f = option.needs[k]
      if last[f] ~= option.stage then users[f], last[f] = (users[f] or 0) + 1, option.stage end
    end
  end
  for o, option in ipairs(q.options) do
    local sum = 0
    for k = 1, v.allowed[o] and #option.needs or 0, 2 do
      local f = option.needs[k]
      if not volume[f] then
        sum = sum + problem.facility_cost(q.facilities[f], option.needs[k + 1]) / users[f]
      end
    end
    share[o] = most[o] > 0 and sum / most[o] or 0
  end
  return share
end

--- Of each facility the least volume that what is left takes of it; nil where it can be avoided.
local function forced(q, v)
  local volume = {}
  for _, s in ipairs(q.stages) do
    local sure
    for o = s.first, s.last do
      if v.allowed[o] then
        local needs, both = q.options[o].needs, {}
        for k = 1, #needs, 2 do
          local f, x = needs[k], needs[k + 1]
          if not sure then both[f] = x elseif sure[f] then both[f] = math.min(x, sure[f]) end
        end
        sure = both
      end
    end
    for f, x in next, sure or {} do volume[f] = (volume[f] or 0) + x end
  end
  for f = #q.facilities, 1, -1 do
    local parent = q.facilities[f].parent
    if volume[f] and parent then volume[parent] = volume[parent] or 0 end
  end
  return volume
end

--- What the entries of each measure can add up to: least and most.
local function reach(q, v, volume)
  local low, high = {}, {}
  for k = 1, #q.measures do low[k], high[k] = 0, 0 end
  for _, s in ipairs(q.stages) do
    local a, b = {}, {}
    for k = 1, #q.measures do a[k], b[k] = math.huge, -math.huge end
    for o = s.first, s.last do
      local sums, adds = {}, q.options[o].adds
      for k = 1, v.allowed[o] and #adds or 0, 2 do sums[adds[k]] = adds[k + 1] end
      for k = 1, v.allowed[o] and #q.measures or 0 do
        a[k], b[k] = math.min(a[k], sums[k] or 0), math.max(b[k], sums[k] or 0)
      end
    end
    for k = 1, #q.measures do low[k], high[k] = low[k] + a[k], high[k] + b[k] end
  end
  for f, one in ipairs(q.facilities) do
    for k = 1, #one.adds, 2 do
      local m, x = one.adds[k], one.adds[k + 1]
      low[m] = low[m] + (volume[f] and x or math.min(0, x))
      high[m] = high[m] + (volume[f] and x or math.max(0, x))
    end
  end
  return low, high
end

local function slack(bound) return 0.5e-9 * math.max(1, math.abs(bound)) end

--- The least objective of what is left, in the sense of minimising; infinite where the rules cannot
--- be kept.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@return number
function compound.bound(q, v)
  local volume, facilities = forced(q, v), 0
  for f, one in ipairs(q.facilities) do
    if volume[f] then
      if volume[f] > one.capacity + slack(one.capacity) then return math.huge end
      facilities = facilities + problem.facility_cost(one, volume[f])
    end
  end
  local cost = chain(q, v, shares(q, v, volume)) + facilities
  if cost == math.huge then return math.huge end
  local low, high = reach(q, v, volume)
  for k = 2, #q.measures do
    local m, a, b = q.measures[k], low[k], high[k]
    if m.weight > 0 then a, b = a + m.weight * cost, math.huge end
    if m.weight < 0 then a, b = -math.huge, b + m.weight * cost end
    if a > m.upper + slack(m.upper) or b < m.lower - slack(m.lower) then return math.huge end
  end
  return q.sign * q.measures[1].weight * cost + (q.sign > 0 and low[1] or -high[1])
end

return compound
