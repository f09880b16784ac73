--- m:indicators{} against exvatools 0.9 (two files, 1e-9 relative; see reference_spec.lua), against
--- each other on random tables, and by hand.

local cm = require "capmod"
local indicators = require "capmod.mrio.indicators"
local tiva = require "capmod.mrio.tiva"
local random = dofile "tests/support/random_table.lua"

local reference = dofile "tests/support/reference.lua"
local refused = dofile "tests/support/refusal.lua"

local function refusal(...) return select(3, refused(...)) end

local LEVELS = {}
for name in cm.each(tiva.levels) do LEVELS[#LEVELS + 1] = name end

--- The names that exvatools has, and what they are here.
local NAMES = { VA = "VALU", DC = "EXGR_DVA", VAX = "FFD_DVA", DDC = "EXGR_RIM", FC = "EXGR_FVA",
  GVCB = "DEXFVAP", GVCF = "FEXDVAP" }
local SUMS = {
  DVA = function(row) return row.EXGR_DDC + row.EXGR_IDC end,
  REF = function(row) return row.EXGR_DDC + row.EXGR_IDC - row.FFD_DVA end,
  GVC = function(row) return row.DEXFVAP + row.FEXDVAP end,
}

describe("exvatools", function()
  for _, name in ipairs{ "exvatools_oecd_tiva_all", "exvatools_oecd_standard_all" } do
    it(name .. " agrees", function()
      local content, matrix = reference.content(name), reference.matrix
      if not content then return pending("needs " .. reference.folder .. name .. ".csv") end
      local m = cm.mrio{ name = "small", Z = matrix "input_Z", Y = matrix "input_Y",
        countries = { "AAA", "AAB", "AAC", "AAD", "AAE" },
        sectors = { "S01", "S02", "S03", "S04" } }
      local asked = table.move(LEVELS, 1, #LEVELS, 1, {})
      asked.by = { "country", "sector", "partner" }
      local found, seen = {}, 0
      for row in m:indicators(asked):rows() do
        found[("%s_%s %s"):format(row.country, row.sector, row.partner)] = row
        assert.is_nil(row.PROD) -- has no partner
      end
      asked.by = { "country", "sector" }
      for row in m:indicators(asked):rows() do
        found[("%s_%s VA"):format(row.country, row.sector)] = row
        found[("%s_%s X"):format(row.country, row.sector)] = row
      end
      for term, row, importer, value in content:gmatch
        "\nall,oecd,%w+,,([%w_]+),([%w_]+),(%w+),([^\n]+)" do
        local here_row = assert(found[row .. " " .. importer], row .. importer)
        local mine = SUMS[term] and SUMS[term](here_row) or here_row[NAMES[term] or term]
        local scale = math.max(math.abs(tonumber(value)), 1e-3 * math.abs(here_row.EXGR))
        assert.near(tonumber(value), mine, 1e-9 * scale, term)
        seen = seen + 1
      end
      assert.equal(name:find "tiva" and 2340 or 1000, seen)
    end)
  end
end)

describe("the indicators of a random table", function()
  for _, shape in ipairs{ { 4, 5 }, { 6, 1 }, { 2, 3 }, { 1, 3 }, { 1, 1 } } do
    local g, n = shape[1], shape[2]
    it(("of %d x %d keep their identities"):format(g, n), function()
      local m = random.table(g, n, 13 * g + n)
      local asked = table.move(LEVELS, 1, #LEVELS, 1, {})
      asked.by = { "country", "sector" }
      local f = m:indicators(asked)
      assert.equal(g * n, #f)
      local checks = table.concat(f:spec().check, "\n")
      assert.is_nil(checks:find "NOT")
      assert.equal(8, select(2, checks:gsub("adds up", "")))
      local size = m.x:max()
      for _, pair in ipairs{ { "EXGR", "IMGR" }, { "FFD_DVA", "DFD_FVA" },
        { "DEXFVAP", "FEXDVAP" } } do -- the world sells what it buys
        assert.near(f:sum(pair[1]), f:sum(pair[2]), 1e-9 * size)
      end
      assert.near(0, f:sum "BALGR", 1e-9 * size)
      assert.near(0, f:sum "BALVAFD", 1e-9 * size)
      local by_country = m:indicators{ "BALGR", "BALVAFD", "EXGR_RIM", "IMGR_DVA", "REII",
        "EXGR_FVA", "VALU" }
      for c, country in ipairs(m.countries) do
        assert.near(by_country.BALGR[country], by_country.BALVAFD[country], 1e-9 * size * n)
        -- A_pc B_cc E_c = foreign value added + what comes back: u A_m,c B_cc = vF + u M_c
        local own = m.L:block((c - 1) * n + 1, c * n, (c - 1) * n + 1, c * n)
        local sold = m.E:sum{ by = "row" }:block((c - 1) * n + 1, c * n, 1, 1)
        local made = own:label{ rows = false, cols = false }
          :mul(sold:label{ rows = false, cols = false })
        local bought = 0
        for p = 1, g do
          if p ~= c then
            local a = m.A:block((p - 1) * n + 1, p * n, (c - 1) * n + 1, c * n)
            bought = bought + a:label{ rows = false, cols = false }:mul(made):sum()
          end
        end
        assert.near(bought, by_country.REII[country], 1e-9 * size)
      end
    end)
  end

  it("have shares that are ratios of their levels, and partners that add up", function()
    local m = random.table(4, 3, 99)
    local f = m:indicators{ "EXGR_DVASH", "exgr_dva", "EXGR", "EXGR_TDVAIND", "EXGR_FVASH",
      "EXGR_TFVAIND", by = { "country", "sector" } }
    local sums = {}
    for row in f:rows() do
      if row.EXGR ~= 0 then
        assert.near(row.EXGR_DVA / row.EXGR, row.EXGR_DVASH, 1e-12)
        assert.near(1, row.EXGR_DVASH + row.EXGR_FVASH, 1e-12)
        sums[row.country] = (sums[row.country] or 0) + row.EXGR_TDVAIND + row.EXGR_TFVAIND
      else
        assert.is_nil(row.EXGR_DVASH)
      end
    end
    for _, sum in cm.each(sums) do assert.near(1, sum, 1e-12) end
    for _, name in ipairs{ "EXGRpSH", "IMGRpSH", "EXGR_DVApSH", "FFD_DVApSH", "DFD_FVApSH",
      "EXGR_INTDVApSH", "EXGR_FNLDVApSH" } do
      local shares = m:indicators{ name, countries = "X02" }
      assert.same({ "country", "partner" }, shares:keys())
      assert.near(1, shares:sum(name), 1e-12)
    end
    local total = m:indicators{ "DEXFVApSH", "EXGR_FVASH", countries = "X02" }
    assert.near(total.EXGR_FVASH.X02, total.DEXFVApSH.X02, 1e-12)
    local ends = m:indicators{ "VALU_FFDDVA", "PROD_VASH", "FFD_DVA", countries = "X02",
      by = "partner" }
    local made = m:indicators{ "VALU", countries = "X02" }.VALU.X02
    assert.near(ends.FFD_DVA.X03 / made, ends.VALU_FFDDVA.X03, 1e-12)
    assert.is_nil(ends.PROD_VASH.X03)
    assert.near(total.DEXFVApSH.X02,
      m:indicators{ "DEXFVApSH", countries = "X02" }:sum "DEXFVApSH", 1e-12)
  end)

  it("have origins that add up to the flow", function()
    local m = random.table(4, 3, 5)
    local levels = m:indicators{ "EXGR", "EXGR_FVA", "EXGR_DDC", "IMGR", "DXD_DVA", "FD_VA",
      "DFD_FVA", by = { "country", "sector" } }
    local exports = m:indicators{ "EXGR_BSCI", by = { "country", "sector", "partner", "source" } }
    for row in levels:rows() do
      local from = exports:where{ country = row.country, sector = row.sector }
      assert.near(row.EXGR, from:sum "EXGR_BSCI", 1e-9 * m.x:max())
      local foreign = 0
      for o in from:rows() do
        foreign = foreign + (o.partner ~= row.country and o.EXGR_BSCI or 0)
      end
      assert.near(row.EXGR_FVA, foreign, 1e-9 * m.x:max())
    end
    local final = m:indicators{ "FDVA_BSCI" }
    local sums = m:indicators{ "DXD_DVA", "DFD_FVA", "IMGR" }
    local imports = m:indicators{ "IMGR_BSCI", by = { "country", "partner" } }
    for _, country in ipairs(m.countries) do
      assert.near(sums.DXD_DVA[country] + sums.DFD_FVA[country],
        final:where{ country = country }:sum "FDVA_BSCI", 1e-9 * m.x:max())
      assert.near(sums.IMGR[country], imports:where{ country = country }:sum "IMGR_BSCI",
        1e-9 * m.x:max())
    end
    -- v_o B_oj y_j written out, products of the second sector bought by X03
    local one = m:indicators{ "FDVA_BSCI", countries = "X03", sectors = "s03", partners = "X01",
      by = "source" }
    local y = 0
    for c = 1, 4 do y = y + m.v:get(1, 3) * m.L:get(3, 3 * c) * m.D:get(3 * c, 3) end
    assert.near(y, one.FDVA_BSCI.s03, 1e-9 * m.x:max())
  end)
end)

describe("two countries by hand", function()
  -- One sector. A = [.1 .2; .3 .4] of outputs 100, 50: v = (.6, .4), B = [.6 .2; .3 .9] / .48.
  local m = cm.mrio{ name = "two", countries = { "USA", "KOR" }, sectors = { "C" },
    Z = { { 10, 10 }, { 30, 20 } }, Y = { { 60, 20 }, { -10, 10 } } }

  it("has v B by country in exports and imports", function()
    local f = m:indicators{ "EXGR", "EXGR_DVA", "EXGR_FVA", "EXGR_DDC", "EXGR_RIM", "IMGR_DVA" }
    assert.near(30, f.EXGR.USA, 1e-12)
    assert.near(30 * 0.6 * 0.6 / 0.48, f.EXGR_DVA.USA, 1e-12)
    assert.near(30 * 0.4 * 0.3 / 0.48, f.EXGR_FVA.USA, 1e-12)
    assert.near(30 * 0.6 / 0.9, f.EXGR_DDC.USA, 1e-12)
    assert.near(30 * 0.6 * (0.6 / 0.48 - 1 / 0.9), f.EXGR_RIM.USA, 1e-12)
    assert.near(20 * 0.6 * 0.2 / 0.48, f.IMGR_DVA.USA, 1e-12) -- US value in what Korea sold it
  end)

  it("takes a group as one row, a string as many", function()
    assert.same({ "USA", "KOR" }, m:indicators{ "EXGR", countries = "*" }:column "country")
    local three = random.table(3, 2, 4)
    local pair = three:indicators{ "EXGR", countries = { "X02 + X03", "X01" } }
    assert.near(three.E:block(3, 6, 1, 3):sum(), pair.EXGR["X02 + X03"], 1e-9)
    local world = m:indicators{ "EXGR", by = "sector" }
    assert.near(50, world.EXGR.C, 1e-12)
    assert.matches("of USA", m:indicators{ "EXGR", countries = "USA", by = "partner" }:spec().title)
  end)
end)

describe("an author's indicator", function()
  cm.define.indicator{ name = "TEST_ratio", about = "direct in all", share = true, replace = true,
    compute = function(q) return q "EXGR_DDC" / q "EXGR" end }
  cm.define.indicator{ name = "TEST_top", about = "of its country's", replace = true,
    compute = function(q) return q("EXGR", "country") + (q.sector == "s02" and 1 or 0) end }
  cm.define.indicator{ name = "TEST_wrong", about = "no number", replace = true,
    compute = function(q) return q.table.name end }

  it("is a function of each row", function()
    local m = random.table(3, 2, 8)
    local f = m:indicators{ "test_RATIO", "EXGR_DDC", "EXGR", "TEST_top",
      by = { "country", "sector" } }
    local total = m:indicators{ "EXGR" }
    for row in f:rows() do
      if row.EXGR ~= 0 then assert.near(row.EXGR_DDC / row.EXGR, row.TEST_ratio, 1e-15) end
      assert.near(total.EXGR[row.country] + (row.sector == "s02" and 1 or 0), row.TEST_top, 1e-9)
    end
    assert.equal("percent", f:spec("TEST_ratio").format)
  end)

  it("is held to numbers", function()
    local m = random.table(3, 2, 8)
    assert.equal("CM1653", refusal(m.indicators, m, { "TEST_wrong" }).number)
  end)
end)

describe("indicators", function()
  local m = random.table(3, 2, 1)
  it("say which there are", function()
    local e = refusal(m.indicators, m, { "EXGR_DVAHS" })
    assert.equal("CM1651", e.number)
    assert.matches("EXGR_DVASH", e.fix, 1, true)
    assert.equal("CM1652", refusal(m.indicators, m, { countries = "*" }).number)
    assert.equal("CM1652", refusal(m.indicators, m, { "EXGR", "EXGR_BSCI" }).number)
    assert.equal("CM1001", refusal(m.indicators, m, { "EXGR", country = "X01" }).number)
    assert.equal("CM1004", refusal(m.indicators, m, { "EXGR", by = "source" }).number)
  end)

  it("have each its formula in docs/indicators.md", function()
    local file <close> = assert(io.open "docs/indicators.md")
    local page, listed = file:read "a", {}
    for name in page:gmatch "\n| `([%w_]+)` |" do listed[name] = true end
    for _, name in ipairs(indicators.names()) do
      assert.is_true(name:find "^TEST" and true or listed[name], name)
      listed[name] = nil
    end
    assert.is_nil(next(listed))
  end)
end)
