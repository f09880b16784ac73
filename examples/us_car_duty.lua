-- The American car of 1998 under a duty on the modules that are imported for it: which moves to the
-- USA, at which duty, who earns what before and after, and what the buyer pays. Stages, places and
-- what each adds are the WTO's. What a module would cost in the USA, and freight, was not
-- published: illustrative, each a parameter. Design, data and advertising are services and pay no
-- duty.
local cm = require "capmod"

local UNIT = "per 100 of price in 1998"
local NOTE = "illustrative: what modules cost in the USA, and freight, are assumed"

--- The car of cm.data.us_car. Each module is where it was, or in the USA at its premium.
local function car_at(p, duty)
  local function module(name, place, adds, premium, uses)
    return { name, at = { place, "USA" }, adds = { [place] = adds, USA = adds * (1 + premium) },
      uses = uses, duty_class = "modules" }
  end
  local function shipped(...)
    local row = {}
    for _, to in ipairs{ ... } do row[to] = p.freight end
    return row
  end
  return cm.chain{ name = "US car", unit = UNIT, market = "USA", note = NOTE,
    source = cm.data.us_car.source, stages = {
      { "design", at = "DEU", adds = 7.5 },
      module("components", "JPN", 17.5, p.components_premium, "design"),
      module("parts SGP", "SGP", 2, p.parts_premium), -- one figure for both places, halved
      module("parts TWN", "TWN", 2, p.parts_premium),
      { "data", at = { IRL = 0.5, BRB = 0.5 }, adds = 1.5 }, -- likewise
      { "advertising", at = "GBR", adds = 2.5 },
      module("assembly", "KOR", 30, p.assembly_premium, { "components", "parts SGP",
        "parts TWN" }),
      { "US business", at = "USA", adds = 37, uses = { "assembly", "data", "advertising" } },
    },
    trade = { tariff = { USA = { modules = duty } }, freight = { KOR = shipped "USA",
      JPN = shipped("KOR", "USA"), SGP = shipped("KOR", "USA"), TWN = shipped("KOR", "USA") } } }
end

local MODULES = { "assembly", "components", "parts" }
local SHOWN = { USA = true, KOR = true, JPN = true, DEU = true, ["(freight)"] = true }

--- What is added where, and what the state takes at the border.
local function added(plan)
  local value, revenue = {}, 0
  local rows = plan:decompose{ by = { "country", "component" } }
  for i = 1, #rows do
    local row = rows[i]
    if row.component == "duty" then
      revenue = revenue + row.value
    else
      value[row.country] = (value[row.country] or 0) + row.value
    end
  end
  return value, revenue
end

--- The car at one duty: where modules are, what is added where, what the buyer pays.
local function at(p, duty)
  local plan = car_at(p, duty):locate()
  local where, value, revenue = plan.chain:stages(), added(plan)
  local function place(name) return where:get{ stage = name }.at end
  local one, other = place "parts SGP", place "parts TWN"
  return { plan = plan, value = value, row = { duty = duty, assembly = place "assembly",
    components = place "components", parts = one == other and one or one .. " + " .. other,
    usa = value.USA, revenue = revenue, buyer = plan.cost } }
end

--- What the buyer's money goes to at each duty.
local function flows(steps)
  local list = {}
  for _, one in ipairs(steps) do
    local sums = { others = 0, ["(duty)"] = one.row.revenue }
    for code, value in cm.each(one.value) do
      local name = SHOWN[code] and code or "others"
      sums[name] = (sums[name] or 0) + value
    end
    for _, name in ipairs{ "USA", "KOR", "JPN", "DEU", "others", "(freight)", "(duty)" } do
      list[#list + 1] = { duty = ("%g %%"):format(100 * one.row.duty), goes_to = name,
        value = sums[name] or 0 }
    end
  end
  return cm.frame{ title = "what a car comes to, per 100 of its price in 1998",
    keys = { "duty", "goes_to" }, rows = list,
    cols = { "duty", "goes_to", { "value", digits = 2 } } }
end

--- What each country adds before and after.
local function compared(before, after)
  local rows = {}
  for code, value in cm.each(before.value) do
    local now = after.value[code] or 0
    rows[#rows + 1] = { country = code, before = value, after = now, change = now - value }
  end
  return cm.frame{ title = ("value added without, and with a duty of %g %%"):format(
    100 * after.row.duty), unit = UNIT, keys = { "country" }, rows = rows, bar = false,
    cols = { { "country", kind = "country" }, { "before", digits = 2 }, { "after", digits = 2 },
      { "change", digits = 2 } }, note = NOTE }
end

--- The duty from which each module is in the USA; infinite where none moves it.
local function starts(jumps)
  local from = {}
  for _, name in ipairs(MODULES) do from[name] = math.huge end
  for k = #jumps, 1, -1 do
    for _, name in ipairs(MODULES) do
      if (jumps[k].moves or ""):find(name, 1, true) then from[name] = jumps[k].from end
    end
  end
  return from
end

local duty = cm.scenario{
  name = "US car duty", about = "the car of 1998 under a duty on its imported modules",
  params = {
    duty = { 0.25, min = 0, max = 0.5, about = "on imported modules, for before and after" },
    assembly_premium = { 0.20, min = 0, about = "illustrative: cost in the USA over Korea's" },
    components_premium = { 0.40, min = 0, about = "illustrative: the same over Japan's" },
    parts_premium = { 0.45, min = 0, about = "illustrative: over Singapore's and Taiwan's" },
    freight = { 0.03, min = 0, max = 1, about = "illustrative: of goods between countries" },
  },
  run = function(p)
    local steps, rows = {}, {}
    for k = 0, 5 do
      steps[k + 1] = at(p, k / 10)
      rows[k + 1] = steps[k + 1].row
    end
    local before, after = steps[1], at(p, p.duty)
    local jumps = before.plan:range("tariff.USA.modules", { from = 0, to = 0.5 })
    local from = starts(jumps)
    return { jumps = jumps, flows = flows(steps), value = compared(before, after),
      relocation = cm.frame{ title = "where modules are, by the duty on them", keys = { "duty" },
        unit = UNIT, rows = rows, bar = false, note = NOTE, cols = { { "duty", format = "percent" },
          "assembly", "components", "parts", { "usa", digits = 2 }, { "revenue", digits = 2 },
          { "buyer", digits = 2 } } },
      assembly_from = from.assembly, components_from = from.components, parts_from = from.parts,
      buyer_pays = after.row.buyer - before.row.buyer, revenue = after.row.revenue,
      usa_gains = after.row.usa - before.row.usa }
  end,
}

local found = duty:run()
print(found.relocation)
print(found.jumps)
print(found.value)
print(found.flows:chart{ x = "duty", y = "value", series = "goes_to", kind = "stacked"})
return duty
