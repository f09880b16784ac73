--- Placements at random, with everything that an option may cost, against all layouts: each is
--- settled, and so counted without a choice.

local cm = require "capmod"

local PLACES = { "CHN", "ETH", "FRA" }
local draw

local function chance(p) return draw:uniform(0, 1) < p end
local function int(low, high) return draw:integer(low, high) end

--- Some of a list, at least one: a list, or the one itself.
local function some(list)
  local kept = {}
  for _, one in ipairs(list) do
    if chance(0.7) then kept[#kept + 1] = one end
  end
  if #kept == 0 then kept[1] = list[1] end
  return #kept > 1 and kept or kept[1]
end

local function costs()
  return { labour = { skilled = int(0, 3), unskilled = int(0, 5) }, capital = int(0, 5),
    materials = int(0, 2), tier = int(1, 3), class = chance(0.5) and "k" or nil }
end

local function stage(i)
  local s = costs()
  s[1], s.at, s.by, s.duty_class = "s" .. i, some(PLACES), some{ "CHN", "FRA" }, "goods"
  s.interface = chance(0.3) and 1 or nil
  s.uses = i > 1 and { ["s" .. int(1, i - 1)] = int(1, 2) } or nil
  if not chance(0.3) then return s end
  local whole, parts = costs(), costs()
  parts.interface, parts.stages = int(0, 2), { costs() }
  parts.stages[1][1], parts.stages[1].at = "part " .. i, some(PLACES)
  s.labour, s.capital, s.materials, s.tier, s.class = nil, nil, nil, nil, nil
  s.recipes = { whole = whole, parts = parts }
  return s
end

local function place()
  return { wage = { skilled = int(2, 9), unskilled = int(1, 4) }, tier = int(2, 3),
    productivity = draw:uniform(0.5, 1.5), tax = draw:uniform(0, 0.3),
    subsidy = draw:uniform(0, 0.1), entry = chance(0.5) and int(0, 60) or nil,
    setup = chance(0.5) and { k = int(0, 80) } or nil,
    capacity = chance(0.2) and int(20, 300) or nil }
end

local function chain()
  local stages = {}
  for i = 1, int(2, 3) do stages[i] = stage(i) end
  return cm.chain{ name = "random", market = chance(0.7) and "ETH" or "FRA", volume = int(5, 20),
    home = "CHN", stages = stages, operators = { CHN = { abroad = 0.8 } },
    places = { CHN = place(), ETH = place(), FRA = place() },
    tier_step = chance(0.6) and 0.2 or nil, learning = chance(0.3) and { k = 0.2 } or nil,
    scale = chance(0.3) and { k = { { 10, int(3, 5) }, { 40, 2 } } } or nil,
    colocate = chance(0.3) and { "s1", "s2" } or nil,
    trade = { freight = draw:uniform(0, 0.2), interface = chance(0.5) and int(0, 2) or nil,
      tariff = { ETH = { goods = draw:uniform(0, 0.3) }, FRA = { goods = draw:uniform(0, 0.3) } },
      origin_rule = chance(0.5) and { ETH = { of = { "CHN" }, min = draw:uniform(0, 0.8),
        duty = 0.01 } } or nil } }, stages
end

local function question()
  local q = { subject = {} }
  if chance(0.4) then q.subject["content.ETH"] = { min = draw:uniform(0, 0.5) } end
  if chance(0.3) then q.subject["jobs.ETH"] = { min = int(1, 60) } end
  if chance(0.3) then q.subject.budget = { max = int(10, 100) } end
  local kind = int(1, 3)
  if kind == 2 then q.maximise = "income.ETH" elseif kind == 3 then q.minimise = "jobs.CHN" end
  return q
end

local function as_list(x) return type(x) == "table" and x or { x } end

--- All ways to settle stages from the i-th on.
local function each_layout(stages, i, chosen, visit)
  local s = stages[i]
  if not s then return visit(chosen) end
  local function places(one, recipe, go)
    for _, at in ipairs(as_list(one.at)) do
      for _, by in ipairs(one.by and as_list(one.by) or { false }) do
        chosen[one[1]] = { at = at, by = by, recipe = recipe }
        go()
      end
    end
    chosen[one[1]] = nil
  end
  local function next_one() each_layout(stages, i + 1, chosen, visit) end
  if not s.recipes then return places(s, nil, next_one) end
  places(s, "whole", next_one)
  places(s, "parts", function() places(s.recipes.parts.stages[1], nil, next_one) end)
end

local function best_of(c, stages, q)
  local best = math.huge
  each_layout(stages, 1, {}, function(chosen)
    local ok, settled = pcall(c.with, c, { stages = chosen })
    -- short of a tier, or parted although it may not be
    assert(ok or settled.number == "CM2064" or settled.number == "CM2009", settled)
    local plan = ok and settled:locate(q)
    local x = plan and plan.objective
    if x then best = math.min(best, q.maximise and -x or x) end
  end)
  return best
end

describe("a chain placed", function()
  it("is the best of all its layouts, and adds up", function()
    local solved = 0
    for case = 1, 30 do
      draw = cm.random{ seed = case }
      local ok, c, stages = pcall(chain)
      assert(ok or c.number == "CM2064" or c.number == "CM2009", c) -- settled as it cannot be
      if ok then
        local q = question()
        local plan = c:locate(q)
        local best = best_of(c, stages, q)
        assert.equal(best < math.huge and "optimal" or "infeasible", plan.status,
          "seed " .. case)
        if plan.objective then
          solved = solved + 1
          assert.near(best, q.maximise and -plan.objective or plan.objective,
            1e-6 * math.max(1, math.abs(best)), "seed " .. case)
          assert.near(plan.cost, plan:decompose():sum "value", 1e-9 * plan.cost)
          assert.is_true(plan.chain:locate().cost <= plan.cost * (1 + 1e-9))
        end
      end
    end
    assert.is_true(solved >= 12)
  end)
end)
