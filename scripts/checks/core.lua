-- Compares the C module with its description for editors, stdlib/meta: prints
-- what stands in one and not in the other.
local core = require "capmod.core"
local each = require "capmod.each"
require "capmod.matrix" -- these put functions of Lua in the place of some of C

-- Not for scripts: what the stdlib itself calls once.
local internal = { ["core.on_error"] = true, ["core.statuses"] = true, ["core.home"] = true }

local described = {}
local files = assert(io.popen "ls stdlib/meta/*.lua")
for path in files:lines() do
  for line in io.lines(path) do
    local name = line:match "^function ([%w_]+[.:][%w_]+)" or line:match "^(core%.[%w_]+) ="
    if name then described[name:gsub(":", ".")] = path end
  end
end
files:close()

local real = {}
for name, value in each(core) do
  if type(value) == "table" and name:match "^%u" then
    for method, f in each(value) do
      -- What the stdlib adds in Lua is described where it is written.
      if type(f) == "function" and debug.getinfo(f, "S").what == "C" then
        real[name .. "." .. method] = true
      end
    end
  else
    real["core." .. name] = true
  end
end

for name in each(real) do
  if not described[name] and not internal[name] then
    print(("stdlib/meta: %s is not described"):format(name))
  end
end
for name, path in each(described) do
  if not real[name] then print(("%s: %s does not exist"):format(path, name)) end
end
