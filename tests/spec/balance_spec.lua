local cm = require "capmod"

local function M(data) return cm.matrix{ data = data } end

-- Two sectors whose published value added (640, 1420) misses the rows by a little:
-- rows sum to 1000 and 2000, columns to 990 and 2020.
local function nearly()
  return cm.mrio{ name = "nearly", unit = "USD mn", countries = { "USA" }, sectors = { "C29", "M" },
    Z = { { 150, 500 }, { 200, 100 } }, Y = { { 350 }, { 1700 } },
    P = { VA = { 640, 1420 } } }
end

describe("balancing", function()
  it("keeps the cross ratio, as RAS does", function()
    local five = { 5, 5 }
    local m, report = cm.balance{ matrix = M{ { 1, 2 }, { 3, 4 } }, rows = five, cols = five }
    local x = 5 * math.sqrt(2 / 3) / (1 + math.sqrt(2 / 3)) -- x^2 / (5 - x)^2 = 2 / 3
    assert.near(x, m:get(1, 1), 1e-7)
    assert.near(5 - x, m:get(2, 1), 1e-7)
    assert.near(x - 1, report.by["largest increase"], 1e-7)
    assert.matches("converged in %d+ steps", tostring(report))
  end)

  it("keeps signs and zeros where elements are negative", function()
    local data = { { 7, -2, 3, 4 }, { 0, -1, 2, 5 }, { -3, 8, 1, 2 } }
    local u, v = { 9, 6, 12 }, { 12, 3, 4, 8 }
    local m = cm.balance{ matrix = M(data), rows = u, cols = v, tolerance = 1e-12 }
    for i = 1, 3 do assert.near(u[i], m:sum{ by = "row" }:get(i, 1), 1e-10) end
    for j = 1, 4 do assert.near(v[j], m:sum{ by = "col" }:get(1, j), 1e-10) end
    assert.equal(0, m:get(2, 1))
    assert.is_true(m:get(1, 2) < 0 and m:get(3, 1) < 0)
  end)

  it("says when it did not converge", function()
    local t = { matrix = M{ { 1, 1 }, { 0, 1 } }, rows = { 1, 2 }, cols = { 2, 1 }, steps = 50 }
    assert.error_matches(function() cm.balance(t) end, "CM1624")
    t.partial = true
    local _, report = cm.balance(t)
    assert.matches("NOT converged in 50 steps", tostring(report))
    t.rows = { 1, 3 }
    assert.error_matches(function() cm.balance(t) end, "CM1301")
    t.steps = 0
    assert.error_matches(function() cm.balance(t) end, "CM1623")
  end)

  it("brings rows and columns of a table to one output", function()
    for to, x in pairs{ rows = { 1000, 2000 }, columns = { 990, 2020 }, mean = { 995, 2010 } } do
      -- the order of these three does not matter
      local m, report = nearly():balance{ to = to, tolerance = 1e-13 }
      for i = 1, 2 do
        assert.near(x[i], m.x:get(i, 1), 1e-8)
        assert.near(x[i], m.Z:sum{ by = "col" }:get(1, i) + m.P:get(1, i), 1e-8)
      end
      assert.near(350 + 1700, m.Y:sum(), 1e-8)
      assert.near(m.V:get(1, 1), m.P:get(1, 1), 1e-8)
      assert.matches("what balancing changed in 'nearly'", tostring(report))
      assert.matches("balanced %(output: " .. to, tostring(m))
    end
    assert.error_matches(function() nearly():balance{ to = "published" } end, "CM1625")
  end)
end)

-- Two commodities, two industries, as in Miller and Blair 2009, ch. 5: V = [90 0; 10 100],
-- U = [12 8; 10 7], e = (80, 83); q = (100, 100), g = (90, 110), v = (68, 95).
local function su(model)
  return cm.supply_use{ name = "su", countries = { "USA" }, products = { "p1", "p2" },
    industries = { "i1", "i2" }, supply = { { 90, 0 }, { 10, 100 } },
    use = { { 12, 8 }, { 10, 7 } }, final = { { 80 }, { 83 } }, primary = { VA = { 68, 95 } },
    model = model }
end

describe("supply and use tables", function()
  -- B = U g^-1, D = V q^-1
  local b = { { 12 / 90, 8 / 110 }, { 10 / 90, 7 / 110 } }
  local d = { { .9, 0 }, { .1, 1 } }

  it("become products by the industry technology: A = B D", function()
    local A = su "B".A
    for i = 1, 2 do
      for j = 1, 2 do assert.near(b[i][1] * d[1][j] + b[i][2] * d[2][j], A:get(i, j), 1e-14) end
    end
    assert.near(.1273, A:get(1, 1), 5e-5)
  end)

  it("become industries by the sales of products: A = D B", function()
    local m = su "D"
    for i = 1, 2 do
      for j = 1, 2 do assert.near(d[i][1] * b[1][j] + d[i][2] * b[2][j], m.A:get(i, j), 1e-14) end
    end
    assert.near(.9 * 80, m.Y:get(1, 1), 1e-12)
  end)

  it("become products by the product technology: V' A' = U', column by column", function()
    local A, U, V = su "A".A, { { 12, 8 }, { 10, 7 } }, { { 90, 0 }, { 10, 100 } }
    for i = 1, 2 do
      for j = 1, 2 do -- industry j uses of i what its products need
        assert.near(U[i][j], A:get(i, 1) * V[j][1] + A:get(i, 2) * V[j][2], 1e-12)
      end
    end
  end)

  it("give output, final demand and value added their sums, in every model", function()
    for model, x in pairs{ A = { 100, 100 }, B = { 100, 100 }, C = { 90, 110 }, D = { 90, 110 } } do
      local m = su(model) -- in any order
      for i = 1, 2 do
        assert.near(x[i], m.x:get(i, 1), 1e-10)
        assert.near(x[i], m.Z:sum{ by = "col" }:get(1, i) + m.P:get(1, i), 1e-10)
      end
      assert.near(163, m.Y:sum(), 1e-10)
      assert.near(163, m.P:sum(), 1e-10)
    end
  end)

  it("are refused where they do not fit", function()
    local t = { name = "one", countries = { "USA" }, products = { "a", "b" }, industries = { "i" },
      supply = { { 90, 10 } }, use = { { 12 }, { 10 } }, final = { { 78 }, { 0 } }, model = "A" }
    assert.error_matches(function() cm.supply_use(t) end, "CM1626")
    t.model = "D"
    assert.near(100, cm.supply_use(t).x:get(1, 1), 1e-12)
    t.use = { { 12, 10 } }
    assert.error_matches(function() cm.supply_use(t) end, "CM1626")
  end)
end)
