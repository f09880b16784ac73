-- Finishing abroad or the whole chain: shoes from China to Ethiopia, for the American market. What
-- stays in the host as GDP, and what of it is its own as GNI. The stages are real; their costs, the
-- price and the terms are stylised, wages and productivity come with capmod.
local cm = require "capmod"

local function shoes(p)
  return cm.model.chain("shoes", { places = { "CHN", "ETH" }, home = "CHN", market = "USA",
    price = p.price, volume = p.volume, tier_step = 0.2,
    operators = { CHN = { abroad = p.abroad } }, trade = { freight = 0.04 },
    colocate = { "lasting and packing", "stitching" } })
end

--- The ways that are compared; design stays in China in all of them.
local function ways(p)
  local terms = { host = "ETH", keep = { "design" }, cost = p.cost, royalty = p.royalty }
  local function transfer(equity)
    return "transfer", { host = terms.host, keep = terms.keep, cost = terms.cost,
      royalty = terms.royalty, equity = equity }
  end
  return {
    { "export", "export" },
    { "finish abroad", "finish", { host = "ETH" } },
    { "whole chain, China's", transfer(1) },
    { "whole chain, handed over", transfer{ 1, 0 } },
    { "whole chain, Ethiopia's", transfer(0) },
  }
end

local function of_country(plan, by, code, measure)
  local row = plan:decompose{ by = by, of = measure }:where(function(r) return r[by] == code end)[1]
  return row and row[measure or "value"] or 0
end

local function measure(chain, way)
  local plan = chain:as(way[2], way[3]):locate()
  return { way = way[1], cost = plan.cost,
    gdp_host = of_country(plan, "country", "ETH"), gni_host = of_country(plan, "owner", "ETH"),
    gdp_home = of_country(plan, "country", "CHN"), gni_home = of_country(plan, "owner", "CHN"),
    jobs_host = of_country(plan, "country", "ETH", "jobs") }
end

local whole = cm.scenario{
  name = "whole chain", about = "shoes to Ethiopia: finishing alone, or all but design",
  params = {
    price = { 21, min = 0, unit = "USD per pair", about = "what a pair brings" },
    volume = { 2e7, min = 1, unit = "pairs", about = "made in the years of the deal" },
    abroad = { 0.5, min = 0.05, max = 1, about = "productivity kept in Ethiopia" },
    cost = { 8e6, min = 0, unit = "USD", about = "training and licence of a transfer" },
    royalty = { 0.03, min = 0, max = 1, about = "of the stages' value, to China" },
  },
  run = function(p)
    local chain, rows, parts = shoes(p), {}, {}
    for i, way in ipairs(ways(p)) do
      local row = measure(chain, way)
      rows[i] = row
      parts[#parts + 1] = { way = row.way, view = "GDP", value = row.gdp_host }
      parts[#parts + 1] = { way = row.way, view = "GNI", value = row.gni_host }
    end
    local function digits(name, n) return { name, digits = n, unit = n == 0 and "1" or nil } end
    return {
      ways = cm.frame{ title = "a pair of shoes by way", unit = "USD per pair", keys = { "way" },
        rows = rows, bar = false, cols = { "way", digits("cost", 2), digits("gdp_host", 2),
          digits("gni_host", 2), digits("gdp_home", 2), digits("gni_home", 2),
          digits("jobs_host", 0) } },
      views = cm.frame{ title = "Ethiopia's part", keys = { "way", "view" }, rows = parts,
        cols = { "way", "view", "value" } },
      finish_gni = rows[2].gni_host, whole_gdp = rows[4].gdp_host, whole_gni = rows[4].gni_host,
      own_gni = rows[3].gni_host, whole_cost = rows[4].cost,
    }
  end,
}

local found = whole:run()
print(found.ways)
print(found.views:chart{ x = "way", y = "value", series = "view",
  title = "Ethiopia's GDP and GNI, USD per pair" })
return whole
