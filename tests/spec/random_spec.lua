local cm = require "capmod"
local random = require "capmod.random"
local sample = require "capmod.sample"
local refusal = dofile "tests/support/refusal.lua"

describe("random numbers", function()
  it("are those of xoshiro256**", function()
    -- The first ten from the state 1, 2, 3, 4, as in the tests of the crate rand_xoshiro.
    local r = random.of_state{ 1, 2, 3, 4 }
    for _, expected in ipairs{ 11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
      607988272756665600, 0xe071c3c2e143f089, 8476171486693032832, 0x9309685b465c23f9,
      2904607092377533576 } do
      assert.equal(expected, r:bits())
    end
  end)

  it("start from the seed by splitmix64 and from the stream by FNV-1a", function()
    -- Computed by a separate program in Python from the published definitions.
    local r = cm.random{ seed = 42 }
    assert.equal(0x15780b2e0c2ec716, r:bits())
    assert.equal(0x6104d9866d113a7e, r:bits())
    local wages = cm.random{ seed = 42, stream = "wages" }
    assert.equal(0xe2d28b9509cefe36, wages:bits())
    assert.equal(0xfb0b65e2c52e673a, wages:bits())
  end)

  it("of one stream do not move another", function()
    local a, b = cm.random{ seed = 7 }, cm.random{ seed = 7 }
    local wages = a:stream "wages"
    for _ = 1, 5 do wages:uniform() end
    assert.equal(b:bits(), a:bits())
    assert.not_equal(a:stream("x"):bits(), a:stream("y"):bits())
    assert.equal("random numbers, seed 7, stream 'wages'", tostring(wages))
  end)

  it("stay within their bounds and near their means", function()
    -- Bounds of five standard errors around the mean; the seed is fixed, so this passes or fails
    -- for good.
    local r, n = cm.random{ seed = 1 }, 20000
    local function check(mean, variance, draw)
      local total = 0
      for _ = 1, n do total = total + draw() end
      assert.near(mean, total / n, 5 * math.sqrt(variance / n))
    end
    check(90, 300, function()
      local v = r:uniform(60, 120)
      assert.is_true(v > 60 and v < 120)
      return v
    end)
    check(3.5, 35 / 12, function()
      local v = r:integer(1, 6)
      assert.is_true(math.type(v) == "integer" and v >= 1 and v <= 6)
      return v
    end)
    check(90, 100, function() return r:normal(90, 10) end)
    check(100, (60 ^ 2 + 90 ^ 2 + 150 ^ 2 - 60 * 90 - 60 * 150 - 90 * 150) / 18, function()
      local v = r:triangular(60, 90, 150)
      assert.is_true(v > 60 and v < 150)
      return v
    end)
  end)

  it("shuffle every order about as often", function()
    local r, seen, n = cm.random{ seed = 3 }, {}, 12000
    for _ = 1, n do
      local s = table.concat(r:shuffle{ "a", "b", "c" })
      seen[s] = (seen[s] or 0) + 1
    end
    for _, order in ipairs{ "abc", "acb", "bac", "bca", "cab", "cba" } do
      assert.near(n / 6, seen[order], 5 * math.sqrt(n * 5 / 36))
    end
    assert.is_nil(r:pick{})
  end)

  it("need a seed, and bounds the right way round", function()
    assert.equal("CM1002", (refusal(cm.random, {})))
    assert.equal("CM3008", (refusal(function() cm.random{ seed = 1 }:integer(6, 1) end)))
    assert.equal("CM3008", (refusal(function()
      cm.random{ seed = 1 }:integer(math.mininteger, math.maxinteger)
    end)))
  end)
end)

describe("distributions", function()
  it("have the normal quantiles of AS 241", function()
    -- Wichura (1988), table 1: three values; the others by Python's statistics.NormalDist.
    for p, expected in pairs{ [0.25] = -0.6744897501960817, [0.001] = -3.090232306167814,
      [1e-20] = -9.262340089798408, [0.975] = 1.9599639845400536, [0.5] = 0,
      [0.075] = -1.4395314709384557, [0.93] = 1.4757910281791708,
      [1e-5] = -4.2648907939228256 } do
      assert.near(expected, sample.standard_normal(p), 1e-15 * math.max(1, math.abs(expected)))
    end
    assert.equal(math.huge, sample.standard_normal(1))
    assert.equal(-math.huge, sample.standard_normal(0))
  end)

  it("have the quantiles that a drawing gives", function()
    assert.equal(75, cm.uniform(60, 120):quantile(0.25))
    -- density 2 (x - 0) / (4 * 1) up to 1: a quarter of the mass lies below the mode 1 of 0 ... 4
    local t = cm.triangular(0, 1, 4)
    assert.near(1, t:quantile(0.25), 1e-15)
    assert.near(0.5, t:quantile(0.0625), 1e-15) -- the mass grows as the square
    assert.near(4 - math.sqrt(12 * 0.25), t:quantile(0.75), 1e-15)
    assert.near(5 / 3, t.mean, 1e-15)
    assert.equal(7, cm.triangular(7, 7, 7):quantile(0.4))
    assert.equal(90, cm.normal(90, 10):quantile(0.5))
    assert.equal("normal(90, 10)", tostring(cm.normal(90, 10)))
  end)

  it("refuse what cannot be", function()
    assert.equal("CM3008", (refusal(cm.normal, 1, -1)))
    assert.equal("CM3008", (refusal(cm.uniform, 2, 1)))
    assert.equal("CM3008", (refusal(cm.triangular, 1, 3, 2)))
    assert.equal("CM3008", (refusal(cm.normal, math.huge, 1)))
    assert.equal("CM1002", (refusal(cm.uniform, 1)))
  end)
end)

describe("cm.range", function()
  it("holds both ends, and the numbers that one writes", function()
    assert.same({ 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3 }, cm.range(0, 0.3, 0.05))
    assert.same({ 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75 }, cm.range(0.15, 0.75, 0.10))
    assert.same({ 1, 2, 3 }, cm.range(1, 3))
    assert.equal("integer", math.type(cm.range(1, 3)[2]))
    assert.same({ 3, 1, -1 }, cm.range(3, -2, -2))
    assert.same({ 5 }, cm.range(5, 5))
  end)
  it("refuses what never ends", function()
    assert.equal("CM3008", (refusal(cm.range, 0, 1, 0)))
    assert.equal("CM3008", (refusal(cm.range, 0, 1, -1)))
    assert.equal("CM3008", (refusal(cm.range, 0, 1, 1e-9)))
    assert.equal("CM3008", (refusal(cm.range, 0, math.huge)))
    assert.equal("CM1003", (refusal(cm.range, 0, "1")))
  end)
end)
