-- A railway for Kenya, per km: what has to be on site, what may be shipped, and in which mode of
-- cooperation a Chinese contractor builds it. Illustrative figures.
local cm = require "capmod"

local line = cm.chain{
  name = "railway", unit = "USD 1000 per km", market = "KEN", home = "CHN", volume = 480,
  stages = {
    { "earthworks", at = "KEN", by = { "CHN", "KEN", { CHN = 0.5, KEN = 0.5 } }, movable = false,
      labour = { skilled = 4, unskilled = 60 }, capital = 220, materials = 40 },
    { "track", at = "KEN", by = "CHN", movable = false, tier = 2,
      labour = { skilled = 8, unskilled = 40 }, capital = 120, uses = { "earthworks", "rails" } },
    { "rails", labour = { skilled = 3, unskilled = 6 }, capital = 90, materials = 70, tier = 3,
      class = "steel", duty_class = "steel" },
    { "wagons", labour = { skilled = 6, unskilled = 14 }, capital = 60, materials = 50, tier = 2,
      class = "vehicles", duty_class = "vehicles" },
    { "signals", labour = { skilled = 10 }, capital = 50, profit = 20, tier = 4, class = "signals",
      duty_class = "electronics" },
    { "line", at = "KEN", by = "CHN", movable = false, labour = { skilled = 6 }, profit = 60,
      uses = { "track", "wagons", "signals" } },
  },
  colocate = { "earthworks", "track", "line", why = "it lies where it lies" },
  places = {
    CHN = { wage = { skilled = 9, unskilled = 5 }, tier = 4, tax = 0.25 },
    KEN = { wage = { skilled = 7, unskilled = 2 }, productivity = 0.55, tier = 2, tax = 0.3,
      entry = 4000, setup = { steel = 90000, vehicles = 9000, signals = 20000 } },
  },
  operators = { CHN = { abroad = 0.85 } },
  trade = { freight = 0.07, interface = 4,
    tariff = { KEN = { steel = 0.1, vehicles = 0.25, electronics = 0.1 } } },
  modes = { home = "CHN", host = "KEN", per = "stage", "export", "fdi", { "joint", equity = 0.6 } },
}
print(line:blocks())

local plan = line:locate()
print(plan)
print(plan:investment())

-- The same in one mode for all that may move.
local rows = {}
for i, mode in ipairs{ "export", "fdi", "joint", "transfer" } do
  local more = { host = "KEN", equity = mode == "joint" and 0.6 or nil,
    cost = mode == "transfer" and 60000 or nil, royalty = mode == "transfer" and 0.03 or nil }
  local one = line:as(mode, more):locate()
  local jobs = one:decompose{ of = "jobs" }
  rows[i] = { mode = mode, cost = one.cost, gdp = one:decompose():get{ country = "KEN" }.value,
    gni = one:decompose{ by = "owner" }:get{ owner = "KEN" }.value,
    jobs = jobs:get{ country = "KEN" }.jobs }
end
print(cm.frame{ title = "a km of line by mode: cost, Kenya's GDP and GNI, its labour for 480 km",
  unit = line.unit, keys = { "mode" }, rows = rows, bar = false,
  cols = { "mode", { "cost", digits = 1 }, { "gdp", digits = 1 }, { "gni", digits = 1 },
    { "jobs", digits = 0, unit = "1" } } })

-- What 70 per cent of local content costs, and which modes it takes.
print(line:locate{ subject = { ["content.KEN"] = { min = 0.7 } } })
