--- Where the plan changes as one figure of the chain does: jumps (Baldwin and Venables 2013).
---
--- Between two values with different plans, their own costs meet where neither is better; a plan
--- that is better there parts the interval again (Eisner and Severance 1976). Costs of a given plan
--- are counted, not solved for, so that the place of a jump is as exact as numbers are.

local args = require "capmod.args"
local choices = require "capmod.plan.choices"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local locate = require "capmod.chain.locate"
local solving = require "capmod.plan.solving"

local range = {}

local FIELDS = {
  from = { "number", about = "the least value; half of what it is" },
  to = { "number", about = "the greatest value; twice what it is" },
  steps = { "integer", about = "into how many steps the range is cut before: 12, or 1" },
}

-- ---- the problem at a value ---------------------------------------------------------------------

--- What each option is, so that it is found again where others have come or gone.
local function keys_of(problem)
  local keys, seen = {}, {}
  for o, option in ipairs(problem.parts.list) do
    local label = ("%d %s"):format(problem.parts.stage[o], choices.label(option))
    seen[label] = (seen[label] or 0) + 1
    keys[o] = ("%s %d"):format(label, seen[label])
  end
  return keys
end

local function problem_at(r, x)
  if not r.problems[x] then
    local chain = insides.of(r.source:with{ [r.name] = x })
    local problem = locate.problem(chain, r.given)
    local keys, option = keys_of(problem), {}
    for o, key in ipairs(keys) do option[key] = o end
    r.problems[x] = { chain = chain, problem = problem, keys = keys, option = option }
  end
  return r.problems[x]
end

--- What a plan, as a list of keys, comes to at a value: its loss (what is to be small), infinite
--- where it breaks a rule or cannot be.
local function loss(r, plan, x)
  if not plan then return math.huge end
  local at, choice = problem_at(r, x), {}
  for i, key in ipairs(plan) do
    choice[i] = at.option[key]
    if not choice[i] then return math.huge end
  end
  local sums = at.problem.core:evaluate(choice)
  return sums.violation <= 1e-7 and r.sign * sums.objective or math.huge
end

--- The best plan at a value.
local function solve(r, x)
  local at = problem_at(r, x)
  local found = solving.ask(at.problem, r.options)
  local f, choice, plan = found:figures(), found:choice(at.problem.core), nil
  if choice then
    plan = {}
    for i, o in ipairs(choice) do plan[i] = at.keys[o] end
  end
  return { x = x, plan = plan, loss = choice and r.sign * f.objective or math.huge,
    labels = choice and choices.labels(at, choice), bound = f.bound,
    proven = f.status == "optimal" or f.status == "infeasible", status = f.status }
end

local function same(one, other)
  if not one.plan or not other.plan then return one.plan == other.plan end
  for i, key in ipairs(one.plan) do
    if key ~= other.plan[i] then return false end
  end
  return true
end

-- ---- jumps --------------------------------------------------------------------------------------

--- Whether one plan is no worse than another at a value, and by how much; nil where it is not a
--- matter of how much.
local function lead(r, one, other, x)
  local a, b = loss(r, one.plan, x), loss(r, other.plan, x)
  if a == math.huge and b == math.huge then return other.plan ~= nil end
  return a <= b, a < math.huge and b < math.huge and b - a or nil
end

--- The two values, next to one another, between which `other` becomes better than `one`: by the
--- line through the ends, exact where costs are linear, and then by halves.
local function crossing(r, one, other)
  local a, b = one.x, other.x
  local _, ga = lead(r, one, other, a)
  local _, gb = lead(r, one, other, b)
  for k = 1, 200 do
    local mid = (a + b) / 2
    if ga and gb and ga > gb and k % 2 == 1 then mid = a + (b - a) * ga / (ga - gb) end
    mid = math.min(math.max(mid, a), b)
    local first, gap = lead(r, one, other, mid)
    if gap and math.abs(gap) <= 1e-12 * math.abs(one.loss) then return mid, mid end
    if first then a, ga = mid, gap else b, gb = mid, gap end
    if b - a <= 1e-12 * r.width then break end
  end
  return a, b
end

--- Whether what is best at a value is better than a plan there by more than solving leaves open.
local function beaten(r, best, plan)
  local there = loss(r, plan.plan, best.x)
  if there == math.huge then return not same(best, plan) end
  return best.loss < there - 2 * r.gap * math.max(1, math.abs(there))
end

--- Adds the jumps between two solved values to `list`, each { x, before, after }.
local function add_jumps(r, one, other, list)
  if same(one, other) then return end
  if other.x - one.x <= 1e-8 * r.width then
    list[#list + 1] = { x = other.x, before = one, after = other }
    return
  end
  local a, b = crossing(r, one, other)
  local near = 1e-9 * r.width
  for k, x in ipairs{ a, a < b and b or nil } do
    local best = x > one.x + near and x < other.x - near and solve(r, x)
    if best and beaten(r, best, k == 1 and one or other) then
      add_jumps(r, one, best, list)
      add_jumps(r, best, other, list)
      return
    end
  end
  list[#list + 1] = { left = a, x = b, before = one, after = other }
end

-- ---- whether every plan's cost is linear --------------------------------------------------------

--- Whether lists hold the same numbers, or where `linear`, the middle one their mean.
local function agrees(low, mid, high, linear)
  if #(low or {}) ~= #(mid or {}) or #(mid or {}) ~= #(high or {}) then return false end
  for k, x in ipairs(mid or {}) do
    local a, b = low[k], high[k]
    local due = linear and a ~= b and (a + b) / 2 or a
    if not linear and a ~= b then return false end
    if x ~= due and math.abs(x - due) > 1e-12 * math.max(1, math.abs(a), math.abs(b)) then
      return false
    end
  end
  return true
end

-- What of a problem may not depend on the figure, and what may in a straight line.
local FIXED = { "count", "place", "operator", "arcs.from", "arcs.to", "arcs.quantity",
  "facilities.capacity", "facilities.parent", "facilities.points", "facilities.volume",
  "needs.option", "needs.facility", "needs.volume", "joins", "ties.from", "ties.to", "ties.pairs",
  "measures.weight", "measures.lower", "measures.upper", "option_entries.measure",
  "option_entries.index", "option_entries.value", "facility_entries.measure",
  "facility_entries.index", "facility_entries.value" }
local LINEAR = { "cost", "facilities.fixed", "facilities.cost" }

local function at_path(t, path)
  for name in path:gmatch "[^.]+" do t = t and t[name] end
  return t
end

--- True where the plans that there are do not depend on the figure and the cost of each is linear
--- in it: then the least of them is concave, and what is best at both ends of an interval is best
--- within.
local function is_linear(r)
  local t = {}
  for k, x in ipairs{ r.from, (r.from + r.to) / 2, r.to } do
    t[k] = problem_at(r, x).problem.parts
    if t[k].aggregator then return false end
  end
  for k = 2, #t[1].measures.weight do
    if t[1].measures.weight[k] ~= 0 then return false end
  end
  for _, set in ipairs{ FIXED, LINEAR } do
    for _, path in ipairs(set) do
      if not agrees(at_path(t[1], path), at_path(t[2], path), at_path(t[3], path),
        set == LINEAR) then return false end
    end
  end
  for _, field in ipairs{ "place_matrices", "operator_matrices" } do
    for k = 1, math.max(#(t[1][field] or {}), #(t[3][field] or {})) do
      local function matrix(i) return (t[i][field] or {})[k] end
      if not agrees(matrix(1), matrix(2), matrix(3), false) then return false end
    end
  end
  return true
end

-- ---- the answer ---------------------------------------------------------------------------------

--- The interval of each plan, those of a single value left out.
local function segments(r, points)
  local list, jumps = {}, {}
  for k = 2, #points do add_jumps(r, points[k - 1], points[k], jumps) end
  local from, first = r.from, points[1]
  local function close(to, best)
    if to - from > 1e-9 * r.width or #jumps == 0 then
      list[#list + 1] = { from = from, to = to, best = best }
    end
  end
  for _, jump in ipairs(jumps) do
    close(jump.left or jump.x, jump.before)
    from, first = jump.x, jump.after
  end
  close(r.to, first)
  return list
end

local function finite(r, x) return math.abs(x) < math.huge and r.sign * x or nil end

local function moved(r, before, after)
  if not before then return nil end
  if not after.plan then return "no plan" end
  if not before.plan then return "a plan again" end
  return choices.moves(insides.of(r.source), before.labels, after.labels)
end

local function frame_of(r, list, proven)
  local rows, before = {}, nil
  local starts, ends = r.objective .. " at from", r.objective .. " at to"
  for k, one in ipairs(list) do
    rows[k] = { from = one.from, to = one.to, moves = moved(r, before, one.best),
      [starts] = finite(r, loss(r, one.best.plan, one.from)),
      [ends] = finite(r, loss(r, one.best.plan, one.to)) }
    if not proven then rows[k].status = one.best.status end
    before = one.best
  end
  local cols = { { name = "from", digits = 4 }, { name = "to", digits = 4 },
    { name = starts, digits = 2 }, { name = ends, digits = 2 }, "moves" }
  if not proven then table.insert(cols, 5, "status") end
  local check = r.linear and "every plan's cost is linear in it: these are all jumps"
    or ("solved at %d values and where plans meet; a plan that is best only between is not seen")
      :format(r.steps + 1)
  if not proven then check = check .. "; not proven where the status says so" end
  return frame{ title = ("plans for '%s' over %s"):format(r.source.name, r.name),
    keys = { "from" }, cols = cols, rows = rows, bar = false, check = check }
end

local function refuse(name, message, field, fix)
  errors.raise(2046, { message = ("range of '%s': %s"):format(name, message), object = "range",
    field = field, fix = fix })
end

--- The ends of a range, by default from half to twice what the figure is.
local function ends_of(name, t, source)
  args.check("range", t, FIELDS)
  local now, known = nil, {}
  for row in source:figures():rows() do
    known[#known + 1] = row.name
    if row.name == name then now = row.value end
  end
  local near = not now and errors.suggest(name, known)
  if near then
    errors.raise(2065, { message = ("range: '%s' has no figure '%s'"):format(source.name, name),
      object = "range", field = name, fix = ("did you mean '%s'?"):format(near) })
  end
  local from, to = t.from or now and now / 2, t.to or now and now * 2
  if not from or not to or now == 0 and not (t.from and t.to) then
    refuse(name, now and "it is 0, of which there is no half and no double"
      or "its value is not written in the chain", "from",
      ("plan:range(\"%s\", { from = 1, to = 2 })"):format(name))
  elseif to <= from or from ~= from or to ~= to or math.abs(to - from) == math.huge then
    refuse(name, ("from %g to %g is no range"):format(from, to), "to", "from below to, both finite")
  elseif t.steps and (t.steps < 1 or t.steps > 10000) then
    refuse(name, ("steps = %d is not from 1 to 10000"):format(t.steps), "steps", "steps = 12")
  end
  return from, to
end

--- See plan:range.
---@param p table  the inside of a plan
---@param name string
---@param t { from: number?, to: number?, steps: integer? }
---@return cm.Frame
function range.of(p, name, t)
  args.one(name, "range", "name", "string")
  local given, changes = {}, { price = false, rest = false }
  for key, value in each(p.given) do
    if key == "trade" or key == "market" then changes[key] = value else given[key] = value end
  end
  local r = { name = name, given = given, source = p.source:with(changes), problems = {},
    sign = given.maximise and -1 or 1, objective = p.problem.objective,
    gap = given.gap or 1e-9 }
  r.from, r.to = ends_of(name, t, p.source:with{ trade = changes.trade })
  r.width = r.to - r.from
  r.options = solving.options(given, { gap = r.gap })
  r.linear = is_linear(r)
  r.steps = t.steps or r.linear and 1 or 12
  local points, proven = {}, true
  for k = 0, r.steps do
    points[k + 1] = solve(r, k == r.steps and r.to or r.from + r.width * k / r.steps)
  end
  local list = segments(r, points)
  for _, one in ipairs(list) do proven = proven and one.best.proven end
  return frame_of(r, list, proven)
end

return range
