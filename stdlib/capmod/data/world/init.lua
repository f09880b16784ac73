--- The world of 2000: 14 regions (CHN USA JPN KOR DEU TWN GBR FRA ITA CAN BRA IND MEX and all
--- others as ROW) by 12 sectors, current prices, USD million. Added up and rounded from the
--- Long-run WIOD by scripts/data/make_world.lua; world.csv has the layout of the source.

local entry = {
  about = "the world of 2000 as an input-output table, 14 regions by 12 sectors",
  source = "added up and rounded by capmod from the Long-run World Input-Output Database, 2000 "
    .. "(Woltjer, Gouma, Timmer 2021, GGDC Research Memorandum 190)",
  licence = "CC BY 4.0",
}

function entry.load()
  local path = package.searchpath("capmod.data.world", package.path):gsub("init%.lua$", "world.csv")
  local parts = require("capmod.read").parts{ path, as = "lrwiod", name = "world", year = 2000 }
  parts.source, parts.licence, parts.classification = entry.source, entry.licence, nil
  return require "capmod.mrio"(parts)
end

return entry
