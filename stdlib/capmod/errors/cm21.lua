--- CM21xx: chains, what they add up to. See cm10.lua for the form.

return {
  [2101] = {
    title = "the stages add less than the price",
    text = [[
A price was stated, and the stages leave part of it to nobody. Every share of
such a chain would be wrong, so it is refused. Add the missing stage, or name the
place that gets the remainder (rest = "ROW"), or leave the price out.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "US car", price = 100, stages = { { "assembly", at = "KOR", adds = 97 } } }]],
  },
  [2102] = {
    title = "the stages add more than the price",
    text = [[
What the stages add, times how often each goes into the product, is above the
stated price. Quantities in `uses` multiply along the chain: four tyres that use
two valves each bring eight valves.]],
    example = [[
local cm = require "capmod"
cm.chain{ name = "US car", price = 100, stages = { { "assembly", at = "KOR", adds = 103 } } }]],
  },
}
