--- Charts as SVG.

local canvas = require "capmod.frame.chart.canvas"
local data = require "capmod.frame.chart.data"
local scale = require "capmod.frame.chart.scale"
local text = require "capmod.text"

local svg = {}

local COLOURS, INK, GREY, RULE = canvas.COLOURS, canvas.INK, canvas.GREY, canvas.RULE
local WIDTH, HEIGHT = 720, 420
local n, width_of = canvas.number, canvas.width_of

-- ---- the frame of a chart -----------------------------------------------------------------------

--- The names of the series from left to right, in as many lines as it takes; the height they have.
local function legend(page, c, left, top, room)
  local x, y, some = left, top, false
  for k, one in ipairs(c.series) do
    if one.name then
      some = true
      local width = 22 + width_of(one.name)
      if x > left and x + width > left + room then x, y = left, y + 18 end
      page:rect(x, y - 9, x + 10, y + 1, COLOURS[k])
      page:text(x + 15, y, one.name, "start", INK)
      x = x + width + 8
    end
  end
  return some and y - top + 20 or 0
end

local function head(page, c, left, room)
  page:title(left, 24, c.title, room)
  local y = 44
  if c.y.label then
    page:text(left, y, c.y.label)
    y = y + 20
  end
  return y + legend(page, c, left, y, room) - 4
end

local function widest(list, show)
  local width = 0
  for _, item in ipairs(list) do width = math.max(width, width_of(show(item))) end
  return width
end

-- ---- points -------------------------------------------------------------------------------------

--- Runs of points that follow one another without a gap.
local function runs(points)
  local list, run = {}, nil
  for _, p in ipairs(points) do
    if not p.y then
      run = nil
    else
      if not run then
        run = {}
        list[#list + 1] = run
      end
      run[#run + 1] = p
    end
  end
  return list
end

local function band(page, run, at_x, at_y, colour)
  local there, back = {}, {}
  for _, p in ipairs(run) do
    if p.low then
      there[#there + 1] = n(at_x(p.x)) .. "," .. n(at_y(p.high))
      table.insert(back, 1, n(at_x(p.x)) .. "," .. n(at_y(p.low)))
    end
  end
  if #there < 2 then return end
  page:put('<polygon points="%s %s" fill="%s" fill-opacity="0.18"/>', table.concat(there, " "),
    table.concat(back, " "), colour)
end

local function whisker(page, p, x, at_y, colour)
  if p.low then page:line(x, at_y(p.low), x, at_y(p.high), colour, 1.5) end
end

local function line(page, one, at_x, at_y, colour)
  for _, run in ipairs(runs(one.points)) do
    band(page, run, at_x, at_y, colour)
    local corners = {}
    for k, p in ipairs(run) do corners[k] = n(at_x(p.x)) .. "," .. n(at_y(p.y)) end
    if #run > 1 then
      page:put('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>',
        table.concat(corners, " "), colour)
    end
  end
end

local function dots(page, one, at_x, at_y, colour, radius)
  for _, p in ipairs(one.points) do
    if p.y then
      page:circle(at_x(p.x), at_y(p.y), radius, colour)
    end
  end
end

local function x_marks(page, c, xs, at_x, left, right, bottom)
  if c.x.numeric then
    for _, x in ipairs(xs.ticks) do
      page:line(at_x(x), bottom, at_x(x), bottom + 4, GREY)
      page:text(at_x(x), bottom + 18, xs.format(x), "middle")
    end
    return
  end
  local room = (right - left) / #c.x.labels
  local every = math.max(1, math.ceil(widest(c.x.labels, tostring) / room * 1.1))
  for k = 1, #c.x.labels, every do
    page:text(at_x(k), bottom + 18, text.cut(c.x.labels[k], 24), "middle")
  end
end

local function points(page, c, width, height)
  local low, high = data.range(c)
  local ys = scale.of(low, high, 6, { round = true, percent = c.y.percent })
  local left = 24 + widest(ys.ticks, ys.format)
  local right, bottom = width - 24, height - 48
  local top = head(page, c, 16, width - 32) + 4
  local xs = c.x.numeric and scale.of(select(1, data.reach(c)), select(2, data.reach(c)), 7, {})
    or { low = 0.5, high = #c.x.labels + 0.5 }
  local function at_x(x) return left + 8 + scale.part(xs, x) * (right - left - 16) end
  local function at_y(y) return bottom - scale.part(ys, y) * (bottom - top) end
  for _, y in ipairs(ys.ticks) do
    page:line(left, at_y(y), right, at_y(y), y == 0 and GREY or RULE)
    page:text(left - 8, at_y(y) + 4, ys.format(y), "end")
  end
  x_marks(page, c, xs, at_x, left + 8, right - 8, bottom)
  page:text(right, height - 10, c.x.label, "end")
  for k, one in ipairs(c.series) do
    if c.kind == "line" then line(page, one, at_x, at_y, COLOURS[k]) end
    for _, p in ipairs(one.points) do
      if c.kind == "scatter" then whisker(page, p, at_x(p.x), at_y, COLOURS[k]) end
    end
    dots(page, one, at_x, at_y, COLOURS[k], c.kind == "line" and 2.5 or 4)
  end
end

-- ---- bars ---------------------------------------------------------------------------------------

local function bar(page, c, k, p, at, from, thick, figure)
  local slot = c.kind == "bar" and (k - 1) * thick or 0
  local y = at.y + slot
  local to = c.base and p.y or from + p.y
  page:rect(at.x(from), y, at.x(to), y + thick - 1, COLOURS[k])
  if p.low then
    local middle = y + (thick - 1) / 2
    page:line(at.x(p.low), middle, at.x(p.high), middle, INK, 1.5)
  end
  if c.kind == "bar" then
    local edge = math.max(at.x(p.y), at.x(p.high or p.y))
    if p.y < 0 then edge = at.x(0) end
    page:text(edge + 5, y + thick / 2 + 3.5, figure(p.y), "start", GREY, ' font-size="11"')
  end
end

--- Bars lie, so that names of any length stand beside them.
local function bars(page, c, width)
  local low, high = data.range(c)
  local many = c.kind == "bar" and #c.series or 1
  local thick = many > 1 and 14 or 18
  local ys = scale.of(low, high, 6, { round = true, percent = c.y.percent })
  local figure = data.writer(c)
  local left = math.min(24 + widest(c.x.labels, tostring), width * 0.4)
  local right = width - (c.kind == "bar" and 24 + width_of(figure(ys.high)) or 24)
  local top = head(page, c, 16, width - 32)
  local pitch = many * thick + 8
  local bottom = top + #c.x.labels * pitch + 4
  local function at_x(v) return left + scale.part(ys, v) * (right - left) end
  for _, v in ipairs(ys.ticks) do
    page:line(at_x(v), top, at_x(v), bottom, v == 0 and GREY or RULE)
    page:text(at_x(v), bottom + 16, ys.format(v), "middle")
  end
  if c.base then page:line(at_x(c.base), top, at_x(c.base), bottom, INK, 1.5) end
  for place, label in ipairs(c.x.labels) do
    local y = top + (place - 1) * pitch + 6
    page:text(left - 8, y + (pitch - 8) / 2 + 4,
      text.cut(label, math.floor((left - 12) / width_of "x")), "end", INK)
  end
  local up, down = {}, {}
  for k, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      if p.y then
        local sums = p.y < 0 and down or up
        local from = c.base or c.kind == "stacked" and sums[p.x] or 0
        sums[p.x] = from + p.y
        bar(page, c, k, p, { x = at_x, y = top + (p.x - 1) * pitch + 6 }, from, thick, figure)
      end
    end
  end
  return bottom + 30
end

-- ---- the picture --------------------------------------------------------------------------------

--- A chart as a file of SVG.
---@param c cm.ChartData
---@param options { width: integer?, height: integer? }
---@return string
function svg.text(c, options)
  local width, height = options.width or WIDTH, options.height or HEIGHT
  local page = canvas.new()
  if c.kind ~= "line" and c.kind ~= "scatter" then
    height = math.ceil(bars(page, c, width))
  else
    points(page, c, width, height)
  end
  return page:page(c.title, width, height)
end

return svg
