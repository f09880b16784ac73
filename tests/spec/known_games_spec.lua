--- Games of the literature: their published values, asked as an author asks.

local cm = require "capmod"
local games = dofile "tests/support/games.lua"

local names_of, runway = games.names_of, games.runway

--- Worths in the order of the literature: singles, pairs, triples, each lexicographically.
local function given(worths)
  local n = #worths == 3 and 2 or #worths == 7 and 3 or 4
  local names, list, k = names_of(n), {}, 0
  for size = 1, n do
    local function choose(first, chosen)
      if #chosen == size then
        k = k + 1
        list[table.concat(chosen, " + ")] = worths[k]
        return
      end
      for i = first, n do
        chosen[#chosen + 1] = names[i]
        choose(i + 1, chosen)
        chosen[#chosen] = nil
      end
    end
    choose(1, {})
  end
  return cm.cooperation{ members = names, worth = list }
end

local function assert_gains(expected, deal, rule, near)
  local gains = deal:divide{ rule = rule }
  for i, value in ipairs(expected) do assert.near(value, gains[i].gains, near or 1e-9) end
end

--- A bankruptcy game (O'Neill 1982): what the others' claims leave of the estate.
local function claims(estate)
  local claim, all = { P01 = 100, P02 = 200, P03 = 300 }, 600
  return cm.cooperation{ members = names_of(3), worth = function(who)
    local own = 0
    for _, name in ipairs(who) do own = own + claim[name] end
    return math.max(0, estate - (all - own))
  end }
end

describe("the deal of a known game", function()
  it("of the Talmud's claims (Aumann and Maschler 1985; CoopGame) has its divisions", function()
    local third = 100 / 3
    for estate, known in pairs{
      [100] = { { third, third, third }, { third, third, third } },
      [200] = { { third, 250 / 3, 250 / 3 }, { 50, 75, 75 } },
      [300] = { { 50, 100, 150 }, { 50, 100, 150 } } } do
      local deal = claims(estate)
      assert_gains(known[1], deal, "shapley")
      assert_gains(known[2], deal, "nucleolus")
      assert_gains(known[2], deal, "prenucleolus")
    end
  end)

  it("of gloves, one left and two right (CoopGame), has its values", function()
    local gloves = given{ 0, 0, 0, 1, 1, 0, 1 }
    assert_gains({ 2 / 3, 1 / 6, 1 / 6 }, gloves, "shapley")
    assert_gains({ 1, 0, 0 }, gloves, "nucleolus")
  end)

  it("of an airport (Littlechild and Owen 1973) has its values", function()
    local deal = cm.cooperation(runway{ 8, 11, 13, 18 })
    assert_gains({ -2, -3, -4, -9 }, deal, "shapley")
    assert_gains({ -3.25, -3.25, -3.25, -8.25 }, deal, "nucleolus")
  end)

  it("of the Security Council has its indices", function()
    local names, weight = names_of(15), {}
    for i, name in ipairs(names) do weight[name] = i <= 5 and 7 or 1 end
    local deal = cm.cooperation{ members = names, worth = function(who)
      local sum = 0
      for _, name in ipairs(who) do sum = sum + weight[name] end
      return sum >= 39 and 1 or 0
    end }
    local shapley, banzhaf = deal:divide(), deal:divide{ rule = "banzhaf" }
    assert.near(421 / 2145, shapley[1].gains, 1e-12)
    assert.near(4 / 2145, shapley[15].gains, 1e-12)
    local swings = 5 * 848 + 10 * 84
    assert.near(848 / swings, banzhaf[5].gains, 1e-12)
    assert.near(84 / swings, banzhaf[6].gains, 1e-12)
  end)

  it("of Ferguson and of CoopGame's pages has their nucleoli", function()
    assert_gains({ 8 / 3, 2 / 3, 5 / 3 }, given{ -1, 0, 1, 3, 4, 2, 5 }, "nucleolus")
    local empty = given{ 0, 0, 0, 10, 0, 0, 2 }
    assert_gains({ 1, 1, 0 }, empty, "nucleolus")
    assert_gains({ 3, 3, -4 }, empty, "prenucleolus")
    assert_gains({ 3.5, 4.5, 5.5, 7.5 },
      given{ 0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21 }, "nucleolus")
  end)

  it("of Ibn Ezra's inheritance (Aumann 2010) has his shares", function()
    local deal = runway{ 120, 60, 40, 30 }
    local cost = deal.worth
    deal.worth = function(who) return -cost(who) end
    assert_gains({ 80 + 5 / 6, 20 + 5 / 6, 10 + 5 / 6, 7.5 }, cm.cooperation(deal), "shapley")
  end)
end)
