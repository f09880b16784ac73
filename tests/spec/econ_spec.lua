--- Regressions of frames: textbook numbers, identities, what is printed, and refusals.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

--- y on 1..5: slope 0.8, intercept 0.6, residuals -.4 .8 -1 1.2 -.6, by hand.
local five = cm.frame{ title = "five", keys = { "who" }, columns = {
  who = { "A", "B", "C", "D", "E", "F" }, y = { 1, 3, 2, 5, 4, 7 }, x = { 1, 2, 3, 4, 5 },
  yes = { true, false, true, false, true, false }, pair = { "p", "q", "p", "q", "r", "r" } } }

local function fit(t)
  t = t or {}
  t.data, t.y, t.x = t.data or five, "y", t.x or "x"
  return cm.econ.ols(t)
end

describe("least squares", function()
  it("gives estimates, errors and sums of hand", function()
    local f = fit{ se = "classical" }
    local c = f.coefficients
    assert.near(0.6, c.estimate["(constant)"], 1e-14)
    assert.near(0.8, c.estimate.x, 1e-14)
    assert.near((1.2 / 10) ^ 0.5, c.std_error.x, 1e-14)
    assert.near(0.8 / 0.12 ^ 0.5, c.stat.x, 1e-13)
    assert.near(0.1041, c.p.x, 5e-5) -- t = 2.309 with 3 degrees of freedom
    assert.near(0.8 - 3.182446 * 0.12 ^ 0.5, c.low.x, 1e-6) -- Student's table: 3.182446
    assert.near(0.64, f.r2, 1e-14)
    assert.near(1 - 0.36 * 4 / 3, f.adj_r2, 1e-14)
    assert.same({ 5, 3 }, { f.n, f.df })
    assert.near(1.2 ^ 0.5, f.sigma, 1e-14)
    assert.near(c.stat.x ^ 2, f.f, 1e-12)
    assert.near(-0.4, f.residuals.residual.A, 1e-14)
    assert.near(1.4, f.residuals.fitted.A, 1e-14)
    assert.near(0.0416, fit{ se = "HC0" }.covariance{ from = "x", to = "x" }, 1e-14)
    assert.near(2.24 / 100 * 1.5 * 4 / 3,
      fit{ cluster = "pair" }.covariance{ from = "x", to = "x" },
      1e-14)
  end)

  it("names rows that it leaves out, its errors, and R2", function()
    local printed = tostring(fit())
    assert.matches("least squares of y, 5 rows", printed, 1, true)
    assert.matches("1 of 6 rows left out for missing cells (x 1): F", printed, 1, true)
    assert.matches("standard errors: HC1 (MacKinnon and White 1985)", printed, 1, true)
    assert.matches("R2 0.6400; adjusted 0.5200", printed, 1, true)
    assert.matches("by the 3 clusters of pair", tostring(fit{ cluster = "pair" }), 1, true)
  end)

  it("takes true and false as 1 and 0: the difference of means", function()
    local c = cm.econ.ols{ data = five, y = "y", x = "yes" }.coefficients
    assert.near(5, c.estimate["(constant)"], 1e-14)
    assert.near(7 / 3 - 5, c.estimate.yes, 1e-14)
  end)

  it("leaves the constant out on request, and then measures R2 from 0", function()
    local f = fit{ constant = false }
    assert.near(53 / 55, f.coefficients.estimate.x, 1e-14)
    assert.near(1 - (55 - 53 ^ 2 / 55) / 55, f.r2, 1e-14)
  end)

  it("has the effects' means in what is fitted", function()
    local f = cm.econ.ols{ data = five, y = "y", effects = "pair" }
    assert.near(4, f.residuals.fitted.B, 1e-14) -- q: 3 and 5
    assert.near(5.5, f.residuals.fitted.F, 1e-14) -- r: 4 and 7
    assert.near(0.5 + 2 + 4.5, f.rss, 1e-13)
  end)

  it("tests terms together: F from R2 under equal variances", function()
    local f = cm.econ.ols{ data = five, y = "y", x = { "x", "yes" }, se = "classical" }
    local row = f:test{ "x", "yes" }[1]
    assert.near(f.r2 / 2 / ((1 - f.r2) / 2), row.statistic, 1e-10)
    assert.same({ 2, 2 }, { row.df1, row.df2 })
    assert.near(f.f, row.statistic, 1e-12)
  end)

  it("changes a field and keeps the rest", function()
    local f = fit{ name = "base" }
    assert.near(0.0416, f:with{ se = "HC0" }.covariance{ from = "x", to = "x" }, 1e-14)
    assert.equal(3, f:with{ cluster = "pair" }.clusters)
    assert.near(0.0416, f:with{ cluster = "pair" }:with{ se = "HC0" }
      .covariance{ from = "x", to = "x" }, 1e-14)
    assert.equal("base", f:with{ se = "HC3" }.name)
  end)

  it("stands beside others", function()
    local t = cm.econ.table{ fit{ name = "short", se = "classical" },
      cm.econ.ols{ data = five, y = "y", x = { "x", "yes" } } }
    assert.equal("0.8000 (0.3464)", t["(1)"].x)
    assert.is_nil(t["(1)"].yes)
    assert.equal("5", t["(2)"].rows)
    assert.matches("(1) short", tostring(t), 1, true)
  end)
end)

describe("two-stage least squares", function()
  local data = cm.frame{ columns = { y = { 1, 4, 2, 6, 9, 7, 5 }, x = { 1, 3, 2, 5, 4, 7, 3 },
    z = { 0, 0, 1, 0, 1, 1, 1 }, w = { 2, 1, 4, 3, 3, 6, 1 } } }

  it("is least squares where the column is its own instrument in disguise", function()
    local twice = data:map{ copy = function(r) return 3 * r.x + 1 end }
    local iv = cm.econ.iv{ data = twice, y = "y", endogenous = "x", instruments = "copy" }
    local ols = cm.econ.ols{ data = twice, y = "y", x = "x" }
    assert.near(ols.coefficients.estimate.x, iv.coefficients.estimate.x, 1e-12)
    assert.near(ols.coefficients.std_error.x, iv.coefficients.std_error.x, 1e-12)
  end)

  it("gives F of the first stage, Wu-Hausman and Sargan by their regressions", function()
    local iv = cm.econ.iv{ data = data, y = "y", endogenous = "x", instruments = { "z", "w" } }
    local tests = iv:diagnostics()
    local first = cm.econ.ols{ data = data, y = "x", x = { "z", "w" }, se = "classical" }
    assert.near(first.f, tests[1].statistic, 1e-10)
    local v = {}
    for i, row in pairs(first.residuals) do v[i] = row.residual end
    local k = 0
    local more = data:map{ v = function() k = k + 1 return v[k] end }
    local wu = cm.econ.ols{ data = more, y = "y", x = { "x", "v" }, se = "classical" }
    assert.near(wu:test "v"[1].statistic, tests[2].statistic, 1e-10)
    k = 0
    local e = iv.residuals:column "residual"
    local rest = data:map{ e = function() k = k + 1 return e[k] end }
    local r2 = cm.econ.ols{ data = rest, y = "e", x = { "z", "w" } }.r2
    assert.near(7 * r2, tests[3].statistic, 1e-10)
    assert.equal(1, tests[3].df1)
  end)
end)

describe("Poisson regression", function()
  local flows = cm.frame{ columns = { y = { 0, 0, 2.5, 7, 3, 0.5, 0, 0 },
    d = { 0, 0, 1, 1, 0, 0, 1, 0 }, g = { "e", "e", "a", "a", "a", "b", "b", "e" } } }

  it("meets the means of groups", function()
    local c = cm.econ.ppml{ data = flows, y = "y", x = "d" }.coefficients
    assert.near(math.log(3.5 / 5), c.estimate["(constant)"], 1e-12)
    assert.near(math.log(9.5 / 3 / (3.5 / 5)), c.estimate.d, 1e-12)
  end)

  it("leaves groups of nothing but 0 out, and says so", function()
    local f = cm.econ.ppml{ data = flows, y = "y", x = "d", effects = "g" }
    assert.equal(5, f.n)
    assert.matches("3 of 8 rows left out where y is 0 throughout (g 3): row 1, row 2, row 8",
      tostring(f), 1, true)
    local sums = f.residuals:map{ g = function(r) return flows[r.row].g end }:group{ by = "g" }
    for row in sums:rows() do assert.near(0, row.residual, 1e-10) end -- by its conditions
  end)

  it("says z and chi2", function()
    local printed = tostring(cm.econ.ppml{ data = flows, y = "y", x = "d" })
    assert.matches("chi2(1) = ", printed, 1, true)
    assert.matches("deviance", printed, 1, true)
  end)
end)

describe("a regression refuses", function()
  local function number(t) return (refusal(fit, t)) end

  it("what does not fit, by number", function()
    assert.equal("CM1001", number{ weights = "x" })
    assert.equal("CM1004", number{ se = "HC9" })
    assert.equal("CM1501", number{ x = "z" })
    assert.equal("CM1508", number{ x = "pair" })
    assert.equal("CM2412", number{ se = "cluster" })
    assert.equal("CM2412", number{ se = "HC0", cluster = "pair" })
    assert.equal("CM2412", number{ se = "HC2", effects = "pair" })
    assert.equal("CM2401", number{ effects = "who" })
    assert.equal("CM2412", (refusal(function() return fit():diagnostics() end)))
    assert.equal("CM1003", (refusal(function() return fit().test "x" end)))
    assert.equal("CM1505", (refusal(function() fit().r2 = 1 end)))
    local _, text = refusal(function() return fit().rsquared end)
    assert.matches("a regression has no 'rsquared'", text, 1, true)
  end)

  it("columns that follow from others, by name", function()
    local f = five:map{ twice = function(r) return r.x and 2 * r.x + 1 end }
    local number_of, text = refusal(fit, { data = f, x = { "x", "twice" } })
    assert.equal("CM2401", number_of)
    assert.matches("ols of 'y': regressor 'twice' follows from '(constant)', 'x'", text, 1, true)
  end)
end)
