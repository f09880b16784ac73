local cm = require "capmod"

describe("the US car", function()
  local function car(price, extra)
    local t = { name = "US car", price = price, stages = {
      { "components", at = "JPN", adds = 18 }, { "design", at = "DEU", adds = 8 },
      { "assembly",   at = "KOR", adds = 30 },
      { "minor parts", at = { SGP = .5, TWN = .5 }, adds = 4 },
      { "US business", at = "USA", adds = 37,
        uses = { "assembly", "components", "design", "minor parts" } } } }
    for k, v in pairs(extra or {}) do t[k] = v end
    return cm.chain(t)
  end

  it("gives the United States 37 of 100", function()
    local f = car(100, { rest = "ROW" }):decompose{ by = "country" }
    assert.near(0.37, f.share.USA, 1e-12)
    assert.near(1.00, f:sum "share", 1e-12)
  end)

  it("refuses a price that the stages do not add up to", function()
    assert.has_error(function() car(100) end)
    local ok, e = pcall(car, 100)
    assert.is_false(ok)
    assert.matches("CM2101", tostring(e))
    assert.matches("rest = \"ROW\"", tostring(e), 1, true)
  end)

  it("is unchanged by a relocation of a copy #immutable", function()
    local a = car(97)
    local b = a:with{ stages = { assembly = { at = "USA" } } }
    assert.near(30 / 97, a:decompose().share.KOR, 1e-12)
    assert.near(67 / 97, b:decompose().share.USA, 1e-12)
  end)

  for _, alias in ipairs{ "KOR", "Korea, Republic of", "South Korea" } do
    it("knows Korea as " .. alias, function() assert.equal("KOR", cm.country(alias)) end)
  end
end)
