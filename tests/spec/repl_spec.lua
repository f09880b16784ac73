--- The prompt, on a terminal of its own (by Python's pty where it is there).

local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local has_python = os.execute "test -x /usr/bin/python3"

--- Plays steps (see tests/support/terminal.py); returns status and what was shown.
local function play(steps, state)
  local path = program.file(steps, "steps")
  state = state or path .. ".state"
  local command = "XDG_STATE_HOME='%s' timeout 60 /usr/bin/python3 '%s/../support/terminal.py' "
    .. "\"$capmod\" < '%s'"
  return program.shell(command:format(state, folder, path))
end

local function dialogue(name, steps)
  it(name, function()
    if not has_python then pending "there is no /usr/bin/python3" end
    local status, shown, err = play("see >\n" .. steps .. "\ntype .quit\\n\n")
    assert.equal(0, status, err .. shown)
  end)
end

describe("the prompt", function()
  dialogue("prints expressions, and keeps what they gave", [[
type 6 * 7\n
see \n42
type _ + 1\n
see \n43
type _1 - 2\n
see \n40
type nil\n
see \nnil]])

  dialogue("is silent after a semicolon", [[
type 6 * 7;\n
type "after"\n
see ;
see >
see "after"]])

  dialogue("reads on until the input is complete", [[
type for i = 1, 2 do\n
see >>
type print("line " .. i)\n
see >>
type end\n
see line 1
see line 2]])

  dialogue("makes local variables of an input the session's own", [[
type local far = 11\n
type far * 11\n
see \n121]])

  dialogue("goes on after errors, with what was there before", [[
type x = 5\n
type x = nil + 1\n
see attempt to perform arithmetic on a nil value
type cm.chian\n
see error CM1005
see did you mean 'chain'
type x * 100\n
see \n500]])

  dialogue("survives Ctrl-C in a loop, in a coroutine and while typing", [[
type while true do end\n
pause 0.3
type \x03
see interrupted
see >
type coroutine.wrap(function() while true do end end)()\n
pause 0.3
type \x03
see interrupted
see >
type not to be run
see not to be run
type \x03
see ^C
see >
type for i = 1, 2 do\n
see >>
type \x03
see ^C
see >
type 20 + 3\n
see \n23]])

  dialogue("survives Ctrl-C that pcall swallows, pressed again", [[
type while true do pcall(function() while true do end end) end\n
pause 0.3
type \x03
pause 0.2
type \x03
see interrupted
type 20 + 3\n
see \n23]])

  dialogue("ends the engine's work by Ctrl-C, and works on", [[
type m = require "capmod.core".matrix(300, 300, 1)\n
type while true do m:svd() end\n
pause 0.5
type \x03
see interrupted
type (m:sum())\n
see \n90000]])

  dialogue("completes names, fields and values", [[
type cm.fra\t{ tit\t"by " .. "Tab", columns = { a = { 1 } } }\n
see \nby Tab
type f = _\n
type f:markd\t():find "b"\n
see \n3
type f:join(f, { how = "\t
see left  inner  full
type \x03
see ^C
type cm.country "South Ko\t"\n
see \nKOR]])

  dialogue("knows UTF-8", [[
type #"é" + 100\n
see \n102]])

  dialogue("answers ? and ?? from the sources", [[
type ?cm.frame\n
see cm.frame{ ... }
see the column drawn as a bar
type f = cm.frame{ columns = { a = { 1 } } };\n
type ?f:sort\n
see frame:sort(by)
type ??pivot\n
see frame:pivot
type ?nowhere\n
see nothing is known of 'nowhere']])

  dialogue("shows times and variables, and the shell", [[
type .time 1 + 1\n
see \n2
see  ms
type mine = 3\n
type .who\n
see mine
see 3
type !echo from $((40 + 2))\n
see from 42
type .wo\n
see did you mean 'who'
type .help\n
see .load FILE]])

  it("keeps its history, and inputs as a script that runs", function()
    if not has_python then pending "there is no /usr/bin/python3" end
    local path = program.file("", "day.lua")
    local state = path .. ".state"
    local status, shown = play(([[
see >
type x = 6\n
type x * 7\n
see \n42
type .save %s\n
see 2 inputs saved
type .load %s\n
see \n42
pause 0.4
type \x04]]):format(path, path), state)
    assert.equal(0, status, shown)
    assert.same({ 0, "42\n", "" }, { program.run(path) })
    status, shown = play("see >\ntype \\x1b[A\\x1b[A\\x1b[A\nsee x * 7\ntype \\n.quit\\n", state)
    assert.equal(0, status, shown)
  end)

  it("works where the history cannot be kept", function()
    if not has_python then pending "there is no /usr/bin/python3" end
    local status, shown = play("see >\ntype 6 * 7\\n\nsee \\n42\npause 0.4\ntype \\x04",
      "/dev/null/no")
    assert.equal(0, status, shown)
  end)
end)
