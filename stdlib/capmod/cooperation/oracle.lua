--- Which coalition gains most apart under a division, where there are too many to list.
---
--- Over a chain the solver answers: every member becomes a facility that is paid x_i once a version
--- of an option needs it, so that the cheapest plan is that of the coalition whose worth exceeds
--- what it gets by most. For worths of any other kind coalitions are searched, and what was not
--- looked at is not known.

local coalition = require "capmod.cooperation.coalition"
local placing = require "capmod.cooperation.placing"
local random = require "capmod.random"

local oracle = {}

---@class cm.Worst
---@field s integer        the coalition found
---@field by number        what it gains apart
---@field most number      what no coalition gains more than; infinity where that is not known

-- ---- by the solver ------------------------------------------------------------------------------

--- The problem in which members cost what they get; who gets less than nothing is in for nothing.
local function priced(p, x)
  local v = p.versions
  return placing.core(p, function(parts)
    local y, needs = {}, {}
    for field, list in pairs(parts.facilities or {}) do -- any order
      y[field] = table.move(list, 1, #list, 1, {})
    end
    for _, field in ipairs{ "fixed", "capacity", "points" } do y[field] = y[field] or {} end
    for _, field in ipairs{ "option", "facility", "volume" } do
      local list = (parts.needs or {})[field] or {}
      needs[field] = table.move(list, 1, #list, 1, {})
    end
    local before = #y.fixed
    for i in ipairs(x) do
      local is_in = p.buyer == 1 << (i - 1) or x[i] <= 0
      y.fixed[before + i], y.capacity[before + i] = is_in and 0 or x[i], math.huge
      y.points[before + i] = 0
    end
    for k, mask in ipairs(v.needs) do
      for i in ipairs(x) do
        if coalition.has(mask, i) then
          table.insert(needs.option, k)
          table.insert(needs.facility, before + i)
          table.insert(needs.volume, 0)
        end
      end
    end
    parts.facilities, parts.needs = y, needs
  end)
end

--- The best coalition without the members of `out`: { s, most }.
local function without(p, solver, x, out)
  local v, allowed = p.versions, {}
  for k, needs in ipairs(v.needs) do allowed[k] = needs & out == 0 and needs < 1 << 60 end
  local limits = p.limits
  local found = solver:solve{ allowed = allowed, time = limits.time, gap = limits.gap,
    nodes = limits.nodes }
  local figures, choice = found:figures(), found:choice(solver)
  if not choice then
    return { s = 0, most = figures.status == "infeasible" and -math.huge
      or figures.bound and p.top - figures.bound or math.huge }
  end
  local s, paid = p.buyer, 0
  for i = 1, #x do
    local bit = 1 << (i - 1)
    if x[i] < 0 and out & bit == 0 then s = s | bit end
    if (x[i] < 0 or p.buyer == bit) and out & bit == 0 then paid = paid + x[i] end
  end
  for _, k in ipairs(choice) do s = s | v.needs[k] end
  return { s = s, most = p.top - (figures.bound or figures.objective) - paid }
end

--- What a coalition that can do nothing gains: the least that a member gets, taken off.
local function idle(x)
  local best = 1
  for i = 2, #x do
    if x[i] < x[best] then best = i end
  end
  local s, by = 1 << (best - 1), -x[best]
  for i = 1, #x do
    if x[i] < 0 and i ~= best and s | 1 << (i - 1) ~= coalition.all(#x) then
      s, by = s | 1 << (i - 1), by - x[i]
    end
  end
  return s, by
end

--- By the solver. All together are no coalition that leaves: where they are the answer, each member
--- is left out in turn.
local function solved(d, x)
  local p, n = d.w.placing, #x
  local all, solver = coalition.all(n), priced(p, x)
  local candidates = { without(p, solver, x, 0) }
  if candidates[1].s == all or candidates[1].s == 0 then
    candidates = {}
    for i = 1, n do
      if p.buyer ~= 1 << (i - 1) then
        candidates[#candidates + 1] = without(p, solver, x, 1 << (i - 1))
      end
    end
  end
  local s, by = idle(x)
  local best = { s = s, by = by, most = by }
  for _, found in ipairs(candidates) do
    best.most = math.max(best.most, found.most)
    if found.s ~= 0 and found.s ~= all then
      local gains = d.value(found.s) - coalition.sum(x, found.s)
      if gains > best.by then best.s, best.by = found.s, gains end
    end
  end
  best.most = math.max(best.most, best.by)
  return best
end

-- ---- by search ----------------------------------------------------------------------------------

local STARTS = 5 -- of each kind

--- From a coalition on, one member more or less as long as that gains. What it ends with is kept.
local function climb(d, x, s)
  local n, all = #x, coalition.all(#x)
  local function excess(c) return d.value(c) - coalition.sum(x, c) end
  local by, better = excess(s), true
  while better do
    better = false
    for i = 1, n do
      local c = s ~ (1 << (i - 1))
      if c ~= 0 and c ~= all then
        local gains = excess(c)
        if gains > by + 1e-12 * math.abs(by) then s, by, better = c, gains, true end
      end
    end
  end
  d.pool[s] = true
  return s, by
end

--- The coalitions that are known to gain most under x.
---@param d cm.DealInside
---@param x number[]
---@param of table?  the coalitions to take as keys; all that were asked for
---@return { s: integer, by: number }[]
function oracle.known(d, x, of)
  local list = {}
  for s in pairs(of or d.cache) do -- any order
    if s ~= coalition.all(#x) then
      list[#list + 1] = { s = s, by = d.value(s) - coalition.sum(x, s) }
    end
  end
  table.sort(list, function(a, b)
    if a.by ~= b.by then return a.by > b.by end
    return a.s < b.s
  end)
  return list
end

--- By search, unless a coalition that was found before gains more than `enough`.
local function searched(d, x, enough)
  local n, starts, pool = #x, {}, oracle.known(d, x, d.pool)
  if pool[1] and pool[1].by > enough then
    return { s = pool[1].s, by = pool[1].by, most = math.huge }
  end
  for k = 1, math.min(STARTS, #pool) do starts[k] = pool[k].s end
  d.draws = d.draws or random{ seed = 1 }:stream "coalitions"
  for _ = 1, STARTS do
    starts[#starts + 1] = d.draws:integer(1, coalition.all(n) - 1)
  end
  local best = { s = 1, by = -math.huge, most = math.huge }
  for _, start in ipairs(starts) do
    local s, by = climb(d, x, start)
    if by > best.by then best.s, best.by = s, by end
  end
  return best
end

--- The coalition that gains most apart under x, neither nobody nor all.
---@param d cm.DealInside
---@param x number[]
---@param enough number?  what is known to be gained: more than that is enough
---@return cm.Worst
function oracle.worst(d, x, enough)
  local p = d.w.placing
  return p and p.monotone and solved(d, x) or searched(d, x, enough or math.huge)
end

return oracle
