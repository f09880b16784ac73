--- What a frame holds, and the helpers that its verbs share. Internal to the frame.
--
-- The cells stand in one array a column, so that a verb over many rows moves numbers in arrays and
-- makes no table a row. A frame never changes: a verb builds new arrays, or shares the old ones.

local args = require "capmod.args"
local errors = require "capmod.errors"
local text = require "capmod.text"

local store = {}

---@class cm.Column
---@field name string
---@field kind string "number", "text", "mixed", "boolean", "country", "sector"
---@field unit string?
---@field digits integer? decimals, where they are not chosen from the data
---@field format string? "percent", "signed", "mixed" (each number its own decimals)
---@field label string? what the header shows
---@field names table<string, string>? what stands after a code

---@class cm.FrameData
---@field title string?
---@field unit string? of every number that has none of its own
---@field keys string[] names of the columns that say which row it is
---@field cols cm.Column[]
---@field data table<string, table> the cells, by column; a missing cell is nil
---@field n integer rows
---@field bar string|false|nil
---@field check string[] lines under the numbers
---@field note string[] lines over the numbers

--- The metatable of every frame; frame.lua fills it.
store.meta = { __name = "cm.Frame" }

local DATA = setmetatable({}, { __tostring = function() return "frame data" end })

---@return boolean
function store.is_frame(x)
  return type(x) == "table" and getmetatable(x) == store.meta
end

---@return cm.FrameData
function store.of(frame)
  args.object(store.is_frame(frame), "frame")
  return frame[DATA]
end

--- "frame 'value by country'", as messages name it.
function store.name(d)
  return d.title and ("frame '%s'"):format(d.title) or "frame"
end

-- ---- columns ------------------------------------------------------------------------------------

local function kind_of(cells, n)
  local seen
  for i = 1, n do
    local v = cells[i]
    if v ~= nil then
      local kind = type(v)
      if seen == nil then
        seen = kind
      elseif seen ~= kind then
        return "mixed"
      end
    end
  end
  return seen == "string" and "text" or seen
end

-- Kinds that an author states about codes; they stay whatever the cells are.
local STATED = { country = true, sector = true }

--- The description of a column with its kind worked out from the cells.
local function described(col, cells, n)
  local copy = {}
  for field, value in pairs(col) do copy[field] = value end -- any order
  if not STATED[copy.kind] then
    local blank = (copy.digits or copy.format or copy.kind == "number") and "number" or "text"
    copy.kind = kind_of(cells, n) or blank
  end
  return copy
end

--- A copy of a column description with some fields changed.
function store.column_with(col, changes)
  local copy = {}
  for field, value in pairs(col) do copy[field] = value end -- any order
  for field, value in pairs(changes) do copy[field] = value end -- any order
  return copy
end

---@param col cm.Column
---@return boolean
function store.is_number(col)
  return col.kind == "number"
end

--- Whether a column is one of the keys.
function store.is_key(d, name)
  for _, key in ipairs(d.keys) do
    if key == name then return true end
  end
  return false
end

--- The unit of a column's numbers: its own, or the frame's; shares and keys have none.
---@return string?
function store.unit_of(d, col)
  if col.unit then return col.unit end
  if col.format == "percent" or store.is_key(d, col.name) then return nil end
  if col.kind == "number" or col.kind == "mixed" then return d.unit end
end

--- Refuses to lay numbers of two units together: CM1507 where only one has a unit, CM14xx where
--- they differ.
---@param a string?
---@param b string?
---@param what string
function store.same_unit(a, b, what)
  if a == b then return end
  if a and b then return require("capmod.units").same(a, b, what) end
  errors.raise(1507, {
    message = ("%s: one is in '%s', the other has no unit"):format(what, a or b), object = what,
    fix = ("say unit = \"%s\" for the other, if that is what it is in"):format(a or b),
  })
end

function store.column_names(d)
  local names = {}
  for i, col in ipairs(d.cols) do names[i] = col.name end
  return names
end

--- The description of column `name`; CM1501 where there is none.
---@return cm.Column col, table cells
function store.column(d, name)
  for _, col in ipairs(d.cols) do
    if col.name == name then return col, d.data[name] end
  end
  local names = store.column_names(d)
  errors.raise(1501, {
    message = ("%s has no column '%s'"):format(store.name(d), tostring(name)),
    object = store.name(d), field = tostring(name),
    fix = errors.did_you_mean(tostring(name), names,
      "its columns are " .. table.concat(names, ", ")),
  })
end

--- As `column`, and its cells must be numbers; CM1508.
function store.number_column(d, name)
  local col, cells = store.column(d, name)
  if not store.is_number(col) then
    errors.raise(1508, {
      message = ("%s: column '%s' holds %s, not numbers"):format(store.name(d), name,
        col.kind == "mixed" and "numbers and text" or col.kind),
      object = store.name(d), field = name,
      fix = "name a column of numbers, or make one by :map{}",
    })
  end
  return col, cells
end

--- A column name, or a list of them, as a list of names that exist.
function store.names_of(d, names)
  if type(names) ~= "table" then names = { names } end
  for _, name in ipairs(names) do store.column(d, name) end
  return names
end

--- The column that a frame is about: that of the bar, 'value', or the first numbers.
function store.main(d)
  local first
  for _, col in ipairs(d.cols) do
    if store.is_number(col) and not store.is_key(d, col.name) then
      if col.name == d.bar or (col.name == "value" and not d.bar) then return col.name end
      first = first or col.name
    end
  end
  return first or errors.raise(1508, {
    message = store.name(d) .. " has no column of numbers", object = store.name(d),
    fix = "name the column that is meant",
  })
end

-- ---- making frames ------------------------------------------------------------------------------

--- A frame around `d`, whose kinds of columns are worked out here.
---@param d cm.FrameData
function store.new(d)
  local cols = {}
  for i, col in ipairs(d.cols) do cols[i] = described(col, d.data[col.name], d.n) end
  d.cols = cols
  return setmetatable({ [DATA] = d }, store.meta)
end

--- A frame like `d` with `changes`. A check that spoke of all rows goes unless it is named.
function store.derive(d, changes)
  local keys, names = {}, {}
  for _, col in ipairs(changes.cols or d.cols) do names[col.name] = true end
  for _, key in ipairs(changes.keys or d.keys) do
    if names[key] then keys[#keys + 1] = key end
  end
  local bar = changes.bar
  if bar == nil then bar = d.bar end
  if bar and not names[bar] then bar = nil end
  return store.new{
    title = changes.title or d.title, unit = changes.unit or d.unit, keys = keys,
    cols = changes.cols or d.cols, data = changes.data or d.data, n = changes.n or d.n,
    bar = bar, check = changes.check or {}, note = changes.note or d.note,
  }
end

--- The cells of every column in another order: row i becomes row order[i] of before.
function store.take(d, order)
  local data, n = {}, #order
  for _, col in ipairs(d.cols) do
    local from, to = d.data[col.name], table.move(order, 1, n, 1, {})
    for i = 1, n do to[i] = from[order[i]] end
    data[col.name] = to
  end
  return data, n
end

--- Row i as a table of its own.
function store.row(d, i)
  local row = {}
  for _, col in ipairs(d.cols) do row[col.name] = d.data[col.name][i] end
  return row
end

--- A view of one row after the other, without a table a row: `cursor, move = store.cursor(d)`,
--- then `move(i)`. A name that is no column is CM1501.
function store.cursor(d)
  local at = 0
  local cursor = setmetatable({}, {
    __index = function(_, name)
      local cells = d.data[name]
      if not cells then store.column(d, name) end
      return cells[at]
    end,
    __newindex = function() store.refuse_change() end,
    __pairs = function()
      local k = 0
      return function()
        while d.cols[k + 1] do
          k = k + 1
          local name = d.cols[k].name
          if d.data[name][at] ~= nil then return name, d.data[name][at] end
        end
      end
    end,
  })
  return cursor, function(i) at = i end
end

function store.refuse_change()
  errors.raise(1505, {
    message = "a frame does not change", object = "frame",
    fix = "make another: f:map{ column = function(row) return ... end }",
  })
end

-- ---- keys ---------------------------------------------------------------------------------------

--- What tells the rows apart in the columns `names`, as one string a row (or one of row i).
function store.identity(d, names)
  local columns = {}
  for k, name in ipairs(names) do columns[k] = d.data[name] end
  local parts = {}
  return function(i)
    for k = 1, #columns do
      local v = columns[k][i]
      local number = type(v) == "number"
      parts[k] = number and "n" .. text.full(v) or v == nil and "" or "s" .. tostring(v)
    end
    return table.concat(parts, "\0", 1, #columns)
  end
end

--- The label of row i as authors write it: "USA", "USA.C29", "0.15.0.17".
function store.label(d, names, i)
  local parts = {}
  for k, name in ipairs(names) do parts[k] = text.short(d.data[name][i]) end
  return table.concat(parts, ".")
end

--- Row numbers by label; `false` where several rows bear it. Made once.
local function index_of(d)
  if not d.index then
    local index = {}
    for i = 1, d.n do
      local label = store.label(d, d.keys, i)
      if index[label] == nil then index[label] = i else index[label] = false end
    end
    d.index = index
  end
  return d.index
end

local function refuse_key(d, label)
  local labels = {}
  for i = 1, math.min(d.n, 2000) do labels[i] = store.label(d, d.keys, i) end
  local fix = errors.did_you_mean(label, labels)
  if not fix and #labels > 0 then
    fix = "its rows are " .. table.concat(labels, ", ", 1, math.min(#labels, 8))
      .. (#labels > 8 and ", ..." or "")
  end
  local message = ("%s has no row '%s'"):format(store.name(d), label)
  if #d.keys == 0 then
    message = ("%s has no key columns to look '%s' up in"):format(store.name(d), label)
    fix = 'say which columns are keys: keys = { "country" }'
  end
  errors.raise(1502, { message = message, object = store.name(d), field = label, fix = fix })
end

--- Another spelling of a country, as its code; nil where it is none.
function store.country_code(name)
  local found, codes = pcall(require, "capmod.codes")
  if not found or type(name) ~= "string" then return nil end
  local known, code = pcall(codes.country, name)
  return known and type(code) == "string" and code or nil
end

--- The number of the row with this label; CM1502 where there is none, CM1503 where several are.
---@param d cm.FrameData
---@param key string|number
---@return integer
function store.find(d, key)
  local label = text.short(key)
  local i = index_of(d)[label]
  if i == nil and #d.keys == 1 and store.column(d, d.keys[1]).kind == "country" then
    i = index_of(d)[store.country_code(label) or label]
  end
  if i == nil then refuse_key(d, label) end
  if i == false then
    errors.raise(1503, {
      message = ("%s: several rows are '%s'"):format(store.name(d), label), object = store.name(d),
      field = label, fix = "name what tells them apart: :where{}, or add them up by :group{}",
    })
  end
  return i
end

-- ---- sums ---------------------------------------------------------------------------------------

--- The sum of the numbers of `cells` at `rows` (all to n where nil) with the rounding error carried
--- along (Neumaier 1974), and how many there were.
---@return number total, integer count
function store.sum(cells, n, rows)
  local total, lost, count = 0.0, 0.0, 0
  for k = 1, rows and #rows or n do
    local v = cells[rows and rows[k] or k]
    if v ~= nil then
      local sum = total + v
      if math.abs(total) >= math.abs(v) then
        lost = lost + ((total - sum) + v)
      else
        lost = lost + ((v - sum) + total)
      end
      total, count = sum, count + 1
    end
  end
  if lost ~= lost then return total, count end -- infinities: the plain sum says it
  return total + lost, count
end

return store
