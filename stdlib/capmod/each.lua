--- Iteration in a fixed order. Lua's `pairs` changes its order from run to run,
--- so whatever reaches a number, a file or the screen goes through here.

local rank = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local ra, rb = rank[type(a)] or 4, rank[type(b)] or 4
  if ra ~= rb then return ra < rb end
  if ra <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

--- The pairs of a table with its keys in order: numbers, then strings.
---@generic K, V
---@param t table<K, V>
---@return fun(): K?, V?
local function each(t)
  if type(t) ~= "table" and not (getmetatable(t) or {}).__pairs then
    require "capmod.args".one(t, "each", "t", "table")
  end
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, before)
  local i = 0
  return function()
    i = i + 1
    local key = keys[i]
    if key ~= nil then return key, t[key] end
  end
end

return each
