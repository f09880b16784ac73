local cm = require "capmod"
local errors = require "capmod.errors"

--- The error that a function raises, which has to be one of capmod's.
local function refused(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  return e
end

local function chain(stages, more)
  local t = { name = "thing", stages = stages }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

local function numbers(e)
  local list = {}
  for i, finding in ipairs(e.findings or { e }) do list[i] = finding.number end
  return table.concat(list, " ")
end

describe("a chain", function()
  describe("counts its stages through the graph", function()
    it("by quantities in uses", function()
      -- A car has 4 tyres and 2 axles; an axle has 8 bolts, a tyre 5, the car 10 more:
      -- 4*5 + 2*8 + 10 = 46 bolts, worth 0.5 each.
      local car = chain{
        { "bolt", at = "CHN", adds = 0.5 },
        { "tyre", at = "THA", adds = 20, uses = { bolt = 5 } },
        { "axle", at = "DEU", adds = 100, uses = { bolt = 8 } },
        { "car", at = "USA", adds = 1000, uses = { tyre = 4, axle = 2, bolt = 10 } },
      }
      local f = car:decompose{ by = "stage" }
      assert.near(23, f.value.bolt, 1e-12)
      assert.near(80, f.value.tyre, 1e-12)
      assert.near(200, f.value.axle, 1e-12)
      assert.near(1303, f:sum "value", 1e-9)
      assert.near(46, car:stages().times.bolt, 1e-12)
    end)

    it("once where a name stands alone or nobody uses it", function()
      local f = chain{
        { "design", at = "DEU", adds = 3 },
        { "leaflet", at = "GBR", adds = 1 },
        { "assembly", at = "KOR", adds = 6, uses = "design" },
      }:decompose{ by = "stage" }
      assert.near(3, f.value.design, 0)
      assert.near(1, f.value.leaflet, 0)
    end)

    it("whatever their order", function()
      local f = chain{
        { "car", at = "USA", adds = 1, uses = { axle = 2 } },
        { "axle", at = "DEU", adds = 1, uses = { bolt = 8 } },
        { "bolt", at = "CHN", adds = 1 },
      }:decompose{ by = "stage" }
      assert.near(16, f.value.bolt, 0)
    end)
  end)

  describe("decomposes its value", function()
    -- The shoes of the interface's page: four stages, all in China, then finished in Ethiopia
    -- by the Chinese firm.
    local function shoes(at)
      return cm.chain{ name = "shoes", price = 20, unit = "USD per pair", stages = {
        { "design", at = "CHN", by = "CHN", adds = { wages = 1.5, profit = 1.0 } },
        { "leather", at = "CHN", by = "CHN", adds = { wages = 4.0, profit = 1.5, tax = 0.5 } },
        { "soles", at = "CHN", by = "CHN", adds = { wages = 2.5, profit = 1.0, tax = 0.5 } },
        { "finishing", at = at, by = "CHN", adds = { wages = 5.0, profit = 2.0, tax = 0.5 },
          uses = { "design", "leather", "soles" } },
      } }
    end

    it("by country: where the work is done", function()
      local f = shoes "ETH":decompose{ by = "country" }
      assert.near(7.5, f.value.ETH, 1e-12)
      assert.near(12.5, f.value.CHN, 1e-12)
    end)

    it("by owner: wages and tax stay, profit follows the operator", function()
      local f = shoes "ETH":decompose{ by = "owner" }
      assert.near(5.5, f.value.ETH, 1e-12)
      assert.near(14.5, f.value.CHN, 1e-12)
    end)

    it("by component", function()
      local f = shoes "CHN":decompose{ by = "component" }
      assert.near(13, f.value.wages, 1e-12)
      assert.near(5.5, f.value.profit, 1e-12)
      assert.near(1.5, f.value.tax, 1e-12)
    end)

    it("by several at once, the largest first", function()
      local f = shoes "ETH":decompose{ by = { "country", "stage" } }
      assert.near(7.5, f.value["ETH.finishing"], 1e-12)
      assert.same({ "finishing", "leather", "soles", "design" },
        { f[1].stage, f[2].stage, f[3].stage, f[4].stage })
    end)

    it("by sector, naming what has none", function()
      local f = chain{
        { "parts", at = "JPN", adds = 3, sector = "C29" }, { "design", at = "DEU", adds = 1 },
      }:decompose{ by = "sector" }
      assert.near(3, f.value.C29, 0)
      assert.near(1, f.value["(no sector)"], 0)
    end)

    it("by shares of places, of operators and of both", function()
      local f = chain{
        { "parts", at = { SGP = 0.25, TWN = 0.75 }, by = { JPN = 0.5, USA = 0.5 },
          adds = { wages = 4, profit = 8 } },
      }
      assert.near(9, f:decompose{}.value.TWN, 1e-12)
      local owner = f:decompose{ by = "owner" }
      assert.near(1, owner.value.SGP, 1e-12)
      assert.near(4, owner.value.JPN, 1e-12)
      assert.near(4, owner.value.USA, 1e-12)
    end)

    it("says that a plain number counts as wages of the place", function()
      local c = chain{ { "assembly", at = "KEN", by = "CHN", adds = 5 } }
      local f = c:decompose{ by = "owner" }
      assert.near(5, f.value.KEN, 0)
      assert.matches("plain number counts as wages of the place: assembly", tostring(f), 1, true)
      assert.not_matches("plain number", tostring(c:decompose{ by = "country" }), 1, true)
    end)

    it("says that a profit without an operator stays", function()
      local f = chain{ { "assembly", at = "KEN", adds = { profit = 5 } } }:decompose{ by = "owner" }
      assert.matches("nobody is named who runs it", tostring(f), 1, true)
    end)

    it("keeps what is bought in apart", function()
      local f = chain({
        { "parts", at = "KOR", adds = 5, buys = { ["KOR.C24"] = 2, ["JPN.C24"] = 1 } },
        { "assembly", at = "USA", adds = 10, uses = { parts = 2 } },
      }, { price = 26 }):decompose{ by = "country" }
      assert.near(6, f.value["(bought in)"], 1e-12)
      assert.near(10, f.value.KOR, 1e-12)
    end)

    it("traces what is bought in by v L of a table", function()
      -- A stage that buys a column of A and adds its v is a sector: v L = v + (v L) A.
      local world, product, buys = cm.data.world, "USA.D34t35", {}
      local A, v, j = world.A, world.v, nil
      for i, label in ipairs(world.nodes) do j = label == product and i or j end
      for i, label in ipairs(world.nodes) do buys[label] = A:get(i, j) end
      local sector = chain({ { "all", at = "USA", sector = "D34t35", adds = v:get(1, j),
        buys = buys } }, { price = 1 })
      for _, by in ipairs{ "country", "sector" } do
        local expected = world:value_added{ product = product, by = by }
        local f = sector:decompose{ by = by, through = world }
        assert.equal(#expected, #f)
        for row in expected:rows() do assert.near(row.value, f.value[row[by]], 1e-12) end
      end
      assert.equal("CM1003", refused(sector.decompose, sector, { through = "world" }).number)
    end)

    it("traces materials as the column of their place and sector buys", function()
      -- The same sector, its inputs as one figure: 1 - v of materials beside v.
      local world, product = cm.data.world, "USA.D34t35"
      local v
      for j, label in ipairs(world.nodes) do v = label == product and world.v:get(1, j) or v end
      local sector = chain{ { "all", at = "USA", sector = "D34t35", adds = v, materials = 1 - v } }
      for _, by in ipairs{ "country", "sector" } do
        local expected = world:value_added{ product = product, by = by }
        local f = sector:decompose{ by = by, through = world }
        for row in expected:rows() do assert.near(row.value, f.value[row[by]], 1e-12) end
        assert.near(1, f:sum "value", 1e-12)
      end
      -- c13 is the Long-run WIOD's D29; what the table has no column for stays apart, named
      local c = chain{ { "mill", at = "CHN", sector = "c13", adds = 1, materials = 2 },
        { "works", at = "KEN", sector = "c18", adds = 1, materials = 4, uses = "mill" } }
      local f = c:decompose{ by = "country", through = world }
      assert.near(4, f.value["(bought in)"], 1e-12)
      assert.near(8, f:sum "value", 1e-12)
      assert.matches("but for what these buy, of whose place and sector it has no column: works",
        tostring(f), 1, true)
      assert.near(6, c:decompose().value["(bought in)"], 1e-12)
    end)

    it("prints the sum under the numbers", function()
      local text = tostring(cm.data.us_car:decompose())
      assert.matches("adds up: 100.00 = price 100.00", text, 1, true)
      assert.matches("sum 5.00; no price is stated",
        tostring(chain{ { "a", at = "USA", adds = 5 } }:decompose()), 1, true)
    end)

    it("refuses a view that it does not have", function()
      local e = refused(function() cm.data.us_car:decompose{ by = "contry" } end)
      assert.equal("CM1004", e.number)
      assert.matches("did you mean 'country'", e.fix, 1, true)
      e = refused(function() cm.data.us_car:decompose{ by = { "stage", "stage" } } end)
      assert.equal("CM1004", e.number)
    end)
  end)

  describe("takes value added", function()
    it("by place, where the places are shares", function()
      local f = chain{ { "parts", at = { SGP = 0.5, TWN = 0.5 }, adds = { SGP = 4, TWN = 6 } } }
      assert.near(2, f:decompose().value.SGP, 0)
      assert.near(3, f:decompose().value.TWN, 0)
    end)

    it("by operator, also once the operator is chosen", function()
      local plant = chain{ { "works", at = "KEN", by = { "CHN", "KEN" },
        adds = { CHN = 190, KEN = 210 } } }
      assert.near(190, plant:with{ stages = { works = { by = "CHN" } } }:decompose().value.KEN, 0)
      assert.near(210, plant:with{ stages = { works = { by = "KEN" } } }:decompose().value.KEN, 0)
    end)

    it("by a function of both", function()
      local plant = chain{ { "works", at = { "KEN", "UGA" }, by = { "CHN", "FRA" },
        adds = function(at, by) return (at == "KEN" and 10 or 20) + (by == "CHN" and 1 or 2) end } }
      local f = plant:with{ stages = { works = { at = "UGA", by = "CHN" } } }:decompose()
      assert.near(21, f.value.UGA, 0)
    end)

    it("by components at each place", function()
      local c = chain{ { "works", at = { "CHN", "ETH" }, by = "CHN",
        adds = { CHN = { wages = 5, profit = 2 }, ETH = { wages = 1, profit = 4 } } } }
      local f = c:with{ stages = { works = { at = "ETH" } } }:decompose{ by = "owner" }
      assert.near(1, f.value.ETH, 0)
      assert.near(4, f.value.CHN, 0)
    end)
  end)

  describe("adds up or says so", function()
    local function car(adds, more)
      local t = { name = "US car", price = 100, stages = { { "all", at = "KOR", adds = adds } } }
      for key, value in pairs(more or {}) do t[key] = value end
      return cm.chain(t)
    end

    it("refuses less than the price, with the figures and the fix", function()
      local e = refused(car, 97)
      assert.equal("CM2101", e.number)
      assert.equal("'US car': the stages add 97 but the price is 100; 3 is not allocated",
        e.message)
      assert.equal('add the missing stage, or say who gets the remainder: rest = "ROW"', e.fix)
      assert.near(3, e.value, 1e-12)
    end)

    it("refuses more than the price, with or without a rest", function()
      assert.equal("CM2102", refused(car, 103).number)
      assert.equal("CM2102", refused(car, 103, { rest = "ROW" }).number)
    end)

    it("gives the remainder to the rest", function()
      local f = car(97, { rest = "ROW" }):decompose()
      assert.near(3, f.value.ROW, 1e-12)
      assert.near(1, f:sum "share", 1e-12)
    end)

    it("forgives what decimals do", function()
      assert.near(1, chain({ { "a", at = "USA", adds = 0.1 }, { "b", at = "USA", adds = 0.2 } },
        { price = 0.3 }):decompose().share.USA, 1e-12)
    end)

    it("waits where an open stage leaves the sum unknown", function()
      local open = chain({ { "a", at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 } } },
        { price = 20 })
      assert.near(1, open:with{ stages = { a = { at = "CHN" } } }:decompose().share.CHN, 0)
      local e = refused(function() open:with{ stages = { a = { at = "BRA" } } } end)
      assert.equal("CM2102", e.number)
    end)

    it("needs a price for a rest", function()
      local e = refused(chain, { { "a", at = "USA", adds = 1 } }, { rest = "ROW" })
      assert.equal("CM1002", e.number)
    end)
  end)

  describe("does not change", function()
    it("by assignment", function()
      local e = refused(function() cm.data.us_car.price = 90 end)
      assert.equal("CM2010", e.number)
    end)

    it("when the author's table does", function()
      local stages = { { "a", at = "USA", adds = 1 } }
      local c = chain(stages)
      stages[1].at = "KOR"
      assert.near(1, c:with{ name = "copy" }:decompose().share.USA, 0)
    end)

    it("by :with, which replaces, adds and takes away", function()
      local a = chain({ { "a", at = "USA", adds = 4 }, { "b", at = "KOR", adds = 6, uses = "a" } },
        { price = 10 })
      local b = a:with{ name = "other", price = 9, stages = {
        { "c", at = "JPN", adds = 1 }, a = { adds = 2, at = "TWN" } } }
      assert.equal("thing", a.name)
      assert.equal("other", b.name)
      assert.equal(9, b.price)
      assert.near(0.4, a:decompose().share.USA, 1e-12)
      assert.near(2 / 9, b:decompose().share.TWN, 1e-12)
      assert.near(1 / 9, b:decompose().share.JPN, 1e-12)
      local c = b:with{ price = false, stages = { c = false } }
      assert.is_nil(c.price)
      assert.near(8, c:decompose():sum "value", 1e-12)
    end)

    it("by :with of a stage that it does not have", function()
      local e = refused(function() cm.data.us_car:with{ stages = { asembly = { at = "USA" } } } end)
      assert.equal("CM2002", e.number)
      assert.matches("did you mean 'assembly'", e.fix, 1, true)
    end)
  end)

  describe("refuses", function()
    it("a field that a stage does not have", function()
      local e = refused(chain, { { "assembly", at = "KOR", add = 30, adds = 1 } })
      assert.equal("CM1001", e.number)
      assert.equal("stage 'assembly' has no field 'add'", e.message)
      assert.equal("did you mean 'adds'?", e.fix)
    end)

    it("a field that a chain does not have", function()
      local e = refused(chain, { { "a", at = "USA", adds = 1 } }, { prize = 3 })
      assert.equal("CM1001", e.number)
    end)

    it("a circle, which it names", function()
      local e = refused(chain, {
        { "d", at = "USA", adds = 1, uses = "a" }, { "a", at = "USA", adds = 1, uses = "b" },
        { "b", at = "USA", adds = 1, uses = "c" }, { "c", at = "USA", adds = 1, uses = "a" } })
      assert.equal("CM2003", e.number)
      assert.matches("a -> b -> c -> a", e.message, 1, true)
      assert.not_matches("d -> a", e.message, 1, true)
    end)

    it("a stage that uses itself", function()
      local e = refused(chain, { { "a", at = "USA", adds = 1, uses = "a" } })
      assert.matches("circle: a -> a", e.message, 1, true)
    end)

    it("all that is wrong, in one pass", function()
      local e = refused(chain, {
        { "a", at = { SGP = 0.5, TWN = 0.4 }, adds = 1, uses = "bb" },
        { "b", at = "USA", adds = 1, uses = { a = -1 } },
        { "b", at = "USA" },
      })
      assert.equal("CM2004 CM2005 CM1002 CM2001 CM2002", numbers(e))
    end)

    it("all that is wrong with one stage", function()
      local e = refused(chain, { { "assembly", at = "Koera", add = 30 } })
      assert.equal("CM1001 CM1101", numbers(e))
      assert.equal("CM1002 CM1002", numbers(refused(chain, { { "assembly" } })))
      assert.equal("CM1002", numbers(refused(chain, { { at = "KOR", adds = 1 } })))
      assert.equal("CM1002", numbers(refused(chain, {})))
      assert.equal("CM1003", numbers(refused(chain, { { "assembly", at = 7, adds = 1 } })))
    end)

    it("an unknown country, by its own number", function()
      local e = refused(chain, { { "a", at = "Koera", adds = 1 } })
      assert.equal("CM1101", e.number)
      assert.matches("stage 'a': at", e.message, 1, true)
    end)

    it("an unknown component", function()
      local e = refused(chain, { { "a", at = "USA", adds = { wage = 1 } } })
      assert.equal("CM2007", e.number)
      assert.matches("did you mean 'wages'", e.fix, 1, true)
    end)

    it("a place without a figure", function()
      local e = refused(chain, { { "a", at = { "CHN", "ETH" }, adds = { CHN = 1 } } })
      assert.equal("CM2008", e.number)
      assert.equal("CM2008", refused(chain, { { "a", at = "KOR", adds = { CHN = 1 } } }).number)
      assert.equal("CM1002", refused(chain, { { "a", at = "KOR", adds = {} } }).number)
    end)

    it("a place named twice", function()
      assert.equal("CM2004", refused(chain,
        { { "a", at = { "KOR", "South Korea" }, adds = 1 } }).number)
    end)

    it("what is not a quantity", function()
      for _, bad in ipairs{ -1, 0 / 0, math.huge, "2" } do
        assert.equal("CM2005", refused(chain, { { "b", at = "USA", adds = 1 },
          { "a", at = "USA", adds = 1, uses = { b = bad } } }).number)
      end
      assert.equal("CM2005", refused(chain, { { "a", at = "USA", adds = 0 / 0 } }).number)
      assert.equal("CM2005", refused(chain, { { "a", at = "USA", adds = 1 } },
        { price = math.huge }).number)
    end)

    it("a purchase from nowhere", function()
      for label, number in pairs{ steel = "CM2011", ["KRO.C24"] = "CM1101" } do
        local e = refused(chain, { { "a", at = "USA", adds = 1, buys = { [label] = 1 } } })
        assert.equal(number, e.number)
      end
    end)

    it("stages parted that may not be", function()
      local e = refused(chain, {
        { "body", at = "CHN", adds = 1 }, { "frame", at = "BRA", adds = 1 },
      }, { colocate = { "body", "frame" } })
      assert.equal("CM2009", e.number)
      e = refused(chain, { { "body", at = "CHN", adds = 1 } }, { colocate = { "body", "fram" } })
      assert.equal("CM2002", e.number)
    end)

    it("what stands beside stages that may not be parted, but for why", function()
      local two = { { "body", at = "CHN", adds = 1 }, { "frame", at = "CHN", adds = 1 } }
      local e = refused(chain, two, { colocate = { "body", "frame", wy = "too big" } })
      assert.equal("CM1001", e.number)
      assert.equal("did you mean 'why'?", e.fix)
      e = refused(chain, two, { colocate = { { "body", "frame" }, why = "too big" } })
      assert.equal("CM1001", e.number)
      assert.matches("in each group", e.fix)
    end)

    it("shares that are per cent, and figures that are tables", function()
      local e = refused(chain, { { "a", at = "CHN", by = { CHN = 60, ETH = 40 }, adds = 1 } })
      assert.matches("sum to 100, not 1", e.message)
      assert.matches("^fractions: ", e.fix)
      e = refused(chain, { { "a", at = "CHN", labour = 1 } },
        { places = { CHN = { wage = { all = {} } } } })
      assert.matches("wage.all is a table, not a number", e.message, 1, true)
    end)
  end)

  it("holds open stages, and says which when it is asked", function()
    local bus = cm.chain{ name = "electric bus", unit = "USD 1000", market = "BRA",
      colocate = { "body", "assembly" }, stages = {
        { "cells", at = "CHN", adds = 60 },
        { "pack", at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = "cells" },
        { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } },
        { "assembly", at = "BRA", adds = 33, uses = { "pack", "body" } } } }
    local e = refused(bus.decompose, bus, {})
    assert.equal("CM2006 CM2006", numbers(e))
    assert.equal("'electric bus': the stage 'pack' is not settled: at is one of CHN, BRA",
      e.findings[1].message)
    assert.matches("CHN or BRA", tostring(bus), 1, true)
    local settled = bus:with{ stages = { pack = { at = "BRA" }, body = { at = "BRA" } } }
    assert.near(145, settled:decompose().value.BRA, 1e-12)
  end)

  it("meets whatever stands in a field with an error of its own", function()
    local junk = { 7, "x", true, { 7 }, { { "x" } }, { KOR = "x" }, { x = {} }, 0 / 0,
      function() return "bad" end, { wages = "x" }, { CHN = {} }, { KOR = 1, wages = 2 } }
    local function try(of_stage, of_chain, field, value)
      local s = { "a", at = "KOR", adds = 1 }
      local t = { name = "n", price = 1, stages = { s } }
      if of_stage then s[field] = value end
      if of_chain then t[field] = value end
      local ok, e = pcall(function() return tostring(cm.chain(t):decompose()) end)
      assert.is_true(ok or errors.is(e), field .. ": " .. tostring(e))
    end
    for _, value in ipairs(junk) do
      for _, field in ipairs{ "at", "by", "adds", "uses", "buys", "sector", "capacity" } do
        try(true, false, field, value)
      end
      for _, field in ipairs{ "name", "price", "market", "rest", "colocate", "stages" } do
        try(false, true, field, value)
      end
    end
  end)

  it("has no field that it has not", function()
    local e = refused(function() return cm.data.us_car.prize end)
    assert.equal("CM1001", e.number)
    assert.matches("did you mean 'price'", e.fix, 1, true)
  end)

  it("lets a pseudo-place stand as it is", function()
    local f = cm.data.ipad:decompose()
    assert.near(229, f.value["(worldwide)"], 1e-12)
    assert.matches("(worldwide)", tostring(f), 1, true)
  end)

  it("prints its stages", function()
    local text = tostring(cm.data.us_car)
    assert.matches("chain 'US car': 7 stages, price 100  [per 100 of price]", text, 1, true)
    assert.matches("assembly     KOR               30.00  components, minor parts", text, 1, true)
  end)
end)

describe("what a chain refuses", function()
  local function stages(...)
    local list = { ... }
    return function() return cm.chain{ name = "c", stages = list } end
  end
  local part = { "part", at = "CHN", adds = 1 }
  local slips = {
    ["a quantity below 0"] = stages(part, { "car", at = "CHN", adds = 1, uses = { part = -1 } }),
    ["a quantity in words"] = stages(part, { "car", at = "CHN", adds = 1, uses = { part = "4" } }),
    ["no place"] = stages{ "part", at = {}, adds = 1 },
    ["a share below 0"] = stages{ "part", at = { CHN = 1.5, ETH = -0.5 }, adds = 1 },
    ["an infinite figure"] = stages{ "part", at = "CHN", adds = math.huge },
    ["a table in a component"] = stages{ "part", at = "CHN", adds = { wages = { wages = 1 } } },
    ["a time below 0"] = stages{ "part", at = "CHN", adds = 1, lead_time = -1 },
    ["places that are parted"] = function()
      return cm.chain{ name = "c", colocate = { "part", "car" },
        stages = { part, { "car", at = "ETH", adds = 1 } } }
    end,
    ["a rest of no price"] = function()
      return cm.chain{ name = "c", rest = "ROW", stages = { part } }
    end,
    ["a price that is no number"] = function()
      return cm.chain{ name = "c", price = 0 / 0, stages = { part } }
    end,
    ["a choice that is none"] = function() stages(part)():locate{ method = "guess" } end,
    ["a missing argument"] = function() stages(part)():upstream() end,
    ["a dimension twice"] = function() stages(part)():decompose{ by = { "stage", "stage" } } end,
    ["a figure in words"] = function() stages(part)():with{ ["adds.part"] = "2" } end,
  }
  for name, slip in cm.each(slips) do
    it(("says how to go on: %s"):format(name), function()
      local ok, err = pcall(slip)
      assert.is_false(ok)
      assert.matches("\n  fix:   %S", tostring(err))
    end)
  end
end)
