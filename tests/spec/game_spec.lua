local core = require "capmod.core"

-- Worths of {1}, {2}, {1,2}, {3}, {1,3}, {2,3}, {1,2,3}.
local glove = { 0, 0, 1, 0, 1, 0, 1 } -- player 1 has a left glove, 2 and 3 a right one each

describe("a game in Lua", function()
  it("is shared by Shapley's value (glove: 2/3, 1/6, 1/6)", function()
    local share = core.game(3, glove):shapley()
    assert.near(2 / 3, share[1], 1e-12)
    assert.near(1 / 6, share[2], 1e-12)
    assert.near(1 / 6, share[3], 1e-12)
  end)

  it("has its nucleolus, which Kohlberg's criterion confirms (glove: 1, 0, 0)", function()
    local g = core.game(3, glove)
    local share = g:nucleolus()
    assert.near(1, share[1], 1e-12)
    assert.near(0, share[2], 1e-12)
    assert.is_true(g:kohlberg(share))
    assert.is_false(g:kohlberg(g:shapley()))
  end)

  it("gives each its worth back", function()
    local g = core.game(3, glove)
    assert.equal(3, g:players())
    assert.equal(1, g:worth(5)) -- players 1 and 3
    assert.equal(0, g:worth(6)) -- players 2 and 3
  end)

  it("refuses what is no game", function()
    assert.has_error(function() core.game(3, { 1, 2 }) end)
    local ok, e = pcall(core.game, 21, {})
    assert.is_false(ok)
    assert.is_not_nil(e)
  end)
end)
