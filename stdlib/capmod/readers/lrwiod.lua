--- Long-run World Input-Output Database, a year as one sheet in csv: one header line and one
--- label column of COUNTRY_INDUSTRY, 23 industries a country, four final-demand columns a country
--- (COUNTRY_Household consumption ...) and a last column TOTAL; below them rows that are named in
--- full.

local layout = require "capmod.read.layout"

local SPELLINGS = { NDL = "NLD", ROM = "ROU", RoW = "ROW" }

local TOTAL, OUTPUT = "Total intermediate consumption", "Total gross production"

-- The rows at the bottom, and what they are called here. Two are spelt as in the sheet.
local PRIMARY = {
  { "Total value added", "VA" },
  { "Taxes less subsides on products", "TLS" },
  { "Statistical discrepancy", "DISC" },
  { "Domestic purchases by non-residents", "PURNR" },
  { "Direct purchases abroad by residents", "PURR" },
  { "Internation transport margins", "ITM" },
}

local CATEGORIES = {
  ["Household consumption"] = "HFCE", ["Government consumption"] = "GGFC", GFCF = "GFCF",
  ["Stock variation"] = "INVNT",
}

local function is_no_node(label) return not label:match "^%u%u%u_%w+$" end

local function read(path, options)
  local function wrong_row(i, message) layout.wrong(path, i + 1, 1, message) end
  local function wrong_column(i, message) layout.wrong(path, 1, i, message) end
  local text, n = layout.text({ path = path, header_rows = 1, label_cols = 1 }, function(text)
    local nodes = layout.leading(text:labels(1), is_no_node)
    layout.same(text:labels(1), nodes + 1, { TOTAL }, wrong_row)
    return nodes
  end)
  local labels, header = text:labels(1), text:header(1)
  local outer, inner = layout.split(labels)
  local countries, sectors = layout.product(outer, inner, 1, n, wrong_row)

  layout.same(header, 2, { table.unpack(labels, 1, n) }, wrong_column)
  local last = layout.leading(header, function(label) return label == "TOTAL" end)
  local across, category = layout.split(header)
  local finals, categories = layout.product(across, category, n + 2, last, wrong_column)
  layout.same(finals, 1, countries, function(i, message)
    wrong_column(n + 2 + (i - 1) * #categories, message)
  end)

  local numbers, at, rows, names = text:numbers(), {}, {}, {}
  for i = n + 1, #labels do at[labels[i]] = i end
  for _, row in ipairs(PRIMARY) do
    rows[#rows + 1] = at[row[1]]
    names[#names + 1] = at[row[1]] and row[2]
  end
  if not at[OUTPUT] then
    wrong_row(#labels, ("there is no row '%s'"):format(OUTPUT))
  end
  local f = last - n - 1
  local primary = numbers:take("row", rows):label{ rows = names }
  return {
    name = "Long-run WIOD", year = options.year or layout.year(path), unit = "USD mn",
    countries = layout.respelt(countries, SPELLINGS), sectors = sectors, classification = "LRWIOD",
    categories = layout.respelt(categories, CATEGORIES),
    Z = numbers:block(1, n, 1, n),
    Y = numbers:block(1, n, n + 1, n + f),
    P = primary:block(1, #rows, 1, n),
    PY = primary:block(1, #rows, n + 1, n + f),
    output = numbers:block(at[OUTPUT], at[OUTPUT], 1, n),
  }
end

return {
  name = "lrwiod",
  about = "Long-run World Input-Output Database, 23 industries",
  cite = "Woltjer, Gouma, Timmer (2021), Long-run World Input-Output Database: Version 1.1 Sources "
    .. "and Methods, GGDC Research Memorandum 190",
  licence = "CC BY 4.0",
  options = { year = { "integer", about = "the year of the table, where the path does not tell" } },
  recognise = function(peek)
    local first = peek[1] or {}
    return first[1] == "" and (first[2] or ""):match "^%u%u%u_AtB$" ~= nil
  end,
  read = read,
}
