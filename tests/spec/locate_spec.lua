--- The placement of a chain by every method against enumeration, on small random problems whose
--- costs are the engine's own evaluation of each choice; that is held to figures by hand.

local core = require "capmod.core"
local random = require "capmod.random"

local placements = dofile "tests/support/placements.lua"
local columns, push, matrix = placements.columns, placements.push, placements.matrix

--- Methods beside the core's: the program in each of its forms, and branch and bound that gives
--- what the root leaves to it.
local ASKED = {
  tight = { method = "program", form = "tight" },
  compact = { method = "program", form = "compact" },
  exchange = { method = "branch", exchange = true },
}

local KINDS = {
  { "a forest", {}, { "dynamic", "junction", "branch", "tight", "compact" } },
  { "a forest with a join", { join = true }, { "junction", "branch", "tight", "compact" } },
  { "a graph with circles", { dag = true }, { "junction", "branch", "program" } },
  { "circles, as programs", { dag = true, join = true }, { "tight", "compact" } },
  { "circles and a join", { dag = true, join = true }, { "auto", "junction", "branch" } },
  { "facilities and rules", { dag = true, facility = true, rule = true }, { "branch", "tight",
    "compact", "exchange" } },
  { "costs that compound", { compounding = true }, { "dynamic", "junction", "branch" } },
  { "aggregates", { compounding = true, aggregate = true }, { "dynamic", "junction", "branch" } },
  { "circles, compounding", { dag = true, compounding = true, join = true },
    { "auto", "junction", "branch" } },
  { "circles of aggregates", { dag = true, compounding = true, aggregate = true, join = true },
    { "junction", "branch" } },
  { "rules, compounding", { compounding = true, facility = true, rule = true }, { "branch" } },
  { "rules that compound with joins", { compounding = true, rule = true, join = true },
    { "branch" } },
  { "all of it, compounding", { dag = true, compounding = true, facility = true, rule = true,
    join = true }, { "branch" } },
}

describe("placing a chain", function()
  for _, entry in ipairs(KINDS) do
    it("finds what enumeration finds: " .. entry[1], function()
      local stream = random{ seed = 42, stream = entry[1] }
      local function draw() return stream:uniform() end
      local solved = 0
      for _ = 1, 40 do
        local t = placements.problem(entry[2], draw)
        local p = core.locate(t)
        local best = placements.enumerate(p, t)
        for _, method in ipairs(entry[3]) do
          local f = p:solve(ASKED[method] or { method = method }):figures()
          assert.equal(best == math.huge and "infeasible" or "optimal", f.status)
          if best < math.huge then
            solved = solved + 1
            assert.near(best, f.objective, 1e-5 * math.max(1, math.abs(best)))
            assert(f.bound <= best + 1e-5 * math.max(1, math.abs(best)))
          end
        end
      end
      assert(solved > 5)
    end)
  end

  it("bounds what compounds from below before it parts anything", function()
    local stream = random{ seed = 8, stream = "roots" }
    local function draw() return stream:uniform() end
    local bounded = 0
    for k = 1, 200 do
      local t = placements.problem({ compounding = true, rule = true, facility = k % 3 > 0,
        dag = k % 2 > 0, join = k % 5 == 0 }, draw)
      local p = core.locate(t)
      local best, f = placements.enumerate(p, t), p:solve{ method = "branch", nodes = 1 }:figures()
      if best < math.huge then
        assert(f.bound <= best + 1e-6 * math.max(1, math.abs(best)), ("%d: %g"):format(k, f.bound))
        bounded = bounded + 1
      end
    end
    assert(bounded > 100)
  end)

  it("puts prices on rules where costs compound", function()
    --- Two stages, at place 1 for 1 or at place 2 for 3 and half as much again on the way to their
    --- market, which is at place 1; so many are to be at place 2.
    local function root(least)
      return core.locate{ places = 2, operators = 1, compounding = true, count = { 2, 2, 1 },
        place = { 1, 2, 1, 2, 1 }, operator = { 1, 1, 1, 1, 1 }, cost = { 1, 3, 1, 3, 0 },
        arcs = { from = { 1, 2 }, to = { 3, 3 }, quantity = { 1, 1 }, times = { 1, 1 } },
        place_matrices = { { 1, 1, 1.5, 1 } },
        measures = { weight = { 1, 0 }, lower = { 0, least }, upper = { 0, math.huge } },
        option_entries = { measure = { 2, 2 }, index = { 2, 4 }, value = { 1, 1 } },
      }:solve{ method = "branch", nodes = 1 }:figures()
    end
    assert.near(9, root(2).bound, 1e-6) -- 2 λ + 2 min(1, 4.5 - λ) from λ = 3.5 on
    local one = root(1).bound           -- λ + 2 min(1, 4.5 - λ) at its peak, λ = 3.5
    assert(one > 5.4 and one <= 5.5 + 1e-9, tostring(one))
  end)

  --- Two stages, places 1 and 2, by hand.
  local function pair(extra)
    local t = { places = 2, operators = 1, count = { 2, 2 }, place = { 1, 2, 1, 2 },
      operator = { 1, 1, 1, 1 }, cost = { 10, 8, 5, 6 },
      arcs = { from = { 1 }, to = { 2 }, quantity = { 2 }, add = { 1 } },
      place_matrices = { { 0, 1, 1, 0 } },
      measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
    for key, value in pairs(extra or {}) do t[key] = value end
    return core.locate(t)
  end

  it("adds up by hand", function()
    local e = pair():evaluate{ 2, 3 } -- 8 + 5 + 2 units x 1
    assert.equal(15, e.cost)
    local p = pair{ compounding = true, place_matrices = { { 0, 1, 1, 0 }, { 1, 1.1, 1.25, 1 } },
      arcs = { from = { 1 }, to = { 2 }, quantity = { 2 }, add = { 1 }, times = { 2 } } }
    assert.near(2 * (1.25 * 8 + 1) + 5, p:evaluate{ 2, 3 }.cost, 1e-12)
    p = pair{ facilities = { fixed = { 3, 4 }, capacity = { 1, math.huge }, parent = { 0, 1 },
      points = { 0, 2 }, volume = { 2, 4 }, cost = { 6, 8 } },
      needs = { option = { 1, 3 }, facility = { 2, 2 }, volume = { 1, 2 } } }
    e = p:evaluate{ 1, 3 } -- 10 + 5 + (4 + 7 for 3 units) + 3
    assert.equal(29, e.cost)
    assert.same({ 0, 3 }, e.volumes)
    assert.equal(14, p:solve():figures().objective) -- both at 2, nothing opened
  end)

  it("takes any number of matrices beside everything else", function()
    for n = 1, 60 do
      local matrices, arcs = {}, columns("from", "to", "quantity", "add", "times", "interface")
      local t = { places = 1, operators = 1, compounding = true, joins = {},
        place_matrices = matrices, operator_matrices = { { 0 } }, arcs = arcs,
        facilities = { fixed = { 5 }, capacity = { 99 }, parent = { 0 }, points = { 1 },
          volume = { 1 }, cost = { 2 } },
        needs = { option = { 1 }, facility = { 1 }, volume = { 1 } },
        measures = { weight = { 1, 0 }, lower = { 0, 0 }, upper = { 0, 9 } },
        option_entries = { measure = { 2 }, index = { 1 }, value = { 3 } },
        facility_entries = { measure = { 2 }, index = { 1 }, value = { 2 } } }
      for _, field in ipairs{ "count", "place", "operator", "cost", "sigma" } do
        t[field] = {}
        for s = 1, n + 1 do t[field][s] = 1 end
      end
      for s = 1, n do
        push(arcs, { from = s, to = n + 1, quantity = 1, add = 0, times = s, interface = 1 })
        matrices[s] = { 1 + s }
      end
      assert.equal(n + n * (n + 1) / 2 + 1 + 7, core.locate(t):solve():figures().objective)
    end
  end)

  it("forces options, starts from plans, and says that nothing is left", function()
    local p = pair()
    local plan = p:solve{ allowed = { true, false, true, true } }
    assert.same({ 1, 3 }, plan:choice(p))
    assert.equal(15, plan:figures().objective)
    assert.equal("infeasible", p:solve{ allowed = { false, false, true, true } }:figures().status)
    assert.is_nil(p:solve{ allowed = { false, false, true, true } }:choice(p))
    local f = p:solve{ method = "branch", nodes = 1, start = { 1, 4 } }:figures()
    assert.equal(14, f.objective)
  end)

  --- Every choice that keeps the rules, with what it comes to.
  local function all_choices(p, t)
    local list, choice = {}, {}
    local function go(s, first)
      if s > #t.count then
        local e = p:evaluate(choice)
        local kept = table.move(choice, 1, #choice, 1, {})
        if e.violation <= 1e-7 then list[#list + 1] = { e.objective, kept } end
        return
      end
      for o = first + 1, first + t.count[s] do
        choice[s] = o
        go(s + 1, first + t.count[s])
      end
    end
    go(1, 0)
    table.sort(list, function(a, b) return a[1] < b[1] end)
    return list
  end

  -- Circles of 10 stages at 6 places that hold 3 each. Where all facilities are decided before any
  -- stage, each of the three takes 4,900 nodes or more.
  it("parts what stages do before facilities that matter little", function()
    for seed = 1, 2 do
      for _, fixed in ipairs(seed == 1 and { 0 } or { 0, 0.01 }) do
        local stream = random{ seed = seed }
        local t = { places = 6, operators = 1, count = {}, place_matrices = { {} },
          facilities = { fixed = {}, capacity = {} },
          arcs = columns("from", "to", "quantity", "add"),
          needs = columns("option", "facility", "volume"), place = {}, operator = {}, cost = {},
          measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
        for _ = 1, 6 do push(t.facilities, { fixed = fixed, capacity = 3 }) end
        for k = 1, 36 do t.place_matrices[1][k] = k % 7 == 1 and 0 or stream:uniform(1, 2) end
        for s = 1, 10 do
          t.count[s] = 6
          for c = 1, 6 do
            local o = #t.cost + 1
            t.place[o], t.operator[o], t.cost[o] = c, 1, stream:uniform(0, 3)
            push(t.needs, { option = o, facility = c, volume = 1 })
          end
          for to = s + 1, math.min(10, s + 3), 2 do
            push(t.arcs, { from = s, to = to, quantity = 1, add = 1 })
          end
        end
        local f = core.locate(t):solve{ method = "branch", gap = 1e-6, nodes = 3000 }:figures()
        assert.equal("optimal", f.status)
      end
    end
  end)

  it("finds from any start the plan, among equals too, that it finds without", function()
    local stream = random{ seed = 2, stream = "starts" }
    local function draw() return stream:uniform() end
    local started, saved, ties = 0, 0, 0
    for _ = 1, 60 do
      local t = placements.problem({ dag = true, compounding = true, facility = true, rule = true },
        draw)
      for o in ipairs(t.cost) do t.cost[o] = 1 + t.cost[o] // 5 end -- many of one cost
      for f in ipairs(t.facilities.fixed) do t.facilities.fixed[f] = 1 end
      for a in ipairs(t.arcs.quantity) do t.arcs.quantity[a] = 1 end
      for k, m in ipairs(t.option_entries.measure) do
        if m == 1 then t.option_entries.value[k] = 0 end
      end
      t.place_matrices = { matrix(t.places, 0, 0), matrix(t.places, 1, 0) }
      t.operator_matrices[1] = matrix(t.operators, 0, 0)
      t.facilities.points, t.facilities.volume, t.facilities.cost = nil, nil, nil
      local p = core.locate(t)
      local cold, list = p:solve(), all_choices(p, t)
      for k = 1, math.min(#list, 24) do
        local warm = p:solve{ start = list[k][2] }
        assert.same(cold:choice(p), warm:choice(p))
        assert.equal("optimal", warm:figures().status)
        assert(warm:figures().nodes <= cold:figures().nodes)
        started, saved = started + 1, saved + cold:figures().nodes - warm:figures().nodes
        if list[k][1] < list[1][1] + 1e-9 and k > 1 then ties = ties + 1 end
      end
    end
    assert(started > 100 and saved > 0 and ties > 20, ("%d %d %d"):format(started, saved, ties))
  end)

  it("has nothing from a start that is not allowed", function()
    local p = pair{ compounding = true }
    local plan = p:solve{ method = "branch", allowed = { true, false, true, true },
      start = { 2, 4 } }
    assert.same({ 1, 3 }, plan:choice(p))
  end)

  it("refuses what is no problem", function()
    local function number(...)
      local ok, err = pcall(...)
      assert.is_false(ok)
      return err.number
    end
    assert.equal("CM1303", number(pair, { place = { 1, 3, 1, 2 } }))
    assert.equal("CM1304", number(pair, { cost = { 1, 0 / 0, 1, 1 } }))
    assert.equal("CM1301", number(pair, { measures = { weight = { -1 }, lower = { 0 },
      upper = { 0 } } }))
    assert.equal("CM1301", number(pair, { compounding = true, arcs = { from = { 1, 2 },
      to = { 2, 1 }, quantity = { 1, 1 } } }))
    assert.equal("CM1301", number(pair, { facilities = { fixed = { 1 }, capacity = { 1 },
      points = { 2 }, volume = { 1, 2 }, cost = { 1, 3 } } })) -- convex
    assert.equal("CM1301", number(function()
      pair{ compounding = true }:solve{ method = "program" }
    end))
  end)
end)
