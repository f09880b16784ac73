--- Frames: labelled tables of results, what capmod answers with.
---
---     local f = cm.frame{
---       title = "value by country", unit = "USD bn", keys = { "country" },
---       cols = { { name = "country", kind = "country" }, { name = "value", digits = 2 },
---                { name = "share", format = "percent" } },
---       rows = { { country = "USA", value = 37, share = .37 },
---                { country = "KOR", value = 30, share = .30 } },
---     }
---     print(f)   print(f.share.USA)   print(f:top(1))   f:save "value.csv"
---
--- A frame never changes; every verb gives another one. `f.share` is a column, `f.share.USA` a cell
--- looked up by the key (several keys: "USA.C29"; keys that are numbers: f.cost[2011]), `f[1]` a
--- row, `#f` the number of rows. Errors CM15xx.

local args = require "capmod.args"
local chart = require "capmod.frame.chart"
local each = require "capmod.each"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local html = require "capmod.frame.html"
local layout = require "capmod.frame.layout"
local shape = require "capmod.frame.shape"
local spread = require "capmod.frame.spread"
local store = require "capmod.frame.store"
local verbs = require "capmod.frame.verbs"

local of = store.of

-- ---- the constructor ----------------------------------------------------------------------------

local FIELDS = {
  title = { "string" },
  unit = { "string", about = "the unit of all numbers that have none of their own" },
  keys = { "list", about = "names of the columns that say which row it is" },
  cols = { "list", about = "{ name = \"value\", unit =, digits =, format =, kind = }, in order" },
  rows = { "list", about = "one table a row" },
  columns = { "table", about = "one list a column" },
  n = { "integer", about = "number of rows, where the last ones are empty" },
  bar = { "string", "boolean", about = "the column drawn as a bar; false for none" },
  check = { "string", "list", about = "lines under the numbers" },
  note = { "string", "list", about = "lines over the numbers" },
}
local COLUMN_FIELDS = {
  name = { "string" },
  kind = { "string", about = "number, text, country or sector" },
  unit = { "string" },
  digits = { "integer", about = "decimals" },
  format = { "string", about = "percent, signed or mixed" },
  label = { "string", about = "what the header shows" },
  names = { "table", about = "what stands after each code" },
}
local KINDS = { "number", "text", "mixed", "boolean", "country", "sector" }
local FORMATS = { "percent", "signed", "mixed" }

local function refuse_shape(object, message, fix)
  errors.raise(1504, { message = object .. ": " .. message, object = object, fix = fix })
end

local function lines(value)
  if value == nil then return {} end
  return type(value) == "table" and table.move(value, 1, #value, 1, {}) or { value }
end

--- Column descriptions from `cols`, each a name or a table that says more.
local function read_cols(object, cols)
  local list, seen = {}, {}
  for i, given in ipairs(cols) do
    local col = type(given) == "table" and store.column_with(given, {}) or { name = given }
    if col[1] ~= nil then
      col.name, col[1] = col.name or col[1], nil
    end
    if type(col.name) ~= "string" then
      refuse_shape(object, ("column %d has no name"):format(i), 'write { name = "value" }')
    end
    local column = ("%s, column '%s'"):format(object, col.name)
    args.check(column, col, COLUMN_FIELDS)
    if col.kind then args.choice(col.kind, "kind", KINDS, column) end
    if col.format then args.choice(col.format, "format", FORMATS, column) end
    if seen[col.name] then
      refuse_shape(object, ("two columns are named '%s'"):format(col.name), "rename one of them")
    end
    seen[col.name], list[i] = true, col
  end
  return list, seen
end

--- Columns where the author named none: the keys, then the others by name.
local function infer_cols(t)
  local found, list = {}, {}
  for _, row in ipairs(t.columns and { t.columns } or t.rows) do
    for name in pairs(row) do found[name] = true end -- any order
  end
  for _, key in ipairs(t.keys or {}) do
    if found[key] then found[key], list[#list + 1] = nil, { name = key } end
  end
  for name in each(found) do
    if type(name) == "string" then list[#list + 1] = { name = name } end
  end
  return list
end

local CELL = { number = true, string = true, boolean = true, ["nil"] = true }

local function check_cell(object, value, name, i)
  if not CELL[type(value)] then
    refuse_shape(object, ("row %d, column '%s' holds a %s"):format(i, name, args.kind(value)),
      "a cell is a number, a text, true, false or nothing")
  end
  return value
end

local function refuse_extra(object, i, name, seen)
  local names = {}
  for known in each(seen) do names[#names + 1] = known end
  refuse_shape(object, ("row %d has '%s', which is no column"):format(i, tostring(name)),
    errors.did_you_mean(tostring(name), names, "its columns are " .. table.concat(names, ", ")))
end

--- Cells by column from a list of rows, each a table by name or a list in the order of the columns.
local function from_rows(object, rows, cols, seen)
  local data = {}
  for _, col in ipairs(cols) do data[col.name] = {} end
  for i, row in ipairs(rows) do
    if type(row) ~= "table" then
      refuse_shape(object, ("row %d is a %s"):format(i, type(row)), "a row is a table")
    end
    local listed = row[1] ~= nil
    for name in each(row) do
      if listed and not cols[name] or not listed and not seen[name] then
        refuse_extra(object, i, name, seen)
      end
    end
    for k, col in ipairs(cols) do
      data[col.name][i] = check_cell(object, listed and row[k] or row[col.name], col.name, i)
    end
  end
  return data, #rows
end

--- Cells by column from lists, copied. The longest says how many rows there are, unless `n` does.
local function from_columns(object, columns, cols, seen, n)
  local data, longest, first = {}, 0, nil
  for name in each(columns) do
    if not seen[name] then refuse_extra(object, 0, name, seen) end
  end
  for _, col in ipairs(cols) do
    local cells = {}
    for i, value in pairs(columns[col.name] or {}) do -- any order
      if math.type(i) ~= "integer" or i < 1 then
        refuse_shape(object, ("column '%s' is not a list"):format(col.name), "give a list of cells")
      end
      cells[i] = check_cell(object, value, col.name, i)
      if i > longest then longest, first = i, col.name end
    end
    data[col.name] = cells
  end
  if n and longest > n then
    refuse_shape(object, ("column '%s' has %d cells, but n = %d"):format(first, longest, n),
      "give every column the same length")
  end
  return data, n or longest
end

--- The column drawn as a bar where the author does not say: a last column of shares.
local function default_bar(cols)
  local last = cols[#cols]
  return last and last.name == "share" and last.format == "percent" and "share" or nil
end

--- The keys where the author names none: a first column that holds no numbers.
local function default_keys(cols, data, n)
  local first = cols[1]
  if not first then return {} end
  for i = 1, n do
    if type(data[first.name][i]) ~= "string" then return {} end
  end
  return { first.name }
end

--- Makes a frame. `rows` is a list of rows, `columns` a table of lists; one of them is needed.
--- `cols` describes the columns in order (default: the keys, then the others by name). Errors:
--- CM1001-1004 fields, CM1501 a key or bar that is no column, CM1504 rows that do not fit.
---@param t { title: string?, unit: string?, keys: string[]?, cols: table?, rows: table?,
---  columns: table?, n: integer?, bar: string|false|nil, check: string|string[]|nil,
---  note: string|string[]|nil }
---@return cm.Frame
local function new(t)
  args.check("frame", t, FIELDS)
  local object = t.title and ("frame '%s'"):format(t.title) or "frame"
  if (t.rows == nil) == (t.columns == nil) then
    local what = t.rows and " has both 'rows' and 'columns'" or " needs the field 'rows'"
    errors.raise(1002, {
      message = object .. what, object = object, field = "rows",
      fix = "give rows = { {...}, ... } or columns = { name = {...} }",
    })
  end
  local cols, seen = read_cols(object, t.cols or infer_cols(t))
  local data, n
  if t.rows then
    data, n = from_rows(object, t.rows, cols, seen)
  else
    data, n = from_columns(object, t.columns, cols, seen, t.n)
  end
  local d = { title = t.title, unit = t.unit, cols = cols, data = data, n = n,
    check = lines(t.check), note = lines(t.note) }
  d.keys = t.keys and lines(t.keys) or default_keys(cols, data, n)
  for _, key in ipairs(d.keys) do store.column(d, key) end
  d.bar = t.bar
  if t.bar == nil then d.bar = default_bar(cols) end
  local made = store.new(d)
  if d.bar then store.number_column(d, d.bar) end
  return made
end

-- ---- looking things up --------------------------------------------------------------------------

---@class cm.Frame
local methods = {}

local PROPERTIES = { title = true, unit = true }

-- A column seen through its frame: column.USA, column["USA.C29"], column[1].
local Column = { __name = "cm.Column" }

function Column.__index(column, key)
  local d, name = column[Column].d, column[Column].name
  local by_place = type(key) == "number"
    and not (d.keys[1] and store.is_number(store.column(d, d.keys[1])))
  if by_place then return d.data[name][key] end
  if type(key) ~= "string" and type(key) ~= "number" then return nil end
  return d.data[name][store.find(d, key)]
end

function Column.__len(column) return column[Column].d.n end

function Column.__newindex() store.refuse_change() end

function Column.__pairs(column)
  local d, name = column[Column].d, column[Column].name
  local i = 0
  return function()
    i = i + 1
    if i > d.n then return nil end
    local key = #d.keys > 1 and store.label(d, d.keys, i) or d.keys[1] and d.data[d.keys[1]][i]
    return key or i, d.data[name][i]
  end
end

function Column.__tostring(column)
  local d, name = column[Column].d, column[Column].name
  local wanted = table.move(d.keys, 1, #d.keys, 1, {})
  if not store.is_key(d, name) then wanted[#wanted + 1] = name end
  return layout.text(of(verbs.methods.select(column[Column].frame, wanted)))
end

--- A method, a column, the title or the unit; a number is a row. Anything else is CM1501.
function store.meta.__index(frame, name)
  local d = of(frame)
  if type(name) == "number" then
    if math.type(name) == "integer" and name >= 1 and name <= d.n then return store.row(d, name) end
    return nil
  end
  if methods[name] then return methods[name] end
  if not d.data[name] and PROPERTIES[name] then return d[name] end
  store.column(d, name)
  return setmetatable({ [Column] = { frame = frame, d = d, name = name } }, Column)
end

store.meta.__newindex = store.refuse_change
function store.meta.__len(frame) return of(frame).n end
function store.meta.__tostring(frame) return layout.text(of(frame)) end

--- `for i, row in pairs(f)`: the rows in order.
function store.meta.__pairs(frame)
  local d, i = of(frame), 0
  return function()
    i = i + 1
    if i <= d.n then return i, store.row(d, i) end
  end
end

--- `for row in f:rows() do ... end`: each row as a table of its own.
---@return fun(): table?
function methods:rows()
  local d, i = of(self), 0
  return function()
    i = i + 1
    if i <= d.n then return store.row(d, i) end
  end
end

--- The names of the columns, in order.
---@return string[]
function methods:columns()
  return store.column_names(of(self))
end

--- The names of the key columns.
---@return string[]
function methods:keys()
  return table.move(of(self).keys, 1, #of(self).keys, 1, {})
end

--- The cells of one column as a list of their own (a missing cell is nil).
---@param name string
---@return table cells
function methods:column(name)
  local d = of(self)
  local _, cells = store.column(d, name)
  return table.move(cells, 1, d.n, 1, {})
end

--- What is known of the frame, or of one column: title, unit, keys, note, check; or name, kind,
--- unit, digits, format.
---@param name string?
---@return table
function methods:spec(name)
  local d = of(self)
  if name then
    local col = store.column(d, name)
    return store.column_with(col, { unit = store.unit_of(d, col) })
  end
  return { title = d.title, unit = d.unit, keys = self:keys(), bar = d.bar,
    note = lines(d.note), check = lines(d.check) }
end

--- The one row with these cells, as a table: f:get{ country = "USA", sector = "C29" }.
--- CM1502 where there is none, CM1503 where there are several.
---@param wanted table<string, any>
---@return table row
function methods:get(wanted)
  args.one(wanted, "get", "cells", "table")
  local found = verbs.methods.where(self, wanted)
  if #found == 1 then return found[1] end
  local parts = {}
  for name, value in each(wanted) do
    parts[#parts + 1] = ("%s = %s"):format(name, tostring(value))
  end
  errors.raise(#found == 0 and 1502 or 1503, {
    message = ("%s: %s with %s"):format(store.name(of(self)),
      #found == 0 and "no row" or #found .. " rows", table.concat(parts, ", ")),
    object = store.name(of(self)),
    fix = #found == 0 and "look at the rows with :where{}" or "name more columns, or use :where{}",
  })
end

--- The same frame with another title, note, check, bar or keys.
---@param t { title: string?, note: string|string[]|nil, check: string|string[]|nil,
---  bar: string|false|nil, keys: string[]? }
---@return cm.Frame
function methods:with(t)
  args.check("with", t, { title = FIELDS.title, note = FIELDS.note, check = FIELDS.check,
    bar = FIELDS.bar, keys = FIELDS.keys })
  local d = of(self)
  for _, key in ipairs(t.keys or {}) do store.column(d, key) end
  if t.bar then store.number_column(d, t.bar) end
  return store.derive(d, { title = t.title, note = t.note and lines(t.note),
    check = t.check and lines(t.check) or d.check, bar = t.bar, keys = t.keys and lines(t.keys) })
end

for _, module in ipairs{ verbs.methods, shape, layout.methods, export.methods, chart.methods,
  spread.methods, html.methods } do
  for name, method in each(module) do methods[name] = method end
end

-- ---- the module ---------------------------------------------------------------------------------

local frame = { is = store.is_frame }

--- Reads a csv or tsv file that a frame was saved to. CM1510, CM1511.
---@param path string
---@return cm.Frame
function frame.load(path)
  return new(export.load(path))
end

return setmetatable(frame, {
  __name = "capmod.frame",
  __call = function(_, t) return new(t) end,
})
