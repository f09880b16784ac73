--- CM41xx: linear and mixed-integer programs.

return {
  [4101] = {
    title = "the solver failed",
    text = [[
The solver's process died, gave up for numerical reasons, or gave an answer that
misses a row or a bound. Figures of very different sizes in one program are the
usual cause: measure large things in large units, and write no limit such as
1e9 where there is none.]],
    provoked = "tests/engine/test_worker.c",
  },
  [4102] = {
    title = "the solver is not installed",
    text = [[
Programs are solved by Clp and CBC, which are part of capmod. HiGHS is a program of its
own (MIT licence; package "highs" of Debian 13 and later): solver = "highs" takes it from
the PATH, and a path with a slash, solver = "/opt/highs/bin/highs", from there.]],
    example = [[
local cm = require "capmod"
local p = cm.program{ variables = { { "x", lower = 1 } }, minimise = function(v) return v.x end }
p:solve{ solver = "./no/such/highs" }]],
  },
  [4110] = {
    title = "names and sets of a program that do not fit",
    text = [[
Variables, constraints and piecewise functions each have a name of their own, and
are over sets that the program names: sets = { plant = { "A", "B" } }. A variable
that is over one set twice names its indices: over = { "from in plant", "to in plant" }.
A sum picks by these names: sum(v.ship, { to = "A" }).]],
    example = [[
local cm = require "capmod"
cm.program{ sets = { plant = { "A", "B" } }, variables = { { "make", over = "plants" } },
  minimise = function(v) return cm.program.sum(v.make) end }]],
  },
  [4111] = {
    title = "a variable, constraint or element that a program does not have",
    text = [[
v.name gives a variable that is declared, v.name[i] one of its elements. Figures for
an element that the set does not have are refused too, as a slip of the pen would
count as 0.]],
    example = [[
local cm = require "capmod"
cm.program{ sets = { plant = { "A", "B" } }, variables = { { "make", over = "plant" } },
  minimise = function(v) return cm.program.dot(v.make, { A = 3, C = 4 }) end }]],
  },
  [4112] = {
    title = "not a linear expression",
    text = [[
Objectives and constraints are sums of numbers times variables. A product of two
variables, or a division by one, has no place in them; a variable over sets needs its
indices, or a sum. Lua compares at once, so a relation is written as text between the
two sides.]],
    example = [[
local cm = require "capmod"
cm.program{ variables = { { "x" }, { "y" } }, maximise = function(v) return v.x * v.y end }]],
  },
  [4113] = {
    title = "a constraint that is none",
    text = [[
The function of a constraint returns left, relation, right, or low, "<=", value, "<=",
high with numbers outside. Relations are "<=", ">=" and "==". Its figures, and the
bounds of variables, are numbers; math.huge is no bound. `where` says for which
elements a constraint holds.]],
    example = [[
local cm = require "capmod"
cm.program{ variables = { { "x" } }, maximise = function(v) return v.x end,
  constraints = { { "limit", function(v) return v.x + 1 end } } }]],
  },
  [4114] = {
    title = "points that make no piecewise function",
    text = [[
A piecewise function has two or more points, each an amount and a value, both finite,
and the amounts do not fall. Two points of one amount are a jump.]],
    example = [[
local cm = require "capmod"
cm.program{ variables = { { "x" } }, minimise = function(v) return v.cost end,
  piecewise = { { "cost", of = function(v) return v.x end, points = { { 5, 1 }, { 0, 0 } } } } }]],
  },
  [4115] = {
    title = "programs and solutions do not change",
    text = [[
What is declared or solved stays as it is; a changed model is declared anew, for
which a function that makes it is a good place.]],
    example = [[
local cm = require "capmod"
local p = cm.program{ variables = { { "x" } }, minimise = function(v) return v.x end }
p.name = "other"]],
  },
  [4116] = {
    title = "no format of programs",
    text = [[
Programs are written as free MPS (.mps), which every solver reads, or in the LP
format of CPLEX (.lp), which people read more easily.]],
    example = [[
local cm = require "capmod"
cm.program{ variables = { { "x" } }, minimise = function(v) return v.x end }:save "x.gms"]],
  },
  [4117] = {
    title = "no such answer without a solution",
    text = [[
A program that is infeasible, unbounded, or cut off before a first solution has no
values. Printing what was solved says what stands in the way. Ranges are those of the
optimum of a linear program: relax = true makes one of any.]],
    example = [[
local cm = require "capmod"
cm.program{ variables = { { "x" } }, maximise = function(v) return v.x end }:solve():values()]],
  },
  [4118] = {
    title = "a start that does not fit",
    text = [[
A solve may begin with a solution of the same program, solved before with a limit or
a wider gap, which has values.]],
    example = [[
local cm = require "capmod"
local function new()
  return cm.program{ variables = { { "x" } }, minimise = function(v) return v.x end }
end
new():solve{ start = new():solve() }]],
  },
}
