--- Reports: results as one page of HTML, complete in itself, with its tables, charts, provenance
--- and how to cite it. The page loads nothing and runs nothing.
---
---     s:run():report "shoes.html"          -- or: capmod report shoes.lua -o report

local chart = require "capmod.frame.chart"
local core = require "capmod.core"
local each = require "capmod.each"
local export = require "capmod.frame.export"
local frame = require "capmod.frame"
local parameters = require "capmod.scenario.parameters"
local results = require "capmod.scenario.results"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local report = {}

local xml = text.xml
local ROWS = 1000 -- of a table
local MOST_BARS, MOST_SERIES, MOST_FIGURES = 40, 6, 4 -- of charts that nobody asked for

-- As CITATION.cff has it.
local CITE = ("The capmod authors: capmod: an engine, scripted in Lua, for international "
  .. "production capacity cooperation. Version %s."):format(core.version)

local STYLE = [[
body{margin:0 auto;max-width:60rem;padding:1.5rem;color:#1f2328;background:#fff;
font:16px/1.5 system-ui,Helvetica,Arial,sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:2px solid #0072b2}
h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
p{margin:.4rem 0;max-width:45rem}
nav ul{padding-left:1.2rem}
a{color:#0072b2}
.wide{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.25rem 0;white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0}
th{border-bottom:1px solid #5b6470}
td{border-bottom:1px solid #e3e7ec}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.note{color:#5b6470;font-size:.85rem}
figure{margin:1rem 0}
svg{max-width:100%;height:auto}
pre{overflow-x:auto;font-size:.85rem;line-height:1.35}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.9rem}
dt{color:#5b6470}
dd{margin:0;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0;font-size:11pt}h2,h3,caption{break-after:avoid}
figure,tr{break-inside:avoid}}
]]

-- ---- pieces -------------------------------------------------------------------------------------

local function pre(s)
  local lines = {}
  for line in (s .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = xml(line) end
  return "<pre>" .. table.concat(lines, "\n") .. "</pre>"
end

local function table_of(f) return '<div class="wide">' .. f:html{ rows = ROWS } .. "</div>" end

local function picture(c) return "<figure>" .. c:svg() .. "</figure>" end

--- How many different cells a column has.
local function kinds_of(d, name)
  local seen, count = {}, 0
  for _, cell in pairs(d.data[name]) do -- any order
    if not seen[cell] then seen[cell], count = true, count + 1 end
  end
  return count
end

--- The figures of a frame, each a question of f:chart, with what all of them ask.
local function questions_of(d, series)
  local list = {}
  for _, col in ipairs(d.cols) do
    if store.is_number(col) and not store.is_key(d, col.name) and #list < MOST_FIGURES then
      list[#list + 1] = { x = d.keys[1], y = col.name, series = series }
    end
  end
  return list
end

--- What to ask of a frame with two keys and one figure: a series for each of the second key.
local function by_series(d)
  local x, series = d.keys[1], d.keys[2]
  local many = kinds_of(d, series)
  if many < 2 or many > MOST_SERIES or store.is_number(store.column(d, series))
    or not store.is_number(store.column(d, x)) and kinds_of(d, x) > MOST_BARS / many then
    return {}
  end
  local list = questions_of(d, series)
  return #list == 1 and list or {}
end

--- What to ask of a frame that speaks for itself: shares, one figure by two keys, or figures along
--- one key of numbers, each in a chart of its own, since units differ.
local function asked_of(d)
  if #d.keys == 2 and d.n > 1 then return by_series(d) end
  local key = #d.keys == 1 and d.n > 1 and store.column(d, d.keys[1])
  if not key or not (d.bar or store.is_number(key)) then return {} end
  if not store.is_number(key) and d.n > MOST_BARS then return {} end
  return d.bar and { { y = d.bar } } or questions_of(d)
end

local function pictures_of(f)
  local list = {}
  for k, question in ipairs(asked_of(store.of(f))) do
    local ok, made = pcall(f.chart, f, question)
    list[k] = ok and picture(made) or ""
  end
  return table.concat(list)
end

--- What else there is of a value: its text, or its kind where its text would be an address.
local function text_of(value)
  local mt = getmetatable(value)
  local speaks = type(value) ~= "function" and type(mt) == "table" and mt.__tostring
  return speaks and tostring(value) or parameters.cell(value)
end

--- A value as HTML. `plain`: without a chart that nobody asked for.
local function shown(value, plain)
  if frame.is(value) then
    return table_of(value) .. (plain and "" or pictures_of(value))
  elseif chart.is(value) then
    return picture(value)
  elseif type(value) == "string" then
    return "<p>" .. xml(value) .. "</p>"
  elseif type(value) == "number" or type(value) == "boolean" then
    return "<p>" .. xml(text.short(value)) .. "</p>"
  end
  return pre(text_of(value))
end

-- ---- a result -----------------------------------------------------------------------------------

local SINGLE = { number = true, string = true, boolean = true }

--- Outputs: those that fit in a cell in one table, then the others under their names.
local function outputs_of(out, outputs)
  local rows, cells, others, plain = {}, {}, {}, false
  for name, value in each(outputs) do
    if SINGLE[type(value)] then
      rows[#rows + 1], cells[#cells + 1] = { output = name, value = value }, value
    else
      others[#others + 1] = name
      plain = plain or chart.is(value)
    end
  end
  if #rows > 0 then
    local column = parameters.style(cells, #cells, 4)
    column.name = "value"
    out[#out + 1] = "<h3>Results</h3>"
    out[#out + 1] = table_of(frame{ cols = { "output", column }, rows = rows })
  end
  for _, name in ipairs(others) do
    out[#out + 1] = ("<h3>%s</h3>"):format(xml(name))
    out[#out + 1] = shown(outputs[name], plain)
  end
end

--- The parameters, with what the scenario says of them where it is known.
local function parameters_of(out, scenario, provenance)
  local f = scenario and scenario:params()
  if not f then
    local rows = {}
    for name, value in each(provenance.parameters or {}) do
      rows[#rows + 1] = { parameter = name, value = parameters.cell(value) }
    end
    f = frame{ cols = { "parameter", "value" }, rows = rows }
  end
  if #f == 0 then return end
  out[#out + 1] = "<h3>Parameters</h3>"
  out[#out + 1] = table_of(f:with{ title = "", note = {} })
end

local function provenance_of(out, provenance)
  local parts = {}
  for name, value in each(provenance) do
    if type(value) ~= "table" then
      parts[#parts + 1] = ("<dt>%s</dt><dd>%s</dd>"):format(xml(name), xml(text.short(value)))
    end
  end
  if #parts == 0 then return end
  out[#out + 1] = "<h3>Provenance</h3>"
  out[#out + 1] = "<dl>" .. table.concat(parts, "\n") .. "</dl>"
end

-- ---- the page -----------------------------------------------------------------------------------

---@class cm.ReportItem
---@field name string
---@field value any
---@field scenario cm.Scenario? that a result was made by

local function section(item, k, cites)
  local out = { ('<section id="part-%d"><h2>%s</h2>'):format(k, xml(item.name)) }
  if results.is(item.value) then
    local about = item.scenario and item.scenario.about
    if about then out[#out + 1] = "<p>" .. xml(about) .. "</p>" end
    local _, outputs = results.parts(item.value)
    local provenance = item.value.provenance
    if provenance.cite then cites[provenance.cite] = true end
    parameters_of(out, item.scenario, provenance)
    outputs_of(out, outputs)
    provenance_of(out, provenance)
  else
    out[#out + 1] = shown(item.value)
  end
  out[#out + 1] = "</section>"
  return table.concat(out, "\n")
end

local function contents(items)
  if #items < 2 then return "" end
  local list = {}
  for k, item in ipairs(items) do
    list[k] = ('<li><a href="#part-%d">%s</a></li>'):format(k, xml(item.name))
  end
  return "<nav><ul>" .. table.concat(list) .. "</ul></nav>"
end

local function cite_section(cites)
  local list = { "<li>" .. xml(CITE) .. "</li>" }
  for cite in each(cites) do list[#list + 1] = "<li>" .. xml(cite) .. "</li>" end
  return '<section id="cite"><h2>How to cite</h2><ul>' .. table.concat(list, "\n")
    .. "</ul><p>Cite it together with the sources of the tables that were used.</p></section>"
end

local function page(title, items)
  local sections, cites = {}, {}
  for k, item in ipairs(items) do sections[k] = section(item, k, cites) end
  return table.concat({
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
      .. 'style-src \'unsafe-inline\'">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ('<meta name="generator" content="capmod %s">'):format(core.version),
    ("<title>%s</title>\n<style>\n%s</style></head>"):format(xml(title), STYLE),
    ("<body><header><h1>%s</h1></header>"):format(xml(title)),
    contents(items), "<main>", table.concat(sections, "\n"), cite_section(cites),
    "</main></body></html>", "" }, "\n")
end

--- The page of some results: the same bytes for the same results, on any terminal.
---@param title string
---@param items cm.ReportItem[]
---@return string
function report.page(title, items) return text.document(page, title, items) end

--- Writes the page of some results. CM1510.
---@param path string
---@param title string
---@param items cm.ReportItem[]
function report.save(path, title, items)
  export.write_file(path, report.page(title, items))
end

return report
