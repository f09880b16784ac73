--- Charts as SVG 1.1, complete in themselves: no script, no font, no link to anything.

local data = require "capmod.frame.chart.data"
local scale = require "capmod.frame.chart.scale"
local text = require "capmod.text"

local svg = {}

-- Colours that people of any colour vision tell apart (Okabe and Ito 2008, Color Universal Design).
local COLOURS = { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a6a00",
  "#333333" }
local INK, GREY, RULE = "#1f2328", "#5b6470", "#e3e7ec"
local SIZE, LETTER = 12, 6.6 -- of letters: height, and about the width of one
local WIDTH, HEIGHT = 720, 420

-- ---- writing ------------------------------------------------------------------------------------

--- A number of SVG: two decimals at most.
local function n(x)
  local s = ("%.2f"):format(x):gsub("0+$", ""):gsub("%.$", "")
  return s == "-0" and "0" or s
end

---@class cm.Canvas
local Canvas = {}
Canvas.__index = Canvas

function Canvas:put(pattern, ...) self[#self + 1] = "  " .. pattern:format(...) end

function Canvas:line(x1, y1, x2, y2, colour, width)
  self:put('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"/>', n(x1), n(y1),
    n(x2), n(y2), colour, n(width or 1))
end

function Canvas:rect(x1, y1, x2, y2, colour)
  self:put('<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>', n(math.min(x1, x2)),
    n(math.min(y1, y2)), n(math.abs(x2 - x1)), n(math.abs(y2 - y1)), colour)
end

function Canvas:text(x, y, s, side, colour, more)
  self:put('<text x="%s" y="%s" text-anchor="%s" fill="%s"%s>%s</text>', n(x), n(y),
    side or "start", colour or GREY, more or "", text.xml(s))
end

local function width_of(s) return LETTER * text.width(s) end

-- ---- the frame of a chart -----------------------------------------------------------------------

--- The names of the series from left to right, in as many lines as it takes; the height they have.
local function legend(canvas, c, left, top, room)
  local x, y, some = left, top, false
  for k, one in ipairs(c.series) do
    if one.name then
      some = true
      local width = 22 + width_of(one.name)
      if x > left and x + width > left + room then x, y = left, y + 18 end
      canvas:rect(x, y - 9, x + 10, y + 1, COLOURS[k])
      canvas:text(x + 15, y, one.name, "start", INK)
      x = x + width + 8
    end
  end
  return some and y - top + 20 or 0
end

local function head(canvas, c, left, room)
  canvas:text(left, 24, text.cut(c.title, math.max(20, room // 8)), "start", INK,
    ' font-size="15" font-weight="600"')
  local y = 44
  if c.y.label then
    canvas:text(left, y, c.y.label)
    y = y + 20
  end
  return y + legend(canvas, c, left, y, room) - 4
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

local function band(canvas, run, at_x, at_y, colour)
  local there, back = {}, {}
  for _, p in ipairs(run) do
    if p.low then
      there[#there + 1] = n(at_x(p.x)) .. "," .. n(at_y(p.high))
      table.insert(back, 1, n(at_x(p.x)) .. "," .. n(at_y(p.low)))
    end
  end
  if #there < 2 then return end
  canvas:put('<polygon points="%s %s" fill="%s" fill-opacity="0.18"/>', table.concat(there, " "),
    table.concat(back, " "), colour)
end

local function whisker(canvas, p, x, at_y, colour)
  if p.low then canvas:line(x, at_y(p.low), x, at_y(p.high), colour, 1.5) end
end

local function line(canvas, one, at_x, at_y, colour)
  for _, run in ipairs(runs(one.points)) do
    band(canvas, run, at_x, at_y, colour)
    local corners = {}
    for k, p in ipairs(run) do corners[k] = n(at_x(p.x)) .. "," .. n(at_y(p.y)) end
    if #run > 1 then
      canvas:put('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>',
        table.concat(corners, " "), colour)
    end
  end
end

local function dots(canvas, one, at_x, at_y, colour, radius)
  for _, p in ipairs(one.points) do
    if p.y then
      canvas:put('<circle cx="%s" cy="%s" r="%s" fill="%s"/>', n(at_x(p.x)), n(at_y(p.y)),
        n(radius), colour)
    end
  end
end

local function x_marks(canvas, c, xs, at_x, left, right, bottom)
  if c.x.numeric then
    for _, x in ipairs(xs.ticks) do
      canvas:line(at_x(x), bottom, at_x(x), bottom + 4, GREY)
      canvas:text(at_x(x), bottom + 18, xs.format(x), "middle")
    end
    return
  end
  local room = (right - left) / #c.x.labels
  local every = math.max(1, math.ceil(widest(c.x.labels, tostring) / room * 1.1))
  for k = 1, #c.x.labels, every do
    canvas:text(at_x(k), bottom + 18, text.cut(c.x.labels[k], 24), "middle")
  end
end

local function points(canvas, c, width, height)
  local low, high = data.range(c)
  local ys = scale.of(low, high, 6, { round = true, percent = c.y.percent })
  local left = 24 + widest(ys.ticks, ys.format)
  local right, bottom = width - 24, height - 48
  local top = head(canvas, c, 16, width - 32) + 4
  local xs = c.x.numeric and scale.of(select(1, data.reach(c)), select(2, data.reach(c)), 7, {})
    or { low = 0.5, high = #c.x.labels + 0.5 }
  local function at_x(x) return left + 8 + scale.part(xs, x) * (right - left - 16) end
  local function at_y(y) return bottom - scale.part(ys, y) * (bottom - top) end
  for _, y in ipairs(ys.ticks) do
    canvas:line(left, at_y(y), right, at_y(y), y == 0 and GREY or RULE)
    canvas:text(left - 8, at_y(y) + 4, ys.format(y), "end")
  end
  x_marks(canvas, c, xs, at_x, left + 8, right - 8, bottom)
  canvas:text(right, height - 10, c.x.label, "end")
  for k, one in ipairs(c.series) do
    if c.kind == "line" then line(canvas, one, at_x, at_y, COLOURS[k]) end
    for _, p in ipairs(one.points) do
      if c.kind == "scatter" then whisker(canvas, p, at_x(p.x), at_y, COLOURS[k]) end
    end
    dots(canvas, one, at_x, at_y, COLOURS[k], c.kind == "line" and 2.5 or 4)
  end
end

-- ---- bars ---------------------------------------------------------------------------------------

local function bar(canvas, c, k, p, at, from, thick, figure)
  local slot = c.kind == "bar" and (k - 1) * thick or 0
  local y = at.y + slot
  local to = c.base and p.y or from + p.y
  canvas:rect(at.x(from), y, at.x(to), y + thick - 1, COLOURS[k])
  if p.low then
    local middle = y + (thick - 1) / 2
    canvas:line(at.x(p.low), middle, at.x(p.high), middle, INK, 1.5)
  end
  if c.kind == "bar" then
    local edge = math.max(at.x(p.y), at.x(p.high or p.y))
    if p.y < 0 then edge = at.x(0) end
    canvas:text(edge + 5, y + thick / 2 + 3.5, figure(p.y), "start", GREY, ' font-size="11"')
  end
end

--- Bars lie, so that names of any length stand beside them.
local function bars(canvas, c, width)
  local low, high = data.range(c)
  local many = c.kind == "bar" and #c.series or 1
  local thick = many > 1 and 14 or 18
  local ys = scale.of(low, high, 6, { round = true, percent = c.y.percent })
  local figure = data.writer(c)
  local left = math.min(24 + widest(c.x.labels, tostring), width * 0.4)
  local right = width - (c.kind == "bar" and 24 + LETTER * #figure(ys.high) or 24)
  local top = head(canvas, c, 16, width - 32)
  local pitch = many * thick + 8
  local bottom = top + #c.x.labels * pitch + 4
  local function at_x(v) return left + scale.part(ys, v) * (right - left) end
  for _, v in ipairs(ys.ticks) do
    canvas:line(at_x(v), top, at_x(v), bottom, v == 0 and GREY or RULE)
    canvas:text(at_x(v), bottom + 16, ys.format(v), "middle")
  end
  if c.base then canvas:line(at_x(c.base), top, at_x(c.base), bottom, INK, 1.5) end
  for place, label in ipairs(c.x.labels) do
    local y = top + (place - 1) * pitch + 6
    canvas:text(left - 8, y + (pitch - 8) / 2 + 4,
      text.cut(label, math.floor((left - 12) / LETTER)), "end", INK)
  end
  local up, down = {}, {}
  for k, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      if p.y then
        local sums = p.y < 0 and down or up
        local from = c.base or c.kind == "stacked" and sums[p.x] or 0
        sums[p.x] = from + p.y
        bar(canvas, c, k, p, { x = at_x, y = top + (p.x - 1) * pitch + 6 }, from, thick, figure)
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
  local canvas = setmetatable({}, Canvas)
  if c.kind ~= "line" and c.kind ~= "scatter" then
    height = math.ceil(bars(canvas, c, width))
  else
    points(canvas, c, width, height)
  end
  return table.concat({
    ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" '
      .. 'role="img" font-family="system-ui, Helvetica, Arial, sans-serif" font-size="%d">'):format(
      width, height, width, height, SIZE),
    ("  <title>%s</title>"):format(text.xml(c.title)),
    ('  <rect width="%d" height="%d" fill="#ffffff"/>'):format(width, height),
    table.concat(canvas, "\n"), "</svg>", "" }, "\n")
end

return svg
