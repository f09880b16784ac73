--- What capacities and rules say of options one by one: with all other stages adding the least they
--- can to a row, an option that goes beyond it cannot be taken (Savelsbergh 1994).

local rows = {}

local TOLERANCE = 1e-7 -- what a plan may miss

--- A row: what each stage's options add to it ({ option, x, option, x ... }), what facilities add.
local function row_of(q, lower, upper)
  local row = { lower = lower - TOLERANCE, upper = upper + TOLERANCE, of = {}, facilities = {} }
  for s in ipairs(q.stages) do row.of[s] = {} end
  return row
end

local function add(row, s, o, x)
  local of = row.of[s]
  if x ~= 0 then of[#of + 1], of[#of + 2] = o, x end
end

--- The rows of a problem: capacities, and the rules that cost has no part in.
local function all(q)
  local of_facility, of_measure, list = {}, {}, {}
  for f, one in ipairs(q.facilities) do
    if one.capacity < math.huge then of_facility[f] = row_of(q, -math.huge, one.capacity) end
  end
  for m, one in ipairs(q.measures) do
    if m > 1 and one.weight == 0 then of_measure[m] = row_of(q, one.lower, one.upper) end
  end
  for o, option in ipairs(q.options) do
    for k = 1, #option.needs, 2 do
      local row = of_facility[option.needs[k]]
      if row then add(row, option.stage, o, option.needs[k + 1]) end
    end
    for k = 1, #option.adds, 2 do
      local row = of_measure[option.adds[k]]
      if row then add(row, option.stage, o, option.adds[k + 1]) end
    end
  end
  for f, one in ipairs(q.facilities) do
    for k = 1, #one.adds, 2 do
      local row = of_measure[one.adds[k]]
      if row then table.insert(row.facilities, { f, one.adds[k + 1] }) end
    end
    if of_facility[f] then list[#list + 1] = of_facility[f] end
  end
  for m in ipairs(q.measures) do list[#list + 1] = of_measure[m] end
  return list
end

--- The least and the most that the options left of a stage add.
local function reach(v, of, left)
  local low, high, hits = math.huge, -math.huge, 0
  for k = 1, #of, 2 do
    if v.allowed[of[k]] then
      low, high, hits = math.min(low, of[k + 1]), math.max(high, of[k + 1]), hits + 1
    end
  end
  if hits < left then low, high = math.min(low, 0), math.max(high, 0) end
  return low, high
end

local function strike(v, o)
  if v.allowed[o] then v.allowed[o], v.changed = false, true end
end

--- Options of a stage with which the row cannot be kept, the rest adding from `least` to `most`.
local function strike_stage(v, row, stage, of, least, most)
  local function fails(x) return least + x > row.upper or most + x < row.lower end
  local adds, without = {}, fails(0)
  for k = 1, #of, 2 do
    adds[of[k]] = true
    if fails(of[k + 1]) then strike(v, of[k]) end
  end
  for o = stage.first, without and stage.last or 0 do
    if not adds[o] then strike(v, o) end
  end
end

local function follow(q, v, row, left)
  local low, high, least, most = {}, {}, 0, 0
  for s in ipairs(q.stages) do
    low[s], high[s] = reach(v, row.of[s], left[s])
    least, most = least + low[s], most + high[s]
  end
  for _, one in ipairs(row.facilities) do
    local f, x = one[1], one[2]
    if v.open[f] ~= false then
      least = least + (v.open[f] and x or math.min(x, 0))
      most = most + (v.open[f] and x or math.max(x, 0))
    end
  end
  if least > row.upper or most < row.lower then return false end
  for s, stage in ipairs(q.stages) do
    strike_stage(v, row, stage, row.of[s], least - low[s], most - high[s])
  end
  return true
end

--- Strikes out what no plan can take; false where a row cannot be kept.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@return boolean
function rows.follow(q, v)
  q.rows = q.rows or all(q)
  for _, row in ipairs(q.rows) do
    local left = {}
    for s, stage in ipairs(q.stages) do
      left[s] = 0
      for o = stage.first, stage.last do
        if v.allowed[o] then left[s] = left[s] + 1 end
      end
      if left[s] == 0 then return false end
    end
    if not follow(q, v, row, left) then return false end
  end
  return true
end

return rows
