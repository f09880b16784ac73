--- A container port. Costs are illustrative: shares of 100.

return {
  name = "container port", about = "a container terminal with two berths",
  unit = "per 100 of cost", dollars = 4e6, base = "CHN", year = 2019,
  stages = {
    { "engineering", cost = 6, sector = "c30", tier = 2 },
    { "quay cranes", cost = 16, sector = "c13", class = "cranes", tier = 2 },
    { "yard equipment", cost = 10, sector = "c13", class = "cranes", tier = 2 },
    { "terminal system", cost = 4, sector = "c30", tier = 2, note = "software and control" },
    { "dredging", cost = 18, sector = "c18", class = "dredging", tier = 2, site = true },
    { "quay and yard", cost = 46, sector = "c18", class = "works", tier = 1, site = true,
      uses = { "engineering", "quay cranes", "yard equipment", "terminal system",
        "dredging" } },
  },
}
