--- Coalitions placed by several processes: the same bytes, the same errors, and what Ctrl-C leaves.

local cm = require "capmod"
local core = require "capmod.core"
local jobs = require "capmod.jobs"

local MEMBERS = { "CHN", "VNM", "KEN", "ETH", "FRA" }

--- A chain that has to be branched on: places are paid for once, what moves pays freight.
local function hard()
  local r, stages, places = cm.random{ seed = 3 }, {}, {}
  for k = 1, 9 do
    local at, adds = {}, {}
    for _, p in ipairs(MEMBERS) do
      if k == 1 or r:uniform() < 0.8 then at[#at + 1], adds[p] = p, r:integer(10, 60) end
    end
    stages[k] = { "s" .. k, at = at, adds = adds, class = k % 2 == 0 and "x" or "y",
      uses = k > 3 and { "s" .. r:integer(1, k - 2), "s" .. k - 1 }
        or k > 1 and "s" .. k - 1 or nil }
  end
  for _, p in ipairs(MEMBERS) do
    places[p] = { setup = { x = r:integer(60, 240), y = r:integer(60, 240) } }
  end
  return cm.chain{ name = "hard", stages = stages, places = places }
end

local function deal(t)
  local given = { chain = hard(), members = MEMBERS, price = 5000, trade = { freight = 0.1 } }
  for field, value in pairs(t or {}) do given[field] = value end
  return cm.cooperation(given)
end

local function process() -- which one this is
  local file <close> = io.open "/proc/self/stat"
  return file:read "n"
end

describe("a list in several processes", function()
  local list = {}
  for k = 1, 50 do list[k] = k end

  it("is taken whole, whatever a process does", function()
    local here, got = process(), {}
    jobs.map(list, 3, function(k)
      if k % 20 == 7 and process() ~= here then os.exit(9) end
      return (k .. "\0"):rep(k)
    end, function(k, text) got[k] = text end)
    for k = 1, 50 do assert.equal((k .. "\0"):rep(k), got[k]) end
  end)

  it("fails as one alone does: with what it raises first", function()
    for _, count in ipairs{ 1, 2, 7 } do
      local ok, err = pcall(jobs.map, list, count, function(k)
        if k >= 11 then error({ at = k }) end
        return ""
      end, function(k) assert.is_true(k < 11) end)
      assert.is_false(ok)
      assert.same({ at = 11 }, err)
    end
  end)
end)

describe("coalitions in several processes", function()
  after_each(function() core.progress(nil) end)

  it("have the same worths, to the byte, and the same stages done by whom", function()
    local one = deal()
    local worths = one:coalitions()
    local different = {}
    for _, count in ipairs{ 2, 3, 40 } do
      local several = deal{ jobs = count }
      assert.equal(tostring(one:divide()), tostring(several:divide()))
      local found = several:coalitions()
      for k = 1, 31 do
        assert.equal(worths[k].worth, found[k].worth)
        different[worths[k].worth] = true
      end
    end
    local count = 0
    for _ in pairs(different) do count = count + 1 end
    assert.is_true(count > 5)
  end)

  it("say how far they are", function()
    local seen = {}
    core.progress(function(what, done, total)
      if what == "coalitions" then seen[#seen + 1] = { done, total } end
    end)
    deal{ jobs = 2 }
    assert.equal(30, #seen) -- all members were placed before
    assert.same({ 31, 31 }, seen[30])
  end)

  it("keep what was placed when they are interrupted", function()
    local exact = deal():coalitions()
    for _, count in ipairs{ 1, 2 } do
      core.progress(function(what, done) return not (what == "coalitions" and done >= 9) end)
      local stopped = deal{ jobs = count }
      core.progress(nil)
      local found = stopped:coalitions()
      local known = 0
      for k = 1, 31 do
        assert.is_true(found[k].low <= exact[k].worth and exact[k].worth <= found[k].high)
        known = known + (found[k].low == found[k].high and 1 or 0)
      end
      assert.is_true(known >= 9)
      assert.matches("stopped: 9 of 31 coalitions were placed, the others lie between smaller and "
        .. "larger ones", tostring(stopped:divide()), 1, true)
    end
  end)

  it("are refused where nothing is placed, or in no number", function()
    for _, given in ipairs{ { jobs = 0 }, { jobs = 2000 }, { jobs = 1.5 } } do
      local ok, err = pcall(deal, given)
      assert.is_false(ok)
      assert.matches("jobs", tostring(err))
    end
    local ok, err = pcall(cm.cooperation, { members = { "A" }, worth = { A = 1 }, jobs = 2 })
    assert.is_false(ok)
    assert.equal("CM1004", err.number)
  end)
end)
