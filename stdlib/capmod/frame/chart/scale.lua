--- Axes: from where to where they go, where they are marked, and how the marks are written.

local text = require "capmod.text"

local scale = {}

---@class cm.Scale
---@field low number
---@field high number
---@field ticks number[]
---@field format fun(x: number): string

--- Decimals that part marks a `step` from one another.
local function digits_for(step)
  return math.max(0, math.ceil(-math.log(step, 10) - 1e-9))
end

--- Writes numbers that lie `step` apart, up to a size of `largest`.
---@param step number
---@param largest number
---@param percent boolean?
---@return fun(x: number): string
function scale.writer(step, largest, percent)
  if percent then
    local digits = digits_for(100 * step)
    return function(x) return text.percent(x, digits) end
  end
  local scientific = largest < 1e-6 or largest >= 1e15 -- as text.number_style has it
  local style = { digits = scientific and 3 or digits_for(step), grouped = largest >= 99999.5,
    scientific = scientific }
  return function(x) return text.number(x, style) end
end

--- The step of 1, 2 or 5 times a power of ten that gives about `count` marks (after Heckbert 1990,
--- Nice Numbers for Graph Labels, Graphics Gems).
local function step_of(span, count)
  local raw = span / count
  local power = 10.0 ^ math.floor(math.log(raw, 10))
  for _, factor in ipairs{ 1, 2, 5 } do
    if factor * power >= raw * (1 - 1e-9) then return factor * power end
  end
  return 10 * power
end

--- The axis of numbers from `low` to `high`. With `round` it goes from mark to mark, else it ends
--- where the numbers do.
---@param low number
---@param high number
---@param count integer  about how many marks
---@param options { round: boolean?, percent: boolean? }
---@return cm.Scale
function scale.of(low, high, count, options)
  if low == high then
    local half = low ~= 0 and math.abs(low) / 2 or 0.5
    low, high = low - half, high + half
  end
  local step = step_of(high - low, count)
  local first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
  if options.round then
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    low, high = first * step, last * step
  end
  local ticks = {}
  for k = first, last do ticks[#ticks + 1] = k * step end
  local largest = math.max(math.abs(low), math.abs(high))
  return { low = low, high = high, ticks = ticks,
    format = scale.writer(step, largest, options.percent) }
end

--- The ends of an axis as texts, with no more decimals than tell something.
---@param axis cm.Scale
---@return string low, string high
function scale.ends(axis)
  local low, high = axis.low, axis.high
  local digits = math.min(text.exact_digits({ low, high }, 2), digits_for((high - low) / 1000))
  local largest = math.max(math.abs(low), math.abs(high))
  local style = text.number_style({ low, high }, 2, largest >= 1e-6 and largest < 1e15 and digits
    or nil)
  return text.number(low, style), text.number(high, style)
end

--- Where x lies between the ends of an axis: 0 to 1.
---@param axis cm.Scale
---@param x number
---@return number
function scale.part(axis, x) return (x - axis.low) / (axis.high - axis.low) end

return scale
