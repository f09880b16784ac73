--- What Ctrl-C ends, and which rules are said to conflict. A progress function that returns false
--- ends the engine's work as Ctrl-C does.

local cm = require "capmod"
local core = require "capmod.core"

local PLACES = { "CHN", "DEU", "ETH", "IND", "JPN", "KEN", "VNM" }

--- A chain whose plants are set up: branch and bound, which asks at its first node.
local function pumps(more)
  local t = { name = "pumps", unit = "USD", market = "USA", volume = 10, stages = {}, places = {} }
  for k = 1, 6 do
    t.stages[k] = { "part " .. k, at = PLACES, labour = 1 + k % 3, uses = k > 1 and "part " .. k - 1
      or nil, class = "shop" }
  end
  for k, place in ipairs(PLACES) do
    t.places[place] = { wage = 1 + 3 * k % 5, setup = { shop = 10 + k }, capacity = 60 + 10 * k }
  end
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

--- Calls f with Ctrl-C pressed after so many times that the engine asked.
local function interrupted(asked, f, ...)
  core.progress(function()
    asked = asked - 1
    return asked >= 0
  end)
  local result = table.pack(pcall(f, ...))
  core.progress(nil)
  return table.unpack(result, 1, result.n)
end

describe("Ctrl-C", function()
  after_each(function() core.progress(nil) end)

  it("leaves chain:locate with the best plan so far", function()
    local chain = pumps()
    local ok, plan = interrupted(3, chain.locate, chain)
    assert.is_true(ok)
    assert.equal("request", plan.stop)
  end)

  local questions = {
    why = function(_, plan) return plan.why, plan, "part 2" end,
    alternatives = function(_, plan) return plan.alternatives, plan end,
    range = function(_, plan) return plan.range, plan, "wage.CHN" end,
    ["shadow_prices"] = function(_, plan) return plan.shadow_prices, plan end,
    frontier = function(chain) return chain.frontier, chain, { "cost", "value.ETH" } end,
    over = function(chain)
      return chain.over, chain, { years = { 2026, 2028 }, wages = 0.05 }
    end,
  }
  for name, question in cm.each(questions) do
    it(("ends %s whole"):format(name), function()
      local chain = pumps()
      local plan = chain:locate()
      local ok, err = interrupted(5, question(chain, plan))
      assert.is_false(ok)
      assert.equal("CM6003", err.number)
      assert.matches("stopping_spec.lua", tostring(err), 1, true)
      assert.is_true((interrupted(1e9, question(chain, plan)))) -- and goes on being asked
    end)
  end

  it("is not taken for a place that is not known", function()
    local codes, errors = require "capmod.codes", require "capmod.errors"
    local country = codes.country
    codes.country = function() errors.raise(6003, { message = "interrupted" }) end
    local _, in_chain = pcall(pumps)
    local _, in_deal = pcall(require "capmod.cooperation.coalition".code, "CHN")
    codes.country = country
    for _, err in ipairs{ in_chain, in_deal } do
      assert.equal("CM6003", err.number)
      assert.equal("interrupted", err.message)
    end
    assert.is_false(errors.ends(select(2, pcall(cm.chain, {}))))
  end)

  it("leaves rules of which fewer may conflict", function()
    local chain = pumps()
    local rules = { ["jobs.CHN"] = { min = 1e6 }, ["value.ETH"] = { max = 100 } }
    local whole = chain:locate{ subject = rules }
    assert.same({ "jobs.CHN at least 1000000" }, whole.conflict)
    assert.is_nil(whole.stop)
    local ok, plan
    for asked = 1, 200 do -- until it is pressed while the rules are looked for
      ok, plan = interrupted(asked, chain.locate, chain, { subject = rules })
      assert.is_true(ok)
      if plan.status == "infeasible" then break end
    end
    assert.equal("request", plan.stop)
    assert.is_true(#plan.conflict > 1)
    assert.matches("fewer might be enough (the search ended by request)", tostring(plan), 1, true)
  end)
end)

describe("rules that conflict", function()
  --- Whether there is a plan under the rules but for one.
  local function feasible(chain, rules, but)
    local some = {}
    for name, rule in pairs(rules) do some[name] = name ~= but and rule or nil end
    return chain:locate{ subject = some }.status == "optimal"
  end

  it("are a set none of which can be spared, among many", function()
    local tried = 0
    for seed = 1, 12 do
      local draw, rules = cm.random{ seed = seed }, {}
      for _, place in ipairs(PLACES) do
        local most, least = draw:uniform(0, 20), draw:uniform(-50, 50)
        if most < 8 then rules["value." .. place] = { max = most } end
        if least > 0 then rules["jobs." .. place] = { min = least } end
      end
      local chain = pumps()
      local plan = chain:locate{ subject = rules }
      if plan.status == "infeasible" then
        local named = {}
        for name, rule in pairs(rules) do
          for _, text in ipairs(plan.conflict) do
            if text:find(name, 1, true) == 1 then named[name] = rule end
          end
        end
        local capacity = false
        for _, text in ipairs(plan.conflict) do
          capacity = capacity or not text:find "^value%." and not text:find "^jobs%."
        end
        if not capacity then
          tried = tried + 1
          assert.is_false(feasible(chain, named))
          for name in pairs(named) do assert.is_true(feasible(chain, named, name)) end
        end
      end
    end
    assert.is_true(tried > 4)
  end)

  it("bar places, the same ones where they bar several", function()
    local plan = pumps():locate{ subject = { ["value.CHN"] = { max = 0 },
      ["value.DEU"] = { max = 0 }, ["jobs.ETH"] = { min = 10 }, cost = { max = 1000 } } }
    local why = plan:why "part 2"
    for _, place in ipairs{ "CHN", "DEU" } do
      assert.equal(("value.%s at most 0"):format(place), why:get{ at = place }["barred by"])
    end
    local tight = pumps{ nearby = { { "part 1", "part 2", within = "region" } } }
      :locate{ subject = { ["value.CHN"] = { max = 0 }, ["value.JPN"] = { max = 0 },
        ["value.IND"] = { max = 0 }, ["value.VNM"] = { max = 0 } } }
    local bars = tight:why "part 1"
    assert.equal("value.CHN at most 0", bars:get{ at = "CHN" }["barred by"])
  end)
end)

describe("plan:why of a plan that is not the best", function()
  it("says what is better", function()
    local plan = pumps():locate()
    local before = plan:why "part 2"
    assert.is_nil(tostring(before):match "better")
    local fields = require "capmod.plan".of(plan).fields
    fields.objective = fields.objective + 5 -- as if the search had ended too early
    local why = plan:why "part 2"
    local text = tostring(why)
    assert.matches("the plan is not the best", text, 1, true)
    local less = 0
    for k = 1, #why do
      local row, was = why[k], before:get{ at = why[k].at }
      if was["costs more by"] > 0 then
        assert.near(was["costs more by"] - 5, row["costs more by"], 1e-6)
        if row["costs more by"] < 0 then less = less + 1 end
      end
    end
    assert.is_true(less > 0)
  end)
end)
