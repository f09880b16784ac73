---@meta capmod.core
--- Regressions as capmod.core holds them. For editors and the reference; nothing here runs. Groups
--- (of fixed effects, of clusters) are lists of numbers, one a row, counted from 1. Scripts meet
--- them through cm.econ.

---@class capmod.Fit
local Fit = {}

--- The coefficients, k x 1, labelled as the columns of the regressors.
---@return capmod.Matrix
function Fit:coefficients() end

--- What is fitted for every row, fixed effects included.
---@return capmod.Matrix
function Fit:fitted() end

--- y less what is fitted.
---@return capmod.Matrix
function Fit:residuals() end

--- Sums of squares (residual, total, total_raw, within), rows, steps, of Poisson the deviance, and
--- the correlation of y and what is fitted.
---@return table
function Fit:sums() end

--- The covariance of the coefficients. `counted` parameters are taken from the degrees of freedom.
--- CM1301, CM2402, CM2403.
---@param kind "classical"|"HC0"|"HC1"|"HC2"|"HC3"|"cluster0"|"cluster"
---@param counted integer
---@param clusters? integer[]
---@return capmod.Matrix
function Fit:covariance(kind, counted, clusters) end

local core = {}

--- Least squares, or with instruments (the exogenous regressors among them) two-stage least
--- squares. CM1302, CM1304, CM2401, CM2402, CM4003.
---@param y capmod.Matrix  n x 1
---@param x capmod.Matrix  n x k
---@param z capmod.Matrix|nil
---@param effects integer[][]
---@return capmod.Fit
function core.fit_linear(y, x, z, effects) end

--- Poisson pseudo-maximum likelihood. Further CM1301, CM2403.
---@param y capmod.Matrix
---@param x capmod.Matrix
---@param z nil
---@param effects integer[][]
---@return capmod.Fit
function core.fit_poisson(y, x, z, effects) end

--- How many parameters each effect adds to those before it.
---@param effects integer[][]
---@param rows integer
---@return integer[]
function core.effects_rank(effects, rows) end

--- The probability of a larger |t|; the normal's with df = math.huge.
---@param t number
---@param df number
---@return number
function core.t_two_sided(t, df) end

--- The t that is exceeded in size with probability p.
---@param p number
---@param df number
---@return number
function core.t_critical(p, df) end

--- The probability of a larger chi-squared.
---@param x number
---@param df number
---@return number
function core.chi2_tail(x, df) end

--- The probability of a larger F.
---@param f number
---@param df1 number
---@param df2 number
---@return number
function core.f_tail(f, df1, df2) end

return core
