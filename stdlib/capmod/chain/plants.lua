--- Plants over the years: one for a class of stages at a place, where the place states `setup`,
--- `standing`, `closing` or `lag` for the class.
---
---     opens    paid: setup, in the year in which it is decided; it makes from `lag` years on
---     used     standing a year; the choice counts it less what the plant costs unused
---     unused   the cheaper of idle (a part of standing, each year) and closed (closing / payback);
---              idle where they are equal, or where a plant that is being built is to go with it
---
--- In years in which what has a lag is barred, the chain is also placed as if it were not: what
--- that plan uses and does not stand is begun.

local each = require "capmod.each"
local facilities = require "capmod.chain.facilities"

local plants = {}

--- A class of stages at a place as one sees it built and closed.
---@class cm.Plant
---@field at string
---@field class string
---@field ready integer   the first year in which it can make
---@field begun integer?  where it took time to build
---@field idle integer?   since when

local FIELDS = { "setup", "standing", "closing", "lag" }

local function figure(world, field, at, class)
  local given = (world.places[at] or {})[field]
  return given and given[class]
end

local function is_stated(world, at, class)
  for _, field in ipairs(FIELDS) do
    if figure(world, field, at, class) then return true end
  end
  return false
end

local function setup_key(plant) return ("set-up %s %s"):format(plant.at, plant.class) end

--- What a plant costs in the choice of a year in which it is not used, and whether it then closes.
local function unused(run, world, plant)
  local idle = run.idle * (figure(world, "standing", plant.at, plant.class) or 0)
  local closing = (figure(world, "closing", plant.at, plant.class) or 0) / run.history.payback
  if closing < idle then return closing, true, idle end
  return idle, false, idle
end

--- The plants of the stages whose places are given, before the first year.
---@param run table
---@param world table
---@param list table[]  stages
---@param first integer
function plants.start(run, world, list, first)
  for _, s in ipairs(list) do
    local at = run.history.from[s.name]
    for _, one in ipairs(at and not s.at.share and (s.variants or { s }) or {}) do
      if is_stated(world, at, one.class) then
        local plant = { at = at, class = one.class, ready = first }
        run.plants[facilities.plant(at, one.class)] = plant
        run.history.sunk[setup_key(plant)] = true
      end
    end
  end
end

--- The history of a chain in a year: what stands as of `year`, and what each plant costs unused.
--- Nothing is unready in the plan that is `wanted`, and no plant closes that is `kept`.
---@param run table
---@param world table
---@param year integer
---@param wanted? boolean
---@return table  see facilities.lua
function plants.history(run, world, year, wanted)
  local h = { spared = {}, unready = {}, last = run.last, begins = not run.begun }
  for field, value in pairs(run.history) do h[field] = value end -- any order
  for key, plant in each(run.plants) do
    if plant.ready <= year then
      local cost, _, idle = unused(run, world, plant)
      h.spared[key] = run.kept[key] and idle or cost
    end
  end
  for at, place in each(wanted and {} or world.places) do
    for class, lag in each(place.lag or {}) do
      local key = facilities.plant(at, class)
      local plant = run.plants[key]
      if lag > 0 and not (plant and plant.ready <= year) then h.unready[key] = lag end
    end
  end
  return h
end

--- The plants that a settled chain uses, in the order of its stages: { key, at, class, stages }.
local function used_by(settled)
  local list, by_key = {}, {}
  local function add(s, at)
    local key = facilities.plant(at, s.class)
    if not by_key[key] then
      by_key[key] = { key = key, at = at, class = s.class, stages = {} }
      list[#list + 1] = by_key[key]
    end
    table.insert(by_key[key].stages, s.name)
  end
  for _, s in ipairs(settled.list) do
    for _, at in ipairs(s.at) do
      local share = s.at.share and s.at.share[at] or 1
      if share > 0 and is_stated(settled.world, at, s.class) then add(s, at) end
    end
  end
  return list
end

local function paid_for(opened, plant)
  for _, one in ipairs(opened) do
    if one.key == setup_key(plant) then return one.investment end
  end
  return 0
end

local function tell(row, plant, what, paid, because)
  row.plants[#row.plants + 1] = { year = row.year, plant = plant.class, at = plant.at, what = what,
    paid = paid, because = because }
end

--- Begins what a wanted plan uses and is not there yet. `because` says why stages are wanted there.
---@param run table
---@param row table      of the year
---@param settled table  the wanted chain
---@param opened table[]
---@param unready table<string, number>
---@param because fun(stages: string[]): string
---@return number paid
function plants.begin(run, row, settled, opened, unready, because)
  local paid, kept, new = 0, {}, {}
  for _, used in ipairs(used_by(settled)) do
    kept[used.key] = true
    if unready[used.key] and not run.plants[used.key] then
      local plant = { at = used.at, class = used.class, begun = row.year,
        ready = row.year + math.tointeger(unready[used.key]) }
      local amount = paid_for(opened, plant)
      paid, new[used.key] = paid + amount, plant
      tell(row, plant, "begun", amount, because(used.stages))
    end
  end
  for key, plant in each(new) do
    run.plants[key], run.history.sunk[setup_key(plant)] = plant, true
  end
  run.kept = kept
  return paid
end

--- A plant that is used: it opens, or is taken up again.
local function use(run, row, used, opened, because)
  local plant = run.plants[used.key]
  if not plant then
    plant = { at = used.at, class = used.class, ready = row.year }
    run.plants[used.key] = plant
    tell(row, plant, "opened", paid_for(opened, plant), because)
  elseif plant.begun then
    tell(row, plant, "opened", nil, ("begun in %d"):format(plant.begun))
  elseif plant.idle then
    tell(row, plant, "used again", nil, because)
  end
  plant.begun, plant.idle, plant.ready = nil, nil, math.min(plant.ready, row.year)
end

--- A plant that is not used: idle, or closed. What closing costs.
local function leave(run, row, key, plant, world, because)
  local _, closes, idle = unused(run, world, plant)
  because = because ~= "" and because or plant.begun and "never used"
    or plant.idle and ("idle since %d"):format(plant.idle) or nil
  if closes and not run.kept[key] then
    local paid = figure(world, "closing", plant.at, plant.class) or 0
    tell(row, plant, "closed", paid, because)
    run.plants[key], run.history.sunk[setup_key(plant)] = nil, nil
    return paid
  end
  if not plant.idle then
    tell(row, plant, "idle", nil, because)
    plant.idle, plant.begun = row.year, nil
  end
  row.standing[#row.standing + 1] = { at = plant.at, class = plant.class, cost = idle, idle = true }
  return 0
end

--- What opens, stays idle and closes in a year, and what each plant costs to keep.
---@param run table
---@param row table
---@param settled table   the chain as placed
---@param world table     of the year
---@param opened table[]
---@param moved fun(way: "from"|"to", at: string, class: string): string  why stages came or went
---@return number paid    for closing
function plants.follow(run, row, settled, world, opened, moved)
  local is_used, paid = {}, 0
  for _, used in ipairs(used_by(settled)) do
    is_used[used.key] = true
    local because = moved("to", used.at, used.class)
    use(run, row, used, opened, because ~= "" and because or run.begun and "new" or "start")
    local cost = figure(world, "standing", used.at, used.class) or 0
    row.standing[#row.standing + 1] = { at = used.at, class = used.class, cost = cost }
  end
  for key, plant in each(run.plants) do
    if not is_used[key] and plant.ready <= row.year then
      paid = paid + leave(run, row, key, plant, world, moved("from", plant.at, plant.class))
    end
  end
  run.kept = {}
  return paid
end

return plants
