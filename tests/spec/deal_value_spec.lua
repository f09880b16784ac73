--- Deals: who earns what, and where, in the plan of a coalition.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local function radio(t)
  t.chain = cm.chain{ name = "radio", unit = "USD", market = "USA", price = 50, stages = {
    { "chips", at = { SGP = 0.5, TWN = 0.5 }, adds = { SGP = 20, TWN = 24 } },
    { "assembly", at = { "CHN", "SGP" }, adds = { CHN = 8, SGP = 9 }, uses = "chips" } },
    trade = { freight = { SGP = { TWN = 0.04, CHN = 0.05, USA = 0.1 },
      CHN = { TWN = 0.02, USA = 0.1 } } } }
  t.members = { "SGP", "TWN", "CHN" }
  return cm.cooperation(t)
end

--- A shirt for the USA: 4 hours of others and 1 of skilled at 2 and 5 in ETH, at 8 and 20 in CHN.
local function shirt(t)
  t.chain = cm.chain{ name = "shirt", unit = "USD", market = "USA", price = 200, volume = 10,
    places = { ETH = { wage = { unskilled = 2, skilled = 5 } },
      CHN = { wage = { unskilled = 8, skilled = 20 } } },
    stages = { { "sewing", at = { "CHN", "ETH" }, labour = { unskilled = 4, skilled = 1 },
      duty_class = "shirts" } },
    trade = { freight = 0, tariff = { USA = { shirts = 0.1 } } } }
  t.members = { "CHN", "ETH" }
  return cm.cooperation(t)
end

describe("the plan of a deal", function()
  it("has value by place and what trade takes, by hand", function()
    local value = radio{}:decompose()
    assert.near(10, value:get{ country = "SGP" }.value, 1e-12)
    assert.near(12, value:get{ country = "TWN" }.value, 1e-12)
    assert.near(8, value:get{ country = "CHN" }.value, 1e-12)
    local freight = 0.5 + 0.24 + 0.1 * (22 + 0.5 + 0.24 + 8)
    assert.near(freight, value:get{ country = "(freight)" }.value, 1e-12)
    assert.matches("sum 33.81; 16.19 is left to share", tostring(value), 1, true)
  end)

  it("pays outsiders their margin, and freight on it, by hand", function()
    local deal = radio{ outsiders = "at_price", margin = 0.1 }
    local value = deal:decompose{ by = { "country", "component" }, members = { "China" } }
    assert.near(1, value:get{ country = "SGP", component = "margin" }.value, 1e-12)
    assert.near(1.2, value:get{ country = "TWN", component = "margin" }.value, 1e-12)
    local first = 0.05 * 11 + 0.02 * 13.2
    assert.near(first + 0.1 * (11 + 13.2 + first + 8),
      value:get{ country = "(freight)", component = "freight" }.value, 1e-12)
    assert.matches("in the plan of CHN", tostring(value), 1, true)
  end)

  it("and what is left to share come to the price, for every coalition", function()
    for _, margin in ipairs{ 0, 0.1, 0.3 } do
      local deal = radio{ outsiders = "at_price", margin = margin }
      for row in deal:coalitions():rows() do
        local members = {}
        for name in row.coalition:gmatch "%a+" do members[#members + 1] = name end
        local sum = deal:decompose{ members = members }:sum "value"
        assert.near(50, sum + row.worth, 1e-9)
      end
    end
  end)

  it("has jobs by skill and revenue, by hand", function()
    local deal = shirt{}
    local jobs = deal:decompose{ of = "jobs", by = { "country", "skill" } }
    assert.near(40, jobs:get{ country = "ETH", skill = "unskilled" }.jobs, 1e-12)
    assert.near(10, jobs:get{ country = "ETH", skill = "skilled" }.jobs, 1e-12)
    assert.near(1.3, deal:decompose{ of = "revenue" }:get{ country = "USA" }.revenue, 1e-12)
    assert.near(5.2, deal:decompose{ of = "revenue", members = { "CHN" } }:get{
      country = "USA" }.revenue, 1e-12)
  end)

  it("is the one that payoffs in kind choose", function()
    local deal = shirt{ payoffs = { jobs = { sewing = { CHN = 500 } } }, weights = { jobs = 1 } }
    assert.near(52, deal:decompose{ by = "country" }:get{ country = "CHN" }.value, 1e-12)
  end)

  it("is refused where there is none", function()
    local deal = radio{}
    local none, why = refusal(deal.decompose, deal, { members = { "CHN" } })
    assert.equal("CM2043", none)
    assert.matches("there is no plan of CHN, who cannot do 'chips'\n", why, 1, true)
    assert.equal("CM2210", (refusal(deal.decompose, deal, { members = { "USA" } })))
    assert.equal("CM2210", (refusal(deal.decompose, deal, { members = {} })))
    assert.equal("CM1001", (refusal(deal.decompose, deal, { membres = { "CHN" } })))
    local given = cm.cooperation{ members = { "A" }, worth = { A = 1 } }
    local number, said = refusal(given.decompose, given)
    assert.equal("CM2043", number)
    assert.matches("has worths that are given", said, 1, true)
  end)
end)
