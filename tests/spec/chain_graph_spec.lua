--- Verbs on the graph of a chain. The figures are counted by hand on the chains below.
local cm = require "capmod"
local errors = require "capmod.errors"

local function refused(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  assert.is_true(errors.is(e), tostring(e))
  return e
end

-- bolt(5 in a tyre, 8 in an axle, 10 in the car) -> tyre, axle -> car -> sales
local function car()
  return cm.chain{ name = "car", unit = "USD", stages = {
    { "bolt", at = "CHN", adds = 0.5, lead_time = 2 },
    { "tyre", at = { THA = 0.5, IDN = 0.5 }, adds = 20, uses = { bolt = 5 }, lead_time = 5 },
    { "axle", at = "DEU", adds = 100, uses = { bolt = 8 }, lead_time = 3 },
    { "car", at = "USA", adds = 1000, uses = { tyre = 4, axle = 2, bolt = 10 }, lead_time = 1 },
    { "sales", at = "USA", adds = 77, uses = "car", lead_time = 1 },
  } }
end

local function bus(more)
  local t = { name = "bus", stages = {
    { "cells", at = "CHN", adds = 60 },
    { "pack", at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = "cells" },
    { "body", at = { "CHN", "BRA", "MEX" }, adds = 70 },
    { "paint", at = { "CHN", "BRA" }, adds = 10, uses = "body" },
    { "assembly", at = { "MEX", "BRA" }, adds = 40, uses = { "pack", "paint", "body" } },
  }, colocate = { "body", "assembly", why = "too big to ship apart" } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

local function column(f, name) return table.concat(f:column(name), " ") end

describe("the graph of a chain", function()
  it("has an order and levels", function()
    local f = cm.chain{ name = "car", stages = {
      { "sales", at = "USA", adds = 1, uses = "car" },
      { "car", at = "USA", adds = 1, uses = { axle = 2, bolt = 10 } },
      { "axle", at = "DEU", adds = 1, uses = { bolt = 8 } }, { "bolt", at = "CHN", adds = 1 },
    } }:order()
    assert.equal("bolt axle car sales", column(f, "stage"))
    assert.equal("0 1 2 3", column(f, "level"))
    assert.equal("2 1 1 0", column(f, "users"))
    assert.equal(26, f.times.bolt)
  end)

  it("is made without recursion: a chain may be long", function()
    local stages = { { "1", at = "CHN", adds = 1 } }
    for i = 2, 20000 do
      stages[i] = { tostring(i), at = "CHN", adds = 0, uses = tostring(i - 1) }
    end
    local long = cm.chain{ name = "long", stages = stages }
    assert.equal(1, long:decompose().value.CHN)
    assert.equal(19999, long:order().level["20000"])
  end)

  it("has a schedule with slack and a critical path", function()
    -- bolt 0-2, then tyre 2-7 and axle 2-5, car 7-8, sales 8-9; the axle could start 2 days later
    local f = car():schedule()
    assert.equal(9, f.finish.sales)
    assert.same({ 2, 0, 7 }, { f.slack.axle, f.slack.tyre, f.start.car })
    assert.equal("bolt tyre car sales", column(car():critical_path(), "stage"))
    assert.matches("critical path: bolt → tyre → car → sales", f:spec().check[1], 1, true)
    assert.equal(4, #f:where{ critical = true })
  end)

  it("takes other lead times and delays on the way", function()
    local f = car():schedule{ lead_time = { axle = 9 }, delay = function(from, to)
      return from == "axle" and to == "car" and 4 or nil
    end }
    assert.same({ 17, 8 }, { f.finish.sales, f.slack.tyre })
    assert.equal(12, car():schedule{ delay = 1 }.finish.sales)
    assert.equal("CM2020", refused(car().schedule, car(), { lead_time = { axle = -1 } }).number)
    assert.equal("CM2020", refused(car().schedule, car(), { delay = function() return "x" end })
      .number)
    assert.equal("CM2002", refused(car().schedule, car(), { lead_time = { axel = 1 } }).number)
    assert.equal("CM1001", refused(car().schedule, car(), { leadtime = {} }).number)
    assert.matches("no lead time is stated, so 0 days: cells", tostring(bus():schedule()), 1, true)
  end)

  it("refuses a lead time or demand that is no quantity", function()
    for _, field in ipairs{ "lead_time", "demand" } do
      local e = refused(cm.chain, { name = "x", stages = { { "a", at = "USA", adds = 1,
        [field] = -1 } } })
      assert.equal("CM2005", e.number)
      assert.equal(field, e.field)
    end
  end)

  it("says what a stage depends on", function()
    local f = car():upstream "car"
    -- 46 bolts: 4 tyres of 5, 2 axles of 8, 10 more; worth 1000 + 80 + 200 + 23
    assert.same({ 46, 4, 2 }, { f.times.bolt, f.times.tyre, f.times.axle })
    assert.near(23 / 1303, f.share.bolt, 1e-12)
    assert.equal("bolt tyre axle", column(f, "stage"))
    assert.matches("worth 1303, of which it adds 1000 itself", f:spec().check[1], 1, true)
    assert.equal(0, #car():upstream "bolt")
  end)

  it("says what depends on a stage", function()
    local f = car():downstream "axle"
    assert.equal("car sales", column(f, "stage"))
    assert.same({ 2, 2 }, { f.times.car, f.times.sales })
    assert.near(200 / 1380, f.share.sales, 1e-12)
    local e = refused(car().downstream, car(), "axel")
    assert.equal("CM2002", e.number)
    assert.matches("did you mean 'axle'", e.fix, 1, true)
    assert.equal("CM1003", refused(car().upstream, car(), 3).number)
  end)

  it("has parts, articulation points and gates", function()
    local f = car():articulation()
    assert.equal("bolt car sales", column(f, "stage"))
    assert.same({ 1, 2, 1 }, { f.pieces.bolt, f.pieces.car, f.pieces.sales })
    assert.matches("1 of 6 links are bridges", f:spec().check[1], 1, true)
    local two = cm.chain{ name = "two", stages = { { "a", at = "USA", adds = 1 },
      { "b", at = "USA", adds = 1 }, { "c", at = "USA", adds = 1, uses = "a" } } }:parts()
    assert.same({ 2, "a, c", "b", 1 }, { #two, two[1].members, two[2].members, two[1].links })
    assert.equal(1, #car():parts())
  end)

  it("has least cuts", function()
    assert.equal("bolt", column(car():cut_set{ to = "car" }, "stage"))
    local f = car():cut_set{ from = { "tyre", "axle" }, to = "sales",
      weight = { car = 3, sales = 4 } }
    assert.equal("tyre axle", column(f, "stage"))
    assert.equal(2, f:sum "weight")
    f = car():cut_set{ weight = "value" }
    assert.equal("bolt", column(f, "stage"))
    assert.equal(23, f.weight.bolt)
    f = car():cut_set{ keep = { "bolt", "car", "sales" }, from = "bolt" }
    assert.equal(0, #f)
    assert.matches("no set of stages", f:spec().check[1], 1, true)
    assert.equal("CM2021", refused(car().cut_set, car(), { weight = { car = 0 / 0 } }).number)
    assert.equal("CM1004", refused(car().cut_set, car(), { weight = "worth" }).number)
    assert.equal("CM2002", refused(car().cut_set, car(), { keep = "cra" }).number)
  end)

  it("bounds its treewidth", function()
    assert.matches("it is 2", car():treewidth():spec().check[1], 1, true)
    assert.equal(1, cm.data.us_car:treewidth()[1].value)
  end)

  it("may have several products, in quantities", function()
    local f = cm.chain{ name = "milk", stages = {
      { "cow", at = "NZL", adds = 1 },
      { "butter", at = "NZL", adds = 2, uses = { cow = 20 }, demand = 3 },
      { "cheese", at = "AUS", adds = 5, uses = { cow = 10 } },
    } }
    assert.equal(70, f:stages().times.cow)
    assert.equal(2, f:order().products.cow)
    -- butter: 3 of 22, cheese: one of 15
    assert.near(66 / 81, f:failures().share.butter, 1e-12)
    assert.near(1, f:failures().share.cow, 1e-12)
    assert.equal(5, f:with{ stages = { cow = { demand = 5 }, butter = false, cheese = false } }
      :stages().times.cow)
  end)

  it("is placed in the quantities that leave it", function()
    local t = { name = "milk", stages = {
      { "cow", at = { "NZL", "AUS" }, adds = { NZL = 1, AUS = 2 } },
      { "butter", at = "NZL", adds = 2, uses = { cow = 20 }, demand = 3 },
      { "cheese", at = "NZL", adds = 5, uses = { cow = 10 } },
    } }
    assert.equal("CM1002", refused(cm.chain(t).locate, cm.chain(t)).number)
    t.market = "NZL" -- 3 x (20 x 1 + 2) + 10 x 1 + 5
    assert.near(81, cm.chain(t):locate().cost, 1e-9)
    t.stages[1].demand = 4 -- milk is sold as it is, too
    assert.near(85, cm.chain(t):locate().cost, 1e-9)
  end)

  it("fails where stages, countries and owners fail", function()
    local f = car():failures()
    assert.same({ 4, 1, true }, { f.stops.bolt, f.products.bolt, f.single.bolt })
    assert.same({ 2, false }, { f.sources.tyre, f.single.tyre })
    assert.matches("4 single points of failure that stop every product", f:spec().check[1], 1, true)
    f = car():failures{ by = "country" }
    assert.same({ 0, 1, 0 }, { f.alone.THA, f.shared.THA, f.products.THA })
    assert.same({ 2, 0 }, { f.alone.USA, f.stops.USA })
    f = cm.chain{ name = "plant", stages = { { "works", at = "KEN", by = "CHN", adds = 1 } } }
      :failures{ by = "owner" }
    assert.equal(1, f.alone.CHN)
    assert.equal("CM1004", refused(car().failures, car(), { by = "place" }).number)
  end)

  it("is summed up", function()
    local f = car():summary()
    assert.same({ 5, 6, 1, 4, 9, 2 }, { f.value.stages, f.value.links, f.value["final products"],
      f.value.levels, f.value["lead time"], f.value.treewidth })
    assert.near(1380, f.value["value added"], 1e-9)
    -- all settled: 1077 of 1380 in the United States
    assert.near(1077 / 1380, f.value["largest must-host share"], 1e-12)
    assert.matches("not settled, so taken where it costs least: pack", tostring(bus():summary()))
  end)
end)

describe("blocks of a chain", function()
  it("are one by joins that are named", function()
    local f = bus():blocks()
    assert.equal(4, #f)
    assert.equal("body, assembly", f.members["3"])
    assert.equal("BRA, MEX", (f.places["3"]:gsub("MEX, BRA", "BRA, MEX")))
    assert.equal("too big to ship apart", f.why["3"])
    -- 60 + 20 + (2 x 70 + 40) + 10: the body goes into the bus directly and once painted
    assert.near(180 / 270, f.share["3"], 1e-12)
    local text = tostring(f)
    assert.matches("CHN hosts 22.2% of the value whatever is chosen", text, 1, true)
    assert.matches("may not be traded: body → assembly", text, 1, true)
    assert.matches("block 3 ships to paint and gets it back", text, 1, true)
    assert.matches("4 of 5 links may be traded", text, 1, true)
  end)

  it("grow by rules that share a stage, and say the way", function()
    local c = bus{ colocate = { { "pack", "cells" }, { "cells", "body", "paint" } } }
    local f = c:together("pack", "paint")
    assert.equal("pack cells body", column(f, "stage"))
    assert.equal("cells body paint", column(f, "with"))
    assert.equal("colocate: pack, cells", f[1].why)
    assert.equal(0, #c:together("pack", "assembly"))
    assert.matches("may be parted", c:together("pack", "assembly").title)
    assert.equal("CHN", c:blocks().places["1"])
    assert.equal(2, #c:blocks())
    assert.equal("CM2002", refused(c.together, c, "pack", "paine").number)
  end)

  it("may have no place in common", function()
    local text = tostring(bus{ colocate = { "cells", "assembly" } }:blocks())
    assert.matches("has no place that all its stages may be in", text, 1, true)
  end)

  it("bind links", function()
    local f = bus():links()
    assert.same({ "bound", "may be traded" }, { f.trade["body.assembly"], f.trade["cells.pack"] })
    assert.same({ true, false }, { f.bridge["cells.pack"], f.bridge["body.paint"] })
    f = car():links()
    assert.same({ "traded", "at home", "partly traded" },
      { f.trade["bolt.axle"], f.trade["car.sales"], f.trade["bolt.tyre"] })
    assert.near(4 * 22.5, f.value["tyre.car"], 1e-12)
    assert.near(20, f.times["bolt.tyre"], 1e-12)
  end)
end)
