--- capmod sweep: the program as a user runs it, killed and started again.
local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local cm = require "capmod"

local file, shell = program.file, program.shell

--- A scenario whose runs note themselves in a file, and wait or fail where they are told to.
local SCRIPT = [[
local cm = require "capmod"
return cm.scenario{ name = "pairs", params = { a = 1, b = { 2, max = 50 }, wait = 0,
    mode = { "x", choices = { "x", "y" } }, trouble = "" },
  run = function(p)
    local log = io.open((arg[0]:gsub("script.lua$", "log")), "a")
    log:write(p.a, " ", p.b, "\n"):close()
    if p.wait > 0 then os.execute("sleep " .. p.wait) end
    if p.trouble == "error" and p.a == 2 then error "no way" end
    if p.trouble == "crash" and p.a == 2 then os.exit(9) end
    if p.trouble == "endless" and p.a == 2 then while true do end end
    if p.trouble == "memory" and p.a == 2 then
      local t = {}
      while true do t[#t + 1] = ("x"):rep(1000000) .. #t end
    end
    print "a recipe prints"
    return { sum = p.a + p.b, half = p.a / 2, third = p.b / 3, none = 0 / 0, far = -1 / 0,
      mode_of = p.mode, even = p.a % 2 == 0, line = "two\nlines", inner = cm.frame{ rows = {} } }
  end }
]]

local function place() return file(SCRIPT) end

local function contents(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read "a"
  handle:close()
  return text
end

local function lines(path)
  local n = 0
  for _ in contents(path):gmatch "\n" do n = n + 1 end
  return n
end

--- status, stdout, stderr of a sweep of the script at `path`.
local function sweep(path, words)
  return shell(("timeout 60 \"$capmod\" sweep '%s' %s"):format(path, words))
end

describe("capmod sweep", function()
  local arg_before, print_before = _G.arg, _G.print
  after_each(function() _G.arg, _G.print = arg_before, print_before end)

  it("gives what scenario:sweep gives", function()
    local path = place()
    local status, out, err = sweep(path, "--param a=0:1:0.25 --param b=3,4 --set mode=y")
    assert.same({ 0, "" }, { status, err })
    assert.equal(10, lines((path:gsub("script.lua$", "log"))))
    _G.arg, _G.print = { [0] = path }, function() end
    local s = cm.load(path):with{ mode = "y" }
    assert.equal(tostring(s:sweep{ a = cm.range(0, 1, 0.25), b = { 3, 4 } }) .. "\n", out)
  end)

  it("draws a sample, and says how it spreads and what moves it", function()
    local path = place()
    local words = "--n 40 --seed 3 --method latin --param 'a=normal(5,1)' --param 'b=uniform(1,9)'"
    local _, out, err = sweep(path, words)
    assert.equal("", err)
    _G.arg, _G.print = { [0] = path }, function() end
    local runs = cm.load(path):sample{ n = 40, seed = 3, method = "latin", a = cm.normal(5, 1),
      b = cm.uniform(1, 9) }
    assert.equal(("%s\n%s\n%s\n"):format(runs, runs:quantiles(), runs:tornado()), out)
  end)

  it("saves the same bytes whatever the number of jobs", function()
    local path, seen = place(), nil
    for jobs = 1, 5, 2 do
      local out = path:gsub("script.lua$", "out" .. jobs)
      local status, printed = sweep(path, ("--param a=1:9 --param b=3,4 -j %d -o '%s'"):format(jobs,
        out))
      assert.equal(0, status)
      local all = printed
      for _, name in ipairs{ "cases.jsonl", "runs.csv", "result.csv", "provenance.json",
          "datapackage.json" } do
        all = all .. contents(out .. "/" .. name)
      end
      assert.equal(seen or all, all)
      seen = all
    end
    assert.matches('"a": %[\n      1,\n      2,', seen)
    assert.matches('"script_key": "%x+"', seen)
  end)

  it("goes on after it was killed, and runs only the cases that are missing", function()
    local path = place()
    local out, log = path:gsub("script.lua$", "out"), path:gsub("script.lua$", "log")
    local words = ("--param a=1:12 --set wait=0.1 -j 2 -o '%s'"):format(out)
    shell(("timeout -s KILL 0.5 \"$capmod\" sweep '%s' %s"):format(path, words))
    local kept = lines(out .. "/cases.jsonl") - 1
    assert.is_true(kept >= 1 and kept < 12, tostring(kept))
    shell "sleep 0.3" -- whatever was left running would still write
    local begun = lines(log)
    assert.is_true(begun <= kept + 2)
    local torn = assert(io.open(out .. "/cases.jsonl", "a"))
    torn:write('{"case":{"a":12},"outp'):close()
    local status, printed, err = sweep(path, words)
    assert.equal(0, status)
    assert.matches(("^%d of 12 cases are there already\n"):format(kept), err)
    assert.equal(12 - kept, lines(log) - begun)
    local whole = path:gsub("script.lua$", "whole")
    local _, at_once = sweep(path, ("--param a=1:12 --set wait=0.1 -j 1 -o '%s'"):format(whole))
    assert.equal(at_once, printed)
    for _, name in ipairs{ "cases.jsonl", "runs.csv", "provenance.json" } do
      assert.equal(contents(whole .. "/" .. name), contents(out .. "/" .. name))
    end
    begun = lines(log)
    sweep(path, words)
    assert.equal(begun, lines(log))
    sweep(path, words:gsub("1:12", "1:14"))
    assert.equal(begun + 2, lines(log))
  end)

  it("says what it kept when Ctrl-C ends it, and leaves no child behind", function()
    local path = place()
    local out = path:gsub("script.lua$", "out")
    local status, _, err = shell(("timeout --foreground -s INT --preserve-status 0.6 "
      .. "\"$capmod\" sweep '%s' --param a=1:12 --set wait=0.2 -j 2 -o '%s'"):format(path, out))
    assert.equal(130, status)
    local kept = lines(out .. "/cases.jsonl") - 1
    assert.matches(("\n%d cases are kept in [^\n]*out; the same command goes on\n$"):format(kept),
      err)
  end)

  it("keeps numbers as they are: infinities, NaN, 3 and 3.0", function()
    local path = place()
    local out = path:gsub("script.lua$", "out")
    local words = ("--param a=2,4 -o '%s'"):format(out)
    local _, first = sweep(path, words)
    local _, again = sweep(path, words)
    assert.equal(first, again)
    local row = contents(out .. "/cases.jsonl"):match "\n(.-)\n"
    assert.equal([[{"case":{"a":2},"outputs":{"even":true,"far":{"not finite":"-Inf"},]]
      .. [["half":1.0,"line":"two\nlines","mode_of":"x","none":{"not finite":"NaN"},]]
      .. [["sum":4,"third":0.66666666666666663}}]], row)
  end)

  it("goes on when a case fails, and tries it again", function()
    local limits = { error = "", crash = "", endless = "--time 2s", memory = "--memory 60M" }
    for trouble, limit in cm.each(limits) do
      local path = place()
      local out, log = path:gsub("script.lua$", "out"), path:gsub("script.lua$", "log")
      local words = ("--param a=1,2,3 %s --set trouble=%s -o '%s'"):format(limit, trouble,
        out)
      local status, _, err = sweep(path, words)
      assert.equal(1, status, trouble)
      assert.matches("1 of 3 cases failed; the same command tries them again\n", err, 1, true)
      local runs = cm.frame.load(out .. "/runs.csv")
      assert.same({ 3, nil, 5 }, { runs[1].sum, runs[2].sum, runs[3].sum })
      assert.matches(({ error = "no way", crash = "ended with status 9", endless = "time is up",
        memory = "memory" })[trouble], runs[2].error)
      assert.equal(3, lines(log))
      sweep(path, words)
      assert.equal(4, lines(log))
    end
  end)

  it("refuses a folder of another sweep, and one at which another process is at work", function()
    local path = place()
    local out = path:gsub("script.lua$", "out")
    sweep(path, ("--param a=1,2 -o '%s'"):format(out))
    local status, _, err = sweep(path, ("--param a=1,2 --set b=7 -o '%s'"):format(out))
    assert.equal(1, status)
    assert.matches("CM6108: .*what differs: parameter b\n", err)
    local changed = assert(io.open(path, "a"))
    changed:write "-- changed":close()
    assert.matches("what differs: script\n", select(3, sweep(path,
      ("--param a=1,2 -o '%s'"):format(out))))
    local journal = assert(io.open(out .. "/cases.jsonl", "w"))
    journal:write "name,value\n":close()
    assert.matches("is no journal of a sweep", select(3, sweep(path,
      ("--param a=1,2 -o '%s'"):format(out))))
    local busy = path:gsub("script.lua$", "busy")
    local words = ("sweep '%s' --param a=1,2 --set wait=0.7 -o '%s'"):format(path, busy)
    status, _, err = shell(("\"$capmod\" %s >/dev/null 2>&1 & sleep 0.4; \"$capmod\" %s; s=$?; "
      .. "wait; exit $s"):format(words, words))
    assert.equal(1, status)
    assert.matches("CM6109: .*another process is at work", err)
    assert.equal(3, lines(busy .. "/cases.jsonl"))
  end)

  it("says so where nothing can be written", function()
    local status, _, err = sweep(place(), "--param a=1,2 -o /proc/nowhere")
    assert.equal(1, status)
    assert.matches("CM1510", err)
    assert.is_nil(err:find("CM9001", 1, true))
  end)

  it("checks values before it runs any", function()
    local path = place()
    local status, _, err = sweep(path, "--param b=40,60")
    assert.equal(1, status)
    assert.matches("CM3002.*b = 60 is above 50", err)
    assert.matches("CM3001.*did you mean 'mode'", select(3, sweep(path, "--param mde=x,y")))
    assert.is_nil(io.open((path:gsub("script.lua$", "log"))))
  end)

  it("chooses among several scenarios, and needs one", function()
    local several = file [[
local cm = require "capmod"
local function of(name) return cm.scenario{ name = name, params = { a = 1 },
  run = function(p) return { name_of = name, twice = 2 * p.a } end } end
return { of "one", of "two" } ]]
    assert.matches("two +6\n", select(2, sweep(several, "--param a=3 --scenario two")))
    assert.matches("returns 2 scenarios\n  fix:   %-%-scenario NAME, one of one, two",
      select(3, sweep(several, "--param a=3")))
    assert.equal(2, (sweep(several, "--param a=3 --scenario three")))
    local none = file "return 3"
    assert.matches("CM6105", select(3, sweep(none, "--param a=3")))
  end)

  it("refuses wrong usage with status 2", function()
    local path = place()
    for words, message in pairs{
      ["--param a"] = "NAME=VALUES is needed", [""] = "nothing varies",
      ["--param a=1 --param a=2"] = "given twice", ["--param a=1 -j 0"] = "no number of jobs",
      ["--param a=1 -j 5000"] = "more than 1024", ["--param 'a=normal(1)'"] = "no distribution",
      ["--param 'a=unifrm(1,2)' --n 3"] = "unifrm%(1,2%)' is no distribution",
      ["--param 'a=normal(1,2)'"] = "draws, but not how many",
      ["--param a=1 --seed 3"] = "say how many", ["--param a=1 --n x"] = "no whole number",
      ["--param a=1 --jbs 2"] = "did you mean", ["--param a=1 --set b"] = "NAME=VALUE is needed",
    } do
      local status, _, err = sweep(path, words)
      assert.equal(2, status, words)
      assert.matches(message, err)
    end
  end)

  it("shows how far it is on a terminal", function()
    local path = place()
    local status, out = shell(("printf 'see sweep: 2 of 4 cases\\nsee runs\\n' | "
      .. "/usr/bin/python3 '%s/../support/terminal.py' \"$capmod\" sweep '%s' "
      .. "--param a=1:4 --set wait=0.1 -j 1"):format(folder, path))
    assert.equal(0, status, out)
    assert.matches("sweep: 2 of 4 cases, %d+ s left\r", out)
    assert.matches("\r\27%[Ksweep of 'pairs': 4 runs", out)
  end)
end)
