local cm = require "capmod"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

--- Something that answers :decompose as chains and tables do.
local function thing(name, by_country, by_owner, unit)
  return { name = name, decompose = function(_, question)
    local rows, total = {}, 0
    for _, row in ipairs(question.by == "owner" and by_owner or by_country) do
      total = total + row[2]
    end
    for i, row in ipairs(question.by == "owner" and by_owner or by_country) do
      rows[i] = { [question.by] = row[1], value = row[2], share = row[2] / total }
    end
    return cm.frame{ title = name, unit = unit or "USD per pair", keys = { question.by },
      cols = { { name = question.by, names = { CHN = "China", ETH = "Ethiopia" } }, "value",
        { name = "share", format = "percent" } }, rows = rows }
  end }
end

describe("cm.compare", function()
  setup(function() text.configure{ utf8 = true, columns = 100 } end)
  teardown(function() text.configure{} end)

  -- The shoes of the tutorial: who works, and who earns, under three arrangements.
  local export = thing("export", { { "CHN", 20 } }, { { "CHN", 20 } })
  local finish = thing("finish abroad", { { "CHN", 12.5 }, { "ETH", 7.5 } },
    { { "CHN", 14.5 }, { "ETH", 5.5 } })
  local transfer = thing("whole chain", { { "ETH", 17.5 }, { "CHN", 2.5 } },
    { { "ETH", 13 }, { "CHN", 7 } })

  it("lays decompositions side by side, nothing where a row is not there", function()
    assert.equal([[
value by country  [USD per pair]
  country       export  finish abroad  whole chain
  CHN China      20.00          12.50         2.50
  ETH Ethiopia    0.00           7.50        17.50]],
      tostring(cm.compare{ export, finish, transfer, by = "country" }))
    assert.equal([[
value by owner  [USD per pair]
  owner         export  finish abroad  whole chain
  CHN China      20.00          14.50         7.00
  ETH Ethiopia    0.00           5.50        13.00]],
      tostring(cm.compare{ export, finish, transfer, by = "owner" }))
  end)

  it("adds the change where there are two, and shares as percent", function()
    local f = cm.compare{ export, transfer, by = "country", value = "share" }
    assert.equal([[
share by country
  country       export  whole chain  change
  CHN China     100.0%        12.5%  -87.5%
  ETH Ethiopia    0.0%        87.5%   87.5%]], tostring(f))
    assert.near(-0.875, f.change.CHN, 1e-15)
    assert.near(0, f:sum "change", 1e-15)
  end)

  it("runs scenarios and shows what came out", function()
    local s = cm.scenario{ name = "today", params = { duty = 0.5 }, run = function(p)
      return { cost = 10 * (1 + p.duty), status = p.duty > 0 and "taxed" or "free",
        extra = p.duty > 0 and 1 or nil }
    end }
    local f = cm.compare{ s, s:with{ name = "free", duty = 0 } }
    assert.equal([[
comparison
  output   today    free  change
  cost    15.000  10.000  -5.000
  extra    1.000
  status   taxed    free]], tostring(f))
    assert.equal(tostring(f), tostring(cm.compare{ s:run(), s:with{ name = "free", duty = 0 } }))
  end)

  it("takes tables of numbers, and tells equal names apart", function()
    local f = cm.compare{ { name = "a", x = 1 }, { name = "a", x = 3 }, { x = 5 } }
    assert.same({ "output", "a", "a (2)", "3" }, f:columns())
    f = cm.compare{ { x = 1 }, { x = 4 }, names = { "before", "after" } }
    assert.same({ output = "x", before = 1, after = 4, change = 3 }, f[1])
  end)

  it("says infinity and what has no difference", function()
    local f = cm.compare{ { name = "a", t = math.huge }, { name = "b", t = math.huge } }
    assert.equal("comparison\n  output  a  b  change\n  t       ∞  ∞       -", tostring(f))
  end)

  it("compares frames by their keys", function()
    local a = cm.frame{ title = "2000", keys = { "k" }, rows = { { k = "x", value = 1 } } }
    local b = cm.frame{ title = "2011", keys = { "k" }, rows = { { k = "y", value = 2 } } }
    local f = cm.compare{ a, b }
    assert.same({ k = "x", ["2000"] = 1, ["2011"] = 0, change = -1 }, f[1])
    assert.same({ k = "y", ["2000"] = 0, ["2011"] = 2, change = 2 }, f[2])
  end)

  it("refuses what cannot be compared", function()
    local euro = thing("euro", { { "CHN", 20 } }, {}, "EUR per pair")
    assert.matches("^CM14", (refusal(cm.compare, { export, euro, by = "country" })))
    local rows = cm.frame{ keys = { "k" }, unit = "USD per pair", rows = { { k = 1, value = 1 } } }
    assert.equal("CM3011", (refusal(cm.compare, { export, rows, by = "country" })))
    assert.equal("CM3011", (refusal(cm.compare, { export, { x = 1 } })))
    assert.equal("CM3011", (refusal(cm.compare, {})))
    assert.equal("CM3011", (refusal(cm.compare, { "a" })))
    assert.equal("CM1501", (refusal(cm.compare, { export, finish, by = "country", value = "v" })))
    assert.equal("CM1001", (refusal(cm.compare, { { x = 1 }, { x = 2 }, by = "country" })))
  end)
end)
