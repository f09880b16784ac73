--- The program's verbs: `capmod VERB ...` runs cli/VERB.lua, `capmod FILE` runs
--- the file. Returns the exit status.

local core = require "capmod.core"

package.path = core.home .. "/stdlib/?.lua;" .. core.home .. "/stdlib/?/init.lua"
package.cpath = ""

local verbs = { "run", "test" }

local function verb_of(arguments)
  for _, verb in ipairs(verbs) do
    if arguments[1] == verb then return verb, 2 end
  end
  return "run", 1
end

local arguments = ...
local verb, first = verb_of(arguments)
local cli = assert(loadfile(("%s/scripts/cli/%s.lua"):format(core.home, verb), "t"))()
return cli{ table.unpack(arguments, first) }
