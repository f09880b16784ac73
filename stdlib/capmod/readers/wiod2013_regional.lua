--- The regional World Input-Output Table of the WIOD release of 2013 as numbers alone: 7 regions x
--- 35 industries, [Z|Y|output] with five final-demand columns a region and no headings. The regions
--- were told by their value added, which fits that of the countries of 2011 within 0.6 %.

local core = require "capmod.core"
local layout = require "capmod.read.layout"

local REGIONS = { "EURO", "EU_OTHER", "NAFTA", "CHN", "EAST_ASIA", "BRIIAT", "ROW" }
local CATEGORIES = { "HFCE", "NPISH", "GGFC", "GFCF", "INVNT" }
local INDUSTRIES = 35

local function read(path, options)
  local numbers = core.text{ path = path }:numbers()
  local n = #REGIONS * INDUSTRIES
  local f = #REGIONS * #CATEGORIES
  if numbers:rows() ~= n or numbers:cols() ~= n + f + 1 then
    layout.wrong(path, 0, 0, ("%d rows and %d columns, where the table has %d and %d"):format(
      numbers:rows(), numbers:cols(), n, n + f + 1))
  end
  local sectors = {}
  for i = 1, INDUSTRIES do sectors[i] = "c" .. i end
  return {
    name = "WIOD regional", year = options.year or layout.year(path), unit = "USD mn",
    countries = REGIONS, sectors = sectors, classification = "WIOD2013", categories = CATEGORIES,
    Z = numbers:block(1, n, 1, n), Y = numbers:block(1, n, n + 1, n + f),
    output = numbers:col(n + f + 1):T(),
  }
end

return {
  name = "wiod2013_regional",
  about = "World Input-Output Database, release of 2013, 7 regions x 35 industries",
  cite = "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), An Illustrated User Guide to the "
    .. "World Input-Output Database, Review of International Economics 23(3)",
  options = { year = { "integer", about = "the year of the table, where the path does not tell" } },
  recognise = function(peek)
    local first = peek[1] or {}
    return peek.path:match "([^/]*)$":find "regional" ~= nil
      and #first == #REGIONS * (INDUSTRIES + #CATEGORIES) + 1 and tonumber(first[1]) ~= nil
  end,
  read = read,
}
