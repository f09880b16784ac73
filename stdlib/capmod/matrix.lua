--- Matrices: labelled numbers, whole arrays at a time.
---
---     local Z = cm.matrix{ rows = { "USA.A", "USA.M", "KOR.A" }, cols = { "USA", "KOR" },
---       data = { { 10, 4 }, { 12, 0 }, { 22, 15 } } }
---     print(Z)   print(Z{ from = "KOR.A", to = "USA" })   print(Z{ from = "USA" }:sum())
---
--- `+ - * / ^` go element by element and align by label: the same labels in another order are
--- brought into the order of the first, different ones are refused (CM1203). The product of linear
--- algebra is `a:mul(b)`. A matrix never changes; views (`:T :row :col :block :label`) share its
--- numbers and cost next to nothing. The methods in C are described in stdlib/meta/matrix.lua.
--- Errors CM12xx (labels), CM13xx (numbers and shapes), CM40xx (linear algebra).

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local text = require "capmod.text"

local methods = core.Matrix
local meta = getmetatable(core.matrix(0, 0))

local matrix = {}

--- Whether a value is a Matrix.
---@param value any
---@return boolean
function matrix.is(value)
  return getmetatable(value) == meta
end

-- ---- making -------------------------------------------------------------------------------------

local FIELDS = {
  rows = { "list", "integer", about = "labels of the rows, or how many there are" },
  cols = { "list", "integer", about = "labels of the columns, or how many there are" },
  data = { "list", "Matrix", about = "a list of rows, each a list of numbers" },
  fill = { "number", about = "the value of every element, where there is no data" },
}

local function count(side, field)
  if side == nil then
    errors.raise(1002, {
      message = ("matrix needs the field '%s' where it has no data"):format(field),
      object = "matrix", field = field, fix = ("%s: %s"):format(field, FIELDS[field].about),
    })
  end
  return type(side) == "table" and #side or math.tointeger(side)
end

local function numbers(t)
  if matrix.is(t.data) then return t.data end
  if t.data then
    local m = core.matrix_from(t.data)
    if m:rows() == 0 and t.cols then return core.matrix(0, count(t.cols, "cols")) end
    return m
  end
  return core.matrix(count(t.rows, "rows"), count(t.cols, "cols"), t.fill or 0)
end

local function check_count(m, wanted, found, what)
  if type(wanted) == "number" and wanted ~= found then
    errors.raise(1302, { message = ("matrix: %d %s are wanted, and the data has %d"):format(wanted,
      what, found), object = "matrix", fix = "correct the number, or leave it out" })
  end
  return m
end

--- Makes a matrix from labels and numbers, or from labels and one value for every element.
---@param t { rows: string[]|integer|nil, cols: string[]|integer|nil,
---  data: number[][]|capmod.Matrix|nil, fill: number? }
---@return capmod.Matrix
local function new(t)
  args.check("matrix", t, FIELDS)
  local m = numbers(t)
  check_count(m, t.rows, m:rows(), "rows")
  check_count(m, t.cols, m:cols(), "columns")
  return m:label{ rows = type(t.rows) == "table" and t.rows or nil,
    cols = type(t.cols) == "table" and t.cols or nil }
end

local label = methods.label

--- The same numbers under other labels; `false` takes the labels of a side away. CM1306 where a
--- label stands twice, CM1302 where there are too few or too many.
---@param t { rows: string[]|false|nil, cols: string[]|false|nil }
---@return capmod.Matrix
function methods:label(t)
  args.check("label", t, { rows = { "list", "boolean" }, cols = { "list", "boolean" } })
  return label(self, t)
end

-- ---- reading by label ---------------------------------------------------------------------------

local WORD = { row = "row", col = "column" }

--- What a matrix has no method for is said at once, not when nil is called. Costs nothing where the
--- method exists.
setmetatable(methods, { __index = function(_, name)
  local known = {}
  for method in each(methods) do known[#known + 1] = method end
  errors.raise(1001, { message = ("a matrix has no '%s'"):format(tostring(name)), object = "matrix",
    field = tostring(name), fix = errors.did_you_mean(name, known,
      "an element is m:get(i, j) or m{ from = row, to = column }") })
end })

--- Labels and the groups in front of their dots, for suggestions.
local function candidates(labels)
  local list, seen = {}, {}
  for _, name in ipairs(labels) do
    local head = name:match "^(.-)%."
    if head and not seen[head] then
      seen[head] = true
      list[#list + 1] = head
    end
  end
  return table.move(labels, 1, #labels, #list + 1, list)
end

local function labels_of(m, side)
  local labels = m:labels(side)
  if not labels then
    errors.raise(1202, { message = ("the %ss of this %d x %d matrix have no labels"):format(
      WORD[side], m:rows(), m:cols()), object = "matrix",
      fix = ("give them by m:label{ %ss = { ... } }"):format(side) })
  end
  return labels
end

--- The places under a label: its own, or all of "KOR.": places, whether it is one.
local function places_of(m, side, name)
  local place = m:find(side, tostring(name))
  if place then return { place }, true end
  local labels = labels_of(m, side)
  local found, prefix = {}, tostring(name) .. "."
  for i, other in ipairs(labels) do
    if other:sub(1, #prefix) == prefix then found[#found + 1] = i end
  end
  if #found > 0 then return found, false end
  errors.raise(1201, {
    message = ("no %s is called '%s'"):format(WORD[side], tostring(name)), object = "matrix",
    field = side == "row" and "from" or "to",
    fix = errors.did_you_mean(tostring(name), candidates(labels),
      ("the first are %s"):format(table.concat(labels, ", ", 1, math.min(5, #labels)))),
  })
end

local function selection(m, side, names)
  if type(names) ~= "table" then return places_of(m, side, names) end
  local all = {}
  for _, name in ipairs(names) do
    local found = places_of(m, side, name)
    table.move(found, 1, #found, #all + 1, all)
  end
  return all, false
end

--- A view where the places follow each other, a copy where not.
local function part(m, side, places)
  local first, n = places[1], #places
  for i = 2, n do
    if places[i] ~= first + i - 1 then return m:take(side, places) end
  end
  if n == 0 then return m:take(side, places) end
  if side == "row" then return m:block(first, first + n - 1, 1, m:cols()) end
  return m:block(1, m:rows(), first, first + n - 1)
end

--- `m{ from = "KOR", to = "USA.C29" }`: an element, or a block, by label. A label stands for its
--- row or column, the part before the dot for all that begin so, a list for several; a side that is
--- not named is taken whole. CM1201 unknown label, CM1202 no labels.
---@param t { from: string|string[]|nil, to: string|string[]|nil }
---@return number|capmod.Matrix
function meta.__call(m, t)
  if args.kind(t) ~= "table" then
    errors.raise(1003, { message = ("a matrix is asked for a part by a table of fields, not %s")
      :format(t == nil and "nothing" or "a " .. args.kind(t)), object = "matrix",
      fix = "m{ from = \"USA\", to = \"CHN\" }; properties such as c.rca have no parentheses" })
  end
  args.check("matrix", t, { from = { "string", "list" }, to = { "string", "list" } })
  local rows, one_row, cols, one_col
  if t.from ~= nil then rows, one_row = selection(m, "row", t.from) end
  if t.to ~= nil then cols, one_col = selection(m, "col", t.to) end
  if one_row and one_col then return m:get(rows[1], cols[1]) end
  if rows then m = part(m, "row", rows) end
  if cols then m = part(m, "col", cols) end
  return m
end

function meta.__newindex(_, name)
  errors.raise(1204, {
    message = ("a matrix does not change: '%s' cannot be set"):format(tostring(name)),
    object = "matrix", field = tostring(name),
    fix = "make another, by arithmetic or with m:label, m:take, m:join",
  })
end

-- ---- printing -----------------------------------------------------------------------------------

local SHOWN = 10 -- rows; columns are as many as fit

local function names_of(m, side, n)
  local names = {}
  for i = 1, n do names[i] = text.plain(m:name(side, i) or tostring(i)) end
  return names
end

--- A column of the corner as text: its name over its numbers, all of one width.
local function column(name, values, n, more)
  local style = text.number_style(values, n)
  local cells, width = { name }, text.width(name)
  for i = 1, n do
    cells[i + 1] = text.number(values[i], style)
    width = math.max(width, text.width(cells[i + 1]))
  end
  if more then cells[#cells + 1] = text.plain "…" end
  for i, cell in ipairs(cells) do cells[i] = text.pad(cell, width, "left") end
  return cells, width
end

--- The name column, and then as many columns as fit.
local function columns_of(m, n, more)
  local names = names_of(m, "row", n)
  local first, used = { "" }, 0
  for i = 1, n do
    first[i + 1] = names[i]
    used = math.max(used, text.width(names[i]))
  end
  if more then first[#first + 1] = text.plain "…" end
  for i, cell in ipairs(first) do first[i] = text.pad(cell, used) end
  local list, room = { first }, text.columns() - used - 4
  for j = 1, m:cols() do
    local values = m:block(1, n, j, j):column_list(1)
    local cells, width = column(text.plain(m:name("col", j) or tostring(j)), values, n, more)
    if width + 2 > room and j > 1 then break end
    room = room - width - 2
    list[#list + 1] = cells
  end
  return list
end

--- The corner of a matrix with its labels; an ellipsis says that there is more.
function meta.__tostring(m)
  local rows, cols = m:rows(), m:cols()
  local lines = { text.plain(("matrix %d × %d"):format(rows, cols)) }
  if rows == 0 or cols == 0 then return lines[1] end
  local n = math.min(rows, SHOWN)
  local list = columns_of(m, n, rows > n)
  local tail = #list - 1 < cols and "  " .. text.plain "…" or ""
  for i = 1, #list[1] do
    local cells = {}
    for j, cells_of in ipairs(list) do cells[j] = cells_of[i] end
    lines[#lines + 1] = ("  " .. table.concat(cells, "  ") .. tail):gsub("%s+$", "")
  end
  return table.concat(lines, "\n")
end

--- Factors say what they are of, and how far they can be trusted.
getmetatable(core.identity(1):lu()).__tostring = function(lu)
  return text.plain(("LU of a matrix of %d × %d, rcond %.2g"):format(lu:order(), lu:order(),
    lu:rcond()))
end

require "capmod.sparse" -- what m:sparse() gives

return setmetatable(matrix, {
  __name = "capmod.matrix",
  __call = function(_, t) return new(t) end,
})
