local cm = require "capmod"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

local Z = [[           USA.C29 USA.M KOR.C29 KOR.M DEU.C29 DEU.M
            USA.C29      10      0      4      0      2      0
            USA.M        12      6      0      0      0      0
            KOR.C29      22      0     15      0      2      0
            KOR.M         0      0      5      2      0      0
            DEU.C29       4      0      6      0     12      0
            DEU.M         6      0      0      0      6      4  ]]
local Y = [[           USA   KOR   DEU
            USA.C29     70     6     8
            USA.M       22     0     0
            KOR.C29      7    12     2
            KOR.M        0     5     0
            DEU.C29      8     4    16
            DEU.M        0     0     4  ]]

--- The toy car world; `change` replaces or adds fields.
local function toy(change)
  local t = { name = "toy car world", year = 1998, unit = "USD bn",
    countries = { "USA", "KOR", "DEU" }, sectors = { "C29", "M" }, Z = Z, Y = Y }
  for key, value in pairs(change or {}) do t[key] = value end
  return cm.mrio(t)
end

--- Miller and Blair (2009), section 2.3, as two countries of one sector, with two categories, value
--- added in two rows (10 of country 1 open), jobs, and output published 5 too high.
local function blair()
  return cm.mrio{
    name = "blair", unit = "USD", countries = { "CHN", "USA" }, sectors = { "all" },
    categories = { "house", "stock" }, Z = { { 150, 500 }, { 200, 100 } },
    Y = { { 400, -50, 0, 0 }, { 0, 0, 1500, 200 } },
    P = { VA = { 600, 1300 }, tax = { 40, 100 } }, output = { 1000, 2005 },
    F = { jobs = { 50, 20 } }, units = { jobs = "persons" },
  }
end
local DET = 0.85 * 0.95 - 0.25 * 0.20 -- of I - A; L = (0.95 0.25; 0.20 0.85) / DET

setup(function() text.configure{ utf8 = true, columns = 100 } end)
teardown(function() text.configure{} end)

describe("a table", function()
  it("prints what it is", function()
    assert.equal([[
MRIO 'toy car world' 1998: 3 countries × 2 sectors, USD bn
  countries  USA KOR DEU
  sectors    C29 M
  blocks     Z Y x V · on demand: A L v E]], tostring(toy()))
    assert.matches("Z Y P F x V · on demand: A L v E S M", tostring(blair()), 1, true)
    assert.matches("final      house stock", tostring(blair()), 1, true)
    assert.same({ jobs = "persons" }, blair().units)
  end)

  it("prints in the width there is", function()
    text.configure{ utf8 = true, columns = 60 }
    local lines = tostring(require("capmod.data").world)
    text.configure{ utf8 = true, columns = 100 }
    for line in lines:gmatch "[^\n]+" do assert.is_true(utf8.len(line) <= 60, line) end
    assert.matches("… %(14%)", lines)
  end)

  it("has its matrices as properties, made on first use", function()
    local m = toy()
    assert.same({ 100, 40, 60, 12, 50, 20 }, m.x:column_list(1)) -- row sums by hand
    assert.same({ 46, 34, 30, 10, 28, 16 }, m.V:row_list(1))     -- less column sums
    assert.equal(0.22, m.A{ from = "KOR.C29", to = "USA.C29" })
    assert.equal(4 + 6, m.E{ from = "USA.C29", to = "KOR" })
    assert.equal(0, m.E{ from = "USA.C29", to = "USA" })
    assert.same({ "USA.C29", "USA.M", "KOR.C29", "KOR.M", "DEU.C29", "DEU.M" }, m.nodes)
    assert.is_nil(m.P)
    assert.is_nil(m.S)
    assert.equal(1998, m.year)
    assert.equal("ICIO2021", m.classification)
  end)

  it("knows L, the Ghosh inverse and satellite multipliers of the worked example", function()
    local m = blair()
    assert.near(0.25 / DET, m.L:get(1, 2), 1e-14)
    assert.near(0.50 / DET, m.G:get(1, 2), 1e-14) -- l12 x2 / x1
    assert.near(0.05, m.S:get(1, 1), 1e-16)
    assert.near((0.05 * 0.95 + 0.01 * 0.20) / DET, m.M:get(1, 1), 1e-14)
    assert.same({ "CHN.house", "CHN.stock", "USA.house", "USA.stock" }, m.columns)
    assert.equal(350, m.D:get(1, 1))
  end)

  it("has no other properties and cannot be changed", function()
    local number, message = refusal(function() return toy().LL end)
    assert.equal("CM1601", number)
    assert.matches("did you mean 'L'?", message, 1, true)
    number = refusal(function() toy().Z = 1 end)
    assert.equal("CM1601", number)
  end)

  it("does not hand out its own lists", function()
    local m = toy()
    m.countries[1] = "FRA"
    assert.equal("USA", m.countries[1])
  end)

  it("takes the categories from the labels of Y", function()
    local m = cm.mrio{ name = "a", countries = { "USA", "KOR" }, sectors = { "C29" },
      Z = { { 10, 4 }, { 22, 15 } },
      Y = [[        USA.H USA.G KOR.H KOR.G
            USA.C29  60    10     5     1
            KOR.C29   7     0    10     2 ]] }
    assert.same({ "H", "G" }, m.categories)
    assert.equal(6, m.D{ from = "USA.C29", to = "KOR" })
  end)
end)

describe("a table refuses", function()
  it("rows that are swapped", function()
    local swapped = Z:gsub("\n%s+USA.M ", "\n @"):gsub("\n%s+KOR.C29 ", "\n USA.M ")
      :gsub("\n @", "\n KOR.C29 ")
    local number, message = refusal(toy, { Z = swapped })
    assert.equal("CM1203", number)
    assert.matches("row 2 is 'KOR.C29', where the table has 'USA.M'", message, 1, true)
  end)

  it("blocks of another shape, naming both shapes", function()
    local number, message = refusal(toy, { Y = { { 1, 2 }, { 3, 4 } } })
    assert.equal("CM1302", number)
    assert.matches("is 2 x 2, but 6 x 3 is due", message, 1, true)
  end)

  it("what is no number, by its labels", function()
    local number, message = refusal(cm.mrio, { name = "a", countries = { "USA", "KOR" },
      sectors = { "C29" }, Z = { { 1, 0 / 0 }, { 3, 4 } }, Y = { { 1, 2 }, { 3, 4 } } })
    assert.equal("CM1304", number)
    assert.matches("row 'USA.C29', column 'KOR.C29'", message, 1, true)
  end)

  it("fields that it does not know", function()
    local number, message = refusal(toy, { yaer = 1998 })
    assert.equal("CM1001", number)
    assert.matches("did you mean 'year'?", message, 1, true)
  end)
end)

describe("check", function()
  it("prints the identities", function()
    assert.equal([[
checks of 'toy car world'
  check                                   result  detail
  value added is not negative             ok      min 10
  world value added = world final demand  ok      gap 0
  v·L = 1 for every product               ok      max |error| below 1e-12]],
      tostring(toy():check()))
  end)

  it("measures what does not balance", function()
    local f = blair():check()
    assert.equal("note", f.result["rows = published output"])
    assert.matches("gap to 5 at USA.all, mean 2.50", f.detail["rows = published output"], 1, true)
    assert.matches("gap to 10 at CHN.all", f.detail["columns = published primary inputs"], 1, true)
    assert.equal("1 below 0, least -50 at CHN.all, CHN.stock",
      f.detail["final demand is not negative"])
  end)

  it("shows on demand what needs no attention", function()
    assert.equal(3, #toy():check())
    assert.equal("ok", toy():check{ all = true }.result["every node has output"])
  end)
end)

describe("value added", function()
  it("in a product, by country", function()
    local f = toy():value_added{ product = "USA.C29", by = "country" }
    assert.near(0.66176589, f.share.USA, 1e-8) -- numpy.linalg.inv on the same table
    assert.near(0.19849483, f.share.KOR, 1e-8)
    assert.near(0.13973928, f.share.DEU, 1e-8)
    assert.equal([[
value added in one unit of final USA.C29, by country of origin
  country             value  share
  USA United States  0.6618  66.2%  ████████████████████████
  KOR Korea          0.1985  19.8%  ███████
  DEU Germany        0.1397  14.0%  █████]], tostring(f))
  end)

  it("in a product, worked by hand", function()
    local f = blair():value_added{ product = "CHN.all" }
    assert.near(0.65 * 0.95 / DET, f.value.CHN, 1e-14)
    assert.near(0.70 * 0.20 / DET, f.value.USA, 1e-14)
  end)

  it("in several products, each by itself", function()
    local f = toy():value_added{ product = { "USA.M", "Korea.C29" } }
    assert.same({ "product", "country" }, f:keys())
    assert.near(1, f.value["USA.M.USA"], 1e-14) -- it buys only of itself
    assert.near(1, f:where{ product = "KOR.C29" }:sum "value", 1e-12)
  end)

  it("in products of which one is not made", function()
    local m = cm.mrio{ name = "idle", countries = { "USA", "KOR" }, sectors = { "C29" },
      Z = { { 10, 0 }, { 0, 0 } }, Y = { { 70, 6 }, { 0, 0 } } }
    local f = m:value_added{ product = "*" }
    assert.near(1, f.value["USA.C29.USA"], 1e-14)
    assert.equal(0, f.value["KOR.C29.KOR"])
    assert.matches("KOR.C29  KOR Korea          0.0000       -", tostring(f), 1, true)
  end)

  it("in exports, to all and to one country", function()
    local m = toy()
    local f = m:value_added{ exporter = "USA" }
    assert.near(20, f:sum "value", 1e-12)
    assert.matches("adds up to gross exports: 20.00", tostring(f), 1, true)
    local product = m:value_added{ product = "USA.C29" } -- the US exports nothing else
    assert.near(20 * product.value.KOR, f.value.KOR, 1e-12)
    f = m:value_added{ exporter = "USA", importer = "Korea" }
    assert.near(10 * product.value.DEU, f.value.DEU, 1e-12)
    assert.matches("exports of USA to KOR", f.title, 1, true)
  end)

  it("in imports, by exporter", function()
    local f = toy():value_added{ importer = "USA", by = { "exporter", "country" } }
    assert.near(22 + 7, f:where{ exporter = "KOR" }:sum "value", 1e-12)
    assert.near(4 + 8 + 6, f:where{ exporter = "DEU" }:sum "value", 1e-12)
    assert.near(0, f:where{ exporter = "USA" }:sum "value", 1e-12)
  end)

  it("in final demand, of which every country's sum is its value added", function()
    local f = toy():value_added()
    assert.near(80, f.value.USA, 1e-11)
    assert.near(40, f.value.KOR, 1e-11)
    assert.near(44, f.value.DEU, 1e-11)
    f = toy():value_added{ destination = { "USA", "DEU" }, by = { "destination", "sector" } }
    assert.near(70 + 22 + 7 + 8, f:where{ destination = "USA" }:sum "value", 1e-11)
    f = toy():value_added{ destination = "USA", product = "KOR.C29" }
    assert.near(7, f:sum "value", 1e-12)
  end)

  it("in output, by sector of origin", function()
    local f = toy():value_added{ output = "DEU.C29", by = "sector" }
    assert.near(50, f:sum "value", 1e-12)
    assert.equal("C29", f[1].sector)
  end)

  it("from some origins only, the rest in a line", function()
    local m = toy()
    local whole = m:value_added{ exporter = "USA", by = { "country", "sector" } }
    local f = m:value_added{ exporter = "USA", origin = "KOR", by = { "country", "sector" } }
    assert.equal(2, #f)
    assert.near(whole.value["KOR.C29"], f.value["KOR.C29"], 1e-13)
    assert.near(whole.share["KOR.C29"], f.share["KOR.C29"], 1e-14)
    assert.matches("from other origins: 16.0", tostring(f), 1, true)
    assert.matches("adds up to gross exports: 20.00", tostring(f), 1, true)
  end)

  it("by a published row, with what it leaves", function()
    local f = blair():value_added{ product = "CHN.all", row = "VA" }
    assert.near(0.60 * 0.95 / DET, f.value.CHN, 1e-14)
    assert.near(0.65 * 0.20 / DET, f.value.USA, 1e-14)
    local left = 1 - (0.60 * 0.95 + 0.65 * 0.20) / DET
    assert.matches(("left to the other rows: %.4f"):format(left), tostring(f), 1, true)
    local number, message = refusal(function() blair():value_added{ row = "VAT" } end)
    assert.equal("CM1609", number)
    assert.matches("did you mean 'VA'?", message, 1, true)
  end)

  it("asked of a satellite, in its unit", function()
    local f = blair():value_added{ satellite = "jobs" }
    assert.equal("persons", f.unit)
    assert.near(50, f.value.CHN, 1e-12) -- all jobs stand behind final demand
    assert.near(1, f:sum "share", 1e-14)
    f = blair():value_added{ product = "CHN.all", satellite = "jobs" }
    assert.near(0.05 * 0.95 / DET, f.value.CHN, 1e-15)
  end)

  it("says so where nodes without output sell from their stocks", function()
    local m = cm.mrio{ name = "stocks", countries = { "USA", "KOR" }, sectors = { "C29" },
      Z = { { 0, 0 }, { 0, 10 } }, Y = { { -5, 5 }, { 0, 30 } } }
    local printed = tostring(m:value_added{ exporter = "USA" })
    assert.matches("does NOT add up: the origins sum to 0, gross exports to 5", printed, 1, true)
    assert.matches("5 of it is sold by nodes without output", printed, 1, true)
  end)

  it("names the members of groups, and those that are not there", function()
    local f = toy():value_added{ destination = "EU27" }
    assert.matches("EU27_2007: DEU (1; not in it: AUT, BEL,", tostring(f), 1, true)
  end)

  it("refuses what it cannot answer", function()
    assert.equal("CM1608", (refusal(function()
      toy():value_added{ exporter = "DEU", output = "USA" }
    end)))
    assert.equal("CM1004", (refusal(function()
      toy():value_added{ product = "USA.C29", by = "importer" }
    end)))
    assert.equal("CM1106", (refusal(function() toy():value_added{ product = "FRA.C29" } end)))
    assert.equal("CM1603", (refusal(function() toy():value_added{ destination = "USA - USA" } end)))
    assert.equal("CM1001", (refusal(function() toy():value_added{ prodct = "USA.C29" } end)))
  end)
end)

describe("shift", function()
  it("moves purchases and solves output again", function()
    local m = toy()
    local home = m:shift{ input = "C29", buyer = "USA.C29", from = "KOR", to = "USA", share = 0.5 }
    assert.near(0.74639625, home:value_added{ product = "USA.C29" }.share.USA, 1e-8) -- numpy
    local x = { 112.78856502, 41.80544447, 47.15474512, 10.71547451, 48.98291725, 20.80657996 }
    for i, output in ipairs(x) do assert.near(output, home.x:get(i, 1), 1e-7) end -- numpy
    assert.near(0.11, home.A{ from = "KOR.C29", to = "USA.C29" }, 1e-15)
    assert.near(0, (home.v - m.v):abs():max(), 1e-14)
    assert.equal(0, (home.Y - m.Y):abs():max())
    assert.equal(100, m.x:get(1, 1))
    assert.matches("0.5 of C29 bought by USA.C29 moved from KOR to USA", tostring(home), 1, true)
  end)

  it("refuses shares beyond all and several goals", function()
    local function shift(to, share)
      return refusal(function()
        toy():shift{ input = "C29", buyer = "USA", from = "KOR", to = to, share = share }
      end)
    end
    assert.equal("CM1605", (shift("USA", 1.5)))
    assert.equal("CM1605", (shift("USA", 0 / 0)))
    assert.equal("CM1603", (shift("USA + DEU", 0.5)))
  end)
end)

describe("with", function()
  it("solves output for another final demand (Miller and Blair 2009, section 2.3)", function()
    local m = blair():with{ name = "more", Y = cm.edit{
      ["CHN.all"] = { ["CHN.house"] = 650 }, ["USA.all"] = { ["USA.house"] = 1300 } } }
    assert.near(1247.5, m.x:get(1, 1), 0.1)
    assert.near(1841.6, m.x:get(2, 1), 0.1)
    assert.equal("more", m.name)
    assert.near(0.6 * m.x:get(1, 1), m.P:get(1, 1), 1e-10)
    assert.near(0.05 * m.x:get(1, 1), m.F:get(1, 1), 1e-10)
    assert.is_nil(m.output)
  end)

  it("reads changed purchases at the present output", function()
    local m = blair():with{ Z = cm.edit{ ["USA.all"] = { ["CHN.all"] = 100 } } }
    assert.near(0.10, m.A:get(2, 1), 1e-15)
    assert.near(0.75, m.v:get(1, 1), 1e-14) -- what the inputs leave
    local det = 0.85 * 0.95 - 0.25 * 0.10
    assert.near((0.95 * 350 + 0.25 * 1700) / det, m.x:get(1, 1), 1e-10)
  end)

  it("takes whole blocks, and a name alone", function()
    local m = toy()
    local doubled = m:with{ Y = m.Y * 2 }
    assert.near(200, doubled.x:get(1, 1), 1e-10)
    assert.equal("another", m:with{ name = "another" }.name)
    assert.equal(100, m:with{ name = "another" }.x:get(1, 1))
  end)

  it("refuses cells that are not one", function()
    local function with(t) return refusal(function() blair():with(t) end) end
    assert.equal("CM1603", (with{ Y = cm.edit{ ["CHN.all"] = { CHN = 1 } } }))
    assert.equal("CM1603", (with{ Y = cm.edit{ ["*.all"] = { ["CHN.house"] = 1 } } }))
    assert.equal("CM1003", (refusal(cm.edit, { ["CHN.all"] = 5 })))
  end)
end)

describe("aggregate", function()
  it("sums countries and sectors, and keeps what nobody takes", function()
    local m = toy():aggregate{ countries = { EU = "EU27" }, sectors = { all = "*" } }
    assert.same({ "USA", "KOR", "EU" }, m.countries)
    assert.same({ 140, 72, 70 }, m.x:column_list(1))
    assert.equal(22, m.Z{ from = "KOR.all", to = "USA.all" })
    assert.matches("EU27_2007: DEU", tostring(m), 1, true)
  end)

  it("puts groups in the order of a list, the rest where it stands", function()
    local m = toy():aggregate{ countries = { { "ROW", "*" }, "KOR" } }
    assert.same({ "ROW", "KOR" }, m.countries)
    assert.equal(22 + 2, m.Z{ from = "KOR.C29", to = "ROW.C29" })
  end)

  it("goes from a classification to another", function()
    local m = toy():aggregate{ sectors = "ISIC-sections" }
    assert.same({ "C", "M" }, m.sectors)
    assert.equal("ISIC4", m.classification)
  end)

  it("keeps value added, final demand, rows and jobs", function()
    local m = blair():aggregate{ countries = { all = "*" } }
    assert.equal(2050, m.V:sum())
    assert.same({ 150 + 200 + 500 + 100 }, m.Z:row_list(1))
    assert.equal(1900, m.P:get(1, 1))
    assert.equal(70, m.F:get(1, 1))
    assert.equal(0, m.E:sum())
  end)
end)

describe("every entry of CM16xx", function()
  for number, entry in cm.each(require "capmod.errors.cm16") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), (refusal(assert(load(entry.example)))))
    end)
  end
end)

describe("answers of too many rows", function()
  it("are refused before anything large is made", function()
    local names = {}
    for i = 1, 101 do names[i] = "s" .. i end
    local countries = { "USA", "KOR", "JPN", "DEU", "CHN", "FRA", "ITA", "ESP", "IND", "BRA" }
    local n = #names * #countries
    local m = cm.mrio{ name = "wide", countries = countries, sectors = names,
      Z = cm.matrix{ rows = n, cols = n }, Y = cm.matrix{ rows = n, cols = 10, fill = 1 } }
    for _, ask in ipairs{
      function() m:value_added{ product = "*", by = { "product", "country", "sector" } } end,
      function() m:indicators{ "EXGR_BSCI", by = { "country", "sector", "partner", "source" } } end,
    } do
      local ok, e = pcall(ask)
      assert.is_false(ok)
      assert.equal("CM1650", e.number)
      assert.matches("1020100 rows", e.message, 1, true)
    end
    assert.equal(100, #m:value_added{ by = { "destination", "country" } }) -- 10 x 10: not refused
  end)
end)
