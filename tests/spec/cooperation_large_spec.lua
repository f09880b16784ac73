--- Deals of fifteen members, and of more than can be listed.

local cm = require "capmod"
local games = dofile "tests/support/games.lua"
local refusal = dofile "tests/support/refusal.lua"

local names_of, runway = games.names_of, games.runway

describe("fifteen members", function()
  it("are shared within a second once the worths are known", function()
    local r, worth = cm.random{ seed = 5 }, {}
    local deal = cm.cooperation{ members = names_of(15), worth = function(who)
      worth[#who] = worth[#who] or r:uniform()
      return (#who) ^ 2 * (0.5 + 0.25 * worth[#who] + 0.25 * r:uniform())
    end }
    local began = os.clock()
    local shapley, nucleolus = deal:divide(), deal:divide{ rule = "nucleolus" }
    assert.is_true(os.clock() - began < 1)
    assert.is_true(#shapley == 15 and #nucleolus == 15)
  end)
end)

-- ---- worths as they are needed ------------------------------------------------------------------

--- A chain with stages that several use, each open to some of the members; the same each time.
local function chain_of(seed, members, trade)
  local r, stages = cm.random{ seed = seed }, {}
  for k = 1, 6 do
    local at, adds = {}, {}
    for _, p in ipairs(members) do
      if #at == 0 or r:uniform() < 0.5 then at[#at + 1], adds[p] = p, r:integer(10, 40) end
    end
    stages[k] = { "s" .. k, at = at, adds = adds,
      uses = k > 2 and { "s" .. k - 1, "s" .. k - 2 } or k == 2 and "s1" or nil }
  end
  return cm.chain{ name = "c", price = trade and 900 or 500, stages = stages }
end

describe("worths asked for as they are needed", function()
  local members = { "CHN", "VNM", "KEN", "ETH", "FRA", "BRA" }

  local function both(t)
    local listed = cm.cooperation(t)
    t.listed = false
    return listed, cm.cooperation(t)
  end

  local function epsilon_of(deal)
    local printed = tostring(deal:stable())
    local empty = printed:match "does better apart by ([%d.]+) at least"
    local full = printed:match "each coalition[%a ]* can get ([%d.]+) more than apart"
    return empty and tonumber(empty) or full and -tonumber(full), printed
  end

  it("give the least core that all of them give, proven by the solver", function()
    local some_empty, some_full = false, false
    for _, seed in ipairs{ 2, 4, 5 } do
      for _, t in ipairs{ {}, { trade = { freight = 0.1 } }, { buyer = "KEN" },
        { outsiders = "at_price", margin = 0.2, buyer = "CHN" },
        { payoffs = { jobs = { s2 = 30, s5 = { KEN = 20 } } }, weights = { jobs = 0.5 } } } do
        t.chain, t.members = chain_of(seed, members, t.trade), members
        local listed, asked = both(t)
        local expected, found = epsilon_of(listed), epsilon_of(asked)
        assert.near(expected, found, 0.011, ("seed %d"):format(seed))
        assert.matches("proven by the solver", tostring(asked:stable()), 1, true)
        some_empty, some_full = some_empty or found > 0, some_full or found <= 0
      end
    end
    assert.is_true(some_empty and some_full)
  end)

  it("give the nucleolus that all of them give, proven by the solver", function()
    for _, seed in ipairs{ 2, 4, 5 } do
      for k, t in ipairs{ {}, { trade = { freight = 0.1 } }, { buyer = "KEN" },
        { outsiders = "at_price", margin = 0.2 } } do
        t.chain, t.members = chain_of(seed, members, t.trade), members
        local listed, asked = both(t)
        local rule = k < 4 and "nucleolus" or "prenucleolus"
        local expected, found = listed:divide{ rule = rule }, asked:divide{ rule = rule }
        for i = 1, #members do
          assert.near(expected[i].gains, found[i].gains, 1e-6, ("seed %d"):format(seed))
        end
        assert.matches("is proven by the solver", tostring(found), 1, true)
      end
    end
  end)

  it("find who would leave a division", function()
    for seed = 1, 6 do
      local listed, asked = both{ chain = chain_of(seed, members), members = members }
      local left = listed:stable{ rule = "equal" }[1]
      local found = asked:stable{ rule = "equal" }
      assert.near(left.better, found[1].better, 1e-6)
    end
  end)

  it("draw the Shapley value within the bound", function()
    local listed, asked = both{ chain = chain_of(3, members), members = members }
    local exact, drawn = listed:divide(), asked:divide{ samples = 2000, seed = 4 }
    for i, row in ipairs{ exact[1], exact[2], exact[3], exact[4], exact[5], exact[6] } do
      assert.is_true(drawn[i].low <= row.gains and row.gains <= drawn[i].high, row.member)
    end
    local total = exact[1].gains / exact[1].share
    local bound = total * math.sqrt(math.log(2 * 6 / 0.05) / (2 * 2000)) -- Hoeffding, by hand
    assert.near(bound, drawn[1].high - drawn[1].gains, 1e-9)
    local printed = tostring(drawn)
    assert.matches("2000 orders drawn, each both ways round (seed 4)", printed, 1, true)
    assert.matches("with a probability of 95 % (Hoeffding 1963), proven", printed, 1, true)
    assert.matches("not distinguishable", printed, 1, true)
    assert.equal(tostring(asked:divide{ seed = 9 }), tostring(asked:divide{ seed = 9 }))
  end)

  it("draw Banzhaf's shares within the bound", function()
    local listed, asked = both{ chain = chain_of(3, members), members = members }
    local exact = listed:divide{ rule = "banzhaf" }
    local drawn = asked:divide{ rule = "banzhaf", samples = 4000, seed = 4 }
    local total, sum, swings = exact[1].gains / exact[1].share, 0, {}
    for row in listed:coalitions():rows() do -- by the definition: with a member less without
      local size = select(2, row.coalition:gsub("%a+", ""))
      for i, name in ipairs(members) do
        local sign = row.coalition:find(name, 1, true) and 1 or -1
        swings[i] = (swings[i] or 0) + sign * row.worth / 2 ^ (#members - 1)
      end
      assert.is_true(size >= 1)
    end
    for _, swing in ipairs(swings) do sum = sum + swing end
    local bound = total * math.sqrt(math.log(2 * 7 / 0.05) / (2 * 4000)) -- Hoeffding, by hand
    for i, row in ipairs{ exact[1], exact[2], exact[3], exact[4], exact[5], exact[6] } do
      assert.near(total * swings[i] / sum, row.gains, 1e-9)
      assert.near(row.gains, drawn[i].gains, total * bound / sum)
      assert.is_true(drawn[i].low <= row.gains and row.gains <= drawn[i].high, row.member)
      assert.is_true(drawn[i].low >= 0 and drawn[i].high <= total)
    end
    local printed = tostring(drawn)
    assert.matches(("what each brings within %.2f and their sum"):format(bound), printed, 1, true)
    assert.matches(("within %.2f with a probability of 95 %% (Hoeffding 1963), proven"):format(
      bound * math.sqrt(6)), printed, 1, true)
    assert.equal(printed, tostring(asked:divide{ rule = "banzhaf", samples = 4000, seed = 4 }))
    -- two coalitions tell nothing of the sum
    local few = asked:divide{ rule = "banzhaf", samples = 2 }
    assert.is_nil(few[1].low)
    assert.matches("the gains have no ends", tostring(few), 1, true)
  end)

  it("answer a rule of one's own as it asks", function()
    local asked_for = 0
    local deal = cm.cooperation{ members = names_of(40), worth = function(who)
      asked_for = asked_for + 1
      return (#who) ^ 2
    end }
    cm.define.rule{ name = "last steps", about = "what each adds to all others", replace = true,
      divide = function(game)
        local x, sum = {}, 0
        for i, member in ipairs(game.members) do
          local others = game.members
          others = table.move(others, 1, #others, 1, {})
          table.remove(others, i)
          x[member] = game.total - game.worth(others)
          sum = sum + x[member]
        end
        for member, adds in pairs(x) do x[member] = adds * game.total / sum end
        return x
      end }
    local shares = deal:divide{ rule = "last steps" }
    for i = 1, 40 do assert.near(40, shares[i].gains, 1e-9) end -- all alike, of 1600
    assert.is_true(asked_for <= 2 + 40 + 40) -- all, each alone, each left out
    assert.matches("stays", tostring(deal:stable{ rule = "last steps" }), 1, true)
  end)

  it("refuse a rule that asks for more than can be had", function()
    local rules = require "capmod.cooperation.rules"
    local most <close> = setmetatable({ rules.most_asked }, { __close = function(held)
      rules.most_asked = held[1]
    end })
    rules.most_asked = 10
    cm.define.rule{ name = "curious", about = "asks for all", replace = true,
      divide = function(game)
        for s = 1, 2 ^ #game.members - 1 do
          local who = {}
          for i, member in ipairs(game.members) do
            if s >> (i - 1) & 1 == 1 then who[#who + 1] = member end
          end
          game.worth(who)
        end
        return {}
      end }
    local t = runway{ 1, 2, 3, 4, 5 }
    t.listed = false
    local deal = cm.cooperation(t)
    local number, said = refusal(deal.divide, deal, { rule = "curious" })
    assert.equal("CM2217", number)
    assert.matches("which asked for 10 of them", said, 1, true)
    assert.matches("fix: .*shapley and banzhaf, which are drawn", said)
    assert.equal(#most, 1)
    cm.define.rule{ name = "wild", about = "no numbers", replace = true,
      divide = function() return { 1, 2, 0 / 0, 4, 5 } end }
    number, said = refusal(deal.divide, deal, { rule = "wild" })
    assert.equal("CM2213", number)
    assert.matches("gives P03 %-?nan, not a finite payoff", said)
  end)

  it("leave out who has more elsewhere, as listed ones do", function()
    local seen
    cm.define.rule{ name = "watch", about = "asks for all worths", replace = true,
      divide = function(game)
        seen = {}
        for s = 1, 2 ^ #game.members - 1 do
          local who = {}
          for i, member in ipairs(game.members) do
            if s >> (i - 1) & 1 == 1 then who[#who + 1] = member end
          end
          seen[s] = game.worth(who)
        end
        return { 0, 0, 0, 0, 0, 0 }
      end }
    local t = { chain = chain_of(3, members), members = members,
      outside = { KEN = 60, FRA = 35, CHN = 500 } }
    local listed, asked = both(t)
    listed:divide{ rule = "watch" }
    local expected = seen
    asked:divide{ rule = "watch" }
    for s, worth in ipairs(expected) do assert.near(worth, seen[s], 1e-9) end
    cm.cooperation{ chain = t.chain, members = members }:divide{ rule = "watch" }
    local more = 0
    for s, worth in ipairs(expected) do more = more + (worth > seen[s] and 1 or 0) end
    assert.is_true(more > 0 and more < #expected)
    assert.matches("not proven: a search that looked at", tostring(asked:stable()), 1, true)
    assert.near(epsilon_of(listed), epsilon_of(asked), 0.011)
  end)

  it("have the ranges that listed ones have", function()
    for _, more in ipairs{ {}, { buyer = members[2] }, { price = 1000 } } do
      for seed = 2, 3 do
        local t = { chain = chain_of(seed, members), members = members }
        for field, value in pairs(more) do t[field] = value end
        local listed, asked = both(t)
        local expected, found = listed:offer(), asked:offer()
        for i = 1, 6 do
          assert.near(expected[i].least, found[i].least, 1e-3) -- a millionth of the total
          assert.near(expected[i].most, found[i].most, 1e-3)
        end
        assert.matches("gains more at the ends is proven by the solver", tostring(found), 1, true)
        local one = asked:offer{ member = members[3] }
        assert.equal(1, #one)
        assert.near(expected[3].most, one[1].most, 1e-3)
      end
    end
    local function halves(listed) -- two of one kind and two of another: all from 0 to 1
      return cm.cooperation{ members = { "L1", "L2", "R1", "R2" }, listed = listed,
        worth = function(who)
          local left = 0
          for _, name in ipairs(who) do left = left + (name:find "L" and 1 or 0) end
          return math.min(left, #who - left)
        end }
    end
    for row in halves(false):offer():rows() do
      assert.near(0, row.least, 1e-6)
      assert.near(1, row.most, 1e-6)
    end
    assert.matches("not proven: a search", tostring(halves(false):offer()), 1, true)
    local lonely = cm.cooperation{ members = { "A" }, listed = false,
      worth = function() return 1 end }
    assert.equal("CM2217", (refusal(lonely.offer, lonely)))
  end)

  it("share by what all and each alone are worth", function()
    local listed, asked = both{ chain = chain_of(2, members), members = members }
    for _, rule in ipairs{ "equal", "proportional", "nash" } do
      local expected, found = listed:divide{ rule = rule }, asked:divide{ rule = rule }
      for i = 1, 6 do assert.near(expected[i].gains, found[i].gains, 1e-9) end
    end
  end)
end)

describe("more than twenty members", function()
  local needs = {}
  for i = 1, 22 do needs[i] = i end

  it("with worths by a function: what is proven of them", function()
    local deal = cm.cooperation(runway(needs))
    local shares = deal:divide{ range = 22, samples = 500 }
    local exact = 0
    for i = 1, 22 do
      exact = exact + 1 / (22 - i + 1) -- each step of the runway is shared by whoever needs it
      assert.is_true(shares[i].low <= -exact and -exact <= shares[i].high)
    end
    assert.matches("as the range given has it", tostring(shares), 1, true)
    assert.matches("an estimate: the range of contributions is that of the draws",
      tostring(deal:divide{ samples = 10 }), 1, true)
    -- the least core of a runway: min of need / (place + 1)
    assert.matches("the core seems not to be empty: each coalition found can get 0.50 more than "
      .. "apart (not proven: a search that looked at", tostring(deal:stable()), 1, true)
    local gains = {}
    for i, name in ipairs(deal.members) do gains[name] = i == 22 and -22 or 0 end
    assert.matches("no coalition was found that does better apart (not proven",
      tostring(deal:stable{ gains = gains }), 1, true)
  end)

  it("share a runway as Littlechild (1974) has it, by search", function()
    local steps, x = {}, {}
    for i = 1, 30 do steps[i] = 10 + i * i end
    local from, covered, pays = 1, 0, 0
    while from <= 30 do -- the classes up to that with the least part pay it alike
      local least, to = math.huge, from
      for i = from, 30 do
        local part = (steps[i] - covered + pays) / (i - from + (i < 30 and 2 or 1))
        if part <= least then least, to = part, i end
      end
      for i = from, to do x[i] = -least end
      from, covered, pays = to + 1, steps[to], least
    end
    local shares = cm.cooperation(runway(steps)):divide{ rule = "nucleolus" }
    for i = 1, 30 do assert.near(x[i], shares[i].gains, 1e-6) end
    assert.matches("not proven: a search that looked at", tostring(shares), 1, true)
  end)

  it("share gloves: nothing to the long side, by search", function()
    local function gloves(n, left)
      local deal = cm.cooperation{ members = names_of(n), worth = function(who)
        local lefts = 0
        for _, name in ipairs(who) do lefts = lefts + (tonumber(name:sub(2)) <= left and 1 or 0) end
        return math.min(lefts, #who - lefts)
      end }
      return deal:divide{ rule = "prenucleolus" }
    end
    local odd, even = gloves(25, 12), gloves(26, 13)
    for i = 1, 25 do assert.near(i <= 12 and 1 or 0, odd[i].gains, 1e-7) end
    for i = 1, 26 do assert.near(0.5, even[i].gains, 1e-7) end
  end)

  it("share an estate as the Talmud has it, proven by the solver", function()
    -- each claim is a stage that its member does for it, and anybody else for twice as much: a
    -- coalition keeps what the claims of the others leave (Aumann and Maschler 1985)
    local members, stages, claims, sum = {}, {}, {}, 0
    for code in ("CHN VNM KEN ETH USA FRA DEU BRA IND IDN JPN KOR MEX ZAF EGY TUR POL ESP ITA GBR "
      .. "CAN AUS THA MYS PER CHL"):gmatch "%a+" do members[#members + 1] = code end
    for i, name in ipairs(members) do
      claims[i] = 10 + 3 * i
      sum = sum + claims[i]
      stages[i] = { "claim " .. name, at = name, by = name, adds = claims[i] }
    end
    local estate = 0.7 * sum
    local deal = cm.cooperation{ members = members, outsiders = "at_price", margin = 1,
      price = sum + estate, chain = cm.chain{ name = "estate", stages = stages } }
    -- more than half of the claims: equal losses, none more than half a claim
    local low, high = 0, sum
    for _ = 1, 100 do
      local level, losses = (low + high) / 2, 0
      for _, claim in ipairs(claims) do losses = losses + math.min(claim / 2, level) end
      if losses < sum - estate then low = level else high = level end
    end
    local shares = deal:divide{ rule = "nucleolus" }
    for i, claim in ipairs(claims) do
      assert.near(claim - math.min(claim / 2, low), shares[i].gains, 1e-5)
    end
    assert.matches("that this is the nucleolus is proven by the solver", tostring(shares), 1, true)
  end)

  it("with worths over a chain: the solver proves", function()
    local stages, members = {}, {}
    for i, code in ipairs{ "CHN", "VNM", "KEN", "ETH", "USA", "FRA", "DEU", "BRA", "IND", "IDN",
      "JPN", "KOR", "MEX", "ZAF", "EGY", "TUR", "POL", "ESP", "ITA", "GBR", "CAN", "AUS", "THA",
      "MYS" } do members[i] = code end
    local adds = {}
    for i, code in ipairs(members) do adds[code] = 10 + i end
    for k = 1, 3 do stages[k] = { "s" .. k, at = members, adds = adds } end
    local deal = cm.cooperation{ members = members, price = 50, buyer = "CHN", chain = cm.chain{
      name = "three parts", stages = stages } }
    -- CHN has the cheapest of each part and the demand: nobody else adds anything
    local printed = tostring(deal:stable())
    assert.matches("the core is not empty: each coalition can get 0.00 more than apart (proven by "
      .. "the solver", printed, 1, true)
    assert.near(17, deal:stable():get{ member = "CHN" }.gains, 1e-6)
    assert.matches("NOT stable: CHN would do better apart by", tostring(deal:stable{
      rule = "equal" }), 1, true)
    assert.near(17 / 24, deal:divide{ rule = "equal" }:get{ member = "MYS" }.gains, 1e-9)
  end)

  it("refuse what needs all worths", function()
    local deal = cm.cooperation(runway(needs))
    assert.equal("CM2217", (refusal(deal.coalitions, deal)))
    local number, said = refusal(deal.divide, deal, { rule = "shapely" })
    assert.equal("CM2212", number)
    assert.matches("did you mean 'shapley'", said, 1, true)
    local t = runway(needs)
    t.outside = {}
    for i = 1, 11 do t.outside[("P%02d"):format(i)] = 1 end
    local _, why = refusal(cm.cooperation, t)
    assert.matches("CM2217: cooperation: outside of 11 members needs", why, 1, true)
    assert.matches("fix: +join who has something outside", why)
    assert.equal("CM2217", (refusal(cm.cooperation, { members = names_of(21), worth = {} })))
    assert.equal("CM2217", (refusal(cm.cooperation, { members = names_of(3), worth = {},
      listed = false })))
    assert.equal("CM2210", (refusal(cm.cooperation, runway(setmetatable({}, { __len = function()
      return 61
    end })))))
    for field, value in pairs{ samples = 0, risk = 1, range = -1 } do
      assert.equal("CM1004", (refusal(deal.divide, deal, { [field] = value })))
    end
    assert.equal("CM1004", (refusal(deal.divide, deal, { rule = "equal", samples = 5 })))
    assert.equal("CM1004", (refusal(deal.divide, deal, { rule = "banzhaf", samples = 0 })))
  end)
end)
