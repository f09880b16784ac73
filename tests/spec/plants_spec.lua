--- Plants that open, stand idle and close in chain:over, by hand: one stage, 100 made a year. In
--- China it costs 2 * 1.1^k in year k and its plant 50 a year, in Ethiopia 3 and a plant of 100.

local cm = require "capmod"
local errors = require "capmod.errors"

local function near(expected, got)
  assert.near(expected, got, 1e-9 * math.max(1, math.abs(expected)))
end

local function chain(home, host)
  home.wage, host.wage = 2, 3
  home.standing = home.standing or { bolts = 50 }
  host.setup = host.setup or { bolts = 100 }
  return cm.chain{ name = "bolts", volume = 100, places = { CHN = home, ETH = host },
    stages = { { "bolts", at = { "CHN", "ETH" }, labour = 1 } } }
end

local function over(home, host, t)
  t = t or {}
  t.years, t.wages = t.years or { 2020, 2030 }, { CHN = 0.1 }
  return chain(home, host):over(t)
end

local function wage(k) return 2 * 1.1 ^ k end

--- { year, at, what, paid or false, because }, a plant's event a line.
local function told(c)
  local f, lines = c:plants(), {}
  for r = 1, #f do
    lines[r] = { f[r].year, f[r].at, f[r].what, f[r].paid or false, f[r].because }
  end
  return lines
end

local function adds_up(c)
  local path, value = c:path(), c:value()
  for r = 1, #path do
    local sum = 0
    for k = 1, #value do
      if value[k].year == path[r].year then sum = sum + value[k].value end
    end
    near(path[r].cost, sum)
  end
end

describe("a plant", function()
  it("closes in the year in which what replaces it pays for both", function()
    -- Unused it closes at 30, so that China costs wage + 0.5 - 0.3: more than 3 + 1 from k = 7 on,
    -- 4.097; at 6 3.743.
    local c = over({ closing = { bolts = 30 } }, {})
    assert.same({ { 2020, "CHN", "opened", 0, "start" }, { 2027, "ETH", "opened", 100, "wages" },
      { 2027, "CHN", "closed", 30, "wages" } }, told(c))
    local path = c:path()
    for k = 0, 6 do near(wage(k) + 0.5, path[k + 1].cost) end
    near(50, path[7].standing)
    near(3, path[8].cost)
    near(0, path[8].standing)
    near(130, path[8].invested)
    near(0, path[9].invested)
    near(wage(7) + 0.2 - 4, c:moves()[1].saves)
    adds_up(c)
  end)

  it("stands idle where that is cheaper, and is used again", function()
    -- Idle costs 0.4 * 50, closing 80: China costs wage + 0.3, more than 4 from k = 7 on. With
    -- Ethiopia's wage at 6 it is the cheaper again, 4.716 + 0.3.
    local c = over({ closing = { bolts = 80 } }, {}, { idle = 0.4,
      events = { [2029] = { ["wage.ETH"] = 6 } } })
    assert.same({ { 2020, "CHN", "opened", 0, "start" }, { 2027, "ETH", "opened", 100, "wages" },
      { 2027, "CHN", "idle", false, "wages" }, { 2029, "CHN", "used again", false, "events" },
      { 2029, "ETH", "idle", false, "events" } }, told(c))
    local path = c:path()
    near(wage(6) + 0.5, path[7].cost)
    near(3.2, path[8].cost)
    near(20, path[9].standing)
    near(wage(9) + 0.5, path[10].cost)
    near(0.2, c:value{ by = "country" }:get{ year = 2027, country = "CHN" }.value)
    near(0.2, c:value{ by = "stage" }:get{ year = 2027, stage = "(standing: bolts)" }.value)
    near(0.2, c:value{ by = "owner" }:get{ year = 2027, owner = "CHN" }.value)
    adds_up(c)
  end)

  it("leaves earlier for its scrap, and has to be set up anew", function()
    -- Scrap of 60 is forgone by use: wage + 0.5 + 0.6 > 4 from k = 4 on. Back in China at k = 6,
    -- where Ethiopia costs 9, it is built again.
    local c = over({ closing = { bolts = -60 }, setup = { bolts = 70 } }, {},
      { events = { [2026] = { ["wage.ETH"] = 9 } } })
    assert.same({ { 2020, "CHN", "opened", 70, "start" }, { 2024, "ETH", "opened", 100, "wages" },
      { 2024, "CHN", "closed", -60, "wages" }, { 2026, "CHN", "opened", 70, "events" },
      { 2026, "ETH", "idle", false, "events" } }, told(c))
    near(40, c:path():get{ year = 2024 }.invested)
    near(70, c:path():get{ year = 2026 }.invested)
    near(wage(6) + 0.5, c:path():get{ year = 2026 }.cost)
    adds_up(c)
  end)

  it("counts what is paid once with one part in payback, closing too", function()
    -- 30 / 5 against 50: wage + 0.44 > 3 + 0.2 from k = 4 on, 3.368; at 3 3.102.
    local c = over({ closing = { bolts = 30 } }, {}, { payback = 5 })
    assert.equal(2024, c:moves()[1].year)
    near(130, c:path():get{ year = 2024 }.invested)
    adds_up(c)
  end)

  it("stands before the first year where the start says so", function()
    local home = { setup = { bolts = 500 }, standing = {} }
    near(100, over(home, {}, { years = { 2020 } }):path()[1].invested) -- 3 + 1 against 2 + 5
    local c = over(home, {}, { years = { 2020 }, start = "CHN" })
    near(0, c:path()[1].invested)
    near(2, c:path()[1].cost)
    assert.equal(0, #c:plants())
  end)

  it("counts while all is made where a chain is placed once", function()
    local plan = chain({}, {}):locate()
    near(2.5, plan.cost)
    near(0.5, plan:decompose{ by = "component" }:get{ component = "standing" }.value)
    assert.equal(0, #plan:investment())
    near(4.5, chain({ standing = { bolts = 1e4 } }, { standing = { bolts = 50 } }):locate().cost)
  end)
end)

describe("a stage in shares", function()
  it("has a plant in each of its places", function()
    local c = chain({}, { standing = { bolts = 30 } }):with{ stages = { bolts = {
      at = { CHN = 0.75, ETH = 0.25 } } } }:over{ years = { 2020, 2021 } }
    assert.same({ { 2020, "CHN", "opened", 0, "start" }, { 2020, "ETH", "opened", 100, "start" } },
      told(c))
    near(0.75 * 2 + 0.25 * 3 + 0.8, c:path()[2].cost)
    near(80, c:path()[2].standing)
    adds_up(c)
  end)
end)

describe("a plant that takes time", function()
  it("is begun when it is wanted, and used when it stands", function()
    local c = over({ closing = { bolts = 30 } }, { lag = { bolts = 2 } })
    assert.same({ { 2020, "CHN", "opened", 0, "start" }, { 2027, "ETH", "begun", 100, "wages" },
      { 2029, "ETH", "opened", false, "begun in 2027" },
      { 2029, "CHN", "closed", 30, "wages and building" } }, told(c)) -- 2 + 0.2 before, against 3
    local path = c:path()
    for k = 0, 8 do near(wage(k) + 0.5, path[k + 1].cost) end
    near(100, path[8].invested)
    near(3, path[10].cost)
    near(30, path[10].invested)
    assert.same({ 2029, "wages and building" }, { c:moves()[1].year, c:moves()[1].because })
    adds_up(c)
    local why = c:plan(2025):why "bolts"
    assert.equal("no plant yet", why:get{ at = "ETH" }.status)
  end)

  it("cannot be used in time, and the plan says so", function()
    local c = over({}, { lag = { bolts = 2 } }, { years = { 2020, 2023 },
      events = { [2021] = { ["capacity.CHN"] = 0 } } })
    assert.equal("infeasible", c:path()[2].moved)
    local rules = table.concat(c:plan(2021).conflict, "; ")
    assert.matches("capacity of CHN", rules, 1, true)
    assert.matches("'bolts' is made where a plant stands", rules, 1, true)
    assert.same({ 2021, "ETH", "begun", 100, "events" }, told(c)[2])
    near(3, c:path():get{ year = 2023 }.cost) -- closing costs China nothing
  end)

  it("needs none in the first year, unless a start says where stages were", function()
    local soon = over({ standing = { bolts = 400 } }, { lag = { bolts = 3 } },
      { years = { 2020, 2024 } })
    assert.same({ { 2020, "ETH", "opened", 100, "start" } }, told(soon))
    local late = over({ standing = { bolts = 400 } }, { lag = { bolts = 3 } },
      { years = { 2020, 2024 }, start = "CHN" })
    assert.same({ 2020, "ETH", "begun", 100, "start" }, told(late)[1])
    assert.equal(2023, late:moves()[1].year)
  end)

  it("keeps what is to go with it", function()
    -- Bolts idle in Ethiopia (10 a year) would close for nothing, but nuts' plant is on its way,
    -- and with that both are wanted there: they may not be parted.
    local two = cm.chain{ name = "kit", volume = 100, colocate = { "bolts", "nuts" },
      stages = { { "bolts", at = { "CHN", "ETH" }, labour = 1 },
        { "nuts", at = { "CHN", "ETH" }, labour = 1, uses = "bolts" } },
      places = { CHN = { wage = 2 }, ETH = { wage = 1, standing = { bolts = 10 },
        lag = { nuts = 2 }, setup = { nuts = 20 } } } }
    local c = two:over{ years = { 2020, 2023 }, start = { bolts = "ETH", nuts = "CHN" } }
    assert.same({ { 2020, "ETH", "begun", 20, "start" }, { 2020, "ETH", "idle", false, "start" },
      { 2022, "ETH", "used again", false, "building" },
      { 2022, "ETH", "opened", false, "begun in 2020" } }, told(c))
    near(4.1, c:path()[1].cost)
    near(2.1, c:path()[3].cost)
  end)
end)

describe("figures of plants", function()
  local function raised(number, f)
    local ok, e = pcall(f)
    assert.is_false(ok)
    assert.is_true(errors.is(e, number), tostring(e))
  end

  it("have names, which may grow", function()
    local c = chain({ closing = { bolts = 3 } }, {}):over{ years = { 2020, 2021 },
      growth = { ["standing.CHN"] = 0.5 }, events = { [2021] = { ["closing.CHN.bolts"] = 9 } } }
    near(75, c:figure "standing.CHN.bolts"[2].value)
    near(9, c:figure "closing.CHN.bolts"[2].value)
    near(75, c:path()[2].standing)
  end)

  it("are checked", function()
    raised(2060, function() chain({}, { lag = { bolts = 1.5 } }) end)
    raised(2060, function() chain({ standing = { bolts = -1 } }, {}) end)
    raised(2063, function() chain({ standing = { bolt = 1 } }, {}) end)
    raised(2060, function() over({}, {}, { idle = 2 }) end)
  end)

  it("hold for what is asked of the plan of a year", function()
    local c = over({ closing = { bolts = 30 } }, {})
    local plan = c:plan(2028) -- Ethiopia's plant is paid
    near(3, plan.cost)
    near(3, plan.chain:locate().cost)
    local range = plan:range("wage.ETH", { from = 2, to = 4 })
    near(4, range[#range]["cost at to"])
  end)
end)
