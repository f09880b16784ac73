--- The trade-off of two measures of a chain: what more of one costs of the other.

local args = require "capmod.args"
local choices = require "capmod.plan.choices"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local locate = require "capmod.chain.locate"
local solving = require "capmod.plan.solving"

local frontier = { methods = {} }

-- What is better small; everything else is better large.
local SMALL = { cost = true, budget = true }

local function sense(name) return SMALL[name:match "^[^.]*"] and "minimise" or "maximise" end

--- What locate is asked, for one measure with the other held; `level` nil: not held.
local function question(f, measure, other, level)
  local t = { subject = {} }
  for key, value in each(f.given) do
    if key ~= "subject" then t[key] = value end
  end
  for name, rule in each(f.given.subject or {}) do t.subject[name] = rule end
  t[sense(measure)] = measure
  if level then
    local had = t.subject[other] or {}
    local slack = 1e-9 * math.abs(level)
    if sense(other) == "minimise" then
      t.subject[other] = { min = had.min, max = math.min(had.max or math.huge, level + slack) }
    else
      t.subject[other] = { max = had.max, min = math.max(had.min or -math.huge, level - slack) }
    end
  end
  return t
end

local function solve(f, measure, other, level)
  local found = f.chain:locate(question(f, measure, other, level))
  solving.heed(found)
  if found.status ~= "optimal" and found.status ~= "infeasible" then f.proven = false end
  return found
end

--- The best of the first measure with the second at `level`, and with it the best of the second, so
--- that none of the two can be better alone; nil where there is no plan.
local function point(f, level)
  local one = solve(f, f.first, f.second, level)
  if not one.objective then return nil, one end
  local both = solve(f, f.second, f.first, one.objective)
  if not both.objective then return nil, both end
  local p = f.inside(both)
  local sums = p.problem.core:evaluate(p.choice)
  return { first = sums.measures[p.problem.parts.measures.named[f.first]],
    second = both.objective, bound = one.bound, labels = choices.labels(p, p.choice),
    status = one.status == "optimal" and both.status or one.status }
end

local function refuse_empty(f, found)
  errors.raise(2045, {
    message = ("frontier: '%s' has no plan to begin with: it is %s"):format(f.chain.name,
      found.status), object = f.chain.name, field = "frontier",
    fix = found.conflict and #found.conflict > 0
      and "these cannot hold together: " .. table.concat(found.conflict, "; ")
      or "place it by chain:locate with the same rules",
  })
end

--- Points from the best of the first measure to the best of the second, at even levels.
local function points_of(f, n)
  local near, none = point(f)
  if not near then refuse_empty(f, none) end
  local list = { near }
  local far = solve(f, f.second)
  if not far.objective then refuse_empty(f, far) end
  local from, to = list[1].second, far.objective
  local sign = sense(f.second) == "minimise" and -1 or 1
  if sign * (to - from) <= 1e-9 * math.abs(to) then return list end
  for k = 1, n - 1 do
    local level = k == n - 1 and to or from + (to - from) * k / (n - 1)
    if sign * (level - list[#list].second) > 1e-9 * math.abs(level) then
      local one = point(f, level)
      if one then list[#list + 1] = one end
    end
  end
  return list
end

--- The slope to the point before, and its ends where a solve is not proven.
local function prices(one, before)
  local more = one.second - before.second
  local ends = { (one.bound - before.first) / more, (one.first - before.bound) / more }
  table.sort(ends)
  return (one.first - before.first) / more, ends[1], ends[2]
end

local function rows_of(f, list)
  local rows = {}
  for k, one in ipairs(list) do
    local row = { point = k, [f.first] = one.first, [f.second] = one.second }
    if not f.proven then row.bound, row.status = one.bound, one.status end
    if k > 1 then
      local price, from, to = prices(one, list[k - 1])
      if f.proven then row.price = price else row["price from"], row["price to"] = from, to end
      row.moves = choices.moves(insides.of(f.chain), list[k - 1].labels, one.labels)
    end
    rows[k] = row
  end
  return rows
end

local function checked(t)
  args.one(t, "frontier", "fields", "table")
  local given, n = {}, t.points or 11
  if t[3] ~= nil then
    errors.raise(1004, { message = "frontier: a trade-off is between two measures, not three",
      object = "frontier", field = "measures", fix = "chain:frontier{ \"cost\", \"value.ETH\" }" })
  end
  if #t < 2 then
    errors.raise(1002, { message = "frontier: a trade-off is between two measures",
      object = "frontier", field = "measures", fix = "chain:frontier{ \"cost\", \"value.ETH\" }" })
  end
  for k = 1, 2 do args.one(t[k], "frontier", ("measure %d"):format(k), "string") end
  local fields = { points = { "integer", about = "how many levels; 11" }, modes = { "table" } }
  for name, rule in each(locate.fields) do fields[name] = rule end
  for key, value in each(t) do
    if key ~= 1 and key ~= 2 then given[key] = value end
  end
  args.check("frontier", given, fields)
  given.points = nil
  local wrong = n < 2 and { "points", ("points = %d, but a trade-off has two ends"):format(n),
    "points = 11" }
    or t[1] == t[2] and { "measures", ("'%s' is not traded off against itself"):format(t[1]),
    "chain:frontier{ \"cost\", \"value.ETH\" }" }
    or (t.minimise or t.maximise) and { t.minimise and "minimise" or "maximise",
    "the two measures are what is minimised or maximised",
    "chain:frontier{ \"cost\", \"value.ETH\" }" }
  if wrong then
    errors.raise(1004, { message = "frontier: " .. wrong[2], object = "frontier",
      field = wrong[1], fix = wrong[3] })
  end
  return given, n
end

--- What more of one measure costs of another: plans from the best of the first to the best of the
--- second, each with the second held at a level (epsilon constraint: Haimes, Lasdon and Wismer
--- 1971) and then as good as it can be. `cost` and `budget` are kept small, all else large. Levels
--- that a plan already reaches are not solved again, so that there may be fewer rows than `points`.
--- `price` is what one more of the second costs of the first since the row before. Where a solve is
--- not proven, `bound`, `status` and the two ends of the price stand instead of it. CM1004, CM2042
--- measures, CM2045 no plan.
---
---     local f = bus:frontier{ "cost", "value.BRA", trade = { freight = 0.05 } }
---     print(f)   print(f:chart{ x = "value.BRA", y = "cost" })
---@param t { [1]: string, [2]: string, points: integer?, subject: table?, trade: table?,
---  market: string?, time: number?, gap: number?, nodes: integer?, method: string?,
---  solver: string?, modes: table? }
---@return cm.Frame  columns: point, both measures, price, moves
function frontier.methods:frontier(t)
  insides.of(self)
  local given, n = checked(t)
  local f = { chain = self, given = given, first = t[1], second = t[2], proven = true,
    inside = require "capmod.plan".of }
  if given.modes then
    f.chain, given.modes = self:with{ modes = given.modes }, nil
  end
  local rows = rows_of(f, points_of(f, n))
  local cols = { "point", { name = f.first, digits = 2 }, { name = f.second, digits = 2 },
    { name = "price", digits = 4 } }
  if not f.proven then
    table.insert(cols, 3, { name = "bound", digits = 2 })
    cols[5] = { name = "price from", digits = 4 }
    cols[6], cols[7] = { name = "price to", digits = 4 }, "status"
  end
  cols[#cols + 1] = "moves"
  return frame{ title = ("'%s': %s against %s"):format(self.name, f.first, f.second),
    keys = { "point" }, cols = cols, rows = rows, bar = false,
    check = ("price: %s for one more of %s, since the point before%s"):format(f.first, f.second,
      f.proven and "" or "; not proven where the status says so") }
end

return frontier
