--- Verbs of frames that say how numbers are spread over the rows, and what moves them.

local args = require "capmod.args"
local errors = require "capmod.errors"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local of = store.of
local spread = { methods = {} }

--- The columns of numbers that are no keys, or those that are named.
local function numbers(d, names)
  if names and #names > 0 then
    for _, name in ipairs(names) do store.number_column(d, name) end
    return names
  end
  local list = {}
  for _, col in ipairs(d.cols) do
    if store.is_number(col) and not store.is_key(d, col.name) then list[#list + 1] = col.name end
  end
  if #list == 0 then store.main(d) end -- says that there is none
  return list
end

-- ---- quantiles ----------------------------------------------------------------------------------

--- The numbers of a column in rising order; nil where one of them is not a number (NaN).
local function sorted(cells, n)
  local list = {}
  for i = 1, n do
    local v = cells[i]
    if v ~= nil then
      if v ~= v then return nil, #list end
      list[#list + 1] = v
    end
  end
  table.sort(list)
  return list
end

--- The quantile p of numbers in rising order, between two neighbours by parts of their distance
--- (Hyndman and Fan 1996, The American Statistician 50, 361-365, definition 7).
---@param list number[]
---@param p number
---@return number?
function spread.quantile(list, p)
  if #list == 0 then return nil end
  local h = (#list - 1) * p
  local k = math.floor(h)
  local a, b = list[k + 1], list[k + 2]
  if not b or h == k or a == b then return a end
  return a + (h - k) * (b - a)
end

--- Mean and standard deviation (divisor n - 1) of numbers; nil where there are too few.
local function moments(list)
  local n = #list
  if n == 0 then return nil, nil end
  local mean, squares = store.sum(list, n) / n, {}
  for i = 1, n do squares[i] = (list[i] - mean) ^ 2 end
  return mean, n > 1 and math.sqrt(store.sum(squares, n) / (n - 1)) or nil
end

local function check_quantiles(ps)
  for _, p in ipairs(ps) do
    if type(p) ~= "number" or not (p >= 0 and p <= 1) then
      errors.raise(3008, { message = ("quantiles: p = %s is not from 0 to 1"):format(text.short(p)),
        object = "quantiles", field = "p", fix = "p = { 0.05, 0.5, 0.95 }" })
    end
  end
  return ps
end

local function quantile_name(p) return "p" .. text.short(tonumber(("%.12g"):format(100 * p))) end

local function quantile_row(d, name, ps)
  local col, cells = store.column(d, name)
  local list, before = sorted(cells, d.n)
  local row = { variable = name, n = list and #list or before, unit = store.unit_of(d, col) }
  if not list then return row end
  row.mean, row.sd = moments(list)
  for _, p in ipairs(ps) do row[quantile_name(p)] = spread.quantile(list, p) end
  return row
end

--- A frame of rows with these columns. The unit that all rows have is the frame's; where they
--- differ, it is a column.
local function frame_of(d, title, keys, cols, rows)
  local data, unit = {}, rows[1].unit
  for _, row in ipairs(rows) do
    if row.unit ~= unit then unit = false end
  end
  if unit == false then table.insert(cols, #keys + 1, { name = "unit" }) end
  for _, col in ipairs(cols) do
    data[col.name] = {}
    for i, row in ipairs(rows) do data[col.name][i] = row[col.name] end
  end
  return store.new{ title = d.title and title .. ": " .. d.title or title, unit = unit or nil,
    keys = keys, cols = cols, data = data, n = #rows, bar = false, check = {}, note = d.note }
end

--- How the numbers of columns are spread over the rows: how many there are, mean, standard
--- deviation (divisor n - 1) and quantiles (Hyndman and Fan 1996, definition 7), in columns p5,
--- p50, p95 as `p` asks. Missing cells do not count; a column with a NaN has no quantiles. Without
--- names: all columns of numbers that are no keys. CM1501, CM1508 columns, CM3008 a p outside 0 to
--- 1.
---
---     print(s:sample{ n = 1000, seed = 1, wage = cm.normal(90, 10) }:quantiles{ "cost" })
---@param t? { [integer]: string, p: number[]? }
---@return cm.Frame
function spread.methods:quantiles(t)
  local d, given = of(self), type(t) == "string" and { t } or t or {}
  args.one(given, "quantiles", "fields", "table")
  local names = table.move(given, 1, #given, 1, {})
  if type(names[1]) == "number" then
    errors.raise(1508, { message = ("quantiles: %s is no name of a column"):format(names[1]),
      object = "quantiles", field = "p", fix = "quantiles stand in p: { p = { 0.05, 0.95 } }" })
  end
  local rest = store.column_with(given, {})
  for i = 1, #names do rest[i] = nil end
  args.check("quantiles", rest, { p = { "list", about = "for example { 0.05, 0.5, 0.95 }" } })
  local ps = check_quantiles(given.p or { 0.05, 0.25, 0.5, 0.75, 0.95 })
  local rows = {}
  for i, name in ipairs(numbers(d, names)) do rows[i] = quantile_row(d, name, ps) end
  local cols = { { name = "variable" }, { name = "n", digits = 0, unit = "1" } }
  for _, name in ipairs{ "mean", "sd" } do cols[#cols + 1] = { name = name, format = "mixed" } end
  for _, p in ipairs(ps) do cols[#cols + 1] = { name = quantile_name(p), format = "mixed" } end
  return frame_of(d, "quantiles", { "variable" }, cols, rows)
end

-- ---- what moves them ----------------------------------------------------------------------------

--- The columns of a tornado after its parameters.
spread.columns = { { name = "at_low", format = "mixed" }, { name = "base", format = "mixed" },
  { name = "at_high", format = "mixed" }, { name = "swing", format = "mixed" } }

--- Puts the rows of one output into `into`, the one with the greatest swing first.
---@param rows table[] with at_low and at_high
---@param into table[]
function spread.order(rows, into)
  for place, row in ipairs(rows) do
    row.swing = row.at_low and row.at_high and math.abs(row.at_high - row.at_low)
    into[#into + 1] = row
    rows[row] = place
  end
  local function size(row) return row.swing == row.swing and row.swing or -1 end -- NaN, nil last
  local first = #into - #rows
  local mine = table.move(into, first + 1, #into, 1, {})
  table.sort(mine, function(a, b)
    local p, q = size(a), size(b)
    if p ~= q then return p > q end
    return rows[a] < rows[b]
  end)
  table.move(mine, 1, #mine, first + 1, into)
end

--- The ranks of numbers; equal ones share the mean of theirs.
local function ranks(list)
  local order, rank = {}, {}
  for i = 1, #list do order[i] = i end
  table.sort(order, function(a, b)
    if list[a] ~= list[b] then return list[a] < list[b] end
    return a < b
  end)
  local first = 1
  while first <= #order do
    local last = first
    while last < #order and list[order[last + 1]] == list[order[first]] do last = last + 1 end
    for k = first, last do rank[order[k]] = (first + last) / 2 end
    first = last + 1
  end
  return rank
end

--- The correlation of two lists of the same length; nil where one of them does not vary.
local function correlation(x, y)
  local n = #x
  local mx, my = moments(x), moments(y)
  local xy, xx, yy = {}, {}, {}
  for i = 1, n do
    local a, b = x[i] - mx, y[i] - my
    xy[i], xx[i], yy[i] = a * b, a * a, b * b
  end
  local square = store.sum(xx, n) * store.sum(yy, n)
  return square > 0 and store.sum(xy, n) / math.sqrt(square) or nil
end

local function mean_where(xs, ys, test)
  local list = {}
  for i = 1, #xs do
    if test(xs[i]) then list[#list + 1] = ys[i] end
  end
  return (moments(list))
end

--- How one parameter moves one output over the rows that have both.
local function effect(d, parameter, output, share)
  local xs, ys = {}, {}
  local from, to = d.data[parameter], d.data[output]
  for i = 1, d.n do
    local x, y = from[i], to[i]
    if x ~= nil and y ~= nil and x == x and y == y then xs[#xs + 1], ys[#ys + 1] = x, y end
  end
  local row = { output = output, parameter = parameter,
    unit = store.unit_of(d, store.column(d, output)) }
  if #xs == 0 then return row end
  local rising = table.move(xs, 1, #xs, 1, {})
  table.sort(rising)
  row.low, row.high = spread.quantile(rising, share), spread.quantile(rising, 1 - share)
  row.base = moments(ys)
  row.at_low = mean_where(xs, ys, function(x) return x <= row.low end)
  row.at_high = mean_where(xs, ys, function(x) return x >= row.high end)
  row.correlation = correlation(ranks(xs), ranks(ys))
  return row
end

--- The keys that hold numbers, and a line that names those that do not.
local function parameters_of(d)
  local names, left = {}, {}
  for _, key in ipairs(d.keys) do
    local list = store.is_number(store.column(d, key)) and names or left
    list[#list + 1] = key
  end
  if #names == 0 then
    errors.raise(1508, { message = store.name(d) .. " has no key of numbers", object = "tornado",
      fix = "a sweep or a sample of numbers has; keys = { ... } names others by :with" })
  end
  return names, #left > 0 and { "no numbers, left out: " .. table.concat(left, ", ") } or {}
end

local TORNADO = {
  output = { "string", "list", about = "which columns; all numbers if left out" },
  share = { "number", about = "the part of the rows taken as low and as high, 0.2 if left out" },
}

--- How the parameters of a sample or a sweep (the keys that are numbers) move its outputs: the mean
--- of the output over the fifth of the rows where the parameter is lowest, over all rows, and over
--- the fifth where it is highest; the swing between the first and the last; and the rank
--- correlation (Spearman 1904, American Journal of Psychology 15, 72-101). The parameter with the
--- greatest swing comes first. CM1501, CM1508 columns, CM3008 a share that is none.
---
---     local t = runs:tornado{ output = "cost" }
---     print(t, t:chart{ kind = "tornado" })
---@param t? { output: string|string[]|nil, share: number? }
---@return cm.Frame
function spread.methods:tornado(t)
  local d = of(self)
  local given = args.check("tornado", t or {}, TORNADO)
  local share = given.share or 0.2
  if not (share > 0 and share <= 0.5) then
    errors.raise(3008, { message = ("tornado: share = %s is not above 0 and at most 0.5"):format(
      text.short(share)), object = "tornado", field = "share", fix = "share = 0.2" })
  end
  local parameters, check = parameters_of(d)
  local rows = {}
  for _, output in ipairs(numbers(d, given.output and store.names_of(d, given.output))) do
    local list = {}
    for k, parameter in ipairs(parameters) do list[k] = effect(d, parameter, output, share) end
    spread.order(list, rows)
  end
  local cols = { { name = "parameter" }, { name = "output" } }
  for _, name in ipairs{ "low", "high" } do
    cols[#cols + 1] = { name = name, format = "mixed", unit = "1" }
  end
  table.move(spread.columns, 1, #spread.columns, #cols + 1, cols)
  cols[#cols + 1] = { name = "correlation", digits = 3, unit = "1" }
  local made = frame_of(d, "tornado", { "parameter", "output" }, cols, rows)
  local where = ("means over the %s of the rows where the parameter is lowest and highest"):format(
    text.percent(share, 0))
  table.insert(check, 1, where)
  return store.derive(of(made), { check = check })
end

return spread
