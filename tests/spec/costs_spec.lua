--- What an option costs: labour, wages, tiers, learning, set-up, scale, trade, all by hand.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

--- One stage, and what the chain says besides.
local function one(stage, more)
  local t = { name = "loom", stages = { stage } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

local PLACES = {
  CHN = { wage = { skilled = 9, unskilled = 4 }, productivity = 0.8, tier = 3 },
  ETH = { wage = { skilled = 5, unskilled = 1 }, productivity = 0.4, tier = 1, tax = 0.25,
    subsidy = 0.1 },
}

describe("what a stage costs", function()
  local stage = { "loom", at = "ETH", by = "CHN", labour = { skilled = 2, unskilled = 3 },
    capital = 4, materials = 7, profit = 2 }

  it("is labour over efficiency at the wages of the place", function()
    local c = one(stage, { places = PLACES, operators = { China = { abroad = 0.9 } }, volume = 50 })
    local e = 0.8 * 0.9
    local wages = (2 * 5 + 3 * 1) / e
    local f = c:decompose{ by = "component" }
    assert.near(wages, f:get{ component = "wages" }.value, 1e-12)
    assert.near(-0.1 * (wages + 4), f:get{ component = "subsidy" }.value, 1e-12)
    assert.near(0.25 * (4 + 2), f:get{ component = "tax" }.value, 1e-12)
    assert.near(7, f:get{ component = "(bought in)" }.value, 1e-12)
    local owner = c:decompose{ by = "owner" }
    assert.near(4 + 2, owner:get{ owner = "CHN" }.value, 1e-12)
    assert.near(wages - 0.1 * (wages + 4) + 1.5, owner:get{ owner = "ETH" }.value, 1e-12)
    local jobs = c:decompose{ of = "jobs", by = { "country", "skill" } }
    assert.near(50 * 2 / e, jobs:get{ country = "ETH", skill = "skilled" }.jobs, 1e-9)
    local public = c:decompose{ of = "revenue" }
    assert.near(1.5 - 0.1 * (wages + 4), public:get{ country = "ETH" }.revenue, 1e-12)
    assert.near(c:locate().cost, f:sum "value", 1e-12)
  end)

  it("blends partners by equity, and shares what is the owner's", function()
    local joint = one({ "loom", at = "ETH", by = { CHN = 0.6, ETH = 0.4 },
      labour = { skilled = 2 }, capital = 4 },
      { places = PLACES, operators = { CHN = { abroad = 0.8 } } })
    local e = 0.6 * 0.8 * (1 + 0.8) / 2 + 0.4 * 0.4 -- beside a local partner half the loss
    assert.near(2 / e * 5, joint:decompose{ by = "component" }:get{ component = "wages" }.value,
      1e-12)
    assert.near(0.6 * 4, joint:decompose{ by = "owner" }:get{ owner = "CHN" }.value, 1e-12)
    assert.near(2 / (0.6 * 0.8 * 0.95 + 0.16) * 5,
      joint:with{ ["joint.CHN"] = 0.95 }:decompose{ by = "component" }
        :get{ component = "wages" }.value, 1e-12)
  end)

  it("takes a cost for each tier short, or refuses", function()
    local t = { "loom", at = "ETH", labour = { unskilled = 2 }, capital = 4, materials = 1,
      tier = 3 }
    local c = one(t, { places = PLACES, tier_step = 0.2 })
    local p = 1.2 ^ 2
    local own = 2 / 0.4 * p + 4 * p
    assert.near(own - 0.1 * own + 0.25 * 4 * p + p, c:locate().cost, 1e-12)
    assert.equal("CM2064", (refusal(one, t, { places = PLACES })))
    local open = { "loom", at = { "CHN", "ETH" }, labour = { unskilled = 2 }, tier = 3 }
    local plan = one(open, { places = PLACES }):locate()
    assert.equal("CHN", plan.chain:stages():get{ stage = "loom" }.at) -- though it is dearer
    assert.equal("short of its tier", plan:why "loom":get{ at = "ETH" }.status)
    open.tier = 4
    local none = one(open, { places = PLACES }):locate()
    assert.same({ "'loom' needs tier 4" }, none.conflict)
  end)

  it("learns as Wright has it", function()
    -- a rate of 1/2 is b = 1: the mean of 100/x from 200 to 300 is 100 ln(300/200) / 100
    local t = { "loom", at = "CHN", labour = { unskilled = 2 }, class = "looms" }
    local c = one(t, { places = PLACES, volume = 100,
      learning = { looms = { rate = 0.5, at = 100 } },
      operators = { CHN = { experience = { looms = 200 } } } })
    assert.near(2 * 4 / 0.8 * math.log(1.5), c:locate().cost, 1e-12)
    -- 20 per cent a doubling, by sums over fine slices
    local b, sum = -math.log(0.8, 2), 0
    for k = 1, 10000 do sum = sum + ((100 + 0.05 * (k - 0.5)) / 100) ^ -b / 10000 end
    local slow = c:with{ learning = { looms = { rate = 0.2, at = 100 } }, volume = 500,
      operators = false }
    assert.near(2 * 4 / 0.8 * sum, slow:locate().cost, 1e-8)
  end)
end)

describe("what is paid once", function()
  local stages = {
    { "parts", at = { "CHN", "ETH" }, by = { "CHN", "ETH" }, adds = { CHN = 10, ETH = 8 } },
    { "loom", at = { "CHN", "ETH" }, by = { "CHN", "ETH" }, adds = { CHN = 6, ETH = 5 },
      uses = "parts", class = "looms" } }
  stages[1].adds = function(at) return at == "CHN" and 10 or 8 end
  stages[2].adds = function(at) return at == "CHN" and 6 or 5 end
  local function looms(entry, setup, volume)
    return cm.chain{ name = "loom", stages = stages, volume = volume,
      places = { ETH = { entry = entry, setup = { looms = setup } } } }
  end

  it("is entry by each operator from elsewhere, and set-up by class", function()
    local plan = looms(100, 40, 10):locate() -- by ETH in ETH: no entry, set-up 4 a unit
    assert.near(8 + 6, plan.cost, 1e-9) -- the loom in CHN, rather than 5 + 4
    assert.near(8 + 5 + 0.4, looms(100, 40, 100):locate().cost, 1e-9)
    local c = looms(100, 40, 100):with{ stages = { parts = { by = "CHN" }, loom = { by = "CHN" } } }
    assert.near(8 + 5 + 1.4, c:locate().cost, 1e-9)
    assert.near(8 + 6 + 1, c:with{ ["setup.ETH.looms"] = 200 }:locate().cost, 1e-9)
    local small = c:locate{ subject = { budget = { max = 120 } } }
    assert.near(8 + 6 + 1, small.cost, 1e-9)
    local parts = small:decompose{ by = "component" }
    assert.near(1, parts:get{ component = "entry" }.value, 1e-12)
    assert.near(10 + 6, c:locate{ subject = { ["budget.ETH"] = { max = 10 } } }.cost, 1e-9)
  end)

  it("falls with volume on the lines between points", function()
    local c = cm.chain{ name = "yard", volume = 100, stages = {
      { "hull", at = { "CHN", "KOR" }, adds = 1, class = "yard" },
      { "deck", at = { "CHN", "KOR" }, adds = 1, class = "yard", uses = "hull" } },
      scale = { yard = { { 50, 4 }, { 150, 2 } } } }
    -- 50 cost 200, 150 cost 300, each further one as the last: 200 cost 350; apart 2 x 250
    local plan = c:locate{ trade = { freight = 0.01 } }
    assert.near(2 + 3.5, plan.cost, 1e-9)
    assert.near(3.5, plan:decompose{ by = "component" }:get{ component = "scale" }.value, 1e-9)
    local apart = c:with{ stages = { hull = { at = "CHN" }, deck = { at = "KOR" } } }
    assert.near(2 + 2 * 2.5, apart:locate().cost, 1e-9)
  end)

  it("runs short: labour, units, and a stage's own capacity", function()
    local c = cm.chain{ name = "loom", volume = 10, stages = {
      { "loom", at = { "CHN", "ETH" }, labour = 2, capacity = 10 },
      { "cloth", at = { "CHN", "ETH" }, labour = 3, uses = "loom" } },
      places = { CHN = { wage = 4 }, ETH = { wage = 1 } } }
    assert.near(5, c:locate().cost, 1e-12)
    assert.near(2 * 4 + 3, c:with{ ["capacity.ETH"] = 40 }:locate().cost, 1e-12)
    assert.near(2 + 3 * 4, c:with{ places = { CHN = { wage = 4 },
      ETH = { wage = 1, capacity = { cloth = 9 } } } }:locate().cost, 1e-12)
    local none = c:with{ ["capacity.loom"] = 9 }:locate()
    assert.same({ "'loom' can be made 9 times at most" }, none.conflict)
    local neither = c:with{ ["capacity.ETH"] = 10, ["capacity.CHN"] = 10 }:locate()
    assert.same({ "capacity of CHN", "capacity of ETH" }, neither.conflict)
  end)

  it("bounds by what is paid once: the first plan of independent stages is proven", function()
    local list, setup = {}, {}
    for k = 1, 12 do
      local name = "loom " .. k
      list[k], setup[name] = { name, at = { "CHN", "ETH" }, labour = 1 }, 200
    end
    local plan = cm.chain{ name = "looms", stages = list, volume = 100, market = "USA",
      places = { CHN = { wage = 10 }, ETH = { wage = 9, setup = setup } },
      trade = { freight = 0.1 } }:locate() -- 11 from China, 9.9 + 2 from Ethiopia
    assert.near(12 * 11, plan.cost, 1e-9)
    assert.equal(1, plan.nodes)
  end)
end)

describe("trade of a chain", function()
  local chain = cm.chain{ name = "loom", market = "BRA", stages = {
    { "parts", at = { "CHN", "ARG" }, by = { "CHN", "ARG" }, adds = 10, duty_class = "parts" },
    { "loom", at = "ARG", by = "ARG", adds = 30, duty_class = "machines", uses = "parts" } },
    trade = { freight = { CHN = { ARG = 0.1 } }, interface = 3,
      tariff = { ARG = { parts = 0.2 }, BRA = { machines = 0.5 } } } }

  it("is by duty class, with a cost where operators meet", function()
    assert.near((10 + 30) * 1.5, chain:locate().cost, 1e-9)
    local bought = chain:with{ stages = { parts = { at = "CHN", by = "CHN" } } }
    assert.near((10 * 1.1 * 1.2 + 3 + 30) * 1.5, bought:locate().cost, 1e-9)
    local f = bought:locate():decompose{ by = "component" }
    assert.near(3, f:get{ component = "interface" }.value, 1e-9)
    assert.near(10 * 1.1 * 0.2 + (10 * 1.1 * 1.2 + 33) * 0.5, f:get{ component = "duty" }.value,
      1e-9)
    assert.near((10 * 1.1 * 1.3 + 33) * 1.5,
      bought:with{ ["tariff.ARG.parts"] = 0.3 }:locate().cost, 1e-9)
    local pair = bought:with{ stages = { loom = { by = { ARG = 0.75, CHN = 0.25 } } } }
    assert.near((10 * 1.1 * 1.2 + 0.75 * 3 + 30) * 1.5, pair:locate().cost, 1e-9)
  end)

  it("lets an origin claim a lower duty", function()
    local rule = { freight = { CHN = { ARG = 0.1 } }, tariff = { BRA = { machines = 0.5 } },
      origin_rule = { BRA = { of = { "ARG" }, min = 0.8, duty = 0.1 } } }
    local bought = chain:with{ trade = rule, stages = { parts = { at = "CHN", by = "CHN" } } }
    -- 30 of 41 * 1.1 = 45.1 are content: 0.665 is too little for 0.8, enough for 0.66
    assert.near(41 * 1.5, bought:locate().cost, 1e-9)
    assert.near(45.1, bought:with{ ["origin_rule.BRA.min"] = 0.66 }:locate().cost, 1e-9)
    local plan = chain:with{ trade = rule, stages = { parts = {
      adds = function(at) return at == "CHN" and 5 or 10 end } } }:locate()
    assert.near(40 * 1.1, plan.cost, 1e-9) -- content 40 of 44; the cheap parts would cost 53.25
    assert.near(4, plan:decompose{ of = "revenue" }:get{ country = "BRA" }.revenue, 1e-9)
  end)
end)

describe("measures of a plan", function()
  local function chain()
    return cm.chain{ name = "loom", market = "USA", volume = 20, stages = {
      { "parts", at = { "CHN", "ETH" }, by = { "CHN", { CHN = 0.6, ETH = 0.4 } },
        labour = { skilled = 1, unskilled = 2 }, capital = 3 },
      { "loom", at = { "CHN", "ETH" }, by = { "CHN", "ETH" }, labour = { unskilled = 4 },
        capital = 1, materials = 2, uses = { parts = 2 } } },
      places = PLACES, operators = { CHN = { abroad = 0.9 } }, trade = { freight = 0.2 } }
  end

  it("are those of the decompositions", function()
    for _, name in ipairs{ "value", "income", "revenue", "jobs", "jobs.skilled" } do
      local head, skill = name:match "^(%a+)%.?(.*)$"
      local measure = skill == "" and head .. ".ETH" or ("%s.ETH.%s"):format(head, skill)
      local plan = chain():locate{ maximise = measure }
      local by = head == "income" and "owner" or "country"
      local f = plan:decompose{ of = (head == "jobs" or head == "revenue") and head or nil,
        by = skill ~= "" and { by, "skill" } or by }
      local rows = f:where(skill ~= "" and { country = "ETH", skill = skill } or { [by] = "ETH" })
      local column = (head == "jobs" or head == "revenue") and head or "value"
      assert.near(plan.objective, #rows > 0 and rows:sum(column) or 0, 1e-9)
      assert.near(plan.objective, plan:measure(measure), 1e-9)
    end
  end)

  it("are asked of a plan by name, whatever it was placed by", function()
    local plan = cm.chain{ name = "loom", volume = 20, stages = {
      { "loom", at = { "CHN", "ETH" }, labour = 4, capital = 1, materials = 2 } },
      places = { CHN = { wage = 1 }, ETH = { wage = 2, setup = { loom = 40 } } } }
      :locate{ subject = { ["content.ETH"] = { min = 0.6 } } }
    -- 8 of wages, 1 of capital, 2 bought in, 40 / 20 of set-up
    assert.near(13, plan:measure "cost", 1e-12)
    assert.near(9, plan:measure "value.Ethiopia", 1e-12)
    assert.near(9 / 13, plan:measure "content.ETH", 1e-12)
    assert.near(80, plan:measure "jobs.ETH", 1e-12)
    assert.near(40, plan:measure "budget", 1e-12)
    assert.equal(0, plan:measure "jobs.CHN")
    assert.equal("CM2042", (refusal(plan.measure, plan, "job.ETH")))
    assert.equal("CM1101", (refusal(plan.measure, plan, "jobs.Ethopa")))
  end)

  it("bound content, a share of the landed cost", function()
    local free = chain():locate()
    local plan = chain():locate{ subject = { ["content.CHN"] = { min = 0.5 } } }
    assert.equal(0, #free:decompose():where{ country = "CHN" })
    assert.is_true(plan:decompose().share.CHN >= 0.5)
    assert.is_true(plan.cost > free.cost)
  end)

  it("agree with every layout tried", function()
    local best, most = math.huge, -math.huge
    for _, a in ipairs{ "CHN", "ETH" } do for _, b in ipairs{ "CHN", "ETH" } do
      for _, f in ipairs{ { CHN = 1 }, { CHN = 0.6, ETH = 0.4 } } do
        for _, g in ipairs{ "CHN", "ETH" } do
          local plan = chain():with{ stages = { parts = { at = a, by = f },
            loom = { at = b, by = g } } }:locate()
          best = math.min(best, plan.cost)
          local row = plan:decompose{ by = "owner" }:where{ owner = "ETH" }
          if plan.cost <= 80 and #row > 0 then most = math.max(most, row:sum "value") end
        end
      end
    end end
    assert.near(best, chain():locate().cost, 1e-9)
    assert.near(most, chain():locate{ maximise = "income.ETH",
      subject = { cost = { max = 80 } } }.objective, 1e-9)
  end)

  it("are refused where they are none, with a near one", function()
    local function locate(t) return function() return chain():locate(t) end end
    local number, message = refusal(locate{ maximise = "valu.ETH" })
    assert.equal("CM2042", number)
    assert.matches("did you mean 'value.ETH'?", message, 1, true)
    number, message = refusal(locate{ subject = { ["jobs.ETH.skiled"] = { min = 1 } } })
    assert.equal("CM2042", number)
    assert.matches("did you mean 'skilled'?", message, 1, true)
    assert.equal("CM2042", (refusal(locate{ maximise = "content.ETH" })))
    assert.equal("CM2042", (refusal(locate{ subject = { ["content.ETH"] = { max = 0.5 } } })))
    assert.equal("CM2042", (refusal(locate{ maximise = "value" })))
    assert.equal("CM1101", (refusal(locate{ maximise = "income.Ethiopa" })))
  end)
end)

describe("figures by name", function()
  local c = one({ "site, and licence", at = "ETH", by = "CHN", labour = { skilled = 2 },
    capital = 4, uses = {} }, { places = PLACES, operators = { CHN = { tier = 5, abroad = 0.9 } },
    trade = { tariff = { BRA = 0.1 } } })

  it("are listed and changed one by one", function()
    local list = c:figures()
    assert.equal(5, list:get{ name = "wage.ETH.skilled" }.value)
    assert.equal(0.1, list:get{ name = "tariff.BRA" }.value)
    assert.equal(3, list:get{ name = "tier.CHN" }.value)
    assert.equal(5, list:get{ name = "operators.CHN.tier" }.value)
    assert.equal(2, list:get{ name = "labour.site, and licence.skilled" }.value)
    for row in list:rows() do
      local changed = c:with{ [row.name] = 0.5 }:figures()
      for other in changed:rows() do
        assert.equal(other.name == row.name and 0.5 or list:get{ name = other.name }.value,
          other.value)
      end
    end
    assert.equal(5, c:figures():get{ name = "wage.ETH.skilled" }.value)
  end)

  it("may be set where they have a default, and nowhere else", function()
    assert.near(0.2 * 4, c:with{ ["tax.ETH"] = 0.2 }:decompose{ by = "component" }
      :get{ component = "tax" }.value, 1e-12)
    local number, message = refusal(c.with, c, { ["wage.ETH.skiled"] = 5 })
    assert.equal("CM2065", number)
    assert.matches("did you mean 'wage.ETH.skilled'?", message, 1, true)
    assert.equal("CM1003", (refusal(c.with, c, { ["wage.ETH.skilled"] = "high" })))
    assert.equal("CM2060", (refusal(c.with, c, { ["wage.ETH.skilled"] = -1 })))
  end)
end)

describe("what a chain cannot say", function()
  it("is refused by number", function()
    local loom = { "loom", at = "ETH", labour = { skilled = 2 } }
    local function of(more) return function() return one(loom, more) end end
    assert.equal("CM2061", (refusal(of{ places = { ETH = { wage = { unskilled = 1 } } } })))
    assert.equal("CM2061", (refusal(of())))
    assert.equal("CM1001", (refusal(of{ places = { ETH = { wages = 1 } } })))
    assert.equal("CM1003", (refusal(of{ places = { ETH = 1 } })))
    assert.equal("CM1101", (refusal(of{ places = { Ethiopa = { wage = 1 } } })))
    assert.equal("CM2004", (refusal(of{ places = { ETH = { wage = 1 },
      Ethiopia = { wage = 2 } } })))
    for _, more in ipairs{ { ETH = { wage = 0 / 0 } }, { ETH = { wage = 1, subsidy = 1.5 } },
      { ETH = { wage = 1, productivity = 0 } }, { ETH = { wage = 1, setup = { loom = -1 } } } } do
      assert.equal("CM2060", (refusal(of{ places = more })))
    end
    local places = { ETH = { wage = 1 } }
    assert.equal("CM2060", (refusal(of{ places = places, scale = { loom = { { 10, 1 },
      { 20, 3 } } } })))
    assert.equal("CM2060", (refusal(of{ places = places, scale = { loom = {} } })))
    assert.equal("CM2060", (refusal(of{ places = places, learning = { loom = 1 } })))
    assert.equal("CM1002", (refusal(of{ places = places, learning = { loom = {} } })))
    assert.equal("CM2060", (refusal(of{ places = places, volume = 0 })))
    assert.equal("CM2063", (refusal(of{ places = places, learning = { looms = 0.1 } })))
    assert.equal("CM2041", (refusal(of{ places = places, trade = { interface = -1 } })))
    assert.equal("CM2005", (refusal(one, { "loom", at = "ETH", labour = { skilled = -2 } },
      { places = places })))
    assert.equal("CM2062", (refusal(one, { "loom", at = "ETH", adds = 1, tier = 2 })))
    assert.equal("CM1002", (refusal(of{ places = places,
      trade = { origin_rule = { BRA = { min = 0.4 } } } })))
  end)
end)
