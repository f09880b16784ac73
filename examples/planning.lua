-- planning.lua: a published planning model, solved, priced and swept
local cm = require "capmod"
local mexss = require "models.mexss"

local base = mexss{ name = "Mexican steel, 1979" }
local s = base:run().solution
print(s)
print(s:duals "demand")
print(s:duals "quota")
print(base:sweep{ export_limit = { 0, 0.5, 1, 1.5 }, export_price = { 110, 140 } })
print(cm.compare{ base, base:with{ name = "10 % more demand", steel = 1.1 * 5.209 } })
