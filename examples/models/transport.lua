-- models/transport.lua: which cannery ships to which market; least cost 153.675
-- Data: G. B. Dantzig, Linear Programming and Extensions, Princeton University Press 1963, ch. 3.3;
-- the model is the first one of R. E. Rosenthal, A GAMS Tutorial, 1988.
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local capacity = { seattle = 350, ["san-diego"] = 600 } -- cases
local demand = { ["new-york"] = 325, chicago = 300, topeka = 275 }
local miles = cm.grid[[            new-york  chicago  topeka     -- thousands
                       seattle        2.5      1.7     1.8
                       san-diego      2.5      1.8     1.4 ]]

return cm.define.model{
  name = "transport", about = "canned goods from two plants to three markets",
  cite = "Dantzig (1963), ch. 3.3",
  params = {
    freight = { 90, min = 0, unit = "USD", about = "for a case and a thousand miles" },
    growth  = { 1, min = 0, about = "of demand" },
  },
  run = function(given)
    local p = cm.program{ name = "transport", unit = "USD 1000",
      sets = { plant = { "seattle", "san-diego" }, market = { "new-york", "chicago", "topeka" } },
      variables = { { "ship", over = { "plant", "market" }, unit = "cases" } },
      minimise = function(v) return given.freight / 1000 * dot(v.ship, miles) end,
      constraints = {
        { "supply", over = "plant", function(v, i) return sum(v.ship[i]), "<=", capacity[i] end },
        { "demand", over = "market", function(v, j)
          return sum(v.ship, { market = j }), ">=", given.growth * demand[j]
        end },
      } }
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
