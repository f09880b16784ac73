--- The worths of all coalitions over a chain: smaller ones first, several at a time.

local coalition = require "capmod.cooperation.coalition"
local core = require "capmod.core"
local errors = require "capmod.errors"
local jobs = require "capmod.jobs"

local listing = {}

---@class cm.Placed
---@field low number
---@field high number
---@field cost number?      of the plan, where larger coalitions may start from it
---@field choice integer[]?
---@field stopped boolean?  by Ctrl-C

-- ---- what a child sends -------------------------------------------------------------------------

local function packed(placed)
  local choice = placed.choice or {}
  return ("<dddB"):pack(placed.low, placed.high, placed.cost or 0, placed.stopped and 1 or 0)
    .. ("<I4"):rep(#choice):pack(table.unpack(choice))
end

local function unpacked(text)
  local low, high, cost, stopped, at = ("<dddB"):unpack(text)
  local placed, choice = { low = low, high = high, cost = cost, stopped = stopped == 1 }, {}
  while at <= #text do choice[#choice + 1], at = ("<I4"):unpack(text, at) end
  placed.choice = #choice > 0 and choice or nil
  return placed
end

-- ---- intervals ----------------------------------------------------------------------------------

--- Tightens intervals by what smaller and larger coalitions are worth.
local function tighten(w, n)
  local all = coalition.all(n)
  for s = 1, all do
    for i = 1, n do
      if coalition.has(s, i) then w.low[s] = math.max(w.low[s], w.low[s ~ (1 << (i - 1))] or 0) end
    end
  end
  for s = all, 1, -1 do
    for i = 1, n do
      local without = s ~ (1 << (i - 1))
      if coalition.has(s, i) and without ~= 0 then
        w.high[without] = math.min(w.high[without], w.high[s])
      end
    end
  end
end

--- After Ctrl-C: who was not placed is worth something between nobody and all.
local function fill(w, n, done)
  local all = coalition.all(n)
  for s = 1, all do
    w.low[s], w.high[s] = w.low[s] or 0, w.high[s] or w.high[all]
  end
  w.stopped = ("stopped: %d of %d coalitions were placed, the others lie between smaller and "
    .. "larger ones"):format(done, all)
end

-- ---- asking -------------------------------------------------------------------------------------

--- The best plan of a coalition with one member less.
local function start_of(plans, s, n)
  local start
  for i = 1, n do
    local plan = coalition.has(s, i) and plans[s ~ (1 << (i - 1))]
    if plan and (not start or plan.cost < start.cost) then start = plan end
  end
  return start and start.choice
end

local function by_sizes(n)
  local sizes = {}
  for size = 1, n do sizes[size] = {} end
  for s = 1, coalition.all(n) do
    local size, rest = 0, s
    while rest ~= 0 do size, rest = size + 1, rest & (rest - 1) end
    table.insert(sizes[size], s)
  end
  return sizes
end

--- All worths; larger coalitions start from the best plan of a smaller one, so that coalitions of
--- one size do not hang on each other. Where Ctrl-C ends it, worths that are not known are
--- intervals. CM2216, CM6003 where they would have no ends.
---@param n integer
---@param count integer                       processes
---@param place fun(s: integer, start: integer[]?): cm.Placed
---@param whole cm.Placed                     what all can do
---@param monotone boolean                    larger coalitions are never worth less
---@return cm.Worths
function listing.all(n, count, place, whole, monotone)
  local w, plans, done, all = { low = {}, high = {} }, {}, 1, coalition.all(n)
  local exact = whole.low == whole.high
  w.low[all], w.high[all] = whole.low, whole.high
  local function take(s, placed)
    w.low[s], w.high[s] = placed.low, placed.high
    exact, done = exact and placed.low == placed.high, done + 1
    if placed.choice then plans[s] = placed end
    if placed.stopped then errors.raise(6003, { message = "interrupted" }) end
    core.step("coalitions", done, all)
  end
  local function place_all()
    if whole.stopped then errors.raise(6003, { message = "interrupted" }) end
    for size, list in ipairs(by_sizes(n)) do
      jobs.map(size < n and list or {}, count, function(s)
        return packed(place(s, start_of(plans, s, n)))
      end, function(k, text) take(list[k], unpacked(text)) end)
    end
  end
  local ok, err = pcall(place_all)
  local interrupted = not ok and errors.is(err, 6003)
  if not ok and not (interrupted and monotone) then error(err, 0) end
  if interrupted then fill(w, n, done) end
  if monotone and (interrupted or not exact) then tighten(w, n) end
  return w
end

return listing
