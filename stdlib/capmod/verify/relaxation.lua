--- The bound of an additive problem at multipliers (Geoffrion 1974): the least of the forest, of
--- each loose link, and of the facilities, each on its own; and by how much it rises when an
--- option is taken or a facility settled. What the parts are stands in parts.lua.

local problem = require "capmod.verify.problem"

local huge, max, min = math.huge, math.max, math.min

local relaxation = {}

-- ---- what is left -------------------------------------------------------------------------------

--- Of what is left: which facilities can be of use, the most volume each can be asked for, what the
--- stages must take at least of those that cover one demand, which prices are paid.
local function enter(r, v)
  local q = r.q
  local most, live, demand, paid = {}, {}, {}, {}
  for f in ipairs(q.facilities) do most[f], live[f] = 0, false end
  for y in ipairs(r.covers) do demand[y] = 0 end
  for _, s in ipairs(q.stages) do
    local stage_most, least = {}, {}
    for o = s.first, s.last do
      if v.allowed[o] then
        local needs, covered = q.options[o].needs, r.covered[o]
        for k = 1, #needs, 2 do
          local f, x = needs[k], needs[k + 1]
          live[f] = true
          if x > (stage_most[f] or 0) then stage_most[f] = x end
        end
        for y, x in ipairs(covered) do
          if x < (least[y] or huge) then least[y] = x end
        end
      end
    end
    for f, x in next, stage_most do most[f] = most[f] + x end -- any order
    for y in ipairs(r.covers) do demand[y] = demand[y] + least[y] end
  end
  for f = #q.facilities, 1, -1 do
    local one = q.facilities[f]
    most[f] = min(most[f], one.capacity)
    if v.open[f] ~= nil then live[f] = v.open[f] end
    if live[f] and one.parent then live[one.parent] = true end
  end
  for _, pair in ipairs(r.pairs) do
    if v.allowed[pair.option] then paid[pair.price] = true end
  end
  return { most = most, live = live, demand = demand, paid = paid }
end

-- ---- options, forest, links ---------------------------------------------------------------------

--- The least of each stage at each state of its block, summed over the block.
local function price(r, v, m, t)
  local q, own = r.q, t.own
  for o, option in ipairs(q.options) do
    if v.allowed[o] and option.state then
      local x, priced, adds = t.weight * option.cost, r.priced[o], option.adds
      for k = 1, t.sign ~= 0 and #adds or 0, 2 do
        if adds[k] == 1 then x = x + t.sign * adds[k + 1] end
      end
      for k = 1, #priced, 2 do x = x + m[priced[k]] * priced[k + 1] end
      own[o] = x
    end
  end
  for _, b in ipairs(r.blocks) do
    local base = {}
    for i = 1, b.n do base[i] = b.inner[i] < huge and t.weight * b.inner[i] or huge end
    for _, s in ipairs(b.stages) do
      local best, one = {}, q.stages[s]
      for i = 1, b.n do best[i] = huge end
      for o = one.first, one.last do
        local i = v.allowed[o] and q.options[o].state
        if i and own[o] < best[i] then best[i] = own[o] end
      end
      for i = 1, b.n do base[i] = base[i] + best[i] end
      t.best[s] = best
    end
    t.base[b] = base
  end
end

--- out[j] = min over i of value[i] + weight cost[i][j].
local function pass(value, cost, weight, n)
  local out = {}
  for j = 1, n do out[j] = huge end
  for i, x in ipairs(value) do
    if x < huge then
      for j, c in ipairs(cost[i]) do
        local y = x + weight * c
        if y < out[j] then out[j] = y end -- not where it is no number, 0 times infinite
      end
    end
  end
  return out
end

--- The copies of states at the ends of loose links; what they earn is paid at the blocks.
local function loose_value(r, m, t)
  local total = 0
  for _, l in ipairs(r.loose) do
    local value, best = {}, huge
    for i, x in ipairs(t.base[l.a]) do value[i] = x < huge and -m[l.price_a[i]] or huge end
    local out = pass(value, l.cost, t.weight, l.b.n)
    for j, x in ipairs(t.base[l.b]) do
      if x < huge and out[j] < huge then best = min(best, out[j] - m[l.price_b[j]]) end
    end
    total = total + best
  end
  for _, l in ipairs(r.loose) do
    local a, b = t.base[l.a], t.base[l.b]
    for i = 1, #a do a[i] = a[i] + m[l.price_a[i]] end
    for j = 1, #b do b[j] = b[j] + m[l.price_b[j]] end
  end
  return total
end

local function forest_value(r, t)
  local total = 0
  for _, b in ipairs(r.blocks) do t.sum[b] = table.move(t.base[b], 1, b.n, 1, {}) end
  for _, b in ipairs(r.order) do
    if b.above then
      local out, to = pass(t.sum[b], b.cost, t.weight, b.above.n), t.sum[b.above]
      t.message[b] = out
      for j = 1, #to do to[j] = to[j] + out[j] end
    else
      local least = huge
      for _, x in ipairs(t.sum[b]) do least = min(least, x) end
      t.least[b], total = least, total + least
    end
  end
  return total
end

-- ---- facilities ---------------------------------------------------------------------------------

--- The least that the volume of a facility costs less what it earns. The cost is concave, so that
--- it is at a point or at the most.
local function price_volume(r, f, m, t)
  local k, one, best = r.volume[f], r.q.facilities[f], 0
  if not k then return 0 end
  local function try(volume)
    local cost = #one.points > 0 and problem.facility_cost(one, volume) - one.fixed or 0
    best = min(best, t.weight * cost - m[k] * volume)
  end
  for _, point in ipairs(one.points) do
    if point[1] < t.most[f] then try(point[1]) end
  end
  if t.most[f] > 0 then try(t.most[f]) end
  return best
end

--- The least weight of items that cover a need, or its linear bound where that takes too long
--- (Horowitz and Sahni 1974). Items are in the order of weight for size.
local function cover(items, need)
  local best, steps, linear, left = huge, 100000, 0, need
  for _, item in ipairs(items) do
    linear = linear + item.weight * min(1, max(left, 0) / item.size)
    left = left - item.size
  end
  local function go(i, rest, spent)
    if rest <= 0 then
      best = min(best, spent)
      return
    end
    local bound, j, short = spent, i, rest
    while items[j] and short > items[j].size do
      bound, short, j = bound + items[j].weight, short - items[j].size, j + 1
    end
    if not items[j] or steps == 0 or bound + items[j].weight * short / items[j].size >= best then
      return
    end
    steps = steps - 1
    go(i + 1, rest - items[i].size, spent + items[i].weight)
    go(i + 1, rest, spent)
  end
  go(1, need, 0)
  return steps > 0 and best < huge and best or linear, left
end

--- Facilities that share out a demand: those open by force or by gain, and the cheapest others.
local function cover_value(r, v, t, y, f, open)
  local need, total, items = t.demand[y] * (1 - 1e-12), 0, {}
  for _, g in ipairs(r.covers[y]) do
    local forced = v.open[g]
    if g == f then forced = open end
    if t.live[g] and forced ~= false then
      if forced or t.reduced[g] < 0 then
        total, need = total + t.reduced[g], need - t.most[g]
      elseif t.most[g] > 0 then
        items[#items + 1] = { size = t.most[g], weight = t.reduced[g], facility = g }
      end
    end
  end
  if need <= 0 then return total end
  table.sort(items, function(a, b)
    local x, z = a.weight / a.size, b.weight / b.size
    if x ~= z then return x < z end
    return a.facility < b.facility
  end)
  local least, left = cover(items, need)
  if left > 1e-9 * max(1, t.demand[y]) then return huge end
  return total + least
end

local function facility_value(r, v, m, t)
  local q, total = r.q, 0
  for f, one in ipairs(q.facilities) do
    local x = 0
    for k = 1, #one.adds, 2 do
      local rule = one.adds[k]
      local paid = rule == 1 and t.sign or r.rule[rule] and m[r.rule[rule]] or 0
      x = x + paid * one.adds[k + 1]
    end
    for _, k in ipairs(r.opened_by[f]) do
      if t.paid[k] then x = x - m[k] end
    end
    t.reduced[f] = x
  end
  for f = #q.facilities, 1, -1 do
    local one = q.facilities[f]
    if t.live[f] then
      t.reduced[f] = t.reduced[f] + t.weight * one.fixed + price_volume(r, f, m, t)
      if one.parent and (v.open[f] or t.reduced[f] < 0) then
        t.reduced[one.parent] = t.reduced[one.parent] + t.reduced[f]
      end
      if not one.parent and not r.cover[f] and (v.open[f] or t.reduced[f] < 0) then
        total = total + t.reduced[f]
      end
    end
  end
  for y in ipairs(r.covers) do
    t.covered[y] = cover_value(r, v, t, y)
    total = total + t.covered[y]
  end
  return total
end

-- ---- whole --------------------------------------------------------------------------------------

--- Whether all multipliers are on the side of 0 that their rule has; else what is not.
---@param m number[]
---@return string?
function relaxation.fault(r, m)
  if #m ~= r.count then return ("%d multipliers instead of %d"):format(#m, r.count) end
  for k, x in ipairs(m) do
    if x ~= x or math.abs(x) == huge or x < (r.low[k] or -huge) or x > (r.high[k] or huge) then
      return ("multiplier %d is %g, on the wrong side of 0"):format(k, x)
    end
  end
end

--- The bound of what is left at multipliers, less what rounding may have made of it; infinite where
--- nothing is left. `t` holds what it is made of. Costless: of the rules alone.
---@param v cm.verify.Left
---@param m number[]
---@param costless boolean
---@return number value, table t
function relaxation.value(r, v, m, costless)
  local q, t = r.q, enter(r, v)
  t.own, t.best, t.base, t.sum, t.message, t.least = {}, {}, {}, {}, {}, {}
  t.reduced, t.covered, t.size = {}, {}, 1
  t.sign = costless and 0 or q.sign
  t.weight = costless and 0 or q.sign * q.measures[1].weight
  local total = 0
  for n, one in ipairs(q.measures) do
    local k = n > 1 and r.rule[n]
    local x = k and m[k] or 0
    if x ~= 0 then
      t.weight = t.weight + x * one.weight
      total = total - x * (x > 0 and one.upper or one.lower)
    end
  end
  for k, x in ipairs(m) do t.size = t.size + math.abs(x) * (r.unit[k] or 1) end
  price(r, v, m, t)
  total = total + loose_value(r, m, t)
  total = total + forest_value(r, t)
  if total ~= total then return -huge, t end
  if total == huge then return huge, t end
  return total + facility_value(r, v, m, t) - 1e-14 * t.size, t
end

--- By how much the bound rises where facility f is open; closed.
local function settled(r, v, t, f, open)
  local y = r.cover[f]
  if y then return max(0, cover_value(r, v, t, y, f, open) - t.covered[y]) end
  return open and max(0, t.reduced[f]) or max(0, -t.reduced[f])
end

local function openings(r, v, t)
  local opening = {}
  for f, one in ipairs(r.q.facilities) do
    opening[f] = 0
    if not t.live[f] then
      opening[f] = huge
    elseif not v.open[f] and not one.parent then
      opening[f] = settled(r, v, t, f, true)
    elseif not v.open[f] then
      opening[f] = max(0, t.reduced[f]) + opening[one.parent]
    end
  end
  return opening
end

--- By how much it rises where facility f, free so far, is closed: less where those above it close.
local function closing(r, v, t, f)
  local least, g = huge, f
  repeat
    local parent = r.q.facilities[g].parent
    if v.open[g] == nil then
      least = min(least, parent and max(0, -t.reduced[g]) or settled(r, v, t, g, false))
    end
    g = parent
  until not g
  return least
end

--- From the roots on: delta[b][i], the least total with state i of block b less the least.
local function deltas(r, t)
  local delta = {}
  for k = #r.order, 1, -1 do
    local b = r.order[k]
    local sum, d = t.sum[b], {}
    if b.above then
      local rest, message = {}, t.message[b]
      for j, x in ipairs(delta[b.above]) do rest[j] = x < huge and x - message[j] or huge end
      for i, x in ipairs(sum) do
        local up, row = huge, b.cost[i]
        for j = 1, x < huge and #rest or 0 do
          local y = t.weight * row[j] + rest[j]
          if y < up then up = y end
        end
        d[i] = x + up
      end
    else
      for i, x in ipairs(sum) do d[i] = x - t.least[b] end
    end
    delta[b] = d
  end
  return delta
end

--- Strikes out of what is left what raises the bound by at least `room`; whether anything was.
---@param v cm.verify.Left
---@param t table  of the value there
---@param room number
---@return boolean
function relaxation.strike(r, v, t, room)
  local q, delta, opening, struck = r.q, deltas(r, t), openings(r, v, t), false
  local shut = {}
  for f in ipairs(q.facilities) do
    if v.open[f] == nil and t.live[f] then
      if opening[f] >= room then
        shut[f] = false
      elseif closing(r, v, t, f) >= room then
        shut[f] = true
      end
    end
  end
  for o, option in ipairs(q.options) do
    if v.allowed[o] then
      local i, s = option.state, q.stages[option.stage]
      local extra, needs = 0, option.needs
      for k = 1, #needs, 2 do extra = max(extra, opening[needs[k]]) end
      local rise = i and max(0, delta[s.block][i]) + t.own[o] - t.best[option.stage][i] + extra
      if not rise or rise >= room then v.allowed[o], struck = false, true end
    end
  end
  for f, open in next, shut do v.open[f], struck = open, true end -- any order
  return struck
end

return relaxation
