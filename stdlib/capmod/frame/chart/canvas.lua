--- A page of SVG 1.1, complete in itself: no script, no font, no link to anything.

local text = require "capmod.text"

---@class cm.Canvas
local Canvas = {}
Canvas.__index = Canvas

local canvas = {
  -- Colours that people of any colour vision tell apart (Okabe and Ito 2008, Color Universal
  -- Design).
  COLOURS = { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a6a00",
    "#333333" },
  INK = "#1f2328", GREY = "#5b6470", RULE = "#e3e7ec",
}

local SIZE, LETTER = 12, 6.6 -- of letters: height, and about the width of one

---@return cm.Canvas
function canvas.new() return setmetatable({}, Canvas) end

--- A number of SVG: two decimals at most.
---@param x number
---@return string
function canvas.number(x)
  local s = ("%.2f"):format(x):gsub("0+$", ""):gsub("%.$", "")
  return s == "-0" and "0" or s
end

local n = canvas.number

--- About how wide a text is.
---@param s string
---@return number
function canvas.width_of(s) return LETTER * text.width(s) end

function Canvas:put(pattern, ...) self[#self + 1] = "  " .. pattern:format(...) end

--- `more`: further attributes, which begin with a blank.
function Canvas:line(x1, y1, x2, y2, colour, width, more)
  self:put('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"%s/>', n(x1), n(y1),
    n(x2), n(y2), colour, n(width or 1), more or "")
end

function Canvas:rect(x1, y1, x2, y2, colour)
  self:put('<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>', n(math.min(x1, x2)),
    n(math.min(y1, y2)), n(math.abs(x2 - x1)), n(math.abs(y2 - y1)), colour)
end

function Canvas:circle(x, y, radius, colour, more)
  self:put('<circle cx="%s" cy="%s" r="%s" fill="%s"%s/>', n(x), n(y), n(radius), colour,
    more or "")
end

function Canvas:text(x, y, s, side, colour, more)
  self:put('<text x="%s" y="%s" text-anchor="%s" fill="%s"%s>%s</text>', n(x), n(y),
    side or "start", colour or canvas.GREY, more or "", text.xml(s))
end

--- A closed line through points { x, y }.
function Canvas:polygon(points, more)
  local corners = {}
  for k, p in ipairs(points) do corners[k] = n(p[1]) .. "," .. n(p[2]) end
  self:put('<polygon points="%s"%s/>', table.concat(corners, " "), more)
end

function Canvas:title(x, y, s, room)
  self:text(x, y, text.cut(s, math.max(20, room // 8)), "start", canvas.INK,
    ' font-size="15" font-weight="600"')
end

--- The page with what was put on it.
---@param title string
---@param width integer
---@param height integer
---@return string
function Canvas:page(title, width, height)
  return table.concat({
    ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" '
      .. 'role="img" font-family="system-ui, Helvetica, Arial, sans-serif" font-size="%d">'):format(
      width, height, width, height, SIZE),
    ("  <title>%s</title>"):format(text.xml(title)),
    ('  <rect width="%d" height="%d" fill="#ffffff"/>'):format(width, height),
    table.concat(self, "\n"), "</svg>", "" }, "\n")
end

return canvas
