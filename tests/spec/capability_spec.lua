--- What a host's firms learn in each mode of cooperation, by hand: a gap g is (1 - r)^k g after k
--- years, r the mode's rate; see stdlib/capmod/chain/capability.lua.

local cm = require "capmod"
local errors = require "capmod.errors"

local function near(expected, got)
  assert.near(expected, got, 1e-9 * math.max(1, math.abs(expected)))
end

local works = cm.chain{ name = "works", home = "CHN",
  stages = { { "parts", labour = 1, tier = 2 }, { "works", labour = 4, tier = 3, uses = "parts" } },
  places = { CHN = { wage = 1, tier = 3 }, FRA = { wage = 2, productivity = 0.8, tier = 4 },
    ETH = { wage = 0.1, productivity = 0.5, tier = 1 } } }

--- Productivity, tier and what is learned of both blocks at the beginning of year k.
local function after(c, k)
  local f = c:capability():where{ year = 2026 + k, country = "ETH" }
  local learned = {}
  for r = 1, #f do learned[f[r].block] = f[r].learned end
  return f[1] and f[1].productivity, f[1] and f[1].tier, learned
end

local function holds(mode, deal, r, blocks)
  deal.host = "ETH"
  local c = works:as(mode, deal):over{ years = { 2026, 2032 } }
  for k = 0, 6 do
    local p, tier, learned = after(c, k)
    near(1 - 0.5 * (1 - r) ^ k, p)
    near(1 + 2 * (1 - (1 - r) ^ k), tier)
    for _, block in ipairs(blocks) do near(1 - (1 - r) ^ k, learned[block]) end
    near(p, c:figure "productivity.ETH"[k + 1].value)
    near(tier, c:figure "tier.ETH"[k + 1].value)
  end
  return c
end

describe("the host learns", function()
  it("nothing from exports", function()
    local c = works:as("export", { host = "ETH" }):over{ years = { 2026, 2032 } }
    assert.equal(0, #c:capability())
    near(0.5, c:figure "productivity.ETH"[7].value)
  end)

  it("the last block, slowly, where it is finished there", function()
    local c = holds("finish", {}, 0.01, { "works" })
    assert.equal(0, #c:capability():where{ block = "parts" })
  end)

  it("by spillovers of direct investment", function()
    holds("fdi", {}, 0.03, { "parts", "works" })
  end)

  it("more in a joint venture", function()
    holds("joint", { equity = 0.5 }, 0.06, { "parts", "works" })
  end)

  it("of each firm what it is best at in a third market", function()
    local c = works:as("third_market", { host = "ETH", partner = "FRA",
      agreed = { parts = "CHN", works = "FRA" } }):over{ years = { 2026, 2032 } }
    local p, tier = after(c, 6)
    near(1 - 0.5 * 0.97 ^ 6, p) -- China is at 1, France at 0.8
    near(1 + 3 * (1 - 0.97 ^ 6), tier) -- France has 4, China 3
  end)

  it("most in a transfer, and has the tier when the block is learned", function()
    holds("transfer", {}, 0.1, { "parts", "works" })
    local c = works:as("transfer", { host = "ETH" }):over{ years = { 2026, 2034 } }
    local tier = c:figure "tier.ETH"
    near(1 + 2 * (1 - 0.9 ^ 6), tier[7].value) -- 1 - 0.9^6 is below a half, 1 - 0.9^7 above
    near(3, tier[8].value)
    near(3, tier[9].value)
  end)
end)

describe("a joint venture today", function()
  -- China's firm keeps half of its efficiency in it. Ethiopia's rises 0.5, 0.65, 0.755; of the
  -- block it has learned 0, 0.3, 0.51. The teacher's tier is just what the stage needs.
  local function chain(t)
    t.name, t.home = "trams", "CHN"
    t.places = { CHN = { wage = 9, tier = 2 }, ETH = { wage = 1, productivity = 0.5, tier = 1 } }
    t.operators = { CHN = { joint = 0.5 } }
    return cm.chain(t)
  end

  local function takes_over(c)
    local path = c:path()
    near(4 / 0.5, path[1].cost)
    near(4 / ((0.5 + 0.65) / 2), path[2].cost)
    near(4 / 0.755, path[3].cost)
    local move = c:moves()[1]
    assert.same({ 2028, "transfer" }, { move.year, move.because })
    return move
  end

  local by_firms = chain{ stages = { { "trams", at = "ETH", labour = 4, tier = 2,
    by = { { CHN = 0.5, ETH = 0.5 }, "ETH" } } } }

  it("makes the host's firm a candidate tomorrow", function()
    local move = takes_over(by_firms:over{ years = { 2026, 2030 }, transfer = { joint = 0.3 } })
    assert.same({ "ETH by CHN 50% + ETH 50%", "ETH" }, { move.from, move.to })
    near(0, #by_firms:over{ years = { 2026, 2040 }, transfer = 0.3, mastery = 1 }:moves())
    assert.equal(2027, by_firms:over{ years = { 2026, 2030 }, transfer = 0.3, mastery = 0.3 }
      :moves()[1].year)
  end)

  it("does so by the mode that was chosen", function()
    cm.define.mode{ name = "own firm", about = "the host's firm alone", needs = { "host" },
      apply = function(_, deal) return { at = deal.host, by = deal.host } end }
    local modes = { host = "ETH", { "joint", learns = 0.3 }, "own firm" }
    local move = takes_over(chain{ stages = { { "trams", labour = 4, tier = 2 } }, modes = modes }
      :over{ years = { 2026, 2030 } })
    assert.same({ "ETH by CHN 50% + ETH 50% (joint)", "ETH (own firm)" }, { move.from, move.to })
    modes[1].learns = 0
    near(0, #chain{ stages = { { "trams", labour = 4, tier = 2 } }, modes = modes }
      :over{ years = { 2026, 2030 } }:moves())
  end)

  it("is bounded", function()
    local ok, e = pcall(by_firms.over, by_firms, { years = { 2026, 2030 }, mastery = 2 })
    assert.is_false(ok)
    assert.is_true(errors.is(e, 2060))
  end)
end)
