-- Which of twenty hosts for which of twelve sectors? What China and a host gain together if it is
-- made there for its own market and not shipped, and in which mode. Wages, productivity, GDP and
-- what industries use come with capmod; demand, set-up, freight and efficiency abroad are stylised.
local cm = require "capmod"

local HOSTS = { "BGD", "BRA", "EGY", "ETH", "GHA", "IDN", "KAZ", "KEN", "KHM", "LKA", "MAR", "NGA",
  "PAK", "PER", "SEN", "TZA", "UGA", "UZB", "VNM", "ZMB" }
--- Sectors of the WIOD and what of their value freight takes.
local SECTORS = { { "c3", 0.1 }, { "c4", 0.05 }, { "c5", 0.05 }, { "c6", 0.15 }, { "c7", 0.12 },
  { "c9", 0.08 }, { "c10", 0.08 }, { "c11", 0.3 }, { "c12", 0.12 }, { "c13", 0.06 },
  { "c14", 0.04 }, { "c15", 0.08 } }

--- A product of a sector in two steps, for what a host buys of it in the years.
local function product(p, gdp, sector, host)
  local model, places = cm.model.sector(sector[1]), cm.model.places{ "CHN", host, money = 1000 }
  local function stage(name, cost, uses)
    return model:stage(name, { cost = cost, base = "CHN", money = 1000, class = name, uses = uses,
      materials = 0.5 * model.inputs * cost })
  end
  local setup = p.plant * 1000 * model.capital / 0.1
  places[host].setup = { parts = 0.6 * setup, product = 0.4 * setup }
  places[host].entry = 1000
  return cm.chain{ name = sector[1], unit = "USD 1000", market = host, home = "CHN",
    volume = p.demand * p.years * gdp * 1e6, -- GDP is in USD bn
    stages = { stage("parts", 0.5), stage("product", 0.5, "parts") }, places = places,
    operators = { CHN = { abroad = p.abroad, joint = p.joint } }, tier_step = p.tier_step,
    trade = { freight = sector[2], interface = 0.005 },
    modes = { host = host, per = "stage", "export", "fdi", { "joint", equity = 0.5 } } }
end

--- The modes of the two steps: "joint", or "export + fdi".
local function mode_of(plan)
  local ways = plan.chain:modes()
  local first, second = ways[1].mode, ways[2].mode
  return first == second and first or ("%s + %s"):format(first, second)
end

--- A host and a sector: the joint surplus over export in all years, in USD mn, and its gap.
local function pair(p, gdp, sector, host)
  local chain = product(p, gdp, sector, host)
  local best, export = chain:locate{ time = p.time }, chain:as("export"):locate()
  local millions = p.demand * p.years * gdp * 1000
  return { host = host, sector = cm.model.sector(sector[1]).name, code = sector[1],
    mode = mode_of(best), surplus = (export.cost - best.cost) * millions,
    gap = (best.cost - best.bound) * millions, share = 1 - best.cost / export.cost }
end

--- All pairs, host by host.
local function all_pairs(p)
  local gdp, list = {}, {}
  local known = cm.model.countries(table.concat(HOSTS, " + "))
  for i = 1, #known do gdp[known[i].country] = known[i].gdp end
  for _, host in ipairs(HOSTS) do
    for _, sector in ipairs(SECTORS) do
      list[#list + 1] = pair(p, gdp[host], sector, host)
    end
  end
  return list
end

local WORTH = 0.05 -- USD mn; less is none

--- For each host, or each sector, its three best counterparts and how many are worth it.
local function best_of(list, key, other)
  local groups, rows = {}, {}
  for _, one in ipairs(list) do
    local group = groups[one[key]]
    if not group then
      group = {}
      groups[one[key]], rows[#rows + 1] = group, { [key] = one[key], best = group }
    end
    if one.surplus > WORTH then group[#group + 1] = one end
  end
  for _, row in ipairs(rows) do
    local best, names = row.best, {}
    table.sort(best, function(a, b) return a.surplus > b.surplus end)
    for i = 1, math.min(3, #best) do names[i] = best[i][other] end
    local first = best[1] or { surplus = 0, gap = 0, share = 0, mode = "export" }
    row.worth_it, row.best = #best, #names > 0 and table.concat(names, ", ") or "-"
    row.mode, row.surplus, row.gap, row.share = first.mode, first.surplus, first.gap, first.share
  end
  return cm.frame{ title = ("where the joint surplus is largest, by %s"):format(key),
    unit = "USD mn", keys = { key }, rows = rows, bar = false, cols = { key, "best", "mode",
      { "surplus", digits = 0 }, { "gap", digits = 1 }, { "share", format = "percent" },
      { "worth_it", digits = 0, unit = "1" } } }
end

local hosts = cm.scenario{
  name = "hosts and sectors", about = "which of twenty hosts for which of twelve sectors",
  params = {
    demand = { 0.0005, min = 0, max = 1, about = "what a host buys of each, of its GDP a year" },
    years = { 10, min = 1, about = "of the plants" },
    plant = { 200, min = 0, unit = "USD mn", about = "set-up where capital is a tenth of output" },
    abroad = { 0.5, min = 0.05, max = 1, about = "productivity China's firms keep abroad alone" },
    joint = { 0.7, min = 0.05, max = 1, about = "the same beside a partner of the host" },
    tier_step = { 0.1, min = 0, about = "extra cost for each tier short" },
    time = { 5, min = 0.01, unit = "s", about = "for one plan; then its gap stands in the table" },
  },
  run = function(p)
    local list = all_pairs(p)
    local total, worth, gap = 0, 0, 0
    for _, one in ipairs(list) do
      total, gap = total + one.surplus, gap + one.gap
      if one.surplus > WORTH then worth = worth + 1 end
    end
    local pairs_frame = cm.frame{ title = "joint surplus over export, all years", unit = "USD mn",
      keys = { "host", "code" }, rows = list, bar = false,
      cols = { { "host", kind = "country" }, "code", "sector", "mode", { "surplus", digits = 1 },
        { "gap", digits = 1 }, { "share", format = "percent" } } }
    return { pairs = pairs_frame, hosts = best_of(list, "host", "code"),
      sectors = best_of(list, "sector", "host"), surplus = total, worth_it = worth,
      gap = math.floor(gap * 1e6 + 0.5) / 1e6 } -- to the dollar
  end,
}

local found = hosts:run()
print(found.hosts)
print(found.sectors)
print(found.hosts:chart{ x = "host", y = "surplus",
  title = "joint surplus of the best sector" })
return hosts
