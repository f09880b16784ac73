--- Readers of editions on the layouts that there are: small tables with invented numbers made here,
--- samples of layouts and real tables where they are at hand.

local core = require "capmod.core"
local errors = require "capmod.errors"
local read = require "capmod.read"

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local shared = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared") .. "/data/"
local mocks = "mrio/format_mocks/"

--- Runs only where the files are; says so where they are not.
local function on(path, title, test)
  it(title, function()
    local found, kind = pcall(core.contents, shared .. path)
    if not found then return pending("needs " .. path .. " (set CAPMOD_SHARED)") end
    test(shared .. path, kind)
  end)
end

local function words(list) return table.concat(list, " ") end

local function gap(a, b)
  return (a:label{ rows = false, cols = false } - b:label{ rows = false, cols = false }):abs():max()
end

--- A folder of text files, gone after `use(path)`.
local function with_folder(files, use)
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute(("mkdir '%s'"):format(path)))
  for name, text in pairs(files) do
    local file <close> = assert(io.open(path .. "/" .. name, "w"))
    file:write(text)
  end
  local ok, failure = pcall(use, path)
  for name in pairs(files) do os.remove(path .. "/" .. name) end
  os.remove(path)
  if not ok then error(failure, 0) end
end

local function refusal(...)
  local ok, e = pcall(read.parts, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  return e
end

describe("WIOD 2013 as a workbook", function()
  on(mocks .. "wiod_mock/wiot09_row_sep12.xlsx", "is read like the csv", function(path)
    local parts, reader = read.parts(path)
    assert.equal("wiod2013", reader.name)
    assert.equal(2009, parts.year) -- of the sheet's name
    assert.equal("AUS BEL LUX ROU USA ROW", words(parts.countries))
    assert.equal("c1 c2 c3 c4 c5 c6 c7 c35", words(parts.sectors))
    assert.equal("HFCE NPISH GGFC GFCF INVNT", words(parts.categories))
    assert.equal(23697.221, parts.Z:get(1, 1)) -- cells E7, F8 and E62 of the sheet
    assert.equal(2341.1565, parts.Z:get(2, 2))
    assert.near(170552.56686782, parts.output:get(1, 1), 1e-9)
    assert.equal("TLS CIF PURR PURNR VA ITM", words(parts.P:labels "row"))
    assert.near(163.96634, parts.P:get(6, 1), 1e-12)
  end)

  it("names the cell that is not as it should be", function()
    local e = refusal(here .. "../fixtures/read/wiot_wrong.xlsx")
    assert.equal("CM5103", e.number)
    assert.matches("'ROM c3' stands where 'ROM c2' is expected", e.message, 1, true)
    assert.matches("(cell C10 of sheet 'WIOT_2011'", e.message, 1, true)
  end)
end)

describe("the regional WIOD", function()
  on("converted/wiot_regional2011_7x35.csv.gz", "is recognised", function(path)
    local parts, reader = read.parts(path)
    assert.equal("wiod2013_regional", reader.name)
    assert.equal(2011, parts.year)
    local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
    assert.is_true(gap(x:T(), parts.output) < 4.8) -- the imbalance that the source has
    local whole = read.parts(shared .. "converted/wiot2011_full.csv.gz")
    local function china(p) -- value added, the residual of the columns
      local at = 0
      for i, country in ipairs(p.countries) do at = country == "CHN" and 35 * (i - 1) or at end
      local bought = p.Z:block(1, p.Z:rows(), at + 1, at + 35)
      return p.output:block(1, 1, at + 1, at + 35):sum() - bought:sum()
    end
    assert.is_true(math.abs(china(parts) / china(whole) - 1) < 0.006)
  end)
end)

describe("the Long-run WIOD as a workbook", function()
  on("mrio/lrwiod2000/world_2000.xlsx", "is the table of the csv at full precision", function(path)
    local parts, reader = read.parts(path)
    assert.equal("lrwiod", reader.name)
    assert.equal(2000, parts.year)
    local csv = read.parts(shared .. "converted/lrwiod2000_26x23.csv.gz")
    assert.same(csv.countries, parts.countries)
    assert.same(csv.sectors, parts.sectors)
    for _, part in ipairs{ "Z", "Y", "P", "PY", "output" } do -- the csv has 8 digits
      local size = csv[part]:abs():max()
      assert.is_true(gap(parts[part], csv[part]) < 5e-8 * size, part)
    end
    local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
    assert.is_true(gap(x:T(), parts.output) < 1e-6 * parts.output:max())
    assert.is_true(math.abs(parts.P:row(1):sum() - 31550742) < 1) -- world value added
  end)
end)

describe("the OECD ICIO", function()
  local function icio(rows)
    return { ["ICIO2021_2015.csv"] = table.concat(rows, "\n") .. "\n" }
  end
  local split = {
    ",AUS_D01T02,AUS_D29,CHN_D01T02,CHN_D29,CN1_D01T02,CN1_D29,CN2_D01T02,CN2_D29,"
      .. "AUS_HFCE,AUS_P33,CHN_HFCE,CHN_P33,TOTAL",
    "AUS_D01T02,11,12,0,0,15,16,17,18,1,2,3,4,99",
    "AUS_D29,21,22,0,0,25,26,27,28,5,6,7,8,99",
    "CHN_D01T02,0,0,0,0,0,0,0,0,0,0,0,0,0", "CHN_D29,0,0,0,0,0,0,0,0,0,0,0,0,0",
    "CN1_D01T02,51,52,0,0,55,56,57,58,9,10,11,12,99",
    "CN1_D29,61,62,0,0,65,66,67,68,13,14,15,16,99",
    "CN2_D01T02,71,72,0,0,75,76,77,78,17,18,19,20,99",
    "CN2_D29,81,82,0,0,85,86,87,88,21,22,23,24,99",
    "AUS_TAXSUB,1,2,0,0,3,4,5,6,1,1,0,0,9", "CHN_TAXSUB,10,20,0,0,30,40,50,60,0,0,1,1,9",
    "VALU,100,200,0,0,300,400,500,600,0,0,0,0,", "OUTPUT,7,8,0,0,1,2,3,4,,,,,",
  }

  it("melds the parts of China into China", function()
    with_folder(icio(split), function(folder)
      local parts = read.parts(folder .. "/ICIO2021_2015.csv")
      assert.equal(2015, parts.year) -- not that of the edition
      assert.equal("AUS CHN", words(parts.countries))
      assert.equal("A01_02 C29", words(parts.sectors))
      assert.equal("ICIO2021", parts.classification)
      assert.equal("HFCE DPABR", words(parts.categories))
      assert.same({ 11, 12, 15 + 17, 16 + 18 }, parts.Z:row_list(1))
      assert.same({ 51 + 71, 52 + 72, 55 + 57 + 75 + 77, 56 + 58 + 76 + 78 }, parts.Z:row_list(3))
      assert.same({ 13 + 21, 14 + 22, 15 + 23, 16 + 24 }, parts.Y:row_list(4))
      assert.same({ 100, 200, 800, 1000 }, parts.P:row_list(1))
      assert.same({ 11, 22, 88, 110 }, parts.P:row_list(2))
      assert.same({ 1, 1, 1, 1 }, parts.PY:row_list(2))
      assert.same({ 7, 8, 4, 6 }, parts.output:row_list(1))
    end)
  end)

  it("names a part that belongs to nothing, and a column that is missing", function()
    local rows = table.move(split, 1, #split, 1, {})
    rows[6] = rows[6]:gsub("CN1_D01T02", "CN1_D02")
    with_folder(icio(rows), function(folder)
      local e = refusal(folder .. "/ICIO2021_2015.csv")
      assert.equal("CM5103", e.number)
      assert.matches("'CN1_D02' is a part of 'CHN_D02', which is not there (row 6", e.message, 1,
        true)
    end)
    rows = table.move(split, 1, #split, 1, {})
    rows[1] = rows[1]:gsub("CN2_D29", "CN2_D30")
    with_folder(icio(rows), function(folder)
      local e = refusal(folder .. "/ICIO2021_2015.csv")
      assert.matches("there is no column 'CN2_D29'", e.message, 1, true)
    end)
  end)

  on(mocks .. "oecd_mock/ICIO2018_2010.zip", "is the same in zip", function(path)
    local zip = read.parts(path)
    local csv = read.parts(shared .. mocks .. "oecd_mock/ICIO2018_2010.CSV")
    assert.equal(2010, zip.year)
    assert.equal("AUS BEL MEX BRA COL", words(zip.countries))
    for _, part in ipairs{ "Z", "Y", "P", "PY", "output" } do
      assert.equal(0, gap(zip[part], csv[part]), part)
    end
    assert.equal(0, gap(read.parts{ path, member = "ICIO2018_2010.CSV" }.Z, csv.Z))
    assert.equal("CM5006", refusal{ path, member = "no.csv" }.number)
  end)

  for name, total in pairs{ ICIO2016_2003 = "CN", ICIO2018_2010 = "MX" } do
    local file = name .. (total == "MX" and ".CSV" or ".csv")
    on(mocks .. "oecd_mock/" .. file, name .. " loses nothing in melding", function(path)
      local parts = read.parts(path)
      local text = core.text{ path = path, header_rows = 1, label_cols = 1, blank = "zero" }
      local rows, cols, labels, header = {}, {}, text:labels(1), text:header(1)
      for i, label in ipairs(labels) do
        local is_node = label:match "^%u%u[%u%d]_C?%d" and not label:find "TAXSUB"
        if is_node then rows[#rows + 1] = i end
      end
      for j = 2, #header do
        if header[j]:match "^%u%u[%u%d]_C?%d" then cols[#cols + 1] = j - 1 end
      end
      local z = text:numbers():take("row", rows):take("col", cols)
      assert.is_true(#rows > #parts.countries * #parts.sectors) -- some are parts
      assert.is_true(math.abs(parts.Z:sum() / z:sum() - 1) < 1e-12)
    end)
  end
end)

describe("Eora26", function()
  local files = {
    ["Eora26_2015_bp_T.txt"] = "11\t12\t13\n21\t22\t23\n31\t32\t33\n",
    ["Eora26_2015_bp_FD.txt"] = "1\t2\t3\t4\n5\t6\t7\t8\n9\t10\t11\t12\n",
    ["Eora26_2015_bp_VA.txt"] = "100\t200\t300\n",
    ["Eora26_2015_bp_Q.txt"] = "7\t8\t9\n", ["Eora26_2015_bp_QY.txt"] = "1\t2\t3\t4\n",
    ["labels_T.txt"] = "Aruba\tABW\tIndustries\tFood\t\nAruba\tABW\tIndustries\tOthers\t\n"
      .. "ROW\tROW\tTOTAL\tTOTAL\t\n",
    ["labels_FD.txt"] = "Aruba\tABW\tFinal Demand\tHousehold final consumption P.3h\t\n"
      .. "Aruba\tABW\tFinal Demand\tChanges in inventories P.52\t\n"
      .. "ROW\tROW\tFinal Demand\tHousehold final consumption P.3h\t\n"
      .. "ROW\tROW\tFinal Demand\tChanges in inventories P.52\t\n",
    ["labels_VA.txt"] = "Primary Inputs\tCompensation of employees D.1\t\n",
    ["labels_Q.txt"] = "Energy (TJ)\tCoal\t\n",
  }

  it("has the one node of ROW in its last sector", function()
    with_folder(files, function(folder)
      local parts, reader = read.parts(folder)
      assert.equal("eora26", reader.name)
      assert.equal(2015, parts.year)
      assert.equal("ABW ROW", words(parts.countries))
      assert.equal("Food Others", words(parts.sectors))
      assert.equal("HFCE INVNT", words(parts.categories))
      assert.same({ 11, 12, 0, 13 }, parts.Z:row_list(1))
      assert.same({ 0, 0, 0, 0 }, parts.Z:row_list(3))
      assert.same({ 31, 32, 0, 33 }, parts.Z:row_list(4))
      assert.same({ 9, 10, 11, 12 }, parts.Y:row_list(4))
      assert.same({ 100, 200, 0, 300 }, parts.P:row_list(1))
      assert.same({ 7, 8, 0, 9 }, parts.F:row_list(1))
      assert.equal("TJ", parts.units.Coal)
      assert.matches("ROW TOTAL stands in its sector 'Others'", parts.source, 1, true)
    end)
  end)

  it("says which file is missing or of the wrong size", function()
    local less = {}
    for name, text in pairs(files) do less[name] = name ~= "labels_FD.txt" and text or nil end
    with_folder(less, function(folder)
      assert.matches("no file of labels_FD.txt", refusal(folder).message, 1, true)
    end)
    local other = {}
    for name, text in pairs(files) do other[name] = text end
    other["Eora26_2015_bp_FD.txt"] = "1\t2\t3\n5\t6\t7\n9\t10\t11\n"
    with_folder(other, function(folder)
      local e = refusal(folder)
      assert.equal("CM5103", e.number)
      assert.matches("3 rows and 3 columns, where the labels take 3 and 4", e.message, 1, true)
    end)
  end)
end)

--- The samples of the next layouts are one small table in different dresses: its flows, and final
--- demand, are in a file of their own.
local function sample()
  local folder = shared .. mocks .. "pymrio_test_mrio/mrio_data/"
  local function numbers(name)
    return core.text{ path = folder .. name, header_rows = 2, label_cols = 3,
      delimiter = "\t" }:numbers()
  end
  return numbers "trade_flows_Z.txt", numbers "finald_demand_Y.txt", numbers "emissions.txt"
end

describe("samples of layouts", function()
  for _, case in ipairs{
    { mocks .. "eora26_mock", "eora26", 2010, tolerance = 0, countries = "reg1" },
    { mocks .. "exio1_mock", "exiobase", nil, tolerance = 1e-9, countries = "reg1" },
    { mocks .. "exio2_mock/mrIOT_PxP_ita_coefficient_version2.2.2.zip", "exiobase", nil,
      tolerance = 1e-9, countries = "reg1" },
    { mocks .. "exio3_mock", "exiobase3", nil, tolerance = 1e-9, countries = "AUS" },
  } do
    on(case[1], case[1] .. " gives the table it was made of", function(path)
      local parts, reader = read.parts(path)
      assert.equal(case[2], reader.name)
      assert.equal(case[3], parts.year)
      assert.equal(case.countries, parts.countries[1])
      assert.same({ "food", "mining" }, { parts.sectors[1], parts.sectors[2] })
      assert.equal("HFCE NPISH GGFC GFCF INVNT VALUABLES EXPO", words(parts.categories))
      local Z, Y, emissions = sample()
      assert.is_true(gap(parts.Z, Z) <= case.tolerance * Z:max())
      assert.equal(0, gap(parts.Y, Y))
      local F = parts.F:block(1, 2, 1, Z:cols())
      assert.is_true(gap(F, emissions) <= case.tolerance * emissions:max())
      assert.equal(Y:cols(), parts.FY:cols())
      local m = require "capmod.mrio"(parts)
      assert.is_true(gap(m.Z, Z) <= case.tolerance * Z:max())
    end)
  end

  on(mocks .. "exio2_mock", "EXIOBASE 2 has the extensions of all its files", function(path)
    local parts = read.parts(path .. "/mrIOT_PxP_ita_coefficient_version2.2.2.zip")
    assert.equal("emission_type1: air|emission_type2: water|Water Consumption Blue|"
      .. "Water Consumption Green|Land use-Arable Land: nature|Land use-Pasture: nature|"
      .. "Land use-Forest: nature", table.concat(parts.F:labels "row", "|"))
    assert.equal("Mm3", parts.units["Water Consumption Blue"])
    assert.equal("km2", parts.units["Land use-Forest: nature"])
    assert.equal(0, parts.FY:row(7):sum()) -- there is no file of final demand for land
  end)
end)

describe("the OECD national tables", function()
  -- What columns lack of published output: rounding, but in the source's table of China.
  for country, most in pairs{ USA = 0.08, CHN = 82.1, DEU = 0.08, VNM = 0.08 } do
    local path = ("national/oecd_iot2022/%s2022ttl.csv"):format(country)
    on(path, country .. " balances as its source does", function(file)
      local parts, reader = read.parts(file)
      assert.equal("oecd_iot", reader.name)
      assert.equal(2022, parts.year)
      assert.same({ country }, parts.countries)
      assert.equal(50, #parts.sectors)
      local columns = parts.Z:sum{ by = "col" } + parts.P:sum{ by = "col" }
      assert.is_true(gap(columns, parts.output) < most)
      local x = parts.Z:sum{ by = "row" } + parts.Y:sum{ by = "row" }
      assert.is_true(gap(x:T(), parts.output) < 239)
      assert.equal("LABR OTXS CFC NOPS", words(parts.F:labels "row"))
    end)
  end
end)

describe("the accounts of the US Bureau of Economic Analysis", function()
  local bea = "national/us_bea/"
  local use_file = bea .. "IOUse_Before_Redefinitions_PRO_1997-2018_Summary.xlsx"
  local make_file = bea .. "IOMake_Before_Redefinitions_PRO_1997-2020_Summary.xlsx"
  local needs_file = bea .. "IxI_TR_1997-2020_PRO_SUM.xlsx"

  --- Two industries. A makes 90 of a and 10 of scrap, B 20 of a and 80 of b.
  local function sheet(title, rows)
    return title .. "\n" .. (",,\n"):rep(4) .. table.concat(rows, "\n") .. "\n"
  end
  local files = {
    ["use.csv"] = sheet("The Use of Commodities", { ",,A,B,,F010,F050,",
      "Code,Name,Aa,Bb,Total,Use,Imports,Total", "A,Aa,10,20,30,90,-10,110",
      "B,Bb,30,5,35,45,...,80", "Used,Scrap,4,6,10,1,-1,10", "Other,Imports,2,...,2,3,-5,0",
      "V001,Pay,40,50,...,...,...,...", "V002,Tax,4,9,...,...,...,...",
      "V003,Surplus,10,10,...,...,...,...", ",Total Industry Output,100,100,...,...,...,..." }),
    ["make.csv"] = sheet("The Make of Commodities", { ",,A,B,Used,Other,",
      "Code,Name,Aa,Bb,Scrap,Imports,Total", "A,Aa,90,...,10,...,100", "B,Bb,20,80,...,...,100",
      ",Total Commodity Output,110,80,10,...,200" }),
  }

  it("turn commodities into industries as the Bureau does", function()
    with_folder(files, function(folder)
      local m = require "capmod.mrio"((read.parts{ folder .. "/use.csv", as = "bea",
        make = folder .. "/make.csv", year = 2000 }))
      -- A makes 9/11 of a, all scrap, and nobody the noncomparable imports
      assert.near(10 * 9 / 11 + 4, m.Z:get(1, 1), 1e-12)
      assert.near(10 * 2 / 11 + 30, m.Z:get(2, 1), 1e-12)
      assert.near(20 * 2 / 11 + 5, m.Z:get(2, 2), 1e-12)
      assert.near(90 * 9 / 11 + 1, m.Y:get(1, 1), 1e-12)
      assert.near(100, m.x:get(1, 1), 1e-12)
      assert.near(100, m.x:get(2, 1), 1e-12)
      assert.equal("COMP TAXES GOS", words(m.P:labels "row"))
      assert.same({ "F010", "F050" }, m.categories)
    end)
  end)

  it("say what does not fit", function()
    with_folder(files, function(folder)
      local e = refusal{ folder .. "/use.csv", as = "bea", year = 2000 }
      assert.equal("CM5111", e.number)
      assert.equal("CM5103", refusal{ folder .. "/use.csv", as = "bea", year = 2000,
        make = folder .. "/use.csv" }.number)
    end)
    local other = { ["use.csv"] = files["use.csv"],
      ["make.csv"] = files["make.csv"]:gsub("B,Bb,20,80", "B,Bb,20,95") }
    with_folder(other, function(folder)
      local asked = { folder .. "/use.csv", as = "bea", year = 2000, make = folder .. "/make.csv" }
      local e = refusal(asked)
      assert.equal("CM5110", e.number)
      assert.matches("B makes 100 in", e.message, 1, true)
      asked.mixed = true
      assert.matches("differ by up to 15", read.parts(asked).source, 1, true)
    end)
    other["make.csv"] = files["make.csv"]:gsub(",,A,B,Used", ",,B,A,Used")
    with_folder(other, function(folder)
      local e = refusal{ folder .. "/use.csv", as = "bea", year = 2000,
        make = folder .. "/make.csv" }
      assert.matches("'B' stands where 'A' is expected (row 6, column 3", e.message, 1, true)
    end)
  end)

  on(use_file, "give the published outputs and nearly the published requirements", function(path)
    local function ask(file, t)
      t[1] = shared .. file
      t.year = 1997
      return require "capmod.mrio"((read.parts(t)))
    end
    local m = ask(use_file, { make = shared .. make_file })
    assert.equal(71, #m.sectors)
    assert.equal("Farms", require "capmod.codes".classification("BEA71").names["111CA"])
    assert.is_true(gap(m.x:T(), ask(needs_file, { make = shared .. make_file }).x:T()) < 7)
    -- gross domestic product of 1997, Total Value Added of the sheet
    assert.is_true(math.abs(m.P:block(1, 3, 1, 71):sum() - 8577552) < 72)
    assert.is_true(gap(m.P:sum{ by = "col" } + m.Z:sum{ by = "col" }, m.x:T()) < 70) -- rounding
    -- the published requirements are after redefinitions: the same but for those
    local needs = ask(needs_file, { make = shared .. make_file })
    assert.is_true(gap(m.L, needs.L) < 0.07)
    assert.is_true(math.abs(m.L:sum() / needs.L:sum() - 1) < 0.005)
    assert.near(1.19293, needs.L:get(1, 1), 1e-9) -- cell C8 of the sheet
    assert.equal("CM5110", refusal{ path, make = shared .. make_file, year = 2018 }.number)
    assert.equal("CM5006", refusal{ path, make = shared .. make_file }.number)
  end)
end)
