--- Tests of instruments, by sums of squared residuals. Internal to cm.econ.

local core = require "capmod.core"
local design = require "capmod.econ.design"
local frame = require "capmod.frame"

local function rss(y, x, effects)
  return core.fit_linear(y, x, nil, effects):sums().residual
end

--- F of the restriction that takes `q` regressors out.
local function restricted(rss_less, rss_all, q, df)
  local f = (rss_less - rss_all) / q / (rss_all / df)
  return f, core.f_tail(f, q, df)
end

--- How many parameters the constant or the effects take.
local function absorbed(d)
  local total = 0
  for _, rank in ipairs(core.effects_rank(d.effects, #d.rows)) do total = total + rank end
  return total
end

--- First-stage F, Wu-Hausman and Sargan of a two-stage fit.
---@param r table
---@return cm.Frame
return function(r)
  local d, endogenous = r.design, design.list(r.spec.endogenous)
  local n, effects = #d.rows, d.effects
  local q, m = #design.list(r.spec.instruments), #endogenous
  local exogenous = d.z:cols() - q
  local taken = absorbed(d)
  local few = d.z:block(1, n, 1, exogenous)
  local rows, added = {}, nil
  for i, name in ipairs(endogenous) do
    local x = d.x:col(d.x:cols() - m + i):label{ cols = false }
    local first = core.fit_linear(x, d.z, nil, effects)
    local df = n - d.z:cols() - taken
    local f, p = restricted(rss(x, few, effects), first:sums().residual, q, df)
    rows[i] = { test = "weak instruments: " .. name, statistic = f, df1 = q, df2 = df, p = p }
    local left = first:residuals():label{ rows = false, cols = { "residual of " .. name } }
    added = added and added:join(left, "col") or left
  end
  local df = n - d.x:cols() - m - taken
  local with_added = rss(d.y, d.x:join(added, "col"), effects)
  local f, p = restricted(rss(d.y, d.x, effects), with_added, m, df)
  rows[#rows + 1] = { test = "Wu-Hausman", statistic = f, df1 = m, df2 = df, p = p }
  if q > m then
    local e = r.fit:residuals()
    local on_all = core.fit_linear(e, d.z, nil, effects):sums()
    local s = n * (1 - on_all.residual / on_all.within)
    rows[#rows + 1] = { test = "Sargan", statistic = s, df1 = q - m, p = core.chi2_tail(s, q - m) }
  end
  return frame{ title = ("%s: tests of the instruments"):format(r.spec.name or r.spec.y),
    rows = rows, keys = { "test" }, bar = false, note = "under equal variances",
    cols = { { name = "test" }, { name = "statistic", format = "mixed" }, { name = "df1" },
      { name = "df2", kind = "number" }, { name = "p", digits = 4 } } }
end
