local cm = require "capmod"
local errors = require "capmod.errors"

local function refusal(source)
  local ok, e = pcall(cm.grid, source)
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  return e
end

describe("a grid", function()
  it("is a labelled matrix", function()
    local m = cm.grid[[           USA.C29 KOR.C29
        USA.C29      10     4.5
        KOR.C29      -2     1e3  ]]
    assert.same({ { 10, 4.5 }, { -2, 1000 } }, m:list())
    assert.same({ "USA.C29", "KOR.C29" }, m:labels "row")
    assert.same({ "USA.C29", "KOR.C29" }, m:labels "col")
    assert.equal(-2, m{ from = "KOR.C29", to = "USA.C29" })
  end)

  it("may have blank lines, comments, tabs and signs", function()
    local m = cm.grid "\n  -- flows\n\ta  b--c -- two\r\n\n x\t+.5  -3. -- end\n"
    assert.same({ { .5, -3 } }, m:list())
    assert.same({ "a", "b--c" }, m:labels "col")
  end)

  it("with nothing in it is refused", function()
    for _, source in ipairs{ "", "  \n -- only this", "USA KOR" } do
      assert.equal("CM1701", refusal(source).number)
    end
  end)

  it("names line and column of what is no number", function()
    local e = refusal " a b\n x 1 2\n é 1,5 3"
    assert.equal("CM1703", e.number)
    assert.equal(3, e.row)
    assert.equal(4, e.col) -- in characters, not bytes
    assert.matches("grid, line 3, column 4: '1,5' is not a number", e.message, 1, true)
    for _, word in ipairs{ "0x10", "nan", "inf", "-", "1e", "1.2.3", "12%" } do
      assert.equal("CM1703", refusal(" a\n x " .. word).number, word)
    end
  end)

  it("names rows that are too long or too short", function()
    local e = refusal " a b\n x 1 2 3"
    assert.equal("CM1702", e.number)
    assert.equal(8, e.col)
    assert.matches("row 'x' has 3 numbers for 2 columns", e.message, 1, true)
    assert.equal("CM1702", refusal(" a b\n x 1").number)
    assert.equal("CM1702", refusal(" a b\n x").number)
  end)

  it("refuses labels that stand twice", function()
    assert.equal("CM1704", refusal(" a a\n x 1 2").number)
    local e = refusal " a\n x 1\n y 2\n x 3"
    assert.equal("CM1704", e.number)
    assert.matches("row 'x' stands in line 2 already", e.message, 1, true)
  end)

  it("reports all that is wrong at once", function()
    local e = refusal " a b\n x 1 one\n y 1"
    assert.equal(2, #e.findings)
    assert.equal("CM1703", e.findings[1].number)
    assert.equal("CM1702", e.findings[2].number)
  end)

  it("is text and nothing else", function()
    assert.equal("CM1003", refusal({}).number)
  end)
end)
