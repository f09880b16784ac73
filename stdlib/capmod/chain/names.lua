--- The figures of a chain by dotted names: "wage.CHN.skilled", "tariff.BRA.assembly".
---
--- The whole name of a figure is where it stands, "places.CHN.wage.skilled"; the short one begins
--- with what it is. Two figures of one short name, such as the tiers of a place and of an operator,
--- have the first of places, operators, trade, stages under it; the other goes by its whole name.

local each = require "capmod.each"
local errors = require "capmod.errors"

local names = {}

-- Figures that have a default, so that they can be set where none is written.
local UNSET = {
  places = { "productivity", "tier", "capacity", "entry", "subsidy", "tax" },
  operators = { "productivity", "tier", "abroad", "joint" },
}

-- Of a stage the figures that stand in these; shares of at and by have to sum to 1.
local SKIPPED = { at = true, by = true, options = true, recipes = true, stages = true,
  [1] = true }

local function add(list, whole, short, path, value)
  list[#list + 1] = { whole = table.concat(whole, "."), short = table.concat(short, "."),
    path = { table.unpack(path) }, value = value }
end

--- All numbers below `node`. `whole`, `short` and `path` are as far as has been gone.
local function walk(list, node, whole, short, path, label)
  for key, value in each(node) do
    local text = label and label(key) or tostring(key)
    whole[#whole + 1], short[#short + 1], path[#path + 1] = text, text, key
    if type(value) == "number" then
      add(list, whole, short, path, value)
    elseif type(value) == "table" and not getmetatable(value) then
      walk(list, value, whole, short, path, label)
    end
    whole[#whole], short[#short], path[#path] = nil, nil, nil
  end
end

--- Groups whose second key comes first in the short name: places.CHN.wage -> wage.CHN.
--- Duties of a place that stand in trade have no say, and no name.
local function walk_group(list, given, group)
  local duties = type(given.trade) == "table" and given.trade.tariff or {}
  for code, row in each(type(given[group]) == "table" and given[group] or {}) do
    for field, value in each(row) do
      if field == "tariff" and duties[code] ~= nil then value = nil end
      local whole, short, path = { group, code, field }, { field, code }, { group, code, field }
      if type(value) == "number" then add(list, whole, short, path, value)
      elseif type(value) == "table" then walk(list, value, whole, short, path) end
    end
  end
end

local POINT = { "volume", "cost" }

local function walk_scale(list, scale)
  for class, points in each(type(scale) == "table" and scale or {}) do
    for k, point in ipairs(points) do
      for i, value in ipairs(point) do
        local name = { "scale", class, tostring(k), POINT[i] }
        add(list, name, name, { "scale", class, k, i }, value)
      end
    end
  end
end

--- The figures of one entry; `tail` comes behind the stage's name.
local function walk_stage(list, entry, name, path, tail)
  for field, value in each(entry) do
    local whole, short = { "stages", name, field }, { field, name }
    if tail then
      whole, short = { "stages", name, "recipes", tail, field }, { field, name, tail }
    end
    local here = { table.unpack(path) }
    here[#here + 1] = field
    if type(value) == "number" then
      add(list, whole, short, here, value)
    elseif type(value) == "table" and not SKIPPED[field] then
      walk(list, value, whole, short, here)
    end
  end
end

local function walk_stages(list, given)
  for i, entry in ipairs(given.stages) do
    walk_stage(list, entry, entry[1], { "stages", i })
    for name, recipe in each(type(entry.recipes) == "table" and entry.recipes or {}) do
      local path = { "stages", i, "recipes", name }
      walk_stage(list, recipe, entry[1], path, name)
      for k, inner in ipairs(recipe.stages or {}) do
        walk_stage(list, inner, inner[1], { "stages", i, "recipes", name, "stages", k })
      end
    end
  end
end

--- What modes are told: { "joint", equity = 0.6 } has modes.1.equity, in short equity.joint.
local function walk_modes(list, given)
  for i, item in ipairs(type(given.modes) == "table" and given.modes or {}) do
    for field, value in each(type(item) == "table" and item or {}) do
      local whole, short = { "modes", tostring(i), field }, { field, item[1] }
      local path = { "modes", i, field }
      if type(value) == "number" then add(list, whole, short, path, value)
      elseif type(value) == "table" then walk(list, value, whole, short, path) end
    end
  end
end

--- Every figure of what a chain was made from, in a fixed order.
local function all(given)
  local list = {}
  for _, field in ipairs{ "price", "volume", "tier_step" } do
    if type(given[field]) == "number" then
      add(list, { field }, { field }, { field }, given[field])
    end
  end
  walk_group(list, given, "places")
  walk_group(list, given, "operators")
  walk(list, given.trade or {}, { "trade" }, {}, { "trade" })
  walk_stages(list, given)
  walk_modes(list, given)
  walk(list, type(given.nearby) == "table" and given.nearby or {}, { "nearby" }, { "nearby" },
    { "nearby" })
  walk_scale(list, given.scale)
  walk(list, type(given.learning) == "table" and given.learning or {}, { "learning" },
    { "learning" }, { "learning" })
  return list
end

local function add_unset(list, given)
  for group, fields in each(UNSET) do
    for code, row in each(type(given[group]) == "table" and given[group] or {}) do
      for _, field in ipairs(fields) do
        if row[field] == nil then
          add(list, { group, code, field }, { field, code }, { group, code, field })
        end
      end
    end
  end
  if not given.trade or given.trade.freight == nil then
    add(list, { "trade", "freight" }, { "freight" }, { "trade", "freight" })
  end
end

--- The entries by name; a whole name always, a short one for the first that has it.
local function index(list)
  local by_name = {}
  for _, entry in ipairs(list) do by_name[entry.whole] = entry end
  for _, entry in ipairs(list) do by_name[entry.short] = by_name[entry.short] or entry end
  return by_name
end

--- { name, value } of every figure, by the shortest name that finds it.
---@param given table  what a chain was made from
---@return { name: string, value: number }[]
function names.list(given)
  local list, rows = all(given), {}
  local by_name = index(list)
  for i, entry in ipairs(list) do
    rows[i] = { name = by_name[entry.short] == entry and entry.short or entry.whole,
      value = entry.value }
  end
  return rows
end

--- Parts changes into those of fields and those of figures, whose names have a dot or are of trade.
---@param changes table
---@param known table<string, any>  the fields of a chain
---@return table fields, table figures
function names.split(changes, known)
  local fields, figures = {}, {}
  for key, value in each(changes) do
    local is_figure = type(key) == "string" and (key:find(".", 1, true)
      or not known[key] and errors.suggest(key, { "freight", "interface" }))
    if is_figure then figures[key] = value elseif key ~= "stages" then fields[key] = value end
  end
  return fields, figures
end

local function put(given, path, value)
  local node = given
  for k = 1, #path - 1 do
    node[path[k]] = node[path[k]] or {}
    node = node[path[k]]
  end
  node[path[#path]] = value
end

--- Sets figures by name in what a chain is to be made from. CM2065, CM1003.
---@param given table
---@param figures table<string, number>
---@param found cm.Findings
---@param object string
function names.set(given, figures, found, object)
  if next(figures) == nil then return end
  local list = all(given)
  add_unset(list, given)
  local by_name, known = index(list), {}
  for name, value in each(figures) do
    local entry = by_name[name]
    if not entry then
      if #known == 0 then
        for one in each(by_name) do known[#known + 1] = one end
      end
      found:add(2065, { message = ("%s has no figure '%s'"):format(object, name), object = object,
        field = name, fix = errors.did_you_mean(name, known,
          "chain:figures() lists the names of its figures") })
    elseif type(value) ~= "number" then
      found:add(1003, { message = ("%s: '%s' is a %s, not a number"):format(object, name,
        type(value)), object = object, field = name,
        fix = ("[\"%s\"] = 2, a figure in the place of the one that is there"):format(name) })
    else
      put(given, entry.path, value)
    end
  end
end

return names
