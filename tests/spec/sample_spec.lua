--- Samples of scenarios, quantiles and tornados. Figures are by hand where nothing else is said.
local cm = require "capmod"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

local function near(wanted, got, tolerance)
  assert.is_true(math.abs(wanted - got) <= (tolerance or 1e-12), ("%.17g, wanted %.17g"):format(got,
    wanted))
end

--- cost = 2 a + b, and how it is made.
local function linear(changes)
  local s = cm.scenario{ name = "linear", params = { a = 1, b = { 10, min = 0 }, n = 3,
    mode = { "x", choices = { "x", "y", "z" } } },
    run = function(p) return { cost = 2 * p.a + p.b, mode_of = p.mode, twice = 2 * p.n } end }
  return changes and s:with(changes) or s
end

describe("a sample", function()
  it("draws what a stream of the parameter's name draws", function()
    local runs = linear():sample{ n = 3, seed = 7, b = cm.uniform(5, 15) }
    local stream = cm.random{ seed = 7, stream = "b" }
    for i = 1, 3 do
      local b = stream:uniform(5, 15)
      assert.equal(b, runs[i].b)
      assert.equal(2 + b, runs[i].cost)
    end
    assert.same({ "b", "cost", "mode_of", "twice" }, runs:columns())
    assert.same({ "b" }, runs:keys())
    assert.same({ "random draws, seed 7: b from uniform(5, 15)" }, runs:spec().note)
  end)

  it("keeps its draws when it gets longer or has one parameter more", function()
    local short = linear():sample{ n = 5, seed = 7, b = cm.uniform(5, 15) }
    local long = linear():sample{ n = 9, seed = 7, b = cm.uniform(5, 15), a = cm.normal(0, 1) }
    for i = 1, 5 do assert.equal(short[i].b, long[i].b) end
    local other = linear():sample{ n = 5, seed = 8, b = cm.uniform(5, 15) }
    assert.is_true(short[1].b ~= other[1].b)
  end)

  it("of a Latin hypercube has one draw in each part of every parameter", function()
    local n = 200
    local runs = linear():sample{ n = n, seed = 1, method = "latin", a = cm.uniform(0, n),
      b = cm.uniform(0, n) }
    for _, name in ipairs{ "a", "b" } do
      local seen = {}
      for i = 1, n do seen[math.floor(runs[i][name])] = true end
      for part = 0, n - 1 do assert.is_true(seen[part], name .. part) end
    end
    local rank = runs:tornado{ output = "cost" }
    assert.equal("a", rank[1].parameter)
    -- the orders of the two are independent: those of a and of 2 a + b correlate as 2 / sqrt(5)
    near(2 / math.sqrt(5), rank[1].correlation, 0.05)
    near(1 / math.sqrt(5), rank[2].correlation, 0.15)
  end)

  it("of a Latin hypercube knows the mean of a sum far better than random draws", function()
    local function misses(method)
      local total = 0
      for seed = 1, 20 do
        local runs = linear():sample{ n = 100, seed = seed, method = method,
          a = cm.normal(5, 1), b = cm.triangular(0, 3, 6) }
        total = total + (runs:quantiles("cost")[1].mean - 13) ^ 2
      end
      return math.sqrt(total / 20)
    end
    -- the standard error of 100 random draws is sqrt(4 + 1.5) / 10
    near(0.2345, misses "random", 0.1)
    assert.is_true(misses "latin" < 0.02)
  end)

  it("draws from lists, each as likely, and takes one value as it is", function()
    local runs = linear():sample{ n = 300, seed = 3, method = "latin", mode = { "x", "y", "z" },
      a = 4 }
    local counts = { x = 0, y = 0, z = 0 }
    for row in runs:rows() do
      counts[row.mode] = counts[row.mode] + 1
      assert.equal(4, row.a)
      assert.equal(row.mode, row.mode_of)
    end
    assert.same({ x = 100, y = 100, z = 100 }, counts)
    assert.matches("a from 4, mode from one of x, y, z", runs:spec().note[1], 1, true)
  end)

  it("takes parameters that are called as its fields from params", function()
    local runs = linear():sample{ n = 2, seed = 1, params = { n = { 5 } } }
    assert.equal(10, runs[2].twice)
  end)

  it("checks every draw before the first run", function()
    local ran = 0
    local s = cm.scenario{ name = "s", params = { b = { 1, min = 0 } },
      run = function() ran = ran + 1 return { x = ran } end }
    local number, message = refusal(s.sample, s, { n = 500, seed = 1, b = cm.normal(1, 1) })
    assert.equal("CM3002", number)
    assert.matches("b = %-[%d.]+ is below 0", message)
    assert.equal(0, ran)
  end)

  it("refuses what is no sample", function()
    local s = linear()
    assert.equal("CM1002", (refusal(s.sample, s, { n = 3, b = cm.uniform(1, 2) })))
    assert.equal("CM1002", (refusal(s.sample, s, { seed = 3, b = cm.uniform(1, 2) })))
    assert.equal("CM1004", (refusal(s.sample, s, { n = 0, seed = 3, b = cm.uniform(1, 2) })))
    assert.equal("CM1004", (refusal(s.sample, s, { n = 1, seed = 3, method = "latinn", b = 1 })))
    assert.equal("CM3008", (refusal(s.sample, s, { n = 3, seed = 3 })))
    assert.equal("CM3008", (refusal(s.sample, s, { n = 3, seed = 3, b = {} })))
    assert.equal("CM3001", (refusal(s.sample, s, { n = 3, seed = 3, c = cm.uniform(1, 2) })))
    assert.equal("CM3003", (refusal(s.sample, s, { n = 3, seed = 3, mode = cm.uniform(1, 2) })))
    assert.equal("CM1003", (refusal(s.sample, s, 3)))
  end)
end)

describe("quantiles", function()
  local function spread() return cm.frame{ unit = "USD", keys = { "place" }, rows = {
    { place = "a", cost = 4, gain = 1 }, { place = "b", cost = 10 }, { place = "c", cost = 1 },
    { place = "d", cost = 3 }, { place = "e", cost = 2, gain = 3 } } } end

  it("lie between neighbours by parts of their distance", function()
    local q = spread():quantiles{ "cost", p = { 0, 0.05, 0.25, 0.5, 0.95, 0.975, 1 } }
    assert.same({ "variable", "n", "mean", "sd", "p0", "p5", "p25", "p50", "p95", "p97.5", "p100" },
      q:columns())
    local row = q[1]
    assert.equal(5, row.n)
    assert.equal(4, row.mean)
    near(math.sqrt(12.5), row.sd)
    assert.same({ 1, 2, 3, 10 }, { row.p0, row.p25, row.p50, row.p100 })
    near(1.2, row.p5)
    near(8.8, row.p95)
    near(9.4, row["p97.5"])
    assert.equal("USD", q.unit)
  end)

  it("take all numbers that are no keys, and count those that are there", function()
    local q = spread():quantiles()
    assert.same({ "cost", "gain" }, q:column "variable")
    assert.equal(2, q.n.gain)
    assert.equal(2, q.p50.gain)
    near(math.sqrt(2), q.sd.gain)
    local one = spread():where{ place = "a" }:quantiles "gain"
    assert.same({ 1, 1, 1 }, { one[1].mean, one[1].p5, one[1].p95 })
    assert.is_nil(one[1].sd)
    local none = spread():where{ place = "b" }:quantiles "gain"
    assert.equal(0, none[1].n)
    assert.is_nil(none[1].p50)
  end)

  it("have units of their own where these differ; a NaN has no place among numbers", function()
    local q = cm.frame{
      cols = { { name = "cost", unit = "USD" }, { name = "jobs", unit = "persons" } },
      rows = { { 1, 2 }, { 3, 0 / 0 } } }:quantiles{ p = { 0.5 } }
    assert.same({ "USD", "persons" }, q:column "unit")
    assert.equal(2, q[1].p50)
    assert.is_nil(q[2].p50)
  end)

  it("refuse what is none", function()
    local f = spread()
    assert.equal("CM3008", (refusal(f.quantiles, f, { p = { 5 } })))
    assert.equal("CM1508", (refusal(f.quantiles, f, { "place" })))
    local _, said = refusal(f.quantiles, f, { 0.05, 0.95 })
    assert.matches("p = { 0.05, 0.95 }", said, 1, true)
    assert.equal("CM1501", (refusal(f.quantiles, f, { "costs" })))
    assert.equal("CM1001", (refusal(f.quantiles, f, { q = { 0.5 } })))
  end)
end)

describe("a tornado of draws", function()
  it("gives means at the ends, swing and rank correlation", function()
    local f = cm.frame{ keys = { "x", "k" }, rows = {
      { x = 1, k = 5, y = 5 }, { x = 2, k = 5, y = 6 }, { x = 3, k = 5, y = 7 },
      { x = 4, k = 5, y = 8 }, { x = 5, k = 5, y = 7 } } }
    local t = f:tornado{ share = 0.25 }
    assert.same({ "x", "k" }, t:column "parameter")
    local row = t:get{ parameter = "x" }
    -- quartiles of x are 2 and 4; ranks of y are 1, 2, 3.5, 5, 3.5
    assert.same({ 2, 4, 5.5, 6.6, 7.5, 2 },
      { row.low, row.high, row.at_low, row.base, row.at_high, row.swing })
    near(8 / math.sqrt(95), row.correlation)
    local still = t:get{ parameter = "k" }
    assert.equal(0, still.swing)
    assert.is_nil(still.correlation)
  end)

  it("leaves out keys without numbers and says so", function()
    local runs = linear():sweep{ a = { 1, 2, 3 }, mode = { "x", "y" } }
    local t = runs:tornado{ output = "cost" }
    assert.equal(1, #t)
    assert.equal(4, t[1].swing)
    near(1, t[1].correlation)
    assert.equal("no numbers, left out: mode", t:spec().check[2])
  end)

  it("refuses frames without parameters and shares that are none", function()
    local runs = linear():sweep{ mode = { "x", "y" } }
    assert.equal("CM1508", (refusal(runs.tornado, runs)))
    runs = linear():sweep{ a = { 1, 2 } }
    assert.equal("CM3008", (refusal(runs.tornado, runs, { share = 0.6 })))
    assert.equal("CM1508", (refusal(runs.tornado, runs, { output = "mode_of" })))
  end)
end)

describe("a distribution that is none", function()
  it("is answered by the one that was meant", function()
    local s = cm.scenario{ name = "one", params = { wage = { 90 }, mode = { "a" } },
      run = function(p) return { cost = p.wage } end }
    for given, meant in pairs{ ["normal(90,10)"] = "cm.normal(90,10)",
      ["nomal( 90, 10 )"] = "cm.normal( 90, 10 )", ["cm.uniform(1,2)"] = "cm.uniform(1,2)",
      trianglar = "cm.triangular(low, mode, high)", [cm.normal] = "cm.normal(mean, sd)" } do
      for _, way in ipairs{ "sample", "tornado", "sweep" } do
        local ask = { wage = given }
        if way == "sample" then ask.n, ask.seed = 3, 1 end
        local number, message = refusal(s[way], s, ask)
        assert.equal(way == "tornado" and "CM3008" or "CM3003", number)
        assert.matches("write wage = " .. meant, message, 1, true)
        assert.no.matches("0x", message) -- the same in every run
      end
    end
    local _, message = refusal(s.sample, s, { n = 3, seed = 1, wage = "high" })
    assert.matches("a number, as 90 is", message, 1, true)
    _, message = refusal(s.sweep, s, { wage = cm.normal(1, 1) })
    assert.matches("draws are of s:sample", message, 1, true)
    assert.same({ "normal(1, 2)" }, -- a text may be one
      s:sample{ n = 1, seed = 1, mode = "normal(1, 2)" }:column "mode")
  end)
end)

describe("a tornado of a scenario", function()
  it("moves one parameter at a time", function()
    local s = linear()
    local t = s:tornado{ a = { 0, 5 }, b = cm.uniform(0, 20), output = "cost" }
    assert.same({ "b", "a" }, t:column "parameter")
    local b, a = t[1], t[2]
    for name, figures in pairs{
      b = { { b.low, b.high, b.at_low, b.base, b.at_high, b.swing }, { 2, 18, 4, 12, 20, 16 } },
      a = { { a.low, a.high, a.at_low, a.base, a.at_high, a.swing }, { 0, 5, 10, 12, 20, 10 } },
    } do
      for k, wanted in ipairs(figures[2]) do
        assert.is_true(math.abs(wanted - figures[1][k]) < 1e-12, name .. k)
      end
    end
    assert.same({ "cost", "twice" }, s:tornado{ params = { n = { 1, 4 } } }:column "output")
    assert.equal(20, s:tornado{ b = cm.uniform(0, 20), low = 0, high = 1 }.high["b.cost"])
  end)

  it("refuses what has no low and high", function()
    local s = linear()
    assert.equal("CM3008", (refusal(s.tornado, s, { a = 3 })))
    assert.equal("CM3008", (refusal(s.tornado, s, { a = { 3, 3 } })))
    assert.equal("CM3008", (refusal(s.tornado, s, { mode = { "x", "y" } })))
    assert.equal("CM3008", (refusal(s.tornado, s, { a = { 1, 2 }, low = 0.9, high = 0.1 })))
    assert.equal("CM3008", (refusal(s.tornado, s, {})))
    assert.equal("CM3002", (refusal(s.tornado, s, { b = { -1, 2 } })))
    assert.equal("CM3006", (refusal(s.tornado, s, { b = { 1, 2 }, output = "mode_of" })))
    local number, message = refusal(s.tornado, s, { b = { 1, 2 }, output = "mode_off" })
    assert.equal("CM3006", number)
    assert.matches("no output 'mode_off'.*did you mean 'mode_of'", message)
  end)

  it("is drawn from its base to both sides", function()
    text.configure{ utf8 = true, columns = 40 }
    local t = linear():tornado{ a = { 0, 5 }, b = { 20, 2 }, output = "cost" }
    local chart = t:chart{ kind = "tornado" }
    -- 40 - 1 - 8 - 7 = 24 cells for 4 to 22: b 4 to 22, a 10 to 20, the base 12 after 10.67
    local drawn = tostring(chart)
    text.configure{}
    assert.equal([[
tornado of 'linear': cost
  b   4 to 22  ███████████│▒▒▒▒▒▒▒▒▒▒▒▒▒
  a  10 to 20          ███│▒▒▒▒▒▒▒▒▒▒
  █ low   ▒ high]], drawn)
    local svg = chart:svg{ width = 400 }
    -- low of b and a, then high of b and a
    local widths = {}
    for w in svg:gmatch '<rect [^>]- width="([%d.]+)" height="17"' do
      widths[#widths + 1] = tonumber(w)
    end
    assert.equal(4, #widths)
    near(10 / 8, widths[3] / widths[1], 0.01)
    near(8 / 2, widths[1] / widths[2], 0.02)
  end)

  it("is of one output, and has no series", function()
    local t = linear():tornado{ b = { 2, 20 }, params = { n = { 1, 2 } } }
    assert.equal("CM3121", (refusal(t.chart, t, { kind = "tornado" })))
    assert.equal("CM3120", (refusal(t.chart, t, { kind = "tornado", series = "output" })))
    local f = cm.frame{ rows = { { x = "a", base = 1, at_low = 0, at_high = 2 },
      { x = "b", base = 2, at_low = 0, at_high = 2 } } }
    assert.equal("CM3120", (refusal(f.chart, f, { kind = "tornado", x = "x" })))
    assert.equal("CM1501", (refusal(linear().sweep(linear(), { a = 1 }).chart,
      linear():sweep{ a = 1 }, { kind = "tornado" })))
  end)
end)
