--- The indices of economic complexity as matrices. Internal to complexity; docs/methods.md,
--- "Complexity", has the formulas.

local core = require "capmod.core"
local errors = require "capmod.errors"
local exports = require "capmod.complexity.exports"

local index = {}

--- Revealed comparative advantage, (x_cp / x_c) / (x_p / x) (Balassa 1965).
---@param x capmod.Matrix  countries x products, totals positive
---@return capmod.Matrix
function index.advantage(x)
  return x / x:sum{ by = "row" } / (x:sum{ by = "col" } / x:sum())
end

--- Who makes what: 1 where the advantage is at least the threshold, 0 elsewhere, without countries
--- and products that have none. Neither kind of line leaves the other's sums changed.
---@param rca capmod.Matrix
---@param threshold number
---@param notes string[]  what is left out is added
---@return capmod.Matrix
function index.presence(rca, threshold, notes)
  local m = exports.without_empty(rca:at_least(threshold), "row", "no advantage in anything", notes)
  m = exports.without_empty(m, "col", "nobody's advantage", notes)
  if m:rows() < 3 or m:cols() < 3 then
    errors.raise(2503, { message = ("complexity: %d countries have an advantage in %d products")
      :format(m:rows(), m:cols()), object = "complexity", field = "threshold",
      fix = "three of each are the least that can be told apart; lower the threshold" })
  end
  return m
end

local function moments(k, degrees)
  local n = k:rows() * k:cols()
  local mean = k:sum() / n
  return mean, (((k - mean) ^ 2):sum() / (n - degrees)) ^ 0.5
end

--- The eigenvector that complexity is read from.
local function direction(m, d, u)
  local s = m / d:sqrt() / u:sqrt()
  local values, vectors = s:mul(s:T()):eigsym()
  local second, third = values:get(2, 1), values:get(3, 1)
  if second > 1 - 1e-9 then
    errors.raise(2501, { message = "complexity: the countries fall into groups that have no "
      .. "product in common", object = "complexity", field = "exports",
      fix = "ask about one group, about wider products, or lower the threshold" })
  elseif second < 1e-9 or second - third < 1e-9 then
    errors.raise(2502, { message = "complexity: who exports what has no second direction",
      object = "complexity", field = "exports",
      fix = "all countries are alike, or alike in pairs; take more of them, or finer products" })
  end
  return vectors:col(2):label{ cols = false } / d:sqrt(), second
end

---@class cm.ComplexityIndices
---@field d capmod.Matrix  diversity, countries x 1
---@field u capmod.Matrix  ubiquity, 1 x products
---@field eci capmod.Matrix  countries x 1
---@field pci capmod.Matrix  1 x products
---@field phi capmod.Matrix  proximity, products x products
---@field density capmod.Matrix  countries x products
---@field coi capmod.Matrix  outlook, countries x 1
---@field cog capmod.Matrix  what a product that is not made would add to the outlook

--- All indices of a presence matrix. CM2501, CM2502.
---@param m capmod.Matrix
---@param scale "atlas"|"own"
---@return cm.ComplexityIndices
function index.all(m, scale)
  local d, u = m:sum{ by = "row" }, m:sum{ by = "col" }
  d, u = d:label{ cols = false }, u:label{ rows = false }
  local kc, lambda = direction(m, d, u)
  local mean_d = moments(d, 0)
  if ((d - mean_d) * kc):sum() < 0 then kc = -kc end
  local kp = (kc:T():mul(m) / u):label{ rows = false }
  local absent = 1 - m
  local phi = m:T():mul(m) / u:T():max(u)
  local reach = phi:sum{ by = "col" }:label{ rows = false }
  local density = m:mul(phi) / reach
  local r = { d = d, u = u, phi = phi, density = density }
  local function outlook(weight) return (density * absent * weight):sum{ by = "row" } end
  local function gain(weight) return absent * absent:mul(phi / reach:T() * weight:T()) end
  if scale == "own" then
    local mean, sd = moments(kc, 1)
    local mean_p, sd_p = moments(kp, 1)
    r.eci, r.pci = (kc - mean) / sd, (kp - mean_p) / sd_p
    r.coi, r.cog = outlook(r.pci), gain(r.pci)
  else
    kp = kp / lambda -- so that the mean of a country's products is the country's
    local mean, sd = moments(kc, 0)
    local coi = outlook(kp)
    local mean_o, sd_o = moments(coi, 0)
    r.eci, r.pci = (kc - mean) / sd, (kp - mean) / sd
    r.coi, r.cog = sd_o > 0 and (coi - mean_o) / sd_o or coi - mean_o, gain(kp) / sd
  end
  return r
end

--- Fitness of countries and complexity of products (Tacchella and others 2012).
---@param m capmod.Matrix
---@param steps integer
---@return capmod.Matrix fitness, capmod.Matrix complexity
function index.fitness(m, steps)
  local f, q = core.matrix(m:rows(), 1, 1), core.matrix(m:cols(), 1, 1)
  local bare = m:label{ rows = false, cols = false }
  for _ = 1, steps do
    local fit, hard = bare:mul(q), 1 / bare:T():mul(1 / f)
    f, q = fit * (m:rows() / fit:sum()), hard * (m:cols() / hard:sum())
  end
  return f, q
end

return index
