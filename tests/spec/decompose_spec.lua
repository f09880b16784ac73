local cm = require "capmod"

-- One sector a country, so that every term is a product of scalars worked out here.
--   Z = [ 20 30 ; 10 40 ], Y = [ 40 10 ; 20 30 ], x = { 100, 100 }
-- A = [ .2 .3 ; .1 .4 ], det(I - A) = .48 - .03 = .45, so
-- B = [ .6 .3 ; .1 .8 ] / .45, L = { 1 / .8, 1 / .6 }, v = { .7, .3 }.
local function two()
  return cm.mrio{ name = "two", unit = "USD mn", countries = { "USA", "KOR" }, sectors = { "C29" },
    Z = { { 20, 30 }, { 10, 40 } }, Y = { { 40, 10 }, { 20, 30 } } }
end

-- Three countries, for what two cannot show; the figures are invented.
local function three()
  return cm.mrio{ name = "three", unit = "USD mn", countries = { "USA", "KOR", "JPN" },
    sectors = { "C29", "M" },
    Z = { { 10, 0, 4, 0, 2, 0 }, { 12, 6, 0, 0, 0, 0 }, { 22, 0, 15, 0, 2, 0 },
      { 0, 0, 5, 2, 0, 0 }, { 4, 0, 6, 0, 12, 0 }, { 6, 0, 0, 0, 6, 4 } },
    Y = { { 70, 6, 8 }, { 22, 0, 0 }, { 7, 12, 2 }, { 0, 5, 0 }, { 8, 4, 16 }, { 0, 0, 4 } } }
end

describe("a decomposition of exports", function()
  it("has the figures worked by hand", function()
    local f = two():decompose{ exporter = "USA" }
    local e, b11, b21 = 30 + 10, .6 / .45, .1 / .45
    assert.near(e, f.value["bm.GEXP"], 1e-12)
    assert.near(.7 * b11 * e, f.value["bm.DC"], 1e-12)
    assert.near(.7 / .8 * e, f.value["bm.DVA"], 1e-12)
    assert.near(.3 * b21 * e, f.value["bm.FC"], 1e-12)
    -- A_sj = 0 leaves B^{/s}_21 = (1 / .6) (.1) (1 / .8)
    assert.near(.3 * .1 / .6 / .8 * e, f.value["bm.FVA"], 1e-12)
    -- only Y_12 and A_12 L_22 Y_22 cross one border
    assert.near(.7 / .8 * (10 + .3 * 30 / .6), f.value["bm.DAVAX"], 1e-12)
    assert.matches("adds up: DVA %+ DDC %+ FVA %+ FDC = gross exports", tostring(f))
  end)

  it("adds up by every method", function()
    for _, method in ipairs{ "bm_src_terms", "bm_snk_terms", "wwz", "kww" } do
      local f = two():decompose{ exporter = "KOR", method = method }
      assert.near(10 + 20, f:sum "value", 1e-12)
    end
  end)

  it("gives the same by flow as together", function()
    local m = three()
    local flows = m:decompose{ exporter = "KOR", by = { "sector", "importer" }, method = "bm_snk" }
    local whole = m:decompose{ exporter = "KOR", method = "bm_snk" }
    assert.equal(4, #flows)
    assert.near(whole.value["bm.DVA"], flows:sum "bm.DVA", 1e-12)
    assert.near(whole.value["bm.VAXIM"], flows:sum "bm.VAXIM", 1e-12)
  end)

  it("takes several countries as one exporter, whose inner trade is no export", function()
    local m = three()
    local apart = m:decompose{ exporter = { "JPN", "KOR" } }
    local region = m:decompose{ exporter = "JPN + KOR" }
    local inner = m:decompose{ exporter = "JPN", importer = "KOR" }.value["bm.GEXP"]
      + m:decompose{ exporter = "KOR", importer = "JPN" }.value["bm.GEXP"]
    assert.near(apart:sum "bm.GEXP" - inner, region.value["bm.GEXP"], 1e-12)
    assert.equal(22 + 7 + 4 + 6 + 8, region.value["bm.GEXP"])
  end)

  it("refuses what it cannot answer", function()
    local m = two()
    local function number(t)
      local ok, e = pcall(m.decompose, m, t)
      return not ok and e.number
    end
    assert.equal("CM1004", number{ method = "borin" })
    assert.equal("CM1001", number{ exportr = "USA" })
    assert.equal("CM1103", number{ exporter = "Koera" })
    assert.equal("CM1606", number{ exporter = { "USA", "USA" } })
    assert.equal("CM1610", number{ exporter = "USA", importer = "USA" })
    assert.equal("CM1004", number{ by = "origin" })
  end)
end)
