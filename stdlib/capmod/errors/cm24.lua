--- CM24xx: regressions and what they rest on.

return {
  [2401] = {
    title = "a regressor follows from the others",
    text = [[
A column that is a sum of multiples of other columns, or that the fixed effects settle,
has no coefficient of its own. The message names it and what it follows from: a column
counts as such where less than a part in 10^10 of its length is its own. Leave one of them
out. For instruments the same holds among themselves; an instrument that moves none of
the endogenous columns leaves these without a coefficient.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2, 5 }, km = { 1, 2, 3, 4 },
  m = { 1000, 2000, 3000, 4000 } } }
cm.econ.ols{ data = f, y = "y", x = { "km", "m" } }]],
  },
  [2402] = {
    title = "too few rows to estimate from",
    text = [[
A regression needs more rows than coefficients, errors by cluster two clusters, and
instruments as many as regressors. Rows with missing cells do not count.]],
    example = [[
local cm = require "capmod"
cm.econ.ols{ data = cm.frame{ columns = { y = { 1, 3 }, x = { 1, 2 } } }, y = "y", x = "x" }]],
  },
  [2403] = {
    title = "the data leave a coefficient without an estimate",
    text = [[
In Poisson regression a column that differs from the others only where y is 0 may have no
estimate: the likelihood rises as the coefficient goes to infinity (Santos Silva and Tenreyro
2010). Leave the column out, or the rows that it singles out. With HC2 and HC3 the same is
said of a row that alone settles a coefficient (leverage 1): its residual is 0 by force.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { trade = { 0, 0, 2, 3, 1 }, embargo = { 1, 1, 0, 0, 0 } } }
cm.econ.ppml{ data = f, y = "trade", x = "embargo" }]],
  },
  [2410] = {
    title = "a column named twice",
    text = [[
y, x, the endogenous columns and the instruments are different columns. Exogenous columns in
x are instruments of themselves and are not named again.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2 }, x = { 1, 2, 3 } } }
cm.econ.ols{ data = f, y = "y", x = { "x", "x" } }]],
  },
  [2411] = {
    title = "a cell that is infinite",
    text = [[
The logarithm of 0 and a division by it are infinite. Leave the row out by f:where{}, or make
the cell empty: rows with missing cells are left out and named.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2 }, x = { math.log(0), 2, 3 } } }
cm.econ.ols{ data = f, y = "y", x = "x" }]],
  },
  [2412] = {
    title = "errors or tests that do not fit the method",
    text = [[
Errors by cluster need a column of clusters; HC2 and HC3 are for least squares without
fixed effects, whose leverages they need; tests of instruments are for cm.econ.iv.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2 }, x = { 1, 2, 4 } } }
cm.econ.ols{ data = f, y = "y", x = "x", se = "cluster" }]],
  },
  [2413] = {
    title = "a negative y in Poisson regression",
    text = [[
The mean is an exponential, so y is 0 or more. Flows that are negative by accounting (stock
changes, re-exports net) are to be left out or dealt with before.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, -3, 2 }, x = { 1, 2, 4 } } }
cm.econ.ppml{ data = f, y = "y", x = "x" }]],
  },
  [2414] = {
    title = "fewer instruments than endogenous columns",
    text = [[
Each endogenous column needs an instrument of its own: something that moves it, and y only
through it.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2, 4 }, a = { 1, 2, 4, 3 }, b = { 2, 1, 1, 3 },
  z = { 1, 0, 1, 0 } } }
cm.econ.iv{ data = f, y = "y", endogenous = { "a", "b" }, instruments = "z" }]],
  },
  [2415] = {
    title = "a test of what is no coefficient",
    text = [[
fit:test names terms of the regression, as the first column of its table has them.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ columns = { y = { 1, 3, 2, 4 }, x = { 1, 2, 4, 3 } } }
cm.econ.ols{ data = f, y = "y", x = "x" }:test "z"]],
  },
}
