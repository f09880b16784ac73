-- models/vietman.lua: where to build ammonia and fertilizer plants in Latin America; 64926.46
-- Data and model: T. Vietorisz and A. S. Manne, Chemical processes, plant location, and economies
-- of scale, in A. S. Manne and H. M. Markowitz (eds), Studies in Process Analysis, Wiley 1963,
-- p. 136.
-- The optimum is found by enumeration of all 1024 choices of plants in the tests.
local cm = require "capmod"
local sum = cm.program.sum

local data = {
  ammonia_plant = { 1760, 1656, 1626, 1784, 1782 }, -- fixed cost of a plant
  fertilizer_plant = { 810, 951, 754, 856, 852 },
  -- Production and shipping, by source (0: from abroad) and plant, per unit of fertilizer.
  ammonia = {
    [0] = { 56.0, 47.4, 47.6, 54.4, 51.0 },
    { 20.4, 33.6, 34.5, 26.9, 29.5 },
    { 33.4, 20.2, 26.7, 31.3, 28.1 },
    { 35.3, 27.7, 21.2, 35.0, 32.2 },
    { 41.8, 46.4, 49.1, 35.3, 42.1 },
    { 43.0, 41.8, 44.9, 40.7, 33.9 },
  },
  -- Production and shipping, by source (0: from abroad) and centre of demand.
  fertilizer = {
    [0] = { 86.1, 76.4, 76.8, 87.0, 83.6, 90.3, 75.4, 76.4, 81.2, 96.4, 82.4, 86.4 },
    { 32.2, 44.0, 45.8, 31.5, 34.1, 42.0, 43.0, 40.3, 37.8, 42.9, 36.6, 30.8 },
    { 36.6, 24.4, 29.2, 37.6, 34.2, 41.0, 26.1, 24.2, 29.9, 48.9, 31.9, 37.6 },
    { 37.0, 27.9, 23.1, 41.3, 38.4, 40.9, 24.7, 26.8, 29.6, 52.8, 32.6, 41.3 },
    { 38.5, 41.9, 48.0, 23.2, 32.2, 48.5, 44.6, 44.1, 43.1, 34.5, 42.4, 28.9 },
    { 44.0, 35.3, 41.1, 33.2, 29.8, 54.1, 37.7, 37.1, 42.8, 44.6, 44.4, 32.6 },
  },
  demand = { 9.2, 59.9, 95.8, 185.3, 344.1, 66.1, 168.6, 50.0, 34.0, 11.1, 109.5, 47.0 },
}
local plants = { 1, 2, 3, 4, 5 }

-- What goes from an ammonia source over a fertilizer plant to a centre is one variable ("tagged"
-- shipments), so that each shipment is held to its own plants and the relaxation is tight.
local function program(given)
  local function demand(k) return given.demand * data.demand[k] end
  return cm.program{ name = "vietman",
    sets = { source = { 0, 1, 2, 3, 4, 5 }, plant = plants,
      centre = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } },
    variables = {
      { "ammonia", over = "plant", binary = true, about = "whether ammonia is made there" },
      { "fertilizer", over = "plant", binary = true, about = "whether fertilizer is made there" },
      { "ship", over = { "source", "plant", "centre" } },
      { "import", over = "centre", about = "of fertilizer" },
    },
    minimise = {
      { "plants", function(v)
        return cm.program.dot(v.ammonia, data.ammonia_plant)
          + cm.program.dot(v.fertilizer, data.fertilizer_plant)
      end },
      { "production and shipping", function(v)
        return cm.program.dot(v.ship, function(i, j, k)
          return data.ammonia[i][j] + data.fertilizer[j][k]
        end)
      end },
      { "imports", function(v) return cm.program.dot(v.import, data.fertilizer[0]) end },
    },
    constraints = {
      { "demand", over = "centre", function(v, k)
        return sum(v.ship, { centre = k }) + v.import[k], ">=", demand(k)
      end },
      { "makes ammonia", over = { "plant", "centre" }, function(v, i, k)
        return sum(v.ship[i], { centre = k }), "<=", demand(k) * v.ammonia[i]
      end },
      { "makes fertilizer", over = { "plant", "centre" }, function(v, j, k)
        return sum(v.ship, { plant = j, centre = k }), "<=", demand(k) * v.fertilizer[j]
      end },
    } }
end

return cm.define.model{
  name = "vietman", about = "location and size of ammonia and fertilizer plants",
  cite = "Vietorisz and Manne (1963)",
  params = { demand = { 1, min = 0, about = "times the demand of 1961's study" } },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective, data = data }
  end,
}
