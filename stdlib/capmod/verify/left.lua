--- What is left to choose at a node of a tree: options, and facilities that are settled; and what
--- follows from what was struck out.

local problem = require "capmod.verify.problem"
local rows = require "capmod.verify.rows"

local left = {}

---@class cm.verify.Left
---@field allowed boolean[]      of each option
---@field open table<integer, boolean>  facilities that are open (true) or closed (false)

--- All of a problem.
---@param q cm.verify.Problem
---@return cm.verify.Left
function left.all(q)
  local v = { allowed = {}, open = {} }
  for o in ipairs(q.options) do v.allowed[o] = true end
  return v
end

---@param v cm.verify.Left
---@return cm.verify.Left
function left.copy(v)
  local open = {}
  for f, is in next, v.open do open[f] = is end
  return { allowed = table.move(v.allowed, 1, #v.allowed, 1, {}), open = open }
end

--- Opens or closes a facility; false where it is settled otherwise.
local function settle(v, f, open)
  if v.open[f] == open then return true end
  if v.open[f] ~= nil then return false end
  v.open[f], v.changed = open, true
  return true
end

local function follow_parents(q, v)
  for f, one in ipairs(q.facilities) do
    if one.parent and v.open[one.parent] == false and not settle(v, f, false) then return false end
  end
  for f = #q.facilities, 1, -1 do
    local parent = q.facilities[f].parent
    if parent and v.open[f] and not settle(v, parent, true) then return false end
  end
  return true
end

--- Options that need what is closed go; what all that are left of a stage need is open.
local function follow_stage(q, v, s)
  local count, needed, last = 0, {}, nil
  for o = s.first, s.last do
    local needs = q.options[o].needs
    for k = 1, v.allowed[o] and #needs or 0, 2 do
      if v.open[needs[k]] == false then v.allowed[o], v.changed = false, true end
    end
    if v.allowed[o] then
      count, last = count + 1, needs
      for k = 1, #needs, 2 do needed[needs[k]] = (needed[needs[k]] or 0) + 1 end
    end
  end
  for k = 1, last and #last or 0, 2 do
    if needed[last[k]] == count and not settle(v, last[k], true) then return false end
  end
  return count > 0
end

--- Joined stages are at one place.
local function follow_join(q, v, join)
  local places = { {}, {} }
  for side = 1, 2 do
    local s = q.stages[join[side]]
    for o = s.first, s.last do
      if v.allowed[o] then places[side][q.options[o].place] = true end
    end
  end
  for side = 1, 2 do
    local s = q.stages[join[side]]
    for o = s.first, s.last do
      if v.allowed[o] and not places[3 - side][q.options[o].place] then
        v.allowed[o], v.changed = false, true
      end
    end
  end
end

--- Tied stages are where an option of the other goes with theirs.
local function follow_tie(q, v, tie)
  local function strike(a, b, goes)
    for o = q.stages[a].first, q.stages[a].last do
      local any = not v.allowed[o]
      for k = q.stages[b].first, any and 0 or q.stages[b].last do
        any = any or v.allowed[k] and goes(o, k)
      end
      if not any then v.allowed[o], v.changed = false, true end
    end
  end
  strike(tie[1], tie[2], function(o, k) return not problem.is_barred(q, tie, o, k) end)
  strike(tie[2], tie[1], function(o, k) return not problem.is_barred(q, tie, k, o) end)
end

--- Draws all conclusions; false where nothing is left.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@return boolean
function left.conclude(q, v)
  repeat
    v.changed = false
    if not follow_parents(q, v) then return false end
    for _, s in ipairs(q.stages) do
      if not follow_stage(q, v, s) then return false end
    end
    for _, join in ipairs(q.joins) do follow_join(q, v, join) end
    for _, tie in ipairs(q.ties) do follow_tie(q, v, tie) end
    if not rows.follow(q, v) then return false end
  until not v.changed
  return true
end

--- The one choice that is left, or nil.
---@return integer[]?
function left.only(q, v)
  local choice = {}
  for i, s in ipairs(q.stages) do
    for o = s.first, s.last do
      if v.allowed[o] then
        if choice[i] then return nil end
        choice[i] = o
      end
    end
  end
  return choice
end

return left
