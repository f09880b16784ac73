--- What the firms of a place learn beside operators from elsewhere that work there, year by year.
---
---     p(t+1) = p(t) + r max(0, p_teacher(t) - p(t))    productivity; the tier likewise
---     m(t+1) = m(t) + r (1 - m(t))                     of a block, the stages of one class there
---
--- r is what the mode of a stage says (`learns`), or `transfer`; of several teachers the best one
--- counts. From m >= `mastery` on a block is learned, and the firms have the tier that its stages
--- need, as far as their teacher has it. The form is stylised: a share of a gap each year.

local each = require "capmod.each"
local stage = require "capmod.chain.stage"

local capability = {}

---@class cm.Gained
---@field factor number  of productivity
---@field tiers number   gained
---@field blocks table<string, number>  m by class

--- The firms of a place as the chain states them: its operator, where that says the figure.
local function stated(world, code, field)
  local operator = world.operators[code]
  if operator and operator[field] then return operator end
  return world.places[code]
end

--- Gives places and operators what their firms have gained.
---@param places table
---@param operators table
---@param gained table<string, cm.Gained>
function capability.apply(places, operators, gained)
  for code, one in each(gained) do
    local world = { places = places, operators = operators }
    local firm = stated(world, code, "productivity")
    if firm then firm.productivity = (firm.productivity or 1) * one.factor end
    firm = stated(world, code, "tier")
    if firm and firm.tier then firm.tier = firm.tier + one.tiers end
  end
end

--- The part of a gap that the firms of a place close in a year beside the party of a stage.
local function rate_of(given, s, party, at)
  if not s.by then return 0 end
  if type(given) == "number" then return given end
  if not given then return s.terms and s.terms.learns or 0 end
  local mode = s.terms and s.terms.name or (party.share[at] and "joint" or "fdi")
  return given[mode] or 0
end

--- A figure of the firms of a place, and of those of another.
local function pair(world, at, code, field, default)
  local mine, other = stated(world, at, field), stated(world, code, field)
  if not mine then return nil end
  return mine[field] or default, other and other[field] or default
end

local function nothing() return { factor = 1, tiers = 0, blocks = {} } end

--- What the firms of a place learn of one operator of a stage there.
local function learn(run, world, s, at, code, rate, year)
  local m = (run.had[at] or nothing()).blocks[s.class] or 0
  m = m + rate * (1 - m)
  year.blocks[s.class] = math.max(year.blocks[s.class] or 0, m)
  local own, theirs = pair(world, at, code, "productivity", 1)
  if own then year.factor = math.max(year.factor, 1 + rate * math.max(0, theirs - own) / own) end
  own, theirs = pair(world, at, code, "tier")
  if not own or not theirs then return end
  local tier = own + rate * math.max(0, theirs - own)
  if s.tier and m >= run.mastery then tier = math.max(tier, math.min(s.tier, theirs)) end
  year.tiers = math.max(year.tiers, tier - own)
end

--- What has been gained after a year in which a chain was placed as it is settled.
---@param settled table  the inside of a chain
---@param had table<string, cm.Gained>
---@param transfer number|table|nil  instead of what the modes say
---@param mastery number
---@return table<string, cm.Gained>
function capability.gain(settled, had, transfer, mastery)
  local run, years, gained = { had = had, mastery = mastery }, {}, {}
  for _, s in ipairs(settled.list) do
    local party = stage.party(s, (s.by or s.at)[1])
    for _, at in ipairs(s.at) do
      local rate = rate_of(transfer, s, party, at)
      local share = s.at.share and s.at.share[at] or 1
      for _, code in ipairs(rate > 0 and share > 0 and party or {}) do
        if code ~= at then
          years[at] = years[at] or nothing()
          learn(run, settled.world, s, at, code, rate, years[at])
        end
      end
    end
  end
  for at, one in each(had) do
    gained[at] = { factor = one.factor, tiers = one.tiers, blocks = {} }
    for class, m in each(one.blocks) do gained[at].blocks[class] = m end
  end
  for at, year in each(years) do
    local one = gained[at] or nothing()
    gained[at] = one
    one.factor, one.tiers = one.factor * year.factor, one.tiers + year.tiers
    for class, m in each(year.blocks) do one.blocks[class] = m end
  end
  return gained
end

--- The productivity and tier of the firms of a place; nil where they are not stated.
---@param world table
---@param at string
---@return number? productivity, number? tier
function capability.of(world, at)
  local firm, other = stated(world, at, "productivity"), stated(world, at, "tier")
  return firm and (firm.productivity or 1), other and other.tier
end

return capability
