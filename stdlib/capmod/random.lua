--- Random numbers from named streams, the same on every platform.
---
---     local r = cm.random{ seed = 42 }
---     r:uniform(60, 120)   r:integer(1, 6)   r:draw(cm.normal(90, 10))
---     local wages = r:stream "wages"        -- another stream of the same seed
---
--- The generator is xoshiro256** 1.0 (Blackman and Vigna 2021, Scrambled linear pseudorandom number
--- generators, ACM Transactions on Mathematical Software 47), its state filled by splitmix64 from
--- the seed and a hash of the stream's name. Every draw of a distribution takes one number.

local args = require "capmod.args"
local errors = require "capmod.errors"
local sample = require "capmod.sample"

---@class cm.Random
local Random = { __name = "cm.Random" }
Random.__index = Random

local function rotate(x, k)
  return (x << k) | (x >> (64 - k))
end

local random = {}

--- FNV-1a (Fowler, Noll, Vo), 64 bits; 0 for no name.
---@param name string
---@return integer
function random.hash(name)
  if name == "" then return 0 end
  local h = 0xCBF29CE484222325
  for i = 1, #name do h = (h ~ name:byte(i)) * 0x100000001B3 end
  return h
end

--- The four words of a state by splitmix64.
local function filled(seed)
  local state, x = {}, seed
  for i = 1, 4 do
    x = x + 0x9E3779B97F4A7C15
    local z = (x ~ (x >> 30)) * 0xBF58476D1CE4E5B9
    z = (z ~ (z >> 27)) * 0x94D049BB133111EB
    state[i] = z ~ (z >> 31)
  end
  return state
end

local function new(seed, name)
  local r = filled(seed ~ random.hash(name))
  r.seed, r.name = seed, name
  return setmetatable(r, Random)
end

function Random:__tostring()
  return ("random numbers, seed %d%s"):format(self.seed,
    self.name ~= "" and (", stream '%s'"):format(self.name) or "")
end

--- 64 random bits as an integer.
---@return integer
function Random:bits()
  local s0, s1, s2, s3 = self[1], self[2], self[3], self[4]
  local result = rotate(s1 * 5, 7) * 9
  s2, s3 = s2 ~ s0, s3 ~ s1
  self[1], self[2] = s0 ~ s3, s1 ~ s2
  self[3], self[4] = s2 ~ (s1 << 17), rotate(s3, 45)
  return result
end

--- A number between 0 and 1 (without both), or between two numbers.
---@param low number?
---@param high number?
---@return number
function Random:uniform(low, high)
  local p = ((self:bits() >> 12) + 0.5) * 0x1p-52
  if low == nil then return p end
  return sample.uniform(low, high):quantile(p)
end

--- A whole number from `low` to `high`, each as likely as the others. CM3008 where there is none.
---@param low integer
---@param high integer
---@return integer
function Random:integer(low, high)
  low = math.tointeger(args.one(low, "integer", "low", "integer"))
  high = math.tointeger(args.one(high, "integer", "high", "integer"))
  local n = high - low + 1
  if high < low or n < 1 then
    errors.raise(3008, {
      message = ("integer: no whole number to draw from %d to %d"):format(low, high),
      object = "integer", fix = "write r:integer(low, high), less than 2^63 apart",
    })
  end
  local last = math.maxinteger - (math.maxinteger % n + 1) % n -- beyond it, a bias
  local x
  repeat x = self:bits() >> 1 until x <= last
  return low + x % n
end

--- A number from a distribution: r:draw(cm.normal(90, 10)).
---@param distribution cm.Distribution
---@return number
function Random:draw(distribution)
  args.one(distribution, "draw", "distribution", "Distribution")
  return distribution:quantile(self:uniform())
end

--- A normal number: r:normal(mean, sd), by default 0 and 1.
---@param mean number?
---@param sd number?
---@return number
function Random:normal(mean, sd)
  return self:draw(sample.normal(mean or 0, sd or 1))
end

--- A number between `low` and `high`, most likely near `mode`.
---@param low number
---@param mode number
---@param high number
---@return number
function Random:triangular(low, mode, high)
  return self:draw(sample.triangular(low, mode, high))
end

--- A copy of a list in random order (Fisher and Yates).
---@generic T
---@param list T[]
---@return T[]
function Random:shuffle(list)
  args.one(list, "shuffle", "list", "list")
  local copy = table.move(list, 1, #list, 1, {})
  for i = #copy, 2, -1 do
    local j = self:integer(1, i)
    copy[i], copy[j] = copy[j], copy[i]
  end
  return copy
end

--- One of a list; nil of an empty one.
---@generic T
---@param list T[]
---@return T?
function Random:pick(list)
  args.one(list, "pick", "list", "list")
  return #list > 0 and list[self:integer(1, #list)] or nil
end

--- Another stream of the same seed, by name. What is drawn from one does not move the other.
---@param name string
---@return cm.Random
function Random:stream(name)
  args.one(name, "stream", "name", "string")
  return new(self.seed, self.name == "" and name or self.name .. "/" .. name)
end

--- A generator with a given state of four integers, to hold it against published numbers.
---@param state integer[]
---@return cm.Random
function random.of_state(state)
  return setmetatable({ seed = 0, name = "", table.unpack(state, 1, 4) }, Random)
end

return setmetatable(random, {
  __name = "capmod.random",
  --- A stream of random numbers: cm.random{ seed = 42, stream = "wages" }. The seed is needed: a
  --- result that cannot be had again is none.
  __call = function(_, t)
    args.check("random", t, {
      seed = { "integer", required = true, about = "a whole number; same seed, same draws" },
      stream = { "string" },
    })
    return new(math.tointeger(t.seed), t.stream or "")
  end,
})
