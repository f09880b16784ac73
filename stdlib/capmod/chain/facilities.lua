--- What is paid once, or runs short, in a placed chain: entry into a country, the set-up of a class
--- of stages there and what it costs to keep, what a mode pays, costs that fall with volume, labour
--- and capacity.
---
--- A facility costs its investment over all that is made (`volume`), so that the cost of a plan is
--- that of one unit. Capacities count what is used for all that is made.

local each = require "capmod.each"
local cost = require "capmod.chain.cost"
local frame = require "capmod.frame"
local stage = require "capmod.chain.stage"

local facilities = {}

---@class cm.Facility
---@field label string        "entry", "set-up", "capacity", ...
---@field at string?          where
---@field class string?
---@field investment number   paid once
---@field standing number?    of a plant in use, less what it costs unused
---@field capacity number
---@field points table[]?     { volume =, cost = } of all that is made
---@field uses table[]        { option =, volume = }

local NO_HISTORY = { sunk = {}, from = {}, payback = 1, spared = {}, unready = {} }

--- `history` is of a chain that is placed year by year (see years.lua): what was paid before is not
--- paid again, and what is paid counts in the choice with one part in `payback`; what a plant that
--- stands would cost unused is `spared`, and none that is `unready` can be used.
local function keeper(t, history)
  local at = {}
  t.built = {}
  return function(key, make)
    if not at[key] then
      local facility = make()
      facility.uses, facility.investment = {}, facility.investment or 0
      if history.sunk[key] then facility.investment = 0 end
      facility.capacity, facility.key = facility.capacity or math.huge, key
      t.built[#t.built + 1] = facility
      at[key] = facility
    end
    return at[key]
  end
end

local function use(facility, o, volume)
  facility.uses[#facility.uses + 1] = { option = o, volume = volume }
end

--- Who pays to enter: partners from elsewhere, and whoever it is where no operator is named.
local function entrants(option, home)
  local list = {}
  if option.terms and option.terms.entry == false then return list end
  if not option.by then
    if option.at ~= home then list[1] = option.at end
    return list
  end
  for _, code in ipairs(option.party) do
    if code ~= option.at then list[#list + 1] = code end
  end
  return list
end

local function labour_of(option)
  local sum = 0
  for _, job in ipairs(option.figure.jobs or {}) do sum = sum + job[2] end
  return sum
end

--- The key of the plant of a class at a place.
---@param at string
---@param class string
---@return string
function facilities.plant(at, class) return ("plant %s %s"):format(at, class) end

--- What is paid for an option beside its own cost: entry, set-up, a plant, what its mode says.
local function add_paid(keep, s, o, option, history)
  local at, terms = option.at, option.terms or {}
  local place, world = s.world.places[at] or {}, s.world
  for _, code in ipairs(place.entry and entrants(option, world.home) or {}) do
    use(keep("entry " .. at .. " " .. code, function()
      return { label = "entry", at = at, investment = place.entry }
    end), o, 0)
  end
  local setup = terms.setup ~= false and place.setup and place.setup[s.class]
  if setup then
    use(keep("set-up " .. at .. " " .. s.class, function()
      return { label = "set-up", at = at, class = s.class, investment = setup }
    end), o, 0)
  end
  local standing = place.standing and place.standing[s.class] or 0
  standing = standing - (history.spared[facilities.plant(at, s.class)] or 0)
  if standing ~= 0 then
    use(keep(facilities.plant(at, s.class), function()
      return { label = "standing", at = at, class = s.class, standing = standing }
    end), o, 0)
  end
  for _, item in ipairs(terms.paid or {}) do
    use(keep(("paid %s %s %s %.17g"):format(item[1], at, item.to or "", item[2]), function()
      return { label = item[1], at = at, investment = item[2], to = item.to }
    end), o, 0)
  end
end

--- What it costs to move a stage away from where it was the year before.
local function add_move(keep, s, o, option, history)
  local from, moving = history.from[s.name], history.moving
  local amount = type(moving) == "table" and moving[s.name] or type(moving) == "number" and moving
  if not from or from == option.at or option.shares or not amount then return end
  use(keep(("move %s %s"):format(s.name, option.at), function()
    return { label = "move", at = option.at, class = s.name, investment = amount }
  end), o, 0)
end

--- What an option takes of what is limited, or falls in cost with volume.
local function add_volume(keep, s, o, option, dropped)
  local at, made = option.at, s.world.volume * s.per_unit
  local capacity, points = (s.world.places[at] or {}).capacity, s.world.scale[s.class]
  if dropped["capacity " .. at] then capacity = nil end
  local units = type(capacity) == "table" and capacity[s.class] or nil
  if points or units then
    use(keep("volume " .. at .. " " .. s.class, function()
      return { label = "scale", at = at, class = s.class, points = points, capacity = units }
    end), o, made)
  end
  if type(capacity) == "number" then
    use(keep("capacity " .. at, function()
      return { label = "capacity", at = at, capacity = capacity }
    end), o, s.world.volume * s.per_unit * labour_of(option))
  end
  if s.capacity and not dropped["capacity of " .. s.name] then
    use(keep("capacity of " .. s.name, function()
      return { label = "capacity", capacity = s.capacity }
    end), o, made)
  end
  if option.lacks then
    use(keep(("%s of %s"):format(option.lacks, s.name), function()
      return { label = option.lacks, capacity = 0 }
    end), o, 1)
  end
end

--- The rules that facilities make, as they may be left out.
---@param chain table
---@return { key: string, text: string }[]
function facilities.rules(chain)
  local rules, open = {}, {}
  local history = chain.world.history or NO_HISTORY
  for _, s in ipairs(chain.list) do
    if next(history.unready) then
      rules[#rules + 1] = { key = "plant of " .. s.name,
        text = ("'%s' is made where a plant stands"):format(s.name) }
    end
    for _, at in ipairs(s.at) do open[at] = true end
    if s.capacity then
      rules[#rules + 1] = { key = "capacity of " .. s.name,
        text = ("'%s' can be made %s times at most"):format(s.name, stage.figure_text(s.capacity)) }
    end
    local tier = s.tier
    for _, v in ipairs(s.variants or {}) do tier = math.max(tier or v.tier or 0, v.tier or 0) end
    if tier and not chain.world.tier_step then
      rules[#rules + 1] = { key = "tier of " .. s.name,
        text = ("'%s' needs tier %s"):format(s.name, stage.figure_text(tier)) }
    end
  end
  for code, place in each(chain.world.places) do
    if place.capacity and open[code] then
      rules[#rules + 1] = { key = "capacity " .. code, text = "capacity of " .. code }
    end
  end
  return rules
end

--- What a way to do a stage, or one of its recipes, falls short of: "tier", where there is no
--- price for it, "plant", where none stands yet, or nil. Rules in `dropped` do not count.
---@param s table
---@param way table
---@param dropped table<string, boolean>
---@return string?
function facilities.lack(s, way, dropped)
  if s.tier and not s.world.tier_step and cost.short(s, way.party) > 0
    and not dropped["tier of " .. s.name] then
    return "tier"
  end
  local history = s.world.history or NO_HISTORY
  local begins = history.begins and not history.from[s.name]
  if history.unready[facilities.plant(way.at, s.class)] and not begins
    and not (way.terms and way.terms.setup == false) and not dropped["plant of " .. s.name] then
    return "plant"
  end
  return nil
end

--- Adds facilities and needs to a problem whose options are listed.
---@param t table
---@param chain table
---@param dropped table<string, boolean>
function facilities.add(t, chain, dropped)
  local history, volume = chain.world.history or NO_HISTORY, chain.world.volume
  local keep = keeper(t, history)
  for o, option in ipairs(t.list) do
    local s = option.variant or chain.list[t.stage[o]]
    if s and option.figure then
      add_paid(keep, s, o, option, history)
      add_move(keep, s, o, option, history)
      add_volume(keep, s, o, option, dropped)
      if option.config and chain.modes.per == "chain" then
        use(keep("mode " .. option.config, function()
          return { label = "mode", config = option.config }
        end), o, 0)
      end
    end
  end
  local y = { fixed = {}, capacity = {}, points = {}, volume = {}, cost = {} }
  t.needs = { option = {}, facility = {}, volume = {} }
  for f, facility in ipairs(t.built) do
    facility.charged = facility.investment / history.payback + (facility.standing or 0)
    y.fixed[f], y.capacity[f] = facility.charged / volume, facility.capacity
    y.points[f] = facility.points and #facility.points or 0
    for _, point in ipairs(facility.points or {}) do
      y.volume[#y.volume + 1], y.cost[#y.cost + 1] = point.volume, point.cost / volume
    end
    for _, one in ipairs(facility.uses) do
      local k = #t.needs.option + 1
      t.needs.option[k], t.needs.facility[k], t.needs.volume[k] = one.option, f, one.volume
    end
  end
  t.facilities = y
end

--- What a volume costs on the lines between points, the last line on.
local function on_lines(points, volume)
  local v0, c0, v1, c1 = 0, 0, 0, 0
  for _, point in ipairs(points) do
    v0, c0, v1, c1 = v1, c1, point.volume, point.cost
    if volume <= v1 then break end
  end
  return c0 + (c1 - c0) * (volume - v0) / (v1 - v0)
end

--- The parties whose options use a facility in a choice, with their share in it.
local function payers(t, facility, choice)
  local share, n = {}, 0
  for _, one in ipairs(facility.uses) do
    if choice[t.stage[one.option]] == one.option then
      local party = t.list[one.option].owners or t.list[one.option].party
      n = n + 1
      for _, code in ipairs(party) do share[code] = (share[code] or 0) + party.share[code] end
    end
  end
  for code in each(share) do share[code] = share[code] / n end
  return share
end

--- What a choice opens: { label, at, class, investment, charged (what counts in the cost),
--- scale (what volume costs), standing (whether it is a plant that is kept), key, payers }.
---@param t table
---@param choice integer[]
---@param volumes number[]  as the core evaluates them; negative where not open
---@return table[]
function facilities.opened(t, choice, volumes)
  local list = {}
  for f, facility in ipairs(t.built) do
    local scale = volumes[f] >= 0 and facility.points and on_lines(facility.points, volumes[f]) or 0
    local standing = facility.standing or 0
    if volumes[f] >= 0 and facility.investment + scale + standing > 0 then
      list[#list + 1] = { label = facility.label, at = facility.at, class = facility.class,
        investment = facility.investment, charged = facility.charged, key = facility.key,
        scale = scale, to = facility.to, standing = standing > 0 or nil,
        payers = payers(t, facility, choice) }
    end
  end
  return list
end

--- What is paid once in a plan, where it is spent and by whom, by equity.
---@param opened table[]  see facilities.opened
---@param name string
---@param unit string?
---@return cm.Frame  columns: what, at, payer, amount
function facilities.frame(opened, name, unit)
  local rows, total = {}, 0
  for _, one in ipairs(opened) do
    for payer, share in each(one.investment > 0 and one.payers or {}) do
      rows[#rows + 1] = { what = one.class and ("%s: %s"):format(one.label, one.class) or one.label,
        at = one.to or one.at, payer = payer, amount = share * one.investment }
      total = total + share * one.investment
    end
  end
  local whole = unit and unit:gsub("%s*per .*$", "") -- for all that is made
  return frame{ title = ("what '%s' pays once"):format(name), rows = rows, bar = false,
    unit = whole ~= "" and whole or nil,
    keys = { "what", "at", "payer" }, check = ("sum %.2f"):format(total),
    cols = { "what", { name = "at", kind = "country" }, { name = "payer", kind = "country" },
      { name = "amount", digits = 2 } } }
end

return facilities
