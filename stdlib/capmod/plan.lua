--- A plan: where each stage of a chain is done and by whom, and why there. Made by chain:locate.
---
---     local plan = bus:locate{ trade = { freight = 0.05 } }
---     print(plan)   print(plan:why "assembly")   print(plan:decompose{ by = "country" })
---
--- `plan.status` is optimal, feasible, infeasible, stopped or unknown; then `cost` (landed, for
--- one unit), `objective`, `bound`, `gap` (a fraction), `method`, `nodes`, `stop` (what ended the
--- search before its end: time, nodes, request, memory), and `chain`, settled.
--- Plans do not change. Errors CM2040 to CM2048.

local alternatives = require "capmod.plan.alternatives"
local args = require "capmod.args"
local certificate = require "capmod.plan.certificate"
local choices = require "capmod.plan.choices"
local combine = require "capmod.chain.combine"
local conflict = require "capmod.plan.conflict"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local facilities = require "capmod.chain.facilities"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local locate = require "capmod.chain.locate"
local program = require "capmod.plan.program"
local range = require "capmod.plan.range"
local shadow = require "capmod.plan.shadow"
local solving = require "capmod.plan.solving"
local text = require "capmod.text"
local why = require "capmod.plan.why"

---@class cm.Plan
---@field status string
---@field cost number?
---@field objective number?
---@field bound number?
---@field gap number?
---@field stop "time"|"nodes"|"request"|"memory"|nil
---@field method string
---@field nodes integer
---@field chain cm.Chain?  the chain with the places and operators chosen
---@field conflict string[]?  infeasible: rules that cannot hold together; with `stop`, fewer might
---  be enough
local methods = {}

local Plan = { __name = "cm.Plan" }
local inside = setmetatable({}, { __mode = "k" })

local plan = {}

-- ---- making -------------------------------------------------------------------------------------

--- Where the search begins: at the plan of the year before. Only where costs compound is the plan
--- then the one that is found without; local search from a start may end at another of equals.
local function start_of(chain, problem)
  local last = chain.world.history and chain.world.history.last
  return last and problem.core == problem.valued and choices.again(problem, last) or nil
end

--- Places a chain. `settle` makes the chain of a plan: (stages, landing) -> chain.
---@param chain table  the inside of a chain
---@param given table
---@param settle fun(stages: table, landing: table[]): cm.Chain
---@param source cm.Chain
---@return cm.Plan
function plan.make(chain, given, settle, source)
  local left = solving.left(given.time)
  local problem = locate.problem(chain, given)
  local options = solving.options(given)
  local found = solving.run(problem, solving.options(given, { record = given.certificate,
    start = start_of(chain, problem), time = left and math.max(left(), 1e-3) }))
  local figures = found:figures()
  if chain.world.history then solving.heed(figures) end -- it is one year of several
  local choice = found:choice(problem.core)
  local p = { chain = chain, given = given, problem = problem, choice = choice, source = source,
    noted = { note = insides.notes(chain, problem.trade.note) },
    found = found, options = options, fields = { status = figures.status,
      objective = figures.objective,
      bound = figures.bound, gap = figures.gap, method = figures.method, nodes = figures.nodes,
      stop = figures.stop } }
  if choice then
    p.fields.cost = problem.core:evaluate(choice).cost
    local landing
    landing, p.opened = locate.landing(problem, choice)
    p.fields.chain = settle(locate.settled(problem, choice), landing)
  elseif figures.status == "infeasible" then
    local found_out = conflict.of(p, { left = left })
    p.fields.conflict, p.fields.stop = conflict.texts(found_out.rules), found_out.cut
    if chain.world.history then solving.heed(p.fields) end
  end
  local object = setmetatable({}, Plan)
  inside[object] = p
  return object
end

--- The inside of a plan, for the modules of its verbs and of chains'.
---@param object cm.Plan
---@return table
function plan.of(object) return inside[object] end

--- What a plan opens and pays once; see facilities.opened.
---@param object cm.Plan
---@return table[]
function plan.opened(object) return inside[object].opened end

-- ---- asking -------------------------------------------------------------------------------------

local function chosen(self, verb)
  args.object(inside[self] ~= nil, "plan")
  local p = inside[self]
  if not p.choice then
    errors.raise(2043, {
      message = ("'%s': the plan is %s, so there is nothing to %s"):format(p.chain.name,
        p.fields.status, verb), object = p.chain.name, field = verb,
      fix = "look at plan.status first; print(plan) names the rules that conflict",
    })
  end
  return p
end

--- The value of one unit as the plan has it, freight and duties with it: see chain:decompose.
--- Duties go to the place that levies them, freight to "(freight)". CM2043 without a plan.
---@param question? { by?: string|string[], through?: cm.Mrio }
---@return cm.Frame
function methods:decompose(question)
  return chosen(self, "decompose").fields.chain:decompose(question)
end

--- The choice of a plan in an author's words; see choices.labels.
---@param object cm.Plan
---@return table<string, string>?
function plan.labels(object)
  local p = inside[object]
  return p.choice and choices.labels(p, p.choice)
end

--- How much worse a plan is where a stage takes the best of the options that pass a test; nil where
--- none can be.
---@param object cm.Plan
---@param name string
---@param test fun(option: table): boolean
---@return number?
function plan.worse(object, name, test) return why.worse(inside[object], name, test) end

--- Each place (and operator) that a stage could have, with everything else placed anew: what the
--- plan would then be worth, and how much worse that is; blank where the rules leave no plan, with
--- the rules that bar it: without any one of them there would be one. Rows have a status unless all
--- are proven optimal. CM2002 unknown stage, CM2043 without a plan.
---@param name string
---@return cm.Frame
function methods:why(name) return why.of(chosen(self, "explain"), name) end

--- What the plan comes to in a measure, by the names that `minimise`, `maximise` and `subject`
--- know, such as "jobs.ETH". 0 where nothing falls to the place. CM1101 unknown place, CM2042 no
--- such measure, CM2043 without a plan.
---@param name string
---@return number
function methods:measure(name)
  local p = chosen(self, "measure")
  if args.one(name, "measure", "name", "string") == "cost" then return p.fields.cost end
  local fixed = combine.names(p.chain.list) and insides.of(p.fields.chain)
  local chain, choice = fixed or p.chain, fixed and {} or p.choice
  local problem = locate.problem(chain, { trade = p.given.trade, market = p.given.market,
    subject = { [name] = { min = 0 } } }) -- counted, not solved
  for i in ipairs(fixed and problem.parts.count or {}) do choice[i] = i end -- one way a stage
  local measures = problem.core:evaluate(choice).measures
  local value = measures[problem.parts.measures.named[name]]
  return name:find "^content%." and value / p.fields.cost or value
end

--- Plans that are worse by no more than a fraction of the objective, best first, each different in
--- where, by whom, in which mode or by which recipe at least one stage is done; the plan is the
--- first. Each is the best of a part of all choices (Lawler 1972), so that none is left out. Where
--- a solve is not proven, bounds and statuses stand beside. CM1004, CM2043 without a plan.
---
---     print(plan:alternatives{ within = 0.02, n = 5 })
---@param t? { within: number?, n: integer? }  0.01; 10 beside the plan
---@return cm.Frame  columns: plan, the objective, more by, differs
function methods:alternatives(t)
  return alternatives.of(chosen(self, "compare"), t or {})
end

--- Where the plan changes as a figure of the chain does, by its dotted name (chain:figures): the
--- values between which each plan is best, what it then comes to, and what moves at each jump
--- (Baldwin and Venables 2013). Two plans meet where their own costs are equal (Eisner and
--- Severance 1976). Where every plan's cost is linear in the figure these are all jumps; else the
--- range is solved at `steps` + 1 values first (12), and a plan best only between two is not seen.
--- CM2043 without a plan, CM2046 no range, CM2065 no such figure.
---
---     print(plan:range "wage.CHN")   print(plan:range("freight", { from = 0, to = 0.3 }))
---@param name string
---@param t? { from: number?, to: number?, steps: integer? }  from half to twice what it is
---@return cm.Frame  columns: from, to, the objective at both, moves
function methods:range(name, t) return range.of(chosen(self, "vary"), name, t or {}) end

--- What the rules of the question and the capacities of places cost at the margin: by how much
--- the objective gets worse for a unit by which a bound is tighter, and better where it is looser.
--- Finite differences of chains placed anew, each bound changed by `step` of itself; not
--- multipliers. Where a solve is not proven, the ends of the price. CM1004, CM2043 without a plan.
---@param t? { step: number? }  0.01
---@return cm.Frame  columns: rule, bound, is, step, tighter, looser, note
function methods:shadow_prices(t) return shadow.of(chosen(self, "price"), t or {}) end

--- Writes the placement, also one without a plan, as a mixed-integer program with the author's
--- names: "x.mps" (free MPS, which minimises) or "x.lp". Its optimum is the plan's objective; value
--- flows with the goods, so that costs that compound are linear. Names are joined by _. Or as
--- "x.certificate", which holds what proves the bound, for `capmod verify` and cm.verify; asked for
--- by chain:locate{ certificate = true }. CM4116 another ending, CM2049 a program where inputs
--- replace one another, CM2047 the proof was not kept,
--- CM1510 where the file cannot be written.
---@param path string
function methods:save(path)
  args.object(inside[self] ~= nil, "plan")
  local p = inside[self]
  local ending = args.one(path, "save", "path", "string"):lower():match "%.(%w+)$"
  if ending == "certificate" then
    local proof = certificate.of(p)
    if not proof then
      errors.raise(2047, { message = ("'%s': what proves the plan was not kept"):format(
        p.chain.name), object = p.chain.name, field = "certificate",
        fix = p.given.certificate and "there was no room for it, while plan and bound stand: more "
          .. "--memory, or fewer nodes"
          or "chain:locate{ certificate = true, ... }" })
    end
    return export.write_file(path, proof)
  elseif ending ~= "mps" and ending ~= "lp" then
    errors.raise(4116, { message = ("plan: '%s' ends in none of .mps, .lp, .certificate"):format(
      path), object = p.chain.name, field = "path",
      fix = 'plan:save "plan.mps", plan:save "plan.lp" or plan:save "plan.certificate"' })
  end
  if p.problem.parts.aggregator then
    local found = errors.findings()
    combine.refuse(found, p.chain, "a program of straight lines holds what each stage takes",
      "a certificate, or plan.chain:locate():save(path), whose quantities are fixed")
    found:raise()
  end
  export.write_file(path, program.of(p):write(ending))
end

--- How the plan divides the work: see chain:division. CM2043 without a plan.
---@return cm.Frame
function methods:division() return chosen(self, "divide").fields.chain:division() end

--- What is paid once in the plan: entry, set-up and what modes ask, where it is spent, and who pays
--- by equity; for all that is made. CM2043 without a plan.
---@return cm.Frame  columns: what, at, payer, amount
function methods:investment()
  local p = chosen(self, "list")
  return facilities.frame(p.opened, p.chain.name, p.chain.unit)
end

insides.noted(methods, function(self) return inside[self] and inside[self].noted end)

-- ---- looking at it ------------------------------------------------------------------------------

function Plan:__index(key)
  if methods[key] then return methods[key] end
  local fields = inside[self].fields
  local known = { "status", "cost", "objective", "bound", "gap", "method", "nodes", "chain",
    "conflict", "stop" }
  for _, name in ipairs(known) do
    if name == key then return fields[key] end
  end
  args.no_such(("plan for '%s'"):format(inside[self].chain.name), key, "plan", known, methods)
end

function Plan:__newindex(key)
  errors.raise(2044, {
    message = ("plan for '%s' does not change: %s cannot be set"):format(inside[self].chain.name,
      tostring(key)), object = "plan", field = tostring(key), fix = "place a changed chain",
  })
end

local function title_of(p)
  local f = p.fields
  local title = ("plan for '%s': %s, landed cost %.2f"):format(p.chain.name,
    solving.status(f), f.cost)
  if p.problem.objective ~= "cost" then
    title = ("%s, %s %.2f"):format(title, p.problem.objective, f.objective)
  end
  return title
end

function Plan:__tostring()
  local p = inside[self]
  local f = p.fields
  if not p.choice then
    local lines = { ("plan for '%s': %s"):format(p.chain.name, solving.status(f)) }
    if f.conflict and #f.conflict == 0 then
      lines[2] = "  the stages have no places that trade allows together"
    elseif f.conflict then
      lines[2] = not f.stop
        and "  these cannot hold together, and without any one of them there is a plan:"
        or ("  these cannot hold together; fewer might be enough (the search ended by %s):"):format(
          f.stop)
      for k = 1, math.min(#f.conflict, 20) do lines[#lines + 1] = "    " .. f.conflict[k] end
      if #f.conflict > 20 then
        lines[#lines + 1] = ("    and %d more: plan.conflict"):format(#f.conflict - 20)
      end
    end
    for i, line in ipairs(lines) do lines[i] = text.plain(line) end
    return table.concat(lines, "\n")
  end
  local rows, cols, shown = {}, { "stage", "at", "by", { name = "adds", digits = 2 } }, {}
  local own = combine.in_plan(p.problem, p.choice).own
  for i, s in ipairs(p.problem.chain.list) do
    local option, before = p.problem.parts.list[p.choice[i]], rows[#rows]
    if not option.none and before and before.stage == s.name then
      before.adds = before.adds + s.weight * option.adds
    elseif not option.none then
      rows[#rows + 1] = { stage = s.name, at = option.shares or option.at, by = option.by or "-",
        mode = option.mode, recipe = option.recipe, adds = own[i] * (s.weight or 1) * option.adds }
    end
    for _, key in ipairs{ "mode", "recipe" } do
      if option[key] and not shown[key] then
        shown[key] = true
        table.insert(cols, #cols, key)
      end
    end
  end
  local proof = ("%s, by %s"):format(f.status == "optimal" and "proven optimal"
    or ("bound %.2f, gap %.2f %%"):format(f.bound, 100 * f.gap), f.method)
  return tostring(insides.with_note(p.noted, frame{ title = title_of(p), unit = p.chain.unit,
    keys = { "stage" }, rows = rows, cols = cols, bar = false, check = proof }))
end

return plan
