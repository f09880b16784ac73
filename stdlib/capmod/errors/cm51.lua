--- CM51xx: editions of published tables and their readers.

--- A table by industries of WIOD 2013, and accounts that go with it.
local accounts = [[
local cm = require "capmod"
local m = cm.mrio{ name = "toy", year = 2011, countries = { "AUS" }, sectors = { "c1" },
  classification = "WIOD2013", Z = { { 10 } }, Y = { { 30 } } }
local path = os.tmpname()
local out <close> = io.open(path, "w")
out:write("country,variable,industry,2011\nAUS,EMP,AtB,\nAUS,COMP,AtB,5\n"):flush()
]]

return {
  [5101] = {
    title = "two editions fit",
    text = [[
The file's first lines look like those of more than one edition. capmod does not
guess: name the edition with as = "...".]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("name,value\n"):flush()
for _, name in ipairs{ "twin 1", "twin 2" } do
  cm.define.reader{ name = name, about = "an example", replace = true,
    recognise = function(peek) return peek.path == path end, read = function() end }
end
cm.read(path)]],
  },
  [5102] = {
    title = "an edition that capmod does not know",
    text = [[
No reader recognises the file, or there is no reader of the name given in `as`.
The message lists those there are. A plain csv of numbers is read with
as = "plain" and the lists of its countries and sectors; for another layout write
a reader: cm.define.reader{ name =, about =, read = function(path, options) ... end }.]],
    example = [[
local cm = require "capmod"
cm.read{ "table.csv", as = "wiod2103" }]],
  },
  [5103] = {
    title = "a file is nearly of the edition",
    text = [[
The file looks like the edition, but a label, a row or a column is not what the
edition has at that place; or a cell is blank where none may be. The message
names the place. Most often rows or columns were sorted, deleted or added.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("Country,Code,AUS,TOT\nCountry,Code,c1,c62\nAUS,c2,5,5\nTOT,r69,5,\n"):flush()
cm.read(path)]],
  },
  [5104] = {
    title = "a plain table and its lists do not fit",
    text = [[
A plain file has a row for each country and sector and, beside as many columns,
one for each country and final-demand category. The lists given would take
another number of rows or columns than the file has.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("1,2,3\n4,5,6\n"):flush()
cm.read{ path, as = "plain", countries = { "AUS", "CHN" }, sectors = { "S1" } }]],
  },
  [5110] = {
    title = "a make and a use table of different releases",
    text = [[
What an industry makes in all must be the same in both. The US Bureau of Economic Analysis
revises all years with every release, so that files loaded in different years do not fit.
mixed = true takes them all the same: who makes what from the one, who uses what from the
other; the table's rows then miss the published output, and :check says by how much.]],
    example = [[
local cm = require "capmod"
local function file(title, rows)
  local path = os.tmpname()
  local out <close> = io.open(path, "w")
  out:write(title, ",,,\n", (",,,\n"):rep(4), rows):flush()
  return path
end
local use = file("The Use of Commodities", ",,A,F010\n,,Aaa,Use\nA,Aaa,1,9\nUsed,Scrap,0,0\n"
  .. "Other,Imports,0,0\n,Total Industry Output,10,0\n")
local make = file("The Make of Commodities", ",,A,Used,Other\n,,Aaa,Scrap,Imports\n"
  .. "A,Aaa,30,0,0\n,Total Commodity Output,30,0,0\n")
cm.read{ use, as = "bea", make = make, year = 2000 }]],
  },
  [5111] = {
    title = "a file is half of what the edition needs",
    text = [[
A use table says what industries buy, a make table what they make, total requirements what
a unit needs in all: flows between industries need two of them. Name the other file.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local out <close> = io.open(path, "w")
out:write("The Use of Commodities by Industries\n"):flush()
cm.read{ path, as = "bea", year = 2000 }]],
  },
  [5112] = {
    title = "accounts by other industries than the table's",
    text = [[
Published accounts (WIOD's socio-economic and environmental ones) are by the industries of
the tables that they were made with, and are put beside those. Attach first, aggregate
afterwards: m:attach{ ... }:aggregate{ ... }.]],
    example = accounts .. [[
cm.data.world:attach{ path, as = "wiod_sea" }]],
  },
  [5113] = {
    title = "accounts that have no such satellite",
    text = [[
A satellite is something that adds up over industries: persons, hours, amounts, emissions.
Price levels and volume indices do not; look at them in the source.]],
    example = accounts .. [[
m:attach{ path, as = "wiod_sea", rows = { "GO_P" } }]],
  },
  [5114] = {
    title = "amounts in national currency and no rate of exchange",
    text = [[
The accounts hold money in millions of national currency, the table in one unit for all.
exchange = "output" takes the rate that makes the accounts' gross output the table's, country
by country; exchange = { CHN = 0.155, ... } gives rates. Amounts at constant prices want the
rates of the year of those prices.]],
    example = accounts .. [[
m:attach{ path, as = "wiod_sea", rows = { "COMP" } }]],
  },
  [5115] = {
    title = "accounts with blanks",
    text = [[
The source has no figure for an industry that the table says produces something. The message
names the first of them. Another year or variable may have them; missing = "zero" takes
blanks for nothing, and the frame that :attach gives besides says how many there were.]],
    example = accounts .. [[
m:attach{ path, as = "wiod_sea", rows = { "EMP" } }]],
  },
  [5116] = {
    title = "accounts that do not have the year",
    text = [[
The accounts are taken for the table's year, or for year = ... . The message names the years
that the file has.]],
    example = accounts .. [[
m:attach{ path, as = "wiod_sea", rows = { "EMP" }, year = 1990 }]],
  },
}
