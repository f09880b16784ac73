--- Frames in the forms that other programs read. What the files must hold is written down from the
--- specifications (concept names of SDMX as in the TiVA files; Frictionless Table Schema).

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local function content(path)
  local file = assert(io.open(path, "rb"))
  local s = file:read "a"
  file:close()
  assert(os.remove(path))
  return s
end

local stem
before_each(function()
  stem = os.tmpname()
  os.remove(stem)
end)

describe("a frame saved in the style of SDMX", function()
  local f = cm.frame{ unit = "USD mn", keys = { "sector", "importer", "exporter" },
    cols = { "sector", "importer", "exporter", "dva", { name = "jobs", unit = "1000 persons" },
      { name = "share", format = "percent" } },
    rows = { { sector = "C29", importer = "USA", exporter = "KOR", dva = 0.1, jobs = 2,
      share = 0.5 } } }

  it("has the concepts in their order, units apart from their powers of ten", function()
    assert.equal(f, f:save(stem .. ".csv", { style = "sdmx" }))
    assert.equal([[
REF_AREA,COUNTERPART_AREA,ACTIVITY,MEASURE,OBS_VALUE,UNIT_MEASURE,UNIT_MULT
KOR,USA,C29,dva,0.10000000000000001,USD,6
KOR,USA,C29,jobs,2,person,3
KOR,USA,C29,share,0.5,,0
]], content(stem .. ".csv"))
  end)

  it("takes the year from a field or a column, and keeps other labels", function()
    local head = "REF_AREA,TERM,MEASURE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n"
    local g = cm.frame{ unit = "EUR bn, 2015 prices", keys = { "term", "country" },
      rows = { { term = "T1", country = "DEU", v = 3 } } }
    g:save{ stem .. ".csv", style = "sdmx", year = 2011 }
    assert.equal(head .. 'DEU,T1,v,2011,3,"EUR, 2015 prices",9\n', content(stem .. ".csv"))
    local h = cm.frame{ keys = { "year", "term", "country" },
      rows = { { year = 1995, term = "T1", country = "DEU", v = 3 } } }
    h:save{ stem .. ".csv", style = "sdmx", year = 2011 }
    assert.equal(head .. "DEU,T1,v,1995,3,,0\n", content(stem .. ".csv"))
  end)

  it("is refused where it cannot be, and leaves no file", function()
    local twice = cm.frame{ keys = { "country", "ref_area" },
      rows = { { country = "DEU", ref_area = "FRA", v = 1 } } }
    local number, message = refusal(twice.save, twice, { stem .. ".csv", style = "sdmx" })
    assert.equal("CM5201", number)
    assert.matches("column 'ref_area' would be a second REF_AREA", message, 1, true)
    for ending, options in pairs{ -- any order
      md = { style = "sdmx" }, csv = { style = "sdmx", wide = true }, tsv = { year = 2011 } } do
      options[1] = stem .. "." .. ending
      assert.equal("CM5202", (refusal(f.save, f, options)))
      assert.is_nil(io.open(options[1]))
    end
    assert.equal("CM1004", (refusal(f.save, f, { stem .. ".csv", style = "sdxm" })))
  end)
end)

describe("a frame saved as a Frictionless package", function()
  local function described(frame)
    frame:save(stem .. ".datapackage.json")
    local text, data = content(stem .. ".datapackage.json"), content(stem .. ".csv")
    return text, data
  end

  it("is a csv file and what its fields are", function()
    local text, data = described(cm.frame{ title = "Who makes it", unit = "USD",
      keys = { "country" }, rows = { { country = "USA", v = 0.5 }, { country = "KOR", v = 2 } } })
    assert.equal("country,measure,value,unit\nUSA,v,0.5,USD\nKOR,v,2,USD\n", data)
    for _, part in ipairs{ '"name": "who-makes-it"', '"title": "Who makes it"',
      '"name": "value",\n            "type": "number"',
      '"name": "country",\n            "type": "string"',
      '"primaryKey": [\n          "country",\n          "measure"\n        ]',
      ('"path": "%s.csv"'):format(stem:match "[^/]*$") } do
      assert.matches(part, text, 1, true)
    end
  end)

  it("claims no key that is none, and no type that cells do not have", function()
    local text = described(cm.frame{ keys = { "country" }, rows = {
      { country = "USA", v = 1 }, { country = "USA", v = "none" } } })
    assert.is_nil(text:find("primaryKey", 1, true))
    assert.matches('"name": "value",\n            "type": "any"', text, 1, true)
  end)

  it("has a name even where the title has no letter for one", function()
    local frame = cm.frame{ title = "(値)", rows = { { v = 1 } } }
    assert.matches('"name": "data",\n  "profile"', (described(frame)), 1, true)
    frame = cm.frame{ title = "by country (work)", rows = { { v = 1 } } }
    assert.matches('"name": "by-country-work",\n', (described(frame)), 1, true)
  end)

  it("writes neither file where it may not", function()
    local f = cm.frame{ rows = { { v = 1 } } }
    assert.equal("CM1510", (refusal(f.save, f, "/no/such/folder/datapackage.json")))
    assert.equal("CM1509", (refusal(f.save, f, stem .. ".json")))
  end)
end)

describe("a saved result", function()
  it("describes each of its files", function()
    assert(os.execute(("mkdir '%s'"):format(stem)))
    local s = cm.scenario{ name = "Two Ways", run = function()
      return { cost = 2.5, parts = cm.frame{ keys = { "id" }, rows = { { id = "a", v = 1 } } } }
    end }
    s:run():save(stem)
    local text = content(stem .. "/datapackage.json")
    for _, name in ipairs{ "parts.csv", "result.csv", "provenance.json" } do
      assert.matches(('"path": "%s"'):format(name), text, 1, true)
      content(stem .. "/" .. name)
    end
    assert.matches('"name": "two-ways"', text, 1, true)
    assert(os.remove(stem))
  end)

  it("names no two of its files the same", function()
    assert(os.execute(("mkdir '%s'"):format(stem)))
    local f = cm.frame{ rows = { { v = 1 } } }
    cm.scenario{ name = "s", run = function() return { ["a b"] = f, ["A b"] = f } end }:run()
      :save(stem)
    local text = content(stem .. "/datapackage.json")
    for _, name in ipairs{ "a-b", "a-b-2", "result" } do
      assert.matches(('"name": "%s",\n      "path"'):format(name), text, 1, true)
    end
    for _, name in ipairs{ "a b.csv", "A b.csv", "result.csv", "provenance.json" } do
      content(stem .. "/" .. name)
    end
    assert(os.remove(stem))
  end)
end)

describe("a table that is saved", function()
  local PARTS = { "Z", "Y", "P", "PY", "F", "FY", "output" }
  local FACTS = { "name", "year", "unit", "source", "licence", "classification", "edition",
    "currency" }
  local awkward = cm.mrio{
    name = 'odd, "quoted"; 50 %\nname', unit = "USD mn, 2015 prices", year = 2015,
    countries = { "USA", "Côte d'Ivoire, the" }, sectors = { "C29", "M a" },
    categories = { "HFCE", "GFCF" }, units = { ["CO2, kt"] = "kt" },
    Z = { { 0.1, 1 / 3, 2 ^ -1074, 1e300 }, { 5, -0.0, 3, 1 }, { 1, 1, 1, 1 }, { 2, 2, 2, 2 } },
    Y = { { 1, 2, 3, 4 }, { 5, -6, 7, 8 }, { 1, 0, 1, 0 }, { 0.1 + 0.2, 1, 1, 1 } },
    P = { VA = { 1, 2, 3, 4 }, ["taxes, less"] = { 0.5, 0, 0, 0 } },
    F = { ["CO2, kt"] = { 1, 2, 3, 4 } }, FY = { ["CO2, kt"] = { 1, 2, 3, 4 } },
    output = { 1, 2, 3, 1e300 }, changes = { "a, b", "c" },
  }

  local function assert_equal_tables(a, b)
    for _, part in ipairs(PARTS) do
      local x, y = a[part], b[part]
      assert.equal(x == nil, y == nil, part)
      for i = 1, x and x:rows() or 0 do
        for j = 1, x:cols() do
          assert(string.pack("<d", x:get(i, j)) == string.pack("<d", y:get(i, j)),
            ("%s[%d,%d]"):format(part, i, j))
        end
      end
      if x then assert.same(x:labels "row", y:labels "row") end
    end
    for _, fact in ipairs(FACTS) do assert.equal(a[fact], b[fact]) end
    for _, list in ipairs{ "countries", "sectors", "categories", "nodes", "units", "changes" } do
      assert.same(a[list], b[list])
    end
  end

  for _, ending in ipairs{ ".h5", ".csv", ".xlsx", ".datapackage.json" } do
    it("reads back equal as " .. ending, function()
      for _, m in ipairs{ awkward, cm.data.world } do
        local path = stem .. ending
        assert.equal(m, m:save(path))
        assert_equal_tables(m, cm.read(path))
        assert(os.remove(path))
        os.remove(stem .. ".csv")
      end
    end)
  end

  it("reads back equal as observations in the style of SDMX", function()
    for _, m in ipairs{ awkward, cm.data.world } do
      assert.equal(m, m:save{ stem .. ".csv", style = "sdmx" })
      assert_equal_tables(m, cm.read(stem .. ".csv"))
      assert(os.remove(stem .. ".csv"))
    end
  end)

  describe("in the style of SDMX", function()
    local small = cm.mrio{ name = "small", year = 2011, unit = "EUR mn", countries = { "DEU" },
      sectors = { "A", "C.1" }, Z = { { 1, 2 }, { 0, 4.5 } }, Y = { { 3 }, { 0.25 } },
      P = { VA = { 5, 0 } }, F = { jobs = { 7, 8 } }, units = { jobs = "1000 persons" },
      output = { 6, 4.75 } }
    local head = "MEASURE,REF_AREA,ACTIVITY,COUNTERPART_AREA,COUNTERPART_ACTIVITY,TIME_PERIOD,"
      .. "UNIT_MEASURE,UNIT_MULT,COMMENT_DSET,OBS_VALUE\n"
    local lines = { "Z,DEU,A,DEU,C.1,2011,EUR,6,,2\n", "Z,DEU,C.1,DEU,A,2011,EUR,6,,0\n",
      "Z,DEU,C.1,DEU,C.1,2011,EUR,6,,4.5\n", "Y,DEU,A,DEU,_Z,2011,EUR,6,,3\n",
      "Y,DEU,C.1,DEU,_Z,2011,EUR,6,,0.25\n", "P,_Z,VA,DEU,A,2011,EUR,6,,5\n",
      "P,_Z,VA,DEU,C.1,2011,EUR,6,,0\n", "F,_Z,jobs,DEU,A,2011,person,3,,7\n",
      "F,_Z,jobs,DEU,C.1,2011,person,3,,8\n", "output,DEU,A,_Z,_Z,2011,EUR,6,,6\n",
      "output,DEU,C.1,_Z,_Z,2011,EUR,6,,4.75\n" }

    local function read(text)
      local file = assert(io.open(stem .. ".csv", "wb"))
      file:write(text)
      file:close()
      local ok, found = pcall(cm.read, stem .. ".csv")
      os.remove(stem .. ".csv")
      return ok and found or error(found, 0)
    end

    it("has a line for each number, the facts in the first", function()
      small:save{ stem .. ".csv", style = "sdmx" }
      local first = 'Z,DEU,A,DEU,A,2011,EUR,6,"capmod table 1; name: small; year: 2011; '
        .. 'unit: EUR mn; units.jobs: 1000 persons; countries: DEU; sectors: A C.1",1\n'
      assert.equal(head .. first .. table.concat(lines), content(stem .. ".csv"))
    end)

    it("is read in any order, what is missing as 0, and without the facts", function()
      local turned = { head, "Z,DEU,A,DEU,A,2011,EUR,6,,1\n" }
      for k = 2, #lines do
        if k ~= 2 then turned[#turned + 1] = lines[k] end
      end
      turned[#turned + 1] = lines[1]
      local m = read(table.concat(turned))
      assert.same({ "DEU.A", "DEU.C.1" }, m.Z:labels "rows")
      for _, part in ipairs{ "Z", "Y", "P", "F" } do
        assert.same(small[part]:list(), m[part]:list(), part)
      end
      assert.same({ 2011, 1 }, { m.year, #m.countries })
      assert.same(small.output:list(), m.output:list())
    end)

    it("is refused where it cannot be", function()
      local first = "Z,DEU,A,DEU,A,2011,EUR,6,,1\n"
      local number, message = refusal(read, head .. first .. table.concat(lines) .. lines[3])
      assert.equal("CM1306", number)
      assert.matches("a second observation of DEU.C.1 and DEU.C.1", message, 1, true)
      assert.equal("CM5103", (refusal(read, head .. first)))
      assert.equal("CM5003", (refusal(read, head .. first:gsub("1\n", "one\n"))))
      assert.equal("CM5202", (refusal(small.save, small, { stem .. ".xlsx", style = "sdmx" })))
      assert.equal("CM1004", (refusal(small.save, small, { stem .. ".csv", style = "sdxm" })))
    end)
  end)

  it("gives the same answers, and takes the factor along unless told not to", function()
    local m, core = cm.data.world, require "capmod.core"
    for _, factor in ipairs{ true, false } do
      m:save{ stem .. ".h5", factor = factor }
      local _, _, factored = core.load_table(stem .. ".h5")
      assert.equal(factor, factored)
      local f = cm.read(stem .. ".h5"):value_added{ product = "USA.D34t35" }
      assert.equal(m:value_added{ product = "USA.D34t35" }.share.KOR, f.share.KOR)
      os.remove(stem .. ".h5")
    end
  end)

  it("writes the same bytes each time", function()
    for _, ending in ipairs{ ".csv", ".xlsx" } do
      awkward:save(stem .. ending)
      local first = content(stem .. ending)
      awkward:save(stem .. ending)
      assert.equal(first, content(stem .. ending))
    end
  end)

  it("says what is wrong with a file that is nearly right", function()
    cm.data.world:save(stem .. ".csv")
    local text = content(stem .. ".csv")
    local function refused(changed, number, what)
      local file = assert(io.open(stem .. ".csv", "wb"))
      file:write(changed)
      file:close()
      local got, message = refusal(cm.read, stem .. ".csv")
      os.remove(stem .. ".csv")
      assert.equal(number, got)
      assert.matches(what, message)
    end
    refused(text:gsub("# countries:[^\n]*\n", ""), "CM5103", "countries")
    refused(text:gsub("\nZ,USA.C,[^\n]*", ""), "CM5103", "rows of Z")
    refused(text:gsub("\nZ,USA.C,", "\nZ,USA.D,"), "CM1203", "USA.D")
    refused(text:sub(1, 30000), "CM5004", "")
    assert.equal("CM5204", (refusal(cm.data.world.save, cm.data.world, "x.ods")))
    assert.equal("CM5001", (refusal(cm.data.world.save, cm.data.world, "/nowhere/x.h5")))
  end)

  it("refuses a package whose descriptor is cut short or does not fit", function()
    local path = stem .. ".datapackage.json"
    cm.data.world:save(path)
    local text = content(path)
    local function refused(changed, what)
      local file = assert(io.open(path, "wb"))
      file:write(changed)
      file:close()
      local number, message = refusal(cm.read, path)
      assert.equal("CM5103", number)
      assert.matches(what, message, 1, true)
    end
    for k = 1, 40 do refused(text:sub(1, (#text - 2) * k // 40), "no JSON") end
    refused(text:gsub('"USA%.C"', '"USA.D"'), "is 'USA.D', where")
    refused(text:gsub('"path": "', '"path": "../'), "names no file beside it")
    refused(text:gsub('"fields"', '"field"'), "without fields")
    refused("[1, 2]", "names no file")
    assert(os.remove(path))
    assert(os.remove(stem .. ".csv"))
  end)

  it("refuses HDF5 that is not its own, or was changed", function()
    cm.data.world:save(stem .. ".h5")
    local text = content(stem .. ".h5")
    local file = assert(io.open(stem .. ".h5", "wb"))
    file:write((text:gsub("CC BY 4.0", "CC BY 3.0")))
    file:close()
    local number, message = refusal(cm.read, stem .. ".h5")
    os.remove(stem .. ".h5")
    assert.equal("CM5002", number)
    assert.matches("key", message)
  end)
end)

describe("a frame saved as a workbook", function()
  it("has a sheet laid out as the csv", function()
    local f = cm.frame{ keys = { "country" }, rows = { { country = "a<b>&\"c\"", value = 1 / 3 } } }
    f:save(stem .. ".xlsx")
    local lines = require "capmod.core".peek(stem .. ".xlsx/frame", 9)
    os.remove(stem .. ".xlsx")
    assert.same({ "country", "measure", "value", "unit" }, lines[1])
    assert.equal("a<b>&\"c\"", lines[2][1])
    assert.equal(1 / 3, tonumber(lines[2][3]))
  end)
end)

describe("JSON", function()
  local json = require "capmod.json"

  it("is read as RFC 8259 has it", function()
    assert.same({ a = { 1, -0.5, 2e3, true, false }, ["b c"] = {}, e = "" },
      json.decode ' {"a":[1,-0.5,2E3,true,false], "b c" : {} ,"n":null,"e":""}\n')
    assert.equal('é€😀"\\/\n', json.decode [["\u00e9\u20AC\ud83d\ude00\"\\\/\n"]])
    local value = { text = "\127\1\"\\\t", list = { 0.1, 2 ^ -1074, { x = 1 } } }
    assert.same(value, json.decode(json.encode(value)))
  end)

  it("is refused with its line where it is none", function()
    for text, line in pairs{ -- any order
      [""] = 1, ["{\n"] = 2, ["[1,\n]"] = 2, ["[1 2]"] = 1, ["{a:1}"] = 1, ['{"a"\n1}'] = 2,
      ['"a'] = 1, ['"\n"'] = 1, ['"\\x"'] = 1, ['"\\ud800"'] = 1, ["01"] = 1, ["nul"] = 1,
      ["1\n\n2"] = 3, ["+1"] = 1, [("["):rep(200)] = 1 } do
      local got, message, where = json.decode(text)
      assert.is_nil(got)
      assert.is_string(message)
      assert.equal(line, where, text)
    end
  end)
end)
