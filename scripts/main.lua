--- The program: `capmod VERB ...` runs cli/VERB.lua, `capmod FILE` runs the
--- file, `capmod` alone is the prompt. Returns the exit status.

local arguments, program = ...
local core = require "capmod.core"

package.path = core.home .. "/stdlib/?.lua;" .. core.home .. "/stdlib/?/init.lua"
package.cpath = ""

local loaded = {}

--- Loads one of the program's own files, cli/NAME.lua, once.
function program.use(name)
  if loaded[name] == nil then
    local path = ("%s/scripts/cli/%s.lua"):format(core.home, name)
    loaded[name] = assert(loadfile(path, "t"))(program)
  end
  return loaded[name]
end

program.verbs = { "run", "sweep", "report", "verify", "check", "test", "help", "explain" }

require("capmod.text").terminal = program.columns
require("capmod.jobs").pool = program.pool

local options, report = program.use "options", program.use "failure"

local function is_verb(name)
  for _, verb in ipairs(program.verbs) do
    if verb == name then return true end
  end
  return false
end

--- The verb meant, and where its own arguments begin.
local function choose(first)
  if first == nil then return "repl", 1 end
  if first == "--version" or first == "--help" or first == "-h" then return "help", 1 end
  if is_verb(first) then return first, 2 end
  return "run", 1
end

local function main()
  local name, first = choose(arguments[1])
  local verb = program.use(name)
  local mine = { table.unpack(arguments, first) }
  if verb.raw then return verb.run(mine) end
  local given, rest = options.parse(verb, mine)
  if given.help then
    io.stdout:write(verb.help and verb.help() or options.usage(verb))
    return 0
  end
  return verb.run(given, rest)
end

local ok, result = xpcall(main, report.handler)
if ok then return result end
return report.failure(result)
