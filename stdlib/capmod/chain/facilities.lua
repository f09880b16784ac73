--- What is paid once, or runs short, in a placed chain: entry into a country, the set-up of a class
--- of stages there, costs that fall with volume, labour and capacity.
---
--- A facility costs its investment over all that is made (`volume`), so that the cost of a plan is
--- that of one unit. Capacities count what is used for all that is made.

local each = require "capmod.each"
local cost = require "capmod.chain.cost"
local stage = require "capmod.chain.stage"

local facilities = {}

---@class cm.Facility
---@field label string        "entry", "set-up", "capacity", ...
---@field at string?          where
---@field class string?
---@field investment number   paid once
---@field capacity number
---@field points table[]?     { volume =, cost = } of all that is made
---@field uses table[]        { option =, volume = }

local function keeper(t)
  local at = {}
  t.built = {}
  return function(key, make)
    if not at[key] then
      local facility = make()
      facility.uses, facility.investment = {}, facility.investment or 0
      facility.capacity = facility.capacity or math.huge
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

local function add_option(keep, s, o, option, dropped)
  local world, at = s.world, option.at
  local place, made = world.places[at] or {}, world.volume * s.per_unit
  if place.entry then
    for _, code in ipairs(entrants(option, world.home)) do
      use(keep("entry " .. at .. " " .. code, function()
        return { label = "entry", at = at, investment = place.entry }
      end), o, 0)
    end
  end
  local units = type(place.capacity) == "table" and place.capacity[s.class]
  local fixed, points = (place.setup or {})[s.class], world.scale[s.class]
  if fixed or points or units then
    use(keep("set-up " .. at .. " " .. s.class, function()
      return { label = "set-up", at = at, class = s.class, investment = fixed, points = points,
        capacity = units and not dropped["capacity " .. at] and units or nil }
    end), o, made)
  end
  if type(place.capacity) == "number" and not dropped["capacity " .. at] then
    use(keep("capacity " .. at, function()
      return { label = "capacity", at = at, capacity = place.capacity }
    end), o, world.volume * s.per_unit * labour_of(option))
  end
  if s.capacity and not dropped["capacity of " .. s.name] then
    use(keep("capacity of " .. s.name, function()
      return { label = "capacity", capacity = s.capacity }
    end), o, made)
  end
  if option.short then
    use(keep("tier of " .. s.name, function() return { label = "tier", capacity = 0 } end), o, 1)
  end
end

--- The rules that facilities make, as they may be left out.
---@param chain table
---@return { key: string, text: string }[]
function facilities.rules(chain)
  local rules, open = {}, {}
  for _, s in ipairs(chain.list) do
    for _, at in ipairs(s.at) do open[at] = true end
    if s.capacity then
      rules[#rules + 1] = { key = "capacity of " .. s.name,
        text = ("'%s' can be made %s times at most"):format(s.name, stage.figure_text(s.capacity)) }
    end
    if s.tier and not chain.world.tier_step then
      rules[#rules + 1] = { key = "tier of " .. s.name,
        text = ("'%s' needs tier %s"):format(s.name, stage.figure_text(s.tier)) }
    end
  end
  for code, place in each(chain.world.places) do
    if place.capacity and open[code] then
      rules[#rules + 1] = { key = "capacity " .. code, text = "capacity of " .. code }
    end
  end
  return rules
end

--- Whether a party is short of the tier of a stage, and there is no price for it.
function facilities.is_short(s, party)
  return s.tier and not s.world.tier_step and cost.short(s, party) > 0
end

--- Adds facilities and needs to a problem whose options are listed.
---@param t table
---@param chain table
---@param dropped table<string, boolean>
function facilities.add(t, chain, dropped)
  local keep, volume = keeper(t), chain.world.volume
  for o, option in ipairs(t.list) do
    local s = chain.list[t.stage[o]]
    if s then add_option(keep, s, o, option, dropped) end
  end
  local y = { fixed = {}, capacity = {}, points = {}, volume = {}, cost = {} }
  t.needs = { option = {}, facility = {}, volume = {} }
  for f, facility in ipairs(t.built) do
    y.fixed[f], y.capacity[f] = facility.investment / volume, facility.capacity
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
      local party = t.list[one.option].party
      n = n + 1
      for _, code in ipairs(party) do share[code] = (share[code] or 0) + party.share[code] end
    end
  end
  for code in each(share) do share[code] = share[code] / n end
  return share
end

--- What a choice opens: { label, at, class, investment, scale (what volume costs), payers }.
---@param t table
---@param choice integer[]
---@param volumes number[]  as the core evaluates them; negative where not open
---@return table[]
function facilities.opened(t, choice, volumes)
  local list = {}
  for f, facility in ipairs(t.built) do
    local scale = volumes[f] >= 0 and facility.points and on_lines(facility.points, volumes[f]) or 0
    if volumes[f] >= 0 and facility.investment + scale > 0 then
      list[#list + 1] = { label = facility.label, at = facility.at, class = facility.class,
        investment = facility.investment, scale = scale, to = facility.to,
        payers = payers(t, facility, choice) }
    end
  end
  return list
end

return facilities
