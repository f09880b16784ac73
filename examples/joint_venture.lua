-- A joint venture today, the host's own firm tomorrow: rail cars for Kenya. The firm that has the
-- product builds them at home, alone in the host, with a partner there, or hands the work over. Its
-- host learns as the mode teaches; once it has learned a block its own firm may take it. When does
-- it, what do cars cost until then, and what does the host earn? Wages, costs and rates of learning
-- are stylised.
local cm = require "capmod"

cm.define.mode{ name = "own firm", about = "the host's firm alone", needs = { "host" },
  apply = function(_, deal) return { at = deal.host, by = deal.host } end }

local CLASSES = { "bodies", "bogies", "assembly" }

--- { bodies = x, bogies = x, assembly = x }
local function each_class(x)
  local t = {}
  for _, class in ipairs(CLASSES) do t[class] = x end
  return t
end

local function cars(p, mode)
  local modes = { host = "KEN", per = "stage", mode, "own firm" }
  return cm.chain{ name = "rail cars", unit = "USD 1000 per car", home = "CHN", market = "KEN",
    volume = 100, modes = modes,
    stages = {
      { "traction", at = "CHN", movable = false, adds = 260 },
      { "bodies", labour = 10, materials = 60, profit = 12, tier = 2 },
      { "bogies", labour = 8, materials = 50, profit = 10, tier = 3 },
      { "assembly", labour = 14, materials = 20, profit = 8, tier = 1,
        uses = { "traction", "bodies", "bogies" } },
    },
    places = { CHN = { wage = 12, tier = 3, standing = each_class(150), closing = each_class(200) },
      KEN = { wage = 3, productivity = p.start, tier = 1, setup = each_class(p.setup),
        standing = each_class(150), lag = each_class(1), tax = 0.3 } },
    operators = { CHN = { abroad = p.abroad, joint = p.joint } },
    trade = { freight = 0.08 } }
end

--- { year, value } of a country's income from a car.
local function income(course, code)
  return course:value{ by = "owner" }:where{ owner = code }
end

--- The year from which the host's own firm does a stage for good.
local function own_from(course, stage)
  local places, from = course:places():where{ stage = stage }, math.huge
  for r = 1, #places do
    from = places[r].mode == "own firm" and math.min(from, places[r].year) or math.huge
  end
  return from
end

local POLICIES = {
  { "export", "export" }, { "China's alone", "fdi" },
  { "joint venture", { "joint", equity = 0.5 } },
  { "transfer", { "transfer", setup = true, cost = 6000 } },
}

local function measure(p, policy)
  local course = cars(p, policy[2]):over{ years = { 2026, 2026 + p.years }, start = "CHN",
    payback = 5, mastery = p.mastery, wages = { KEN = p.growth } }
  local path, host, total = course:path(), income(course, "KEN"), 0
  for r = 1, #host do total = total + host[r].value * 100 / 1000 end
  local row = { policy = policy[1], cost_2028 = path[3].cost, cost_last = path[#path].cost,
    host_income = total }
  for _, stage in ipairs(CLASSES) do row[stage] = own_from(course, stage) end
  return row, host, course
end

local venture = cm.scenario{
  name = "joint venture", about = "what a host learns, by mode, and when it goes alone",
  params = {
    years = { 20, min = 3, max = 60, about = "after the first" },
    start = { 0.35, min = 0.05, max = 1, about = "productivity of Kenya's firms, China's: 1" },
    abroad = { 0.6, min = 0.05, max = 1, about = "efficiency that China's firm keeps there alone" },
    joint = { 0.7, min = 0.05, max = 1, about = "the same beside a partner" },
    mastery = { 0.5, min = 0, max = 1, about = "part of a gap that makes a block learned" },
    growth = { 0.02, min = 0, max = 0.2, about = "yearly growth of wages in Kenya" },
    setup = { 4000, min = 0, unit = "USD 1000", about = "of a plant of each class" },
  },
  run = function(p)
    local rows, lines, found = {}, {}, {}
    for i, policy in ipairs(POLICIES) do
      local host, course
      rows[i], host, course = measure(p, policy)
      for r = 1, #host do
        lines[#lines + 1] = { year = host[r].year, policy = policy[1], income = host[r].value }
      end
      found[policy[1]] = course
    end
    local function year(name) return { name, digits = 0, unit = "1" } end
    return {
      policies = cm.frame{ title = "rail cars for Kenya by mode", unit = "USD 1000 per car",
        note = { "bodies, bogies, assembly: from when Kenya's own firm does it",
          "host_income: of all cars and years" },
        keys = { "policy" }, rows = rows, bar = false, cols = { "policy",
          { "cost_2028", digits = 1 }, { "cost_last", digits = 1 }, year "bodies", year "bogies",
          year "assembly", { "host_income", digits = 0, unit = "USD mn" } } },
      income = cm.frame{ title = "Kenya's income from a car", keys = { "year", "policy" },
        rows = lines, unit = "USD 1000", cols = { { "year", digits = 0 }, "policy", "income" } },
      plants = found["joint venture"]:plants(), learned = found["joint venture"]:capability(),
      fdi_from = rows[2].bodies, joint_from = rows[3].bodies, transfer_from = rows[4].bodies,
      joint_costs = rows[3].cost_2028 - rows[2].cost_2028,
    }
  end,
}

local found = venture:run()
print(found.policies)
print(found.plants)
print(found.income:chart{ x = "year", y = "income", series = "policy",
  title = "Kenya's income from a car, USD 1000" })
return venture
