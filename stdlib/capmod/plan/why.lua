--- Why a stage is where it is: what the plan would come to with it elsewhere, and what bars that.

local args = require "capmod.args"
local choices = require "capmod.plan.choices"
local conflict = require "capmod.plan.conflict"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local graph = require "capmod.chain.graph"
local solving = require "capmod.plan.solving"

local why = {}

--- All options but those of stage i.
local function without(p, i)
  local allowed = {}
  for o, s in ipairs(p.problem.parts.stage) do allowed[o] = s ~= i end
  return allowed
end

--- What the chain comes to where stage i has option o alone. The search begins at the plan with it,
--- where the rules leave that; of the plan's own option the answer is there.
local function forced(p, allowed, i, o)
  if p.choice[i] == o then return p.fields end
  local start = table.move(p.choice, 1, #p.choice, 1, {})
  start[i], allowed[o] = o, true
  local options = solving.options(p.options, { allowed = allowed, start = start })
  local f = solving.ask(p.problem, options):figures()
  allowed[o] = false
  return f
end

--- How much worse that is than the plan, which what was not proven may be better than. What two
--- solves proven to the last millionth differ by is no better.
local function loss(p, f)
  if not f.objective then return nil end
  local x = (p.given.maximise and -1 or 1) * (f.objective - p.fields.objective)
  return x < 0 and x >= -1e-6 * math.abs(p.fields.objective) and 0 or x
end

--- How much worse a plan is where a stage takes the best of the options that pass a test; nil where
--- none can be.
---@param p table  the inside of a plan
---@param name string
---@param test fun(option: table): boolean
---@return number?
function why.worse(p, name, test)
  local i, least = p.problem.number[name], nil
  local allowed = without(p, i)
  for o, option in ipairs(p.problem.parts.list) do
    if p.problem.parts.stage[o] == i and test(option) then
      local worse = loss(p, forced(p, allowed, i, o))
      least = worse and math.min(least or math.huge, worse) or least
    end
  end
  return least
end

--- The rules that leave no plan in which a stage is done as an option says; those that barred the
--- one before are tried first.
local function barring(p, name, option, likely)
  local label = choices.label(option)
  local found = conflict.of(p, { likely = likely, left = solving.left(p.options.time),
    taken = function(problem)
      local i, allowed = problem.number[name], {}
      for o, s in ipairs(problem.parts.stage) do
        allowed[o] = s ~= i or choices.label(problem.parts.list[o]) == label
      end
      return allowed
    end })
  solving.heed{ stop = found.cut }
  return found.rules, found.cut
end

--- The rows of the options of stage i; whether all are proven, whether one is better than the plan.
local function rows_of(p, i, name, best, worse)
  local rows, says = {}, { proven = true }
  local allowed, likely = without(p, i), nil
  for o, option in ipairs(p.problem.parts.list) do
    if p.problem.parts.stage[o] == i then
      local f, bars = forced(p, allowed, i, o), nil
      says.proven = says.proven and (f.status == "optimal" or f.status == "infeasible")
      if f.status == "infeasible" then
        local cut
        likely, cut = barring(p, name, option, likely)
        bars = #likely > 0 and table.concat(conflict.texts(likely), "; ") or nil
        says.barred, says.cut = says.barred or bars, says.cut or cut
      end
      local row = { at = option.shares or option.at, by = option.by, mode = option.mode,
        recipe = option.recipe, [best] = f.objective, status = f.status, ["barred by"] = bars,
        [worse] = loss(p, f) }
      says.better = says.better or row[worse] and row[worse] < 0
      rows[#rows + 1] = row
    end
  end
  for _, option in ipairs(p.problem.parts.barred[i]) do
    rows[#rows + 1] = { at = option.shares or option.at, by = option.by, mode = option.mode,
      status = option.lacks == "plant" and "no plant yet" or "short of its tier" }
  end
  table.sort(rows, function(a, b)
    if a[worse] ~= b[worse] then return (a[worse] or math.huge) < (b[worse] or math.huge) end
    if a.at ~= b.at then return a.at < b.at end
    if a.by ~= b.by then return (a.by or "") < (b.by or "") end
    if a.mode ~= b.mode then return (a.mode or "") < (b.mode or "") end
    return (a.recipe or "") < (b.recipe or "")
  end)
  return rows, says
end

local function note_of(says)
  local notes = {}
  if says.better then
    notes[1] = "the plan is not the best: what costs less than it, below 0, is better"
  end
  if says.cut then notes[#notes + 1] = "fewer of the rules might be enough: time was up" end
  return #notes > 0 and table.concat(notes, "; ") or nil
end

--- See plan:why.
---@param p table  the inside of a plan
---@param name string
---@return cm.Frame
function why.of(p, name)
  local found = errors.findings()
  local s = graph.find(p.chain.list, args.one(name, "why", "stage", "string"), found,
    ("plan for '%s'"):format(p.chain.name), "why")
  found:raise()
  local measure = p.problem.objective
  local best = measure == "cost" and "best cost" or "best " .. measure
  local worse = p.given.maximise and "less by" or "costs more by"
  local rows, says = rows_of(p, p.problem.number[s.name], s.name, best, worse)
  local cols, keys = { { name = "at", kind = "country" } }, { "at" }
  if s.by then cols[2], keys[2] = { name = "by", kind = "country" }, "by" end
  for _, key in ipairs{ "mode", "recipe" } do
    if key == "mode" and s.ways or key == "recipe" and s.variants then
      cols[#cols + 1], keys[#keys + 1] = key, key
    end
  end
  cols[#cols + 1] = { name = best, digits = 2 }
  cols[#cols + 1] = { name = worse, digits = 2 }
  if says.proven and rows[#rows][best] then
    for _, row in ipairs(rows) do row.status = nil end
  else
    cols[#cols + 1] = { name = "status" }
  end
  if says.barred then cols[#cols + 1] = { name = "barred by" } end
  return frame{
    title = ("where '%s' could be, with everything else re-optimised"):format(s.name),
    unit = p.chain.unit, keys = keys, cols = cols, rows = rows, bar = false, check = note_of(says),
  }
end

return why
