--- OECD national input-output tables, one country and year in csv ("USA2022ttl.csv"): a header line
--- and a label column of industry codes, rows prefixed TTL_ (domestic and imported together); final
--- demand with exports and, as a negative column, imports; below them taxes, value added and its
--- parts, output. The parts of value added are satellite rows.

local layout = require "capmod.read.layout"

local PRIMARY = { { "VALU", "VA" }, { "TXS_INT_FNL", "TLS" }, { "IMP_OTHER", "IMP_OTHER" } }
local PARTS = { "LABR", "OTXS", "CFC", "NOPS" }

local function read(path, options)
  local text, n = layout.text({ path = path, header_rows = 1, label_cols = 1 }, function(text)
    return layout.leading(text:labels(1), function(label) return not label:find "^TTL_%u%w*" or
      label == "TTL_INT_FNL" end)
  end)
  local labels, header, at = text:labels(1), text:header(1), {}
  local sectors = {}
  for i, label in ipairs(labels) do
    at[label] = i
    if i <= n then sectors[i] = label:sub(5) end
  end
  layout.same(header, 2, sectors, function(i, message) layout.wrong(path, 1, i, message) end)
  local last = #header
  if header[last] ~= "TOTAL" then layout.wrong(path, 1, last, "the last column is not TOTAL") end
  if not at.OUTPUT then layout.wrong(path, #labels + 1, 1, "there is no row OUTPUT") end
  local numbers, f = text:numbers(), last - 1
  local function rows_of(list)
    local places, names = {}, {}
    for _, row in ipairs(list) do
      local from, to = table.unpack(type(row) == "table" and row or { row, row })
      if at[from] then places[#places + 1], names[#names + 1] = at[from], to end
    end
    if #places == 0 then return nil end
    return numbers:take("row", places):label{ rows = names }
  end
  local P, F, units = rows_of(PRIMARY), rows_of(PARTS), {}
  for _, name in ipairs(PARTS) do units[name] = at[name] and "USD mn" or nil end
  local name = path:match "([^/]*)$"
  local country = options.country or name:match "^(%u%u%u)%d%d%d%d"
    or layout.wrong(path, 0, 0, "the file's name does not begin with a country: give country =")
  return {
    name = "OECD IOT " .. country, year = options.year or layout.year(path), unit = "USD mn",
    countries = { country }, sectors = sectors, units = units,
    categories = { table.unpack(header, n + 2, last - 1) },
    Z = numbers:block(1, n, 1, n), Y = numbers:block(1, n, n + 1, f - 1),
    P = P and P:block(1, P:rows(), 1, n), PY = P and P:block(1, P:rows(), n + 1, f - 1),
    F = F and F:block(1, F:rows(), 1, n), FY = F and F:block(1, F:rows(), n + 1, f - 1),
    output = numbers:block(at.OUTPUT, at.OUTPUT, 1, n),
  }
end

return {
  name = "oecd_iot",
  about = "OECD national input-output tables, total flows, one country",
  cite = "OECD, Input-Output Tables, http://oe.cd/i-o",
  licence = "OECD terms, with attribution",
  options = {
    year = { "integer", about = "the year of the table, where the path does not tell" },
    country = { "string", about = "the country, where the path does not tell" },
  },
  recognise = function(peek)
    local first, second = peek[1] or {}, peek[2] or {}
    return first[1] == "" and first[#first] == "TOTAL" and (second[1] or ""):find "^TTL_" ~= nil
  end,
  read = read,
}
