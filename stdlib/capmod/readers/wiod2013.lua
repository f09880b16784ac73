--- World Input-Output Tables, release of 2013, as one sheet in csv: two header lines (country,
--- code), two label columns, 35 industries a country, five final-demand columns a country and a
--- last column of totals; below them the rows r60 ... r69 of the country TOT.

local layout = require "capmod.read.layout"

-- Romania's code of before 2002, and the rest of the world.
local SPELLINGS = { ROM = "ROU", RoW = "ROW" }

-- The rows at the bottom and what they are called here. r60 is the sum of the rows above it and
-- r69 output. r64res, where there is no published row, is output less r60.
local PRIMARY = {
  { "r99", "TLS" },       -- taxes less subsidies on products
  { "r61", "CIF" },       -- cif/fob adjustments on exports
  { "r62", "PURR" },      -- direct purchases abroad by residents
  { "r63", "PURNR" },     -- purchases on the domestic territory by non-residents
  { "r64", "VA" },        -- value added at basic prices
  { "r64res", "VA_RES" },
  { "r65", "ITM" },       -- international transport margins
}

local CATEGORIES = { c37 = "HFCE", c38 = "NPISH", c39 = "GGFC", c41 = "GFCF", c42 = "INVNT" }

local function is_total(country) return country == "TOT" end

local function read(path, options)
  local text, n = layout.text({ path = path, header_rows = 2, label_cols = 2 },
    function(text) return layout.leading(text:labels(1), is_total) end)
  local countries, sectors = layout.product(text:labels(1), text:labels(2), 1, n,
    function(i, message) layout.wrong(path, i + 2, 1, message) end)

  local across, codes = text:header(1), text:header(2)
  local function wrong_column(i, message) layout.wrong(path, 2, i, message) end
  layout.same(across, 3, { table.unpack(text:labels(1), 1, n) }, wrong_column)
  layout.same(codes, 3, { table.unpack(text:labels(2), 1, n) }, wrong_column)
  local last = layout.leading(across, is_total)
  local finals, categories = layout.product(across, codes, n + 3, last, wrong_column)
  layout.same(finals, 1, countries, function(i, message)
    wrong_column(n + 3 + (i - 1) * #categories, message)
  end)

  local numbers, code = text:numbers(), text:labels(2)
  local at = {}
  for i = n + 1, numbers:rows() do at[code[i]] = i end
  if not at.r69 then layout.wrong(path, numbers:rows() + 2, 2, "there is no row r69 (output)") end
  local rows, names = {}, {}
  for _, row in ipairs(PRIMARY) do
    if at[row[1]] then rows[#rows + 1], names[#names + 1] = at[row[1]], row[2] end
  end
  local f = last - n - 2
  local primary = numbers:take("row", rows):label{ rows = names }
  return {
    name = "WIOD", year = options.year or layout.year(path), unit = "USD mn",
    countries = layout.respelt(countries, SPELLINGS), sectors = sectors,
    classification = "WIOD2013", categories = layout.respelt(categories, CATEGORIES),
    Z = numbers:block(1, n, 1, n),
    Y = numbers:block(1, n, n + 1, n + f),
    P = primary:block(1, #rows, 1, n),
    PY = primary:block(1, #rows, n + 1, n + f),
    output = numbers:block(at.r69, at.r69, 1, n),
  }
end

return {
  name = "wiod2013",
  about = "World Input-Output Database, release of 2013, 35 industries",
  cite = "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), An Illustrated User Guide to the "
    .. "World Input-Output Database, Review of International Economics 23(3)",
  options = { year = { "integer", about = "the year of the table, where the path does not tell" } },
  recognise = function(peek)
    local first, second = peek[1] or {}, peek[2] or {}
    return first[1] == "Country" and first[2] == "Code" and second[1] == "Country"
      and (second[3] or ""):match "^c%d+$" ~= nil
  end,
  read = read,
}
