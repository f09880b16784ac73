--- Sectors and chains that come with capmod: shares, stages that cost at their base what they
--- should, templates with their sources, what stands over results, refusals.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local COSTS = { batteries = 100, car = 100, cement = 181.8, garments = 6.75, hydro_dam = 100,
  port = 100, power_plant = 1747.1, railway = 347.8, shoes = 19, solar = 4, steel = 458,
  telecom = 100 }
local CITED = { car = "World Trade Organization",
  railway = "Treasury of Kenya", cement = "IEAGHG", steel = "Medarac", garments = "Huq",
  solar = "Helveston", power_plant = "NETL" }

describe("a sector", function()
  it("has shares of output that add up, a tier, and a site", function()
    for i = 1, 35 do
      local s = cm.model.sector("c" .. i)
      assert.near(1, s.labour + s.capital + s.inputs, 2e-4)
      assert(s.skilled > 0 and s.skilled < 1, s.code)
    end
    assert.same({ 3, "high", false }, (function()
      local s = cm.model.sector "Electronics"
      return { s.tier, s.intensity, s.on_site }
    end)())
    assert.is_true(cm.model.sector("Construction").on_site)
    assert.matches("medians of 40 countries, 2009", tostring(cm.model.sector "c13"), 1, true)
  end)

  it("makes a stage that costs at its base just that, and elsewhere by wages and productivity",
    function()
      local function at(place, changes)
        local stage = cm.model.sector("machinery"):stage("boiler", { cost = 775, base = "USA",
          at = place, class = "boilers" })
        for field, value in pairs(changes or {}) do stage[field] = value end
        stage.tier = nil
        return cm.chain{ name = "boiler", places = cm.model.places{ "USA", "CHN" },
          stages = { stage } }:decompose{ by = "component" }
      end
      local usa, chn, s = at "USA", at "CHN", cm.model.sector "machinery"
      assert.near(775, usa:sum "value", 1e-9)
      assert.near(775 * s.labour / (s.labour + s.capital + s.inputs), usa.value.wages, 1e-9)
      local a, b = cm.model.country "USA":place(), cm.model.country "CHN":place()
      local function pay(skill)
        return b.wage[skill] / b.productivity / (a.wage[skill] / a.productivity)
      end
      assert.near(usa.value.wages * (s.skilled * pay "skilled"
        + (1 - s.skilled) * pay "unskilled"), chn.value.wages, 1e-9)
      assert.near(usa.value.capital, chn.value.capital, 1e-12)
    end)

  it("takes parts of a cost that are known, and divides the rest", function()
    local stage = cm.model.sector("c4"):stage("sewing", { cost = 1, base = "BGD", wages = 0.38,
      profit = 0.12 })
    local s = cm.model.sector "c4"
    assert.equal(0.12, stage.profit)
    assert.near(0.5 * s.capital / (s.capital + s.inputs), stage.capital, 1e-15)
    assert.near(0.5, stage.capital + stage.materials, 1e-15)
    local place = cm.model.country "BGD":place()
    assert.near(0.38, (stage.labour.skilled * place.wage.skilled
      + stage.labour.unskilled * place.wage.unskilled) / place.productivity, 1e-15)
  end)

  it("changes, and refuses what does not add up", function()
    assert.equal(0.4, cm.model.sector("c13"):with{ skilled = 0.4 }.skilled)
    assert.equal("CM3134", (refusal(function()
      cm.model.sector("c13"):with{ labour = 0.9 }
    end)))
    assert.equal("CM3134", (refusal(function()
      cm.model.sector("c13"):with{ skilled = 1.2 }
    end)))
    assert.equal("CM3134", (refusal(function()
      cm.model.sector("c13"):stage("x", { cost = 1, base = "USA", wages = 1.5 })
    end)))
    assert.equal("CM3134", (refusal(function()
      cm.model.sector("c13"):stage("x", { cost = 1, base = "USA", wages = 0.1, capital = 0.1,
        materials = 0.1 })
    end)))
    assert.equal("CM1002", (refusal(function()
      cm.model.sector("c13"):stage("x", { cost = 1 })
    end)))
    assert.equal("CM1001", (refusal(function() return cm.model.sector("c13").wage end)))
    assert.equal("CM1505", (refusal(function() cm.model.sector("c13").tier = 1 end)))
  end)
end)

describe("a chain that comes with capmod", function()
  it("costs what its source says, whole and by stage", function()
    local listed = cm.model.chains()
    assert.equal(12, #listed)
    for name, cost in pairs(COSTS) do
      local f = cm.model.chain(name):decompose{ by = "stage" }
      assert.near(cost, f:sum "value", cost * 1e-12)
      assert.near(cost, listed.cost[name], cost * 1e-12)
    end
    -- the car as the WTO has it: Korea 30, Japan 17.5, Germany 7.5 of 100
    local car = cm.model.chain("car"):decompose().share
    for place, share in pairs{ KOR = 0.3, JPN = 0.175, DEU = 0.075, USA = 0.37 } do
      assert.near(share, car[place], 1e-12)
    end
    -- what is bought in stands apart: the stages of the power plant, by their own figures
    local plant = cm.model.chain "power_plant"
    local shares = cm.model.sector "c13"
    assert.near(562.9 * (shares.labour + shares.capital) / (shares.labour + shares.capital
      + shares.inputs), plant:decompose{ by = "stage" }.value.boiler, 1e-9)
  end)

  it("prints its source, or that it is illustrative, over every result", function()
    for name in pairs(COSTS) do
      local c = cm.model.chain(name, { host = "KEN", by = "CHN", market = "KEN",
        places = { "KEN", "CHN", cm.model.country("DEU") } })
      local plan = c:locate()
      assert.equal("optimal", plan.status, name)
      local wanted = CITED[name] or "illustrative: the stages are real, their costs are made up"
      local first = plan.chain:stages()[1].stage
      for _, result in ipairs{ c, plan, plan:decompose(), plan:why(first), c:figures(),
        plan.chain:decompose{ of = "jobs" }, plan.chain:summary() } do
        assert.matches(wanted, tostring(result), 1, true)
      end
      assert.equal(CITED[name] ~= nil, cm.model.chains().costs[name] ~= "illustrative")
      if CITED[name] then assert.is_string(c.source) else assert.is_nil(c.source) end
    end
  end)

  it("says so in deals that rest on it", function()
    local c = cm.model.chain("port", { host = "KEN", by = { "CHN", "DEU" }, price = 110,
      places = { "KEN", "CHN", "DEU" } })
    local deal = cm.cooperation{ chain = c, members = { "CHN", "DEU", "KEN" } }
    assert.matches("illustrative", tostring(deal), 1, true)
    assert.matches("illustrative", tostring(deal:divide()), 1, true)
  end)

  it("keeps on the site what stands there, and makes the rest where it is cheapest", function()
    local c = cm.model.chain("power_plant", { host = "KEN", by = { "CHN", "DEU" },
      places = { "KEN", "CHN", "DEU" }, trade = { freight = 0.05 } })
    local plan = c:locate()
    local f = plan.chain:stages()
    assert.equal("KEN", f.at["plant and erection"])
    assert.equal("KEN", f.by.site)
    assert.matches("CHN", f.at.boiler) -- Kenya is short of its tier, Germany dearer
    local why = plan:why "boiler"
    for row in why:rows() do
      if row.at == "KEN" then assert.equal("short of its tier", row.status) end
    end
    local other = cm.model.chain("power_plant", { host = "KEN", by = "CHN", trade = {
      freight = 0.05 }, places = { cm.model.country("KEN"):with{ tier = 2 }, "CHN", "DEU" } })
    assert.equal("KEN", other:locate().chain:stages().at.boiler)
  end)

  it("takes fields of cm.chain, changes of stages and modes", function()
    local c = cm.model.chain("railway", { name = "line to Kisumu", host = "KEN", home = "CHN",
      places = { "KEN", "CHN" }, stages = { land = { capital = 16 } } })
    assert.equal("line to Kisumu", c.name)
    local joint = c:as("joint", { home = "CHN", host = "KEN", equity = 0.6 })
    local f = joint:decompose{ by = "stage" }
    assert.near(16, f.value.land, 1e-12)
    assert.matches("Treasury of Kenya", tostring(f), 1, true)
  end)

  it("stands where places are given as cm.chain takes them", function()
    local places = cm.model.places{ "BGD", "ETH" }
    places.ETH.productivity = 2 * places.ETH.productivity
    local c = cm.model.chain("garments", { market = "USA", places = places })
    local plan = c:locate()
    assert.equal("ETH", plan.chain:stages().at.sewing)
  end)

  it("is refused under a wrong name, or without its host", function()
    local number, message = refusal(cm.model.chain, "powerplant")
    assert.equal("CM3133", number)
    assert.matches("did you mean 'power_plant'", message, 1, true)
    assert.equal("CM3135", (refusal(cm.model.chain, "railway", { places = { "KEN", "CHN" } })))
    assert.equal("CM3135", (refusal(cm.model.chain, "railway", { host = "DEU",
      places = { "KEN", "CHN" } })))
    assert.equal("CM3135", (refusal(cm.model.chain, "railway", { host = "KEN" })))
    assert.equal("CM1001", (refusal(cm.model.chain, "railway", { place = {} })))
  end)
end)

describe("the note of a chain", function()
  it("stands over its results and those of its plans, once", function()
    local c = cm.chain{ name = "x", note = "draft", stages = { { "a", at = { "CHN", "ETH" },
      adds = { CHN = 2, ETH = 1 } } } }
    local plan = c:locate()
    for _, result in ipairs{ c, plan, plan:decompose(), plan:why "a" } do
      local _, count = tostring(result):gsub("draft", "")
      assert.equal(1, count)
    end
    assert.no.matches("draft", tostring(c:with{ note = false }))
  end)
end)
