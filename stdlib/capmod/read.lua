--- Reading published tables.
---
---     local m = cm.read "wiot2011_full.csv.gz"           -- the edition is recognised
---     local m = cm.read{ "ZY.csv", as = "plain",         -- or named
---       countries = "countries.txt", sectors = "sectors.txt", final = "fd.txt" }
---     local m = cm.read{ "icio.zip", member = "ICIO2021_2018.csv" }   -- or "icio.zip/ICIO..."
---     local m = cm.read{ "wiot.xlsx", sheet = "WIOT_2011" }
---     local c = cm.read "38.csv"                         -- a supply chain of Willems (2008)
---
--- An edition is a reader: a file in capmod/readers/ on the search path that returns
---
---     { name =, about =, cite =, licence =, options = { year = { "integer" } },
---       recognise = function(peek) ... end,        -- optional: does the file look like it?
---       makes = "chain",                           -- optional: a chain instead of a table
---       read = function(path, options) ... end }   -- the fields that cm.mrio (cm.chain) takes
---
--- or the same table given to `cm.define.reader`. `peek` lists the fields of the file's first
--- lines (none of a folder, or of an archive of several files); `peek.path` is its path,
--- `peek.kind` "file", "folder", "archive" or "workbook", `peek.names` what that holds.
--- Errors CM51xx.

local args = require "capmod.args"
local core = require "capmod.core"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"

local read = {}

local PEEKED = 8 -- lines that recognition may look at

--- The editions that come with capmod, in the order in which they are tried.
read.shipped = { "bea", "wiod2013", "wiod2013_regional", "oecd_icio", "oecd_iot", "lrwiod",
  "eora26", "exiobase", "exiobase3", "willems2008", "plain", "capmod", "sdmx" }

--- The readers of accounts, which m:attach puts beside a table.
read.accounts = { "wiod_sea", "wiod_air" }

--- The readers there are: those defined with cm.define.reader, then those that come with capmod.
---@return table[]
function read.readers()
  local list, seen = {}, {}
  for _, reader in ipairs(define.registry "reader") do
    if not reader.accounts then list[#list + 1] = reader end
    seen[reader.name] = true
  end
  for _, name in ipairs(read.shipped) do
    if not seen[name] then list[#list + 1] = require("capmod.readers." .. name) end
  end
  return list
end

local function names_of(readers)
  local names = {}
  for i, reader in ipairs(readers) do names[i] = reader.name end
  return names
end

local function described(readers)
  local lines = {}
  for i, reader in ipairs(readers) do lines[i] = ("%s (%s)"):format(reader.name, reader.about) end
  return table.concat(lines, "; ")
end

--- The reader of an edition; a file capmod/readers/NAME.lua on the search path is one too.
local function named(name)
  local readers = read.readers()
  for _, reader in ipairs(readers) do
    if reader.name == name then return reader end
  end
  local module = "capmod.readers." .. tostring(name)
  if package.searchpath(module, package.path) then return require(module) end
  errors.raise(5102, {
    message = ("there is no edition '%s'"):format(tostring(name)), object = "read", field = "as",
    fix = errors.did_you_mean(tostring(name), names_of(readers),
      "the editions are " .. described(readers)),
  })
end

--- The path with the member or sheet that is meant: the one named, the only one, the one whose
--- name has the year. It stays as it is where that does not tell.
local function resolve(path, options)
  local part = options.member or options.sheet
  if part then return path:gsub("/$", "") .. "/" .. args.one(part, "read", "part", "string") end
  local kind, _, inner, names = core.contents(path)
  if inner ~= "" or kind ~= "archive" and kind ~= "workbook" then return path end
  if #names == 1 then return path .. "/" .. names[1] end
  local layout, found = require "capmod.read.layout", {}
  for _, name in ipairs(options.year and names or {}) do
    if layout.year(name) == options.year then found[#found + 1] = name end
  end
  return #found == 1 and path .. "/" .. found[1] or path
end

--- What recognition looks at: the first lines of the file, or of the first sheet that has any.
local function look(path)
  local kind, _, inner, names = core.contents(path)
  local peek = {}
  if kind == "file" or inner ~= "" then
    peek = core.peek(path, PEEKED)
  elseif kind == "workbook" then
    for _, sheet in ipairs(names) do
      local ok, lines = pcall(core.peek, path .. "/" .. sheet, PEEKED)
      if ok then
        peek = lines
        break
      elseif lines.number ~= "CM5005" then -- an empty sheet says nothing
        error(lines, 0)
      end
    end
  end
  peek.path, peek.kind, peek.names = path, kind, names
  return peek
end

--- The one reader whose edition the file looks like. CM5101 several, CM5102 none.
local function recognised(path, readers)
  local peek = look(path)
  local fitting = {}
  for _, reader in ipairs(readers) do
    if reader.recognise and reader.recognise(peek) then fitting[#fitting + 1] = reader end
  end
  if #fitting == 1 then return fitting[1] end
  if #fitting == 0 then
    errors.raise(5102, {
      message = ("%s looks like no edition that capmod knows"):format(path), object = path,
      fix = 'name it: as = "..."; the editions are ' .. described(readers), path = path,
    })
  end
  local names = names_of(fitting)
  errors.raise(5101, {
    message = ("%s looks like %s"):format(path, table.concat(names, " and like ")), path = path,
    object = path, field = "as", fix = ('say which: as = "%s"'):format(names[1]),
  })
end

--- The reader of accounts of a file: the one named, or the one that it looks like.
---@param path string
---@param name string?
---@return table
function read.accounts_reader(path, name)
  local readers = {}
  for _, reader in ipairs(define.registry "reader") do
    if reader.accounts then readers[#readers + 1] = reader end
  end
  for _, known in ipairs(read.accounts) do
    readers[#readers + 1] = require("capmod.readers." .. known)
  end
  if not name then return recognised(path, readers) end
  for _, reader in ipairs(readers) do
    if reader.name == name then return reader end
  end
  errors.raise(5102, { message = ("there are no accounts '%s'"):format(name), object = "attach",
    field = "as", fix = errors.did_you_mean(name, names_of(readers),
      "there are " .. described(readers)) })
end

local COMMON = {
  as = { "string", about = "the edition, where it should not be recognised" },
  name = { "string", about = "what the table is called in print" },
  member = { "string", about = "which file of a zip archive" },
  sheet = { "string", about = "which sheet of a workbook" },
}

local function check_options(reader, options)
  local spec, given = {}, {}
  for key, rule in each(COMMON) do spec[key] = rule end
  for key, rule in each(reader.options or {}) do spec[key] = rule end
  for key, value in each(options) do
    if key ~= 1 then given[key] = value end -- the path
  end
  args.check("read", given, spec)
end

local function source(reader, path)
  local licence = reader.licence and "; " .. reader.licence or ""
  local _, file, inner = core.contents(path)
  path = file:gsub("/$", ""):match "([^/]*)$" .. (inner ~= "" and "/" .. inner or "")
  return ("%s, read as %s: %s%s"):format(path, reader.name, reader.about, licence)
end

--- The fields for cm.mrio as the reader gives them, before a table is made of them.
---@param options string|table  a path, or { path, as =, name =, and what the edition takes }
---@return table parts, table reader
function read.parts(options)
  if type(options) == "string" then options = { options } end
  args.one(options, "read", "argument", "string", "table")
  local given = args.one(options[1], "read", "path", "string")
  local reader = options.as and named(options.as)
  local path = resolve(given, options)
  reader = reader or recognised(path, read.readers())
  check_options(reader, options)
  local parts = reader.read(path, options)
  parts.name = options.name or parts.name or path:match "([^/]*)$"
  if not reader.saved then
    parts.source = parts.source or source(reader, path)
    if reader.makes ~= "chain" then parts.edition = parts.edition or reader.name end
  end
  return parts, reader
end

return setmetatable(read, {
  __name = "capmod.read",
  --- Reads a multi-region input-output table, or a chain of stages. CM5001-5006 the file, CM5101
  --- and CM5102 the edition, CM5103 a file that is nearly of the edition.
  __call = function(_, options)
    local given = type(options) == "table" and options or { options }
    local save = require "capmod.mrio.save"
    if type(given[1]) == "string" and not given.as and save.is_hdf5(given[1]) then
      local rest = {}
      for key, value in each(given) do rest[key] = key ~= 1 and value or nil end
      return save.load(given[1], rest)
    end
    local parts, reader = read.parts(options)
    return require(reader.makes == "chain" and "capmod.chain" or "capmod.mrio")(parts)
  end,
})
