-- models/mexss.lua: Mexican steel, five plants and three markets in one year; least cost 538.8112
-- Data and model: D. A. Kendrick, A. Meeraus and J. Alatorre, The Planning of Investment Programs
-- in the Steel Industry, Johns Hopkins University Press 1984, ch. 4 and 5 (the small static model).
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local plants = { "ahmsa", "fundidora", "sicartsa", "hylsa", "hylsap" }
local markets = { "mexico-df", "monterrey", "guadalajara" }
local materials = { "pellets", "coke", "nat-gas", "electric", "scrap" }
local price = { pellets = 18.7, coke = 52.17, ["nat-gas"] = 14, electric = 24, scrap = 105 } -- USD

-- What one unit of a process takes (-) and gives (+): tons, 1000 cubic metres of gas, MWh.
local process = {
  ["pig-iron"]  = { ["pig-iron"] = 1, pellets = -1.58, coke = -0.63 },
  ["sponge"]    = { sponge = 1, pellets = -1.38, ["nat-gas"] = -0.57 },
  ["steel-oh"]  = { steel = 1, ["pig-iron"] = -0.77, scrap = -0.33 },
  ["steel-el"]  = { steel = 1, sponge = -1.09, electric = -0.58 },
  ["steel-bof"] = { steel = 1, ["pig-iron"] = -0.95, scrap = -0.12 },
}
local processes = { "pig-iron", "sponge", "steel-oh", "steel-el", "steel-bof" }

-- Capacity of the unit that a process runs on, million tons a year; none elsewhere.
local capacity = {
  ["pig-iron"]  = { ahmsa = 3.25, fundidora = 1.40, sicartsa = 1.10 }, -- blast furnaces
  ["sponge"]    = { hylsa = 0.98, hylsap = 1.00 },                     -- direct reduction
  ["steel-oh"]  = { ahmsa = 1.50, fundidora = 0.85 },                  -- open hearths
  ["steel-el"]  = { hylsa = 1.13, hylsap = 0.56 },                     -- electric arcs
  ["steel-bof"] = { ahmsa = 2.07, fundidora = 1.50, sicartsa = 1.30 }, -- basic oxygen
}

-- Rail distances in km; 0 where none is needed. The port of a plant is for exports.
local km = cm.grid[[            mexico-df  monterrey  guadalajara  port
                    ahmsa            1204        218         1125   739
                    fundidora        1017          0         1030   521
                    sicartsa          819       1305          704     0
                    hylsa            1017          0         1030   521
                    hylsap            185       1085          760   315
                    port              428        521          300     0 ]]
local share = { ["mexico-df"] = 0.55, monterrey = 0.30, guadalajara = 0.15 } -- of demand

local function freight(from, to) -- USD per ton
  local d = km:get(from, to)
  return d > 0 and 2.48 + 0.0084 * d or 0
end

local function program(given)
  local function demand(j) return given.steel * (1 + given.raw) * share[j] end
  return cm.program{ name = "mexss", unit = "USD million",
    sets = { plant = plants, market = markets, process = processes, material = materials,
      intermediate = { "pig-iron", "sponge" } },
    variables = {
      { "run", over = { "process", "plant" }, unit = "million tons",
        upper = function(p, i) return capacity[p][i] or 0 end },
      { "buy", over = { "material", "plant" } },
      { "ship", over = { "plant", "market" }, unit = "million tons" },
      { "import", over = "market", unit = "million tons" },
      { "export", over = "plant", unit = "million tons" },
    },
    minimise = {
      { "raw materials", function(v)
        return sum(materials, function(c) return price[c] * sum(v.buy[c]) end)
      end },
      { "transport", function(v)
        return dot(v.ship, freight) + dot(v.import, function(j) return freight("port", j) end)
          + dot(v.export, function(i) return freight(i, "port") end)
      end },
      { "imports", function(v) return given.import_price * sum(v.import) end },
      { "exports", function(v) return -given.export_price * sum(v.export) end },
    },
    constraints = {
      { "steel", over = "plant", function(v, i)
        return sum(processes, function(p) return (process[p].steel or 0) * v.run[p][i] end), ">=",
          sum(v.ship[i]) + v.export[i]
      end },
      { "balance", over = { "intermediate", "plant" }, function(v, c, i)
        return sum(processes, function(p) return (process[p][c] or 0) * v.run[p][i] end), ">=", 0
      end },
      { "needs", over = { "material", "plant" }, function(v, c, i)
        return v.buy[c][i], ">=",
          sum(processes, function(p) return -(process[p][c] or 0) * v.run[p][i] end)
      end },
      { "demand", over = "market", function(v, j)
        return sum(v.ship, { market = j }) + v.import[j], ">=", demand(j)
      end },
      { "quota", function(v) return sum(v.export), "<=", given.export_limit end },
    } }
end

return cm.define.model{
  name = "mexss", about = "Mexican steel: what each plant makes, ships, imports and exports",
  cite = "Kendrick, Meeraus and Alatorre (1984)",
  params = {
    steel = { 5.209, min = 0, unit = "million tons", about = "demand for final products, 1979" },
    raw = { 0.40, min = 0, about = "raw steel beyond a ton of final product" },
    import_price = { 150, min = 0, unit = "USD per ton", about = "of steel, without transport" },
    export_price = { 140, min = 0, unit = "USD per ton", about = "of steel" },
    export_limit = { 1, min = 0, unit = "million tons", about = "what can be sold abroad" },
  },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
