--- How a frame stands on a screen and in a document: print, show, markdown, latex.

local args = require "capmod.args"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local of = store.of
local layout = { methods = {} }

local ROWS = 20 -- rows printed unless more are asked for
local BAR = 24 -- the longest bar
local GAP = "  "

-- ---- cells --------------------------------------------------------------------------------------

--- The name that stands after a code, from the column or from the codes of countries.
local function name_after(col, code)
  if col.names then return col.names[code] end
  if col.kind ~= "country" then return nil end
  local found, codes = pcall(require, "capmod.codes")
  if not found or not codes.name then return nil end
  local known, name = pcall(codes.name, code)
  return known and name or nil
end

local function coded(col, value)
  if value == nil then return "" end
  local code = text.short(value)
  local name = name_after(col, code)
  return name and name ~= code and code .. " " .. name or code
end

--- A function from a value to its text, for one column. A number that is a key is shown in full.
---@param d cm.FrameData
---@param col cm.Column
---@return fun(value: any): string
function layout.formatter(d, col)
  local cells, n = d.data[col.name], d.n
  if col.names or col.kind == "country" or col.kind == "sector" then
    return function(value) return coded(col, value) end
  end
  if col.format == "percent" then
    return function(value) return text.percent(value, col.digits) end
  end
  local style = text.number_style(cells, n, col.digits)
  if store.is_key(d, col.name) and not col.digits and not style.scientific then
    style = { digits = text.exact_digits(cells, n), grouped = false, scientific = false }
  end
  if col.format == "signed" then
    return function(value)
      local s = text.number(value, style)
      return type(value) == "number" and value > 0 and s:find "[1-9]" and "+" .. s or s
    end
  end
  if col.format == "mixed" then -- numbers of very different size in one column
    return function(value) return text.number(value, text.number_style({ value }, 1)) end
  end
  return function(value) return text.number(value, style) end
end

--- What stands over a column.
---@return string
function layout.header(d, col)
  if col.label then return col.label end
  local unit = col.unit
  return unit and unit ~= d.unit and unit ~= "1" and ("%s [%s]"):format(col.name, unit) or col.name
end

--- Whether a column stands to the right, as numbers do.
---@return boolean
function layout.is_number(col)
  return not col.names and (col.kind == "number" or col.kind == "mixed")
end

--- The columns as texts: header, cells of the first `rows` rows, side, width.
local function columns_of(d, rows)
  local list = {}
  for k, col in ipairs(d.cols) do
    local cells, show = {}, layout.formatter(d, col)
    local head = text.plain(layout.header(d, col))
    local width = text.width(head)
    for i = 1, rows do
      cells[i] = text.plain(show(d.data[col.name][i]))
      local w = text.width(cells[i])
      if w > width then width = w end
    end
    list[k] = { name = col.name, head = head, cells = cells, width = width,
      number = layout.is_number(col) }
  end
  return list
end

-- ---- fitting ------------------------------------------------------------------------------------

local function total_width(list, bar)
  local total = #GAP * #list + (bar > 0 and #GAP + bar or 0)
  for _, column in ipairs(list) do total = total + column.width end
  return total
end

--- Cuts the widest texts until `excess` columns are gained or none is wider than `least`.
local function cut_texts(list, excess, least)
  while excess > 0 do
    local widest, second = nil, least
    for _, column in ipairs(list) do
      if not column.number and column.width > (widest and widest.width or least) then
        if widest then second = math.max(second, widest.width) end
        widest = column
      elseif not column.number then
        second = math.max(second, math.min(column.width, widest and widest.width - 1 or least))
      end
    end
    if not widest then return excess end
    local gain = math.min(excess, math.max(1, widest.width - second))
    widest.width, excess = widest.width - gain, excess - gain
  end
  return excess
end

--- Makes the columns fit: a shorter bar, then shorter texts, no bar, fewer columns. Returns the
--- length of the bar and the names of the columns left out.
local function fit(list, bar, width)
  local excess = total_width(list, bar) - width
  if excess <= 0 then return bar, {} end
  if bar > 0 then bar = math.max(8, bar - excess) end
  if cut_texts(list, total_width(list, bar) - width, 16) <= 0 then return bar, {} end
  bar = 0
  if cut_texts(list, total_width(list, bar) - width, 8) <= 0 then return bar, {} end
  local hidden = {}
  while #list > 2 and total_width(list, bar) > width do
    table.insert(hidden, 1, table.remove(list).name)
  end
  return bar, hidden
end

local function bars(d, rows, length)
  if length == 0 then return {} end
  local cells, largest, list = d.data[d.bar], 0, {}
  for i = 1, d.n do
    local v = cells[i]
    if v and v > largest and v < math.huge then largest = v end
  end
  for i = 1, rows do
    list[i] = cells[i] and largest > 0 and text.bar(cells[i] / largest, length) or ""
  end
  return list
end

-- ---- lines --------------------------------------------------------------------------------------

local function line(list, pick, bar)
  local parts = {}
  for k, column in ipairs(list) do
    parts[k] = text.pad(text.cut(pick(column), column.width), column.width,
      column.number and "left" or "right")
  end
  return (("  " .. table.concat(parts, GAP) .. (bar and GAP .. bar or "")):gsub("%s+$", ""))
end

--- The title with the unit of all numbers; nil where there is neither.
---@return string?
function layout.title(d)
  local unit = d.unit and ("[%s]"):format(d.unit)
  return d.title and unit and d.title .. GAP .. unit or d.title or unit
end

--- What was left out, and how to see it.
local function rest_lines(d, rows, hidden)
  local out = {}
  if rows < d.n then
    out[1] = ("… %s; :show{ rows = %d } prints all"):format(text.count(d.n - rows, "more row"), d.n)
  end
  if #hidden > 0 then
    local some = table.concat(hidden, ", ", 1, math.min(3, #hidden))
    if #hidden > 3 then some = some .. ", …" end
    out[#out + 1] = ("… %s: %s; :show{ width = ... } or :select{} shows them"):format(
      text.count(#hidden, "more column"), some)
  end
  return out
end

--- The text that print shows.
---@param d cm.FrameData
---@param options { rows: integer?, width: integer? }?
---@return string
function layout.text(d, options)
  local rows = math.min(d.n, options and options.rows or ROWS)
  local list = columns_of(d, rows)
  local width = options and options.width or text.columns()
  local bar, hidden = fit(list, d.bar and BAR or 0, width)
  local out = { layout.title(d) }
  local function add(lines)
    for _, s in ipairs(lines) do out[#out + 1] = "  " .. s end
  end
  add(d.note)
  if #list > 0 then out[#out + 1] = line(list, function(c) return c.head end) end
  local drawn = bars(d, rows, bar)
  for i = 1, rows do
    out[#out + 1] = line(list, function(c) return c.cells[i] end, drawn[i])
  end
  if d.n == 0 then add{ "(no rows)" } end
  add(rest_lines(d, rows, hidden))
  add(d.check)
  for i, s in ipairs(out) do out[i] = text.plain(s) end
  return table.concat(out, "\n")
end

local OPTIONS = {
  rows = { "integer", about = "how many rows" },
  width = { "integer", about = "columns of the screen" },
}

--- Prints more of the frame: f:show{ rows = 200, width = 160 }; without options all rows.
---@param options { rows: integer?, width: integer? }?
function layout.methods:show(options)
  local d = of(self)
  print(layout.text(d, args.check("show", options or { rows = d.n }, OPTIONS)))
end

-- ---- documents ----------------------------------------------------------------------------------

--- The whole frame as a table of a document. `row` makes a line of texts into one of the document.
local function document(d, row, out)
  local list = columns_of(d, d.n)
  local function texts(pick)
    local cells = {}
    for k, column in ipairs(list) do cells[k] = pick(column) end
    return cells
  end
  out[#out + 1] = row(texts(function(c) return c.head end), list)
  for i = 1, d.n do
    out[#out + 1] = row(texts(function(c) return c.cells[i] end))
  end
  return list
end

local function escape_markdown(s)
  return (s:gsub("[\\|*_<>`%[%]]", "\\%0"))
end

--- The whole frame as a table in Markdown.
---@return string
function layout.methods:markdown()
  local d, out = of(self), {}
  local title = layout.title(d)
  if title then out = { "**" .. escape_markdown(title) .. "**", "" } end
  for _, s in ipairs(d.note) do
    out[#out + 1] = escape_markdown(s)
    out[#out + 1] = ""
  end
  document(d, function(cells, list)
    for k, cell in ipairs(cells) do cells[k] = escape_markdown(cell) end
    local s = "| " .. table.concat(cells, " | ") .. " |"
    if not list then return s end
    local marks = {}
    for k, column in ipairs(list) do marks[k] = column.number and "---:" or "---" end
    return s .. "\n| " .. table.concat(marks, " | ") .. " |"
  end, out)
  for _, s in ipairs(d.check) do
    out[#out + 1] = ""
    out[#out + 1] = escape_markdown(s)
  end
  return table.concat(out, "\n") .. "\n"
end

local LATEX = {
  ["\\"] = "\\textbackslash{}", ["~"] = "\\textasciitilde{}", ["^"] = "\\textasciicircum{}",
  ["<"] = "\\textless{}", [">"] = "\\textgreater{}", ["|"] = "\\textbar{}",
}
local function escape_latex(s)
  s = s:gsub("[\\~^<>|&%%$#_{}]", function(c) return LATEX[c] or "\\" .. c end)
  return (s:gsub("−", "$-$"):gsub("∞", "$\\infty$"):gsub("…", "\\dots{}"))
end

--- The whole frame as a `tabular` of LaTeX; it needs no package.
---@return string
function layout.methods:latex()
  local d, out = of(self), {}
  local list = document(d, function(cells, first)
    for k, cell in ipairs(cells) do cells[k] = escape_latex(cell) end
    return "  " .. table.concat(cells, " & ") .. " \\\\" .. (first and " \\hline" or "")
  end, out)
  local sides = {}
  for k, column in ipairs(list) do sides[k] = column.number and "r" or "l" end
  table.insert(out, 1, ("\\begin{tabular}{%s} \\hline"):format(table.concat(sides)))
  local title = layout.title(d)
  if title then table.insert(out, 1, "% " .. title) end
  out[#out] = out[#out] .. " \\hline"
  out[#out + 1] = "\\end{tabular}"
  return table.concat(out, "\n") .. "\n"
end

return layout
