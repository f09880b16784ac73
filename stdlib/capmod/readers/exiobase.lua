--- EXIOBASE 1 and 2: a folder or zip archive with mrIot...txt, mrFinalDemand...txt,
--- mrFactorInputs...txt and extensions (mrEmissions, mrMaterials, mrResources, and mrFD... for
--- final demand), tab-separated: two header lines, then names and a unit in front of each row. Most
--- are published per million EUR of output; the flows are made from them.

local core = require "capmod.core"
local layout = require "capmod.read.layout"

--- A file as its text, with names and units of its rows. There are as many label columns as the
--- heading begins with blanks; the last of several is the unit.
local function table_of(file)
  local label_cols = layout.leading(core.peek(file, 1, "\t")[1], function(s) return s ~= "" end)
  local text = layout.text({ path = file, delimiter = "\t", header_rows = 2,
    label_cols = label_cols }, function(text) return #text:labels(1) end)
  return { file = file, numbers = text:numbers(), header = text, first = label_cols + 1,
    label_cols = label_cols, labels = text:labels(1),
    inner = text:labels(math.min(label_cols, 2)), units = text:labels(label_cols) }
end

local function nodes_of(t)
  return layout.product(t.labels, t.inner, 1, #t.labels,
    function(i, message) layout.wrong(t.file, i + 2, 1, message) end)
end

--- Checks that the columns of a file are the nodes.
local function same_columns(t, countries, sectors)
  local across, codes = t.header:header(1), t.header:header(2)
  local function wrong(i, message) layout.wrong(t.file, 2, i, message) end
  local outer, inner = layout.product(across, codes, t.first, #across, wrong)
  layout.same(outer, 1, countries, function(_, message) wrong(t.first, message) end)
  layout.same(inner, 1, sectors, function(_, message) wrong(t.first, message) end)
end

--- Rows of flows from rows that may be per unit of output (their unit then ends in /M.EUR).
local function flows(t, x)
  local each_per, per = {}, 0
  for i, unit in ipairs(t.units) do
    each_per[i] = unit:find("/M.EUR", 1, true) ~= nil
    per = per + (each_per[i] and 1 or 0)
  end
  if per == 0 then return t.numbers end
  if per < #t.units then
    layout.wrong(t.file, 0, 0, "some rows are per unit of output, others are not")
  end
  return t.numbers * x
end

local EXTENSIONS = { "Emissions", "Materials", "Resources" }

local function add_extension(parts, t, x, final)
  local names = {}
  for i, name in ipairs(t.labels) do
    names[i] = t.label_cols > 2 and ("%s: %s"):format(name, t.inner[i]) or name
    parts.units[names[i]] = t.label_cols > 1 and t.units[i]:gsub("/M%.EUR$", "") or nil
  end
  local rows = flows(t, x):label{ rows = names, cols = false }
  local of_final = final and final.numbers:label{ rows = names, cols = false }
    or core.matrix(#names, parts.Y:cols(), 0):label{ rows = names }
  parts.F = parts.F and parts.F:join(rows, "row") or rows
  parts.FY = parts.FY and parts.FY:join(of_final, "row") or of_final
end

local function read(path, options)
  local _, _, _, files = core.contents(path)
  local function file(name, wanted)
    return layout.file(path, files, "^mr" .. name .. "[^/]*%.txt$")
      or wanted and layout.wrong(path, 0, 0, ("there is no file mr%s...txt"):format(name)) or nil
  end
  local a = table_of(file("Iot", true))
  local countries, sectors = nodes_of(a)
  same_columns(a, countries, sectors)
  local y = table_of(file("FinalDemand", true))
  local function wrong(i, message) layout.wrong(y.file, 2, i, message) end
  layout.same(y.labels, 1, a.labels,
    function(i, message) layout.wrong(y.file, i + 2, 1, message) end)
  local finals, categories = layout.product(y.header:header(1), y.header:header(2), y.first,
    #y.header:header(1), wrong)
  layout.same(finals, 1, countries, function(_, message) wrong(y.first, message) end)

  local Z, x = a.numbers
  if a.units[1]:find("/", 1, true) then
    Z, x = layout.from_coefficients(a.numbers, y.numbers)
  else
    x = Z:sum{ by = "row" } + y.numbers:sum{ by = "row" }
  end
  x = x:T():label{ rows = false, cols = false }
  local parts = {
    name = "EXIOBASE", year = options.year or layout.year(path), unit = "EUR mn", units = {},
    countries = layout.three_letters(countries), sectors = sectors,
    categories = layout.final_codes(categories), Z = Z, Y = y.numbers,
  }
  local factors = file "FactorInputs"
  if factors then
    local p = table_of(factors)
    same_columns(p, countries, sectors)
    parts.P = flows(p, x):label{ rows = p.labels, cols = false }
  end
  for _, name in ipairs(EXTENSIONS) do
    local of_industry, of_final = file(name), file("FD" .. name)
    if of_industry then
      local t = table_of(of_industry)
      same_columns(t, countries, sectors)
      local final = of_final and table_of(of_final)
      if final then
        layout.same(final.labels, 1, t.labels,
          function(i, message) layout.wrong(final.file, i + 2, 1, message) end)
      end
      add_extension(parts, t, x, final)
    end
  end
  return parts
end

return {
  name = "exiobase",
  about = "EXIOBASE 1 and 2",
  cite = "Wood et al. (2015), Global Sustainability Accounting: Developing EXIOBASE for "
    .. "Multi-Regional Footprint Analysis, Sustainability 7(1)",
  options = { year = { "integer", about = "the year of the table: 2000 (version 1), 2007 (2)" } },
  recognise = function(peek)
    for _, name in ipairs(peek.names) do
      if name:match "([^/]*)$":match "^mrIot.*%.txt$" then return true end
    end
    return false
  end,
  read = read,
}
