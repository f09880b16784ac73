--- CM61xx: the program: limits of a run, and what a script may not do.

return {
  [6101] = {
    title = "time is up",
    text = [[
The script ran longer than --time allows and was ended; the exit status is 124.
Results that were printed before stand, nothing after them was computed.]],
    provoked = "tests/spec/cli_spec.lua",
  },
  [6102] = {
    title = "a global variable by accident",
    text = [[
A script gave a value to a name that it never declared with `local`. Most often
that is a slip of the pen, and the value would go where nobody looks for it. At
the prompt, where globals are how one works, it is allowed.]],
    example = [[
local load = require "capmod.load"
load.text("tarif = 0.1", "=shoes.lua")()]],
  },
  [6103] = {
    title = "a script does not parse",
    text = [[
The text is not Lua 5.4. The line is where the parser gave up; the cause is there
or a little above it: a comma, a quote, a bracket or an `end` that is missing.]],
    example = [[
require "capmod.load".text("local cm = = 1", "=shoes.lua")]],
  },
  [6104] = {
    title = "compiled Lua is refused",
    text = [[
Scripts are run as text only: compiled Lua can break the interpreter, and nobody
can read what it does.]],
    example = [[
require "capmod.load".text(string.dump(function() end), "=shoes.lua")]],
  },
  [6105] = {
    title = "no scenario to change",
    text = [[
--set NAME=VALUE changes a parameter of the scenario that a script returns, and
`capmod sweep` varies some. This script returned none, so there is nothing that
could be changed.]],
    provoked = "tests/spec/cli_spec.lua",
  },
  [6106] = {
    title = "a name without a value",
    text = [[
A script used a name that nothing was assigned to: misspelt, declared further
down, or local to another block.]],
    example = [[
local load = require "capmod.load"
load.text("print(tariff)", "=shoes.lua")()]],
  },
  [6107] = {
    title = "the script fails",
    text = [[
`capmod check` ran the script, and a Lua error ended it. The message is Lua's.]],
    provoked = "tests/spec/cli_spec.lua",
  },
  [6108] = {
    title = "the folder holds another sweep",
    text = [[
`capmod sweep -o FOLDER` keeps each case that is done in FOLDER/cases.jsonl, and goes
on from there. What stands there was made by another script (or the script has been
changed since), another version, or other values of parameters that do not vary, so
that the cases would not belong together.]],
    provoked = "tests/spec/sweep_spec.lua",
  },
  [6109] = {
    title = "another process is at work on the sweep",
    text = [[
Two sweeps would write the same folder at the same time. The other one is still
running; what it has done by then is used by the next.]],
    provoked = "tests/spec/sweep_spec.lua",
  },
}
