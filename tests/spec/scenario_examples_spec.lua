--- The scenarios of docs/cookbook.md: each runs, says what its page says, and moves as it must.
local cm = require "capmod"
local scenarios = dofile "tests/support/scenarios.lua"
local example, row = scenarios.example, scenarios.row

describe("three offers for a power plant", function()
  local three, printed = example "three_offers"
  local found = three:run()

  it("prints a table and a chart", function()
    assert.truthy(printed:find("three offers: landed cost", 1, true))
    assert.truthy(printed:find("█ CHN", 1, true))
  end)

  it("costs least jointly, and France works only there", function()
    local cost = {}
    for i = 1, 3 do cost[i] = found.offers[i].cost end
    assert.is_true(cost[3] < cost[2] and cost[2] < cost[1])
    assert.equal(0, found.offers[1]["value.FRA"])
    assert.equal(0, found.offers[2]["jobs.FRA"])
    assert.is_true(found.offers[3]["value.FRA"] > 100)
  end)

  it("gains what the joint offer saves, shared so that nobody leaves", function()
    local all = row(found.deal, "coalition", "CHN + FRA + PAK").worth
    local two = row(found.deal, "coalition", "CHN + PAK").worth
    assert.near(found.saving, all, 1e-9)
    local sum = 0
    for i = 1, 3 do sum = sum + found.shares[i].gains end
    assert.near(all, sum, 1e-9)
    assert.near(all - two, found.france_most, 1e-9) -- the marginal contribution of France
    local france = row(found.shares, "member", "FRA").gains
    assert.is_true(france > 0 and france < found.france_most)
  end)

  it("needs France the less, the more China's builders can", function()
    local runs = three:sweep{ chinese = { 0.4, 0.5, 0.6 } }
    assert.is_true(runs[1].france_most > runs[2].france_most)
    assert.is_true(runs[2].france_most > runs[3].france_most)
  end)
end)

describe("a joint venture today", function()
  local venture, printed = example "joint_venture"
  local found = venture:run()

  --- The year from which p(k) = 1 - 0.65 (1 - r)^k is above what the firms there come to, and the
  --- block is learned, 1 - (1 - r)^k at least `mastery`; the plants stand from 2027 on.
  local function year(r, other, mastery)
    local k = 0
    while 1 - 0.65 * (1 - r) ^ k <= other(1 - 0.65 * (1 - r) ^ k)
      or 1 - (1 - r) ^ k < mastery do
      k = k + 1
    end
    return 2027 + k
  end
  local function alone() return 0.6 end
  local function jointly(p) return (0.7 + p) / 2 end

  it("prints its table and what became of plants", function()
    assert.truthy(printed:find("rail cars for Kenya by mode", 1, true))
    assert.truthy(printed:find("begun in 2026", 1, true))
  end)

  it("hands over in the year that learning by hand gives", function()
    assert.equal(year(0.06, jointly, 0.5), found.joint_from)
    assert.equal(year(0.1, alone, 0.5), found.transfer_from)
    assert.equal(math.huge, found.fdi_from) -- learned after 23 years
    assert.equal(year(0.03, alone, 0), row(found.policies, "policy", "China's alone").assembly)
    local early = venture:with{ mastery = 0.3 }:run()
    assert.equal(year(0.03, alone, 0.3), early.fdi_from)
    assert.equal(year(0.1, alone, 0.3), early.transfer_from)
  end)

  it("costs what wages, materials, profit, tax and plants come to", function()
    -- Traction is shipped; the third year's wage, at 0.6 of China's productivity.
    local cost = 260 * 1.08 + 32 * 3 * 1.02 ^ 2 / 0.6 + 130 + 30 * 1.3 + 450 / 100
    assert.near(cost, row(found.policies, "policy", "China's alone").cost_2028, 1e-9)
    local p = 1 - 0.65 * 0.94 -- learned for one year
    assert.near(32 * 3 * 1.02 ^ 2 * (2 / (0.7 + p) - 1 / 0.6), found.joint_costs, 1e-9)
  end)
end)

describe("finishing abroad or the whole chain", function()
  local whole, printed = example "whole_chain"
  local found = whole:run()

  it("prints a table and a chart", function()
    assert.truthy(printed:find("a pair of shoes by way", 1, true))
    assert.truthy(printed:find("█ GDP", 1, true))
  end)

  it("tells the host's GDP from its GNI by who owns the plant", function()
    local ways = found.ways
    assert.same({ 0, 0 }, { ways[1].gdp_host, ways[1].gni_host })
    assert.is_true(found.finish_gni < ways[2].gdp_host and found.own_gni < found.whole_gdp)
    assert.near(ways[5].gdp_host, ways[5].gni_host, 1e-9)
    assert.near((ways[3].gni_host + ways[5].gni_host) / 2, ways[4].gni_host, 1e-9)
    for i = 1, 5 do -- what one gains in income the other has not
      assert.near(ways[i].gdp_host + ways[i].gdp_home, ways[i].gni_host + ways[i].gni_home, 1e-9)
    end
  end)

  it("moves the royalty from the host to the owner of the design", function()
    local free, dear = whole:with{ royalty = 0 }:run(), whole:with{ royalty = 0.1 }:run()
    assert.is_true(dear.ways[5].gni_home > free.ways[5].gni_home)
    assert.is_true(dear.whole_gni < free.whole_gni)
    assert.near(dear.finish_gni, free.finish_gni, 1e-12)
  end)
end)

describe("the stages of globalization", function()
  local scenario, printed = example "stages_of_globalization"
  local found = scenario:run()

  it("makes the product cheaper with each", function()
    for i = 2, 4 do assert.is_true(found.stages[i].cost < found.stages[i - 1].cost) end
    assert.equal(0, found.stages[1].jobs)
    assert.is_true(found.stages[4].traded > found.stages[1].traded)
    assert.truthy(printed:find("value by country, USD a tractor", 1, true))
  end)

  it("lets the host own more of what is made there by cooperation than by investment", function()
    local invested, joint = found.stages[2], found.stages[4]
    assert.is_true(joint["own.KEN"] / joint.KEN > invested["own.KEN"] / invested.KEN)
  end)
end)

describe("a third-country partner", function()
  local found = example("third_country"):run()

  it("is worth what the others lack without it", function()
    local all = row(found.deal, "coalition", "CHN + ETH + ITA + AUT").worth
    assert.near(all - row(found.deal, "coalition", "CHN + ETH + ITA").worth, found.aut, 1e-9)
    assert.near(all - row(found.deal, "coalition", "CHN + ETH + AUT").worth, found.ita, 1e-9)
  end)

  it("is driven away by equal shares, not by the nucleolus", function()
    assert.equal("yes", row(found.rules, "rule", "nucleolus").stable)
    assert.equal("no", row(found.rules, "rule", "equal").stable)
    assert.equal("CHN + ETH + AUT", found.blocker)
  end)
end)

describe("jobs against cost", function()
  local found = example("jobs_and_cost"):run()

  it("costs more for more jobs, and says what the next one costs", function()
    local f = found.frontier
    for i = 2, #f do
      assert.is_true(f[i].jobs > f[i - 1].jobs and f[i].cost > f[i - 1].cost)
      assert.near(1e6 * (f[i].cost - f[i - 1].cost) / (f[i].jobs - f[i - 1].jobs), f[i].next_job,
        1e-6 * f[i].next_job)
    end
    assert.near(found.dearest, f[#f].cost, 1e-9)
  end)
end)

describe("twenty hosts for twelve sectors", function()
  local hosts, printed = example "hosts_sectors"
  local found = hosts:run()

  it("asks all pairs, and proves each", function()
    assert.truthy(printed:find("joint surplus is largest, by host", 1, true))
    assert.equal(240, #found.pairs)
    assert.equal(20, #found.hosts)
    assert.equal(12, #found.sectors)
    assert.equal(0, found.gap)
  end)

  it("gains nothing by export, and never less than nothing", function()
    local sum, worth = 0, 0
    for i = 1, #found.pairs do
      local one = found.pairs[i]
      assert.is_true(one.surplus >= -1e-6)
      if one.mode == "export" then assert.near(0, one.surplus, 1e-6) end
      sum, worth = sum + one.surplus, worth + (one.surplus > 0.05 and 1 or 0)
    end
    assert.near(sum, found.surplus, 1e-6)
    assert.equal(worth, found.worth_it)
  end)

  it("is worth it for fewer, the more a plant costs and the less is bought", function()
    local dear = hosts:with{ plant = 600 }:run()
    assert.is_true(dear.worth_it < found.worth_it and dear.surplus < found.surplus)
    assert.is_true(dear.worth_it > 0)
    assert.is_true(hosts:with{ demand = 0.0002 }:run().worth_it < found.worth_it)
  end)
end)

describe("a rule of local content", function()
  local content, printed = example "local_content"
  local found = content:run()

  it("never costs less when it is stricter, and is kept", function()
    assert.truthy(printed:find("a turbine under a rule of local content", 1, true))
    local rules = found.rules
    assert.near(found.free_cost, rules[1].cost, 1e-9)
    for i = 2, #rules do assert.is_true(rules[i].cost >= rules[i - 1].cost - 1e-9) end
    assert.equal(0.6, rules[#rules].rule)
    assert.equal("5 export, 1 joint", rules[1].modes)
    assert.equal("1 export, 5 joint", rules[#rules].modes)
  end)

  it("is priced by the jobs that it brings", function()
    local rules = found.rules
    local last = rules[#rules]
    assert.near(last["jobs.BRA"] - rules[1]["jobs.BRA"], found.jobs_gained, 1e-6)
    assert.near((found.rule_cost - found.free_cost) * 300 / found.jobs_gained, found.per_job, 1e-9)
    assert.is_true(content:with{ turbines = 150 }:run().per_job > found.per_job)
  end)

  it("says where no plan can keep it", function()
    local none = content:with{ from = 0.9, to = 1 }:run()
    assert.equal("no plan", none.rules[#none.rules].made)
    assert.same({ math.huge, 0 }, { none.rule_cost, none.jobs_gained })
  end)
end)

describe("the tariff that moves a chain", function()
  local tariff, printed = example "tariff_jump"
  local found = tariff:run()

  it("moves assembly first, then what goes into it", function()
    assert.truthy(printed:find("where the chain jumps", 1, true))
    assert.is_true(found.assembly_from < found.cabinet_from)
    assert.is_true(found.cabinet_from < found.controls_from)
    assert.equal(math.huge, found.compressor_from)
    assert.equal(3, #found.jumps)
  end)

  it("saves a part of the duty by the move", function()
    local steps = tariff:with{ most = found.assembly_from * 20 / 10.5 }:run().steps
    assert.equal(0, steps[11].jobs)
    assert.is_true(steps[12].jobs > 0)
    local slope = steps[11].cost - steps[10].cost
    assert.is_true(steps[12].cost - steps[11].cost < slope) -- the move saves the rest of the duty
  end)

  it("moves assembly the sooner, the less parts pay", function()
    local runs = tariff:sweep{ parts = { 0, 0.5, 1 } }
    assert.is_true(runs[1].assembly_from < runs[2].assembly_from)
    assert.is_true(runs[2].assembly_from < runs[3].assembly_from)
    assert.equal(math.huge, runs[1].controls_from)
  end)
end)

describe("shoes over fifteen years", function()
  local years, printed = example "shoes_years"
  local found = years:run()

  it("moves stage by stage, and work with it", function()
    assert.truthy(printed:find("year by year", 1, true))
    assert.equal(16, #found.history)
    local moves = 0
    for i = 2, 16 do
      local before, now = found.history[i - 1], found.history[i]
      assert.is_true(now["jobs.CHN"] <= before["jobs.CHN"] + 1e-9)
      assert.equal(now.leaves ~= "-", now["jobs.ETH"] > before["jobs.ETH"] + 1e-9)
      if now.leaves ~= "-" then moves = moves + 1 end
    end
    assert.is_true(moves >= 2)
    assert.is_true(found.stitching_leaves < found.lasting_leaves)
    assert.is_true(found.lasting_leaves <= 15)
  end)

  it("is earlier where wages rise faster or plants cost less, and never without", function()
    assert.is_true(years:with{ growth_home = 0.07 }:run().stitching_leaves
      < found.stitching_leaves)
    assert.is_true(years:with{ setup = 0.5 }:run().lasting_leaves < found.lasting_leaves)
    assert.equal(math.huge, years:with{ growth_home = 0, growth_host = 0 }:run().stitching_leaves)
  end)
end)

describe("the American car under a duty", function()
  local scenario, printed = example "us_car_duty"
  local found = scenario:run()
  local f = 0.03

  --- The car by hand: each module where it was (false), or in the USA.
  local function cost(assembly, components, parts, duty)
    local border = (1 + f) * (1 + duty)
    local made = components and 7.5 + 17.5 * 1.4 or 25 -- design is shipped without freight or duty
    local small = parts and 4 * 1.45 or 4
    if assembly then
      return 36 + made * (components and 1 or border) + small * (parts and 1 or border) + 41
    end
    return (30 + (made + small) * (1 + f)) * border + 41
  end

  it("prints tables and a chart", function()
    assert.truthy(printed:find("where modules are, by the duty on them", 1, true))
    assert.truthy(printed:find("█ USA", 1, true))
    assert.truthy(printed:find("illustrative", 1, true))
  end)

  it("is the car of the report, but for freight", function()
    assert.near(cost(false, false, false, 0), found.relocation[1].buyer, 1e-9)
    local report = cm.data.us_car:decompose()
    for i = 1, #report do
      assert.near(report[i].value, row(found.value, "country", report[i].country).before, 1e-9)
    end
  end)

  it("moves modules where their costs meet, by hand", function()
    assert.near((36 - 30 * (1 + f) - 29 * (1 + f) ^ 2 + 29 * (1 + f))
      / (30 * (1 + f) + 29 * (1 + f) ^ 2 - 29 * (1 + f)), found.assembly_from, 1e-6)
    assert.near(32 / (25 * (1 + f)) - 1, found.components_from, 1e-6)
    assert.near(1.45 / (1 + f) - 1, found.parts_from, 1e-6)
  end)

  it("is the cheapest of all ways at each duty", function()
    for k = 0, 5 do
      local least = math.huge
      for way = 0, 7 do
        least = math.min(least, cost(way & 1 > 0, way & 2 > 0, way & 4 > 0, k / 10))
      end
      assert.near(least, found.relocation[k + 1].buyer, 1e-9)
    end
  end)

  it("adds up to what the buyer pays", function()
    local sums = {}
    for i = 1, #found.flows do
      local one = found.flows[i]
      sums[one.duty] = (sums[one.duty] or 0) + one.value
    end
    for k = 0, 5 do
      assert.near(found.relocation[k + 1].buyer, sums[("%g %%"):format(10 * k)], 1e-9)
    end
    assert.near(36 + 24.5, found.usa_gains, 1e-9)
    assert.near(4 * (1 + f) * 0.25, found.revenue, 1e-9)
  end)

  it("keeps abroad what costs too much at home", function()
    assert.equal(math.huge, scenario:with{ assembly_premium = 2 }:run().assembly_from)
  end)
end)

describe("a portfolio of fifty projects", function()
  local scenario, printed = example "portfolio"
  local found = scenario:with{ projects = 20, nodes = 200 }:run()

  --- The allotment as a program: whole numbers, or its relaxation, by Clp and CBC.
  local function solved(whole)
    local options, tasks, costs, takers, has = {}, {}, {}, {}, {}
    local caps = {}
    for i = 1, #found.bottlenecks do
      local one = found.bottlenecks[i]
      caps[i], takers[one.capacity], has[one.capacity] = one.capacity, {}, one.has
    end
    for o = 1, #found.offers do
      local one = found.offers[o]
      local task = one.project .. " " .. one.part
      if not takers[task] then tasks[#tasks + 1], takers[task] = task, {} end
      options[o], costs[o] = o, one.units * one.cost
      table.insert(takers[task], o)
      table.insert(takers[one.country .. "." .. one.part], o)
    end
    local sum = cm.program.sum
    return cm.program{ name = "allotment", sets = { option = options, task = tasks, cap = caps },
      variables = { { "take", over = "option", binary = whole or nil } },
      minimise = function(v) return cm.program.dot(v.take, costs) end, constraints = {
        { "one", over = "task", function(v, t)
          return sum(takers[t], function(o) return v.take[o] end), "==", 1
        end },
        { "has", over = "cap", function(v, c)
          return sum(takers[c], function(o) return found.offers[o].units * v.take[o] end), "<=",
            has[c]
        end },
      } }:solve()
  end

  it("prints tables and a chart", function()
    assert.truthy(printed:find("what one more unit saves", 1, true))
    assert.truthy(printed:find("█ coal plant", 1, true))
    assert.truthy(printed:find("gap 0.0%d+ %%"))
  end)

  it("costs what CBC finds, within its gap", function()
    local best = solved(true)
    assert.equal("optimal", best.status)
    assert.is_true(found.bound <= best.objective + found.works + 1e-4)
    assert.is_true(found.cost >= best.objective + found.works - 1e-4)
    assert.is_true(found.cost >= solved(false).objective + found.works - 1e-4)
    assert.is_true(found.gap < 2e-3)
  end)

  it("adds up, and keeps within what there is", function()
    local cost, uses = found.works, {}
    local offer = {}
    for o = 1, #found.offers do
      local one = found.offers[o]
      offer[one.project .. one.part .. one.country] = one.cost
    end
    for i = 1, #found.allotment do
      local one = found.allotment[i]
      cost = cost + one.years * offer[one.project .. "engineers" .. one.design]
        + one.steel * offer[one.project .. "yards" .. one.yard]
      for key, units in pairs{ [one.design .. ".engineers"] = one.years,
        [one.yard .. ".yards"] = one.steel } do
        uses[key] = (uses[key] or 0) + units
      end
    end
    assert.near(found.cost, cost, 1e-6)
    for i = 1, #found.bottlenecks do
      local one = found.bottlenecks[i]
      assert.equal(uses[one.capacity] or 0, one.uses)
      assert.is_true(one.uses <= one.has)
      assert.is_true(one.from <= one.to)
    end
  end)

  it("saves what the price says when it is placed anew", function()
    assert.is_true(#found.checks > 0)
    for i = 1, #found.checks do
      local one = found.checks[i] -- the intervals meet
      assert.is_true(one.anew_from <= one.priced_to and one.priced_from <= one.anew_to)
    end
  end)

  it("prices capacities in a range that holds the dual of the relaxation", function()
    local duals = solved(false):duals "has"
    for i = 1, #duals do
      local one = row(found.bottlenecks, "capacity", duals[i].cap)
      assert.is_true(-duals[i].dual >= one.from - 1e-9 and -duals[i].dual <= one.to + 1e-9)
    end
  end)
end)
