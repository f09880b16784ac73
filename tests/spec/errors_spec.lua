local errors = require "capmod.errors"

describe("errors", function()
  it("carry the number, the line of the script and the fix", function()
    local ok, e = pcall(errors.raise, 1101,
      { message = "unknown country 'Koera'", fix = "did you mean KOR?" })
    assert.is_false(ok)
    assert.equal("CM1101", e.number)
    assert.is_true(errors.is(e, 1101))
    assert.is_false(errors.is(e, 1102))
    assert.matches("unknown country 'Koera'\n  fix:   did you mean KOR%?\n"
      .. "  more:  capmod explain CM1101", tostring(e))
  end)

  it("blame the script, not capmod", function()
    local script = load(
      "require('capmod.args').check('thing', { b = 1 }, { a = { 'number' } })\n", "@script.lua")
    local _, e = pcall(script)
    assert.equal("script.lua", e.file)
    assert.equal(1, e.line)
  end)

  it("name the line of a script that ends in the call", function()
    local load = require "capmod.load"
    for _, code in ipairs{ "\n\nreturn cm.country 'Koera'",
      "#!capmod\n\n\treturn cm.country 'Koera'",
      "\xEF\xBB\xBF\nlocal f = function(x) return cm.country(x) end\nreturn f 'Koera'" } do
      local ok, e = pcall(load.text(code, "@script.lua", { cm = require "capmod" }))
      assert.same({ false, "script.lua", 3 }, { ok, e.file, e.line })
    end
  end)

  it("tell a verb that was called with a dot", function()
    local cm = require "capmod"
    local scenario = cm.scenario{ name = "s", params = {}, run = function() return {} end }
    for noun, call in cm.each{
      chain = function() cm.data.us_car.decompose{ by = "country" } end,
      frame = function() cm.data.us_car:decompose().top(3) end,
      scenario = function() scenario.run() end,
      table = function() cm.data.world.check() end,
      unit = function() cm.unit "USD bn".to "USD mn" end,
    } do
      local _, e = pcall(call)
      assert.is_true(errors.is(e, 1003), noun)
      assert.matches("write a colon: " .. noun .. ":verb", tostring(e), 1, true)
    end
    local _, e = pcall(function() cm.data.world.L.T() end)
    assert.matches("error CM1003: T: argument 1 is missing; a Matrix is due\n  fix:   write a "
      .. "colon", tostring(e))
  end)

  it("of one check come together", function()
    local _, e = pcall(function()
      require("capmod.args").check("thing", { nmae = "x", size = "big" },
        { name = { "string", required = true }, size = { "number" } })
    end)
    assert.equal(3, #e.findings)
    assert.matches("did you mean 'name'", tostring(e))
    assert.matches("'size' is a string, not a number", tostring(e))
  end)

  it("of capmod itself ask to be reported, with the whole trace", function()
    local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
    local program = dofile(folder .. "/../support/program.lua")
    local status, _, err = program.run("-e", "cm.help.find(nil)")
    assert.equal(1, status)
    assert.matches("^%(command line%):1: error CM9001: a fault in capmod: .*help.lua:%d+:", err)
    assert.matches("please report it", err)
    assert.matches("stack traceback:\n.*help.lua:%d+: in", err)
  end)

  describe("suggestions", function()
    it("know swapped neighbours", function()
      assert.equal("Korea", errors.suggest("Koera", { "Kenya", "Korea", "Eritrea" }))
    end)
    it("do not guess wildly", function()
      assert.is_nil(errors.suggest("zebra", { "Kenya", "Korea" }))
      assert.is_nil(errors.suggest(7, { "Kenya" }))
    end)
  end)
end)
