--- The bound of an additive problem at multipliers (Geoffrion 1974): the least of the forest, of
--- each loose link, and of the facilities, each on its own; and by how much it rises when an
--- option is taken or a facility settled. What the parts are stands in parts.lua.

local left = require "capmod.verify.left"
local problem = require "capmod.verify.problem"

local huge, max, min = math.huge, math.max, math.min

local relaxation = {}

-- ---- what is left -------------------------------------------------------------------------------

--- Of options of a stage: the most volume of each facility that any of them needs, the least of
--- each demand that they cover, the prices that they pay. Found once for a list.
local function sums_of(r, list)
  local one = r.sums[list]
  if one then return one end
  local most, least, paid = {}, {}, {}
  for i = 1, #list do
    local o = list[i]
    local needs, covered, pays = r.q.options[o].needs, r.covered[o], r.pays[o]
    for k = 1, #needs, 2 do
      local f, x = needs[k], needs[k + 1]
      if x > (most[f] or -1) then most[f] = x end
    end
    for y = 1, #covered do
      local x = covered[y]
      if x < (least[y] or huge) then least[y] = x end
    end
    for k = 1, #pays do paid[pays[k]] = true end
  end
  one = { most = most, least = least, paid = paid }
  r.sums[list] = one
  return one
end

--- Of what is left: which facilities can be of use, the most volume each can be asked for, what the
--- stages must take at least of those that cover one demand, which prices are paid.
local function enter(r, v)
  local q = r.q
  local most, live, demand, paid = {}, {}, {}, {}
  for f in ipairs(q.facilities) do most[f], live[f] = 0, false end
  for y in ipairs(r.covers) do demand[y] = 0 end
  for s in ipairs(q.stages) do
    local one = sums_of(r, v.live[s])
    for f, x in next, one.most do most[f], live[f] = most[f] + x, true end -- any order
    for y in ipairs(r.covers) do demand[y] = demand[y] + one.least[y] end
    for k in next, one.paid do paid[k] = true end -- any order
  end
  for f = #q.facilities, 1, -1 do
    local one = q.facilities[f]
    most[f] = min(most[f], one.capacity)
    if v.open[f] ~= nil then live[f] = v.open[f] end
    if live[f] and one.parent then live[one.parent] = true end
  end
  return { most = most, live = live, demand = demand, paid = paid }
end

-- ---- options, forest, links ---------------------------------------------------------------------

--- The least of each stage at each state of its block, summed over the block; which states have an
--- option of each stage.
local function price(r, v, m, t)
  local q, own, fixed, weight = r.q, t.own, t.sign ~= 0, t.weight
  local options, prices = q.options, r.priced
  for s in ipairs(q.stages) do
    local best, list = {}, v.live[s]
    for i = 1, q.stages[s].block.n do best[i] = huge end
    for n = 1, #list do
      local o = list[n]
      local option = options[o]
      local i = option.state
      if i then
        local x, priced, adds = weight * option.cost, prices[o], option.adds
        for k = 1, fixed and #adds or 0, 2 do
          if adds[k] == 1 then x = x + t.sign * adds[k + 1] end
        end
        for k = 1, #priced, 2 do x = x + m[priced[k]] * priced[k + 1] end
        own[o] = x
        if x < best[i] then best[i] = x end
      end
    end
    t.best[s] = best
  end
  for _, b in ipairs(r.blocks) do
    local base, there = {}, {}
    for i = 1, b.n do
      local x = b.inner[i] < huge and t.weight * b.inner[i] or huge
      for _, s in ipairs(b.stages) do x = x + t.best[s][i] end
      base[i] = x
      if x < huge then there[#there + 1] = i end
    end
    t.base[b], t.there[b] = base, there
  end
end

--- out[j] = min over i of value[i] + weight cost[i][j], for the i and j that are there, n in all.
local function pass(value, is, cost, weight, js, n)
  local out, last = {}, #js
  for j = 1, n do out[j] = huge end
  for l = 1, #is do
    local i = is[l]
    local x, row = value[i], cost[i]
    for k = 1, last do
      local j = js[k]
      local y = x + weight * row[j]
      if y < out[j] then out[j] = y end -- not where it is no number, 0 times infinite
    end
  end
  return out
end

--- The copies of states at the ends of loose links; what they earn is paid at the blocks.
local function loose_value(r, m, t)
  local total = 0
  for _, l in ipairs(r.loose) do
    local value, best, is, js = {}, huge, t.there[l.a], t.there[l.b]
    for _, i in ipairs(is) do value[i] = -m[l.price_a[i]] end
    local out = pass(value, is, l.cost, t.weight, js, l.b.n)
    for _, j in ipairs(js) do best = min(best, out[j] - m[l.price_b[j]]) end
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
      local to = t.sum[b.above]
      local out = pass(t.sum[b], t.there[b], b.cost, t.weight, t.there[b.above], b.above.n)
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
--- (Horowitz and Sahni 1974); what the items leave of the need; and where the least is known, which
--- are taken. Items are in the order of weight for size; `best` is a weight that suffices.
local function cover(items, need, best)
  local steps, linear, rest_of, taken = 100000, 0, need, nil
  for _, item in ipairs(items) do
    linear = linear + item.weight * min(1, max(rest_of, 0) / item.size)
    rest_of = rest_of - item.size
  end
  local path, n = {}, #items
  local function go(i, rest, spent, depth)
    if rest <= 0 then
      if spent < best then best, taken = spent, table.move(path, 1, depth, 1, {}) end
      return
    end
    local bound, j, short = spent, i, rest
    while j <= n and short > items[j].size do
      bound, short, j = bound + items[j].weight, short - items[j].size, j + 1
    end
    if j > n or steps == 0 or bound + items[j].weight * short / items[j].size >= best then
      return
    end
    steps, path[depth + 1] = steps - 1, items[i].facility
    go(i + 1, rest - items[i].size, spent + items[i].weight, depth + 1)
    go(i + 1, rest, spent, depth)
  end
  go(1, need, 0, 0)
  if steps == 0 or best == huge then return linear, rest_of, nil end
  return best, rest_of, taken
end

--- Facilities that share out a demand: those open by force or by gain, and the cheapest others.
--- With f open or closed, or without it as they are; then which others are taken, and their
--- weight, are second and third.
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
  if need <= 0 then return total, {}, 0 end
  table.sort(items, function(a, b)
    local x, z = a.weight / a.size, b.weight / b.size
    if x ~= z then return x < z end
    return a.facility < b.facility
  end)
  local known = f and open and t.cover_weight[y] -- which suffices without f too
  local least, short, taken = cover(items, need, known or huge)
  if short > 1e-9 * max(1, t.demand[y]) then return huge end
  return total + least, taken, least
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
    local value, taken, weight = cover_value(r, v, t, y)
    t.covered[y], t.cover_weight[y] = value, taken and weight
    if taken then
      t.taken[y] = {}
      for _, f in ipairs(taken) do t.taken[y][f] = true end
    end
    total = total + value
  end
  return total
end

-- ---- whole --------------------------------------------------------------------------------------

--- Whether all multipliers are on the side of 0 that their rule has; else what is not.
---@param m number[]
---@return string?
function relaxation.fault(r, m)
  if #m ~= r.count then return ("%d multipliers instead of %d"):format(#m, r.count) end
  for k = 1, #m do
    local x = m[k]
    if x ~= 0 and (x ~= x or math.abs(x) == huge or x < (r.low[k] or -huge)
      or x > (r.high[k] or huge)) then
      return ("multiplier %d is %g, on the wrong side of 0"):format(k, x)
    end
  end
end

--- The bound of what is left, concluded, at multipliers, less what rounding may have made of it;
--- infinite where nothing is left. `t` holds what it is made of. Costless: of the rules alone.
---@param v cm.verify.Left
---@param m number[]
---@param costless boolean
---@return number value, table t
function relaxation.value(r, v, m, costless)
  local q, t = r.q, enter(r, v)
  t.own, t.best, t.base, t.there, t.sum, t.message, t.least = {}, {}, {}, {}, {}, {}, {}
  t.reduced, t.covered, t.cover_weight, t.taken, t.size = {}, {}, {}, {}, 1
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
  for k = 1, #m do
    local x = m[k]
    if x ~= 0 then t.size = t.size + math.abs(x) * (r.unit[k] or 1) end
  end
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
  if y then
    local taken = t.taken[y]
    if taken and t.reduced[f] >= 0 and (taken[f] or false) == open then return 0 end
    return max(0, cover_value(r, v, t, y, f, open) - t.covered[y])
  end
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
      local rest, message, up, js = {}, t.message[b], delta[b.above], t.there[b.above]
      for l, j in ipairs(js) do rest[l] = up[j] - message[j] end
      for i in ipairs(sum) do d[i] = huge end
      local weight, last = t.weight, #js
      for _, i in ipairs(t.there[b]) do
        local least, row = huge, b.cost[i]
        for l = 1, last do
          local y = weight * row[js[l]] + rest[l]
          if y < least then least = y end
        end
        d[i] = sum[i] + least
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
  for s, stage in ipairs(q.stages) do
    local rise_of, best, list = delta[stage.block], t.best[s], v.live[s]
    for n = 1, #list do
      local o = list[n]
      if v.allowed[o] then
        local i, extra, needs = q.options[o].state, 0, q.options[o].needs
        for k = 1, #needs, 2 do extra = max(extra, opening[needs[k]]) end
        local rise = i and max(0, rise_of[i]) + t.own[o] - best[i] + extra
        if not rise or rise >= room then
          left.strike(q, v, o)
          struck = true
        end
      end
    end
  end
  for f, open in next, shut do -- any order
    left.set(v, f, open)
    struck = true
  end
  return struck
end

return relaxation
