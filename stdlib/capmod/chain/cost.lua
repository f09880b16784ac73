--- What one unit of a stage costs at a place under an operator or a joint venture, by what the
--- chain says of labour, wages, productivity, tiers, learning, capital, subsidy and tax.
---
---     wages   = labour / e * wage of the place * p        p = (1 + tier_step)^(tiers short)
---     e       = sum over partners f: share_f * productivity_f * kept_f / learnt_f
---     kept_f  = 1 at home, `abroad` elsewhere, `joint` elsewhere beside a partner of the place
---     learnt_f = mean of (units made before / at)^-b over what is made, 2^-b = 1 - rate
---     capital = capital * p,  materials * p               subsidy on wages and capital
---     tax     = rate * (capital + profit)               royalty on adds, wages, capital and profit
---
--- Stated figures count `intensity` times. Learning curve: Wright (1936). Labour costs fall with
--- it, capital does not.

local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"

local cost = {}

--- Fields of a stage of which its cost can be made.
cost.fields = { "labour", "capital", "materials", "profit" }

local function of_operator(world, code, field)
  local operator, place = world.operators[code], world.places[code]
  return operator and operator[field] or place and place[field]
end

--- The tier of an operator, or the best among partners; nil where none is stated.
---@param world table
---@param party table
---@return number?
function cost.tier(world, party)
  local best
  for _, code in ipairs(party) do
    local tier = of_operator(world, code, "tier")
    if tier and (not best or tier > best) then best = tier end
  end
  return best
end

--- How many tiers a party is short of what a stage needs.
---@param s table
---@param party table
---@return number
function cost.short(s, party)
  local need = s.tier
  return need and math.max(0, need - (cost.tier(s.world, party) or need)) or 0
end

local function kept(world, code, at, party, terms)
  if code == at then return 1 end
  local operator = world.operators[code] or {}
  local alone = terms and terms.abroad or operator.abroad or 1
  if not party.share[at] then return alone end
  return terms and terms.joint or operator.joint or (1 + alone) / 2
end

--- The mean of (x / at)^-b for x from what was made before to that and what is made now.
local function learnt(s, code)
  local rule, shares = s.world.learning[s.class], not s.by and s.at.share
  local made = s.world.volume * s.per_unit * (shares and shares[code] or 1)
  if not rule or made == 0 then return 1 end
  local b = -math.log(1 - rule.rate, 2)
  local operator = s.world.operators[code] or {}
  local before = (operator.experience or {})[s.class] or rule.at
  if before == 0 and b >= 1 then before = 1e-9 * rule.at end
  local after = before + made
  if math.abs(b - 1) < 1e-12 then return rule.at * math.log(after / before) / made end
  return rule.at ^ b * (after ^ (1 - b) - before ^ (1 - b)) / ((1 - b) * made)
end

--- The efficiency of a party in a stage at a place: what labour is divided by.
local function efficiency(s, at, party, terms)
  if terms and terms.productivity then return terms.productivity end
  local sum = 0
  for _, code in ipairs(party) do
    sum = sum + party.share[code] * (of_operator(s.world, code, "productivity") or 1)
      * kept(s.world, code, at, party, terms) / learnt(s, code)
  end
  return terms and terms.learned and (sum + terms.learned) / 2 or sum
end

--- The skills of a stage with what each needs for one unit, in a fixed order.
local function skills(s)
  local list = {}
  if type(s.labour) == "number" then return { { "labour", s.labour } } end
  for skill, amount in each(s.labour or {}) do list[#list + 1] = { skill, amount } end
  return list
end

local function wage_of(s, at, skill)
  local wage = (s.world.places[at] or {}).wage
  if type(wage) == "table" then return wage[skill] end
  return wage
end

local function add(figure, name, amount, to)
  if amount == 0 then return end
  figure.parts[#figure.parts + 1] = { name, amount, to = to }
  if to == "(bought in)" then
    figure.materials = figure.materials + amount
  else
    figure.total = figure.total + amount
  end
end

--- Adds to a figure of `adds` what the language of costs says: { total = value added, parts =,
--- materials = bought in, jobs = { { skill, labour } } }.
---@param s table
---@param at string
---@param party table   { "CHN", share = { CHN = 1 } }
---@param given table   the figure of `adds`
---@param terms? table  of the mode
---@return table
function cost.figure(s, at, party, given, terms)
  local figure = { total = 0, materials = 0, parts = {}, jobs = {} }
  for _, part in ipairs(given.parts or { { "(not split)", given.total } }) do
    add(figure, part[1], part[2])
  end
  local penalty = (1 + (s.world.tier_step or 0)) ^ cost.short(s, party)
  local place, wages, times = s.world.places[at] or {}, 0, s.intensity or 1
  local e = s.labour and efficiency(s, at, party, terms) or 1
  for _, skill in ipairs(skills(s)) do
    local labour = times * skill[2] / e * penalty
    figure.jobs[#figure.jobs + 1] = { skill[1], labour }
    wages = wages + labour * wage_of(s, at, skill[1])
  end
  local capital, profit = times * (s.capital or 0) * penalty, times * (s.profit or 0)
  add(figure, "wages", wages)
  add(figure, "capital", capital)
  add(figure, "profit", profit)
  add(figure, "subsidy", -(place.subsidy or 0) * (wages + capital))
  add(figure, "tax", (place.tax or 0) * (capital + profit))
  if terms and terms.royalty then
    add(figure, "royalty", terms.royalty.rate * (given.total + wages + capital + profit),
      terms.royalty.to)
  end
  add(figure, "materials", times * (s.materials or 0) * penalty, "(bought in)")
  return figure
end

-- ---- checks -------------------------------------------------------------------------------------

local function refuse_wage(s, at, skill, found)
  local wage = (s.world.places[at] or {}).wage
  local known, is_paid = {}, false
  for name in each(type(wage) == "table" and wage or {}) do known[#known + 1] = name end
  for _, place in each(s.world.places) do -- a skill that is paid elsewhere is no slip
    is_paid = is_paid or type(place.wage) == "table" and place.wage[skill] ~= nil
  end
  if type(s.labour) == "number" and #known > 0 then
    found:add(2061, { message = ("stage '%s' states one labour, and %s has wages by skill"):format(
      s.name, at), object = ("stage '%s'"):format(s.name), field = "labour",
      fix = ("say which: labour = { %s = %s }"):format(known[#known],
        stage.figure_text(s.labour)) })
    return
  end
  found:add(2061, {
    message = ("stage '%s' needs %s, and %s has no wage for it"):format(s.name,
      skill == "labour" and skill or skill .. " labour", at),
    object = ("stage '%s'"):format(s.name), field = ("wage.%s.%s"):format(at, skill),
    fix = errors.did_you_mean(skill, is_paid and {} or known,
      skill == "labour" and ("places = { %s = { wage = ... } }"):format(at)
        or ("places = { %s = { wage = { %s = ... } } }"):format(at, skill)),
  })
end

local function check_labour(s, found)
  for _, skill in ipairs(skills(s)) do
    for _, at in ipairs(s.at or {}) do
      if not wage_of(s, at, skill[1]) then refuse_wage(s, at, skill[1], found) end
    end
  end
end

local function check_tier(s, found)
  for _, label in ipairs(s.by and s.by.share and { s.by[1] } or s.by or s.at or {}) do
    local party = stage.party(s, label)
    local object = ("stage '%s'"):format(s.name)
    if not cost.tier(s.world, party) then
      found:add(2062, { message = ("%s needs tier %s, and no tier is stated of %s"):format(object,
        stage.figure_text(s.tier), label), object = object, field = "tier." .. party[1],
        fix = ("places = { %s = { tier = ... } }, or the same of operators"):format(party[1]) })
    elseif not stage.open(s) and cost.short(s, party) > 0 and not s.world.tier_step then
      found:add(2064, { message = ("%s needs tier %s, and %s has %s"):format(object,
        stage.figure_text(s.tier), label, stage.figure_text(cost.tier(s.world, party))),
        object = object, field = "tier", fix = "choose another operator, or say what each tier "
        .. "short adds to the cost: tier_step = 0.2" })
    end
  end
end

--- Checks that a stage's cost is known wherever and by whomever it may be done. CM2061 a wage
--- is missing, CM2062 a tier, CM2064 a settled operator is short of the tier.
---@param s table
---@param found cm.Findings
function cost.check(s, found)
  check_labour(s, found)
  if s.tier then check_tier(s, found) end
end

return cost
