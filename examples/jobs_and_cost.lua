-- Jobs against cost: Kenya's treasury buys railway wagons and asks what more work at home would
-- cost. Wages come with capmod; what a wagon needs, works and duties are stylised.
local cm = require "capmod"

local function wagons(p)
  local places = cm.model.places{ "CHN", "KEN", per = "hour" }
  places.CHN.productivity, places.KEN.productivity = 0.4, p.productivity
  places.KEN.tax, places.KEN.setup = 0.3, { steelwork = 2e6, bogies = 5e6, brakes = 3e6,
    fitting = 0.8e6, assembly = 1.5e6 }
  local function stage(name, labour, capital, materials, uses)
    return { name, at = { "CHN", "KEN" }, labour = labour, capital = capital,
      materials = materials, duty_class = "wagons", uses = uses }
  end
  return cm.chain{
    name = "wagons", unit = "USD", market = "KEN", home = "CHN", volume = p.volume,
    stages = { -- hours at the productivity of the United States
      stage("steelwork", { skilled = 20, unskilled = 220 }, 2500, 11000),
      stage("bogies", { skilled = 60, unskilled = 120 }, 4500, 9000),
      stage("brakes", { skilled = 50, unskilled = 30 }, 2500, 3500),
      stage("fitting", { skilled = 20, unskilled = 160 }, 500, 2500, "steelwork"),
      stage("assembly", { skilled = 30, unskilled = 130 }, 1200, 0, { "bogies", "brakes",
        "fitting" }),
    },
    places = places, trade = { freight = 0.07, tariff = { KEN = { wagons = p.duty } } },
  }
end

local function of(plan, what)
  local row = plan:decompose{ of = what }:where(function(r) return r.country == "KEN" end)[1]
  return row and row[what] or 0
end

--- Hours of work as jobs of a year, and the least that each number of them costs.
local function frontier(p)
  local chain, rows, last = wagons(p), {}, nil
  local most = of(chain:locate{ maximise = "jobs.KEN" }, "jobs")
  for k = 0, p.steps do
    local plan = chain:locate{ subject = { ["jobs.KEN"] = { min = k / p.steps * most } } }
    local jobs = of(plan, "jobs") / p.hours
    if not last or jobs > last.jobs then
      local row = { jobs = jobs, cost = plan.cost * p.volume / 1e6,
        revenue = of(plan, "revenue") * p.volume / 1e6, made = {} }
      for _, s in ipairs(chain:stages()) do
        local at = plan.chain:stages():get{ stage = s.stage }.at
        if at == "KEN" then row.made[#row.made + 1] = s.stage end
      end
      row.made = #row.made > 0 and table.concat(row.made, ", ") or "nothing"
      rows[#rows + 1], last = row, row
    end
  end
  return rows
end

--- What a job costs: to the buyer, and after what the treasury takes in more or less; on average
--- and the next ones.
local function price(rows)
  local first = rows[1]
  for k, row in ipairs(rows) do
    local before = rows[math.max(1, k - 1)]
    local more, jobs = row.cost - first.cost, row.jobs - first.jobs
    row.a_job = jobs > 0 and 1e6 * more / jobs or nil
    row.net = jobs > 0 and 1e6 * (more - (row.revenue - first.revenue)) / jobs or nil
    row.next_job = k > 1 and 1e6 * (row.cost - before.cost) / (row.jobs - before.jobs) or nil
  end
  return rows
end

local treasury = cm.scenario{
  name = "jobs and cost", about = "what more work at home costs a finance ministry",
  params = {
    productivity = { 0.09, min = 0.01, max = 1, about = "of Kenya's works, USA = 1" },
    volume = { 1000, min = 1, about = "wagons" },
    duty = { 0.05, min = 0, max = 1, about = "Kenya's on wagons and their parts" },
    hours = { 2000, min = 1, about = "of a job in a year" },
    steps = { 12, min = 1, max = 40, about = "numbers of jobs that are tried" },
  },
  run = function(p)
    local rows = price(frontier(p))
    local last = rows[#rows]
    return {
      frontier = cm.frame{ title = "jobs against cost: the cheapest plan for each number of jobs",
        unit = "USD", keys = { "jobs" }, rows = rows, bar = false, cols = {
          { "jobs", digits = 0, unit = "1" }, { "cost", digits = 2, unit = "USD mn" },
          { "revenue", digits = 2, unit = "USD mn" }, { "a_job", digits = 0 },
          { "next_job", digits = 0 }, { "net", digits = 0 }, { "made", kind = "text" } },
        note = {
          "a_job: more paid than for the cheapest plan, a job; next_job: than for the row above",
          "net: the same less what the treasury takes in more in tax and duty" } },
      first_job = #rows > 1 and rows[2].a_job or 0, last_job = last.next_job or 0,
      most = last.jobs, dearest = last.cost, cheapest = rows[1].cost,
    }
  end,
}

local found = treasury:run()
print(found.frontier)
print(found.frontier:chart{ x = "jobs", y = "cost", title = "USD mn for 1000 wagons" })
return treasury
