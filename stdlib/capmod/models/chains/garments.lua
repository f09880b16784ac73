--- A shirt sewn in Bangladesh for a buyer abroad, at the factory door.

return {
  name = "shirt", about = "a shirt of an order of 400,000, at the factory door",
  unit = "USD per shirt", dollars = 1, base = "BGD", year = 2013,
  cite = "Huq (2013)",
  source = "Rubana Huq (2013), The Economics of a $6.75 Shirt, Wall Street Journal, May "
    .. "2013, as quoted by practicalstockinvesting.com, 21 May 2013",
  stages = {
    { "cloth", cost = 4.75, sector = "c4", class = "cloth", note = "cotton" },
    { "trims", cost = 1, sector = "c4", class = "trims", note = "labels and all else bought" },
    { "sewing", cost = 1, sector = "c4", class = "sewing", skilled = 0.05, wages = 0.38,
      materials = 0.37, capital = 0.125, profit = 0.125, uses = { "cloth", "trims" },
      note = "wages 0.38; finishing 0.15, utilities and rent 0.11, overhead 0.11; debt service "
        .. "0.125; profit 0.125; the split by skill is stylised" },
  },
}
