--- A coal-fired power plant: all of it stands on the site but what comes by ship.

return {
  name = "power plant", about = "a coal-fired power plant of 606 MW, pulverised coal",
  unit = "USD per kW", dollars = 1, base = "USA", year = 2010,
  cite = "Black & Veatch for NREL (2012), section 2.5",
  source = "Black & Veatch for the National Renewable Energy Laboratory (2012), Cost and "
    .. "Performance Data for Power Generation Technologies, section 2.5: 2890 USD/kW",
  notes = { "parts entered from the report's breakdown without its text at hand; they add up to "
    .. "its 2890" },
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
