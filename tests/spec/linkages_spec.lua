local cm = require "capmod"

-- Miller and Blair 2009, table 2.3: A = [ .15 .25; .20 .05 ], det(I - A) = .7575,
-- L = [ .95 .25; .20 .85 ] / .7575. Households earn .30 and .25 of output and buy 50 and 400.
local D = .7575
local function mb()
  return cm.mrio{ name = "mb", unit = "USD mn", countries = { "USA" }, sectors = { "C29", "M" },
    categories = { "HH", "OTHER" },
    Z = { { 150, 500 }, { 200, 100 } }, Y = { { 50, 300 }, { 400, 1300 } },
    P = { LAB = { 300, 500 }, REST = { 350, 900 } }, F = { EMP = { 50, 40 } },
    units = { EMP = "persons" } }
end

local function three()
  return cm.mrio{ name = "three", unit = "USD mn", countries = { "USA", "KOR", "JPN" },
    sectors = { "C29", "M" },
    Z = { { 10, 0, 4, 0, 2, 0 }, { 12, 6, 0, 0, 0, 0 }, { 22, 0, 15, 0, 2, 0 },
      { 0, 0, 5, 2, 0, 0 }, { 4, 0, 6, 0, 12, 0 }, { 6, 0, 0, 0, 6, 4 } },
    Y = { { 70, 6, 8 }, { 22, 0, 0 }, { 7, 12, 2 }, { 0, 5, 0 }, { 8, 4, 16 }, { 0, 0, 4 } },
    F = { CO2 = { 3, 1, 4, 1, 5, 9 } }, FY = { CO2 = { 2, 6, 5 } }, units = { CO2 = "kt" } }
end

describe("multipliers", function()
  it("of type I are the column sums of L, and the jobs that it calls for", function()
    local f = mb():multipliers{}
    assert.near((.95 + .20) / D, f.type_I["USA.C29"], 1e-12)
    assert.near((.25 + .85) / D, f.type_I["USA.M"], 1e-12)
    local jobs = mb():multipliers{ satellite = "EMP" }
    assert.near(.05 * .95 / D + .02 * .20 / D, jobs.type_I["USA.C29"], 1e-12)
    assert.near(jobs.type_I["USA.C29"] / .05, jobs.ratio_I["USA.C29"], 1e-12)
  end)

  it("of type II close the table with respect to households", function()
    -- (I - A, -c; -h, 1) inverted by elimination: c = (50, 400) / 800, h = (.3, .25)
    local c1, c2, h1, h2 = 50 / 800, 400 / 800, .3, .25
    local a11, a12 = .85 - c1 * h1, -.25 - c1 * h2
    local a21, a22 = -.20 - c2 * h1, .95 - c2 * h2
    local det = a11 * a22 - a12 * a21
    local f = mb():multipliers{ income = "LAB", household = "HH" }
    assert.near((a22 - a21) / det, f.type_II["USA.C29"], 1e-12)
    assert.near((a11 - a12) / det, f.type_II["USA.M"], 1e-12)
    assert.error_matches(function() mb():multipliers{ income = "LAB" } end, "CM1627")
    assert.error_matches(function() mb():multipliers{ income = "X", household = "HH" } end,
      "CM1627")
    assert.error_matches(function() mb():multipliers{ income = "LAB", household = "X" } end,
      "CM1627")
  end)

  it("of type II hold for several countries as for the closed system", function()
    local m = three()
    local closed, n, g = {}, 6, 3
    local y, v, x = m.D:list(), m.v:row_list(1), m.x:column_list(1)
    local A = m.A:list()
    local earned = {}
    for c = 1, g do earned[c] = v[2 * c - 1] * x[2 * c - 1] + v[2 * c] * x[2 * c] end
    for i = 1, n + g do
      closed[i] = {}
      for j = 1, n + g do
        local a = i <= n and j <= n and A[i][j]
          or i <= n and j > n and y[i][j - n] / earned[j - n] * .5
          or i > n and j <= n and (j - 1) // 2 + 1 == i - n and v[j] or 0
        closed[i][j] = (i == j and 1 or 0) - a
      end
    end
    local all = cm.matrix{ data = closed }:inv()
    local list, Y = m.D:list(), {} -- half of demand the households'
    for i = 1, n do
      Y[i] = {}
      for c = 1, g do
        Y[i][2 * c - 1], Y[i][2 * c] = list[i][c] / 2, list[i][c] / 2
      end
    end
    local split = cm.mrio{ name = "split", countries = m.countries, sectors = m.sectors,
      categories = { "HH", "OTHER" }, Z = m.Z:list(), Y = Y, P = { VA = m.V:row_list(1) } }
    local f = split:multipliers{ income = "VA", household = "HH" }
    for j = 1, n do
      local sum = 0
      for i = 1, n do sum = sum + all:get(i, j) end
      assert.near(sum, f.type_II[m.nodes[j]], 1e-9)
    end
  end)
end)

describe("linkages", function()
  it("are sums of L and of Ghosh's inverse, to a mean of 1", function()
    local f = mb():linkages{}
    local b = { 1.15 / D, 1.10 / D }
    assert.near(2 * b[1] / (b[1] + b[2]), f.backward["USA.C29"], 1e-12)
    -- G_ij = L_ij x_j / x_i, x = (1000, 2000)
    local g = { (.95 + .25 * 2) / D, (.20 / 2 + .85) / D }
    assert.near(2 * g[1] / (g[1] + g[2]), f.forward["USA.C29"], 1e-12)
    assert.equal("key", f.kind["USA.C29"])
    assert.equal("weak", f.kind["USA.M"])
    -- column 1 of L is (.95, .20) / D: its standard deviation over its mean
    local sd = (.95 - .20) / math.sqrt(2)
    assert.near(sd / (1.15 / 2), f.backward_spread["USA.C29"], 1e-12)
    local l = mb():linkages{ forward = "leontief", method = "direct" }
    assert.near(2 * .40 / .65, l.forward["USA.C29"], 1e-12)
    assert.near(2 * .35 / .65, l.backward["USA.C29"], 1e-12)
  end)

  it("by eigenvector solve q A = lambda q (Dietzenbacher 1992)", function()
    local f = mb():linkages{ method = "eigenvector" }
    -- lambda^2 - .20 lambda + .0075 - .05 = 0
    local lambda = .10 + math.sqrt(.01 + .0425)
    local q1, q2 = f.backward["USA.C29"], f.backward["USA.M"]
    assert.near(lambda * q1, .15 * q1 + .20 * q2, 1e-9)
    assert.near(2, q1 + q2, 1e-9)
    local z1, z2 = f.forward["USA.C29"], f.forward["USA.M"] -- x^-1 Z = [ .15 .5; .1 .05 ]
    assert.near(lambda * z1, .15 * z1 + .5 * z2, 1e-9)
  end)
end)

describe("prices", function()
  it("pass on costs: p = v L", function()
    local f = mb():prices{ cost = { ["USA.C29"] = .1 } }
    assert.near(.065 * .95 / D, f.change["USA.C29"], 1e-12)
    assert.near(.065 * .25 / D, f.change["USA.M"], 1e-12)
    -- everything up by a tenth is every price up by a tenth
    local all = three():prices{ cost = { USA = .1, KOR = .1, JPN = .1 } }
    for _, node in ipairs(three().nodes) do assert.near(.1, all.change[node], 1e-12) end
    assert.near(all.change["KOR.C29"],
      all.USA["KOR.C29"] + all.KOR["KOR.C29"] + all.JPN["KOR.C29"], 1e-12)
  end)

  it("that are set push the others: p2 = p1 a12 / (1 - a22)", function()
    local f = mb():prices{ price = { ["USA.C29"] = .5 }, cost = { ["USA.M"] = .1 } }
    assert.near(.5, f.change["USA.C29"], 1e-12)
    assert.near((.5 * .25 + .1 * .7) / .95, f.change["USA.M"], 1e-12)
  end)

  it("of final demand weigh what it buys, and a charge is a cost", function()
    local m = mb()
    local f = m:prices{ charge = { satellite = "EMP", rate = 2 }, by = "destination" }
    local p1, p2 = 2 * (.05 * .95 + .02 * .20) / D, 2 * (.05 * .25 + .02 * .85) / D
    assert.near((350 * p1 + 1700 * p2) / 2050, f.change.USA, 1e-12)
    assert.error_matches(function() m:prices{} end, "CM1628")
    assert.error_matches(function() m:prices{ cost = { USA = -2 } } end, "CM1623")
  end)
end)

describe("accounts of a satellite", function()
  it("balance between producers and consumers", function()
    local m = three()
    local f = m:accounts{ satellite = "CO2" }
    assert.near(3 + 1 + 4 + 1 + 5 + 9 + 13, f:sum "production", 1e-12)
    assert.near(f:sum "production", f:sum "consumption", 1e-12)
    assert.equal(3 + 1 + 2, f.production.USA)
    for _, c in ipairs(m.countries) do
      assert.near(f.production[c], f.consumption[c] + f.exports[c] - f.imports[c], 1e-12)
      assert.near(f.consumption[c], m:footprint{ satellite = "CO2", destination = c }:sum "value",
        1e-12)
    end
    assert.matches("adds up: production = consumption = 36", tostring(f))
  end)

  it("have footprints with the direct part apart", function()
    local f = three():footprint{ satellite = "CO2", destination = "KOR" }
    assert.equal(6, f.value["(direct)"])
    assert.matches("6 of it direct", tostring(f), 1, true)
    local traced = three():value_added{ satellite = "CO2", destination = "KOR" }
    assert.matches("not in it: 6 that final demand makes itself", tostring(traced), 1, true)
    assert.near(f:sum "value" - 6, traced:sum "value", 1e-12)
    assert.matches("the table has no F_Y", tostring(mb():footprint{ satellite = "EMP",
      destination = "USA" }), 1, true)
    local va = three():footprint{ destination = "KOR", by = "country" }
    assert.near(27, va:sum "value", 1e-12) -- value added in final demand is that demand
  end)
end)
