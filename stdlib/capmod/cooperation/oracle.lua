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

local GAP = 1e-9 -- levels are told apart more finely than plans, where an author says nothing

---@class cm.Worst
---@field s integer        the coalition found
---@field by number        what it gains apart
---@field most number      what no coalition gains more than; infinity where that is not known

-- ---- by the solver ------------------------------------------------------------------------------

--- Who is in a coalition whatever its plan: members of `inside`, and who gets less than nothing.
local function for_nothing(p, x, inside)
  local s = inside | p.buyer
  for i, gets in ipairs(x) do
    if gets <= 0 then s = s | 1 << (i - 1) end
  end
  return s
end

--- Members who are needed by versions of one stage only.
local function in_one_stage(p)
  if p.in_one_stage then return p.in_one_stage end
  local once, more, k = 0, 0, 0
  for _, count in ipairs(p.versions.count) do
    local here = 0
    for _ = 1, count do
      k = k + 1
      if p.versions.needs[k] < 1 << 60 then here = here | p.versions.needs[k] end
    end
    once, more = once | here, more | once & here
  end
  p.in_one_stage = once & ~more
  return p.in_one_stage
end

--- A copy of what a problem says of something, with an empty list where it says nothing.
local function copied(given, fields)
  local copy = {}
  for field, list in pairs(given or {}) do -- any order
    copy[field] = table.move(list, 1, #list, 1, {})
  end
  for _, field in ipairs(fields) do copy[field] = copy[field] or {} end
  return copy
end

--- The problem in which members cost what they get, but those who are in for nothing. Who is needed
--- by one stage costs it there; of the others each is a facility.
local function priced(p, x, free)
  local v, once = p.versions, in_one_stage(p)
  return placing.core(p, function(parts)
    local y = copied(parts.facilities, { "fixed", "capacity", "points" })
    local needs = copied(parts.needs, { "option", "facility", "volume" })
    local entries = copied(parts.option_entries, { "measure", "index", "value" })
    local facility = {}
    for i, gets in ipairs(x) do
      if not coalition.has(free | once, i) then
        facility[i] = #y.fixed + 1
        table.insert(y.fixed, gets)
        table.insert(y.capacity, math.huge)
        table.insert(y.points, 0)
      end
    end
    for k, mask in ipairs(v.needs) do
      local costs = coalition.sum(x, mask & once & ~free)
      if costs ~= 0 and parts.compounding then
        table.insert(entries.measure, 1)
        table.insert(entries.index, k)
        table.insert(entries.value, costs)
      else
        parts.cost[k] = parts.cost[k] + costs
      end
      for i in ipairs(x) do
        if facility[i] and coalition.has(mask, i) then
          table.insert(needs.option, k)
          table.insert(needs.facility, facility[i])
          table.insert(needs.volume, 0)
        end
      end
    end
    parts.facilities, parts.needs, parts.option_entries = y, needs, entries
  end)
end

--- The best coalition with `inside` and without the members of `out`: { s, most }.
local function without(p, solver, x, inside, out)
  local v, allowed = p.versions, {}
  if p.buyer & out ~= 0 then return { s = 0, most = -math.huge } end
  for k, needs in ipairs(v.needs) do allowed[k] = needs & out == 0 and needs < 1 << 60 end
  local limits = p.limits
  local found = solver:solve{ allowed = allowed, time = limits.time, gap = limits.gap or GAP,
    nodes = limits.nodes }
  local figures, choice = found:figures(), found:choice(solver)
  local s = for_nothing(p, x, inside) & ~out
  local top = p.top - coalition.sum(x, s)
  if not choice then
    return { s = 0, most = figures.status == "infeasible" and -math.huge
      or figures.bound and top - figures.bound or math.huge }
  end
  for _, k in ipairs(choice) do s = s | v.needs[k] end
  return { s = s, most = top - (figures.bound or figures.objective) }
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

--- By the solver, of the coalitions with `inside` and without the members of `out`: the best, and
--- what none of them gains more than. One that can do nothing is worth nothing.
local function solved_within(d, x, inside, out)
  local p, s = d.w.placing, inside
  for i, gets in ipairs(x) do
    if gets < 0 and not coalition.has(out, i) then s = s | 1 << (i - 1) end
  end
  local most = -coalition.sum(x, s)
  local by = d.value(s) + most
  local found = without(p, priced(p, x, for_nothing(p, x, inside)), x, inside, out)
  local gains = found.s ~= 0 and d.value(found.s) - coalition.sum(x, found.s) or -math.huge
  if gains > by then s, by = found.s, gains end
  return s, math.max(most, found.most, by)
end

--- By the solver. All together are no coalition that leaves: where they are the answer, each member
--- is left out in turn.
local function solved(d, x)
  local p, n = d.w.placing, #x
  local all, solver = coalition.all(n), priced(p, x, for_nothing(p, x, 0))
  local candidates = { without(p, solver, x, 0, 0) }
  if candidates[1].s == all or candidates[1].s == 0 then
    candidates = {}
    for i = 1, n do
      if p.buyer ~= 1 << (i - 1) then
        candidates[#candidates + 1] = without(p, solver, x, 0, 1 << (i - 1))
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

--- From a coalition on, one of the members in `free` more or less as long as that gains. What it
--- ends with is kept. Never ends with nobody or all, unless it may.
local function climb(d, x, s, free, may)
  local n, all = #x, coalition.all(#x)
  local function excess(c) return d.value(c) - coalition.sum(x, c) end
  local by, better = excess(s), true
  while better do
    better = false
    for i = 1, n do
      local c = s ~ (free & 1 << (i - 1))
      if c ~= s and (may or c ~= 0 and c ~= all) then
        local gains = excess(c)
        if gains > by + 1e-12 * math.abs(by) then s, by, better = c, gains, true end
      end
    end
  end
  if s ~= 0 then d.pool[s] = true end
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
    if s ~= 0 and s ~= coalition.all(#x) then
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
    local s, by = climb(d, x, start, coalition.all(n))
    if by > best.by then best.s, best.by = s, by end
  end
  return best
end

local STARTS_WITHIN = 3 -- from coalitions known to gain most

--- By search, of the coalitions with `inside` and without the members of `out`.
local function searched_within(d, x, inside, out)
  local free = coalition.all(#x) & ~inside & ~out
  local starts = { inside, inside | free }
  for k, one in ipairs(oracle.known(d, x, d.pool)) do
    if k > STARTS_WITHIN then break end
    starts[#starts + 1] = inside | one.s & free
  end
  local best, most = inside, -math.huge
  for _, start in ipairs(starts) do
    local s, by = climb(d, x, start, free, true)
    if by > most then best, most = s, by end
  end
  return best, math.huge
end

--- Of the coalitions with all members of `inside` and none of `out`, nobody and all among them, one
--- that gains most under x, and what none of them gains more than: infinity where it is not known.
---@param d cm.DealInside
---@param x number[]
---@param inside integer
---@param out integer
---@return integer s, number most
function oracle.within(d, x, inside, out)
  return (d.solved and solved_within or searched_within)(d, x, inside, out)
end

--- The coalition that gains most apart under x, neither nobody nor all.
---@param d cm.DealInside
---@param x number[]
---@param enough number?  what is known to be gained: more than that is enough
---@return cm.Worst
function oracle.worst(d, x, enough)
  return d.solved and solved(d, x) or searched(d, x, enough or math.huge)
end

return oracle
