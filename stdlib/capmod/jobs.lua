--- Work on a list by several processes. Each begins where the script is, so what it gives hangs
--- neither on the others nor on how many there are.

local core = require "capmod.core"

local jobs = {
  --- Makes a pool of child processes; the program sets it. Without one all is done here.
  pool = nil, ---@type (fun(): table)?
}

local PARTS = 4 -- of the list for each process, so that none waits long for the last

local function here(list, first, last, f, take)
  for k = first, last do take(k, f(list[k])) end
end

--- In the child: what f gives for a part of the list.
local function sent(list, first, last, f)
  core.progress(nil)
  local texts = {}
  for k = first, last do texts[#texts + 1] = ("<s8"):pack(f(list[k])) end
  return table.concat(texts)
end

local function read(text, first, last, take)
  local at = 1
  for k = first, last do
    local one
    one, at = ("<s8"):unpack(text, at)
    take(k, one)
  end
end

--- Hands out the parts that are not done, from one on, until one is lost: f raised in it, or its
--- process died.
local function hand_out(parts, at, n, start, take)
  local pool <close> = jobs.pool()
  local lost = false
  while pool:running() > 0 or at <= #parts and not lost do
    while at <= #parts and not lost and pool:running() < n do
      local part = parts[at]
      if not part.done then pool:start(at, function() return start(part) end) end
      at = at + 1
    end
    local id, text = pool:next()
    if id and text then
      read(text, parts[id].first, parts[id].last, take)
      parts[id].done = true
    elseif id then
      lost = true
    end
  end
end

--- Calls take(k, f(list[k])) for each k, in any order, with f in up to n processes. f gives a
--- text. What f raises is raised here, as if it had been called here from the first on.
---@param list any[]
---@param n integer
---@param f fun(item: any): string
---@param take fun(k: integer, text: string)
function jobs.map(list, n, f, take)
  if n <= 1 or #list < 2 or not jobs.pool then return here(list, 1, #list, f, take) end
  local parts, size, at = {}, math.max(1, #list // (PARTS * n)), 1
  for first = 1, #list, size do
    parts[#parts + 1] = { first = first, last = math.min(first + size - 1, #list) }
  end
  local function start(part) return sent(list, part.first, part.last, f) end
  while at <= #parts do
    hand_out(parts, at, n, start, take)
    while at <= #parts and parts[at].done do at = at + 1 end
    if at <= #parts then -- the first that was lost: here it raises what it raised there
      here(list, parts[at].first, parts[at].last, f, take)
      parts[at].done = true
    end
  end
end

return jobs
