--- Tables against closed forms and against other programs. The reference files hold what decompr
--- 7.0 (R) gave for one table of 5 countries by 4 sectors, at full precision; tolerance 1e-9
--- relative. They are not part of the repository: without them those tests are pending.

local cm = require "capmod"
local random = dofile "tests/support/random_table.lua"

local kept = dofile "tests/support/reference.lua"
local folder, reference = kept.folder, kept.matrix

local TOLERANCE = 1e-9
local COUNTRIES = { "AAA", "AAB", "AAC", "AAD", "AAE" }
local SECTORS = { "S01", "S02", "S03", "S04" }

local function near(wanted, found, where)
  local gap = math.abs(found - wanted)
  if gap > TOLERANCE * math.abs(wanted) or gap ~= gap then
    error(("%s: %.17g, not %.17g"):format(where, found, wanted), 2)
  end
end

local function same_matrix(wanted, found)
  assert.equal(wanted:rows(), found:rows())
  assert.equal(wanted:cols(), found:cols())
  for i = 1, wanted:rows() do
    for j = 1, wanted:cols() do
      near(wanted:get(i, j), found:get(i, j), wanted:name("row", i) .. " " .. wanted:name("col", j))
    end
  end
end

--- Every row of a frame by origin node and `key` against the matrix origin x key.
local function same_frame(wanted, frame, key)
  assert.equal(wanted:rows() * wanted:cols(), #frame)
  for row in frame:rows() do
    local origin = row.country .. "." .. row.sector
    near(wanted{ from = origin, to = row[key] }, row.value, origin .. " in " .. row[key])
  end
end

describe("the table of decompr", function()
  local m

  local function on_reference(title, test)
    it(title, function()
      local z = reference "input_Z"
      if not z then return pending("needs " .. folder .. " (set CAPMOD_SHARED)") end
      m = m or cm.mrio{ name = "small", Z = z, Y = reference "input_Y",
        countries = COUNTRIES, sectors = SECTORS }
      test()
    end)
  end

  on_reference("has its inverse", function() same_matrix(reference "matrix_B", m.L) end)
  on_reference("has its exports", function() same_matrix(reference "matrix_ESR", m.E) end)

  on_reference("has its trade and demand, foreign and at home", function()
    local foreign, own = reference "matrix_Ym", reference "matrix_Yd"
    same_matrix(foreign + own, m.D)
    same_matrix(reference "matrix_Efd" + reference "matrix_Eint", m.E)
  end)

  on_reference("has its value added by origin in a unit (VB)", function()
    same_frame(reference "decompr_leontief_none",
      m:value_added{ product = "*", by = { "product", "country", "sector" } }, "product")
  end)
  on_reference("has its value added by origin in exports (VBE)", function()
    same_frame(reference "decompr_leontief_exports",
      m:value_added{ exporter = "*", by = { "product", "country", "sector" } }, "product")
  end)
  on_reference("has its value added by origin in output (VBX)", function()
    same_frame(reference "decompr_leontief_output",
      m:value_added{ output = "*", by = { "product", "country", "sector" } }, "product")
  end)
  on_reference("has its value added by origin in final demand (VBY)", function()
    same_frame(reference "decompr_leontief_final_demand",
      m:value_added{ by = { "destination", "country", "sector" } }, "destination")
  end)

  on_reference("reads the same with its final demand by category", function()
    local split = cm.mrio{ name = "split", Z = reference "input_Z", Y = reference "input_Yfd",
      countries = COUNTRIES, sectors = SECTORS }
    assert.same({ "FD1", "FD2" }, split.categories)
    same_matrix(m.D, split.D)
    same_matrix(m.L, split.L)
  end)
end)

-- ---- identities on random tables ----------------------------------------------------------------

local function largest(m) return m:abs():max() end

describe("a random table", function()
  for _, shape in ipairs{ { 4, 5 }, { 12, 3 }, { 1, 6 }, { 6, 1 }, { 2, 2 }, { 1, 1 } } do
    local g, n = shape[1], shape[2]
    local name = ("of %d x %d "):format(g, n)

    it(name .. "has x = L Y 1, v L = 1 where there is output, and Ghosh's supply", function()
      local m, idle = random.table(g, n, 11 * g + n)
      local y = m.Y:sum{ by = "row" }
      assert.is_true(largest(m.L:mul(y) - m.x) < TOLERANCE * largest(m.x))
      local vl = m.v:mul(m.L)
      for j = 1, g * n do assert.near(j == idle and 0 or 1, vl:get(1, j), TOLERANCE) end
      assert.is_true(largest(m.V:mul(m.G) - m.x:T()) < TOLERANCE * largest(m.x))
      local idle_nodes = idle > 0 and "1 node" or "0 nodes"
      assert.equal(idle_nodes .. " without, 0 with negative output",
        m:check{ all = true }.detail["every node has output"])
    end)

    it(name .. "has exports, final demand and value added as its sums by origin", function()
      local m = random.table(g, n, 7 * g + n)
      local made = m:value_added{ by = { "country", "sector" } }
      for row in made:rows() do
        local node = row.country .. "." .. row.sector
        assert.near(m.V:get(1, m.V:find("col", node)), row.value, TOLERANCE * largest(m.V))
      end
      local bought = m:value_added{ by = { "destination", "country" } }
      local exported = g > 1 and m:value_added{ by = { "exporter", "country" }, exporter = "*" }
      for c, country in ipairs(m.countries) do
        assert.near(m.D:sum{ by = "col" }:get(1, c),
          bought:where{ destination = country }:sum "value", TOLERANCE * largest(m.x))
        if exported then
          local found = exported:where{ exporter = country }:sum "value"
          assert.near(m.E:block((c - 1) * n + 1, c * n, 1, g):sum(), found,
            TOLERANCE * largest(m.x))
        end
      end
    end)
  end

  it("keeps its sums when it is aggregated, and its identities", function()
    local m = random.table(5, 4, 3)
    local a = m:aggregate{ countries = { { "one", "X02 + X03" }, { "rest", "*" } },
      sectors = { all = { "s01", "s03" } } }
    assert.same({ "one", "rest" }, a.countries)
    assert.same({ "all", "s02", "s04" }, a.sectors)
    assert.near(m.V:sum(), a.V:sum(), TOLERANCE * m.V:sum())
    assert.near(m.x:sum(), a.x:sum(), TOLERANCE * m.x:sum())
    assert.is_true(largest(a.v:mul(a.L) - 1) < TOLERANCE)
  end)

  it("gives itself back when all that is shifted comes home again", function()
    local m = random.table(3, 3, 5)
    local there = m:with{ Z = m.Z, Y = m.Y }
    assert.is_true(largest(there.Z - m.Z) < TOLERANCE)
    local shifted = m:shift{ input = "s01", buyer = "X03", from = "X02", to = "X03", share = 1 }
    assert.is_true(largest(shifted.x - m.x) > 0.01)
    assert.near(m.Y:sum(), shifted.V:sum(), TOLERANCE * m.Y:sum())
    assert.is_true(largest(shifted.v - m.v) < TOLERANCE)
  end)
end)
