--- Tables in files: HDF5 with the factor, delimited text, a sheet of a workbook, a data package,
--- observations in the style of SDMX.
---
--- What a table is called, its unit, source, ... are `facts`: lines "key: value" in which what
--- could be taken for a delimiter is written %2C. They head a csv file behind "# ", the sheet of a
--- workbook likewise, and are one text in an HDF5 file.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local store = require "capmod.mrio.store"

local save = {}

--- How a file of ours begins.
save.FIRST = "# capmod table 1"
save.SHEET = "table"

-- ---- facts --------------------------------------------------------------------------------------

local PLAIN = { "name", "year", "unit", "source", "classification", "edition", "currency",
  "licence" }

local function coded(value)
  return (tostring(value):gsub('[%%,;|"\r\n\t]', function(c)
    return ("%%%02X"):format(c:byte())
  end))
end

local function decoded(value)
  return (value:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

--- A list of labels as one value: a blank parts them.
local function listed(labels)
  local list = {}
  for i, label in ipairs(labels) do list[i] = coded(label):gsub(" ", "%%20") end
  return table.concat(list, " ")
end

local function unlisted(value)
  local list = {}
  for label in value:gmatch "%S+" do list[#list + 1] = decoded(label) end
  return list
end

--- The facts of a table as lines.
---@param s table
---@return string[]
local function lines_of(s)
  local lines = {}
  local function add(key, value) lines[#lines + 1] = ("%s: %s"):format(key, value) end
  for _, key in ipairs(PLAIN) do
    if s[key] ~= nil then add(key, coded(s[key])) end
  end
  for name, unit in each(s.units) do add("units." .. coded(name), coded(unit)) end
  for _, change in ipairs(s.changes) do add("change", coded(change)) end
  return lines
end

--- Facts from lines; what is no fact is passed over.
---@param lines string[]
---@return table facts, table<string, string> others
function save.facts(lines)
  local facts, others = { units = {}, changes = {} }, {}
  local known = {}
  for _, key in ipairs(PLAIN) do known[key] = true end
  for _, line in ipairs(lines) do
    local key, value = line:match "^#?%s*([^:]+): (.*)$"
    local unit = key and key:match "^units%.(.*)$"
    if unit then facts.units[decoded(unit)] = decoded(value)
    elseif key == "change" then facts.changes[#facts.changes + 1] = decoded(value)
    elseif known[key] then facts[key] = decoded(value)
    elseif key then others[key] = value end
  end
  facts.year = math.tointeger(tonumber(facts.year))
  return facts, others
end

-- ---- writing ------------------------------------------------------------------------------------

--- The lines on top of a csv file or a sheet.
local function head_of(s)
  local head = { save.FIRST }
  local function add(line) head[#head + 1] = "# " .. line end
  for _, line in ipairs(lines_of(s)) do add(line) end
  add("countries: " .. listed(s.countries))
  add("sectors: " .. listed(s.sectors))
  if s.categories then add("categories: " .. listed(s.categories)) end
  local final = {}
  for _, part in ipairs{ "PY", "FY" } do
    if s.table:part(part) then final[#final + 1] = part end
  end
  if #final > 0 then add("final: " .. table.concat(final, " ")) end
  return head
end

local function write_csv(s, path) s.table:write(path, head_of(s)) end

local function resource(s, path)
  local fields = { { name = "block", type = "string" }, { name = "row", type = "string" } }
  for _, list in ipairs{ s.nodes, s.columns } do
    for _, label in ipairs(list) do fields[#fields + 1] = { name = label, type = "number" } end
  end
  return {
    name = "table", path = path, title = s.name, encoding = "utf-8", format = "csv",
    profile = "tabular-data-resource", mediatype = "text/csv", dialect = { commentChar = "#" },
    schema = { fields = fields, missingValues = { "" } },
    sources = s.source and { { title = s.source } } or nil,
    licenses = s.licence and { { title = s.licence } } or nil,
  }
end

--- The csv first, so that no descriptor speaks of a file that is not there.
local function write_package(s, path)
  local folder, base = path:match "^(.-)([^/]*)$"
  local stem = base:match "^(.+)%.datapackage%.json$" or "data"
  write_csv(s, folder .. stem .. ".csv")
  export.write_file(path, require "capmod.frame.package".descriptor(s.name,
    { resource(s, stem .. ".csv") }))
end

local function write_hdf5(s, path, options)
  s.table:store(path, table.concat(lines_of(s), "\n"), options.factor ~= false)
end

--- A line for each number, under the names of SDMX's concepts; the facts stand in COMMENT_DSET.
local function write_observations(s, path)
  local sdmx = require "capmod.frame.sdmx"
  local unit, power = sdmx.unit_of(s.unit)
  local satellites, units, powers = s.table:part "F", {}, {}
  for i, name in ipairs(satellites and satellites:labels "rows" or {}) do
    local measured, exponent = sdmx.unit_of(s.units[name])
    units[i], powers[i] = measured or "", tostring(exponent)
  end
  local lines = head_of(s)
  for i, line in ipairs(lines) do lines[i] = line:gsub("^# ", "") end
  s.table:observe(path, { period = s.year and tostring(s.year) or "",
    comment = table.concat(lines, "; "), unit = unit or "", multiplier = tostring(power) },
    units, powers)
end

local WRITERS = {
  csv = write_csv, h5 = write_hdf5, hdf5 = write_hdf5, json = write_package,
  xlsx = function(s, path) s.table:write(path, head_of(s), save.SHEET) end,
}

--- Saves the table whole: labels, every matrix that it was given, units, source, licence, changes.
--- `cm.read` reads it back equal, number for number. The ending of the path says how: .h5 (HDF5,
--- by default with the LU factors of I - A, so that the first question of the next run needs no
--- factorisation; a key over the content shows a file that was damaged), .csv (facts in
--- lines that begin with #, then a row for each of Z|Y, P|PY, F|FY, output), .xlsx (the same as a
--- sheet "table"), .datapackage.json (that csv file and its descriptor, Frictionless Data Package
--- 1). `{ "x.csv", style = "sdmx" }`: a line for each number, under the names of SDMX's concepts.
--- A file that stood there is replaced once all is written. CM5001, CM5202 to CM5204; CM1301 for
--- more columns than a sheet has.
---@param t string|{ [1]: string, factor: boolean?, style: string? }  factor: of .h5, default true
---@return capmod.Mrio self
function save.save(m, t)
  local s = store.of(m)
  local given = type(t) == "table" and table.move(t, 1, #t, 1, {}) or { t }
  for key, value in each(type(t) == "table" and t or {}) do given[key] = value end
  local path = args.one(table.remove(given, 1), "save", "path", "string")
  args.check("save", given, {
    factor = { "boolean", about = ".h5: whether the LU factors of I - A go along" },
    style = { "string", about = "csv: \"sdmx\" for a line a number, as SDMX names its columns" } })
  local ending = (path:match "%.([%w_]+)$" or ""):lower()
  local writer = WRITERS[ending]
  if given.style then
    args.choice(given.style, "style", { "sdmx" }, "save")
    if ending ~= "csv" then
      errors.raise(5202, { message = ("save: '%s' is no csv file"):format(path), object = "save",
        field = "style", fix = 'm:save{ "x.csv", style = "sdmx" }' })
    end
    writer = write_observations
  end
  if not writer or ending == "json" and not path:match "[^/]*$":find "datapackage%.json$" then
    errors.raise(5204, { message = ("save: no way to write '%s'"):format(path), object = "save",
      field = path, fix = "end the name in .h5, .csv, .xlsx or .datapackage.json" })
  end
  writer(s, path, given)
  return m
end

-- ---- reading HDF5 -------------------------------------------------------------------------------

--- Whether a file begins as HDF5 does.
---@param path string
---@return boolean
function save.is_hdf5(path)
  local file = io.open(path, "rb")
  local first = file and file:read(8)
  if file then file:close() end
  return first == "\137HDF\r\n\26\n"
end

--- A table from an HDF5 file of ours; its factor comes along where it is whole. CM5002.
---@param path string
---@param options table
---@return capmod.Mrio
function save.load(path, options)
  args.check("read", options, { name = { "string", about = "what the table is called" } })
  local core_table, text = core.load_table(path)
  local lines = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  local facts = save.facts(lines)
  facts.name = options.name or facts.name or path:match "([^/]*)$"
  return store.new(core_table, facts)
end

--- The lists that the head of a csv file names.
---@param others table<string, string>
---@return string[]? countries, string[]? sectors, string[]? categories
function save.lists(others)
  return others.countries and unlisted(others.countries),
    others.sectors and unlisted(others.sectors),
    others.categories and unlisted(others.categories)
end

return save
