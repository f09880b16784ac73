--- What cm.complexity is asked about: exports by country and product, from a frame, a matrix or a
--- table. Internal to complexity.

local core = require "capmod.core"
local errors = require "capmod.errors"
local matrix = require "capmod.matrix"
local store = require "capmod.frame.store"
local text = require "capmod.text"

local exports = {}

---@class cm.Exports
---@field x capmod.Matrix  countries x products, all totals positive
---@field country cm.Column
---@field product cm.Column
---@field notes string[]
---@field unit string?
---@field year integer?

local function refuse(message, field, fix)
  errors.raise(2503, { message = "complexity: " .. message, object = "complexity", field = field,
    fix = fix })
end

--- The places of labels in order of first appearance.
local function places_of(cells, n, name_of)
  local labels, at, places = {}, {}, {}
  for i = 1, n do
    local label = name_of(cells[i])
    if not at[label] then labels[#labels + 1], at[label] = label, #labels + 1 end
    places[i] = at[label]
  end
  return labels, places
end

local function check_amount(value, where)
  if value < 0 or value ~= value or value == math.huge then
    refuse(("%s exports %s"):format(where, text.short(value)), "exports",
      "exports are finite and not negative; leave the row out, or set it to 0")
  end
end

--- Exports below 0, as tables have them where inventories are run down, count as nothing; a note
--- says whose.
local function floored(c, p, v, n, notes)
  local amounts, below = {}, {}
  for i = 1, n do
    amounts[i] = v[i]
    if v[i] and v[i] < 0 then
      amounts[i] = 0.0
      below[#below + 1] = ("%s.%s %.6g"):format(c[i], p[i], v[i])
    end
  end
  if #below > 6 then
    below = table.move(below, 1, 5, 1, { [6] = ("%d more"):format(#below - 5) })
  end
  if #below > 0 then
    notes[#notes + 1] = "below 0 in the table, taken as 0: " .. table.concat(below, ", ")
  end
  return amounts
end

--- Rows of the same country and product are added up; missing cells count nothing. `notes`: of a
--- table, whose amounts may be below 0.
local function from_frame(d, t, notes)
  local country, c = store.column(d, t.country or "country")
  local product, p = store.column(d, t.product or "product")
  local amount, v = store.number_column(d, t.value or "value")
  if notes then v = floored(c, p, v, d.n, notes) end
  local function code(cell) return store.country_code(cell) or text.short(cell) end
  for i = 1, d.n do
    if c[i] == nil or p[i] == nil then
      refuse(("row %d of %s has no %s"):format(i, store.name(d), c[i] == nil and country.name
        or product.name), "exports", "every row names a country and a product")
    end
    check_amount(v[i] or 0, ("row %d, %s, product %s:"):format(i, c[i], text.short(p[i])))
  end
  local known = {}
  local rows, row_of = places_of(c, d.n, function(cell)
    known[cell] = known[cell] or code(cell)
    return known[cell]
  end)
  local cols, col_of = places_of(p, d.n, text.short)
  local cells = {}
  for i = 1, #rows * #cols do cells[i] = 0.0 end
  for i = 1, d.n do
    local at = (row_of[i] - 1) * #cols + col_of[i]
    cells[at] = cells[at] + (v[i] or 0)
  end
  return { x = core.matrix_from(cells, #rows, #cols):label{ rows = rows, cols = cols },
    country = country, product = product, unit = store.unit_of(d, amount) }
end

local function from_matrix(m)
  if not m:labels "row" or not m:labels "col" then
    errors.raise(1202, { message = "complexity: the matrix of exports has no labels",
      object = "complexity", field = "exports",
      fix = "label its rows by countries and its columns by products: m:label{ rows =, cols = }" })
  end
  local least, i, j = m:min()
  check_amount(least, ("%s, %s:"):format(m:name("row", i), m:name("col", j)))
  return { x = m:check_finite "exports", country = { name = "country", kind = "country" },
    product = { name = "product" } }
end

local function from_table(m, t)
  local measure = t.measure or "EXGR"
  local d = store.of(m:indicators{ measure, by = { "country", "sector" } })
  local notes = { ("exports: %s of '%s'"):format(d.title, m.name) }
  local found = from_frame(d, { country = "country", product = "sector",
    value = store.main(d) }, notes)
  found.year, found.unit, found.notes = m.year, found.unit or m.unit, notes
  return found
end

--- Without the rows or columns that add up to 0, which the notes name.
---@param m capmod.Matrix
---@param side capmod.Side
---@param why string
---@param notes string[]
---@return capmod.Matrix
function exports.without_empty(m, side, why, notes)
  local sums, kept, names = m:sum{ by = side }, {}, {}
  for i, sum in ipairs(side == "row" and sums:column_list(1) or sums:row_list(1)) do
    if sum ~= 0 then kept[#kept + 1] = i else names[#names + 1] = m:name(side, i) end
  end
  if #names == 0 then return m end
  if #names > 6 then
    names = table.move(names, 1, 5, 1, { [6] = ("%d more"):format(#names - 5) })
  end
  notes[#notes + 1] = ("left out, %s: %s"):format(why, table.concat(names, ", "))
  return m:take(side, kept)
end

--- Reads the exports. CM1202, CM1501, CM1508, CM2503 of a frame or matrix; CM1651 of a table.
---@param t table
---@return cm.Exports
function exports.read(t)
  local given = t.exports
  local found = store.is_frame(given) and from_frame(store.of(given), t)
    or matrix.is(given) and from_matrix(given) or from_table(given, t)
  found.notes, found.year = found.notes or {}, t.year or found.year
  found.x = exports.without_empty(found.x, "row", "nothing exported", found.notes)
  found.x = exports.without_empty(found.x, "col", "exported by nobody", found.notes)
  if found.x:rows() < 3 or found.x:cols() < 3 then
    refuse(("%d countries export %d products"):format(found.x:rows(), found.x:cols()), "exports",
      "three of each are the least that can be told apart")
  end
  return found
end

return exports
