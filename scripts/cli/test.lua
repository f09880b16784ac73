--- capmod test [PATHS] [busted's flags]: runs specs by the real busted, in this
--- Lua state with the engine loaded. Status 1 on any failure.

--- Where the distribution keeps Lua libraries for its own interpreter.
local function use_system_libraries()
  package.path = package.path
    .. ";/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua"
    .. ";/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua"
  package.cpath = "/usr/local/lib/lua/5.4/?.so;/usr/lib/x86_64-linux-gnu/lua/5.4/?.so"
    .. ";/usr/lib/aarch64-linux-gnu/lua/5.4/?.so;/usr/lib/lua/5.4/?.so;/usr/lib64/lua/5.4/?.so"
end

--- busted ends by os.exit; a spec that calls it would hide its failures. Only
--- the runner's own last call may end the run.
local function guarded(runner)
  local exit, leaving = os.exit, {}
  os.exit = function(code) -- luacheck: ignore
    leaving.code = (code == true or code == nil or code == 0) and 0 or 1
    error(leaving, 0)
  end
  local ok, e = xpcall(runner, function(e) return e end)
  os.exit = exit -- luacheck: ignore
  if e == leaving then return leaving.code end
  if ok then return 0 end
  io.stderr:write("capmod test: ", tostring(e), "\n")
  return 1
end

return function(arguments)
  use_system_libraries()
  local ok, runner = pcall(require, "busted.runner")
  if not ok then
    io.stderr:write("capmod test: busted is not installed (Debian: lua-busted)\n")
    return 1
  end
  arg = { [0] = "capmod test", table.unpack(arguments) } -- luacheck: ignore
  return guarded(function() runner{ standalone = false } end)
end
