--- What is left to choose at a node of a tree: options, and facilities that are settled; and what
--- follows from what was struck out.

local problem = require "capmod.verify.problem"
local rows = require "capmod.verify.rows"

local left = {}

---@class cm.verify.Left
---@field allowed boolean[]      of each option
---@field live integer[][]       of each stage its options that are allowed, as when last followed:
---                              lists that are never changed, so that what follows from one is kept
---@field stale table<integer, boolean>  stages whose list may have others
---@field closings integer       how many facilities were closed, at which each stage was followed
---@field followed integer[]
---@field open table<integer, boolean>  facilities that are open (true) or closed (false)

--- All of a problem.
---@param q cm.verify.Problem
---@return cm.verify.Left
function left.all(q)
  local v = { allowed = {}, live = {}, stale = {}, closings = 0, followed = {}, open = {} }
  for o in ipairs(q.options) do v.allowed[o] = true end
  for i, s in ipairs(q.stages) do
    v.live[i] = {}
    v.stale[i], v.followed[i] = true, 0
    for o = s.first, s.last do table.insert(v.live[i], o) end
  end
  return v
end

---@param v cm.verify.Left
---@return cm.verify.Left
function left.copy(v)
  local open = {}
  for f, is in next, v.open do open[f] = is end
  return { allowed = table.move(v.allowed, 1, #v.allowed, 1, {}), open = open,
    live = table.move(v.live, 1, #v.live, 1, {}), stale = table.move(v.stale, 1, #v.live, 1, {}),
    closings = v.closings, followed = table.move(v.followed, 1, #v.live, 1, {}) }
end

--- An option that goes.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@param o integer
function left.strike(q, v, o)
  v.allowed[o], v.changed, v.stale[q.options[o].stage] = false, true, true
end

--- Sets whether a facility is open.
---@param v cm.verify.Left
---@param f integer
---@param open boolean
function left.set(v, f, open)
  v.open[f], v.changed = open, true
  if not open then v.closings = v.closings + 1 end
end

--- Opens or closes a facility; false where it is settled otherwise.
local function settle(v, f, open)
  if v.open[f] == open then return true end
  if v.open[f] ~= nil then return false end
  left.set(v, f, open)
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

--- Which of the needs `common` (facility, volume, ...) are among `needs` too.
local function shared(common, needs)
  local both = {}
  for k = 1, #common, 2 do
    for j = 1, #needs, 2 do
      if needs[j] == common[k] then
        both[#both + 1], both[#both + 2] = common[k], common[k + 1]
        break
      end
    end
  end
  return both
end

--- What all of a list of options need, found once for a list.
local function common_of(q, list)
  q.common = q.common or setmetatable({}, { __mode = "k" })
  local common = q.common[list]
  if not common then
    common = list[1] and q.options[list[1]].needs or {}
    for k = 2, #list do
      if #common == 0 then break end
      common = shared(common, q.options[list[k]].needs)
    end
    q.common[list] = common
  end
  return common
end

--- Options that need what is closed go.
local function follow_closed(q, v, s)
  local list, allowed, open, before, options = {}, v.allowed, v.open, v.live[s], q.options
  for i = 1, #before do
    local o = before[i]
    if allowed[o] then
      local needs, closed = options[o].needs, false
      for k = 1, #needs, 2 do closed = closed or open[needs[k]] == false end
      if closed then
        allowed[o], v.changed = false, true
      else
        list[#list + 1] = o
      end
    end
  end
  if #list < #before then v.live[s] = list end
  v.stale[s], v.followed[s] = false, v.closings
end

--- What all options that are left of a stage need is open.
local function follow_stage(q, v, s)
  if v.stale[s] or v.followed[s] < v.closings then follow_closed(q, v, s) end
  local common = common_of(q, v.live[s])
  for k = 1, #common, 2 do
    if not settle(v, common[k], true) then return false end
  end
  return #v.live[s] > 0
end

--- Joined stages are at one place.
local function follow_join(q, v, join)
  local places = { {}, {} }
  for side = 1, 2 do
    for _, o in ipairs(v.live[join[side]]) do
      if v.allowed[o] then places[side][q.options[o].place] = true end
    end
  end
  for side = 1, 2 do
    for _, o in ipairs(v.live[join[side]]) do
      if v.allowed[o] and not places[3 - side][q.options[o].place] then left.strike(q, v, o) end
    end
  end
end

--- Tied stages are where an option of the other goes with theirs.
local function follow_tie(q, v, tie)
  local function strike(a, b, goes)
    for _, o in ipairs(v.live[a]) do
      local any = not v.allowed[o]
      for _, k in ipairs(any and {} or v.live[b]) do
        any = any or v.allowed[k] and goes(o, k)
      end
      if not any then left.strike(q, v, o) end
    end
  end
  strike(tie[1], tie[2], function(o, k) return not problem.is_barred(q, tie, o, k) end)
  strike(tie[2], tie[1], function(o, k) return not problem.is_barred(q, tie, k, o) end)
end

--- Draws the conclusions from ties alone.
---@param q cm.verify.Problem
---@param v cm.verify.Left
function left.tie(q, v)
  repeat
    v.changed = false
    for _, tie in ipairs(q.ties) do follow_tie(q, v, tie) end
  until not v.changed
end

--- Draws the conclusions that need no sums; false where nothing is left.
local function follow(q, v)
  repeat
    v.changed = false
    if not follow_parents(q, v) then return false end
    for s in ipairs(q.stages) do
      if not follow_stage(q, v, s) then return false end
    end
    for _, join in ipairs(q.joins) do follow_join(q, v, join) end
    for _, tie in ipairs(q.ties) do follow_tie(q, v, tie) end
  until not v.changed
  return true
end

--- Draws all conclusions; false where nothing is left.
---@param q cm.verify.Problem
---@param v cm.verify.Left
---@return boolean
function left.conclude(q, v)
  repeat
    if not (follow(q, v) and rows.follow(q, v)) then return false end
  until not v.changed
  return true
end

--- The one choice that is left, or nil.
---@return integer[]?
function left.only(q, v)
  local choice = {}
  for i in ipairs(q.stages) do
    for _, o in ipairs(v.live[i]) do
      if v.allowed[o] then
        if choice[i] then return nil end
        choice[i] = o
      end
    end
  end
  return choice
end

return left
