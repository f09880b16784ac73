--- Recipes: how finely a stage is cut is chosen with where and by whom.

local cm = require "capmod"
local refusal = dofile "tests/support/refusal.lua"

local function body(more)
  local t = { "body", at = { "CHN", "BRA" }, by = { "CHN", "BRA" }, recipes = {
    whole = { labour = 30, capital = 8 },
    modules = { labour = 9, interface = 1.5, uses = { panels = 4 }, stages = {
      { "frame", labour = 8, class = "steel" },
      { "panels", at = { "CHN", "IND" }, labour = 2, uses = "bolts" },
      { "bolts", labour = 0.1 } } } } }
  for key, value in pairs(more or {}) do t[key] = value end
  return t
end

local function car(more)
  local t = { name = "car", market = "BRA", stages = { body(),
    { "assembly", at = { "CHN", "BRA" }, by = { "CHN", "BRA" }, labour = 10, uses = "body" } },
    places = { CHN = { wage = 2 }, BRA = { wage = 2.4, setup = { steel = 1 } },
      IND = { wage = 1 } },
    operators = { CHN = { abroad = 0.9 }, BRA = { abroad = 0.95 } },
    trade = { freight = 0.05, tariff = { BRA = { frame = 0.02 } } } }
  for key, value in pairs(more or {}) do t[key] = value end
  return cm.chain(t)
end

--- The best of all recipes and places, each settled and counted on its own; `rate` gives what of a
--- plan is least, or nothing.
local function enumerate(c, rate)
  local best = math.huge
  local function go(stages, open)
    if #open == 0 then
      local ok, settled = pcall(c.with, c, { stages = stages })
      assert(ok or settled.number == "CM2009", settled) -- what may not be parted is
      local plan = ok and settled:locate()
      local x = plan and plan.cost and rate(plan)
      if x and x < best then best = x end
      return
    end
    local name = table.remove(open)
    for _, at in ipairs(name == "panels" and { "CHN", "IND" } or { "CHN", "BRA" }) do
      for _, by in ipairs(name == "panels" and { false } or { "CHN", "BRA" }) do
        stages[name] = stages[name] or {}
        stages[name].at, stages[name].by = at, by
        go(stages, open)
      end
    end
    stages[name] = nil
    open[#open + 1] = name
  end
  go({ body = { recipe = "whole" } }, { "assembly" })
  local whole = best
  for _, at in ipairs{ "CHN", "BRA" } do for _, by in ipairs{ "CHN", "BRA" } do
    go({ body = { recipe = "whole", at = at, by = by } }, { "assembly" })
    go({ body = { recipe = "modules", at = at, by = by } }, { "assembly", "frame", "panels",
      "bolts" })
  end end
  assert.is_true(best <= whole)
  return best
end

describe("a stage with recipes", function()
  it("costs what it costs by hand", function()
    local c = cm.chain{ name = "car", stages = { { "body", at = "CHN", recipes = {
      whole = { adds = 30 },
      parts = { adds = 4, interface = 2, stages = {
        { "frame", at = "CHN", adds = 10 }, { "door", at = "IND", by = "BRA", adds = 3 } },
        uses = { door = 4 } } } } } }
    -- frame 10, doors 12, one border and one firm at 2 each
    local plan = c:locate()
    assert.near(4 + 10 + 12 + 2 + 2, plan.cost, 1e-12)
    assert.near(4, plan:decompose{ by = "component" }:get{ component = "interface" }.value, 1e-12)
    assert.equal("parts", plan:why "body":get{ recipe = "parts" }.recipe)
    assert.near(0, plan:why "body":get{ recipe = "whole" }["costs more by"], 1e-12)
    assert.near(32, c:with{ ["interface.body.parts"] = 3 }:with{ stages = { body = {
      recipe = "parts" } } }:locate().cost, 1e-12)
    local cheap = c:with{ ["interface.body.parts"] = 0.5 }:locate()
    assert.near(27, cheap.cost, 1e-12)
    assert.near(27, cheap.chain:locate().cost, 1e-12)
    assert.near(12 / (26 + 12), cheap:division():get{ what = "intermediates" }.share, 1e-12)
    assert.equal(2, cheap:division():get{ what = "modules" }.count)
  end)

  it("agrees with every way tried", function()
    local c = car()
    assert.near(enumerate(c, function(p) return p.cost end), c:locate().cost, 1e-9)
    local cheap = car():with{ ["interface.body.modules"] = 0.05, freight = 0.01 }
    local plan = cheap:locate()
    assert.near(enumerate(cheap, function(p) return p.cost end), plan.cost, 1e-9)
    assert.equal("IND", plan.chain:stages():get{ stage = "panels" }.at)
    local jobs = cheap:locate{ maximise = "jobs.IND", subject = { cost = { max = 80 } } }
    assert.near(-enumerate(cheap, function(p)
      local rows = p:decompose{ of = "jobs" }:where{ country = "IND" }
      return p.cost <= 80 and (#rows > 0 and -rows:sum "jobs" or 0)
    end), jobs.objective, 1e-9)
  end)

  it("keeps what may not be parted together, where it is made", function()
    local c = car{ colocate = { "frame", "assembly" } }:with{
      ["interface.body.modules"] = 0.05 }
    local best = enumerate(c, function(p) return p.cost end)
    local plan = c:locate()
    assert.near(best, plan.cost, 1e-9)
    local list = plan.chain:stages()
    assert.equal(list:get{ stage = "assembly" }.at, list:get{ stage = "frame" }.at)
    assert.equal(5, #list)
    local whole = c:with{ stages = { body = { recipe = "whole" } } }
    assert.equal(2, #whole:stages())
    assert.equal(2, #whole:locate().chain:stages())
  end)

  it("has tiers, modes and several products", function()
    local c = car():with{ tier_step = false, stages = { frame = { tier = 3 } },
      places = { CHN = { wage = 2, tier = 2 }, BRA = { wage = 2.4, tier = 1 },
        IND = { wage = 1 } } }
    local plan = c:locate() -- nobody can make the frame
    assert.equal("infeasible", plan:why "body":get{ at = "CHN", by = "CHN",
      recipe = "modules" }.status)
    assert.equal(2, #plan.chain:stages())
    local two = cm.chain{ name = "cars", market = "BRA", home = "CHN", stages = {
      { "body", recipes = { whole = { labour = 20 }, parts = { labour = 3, interface = 1,
        stages = { { "frame", labour = 9 } } } } },
      { "van", labour = 5, uses = "body", demand = 2 },
      { "bus", labour = 8, uses = { body = 3 }, demand = 1 } },
      places = { CHN = { wage = 2 }, BRA = { wage = 1.5, productivity = 0.7 } },
      operators = { CHN = { abroad = 0.8 } }, trade = { freight = 0.1 },
      modes = { host = "BRA", "export", "finish", { "transfer", cost = 3 } } }
    local best = math.huge
    for _, mode in ipairs{ "export", "finish", "transfer" } do
      for _, recipe in ipairs{ "whole", "parts" } do
        local one = two:with{ modes = false, stages = { body = { recipe = recipe } } }
        best = math.min(best, one:as(mode, { host = "BRA",
          cost = mode == "transfer" and 3 or nil }):locate().cost)
      end
    end
    assert.near(best, two:locate().cost, 1e-9)
    local each = two:locate{ modes = { host = "BRA", per = "stage", "export",
      { "transfer", cost = 3 } } }
    assert.is_true(each.cost <= best + 1e-9)
    assert.near(each.cost, each.chain:locate().cost, 1e-9)
  end)

  it("is open until a recipe is said", function()
    local c = car()
    local number, message = refusal(c.decompose, c)
    assert.equal("CM2006", number)
    assert.matches("recipes is one of modules, whole", message, 1, true)
    assert.equal("CM2006", (refusal(c.division, c)))
    local settled = c:with{ stages = { body = { recipe = "whole", at = "BRA", by = "BRA" },
      assembly = { at = "BRA", by = "BRA" } } }
    assert.near(30 * 2.4 + 8 + 24, settled:decompose():sum "value", 1e-9)
    assert.equal(1, settled:division():get{ what = "modules" }.count)
    local cut = settled:with{ stages = { body = { recipe = "modules" } } } -- and back
    assert.equal(5, #cut:stages())
    assert.is_string(tostring(c) .. tostring(c:summary()) .. tostring(c:links()) .. c:mermaid())
  end)

  it("is refused where it says what cannot be", function()
    local function of(recipes, more)
      return function()
        local stages = { body{ recipes = recipes } }
        for _, one in ipairs(more or {}) do stages[#stages + 1] = one end
        return car{ stages = stages }
      end
    end
    local parts = { adds = 1, stages = { { "frame", adds = 1 } } }
    assert.equal("CM2070", (refusal(of{})))
    assert.equal("CM2070", (refusal(of{ parts })))
    assert.equal("CM2070", (refusal(of{ parts = { adds = 1, stages = { { adds = 1 } } } })))
    assert.equal("CM2070", (refusal(of{ parts = { adds = 1, stages = { { "frame", adds = 1,
      demand = 1 } } } })))
    assert.equal("CM1001", (refusal(of{ parts = { add = 1 } })))
    assert.equal("CM1002", (refusal(of{ whole = {}, parts = parts })))
    assert.equal("CM1003", (refusal(of{ whole = 5 })))
    assert.equal("CM2005", (refusal(of{ whole = { adds = 1 }, parts = { adds = 1,
      interface = -1, stages = { { "frame", adds = 1 } } } })))
    assert.equal("CM2071", (refusal(of({ whole = { adds = 1 }, parts = { adds = 1,
      uses = "frames", stages = { { "frame", adds = 1 } } } }))))
    assert.equal("CM2071", (refusal(of({ whole = { adds = 1 }, parts = parts },
      { { "test", at = "BRA", adds = 1, uses = "frame" } }))))
    assert.equal("CM2001", (refusal(of({ whole = parts, parts = parts }))))
    local number, message = refusal(function()
      return car():with{ stages = { body = { recipe = "module" } } }
    end)
    assert.equal("CM2070", number)
    assert.matches("did you mean 'modules'?", message, 1, true)
    assert.equal(1, select(2, message:gsub("error CM", ""))) -- and nothing that follows from it
  end)

  it("that are not taken leave nothing of what may not be parted in them", function()
    local box = cm.chain{ name = "box", market = "CHN", stages = {
      { "box", at = { "CHN", "KEN" }, recipes = { whole = { labour = 1 },
        parts = { labour = 1, stages = { { "lid", labour = 1 }, { "case", labour = 1 } } } } } },
      places = { CHN = { wage = 1 }, KEN = { wage = 2 } }, colocate = { { "lid", "case" } } }
    assert.equal(1, box:with{ stages = { box = { recipe = "whole" } } }:locate().cost)
    assert.equal(3, box:with{ stages = { box = { recipe = "parts" } } }:locate().cost)
  end)
end)
