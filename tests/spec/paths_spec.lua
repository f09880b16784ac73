local cm = require "capmod"

-- A = [ .15 .25; .20 .05 ] (Miller and Blair 2009, table 2.3); one job a unit of C29.
local function mb()
  return cm.mrio{ name = "mb", countries = { "USA" }, sectors = { "C29", "M" },
    Z = { { 150, 500 }, { 200, 100 } }, Y = { { 350 }, { 1700 } },
    F = { EMP = { 1000, 0 } }, units = { EMP = "persons" } }
end

describe("the paths of a product", function()
  it("have the figures worked by hand", function()
    local f = mb():paths{ product = "USA.M", satellite = "EMP", top = 3 }
    assert.equal("USA.C29 > USA.M", f.path[1])
    assert.near(.25, f[1].value, 1e-15)
    assert.equal("USA.C29 > USA.C29 > USA.M", f.path[2])
    assert.near(.25 * .15, f[2].value, 1e-15)
    assert.near(.25 * .05, f[3].value, 1e-15)
    local total = .25 / (.85 * .95 - .05)
    assert.near(.25 / total, f[1].share, 1e-14)
    assert.matches("3 chains: 0.3000 of 0.3300, 90.9%%", tostring(f))
  end)

  it("end at a share of the whole, and say what is left", function()
    local m = mb()
    local f = m:paths{ destination = "USA", above = .01 }
    local sum = 0
    for i = 1, #f do
      assert.is_true(f[i].share >= .01)
      sum = sum + f[i].share
    end
    assert.is_true(sum > .8 and sum < 1)
    -- the chains of no link are v y
    assert.near(.65 * 350, f.value["USA.C29"], 1e-10)
    assert.near(.7 * 1700, f.value["USA.M"], 1e-10)
    assert.matches("no other chain is above 0%.", tostring(f))
    assert.matches("NOT all", tostring(m:paths{ destination = "USA", steps = 5 }))
  end)

  it("are refused where there is nothing", function()
    assert.error_matches(function() mb():paths{} end, "CM1002")
    assert.error_matches(function() mb():paths{ product = "USA.M", above = -1 } end, "CM1623")
  end)
end)
