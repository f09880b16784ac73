--- OECD Inter-Country Input-Output tables, a year as one csv: one header line and one label
--- column of COUNTRY_INDUSTRY; final demand is told by its code (COUNTRY_HFCE ...), wherever the
--- column stands, since some copies are sorted by name. Rows TLS, VA and OUT (also VALU, OUTPUT,
--- TLS_TLS_TLS, ...), and a column of output.

local layout = require "capmod.read.layout"

local FINAL = { "HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "P33" }

-- Rows and columns that are of no country, by the first part of their name.
local SPECIAL = {
  OUT = "OUT", OUTPUT = "OUT", TOTAL = "OUT", VA = "VA", VALU = "VA", TLS = "TLS",
  TAXSUB = "TLS",
}

local function read(path, options)
  local text = layout.text({ path = path, header_rows = 1, label_cols = 1 },
    function(text) return #text:labels(1) end)
  local labels, header = text:labels(1), text:header(1)

  local nodes, at, outer, inner = {}, {}, {}, {}
  local country, industry = layout.split(labels)
  for i in ipairs(labels) do
    local special = SPECIAL[country[i]]
    if special then
      at[special] = i
    else
      nodes[#nodes + 1] = i
      outer[#nodes], inner[#nodes] = country[i], industry[i]
    end
  end
  local countries, sectors = layout.product(outer, inner, 1, #nodes,
    function(i, message) layout.wrong(path, nodes[i] + 1, 1, message) end)
  if not at.OUT then layout.wrong(path, #labels + 1, 1, "there is no row OUT (output)") end

  local column, used, final = {}, {}, {}
  local _, code_of = layout.split(header)
  for j = 2, #header do
    if column[header[j]] then
      layout.wrong(path, 1, j, ("'%s' comes a second time"):format(header[j]))
    end
    column[header[j]], used[code_of[j]] = j - 1, true
  end
  for _, code in ipairs(FINAL) do
    if used[code] then final[#final + 1] = code end
  end
  local function columns(codes)
    local list = {}
    for _, c in ipairs(countries) do
      for _, code in ipairs(codes) do
        local label = c .. "_" .. code
        if not column[label] then
          layout.wrong(path, 1, 0, ("there is no column '%s'"):format(label))
        end
        list[#list + 1] = column[label]
      end
    end
    return list
  end
  local buys, uses = columns(sectors), columns(final)

  local rows, names = {}, {}
  for _, name in ipairs{ "VA", "TLS" } do
    if at[name] then rows[#rows + 1], names[#names + 1] = at[name], name end
  end
  local numbers = text:numbers()
  local sold = numbers:take("row", nodes)
  local primary = numbers:take("row", rows):label{ rows = names }
  return {
    name = "OECD ICIO", year = options.year or layout.year(path), unit = "USD mn",
    countries = layout.respelt(countries, { ROM = "ROU", RoW = "ROW" }), sectors = sectors,
    classification = "ICIO2021", categories = final,
    Z = sold:take("col", buys), Y = sold:take("col", uses),
    P = primary:take("col", buys), PY = primary:take("col", uses),
    output = numbers:row(at.OUT):take("col", buys),
  }
end

return {
  name = "oecd_icio",
  about = "OECD Inter-Country Input-Output tables, 45 industries",
  cite = "OECD, Inter-Country Input-Output Database, http://oe.cd/icio",
  licence = "OECD terms, with attribution",
  options = { year = { "integer", about = "the year of the table, where the path does not tell" } },
  recognise = function(peek)
    local first, final = peek[1] or {}, false
    for _, label in ipairs(first) do final = final or label:match "^%u%w%w_HFCE$" ~= nil end
    return (first[1] == "" or first[1] == "V1") and final
  end,
  read = read,
}
