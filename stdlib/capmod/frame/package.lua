--- Descriptors of saved frames as Frictionless data packages. Internal to saving.
---
--- A descriptor says of each csv file what its fields are, so that other programs read numbers as
--- numbers (Frictionless Data: Data Package, Tabular Data Resource and Table Schema, version 1).

local json = require "capmod.json"

local package = {}

--- A name as descriptors want it: lower case, digits and . _ - only.
local function slug(name)
  local s = name:lower():gsub("[^%w._-]+", "-"):gsub("^-+", ""):gsub("-+$", "")
  return s ~= "" and s or "data"
end

--- Tells resources apart whose names have become the same: "a-b", "a-b-2".
local function name_apart(resources)
  local taken = {}
  for _, resource in ipairs(resources) do
    local name, count = resource.name, 1
    while taken[resource.name] do
      count = count + 1
      resource.name = ("%s-%d"):format(name, count)
    end
    taken[resource.name] = true
  end
end

--- The type of a field by its cells: one of Table Schema's; "any" where they are of several.
local function type_of(rows, k)
  local seen
  for i = 2, #rows do
    local value = rows[i][k]
    local kind = type(value) == "number" and math.type(value) or type(value)
    if kind == "float" then kind = "number" end
    if value == nil or kind == seen then
      kind = seen
    elseif kind == "integer" and seen == "number" or kind == "number" and seen == "integer" then
      kind = "number"
    elseif seen then
      return "any"
    end
    seen = kind
  end
  return seen or "string"
end

--- The names that tell one row from another, if they do: a key of a descriptor must be unique and
--- without blanks.
local function primary_key(rows, count)
  if count == 0 then return nil end
  local seen = {}
  for i = 2, #rows do
    local cells = {}
    for k = 1, count do
      if rows[i][k] == nil then return nil end
      cells[k] = ("%q"):format(tostring(rows[i][k]))
    end
    local id = table.concat(cells, ",")
    if seen[id] then return nil end
    seen[id] = true
  end
  return table.move(rows[1], 1, count, 1, {})
end

--- What a descriptor says of one csv file.
---@param path string the file, as seen from the descriptor
---@param rows table[] the header, then the rows, as they go to the file
---@param keys integer how many of the first columns say which row it is
---@param title string?
---@return table resource
function package.resource(path, rows, keys, title)
  local fields = {}
  for k, name in ipairs(rows[1]) do fields[k] = { name = name, type = type_of(rows, k) } end
  return {
    name = slug(path:gsub("%.csv$", "")), path = path, title = title, encoding = "utf-8",
    profile = "tabular-data-resource", format = "csv", mediatype = "text/csv",
    schema = { fields = fields, missingValues = { "" }, primaryKey = primary_key(rows, keys) },
  }
end

--- The text of datapackage.json.
---@param name string
---@param resources table[]
---@return string
function package.descriptor(name, resources)
  name_apart(resources)
  return json.encode{ name = slug(name), title = name, profile = "data-package",
    resources = resources } .. "\n"
end

return package
