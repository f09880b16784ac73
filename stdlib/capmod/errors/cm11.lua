--- CM11xx: countries, groups, sectors and selectors.

return {
  [1101] = {
    title = "unknown country",
    text = [[
The text is no name or code of a country. Names in common and official English,
usual variants, and the alpha-2, alpha-3 and numeric codes of ISO 3166-1 are
understood, whatever their case and accents; ROW and WLD are the rest of the world
and the world, XAA to XZZ are free for regions of your own.]],
    example = [[
local cm = require "capmod"
cm.country "Koera"]],
  },
  [1102] = {
    title = "unknown sector",
    text = [[
The text is no code and no name, nor part of one, of a sector of the classification.
Without a classification ICIO2021 is meant.]],
    example = [[
local cm = require "capmod"
cm.sector "motr vehicles"]],
  },
  [1103] = {
    title = "unknown name in a selector",
    text = [[
A term of a selector is neither a country (or sector) nor a group. codes.groups()
lists the groups; cm.define.group{} adds one.]],
    example = [[
local cm = require "capmod"
cm.codes.select "EU27 - DEU + Switzerlnd"]],
  },
  [1104] = {
    title = "ambiguous name",
    text = [[
More than one country, or sector, bears the name. The message lists them; write one
of the codes.]],
    example = [[
local cm = require "capmod"
cm.country "Congo"]],
  },
  [1105] = {
    title = "a selector that cannot be read",
    text = [[
A selector is names joined by + and -, read from left to right, such as
"EU27 - DEU + CHE", or "*" for all. The message gives the place of the first
character that does not fit. A group may not contain itself.]],
    example = [[
local cm = require "capmod"
cm.codes.select "EU27 - "]],
  },
  [1106] = {
    title = "not in this table",
    text = [[
The code or the group is known, but the table has none of it. A country that a table
does not have stands within its rest of the world (ROW).]],
    example = [[
local cm = require "capmod"
cm.codes.select("DEU + MEX", { universe = { "DEU", "FRA", "ROW" } })]],
  },
  [1107] = {
    title = "a group without members in that year",
    text = [[
Membership is dated, and the year lies before the group began. Name the year whose
members are meant: "BRICS_2010" holds in a table of any year.]],
    example = [[
local cm = require "capmod"
cm.codes.group("BRICS", 1990)]],
  },
  [1108] = {
    title = "unknown classification, or no concordance",
    text = [[
There is no sector classification of that name, or none that leads from one of the
two to the other. Every classification leads to the sections of ISIC Rev. 4.]],
    example = [[
local cm = require "capmod"
cm.codes.concordance("WIOD2016", "WIOD2013")]],
  },
  [1109] = {
    title = "the name is taken",
    text = [[
A group or classification cannot take the name of a country or of one that capmod
ships. Those that you defined yourself may be defined again.]],
    example = [[
local cm = require "capmod"
cm.codes.define_group{ name = "OECD", members = "DEU + FRA" }]],
  },
}
