--- Nodes summed by country, by sector, or left as they are: what the answers of a table go by.

local args = require "capmod.args"
local errors = require "capmod.errors"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local group = {}

---@class capmod.Grouped
---@field groups integer[]    the group of each node
---@field labels string[]
---@field keys string[]       names of the key columns
---@field cells table[]       { country =, sector = } of each group

--- Groups of nodes `by` "country", "sector", or both: { "country", "sector" } or "node". CM1004.
---@param s table
---@param by string|string[]
---@param object string
---@return capmod.Grouped
function group.nodes(s, by, object)
  local has = {}
  for _, key in ipairs(type(by) == "table" and by or { by }) do
    has[args.choice(key, "by", { "country", "sector", "node" }, object)] = true
  end
  local country, sector = has.country or has.node, has.sector or has.node
  local g = { groups = {}, labels = {}, cells = {}, keys = {} }
  if country then g.keys[1] = "country" end
  if sector then g.keys[#g.keys + 1] = "sector" end
  if country and sector then
    g.labels = table.move(s.nodes, 1, #s.nodes, 1, {})
  else
    local of = country and s.countries or s.sectors
    g.labels = table.move(of, 1, #of, 1, {})
  end
  for i in ipairs(s.nodes) do
    local c, k = places.country_of(s, i), places.sector_of(s, i)
    local at = country and sector and i or country and c or k
    g.groups[i] = at
    g.cells[at] = { country = country and s.countries[c] or nil,
      sector = sector and s.sectors[k] or nil }
  end
  return g
end

--- Descriptions of the key columns.
---@param s table
---@param g capmod.Grouped
---@return table[]
function group.columns(s, g)
  local cols = {}
  for i, key in ipairs(g.keys) do
    local names = key == "sector" and s.class and s.class.names or nil
    cols[i] = { name = key, kind = key, names = names }
  end
  return cols
end

--- Sums of a row or column over the nodes, a list by group.
---@param vector Matrix  n x 1 or 1 x n
---@param g capmod.Grouped
---@return number[]
function group.sum(vector, g)
  if vector:cols() == 1 then
    return vector:group("row", g.groups, g.labels):column_list(1)
  end
  return vector:group("col", g.groups, g.labels):row_list(1)
end

--- What is counted per unit of output: a 1 x n row and its name. Nothing named: the residual value
--- added. CM1609 where the table has no such row.
---@param s table
---@param t { row: string?, satellite: string? }
---@return Matrix row
---@return string name
---@return string? unit
function group.weights(s, t)
  local wanted = t.row or t.satellite
  if not wanted then return s.table:part "v", "value added", s.unit end
  local part = t.row and "P" or "F"
  local block = s.table:part(part)
  local names = block and block:labels "row" or {}
  for i, name in ipairs(names) do
    if name == wanted then
      return s.table:coefficients(part, i), name, t.row and s.unit or s.units[name]
    end
  end
  errors.raise(1609, { message = ("%s has no %s '%s'"):format(store.title(s),
    t.row and "published row" or "satellite", wanted), object = s.name,
    field = t.row and "row" or "satellite",
    fix = errors.did_you_mean(wanted, names, #names > 0 and "it has " .. table.concat(names, ", ")
      or ("give it as %s in cm.mrio"):format(part)) })
end

--- Lines of notes of several selections, wrapped.
---@param ... capmod.Places?
---@return string[]
function group.notes(...)
  local notes = {}
  for i = 1, select("#", ...) do
    local side = select(i, ...)
    for _, note in ipairs(side and side.notes or {}) do
      for _, line in ipairs(places.wrap(note, 92)) do notes[#notes + 1] = line end
    end
  end
  return notes
end

return group
