--- A solution of a program: values, duals, ranges, or why there is none. Made by p:solve.
---
---     local s = p:solve{ gap = 0.01 }
---     print(s)   print(s:values "ship")   print(s:duals "demand")   print(s:range "objective")
---
--- `s.status` is optimal, feasible, infeasible, unbounded, stopped or unknown; then `objective`,
--- `bound`, `gap` (a fraction), `solver`, `nodes`; `conflict` lists what cannot hold together, and
--- `unbounded` what grows without limit. Solutions do not change. Errors CM4115, CM4117, CM4118.

local args = require "capmod.args"
local errors = require "capmod.errors"
local expression = require "capmod.program.expression"
local family = require "capmod.program.family"
local frame = require "capmod.frame"
local text = require "capmod.text"

local INF = math.huge

---@class cm.Solution
---@field status string
---@field stop string?  time, nodes or request
---@field objective number?
---@field bound number
---@field gap number?
---@field solver string
---@field nodes integer
---@field conflict string[]?  infeasible: limits that cannot hold together
---@field unbounded string[]?  unbounded: variables that grow without limit
local Solution = {} -- the verbs

local meta = { __name = "cm.Solution" }
local inside = setmetatable({}, { __mode = "k" })

local solution = {}

--- Solves and wraps.
---@param p table  the inside of a program
---@param problem capmod.Program
---@param options table
---@return cm.Solution
function solution.make(p, problem, options)
  local found = problem:solve(options)
  local s = { p = p, problem = problem, options = options, found = found,
    figures = found:figures(), x = found:part("values", problem) }
  local object = setmetatable({}, meta)
  inside[object] = s
  return object
end

--- The values of a solution, for a program that begins with them. CM4118 for another program's.
---@param given cm.Solution
---@param p table
function solution.start(given, p)
  local s = inside[given]
  if s.p ~= p or not s.x then
    errors.raise(4118, { message = s.p ~= p and "solve: start is the solution of another program"
      or ("solve: start is %s and has no values"):format(s.figures.status), object = p.name,
      field = "start", fix = "start = p:solve{ time = 1 }, of the same p" })
  end
  return s.x
end

local function of(self)
  args.object(inside[self] ~= nil, "solution")
  return inside[self]
end

local function solved(self, verb)
  local s = of(self)
  if s.x then return s end
  errors.raise(4117, { message = ("'%s': the program is %s, so there is nothing to %s"):format(
    s.p.name, s.figures.status, verb), object = s.p.name, field = verb,
    fix = "look at s.status first; print(s) says what stands in the way" })
end

local function part_of(s, kind)
  return s.found:part(kind, s.problem)
end

local function named(s, list, known, name, what)
  if known[name] then return known[name] end
  local names = {}
  for k, record in ipairs(list) do names[k] = record.name end
  errors.raise(4111, { message = ("program: no %s is named '%s'"):format(what, tostring(name)),
    object = s.p.name, field = tostring(name), fix = errors.did_you_mean(tostring(name), names,
      ("the %ss are %s"):format(what, table.concat(names, ", "))) })
end

-- ---- frames by name -----------------------------------------------------------------------------

--- A frame of one family or group: its indices, then the columns that fill(row, number) writes.
local function listed(indices, numbers, cols, fill, more)
  local keys, rows = {}, {}
  for k, index in ipairs(indices) do keys[k] = index.name end
  family.walk(indices, {}, function(elements, offset)
    if not numbers[offset] then return end
    local row = {}
    for k, key in ipairs(keys) do row[key] = elements[k] end
    fill(row, numbers[offset])
    rows[#rows + 1] = row
  end)
  return frame{ title = more.title, unit = more.unit, note = more.note, keys = keys, bar = false,
    cols = table.move(cols, 1, #cols, #keys + 1, table.move(keys, 1, #keys, 1, {})), rows = rows }
end

--- A frame over all of one side, a label a row, where keep(number) holds.
local function all_of(labels, key, cols, fill, more, keep)
  local rows = {}
  for k, label in ipairs(labels) do
    if not keep or keep(k) then
      local row = { [key] = label }
      fill(row, k)
      rows[#rows + 1] = row
    end
  end
  return frame{ title = more.title, note = more.note, keys = { key }, bar = false, rows = rows,
    cols = table.move(cols, 1, #cols, 2, { key }) }
end

local function finite(x)
  return math.abs(x) < INF and x or nil
end

--- Solvers leave 1e-15 where 0 is meant.
local function tidy(x)
  return math.abs(x) < 1e-12 and 0 or x
end

--- What holds for duals and reduced costs of a program with whole numbers.
local function note_of(s)
  local _, _, _, wholes = s.problem:size()
  return wholes > 0 and "duals and reduced costs with the whole numbers held at their values" or nil
end

--- Values and reduced costs: of one variable by its indices, or without a name of all that are not
--- 0. A reduced cost is how the objective changes with one more of it. CM4111, CM4117.
---@param name string?
---@return cm.Frame  indices (or variable), value, reduced_cost
function Solution:values(name)
  local s = solved(self, "list")
  local reduced = part_of(s, "reduced")
  local cols = { "value", reduced and "reduced_cost" }
  local function fill(row, j)
    row.value, row.reduced_cost = tidy(s.x[j]), reduced and tidy(reduced[j])
  end
  if name == nil then
    return all_of(s.p.columns.label, "variable", cols, fill, { note = note_of(s),
      title = ("'%s': variables that are not 0"):format(s.p.name) },
      function(j) return tidy(s.x[j]) ~= 0 end)
  end
  local record = named(s, s.p.families, s.p.family, name, "variable")
  cols[1] = { name = "value", unit = record.unit }
  return listed(record.indices, record.col, cols, fill, { note = note_of(s),
    title = ("'%s': %s"):format(s.p.name, record.about or name) })
end

--- Constraints and their duals: of one by its indices, or without a name of all. `activity` is the
--- side with the variables (all of them brought to the left), between lower and upper; `slack` what
--- is left to the nearer one; `dual` how the objective changes with one more on the right. CM4111,
--- CM4117.
---@param name string?
---@return cm.Frame  indices (or constraint), activity, lower, upper, slack, dual
function Solution:duals(name)
  local s = solved(self, "list")
  local r, activity, dual = s.p.rows, part_of(s, "activities"), part_of(s, "duals")
  local cols = { "activity", { name = "lower", kind = "number" }, { name = "upper",
    kind = "number" }, "slack", dual and "dual" }
  local function fill(row, i)
    row.activity, row.lower, row.upper = tidy(activity[i]), finite(r.lower[i]), finite(r.upper[i])
    row.slack = finite(tidy(math.min(activity[i] - r.lower[i], r.upper[i] - activity[i])))
    row.dual = dual and tidy(dual[i])
  end
  if name == nil then
    return all_of(r.label, "constraint", cols, fill, { note = note_of(s),
      title = ("'%s': constraints"):format(s.p.name) })
  end
  local group = named(s, s.p.groups, s.p.group, name, "constraint")
  return listed(group.indices, group.row, cols, fill, { note = note_of(s),
    title = ("'%s': %s"):format(s.p.name, group.about or name) })
end

-- ---- ranges -------------------------------------------------------------------------------------

local function range_of(s)
  if not s.range then
    local _, _, _, wholes = s.problem:size()
    if wholes > 0 or s.figures.status ~= "optimal" then
      errors.raise(4117, { message = ("'%s': there are ranges only of the optimum of a linear "
        .. "program"):format(s.p.name), object = s.p.name, field = "range",
        fix = wholes > 0 and "p:solve{ relax = true } forgets that some are whole numbers"
          or "solve it without limits" })
    end
    s.range = { s.found:range(s.problem) }
  end
  return s.range
end

--- How far one figure may change, all others as they are, before the optimal basis does: of the
--- "objective" (coefficients; values stay) or of the "sides" of constraints (duals stay). Where the
--- optimum is degenerate, ranges may be narrower than those of the values themselves. A missing end
--- is none. CM1004, CM4111, CM4117.
---@param what "objective"|"sides"
---@param name string?  one variable or constraint
---@return cm.Frame  indices, cost or side, down_to, up_to
function Solution:range(what, name)
  local s = solved(self, "range")
  args.choice(what, "what", { "objective", "sides" }, "range")
  local range, costs = range_of(s), what == "objective"
  local from, to = range[costs and 1 or 3], range[costs and 2 or 4]
  local field = costs and "cost" or "side"
  local cols = { { name = field, kind = "number" }, { name = "down_to", kind = "number" },
    { name = "up_to", kind = "number" } }
  local r, activity = s.p.rows, part_of(s, "activities")
  local function fill(row, k)
    row.down_to, row.up_to = finite(from[k]), finite(to[k])
    if costs then
      row.cost = s.p.columns.cost[k]
    else
      local upper = r.upper[k] - activity[k] <= activity[k] - r.lower[k]
      row.side = finite(upper and r.upper[k] or r.lower[k])
    end
  end
  local title = ("'%s': ranges of the %s"):format(s.p.name, what)
  if name == nil then
    return all_of(costs and s.p.columns.label or r.label, costs and "variable" or "constraint",
      cols, fill, { title = title })
  end
  local found = costs and named(s, s.p.families, s.p.family, name, "variable")
    or named(s, s.p.groups, s.p.group, name, "constraint")
  return listed(found.indices, found.col or found.row, cols, fill, { title = title })
end

-- ---- single figures -----------------------------------------------------------------------------

local function evaluate(s, value)
  local constant, cols, coefs = expression.terms(value, "value")
  for k, col in ipairs(cols) do constant = constant + coefs[k] * s.x[col] end
  return constant
end

--- What an expression comes to: s:value(function(v) return sum(v.ship) end), or one variable:
--- s:value("ship", "seattle", "topeka"). CM4111, CM4117.
---@param what string|fun(v: table): number|cm.Expression
---@param ... string|integer  elements
---@return number
function Solution:value(what, ...)
  local s = solved(self, "value")
  args.one(what, "value", "what", "string", "function")
  if type(what) == "function" then return evaluate(s, what(s.p.v)) end
  named(s, s.p.families, s.p.family, what, "variable")
  local handle = s.p.v[what]
  return evaluate(s, select("#", ...) > 0 and handle(...) or handle)
end

--- The parts of the objective, as the author named them, and what each comes to. CM4117.
---@return cm.Frame  part, amount
function Solution:parts()
  local s = solved(self, "part")
  local rows = {}
  for k, part in ipairs(s.p.parts) do
    local amount = part.constant
    for i, col in ipairs(part.cols) do amount = amount + part.coefs[i] * s.x[col] end
    rows[k] = { part = part.name, amount = amount }
  end
  return frame{ title = ("'%s': the objective"):format(s.p.name), unit = s.p.unit,
    keys = { "part" }, cols = { "part", { name = "amount", digits = 2 } }, rows = rows,
    bar = false }
end

-- ---- no solution --------------------------------------------------------------------------------

local function limit_text(p, limit)
  local k, kind = limit.index, limit.kind
  local c, r = p.columns, p.rows
  if kind == "whole" then return ("%s is a whole number"):format(c.label[k]) end
  local of_row = kind:find "^row" ~= nil
  local is_low = kind:find "lower" ~= nil
  local label = of_row and r.label[k] or c.label[k]
  local at = (of_row and r or c)[is_low and "lower" or "upper"][k]
  if of_row and r.lower[k] == r.upper[k] then return ("%s (== %.10g)"):format(label, at) end
  return (of_row and "%s (%s %.10g)" or "%s %s %.10g"):format(label, is_low and ">=" or "<=", at)
end

--- Limits that cannot hold together, each once, constraints first.
local function conflict_of(s)
  local limits, minimal = s.problem:conflict{ time = s.options.time, nodes = s.options.nodes }
  local list, seen = {}, {}
  for _, wanted in ipairs{ true, false } do
    for _, limit in ipairs(limits) do
      local line = limit_text(s.p, limit)
      if (limit.kind:find "^row" ~= nil) == wanted and not seen[line] then
        seen[line], list[#list + 1] = true, line
      end
    end
  end
  return list, minimal
end

local LAZY = {
  conflict = function(s)
    if s.figures.status ~= "infeasible" then return nil end
    if not s.conflict then s.conflict, s.minimal = conflict_of(s) end
    return table.move(s.conflict, 1, #s.conflict, 1, {})
  end,
  unbounded = function(s)
    local ray = s.figures.status == "unbounded" and part_of(s, "ray")
    if not ray then return nil end
    local list = {}
    for j, x in ipairs(ray) do
      if math.abs(x) > 1e-9 then list[#list + 1] = s.p.columns.label[j] end
    end
    return list
  end,
}

-- ---- looking at it ------------------------------------------------------------------------------

local PROPERTIES = { "status", "stop", "objective", "bound", "gap", "solver", "nodes" }

function meta:__index(key)
  if Solution[key] then return Solution[key] end
  local s = inside[self]
  if LAZY[key] then return LAZY[key](s) end
  for _, name in ipairs(PROPERTIES) do
    if name == key then return s.figures[name] end
  end
  args.no_such("a solution", key, s.p.name, PROPERTIES, LAZY, Solution)
end

function meta:__newindex(key)
  errors.raise(4115, { message = ("the solution of '%s' does not change: %s cannot be set"):format(
    inside[self].p.name, tostring(key)), object = inside[self].p.name, field = tostring(key),
    fix = "solve a changed program" })
end

--- "optimal", or how far from it.
local function proof_of(f)
  if f.status == "optimal" then return ("proven optimal, by %s"):format(f.solver) end
  local limit = f.stop and (" by " .. f.stop) or ""
  if math.abs(f.bound) == INF then
    return ("%s%s, no bound, by %s"):format(f.status, limit, f.solver)
  end
  return ("%s%s, bound %.8g, gap %.2f %%, by %s"):format(f.status, limit, f.bound, 100 * f.gap,
    f.solver)
end

local MOST = 30 -- lines of an explanation on the screen

local function without_values(self, s)
  local lines = { ("'%s': %s"):format(s.p.name, s.figures.status) }
  local list = self.conflict or self.unbounded or {}
  if s.figures.status == "infeasible" then
    lines[2] = s.minimal and "  these cannot hold together, and without any one of them they could:"
      or "  these cannot hold together:"
  elseif #list > 0 then
    lines[2] = "  these may grow without limit together:"
  end
  for k = 1, math.min(#list, MOST) do lines[#lines + 1] = "    " .. list[k] end
  if #list > MOST then lines[#lines + 1] = ("    and %d more"):format(#list - MOST) end
  for k, line in ipairs(lines) do lines[k] = text.plain(line) end
  return table.concat(lines, "\n")
end

function meta:__tostring()
  local s = inside[self]
  if not s.x then return without_values(self, s) end
  local title = ("'%s': %s, objective %.8g"):format(s.p.name, s.figures.status, s.figures.objective)
  local shown = #s.p.parts > 1 and self:parts() or self:values()
  return tostring(shown:with{ title = title .. (s.p.unit and #s.p.parts == 1
    and (" [%s]"):format(s.p.unit) or ""), check = proof_of(s.figures) })
end

return solution
