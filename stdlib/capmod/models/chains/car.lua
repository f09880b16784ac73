--- A car: the American car of 1998 by stage and country, per 100 of its price. The shares are
--- value added by country, so that nothing is bought in.

return {
  name = "car", about = "a typical American car", unit = "per 100 of price", dollars = 1,
  base = "USA", year = 1998,
  cite = "World Trade Organization (1998)",
  source = "World Trade Organization, Annual Report 1998, p. 36 (as quoted in doi "
    .. "10.4324/9781315254197-22)",
  notes = { "shares are value added of places, so nothing is bought in; of two places that the "
    .. "report joins the first stands for both (Singapore, Ireland)" },
  stages = {
    { "design", cost = 7.5, base = "DEU", sector = "c30", materials = 0, tier = 3 },
    { "components", cost = 17.5, base = "JPN", sector = "c14", materials = 0, uses = "design",
      class = "components", tier = 3 },
    { "minor parts", cost = 4, base = "SGP", sector = "c15", materials = 0, class = "parts",
      tier = 1 },
    { "assembly", cost = 30, base = "KOR", sector = "c15", materials = 0, class = "assembly",
      uses = { "components", "minor parts" } },
    { "advertising", cost = 2.5, base = "GBR", sector = "c30", materials = 0 },
    { "data", cost = 1.5, base = "IRL", sector = "c30", materials = 0 },
    { "home business", cost = 37, base = "USA", sector = "c20", materials = 0, site = true,
      uses = { "assembly", "advertising", "data" }, note = "of the firm at its market" },
  },
}
