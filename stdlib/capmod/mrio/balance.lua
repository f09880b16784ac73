--- Matrices and tables brought to margins (RAS, GRAS), and what that changed.

local args = require "capmod.args"
local blocks = require "capmod.mrio.blocks"
local core = require "capmod.core"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local balance = {}

local FIELDS = {
  matrix = { "string", "table", "Matrix", required = true, about = "what is to be scaled" },
  rows = { "table", "Matrix", required = true, about = "the row totals wanted" },
  cols = { "table", "Matrix", required = true, about = "the column totals wanted" },
  tolerance = { "number", about = "largest gap, over the mean size of the totals (1e-9)" },
  steps = { "integer", about = "passes over rows and columns at most (1000)" },
  partial = { "boolean", about = "give the matrix even if it did not converge" },
}
local TABLE = {
  name = { "string" },
  to = { "string", about = "output as rows, columns, their mean (default), or published" },
  tolerance = FIELDS.tolerance, steps = FIELDS.steps,
}

-- ---- what changed -------------------------------------------------------------------------------

local function label(m, side, i) return m:labels(side) and m:name(side, i) or tostring(i) end

--- The report: the largest changes of a cell, how much moved in all, and the convergence.
local function report_of(before, after, report, title, unit)
  local change, rows = after - before, {}
  local function extreme(name, value, i, j)
    rows[#rows + 1] = { change = name, row = label(before, "row", i),
      column = label(before, "col", j), by = value, before = before:get(i, j),
      after = after:get(i, j) }
  end
  extreme("largest increase", change:max())
  extreme("largest decrease", change:min())
  local moved, size = change:abs():sum(), before:abs():sum()
  return frame{ title = title, unit = unit, keys = { "change" }, rows = rows, bar = false,
    cols = { { name = "change" }, { name = "row" }, { name = "column" }, { name = "before" },
      { name = "after" }, { name = "by", format = "signed" } },
    check = { ("%s in %s: largest gap %s of the mean total, in %s %s"):format(
        report.converged and "converged" or "NOT converged", text.count(report.steps, "step"),
        report.gap < 1e-12 and "below 1e-12" or ("%.1e"):format(report.gap), report.side,
        label(before, report.side == "row" and "row" or "col", report.at)),
      ("changed in all: %s of %s"):format(size > 0 and ("%.2g %%"):format(100 * moved / size)
        or "nothing", "the sum of sizes") } }
end

local function refuse_gap(report, before)
  errors.raise(1624, { message = ("balance: after %s the gap in %s %s is %.1e of the mean total")
    :format(text.count(report.steps, "step"), report.side,
      label(before, report.side == "row" and "row" or "col", report.at), report.gap),
    field = "steps", fix = "look at its zeros and its total; more steps; or partial = true" })
end

local function range(t)
  if t.steps and t.steps < 1 or t.tolerance and t.tolerance <= 0 then
    errors.raise(1623, { message = "balance: steps count from 1, and the tolerance is above 0",
      fix = "leave them out for 1000 and 1e-9" })
  end
end

--- A matrix nearest to a given one with given row and column totals, and a report of what changed.
---
---     local z, report = cm.balance{ matrix = z0, rows = u, cols = v }
---
--- RAS (Stone 1961) where nothing is negative; with negative elements GRAS (Junius and Oosterhaven
--- 2003; Lenzen, Wood, Gallego 2007). Signs and zeros stay. Rows and columns must have one sum.
--- CM1001-1003, CM1301 totals that cannot be met, CM1302, CM1304, CM1623, CM1624 no convergence.
---@param t { matrix: any, rows: any, cols: any, tolerance: number?, steps: integer?,
---  partial: boolean? }
---@return Matrix balanced
---@return cm.Frame report
function balance.matrix(t)
  args.check("balance", t, FIELDS)
  range(t)
  local before = blocks.block(t.matrix)
  local after, report = core.balance(before, blocks.block(t.rows), blocks.block(t.cols),
    t.tolerance, math.tointeger(t.steps))
  if not report.converged and not t.partial then refuse_gap(report, before) end
  return after, report_of(before, after, report, "what balancing changed")
end

-- ---- tables -------------------------------------------------------------------------------------

--- The output that rows and columns are brought to.
local function output_wanted(s, to, primary)
  local rows = s.table:part "x"
  local cols = (s.table:part "Z":sum{ by = "col" } + primary:sum{ by = "col" }):T()
  if to == "rows" then return rows end
  if to == "columns" then return cols end
  if to == "mean" then return (rows + cols) / 2 end
  local published = s.table:part "output"
  if not published then
    errors.raise(1625, { message = ("balance: '%s' has no published output"):format(s.name),
      object = s.name, field = "to", fix = 'to = "mean", or give output in cm.mrio' })
  end
  return published
end

--- The table with its rows and columns brought to one output, and a report of what changed.
---
---     local m2, report = m:balance{}
---     print(report)
---
--- Z, Y and the published rows P are scaled together (RAS, or GRAS with negative elements) so that
--- the rows of Z and Y, and the columns of Z and P, have the same sums: the mean of both ("mean"),
--- "rows", "columns", or published "output" (`to = "published"`). Columns of final demand keep
--- their sums; published rows keep theirs but for one factor that makes their sum that of final
--- demand. Nothing is mended without being asked for, and the report shows by how much.
--- CM1001-1004, CM1301, CM1623, CM1624 no convergence, CM1625 no published rows or output.
---@param self capmod.Mrio
---@param t { name: string?, to: string?, tolerance: number?, steps: integer? }?
---@return capmod.Mrio balanced
---@return cm.Frame report
function balance.balance(self, t)
  local s = store.of(self)
  t = args.check("balance", t or {}, TABLE)
  range(t)
  local goals = { "mean", "rows", "columns", "published" }
  local to = args.choice(t.to or "mean", "to", goals, "balance")
  local part = function(letter) return s.table:part(letter) end
  local z, y, p = part "Z", part "Y", part "P"
  if not p then
    errors.raise(1625, { message = ("balance: '%s' has no published rows"):format(s.name),
      object = s.name, field = "P", fix = "give P in cm.mrio: the residual always balances" })
  end
  local n, k, c = z:rows(), p:rows(), y:cols()
  local x, factor = output_wanted(s, to, p), y:sum() / p:sum()
  local before = z:join(y, "col"):join(p:join(core.matrix(k, c), "col"), "row")
  local rows = x:join(p:sum{ by = "row" } * factor, "row")
  local cols = x:T():join(y:sum{ by = "col" }, "col")
  local after, report = core.balance(before, rows, cols, t.tolerance, math.tointeger(t.steps))
  if not report.converged then refuse_gap(report, before) end
  local frame_of = report_of(before, after, report, ("what balancing changed in '%s'"):format(
    s.name), s.unit)
  local changes = table.move(s.changes, 1, #s.changes, 1, {})
  changes[#changes + 1] = ("balanced (output: %s) in %s; published rows times %.9g"):format(to,
    text.count(report.steps, "step"), factor)
  local made = core.table{ countries = s.countries, sectors = s.sectors, categories = s.categories,
    Z = after:block(1, n, 1, n), Y = after:block(1, n, n + 1, n + c),
    P = after:block(n + 1, n + k, 1, n):label{ rows = p:labels "row" }, PY = part "PY",
    F = part "F", FY = part "FY", output = part "output" }
  return store.new(made, store.facts(s, { name = t.name, changes = changes })), frame_of
end

return balance
