--- A solar power plant: what is shipped and what is built.

return {
  name = "solar plant", about = "a ground-mounted solar power plant", unit = "CNY per W",
  dollars = 1 / 6.9084, base = "CHN", year = 2020,
  cite = "China Photovoltaic Industry Association, in Helveston, He and Davidson (2022)",
  source = "Wang Sicheng, China Photovoltaic Industry Association, as in the data of Helveston, He "
    .. "and Davidson (2022), Nature 612: system 4, module 1.5, inverter 0.15 yuan a watt; 6.91 "
    .. "yuan a dollar (Penn World Table 10.01, 2019)",
  notes = { "balance of system: the rest of the system price; mounting, cables, grid, works" },
  stages = {
    { "module", cost = 1.5, sector = "c14", class = "modules", tier = 2,
      note = "polysilicon, wafer, cell and assembly in one" },
    { "inverter", cost = 0.15, sector = "c14", class = "inverters" },
    { "balance of system", cost = 2.35, sector = "c18", class = "works", tier = 1, site = true,
      uses = { "module", "inverter" } },
  },
}
