local core = require "capmod.core"
local refused = dofile "tests/support/refusal.lua"

local function refusal(...) return select(3, refused(...)) end

local path

local function write(text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

describe("core.text", function()
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("gives headings, labels and one matrix", function()
    write '"Country, long",a,b\nAUS,1.5,-2e3\n"New ""Z""",.25,4\n'
    local text = core.text{ path = path, header_rows = 1, label_cols = 1 }
    assert.same({ "Country, long", "a", "b" }, text:header(1))
    assert.same({ "AUS", 'New "Z"' }, text:labels(1))
    assert.equal(",", text:delimiter())
    local numbers = text:numbers()
    assert.equal(2, numbers:rows())
    assert.equal(2, numbers:cols())
    assert.equal(-2000, numbers:get(1, 2))
    assert.equal(0.25, numbers:get(2, 1))
    assert.is_nil((text:blank()))
  end)

  it("keeps the numbers when the text is gone", function()
    write "1,2\n3,4\n"
    local numbers
    do
      local text <close> = core.text{ path = path }
      numbers = text:numbers()
    end
    collectgarbage()
    assert.equal(10, numbers:sum())
  end)

  it("reads blanks as it is told", function()
    write "1;\n;4\n"
    assert.equal(5, core.text{ path = path, blank = "zero" }:numbers():sum())
    local numbers = core.text{ path = path, blank = "nan" }:numbers()
    assert.are_not.equal(numbers:get(1, 2), numbers:get(1, 2))
    assert.same({ 1, 2 }, { core.text{ path = path, blank = "zero" }:blank() })
    assert.equal("CM5003", refusal(core.text, { path = path }).number)
  end)

  it("says which cell of which file is wrong", function()
    write "h,a,b\nx,1,2\ny,3,4..5\n"
    local e = refusal(core.text, { path = path, header_rows = 1, label_cols = 1 })
    assert.equal("CM5003", e.number)
    assert.equal(3, e.row)
    assert.equal(3, e.col)
    assert.equal(path, e.path)
    assert.matches("'4..5' is not a number (row 3, column 3 of " .. path, tostring(e), 1, true)
  end)

  it("refuses options that make no sense", function()
    write "1\n"
    assert.has_error(function() core.text{} end)
    assert.has_error(function() core.text{ path = path, header_rows = -1 } end)
    assert.has_error(function() core.text{ path = path, delimiter = ",," } end)
    assert.has_error(function() core.text{ path = path, blank = "none" } end)
    assert.equal("CM1301", refusal(core.text, { path = path, delimiter = "5" }).number)
    local text = core.text{ path = path }
    assert.has_error(function() text:header(1) end)
    assert.has_error(function() text:labels(1) end)
  end)

  it("reports progress and can be stopped", function()
    write(("1,2,3\n"):rep(100000))
    local calls = 0
    core.progress(function(what, done, total)
      calls = calls + 1
      assert(what == "reading" and done <= total)
      if done > total / 2 then return false end
    end)
    local e = refusal(core.text, { path = path })
    core.progress(nil)
    assert.equal("CM6003", e.number)
    assert.is_true(calls > 1)
  end)

  it("leaves nothing behind", function()
    write "1,2\n3,x\n"
    collectgarbage()
    collectgarbage()
    local _, blocks = core.memory()
    for _ = 1, 10 do refusal(core.text, { path = path }) end
    core.peek(path, 5)
    collectgarbage()
    collectgarbage()
    local _, after = core.memory()
    assert.equal(blocks, after)
  end)
end)

describe("core.peek", function()
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("gives the first lines as fields", function()
    write "a;b\n1;2;3\nlast\n"
    assert.same({ { "a", "b" }, { "1", "2", "3" } }, core.peek(path, 2))
    assert.same(3, #core.peek(path, 10))
    assert.same({ { "a;b" } }, core.peek(path, 1, ","))
  end)

  it("names the file that is not there", function()
    local e = refusal(core.peek, "nowhere.csv", 1)
    assert.equal("CM5001", e.number)
    assert.equal("nowhere.csv", e.path)
  end)
end)

describe("the errors of files", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm50") do
    it(("CM%d is what its example provokes"):format(number), function()
      assert.equal(("CM%d"):format(number), refusal(assert(load(entry.example))).number)
    end)
  end
end)
