--- A mobile network. Costs are illustrative: shares of 100.

return {
  name = "mobile network", about = "a mobile network of one region", unit = "per 100 of cost",
  dollars = 1e6, base = "CHN", year = 2019,
  stages = {
    { "planning", cost = 6, sector = "c30", tier = 2 },
    { "radio equipment", cost = 30, sector = "c14", class = "radio", tier = 2 },
    { "core network", cost = 14, sector = "c14", class = "core", tier = 2 },
    { "towers", cost = 16, sector = "c12", class = "steelwork", tier = 1 },
    { "power supply", cost = 9, sector = "c14", class = "power", tier = 1 },
    { "erection and cabling", cost = 25, sector = "c18", class = "works", tier = 1, site = true,
      uses = { "planning", "radio equipment", "core network", "towers", "power supply" } },
  },
}
