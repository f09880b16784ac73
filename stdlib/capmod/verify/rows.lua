--- What capacities and rules say of options one by one: with all other stages adding the least they
--- can to a row, an option that goes beyond it cannot be taken (Savelsbergh 1994).

local rows = {}

local huge, max, min = math.huge, math.max, math.min

local TOLERANCE = 1e-7 -- what a plan may miss

--- The rows of a problem, capacities and the rules that cost has no part in: their sides, what
--- facilities add ({ facility, x, ... }); and what each option adds ({ row, x, ... }).
local function all(q)
  local of_facility, of_measure, list, by_option = {}, {}, {}, {}
  local function new(lower, upper)
    list[#list + 1] = { lower = lower - TOLERANCE, upper = upper + TOLERANCE, facilities = {} }
    return #list
  end
  for f, one in ipairs(q.facilities) do
    if one.capacity < huge then of_facility[f] = new(-huge, one.capacity) end
  end
  for m, one in ipairs(q.measures) do
    if m > 1 and one.weight == 0 then of_measure[m] = new(one.lower, one.upper) end
  end
  for o, option in ipairs(q.options) do
    local adds = {}
    local function add(row, x)
      if row and x ~= 0 then adds[#adds + 1], adds[#adds + 2] = row, x end
    end
    for k = 1, #option.needs, 2 do add(of_facility[option.needs[k]], option.needs[k + 1]) end
    for k = 1, #option.adds, 2 do add(of_measure[option.adds[k]], option.adds[k + 1]) end
    by_option[o] = adds
  end
  for f, one in ipairs(q.facilities) do
    for k = 1, #one.adds, 2 do
      local row = list[of_measure[one.adds[k]]]
      if row then table.move({ f, one.adds[k + 1] }, 1, 2, #row.facilities + 1, row.facilities) end
    end
  end
  return { list = list, by_option = by_option, reach = setmetatable({}, { __mode = "k" }) }
end

--- What options of a stage add to each row that any of them adds to: least and most. Found once for
--- a list.
local function reach(all_rows, list)
  local one = all_rows.reach[list]
  if one then return one end
  local by_option, low, high, hits, touched = all_rows.by_option, {}, {}, {}, {}
  for i = 1, #list do
    local adds = by_option[list[i]]
    for k = 1, #adds, 2 do
      local row, x = adds[k], adds[k + 1]
      if not hits[row] then
        touched[#touched + 1], low[row], high[row], hits[row] = row, x, x, 1
      else
        if x < low[row] then low[row] = x end
        if x > high[row] then high[row] = x end
        hits[row] = hits[row] + 1
      end
    end
  end
  for _, row in ipairs(touched) do
    if hits[row] < #list then low[row], high[row] = min(low[row], 0), max(high[row], 0) end
  end
  one = { low = low, high = high, rows = touched }
  all_rows.reach[list] = one
  return one
end

--- Options of a stage that add more than `most` to a row, or less than `least`, go.
local function strike(by_option, v, s, row, least, most)
  for _, o in ipairs(v.live[s]) do
    if v.allowed[o] then
      local adds, x = by_option[o], 0
      for k = 1, #adds, 2 do
        if adds[k] == row then x = adds[k + 1] end
      end
      if x > most or x < least then
        v.allowed[o], v.changed, v.stale[s] = false, true, true
      end
    end
  end
end

--- What is added to each row by all stages and facilities, least and most.
local function totals(q, v, of_stage)
  local least, most = {}, {}
  for n, row in ipairs(q.rows.list) do
    local a, b = 0, 0
    for k = 1, #row.facilities, 2 do
      local f, x = row.facilities[k], row.facilities[k + 1]
      if v.open[f] ~= false then
        a = a + (v.open[f] and x or min(x, 0))
        b = b + (v.open[f] and x or max(x, 0))
      end
    end
    least[n], most[n] = a, b
  end
  for s in ipairs(q.stages) do
    local one = reach(q.rows, v.live[s])
    for _, row in ipairs(one.rows) do
      least[row], most[row] = least[row] + one.low[row], most[row] + one.high[row]
    end
    of_stage[s] = one
  end
  return least, most
end

--- Strikes out what no plan can take; false where a row cannot be kept. No stage is stale.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@return boolean
function rows.follow(q, v)
  q.rows = q.rows or all(q)
  local of_stage, list = {}, q.rows.list
  local least, most = totals(q, v, of_stage)
  for n, row in ipairs(list) do
    if least[n] > row.upper or most[n] < row.lower then return false end
  end
  for s, one in ipairs(of_stage) do
    for _, n in ipairs(one.rows) do
      local largest = list[n].upper - (least[n] - one.low[n])
      local smallest = list[n].lower - (most[n] - one.high[n])
      if one.high[n] > largest or one.low[n] < smallest then
        strike(q.rows.by_option, v, s, n, smallest, largest)
      end
    end
  end
  return true
end

return rows
