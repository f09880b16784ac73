--- A hydroelectric dam. Costs are illustrative: shares of 100.

return {
  name = "hydroelectric dam", about = "a dam with a power house", unit = "per 100 of cost",
  dollars = 1e7, base = "CHN", year = 2019,
  stages = {
    { "engineering", cost = 8, sector = "c30", tier = 2 },
    { "gates and steelwork", cost = 10, sector = "c12", class = "steelwork", tier = 2 },
    { "turbines and generators", cost = 20, sector = "c13", class = "turbines", tier = 2 },
    { "switchyard", cost = 7, sector = "c14", class = "electrical", tier = 2 },
    { "resettlement and land", cost = 10, sector = "c31", site = true, host = true },
    { "dam and power house", cost = 45, sector = "c18", class = "works", tier = 2, site = true,
      uses = { "engineering", "gates and steelwork", "turbines and generators", "switchyard",
        "resettlement and land" } },
  },
}
