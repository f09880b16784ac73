--- Charts of a frame: for the terminal, and as SVG.
---
---     local chart = runs:chart{ x = "output", y = "saving", series = "tariff" }
---     print(chart)   chart:save "saving.svg"

local args = require "capmod.args"
local data = require "capmod.frame.chart.data"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local store = require "capmod.frame.store"
local svg = require "capmod.frame.chart.svg"
local terminal = require "capmod.frame.chart.terminal"
local text = require "capmod.text"

local chart = { methods = {} }

---@class cm.Chart
local Chart = { __name = "cm.Chart" }
Chart.__index = Chart

--- What each chart shows.
local inside = setmetatable({}, { __mode = "k" })

---@return boolean
function chart.is(x) return getmetatable(x) == Chart end

--- A chart of something else than a frame: `text` and `svg` write what it shows, given the sizes.
---@param c { title: string, text: fun(c: table, t: table): string,
---  svg: fun(c: table, t: table): string }
---@return cm.Chart
function chart.of(c)
  local object = setmetatable({}, Chart)
  inside[object] = c
  return object
end

--- A chart of the frame: a line of each series along a column of numbers, bars along one of names,
--- or the kind that is said: line, bar, stacked, scatter, tornado. `low` and `high` name columns
--- with the ends of intervals. A tornado has bars from the base to the output where a parameter is
--- low and where it is high (columns base, at_low, at_high, as frame:tornado and scenario:tornado
--- give them). Prints as text as wide as the terminal (at most 100 columns); `:save` makes files.
--- CM1501, CM1507, CM1508 columns, CM3120 a question that does not fit together, CM3121 rows that
--- are not told apart, CM3122 no numbers, CM3123 too many.
---
---     print(runs:chart{ x = "output", y = "saving", series = "tariff", title = "saving, USD" })
---     print(bus:decompose():chart{ x = "country", y = "value" })
---     runs:chart{ x = "year", y = "p50", low = "p5", high = "p95" }:save "cost.svg"
---@param t? { x: string?, y: string|string[]|nil, series: string?, kind: string?, low: string?,
---  high: string?, title: string? }
---@return cm.Chart
function chart.methods:chart(t)
  local object = setmetatable({}, Chart)
  inside[object] = data.of(store.of(self), t or {})
  return object
end

local SIZES = {
  width = { "integer", about = "of text in columns, of SVG in pixels" },
  height = { "integer", about = "of text in lines, of SVG in pixels; bars take what they need" },
}
local LEAST = { text = { width = 40, height = 5 }, svg = { width = 300, height = 200 } }

local function sizes(form, t)
  args.check(form, t, SIZES)
  for _, field in ipairs{ "width", "height" } do
    local least = LEAST[form][field]
    if t[field] and (t[field] < least or t[field] > 10000) then
      errors.raise(1004, { message = ("chart: %s = %d, which is not from %d to 10000"):format(field,
        t[field], least), object = "chart", field = field, fix = "choose a size in between" })
    end
  end
  return t
end

local function of(self)
  args.object(inside[self] ~= nil, "chart")
  return inside[self]
end

--- The chart as text.
---@param t? { width: integer?, height: integer? }  columns and lines
---@return string
function Chart:text(t)
  local c = of(self)
  return (c.text or terminal.text)(c, sizes("text", t or {}))
end

--- The chart as SVG, to put into a page.
---@param t? { width: integer?, height: integer? }  pixels
---@return string
function Chart:svg(t)
  local c = of(self)
  return text.document(c.svg or svg.text, c, sizes("svg", t or {}))
end

--- Saves the chart: .svg, or .txt as it prints. CM1509 another ending, CM1510.
---@param t string|{ [1]: string, width: integer?, height: integer? }
---@return cm.Chart self
function Chart:save(t)
  of(self)
  local given = type(t) == "table" and store.column_with(t, {}) or { t }
  local path = args.one(table.remove(given, 1), "save", "path", "string")
  local ending = (path:match "%.(%w+)$" or ""):lower()
  if ending ~= "svg" and ending ~= "txt" then
    errors.raise(1509, { message = ("save: no way to write a chart to '%s'"):format(path),
      object = "save", field = path, fix = "end the name in one of .svg .txt" })
  end
  export.write_file(path, ending == "svg" and self:svg(given) or self:text(given) .. "\n")
  return self
end

function Chart:__tostring() return self:text() end

function Chart.__newindex()
  errors.raise(3124, { message = "a chart does not change", object = "chart",
    fix = "make another: frame:chart{ title = ... }" })
end

return chart
