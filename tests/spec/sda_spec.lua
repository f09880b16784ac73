local cm = require "capmod"

-- One country, one sector: x = y / (1 - a). a: .5 -> .6, so L: 2 -> 2.5; y: 10 -> 20;
-- jobs per unit of output: 3 -> 2, so jobs: 60 -> 100.
local function one(year, z, y, jobs)
  return cm.mrio{ name = "one", year = year, unit = "USD mn", countries = { "USA" },
    sectors = { "C29" }, Z = { { z } }, Y = { { y } }, F = { EMP = { jobs } },
    units = { EMP = "persons" } }
end
local function before() return one(1995, 10, 10, 60) end
local function after() return one(2011, 30, 20, 100) end

local function two(scale)
  return cm.mrio{ name = "two", countries = { "USA", "KOR" }, sectors = { "C29", "M" },
    Z = { { 10, 5, 4, 1 }, { 12, 6, 1, 2 }, { 22 * scale, 2, 15, 3 }, { 1, 4, 5, 2 } },
    Y = { { 70, 6 * scale }, { 22, 3 }, { 7 * scale, 12 }, { 2, 5 } } }
end

describe("a structural decomposition", function()
  it("has the figures worked by hand", function()
    local f = cm.sda{ from = before(), to = after(), satellite = "EMP",
      factors = { "v", "L", "Y" } }
    assert.near((-1 * 2 * 10 - 1 * 2.5 * 20) / 2, f.effect.v, 1e-12)
    assert.near((2 * .5 * 10 + 3 * .5 * 20) / 2, f.effect.L, 1e-12)
    assert.near((2 * 2.5 * 10 + 3 * 2 * 10) / 2, f.effect.Y, 1e-12)
    local l = cm.sda{ from = before(), to = after(), satellite = "EMP",
      factors = { "v", "L", "Y" }, method = "lmdi" }
    local mean = (100 - 60) / math.log(100 / 60)
    assert.near(mean * math.log(2 / 3), l.effect.v, 1e-12)
    assert.near(mean * math.log(2), l.effect.Y, 1e-12)
  end)

  it("sums to the change, by every method and split", function()
    local a, b = two(1), two(3)
    for _, method in ipairs{ "polar", "all", "lmdi" } do
      local f = cm.sda{ from = a, to = b, method = method, by = "country" }
      for i, c in ipairs(a.countries) do
        local gdp = {}
        for k, m in ipairs{ a, b } do
          gdp[k] = m.V:get(1, 2 * i - 1) + m.V:get(1, 2 * i)
        end
        local sum = f.v[c] + f.level[c] + f.mix[c] + f.final_sourcing[c] +
          (method == "lmdi" and f.L[c] or method ~= "lmdi" and f.technology[c] + f.sourcing[c])
        assert.near(gdp[2] - gdp[1], f.change[c], 1e-10)
        assert.near(gdp[2] - gdp[1], sum, 1e-10)
      end
    end
  end)

  it("gives a change of final demand alone to final demand alone", function()
    local m = two(1)
    local more = m:with{ Y = cm.edit{ ["USA.C29"] = { USA = 90 } } }
    local f = cm.sda{ from = m, to = more, indicator = "output", by = "country" }
    for _, c in ipairs(m.countries) do
      assert.near(0, f.technology[c], 1e-10)
      assert.near(0, f.sourcing[c], 1e-10)
    end
    -- the level alone: everything that the USA demands, more by the same share
    local scaled = m:with{ Y = m.Y * cm.matrix{ data = { { 1.5, 1 } } } }
    local g = cm.sda{ from = m, to = scaled, indicator = "output", method = "all" }
    assert.near(0, g.effect.mix, 1e-10)
    assert.near(0, g.effect.final_sourcing, 1e-10)
    assert.near(scaled.x:sum() - m.x:sum(), g.effect.level, 1e-9)
  end)

  it("says that it adds up, and whose prices they are", function()
    local printed = tostring(cm.sda{ from = before(), to = after() })
    assert.matches("change of value added from 1995 to 2011", printed)
    assert.matches("up: v %+ technology %+ sourcing %+ level %+ mix %+ final_sourcing =", printed)
    assert.matches("deflation is the author's", printed)
  end)

  it("refuses factors that make no product, and tables that differ", function()
    local m = two(1)
    for _, factors in ipairs{ { "v", "L" }, { "L", "Y" }, { "v", "L", "technology", "Y" },
      { "v", "technology", "Y" }, { "v", "L", "level" } } do
      assert.error_matches(function() cm.sda{ from = m, to = m, factors = factors } end, "CM1621")
    end
    assert.error_matches(function()
      cm.sda{ from = m, to = m, method = "lmdi", factors = { "v", "technology", "sourcing", "Y" } }
    end, "CM1621")
    assert.error_matches(function() cm.sda{ from = m, to = before() } end, "CM1622")
  end)
end)
