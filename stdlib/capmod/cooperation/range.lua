--- What each of many members can get so that all stay: linear programs over the coalitions found so
--- far, to which the one that would leave is added until none would. The ends of the range can only
--- be too wide where a coalition was not found.

local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local oracle = require "capmod.cooperation.oracle"

local range = {}

local ROUNDS = 2000 -- of one end
local NEAR = 1e-7   -- how exact the solver of the programs is, by the largest number

--- Payments within the rows that give member i the most or, with sign -1, the least.
local function best_of(d, i, sign, give, rows)
  local n = #d.members
  local t = { name = "range", maximise = true, cols = d.members, rows = {}, lower = {}, cost = {},
    row_lower = { d.total }, row_upper = { d.total }, i = {}, j = {}, value = {} }
  local function add(row, s)
    t.rows[row] = tostring(row)
    for j = 1, n do
      if coalition.has(s, j) then
        local at = #t.i + 1
        t.i[at], t.j[at], t.value[at] = row, j, 1
      end
    end
  end
  add(1, coalition.all(n))
  for j = 1, n do t.lower[j], t.cost[j] = -math.huge, j == i and sign or 0 end
  for k, s in ipairs(rows) do
    t.row_lower[k + 1], t.row_upper[k + 1] = d.value(s) - give, math.huge
    add(k + 1, s)
  end
  local program = core.program(t)
  return assert(program:solve():part("values", program), "the least core is within the rows")
end

--- One end of what member i can get where no coalition may gain more than `give`.
local function finish(d, i, sign, give, rows, report)
  local near, x = NEAR * math.max(1, math.abs(d.total)), nil
  local worst = { by = math.huge, most = math.huge }
  for _ = 1, ROUNDS do
    x = best_of(d, i, sign, give + near, rows)
    worst, report.programs = oracle.worst(d, x, give + 3 * near), report.programs + 1
    if worst.by <= give + 3 * near or report.known[worst.s] then break end
    rows[#rows + 1], report.known[worst.s] = worst.s, true
  end
  report.most = math.max(report.most, worst.most)
  return math.abs(x[i]) <= 2 * near and 0 or x[i]
end

--- The least and the most of each member that is wanted (of all by default), where coalitions give
--- way by `give`; and how much a coalition may gain at them beyond that: infinite of a search.
---@param d cm.DealInside
---@param give number
---@param wanted table<integer, boolean>?
---@return table<integer, number> least, table<integer, number> most, { programs: integer, most:
---  number, coalitions: integer } report
function range.of(d, give, wanted)
  local rows, least, most = {}, {}, {}
  local report = { programs = 0, most = -math.huge, known = {} }
  for i in ipairs(d.members) do
    local s = 1 << (i - 1)
    rows[i], report.known[s] = s, true
  end
  for i in ipairs(d.members) do
    if not wanted or wanted[i] then
      least[i] = finish(d, i, -1, give, rows, report)
      most[i] = finish(d, i, 1, give, rows, report)
    end
  end
  report.coalitions = #rows
  return least, most, report
end

return range
