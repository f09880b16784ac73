--- Which rules leave no plan: a set of them without any one of which there would be one.

local locate = require "capmod.chain.locate"
local solving = require "capmod.plan.solving"

local conflict = {}

-- The first plan answers it; a limit of no time would be no limit.
local ANY, SHORT = 1e9, 1e-3

---@class cm.Conflict
---@field rules { key: string, text: string }[]  none: the stages have no plan without rules either
---@field cut "time"|"request"|nil  what ended the search: fewer of the rules might be enough

--- Figures of a solve, within what is left of the time.
local function solved(c, problem, options)
  if c.left then options.time = math.max(c.left(), SHORT) end
  local f = solving.run(problem, options):figures()
  if f.stop == "request" then c.cut = "request" end
  if c.left and c.left() <= 0 then c.cut = c.cut or "time" end
  return f
end

--- Whether there is a plan without the rules from `first` to `last` of the list, and those that
--- are dropped already. Where that is not known there may be one. A glance at the root of branch
--- and bound often has one, where without rules another method would look for the best.
local function feasible(c, first, last)
  local dropped = {}
  for key in next, c.dropped do dropped[key] = true end
  for k = first, last do dropped[c.rules[k].key] = true end
  local p = c.p
  local problem = locate.problem(p.chain, p.given, dropped)
  local options = solving.options(p.options, { gap = ANY,
    allowed = c.taken and c.taken(problem) })
  if not options.method then
    local glance = solving.options(options, { allowed = options.allowed, method = "branch",
      nodes = 1 })
    local f = solved(c, problem, glance)
    if c.cut or f.objective or f.status == "infeasible" then return f.status ~= "infeasible" end
  end
  return solved(c, problem, options).status ~= "infeasible"
end

--- The deletion filter (Chinneck and Dravnieks 1991): rules are dropped one after another where no
--- plan is left without them either. Many that can go stand together, so that the next that cannot
--- is found by halves.
local function filter(c)
  local kept, n, k = {}, #c.rules, 1
  local function drop(last)
    for r = k, last do c.dropped[c.rules[r].key] = true end
    k = last + 1
  end
  while k <= n and not c.cut do
    if not feasible(c, k, n) then
      drop(n)
      break
    end
    local low, high = k, n
    while low < high and not c.cut do
      local middle = (low + high) // 2
      if feasible(c, k, middle) then high = middle else low = middle + 1 end
    end
    if c.cut then break end
    drop(high - 1)
    kept[#kept + 1], k = c.rules[high], high + 1
  end
  if c.cut then table.move(c.rules, k, n, #kept + 1, kept) end
  return kept
end

--- The rules that conflict. With `likely`, rules that conflict elsewhere, these are tried first:
--- where they leave no plan here either, none other is looked for.
---@param p { chain: table, given: table, problem: table, options: table }
---@param how { taken: (fun(problem: table): boolean[])?, left: (fun(): number)?,
---  likely: table[]? }  the options that are allowed, all; seconds that are left
---@return cm.Conflict
function conflict.of(p, how)
  local all = locate.rules(p.chain, p.given, p.problem.trade)
  local c = { p = p, taken = how.taken, left = how.left, dropped = {}, rules = all }
  if how.likely and #how.likely > 0 then
    for _, rule in ipairs(all) do c.dropped[rule.key] = true end
    for _, rule in ipairs(how.likely) do c.dropped[rule.key] = nil end
    if not feasible(c, 1, 0) then
      c.rules = how.likely
    else
      c.dropped = {}
    end
  end
  local rules = filter(c)
  return { rules = rules, cut = c.cut }
end

--- The words of rules.
---@param rules { text: string }[]
---@return string[]
function conflict.texts(rules)
  local texts = {}
  for k, rule in ipairs(rules) do texts[k] = rule.text end
  return texts
end

return conflict
