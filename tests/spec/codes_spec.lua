local codes = require "capmod.codes"
local errors = require "capmod.errors"

local function raises(number, f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e, number), tostring(e))
  return tostring(e)
end

local function set(list)
  local s = {}
  for _, item in ipairs(list) do s[item] = true end
  return s
end

describe("countries", function()
  -- ISO 3166-1 has 249 entries (ISO Online Browsing Platform, "officially assigned").
  it("are the 249 of ISO 3166-1", function() assert.equal(249, #codes.countries()) end)

  local known = {
    KOR = { "KOR", "kor", "KR", 410, "410", "Korea", "South Korea", "Korea, Republic of",
      "Republic of Korea", "KOREA, REP.", "korea (republic of)" },
    GBR = { "UK", "GB", "Great Britain", "United Kingdom" },
    NLD = { "Holland", "The Netherlands", "NDL" },
    CIV = { "Ivory Coast", "Cote d'Ivoire", "Côte d’Ivoire", "CÔTE D'IVOIRE" },
    CZE = { "Czechia", "Czech Republic" },
    VNM = { "Viet Nam", "Vietnam" },
    TWN = { "Chinese Taipei", "Taiwan", "Taiwan, China" },
    TUR = { "Türkiye", "Turkey", "turkiye" },
    ROU = { "Romania", "ROM" },
    USA = { "US", "U.S.A.", "United States of America", 840 },
    AFG = { "004", 4 },
    PRK = { "North Korea", "Korea, Democratic People's Republic of" },
    COD = { "Congo, Dem. Rep.", "DR Congo" }, COG = { "Congo, Rep." },
    GIN = { "Guinea" }, GNB = { "Guinea-Bissau" }, NER = { "Niger" },
    LCA = { "St. Lucia", "Saint Lucia" }, GMB = { "Gambia, The", "the Gambia" },
    XKX = { "Kosovo" }, ROW = { "RoW", "Rest of the World" }, WLD = { "World", "WLD" },
    XAB = { "XAB", "xab" },
  }
  for code, names in require "capmod.each"(known) do
    it("know " .. code .. " by its names", function()
      for _, name in ipairs(names) do assert.equal(code, codes.country(name)) end
    end)
  end

  it("are found by the name that is printed", function()
    for _, code in ipairs(codes.countries()) do
      assert.equal(code, codes.country(codes.name(code)))
    end
  end)

  it("print with code and common name", function()
    assert.equal("KOR Korea", codes.label "KOR")
    assert.equal("USA United States", codes.label "USA")
    assert.equal("GBR United Kingdom", codes.label "GBR")
    assert.equal("TWN Chinese Taipei", codes.label "TWN")
    assert.equal("XAB", codes.label "XAB")
  end)

  it("print as the author likes", function()
    codes.display{ Taiwan = "Formosa", XAB = "Atlantis" }
    assert.equal("TWN Formosa", codes.label "TWN")
    assert.equal("TWN", codes.country "formosa")
    assert.equal("XAB", codes.country "Atlantis")
    assert.same({}, codes.display{ TWN = false, XAB = false })
    assert.equal("TWN Chinese Taipei", codes.label "TWN")
    raises(1003, codes.display, { TWN = 7 })
  end)

  it("are suggested where they are misspelt", function()
    assert.matches("did you mean KOR %(Korea%)%?", raises(1101, codes.country, "Koera"))
    assert.matches("DEU %(Germany%)", raises(1101, codes.country, "Germny"))
    assert.matches("USA %(United States%)", raises(1101, codes.country, "Unitde States"))
    assert.matches("ISO 3166%-1", raises(1101, codes.country, "Atlantis"))
  end)

  it("of one name are told apart", function()
    local message = raises(1104, codes.country, "Congo")
    assert.matches("COD %(DR Congo%) or COG %(Congo Republic%)", message)
    raises(1104, codes.country, "Virgin Islands")
    raises(1104, codes.country, "St. Martin")
  end)

  it("are names or numbers", function() raises(1003, codes.country, {}) end)

  it("are completed", function()
    local list = codes.complete "South K"
    assert.equal("South Korea → KOR", list[1].label)
    assert.equal("KOR", list[1].code)
    assert.equal(1, #list)
    local seen = {}
    for _, item in ipairs(codes.complete "EU2") do seen[item.text] = true end
    assert.same({ EU25 = true, EU27 = true, EU28 = true }, seen)
    assert.same({}, codes.complete "Zzz")
  end)
end)

describe("groups", function()
  -- Member states by year of accession: europa.eu, "EU countries"; oecd.org, "Ratification
  -- of the Convention"; asean.org; ecb.europa.eu, "Our money"; au.int.
  local counts = {
    { "EU", 1958, 6 }, { "EU", 1972, 6 }, { "EU", 1973, 9 }, { "EU", 1981, 10 },
    { "EU", 1986, 12 }, { "EU", 1995, 15 }, { "EU", 2003, 15 }, { "EU", 2004, 25 },
    { "EU", 2007, 27 }, { "EU", 2013, 28 }, { "EU", 2019, 28 }, { "EU", 2020, 27 },
    { "EU27", 2008, 27 }, { "EU27", 2022, 27 }, { "EU28", 1995, 28 }, { "EU15", 2020, 15 },
    { "euro area", 1999, 11 }, { "euro area", 2001, 12 }, { "euro area", 2015, 19 },
    { "euro area", 2023, 20 }, { "OECD", 1961, 19 }, { "OECD", 1964, 21 },
    { "OECD", 1996, 29 }, { "OECD", 2010, 34 }, { "OECD", 2021, 38 }, { "ASEAN", 1967, 5 },
    { "ASEAN", 1999, 10 }, { "ASEAN", 2025, 11 }, { "BRICS", 2009, 4 }, { "BRICS", 2010, 5 },
    { "BRICS", 2025, 10 }, { "G7", 1976, 7 }, { "G20", 1999, 19 }, { "NAFTA", 1994, 3 },
    { "MERCOSUR", 1991, 4 }, { "GCC", 1981, 6 }, { "EFTA", 1995, 4 }, { "APEC", 1998, 21 },
    { "African Union", 2002, 53 }, { "African Union", 2017, 55 }, { "CPTPP", 2024, 12 },
  }
  for _, case in ipairs(counts) do
    it(("%s has %d%s members"):format(case[1], case[3], " in " .. case[2]), function()
      assert.equal(case[3], #codes.group(case[1], case[2]))
    end)
  end

  it("are sorted lists of countries", function()
    for _, known in ipairs(codes.groups()) do
      local list = codes.group(known.name)
      assert.is_true(#list > 0, known.name)
      for i, code in ipairs(list) do
        assert.equal(code, codes.country(code))
        assert.is_true(i == 1 or list[i - 1] < code, known.name)
      end
    end
  end)

  it("take the composition of the year, or the one in their name", function()
    local old, old_title = codes.group("EU27", 2011)
    local new, new_title = codes.group("EU27", 2021)
    assert.equal("EU27_2007", old_title)
    assert.equal("EU27_2020", new_title)
    assert.is_true(set(old).GBR)
    assert.is_nil(set(old).HRV)
    assert.is_true(set(new).HRV)
    assert.is_nil(set(new).GBR)
    assert.same(old, (codes.group("EU27_2007", 2021)))
    assert.same(new, (codes.group "EU27"))
    assert.same({ "BRA", "CHN", "IND", "RUS", "ZAF" }, (codes.group("BRICS_2010", 1995)))
    assert.equal("BRICS_2010: BRA, CHN, IND, RUS, ZAF (5)", codes.members "BRICS_2010")
  end)

  it("lose those who leave and know those who return", function()
    assert.is_true(set(codes.group("EU", 2019)).GBR)
    assert.is_nil(set(codes.group("EU", 2020)).GBR)
    assert.is_nil(set(codes.group("African Union", 2016)).MAR)
    assert.is_true(set(codes.group("African Union", 2017)).MAR)
    assert.same({ "CHE", "ISL", "LIE", "NOR" }, (codes.group "EFTA"))
  end)

  it("of the continents share no country and miss only Antarctica", function()
    local seen = {}
    for _, name in ipairs{ "Africa", "Americas", "Asia", "Europe", "Oceania" } do
      for _, code in ipairs(codes.group(name)) do
        assert.is_nil(seen[code])
        seen[code] = name
      end
    end
    for _, code in ipairs(codes.countries()) do
      assert.equal(code ~= "ATA", seen[code] ~= nil, code)
    end
    assert.equal("Europe", seen.XKX)
  end)

  -- World Bank, "World Bank Country and Lending Groups": Korea fell back in the crisis of
  -- 1998, China passed from low (1998) to upper middle (2010); 29, 50, 56 and 83 economies
  -- in the list of July 2020, of which the Channel Islands (high) have no ISO code.
  it("by income are dated", function()
    assert.equal("high income", (codes.income("KOR", 1997)))
    assert.equal("upper middle income", (codes.income("KOR", 1998)))
    assert.equal("low income", (codes.income("CHN", 1998)))
    assert.equal("lower middle income", (codes.income("CHN", 2009)))
    assert.equal("upper middle income", (codes.income("China", 2010)))
    assert.equal("low income", (codes.income("ETH", 2019)))
    assert.equal(29, #codes.group("low income", 2019))
    assert.equal(50, #codes.group("LMC", 2019))
    assert.equal(56, #codes.group("upper middle income", 2019))
    assert.equal(82, #codes.group("HIC", 2019))
    assert.equal("HIC_2016", select(2, codes.group("HIC", 2018)))
    assert.is_true(set(codes.group("LMC", 2000)).CHN)
  end)

  it("without a class or before the first list give none", function()
    assert.is_nil((codes.income("CHN", 1980)))
    assert.is_nil((codes.income("VAT", 2010)))
    assert.matches("begins in 1987", raises(1107, codes.group, "LIC", 1980))
  end)

  it("have no members before they began", function()
    assert.matches("begins in 2009.*BRICS_2009", raises(1107, codes.group, "BRICS", 1990))
  end)

  it("are suggested where they are misspelt", function()
    assert.matches("did you mean 'ASEAN'", raises(1103, codes.group, "ASAEN"))
  end)

  it("of the author are resolved by year", function()
    codes.define_group{ name = "neighbours", members = "EU27 + Switzerland" }
    assert.equal(28, #codes.group "neighbours")
    assert.is_true(set(codes.group("neighbours", 2008)).GBR)
    assert.is_nil(set(codes.group("neighbours", 2020)).GBR)
    codes.define_group{ name = "neighbours", members = "EU27", year = 2008 }
    assert.is_true(set(codes.group("neighbours", 2020)).GBR)
    codes.define_group{ name = "neighbours", members = function(year)
      return year and year < 1990 and { "DEU" } or "DEU + POL"
    end }
    assert.same({ "DEU" }, (codes.group("neighbours", 1980)))
    assert.same({ "DEU", "POL" }, (codes.group("neighbours", 2000)))
    codes.define_group{ name = "neighbours", members = { "DEU", "FRA" }, about = "two" }
    assert.same({ "DEU", "FRA" }, (codes.group "Neighbours"))
  end)

  it("of the author are checked", function()
    raises(1001, codes.define_group, { name = "x", members = "DEU", color = "red" })
    raises(1002, codes.define_group, { name = "x" })
    raises(1004, codes.define_group, { name = "x", members = "DEU", of = "city" })
    raises(1103, codes.define_group, { name = "x", members = "DEU + Utopia" })
    raises(1109, codes.define_group, { name = "OECD", members = "DEU" })
    raises(1109, codes.define_group, { name = "France", members = "DEU" })
    codes.define_group{ name = "inner", members = "DEU" }
    codes.define_group{ name = "outer", members = "inner + FRA" }
    raises(1105, codes.define_group, { name = "inner", members = "outer" })
  end)
end)

describe("selectors", function()
  local wiod = { "AUT", "CHE", "DEU", "ESP", "FRA", "GBR", "HRV", "JPN", "KOR", "USA", "ROW" }
  local function pick(expression, year)
    return codes.select(expression, { universe = wiod, year = year }).codes
  end

  it("add and take away from left to right", function()
    assert.same({ "AUT", "CHE", "ESP", "FRA", "GBR" }, pick("EU27 - DEU + CHE", 2011))
    assert.same({ "AUT", "CHE", "ESP", "FRA", "HRV" }, pick("EU27 - DEU + CHE", 2021))
    assert.same({ "AUT", "DEU", "ESP", "FRA", "GBR" }, pick("EU27 - DEU + DEU", 2011))
    assert.same({}, pick "DEU - DEU")
  end)

  it("keep the order of the table", function()
    assert.same({ "JPN", "KOR" }, pick "South Korea + Japan")
    assert.same({ "JPN", "KOR" }, pick "Japan + South Korea")
    assert.same(wiod, pick "*")
    assert.same(wiod, pick "WLD")
  end)

  it("obey the algebra of sets", function()
    for _, a in ipairs{ "EU27", "OECD", "Asia", "HIC", "KOR", "*" } do
      assert.same({}, pick(a .. " - " .. a, 2010))
      assert.same(pick(a, 2010), pick(a .. " + " .. a, 2010))
      assert.same(wiod, pick(("WLD - %s + %s"):format(a, a), 2010))
      for _, b in ipairs{ "Europe", "G7", "USA" } do
        assert.same(pick(a .. " + " .. b, 2010), pick(b .. " + " .. a, 2010))
        assert.same(pick({ a, b }, 2010), pick(a .. "+" .. b, 2010))
      end
    end
  end)

  it("read all but one", function()
    local rest = pick "WLD - ESP"
    assert.equal(#wiod - 1, #rest)
    assert.is_nil(set(rest).ESP)
  end)

  it("read names with blanks, commas and hyphens", function()
    assert.same({ "KOR", "USA" }, pick "Korea, Republic of + United States")
    assert.same({ "GNB", "TLS" }, codes.select("Guinea-Bissau + Timor-Leste").codes)
    assert.same({ "GNB" }, codes.select("Africa-Africa+Guinea-Bissau").codes)
    assert.same({ "AUT", "ESP", "FRA", "GBR" }, pick("EU27-DEU", 2011))
  end)

  it("name the members that the table lacks", function()
    local s = codes.select("NAFTA + DEU", { universe = wiod, year = 2011 })
    assert.same({ "CAN", "MEX" }, s.missing)
    assert.equal("NAFTA_2011 + DEU: DEU, USA (2; not in it: CAN, MEX)", s.members)
    assert.equal("NAFTA + DEU", s.expression)
    assert.same({ "CAN" }, codes.select("NAFTA - MEX", { universe = wiod }).missing)
  end)

  it("prefer the table's own labels", function()
    local u = { "EU", "USA", "Big Island" }
    assert.same({ "EU" }, codes.select("EU", { universe = u }).codes)
    assert.same({ "Big Island" }, codes.select("big island", { universe = u }).codes)
    local goods = { universe = { "cars", "services" }, kind = "sector" }
    assert.same({ "cars" }, codes.select("Cars", goods).codes)
  end)

  it("without a table choose from all countries", function()
    assert.equal(249, #codes.select("WLD").codes)
    assert.equal(248, #codes.select("* - KOR").codes)
  end)

  it("say which name they do not know", function()
    assert.matches("'DEX'.*DEU %(Germany%)", raises(1103, pick, "EU27 - DEX"))
    assert.matches("did you mean 'OECD'", raises(1103, pick, "OCED"))
    raises(1104, pick, "Congo")
    raises(1107, pick, "BRICS", 1990)
    raises(1003, pick, 7)
    raises(1003, pick, { "DEU", 7 })
  end)

  it("say where they cannot be read", function()
    assert.matches("character 7", raises(1105, pick, "EU27 -"))
    assert.matches('write "%* %- DEU"', raises(1105, pick, "- DEU"))
    assert.matches("character 8", raises(1105, pick, "EU27 + + DEU"))
    assert.matches("unexpected ',' at character 4", raises(1105, pick, "DEU, FRA"))
    raises(1105, pick, "")
    assert.matches("unexpected '%(' at character 7", raises(1105, pick, "WLD - (DEU + FRA)"))
    raises(1105, pick, "(DEU)")
    raises(1105, pick, "DEU-")
    raises(1103, pick, "*DEU")
  end)

  it("refuse what the table does not have, and list what it has", function()
    assert.matches("MEX is not in this table.*it has AUT, CHE", raises(1106, pick, "MEX"))
    assert.matches("none of BRICS_2010 is in this table", raises(1106, pick, "BRICS_2010"))
    local e = raises(1106, codes.select, "DEU + POL", { universe = wiod, object = "toy" })
    assert.matches("POL is not in toy", e)
  end)

  it("choose sectors, too", function()
    local manufacturing = codes.select("C - C29", { kind = "sector" })
    assert.equal(16, #manufacturing.codes)
    assert.equal("C10T12", manufacturing.codes[1])
    assert.is_nil(set(manufacturing.codes).C29)
    local wiod2016 = { kind = "sector", classification = "WIOD2016" }
    assert.same({ "C10-C12", "C29" }, codes.select("C10-C12 + motor vehicles", wiod2016).codes)
    codes.define_group{ name = "machines", of = "sector", members = { "C28", "C29" } }
    assert.same({ "C28" }, codes.select("machines - C29", wiod2016).codes)
    assert.matches("C29 %(", raises(1103, codes.select, "motr vehicles", { kind = "sector" }))
  end)
end)

describe("classifications", function()
  -- Sizes: the publishers' documentation, named in codes/data/sectors.
  local sizes = { ICIO2021 = 45, ISIC31 = 17, ISIC4 = 21, LRWIOD = 23, WIOD2013 = 35,
    WIOD2016 = 56 }

  for name, size in require "capmod.each"(sizes) do
    it(name .. " is complete and consistent", function()
      local class = codes.classification(name)
      assert.equal(size, #class.codes)
      for _, code in ipairs(class.codes) do
        assert.equal(code, codes.sector(code, name))
        assert.equal(code, codes.sector(codes.sector_name(code, name), name))
      end
      local map, notes = codes.concordance(name, "ISIC4")
      for _, code in ipairs(class.codes) do
        assert.is_truthy(codes.sector_name(map[code], "ISIC4"), code)
      end
      for code in pairs(notes) do assert.is_truthy(map[code]) end
    end)

    it(name .. " is recognised from its codes in any order", function()
      local list = { table.unpack(codes.classification(name).codes) }
      table.sort(list, function(a, b) return a > b end)
      assert.equal(name, codes.classify(list))
      list[#list] = nil
      assert.not_equal(name, codes.classify(list))
    end)
  end

  it("go by other names, too", function()
    assert.equal("ICIO2021", codes.classification("ICIO45").name)
    assert.equal("ISIC4", codes.classification("ISIC-sections").name)
    assert.equal("LRWIOD", codes.classification("Long-run WIOD").name)
    assert.equal("ICIO2021", codes.classification().name)
  end)

  it("are recognised by the codes of other editions", function()
    assert.equal("ICIO2021", codes.classify{ "D01T02", "D03", "D05T06", "D07T08", "D09", "D10T12",
      "D13T15", "D16", "D17T18", "D19", "D20", "D21", "D22", "D23", "D24", "D25", "D26", "D27",
      "D28", "D29", "D30", "D31T33", "D35", "D36T39", "D41T43", "D45T47", "D49", "D50", "D51",
      "D52", "D53", "D55T56", "D58T60", "D61", "D62T63", "D64T66", "D68", "D69T75", "D77T82",
      "D84", "D85", "D86T88", "D90T93", "D94T96", "D97T98" })
    assert.equal("WIOD2013", codes.classify{ "AtB", "C", "15t16", "17t18", "19", "20", "21t22",
      "23", "24", "25", "26", "27t28", "29", "30t33", "34t35", "36t37", "E", "F", "50", "51", "52",
      "H", "60", "61", "62", "63", "64", "J", "70", "71t74", "L", "M", "N", "O", "P" })
    assert.is_nil(codes.classify{ "C29", "M" })
    assert.is_nil(codes.classify{})
  end)

  it("find sectors by code, name and part of the name", function()
    assert.equal("C29", codes.sector "motor vehicles")
    assert.equal("C29", codes.sector "c29")
    assert.equal("C10T12", codes.sector "D10T12")
    assert.equal("c15", codes.sector("motor vehicles", "WIOD2013"))
    assert.equal("c3", codes.sector("15t16", "WIOD2013"))
    assert.equal("C10-C12", codes.sector("C10_C12", "WIOD2016"))
    assert.equal("K65", codes.sector("reinsurance", "WIOD2016"))
    assert.equal("c30", codes.sector("renting of m&eq and other business activities", "WIOD2013"))
    assert.equal("D34t35", codes.sector("transport equipment", "LRWIOD"))
  end)

  it("say what they do not know", function()
    assert.matches("C29 %(Motor vehicles", raises(1102, codes.sector, "motr vehicles"))
    assert.matches("the codes are A, B", raises(1102, codes.sector, "zzz", "ISIC4"))
    assert.matches("H50 %(Water transport%)", raises(1104, codes.sector, "transport"))
    assert.matches("did you mean 'WIOD2013'", raises(1108, codes.classification, "WIOD203"))
    raises(1003, codes.sector, 7)
  end)

  it("lead to one another, and say where only roughly", function()
    local map, notes = codes.concordance("WIOD2013", "ISIC4")
    assert.equal("C", map.c15)
    assert.equal("J", map.c27)
    assert.matches("post", notes.c27)
    assert.is_nil(notes.c15)
    -- LRWIOD's 23 are sums of WIOD 2013's 35: wood goes with manufacturing n.e.c.
    local long = codes.concordance("WIOD2013", "LRWIOD")
    assert.equal("Dnec", long.c6)
    assert.equal("LtQ", long.c32)
    local used = {}
    for _, code in pairs(long) do used[code] = true end
    for _, code in ipairs(codes.classification("LRWIOD").codes) do
      assert.is_true(used[code], code)
    end
    assert.equal("A", codes.concordance("ISIC4", "ISIC4").A)
    assert.matches("there is one to ISIC4", raises(1108, codes.concordance, "WIOD2016", "WIOD2013"))
    raises(1108, codes.concordance, "ISIC4", "WIOD2013")
  end)

  it("agree where two roads lead to the same", function()
    local direct = codes.concordance("WIOD2013", "ISIC31")
    local first = codes.concordance("WIOD2013", "LRWIOD")
    local second = codes.concordance("LRWIOD", "ISIC31")
    for code, through in pairs(first) do
      if through ~= "LtQ" then assert.equal(direct[code], second[through], code) end
    end
  end)

  it("may be the author's own", function()
    codes.define_classification{ name = "toy", sectors = {
      { "F", "Farms", ISIC4 = "A", aliases = { "farming" } }, { "X", "All else", ISIC4 = "C" } } }
    assert.equal("F", codes.sector("farming", "toy"))
    assert.same({ F = "A", X = "C" }, (codes.concordance("toy", "ISIC4")))
    assert.equal("toy", codes.classify{ "X", "F" })
    raises(1109, codes.define_classification, { name = "ISIC4", sectors = {} })
    raises(1002, codes.define_classification, { name = "toy" })
  end)

  it("are completed", function()
    assert.equal("Motor vehicles, trailers and semi-trailers → C29",
      codes.complete_sector("mot")[1].label)
    assert.equal("C29", codes.complete_sector("C29")[1].label)
  end)
end)

describe("codes", function()
  it("read no data before they are asked", function()
    local loaded = {}
    for name in pairs(package.loaded) do
      if name:match "^capmod%.codes" then
        loaded[name], package.loaded[name] = package.loaded[name], nil
      end
    end
    require "capmod.codes"
    for name in pairs(package.loaded) do assert.is_nil(name:match "^capmod%.codes%.data") end
    for name, module in pairs(loaded) do package.loaded[name] = module end
  end)
end)

describe("cm.define", function()
  local define = require "capmod.define"

  it("adds groups to those that selectors know", function()
    define.group{ name = "big two", about = "for a test", members = "CHN + USA" }
    assert.same({ "CHN", "KOR", "USA" }, codes.select("big two + Korea").codes)
    raises(1109, define.group, { name = "ASEAN", about = "taken", members = "CHN" })
    raises(1103, define.group, { name = "big one", about = "nowhere", members = "Utopia" })
  end)

  it("adds classifications to those that tables know", function()
    define.classification{ name = "two", about = "for a test",
      sectors = { { "p", "Goods", ISIC4 = "C" }, { "q", "Services", ISIC4 = "S" } } }
    assert.equal("two", codes.classify{ "q", "p" })
    assert.equal("q", codes.sector("services", "two"))
  end)
end)

describe("the catalogue of codes", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm11") do
    it(("has an example that raises CM%d"):format(number), function()
      raises(number, assert(load(entry.example)))
    end)
  end
end)
