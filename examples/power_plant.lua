-- A power plant stands where it stands: what is open is by whom. Illustrative figures.
local cm = require "capmod"

local plant = cm.chain{
  name = "power plant", unit = "USD mn", price = 1000,
  stages = {
    { "site and licence", at = "KEN", by = "KEN", adds = 40 },
    { "turbine island", at = "KEN", by = { "CHN", "FRA" }, adds = { CHN = 330, FRA = 240 } },
    { "boiler and plant", at = "KEN", by = { "CHN", "FRA" }, adds = { CHN = 180, FRA = 270 } },
    { "civil works", at = "KEN", by = { "CHN", "FRA", "KEN" },
      adds = { CHN = 190, FRA = 320, KEN = 210 } },
  },
}
print(plant:locate())

local deal = cm.cooperation{ chain = plant, members = { "CHN", "FRA", "KEN" } }
print(deal:coalitions())
print(deal:divide{ rule = "shapley" })
print(deal:divide{ rule = "proportional" })
print(deal:offer())
