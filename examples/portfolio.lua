-- Fifty projects in ten hosts share the engineers and yards of five countries. Who designs which,
-- where its steelwork is made, what is short, and what one more unit of it would save. Pay and
-- productivity come with capmod, and projects are drawn from a seed; what a project of a kind
-- needs, what yards ask, and what there is of both are illustrative.
local cm = require "capmod"

local NOTE = "illustrative: what projects need, what yards ask, and what there is of both"

--- Engineer-years, thousand tonnes of steelwork, and works on the site in USD mn, of a usual size.
local KINDS = { { "coal plant", 90, 14, 260 }, { "dam", 120, 9, 420 }, { "railway", 150, 11, 380 },
  { "cement plant", 25, 5, 70 }, { "port", 60, 8, 160 } }
local HOSTS = { "BGD", "EGY", "ETH", "IDN", "KEN", "NGA", "PAK", "TZA", "VNM", "ZMB" }
--- Parts of what all projects need that a country has.
local ENGINEERS, YARDS = { CHN = 0.45, FRA = 0.2, TUR = 0.25, IND = 0.3 }, { CHN = 0.4, KOR = 0.5,
  TUR = 0.2 }
local YARD_COST = { CHN = 3.2, KOR = 4.3, TUR = 3.7 } -- USD mn a thousand tonnes

local function places_in(list)
  local codes = {}
  for code in cm.each(list) do codes[#codes + 1] = code end
  return codes
end

--- The projects: kind, host, size, and how well each country knows such work there.
local function projects(p)
  local random, list = cm.random{ seed = p.seed, stream = "projects" }, {}
  for i = 1, p.projects do
    local kind, size = KINDS[(i - 1) % #KINDS + 1], 0.5 + random:uniform()
    local one = { name = ("%02d %s"):format(i, kind[1]), kind = kind[1],
      host = HOSTS[1 + math.floor(#HOSTS * random:uniform())], years = math.ceil(kind[2] * size),
      steel = math.ceil(kind[3] * size), works = kind[4] * size, fit = {} }
    for code in cm.each(ENGINEERS) do one.fit[code] = 1 + p.spread * (2 * random:uniform() - 1) end
    list[i] = one
  end
  return list
end

--- What an engineer-year, and a thousand tonnes delivered to the host, cost a project by country.
local function costs_of(p, one)
  local years, steel = {}, {}
  for code in cm.each(ENGINEERS) do
    local c = cm.model.country(code)
    years[code] = p.overhead * one.fit[code] * c.wage * c.skilled / c.productivity / 1e6
  end
  for code in cm.each(YARDS) do
    local way = cm.model.country(code):distance(cm.model.country(one.host))
    steel[code] = YARD_COST[code] + p.shipping * way / 1000
  end
  return years, steel
end

--- What there is of each country's engineers and yards: parts of what all projects need.
local function capacities(p, list)
  local needs, places = { engineers = 0, yards = 0 }, {}
  for _, one in ipairs(list) do
    needs.engineers, needs.yards = needs.engineers + one.years, needs.yards + one.steel
  end
  for class, shares in cm.each{ engineers = ENGINEERS, yards = YARDS } do
    for code, share in cm.each(shares) do
      places[code] = places[code] or { capacity = {} }
      places[code].capacity[class] = math.floor(p.slack * share * needs[class])
    end
  end
  return places
end

--- What every country could do for every project, and at what cost a unit.
local function offers(p, list)
  local rows = {}
  for _, one in ipairs(list) do
    local years, steel = costs_of(p, one)
    for part, costs in cm.each{ engineers = years, yards = steel } do
      for code, cost in cm.each(costs) do
        rows[#rows + 1] = { project = one.name, part = part, country = code, cost = cost,
          units = part == "yards" and one.steel or one.years }
      end
    end
  end
  return cm.frame{ title = "what a unit would cost", keys = { "project", "part", "country" },
    unit = "USD mn", rows = rows, cols = { "project", "part", "country", { "units", digits = 0,
      unit = "1" }, { "cost", digits = 3 } } }
end

--- All projects as one chain: each uses its engineer-years and its steelwork. What shipping takes
--- is part of what steelwork costs, so that costs add up.
local function portfolio(p, list)
  local stages = {}
  for _, one in ipairs(list) do
    local years, steel = costs_of(p, one)
    local design, frame = one.name .. ", design", one.name .. ", steelwork"
    table.move({ { design, at = places_in(ENGINEERS), adds = years, class = "engineers" },
      { frame, at = places_in(YARDS), adds = steel, class = "yards" },
      { one.name, at = one.host, adds = one.works,
        uses = { [design] = one.years, [frame] = one.steel } } }, 1, 3, #stages + 1, stages)
  end
  return cm.chain{ name = "portfolio", unit = "USD mn", stages = stages,
    places = capacities(p, list) }
end

--- Who does what: for each project the country that designs it and the one whose yard it takes.
local function allotment(plan, list)
  local where, rows = {}, {}
  local stages = plan.chain:stages()
  for i = 1, #stages do where[stages[i].stage] = stages[i].at end
  for i, one in ipairs(list) do
    rows[i] = { project = one.name, host = one.host, years = one.years, steel = one.steel,
      design = where[one.name .. ", design"], yard = where[one.name .. ", steelwork"],
      kind = one.kind }
  end
  return rows
end

--- What is used of each capacity, and what a unit of it saves; dearest first.
local function bottlenecks(p, plan, rows)
  local used, list = {}, {}
  for _, row in ipairs(rows) do
    for name, units in cm.each{ [row.design .. ".engineers"] = row.years,
      [row.yard .. ".yards"] = row.steel } do
      used[name] = (used[name] or 0) + units
    end
  end
  local prices = plan:shadow_prices{ step = p.step }
  for i = 1, #prices do
    local row = prices[i]
    local name = row.rule:match "^capacity%.(.+)$"
    local from, to = row["looser from"] or row.looser, row["looser to"] or row.looser
    list[i] = { capacity = name, has = row.is, uses = used[name] or 0,
      used = (used[name] or 0) / row.is, from = math.max(0, from), to = math.max(0, to) }
  end
  table.sort(list, function(a, b)
    if a.from ~= b.from then return a.from > b.from end
    return a.capacity < b.capacity
  end)
  return list
end

--- What more of a capacity saves, by its price and by placing all projects anew; ends of both.
local function checked(p, plan, chain, one, more)
  local larger = chain:with{ ["capacity." .. one.capacity] = one.has + more }
  local anew = larger:locate{ gap = 1e-9, nodes = p.nodes }
  return { capacity = one.capacity, priced_from = one.from * more,
    priced_to = one.to * more, anew_from = math.max(0, plan.bound - anew.cost),
    anew_to = plan.cost - anew.bound }
end

--- Engineer-years by country and kind of project.
local function loads(rows)
  local sums, list = {}, {}
  for _, row in ipairs(rows) do
    local key = row.design .. "\0" .. row.kind
    if not sums[key] then
      sums[key] = { country = row.design, kind = row.kind, years = 0 }
      list[#list + 1] = sums[key]
    end
    sums[key].years = sums[key].years + row.years
  end
  return cm.frame{ title = "engineer-years by country", keys = { "country", "kind" }, rows = list,
    cols = { "country", "kind", { "years", digits = 0 } } }
end

local scenario = cm.scenario{
  name = "portfolio", about = "projects that share countries' engineers and yards",
  params = {
    projects = { 50, min = 5, max = 500, about = "how many" },
    seed = { 1, min = 0, about = "from which they are drawn" },
    slack = { 1, min = 0.95, max = 10, about = "of all capacities: 1 as stated" },
    spread = { 0.3, min = 0, max = 0.9, about = "of what a year costs a project, by country" },
    overhead = { 2, min = 1, about = "cost of an engineer-year over pay" },
    shipping = { 0.05, min = 0, unit = "USD mn", about = "for a thousand tonnes and 1000 km" },
    step = { 0.1, min = 0.001, max = 0.5, about = "of a capacity, over which it is priced" },
    more = { 50, min = 1, about = "engineer-years by which prices are checked" },
    nodes = { 20, min = 1, about = "of the search of each plan, which limits the proof" },
  },
  run = function(p)
    local list = projects(p)
    local chain = portfolio(p, list)
    local plan = chain:locate{ gap = 1e-9, nodes = p.nodes }
    if not plan.chain then error(tostring(plan), 0) end
    local rows = allotment(plan, list)
    local short = bottlenecks(p, plan, rows)
    local checks, works = {}, 0
    for _, one in ipairs(list) do works = works + one.works end
    for _, one in ipairs(short) do
      if one.capacity:find "engineers" and one.from > 0 then
        checks[#checks + 1] = checked(p, plan, chain, one, p.more)
      end
    end
    return { offers = offers(p, list), works = works, cost = plan.cost, bound = plan.bound,
      gap = plan.gap,
      allotment = cm.frame{ title = "who does what", keys = { "project" }, rows = rows,
        bar = false, cols = { "project", { "host", kind = "country" }, "design",
          { "years", digits = 0, unit = "engineer-years" }, "yard",
          { "steel", digits = 0, unit = "1000 t" }, "kind" } },
      bottlenecks = cm.frame{ title = "what is short: what one more unit saves",
        keys = { "capacity" }, rows = short, bar = false, note = NOTE, cols = { "capacity",
          { "has", digits = 0 }, { "uses", digits = 0 }, { "used", format = "percent" },
          { "from", digits = 3, unit = "USD mn" }, { "to", digits = 3, unit = "USD mn" } } },
      checks = cm.frame{ title = ("what %g more engineer-years save"):format(p.more),
        unit = "USD mn", keys = { "capacity" }, rows = checks, bar = false, cols = { "capacity",
          { "priced_from", digits = 2 }, { "priced_to", digits = 2 },
          { "anew_from", digits = 2 }, { "anew_to", digits = 2 } } },
      loads = loads(rows) }
  end,
}

local found = scenario:run()
print(("cost %.1f, at least %.1f: gap %.3f %%"):format(found.cost, found.bound, 100 * found.gap))
print(found.allotment:top(8))
print(found.bottlenecks)
print(found.checks)
print(found.loads:chart{ x = "country", y = "years", series = "kind", kind = "stacked" })
return scenario

