--- A pair of leather shoes. Costs are illustrative.

return {
  name = "shoes", about = "a pair of leather shoes", unit = "USD per pair", dollars = 1,
  base = "CHN", year = 2019,
  stages = {
    { "design", cost = 2.5, sector = "c30", tier = 2 },
    { "leather", cost = 6, sector = "c5", class = "tanning" },
    { "soles", cost = 3, sector = "c10", class = "soles" },
    { "stitching", cost = 3.5, sector = "c5", class = "stitching", uses = "leather" },
    { "lasting and packing", cost = 4, sector = "c5", class = "lasting",
      uses = { "design", "soles", "stitching" } },
  },
}
