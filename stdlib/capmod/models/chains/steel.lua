--- Steel: a tonne of hot-rolled coil by the blast furnace.

return {
  name = "steel", about = "a tonne of hot-rolled coil, blast furnace and oxygen converter",
  unit = "EUR per tonne", dollars = 1 / 0.89328, base = "DEU", year = 2019,
  cite = "Medarac, Moya and Somers (2020), EU27",
  source = "Medarac, Moya, Somers (2020), Production costs from the iron and steel industry in the "
    .. "EU and third countries, JRC121276: EU27, integrated route, October 2019, 458 euro a tonne, "
    .. "raw materials 65 %, other costs 27 %, energy 17 %; 0.893 euro a dollar (Penn World Table "
    .. "10.01)",
  notes = { "energy stands less the credits for by-products: 100 - 65 - 27 - 17 = -9 %",
    "other costs are labour, upkeep and overheads of coke, iron, steel and rolling, which share "
    .. "one site; capital cost is not in them" },
  colocate = { { "energy", "iron, steel and rolling" } },
  stages = {
    { "ore and coal", cost = 297.7, sector = "c2", note = "also scrap and fluxes" },
    { "energy", cost = 36.64, sector = "c17", class = "energy" },
    { "iron, steel and rolling", cost = 123.66, sector = "c12", class = "steelworks", tier = 2,
      capital = 0, uses = { "ore and coal", "energy" } },
  },
}
