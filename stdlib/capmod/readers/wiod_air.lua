--- Environmental accounts of the WIOD release of 2013: emissions to air (May 2012), a folder with a
--- workbook a country ("AUS_AIR_May12.xls"), a sheet a year: a line an industry ("secAtB"), then
--- households (FC_HH), a column a substance. CO2 is in kilotonnes, all others in tonnes. What the
--- source leaves blank is nothing.

local core = require "capmod.core"
local errors = require "capmod.errors"
local layout = require "capmod.read.layout"

local SPELLINGS = { ROM = "ROU", RoW = "ROW" }
local ROWS = { CO2 = { unit = "kt" } }
for _, name in ipairs{ "CH4", "N2O", "NOX", "SOX", "CO", "NMVOC", "NH3" } do
  ROWS[name] = { unit = "t" }
end

--- The file of each country in the folder.
local function files_of(path)
  local kind, _, _, names = core.contents(path)
  local list = {}
  for _, name in ipairs(kind == "folder" and names or {}) do
    local country = name:match "^(%a%a%a)_AIR_.*%.xlsx?$"
    if country then
      list[#list + 1] = { country = SPELLINGS[country] or country, path = path .. "/" .. name }
    end
  end
  if #list == 0 then layout.wrong(path, 0, 0, "no file in it is named like AUS_AIR_May12.xls") end
  return list
end

local function sheet_of(file, year)
  local _, _, _, sheets = core.contents(file)
  for _, name in ipairs(sheets) do
    if name == tostring(year) then return file .. "/" .. name end
  end
  errors.raise(5116, { message = ("%s has no year %s"):format(file, tostring(year)), object = file,
    path = file, field = "year", fix = "its sheets are " .. table.concat(sheets, " ") })
end

--- Puts the figures of one country into the rows.
local function read_one(file, options, rows)
  local path, codes = sheet_of(file.path, options.year), require "capmod.codes"
  local text = core.text{ path = path, header_rows = 1, label_cols = 2, blank = "zero" }
  local at, numbers = {}, text:numbers()
  for j, label in ipairs(text:header(1)) do at[label] = j - 2 end
  for k, name in ipairs(options.rows) do
    local col = at[name] or layout.wrong(path, 1, 0, ("there is no column '%s'"):format(name))
    local values, list = {}, numbers:column_list(col)
    for i, label in ipairs(text:labels(2)) do
      local sector = label:match "^sec(.+)$"
      if label == "FC_HH" then
        rows[k].final[file.country] = list[i]
      elseif sector and sector ~= "TOT" then
        local ok, code = pcall(codes.sector, sector, "WIOD2013")
        if ok then
          values[code] = list[i]
        elseif list[i] ~= 0 then
          layout.wrong(path, i + 1, 2, ("'%s' is no industry"):format(label))
        end
      end
    end
    rows[k].values[file.country] = values
  end
end

local function read(path, options)
  path = path:gsub("/$", "")
  local rows = {}
  for k, name in ipairs(options.rows) do
    rows[k] = { name = name, unit = ROWS[name].unit, values = {}, final = {} }
  end
  for _, file in ipairs(files_of(path)) do
    if options.countries[file.country] then read_one(file, options, rows) end
  end
  return rows
end

return {
  name = "wiod_air", accounts = true, classification = "WIOD2013",
  about = "WIOD environmental accounts, emissions to air, release of 2013 (May 2012)",
  cite = "Genty, Arto, Neuwahl (2012), Final Database of Environmental Satellite Accounts, "
    .. "WIOD deliverable 4.6",
  default = { "CO2", "CH4", "N2O" }, rows = ROWS,
  recognise = function(peek)
    for _, name in ipairs(peek.kind == "folder" and peek.names or {}) do
      if name:match "^%a%a%a_AIR_.*%.xlsx?$" then return true end
    end
    return false
  end,
  read = read,
}
