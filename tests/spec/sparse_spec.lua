local core = require "capmod.core"
local errors = require "capmod.errors"

--- What a call fails with: the error object's number.
local function number_of(f, ...)
  local ok, e = pcall(f, ...)
  assert.is_false(ok)
  return errors.is(e) and e.number or e
end

--- Three firms: 2 0 1 / 0 4 0 / 1 0 3.
local function small()
  return core.sparse {
    rows = 3, cols = 3, i = { 1, 3, 2, 1, 3, 3 }, j = { 1, 1, 2, 3, 3, 3 },
    value = { 2, 1, 4, 1, 1, 2 },
  }
end

local function column(list)
  local rows = {}
  for i, x in ipairs(list) do rows[i] = { x } end
  return core.matrix_from(rows)
end

local function list_of(m)
  local list = {}
  for i = 1, m:rows() do list[i] = m:get(i, 1) end
  return list
end

describe("a sparse matrix", function()
  it("holds triplets, those of one place added up", function()
    local s = small()
    assert.equal(3, s:rows())
    assert.equal(3, s:cols())
    assert.equal(5, s:nnz())
    assert.equal(3.0, s:get(3, 3))
    assert.equal(0.0, s:get(1, 2))
    assert.same({ { 2, 0, 1 }, { 0, 4, 0 }, { 1, 0, 3 } }, s:dense():list())
  end)

  it("comes from a dense matrix, small elements dropped", function()
    local m = core.matrix_from { { 1, 0.001 }, { 0, -2 } }
    assert.equal(3, m:sparse():nnz())
    assert.equal(2, m:sparse(0.001):nnz())
  end)

  it("multiplies, transposes, scales and adds up", function()
    local s = core.sparse { rows = 2, cols = 3, i = { 1, 2 }, j = { 2, 3 }, value = { 5, 7 } }
    assert.same({ 10, 21 }, list_of(s:mul(column { 1, 2, 3 })))
    assert.same({ 0, 5, 14 }, list_of(s:mul(column { 1, 2 }, true)))
    assert.same({ 0, 5, 14 }, list_of(s:T():mul(column { 1, 2 })))
    assert.same({ { 0, 5, 0 }, { 0, 0, 70 } }, s:scale("row", column { 1, 10 }):dense():list())
    assert.same({ 5, 7 }, list_of(s:sum { by = "row" }))
    assert.same({ { 0, 5, 7 } }, s:sum { by = "col" }:list())
    assert.same({ { -1, 0, -1 }, { 0, -3, 0 }, { -1, 0, -2 } },
      small():identity_minus():dense():list())
  end)

  it("hands its labels on", function()
    local s = core.sparse {
      rows = { "farm", "mill" }, cols = 2, i = { 2 }, j = { 1 }, value = { 3 },
    }
    assert.same({ "farm", "mill" }, s:labels "row")
    assert.is_nil(s:labels "col")
    assert.same({ "farm", "mill" }, s:mul(column { 1, 1 }):labels "row")
  end)

  it("refuses what does not fit, with a number", function()
    assert.equal("CM1302", number_of(function() return small():mul(column { 1, 2 }) end))
    assert.equal("CM1303", number_of(function() return small():get(4, 1) end))
    assert.equal("CM1303", number_of(core.sparse,
      { rows = 1, cols = 1, i = { 2 }, j = { 1 }, value = { 1 } }))
    assert.equal("CM1304", number_of(core.sparse,
      { rows = 1, cols = 1, i = { 1 }, j = { 1 }, value = { 0 / 0 } }))
    assert.has_error(function()
      core.sparse { rows = 1, cols = 1, i = { 1 }, j = { 1 }, value = {} }
    end)
  end)
end)

describe("a sparse system", function()
  -- 2x + z = 5, 4y = 8, x + 3z = 10 has the solution 1, 2, 3.
  local b = column { 5, 8, 10 }

  it("is solved by every method, which is reported", function()
    for _, method in ipairs { "auto", "direct", "bicgstab", "gmres" } do
      local x, report = small():solve { b = b, method = method }
      for i = 1, 3 do assert.near(i, x:get(i, 1), 1e-11) end
      assert.equal(method == "auto" and "direct" or method, report.method)
      assert.is_true(report.residual <= 1e-12)
      local direct = report.method == "direct"
      assert.equal(direct and "none" or "ilu0", report.precond)
      assert.equal(direct, report.iterations == 0)
    end
  end)

  it("keeps its factors", function()
    -- The solution 1, 2 of 2x + 3y = 8, 4y = 8 and of 2x = 2, 3x + 4y = 11.
    local lu = core.matrix_from({ { 2, 3 }, { 0, 4 } }):sparse():lu()
    assert.equal(2, lu:order())
    assert.is_true(lu:nnz() >= 3 and lu:rcond() > 0.1 and lu:rcond() <= 1)
    assert.same({ 1, 2 }, list_of(lu:solve(column { 8, 8 })))
    assert.same({ 1, 2 }, list_of(lu:solve(column { 2, 11 }, true)))
  end)

  it("says what is wrong with it", function()
    local empty = core.sparse { rows = 2, cols = 2, i = { 1 }, j = { 1 }, value = { 1 } }
    assert.equal("CM4001", number_of(function() return empty:lu() end))
    local s = core.matrix_from({ 3, 1, 1, 1, 4, 1, 2, 1, 5 }, 3, 3):sparse()
    local ok, e = pcall(s.solve, s, { b = b, method = "gmres", precond = "none", max = 1 })
    assert.is_false(ok)
    assert.equal("CM4003", e.number)
    assert.is_true(e.value > 1e-12)
    assert.equal("CM1301", number_of(s.solve, s, { b = b, tol = -1 }))
  end)

  it("can be stopped from a progress call", function()
    local s = core.matrix_from({ 3, 1, 1, 1, 4, 1, 2, 1, 5 }, 3, 3):sparse()
    core.progress(function() return false end)
    local number = number_of(s.solve, s, { b = b, method = "bicgstab" })
    core.progress(nil)
    assert.equal("CM6003", number)
  end)
end)

describe("cm.sparse", function()
  local cm = require "capmod"

  it("makes a labelled network and solves it", function()
    -- Two firms that buy a tenth of their output from each other: x = d + A x.
    local firms = { "a", "b" }
    local s = cm.sparse{ rows = firms, cols = firms, i = { 1, 2 }, j = { 2, 1 },
      value = { 0.1, 0.1 } }
    local x, report = s:identity_minus():solve{ b = cm.matrix{ data = { { 9.9 }, { 9.9 } } } }
    assert.near(11, x:get(1, 1), 1e-12)
    assert.same(firms, x:labels "row")
    assert.is_true(report.residual < 1e-14)
    assert.equal(require("capmod.text").plain "sparse matrix of 2 × 2, 2 places held", tostring(s))
  end)

  it("checks its fields", function()
    local good = { rows = 1, cols = 1, i = { 1 }, j = { 1 }, value = { 2 } }
    local function with(field, value)
      local t = { [field] = value }
      for name, other in pairs(good) do if name ~= field then t[name] = other end end
      return t
    end
    assert.equal("CM1001", number_of(cm.sparse, with("row", 1)))
    assert.equal("CM1003", number_of(cm.sparse, with("i", 1)))
    assert.equal("CM1302", number_of(cm.sparse, with("value", { 1, 2 })))
    assert.equal("CM1303", number_of(cm.sparse, with("j", { 2 })))
    local s, b = cm.sparse(good), cm.matrix{ data = { { 1 } } }
    assert.equal("CM1002", number_of(s.solve, s, {}))
    assert.equal("CM1004", number_of(s.solve, s, { b = b, method = "cramer" }))
    assert.equal(0.5, s:solve{ b = b }:get(1, 1))
  end)
end)
