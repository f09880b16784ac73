--- A railway: the standard-gauge line from Mombasa to Nairobi, 472 km, as contracted in 2014.

return {
  name = "railway", about = "a single-track diesel line of 472 km, Mombasa to Nairobi",
  unit = "KES bn", dollars = 1e9 / 87.922, base = "CHN", year = 2014,
  cite = "Ministry of Transport and Treasury of Kenya (2014)",
  source = "The Standard (Nairobi), 2014: Ministry of Transport, line and buildings 221, "
    .. "locomotives, wagons and coaches 106 bn shillings; Treasury before the Public Investments "
    .. "Committee, supervision 3, land 8, insurance 9.8; 87.92 shillings a dollar (Penn World "
    .. "Table 10.01)",
  stages = {
    { "supervision", cost = 3, sector = "c30", tier = 2 },
    { "insurance", cost = 9.8, sector = "c28" },
    { "land", cost = 8, base = "KEN", sector = "c29", site = true, host = true,
      wages = 0, materials = 0, capital = 8, note = "2253 hectares" },
    { "rolling stock", cost = 106, sector = "c15", class = "rolling stock",
      note = "locomotives, wagons, coaches" },
    { "line and stations", cost = 221, base = "KEN", sector = "c18", class = "works", tier = 2,
      site = true, uses = { "supervision", "insurance", "land", "rolling stock" },
      note = "earthworks, bridges, track, stations, depots" },
  },
}
