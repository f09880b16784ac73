--- Long-run World Input-Output Database, a year as one sheet, as workbook or in csv: 23 industries
--- a country, four final-demand columns a country and further columns of totals; below them rows
--- that are named in full. In the csv one header line and one label column of COUNTRY_INDUSTRY.

local core = require "capmod.core"
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

-- Where labels stand: in the csv COUNTRY_INDUSTRY in one line and one column; in the sheet as
-- published the country in the third column and the fourth line, at the first of its industries.
local function csv(path)
  local text, n = layout.text({ path = path, header_rows = 1, label_cols = 1 }, function(text)
    return layout.leading(text:labels(1), function(label) return not label:match "^%u%u%u_%w+$" end)
  end)
  local labels, header = text:labels(1), text:header(1)
  local rows, row_codes = layout.split(labels)
  local columns, column_codes = layout.split{ table.unpack(header, 2) }
  return { text = text, n = n, first = n + 1, bottom = labels,
    header = 1, labels = 1, line = 1, column = 1,
    rows = rows, row_codes = row_codes, columns = columns, column_codes = column_codes,
    last = layout.leading(column_codes, function(code) return code == "" end) }
end

local function sheet(path)
  local function is_blank(label) return label == "" end
  local codes, last
  local text, n = layout.text({ path = path, header_rows = 6, label_cols = 4 }, function(text)
    local rows = layout.leading(text:labels(4), is_blank)
    codes = { table.unpack(text:header(5), 5) }
    last = rows + 1 + layout.leading({ table.unpack(codes, rows + 2) }, is_blank)
    return rows, last
  end)
  return { text = text, n = n, first = n + 2, last = last, -- between them is a total
    header = 6, labels = 4, bottom = text:labels(1), line = 5, column = 1,
    rows = layout.filled(text:labels(3)), row_codes = text:labels(1),
    columns = layout.filled{ table.unpack(text:header(4), 5) }, column_codes = codes }
end

local function read(path, options)
  local heading = core.peek(path, 1)[1]
  local form = (heading[2] or ""):find "^%u%u%u_" and csv(path) or sheet(path)
  local text, n, first, last = form.text, form.n, form.first, form.last
  local function wrong_row(i, message) layout.wrong(path, form.header + i, form.column, message) end
  local function wrong_column(i, message)
    layout.wrong(path, form.line, form.labels + i, message)
  end
  local countries, sectors = layout.product(form.rows, form.row_codes, 1, n, wrong_row)
  layout.same(form.bottom, n + 1, { TOTAL }, wrong_row)
  layout.same(form.columns, 1, { table.unpack(form.rows, 1, n) }, wrong_column)
  layout.same(form.column_codes, 1, { table.unpack(form.row_codes, 1, n) }, wrong_column)
  local finals, categories = layout.product(form.columns, form.column_codes, first, last,
    wrong_column)
  layout.same(finals, 1, countries, function(i, message)
    wrong_column(first + (i - 1) * #categories, message)
  end)

  local labels = form.bottom
  local numbers, at, rows, names = text:numbers(), {}, {}, {}
  for i = n + 1, #labels do at[labels[i]] = i end
  for _, row in ipairs(PRIMARY) do
    rows[#rows + 1] = at[row[1]]
    names[#names + 1] = at[row[1]] and row[2]
  end
  if not at[OUTPUT] then
    wrong_row(#labels, ("there is no row '%s'"):format(OUTPUT))
  end
  local primary = numbers:take("row", rows):label{ rows = names }
  return {
    name = "Long-run WIOD", year = options.year or layout.year(path), unit = "USD mn",
    countries = layout.respelt(countries, SPELLINGS), sectors = sectors, classification = "LRWIOD",
    categories = layout.respelt(categories, CATEGORIES),
    Z = numbers:block(1, n, 1, n),
    Y = numbers:block(1, n, first, last),
    P = primary:block(1, #rows, 1, n),
    PY = primary:block(1, #rows, first, last),
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
    local first, fifth = peek[1] or {}, peek[5] or {}
    return first[1] == "" and (first[2] or ""):match "^%u%u%u_AtB$" ~= nil
      or fifth[5] == "AtB" and fifth[7] == "D15t16"
  end,
  read = read,
}
