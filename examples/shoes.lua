-- shoes.lua: a shoe factory moves abroad. Where is the work, and who earns from it?
local cm = require "capmod"

-- Illustrative figures. `at` is where a stage is, `by` who runs it; wages and tax
-- stay with the place, profit follows the operator.
local home = cm.chain{
  name = "export", unit = "USD per pair", price = 20,
  stages = {
    { "design",    at = "CHN", by = "CHN", adds = { wages = 1.5, profit = 1.0 } },
    { "leather",   at = "CHN", by = "CHN", adds = { wages = 4.0, profit = 1.5, tax = 0.5 } },
    { "soles",     at = "CHN", by = "CHN", adds = { wages = 2.5, profit = 1.0, tax = 0.5 } },
    { "finishing", at = "CHN", by = "CHN", adds = { wages = 5.0, profit = 2.0, tax = 0.5 },
      uses = { "design", "leather", "soles" } },
  },
}
local finish = home:with{ name = "finish abroad", stages = { finishing = { at = "ETH" } } }
local moved = finish:with{ name = "whole chain", stages = {
  leather = { at = "ETH" }, soles = { at = "ETH" } } }

print(cm.compare{ home, finish, moved, by = "country" })
print(cm.compare{ home, finish, moved, by = "owner" })
print(moved:decompose{ by = "component" })
