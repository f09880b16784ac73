--- What countries state of themselves for chains and deals: duties, and what they have outside.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

--- Shirts sewn for 10 in one of four places and sold in the United States.
local function shirts(usa, more)
  local t = { name = "shirt", market = "USA", stages = {
    { "sewing", at = { "CHN", "MEX", "VNM", "USA" }, duty_class = "shirts", sector = "c04",
      adds = { CHN = 10, MEX = 10, VNM = 10, USA = 13 } } },
    places = { USA = usa } }
  for field, value in pairs(more or {}) do t[field] = value end
  return cm.chain(t)
end

local function costs(chain, given)
  local list = {}
  for row in chain:locate(given):why("sewing"):rows() do list[row.at] = row["best cost"] end
  return list
end

describe("duties of a country", function()
  local usa = cm.model.country("USA"):with{ source = "a schedule", year = 2024,
    tariff = { others = 0.02, shirts = 0.16, from = { Mexico = 0, CHN = { shirts = 0.25 } } } }

  it("are those of its name, its exporter, or of others, by hand", function()
    local found = costs(shirts(usa))
    assert.near(12.5, found.CHN, 1e-12)
    assert.near(10, found.MEX, 1e-12)
    assert.near(11.6, found.VNM, 1e-12)
    assert.near(13, found.USA, 1e-12)
    -- a class that it does not name is among others; CHN's row says nothing of it
    local plain = costs(shirts(usa):with{ stages = { sewing = { duty_class = false } } })
    assert.near(10.2, plain.CHN, 1e-12)
    assert.near(10, plain.MEX, 1e-12)
    local by_sector = costs(shirts{ tariff = { c04 = 0.1, others = 0.5 } })
    assert.near(11, by_sector.VNM, 1e-12)
    assert.near(11.2, costs(shirts{ tariff = { c04 = 0.1, shirts = 0.12 } }).VNM, 1e-12)
    assert.near(10.7, costs(shirts{ tariff = 0.07 }).VNM, 1e-12)
  end)

  it("yield to what trade says of the same importer, and to no other", function()
    local own = shirts(usa, { trade = { freight = 0.1, tariff = { USA = { shirts = 0.5 } } } })
    assert.near(10 * 1.1 * 1.5, costs(own).MEX, 1e-12)
    local other = shirts(usa, { trade = { freight = 0.1, tariff = { MEX = 0.9 } } })
    assert.near(10 * 1.1 * 1.25, costs(other).CHN, 1e-12)
    assert.near(10 * 1.16, costs(other, { trade = {} }).VNM, 1e-12)
    assert.near(10, costs(other, { trade = { tariff = { USA = 0 } } }).VNM, 1e-12)
  end)

  it("are figures with names, which go by the duties in force", function()
    local chain = shirts(usa)
    assert.near(11, costs(chain:with{ ["tariff.USA.from.CHN.shirts"] = 0.1 }).CHN, 1e-12)
    assert.near(0.16, chain:figures():get{ name = "tariff.USA.shirts" }.value, 1e-12)
    local own = chain:with{ trade = { tariff = { USA = { shirts = 0.5 } } } }
    assert.near(12, costs(own:with{ ["tariff.USA.shirts"] = 0.2 }).MEX, 1e-12)
    assert.equal("0.2500", usa:figures().value["tariff.from.CHN.shirts"])
    assert.equal(2024, usa:figures().year["tariff.others"])
    usa.tariff.shirts = 9 -- what is handed out is a copy
    assert.equal(0.16, usa.tariff.shirts)
  end)

  it("hold over links within the chain too, as duties in trade do", function()
    local function engine(tariff, trade)
      return cm.chain{ name = "engine", market = "BRA", stages = {
        { "block", at = "DEU", adds = 100 },
        { "engine", at = "BRA", adds = 50, uses = "block" } },
        places = { BRA = { tariff = tariff } }, trade = trade }:locate().cost
    end
    local duties = { block = 0.1, from = { DEU = { block = 0.3 } } }
    assert.near(180, engine(duties), 1e-12)
    assert.near(180, engine(nil, { tariff = { BRA = duties } }), 1e-12)
    assert.near(150, engine(), 1e-12)
  end)

  it("may name what only other chains make, but no slips", function()
    assert.near(10, costs(shirts{ tariff = { tractors = 0.4, c05 = 0.1 } }).VNM, 1e-12)
    local number, message = refusal(shirts, { tariff = { shrits = 0.1 } })
    assert.equal("CM2063", number)
    assert.matches("did you mean 'shirts'?", message, 1, true)
    assert.equal("CM2041", (refusal(shirts, { tariff = { shirts = -1 } })))
    assert.equal("CM2041", (refusal(shirts, { tariff = { from = { MEX = { from = { } } } } })))
    assert.equal("CM1003", (refusal(shirts, { tariff = { 0.1 } })))
    assert.equal("CM1003", (refusal(shirts, { tariff = { from = { 0.1 } } })))
    assert.equal("CM1101", (refusal(shirts, { tariff = { from = { Mexcio = 0 } } })))
    assert.equal("CM1003", (refusal(shirts, { tariff = "none" })))
    local with = usa.with
    for _, tariff in ipairs{ -1, 0 / 0, { 0.1 }, { shirts = -1 }, { shirts = { 1 } },
      { from = { MEX = { from = { CHN = 0 } } } } } do
      assert.equal("CM3132", (refusal(with, usa, { tariff = tariff })))
    end
    assert.equal("CM1101", (refusal(with, usa, { tariff = { from = { Mexcio = 0 } } })))
  end)
end)

describe("what a country has outside a deal", function()
  local function plant(more)
    local t = { name = "plant", price = 100, stages = {
      { "site", at = "KEN", by = "KEN", adds = 20 },
      { "works", at = "KEN", by = { "CHN", "FRA" }, adds = { CHN = 40, FRA = 50 } } } }
    for field, value in pairs(more or {}) do t[field] = value end
    return cm.chain(t)
  end
  local fra = cm.model.country("FRA"):with{ outside = 15, source = "its order book" }

  local function worth(deal, coalition)
    return deal:coalitions():get{ coalition = coalition }.worth
  end

  it("counts for a member that is a model, or is named in the chain", function()
    local by_object = cm.cooperation{ chain = plant(), members = { "CHN", fra, "KEN" } }
    local operator = cm.cooperation{ chain = plant{ operators = { FRA = fra } },
      members = { "CHN", "France", "KEN" } }
    local place = cm.cooperation{ chain = plant{ places = { FRA = { outside = 15 } } },
      members = { "CHN", "FRA", "KEN" } }
    local stated = cm.cooperation{ chain = plant(), members = { "CHN", "FRA", "KEN" },
      outside = { FRA = 15 } }
    for _, deal in ipairs{ by_object, operator, place, stated } do
      assert.same({ "CHN", "FRA", "KEN" }, deal.members)
      assert.equal(15, worth(deal, "FRA"))
      -- CHN + KEN make 100 - 20 - 40, and FRA keeps what it has
      assert.equal(40 + 15, worth(deal, "CHN + FRA + KEN"))
      assert.matches("outside the deal: FRA 15", tostring(deal), 1, true)
      assert.equal(tostring(stated:divide{ rule = "nash" }),
        tostring(deal:divide{ rule = "nash" }))
    end
    -- Nash: what each has alone, and a third of the rest
    assert.near(15 + 40 / 3, by_object:divide{ rule = "nash" }:get{ member = "FRA" }.gains, 1e-9)
  end)

  it("yields to what the deal says of that member", function()
    local deal = cm.cooperation{ chain = plant(), members = { "CHN", fra, "KEN" },
      outside = { FRA = 3, CHN = 1 } }
    assert.same({ 3, 1 }, { worth(deal, "FRA"), worth(deal, "CHN") })
    local given = cm.cooperation{ members = { fra, "B" },
      worth = { FRA = 0, B = 0, ["FRA + B"] = 20 } }
    assert.same({ 15, 20 }, { worth(given, "FRA"), worth(given, "FRA + B") })
  end)

  it("counts where worths are not listed", function()
    local function alone(listed)
      return cm.cooperation{ chain = plant(), listed = listed, members = { "CHN", fra, "KEN" } }
        :divide{ rule = "equal" }:get{ member = "FRA" }.alone
    end
    assert.equal(fra.outside, alone(true))
    assert.equal(alone(true), alone(false))
  end)

  it("is refused where it is no number", function()
    assert.equal("CM3132", (refusal(fra.with, fra, { outside = 0 / 0 })))
    assert.equal("CM1003", (refusal(fra.with, fra, { outside = "much" })))
    assert.equal(-4, fra:with{ outside = -4 }.outside) -- who needs the deal may lose without it
    assert.equal("CM1003", (refusal(plant, { places = { FRA = { outside = "x" } } })))
    assert.equal("CM2060", (refusal(plant, { operators = { FRA = { outside = 1 / 0 } } })))
  end)
end)
