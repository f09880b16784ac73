--- growth:capacity{}: output within a capacity that is ordered ahead of time and takes years to
--- build. Internal to m:grow.
---
--- In the manner of Duchin and Szyld (1985, A dynamic input-output model with assured positive
--- output, Metroeconomica 37, 269-282); how what is scarce is shared is derived here, see
--- docs/methods.md.

local args = require "capmod.args"
local core = require "capmod.core"
local errors = require "capmod.errors"
local needs = require "capmod.mrio.needs"
local text = require "capmod.text"

local lagged = {}

local FIELDS = needs.fields{
  lag = { "integer", "table", about = "years from order to use: 2, or { [\"*.C29\"] = 2 }; 1" },
  depreciation = { "number", "table", about = "part of capacity that wears out a year; 0" },
  limit = { "number", "table", about = "the fastest growth that is planned for, a year; none" },
  utilisation = { "number", "table", about = "of capacity at the start; 1" },
  target = { "string", "table", "Matrix", about = "capacity that is aimed at, instead of growth" },
  constrained = { "boolean", about = "whether output stays within capacity; true" },
}

local function refuse(message, field, fix)
  errors.raise(1662, { message = "capacity: " .. message, object = "capacity", field = field,
    fix = fix })
end

--- A figure for each node within bounds.
local function figures(s, t, field, rest, low, high)
  local v = needs.figures(s, "capacity", t[field], field, rest)
  if not (v:min() >= low and v:max() <= high) then
    refuse(("%s = %g is not from %g to %g"):format(field, v:min() < low and v:min() or v:max(), low,
      high), field, "give a number within these bounds")
  end
  return v
end

-- ---- orders -------------------------------------------------------------------------------------

--- The nodes with each building time: { lag, mask }, shortest first.
local function by_lag(s, t)
  local lags, seen, list = figures(s, t, "lag", 1, 0, 100), {}, {}
  for _, lag in ipairs(lags:column_list(1)) do
    if lag % 1 ~= 0 then refuse(("lag = %g is no number of years"):format(lag), "lag", "2") end
    if not seen[lag] then seen[lag], list[#list + 1] = true, { lag = math.tointeger(lag) } end
  end
  table.sort(list, function(a, b) return a.lag < b.lag end)
  for _, one in ipairs(list) do
    one.mask = lags:at_least(one.lag) - lags:at_least(one.lag + 1)
    one.placed, one.coming = {}, {} -- by the year of completion: as ordered, and what is left of it
  end
  return list
end

--- Yearly growth as it was seen, smoothed over two years; 0 where nothing was wanted.
local function seen_growth(w, limit)
  local r = (w[1] + w[2]) * (w[2] + w[3]):recip()
  return limit and r:min(limit + 1) or r
end

--- What a year orders: enough for the output that the growth seen leads to when it is built.
local function place_orders(m, year)
  local r = seen_growth(m.wanted, m.limit)
  for _, one in ipairs(m.lags) do
    local done = year + one.lag
    local expected = m.capacity
    for u = year, done - 1 do
      expected = expected * m.keeps
      if one.coming[u] then expected = expected + one.coming[u] end
    end
    local goal = m.target or r ^ (one.lag + 1) * m.wanted[1]
    local order = ((goal - expected * m.keeps):max(0)) * one.mask
    one.placed[done], one.coming[done] = order, order
  end
end

--- Capital goods that this year's building takes: each order in equal parts over its years.
local function building(m, year)
  local sum = m.nothing
  for _, one in ipairs(m.lags) do
    for done = year + math.min(1, one.lag), year + one.lag do
      if one.placed[done] then sum = sum + one.placed[done] / math.max(1, one.lag) end
    end
  end
  return m.B:mul(sum)
end

--- Where only a part of the capital goods was to be had, that much less will be done; what was
--- ordered for the same year is there to that part in the next.
local function lose(m, year, part)
  for _, one in ipairs(m.lags) do
    if one.lag == 0 then m.capacity = m.capacity - one.placed[year] * (1 - part) end
    for done = year + math.min(1, one.lag), year + one.lag do
      if one.placed[done] then
        one.coming[done] = one.coming[done]
          - one.placed[done] * ((1 - part) / math.max(1, one.lag))
      end
    end
  end
end

local function complete(m, year)
  m.capacity = m.capacity * m.keeps
  for _, one in ipairs(m.lags) do
    if one.coming[year] then m.capacity = m.capacity + one.coming[year] end
  end
end

-- ---- what is scarce -----------------------------------------------------------------------------

--- The cut in final use of scarce products, d >= 0, that brings output down to capacity c: L d
--- falls on the products in `scarce`, and L_SS d = w - c there. What comes out below 0 is not
--- scarce any more once the others are cut; leaving it out again and again ends, because L_SS has
--- an M-matrix for its inverse (Chandrasekaran 1970).
local function cut_of(m, w, scarce)
  while #scarce > 0 do
    local unit = m.eye:take("col", scarce)
    local L = m.lu:solve(unit)
    local d = L:take("row", scarce):solve((w - m.capacity):take("row", scarce)):column_list(1)
    local kept, list = {}, {}
    for k, i in ipairs(scarce) do
      if d[k] >= 0 then kept[#kept + 1], list[#list + 1] = i, { d[k] } end
    end
    if #kept == #scarce then return m.eye:take("col", scarce):mul(core.matrix_from(list)) end
    scarce = kept
  end
  return m.nothing
end

--- Output, and the parts of demand and of building that are met. Scarce products are kept from
--- final demand first; where that does not suffice, all final use is cut in one proportion.
local function share_out(m, w, y)
  local over, scarce = w - m.capacity, {}
  for i, excess in ipairs(over:column_list(1)) do
    if excess > 0 then scarce[#scarce + 1] = i end
  end
  if #scarce == 0 or not m.constrained then return w, y, 1 end
  local d = cut_of(m, w, scarce)
  if (y - d):min() >= 0 then return (w - m.lu:solve(d)):min(m.capacity), y - d, 1 end
  local part = (m.capacity * w:recip()):take("row", scarce):min()
  return (w * part):min(m.capacity), y * part, part
end

-- ---- year by year -------------------------------------------------------------------------------

local NAMES = { "output", "wanted", "capacity", "investment", "demand", "unmet", "use" }

local function one_year(m, year, y, columns)
  place_orders(m, year)
  complete(m, year)
  local goods = building(m, year)
  local w = m.lu:solve(y + goods)
  local x, met, part = share_out(m, w, y)
  if part < 1 then lose(m, year, part) end
  -- building that was not to be had is no sign of growth, or what is short would grow by itself
  m.wanted = { part < 1 and m.lu:solve(y + goods * part) or w, m.wanted[1], m.wanted[2] }
  local found = { output = x, wanted = w, capacity = m.capacity, investment = goods * part,
    demand = y, unmet = y - met, use = x * m.capacity:recip() }
  for name, value in pairs(found) do columns[name][year] = value end -- any order
  return part < 1 and 2 or (y - met):max() > 0 and 1 or 0
end

local function start(s, B, t)
  local bare = { rows = false, cols = false }
  local n = #s.nodes
  local x = s.table:part "x":label(bare)
  if x:rows() ~= n then x = x:T() end
  local eye = core.identity(n)
  return { B = B:label(bare), eye = eye, lu = (eye - s.table:part "A":label(bare)):lu(),
    nothing = core.matrix(n, 1), wanted = { x, x, x }, lags = by_lag(s, t),
    keeps = 1 - figures(s, t, "depreciation", 0, 0, 1),
    limit = t.limit and figures(s, t, "limit", 1e9, -1, 1e9),
    target = t.target and needs.demand(s, "capacity", { demand = t.target, years = 1 })[1],
    capacity = x / figures(s, t, "utilisation", 1, 1e-6, 1), constrained = t.constrained ~= false }
end

local function notes(short, scaled)
  local list = {}
  if short > 0 then
    list[1] = ("demand is not met in full in %s"):format(text.count(short, "year"))
  end
  if scaled > 0 then
    list[#list + 1] = ("in %s all final use is cut in one proportion, building too"):format(
      text.count(scaled, "year"))
  end
  return list
end

--- See growth:capacity.
---@return cm.Frame
function lagged.capacity(s, B, t)
  args.check("capacity", t, FIELDS)
  local ys, m, columns = needs.demand(s, "capacity", t), start(s, B, t), {}
  for _, name in ipairs(NAMES) do columns[name] = {} end
  local short, scaled = 0, 0
  for year, y in ipairs(ys) do
    local state = one_year(m, year, y, columns)
    short, scaled = short + math.min(state, 1), scaled + math.max(state - 1, 0)
  end
  return needs.frame(s, ("capacity of '%s'"):format(s.name), columns, NAMES, notes(short, scaled))
end

return lagged
