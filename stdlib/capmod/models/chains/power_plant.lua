--- A coal-fired power plant: all of it stands on the site but what comes by ship. Costs are
--- illustrative.

return {
  name = "power plant", about = "a coal-fired power plant of 606 MW, pulverised coal",
  unit = "USD per kW", dollars = 1, base = "USA", year = 2010,
  notes = { "parts in the proportions usual of such plants; no published breakdown was checked" },
  stages = {
    { "engineering", cost = 285, sector = "c30", tier = 2,
      note = "engineering, procurement and management of construction" },
    { "boiler", cost = 775, sector = "c13", class = "boilers" },
    { "turbine", cost = 145, sector = "c13", class = "turbines" },
    { "plant and erection", cost = 1205, sector = "c18", class = "works", tier = 2, site = true,
      uses = { "engineering", "boiler", "turbine" }, note = "balance of plant and installation" },
    { "owner's cost", cost = 480, sector = "c30", site = true, host = true,
      uses = "plant and erection" },
  },
}
