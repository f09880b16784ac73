--- CM16xx: tables (cm.mrio). See cm10.lua for the form.

local toy = [[
local cm = require "capmod"
local m = cm.mrio{
  name = "toy", countries = { "USA", "KOR" }, sectors = { "C29" },
  Z = { { 10, 4 }, { 22, 15 } }, Y = { { 70, 6 }, { 7, 12 } },
}
]]

return {
  [1601] = {
    title = "a table has no such property, or cannot be changed",
    text = [[
A table has matrices (Z Y x V D v A L G E, with published rows P, with satellites
F S M), facts (name year unit countries sectors nodes ...) and verbs (check,
value_added, with, shift, aggregate). A table never changes: with, shift and
aggregate give another one, in which everything is derived anew.]],
    example = toy .. [[
print(m.leontief)]],
  },
  [1602] = {
    title = "final demand is not the same for every country",
    text = [[
Y has one column for each country, or the same categories in the same order for
each: USA.HFCE USA.GFCF KOR.HFCE KOR.GFCF.]],
    example = [[
local cm = require "capmod"
cm.mrio{ name = "toy", countries = { "USA", "KOR" }, sectors = { "C29" },
  Z = { { 10, 4 }, { 22, 15 } },
  Y = cm.grid"         USA.HFCE  USA.GFCF  KOR.HFCE \n USA.C29 70 1 6 \n KOR.C29 7 1 12" }]],
  },
  [1603] = {
    title = "one place is needed, and this is none or several",
    text = [[
A cell is named by one row and one column. Where countries have several columns
of final demand, the category belongs to the name: USA.HFCE. A shift goes to one
country at a time.]],
    example = toy .. [[
m:with{ Y = cm.edit{ ["*.C29"] = { USA = 120 } } }]],
  },
  [1604] = {
    title = "a buyer without output",
    text = [[
Changed purchases are read as inputs per unit of the present output. A node that
produces nothing has no output to divide by.]],
    example = [[
local cm = require "capmod"
local m = cm.mrio{ name = "toy", countries = { "USA", "KOR" }, sectors = { "C29" },
  Z = { { 10, 0 }, { 0, 0 } }, Y = { { 70, 6 }, { 0, 0 } } }
m:with{ Z = cm.edit{ ["USA.C29"] = { ["KOR.C29"] = 5 } } }]],
  },
  [1605] = {
    title = "a share outside 0 to 1",
    text = [[
A shift moves a part of the purchases that there are: 0.5 is half of them, 1 all.]],
    example = toy .. [[
m:shift{ input = "C29", buyer = "USA.C29", from = "KOR", to = "USA", share = 50 }]],
  },
  [1606] = {
    title = "in two groups at once",
    text = [[
An aggregation puts each country and each sector into one group, or the sums
would count it twice. "*" takes what no other group does.]],
    example = toy .. [[
m:aggregate{ countries = { A = "USA + KOR", B = "KOR" } }]],
  },
  [1607] = {
    title = "sectors of no known classification",
    text = [[
Sectors can be summed into those of another classification where capmod knows what
they are codes of: say it in cm.mrio (classification = "ICIO2021"), or give the
groups themselves.]],
    example = [[
local cm = require "capmod"
local m = cm.mrio{ name = "toy", countries = { "USA" }, sectors = { "this", "that" },
  Z = { { 1, 2 }, { 3, 4 } }, Y = { { 10 }, { 20 } } }
m:aggregate{ sectors = "ISIC-sections" }]],
  },
  [1608] = {
    title = "parts of a question that do not go together",
    text = [[
value_added traces one flow: a unit of a product, exports (exporter, importer; with
destination, those that end in its final demand), final demand (destination, with
product for that product only), or output. `once` is for exports that end in a
destination. A published row and a satellite are asked for one at a time.]],
    example = toy .. [[
m:value_added{ exporter = "KOR", output = "USA" }]],
  },
  [1609] = {
    title = "no such published row or satellite",
    text = [[
`row` names a published row of P, `satellite` a row of F. A table has those that
it was given.]],
    example = toy .. [[
m:value_added{ destination = "USA", satellite = "EMP" }]],
  },
  [1610] = {
    title = "nothing to trace",
    text = [[
The flow that is asked about is zero: the product is not made, or the country does
not export there. Shares of nothing are not defined.]],
    example = [[
local cm = require "capmod"
local m = cm.mrio{ name = "toy", countries = { "USA", "KOR" }, sectors = { "C29" },
  Z = { { 10, 0 }, { 0, 0 } }, Y = { { 70, 6 }, { 0, 0 } } }
m:value_added{ product = "KOR.C29" }]],
  },
  [1620] = {
    title = "parts of an extraction that do not go together",
    text = [[
extract cuts one thing: a country, a sector, a node, or a flow from sellers to buyers;
or, with each, every node, country or sector in turn. A flow is cut as it stands, so
kind and own have no meaning for it; each node is extracted with its own flows.]],
    example = toy .. [[
m:extract{ country = "KOR", sector = "C29" }]],
  },
  [1621] = {
    title = "factors that make no product",
    text = [[
A change is shared out among factors whose product is the indicator: v (what is
counted, per unit of output), L or technology and sourcing, Y or level, mix and
final_sourcing. Output has no v. LMDI needs L, which is no product of technology and
sourcing.]],
    example = toy .. [[
cm.sda{ from = m, to = m, factors = { "v", "technology", "Y" } }]],
  },
  [1622] = {
    title = "two tables that cannot be compared cell by cell",
    text = [[
A structural decomposition needs two tables with the same countries and sectors in the
same order, in the same unit. Bring them together with aggregate.]],
    example = toy .. [[
cm.sda{ from = m, to = m:aggregate{ countries = { WORLD = "*" } } }]],
  },
  [1623] = {
    title = "a number of a search, a balance or a closure that is out of its range",
    text = [[
Counts start at 1; shares, tolerances and price changes have the range that the
message names.]],
    example = toy .. [[
m:paths{ product = "USA.C29", top = 0 }]],
  },
  [1624] = {
    title = "a balance that was not reached",
    text = [[
Scaling rows and columns came to its limit of steps before the margins were met:
zeros stand in the way, or the margins contradict each other. The message names the
row or column with the largest gap. With partial = true the matrix is given as far as
it came, and the report says so.]],
    example = [[
local cm = require "capmod"
cm.balance{ matrix = cm.matrix{ data = { { 1, 1 }, { 0, 1 } } }, rows = { 1, 2 },
  cols = { 2, 1 }, steps = 50 }]],
  },
  [1625] = {
    title = "a table without the rows that are needed",
    text = [[
A table whose value added is the residual of its columns always balances. To balance
it against what was published it needs the published rows (P); to balance it to
published output, that as well.]],
    example = toy .. [[
m:balance{}]],
  },
  [1626] = {
    title = "supply and use tables that do not fit each other",
    text = [[
The supply table has industries as rows and products as columns, the use table and
final demand products as rows. Each country has the same industries and products. The
technology models A and C need as many industries as products, and a supply table that
can be inverted.]],
    example = [[
local cm = require "capmod"
cm.supply_use{ name = "one", countries = { "USA" }, products = { "a", "b" },
  industries = { "i" }, supply = { { 90, 10 } }, use = { { 12 }, { 10 } },
  final = { { 78 }, { 0 } }, model = "A" }]],
  },
  [1627] = {
    title = "households that cannot be closed into the table",
    text = [[
Multipliers of type II let households spend what they earn: income names a row of P or F
in the table's unit, household the category of final demand that is theirs. What they
spend must not exceed what it brings about.]],
    example = toy .. [[
m:multipliers{ income = "LAB" }]],
  },
  [1628] = {
    title = "nothing that pushes prices",
    text = [[
Prices change where costs do: cost raises value added per unit, charge puts a rate on a
satellite, price sets prices from outside.]],
    example = toy .. [[
m:prices{}]],
  },
  [1660] = {
    title = "capital by which a table cannot grow",
    text = [[
m:grow takes how much of each product (row) a unit of yearly output (column) needs as
plant and stocks: no number below 0, and at least one product that is capital where a
balanced rate is asked for.]],
    example = toy .. [[
m:grow{ capital = { { -1, 0 }, { 0, 0 } } }]],
  },
  [1661] = {
    title = "growth that the table cannot follow",
    text = [[
Behind the last year of a path demand grows at one rate for ever. Where that rate is
not below the balanced one (growth.rate), all that is made would not suffice as
capital for the next year.]],
    example = toy .. [[
m:grow{ capital = { { 1, 1 }, { 1, 1 } } }:path{ years = 3, growth = 9 }]],
  },
  [1662] = {
    title = "years, demand or figures of a path that do not fit",
    text = [[
A path needs its years: years = 10, a rate for each, or a column of demand for each.
Building times are whole years, wear and utilisation parts of 1.]],
    example = toy .. [[
m:grow{ capital = { { 1, 1 }, { 1, 1 } } }:capacity{ years = 3, depreciation = 1.5 }]],
  },
  [1663] = {
    title = "tables that make no series",
    text = [[
cm.division_of_labour takes two or more tables of one source, in one unit, each of
another year.]],
    example = toy .. [[
cm.division_of_labour{ m, m }]],
  },
  [1640] = {
    title = "an option that the method of decomposition has not",
    text = [[
`approach` (source, sink) belongs to method = "bm", `perspective = "world"` to bm_src,
bm_snk and my, `perimeter` to bm_src, bm_src_terms and my, `third` to wwz. The other
methods have one form each.]],
    example = toy .. [[
m:decompose{ exporter = "KOR", method = "wwz", perspective = "world" }]],
  },
  [1641] = {
    title = "a side of which the method says nothing",
    text = [[
Seen from the world, foreign value added is counted once over all exports of all
countries: the figures are of a country's exports in all, not of one partner or one
sector. Vertical specialisation (VS, VS1, VAX) is of countries too.]],
    example = toy .. [[
m:decompose{ exporter = "KOR", method = "bm", perspective = "world", by = "importer" }]],
  },
  [1650] = {
    title = "an answer of too many rows",
    text = [[
A frame is for looking at: it holds up to a million rows. Every product by every origin
of a large table has more. Name what you want to see, group it (`by` fewer sides), or
take the matrix: m.L, m.A and m.E hold any size.]],
    example = [[
local cm = require "capmod"
local names = {}
for i = 1, 1001 do names[i] = "s" .. i end
local z = cm.matrix{ rows = 1001, cols = 1001 }
local y = cm.matrix{ rows = 1001, cols = 1, fill = 1 }
local m = cm.mrio{ name = "wide", countries = { "USA" }, sectors = names, Z = z, Y = y }
m:value_added{ product = "*", by = { "product", "country", "sector" } }]],
  },
  [1651] = {
    title = "no such indicator",
    text = [[
Indicators have the OECD's names (docs/indicators.md lists them with their formulas), in
any mixture of capitals, or those of cm.define.indicator.]],
    example = toy .. [[
m:indicators{ "EXGR_DVAHS" }]],
  },
  [1652] = {
    title = "indicators that cannot be shown together",
    text = [[
m:indicators takes names, and fields that say of whom. Those that end in _BSCI have rows by
country and industry of origin, and so stand alone.]],
    example = toy .. [[
m:indicators{ "EXGR", "EXGR_BSCI" }]],
  },
  [1653] = {
    title = "an author's indicator that gives no number",
    text = [[
`compute` of cm.define.indicator is a function of a row: it gives a number, or nil where
there is none. It is built on the levels and shares of capmod, not on other definitions.]],
    example = toy .. [[
cm.define.indicator{ name = "SELF", about = "itself", replace = true,
  compute = function(q) return q "SELF" end }
m:indicators{ "SELF" }]],
  },
}
