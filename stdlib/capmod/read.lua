--- Reading published tables.
---
---     local m = cm.read "wiot2011_full.csv.gz"           -- the edition is recognised
---     local m = cm.read{ "ZY.csv", as = "plain",         -- or named
---       countries = "countries.txt", sectors = "sectors.txt", final = "fd.txt" }
---
--- An edition is a reader: a file in capmod/readers/ on the search path that returns
---
---     { name =, about =, cite =, licence =, options = { year = { "integer" } },
---       recognise = function(peek) ... end,        -- optional: does the file look like it?
---       read = function(path, options) ... end }   -- the fields that cm.mrio takes
---
--- or the same table given to `cm.define.reader`. `peek` lists the fields of the file's first
--- lines; `peek.path` is its path. Errors CM51xx.

local args = require "capmod.args"
local core = require "capmod.core"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"

local read = {}

local PEEKED = 3 -- lines that recognition may look at

--- The editions that come with capmod, in the order in which they are tried.
read.shipped = { "wiod2013", "oecd_icio", "lrwiod", "plain" }

--- The readers there are: those defined with cm.define.reader, then those that come with capmod.
---@return table[]
function read.readers()
  local list, seen = {}, {}
  for _, reader in ipairs(define.registry "reader") do
    list[#list + 1] = reader
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

--- The one reader whose edition the file looks like. CM5101 several, CM5102 none.
local function recognised(path)
  local peek = core.peek(path, PEEKED)
  peek.path = path
  local fitting = {}
  for _, reader in ipairs(read.readers()) do
    if reader.recognise and reader.recognise(peek) then fitting[#fitting + 1] = reader end
  end
  if #fitting == 1 then return fitting[1] end
  if #fitting == 0 then
    errors.raise(5102, {
      message = ("%s looks like no edition that capmod knows"):format(path), object = path,
      fix = 'name it: as = "..."; the editions are ' .. described(read.readers()), path = path,
    })
  end
  local names = names_of(fitting)
  errors.raise(5101, {
    message = ("%s looks like %s"):format(path, table.concat(names, " and like ")), path = path,
    object = path, field = "as", fix = ('say which: as = "%s"'):format(names[1]),
  })
end

local COMMON = {
  as = { "string", about = "the edition, where it should not be recognised" },
  name = { "string", about = "what the table is called in print" },
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
  return ("%s, read as %s: %s%s"):format(path:match "([^/]*)$", reader.name, reader.about, licence)
end

--- The fields for cm.mrio as the reader gives them, before a table is made of them.
---@param options string|table  a path, or { path, as =, name =, and what the edition takes }
---@return table parts, table reader
function read.parts(options)
  if type(options) == "string" then options = { options } end
  args.one(options, "read", "argument", "string", "table")
  local path = args.one(options[1], "read", "path", "string")
  local reader = options.as and named(options.as) or recognised(path)
  check_options(reader, options)
  local parts = reader.read(path, options)
  parts.name = options.name or parts.name or path:match "([^/]*)$"
  parts.source = parts.source or source(reader, path)
  return parts, reader
end

return setmetatable(read, {
  __name = "capmod.read",
  --- Reads a multi-region input-output table. CM5001-5005 the file, CM5101 and CM5102 the
  --- edition, CM5103 a file that is nearly of the edition.
  __call = function(_, options)
    local parts = read.parts(options)
    return require "capmod.mrio"(parts)
  end,
})
