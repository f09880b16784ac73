-- models/mexsd.lua: expansion of Mexican steel over five periods; least cost 12850.8607
-- Data and model: D. A. Kendrick, A. Meeraus and J. Alatorre, The Planning of Investment Programs
-- in the Steel Industry, Johns Hopkins University Press 1984, ch. 6 to 8 (the small dynamic model):
-- mines get dearer as they are exhausted, plants have a set-up cost and economies of scale. The
-- optimum is that of problem misc06 of MIPLIB 3 (Bixby, Ceria, McZeal and Savelsbergh 1998).
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local plants = { "ahmsa", "fundidora", "sicartsa", "hylsa", "hylsap", "tampico", "coatza" }
local mines, levels = { "coahuila", "ore-north", "ore-south" }, { 1, 2, 3, 4, 5 }
local markets = { "mexico-df", "monterrey", "guadalajara" }
local mined, bought = { "coke", "pellets" }, { "nat-gas", "electric", "scrap" }
local periods, expansions = { 1, 2, 3, 4, 5 }, { 2, 3, 4, 5 } -- of three years, 1981-83 the first
local years, base = 3, 1979

-- Per unit of a process: tons, 1000 cubic metres of gas, MWh; with Hylsa's figures of 1980.
local process = {
  ["pig-iron"]   = { ["pig-iron"] = 1, pellets = -1.58, coke = -0.63 },
  ["sponge"]     = { sponge = 1, pellets = -1.38, ["nat-gas"] = -0.38 },
  ["steel-oh"]   = { steel = 1, ["pig-iron"] = -0.77, scrap = -0.33 },
  ["steel-el"]   = { steel = 1, sponge = -1.09, electric = -0.68 },
  ["steel-bof"]  = { steel = 1, ["pig-iron"] = -0.95, scrap = -0.12 },
  ["steel-bofs"] = { steel = 1, ["pig-iron"] = -0.82, scrap = -0.25 }, -- with much scrap
}
local processes = { "pig-iron", "sponge", "steel-oh", "steel-el", "steel-bof", "steel-bofs" }

-- Units: what runs on them, capacity now (million tons a year), and for those that can be built the
-- cost (USD million) of the size from which on there are no economies of scale; exponent 0.6.
local units = {
  ["blast-furnace"] = { runs = { "pig-iron" }, size = 1.5, cost = 250,
    now = { ahmsa = 3.25, fundidora = 1.40, sicartsa = 1.10 } },
  ["open-hearth"] = { runs = { "steel-oh" }, now = { ahmsa = 1.50, fundidora = 0.85 } },
  ["bof"] = { runs = { "steel-bof", "steel-bofs" }, size = 1.5, cost = 120,
    now = { ahmsa = 2.07, fundidora = 1.50, sicartsa = 1.30 } },
  ["direct-reduction"] = { runs = { "sponge" }, size = 0.8, cost = 100,
    now = { hylsa = 0.98, hylsap = 1.00 } },
  ["electric-arc"] = { runs = { "steel-el" }, size = 0.5, cost = 42,
    now = { hylsa = 1.13, hylsap = 0.56 } },
}
local built = { "blast-furnace", "bof", "direct-reduction", "electric-arc" }
local site = { fundidora = 1.1, hylsa = 1.1, sicartsa = 1, hylsap = 1, ahmsa = 1, tampico = 1.2,
  coatza = 1.2 }

-- Mines: USD a ton of the first and of the last fifth of the stock (million tons); in between the
-- price rises with the exponent 1.3.
local deposits = {
  coahuila = { coke = { 52, 100, stock = 230 } },
  ["ore-north"] = { pellets = { 18.7, 38, stock = 60 } },
  ["ore-south"] = { pellets = { 18.7, 38, stock = 115 } },
}

-- Rail distances in km; 0 where there is no transport to pay.
local km = cm.grid[[           mexico-df  monterrey  guadalajara  port
                    ahmsa           1204        218         1125   739
                    fundidora       1017          0         1030   521
                    sicartsa         819       1305          704     0
                    hylsa           1017          0         1030   521
                    hylsap           185       1085          760   315
                    tampico          941        521          995     0
                    coatza           900       1756         1100     0
                    port             428        521          300     0 ]]
local between = cm.grid[[      ahmsa fundidora sicartsa hylsa hylsap tampico coatza
                    ahmsa          0       218     1416   218   1300     739   1850
                    fundidora    218         0     1322    10   1159     521   1756
                    sicartsa    1416      1322        0  1327    995    1319   1638
                    hylsa        218        10     1327     0   1159     521   1756
                    hylsap      1300      1159      995  1159      0    1111    671
                    tampico      739       521     1319   521   1111       0   1702
                    coatza      1850      1756     1638  1756    671    1702      0 ]]
local from_mine = cm.grid[[    ahmsa fundidora sicartsa hylsa hylsap tampico coatza
                    coahuila     120       400     1500   400   1420     900   2100
                    ore-north    219       563     1613   563   1411    1048   2195
                    ore-south   1490      1396        0  1396   1116    1338   1500 ]]

local share = { ["mexico-df"] = 0.55, monterrey = 0.30, guadalajara = 0.15 } -- of demand
local price = { ["nat-gas"] = 14, electric = 26, scrap = 105 }
local import_price, steel_price = { coke = 60, pellets = 40 }, 150
local export_price, subsidised = 140, { coatza = 0.3, sicartsa = 0.3, tampico = 0.3 }

-- ---- figures that follow ------------------------------------------------------------------------

local function freight(distances)
  return function(from, to) -- USD a ton
    local d = distances:get(from, to)
    return d > 0 and 2.48 + 0.0084 * d or 0
  end
end
local to_market, to_plant, ore = freight(km), freight(between), freight(from_mine)

local function mining_cost(c, q, mine) -- of the q-th fifth
  local d = deposits[mine][c]
  return d and d[1] + (d[2] - d[1]) * ((q - 1) / 4) ^ 1.3
end

local function material_cost(c, i, t) -- gas rises to the world's price of 128 in five periods
  local p = c == "nat-gas" and math.min(128, 14 + (128 - 14) / 4 * (t - 1)) or price[c]
  return c == "scrap" and p or p * (1 - (subsidised[i] or 0))
end

local function mid_year(t) return base + years * t end
local function discount(t) return years * 1.1 ^ (base - mid_year(t)) end
local recovery = 0.1 / (1 - 1.1 ^ -20)

--- What stands in period t was built up to then.
local function until_(t)
  local list = {}
  for e = 2, t do list[#list + 1] = e end
  return list
end

--- Investment against size: a set-up cost, economies of scale up to `size`, none up to three times
--- that, and a quarter more per ton beyond.
local function investment(m, i)
  local size, cost = units[m].size, units[m].cost * site[i]
  return { { 0, 0 }, { 0, cost * (0.5 ^ (0.6 - 1) - 1) }, { size, cost }, { 3 * size, 3 * cost },
    { 6 * size, 6 * 1.25 * cost } }
end

-- ---- the model ----------------------------------------------------------------------------------

--- The sum over periods of what f says of one, discounted, in million USD.
local function yearly(f)
  return function(v) return sum(periods, function(t) return discount(t) * f(v, t) end) end
end

local costs = {
  { "capital", yearly(function(v, t)
    return recovery * sum(v.investment, { expansion = until_(t) })
  end) },
  { "raw materials", yearly(function(v, t)
    return dot(v.buy, function(c, i) return material_cost(c, i, t) end, { period = t })
      + dot(v.mine, mining_cost, { period = t })
  end) },
  { "transport", yearly(function(v, t)
    local now = { period = t }
    local function port(i) return to_market(i, "port") end
    return dot(v.ship, to_market, now) + dot(v.sponge, to_plant, now) + dot(v.export, port, now)
      + dot(v.import, function(j) return to_market("port", j) end, now)
      + dot(v.haul, function(_, mine, i) return ore(mine, i) end, now)
      + dot(v.bring, function(_, i) return port(i) end, now)
  end) },
  { "imports", yearly(function(v, t)
    return steel_price * sum(v.import, { period = t })
      + dot(v.bring, import_price, { period = t })
  end) },
  { "exports", yearly(function(v, t) return -export_price * sum(v.export, { period = t }) end) },
}

--- What a plant makes of a commodity, less what it takes.
local function balance(v, c, i, t)
  local now = { period = t }
  local net = sum(processes, function(p) return (process[p][c] or 0) * v.run[p][i][t] end)
  if price[c] then return net + v.buy[c][i][t], ">=", 0 end
  if c == "coke" or c == "pellets" then
    return net + sum(v.haul[c], { plant = i, period = t }) + v.bring[c][i][t], ">=", 0
  elseif c == "sponge" then
    return net + sum(v.sponge, { to = i, period = t }), ">=", sum(v.sponge[i], now)
  elseif c == "steel" then
    return net, ">=", sum(v.ship[i], now) + v.export[i][t]
  end
  return net, ">=", 0
end

local constraints = {
  { "balance", over = { "commodity", "plant", "period" }, balance },
  { "capacity", over = { "unit", "plant", "period" }, function(v, m, i, t)
    return sum(units[m].runs, function(p) return v.run[p][i][t] end), "<=",
      (units[m].now[i] or 0)
        + (units[m].size and sum(v.build[m][i], { expansion = until_(t) }) or 0)
  end },
  { "iron", over = { "plant", "period" }, function(v, i, t)
    return v.run["pig-iron"][i][t] + v.run.sponge[i][t], "<=", 30
  end },
  { "mines", over = { "mined", "mine", "period" }, function(v, c, mine, t)
    return sum(v.mine[c], { mine = mine, period = t }), ">=", sum(v.haul[c][mine], { period = t })
  end },
  { "stock", over = { "mined", "level", "mine" }, function(v, c, q, mine)
    local d = deposits[mine][c]
    return sum(v.mine[c][q][mine]), "<=", d and d.stock / #levels / years or 0
  end },
}

local function program(given)
  local rules = table.move(constraints, 1, #constraints, 1, {})
  rules[#rules + 1] = { "demand", over = { "market", "period" }, function(v, j, t)
    return sum(v.ship, { market = j, period = t }) + v.import[j][t], ">=",
      given.steel * (1 + given.raw) * share[j] * (1 + given.growth) ^ (mid_year(t) - base)
  end }
  rules[#rules + 1] = { "quota", over = "period", function(v, t)
    return sum(v.export, { period = t }), "<=", given.export_limit
  end }
  return cm.program{ name = "mexsd", unit = "USD million",
    sets = { plant = plants, mine = mines, market = markets, process = processes, level = levels,
      unit = { "blast-furnace", "open-hearth", "bof", "direct-reduction", "electric-arc" },
      built = built, period = periods, expansion = expansions, mined = mined, bought = bought,
      commodity = { "coke", "pellets", "nat-gas", "electric", "scrap", "pig-iron", "sponge",
        "steel" } },
    variables = {
      { "run", over = { "process", "plant", "period" } },
      { "build", over = { "built", "plant", "expansion" }, unit = "million tons a year" },
      { "mine", over = { "mined", "level", "mine", "period" } },
      { "haul", over = { "mined", "mine", "plant", "period" } },
      { "bring", over = { "mined", "plant", "period" }, about = "imported coke and pellets" },
      { "buy", over = { "bought", "plant", "period" } },
      { "sponge", over = { "plant", "to in plant", "period" }, about = "shipped between plants" },
      { "ship", over = { "plant", "market", "period" } },
      { "import", over = { "market", "period" } },
      { "export", over = { "plant", "period" } },
    },
    piecewise = { { "investment", over = { "built", "plant", "expansion" }, unit = "USD million",
      of = function(v, m, i, e) return v.build[m][i][e] end,
      points = function(m, i) return investment(m, i) end } },
    minimise = costs, constraints = rules }
end

return cm.define.model{
  name = "mexsd", about = "expansion of Mexican steel, with mines that get dearer",
  cite = "Kendrick, Meeraus and Alatorre (1984)",
  params = {
    steel = { 5.2, min = 0, unit = "million tons", about = "demand for final products, 1979" },
    raw = { 0.40, min = 0, about = "raw steel beyond a ton of final product" },
    growth = { 0.10, min = -0.5, about = "of demand a year" },
    export_limit = { 0.2, min = 0, unit = "million tons", about = "what can be sold abroad" },
  },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
