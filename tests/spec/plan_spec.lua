--- Chains placed: figures by hand, and what a plan says of itself.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local TRADE = { freight = 0.05, tariff = { BRA = { assembly = 0.35, pack = 0.18, cells = 0.02 } } }

local function bus()
  return cm.chain{
    name = "electric bus", unit = "USD 1000", market = "BRA",
    stages = {
      { "cells",    at = "CHN",            adds = 60 },
      { "pack",     at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = { "cells" } },
      { "body",     at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } },
      { "assembly", at = { "CHN", "BRA" }, adds = { CHN = 30, BRA = 33 },
        uses = { "pack", "body" } },
    },
    colocate = { "body", "assembly" },
  }
end

describe("a chain that is placed", function()
  local plan = bus():locate{ trade = TRADE }

  it("costs what it costs by hand", function()
    local cells = 60 * 1.05 * 1.02
    assert.equal("optimal", plan.status)
    assert.near(cells + 24 + 88 + 33, plan.cost, 1e-9)
    assert.equal(0, plan.gap)
    assert.equal("dynamic programming", plan.method)
  end)

  it("says what another place would cost, with all else placed anew", function()
    local why = plan:why "assembly" -- with it the body moves, and the pack
    assert.near((60 + 20 + 70 + 30) * 1.05 * 1.35 - plan.cost,
      why:get{ at = "CHN" }["costs more by"], 1e-9)
    assert.equal(0, why:get{ at = "BRA" }["costs more by"])
    local cells = plan:why "cells"
    assert.equal(1, #cells)
  end)

  it("shares the landed cost out, duties to who levies them", function()
    local f = plan:decompose{ by = "country" }
    assert.near(plan.cost, f:sum "value", 1e-9)
    assert.near(24 + 88 + 33 + 60 * 1.05 * 0.02, f:get{ country = "BRA" }.value, 1e-9)
    assert.near(60 * 0.05, f:get{ country = "(freight)" }.value, 1e-9)
    local parts = plan:decompose{ by = "component" }
    assert.near(60 * 1.05 * 0.02, parts:get{ component = "duty" }.value, 1e-9)
    assert.equal("BRA", plan.chain:stages():get{ stage = "pack" }.at)
  end)

  it("keeps one matrix for all that pays by the same duties", function()
    local stages = {}
    for i = 1, 6 do
      stages[i] = { "part " .. i, at = { "CHN", "USA" }, adds = { CHN = i, USA = 2 * i },
        duty_class = i > 4 and "steel" or nil }
    end
    local made = cm.chain{ name = "kit", market = "USA", stages = stages,
      trade = { freight = 0.1, tariff = { BRA = 0.5, USA = { ["part 2"] = 1, steel = 0.25 } } } }
    local p = made:locate()
    assert.near(1.1 * (1 + 3 + 4) + 2 * 2 + 1.1 * 1.25 * (5 + 6), p.cost, 1e-12)
    local parts = require "capmod.plan".of(p).problem.parts
    assert.equal(3, #parts.place_matrices) -- of part 2, of steel, of the rest
  end)

  it("prints where each stage is, and the proof", function()
    assert.matches("plan for 'electric bus': optimal, landed cost 209.26  [USD 1000]",
      tostring(plan), 1, true)
    assert.matches("proven optimal, by dynamic programming", tostring(plan), 1, true)
  end)

  it("weighs value in a place against the cost", function()
    local free = bus():locate{ trade = TRADE, maximise = "value.CHN" }
    assert.near(180, free.objective, 1e-9)
    assert.near(180 * 1.05 * 1.35, free.cost, 1e-9)
    local bound = bus():locate{ trade = TRADE, maximise = "value.CHN",
      subject = { cost = { max = 230 } } }
    -- the pack in CHN: (60 + 20) 1.05 1.18 + 88 + 33 = 220.12, with 80 of value
    assert.near(80, bound.objective, 1e-9)
    assert.near(80 * 1.05 * 1.18 + 121, bound.cost, 1e-9)
    local least = bus():locate{ trade = TRADE, subject = { ["value.CHN"] = { min = 100 } } }
    assert.near(180 * 1.05 * 1.35, least.cost, 1e-9)
  end)

  it("counts quantities, purchases, operators and several products", function()
    local c = cm.chain{ name = "c", market = "USA", stages = {
      { "part", at = { "CHN", "USA" }, adds = { CHN = 2, USA = 3 }, buys = { ["JPN.C24"] = 1 } },
      { "one", at = "USA", adds = 5, uses = { part = 4 } },
      { "two", at = "USA", by = { "CHN", "USA" }, adds = { CHN = 1, USA = 2 } } } }
    local p = c:locate{ trade = { freight = { CHN = { USA = 0.1 } } } }
    assert.near(4 * (2 + 1) * 1.1 + 5 + 1, p.cost, 1e-9)
    assert.near(p.cost, p:decompose{ by = "owner" }:sum "value", 1e-9)
    assert.near(4 * 4 + 5 + 1, c:locate{ trade = { freight = { USA = { CHN = 0.5 } } } }.cost, 1e-9)
    assert.near(1, p:why "two":get{ at = "USA", by = "USA" }["costs more by"], 1e-9)
  end)

  it("names rules that cannot hold together", function()
    local p = bus():locate{ trade = TRADE, subject = { cost = { max = 215 },
      ["value.CHN"] = { min = 65 }, ["value.BRA"] = { min = 1 } } }
    assert.equal("infeasible", p.status)
    assert.is_nil(p.cost)
    -- parted, the body alone could come from CHN: 64.26 + 24 + 70 * 1.05 + 33 = 194.76
    assert.same({ "cost at most 215", "value.CHN at least 65", "not parted: body, assembly" },
      p.conflict)
    assert.matches("value.CHN at least 65", tostring(p), 1, true)
    assert.equal("CM2043", (refusal(p.why, p, "pack")))
  end)

  it("refuses what it is not asked in its words", function()
    local function locate(t) return bus():locate(t) end
    assert.equal("CM1001", (refusal(locate, { trade = { tarif = 1 } })))
    assert.equal("CM1004", (refusal(locate, { minimise = "cost", maximise = "value.CHN" })))
    assert.equal("CM2042", (refusal(locate, { maximise = "cost" })))
    assert.equal("CM1101", (refusal(locate, { maximise = "value.Koera" })))
    local number, message = refusal(locate, { trade = { tariff = { BRA = { asembly = 1 } } } })
    assert.equal("CM2002", number)
    assert.matches("did you mean 'assembly'?", message, 1, true)
    assert.equal("CM2002", (refusal(plan.why, plan, "asembly")))
  end)
end)
