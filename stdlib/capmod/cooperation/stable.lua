--- Whether a division holds: who would do better apart, what all accept, core and least core.

local args = require "capmod.args"
local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local define = require "capmod.define"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local inside = require "capmod.cooperation.inside"
local large = require "capmod.cooperation.large"
local rules = require "capmod.cooperation.rules"

local stable = { methods = {} }

local MOST = 10 -- coalitions that a table of them shows, if the author does not say

local function tolerance(d) return 1e-9 * math.max(1, math.abs(d.total)) end

--- The game in which all together are worth one end, and who is apart the other.
local function mixed(all, apart, n)
  local list, last = {}, coalition.all(n)
  for s = 1, last do list[s] = (s == last and all or apart):worth(s) end
  return core.game(n, list)
end

--- The games in which a division is hardest and easiest to hold together; one where all is known.
local function games(d)
  if d.exact then return d.game, d.game end
  if not d.hardest then
    d.hardest, d.easiest = mixed(d.low, d.high, #d.members), mixed(d.high, d.low, #d.members)
  end
  return d.hardest, d.easiest
end

--- The coalition that gains most apart, and what.
local function worst(game, x)
  local coalitions, excesses = game:excesses(x, 1)
  return coalitions[1], excesses[1] or -math.huge
end

--- Whether a division is stable ("yes", "no", "not distinguishable"), who would leave, by how much.
---@param d cm.DealInside
---@param x number[]
---@return string verdict, integer? who, number by
function stable.verdict(d, x)
  local sure, by = worst(d.low, x)
  if by > tolerance(d) then return "no", sure, by end
  local maybe, most = worst(d.high, x)
  if most > tolerance(d) then return "not distinguishable", maybe, most end
  return "yes", nil, most
end

--- The verdict in words, as it stands under every division.
---@param d cm.DealInside
---@param x number[]
---@return string
function stable.words(d, x)
  local verdict, who, by = stable.verdict(d, x)
  local sum = coalition.sum(x, coalition.all(#d.members))
  local text = ("total gain %.2f"):format(d.total)
  if not d.exact then
    local all = coalition.all(#d.members)
    text = ("total gain %.2f to %.2f"):format(d.low:worth(all), d.high:worth(all))
  end
  if math.abs(sum - d.total) > tolerance(d) then
    return ("%s; NOT stable: it hands out %.2f"):format(text, sum)
  elseif verdict == "no" then
    return ("%s; NOT stable: %s would do better apart by %.2f"):format(text,
      coalition.label(d.members, who), by)
  elseif verdict == "yes" then
    return text .. "; stable: no coalition does better apart"
  end
  return ("%s; whether it is stable is not distinguishable: %s may do better apart, by up to %.2f")
    :format(text, coalition.label(d.members, who), by)
end

-- ---- the core in words --------------------------------------------------------------------------

--- The coalitions that the least core gives the same excess, most 4 of them.
local function binding(d, game, x, epsilon)
  local coalitions, excesses = game:excesses(x, 5)
  local names = {}
  for k, s in ipairs(coalitions) do
    if excesses[k] >= epsilon - tolerance(d) then
      names[#names + 1] = #names == 4 and "..." or coalition.label(d.members, s)
    end
  end
  return table.concat(names, "; ")
end

local MOST_PAIRS = 12 -- members up to whom all pairs of coalitions are looked at

--- Two coalitions that make more apart than together, which no division can mend.
local function parted(d)
  if #d.members > MOST_PAIRS then return "" end
  local is, one, other = d.low:is "superadditive"
  if is or not d.exact then return "" end
  return ("; %s and %s make more apart than together"):format(coalition.label(d.members, one),
    coalition.label(d.members, other))
end

--- What can be said of the core.
local function core_words(d)
  if #d.members == 1 then return "one member alone: nobody can leave" end
  local hardest, easiest = games(d)
  local epsilon = hardest:least_core()
  if epsilon <= tolerance(d) then
    return ("the core is not empty: each coalition can get %.2f more than apart"):format(
      math.max(0, -epsilon))
  end
  local least, x = easiest:least_core()
  if least <= tolerance(d) then
    return "whether the core is empty is not distinguishable"
  end
  return ("the core is empty: some coalition does better apart by %.2f at least; in the least core "
    .. "these do: %s%s"):format(least, binding(d, easiest, x, least), parted(d))
end

-- ---- verbs --------------------------------------------------------------------------------------

--- Errors that say there is no division by a rule.
local NONE = { CM2201 = true, CM2202 = true, CM2213 = true }

local function by_rule(d)
  local names, rows = { "shapley", "nucleolus", "nash", "proportional", "equal", "banzhaf" }, {}
  for _, rule in ipairs(define.registry "rule") do names[#names + 1] = rule.name end
  for _, name in ipairs(names) do
    local ok, shares = pcall(rules.share, d, name)
    if ok then
      local verdict, who, by = stable.verdict(d, shares.gains)
      rows[#rows + 1] = { rule = name, stable = verdict, blocks = who
        and coalition.label(d.members, who) or "-", by = who and by or nil }
    elseif not errors.is(shares) or not NONE[shares.number] then
      error(shares, 0)
    else
      rows[#rows + 1] = { rule = name, stable = "no division", blocks = "-" }
    end
  end
  return frame{ title = ("'%s': which rules hold together"):format(d.name), unit = d.unit,
    keys = { "rule" }, rows = rows, bar = false, note = d.definition, check = core_words(d),
    cols = { "rule", "stable", "blocks", { name = "by", digits = 2 } } }
end

local function verdict_of(low, high, room)
  if low > room then return "would leave" end
  if high > room then return "not distinguishable" end
  return high >= -room and "indifferent" or "stays"
end

local function by_coalition(d, x, name, most)
  local coalitions, rows = d.high:excesses(x, most), {}
  for k, s in ipairs(coalitions) do
    local gets = coalition.sum(x, s)
    rows[k] = { coalition = coalition.label(d.members, s), apart = d.game:worth(s), gets = gets,
      better = d.game:worth(s) - gets,
      verdict = verdict_of(d.low:worth(s) - gets, d.high:worth(s) - gets, tolerance(d)) }
  end
  local cols = { "coalition" }
  for _, col in ipairs{ "apart", "gets", "better" } do
    cols[#cols + 1] = { name = col, digits = 2 }
  end
  cols[#cols + 1] = "verdict"
  return frame{ title = ("'%s': who would do better apart, by %s"):format(d.name, name),
    unit = d.unit, keys = { "coalition" }, cols = cols, rows = rows, bar = false,
    note = d.definition, check = { stable.words(d, x), core_words(d) } }
end

--- Whether a division holds together. Of one by a rule, or of gains that are given: the coalitions
--- that gain most apart, what each is worth apart and gets, and whether it would leave. Without
--- either: each rule, whether it is stable, and who blocks it. Under both stands whether the core
--- (Gillies 1959) is empty, and where it is, which coalitions the least core (Maschler, Peleg and
--- Shapley 1979) leaves as far apart. Of many members (worths not
--- listed): a division of the least core, and what is proven of it. CM2212.
---
---     print(deal:stable())   print(deal:stable{ rule = "equal" })
---     print(deal:stable{ gains = { CHN = 80, FRA = 70, KEN = 200 } })
---@param t { rule: string?, gains: table<string, number>?, most: integer? }?
---@return cm.Frame  rule, stable, blocks, by; or coalition, apart, gets, better, verdict
function stable.methods:stable(t)
  t = args.check("stable", t or {}, { rule = { "string" }, gains = { "table" },
    most = { "integer", about = "coalitions that are shown" } })
  local d = inside.of(self)
  if not d.game then return large.stable(d, t) end
  if not t.rule and not t.gains then return by_rule(d) end
  local x, name = rules.given(d, t, "stable")
  return by_coalition(d, x, name, t.most or MOST)
end

--- Ranges of the core of a game, or of its least core, by member.
local function ranges(d, game)
  local least, most = {}, {}
  local function clean(x) return math.abs(x) < tolerance(d) and 0.0 or x end
  for i = 1, #d.members do
    local from, to = game:core_range(i)
    least[i], most[i] = clean(from), clean(to)
  end
  return least, most
end

--- What each can get in the core, or in the least core, and by how much coalitions give way there;
--- worths that are intervals count at their middle.
---@param d cm.DealInside
---@return number[] least, number[] most, number epsilon
function stable.ranges(d)
  local least, most = ranges(d, d.game)
  return least, most, (d.game:least_core())
end

local function offer_check(d, epsilon)
  if epsilon > tolerance(d) then
    return ("no division suits all: coalitions must give way by %.2f"):format(epsilon)
  end
  return "within these ranges together no coalition does better apart"
end

--- The range of what each member can get so that no coalition does better apart: the core; where it
--- is empty, the least core (Maschler, Peleg and Shapley 1979), and by how much coalitions must
--- give way. Where worths are intervals, `least` and `most` hold wherever in them the worths lie
--- (blank where nothing is that sure), `possible_least` and `possible_most` where they lie best.
--- `member` asks for one. Where worths are not listed, coalitions are added as they are found, and
--- the answer says what is proven. CM2217 of one member.
---@param t { member: string? }?
---@return cm.Frame  member, alone, least, most
function stable.methods:offer(t)
  t = args.check("offer", t or {}, { member = { "string" } })
  local d = inside.of(self)
  local wanted = t.member and coalition.place(t.member, d.place, "member")
  if not d.game then return large.offer(d, wanted) end
  local hardest, easiest = games(d)
  local epsilon, rows = hardest:least_core(), {}
  local least, most = ranges(d, hardest)
  local possible_least, possible_most = least, most
  local cols = { inside.member_column(d), { name = "alone", digits = 2 },
    { name = "least", digits = 2 }, { name = "most", digits = 2 } }
  if not d.exact then
    possible_least, possible_most = ranges(d, easiest)
    cols[5] = { name = "possible_least", digits = 2 }
    cols[6] = { name = "possible_most", digits = 2 }
    if epsilon > tolerance(d) then least, most, epsilon = {}, {}, easiest:least_core() end
  end
  for i, member in ipairs(d.members) do
    if not wanted or wanted == i then
      rows[#rows + 1] = { member = member, alone = d.game:worth(1 << (i - 1)), least = least[i],
        most = most[i], possible_least = not d.exact and possible_least[i] or nil,
        possible_most = not d.exact and possible_most[i] or nil }
    end
  end
  return frame{ title = ("'%s': what each can get and all accept"):format(d.name), unit = d.unit,
    keys = { "member" }, rows = rows, bar = false, note = d.definition, cols = cols,
    check = offer_check(d, epsilon) }
end

return stable
