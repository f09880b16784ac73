--- Growth regressions against R 4.2.2 (lm, sandwich, plm, AER::ivreg, glm) on the data of
--- Mankiw, Romer and Weil (1992) as Durlauf and Johnson (1995) give them, Nonneman and Vanhoudt
--- (1996), Beck, Levine and Loayza (2000), Fernandez, Ley and Steel (2001), the Penn World Table
--- 9.1, Frankel and Romer's (1999) design, and the gravity flows of the UN/WTO guide (2016): 1e-8
--- relative. The files are not part of the repository: without them the tests are pending.

local cm = require "capmod"

local blocks = dofile "tests/support/blocks.lua"
local growth = blocks.shared .. "/reference/growth/"

local function near(expected, actual, what)
  local gap = math.abs(actual - expected) / math.max(1e-3, math.abs(expected))
  assert(gap <= 1e-8, ("%s: %.12g, not %.12g"):format(what, actual, expected))
end

--- "log(invest/100)" as a function of a row: the terms of the R file are columns to be made.
local function evaluate(term)
  local inner = term:match "^log%((.*)%)$"
  if not inner then return nil end
  local name, by, plus = inner:match "^([%w_]+)%s*/?%s*(%d*)%s*%+?%s*([%d.]*)$"
  by, plus = tonumber(by) or 1, tonumber(plus) or 0
  return function(row) return row[name] and math.log(row[name] / by + plus) end
end

local function number(value) return tonumber(value) end -- NA is no number

--- A file with the columns of all terms; text that R means as missing is missing.
local function load(file, terms, texts)
  local f, made = cm.frame.load(growth .. file), {}
  for _, name in ipairs(f:columns()) do
    if not texts[name] then made[name] = function(row) return number(row[name]) end end
  end
  f = f:map(made)
  made = {}
  for _, term in ipairs(terms) do made[term] = evaluate(term) end
  return f:map(made)
end

local function is(name) return function(row) return row[name] == "yes" end end
local function nonoil(row) return row.oil == "no" end

--- By the first letters of a model's name: file, y, columns of text, which rows.
local MODELS = {
  { "MRW_T5", "in_GrowthDJ.csv", "log(gdp85)-log(gdp60)", nonoil },
  { "DJ_T2_low", "in_GrowthDJ.csv", "log(gdp85)-log(gdp60)",
    function(row) return nonoil(row) and (row.gdp60 or 1e9) < 1800
      and (row.literacy60 or 100) < 50 end },
  { "DJ_T2_high", "in_GrowthDJ.csv", "log(gdp85)-log(gdp60)",
    function(row) return nonoil(row) and (row.gdp60 or 0) >= 1800
      and (row.literacy60 or 0) >= 50 end },
  { "MRW_.*nonoil", "in_GrowthDJ.csv", "log(gdp85)", nonoil },
  { "MRW_.*inter", "in_GrowthDJ.csv", "log(gdp85)", is "inter" },
  { "MRW_.*oecd", "in_GrowthDJ.csv", "log(gdp85)", is "oecd" },
  { "NV_", "in_OECDGrowth.csv", "log(gdp85)-log(gdp60)" },
  { "SW_.*all", "in_GrowthSW.csv", "growth" },
  { "SW_", "in_GrowthSW.csv", "growth", function(row) return row.country ~= "Malta" end },
  { "FLS_", "in_datafls_FLS2001.csv", "y" },
  { "PWT_", "in_pwt91_cross_1990_2017.csv", "growth" },
  { "FR_first", "in_FrankelRomer2017_naivereg.csv", "T" },
  { "FR_", "in_FrankelRomer2017_naivereg.csv", "y" },
}
local TEXTS = { country = true, oil = true, inter = true, oecd = true, code = true,
  isocode = true }

local function described(model)
  for _, one in ipairs(MODELS) do
    if model:find("^" .. one[1]) then return one end
  end
end

local function fit(model, terms, se)
  local _, file, y, keep = table.unpack(described(model))
  local f = load(file, terms, TEXTS)
  if keep then f = f:where(keep) end
  if y == "log(gdp85)-log(gdp60)" then
    f = f:map{ [y] = function(r) return r.gdp85 and r.gdp60 and math.log(r.gdp85 / r.gdp60) end }
  elseif y == "log(gdp85)" then
    f = f:map{ [y] = evaluate(y) }
  end
  if model == "FR_2SLS" then
    return cm.econ.iv{ data = f, y = y, x = { "N", "A" }, endogenous = "T", instruments = "T_hat",
      se = se }
  end
  return cm.econ.ols{ data = f, y = y, x = terms, se = se }
end

--- The rows of an output of R by model, in order.
local function by_model(file)
  local models, order = {}, {}
  for row in cm.frame.load(growth .. file):rows() do
    if not models[row.model] then
      order[#order + 1], models[row.model] = row.model, {}
    end
    table.insert(models[row.model], row)
  end
  return models, order
end

local KINDS = { classical = "se_classical", HC0 = "se_HC0", HC1 = "se_HC1", HC2 = "se_HC2",
  HC3 = "se_HC3" }

local function compare(model, rows)
  local terms = {}
  for _, row in ipairs(rows) do
    if row.term ~= "(Intercept)" then terms[#terms + 1] = row.term end
  end
  for kind, column in cm.each(KINDS) do
    if number(rows[1][column]) then
      local one = fit(model, terms, kind)
      assert.equal(rows[1].n, one.n, model)
      near(rows[1].r2, one.r2, model .. " R2")
      near(rows[1].adj_r2, one.adj_r2, model .. " adjusted R2")
      near(rows[1].sigma, one.sigma, model .. " sigma")
      local f = one.coefficients
      for _, row in ipairs(rows) do
        local mine = f:get{ term = row.term == "(Intercept)" and "(constant)" or row.term }
        near(row.estimate, mine.estimate, model .. " " .. row.term)
        near(row[column], mine.std_error, ("%s %s %s"):format(model, row.term, kind))
      end
    end
  end
end

describe("the growth regressions of R", function()
  if not blocks.exists(growth .. "out_R_regressions.csv") then
    return it("are met", function() pending("needs " .. growth .. " (set CAPMOD_SHARED)") end)
  end
  local models, order = by_model "out_R_regressions.csv"
  assert(#order == 24, #order .. " models in the file")
  for _, model in ipairs(order) do
    it("are met: " .. model, function() compare(model, models[model]) end)
  end

  it("print as Mankiw, Romer and Weil do, but for a revision of the data", function()
    local f = fit("MRW_T1_nonoil", { "log(invest/100)", "log(popgrowth/100 + 0.05)" }, "classical")
    local c = f.coefficients -- Table I, non-oil: 1.42 (0.14), -1.97 (0.56), adjusted R2 0.59
    assert.near(1.42, c.estimate["log(invest/100)"], 0.005)
    assert.near(0.14, c.std_error["log(invest/100)"], 0.005)
    assert.near(-1.97, c.estimate["log(popgrowth/100 + 0.05)"], 0.025) -- revised: -1.99
    assert.near(0.56, c.std_error["log(popgrowth/100 + 0.05)"], 0.005)
    assert.near(0.59, f.adj_r2, 0.005)
  end)

  it("are met for intermediates and growth", function()
    local f = cm.frame.load(growth .. "in_wiod_pwt_growth_1995_2011.csv")
    local wiod, names = by_model "out_R_intermediate_growth.csv"
    for _, model in ipairs(names) do
      local terms = {}
      for i, row in ipairs(wiod[model]) do terms[i - 1] = row.term end
      terms[0] = nil
      for _, kind in ipairs{ "classical", "HC0", "HC1", "HC3" } do
        local one = cm.econ.ols{ data = f, y = "growth", x = terms, se = kind }
        near(wiod[model][1].r2, one.r2, model)
        for i, row in ipairs(wiod[model]) do
          near(row.estimate, one.coefficients[i].estimate, model .. row.term)
          near(row["se_" .. kind], one.coefficients[i].std_error, model .. row.term .. kind)
        end
      end
    end
  end)

  it("are met with effects of country and period (plm)", function()
    local f = cm.frame.load(growth .. "in_pwt91_panel_5yr.csv")
    local base = { data = f, y = "growth", x = { "y0", "openness", "invest" },
      effects = { "iso", "period" } }
    local function with(t)
      for name, value in cm.each(base) do t[name] = value end
      return cm.econ.ols(t).coefficients
    end
    local classical = with{ se = "classical" }
    local arellano = with{ cluster = "iso", small = "none" }
    local sss = with{ cluster = "iso", small = "slopes" }
    for row in cm.frame.load(growth .. "out_R_panel_twoway_FE.csv"):rows() do
      near(row.estimate, classical.estimate[row.term], row.term)
      near(row.se_classical, classical.std_error[row.term], row.term)
      near(row.se_cluster_HC0, arellano.std_error[row.term], row.term)
      near(row.se_cluster_sss, sss.std_error[row.term], row.term)
    end
  end)

  it("are met in the tests of instruments (AER)", function()
    local mine = fit("FR_2SLS", { "N", "A" }, "HC1"):diagnostics()
    local weak, wu = mine[1], mine[2]
    local theirs = cm.frame.load(growth .. "out_R_FR_2SLS_diagnostics.csv")
    for i, row in ipairs{ weak, wu } do
      near(number(theirs[i].statistic), row.statistic, row.test)
      near(number(theirs[i]["p.value"]), row.p, row.test)
      assert.equal(number(theirs[i].df2), row.df2)
    end
    assert.equal(2, #mine) -- as many instruments as columns: nothing for Sargan to test
  end)
end)

describe("the gravity equation of the UN/WTO guide", function()
  local folder = blocks.shared .. "/reference/agtpa/"
  it("is met by Poisson with effects of exporter and importer", function()
    if not blocks.exists(folder .. "out_R_ppml.csv") then
      return pending("needs " .. folder .. " (set CAPMOD_SHARED)")
    end
    local f = cm.frame.load(folder .. "in_2006_trade_gravity_and_fitted.csv")
      :map{ ["log(DIST)"] = evaluate "log(DIST)" }
    local mine = cm.econ.ppml{ data = f, y = "trade", x = { "log(DIST)", "CNTG", "INTL" },
      effects = { "exporter", "importer" }, se = "HC0" }
    local c = mine.coefficients
    for row in cm.frame.load(folder .. "out_R_ppml.csv"):rows() do
      if c:where{ term = row.term }[1] then
        near(row.estimate, c.estimate[row.term], row.term)
        near(row.se_HC0, c.std_error[row.term], row.term)
      end
    end
    -- Stata's log prints seven digits, and errors times the root of n / (n - 1)
    for term, printed in cm.each{ ["log(DIST)"] = { -0.7912879, 0.0501494 },
      CNTG = { 0.6736456, 0.1073719 }, INTL = { -2.47445, 0.1193816 } } do
      assert.near(printed[1], c.estimate[term], 1e-6)
      assert.near(printed[2], c.std_error[term] * (4761 / 4760) ^ 0.5, 1e-6)
    end
  end)
end)
