--- Deals with too many members to list every coalition: worths are asked for as they are needed,
--- the values of Shapley and of Banzhaf are drawn, the least core is found by adding coalitions one
--- by one.

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
local MOST_LABEL = 40  -- letters of a coalition under a chart
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

--- Draws as an author wants them, and how probable it is that the bound holds, in percent.
local function draws_of(d, t, stream)
  local range, why = range_of(d, t)
  local how = { pairs = t.samples or ORDERS, seed = t.seed or 1, stream = stream, range = range,
    risk = t.risk or RISK }
  return how, why, 100 * (1 - how.risk)
end

local function widened(d)
  return d.widest > 0 and ("worths that were not proven add %.2f to either side"):format(d.widest)
    or nil
end

local function shapley_drawn(d, t)
  local how, why, sure = draws_of(d, t, "shapley")
  local x, bound = core.shapley_sample(#d.members, d.value, how)
  local shares = { gains = x, low = {}, high = {} }
  for i, gains in ipairs(x) do
    shares.low[i], shares.high[i] = gains - bound - d.widest, gains + bound + d.widest
  end
  return shares, { ("total gain %.2f; %s drawn, each both ways round (seed %d)"):format(d.total,
    text.count(how.pairs, "order"), how.seed), ("all within %.2f with a probability of %g %% "
    .. "(Hoeffding 1963), %s"):format(bound, sure, why), widened(d) }
end

--- From where to where a part of the total goes whose value and the sum of all values are known to
--- a bound; the sum is above 0. In a game that never falls it is neither negative nor above all.
local function part_ends(d, value, bound, sum, of_sum)
  local low, high = value - bound, value + bound
  low = low / (low > 0 and sum + of_sum or sum - of_sum)
  high = high / (high > 0 and sum - of_sum or sum + of_sum)
  if d.w.placing and d.w.placing.monotone then low, high = math.max(0, low), math.min(1, high) end
  low, high = low * d.total, high * d.total
  return math.min(low, high), math.max(low, high)
end

local function banzhaf_drawn(d, t)
  local how, why, sure = draws_of(d, t, "banzhaf")
  local values, bound, of_sum = core.banzhaf_sample(#d.members, d.value, how)
  local shares, sum, n = { gains = rules.scaled(values, d.total) }, 0, #d.members
  for _, value in ipairs(values) do sum = sum + value end
  local all = bound + d.widest
  of_sum = of_sum + n * d.widest
  local check = { ("total gain %.2f; %s drawn for each member, each with its complement (seed %d)")
    :format(d.total, text.count(how.pairs, "coalition"), how.seed), ("what each brings within %.2f "
    .. "and their sum, %.2f, within %.2f with a probability of %g %% (Hoeffding 1963), %s"):format(
    bound, sum, of_sum, sure, why), widened(d) }
  if sum <= of_sum then
    table.insert(check, 2, "the gains have no ends: the draws do not tell that sum from 0; more "
      .. "samples do")
    return shares, check
  end
  shares.low, shares.high = {}, {}
  for i, value in ipairs(values) do
    shares.low[i], shares.high[i] = part_ends(d, value, all, sum, of_sum)
  end
  return shares, check
end

local DRAWN = { shapley = shapley_drawn, banzhaf = banzhaf_drawn }

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

--- Shares by a rule, and lines that say how they were found. CM2212 no rule, CM2217 one that asks
--- for too many worths.
---@param d cm.DealInside
---@param name string
---@param t table
---@return cm.Shares, string[]
function large.share(d, name, t)
  if DRAWN[name] then
    local shares, check = DRAWN[name](d, t)
    if shares.low then table.insert(check, rules.ranking(d, shares)) end
    return shares, check
  elseif LEVELS[name] and #d.members > 1 then
    return leveled(d, name)
  elseif LEVELS[name] then
    return { gains = { d.total } }, { "one member alone" }
  end
  local shares = rules.asking(d, name, t.weights)
  return shares, { ("total gain %.2f"):format(d.total),
    d.widest > 0 and "at the middle of worths that were not proven" or nil }
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

--- What members get in the least core: the ends of each, how much coalitions give way, and lines
--- that say how they were found.
---@param d cm.DealInside
---@param wanted table<integer, boolean>?  by place; all by default
---@return table<integer, number> least, table<integer, number> most, number give, string[] check
function large.ranges(d, wanted)
  local epsilon, _, last = least_core(d)
  local give = math.max(0, epsilon)
  local least, most, report = ranges.of(d, give, wanted)
  local check = core_words(d, epsilon, last)
  check = type(check) == "table" and check or { check }
  check[#check + 1] = ("that no coalition gains more at the ends is %s"):format(
    proof(d, report, give))
  check[#check + 1] = ("%s over %s"):format(text.count(report.programs, "linear program"),
    text.count(report.coalitions, "coalition"))
  return least, most, give, check
end

--- deal:offer for many members.
---@param d cm.DealInside
---@param wanted integer?
---@return cm.Frame
function large.offer(d, wanted)
  if #d.members == 1 then
    inside.refuse_unlisted(d, "offer", "one member alone has nobody to leave")
  end
  local rows = {}
  local least, most, _, check = large.ranges(d, wanted and { [wanted] = true })
  for i, member in ipairs(d.members) do
    if least[i] then
      rows[#rows + 1] = { member = member, alone = d.alone(i), least = least[i], most = most[i] }
    end
  end
  return frame{ title = ("'%s': what each can get and all accept"):format(d.name), unit = d.unit,
    keys = { "member" }, rows = rows, bar = false, note = d.definition, check = check,
    cols = { inside.member_column(d), { name = "alone", digits = 2 },
      { name = "least", digits = 2 }, { name = "most", digits = 2 } } }
end

--- Whether a division holds, as a chart says it, of a chain's worths only: the solver answers.
---@param d cm.DealInside
---@param x number[]
---@return string?
function large.words(d, x)
  if not d.solved or #d.members == 1 then return nil end
  local worst = oracle.worst(d, x)
  if worst.by > tolerance(d) then
    return ("is not stable: %s gains apart by %.2f"):format(
      text.cut(coalition.label(d.members, worst.s), MOST_LABEL), worst.by)
  end
  return ("is stable (%s)"):format(proof(d, worst, 0))
end

return large
