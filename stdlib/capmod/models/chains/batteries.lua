--- A battery for an electric vehicle. Costs are illustrative: shares of 100.

return {
  name = "battery pack", about = "a lithium-ion battery pack for a vehicle",
  unit = "per 100 of cost", dollars = 100, base = "CHN", year = 2019,
  stages = {
    { "lithium and nickel", cost = 22, sector = "c2" },
    { "cathode", cost = 14, sector = "c9", class = "cathode", uses = "lithium and nickel" },
    { "anode", cost = 8, sector = "c9", class = "anode" },
    { "electrolyte and separator", cost = 9, sector = "c9", class = "chemicals" },
    { "cells", cost = 27, sector = "c14", class = "cells", tier = 2,
      uses = { "cathode", "anode", "electrolyte and separator" } },
    { "pack", cost = 20, sector = "c14", class = "packs", tier = 2, uses = "cells" },
  },
}
