--- Frames as csv under the names of SDMX's concepts, as the OECD publishes its TiVA indicators:
--- REF_AREA, COUNTERPART_AREA, ACTIVITY, ..., MEASURE, TIME_PERIOD, OBS_VALUE, UNIT_MEASURE,
--- UNIT_MULT. Internal to saving.

local errors = require "capmod.errors"
local store = require "capmod.frame.store"
local units = require "capmod.units"

local sdmx = {}

-- Which columns of a frame a concept stands for; the first that the frame has.
local CONCEPTS = {
  { "REF_AREA", { "country", "exporter", "origin" } },
  { "COUNTERPART_AREA", { "partner", "importer", "destination" } },
  { "ACTIVITY", { "sector", "activity" } },
  { "TIME_PERIOD", { "year" } },
}

local function refuse(d, message, fix)
  errors.raise(5201, { message = ("%s: %s"):format(store.name(d), message), object = "save",
    field = "style", fix = fix })
end

--- The concepts by column: named ones first, the other labels under their own names.
local function concepts_of(d, labels)
  local concept, taken = {}, { MEASURE = true, OBS_VALUE = true, UNIT_MEASURE = true,
    UNIT_MULT = true }
  local has = {}
  for _, col in ipairs(labels) do has[col.name] = true end
  for _, rule in ipairs(CONCEPTS) do
    for _, name in ipairs(rule[2]) do
      if has[name] and not taken[rule[1]] then concept[name], taken[rule[1]] = rule[1], true end
    end
  end
  for _, col in ipairs(labels) do
    if not concept[col.name] then
      local id = col.name:upper():gsub("[^%w]+", "_")
      if taken[id] then
        refuse(d, ("column '%s' would be a second %s"):format(col.name, id),
          "rename the column, or leave it out with :select")
      end
      concept[col.name], taken[id] = id, true
    end
  end
  return concept
end

--- The labels in SDMX's order, and the place where TIME_PERIOD is due.
local function order(labels, concept)
  local place, list = { REF_AREA = 1, COUNTERPART_AREA = 2, ACTIVITY = 3 }, {}
  local year
  for i, col in ipairs(labels) do
    local id = concept[col.name]
    if id == "TIME_PERIOD" then
      year = col.name
    else
      list[#list + 1] = { name = col.name, id = id, rank = place[id] or 3 + i }
    end
  end
  table.sort(list, function(a, b) return a.rank < b.rank end)
  return list, year
end

--- The power of ten that is exactly this multiplier, or nil.
local function exponent(multiplier)
  for power = 0, 15 do
    if multiplier == 10.0 ^ power then return power end
  end
end

--- UNIT_MEASURE and UNIT_MULT: USD and 6 from "USD mn".
---@param written string?
---@return string? unit, integer power of ten
function sdmx.unit_of(written)
  if not written then return nil, 0 end
  local unit = units.unit(written)
  local power = exponent(unit.multiplier)
  if power and unit.kind == "money" then
    local one = setmetatable(store.column_with(unit, { multiplier = 1 }), getmetatable(unit))
    return tostring(one), power
  elseif power and power > 0 and unit.kind == "quantity" and not unit.per then
    return unit.base, power
  end
  return written, 0
end

--- The rows of the file, header first. A year that is no column is given. CM5201.
---@param d cm.FrameData
---@param labels cm.Column[]
---@param values cm.Column[]
---@param year integer?
---@return table[]
function sdmx.rows(d, labels, values, year)
  if #values == 0 then refuse(d, "it has no column of numbers, hence no observations") end
  local list, year_column = order(labels, concepts_of(d, labels))
  local dated = year_column or year
  local head = {}
  for k, label in ipairs(list) do head[k] = label.id end
  for _, id in ipairs{ "MEASURE", dated and "TIME_PERIOD" or false, "OBS_VALUE", "UNIT_MEASURE",
    "UNIT_MULT" } do
    if id then head[#head + 1] = id end
  end
  head.n = #head
  local rows, measured = { head }, {}
  for k, col in ipairs(values) do measured[k] = { sdmx.unit_of(store.unit_of(d, col)) } end
  for i = 1, d.n do
    for c, col in ipairs(values) do
      local row, n = { n = head.n }, #list
      for k, label in ipairs(list) do row[k] = d.data[label.name][i] end
      row[n + 1] = col.name
      if dated then row[n + 2] = year_column and d.data[year_column][i] or year end
      row[head.n - 2] = d.data[col.name][i]
      row[head.n - 1], row[head.n] = measured[c][1], measured[c][2]
      rows[#rows + 1] = row
    end
  end
  return rows
end

return sdmx
