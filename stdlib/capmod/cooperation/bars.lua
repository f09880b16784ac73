--- The divisions among any number of members: a bar for each rule, and the range that all accept.

local canvas = require "capmod.frame.chart.canvas"
local scale = require "capmod.frame.chart.scale"
local text = require "capmod.text"

local bars = {}

local WIDTH, ROW, GAP, THICK = 720, 17, 14, 12
local BOLD = ' font-weight="700"'
local HALO = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
local ACCEPTED = "accepted"

local function figure(x) return ("%.2f"):format(math.abs(x) < 0.005 and 0 or x) end

local function range_text(c, i)
  local least, most = figure(c.least[i]), figure(c.most[i])
  return least == most and least or least .. " to " .. most
end

local function ends_text(one, i)
  if not one.low then return figure(one.gains[i]) end
  return ("%s (%s to %s)"):format(figure(one.gains[i]), figure(one.low[i]), figure(one.high[i]))
end

--- From where to where anything that is shown goes, 0 among it.
local function reach(c)
  local low, high = 0, 0
  local function take(x) low, high = math.min(low, x), math.max(high, x) end
  for _, i in ipairs(c.shown) do
    if c.least then
      take(c.least[i])
      take(c.most[i])
    end
    for _, one in ipairs(c.divisions) do
      take(one.gains[i])
      if one.low then
        take(one.low[i])
        take(one.high[i])
      end
    end
  end
  return low, high > low and high or low + 1
end

-- ---- SVG ----------------------------------------------------------------------------------------

--- How wide the names and the figures are.
local function columns(c)
  local name, fig = canvas.width_of(c.least and ACCEPTED or ""), 0
  for _, one in ipairs(c.divisions) do
    name = math.max(name, canvas.width_of(text.cut(one.name, 18)))
    for _, i in ipairs(c.shown) do fig = math.max(fig, canvas.width_of(ends_text(one, i))) end
  end
  for _, i in ipairs(c.least and c.shown or {}) do
    fig = math.max(fig, canvas.width_of(range_text(c, i)))
  end
  return name, fig
end

--- A line with an end on either side, and what it says.
local function bracket(page, x1, x2, y, says)
  page:line(x1, y, x2, y, canvas.INK, 1.5)
  page:line(x1, y - 4, x1, y + 4, canvas.INK, 1.5)
  page:line(x2, y - 4, x2, y + 4, canvas.INK, 1.5)
  page:text(x2 + 7, y + 4, says, "start", canvas.INK, HALO)
end

local function bar(page, one, i, at, y)
  local from, to = at(0), at(one.gains[i])
  local left, right = math.min(from, to), math.max(from, to)
  page:polygon({ { left, y }, { right, y }, { right, y + THICK }, { left, y + THICK } },
    one.chosen and ' fill="#ffffff" stroke="#1f2328" stroke-width="1.5"' or ' fill="#0072b2"')
  if one.low then
    local middle = y + THICK / 2
    page:line(at(one.low[i]), middle, at(one.high[i]), middle, canvas.INK, 1.5)
    right = math.max(right, at(one.high[i]))
  end
  page:text(right + 7, y + THICK - 2, ends_text(one, i), "start", canvas.INK, HALO)
end

--- One member from y on: its name, what all accept, a bar for each rule; where it ends.
local function member(page, c, i, left, at, y)
  page:text(16, y + 11, text.cut(c.labels[i], 40), "start", canvas.INK, BOLD .. HALO)
  y = y + ROW + 2
  local last = y + ROW * (#c.divisions + (c.least and 1 or 0))
  if c.least then
    local x1, x2 = at(c.least[i]), at(c.most[i])
    page:rect(x1, y, x2, last, "#d5dae1")
    page:text(left - 10, y + 11, ACCEPTED, "end")
    bracket(page, x1, x2, y + 7, range_text(c, i))
    y = y + ROW
  end
  for _, one in ipairs(c.divisions) do
    page:text(left - 10, y + 11, text.cut(one.name, 18), "end", canvas.INK)
    bar(page, one, i, at, y + 2)
    y = y + ROW
  end
  return last
end

--- The bars as a file of SVG.
---@param c cm.DealPicture
---@param options { width: integer?, height: integer? }
---@return string
function bars.svg(c, options)
  local width, page = options.width or WIDTH, canvas.new()
  local low, high = reach(c)
  local ys = scale.of(low, high, 6, { round = true })
  local name, fig = columns(c)
  local left, right = 34 + name, width - 20 - fig
  right = math.max(right, left + 60)
  local function at(x) return left + scale.part(ys, x) * (right - left) end
  page:title(16, 24, c.title, width - 32)
  page:text(16, 44, text.cut(c.about, width // 7))
  local group = ROW * (#c.divisions + (c.least and 1 or 0) + 1) + 2 + GAP
  local bottom = 62 + group * #c.shown
  for _, x in ipairs(ys.ticks) do
    page:line(at(x), 58, at(x), bottom, x == 0 and canvas.GREY or canvas.RULE)
    page:text(at(x), bottom + 16, ys.format(x), "middle")
  end
  for k, i in ipairs(c.shown) do member(page, c, i, left, at, 62 + group * (k - 1)) end
  page:line(at(0), 58, at(0), bottom, canvas.GREY)
  return page:page(c.title, math.max(width, math.ceil(right + 20 + fig)), bottom + 30)
end

-- ---- text ---------------------------------------------------------------------------------------

--- A row of `width` columns with marks from one column to another.
local function track(width, from, to, mark)
  local ends = from == to and mark or "│" .. ("─"):rep(to - from - 1) .. "│"
  return (" "):rep(from) .. ends .. (" "):rep(width - to - 1)
end

local function rows_of(c, i)
  local rows = {}
  if c.least then
    rows[1] = { name = ACCEPTED, low = c.least[i], high = c.most[i], says = range_text(c, i),
      mark = "│" }
  end
  for _, one in ipairs(c.divisions) do
    rows[#rows + 1] = { name = one.name, low = one.gains[i], high = one.gains[i],
      says = ends_text(one, i), mark = one.chosen and "○" or "●" }
  end
  return rows
end

--- The same as text.
---@param c cm.DealPicture
---@param options { width: integer?, height: integer? }
---@return string
function bars.text(c, options)
  local about = c.about:gsub("^shaded", ACCEPTED) -- text has no shade
  local width, lines = options.width or text.columns(), { c.title, about }
  local label, name, says = 0, 0, 0
  for _, i in ipairs(c.shown) do
    label = math.max(label, math.min(24, text.width(c.labels[i])))
    for _, row in ipairs(rows_of(c, i)) do
      name = math.max(name, math.min(18, text.width(row.name)))
      says = math.max(says, text.width(row.says))
    end
  end
  local low, high = reach(c)
  local room = math.max(10, math.min(60, width - label - name - says - 8))
  local function at(x) return math.floor((x - low) / (high - low) * (room - 1) + 0.5) end
  for _, i in ipairs(c.shown) do
    local first = text.cut(c.labels[i], label)
    for _, row in ipairs(rows_of(c, i)) do
      lines[#lines + 1] = ("  %s  %s  %s  %s"):format(text.pad(first, label),
        text.pad(text.cut(row.name, name), name), track(room, at(row.low), at(row.high), row.mark),
        row.says)
      first = ""
    end
  end
  for _, one in ipairs(c.divisions) do
    if one.verdict ~= "" then lines[#lines + 1] = ("  %s %s"):format(one.name, one.verdict) end
  end
  for k, line in ipairs(lines) do lines[k] = text.plain((line:gsub("%s+$", ""))) end
  return table.concat(lines, "\n")
end

return bars
