--- What lies beside a plan: near-optimal ones and trade-offs, held to every plan there is.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local PLACES = { "CHN", "ETH", "USA" }
local ADDS = {
  cloth = { CHN = 9, ETH = 12, USA = 15 }, trim = { CHN = 2, ETH = 2.5, USA = 2.2 },
  sewing = { CHN = 20, ETH = 14, USA = 41 }, pack = { CHN = 3, ETH = 1, USA = 5 },
}
local DUTY = { sewing = 0.16, cloth = 0.04, pack = 0.1 }

local function shirts()
  return cm.chain{
    name = "shirts", market = "USA",
    stages = {
      { "cloth", at = PLACES, adds = ADDS.cloth },
      { "trim", at = PLACES, adds = ADDS.trim },
      { "sewing", at = PLACES, adds = ADDS.sewing, uses = { cloth = 1, trim = 2 } },
      { "pack", at = PLACES, adds = ADDS.pack, uses = "sewing" },
    },
    trade = { freight = 0.07, tariff = { USA = DUTY } },
  }
end

local function arrives(name, value, from, to)
  if from == to then return value end
  return value * 1.07 * (1 + (to == "USA" and DUTY[name] or 0))
end

--- Every plan: its cost and what is added in ETH, by hand.
local function every_plan()
  local list = {}
  for _, c in ipairs(PLACES) do
    for _, t in ipairs(PLACES) do
      for _, s in ipairs(PLACES) do
        for _, k in ipairs(PLACES) do
          local sewn = ADDS.sewing[s] + arrives("cloth", ADDS.cloth[c], c, s)
            + 2 * arrives("trim", ADDS.trim[t], t, s)
          local packed = ADDS.pack[k] + arrives("sewing", sewn, s, k)
          local at, value = { cloth = c, trim = t, sewing = s, pack = k }, 0
          for name, place in pairs(at) do -- any order: a sum of four
            if place == "ETH" then value = value + (name == "trim" and 2 or 1) * ADDS[name].ETH end
          end
          list[#list + 1] = { cost = arrives("pack", packed, k, "USA"), value = value, at = at }
        end
      end
    end
  end
  table.sort(list, function(a, b) return a.cost < b.cost end)
  return list
end

describe("plans that are nearly as good", function()
  local all, plan = every_plan(), shirts():locate()

  it("come in order, each once, none left out", function()
    local f = plan:alternatives{ within = 0.2, n = 100 }
    local due = 0
    while all[due + 1].cost <= 1.2 * all[1].cost do due = due + 1 end
    assert.is_true(due > 5 and due < 80)
    assert.equal(due, #f)
    local seen = {}
    for k = 1, #f do
      local row = f:get{ plan = k }
      assert.near(all[k].cost, row.cost, 1e-5)
      assert.near(all[k].cost - all[1].cost, row["more by"], 1e-5)
      assert.is_nil(seen[row.differs])
      seen[row.differs] = true
    end
    assert.matches("these are all within 20 %", tostring(f), 1, true)
  end)

  it("say what is different", function()
    local f = plan:alternatives{ within = 0.1, n = 3 }
    assert.equal(4, #f)
    assert.equal("(the plan)", f:get{ plan = 1 }.differs)
    local second = {}
    for _, name in ipairs{ "cloth", "trim", "sewing", "pack" } do
      local at = all[2].at[name]
      if at ~= all[1].at[name] then second[#second + 1] = name .. " " .. at end
    end
    assert.equal(table.concat(second, "; "), f:get{ plan = 2 }.differs)
    assert.matches("there are more within 10 %", tostring(f), 1, true)
  end)

  it("keep the rules, and tell operators apart", function()
    local most = shirts():locate{ maximise = "value.ETH", subject = { cost = { max = 50 } } }
    local kept = {}
    for _, one in ipairs(all) do
      if one.cost <= 50 then kept[#kept + 1] = one.value end
    end
    table.sort(kept, function(a, b) return a > b end)
    local f = most:alternatives{ within = 0.5, n = 4 }
    for k = 1, #f do assert.near(kept[k], f:get{ plan = k }["value.ETH"], 1e-6) end
    assert.equal(5, #f)
    local c = cm.chain{ name = "c", stages = {
      { "one", at = "USA", by = { "CHN", "USA" }, adds = { CHN = 1, USA = 1.05 } } } }
    local two = c:locate():alternatives{ within = 0.05 }
    assert.equal("one USA by USA", two:get{ plan = 2 }.differs)
    assert.near(0.05, two:get{ plan = 2 }["more by"], 1e-9)
  end)

  it("refuse what is no fraction", function()
    assert.equal("CM1004", (refusal(plan.alternatives, plan, { within = -1 })))
    assert.equal("CM1004", (refusal(plan.alternatives, plan, { n = 0 })))
    assert.equal("CM1001", (refusal(plan.alternatives, plan, { wihtin = 1 })))
  end)
end)

describe("a trade-off", function()
  local all = every_plan()

  --- The plans that none beats in both, from the cheapest on.
  local function efficient()
    local list, most = {}, -1
    for _, one in ipairs(all) do
      if one.value > most + 1e-9 then
        list[#list + 1], most = one, one.value
      end
    end
    return list
  end

  it("has plans that none beats in both, and with enough points all of them", function()
    local f = shirts():frontier{ "cost", "value.ETH", points = 200 }
    local due = efficient()
    assert.is_true(#due > 3)
    assert.equal(#due, #f)
    for k = 1, #f do
      local row = f:get{ point = k }
      assert.near(due[k].cost, row.cost, 1e-5)
      assert.near(due[k].value, row["value.ETH"], 1e-5)
      if k > 1 then
        assert.near((due[k].cost - due[k - 1].cost) / (due[k].value - due[k - 1].value), row.price,
          1e-4)
        assert.is_true(#row.moves > 0)
      end
    end
    assert.matches("value.ETH", f:chart{ x = "value.ETH", y = "cost" }:text(), 1, true)
  end)

  it("keeps the rules of the question, and its ends", function()
    local f = shirts():frontier{ "cost", "value.ETH", points = 3,
      subject = { cost = { max = 50 } } }
    local ends = {}
    for _, one in ipairs(efficient()) do
      if one.cost <= 50 then ends[#ends + 1] = one end
    end
    assert.near(ends[1].cost, f:get{ point = 1 }.cost, 1e-5)
    assert.near(ends[#ends].value, f:get{ point = #f }["value.ETH"], 1e-5)
    assert.is_true(#f >= 2 and #f <= 3)
  end)

  it("turns around", function()
    local f = shirts():frontier{ "value.ETH", "cost", points = 200 }
    local due = efficient()
    assert.equal(#due, #f)
    assert.near(due[1].cost, f:get{ point = #f }.cost, 1e-5)
  end)

  it("refuses what has no ends", function()
    local c = shirts()
    assert.equal("CM1004", (refusal(c.frontier, c, { "cost", "cost" })))
    assert.equal("CM1004", (refusal(c.frontier, c, { "cost", "value.ETH", points = 1 })))
    local kind, said = refusal(c.frontier, c, { "cost" })
    assert.equal("CM1002", kind)
    assert.matches("a trade-off is between two measures", said, 1, true)
    assert.equal("CM2042", (refusal(c.frontier, c, { "cost", "valu.ETH" })))
    local number, message = refusal(c.frontier, c, { "cost", "value.ETH",
      subject = { cost = { max = 1 } } })
    assert.equal("CM2045", number)
    assert.matches("cost at most 1", message, 1, true)
  end)
end)

describe("what is not proven", function()
  local PLACES_4 = { "BRA", "CHN", "ETH", "USA" }

  --- Twelve stages with set-up costs, too much for a few nodes; figures of a fixed sequence.
  local function web()
    local x, stages, places = 7, {}, {}
    local function draw()
      x = (x * 16807) % 2147483647
      return x / 2147483647
    end
    for _, code in ipairs(PLACES_4) do
      places[code] = { wage = 1 + 4 * draw(), setup = {} }
      for c = 0, 2 do places[code].setup["c" .. c] = 5 + 30 * draw() end
    end
    for k = 1, 12 do
      local uses = {}
      for j = 1, k - 1 do
        if draw() < 0.35 then uses[#uses + 1] = "s" .. j end
      end
      stages[k] = { "s" .. k, at = PLACES_4, labour = 2 + 5 * draw(), class = "c" .. k % 3,
        uses = #uses > 0 and uses or nil }
    end
    return cm.chain{ name = "web", market = "USA", stages = stages, places = places,
      trade = { freight = 0.1 } }
  end

  it("has its bounds beside it", function()
    local question = { nodes = 40, subject = { ["value.ETH"] = { min = 10 } } }
    local plan = web():locate(question)
    assert.equal("feasible", plan.status)
    local f = plan:alternatives{ within = 0.05, n = 2 }
    assert.equal("feasible", f:get{ plan = 1 }.status)
    assert.near(plan.bound, f:get{ plan = 1 }.bound, 1e-9)
    assert.matches("not proven: the order is not distinguishable", tostring(f), 1, true)
    local t = web():frontier{ "cost", "value.ETH", points = 3, nodes = 40 }
    for row in t:rows() do
      assert.is_true(row.bound <= row.cost)
      if row.point > 1 then assert.is_true(row["price from"] < row["price to"]) end
    end
    assert.matches("not proven where the status says so", tostring(t), 1, true)
  end)
end)
