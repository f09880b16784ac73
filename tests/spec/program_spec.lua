--- Programs of an author's own. Answers come from published models, textbooks, or enumeration.
local cm = require "capmod"
local errors = require "capmod.errors"
local sum, dot = cm.program.sum, cm.program.dot

local function refused(number, f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  assert.equal("CM" .. number, e.number)
  return e
end

local function near(wanted, found, tolerance)
  local off = math.abs(wanted - found)
  assert.is_true(off <= (tolerance or 1e-9) * math.max(1, math.abs(wanted)),
    ("%.12g, not %.12g"):format(found, wanted))
end

-- A product mix that Hillier and Lieberman (Introduction to Operations Research, ch. 3) work out by
-- hand: 3 x + 5 y, x <= 4, 2 y <= 12, 3 x + 2 y <= 18; x = 2, y = 6, value 36, duals 0, 1.5, 1.
local function wyndor(more)
  local t = { name = "Wyndor", unit = "USD 1000", variables = { { "doors" }, { "windows" } },
    maximise = function(v) return 3 * v.doors + 5 * v.windows end,
    constraints = {
      { "one", function(v) return v.doors, "<=", 4 end },
      { "two", function(v) return 2 * v.windows, "<=", 12 end },
      { "three", function(v) return 3 * v.doors + 2 * v.windows, "<=", 18 end },
    } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.program(t)
end

describe("a linear program", function()
  it("has values, duals and ranges", function()
    local s = wyndor():solve()
    assert.equal("optimal", s.status)
    near(36, s.objective)
    near(36, s.bound)
    near(2, s:value "doors")
    near(6, s:values().value.windows)
    local duals = s:duals()
    near(0, duals.dual.one)
    near(1.5, duals.dual.two)
    near(1, duals.dual.three)
    near(2, duals.slack.one)
    local costs, sides = s:range "objective", s:range "sides"
    -- In the same chapter: 0 <= c1 <= 7.5, c2 >= 2; 2 <= b1, 6 <= b2 <= 18, 12 <= b3 <= 24.
    near(0, costs.down_to.doors)
    near(7.5, costs.up_to.doors)
    near(2, costs.down_to.windows)
    assert.is_nil(costs.up_to.windows)
    near(2, sides.down_to.one)
    assert.is_nil(sides.up_to.one)
    near(6, sides.down_to.two)
    near(18, sides.up_to.two)
    near(12, sides.down_to.three)
    near(24, sides.up_to.three)
  end)

  it("names what grows without limit", function()
    local s = wyndor{ constraints = { { "one", function(v) return v.doors, "<=", 4 end } } }:solve()
    assert.equal("unbounded", s.status)
    assert.same({ "windows" }, s.unbounded)
    assert.is_nil(s.objective)
    assert.truthy(tostring(s):find "may grow without limit together:\n    windows")
    refused(4117, s.values, s)
  end)

  it("names what cannot hold together, and nothing else", function()
    local s = wyndor{ constraints = {
      { "one", function(v) return v.doors, "<=", 4 end },
      { "most", function(v) return v.doors + v.windows, "<=", 8 end },
      { "order", function(v) return v.windows, ">=", 9 end },
    } }:solve()
    assert.equal("infeasible", s.status)
    local listed = s.conflict
    table.sort(listed)
    assert.same({ "doors >= 0", "most (<= 8)", "order (>= 9)" }, listed)
    assert.truthy(tostring(s):find("without any one of them they could", 1, true))
  end)

  it("keeps constants of the objective and of both sides", function()
    local s = cm.program{ variables = { { "x", upper = 10 } },
      maximise = { { "work", function(v) return 2 * v.x - 5 end },
        { "fee", function() return -1 end } },
      constraints = { { "most", function(v) return v.x + 1, "<=", 9 - v.x end } } }:solve()
    near(4, s:value "x")
    near(2, s.objective)
    near(3, s:parts().amount.work)
    near(-1, s:parts().amount.fee)
    near(8, s:duals().upper.most)
  end)

  it("takes ranges of a constraint, equalities, and infinite limits", function()
    local function solve(sense)
      return cm.program{ variables = { { "x", free = true }, { "y", free = true } },
        [sense] = function(v) return v.x - v.y / 2 end,
        constraints = {
          { "between", function(v) return -2, "<=", v.x, "<=", 3 end },
          { "down", function(v) return 8, ">=", v.x, ">=", -9 end },
          { "tied", function(v) return v.y, "==", 4 end },
          { "none", function(v) return v.x, "<=", math.huge end },
        } }:solve()
    end
    near(1, solve("maximise").objective)
    near(-4, solve("minimise").objective)
  end)
end)

describe("variables over sets", function()
  -- Dantzig's transport problem as GAMS users know it (Rosenthal 1988): 153.675.
  local function transport(write)
    return cm.program{ name = "transport",
      sets = { plant = { "seattle", "san-diego" }, market = { "new-york", "chicago", "topeka" } },
      variables = { { "ship", over = { "plant", "market" }, unit = "cases" } },
      minimise = write, constraints = {
        { "supply", over = "plant", function(v, i)
          return sum(v.ship[i]), "<=", ({ seattle = 350, ["san-diego"] = 600 })[i]
        end },
        { "demand", over = "market", function(v, j)
          return sum(v.ship, { market = j }), ">=",
            ({ ["new-york"] = 325, chicago = 300, topeka = 275 })[j]
        end },
      } }
  end
  local far = { seattle = { ["new-york"] = 2.5, chicago = 1.7, topeka = 1.8 },
    ["san-diego"] = { ["new-york"] = 2.5, chicago = 1.8, topeka = 1.4 } }
  local plants, markets = { "seattle", "san-diego" }, { "new-york", "chicago", "topeka" }

  it("say one objective in many ways", function()
    local grid = cm.grid[[            new-york chicago topeka
                           san-diego 2.5      1.8     1.4
                           seattle   2.5      1.7     1.8 ]]
    local ways = {
      function(v) return 0.09 * dot(v.ship, far) end,
      function(v) return dot(v.ship, grid) * 0.09 end,
      function(v) return dot(v.ship, function(i, j) return 0.09 * far[i][j] end) end,
      function(v)
        return sum(plants, markets, function(i, j) return 0.09 * far[i][j] * v.ship[i][j] end)
      end,
      function(v)
        return sum(plants, function(i) return dot(v.ship[i], far[i]) end) / (1 / 0.09)
      end,
      function(v)
        return sum{ 0.09 * dot(v.ship.seattle, far.seattle),
          0.09 * dot(v.ship("san-diego"), far["san-diego"]) }
      end,
      function(v)
        local total = 0
        for _, j in ipairs(markets) do
          total = total + dot(v.ship, function(i) return 0.09 * far[i][j] end, { market = j })
        end
        return total
      end,
    }
    for _, way in ipairs(ways) do near(153.675, transport(way):solve().objective) end
  end)

  it("are listed by their indices", function()
    local s = transport(function(v) return 0.09 * dot(v.ship, far) end):solve()
    local ship = s:values "ship"
    assert.same({ "plant", "market", "value", "reduced_cost" }, ship:columns())
    assert.equal("cases", ship:spec("value").unit)
    near(275, ship:get{ plant = "san-diego", market = "topeka" }.value)
    near(0.036, ship.reduced_cost["seattle.topeka"])
    near(0.225, s:duals("demand").dual["new-york"])
    near(350, s:value(function(v) return sum(v.ship.seattle) end))
    near(275, s:value("ship", "san-diego", "topeka"))
    assert.equal(3, #s:range("sides", "demand"))
    assert.equal(6, #s:range("objective", "ship"))
  end)

  it("may leave combinations out, which then count as 0", function()
    local p = cm.program{ sets = { year = { 1, 2, 3 } },
      variables = { { "open", over = { "from in year", "to in year" },
        where = function(a, b) return a <= b end, upper = { [2] = { [3] = 7 } } } },
      maximise = function(v) return sum(v.open, { from = 2 }) - sum(v.open, { from = { 1, 3 } })
        + 100 * v.open[3][1] end,
      constraints = { { "last", over = "year", where = function(t) return t < 3 end,
        function(v, t) return v.open[t][t], "<=", 10 * t end } } }
    assert.equal(6, p:summary():get{ name = "open" }.count)
    local s = p:solve()
    near(27, s.objective)
    assert.equal(6, #s:values "open")
    assert.equal(2, #s:duals "last")
  end)

  it("take bounds by number, table and function", function()
    local p = cm.program{ sets = { i = { "a", "b", "c" } }, variables = {
        { "x", over = "i", upper = { a = 1, b = 2, c = 3 } },
        { "y", over = "i", lower = function(i) return i == "a" and -5 or 1 end, upper = 4 },
        { "z", over = "i", lower = { b = -7 }, upper = 0 } },
      minimise = function(v) return sum(v.y) - sum(v.x) + sum(v.z) end }
    near(-5 + 1 + 1 - 6 - 7, p:solve().objective)
  end)
end)

describe("whole numbers", function()
  local weights, worth = { 12, 2, 1, 4, 1 }, { 4, 2, 1, 10, 2 }
  local function knapsack()
    return cm.program{ name = "knapsack", sets = { thing = { 1, 2, 3, 4, 5 } },
      variables = { { "take", over = "thing", binary = true } },
      maximise = function(v) return dot(v.take, worth) end,
      constraints = { { "weight", function(v) return dot(v.take, weights), "<=", 15 end } } }
  end

  it("are met, against enumeration", function()
    local best = 0
    for set = 0, 31 do
      local w, c = 0, 0
      for k = 1, 5 do
        if set >> (k - 1) & 1 == 1 then w, c = w + weights[k], c + worth[k] end
      end
      if w <= 15 and c > best then best = c end
    end
    local p = knapsack()
    local s = p:solve()
    near(best, s.objective)
    assert.equal("optimal", s.status)
    local relaxed = p:solve{ relax = true }
    assert.is_true(relaxed.objective > best)
    assert.equal(5, #relaxed:range("objective", "take"))
    refused(4117, s.range, s, "objective")
    near(best, p:solve{ start = s }.objective)
    assert.truthy(s:values("take"):spec().note[1]:find "whole numbers held")
  end)

  it("keep the bound where nodes or the gap end the work", function()
    local p = knapsack()
    local s = p:solve{ gap = 0.5 }
    assert.is_true(s.bound >= s.objective - 1e-9 and s.gap <= 0.5)
  end)

  it("name a conflict that only they make", function()
    local s = cm.program{ variables = { { "x", integer = true } },
      minimise = function(v) return v.x end,
      constraints = { { "half", function(v) return 2 * v.x, "==", 3 end } } }:solve()
    assert.equal("infeasible", s.status)
    assert.equal("half (== 3)", s.conflict[1])
  end)
end)

describe("costs in pieces", function()
  local function at(x, points, as, sense)
    local s = cm.program{ variables = { { "x" } }, [sense or "minimise"] = function(v)
        return v.cost
      end,
      piecewise = { { "cost", of = function(v) return v.x end, points = points, as = as } },
      constraints = { { "amount", function(v) return v.x, "==", x end } } }:solve()
    assert.equal("optimal", s.status)
    return s.objective
  end

  local function interpolated(points, x)
    for k = 2, #points do
      local a, b = points[k - 1], points[k]
      if x <= b[1] and b[1] > a[1] then
        return a[2] + (b[2] - a[2]) * (x - a[1]) / (b[1] - a[1])
      end
    end
  end

  it("follow convex, concave and other functions", function()
    for _, points in ipairs{
      { { 0, 0 }, { 2, 1 }, { 5, 6 }, { 6, 10 } },
      { { 0, 0 }, { 2, 6 }, { 5, 9 }, { 6, 9.5 } },
      { { -1, 4 }, { 2, 1 }, { 3, 7 }, { 5, 8 }, { 6, 3 } },
    } do
      for x = 0.25, 6, 0.75 do
        for _, as in ipairs{ "cost", "exact" } do
          near(interpolated(points, x), at(x, points, as), 1e-7)
        end
        for _, as in ipairs{ "revenue", "exact" } do
          near(interpolated(points, x), at(x, points, as, "maximise"), 1e-7)
        end
      end
    end
  end)

  it("jump where two points have one amount", function()
    local setup = { { 0, 0 }, { 0, 10 }, { 4, 14 }, { 8, 26 } }
    near(0, at(0, setup))
    near(10.5, at(0.5, setup), 1e-7)
    near(20, at(6, setup), 1e-7)
    near(10, at(0, setup, "revenue", "maximise"), 1e-7)
  end)

  it("take no whole numbers where the shape needs none", function()
    local function wholes(points, as)
      local title = cm.program{ variables = { { "x" } }, minimise = function(v) return v.cost end,
        piecewise = { { "cost", of = function(v) return v.x end, points = points, as = as } },
      }:summary().title
      return tonumber(title:match "%((%d+) whole%)")
    end
    assert.equal(0, wholes({ { 0, 0 }, { 1, 1 }, { 2, 3 } }))
    assert.equal(0, wholes({ { 0, 0 }, { 1, 2 }, { 2, 3 } }, "revenue"))
    assert.equal(2, wholes({ { 0, 0 }, { 1, 2 }, { 2, 3 } }))
    assert.equal(2, wholes({ { 0, 0 }, { 1, 1 }, { 2, 3 } }, "exact"))
  end)

  it("stand over sets, with points by element", function()
    local s = cm.program{ sets = { plant = { "a", "b" } }, variables = { { "x", over = "plant" } },
      piecewise = { { "cost", over = "plant", of = function(v, i) return v.x[i] end,
        points = function(i) return { { 0, 0 }, { 0, i == "a" and 5 or 1 }, { 10, 11 } } end } },
      minimise = function(v) return sum(v.cost) end,
      constraints = { { "need", function(v) return sum(v.x), "==", 12 end } } }:solve()
    near(11 + 3, s.objective, 1e-7) -- a: 5 + 0.6 x, b: 1 + x; b alone holds 10
    near(14, s:value(function(v) return sum(v.cost) end), 1e-7)
  end)
end)

describe("files of programs", function()
  local folder
  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
  end)
  teardown(function() os.execute("rm -r " .. folder) end)

  it("are MPS and LP with the author's names", function()
    local p = wyndor()
    for _, ending in ipairs{ "mps", "lp" } do
      local path = folder .. "/wyndor." .. ending
      p:save(path)
      local file = assert(io.open(path))
      local content = file:read "a"
      file:close()
      for _, name in ipairs{ "doors", "windows", "three" } do assert.truthy(content:find(name)) end
    end
    refused(4116, p.save, p, folder .. "/wyndor.gms")
  end)

  it("are solved alike by glpsol", function()
    if not os.execute "command -v glpsol >/dev/null" then return pending "needs glpsol" end
    wyndor():save(folder .. "/w.mps")
    local run = assert(io.popen(("glpsol --freemps %s/w.mps -o /dev/stdout"):format(folder)))
    local said = run:read "a"
    run:close()
    near(-36, tonumber(said:match "Objective:%s+%S+ = (%S+)"))
  end)
end)

describe("slips of the pen", function()
  local base = { sets = { i = { "a", "b" } }, variables = { { "x", over = "i" } },
    minimise = function(v) return sum(v.x) end }
  local function with(more)
    local t = {}
    for key, value in pairs(base) do t[key] = value end
    for key, value in pairs(more) do t[key] = value end
    return function() return cm.program(t) end
  end
  local function rule(f) return with{ constraints = { { "c", f } } } end

  it("are refused with what would be right", function()
    for _, case in ipairs{
      { 1001, with{ variable = {} } },
      { 1001, with{ variables = { { "x", overs = "i" } } } },
      { 1002, with{ variables = { { over = "i" } } } },
      { 1003, with{ variables = { { "x", upper = "2" } } } },
      { 4110, with{ maximise = function() return 0 end } },
      { 4110, with{ variables = { { "x", over = "i" }, { "x", over = "i" } } } },
      { 4110, with{ variables = { { "x", over = { "i", "i" } } } } },
      { 4110, with{ variables = { { "x", over = "value in i" } } } },
      { 4110, with{ sets = { i = { "a", "a" } } } },
      { 4110, with{ sets = { i = { "a", 1.5 } } } },
      { 4110, rule(function(v) return sum(v.x, { k = "a" }), "<=", 1 end) },
      { 4110, rule(function(v) v.x = 3 end) },
      { 4110, rule(function(v) v.x.a = 3 end) },
      { 4111, rule(function(v) return v.y, "<=", 1 end) },
      { 4111, rule(function(v) return v.x.c, "<=", 1 end) },
      { 4111, rule(function(v) return sum(v.x, { i = "c" }), "<=", 1 end) },
      { 4111, rule(function(v) return dot(v.x, { c = 1 }), "<=", 1 end) },
      { 4112, rule(function(v) return v.x.a * v.x.b, "<=", 1 end) },
      { 4112, rule(function(v) return 1 / v.x.b, "<=", 1 end) },
      { 4112, rule(function(v) return v.x.b / 0, "<=", 1 end) },
      { 4112, rule(function(v) return v.x, "<=", 1 end) },
      { 4112, rule(function(v) return 2 * v.x, "<=", 1 end) },
      { 4112, rule(function(v) return v.x.a <= v.x.b end) },
      { 4112, rule(function(v) return v.x.a + "two", "<=", 1 end) },
      { 4112, rule(function(v) return v.x.a.b, "<=", 1 end) },
      { 4113, rule(function(v) return v.x.a end) },
      { 4113, rule(function() end) },
      { 4113, rule(function(v) return v.x.a, "<", 1 end) },
      { 4113, rule(function(v) return v.x.a, "<=", nil end) },
      { 4113, rule(function(v) return v.x.a, "<=", 0 / 0 end) },
      { 4113, rule(function(v) return v.x.a * math.huge, "<=", 1 end) },
      { 4113, rule(function(v) return v.x.a, "<=", -math.huge end) },
      { 4113, with{ minimise = function(v) return 0 / 0 * v.x.a end } },
      { 4113, with{ minimise = function(v) return math.huge * v.x.a end } },
      { 4113, rule(function(v) return 1, "<=", v.x.a, ">=", 2 end) },
      { 4113, rule(function(v) return 1, "<=", v.x.a, "<=", v.x.b end) },
      { 4113, with{ variables = { { "x", over = "i", lower = 0 / 0 } } } },
      { 1003, rule(function() return sum(3), "<=", 1 end) },
    } do
      refused(case[1], case[2])
    end
  end)

  it("of asking are, too", function()
    local p = wyndor()
    local s = p:solve()
    refused(1001, function() return p.solves end)
    refused(1001, function() return s.dual end)
    refused(1001, p.solve, p, { times = 3 })
    refused(1003, p.solve, p, { time = -1 })
    refused(1003, p.solve, p, { gap = 0 })
    refused(1003, p.solve, p, { start = 3 })
    refused(1003, p.solve)
    refused(1004, s.range, s, "costs")
    refused(4111, s.values, s, "door")
    refused(4111, s.duals, s, "four")
    refused(4118, p.solve, p, { start = wyndor():solve() })
    refused(4115, function() s.status = "optimal" end)
    refused(4115, function() p.name = "x" end)
  end)
end)
