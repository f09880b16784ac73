--- Rules of a chain over years that change: local content of 20 % in 2026 and of 60 % in 2036.
---
---     rules = { ["content.ETH"] = { min = { [2026] = 0.2, [2036] = 0.6 } } }
---
--- Between two years that are named a bound goes in a straight line; before the first there is
--- none, behind the last it stays.

local args = require "capmod.args"
local each = require "capmod.each"
local insides = require "capmod.chain.inside"

local ramps = {}

---@class cm.Ramp
---@field name string  as chain:locate takes it in `subject`
---@field min { [1]: integer, [2]: number }[]?  years and bounds, in order
---@field max { [1]: integer, [2]: number }[]?

local SIDES = {
  min = { "number", "table", about = "0.3, or by year: { [2026] = 0.2, [2036] = 0.6 }" },
  max = { "number", "table", about = "210, or by year: { [2026] = 210, [2036] = 180 }" },
}

local FIX = "a finite number by year: { [2026] = 0.2, [2036] = 0.6 }"

--- The bounds of a side, in the order of years; a bound that does not change is that of all.
local function points_of(bound, first, object, side, found)
  if type(bound) == "number" then bound = { [first] = bound } end
  local points = {}
  if bound and #bound > 0 then
    found:add(1004, { message = ("%s: %s is a list; a bound is of a year"):format(object, side),
      object = object, field = side, fix = FIX })
    return nil
  end
  for year, x in each(bound or {}) do
    if math.type(year) ~= "integer" or type(x) ~= "number" or x - x ~= 0 then
      found:add(1004, { message = ("%s: %s of %s is %s"):format(object, side, tostring(year),
        tostring(x)), object = object, field = side, fix = FIX })
    else
      points[#points + 1] = { year, x }
    end
  end
  return #points > 0 and points or nil
end

--- The rules as an author gives them. CM1001, CM1003, CM1004.
---@param given table?
---@param first integer
---@param found cm.Findings
---@return cm.Ramp[]
function ramps.read(given, first, found)
  local list = {}
  for name, sides in each(given or {}) do
    local object, before = "rules." .. tostring(name), #found
    args.check("over", { [object] = sides }, { [object] = { "table",
      about = "{ min = { [2026] = 0.2, [2036] = 0.6 } }" } }, found)
    if #found == before then args.check(object, sides, SIDES, found) end
    if #found == before then
      list[#list + 1] = { name = name,
        min = points_of(sides.min, first, object, "min", found),
        max = points_of(sides.max, first, object, "max", found) }
    end
  end
  return list
end

--- The bound of a side in a year; nil before the first.
local function bound_in(points, year)
  if not points or year < points[1][1] then return nil end
  for k = #points, 1, -1 do
    local at, x = points[k][1], points[k][2]
    local later = points[k + 1]
    if year >= at then
      return later and x + (later[2] - x) * (year - at) / (later[1] - at) or x
    end
  end
end

--- What chain:locate is asked in a year.
---@param list cm.Ramp[]
---@param question table?  `locate` of the author, whose `subject` holds where no ramp is in force
---@param year integer
---@return table? question
function ramps.question(list, question, year)
  if #list == 0 then return question end
  local asked = {}
  for field, value in pairs(question or {}) do asked[field] = value end -- any order
  asked.subject = insides.copy(asked.subject or {})
  for _, ramp in ipairs(list) do
    local min, max = bound_in(ramp.min, year), bound_in(ramp.max, year)
    if min or max then
      local rule = asked.subject[ramp.name] or {}
      rule.min, rule.max = min or rule.min, max or rule.max
      asked.subject[ramp.name] = rule
    end
  end
  return asked
end

return ramps
