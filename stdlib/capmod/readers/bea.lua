--- Input-output accounts of the US Bureau of Economic Analysis, summary level, workbooks with a
--- sheet a year: the use table with the make table beside it, or total requirements, industry by
--- industry. Codes stand in the sixth line and the first column, names in the seventh and the
--- second; "..." is nothing.
---
--- Commodities become industries by who makes them (fixed product sales structures, model D of
--- cm.supply_use): Z = V q^-1 U, Y = V q^-1 e, over all 73 commodities as the Bureau's requirements
--- have it: scrap comes from those who sell it, and noncomparable imports from the general
--- government that the make table books them to. Imports are a negative column of final demand,
--- as published. Make and use are "before redefinitions", the published requirements after them.

local core = require "capmod.core"
local errors = require "capmod.errors"
local layout = require "capmod.read.layout"

local OUTSIDE = { "Used", "Other" } -- scrap and second-hand goods; noncomparable imports
local OUTPUT = { use = "Total Industry Output", make = "Total Commodity Output" }
local ROUNDING = 5 -- USD mn: published figures are rounded one by one

local function kind_of(peek)
  local title = (peek[1] or {})[1] or ""
  return title:find "^The Use of Commodities" and "use" or title:find "^The Make of" and "make"
    or title:find "^Industry%-by%-Industry Total Requirements" and "requirements" or nil
end

--- A sheet as numbers, with the codes of its rows and columns and where each stands.
local function sheet_of(path, wanted)
  local found = kind_of(core.peek(path, 1))
  if found ~= wanted then
    layout.wrong(path, 1, 1, ("this is no %s table"):format(wanted))
  end
  local text = core.text{ path = path, header_rows = 7, label_cols = 2, blank = "zero",
    missing = "..." }
  local s = { path = path, numbers = text:numbers():label{ rows = false, cols = false },
    codes = text:labels(1), names = text:labels(2), across = text:header(6), at = {} }
  for i, name in ipairs(s.names) do s.at[s.codes[i] ~= "" and s.codes[i] or name] = i end
  return s
end

--- The sheet of a year in a workbook: the one of the same name as that of the other file.
local function beside(path, other)
  local kind, _, inner = core.contents(other)
  if kind ~= "workbook" or inner ~= "" then return other end
  local year = path:match "([^/]*)$"
  return other:gsub("/$", "") .. "/" .. year
end

--- How many rows there are before those of no commodity or industry, and their codes.
local function industries_of(s)
  local n = layout.leading(s.codes, function(code)
    return code == "" or code == OUTSIDE[1] or code:find "^V%d%d%d$" ~= nil
  end)
  local codes = table.move(s.codes, 1, n, 1, {})
  layout.same(s.across, 3, codes, function(i, message) layout.wrong(s.path, 6, i, message) end)
  return n, codes
end

local function row_of(s, name)
  return s.at[name] or layout.wrong(s.path, #s.codes + 7, 2, ("there is no row '%s'"):format(name))
end

--- Final uses of a use table: columns F010 to the last of them.
local function finals_of(s)
  local first, last
  for i, code in ipairs(s.across) do
    if code:find "^F%d%d%w$" then first, last = first or i, i end
  end
  if not first then layout.wrong(s.path, 6, 0, "there are no columns of final uses (F010 ...)") end
  return first - 2, last - 2, table.move(s.across, first, last, 1, {})
end

--- The two outputs of each industry must be one.
local function same_output(use, make, output, made, mixed)
  local gap, i = (output:T() - made):abs():max()
  if gap <= ROUNDING or mixed then return gap end
  errors.raise(5110, { message = ("%s makes %d in %s and %d in %s"):format(use.codes[i],
    output:get(1, i), use.path, made:get(i, 1), make.path), object = make.path, path = make.path,
    fix = "take both of one release (the Bureau revises all years at once), or say mixed = true" })
end

local function read_pair(path, make_path, options)
  local use, make = sheet_of(path, "use"), sheet_of(beside(path, make_path), "make")
  local n, codes = industries_of(use)
  local goods = table.move(codes, 1, n, 1, {})
  for i, code in ipairs(OUTSIDE) do goods[n + i] = code end
  layout.same(use.codes, n + 1, OUTSIDE,
    function(i, message) layout.wrong(use.path, i + 7, 1, message) end)
  layout.same(make.codes, 1, codes,
    function(i, message) layout.wrong(make.path, i + 7, 1, message) end)
  layout.same(make.across, 3, goods,
    function(i, message) layout.wrong(make.path, 6, i, message) end)
  row_of(make, OUTPUT.make)
  local out = row_of(use, OUTPUT.use)
  local output = use.numbers:block(out, out, 1, n)
  local V = make.numbers:block(1, n, 1, n + #OUTSIDE)
  local made = V:sum{ by = "row" }
  local gap = same_output(use, make, output, made, options.mixed)
  local share = V * V:sum{ by = "col" }:recip()
  local first, last, finals = finals_of(use)
  local rows = { row_of(use, "V001"), row_of(use, "V002"), row_of(use, "V003") }
  local primary = use.numbers:take("row", rows):label{ rows = { "COMP", "TAXES", "GOS" } }
  return { sectors = codes, categories = finals, output = output,
    Z = share:mul(use.numbers:block(1, n + #OUTSIDE, 1, n)),
    Y = share:mul(use.numbers:block(1, n + #OUTSIDE, first, last)),
    P = primary:block(1, #rows, 1, n), PY = primary:block(1, #rows, first, last),
    note = options.mixed and ("; outputs of make and use differ by up to %d"):format(gap) or "" }
end

--- From the total requirements and the output of a make or use table: A = I - L^-1, Z = A x.
local function read_requirements(path, options)
  local s = sheet_of(path, "requirements")
  local n, codes = industries_of(s)
  local other = options.make or options.use
  if not other then
    errors.raise(5111, { message = ("%s holds requirements per unit, not flows"):format(path),
      object = path, path = path, field = "make",
      fix = 'name the table that has the outputs: make = "IOMake...xlsx" or use = ...' })
  end
  local t = sheet_of(beside(path, other), options.make and "make" or "use")
  layout.same(t.codes, 1, codes, function(i, message) layout.wrong(t.path, i + 7, 1, message) end)
  local x
  if options.make then
    x = t.numbers:block(1, n, 1, n + #OUTSIDE):sum{ by = "row" }:T()
  else
    local out = row_of(t, OUTPUT.use)
    x = t.numbers:block(out, out, 1, n)
  end
  local Z = (core.identity(n) - s.numbers:block(1, n, 1, n):inv()) * x
  return { sectors = codes, output = x, Z = Z, Y = x:T() - Z:sum{ by = "row" },
    note = "; final demand is what the requirements leave of output" }
end

local function read(path, options)
  local kind = kind_of(core.peek(path, 1))
  local parts
  if kind == "requirements" then
    parts = read_requirements(path, options)
  elseif kind == "use" and options.make then
    parts = read_pair(path, options.make, options)
  elseif kind == "make" and options.use then
    parts = read_pair(beside(path, options.use), path, options)
  else
    errors.raise(5111, { message = ("%s is half of what is needed"):format(path), object = path,
      path = path, field = "make", fix = 'name the make table beside the use table: '
        .. 'cm.read{ "IOUse...xlsx", make = "IOMake...xlsx", year = 2018 }' })
  end
  parts.name, parts.year = "BEA", options.year or layout.year(path)
  parts.unit, parts.currency = "USD mn", "USD"
  parts.countries, parts.classification = { "USA" }, "BEA71"
  local _, file, sheet = core.contents(path)
  parts.source = ("%s/%s, read as bea (%s)%s"):format(file:match "([^/]*)$", sheet, kind,
    parts.note)
  parts.note = nil
  return parts
end

return {
  name = "bea",
  about = "US Bureau of Economic Analysis, use and make tables or total requirements, summary",
  cite = "US Bureau of Economic Analysis, Input-Output Accounts",
  licence = "public domain",
  options = {
    year = { "integer", about = "the year, the name of its sheet" },
    make = { "string", about = "the make table that goes with a use table" },
    use = { "string", about = "the use table that goes with a make table" },
    mixed = { "boolean", about = "whether the two may be of different releases" },
  },
  recognise = function(peek) return kind_of(peek) ~= nil end,
  read = read,
}
