-- A duty on steel in the country that makes washing machines: what does it cost, and how much steel
-- is still bought, where bodies can be made with more plastics and more work instead? Illustrative
-- figures; shares are about those of the recipe's costs in Brazil with Chinese steel and no duty.
local cm = require "capmod"

local washer = cm.chain{
  name = "washing machine", unit = "USD", market = "BRA",
  stages = {
    { "steel", at = { "BRA", "CHN" }, adds = { BRA = 1.3, CHN = 0.8 } },
    { "plastics", at = { "BRA", "CHN" }, adds = { BRA = 2.6, CHN = 2.1 } },
    { "body", at = { "BRA", "CHN" }, labour = 6, uses = { steel = 40, plastics = 8 },
      combine = cm.ces{ elasticity = 0, shares = { steel = 0.5, plastics = 0.25 } } },
    { "assembly", at = { "BRA", "CHN" }, labour = 9, uses = "body" },
  },
  places = { BRA = { wage = 3.2 }, CHN = { wage = 2.8 } },
  trade = { freight = 0.08, tariff = { BRA = { steel = 0, body = 0.2, assembly = 0.3 } } },
}

local rows = {}
for _, duty in ipairs{ 0, 0.3, 0.6 } do
  for _, elasticity in ipairs{ 0, 0.5, 1, 2 } do
    local plan = washer:with{ ["tariff.BRA.steel"] = duty,
      ["combine.body.elasticity"] = elasticity }:locate()
    local made = plan.chain:stages()
    local steel, body = made:get{ stage = "steel" }, made:get{ stage = "body" }
    rows[#rows + 1] = { duty = duty, elasticity = elasticity, cost = plan.cost,
      steel = steel.times, from = steel.at, body = body.at, BRA = plan:measure "value.BRA" }
  end
end
print(cm.frame{ title = "a duty on steel in Brazil", unit = washer.unit, rows = rows,
  keys = { "duty", "elasticity" }, bar = false, cols = { { "duty", format = "percent" },
    { "elasticity", digits = 1, unit = "1" }, { "cost", digits = 2 },
    { "steel", digits = 1, unit = "kg" }, "from", "body",
    { "BRA", label = "value in Brazil", digits = 2 } } })
for _, elasticity in ipairs{ 0, 1 } do
  local plan = washer:with{ ["combine.body.elasticity"] = elasticity }:locate()
  print(plan:range("tariff.BRA.steel", { from = 0, to = 1 }))
end
local plan = washer:with{ ["tariff.BRA.steel"] = 0.3, ["combine.body.elasticity"] = 1 }:locate()
print(plan:decompose{ by = { "stage", "component" } })
