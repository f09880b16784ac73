--- EXIOBASE 3: a folder or zip archive of a year with Z.txt or A.txt, Y.txt and unit.txt, and in
--- the folder of an extension F.txt, F_Y.txt (F_hh.txt before version 3.8) and unit.txt.

local core = require "capmod.core"
local layout = require "capmod.read.layout"

--- Names of all files, with those in the folders of a folder.
local function files_of(path)
  local kind, _, _, names = core.contents(path)
  if kind ~= "folder" then return names end
  local all = {}
  for _, name in ipairs(names) do
    local inner_kind, _, _, inner = core.contents(path .. "/" .. name)
    all[#all + 1] = inner_kind ~= "folder" and name or nil
    for _, file in ipairs(inner_kind == "folder" and inner or {}) do
      all[#all + 1] = name .. "/" .. file
    end
  end
  return all
end

--- The path of "Z.txt" or "satellite/F.txt", however deep an archive holds it; or nil.
local function find(path, files, wanted)
  local found
  for _, name in ipairs(files) do
    local fits = name == wanted or name:sub(-#wanted - 1) == "/" .. wanted
    if fits and (not found or #name < #found) then found = name end
  end
  return found and path .. "/" .. found
end

--- A file as numbers and labels. Below the two header lines there may be one that names the label
--- columns and is blank beyond.
local function table_of(file, label_cols)
  local third = (core.peek(file, 3, "\t")[3] or {})
  local header = third[label_cols + 1] == "" and 3 or 2
  local text = layout.text({ path = file, delimiter = "\t", header_rows = header,
    label_cols = label_cols }, function(text) return #text:labels(1) end)
  return { file = file, text = text, numbers = text:numbers(), header = header,
    first = label_cols + 1, labels = text:labels(1),
    inner = label_cols > 1 and text:labels(2) or nil }
end

local function columns_of(t)
  local across = t.text:header(1)
  return layout.product(across, t.text:header(2), t.first, #across,
    function(i, message) layout.wrong(t.file, 2, i, message) end)
end

local function same(t, got, want)
  layout.same(got, 1, want, function(_, message) layout.wrong(t.file, 1, t.first, message) end)
end

--- The last field of each line of unit.txt but the first.
local function units_of(file)
  local units = {}
  for i, line in ipairs(core.peek(file, math.maxinteger, "\t")) do
    if i > 1 then units[i - 1] = line[#line] end
  end
  return units
end

local function add_extension(parts, path, files, name, countries, sectors)
  local file = find(path, files, name .. "/F.txt")
  if not file then return end
  local f = table_of(file, 1)
  local outer, inner = columns_of(f)
  same(f, outer, countries)
  same(f, inner, sectors)
  parts.F = f.numbers:label{ rows = f.labels, cols = false }
  local units = find(path, files, name .. "/unit.txt")
  for i, unit in ipairs(units and units_of(units) or {}) do
    if f.labels[i] then parts.units[f.labels[i]] = unit end
  end
  local final = find(path, files, name .. "/F_Y.txt") or find(path, files, name .. "/F_hh.txt")
  if not final then return end
  local fy = table_of(final, 1)
  layout.same(fy.labels, 1, f.labels,
    function(i, message) layout.wrong(fy.file, i + fy.header, 1, message) end)
  parts.FY = fy.numbers:label{ rows = fy.labels, cols = false }
end

local function read(path, options)
  path = path:gsub("/$", "")
  local files = files_of(path)
  local z_file, a_file = find(path, files, "Z.txt"), find(path, files, "A.txt")
  local y_file = find(path, files, "Y.txt")
    or layout.wrong(path, 0, 0, "there is no file Y.txt (final demand)")
  local a, y = table_of(z_file or a_file, 2), table_of(y_file, 2)
  local countries, sectors = layout.product(a.labels, a.inner, 1, #a.labels,
    function(i, message) layout.wrong(a.file, i + a.header, 1, message) end)
  local outer, inner = columns_of(a)
  same(a, outer, countries)
  same(a, inner, sectors)
  layout.same(y.labels, 1, a.labels,
    function(i, message) layout.wrong(y.file, i + y.header, 1, message) end)
  local finals, categories = columns_of(y)
  same(y, finals, countries)
  local units = find(path, files, "unit.txt")
  local parts = {
    name = "EXIOBASE 3", year = options.year or layout.year(path), units = {},
    unit = units and units_of(units)[1] or "M.EUR",
    countries = layout.three_letters(countries), sectors = sectors,
    categories = layout.final_codes(categories),
    Z = z_file and a.numbers or layout.from_coefficients(a.numbers, y.numbers), Y = y.numbers,
  }
  add_extension(parts, path, files, options.extension or "satellite", countries, sectors)
  return parts
end

return {
  name = "exiobase3",
  about = "EXIOBASE 3",
  cite = "Stadler et al. (2018), EXIOBASE 3, Journal of Industrial Ecology 22(3)",
  options = {
    year = { "integer", about = "the year of the table, where the path does not tell" },
    extension = { "string", about = "the folder of satellite rows; default \"satellite\"" },
  },
  recognise = function(peek)
    local have = {}
    for _, name in ipairs(peek.names) do have[name:match "([^/]*)$"] = true end
    return have["Y.txt"] and have["unit.txt"] and (have["Z.txt"] or have["A.txt"]) or false
  end,
  read = read,
}
