-- An electric bus for Brazil: which stages should move there? Illustrative figures.
local cm = require "capmod"

local bus = cm.chain{
  name = "electric bus", unit = "USD 1000", market = "BRA",
  stages = {
    { "cells",    at = "CHN",            adds = 60 },
    { "pack",     at = { "CHN", "BRA" }, adds = { CHN = 20, BRA = 24 }, uses = { "cells" } },
    { "body",     at = { "CHN", "BRA" }, adds = { CHN = 70, BRA = 88 } },
    { "assembly", at = { "CHN", "BRA" }, adds = { CHN = 30, BRA = 33 }, uses = { "pack", "body" } },
  },
  colocate = { "body", "assembly" }, -- too large to ship apart
}
local trade = { freight = 0.05, tariff = { BRA = { assembly = 0.35, pack = 0.18, cells = 0.02 } } }

local plan = bus:locate{ trade = trade }
print(plan)
print(plan:why "assembly")
print(plan:decompose{ by = "country" })

-- What would keep the most of it in China, if the bus may cost a tenth more?
print(bus:locate{ trade = trade, maximise = "value.CHN",
  subject = { cost = { max = 1.1 * plan.cost } } })
