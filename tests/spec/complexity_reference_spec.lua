--- Complexity of world trade, 1998-2000, 226 countries x 785 products (SITC rev. 2, four digits),
--- against the R package economiccomplexity 2.0 (scale "own") and the Growth Lab's py-ecomplexity
--- (scale "atlas"): 1e-9. The files are not part of the repository: without them this is pending.

local cm = require "capmod"

local blocks = dofile "tests/support/blocks.lua"
local folder = blocks.shared .. "/reference/complexity/"
local there = blocks.exists(folder .. "out_R_country.csv")

--- The rows of a csv file without quotes, as tables by heading; labels stay text ("0011").
local function rows(name)
  local heads
  return coroutine.wrap(function()
    for line in io.lines(folder .. name) do
      local cells = {}
      for cell in (line .. ","):gmatch "(.-)," do cells[#cells + 1] = cell end
      if heads then
        local row = {}
        for k, head in ipairs(heads) do row[head] = cells[k] end
        coroutine.yield(row)
      else
        heads = cells
      end
    end
  end)
end

local function worst(list)
  local most, count = 0, 0
  for _, pair in ipairs(list) do
    local gap = math.abs(pair[1] - tonumber(pair[2]))
    assert(gap == gap, "a value is missing")
    most, count = math.max(most, gap), count + 1
  end
  return most, count
end

local function near(list, count, tolerance)
  local gap, n = worst(list)
  assert.equal(count, n)
  assert(gap <= (tolerance or 1e-9), ("off by %.3g"):format(gap))
end

describe("complexity of world trade", function()
  if not there then
    pending("needs " .. folder)
    return
  end
  local own, atlas
  setup(function()
    local columns = { country = {}, product = {}, value = {} }
    for row in rows "in_world_trade_avg_1998_2000.csv" do
      for name, cells in pairs(columns) do cells[#cells + 1] = row[name] end
      columns.value[#columns.value] = tonumber(row.value)
    end
    own = cm.complexity{ scale = "own", exports = cm.frame{ columns = columns,
      keys = { "country", "product" } } }
    atlas = own:with{ scale = "atlas" }
  end)
  teardown(function() own, atlas = nil, nil end) -- matrices of 785 x 785

  --- The label of a country of the files, which have codes in small letters, in the answers.
  local function label(code)
    local found = cm.codes.find_country(code)
    return type(found) == "string" and found or code
  end

  local function compare(c, file, pairs_of)
    local list = {}
    for row in rows(file) do
      for _, pair in ipairs{ pairs_of(c, row) } do list[#list + 1] = pair end
    end
    return list
  end

  it("keeps every country and product apart", function()
    assert.same({ 226, 785 }, { own.exports:rows(), own.exports:cols() })
    assert.equal(31951, own.presence:sum())
    assert.near(213975.18515405166545, own.rca:sum(), 1e-8)
    assert.near(127384.46182634899742, own.proximity:sum(), 1e-8)
    assert.near(181.25117827843599, own.proximity:norm "fro", 1e-9)
    assert.near(33349.63983943205676, own.density:sum(), 1e-8)
    assert.near(4159.84812412412430, own.gain:sum(), 1e-8)
  end)

  local function of_country(f)
    return function(_, row)
      local i = label(row.country)
      return { f.diversity[i], row.diversity }, { f.eci[i], row.eci_eigen or row.eci },
        { f.outlook[i], row.coi }
    end
  end
  it("has ECI, diversity and outlook of both programs", function()
    near(compare(own, "out_R_country.csv", of_country(own.countries)), 3 * 226)
    near(compare(atlas, "out_py_country.csv", of_country(atlas.countries)), 3 * 226)
  end)

  local function of_product(f)
    return function(_, row)
      local p = row.product
      return { f.ubiquity[p], row.ubiquity }, { f.pci[p], row.pci_eigen or row.pci }
    end
  end
  it("has PCI and ubiquity of both programs", function()
    near(compare(own, "out_R_product.csv", of_product(own.products)), 2 * 785)
    near(compare(atlas, "out_py_product.csv", of_product(atlas.products)), 2 * 785)
  end)

  local function of_pair(c, row)
    local i, p = label(row.country), row.product
    return { c.rca:get(i, p), row.rca }, { c.presence:get(i, p), row.mcp },
      { c.density:get(i, p), row.density }, { c.gain:get(i, p), row.cog }
  end
  it("has RCA, density and outlook gain of both programs", function()
    near(compare(own, "out_R_country_product_10countries.csv", of_pair), 4 * 7850)
    near(compare(atlas, "out_py_country_product_10countries.csv", of_pair), 4 * 7850)
  end)

  it("has PRODY and EXPY of R, where income is known", function()
    local income, same, far, count = {}, {}, 0, 0
    for row in rows "out_R_country.csv" do same[row.country] = tonumber(row.expy) end
    for row in rows "in_world_gdp_avg_1998_2000.csv" do -- R joins codes as they are: rom is not rou
      income[label(row.country)] = same[row.country] and tonumber(row.value)
    end
    local of_countries, of_products = own:sophistication{ income = income }
    local function hold(column, name, theirs)
      if not tonumber(theirs) then return end
      far, count = math.max(far, math.abs(column[name] / tonumber(theirs) - 1)), count + 1
    end
    for row in rows "out_R_country.csv" do hold(of_countries.expy, label(row.country), row.expy) end
    for row in rows "out_R_product.csv" do hold(of_products.prody, row.product, row.prody) end
    assert.equal(185 + 785, count)
    assert(far <= 1e-12, ("off by %.3g"):format(far))
  end)

  it("has the proximity of products", function()
    near(compare(own, "out_R_proximity_sample5000.csv", function(c, row)
      return { c.proximity:get(row.p1, row.p2), row.phi }
    end), 5000)
  end)

  it("has fitness after 20 and 200 rounds, of which R's first 20 count the start", function()
    for _, steps in ipairs{ 20, 200 } do
      local fitness, hard = own:fitness{ steps = steps == 20 and 19 or steps }
      near(compare(own, "out_R_country.csv", function(_, row)
        return { fitness.fitness[label(row.country)], row["fitness" .. steps] }
      end), 226)
      near(compare(own, "out_R_product.csv", function(_, row)
        return { hard.complexity[row.product], row["complexity_fitness" .. steps] }
      end), 785)
    end
  end)
end)
