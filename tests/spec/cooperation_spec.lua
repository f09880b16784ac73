--- Deals: known answers of cooperative games, and a power plant by hand.

local cm = require "capmod"

local function refusal(...)
  local ok, err = pcall(...)
  assert(not ok, "it was not refused")
  return err.number, tostring(err)
end

local function assert_shares(expected, deal, rule)
  local gains = deal:divide{ rule = rule }
  for member, value in pairs(expected) do
    assert.near(value, gains:get{ member = member }.gains, 1e-9)
  end
end

--- A bankruptcy game (O'Neill 1982): what the others' claims leave of the estate.
local function claims(estate)
  local claim, all = { A = 100, B = 200, C = 300 }, 600
  return cm.cooperation{ members = { "A", "B", "C" }, worth = function(who)
    local own = 0
    for _, name in ipairs(who) do own = own + claim[name] end
    return math.max(0, estate - (all - own))
  end }
end

local function gloves()
  return cm.cooperation{ members = { "L", "R1", "R2" }, worth = { L = 0, R1 = 0, R2 = 0,
    ["L + R1"] = 1, ["R2 + L"] = 1, ["R1 + R2"] = 0, ["R1 + R2 + L"] = 1 } }
end

local function plant()
  return cm.chain{
    name = "power plant", unit = "USD mn", price = 1000,
    stages = {
      { "site",    at = "KEN", by = "KEN", adds = 40 },
      { "turbine", at = "KEN", by = { "CHN", "FRA" }, adds = { CHN = 330, FRA = 240 } },
      { "boiler",  at = "KEN", by = { "CHN", "FRA" }, adds = { CHN = 180, FRA = 270 } },
      { "works",   at = "KEN", by = { "CHN", "FRA", "KEN" },
        adds = { CHN = 190, FRA = 320, KEN = 210 } },
    },
  }
end

describe("a deal given by worths", function()
  it("has the nucleolus of the Talmud (Aumann and Maschler 1985)", function()
    assert_shares({ A = 100 / 3, B = 100 / 3, C = 100 / 3 }, claims(100), "nucleolus")
    assert_shares({ A = 50, B = 75, C = 75 }, claims(200), "nucleolus")
    assert_shares({ A = 50, B = 100, C = 150 }, claims(300), "nucleolus")
  end)

  it("has the Shapley value of the same, and of gloves", function()
    assert_shares({ A = 100 / 3, B = 250 / 3, C = 250 / 3 }, claims(200), "shapley")
    assert_shares({ L = 2 / 3, R1 = 1 / 6, R2 = 1 / 6 }, gloves(), "shapley")
    assert_shares({ L = 1, R1 = 0, R2 = 0 }, gloves(), "nucleolus")
  end)

  it("says who would do better apart, and what all accept", function()
    local printed = tostring(gloves():divide{ rule = "equal" })
    assert.matches("NOT stable: L + R1 would do better apart by 0.33", printed, 1, true)
    local offer = gloves():offer()
    assert.near(1, offer:get{ member = "L" }.least, 1e-9)
    assert.near(0, offer:get{ member = "R1" }.most, 1e-9)
    local empty = cm.cooperation{ members = { "A", "B", "C" }, worth = function(who)
      return #who >= 2 and 1 or 0
    end }
    assert.matches("coalitions must give way by 0.33", tostring(empty:offer()), 1, true)
  end)

  it("takes rules of the author's", function()
    cm.define.rule{ name = "host first", about = "the last member gets half", replace = true,
      divide = function(game)
        local pay = {}
        for i, name in ipairs(game.members) do
          pay[name] = (i == #game.members and 0.5 or 0.5 / (#game.members - 1))
            * game.worth(game.members)
        end
        return pay
      end }
    assert_shares({ A = 50, B = 50, C = 100 }, claims(200), "host first")
  end)

  it("refuses what is no game", function()
    local function deal(worth) cm.cooperation{ members = { "A", "B" }, worth = worth } end
    local number, message = refusal(deal, { A = 0, B = 0 })
    assert.equal("CM2210", number)
    assert.matches("A + B is missing", message, 1, true)
    assert.equal("CM2210", (refusal(deal, { A = 0, B = 0, ["A + B"] = 1, ["B + A"] = 1 })))
    assert.equal("CM2210", (refusal(deal, { A = 0, C = 0, ["A + B"] = 1 })))
    assert.equal("CM2210", (refusal(deal, { A = 0, B = 0 / 0, ["A + B"] = 1 })))
    assert.equal("CM2210", (refusal(deal, nil)))
    assert.equal("CM2210", (refusal(cm.cooperation, { members = { "A", "A" }, worth = {} })))
    assert.equal("CM2212", (refusal(function() claims(200):divide{ rule = "shaply" } end)))
  end)
end)

describe("a deal over a chain", function()
  local deal = cm.cooperation{ chain = plant(), members = { "CHN", "FRA", "KEN" } }

  it("is worth what the price leaves over the members' cheapest way", function()
    local worths = deal:coalitions()
    -- 1000 less 40 + 330 + 180 + 190; 40 + 240 + 270 + 210; 40 + 240 + 180 + 190
    assert.equal(260, worths:get{ coalition = "CHN + KEN" }.worth)
    assert.equal(240, worths:get{ coalition = "FRA + KEN" }.worth)
    assert.equal(350, worths:get{ coalition = "CHN + FRA + KEN" }.worth)
    assert.equal(0, worths:get{ coalition = "CHN + FRA" }.worth) -- nobody has the site
  end)

  it("shares it by hand", function()
    -- Shapley: CHN (260 + 2 * 110) / 6, FRA (240 + 2 * 90) / 6, KEN the rest
    assert_shares({ CHN = 80, FRA = 70, KEN = 200 }, deal, "shapley")
    assert_shares({ CHN = 350 * 370 / 650, FRA = 350 * 240 / 650, KEN = 350 * 40 / 650 }, deal,
      "proportional")
    assert_shares({ CHN = 350 / 3, FRA = 350 / 3, KEN = 350 / 3 }, deal, "nash")
    local offer = deal:offer() -- the core: nobody more than it brings to the others
    assert.near(110, offer:get{ member = "CHN" }.most, 1e-9)
    assert.near(90, offer:get{ member = "FRA" }.most, 1e-9)
    assert.near(150, offer:get{ member = "KEN" }.least, 1e-9)
  end)

  it("needs a price, and counts trade", function()
    local c = plant():with{ price = false }
    assert.equal("CM2211", (refusal(cm.cooperation, { chain = c, members = { "CHN", "KEN" } })))
    local shipped = cm.chain{ name = "c", market = "USA", stages = {
      { "part", at = { "CHN", "VNM" }, adds = { CHN = 50, VNM = 40 } } } }
    local d = cm.cooperation{ chain = shipped, price = 100, members = { "CHN", "VNM" },
      trade = { freight = 0.1 } }
    assert.near(100 - 44, d:coalitions():get{ coalition = "CHN + VNM" }.worth, 1e-9)
    assert.near(100 - 55, d:coalitions():get{ coalition = "CHN" }.worth, 1e-9)
  end)
end)
