local cm = require "capmod"
local layout = require "capmod.read.layout"
local read = require "capmod.read"
local refused = dofile "tests/support/refusal.lua"

local function refusal(...) return select(3, refused(...)) end

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local fixtures = here .. "../fixtures/read/"

local function contents(name)
  local file <close> = assert(io.open(fixtures .. name, "rb"))
  return file:read "a"
end

--- A copy of a fixture with one change, made by `change(text)`.
local function changed(name, change)
  local path = os.tmpname()
  local text = contents(name)
  local new = change(text)
  assert(new ~= text, "the change changes nothing")
  local file <close> = assert(io.open(path, "wb"))
  file:write(new)
  return path
end

local function replace(from, to)
  return function(text)
    local first, last = text:find(from, 1, true)
    return text:sub(1, first - 1) .. to .. text:sub(last + 1)
  end
end

--- Expects CM5103 at a place of a changed fixture.
local function wrong(name, edition, change, row, col, words)
  local path = changed(name, change)
  local e = refusal(read.parts, { path, as = edition })
  os.remove(path)
  assert.equal("CM5103", e.number, tostring(e))
  assert.equal(row, e.row, tostring(e))
  assert.equal(col, e.col, tostring(e))
  assert.matches(words, e.message, 1, true)
end

local function words(list) return table.concat(list, " ") end

--- The numbers of the fixtures: see their README.
local function check_blocks(parts, n, f, half)
  assert.same({ n, n }, { parts.Z:rows(), parts.Z:cols() })
  assert.same({ n, f }, { parts.Y:rows(), parts.Y:cols() })
  for i = 1, n do
    for j = 1, n do assert.equal(10 * i + j + half, parts.Z:get(i, j)) end
    for k = 1, f do assert.equal(100 * i + k, parts.Y:get(i, k)) end
  end
end

describe("WIOD 2013", function()
  local name = "wiot_small_2011.csv"

  it("is recognised and read", function()
    local parts, reader = read.parts(fixtures .. name)
    assert.equal("wiod2013", reader.name)
    assert.matches("read as wiod2013", parts.source, 1, true)
    assert.equal(2011, parts.year)
    assert.equal("USD mn", parts.unit)
    assert.equal("WIOD2013", parts.classification)
    assert.equal("AUS ROU ROW", words(parts.countries))
    assert.equal("c1 c2", words(parts.sectors))
    assert.equal("HFCE NPISH GGFC GFCF INVNT", words(parts.categories))
    check_blocks(parts, 6, 15, 0)
    assert.same({ 1701, 3261, 4821, 6381, 7941, 9501 }, parts.output:row_list(1))
    assert.equal("TLS VA ITM", words(parts.P:labels "row"))
    assert.same({ 1482, 3035, 4588, 6141, 7694, 9247 }, parts.P:row_list(2))
    assert.equal(15 * 7, parts.PY:row(1):sum())
    assert.equal(0, parts.PY:row(2):sum())
  end)

  it("takes a year and a name", function()
    local parts = read.parts{ fixtures .. name, year = 1995, name = "small" }
    assert.equal(1995, parts.year)
    assert.equal("small", parts.name)
    assert.equal("CM1001", refusal(read.parts, { fixtures .. name, yaer = 1995 }).number)
  end)

  it("names the place that is not as it should be", function()
    wrong(name, "wiod2013", replace("\nROM,c2,41", "\nROM,c3,41"), 6, 1,
      "'ROM c3' stands where 'ROM c2' is expected")
    wrong(name, "wiod2013", replace("ROM,c1,31", "AUS,c1,31"), 5, 1, "comes a second time")
    wrong(name, "wiod2013", replace("c1,c2,c37", "c1,c3,c37"), 2, 8,
      "'c3' stands where 'c2' is expected")
    wrong(name, "wiod2013", replace("c42,c62", "c41,c62"), 2, 23, "where 'RoW c42' is expected")
    wrong(name, "wiod2013", replace("22,23,24", "22,,24"), 4, 5, "a blank where a number")
    wrong(name, "wiod2013", replace("r69", "r70"), 13, 2, "there is no row r69")
    wrong(name, "wiod2013", function(text) return (text:gsub("RoW,c2[^\n]*\n", "", 1)) end, 7, 1,
      "the list ends within 'RoW'")
  end)

  it("leaves bad cells to the reader of numbers", function()
    local path = changed(name, replace("22,23,24", "22,n.a.,24"))
    local e = refusal(read.parts, path)
    os.remove(path)
    assert.equal("CM5003", e.number)
    assert.same({ 4, 5 }, { e.row, e.col })
  end)
end)

describe("the Long-run WIOD", function()
  local name = "lrwiod_small_2000.csv"

  it("is recognised and read", function()
    local parts, reader = read.parts(fixtures .. name)
    assert.equal("lrwiod", reader.name)
    assert.equal(2000, parts.year)
    assert.equal("LRWIOD", parts.classification)
    assert.matches("; CC BY 4.0", parts.source, 1, true)
    assert.equal("AUS NLD ROW", words(parts.countries)) -- the sheet says NDL
    assert.equal("AtB C", words(parts.sectors))
    assert.equal("HFCE GGFC GFCF INVNT", words(parts.categories))
    check_blocks(parts, 6, 12, 0)
    assert.equal("VA TLS DISC PURNR PURR ITM", words(parts.P:labels "row"))
    assert.same({ 0, 1, 2, 3, 4, 5 }, parts.P:row_list(6))
    assert.equal(-60, parts.PY:row(5):sum())
    assert.equal(1359, parts.output:get(1, 1))
  end)

  it("names the place that is not as it should be", function()
    wrong(name, "lrwiod", replace("\nNDL_C,", "\nNLD_C,"), 5, 1,
      "'NLD C' stands where 'NDL C' is expected")
    wrong(name, "lrwiod", replace("AUS_GFCF", "AUS_AtB"), 1, 14, "stands where")
    wrong(name, "lrwiod", replace("Total gross production", "Total"), 15, 1, "there is no row")
    wrong(name, "lrwiod", replace("Total intermediate consumption", "Sum"), 8, 1, "stands where")
  end)
end)

describe("the OECD ICIO", function()
  local name = "icio_small_2014.csv"

  it("is recognised and read, in whatever order its columns are", function()
    local parts, reader = read.parts(fixtures .. name)
    assert.equal("oecd_icio", reader.name)
    assert.equal(2014, parts.year)
    assert.equal("ICIO2021", parts.classification)
    assert.equal("AUS ROW USA", words(parts.countries))
    assert.equal("A01_02 C29", words(parts.sectors))
    assert.equal("HFCE GFCF", words(parts.categories))
    for i = 1, 6 do
      for j = 1, 6 do assert.equal(10 * i + j + 0.5, parts.Z:get(i, j)) end
      for c = 0, 2 do -- the file has GFCF before HFCE
        assert.equal(100 * i + 2 * c + 2, parts.Y:get(i, 2 * c + 1))
        assert.equal(100 * i + 2 * c + 1, parts.Y:get(i, 2 * c + 2))
      end
    end
    assert.same({ 705, 1365, 2025, 2685, 3345, 4005 }, parts.output:row_list(1))
    assert.equal("VA TLS", words(parts.P:labels "row"))
    assert.same({ 485, 1138, 1791, 2444, 3097, 3750 }, parts.P:row_list(1))
    assert.same({ 1, 2, 3, 4, 5, 6 }, parts.P:row_list(2))
    assert.equal(0, parts.PY:sum())
  end)

  it("names the place that is not as it should be", function()
    wrong(name, "oecd_icio", replace("\nROW_C29", "\nROW_C30"), 6, 1,
      "'ROW C30' stands where 'ROW C29' is expected")
    wrong(name, "oecd_icio", replace("USA_HFCE", "USA_XXXX"), 1, nil,
      "there is no column 'USA_HFCE'")
    wrong(name, "oecd_icio", replace("USA_HFCE", "USA_GFCF"), 1, 14, "comes a second time")
    wrong(name, "oecd_icio", replace("\nOUT_OUT_OUT", "\nVA_OUT"), 10, 1, "there is no row OUT")
    wrong(name, "oecd_icio", replace("21.5,", ","), 3, 2, "a blank where a number")
  end)
end)

describe("plain numbers", function()
  local zy = fixtures .. "plain/ZY.csv"

  it("are read with lists from files beside them or from the script", function()
    local parts = read.parts{ zy, as = "plain", countries = "countries.txt",
      sectors = "sectors.txt", final = "fd.txt" }
    assert.equal("AAA AAB", words(parts.countries))
    assert.equal("FD1 FD2", words(parts.categories))
    check_blocks(parts, 4, 4, 0)
    parts = read.parts{ zy, as = "plain", countries = { "X", "Y" }, sectors = { "a", "b" },
      final = { "c", "d" }, year = 2014, unit = "USD mn" }
    assert.equal("X Y", words(parts.countries))
    assert.equal(2014, parts.year)
    check_blocks(parts, 4, 4, 0)
  end)

  it("are refused where lists and numbers do not fit", function()
    local e = refusal(read.parts, { zy, as = "plain", countries = "countries.txt",
      sectors = "sectors.txt" })
    assert.equal("CM5104", e.number)
    assert.matches("4 rows and 8 columns", e.message, 1, true)
    assert.matches("take 4 and 6", e.message, 1, true)
    assert.equal("CM1002", refusal(read.parts, { zy, as = "plain", countries = { "X" } }).number)
  end)
end)

describe("editions", function()
  it("that nobody knows are listed", function()
    local e = refusal(read.parts, fixtures .. "plain/countries.txt")
    assert.equal("CM5102", e.number)
    assert.matches("wiod2013 (World Input-Output Database", e.fix, 1, true)
    e = refusal(read.parts, { "x.csv", as = "lrwoid" })
    assert.equal("CM5102", e.number)
    assert.matches("did you mean 'lrwiod'?", e.fix, 1, true)
  end)

  it("can be defined by anyone", function()
    local path = os.tmpname()
    local file <close> = assert(io.open(path, "w"))
    file:write("my table\n1,2\n"):flush()
    cm.define.reader{
      name = "spec: mine", about = "a table of one country",
      options = { scale = { "number" } },
      recognise = function(peek) return peek[1][1] == "my table" and peek.path == path end,
      read = function(where, options)
        return { countries = { "AUS" }, scale = options.scale, path = where }
      end,
    }
    local parts, reader = read.parts{ path, scale = 2 }
    assert.equal("spec: mine", reader.name)
    assert.equal(2, parts.scale)
    assert.equal(path, parts.path)
    assert.matches("read as spec: mine: a table of one country", parts.source, 1, true)
    assert.equal("CM1001", refusal(read.parts, { path, year = 2 }).number)
    os.remove(path)
  end)

  for number, entry in require "capmod.each"(require "capmod.errors.cm51") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), refusal(assert(load(entry.example))).number)
    end)
  end
end)

describe("layout.year", function()
  it("finds a year in the file's name alone", function()
    assert.equal(2011, layout.year "data/2005/wiot2011_full.csv.gz")
    assert.equal(2000, layout.year "lrwiod2000_26x23.csv.gz")
    assert.equal(2014, layout.year "2014_SML.csv")
    assert.is_nil(layout.year "2014/table_123456.csv")
  end)
end)

-- ---- the publishers' own numbers ----------------------------------------------------------------

local shared = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared") .. "/data/"

--- Runs only where the real files are; says so where they are not.
local function on_real(path, title, test)
  it(title, function()
    local file = io.open(shared .. path, "rb")
    if not file then return pending("needs " .. path .. " (set CAPMOD_SHARED)") end
    file:close()
    test(read.parts(shared .. path))
  end)
end

describe("real tables", function()
  on_real("converted/wiot2011_full.csv.gz", "WIOD 2011 has its published totals", function(parts)
    assert.equal(2011, parts.year)
    assert.same({ 41, 35, 5 }, { #parts.countries, #parts.sectors, #parts.categories })
    local va = parts.P:row(5)
    assert.equal("VA", parts.P:name("row", 5))
    assert.equal(67396394, va:sum()) -- world and USA: the sheet's own row r64
    assert.equal("USA", parts.countries[40])
    assert.equal(15088079, va:block(1, 1, 39 * 35 + 1, 40 * 35):sum())
    assert.equal(141767904, parts.output:sum())
    local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
    local used = parts.Z:sum{ by = "col" }
    assert.equal(69268600, x:sum() - used:sum()) -- the residual beside it
    assert.equal(15161304, x:block(1366, 1400, 1, 1):sum() - used:block(1, 1, 1366, 1400):sum())
  end)

  for year, output in pairs{ [1995] = 55182318, [2005] = 87525644 } do
    local path = ("converted/wiot%d_full.csv.gz"):format(year)
    on_real(path, "WIOD " .. year .. " has its residual row", function(parts)
      assert.equal(year, parts.year)
      assert.equal("VA_RES", words(parts.P:labels "row"))
      assert.equal(output, parts.output:sum())
      local gap = parts.output - parts.P:label{ rows = false } - parts.Z:sum{ by = "col" }
      assert.equal(0, gap:abs():sum()) -- r64res is r69 less r60
    end)
  end

  on_real("mrio/oecd_icio/2014_SML.csv", "ICIO 2014 balances to its rounding", function(parts)
    assert.equal("AUT CAN DEU FRA GBR MEX ROW USA", words(parts.countries))
    assert.equal("HFCE NPISH GGFC GFCF INVNT DPABR", words(parts.categories))
    assert.equal(45, #parts.sectors)
    local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
    assert.is_true((x - parts.output:T()):abs():max() < 0.6)
    local columns = parts.Z:sum{ by = "col" } + parts.P:sum{ by = "col" }
    assert.is_true((columns - parts.output):abs():max() < 0.6)
    local usa = parts.P:block(1, 1, 7 * 45 + 1, 8 * 45):sum()
    assert.is_true(math.abs(usa - 16906768) < 1) -- USA value added of the file's VA row
  end)

  on_real("converted/lrwiod2000_26x23.csv.gz", "the Long-run WIOD of 2000 balances", function(parts)
    assert.equal(2000, parts.year)
    assert.equal("NLD", parts.countries[21])
    assert.is_true(math.abs(parts.P:row(1):sum() - 31550742) < 1) -- world value added
    local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
    assert.is_true((x - parts.output:T()):abs():max() < 0.1) -- the csv has 8 digits
    local columns = parts.Z:sum{ by = "col" } + parts.P:sum{ by = "col" }
    assert.is_true((columns - parts.output):abs():max() < 0.1)
  end)
end)
