--- CM14xx: units.

return {
  [1401] = {
    title = "different currencies",
    text = [[
Amounts in different currencies are not added, compared or converted without a rate.
The rate is how much of the other currency one of this one is; capmod ships none.]],
    example = [[
local cm = require "capmod"
cm.unit("USD mn"):to "EUR mn"]],
  },
  [1402] = {
    title = "different multipliers",
    text = [[
Both amounts measure the same, one in millions, say, and one in billions. The message
gives the factor; unit:to gives it as a number.]],
    example = [[
require("capmod.units").same("USD mn", "USD bn", "world + rest")]],
  },
  [1403] = {
    title = "prices of different years",
    text = [[
Amounts in prices of different years, or in current prices and in those of a year, are
not added. unit:to converts with a deflator: the price level of the other year over that
of this one.]],
    example = [[
require("capmod.units").same("USD mn, 2010 prices", "USD mn, 2015 prices", "a + b")]],
  },
  [1404] = {
    title = "different things are measured",
    text = [[
One number counts persons, say, and the other money; or one is per hour and the other is
not. A text that is no unit capmod knows is a unit of its own, equal only to itself.]],
    example = [[
require("capmod.units").same("persons", "USD mn", "jobs + wages")]],
  },
  [1405] = {
    title = "a unit that is not understood",
    text = [[
The unit begins as money, but a word in it is neither a multiplier nor a price year, or the
currency is not in ISO 4217. "USD", "USD bn", "USD 1000", "EUR mn, 2015 prices",
"USD per hour" and "USD mn (PPP)" are understood.]],
    example = [[
local cm = require "capmod"
cm.unit "USD mm"]],
  },
}
