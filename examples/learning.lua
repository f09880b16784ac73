-- learning.lua: a plant is transferred; when does it cost as little as at home?
local cm = require "capmod"
local learning = require "models.learning"

local eth = learning{ name = "Ethiopia", start = 1.6, rate = 0.18 }
print(eth)
print(eth:run())
print(eth:run().path:top(4))
print(cm.compare{ eth, eth:with{ name = "with training", rate = 0.25 } })
