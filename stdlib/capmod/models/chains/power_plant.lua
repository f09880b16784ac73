--- A coal-fired power plant, by the accounts of a published baseline: 650 MW net, supercritical,
--- without capture. Each part is its bare erected cost over net power, engineering 17.5 % of all.

return {
  name = "power plant", about = "a coal-fired power plant of 650 MW, supercritical",
  unit = "USD per kW", dollars = 1, base = "USA", year = 2018,
  cite = "NETL, Cost and Performance Baseline, volume 1a, by account",
  source = "National Energy Technology Laboratory, Cost and Performance Baseline for Fossil Energy "
    .. "Plants, Volume 1a, DOE/NETL-2015/1723, revision 4: supercritical pulverized coal, 686.6 MW "
    .. "less 36.64 MW of its own use, bare erected cost by account, dollars of 2018, as entered in "
    .. "an open model of it (IDAES, BB_costing_data, technology 1 A)",
  notes = { "each part as erected; contingencies and the owner's costs are left out" },
  stages = {
    { "engineering", cost = 260.2, sector = "c30", tier = 2,
      note = "engineering and management of construction, 17.5 % of what is erected" },
    { "boiler", cost = 562.9, sector = "c13", class = "boilers", note = "account 4" },
    { "turbine", cost = 140, sector = "c13", class = "turbines",
      note = "turbine and generator, condenser: accounts 8.1 to 8.3" },
    { "gas cleaning", cost = 141.3, sector = "c13", class = "filters", note = "account 5" },
    { "fuel and ash handling", cost = 139.6, sector = "c13", class = "conveyors",
      note = "accounts 1, 2 and 10" },
    { "electrical and control", cost = 81, sector = "c14", class = "electrical",
      note = "accounts 11 and 12" },
    { "site", cost = 29, sector = "c18", site = true, host = true, note = "account 13" },
    { "plant and erection", cost = 393.1, sector = "c18", class = "works", tier = 2, site = true,
      uses = { "engineering", "boiler", "turbine", "gas cleaning", "fuel and ash handling",
        "electrical and control", "site" },
      note = "water, cooling, piping, stack and buildings: accounts 3, 7, 8.4, 8.5, 9 and 14" },
  },
}
