--- The method of a placement chosen by name: each that fits finds the optimum, counted by hand, and
--- each that does not is refused with what to do instead; and what a search says on the way.

local cm = require "capmod"
local core = require "capmod.core"
local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"
local program = dofile(folder .. "/../support/program.lua")
local random = require "capmod.random"

local placements = dofile "tests/support/placements.lua"

local function chain(more)
  local given = { name = "radio", market = "USA", stages = {
    { "chips", at = { "CHN", "MEX" }, adds = { CHN = 20, MEX = 23 } },
    { "case", at = { "CHN", "MEX" }, adds = { CHN = 5, MEX = 4 } },
    { "assembly", at = { "CHN", "MEX" }, adds = { CHN = 8, MEX = 9 }, uses = { "chips", "case" } },
  } }
  for key, value in pairs(more or {}) do given[key] = value end -- any order
  return cm.chain(given)
end

--- Costs add up, and are 20 + 4 + 8 where nothing is in the way.
local FREE = 32

local function refused(c, t)
  local ok, e = pcall(c.locate, c, t)
  assert.is_false(ok)
  return tostring(e)
end

describe("locate by a method", function()
  it("finds the optimum by each that fits, and says by which", function()
    for _, form in ipairs{ "tight", "compact" } do
      local plan = chain():locate{ form = form }
      assert.same({ "optimal", "CBC" }, { plan.status, plan.method })
      assert.near(FREE, plan.cost, 1e-6)
    end
    for method, name in pairs{ dynamic = "dynamic programming", junction = "junction tree",
      branch = "Lagrangian branch and bound", program = "CBC" } do -- any order
      local plan = chain():locate{ method = method }
      assert.equal("optimal", plan.status)
      assert.equal(name, plan.method)
      assert.near(FREE, plan.cost, 1e-9)
    end
  end)

  it("keeps rules and what is not parted by each that can", function()
    local whole = { colocate = { "chips", "assembly" } } -- 20 + 4 + 8, or 23 + 4 + 9 in Mexico
    for _, method in ipairs{ "junction", "branch", "program" } do
      assert.near(FREE, chain(whole):locate{ method = method }.cost, 1e-9)
      assert.near(36, chain(whole):with{ ["adds.chips.CHN"] = 30 }:locate{ method = method }.cost,
        1e-9)
    end
    for _, method in ipairs{ "branch", "program" } do
      local plan = chain():locate{ method = method, subject = { ["value.MEX"] = { min = 12 } } }
      assert.near(33, plan.cost, 1e-6) -- case and assembly: 20 + 4 + 9
      assert.near(36, chain():locate{ method = method, maximise = "value.MEX" }.objective, 1e-6)
      local none = chain():locate{ method = method, subject = { cost = { max = 30 } } }
      assert.equal("infeasible", none.status)
      assert.same({ "cost at most 30" }, none.conflict)
    end
  end)

  it("exchanges with CBC what branch and bound leaves", function()
    local stream = random{ seed = 42, stream = "exchange" }
    local function draw() return stream:uniform() end
    local helped = 0
    for _ = 1, 20 do
      local t = placements.problem({ dag = true, facility = true, rule = true, stages = 5 }, draw)
      local p = core.locate(t)
      local with = p:solve{ method = "branch", exchange = true }
      local without = p:solve{ method = "branch", exchange = false }:figures()
      local kept = p:solve{ method = "branch", exchange = true, record = true }:figures()
      local f = with:figures()
      assert.equal(without.status, f.status)
      if f.objective then
        assert.near(without.objective, f.objective, 2e-6 * math.abs(f.objective))
        assert(f.certified <= f.bound and f.bound <= without.objective + 1e-9)
      end
      assert.equal("Lagrangian branch and bound", without.method)
      assert.equal("Lagrangian branch and bound", kept.method)
      if f.method == "Lagrangian branch and bound, CBC" then helped = helped + 1 end
      local again = p:solve{ method = "branch", exchange = true }
      assert.same(with:choice(p) or "none", again:choice(p) or "none")
      assert.equal(f.bound, again:figures().bound)
    end
    assert(helped > 5, helped)
  end)

  it("asks the plan further by it", function()
    local by = {}
    for k, method in ipairs{ "branch", "program" } do
      local plan = chain():locate{ method = method, subject = { ["value.MEX"] = { min = 12 } } }
      by[k] = { tostring(plan:why "chips"), tostring(plan:alternatives{ within = 0.2 }),
        tostring(plan:range "adds.chips.CHN") }
    end
    assert.same(by[1], by[2])
    assert.truthy(by[1][1]:find("35.00", 1, true)) -- Mexico's chips: 23 + 4 + 8
  end)

  it("refuses one that does not fit, with what to do", function()
    local rule = { ["value.MEX"] = { min = 12 } }
    for method, fix in pairs{ dynamic = "junction", junction = "branch" } do -- any order
      local said = refused(chain(), { method = method, subject = rule })
      assert.truthy(said:find("CM2048", 1, true), said)
      assert.truthy(said:find("'radio' is not placed by method = \"" .. method, 1, true), said)
      assert.truthy(said:find("method = \"" .. fix, 1, true), said)
    end
    local duty = chain{ trade = { freight = 0.1, tariff = { USA = 0.2 } } }
    assert.truthy(refused(duty, { method = "program" }):find("CM2048", 1, true))
  end)

  it("refuses what is no method, and a solver or a form without a program", function()
    local said = refused(chain(), { method = "brnch" })
    assert.truthy(said:find("CM1004", 1, true), said)
    assert.truthy(said:find("did you mean 'branch'?", 1, true), said)
    said = refused(chain(), { method = "branch", solver = "highs" })
    assert.truthy(said:find("CM1004", 1, true) and said:find("has no other solver", 1, true), said)
    said = refused(chain(), { method = "branch", form = "tight" })
    assert.truthy(said:find("CM1004", 1, true) and said:find("has no form", 1, true), said)
    said = refused(chain(), { method = "junction", exchange = true })
    assert.truthy(said:find("has nothing to exchange", 1, true), said)
    assert.truthy(refused(chain{ trade = { freight = 0.1, tariff = { USA = 0.2 } } },
      { exchange = true }):find("is not placed by exchange = true: costs that compound", 1, true))
    said = refused(chain(), { exchange = true, certificate = true })
    assert.truthy(said:find("no certificate", 1, true), said)
    said = refused(chain(), { method = "program", form = "compct" })
    assert.truthy(said:find("did you mean 'compact'?", 1, true), said)
    said = refused(chain(), { solver = "./no/such/highs" })
    assert.truthy(said:find("CM4102", 1, true), said)
  end)

  it("says plan, bound and gap on the way, where costs compound", function()
    local stream, at, stages = random{ seed = 5, stream = "far" }, { "CHN", "ETH", "USA" }, {}
    for k = 1, 10 do
      local adds = {}
      for _, place in ipairs(at) do adds[place] = 4 + 4 * stream:uniform() end
      stages[k] = { "s" .. k, at = at, adds = adds, class = "c" .. k % 3,
        uses = k > 1 and { "s" .. k - 1, k > 3 and "s" .. k - 3 or nil } or nil }
    end
    local setup = { c0 = 300, c1 = 400, c2 = 500 }
    local web = cm.chain{ name = "web", market = "USA", volume = 10, stages = stages, places = {
      CHN = { setup = setup }, ETH = { setup = setup }, USA = { setup = setup } } }
    local said = {}
    core.progress(function(what)
      local best, bound, gap = what:match "^placing: best (%S+), bound (%S+), gap (%S+) %%"
      if best then said[#said + 1] = { tonumber(best), tonumber(bound), tonumber(gap) } end
    end)
    local plan = web:locate{ trade = { freight = 0.06, tariff = { USA = 0.1 } } }
    core.progress(nil)
    assert.equal("branch and bound", plan.method)
    assert.equal("optimal", plan.status)
    assert(#said > 3, #said)
    for k, one in ipairs(said) do
      local best, bound, gap = table.unpack(one)
      assert(bound <= plan.cost * (1 + 1e-5) and plan.cost <= best * (1 + 1e-5))
      assert.near(100 * (best - bound) / best, gap, 0.01)
      assert(k == 1 or best <= said[k - 1][1] and bound >= said[k - 1][2])
    end
  end)
end)

describe("a search by branch and bound", function()
  it("takes a seed: the same gives the same plan, another one as good", function()
    local c = chain()
    for _, seed in ipairs{ 0, 1, 12345678901 } do
      local asked = { method = "branch", seed = seed, subject = { ["value.MEX"] = { min = 12 } } }
      assert.near(33, c:locate(asked).cost, 1e-6)
      assert.equal(tostring(c:locate(asked)), tostring(c:locate(asked)))
    end
    for _, seed in ipairs{ -1, 0.5, "x" } do
      assert.matches("seed", refused(c, { seed = seed }), 1, true)
    end
  end)

  it("takes threads, and refuses what is no number of them", function()
    for _, threads in ipairs{ 1, 2, 4 } do
      local plan = chain():locate{ method = "branch", threads = threads,
        subject = { ["value.MEX"] = { min = 12 } } }
      assert.near(33, plan.cost, 1e-6)
    end
    for _, threads in ipairs{ 0, -2, 1.5, 1e9, "two" } do
      assert.matches("threads", refused(chain(), { threads = threads }), 1, true)
    end
  end)

  --- Sites with a capacity and customers, drawn; a script for a process of its own, whose memory
  --- ends: `room` bytes are left when the search begins.
  local SCRIPT = [[
    local core, random = require "capmod.core", require "capmod.random"
    local draw, n, m = random{ seed = 4 }, 40, 20
    local t = { places = m, operators = 1, count = {}, place = {}, operator = {}, cost = {},
      facilities = { fixed = {}, capacity = {} }, needs = { option = {}, facility = {},
      volume = {} }, measures = { weight = { 1 }, lower = { -math.huge }, upper = { math.huge } } }
    for f = 1, m do
      t.facilities.fixed[f], t.facilities.capacity[f] = draw:uniform(9, 12), draw:uniform(4, 6)
    end
    for s = 1, n do
      t.count[s] = m
      local size = draw:uniform(0.5, 1.5)
      for f = 1, m do
        local o = (s - 1) * m + f
        t.place[o], t.operator[o], t.cost[o] = f, 1, draw:uniform(1, 5)
        t.needs.option[o], t.needs.facility[o], t.needs.volume[o] = o, f, size
      end
    end
    local p = core.locate(t)
    t = nil
    collectgarbage()
    local fill = {}
    while select(4, core.memory()) - core.memory() > tonumber(arg[1]) do
      fill[#fill + 1] = ("x"):rep(20000)
    end
    local found = p:solve{ method = "branch", gap = 1e-9, nodes = 5000, record = true }
    local f = found:figures()
    print(f.status, f.stop, f.objective, f.bound, found:record() ~= nil, #fill > 0)
  ]]

  it("keeps plan and bound where memory ends, without a record", function()
    local path, found = program.file(SCRIPT), {}
    for k, room in ipairs{ 9e7, 4.5e5 } do
      local status, out, err = program.run("run", "--memory", "120M", path, ("%d"):format(room))
      assert.same({ 0, "" }, { status, err })
      found[k] = {}
      for word in out:gmatch "%S+" do found[k][#found[k] + 1] = tonumber(word) or word end
    end
    local whole, cut = found[1], found[2]
    assert.same({ "optimal", "nil", "true" }, { whole[1], whole[2], whole[5] })
    assert.same({ "stopped", "memory", "false" }, { cut[1], cut[2], cut[5] })
    assert(cut[4] <= whole[3] + 1e-6 and whole[3] <= cut[3] + 1e-6)
    assert(cut[4] > 0.9 * whole[3])
  end)

  it("says what ended it", function()
    local solving = require "capmod.plan.solving"
    assert.equal("stopped by memory", solving.status{ status = "stopped", stop = "memory" })
    assert.equal("unknown, stopped by time", solving.status{ status = "unknown", stop = "time" })
    assert.equal("optimal", solving.status{ status = "optimal" })
    assert.is_nil(chain():locate().stop)
  end)
end)
