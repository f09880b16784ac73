--- The iPad of 2010 (16 GB, Wi-Fi), USD. The published parts are whole dollars
--- and add to 500 against a price of 499; the stage "rounding" says so with -1,
--- and the published shares, which are of 499, come out as printed. Countries
--- are those of the firms that take the value, not of their plants.

local entry = {
  about = "value of an Apple iPad of 2010, by stage and country of the firm",
  source = "Linden, Kraemer, Dedrick (2011), in NSF, Science and Engineering Indicators 2012, "
    .. "table 6-B",
  licence = "figures quoted with their source",
}

function entry.load()
  return require "capmod.chain"{
    name = "iPad", unit = "USD", price = 499,
    source = entry.source, licence = entry.licence,
    stages = {
      { "inputs other than labour", at = "(worldwide)",    adds = 154 },
      { "labour in components",     at = "(unidentified)", adds = { wages = 25 } },
      { "US components",            at = "USA", by = "USA", adds = { profit = 12 } },
      { "Japanese components",      at = "JPN", by = "JPN", adds = { profit = 7 } },
      { "Korean components",        at = "KOR", by = "KOR", adds = { profit = 34 } },
      { "Taiwan's components",      at = "TWN", by = "TWN", adds = { profit = 7 } },
      { "European components",      at = "(European Union)", by = "(European Union)",
        adds = { profit = 1 } },
      { "other components",         at = "(unidentified)", by = "(unidentified)",
        adds = { profit = 27 } },
      { "final assembly", at = "CHN", adds = { wages = 8 }, uses = {
        "inputs other than labour", "labour in components", "US components",
        "Japanese components", "Korean components", "Taiwan's components",
        "European components", "other components" } },
      { "design and marketing", at = "USA", by = "USA", adds = { profit = 150 },
        uses = "final assembly", note = "Apple" },
      { "distribution and retail", at = "(worldwide)", adds = 75, uses = "design and marketing" },
      { "rounding", at = "(rounding)", adds = -1,
        note = "the published parts add to 500, the price is 499" },
    },
  }
end

return entry
