--- Inputs that replace one another: chains with `combine` against enumeration of all plans, whose
--- cost is counted here by the formula of Arrow, Chenery, Minhas and Solow (1961), and identities.

local cm = require "capmod"

local PLACES = { "CHN", "DEU", "ETH" }
local MARKET = "DEU"

--- A random chain: each stage goes into a later one, or into two where `shared`; kinds of
--- aggregate, freight and duties by value. `setup`: costs to pay once.
local function draw_chain(seed, t)
  local draw = cm.random{ seed = seed }
  local function pick(list) return list[1 + math.floor(draw:uniform(0, #list - 1e-9))] end
  local c = { name = "random", market = MARKET, stages = {}, places = {},
    trade = { freight = {}, tariff = {} } }
  for _, a in ipairs(PLACES) do
    c.trade.freight[a], c.trade.tariff[a] = {}, {}
    for _, b in ipairs(PLACES) do
      if a ~= b then c.trade.freight[a][b] = t.free and 0 or draw:uniform(0, 0.2) end
    end
    if t.setup then
      c.places[a] = { setup = { s1 = draw:uniform(), s2 = draw:uniform() } }
    end
  end
  for i = 1, t.n do
    local s = { "s" .. i, at = PLACES, adds = {} }
    for _, a in ipairs(PLACES) do
      s.adds[a] = draw:uniform(0.5, 3)
      if draw:uniform() < 0.5 and not t.free then
        c.trade.tariff[a]["s" .. i] = draw:uniform(0, 0.4)
      end
    end
    c.stages[i] = s
  end
  for i = 1, t.n - 1 do
    local users = { i + math.floor(draw:uniform(1, t.n - i + 0.999999)) }
    if t.shared and i < t.n - 1 and draw:uniform() < 0.5 then
      users[2] = users[1] < t.n and users[1] + 1 or i + 1
    end
    for _, user in ipairs(users) do
      local u = c.stages[user]
      u.uses = u.uses or {}
      u.uses["s" .. i] = draw:uniform(0.3, 3)
    end
  end
  for i = 2, t.n do
    local s, sigma = c.stages[i], pick(t.sigmas or { 0, 0.3, 1, 1, 2.5, 6 })
    if s.uses then
      local shares, n = {}, 1
      for _ in cm.each(s.uses) do n = n + 1 end
      for name in cm.each(s.uses) do shares[name] = draw:uniform(0.4, 1) / n end
      s.combine = pick{ cm.ces{ elasticity = sigma, shares = shares },
        cm.cobb_douglas{ shares = shares }, "sum" }
      if t.all then s.combine = cm.ces{ elasticity = sigma, shares = shares } end
    end
  end
  return c
end

--- The unit cost from what own work costs (c) and what arrives: x by name.
local function unit_cost(c, x, combine)
  if not combine or combine == "sum" then combine = { elasticity = 0, shares = {} } end
  local sigma, own = combine.elasticity, 1
  for _, share in cm.each(combine.shares) do own = own - share end
  if sigma == 0 then
    for _, worth in cm.each(x) do c = c + worth end
    return c
  elseif sigma == 1 then
    local p = (c / own) ^ own
    for name, worth in cm.each(x) do
      p = p * (worth / combine.shares[name]) ^ combine.shares[name]
    end
    return p
  end
  local sum = own ^ sigma * c ^ (1 - sigma)
  for name, worth in cm.each(x) do
    sum = sum + combine.shares[name] ^ sigma * worth ^ (1 - sigma)
  end
  return sum ^ (1 / (1 - sigma))
end

local function factor(c, s, from, to)
  if from == to then return 1 end
  return (1 + c.trade.freight[from][to]) * (1 + (c.trade.tariff[to][s] or 0))
end

--- What a unit costs at the market, each stage s at at[s]; `more`: what multiplies own work.
local function cost_of(c, at, more)
  local value, used = {}, {}
  for _, s in ipairs(c.stages) do
    local x = {}
    for name, quantity in cm.each(s.uses or {}) do
      x[name], used[name] = quantity * factor(c, name, at[name], at[s[1]]) * value[name], true
    end
    value[s[1]] = unit_cost(s.adds[at[s[1]]] * (more and more[s[1]] or 1), x, s.combine)
  end
  local total, paid = 0, {}
  for _, s in ipairs(c.stages) do
    local name, place = s[1], at[s[1]]
    if not used[name] then total = total + value[name] * factor(c, name, place, MARKET) end
    local setup = ((c.places[place] or {}).setup or {})[name]
    if setup and not paid[name .. place] then
      paid[name .. place], total = true, total + setup
    end
  end
  return total
end

local function cheapest(c)
  local best, at = math.huge, {}
  local function go(i)
    if i > #c.stages then
      best = math.min(best, cost_of(c, at))
      return
    end
    for _, place in ipairs(PLACES) do
      at[c.stages[i][1]] = place
      go(i + 1)
    end
  end
  go(1)
  return best
end

local function places_of(plan)
  local at, f = {}, plan.chain:stages()
  for k, name in ipairs(f:column "stage") do at[name] = f:column "at"[k] end
  return at
end

local function by(frame, key, value)
  local map, total = {}, 0
  for k, name in ipairs(frame:column(key)) do
    map[name] = frame:column(value)[k]
    total = total + map[name]
  end
  return map, total
end

local function shirt(combine, more)
  local t = { name = "shirt", market = "DEU", stages = {
    { "cloth", at = { "CHN", "ETH" }, adds = { CHN = 4, ETH = 5 } },
    { "thread", at = { "CHN", "ETH" }, adds = { CHN = 0.4, ETH = 0.5 } },
    { "sewing", at = { "CHN", "ETH" }, labour = 3, uses = { cloth = 2, thread = 1 },
      combine = combine } },
    places = { CHN = { wage = 2 }, ETH = { wage = 0.8 } },
    trade = { freight = 0.05, tariff = { DEU = { sewing = 0.1 }, ETH = { cloth = 0.2 } } } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

local SHARES = { cloth = 0.5, thread = 0.1 }
local CES = cm.ces{ elasticity = 0.5, shares = SHARES }

local function refused(number, f, pattern)
  local ok, e = pcall(f)
  assert.is_false(ok)
  assert.equal(number, e.number)
  if pattern then assert.truthy(e.message:find(pattern), e.message) end
  return e
end

describe("a chain whose inputs replace one another", function()
  it("is placed as enumeration finds, by dynamic programming", function()
    local kinds = {}
    for seed = 1, 60 do
      local c = draw_chain(seed, { n = 4 })
      local plan = cm.chain(c):locate()
      assert.equal("optimal", plan.status)
      assert.equal("dynamic programming", plan.method)
      assert.near(cheapest(c), plan.cost, 1e-9 * plan.cost)
      for _, s in ipairs(c.stages) do
        local sigma = type(s.combine) == "table" and s.combine.elasticity or "sum"
        kinds[sigma] = true
      end
    end
    for _, sigma in ipairs{ "sum", 0, 0.3, 1, 2.5, 6 } do assert.is_true(kinds[sigma]) end
  end)

  it("is placed so with shared stages and with what is paid once, and verified", function()
    local path, methods = os.tmpname() .. ".certificate", {}
    for seed = 1, 40 do
      local c = draw_chain(seed, { n = 5, shared = true, setup = seed % 2 == 0 })
      local plan = cm.chain(c):locate{ certificate = true, gap = 1e-9 }
      assert.near(cheapest(c), plan.cost, 1e-8 * plan.cost)
      plan:save(path)
      local checked = cm.verify(path)
      assert.is_true(checked.pass)
      assert.near(plan.cost, checked.objective, 1e-9 * plan.cost)
      methods[plan.method] = true
    end
    os.remove(path)
    assert.is_true(methods["junction tree"])
    assert.is_true(methods["branch and bound"])
  end)

  it("adds up to the cost, whatever it is decomposed by", function()
    for seed = 1, 30 do
      local c = draw_chain(seed, { n = 5, shared = seed % 2 == 0, setup = seed % 3 == 0 })
      local plan = cm.chain(c):locate()
      assert.near(plan.cost, cost_of(c, places_of(plan)), 1e-9 * plan.cost)
      for _, key in ipairs{ "stage", "country", "owner", "component" } do
        local _, total = by(plan:decompose{ by = key }, key, "value")
        assert.near(plan.cost, total, 1e-9 * plan.cost)
      end
    end
  end)

  it("says what is spent on each stage: what more for its own work would cost", function()
    -- Shephard's lemma: a thousandth more for the own work of a stage costs a thousandth of what is
    -- spent on it; by central differences of the formula above, without trade on the way
    for seed = 1, 30 do
      local c = draw_chain(seed, { n = 5, shared = seed % 2 == 0, free = true })
      local plan = cm.chain(c):locate()
      local at, values = places_of(plan), {}
      for row in plan:decompose{ by = { "stage", "component" } }:rows() do
        if row.component == "(not split)" then values[row.stage] = row.value end
      end
      for _, s in ipairs(c.stages) do
        local h = 1e-4
        local slope = (cost_of(c, at, { [s[1]] = 1 + h }) - cost_of(c, at, { [s[1]] = 1 - h }))
          / (2 * h)
        assert.near(slope, values[s[1]], 1e-6 * plan.cost)
      end
    end
  end)

  it("pays freight and duty on what is bought, by hand", function()
    local plan = shirt(CES):with{ stages = { cloth = { at = "CHN" }, thread = { at = "ETH" },
      sewing = { at = "ETH" } } }:locate()
    local cloth, thread, own = 2 * 4 * 1.05 * 1.2, 0.5, 3 * 0.8
    local p = unit_cost(own, { cloth = cloth, thread = thread }, CES)
    assert.near(p * 1.05 * 1.1, plan.cost, 1e-12)
    local function spent(a, x) return p * a ^ 0.5 * (x / p) ^ 0.5 end
    local values = {}
    for row in plan:decompose{ by = { "stage", "component" } }:rows() do
      values[row.stage .. " " .. row.component] = row.value
    end
    local bought = spent(0.5, cloth)
    assert.near(spent(0.4, own), values["sewing wages"], 1e-12)
    assert.near(spent(0.1, thread), values["thread (not split)"], 1e-12)
    assert.near(bought / 1.05 / 1.2, values["cloth (not split)"], 1e-12)
    assert.near(0.05 * bought / 1.05 / 1.2, values["cloth freight"], 1e-12)
    assert.near(0.2 * bought / 1.2, values["cloth duty"], 1e-12)
    assert.near(0.05 * p, values["sewing freight"], 1e-12)
    assert.near(0.1 * 1.05 * p, values["sewing duty"], 1e-12)
  end)

  it("settles into a chain of fixed quantities that costs the same", function()
    for seed = 1, 20 do
      local plan = cm.chain(draw_chain(seed, { n = 5, all = true })):locate()
      local again = plan.chain:locate()
      assert.near(plan.cost, again.cost, 1e-9 * plan.cost)
      assert.near(plan:measure "value.ETH", again:measure "value.ETH", 1e-9)
      local values = {}
      for row in plan:decompose{ by = { "country", "component" } }:rows() do
        if row.component == "(not split)" then values[row.country] = row.value end
      end
      for _, place in ipairs(PLACES) do
        assert.near(values[place] or 0, plan:measure("value." .. place), 1e-9)
      end
    end
  end)

  it("goes over into the recipe and into Cobb-Douglas", function()
    for seed = 1, 20 do
      local function cost(sigma)
        return cm.chain(draw_chain(seed, { n = 5, all = true, sigmas = { sigma } })):locate().cost
      end
      local function sum()
        local c = draw_chain(seed, { n = 5, all = true })
        for _, s in ipairs(c.stages) do s.combine = nil end
        return cm.chain(c):locate().cost
      end
      assert.equal(sum(), cost(0))
      assert.near(sum(), cost(1e-7), 1e-5)
      assert.near(cost(1), cost(1 - 1e-6), 1e-4)
      assert.near(cost(1), cost(1 + 1e-6), 1e-4)
      local last = cost(0) -- what can be replaced more easily never costs more
      for _, sigma in ipairs{ 0.2, 0.7, 1, 1.4, 3, 8, 20 } do
        local now = cost(sigma)
        assert(now <= last * (1 + 1e-9), ("%g costs %g after %g"):format(sigma, now, last))
        last = now
      end
    end
  end)

  it("costs the recipe where its cost shares are the shares", function()
    -- cloth 2 x 3, own work 3, thread 1: shares 0.6, 0.3, 0.1, at every elasticity
    for _, sigma in ipairs{ 0, 0.5, 1, 4 } do
      local plan = cm.chain{ name = "shirt", stages = {
        { "cloth", at = "CHN", adds = 3 }, { "thread", at = "CHN", adds = 1 },
        { "sewing", at = "CHN", adds = 3, uses = { "thread", cloth = 2 },
          combine = cm.ces{ elasticity = sigma, shares = { cloth = 0.6, thread = 0.1 } } } } }
        :locate()
      assert.near(10, plan.cost, 1e-12)
      assert.near(6, by(plan:decompose{ by = "stage" }, "stage", "value").cloth, 1e-12)
    end
  end)

  it("never costs less where an input costs more", function()
    for seed = 1, 20 do
      local c = draw_chain(seed, { n = 5, all = true })
      local before = cm.chain(c):locate().cost
      for i, s in ipairs(c.stages) do
        for _, place in ipairs(PLACES) do
          local changed = cm.chain(c):with{ [("adds.s%d.%s"):format(i, place)] =
            1.3 * s.adds[place] }
          assert(changed:locate().cost >= before * (1 - 1e-12))
        end
      end
    end
  end)

  it("has what nothing is added to, where shares sum to 1", function()
    local c = cm.chain{ name = "mix", market = "DEU", stages = {
      { "a", at = "CHN", adds = 2 }, { "b", at = "DEU", adds = 8 },
      { "mix", at = "DEU", adds = 0, uses = { "a", "b" },
        combine = cm.cobb_douglas{ shares = { a = 0.5, b = 0.5 } } } } }
    local plan = c:locate() -- (2/0.5)^0.5 (8/0.5)^0.5
    assert.near(8, plan.cost, 1e-12)
    local values = by(plan:decompose{ by = "stage" }, "stage", "value")
    assert.near(4, values.a, 1e-12)
    assert.near(4, values.b, 1e-12)
  end)

  it("is the sequential chain of Antràs and de Gortari where each stage is Cobb-Douglas", function()
    for seed = 1, 12 do
      local draw, n = cm.random{ seed = seed }, 4
      local t, c = { trade = {}, stages = {} }, { name = "snake", stages = {}, trade = {
        freight = {} } }
      for _, a in ipairs(PLACES) do
        t.trade[a], c.trade.freight[a] = {}, {}
        for _, b in ipairs(PLACES) do
          t.trade[a][b] = a == b and 1 or draw:uniform(1, 1.6)
          if a ~= b then c.trade.freight[a][b] = t.trade[a][b] - 1 end
        end
      end
      for k = 1, n do
        local share, cost, adds = k == 1 and 1 or draw:uniform(0.2, 0.9), {}, {}
        for _, a in ipairs(PLACES) do
          cost[a] = draw:uniform(0.5, 2)
          adds[a] = share * cost[a] -- quantities are shares, so that the constants cancel
        end
        t.stages[k] = { "s" .. k, share = share, cost = cost }
        local before = "s" .. k - 1
        c.stages[k] = { "s" .. k, at = PLACES, adds = adds }
        if k > 1 then
          c.stages[k].uses = { [before] = 1 - share }
          c.stages[k].combine = cm.cobb_douglas{ shares = { [before] = 1 - share } }
        end
      end
      for _, to in ipairs(PLACES) do
        local path, plan = cm.sequential(t):path(to), cm.chain(c):locate{ market = to }
        assert.near(path:column "cost"[n + 1], plan.cost, 1e-12 * plan.cost)
        for k = 1, n do
          assert.truthy(path:column "place"[k]:find(places_of(plan)["s" .. k], 1, true))
        end
      end
    end
  end)
end)

describe("what else a chain has beside combine", function()
  it("is what crossing borders and firms costs, with the input, by hand", function()
    local c = cm.chain{ name = "shirt", market = "ETH", trade = { freight = 0.05, interface = 0.3 },
      stages = { { "cloth", at = "CHN", by = "CHN", adds = 4, interface = 0.2 },
        { "sewing", at = "ETH", by = "ETH", adds = 3, uses = { cloth = 2 },
          combine = cm.ces{ elasticity = 2, shares = { cloth = 0.6 } } } } }
    local x = 2 * 4 * 1.05 + 0.2 + 0.2 + 0.3 -- the border, and the firm, by cloth and by trade
    local p = unit_cost(3, { cloth = x }, cm.ces{ elasticity = 2, shares = { cloth = 0.6 } })
    local plan = c:locate()
    assert.near(p, plan.cost, 1e-12)
    local taken = (0.6 * p / x) ^ 2
    local values = by(plan:decompose{ by = "component" }, "component", "value")
    assert.near(taken * 0.7, values.interface, 1e-12)
    assert.near(taken * 2 * 4 * 0.05, values.freight, 1e-12)
    assert.near(2 * taken, plan.chain:stages():get{ stage = "cloth" }.times, 1e-12)
  end)

  it("is in the cost: interfaces, labour, materials, joint ventures, taxes", function()
    local c = shirt(CES, { home = "CHN", trade = { freight = 0.05, interface = 0.3,
      tariff = { DEU = { sewing = 0.1 } } },
      places = { CHN = { wage = 2, tax = 0.2 }, ETH = { wage = 0.8, tax = 0.3, entry = 0.5 } } })
    c = c:with{ stages = { cloth = { by = { "CHN", { CHN = 0.5, ETH = 0.5 } }, interface = 0.2 },
      sewing = { by = { "CHN", "ETH" }, capital = 1, profit = 0.5, materials = 0.7,
        buys = { ["DEU.C20"] = 0.4 } } } }
    for _, at in ipairs{ "CHN", "ETH" } do
      for _, by_whom in ipairs{ "CHN", "ETH" } do
        local plan = c:with{ stages = { sewing = { at = at, by = by_whom } } }:locate()
        for _, key in ipairs{ "stage", "country", "owner", "component" } do
          local _, total = by(plan:decompose{ by = key }, key, "value")
          assert.near(plan.cost, total, 1e-9)
        end
        local _, jobs = by(plan:decompose{ of = "jobs" }, "country", "jobs")
        assert.near(jobs, plan:measure("jobs." .. at), 1e-9)
      end
    end
  end)

  it("goes by modes, settled recipes and prices", function()
    local plan = shirt(CES, { home = "CHN", price = 30 }):with{ stages = { sewing = {
      profit = 1 } } }:locate{ modes = { host = "ETH", "export", "fdi" } }
    local sums, total = by(plan:decompose{ by = "component" }, "component", "value")
    assert.near(30, total, 1e-9) -- the rest is profit
    assert(sums.profit > 30 - plan.cost)
    local cut = shirt(CES):with{ stages = { cloth = { recipes = { whole = { adds = 4 },
      parts = { adds = 1, stages = { { "yarn", adds = 2 } } } } } } }
    local best = cut:locate()
    assert.truthy(best.chain:stages():column "stage"[1]:find "yarn")
    local _, sum = by(best:decompose{ by = "stage" }, "stage", "value")
    assert.near(best.cost, sum, 1e-9)
    assert(best:measure "value.CHN" + best:measure "value.ETH" < best.cost)
  end)

  it("is swept by its dotted names, and ranges over them", function()
    local c = shirt(CES)
    local plain = shirt(cm.ces{ elasticity = 2, shares = { cloth = 0.3, thread = 0.1 } })
    assert.equal(plain:locate().cost, c:with{ ["combine.sewing.elasticity"] = 2,
      ["combine.sewing.shares.cloth"] = 0.3 }:locate().cost)
    local f = c:locate():range("combine.sewing.elasticity", { from = 0, to = 2 })
    assert.near(c:with{ ["combine.sewing.elasticity"] = 0 }:locate().cost,
      f:column "cost at from"[1], 1e-9)
    -- straight lines would end where the plan turns: the jump in a wage is where plans meet
    local jumps = c:locate():range("wage.ETH", { from = 0.8, to = 6 })
    assert.truthy(tostring(jumps):find "solved at")
    assert(#jumps:column "to" > 1)
    local at = jumps:column "to"[1]
    local here = c:with{ ["wage.ETH"] = at }
    local function cost(place)
      return here:with{ stages = { sewing = { at = place } } }:locate().cost
    end
    assert.near(cost "ETH", cost "CHN", 1e-6)
  end)

  it("explains a stage with everything else placed anew", function()
    local c = shirt(CES)
    local why = c:locate():why "sewing"
    for k, place in ipairs(why:column "at") do
      assert.near(c:with{ stages = { sewing = { at = place } } }:locate().cost,
        why:column "best cost"[k], 1e-9)
    end
    assert.equal(2 * 2 * 2, #c:locate():alternatives{ within = 10, n = 20 }:column "plan")
  end)

  it("is placed year by year", function()
    local course = shirt(CES):over{ years = { 2026, 2030 }, wages = { ETH = 0.2 } }
    local fourth = shirt(CES):with{ ["wage.ETH"] = 0.8 * 1.2 ^ 4 }:locate()
    assert.near(fourth.cost, course:plan(2030).cost, 1e-9)
  end)

  it("does so many times its own work as intensity says", function()
    local once, twice = shirt(), shirt():with{ stages = { sewing = { intensity = 2 },
      cloth = { intensity = 0.5 } } }
    twice = twice:with{ stages = { sewing = { labour = 1.5 }, cloth = { adds = { CHN = 8,
      ETH = 10 } } } }
    assert.near(once:locate().cost, twice:locate().cost, 1e-12)
    assert.near(once:locate():measure "jobs.ETH", twice:locate():measure "jobs.ETH", 1e-12)
    refused("CM2005", function() shirt():with{ stages = { sewing = { intensity = -1 } } } end)
  end)
end)

describe("what combine refuses", function()
  it("is shares that do not fit", function()
    local function with(shares, pattern, elasticity)
      return refused("CM2072", function()
        shirt(cm.ces{ elasticity = elasticity or 0.5, shares = shares })
      end, pattern)
    end
    with({ cloth = 0.5 }, "'thread' has no share")
    local e = with({ cloth = 0.5, thread = 0.1, clothe = 0.1 }, "'clothe' has a share, but is none")
    assert.truthy(e.fix:find "cloth")
    with({ cloth = 0.9, thread = 0.2 }, "sum to 1.1, over 1")
    with({ cloth = 0, thread = 0.2 }, "the share of 'cloth' is 0")
    with({ cloth = "half", thread = 0.2 }, "is half")
    with(SHARES, "elasticity is %-1", -1)
    with(SHARES, "elasticity is 21", 21)
    with(SHARES, "elasticity is %-?nan", 0 / 0)
    refused("CM2072", function() shirt "ces" end, "combine is 'ces'")
    refused("CM1002", function() cm.ces{ shares = SHARES } end)
    refused("CM1001", function() cm.cobb_douglas{ shares = SHARES, elasticity = 2 } end)
    refused("CM1001", function() shirt{ elasticity = 1, share = SHARES } end)
    assert.equal(shirt():locate().cost, shirt "sum":locate().cost)
  end)

  it("is work without a share and shares without work", function()
    local whole = { cloth = 0.9, thread = 0.1 }
    refused("CM2072", function() shirt(cm.cobb_douglas{ shares = whole }):locate() end,
      "own work costs something")
    refused("CM2072", function()
      shirt(CES):with{ stages = { sewing = { labour = 0 } } }:locate()
    end, "has the share 0.4, but costs 0")
    refused("CM2072", function()
      shirt(CES):with{ stages = { cloth = { adds = { CHN = 0, ETH = 1 } } } }:locate()
    end, "'cloth' may cost nothing")
    for _, adds in ipairs{ 1e20, 1e-20 } do
      refused("CM2072", function()
        shirt(cm.ces{ elasticity = 20, shares = SHARES }):with{ stages = {
          cloth = { adds = adds } } }:locate()
      end, "are no numbers")
    end
    refused("CM2072", function()
      shirt(CES):with{ stages = { sewing = { uses = { thread = 1, cloth = 0 } } } }
    end, "takes none of it")
  end)

  it("is shares of places and recipes that are open", function()
    local half = { CHN = 0.5, ETH = 0.5 }
    refused("CM2072", function()
      shirt(CES):with{ stages = { cloth = { at = half } } }:locate()
    end, "'cloth' is in shares of places")
    refused("CM2072", function()
      shirt(CES):with{ stages = { sewing = { at = half } } }:locate()
    end, "it is in shares of places")
    refused("CM2070", function()
      shirt(CES):with{ stages = { sewing = { recipes = { one = { labour = 3 } } } } }
    end, "has recipes, and combines")
    refused("CM2072", function()
      shirt():with{ stages = { sewing = { recipes = { whole = { labour = 3 }, parts = { labour = 1,
        stages = { { "seam", labour = 1 }, { "hem", labour = 1, uses = "seam",
          combine = cm.ces{ elasticity = 0.5, shares = { seam = 0.5 } } } } } } } } }
    end, "recipe 'parts' may leave it out")
  end)

  it("is rules, capacities and programs that count quantities before there is a plan", function()
    local c = shirt(CES)
    for _, t in ipairs{ { minimise = "jobs.ETH" }, { maximise = "value.ETH" },
      { subject = { ["content.ETH"] = { min = 0.3 } } },
      { subject = { ["value.CHN"] = { max = 2 } } },
      { subject = { ["income.ETH"] = { min = 1 } } } } do
      refused("CM2049", function() c:locate(t) end, "counts what is made of")
    end
    refused("CM2049", function() c:frontier{ "cost", "value.ETH" } end)
    refused("CM2049", function() c:with{ ["capacity.ETH"] = 5 }:locate() end, "capacity in ETH")
    refused("CM2049", function()
      c:with{ stages = { thread = { capacity = 2 } } }:locate()
    end, "capacity counts")
    refused("CM2049", function()
      c:with{ places = { CHN = { wage = 2, capacity = { cloth = 9 } }, ETH = { wage = 1 } } }
        :locate()
    end, "capacity in CHN")
    refused("CM2049", function() c:with{ scale = { cloth = { { 1, 9 } } } }:locate() end, "scale")
    refused("CM2049", function() c:with{ learning = { sewing = 0.1 } }:locate() end, "learning")
    refused("CM2049", function()
      c:with{ trade = { origin_rule = { DEU = { of = { "ETH" }, min = 0.4, duty = 0 } } } }:locate()
    end, "rule of origin")
    refused("CM2049", function() c:locate():save "x.lp" end)
    refused("CM2048", function() c:locate{ method = "program" } end)
    refused("CM2049", function()
      cm.cooperation{ members = { "CHN", "ETH" }, chain = c:with{ price = 30 } }:coalitions()
    end)
    local settled = c:with{ stages = { cloth = { at = "CHN" }, thread = { at = "CHN" },
      sewing = { at = "ETH" } } }
    refused("CM2049", function() settled:decompose() end)
    refused("CM2049", function() settled:division() end)
    assert.truthy(settled:locate():division())
  end)

  it("leaves alone what no such stage is counted in", function()
    local c = shirt(CES):with{ stages = { { "shop", at = { "DEU", "CHN" }, adds = { DEU = 3,
      CHN = 4 }, uses = "sewing", capacity = 1 }, cloth = { at = "CHN" }, thread = { at = "CHN" },
      sewing = { at = "CHN" } } }
    local plan = c:locate{ subject = { ["value.DEU"] = { min = 2 } } }
    assert.near(3, plan:measure "value.DEU", 1e-12)
    assert.equal("infeasible", c:locate{ subject = { ["value.DEU"] = { min = 4 } } }.status)
  end)
end)
