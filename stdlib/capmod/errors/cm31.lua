--- CM31xx: definitions, and charts (from 3120).

return {
  [3101] = {
    title = "no such kind of definition",
    text = [[
cm.define.<kind>{} knows a few kinds: model, mode, rule, indicator, method,
reader, writer, group, classification, chart.]],
    example = [[
local cm = require "capmod"
cm.define.modle{ name = "a", about = "b" }]],
  },
  [3102] = {
    title = "a definition is not complete",
    text = [[
Every definition has a name and says what it is about; each kind needs what it is
made of besides, which the fix shows as a form to fill in.]],
    example = [[
local cm = require "capmod"
cm.define.rule{ name = "host first", about = "the host gets half" }]],
  },
  [3103] = {
    title = "a name is defined twice",
    text = [[
Two definitions of one kind bear the same name, and results would depend on which
was loaded last. Where the new one shall take the place, say replace = true. The rules
that come with capmod keep their names.]],
    example = [[
local cm = require "capmod"
local rule = { name = "to one twice", about = "a", divide = function() end }
cm.define.rule(rule)
cm.define.rule(rule)]],
  },
  [3104] = {
    title = "nothing is defined under this name",
    text = [[
A rule, model or other extension was asked for by a name that no loaded file has
defined. cm.define.registry "rule" lists what there is.]],
    example = [[
local cm = require "capmod"
cm.define.get("rule", "hots first")]],
  },
  [3105] = {
    title = "a definition does not change",
    text = [[
A field of a definition was assigned to. Results refer to definitions by name, so
they stay what they were; define it again with replace = true.]],
    example = [[
local cm = require "capmod"
local rule = cm.define.rule{ name = "steady", about = "a", divide = function() end }
rule.about = "b"]],
  },
  [3120] = {
    title = "a chart that does not fit together",
    text = [[
A chart shows one column of numbers, in one series or in several told apart by
another column, or several columns beside one another. Intervals have a lower and
an upper end, and belong to one column that is not stacked. A tornado is of one
output: its bars begin at the same base.]],
    example = [[
local cm = require "capmod"
cm.frame{ rows = { { year = 2000, cost = 1, p5 = 0.5 } } }:chart{ x = "year", y = "cost",
  low = "p5" }]],
  },
  [3121] = {
    title = "rows of a chart are not told apart",
    text = [[
Two rows stand at the same place of the same series, so that a line would turn back
and a bar would hide another. The frame has more than one row for it: name the
column that tells them apart as series, or choose rows.]],
    example = [[
local cm = require "capmod"
cm.frame{ rows = { { year = 2000, country = "CHN", cost = 1 },
  { year = 2000, country = "USA", cost = 2 } } }:chart{ x = "year", y = "cost" }]],
  },
  [3122] = {
    title = "nothing to draw",
    text = [[
No row has a number both along the chart and up it: cells are empty, or not finite.]],
    example = [[
local cm = require "capmod"
cm.frame{ cols = { { name = "year", kind = "number" }, { name = "cost", kind = "number" } },
  rows = {} }:chart{ x = "year", y = "cost" }]],
  },
  [3123] = {
    title = "too much for one chart",
    text = [[
A chart shows up to 8 series, whose colours and marks can be told apart, and up to
60 bars. Choose those that matter, by :top or :where, or make several charts.]],
    example = [[
local cm = require "capmod"
local rows = {}
for k = 1, 9 do rows[k] = { year = 2000, firm = "firm " .. k, cost = k } end
cm.frame{ rows = rows }:chart{ x = "year", y = "cost", series = "firm" }]],
  },
  [3124] = {
    title = "a chart does not change",
    text = [[
A chart is a picture of a frame; another title or kind makes another chart.]],
    example = [[
local cm = require "capmod"
local chart = cm.data.us_car:decompose():chart{ x = "country", y = "value" }
chart.title = "by country"]],
  },
  [3131] = {
    title = "no figures of this country come with capmod",
    text = [[
capmod ships figures of the countries that the World Bank, the Penn World Table and the
national accounts of the United Nations have together; cm.model.countries() lists them. Of
others state what is needed: wage, skilled and unskilled (pay over the average),
productivity, tier.]],
    example = [[
local cm = require "capmod"
cm.model.country "TWN"]],
  },
  [3132] = {
    title = "a figure of a country that cannot be, or is not known",
    text = [[
Figures are finite and not negative (latitudes and longitudes from -180); a text names an
alternative that there is, such as investment = "article" for CHN and USA. What is not known
of a country is stated by :with{}.]],
    example = [[
local cm = require "capmod"
cm.model.country("ETH", { wage = -1 })]],
  },
  [3133] = {
    title = "no such chain among those that come with capmod",
    text = [[
cm.model.chains() lists them with what each is of and where its costs are from. A chain of
your own is made by cm.chain, its stages by cm.model.sector "...":stage.]],
    example = [[
local cm = require "capmod"
cm.model.chain "spaceship"]],
  },
  [3134] = {
    title = "shares or parts of a cost that do not add up",
    text = [[
The output of a sector is labour, capital and inputs, which are shares with sum 1. The parts
of a stage's cost that are stated (wages, capital, materials, profit) are not more than the
cost; what they leave is divided by the shares of the sector.]],
    example = [[
local cm = require "capmod"
cm.model.sector "machinery":stage("boiler", { cost = 100, base = "CHN", wages = 120 })]],
  },
  [3135] = {
    title = "no host for what stands on a site",
    text = [[
A power plant, a railway, a port stand where they are used. Of a chain with such stages the
host is named, and is one of its places; without places there is no host, and the chain
stands as its source has it.]],
    example = [[
local cm = require "capmod"
cm.model.chain("power_plant", { places = { "CHN", "KEN" } })]],
  },
}
