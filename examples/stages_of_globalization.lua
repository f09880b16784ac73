-- The stages of globalization: one tractor for Kenya under trade only, with direct investment, with
-- a fragmented supply chain, and with capacity cooperation. Wages come with capmod; what a tractor
-- needs, what firms can do, plants and freight are stylised.
local cm = require "capmod"

local COUNTRIES = { "CHN", "DEU", "VNM", "KEN" }

--- Ways to do a stage: by the firms of each country at home, and jointly with Kenya's.
local AT_HOME, JOINTLY = {}, {}
for i, code in ipairs(COUNTRIES) do AT_HOME[i] = { at = code, by = code } end
table.move(AT_HOME, 1, #AT_HOME, 1, JOINTLY)
for _, partners in ipairs{ { CHN = 0.5, KEN = 0.5 }, { CHN = 0.5, DEU = 0.2, KEN = 0.3 } } do
  JOINTLY[#JOINTLY + 1] = { at = "KEN", by = partners }
end

local function places_of(p)
  local places = cm.model.places{ "CHN", "DEU", "VNM", "KEN", per = "hour" }
  local can = { CHN = { p.chinese, 2 }, DEU = { 1, 3 }, VNM = { 0.25, 1 }, KEN = { 0.06, 1 } }
  for code, place in cm.each(places) do
    place.productivity, place.tier = can[code][1], can[code][2]
  end
  places.KEN.entry = p.plant / 4
  places.KEN.setup = { engine = 4 * p.plant, gearbox = 2 * p.plant, body = p.plant,
    assembly = p.plant }
  return places
end

--- `ways` are open to what can be shipped; without them all of it is at home.
local function tractor(p, ways)
  local function stage(t)
    t.options = ways
    return t
  end
  return cm.chain{
    name = "tractor", unit = "USD", market = "KEN", home = "CHN", volume = p.volume,
    tier_step = p.tier_step,
    stages = { -- hours at the productivity of the United States
      { "design", at = "CHN", by = "CHN", movable = false, tier = 2, labour = { skilled = 8 },
        profit = 150 },
      stage{ "engine", tier = 3, labour = { skilled = 6, unskilled = 12 }, capital = 500,
        materials = 900, duty_class = "parts" },
      stage{ "gearbox", tier = 2, labour = { skilled = 5, unskilled = 20 }, capital = 300,
        materials = 700, duty_class = "parts" },
      stage{ "body", tier = 1, labour = { skilled = 2, unskilled = 45 }, capital = 150,
        materials = 600, duty_class = "parts" },
      stage{ "assembly", tier = 1, labour = { skilled = 4, unskilled = 50 }, capital = 200,
        profit = 250, duty_class = "tractors", uses = { "design", "engine", "gearbox", "body" } },
    },
    places = places_of(p), operators = { CHN = { abroad = 0.6, joint = 0.85 },
      DEU = { abroad = 0.5, joint = 0.75 } },
    trade = { freight = 0.06, interface = 20,
      tariff = { KEN = { tractors = p.duty, parts = p.duty / 2 } } },
  }
end

local function stages(p)
  return {
    { "trade only", tractor(p):as "export" },
    { "investment", tractor(p):as("fdi", { host = "KEN" }) },
    { "fragmented", tractor(p, AT_HOME) },
    { "cooperation", tractor(p, JOINTLY) },
  }
end

local function of(plan, by, code, what)
  what = what or "value"
  local row = plan:decompose{ by = by, of = what }:where(function(r) return r[by] == code end)[1]
  return row and row[what] or 0
end

local function measure(p)
  local rows, parts, places = {}, {}, {}
  for i, one in ipairs(stages(p)) do
    local plan = one[2]:locate()
    rows[i] = { stage = one[1], cost = plan.cost, jobs = of(plan, "country", "KEN", "jobs"),
      traded = plan:division():get{ what = "crosses borders" }.share }
    for _, code in ipairs(COUNTRIES) do
      rows[i][code], rows[i]["own." .. code] = of(plan, "country", code), of(plan, "owner", code)
      parts[#parts + 1] = { stage = one[1], country = code, value = rows[i][code] }
    end
    for _, s in ipairs{ "engine", "gearbox", "body", "assembly" } do
      local where = plan.chain:stages():get{ stage = s }
      places[#places + 1] = { stage = one[1], part = s, at = where.at, by = where.by }
    end
  end
  return rows, parts, places
end

local globalization = cm.scenario{
  name = "stages of globalization", about = "one tractor: trade, investment, chains, cooperation",
  params = {
    chinese = { 0.4, min = 0.05, max = 2, about = "productivity of China's firms, USA = 1" },
    plant = { 1e6, min = 0, unit = "USD", about = "a small works in Kenya" },
    volume = { 5000, min = 1, about = "tractors over the years of the plants" },
    duty = { 0.1, min = 0, max = 1, about = "Kenya's on tractors; on parts half of it" },
    tier_step = { 0.25, min = 0, about = "extra cost for each tier short" },
  },
  run = function(p)
    local rows, parts, places = measure(p)
    local cols = { "stage", { "cost", digits = 0 } }
    for _, code in ipairs(COUNTRIES) do cols[#cols + 1] = { code, digits = 0 } end
    for _, code in ipairs(COUNTRIES) do cols[#cols + 1] = { "own." .. code, digits = 0 } end
    cols[#cols + 1] = { "jobs", digits = 0, unit = "1" }
    cols[#cols + 1] = { "traded", format = "percent" }
    return {
      stages = cm.frame{ title = "a tractor by stage of globalization", unit = "USD",
        keys = { "stage" }, rows = rows, cols = cols, bar = false, note = {
          "CHN ... KEN: value by where the work is done, own: by who earns it",
          "jobs: Kenya's hours; traded: intermediates across borders in what the product is worth",
        } },
      value = cm.frame{ title = "value by country", keys = { "stage", "country" }, rows = parts,
        cols = { "stage", "country", "value" } },
      places = cm.frame{ title = "where, and by whom", keys = { "stage", "part" }, rows = places,
        cols = { "stage", "part", "at", "by" } },
      cost_trade = rows[1].cost, cost_cooperation = rows[4].cost,
      host_trade = rows[1]["own.KEN"], host_cooperation = rows[4]["own.KEN"],
    }
  end,
}

local found = globalization:run()
print(found.stages)
print(found.value:chart{ x = "stage", y = "value", series = "country", kind = "stacked",
  title = "value by country, USD a tractor" })
print(found.places:pivot{ rows = "part", cols = "stage", values = "by" })
return globalization
