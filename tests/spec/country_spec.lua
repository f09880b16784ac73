--- Countries as models: their figures and sources, changes, what chains take of them.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

describe("a country", function()
  -- Gross fixed capital formation 2014, UN national accounts: China 4.72, USA 3.43 trillion USD.
  -- GDP 2019, World Bank: Ethiopia 95.9, Germany 3888 billion USD.
  it("has figures of the publishers", function()
    assert.near(4.72e12, cm.model.country("China").investment, 5e9)
    assert.near(3.43e12, cm.model.country("USA").investment, 5e9)
    assert.near(95.9e9, cm.model.country("ETH").gdp, 5e7)
    assert.near(3888e9, cm.model.country("DEU").gdp, 1e9)
    assert.equal("low income", cm.model.country("ETH").income)
    assert.equal("Addis Ababa", cm.model.country("ETH").capital)
  end)

  it("states a wage that is the labour share of output over persons engaged", function()
    for _, code in ipairs{ "ETH", "CHN", "USA", "DEU", "BGD" } do
      local c = cm.model.country(code)
      assert.near(1, c.labour_share * c.gdp / c.labour / c.wage, 1e-5)
    end
    assert.equal(1, cm.model.country("USA").productivity)
    assert.matches("estimate: median labour share of its income class", tostring(cm.model
      .country "ETH"), 1, true)
  end)

  it("prints each figure with year and source", function()
    local f = cm.model.country("KEN"):figures()
    for row in f:rows() do
      assert.matches("^%[%d+%]$", row.source)
      if not ("capital latitude longitude"):find(row.figure) then
        assert.equal("number", type(row.year), row.figure)
      end
    end
    assert.equal(2014, f.year.investment)
    assert.matches("%[%d+%] Penn World Table 10%.01", tostring(f))
  end)

  it("changes, and says by whom", function()
    local eth = cm.model.country "ETH"
    local other = eth:with{ wage = 1200, source = "ministry of labour", year = 2024 }
    assert.equal(1200, other.wage)
    assert.near(787.6, eth.wage, 0.1)
    assert.matches("ministry of labour", tostring(other), 1, true)
    assert.equal(2024, other:figures().year.wage)
    assert.equal(3, eth:with{ tier = 3 }.tier)
    local stated = cm.model.country("TWN", { wage = 20000, skilled = 1.4, unskilled = 0.8,
      productivity = 0.7, tier = 3 })
    assert.near(10 * 0.8, stated:place{ per = "hour" }.wage.unskilled, 1e-12)
  end)

  it("takes the tier from exports where a complexity is given", function()
    local c = cm.complexity{ exports = cm.data.world }
    local chn = cm.model.country("CHN", { complexity = c })
    assert.equal(c:tiers().tier.CHN, chn.tier)
    assert.matches("the lesser of the third of ECI (1) and", tostring(chn), 1, true)
    assert.equal("CM3132", (refusal(cm.model.country, "ETH", { complexity = c })))
  end)

  it("lies where it lies", function()
    -- Addis Ababa 9.02 N 38.75 E, Beijing 40.05 N 116.29 E: 8305 km on a sphere of 6371 km, from
    -- the spherical law of cosines
    local function cosines(a, b)
      local p, q = math.rad(a.latitude), math.rad(b.latitude)
      return 6371 * math.acos(math.sin(p) * math.sin(q) + math.cos(p) * math.cos(q)
        * math.cos(math.rad(a.longitude - b.longitude)))
    end
    local eth, chn = cm.model.country "ETH", cm.model.country "CHN"
    assert.near(cosines(eth, chn), eth:distance(chn), 1e-6)
    assert.near(8305, eth:distance "CHN", 1)
    assert.equal(0, eth:distance(eth))
  end)

  it("has experience by its investment, and the article's figures by name", function()
    local ask = { share = 0.01, price = 1e9, years = 10 }
    local chn, usa = cm.model.country "CHN", cm.model.country "USA"
    assert.near(472.1, chn:experience(ask), 0.1)
    local named = chn:with{ investment = "article" }
    assert.near(460, named:experience(ask), 1e-9)
    assert.near(320, usa:with{ investment = "article" }:experience(ask), 1e-9)
    assert.matches("named alternative 'article'", tostring(named), 1, true)
    local number, message = refusal(cm.model.country, "ETH", { investment = "article" })
    assert.equal("CM3132", number)
    assert.matches('there are "article" for CHN, "article" for USA', message, 1, true)
  end)
end)

describe("countries", function()
  it("are many, each complete", function()
    local f = cm.model.countries()
    assert.is_true(#f >= 160)
    for row in f:rows() do
      for _, name in ipairs{ "wage", "productivity", "labour", "gdp", "investment" } do
        assert(row[name] and row[name] > 0, row.country .. " has no " .. name)
      end
      local c = cm.model.country(row.country)
      assert(c.skilled > c.unskilled and c.latitude and c.longitude, row.country)
      assert(row.income and row.tier, row.country .. " has no class")
    end
    assert.equal(5, #cm.model.countries "BRICS_2010")
    -- a group without a year is that of the year of the figures: Indonesia and others came later
    local printed = tostring(cm.model.countries "BRICS + VNM")
    assert.matches("BRICS_2019 + VNM: BRA, CHN, IND, RUS, VNM, ZAF (6)", printed, 1, true)
    assert.is_nil(tostring(cm.model.countries{ "CHN", "USA" }):find("(2)", 1, true))
    assert.matches("no figures of .*TWN", tostring(cm.model.countries "APEC"))
  end)

  it("tell how places are written, where they are not", function()
    for fix, given in pairs{ ['cm.model.country "CHN"'] = { "CHN", 3 },
      ['cm.model.places{ "CHN", "ETH"'] = {} } do
      local number, said = refusal(cm.model.places, given)
      assert.equal(#given == 0 and "CM1002" or "CM1003", number)
      assert.matches("fix: [^\n]*" .. fix:gsub("%p", "%%%0"), said)
    end
  end)

  it("are data with source and licence", function()
    local d = cm.data.countries
    assert.near(cm.model.country("ETH").wage, d.figures.value["ETH.wage"], 1e-9)
    assert.matches("CC BY 4.0", d.licence, 1, true)
    assert.matches("^figures of countries", tostring(d))
  end)
end)

describe("a chain of countries", function()
  local stages = { { "sewing", at = { "CHN", "ETH" },
    labour = { skilled = 0.1, unskilled = 0.9 } } }

  it("takes them as places, by name or by hand", function()
    local eth = cm.model.country("ETH"):with{ wage = 1000, productivity = 0.5 }
    local c = cm.chain{ name = "shirts", market = "USA", stages = stages,
      places = cm.model.places{ "CHN", eth, per = "hour" } }
    local plan = c:locate()
    local wage = 1000 / 2000
    assert.equal("ETH", plan.chain:stages().at.sewing)
    assert.near((0.1 * eth.skilled + 0.9 * eth.unskilled) * wage / 0.5, plan.cost, 1e-9)
    local own = cm.chain{ name = "shirts", market = "USA", stages = stages,
      places = { CHN = cm.model.country "CHN", ETH = eth } }
    assert.near(plan.cost * 2000, own:locate().cost, 1e-6)
    assert.near(own:locate().cost * 2, own:with{ ["productivity.ETH"] = 0.25 }:locate{
      subject = { ["value.CHN"] = { max = 0 } } }.cost, 1e-6)
  end)

  it("takes them as operators", function()
    local c = cm.chain{ name = "engine", market = "ETH", stages = {
      { "engine", at = "ETH", by = { "DEU", "ETH" }, tier = 3, labour = 2 } },
      places = { ETH = { wage = 5, tier = 1 } },
      operators = { DEU = cm.model.country("DEU"):with{ productivity = 0.8 } } }
    local plan = c:locate()
    assert.equal("DEU", plan.chain:stages().by.engine)
    assert.near(2 / 0.8 * 5, plan.cost, 1e-12)
  end)
end)

describe("a country refuses", function()
  it("what is unknown or cannot be", function()
    assert.equal("CM1101", (refusal(cm.model.country, "Ethopia")))
    assert.equal("CM3131", (refusal(cm.model.country, "TWN")))
    assert.equal("CM3132", (refusal(cm.model.country, "ETH", { wage = -1 })))
    assert.equal("CM3132", (refusal(cm.model.country, "ETH", { wage = 0 / 0 })))
    assert.equal("CM1001", (refusal(cm.model.country, "ETH", { wages = 1 })))
    local eth = cm.model.country "ETH"
    assert.equal("CM1001", (refusal(function() return eth.wages end)))
    assert.equal("CM1505", (refusal(function() eth.wage = 1 end)))
    assert.equal("CM1004", (refusal(eth.place, eth, { per = "week" })))
    assert.equal("CM3132", (refusal(eth.place, eth, { money = 0 })))
    assert.equal("CM1002", (refusal(eth.experience, eth, { share = 0.01, price = 1 })))
    assert.equal("CM3132", (refusal(eth.experience, eth, { share = 0, price = 1, years = 1 })))
    assert.equal("CM3132", (refusal(function()
      return cm.model.country("TWN", { wage = 1 }):place()
    end)))
  end)
end)
