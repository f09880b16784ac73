--- A chain year by year: each year it is placed anew, by that year's wages, experience and
--- capability.
---
---     experience   Q(t+1) = (1 - forget) Q(t) + made(t), of each operator and class (Wright 1936)
---     rules        bounds that change with the years (ramps.lua)
---     capability   of the firms of a place where others work, as the mode chosen teaches
---                  (capability.lua)
---     figures      x(t) = x(first) * (1 + growth)^(t - first), from the year of an event on
---
--- Nothing is foreseen: what is paid once counts in the choice with one part in `payback`, and is
--- not paid again. Where costs compound a year's search starts from the last year's plan, which
--- changes no answer. Plants open, stand idle and close (plants.lua). What comes of it is a course
--- (course.lua).

local args = require "capmod.args"
local capability = require "capmod.chain.capability"
local course = require "capmod.chain.course"
local each = require "capmod.each"
local errors = require "capmod.errors"
local insides = require "capmod.chain.inside"
local modes = require "capmod.chain.modes"
local plants = require "capmod.chain.plants"
local ramps = require "capmod.chain.ramps"
local stage = require "capmod.chain.stage"
local terms = require "capmod.chain.terms"

local years = { methods = {} }

local FIELDS = {
  years = { "list", required = true, about = "the first and the last: { 2026, 2040 }" },
  wages = { "number", "table", above = -1, about = "growth a year: { CHN = 0.05 }" },
  growth = { "table", above = -1, about = "of other figures: { volume = 0.03, freight = -0.01 }" },
  events = { "table", about = "figures from a year on: { [2030] = { [\"tax.ETH\"] = 0.2 } }" },
  learning = { "table", about = "instead of the chain's: { engines = 0.15 }" },
  forget = { "number", least = 0, most = 1, about = "part of experience lost in a year; 0" },
  transfer = { "number", "table", least = 0, most = 1,
    about = "part of a gap the host closes in a year, by mode; else what the modes say" },
  mastery = { "number", least = 0, most = 1,
    about = "part of a gap closed from which on a block is learned; 0.5" },
  moving = { "number", "table", least = 0, about = "paid when a stage moves: { sewing = 300 }" },
  start = { "string", "table", about = "where the stages were before: \"CHN\"" },
  payback = { "number", "string", least = 1,
    about = "years in which what is paid once has to pay: 5, or \"remaining\"; 1" },
  discount = { "number", least = 0, about = "of what these years bring, a year: 0.08; 0" },
  idle = { "number", least = 0, most = 1, about = "part of standing cost when not used; 1" },
  rules = { "table", about = "that change: { [\"content.ETH\"] = { min = { [2026] = 0.2, "
    .. "[2036] = 0.6 } } }" },
  locate = { "table", about = "what chain:locate is asked: { subject =, gap =, nodes = }" },
}

local BOUNDED = { "wages", "growth", "forget", "transfer", "mastery", "moving", "payback",
  "discount", "idle" }

local CALENDAR = { wages = true, growth = true, events = true, rules = true, building = true }

--- What drives a course, in the order in which reasons are named.
local DRIVERS = { "wages", "growth", "events", "rules", "learning", "transfer", "building" }

-- ---- reading what is asked ----------------------------------------------------------------------

local function check(given, found)
  args.check("over", given, FIELDS)
  if type(given.payback) == "string" then
    args.choice(given.payback, "payback", { "remaining" }, "over")
  end
  for _, field in ipairs(BOUNDED) do
    local value = given[field]
    if value == "remaining" then value = nil end
    for key, one in each(type(value) == "table" and value or { value }) do
      local by_skill = field == "wages" and type(one) == "table"
      local rule = by_skill and { about = FIELDS.wages.about } or FIELDS[field]
      for skill, rate in each(by_skill and one or { one }) do
        local name = type(value) ~= "table" and field or ("%s.%s"):format(field, tostring(key))
        if by_skill then name = ("%s.%s"):format(name, tostring(skill)) end
        terms.check_number(rate, { above = rule.above, least = rule.least, most = rule.most,
          about = rule.about }, name, found)
      end
    end
  end
  local first, last = given.years[1], given.years[2] or given.years[1]
  if #given.years > 2 or math.type(first) ~= "integer" or math.type(last) ~= "integer"
    or last < first or last - first > 200 then
    errors.raise(1004, { message = "over: years are a first and a last one, 200 apart at most",
      object = "over", field = "years", fix = "years = { 2026, 2040 }" })
  end
  return first, last
end

--- What grows, by the beginning of names: { prefix =, rate =, driver = }.
local function read_growth(given, found)
  local list = {}
  local function add(prefix, rate, driver)
    list[#list + 1] = { prefix = prefix, rate = rate, driver = driver }
  end
  if type(given.wages) == "number" then add("wage", given.wages, "wages") end
  for name, rate in each(type(given.wages) == "table" and given.wages or {}) do
    local code = stage.place(name, found, "over", "wages") or name
    if type(rate) ~= "table" then add("wage." .. code, rate, "wages") end
    for skill, one in each(type(rate) == "table" and rate or {}) do
      add(("wage.%s.%s"):format(code, skill), one, "wages")
    end
  end
  for name, rate in each(given.growth or {}) do
    add(args.one(name, "over", "growth: the figure", "string"), rate, "growth")
  end
  table.sort(list, function(a, b) return #a.prefix > #b.prefix end)
  return list
end

local function is_within(name, prefix)
  return name == prefix or name:sub(1, #prefix + 1) == prefix .. "."
end

local function refuse_name(prefix, known, found)
  found:add(2065, { message = ("over: the chain has no figure '%s' to grow"):format(prefix),
    object = "over", field = prefix,
    fix = errors.did_you_mean(prefix, known, "chain:figures() lists the names of its figures") })
end

--- The figures that change over the years: { name, value, rate, driver, events = { { year, x } } }.
local function read_figures(chain, given, found)
  local growth, list, at, used, known = read_growth(given, found), {}, {}, {}, {}
  local rows = chain:figures()
  for r = 1, #rows do
    local name, value = rows[r].name, rows[r].value
    known[r] = name
    for _, one in ipairs(growth) do
      if is_within(name, one.prefix) then
        used[one] = true
        at[name] = { name = name, value = value, rate = one.rate, driver = one.driver, events = {} }
        list[#list + 1] = at[name]
        break
      end
    end
  end
  for _, one in ipairs(growth) do
    if not used[one] then refuse_name(one.prefix, known, found) end
  end
  for year, figures in each(given.events or {}) do
    args.one(year, "over", "events: the year", "integer")
    for name, x in each(args.one(figures, "over", ("events[%d]"):format(year), "table")) do
      if not at[name] then
        at[name] = { name = name, rate = 0, driver = "growth", events = {} }
        list[#list + 1] = at[name]
        for r = 1, #rows do
          if rows[r].name == name then at[name].value = rows[r].value end
        end
      end
      terms.check_number(x, {}, ("events[%d].%s"):format(year, tostring(name)), found)
      table.insert(at[name].events, { year, x })
    end
  end
  return list
end

--- Where each stage was before the first year.
local function read_start(chain, given, found)
  local from = {}
  for _, s in ipairs(chain.list) do
    local at = given.start
    if type(at) == "table" then at = at[s.name] end
    from[s.name] = at and stage.place(at, found, "over", "start") or nil
  end
  return from
end

-- ---- the state of a year ------------------------------------------------------------------------

--- A state has a year for each driver that follows the calendar, experience by operator and class,
--- what the firms of places have learned, and as of when plants stand.
local function first_state(chain, first)
  local s = { wages = first, growth = first, events = first, rules = first, building = first,
    learning = {}, transfer = {} }
  for code, operator in each(chain.world.operators) do
    s.learning[code] = insides.copy(operator.experience or {})
  end
  return s
end

local function figures_in(run, s)
  local changes = {}
  for _, figure in ipairs(run.figures) do
    local value, since = figure.value, run.first
    for _, event in ipairs(figure.events) do
      if event[1] <= s.events then value, since = event[2], math.max(event[1], run.first) end
    end
    if value then
      changes[figure.name] = value * (1 + figure.rate) ^ math.max(0, s[figure.driver] - since)
    end
  end
  return changes
end

--- The chain as it is in a state, and with what was before; `wanted`: as if all plants stood.
local function chain_in(run, s, wanted)
  local chain = run.chain:with(figures_in(run, s))
  local world = insides.of(chain).world
  local places, operators = insides.copy(world.places), insides.copy(world.operators)
  capability.apply(places, operators, s.transfer)
  for code, experience in each(s.learning) do
    if next(experience) ~= nil then
      operators[code] = operators[code] or {}
      operators[code].experience = insides.copy(experience)
    end
  end
  chain = chain:with{ places = places, operators = operators }
  world = insides.of(chain).world
  world.history = plants.history(run, world, s.building, wanted)
  return chain
end

--- The plan of a state, under the rules that hold in it, and these.
local function plan_in(run, s, chain)
  local question = ramps.question(run.rules, run.question, s.rules)
  return chain:locate(question), question and question.subject
end

-- ---- what a year leaves to the next -------------------------------------------------------------

--- Whom a settled stage is run by.
local function party_of(s) return stage.party(s, (s.by or s.at)[1]) end

--- Every operator of a class adds what it made to its experience, and forgets some of what it had.
local function gain_experience(run, settled, s)
  local world = settled.world
  for _, experience in each(s.learning) do
    for class, units in each(experience) do experience[class] = (1 - run.forget) * units end
  end
  for _, one in ipairs(settled.list) do
    local rule, shares = world.learning[one.class], not one.by and one.at.share
    for _, code in ipairs(rule and (shares and one.at or party_of(one)) or {}) do
      local mine = s.learning[code] or {}
      s.learning[code] = mine
      mine[one.class] = (mine[one.class] or (1 - run.forget) * rule.at)
        + world.volume * one.per_unit * (shares and shares[code] or 1)
    end
  end
end

-- ---- years --------------------------------------------------------------------------------------

--- Where each stage is, by whom, in which mode.
local function places_of(settled)
  local places = {}
  for _, s in ipairs(settled.list) do
    places[s.name] = { at = stage.places_text(s.at), by = s.by and stage.party_text(party_of(s)),
      mode = s.terms and s.terms.name, recipe = s.recipe }
  end
  return places
end

--- Places of a year as they would be without a driver: as it was in the first year, or, of what
--- is being built, the year before. Nil where there would be no plan.
local function without(run, s, initial, driver, wanted)
  local key = (wanted and "wanted " or "") .. driver
  if run.without[key] == nil then
    local other = {}
    for name, value in pairs(s) do other[name] = value end -- any order
    other[driver] = driver == "building" and s.building - 1 or initial[driver]
    local plan = plan_in(run, other, chain_in(run, other, wanted))
    run.without[key] = plan.chain and places_of(insides.of(plan.chain)) or false
  end
  return run.without[key] or nil
end

--- Whether a driver has changed anything by now: events may lie ahead, and nobody may teach.
local function has_changed(run, s, driver)
  if driver == "transfer" then return next(s.transfer) ~= nil end
  if driver ~= "events" then return true end
  for _, figure in ipairs(run.figures) do
    for _, event in ipairs(figure.events) do
      if event[1] > run.first and event[1] <= s.events then return true end
    end
  end
  return false
end

--- What holds on a stage's having moved: without which driver it would have stayed.
local function reasons(run, s, initial, name, wanted)
  local needed, active, before = {}, {}, run.before[name]
  for _, driver in ipairs(DRIVERS) do
    if run.active[driver] and not (wanted and driver == "building")
      and has_changed(run, s, driver) then
      active[#active + 1] = driver
      local places = without(run, s, initial, driver, wanted)
      if places and places[name] and course.same(places[name], before) then
        needed[#needed + 1] = driver
      end
    end
  end
  if #needed > 0 then return table.concat(needed, " and ") end
  return table.concat(active, " or ")
end

--- What staying would have cost more, with everything else placed anew; nil where it is barred.
local function saved(plan, name, before)
  return require "capmod.plan".worse(plan, name, function(option)
    return (option.shares or option.at) == before.at and (not before.by or option.by == before.by)
      and option.mode == before.mode and (not before.recipe or option.recipe == before.recipe)
  end)
end

--- Stages that are elsewhere, or done by others, than the year before; where the year has no plan
--- the last one that had counts.
local function moves_of(run, year, s, initial, plan, places)
  local moves = {}
  for _, one in ipairs(insides.of(plan.chain).list) do
    local name = one.name
    local before = run.before[name]
    if before and not course.same(before, places[name]) then
      moves[#moves + 1] = { year = year, stage = name, from = course.where(before),
        to = course.where(places[name]), saves = not before.started and saved(plan, name, before)
          or nil, because = before.started and "start" or reasons(run, s, initial, name) }
    end
  end
  return moves
end

local function pay(run, plan)
  local invested = 0
  for _, one in ipairs(require "capmod.plan".opened(plan)) do
    invested = invested + one.investment
    if not one.standing and not one.key:find "^move " and not one.key:find "^volume " then
      run.history.sunk[one.key] = true
    end
  end
  return invested
end

--- Reasons, each once.
local function joined(list)
  local seen, kept = {}, {}
  for _, text in ipairs(list) do
    if not seen[text] then seen[text], kept[#kept + 1] = true, text end
  end
  return table.concat(kept, "; ")
end

--- Begins plants that this year's figures ask for and that take years to build.
local function build(run, row, s, initial)
  local unready = insides.of(row.chain).world.history.unready
  if next(unready) == nil or not run.begun and next(run.history.from) == nil then return end
  local plan = plan_in(run, s, chain_in(run, s, true))
  if not plan.chain then return end
  local settled = insides.of(plan.chain)
  local places = places_of(settled)
  row.invested = plants.begin(run, row, settled, require "capmod.plan".opened(plan), unready,
    function(names)
      local texts = {}
      for _, name in ipairs(names) do
        local before = run.before[name]
        if before and not course.same(before, places[name]) then
          texts[#texts + 1] = before.started and "start" or reasons(run, s, initial, name, true)
        end
      end
      return #texts > 0 and joined(texts) or "new"
    end)
end

--- What a year's plan leaves to the next: places, plants, experience, capability.
local function settle(run, row, s, initial)
  local settled, plan = insides.of(row.plan.chain), row.plan
  local opened, class = require "capmod.plan".opened(plan), {}
  row.places = places_of(settled)
  row.moves = moves_of(run, row.year, s, initial, plan, row.places)
  local function moved(way, at, of)
    local texts = {}
    for _, move in ipairs(row.moves) do
      local place = way == "to" and row.places[move.stage] or run.before[move.stage]
      if place.at == at and class[move.stage] == of then texts[#texts + 1] = move.because end
    end
    return joined(texts)
  end
  for _, one in ipairs(settled.list) do class[one.name] = one.class end
  row.invested = (row.invested or 0) + pay(run, plan)
    + plants.follow(run, row, settled, insides.of(row.chain).world, opened, moved)
  for name, place in each(row.places) do
    run.before[name], run.history.from[name] = place, place.at
  end
  run.begun, run.last = true, require "capmod.plan".labels(plan)
  s.learning = insides.copy(s.learning)
  gain_experience(run, settled, s)
  s.transfer = capability.gain(settled, s.transfer, run.transfer, run.mastery)
end

--- Of how many yearly savings like this year's what is paid once may take all: those of `payback`
--- years, or of the years that are left, later ones discounted.
local function parts_in(run, year)
  local n, q = run.payback, 1 / (1 + run.discount)
  if n == "remaining" then n = run.last_year - year + 1 end
  return q < 1 and (1 - q ^ n) / (1 - q) or n
end

local function step(run, year, s, initial)
  run.history.payback = parts_in(run, year)
  for driver in each(CALENDAR) do s[driver] = year end
  run.without, run.kept = {}, {}
  local row = { year = year, chain = chain_in(run, s), moves = {}, places = {}, plants = {},
    standing = {}, gained = s.transfer }
  build(run, row, s, initial)
  if next(run.kept) then row.chain = chain_in(run, s) end
  row.plan, row.subject = plan_in(run, s, row.chain)
  if row.plan.chain then settle(run, row, s, initial) end
  return row
end

local function has_lag(world)
  for _, place in each(world.places) do
    if place.lag then return true end
  end
  return false
end

local function read_run(chain, given, found)
  local inner = insides.of(chain)
  local run = { first = given.years[1], last_year = given.years[2] or given.years[1],
    payback = given.payback or 1, discount = given.discount or 0, transfer = given.transfer,
    forget = given.forget or 0, question = given.locate,
    chain = given.learning and chain:with{ learning = given.learning } or chain, before = {},
    plants = {}, kept = {}, idle = given.idle or 1, mastery = given.mastery or 0.5 }
  run.figures = read_figures(run.chain, given, found)
  run.rules = ramps.read(given.rules, run.first, found)
  for mode in each(type(given.transfer) == "table" and given.transfer or {}) do
    modes.check_name(mode, found)
  end
  run.history = { sunk = {}, from = read_start(inner, given, found), moving = given.moving,
    payback = 1 }
  for name, at in each(run.history.from) do run.before[name] = { at = at, started = true } end
  plants.start(run, inner.world, inner.list, run.first)
  for _, field in ipairs{ "moving", "start" } do
    for name in each(type(given[field]) == "table" and given[field] or {}) do
      require "capmod.chain.graph".find(inner.list, name, found, "over", field)
    end
  end
  if given.locate and given.locate.modes then
    found:add(1001, { message = "over: modes are the chain's, not of locate", object = "over",
      field = "locate.modes", fix = "chain:with{ modes = ... }:over{ ... }" })
  end
  run.active = { wages = given.wages ~= nil, growth = given.growth ~= nil,
    events = given.events ~= nil, rules = #run.rules > 0, transfer = true,
    learning = next(insides.of(run.chain).world.learning) ~= nil,
    building = has_lag(inner.world) }
  return run
end

--- Years of events that are none of the course, as text.
local function beyond(events, last)
  local list = {}
  for year in each(events) do
    if year > last then list[#list + 1] = tostring(year) end
  end
  return #list > 0 and table.concat(list, ", ") or nil
end

--- Growth that may have been meant in per cent, as text.
local function fast(figures)
  local list = {}
  for _, one in ipairs(figures) do
    if one.rate and one.rate >= 1 then
      list[#list + 1] = ("%s by %s"):format(one.name, stage.figure_text(one.rate))
    end
  end
  return #list > 0 and table.concat(list, ", ") or nil
end

--- The chain year by year, placed anew each year: what moved, opened and closed, when and why.
--- `wages` grow, by place or place and skill; other figures by their names, or how these begin,
--- in `growth`; `events` set figures from a year on. Operators gain experience in the classes that
--- have `learning`; where others work beside or instead of a place's firms these close part of the
--- gap in productivity and tier, as the mode says (`learns`) or `transfer`, and from `mastery` of a
--- block on have the tier that it needs. `rules` are those of `locate.subject` that change, in
--- straight lines between the years named. `moving` is paid when a stage changes its place. What is
--- paid once counts in the choice with one part in `payback` (1: all of it in the year;
--- "remaining": in the years that are left; later ones less, by `discount`) and is not paid again.
--- Plants cost `standing` a year, take `lag` years to build, and unused stand idle, for the part
--- `idle` of standing, or close, for `closing`: figures of places, by class. Plans are myopic.
--- CM1004 years, CM2060 a rate, CM2065 an unknown figure, CM2066 an unknown mode.
---
---     local c = shoes:over{ years = { 2026, 2040 }, wages = { CHN = 0.05 } }
---     print(c)   print(c:path())   print(c:value():chart{ x = "year", y = "value",
---       series = "country" })
---@param t { years: integer[], wages: number|table|nil, growth: table?, events: table?,
---  learning: table?, forget: number?, transfer: number|table|nil, mastery: number?,
---  moving: number|table|nil, start: string|table|nil, payback: number|string|nil,
---  discount: number?, idle: number?, rules: table?, locate: table? }
---@return cm.Course
function years.methods:over(t)
  local inner, found = insides.of(self), errors.findings()
  local first, last = check(t, found)
  found:raise()
  local run = read_run(self, t, found)
  found:raise()
  local inside = insides.of(run.chain)
  local s, initial, rows = first_state(inside, first), first_state(inside, first), {}
  for year = first, last do rows[#rows + 1] = step(run, year, s, initial) end
  return course.new{ name = inner.name, unit = inner.unit, note = inner.note, rows = rows,
    first = first, last = last, payback = run.payback, discount = run.discount, rules = run.rules,
    beyond = beyond(t.events or {}, last), fast = fast(run.figures) }
end

return years
