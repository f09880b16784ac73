local cm = require "capmod"
local errors = require "capmod.errors"

describe("cm.data", function()
  it("lists what there is, with source and licence", function()
    local text = tostring(cm.data.list())
    for name, value in pairs(cm.data) do
      assert.matches(("%s: %s; %s"):format(name, value.source, value.licence), text, 1, true)
    end
    assert.matches("us_car: World Trade Organization, Annual Report 1998, p. 36", text, 1, true)
  end)

  it("refuses what there is not", function()
    local ok, e = pcall(function() return cm.data.us_cra end)
    assert.is_false(ok)
    assert.is_true(errors.is(e, 1005))
    assert.matches("did you mean 'us_car'", e.fix, 1, true)
  end)

  it("gives each its source and licence", function()
    for name, value in pairs(cm.data) do
      assert.is_string(value.source, name)
      assert.is_string(value.licence, name)
    end
  end)

  -- World Trade Organization, Annual Report 1998, p. 36, as quoted.
  it("has the US car of 1998", function()
    local f = cm.data.us_car:decompose{ by = "stage" }
    local published = { assembly = 30, components = 17.5, design = 7.5, ["minor parts"] = 4,
      advertising = 2.5, data = 1.5, ["US business"] = 37 }
    for stage, value in pairs(published) do assert.near(value, f.value[stage], 1e-12) end
    assert.equal(7, #f)
    assert.near(100, f:sum "value", 1e-12)
    assert.near(0.37, cm.data.us_car:decompose().share.USA, 1e-12)
  end)

  -- NSF, Science and Engineering Indicators 2012, table 6-B: value in USD and share in percent.
  -- The published value of US firms is 162, of direct labour 33, of the price 499.
  it("has the iPad of 2010, with the published shares", function()
    local ipad = cm.data.ipad
    local f = ipad:decompose{ by = "stage" }
    local published = {
      ["distribution and retail"] = 15.0, ["design and marketing"] = 30.1,
      ["US components"] = 2.4, ["Japanese components"] = 1.4, ["Korean components"] = 6.8,
      ["Taiwan's components"] = 1.4, ["European components"] = 0.2, ["other components"] = 5.4,
      ["labour in components"] = 5.0, ["final assembly"] = 1.6,
      ["inputs other than labour"] = 30.9,
    }
    for stage, share in pairs(published) do
      assert.equal(("%.1f"):format(share), ("%.1f"):format(100 * f.share[stage]), stage)
    end
    assert.near(499, f:sum "value", 1e-9)
    assert.near(-1, f.value.rounding, 0)
    assert.near(162, ipad:decompose{ by = "owner" }.value.USA, 1e-9)
    assert.near(33, ipad:decompose{ by = "component" }.value.wages, 1e-9)
  end)

  -- 2.00 USD when it leaves Hong Kong, 0.35 of it for Chinese labour; 9.99 in the shop.
  it("has the Barbie doll of 1996", function()
    local f = cm.data.barbie:decompose()
    assert.near(0.35, f.value.CHN, 1e-12)
    assert.near(2, f.value.CHN + f.value.HKG + f.value["(several countries)"], 1e-12)
    assert.near(7.99, f.value.USA, 1e-12)
  end)
end)
