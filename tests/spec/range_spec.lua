--- Where plans jump, and what rules cost at the margin: held to every plan there is.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local PLACES = { "CHN", "ETH", "USA" }
local ADDS = {
  cloth = { CHN = 9, ETH = 12, USA = 15 }, sewing = { CHN = 20, ETH = 14, USA = 30 },
  pack = { CHN = 3.1, ETH = 3, USA = 2.5 },
}
local DUTY = { sewing = 0.16, cloth = 0.04, pack = 0.1 }

local function shirts()
  return cm.chain{
    name = "shirts", market = "USA",
    stages = {
      { "cloth", at = PLACES, adds = ADDS.cloth },
      { "sewing", at = PLACES, adds = ADDS.sewing, uses = "cloth" },
      { "pack", at = PLACES, adds = ADDS.pack, uses = "sewing" },
    },
    trade = { freight = 0.07, tariff = { USA = DUTY } },
  }
end

--- The least cost of all 27 plans, and which it is; by hand.
local function least(sewing_eth, freight)
  local best, which = math.huge, nil
  local function arrives(name, value, from, to)
    if from == to then return value end
    return value * (1 + freight) * (1 + (to == "USA" and DUTY[name] or 0))
  end
  for _, c in ipairs(PLACES) do
    for _, s in ipairs(PLACES) do
      for _, k in ipairs(PLACES) do
        local own = s == "ETH" and sewing_eth or ADDS.sewing[s]
        local sewn = own + arrives("cloth", ADDS.cloth[c], c, s)
        local cost = arrives("pack", ADDS.pack[k] + arrives("sewing", sewn, s, k), k, "USA")
        if cost < best then best, which = cost, table.concat({ c, s, k }, " ") end
      end
    end
  end
  return best, which
end

--- How often the best plan changes over a range, in small steps.
local function jumps(from, to, at)
  local n, before = 0, nil
  for k = 0, 4000 do
    local _, which = at(from + (to - from) * k / 4000)
    if before and which ~= before then n = n + 1 end
    before = which
  end
  return n
end

describe("the range of a figure", function()
  local plan = shirts():locate()

  local function holds(f, at)
    local last
    for row in f:rows() do
      if last then
        assert.near(last.to, row.from, 1e-9)
        assert.near(last["cost at to"], row["cost at from"], 1e-7)
      end
      for _, share in ipairs{ 0, 1 } do
        local x = share == 0 and row.from or row.to
        assert.near((at(x)), row[share == 0 and "cost at from" or "cost at to"], 1e-7)
      end
      -- one plan from end to end: just inside them, the same one by hand
      local _, first = at(row.from + 1e-6 * (row.to - row.from))
      local _, second = at(row.to - 1e-6 * (row.to - row.from))
      assert.equal(first, second)
      last = row
    end
  end

  it("has every jump, where costs are linear in it", function()
    local function at(x) return least(x, 0.07) end
    local f = plan:range("adds.sewing.ETH", { from = 2, to = 40 })
    holds(f, at)
    assert.equal(jumps(2, 40, at) + 1, #f)
    assert.is_true(#f > 2)
    assert.matches("these are all jumps", tostring(f), 1, true)
  end)

  it("goes from half to double where nothing is said, and names what moves", function()
    local f = plan:range "adds.sewing.ETH"
    assert.near(7, f:get{ from = 7 }.from, 0)
    local all = {}
    for row in f:rows() do all[#all + 1] = row.moves or "" end
    assert.matches("sewing from ETH to ", table.concat(all), 1, true)
  end)

  it("finds jumps where costs are not linear", function()
    local function at(x) return least(14, x) end
    local f = plan:range("freight", { from = 0, to = 0.8 })
    holds(f, at)
    assert.equal(jumps(0, 0.8, at) + 1, #f)
    assert.is_true(#f > 2)
    assert.matches("solved at 13 values", tostring(f), 1, true)
  end)

  it("takes trade of the question, and rules that a figure breaks", function()
    local c = cm.chain{ name = "c", market = "USA", stages = {
      { "one", at = { "ETH", "USA" }, adds = { ETH = 5, USA = 10 } } } }
    local f = c:locate{ trade = { freight = 0.5 } }:range("adds.one.ETH", { from = 4, to = 9 })
    assert.equal(2, #f)
    assert.near(10 / 1.5, f:get{ from = 4 }.to, 1e-11)
    -- most value in ETH for at most 7: there until it costs more, then none
    local most = c:locate{ maximise = "value.ETH", subject = { cost = { max = 12 } } }
    local g = most:range("adds.one.ETH", { from = 4, to = 20 })
    assert.equal(2, #g)
    assert.near(12, g:get{ from = 4 }.to, 1e-6)
    assert.near(12, g:get{ from = 4 }["value.ETH at to"], 1e-6)
    assert.matches("one from ETH to USA", tostring(g), 1, true)
    local none = c:locate{ subject = { cost = { max = 9 } } }:range("adds.one.ETH",
      { from = 4, to = 20 })
    assert.near(9, none:get{ from = 4 }.to, 1e-6)
    assert.matches("no plan", tostring(none), 1, true)
  end)

  it("refuses what is no figure or no range", function()
    assert.equal("CM2065", (refusal(plan.range, plan, "adds.sewing.ETX", { from = 1, to = 2 })))
    assert.equal("CM2046", (refusal(plan.range, plan, "freight", { from = 2, to = 1 })))
    assert.equal("CM2046", (refusal(plan.range, plan, "wage.ETH")))
    assert.equal("CM1001", (refusal(plan.range, plan, "freight", { form = 2 })))
  end)
end)

describe("shadow prices", function()
  local c = cm.chain{ name = "loom", volume = 10, stages = {
    { "frame", at = { "CHN", "ETH" }, labour = 2 }, { "loom", at = "ETH", labour = 3,
      uses = "frame" } },
    places = { CHN = { wage = 2 }, ETH = { wage = 1, capacity = 50 } } }

  it("are differences of plans placed anew, by hand", function()
    local plan = c:locate{ subject = { ["value.ETH"] = { min = 4.99 } } }
    -- all in ETH takes 50 of 50 and costs 5; with the frame in CHN 7, and 3 of value in ETH
    assert.near(5, plan.cost, 1e-9)
    local f = plan:shadow_prices{ step = 0.01 }
    local value = f:get{ rule = "value.ETH", bound = "min" }
    assert.near(0.0499, value.step, 1e-12)
    assert.is_nil(value.tighter) -- more than 5 there is not
    assert.equal("tighter: no plan", value.note)
    assert.near(0, value.looser, 1e-9)
    local capacity = c:locate():shadow_prices():get{ rule = "capacity.ETH", bound = "max" }
    assert.near((7 - 5) / 0.5, capacity.tighter, 1e-9)
    assert.near(0, capacity.looser, 1e-9)
    assert.matches("finite differences", tostring(f), 1, true)
  end)

  it("have the sign of a loss where something is maximised, and stay within a share", function()
    local plan = c:locate{ maximise = "value.ETH", subject = { cost = { max = 5.02 },
      ["content.ETH"] = { min = 1 } } }
    local f = plan:shadow_prices()
    local cost = f:get{ rule = "cost", bound = "max" }
    assert.equal("tighter: no plan", cost.note)
    assert.equal("tighter: out of bounds", f:get{ rule = "content.ETH", bound = "min" }.note)
    local dear = c:with{ ["capacity.ETH"] = 49 }:locate{ maximise = "value.ETH" }:shadow_prices{
      step = 0.1 }:get{ rule = "capacity.ETH", bound = "max" }
    assert.near((5 - 3) / 4.9, dear.looser, 1e-9)
    assert.equal("CM1004", (refusal(plan.shadow_prices, plan, { step = 2 })))
  end)
end)
