--- Regressions on the columns of a frame: least squares, fixed effects, instruments, Poisson.
---
---     local fit = cm.econ.ols{ data = f, y = "growth", x = { "openness", "invest" } }
---     print(fit)   print(fit.coefficients.estimate.openness)   print(fit.r2)
---     print(fit:with{ se = "HC3" })   print(fit:test{ "openness", "invest" })
---
---     cm.econ.ols{ data = f, y = "growth", x = "openness", effects = { "country", "year" },
---       cluster = "country" }
---     cm.econ.iv{ data = f, y = "income", x = "size", endogenous = "trade",
---       instruments = "distance" }
---     cm.econ.ppml{ data = flows, y = "trade", x = "dist", effects = { "exporter", "importer" } }
---
--- There are no formulas: a logarithm or a product is a column made by f:map{}. A constant is added
--- (`constant = false` leaves it out; effects take its place). Rows with missing cells are left
--- out and named. `se` says which standard errors: "HC1" (default), "HC0", "HC2", "HC3",
--- "classical", and "cluster" (default where `cluster` is named). What is computed:
--- docs/methods.md, "Regressions". Errors CM24xx.

local args = require "capmod.args"
local core = require "capmod.core"
local design = require "capmod.econ.design"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local store = require "capmod.frame.store"
local text = require "capmod.text"

require "capmod.matrix" -- its verbs, for fit.covariance

local econ = {}

local inside = setmetatable({}, { __mode = "k" })
local methods = {}
local Fit = { __name = "cm.Regression" }

-- ---- what is asked for --------------------------------------------------------------------------

local SE = { "HC1", "HC0", "HC2", "HC3", "classical", "cluster" }
local SOURCE = {
  classical = "classical (equal variances)", HC0 = "HC0 (White 1980)",
  HC1 = "HC1 (MacKinnon and White 1985)", HC2 = "HC2 (MacKinnon and White 1985)",
  HC3 = "HC3 (MacKinnon and White 1985)",
}
local SMALL = { "nested", "slopes", "none" }

local COMMON = {
  data = { "Frame", required = true, about = "the frame that holds the columns" },
  y = { "string", required = true, about = "the column to be explained" },
  x = { "string", "list", about = "the columns that explain it" },
  se = { "string", about = table.concat(SE, ", ") },
  cluster = { "string", about = "the column whose values are the clusters" },
  small = { "string", about = "which parameters the correction for clusters counts: nested, "
    .. "slopes, none" },
  effects = { "string", "list", about = "columns whose values each get a constant of their own" },
  constant = { "boolean" },
  name = { "string", about = "what a table of several calls it" },
}

local IV = {
  endogenous = { "string", "list", required = true,
    about = "the columns that the instruments are for" },
  instruments = { "string", "list", required = true,
    about = "columns that move these and are not moved by y; x is one of its own" },
}

local function fields(more)
  local spec = store.column_with(COMMON, more or {})
  if not more then spec.x = store.column_with(COMMON.x, {}) end
  return spec
end

local METHODS = {
  ols = { name = "least squares", fields = fields() },
  iv = { name = "two-stage least squares", fields = fields(IV) },
  ppml = { name = "Poisson pseudo-maximum likelihood", fields = fields() },
}

local function refuse_se(object, message, fix)
  errors.raise(2412, { message = ("%s: %s"):format(object, message), object = object, field = "se",
    fix = fix })
end

--- The specification with its defaults. CM1001-1004, CM2412.
local function complete(method, t)
  t = store.column_with(args.check(method, t, METHODS[method].fields), {})
  t.se = args.choice(t.se or (t.cluster and "cluster" or "HC1"), "se", SE, method)
  t.small = args.choice(t.small or "nested", "small", SMALL, method)
  if (t.se == "cluster") ~= (t.cluster ~= nil) then
    refuse_se(method, t.cluster and ("errors are '%s' and clustered at once"):format(t.se)
      or "errors by cluster, and no clusters",
      t.cluster and 'leave out se, or say se = "cluster"' or 'name the column: cluster = "country"')
  end
  if (t.se == "HC2" or t.se == "HC3") and (method ~= "ols" or #design.list(t.effects) > 0) then
    refuse_se(method, ("%s is for least squares without effects"):format(t.se),
      'say se = "HC1" or name clusters; or write effects as columns of 0 and 1')
  end
  return t
end

-- ---- degrees of freedom -------------------------------------------------------------------------

--- Whether every group of an effect lies in one cluster.
local function is_nested(effect, cluster)
  local of = {}
  for i, g in ipairs(effect) do
    if of[g] and of[g] ~= cluster[i] then return false end
    of[g] = cluster[i]
  end
  return true
end

--- How many parameters the degrees of freedom are charged with: all; under clusters those of
--- effects that lie within them as one constant (nested), or none of the effects' (slopes).
local function counted(d, k, se, small)
  local rank, total = core.effects_rank(d.effects, #d.rows), k
  if #d.effects == 0 or se == "cluster" and small ~= "nested" then return k, rank end
  total = total + 1
  for e, effect in ipairs(d.effects) do
    local one = e == 1 and rank[e] - 1 or rank[e]
    if se ~= "cluster" or not is_nested(effect, d.cluster) then total = total + one end
  end
  return total, rank
end

-- ---- fitting ------------------------------------------------------------------------------------

local function diagonal_roots(v)
  return v:rows() > 0 and v:diag():sqrt():column_list(1) or {}
end

--- F that the coefficients at `places` are all 0, under a covariance.
local function wald(b, v, places, df)
  local part = b:take("row", places):label{ rows = false }
  local cov = v:take("row", places):take("col", places):label{ rows = false, cols = false }
  local f = part:T():mul(cov:solve(part)):get(1, 1) / #places
  return f, core.f_tail(f, #places, df)
end

--- A raised error with the object that it is about, which the engine does not know.
local function solve(object, d, poisson)
  local ok, made = pcall(poisson and core.fit_poisson or core.fit_linear, d.y, d.x, d.z, d.effects)
  if ok then return made end
  if errors.is(made) then
    made.object, made.message = object, ("%s: %s"):format(object, made.message)
  end
  error(made, 0)
end

local function measure(r)
  local s, d = r.sums, r.design
  r.n, r.left = s.rows, s.rows - r.parameters
  r.tss = (d.constant or #d.effects > 0) and s.total or s.total_raw
  r.r2 = r.tss > 0 and 1 - s.residual / r.tss or nil
  if r.r2 and math.abs(r.r2) < 1e-14 then r.r2 = 0.0 end -- a constant alone, up to rounding
  if r.r2 and r.left > 0 then
    local all = (d.constant or #d.effects > 0) and r.n - 1 or r.n
    r.adj_r2 = 1 - (1 - r.r2) * all / r.left
  end
  r.sigma = r.left > 0 and (s.residual / r.left) ^ 0.5 or nil
  r.within_r2 = #d.effects > 0 and s.within > 0 and 1 - s.residual / s.within or nil
  if r.method == "ppml" then
    r.r2, r.adj_r2, r.sigma, r.within_r2 = s.correlation ^ 2, nil, nil, nil
  end
end

local function estimate(method, spec)
  local object = ("%s of '%s'"):format(method, spec.y)
  local r = { method = method, spec = spec, object = object }
  r.design = design.of(spec, object, method == "ppml")
  r.fit = solve(object, r.design, method == "ppml")
  r.b, r.sums = r.fit:coefficients(), r.fit:sums()
  local k = r.b:rows()
  r.parameters = counted(r.design, k, "HC1")
  local kind = spec.se == "cluster" and spec.small == "none" and "cluster0" or spec.se
  r.v = r.fit:covariance(kind, (counted(r.design, k, spec.se, spec.small)), r.design.cluster)
  measure(r)
  r.df = method == "ppml" and math.huge or spec.se == "cluster" and r.design.clusters - 1 or r.left
  r.terms = r.b:labels "row" or {}
  r.errors = diagonal_roots(r.v)
  local slopes = {}
  for i = r.design.constant and 2 or 1, k do slopes[#slopes + 1] = i end
  if #slopes > 0 and #slopes <= r.df then
    local ok, f, p = pcall(wald, r.b, r.v, slopes, r.df)
    if ok then r.f, r.f_p, r.slopes = f, p, #slopes end
  end
  return r
end

local function make(method, t)
  local fit = setmetatable({}, Fit)
  inside[fit] = estimate(method, complete(method, t))
  return fit
end

--- Least squares. `effects` are swept out (within estimator; any number of them).
--- CM1001-1004, CM1501, CM1508, CM2401, CM2402, CM2403, CM2410-2412.
---@param t { data: cm.Frame, y: string, x: string|string[]|nil, se: string?, cluster: string?,
---  small: "nested"|"slopes"|"none"|nil, effects: string|string[]|nil, constant: boolean?,
---  name: string? }
---@return cm.Regression
function econ.ols(t) return make("ols", t) end

--- Two-stage least squares: `endogenous` by `instruments`, of which there are at least as many; x
--- is exogenous. fit:diagnostics() tests the instruments. As ols; CM2414 too few instruments.
---@param t { data: cm.Frame, y: string, x: string|string[]|nil, endogenous: string|string[],
---  instruments: string|string[], se: string?, cluster: string?, small: string?,
---  effects: string|string[]|nil, constant: boolean?, name: string? }
---@return cm.Regression
function econ.iv(t)
  t = complete("iv", t)
  local wanted, given = #design.list(t.endogenous), #design.list(t.instruments)
  if given < wanted then
    errors.raise(2414, { message = ("iv: %s for %s"):format(text.count(given, "instrument"),
      text.count(wanted, "endogenous column")), object = "iv", field = "instruments",
      fix = "name at least one instrument for each endogenous column" })
  end
  return make("iv", t)
end

--- Poisson pseudo-maximum likelihood of y >= 0, exp(x b): the gravity equation with its zeros
--- (Santos Silva and Tenreyro 2006). Groups of an effect in which y is 0 throughout are left out
--- and named. As ols; CM2413 a negative y.
---@param t { data: cm.Frame, y: string, x: string|string[]|nil, se: string?, cluster: string?,
---  small: string?, effects: string|string[]|nil, constant: boolean?, name: string? }
---@return cm.Regression
function econ.ppml(t) return make("ppml", t) end

-- ---- answers ------------------------------------------------------------------------------------

local function of(self)
  args.object(inside[self] ~= nil, "regression")
  return inside[self]
end

local function probability(p)
  return p < 0.0001 and "p < 0.0001" or ("p = %.4f"):format(p)
end

local function figure(x) return text.number(x, text.number_style({ x }, 1)) end

local function say_errors(r)
  local spec, d = r.spec, r.design
  if spec.se ~= "cluster" then return "standard errors: " .. SOURCE[spec.se] end
  local how = { nested = "", slopes = ", small sample by the slopes alone",
    none = ", no correction for few clusters" }
  return ("standard errors: by the %d clusters of %s%s"):format(d.clusters, spec.cluster,
    how[spec.small])
end

local function notes(r)
  local list = { ("%s of %s, %d rows"):format(METHODS[r.method].name, r.spec.y, r.n) }
  if r.method == "iv" then
    list[1] = list[1] .. ("; %s by %s"):format(table.concat(design.list(r.spec.endogenous), ", "),
      table.concat(design.list(r.spec.instruments), ", "))
  end
  local effects = {}
  for e, name in ipairs(design.list(r.spec.effects)) do
    local groups = 0
    for _, g in ipairs(r.design.effects[e]) do groups = math.max(groups, g) end
    effects[e] = ("%s (%d)"):format(name, groups)
  end
  if #effects > 0 then list[#list + 1] = "fixed effects: " .. table.concat(effects, ", ") end
  list[#list + 1] = say_errors(r)
  for _, line in ipairs(r.design.notes) do list[#list + 1] = line end
  return list
end

local function checks(r)
  local parts, list = {}, {}
  if r.method == "ppml" then
    parts[1] = ("deviance %s (constant alone %s)"):format(figure(r.sums.deviance),
      figure(r.sums.deviance_null))
    parts[2] = ("squared correlation of y and fit %.4f"):format(r.r2)
  else
    if r.r2 then parts[1] = ("R2 %.4f"):format(r.r2) end
    if r.within_r2 then parts[#parts + 1] = ("within %.4f"):format(r.within_r2)
    elseif r.adj_r2 then parts[#parts + 1] = ("adjusted %.4f"):format(r.adj_r2) end
    if r.sigma then
      parts[#parts + 1] = ("residual %s on %d degrees of freedom"):format(figure(r.sigma), r.left)
    end
  end
  list[1] = table.concat(parts, "; ")
  if r.f then
    list[2] = r.df == math.huge and ("chi2(%d) = %s, %s"):format(r.slopes, figure(r.f * r.slopes),
      probability(r.f_p)) or ("F(%d, %d) = %s, %s"):format(r.slopes, r.df, figure(r.f),
      probability(r.f_p))
    list[2] = list[2] .. " for all slopes together"
  end
  return list
end

--- Decimals that show three digits of the smallest standard error, and of all others more.
local function decimals(r)
  local least = math.huge
  for _, se in ipairs(r.errors) do if se > 0 then least = math.min(least, se) end end
  if least == math.huge then return 4 end
  return math.max(0, math.min(8, 2 - math.floor(math.log(least, 10))))
end

local function coefficients(r)
  local digits = decimals(r)
  local rows, b = {}, #r.terms > 0 and r.b:column_list(1) or {}
  local wide = core.t_critical(0.05, r.df)
  for i, term in ipairs(r.terms) do
    local t = b[i] / r.errors[i]
    rows[i] = { term = term, estimate = b[i], std_error = r.errors[i], stat = t,
      p = core.t_two_sided(t, r.df), low = b[i] - wide * r.errors[i],
      high = b[i] + wide * r.errors[i] }
  end
  return frame{ title = r.spec.name or r.spec.y, keys = { "term" }, rows = rows, bar = false,
    note = notes(r), check = checks(r), cols = { { name = "term" },
      { name = "estimate", digits = digits }, { name = "std_error", digits = digits,
        label = "std. error" }, { name = "stat", digits = 2, label = r.df == math.huge and "z"
        or "t" }, { name = "p", digits = 4 }, { name = "low", digits = digits, label = "95 % low" },
      { name = "high", digits = digits, label = "95 % high" } } }
end

--- Rows of the frame with what was fitted and what is left, under the keys of the frame.
local function row_by_row(r)
  local d = store.of(r.spec.data)
  local cols, data = {}, {}
  for _, key in ipairs(d.keys) do
    cols[#cols + 1] = (store.column(d, key))
    data[key] = {}
    for k, i in ipairs(r.design.rows) do data[key][k] = d.data[key][i] end
  end
  if #cols == 0 then cols[1], data.row = { name = "row" }, r.design.rows end
  local taken = {}
  for _, col in ipairs(cols) do taken[col.name] = true end
  for name, m in each{ fitted = r.fit:fitted(), residual = r.fit:residuals() } do
    local as = taken[name] and name .. "_" or name
    cols[#cols + 1], data[as] = { name = as, kind = "number" }, m:column_list(1)
  end
  return frame{ title = ("what %s leaves"):format(r.object), columns = data, cols = cols,
    bar = false, keys = #d.keys > 0 and d.keys or { "row" } }
end

--- Wald's test that the coefficients of some terms are all 0, by the errors of this fit: F with its
--- degrees of freedom, or chi-squared where the errors are of large samples (ppml). CM2415.
---@param terms string|string[]
---@return cm.Frame  terms, statistic, df1, df2, p
function methods:test(terms)
  local r = of(self)
  args.one(terms, "test", "terms", "string", "list")
  local places = {}
  for i, term in ipairs(design.list(terms)) do
    places[i] = #r.terms > 0 and r.b:find("row", term) or errors.raise(2415, {
      message = ("%s has no coefficient '%s'"):format(r.object, tostring(term)), object = r.object,
      field = tostring(term), fix = errors.did_you_mean(term, r.terms,
        "its coefficients are " .. table.concat(r.terms, ", ")) })
  end
  if #places == 0 then
    errors.raise(2415, { message = ("%s: a test of no coefficient"):format(r.object),
      object = r.object, fix = "name those that are 0 under the hypothesis" })
  end
  local f, p = wald(r.b, r.v, places, r.df)
  local large = r.df == math.huge
  return frame{ title = ("%s: are these all 0?"):format(r.spec.name or r.spec.y), bar = false,
    note = say_errors(r), keys = { "terms" }, rows = { {
      terms = table.concat(design.list(terms), ", "), statistic = large and f * #places or f,
      df1 = #places, df2 = not large and r.df or nil, p = p } },
    cols = { { name = "terms" }, { name = "statistic", label = large and "chi2" or "F",
      format = "mixed" }, { name = "df1" }, { name = "df2", kind = "number" },
      { name = "p", digits = 4 } } }
end

--- The same regression with some fields changed: fit:with{ se = "HC3" }, fit:with{ data = less }.
---@param changes table
---@return cm.Regression
function methods:with(changes)
  local r = of(self)
  args.one(changes, "with", "fields", "table")
  local spec = store.column_with(r.spec, {})
  if changes.cluster and not changes.se then spec.se = nil end
  if changes.se and changes.se ~= "cluster" and not changes.cluster then spec.cluster = nil end
  return (econ[r.method](store.column_with(spec, changes)))
end

--- Tests of the instruments of cm.econ.iv under equal variances: for each endogenous column the F
--- of the instruments in its first stage (weak below about 10: Staiger and Stock 1997); Wu (1973)
--- and Hausman (1978) whether least squares would do; Sargan (1958) whether more instruments than
--- needed agree. CM2412 of another method.
---@return cm.Frame  test, statistic, df1, df2, p
function methods:diagnostics()
  local r = of(self)
  if r.method ~= "iv" then
    refuse_se(r.object, "there are no instruments to test", "diagnostics are of cm.econ.iv")
  end
  return require "capmod.econ.instruments"(r)
end

-- ---- the object ---------------------------------------------------------------------------------

local PROPERTIES = {
  coefficients = coefficients, residuals = row_by_row,
  covariance = function(r) return r.v end, n = function(r) return r.n end,
  df = function(r) return r.left end, r2 = function(r) return r.r2 end,
  adj_r2 = function(r) return r.adj_r2 end, within_r2 = function(r) return r.within_r2 end,
  sigma = function(r) return r.sigma end, rss = function(r) return r.sums.residual end,
  f = function(r) return r.f end, f_p = function(r) return r.f_p end,
  deviance = function(r) return r.method == "ppml" and r.sums.deviance or nil end,
  steps = function(r) return r.sums.steps end, clusters = function(r) return r.design.clusters end,
  name = function(r) return r.spec.name end, y = function(r) return r.spec.y end,
}

function Fit:__index(key)
  if methods[key] then return methods[key] end
  if PROPERTIES[key] then return (PROPERTIES[key](inside[self])) end
  args.no_such("a regression", key, inside[self].object, methods, PROPERTIES)
end

function Fit:__newindex()
  errors.raise(1505, { message = "a regression does not change", object = inside[self].object,
    fix = "make another: fit:with{ ... }" })
end

function Fit:__tostring() return tostring(coefficients(inside[self])) end

-- ---- several beside each other ------------------------------------------------------------------

local function cell(r, term)
  local i = #r.terms > 0 and r.b:find("row", term)
  if not i then return nil end
  local b, se = r.b:get(i, 1), r.errors[i]
  return ("%s (%s)"):format(figure(b), figure(se))
end

--- Regressions beside each other, as articles print them: a column each, estimates with their
--- standard errors behind them, then rows and R2. CM1003.
---@param fits cm.Regression[]
---@return cm.Frame
function econ.table(fits)
  args.one(fits, "table", "fits", "list")
  local cols, rows, seen = { { name = "term" } }, {}, {}
  local n, r2, lines = { term = "rows" }, { term = "R2" }, {}
  for k, fit in ipairs(fits) do
    args.one(fit, "table", ("fit %d"):format(k), "Regression")
    local r = of(fit)
    local name = ("(%d)"):format(k)
    cols[k + 1] = { name = name, label = r.spec.name and ("(%d) %s"):format(k, r.spec.name) or nil }
    local line = ("%s of %s; %s"):format(METHODS[r.method].name, r.spec.y, say_errors(r))
    local last = lines[#lines]
    if last and last.line == line then last.names[#last.names + 1] = name
    else lines[#lines + 1] = { line = line, names = { name } } end
    for _, term in ipairs(r.terms) do
      if not seen[term] then
        rows[#rows + 1] = { term = term }
        seen[term] = rows[#rows]
      end
      seen[term][name] = cell(r, term)
    end
    n[name], r2[name] = tostring(r.n), r.r2 and ("%.4f"):format(r.r2)
  end
  for i, one in ipairs(lines) do
    lines[i] = ("%s: %s"):format(table.concat(one.names, " "), one.line)
  end
  rows[#rows + 1], rows[#rows + 2] = n, r2
  return frame{ title = "regressions", keys = { "term" }, cols = cols, rows = rows, bar = false,
    note = lines }
end

return setmetatable(econ, { __name = "capmod.econ" })
