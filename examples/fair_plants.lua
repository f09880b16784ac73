-- Five members of a regional pact share out eight packages of plants, in the manner of the Andean
-- pact's programme for metalworking: where they cost least, so that each member has its part, or
-- where they cost least with money paid instead. Wages, productivity, distances and GDP of four
-- members come with capmod; what is said of Venezuela and of the packages is illustrative.
local cm = require "capmod"

local MEMBERS = { "BOL", "COL", "ECU", "PER", "VEN" }
--- Package, industry, cost a year of what the region buys if it is made in Colombia and a plant
--- there, in USD mn, and what of that cost is gas and power.
local PACKAGES = { { "tractors", "machinery", 95, 95, 0.05 },
  { "pumps", "machinery", 40, 30, 0.05 }, { "motors", "c14", 50, 45, 0.05 },
  { "transformers", "c14", 45, 35, 0.1 },
  { "buses", "c15", 120, 110, 0.05 }, { "castings", "c12", 60, 60, 0.25 },
  { "cables", "c12", 50, 40, 0.15 }, { "fertilizer", "c9", 110, 160, 0.4 } }
local ENERGY = { BOL = 0.6, COL = 1, ECU = 1, PER = 0.9, VEN = 0.5, ROW = 1 } -- price, Colombia = 1
local SITE = { BOL = 1.4, COL = 1, ECU = 1.2, PER = 1.1, VEN = 1.1 } -- cost of a plant, the same

--- Figures of the members; those of Venezuela, of which none come with capmod, are illustrative.
local function countries()
  local list = {}
  for _, code in ipairs(MEMBERS) do
    list[code] = code ~= "VEN" and cm.model.country(code) or cm.model.country("VEN", {
      wage = 8500, skilled = 2.08, unskilled = 0.8325, productivity = 0.25, tier = 2,
      gdp = 1.5e11, latitude = 10.5, longitude = -66.9, source = "illustrative" })
  end
  return list
end

--- What trade takes of the value: by distance within the pact, and from the world market.
local function freight(p, by)
  local rates = { ROW = {} }
  for i, a in ipairs(MEMBERS) do
    rates.ROW[a], rates[a] = p.world_freight, {}
    for k = i + 1, #MEMBERS do
      rates[a][MEMBERS[k]] = p.freight * (1 + by[a]:distance(by[MEMBERS[k]]) / 1000)
    end
  end
  return rates
end

--- The programme of some members: what they buy, made by them or bought from the world market.
local function programme(p, members)
  local by, places, stages, names = countries(), {}, {}, {}
  local home, region, share = by.COL:place{ money = 1e6 }, 0, {}
  for _, code in ipairs(MEMBERS) do region = region + by[code].gdp end
  for _, code in ipairs(members) do
    places[code], share[code] = by[code]:place{ money = 1e6 }, by[code].gdp / region
    for skill, wage in pairs(places[code].wage) do places[code].wage[skill] = p.labour * wage end
    places[code].setup = {}
    for _, k in ipairs(PACKAGES) do places[code].setup[k[1]] = SITE[code] * k[4] end
  end
  places.ROW = { wage = home.wage, productivity = home.productivity, tier = 3 }
  for n, k in ipairs(PACKAGES) do
    local at, adds = table.move(members, 1, #members, 1, {}), { ROW = (k[5] + p.world) * k[3] }
    for _, code in ipairs(members) do adds[code] = ENERGY[code] * k[5] * k[3] end
    at[#at + 1], names[n] = "ROW", k[1]
    stages[n] = cm.model.sector(k[2]):stage(k[1], { cost = (1 - k[5]) * k[3], base = "COL",
      money = 1e6, at = at, adds = adds })
  end
  for _, code in ipairs(members) do
    local uses = {}
    for _, name in ipairs(names) do uses[name] = share[code] end
    stages[#stages + 1] = { "market of " .. code, at = code, adds = 0, uses = uses }
  end
  return cm.chain{ name = "eight packages", unit = "USD mn a year", stages = stages,
    places = places, volume = p.years, tier_step = p.tier_step, note = "illustrative",
    trade = { freight = freight(p, by) } }, share
end

--- What each member gains in a plan: what its packages cost less than they would from the world
--- market. `less` says that of each package at each place.
local function gains_of(plan, less)
  local gains, stages = {}, plan.chain:stages()
  for _, code in ipairs(MEMBERS) do gains[code] = 0 end
  for _, k in ipairs(PACKAGES) do
    local at = stages:get{ stage = k[1] }.at
    if at ~= "ROW" then gains[at] = gains[at] + less[k[1]][at] end
  end
  return gains
end

--- Packages share no cost, so that the place of one says what it costs less there than bought.
local function less_of(plan)
  local less = {}
  for _, k in ipairs(PACKAGES) do
    local rows, row = plan:why(k[1]), {}
    local bought = rows:get{ at = "ROW" }["best cost"]
    for i = 1, #rows do row[rows[i].at] = bought - rows[i]["best cost"] end
    less[k[1]] = row
  end
  return less
end

local function less_frame(less)
  local rows, cols = {}, { "package" }
  for i, code in ipairs(MEMBERS) do cols[i + 1] = { code, digits = 1 } end
  for i, k in ipairs(PACKAGES) do
    rows[i] = { package = k[1] }
    for _, code in ipairs(MEMBERS) do rows[i][code] = less[k[1]][code] end
  end
  return cm.frame{ title = "what a package made there costs less than bought", bar = false,
    unit = "USD mn a year", keys = { "package" }, rows = rows, cols = cols, note = "illustrative" }
end

--- A rule that each member has at least so much value.
local function at_least(value)
  local rules = {}
  for _, code in ipairs(MEMBERS) do rules["value." .. code] = { min = value(code) } end
  return rules
end

--- The least cost, a package for each, and ever more of what each member's share in demand would
--- give it of the value that the cheapest plan has in the pact.
local function plans_of(p, chain, share)
  local free = chain:locate()
  local made, value = free:decompose(), 0
  for _, code in ipairs(MEMBERS) do value = value + made:get{ country = code }.value end
  local list = { { "least cost", 0, free },
    { "one each", 0, chain:locate{ subject = at_least(function() return 0.1 end) } } }
  for k = 1, p.steps do
    local part = p.most * k / p.steps
    list[k + 2] = { ("%.0f %% of share"):format(100 * part), part, chain:locate{
      subject = at_least(function(code) return part * share[code] * value end) } }
  end
  return list
end

--- A row: what a rule costs, who gains, and what money would cost that gives the same.
local function row_of(p, one, first, less)
  local plan, row = one[3], { rule = one[1] }
  if not plan.cost then return row end
  local gains, before, moved = gains_of(plan, less), gains_of(first, less), 0
  for _, code in ipairs(MEMBERS) do
    row[code] = gains[code]
    moved = moved + math.max(0, gains[code] - before[code])
  end
  row.cost, row.plants, row.money = plan.cost, plan.cost - first.cost, p.loss * moved
  row.arrives = moved > 0 and moved / (moved + row.plants) or nil
  return row
end

--- What any of the members could gain together for what they buy themselves.
local function pact(p)
  local bought = {}
  for _, k in ipairs(PACKAGES) do bought[k[1]] = { at = "ROW" } end
  return cm.cooperation{ name = "pact", unit = "USD mn a year", members = MEMBERS,
    worth = function(members)
      local chain = programme(p, members)
      return chain:with{ stages = bought }:locate().cost - chain:locate().cost
    end }
end

--- Of each member: what its plants gain in the cheapest plan, and what it is paid to have its part.
local function transfers(deal, gains)
  local rows = {}
  local shapley, nucleolus = deal:divide(), deal:divide{ rule = "nucleolus" }
  for i, code in ipairs(MEMBERS) do
    rows[i] = { member = code, plants = gains[code], shapley = shapley[i].gains,
      paid = shapley[i].gains - gains[code], nucleolus = nucleolus[i].gains }
  end
  return rows
end

local fair = cm.scenario{
  name = "fair plants", about = "eight packages for five members: by cost, by rule, by money",
  params = {
    years = { 8, min = 1, about = "of the plants; illustrative, as all below" },
    world = { 0.15, min = 0, about = "what the world market asks over the cost in Colombia" },
    world_freight = { 0.1, min = 0, about = "from there, of the value" },
    freight = { 0.03, min = 0, about = "within the pact, and as much again for each 1000 km" },
    tier_step = { 0.1, min = 0, about = "extra cost for each tier short" },
    labour = { 1, min = 0.1, max = 1, about = "worth of a year of work elsewhere, of its pay" },
    loss = { 0.25, min = 0, about = "what is lost where a dollar is raised and paid" },
    most = { 0.7, min = 0, max = 1, about = "of a member's share in demand: the strictest rule" },
    steps = { 7, min = 1, max = 20, about = "rules that are tried" },
  },
  run = function(p)
    local chain, share = programme(p, MEMBERS)
    local list, rows, curve = plans_of(p, chain, share), {}, {}
    local first, deal = list[1][3], pact(p)
    local less = less_of(first)
    for i, one in ipairs(list) do
      rows[i] = row_of(p, one, first, less)
      if i ~= 2 and rows[i].cost then
        curve[#curve + 1] = { part = one[2], plants = rows[i].plants, money = rows[i].money }
      end
    end
    local gains = gains_of(first, less)
    local function money(name) return { name, digits = 1 } end
    local cols = { "rule", { "cost", digits = 1 }, money "plants", money "money",
      { "arrives", format = "percent" } }
    for _, code in ipairs(MEMBERS) do cols[#cols + 1] = money(code) end
    return {
      plans = cm.frame{ title = "eight packages by rule", unit = "USD mn a year", rows = rows,
        keys = { "rule" }, bar = false, cols = cols, note = { "illustrative",
          "plants, money: what the rule costs by plants, and by money that gives as much",
          "arrives: of what a rule takes from some, what others get; by country: gains" } },
      curve = cm.frame{ title = "the price of fairness", keys = { "part" }, rows = curve,
        cols = { { "part", format = "percent" }, money "plants", money "money" } },
      members = cm.frame{ title = "plants where they cost least, and money", bar = false,
        unit = "USD mn a year", keys = { "member" }, rows = transfers(deal, gains),
        note = "illustrative", cols = { { "member", kind = "country" }, money "plants",
          money "shapley", money "paid", money "nucleolus" } },
      deal = deal:coalitions(), rules = deal:stable(), leaves = deal:stable{ gains = gains },
      less = less_frame(less),
      cost = first.cost, each_costs = rows[2].plants, each_money = rows[2].money,
      each_arrives = rows[2].arrives, strict_costs = rows[#rows].plants or math.huge,
    }
  end,
}

local found = fair:run()
print(found.less)
print(found.plans)
print(found.curve:chart{ x = "part", y = { "plants", "money" },
  title = "USD mn a year for a least part of one's share" })
print(found.members)
print(found.rules)
print(found.leaves:top(3))
return fair
