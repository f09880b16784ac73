--- Rules that share the gain of all, and what they say where worths are intervals.

local args = require "capmod.args"
local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"
local inside = require "capmod.cooperation.inside"

local rules = {}

---@class cm.Shares
---@field gains number[]    at the middle of the intervals
---@field low number[]?     where worths are intervals
---@field high number[]?
---@field proof string?     what the ends are

--- Parts of a total by weights; equal ones where those add up to nothing.
---@param weights number[]
---@param total number
---@return number[]
function rules.scaled(weights, total)
  local sum, x = 0, {}
  for _, w in ipairs(weights) do sum = sum + w end
  for i, w in ipairs(weights) do x[i] = sum ~= 0 and total * w / sum or total / #weights end
  return x
end

local function total_of(d, game) return game:worth(coalition.all(#d.members)) end

local function alone_of(d, game)
  local alone = {}
  for i = 1, #d.members do alone[i] = game:worth(1 << (i - 1)) end
  return alone
end

local function ones(d)
  local list = {}
  for i = 1, #d.members do list[i] = 1 end
  return list
end

local function work_of(d)
  local list = {}
  for i, name in ipairs(d.members) do list[i] = d.work[name] end
  return list
end

--- Each takes the deal, the game of its worths, and weights of members; it gives payoffs in the
--- order of the members.
local RULES = {
  shapley = function(_, game) return (game:shapley()) end,
  nucleolus = function(_, game) return (game:nucleolus "nucleolus") end,
  prenucleolus = function(_, game) return (game:nucleolus "prenucleolus") end,
  nash = function(d, game, weights)
    return core.nash(total_of(d, game), alone_of(d, game), weights)
  end,
  banzhaf = function(d, game) return rules.scaled(game:banzhaf(), total_of(d, game)) end,
  equal = function(d, game) return rules.scaled(ones(d), total_of(d, game)) end,
  proportional = function(d, game)
    return rules.scaled(d.work and work_of(d) or alone_of(d, game), total_of(d, game))
  end,
}

-- ---- ends that are exact ------------------------------------------------------------------------

--- Parts of a total that lies between two ends.
local function parts_of_total(d, parts)
  return rules.scaled(parts, total_of(d, d.low)), rules.scaled(parts, total_of(d, d.high))
end

local EXACT = {
  shapley = function(d) return d.low:shapley(d.high) end,
  equal = function(d) return parts_of_total(d, ones(d)) end,
  proportional = function(d)
    if d.work then return parts_of_total(d, work_of(d)) end
  end,
  --- x_i = d_i + w_i (v - sum d) / sum w rises with d_i and v, and falls with the other d.
  nash = function(d, weights)
    local low, high = alone_of(d, d.low), alone_of(d, d.high)
    local sum, sum_low, sum_high = 0, 0, 0
    for i, w in ipairs(weights) do
      sum, sum_low, sum_high = sum + w, sum_low + low[i], sum_high + high[i]
    end
    local from, to = {}, {}
    for i, w in ipairs(weights) do
      from[i] = low[i] + w / sum * (total_of(d, d.low) - low[i] - (sum_high - high[i]))
      to[i] = high[i] + w / sum * (total_of(d, d.high) - high[i] - (sum_low - low[i]))
    end
    return from, to
  end,
}

-- ---- ends by trial ------------------------------------------------------------------------------

local MOST_TRIALS = 12 -- members up to whom each is tried for itself

--- The game in which coalitions that `pick` chooses are worth their upper ends.
local function end_game(d, pick)
  local list = {}
  for s = 1, coalition.all(#d.members) do list[s] = (pick(s) and d.high or d.low):worth(s) end
  return core.game(#d.members, list)
end

--- The rule at worths all low, all high, and for each member with its own coalitions at one end and
--- the others at the other; and from where to where its payoffs went.
local function by_trial(d, divide, gains)
  local n, low, high, count = #d.members, {}, {}, 1
  for i = 1, n do low[i], high[i] = gains[i], gains[i] end
  local function try(pick)
    count = count + 1
    for i, x in ipairs(divide(end_game(d, pick))) do
      low[i], high[i] = math.min(low[i], x), math.max(high[i], x)
    end
  end
  try(function() return false end)
  try(function() return true end)
  for i = 1, n <= MOST_TRIALS and n or 0 do
    try(function(s) return coalition.has(s, i) end)
    try(function(s) return not coalition.has(s, i) end)
  end
  return low, high, count
end

-- ---- an author's --------------------------------------------------------------------------------

rules.most_asked = 1 << 20 -- worths that are not listed, by one rule

--- Worths where they are not listed, as long as a rule asks for no more than can be. CM2217.
local function counted(d, rule)
  local before = d.looked
  return { worth = function(_, s)
    if d.looked - before >= rules.most_asked and not d.cache[s] then
      inside.refuse_unlisted(d, ("divide by %s, which asked for %d of them"):format(rule.name,
        rules.most_asked), "a rule that asks for fewer, or shapley and banzhaf, which are drawn")
    end
    return d.value(s)
  end }
end

--- An author's rule gets the members, a function worth(list or "A + B"), and the total; it gives
--- payoffs by member or in their order. Worths that are not listed are found as it asks for them.
--- CM2213, CM2217.
local function by_author(d, rule, game)
  if not d.game then game = counted(d, rule) end
  local given = rule.divide({ members = table.move(d.members, 1, #d.members, 1, {}),
    total = total_of(d, game), work = d.work, worth = function(who)
      return game:worth(coalition.of(who, d.place))
    end })
  local x = {}
  for i, name in ipairs(d.members) do
    x[i] = type(given) == "table" and (given[name] or given[i])
    if type(x[i]) ~= "number" or x[i] - x[i] ~= 0 then
      errors.raise(2213, { message = ("rule '%s' gives %s %s"):format(rule.name, name,
        type(x[i]) == "number" and ("%g, not a finite payoff"):format(x[i]) or "no payoff"),
        object = "divide", field = "rule",
        fix = "give a finite number for each of game.members" })
    end
  end
  return x
end

-- ---- asking -------------------------------------------------------------------------------------

--- Whether a rule comes with capmod.
---@param name string
---@return boolean
function rules.is_built_in(name) return RULES[name] ~= nil end

--- The rule of a name. CM2212.
---@param name string
---@return function
function rules.known(name)
  if RULES[name] then return RULES[name] end
  for _, rule in ipairs(define.registry "rule") do
    if rule.name == name then
      return function(d, game) return by_author(d, rule, game) end
    end
  end
  local known = {}
  for rule in each(RULES) do known[#known + 1] = rule end
  for _, rule in ipairs(define.registry "rule") do known[#known + 1] = rule.name end
  local over = errors.suggest(tostring(name), { "kalai_smorodinsky", "max_min" })
  errors.raise(2212, { message = ("divide: there is no rule '%s'"):format(tostring(name)),
    object = "divide", field = "rule", fix = over
      and ("that is agreed over instruments: deal:bargain{ rule = \"%s\", ... }"):format(over)
      or errors.did_you_mean(tostring(name), known, "rules are " .. table.concat(known, ", ")) })
end

--- Weights of members by their place, 1 where none is given. CM1004, CM2210.
---@param d table
---@param given table<string, number>?
---@param object string
---@return number[]
function rules.weights(d, given, object)
  local weights = ones(d)
  for name, w in each(given or {}) do
    weights[coalition.place(name, d.place, "weights")] = w
    if type(w) ~= "number" or not (w > 0 and w < math.huge) then
      errors.raise(1004, { message = ("%s: the weight of %s is %s, not a number above 0"):format(
        object, name, tostring(w)), object = object, field = "weights",
        fix = "weights = { CHN = 2, FRA = 1 }" })
    end
  end
  return weights
end

local function check_weighted(name, given)
  if not given or name == "nash" then return end
  errors.raise(1004, { message = ("divide: the rule '%s' takes no weights"):format(name),
    object = "divide", field = "weights", fix = 'rule = "nash" does' })
end

--- Shares the gain of all by a rule. CM2201, CM2202, CM2212, CM2213.
---@param d table  the inside of a deal whose worths are listed
---@param name string
---@param given table<string, number>?  weights of members, for nash
---@return cm.Shares
function rules.share(d, name, given)
  local rule = rules.known(name)
  check_weighted(name, given)
  local weights = rules.weights(d, given, "divide")
  local function divide(game) return rule(d, game, weights) end
  local gains = divide(d.game)
  if d.exact then return { gains = gains } end
  if EXACT[name] then
    local low, high = EXACT[name](d, weights)
    if low then return { gains = gains, low = low, high = high, proof = "the ends are exact" } end
  end
  local low, high, count = by_trial(d, divide, gains)
  return { gains = gains, low = low, high = high,
    proof = ("the ends are what %d trials of the worths gave, not proven"):format(count) }
end

--- The same by a rule that asks for few worths, where they are not listed: what all and each alone
--- are worth, or what an author's rule wants to know.
---@param d table
---@param name string
---@param given table<string, number>?
---@return cm.Shares
function rules.asking(d, name, given)
  local rule = rules.known(name)
  check_weighted(name, given)
  return { gains = rule(d, d.lazy, rules.weights(d, given, "divide")) }
end

local MOST_NAMES = 8 -- of a group that is not told apart

--- The order of the members by what they get; whom the intervals do not tell apart stand together.
---@param d table
---@param shares cm.Shares
---@return string
function rules.ranking(d, shares)
  local order, groups = {}, {}
  for i = 1, #d.members do order[i] = i end
  table.sort(order, function(a, b)
    if shares.gains[a] ~= shares.gains[b] then return shares.gains[a] > shares.gains[b] end
    return a < b
  end)
  local lowest, last
  for _, i in ipairs(order) do
    if lowest and (shares.high[i] > lowest or shares.gains[i] == last) then
      table.insert(groups[#groups], d.members[i])
      lowest = math.min(lowest, shares.low[i])
    else
      groups[#groups + 1], lowest = { d.members[i] }, shares.low[i]
    end
    last = shares.gains[i]
  end
  for k, group in ipairs(groups) do
    local more = #group - MOST_NAMES
    local names = table.concat(group, ", ", 1, math.min(#group, MOST_NAMES))
    groups[k] = #group == 1 and names or ("%s%s (not distinguishable)"):format(names,
      more > 0 and (" and %d more"):format(more) or "")
  end
  return "most first: " .. table.concat(groups, "; ")
end

--- For methods: the shares that an author gives, or those of a rule.
---@param d table
---@param t { rule: string?, gains: table? }
---@param object string
---@return number[] x, string name
function rules.given(d, t, object)
  if not t.gains then
    local name = t.rule or "shapley"
    if d.game then return rules.share(d, name).gains, name end
    return require "capmod.cooperation.large".share(d, name, t).gains, name
  end
  local x = {}
  for name, value in each(t.gains) do
    args.one(value, object, "gains." .. tostring(name), "number")
    x[coalition.place(name, d.place, "gains")] = value
  end
  for i, name in ipairs(d.members) do
    if not x[i] then
      errors.raise(1002, { message = ("%s: the gain of %s is missing"):format(object, name),
        object = object, field = "gains", fix = "gains = { CHN = 80, FRA = 70, KEN = 200 }" })
    end
  end
  return x, "the gains given"
end

return rules
