-- us_car.lua: who earns from an American car?
local cm = require "capmod"

-- 1. The car of the WTO's report for 1998, from its stages.
local car = cm.data.us_car
print(car)
print(car:decompose{ by = "country" })

-- 2. As it is often retold: figures rounded, and without Britain, Ireland and
--    Barbados. The stages no longer add up, and capmod refuses the chain.
local retold = {
  name = "US car", unit = "per 100 of price", price = 100,
  stages = {
    { "design",      at = "DEU", adds = 8 },
    { "components",  at = "JPN", adds = 18, uses = "design" },
    { "minor parts", at = { SGP = 0.5, TWN = 0.5 }, adds = 4 },
    { "assembly",    at = "KOR", adds = 30, uses = { "components", "minor parts" } },
    { "US business", at = "USA", adds = 37, uses = "assembly" },
  },
}
local _, refusal = pcall(cm.chain, retold)
print(refusal)

-- 3. One car is a story. This is the whole industry: where the value in one unit
--    of final US transport equipment came from in 2000, by an input-output table.
local world = cm.data.world
print(world:value_added{ product = "USA.D34t35", by = "country" })
