--- Growth of a table by its own capital. The toy's balanced rate is a reference figure (computed by
--- another program); the rest follows from the equations, which the tests state anew.
local cm = require "capmod"
local core = require "capmod.core"
local refusal = dofile "tests/support/refusal.lua"

local A = core.matrix_from{ { .2, .3, .1 }, { .15, .1, .25 }, { .1, .2, .15 } }
local B = core.matrix_from{ { .6, .2, .1 }, { .9, 1.1, .5 }, { .1, .2, .3 } }
local LIGHT = B / 20
local EYE = core.identity(3)

--- A table of the coefficients above whose final demand is y.
local function toy(y)
  local x = (EYE - A):solve(core.matrix_from{ y }:T())
  return cm.mrio{ name = "toy", year = 2000, unit = "USD bn", countries = { "X" },
    sectors = { "a", "b", "c" }, Z = A:mul(x:diag()), Y = core.matrix_from{ y }:T() }
end

--- Fails where two matrices differ by more than `tolerance` of the larger.
local function near(wanted, got, tolerance)
  local size = math.max(1e-300, (wanted:abs():max()))
  local far = (wanted - got):abs():max() / size
  assert.is_true(far <= (tolerance or 1e-12), ("differ by %g"):format(far))
end

--- Column `name` of a path in one year, as 3 x 1.
local function at(path, year, name)
  local list = {}
  for row in path:where{ year = year }:rows() do list[#list + 1] = { row[name] } end
  return core.matrix_from(list)
end

describe("balanced growth", function()
  local g = toy{ 1, 1, 1 }:grow{ capital = B }

  it("has the rate and the mix of the reference", function()
    assert.is_true(math.abs(g.rate - 0.3362971049839654) <= 1e-12)
    near(core.matrix_from{ { 0.32716849, 0.45289199, 0.21993952 } },
      core.matrix_from{ g.mix:column "share" }, 1e-7)
    local x = core.matrix_from{ g.mix:column "share" }:T()
    near(x, A:mul(x) + B:mul(x) * g.rate)
    assert.matches("^balanced growth of 'toy', 33.63%% a year", tostring(g))
  end)

  it("counts only goods that are capital, in whatever order", function()
    local some = core.matrix_from{ { 0, 0, 0 }, { .9, 1.1, .5 }, { 0, 0, 0 } }
    local one = toy{ 1, 2, 1 }:grow{ capital = some }
    local x = core.matrix_from{ one.mix:column "share" }:T()
    near(x, A:mul(x) + some:mul(x) * one.rate)
    local turned = some:label{ rows = { "X.a", "X.b", "X.c" }, cols = { "X.a", "X.b", "X.c" } }
    local other = toy{ 1, 2, 1 }:grow{
      capital = turned:take("row", { 3, 1, 2 }):take("col", { 2, 3, 1 }) }
    assert.is_true(math.abs(one.rate - other.rate) < 1e-14)
  end)

  it("is without bounds where nothing is capital", function()
    local free = toy{ 1, 1, 1 }:grow{ capital = core.matrix(3, 3) }
    assert.equal(math.huge, free.rate)
    assert.equal("growth of 'toy': no capital goods", tostring(free))
    assert.equal("CM1660", (refusal(function() return free.mix end)))
  end)

  it("refuses what is no capital", function()
    local m = toy{ 1, 1, 1 }
    assert.equal("CM1302", (refusal(m.grow, m, { capital = { { 1, 2 }, { 3, 4 } } })))
    assert.equal("CM1660", (refusal(m.grow, m, { capital = B * -1 })))
    assert.equal("CM1304", (refusal(m.grow, m, { capital = B / 0 })))
    assert.equal("CM1002", (refusal(m.grow, m, {})))
    assert.equal("CM1601", (refusal(function() return g.rates end)))
    assert.equal("CM1601", (refusal(function() g.rate = 1 end)))
  end)
end)

describe("a path with foresight", function()
  local m = toy{ 1, 2, 1.5 }
  local g = m:grow{ capital = B }

  --- What is left of x = A x + B (x' - x) + y in each year but the last.
  local function residuals(path, first, last)
    for year = first, last - 1 do
      local x, x1 = at(path, year, "output"), at(path, year + 1, "output")
      near(x, A:mul(x) + B:mul(x1 - x) + at(path, year, "demand"))
      near(B:mul(x1 - x), at(path, year, "investment"), 1e-10)
    end
  end

  it("meets demand and builds for the next year", function()
    local rates = { 0.02, 0.05, -0.03, 0.1, 0, 0.04 }
    local path = g:path{ growth = rates }
    assert.same({ "year", "node", "output", "demand", "investment" }, path:columns())
    assert.equal(18, #path)
    residuals(path, 2001, 2006)
    local y = core.matrix_from{ { 1 }, { 2 }, { 1.5 } }
    near(y * (1.02 * 1.05), at(path, 2002, "demand"))
    -- behind the last year nothing grows
    near((EYE - A):solve(at(path, 2006, "demand")), at(path, 2006, "output"))
  end)

  it("is the balanced one where demand grows evenly for ever", function()
    local path = g:path{ years = 12, growth = 0.04 }
    local steady = (EYE - A - B * 0.04):solve(at(path, 2001, "demand"))
    for k = 0, 11 do near(steady * 1.04 ^ k, at(path, 2001 + k, "output"), 1e-11) end
  end)

  it("is stable backward and not forward", function()
    local ys = { { 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9 } }
    ys[2], ys[3] = ys[1], ys[1]
    local base = g:path{ demand = ys, after = 0 }
    local pushed = g:path{ demand = ys, after = 0.05 }
    local late = (at(base, 2010, "output") - at(pushed, 2010, "output")):norm()
    local early = (at(base, 2001, "output") - at(pushed, 2001, "output")):norm()
    -- nine years back, each divides by about 1 + the balanced rate
    assert.is_true(late > 0.1 and early < late / 10, ("%g %g"):format(late, early))
    -- forward: x' = x + B^-1 (x - A x - y), from a first year that is off by 1e-9
    local x, off = at(base, 2001, "output"), core.matrix_from{ { 1e-9 }, { 0 }, { 0 } }
    local y = x + off
    for year = 2001, 2009 do
      local d = at(base, year, "demand")
      x = x + B:solve(x - A:mul(x) - d)
      y = y + B:solve(y - A:mul(y) - d)
    end
    assert.is_true((y - x):norm() > 1e-9 * 1e4)
  end)

  it("says where capital is taken back, and refuses growth that no table could follow", function()
    local path = g:path{ years = 3, growth = { 0, -0.2, 0 } }
    assert.matches("output falls somewhere in 1 year:", path:spec().note[1])
    assert.same({}, g:path{ years = 3, growth = 0.02 }:spec().note)
    local number, message = refusal(g.path, g, { years = 3, growth = 0.34 })
    assert.equal("CM1661", number)
    assert.matches("34.00%% a year for ever is not below the balanced rate, 33.63%%", message)
    assert.equal("CM1661", (refusal(g.path, g, { years = 3, after = -1 })))
    local one = g:path{ years = 1, growth = 0.3, after = 0 }
    near((EYE - A):solve(at(one, 2001, "demand")), at(one, 2001, "output"))
  end)

  it("refuses demand that does not fit", function()
    for words, t in pairs{ years = {}, none = { years = 0 }, both = { demand = B, growth = 0.1 },
        few = { demand = B, years = 4 }, minus = { years = 2, growth = -1 },
        short = { years = 3, growth = { 0.1, 0.2 } } } do
      local number = refusal(g.path, g, t)
      assert.is_true(number == "CM1662" or words == "short" and number == "CM1002", number)
    end
    assert.equal("CM1302", (refusal(g.path, g, { demand = { { 1, 2 } } })))
    local named = core.matrix_from{ { 3 }, { 1 }, { 2 } }:label{ rows = { "X.c", "X.a", "X.b" } }
    near(core.matrix_from{ { 1 }, { 2 }, { 3 } }, at(g:path{ demand = named }, 2001, "demand"))
  end)
end)

describe("capacity with lags", function()
  local m = toy{ 1, 2, 1.5 }
  local y0 = core.matrix_from{ { 1 }, { 2 }, { 1.5 } }

  it("without lags and limits is the static Leontief system", function()
    local g = m:grow{ capital = core.matrix(3, 3) }
    local path = g:capacity{ growth = { 0.1, -0.2, 0.3, 0.05 }, lag = 0, constrained = false }
    for year = 2001, 2004 do
      near((EYE - A):solve(at(path, year, "demand")), at(path, year, "output"))
      near(core.matrix(3, 1), at(path, year, "unmet"), 1e-300)
    end
    -- and with capital, of all final use: demand and the goods that building takes
    path = m:grow{ capital = LIGHT }:capacity{ growth = { 0.1, -0.2, 0.3, 0.05 }, lag = 0,
      depreciation = 0.1, constrained = false }
    for year = 2001, 2004 do
      assert.is_true(year > 2002 or at(path, year, "investment"):min() > 0)
      near((EYE - A):solve(at(path, year, "demand") + at(path, year, "investment")),
        at(path, year, "output"))
    end
    path = m:grow{ capital = LIGHT }:capacity{ years = 5, lag = 0 }
    near((EYE - A):solve(y0), at(path, 2005, "output"))
  end)

  it("is never exceeded, and what is made is used", function()
    local state = cm.random{ seed = 4 }
    for trial = 1, 30 do
      local rates = {}
      for k = 1, 12 do rates[k] = state:uniform(-0.15, 0.3) end
      local path = m:grow{ capital = B * state:uniform(0.01, 0.6) }:capacity{ growth = rates,
        lag = { ["X.a"] = state:integer(0, 3), ["X.b"] = state:integer(0, 3), ["X.c"] = 1 },
        depreciation = state:uniform(0, 0.15), utilisation = state:uniform(0.7, 1),
        limit = trial % 2 == 0 and 0.1 or nil }
      for year = 2001, 2012 do
        local x, c = at(path, year, "output"), at(path, year, "capacity")
        local met = at(path, year, "demand") - at(path, year, "unmet")
        assert.is_true((x - c):max() <= 0)
        assert.is_true(x:min() >= 0 and at(path, year, "unmet"):min() >= 0 and met:min() >= 0)
        near(x, A:mul(x) + met + at(path, year, "investment"), 1e-9)
      end
    end
  end)

  it("reaches a target that stays, when what is ordered is built, and keeps it", function()
    local target = core.matrix_from{ { 9 }, { 8 }, { 7 } }
    for _, lag in ipairs{ 0, 1, 3 } do
      local path = m:grow{ capital = LIGHT }:capacity{ years = 8, lag = lag, target = target,
        depreciation = 0.1 }
      for k = 1, 8 do
        local miss = (at(path, 2000 + k, "capacity") - target):abs():max()
        assert.equal(k > lag, miss < 1e-12, ("lag %d, year %d: %g"):format(lag, k, miss))
      end
    end
    -- from above it wears down to the target
    local low = m:grow{ capital = LIGHT }:capacity{ years = 60, target = target / 9,
      depreciation = 0.1 }
    near(target / 9, at(low, 2060, "capacity"))
  end)

  it("settles where demand stays: replacement is a use like others", function()
    for _, lag in ipairs{ 1, 2, 4 } do
      local path = m:grow{ capital = LIGHT }:capacity{ years = 400, lag = lag, depreciation = 0.08 }
      local steady = (EYE - A - LIGHT * 0.08):solve(y0)
      near(steady, at(path, 2400, "output"), 1e-8)
      near(steady, at(path, 2400, "capacity"), 1e-8)
    end
  end)

  it("keeps up with steady growth", function()
    local path = m:grow{ capital = LIGHT }:capacity{ years = 80, growth = 0.03, lag = 2 }
    near(core.matrix(3, 1) + 1, at(path, 2080, "use"), 1e-6)
    -- c grows by 3 %, so orders are 3/103 of the capacity that they lead to, built in 2 halves
    local per = 0.03 / 1.03 * (1.03 + 1.03 ^ 2) / 2
    near((EYE - A - LIGHT * per):solve(at(path, 2080, "demand")), at(path, 2080, "output"), 1e-5)
  end)

  it("keeps scarce products from final demand first", function()
    local path = m:grow{ capital = core.matrix(3, 3) }:capacity{ growth = { 0.5 }, lag = 1,
      utilisation = { ["X.b"] = 0.4 } }
    -- X.b has room; X.a and X.c stay at their capacity, and what X.b delivers grows in full
    local unmet = at(path, 2001, "unmet"):column_list(1)
    assert.equal(0, unmet[2])
    assert.is_true(unmet[1] > 0 and unmet[3] > 0)
    near(core.matrix_from{ { 1 }, { 1 } }, at(path, 2001, "use"):take("row", { 1, 3 }))
  end)

  it("cuts all final use alike where final demand for what is scarce does not suffice", function()
    -- final demand for X.a is nearly nothing, but everything needs it
    local tight = toy{ 0.01, 2, 2 }
    local path = tight:grow{ capital = LIGHT }:capacity{ demand = { { 0.01 }, { 4 }, { 4 } },
      years = 1, utilisation = { ["X.b"] = 0.3, ["X.c"] = 0.3 } }
    local unmet, demand = at(path, 2001, "unmet"), at(path, 2001, "demand")
    local parts = (unmet * demand:recip()):column_list(1)
    assert.is_true(parts[1] > 0.4 and parts[1] < 0.6)
    assert.is_true(math.abs(parts[1] - parts[2]) < 1e-12 and math.abs(parts[1] - parts[3]) < 1e-12)
    assert.matches("in 1 year all final use is cut in one proportion", path:spec().note[2])
  end)

  it("refuses what cannot be", function()
    local g = m:grow{ capital = LIGHT }
    for _, t in ipairs{ { years = 2, lag = -1 }, { years = 2, lag = { ["X.a"] = 1.5 } },
        { years = 2, depreciation = 1.5 }, { years = 2, utilisation = 0 },
        { years = 2, limit = { ["X.a"] = -2 } } } do
      assert.equal("CM1662", (refusal(g.capacity, g, t)))
    end
    assert.equal("CM1001", (refusal(g.capacity, g, { years = 2, lags = 1 })))
  end)
end)
