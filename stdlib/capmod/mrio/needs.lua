--- What paths over years share: demand year by year, figures by place, and the frame of a path.
--- Internal to m:grow.

local args = require "capmod.args"
local blocks = require "capmod.mrio.blocks"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local places = require "capmod.mrio.places"
local rows = require "capmod.mrio.rows"

local needs = {}

local FIELDS = {
  years = { "integer", about = "how many" },
  growth = { "number", "list", about = "of final demand a year: 0.03, or a rate for each year" },
  demand = { "string", "table", "Matrix", about = "final demand: a column a year, or one for all" },
}

--- The fields that say what is needed when, and more.
function needs.fields(more)
  local fields = {}
  for _, set in ipairs{ FIELDS, more } do
    for name, rule in each(set) do fields[name] = rule end
  end
  return fields
end

local function refuse(object, message, field, fix)
  errors.raise(1662, { message = ("%s: %s"):format(object, message), object = object, field = field,
    fix = fix })
end

local function check_years(object, years)
  if years < 1 or years > 1000 then
    refuse(object, ("years = %d is not from 1 to 1000"):format(years), "years", "years = 10")
  end
  return math.tointeger(years)
end

--- The columns of `demand`, as many as there are years.
local function given_demand(s, object, t)
  local D = blocks.block(t.demand)
  if D:rows() ~= #s.nodes then
    errors.raise(1302, { message = ("%s: demand has %d rows, the table has %d nodes"):format(object,
      D:rows(), #s.nodes), object = object, field = "demand", fix = "a row for each node" })
  end
  D = D:check_finite "demand":label{ cols = false }
  if D:labels "row" then
    local at = {}
    for i, node in ipairs(s.nodes) do at[i] = D:find("row", node) or refuse(object,
      ("demand has no row '%s'"):format(node), "demand", "label the rows as the table's nodes") end
    D = D:take("row", at)
  end
  D = D:label{ rows = false }
  local years = check_years(object, t.years or D:cols())
  if D:cols() ~= 1 and D:cols() < years then
    refuse(object, ("demand has %d columns for %d years"):format(D:cols(), years), "demand",
      "a column a year, or one for all of them")
  end
  local list = {}
  for year = 1, years do list[year] = D:col(D:cols() == 1 and 1 or year):copy() end
  return list
end

--- Final demand of each year, n x 1.
---@return Matrix[]
function needs.demand(s, object, t)
  if t.demand then
    if t.growth then
      refuse(object, "both demand and growth are given", "growth", "leave one of them out")
    end
    return given_demand(s, object, t)
  end
  local rates = type(t.growth) == "table" and t.growth or nil
  local years = t.years or rates and #rates
  if not years then refuse(object, "how many years?", "years", "years = 10") end
  years = check_years(object, years)
  local y = s.table:part "D":sum{ by = "row" }:label{ rows = false, cols = false }
  local list, level = {}, 1
  for year = 1, years do
    local rate = t.growth or 0
    if rates then rate = rates[year] end
    args.one(rate, object, "growth", "number")
    if not (rate > -1 and rate < math.huge) then
      refuse(object, ("growth = %g in year %d"):format(rate, year), "growth", "3 % is 0.03")
    end
    level = level * (1 + rate)
    list[year] = y * level
  end
  return list
end

--- A figure for each node, n x 1: one for all, or { place = figure } with `rest` elsewhere.
---@return Matrix
function needs.figures(s, object, given, field, rest)
  local list = {}
  for i = 1, #s.nodes do list[i] = { type(given) == "number" and given or rest } end
  if type(given) == "table" then
    for name, figure in each(given) do
      args.one(name, object, field, "string")
      args.one(figure, object, field, "number")
      for _, i in ipairs(places.nodes(s, name, field).list) do list[i][1] = figure end
    end
  end
  return core.matrix_from(list)
end

--- The frame of a path: a row for each year and node.
---@param columns table<string, Matrix[]> n x 1 for each year
---@param names string[]
---@param note string|string[]|nil
function needs.frame(s, title, columns, names, note)
  local years, n = #columns[names[1]], #s.nodes
  rows.guard(years * n, title, "take fewer years, or aggregate the table")
  local data, cols = { year = {}, node = {} }, { { name = "year" }, { name = "node" } }
  for year = 1, years do
    for i = 1, n do
      local at = (year - 1) * n + i
      data.year[at], data.node[at] = (s.year or 0) + year, s.nodes[i]
    end
  end
  for k, name in ipairs(names) do
    local list = {}
    for year = 1, years do
      table.move(columns[name][year]:column_list(1), 1, n, (year - 1) * n + 1, list)
    end
    data[name], cols[k + 2] = list, { name = name, unit = name == "use" and "1" or nil }
  end
  return frame{ title = title, unit = s.unit, keys = { "year", "node" }, cols = cols,
    columns = data, note = note, bar = false }
end

return needs
