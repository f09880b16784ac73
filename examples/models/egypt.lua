-- models/egypt.lua: Egyptian fertilizer in 1975, who makes and imports what; least cost 58808.37
-- Model: A. M. Choksi, A. Meeraus and A. J. Stoutjesdijk, The Planning of Investment Programs in
-- the Fertilizer Industry, Johns Hopkins 1980 (static; scenario 1: 85 % of capacity can be used,
-- plants ship no intermediates to one another). Data as in R. Fourer, D. M. Gay and B. W.
-- Kernighan, A Modeling Language for Mathematical Programming, Management Science 36 (1990), 519 to
-- 554, whose model (egypt.mod of GLPK) has this optimum: in it only net users of an intermediate
-- receive it. Its rows on nutrients follow from demand by product. With `transfers` ammonia goes
-- from Aswan to Helwan, for 57747.32.
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local plants = { "aswan", "helwan", "assiout", "kafr-el-zt", "abu-zaabal" }
local products = { "urea", "can-260", "can-310", "can-335", "amm-sulf", "dap", "ssp-155",
  "c-250-55", "c-300-100" }

-- Consumption 1974-75 in thousand tons. can: calcium ammonium nitrate of 26, 31 and 33.5 %; dap:
-- diammonium phosphate; ssp: single superphosphate of 15.5 %; c: compounds.
local consumption = cm.grid[[
              amm-sulf  urea  can-260  can-310  can-335  dap  ssp-155  c-250-55  c-300-100
  alexandria         3     1        0        0        5    0        8         0          0
  behera            90    35        1        0       25  0.1       64         1        0.1
  gharbia           60    28        0        0       17  0.1       57         1        0.2
  kafr-el-sh        45    22        1        0       10    0       25         2        0.1
  dakahlia          60    20        1        0       26    0       52         1          0
  damietta          15     8        0        0        2    0        5         0          0
  sharkia           50    28        1        0       31    0       43         1        0.1
  ismailia           6     2        0        0        4    0        4         0          0
  suez               0     0        0        0        1    0        1         0          0
  menoufia          21    30        1        0       24  0.1       33         2        0.1
  kalubia           16     7        0        0       25  0.1       22         1          0
  giza               6     2        0        0       40    0       14         1        0.1
  beni-suef          1    20        1        0       15    0       13         3          0
  fayoum             6    20        1        0       20    0       17         1          0
  minia              1    41        2       15       35  0.1       50         3        0.2
  assiout            1    27        1       20       26    0       35         5        0.1
  new-valley         0     1        0        0        0    0        1         0          0
  sohag              0     7        0       65        3    0       20         1          0
  quena              0     3        0       95        2    0        8         0          0
  aswan              0     0        0       40        0    0        8         0          0 ]]
local regions = consumption:labels "rows"

-- Roads in km from plants and, for what is imported, from Abu Kir; 0 within a town.
local road = cm.grid[[
              abu-kir  kafr-el-zt  abu-zaabal  helwan  assiout  aswan
  alexandria       16         119         210     244      607   1135
  behera           76          42          50     184      547   1065
  gharbia         150          20          65     122      485   1003
  kafr-el-sh      145          20         105     162      525   1043
  dakahlia        208          58         138     152      515   1033
  damietta        267         131         216     233      596   1114
  sharkia         240          78          60     110      473    991
  ismailia        365         241         142     173      536   1054
  suez            370         246         224     178      541   1059
  menoufia        157          33         154     109      472    990
  kalubia         190          66          97      76      439    957
  giza            287         133          48     0.9      372    890
  beni-suef       359         248         163     105      257    775
  fayoum          341         230         145      88      308    826
  minia           384         372         288     230      132    650
  assiout         616         504         420     362        0    518
  new-valley      815         703         619     561      199    519
  sohag           715         603         519     461       99    419
  quena           858         746         662     604      242    276
  aswan          1134        1022         938     880      518      0 ]]
local rail = cm.grid[[      aswan  helwan  assiout  kafr-el-zt  abu-zaabal -- km between plants
              aswan           0     880      518        1022         938
              helwan        880       0      362         142          57
              assiout       518     362        0         504         420
              kafr-el-zt   1022     142      504           0          85
              abu-zaabal    938      57      420          85           0 ]]
-- What is imported for the plants comes by barge, and the rest of the way by road, in km.
local barge = { ["kafr-el-zt"] = 104, ["abu-zaabal"] = 210, helwan = 183, assiout = 583,
  aswan = 1087 }
local by_road = { ["kafr-el-zt"] = 6, ["abu-zaabal"] = 0.1, aswan = 10 }

-- Per ton: tons; electricity in kWh but that from the Aswan dam in MWh, coke gas in 1000 cubic
-- feet, blast-furnace gas and water in cubic metres, bags by number.
local process = {
  ["sulf-a-s"] = { ["sulf-acid"] = 1, ["el-sulfur"] = -0.334, electric = -50, water = -20 },
  ["sulf-a-p"] = { ["sulf-acid"] = 1, pyrites = -0.826, electric = -75, water = -60 },
  ["nitr-acid"] = { ["nitr-acid"] = 1, ammonia = -0.292, electric = -231, water = -0.6 },
  ["amm-elec"] = { ammonia = 1, ["el-aswan"] = -12 },
  ["amm-c-gas"] = { ammonia = 1, ["coke-gas"] = -2, electric = -1960, ["bf-gas"] = -609,
    water = -700, steam = -4 },
  ["ssp-155"] = { ["ssp-155"] = 1, ["phos-rock"] = -0.62, ["sulf-acid"] = -0.41, bags = -22,
    water = -6, electric = -14 },
  ["can-310"] = { ["can-310"] = 1, ammonia = -0.20, ["nitr-acid"] = -0.71, limestone = -0.12,
    bags = -23, water = -49, steam = -0.4 },
  ["can-335"] = { ["can-335"] = 1, ammonia = -0.21, ["nitr-acid"] = -0.76, limestone = -0.04,
    bags = -23, water = -49, steam = -0.4 },
  ["amm-sulf"] = { ["amm-sulf"] = 1, ["sulf-acid"] = -0.76, ammonia = -0.26, bags = -22,
    water = -17, electric = -19 },
}
local processes = { "sulf-a-s", "sulf-a-p", "nitr-acid", "amm-elec", "amm-c-gas", "ssp-155",
  "can-310", "can-335", "amm-sulf" }

-- The unit of each process, tons a day by plant; where it has no other name, the process' own.
local unit_of = { ["ssp-155"] = "ssp", ["can-310"] = "c-amm-nitr", ["can-335"] = "c-amm-nitr" }
local capacity = {
  ["sulf-a-s"] = { ["kafr-el-zt"] = 200, assiout = 250, ["abu-zaabal"] = 242 },
  ["sulf-a-p"] = { ["kafr-el-zt"] = 50, ["abu-zaabal"] = 227 },
  ["nitr-acid"] = { aswan = 800, helwan = 282 },
  ["amm-elec"] = { aswan = 450 },
  ["amm-c-gas"] = { helwan = 172 },
  ssp = { ["kafr-el-zt"] = 600, assiout = 600, ["abu-zaabal"] = 600 },
  ["c-amm-nitr"] = { aswan = 1100, helwan = 364 },
  ["amm-sulf"] = { helwan = 24 },
}
local not_made = { ["can-310"] = "helwan", ["can-335"] = "aswan" }

local import_price = { pyrites = 17.5, ["el-sulfur"] = 55, urea = 150, -- USD a ton
  ["can-260"] = 75, ["can-310"] = 90, ["can-335"] = 100, ["amm-sulf"] = 75, dap = 175,
  ["ssp-155"] = 80,
  ["c-250-55"] = 100, ["c-300-100"] = 130 }
local price_at = { -- Egyptian pounds
  limestone = { helwan = 1.2, aswan = 1.2 }, ["coke-gas"] = { helwan = 16 },
  ["el-aswan"] = { aswan = 1 },
  ["phos-rock"] = { ["kafr-el-zt"] = 5, ["abu-zaabal"] = 4, assiout = 3.5 },
}
local price = { electric = 0.007, ["bf-gas"] = 0.007, water = 0.031, steam = 1.25, bags = 0.28 }
local imported, shipped = { "pyrites", "el-sulfur" }, { "ammonia", "sulf-acid" }
local materials = { "el-aswan", "coke-gas", "phos-rock", "limestone", "electric", "bf-gas", "water",
  "steam", "bags" }

local commodities, kind_of = { "nitr-acid" }, {}
for _, group in ipairs{ { "product", products }, { "imported", imported }, { "shipped", shipped },
  { "material", materials } } do
  for _, c in ipairs(group[2]) do
    commodities[#commodities + 1], kind_of[c] = c, group[1]
  end
end

-- ---- figures that follow ------------------------------------------------------------------------

local function freight(km) return km > 0 and 0.5 + 0.0144 * km or 0 end -- by road, pounds a ton
local function by_rail(km) return km > 0 and 3.5 + 0.03 * km or 0 end
local function supply_cost(i) -- of imported materials
  return 1 + 0.003 * barge[i] + freight(by_road[i] or 0)
end

local function runs_at(p, i) return capacity[unit_of[p] or p][i] ~= nil and not_made[p] ~= i end

--- Whether some process that can run at a plant has a coefficient of the commodity of this sign.
local function occurs(c, i, sign)
  for _, p in ipairs(processes) do
    if runs_at(p, i) and (process[p][c] or 0) * sign > 0 then return true end
  end
  return false
end
local function makes(c, i) return occurs(c, i, 1) end
local function needs(c, i) return occurs(c, i, -1) end
local function local_price(c, i) return price[c] or price_at[c] and price_at[c][i] end

-- ---- the model ----------------------------------------------------------------------------------

local function program(given)
  local function foreign(figures)
    return function(c) return given.exchange * figures[c] end
  end
  return cm.program{ name = "egypt", unit = "1000 pounds",
    sets = { plant = plants, region = regions, product = products, process = processes,
      material = materials, imported = imported,
      shipped = shipped,
      unit = { "sulf-a-s", "sulf-a-p", "nitr-acid", "amm-elec", "amm-c-gas", "ssp", "c-amm-nitr",
        "amm-sulf" },
      commodity = commodities },
    variables = {
      { "run", over = { "process", "plant" }, where = runs_at, unit = "1000 t" },
      { "ship", over = { "product", "plant", "region" }, where = makes, unit = "1000 t" },
      { "transfer", over = { "shipped", "from in plant", "to in plant" }, unit = "1000 t",
        where = function(c, i, to) return given.transfers and makes(c, i) and needs(c, to) end },
      { "import", over = { "product", "region" }, unit = "1000 t" },
      { "bring", over = { "imported", "plant" }, where = needs, unit = "1000 t" },
      { "buy", over = { "material", "plant" },
        where = function(c, i) return needs(c, i) and local_price(c, i) end },
    },
    minimise = {
      { "materials", function(v) return dot(v.buy, local_price) end },
      { "transport", function(v)
        return dot(v.ship, function(_, i, j) return freight(road:get(j, i)) end)
          + dot(v.import, function(_, j) return freight(road:get(j, "abu-kir")) end)
          + dot(v.transfer, function(_, i, to) return by_rail(rail:get(i, to)) end)
          + dot(v.bring, function(_, i) return supply_cost(i) end)
      end },
      { "imports", function(v)
        return dot(v.import, foreign(import_price)) + dot(v.bring, foreign(import_price))
      end },
    },
    constraints = {
      { "demand", over = { "product", "region" },
        where = function(c, j) return consumption:get(j, c) > 0 end,
        function(v, c, j)
          return sum(v.ship[c], { region = j }) + v.import[c][j], ">=",
            given.demand * consumption:get(j, c)
        end },
      { "balance", over = { "commodity", "plant" }, function(v, c, i)
        local got = sum(processes, function(p) return (process[p][c] or 0) * v.run[p][i] end)
        local kind = kind_of[c]
        if kind == "imported" then return got + v.bring[c][i], ">=", 0 end
        if kind == "material" then return got + v.buy[c][i], ">=", 0 end
        if kind == "product" then return got, ">=", sum(v.ship[c][i]) end
        if kind == "shipped" then
          return got + sum(v.transfer[c], { to = i }), ">=", sum(v.transfer[c][i])
        end
        return got, ">=", 0
      end },
      { "capacity", over = { "unit", "plant" },
        where = function(m, i) return capacity[m][i] end,
        function(v, m, i)
          return sum(processes, function(p)
            return (unit_of[p] or p) == m and v.run[p][i]
          end), "<=", given.use * 0.33 * capacity[m][i]
        end },
    } }
end

return cm.define.model{
  name = "egypt", about = "Egyptian fertilizer: production, imports and distribution in 1975",
  cite = "Choksi, Meeraus and Stoutjesdijk (1980)",
  params = {
    use = { 0.85, min = 0, max = 1, about = "of capacity that can be used" },
    exchange = { 0.4, min = 0, unit = "pounds per USD", about = "exchange rate" },
    demand = { 1, min = 0, about = "times the consumption of 1974-75" },
    transfers = { false, about = "whether plants ship ammonia and acid to one another" },
  },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
