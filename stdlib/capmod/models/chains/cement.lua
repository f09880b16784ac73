--- A cement plant: 1 million tonnes of clinker a year, what it costs to build.

return {
  name = "cement plant", about = "a cement plant of 1 Mt of clinker a year, dry process",
  unit = "EUR mn", dollars = 1e6 / 0.75316, base = "DEU", year = 2013,
  cite = "IEAGHG report 2013/19, reference plant, section 5.1",
  source = "IEA Greenhouse Gas R&D Programme (2013), Deployment of CCS in the Cement Industry, "
    .. "report 2013/19, section 5.1, reference plant, as entered in an open model of it; 0.753 "
    .. "euro a dollar (Penn World Table 10.01)",
  colocate = { { "civil works and erection", "owner's cost" } },
  stages = {
    { "engineering", cost = 10, sector = "c30", tier = 2 },
    { "crushing and raw material", cost = 9.1, sector = "c13", tier = 1, class = "mills",
      note = "crushing 3.5, storage and conveying 3.5, silo 2.1" },
    { "raw mill", cost = 16.8, sector = "c13", class = "mills" },
    { "kiln", cost = 11.9, sector = "c13", class = "kilns" },
    { "coal mill", cost = 6.3, sector = "c13", class = "mills" },
    { "cement mill", cost = 9.8, sector = "c13", class = "mills" },
    { "silos and packing", cost = 16.1, sector = "c12", class = "steelwork",
      note = "silo 9.8, packing and loading 6.3" },
    { "civil works and erection", cost = 75.5, sector = "c18", class = "works", tier = 1,
      site = true, uses = { "engineering", "crushing and raw material", "raw mill", "kiln",
        "coal mill", "cement mill", "silos and packing" }, note = "civil, steel, erection, other" },
    { "owner's cost", cost = 26.3, sector = "c30", site = true, host = true,
      uses = "civil works and erection",
      note = "owner 11.9, start-up and spares 8.0, interest 6.4" },
  },
}
