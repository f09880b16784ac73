--- Frames in the forms that other programs read. What the files must hold is written down from the
--- specifications (concept names of SDMX as in the TiVA files; Frictionless Table Schema).

local cm = require "capmod"

local function refusal(...)
  local ok, err = pcall(...)
  assert(not ok, "it was not refused")
  return err.number, tostring(err)
end

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
