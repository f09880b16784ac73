--- Random tables for specs.

local cm = require "capmod"

local random = {}

--- A table of g countries and n sectors in which a node stands idle, stocks fall, and one country
--- exports nothing. Its numbers are the same everywhere (Park and Miller 1988).
---@return capmod.Mrio, integer idle  the place of the node without output; 0 where there is none
function random.table(g, n, seed)
  local state = seed
  local function draw()
    state = state * 48271 % 2147483647
    return state / 2147483647
  end
  local nodes, z, y = g * n, {}, {}
  local idle = n > 1 and 2 or 0
  for i = 1, nodes do
    z[i], y[i] = {}, {}
    local closed = g > 2 and i <= n
    for j = 1, nodes do
      local abroad = (i - 1) // n ~= (j - 1) // n
      z[i][j] = (i == idle or j == idle or closed and abroad) and 0 or draw()
    end
    for r = 1, g do
      local abroad = (i - 1) // n ~= r - 1
      y[i][r] = (i == idle or closed and abroad) and 0 or nodes * draw()
    end
  end
  y[nodes][g] = y[nodes][g] - 0.01 * nodes
  local countries, sectors = {}, {}
  for c = 1, g do countries[c] = ("X%02d"):format(c) end
  for s = 1, n do sectors[s] = ("s%02d"):format(s) end
  return cm.mrio{ name = "random", countries = countries, sectors = sectors, Z = z, Y = y }, idle
end

return random
