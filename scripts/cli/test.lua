--- capmod test [PATHS] [busted's flags]: runs specs by the real busted, in this
--- Lua state with the engine loaded. Status 1 on any failure.

local program = ...
local options, paths = program.use "options", program.use "paths"

local verb = {
  name = "test",
  raw = true, -- the flags are busted's
  synopsis = { "capmod test [PATHS] [FLAGS OF BUSTED]" },
  about = [[
Runs specs (files *_spec.lua; tests/spec where no path is given) by busted.

Often used:
  --filter PATTERN   only the tests whose name matches      --tags TAG, --exclude-tags TAG
  -o FORMAT          plainTerminal, utfTerminal, TAP, json, junit (file: -Xoutput FILE)
  --list             names the tests and runs none          --shuffle, --repeat N, --no-keep-going
Status 0 where all pass, 1 otherwise.]],
  options = {},
}

--- Where the distribution keeps Lua libraries for its own interpreter: busted
--- and what it needs, some of it in C.
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
  local ok, e, ended = program.protect(runner, function(e) return e end)
  os.exit = exit -- luacheck: ignore
  if e == leaving then return leaving.code end
  if ok then return 0 end
  io.stderr:write("capmod test: ", tostring(e), "\n")
  return ended or 1
end

local function check_flags(arguments)
  for _, flag in ipairs(arguments) do
    if flag == "--" then return end
    if flag:match "^%-%-lua$" or flag:match "^%-%-lua=" then
      options.fail("specs run in capmod's own Lua; --lua cannot be chosen", nil, verb)
    end
  end
end

function verb.run(arguments)
  if arguments[1] == "--help" or arguments[1] == "-h" then
    io.stdout:write(options.usage(verb))
    return 0
  end
  check_flags(arguments)
  local searchers = { table.unpack(package.searchers) } -- busted and its C modules need Lua's own
  paths.set(nil)
  table.move(searchers, 1, #searchers, 1, package.searchers)
  use_system_libraries()
  -- busted loads modules anew for each file; what errors are must stay one thing.
  require "capmod.errors"
  local ok, runner = pcall(require, "busted.runner")
  if not ok then
    io.stderr:write("capmod test: busted is not installed (Debian: lua-busted)\n")
    return 1
  end
  _G.arg = { [0] = "capmod test", table.unpack(arguments) }
  return guarded(function() runner{ standalone = false } end)
end

return verb
