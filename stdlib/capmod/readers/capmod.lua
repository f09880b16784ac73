--- Tables that m:save wrote as csv, as the sheet of a workbook, or as a data package: facts in
--- lines that begin with #, a line of headings, then rows of the blocks Z|Y, P|PY, F|FY, output.

local core = require "capmod.core"
local json = require "capmod.json"
local layout = require "capmod.read.layout"

local HEAD = 10000 -- lines that facts may take

--- The first resource of a descriptor that is whole.
local function resource_of(path)
  local file = io.open(path, "rb")
  local value, message, line = json.decode(file and file:read "a" or "")
  if file then file:close() end
  if message then layout.wrong(path, line, 0, "a descriptor that is no JSON: " .. message) end
  local resources = type(value) == "table" and value.resources
  local resource = type(resources) == "table" and resources[1]
  local name = type(resource) == "table" and resource.path
  if type(name) ~= "string" or name:find "^/" or name:find "%.%." then
    layout.wrong(path, 0, 0, "a descriptor that names no file beside it")
  end
  return resource
end

--- A descriptor leads to its csv file, and has the names of its columns.
local function data_of(path)
  if not path:find "datapackage%.json$" then return path end
  local resource = resource_of(path)
  local schema = resource.schema
  local fields = type(schema) == "table" and schema.fields
  if type(fields) ~= "table" then layout.wrong(path, 0, 0, "a descriptor without fields") end
  return (path:match "^.*/" or "") .. resource.path, function(heading)
    for i = 1, math.max(#heading, #fields) do
      local name = type(fields[i]) == "table" and fields[i].name
      if name ~= heading[i] then
        layout.wrong(path, 0, 0, ("field %d is '%s', where %s has '%s'"):format(i, tostring(name),
          resource.path, tostring(heading[i])))
      end
    end
  end
end

local function head_of(path)
  local lines = {}
  for i, line in ipairs(core.peek(path, HEAD, ",")) do
    if not (line[1] or ""):find "^#" then return lines, i, line end
    lines[i] = line[1]
  end
  layout.wrong(path, #lines + 1, 1, "the line of headings is missing")
end

--- Where each block begins and ends: { Z = { first, last }, ... }.
local function spans(path, names, above)
  local list = {}
  for i, name in ipairs(names) do
    local span = list[name]
    if span and span[2] ~= i - 1 or not span and not (name == "Z" or name == "P" or name == "F" or
      name == "output") then
      layout.wrong(path, above + i, 1, ("a row of block '%s' out of place"):format(name))
    end
    if span then span[2] = i else list[name] = { i, i } end
  end
  return list
end

local function read(path)
  local check
  path, check = data_of(path)
  local save = require "capmod.mrio.save"
  local lines, above, heading = head_of(path)
  if check then check(heading) end
  local facts, others = save.facts(lines)
  local countries, sectors, categories = save.lists(others)
  if not countries or not sectors then
    layout.wrong(path, 1, 1, "the lines with countries and sectors are missing")
  end
  local n = #countries * #sectors
  local text = core.text{ path = path, delimiter = ",", header_rows = above, label_cols = 2,
    blank = "zero" }
  local numbers, rows = text:numbers(), text:labels(2)
  local found = spans(path, text:labels(1), above)
  local columns = numbers:cols() - n
  local z = found.Z or { 1, 0 }
  if z[2] - z[1] + 1 ~= n or columns < 1 then
    layout.wrong(path, above, 1, ("%d countries with %d sectors take %d rows of Z, not %d"):format(
      #countries, #sectors, n, z[2] - z[1] + 1))
  end
  local function block(name, first, width)
    local span = found[name]
    if not span then return nil end
    return numbers:block(span[1], span[2], first, first + width - 1):label{
      rows = table.move(rows, span[1], span[2], 1, {}),
      cols = table.move(heading, first + 2, first + width + 1, 1, {}),
    }
  end
  local final = " " .. (others.final or "") .. " "
  facts.Z, facts.Y = block("Z", 1, n), block("Z", n + 1, columns)
  facts.P, facts.F = block("P", 1, n), block("F", 1, n)
  facts.PY = final:find " PY " and block("P", n + 1, columns) or nil
  facts.FY = final:find " FY " and block("F", n + 1, columns) or nil
  local output = found.output
  facts.output = output and numbers:block(output[1], output[2], 1, n) or nil
  facts.countries, facts.sectors, facts.categories = countries, sectors, categories
  return facts
end

return {
  name = "capmod",
  about = "a table that capmod saved: csv, workbook or data package",
  saved = true, -- what is not in the file was not in the table
  recognise = function(peek)
    if peek.path:find "datapackage%.json$" then return true end
    return peek[1] ~= nil and peek[1][1] == require "capmod.mrio.save".FIRST
  end,
  read = read,
}
