--- Deals with too many members to list every coalition: worths are asked for as they are needed,
--- the Shapley value is drawn, the least core is found by adding coalitions one by one.

local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local frame = require "capmod.frame"
local inside = require "capmod.cooperation.inside"
local oracle = require "capmod.cooperation.oracle"
local ranges = require "capmod.cooperation.range"
local rules = require "capmod.cooperation.rules"
local text = require "capmod.text"

local large = {}

local ORDERS, RISK, ROUNDS, MOST = 1000, 0.05, 1000, 10
local QUESTIONS = 20000 -- behind them a nucleolus is left as it is

local function tolerance(d) return 1e-9 * math.max(1, math.abs(d.total)) end

--- Makes worths that are kept once they are known; an interval counts at its middle.
---@param d cm.DealInside
function large.open(d)
  d.cache, d.pool, d.looked, d.widest = { [0] = { 0, 0 } }, {}, 0, 0
  function d.value(s)
    local known = d.cache[s]
    if not known then
      known = { d.w.value(s) }
      known[2] = known[2] or known[1]
      d.cache[s], d.looked = known, d.looked + 1
      d.widest = math.max(d.widest, known[2] - known[1])
    end
    return (known[1] + known[2]) / 2
  end
  d.total = d.value(coalition.all(#d.members))
  function d.alone(i) return d.value(1 << (i - 1)) end
  d.lazy = { worth = function(_, s) return d.value(s) end }
end

-- ---- shares -------------------------------------------------------------------------------------

local LEVELS = { nucleolus = true, prenucleolus = true }
local DIRECT = { nash = true, proportional = true, equal = true }

--- What no member's contributions differ by more than, and where that is from; 0 where it is not
--- known. In a game that never falls, a member brings nothing at least and all there is at most.
local function range_of(d, t)
  if t.range then return t.range, "as the range given has it" end
  local p = d.w.placing
  if p and p.monotone then
    return math.max(d.total, 1e-300), ("proven: a member brings from 0 to %.6g"):format(d.total)
  end
  return 0, "an estimate: the range of contributions is that of the draws"
end

local function drawn(d, t)
  local orders, risk, seed = t.samples or ORDERS, t.risk or RISK, t.seed or 1
  local range, why = range_of(d, t)
  local x, bound = core.shapley_sample(#d.members, d.value, { pairs = orders, seed = seed,
    stream = "shapley", range = range, risk = risk })
  local shares = { gains = x, low = {}, high = {} }
  for i, gains in ipairs(x) do
    shares.low[i], shares.high[i] = gains - bound - d.widest, gains + bound + d.widest
  end
  return shares, { ("total gain %.2f; %s drawn, each both ways round (seed %d)"):format(d.total,
    text.count(orders, "order"), seed), ("all within %.2f with a probability of %g %% (Hoeffding "
    .. "1963), %s"):format(bound, 100 * (1 - risk), why), d.widest > 0 and ("worths that were not "
    .. "proven add %.2f to either side"):format(d.widest) or nil }
end

--- How a coalition may gain more than its level, in words.
local function proof_of_levels(d, report)
  local p = d.w.placing
  local gap = p and 2 * (p.limits.gap or 1e-9) * math.max(1, math.abs(p.top)) or 0
  if report.open <= tolerance(d) + gap then return "proven by the solver" end
  if report.open < math.huge then
    return ("not proven: the solver leaves open up to %.2f"):format(report.open)
  end
  return ("not proven: a search that looked at %s"):format(text.count(d.looked, "coalition"))
end

--- The nucleolus: level by level, coalitions are added as they are found.
local function leveled(d, name)
  local x, report = core.nucleolus(#d.members, name, d.value, function(y, whole, none)
    return oracle.within(d, y, whole, none)
  end, QUESTIONS)
  return { gains = x }, { ("total gain %.2f; that this is the %s is %s"):format(d.total, name,
    proof_of_levels(d, report)), ("%s over %s, found by %s"):format(text.count(report.programs,
    "linear program"), text.count(report.coalitions, "coalition"), text.count(report.questions,
    "question")), d.widest > 0 and "at the middle of worths that were not proven" or nil }
end

--- Shares by a rule, and lines that say how they were found. CM2212 no rule, CM2217 one that needs
--- all worths.
---@param d cm.DealInside
---@param name string
---@param t table
---@return cm.Shares, string[]
function large.share(d, name, t)
  if name == "shapley" then
    local shares, check = drawn(d, t)
    table.insert(check, rules.ranking(d, shares))
    return shares, check
  elseif LEVELS[name] and #d.members > 1 then
    return leveled(d, name)
  elseif not DIRECT[name] then
    rules.known(name)
    inside.refuse_unlisted(d, ("divide by %s"):format(name),
      "shapley, nucleolus, prenucleolus, nash, proportional and equal do without")
  end
  return rules.direct(d, name, t.weights), { ("total gain %.2f"):format(d.total) }
end

-- ---- stability ----------------------------------------------------------------------------------

local function proof(d, worst, by)
  local p = d.w.placing
  local gap = p and 2 * (p.limits.gap or 1e-6) * math.max(1, math.abs(p.top)) or 0
  if worst.most <= by + tolerance(d) + gap then return "proven by the solver" end
  if worst.most < math.huge then
    return ("not proven: the solver leaves open up to %.2f"):format(worst.most)
  end
  return ("not proven: a search that looked at %s"):format(text.count(d.looked, "coalition"))
end

local function rows_of(d, x, most)
  local rows = {}
  for k, one in ipairs(oracle.known(d, x)) do
    if k > most then break end
    local gets = coalition.sum(x, one.s)
    rows[k] = { coalition = coalition.label(d.members, one.s), apart = d.value(one.s),
      gets = gets, better = one.by, verdict = one.by > tolerance(d) and "would leave"
        or one.by >= -tolerance(d) and "indifferent" or "stays" }
  end
  return rows
end

local function verdict(d, x, worst)
  local sum = coalition.sum(x, coalition.all(#d.members))
  if math.abs(sum - d.total) > tolerance(d) then
    return ("NOT stable: it hands out %.2f"):format(sum)
  elseif worst.by > tolerance(d) then
    return ("NOT stable: %s would do better apart by %.2f"):format(
      coalition.label(d.members, worst.s), worst.by)
  end
  return ("stable: no coalition %s better apart (%s)"):format(worst.most < math.huge and "does"
    or "was found that does", proof(d, worst, 0))
end

--- The least core: coalitions are added as they are found, until none gains more.
local function least_core(d)
  local alone, rows, last = {}, {}, nil
  for i in ipairs(d.members) do alone[i], rows[i] = d.alone(i), 1 << (i - 1) end
  local epsilon, x = core.least_core(d.total, alone, function(y)
    local gained = -math.huge
    for _, s in ipairs(rows) do gained = math.max(gained, d.value(s) - coalition.sum(y, s)) end
    last = oracle.worst(d, y, gained + tolerance(d))
    rows[#rows + 1] = last.s
    return last.s, d.value(last.s)
  end, ROUNDS)
  return epsilon, x, last
end

local function core_words(d, epsilon, last)
  local how = proof(d, last, epsilon)
  if epsilon > tolerance(d) then
    return { ("the core is empty: some coalition does better apart by %.2f at least (%s)"):format(
      epsilon, d.widest > 0 and "at the middle of worths that were not proven"
        or "proven by the coalitions found"), "that this is the least core is " .. how }
  end
  return ("the core %s: each coalition%s can get %.2f more than apart (%s)"):format(
    last.most < math.huge and "is not empty" or "seems not to be empty",
    last.most < math.huge and "" or " found", math.max(0, -epsilon), how)
end

--- deal:stable for many members.
---@param d cm.DealInside
---@param t table
---@return cm.Frame
function large.stable(d, t)
  if t.rule or t.gains then
    local x, name = rules.given(d, t, "stable")
    local worst = oracle.worst(d, x)
    local cols = { "coalition" }
    for k, name_of in ipairs{ "apart", "gets", "better" } do
      cols[k + 1] = { name = name_of, digits = 2 }
    end
    cols[5] = "verdict"
    return frame{ title = ("'%s': who would do better apart, by %s"):format(d.name, name),
      unit = d.unit, keys = { "coalition" }, cols = cols, rows = rows_of(d, x, t.most or MOST),
      bar = false, note = d.definition, check = verdict(d, x, worst) }
  end
  if #d.members == 1 then
    inside.refuse_unlisted(d, "stable", "one member alone has nobody to leave")
  end
  local epsilon, x, last = least_core(d)
  local rows = {}
  for i, member in ipairs(d.members) do
    rows[i] = { member = member, alone = d.alone(i), gains = x[i] }
  end
  return frame{ title = ("'%s': a division of the least core"):format(d.name), unit = d.unit,
    keys = { "member" }, rows = rows, bar = "gains", note = d.definition,
    cols = { inside.member_column(d), { name = "alone", digits = 2 },
      { name = "gains", digits = 2 } }, check = core_words(d, epsilon, last) }
end

--- deal:offer for many members.
---@param d cm.DealInside
---@param wanted integer?
---@return cm.Frame
function large.offer(d, wanted)
  if #d.members == 1 then
    inside.refuse_unlisted(d, "offer", "one member alone has nobody to leave")
  end
  local epsilon, _, last = least_core(d)
  local give, rows = math.max(0, epsilon), {}
  local least, most, report = ranges.of(d, give, wanted)
  for i, member in ipairs(d.members) do
    if least[i] then
      rows[#rows + 1] = { member = member, alone = d.alone(i), least = least[i], most = most[i] }
    end
  end
  local check = core_words(d, epsilon, last)
  check = type(check) == "table" and check or { check }
  check[#check + 1] = ("that no coalition gains more at the ends is %s"):format(
    proof(d, report, give))
  check[#check + 1] = ("%s over %s"):format(text.count(report.programs, "linear program"),
    text.count(report.coalitions, "coalition"))
  return frame{ title = ("'%s': what each can get and all accept"):format(d.name), unit = d.unit,
    keys = { "member" }, rows = rows, bar = false, note = d.definition, check = check,
    cols = { inside.member_column(d), { name = "alone", digits = 2 },
      { name = "least", digits = 2 }, { name = "most", digits = 2 } } }
end

return large
