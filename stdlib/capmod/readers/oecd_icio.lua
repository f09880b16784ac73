--- OECD Inter-Country Input-Output tables, a year as one csv, plain or in zip: one header line and
--- one label column of COUNTRY_INDUSTRY; final demand is told by its code (COUNTRY_HFCE ...; in the
--- edition of 2016 HFCE_COUNTRY), wherever the column stands, since some copies are sorted by name.
--- Rows of value added, taxes (one, or one a country) and output.
---
--- China and Mexico are split in some editions: CN1, CN2 ... and MX1, MX2 ... sell and buy, CHN and
--- MEX use final goods. The parts are melded into the country.

local layout = require "capmod.read.layout"

-- Final demand: the code here, and the spellings of the editions.
local FINAL = {
  { "HFCE", "HFCE" }, { "NPISH", "NPISH", "NPS" }, { "GGFC", "GGFC" }, { "GFCF", "GFCF" },
  { "INVNT", "INVNT", "INV" }, { "DPABR", "DPABR", "P33", "DIRP" },
}

-- Rows of no industry: by their whole name, and by its first or last part.
local ROWS = {
  OUT = "OUT", OUTPUT = "OUT", TOTAL = "OUT", VA = "VA", VALU = "VA", ["VA+TAXSUB"] = "VA",
  TLS = "TLS", TAXSUB = "TLS",
}

local SPELLINGS = { ROM = "ROU", RoW = "ROW" }

--- The country that CN1 or MX2 is a part of.
local function whole(country)
  local first = country:match "^(%u%u)%d$"
  return first == "CN" and "CHN" or first == "MX" and "MEX" or nil
end

local function special(outer, inner)
  return ROWS[outer] or inner == "TAXSUB" and "TLS" or nil
end

--- Where each row of an industry goes: the whole countries in their order, their parts into them.
local function nodes_of(path, labels)
  local outer, inner = layout.split(labels)
  local rows, mains, codes, at, first = {}, {}, {}, {}, {}
  for i in ipairs(labels) do
    if special(outer[i], inner[i]) then
      rows[i] = special(outer[i], inner[i])
    elseif not whole(outer[i]) then
      local n = #mains + 1
      mains[n], codes[n], at[labels[i]], first[n] = outer[i], inner[i], n, i
    end
  end
  local function wrong(i, message) layout.wrong(path, i + 1, 1, message) end
  local countries, sectors = layout.product(mains, codes, 1, #mains,
    function(n, message) wrong(first[n], message) end)
  local places, last = {}, 0
  for i, label in ipairs(labels) do
    local parent = not rows[i] and whole(outer[i])
    places[i] = rows[i] and 0 or at[label] or at[parent .. "_" .. inner[i]]
    if not places[i] then
      wrong(i, ("'%s' is a part of '%s_%s', which is not there"):format(label, parent, inner[i]))
    end
    if parent then at[label] = places[i] end
    if places[i] > 0 then last = i end
  end
  return { countries = countries, sectors = sectors, n = #mains, labels = labels, at = at,
    places = places, rows = rows, last = last }
end

--- The final-demand codes that the heading has, with their spelling and which part comes first.
local function finals_of(header)
  local seen, list = {}, {}
  for _, label in ipairs(header) do
    local outer, inner = layout.split{ label }
    seen[outer[1]], seen[inner[1]] = seen[outer[1]] or "first", seen[inner[1]] or "last"
  end
  for _, codes in ipairs(FINAL) do
    for k = 2, #codes do
      if seen[codes[k]] then
        list[#list + 1] = { code = codes[1], spelt = codes[k], first = seen[codes[k]] == "first" }
        break
      end
    end
  end
  return list
end

--- Where each column goes: purchases of the nodes, and final demand country by country.
local function columns_of(path, header, nodes)
  local finals, buys, uses, seen = finals_of(header), {}, {}, {}
  local label_of, n = {}, 0
  for _, country in ipairs(nodes.countries) do
    for _, final in ipairs(finals) do
      n = n + 1
      label_of[n] = final.first and final.spelt .. "_" .. country or country .. "_" .. final.spelt
      seen[label_of[n]] = n
    end
  end
  local found = {}
  for j = 2, #header do
    local label = header[j]
    if found[label] then layout.wrong(path, 1, j, ("'%s' comes a second time"):format(label)) end
    found[label], buys[j - 1], uses[j - 1] = j, nodes.at[label] or 0, seen[label] or 0
  end
  for _, wanted in ipairs{ nodes.labels, label_of } do
    for i, label in ipairs(wanted) do
      local is_row = wanted == nodes.labels and nodes.places[i] == 0
      if not is_row and not found[label] then
        layout.wrong(path, 1, 0, ("there is no column '%s'"):format(label))
      end
    end
  end
  local codes = {}
  for i, final in ipairs(finals) do codes[i] = final.code end
  return buys, uses, codes, label_of
end

local function read(path, options)
  local nodes
  local text = layout.text({ path = path, header_rows = 1, label_cols = 1 }, function(text)
    nodes = nodes_of(path, text:labels(1))
    return nodes.last
  end)
  local buys, uses, categories, final_labels = columns_of(path, text:header(1), nodes)
  local names = {}
  for place, label in ipairs(nodes.labels) do
    local i = nodes.places[place]
    if i > 0 then names[i] = names[i] or label end
  end
  local primary, kinds = {}, {}
  for i = 1, #nodes.labels do
    local row = nodes.rows[i]
    kinds[row or ""] = true
    primary[i] = row == "VA" and 1 or row == "TLS" and 2 or 0
  end
  if not kinds.OUT then
    layout.wrong(path, #nodes.labels + 1, 1, "there is no row OUT (output)")
  end
  local output = {}
  for i = 1, #nodes.labels do output[i] = nodes.rows[i] == "OUT" and 1 or 0 end

  local numbers = text:numbers():label{ rows = false, cols = false }
  local bought = numbers:group("col", buys, names)
  local used = numbers:group("col", uses, final_labels)
  local rows = kinds.TLS and { "VA", "TLS" } or { "VA" }
  local sectors, known = layout.codes(nodes.sectors, "ICIO2021")
  return {
    name = "OECD ICIO", year = options.year or layout.year(path), unit = "USD mn",
    countries = layout.respelt(nodes.countries, SPELLINGS),
    sectors = sectors, classification = known and "ICIO2021" or nil, categories = categories,
    Z = bought:group("row", nodes.places, names):label{ rows = false, cols = false },
    Y = used:group("row", nodes.places, names):label{ rows = false, cols = false },
    P = bought:group("row", primary, rows):label{ cols = false },
    PY = used:group("row", primary, rows):label{ cols = false },
    output = bought:group("row", output, { "OUT" }):label{ rows = false, cols = false },
  }
end

return {
  name = "oecd_icio",
  about = "OECD Inter-Country Input-Output tables",
  cite = "OECD, Inter-Country Input-Output Database, http://oe.cd/icio",
  licence = "OECD terms, with attribution",
  options = { year = { "integer", about = "the year of the table, where the path does not tell" } },
  recognise = function(peek)
    local first, final = peek[1] or {}, false
    for _, label in ipairs(first) do
      final = final or label:match "^%u%w%w_HFCE$" or label:match "^HFCE_%u%w%w$"
    end
    return (first[1] == "" or first[1] == "V1") and final and true or false
  end,
  read = read,
}
