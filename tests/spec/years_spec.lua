local cm = require "capmod"
local errors = require "capmod.errors"

local function raised(number, f)
  local ok, e = pcall(f)
  assert.is_false(ok)
  assert.is_true(errors.is(e, number), tostring(e))
  return tostring(e)
end

local function near(expected, got)
  assert.near(expected, got, 1e-9 * math.max(1, math.abs(expected)))
end

local function shoes(changes)
  local chain = cm.chain{ name = "shoes", unit = "USD", market = "USA", home = "CHN", volume = 100,
    stages = {
      { "soles", at = { "CHN", "ETH" }, labour = 1, materials = 2 },
      { "sewing", at = { "CHN", "ETH" }, labour = 2, uses = "soles" } },
    places = { CHN = { wage = 2 }, ETH = { wage = 1, productivity = 0.4 } },
    trade = { freight = 0.05 } }
  return changes and chain:with(changes) or chain
end

describe("wages that grow", function()
  -- Both stages at one place cost 1.05 (3 w / e + 2); splitting them pays freight once more. With
  -- w = 2 * 1.05^k in China and 1.01^k / 0.4 in Ethiopia, China is dearer from k = 6 on:
  -- 2.680 > 2.654, but at k = 5 2.553 < 2.628.
  local c = shoes():over{ years = { 2026, 2033 }, wages = { CHN = 0.05, ETH = 0.01 } }

  it("move what becomes dearer, in the year in which it does", function()
    local path, moves = c:path(), c:moves()
    for k = 0, 7 do
      local w = k < 6 and 2 * 1.05 ^ k or 1.01 ^ k / 0.4
      near(1.05 * (3 * w + 2), path[k + 1].cost)
      assert.equal(2026 + k, path[k + 1].year)
    end
    assert.equal(2, #moves)
    for r, name in ipairs{ "soles", "sewing" } do
      local move = moves[r]
      assert.same({ 2032, name, "CHN", "ETH", "wages" },
        { move.year, move.stage, move.from, move.to, move.because })
    end
    -- Had one stage stayed, the cheaper way is that the other stays with it: freight on soles.
    near(1.05 * 3 * (2 * 1.05 ^ 6 - 1.01 ^ 6 / 0.4), moves[1].saves)
  end)

  it("give value, jobs and places of each year", function()
    near(6, c:value():get{ year = 2026, country = "CHN" }.value)
    near(3 * 1.01 ^ 7 / 0.4, c:value():get{ year = 2033, country = "ETH" }.value)
    near(300, c:jobs():get{ year = 2031, country = "CHN" }.jobs)
    near(750, c:jobs():get{ year = 2032, country = "ETH" }.jobs)
    assert.equal("ETH", c:places():get{ year = 2032, stage = "soles" }.at)
    near(2 * 1.05 ^ 3, c:figure "wage.CHN"[4].value)
    assert.equal("optimal", c:plan(2030).status)
  end)

  it("grow by skill, and for all places at once", function()
    local two = shoes{ places = { CHN = { wage = { skilled = 2, unskilled = 1 } },
      ETH = { wage = { skilled = 1, unskilled = 1 } } },
      stages = { soles = { labour = { skilled = 1 } }, sewing = { labour = { unskilled = 1 } } } }
    local d = two:over{ years = { 2026, 2027 }, wages = { CHN = { skilled = 0.1 }, ETH = 0.2 } }
    near(2.2, d:figure "wage.CHN.skilled"[2].value)
    near(1, d:figure "wage.CHN.unskilled"[2].value)
    near(1.2, d:figure "wage.ETH.unskilled"[2].value)
    near(2.5, shoes():over{ years = { 2026, 2027 }, wages = 0.25 }:figure "wage.CHN"[2].value)
  end)
end)

describe("what is paid once", function()
  it("keeps a stage where it is until a year's saving pays for it", function()
    -- The stages may not be parted; 200 for each, over 100 made: 4 a unit. The yearly saving,
    -- 3.15 (2 * 1.05^k - 1.01^k / 0.4), reaches 4 at k = 16: 4.366 - 2.931 = 1.434; at 15
    -- 4.158 - 2.902 = 1.255.
    local bound = shoes{ colocate = { "soles", "sewing" } }
    local c = bound:over{ years = { 2026, 2042 }, wages = { CHN = 0.05, ETH = 0.01 },
      moving = 200 }
    local moves = c:moves()
    local first
    for k = 0, 16 do
      if not first and 3.15 * (2 * 1.05 ^ k - 1.01 ^ k / 0.4) > 4 then first = 2026 + k end
    end
    assert.equal(2042, first)
    assert.equal(first, moves[1].year)
    near(3.15 * (2 * 1.05 ^ 16 - 1.01 ^ 16 / 0.4) - 4, moves[1].saves)
    near(400, c:path():get{ year = first }.invested)
    near(1.05 * (3 * 1.01 ^ (first - 2026) / 0.4 + 2), c:path():get{ year = first }.cost)
    -- With ten years to pay a tenth of it counts.
    local early = bound:over{ years = { 2026, 2042 }, wages = { CHN = 0.05, ETH = 0.01 },
      moving = { soles = 200, sewing = 200 }, payback = 10 }
    local soon
    for k = 0, 16 do
      if not soon and 3.15 * (2 * 1.05 ^ k - 1.01 ^ k / 0.4) > 0.4 then soon = 2026 + k end
    end
    assert.equal(soon, early:moves()[1].year)
    assert.is_true(soon < first)
  end)

  it("pays within the years that are left, later ones discounted", function()
    local bound = shoes{ colocate = { "soles", "sewing" } }
    for _, rate in ipairs{ 0, 0.3 } do
      local c = bound:over{ years = { 2026, 2042 }, wages = { CHN = 0.05, ETH = 0.01 },
        moving = 200, payback = "remaining", discount = rate }
      local first
      for k = 0, 16 do -- 4 a unit once, against this year's saving in each year to 2042
        local saved = 0
        for later = 0, 16 - k do
          saved = saved + 3.15 * (2 * 1.05 ^ k - 1.01 ^ k / 0.4) / (1 + rate) ^ later
        end
        if not first and saved > 4 then first = 2026 + k end
      end
      assert.equal(first, c:moves()[1].year)
      assert.matches(rate == 0 and "pay within the years that are left\n"
        or "pay within the years that are left, at 30 %% a year\n", tostring(c))
    end
    assert.matches('fix: +payback = "remaining"', raised(1004, function()
      bound:over{ years = { 2026, 2027 }, payback = "left" }
    end))
    raised(2060, function() bound:over{ years = { 2026, 2027 }, discount = -0.1 } end)
  end)

  it("is not paid again", function()
    local c = shoes{ places = { CHN = { wage = 9 }, ETH = { wage = 1, setup = { soles = 50,
      sewing = 30 }, entry = 20 } } }:over{ years = { 2026, 2028 } }
    local path = c:path()
    near(100, path[1].invested) -- a stage without an operator enters from the chain's home
    near(0, path[2].invested)
    near(1.05 * 5, path[1].cost)
    near(1.05 * 5, path[3].cost)
    near(3, c:value():get{ year = 2026, country = "ETH" }.value)
  end)

  it("counts a start that differs", function()
    local c = shoes():over{ years = { 2026, 2026 }, start = "ETH", moving = 1 }
    assert.equal(2, #c:moves())
    assert.equal("start", c:moves()[1].because)
    near(2, c:path()[1].invested)
    assert.equal(0, #shoes():over{ years = { 2026, 2026 }, start = { soles = "CHN" } }:moves())
  end)
end)

describe("learning", function()
  -- rate 0.5: b = 1, so the mean over a year from Q to Q + 100 is 100 ln((Q + 100) / Q) / 100.
  local function turbine(t)
    t.years = { 2026, 2028 }
    return cm.chain{ name = "turbine", volume = 100, stages = { { "turbine", at = "CHN", by = "CHN",
      labour = 10 } }, places = { CHN = { wage = 1 } },
      learning = { turbine = { rate = 0.5, at = 100 } } }:over(t):path()
  end

  it("follows cumulative output", function()
    local path = turbine{}
    for k = 1, 3 do near(10 * math.log((k + 1) / k), path[k].cost) end
  end)

  it("is partly forgotten", function()
    local path = turbine{ forget = 0.5 } -- 100, then 50 + 100, then 75 + 100
    near(10 * math.log(2), path[1].cost)
    near(10 * math.log(250 / 150), path[2].cost)
    near(10 * math.log(275 / 175), path[3].cost)
  end)

  it("may be stated for the years", function()
    near(10 * math.log(150 / 50) * 50 / 100,
      turbine{ learning = { turbine = { rate = 0.5, at = 50 } } }[1].cost)
  end)
end)

describe("capability", function()
  local function works(host, stage, operators)
    stage[1], stage.at, stage.by = "works", "ETH", { "CHN", "ETH" }
    host.wage = 1
    return cm.chain{ name = "works", stages = { stage }, operators = operators,
      places = { CHN = { wage = 1, tier = 3 }, ETH = host } }
  end

  it("of the host's firms rises beside others, until they do without", function()
    -- China keeps 0.8 of its efficiency; Ethiopia's goes 0.5, 0.75, 0.875 and stays there.
    local c = works({ productivity = 0.5 }, { labour = 4 }, { CHN = { abroad = 0.8 } }):over{
      years = { 2026, 2029 }, transfer = 0.5 }
    local path = c:path()
    for k, e in ipairs{ 0.8, 0.8, 0.875, 0.875 } do near(4 / e, path[k].cost) end
    near(0.875, c:figure "productivity.ETH"[4].value)
    assert.same({ 2028, "ETH by CHN", "ETH", "transfer" }, { c:moves()[1].year, c:moves()[1].from,
      c:moves()[1].to, c:moves()[1].because })
  end)

  it("in tiers opens what was barred", function()
    local c = works({ productivity = 2, tier = 1 }, { labour = 4, tier = 2 }):over{
      years = { 2026, 2027 }, transfer = { fdi = 0.5 } }
    near(4, c:path()[1].cost)
    near(2, c:path()[2].cost) -- tier 1 + 0.5 (3 - 1)
    near(2, c:figure "tier.ETH"[2].value)
    near(4, works({ productivity = 2, tier = 1 }, { labour = 4, tier = 2 }):over{
      years = { 2026, 2027 }, transfer = { joint = 0.5 } }:path()[2].cost)
  end)

  it("follows what modes say", function()
    local chain = cm.chain{ name = "works", home = "CHN", stages = { { "works", labour = 4 } },
      places = { CHN = { wage = 1 }, ETH = { wage = 0.1, productivity = 0.5 } } }
    local c = chain:as("joint", { host = "ETH", equity = 0.5, learns = 0.2 }):over{
      years = { 2026, 2027 } }
    near(0.6, c:figure "productivity.ETH"[2].value)
    near(0.4 / 0.75, c:path()[1].cost) -- halves of 1 and 0.5
    near(0.4 / 0.8, c:path()[2].cost)
    near(0.5, chain:as("fdi", { host = "ETH", learns = 0 }):over{ years = { 2026, 2028 } }
      :figure "productivity.ETH"[3].value)
  end)
end)

describe("events", function()
  it("set figures from a year on, and are the reason of a move", function()
    local c = shoes{ trade = { freight = 0.05, tariff = { USA = { sewing = 0 } } },
      places = { CHN = { wage = 2 }, ETH = { wage = 2 }, USA = { wage = 2.3 } },
      stages = { sewing = { at = { "CHN", "USA" } } } }:over{ years = { 2026, 2028 },
      events = { [2028] = { ["tariff.USA.sewing"] = 0.3 } } }
    assert.equal("sewing", c:path()[3].moved)
    local move = c:moves():get{ year = 2028, stage = "sewing" }
    assert.same({ "CHN", "USA", "events" }, { move.from, move.to, move.because })
  end)

  it("may leave a year without a plan, and what was there before stays known", function()
    local c = shoes():over{ years = { 2026, 2028 }, events = { [2027] = { ["capacity.CHN"] = 0,
      ["capacity.ETH"] = 0 }, [2028] = { ["capacity.CHN"] = 900 } } }
    assert.equal("infeasible", c:path()[2].moved)
    assert.is_nil(c:path()[2].cost)
    assert.equal(0, #c:moves())
    near(1.05 * 8, c:path()[3].cost)
  end)

  it("start the growth of a figure anew", function()
    local c = shoes():over{ years = { 2026, 2029 }, growth = { volume = 0.1 },
      events = { [2028] = { volume = 500 } } }
    near(110, c:figure "volume"[2].value)
    near(500, c:figure "volume"[3].value)
    near(550, c:figure "volume"[4].value)
    near(1650, c:jobs():get{ year = 2029, country = "CHN" }.jobs)
  end)
end)

describe("a portfolio", function()
  -- Per unit of the mix 3 pumps and 5 valves, which use one and two castings: 13 castings, 6 and 5
  -- of labour. In China castings of 140 can be made, 14 for each of 10 mixes; its wage grows by a
  -- fifth, the demand for valves by a tenth a year: 14 in the second year, 15.1 in the third, when
  -- castings and all else are not yet dearer there than in Vietnam.
  local mix = cm.chain{ name = "machines", volume = 10, market = "USA", stages = {
    { "castings", at = { "CHN", "VNM" }, labour = 1, class = "castings" },
    { "pumps", at = { "CHN", "VNM" }, labour = 2, uses = "castings", demand = 3 },
    { "valves", at = { "CHN", "VNM" }, labour = 1, uses = { castings = 2 }, demand = 5 } },
    places = { CHN = { wage = 2, capacity = { castings = 140 } },
      VNM = { wage = 3, setup = { castings = 40 } } } }

  it("grows product by product, and shares what is short", function()
    local c = mix:over{ years = { 2026, 2029 }, wages = { CHN = 0.2 },
      growth = { ["demand.valves"] = 0.1 } }
    local path, valves = c:path(), c:figure "demand.valves"
    for k = 0, 3 do
      local v, w = 5 * 1.1 ^ k, math.min(2 * 1.2 ^ k, 3)
      near(v, valves[k + 1].value)
      near((3 + 2 * v) * (k < 2 and w or 3) + (6 + v) * w, path[k + 1].cost)
      near(10 * (9 + 3 * v), c:jobs():where{ year = 2026 + k }:sum "jobs")
    end
    near(40, path[3].invested)
    assert.same({ "castings", "growth" }, { c:moves()[1].stage, c:moves()[1].because })
    assert.equal("castings", path[3].moved)
    assert.equal("pumps, valves", path[4].moved)
  end)

  it("waits for a plant of a shared input", function()
    local c = mix:with{ places = { CHN = { wage = 2 },
      VNM = { wage = 3, setup = { castings = 20 }, lag = { castings = 2 } } } }
      :over{ years = { 2026, 2031 }, wages = { CHN = 0.2 }, growth = { ["demand.valves"] = 0.1 } }
    local path = c:path()
    -- Begun when 3 and 20 over all castings are less than China's wage, 3.456, in 2029.
    assert.same({ 2029, "begun", 2031, "opened" }, { c:plants()[1].year, c:plants()[1].what,
      c:plants()[2].year, c:plants()[2].what })
    assert.equal("pumps, valves", path[4].moved)
    assert.equal("castings", path[6].moved)
    local v = 5 * 1.1 ^ 4
    near((3 + 2 * v) * 2 * 1.2 ^ 4 + (6 + v) * 3, path[5].cost)
  end)
end)

describe("a course", function()
  it("refuses what it cannot run", function()
    local function over(t) return function() return shoes():over(t) end end
    raised(1002, over{})
    raised(1004, over{ years = { 2030, 2026 } })
    raised(1004, over{ years = { 2030.5, 2036 } })
    raised(1001, over{ years = { 2026, 2030 }, wage = 0.05 })
    raised(2060, over{ years = { 2026, 2030 }, wages = { CHN = -2 } })
    raised(2060, over{ years = { 2026, 2030 }, wages = { CHN = "much" } })
    raised(2060, over{ years = { 2026, 2030 }, payback = 0 })
    raised(2065, over{ years = { 2026, 2030 }, wages = { VNM = 0.05 } })
    raised(2065, over{ years = { 2026, 2030 }, growth = { volum = 0.05 } })
    raised(2065, over{ years = { 2026, 2030 }, events = { [2027] = { ["tax.KEN"] = 1 } } })
    raised(1003, over{ years = { 2026, 2030 }, events = { [2027] = 3 } })
    raised(2002, over{ years = { 2026, 2030 }, moving = { sowing = 3 } })
    raised(1001, over{ years = { 2026, 2030 }, locate = { modes = { "export" } } })
  end)

  it("does not change, and says what it has", function()
    local c = shoes():over{ years = { 2026, 2027 } }
    raised(2044, function() c.name = "x" end)
    raised(1001, function() return c.moved end)
    raised(1004, function() return c:plan(2025) end)
    raised(2065, function() return c:figure "wage.VNM" end)
    raised(1004, function() return c:value{ by = "colour" } end)
    assert.matches("what moved, and why", tostring(c))
  end)
end)

describe("rules that change", function()
  --- Two stages: at home 10 and 20, in the host 12 and 25.
  local function pair(more)
    local t = { name = "pair", unit = "USD", volume = 100, stages = {
      { "a", at = { "CHN", "ETH" }, adds = { CHN = 10, ETH = 12 } },
      { "b", at = { "CHN", "ETH" }, adds = { CHN = 20, ETH = 25 }, uses = "a" } } }
    for field, value in pairs(more or {}) do t[field] = value end
    return cm.chain(t)
  end

  it("go in straight lines, and say what moved for them", function()
    -- content of ETH: nothing 0 at 30, a 12/32 at 32, b 25/35 at 35, both 1 at 37; a tenth more is
    -- asked for each year from 2027 on
    local c = pair():over{ years = { 2026, 2037 },
      rules = { ["content.ETH"] = { min = { [2026] = 0, [2036] = 1 } } } }
    for k, cost in ipairs{ 30, 32, 32, 32, 35, 35, 35, 35, 37, 37, 37, 37 } do
      near(cost, c:path()[k].cost)
    end
    local r = c:rules()
    near(0.4, r:get{ year = 2030, rule = "content.ETH" }.min)
    near(25 / 35, r:get{ year = 2030, rule = "content.ETH" }.is)
    near(1, r:get{ year = 2037, rule = "content.ETH" }.min)
    for k, move in ipairs{ { 2027, "a", "CHN", "ETH" }, { 2030, "a", "ETH", "CHN" },
      { 2030, "b", "CHN", "ETH" }, { 2034, "a", "CHN", "ETH" } } do
      local row = c:moves()[k]
      assert.same(move, { row.year, row.stage, row.from, row.to })
      assert.equal("rules", row.because)
    end
    near(3, c:moves()[1].saves) -- had a stayed, b would have gone: 35 for 32
  end)

  it("begin in the year that is named, beside those that stay", function()
    local c = pair():over{ years = { 2026, 2028 }, rules = { cost = { max = { [2028] = 31 } } },
      locate = { subject = { ["content.ETH"] = { min = 0.3 } } } }
    assert.equal(1, #c:rules())
    assert.equal("infeasible", c:path()[3].moved)
    near(32, c:path()[2].cost)
  end)

  it("are refused where they are none", function()
    local function over(rules)
      return function() pair():over{ years = { 2026, 2027 }, rules = rules } end
    end
    raised(1003, over{ ["content.ETH"] = 0.3 })
    raised(1001, over{ ["content.ETH"] = { mn = 0.3 } })
    assert.matches("a bound is of a year", raised(1004, over{ cost = { max = { 30 } } }))
    raised(1004, over{ cost = { max = { [2026] = "thirty" } } })
    raised(1004, over{ cost = { max = { [2026] = 0 / 0 } } })
    raised(2066, function()
      pair():over{ years = { 2026, 2027 }, transfer = { fdii = 0.1 } }
    end)
  end)

  local function dated()
    return pair{ market = "USA", trade = { tariff = { USA = 0.1 } },
      places = { CHN = { wage = { skilled = 2, unskilled = 1 } }, ETH = { wage = 1 } },
      stages = { { "a", at = "CHN", labour = { skilled = 2, unskilled = 6 } } } }
      :over{ years = { 2026, 2027 }, events = { [2027] = { ["tariff.USA"] = 0.2 },
        [2030] = { ["tariff.USA"] = 0 } } }
  end

  it("stand beside what comes later, and what grows fast", function()
    local c = dated()
    assert.matches("events of 2030 are behind the last year", tostring(c:path()), 1, true)
    local chain = cm.chain{ name = "x", places = { CHN = { wage = 1 } },
      stages = { { "a", at = "CHN", labour = 1 } } }
    c = chain:over{ years = { 2026, 2027 }, wages = { CHN = 5 } }
    assert.matches("double each year, since rates are shares (0.06 is 6 %): wage.CHN by 5",
      tostring(c:path()), 1, true)
    c = chain:over{ years = { 2026, 2027 }, wages = { CHN = 0.9 } }
    assert.is_nil(tostring(c:path()):find "double")
  end)

  it("stand beside jobs and revenue of each year", function()
    local c = dated()
    near(200, c:jobs{ by = "skill" }:get{ year = 2026, skill = "skilled" }.jobs)
    near(600, c:jobs{ by = "skill" }:get{ year = 2027, skill = "unskilled" }.jobs)
    near(1, c:revenue():get{ year = 2026, country = "USA" }.revenue) -- a tenth of 10
    near(2, c:revenue():get{ year = 2027, country = "USA" }.revenue)
    local ok, e = pcall(c.plan, c, 2030)
    assert.is_false(ok)
    assert.matches("course:plan(2027) is the last", tostring(e), 1, true)
  end)
end)
