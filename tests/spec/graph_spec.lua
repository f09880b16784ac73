--- The graph of a chain as capmod.core holds it; the engine's own tests prove its answers.
local core = require "capmod.core"

-- 1 bolt, 2 tyre, 3 axle, 4 car, 5 sales
local function car()
  return core.graph(5, { 1, 1, 2, 3, 1, 4 }, { 2, 3, 4, 4, 4, 5 }, { 5, 8, 4, 2, 10, 1 })
end

describe("a graph", function()
  it("knows order, levels and quantities", function()
    local g = car()
    assert.same({ 1, 2, 3, 4, 5 }, g:order())
    assert.is_nil(g:circle())
    assert.same({ 0, 1, 1, 2, 3 }, g:levels())
    assert.same({ 46, 4, 2, 1, 1 }, g:quantities{ 0, 0, 0, 0, 1 })
    local from, to, quantity = g:arcs()
    assert.same({ 1, 1, 2, 3, 1, 4 }, from)
    assert.same({ 2, 3, 4, 4, 4, 5 }, to)
    assert.same({ 5, 8, 4, 2, 10, 1 }, quantity)
  end)

  it("plans as early as can be", function()
    local length, path, starts, slack = car():schedule({ 2, 5, 3, 1, 1 }, { 0, 0, 0, 4, 0, 0 })
    assert.equal(11, length)
    assert.same({ 1, 3, 4, 5 }, path)
    assert.same({ 0, 2, 2, 9, 10 }, starts)
    assert.same({ 0, 2, 0, 0, 0 }, slack)
    assert.equal(9, (car():schedule{ 2, 5, 3, 1, 1 }))
  end)

  it("says who depends on whom", function()
    assert.same({ 1, 3 }, car():reach("up", { 3 }))
    assert.same({ 3, 4, 5 }, car():reach("down", { 3 }))
    assert.same({ 1, 1, 1, 1, 1 }, car():serves())
  end)

  it("finds what holds it together", function()
    local part, count = car():parts()
    assert.same({ { 1, 1, 1, 1, 1 }, 1 }, { part, count })
    local pieces, bridges = car():joints()
    assert.same({ 1, 1, 1, 2, 1 }, pieces)
    assert.same({ 6 }, bridges)
    assert.same({ 1, 4, 5 }, car():gates())
  end)

  it("cuts where that is cheapest", function()
    local value, stages = car():cut({ 2, 3 }, { 5 }, { 1, 1, 1, 3, 4 })
    assert.same({ 2, { 2, 3 } }, { value, stages })
    value, stages = car():cut({ 1 }, { 5 }, { math.huge, 1, 1, math.huge, math.huge })
    assert.same({ math.huge, {} }, { value, stages })
    assert.same({ 1, { 1 } }, { car():cut({ 1 }, { 5 }) })
  end)

  it("bounds the treewidth", function()
    local lower, degree, fill, order = car():width()
    assert.same({ 2, 2, 2 }, { lower, degree, fill })
    table.sort(order)
    assert.same({ 1, 2, 3, 4, 5 }, order)
  end)

  it("names a circle", function()
    local g = core.graph(3, { 3, 2, 1 }, { 2, 3, 3 }, { 1, 1, 1 })
    assert.same({ 2, 3 }, g:circle())
    assert.is_nil(g:order())
    local ok, e = pcall(g.levels, g)
    assert.is_false(ok)
    assert.matches("CM1301", tostring(e))
  end)

  it("contracts blocks and keeps why", function()
    local block, count, merged = core.blocks(5, { 1, 4, 1, 3 }, { 3, 1, 4, 3 })
    assert.same({ 1, 2, 1, 1, 3 }, block)
    assert.same({ 3, { 1, 2 } }, { count, merged })
    assert.same({ 1, 2 }, core.joined(5, { 1, 4 }, { 3, 1 }, 3, 4))
    assert.same({}, core.joined(5, { 1 }, { 3 }, 2, 4))
    assert.same({ 1, 2 }, car():contract(block, count):circle())
  end)

  it("refuses lists that do not fit", function()
    for _, f in ipairs{
      function() core.graph(2, { 1 }, { 2, 1 }, { 1 }) end,
      function() core.graph(2, { 1 }, { 2 }, {}) end,
      function() core.graph(2, { 1 }, { 3 }, { 1 }) end,
      function() car():quantities{ 1 } end,
      function() car():schedule({ 1, 1, 1, 1, 1 }, { 1 }) end,
      function() car():reach("sideways", { 1 }) end,
      function() car():contract({ 1 }, 1) end,
      function() core.blocks(2, { 1 }, {}) end,
    } do
      assert.is_false((pcall(f)))
    end
  end)
end)
