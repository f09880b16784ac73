--- capmod help [TOPIC], capmod --help, capmod --version.

local program = ...
local core = require "capmod.core"
local options = program.use "options"

local verb = {
  name = "help",
  synopsis = { "capmod help [VERB | NAME | CMnnnn]", "capmod help --reference" },
  about = "Shows how a verb is used, what a name of the library does, or what an error means.",
  options = {
    { "reference", about = "print the reference of the whole library, as Markdown" },
    { "version", about = "print the version and end" },
  },
}

local function overview()
  local lines = {
    "usage: capmod                    the prompt",
    "       capmod FILE [ARGUMENTS]   run a script (capmod run FILE)",
    "       capmod -e CODE            run code",
    "       capmod VERB --help        how a verb is used", "",
  }
  for _, name in ipairs(program.verbs) do
    local one = program.use(name)
    lines[#lines + 1] = ("  %-9s %s"):format(name, one.about:match "^[^\n]*")
  end
  lines[#lines + 1] = "\n  --version  --help\n"
  lines[#lines + 1] = "status: 0 done, 1 failed script or test, 2 wrong usage, 3 infeasible or not"
  lines[#lines + 1] = "converged, 4 an identity fails, 124 time, 125 memory, 130 Ctrl-C"
  return table.concat(lines, "\n") .. "\n"
end

local function topic(name)
  for _, known in ipairs(program.verbs) do
    if name == known then return options.usage(program.use(name)) end
  end
  local text = require "capmod.help".text(name)
  if not text then
    options.fail(("nothing is known of '%s'"):format(name),
      require "capmod.help".suggest(name), verb)
  end
  return text .. "\n"
end

function verb.run(given, rest)
  if given.version then
    print("capmod " .. core.version)
  elseif given.reference then
    io.stdout:write(require "capmod.help".reference())
  elseif #rest == 0 then
    io.stdout:write(overview())
  elseif rest[1]:match "^CM%d+$" then
    return program.use "explain".run({}, rest)
  else
    io.stdout:write(topic(table.concat(rest, " ")))
  end
  return 0
end

verb.help = overview

return verb
