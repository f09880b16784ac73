--- The divisions among three members as a triangle: each corner is where one gets the most, the
--- core is a polygon in it, rules are points.

local canvas = require "capmod.frame.chart.canvas"
local text = require "capmod.text"

local simplex = {}

local WIDTH, MARGIN, TOP, LEAST_SIDE = 720, 150, 112, 160
local CLOSE, LETTERS = 9, 22 -- pixels between points told apart; of a name
local BOLD = ' font-weight="700"'
local HALO = ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'

-- ---- the core -----------------------------------------------------------------------------------

--- The part of a polygon where `over` is not negative (Sutherland and Hodgman 1974).
local function clipped(points, over)
  local list = {}
  for k, p in ipairs(points) do
    local before = points[k > 1 and k - 1 or #points]
    local here, there = over(p), over(before)
    if (here >= 0) ~= (there >= 0) then
      local part, cut = there / (there - here), {}
      for i = 1, 3 do cut[i] = before[i] + part * (p[i] - before[i]) end
      list[#list + 1] = cut
    end
    if here >= 0 then list[#list + 1] = p end
  end
  return list
end

--- The corners of the divisions of `total` that give each from `least` to `most`.
---@param total number
---@param least number[]
---@param most number[]
---@return number[][]
function simplex.polygon(total, least, most)
  local rest, corners = total - least[1] - least[2] - least[3], {}
  local slack = 1e-9 * math.max(1, math.abs(total))
  for i = 1, 3 do
    corners[i] = { least[1], least[2], least[3] }
    corners[i][i] = least[i] + math.max(0, rest)
  end
  for i = 1, 3 do
    corners = clipped(corners, function(p) return most[i] + slack - p[i] end)
  end
  local list = {}
  for k, p in ipairs(corners) do
    local before = list[#list] or corners[k < #corners and #corners or 1]
    local apart = 0
    for i = 1, 3 do apart = math.max(apart, math.abs(p[i] - before[i])) end
    if apart > 10 * slack or #corners == 1 then list[#list + 1] = p end
  end
  return #list > 0 and list or { corners[1] }
end

-- ---- where things stand -------------------------------------------------------------------------

--- The triangle that holds all that is shown: the least of each member, the place of a division.
local function frame_of(c, width)
  local low, rest = {}, c.total
  for i = 1, 3 do
    low[i] = c.alone[i]
    for _, p in ipairs(c.core) do low[i] = math.min(low[i], p[i]) end
    for _, one in ipairs(c.divisions) do low[i] = math.min(low[i], one.gains[i]) end
    rest = rest - low[i]
  end
  if rest <= 0 then rest = 1 end
  local side = math.max(LEAST_SIDE, width - 2 * MARGIN)
  local left, bottom = (width - side) / 2, TOP + side * math.sqrt(3) / 2
  return { low = low, rest = rest, left = left, right = left + side, bottom = bottom,
    middle = left + side / 2, at = function(p)
      local b, t = (p[2] - low[2]) / rest, (p[3] - low[3]) / rest
      return left + side * (b + t / 2), bottom - side * math.sqrt(3) / 2 * t
    end }
end

--- The division in which member i gets `gets`, the next one its least, the third the rest.
local function on_side(f, i, gets, least)
  local p = {}
  for k = 1, 3 do p[k] = f.low[k] end
  p[i] = gets
  local third = 6 - i - least
  p[third] = f.low[third] + f.rest - (gets - f.low[i])
  return p
end

-- ---- what is drawn ------------------------------------------------------------------------------

local function figure(x) return ("%.2f"):format(math.abs(x) < 0.005 and 0 or x) end

--- A text whose place is taken from then on.
local function put(page, taken, x, y, s, side, ...)
  local width = canvas.width_of(s)
  local left = x - (side == "middle" and width / 2 or side == "end" and width or 0)
  taken[#taken + 1] = { left, y - 11, left + width, y + 3 }
  page:text(x, y, s, side, ...)
end

local function corners(page, c, f, taken)
  for i, at in ipairs{ { f.left, f.bottom + 40 }, { f.right, f.bottom + 40 },
    { f.middle, TOP - 28 } } do
    put(page, taken, at[1], at[2], text.cut(c.labels[i], LETTERS), "middle", canvas.INK, BOLD)
    put(page, taken, at[1], at[2] + 16, "gets " .. figure(f.low[i] + f.rest), "middle")
  end
end

local function overlap(a, b)
  return a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
end

--- Small boxes along a line.
local function along(boxes, x1, y1, x2, y2)
  local steps = math.ceil(math.sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2) / 6)
  for k = 0, steps do
    local part = steps > 0 and k / steps or 0
    local x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
    boxes[#boxes + 1] = { x - 2, y - 2, x + 2, y + 2 }
  end
end

-- Of the line of a pair: the side where its name stands, as the member who gets its least there.
local NAMED_AT = { 2, 3, 1 }

--- Beyond its line a pair gets less than it is worth.
local function pairs_of(page, c, f, lines, taken)
  for i = 1, 3 do
    local most = c.total - c.pairs[i]
    if most > f.low[i] and most < f.low[i] + f.rest * (1 - 1e-9) then
      local at = NAMED_AT[i]
      local x1, y1 = f.at(on_side(f, i, most, at))
      local x2, y2 = f.at(on_side(f, i, most, 6 - i - at))
      page:line(x1, y1, x2, y2, canvas.GREY, 1, ' stroke-dasharray="5 4"')
      along(lines, x1, y1, x2, y2)
      local label = ("%s %s"):format(text.cut(c.pair_labels[i], 14), figure(c.pairs[i]))
      if i == 2 then
        put(page, taken, x1, f.bottom + 18, label, "middle")
      elseif i == 1 then
        put(page, taken, x1 - 8, y1 + 4, label, "end")
      else
        put(page, taken, x1 + 8, y1 + 4, label, "start")
      end
    end
  end
end

local function core(page, c, f)
  local points = {}
  for k, p in ipairs(c.core) do points[k] = { f.at(p) } end
  if #points == 1 then
    page:circle(points[1][1], points[1][2], 8, "none", ' stroke="#1f2328" stroke-width="2"')
  else
    page:polygon(points, ' fill="#0072b2" fill-opacity="0.22" stroke="#1f2328" stroke-width="2" '
      .. 'stroke-linejoin="round"')
  end
end

--- Points that lie together, under one label.
local function groups(c, f)
  local list = {}
  for k, one in ipairs(c.divisions) do
    local x, y = f.at(one.gains)
    local group
    for _, g in ipairs(list) do
      if (g.x - x) ^ 2 + (g.y - y) ^ 2 < CLOSE ^ 2 then group = g break end
    end
    if not group then
      group = { x = x, y = y, names = {} }
      list[#list + 1] = group
    end
    table.insert(group.names, tostring(k))
    group.chosen = group.chosen or one.chosen
  end
  return list
end

local function is_free(box, taken)
  for _, other in ipairs(taken) do
    if overlap(box, other) then return false end
  end
  return true
end

--- Where a label of the size stands: the nearest place around the point that no mark, label or line
--- takes, else that no mark or label does.
local function place(g, width, height, taken, lines)
  local second, box
  for _, far in ipairs{ 10, 18, 28, 40, 56, 76 } do
    for k = 0, 7 do
      local angle = (k * 3 + 7) % 8 * math.pi / 4
      local x = g.x + math.cos(angle) * (far + width / 2)
      local y = g.y + math.sin(angle) * (far + height / 2)
      box = { x - width / 2, y - height / 2, x + width / 2, y + height / 2, far = far }
      if is_free(box, taken) then
        if is_free(box, lines) then return box end
        second = second or box
      end
    end
  end
  return second or box
end

local function marks(page, c, f, lines, taken)
  local list = groups(c, f)
  for _, g in ipairs(list) do taken[#taken + 1] = { g.x - 7, g.y - 7, g.x + 7, g.y + 7 } end
  for _, g in ipairs(list) do
    local label = table.concat(g.names, ", ")
    local box = place(g, canvas.width_of(label) + 4, 14, taken, lines)
    taken[#taken + 1] = box
    local x, y = (box[1] + box[3]) / 2, (box[2] + box[4]) / 2
    if box.far > 18 then page:line(g.x, g.y, x, y, canvas.INK, 0.75) end
    if g.chosen then
      page:polygon({ { g.x - 7, g.y }, { g.x, g.y - 7 }, { g.x + 7, g.y }, { g.x, g.y + 7 } },
        ' fill="#ffffff" stroke="#1f2328" stroke-width="2"')
    end
    page:circle(g.x, g.y, g.chosen and 2.5 or 4, canvas.INK)
    page:text(x, y + 4, label, "middle", canvas.INK, BOLD .. HALO)
  end
end

--- The rules with what they give, under the triangle; the height it takes.
local function legend(page, c, top, width)
  local at, names = { 16, 40 }, canvas.width_of "division"
  for _, one in ipairs(c.divisions) do names = math.max(names, canvas.width_of(one.name)) end
  local right = 40 + math.min(names, 150)
  for i = 1, 3 do
    local widest = canvas.width_of(c.members[i])
    for _, one in ipairs(c.divisions) do
      widest = math.max(widest, canvas.width_of(figure(one.gains[i])))
    end
    right = right + 18 + math.min(widest, 100)
    at[i + 2] = right
  end
  at[6] = right + 22
  local y = top
  for i = 1, 3 do
    page:text(at[i + 2], y, text.cut(c.members[i], 15), "end", canvas.GREY)
  end
  page:line(16, y + 6, width - 16, y + 6, canvas.RULE)
  for k, one in ipairs(c.divisions) do
    y = y + 20
    page:text(at[1], y + 2, tostring(k), "start", canvas.INK, BOLD)
    page:text(at[2], y + 2, text.cut(one.name, 22), "start", canvas.INK)
    for i = 1, 3 do page:text(at[i + 2], y + 2, figure(one.gains[i]), "end", canvas.INK) end
    page:text(at[6], y + 2, text.cut(one.verdict, math.max(4, (width - 16 - at[6]) // 7)))
  end
  return y + 20
end

--- The triangle as a file of SVG.
---@param c cm.DealPicture
---@param options { width: integer?, height: integer? }
---@return string
function simplex.svg(c, options)
  local width = math.max(options.width or WIDTH, 2 * MARGIN + LEAST_SIDE)
  local page, f = canvas.new(), frame_of(c, width)
  page:title(16, 24, c.title, width - 32)
  page:text(16, 44, c.about)
  page:text(16, 60, "dashed: what a pair is worth; beyond the line it would do better apart")
  page:polygon({ { f.left, f.bottom }, { f.right, f.bottom }, { f.middle, TOP } },
    ' fill="none" stroke="#5b6470" stroke-width="1.5" stroke-linejoin="round"')
  local lines = {}
  along(lines, f.left, f.bottom, f.right, f.bottom)
  along(lines, f.left, f.bottom, f.middle, TOP)
  along(lines, f.right, f.bottom, f.middle, TOP)
  local taken = {}
  corners(page, c, f, taken)
  core(page, c, f)
  pairs_of(page, c, f, lines, taken)
  marks(page, c, f, lines, taken)
  local height = legend(page, c, f.bottom + 92, width)
  return page:page(c.title, width, math.ceil(height))
end

return simplex
