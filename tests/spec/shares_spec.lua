--- Stages in shares of places: by hand, against the same chain with one stage for each place, and
--- random chains against enumeration and CBC.
local cm = require "capmod"
local inside = require "capmod.plan".of
local program = require "capmod.plan.program"
local random = require "capmod.random"

local function figure(frame, key, value, field)
  local row = frame:where(function(r) return r[key] == value end)[1]
  return row and row[field] or 0
end

--- Half of the chips are from Singapore, half from Taiwan.
local function radio(change)
  local given = { name = "radio", market = "USA", volume = 10,
    stages = {
      { "design", at = "DEU", adds = 10 },
      { "chips", at = { SGP = 0.5, TWN = 0.5 }, labour = 5, uses = "design", class = "chips" },
      { "assembly", at = { "CHN", "SGP" }, adds = { CHN = 8, SGP = 9 }, uses = { chips = 2 } },
    },
    places = { SGP = { wage = 4 }, TWN = { wage = 4.8 } },
    trade = { freight = { DEU = { SGP = 0.1, TWN = 0.2 }, CHN = { TWN = 0.02, SGP = 0.05,
      USA = 0.1 }, SGP = { TWN = 0.04, USA = 0.1 } },
      tariff = { USA = 0.1, CHN = { chips = 0.05 } } } }
  for key, value in pairs(change or {}) do given[key] = value end
  return cm.chain(given)
end

-- by hand: chips are 11 + 20 = 31 in Singapore and 12 + 24 = 36 in Taiwan; half of two each
local AT_SGP = (31 + 36 * 1.04 + 9) * 1.1 * 1.1
local AT_CHN = (31 * 1.05 * 1.05 + 36 * 1.02 * 1.05 + 8) * 1.1 * 1.1

describe("a stage in shares of places", function()
  local plan = radio():locate()

  it("pays the trade of each of its places, by its shares", function()
    assert.equal("optimal", plan.status)
    assert.near(AT_SGP, plan.cost, 1e-9)
    local why = plan:why "assembly"
    assert.near(AT_CHN, figure(why, "at", "CHN", "best cost"), 1e-9)
    assert.near(plan.cost, plan:decompose():sum "value", 1e-9)
    assert.near(1 + 2, figure(plan:decompose{ by = { "stage", "component" } }
      :where{ component = "freight" }, "stage", "design", "value"), 1e-9)
  end)

  it("stands in one row, and is settled", function()
    assert.matches("chips +SGP 50%%, TWN 50%% +%- +22.00", tostring(plan))
    local why = plan:why "chips"
    assert.equal(1, #why)
    assert.equal("SGP 50%, TWN 50%", why[1].at)
    assert.equal("SGP 50%, TWN 50%", plan.chain:stages()[2].at)
    assert.equal(2, #plan:alternatives{ within = 0.5 })
  end)

  it("counts in value, jobs and content by its shares", function()
    local settled = radio():with{ stages = { assembly = { at = "SGP" } } }
    local value, jobs = plan:decompose(), settled:decompose{ of = "jobs" }
    assert.near(20 + 9, figure(value, "country", "SGP", "value"), 1e-9)
    assert.near(24, figure(value, "country", "TWN", "value"), 1e-9)
    assert.near(50, figure(jobs, "country", "TWN", "jobs"), 1e-9)
    local function status(subject) return radio():locate{ subject = subject }.status end
    assert.equal("optimal", status{ ["jobs.TWN"] = { min = 50 } })
    assert.equal("infeasible", status{ ["jobs.TWN"] = { min = 50.01 } })
    assert.equal("optimal", status{ ["content.TWN"] = { min = 24 / AT_SGP - 1e-9 } })
    assert.equal("infeasible", status{ ["content.TWN"] = { min = 24 / AT_SGP + 1e-6 } })
  end)

  it("takes its share of capacity, and pays set-up in each place", function()
    local function places(code, field, value)
      local p = { SGP = { wage = 4 }, TWN = { wage = 4.8 } }
      p[code][field] = value
      return { places = p }
    end
    assert.equal("optimal", radio(places("TWN", "capacity", 50)):locate().status)
    assert.equal("infeasible", radio(places("TWN", "capacity", 49)):locate().status)
    assert.equal("optimal", radio(places("SGP", "capacity", { chips = 10 })):locate().status)
    assert.equal("infeasible", radio(places("SGP", "capacity", { chips = 9 })):locate().status)
    assert.near(AT_SGP + 70 / 10, radio(places("TWN", "setup", { chips = 70 })):locate().cost, 1e-9)
    local limited = radio{ stages = { { "chips", at = { SGP = 0.25, TWN = 0.75 }, labour = 5,
      capacity = 10 } } }
    assert.equal("optimal", limited:locate().status)
    assert.equal("infeasible", limited:with{ volume = 11 }:locate().status)
  end)

  it("pays at borders, and where firms meet, for the share that crosses", function()
    local c = radio():with{ stages = { chips = { interface = 2 }, assembly = { at = "SGP" } } }
    -- half of the chips cross to Singapore: one border and one firm for half a unit
    assert.near(AT_SGP + 0.5 * (2 + 2) * 1.1 * 1.1, c:locate().cost, 1e-9)
    local by = c:with{ stages = { chips = { by = "JPN" }, assembly = { by = "JPN" } } }
    assert.near(AT_SGP + 0.5 * 2 * 1.1 * 1.1, by:locate().cost, 1e-9)
  end)

  it("needs no market", function()
    local c = cm.chain{ name = "two", trade = { freight = 0.5 }, stages = {
      { "a", at = { "CHN", "USA" }, adds = { CHN = 1, USA = 2 } },
      { "b", at = { CHN = 0.25, USA = 0.75 }, adds = { CHN = 4, USA = 8 }, uses = "a" } } }
    assert.near(7 + 0.25 + 0.75 * 1.5, c:locate().cost, 1e-12)
    assert.near(7 + 1, c:with{ trade = false }:locate().cost, 1e-12)
  end)

  it("leaves a place without a share alone", function()
    local c = cm.chain{ name = "one", market = "USA", trade = { tariff = { USA = 0.1 } },
      stages = { { "a", at = { CHN = 1, USA = 0 }, adds = 10 } } }
    assert.near(11, c:locate().cost, 1e-12)
  end)

  it("is done by one operator, and by one recipe", function()
    local c = cm.chain{ name = "by", stages = { { "a", at = { CHN = 0.5, ETH = 0.5 },
      by = { "CHN", "ETH" }, labour = 10 } }, places = { CHN = { wage = 4 }, ETH = { wage = 1,
        productivity = 0.5 } }, operators = { CHN = { abroad = 0.8 } } }
    local plan_by = c:locate()
    assert.near(0.5 * 40 + 0.5 * 12.5, plan_by.cost, 1e-9)
    assert.near(0.5 * 80 + 0.5 * 20, plan_by:why "a"[2]["best cost"], 1e-9)
    assert.near(plan_by.cost, plan_by:decompose{ by = "owner" }:sum "value", 1e-9)
    local r = cm.chain{ name = "cut", market = "USA", trade = { freight = 0.1 }, stages = {
      { "body", at = { CHN = 0.5, USA = 0.5 }, recipes = {
        whole = { adds = { CHN = 10, USA = 30 } },
        parts = { adds = 2, stages = { { "panel", at = "USA", adds = 16 } } } } } } }
    -- whole: 5 * 1.1 + 15 = 20.5; parts: panels are 16 in the USA and 17.6 in China
    assert.near(((17.6 + 2) * 1.1 + 18) / 2, r:locate().cost, 1e-9)
    assert.near(20.5, figure(r:locate():why "body", "recipe", "whole", "best cost"), 1e-9)
  end)

  it("stands beside one in the same shares that may not be parted from it", function()
    local function pair(colocate)
      return cm.chain{ name = "pair", colocate = colocate, trade = { freight = 0.2 }, stages = {
        { "a", at = { CHN = 0.5, USA = 0.5 }, adds = 10 },
        { "b", at = { CHN = 0.5, USA = 0.5 }, adds = 1, uses = "a" } } }
    end
    assert.near(12, pair():locate().cost, 1e-12) -- half of what goes into each crosses
    assert.near(11, pair{ "a", "b" }:locate().cost, 1e-12)
    assert.near(0, figure(pair{ "a", "b" }:division(), "what", "links across borders", "count"), 0)
    assert.near(5 / 16, figure(pair():division(), "what", "crosses borders", "share"), 1e-12)
    local ok, e = pcall(function()
      pair{ "a", "b" }:with{ stages = { b = { at = { "CHN", "USA" } } } }:locate()
    end)
    assert.is_false(ok)
    assert.matches("CM2040", tostring(e))
    assert.matches("'a' is in shares of CHN 50%, USA 50%, 'b' at CHN or USA", tostring(e), 1, true)
  end)

  it("has its place in deals and over the years", function()
    local deal = cm.cooperation{ chain = radio(), members = { "DEU", "SGP", "TWN" }, price = 120,
      outsiders = "absent" }
    local all = figure(deal:coalitions(), "coalition", "DEU + SGP + TWN", "worth")
    assert.near(120 - AT_SGP, all, 1e-9)
    local course = radio():over{ years = { 2026, 2028 }, moving = 3, wages = { TWN = 0.1 } }
    assert.equal(0, #course:moves())
    local last = AT_SGP + (1.1 ^ 2 - 1) * 24 * 1.04 * 1.1 * 1.1
    assert.near(last, course:plan(2028).cost, 1e-9)
  end)

  it("learns from what each place makes, where nobody else is named", function()
    local c = cm.chain{ name = "learning", volume = 100, learning = { a = 0.2 }, stages = {
      { "a", at = { CHN = 0.75, ETH = 0.25 }, labour = 1 } },
      places = { CHN = { wage = 1 }, ETH = { wage = 1 } } }
    local b = -math.log(0.8, 2)
    local function mean(made) return ((1 + made) ^ (1 - b) - 1) / ((1 - b) * made) end
    assert.near(0.75 * mean(75) + 0.25 * mean(25), c:locate().cost, 1e-12)
    assert.near(c:locate().cost, c:locate():decompose():sum "value", 1e-12)
  end)
end)

-- ---- random chains ------------------------------------------------------------------------------

local PLACES = { "CHN", "USA", "DEU", "KEN" }

--- A random chain: of four to six stages some are in shares; and the same with a stage for each
--- place of a stage in shares.
local function draw(stream, is_free)
  local function pick(list) return list[1 + math.floor(stream() * #list)] end
  local given = { name = "random", market = "USA", volume = 10, home = "CHN", stages = {},
    places = {}, trade = { freight = {}, interface = stream() < 0.5 and 1 or nil,
      tariff = { USA = 0.2 * stream(), DEU = { s2 = 0.3 * stream() } } } }
  local apart = { name = "apart", market = "USA", volume = 10, home = "CHN", stages = {},
    places = given.places, trade = { freight = given.trade.freight,
      tariff = { USA = given.trade.tariff.USA, DEU = { d2 = given.trade.tariff.DEU.s2 } } } }
  for i, code in ipairs(PLACES) do
    given.places[code] = { wage = 1 + 4 * stream(), setup = { c1 = 30 * stream() },
      capacity = stream() < 0.3 and 60 + 200 * stream() or nil }
    given.trade.freight[code] = {}
    for j = 1, i - 1 do given.trade.freight[code][PLACES[j]] = 0.3 * stream() end
  end
  if is_free then -- nothing compounds
    given.trade = { interface = given.trade.interface }
    apart.trade = nil
  end
  local count, users = 4 + math.floor(3 * stream()), {}
  for i = 1, count do
    local name, one, other = "s" .. i, pick(PLACES), pick(PLACES)
    local share = one ~= other and 0.1 + 0.8 * stream()
    local shared = share and (i == 2 or stream() < 0.3)
    local s = { name, labour = 1 + 5 * stream(), materials = 3 * stream(), class = "c" .. i % 2,
      uses = {}, at = shared and { [one] = share, [other] = 1 - share }
        or one ~= other and { one, other } or one }
    given.stages[i] = s
    local parts = {}
    for _, code in ipairs(shared and { one, other } or { false }) do
      local part = { code and name .. code or name, labour = s.labour, materials = s.materials,
        class = s.class, duty_class = "d" .. i, at = code or s.at, uses = {},
        weight = code and s.at[code] or 1 }
      apart.stages[#apart.stages + 1], parts[#parts + 1] = part, part
    end
    for j = math.max(1, i - 2), i - 1 do
      if j == i - 1 or stream() < 0.4 then
        local quantity = 0.5 + stream()
        s.uses["s" .. j] = quantity
        for _, part in ipairs(parts) do
          for _, from in ipairs(users[j]) do part.uses[from[1]] = quantity * from.weight end
        end
      end
    end
    users[i] = parts
  end
  for _, part in ipairs(users[count]) do part.demand = part.weight end
  for _, part in ipairs(apart.stages) do part.weight = nil end
  return given, apart
end

--- The least over all choices, each settled and costed alone; nil where none is within the rules.
local function enumerate(chain, given)
  local best
  local function go(i, stages)
    local s = given.stages[i]
    if not s then
      local cost = chain:with{ stages = stages }:locate().cost
      if cost and (not best or cost < best) then best = cost end
      return
    end
    for _, at in ipairs(type(s.at) == "table" and s.at[1] and s.at or { false }) do
      stages[s[1]] = at and { at = at } or nil
      go(i + 1, stages)
    end
  end
  go(1, {})
  return best
end

describe("random chains with stages in shares", function()
  it("come to what enumeration, CBC and a stage for each place come to", function()
    local numbers, solved = random{ seed = 7 }, 0
    local function stream() return numbers:uniform() end
    for k = 1, 60 do
      local given, apart = draw(stream, k > 40)
      local chain = cm.chain(given)
      local plan = chain:locate()
      local best = enumerate(chain, given)
      local other = program.of(inside(plan)):solve{}:figures()
      assert.equal(best and "optimal" or "infeasible", plan.status)
      assert.equal(plan.status, other.status)
      if k > 40 then -- in local-polytope form too, which costs that compound do not have
        other = inside(plan).problem.core:solve{ method = "program" }:figures()
        assert.equal(plan.status, other.status)
      end
      if best then
        solved = solved + 1
        assert.near(best, plan.cost, 1e-6 * best)
        assert.near(best, other.objective, 1e-6 * best)
        assert.near(best, plan:decompose():sum "value", 1e-6 * best)
        if not given.trade.interface then
          assert.near(best, cm.chain(apart):locate().cost, 1e-6 * best)
        end
      end
    end
    assert.is_true(solved > 30)
  end)
end)
