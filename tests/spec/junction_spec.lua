--- Placing over a junction tree: on random graphs with many circles against enumeration (with the
--- engine's own evaluation, which shares no code with any method), against the mixed-integer
--- program where enumeration ends, and against itself.

local core = require "capmod.core"
local random = require "capmod.random"
local placements = dofile "tests/support/placements.lua"

local draw

local function int(low, high) return low + math.floor(draw() * (high - low + 1)) end

local function matrix(n, base, span)
  local m = {}
  for i = 1, n * n do m[i] = draw() < 0.05 and math.huge or base + span * draw() end
  return m
end

local function push(t, row)
  for name, value in pairs(row) do
    t[name] = t[name] or {}
    t[name][#t[name] + 1] = value
  end
end

--- Options of a stage: at one place in four stages, else at most of them, by one operator or two.
local function add_options(t, s)
  local only = draw() < 0.25 and int(1, t.places)
  t.count[s] = 0
  for place = 1, t.places do
    for operator = 1, t.operators do
      if (not only or place == only) and (draw() < 0.85 or t.count[s] == 0) then
        t.count[s] = t.count[s] + 1
        push(t, { place = place, operator = operator, cost = 1 + 10 * draw() })
      end
    end
  end
end

--- A graph in which every stage goes into up to `most` of those after it, and `joins` pairs of
--- stages that share a place.
local function problem(kind)
  local stages = kind.stages
  local t = { places = kind.places, operators = kind.operators, compounding = kind.compounding,
    maximise = kind.maximise, count = {}, arcs = { from = {} }, joins = {},
    measures = { weight = { kind.maximise and -1 or 1 }, lower = { 0 }, upper = { 0 } } }
  for s = 1, stages do add_options(t, s) end
  t.place_matrices = { matrix(t.places, 0, 5), matrix(t.places, 1, 0.5), matrix(t.places, 0, 3) }
  t.operator_matrices = { matrix(t.operators, 0, 2) }
  for s = 1, stages - 1 do
    local there = {}
    for _ = 1, int(s < stages - 1 and 1 or 0, kind.most) do
      local to = int(s + 1, math.min(stages, s + (kind.reach or stages)))
      if not there[to] then
        there[to] = true
        push(t.arcs, { from = s, to = to, quantity = 0.5 + draw(), add = draw() < 0.7 and 1 or 3,
          times = kind.compounding and draw() < 0.8 and 2 or 0,
          interface = draw() < (kind.faces or 0.4) and 1 or 0, weight = 0.9 / stages })
      end
    end
  end
  for _ = 1, kind.joins or 0 do
    push(t, { joins = int(1, stages) })
    push(t, { joins = int(1, stages) })
  end
  if kind.aggregate then
    t.aggregator, t.sigma = {}, {}
    for s = 1, stages do
      t.aggregator[s] = ({ "sum", "cobb_douglas", "ces" })[int(1, 3)]
      t.sigma[s] = ({ 0.5, 1, 2 })[int(1, 3)]
    end
  end
  for o = 1, kind.entries and #t.place or 0 do
    t.option_entries = t.option_entries or {}
    push(t.option_entries, { measure = 1, index = o, value = 4 * draw() - 2 })
  end
  return t
end

local function near(a, b)
  assert.near(a, b, 1e-9 * math.max(1, math.abs(a)))
end

local SMALL = {
  { "sums", { entries = true } },
  { "sums of joined stages", { joins = 2, operators = 2, entries = true } },
  { "a maximum", { maximise = true, entries = true, joins = 1 } },
  { "costs that compound", { compounding = true } },
  { "costs that compound, operators", { compounding = true, operators = 2, joins = 1 } },
  { "joined stages, compounding", { compounding = true, joins = 2, faces = 0 } },
  { "aggregates", { compounding = true, aggregate = true, joins = 1 } },
}

describe("placing over a junction tree", function()
  for _, entry in ipairs(SMALL) do
    it("finds what enumeration finds: " .. entry[1], function()
      local stream, solved = random{ seed = 7, stream = entry[1] }, 0
      draw = function() return stream:uniform() end
      for _ = 1, 60 do
        local kind = { stages = int(3, 6), places = 2, operators = 1, most = 3 }
        if draw() < 0.3 then kind.stages, kind.places = int(3, 4), 3 end
        for name, value in pairs(entry[2]) do kind[name] = value end
        if kind.operators == 2 then kind.stages = math.min(kind.stages, 5) end
        local t = problem(kind)
        local p = core.locate(t)
        local best, f = placements.enumerate(p, t), p:solve{ method = "junction" }:figures()
        assert.equal("junction tree", f.method)
        assert.equal(math.abs(best) == math.huge and "infeasible" or "optimal", f.status)
        if f.status == "optimal" then
          solved = solved + 1
          near(best, f.objective)
          near(best, f.bound)
        end
      end
      assert(solved > 30, solved)
    end)
  end

  it("finds what the mixed-integer program finds", function()
    local stream = random{ seed = 11, stream = "program" }
    draw = function() return stream:uniform() end
    for k = 1, 6 do
      local p = core.locate(problem{ stages = 14, places = 4, operators = k % 2 + 1, most = 2,
        reach = 4, joins = k % 3 })
      local f = p:solve{ method = "program" }:figures()
      local g = p:solve():figures()
      assert.equal("junction tree", g.method)
      assert.equal(f.status, g.status)
      if f.objective then assert.near(f.objective, g.objective, 1e-5 * f.objective) end
    end
  end)

  it("finds what branch and bound finds where costs compound", function()
    local stream = random{ seed = 13, stream = "branch" }
    draw = function() return stream:uniform() end
    for k = 1, 6 do
      local p = core.locate(problem{ stages = 10, places = 4, operators = 1, most = 2, reach = 3,
        joins = k % 3, compounding = true, aggregate = k > 3 })
      local f, g = p:solve{ method = "branch" }:figures(), p:solve():figures()
      assert.equal("junction tree", g.method)
      assert.equal(f.status, g.status)
      if f.objective then assert.near(f.objective, g.objective, 1e-5 * f.objective) end
    end
  end)

  --- Four stages in a circle of links, two places, where every choice that is not parted costs 4.
  local function square(extra)
    local t = { places = 2, operators = 1, count = { 2, 2, 2, 2 },
      place = { 1, 2, 1, 2, 1, 2, 1, 2 }, operator = { 1, 1, 1, 1, 1, 1, 1, 1 },
      cost = { 1, 1, 1, 1, 1, 1, 1, 1 }, place_matrices = { { 0, 1, 1, 0 } },
      arcs = { from = { 1, 1, 2, 3 }, to = { 2, 3, 4, 4 }, quantity = { 1, 1, 1, 1 },
        add = { 1, 1, 1, 1 } }, measures = { weight = { 1 }, lower = { 0 }, upper = { 0 } } }
    for key, value in pairs(extra or {}) do t[key] = value end
    return core.locate(t)
  end

  it("breaks ties the same way in every run, by the first place", function()
    local p = square()
    for _ = 1, 3 do
      local plan = p:solve()
      assert.equal("junction tree", plan:figures().method)
      assert.equal(4, plan:figures().objective)
      assert.same({ 1, 3, 5, 7 }, plan:choice(p))
    end
  end)

  it("takes options away, and says that nothing is left", function()
    local p = square()
    local plan = p:solve{ allowed = { true, true, false, true, true, true, false, true } }
    assert.same({ 2, 4, 6, 8 }, plan:choice(p))
    p = square{ place = { 1, 1, 2, 2, 1, 1, 2, 2 }, joins = { 1, 2 } }
    assert.equal("infeasible", p:solve():figures().status)
    p = square{ place_matrices = { { math.huge, 1, math.huge, math.huge } } }
    assert.equal("infeasible", p:solve{ method = "junction" }:figures().status)
  end)

  it("refuses what couples stages otherwise, and tables that do not fit", function()
    local function number(...)
      local ok, err = pcall(...)
      assert.is_false(ok)
      return err.number
    end
    local ruled = square{ measures = { weight = { 1, 1 }, lower = { 0, -math.huge },
      upper = { 0, 9 } } }
    assert.equal("CM1301", number(ruled.solve, ruled, { method = "junction" }))
    local stream = random{ seed = 3, stream = "wide" }
    draw = function() return stream:uniform() end
    local wide = core.locate(problem{ stages = 60, places = 12, operators = 1, most = 20,
      faces = 0 })
    assert.equal("CM6002", number(wide.solve, wide, { method = "junction" }))
    assert.equal("Lagrangian branch and bound", wide:solve{ nodes = 1 }:figures().method)
  end)
end)
