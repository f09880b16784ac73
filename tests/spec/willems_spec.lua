--- Chains in the layout of Willems (2008): a small one of our own, and the published ones.
local cm = require "capmod"
local errors = require "capmod.errors"

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local small = here .. "../fixtures/read/willems_small.csv"
local shared = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared")
  .. "/data/supplychain/willems2008/"

local function lines_of(path)
  local list = {}
  for line in io.lines(path) do list[#list + 1] = line end
  return list
end

--- What reading the small chain says when one of its lines is another.
local function changed(row, line, where)
  local lines, path = lines_of(small), os.tmpname()
  lines[row] = line
  local file <close> = assert(io.open(path, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:flush()
  local ok, e = pcall(cm.read, path)
  os.remove(path)
  if where == nil then return ok, e end
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  assert.equal(where, ("%s %s %s"):format(e.number, e.row, e.col))
  return e.message
end

describe("a chain of Willems (2008)", function()
  it("is recognised and read", function()
    local c = cm.read(small)
    assert.equal("willems_small.csv", c.name)
    assert.equal("USD", c.unit)
    local f = c:stages()
    assert.same({ 40, 40, 30, 30, 10 }, { f.times.Bolt, f.times.Frame, f.times["Paint, red"],
      f.times["Shop A"], f.times["Shop B"] })
    -- 20 + 4 + 2 days through shop B; the paint takes 0.25 x 4 + 0.75 x 8 = 7
    f = c:schedule()
    assert.same({ 26, 7 }, { f.finish["Shop B"], f.finish["Paint, red"] })
    assert.near(40 * 10.5 + 30 * 3 + 10 * 3, c:summary().value["value added"], 1e-9)
    assert.equal("Part", c:stages().sector.Bolt)
    assert.matches("Willems", c.source)
    assert.equal("mine", cm.read{ small, as = "willems2008", name = "mine" }.name)
  end)

  it("says which row and column is wrong", function()
    assert.matches("'ten' where a number", changed(8, "1,,,,Manuf,ten,Frame,4,,,,", "CM5103 8 6"))
    changed(8, "1,,,,Manuf,-10,Frame,4,,,,", "CM5103 8 6")
    assert.matches("without a cost", changed(8, "1,,,,Manuf,,Frame,4,,,,", "CM5103 8 6"))
    assert.matches("without a time", changed(8, "1,,,,Manuf,10,Frame,,0.5,3,,", "CM5103 8 8"))
    assert.matches("second time", changed(8, "1,,,,Manuf,10,Bolt,4,,,,", "CM5103 8 7"))
    assert.matches("no line describes the stage 'Frame'",
      changed(8, "1,,,,Manuf,10,Farme,4,,,,", "CM5103 3 3"))
    assert.matches("comes a second time", changed(6, "1,Frame,Shop A,,,,,,,,,", "CM5103 6 2"))
    assert.matches("one end only", changed(6, "1,Frame,,,,,,,,,,", "CM5103 6 3"))
    assert.matches("not both", changed(6, "1,Frame,Shop A,,,1,x,1,,,,", "CM5103 6 7"))
    assert.matches("neither", changed(6, "1,,,,,,,,,,,", "CM5103 6 7"))
    assert.matches("no column is headed '/stages/stage/@stageTime'",
      changed(2, (lines_of(small)[2]:gsub("@stageTime", "@stageTimes")), "CM5103 2 nil"))
  end)

  it("names a circle", function()
    local ok, e = changed(6, "1,Shop A,Bolt,,,,,,,,,")
    assert.is_false(ok)
    assert.equal("CM2003", e.number)
    assert.matches("Bolt -> Shop A -> Frame -> Bolt", e.message, 1, true)
  end)

  -- Willems (2008), table 1: chain 1 has 8 stages and 10 arcs, chain 38 has 2,025 and 16,225.
  local published = { ["01"] = { 8, 10 }, ["38"] = { 2025, 16225 } }
  for _, number in ipairs{ "01", "02", "03", "04", "05", "06", "07", "08", "10", "12", "14", "16",
    "18", "20", "22", "24", "26", "28", "30", "32", "34", "36", "38" } do
    it("reads and sums up number " .. number, function()
      local path = shared .. number .. ".csv"
      local file = io.open(path)
      if not file then return pending("needs " .. path .. " (set CAPMOD_SHARED)") end
      file:close()
      local f = cm.read(path):summary()
      -- every line after the two of headings is a stage or an arc
      assert.equal(#lines_of(path) - 2, f.value.stages + f.value.links)
      if published[number] then
        assert.same(published[number], { f.value.stages, f.value.links })
      end
    end)
  end
end)
