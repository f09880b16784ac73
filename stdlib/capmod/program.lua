--- Programs: linear and mixed-integer models of an author's own.
---
---     local sum, dot = cm.program.sum, cm.program.dot
---     local p = cm.program{ name = "transport",
---       sets = { plant = { "A", "B" }, market = { "X", "Y" } },
---       variables = { { "ship", over = { "plant", "market" } } },
---       minimise = function(v) return dot(v.ship, cost) end,
---       constraints = {
---         { "supply", over = "plant", function(v, i) return sum(v.ship[i]), "<=", can[i] end },
---         { "demand", over = "market", function(v, j)
---           return sum(v.ship, { market = j }), ">=", wants[j] end },
---       } }
---     local s = p:solve()   print(s)   print(s:duals "demand")   p:save "transport.mps"
---
--- Variables are at least 0 unless they say `lower`, `free`, `integer` or `binary`. Rules get v and
--- the elements of their sets, and return left, relation, right, or low, "<=", value, "<=", high.
--- Programs do not change. Solved by COIN-OR Clp and CBC. Errors CM4110 to CM4118.

local args = require "capmod.args"
local build = require "capmod.program.build"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local family = require "capmod.program.family"
local frame = require "capmod.frame"
local piecewise = require "capmod.program.piecewise"
local solution = require "capmod.program.solution"

---@class cm.Program
---@field name string
---@field sense string  minimise or maximise
---@field unit string?
local methods = {}

local Program = { __name = "cm.Program" }
local inside = setmetatable({}, { __mode = "k" })

local FIELDS = {
  name = { "string" },
  unit = { "string", about = "of the objective" },
  about = { "string" },
  sets = { "table", about = "{ plant = { \"A\", \"B\" }, year = { 1, 2, 3 } }" },
  variables = { "list", required = true, about = "{ { \"ship\", over = \"plant\" }, ... }" },
  constraints = { "list", about = "{ { \"supply\", over = \"plant\", function(v, i) ... end } }" },
  piecewise = { "list", about = "{ { \"cost\", of = function(v) ... end, points = ... } }" },
  minimise = { "function", "list", about = "function(v) return ... end, or named parts of it" },
  maximise = { "function", "list", about = "function(v) return ... end, or named parts of it" },
}

local function of(self)
  args.object(inside[self] ~= nil, "program")
  return inside[self]
end

-- ---- verbs --------------------------------------------------------------------------------------

local OPTIONS = {
  time = { "number", about = "seconds, after which the best so far is given" },
  gap = { "number", about = "a fraction of the objective: 0.01" },
  nodes = { "integer", about = "of branch and bound" },
  start = { "Solution", about = "a solution of the same program to begin with" },
  solver = { "string", about = "\"highs\" on the PATH, or a path of it; else Clp and CBC" },
  relax = { "boolean", about = "whether whole numbers may be fractions" },
}

local function check_options(t)
  args.check("solve", t, OPTIONS)
  for _, name in ipairs{ "time", "gap", "nodes" } do
    if t[name] and (t[name] <= 0 or t[name] ~= t[name]) then
      errors.raise(1003, { message = ("solve: %s = %s is not above 0"):format(name, t[name]),
        object = "solve", field = name, fix = ("%s: %s"):format(name, OPTIONS[name].about) })
    end
  end
  return t
end

--- Solves it: linear programs by Clp, those with whole numbers by CBC; both by HiGHS where `solver`
--- is "highs", a program on the PATH, or a path to it ("./highs"). `time` in seconds and `nodes`
--- limit the work, `gap` is the fraction of the objective that may stay open (default 1e-6),
--- `relax` solves the linear relaxation. CM1001-1003, CM4101, CM4102, CM4118, CM6001-6003.
---@param t { time: number?, gap: number?, nodes: integer?, start: cm.Solution?, relax: boolean?,
---  solver: string? }?
---@return cm.Solution
function methods:solve(t)
  local p = of(self)
  t = check_options(t or {})
  local problem = t.relax and build.core(p, true) or p.core
  return solution.make(p, problem, { time = t.time, gap = t.gap, nodes = t.nodes,
    start = t.start and solution.start(t.start, p), solver = t.solver }, self)
end

--- Writes it with the author's names: "x.mps" (free MPS, which minimises) or "x.lp" (the format
--- of CPLEX). A name that the format cannot hold is replaced, and comments on top say by what.
--- CM4116 for another ending, CM1510 where the file cannot be written.
---@param path string
function methods:save(path)
  local p = of(self)
  local ending = args.one(path, "save", "path", "string"):lower():match "%.(%w+)$"
  if ending ~= "mps" and ending ~= "lp" then
    errors.raise(4116, { message = ("program: '%s' ends neither in .mps nor in .lp"):format(path),
      object = p.name, field = "path", fix = 'p:save "model.mps" or p:save "model.lp"' })
  end
  export.write_file(path, p.core:write(ending))
end

--- How large it is, by variable and constraint.
---@return cm.Frame  name, kind, over, count, about
function methods:summary()
  local p = of(self)
  local rows = {}
  local function add(list, kind_of)
    for _, entry in ipairs(list) do
      local over = {}
      for k, index in ipairs(entry.indices) do over[k] = index.name end
      rows[#rows + 1] = { name = entry.name, kind = kind_of(entry), count = entry.count,
        over = table.concat(over, ", "), about = entry.about }
    end
  end
  add(p.families, function(record) return record.whole and "whole variable" or "variable" end)
  add(p.groups, function() return "constraint" end)
  local cols, any = { "name", "kind", "over", "count" }, false
  for _, row in ipairs(rows) do any = any or row.about end
  if any then cols[5] = "about" end
  local columns, lines, entries, wholes = p.core:size()
  return frame{ keys = { "kind", "name" }, cols = cols, rows = rows, bar = false,
    title = ("'%s': %s, %d variables (%d whole), %d constraints, %d coefficients"):format(p.name,
      p.sense, columns, wholes, lines, entries), note = p.about }
end

-- ---- the object ---------------------------------------------------------------------------------

local PROPERTIES = { name = true, sense = true, unit = true }

function Program:__index(key)
  if methods[key] then return methods[key] end
  if PROPERTIES[key] then return inside[self][key] end
  args.no_such(("program '%s'"):format(inside[self].name), key, inside[self].name, methods,
    PROPERTIES)
end

function Program:__newindex(key)
  errors.raise(4115, { message = ("program '%s' does not change: %s cannot be set"):format(
    inside[self].name, tostring(key)), object = inside[self].name, field = tostring(key),
    fix = "declare a changed program" })
end

function Program:__tostring() return tostring(self:summary()) end

local function make(given)
  args.check("program", given, FIELDS)
  if (given.minimise == nil) == (given.maximise == nil) then
    family.refuse("either minimise or maximise is wanted", "minimise",
      "minimise = function(v) return ... end")
  end
  local p = { name = given.name or "program", unit = given.unit, about = given.about,
    sense = given.minimise and "minimise" or "maximise" }
  build.all(p, given, piecewise)
  local object = setmetatable({}, Program)
  inside[object] = p
  return object
end

return setmetatable({ sum = family.sum, dot = family.dot }, {
  __name = "capmod.program",
  --- Declares a program. CM1001-1003 fields, CM4110 names and sets, CM4111 elements, CM4112 what is
  --- not linear, CM4113 constraints, CM4114 pieces.
  __call = function(_, t) return make(t) end,
})
