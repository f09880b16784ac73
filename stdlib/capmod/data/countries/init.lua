--- Figures of 169 countries: output, labour, wage, productivity, fixed investment, location. What
--- each is, and where from; facts.lua holds the values, scripts/data/countries.py wrote it.

local entry = {
  about = "wage, labour, output, productivity, fixed investment and location of 169 countries",
  source = "World Bank, Penn World Table 10.01, UN national accounts, ILOSTAT, WIOD; each figure "
    .. "with its year and source",
  licence = "CC BY 4.0 (World Bank, Penn World Table, ILO, WIOD); UN data with attribution",
}

--- The figures, in the order in which they print: unit, what it is.
entry.figures = {
  { "wage", "USD a year", "pay per person engaged" },
  { "skilled", "ratio", "pay an hour over average: high skill" },
  { "unskilled", "ratio", "pay an hour over average: others" },
  { "earnings", "PPP USD a month", "of employees, in PPP USD of 2021" },
  { "productivity", "USA = 1", "output at PPP per person engaged" },
  { "labour", "persons", "persons engaged" },
  { "labour_share", "ratio", "pay of labour in GDP" },
  { "population", "persons", "inhabitants" },
  { "gdp", "USD", "gross domestic product" },
  { "investment", "USD", "gross fixed capital formation" },
  { "capital", nil, "seat of government" },
  { "latitude", "degrees north", "of the seat of government" },
  { "longitude", "degrees east", "of the seat of government" },
}

--- Sources by the key that facts.lua uses.
entry.sources = {
  wdi = "World Bank, World Development Indicators (May 2022), CC BY 4.0",
  pwt = "Penn World Table 10.01 (Feenstra, Inklaar, Timmer 2015), CC BY 4.0",
  class_median = "estimate: median of the countries of its income class in the Penn World Table "
    .. "10.01, which has none of this one",
  pay = "capmod: labour share (Penn World Table 10.01) x GDP (World Bank) / persons engaged",
  pay_median = "estimate: median labour share of its income class (Penn World Table 10.01) x GDP "
    .. "(World Bank) / persons engaged",
  sea = "WIOD socio-economic accounts, July 2014 (Timmer and others 2015)",
  median = "estimate: median of the WIOD's high-income countries, or of its others, as the "
    .. "country is; it has none of this one",
  ilo = "ILOSTAT, EAR_4MTH_SEX_GEO_CUR (June 2025), CC BY 4.0",
  output = "capmod: output (cgdpo) per person engaged of the Penn World Table 10.01",
  sna = "United Nations, National Accounts Main Aggregates (SNA), GDP by expenditure",
  list = "World Bank, country list (July 2020), CC BY 4.0",
  income = "World Bank, income classes (through Our World in Data to 2016), CC BY 4.0",
}

--- All figures by country: { value =, year =, source = }.
---@return table<string, table<string, table>>
function entry.read()
  local countries = {}
  for line in require("capmod.data.countries.facts"):gmatch "[^\n]+" do
    local code, figure, value, year, source = line:match "^(%u+) (%S+) (%S+) (%S+) (%S+)$"
    countries[code] = countries[code] or {}
    countries[code][figure] = { value = tonumber(value) or (value:gsub("_", " ")),
      year = math.tointeger(tonumber(year)), source = source }
  end
  return countries
end

--- The figures as a frame of numbers.
---@return cm.Frame
local function frame_of()
  local rows = {}
  for code, facts in require "capmod.each"(entry.read()) do
    for _, figure in ipairs(entry.figures) do
      local fact = facts[figure[1]]
      if fact and type(fact.value) == "number" then
        rows[#rows + 1] = { code, figure[1], fact.value, figure[2], fact.year, fact.source }
      end
    end
  end
  local sources = {}
  for key, text in require "capmod.each"(entry.sources) do
    sources[#sources + 1] = ("%s: %s"):format(key, text)
  end
  return require "capmod.frame"{ title = "figures of countries", keys = { "country", "figure" },
    rows = rows, bar = false, check = sources, cols = { { name = "country", kind = "country" },
      { name = "figure" }, { name = "value", format = "mixed" }, { name = "unit" },
      { name = "year", digits = 0 }, { name = "source" } } }
end

--- What cm.data.countries is: prints as its frame, `figures`.
function entry.load()
  local figures = frame_of()
  return setmetatable({ source = entry.source, licence = entry.licence, figures = figures },
    { __name = "cm.Figures", __tostring = function() return tostring(figures) end })
end

return entry
