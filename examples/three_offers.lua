-- Three offers for a power plant of 2 x 660 MW in Pakistan: China ships the equipment and the host
-- builds, a Chinese contractor builds all of it, or China and France build it together. Wages and
-- tiers come with capmod; what the plant needs and what builders can do is stylised.
local cm = require "capmod"

local MEMBERS = { "CHN", "FRA", "PAK" }

--- The plant; `by` carries out the works on the site, and whether it is open who else does.
local function plant(p, by, open)
  local places = cm.model.places{ "CHN", "FRA", "PAK", money = 1e6 }
  places.CHN.productivity, places.FRA.productivity, places.PAK.productivity = p.chinese, 1, 0.25
  return cm.chain{
    name = "2 x 660 MW", unit = "USD mn", market = "PAK", home = "CHN",
    stages = { -- labour in person-years at the productivity of the United States
      { "engineering", labour = { skilled = 1100 }, profit = 10, tier = 3 },
      { "boilers", labour = { skilled = 500, unskilled = 2600 }, capital = 90, materials = 170,
        tier = 2, duty_class = "machines" },
      { "turbines", labour = { skilled = 1000, unskilled = 600 }, capital = 70, materials = 80,
        tier = 3, duty_class = "machines" },
      { "civil works", at = "PAK", by = by, labour = { skilled = 400, unskilled = 5200 },
        capital = 60, materials = 140, tier = 2, movable = open },
      { "erection", at = "PAK", by = by, labour = { skilled = 1500, unskilled = 2500 },
        capital = 40, materials = 30, tier = 2, movable = open,
        uses = { "engineering", "boilers", "turbines", "civil works" } },
    },
    places = places, operators = { CHN = { abroad = 0.8 }, FRA = { abroad = p.french_abroad } },
    tier_step = p.tier_step,
    trade = { freight = 0.05, interface = p.interface, tariff = { PAK = { machines = p.duty } } },
  }
end

--- What each offer is: who carries out the site, and in which mode the rest comes.
local function offers(p)
  return {
    { "export", plant(p, "PAK", false):as "export" },
    { "one contractor", plant(p, "CHN", false):as "export" },
    { "jointly", plant(p, "PAK", true):as("third_market", { host = "PAK", partner = "FRA",
      keep = { "engineering", "boilers", "turbines" } }) },
  }
end

local function by_country(plan, of)
  local found, row = plan:decompose{ of = of }, {}
  for _, code in ipairs(MEMBERS) do
    row[code] = found:where(function(r) return r.country == code end)[1]
    row[code] = row[code] and row[code][of] or 0
  end
  return row
end

local function compare(list)
  local rows, parts = {}, {}
  for i, offer in ipairs(list) do
    local plan = offer[2]:locate()
    local value, jobs = by_country(plan, "value"), by_country(plan, "jobs")
    rows[i] = { offer = offer[1], cost = plan.cost }
    for _, code in ipairs(MEMBERS) do
      rows[i]["value." .. code], rows[i]["jobs." .. code] = value[code], jobs[code]
      parts[#parts + 1] = { offer = offer[1], country = code, value = value[code] }
    end
  end
  local cols = { "offer", { "cost", digits = 1 } }
  for _, of in ipairs{ "value", "jobs" } do
    for _, code in ipairs(MEMBERS) do
      cols[#cols + 1] = { of .. "." .. code, digits = of == "jobs" and 0 or 1,
        unit = of == "jobs" and "1" or nil }
    end
  end
  return cm.frame{ title = "three offers: landed cost, value and person-years by country",
    unit = "USD mn", keys = { "offer" }, cols = cols, rows = rows, bar = false },
    cm.frame{ title = "value by country", keys = { "offer", "country" }, rows = parts,
      cols = { "offer", "country", "value" } }
end

local three = cm.scenario{
  name = "three offers", about = "a power plant abroad: export, one contractor, or jointly",
  params = {
    chinese = { 0.5, min = 0.1, max = 1, about = "productivity of China's builders, USA = 1" },
    french_abroad = { 0.35, min = 0.1, max = 1, about = "what France's keep of theirs abroad" },
    tier_step = { 0.35, min = 0, about = "extra cost for each tier short" },
    interface = { 3, min = 0, unit = "USD mn", about = "where two firms' work meets" },
    duty = { 0.05, min = 0, max = 1, about = "Pakistan's duty on machines" },
  },
  run = function(p)
    local list = offers(p)
    local comparison, parts = compare(list)
    local deal = cm.cooperation{ name = "jointly", chain = list[3][2], members = MEMBERS,
      buyer = "PAK", worth = "saving", baseline = list[1][2] }
    local range = deal:offer{ member = "FRA" }[1]
    return { offers = comparison, parts = parts, deal = deal:coalitions(), stable = deal:stable(),
      shares = deal:divide{ rule = "nucleolus" }, range = deal:offer(),
      saving = comparison[1].cost - comparison[3].cost, france_most = range.most }
  end,
}

local found = three:run()
print(found.offers)
print(found.parts:chart{ x = "offer", y = "value", series = "country", kind = "stacked",
  title = "value by country, USD mn" })
print(found.deal)
print(found.shares)
print(found.stable)
print(found.range)
return three
