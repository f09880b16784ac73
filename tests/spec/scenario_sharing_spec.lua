--- The scenarios of docs/cookbook.md on who gains what: a pact's plants, a lead, a host's rule.
local cm = require "capmod"
local scenarios = dofile "tests/support/scenarios.lua"
local example, row = scenarios.example, scenarios.row

describe("plants for five members of a pact", function()
  local fair, printed = example "fair_plants"
  local found = fair:run()
  local members = { "BOL", "COL", "ECU", "PER", "VEN" }
  local worth = row(found.deal, "coalition", table.concat(members, " + ")).worth

  it("prints tables and a chart", function()
    assert.truthy(printed:find("eight packages by rule", 1, true))
    assert.truthy(printed:find("● plants   ○ money", 1, true))
  end)

  it("gains what all imports cost more than the plan, whatever the rule", function()
    for i = 1, #found.plans do
      local plan, sum = found.plans[i], 0
      for _, code in ipairs(members) do sum = sum + plan[code] end
      assert.near(worth - plan.plants, sum, 1e-6)
      assert.is_true(plan.plants >= (i > 1 and found.plans[i - 1].plants or 0) - 1e-9)
    end
  end)

  it("gains by a package what is computed on paper", function()
    -- Motors, made in Colombia for all: 50, of which all but energy is a tenth dearer (a tier
    -- short), freight on that, and a plant of 45 over 8 years; from the world market 50 and 0.15
    -- of it, and a tenth of that as freight.
    local gdp, far = {}, { COL = 0 }
    for _, code in ipairs{ "BOL", "COL", "ECU", "PER" } do
      gdp[code] = cm.model.country(code).gdp
      far[code] = code ~= "COL" and 1 + cm.model.country "COL":distance(code) / 1000 or 0
    end
    local caracas = cm.model.country("COL", { latitude = 10.5, longitude = -66.9 })
    gdp.VEN, far.VEN = 1.5e11, 1 + cm.model.country "COL":distance(caracas) / 1000
    local all, mean = 0, 0
    for _, code in ipairs(members) do all, mean = all + gdp[code], mean + gdp[code] * far[code] end
    local made = (0.95 * 50 * 1.1 + 0.05 * 50) * (1 + 0.03 * mean / all) + 45 / 8
    assert.near(50 * 1.15 * 1.1 - made, row(found.less, "package", "motors").COL, 1e-9)
  end)

  it("pays what each has to its part, no more than there is", function()
    local paid, shares = 0, 0
    for i = 1, #members do
      paid, shares = paid + found.members[i].paid, shares + found.members[i].shapley
    end
    assert.near(0, paid, 1e-9)
    assert.near(worth, shares, 1e-9)
    assert.equal("yes", row(found.rules, "rule", "shapley").stable)
  end)

  it("goes to 70 % of each share, and no further", function()
    assert.equal("70 % of share", found.plans[#found.plans].rule)
    assert.is_true(found.strict_costs > found.each_costs)
    local beyond = fair:with{ steps = 1, most = 0.8 }:run()
    assert.is_nil(beyond.plans[#beyond.plans].cost)
    assert.equal(math.huge, beyond.strict_costs)
  end)

  it("is dearer by plants than by money that arrives to 80 %, not where labour has no other work",
    function()
      assert.is_true(found.each_money < found.each_costs)
      local short = fair:with{ steps = 1, most = 0.1 }
      local idle = short:with{ labour = 0.5, loss = 1 }:run()
      assert.is_true(idle.each_money > idle.each_costs)
      -- Of a dollar that plants take a part arrives; so money does at the loss that is the rest.
      local equal = short:with{ loss = 1 / found.each_arrives - 1 }:run()
      assert.near(equal.each_costs, equal.each_money, 1e-9)
    end)
end)

describe("a contractor's lead by experience", function()
  local lead, printed = example "experience_lead"
  local found = lead:run()
  local b = -math.log(0.85) / math.log(2)
  local own = cm.model.country "CHN".investment / 1.5e10 -- a hundredth in ten years, at 1.5 bn
  local other = cm.model.country "USA".investment / 1.5e10
  local function rival(n) return 750 + 750 * 0.95 * ((other + n) / own) ^ -b end

  it("prints tables and charts", function()
    assert.truthy(printed:find("China's lead over the United States", 1, true))
    assert.truthy(printed:find("● next   ○ mean   ▲ leader", 1, true))
  end)

  it("is Wright's curve between what both have built", function()
    assert.near(4.72e12 / 1.5e10, own, 0.5) -- the United Nations' figures
    assert.near(3.43e12 / 1.5e10, other, 0.5)
    assert.near(1 - 1500 / rival(0), found.lead, 1e-12)
    assert.near(1500, rival(found.match), 1e-9)
  end)

  it("is earned back where the rival's plants have cost no more in all", function()
    local n, sum = 1000, 0 -- Simpson's rule
    for k = 0, n do
      local weight = (k == 0 or k == n) and 1 or k % 2 == 1 and 4 or 2
      sum = sum + weight * rival(found.even * k / n)
    end
    assert.near(1500 * found.even, sum * found.even / n / 3, 1e-6)
  end)

  it("takes more where the leader learns too, as the solver finds", function()
    local n = found.both_learn
    local function all(from) return (from + n) ^ (1 - b) - from ^ (1 - b) end
    assert.near(all(own), 0.95 * all(other), 1e-5 * all(own))
    assert.is_true(n > found.even)
  end)

  it("rests on shares and rates; years cancel in the lead, not in the plants", function()
    local twice = row(found.cases, "case", "twice the years")
    assert.near(found.lead, twice.lead, 1e-12)
    assert.near(2 * found.match, twice.match, 1e-9)
    assert.near(2 * found.even, twice.even, 1e-6)
    assert.is_true(row(found.cases, "case", "the article's investment").lead > found.lead)
    assert.is_true(row(found.cases, "case", "half the leader's share").lead < 0)
    assert.equal(math.huge, lead:with{ rival = 1 }:run().both_learn)
  end)
end)

describe("a battery maker asked to localise", function()
  local batteries, printed = example "batteries"
  local found = batteries:run()
  local rules = found.rules

  it("prints tables and a chart", function()
    assert.truthy(printed:find("stricter rules on content and jobs", 1, true))
    assert.truthy(printed:find("● supplier   ○ host", 1, true))
  end)

  it("costs what is computed on paper: nothing made there, and the pack alone", function()
    assert.near(104, rules[1].cost, 1e-9)
    assert.near(10, rules[1].supplier, 1e-9)
    assert.equal(1, rules[2].made)
    local places, skilled = cm.model.places{ "CHN", "IDN" }, cm.model.sector "c14".skilled
    local function pay(skill, share)
      return 6 * share * places.IDN.wage[skill] / places.CHN.wage[skill] / 0.35
    end
    local wages = pay("skilled", skilled) + pay("unskilled", 1 - skilled)
    assert.near(80 * 1.04 + wages + 9 * 1.1 + 5 + 110e6 / 100 / 1.6e6, rules[2].cost, 1e-9)
    assert.near(0.9 + 0.3 * wages, rules[2].host, 1e-9)
  end)

  it("keeps its rules, at a cost that only rises", function()
    for i = 1, #rules do
      assert.is_true(rules[i].content >= rules[i].rule - 1e-9)
      assert.is_true(rules[i].jobs >= 1800 * rules[i].rule - 1e-6)
      if i > 1 then assert.is_true(rules[i].supplier <= rules[i - 1].supplier + 1e-9) end
    end
  end)

  it("is settled between what the supplier asks and what it is worth to the host", function()
    for i = 1, #rules do
      assert.near(5 - rules[i].supplier, rules[i].least, 1e-9)
      assert.near(rules[i].host, rules[i].most, 1e-9)
      assert.equal(rules[i].rule < found.walks and "comes" or "comes if paid", rules[i].answer)
    end
    local proud = batteries:with{ outside = 9 }:run() -- nothing is left to share from 30 %
    assert.equal("no deal", proud.rules[4].answer)
    assert.equal("comes if paid", proud.rules[3].answer)
  end)

  it("moves money, not gains, by a duty or a subsidy", function()
    local rule, duty, subsidy = found.ways[2], found.ways[3], found.ways[4]
    assert.near(duty.both, subsidy.both, 1e-9) -- the same stages are made there
    assert.equal(duty.made, subsidy.made)
    assert.is_true(rule.host > 0 and duty.host < 0 and subsidy.host < 0)
    local below = batteries:with{ duty = found.duty - 1e-4, strictest = 0 }:run()
    assert.is_true(below.rules[1].content < 0.4)
    local at = batteries:with{ duty = found.duty, strictest = 0 }:run()
    assert.is_true(at.rules[1].content >= 0.4)
  end)
end)
