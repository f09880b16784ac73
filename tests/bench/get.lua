--- An element read from Lua against the cheapest call into C that Lua has.
---
---     capmod tests/bench/get.lua     prints  name, ours, yardstick, ratio, limit, ok|MISSED
---
--- Nanoseconds a call of process time, the best of alternating runs, less an empty loop. The
--- yardstick takes no argument and returns a boolean; it is as near to an empty C function as the
--- standard library comes.

local cm = require "capmod"

local CALLS, ROUNDS, LIMIT = 2000000, 9, 6

local function nothing()
  for _ = 1, CALLS do end -- luacheck: ignore
end

local function empty_call()
  local call = coroutine.isyieldable
  for _ = 1, CALLS do call() end
end

local function method_call()
  local m = cm.matrix{ rows = 100, cols = 100, fill = 1 }
  for _ = 1, CALLS do m:get(7, 9) end
end

local best = { math.huge, math.huge, math.huge }
for _ = 1, ROUNDS do
  for i, work in ipairs{ nothing, empty_call, method_call } do
    local begin = os.clock()
    work()
    best[i] = math.min(best[i], (os.clock() - begin) / CALLS * 1e9)
  end
end

local yardstick, ours = best[2] - best[1], best[3] - best[1]
local ok = ours <= LIMIT * yardstick
print(("m:get\t%.1f\t%.1f\t%.2f\t%d\t%s"):format(ours, yardstick, ours / yardstick, LIMIT,
  ok and "ok" or "MISSED"))
if not ok then os.exit(1) end
