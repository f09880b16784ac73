--- A Barbie doll of 1996, USD: 2.00 when it leaves Hong Kong, 9.99 in a US shop.
--- The US part is the difference of the two.

local entry = {
  about = "value of a Barbie doll of 1996, by stage and country",
  source = "R. Tempest, Los Angeles Times, 22 September 1996; R. Feenstra (1998), "
    .. "Journal of Economic Perspectives 12(4)",
  licence = "figures quoted with their source",
}

function entry.load()
  return require "capmod.chain"{
    name = "Barbie doll", unit = "USD", price = 9.99, market = "USA",
    source = entry.source, licence = entry.licence,
    stages = {
      { "materials", at = "(several countries)", adds = 0.65,
        note = "Taiwan, Japan, the USA, Saudi Arabia, China; not told apart" },
      { "factory labour", at = "CHN", adds = { wages = 0.35 }, uses = "materials" },
      { "transport, overheads and profit", at = "HKG", adds = 1, uses = "factory labour" },
      { "US shipping, trade and the owner's profit", at = "USA", adds = 7.99,
        uses = "transport, overheads and profit", note = "9.99 less 2.00" },
    },
  }
end

return entry
