--- m:attach{}: published accounts as satellites. The fixtures are small tables with invented
--- numbers (tests/fixtures/read); WIOD's own figures where they are at hand.

local cm = require "capmod"

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local fixtures = here .. "../fixtures/read/"
local shared = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared") .. "/data/"

local function on(path, title, test)
  it(title, function()
    if not pcall(require("capmod.core").contents, shared .. path) then
      return pending("needs " .. path .. " (set CAPMOD_SHARED)")
    end
    test(shared .. path)
  end)
end

local function small() return cm.read(fixtures .. "wiot_small_2011.csv") end

local function refusal(t, m)
  m = m or small()
  local ok, e = pcall(m.attach, m, t)
  assert.is_false(ok)
  return e
end

--- A csv of accounts, gone after `use(path)`.
local function with_accounts(lines, use)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write("country,variable,industry,2010,2011\n", table.concat(lines, "\n"), "\n"):flush()
  local ok, failure = pcall(use, path)
  os.remove(path)
  if not ok then error(failure, 0) end
end

local LINES = {
  "AUS,GO,total industries,0,0", "AUS,GO,mining and quarrying,1,1000",
  'AUS,GO,"agriculture, hunting, forestry and fishing",1,701',
  'AUS,EMP,"agriculture, hunting, forestry and fishing",1,10', "AUS,EMP,C,2,20",
  "ROM,EMP,AtB,3,30", "ROM,EMP,C,4,40", "ROM,H_EMP,AtB,0,50", "ROM,H_EMP,C,0,60",
  "ROM,H_HS,AtB,0,0.5", "ROM,H_HS,C,0,0.25", "AUS,COMP,AtB,9,100", "AUS,COMP,C,9,200",
  "AUS,GO_P,AtB,1,1", "AUS,EMPE,AtB,1,7", "AUS,EMPE,C,1,",
}

describe("socio-economic accounts", function()
  it("become satellites, in the table's order and by its year", function()
    with_accounts(LINES, function(path)
      local m, report = small():attach{ path, rows = { "EMP" } }
      assert.same({ 10, 20, 30, 40, 0, 0 }, m.F:row_list(1))
      assert.equal("thousand persons", m.units.EMP)
      assert.equal("none: 0", report.given.ROW)
      assert.matches("EMP of wiod_sea 2011 attached; 0 for ROW", tostring(m), 1, true)
      assert.near(100, m:accounts{ satellite = "EMP" }:sum "production", 1e-9)
      local earlier = small():attach{ path, rows = { "EMP" }, year = 2010 }
      assert.same({ 1, 2, 3, 4, 0, 0 }, earlier.F:row_list(1))
      local both = m:attach{ path, rows = { "H_HS" } }
      assert.same({ "EMP", "H_HS" }, both.F:labels "row")
      assert.same({ 0, 0, 25, 15, 0, 0 }, both.F:row_list(2)) -- the share times H_EMP
      assert.equal(2, both.FY:rows())
      assert.same(m.Z:list(), both.Z:list())
      assert.same(small().output:list(), both.output:list())
    end)
  end)

  it("with money want a rate, given or implied", function()
    with_accounts(LINES, function(path)
      assert.equal("CM5114", refusal{ path, rows = { "COMP" } }.number)
      assert.equal("CM5114", refusal{ path, rows = { "COMP" }, exchange = { USA = 1 } }.number)
      local m = small():attach{ path, rows = { "COMP" }, exchange = { AUS = 0.5 } }
      assert.same({ 50, 100, 0, 0, 0, 0 }, m.F:row_list(1))
      assert.equal("USD mn", m.units.COMP)
      -- output of AUS is 1701 and 3261 in the table, 701 and 1000 in the accounts
      local implied, report = small():attach{ path, rows = { "COMP" }, exchange = "output" }
      assert.near((1701 + 3261) / 1701, report.rate.AUS, 1e-12)
      assert.near(200 * (1701 + 3261) / 1701, implied.F:get(1, 2), 1e-9)
      assert.equal("CM1004", refusal{ path, rows = { "COMP" }, exchange = "ppp" }.number)
    end)
  end)

  it("say what is not there", function()
    with_accounts(LINES, function(path)
      local e = refusal{ path, rows = { "GO_P" } }
      assert.equal("CM5113", e.number)
      assert.matches("price levels", e.fix, 1, true)
      e = refusal{ path, rows = { "EMPE" } }
      assert.equal("CM5115", e.number)
      assert.matches("EMPE of AUS.c2", e.message, 1, true)
      local m, report = small():attach{ path, rows = { "EMPE" }, missing = "zero" }
      assert.same({ 7, 0, 0, 0, 0, 0 }, m.F:row_list(1))
      assert.equal(1, report.blank.AUS)
      e = refusal{ path, rows = { "EMP" }, year = 2012 }
      assert.equal("CM5116", e.number)
      assert.matches("2010 to 2011", e.fix, 1, true)
      assert.equal("CM5112", refusal({ path, rows = { "EMP" } }, cm.data.world).number)
      assert.equal("CM5102", refusal{ path, as = "wiod_see" }.number)
      assert.equal("CM1001", refusal{ path, row = { "EMP" } }.number)
      local twice = small():attach{ path, rows = { "EMP" } }
      assert.equal("CM1306", refusal({ path, rows = { "EMP" } }, twice).number)
    end)
    with_accounts({ "AUS,EMP,forestry and so on,1,1" }, function(path)
      assert.matches("'forestry and so on' is no industry (row 2, column 3",
        refusal{ path, rows = { "EMP" } }.message, 1, true)
    end)
  end)

  on("converted/wiod_sea_july14_long.csv.gz", "have WIOD's own exchange rates", function(path)
    local m = cm.read(shared .. "converted/wiot2005_full.csv.gz")
    local jobs, report = m:attach{ path, rows = { "EMP", "COMP" }, exchange = "output",
      missing = "zero" }
    -- the euro was worth 1.2441 USD in 2005, and the yen 0.009073 (annual means, IMF)
    for _, country in ipairs{ "DEU", "FRA", "ITA", "ESP", "AUT" } do
      assert.near(1.2441, report.rate[country], 0.0015)
    end
    assert.near(1, report.rate.USA, 1e-5)
    assert.near(0.009073, report.rate.JPN, 2e-5)
    -- the accounts' "total industries" of the USA
    local made = jobs:accounts{ satellite = "EMP" }
    assert.near(148903.33, made.production.USA, 0.05)
    assert.near(made:sum "production", made:sum "consumption", 1)
  end)

  on("mrio/format_mocks/wiod_mock/WIOD_SEA_July14.xlsx", "are read from the workbook",
    function(path)
      local m = cm.read(shared .. "mrio/format_mocks/wiod_mock/wiot09_row_sep12.xlsx")
      local jobs = m:attach{ path, rows = { "EMP", "GO" }, exchange = { AUS = 2, BEL = 1, LUX = 1,
        ROU = 1, USA = 1 } }
      local l = require "capmod.core".peek(path .. "/DATA", 10) -- AUS, GO, AtB stands in row 3
      assert.near(2 * tonumber(l[3][6]), jobs.F:get(2, 1), 1e-6)
    end)
end)

describe("environmental accounts", function()
  it("are read from a folder of old workbooks, households in final demand", function()
    local m = small():attach{ fixtures .. "air" , rows = { "CO2", "CH4" } }
    assert.same({ 11, 12, 21, 22, 31, 32 }, m.F:row_list(1))
    assert.same({ 1100, 1200, 2100, 2200, 3100, 3200 }, m.F:row_list(2))
    assert.equal("kt", m.units.CO2)
    assert.equal("t", m.units.CH4)
    assert.equal(1000, m.FY{ from = "CO2", to = "AUS.HFCE" })
    assert.equal(0, m.FY{ from = "CO2", to = "AUS.GGFC" })
    local all = m:accounts{ satellite = "CO2" }
    assert.near(11 + 12 + 1000, all.production.AUS, 1e-9)
    assert.matches("2000 of it direct",
      tostring(m:footprint{ satellite = "CO2", destination = "ROU" }):gsub(",", ""), 1, true)
    local earlier = small():attach{ fixtures .. "air", year = 2010, rows = { "CO2" } }
    assert.equal(77, earlier.F:get(1, 1))
    local e = refusal{ fixtures .. "air", year = 2003, rows = { "CO2" } }
    assert.equal("CM5116", e.number)
    assert.matches("its sheets are 2010 2011", e.fix, 1, true)
    assert.matches("no column 'N2O'", refusal{ fixtures .. "air" }.message, 1, true)
  end)

  on("mrio/format_mocks/wiod_mock/AIR_may12", "are read in WIOD's own layout", function(path)
    local m = cm.read(shared .. "mrio/format_mocks/wiod_mock/wiot09_row_sep12.xlsx")
    local air = m:attach{ path, rows = { "CO2", "NH3" } }
    assert.near(6652.840865583831, air.F:get(1, 1), 1e-9) -- cells C2 and C13 of the first file
    assert.near(41143.2189857637, air.FY:get(1, 1), 1e-9)
    assert.near(4056770.4293264216, air.F{ from = "NH3", to = "ROW.c1" }, 1e-6)
  end)
end)
