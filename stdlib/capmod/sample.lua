--- Values that a parameter may take: ranges for a sweep, distributions for a draw.
--- Errors: CM3008 a range or distribution that cannot be.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local text = require "capmod.text"

local sample = {}

local huge, sqrt = math.huge, math.sqrt

local function refuse(object, message, fix)
  errors.raise(3008, { message = object .. ": " .. message, object = object, fix = fix })
end

local function finite(value, object, name)
  args.one(value, object, name, "number")
  if value ~= value or value == huge or value == -huge then
    refuse(object, ("%s = %s is not finite"):format(name, text.short(value)), "give a number")
  end
  return value
end

-- ---- ranges -------------------------------------------------------------------------------------

local MOST = 1000000

--- The numbers from `from` to `to` by `step` (1), both ends included where the steps reach `to`:
--- cm.range(0, 0.3, 0.1) is { 0, 0.1, 0.2, 0.3 }. Each number is rounded to 15 digits, so that the
--- fourth is the 0.3 that one writes, not 0.30000000000000004.
---@param from number
---@param to number
---@param step number?
---@return number[]
function sample.range(from, to, step)
  step = step or 1
  finite(from, "range", "from")
  finite(to, "range", "to")
  finite(step, "range", "step")
  if step == 0 or (to - from) / step < 0 then
    refuse("range", ("steps of %s never lead from %s to %s"):format(text.short(step),
      text.short(from), text.short(to)), "write cm.range(from, to, step)")
  end
  local steps = (to - from) / step
  if steps >= MOST then
    refuse("range", ("has more than %d numbers"):format(MOST), "take larger steps")
  end
  local list = {}
  for i = 0, math.floor(steps + 1e-9) do
    local value = from + i * step
    list[i + 1] = math.type(value) == "integer" and value or tonumber(("%.15g"):format(value))
  end
  return list
end

-- ---- the normal quantile ------------------------------------------------------------------------

-- The logarithm by additions, multiplications and divisions alone, which IEEE 754 rounds the same
-- way everywhere; the C library's own may differ in the last digit from system to system.
local LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10

local function natural_log(x)
  local bits = string.unpack("<i8", string.pack("<d", x))
  local exponent = ((bits >> 52) & 0x7FF) - 1023
  local m = string.unpack("<d", string.pack("<i8", (bits & 0xFFFFFFFFFFFFF) | (1023 << 52)))
  if m > 1.4142135623730951 then m, exponent = m / 2, exponent + 1 end
  local s = (m - 1) / (m + 1)
  local z, series = s * s, 0.0
  for k = 12, 1, -1 do series = (series + 1 / (2 * k + 1)) * z end
  return exponent * LN2_HIGH + (2 * s * (1 + series) + exponent * LN2_LOW)
end

-- Wichura, M. J. (1988), Algorithm AS 241: the percentage points of the normal distribution,
-- Applied Statistics 37, 477-484, routine PPND16 (about 16 figures). Coefficients from the constant
-- term up: numerator and denominator for the centre, the tails and the far tails.
local CENTRE = {
  { 3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3 },
  { 1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3 },
}
local TAIL = {
  { 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
    3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4 },
  { 1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9 },
}
local FAR = {
  { 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7 },
  { 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15 },
}

local function polynomial(coefficients, x)
  local value = 0.0
  for k = #coefficients, 1, -1 do value = value * x + coefficients[k] end
  return value
end

local function ratio(fractions, x)
  return polynomial(fractions[1], x) / polynomial(fractions[2], x)
end

--- The quantile of the standard normal distribution, the same bits on every platform.
---@param p number between 0 and 1
---@return number
function sample.standard_normal(p)
  if p <= 0 then return p == 0 and -huge or 0 / 0 end
  if p >= 1 then return p == 1 and huge or 0 / 0 end
  local q = p - 0.5
  if q >= -0.425 and q <= 0.425 then return q * ratio(CENTRE, 0.180625 - q * q) end
  local r = sqrt(-natural_log(q < 0 and p or 1 - p))
  local value = r <= 5 and ratio(TAIL, r - 1.6) or ratio(FAR, r - 5)
  return q < 0 and -value or value
end

-- ---- distributions ------------------------------------------------------------------------------

---@class cm.Distribution
---@field kind string
---@field mean number
local Distribution = { __name = "cm.Distribution" }
Distribution.__index = Distribution

function Distribution.__tostring(d)
  local parts = {}
  for i, value in ipairs(d) do parts[i] = text.short(value) end
  return ("%s(%s)"):format(d.kind, table.concat(parts, ", "))
end

--- The value below which the fraction p of all draws lies.
---@param p number between 0 and 1
---@return number
function Distribution:quantile(p)
  return self.at(self, p)
end

local function distribution(kind, mean, at, ...)
  return setmetatable({ kind = kind, mean = mean, at = at, ... }, Distribution)
end

--- Whether a value is a distribution.
---@return boolean
function sample.is_distribution(x)
  return getmetatable(x) == Distribution
end

--- A normal distribution by its mean and standard deviation: cm.normal(90, 10).
---@param mean number
---@param sd number
---@return cm.Distribution
function sample.normal(mean, sd)
  finite(mean, "normal", "mean")
  if finite(sd, "normal", "sd") < 0 then
    refuse("normal", ("sd = %s is below 0"):format(text.short(sd)), "cm.normal(mean, sd)")
  end
  return distribution("normal", mean, function(_, p)
    return mean + sd * sample.standard_normal(p)
  end, mean, sd)
end

local function check_order(object, form, ...)
  local last
  for i, value in ipairs{ ... } do
    finite(value, object, "number " .. i)
    if last and value < last then
      refuse(object, ("%s stands after %s"):format(text.short(value), text.short(last)), form)
    end
    last = value
  end
end

--- A uniform distribution between two numbers: cm.uniform(60, 120).
---@param low number
---@param high number
---@return cm.Distribution
function sample.uniform(low, high)
  args.one(high, "uniform", "high", "number")
  check_order("uniform", "cm.uniform(low, high)", low, high)
  return distribution("uniform", (low + high) / 2, function(_, p)
    return low + p * (high - low)
  end, low, high)
end

--- A triangular distribution: lowest, most likely, highest: cm.triangular(60, 90, 150).
---@param low number
---@param mode number
---@param high number
---@return cm.Distribution
function sample.triangular(low, mode, high)
  args.one(mode, "triangular", "mode", "number")
  args.one(high, "triangular", "high", "number")
  check_order("triangular", "cm.triangular(low, mode, high)", low, mode, high)
  local width = high - low
  local split = width > 0 and (mode - low) / width or 0
  return distribution("triangular", (low + mode + high) / 3, function(_, p)
    if p < split then return low + sqrt(p * width * (mode - low)) end
    return high - sqrt((1 - p) * width * (high - mode))
  end, low, mode, high)
end

local FORMS = { normal = "mean, sd", uniform = "low, high", triangular = "low, mode, high" }

--- The distribution that was meant by what is none: of "nomal(90,10)" it is "cm.normal(90,10)", of
--- the function cm.normal "cm.normal(mean, sd)"; nil where none is near.
---@param value any
---@return string?
function sample.meant(value)
  local kinds, kind, inside = {}, nil, nil
  for name in each(FORMS) do
    kinds[#kinds + 1] = name
    if value == sample[name] then kind = name end
  end
  if type(value) == "string" then
    local word, rest = value:match "^%s*([%a.]+)%s*%(?(.-)%)?%s*$"
    kind, inside = word and errors.suggest((word:gsub("^cm%.", "")), kinds), rest
  end
  return kind and ("cm.%s(%s)"):format(kind, inside and inside ~= "" and inside or FORMS[kind])
end

return sample
