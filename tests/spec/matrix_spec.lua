local cm = require "capmod"
local core = require "capmod.core"
local text = require "capmod.text"
local refusal = dofile "tests/support/refusal.lua"

local function flows()
  return cm.matrix{ rows = { "USA.A", "USA.M", "KOR.A" }, cols = { "USA", "KOR" },
    data = { { 10, 4 }, { 12, 0 }, { 22, 15 } } }
end

describe("a matrix is made", function()
  it("from rows of numbers and labels", function()
    local m = flows()
    assert.equal(3, m:rows())
    assert.equal(2, m:cols())
    assert.equal(15, m:get(3, 2))
    assert.same({ "USA", "KOR" }, m:labels "col")
    assert.equal("KOR.A", m:name("row", 3))
    assert.equal(2, m:find("row", "USA.M"))
    assert.is_nil(m:find("row", "USA"))
    assert.same({ { 10, 4 }, { 12, 0 }, { 22, 15 } }, m:list())
    assert.same({ 12, 0 }, m:row_list(2))
    assert.same({ 4, 0, 15 }, m:column_list(2))
    assert.is_true(cm.matrix.is(m))
    assert.is_false(cm.matrix.is{})
  end)

  it("from sizes and one value, or another matrix", function()
    local m = cm.matrix{ rows = { "a", "b" }, cols = 3, fill = 2 }
    assert.equal(12, m:sum())
    assert.is_nil(m:labels "col")
    local n = cm.matrix{ data = m, cols = { "x", "y", "z" } }
    assert.same({ "a", "b" }, n:labels "row")
    assert.is_nil(m:labels "col")
    assert.equal("matrix 0 x 2", text.ascii(tostring(cm.matrix{ data = {}, cols = { "x", "y" } })))
  end)

  it("row by row from a flat list", function()
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, core.matrix_from({ 1, 2, 3, 4, 5, 6 }, 2, 3):list())
    assert.equal("CM1302", refusal(core.matrix_from, { 1, 2, 3 }, 2, 2))
  end)

  it("or refused with what is wrong", function()
    assert.equal("CM1001", refusal(cm.matrix, { row = 2, cols = 2 }))
    assert.equal("CM1002", refusal(cm.matrix, { rows = 2 }))
    assert.equal("CM1302", refusal(cm.matrix, { rows = { "a" }, data = { { 1 }, { 2 } } }))
    assert.equal("CM1302", refusal(cm.matrix, { cols = 3, data = { { 1, 2 } } }))
    assert.equal("CM1306", refusal(cm.matrix, { rows = { "a", "a" }, cols = 1 }))
    local number, message = refusal(cm.matrix, { data = { { 1, 2 }, { 3 } } })
    assert.equal("CM1302", number)
    assert.matches("row 2 has 1 numbers, and row 1 has 2", message, 1, true)
    number, message = refusal(cm.matrix, { data = { { 1, 2 }, { 3, "4" } } })
    assert.equal("CM1301", number)
    assert.matches("row 2, column 2 is a string", message, 1, true)
  end)
end)

describe("an element or a block", function()
  it("is read by label", function()
    local m = flows()
    assert.equal(22, m{ from = "KOR.A", to = "USA" })
    assert.same({ { 10, 4 }, { 12, 0 } }, m{ from = "USA" }:list())
    assert.same({ { 15 }, { 0 } }, m{ from = { "KOR", "USA.M" }, to = { "KOR" } }:list())
    assert.same({ "KOR.A", "USA.M" }, m{ from = { "KOR", "USA.M" } }:labels "row")
    assert.same(m:list(), m{}:list())
    assert.equal(22, m:get("KOR.A", "USA"))
    assert.equal(22, m:get("KOR.A", 1.0))
    local years = cm.matrix{ rows = { "2", "1" }, cols = 1, data = { { 5 }, { 6 } } }
    assert.equal(5, years:get("2", 1))
  end)

  it("under an unknown label is refused with the likely one", function()
    local number, message = refusal(function() return flows(){ from = "UAS.M" } end)
    assert.equal("CM1201", number)
    assert.matches("did you mean 'USA.M'?", message, 1, true)
    assert.equal("CM1201", refusal(function() return flows(){ from = "US" } end))
    assert.equal("CM1201", refusal(function() return flows():get("US", 1) end))
    assert.equal("CM1202", refusal(function() return core.identity(2){ to = "x" } end))
    assert.equal("CM1001", refusal(function() return flows(){ form = "x" } end))
  end)

  it("is read by place from 1", function()
    local m = flows()
    for _, place in ipairs{ { 0, 1 }, { 4, 1 }, { 1, 3 }, { -1, 1 }, { 1, math.mininteger } } do
      assert.equal("CM1303", refusal(m.get, m, place[1], place[2]))
    end
    assert.equal("CM1303", refusal(m.block, m, 2, 4, 1, 1))
    assert.has_error(function() m:get(1.5, 1) end)
    assert.has_error(function() m.get(io.stdout, 1, 1) end)
    assert.has_error(function() m.get({}, 1, 1) end)
  end)

  it("of a name that no method has is refused at once", function()
    local number, message = refusal(function() return flows().transpose end)
    assert.equal("CM1001", number)
    assert.matches("a matrix has no 'transpose'", message, 1, true)
    assert.matches("did you mean 'rows'", select(2, refusal(function() return flows().row_s end)))
  end)
end)

describe("views", function()
  it("share numbers and follow labels", function()
    local m = flows()
    assert.same({ { 10, 12, 22 }, { 4, 0, 15 } }, m:T():list())
    assert.same({ "USA", "KOR" }, m:T():labels "row")
    assert.same({ { 12, 0 } }, m:row(2):list())
    assert.same({ { 4 }, { 0 }, { 15 } }, m:col(2):list())
    assert.same({ { 0 }, { 15 } }, m:block(2, 3, 2, 2):list())
    assert.equal(0, m:block(2, 1, 1, 2):rows())
    local before = core.memory()
    local view = m:T()
    assert.is_true(core.memory() - before < 400)
    m = nil -- luacheck: ignore
    collectgarbage()
    assert.equal(22, view:get(1, 3))
    assert.same(view:list(), view:copy():list())
  end)

  it("are relabelled without touching the original", function()
    local m = flows()
    local n = m:label{ rows = false, cols = { "x", "y" } }
    assert.is_nil(n:labels "row")
    assert.same({ "x", "y" }, n:labels "col")
    assert.same({ "USA", "KOR" }, m:labels "col")
    assert.equal("CM1302", refusal(m.label, m, { cols = { "x" } }))
    assert.equal("CM1001", refusal(m.label, m, { columns = { "x" } }))
  end)

  it("are taken, joined and grouped", function()
    local m = flows()
    assert.same({ { 22, 15 }, { 10, 4 } }, m:take("row", { 3, 1 }):list())
    assert.same({ { 10, 4 }, { 10, 4 } }, m:row(1):join(m:row(1), "row"):list())
    assert.same({ { 10, 4, 10 } }, m:row(1):join(m:block(1, 1, 1, 1), "col"):list())
    local g = m:group("row", { 1, 1, 2 }, { "USA", "KOR" })
    assert.same({ { 22, 4 }, { 22, 15 } }, g:list())
    assert.same({ "USA", "KOR" }, g:labels "row")
    assert.same({ { 10, 4 } }, m:group("row", { 1, 0, 0 }, { "x" }):list())
    assert.equal("CM1302", refusal(m.group, m, "row", { 1, 1 }, { "x" }))
    assert.equal("CM1303", refusal(m.group, m, "row", { 1, 1, 3 }, { "x", "y" }))
    assert.equal("CM1301", refusal(m.take, m, "sideways", { 1 }))
  end)
end)

describe("arithmetic", function()
  it("goes element by element, with numbers on either side", function()
    local m = core.matrix_from{ { 1, -2 }, { 4, 0.5 } }
    assert.same({ { 3, -6 }, { 12, 1.5 } }, (3 * m):list())
    assert.same({ { 1, -.5 }, { .25, 2 } }, (1 / m):list())
    assert.same({ { 1, 4 }, { 16, .25 } }, (m ^ 2):list())
    assert.same({ { 0, 3 }, { -3, .5 } }, (1 - m):list())
    assert.same({ { -1, 2 }, { -4, -.5 } }, (-m):list())
    assert.same({ { 1, 4 }, { 16, .25 } }, (m * m):list())
    assert.same({ { 1, 2 }, { 4, .5 } }, m:abs():list())
    assert.same({ { 0, 1 }, { 2, 0 } }, core.matrix_from{ { 0, 1 }, { .5, 0 } }:recip():list())
    assert.same({ { 2, 3 } }, core.matrix_from{ { 4, 9 } }:sqrt():list())
    assert.same({ { 0, 0 } }, core.matrix_from{ { 1, 1 } }:log():list())
    assert.same({ { 1 } }, core.matrix_from{ { 0 } }:exp():list())
    assert.same({ { 1, -2 }, { 3, .5 } }, m:min(3):list())
    assert.same({ { 1, 0 }, { 4, .5 } }, m:max(m * 0):list())
    assert.same({ { 1, 0 }, { 1, 0 } }, m:at_least(1):list())
    assert.same({ { 0, 1 }, { 0, 1 } }, (m * 0):at_least(m - .5):list())
  end)

  it("aligns by label", function()
    local a = cm.matrix{ rows = { "USA", "KOR" }, cols = { "v" }, data = { { 1 }, { 2 } } }
    local b = cm.matrix{ rows = { "KOR", "USA" }, cols = { "v" }, data = { { 20 }, { 10 } } }
    local sum = a + b
    assert.same({ { 11 }, { 22 } }, sum:list())
    assert.same({ "USA", "KOR" }, sum:labels "row")
    assert.same({ { 30 }, { 15 } }, (b * 1.5):list())
  end)

  it("refuses labels that differ and names them", function()
    local a = cm.matrix{ rows = { "USA", "KOR" }, cols = 1, fill = 1 }
    local b = cm.matrix{ rows = { "USA", "JPN" }, cols = 1, fill = 1 }
    local number, message = refusal(function() return a + b end)
    assert.equal("CM1203", number)
    assert.matches("'KOR' only on the left, 'JPN' only on the right", message, 1, true)
    assert.equal("CM1302", refusal(function() return a + core.matrix(3, 1) end))
    assert.equal("CM1301", refusal(function() return a + "1" end))
    assert.equal("CM1301", refusal(function() return {} * a end))
  end)

  it("sums and finds extremes", function()
    local m = flows()
    assert.equal(63, m:sum())
    local by_row = m:sum{ by = "row" }
    assert.same({ { 14 }, { 12 }, { 37 } }, by_row:list())
    assert.same({ "USA.A", "USA.M", "KOR.A" }, by_row:labels "row")
    assert.same({ { 44, 19 } }, m:sum{ by = "col" }:list())
    assert.same({ 0, 2, 2 }, { m:min() })
    assert.same({ 22, 3, 1 }, { m:max() })
    assert.same({ { 10, 0 } }, m:min{ by = "col" }:list())
    assert.equal("CM1301", refusal(m.sum, m, { by = "country" }))
    assert.equal("CM1301", refusal(m.sum, m, {}))
    assert.equal("CM1304", refusal(function() return (m / 0):check_finite "Z" end))
    assert.equal(m, m:check_finite())
  end)
end)

describe("linear algebra", function()
  -- [2 1 1; 4 3 3; 8 7 9]: Trefethen and Bau 1997, lecture 20; det 4
  local a = core.matrix_from{ { 2, 1, 1 }, { 4, 3, 3 }, { 8, 7, 9 } }

  local function near(wanted, m)
    for i, row in ipairs(wanted) do
      for j, x in ipairs(row) do assert.near(x, m:get(i, j), 1e-12) end
    end
  end
  local one = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }

  it("multiplies, solves and inverts", function()
    local b = core.matrix_from{ { 4 }, { 10 }, { 24 } }
    near({ { 1 }, { 1 }, { 1 } }, a:solve(b))
    near(one, a:mul(a:inv()))
    assert.near(4, a:det(), 1e-12)
    assert.is_true(a:rcond() > 0.001 and a:rcond() < 1)
  end)

  it("keeps factors, also transposed and updated", function()
    local lu = a:lu()
    assert.equal(3, lu:order())
    near(one, lu:inverse():mul(a))
    near(one, a:T():mul(lu:solve(core.identity(3), true)))
    local det, sign, size = lu:det()
    assert.near(4, det, 1e-12)
    assert.equal(1, sign)
    assert.near(math.log(4), size, 1e-12)
    local u = core.matrix_from{ { 1 }, { 0 }, { 2 } }
    local v = core.matrix_from{ { 0 }, { 3 }, { 1 } }
    near(one, lu:update(u, v):inverse():mul(a + u:mul(v:T())))
    assert.is_true(lu:rcond() > 0)
    assert.is_nil(tostring(lu):find "0x")
  end)

  it("decomposes", function()
    local s = core.matrix_from{ { 4, 2 }, { 2, 5 } }
    near({ { 2, 0 }, { 1, 2 } }, s:cholesky())
    local values, vectors = s:eigsym()
    assert.near(4 + 5, values:sum(), 1e-12) -- the trace
    near(s:list(), vectors:mul(values:diag()):mul(vectors:T()))
    local w, v = s:eig()
    near({ { 0 }, { 0 } }, s:mul(v):block(1, 2, 1, 1) - v:col(1) * w:get(1, 1))
    local u, sv, vt = a:svd()
    near(a:list(), u:mul(sv:diag()):mul(vt))
    local x, rank = core.matrix_from{ { 3, 4 } }:lstsq(core.matrix_from{ { 25 } })
    near({ { 3 }, { 4 } }, x)
    assert.equal(1, rank)
    assert.equal(7, core.matrix_from{ { 3, 4 }, { 5, 0 } }:norm "inf")
    assert.equal(8, core.matrix_from{ { 3, 4 }, { 5, 0 } }:norm(1))
    assert.near(math.sqrt(40), core.matrix_from{ { 3, 4 }, { 5, 0 } }:norm(), 1e-12)
    assert.same({ { 3 }, { 7 } }, core.matrix_from{ { 3, 4 }, { 5, 7 } }:diag():list())
  end)

  it("refuses what it cannot answer", function()
    assert.equal("CM4001", refusal(function() return core.matrix(2, 2, 1):inv() end))
    local near_singular = core.matrix_from{ { 1, 1 }, { 1, 1 + 1e-15 } }
    local number, message = refusal(near_singular.lu, near_singular)
    assert.equal("CM4002", number)
    assert.matches("rcond is", message, 1, true)
    assert.equal("CM1302", refusal(a.mul, a, core.matrix(2, 2)))
    assert.equal("CM1304", refusal(function() return (a / 0):inv() end))
    assert.equal("CM4004", refusal(function() return core.matrix_from{ { 1, 2 }, { 2, 1 } }
      :cholesky() end))
    assert.equal("CM1301", refusal(a.norm, a, "max"))
  end)

  it("releases what it made", function()
    collectgarbage() collectgarbage()
    local _, before = core.memory()
    for _ = 1, 20 do pcall(function() return core.matrix(9, 9, 1):inv() end) end
    for _ = 1, 20 do a:lu():inverse() end
    collectgarbage() collectgarbage()
    local _, after = core.memory()
    assert.equal(before, after)
  end)

  it("lets the collector know of what it holds", function()
    collectgarbage() collectgarbage()
    -- the collector goes through what other specs keep before it comes to these; unaware, 300 MB
    local most, limit = 0, 50e6 + 1024 * collectgarbage "count"
    for _ = 1, 300 do
      core.matrix(360, 360) -- 1 MB each
      most = math.max(most, (core.memory()))
    end
    assert.is_true(most < limit)
  end)
end)

describe("printing", function()
  setup(function() text.configure{ utf8 = true, columns = 60 } end)
  teardown(function() text.configure{} end)

  it("shows labels and numbers", function()
    assert.equal(table.concat({
      "matrix 3 × 2",
      "         USA  KOR",
      "  USA.A   10    4",
      "  USA.M   12    0",
      "  KOR.A   22   15",
    }, "\n"), tostring(flows()))
  end)

  it("shows a corner of what is large", function()
    local lines = {}
    for line in tostring(core.matrix(500, 500, 1234.5)):gmatch "[^\n]+" do
      lines[#lines + 1] = line
      assert.is_true(text.width(line) <= 60)
    end
    assert.equal(13, #lines)
    assert.equal("matrix 500 × 500", lines[1])
    assert.matches("…$", lines[2])
    assert.matches("^  …", lines[13])
  end)

  it("never shows an address", function()
    assert.is_nil(tostring(core.matrix(0, 3)):find "0x")
    assert.equal("matrix 0 × 3", tostring(core.matrix(0, 3)))
  end)
end)
