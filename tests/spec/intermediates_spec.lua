--- Intermediates by country. The small figures are done by hand; the real ones are held to shares
--- that another program (R) computed from the same tables: without these files the test is pending.
local cm = require "capmod"

local blocks = dofile "tests/support/blocks.lua"
local refusal = dofile "tests/support/refusal.lua"
local shared = blocks.shared .. "/"

local function there(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

--- Two countries, two sectors. A uses 30 of its own and 10 of B; B uses 20 of its own and 5 of A.
local function toy(year, t)
  t = t or {}
  return cm.mrio{ name = "toy", year = year, unit = t.unit or "USD", countries = { "A", "B" },
    sectors = { "p", "q" },
    Z = { { 10, 5, t.to_b or 1, 2 }, { 5, 10, 1, 1 }, { t.to_a or 4, 2, 5, 5 }, { 1, 3, 5, 5 } },
    Y = { { 20, 5 }, { 30, 10 }, { 2, 40 }, { 3, 35 } } }
end

describe("intermediates of a table", function()
  it("are shared out between home and abroad, output and trade", function()
    local f = toy(2000):intermediates()
    assert.same({ "country", "year" }, f:keys())
    local a, b, world = f[1], f[2], f[3]
    -- A: output 30 + 5 + 50 + 15 = 100, inputs 30 + 10; exports 5 + 15, imports 10 + 5
    assert.same({ 100, 0.4, 0.3, 0.1, 0.25, 0.25, 10 / 15, 0.2 },
      { a.output, a.inputs, a.home, a.abroad, a.imported, a.exports, a.imports, a.traded })
    -- B: output 20 + 10 + 5 + 75 = 110, inputs 20 + 5; exports 10 + 5, imports 5 + 15
    assert.same({ 110, 25 / 110, 20 / 110, 5 / 110, 0.2, 10 / 15, 0.25, 15 / 110 },
      { b.output, b.inputs, b.home, b.abroad, b.imported, b.exports, b.imports, b.traded })
    assert.same({ "world", 210, 65 / 210, 15 / 65, 15 / 35, 15 / 35 }, { world.country,
      world.output, world.inputs, world.imported, world.exports, world.imports })
    assert.equal(1, #toy(2000):intermediates{ country = "B" })
    assert.same({ "country" }, toy():intermediates():keys())
    assert.equal("CM1001", (refusal(function() toy(2000):intermediates{ countries = "B" } end)))
  end)

  it("are those of an independent count of real tables", function()
    local path = shared .. "reference/growth/in_wiod_intermediate_shares.csv"
    if not there(path) then return pending "the other program's shares are not here" end
    local known, count, names = cm.frame.load(path), 0, { ROU = "ROM", ROW = "RoW" }
    for _, year in ipairs{ 1995, 2005, 2011 } do
      local m = cm.read(("%sconverted/wiot%d_full.csv.gz"):format(shared .. "data/", year))
      for row in m:intermediates():rows() do
        local found = known:where{ iso = names[row.country] or row.country, year = year }
        if #found == 0 and names[row.country] then
          found = known:where{ iso = row.country, year = year }
        end
        if row.country ~= "world" then
          local other = found[1]
          count = count + 1
          for mine, theirs in pairs{ inputs = "interm_share_output",
            imported = "imported_interm_share", exports = "export_interm_share",
            traded = "exports_to_output" } do
            assert.is_true(math.abs(row[mine] - other[theirs]) < 1e-12, row.country .. mine)
          end
        end
      end
    end
    assert.equal(123, count)
  end)
end)

describe("the claim of a deeper division of labour", function()
  it("is supported, mixed or refuted by country", function()
    -- B buys 20 more inputs from A: both use more abroad, A exports more inputs, B's exports stay
    local f = cm.division_of_labour{ toy(2010, { to_b = 21 }), toy(2000) }
    local a, b = f[1], f[2]
    assert.equal("division of labour, 2000 to 2010", f.title)
    -- A: inputs 40 of 120, exports 25 of 40
    assert.same({ 40 / 120, 40 / 120 - 0.4, 25 / 40, 25 / 40 - 0.25, 0.25, 0 },
      { a.inputs, a["+inputs"], a.exports, a["+exports"], a.imported, a["+imported"] })
    assert.same({ "mixed", "mixed" }, { a.claim, b.claim })
    assert.equal("by country: supported in 0, mixed in 2, refuted in 0", f:spec().check[1])
    -- the same backward: nothing rises in the world
    f = cm.division_of_labour{ toy(2000, { to_b = 21 }), toy(2010) }
    assert.equal("refuted", f.claim.world)
    f = cm.division_of_labour{ toy(2000), toy(2010, { to_b = 21, to_a = 44 }) }
    assert.same({ "supported", "supported", "supported" }, f:column "claim")
    assert.same({ "yes", "yes", "yes" }, f:column "steady")
    f = cm.division_of_labour{ toy(2000), toy(2005, { to_b = 31, to_a = 64 }),
      toy(2010, { to_b = 21, to_a = 44 }) }
    assert.same({ "no", "no", "no" }, f:column "steady")
    f = cm.division_of_labour{ toy(2000), toy(2010, { to_b = 21, to_a = 44 }), least = 0.9 }
    assert.same({ "refuted", "refuted", "refuted" }, f:column "claim")
  end)

  it("needs tables of several years in one unit", function()
    local ask = cm.division_of_labour
    assert.equal("CM1663", (refusal(ask, { toy(2000) })))
    assert.equal("CM1663", (refusal(ask, { toy(2000), toy(2000) })))
    assert.equal("CM1663", (refusal(ask, { toy(2000), toy() })))
    assert.equal("CM1663", (refusal(ask, { toy(2000), toy(2010, { unit = "EUR" }) })))
    assert.equal("CM1663", (refusal(ask, { toy(2000), 3 })))
  end)
end)
