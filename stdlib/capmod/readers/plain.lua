--- A csv of numbers alone, [Z|Y] side by side: a row for each country and sector, country by
--- country, and as many columns, then the final-demand columns, country by country. The lists are
--- given, or are files with a name a line. Such a file has no heading to be recognised by.

local core = require "capmod.core"
local errors = require "capmod.errors"
local layout = require "capmod.read.layout"

local ALL = math.maxinteger

--- A list as it is, or the first field of each line of a file.
local function list_of(value, base)
  if type(value) == "table" then return value end
  local path = value:sub(1, 1) == "/" and value or base .. value
  local list = {}
  for i, line in ipairs(core.peek(path, ALL)) do
    if line[1] == "" then layout.wrong(path, i, 1, "a blank where a name is expected") end
    list[i] = line[1]
  end
  return list
end

local function read(path, options)
  local base = path:match "^.*/" or ""
  local countries = list_of(options.countries, base)
  local sectors = list_of(options.sectors, base)
  local final = options.final and list_of(options.final, base)
  local n, f = #countries * #sectors, #countries * (final and #final or 1)
  local numbers = core.text{ path = path, delimiter = options.delimiter }:numbers()
  if numbers:rows() ~= n or numbers:cols() ~= n + f then
    errors.raise(5104, {
      message = ("%s has %d rows and %d columns; %d countries with %d sectors and %d final-demand "
        .. "columns each take %d and %d"):format(path, numbers:rows(), numbers:cols(), #countries,
        #sectors, f // #countries, n, n + f),
      object = path, path = path, fix = "correct the lists, or take headings out of the file",
    })
  end
  return {
    year = options.year or layout.year(path), unit = options.unit,
    countries = countries, sectors = sectors, classification = options.classification,
    categories = final, Z = numbers:block(1, n, 1, n),
    Y = numbers:block(1, n, n + 1, n + f),
    source = options.source or path:match "([^/]*)$",
  }
end

return {
  name = "plain",
  about = "numbers alone, [Z|Y], with lists of countries, sectors and final-demand categories",
  options = {
    countries = { "string", "list", required = true, about = "codes, or a file of them" },
    sectors = { "string", "list", required = true, about = "codes, or a file of them" },
    final = { "string", "list", about = "final-demand categories, or a file; one if absent" },
    year = { "integer" }, unit = { "string" }, source = { "string" },
    classification = { "string", about = "what the sector codes are of, such as WIOD2013" },
    delimiter = { "string" },
  },
  read = read,
}
