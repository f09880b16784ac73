--- Modes of cooperation: one stage, only the mode switched, every figure as on paper.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

-- One unit takes 2 skilled and 3 unskilled: 18 + 12 at CHN's wages, 10 + 3 at ETH's.
local function turbine(more)
  local t = { name = "turbine", unit = "USD mn", volume = 10, market = "ETH", home = "CHN",
    stages = { { "turbine", labour = { skilled = 2, unskilled = 3 }, capital = 10, profit = 5,
      tier = 3, at = "CHN", by = "CHN" } },
    places = {
      CHN = { wage = { skilled = 9, unskilled = 4 }, productivity = 1.25, tier = 3 },
      FRA = { wage = { skilled = 20, unskilled = 15 }, productivity = 1.5, tier = 4 },
      ETH = { wage = { skilled = 5, unskilled = 1 }, productivity = 0.5, tier = 1, tax = 0.3,
        entry = 30, setup = { turbine = 50 } } },
    operators = { CHN = { abroad = 0.8 }, FRA = { abroad = 0.9 } },
    trade = { freight = 0.1, tariff = { ETH = { turbine = 0.05 } } } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

--- Cost, value by place, value by owner and jobs of a plan, against what was computed by hand.
local function check(plan, hand)
  assert.near(hand.cost, plan.cost, 1e-9)
  local function column(question, key, value)
    local sums = {}
    for row in plan:decompose(question):rows() do sums[row[key]] = row[value] end
    return sums
  end
  for name, one in pairs{ gdp = { column({}, "country", "value"), hand.gdp },
    gni = { column({ by = "owner" }, "owner", "value"), hand.gni },
    jobs = { column({ of = "jobs" }, "country", "jobs"), hand.jobs } } do
    for code, value in pairs(one[2]) do
      assert.near(value, one[1][code] or 0, 1e-9, ("%s of %s"):format(name, code))
    end
    for code, value in pairs(one[1]) do
      assert.near(one[2][code] or 0, value, 1e-9, ("%s of %s"):format(name, code))
    end
  end
end

describe("the mode", function()
  it("export makes it at home and ships the finished product", function()
    local own = (18 + 12) / 1.25 + 10 + 5
    local freight, duty = 0.1 * own, 0.05 * 1.1 * own
    local here = { CHN = own, ETH = duty, ["(freight)"] = freight }
    check(turbine():as("export", { host = "ETH" }):locate(), { cost = own * 1.1 * 1.05,
      gdp = here, gni = here, jobs = { CHN = 10 * 5 / 1.25 } })
  end)

  it("finish has host's wages, home's productivity less a loss, and a set-up", function()
    local wages, tax = (10 + 3) / (1.25 * 0.8), 0.3 * 15
    local plan = turbine():as("finish", { host = "ETH" }):locate()
    check(plan, { cost = wages + 15 + tax + 5, gdp = { ETH = wages + 15 + tax + 5 },
      gni = { CHN = 15, ETH = wages + tax + 5 }, jobs = { ETH = 10 * 5 } })
  end)

  it("finish leaves the other modules at home, each with its own duty", function()
    local c = turbine{ stages = {
      { "blade", at = "CHN", by = "CHN", labour = 4, capital = 6 },
      { "tower", at = "CHN", by = "CHN", labour = 1 },
      { "turbine", at = "CHN", by = "CHN", labour = 2, capital = 10, uses = { "blade", "tower" } },
    }, places = { CHN = { wage = 3 }, ETH = { wage = 1, setup = { turbine = 50 } } },
      colocate = { "tower", "turbine" },
      trade = { freight = 0.1, tariff = { ETH = { turbine = 0.5, blade = 0.05 } } } }
    local blade, tower, last = 4 * 3 + 6, 1 / 0.8, 2 / 0.8 + 10
    check(c:as("finish", { host = "ETH" }):locate(), {
      cost = blade * 1.1 * 1.05 + tower + last + 5,
      gdp = { CHN = blade, ETH = tower + last + 5 + blade * 1.1 * 0.05,
        ["(freight)"] = 0.1 * blade },
      gni = { CHN = blade + 10, ETH = tower + last - 10 + 5 + blade * 1.1 * 0.05,
        ["(freight)"] = 0.1 * blade },
      jobs = { CHN = 40, ETH = 10 * (1 / 0.8 + 2 / 0.8) } })
  end)

  it("fdi pays entry beside it, and profit is home's", function()
    local wages, tax = 13, 4.5
    local plan = turbine():as("fdi", { host = "ETH" }):locate()
    check(plan, { cost = wages + 15 + tax + 5 + 3, gdp = { ETH = wages + 15 + tax + 8 },
      gni = { CHN = 15, ETH = wages + tax + 8 }, jobs = { ETH = 50 } })
    local paid = plan:investment()
    assert.equal(80, paid:sum "amount")
    assert.equal(30, paid:get{ what = "entry" }.amount)
    assert.equal("CHN", paid:get{ what = "set-up: turbine" }.payer)
  end)

  it("joint blends productivity by equity, loses less abroad, shares profit and entry", function()
    local e = 0.6 * 1.25 * 0.9 + 0.4 * 0.5
    local wages, tax = 13 / e, 4.5
    local plan = turbine():as("joint", { host = "ETH", equity = 0.6 }):locate()
    check(plan, { cost = wages + 15 + tax + 8, gdp = { ETH = wages + 15 + tax + 8 },
      gni = { CHN = 9, ETH = wages + 6 + tax + 8 }, jobs = { ETH = 10 * 5 / e } })
    assert.near(18, plan:investment():get{ what = "entry", payer = "CHN" }.amount, 1e-9)
    local near = turbine():as("joint", { host = "ETH", equity = 0.6, joint = 0.95 })
    assert.near(13 / (0.6 * 1.25 * 0.95 + 0.2) + 15 + 12.5, near:locate().cost, 1e-9)
    local short = turbine{ tier_step = 0.1 }:with{ ["tier.turbine"] = 4 }
      :as("joint", { host = "ETH", equity = 0.6 }):locate()
    assert.near((wages + 10) * 1.1 + 5 + 0.3 * (11 + 5) + 8, short.cost, 1e-9)
  end)

  it("third_market lets whoever is better do it on site, with an entry each", function()
    local function three(t)
      return turbine():as("third_market", { host = "ETH", partner = "FRA", equity = t })
    end
    local wages, tax = 13 / (1.5 * 0.9), 4.5
    check(three():locate(), { cost = wages + 15 + tax + 3, gdp = { ETH = wages + 15 + tax + 3 },
      gni = { FRA = 15, ETH = wages + tax + 3 }, jobs = { ETH = 50 / 1.35 } })
    check(three(0.4):locate(), { cost = wages + 15 + tax + 3,
      gdp = { ETH = wages + 15 + tax + 3 }, gni = { CHN = 6, FRA = 9, ETH = wages + tax + 3 },
      jobs = { ETH = 50 / 1.35 } })
    assert.equal("short of its tier", three():locate():why "turbine":get{ by = "ETH" }.status)
    assert.equal("CM2006", (refusal(three().decompose, three())))
  end)

  it("third_market pays where operators meet", function()
    local c = turbine{ stages = {
      { "island", at = "FRA", by = "FRA", labour = { skilled = 2 }, tier = 4 },
      { "boiler", at = "CHN", by = "CHN", labour = { unskilled = 9 }, tier = 2, uses = "island" } },
      trade = { interface = 1.5 } }:with{ ["productivity.FRA"] = 0.8 }
    local deal = { host = "ETH", partner = "FRA" }
    local island, boiler = 10 / (0.8 * 0.9), 9 / (1.25 * 0.8)
    -- FRA alone has no interface and one entry
    assert.near(island + 9 / 0.72 + 3, c:as("third_market", deal):locate().cost, 1e-9)
    deal.agreed = { boiler = "CHN" }
    assert.near(island + boiler + 1.5 + 6, c:as("third_market", deal):locate().cost, 1e-9)
  end)

  it("transfer pays training and a royalty, and equity passes over the years", function()
    local wages, tax = 13 / ((1.25 * 0.8 + 0.5) / 2), 4.5
    local royalty = 0.02 * (wages + 15)
    local plan = turbine():as("transfer", { host = "ETH", cost = 100, royalty = 0.02,
      equity = { 1, 0 }, learned = 0.5 }):locate()
    check(plan, { cost = wages + 15 + tax + royalty + 10,
      gdp = { ETH = wages + 15 + tax, CHN = royalty + 10 },
      gni = { CHN = 7.5 + royalty + 10, ETH = wages + 7.5 + tax },
      jobs = { ETH = 50 / 0.75 } })
    assert.near(50, plan:investment():get{ what = "transfer", payer = "ETH" }.amount, 1e-9)
  end)

  it("leaves the margin of the price to who gets the profit", function()
    local function margin(mode, more)
      local deal = { host = "ETH", partner = "FRA" }
      for key, value in pairs(more or {}) do deal[key] = value end
      local plan = turbine{ price = 100 }:as(mode, deal):locate()
      local f = plan:decompose{ by = { "owner", "component" } }
      assert.near(100, f:sum "value", 1e-9)
      local sums = {}
      for row in f:where{ component = "profit" }:rows() do sums[row.owner] = row.value end
      return sums, 100 - plan.cost
    end
    local sums, left = margin "fdi"
    assert.near(5 + left, sums.CHN, 1e-9)
    sums, left = margin("joint", { equity = 0.6 })
    assert.near(0.4 * (5 + left), sums.ETH, 1e-9)
    sums, left = margin("transfer", { equity = { 1, 0.5 }, cost = 10 })
    assert.near(0.75 * (5 + left), sums.CHN, 1e-9)
    sums, left = margin "third_market"
    assert.near(5 + left, sums.FRA, 1e-9)
  end)
end)

describe("modes of a chain whose stages state what they add", function()
  local shoes = cm.chain{ name = "shoes", price = 20, stages = {
    { "design", at = "CHN", by = "CHN", adds = { wages = 1.5, profit = 1.0 } },
    { "leather", at = "CHN", by = "CHN", adds = { wages = 4.0, profit = 1.5, tax = 0.5 } },
    { "soles", at = "CHN", by = "CHN", adds = { wages = 2.5, profit = 1.0, tax = 0.5 } },
    { "finishing", at = "CHN", by = "CHN", adds = { wages = 5.0, profit = 2.0, tax = 0.5 },
      uses = { "design", "leather", "soles" } } } }
  local deal = { home = "CHN", host = "ETH", keep = { "design" } }

  it("move what is done where, and leave who earns it", function()
    local finish = shoes:as("finish", { home = "CHN", host = "Ethiopia", name = "finish abroad" })
    assert.equal("finish abroad", finish.name)
    assert.near(7.5, finish:decompose():get{ country = "ETH" }.value, 1e-12)
    assert.near(14.5, finish:decompose{ by = "owner" }:get{ owner = "CHN" }.value, 1e-12)
    local whole = shoes:as("transfer", deal)
    assert.near(2.5, whole:decompose():get{ country = "CHN" }.value, 1e-12)
    assert.near(7, whole:decompose{ by = "owner" }:get{ owner = "CHN" }.value, 1e-12)
    local half = shoes:as("joint", { home = "CHN", host = "ETH", equity = 0.75 })
    assert.near(0.75 * 5.5, half:decompose{ by = "owner" }:get{ owner = "CHN" }.value, 1e-12)
    local fixed = cm.chain{ name = "shoes", stages = {
      { "soles", at = "CHN", adds = 1, movable = false }, { "finishing", at = "CHN", adds = 2 } } }
      :as("fdi", { home = "CHN", host = "ETH" })
    assert.equal("CHN", fixed:stages():get{ stage = "soles" }.at)
    assert.equal("shoes, fdi", fixed.name)
    local list = whole:modes()
    assert.equal(0.1, list:get{ stage = "soles" }.learns)
    assert.equal("ETH", list:get{ stage = "soles" }.at)
    assert.equal("CHN", list:get{ stage = "design" }.at)
  end)

  it("may be an author's own", function()
    cm.define.mode{ name = "licence", about = "the host's firms make it under a licence",
      needs = { "home", "host" }, fields = { fee = { "number", least = 0, default = 0.1 } },
      apply = function(s, d)
        if s.kept then return { at = d.home, by = d.home } end
        return { at = d.host, by = d.host, royalty = d.fee }
      end }
    local c = shoes:with{ price = false }:as("licence", { home = "CHN", host = "ETH",
      keep = { "design" }, fee = 0.2 })
    local f = c:decompose{ by = "owner" }
    assert.near(2.5 + 0.2 * (6 + 4 + 7.5), f:get{ owner = "CHN" }.value, 1e-12)
    assert.near(17.5, f:get{ owner = "ETH" }.value, 1e-12)
    assert.equal("CM2067", (refusal(shoes.as, shoes, "licence", { home = "CHN" })))
    assert.equal("CM1001", (refusal(shoes.as, shoes, "licence", { home = "CHN", host = "ETH",
      fees = 1 })))
    cm.define.mode{ name = "nothing", about = "forgets the operator",
      apply = function() return { at = "ETH" } end }
    assert.equal("CM1002", (refusal(shoes.as, shoes, "nothing")))
    cm.define.mode{ name = "no way", about = "gives no way", apply = function() return nil end }
    assert.equal("CM2068", (refusal(shoes.as, shoes, "no way")))
  end)

  it("may need a field of its own", function()
    cm.define.mode{ name = "lease", about = "the plant is leased", needs = { "host", "rent" },
      fields = { rent = { "number", least = 0 } },
      apply = function(_, d) return { at = d.host, by = d.host, royalty = d.rent } end }
    local number, message = refusal(shoes.as, shoes, "lease", { home = "CHN", host = "ETH" })
    assert.equal("CM2067", number)
    assert.matches("needs 'rent'", message, 1, true)
    assert.equal("ETH", shoes:with{ price = false }:as("lease", { home = "CHN", host = "ETH",
      rent = 0.1 }):stages():get{ stage = "soles" }.at)
  end)

  it("are refused where they could not be told anything", function()
    local function with(t)
      t.about, t.apply = "a slip", function() end
      return t
    end
    assert.equal("CM1004", (refusal(cm.define.mode, with{ name = "s1", needs = { "hoem" } })))
    assert.equal("CM1003", (refusal(cm.define.mode, with{ name = "s2", fields = { fee = 0.1 } })))
    assert.equal("CM3103", (refusal(cm.define.mode, with{ name = "fdi" })))
  end)

  it("are refused by number", function()
    local function as(name, t) return function() return shoes:as(name, t) end end
    local number, message = refusal(as("jonit", deal))
    assert.equal("CM2066", number)
    assert.matches("did you mean 'joint'?", message, 1, true)
    assert.equal("CM2067", (refusal(as("joint", { home = "CHN" }))))
    assert.equal("CM2067", (refusal(as("joint", { host = "ETH" }))))
    assert.equal("CM2067", (refusal(as("joint", { home = "CHN", host = "China" }))))
    assert.equal("CM2067", (refusal(as("third_market", { home = "CHN", host = "ETH" }))))
    number, message = refusal(as("third_market", { home = "CHN", host = "ETH", partner = "FRA",
      agreed = { soles = "DEU" } }))
    assert.equal("CM2067", number)
    assert.matches("agreed.soles is DEU, who is none of those that do it", message, 1, true)
    assert.equal("CM2060", (refusal(as("transfer", { home = "CHN", host = "ETH", royalty = 5 }))))
    cm.define.mode{ name = "spec: slip", about = "a slip", apply = function()
      return { att = "CHN", by = "CHN" }
    end }
    assert.matches("mode 'spec: slip', stage '%w+' has no field 'att'",
      select(2, refusal(as("spec: slip", { home = "CHN", host = "ETH" }))))
    assert.equal("CM2060", (refusal(as("joint", { home = "CHN", host = "ETH", equity = 60 }))))
    assert.equal("CM2060", (refusal(as("transfer", { home = "CHN", host = "ETH",
      equity = { 1 } }))))
    assert.equal("CM1001", (refusal(as("fdi", { home = "CHN", host = "ETH", equity = 0.5 }))))
    assert.equal("CM2002", (refusal(as("fdi", { home = "CHN", host = "ETH", keep = { "sole" } }))))
    assert.equal("CM1101", (refusal(as("fdi", { home = "CHN", host = "Ethiopa" }))))
    assert.equal("CM1003", (refusal(as("fdi", { home = "CHN", host = { "ETH", "KEN" } }))))
    assert.equal("CM1003", (refusal(as(7))))
    assert.equal("CM1003", (refusal(as("fdi", "ETH"))))
  end)
end)

describe("modes to choose from", function()
  local function chain(more)
    local t = { name = "loom", market = "ETH", volume = 20, home = "CHN", stages = {
      { "frame", labour = 6, capital = 2, duty_class = "parts" },
      { "motor", labour = 3, capital = 5, duty_class = "parts" },
      { "loom", labour = 4, capital = 3, uses = { "frame", "motor" }, duty_class = "looms" } },
      places = { CHN = { wage = 3 }, ETH = { wage = 1, productivity = 0.6, tax = 0.2, entry = 40,
        setup = { motor = 300, loom = 30, frame = 20 } },
        KEN = { wage = 1.5, productivity = 0.8, entry = 10, setup = { motor = 80, loom = 10 } } },
      operators = { CHN = { abroad = 0.7 } },
      trade = { freight = 0.05, tariff = { ETH = { looms = 0.3, parts = 0.1 } } },
      modes = { home = "CHN", host = { "ETH", "KEN" }, "export", "finish", "fdi",
        { "joint", equity = 0.6 }, { "transfer", cost = 100, royalty = 0.05 } } }
    for key, value in pairs(more or {}) do t[key] = value end
    return cm.chain(t)
  end
  local deals = { { "export", "ETH" }, { "finish", "ETH" }, { "finish", "KEN" }, { "fdi", "ETH" },
    { "fdi", "KEN" }, { "joint", "ETH" }, { "joint", "KEN" }, { "transfer", "ETH" },
    { "transfer", "KEN" } }
  local more = { joint = { equity = 0.6 }, transfer = { cost = 100, royalty = 0.05 } }

  local function in_each(value)
    local list = {}
    for i, one in ipairs(deals) do
      local t = { host = one[2] }
      for key, x in pairs(more[one[1]] or {}) do t[key] = x end
      list[i] = value(chain{ modes = nil }:as(one[1], t):locate())
    end
    return list
  end

  it("give the best of the modes one by one", function()
    local costs = in_each(function(plan) return plan.cost end)
    local plan = chain():locate()
    assert.near(math.min(table.unpack(costs)), plan.cost, 1e-9)
    local why = plan:why "motor"
    assert.near(costs[1] - plan.cost, why:get{ mode = "export" }["costs more by"], 1e-9)
    assert.near(costs[9] - plan.cost, why:get{ mode = "transfer KEN" }["costs more by"], 1e-9)
    local jobs = in_each(function(p)
      local rows = p:decompose{ of = "jobs" }:where{ country = "ETH" }
      return p.cost <= 55 and #rows > 0 and rows:sum "jobs" or 0
    end)
    assert.near(math.max(table.unpack(jobs)), chain():locate{ maximise = "jobs.ETH",
      subject = { cost = { max = 55 } } }.objective, 1e-9)
    assert.near(plan.cost, plan.chain:locate().cost, 1e-9)
  end)

  it("may differ from stage to stage, but a transfer is whole", function()
    local free = chain():locate{ modes = { per = "stage", home = "CHN", host = "ETH", "export",
      "fdi", { "transfer", cost = 100, royalty = 0.05 } } }
    local best = math.huge
    local function layouts(i, stages, names)
      if i > 3 then
        local transfers = 0
        for _, n in ipairs(names) do transfers = transfers + (n == "transfer" and 1 or 0) end
        if transfers == 0 or transfers == 3 then
          best = math.min(best, chain{ modes = nil }:with{ stages = stages }:locate().cost)
        end
        return
      end
      local name = ({ "frame", "motor", "loom" })[i]
      for _, mode in ipairs{ "export", "fdi", "transfer" } do
        local t = { at = mode == "export" and "CHN" or "ETH", by = "CHN", mode = { name = mode } }
        if mode == "export" then t.mode.setup = false end
        if mode == "transfer" then
          t.mode = { name = mode, setup = false, entry = false, paid = { { "transfer", 100,
            to = "CHN" } }, royalty = { rate = 0.05, to = "CHN" } }
        end
        stages[name], names[i] = t, mode
        layouts(i + 1, stages, names)
      end
    end
    layouts(1, {}, {})
    assert.near(best, free.cost, 1e-9)
    local only = chain():with{ stages = { motor = { modes = { "export" } } },
      modes = { per = "stage", home = "CHN", host = "ETH", "export", "fdi" } }:locate()
    assert.equal("CHN", only.chain:stages():get{ stage = "motor" }.at)
  end)

  it("are refused where they say nothing that is known", function()
    local function with(modes) return function() return chain{ modes = modes } end end
    assert.equal("CM1002", (refusal(with{ home = "CHN" })))
    assert.equal("CM2066", (refusal(with{ "exprot" })))
    assert.equal("CM1001", (refusal(with{ hosts = "ETH", "export" })))
    assert.equal("CM1004", (refusal(with{ per = "plant", "export" })))
    assert.equal("CM2067", (refusal(with{ "fdi" })))
    assert.equal("CM2069", (refusal(function()
      return chain{ stages = { { "loom", labour = 1, modes = { "joint" } } },
        modes = { "export" } }
    end)))
    assert.equal("CM2061", (refusal(with{ host = "FRA", "fdi" })))
    assert.equal("CM1002", (refusal(function()
      return cm.chain{ name = "x", stages = { { "a", adds = 1 } } }
    end)))
  end)

  it("need no place of a stage that may move, where a home is stated", function()
    local c = cm.chain{ name = "loom", home = "China", stages = { { "loom", adds = 5 } } }
    assert.equal("CHN", c:stages():get{ stage = "loom" }.at)
    assert.equal("ETH", c:as("fdi", { host = "ETH" }):stages():get{ stage = "loom" }.at)
    assert.equal("CM1002", (refusal(cm.chain, { name = "loom", modes = { home = "CHN", "export" },
      stages = { { "loom", adds = 5, movable = false } } })))
  end)

  it("have figures with names", function()
    local c = chain()
    assert.equal(0.6, c:figures():get{ name = "equity.joint" }.value)
    local all = c:with{ ["equity.joint"] = 1 }:locate{ modes = { host = "ETH",
      { "joint", equity = 1 } } }
    local alone = c:locate{ modes = { host = "ETH", "fdi" } }
    assert.near(alone.cost, all.cost, 1e-9)
  end)
end)
