local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local function nothing() end

describe("cm.define", function()
  it("has one form for every kind", function()
    assert.equal("chart classification group indicator method mode model reader rule writer",
      table.concat(cm.define.kinds(), " "))
    local rule = cm.define.rule{ name = "spec: one", about = "a rule", cite = "Shapley 1953",
      divide = nothing }
    assert.equal("spec: one", rule.name)
    assert.equal("rule", rule.kind)
    assert.equal("Shapley 1953", rule.cite)
    assert.equal("rule 'spec: one': a rule", tostring(rule))
    assert.equal(rule, cm.define.get("rule", "spec: one"))
  end)

  it("lists what is defined by name, whatever the order it came in", function()
    for _, name in ipairs{ "spec: c", "spec: a", "spec: b" } do
      cm.define.indicator{ name = name, about = "x", compute = nothing }
    end
    local names = {}
    for _, made in ipairs(cm.define.registry "indicator") do
      if made.name:find "^spec:" then names[#names + 1] = made.name end
    end
    assert.same({ "spec: a", "spec: b", "spec: c" }, names)
  end)

  it("names the kind that was meant", function()
    local number, message = refusal(function() return cm.define.indicater end)
    assert.equal("CM3101", number)
    assert.matches("did you mean 'indicator'?", message, 1, true)
    assert.equal("CM3101", (refusal(cm.define.registry, "cheese")))
  end)

  it("reports all that is missing, with the form to fill in", function()
    local number, message = refusal(cm.define.writer, { name = "w" })
    assert.equal("CM3102", number)
    assert.matches("'about'", message)
    assert.matches("'endings'", message)
    assert.matches("cm.define.writer{ name = ..., about = ..., endings = ..., "
      .. "write = function(...) ... end }", message, 1, true)
  end)

  it("refuses unknown fields and wrong kinds of values", function()
    assert.equal("CM1001", (refusal(cm.define.rule,
      { name = "r", about = "a", divide = nothing, dvide = 1 })))
    assert.equal("CM1003", (refusal(cm.define.rule, { name = "r", about = "a", divide = 7 })))
    assert.equal("CM1003", (refusal(cm.define.rule, "r")))
  end)

  it("refuses a name twice unless it is meant", function()
    cm.define.mode{ name = "spec: twice", about = "first", apply = nothing }
    local again = { name = "spec: twice", about = "second", apply = nothing }
    assert.equal("CM3103", (refusal(cm.define.mode, again)))
    local own = { name = "shapley", about = "taken", divide = function() end, replace = true }
    assert.equal("CM3103", (refusal(cm.define.rule, own)))
    for _, name in ipairs{ "EXGR_DVA", "exgr_dvash", "EXGR_BSCI" } do
      assert.equal("CM3103", (refusal(cm.define.indicator, { name = name, about = "taken",
        compute = nothing })))
    end
    for _, name in ipairs{ "wwz", "tiva" } do
      assert.equal("CM3103", (refusal(cm.define.method, { name = name, about = "taken",
        decompose = nothing })))
    end
    assert.equal("first", cm.define.get("mode", "spec: twice").about)
    cm.define.mode{ name = "spec: twice", about = "second", apply = nothing, replace = true }
    assert.equal("second", cm.define.get("mode", "spec: twice").about)
  end)

  it("lets m:decompose take a method of one's own", function()
    local function answer(title)
      return function(table_, question)
        return cm.frame{ title = ("%s of %s"):format(title, question.exporter), keys = { "term" },
          rows = { { term = "all", value = table_.x:sum() } } }
      end
    end
    cm.define.method{ name = "spec: mine", about = "own", decompose = answer "mine" }
    local world = cm.data.world
    local f = world:decompose{ exporter = "CHN", method = "spec: mine" }
    assert.equal(world.x:sum(), f:get{ term = "all" }.value)
    assert.matches("mine of CHN", tostring(f))
    assert.matches("CM1004", tostring(select(2, pcall(world.decompose, world, { exporter = "CHN",
      method = "spec: mien" }))))
    cm.define.method{ name = "spec: number", about = "own", decompose = function() return 3 end }
    local number, message = refusal(world.decompose, world, { method = "spec: number" })
    assert.equal("CM1003", number)
    assert.matches("method 'spec: number'", message, 1, true)
  end)

  it("lets a file be loaded again", function()
    local code = "local cm = require 'capmod'\n"
      .. "return cm.define.chart{ name = 'spec: again', about = ..., "
      .. "draw = function() end }"
    local chunk = load(code, "@again.lua")
    chunk "first"
    assert.equal("second", chunk("second").about)
    assert.equal("second", cm.define.get("chart", "spec: again").about)
  end)

  it("gives the same name to different kinds", function()
    cm.define.rule{ name = "spec: both", about = "a rule", divide = nothing }
    cm.define.chart{ name = "spec: both", about = "a chart", draw = nothing }
    assert.equal("a rule", cm.define.get("rule", "spec: both").about)
  end)

  it("adds a way to save frames", function()
    cm.define.writer{ name = "spec: lines", about = "one number a line", endings = { "nums" },
      write = function(frame) return table.concat(frame:column "v", "\n") end }
    local path = os.tmpname() .. ".nums"
    cm.frame{ columns = { v = { 1, 2, 3 } } }:save(path)
    local file = io.open(path)
    assert.equal("1\n2\n3", file:read "a")
    file:close()
    os.remove(path)
  end)
end)

describe("the errors of definitions", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm31") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), (refusal(assert(load(entry.example)))))
    end)
  end
end)
