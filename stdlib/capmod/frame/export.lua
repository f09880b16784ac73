--- Frames to files and back: csv (also in the style of SDMX), tsv, Frictionless packages, markdown,
--- latex, text, and the formats that authors define.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local layout = require "capmod.frame.layout"
local package = require "capmod.frame.package"
local sdmx = require "capmod.frame.sdmx"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local of = store.of
local export = { methods = {} }

-- ---- csv ----------------------------------------------------------------------------------------

local function cell_text(value, quote)
  if value == nil then return "" end
  if type(value) == "number" then return text.full(value) end
  local s = tostring(value)
  if s:find(quote) or s:find "^%s" or s:find "%s$" then s = '"' .. s:gsub('"', '""') .. '"' end
  return s
end

local function is_value(d, col)
  return not store.is_key(d, col.name) and (col.kind == "number" or col.kind == "mixed")
end

local function lines_of(rows, delimiter)
  local quote = '["\r\n' .. delimiter .. "]"
  local out = {}
  for i, row in ipairs(rows) do
    for k = 1, row.n do row[k] = cell_text(row[k], quote) end
    out[i] = table.concat(row, delimiter, 1, row.n)
  end
  out[#out + 1] = ""
  return table.concat(out, "\n")
end

--- As printed: a line a row, a field a column.
local function wide_rows(d)
  local names = store.column_names(d)
  local rows = { names }
  names.n = #names
  for i = 1, d.n do
    local row = { n = #names }
    for k = 1, #names do row[k] = d.data[names[k]][i] end
    rows[i + 1] = row
  end
  return rows
end

--- The names of the three last columns of the long form; other ones where a label has taken them.
local function long_names(labels)
  for _, col in ipairs(labels) do
    if col.name == "measure" or col.name == "value" or col.name == "unit" then
      return "obs_measure", "obs_value", "obs_unit"
    end
  end
  return "measure", "value", "unit"
end

--- The columns that say which row it is, and those that say how much.
local function labels_and_values(d)
  local labels, values = {}, {}
  for _, col in ipairs(d.cols) do
    local list = is_value(d, col) and values or labels
    list[#list + 1] = col
  end
  return labels, values
end

--- One line a value: the labels, then which measure it is, the value, its unit. With the number of
--- columns that tell a line from others.
local function long_rows(d)
  local labels, values = labels_and_values(d)
  if #values == 0 then return wide_rows(d), #d.keys end
  local head, n = { n = #labels + 3 }, #labels
  for k, col in ipairs(labels) do head[k] = col.name end
  head[n + 1], head[n + 2], head[n + 3] = long_names(labels)
  local rows = { head }
  for i = 1, d.n do
    for _, col in ipairs(values) do
      local row = { n = n + 3 }
      for k, label in ipairs(labels) do row[k] = d.data[label.name][i] end
      row[n + 1], row[n + 2], row[n + 3] = col.name, d.data[col.name][i], store.unit_of(d, col)
      rows[#rows + 1] = row
    end
  end
  return rows, n + 1
end

--- The rows of a file, and how many of its first columns tell one from another.
local function rows_of(d, options)
  if options.style == "sdmx" then
    local labels, values = labels_and_values(d)
    return sdmx.rows(d, labels, values, options.year)
  elseif options.wide then
    return wide_rows(d), 0
  end
  return long_rows(d)
end

local function delimited(delimiter)
  return function(frame, options) return lines_of(rows_of(of(frame), options), delimiter) end
end

-- ---- save ---------------------------------------------------------------------------------------

local WRITERS = {
  csv = delimited ",",
  tsv = delimited "\t",
  md = function(frame) return frame:markdown() end,
  tex = function(frame) return frame:latex() end,
  txt = function(frame)
    return layout.text(of(frame), { rows = #frame, width = math.huge }) .. "\n"
  end,
}

--- Writes a file whole or not at all: under another name first, which then takes the place. CM1510.
---@param path string
---@param content string
function export.write_file(path, content)
  local part = path .. ".part"
  local function refuse(why)
    os.remove(part)
    errors.raise(1510, {
      message = ("cannot write '%s': %s"):format(path, (tostring(why):gsub("^.-: ", ""))),
      object = path, fix = "check that the folder is there and may be written",
    })
  end
  local file, why = io.open(part, "wb")
  if not file then refuse(why) end
  local written, failure = file:write(content)
  local closed, late = file:close()
  if not written or not closed then refuse(failure or late) end
  local moved, reason = os.rename(part, path)
  if not moved then refuse(reason) end
end

--- Writes a frame as csv; gives what a descriptor of a package says of the file. CM1510.
---@param frame cm.Frame
---@param folder string with its last "/", or ""
---@param name string of the file
---@param options { wide: boolean? }
---@return table resource
function export.write_resource(frame, folder, name, options)
  local d = of(frame)
  local rows, keys = rows_of(d, options)
  local resource = package.resource(name, rows, keys, d.title)
  export.write_file(folder .. name, lines_of(rows, ","))
  return resource
end

--- A csv file and its descriptor: x.csv beside x.datapackage.json, data.csv beside
--- datapackage.json. The descriptor comes last, so that none speaks of a file that is not there.
local function write_package(frame, path, options)
  local folder, base = path:match "^(.-)([^/]*)$"
  local stem = base:match "^(.+)%.datapackage%.json$" or "data"
  local resource = export.write_resource(frame, folder, stem .. ".csv", options)
  export.write_file(path, package.descriptor(of(frame).title or stem, { resource }))
end

--- A writer that an author has defined for this ending.
local function defined_writer(ending)
  local define = require "capmod.define"
  for _, writer in ipairs(define.registry "writer") do
    for _, known in ipairs(writer.endings or {}) do
      if known == ending then return writer.write end
    end
  end
end

--- A workbook of one sheet, laid out as the csv is; cells that csv leaves blank stay blank.
local function write_sheet(frame, path, options)
  local rows = rows_of(of(frame), options)
  local cells, cols = {}, #rows[1]
  for i, row in ipairs(rows) do
    cells[i] = {}
    for j = 1, cols do
      local value = row[j]
      if type(value) ~= "number" and value ~= nil then value = tostring(value) end
      cells[i][j] = value == nil and false or value
    end
  end
  require "capmod.core".write_sheet(path, "frame", cells, cols)
end

local OPTIONS = {
  wide = { "boolean", about = "csv: a line a row, as printed, instead of a line a value" },
  style = { "string", about = "csv: \"sdmx\" for the column names of SDMX" },
  year = { "integer", about = "style sdmx: TIME_PERIOD, where the frame has no column 'year'" },
}

local function check_style(given, path, ending)
  if given.style then args.choice(given.style, "style", { "sdmx" }, "save") end
  local field = given.style and "style" or given.year and "year"
  if not field or given.style and ending == "csv" and not given.wide then return end
  errors.raise(5202, {
    message = ("save: '%s' with %s"):format(path, given.wide and "wide and style"
      or field .. " = " .. tostring(given[field])), object = "save", field = field,
    fix = 'the style of SDMX is of csv files, a line a value: f:save{ "x.csv", style = "sdmx" }',
  })
end

--- Saves the frame; the ending of the path says how: .csv (17 significant digits, one line a value:
--- labels, measure, value, unit; `wide = true` for one line a row), .tsv, .xlsx (a sheet "frame"
--- laid out alike), .md, .tex, .txt, or that of a defined writer. `style = "sdmx"` names the
--- columns of a csv file REF_AREA,
--- COUNTERPART_AREA, ACTIVITY, MEASURE, TIME_PERIOD (column or field `year`), OBS_VALUE,
--- UNIT_MEASURE, UNIT_MULT. "x.datapackage.json" writes x.csv and a descriptor of it,
--- "datapackage.json" data.csv and one (Frictionless Data, Data Package 1). A file that stood there
--- is replaced once all is written. CM1509, CM1510, CM5201, CM5202.
---@param t string|{ [1]: string, wide: boolean?, style: string?, year: integer? }
---@param options { wide: boolean?, style: string?, year: integer? }?
---@return cm.Frame self
function export.methods:save(t, options)
  of(self)
  local given = store.column_with(options or {}, type(t) == "table" and t or { t })
  local path = args.one(table.remove(given, 1), "save", "path", "string")
  args.check("save", given, OPTIONS)
  local ending = (path:match "%.([%w_]+)$" or ""):lower()
  check_style(given, path, ending)
  local base = path:match "[^/]*$"
  if base == "datapackage.json" or base:find "^.+%.datapackage%.json$" then
    write_package(self, path, given)
    return self
  end
  if ending == "xlsx" then
    write_sheet(self, path, given)
    return self
  end
  local writer = WRITERS[ending] or defined_writer(ending)
  if not writer then
    local known = {}
    for name in each(WRITERS) do known[#known + 1] = "." .. name end
    errors.raise(1509, {
      message = ("save: no way to write '%s'"):format(path), object = "save", field = path,
      fix = ("end the name in one of %s .xlsx .datapackage.json"):format(
        table.concat(known, " ")),
    })
  end
  export.write_file(path, writer(self, given))
  return self
end

-- ---- load ---------------------------------------------------------------------------------------

local function refuse_file(path, line, message)
  errors.raise(1511, {
    message = ("%s, line %d: %s"):format(path, line, message), object = path, row = line,
    fix = "a frame is read from a csv file that a frame was saved to",
  })
end

--- The fields of csv text, record by record (RFC 4180).
local function records(path, s, delimiter)
  local out, at, line = {}, s:find "^\xEF\xBB\xBF" and 4 or 1, 1
  local stop = "[" .. delimiter .. "\r\n]"
  while at <= #s do
    local record = { line = line }
    repeat
      local field, next_at
      if s:sub(at, at) == '"' then
        local from = at + 1
        repeat
          local close = s:find('"', from, true) or refuse_file(path, line, "a quote is not closed")
          from = close + 2
        until s:sub(close + 1, close + 1) ~= '"'
        field, next_at = s:sub(at + 1, from - 3):gsub('""', '"'), from - 1
      else
        next_at = s:find(stop, at) or #s + 1
        field = s:sub(at, next_at - 1)
      end
      record[#record + 1] = field
      line = line + select(2, field:gsub("\n", ""))
      local mark = s:sub(next_at, next_at)
      at = next_at + 1
    until mark ~= delimiter
    if s:sub(at - 1, at) == "\r\n" then at = at + 1 end
    line = line + 1
    if #record > 1 or record[1] ~= "" then out[#out + 1] = record end
  end
  return out
end

local SPECIAL = { NaN = 0 / 0, Inf = math.huge, ["-Inf"] = -math.huge }

local function number_of(s)
  if SPECIAL[s] then return SPECIAL[s] end
  if s:find "^[+-]?%d*%.?%d*[eE]?[+-]?%d*$" and not s:find "^[+-]?0%d" then return tonumber(s) end
end

--- Cells as numbers if all of them are; a blank is a missing cell. "007" stays text.
local function typed(cells, n)
  local numbers = {}
  for i = 1, n do
    local s = cells[i]
    if s == "" then cells[i], s = nil, nil end
    if s then
      numbers[i] = numbers and number_of(s)
      if not numbers[i] then numbers = nil end
    end
    if not numbers then break end
  end
  for i = 1, n do if cells[i] == "" then cells[i] = nil end end
  return numbers or cells
end

local function check_fields(path, list)
  local head = list[1] or refuse_file(path, 1, "the file is empty")
  for _, record in ipairs(list) do
    if #record ~= #head then
      refuse_file(path, record.line, ("%d fields, but the header has %d"):format(#record, #head))
    end
  end
  return head
end

--- The three last columns are measure, value, unit (or obs_...): the long form.
local function is_long(head)
  local a, b, c = head[#head - 2], head[#head - 1], head[#head]
  return a == "measure" and b == "value" and c == "unit"
    or a == "obs_measure" and b == "obs_value" and c == "obs_unit"
end

local function wide_fields(list, head)
  local cols, columns, n = {}, {}, #list - 1
  for k, name in ipairs(head) do
    local cells = {}
    for i = 1, n do cells[i] = list[i + 1][k] end
    cols[k], columns[name] = { name = name }, typed(cells, n)
  end
  return { cols = cols, columns = columns, n = n }
end

local function long_fields(list, head)
  local labels, cols, columns, units, n, at = #head - 3, {}, {}, {}, 0, {}
  local measures = {}
  for i = 2, #list do
    local record = list[i]
    local id, measure = table.concat(record, "\0", 1, labels), record[labels + 1]
    if not columns[measure] then
      measures[#measures + 1], columns[measure], units[measure] = measure, {}, record[#record]
    end
    local row = at[id]
    if not row or columns[measure][row] ~= nil then
      n = n + 1
      row, at[id] = n, n
      for k = 1, labels do
        cols[k] = cols[k] or { name = head[k], cells = {} }
        cols[k].cells[n] = record[k]
      end
    end
    columns[measure][row] = record[labels + 2]
  end
  local keys = {}
  for k, col in ipairs(cols) do
    keys[k] = col.name
    columns[col.name], col.cells = typed(col.cells, n), nil
  end
  for _, measure in ipairs(measures) do
    columns[measure] = typed(columns[measure], n)
    cols[#cols + 1] = { name = measure, unit = units[measure] ~= "" and units[measure] or nil }
  end
  return { cols = cols, columns = columns, n = n, keys = keys }
end

--- The fields of a frame from a csv or tsv file that a frame was saved to, in either form. The
--- title is not in the file. CM1511 with the line where the file is something else.
---@param path string
---@return table fields for cm.frame
function export.load(path)
  args.one(path, "frame.load", "path", "string")
  local file, why = io.open(path, "rb")
  if not file then
    errors.raise(1510, { message = ("cannot read '%s': %s"):format(path,
      (tostring(why):gsub("^.-: ", ""))), object = path, fix = "check the path" })
  end
  local s = file:read "a"
  file:close()
  local list = records(path, s, path:lower():find "%.tsv$" and "\t" or ",")
  local head = check_fields(path, list)
  return is_long(head) and long_fields(list, head) or wide_fields(list, head)
end

return export
