local units = require "capmod.units"
local errors = require "capmod.errors"

local function raises(number, f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e, number), tostring(e))
  return tostring(e)
end

describe("units", function()
  local money = {
    { "USD", "USD", 1 }, { "USD bn", "USD", 1e9 }, { "USD 1000", "USD", 1e3 },
    { "EUR mn", "EUR", 1e6 }, { "million USD", "USD", 1e6 }, { "current million USD", "USD", 1e6 },
    { "M.EUR", "EUR", 1e6 }, { "MIO_EUR", "EUR", 1e6 }, { "US$ bn", "USD", 1e9 },
    { "USD mn, current prices", "USD", 1e6 }, { "DEM mn", "DEM", 1e6 }, { "tn JPY", "JPY", 1e12 },
  }
  for _, case in ipairs(money) do
    it(("read '%s' as money"):format(case[1]), function()
      local u = units.unit(case[1])
      assert.equal("money", u.kind)
      assert.equal(case[2], u.currency)
      assert.equal(case[3], u.multiplier)
      assert.is_nil(u.price_year)
      assert.is_true(units.unit(tostring(u)) == u)
    end)
  end

  it("read the year of the prices", function()
    for _, text in ipairs{ "USD mn, 2015 prices", "USD mn, 2015", "USD million, prices of 2015",
      "USD mn, constant 2015 prices" } do
      local u = units.unit(text)
      assert.equal(2015, u.price_year)
      assert.equal("USD mn, 2015 prices", tostring(u))
    end
  end)

  it("read rates, counts, masses and energies", function()
    assert.equal("hour", units.unit("USD per hours").per)
    assert.is_true(units.unit "USD/month" == units.unit "USD per month")
    assert.is_true(units.unit "thousand persons" == units.unit "1000 persons")
    assert.is_true(units.unit "million hours" == units.unit "mn hours")
    assert.is_true(units.unit "kt CO2" == units.unit "thousand t CO2")
    assert.is_false(units.unit "t CO2" == units.unit "t steel")
    -- 1 kWh = 3.6 MJ exactly (BIPM, SI brochure, 9th ed., table 8).
    assert.near(3.6, units.scale("GWh", "TJ"), 1e-15)
    assert.equal(1000, units.scale("t", "kg"))
  end)

  it("read shares", function()
    assert.near(0.01, units.scale("per 100 of price", "per 1 of price"), 1e-17)
    assert.near(0.01, units.scale("%", "1"), 1e-17)
    assert.is_false(units.unit "%" == units.unit "per 100 of price")
  end)

  it("take any other text as a unit of its own", function()
    for _, text in ipairs{ "ad valorem", "of China's", "home = 1", "1995 = 100", "share in USD" } do
      assert.equal("other", units.unit(text).kind)
      assert.equal(text, tostring(units.unit(text)))
      assert.is_true(units.unit(text) == units.unit(text))
    end
    raises(1404, units.same, "ad valorem", "home = 1")
  end)

  it("keep what they are of apart", function()
    local ppp = units.unit "USD mn (PPP)"
    assert.equal("USD mn (PPP)", tostring(ppp))
    raises(1404, units.same, ppp, "USD mn")
    raises(1404, units.same, "USD per hour", "USD")
  end)

  it("give a unit back as it is", function()
    local u = units.unit "USD mn"
    assert.equal(u, units.unit(u))
    assert.equal("in USD mn", "in " .. u)
    raises(1003, units.unit, 7)
  end)

  it("say what they do not understand", function()
    assert.matches("did you mean 'mn'", raises(1405, units.unit, "USD mm"))
    assert.matches("did you mean 'USD'", raises(1405, units.unit, "USX mn"))
    assert.matches("'made up'", raises(1405, units.unit, "USD mn, made up"))
    assert.matches("'bn' is not", raises(1405, units.unit, "USD mn bn"))
  end)

  it("are the same where they are written differently", function()
    assert.equal("USD mn", tostring(units.same("USD mn", "million USD")))
  end)

  it("are not added where they differ", function()
    assert.matches("wages %+ rents: USD mn and EUR mn are different currencies",
      raises(1401, units.same, "USD mn", "EUR mn", "wages + rents"))
    assert.matches("factor of 1000.*multiply the second by 1000",
      raises(1402, units.same, "USD mn", "USD bn"))
    assert.matches("multiply the second by 0.001", raises(1402, units.same, "USD bn", "USD mn"))
    assert.matches("prices of 2015 and current prices",
      raises(1403, units.same, "USD mn, 2015 prices", "USD mn"))
    raises(1403, units.same, "USD mn, 2015", "USD mn, 2010")
    raises(1404, units.same, "persons", "USD mn")
  end)

  it("scale within one currency and one year's prices", function()
    assert.equal(1000, units.scale("USD bn", "USD mn"))
    assert.equal(1e-3, units.scale("USD mn, 2015", "USD bn, 2015"))
    raises(1401, units.scale, "USD bn", "EUR bn")
    raises(1403, units.scale, "USD bn, 2010", "USD bn")
    raises(1404, units.scale, "USD bn", "hours")
  end)

  it("are converted with a rate and a deflator", function()
    local factor, target = units.unit("USD bn"):to("EUR mn", { rate = 0.9 })
    assert.near(900, factor, 1e-12)
    assert.equal("EUR mn", tostring(target))
    assert.near(1.1, (units.unit("USD mn, 2010"):to("USD mn, 2015", { deflator = 1.1 })), 1e-15)
    assert.near(0.99, (units.unit("USD, 2010"):to("EUR, 2015", { rate = 0.9, deflator = 1.1 })),
      1e-15)
    assert.equal(1000, (units.unit("USD bn"):to "USD mn"))
  end)

  it("are converted there and back to the same number", function()
    local there = units.unit("USD bn"):to("JPY mn", { rate = 110 })
    local back = units.unit("JPY mn"):to("USD bn", { rate = 1 / 110 })
    assert.near(1, there * back, 1e-15)
  end)

  it("are not converted without what it takes", function()
    local usd = units.unit "USD mn, 2010"
    assert.matches("rate = EUR per USD", raises(1401, usd.to, usd, "EUR mn, 2010"))
    raises(1403, usd.to, usd, "USD mn, 2015")
    raises(1404, usd.to, usd, "persons", { rate = 2 })
    raises(1003, usd.to, usd, "EUR mn, 2010", { rate = -1 })
    raises(1003, usd.to, usd, "EUR mn, 2010", { rate = "much" })
    raises(1001, usd.to, usd, "EUR mn, 2010", { rat = 1 })
  end)

  it("know the currencies of ISO 4217 and those that became the euro", function()
    for _, code in ipairs{ "USD", "EUR", "CNY", "KRW", "ETB", "DEM" } do
      assert.is_true(units.is_currency(code))
    end
    assert.is_false(units.is_currency "XYZ")
  end)
end)

describe("the catalogue of units", function()
  for number, entry in require "capmod.each"(require "capmod.errors.cm14") do
    it(("has an example that raises CM%d"):format(number), function()
      raises(number, assert(load(entry.example)))
    end)
  end
end)
