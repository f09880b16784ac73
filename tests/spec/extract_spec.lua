local cm = require "capmod"

-- Miller and Blair 2009, table 2.3 in one country: A = [ .15 .25; .20 .05 ], V = (650, 1400).
local function mb()
  return cm.mrio{ name = "mb", countries = { "USA" }, sectors = { "C29", "M" },
    Z = { { 150, 500 }, { 200, 100 } }, Y = { { 350 }, { 1700 } },
    F = { EMP = { 50, 40 } }, units = { EMP = "persons" } }
end

-- Three countries, so that links can break between others; the figures are invented.
local function three()
  return cm.mrio{ name = "three", unit = "USD mn", countries = { "USA", "KOR", "JPN" },
    sectors = { "C29", "M" },
    Z = { { 10, 0, 4, 0, 2, 0 }, { 12, 6, 0, 0, 0, 0 }, { 22, 0, 15, 0, 2, 0 },
      { 0, 0, 5, 2, 0, 0 }, { 4, 0, 6, 0, 12, 0 }, { 6, 0, 0, 0, 6, 4 } },
    Y = { { 70, 6, 8 }, { 22, 0, 0 }, { 7, 12, 2 }, { 0, 5, 0 }, { 8, 4, 16 }, { 0, 0, 4 } } }
end

--- GDP by country of a table, of which some flows are set to 0, solved anew.
local function gdp_without(m, z_cut, y_cut)
  local n, g = #m.nodes, #m.countries
  local A, Y, v = m.A:list(), m.D:list(), m.v:row_list(1)
  for i = 1, n do
    for j = 1, n do if z_cut(i, j) then A[i][j] = 0 end end
    for r = 1, g do if y_cut(i, r) then Y[i][r] = 0 end end
  end
  local demand = {}
  for i = 1, n do
    demand[i] = 0
    for r = 1, g do demand[i] = demand[i] + Y[i][r] end
    for j = 1, n do A[i][j] = (i == j and 1 or 0) - A[i][j] end
  end
  local rows = {}
  for i = 1, n do rows[i] = { demand[i] } end
  local x = cm.matrix{ data = A }:solve(cm.matrix{ data = rows }):column_list(1)
  local gdp = {}
  for i = 1, n do
    local c = m.countries[(i - 1) // #m.sectors + 1]
    gdp[c] = (gdp[c] or 0) + v[i] * x[i]
  end
  return gdp
end

local function loses(m, f, z_cut, y_cut)
  local after = gdp_without(m, z_cut, y_cut)
  local before = gdp_without(m, function() end, function() end)
  for _, c in ipairs(m.countries) do
    assert.near(before[c] - after[c], f.value_added[c], 1e-10)
    assert.near((before[c] - after[c]) / before[c], f.value_added_share[c], 1e-10)
  end
end

local function country(i) return (i - 1) // 2 + 1 end

describe("an extraction", function()
  it("has the figures worked by hand", function()
    local left = 1700 / .95 -- what M makes alone
    local f = mb():extract{ sector = "C29", by = "sector", satellite = "EMP" }
    assert.near(1000, f.output.C29, 1e-9)
    assert.near(2000 - left, f.output.M, 1e-9)
    assert.near(650, f.value_added.C29, 1e-9)
    assert.near(1400 * (1 - left / 2000), f.value_added.M, 1e-9)
    assert.near(50, f.EMP.C29, 1e-9)
    assert.near(40 * (1 - left / 2000), f.EMP.M, 1e-9)
    local back = mb():extract{ sector = "C29", by = "sector", kind = "backward" }
    assert.near(1000 - 350 - .25 * left, back.output.C29, 1e-9)
    local forward = mb():extract{ sector = "C29", by = "sector", kind = "forward" }
    assert.near(1000 - 650 - .1 * 1400 / .95, forward.output.C29, 1e-9)
  end)

  it("of exports is the domestic value added in them (Los, Timmer, de Vries 2016)", function()
    local m = three()
    for _, c in ipairs(m.countries) do
      local f = m:extract{ country = c, kind = "exports" }
      assert.near(m:decompose{ exporter = c }.value["bm.DVA"], f.value_added[c], 1e-10)
    end
    local region = m:extract{ country = "KOR + JPN", kind = "exports" }
    assert.near(m:decompose{ exporter = "KOR + JPN" }.value["bm.DVA"],
      region.value_added.KOR + region.value_added.JPN, 1e-10)
  end)

  it("of a country is the world solved again without its trade", function()
    local m = three()
    local function crosses(i, j) return (country(i) == 2) ~= (country(j) == 2) end
    loses(m, m:extract{ country = "KOR" }, crosses,
      function(i, r) return (country(i) == 2) ~= (r == 2) end)
    loses(m, m:extract{ country = "KOR", own = "cut" },
      function(i, j) return crosses(i, j) or country(i) == 2 end,
      function(i, r) return country(i) == 2 or r == 2 end)
  end)

  it("of a flow takes final demand with whole countries, and as asked", function()
    local m = three()
    local function z(i, j) return i == 3 and country(j) == 1 end
    local function y(i, r) return i == 3 and r == 1 end
    local function none() return false end
    local flow = { from = "KOR.C29", to = "USA" }
    loses(m, m:extract{ flow = flow }, z, y)
    flow.uses = "intermediate"
    loses(m, m:extract{ flow = flow }, z, none)
    flow.uses = "final"
    loses(m, m:extract{ flow = flow }, none, y)
    loses(m, m:extract{ flow = { from = "KOR.C29", to = "USA.C29" } },
      function(i, j) return i == 3 and j == 1 end, none)
  end)

  it("takes all one by one as each alone", function()
    local m = three()
    for _, kind in ipairs{ "complete", "backward", "exports" } do
      local all = m:extract{ each = "node", kind = kind, by = "country" }
      for _, node in ipairs(m.nodes) do
        local one = m:extract{ node = node, kind = kind }
        for _, c in ipairs(m.countries) do
          assert.near(one.value_added[c], all[c][node], 1e-10)
        end
        assert.near(one:sum "value_added", all.lost[node], 1e-10)
      end
    end
    local all = m:extract{ each = "country" }
    assert.near(m:extract{ country = "JPN" }:sum "value_added", all.lost.JPN, 1e-10)
    local forward = m:extract{ each = "node", kind = "forward", node = "KOR" }
    assert.equal(2, #forward)
    assert.near(m:extract{ node = "KOR.C29", kind = "forward" }:sum "output",
      forward.lost["KOR.C29"], 1e-10)
    local sectors = m:extract{ each = "sector" }
    assert.near(m:extract{ sector = "M" }:sum "value_added", sectors.lost.M, 1e-10)
  end)

  it("says what the world loses", function()
    local printed = tostring(mb():extract{ sector = "C29" })
    assert.matches("lost without C29 %(complete extraction, own flows cut%)", printed)
    assert.matches("the world loses 1[%d,.]* output", printed)
  end)

  it("refuses two questions at once", function()
    local m = three()
    for _, wrong in ipairs{ {}, { country = "KOR", node = "USA.M" },
      { flow = { from = "KOR", to = "USA" }, kind = "backward" },
      { each = "node", own = "kept" }, { each = "sector", country = "KOR" } } do
      assert.error_matches(function() m:extract(wrong) end, "CM1620")
    end
  end)

  it("of two tables stand side by side", function()
    local m = three()
    local more = m:with{ name = "more", Y = cm.edit{ ["KOR.C29"] = { USA = 20 } } }
    local f = cm.compare{ m, more, ask = "extract", country = "KOR", value = "value_added" }
    local g = cm.compare{ m, more, ask = "value_added", destination = "USA" }
    for _, c in ipairs(m.countries) do
      assert.equal(more:extract{ country = "KOR" }.value_added[c], f.more[c])
      assert.equal(m:value_added{ destination = "USA" }.value[c], g.three[c])
      assert.near(f.more[c] - f.three[c], f.change[c], 1e-12)
    end
    assert.error_matches(function() cm.compare{ m, more, ask = "nothing" } end, "CM3011")
  end)
end)

describe("a table with other value added per unit", function()
  it("has inputs that grow or shrink alike", function()
    -- .65 -> .825 halves the inputs of C29: A = [ .075 .25; .10 .05 ]
    local m = mb():with{ v = { ["USA.C29"] = .825 } }
    local det = .925 * .95 - .10 * .25
    assert.near(.825, m.v:get(1, 1), 1e-12)
    assert.near(.7, m.v:get(1, 2), 1e-12)
    assert.near((.95 * 350 + .25 * 1700) / det, m.x:get(1, 1), 1e-9)
    assert.near((.10 * 350 + .925 * 1700) / det, m.x:get(2, 1), 1e-9)
    assert.error_matches(function() mb():with{ v = { ["USA.C29"] = "much" } } end, "CM1003")
  end)
end)
