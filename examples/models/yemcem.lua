-- models/yemcem.lua: cement in the Yemen Arab Republic, 1983 to 1994; least cost 1620.2778
-- Data and model: World Bank, Yemen Arab Republic - Manufacturing Industry: Performance, Policies
-- and Prospectives, 1982; its scenario 16 (demand of 900 thousand tons in 1980 that grows by 11 % a
-- year, no clinker imported, a small kiln at Mafrak in 1986-88). As in the published model an
-- exported ton brings 1 rial only, so that exports do not decide. No value of the optimum was
-- published; several solvers agree on this one.
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local plants = { "amran", "baijil", "mafrak" }
local markets = { "sanaa", "hodeideh", "taizz", "ibb", "dhamar" }
local processes, kilns = { "dry", "wet", "grind" }, { "dry-kiln", "wet-kiln" }
local periods, expansions = { "1983-85", "1986-88", "1989-91", "1992-94" },
  { "1986-88", "1989-91", "1992-94" }
local number = { ["1983-85"] = 1, ["1986-88"] = 2, ["1989-91"] = 3, ["1992-94"] = 4 }

-- Per ton of kiln feed or of cement ground: rials of local materials, and what is balanced.
local price = { limestone = 5, clay = 2, gypsum = 24.6, petrol = 1175, explosives = 4,
  grindparts = 3.328, refractory = 4, bags = 1.31 }
local uses = {
  dry = { limestone = 1.3, clay = 0.3, petrol = 0.00147, explosives = 0.192, refractory = 0.152 },
  wet = { limestone = 1.3, clay = 0.3, petrol = 0.00147, explosives = 0.192, refractory = 0.152 },
  grind = { gypsum = 0.04, grindparts = 0.385, bags = 20 },
}
local yields = {
  dry = { fuel = -0.1127, clinker = 0.96 },
  wet = { fuel = -0.1465, clinker = 0.96 },
  grind = { clinker = -0.96, cement = 1 },
}
local import_price = { cement = 280, clinker = 0.8 * 280, fuel = 600 } -- rials

-- Productive units: the process that each serves, capacity in 1982 (1000 tons a year), investment
-- (million rials for 500 thousand tons, and the exponent of scale), fixed cost (rials a ton).
local units = {
  ["dry-kiln"] = { process = "dry", cost = 526.296, scale = 0.53, fixed = 55.8,
    now = { amran = 500 } },
  ["wet-kiln"] = { process = "wet", cost = 447.352, scale = 0.56, fixed = 60,
    now = { baijil = 320 } },
  mills = { process = "grind", cost = 105.259, fixed = 0, now = { amran = 500, baijil = 320 } },
}
local kiln_size = { small = 500, medium = 750, large = 1000 }
local site = { amran = 1.2, baijil = 1.15, mafrak = 1.05 } -- cost factor
local most_kilns = 2000

local share = { sanaa = 28, hodeideh = 27, taizz = 20, ibb = 12.5, dhamar = 12.5 } -- percent
local km = cm.grid[[           sanaa  taizz  hodeideh  dhamar  ibb  port
                      amran      48    304       279     146  209   279
                      baijil    171    294        60     270  332    60
                      mafrak    319     63       213     220  157   213
                      port      231    276         5     329  371     0 ]]
local road = cm.grid[[         sanaa  hodeideh  taizz  dhamar   ibb  port    -- cost factor
                      amran    1.15      1.14   1.16    1.14  1.16  1.14
                      baijil   1.14      1.11   1.13    1.13  1.14  1.11
                      mafrak   1.16      1.11   1.17    1.17  1.16  1.11
                      port     1.14      1.00   1.14    1.16  1.15  1.00 ]]

-- ---- figures that follow ------------------------------------------------------------------------

local function haul(from, to) return road:get(from, to) * km:get(from, to) end
local function freight(from, to) return 30 + 0.47 * haul(from, to) end -- rials a ton, bagged
local function inland(c, i) -- of imported clinker or fuel, in bulk
  return (c == "fuel" and 1.5 or 1) * (30 + 0.35 * haul(i, "port"))
end

local function materials(p)
  local cost = 0
  for _, name in ipairs{ "limestone", "clay", "gypsum", "petrol", "explosives", "grindparts",
    "refractory", "bags" } do
    cost = cost + (uses[p][name] or 0) * price[name]
  end
  return cost
end

local function mid_year(t) return 1981 + 3 * number[t] end
local function discount(t) return 1.1 ^ (1982 - mid_year(t)) end
local recovery = 0.1 / (1 - 1.1 ^ -30) -- yearly charge on capital: 10 %, 30 years
local working = 1 + 0.25 * 0.1          -- a quarter of a year's cost is tied up

local function kiln_cost(m, s) return units[m].cost * (kiln_size[s] / 500) ^ units[m].scale end

--- The periods in which what stands in t may have been built.
local function until_(t)
  local list = {}
  for _, e in ipairs(expansions) do
    if number[e] <= number[t] then list[#list + 1] = e end
  end
  return list
end

-- ---- the model ----------------------------------------------------------------------------------

local variables = {
  { "run", over = { "process", "plant", "period" }, unit = "1000 t a year" },
  { "ship", over = { "plant", "market", "period" }, unit = "1000 t a year" },
  { "import", over = { "market", "period" }, about = "cement", unit = "1000 t a year" },
  { "bring", over = { "input", "plant", "period" }, about = "clinker and fuel from abroad" },
  { "export", over = { "plant", "period" }, unit = "1000 t a year" },
  { "build", over = { "unit", "plant", "expansion" }, about = "capacity", unit = "1000 t a year" },
  { "kiln", over = { "kiln", "plant", "size", "expansion" }, binary = true,
    lower = function(m, i, s, e)
      return m == "dry-kiln" and i == "mafrak" and s == "small" and e == "1986-88" and 1 or 0
    end },
}

--- The sum over periods of what f says of one, discounted to 1982, in million rials.
local function yearly(f)
  return function(v) return sum(periods, function(t) return discount(t) * f(v, t) end) end
end

local capital = yearly(function(v, t)
  return recovery * sum(until_(t), plants, function(e, i)
    return site[i] * (sum(kilns, { "small", "medium", "large" }, function(m, s)
      return kiln_cost(m, s) * v.kiln[m][i][s][e]
    end) + units.mills.cost / 500 * v.build.mills[i][e])
  end)
end)

local recurrent = yearly(function(v, t)
  return 0.001 * working * (sum(processes, function(p)
    return materials(p) * sum(v.run[p], { period = t })
  end) + sum(plants, { "dry-kiln", "wet-kiln", "mills" }, function(i, m)
    local capacity = sum(v.build[m][i], { expansion = until_(t) })
    return units[m].fixed * ((units[m].now[i] or 0) + capacity)
  end))
end)

local transport = yearly(function(v, t)
  return 0.001 * (dot(v.ship, freight, { period = t })
    + dot(v.import, function(j) return freight("port", j) end, { period = t })
    + dot(v.export, function(i) return freight(i, "port") end, { period = t })
    + dot(v.bring, inland, { period = t }))
end)

local imports = yearly(function(v, t)
  return 0.001 * working * (import_price.cement * sum(v.import, { period = t })
    + dot(v.bring, function(c) return import_price[c] end, { period = t }))
end)

local exports = yearly(function(v, t) return -0.001 * sum(v.export, { period = t }) end)

local function balance(v, c, i, t)
  local made = sum(processes, function(p) return (yields[p][c] or 0) * v.run[p][i][t] end)
  if c == "cement" then return made, ">=", sum(v.ship[i], { period = t }) + v.export[i][t] end
  return made + v.bring[c][i][t], ">=", 0
end

local function program(given)
  local function demand(j, t)
    return given.demand * (1 + given.growth) ^ (mid_year(t) - 1980) * share[j] / 100
  end
  return cm.program{ name = "yemcem", unit = "million rials",
    sets = { plant = plants, market = markets, process = processes, period = periods,
      expansion = expansions, unit = { "dry-kiln", "wet-kiln", "mills" }, kiln = kilns,
      size = { "small", "medium", "large" }, input = { "clinker", "fuel" },
      commodity = { "cement", "clinker", "fuel" } },
    variables = variables,
    minimise = { { "capital", capital }, { "recurrent", recurrent }, { "transport", transport },
      { "imports", imports }, { "exports", exports } },
    constraints = {
      { "balance", over = { "commodity", "plant", "period" }, balance },
      { "capacity", over = { "unit", "plant", "period" }, function(v, m, i, t)
        return v.run[units[m].process][i][t], "<=",
          (units[m].now[i] or 0) + sum(v.build[m][i], { expansion = until_(t) })
      end },
      { "sizes", over = { "kiln", "plant", "expansion" }, function(v, m, i, e)
        return v.build[m][i][e], "==", dot(v.kiln[m][i], kiln_size, { expansion = e })
      end },
      { "one kiln", over = { "kiln", "plant", "expansion" }, function(v, m, i, e)
        return sum(v.kiln[m][i], { expansion = e }), "<=", 1
      end },
      { "site", over = "plant", function(v, i)
        return sum(kilns, function(m) return (units[m].now[i] or 0) + sum(v.build[m][i]) end), "<=",
          most_kilns
      end },
      { "demand", over = { "market", "period" }, function(v, j, t)
        return sum(v.ship, { market = j, period = t }) + v.import[j][t], ">=", demand(j, t)
      end },
      { "port out", over = "period", function(v, t)
        return sum(v.export, { period = t }), "<=", 1000
      end },
      { "port in", over = "period", function(v, t)
        return sum(v.import, { period = t }), "<=", 3000
      end },
      { "no clinker", over = "period", function(v, t)
        return sum(v.bring.clinker, { period = t }), "<=", 0
      end },
    } }
end

return cm.define.model{
  name = "yemcem", about = "kilns, mills and imports of cement in Yemen",
  cite = "World Bank (1982)",
  params = {
    demand = { 900, min = 0, unit = "1000 t", about = "of cement in 1980" },
    growth = { 0.11, min = -0.5, about = "of demand a year" },
  },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
