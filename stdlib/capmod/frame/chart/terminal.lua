--- Charts of text: points on a grid of columns and lines, and bars one to a line.

local data = require "capmod.frame.chart.data"
local scale = require "capmod.frame.chart.scale"
local text = require "capmod.text"

local terminal = {}

local MARKS = { "●", "○", "▲", "△", "■", "□", "◆", "◇" }
local FILLS = { "█", "▒", "▓", "░", "▚", "▞", "▌", "▖" }
local PLAIN = { [MARKS] = { "o", "x", "*", "+", "#", "@", "%", "&" },
  [FILLS] = { "#", "=", "+", ".", "o", "*", "%", "@" } }
local INDENT, ROOM = 10, 100 -- least columns before what is drawn; the widest unless more is asked

local function marks(list) return text.utf8() and list or PLAIN[list] end

local function legend(c, signs, out, indent)
  local parts = {}
  for k, one in ipairs(c.series) do
    if one.name then parts[#parts + 1] = signs[k] .. " " .. one.name end
  end
  if #parts > 0 then out[#out + 1] = (" "):rep(indent) .. table.concat(parts, "   ") end
end

-- ---- points -------------------------------------------------------------------------------------

local function cell_of(part, cells) return math.floor(part * (cells - 1) + 0.5) + 1 end

--- Points on a grid [line][column]; intervals first, so that no point is hidden by one.
local function plot(c, xs, ys, width, height)
  local grid, signs = {}, marks(MARKS)
  for line = 1, height do grid[line] = {} end
  local function line_of(y) return height + 1 - cell_of(scale.part(ys, y), height) end
  local function each_point(act)
    for k, one in ipairs(c.series) do
      for _, p in ipairs(one.points) do
        if p.y then act(p, cell_of(scale.part(xs, p.x), width), signs[k]) end
      end
    end
  end
  each_point(function(p, column)
    if not p.low then return end
    local sign = text.utf8() and "┆" or ":"
    for line = line_of(p.high), line_of(p.low) do grid[line][column] = sign end
  end)
  each_point(function(p, column, sign) grid[line_of(p.y)][column] = sign end)
  return grid, line_of
end

--- What stands before the axis: the ends, and zero where it lies well between them.
local function marks_of(ys, line_of, height, show)
  local at = { [1] = show(ys.high), [height] = show(ys.low) }
  if ys.low < 0 and ys.high > 0 then
    local line = line_of(0)
    at[line] = at[line] or show(0)
  end
  return at
end

--- The labels under their points; nil where there is no room for all of them.
local function labels_line(c, xs, width)
  local s = ""
  for k, label in ipairs(c.x.labels) do
    local from = cell_of(scale.part(xs, k), width) - text.width(label) // 2 - 1
    from = math.max(0, math.min(from, width - text.width(label)))
    if k > 1 and from < text.width(s) + 2 then return nil end
    s = text.pad(s, from) .. label
  end
  return text.pad(s, width)
end

local function x_line(c, xs, width)
  local first, last
  if c.x.numeric then
    first, last = scale.ends(xs)
  else
    local all = labels_line(c, xs, width)
    if all then return all .. "  " .. c.x.label end
    first, last = c.x.labels[1], c.x.labels[#c.x.labels]
  end
  first, last = text.cut(first, width // 2 - 1), text.cut(last, width // 2 - 1)
  local gap = width - text.width(first) - text.width(last)
  return first .. (" "):rep(math.max(1, gap)) .. last .. "  " .. c.x.label
end

local function points(c, out, room, height)
  local low, high = data.range(c)
  local ys = scale.of(low, high, 5, { percent = c.y.percent })
  local x_low, x_high = 1, c.x.labels and math.max(2, #c.x.labels)
  if c.x.numeric then x_low, x_high = data.reach(c) end
  local xs = scale.of(x_low, x_high, 5, {})
  local show = scale.writer((ys.high - ys.low) / 200,
    math.max(math.abs(ys.low), math.abs(ys.high)), c.y.percent)
  local indent = math.max(INDENT, 2 + text.width(show(ys.low)), 2 + text.width(show(ys.high)))
  local width = math.max(12, room - indent - 4 - text.width(c.x.label))
  local grid, line_of = plot(c, xs, ys, width, height)
  local at = marks_of(ys, line_of, height, show)
  for line = 1, height do
    local cells = {}
    for column = 1, width do cells[column] = grid[line][column] or " " end
    out[#out + 1] = (text.pad(at[line] or "", indent - 2, "left") .. " │" .. table.concat(cells))
      :gsub("%s+$", "")
  end
  out[#out + 1] = (" "):rep(indent - 1) .. "└" .. ("─"):rep(width)
  out[#out + 1] = (" "):rep(indent) .. x_line(c, xs, width)
  legend(c, marks(MARKS), out, indent)
end

-- ---- bars ---------------------------------------------------------------------------------------

--- "4 to 9", from low to high; nothing outside a tornado.
local function span(c, found, show)
  local low, high = found[1], found[2]
  if c.kind ~= "tornado" or not (low and low.y and high and high.y) then return "" end
  return ("%s to %s"):format(show(low.y), show(high.y))
end

--- The lines of bars: { label, figure, parts = { { from, to, sign } } }, in values.
local function bar_lines(c, show)
  local lines, signs, by_x = {}, marks(FILLS), {}
  for k, one in ipairs(c.series) do
    for _, p in ipairs(one.points) do
      by_x[p.x] = by_x[p.x] or {}
      by_x[p.x][k] = p
    end
  end
  for place, label in ipairs(c.x.labels) do
    local found, stack, up, down = by_x[place] or {}, {}, 0, 0
    local head = label
    for k = 1, #c.series do
      local p = found[k]
      if c.kind == "stacked" and p and p.y then
        local from = p.y < 0 and down or up
        stack[#stack + 1] = { from = from, to = from + p.y, sign = signs[k] }
        if p.y < 0 then down = from + p.y else up = from + p.y end
      elseif c.kind == "bar" and p and p.y then
        local figure = show(p.y)
        if p.low then figure = ("%s (%s to %s)"):format(figure, show(p.low), show(p.high)) end
        lines[#lines + 1] = { label = head, figure = figure,
          parts = { { from = 0, to = p.y, sign = signs[k] } } }
        head = ""
      elseif c.kind == "tornado" and p and p.y then
        stack[#stack + 1] = { from = c.base, to = p.y, sign = signs[k] }
      end
    end
    if c.kind == "stacked" or head ~= "" then -- a label without a figure has a line, too
      lines[#lines + 1] = { label = label, parts = stack,
        figure = c.kind == "stacked" and show(up + down) or span(c, found, show) }
    end
  end
  return lines
end

local function widest(lines, field)
  local width = 0
  for _, line in ipairs(lines) do width = math.max(width, text.width(line[field])) end
  return width
end

--- A bar as characters: each part from cell to cell, and the axis where bars go both ways.
local function bar_text(parts, low, high, width, base)
  local cells = {}
  local axis = low < base and math.floor((base - low) / (high - low) * width + 0.5) or nil
  local function cell(v) return math.floor((v - low) / (high - low) * width + 0.5) end
  for k = 1, width do cells[k] = " " end
  for _, part in ipairs(parts) do
    for k = cell(math.min(part.from, part.to)) + 1, cell(math.max(part.from, part.to)) do
      cells[k] = part.sign
    end
  end
  if axis then table.insert(cells, axis + 1, "│") end
  return table.concat(cells)
end

local function bars(c, out, room)
  local show = data.writer(c)
  local lines = bar_lines(c, show)
  local low, high = data.range(c)
  if low == high then high = low + 1 end
  local label = math.min(widest(lines, "label"), math.max(12, room // 3))
  local figure = widest(lines, "figure")
  local width = math.max(10, room - label - figure - 7)
  for _, line in ipairs(lines) do
    out[#out + 1] = ("  %s  %s  %s"):format(text.pad(text.cut(line.label, label), label),
      text.pad(line.figure, figure, "left"), bar_text(line.parts, low, high, width, c.base or 0))
      :gsub("%s+$", "")
  end
  legend(c, marks(FILLS), out, 2)
end

--- The text of a chart, without a newline at its end.
---@param c cm.ChartData
---@param options { width: integer?, height: integer? }
---@return string
function terminal.text(c, options)
  local room = options.width or math.min(ROOM, text.columns())
  local out = { c.title }
  if c.y.unit then out[1] = ("%s  [%s]"):format(c.title, c.y.unit) end
  if c.kind ~= "line" and c.kind ~= "scatter" then
    bars(c, out, room)
  else
    points(c, out, room, options.height or 11)
  end
  for i, line in ipairs(out) do out[i] = text.plain(line) end
  return table.concat(out, "\n")
end

return terminal
