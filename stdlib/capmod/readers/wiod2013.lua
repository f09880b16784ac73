--- World Input-Output Tables, release of 2013, a year as one sheet, as workbook or in csv: 35
--- industries a country, five final-demand columns a country and a last column of totals; below
--- them the rows r60 ... r69. In the csv two header lines and two label columns (country, code).

local core = require "capmod.core"
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

-- The two forms: csv, and the workbook as published, whose bottom rows and last column may be
-- without a country and whose first columns and lines name the industries in other ways.
local CSV = { header = 2, labels = 2, country = 1, code = 2 }
local SHEET = { header = 6, labels = 4, country = 3, code = 4, line = 5 }

local function is_total(country) return country == "TOT" or country == "" end

-- International transport margins have no code in the sheets of some years.
local function coded(text, form)
  local codes, names = text:labels(form.code), text:labels(2)
  for i, code in ipairs(codes) do
    if code == "" and names[i] == "International Transport Margins" then codes[i] = "r65" end
  end
  return codes
end

local function read(path, options)
  local form = (core.peek(path, 1)[1] or {})[1] == "Country" and CSV or SHEET
  local line = form.line or 1
  local text, n = layout.text({ path = path, header_rows = form.header, label_cols = form.labels },
    function(text) return layout.leading(text:labels(form.country), is_total) end)
  local country, row_code = text:labels(form.country), text:labels(form.code)
  local countries, sectors = layout.product(country, row_code, 1, n,
    function(i, message) layout.wrong(path, i + form.header, form.country, message) end)

  local across, codes, first = text:header(line), text:header(line + 1), form.labels + 1
  local function wrong_column(i, message) layout.wrong(path, line + 1, i, message) end
  layout.same(across, first, { table.unpack(country, 1, n) }, wrong_column)
  layout.same(codes, first, { table.unpack(row_code, 1, n) }, wrong_column)
  local last = form.labels + layout.leading({ table.unpack(across, first) }, is_total)
  local finals, categories = layout.product(across, codes, n + first, last, wrong_column)
  layout.same(finals, 1, countries, function(i, message)
    wrong_column(n + first + (i - 1) * #categories, message)
  end)

  local numbers, code = text:numbers(), coded(text, form)
  local at = {}
  for i = n + 1, numbers:rows() do at[code[i]] = i end
  if not at.r69 then
    layout.wrong(path, numbers:rows() + form.header, form.code, "there is no row r69 (output)")
  end
  local rows, names = {}, {}
  for _, row in ipairs(PRIMARY) do
    if at[row[1]] then rows[#rows + 1], names[#names + 1] = at[row[1]], row[2] end
  end
  local f = last - n - form.labels
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
    local sixth = peek[6] or {}
    return first[1] == "Country" and first[2] == "Code" and second[1] == "Country"
      and (second[3] or ""):match "^c%d+$" ~= nil
      or sixth[5] == "c1" and sixth[4] == "" and (peek[7] or {})[4] == "c1"
  end,
  read = read,
}
