local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local core = require "capmod.core"

local run, file, shell = program.run, program.file, program.shell

describe("capmod", function()
  it("runs a file with its arguments", function()
    local path = file "print(arg[0]:match '[^/]*$', #arg, ...)"
    local status, out, err = run(path, "a", "--time")
    assert.same({ 0, "script.lua\t2\ta\t--time\n", "" }, { status, out, err })
    assert.equal(out, select(2, run("run", path, "a", "--time")))
  end)

  it("runs code, and what comes on stdin", function()
    local _, out = run("-e", "print(cm._VERSION, ...)", "x")
    assert.equal(core.version .. "\tx\n", out)
    _, out = shell [[echo 'print(1 + 1, ...)' | "$capmod" - y]]
    assert.equal("2\ty\n", out)
    _, out = shell [[echo 'print(7)' | "$capmod"]]
    assert.equal("7\n", out)
  end)

  it("shows its version and its help on stdout", function()
    assert.same({ 0, "capmod " .. core.version .. "\n", "" }, { run "--version" })
    for _, words in ipairs{ { "--help" }, { "help" }, { "run", "--help" }, { "test", "-h" },
        { "check", "--help" }, { "help", "explain" } } do
      local status, out, err = run(table.unpack(words))
      assert.same({ 0, "" }, { status, err })
      assert.matches("^usage: capmod", out)
    end
  end)

  it("is a script's interpreter", function()
    local path = file "#!/usr/bin/env capmod\nprint 'here'"
    assert.same({ 0, "here\n", "" }, { run(path) })
  end)

  describe("refuses wrong usage with status 2:", function()
    local cases = {
      { { "run", "--tiem", "3", "x.lua" }, "did you mean '%-%-time'" },
      { { "run" }, "a file is needed" },
      { { "chek", "x.lua" }, "did you mean 'check'" },
      { { "run", "--time", "soon", "x.lua" }, "'soon' is no amount" },
      { { "run", "--memory=lots", "x.lua" }, "'lots' is no amount" },
      { { "run", "--threads", "0", "x.lua" }, "no number of threads" },
      { { "run", "--time" }, "needs a value" },
      { { "help", "--reference=3" }, "takes no value" },
      { { "explain", "CM0007" }, "there is no error 'CM0007'" },
      { { "help", "frame:pivto" }, "did you mean 'frame:pivot'" },
      { { "test", "--lua=lua5.1" }, "cannot be chosen" },
    }
    for _, case in ipairs(cases) do
      it(table.concat(case[1], " "), function()
        local status, out, err = run(table.unpack(case[1]))
        assert.equal(2, status)
        assert.equal("", out)
        assert.matches(case[2], err)
      end)
    end
  end)

  it("finds modules beside the script, in CAPMOD_PATH, and not in the current folder", function()
    local path = file "print(require 'beside', require 'far', pcall(require, 'here'))"
    local beside = path:match "^(.*)/" .. "/beside.lua"
    assert(io.open(beside, "w")):write "return 'near'":close()
    local far = file("return 'away'", "far.lua"):match "^(.*)/"
    local here = file("return 'wrong'", "here.lua"):match "^(.*)/"
    local _, out = shell(("cd %s && CAPMOD_PATH=%s \"$capmod\" %s"):format(here, far, path))
    assert.matches("^near\taway\tfalse\tmodule 'here' not found", out)
  end)

  it("is not shadowed by a script of its own name", function()
    local path = file("print(require 'capmod'._VERSION)", "capmod.lua")
    assert.same({ 0, core.version .. "\n", "" }, { run(path) })
  end)

  it("loads a script beside the one that asks", function()
    local path = file "print(require 'capmod'.load 'other.lua')"
    local other = path:match "^(.*)/" .. "/other.lua"
    assert(io.open(other, "w")):write "return 6 * 7":close()
    assert.same({ 0, "42\n", "" }, { run(path) })
  end)

  it("is quiet when the reader goes away", function()
    local _, out, err = shell [["$capmod" -e 'for i = 1, 100000 do print(i) end' | head -1]]
    assert.same({ "1\n", "" }, { out, err })
  end)

  it("fails where its results cannot be written", function()
    local status, _, err = shell [["$capmod" -e 'print(1)' > /dev/full]]
    assert.equal(1, status)
    assert.matches("cannot write the results", err)
  end)
end)

describe("errors of a script", function()
  it("of capmod name the script's line, the fix, and where to read more", function()
    local path = file "local cm = require 'capmod'\n\nlocal f = cm.frame{ colums = {} }\n"
    local status, out, err = run(path)
    assert.same({ 1, "" }, { status, out })
    assert.equal(path .. ":3: error CM1001: ", err:match "^.-: .-: ")
    assert.matches("\n  fix:   did you mean 'columns'%?\n  more:  capmod explain CM1001\n", err)
  end)

  it("of Lua show the script's frames only", function()
    local path = file "local function f(x) return x.y.z end\nlocal t = f{}\n"
    local status, _, err = run(path)
    assert.equal(1, status)
    assert.equal(path .. ":1: attempt to index a nil value (field 'y')\n  called from "
      .. path .. ":2\n", err)
  end)

  it("of syntax and compiled Lua are refused before anything runs", function()
    local _, out, err = run(file "print 'no'\nlocal x = = 2")
    assert.equal("", out)
    assert.matches(":2: error CM6103: unexpected symbol near '='", err)
    _, _, err = run(file(string.dump(function() end)))
    assert.matches("error CM6104", err)
  end)

  it("tell accidental globals", function()
    local _, _, err = run(file "local a = 1\ntarif = 0.1")
    assert.matches(":2: error CM6102: 'tarif' would be a global", err)
    _, _, err = run(file "local a = 1\nprint(prnt)")
    assert.matches(":2: error CM6106: 'prnt' has no value here\n  fix:   did you mean 'print'", err)
    local module = file "return require 'm'"
    assert(io.open(module:match "^(.*)/" .. "/m.lua", "w")):write "oops = 1":close()
    _, _, err = run(module)
    assert.matches("m.lua:1: error CM6102", err)
    assert.equal("1\n", select(2, run(file "_G.meant = 1\nprint(meant)")))
  end)

  it("have the status of what went wrong", function()
    local function status_of(number)
      return (run("-e", ("cm.errors.raise(%d, { message = 'x' })"):format(number)))
    end
    assert.same({ 1, 4, 3, 125 },
      { status_of(1001), status_of(2101), status_of(4003), status_of(6002) })
    assert.equal(7, (run("-e", "os.exit(7)")))
  end)

  it("in the recipe of a scenario name the recipe and keep the status", function()
    local path = file[[
local cm = require "capmod"
return cm.scenario{ name = "cars", params = {},
  run = function()
    return cm.chain{ name = "car", price = 3, stages = { { "all", at = "CHN", adds = 2 } } }
  end }]]
    local status, _, err = run(path)
    assert.equal(4, status)
    assert.matches(path .. ":3: error CM3005: scenario 'cars' failed: error CM2101: 'car': ", err,
      1, true)
  end)
end)

describe("a file that returns a scenario", function()
  local scenario = [[
    local S = {}
    S.__index = S
    function S:with(t)
      local new = setmetatable({ name = self.name }, S)
      for k, v in pairs(t) do new[k] = v end
      return new
    end
    function S:run() return ("%s: %s %s"):format(self.name, self.rate, math.type(self.rate)) end
    local function scenario(name, rate) return setmetatable({ name = name, rate = rate }, S) end
  ]]

  it("may return a model, which is run with the values that it has", function()
    local path = program.file[[
      local cm = require "capmod"
      return cm.define.model{ name = "double", about = "twice", params = { x = { 2 } },
        run = function(p) return { y = 2 * p.x } end }]]
    local status, out, err = program.run("run", path)
    assert.equal(0, status, err)
    assert.matches("y%s+4\n", out)
    assert.matches("y%s+6\n", (select(2, program.run("run", path, "--set", "x=3"))))
    assert.matches("x%s+y", (select(2, program.run("sweep", path, "--param", "x=1,2"))))
  end)

  it("is run and printed, changed by --set before or after FILE", function()
    local path = file(scenario .. "return scenario('a', 0.5)")
    assert.equal("a: 0.5 float\n", select(2, run(path)))
    assert.equal("a: 2 integer\n", select(2, run("run", "--set", "rate=2", path)))
    assert.equal("a: 2.5 float\n", select(2, run(path, "--set=rate=2.5")))
    assert.equal("a: high nil\n", select(2, run(path, "--set", "rate=high")))
    assert.equal("a: 0.5 float\n", select(2, run(path, "--", "--set", "rate=2")))
  end)

  it("may be a list of them", function()
    local path = file(scenario .. "return { scenario('a', 1), scenario('b', 2) }")
    assert.equal("a: 1 integer\nb: 2 integer\n", select(2, run(path)))
  end)

  it("gives status 3 where the result is infeasible, and saves results under -o", function()
    local path = file [[
      local Result = { __tostring = function() return "no way" end }
      Result.__index = Result
      function Result:save(folder) assert(io.open(folder .. "/saved", "w")):close() end
      local result = setmetatable({ status = "infeasible" }, Result)
      return { name = "a", run = function() return result end }
    ]]
    local place = path:match "^(.*)/" .. "/new/place"
    local status, out, err = run("run", "-o", place, path)
    assert.same({ 3, "no way\n", "saved in " .. place .. "\n" }, { status, out, err })
    assert(io.open(place .. "/saved")):close()
  end)

  it("gives status 3 where a plan or a program in the result has no answer", function()
    local path = file [[
      local cm = require "capmod"
      return cm.scenario{ name = "s", params = { most = 0.5, least = 1 }, run = function(p)
        local chain = cm.chain{ name = "x", stages = { { "a", at = { "CHN", "USA" }, adds = 1 } } }
        local program = cm.program{ name = "p", variables = { { "x", upper = 2 } },
          minimise = function(v) return v.x end,
          constraints = { { "c", function(v) return v.x, ">=", p.least end } } }
        return { plan = chain:locate{ subject = { cost = { max = p.most } } },
          solution = program:solve() }
      end }
    ]]
    assert.equal(3, (run("run", path)))
    assert.equal(0, (run("run", "--set", "most=1", path)))
    assert.equal(3, (run("run", "--set", "most=1", "--set", "least=3", path)))
  end)

  it("is refused into the name of a file, by run and sweep", function()
    local path = file "return {}"
    for _, verb in ipairs{ { "run", "-o", "runs.csv", path },
      { "sweep", path, "--param", "a=1", "-o", "some/runs.csv" } } do
      local status, _, err = run(table.unpack(verb))
      assert.equal(2, status)
      assert.matches("runs.csv' is the name of a file, not of a folder", err, 1, true)
      assert.matches("-o runs keeps", err, 1, true)
    end
  end)

  it("is missed where --set has nothing to change", function()
    local status, _, err = run(file "return 7", "--set", "rate=2")
    assert.equal(1, status)
    assert.matches("error CM6105", err)
  end)
end)

describe("limits", function()
  local function timed(code, limit)
    local start = os.time()
    local status, out, err = run("--time", limit or "0.2", "-e", code)
    assert.is_true(os.time() - start <= 5)
    return status, out, err
  end

  it("of time end a loop, with the place and status 124", function()
    local status, _, err = timed "while true do end"
    assert.equal(124, status)
    assert.matches("error CM6101: time is up: %-%-time allows 0.2 s", err)
  end)

  it("of time hold where pcall swallows the error", function()
    local status, out = timed [[
      for i = 1, 5 do pcall(function() while true do end end) end
      pcall(print, "still here")]]
    assert.same({ 124, "" }, { status, out })
  end)

  it("of time hold inside coroutines, also wrapped and nested ones", function()
    assert.equal(124, (timed "coroutine.wrap(function() while true do end end)()"))
    assert.equal(124, (timed [[
      local co = coroutine.create(function()
        while true do pcall(coroutine.wrap(function() while true do end end)) end
      end)
      while true do coroutine.resume(co) end]]))
  end)

  it("of time hold where no Lua instruction comes", function()
    assert.equal(124, (timed "print((('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40)))"))
  end)

  it("of memory end the script, with status 125", function()
    local status, _, err = run("--memory", "30M", "-e",
      "local t = {} for i = 1, math.huge do t[i] = { i } end")
    assert.equal(125, status)
    assert.matches("error CM6002: out of memory: %-%-memory allows 30 MB", err)
    assert.equal(125, (run("--memory", "30M", "-e", "local s = ('x'):rep(1e9)")))
  end)

  it("of memory hold where pcall swallows the error", function()
    local status, out = run("--memory", "30M", "-e", [[
      for i = 1, 5 do pcall(string.rep, "x", 1e9) end
      print "still here"]])
    assert.same({ 125, "" }, { status, out })
  end)

  it("of memory count the engine's matrices, and refuse before allocating", function()
    local script = "local core = require 'capmod.core' pcall(core.matrix, 3000, 3000) print 'on'"
    local status, out, err = run("--memory", "30M", "-e", script)
    assert.same({ 125, "" }, { status, out })
    assert.matches("error CM6002", err)
    assert.same({ 0, "on\n", "" }, { run("--memory", "200M", "-e", script) })
  end)

  it("leave garbage to the collector", function()
    assert.equal(0, (run("--memory", "30M", "-e",
      "local long = ('x'):rep(1000) for i = 1, 2000 do local s = long:rep(1000 + i) end")))
  end)
end)

describe("Ctrl-C", function()
  -- Runs a script that never ends, sends SIGINT `times` times once it has begun, and gives the
  -- status that it ends with.
  local function interrupt(script, times)
    return shell(([[
      out=$(mktemp)
      "$capmod" -e 'print "on" io.stdout:flush() %s' >"$out" & pid=$!
      while [ ! -s "$out" ]; do sleep 0.05; done
      for i in $(seq %d); do kill -INT $pid; sleep 0.2; done
      wait $pid; echo $?; rm -f "$out"]]):format(script, times))
  end

  it("ends a script with status 130", function()
    local _, out, err = interrupt("while true do end", 1)
    assert.equal("130\n", out)
    assert.matches("error CM6003: interrupted", err)
  end)

  it("pressed twice ends a script that swallows it", function()
    local _, out = interrupt("while true do pcall(function() while true do end end) end", 2)
    assert.equal("130\n", out)
  end)
end)

describe("progress on a terminal", function()
  it("counts what has no end, ten times a second at most", function()
    local now, lines, stderr = 0, {}, io.stderr
    local show = assert(loadfile(core.home .. "/scripts/cli/progress.lua"))({
      clock = function() return now end })
    io.stderr = { flush = function() end, write = function(_, ...) -- luacheck: ignore
      lines[#lines + 1] = table.concat{ ... }:gsub("\27%[K", ""):gsub("\r", "")
    end }
    show("placing", 0, 0)
    for k = 1, 4 do
      now = now + 0.0625
      show(("placing: best %d, bound 5, nodes"):format(30 - k), 100.0 * k, 0)
    end
    show("reading", 30, 60)
    show("reading", 60, 60)
    io.stderr = stderr -- luacheck: ignore
    assert.same({ "placing ...", "placing: best 28, bound 5, nodes 200",
      "placing: best 26, bound 5, nodes 400", "reading 50 %", "" }, lines)
  end)
end)

describe("capmod check", function()
  it("reports all findings and runs nothing that prints", function()
    local path = file [[
local cm = require "capmod"
print "not shown"
local f = cm.frame{ titel = "x", columns = { a = { 1 } } }
local g = f:sort "a":top(2)
raet = 3
print(g.share + unknown)
cm.chian{}
]]
    local status, out = run("check", path)
    assert.equal(1, status)
    assert.is_nil(out:find("not shown", 1, true))
    for line, number in pairs{ [3] = 1001, [5] = 6102, [6] = 6106, [7] = 1005 } do
      assert.matches((":%d: error CM%d"):format(line, number), out)
    end
    assert.matches("4 findings\n$", out)
  end)

  it("reports a plain error of the script too", function()
    local status, out = run("check", file "local x = nil\nprint(x.y)")
    assert.equal(1, status)
    assert.matches("CM6107", out)
  end)

  it("leaves errors that the script catches to the script, and gives it arguments", function()
    local path = file [[
local cm = require "capmod"
local ok, e = pcall(cm.frame, { colums = {} })
assert(not ok and tostring(e):find "CM1001" and ... == "given")]]
    assert.equal(0, (run("check", path, "--", "given")))
    assert.equal(1, (run("check", path)))
  end)

  it("stands every example", function()
    for _, name in ipairs{ "us_car", "shoes", "learning" } do
      local status, out = run("check", ("%s/examples/%s.lua"):format(core.home, name))
      assert.equal(0, status, out)
    end
  end)

  it("has status 4 where only an identity fails, 0 where all is well", function()
    local chain = [[return require 'capmod'.chain{ name = "car", price = %s, stages = {
      { "assembly", at = "KOR", adds = 63 }, { "sale", at = "USA", adds = 37 } } }]]
    local status, out = run("check", file(chain:format "100"))
    assert.equal(0, status)
    assert.matches(": ok\n$", out)
    status, out = run("check", file(chain:format "97"))
    assert.equal(4, status)
    assert.matches("CM2102", out)
  end)
end)

describe("capmod test", function()
  local function spec(body) return file(body, "a_spec.lua") end

  it("has status 0 where all pass and 1 on any failure", function()
    assert.equal(0, (run("test", spec "it('holds', function() assert.equal(1, 1) end)")))
    assert.equal(1, (run("test", spec "it('fails', function() assert.equal(1, 2) end)")))
    assert.equal(1, (run("test", spec "it('throws', function() error 'x' end)")))
    assert.equal(1, (run("test", spec "this is no Lua")))
    assert.equal(1, (run("test", "/nowhere")))
  end)

  it("has status 1 where there are 256 failures", function()
    assert.equal(1, (run("test", spec [[
      for i = 1, 256 do it("fails " .. i, function() assert.equal(1, 2) end) end]])))
  end)

  it("does not let os.exit hide failures", function()
    local status, out = run("test", "-o", "TAP", spec [[
      it("fails", function() assert.equal(1, 2) end)
      it("leaves", function() os.exit(0) end)
      it("comes last", function() end)]])
    assert.equal(1, status)
    assert.matches("ok 3 %- comes last", out)
  end)

  it("passes busted's flags on", function()
    local path = spec "it('one', function() end) it('two', function() end)"
    local status, out = run("test", "-o", "TAP", "--filter", "two", path)
    assert.equal(0, status)
    assert.equal("ok 1 - two\n1..1\n", out)
  end)

  it("keeps one engine through all files", function()
    local body = "it('a', function() print(require 'capmod.core') end)"
    local path = spec(body)
    assert(io.open(path:match "^(.*)/" .. "/b_spec.lua", "w")):write(body):close()
    local status, out = run("test", "-o", "TAP", path:match "^(.*)/")
    assert.equal(0, status)
    local first, second = out:match "(table: %S+).*(table: %S+)"
    assert.is_string(first)
    assert.equal(first, second)
  end)
end)
