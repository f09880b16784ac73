--- The blocks of a table from what authors write: grid text, a Matrix, nested lists.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local grid = require "capmod.grid"

local blocks = {}

--- Rows given by name: { EMP = { 1, 2, ... }, CO2 = { ... } }.
local function named_rows(value)
  local names, rows = {}, {}
  for name, row in each(value) do names[#names + 1], rows[#rows + 1] = name, row end
  return core.matrix_from(rows):label{ rows = names }
end

--- A block as a Matrix: from grid text, a list of rows, one row, or rows by name.
---@param value string|table|Matrix
---@return Matrix
function blocks.block(value)
  if type(value) == "string" then return (grid(value)) end
  if type(value) ~= "table" then return value end
  if value[1] == nil then return named_rows(value) end
  return core.matrix_from(type(value[1]) == "table" and value or { value })
end

local block = blocks.block

local function irregular(object, message)
  errors.raise(1602, { message = ("%s: %s"):format(object, message), object = object, field = "Y",
    fix = "give each country the same final-demand columns, in the same order: " ..
      "USA.HFCE USA.GFCF KOR.HFCE KOR.GFCF" })
end

--- The categories of final demand from the labels of Y: nil where it has one column a country.
local function categories_of(object, labels, countries)
  local per = #labels // #countries
  if #labels ~= per * #countries or per == 0 then
    irregular(object, ("Y has %d columns for %d countries"):format(#labels, #countries))
  end
  if per == 1 and labels[1] == countries[1] then return nil end
  local list = {}
  for k = 1, per do
    local label = labels[k]
    if label:sub(1, #countries[1] + 1) ~= countries[1] .. "." then
      irregular(object, ("column %d of Y is '%s', which is not '%s.' and a category"):format(k,
        label, countries[1]))
    end
    list[k] = label:sub(#countries[1] + 2)
  end
  return list
end

--- What core.table takes, from the fields of cm.mrio.
---@param object string
---@param t table
---@return table
function blocks.read(object, t)
  for _, field in ipairs{ "countries", "sectors", "categories" } do
    for i, label in ipairs(t[field] or {}) do
      args.one(label, object, ("%s, item %d"):format(field, i), "string")
    end
  end
  local given = { countries = t.countries, sectors = t.sectors, categories = t.categories }
  given.Z, given.Y = block(t.Z), block(t.Y)
  local labels = given.Y:labels "col"
  if not given.categories and labels then
    given.categories = categories_of(object, labels, t.countries)
  end
  for _, part in ipairs{ "P", "PY", "F", "FY", "output" } do given[part] = block(t[part]) end
  return given
end

return blocks
