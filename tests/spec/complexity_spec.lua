--- Economic complexity: small cases by hand, identities, tables, what is printed, refusals.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

--- Four countries and products. Totals: rows 10 20 10 10, columns 10 16 14 10, all 50; advantage
--- in a product is its share over 0.2, 0.32, 0.28, 0.2.
local TRADE = {
  { "Germany", "cars", 6 }, { "DEU", "shoes", 1 }, { "DEU", "chips", 3 },
  { "CHN", "shoes", 10 }, { "CHN", "chips", 8 }, { "China", "cars", 2 },
  { "ETH", "shoes", 4 }, { "ETH", "coffee", 6 },
  { "KOR", "cars", 2 }, { "KOR", "chips", 3 }, { "KOR", "shoes", 1 }, { "KOR", "coffee", 4 },
}
local function trade(extra)
  local rows = table.move(TRADE, 1, #TRADE, 1, {})
  for _, row in ipairs(extra or {}) do rows[#rows + 1] = row end
  return cm.frame{ cols = { "country", "product", { name = "value", unit = "USD mn" } },
    keys = { "country", "product" }, rows = rows }
end
local function make(t, extra)
  t = t or {}
  t.exports = t.exports or trade(extra)
  return cm.complexity(t)
end

describe("comparative advantage", function()
  it("is Balassa's ratio, of countries under any name", function()
    local c = make()
    assert.same({ "DEU", "CHN", "ETH", "KOR" }, c.rca:labels "row")
    assert.near(0.6 / 0.2, c.rca:get("DEU", "cars"), 1e-15)
    assert.near(0.5 / 0.32, c.rca:get("CHN", "shoes"), 1e-15)
    assert.near(0.1 / 0.2, c.rca:get("CHN", "cars"), 1e-15)
    assert.equal(0, c.rca:get("ETH", "chips"))
    assert.same({ { 1, 0, 1, 0 }, { 0, 1, 1, 0 }, { 0, 1, 0, 1 }, { 1, 0, 1, 1 } },
      c.presence:list())
    local b = c:basket "Ethiopia"
    assert.near(0.6, b.share.coffee, 1e-15)
    assert.near(3, b.rca.coffee, 1e-15)
    assert.equal("coffee", b[1].product)
  end)

  it("takes a threshold, and a matrix instead of a frame", function()
    local c = make{ exports = make().exports }
    assert.same(make().rca:list(), c.rca:list())
    assert.equal(6, make{ threshold = 1.2 }.presence:sum())
  end)

  it("leaves out what does not trade, and says so", function()
    local c = make(nil, { { "SGS", "cars", 0 }, { "DEU", "ice", 0 } })
    assert.equal(4, c.exports:rows())
    assert.matches("left out, nothing exported: SGS\n.*exported by nobody: ice", tostring(c))
  end)
end)

describe("sophistication", function()
  it("weighs incomes by shares in exports, by hand", function()
    local c = make()
    local of_countries, of_products = c:sophistication{
      income = { Germany = 40, ETH = 1, USA = 60 } }
    local shoes = (0.1 * 40 + 0.4 * 1) / 0.5
    assert.near(shoes, of_products.prody.shoes, 1e-12)
    assert.near(40, of_products.prody.cars, 1e-12)
    assert.near(1, of_products.prody.coffee, 1e-12)
    assert.near(0.6 * 40 + 0.1 * shoes + 0.3 * 40, of_countries.expy.DEU, 1e-12)
    assert.near(0.4 * shoes + 0.6 * 1, of_countries.expy.ETH, 1e-12)
    assert.equal(2, #of_countries)
    assert.matches("without income, and left out: 2 exporters", tostring(of_countries), 1, true)
  end)

  it("is refused without incomes of exporters", function()
    local c = make()
    assert.equal("CM1002", (refusal(c.sophistication, c, {})))
    for _, income in ipairs{ {}, { USA = 60 }, { DEU = -1 }, { DEU = "x" } } do
      assert.equal("CM1004", (refusal(c.sophistication, c, { income = income })))
    end
    assert.equal("CM1004", (refusal(make().sophistication, make(), { income = { DEU = 0 / 0 } })))
  end)
end)

describe("complexity", function()
  local c = make()
  it("has proximity, density and outlook of hand", function()
    -- ubiquity 2 2 3 2; cars and chips share 2 countries of at most 3
    assert.same({ 2, 2, 3, 2 }, (function()
      local u = c.products.ubiquity
      return { u.cars, u.shoes, u.chips, u.coffee }
    end)())
    assert.near(2 / 3, c.proximity:get("cars", "chips"), 1e-15)
    assert.near(0, c.proximity:get("cars", "shoes"), 1e-15)
    -- around shoes: itself 1, chips 1/3, coffee 1/2; Germany has chips of these
    assert.near((1 / 3) / (11 / 6), c.density:get("DEU", "shoes"), 1e-15)
    local own = make{ scale = "own" }
    local pci, coi, gain = own.products.pci, 0, 0
    for _, product in ipairs{ "shoes", "coffee" } do -- what Germany does not have
      coi = coi + own.density:get("DEU", product) * pci[product]
      gain = gain + own.proximity:get(product, "shoes") * pci[product]
        / own.proximity{ from = product }:sum()
    end
    assert.near(coi, own.countries.outlook.DEU, 1e-14)
    assert.near(gain, own.gain:get("DEU", "shoes"), 1e-14)
    assert.near(gain, own:opportunities("DEU").gain.shoes, 1e-14)
    assert.equal(2, #own:opportunities "DEU")
  end)

  it("is an eigenvector: ECI is the mean PCI of what a country has", function()
    local eci, pci, sum, squares = c.countries.eci, c.products.pci, 0, 0
    for i, country in ipairs(c.presence:labels "row") do
      local has, mean, n = c.presence:row_list(i), 0, 0
      for k, product in ipairs(c.presence:labels "col") do
        mean, n = mean + has[k] * pci[product], n + has[k]
      end
      assert.near(mean / n, eci[country], 1e-14)
      sum, squares = sum + eci[country], squares + eci[country] ^ 2
    end
    assert.near(0, sum, 1e-14)
    assert.near(4, squares, 1e-13)
  end)

  it("gives the same whatever the order of rows", function()
    local rows = {}
    for i = #TRADE, 1, -1 do rows[#rows + 1] = TRADE[i] end
    local other = make{ exports = cm.frame{ cols = { "country", "product", "value" },
      keys = { "country", "product" }, rows = rows } }
    for country, eci in pairs(c.countries.eci) do
      assert.near(eci, other.countries.eci[country], 1e-13)
    end
  end)

  it("prints countries and products with what they rest on", function()
    local printed = tostring(make{ name = "four" })
    assert.matches("^four: economic complexity of countries", printed)
    assert.matches("its advantage is at least 1", printed, 1, true)
    assert.matches("only 4 products: wide industries say little of know-how", printed, 1, true)
    assert.matches("exports [USD mn]", printed, 1, true)
  end)

  it("has fitness whose means are 1", function()
    local f, q = c:fitness{ steps = 3 }
    assert.near(4, f:sum "fitness", 1e-13)
    assert.near(4, q:sum "complexity", 1e-13)
  end)
end)

describe("technology tiers", function()
  local c = make{ year = 2016 }

  it("are the lesser of the third of ECI and what income allows", function()
    local f = c:tiers()
    local allowed = { ["low income"] = 1, ["upper middle income"] = 2, ["high income"] = 3 }
    for row in f:rows() do
      assert.equal(math.min(row.third, allowed[row.income]), row.tier)
    end
    assert.same({ 3, 3, 2, 1 }, f:column "third")
    assert.equal("low income", f.income.ETH)
    assert.equal("upper middle income", f.income.CHN)
    assert.matches("income classes of the World Bank for 2016", tostring(f), 1, true)
    assert.equal("lower middle income", c:tiers{ year = 2005 }.income.CHN)
  end)

  it("cut products by complexity into equal parts of world exports", function()
    local f = c:ladder{ steps = 2 }
    local x, parts = c.exports, { low = {}, high = {} }
    for _, line in ipairs(f:spec().note) do
      local name, members = line:match "^(%l+): ([%l ]+)$"
      if parts[name] then
        for product in members:gmatch "%S+" do table.insert(parts[name], product) end
      end
    end
    assert.equal(4, #parts.low + #parts.high)
    local function sum(country, part)
      local all = 0
      for _, product in ipairs(part) do
        all = all + (country and x:get(country, product) or x{ to = product }:sum())
      end
      return all
    end
    for name, part in pairs(parts) do
      for country, rca in pairs(f[name]) do
        local own = sum(country, part) / x{ from = country }:sum()
        assert.near(own * 50 / sum(nil, part), rca, 1e-14)
      end
    end
    assert.same({ "country", "step1", "step2", "step3", "step4", "step5", "best" },
      c:ladder{ steps = 5 }:columns())
  end)
end)

describe("complexity of a table", function()
  local m = cm.data.world

  it("rests on gross exports, or on value added by name", function()
    local f = m:indicators{ "EXGR", "FFD_DVA", by = { "country", "sector" } }
    for _, measure in ipairs{ "EXGR", "FFD_DVA" } do
      local c = cm.complexity{ exports = m, measure = measure }
      local own, all, world = 0, f:sum(measure), 0
      for row in f:rows() do
        if row.country == "CHN" then own = own + row[measure] end
        if row.sector == "D29" then world = world + row[measure] end
      end
      assert.near(f[measure]["CHN.D29"] / own * all / world, c.rca:get("CHN", "D29"), 1e-12)
    end
    assert.matches("exports: FFD_DVA: own value added in foreign final demand of 'world'",
      tostring(cm.complexity{ exports = m, measure = "FFD_DVA" }), 1, true)
  end)

  it("takes what a table has below 0 as 0, and says whose", function()
    -- AUT runs down inventories abroad: its exports of b are 2 - 5
    local t = cm.mrio{ name = "small", year = 2000, countries = { "AUT", "BEL", "CHE" },
      sectors = { "a", "b", "c" }, Z = cm.matrix{ rows = 9, cols = 9, fill = 0 },
      Y = { { 9, 4, 1 }, { 9, 2, -5 }, { 9, 3, 1 }, { 2, 9, 1 }, { 1, 9, 6 }, { 2, 9, 1 },
        { 1, 1, 9 }, { 2, 3, 9 }, { 5, 1, 9 } } }
    local c = cm.complexity{ exports = t }
    assert.equal(0, c.exports:get("AUT", "b"))
    assert.equal(5, c.exports:get("AUT", "a"))
    assert.near((7 / 13) / (12 / 35), c.rca:get("BEL", "b"), 1e-12) -- of 9, 13 and 13
    assert.matches("below 0 in the table, taken as 0: AUT.b -3", tostring(c:basket "AUT"), 1, true)
  end)

  it("knows the year of its income classes", function()
    local f = cm.complexity{ exports = m }:tiers()
    assert.equal("lower middle income", f.income.CHN)
    assert.is_nil(f.income.ROW)
    assert.is_nil(f.tier.ROW)
  end)
end)

describe("complexity refuses", function()
  it("exports that cannot be", function()
    assert.equal("CM2503", (refusal(make, nil, { { "USA", "cars", -1 } })))
    local _, message = refusal(make, nil, { { "USA", "cars", -1 } })
    assert.matches("row 13, USA, product cars: exports -1", message, 1, true)
    assert.equal("CM2503", (refusal(make, nil, { { "USA", "cars", math.huge } })))
    assert.equal("CM2503", (refusal(make, nil, { { "USA", nil, 1 } })))
    assert.equal("CM1202", (refusal(cm.complexity, { exports = cm.matrix{ rows = 3, cols = 3,
      fill = 1 } })))
    assert.equal("CM1501", (refusal(make, { value = "amount" })))
    assert.equal("CM1001", (refusal(make, { treshold = 1 })))
    assert.equal("CM1004", (refusal(make, { scale = "stata" })))
    assert.equal("CM2503", (refusal(make, { threshold = 0 })))
    assert.equal("CM1651", (refusal(cm.complexity, { exports = cm.data.world, measure = "X" })))
  end)

  it("too few, groups apart, and likes", function()
    local function matrix(data)
      local rows, cols = {}, {}
      for i = 1, #data do rows[i] = "c" .. i end
      for j = 1, #data[1] do cols[j] = "p" .. j end
      return cm.complexity{ exports = cm.matrix{ rows = rows, cols = cols, data = data } }
    end
    assert.equal("CM2503", (refusal(matrix, { { 1, 2 }, { 2, 1 }, { 1, 1 } })))
    local apart = matrix{ { 1, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 1, 1 } }
    assert.equal("CM2501", (refusal(function() return apart.countries end)))
    assert.equal(3, apart.rca:get(3, 3)) -- which asks for no complexity
    local alike = matrix{ { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 } }
    assert.equal("CM2502", (refusal(function() return alike.products end)))
    local high = make{ threshold = 2.9 }
    assert.equal("CM2503", (refusal(function() return high.countries end)))
  end)

  it("countries that it does not have, and changes", function()
    local c = make()
    local number, message = refusal(c.basket, c, "Ethopia")
    assert.equal("CM2504", number)
    assert.matches("there are DEU, CHN, ETH, KOR", message, 1, true)
    number, message = refusal(c.opportunities, c, "USA")
    assert.equal("CM2504", number)
    assert.matches("USA exports nothing here", message, 1, true)
    assert.equal("CM1001", (refusal(function() return c.eci end)))
    assert.equal("CM1505", (refusal(function() c.rca = 1 end)))
    assert.equal("CM1004", (refusal(c.ladder, c, { steps = 1 })))
    assert.equal("CM1004", (refusal(c.fitness, c, { steps = 0 })))
  end)
end)
