--- Pictures of a deal: what rules give, and what all accept.

local args = require "capmod.args"
local bars = require "capmod.cooperation.bars"
local chart = require "capmod.frame.chart"
local codes = require "capmod.codes"
local coalition = require "capmod.cooperation.coalition"
local errors = require "capmod.errors"
local inside = require "capmod.cooperation.inside"
local large = require "capmod.cooperation.large"
local rules = require "capmod.cooperation.rules"
local simplex = require "capmod.cooperation.simplex"
local stable = require "capmod.cooperation.stable"

local picture = { methods = {} }

---@class cm.DealPicture
---@field title string
---@field about string       what is shaded
---@field members string[]
---@field labels string[]    with the names of countries
---@field total number
---@field alone number[]
---@field divisions { name: string, gains: number[], low: number[]?, high: number[]?,
---  chosen: boolean?, verdict: string }[]
---@field least table<integer, number>?  what all accept, where it is known
---@field most table<integer, number>?
---@field shown integer[]     the members that are drawn, by place
---@field core number[][]    of three members: its corners
---@field pairs number[]     of three members: what the two others are worth
---@field pair_labels string[]

local FIELDS = { rules = { "list", about = "{ \"shapley\", \"nucleolus\" }" },
  gains = { "table", about = "a division: { CHN = 80, FRA = 70, KEN = 200 }" },
  kind = { "string", about = "triangle (three members) or bars" },
  members = { "list", about = "who is drawn: { \"CHN\", \"KEN\" }; all" } }
local USUAL = { "shapley", "nucleolus", "equal" }
local NO_DIVISION = { 2201, 2202 }

-- ---- what is shown ------------------------------------------------------------------------------

local function words(d, x, drawn)
  local says = not d.game and large.words(d, x)
  if not d.game then return says and (drawn and "as drawn " or "") .. says or "" end
  local verdict, who, by = stable.verdict(d, x)
  if verdict == "yes" then return "is stable" end
  return ("%s: %s %s by %.2f"):format(verdict == "no" and "is not stable" or "not distinguishable",
    coalition.label(d.members, who), verdict == "no" and "gains apart" or "may gain apart", by)
end

local function shares_of(d, name)
  return d.game and rules.share(d, name) or (large.share(d, name, {}))
end

--- What the rules give; of the usual ones, those that give something.
local function divisions(d, t)
  local list = {}
  for _, name in ipairs(t.rules or USUAL) do
    local ok, shares = pcall(shares_of, d, name)
    if ok then
      list[#list + 1] = { name = name, gains = shares.gains, low = shares.low, high = shares.high }
    else
      local none = errors.is(shares, NO_DIVISION[1]) or errors.is(shares, NO_DIVISION[2])
      if t.rules or not none then error(shares, 0) end
    end
  end
  if t.gains then
    local x = rules.given(d, { gains = t.gains }, "chart")
    list[#list + 1] = { name = "as given", gains = x, chosen = true }
  end
  for _, one in ipairs(list) do one.verdict = words(d, one.gains, one.low) end
  return list
end

local function labels_of(d)
  local labels = {}
  local named = inside.member_column(d).kind == "country"
  for i, name in ipairs(d.members) do
    labels[i] = named and ("%s %s"):format(name, codes.name(name)) or name
  end
  return labels
end

--- What all accept, by how much coalitions give way for it, and what there is to say of that.
local function ranges_of(d, shown)
  if d.game then
    local least, most, epsilon = stable.ranges(d)
    return least, most, epsilon, d.exact and "" or " (worths that are intervals at their middle)"
  end
  local wanted = {}
  for _, i in ipairs(shown) do wanted[i] = true end
  local least, most, give = large.ranges(d, wanted)
  return least, most, give, ""
end

--- What all accept, and in words what that is.
local function accepted(d, c)
  if not d.game and (not d.solved or #d.members == 1) then
    c.about = "what all accept is not known: the worths are not listed, and no chain gives them; "
      .. "deal:offer() searches"
    return 0
  end
  local epsilon, more
  c.least, c.most, epsilon, more = ranges_of(d, c.shown)
  if epsilon > 1e-9 * math.max(1, math.abs(d.total)) then
    c.about = ("shaded: the least core; the core is empty, and coalitions must give way by %.2f%s")
      :format(epsilon, more)
    return epsilon
  end
  c.about = "shaded: the core, in which no coalition does better apart" .. more
  return 0
end

--- Of three members: the corners of the core, and what pairs are worth.
local function of_three(d, c, epsilon)
  local least, most = {}, {}
  c.pairs, c.pair_labels = {}, {}
  for i = 1, 3 do
    local others = 7 ~ 1 << (i - 1)
    c.pairs[i], c.pair_labels[i] = d.game:worth(others), coalition.label(d.members, others)
    least[i], most[i] = c.alone[i] - epsilon, d.total - c.pairs[i] + epsilon
  end
  c.core = simplex.polygon(d.total, least, most)
end

-- ---- asking -------------------------------------------------------------------------------------

local function kind_of(d, t)
  local room = d.total
  for i in ipairs(d.members) do room = room - d.alone(i) end
  local three = d.game and #d.members == 3
  local usual = three and not t.members and room > 1e-9 * math.max(1, math.abs(d.total))
    and "triangle" or "bars"
  local kind = args.choice(t.kind or usual, "kind", { "triangle", "bars" }, "chart")
  if kind == "bars" or three and not t.members then return kind end
  errors.raise(1004, { message = "chart: a triangle is of three members whose worths are listed, "
    .. "all of them", object = "chart", field = "kind",
    fix = "kind = \"bars\" shows any number" })
end

--- The places of the members that are drawn, in the order given. CM1004, CM2210.
local function shown_of(d, t)
  local shown, seen = {}, {}
  for _, name in ipairs(t.members or d.members) do
    local i = coalition.place(name, d.place, "members")
    if not seen[i] then shown[#shown + 1], seen[i] = i, true end
  end
  if #shown > 0 then return shown end
  errors.raise(1004, { message = "chart: members = {} draws nobody", object = "chart",
    field = "members", fix = "name some, or leave it out for all" })
end

--- The picture of a deal: what rules give each member, and what all accept (the core, or where that
--- is empty the least core). Three members: a triangle whose points are divisions, with the core as
--- a polygon and the lines beyond which a pair does better apart. Any number: a bar for each
--- rule, and the range of `offer`; `members` says who is drawn. `rules` (shapley, nucleolus,
--- equal), `gains` for a division of your own. Worths that are intervals count at their middle;
--- where they are not listed, what all accept is known over a chain, whose solver answers, and else
--- left out. Prints as text; `:save` makes files. CM1004, CM2201, CM2202, CM2210, CM2212.
---
---     deal:chart():save "deal.svg"
---     print(deal:chart{ rules = { "nash" }, gains = { CHN = 80, FRA = 70, KEN = 200 } })
---@param t { rules: string[]?, gains: table<string, number>?, kind: string?,
---  members: string[]? }?
---@return cm.Chart
function picture.methods:chart(t)
  local d = inside.of(self)
  t = args.check("chart", t or {}, FIELDS)
  local kind = kind_of(d, t)
  local c = { members = d.members, labels = labels_of(d), total = d.total, alone = {},
    shown = shown_of(d, t),
    title = ("'%s': divisions, and what all accept%s"):format(d.name,
      d.unit and ("  [%s]"):format(d.unit) or ""),
    divisions = divisions(d, t), text = bars.text,
    svg = kind == "triangle" and simplex.svg or bars.svg }
  for i in ipairs(d.members) do c.alone[i] = d.alone(i) end
  local epsilon = accepted(d, c)
  if kind == "triangle" then of_three(d, c, epsilon) end
  return chart.of(c)
end

return picture
