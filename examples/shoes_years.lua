-- Shoes to Ethiopia over fifteen years: wages in China rise by 5 % a year, in Ethiopia by 2 %. In
-- which year does each stage leave, what remains, and who has the work? The stages are real and the
-- wages of the start come with capmod; costs of stages, set-up and freight are stylised.
local cm = require "capmod"

local CLASS = { leather = "tanning", soles = "soles", stitching = "stitching",
  ["lasting and packing"] = "lasting" }

--- The chain in a year. What was set up before is not paid again.
local function shoes(p, year, setup)
  local places = cm.model.places{ "CHN", "ETH" }
  for code, growth in pairs{ CHN = p.growth_home, ETH = p.growth_host } do
    for skill, wage in pairs(places[code].wage) do
      places[code].wage[skill] = wage * (1 + growth) ^ year
    end
  end
  places.ETH.setup, places.ETH.tier = setup, nil
  return cm.model.chain("shoes", { places = places, home = "CHN", market = "USA",
    volume = p.pairs * p.horizon, operators = { CHN = { abroad = p.abroad } },
    trade = { freight = { CHN = { USA = 0.04, ETH = 0.05 }, ETH = { USA = p.freight } } },
    modes = { host = "ETH", keep = { "design" }, per = "stage", "export", "fdi" } })
end

--- What is paid once in Ethiopia, by class, in USD.
local function setups(p)
  return { tanning = 6e6 * p.setup, soles = 4e6 * p.setup, stitching = 2e6 * p.setup,
    lasting = 3e6 * p.setup }
end

--- Stages that the plan has in Ethiopia and that were not there; their set-up is paid then.
local function leaving(plan, year, setup, left)
  local names = {}
  local abroad = plan.chain:stages():where(function(r) return r.at:find "ETH" end)
  for i = 1, #abroad do
    local name = abroad[i].stage
    if not left[name] then
      left[name], setup[CLASS[name]], names[#names + 1] = year, 0, name
    end
  end
  return #names > 0 and table.concat(names, ", ") or "-"
end

--- Year by year: the plan of each, with what stands already.
local function history(p)
  local setup, left, rows, parts = setups(p), {}, {}, {}
  for year = 0, p.years do
    local plan = shoes(p, year, setup):locate()
    local row = { year = year, cost = plan.cost, leaves = leaving(plan, year, setup, left) }
    for _, code in ipairs{ "CHN", "ETH" } do
      row["jobs." .. code] = plan:measure("jobs." .. code) / p.horizon
      parts[#parts + 1] = { year = year, country = code, jobs = row["jobs." .. code] }
    end
    rows[#rows + 1] = row
  end
  return rows, parts, left
end

local years = cm.scenario{
  name = "shoes over the years", about = "which stage leaves China for Ethiopia in which year",
  params = {
    years = { 15, min = 1, max = 40, about = "horizon" },
    growth_home = { 0.05, min = 0, max = 0.2, about = "yearly growth of wages in China" },
    growth_host = { 0.02, min = 0, max = 0.2, about = "yearly growth of wages in Ethiopia" },
    pairs = { 1e6, min = 1, unit = "pairs a year", about = "what is made" },
    horizon = { 5, min = 1, unit = "years", about = "in which set-up must be earned back" },
    abroad = { 0.12, min = 0.01, max = 1, about = "productivity that China's firms keep there" },
    freight = { 0.08, min = 0, max = 1, about = "from Ethiopia to the USA, of the value" },
    setup = { 1, min = 0, about = "of all set-up costs: 1 as stated" },
  },
  run = function(p)
    local rows, parts, left = history(p)
    local year = { "year", digits = 0 }
    local function persons(code) return { "jobs." .. code, digits = 0, unit = "1" } end
    local outputs = {
      jobs = cm.frame{ title = "persons at work", rows = parts, keys = { "year", "country" },
        cols = { year, "country", "jobs" } },
      history = cm.frame{ title = "shoes from China for the USA, year by year", rows = rows,
        unit = "USD per pair", keys = { "year" }, bar = false,
        note = "set-up enters the cost of the year in which a stage leaves",
        cols = { year, { "cost", digits = 2 }, persons "CHN", persons "ETH", "leaves" } },
    }
    for stage, class in pairs(CLASS) do outputs[class .. "_leaves"] = left[stage] or math.huge end
    return outputs
  end,
}

local found = years:run()
print(found.history)
print(found.jobs:chart{ x = "year", y = "jobs", series = "country", title = "persons at work" })
return years
