--- Socio-economic accounts of the WIOD release of 2013 (July 2014), the workbook as published
--- (sheet DATA) or csv: a line for each country, variable and industry, a column a year. Amounts
--- are in millions of national currency, persons in thousands, hours in millions; some are blank.

local core = require "capmod.core"
local errors = require "capmod.errors"
local layout = require "capmod.read.layout"

local SPELLINGS = { ROM = "ROU", RoW = "ROW" }

--- What may be counted by industry. `of`: the file has it as a share of that.
local ROWS = {
  EMP = { unit = "thousand persons" }, EMPE = { unit = "thousand persons" },
  H_EMP = { unit = "million hours" }, H_EMPE = { unit = "million hours" },
  H_HS = { unit = "million hours", of = "H_EMP" }, H_MS = { unit = "million hours", of = "H_EMP" },
  H_LS = { unit = "million hours", of = "H_EMP" },
  GO = { money = true }, II = { money = true }, VA = { money = true }, COMP = { money = true },
  LAB = { money = true }, CAP = { money = true }, GFCF = { money = true },
  LABHS = { money = true, of = "LAB" }, LABMS = { money = true, of = "LAB" },
  LABLS = { money = true, of = "LAB" }, K_GFCF = { money = true, prices = 1995 },
}

--- The sheet with the figures, and where its labels stand.
local function place_of(path)
  local kind, _, inner = core.contents(path)
  if kind == "workbook" and inner == "" then path = path:gsub("/$", "") .. "/DATA" end
  local head = core.peek(path, 1)[1]
  local country, variable = (head[1] or ""):lower(), (head[2] or ""):lower()
  if country ~= "country" or variable ~= "variable" then
    layout.wrong(path, 1, 1, "the heading is not 'Country', 'Variable'")
  end
  local has_codes = (head[4] or ""):lower() == "code"
  return path, head, has_codes and 4 or 3
end

local function column_of(path, head, year)
  local years = {}
  for i, label in ipairs(head) do
    local found = math.tointeger(tonumber(label:match "^_?(%d%d%d%d)$"))
    if found == year then return i end
    if found then years[#years + 1] = found end
  end
  errors.raise(5116, { message = ("%s has no year %s"):format(path, tostring(year)), object = path,
    path = path, field = "year", fix = #years > 0 and ("it has %d to %d: year = %d"):format(
      years[1], years[#years], years[#years]) or "its heading names no years" })
end

--- The code of each line's industry; nil for the total.
local function industries(path, labels)
  local codes, known = require "capmod.codes", {}
  local list = {}
  for i, label in ipairs(labels) do
    if known[label] == nil then
      local name = label:match "^%s*(.-)%s*$"
      local upper = name:upper()
      local ok, code = true, false
      if upper ~= "TOT" and upper ~= "TOTAL INDUSTRIES" then
        ok, code = pcall(codes.sector, name, "WIOD2013")
      end
      if not ok then layout.wrong(path, i + 1, 3, ("'%s' is no industry"):format(label)) end
      known[label] = code
    end
    list[i] = known[label] or nil
  end
  return list
end

--- Figures by variable, country and industry.
local function figures(path, year, wanted)
  local file, head, labels = place_of(path)
  local col = column_of(file, head, year)
  local text = core.text{ path = file, header_rows = 1, label_cols = labels, blank = "nan",
    missing = "#VALUE!" }
  local country, variable = text:labels(1), text:labels(2)
  local codes = industries(file, text:labels(labels))
  local values, found = text:numbers():column_list(col - labels), {}
  for i = 1, #country do
    if wanted[variable[i]] and codes[i] then
      local code = SPELLINGS[country[i]] or country[i]
      local by = found[variable[i]] or {}
      by[code] = by[code] or {}
      by[code][codes[i]] = values[i] == values[i] and values[i] or nil
      found[variable[i]] = by
    end
  end
  return found
end

--- A share times what it is a share of, where both are there.
local function product(share, whole)
  local out = {}
  for country, by in require "capmod.each"(share) do
    out[country] = {}
    for code, value in require "capmod.each"(by) do
      local base = (whole[country] or {})[code]
      out[country][code] = base and base * value
    end
  end
  return out
end

local function read(path, options)
  local wanted = { GO = true }
  for _, name in ipairs(options.rows) do
    wanted[name] = true
    if ROWS[name].of then wanted[ROWS[name].of] = true end
  end
  local found, rows = figures(path, options.year, wanted), {}
  for i, name in ipairs(options.rows) do
    local about = ROWS[name]
    local values = found[name] or {}
    rows[i] = { name = name, unit = about.unit, money = about.money, prices = about.prices,
      values = about.of and product(values, found[about.of] or {}) or values }
  end
  return rows, found.GO or {}
end

return {
  name = "wiod_sea", accounts = true, classification = "WIOD2013",
  about = "WIOD socio-economic accounts, release of 2013 (July 2014)",
  cite = "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), An Illustrated User Guide to the "
    .. "World Input-Output Database, Review of International Economics 23(3)",
  default = { "EMP", "EMPE", "H_EMP", "H_EMPE" }, rows = ROWS,
  no_rows = "price levels (_P) and volume indices (_QI) do not add up over industries",
  recognise = function(peek)
    local data = false
    for _, name in ipairs(peek.names) do data = data or name == "DATA" end
    local head = peek[1] or {}
    return (head[1] or ""):lower() == "country" and (head[2] or ""):lower() == "variable"
      or peek.kind == "workbook" and data
  end,
  read = read,
}
