--- The "American" car of the WTO's report for 1998: seven shares, sum 100.

local entry = {
  about = "value of a typical American car of 1998, by stage and country",
  source = "World Trade Organization, Annual Report 1998, p. 36 (as quoted in "
    .. "doi 10.4324/9781315254197-22)",
  licence = "figures quoted with their source",
}

function entry.load()
  return require "capmod.chain"{
    name = "US car", unit = "per 100 of price", price = 100, market = "USA",
    source = entry.source, licence = entry.licence,
    stages = {
      { "design",      at = "DEU", adds = 7.5 },
      { "components",  at = "JPN", adds = 17.5, uses = "design",
        note = "components and advanced technology" },
      { "minor parts", at = { SGP = 0.5, TWN = 0.5 }, adds = 4,
        note = "the report gives one figure for both places; halved here" },
      { "data",        at = { IRL = 0.5, BRB = 0.5 }, adds = 1.5,
        note = "data processing; the report gives one figure for both places; halved here" },
      { "advertising", at = "GBR", adds = 2.5, note = "advertising and marketing services" },
      { "assembly",    at = "KOR", adds = 30, uses = { "components", "minor parts" } },
      { "US business", at = "USA", adds = 37, uses = { "assembly", "advertising", "data" } },
    },
  }
end

return entry
