-- The tariff that moves a chain: refrigerators from China for Brazil. As the duty on the finished
-- product rises (that on parts is a share of it), stages move in jumps. What stages cost in China,
-- set-up, freight and duties are stylised; wages, productivity and what industries use are shipped.
local cm = require "capmod"

local STAGES = { { "compressor", "machinery", 40 }, { "cabinet", "c12", 45 },
  { "controls", "c14", 20 }, { "assembly", "c14", 35 } }

local function refrigerator(p, duty)
  local stages = {}
  for i, s in ipairs(STAGES) do
    stages[i] = cm.model.sector(s[2]):stage(s[1], { cost = s[3], base = "CHN",
      at = { "CHN", "BRA" }, duty_class = i < #STAGES and "parts" or "appliances" })
    stages[i].tier = nil
  end
  stages[#STAGES].uses = { "compressor", "cabinet", "controls" }
  local places = cm.model.places{ "CHN", "BRA" }
  places.BRA.setup = { compressor = p.setup * 35e6, cabinet = p.setup * 15e6,
    controls = p.setup * 12e6, assembly = p.setup * 15e6 }
  return cm.chain{ name = "refrigerator", unit = "USD", market = "BRA", volume = p.volume,
    stages = stages, places = places, trade = { freight = 0.08,
      tariff = { BRA = { appliances = duty, parts = duty * p.parts } } } }
end

--- The plan at a duty: which stages are in Brazil, by name in order.
local function at(p, duty)
  local plan = refrigerator(p, duty):locate()
  local moved = {}
  local there = plan.chain:stages():where(function(r) return r.at:find "BRA" end)
  for i = 1, #there do moved[i] = there[i].stage end
  return { plan = plan, key = #moved > 0 and table.concat(moved, ", ") or "-", duty = duty }
end

--- The duty between two at which the plan changes, to a hundredth of a point.
local function edge(p, low, high)
  while high.duty - low.duty > 1e-4 do
    local middle = at(p, (low.duty + high.duty) / 2)
    if middle.key == low.key then low = middle else high = middle end
  end
  return high
end

local function brazil(plan, of)
  local row = plan:decompose{ of = of }:where(function(r) return r.country == "BRA" end)[1]
  return row and row[of or "value"] or 0
end

--- Steps of the duty, and each jump between two steps.
local function walk(p)
  local steps, jumps, before = {}, {}, nil
  for k = 0, 20 do
    local now = at(p, p.most * k / 20)
    while before and before.key ~= now.key do
      before = edge(p, before, now)
      jumps[#jumps + 1] = { duty = before.duty, brazil = before.key, cost = before.plan.cost,
        jobs = brazil(before.plan, "jobs") }
    end
    before = now
    steps[#steps + 1] = { duty = now.duty, cost = now.plan.cost, jobs = brazil(now.plan, "jobs"),
      earns = brazil(now.plan) }
  end
  return steps, jumps
end

--- The duty from which a stage is in Brazil.
local function from(jumps, start, stage)
  if start.key:find(stage, 1, true) then return 0 end
  for _, jump in ipairs(jumps) do
    if jump.brazil:find(stage, 1, true) then return jump.duty end
  end
  return math.huge
end

local tariff = cm.scenario{
  name = "tariff jump", about = "the duty at which each stage moves to Brazil",
  params = {
    most = { 0.6, min = 0.01, max = 5, about = "the highest duty on refrigerators" },
    parts = { 0.5, min = 0, max = 1, about = "duty on parts, of that on refrigerators" },
    volume = { 1.5e6, min = 1, unit = "units", about = "sold in the years of the plants" },
    setup = { 1, min = 0, about = "of all set-up costs: 1 as stated" },
  },
  run = function(p)
    local steps, jumps = walk(p)
    local start = at(p, 0)
    local percent = { "duty", format = "percent" }
    local outputs = {
      steps = cm.frame{ title = "by duty", keys = { "duty" }, rows = steps,
        cols = { percent, "cost", "jobs", "earns" } },
      jumps = cm.frame{ title = "where the chain jumps: duty, what is then in Brazil",
        unit = "USD", keys = { "duty" }, rows = jumps, bar = false, note = "without a duty: "
          .. start.key, cols = { percent, { "cost", digits = 2 },
          { "jobs", digits = 0, unit = "1" }, "brazil" } } }
    for _, s in ipairs(STAGES) do outputs[s[1] .. "_from"] = from(jumps, start, s[1]) end
    return outputs
  end,
}

local found = tariff:run()
print(found.jumps)
print(found.steps:chart{ x = "duty", y = "cost", title = "landed cost of a refrigerator, USD" })
print(found.steps:chart{ x = "duty", y = "jobs", title = "person-years of work in Brazil" })
return tariff
