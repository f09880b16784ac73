local cm = require "capmod"
local core = require "capmod.core"
local errors = require "capmod.errors"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

--- Cost and duty of n pairs: small enough to be done in the head.
local function shoes(changes)
  local s = cm.scenario{
    name = "shoes",
    params = {
      tariff = { 0.17, unit = "ad valorem", min = 0, max = 1, about = "importer's duty" },
      price = { 10, unit = "USD", min = 0, about = "price of a pair" },
      n = 2,
      rule = { "cif", choices = { "cif", "fob" } },
    },
    run = function(p)
      local duty = p.n * p.price * p.tariff
      return { cost = p.n * p.price + duty, duty = duty, rule = p.rule,
        rows = cm.frame{ rows = { { v = 1 } } } }
    end,
  }
  return changes and s:with(changes) or s
end

describe("a scenario", function()
  setup(function() text.configure{ utf8 = true, columns = 100 } end)
  teardown(function() text.configure{} end)

  it("runs its recipe on its parameters", function()
    local r = shoes{ tariff = 0.5 }:run()
    assert.equal(30, r.cost)
    assert.equal(10, r.duty)
    assert.equal("cif", r.rule)
    assert.equal(1, r.rows[1].v)
  end)

  it("prints its parameters and its results", function()
    assert.equal([[
scenario 'shoes'
  parameter    value  unit        about
  n           2.0000
  price      10.0000  USD         price of a pair
  rule           cif
  tariff      0.1700  ad valorem  importer's duty]], tostring(shoes()))
    assert.equal([[
result of 'shoes'
  output    value
  cost    25.0000
  duty     5.0000
  rows    <table>
  rule        cif]], tostring(shoes{ tariff = 0.25 }:run()))
  end)

  it("prints infinity as a sign, and small numbers beside large ones", function()
    local r = cm.scenario{ name = "x", run = function()
      return { never = math.huge, gdp = 15161304.25, share = 0.02 }
    end }:run()
    assert.equal("result of 'x'\n  output       value\n  gdp     15,161,304\n  never            ∞\n"
      .. "  share       0.0200", tostring(r))
  end)

  it("does not change; :with makes another", function()
    local s = shoes()
    local t = s:with{ name = "free", tariff = 0 }
    assert.equal(0.17, s.tariff)
    assert.equal(0, t.tariff)
    assert.equal("free", t.name)
    assert.equal("shoes", s.name)
    assert.equal(20, t:run().cost)
    assert.equal("CM3009", (refusal(function() s.tariff = 1 end)))
    assert.equal("CM3009", (refusal(function() s:run().cost = 1 end)))
  end)

  it("refuses a value out of range in these words", function()
    local number, message = refusal(function() return shoes{ tariff = 17 } end)
    assert.equal("CM3002", number)
    assert.matches("error CM3002: scenario 'shoes': tariff = 17 is outside 0 … 1\n"
      .. "  fix:   tariff: importer's duty\n", message, 1, true)
    local bare = cm.scenario{ name = "bare", params = { n = { 3, max = 5 } },
      run = function() return {} end }
    assert.matches("fix:   left out, it is 3", select(2, refusal(bare.with, bare, { n = 9 })),
      1, true)
    assert.matches("price = -1 is below 0", select(2, refusal(shoes, { price = -1 })), 1, true)
    assert.equal("CM3002", (refusal(shoes, { price = 0 / 0 })))
    assert.equal("CM3002", (refusal(shoes, { n = 0 / 0 })))
    assert.equal("CM3002", (refusal(shoes, { rule = "exw" })))
  end)

  it("refuses unknown parameters and wrong types, all in one report", function()
    local _, message, e = refusal(shoes, { tarif = 0, price = "high" })
    assert.equal(2, #e.findings)
    assert.matches("CM3001: scenario 'shoes' has no parameter 'tarif'", message, 1, true)
    assert.matches("did you mean 'tariff'?", message, 1, true)
    assert.matches("CM3003: scenario 'shoes': price = 'high' is a string, not a number", message,
      1, true)
    assert.equal("CM3001", (refusal(function() return shoes().tarif end)))
  end)

  it("checks its own declaration", function()
    local function with(params)
      return function() return cm.scenario{ name = "x", params = params, run = print } end
    end
    assert.equal("CM3002", (refusal(with{ a = { 2, max = 1 } })))
    assert.equal("CM3007", (refusal(with{ a = { 1, 2 } })))
    assert.equal("CM3007", (refusal(with{ a = { min = 0 } })))
    assert.equal("CM3007", (refusal(with{ name = 1 })))
    assert.equal("CM1001", (refusal(with{ a = { 1, mni = 0 } })))
    assert.equal("CM1002", (refusal(cm.scenario, { name = "x" })))
    assert.same({ 1, 2 }, with{ a = { { 1, 2 }, about = "a list" } }().a)
  end)

  it("shows the recipe its parameters and nothing else", function()
    local number, message, e = refusal(function()
      cm.scenario{ name = "x", params = { tariff = 1 }, run = function(p) return p.tarif end }:run()
    end)
    assert.equal("CM3005", number)
    assert.matches("scenario 'x' failed: .-scenario_spec.lua:%d+: error CM3001", message)
    assert.matches("did you mean 'tariff'?", message, 1, true)
    assert.equal("CM3001", e.cause.number)
    local s = cm.scenario{ name = "x", params = { a = 1 }, run = function(p)
      p.a = 99
      return { a = p.a }
    end }
    s:run()
    assert.equal(1, s.a)
  end)

  it("names itself where the recipe fails, and keeps what was wrong", function()
    local s = cm.scenario{ name = "broken", params = { a = 1 }, run = function(p)
      return { b = p.a + {} }
    end }
    local number, message, e = refusal(s.run, s)
    assert.equal("CM3005", number)
    assert.matches("scenario 'broken' failed: .-attempt to perform arithmetic", message)
    assert.matches("attempt to perform arithmetic", e.cause)
    assert.matches("scenario 'broken' (a = 7) failed",
      select(2, refusal(s.sweep, s, { a = { 7 } })), 1, true)
  end)

  it("lets an interruption pass as it is", function()
    local s = cm.scenario{ name = "x", run = function()
      errors.raise(6003, { message = "interrupted" })
    end }
    assert.equal("CM6003", (refusal(s.run, s)))
  end)

  it("wants named results", function()
    for _, outputs in ipairs{ 3, { 1, 2 }, "x", cm.frame{ rows = {} } } do
      local s = cm.scenario{ name = "x", run = function() return outputs end }
      assert.equal("CM3006", (refusal(s.run, s)))
    end
    local s = cm.scenario{ name = "x", run = function() end }
    assert.equal("CM3006", (refusal(s.run, s)))
    local number, message = refusal(function() return shoes():run().csot end)
    assert.equal("CM3010", number)
    assert.matches("did you mean 'cost'?", message, 1, true)
  end)

  it("saves its result with where it comes from", function()
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir '%s'"):format(folder)))
    local function content(name)
      local file = assert(io.open(folder .. "/" .. name))
      local s = file:read "a"
      file:close()
      os.remove(folder .. "/" .. name)
      return s
    end
    local r = shoes{ tariff = 0.25 }:run()
    assert.equal(r, r:save(folder))
    assert.equal("output,value\ncost,25\nduty,5\nrule,cif\n", content "result.csv")
    assert.equal("measure,value,unit\nv,1,\n", content "rows.csv")
    local expected = '{\n  "capmod": "%s",\n  "parameters": {\n    "n": 2,\n    "price": 10,\n'
      .. '    "rule": "cif",\n    "tariff": 0.25\n  },\n  "scenario": "shoes",\n  "script": "'
    local saved = content "provenance.json"
    assert.equal(expected:format(core.version), saved:sub(1, #expected:format(core.version)))
    assert.matches("tabular-data-resource", content "datapackage.json", 1, true)
    assert.equal("CM1510", (refusal(r.save, r, folder .. "/none")))
    assert(os.remove(folder))
    local s = cm.scenario{ name = "x", run = function() return { save = 1 } end }
    assert.equal("CM3006", (refusal(s.run, s)))
  end)

  it("saves each output in a file of its own, whatever their names", function()
    local function one(value) return cm.frame{ rows = { { v = value } } } end
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir '%s'"):format(folder)))
    cm.scenario{ name = "x", run = function()
      return { result = one(1), ["a/b"] = one(2), ["a-b"] = one(3), n = 4 }
    end }:run():save(folder)
    local found = {}
    for _, name in ipairs{ "a-b", "a-b-2", "result-2", "result" } do
      local file = assert(io.open(("%s/%s.csv"):format(folder, name)), name)
      found[#found + 1] = file:read "a":match "(%d),?%s*$"
      file:close()
    end
    os.execute(("rm -r '%s'"):format(folder))
    assert.same({ "3", "2", "1", "4" }, found)
  end)

  it("says where a result comes from", function()
    local p = shoes{ tariff = 0.5 }:run().provenance
    assert.equal(core.version, p.capmod)
    assert.equal("shoes", p.scenario)
    assert.matches("scenario_spec.lua$", p.script)
    assert.same({ tariff = 0.5, price = 10, n = 2, rule = "cif" }, p.parameters)
  end)
end)

describe("a sweep", function()
  setup(function() text.configure{ utf8 = true, columns = 100 } end)
  teardown(function() text.configure{} end)

  it("runs every combination, names in order, the last one fastest", function()
    local runs = shoes():sweep{ tariff = { 0, 0.25 }, n = cm.range(1, 3) }
    assert.equal([[
sweep of 'shoes': 6 runs
  n  tariff    cost   duty  rule
  1    0.00  10.000  0.000  cif
  1    0.25  12.500  2.500  cif
  2    0.00  20.000  0.000  cif
  2    0.25  25.000  5.000  cif
  3    0.00  30.000  0.000  cif
  3    0.25  37.500  7.500  cif]], tostring(runs))
    assert.equal(37.5, runs:get{ n = 3, tariff = 0.25 }.cost)
    assert.same({ "n", "tariff" }, runs:keys())
  end)

  it("takes the values of a range as one writes them", function()
    local runs = shoes():sweep{ tariff = cm.range(0, 0.3, 0.1) }
    assert.equal(4, #runs)
    assert.near(26, runs.cost[0.3], 1e-12)
  end)

  it("checks every value before the first run", function()
    local ran = 0
    local s = cm.scenario{ name = "x", params = { a = { 1, max = 5 } }, run = function()
      ran = ran + 1
      return { b = ran }
    end }
    assert.equal("CM3002", (refusal(s.sweep, s, { a = { 1, 6 } })))
    assert.equal("CM3001", (refusal(s.sweep, s, { b = { 1 } })))
    assert.equal("CM3008", (refusal(s.sweep, s, { a = {} })))
    assert.equal("CM3003", (refusal(s.sweep, s, { a = cm.normal(1, 1) })))
    assert.equal(0, ran)
    assert.equal(1, #s:sweep{ a = 3 })
  end)

  it("refuses an output that bears the name of what varies", function()
    local s = cm.scenario{ name = "x", params = { a = 1 },
      run = function(p) return { a = p.a } end }
    assert.equal("CM3006", (refusal(s.sweep, s, { a = { 1, 2 } })))
  end)
end)

describe("a model", function()
  local learning
  setup(function()
    text.configure{ utf8 = true, columns = 100 }
    learning = assert(loadfile(core.home .. "/examples/models/learning.lua"))()
  end)
  teardown(function() text.configure{} end)

  it("makes scenarios", function()
    -- At a fall of a half, b = -1 and the cost is start / cumulative output; at a growth of one
    -- the cumulative output is 1, 3, 7.
    local r = learning{ start = 2, rate = 0.5, grow = 1, years = 2 }:run()
    assert.near(2, r.path.cost[0], 1e-12)
    assert.near(2 / 3, r.path.cost[1], 1e-12)
    assert.near(2 / 7, r.final, 1e-12)
    assert.equal(1, r.breakeven)
    assert.equal(math.huge, learning{ start = 9, years = 1 }:run().breakeven)
    assert.equal("learning 0.1", r.provenance.model)
    assert.equal("Wright (1936), progress ratio form", r.provenance.cite)
    assert.equal("learning", r.scenario)
  end)

  it("prints as the tutorial shows", function()
    local eth = learning{ name = "Ethiopia", start = 1.6, rate = 0.18 }
    assert.equal([[
scenario 'Ethiopia'
  parameter    value  unit  about
  grow        0.2500        yearly growth of output
  rate        0.1800        cost fall per doubling of cumulative output
  start       1.6000        unit cost in the host at the start, home = 1
  years      10.0000        horizon
result of 'Ethiopia'
  output       value
  breakeven   3.0000
  final       0.5467
  path       <table>
unit cost, home = 1
  year   cost
     0  1.600
     1  1.268
     2  1.091
     3  0.969
comparison
  output     Ethiopia  with training  change
  breakeven     3.000          2.000  -1.000
  final         0.547          0.337  -0.209]],
      table.concat({ tostring(eth), tostring(eth:run()), tostring(eth:run().path:top(4)),
        tostring(cm.compare{ eth, eth:with{ name = "with training", rate = 0.25 } }) }, "\n"))
  end)

  it("stands in the registry and checks what it is given", function()
    assert.equal(learning, cm.define.get("model", "learning"))
    assert.matches("^model 'learning' 0.1\n  A transferred plant", tostring(learning))
    assert.equal("CM3002", (refusal(learning, { rate = 0.6 })))
    assert.equal("CM3001", (refusal(learning, { rats = 0.6 })))
    assert.equal("CM3105", (refusal(function() learning.about = "x" end)))
    local model = cm.define.model{ name = "spec: open", about = "no default", params = {
      price = { min = 0, about = "price" } }, run = function(p) return { twice = 2 * p.price } end }
    assert.equal(6, model{ price = 3 }:run().twice)
    assert.equal("CM3004", (refusal(function() model{}:run() end)))
    assert.equal("CM3003", (refusal(model, { price = "3" })))
  end)
end)

describe("the same script", function()
  it("prints and saves the same bytes in every process", function()
    local script = os.tmpname()
    local file = io.open(script, "w")
    file:write [[
local cm = require "capmod"
local params, values = {}, {}
for i = 1, 20 do params["p" .. i], values["v" .. i] = i / 7, 1 / i end
local s = cm.scenario{ name = "many", params = params, run = function(p)
  local out = { total = 0 }
  for name, value in pairs(p) do out.total = out.total + value; out["of " .. name] = value end
  return out
end }
print(s) print(s:run()) print(s:sweep{ p1 = { 1, 2 }, p2 = { 1, 2 }, p3 = { 1, 2 } })
print(cm.compare{ s, s:with{ name = "b", p3 = 9 } })
local f = cm.frame{ rows = { values } }
print(f:columns()[3], f:unpivot{ names = "name", values = "x" }:sum "x")
local r = cm.random{ seed = 5 }
print(r:normal(), r:uniform(), r:integer(1, 1000))
]]
    file:close()
    local seen
    for _ = 1, 4 do
      local pipe = io.popen(("'%s/../../bin/capmod' run '%s' 2>&1"):format(core.home, script))
      local out = pipe:read "a"
      assert.is_true(pipe:close(), out)
      assert.equal(seen or out, out)
      seen = out
    end
    os.remove(script)
    assert.is_true(#seen > 2000)
  end)
end)

describe("the errors of scenarios", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm30") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), (refusal(assert(load(entry.example)))))
    end)
  end
end)
