--- What a chart shows, read from a frame: series of points, checked, and the names of the axes.

local args = require "capmod.args"
local errors = require "capmod.errors"
local layout = require "capmod.frame.layout"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local data = {}

---@class cm.ChartData
---@field kind "line"|"scatter"|"bar"|"stacked"|"tornado"
---@field base number?       of a tornado: where its bars begin
---@field title string
---@field x { name: string, label: string, numeric: boolean, labels: string[]? }
---@field y { label: string?, percent: boolean }
---@field series { name: string?, points: cm.ChartPoint[] }[]
---@field band boolean       whether points have an interval

---@class cm.ChartPoint
---@field x number           a number, or the place of its label
---@field y number?          nil where the cell is empty or no number
---@field low number?
---@field high number?

local KINDS = { "line", "bar", "stacked", "scatter", "tornado" }
local MOST_SERIES, MOST_BARS = 8, 60

local FIELDS = {
  x = { "string", about = "the column along the chart; the first key if left out" },
  y = { "string", "list", about = "a column of numbers, or several; the main one if left out" },
  series = { "string", about = "the column that tells one series from another" },
  kind = { "string", about = table.concat(KINDS, ", ") },
  low = { "string", about = "column with the lower ends of intervals; of a tornado, where low" },
  high = { "string", about = "column with their upper ends; of a tornado, where high" },
  title = { "string" },
}

local function refuse(number, d, message, field, fix)
  errors.raise(number, { message = ("%s: chart: %s"):format(store.name(d), message),
    object = "chart", field = field, fix = fix })
end

-- ---- the question -------------------------------------------------------------------------------

local function kind_of(d, t, x)
  if t.kind then return args.choice(t.kind, "kind", KINDS, "chart") end
  return store.is_number(store.column(d, x)) and "line" or "bar"
end

local function check_intervals(d, t, ys, kind)
  if not t.low and not t.high and kind ~= "tornado" then return end
  if not t.low or not t.high or #ys > 1 or kind == "stacked" then
    refuse(3120, d, not (t.low and t.high) and ("only '%s' of an interval is given"):format(
      t.low and "low" or "high") or kind == "stacked" and "stacked bars have no intervals"
      or "an interval is of one column", "low", 'low = "p5", high = "p95" beside one y')
  end
  for _, name in ipairs{ t.low, t.high } do
    local what = ("chart: '%s' and '%s'"):format(ys[1], name)
    store.same_unit(store.unit_of(d, store.column(d, ys[1])),
      store.unit_of(d, store.number_column(d, name)), what)
  end
end

-- What a tornado shows where nothing else is asked for: what frames of `:tornado` call it.
local OF_TORNADO = { y = "base", low = "at_low", high = "at_high" }

--- The question with what a tornado shows by itself.
local function asked(d, t)
  args.check("chart", t, FIELDS)
  if t.kind ~= "tornado" then return t end
  if t.series then
    refuse(3120, d, "a tornado has no series", "series", "choose one by :where")
  end
  local full = store.column_with(t, {})
  for field, name in pairs(OF_TORNADO) do full[field] = full[field] or name end -- any order
  return full
end

--- The names of the columns that are asked for, which exist and hold what they must.
local function read(d, t)
  local ys = t.y and store.names_of(d, t.y) or {}
  if #ys == 0 then ys = { store.main(d) } end
  local x = t.x or d.keys[1] or d.cols[1] and d.cols[1].name
  store.column(d, x)
  if t.series then
    store.column(d, t.series)
    if #ys > 1 then
      refuse(3120, d, "both a column of series and several of y", "series", "leave one of them out")
    end
  end
  local first = store.number_column(d, ys[1])
  for k = 2, #ys do
    store.same_unit(store.unit_of(d, first), store.unit_of(d, store.number_column(d, ys[k])),
      ("chart: '%s' and '%s'"):format(ys[1], ys[k]))
  end
  local kind = kind_of(d, t, x)
  check_intervals(d, t, ys, kind)
  return x, ys, kind
end

-- ---- points -------------------------------------------------------------------------------------

local function number(cell)
  if type(cell) == "number" and cell == cell and math.abs(cell) < math.huge then return cell end
end

--- From the cell of x to its place: the number, or that of its label in the order of the rows.
local function placing(d, x, numeric)
  local col, cells = store.column(d, x)
  if numeric then return function(i) return number(cells[i]) end end
  local show, place, labels, values = layout.formatter(d, col), {}, {}, {}
  for i = 1, d.n do
    local cell = cells[i]
    if cell ~= nil and cell == cell and not place[cell] then
      values[#values + 1], place[cell] = cell, true
    end
  end
  if store.is_number(col) then table.sort(values) end
  for k, cell in ipairs(values) do place[cell], labels[k] = k, show(cell) end
  return function(i)
    local cell = cells[i]
    if cell ~= nil and cell == cell then return place[cell] end
  end, labels
end

--- The rows of each series, in the order in which series come: { name, y = column, rows }.
local function split(d, t, ys)
  if not t.series then
    local list, all = {}, {}
    for i = 1, d.n do all[i] = i end
    for k, y in ipairs(ys) do list[k] = { name = #ys > 1 and y or nil, y = y, rows = all } end
    return list
  end
  local col, cells = store.column(d, t.series)
  local show, list, at = layout.formatter(d, col), {}, {}
  for i = 1, d.n do
    local cell = cells[i]
    if cell ~= nil and cell == cell then
      if not at[cell] then
        local name = show(cell)
        at[cell] = { name = store.is_number(col) and ("%s %s"):format(t.series, name) or name,
          y = ys[1], rows = {} }
        list[#list + 1] = at[cell]
      end
      table.insert(at[cell].rows, i)
    end
  end
  return list
end

local function check_once(d, t, x, seen, i, place)
  if seen[place] then
    refuse(3121, d, ("rows %d and %d have the same %s%s"):format(seen[place], i, x,
      t.series and " and " .. t.series or ""), "series",
      'name the column that tells them apart as series, use :where, or kind = "scatter"')
  end
  seen[place] = i
end

local function interval(d, t, i, y)
  if not t.low then return nil end
  local low, high = number(d.data[t.low][i]), number(d.data[t.high][i])
  if low and high and low > high then
    refuse(3120, d, ("row %d: the interval goes from %s to %s"):format(i, low, high), t.low,
      "low is the lower end")
  end
  return low and high and y and low, high
end

local function points_of(d, t, one, x, place, kind)
  local points, seen, ys = {}, {}, d.data[one.y]
  for _, i in ipairs(one.rows) do
    local at, y = place(i), number(ys[i])
    if at then
      if kind ~= "scatter" then check_once(d, t, x, seen, i, at) end
      local low, high = interval(d, t, i, y)
      points[#points + 1] = { x = at, y = y, low = low or nil, high = low and high or nil,
        row = i }
    end
  end
  table.sort(points, function(a, b)
    if a.x ~= b.x then return a.x < b.x end
    return a.row < b.row
  end)
  return points
end

--- The bars of a tornado: from the base to the figure where the parameter is low, and where high.
local function tornado(d, t, x, place, y)
  local seen, list = {}, { { name = "low", points = {} }, { name = "high", points = {} } }
  local base
  for i = 1, d.n do
    local at, from = place(i), number(d.data[y][i])
    if at then check_once(d, t, x, seen, i, at) end
    if at and from then
      if base and base ~= from then
        refuse(3120, d, ("the bars begin at %s and at %s"):format(text.short(base),
          text.short(from)), y, "a tornado is of one output: choose it by :where")
      end
      base = from
      for k, end_of in ipairs{ t.low, t.high } do
        table.insert(list[k].points, { x = at, y = number(d.data[end_of][i]), row = i })
      end
    end
  end
  return list, base
end

local function check_size(d, t, c)
  local some = false
  for _, one in ipairs(c.series) do
    for _, point in ipairs(one.points) do some = some or point.y ~= nil end
  end
  if not some then
    refuse(3122, d, ("no row has numbers in '%s' and '%s'"):format(c.x.name, c.y.name), "y",
      "name columns that hold numbers")
  elseif #c.series > MOST_SERIES then
    refuse(3123, d, ("%d series; a chart shows up to %d"):format(#c.series, MOST_SERIES), "series",
      ("choose some by :where{ %s = { ... } }"):format(t.series or "..."))
  elseif c.x.labels and #c.x.labels * (c.kind == "bar" and #c.series or 1) > MOST_BARS then
    refuse(3123, d, ("%d labels along the chart; there is room for %d bars"):format(#c.x.labels,
      MOST_BARS), "x", "choose some by :top(20) or :where")
  end
end

local function label_of(d, name)
  local col = store.column(d, name)
  local unit = store.unit_of(d, col)
  return unit and unit ~= "1" and ("%s [%s]"):format(col.label or name, unit) or col.label or name
end

--- What a tornado is of: the cell of the key besides its parameters, which all its rows share.
local function output_of(d, x, y)
  for _, key in ipairs(d.keys) do
    if key ~= x then return tostring(d.data[key][1]) end
  end
  return y
end

--- What a chart of a frame shows. CM1501 and CM1508 columns, CM1507 units, CM3120 to CM3123.
---@param d cm.FrameData
---@param question table
---@return cm.ChartData
function data.of(d, question)
  local t = asked(d, question)
  local x, ys, kind = read(d, t)
  local y_col = store.column(d, ys[1])
  local is_bar = kind == "bar" or kind == "stacked" or kind == "tornado"
  local numeric = not is_bar and store.is_number(store.column(d, x))
  local place, labels = placing(d, x, numeric)
  local unit = store.unit_of(d, y_col)
  local c = { kind = kind, band = t.low ~= nil and kind ~= "tornado", series = {},
    title = t.title or ("%s by %s"):format(table.concat(ys, ", "), x),
    x = { name = x, label = label_of(d, x), numeric = numeric, labels = labels },
    y = { name = ys[1], label = #ys == 1 and label_of(d, ys[1]) or unit and ("[%s]"):format(unit),
      unit = unit, percent = y_col.format == "percent" } }
  if kind == "tornado" then
    c.series, c.base = tornado(d, t, x, place, ys[1])
    local what = output_of(d, x, ys[1])
    c.title = t.title or ("%s: %s"):format(d.title or "tornado", what)
    c.y.label = unit and unit ~= "1" and ("%s [%s]"):format(what, unit) or what
    check_size(d, t, c)
    return c
  end
  for k, one in ipairs(split(d, t, ys)) do
    c.series[k] = { name = one.name, points = points_of(d, t, one, x, place, kind) }
  end
  check_size(d, t, c)
  return c
end

--- Writes the figures of a chart as a frame would: one style for all.
---@param c cm.ChartData
---@return fun(y: number): string
function data.writer(c)
  if c.y.percent then return text.percent end
  local values = {}
  for _, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      values[#values + 1] = p.y
      values[#values + 1] = p.low
      values[#values + 1] = p.high
    end
  end
  local style = text.number_style(values, #values)
  return function(y) return text.number(y, style) end
end

--- The least and the greatest of what is shown. Bars and what is stacked begin at 0, those of a
--- tornado at its base.
---@param c cm.ChartData
---@return number low, number high
function data.range(c)
  local low, high, up, down = math.huge, -math.huge, {}, {}
  local function take(v) low, high = math.min(low, v), math.max(high, v) end
  if c.kind ~= "line" and c.kind ~= "scatter" then take(c.base or 0) end
  for _, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      if c.kind == "stacked" then
        local sums = (p.y or 0) < 0 and down or up
        sums[p.x] = (sums[p.x] or 0) + (p.y or 0)
        take(sums[p.x])
      elseif p.y then
        take(p.y)
        if p.low then
          take(p.low)
          take(p.high)
        end
      end
    end
  end
  return low, high
end

--- The least and the greatest x of a chart of numbers.
---@param c cm.ChartData
---@return number low, number high
function data.reach(c)
  local low, high = math.huge, -math.huge
  for _, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      if p.y then low, high = math.min(low, p.x), math.max(high, p.x) end
    end
  end
  return low, high
end

return data
