--- Plans that are nearly as good, in order, each once (Lawler 1972): what is left of all choices
--- when the best is taken out falls into parts, one a stage, in which the stages before do as in
--- the best and this one does not; the best of each part waits until it is the best of all.

local args = require "capmod.args"
local choices = require "capmod.plan.choices"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local solving = require "capmod.plan.solving"

local alternatives = {}

local FIELDS = {
  within = { "number", about = "how much worse, as a fraction of the objective: 0.01" },
  n = { "integer", about = "how many at most, beside the plan: 10" },
}

local function checked(t)
  args.check("alternatives", t, FIELDS)
  local within, n = t.within or 0.01, t.n or 10
  if within ~= within or within < 0 or within == math.huge then
    errors.raise(1004, { message = ("alternatives: within = %s is no fraction from 0"):format(
      within), object = "alternatives", field = "within", fix = "within = 0.01" })
  elseif n < 1 then
    errors.raise(1004, { message = ("alternatives: n = %d, but at least 1 is asked for"):format(n),
      object = "alternatives", field = "n", fix = "n = 10" })
  end
  return within, n
end

--- Parts of what `part` allows without its own choice, and the best of each.
local function divide(search, part)
  local p, labels = search.p, search.labels
  local parts = p.problem.parts
  for i = 1, #p.problem.chain.list do
    local allowed, any = {}, false
    for o, of in ipairs(parts.stage) do
      local same = labels[o] == labels[part.choice[of]]
      allowed[o] = part.allowed[o] and (of > i or of == i and not same or of < i and same)
      any = any or of == i and allowed[o]
    end
    if any then
      local found = solving.ask(p.problem, solving.options(p.options, { allowed = allowed }))
      local f, choice = found:figures(), found:choice(p.problem.core)
      if choice then
        search.waiting[#search.waiting + 1] = { allowed = allowed, choice = choice, figures = f,
          loss = search.sign * f.objective }
      end
      if f.status ~= "optimal" and f.status ~= "infeasible" then
        search.open = math.min(search.open, f.bound and search.sign * f.bound or -math.huge)
      end
    end
  end
end

--- Takes the best of what waits; of equal ones the first.
local function take(waiting)
  local best
  for k, part in ipairs(waiting) do
    if not best or part.loss < waiting[best].loss then best = k end
  end
  return best and table.remove(waiting, best)
end

local function row_of(search, part, number)
  local p, f = search.p, part.figures
  local labels, differs = choices.labels(p, part.choice), {}
  for _, s in ipairs(p.chain.list) do
    if labels[s.name] ~= search.base[s.name] then
      differs[#differs + 1] = ("%s %s"):format(s.name, labels[s.name])
    end
  end
  return { plan = number, [search.best] = f.objective, bound = f.bound, status = f.status,
    [search.worse] = search.sign * (f.objective - p.fields.objective),
    differs = #differs > 0 and table.concat(differs, "; ") or "(the plan)" }
end

local function verdict(search, limit, more, within)
  if search.open <= limit then
    return "not proven: the order is not distinguishable, and others may be hidden"
  elseif more then
    return ("there are more within %g %%"):format(100 * within)
  end
  return ("these are all within %g %%"):format(100 * within)
end

--- See plan:alternatives.
---@param p table  the inside of a plan
---@param t { within: number?, n: integer? }
---@return cm.Frame
function alternatives.of(p, t)
  local within, n = checked(t)
  local search = { p = p, labels = {}, waiting = {}, open = math.huge,
    sign = p.given.maximise and -1 or 1, base = choices.labels(p, p.choice),
    best = p.problem.objective, worse = p.given.maximise and "less by" or "more by" }
  local part, rows = { allowed = {}, choice = p.choice, figures = p.fields }, {}
  for o, option in ipairs(p.problem.parts.list) do
    search.labels[o], part.allowed[o] = choices.label(option), true
  end
  part.loss = search.sign * p.fields.objective
  local limit = part.loss + (within + 1e-9) * math.abs(part.loss)
  while part and part.loss <= limit and #rows <= n do
    rows[#rows + 1] = row_of(search, part, #rows + 1)
    divide(search, part)
    part = take(search.waiting)
  end
  if p.fields.status ~= "optimal" then search.open = -math.huge end
  local cols = { "plan", { name = search.best, digits = 2 }, { name = search.worse, digits = 2 } }
  if search.open <= limit then
    cols[4], cols[5] = { name = "bound", digits = 2 }, "status"
  else
    for _, row in ipairs(rows) do row.bound, row.status = nil, nil end
  end
  cols[#cols + 1] = "differs"
  return frame{ title = ("plans for '%s' within %g %% of the plan"):format(p.chain.name,
    100 * within), unit = p.problem.objective == "cost" and p.chain.unit or nil,
    keys = { "plan" }, cols = cols, rows = rows, bar = false,
    check = verdict(search, limit, part and part.loss <= limit, within) }
end

return alternatives
