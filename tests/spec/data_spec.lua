local cm = require "capmod"
local core = require "capmod.core"
local errors = require "capmod.errors"

local blocks = dofile "tests/support/blocks.lua"

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

  describe("world", function()
    local world = cm.data.world
    local regions = "CHN USA JPN KOR DEU TWN GBR FRA ITA CAN BRA IND MEX ROW"

    it("is 14 regions by 12 sectors of 2000, transport equipment apart", function()
      assert.equal(regions, table.concat(world.countries, " "))
      assert.equal("AtB C D15t22n D23t26 D27t28 D29 D30t33 D34t35 EtF GtI JtK LtQ",
        table.concat(world.sectors, " "))
      assert.equal(2000, world.year)
      assert.equal("USD mn", world.unit)
      assert.equal("CC BY 4.0", world.licence)
    end)

    it("holds whole millions and balances exactly", function()
      local Z, Y, P, V, x = world.Z, world.Y, world.P, world.V, world.x
      local worst = 0
      for j = 1, Z:cols() do
        local primary, column = 0, 0
        for i = 1, P:rows() do primary = primary + P:get(i, j) end
        for i = 1, Z:rows() do
          column = column + Z:get(i, j)
          worst = math.max(worst, Z:get(i, j) % 1)
        end
        assert.equal(x:get(j, 1), column + primary)
        assert.equal(V:get(1, j), primary)
      end
      for i = 1, Y:rows() do
        for j = 1, Y:cols() do worst = math.max(worst, Y:get(i, j) % 1) end
      end
      assert.equal(0, worst)
    end)

    -- The table that it was made from: output 61,793,322, value added 31,550,742 million USD. Each
    -- of 37,632 flows is rounded by half a million at most.
    it("has the totals of its source, to the rounding", function()
      assert.near(61793322, world.x:sum(), 1e-4 * 61793322)
      local added
      for i, name in ipairs(world.P:labels "row") do
        if name == "VA" then added = world.P:row(i):sum() end
      end
      assert.near(31550742, added, 1e-4 * 31550742)
    end)

    -- The same sums, roundings and inverse by numpy 1.24 on the same source.
    it("gives the origins that an independent program finds", function()
      local f = world:value_added{ product = "USA.D34t35", by = "country" }
      local expected = { USA = 0.8584, ROW = 0.0342, JPN = 0.0261, CAN = 0.0244, MEX = 0.0116,
        DEU = 0.0093, GBR = 0.0078, CHN = 0.0062, FRA = 0.0053, TWN = 0.0047, KOR = 0.0041,
        ITA = 0.0039, BRA = 0.0028, IND = 0.0011 }
      for country, share in pairs(expected) do assert.near(share, f.value[country], 5.1e-5) end
      assert.near(1, f:sum "value", 1e-9)
    end)

    it("is made by its script out of the source, byte for byte", function()
      local source = blocks.shared .. "/data/converted/lrwiod2000_26x23.csv.gz"
      if not blocks.exists(source) then return pending("needs " .. source) end
      local made = os.tmpname()
      local command = ("%s run scripts/data/make_world.lua %s %s"):format(blocks.program, source,
        made)
      assert.is_true(os.execute(command))
      local shipped = core.home .. "/stdlib/capmod/data/world/world.csv"
      assert.is_true(blocks.read(made) == blocks.read(shipped), "world.csv differs")
      os.remove(made)
    end)
  end)

  -- 2.00 USD when it leaves Hong Kong, 0.35 of it for Chinese labour; 9.99 in the shop.
  it("has the Barbie doll of 1996", function()
    local f = cm.data.barbie:decompose()
    assert.near(0.35, f.value.CHN, 1e-12)
    assert.near(2, f.value.CHN + f.value.HKG + f.value["(several countries)"], 1e-12)
    assert.near(7.99, f.value.USA, 1e-12)
  end)
end)
