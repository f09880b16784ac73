-- What a local content rule costs: wind turbines from China for Brazil, with 20 to 60 per cent of
-- the value to be made there. Wages, productivity and what industries use come with capmod; what
-- stages cost in China, what is bought in, set-up and the terms of the modes are stylised.
local cm = require "capmod"

--- Stage, industry, cost in China in USD 1000, set-up in Brazil in USD million.
local STAGES = { { "tower", "c12", 300, 5 }, { "blades", "c10", 420, 16 },
  { "gearbox", "machinery", 240, 22 }, { "generator", "c14", 260, 18 },
  { "controls", "c14", 180, 13 }, { "nacelle", "machinery", 200, 7 } }

local function turbine(p)
  local stages, setup = {}, {}
  for i, s in ipairs(STAGES) do
    stages[i] = cm.model.sector(s[2]):stage(s[1], { cost = s[3], base = "CHN", money = 1000,
      materials = p.bought * s[3], class = s[1] })
    stages[i].tier, setup[s[1]] = nil, s[4] * 1000
  end
  stages[6].uses = { "gearbox", "generator", "controls" }
  stages[7] = cm.model.sector "construction":stage("erection", { cost = 350, base = "CHN",
    money = 1000, at = "BRA", by = "BRA", materials = p.bought * 350, movable = false,
    uses = { "tower", "blades", "nacelle" } })
  local places = cm.model.places{ "CHN", "BRA", money = 1000 }
  places.BRA.setup, places.BRA.entry = setup, 4000
  return cm.chain{ name = "wind turbine", unit = "USD 1000", market = "BRA", home = "CHN",
    volume = p.turbines, stages = stages, places = places,
    operators = { CHN = { abroad = p.abroad, joint = p.joint } },
    trade = { freight = 0.07, interface = 2 },
    modes = { host = "BRA", per = "stage", "export", "fdi", { "joint", equity = 0.5 } } }
end

--- What of the movable stages is made in Brazil, and how often each mode is taken.
local function chosen(plan)
  local made, count, taken = {}, {}, {}
  local ways = plan.chain:modes()
  for i = 1, #ways do
    local way = ways[i]
    if way.at:find "BRA" then made[#made + 1] = way.stage end
    count[way.mode] = (count[way.mode] or 0) + 1
  end
  for _, mode in ipairs{ "export", "fdi", "joint" } do
    if count[mode] then taken[#taken + 1] = ("%d %s"):format(count[mode], mode) end
  end
  return table.concat(made, ", "), table.concat(taken, ", ")
end

--- A row: what a rule brings and costs against no rule; nothing where no plan can keep it.
local function row_of(rule, plan, free)
  if not plan.cost then return { rule = rule, made = "no plan" } end
  local made, taken = chosen(plan)
  return { rule = rule, cost = plan.cost, more = plan.cost / free.cost - 1, made = made,
    modes = taken, ["jobs.BRA"] = plan:measure "jobs.BRA" }
end

local content = cm.scenario{
  name = "local content", about = "what a content rule for wind turbines in Brazil costs",
  params = {
    from = { 0.2, min = 0, max = 1, about = "the lowest rule" },
    to = { 0.6, min = 0, max = 1, about = "the highest rule" },
    turbines = { 300, min = 1, about = "made in the years of the plants" },
    abroad = { 0.7, min = 0.05, max = 1, about = "productivity China's firms keep alone" },
    joint = { 0.8, min = 0.05, max = 1, about = "the same beside a Brazilian partner" },
    bought = { 0.2, min = 0, max = 0.9, about = "share of each stage bought in elsewhere" },
  },
  run = function(p)
    local chain, rows = turbine(p), {}
    local free = chain:locate()
    rows[1] = row_of(0, free, free)
    for k = 0, 8 do
      local rule = p.from + (p.to - p.from) * k / 8
      local plan = chain:locate{ subject = { ["content.BRA"] = { min = rule } } }
      rows[k + 2] = row_of(rule, plan, free)
    end
    local first, last = rows[1], rows[#rows]
    local gained = last.cost and last["jobs.BRA"] - first["jobs.BRA"] or 0
    local percent = { "rule", format = "percent" }
    return {
      rules = cm.frame{ title = "a turbine under a rule of local content", unit = "USD 1000",
        keys = { "rule" }, rows = rows, bar = false, note = "jobs: person-years for all turbines",
        cols = { percent, { "cost", digits = 0 }, { "more", format = "percent" },
          { "jobs.BRA", digits = 0, unit = "1" }, "modes", "made" } },
      free_cost = first.cost, free_content = free:measure "content.BRA",
      rule_cost = last.cost or math.huge, jobs_gained = gained,
      -- what one of them costs all buyers, in USD 1000
      per_job = gained > 0 and (last.cost - first.cost) * p.turbines / gained or math.huge,
    }
  end,
}

local found = content:run()
print(found.rules)
print(found.rules:chart{ x = "rule", y = "cost", title = "cost of a turbine" })
print(found.rules:chart{ x = "rule", y = "jobs.BRA", title = "person-years in Brazil" })
return content
