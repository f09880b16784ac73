--- How far long work is, in one line on a terminal. The line is wiped when the
--- work ends, and the cursor waits at its start, so that results write over it.

local program = ...

local PAUSE = 0.1 -- seconds between two lines about the same work

local shown, last = nil, 0 -- what the work is called, up to a colon; when it was last shown

local function wipe()
  if shown then io.stderr:write("\27[K") end
  shown = nil
end

--- For core.progress: what is done, how much of it, and how much there is (0: not known).
---@param what string
---@param done number
---@param total number
return function(what, done, total)
  if total > 0 and done >= total then return wipe() end
  local now, work = program.clock(), what:match "^[^:]*"
  if shown == work and now - last < PAUSE then return end
  shown, last = work, now
  local far = total > 1 and (" %d %%"):format(100 * done // total)
    or total == 0 and done >= 1 and (" %d"):format(done // 1) or " ..."
  io.stderr:write("\27[K", what, far, "\r")
  io.stderr:flush()
end
