--- Bad input to docs/placing.md, as a new user writes it: what is said of it, and how to mend it.
local cm = require "capmod"

local function loco(change)
  local given = { name = "locomotive", market = "KEN", home = "CHN", volume = 100,
    stages = {
      { "engine", at = { "CHN", "KEN" }, by = "CHN", class = "engines",
        labour = { skilled = 60, unskilled = 20 } },
      { "body", at = { "CHN", "KEN" }, by = { "CHN", "KEN" }, duty_class = "vehicles",
        labour = { unskilled = 120 }, uses = "engine" },
    },
    places = { CHN = { wage = { skilled = 9, unskilled = 5 } },
      KEN = { wage = { skilled = 7, unskilled = 2 }, setup = { engines = 30000 } } },
    operators = { CHN = { abroad = 0.85 } },
    trade = { freight = 0.06, tariff = { KEN = { vehicles = 0.25 } } } }
  change(given)
  return cm.chain(given)
end

--- What is raised, as it prints.
local function said(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  return tostring(e)
end

local function refuses(change, ...)
  local text = said(loco, change)
  for _, wanted in ipairs{ ... } do assert.truthy(text:find(wanted, 1, true), text) end
  local _, count = text:gsub("error CM", "")
  assert.equal(1, count, text)
end

describe("a chain that is to be placed", function()
  it("loses nothing of where a stage may be", function()
    refuses(function(g) g.stages[2].at = { "CHN", KEN = 0.5 } end, "CM2004",
      "is a list of candidates, and has KEN = 0.5 beside it")
    refuses(function(g) g.stages[2].at = { "CHN", { CHN = 0.5, KEN = 0.5 } } end, "CM2004",
      "a candidate of at is a table", "shares are settled")
    refuses(function(g) g.stages[2].by = { "CHN", { "CHN", "KEN" } } end, "CM2004",
      "have no shares", "by = { \"CHN\", { CHN = 0.6, ETH = 0.4 } }")
  end)

  it("wants tables by place, not lists", function()
    refuses(function(g) g.places = { "CHN", "KEN" } end, "CM1003", "'places' is a list",
      "places = { CHN = { ... } }")
    refuses(function(g) g.trade.freight = { { "CHN", "KEN", 0.1 } } end, "CM1003",
      "'trade.freight' is a list", "freight = { CHN = { BRA = 0.05 } }")
    refuses(function(g) g.trade.freight = { CHN = 0.1 } end, "CM1003", "'trade.freight.CHN' is a "
      .. "number", "freight = { CHN = { BRA = 0.05 } }")
    refuses(function(g) g.trade.tariff = { "KEN" } end, "CM1003", "'trade.tariff' is a list")
  end)

  it("names the field that is of another kind", function()
    refuses(function(g) g.volume = "100" end, "CM1003", "'volume' is a string")
    refuses(function(g) g.places.KEN.setup = 300 end, "CM1003", "places.KEN: 'setup' is a number")
    refuses(function(g) g.operators.CHN.experience = 4000 end, "CM1003",
      "operators.CHN: 'experience' is a number")
  end)

  it("suggests what is meant, not what is there beside it", function()
    refuses(function(g) g.trade.tariff.KEN.vehicle = 0.2 end, "CM2002", "no duty_class",
      "did you mean 'vehicles'?")
    refuses(function(g) g.stages[1].labour = { skiled = 60 } g.stages[1].at = "KEN" end, "CM2061",
      "did you mean 'skilled'?")
    local text = said(loco, function(g) g.places.KEN.wage = { skilled = 7 } end)
    assert.truthy(text:find("places = { KEN = { wage = { unskilled = ... } } }", 1, true), text)
    assert.falsy(text:find("did you mean", 1, true), text)
  end)
end)

describe("rates", function()
  it("are numbers, also where only the question has them", function()
    local chain = loco(function() end)
    for _, tariff in ipairs{ { KEN = "20%" }, { KEN = { body = "20%" } } } do
      local text = said(chain.locate, chain, { trade = { tariff = tariff } })
      assert.matches("CM2041: locate: trade.tariff.KEN[.body]* is '20%%'", text)
      assert.matches("0.05 for 5 per cent", text)
    end
  end)

  it("that look like per cent are named over results", function()
    local note = "200 % and more, since rates are shares (0.2 is 20 %): "
    local chain = loco(function(g) g.trade.tariff.KEN.vehicles, g.places.KEN.tax = 25, 30 end)
    local plan = chain:locate()
    for _, frame in ipairs{ plan, plan:why "body", chain:schedule(), plan:decompose() } do
      assert.truthy(tostring(frame):find(note .. "tariff.KEN.vehicles = 25, tax.KEN = 30", 1,
        true), tostring(frame))
    end
    local sound = loco(function(g) g.trade.tariff.KEN.vehicles = 1.9 end)
    assert.is_nil(tostring(sound:locate()):find(note, 1, true))
    local asked = sound:locate{ trade = { freight = { CHN = { KEN = 6 } } } }
    assert.truthy(tostring(asked):find(note .. "freight.CHN.KEN = 6", 1, true))
    assert.truthy(tostring(asked:why "body"):find(note, 1, true))
    assert.is_nil(tostring(sound:schedule()):find(note, 1, true))
  end)
end)

describe("figures that do not fit", function()
  it("are said to be finite, and mended by what their own field is", function()
    refuses(function(g) g.places.KEN.capacity = math.huge end, "CM2060",
      "places.KEN.capacity is inf, not a finite number at least 0", "fix:   capacity: labour there")
    refuses(function(g) g.places.KEN.wage.skilled = -1 end, "CM2060",
      "places.KEN.wage.skilled is -1", "fix:   wage: per unit of labour")
    refuses(function(g) g.scale = { bodies = { 100, 9 } } end, "CM2060",
      "scale.bodies: point 1 is a number, not a volume and a unit cost",
      "{ { 100, 9 }, { 1000, 6 } }")
    refuses(function(g) g.name = nil end, "CM1002", "chain '?' needs the field 'name'")
  end)
end)

describe("a question to a chain", function()
  local chain = loco(function() end)

  local function refused(question, ...)
    local text = said(chain.locate, chain, question)
    for _, wanted in ipairs{ ... } do assert.truthy(text:find(wanted, 1, true), text) end
  end

  it("has rules with bounds", function()
    refused({ subject = { cost = 210 } }, "CM1003", "subject.cost", "{ max = 210 }")
    refused({ subject = { cost = {} } }, "CM2042", "subject.cost says neither min nor max")
    refused({ subject = { cost = { max = 0 / 0 } } }, "CM2042", "a bound of subject.cost")
  end)

  it("has limits that are numbers", function()
    refused({ time = -1 }, "CM1004", "time = -1", "seconds, for all of it")
    refused({ gap = 0 / 0 }, "CM1004", "gap = ", "is no number from 0")
  end)

  it("is about figures and measures that there are", function()
    local plan = chain:locate()
    assert.matches("CM2065.*did you mean 'freight'", said(plan.range, plan, "freigth"))
    assert.matches("CM2065.*did you mean 'freight'", said(chain.with, chain, { freigth = 0.1 }))
    assert.matches("CM1004.*between two measures", said(chain.frontier, chain,
      { "cost", "value.KEN", "value.CHN" }))
    assert.matches("CM1001: frontier has no field 'pionts'.*did you mean 'points'", said(
      chain.frontier, chain, { "cost", "value.KEN", pionts = 3 }))
    assert.matches("CM2002.*start names the stage 'bodi'.*did you mean 'body'", said(chain.over,
      chain, { years = { 2026, 2027 }, start = { bodi = "CHN" } }))
  end)
end)
