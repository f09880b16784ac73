--- Placements as mixed-integer programs: solved by CBC, they come to what the plan does.

local cm = require "capmod"
local inside = require "capmod.plan".of
local program = require "capmod.plan.program"

local function agrees(plan)
  local figures = program.of(inside(plan)):solve{}:figures()
  assert.equal("optimal", plan.status)
  assert.equal("optimal", figures.status)
  assert.near(plan.objective, figures.objective, 1e-6 * math.abs(plan.objective))
end

local function bus()
  return cm.chain{ name = "electric bus", market = "BRA",
    stages = {
      { "cells", at = "CHN", adds = 60 },
      { "pack", at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = "cells" },
      { "body", at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } },
      { "assembly", at = { "CHN", "BRA" }, adds = { CHN = 30, BRA = 33 },
        uses = { "pack", "body" } } },
    colocate = { "body", "assembly" },
    trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35, pack = 0.18, cells = 0.02 } } } }
end

local function locomotive()
  return cm.chain{
    name = "locomotive", market = "KEN", home = "CHN", volume = 100,
    stages = {
      { "engine", at = { "CHN", "KEN" }, by = "CHN", tier = 3, class = "engines",
        labour = { skilled = 60, unskilled = 20 }, capital = 250, materials = 300 },
      { "body", at = { "CHN", "KEN" }, by = { "CHN", "KEN", { CHN = 0.6, KEN = 0.4 } }, tier = 2,
        class = "bodies", duty_class = "vehicles", labour = { skilled = 10, unskilled = 120 },
        capital = 120, profit = 40, uses = "engine" },
    },
    places = {
      CHN = { wage = { skilled = 9, unskilled = 5 }, tier = 4, tax = 0.25 },
      KEN = { wage = { skilled = 7, unskilled = 2 }, productivity = 0.5, tier = 2, tax = 0.3,
        subsidy = 0.05, entry = 2000, setup = { engines = 30000, bodies = 8000 },
        capacity = 40000 },
    },
    operators = { CHN = { abroad = 0.85, experience = { engines = 4000 } } },
    learning = { engines = { rate = 0.1, at = 2000 } },
    scale = { bodies = { { 50, 9 }, { 1000, 6 } } },
    trade = { freight = 0.06, tariff = { KEN = { vehicles = 0.25, engine = 0.1 } }, interface = 5,
      origin_rule = { KEN = { of = { "CHN" }, min = 0.4, duty = 0 } } },
  }
end

describe("a placement as a program", function()
  it("comes to the plan's cost where costs compound", function()
    agrees(bus():locate())
    agrees(bus():locate{ maximise = "value.CHN", subject = { cost = { max = 230 } } })
    agrees(bus():locate{ subject = { ["content.CHN"] = { min = 0.5 } } })
  end)

  it("has operators, interfaces, set-up, capacity, scale and rules of origin", function()
    agrees(locomotive():locate())
    agrees(locomotive():with{ ["capacity.KEN"] = 15000 }:locate())
    agrees(locomotive():locate{ maximise = "jobs.KEN",
      subject = { cost = { max = 2500 }, budget = { max = 9000 } } })
    agrees(locomotive():locate{ modes = { host = "KEN", "export", "fdi",
      { "joint", equity = 0.6 } } })
  end)

  it("has recipes", function()
    agrees(cm.chain{ name = "car", market = "BRA", stages = {
      { "body", at = { "CHN", "BRA" }, recipes = { whole = { labour = 30, capital = 8 },
        modules = { labour = 9, interface = 0.5, uses = { panels = 4 }, stages = {
          { "frame", labour = 8 }, { "panels", at = { "CHN", "IND" }, labour = 2 } } } } },
      { "assembly", at = "BRA", labour = 10, uses = "body" } },
      places = { CHN = { wage = 2 }, BRA = { wage = 2.4 }, IND = { wage = 1 } },
      trade = { freight = 0.1 } }:locate())
  end)

  it("is infeasible where there is no plan", function()
    local plan = bus():locate{ subject = { cost = { max = 100 } } }
    assert.equal("infeasible", plan.status)
    assert.equal("infeasible", program.of(inside(plan)):solve{}:figures().status)
  end)

  it("is written with the author's names", function()
    local plan, path = bus():locate(), os.tmpname()
    os.remove(path)
    for _, ending in ipairs{ ".mps", ".lp" } do
      plan:save(path .. ending)
      local file = assert(io.open(path .. ending))
      local text = file:read "a"
      file:close()
      os.remove(path .. ending)
      assert.matches("do_assembly_at_BRA", text, 1, true)
      assert.matches("value_of_pack_at_CHN", text, 1, true)
      assert.is_nil(text:find "%d# = ") -- no name that the format cannot hold
    end
    local ok, err = pcall(plan.save, plan, "plan.xlsx")
    assert.is_false(ok)
    assert.equal("CM4116", err.number)
  end)
end)
