--- Coalitions of the members of a deal: integers whose bit i - 1 stands for member i, and labels
--- such as "CHN + KEN".

local codes = require "capmod.codes"
local each = require "capmod.each"
local errors = require "capmod.errors"

local coalition = {}

--- CM2210: members or worths that make no game.
---@param message string
---@param field string
---@param fix string?
function coalition.refuse(message, field, fix)
  errors.raise(2210, { message = "cooperation: " .. message, object = "cooperation", field = field,
    fix = fix or "give every coalition its worth: { A = 0, B = 0, [\"A + B\"] = 5 }" })
end

--- The coalition of all n members.
---@param n integer
---@return integer
function coalition.all(n) return (1 << n) - 1 end

---@param s integer
---@param i integer
---@return boolean
function coalition.has(s, i) return s >> (i - 1) & 1 == 1 end

---@param members string[]
---@param s integer
---@return string[]
function coalition.members(members, s)
  local list = {}
  for i, name in ipairs(members) do
    if coalition.has(s, i) then list[#list + 1] = name end
  end
  return list
end

--- "CHN + KEN".
---@param members string[]
---@param s integer
---@return string
function coalition.label(members, s)
  return table.concat(coalition.members(members, s), " + ")
end

--- The code of a country, of any other name the name itself.
---@param name any
---@return any
function coalition.code(name)
  local is_country, code = pcall(codes.country, name)
  if not is_country and errors.ends(code) then error(code, 0) end
  return is_country and code or name
end

--- The place of a member. CM2210.
---@param name any
---@param place table<string, integer>
---@param field string
---@return integer
function coalition.place(name, place, field)
  local i = place[name] or place[coalition.code(name)]
  if i then return i end
  local known = {}
  for member in each(place) do known[#known + 1] = member end
  coalition.refuse(("%s names '%s', who is no member"):format(field, tostring(name)), field,
    errors.did_you_mean(name, known, "the members are " .. table.concat(known, ", ")))
end

--- The coalition that a label such as "A + B" names, in any order, or a list of its members.
--- CM2210.
---@param who string|string[]
---@param place table<string, integer>
---@return integer
function coalition.of(who, place)
  local s = 0
  if type(who) == "table" then
    for _, name in ipairs(who) do s = s | 1 << (coalition.place(name, place, "worth") - 1) end
    return s
  end
  for name in (tostring(who) .. "+"):gmatch "%s*(.-)%s*%+" do
    s = s | 1 << (coalition.place(name, place, "worth") - 1)
  end
  return s
end

--- The sum of a list over the members of a coalition.
---@param x number[]
---@param s integer
---@return number
function coalition.sum(x, s)
  local sum = 0
  for i, value in ipairs(x) do
    if coalition.has(s, i) then sum = sum + value end
  end
  return sum
end

--- Coalitions 1 .. 2^n - 1, smaller ones first, each size in the order of bits.
---@param n integer
---@return integer[]
function coalition.by_size(n)
  local of_size, list = {}, {}
  for size = 1, n do of_size[size] = {} end
  for s = 1, coalition.all(n) do
    local size, rest = 0, s
    while rest ~= 0 do
      size, rest = size + 1, rest & (rest - 1)
    end
    table.insert(of_size[size], s)
  end
  for size = 1, n do table.move(of_size[size], 1, #of_size[size], #list + 1, list) end
  return list
end

return coalition
