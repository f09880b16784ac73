--- Near-by rules: which places of two stages go together. In the engine against enumeration, by
--- every method and with certificates; in chains against all layouts that keep the rules as they
--- are written out here.

local cm = require "capmod"
local core = require "capmod.core"
local certificate = require "capmod.plan.certificate"
local inside = require "capmod.plan".of
local program = require "capmod.plan.program"
local random = require "capmod.random"

local placements = dofile "tests/support/placements.lua"

local function number(f, ...)
  local ok, err = pcall(f, ...)
  assert.is_false(ok)
  return err.number, err.message
end

-- ---- the engine ---------------------------------------------------------------------------------

local KINDS = {
  { "sums", { tie = true }, { "junction", "branch", "program" } },
  { "sums with a join", { tie = true, join = true, dag = true }, { "junction", "branch",
    "program" } },
  { "facilities and rules", { tie = true, dag = true, facility = true, rule = true },
    { "branch", "program" } },
  { "costs that compound", { tie = true, compounding = true }, { "junction", "branch" } },
  { "compounding with a join", { tie = true, compounding = true, join = true, dag = true },
    { "auto", "junction", "branch" } },
  { "aggregates", { tie = true, compounding = true, aggregate = true }, { "junction", "branch" } },
  { "rules, compounding", { tie = true, compounding = true, facility = true, rule = true,
    join = true }, { "branch" } },
}

local function checked(t, p, plan)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write(certificate.text(t, p, plan, {}))
  file:close()
  local report = cm.verify(path)
  os.remove(path)
  return report
end

describe("ties of stages", function()
  for _, entry in ipairs(KINDS) do
    it("find what enumeration finds: " .. entry[1], function()
      local stream, solved, none = random{ seed = 5, stream = entry[1] }, 0, 0
      for _ = 1, 40 do
        local t = placements.problem(entry[2], function() return stream:uniform() end)
        local p = core.locate(t)
        local best = placements.enumerate(p, t)
        if best == math.huge then none = none + 1 else solved = solved + 1 end
        for _, method in ipairs(entry[3]) do
          local plan = p:solve{ method = method, record = true }
          local f = plan:figures()
          assert.equal(best == math.huge and "infeasible" or "optimal", f.status, method)
          if best < math.huge then
            assert.near(best, f.objective, 1e-5 * math.max(1, math.abs(best)))
            assert(p:evaluate(plan:choice(p)).violation <= 1e-7)
          end
          if method ~= "program" then
            local report = checked(t, p, plan)
            assert(report.pass, method .. "\n" .. tostring(report))
          end
        end
      end
      assert(solved > 5 and none > 0, ("%d %d"):format(solved, none))
    end)
  end

  --- Two products that nothing links, at place 1 for 1 or at place 2 for 2.
  local function two(changes)
    local t = { places = 2, operators = 1, compounding = true, count = { 2, 2 },
      place = { 1, 2, 1, 2 }, operator = { 1, 1, 1, 1 }, cost = { 1, 2, 1, 2 },
      place_matrices = { { math.huge, 0, math.huge, 0 } },
      ties = { from = { 1 }, to = { 2 }, pairs = { 1 } },
      measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
    for key, value in pairs(changes or {}) do t[key] = value end
    return t
  end

  it("say of a choice that it is barred, and cost nothing", function()
    local p = core.locate(two())
    assert.equal(math.huge, p:evaluate{ 1, 3 }.violation)
    assert.equal(2, p:evaluate{ 1, 3 }.cost)
    assert.equal(0, p:evaluate{ 1, 4 }.violation)
    assert.equal(3, p:solve():figures().objective)
  end)

  it("are refused where they say what they cannot", function()
    assert.equal("CM1301", number(core.locate, two{ compounding = false }))
    assert.equal("CM1301", number(core.locate, two{ ties = { from = { 1 }, to = { 1 },
      pairs = { 1 } } }))
    assert.equal("CM1301", number(core.locate, two{ place_matrices = { { 0, 1, 0, 0 } } }))
    assert.equal("CM1303", number(core.locate, two{ ties = { from = { 1 }, to = { 3 },
      pairs = { 1 } } }))
    assert.equal("CM1303", number(core.locate, two{ ties = { from = { 1 }, to = { 2 },
      pairs = { 2 } } }))
  end)

  it("are not believed of a certificate that lost one", function()
    local t = two()
    local p = core.locate(t)
    local plan = p:solve{ record = true }
    assert.is_true(checked(t, p, plan).pass)
    t.ties = nil
    assert.is_false(checked(t, p, plan).pass) -- without it the plan is not the best
  end)
end)

-- ---- chains -------------------------------------------------------------------------------------

local PLACES = { "CHN", "VNM", "DEU", "POL", "MEX" }
local REGION = { CHN = "Asia", VNM = "Asia", DEU = "Europe", POL = "Europe", MEX = "America" }
local SUBREGION = { CHN = 1, VNM = 2, DEU = 3, POL = 4, MEX = 5 }

--- Rules as authors write them, with what they say of two places written out.
local RULES = {
  { { within = "region" }, function(a, b) return REGION[a] == REGION[b] end },
  { { within = "subregion" }, function(a, b) return SUBREGION[a] == SUBREGION[b] end },
  { { within = 600 }, function(a, b) -- from Berlin to Warsaw 518 km, else over 2000
    return a == b or (a == "DEU" and b == "POL") or (a == "POL" and b == "DEU")
  end },
  { { within = "EU27" }, function(a, b) return a == b or REGION[a] == "Europe"
    and REGION[b] == "Europe" end },
  { { within = { "EU27", pact = { "CHN", "MEX" } } }, function(a, b)
    local pact = { CHN = 1, MEX = 1, DEU = 2, POL = 2 }
    return a == b or pact[a] ~= nil and pact[a] == pact[b]
  end },
  { { apart = true }, function(a, b) return a ~= b end },
  { { apart = "region" }, function(a, b) return REGION[a] ~= REGION[b] end },
  { { pairs = { CHN = { "VNM", "DEU" }, POL = "POL", MEX = "CHN" } }, function(a, b)
    return ({ CHNVNM = true, CHNDEU = true, POLPOL = true, MEXCHN = true })[a .. b] or false
  end },
  { { forbid = { CHN = { "CHN", "POL" }, DEU = "DEU", VNM = "MEX" } }, function(a, b)
    return not ({ CHNCHN = true, CHNPOL = true, DEUDEU = true, VNMMEX = true })[a .. b]
  end },
}

--- A chain at random, its rules, and what tells whether a layout keeps them.
local function sample(stream, traded)
  local function int(low, high) return stream:integer(low, high) end
  local stages, names = {}, {}
  for i = 1, int(3, 4) do
    local at, adds = {}, {}
    for _, code in ipairs(PLACES) do
      if stream:uniform(0, 1) < 0.6 then
        at[#at + 1], adds[code] = code, int(5, 30)
      end
    end
    if #at == 0 then at[1], adds.CHN = "CHN", 9 end
    names[i] = "s" .. i
    stages[i] = { names[i], at = at, adds = adds,
      uses = i > 1 and stream:uniform(0, 1) < 0.8 and "s" .. int(1, i - 1) or nil,
      interface = traded and 0 or int(0, 6) }
  end
  local nearby, tests = {}, {}
  for k = 1, int(1, 3) do
    local form, one = RULES[int(1, #RULES)], int(1, #names)
    local other = one % #names + 1
    nearby[k] = { names[one], names[other] }
    for field, value in pairs(form[1]) do nearby[k][field] = value end
    tests[k] = function(places) return form[2](places[names[one]], places[names[other]]) end
  end
  local chain = { name = "random", market = "DEU", stages = stages,
    trade = { freight = traded and stream:uniform(0, 0.2) or 0,
      tariff = traded and { DEU = 0.1 } or nil } }
  return chain, nearby, function(places)
    for _, test in ipairs(tests) do
      if not test(places) then return false end
    end
    return true
  end
end

--- The least cost of all layouts that keep the rules.
local function best_of(free, stages, keeps)
  local best, places = math.huge, {}
  local function go(i)
    if i > #stages then
      if keeps(places) then
        local settled = {}
        for name, at in pairs(places) do settled[name] = { at = at } end
        best = math.min(best, free:with{ stages = settled }:locate().cost)
      end
      return
    end
    for _, at in ipairs(stages[i].at) do
      places[stages[i][1]] = at
      go(i + 1)
    end
  end
  go(1)
  return best
end

describe("near-by rules of chains", function()
  for _, traded in ipairs{ true, false } do
    it("find the best layout that keeps them, costs " .. (traded and "compounding" or "adding up"),
      function()
        local stream = cm.random{ seed = traded and 21 or 22 }
        local found, none = 0, 0
        for _ = 1, 20 do
          local given, nearby, keeps = sample(stream, traded)
          local free = cm.chain(given)
          local best = best_of(free, given.stages, keeps)
          local ok, chain = pcall(free.with, free, { nearby = nearby })
          if not ok then
            assert.equal("CM2012", chain.number)
            assert.equal(math.huge, best)
          end
          local methods = traded and { "junction", "branch" }
            or { "junction", "branch", "program" }
          for _, method in ipairs(ok and methods or {}) do
            local plan = chain:locate{ method = method, certificate = true }
            assert.equal(best < math.huge and "optimal" or "infeasible", plan.status)
            if plan.cost then
              assert.near(best, plan.cost, 1e-5 * best)
              assert.is_true(plan.cost >= free:locate().cost - 1e-6) -- dropped, no dearer
              local fewer = table.move(nearby, 2, #nearby, 1, {})
              assert.is_true(plan.cost >= free:with{ nearby = fewer }:locate().cost - 1e-6)
              local p = program.of(inside(plan)):solve{}:figures()
              assert.near(best, p.objective, 1e-5 * best)
            end
            local path = os.tmpname() .. ".certificate"
            plan:save(path)
            local report = cm.verify(path)
            os.remove(path)
            assert(report.pass or method == "program", tostring(report))
          end
          if best < math.huge then found = found + 1 else none = none + 1 end
        end
        assert(found >= 8 and none >= 2, ("%d %d"):format(found, none))
      end)
  end

  --- Cells and seats go into a bus; what is cheap is far.
  local function bus(changes)
    local given = { name = "bus", unit = "USD", market = "DEU",
      stages = {
        { "cells", at = { "CHN", "POL", "VNM" }, adds = { CHN = 50, POL = 70, VNM = 52 } },
        { "seats", at = { "CHN", "POL", "DEU" }, adds = { CHN = 10, POL = 20, DEU = 30 } },
        { "assembly", at = { "CHN", "POL", "DEU" }, adds = { CHN = 30, POL = 40, DEU = 55 },
          uses = { "cells", "seats" } } },
      trade = { freight = 0.1 },
      nearby = { { "seats", "assembly", within = 600, why = "in sequence" },
        { "cells", "seats", apart = "region" } } }
    for key, value in pairs(changes or {}) do given[key] = value end
    return cm.chain(given)
  end

  it("stand in plans, and keep dynamic programming where they follow purchases", function()
    -- (50 x 1.1 + 20 + 40) x 1.1
    assert.near(126.5, bus():locate().cost, 1e-9)
    assert.equal("junction tree", bus():locate().method)
    local linked = bus{ nearby = { "seats", "assembly", within = 600 } }
    assert.equal("dynamic programming", linked:locate{ method = "dynamic" }.method)
    assert.near(99, linked:locate().cost, 1e-9)
    assert.equal("CM2048", number(bus().locate, bus(), { method = "dynamic" }))
  end)

  it("are named where they leave no plan", function()
    local apart = bus{ nearby = { { "seats", "assembly", within = 600, why = "in sequence" },
      { "seats", "assembly", apart = true }, { "cells", "seats", apart = true } } }
    assert.same({}, (apart:locate().conflict or {}))
    local plan = apart:with{ stages = { seats = { at = { "CHN" } } } }:locate()
    assert.equal("infeasible", plan.status)
    assert.same({ "near by: seats, assembly (within 600 km), in sequence",
      "apart: seats, assembly (not at one place)" }, plan.conflict)
  end)

  it("are named of each place that they bar", function()
    local why = bus{ nearby = { "cells", "seats", "assembly", within = "subregion" } }:locate()
      :why "cells"
    local row = why:get{ at = "VNM" }
    assert.equal("near by: cells, seats, assembly (within one subregion)", row["barred by"])
    assert.equal("infeasible", row.status)
    assert.equal("optimal", why[1].status)
    assert.is_nil(why[1]["barred by"])
    assert.is_nil(tostring(bus():locate():why "seats"):find("barred by", 1, true))
  end)

  it("hold for every part of a stage in shares", function()
    local shared = { { "chips", at = { CHN = 0.5, DEU = 0.5 }, adds = 10 },
      { "board", at = { "CHN", "DEU", "VNM" }, adds = { CHN = 5, DEU = 9, VNM = 4 },
        uses = "chips" } }
    local c = cm.chain{ name = "radio", market = "DEU", stages = shared,
      nearby = { "chips", "board", within = "EU27" } }
    assert.same({ "near by: chips, board (within EU27)" }, c:locate().conflict)
    local either = c:with{ nearby = { "chips", "board", within = { "EU27", { "CHN", "DEU" } } } }
    assert.equal("CHN", either:locate().chain:stages()[2].at)
    assert.equal("VNM", c:with{ nearby = false }:locate().chain:stages()[2].at)
  end)

  it("hold side by side where stages in shares are not parted", function()
    local at = { CHN = 0.5, DEU = 0.5 }
    local c = cm.chain{ name = "radio", market = "DEU", colocate = { "chips", "board" },
      stages = { { "chips", at = at, adds = 10 },
        { "board", at = at, adds = 5, uses = "chips" } },
      nearby = { "chips", "board", within = "region" } }
    assert.equal("optimal", c:locate().status)
    local plan = c:with{ nearby = { "chips", "board", apart = true } }:locate()
    assert.same({ "apart: chips, board (not at one place)" }, plan.conflict)
  end)

  it("do not bind what is not made", function()
    local function body(whole)
      return cm.chain{ name = "car", market = "DEU", stages = {
        { "body", at = { "DEU", "CHN" }, recipes = { whole = { adds = whole },
          parts = { adds = 5, stages = { { "frame", at = { "CHN", "VNM" }, adds = 2 } } } } },
        { "paint", at = { "DEU" }, adds = 3, uses = "body" } },
        nearby = { "frame", "paint", within = "region" } }
    end
    local plan = body(30):locate() -- parts for 7 would be cheaper, but no frame is near the paint
    assert.near(33, plan.cost, 1e-9)
    assert.near(10, body(30):with{ nearby = false }:locate().cost, 1e-9)
    assert.near(9, body(6):locate().cost, 1e-9)
    assert(tostring(plan:why "body"):find("near by: frame, paint", 1, true), "named")
    local whole = body(30):with{ stages = { body = { recipe = "whole" } } }
    assert.near(33, whole:locate().cost, 1e-9)
  end)

  it("are arcs with barred pairs where one buys from the other", function()
    -- as instances of the placement bench state "same region"
    local t = inside(bus{ nearby = { "seats", "assembly", within = "region" }, trade = {} }
      :locate()).problem.lists
    assert.is_nil(t.ties)
    assert.equal(1, #t.arcs.from)
    local m, barred = t.place_matrices[t.arcs.add[1]], 0
    for _, x in ipairs(m) do barred = barred + (x == math.huge and 1 or 0) end
    assert.equal(8, barred) -- CHN and VNM with DEU and POL, both ways round
  end)

  it("have a distance that varies, and costs the less the longer it is", function()
    local c = bus{ nearby = { { "seats", "assembly", within = 600 } } }
    assert.equal(600, c:figures():get{ name = "nearby.1.within" }.value)
    local last = math.huge
    for _, km in ipairs{ 0, 600, 10000 } do
      local cost = c:with{ ["nearby.1.within"] = km }:locate().cost
      assert(cost <= last)
      last = cost
    end
    assert(c:locate():range("nearby.1.within", { from = 0, to = 9000 })[1].from == 0)
  end)

  it("hold in every year", function()
    local c = bus{ places = { CHN = { wage = 1 }, POL = { wage = 3 }, DEU = { wage = 4 },
      VNM = { wage = 0.8 } }, stages = {
      { "cells", at = { "CHN", "POL", "VNM" }, labour = 5 },
      { "seats", at = { "CHN", "POL", "DEU" }, labour = 5 },
      { "assembly", at = { "CHN", "POL", "DEU" }, labour = 5, uses = { "cells", "seats" } } } }
    local course = c:over{ years = { 2020, 2024 }, growth = { ["wage.CHN"] = 0.6 } }
    local apart = { DEU = "Europe", POL = "Europe", CHN = "Asia", VNM = "Asia" }
    local seen = {}
    for year = 2020, 2024 do
      local stages, at = course:plan(year).chain:stages(), {}
      for k = 1, #stages do at[stages[k].stage] = stages[k].at end
      assert(apart[at.cells] ~= apart[at.seats], at.cells .. at.seats)
      assert.equal(apart[at.seats], apart[at.assembly])
      seen[at.assembly] = true
    end
    assert(seen.CHN and seen.POL, "all moves at once")
  end)

  it("are seen in the chain at a glance and in drawings", function()
    assert.equal(2, bus():summary():where{ property = "near-by rules" }[1].value)
    assert(bus():dot():find('"seats" -> "assembly" [style=dotted, dir=none, constraint=false, '
      .. 'label="within 600 km"]', 1, true))
    assert(bus():mermaid():find('s1 -.-|"not within one region"| s2', 1, true))
    assert.is_nil(bus():with{ nearby = false }:dot():find("dotted", 1, true))
  end)

  it("are refused where they cannot be read", function()
    local function refused(rule, text)
      local code, message = number(bus, { nearby = rule })
      assert(message:find(text, 1, true), message)
      return code
    end
    assert.equal("CM2013", refused({ "seats", "cells" }, "there are 0"))
    assert.equal("CM2013", refused({ "seats", "cells", within = 5, apart = true }, "there are 2"))
    assert.equal("CM2013", refused({ "seats", within = "region" }, "two stages or more"))
    assert.equal("CM2013", refused({ "seats", "seats", within = "region" }, "twice"))
    assert.equal("CM2013", refused({ "seats", "cells", within = -1 }, "no distance"))
    assert.equal("CM2013", refused({ "seats", "cells", within = 0 / 0 }, "no distance"))
    assert.equal("CM2013", refused({ "seats", "cells", within = {} }, "no region"))
    assert.equal("CM2013", refused({ "seats", "cells", apart = false }, "asks for nothing"))
    assert.equal("CM2013", refused({ "seats", "cells", "assembly", forbid = { CHN = "POL" } },
      "binds two stages"))
    assert.equal("CM2013", refused({ "seats", "cells", pairs = { "CHN" } }, "table by place"))
    assert.equal("CM2002", refused({ 5, "cells", apart = true }, "names the stage"))
    assert.equal("CM2013", refused({ { "seats", "cells", apart = true }, 5 }, "not a table"))
    assert.equal("CM1003", refused({ "seats", "cells", within = true }, "boolean"))
    assert.equal("CM1001", refused({ "seats", "cells", witin = 4 }, "witin"))
    assert.equal("CM1101", refused({ "seats", "cells", forbid = { CHN = "Polnd" } }, "Polnd"))
    assert.equal("CM1103", refused({ "seats", "cells", within = "EU99" }, "EU99"))
    assert.equal("CM2002", refused({ "seat", "cells", within = "region" }, "seat"))
    assert.equal("CM2012", number(cm.chain, { name = "bus", stages = {
      { "body", at = "CHN", adds = 70 }, { "assembly", at = "BRA", adds = 3, uses = "body" } },
      nearby = { "body", "assembly", within = "region" } }))
    assert.equal("CM2013", number(cm.chain, { name = "bus", stages = {
      { "body", at = "(worldwide)", adds = 70 }, { "assembly", at = "BRA", adds = 3 } },
      nearby = { "body", "assembly", within = 500 } }))
  end)
end)

describe("infinite freight", function()
  local function pump(freight)
    return cm.chain{ name = "pump", market = "ETH", stages = {
      { "motor", at = { "CHN", "ETH" }, adds = { CHN = 0, ETH = 9 } },
      { "pump", at = { "CHN", "ETH" }, adds = { CHN = 1, ETH = 3 }, uses = "motor" } },
      trade = { freight = freight } }
  end

  it("says that there is no way", function()
    assert.near(1, pump(0):locate().cost, 1e-9)
    assert.near(12, pump(math.huge):locate().cost, 1e-9)
    assert.near(12, pump{ CHN = { ETH = math.huge } }:locate().cost, 1e-9)
    assert.near(12, pump{ ETH = { CHN = math.huge } }:locate().cost, 1e-9) -- either way round
    assert.near(1.5, pump{ ETH = { CHN = math.huge }, CHN = { ETH = 0.5 } }:locate().cost, 1e-9)
    local plan = pump(math.huge):locate()
    assert.near(12, program.of(inside(plan)):solve{}:figures().objective, 1e-6)
    assert.near(12, plan:decompose():sum "value", 1e-9)
  end)

  it("is named where it leaves no plan, and of each place", function()
    local c = pump{ CHN = { ETH = math.huge } }
    local plan = c:with{ stages = { pump = { at = { "CHN" } } } }:locate()
    assert.same({ "no way between CHN and ETH: freight is infinite" }, plan.conflict)
    assert(tostring(c:locate():why "motor"):find("no way between CHN and ETH", 1, true))
    assert(tostring(pump(math.huge):locate():why "motor"):find("nothing is shipped", 1, true))
  end)

  it("is no duty and no interface, and not below 0", function()
    for _, trade in ipairs{ { tariff = { ETH = math.huge } }, { interface = math.huge },
      { freight = -math.huge }, { freight = 0 / 0 }, { freight = { CHN = { ETH = -1 } } } } do
      local c = pump(0)
      assert.equal("CM2041", number(c.locate, c, { trade = trade }))
    end
  end)
end)
